//! Whether a run shows anything at all (product reference, section 3.3).

use std::iter;

use serde::{Deserialize, Serialize};

use super::facts::{AbortReason, CheckAnswer, Execution, RunFacts, ToolEnd, ToolProposal, ToolValidity};
use crate::{
    answer::{Answer, Because},
    experiments::plan::{Check, Outcome, Phase, vocabulary},
};

vocabulary! {
    /// Why a run counts nowhere, in the order in which they are looked at.
    InvalidReason {
        SteadyStateNotMet = "steady_state_not_met", "No steady state before the fault";
        ToolFailed = "tool_failed", "The tool broke before the method completed";
        FaultNotShown = "fault_not_shown", "Nothing shows that the fault took effect";
        AbortedUnrelated = "aborted_unrelated", "Aborted for unrelated trouble";
        AbortedPeople = "aborted_people", "Aborted because of people";
        AbortedTool = "aborted_tool", "Aborted because of the tool";
        DataMissing = "data_missing", "No data about what happened";
        RuledInvalid = "ruled_invalid", "Ruled invalid by a reviewer";
    }
}

/// Whether a run shows anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    Valid,
    /// With the primary reason; the answer lists them all.
    Invalid(InvalidReason),
    /// It was aborted, and the reason that decides is still to be given.
    Open,
}

impl Validity {
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Valid)
    }

    /// What people read beside the run.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Valid => "Valid",
            Self::Invalid(_) => "Invalid",
            Self::Open => "Validity open",
        }
    }
}

/// None until the run has ended. The latest ruling wins either way; a run ruled valid still
/// lists what spoke against it.
pub fn validity(run: &RunFacts) -> Option<Answer<Validity>> {
    let found = objections(run)?;
    let is = decided(run, &found);
    let objections = || found.iter().map(|objection| objection.says(run));
    let says: Vec<String> = match (&run.ruling, is) {
        (Some(ruling), _) if ruling.valid => {
            let ruled = format!("A reviewer ruled the run valid: {}", sentence(&ruling.reason));
            iter::once(ruled).chain(objections()).collect()
        }
        (Some(ruling), _) => {
            let ruled = format!("A reviewer ruled the run invalid: {}", sentence(&ruling.reason));
            objections().chain(iter::once(ruled)).collect()
        }
        (None, Validity::Open) if waits_for_reason(run, &found) => {
            let waits = "The run was aborted, and the reason is still to be given.".to_owned();
            iter::once(waits).chain(objections()).collect()
        }
        (None, Validity::Open) => left_open(run).map(str::to_owned).into_iter().collect(),
        (None, Validity::Invalid(_)) => objections().collect(),
        (None, Validity::Valid) => vec![run.imported.as_ref().map_or_else(|| holds(run), proposed_valid)],
    };
    let because = |says: String| Because { of: run.id.to_string(), says };
    Some(Answer { is, because: says.into_iter().map(because).collect() })
}

/// The same without the sentences: who looks at thousands of runs reads none of them.
pub fn bare_validity(run: &RunFacts) -> Option<Validity> {
    objections(run).map(|found| decided(run, &found))
}

pub fn is_valid(run: &RunFacts) -> bool {
    bare_validity(run).is_some_and(Validity::is_valid)
}

/// A line of the table that is true of a run.
enum Objection<'a> {
    NotSteady(&'a Check),
    ToolFailed,
    FaultNotShown,
    /// For anything but its own effect, which is a result.
    Aborted(InvalidReason, &'static str),
    DataMissing,
    /// As another tool's document proposes.
    Proposed(InvalidReason, &'a ToolProposal),
}

impl Objection<'_> {
    const fn reason(&self) -> InvalidReason {
        match self {
            Self::NotSteady(_) => InvalidReason::SteadyStateNotMet,
            Self::ToolFailed => InvalidReason::ToolFailed,
            Self::FaultNotShown => InvalidReason::FaultNotShown,
            Self::Aborted(reason, _) | Self::Proposed(reason, _) => *reason,
            Self::DataMissing => InvalidReason::DataMissing,
        }
    }

    fn says(&self, run: &RunFacts) -> String {
        match self {
            Self::NotSteady(check) => not_steady(run, check),
            Self::ToolFailed => "The tool broke before the method completed.".to_owned(),
            Self::FaultNotShown => "Nothing shows that the fault took effect on any target.".to_owned(),
            Self::Aborted(_, says) => (*says).to_owned(),
            Self::DataMissing => "No check during or after the fault has data about what happened.".to_owned(),
            Self::Proposed(_, proposal) => proposal.why.join(" "),
        }
    }
}

/// Every line of the table that is true, in its order; None until the run has ended.
fn objections(run: &RunFacts) -> Option<Vec<Objection<'_>>> {
    let found = || run.imported.as_ref().map_or_else(|| reasons(run), |proposal| imported_reasons(run, proposal));
    run.execution.has_ended().then(found)
}

fn decided(run: &RunFacts, found: &[Objection<'_>]) -> Validity {
    let first = found.first().map(Objection::reason);
    match (&run.ruling, first) {
        (Some(ruling), _) if ruling.valid => Validity::Valid,
        (Some(_), first) => Validity::Invalid(first.unwrap_or(InvalidReason::RuledInvalid)),
        (None, _) if waits_for_reason(run, found) => Validity::Open,
        (None, Some(primary)) => Validity::Invalid(primary),
        (None, None) if left_open(run).is_some() => Validity::Open,
        (None, None) => Validity::Valid,
    }
}

/// An aborted run is never valid by default: what stopped it may have made it worthless. Where a
/// tool's own end already makes it invalid, there is no reason to wait for.
fn waits_for_reason(run: &RunFacts, found: &[Objection<'_>]) -> bool {
    run.abort.is_none() && (run.abort_open || (run.execution == Execution::Aborted && found.is_empty()))
}

/// A document's own reasons stand in for the table: the tool saw what the notebook did not. The
/// reason of an abort, once somebody gave it, comes on top.
fn imported_reasons<'a>(run: &RunFacts, proposal: &'a ToolProposal) -> Vec<Objection<'a>> {
    let from_tool = match &proposal.validity {
        ToolValidity::Invalid(reason) => Some(Objection::Proposed(*reason, proposal)),
        ToolValidity::Valid | ToolValidity::Open(_) => None,
    };
    from_tool.into_iter().chain(aborted(run)).collect()
}

fn proposed_valid(proposal: &ToolProposal) -> String {
    format!("The document of {} proposes a valid run. {}", proposal.tool, proposal.why.join(" "))
}

/// Why a document could not say whether its run counts; an abort waits for its reason instead.
fn left_open(run: &RunFacts) -> Option<&str> {
    match &run.imported.as_ref()?.validity {
        ToolValidity::Open(why) if run.abort.is_none() => Some(why),
        ToolValidity::Open(_) | ToolValidity::Valid | ToolValidity::Invalid(_) => None,
    }
}

/// The abort's own line of the table.
fn aborted(run: &RunFacts) -> Option<Objection<'static>> {
    let (reason, says) = match run.abort? {
        AbortReason::OwnEffect => return None,
        AbortReason::Unrelated => (InvalidReason::AbortedUnrelated, "The run was aborted for unrelated trouble."),
        AbortReason::People => (InvalidReason::AbortedPeople, "The run was aborted because of people."),
        AbortReason::Tool => (InvalidReason::AbortedTool, "The run was aborted because of the tool."),
    };
    Some(Objection::Aborted(reason, says))
}

/// Every true line of the table, in its order; a ruling is looked at by the caller.
fn reasons(run: &RunFacts) -> Vec<Objection<'_>> {
    let before = run.identity.checks.iter().filter(|check| check.key.phase == Phase::Before);
    let mut found: Vec<Objection<'_>> =
        before.filter(|check| !is_steady(run, check)).map(Objection::NotSteady).collect();
    if run.tool_end == Some(ToolEnd::Broke) {
        found.push(Objection::ToolFailed);
    }
    if run.hit().next().is_none() {
        found.push(Objection::FaultNotShown);
    }
    found.extend(aborted(run));
    if is_without_data(run) {
        found.push(Objection::DataMissing);
    }
    found
}

/// What there is about a before-check; an answer without data is none.
fn seen_before<'a>(run: &'a RunFacts, check: &Check) -> Option<&'a CheckAnswer> {
    run.answer(&check.key).filter(|answer| answer.happened.is_data())
}

fn is_steady(run: &RunFacts, check: &Check) -> bool {
    seen_before(run, check).is_some_and(|answer| check.allowed.outcome(&answer.happened) != Outcome::Failed)
}

/// Why a before-check shows no steady state.
fn not_steady(run: &RunFacts, check: &Check) -> String {
    let name = format!("The check {} ({}, {})", check.key.measure, check.key.phase.word(), check.key.aggregate.label());
    let Some(answer) = seen_before(run, check) else {
        return format!("{name} has no data, so nothing shows a steady state before the fault.");
    };
    let (allowed, happened) =
        (check.allowed.words(check.unit.as_deref()), answer.happened.words(check.unit.as_deref()));
    format!("{name} failed before the fault: {happened}, allowed is {allowed}.")
}

/// A plan that looks at nothing once the fault began lacks no data; its run is valid and proves
/// nothing. The recovery time is one more after-check, and an abort for own effect is data itself.
fn is_without_data(run: &RunFacts) -> bool {
    let looks = run.identity.looks_after_fault() || run.identity.recovery_ms.is_some();
    let mut later = run.identity.checks.iter().filter(|check| check.key.phase != Phase::Before);
    let has_data = later.any(|check| run.answer(&check.key).is_some_and(|answer| answer.happened.is_data()));
    let recovery_is_known = run.revert_failed || (run.identity.recovery_ms.is_some() && run.recovered.is_some());
    looks && !has_data && !recovery_is_known && run.abort != Some(AbortReason::OwnEffect)
}

/// What makes a run without objections valid, in one sentence.
fn holds(run: &RunFacts) -> String {
    let hit: Vec<&str> = run.hit().map(|target| target.name.as_str()).collect();
    format!("The run ended, and the fault is shown to have taken effect on {}.", hit.join(", "))
}

/// A person's text as the end of a sentence.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Identity, Measured},
        runs::{
            facts::Effect,
            sample::{self, check, gap, key, number},
        },
    };

    use InvalidReason::{
        AbortedPeople, AbortedTool, AbortedUnrelated, DataMissing, FaultNotShown, RuledInvalid, SteadyStateNotMet,
        ToolFailed,
    };

    fn is(run: &RunFacts) -> Validity {
        let answer = validity(run).unwrap();
        assert_eq!(bare_validity(run), Some(answer.is), "{answer:?}");
        answer.is
    }

    /// A run whose plan asks for at least four connected clients before the fault.
    fn with_before_check() -> RunFacts {
        sample::run(1).with_check(check("clients", Phase::Before, Aggregate::Min, Allowed::AtLeast(number("4"))))
    }

    fn clients() -> crate::experiments::plan::CheckKey {
        key("clients", Phase::Before, Aggregate::Min)
    }

    #[test]
    fn the_words_of_invalid_reasons_are_these() {
        let words: Vec<_> = InvalidReason::ALL.iter().map(|reason| reason.word()).collect();
        let expected = [
            "steady_state_not_met",
            "tool_failed",
            "fault_not_shown",
            "aborted_unrelated",
            "aborted_people",
            "aborted_tool",
            "data_missing",
            "ruled_invalid",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn only_an_ended_run_has_a_validity() {
        for execution in Execution::ALL {
            let mut run = sample::run(1);
            run.execution = *execution;
            let has_ended = matches!(execution, Execution::Finished | Execution::Aborted);
            assert_eq!(validity(&run).is_some(), has_ended, "{execution:?}");
        }
    }

    #[test]
    fn each_line_of_the_table_alone_makes_a_run_invalid() {
        let untouched = sample::run(1);
        assert_eq!(is(&untouched), Validity::Valid);
        assert_eq!(
            validity(&untouched).unwrap().because[0].says,
            "The run ended, and the fault is shown to have taken effect on zk-1."
        );
        for (run, reason) in [
            (with_before_check().measured(&clients(), "3"), SteadyStateNotMet),
            (with_before_check(), SteadyStateNotMet),
            (with_before_check().happened(&clients(), Measured::NoData), SteadyStateNotMet),
            (sample::run(1).tool_broke(), ToolFailed),
            (sample::run(1).with_effect("zk-1", Effect::NotShown), FaultNotShown),
            (sample::run(1).with_effect("zk-1", Effect::Unknown), FaultNotShown),
            (sample::run(1).hitting(&[]), FaultNotShown),
            (sample::run(1).aborted(AbortReason::Unrelated), AbortedUnrelated),
            (sample::run(1).aborted(AbortReason::People), AbortedPeople),
            (sample::run(1).aborted(AbortReason::Tool), AbortedTool),
            (sample::run(1).unanswered(&gap()).never_recovered(), DataMissing),
            (sample::run(1).happened(&gap(), Measured::NoData).never_recovered(), DataMissing),
            (sample::run(1).ruled(false), RuledInvalid),
        ] {
            let answer = validity(&run).unwrap();
            assert_eq!(answer.is, Validity::Invalid(reason), "{answer:?}");
            assert_eq!(answer.because.len(), 1, "{answer:?}");
        }
    }

    #[test]
    fn a_before_check_that_holds_or_is_unclear_is_no_objection() {
        assert_eq!(is(&with_before_check().measured(&clients(), "4")), Validity::Valid);
        assert_eq!(is(&with_before_check().measured_within(&clients(), "3", "5")), Validity::Valid);
        assert_eq!(is(&with_before_check().happened(&clients(), Measured::Said { held: true })), Validity::Valid);
        assert_eq!(
            is(&with_before_check().happened(&clients(), Measured::Said { held: false })),
            Validity::Invalid(SteadyStateNotMet)
        );
    }

    #[test]
    fn the_first_true_line_is_primary_and_all_are_listed() {
        let mut run = with_before_check()
            .measured(&clients(), "3")
            .tool_broke()
            .hitting(&[])
            .aborted(AbortReason::Tool)
            .unanswered(&gap())
            .never_recovered()
            .ruled(false);
        let expected = [
            "clients (before, smallest) failed before the fault: 3, allowed is ≥ 4",
            "tool broke",
            "Nothing shows",
            "because of the tool",
            "No check during",
            "ruled the run invalid: the restart command had silently failed.",
        ];
        let mut primaries =
            [SteadyStateNotMet, ToolFailed, FaultNotShown, AbortedTool, DataMissing, RuledInvalid].into_iter();
        for left in 0..expected.len() {
            let answer = validity(&run).unwrap();
            assert_eq!(answer.is, Validity::Invalid(primaries.next().unwrap()));
            let listed: Vec<_> = answer.because.iter().map(|because| because.says.clone()).collect();
            assert_eq!(listed.len(), expected.len() - left, "{listed:?}");
            for (says, part) in listed.iter().zip(&expected[left..]) {
                assert!(says.contains(part), "{says} should say {part}");
            }
            run = match left {
                0 => run.measured(&clients(), "9"),
                1 => {
                    run.tool_end = Some(ToolEnd::Completed);
                    run
                }
                2 => run.hitting(&["zk-2"]),
                3 => {
                    run.abort = None;
                    run.execution = Execution::Finished;
                    run
                }
                _ => run.measured(&gap(), "10"),
            };
        }
    }

    #[test]
    fn the_fault_on_some_targets_only_is_enough() {
        let run = sample::run(1).hitting(&["zk-1", "zk-2"]).with_effect("zk-1", Effect::NotShown);
        assert_eq!(is(&run), Validity::Valid);
        // A target that was only eligible says nothing.
        let eligible = sample::run(1).hitting(&[]).with_effect("zk-3", Effect::Shown);
        assert_eq!(is(&eligible), Validity::Invalid(FaultNotShown));
    }

    #[test]
    fn an_abort_for_own_effect_is_valid_even_without_data() {
        let run = sample::run(1).unanswered(&gap()).never_recovered().aborted(AbortReason::OwnEffect);
        assert_eq!(is(&run), Validity::Valid);
    }

    #[test]
    fn recovery_and_witnesses_are_data() {
        let silent = sample::run(1).unanswered(&gap());
        assert_eq!(is(&silent), Validity::Valid, "recovery was measured");
        assert_eq!(is(&silent.clone().revert_failing()), Validity::Valid);
        let mut without_recovery = silent;
        without_recovery.plan_mut().recovery_ms = None;
        assert_eq!(is(&without_recovery), Validity::Invalid(DataMissing), "the plan asks for no recovery time");
        assert_eq!(is(&without_recovery.happened(&gap(), Measured::Said { held: true })), Validity::Valid);
    }

    #[test]
    fn a_plan_that_looks_at_nothing_lacks_no_data() {
        let run = sample::run(1).planned_as(Identity { checks: Vec::new(), recovery_ms: None, ..sample::identity() });
        assert_eq!(is(&run), Validity::Valid);
    }

    #[test]
    fn validity_stays_open_until_an_abort_has_its_reason_or_a_ruling() {
        let open = sample::run(1).aborted_for_reasons_unknown();
        assert_eq!(is(&open), Validity::Open);
        assert_eq!(is(&open.clone().tool_broke()), Validity::Open);
        assert_eq!(is(&open.clone().ruled(true)), Validity::Valid);
        assert_eq!(is(&open.clone().ruled(false)), Validity::Invalid(RuledInvalid));
        assert_eq!(is(&open.clone().aborted(AbortReason::OwnEffect)), Validity::Valid);
        assert_eq!(is(&open.aborted(AbortReason::People)), Validity::Invalid(AbortedPeople));
    }

    #[test]
    fn an_aborted_run_without_any_reason_is_open_unless_its_end_says_enough() {
        let mut run = sample::run(1);
        run.execution = Execution::Aborted;
        assert_eq!(is(&run), Validity::Open);
        assert_eq!(is(&run.tool_broke()), Validity::Invalid(ToolFailed));
    }

    #[test]
    fn a_ruling_wins_in_both_directions() {
        let broken = sample::run(1).tool_broke();
        let answer = validity(&broken.clone().ruled(true)).unwrap();
        assert_eq!(answer.is, Validity::Valid);
        assert_eq!(answer.because.len(), 2, "the objection stays listed: {answer:?}");
        assert_eq!(is(&broken.clone().ruled(true).ruled(false)), Validity::Invalid(ToolFailed));
        assert_eq!(is(&broken.ruled(false).ruled(true)), Validity::Valid);
    }
}
