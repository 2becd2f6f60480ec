//! What a run's trail says to the gate: who attends, and what was replied to its checks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    answers::Reply,
    asked::OPERATOR,
    passed::Passed,
    quorum::{Part, Present},
};
use crate::{
    actor::PersonId,
    runs::trail::{Line, RunEvent},
};

/// One person on a run, present or expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunAttending"))]
pub struct Attending {
    pub person: PersonId,
    pub parts: BTreeSet<Part>,
    pub can_revert: bool,
    /// Marked present; the others are only expected.
    pub present: bool,
}

impl Attending {
    /// Without a part, a mark or presence nobody attends.
    fn is_there(&self) -> bool {
        !self.parts.is_empty() || self.can_revert || self.present
    }
}

/// The latest word on each person who attends, by number.
pub fn attending(lines: &[Line]) -> Vec<Attending> {
    let mut people = BTreeMap::new();
    for line in lines {
        if let RunEvent::Attends { attending } = &line.event {
            people.insert(attending.person, attending.clone());
        }
    }
    people.into_values().filter(Attending::is_there).collect()
}

/// Those of them who are marked present.
pub fn present(attending: &[Attending]) -> Vec<Present> {
    let present = attending.iter().filter(|one| one.present);
    present.map(|one| Present { person: one.person, parts: one.parts.clone(), can_revert: one.can_revert }).collect()
}

/// Everything that was replied, oldest first.
pub fn replies(lines: &[Line]) -> Vec<Reply> {
    let mut replies = Vec::new();
    for line in lines {
        if let RunEvent::GateAnswered { check, text, .. } = &line.event {
            let by = line.by.unwrap_or(OPERATOR);
            replies.push(Reply { check: *check, by, text: text.clone(), at: line.at });
        }
    }
    replies
}

/// What the gate said when the run began; None before that, and for runs from before it was kept.
pub fn passed(lines: &[Line]) -> Option<Passed> {
    lines.iter().rev().find_map(|line| match &line.event {
        RunEvent::Started { gate, .. } => gate.as_deref().cloned(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gate::Check, text::Note, time::Moment};

    fn line(seq: i64, by: Option<i64>, event: RunEvent) -> Line {
        Line { seq, at: Moment::from_micros(seq), by: by.map(PersonId), event }
    }

    fn attends(seq: i64, person: i64, parts: &[Part], present: bool) -> Line {
        let parts = parts.iter().copied().collect();
        let attending = Attending { person: PersonId(person), parts, can_revert: false, present };
        line(seq, Some(1), RunEvent::Attends { attending })
    }

    #[test]
    fn the_latest_word_on_each_person_counts() {
        let lines = [
            attends(1, 1, &[Part::Owner], false),
            attends(2, 2, &[Part::Observer], true),
            attends(3, 1, &[Part::Owner], true),
            attends(4, 3, &[Part::Reporter], true),
            attends(5, 3, &[], false),
        ];
        let here: Vec<(i64, bool)> = attending(&lines).iter().map(|one| (one.person.0, one.present)).collect();
        assert_eq!(here, [(1, true), (2, true)]);
        assert_eq!(present(&attending(&lines[..2])).len(), 1, "expected is not present");
    }

    #[test]
    fn a_reply_is_by_whoever_wrote_it() {
        let event = |says: &str| RunEvent::GateAnswered {
            check: Check::Level,
            asked: "at risk".into(),
            text: Note::new(says).unwrap(),
        };
        let lines = [line(1, Some(2), event("It recovers.")), line(2, None, event("Go on."))];
        let by: Vec<PersonId> = replies(&lines).iter().map(|reply| reply.by).collect();
        assert_eq!(by, [PersonId(2), OPERATOR]);
    }

    #[test]
    fn a_start_from_before_the_gate_was_kept_still_reads() {
        let old = r#"{"what":"started","identity":{"services":[],"environment":null,"fault":null,"target":null,
            "method":[],"load":null,"checks":[],"signals":[],"recovery_ms":null},"fingerprint":"x","runner":1}"#;
        let event: RunEvent = serde_json::from_str(old).unwrap();
        assert!(matches!(&event, RunEvent::Started { gate: None, .. }));
        assert_eq!(passed(&[line(1, Some(1), event)]), None);
    }
}
