//! Each check of the plan as a row that opens: its present answer, and the form that writes one.

use leptos::prelude::*;
use notebook::experiments::plan::{Check, Outcome, Phase};
use notebook::experiments::words::check_words;
use notebook::runs::facts::{CheckAnswer, Claimed};
use notebook::runs::proposals::Proposal;
use notebook::runs::slash::numbered;
use notebook::runs::steps::Step;
use notebook::runs::telemetry::telemetry_pair;

use crate::form::{Form, FormState};
use crate::parts::words::Word;
use crate::runs::fields::{area, hidden, line, moment_from, one_of, select};
use crate::runs::loaded::Loaded;

pub fn section(run: &Loaded) -> AnyView {
    let checks = &run.facts().identity.checks;
    if checks.is_empty() {
        return view! { <section id="checks"><h2>"Checks"</h2><p class="muted">"This plan has no checks."</p></section> }
            .into_any();
    }
    let rows = numbered(&run.facts().identity)
        .into_iter()
        .enumerate()
        .map(|(place, check)| row(run, check, place))
        .collect_view();
    view! { <section id="checks"><h2>"Checks"</h2><div>{rows}</div></section> }.into_any()
}

/// What is looked at before the fault, while the run is still planned.
pub fn before(run: &Loaded) -> Option<AnyView> {
    let before = run.facts().identity.checks.iter().filter(|check| check.key.phase == Phase::Before);
    let rows: Vec<AnyView> = before.enumerate().map(|(place, check)| row(run, check, place)).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section id="checks">
                <h2>"Steady state"</h2>
                <p class="hint">"Look just before the start: what is older than the policy allows is asked about, and in production refused."</p>
                <div>{rows}</div>
            </section>
        }
        .into_any()
    })
}

fn row(run: &Loaded, check: &Check, place: usize) -> AnyView {
    let slot = check.key.slot();
    let form = one_of(&run.action("answer-check"), "check", &slot, place);
    let answer = run.facts().answer(&check.key);
    let present = present(run, check);
    let writes = run.can(Step::Answer);
    let proposed = run.proposal(check);
    let is_over = is_late(run, check.key.phase) && run.facts().ended.is_none() && proposed.is_none();
    let is_open = (answer.is_none() && !is_over) || is_early(run, check);
    let open = form.came_back() || (writes && is_open && is_due(run, check.key.phase));
    // By this number a note names it: `/check 2 held`.
    let name = format!("{}. {}, {}", place + 1, check.key.measure, check.key.aggregate.label());
    let asks = format!(" {}, {} ", check.key.phase.word(), check_words(check));
    let form = writes.then(|| write(run, check, form, proposed.as_ref()));
    let proposed = proposed.map(|proposed| self::proposed(&proposed, check));
    view! {
        <details class="fold" open=open>
            <summary><strong>{name}</strong><small>{asks}</small>{present}</summary>
            {told(answer, check.unit.as_deref())}
            {proposed}
            {form}
        </details>
    }
    .into_any()
}

/// Whether this is the phase in which the check is looked at; after the run all still unanswered are.
pub fn is_due(run: &Loaded, phase: Phase) -> bool {
    let facts = run.facts();
    match phase {
        Phase::Before => true,
        Phase::During => facts.fault_started.is_some(),
        Phase::After => facts.fault_ended.is_some(),
    }
}

/// What is seen once the fault began says nothing of before it; what was seen before still can be written down.
fn is_late(run: &Loaded, phase: Phase) -> bool {
    phase == Phase::Before && run.facts().fault_started.is_some()
}

/// While the run goes on: what was seen before the fault ended says nothing of the way back.
pub fn is_early(run: &Loaded, check: &Check) -> bool {
    let facts = run.facts();
    facts.ended.is_none() && facts.answer(&check.key).is_some() && !facts.is_answered(&check.key)
}

/// Outcome and value, as it stands.
fn present(run: &Loaded, check: &Check) -> AnyView {
    match run.facts().answer(&check.key) {
        None => Word::from(Outcome::Unknown).saying("Not answered").badge().into_any(),
        Some(_) if is_early(run, check) => {
            Word::from(Outcome::Unknown).saying("Not looked at since the fault ended").badge().into_any()
        }
        Some(answer) => {
            let value = answer.happened.words(check.unit.as_deref());
            let outcome = Word::from(run.facts().outcome(&check.key)).badge();
            let pair = answer.claimed.is_some().then(|| Word::from(telemetry_pair(run.facts(), &check.key)));
            let pair = pair.map(|word| {
                let words = format!("Telemetry: {}", word.word.to_lowercase());
                view! { " "{word.saying(words).badge()} }
            });
            view! { <span class="num">{value}</span>" "{outcome}{pair} }.into_any()
        }
    }
}

/// Where the answer comes from.
fn told(answer: Option<&CheckAnswer>, unit: Option<&str>) -> Option<AnyView> {
    let answer = answer?;
    let claimed = match &answer.claimed {
        Some((claimed, source)) => format!("; {source} {}", claimed.label().to_lowercase()),
        None => "; telemetry made no claim".to_owned(),
    };
    let words = format!("{} by {}{claimed}.", answer.happened.words(unit), answer.source);
    Some(view! { <p class="muted">{words}</p> }.into_any())
}

/// What was read, for whoever answers.
fn proposed(proposed: &Proposal, check: &Check) -> AnyView {
    let value = proposed.measured.words(check.unit.as_deref());
    let (outcome, says) = (Word::from(proposed.outcome).badge(), format!(" by {}.", proposed.says));
    view! { <p class="muted">"Measured: "<span class="num">{value}</span>" "{outcome}{says}</p> }.into_any()
}

fn write(run: &Loaded, check: &Check, form: FormState, proposed: Option<&Proposal>) -> AnyView {
    if run.is_settled() && !run.is_second_person() {
        return not_own();
    }
    let answer = run.facts().answer(&check.key);
    let hint = match check.unit.as_deref() {
        Some(unit) => format!("In {unit}, or with a unit: 38, 38..41, > 60. Else \"held\", \"failed\" or \"no data\"."),
        None => "\"held\", \"failed\", \"no data\", or a number where the check counts one.".to_owned(),
    };
    let proposed = proposed.filter(|_| answer.is_none());
    let own = proposed.map(|proposed| proposed.typed(check)).unwrap_or_default();
    let seen = line(&form, "seen", "What happened", own, &hint);
    let usual = if proposed.is_some() { "Prometheus" } else { "witness" };
    let source = answer.map_or_else(|| usual.to_owned(), |answer| answer.source.clone());
    let source =
        line(&form, "source", "Seen by", source, "A synthetic check, a count on the customer's side, a person's name.");
    let claim = answer.and_then(|answer| answer.claimed.clone());
    let claimed = select(
        &form,
        "claimed",
        "Telemetry claimed",
        claims(),
        claim.as_ref().map_or("", |(claimed, _)| claimed.word()),
    );
    let from = line(
        &form,
        "claimed_source",
        "Claimed by",
        claim.map(|(_, source)| source).unwrap_or_default(),
        "The dashboard or alert; another source than the one above.",
    );
    let is_late = is_late(run, check.key.phase);
    let read_at = proposed.and_then(|proposed| proposed.at).filter(|_| is_late);
    let read_at = read_at.map(|at| at.local_input(run.zone()));
    let moment = moment_from(&form, &read_at.unwrap_or_else(|| past(run, check.key.phase)));
    let late = (is_late && !run.is_settled()).then(|| {
        view! { <p class="hint">"The fault has begun: say at which other time this was so, before it."</p> }
    });
    let amends = amends(run, &form);
    let button = if amends.is_some() { "Amend value" } else { "Record value" };
    let slot = hidden("check", check.key.slot());
    view! {
        <Form state=form>
            {slot}
            {seen}
            {source}
            {claimed}
            {from}
            {late}
            {moment}
            {amends}
            <div class="row"><button>{button}</button></div>
        </Form>
    }
    .into_any()
}

/// Said instead of the form to whoever ran the run, once the verdict is signed.
pub fn not_own() -> AnyView {
    view! { <p class="muted">"The value is signed. You ran this run, so amending it takes somebody else."</p> }
        .into_any()
}

/// Once the verdict is signed, a value changes with a reason only.
pub fn amends(run: &Loaded, form: &FormState) -> Option<AnyView> {
    let hint = "The verdict is signed: an amendment takes a reason and a second person.";
    run.is_settled().then(|| area(form, "amends", "Why the value changes", hint, 2))
}

/// For a run that is written down afterwards, the time before and during the fault is known; how
/// soon it was well again only people know.
fn past(run: &Loaded, phase: Phase) -> String {
    let facts = run.facts();
    let at = match phase {
        Phase::Before => facts.started,
        Phase::During => facts.fault_ended,
        Phase::After => None,
    };
    at.filter(|_| run.is_past()).map(|at| at.local_input(run.zone())).unwrap_or_default()
}

fn claims() -> Vec<(String, String)> {
    let none = (String::new(), "Made no claim".to_owned());
    std::iter::once(none)
        .chain(Claimed::ALL.iter().map(|claimed| (claimed.word().to_owned(), claimed.label().to_owned())))
        .collect()
}
