//! Just before a start: go or no-go of each part, and looking both ways.

use std::collections::BTreeMap;

use leptos::prelude::*;
use notebook::actor::PersonId;
use notebook::experiments::plan::Outcome;
use notebook::gate::preflight::{Look, Polled, Says, Sight};
use notebook::gate::quorum::Part;
use notebook::limits::LOOK_MINUTES;
use notebook::runs::steps::Step;
use notebook::time::span_words;

use super::lines::name_of;
use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::table::TableRegion;
use crate::parts::words::{Word, gate};
use crate::runs::fields::{area, choose, hidden, line, select};
use crate::runs::loaded::Loaded;

/// Each part with what was said in it, and the form for one's own.
pub fn poll(run: &Loaded) -> Option<AnyView> {
    let rows = rows(run);
    let may_answer = run.can(Step::AnswerPoll);
    if rows.is_empty() && !may_answer {
        return None;
    }
    let (table, form) = (table(run, rows), may_answer.then(|| answer(run)));
    Some(
        view! {
            <section id="poll">
                <h2>"Go or no-go"</h2>
                {table}
                {form}
            </section>
        }
        .into_any(),
    )
}

/// One line for each part somebody has, and for what was said by those who have it no more.
fn rows(run: &Loaded) -> Vec<(Part, PersonId, Option<&Polled>)> {
    let mut said: BTreeMap<(Part, PersonId), Option<&Polled>> = BTreeMap::new();
    for marked in &run.shown.attending {
        said.extend(marked.attending.parts.iter().map(|part| ((*part, marked.attending.person), None)));
    }
    said.extend(run.shown.polled.iter().map(|one| ((one.part, one.by), Some(one))));
    said.into_iter().map(|((part, person), one)| (part, person, one)).collect()
}

fn table(run: &Loaded, rows: Vec<(Part, PersonId, Option<&Polled>)>) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">"Nobody has a part yet; mark who is here first."</p> }.into_any();
    }
    let rows = rows.into_iter().map(|(part, person, said)| {
        let (says, when) = match said {
            Some(one) => (says(one), run.times.when(one.at)),
            None => (not_said("Not said"), "\u{2013}".into_any()),
        };
        view! { <tr><th scope="row">{part.label()}</th><td>{name_of(&run.names, person)}</td><td>{says}</td><td>{when}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <TableRegion id="poll-table" caption="What each part says to the start" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Part"</th>
                    <th scope="col">"Person"</th>
                    <th scope="col">"Says"</th>
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn not_said(words: &'static str) -> AnyView {
    Word::from(Outcome::Unknown).saying(words).badge().into_any()
}

fn says(said: &Polled) -> AnyView {
    let word = match said.says {
        Says::Go => gate::GO,
        Says::NoGo => gate::REFUSE.saying(Says::NoGo.label()),
    };
    let text = said.text.as_ref().map(|text| format!(" {text}"));
    view! { {word.badge()}{text} }.into_any()
}

/// One's own parts, as far as one is here.
fn own_parts(run: &Loaded) -> Vec<Part> {
    let (me, now) = (run.desk.person_id(), run.desk.now());
    let mine = |marked: &&notebook::gate::told::Marked| Some(marked.attending.person) == me && marked.is_here(now);
    run.shown
        .attending
        .iter()
        .find(mine)
        .map(|marked| marked.attending.parts.iter().copied().collect())
        .unwrap_or_default()
}

fn answer(run: &Loaded) -> AnyView {
    let own = own_parts(run);
    if own.is_empty() {
        let words = "Whoever is marked present in a part says go or no-go for it.";
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    let form = run.form("answer-poll");
    let said =
        |part: &Part| run.shown.polled.iter().any(|one| one.part == *part && Some(one.by) == run.desk.person_id());
    let open = form.came_back() || !own.iter().all(said);
    let first = own.first().map(|part| part.word()).unwrap_or_default();
    let parts = own.iter().map(|part| (part.word().to_owned(), part.label().to_owned())).collect();
    let part = select(&form, "part", "Your part", parts, first);
    let answers = [
        (Says::Go.word(), Says::Go.label(), ""),
        (
            Says::NoGo.word(),
            Says::NoGo.label(),
            "The run waits until you say go, or until a second person has answered the gate for it.",
        ),
    ];
    let (says, why) =
        (choose(&form, "says", "You say", &answers, ""), area(&form, "text", "Why not", "Needed for a no-go.", 2));
    view! {
        <Disclosure name="Say go or no-go" open=open>
            <Form state=form>
                {part}
                {says}
                {why}
                <div class="row"><button>"Record"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

/// What to look at, and how.
const fn explained(look: Look) -> &'static str {
    match look {
        Look::Incidents => "none is open on these services, nor on what they depend on",
        Look::Changes => "nothing is rolled out or maintained, now or soon",
        Look::Others => "whoever would notice knows, on-call included",
        Look::Dashboards => "they are open and show what is going on",
        Look::Revert => "it lies open before somebody who can revert",
    }
}

/// The checklist, and the form that fills it.
pub fn looks(run: &Loaded) -> Option<AnyView> {
    let may_look = run.can(Step::LookBothWays);
    if run.shown.looked.is_empty() && !may_look {
        return None;
    }
    let items = Look::ALL.iter().map(|look| item(run, *look)).collect_view();
    let form = may_look.then(|| look(run));
    Some(
        view! {
            <section id="looks">
                <h2>"Look both ways"</h2>
                <ul class="plain">{items}</ul>
                {form}
            </section>
        }
        .into_any(),
    )
}

fn item(run: &Loaded, look: Look) -> AnyView {
    let seen = run.shown.looked.iter().find(|seen| seen.sighted.look == look);
    let is_old = seen.is_some_and(|seen| seen.is_old(run.times.moment()));
    let badge = match seen.map(|seen| seen.sighted.sight) {
        Some(Sight::Clear) if is_old => gate::ASK.saying("Clear, too long ago").badge().into_any(),
        Some(Sight::Clear) => gate::GO.saying(Sight::Clear.label()).badge().into_any(),
        Some(Sight::NotClear) => gate::ASK.saying(Sight::NotClear.label()).badge().into_any(),
        None => not_said("Not looked at"),
    };
    let told = seen.map(|seen| {
        let text = seen.sighted.text.as_ref().map(|text| format!(" {text}"));
        let who = name_of(&run.names, seen.by);
        view! { {text}<small>" "{who}", "{run.times.when(seen.at)}</small> }
    });
    let words = format!(": {}.", explained(look));
    view! { <li data-look=look.word()>{badge}" "<strong>{look.label()}</strong>{words}{told}</li> }.into_any()
}

fn look(run: &Loaded) -> AnyView {
    let form = run.form("look-both-ways");
    let open = form.came_back();
    let rows = Look::ALL.iter().enumerate().map(|(place, look)| row(&form, place, *look)).collect_view();
    let hint = format!(
        "What is left open stays as it was. What is not clear is asked about before the start. A look for incidents \
         counts for {}; without one that is clear nothing starts in production.",
        span_words(LOOK_MINUTES * 60_000)
    );
    view! {
        <Disclosure name="Record what you see" open=open>
            <Form state=form>
                <p class="hint">{hint}</p>
                {rows}
                <div class="row"><button>"Record looks"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn row(form: &FormState, place: usize, look: Look) -> AnyView {
    let field = |name: &str| format!("looks.{place}.{name}");
    let sights = Sight::ALL.iter().map(|sight| (sight.word().to_owned(), sight.label().to_owned()));
    let options = std::iter::once((String::new(), "Not looked at".to_owned())).chain(sights).collect();
    let sight = select(form, &field("sight"), look.label(), options, "");
    let text = line(form, &field("text"), &format!("{}: what is not clear", look.label()), "", "");
    view! { <div class="row">{hidden(field("look"), look.word())}{sight}{text}</div> }.into_any()
}
