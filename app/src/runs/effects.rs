//! The run's targets: whether the fault took effect on each, and the whole list anew.

use leptos::prelude::*;
use notebook::runs::facts::{Effect, RunTarget};
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;

use crate::form::Form;
use crate::parts::disclosure::Disclosure;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::runs::fields::{choose, hidden, line, one_of};
use crate::runs::loaded::Loaded;
use crate::runs::planning::target_hint;
use crate::runs::targets::{self, Named};

pub fn section(run: &Loaded) -> AnyView {
    let (table, forms) = (table(run), forms(run));
    view! { <section id="targets"><h2>"Targets"</h2>{table}{forms}</section> }.into_any()
}

/// The effect on each target that was to be hit, and the list anew; nothing where neither can be written.
pub fn forms(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::ResolveTargets) {
        return None;
    }
    let hit = run.facts().targets.iter().filter(|target| target.hit).enumerate();
    let (rows, list) = (hit.map(|(place, target)| row(run, target, place)).collect_view(), list(run));
    Some(view! { <div>{rows}{list}</div> }.into_any())
}

/// What each target was, and what shows the effect on it.
pub fn table(run: &Loaded) -> AnyView {
    let targets = &run.facts().targets;
    if targets.is_empty() {
        return view! { <p class="muted">"No target is named."</p> }.into_any();
    }
    let rows = targets.iter().map(|target| {
        let effect = if target.hit {
            Word::from(target.effect).badge().into_any()
        } else {
            view! { <span class="muted">"eligible, not hit"</span> }.into_any()
        };
        let role = target.role.as_ref().map_or_else(|| "\u{2013}".to_owned(), ToString::to_string);
        let evidence = evidence(run, target).unwrap_or_else(|| "\u{2013}".to_owned());
        view! {
            <tr>
                <th scope="row"><code>{target.name.to_string()}</code></th>
                <td>{role}</td>
                <td>{effect}</td>
                <td>{evidence}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <TableRegion id="resolved" caption="Targets and the effect on them" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Target"</th>
                    <th scope="col">"Role then"</th>
                    <th scope="col">"Fault"</th>
                    <th scope="col">"Evidence"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

/// What somebody wrote last about the effect on a target.
fn evidence(run: &Loaded, target: &RunTarget) -> Option<String> {
    let last = run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Effect { target: name, evidence, .. } if *name == target.name => Some(evidence.as_ref()),
        _ => None,
    });
    last.flatten().map(ToString::to_string)
}

fn row(run: &Loaded, target: &RunTarget, place: usize) -> AnyView {
    let form = one_of(&run.action("record-effect"), "name", target.name.as_str(), place);
    let is_open = target.effect == Effect::Unknown && run.facts().fault_started.is_some();
    let open = form.came_back() || is_open;
    let answers = [
        ("shown", "Took effect", ""),
        ("not_shown", "Did not take effect", ""),
        ("unknown", "No evidence", "Without evidence on any target the run is invalid."),
    ];
    let effect = choose(&form, "effect", "The fault", &answers, target.effect.word());
    let evidence = line(
        &form,
        "evidence",
        "What shows it",
        evidence(run, target).unwrap_or_default(),
        "A log line, a restarted process, a graph.",
    );
    let name = hidden("name", target.name.to_string());
    let summary = format!("Effect on {}", target.name);
    view! {
        <details class="fold" open=open>
            <summary>{summary}</summary>
            <Form state=form>
                {name}
                {effect}
                {evidence}
                <div class="row"><button>"Record effect"</button></div>
            </Form>
        </details>
    }
    .into_any()
}

/// The whole list anew.
fn list(run: &Loaded) -> AnyView {
    let form = run.form("resolve-targets");
    let open = form.came_back() || run.facts().targets.is_empty();
    let known: Vec<Named> = run.facts().targets.iter().map(Named::from).collect();
    let rows = targets::rows(&form, &known, &target_hint(&run.shown.plan), true);
    view! {
        <Disclosure name="Change the list of targets" open=open>
            <Form state=form>
                {rows}
                <div class="row"><button>"Save targets"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
