//! What each kind of decision means, in a sentence.

use notebook::decisions::DecisionKind;

use crate::parts::choices::Choice;

const fn explained(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::FixAndRerun => "A weakness was found: something is changed, then the same is tried again.",
        DecisionKind::RepeatAsIs => "The same plan runs again, to know more about the same claim.",
        DecisionKind::Widen => "The claim holds: try more at once, harder, or in another environment.",
        DecisionKind::Automate => {
            "Runs that nobody attends and that pass are signed and closed by this decision, until one fails. It takes \
             every criterion that the page of the experiment lists for running unattended."
        }
        DecisionKind::KeepManual => "People keep running it; that is worth as much as automating it.",
        DecisionKind::AdoptAChange => "The evidence is good enough to dare something: name the saving and its source.",
        DecisionKind::AcceptTheRisk => "It is lived with, until a date.",
        DecisionKind::Retire => {
            "Production exercises this anyway: name what shows it. The experiments ticked below are retired."
        }
        DecisionKind::Stop => "It is given up. The experiments ticked below are retired.",
    }
}

pub fn choices() -> Vec<Choice> {
    let choice = |kind: &DecisionKind| Choice {
        value: kind.word().to_owned(),
        label: kind.label().to_owned(),
        hint: Some(explained(*kind).to_owned()),
    };
    DecisionKind::ALL.iter().map(choice).collect()
}
