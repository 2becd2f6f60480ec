//! What earlier runs of an experiment showed: how long it took to notice the fault and to undo it,
//! and when its revert was last done (product reference, sections 3.10, 3.11 and 3.14).

use super::Rehearsed;
use crate::{
    experiments::plan::Phase,
    runs::{facts::RunFacts, telemetry::detection_delay_ms},
    slos::worst_case::Extent,
    time::Moment,
};

/// The last that was seen of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    pub detect_ms: Option<Extent<i64>>,
    pub revert_ms: Option<Extent<i64>>,
    pub rehearsed: Option<Moment>,
}

/// Over all runs of the experiment that had ended at a moment, valid or not: an invalid run's times are
/// as true as any. What a run showed afterwards, nobody knew then.
pub fn past<'a>(runs: impl IntoIterator<Item = &'a RunFacts>, at: Moment) -> Past {
    let over = |run: &&RunFacts| run.execution.has_ended() && run.ended.is_some_and(|ended| ended <= at);
    let mut ended: Vec<&RunFacts> = runs.into_iter().filter(over).collect();
    ended.sort_by_key(|run| (run.started, run.id));
    let newest = || ended.iter().rev().copied();
    Past {
        detect_ms: newest().find_map(detection_delay_ms).map(|(lo, hi)| Extent { least: lo, most: Some(hi) }),
        revert_ms: newest().find_map(reverting),
        rehearsed: ended.iter().copied().filter_map(reverted).max(),
    }
}

impl Past {
    pub fn rehearsal(&self, start: Moment) -> Rehearsed {
        self.rehearsed.map_or(Rehearsed::Never, |at| Rehearsed::Ago { ms: start.ms_since(at).max(0) })
    }
}

/// From the fault's end until every after-check held; open if it never did.
fn reverting(run: &RunFacts) -> Option<Extent<i64>> {
    run.fault_started?;
    let since = run.fault_ended?;
    if let Some((least, most)) = run.revert_ms() {
        return Some(Extent { least, most: Some(most) });
    }
    let until = run.ended.filter(|_| run.revert_failed)?;
    Some(Extent { least: until.ms_since(since).max(0), most: None })
}

/// When the revert was done. A plan that looks at nothing afterwards has only people's word for it.
/// Without a fault there was nothing to revert.
fn reverted(run: &RunFacts) -> Option<Moment> {
    run.fault_started?;
    let looks = run.identity.checks.iter().any(|check| check.key.phase == Phase::After);
    match run.recovered {
        _ if run.revert_failed => None,
        None if !looks => run.fault_ended,
        recovered => recovered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::{
        facts::Execution,
        sample::{day, run},
    };

    fn past_of(runs: &[RunFacts]) -> Past {
        past(runs, day(9))
    }

    fn on_day(days: i64, edit: impl FnOnce(&mut RunFacts)) -> RunFacts {
        let mut facts = RunFacts {
            started: Some(day(days)),
            fault_ended: Some(day(days).plus_minutes(15)),
            recovered: Some(day(days).plus_minutes(19)),
            ended: Some(day(days).plus_minutes(20)),
            ..run(days + 1)
        };
        edit(&mut facts);
        facts
    }

    #[test]
    fn the_newest_run_that_shows_a_time_counts() {
        let runs = [
            on_day(2, |run| run.recovered = Some(day(2).plus_minutes(17))),
            on_day(1, |_| {}),
            on_day(3, |run| run.execution = Execution::Running),
        ];
        let past = past_of(&runs);
        assert_eq!(past.revert_ms, Some(Extent::exactly(120_000)));
        assert_eq!(past.rehearsed, Some(day(2).plus_minutes(17)));
        assert_eq!(past.detect_ms, Some(Extent::exactly(70_000)));
        assert_eq!(past.rehearsal(day(2).plus_minutes(18)), Rehearsed::Ago { ms: 60_000 });
    }

    #[test]
    fn a_revert_that_failed_is_no_rehearsal_and_took_nobody_knows_how_long() {
        let failed = on_day(1, |run| {
            run.recovered = None;
            run.revert_failed = true;
        });
        let past = past_of(&[failed]);
        assert_eq!(past.revert_ms, Some(Extent { least: 300_000, most: None }));
        assert_eq!((past.rehearsed, past.rehearsal(day(9))), (None, Rehearsed::Never));
    }

    #[test]
    fn a_revert_that_ended_between_two_readings_took_from_the_one_to_the_other() {
        let measured = on_day(1, |run| run.last_unmet = Some(day(1).plus_minutes(17)));
        assert_eq!(past_of(&[measured]).revert_ms, Some(Extent { least: 120_000, most: Some(240_000) }));
    }

    #[test]
    fn without_a_fault_nothing_was_rehearsed() {
        let untouched = on_day(1, |run| run.fault_started = None);
        let past = past_of(&[untouched]);
        assert_eq!((past.rehearsed, past.revert_ms), (None, None));
    }

    #[test]
    fn what_a_later_run_showed_was_not_known_before_it() {
        let runs = [on_day(1, |_| {}), on_day(3, |run| run.recovered = Some(day(3).plus_minutes(17)))];
        let before = past(&runs, day(3));
        assert_eq!(
            (before.rehearsed, before.revert_ms),
            (Some(day(1).plus_minutes(19)), Some(Extent::exactly(240_000)))
        );
        assert_eq!(past(&runs, day(1).plus_minutes(19)), Past::default(), "it went on still");
        assert_eq!(past(&runs, day(3).plus_minutes(20)).rehearsed, Some(day(3).plus_minutes(17)));
    }

    #[test]
    fn without_after_checks_the_end_of_the_fault_is_the_rehearsal() {
        let unwatched = |recovered| {
            on_day(1, |run| {
                run.recovered = recovered;
                run.plan_mut().checks.retain(|check| check.key.phase != Phase::After);
            })
        };
        assert_eq!(past_of(&[unwatched(None)]).rehearsed, Some(day(1).plus_minutes(15)));
        assert_eq!(past_of(&[]), Past::default());
    }
}
