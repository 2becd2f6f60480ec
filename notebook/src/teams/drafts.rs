//! What people type about teams, and the only way it becomes a checked word.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Holidays, Team};
use crate::{
    calendar::week::{Day, Hours, Week},
    limits::HOLIDAYS_MAX,
    naming::own_slug,
    refusal::{Checking, Refusal},
    text::{Slug, Title},
    time::Zone,
};

/// A team as typed. An empty slug is made from the name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "TeamDraft", extend("required" = ["name", "zone"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub slug: String,
    pub name: String,
    /// An IANA zone such as Europe/Berlin.
    pub zone: String,
    /// Hours such as 09:00–17:00, several with commas between; empty if nobody works on that day.
    pub monday: String,
    pub tuesday: String,
    pub wednesday: String,
    pub thursday: String,
    pub friday: String,
    pub saturday: String,
    pub sunday: String,
    /// A date a line, with what the day is called: "2026-12-25 Christmas Day".
    pub holidays: Vec<String>,
    /// "on" if one person is all of the team.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub solo: String,
    /// The version an edit began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

impl Draft {
    /// The checked team, in its first version.
    pub fn check(&self) -> Result<Team, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let slug = own_slug(&mut checking, &self.slug, &self.name);
        let zone = Zone::named(&self.zone).filter(|_| !self.zone.trim().is_empty());
        if zone.is_none() {
            checking.say("zone", "takes a zone such as Europe/Berlin");
        }
        let week = self.week(&mut checking);
        let holidays = self.holidays(&mut checking);
        let solo = checking.tick("solo", &self.solo);
        let whole = (|| {
            let (slug, name, zone): (Slug, Title, Zone) = (slug?, name?, zone?);
            Some(Team { slug, name, zone, week: week?, holidays, solo, version: 1 })
        })();
        checking.end(whole)
    }

    /// The hours typed for a day.
    pub fn on(&self, day: Day) -> &str {
        match day {
            Day::Monday => &self.monday,
            Day::Tuesday => &self.tuesday,
            Day::Wednesday => &self.wednesday,
            Day::Thursday => &self.thursday,
            Day::Friday => &self.friday,
            Day::Saturday => &self.saturday,
            Day::Sunday => &self.sunday,
        }
    }

    /// One day after the other, so that a trouble stands beside its day.
    fn week(&self, checking: &mut Checking) -> Option<Week> {
        let mut days = BTreeMap::new();
        for day in Day::ALL {
            let hours = hours(self.on(*day)).and_then(|hours| {
                let alone = Week::new(BTreeMap::from([(*day, hours)]))?;
                Ok(alone.on(*day).to_vec())
            });
            match hours {
                Ok(hours) => drop(days.insert(*day, hours)),
                Err(says) => checking.say(day.word(), says),
            }
        }
        Week::new(days).ok()
    }

    fn holidays(&self, checking: &mut Checking) -> Holidays {
        let mut holidays = Holidays::new();
        for (n, text) in self.holidays.iter().enumerate() {
            let mut say = |says: String| checking.say(format!("holidays.{n}"), says);
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                match holiday(line) {
                    Ok((date, _)) if holidays.contains_key(&date) => say(format!("holds {date} twice; leave one out")),
                    Ok((date, name)) => drop(holidays.insert(date, name)),
                    Err(says) => say(says),
                }
            }
        }
        if holidays.len() > HOLIDAYS_MAX {
            checking.say("holidays.0", format!("names {} days; at most {HOLIDAYS_MAX} are kept", holidays.len()));
        }
        holidays
    }

    /// What an edit form begins with; `check` takes it back.
    pub fn of(team: &Team) -> Self {
        let on = |day| team.week.on(day).iter().map(|hours| hours.words()).collect::<Vec<_>>().join(", ");
        Self {
            slug: team.slug.to_string(),
            name: team.name.to_string(),
            zone: team.zone.name().to_owned(),
            monday: on(Day::Monday),
            tuesday: on(Day::Tuesday),
            wednesday: on(Day::Wednesday),
            thursday: on(Day::Thursday),
            friday: on(Day::Friday),
            saturday: on(Day::Saturday),
            sunday: on(Day::Sunday),
            holidays: team.holidays.iter().map(|(date, name)| holiday_words(*date, name.as_ref())).collect(),
            solo: if team.solo { "on".to_owned() } else { String::new() },
            version: team.version.to_string(),
        }
    }
}

/// "09:00–12:00, 13:00–17:00"; nothing is no hours.
fn hours(text: &str) -> Result<Vec<Hours>, String> {
    text.split(',').filter(|part| !part.trim().is_empty()).map(Hours::read).collect()
}

/// "2026-12-25 Christmas Day" or the date alone; a clause names the line.
fn holiday(line: &str) -> Result<(Date, Option<Title>), String> {
    let line = line.trim();
    let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let date: Date = date.parse().map_err(|_| {
        let shown: String = line.chars().take(40).collect();
        format!("holds \"{shown}\"; write a date and what the day is called, such as 2026-12-25 Christmas Day")
    })?;
    let name = name.trim();
    let name = if name.is_empty() { None } else { Some(Title::new(name)) };
    Ok((date, name.transpose().map_err(|trouble| format!("names {date} with a text that {trouble}"))?))
}

/// What `holiday` takes back.
pub fn holiday_words(date: Date, name: Option<&Title>) -> String {
    name.map_or_else(|| date.to_string(), |name| format!("{date} {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            name: "Data platform".into(),
            zone: "Europe/Berlin".into(),
            monday: "09:00–12:00, 13:00-17:00".into(),
            friday: "09:00–15:00".into(),
            holidays: vec!["2026-12-25 Christmas Day\r\n2027-01-01".into(), String::new(), "2026-12-26".into()],
            ..Draft::default()
        }
    }

    fn fields(refusal: &Refusal) -> Vec<&str> {
        refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
    }

    #[test]
    fn what_an_edit_form_begins_with_reads_back_as_the_same_team() {
        let team = draft().check().unwrap();
        assert_eq!(team.slug.as_str(), "data-platform");
        assert_eq!(team.week.days().collect::<Vec<_>>(), [Day::Monday, Day::Friday]);
        assert_eq!(team.calendar().holidays.len(), 3);
        let begins = Draft::of(&team);
        assert_eq!(begins.monday, "09:00–12:00, 13:00–17:00");
        assert_eq!(begins.holidays, ["2026-12-25 Christmas Day", "2026-12-26", "2027-01-01"]);
        assert_eq!(begins.check().unwrap(), team);
        let solo = Draft { solo: "on".into(), ..begins }.check().unwrap();
        assert_eq!(Draft::of(&solo).check().unwrap(), solo);
    }

    #[test]
    fn a_trouble_stands_beside_its_day() {
        let bad = Draft {
            name: "New".into(),
            zone: "Mars/Olympus".into(),
            tuesday: "9 to 5".into(),
            thursday: "09:00–12:00, 11:00–17:00".into(),
            solo: "perhaps".into(),
            ..draft()
        };
        let refusal = bad.check().unwrap_err();
        assert_eq!(fields(&refusal), ["name", "zone", "tuesday", "thursday", "solo"]);
        assert!(refusal.troubles()[3].says.contains("overlap"), "{refusal:?}");
    }

    #[test]
    fn holidays_are_dates_and_each_stands_once() {
        for (lines, field, says) in [
            (vec!["Christmas Day"], "holidays.0", "write a date"),
            (vec!["2026-12-25", "2026-02-30 Leap"], "holidays.1", "write a date"),
            (vec!["2026-12-25\n2026-12-25 Christmas Day"], "holidays.0", "twice"),
        ] {
            let holidays = lines.iter().map(|&text| text.into()).collect();
            let refusal = Draft { holidays, ..draft() }.check().unwrap_err();
            assert_eq!(fields(&refusal), [field]);
            assert!(refusal.troubles()[0].says.contains(says), "{lines:?}: {refusal:?}");
        }
        let day = |n: usize| format!("{}-01-01", 2_000 + n);
        let many = (0..=HOLIDAYS_MAX).map(day).collect();
        assert!(Draft { holidays: many, ..draft() }.check().unwrap_err().troubles()[0].says.contains("at most"));
    }

    #[test]
    fn a_team_is_written_down_and_comes_back_the_same() {
        let team = draft().check().unwrap();
        let line = serde_json::to_string(&team).unwrap();
        assert!(line.contains("\"2026-12-25\":\"Christmas Day\"") && line.contains("\"2026-12-26\":null"), "{line}");
        assert_eq!(serde_json::from_str::<Team>(&line).unwrap(), team);
    }
}
