//! What lies on each day, in the reader's zone, and what is said of the day itself.

use std::collections::BTreeMap;

use jiff::civil::Date;
use notebook::cadences::Slot;
use notebook::cadences::acts::{Calendar, OnCalendar};
use notebook::calendar::Team;
use notebook::calendar::freeze::Freeze;
use notebook::gamedays::GameDay;
use notebook::interval::Interval;
use notebook::time::{Moment, Zone};

use super::span::Span;

pub struct OneDay {
    pub date: Date,
    /// Hours, holidays and freezes, a few words each.
    pub marks: Vec<String>,
    pub gamedays: Vec<GameDay>,
    pub runs: Vec<OnCalendar>,
    /// Those without a run.
    pub slots: Vec<Slot>,
}

impl OneDay {
    pub fn is_empty(&self) -> bool {
        self.gamedays.is_empty() && self.runs.is_empty() && self.slots.is_empty()
    }
}

/// The days of a span in order.
pub fn days(calendar: Calendar, span: &Span, zone: &Zone) -> Vec<OneDay> {
    let Calendar { runs, slots, gamedays, teams, freezes, .. } = calendar;
    let of_day = |date: Date| OneDay {
        date,
        marks: marks(date, zone, &teams, &freezes),
        gamedays: vec![],
        runs: vec![],
        slots: vec![],
    };
    let mut days: BTreeMap<Date, OneDay> = span.days().map(|date| (date, of_day(date))).collect();
    for gameday in gamedays {
        if let Some(day) = days.get_mut(&gameday.text.from.civil(zone).date()) {
            day.gamedays.push(gameday);
        }
    }
    for on in runs {
        if let Some(day) = days.get_mut(&on.during.start().civil(zone).date()) {
            day.runs.push(on);
        }
    }
    for slot in slots.into_iter().filter(|slot| slot.run.is_none()) {
        if let Some(day) = days.get_mut(&slot.at.civil(zone).date()) {
            day.slots.push(slot);
        }
    }
    days.into_values().collect()
}

fn marks(date: Date, zone: &Zone, teams: &[Team], freezes: &[Freeze]) -> Vec<String> {
    let mut marks = Vec::new();
    let holidays = teams.iter().filter(|team| team.holidays.contains(&date));
    marks.extend(holidays.map(|team| holiday(team, zone)));
    if !teams.is_empty() && teams.iter().all(|team| team.hours(date).is_empty()) {
        if marks.len() < teams.len() {
            marks.push("No working day".to_owned());
        }
    } else if let [team] = teams {
        let hours: Vec<String> = team.hours(date).iter().map(|hours| hours.words()).collect();
        marks.push(format!("{} ({})", hours.join(", "), team.zone.name()));
    }
    let start = |date: Date| Moment::of_civil(date.at(0, 0, 0, 0), zone);
    let day = start(date).zip(date.tomorrow().ok().and_then(start)).and_then(|(start, end)| Interval::new(start, end));
    let touches = |freeze: &&Freeze| day.is_some_and(|day| freeze.interval().overlaps(day));
    marks.extend(freezes.iter().filter(touches).map(|freeze| format!("Frozen: {}", freeze.scope.words())));
    marks
}

/// Its date is the team's own, which begins and ends at another hour where the reader's zone is another one.
fn holiday(team: &Team, zone: &Zone) -> String {
    if team.zone == *zone {
        format!("Holiday of {}", team.name)
    } else {
        format!("Holiday of {} ({})", team.name, team.zone.name())
    }
}
