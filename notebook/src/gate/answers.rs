//! What people answer to the gate. Each *ask* is answered by itself, by a second person and with
//! text; being outside of working hours may be overridden the same way; nothing else can.

use serde::{Deserialize, Serialize};

use super::{Check, Gate, Line};
use crate::{actor::PersonId, text::Note, time::Moment};

/// What one person wrote to one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateReply"))]
pub struct Reply {
    pub check: Check,
    pub by: PersonId,
    pub text: Note,
    pub at: Moment,
    /// What the check said then, as a clause; empty where it was not kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked: String,
    /// What it was about then. An answer holds for these things and no further ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
}

impl Reply {
    /// Whether it answers what the check asks now. Numbers may move; further things need an answer
    /// of their own.
    pub fn covers(&self, line: &Line) -> bool {
        self.check == line.check && line.about.iter().all(|thing| self.about.contains(thing))
    }
}

/// Who starts the run, and whether the team is a team of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starting {
    pub starter: PersonId,
    pub solo: bool,
}

/// What became of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateOutcome"))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Go,
    Answered(Reply),
    Overridden(Reply),
    /// An ask nobody has answered who may.
    Waits,
    Refused,
}

/// A check, what became of it, and whether there was no second person to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateSettled"))]
pub struct Settled {
    pub line: Line,
    pub outcome: Outcome,
    /// A team of one answered itself: the record says so.
    pub no_second_person: bool,
}

impl Settled {
    /// Whether the run may pass this check.
    pub const fn is_open(&self) -> bool {
        match self.outcome {
            Outcome::Go | Outcome::Answered(_) | Outcome::Overridden(_) => true,
            Outcome::Waits | Outcome::Refused => false,
        }
    }
}

/// Whether this person may reply to this line, or a clause that says why not. `starter` is None
/// while nobody is known to start the run.
pub fn may_reply(line: &Line, by: PersonId, starter: Option<PersonId>, solo: bool) -> Result<(), String> {
    match line.answer {
        Gate::Go => return Err("needs no answer".into()),
        Gate::Refuse if !line.can_be_overridden => {
            return Err(format!("is a refusal that nobody can override: {}", line.says));
        }
        Gate::Ask | Gate::Refuse => {}
    }
    if starter == Some(by) && !solo {
        return Err("is answered by a second person, not by the one who starts the run".into());
    }
    Ok(())
}

/// What became of each line, in the same order. A reply counts if it is about all that the line is
/// about, and by somebody other than the starter, whoever that turns out to be; the latest of these
/// is the one shown.
pub fn settle(lines: &[Line], replies: &[Reply], starting: Starting) -> Vec<Settled> {
    lines.iter().map(|line| settle_one(line, replies, starting)).collect()
}

fn settle_one(line: &Line, replies: &[Reply], starting: Starting) -> Settled {
    let mine = || replies.iter().filter(|reply| reply.covers(line));
    let latest = |by_starter: bool| {
        mine().filter(|reply| (reply.by == starting.starter) == by_starter).max_by_key(|reply| (reply.at, reply.by))
    };
    // A second person, where there is one, goes before one's own answer.
    let reply = latest(false).or_else(|| latest(true).filter(|_| starting.solo));
    let outcome = match (line.answer, reply) {
        (Gate::Go, _) => Outcome::Go,
        (Gate::Ask, Some(reply)) => Outcome::Answered(reply.clone()),
        (Gate::Ask, None) => Outcome::Waits,
        (Gate::Refuse, Some(reply)) if line.can_be_overridden => Outcome::Overridden(reply.clone()),
        (Gate::Refuse, _) => Outcome::Refused,
    };
    let no_second_person = match &outcome {
        Outcome::Answered(reply) | Outcome::Overridden(reply) => reply.by == starting.starter,
        Outcome::Go | Outcome::Waits | Outcome::Refused => false,
    };
    Settled { line: line.clone(), outcome, no_second_person }
}

/// Why the run may not start, a clause for each check that stands in its way; empty if it may.
pub fn in_the_way(settled: &[Settled]) -> Vec<String> {
    let closed = settled.iter().filter(|settled| !settled.is_open());
    closed
        .map(|settled| match settled.outcome {
            Outcome::Waits => format!("{}, which a second person has to answer", settled.line.says),
            Outcome::Go | Outcome::Answered(_) | Outcome::Overridden(_) | Outcome::Refused => settled.line.says.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    const STARTER: PersonId = PersonId(1);
    const SECOND: PersonId = PersonId(2);

    fn line(check: Check, answer: Gate) -> Line {
        let can_be_overridden = check == Check::Hours && answer == Gate::Refuse;
        let says = format!("{} says {}", check.word(), answer.word());
        Line { check, answer, says, can_be_overridden, about: Vec::new() }
    }

    fn reply(check: Check, by: PersonId, at: i64) -> Reply {
        let (text, at) = (Note::new("seen and accepted").unwrap(), Moment::from_micros(at));
        Reply { check, by, text, at, asked: String::new(), about: Vec::new() }
    }

    fn starting(solo: bool) -> Starting {
        Starting { starter: STARTER, solo }
    }

    /// What becomes of one line after these replies.
    fn one(line: &Line, replies: &[Reply], solo: bool) -> Settled {
        settle(std::slice::from_ref(line), replies, starting(solo)).remove(0)
    }

    #[test]
    fn an_ask_is_answered_by_a_second_person_only() {
        let asks = line(Check::Level, Gate::Ask);
        assert_eq!(one(&asks, &[], false).outcome, Outcome::Waits);
        assert_eq!(one(&asks, &[reply(Check::Level, STARTER, 1)], false).outcome, Outcome::Waits);
        assert_eq!(one(&asks, &[reply(Check::Budget, SECOND, 1)], false).outcome, Outcome::Waits, "another check");
        let second = reply(Check::Level, SECOND, 1);
        let settled = one(&asks, &[second.clone(), reply(Check::Level, STARTER, 2)], true);
        assert_eq!((settled.outcome, settled.no_second_person), (Outcome::Answered(second), false));
    }

    #[test]
    fn the_person_who_answered_cannot_become_the_starter() {
        let asks = line(Check::Level, Gate::Ask);
        let replies = [reply(Check::Level, SECOND, 1)];
        let by_second = Starting { starter: SECOND, solo: false };
        assert_eq!(settle(&[asks], &replies, by_second)[0].outcome, Outcome::Waits);
    }

    #[test]
    fn a_team_of_one_answers_itself_and_the_record_says_so() {
        for check in [Check::Level, Check::Hours] {
            let answer = if check == Check::Hours { Gate::Refuse } else { Gate::Ask };
            let settled = one(&line(check, answer), &[reply(check, STARTER, 1)], true);
            assert!(settled.is_open() && settled.no_second_person);
        }
    }

    #[test]
    fn only_working_hours_can_be_overridden() {
        for check in Check::ALL {
            let refusal = line(*check, Gate::Refuse);
            let settled = one(&refusal, &[reply(*check, SECOND, 1)], false);
            assert_eq!(settled.is_open(), *check == Check::Hours, "{check:?}");
            assert_eq!(may_reply(&refusal, SECOND, Some(STARTER), false).is_ok(), *check == Check::Hours, "{check:?}");
        }
    }

    #[test]
    fn an_answer_holds_for_what_it_was_about_and_nothing_further() {
        let things = |things: &[&str]| things.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (check, answer) in
            [(Check::Regressions, Gate::Ask), (Check::Conflict, Gate::Ask), (Check::Hours, Gate::Refuse)]
        {
            let open = |now: &[&str], answered: &[&str]| {
                let line = Line { about: things(now), ..line(check, answer) };
                one(&line, &[Reply { about: things(answered), ..reply(check, SECOND, 1) }], false).is_open()
            };
            assert!(open(&["FND-1"], &["FND-1"]) && open(&["FND-1"], &["FND-1", "FND-2"]), "{check:?}: fewer");
            assert!(!open(&["FND-1", "FND-2"], &["FND-1"]) && !open(&["FND-2"], &["FND-1"]), "{check:?}: more");
            assert!(!open(&["FND-1"], &[]), "{check:?}");
        }
    }

    #[test]
    fn who_may_not_reply_is_told_why() {
        let asks = line(Check::Level, Gate::Ask);
        assert_eq!(may_reply(&asks, SECOND, Some(STARTER), false), Ok(()));
        assert_eq!(may_reply(&asks, STARTER, None, false), Ok(()), "nobody starts yet");
        assert_eq!(may_reply(&asks, STARTER, Some(STARTER), true), Ok(()));
        assert!(may_reply(&asks, STARTER, Some(STARTER), false).unwrap_err().contains("second person"));
        assert!(may_reply(&line(Check::Level, Gate::Go), SECOND, None, false).unwrap_err().contains("no answer"));
        let refusal = may_reply(&line(Check::Budget, Gate::Refuse), SECOND, None, false).unwrap_err();
        assert!(refusal.contains("budget says refuse"), "{refusal}");
    }

    #[test]
    fn what_is_in_the_way_is_said_check_by_check() {
        let lines = [
            line(Check::Plan, Gate::Go),
            line(Check::Hours, Gate::Refuse),
            line(Check::Level, Gate::Ask),
            line(Check::Revert, Gate::Ask),
            line(Check::Freeze, Gate::Refuse),
        ];
        let replies = [reply(Check::Hours, SECOND, 1), reply(Check::Revert, SECOND, 1)];
        let settled = settle(&lines, &replies, starting(false));
        assert_eq!(in_the_way(&settled), ["level says ask, which a second person has to answer", "freeze says refuse"]);
        assert_eq!(in_the_way(&settle(&lines[..1], &[], starting(false))), [""; 0]);
    }

    proptest! {
        #[test]
        fn nothing_opens_without_a_reply_by_somebody_else(
            answers in prop::collection::vec(select(Gate::ALL), Check::ALL.len()),
            replies in prop::collection::vec((select(Check::ALL), 1i64..4, 0i64..9), 0..12),
        ) {
            let lines: Vec<Line> = Check::ALL.iter().zip(answers).map(|(check, answer)| line(*check, answer)).collect();
            let replies: Vec<Reply> =
                replies.into_iter().map(|(check, by, at)| reply(check, PersonId(by), at)).collect();
            for settled in settle(&lines, &replies, starting(false)) {
                let check = settled.line.check;
                let somebody_else = replies.iter().any(|reply| reply.check == check && reply.by != STARTER);
                let may_be_opened = settled.line.answer == Gate::Ask || settled.line.can_be_overridden;
                prop_assert_eq!(settled.is_open(), settled.line.answer == Gate::Go || (may_be_opened && somebody_else));
                prop_assert!(!settled.no_second_person);
            }
        }
    }
}
