//! When somebody could run something: shown where nothing is planned.

use jiff::Span as Length;
use notebook::calendar::Team;
use notebook::calendar::freeze::Freeze;
use notebook::calendar::next::first_fit;
use notebook::interval::Interval;
use notebook::time::{Moment, Zone};

/// What is enough for most runs.
const HOUR_MS: i64 = 3_600_000;
const DAYS: usize = 3;

/// "Free daytime slots: Tue 24 Nov 10:00, Wed 25 Nov 09:00." for the first days, of a stretch of time and from now
/// on, on which all these teams work. `freezes` are those of that stretch.
pub fn sentence(teams: &[Team], freezes: &[Freeze], within: Interval, now: Moment, zone: &Zone) -> String {
    if teams.is_empty() {
        return "Add a team with its hours, and this says when it is free.".to_owned();
    }
    let frozen: Vec<Interval> = freezes.iter().map(Freeze::interval).collect();
    let mut from = now.max(within.start());
    let mut found = Vec::new();
    while found.len() < DAYS {
        let rest = Interval::new(from, within.end());
        let Some(start) = rest.and_then(|rest| first_fit(teams, rest, HOUR_MS, &frozen)) else { break };
        let civil = start.civil(zone);
        found.push(civil.strftime("%a %-d %b %H:%M").to_string());
        let next = civil.date().saturating_add(Length::new().days(1)).at(0, 0, 0, 0);
        let Some(next) = Moment::of_civil(next, zone).filter(|next| *next > start) else { break };
        from = next;
    }
    if found.is_empty() {
        "There is no free hour ahead in which all of these teams work.".to_owned()
    } else {
        format!("Free daytime slots: {}.", found.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use notebook::actor::PersonId;
    use notebook::calendar::freeze::Scope;
    use notebook::calendar::week::{Day, Hours, Week};
    use notebook::text::{Note, Slug};

    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn free_hours_lie_in_what_is_shown_from_now_on_and_outside_of_its_freezes() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let days = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];
        let team = Team {
            name: Slug::new("data-platform").unwrap(),
            zone: zone.clone(),
            week: Week::every(&days, Hours::read("09:00–17:00").unwrap()),
            holidays: BTreeSet::new(),
        };
        let freeze = Freeze {
            scope: Scope::Everything,
            from: at("2026-12-01T00:00:00Z"),
            until: Some(at("2026-12-03T09:30:00Z")),
            why: Note::new("sale").unwrap(),
            by: PersonId(1),
        };
        let (teams, now) = ([team], at("2026-11-27T15:30:00Z"));
        for (from, to, freezes, says) in [
            (
                "2026-11-23",
                "2026-12-07",
                vec![],
                "Free daytime slots: Mon 30 Nov 09:00, Tue 1 Dec 09:00, Wed 2 Dec 09:00.",
            ),
            (
                "2026-11-30",
                "2026-12-07",
                vec![freeze],
                "Free daytime slots: Mon 30 Nov 09:00, Thu 3 Dec 10:30, Fri 4 Dec 09:00.",
            ),
            ("2026-11-28", "2026-11-30", vec![], "There is no free hour ahead in which all of these teams work."),
            ("2026-11-16", "2026-11-23", vec![], "There is no free hour ahead in which all of these teams work."),
        ] {
            let midnight = |day: &str| Moment::from_local(&format!("{day}T00:00"), &zone).unwrap();
            let within = Interval::new(midnight(from), midnight(to)).unwrap();
            assert_eq!(sentence(&teams, &freezes, within, now, &zone), says, "{from}");
        }
    }
}
