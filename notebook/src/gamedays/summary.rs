//! What a game day came to: every number is the list of its runs, and nobody sets one.

use serde::Serialize;

use super::Seen;
use crate::{
    id::{FindingId, RunId},
    runs::{
        facts::{Execution, Verdict},
        validity::Validity,
    },
};

/// Its runs, each in the one list it belongs to, and what they found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GameDaySummary"))]
pub struct Summary {
    pub upheld: Vec<RunId>,
    pub refuted: Vec<RunId>,
    pub inconclusive: Vec<RunId>,
    /// They are over, and nobody has signed what they showed.
    pub verdict_due: Vec<RunId>,
    /// They took place and count nowhere.
    pub invalid: Vec<RunId>,
    /// Cancelled or missed.
    pub not_run: Vec<RunId>,
    /// Planned, or going on.
    pub open: Vec<RunId>,
    pub findings: Vec<FindingId>,
    /// Milliseconds from the first start to the last end.
    pub lasted_ms: Option<i64>,
}

impl Summary {
    /// Each list of runs with its name, in the order of the story.
    pub fn lists(&self) -> [(&'static str, &[RunId]); 7] {
        [
            ("Upheld", self.upheld.as_slice()),
            ("Refuted", self.refuted.as_slice()),
            ("Inconclusive", self.inconclusive.as_slice()),
            ("Verdict due", self.verdict_due.as_slice()),
            ("Invalid", self.invalid.as_slice()),
            ("Not run", self.not_run.as_slice()),
            ("Still open", self.open.as_slice()),
        ]
    }
}

pub fn summary(runs: &[Seen]) -> Summary {
    let mut summary = Summary::default();
    for seen in runs {
        let list = match seen.run.execution {
            Execution::Planned | Execution::Running | Execution::Reverting => &mut summary.open,
            Execution::Cancelled | Execution::Missed => &mut summary.not_run,
            Execution::Finished | Execution::Aborted => match (seen.validity, seen.verdict) {
                (Some(Validity::Invalid(_)), _) => &mut summary.invalid,
                (_, Some(Verdict::Upheld)) => &mut summary.upheld,
                (_, Some(Verdict::Refuted)) => &mut summary.refuted,
                (_, Some(Verdict::Inconclusive)) => &mut summary.inconclusive,
                (_, None) => &mut summary.verdict_due,
            },
        };
        list.push(seen.run.id);
        summary.findings.extend(&seen.findings);
    }
    let first = runs.iter().filter_map(|seen| seen.run.started_at).min();
    let last = runs.iter().filter_map(|seen| seen.run.ended_at).max();
    summary.lasted_ms = first.zip(last).map(|(first, last)| last.ms_since(first));
    summary
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        id::Id,
        runs::{Run, validity::InvalidReason},
        text::Slug,
        time::Moment,
    };

    pub fn seen(number: i64, execution: Execution, validity: Option<Validity>, verdict: Option<Verdict>) -> Seen {
        let run = Run {
            id: Id::of(number),
            experiment: Id::of(1),
            title: "Restart one ZooKeeper".into(),
            revision: 1,
            environment: Slug::new("production").unwrap(),
            execution,
            planned_at: None,
            zone: "UTC".into(),
            started_at: None,
            ended_at: None,
            closed_at: None,
            created_at: Moment::from_micros(0),
            version: 1,
        };
        Seen { run, validity, verdict, findings: Vec::new() }
    }

    #[test]
    fn each_run_stands_in_the_one_list_it_belongs_to() {
        let invalid = Some(Validity::Invalid(InvalidReason::ToolFailed));
        let valid = Some(Validity::Valid);
        for (execution, validity, verdict, name) in [
            (Execution::Planned, None, None, "Still open"),
            (Execution::Running, None, None, "Still open"),
            (Execution::Reverting, None, None, "Still open"),
            (Execution::Cancelled, None, None, "Not run"),
            (Execution::Missed, None, None, "Not run"),
            (Execution::Finished, valid, None, "Verdict due"),
            (Execution::Aborted, Some(Validity::Open), None, "Verdict due"),
            (Execution::Finished, valid, Some(Verdict::Upheld), "Upheld"),
            (Execution::Aborted, valid, Some(Verdict::Refuted), "Refuted"),
            (Execution::Finished, valid, Some(Verdict::Inconclusive), "Inconclusive"),
            (Execution::Finished, invalid, None, "Invalid"),
        ] {
            let summary = summary(&[seen(3, execution, validity, verdict)]);
            let filled: Vec<&str> =
                summary.lists().into_iter().filter(|(_, runs)| !runs.is_empty()).map(|(name, _)| name).collect();
            assert_eq!(filled, [name], "{execution:?} {validity:?} {verdict:?}");
        }
    }

    #[test]
    fn it_lasted_from_the_first_start_to_the_last_end_and_found_what_its_runs_found() {
        assert_eq!(summary(&[]), Summary::default());
        let run = |number: i64, started: i64, ended: Option<i64>| {
            let mut seen = seen(number, Execution::Finished, Some(Validity::Valid), Some(Verdict::Upheld));
            seen.run.started_at = Some(Moment::from_micros(started * 1_000));
            seen.run.ended_at = ended.map(|ms| Moment::from_micros(ms * 1_000));
            seen.findings = vec![Id::of(number)];
            seen
        };
        let whole = summary(&[run(1, 500, Some(900)), run(2, 100, Some(300)), run(3, 600, None)]);
        assert_eq!(whole.lasted_ms, Some(800));
        assert_eq!(whole.findings, [Id::of(1), Id::of(2), Id::of(3)]);
        assert_eq!(summary(&[run(3, 600, None)]).lasted_ms, None, "it goes on");
    }
}
