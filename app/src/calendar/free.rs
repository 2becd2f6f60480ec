//! When somebody could run something: shown where nothing is planned.

use jiff::Span as Length;
use notebook::calendar::Team;
use notebook::calendar::freeze::Freeze;
use notebook::calendar::next::next_start;
use notebook::interval::Interval;
use notebook::time::{Moment, Zone};

/// What is enough for most runs.
const HOUR_MS: i64 = 3_600_000;
const DAYS: usize = 3;

/// "Free daytime slots: Tue 10:00, Wed 09:00." for the next days on which all these teams work.
pub fn sentence(teams: &[Team], freezes: &[Freeze], now: Moment, zone: &Zone) -> String {
    let frozen: Vec<Interval> = freezes.iter().map(Freeze::interval).collect();
    let mut from = now;
    let mut found = Vec::new();
    while found.len() < DAYS {
        let Some(start) = next_start(teams, from, HOUR_MS, &frozen) else { break };
        let civil = start.civil(zone);
        found.push(civil.strftime("%a %H:%M").to_string());
        let next = civil.date().saturating_add(Length::new().days(1)).at(0, 0, 0, 0);
        let Some(next) = Moment::of_civil(next, zone).filter(|next| *next > start) else { break };
        from = next;
    }
    if found.is_empty() {
        "Add a team with its hours, and this says when it is free.".to_owned()
    } else {
        format!("Free daytime slots: {}.", found.join(", "))
    }
}
