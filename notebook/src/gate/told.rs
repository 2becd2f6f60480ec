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
    limits::PRESENT_HOURS,
    runs::trail::{Line, RunEvent},
    time::Moment,
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

/// The same with who marked them, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunMarked"))]
pub struct Marked {
    #[serde(flatten)]
    pub attending: Attending,
    pub by: PersonId,
    pub at: Moment,
}

impl Marked {
    /// Marked present, and not too long ago to count at a start.
    pub fn is_here(&self, now: Moment) -> bool {
        self.attending.present && self.is_fresh(now)
    }

    /// Whether somebody looked recently enough whether the person is here.
    fn is_fresh(&self, now: Moment) -> bool {
        self.at.plus_hours(PRESENT_HOURS) >= now
    }
}

/// The latest word on each person who attends, by number.
pub fn attending(lines: &[Line]) -> Vec<Marked> {
    let mut people = BTreeMap::new();
    for line in lines {
        if let RunEvent::Attends { attending } = &line.event {
            let by = line.by.unwrap_or(OPERATOR);
            people.insert(attending.person, Marked { attending: attending.clone(), by, at: line.at });
        }
    }
    people.into_values().filter(|marked| marked.attending.is_there()).collect()
}

/// Those of them who are marked present.
pub fn present(attending: &[Marked]) -> Vec<Present> {
    let present = attending.iter().map(|marked| &marked.attending).filter(|one| one.present);
    present.map(|one| Present { person: one.person, parts: one.parts.clone(), can_revert: one.can_revert }).collect()
}

/// Those who count at a start, and how many were marked too long ago to be taken for present.
pub fn present_at(attending: &[Marked], start: Moment) -> (Vec<Present>, usize) {
    let (fresh, old): (Vec<Marked>, Vec<Marked>) = attending.iter().cloned().partition(|marked| marked.is_fresh(start));
    (present(&fresh), present(&old).len())
}

/// Everything that was replied, oldest first.
pub fn replies(lines: &[Line]) -> Vec<Reply> {
    let mut replies = Vec::new();
    for line in lines {
        if let RunEvent::GateAnswered { check, asked, about, text } = &line.event {
            replies.push(Reply {
                check: *check,
                by: line.by.unwrap_or(OPERATOR),
                text: text.clone(),
                at: line.at,
                asked: asked.clone(),
                about: about.clone(),
            });
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
    use crate::{gate::Check, text::Note};

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
        let all = attending(&lines);
        let here: Vec<(i64, bool)> = all.iter().map(|one| (one.attending.person.0, one.attending.present)).collect();
        assert_eq!(here, [(1, true), (2, true)]);
        assert_eq!((all[0].by, all[0].at), (PersonId(1), Moment::from_micros(3)));
        assert_eq!(present(&attending(&lines[..2])).len(), 1, "expected is not present");
    }

    #[test]
    fn whoever_was_marked_half_a_day_ago_is_not_taken_for_present() {
        let all = attending(&[attends(0, 1, &[Part::Owner], true), attends(1, 2, &[Part::Observer], true)]);
        let noon = Moment::from_micros(0).plus_hours(PRESENT_HOURS);
        assert_eq!((present_at(&all, noon).0.len(), present_at(&all, noon).1), (2, 0));
        let (here, old) = present_at(&all, noon.plus_micros(1));
        assert_eq!((here.iter().map(|one| one.person.0).collect::<Vec<_>>(), old), (vec![2], 1));
        let expected = attending(&[attends(0, 1, &[Part::Owner], false)]);
        assert_eq!(present_at(&expected, noon.plus_hours(1)), (Vec::new(), 0), "nobody took them for present");
    }

    #[test]
    fn a_reply_is_by_whoever_wrote_it() {
        let event = |says: &str| RunEvent::GateAnswered {
            check: Check::Level,
            asked: "at risk".into(),
            about: Vec::new(),
            text: Note::new(says).unwrap(),
        };
        let lines = [line(1, Some(2), event("It recovers.")), line(2, None, event("Go on."))];
        let by: Vec<PersonId> = replies(&lines).iter().map(|reply| reply.by).collect();
        assert_eq!(by, [PersonId(2), OPERATOR]);
        assert_eq!(replies(&lines)[0].asked, "at risk");
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
