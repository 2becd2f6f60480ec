//! What lies on each day, in the reader's zone, and what is said of the day itself.

use std::collections::BTreeMap;

use jiff::civil::Date;
use notebook::cadences::Slot;
use notebook::cadences::acts::{Calendar, OnCalendar};
use notebook::cadences::conflicts::Conflict;
use notebook::gamedays::GameDay;
use notebook::time::Zone;

use super::shade::Shade;
use super::span::Span;

pub struct OneDay {
    pub date: Date,
    pub shade: Shade,
    /// Of its runs.
    pub conflicts: Vec<Conflict>,
    pub gamedays: Vec<GameDay>,
    pub runs: Vec<OnCalendar>,
    /// Those without a run.
    pub slots: Vec<Slot>,
}

impl OneDay {
    pub fn is_empty(&self) -> bool {
        self.gamedays.is_empty() && self.runs.is_empty() && self.slots.is_empty()
    }

    /// What is heard of the day when something is about to be moved there.
    pub fn says(&self) -> String {
        let date = self.date.strftime("%A, %-d %B %Y").to_string();
        std::iter::once(date).chain(self.shade.words.iter().cloned()).collect::<Vec<_>>().join("; ")
    }
}

/// The days of a span in order.
pub fn days(calendar: Calendar, span: &Span, zone: &Zone) -> Vec<OneDay> {
    let Calendar { runs, slots, gamedays, teams, freezes, conflicts, .. } = calendar;
    let of_day = |date: Date| OneDay {
        date,
        shade: Shade::of(date, zone, &teams, &freezes),
        conflicts: vec![],
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
    for day in days.values_mut() {
        let is_here = |conflict: &&Conflict| {
            day.runs.iter().any(|on| on.run.id == conflict.first || on.run.id == conflict.second)
        };
        day.conflicts = conflicts.iter().filter(is_here).cloned().collect();
    }
    for slot in slots.into_iter().filter(|slot| slot.run.is_none()) {
        if let Some(day) = days.get_mut(&slot.at.civil(zone).date()) {
            day.slots.push(slot);
        }
    }
    days.into_values().collect()
}
