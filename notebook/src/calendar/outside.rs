//! Whether a run lies in working time, and in words why not.

use super::{Team, week::Day};
use crate::{interval::Interval, time::Moment};

/// Why a run would not lie within one working interval of every team, a clause for each that is
/// not there; empty if all are. `run` is a whole one, revert included; it may end exactly at closing
/// time.
pub fn outside(teams: &[Team], run: Interval) -> Vec<String> {
    teams.iter().filter_map(|team| team.why_outside(run)).collect()
}

impl Team {
    /// Why the run does not lie within one of its working intervals; none if it does.
    pub fn why_outside(&self, run: Interval) -> Option<String> {
        let working = self.working(run);
        if working.iter().any(|interval| interval.covers(run)) {
            return None;
        }
        let (team, local) = (&self.name, run.start().civil(&self.zone));
        let day = format!("{} {}", Day::of(local.date()).label(), local.date());
        if let Some(interval) = working.iter().find(|interval| interval.contains(run.start())) {
            return Some(format!(
                "with its revert it could last until {}, and {team} stops working at {}",
                self.clock(run.end()),
                self.clock(interval.end())
            ));
        }
        if self.holidays.contains(&local.date()) {
            return Some(format!("{day} is a holiday of {team}"));
        }
        let hours: Vec<String> = self.hours(local.date()).iter().map(|hours| hours.words()).collect();
        if hours.is_empty() {
            return Some(format!("{day} is not a working day of {team}"));
        }
        let (at, zone) = (local.strftime("%H:%M"), self.zone.name());
        Some(format!("{at} on {day} is outside the hours of {team}: {} ({zone})", hours.join(", ")))
    }

    /// "Friday 2026-11-27 17:00 (Europe/Berlin)".
    pub fn clock(&self, moment: Moment) -> String {
        format!("{} ({})", moment.civil(&self.zone).strftime("%A %Y-%m-%d %H:%M"), self.zone.name())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::calendar::{
        sample::{MONDAY_TO_FRIDAY, SUNDAY_TO_THURSDAY, data_platform, from, team},
        week::Hours,
    };

    /// Half an hour from a local time on, in Berlin.
    fn why(team: &Team, local: &str) -> Option<String> {
        team.why_outside(from(local, team, 30))
    }

    #[test]
    fn weekends_nights_and_holidays_are_refused_with_their_reason() {
        let mut berlin = data_platform();
        berlin.holidays.insert(Date::constant(2026, 11, 18));
        for (local, says) in [
            ("2026-11-28T10:00", "Saturday 2026-11-28 is not a working day of data-platform"),
            ("2026-11-29T10:00", "Sunday 2026-11-29 is not a working day of data-platform"),
            (
                "2026-11-24T03:00",
                "03:00 on Tuesday 2026-11-24 is outside the hours of data-platform: 09:00–17:00 (Europe/Berlin)",
            ),
            ("2026-11-18T10:00", "Wednesday 2026-11-18 is a holiday of data-platform"),
            (
                "2026-11-27T16:45",
                "with its revert it could last until Friday 2026-11-27 17:15 (Europe/Berlin), and data-platform stops working at Friday 2026-11-27 17:00 (Europe/Berlin)",
            ),
        ] {
            assert_eq!(why(&berlin, local).as_deref(), Some(says));
        }
        assert_eq!(why(&berlin, "2026-11-24T10:00"), None, "Tuesday at ten");
    }

    #[test]
    fn each_team_has_its_own_week() {
        let tel_aviv = team("Asia/Jerusalem", &SUNDAY_TO_THURSDAY, "09:00–17:00");
        assert_eq!(why(&tel_aviv, "2026-11-29T10:00"), None, "Sunday");
        assert!(why(&tel_aviv, "2026-11-27T10:00").unwrap().contains("Friday 2026-11-27 is not a working day"));
    }

    #[test]
    fn ending_exactly_at_closing_time_is_inside_and_starting_there_is_not() {
        let berlin = data_platform();
        for (local, minutes, inside) in [
            ("2026-11-24T09:00", 480, true),
            ("2026-11-24T16:30", 30, true),
            ("2026-11-24T16:30", 31, false),
            ("2026-11-24T08:59", 1, false),
            ("2026-11-24T17:00", 1, false),
            ("2026-11-24T16:00", 24 * 60, false),
        ] {
            assert_eq!(berlin.why_outside(from(local, &berlin, minutes)).is_none(), inside, "{local}, {minutes} min");
        }
    }

    #[test]
    fn the_whole_run_lies_in_one_interval_of_every_team() {
        let berlin = data_platform();
        let new_york = Team {
            name: crate::text::Slug::new("ingest-us").unwrap(),
            ..team("America/New_York", &MONDAY_TO_FRIDAY, "09:00–17:00")
        };
        // 15:00 in Berlin is 09:00 in New York.
        let both = [berlin.clone(), new_york];
        assert_eq!(outside(&both, from("2026-11-24T15:00", &berlin, 120)), [""; 0]);
        assert!(outside(&both, from("2026-11-24T14:59", &berlin, 60))[0].contains("ingest-us: 09:00–17:00"));
        assert_eq!(outside(&both, from("2026-11-24T14:00", &berlin, 240)).len(), 2);
        // Europe goes back an hour a week before America does.
        assert_eq!(outside(&both, from("2026-10-26T14:00", &berlin, 120)), [""; 0]);
    }

    #[test]
    fn a_break_divides_working_time() {
        let mut berlin = data_platform();
        let hours = ["09:00–12:00", "13:00–17:00"].map(|text| Hours::read(text).unwrap());
        berlin.week =
            super::super::week::Week::new(MONDAY_TO_FRIDAY.iter().map(|day| (*day, hours.to_vec())).collect()).unwrap();
        assert!(why(&berlin, "2026-11-24T11:45").unwrap().contains("12:15"));
        assert!(why(&berlin, "2026-11-24T12:10").unwrap().contains("09:00–12:00, 13:00–17:00"));
        assert_eq!(why(&berlin, "2026-11-24T11:30"), None);
    }

    #[test]
    fn around_the_clock_means_over_midnight_too() {
        let always = team("Europe/Berlin", Day::ALL, "00:00–24:00");
        assert_eq!(always.why_outside(from("2026-11-24T23:30", &always, 3 * 24 * 60)), None);
        assert_eq!(outside(&[], from("2026-11-24T23:30", &always, 5)), [""; 0]);
    }
}
