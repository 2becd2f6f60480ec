//! What a valid run says of its hypothesis (product reference, section 3.4).

use super::{
    facts::{AbortReason, Exited, RunFacts, ToolProposal, Verdict},
    validity::is_valid,
};
use crate::{
    answer::{Answer, Because},
    experiments::plan::{Check, Outcome, Phase},
    time::{extent_words, span_words},
};

/// What the checks propose; none unless the run is valid. A person signs it.
pub fn proposed_verdict(run: &RunFacts) -> Option<Answer<Verdict>> {
    if !is_valid(run) {
        return None;
    }
    if let Some((is, proposal)) = imported(run) {
        let because = proposal.why.iter().map(|says| Because { of: run.id.to_string(), says: says.clone() });
        return Some(Answer { is, because: because.collect() });
    }
    let looked = looked(run);
    if looked.is_empty() {
        return Some(Answer::new(
            Verdict::Inconclusive,
            run.id,
            "The plan looks at nothing during or after the fault.",
        ));
    }
    let is = decided(&looked);
    let decisive = match is {
        Verdict::Refuted => Outcome::Failed,
        Verdict::Inconclusive => Outcome::Unknown,
        Verdict::Upheld => Outcome::Held,
    };
    let because = looked.iter().filter(|(outcome, _)| *outcome == decisive);
    let because = because.map(|(outcome, looked)| Because { of: run.id.to_string(), says: looked.says(run, *outcome) });
    Some(Answer { is, because: because.collect() })
}

/// The same without the sentences: who looks at thousands of runs reads none of them.
pub fn bare_proposal(run: &RunFacts) -> Option<Verdict> {
    is_valid(run).then(|| imported(run).map_or_else(|| decided(&looked(run)), |(verdict, _)| verdict))
}

/// Something that a verdict rests on.
enum Looked<'a> {
    OwnEffect,
    Check(&'a Check),
    Recovery,
    Exit(Exited, Verdict),
}

impl Looked<'_> {
    fn says(&self, run: &RunFacts, outcome: Outcome) -> String {
        match self {
            Self::OwnEffect => "An abort condition was reached, and the run was aborted for its own effect.".to_owned(),
            Self::Check(check) => check_words(run, check),
            Self::Recovery => recovery_words(run, outcome),
            Self::Exit(Exited { code, .. }, means) => {
                format!("The command ended with exit code {code}, which the plan takes for {}.", means.word())
            }
        }
    }
}

/// All that the plan looks at from the fault on, with what came of it.
fn looked(run: &RunFacts) -> Vec<(Outcome, Looked<'_>)> {
    let exited = exited(run);
    // A code with a meaning stands in for what nobody wrote down, and for nothing that somebody did.
    let all_counts = exited.is_none();
    let own_effect = run.abort.filter(|reason| *reason == AbortReason::OwnEffect);
    let own_effect = own_effect.map(|_| (Outcome::Failed, Looked::OwnEffect));
    let later = run.identity.checks.iter().filter(|check| check.key.phase != Phase::Before);
    let later = later.filter(|check| all_counts || run.answer(&check.key).is_some());
    let checks = later.map(|check| (run.outcome(&check.key), Looked::Check(check)));
    let recovery = recovery(run).filter(|_| all_counts || run.revert_failed || run.recovered.is_some());
    let recovery = recovery.map(|outcome| (outcome, Looked::Recovery));
    own_effect.into_iter().chain(checks).chain(recovery).chain(exited).collect()
}

/// What failed outweighs what is unknown; who looked at nothing knows nothing.
fn decided(looked: &[(Outcome, Looked<'_>)]) -> Verdict {
    let is_any = |wanted: Outcome| looked.iter().any(|(outcome, _)| *outcome == wanted);
    if is_any(Outcome::Failed) {
        Verdict::Refuted
    } else if looked.is_empty() || is_any(Outcome::Unknown) {
        Verdict::Inconclusive
    } else {
        Verdict::Upheld
    }
}

/// What another tool's document proposes, unless an abort for own effect or an amended value
/// says more.
fn imported(run: &RunFacts) -> Option<(Verdict, &ToolProposal)> {
    let proposal = run.imported.as_ref().filter(|_| run.abort.is_none() && !run.amended)?;
    Some((proposal.verdict?, proposal))
}

/// What the plan takes the command's exit code for. A document that came in outranks it, and whoever aborts a run
/// makes its command end otherwise.
fn exited(run: &RunFacts) -> Option<(Outcome, Looked<'static>)> {
    let ended_by_itself = run.imported.is_none() && run.abort.is_none() && !run.abort_open;
    let exited = run.exited.filter(|_| ended_by_itself)?;
    let means = exited.means?;
    let outcome = match means {
        Verdict::Upheld => Outcome::Held,
        Verdict::Refuted => Outcome::Failed,
        Verdict::Inconclusive => Outcome::Unknown,
    };
    Some((outcome, Looked::Exit(exited, means)))
}

/// What stands: the overruling, else what was signed. None while invalid, open or unsigned.
pub fn verdict(run: &RunFacts) -> Option<Verdict> {
    run.overruled.or(run.signed).filter(|_| is_valid(run))
}

/// The recovery time as one more after-check; none if the plan asks for none and the revert did
/// not fail. A revert recorded as failed fails whatever the plan asks for.
pub fn recovery(run: &RunFacts) -> Option<Outcome> {
    if run.revert_failed {
        return Some(Outcome::Failed);
    }
    let limit_micros = run.identity.recovery_ms?.saturating_mul(1_000);
    let latest = run.fault_ended.map(|ended| ended.plus_micros(limit_micros));
    Some(match (latest, run.recovered) {
        (Some(latest), Some(recovered)) if recovered <= latest => Outcome::Held,
        // It recovered somewhere between the two looks, of which one lies within the limit.
        (Some(latest), Some(_)) if run.last_unmet.is_some_and(|after| after < latest) => Outcome::Unknown,
        (Some(_), Some(_)) => Outcome::Failed,
        _ => Outcome::Unknown,
    })
}

fn recovery_words(run: &RunFacts, outcome: Outcome) -> String {
    if run.revert_failed {
        return "The revert failed: the after-checks did not hold again.".to_owned();
    }
    let allowed = span_words(run.identity.recovery_ms.unwrap_or_default());
    let took = run.revert_ms().map(extent_words);
    match took {
        Some(took) if outcome == Outcome::Held => {
            format!("Recovery took {took}, allowed are {allowed}.")
        }
        Some(took) if outcome == Outcome::Unknown => {
            format!("Recovery took {took}, which may be longer than the {allowed} allowed.")
        }
        Some(took) => format!("Recovery took {took}, longer than the {allowed} allowed."),
        None => format!("Nothing shows when the service had recovered; allowed are {allowed}."),
    }
}

fn check_words(run: &RunFacts, check: &Check) -> String {
    let name = format!("The check {} ({}, {})", check.key.measure, check.key.phase.word(), check.key.aggregate.label());
    let unit = check.unit.as_deref();
    let allowed = check.allowed.words(unit);
    let Some(answer) = run.answer(&check.key) else {
        return format!("{name} is not answered.");
    };
    let happened = answer.happened.words(unit);
    match check.allowed.outcome(&answer.happened) {
        Outcome::Held => format!("{name} held: {happened}, allowed is {allowed}."),
        Outcome::Failed => format!("{name} failed: {happened}, allowed is {allowed}."),
        Outcome::Unknown => format!("{name} is unclear: {happened}, allowed is {allowed}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Identity, Measured},
        runs::sample::{self, check, gap, key, number},
    };

    fn proposed(run: &RunFacts) -> Verdict {
        let answer = proposed_verdict(run).unwrap();
        assert_eq!(bare_proposal(run), Some(answer.is), "{answer:?}");
        answer.is
    }

    /// Twenty clients connected again after the fault.
    fn clients() -> Check {
        check("clients", Phase::After, Aggregate::Last, Allowed::AtLeast(number("20")))
    }

    #[test]
    fn a_run_whose_checks_all_held_is_upheld() {
        let run = sample::run(1).with_check(clients()).measured(&clients().key, "20");
        let answer = proposed_verdict(&run).unwrap();
        assert_eq!(answer.is, Verdict::Upheld);
        let says: Vec<_> = answer.because.iter().map(|because| because.says.as_str()).collect();
        let expected = [
            "The check alert-gap (during, largest) held: 38 s, allowed is ≤ 60 s.",
            "The check clients (after, last) held: 20, allowed is ≥ 20.",
            "Recovery took 4 min, allowed are 5 min.",
        ];
        assert_eq!(says, expected);
    }

    #[test]
    fn one_failed_check_refutes_whatever_else_is_unknown() {
        let run = sample::run(1).measured_within(&gap(), "300", "600").with_check(clients());
        let answer = proposed_verdict(&run).unwrap();
        assert_eq!(answer.is, Verdict::Refuted);
        assert_eq!(
            answer.because[0].says,
            "The check alert-gap (during, largest) failed: 300–600 s, allowed is ≤ 60 s."
        );
        assert_eq!(answer.because.len(), 1);
    }

    #[test]
    fn an_abort_for_own_effect_refutes_even_where_every_check_held() {
        let answer = proposed_verdict(&sample::run(1).aborted(AbortReason::OwnEffect)).unwrap();
        assert_eq!(answer.is, Verdict::Refuted);
        assert!(answer.because[0].says.contains("own effect"));
    }

    #[test]
    fn an_unknown_or_missing_answer_makes_it_inconclusive() {
        let across = sample::run(1).measured_within(&gap(), "50", "70");
        let unanswered = sample::run(1).with_check(clients());
        let without_data = sample::run(1).with_check(clients()).happened(&clients().key, Measured::NoData);
        let nothing_planned =
            sample::run(1).planned_as(Identity { checks: Vec::new(), recovery_ms: None, ..sample::identity() });
        for run in [across, unanswered, without_data, nothing_planned] {
            let answer = proposed_verdict(&run).unwrap();
            assert_eq!(answer.is, Verdict::Inconclusive, "{answer:?}");
            assert_eq!(answer.because.len(), 1, "{answer:?}");
        }
    }

    /// A run whose command ended with a code that its plan takes for this.
    fn ending(run: RunFacts, means: Option<Verdict>) -> RunFacts {
        RunFacts { exited: Some(Exited { code: 3, means }), ..run }
    }

    #[test]
    fn the_meaning_of_an_exit_code_stands_in_for_what_nobody_answered() {
        let unanswered = || sample::run(1).with_check(clients());
        for (means, is) in [
            (None, Verdict::Inconclusive),
            (Some(Verdict::Upheld), Verdict::Upheld),
            (Some(Verdict::Refuted), Verdict::Refuted),
            (Some(Verdict::Inconclusive), Verdict::Inconclusive),
        ] {
            assert_eq!(proposed(&ending(unanswered(), means)), is, "{means:?}");
        }
        let answer = proposed_verdict(&ending(unanswered(), Some(Verdict::Refuted))).unwrap();
        let says: Vec<_> = answer.because.iter().map(|because| because.says.as_str()).collect();
        assert_eq!(says, ["The command ended with exit code 3, which the plan takes for refuted."]);
        let never_recovered = ending(sample::run(1).never_recovered(), Some(Verdict::Upheld));
        assert_eq!(proposed(&never_recovered), Verdict::Upheld);
    }

    #[test]
    fn what_people_wrote_down_counts_whatever_the_exit_code_means() {
        let upheld = Some(Verdict::Upheld);
        for (run, is) in [
            (sample::run(1).measured(&gap(), "61"), Verdict::Refuted),
            (sample::run(1).measured_within(&gap(), "50", "70"), Verdict::Inconclusive),
            (sample::run(1).revert_failing(), Verdict::Refuted),
            (sample::run(1).recovered_after(301), Verdict::Refuted),
            (sample::run(1).aborted(AbortReason::OwnEffect), Verdict::Refuted),
        ] {
            assert_eq!(proposed(&ending(run.clone(), upheld)), is, "{run:?}");
        }
        let aborted = ending(sample::run(1).with_check(clients()).ruled(true), Some(Verdict::Refuted));
        let aborted = RunFacts { abort_open: true, ..aborted };
        assert_eq!(proposed(&aborted), Verdict::Inconclusive, "a command that is stopped ends otherwise");
    }

    #[test]
    fn a_before_check_decides_validity_and_never_the_verdict() {
        let before = check("clients", Phase::Before, Aggregate::Last, Allowed::AtLeast(number("20")));
        let key = key("clients", Phase::Before, Aggregate::Last);
        let unclear = sample::run(1).with_check(before.clone()).measured_within(&key, "19", "21");
        assert_eq!(proposed(&unclear), Verdict::Upheld);
        let failed = sample::run(1).with_check(before).measured(&key, "19");
        assert_eq!(proposed_verdict(&failed), None);
    }

    #[test]
    fn recovery_is_one_more_after_check() {
        for (run, outcome, is) in [
            (sample::run(1).recovered_after(300), Outcome::Held, Verdict::Upheld),
            (sample::run(1).recovered_after(301), Outcome::Failed, Verdict::Refuted),
            (sample::run(1).recovered_after(-5), Outcome::Held, Verdict::Upheld),
            (sample::run(1).never_recovered(), Outcome::Unknown, Verdict::Inconclusive),
            (sample::run(1).revert_failing(), Outcome::Failed, Verdict::Refuted),
        ] {
            assert_eq!((recovery(&run), proposed(&run)), (Some(outcome), is), "{:?}", run.recovered);
        }
        let mut late = sample::run(1).recovered_after(300);
        late.recovered = late.recovered.map(|at| at.plus_micros(1));
        assert_eq!(recovery(&late), Some(Outcome::Failed), "a microsecond late is late");
    }

    #[test]
    fn a_recovery_between_two_readings_is_unknown_where_the_limit_lies_between_them() {
        for (last_unmet_s, recovered_s, is) in [
            (290, 300, Outcome::Held),
            (299, 301, Outcome::Unknown),
            (300, 301, Outcome::Failed),
            (400, 500, Outcome::Failed),
        ] {
            let mut run = sample::run(1).recovered_after(recovered_s);
            run.last_unmet = run.fault_ended.map(|ended| ended.plus_micros(last_unmet_s * 1_000_000));
            assert_eq!(recovery(&run), Some(is), "{last_unmet_s} to {recovered_s} s");
            assert_eq!(run.revert_ms(), Some((last_unmet_s * 1_000, recovered_s * 1_000)));
        }
        let mut open = sample::run(1).recovered_after(301);
        open.last_unmet = open.fault_ended;
        let says = &proposed_verdict(&open).unwrap().because[0].says;
        assert_eq!(says, "Recovery took 0 s to 5 min 1 s, which may be longer than the 5 min allowed.");
    }

    #[test]
    fn without_a_planned_recovery_only_a_failed_revert_counts() {
        let mut run = sample::run(1).recovered_after(86_400);
        run.plan_mut().recovery_ms = None;
        assert_eq!((recovery(&run), proposed(&run)), (None, Verdict::Upheld));
        let failed = run.revert_failing();
        assert_eq!((recovery(&failed), proposed(&failed)), (Some(Outcome::Failed), Verdict::Refuted));
    }

    #[test]
    fn recovery_without_an_end_of_the_fault_is_unknown() {
        let mut run = sample::run(1);
        run.fault_ended = None;
        assert_eq!(recovery(&run), Some(Outcome::Unknown));
    }

    #[test]
    fn an_invalid_or_open_run_has_no_verdict() {
        for run in
            [sample::run(1).tool_broke(), sample::run(1).aborted_for_reasons_unknown(), sample::run(1).ruled(false)]
        {
            let run = run.signed_as(Verdict::Upheld).overruled_as(Verdict::Refuted);
            assert_eq!((proposed_verdict(&run), verdict(&run)), (None, None));
        }
        let ruled_valid = sample::run(1).tool_broke().ruled(true);
        assert_eq!((proposed(&ruled_valid), verdict(&ruled_valid)), (Verdict::Upheld, Some(Verdict::Upheld)));
    }

    #[test]
    fn what_is_signed_stands_until_it_is_overruled() {
        assert_eq!(verdict(&sample::run(1).unsigned()), None);
        assert_eq!(verdict(&sample::run(1).signed_as(Verdict::Inconclusive)), Some(Verdict::Inconclusive));
        let overruled = sample::run(1).overruled_as(Verdict::Refuted);
        assert_eq!(verdict(&overruled), Some(Verdict::Refuted));
        // The checks say what they said, so fixes and confidence do not move.
        assert_eq!((proposed(&overruled), overruled.outcome(&gap())), (Verdict::Upheld, Outcome::Held));
        let revoked = RunFacts { overruled: None, ..overruled };
        assert_eq!(verdict(&revoked), Some(Verdict::Upheld));
    }

    #[test]
    fn telemetry_does_not_change_the_verdict() {
        let run = sample::run(1).claiming(&gap(), crate::runs::facts::Claimed::Failing);
        assert_eq!(proposed(&run), Verdict::Upheld);
    }
}
