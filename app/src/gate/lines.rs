//! Each check with its answer in words, its reason, and who said what to it.

use leptos::prelude::*;
use notebook::actor::PersonId;
use notebook::gate::answers::{Outcome, Reply, Settled};
use notebook::gate::{Check, Gate, Line};

use crate::parts::words::{Word, gate};

/// The names of people by their numbers.
pub type Names = [(PersonId, String)];

/// Whoever has no account any more, or never had one.
pub fn name_of(names: &Names, person: PersonId) -> String {
    let known = names.iter().find(|(id, _)| *id == person).map(|(_, name)| name.clone());
    known.unwrap_or_else(|| if person == notebook::gate::asked::OPERATOR { "the operator" } else { "somebody" }.into())
}

/// A freeze has a word of its own.
pub fn word(line: &Line) -> Word {
    match (line.check, line.answer) {
        (Check::Freeze, Gate::Refuse) => gate::FREEZE,
        (_, answer) => Word::from(answer),
    }
}

/// One check, with whatever stands below it.
pub fn row(line: &Line, below: Option<AnyView>) -> AnyView {
    let (badge, label, says) = (word(line).badge(), line.check.label(), line.says.clone());
    view! { <li data-check=line.check.word()>{badge}" "<strong>{label}</strong>": "{says}{below}</li> }.into_any()
}

/// What a reply was given to, where the check says something else now.
pub fn asked_then(reply: &Reply, line: &Line) -> String {
    if reply.asked.is_empty() || reply.asked == line.says {
        return String::new();
    }
    format!(" Asked then: {}.", reply.asked)
}

/// What became of a check, beside its reason.
pub fn outcome(settled: &Settled, names: &Names) -> Option<AnyView> {
    let said = |reply: &Reply, did: &str| {
        let alone = if settled.no_second_person { " (no second person)" } else { "" };
        format!("{} {did}{alone}: {}{}", name_of(names, reply.by), reply.text, asked_then(reply, &settled.line))
    };
    let words = match &settled.outcome {
        Outcome::Answered(reply) => said(reply, "answered"),
        Outcome::Overridden(reply) => said(reply, "overrode this"),
        Outcome::Waits => "Waits for an answer by a second person.".into(),
        Outcome::Go | Outcome::Refused => return None,
    };
    Some(view! { <p class="muted">{words}</p> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freeze_is_told_from_other_refusals() {
        let line =
            |check, answer| Line { check, answer, says: "x".into(), can_be_overridden: false, about: Vec::new() };
        assert_eq!(word(&line(Check::Freeze, Gate::Refuse)).word, gate::FREEZE.word);
        assert_eq!(word(&line(Check::Budget, Gate::Refuse)).word, gate::REFUSE.word);
        assert_eq!(word(&line(Check::Freeze, Gate::Go)).word, gate::GO.word);
    }

    #[test]
    fn people_are_called_by_their_names() {
        let names = [(PersonId(1), "Ana".to_owned())];
        assert_eq!(name_of(&names, PersonId(1)), "Ana");
        assert_eq!(name_of(&names, PersonId(0)), "the operator");
        assert_eq!(name_of(&names, PersonId(7)), "somebody");
    }
}
