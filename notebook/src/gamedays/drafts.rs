//! What people type about a game day, and the only way it becomes a checked word.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Body, Point, Taken, Text};
use crate::{
    actor::PersonId,
    calendar::recurrence::At,
    gate::quorum::Part,
    id::{NoId, RunId, number_of},
    limits::{GAME_DAY_RUNS_MAX, PLAN_ITEMS_MAX},
    refusal::{Checking, Refusal},
    services::slug_meant,
    text::{Note, Prose, Slug, Title},
    time::{Moment, Zone},
};

/// A game day as typed or sent. Its times are those of one date, by the clock on the wall of its zone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GameDayDraft", extend("required" = ["title", "date", "from", "until"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub title: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Day"))]
    pub date: String,
    /// A time of day such as `10:00`.
    pub from: String,
    pub until: String,
    /// An IANA zone; yours, if it is empty.
    pub zone: String,
    /// Slugs of the teams that take part; an empty text names none.
    pub teams: Vec<String>,
    /// A line each, a time and what is done: `10:00 Briefing`. Runs stand at their own times.
    pub agenda: String,
    /// Run ids; an empty text names none.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<RunId>>"))]
    pub runs: Vec<String>,
    /// The number of a person, like the next two.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub owner: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub coordinator: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub reporter: String,
    /// The numbers of people; an empty text names none.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<crate::shapes::Whole>>"))]
    pub observers: Vec<String>,
    /// The version an edit began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// Why a game day does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GameDayCancelDraft", extend("required" = ["why"])))]
#[serde(default, deny_unknown_fields)]
pub struct CancelDraft {
    pub why: String,
}

/// What somebody noted on a game day, or when they looked back at it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GameDayNoteDraft", extend("required" = ["text"])))]
#[serde(default, deny_unknown_fields)]
pub struct NoteDraft {
    pub text: String,
}

/// The field in which a part is chosen.
pub(super) const fn field(part: Part) -> &'static str {
    match part {
        Part::Owner => "owner",
        Part::Coordinator => "coordinator",
        Part::Reporter => "reporter",
        Part::Observer => "observers",
    }
}

/// The date and the zone in which times are typed.
struct Clock {
    date: Date,
    zone: Zone,
}

impl Clock {
    fn at(&self, text: &str) -> Result<Moment, String> {
        let at = At::read(text)?;
        Moment::from_local(&format!("{}T{at}", self.date), &self.zone).ok_or_else(|| "lies in no calendar".to_owned())
    }
}

impl Draft {
    /// The checked text; `zone` is the one of whoever types it.
    pub fn check(&self, zone: &Zone) -> Result<Text, Refusal> {
        let mut checking = Checking::default();
        let title = checking.need("title", Title::new(&self.title));
        let zone = match self.zone.trim() {
            "" => Some(zone.clone()),
            name => Zone::try_from(name.to_owned()).map_err(|says| checking.say("zone", says)).ok(),
        };
        let date =
            self.date.trim().parse::<Date>().map_err(|_| checking.say("date", "takes a date such as 2026-11-24")).ok();
        let clock = date.zip(zone).map(|(date, zone)| Clock { date, zone });
        let during = clock.as_ref().and_then(|clock| self.during(&mut checking, clock));
        let agenda = clock.as_ref().zip(during).map(|(clock, during)| self.agenda(&mut checking, clock, during));
        let (teams, runs, people) = (self.teams(&mut checking), self.runs(&mut checking), self.people(&mut checking));
        let whole = (|| {
            let (from, until) = during?;
            let body = Body { teams, agenda: agenda?, people };
            Some(Text { title: title?, zone: clock?.zone, from, until, body, runs })
        })();
        checking.end(whole)
    }

    fn during(&self, checking: &mut Checking, clock: &Clock) -> Option<(Moment, Moment)> {
        let from = clock.at(&self.from).map_err(|says| checking.say("from", says)).ok();
        let until = clock.at(&self.until).map_err(|says| checking.say("until", says)).ok();
        let (from, until) = from.zip(until)?;
        if until <= from {
            checking.say("until", "does not lie after its beginning");
            return None;
        }
        Some((from, until))
    }

    fn agenda(&self, checking: &mut Checking, clock: &Clock, (from, until): (Moment, Moment)) -> Vec<Point> {
        let lines: Vec<&str> = self.agenda.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.len() > PLAN_ITEMS_MAX {
            checking.say("agenda", format!("has {} lines; at most {PLAN_ITEMS_MAX} are kept", lines.len()));
        }
        let mut points = Vec::new();
        for line in lines {
            match point(line, clock) {
                Ok(point) if point.at < from || point.at > until => {
                    checking.say("agenda", format!("holds \"{}\", which lies outside of the game day", brief(line)));
                }
                Ok(point) => points.push(point),
                Err(says) => checking.say("agenda", says),
            }
        }
        points.sort_by_key(|point| point.at);
        points
    }

    fn teams(&self, checking: &mut Checking) -> BTreeSet<Slug> {
        let named = self.teams.iter().filter(|text| !text.trim().is_empty());
        named.filter_map(|text| checking.need("teams", slug_meant(text))).collect()
    }

    fn runs(&self, checking: &mut Checking) -> BTreeSet<RunId> {
        let mut runs = BTreeSet::new();
        for text in self.runs.iter().filter(|text| !text.trim().is_empty()) {
            match text.parse::<RunId>() {
                Ok(id) => drop(runs.insert(id)),
                Err(NoId { .. }) => {
                    checking.say("runs", format!("holds \"{}\", which is no run id", brief(text.trim())));
                }
            }
        }
        if runs.len() > GAME_DAY_RUNS_MAX {
            checking.say("runs", format!("names {} runs; at most {GAME_DAY_RUNS_MAX} are kept", runs.len()));
        }
        runs
    }

    fn people(&self, checking: &mut Checking) -> BTreeSet<Taken> {
        let ones =
            [(Part::Owner, &self.owner), (Part::Coordinator, &self.coordinator), (Part::Reporter, &self.reporter)];
        let observers = self.observers.iter().map(|text| (Part::Observer, text));
        let mut people = BTreeSet::new();
        for (part, text) in ones.into_iter().chain(observers).filter(|(_, text)| !text.trim().is_empty()) {
            match number_of(text.trim()) {
                Some(number) => drop(people.insert(Taken { part, person: PersonId(number) })),
                None => checking.say(field(part), "is no person's number"),
            }
        }
        people
    }

    /// What an edit form begins with; `check` takes it back.
    pub fn of(text: &Text, version: i64) -> Self {
        let clock = |at: Moment| at.civil(&text.zone).strftime("%H:%M").to_string();
        let agenda: Vec<String> =
            text.body.agenda.iter().map(|point| format!("{} {}", clock(point.at), point.what)).collect();
        let taking = |part: Part| {
            let taken = text.body.people.iter().filter(move |taken| taken.part == part);
            taken.map(|taken| taken.person.0.to_string()).collect::<Vec<_>>()
        };
        let one = |part: Part| taking(part).into_iter().next().unwrap_or_default();
        Self {
            title: text.title.to_string(),
            date: text.from.civil(&text.zone).date().to_string(),
            from: clock(text.from),
            until: clock(text.until),
            zone: text.zone.name().to_owned(),
            teams: text.body.teams.iter().map(ToString::to_string).collect(),
            agenda: agenda.join("\n"),
            runs: text.runs.iter().map(ToString::to_string).collect(),
            owner: one(Part::Owner),
            coordinator: one(Part::Coordinator),
            reporter: one(Part::Reporter),
            observers: taking(Part::Observer),
            version: version.to_string(),
        }
    }
}

/// "10:00 Briefing"; otherwise a clause that names the line.
fn point(line: &str, clock: &Clock) -> Result<Point, String> {
    let (time, what) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let at = clock
        .at(time)
        .map_err(|_| format!("holds \"{}\"; write a time and what is done, such as 10:00 Briefing", brief(line)))?;
    let what = Title::new(what).map_err(|trouble| format!("says at {time} something that {trouble}"))?;
    Ok(Point { at, what })
}

/// As much of a text as tells it apart.
fn brief(text: &str) -> String {
    text.chars().take(40).collect()
}

impl CancelDraft {
    pub fn check(&self) -> Result<Note, Refusal> {
        Note::new(&self.why).map_err(|trouble| Refusal::unfit("why", trouble.to_string()))
    }
}

impl NoteDraft {
    pub fn check(&self) -> Result<Prose, Refusal> {
        Prose::new(&self.text).map_err(|trouble| Refusal::unfit("text", trouble.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").unwrap()
    }

    fn draft() -> Draft {
        Draft {
            title: "Quorum day".into(),
            date: "2026-11-24".into(),
            from: "10:00".into(),
            until: "13:00".into(),
            teams: vec!["Data platform".into(), String::new()],
            agenda: "12:30 Debriefing\r\n\r\n10:00 Briefing, see EXP-4".into(),
            runs: vec!["run-3".into(), "RUN-3".into(), "RUN-7".into()],
            owner: "1".into(),
            observers: vec!["2".into(), "1".into()],
            version: "1".into(),
            ..Draft::default()
        }
    }

    fn troubles(draft: &Draft) -> Vec<(String, String)> {
        let refusal = draft.check(&berlin()).unwrap_err();
        refusal.troubles().iter().map(|trouble| (trouble.field.clone(), trouble.says.clone())).collect()
    }

    #[test]
    fn what_an_edit_form_begins_with_reads_back_as_the_same_game_day() {
        let text = draft().check(&berlin()).unwrap();
        assert_eq!(
            (text.from.rfc3339(), text.until.rfc3339()),
            ("2026-11-24T09:00:00Z".into(), "2026-11-24T12:00:00Z".into())
        );
        assert_eq!((text.runs.len(), text.body.people.len(), text.body.teams.len()), (2, 3, 1));
        let begins = Draft::of(&text, 1);
        assert_eq!(begins.agenda, "10:00 Briefing, see EXP-4\n12:30 Debriefing");
        assert_eq!((begins.zone.as_str(), begins.owner.as_str(), begins.observers.len()), ("Europe/Berlin", "1", 2));
        assert_eq!(begins.check(&Zone::utc()).unwrap(), text, "in the zone it was typed in");
    }

    #[test]
    fn clocks_that_change_that_day_move_nothing_on_the_wall() {
        for (date, hours) in [("2026-03-29", 23), ("2026-10-25", 25)] {
            let whole = Draft { date: date.into(), from: "00:00".into(), until: "23:59".into(), ..draft() };
            let text = whole.check(&berlin()).unwrap();
            assert_eq!(text.until.ms_since(text.from), (hours * 60 - 1) * 60_000, "{date}");
            assert_eq!(Draft::of(&text, 1).until, "23:59");
        }
    }

    #[test]
    fn every_trouble_stands_beside_its_field() {
        type Change = fn(&mut Draft);
        let table: [(Change, &str, &str); 13] = [
            (|draft| draft.title.clear(), "title", "is empty"),
            (|draft| draft.date = "tomorrow".into(), "date", "takes a date"),
            (|draft| draft.from = "25:00".into(), "from", "takes a time of day"),
            (|draft| draft.until = String::new(), "until", "takes a time of day"),
            (|draft| draft.until = "10:00".into(), "until", "does not lie after"),
            (|draft| draft.zone = "Mars/Olympus".into(), "zone", "there is no time zone"),
            (|draft| draft.teams = vec!["…".into()], "teams", ""),
            (|draft| draft.agenda = "Briefing".into(), "agenda", "write a time and what is done"),
            (|draft| draft.agenda = "10:00".into(), "agenda", "is empty"),
            (|draft| draft.agenda = "09:59 Coffee".into(), "agenda", "lies outside of the game day"),
            (|draft| draft.runs = vec!["EXP-3".into()], "runs", "which is no run id"),
            (|draft| draft.owner = "Ana".into(), "owner", "is no person's number"),
            (|draft| draft.observers = vec!["0".into()], "observers", "is no person's number"),
        ];
        for (change, field, says) in table {
            let mut bad = draft();
            change(&mut bad);
            let troubles = troubles(&bad);
            assert_eq!(troubles.len(), 1, "{troubles:?}");
            assert!(troubles[0].0 == field && troubles[0].1.contains(says), "{field}: {troubles:?}");
        }
        let many = (1..=GAME_DAY_RUNS_MAX + 1).map(|number| format!("RUN-{number}")).collect();
        assert!(troubles(&Draft { runs: many, ..draft() })[0].1.contains("at most"));
        let long = "10:00 Coffee\n".repeat(PLAN_ITEMS_MAX + 1);
        assert!(troubles(&Draft { agenda: long, ..draft() })[0].1.contains("at most"));
    }

    #[test]
    fn a_reason_and_a_note_say_something() {
        assert!(CancelDraft::default().check().is_err() && NoteDraft::default().check().is_err());
        assert_eq!(NoteDraft { text: " Ben was late ".into() }.check().unwrap().as_str(), "Ben was late");
    }
}
