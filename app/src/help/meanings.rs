//! Each word with one sentence. Words with an icon are drawn as pages draw them.

use leptos::prelude::*;

use crate::parts::table::TableRegion;
use crate::parts::words::{Word, claim, decision, execution, fix, relation, telemetry, validity, verdict};

type Meaning = (Word, &'static str);

const TERMS: [(&str, &str); 16] = [
    ("Service", "something that can break, with an owner and things it needs."),
    ("Environment", "a named place where services run; production asks for more care."),
    ("Target", "one concrete thing that can be hit: a machine, an instance, a zone."),
    ("Experiment", "a hypothesis and a plan with many runs."),
    ("Revision", "one unchangeable version of a plan, EXP-42@3; only approved ones run."),
    ("Template", "a plan to begin from, in versions; the experiment that began from it goes its own way."),
    ("Identity", "the part of a plan that makes it this experiment; title and prose are not part of it."),
    ("Check", "a measure, when to look at it, and the values that are allowed."),
    ("Signal", "an alert that must fire in time, or stay silent."),
    ("Run", "one execution of one revision."),
    ("Observation", "what somebody saw, at its own time; before any run it belongs to the experiment."),
    ("Finding", "a weakness that a run showed, with the check that reveals it."),
    ("Fix", "a change that claims to remove one or more findings."),
    (
        "Change",
        "a recorded deploy, configuration push, version or topology change; it can be a cause, a person never is.",
    ),
    ("Decision", "what was concluded, with the evidence it rests on."),
    ("Game day", "several runs in one block of a day, with an agenda, people and notes."),
];

#[component]
pub fn Terms() -> impl IntoView {
    let items = TERMS.map(|(term, meaning)| view! { <div><dt>{term}</dt><dd>{meaning}</dd></div> });
    view! { <dl class="facts">{items}</dl> }.into_any()
}

fn executions() -> Vec<Meaning> {
    vec![
        (execution::PLANNED, "It has a plan, perhaps a time, and has not begun."),
        (execution::RUNNING, "It has begun; everybody who sees it may abort it."),
        (execution::REVERTING, "The fault is over or was aborted; the after-checks are awaited."),
        (execution::FINISHED, "It ran to its end. That says nothing about the hypothesis."),
        (execution::ABORTED, "Somebody stopped it; the reason decides whether it counts."),
        (execution::CANCELLED, "It was called off before it began."),
        (execution::MISSED, "An hour after its time nobody had started it."),
    ]
}

fn validities() -> Vec<Meaning> {
    vec![
        (validity::VALID, "It counts."),
        (
            validity::INVALID,
            "It counts nowhere, and its page says why: no steady state, a broken tool, no fault shown, no data.",
        ),
        (validity::OPEN, "A person has to say whether it counts."),
    ]
}

fn verdicts() -> Vec<Meaning> {
    vec![
        (verdict::DUE, "The checks propose one; nobody has signed it."),
        (verdict::UPHELD, "The hypothesis held."),
        (verdict::REFUTED, "A weakness was found, which is what experiments are for."),
        (verdict::INCONCLUSIVE, "It could not be told, and the reason is written down."),
    ]
}

fn telemetries() -> Vec<Meaning> {
    vec![
        (telemetry::AGREED, "Monitoring said what really happened."),
        (telemetry::BLIND_SPOT, "It failed and monitoring said fine."),
        (telemetry::FALSE_ALARM, "It held and monitoring said failing."),
        (telemetry::NO_DATA, "Nobody can tell, because one side did not speak."),
    ]
}

/// The four questions about a run. They never share an answer.
#[component]
pub fn Answers() -> impl IntoView {
    view! {
        <p>"About a run there are four questions, and none answers another. A run can finish, be invalid, and have no verdict at all."</p>
        <h3>"Execution: did it happen, and how did it end?"</h3>
        {table("execution", "Execution", executions())}
        <h3>"Validity: does it count?"</h3>
        {table("validity", "Validity", validities())}
        <h3>"Verdict: did the hypothesis hold?"</h3>
        {table("verdict", "Verdict", verdicts())}
        <h3>"Telemetry: did monitoring tell the truth?"</h3>
        {table("telemetry", "Telemetry", telemetries())}
    }
    .into_any()
}

fn relations() -> Vec<Meaning> {
    vec![
        (relation::IDENTICAL, "Another run of the same plan; it verifies."),
        (
            relation::STRICTER,
            "It asks for more in every point that changed; what holds here held there, so it verifies.",
        ),
        (relation::LOOSER, "It asks for less; it verifies nothing."),
        (relation::DIFFERENT, "Another experiment; nothing follows from one for the other."),
    ]
}

fn fixes() -> Vec<Meaning> {
    vec![
        (fix::PROPOSED, "It is not deployed where the finding was seen."),
        (fix::DEPLOYED, "It is live, and a rerun is owed."),
        (fix::VERIFIED, "Reruns prove it, and the proof is fresh."),
        (fix::FAILED, "A rerun showed the weakness before the fix was ever verified."),
        (fix::REGRESSED, "The same, after it had been verified."),
        (fix::STALE, "The proof is too old, was overtaken by a change, or is for another plan."),
        (fix::REVERTED, "Its deployment was taken back."),
        (fix::WITHDRAWN, "Its author gave it up."),
    ]
}

fn claims() -> Vec<Meaning> {
    vec![
        (claim::UNTESTED, "No run has counted yet."),
        (claim::CURRENT, "The newest passes are fresh, and nothing has spoken against it since."),
        (claim::STALE, "It held once; that is too long ago, or something changed since."),
        (claim::REFUTED, "A run spoke against it, and it had never passed."),
        (claim::REGRESSED, "A run spoke against it after it had passed."),
    ]
}

fn decisions() -> Vec<Meaning> {
    vec![
        (decision::IN_FORCE, "What it rests on holds."),
        (decision::REVIEW_DUE, "Its review date has come."),
        (decision::EVIDENCE_STALE, "A claim it rests on is stale."),
        (decision::EVIDENCE_LOST, "A claim it rests on is refuted, regressed or untested."),
        (decision::SUPERSEDED, "A later decision took its place."),
        (decision::ENDED, "It was stopped, or its date has passed."),
    ]
}

#[component]
pub fn Standings() -> impl IntoView {
    view! {
        <h3>"What a later plan is to an earlier one"</h3>
        {table("relation", "Relation of plans", relations())}
        <h3>"What a fix is worth"</h3>
        {table("standing", "Standing of a fix", fixes())}
        <p>"A finding has the word of its leading fix, or: risk accepted until a date, duplicate of another, not a finding."</p>
        <h3>"What an experiment claims"</h3>
        {table("claim", "Standing of a claim", claims())}
        <p>"Beside it stand the counts, the age of the last pass and an exact bound. There is no score."</p>
        <h3>"What a decision rests on"</h3>
        {table("decision", "Standing of a decision", decisions())}
    }
    .into_any()
}

fn table(id: &'static str, caption: &'static str, meanings: Vec<Meaning>) -> AnyView {
    let rows: Vec<_> = meanings
        .into_iter()
        .map(|(word, meaning)| view! { <tr><th scope="row">{word.badge()}</th><td>{meaning}</td></tr> })
        .collect();
    view! {
        <TableRegion id=id caption=caption unseen_caption=true>
            <thead><tr><th scope="col">"Word"</th><th scope="col">"Means"</th></tr></thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::decisions::DecisionStanding;
    use notebook::experiments::identity::Relation;
    use notebook::fixes::Standing;
    use notebook::retrials::claims::ClaimStanding;
    use notebook::runs::facts::{Execution, Verdict};
    use notebook::runs::telemetry::Telemetry;

    fn explained<T: Copy + Into<Word>>(all: &[T], meanings: &[Meaning]) {
        for value in all {
            let word: Word = (*value).into();
            assert_eq!(meanings.iter().filter(|(known, _)| *known == word).count(), 1, "{word:?}");
        }
    }

    #[test]
    fn no_word_of_an_axis_is_left_unexplained() {
        explained(Execution::ALL, &executions());
        explained(Verdict::ALL, &verdicts());
        explained(Telemetry::ALL, &telemetries());
        explained(Relation::ALL, &relations());
        explained(Standing::ALL, &fixes());
        explained(ClaimStanding::ALL, &claims());
        explained(DecisionStanding::ALL, &decisions());
    }
}
