//! What the decision to automate signs by itself: runs that nobody attended, that passed and that leave nothing
//! to judge, as long as no valid run failed since. Nobody demotes an experiment: one failure is enough, and one
//! that is ruled invalid is none.

use serde::Serialize;

use crate::{
    decisions::{Decision, DecisionKind, DecisionStanding},
    experiments::{Stage, identity::relation, plan::Identity},
    id::{DecisionId, ExperimentId, RunId},
    runs::{
        facts::{Execution, RunFacts, Verdict},
        telemetry::{Telemetry, telemetry, telemetry_gaps},
        validity::is_valid,
        verdict::bare_proposal,
    },
    time::Moment,
};

/// A valid run whose values refute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    pub run: RunId,
    pub ended: Moment,
}

/// Each that there is, whatever its plan: a harder one that fails is a reason to look, too.
pub fn failures<'a>(runs: impl IntoIterator<Item = &'a RunFacts>) -> Vec<Failure> {
    let failed = |run: &&RunFacts| bare_proposal(run) == Some(Verdict::Refuted);
    let failed = runs.into_iter().filter(failed);
    failed.filter_map(|run| Some(Failure { run: run.id, ended: run.ended? })).collect()
}

/// A decision about who runs an experiment, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub decision: DecisionId,
    pub kind: DecisionKind,
    pub at: Moment,
    pub is: DecisionStanding,
}

impl Said {
    pub const fn of(decision: &Decision, is: DecisionStanding) -> Self {
        Self { decision: decision.id, kind: decision.kind, at: decision.created_at, is }
    }

    const fn stands(&self) -> bool {
        matches!(self.kind, DecisionKind::Automate | DecisionKind::KeepManual)
            && !matches!(self.is, DecisionStanding::Superseded | DecisionStanding::Ended)
    }
}

/// The decision to automate an experiment, and whether it signs now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GraduationAutomation"))]
pub struct Automation {
    pub decision: DecisionId,
    pub since: Moment,
    /// It signs and closes runs that nobody attended and that passed.
    pub signs: bool,
    /// A whole sentence.
    pub says: String,
}

/// What was decided last counts; to keep it manual is an equal answer. Stale evidence is what the next run
/// refreshes, so it holds nothing up; lost evidence does.
pub fn automation(experiment: ExperimentId, stage: Stage, said: &[Said], failures: &[Failure]) -> Option<Automation> {
    let last = said.iter().filter(|said| said.stands()).max_by_key(|said| (said.at, said.decision))?;
    if last.kind != DecisionKind::Automate {
        return None;
    }
    let Said { decision, at: since, .. } = *last;
    let failed = failures.iter().filter(|failure| failure.ended >= since).min_by_key(|failure| failure.ended);
    let against = if stage != Stage::Ready {
        Some(format!("{decision} signs nothing, because {experiment} is not ready."))
    } else if let Some(Failure { run, .. }) = failed {
        Some(format!("{decision} signs nothing since {run} failed; to automate it is decided anew."))
    } else if last.is == DecisionStanding::EvidenceLost {
        Some(format!("{decision} signs nothing while its evidence is lost."))
    } else {
        None
    };
    let signs = against.is_none();
    let says = against.unwrap_or_else(|| {
        format!("{decision} signs and closes what runs unattended and passes, until one run fails.")
    });
    Some(Automation { decision, since, signs, says })
}

/// Why a run that is over is left to people, as a sentence; None where the decision signs and closes it. `claimed` is
/// the approved plan, `asks` whether a fix waits for an answer that only people can give.
pub fn left_to_people(
    automation: &Automation,
    run: &RunFacts,
    claimed: Option<&Identity>,
    asks: bool,
) -> Option<String> {
    let Automation { decision, since, signs, says } = automation;
    if !signs {
        return Some(says.clone());
    }
    let why = if run.started.is_none_or(|started| started < *since) {
        "it began before that was decided"
    } else {
        judged_by_people(run, claimed, asks)?
    };
    Some(format!("{decision} leaves it to people: {why}."))
}

/// What about the run itself asks for a person, as a clause.
fn judged_by_people(run: &RunFacts, claimed: Option<&Identity>, asks: bool) -> Option<&'static str> {
    let Some(tool) = &run.imported else { return Some("no tool reported it") };
    if run.signed.is_some() || run.closed {
        Some("somebody signed it")
    } else if run.attended {
        Some("people were there")
    } else if run.execution != Execution::Finished {
        Some("it was aborted")
    } else if !is_valid(run) {
        Some("it is not valid")
    } else if !run.follows_its_plan() {
        Some("it deviates from its plan")
    } else if !claimed.is_some_and(|plan| relation(&run.identity, plan).is_same()) {
        Some("it ran another plan than the approved one")
    } else if bare_proposal(run) != Some(Verdict::Upheld) {
        Some("its values do not say upheld")
    } else if !telemetry_agreed(run) {
        Some("telemetry did not agree with what happened")
    } else if !tool.flags.is_empty() {
        Some("the tool's document says something that a person should see")
    } else if asks {
        Some("it could have exercised a fix")
    } else {
        None
    }
}

/// What nothing was expected of cannot have disagreed.
fn telemetry_agreed(run: &RunFacts) -> bool {
    telemetry_gaps(run).is_empty() && !matches!(telemetry(run).is, Telemetry::BlindSpot | Telemetry::FalseAlarm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::{
        facts::{AbortReason, Claimed, ToolProposal, ToolValidity},
        sample::{self, day, gap, identity, identity_with_gap_at_most},
    };

    const EXPERIMENT: ExperimentId = ExperimentId::of(3);

    fn said(id: i64, kind: DecisionKind, is: DecisionStanding) -> Said {
        Said { decision: DecisionId::of(id), kind, at: day(id), is }
    }

    fn automate(id: i64) -> Said {
        said(id, DecisionKind::Automate, DecisionStanding::InForce)
    }

    fn failure(on: i64) -> Failure {
        Failure { run: RunId::of(on), ended: day(on) }
    }

    fn signs(stage: Stage, said: &[Said], failures: &[Failure]) -> Option<bool> {
        automation(EXPERIMENT, stage, said, failures).map(|automation| automation.signs)
    }

    #[test]
    fn what_was_decided_last_says_who_signs() {
        let manual = said(5, DecisionKind::KeepManual, DecisionStanding::InForce);
        let ended = Said { is: DecisionStanding::Ended, ..manual };
        let table: [(&[Said], Option<bool>); 7] = [
            (&[], None),
            (&[automate(4)], Some(true)),
            (&[automate(4), manual], None),
            (&[manual, automate(6)], Some(true)),
            (&[automate(4), ended], Some(true)),
            (&[Said { is: DecisionStanding::Superseded, ..automate(4) }], None),
            (&[automate(4), said(5, DecisionKind::Widen, DecisionStanding::InForce)], Some(true)),
        ];
        for (said, expected) in table {
            assert_eq!(signs(Stage::Ready, said, &[]), expected, "{said:?}");
            let turned: Vec<Said> = said.iter().rev().copied().collect();
            assert_eq!(signs(Stage::Ready, &turned, &[]), expected, "{said:?}");
        }
    }

    #[test]
    fn one_valid_failure_since_demotes_until_it_is_decided_anew() {
        assert_eq!(signs(Stage::Ready, &[automate(4)], &[failure(3)]), Some(true), "it was known then");
        assert_eq!(signs(Stage::Ready, &[automate(4)], &[failure(4)]), Some(false));
        assert_eq!(signs(Stage::Ready, &[automate(4)], &[failure(9)]), Some(false));
        assert_eq!(signs(Stage::Ready, &[automate(4), automate(10)], &[failure(9)]), Some(true));
        let failed = sample::run(1).on_day(9).measured(&gap(), "300");
        let ended = failed.ended.unwrap();
        assert_eq!(failures(&[failed.clone(), sample::run(2)]), [Failure { run: RunId::of(1), ended }]);
        assert!(failures(&[failed.ruled(false)]).is_empty());
    }

    #[test]
    fn stale_evidence_holds_nothing_up_and_lost_evidence_does() {
        for (is, expected) in [
            (DecisionStanding::EvidenceStale, true),
            (DecisionStanding::ReviewDue, true),
            (DecisionStanding::EvidenceLost, false),
        ] {
            assert_eq!(signs(Stage::Ready, &[Said { is, ..automate(4) }], &[]), Some(expected), "{is:?}");
        }
        assert_eq!(signs(Stage::Retired, &[automate(4)], &[]), Some(false));
    }

    /// A run of a tool that ended well and that nobody attended.
    fn unattended() -> RunFacts {
        let imported = ToolProposal {
            tool: "chaostoolkit".into(),
            import: 1,
            validity: ToolValidity::Valid,
            verdict: None,
            why: Vec::new(),
            flags: Vec::new(),
        };
        RunFacts { imported: Some(imported), closed: false, ..sample::run(7).on_day(5).unsigned() }
    }

    fn left(run: &RunFacts, asks: bool) -> Option<String> {
        let automation = automation(EXPERIMENT, Stage::Ready, &[automate(4)], &[]).unwrap();
        left_to_people(&automation, run, Some(&identity()), asks)
    }

    type Otherwise = fn(RunFacts) -> RunFacts;

    #[test]
    fn each_thing_that_takes_a_person_alone_leaves_the_run_to_people() {
        assert_eq!(left(&unattended(), false), None);
        let stricter = unattended().planned_as(identity_with_gap_at_most("50"));
        assert_eq!(left(&stricter, false), None, "a harder plan implies the easier one");
        let table: [(Otherwise, &str); 11] = [
            (|run| run.on_day(3), "before"),
            (|run| RunFacts { imported: None, ..run }, "no tool"),
            (|run| run.signed_as(Verdict::Upheld), "somebody signed"),
            (|run| RunFacts { attended: true, ..run }, "people were there"),
            (|run| run.aborted(AbortReason::OwnEffect), "aborted"),
            (|run| run.ruled(false), "not valid"),
            (RunFacts::deviating, "deviates"),
            (|run| run.planned_as(identity_with_gap_at_most("600")), "another plan"),
            (|run| run.measured(&gap(), "300"), "upheld"),
            (|run| run.claiming(&gap(), Claimed::Failing), "telemetry"),
            (|run| RunFacts { signals: std::collections::BTreeMap::new(), ..run }, "telemetry"),
        ];
        for (spoil, because) in table {
            let says = left(&spoil(unattended()), false).unwrap();
            assert!(says.contains(because), "{because}: {says}");
        }
        assert!(left(&unattended(), true).unwrap().contains("fix"));
        let mut flagged = unattended();
        flagged.imported.as_mut().unwrap().flags.push("Missing status: cut off.".into());
        assert!(left(&flagged, false).unwrap().contains("document"));
    }

    #[test]
    fn while_it_signs_nothing_it_says_why() {
        let demoted = automation(EXPERIMENT, Stage::Ready, &[automate(4)], &[failure(9)]).unwrap();
        let says = left_to_people(&demoted, &unattended(), Some(&identity()), false).unwrap();
        assert!(says.contains("RUN-9 failed"), "{says}");
    }
}
