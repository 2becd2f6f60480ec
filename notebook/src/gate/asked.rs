//! The gate's whole answer to one question, and what follows when somebody starts the run.

use serde::Serialize;

use super::{
    Check, Gate, Line,
    answers::{Outcome, Reply, Settled, Starting, in_the_way, settle},
    passed::{BudgetSeen, Passed},
    quorum::Present,
    reach::Radius,
    worst,
};
use crate::{actor::PersonId, refusal::Refusal};

/// Who asks where nobody signed in: the operator.
pub const OPERATOR: PersonId = PersonId(0);

/// Every check that can be asked now, and what was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    pub policy: u32,
    pub solo: bool,
    pub lines: Vec<Line>,
    /// What was replied to its checks so far.
    pub replies: Vec<Reply>,
    pub present: Vec<Present>,
    pub budgets: Vec<BudgetSeen>,
    /// How much of what is there the plan hits; None if nobody listed what is there.
    pub radius: Option<Radius>,
}

impl Asked {
    /// The worst answer of all checks, whatever was replied.
    pub fn answer(&self) -> Gate {
        worst(&self.lines)
    }

    /// Whether a freeze is what refuses.
    pub fn is_frozen(&self) -> bool {
        self.lines.iter().any(|line| line.check == Check::Freeze && line.answer == Gate::Refuse)
    }

    /// What becomes of each check if this person starts the run.
    pub fn settled(&self, starter: PersonId) -> Vec<Settled> {
        settle(&self.lines, &self.replies, Starting { starter, solo: self.solo })
    }

    /// Where it binds: what an open gate gives, or the refusal.
    pub fn open(self, starter: PersonId) -> Result<Passed, Refusal> {
        let settled = self.settled(starter);
        let reasons = in_the_way(&settled);
        if reasons.is_empty() { Ok(self.passed(settled, true)) } else { Err(closed(&settled, reasons)) }
    }

    /// Of a run that had begun when it was told: no gate can keep it from that, but a plan that
    /// may not run gets no run either way.
    pub fn of_the_past(self, starter: PersonId) -> Result<Passed, Refusal> {
        let of_plan = |line: &&Line| line.check == Check::Plan && line.answer == Gate::Refuse;
        let reasons: Vec<String> = self.lines.iter().filter(of_plan).map(|line| line.says.clone()).collect();
        if !reasons.is_empty() {
            return Err(Refusal::Gate { reasons });
        }
        let settled = self.settled(starter);
        Ok(self.passed(settled, false))
    }

    fn passed(self, checks: Vec<Settled>, binding: bool) -> Passed {
        let Self { policy, solo, budgets, present, .. } = self;
        Passed { policy, binding, solo, checks, budgets, present }
    }
}

/// The refusal says what a program has to know: whether to ask people, to wait, or to give up.
fn closed(settled: &[Settled], reasons: Vec<String>) -> Refusal {
    let mut refused = settled.iter().filter(|settled| settled.outcome == Outcome::Refused).peekable();
    if refused.peek().is_none() {
        Refusal::Ask { reasons }
    } else if refused.any(|settled| settled.line.check == Check::Freeze) {
        Refusal::Freeze { reasons }
    } else {
        Refusal::Gate { reasons }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gate::{Input, Inputs, PlanState, Rehearsed, lines, policy::Policy, sample::all_go},
        services::EnvironmentClass,
        text::Note,
        time::Moment,
    };

    const STARTER: PersonId = PersonId(1);

    fn asked(inputs: &Inputs, replies: Vec<Reply>) -> Asked {
        Asked {
            policy: 0,
            solo: false,
            lines: lines(inputs, &Policy::STANDARD),
            replies,
            present: Vec::new(),
            budgets: Vec::new(),
            radius: None,
        }
    }

    fn old_rehearsal() -> Inputs {
        Inputs { class: EnvironmentClass::Other, revert: Input::Known(Rehearsed::Never), ..all_go() }
    }

    #[test]
    fn an_open_gate_is_kept_with_everything_it_said() {
        let passed = asked(&all_go(), Vec::new()).open(STARTER).unwrap();
        assert!(passed.binding);
        assert_eq!(passed.checks.len(), Check::ALL.len());
        let reply = Reply {
            check: Check::Revert,
            by: PersonId(2),
            text: Note::new("Seen in staging.").unwrap(),
            at: Moment::from_micros(0),
            asked: "the revert was never done".into(),
            about: Vec::new(),
        };
        let passed = asked(&old_rehearsal(), vec![reply.clone()]).open(STARTER).unwrap();
        assert!(passed.checks.iter().any(|settled| settled.outcome == Outcome::Answered(reply.clone())));
    }

    #[test]
    fn the_refusal_tells_a_question_from_a_no_and_a_freeze() {
        let code = |inputs: &Inputs| asked(inputs, Vec::new()).open(STARTER).unwrap_err().code();
        let frozen = || vec!["production is frozen".to_owned()];
        let outside = || Input::Known(vec!["it is Saturday".to_owned()]);
        assert_eq!(code(&old_rehearsal()), "ask");
        assert_eq!(code(&Inputs { outside_hours: outside(), ..old_rehearsal() }), "gate");
        assert_eq!(code(&Inputs { freezes: frozen(), outside_hours: outside(), ..old_rehearsal() }), "freeze");
    }

    #[test]
    fn what_was_over_when_it_was_told_is_refused_for_its_plan_only() {
        let nothing_known = Inputs { outside_hours: Input::Unknown("nobody knows".into()), ..all_go() };
        let passed = asked(&nothing_known, Vec::new()).of_the_past(STARTER).unwrap();
        assert!(!passed.binding);
        assert!(
            passed.checks.iter().any(|settled| settled.outcome == Outcome::Refused),
            "and says what it would have said"
        );
        let unapproved =
            Inputs { plan: Input::Known(PlanState { approved: false, missing: Vec::new() }), ..nothing_known };
        assert_eq!(asked(&unapproved, Vec::new()).of_the_past(STARTER).unwrap_err().code(), "gate");
    }
}
