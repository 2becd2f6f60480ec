//! Steady state before, during and after the fault: one line for each measure.

use leptos::prelude::*;
use notebook::experiments::plan::{Aggregate, Check, CheckKey, Outcome, Phase};
use notebook::experiments::words::{check_words, signal_words};
use notebook::runs::verdict::recovery;
use notebook::text::Title;
use notebook::time::{extent_words, span_words};

use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::runs::loaded::Loaded;
use crate::runs::signals;

pub fn section(run: &Loaded) -> AnyView {
    let measures = measures(run);
    let signals = &run.facts().identity.signals;
    if measures.is_empty() && signals.is_empty() {
        return view! { <section><h2>"Steady state"</h2><p class="muted">"This plan has no checks."</p></section> }
            .into_any();
    }
    let lines = measures.into_iter().map(|(measure, aggregate)| line(run, &measure, aggregate)).collect_view();
    let told = signals.iter().map(|signal| {
        let name = format!("Signal {} {}", signal.signal, signal_words(signal));
        let present = signals::present(run.facts(), signal);
        view! { <tr><th scope="row">{name}</th><td>"\u{2013}"</td><td>{present}</td><td>"\u{2013}"</td></tr> }
    });
    let (told, recovery) = (told.collect_view(), recovered(run));
    view! {
        <section>
            <h2>"Steady state"</h2>
            <TableRegion id="steady" caption="Steady state before, during and after the fault" unseen_caption=true>
                <thead>
                    <tr>
                        <th scope="col">"Check"</th>
                        <th scope="col">"Before"</th>
                        <th scope="col">"During"</th>
                        <th scope="col">"After"</th>
                    </tr>
                </thead>
                <tbody>{lines}{recovery}{told}</tbody>
            </TableRegion>
        </section>
    }
    .into_any()
}

/// Each measure once, in the order of the plan.
fn measures(run: &Loaded) -> Vec<(Title, Aggregate)> {
    let mut list: Vec<(Title, Aggregate)> = Vec::new();
    for check in &run.facts().identity.checks {
        let measure = (check.key.measure.clone(), check.key.aggregate);
        if !list.contains(&measure) {
            list.push(measure);
        }
    }
    list
}

fn line(run: &Loaded, measure: &Title, aggregate: Aggregate) -> AnyView {
    let cells = Phase::ALL.iter().map(|phase| {
        let key = CheckKey { measure: measure.clone(), phase: *phase, aggregate };
        let check = run.facts().identity.check(&key);
        view! { <td>{check.map_or_else(|| "\u{2013}".into_any(), |check| cell(run, check))}</td> }
    });
    let (name, cells) = (format!("{measure}, {}", aggregate.label()), cells.collect_view());
    view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
}

fn cell(run: &Loaded, check: &Check) -> AnyView {
    let allowed = check_words(check);
    let Some(answer) = run.facts().answer(&check.key) else {
        let word = Word::from(Outcome::Unknown).saying("Not answered").badge();
        return view! { {word}<br/><small>{allowed}</small> }.into_any();
    };
    let value = answer.happened.words(check.unit.as_deref());
    let badge = Word::from(run.facts().outcome(&check.key)).badge();
    view! { <span class="num">{value}</span>" "{badge}<br/><small>{allowed}</small> }.into_any()
}

/// The recovery time acts as one more after-check.
fn recovered(run: &Loaded) -> Option<AnyView> {
    let facts = run.facts();
    let outcome = recovery(facts)?;
    let took = facts.revert_ms().map(extent_words);
    let took = if facts.revert_failed { Some("the revert failed".to_owned()) } else { took };
    let (badge, allowed) =
        (Word::from(outcome).badge(), facts.identity.recovery_ms.map(|ms| format!("within {}", span_words(ms))));
    Some(
        view! {
            <tr>
                <th scope="row">"Recovery"</th>
                <td>"\u{2013}"</td>
                <td>"\u{2013}"</td>
                <td><span class="num">{took}</span>" "{badge}<br/><small>{allowed}</small></td>
            </tr>
        }
        .into_any(),
    )
}
