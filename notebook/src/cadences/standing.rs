//! Where a slot stands: what people said of it, else what working time and freezes make of it, else the clock.

use super::{SlotStanding, SlotTold};
use crate::{
    calendar::{recurrence::Due, slot::Landing},
    id::RunId,
    limits::MISSED_AFTER_MINUTES,
    runs::facts::Execution,
    time::Moment,
};

/// What a slot comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    pub standing: SlotStanding,
    pub at: Moment,
    pub why: Vec<String>,
    pub run: Option<RunId>,
}

/// `landing` is that of the time people gave it, if they postponed it. `run` is how its run stands, if it has one.
pub fn stands(due: &Due, landing: &Landing, told: Option<&SlotTold>, run: Option<Execution>, now: Moment) -> Stands {
    let landed = landing.at(due).unwrap_or(due.at);
    let of = |standing, at, why: Vec<String>| Stands { standing, at, why, run: None };
    match told {
        Some(SlotTold::Planned { run: id }) => {
            Stands { run: Some(*id), ..of(planned(run), landed, landing.why().to_vec()) }
        }
        Some(SlotTold::Skipped { why }) => of(SlotStanding::Skipped, landed, vec![why.to_string()]),
        Some(SlotTold::Postponed { to, why }) => {
            let standing = match landing {
                Landing::OnTime | Landing::Moved { .. } => passed(SlotStanding::Postponed, *to, now),
                Landing::Cancelled { .. } => SlotStanding::Cancelled,
            };
            of(standing, *to, std::iter::once(why.to_string()).chain(landing.why().iter().cloned()).collect())
        }
        None => match landing {
            Landing::OnTime => of(passed(SlotStanding::Coming, landed, now), landed, Vec::new()),
            Landing::Moved { why, .. } => of(passed(SlotStanding::Moved, landed, now), landed, why.clone()),
            Landing::Cancelled { why } => of(SlotStanding::Cancelled, landed, why.clone()),
        },
    }
}

/// A run that never began leaves its slot to whoever says something of it again.
const fn planned(run: Option<Execution>) -> SlotStanding {
    match run {
        Some(Execution::Cancelled) => SlotStanding::Cancelled,
        Some(Execution::Missed) => SlotStanding::Missed,
        Some(
            Execution::Planned | Execution::Running | Execution::Reverting | Execution::Finished | Execution::Aborted,
        )
        | None => SlotStanding::Planned,
    }
}

/// As a run, it is missed an hour after its time.
fn passed(standing: SlotStanding, at: Moment, now: Moment) -> SlotStanding {
    if at.plus_minutes(MISSED_AFTER_MINUTES) < now { SlotStanding::Missed } else { standing }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::text::Note;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn what_was_said_comes_before_working_time_and_that_before_the_clock() {
        let (early, late) = (at("2026-11-24T08:00:00Z"), at("2026-11-24T10:00:00.000001Z"));
        let due = Due { date: Date::constant(2026, 11, 24), at: at("2026-11-24T09:00:00Z"), before: late };
        let to = at("2026-11-24T09:30:00Z");
        let moved = Landing::Moved { to, why: vec!["the team sleeps".into()] };
        let gone = Landing::Cancelled { why: vec!["freeze: sale".into()] };
        let why = || Note::new("release day").unwrap();
        let skipped = SlotTold::Skipped { why: why() };
        let postponed = SlotTold::Postponed { to: at("2026-11-25T09:00:00Z"), why: why() };
        let planned = SlotTold::Planned { run: RunId::of(7) };
        for (landing, told, now, standing, when) in [
            (&Landing::OnTime, None, early, SlotStanding::Coming, "2026-11-24T09:00:00Z"),
            (&Landing::OnTime, None, at("2026-11-24T10:00:00Z"), SlotStanding::Coming, "2026-11-24T09:00:00Z"),
            (&Landing::OnTime, None, late, SlotStanding::Missed, "2026-11-24T09:00:00Z"),
            (&moved, None, late, SlotStanding::Moved, "2026-11-24T09:30:00Z"),
            (&gone, None, late, SlotStanding::Cancelled, "2026-11-24T09:00:00Z"),
            (&Landing::OnTime, Some(&postponed), late, SlotStanding::Postponed, "2026-11-25T09:00:00Z"),
            (&gone, Some(&postponed), late, SlotStanding::Cancelled, "2026-11-25T09:00:00Z"),
            (&moved, Some(&skipped), early, SlotStanding::Skipped, "2026-11-24T09:30:00Z"),
            (&Landing::OnTime, Some(&skipped), late, SlotStanding::Skipped, "2026-11-24T09:00:00Z"),
            (&Landing::OnTime, Some(&planned), late, SlotStanding::Planned, "2026-11-24T09:00:00Z"),
        ] {
            let stands = stands(&due, landing, told, None, now);
            assert_eq!((stands.standing, stands.at), (standing, at(when)), "{landing:?} {told:?}");
            assert_eq!(stands.run.is_some(), standing == SlotStanding::Planned);
        }
        let shown = stands(&due, &gone, Some(&skipped), None, early);
        assert_eq!(shown.why, ["release day"]);
        let shown = stands(&due, &gone, Some(&postponed), None, early);
        assert_eq!(shown.why, ["release day", "freeze: sale"]);
        for (run, standing) in [
            (Execution::Running, SlotStanding::Planned),
            (Execution::Cancelled, SlotStanding::Cancelled),
            (Execution::Missed, SlotStanding::Missed),
        ] {
            let shown = stands(&due, &Landing::OnTime, Some(&planned), Some(run), early);
            assert_eq!((shown.standing, shown.run), (standing, Some(RunId::of(7))));
        }
    }
}
