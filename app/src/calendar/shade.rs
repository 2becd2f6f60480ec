//! How a day is shaded: when all teams work, what is frozen of it, and the same in words. Nothing is said by colour
//! or pattern alone.

use std::fmt::Write as _;

use jiff::civil::Date;
use leptos::prelude::*;
use notebook::calendar::Team;
use notebook::calendar::freeze::Freeze;
use notebook::interval::{Interval, in_both};
use notebook::time::{Moment, Zone};

/// One day as teams and freezes have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shade {
    /// What hatches all of it: `rest` where nobody works, `frozen` where a freeze touches it.
    pub kinds: Vec<&'static str>,
    /// Hours, holidays and freezes, a few words each.
    pub words: Vec<String>,
    /// From when to when all teams work, of a day of `WIDTH`.
    works: Vec<(i64, i64)>,
    /// The same for what is frozen.
    frozen: Vec<(i64, i64)>,
}

/// Of the strip, in its own units: a day has so many minutes unless clocks change.
const WIDTH: i64 = 1_440;
const HEIGHT: i64 = 8;
/// Between two lines of a hatch.
const HATCH: i64 = 30;

impl Shade {
    /// A day of the reader's zone.
    pub fn of(date: Date, zone: &Zone, teams: &[Team], freezes: &[Freeze]) -> Self {
        let midnight = |date: Date| Moment::of_civil(date.at(0, 0, 0, 0), zone);
        let ends = midnight(date).zip(date.tomorrow().ok().and_then(midnight));
        let Some(day) = ends.and_then(|(start, end)| Interval::new(start, end)) else { return Self::default() };
        let mut shade = Self::default();
        shade.work(date, day, zone, teams);
        shade.freeze(day, zone, freezes);
        shade
    }

    fn work(&mut self, date: Date, day: Interval, zone: &Zone, teams: &[Team]) {
        let all = teams.iter().map(|team| team.working(day)).reduce(|ones, others| in_both(&ones, &others));
        let all = in_both(&all.unwrap_or_default(), &[day]);
        self.works = all.iter().map(|part| scaled(*part, day)).collect();
        let holidays = teams.iter().filter(|team| team.holidays.contains(&date));
        self.words.extend(holidays.map(|team| holiday(team, zone)));
        if !teams.is_empty() && teams.iter().all(|team| team.hours(date).is_empty()) {
            self.kinds.push("rest");
            if self.words.len() < teams.len() {
                self.words.push("No working day".to_owned());
            }
        } else if let [team] = teams {
            let hours: Vec<String> = team.hours(date).iter().map(|hours| hours.words()).collect();
            self.words.push(format!("{} ({})", hours.join(", "), team.zone.name()));
        } else if !teams.is_empty() {
            let hours: Vec<String> = all.iter().map(|part| clocks(*part, day, zone)).collect();
            let none = || "No hour in which all teams work".to_owned();
            self.words.push(if hours.is_empty() { none() } else { format!("All teams: {}", hours.join(", ")) });
        }
    }

    fn freeze(&mut self, day: Interval, zone: &Zone, freezes: &[Freeze]) {
        for freeze in freezes {
            let Some(part) = freeze.interval().common(day) else { continue };
            let when = if part == day { String::new() } else { format!(" {}", clocks(part, day, zone)) };
            self.words.push(format!("Frozen{when}: {}", freeze.scope.words()));
            self.frozen.push(scaled(part, day));
        }
        if !self.frozen.is_empty() {
            self.kinds.push("frozen");
        }
    }

    /// What `data-day` holds.
    pub fn kind(&self) -> Option<String> {
        Some(self.kinds.join(" ")).filter(|kinds| !kinds.is_empty())
    }

    /// The day from midnight to midnight as a strip, which the words beside it say as well.
    pub fn strip(&self) -> Option<AnyView> {
        if self.works.is_empty() && self.frozen.is_empty() {
            return None;
        }
        let works = self.works.iter().map(|(from, to)| {
            let (x, width) = (from.to_string(), (to - from).to_string());
            view! { <rect data-family="good" x=x y="0" width=width height=HEIGHT.to_string()></rect> }
        });
        let works = works.collect_view();
        let hatch = hatch(&self.frozen);
        Some(
            view! {
                <svg class="daylight" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    {works}
                    <path data-family="caution" d=hatch></path>
                </svg>
            }
            .into_any(),
        )
    }

    /// Its words, a line each, below the strip.
    pub fn lines(&self) -> AnyView {
        let words: Vec<_> = self.words.iter().map(|mark| view! { <p class="muted">{mark.clone()}</p> }).collect();
        view! { {self.strip()}{words} }.into_any()
    }
}

/// Lines across what is frozen.
fn hatch(frozen: &[(i64, i64)]) -> String {
    let mut lines = String::new();
    for (from, to) in frozen {
        let mut x = *from;
        while x <= *to {
            let _ = write!(lines, "M{x} 0V{HEIGHT}");
            x += HATCH;
        }
    }
    lines
}

fn scaled(part: Interval, day: Interval) -> (i64, i64) {
    let at = |moment: Moment| moment.ms_since(day.start()) * WIDTH / day.ms().max(1);
    (at(part.start()), at(part.end()))
}

/// "10:00–15:00" by the reader's clock; a day ends at 24:00.
fn clocks(part: Interval, day: Interval, zone: &Zone) -> String {
    let clock = |at: Moment| at.civil(zone).strftime("%H:%M").to_string();
    let end = if part.end() == day.end() { "24:00".to_owned() } else { clock(part.end()) };
    format!("{}\u{2013}{end}", clock(part.start()))
}

/// Its date is the team's own, which begins and ends at another hour where the reader's zone is another one.
fn holiday(team: &Team, zone: &Zone) -> String {
    if team.zone == *zone {
        format!("Holiday of {}", team.name)
    } else {
        format!("Holiday of {} ({})", team.name, team.zone.name())
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

    fn team(name: &str, zone: &str, days: &[Day]) -> Team {
        Team {
            name: Slug::new(name).unwrap(),
            zone: Zone::named(zone).unwrap(),
            week: Week::every(days, Hours::read("09:00–17:00").unwrap()),
            holidays: BTreeSet::from([Date::constant(2026, 12, 25)]),
        }
    }

    fn shade(date: &str, teams: &[Team], freezes: &[Freeze]) -> Shade {
        Shade::of(date.parse().unwrap(), &Zone::named("Europe/Berlin").unwrap(), teams, freezes)
    }

    fn freeze(from: &str, until: Option<&str>) -> Freeze {
        Freeze {
            scope: Scope::Everything,
            from: at(from),
            until: until.map(at),
            why: Note::new("sale").unwrap(),
            by: PersonId(1),
        }
    }

    const WORKDAYS: [Day; 5] = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];

    #[test]
    fn hours_weekends_and_holidays_are_shaded_and_said() {
        let berlin = team("data-platform", "Europe/Berlin", &WORKDAYS);
        let new_york = team("sre", "America/New_York", &WORKDAYS);
        let sundays = team("tel-aviv", "Europe/Berlin", &[Day::Sunday]);
        for (date, teams, kinds, words, works) in [
            ("2026-11-24", vec![&berlin], vec![], vec!["09:00–17:00 (Europe/Berlin)"], vec![(540, 1_020)]),
            ("2026-11-24", vec![&berlin, &new_york], vec![], vec!["All teams: 15:00–17:00"], vec![(900, 1_020)]),
            ("2026-11-24", vec![&berlin, &sundays], vec![], vec!["No hour in which all teams work"], vec![]),
            ("2026-11-28", vec![&berlin, &new_york], vec!["rest"], vec!["No working day"], vec![]),
            ("2026-12-25", vec![&berlin], vec!["rest"], vec!["Holiday of data-platform"], vec![]),
            ("2026-12-25", vec![&new_york], vec!["rest"], vec!["Holiday of sre (America/New_York)"], vec![]),
            // Twenty-three hours: the same clock times lie elsewhere in the day.
            ("2026-03-29", vec![&sundays], vec![], vec!["09:00–17:00 (Europe/Berlin)"], vec![(500, 1_001)]),
            ("2026-11-24", vec![], vec![], vec![], vec![]),
        ] {
            let teams: Vec<Team> = teams.into_iter().cloned().collect();
            let is = shade(date, &teams, &[]);
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!((is.kinds, is.words, is.works), (kinds, words, works), "{date} {}", teams.len());
        }
    }

    #[test]
    fn a_freeze_is_hatched_where_it_holds_and_says_from_when_to_when() {
        let open = freeze("2026-11-24T11:00:00Z", None);
        for (date, freezes, words, frozen) in [
            ("2026-11-23", vec![open.clone()], vec![], vec![]),
            ("2026-11-24", vec![open.clone()], vec!["Frozen 12:00–24:00: everything"], vec![(720, 1_440)]),
            ("2026-11-25", vec![open], vec!["Frozen: everything"], vec![(0, 1_440)]),
            (
                "2026-11-24",
                vec![freeze("2026-11-20T00:00:00Z", Some("2026-11-24T00:00:00Z"))],
                vec!["Frozen 00:00–01:00: everything"],
                vec![(0, 60)],
            ),
        ] {
            let is = shade(date, &[], &freezes);
            assert_eq!(is.kinds, if words.is_empty() { vec![] } else { vec!["frozen"] }, "{date}");
            assert_eq!((is.words, is.frozen), (words.into_iter().map(str::to_owned).collect(), frozen), "{date}");
        }
        assert_eq!(hatch(&[(0, 60)]), "M0 0V8M30 0V8M60 0V8");
    }

    #[test]
    fn a_drawing_is_there_only_where_it_shows_something() {
        let html = |shade: Shade| Owner::new().with(|| shade.lines().to_html());
        let berlin = [team("data-platform", "Europe/Berlin", &WORKDAYS)];
        assert!(html(shade("2026-11-24", &berlin, &[])).contains("aria-hidden"));
        let rest = html(shade("2026-11-28", &berlin, &[]));
        assert!(!rest.contains("<svg") && rest.contains("No working day"), "{rest}");
    }
}
