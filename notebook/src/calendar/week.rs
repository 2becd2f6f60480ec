//! A week as a team works it: for each day none, one or several stretches of clock time.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::experiments::plan::vocabulary;

const MINUTES_A_DAY: u16 = 24 * 60;

vocabulary! {
    /// A day of the week.
    #[cfg_attr(feature = "store", schemars(rename = "Weekday"))]
    Day {
        Monday = "monday", "Monday";
        Tuesday = "tuesday", "Tuesday";
        Wednesday = "wednesday", "Wednesday";
        Thursday = "thursday", "Thursday";
        Friday = "friday", "Friday";
        Saturday = "saturday", "Saturday";
        Sunday = "sunday", "Sunday";
    }
}

impl Day {
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }

    /// How many days after Monday.
    pub const fn offset(self) -> i64 {
        match self {
            Self::Monday => 0,
            Self::Tuesday => 1,
            Self::Wednesday => 2,
            Self::Thursday => 3,
            Self::Friday => 4,
            Self::Saturday => 5,
            Self::Sunday => 6,
        }
    }

    pub(super) const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

/// From opening up to closing, minutes after midnight by the clock on the wall. Closing time can
/// be 24:00; a night is written as the evening of one day and the morning of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    opens: u16,
    closes: u16,
}

impl Hours {
    pub const WHOLE_DAY: Self = Self { opens: 0, closes: MINUTES_A_DAY };

    /// "09:00–17:00", with a dash or a hyphen; otherwise a clause.
    pub fn read(text: &str) -> Result<Self, String> {
        let says = || "takes hours such as 09:00–17:00".to_owned();
        let (opens, closes) = text.split_once(['–', '-']).ok_or_else(says)?;
        let (opens, closes) = clock(opens).zip(clock(closes)).ok_or_else(says)?;
        if opens >= closes {
            return Err("closes before it opens; write a night as two days, up to 24:00 and from 00:00".into());
        }
        Ok(Self { opens, closes })
    }

    /// Minutes after midnight.
    pub const fn opens(self) -> u16 {
        self.opens
    }

    /// Minutes after midnight; 1,440 is the end of the day.
    pub const fn closes(self) -> u16 {
        self.closes
    }

    /// "09:00–17:00"; `read` takes it back.
    pub fn words(self) -> String {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        format!("{}–{}", clock(self.opens), clock(self.closes))
    }
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text)
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> String {
        hours.words()
    }
}

/// Minutes after midnight of "9:05" or "09:05"; 24:00 is the end of the day.
pub(super) fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let right_length = (1..=2).contains(&hours.len()) && minutes.len() == 2;
    if !right_length || !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(hours * 60 + minutes).filter(|all| minutes < 60 && *all <= MINUTES_A_DAY)
}

/// The hours of each day, in order and apart; a day without any is not worked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Day, Vec<Hours>>", into = "BTreeMap<Day, Vec<Hours>>")]
pub struct Week(BTreeMap<Day, Vec<Hours>>);

impl Week {
    /// Hours of one day that overlap are refused with a clause.
    pub fn new(days: BTreeMap<Day, Vec<Hours>>) -> Result<Self, String> {
        let mut week = BTreeMap::new();
        for (day, mut hours) in days {
            hours.sort_unstable();
            if let Some(pair) = hours.windows(2).find(|pair| pair[1].opens < pair[0].closes) {
                return Err(format!(
                    "has hours on {} that overlap: {} and {}",
                    day.label(),
                    pair[0].words(),
                    pair[1].words()
                ));
            }
            if !hours.is_empty() {
                week.insert(day, hours);
            }
        }
        Ok(Self(week))
    }

    /// The same hours on each of these days.
    pub fn every(days: &[Day], hours: Hours) -> Self {
        Self(days.iter().map(|day| (*day, vec![hours])).collect())
    }

    pub fn on(&self, day: Day) -> &[Hours] {
        self.0.get(&day).map_or(&[], Vec::as_slice)
    }

    /// The days on which anybody works.
    pub fn days(&self) -> impl Iterator<Item = Day> {
        self.0.keys().copied()
    }
}

impl TryFrom<BTreeMap<Day, Vec<Hours>>> for Week {
    type Error = String;

    fn try_from(days: BTreeMap<Day, Vec<Hours>>) -> Result<Self, String> {
        Self::new(days)
    }
}

impl From<Week> for BTreeMap<Day, Vec<Hours>> {
    fn from(week: Week) -> Self {
        week.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_with_either_dash() {
        for (text, opens, closes) in [
            ("09:00–17:00", 540, 1_020),
            (" 9:05 - 17:30 ", 545, 1_050),
            ("00:00–24:00", 0, 1_440),
            ("22:00-24:00", 1_320, 1_440),
        ] {
            let hours = Hours::read(text).unwrap();
            assert_eq!((hours.opens(), hours.closes()), (opens, closes), "{text}");
            assert_eq!(Hours::read(&hours.words()), Ok(hours));
        }
        assert_eq!(Hours::read("00:00–24:00"), Ok(Hours::WHOLE_DAY));
    }

    #[test]
    fn what_are_no_hours_is_refused() {
        for (text, says) in [
            ("", "takes hours"),
            ("9–17", "takes hours"),
            ("09:00", "takes hours"),
            ("09:60–17:00", "takes hours"),
            ("09:00–24:01", "takes hours"),
            ("09:00–+7:00", "takes hours"),
            ("22:00–06:00", "write a night as two days"),
            ("09:00–09:00", "closes before it opens"),
        ] {
            let clause = Hours::read(text).unwrap_err();
            assert!(clause.contains(says), "{text}: {clause}");
        }
    }

    #[test]
    fn a_week_keeps_its_hours_in_order_and_apart() {
        let hours = |texts: &[&str]| texts.iter().map(|text| Hours::read(text).unwrap()).collect::<Vec<_>>();
        let days = BTreeMap::from([
            (Day::Monday, hours(&["13:00–17:00", "09:00–12:00"])),
            (Day::Friday, hours(&["09:00–12:00"])),
            (Day::Sunday, vec![]),
        ]);
        let week = Week::new(days).unwrap();
        assert_eq!(week.on(Day::Monday), hours(&["09:00–12:00", "13:00–17:00"]));
        assert_eq!(week.on(Day::Sunday), []);
        assert_eq!(week.days().collect::<Vec<_>>(), [Day::Monday, Day::Friday]);
        let overlap = BTreeMap::from([(Day::Monday, hours(&["09:00–12:00", "11:59–17:00"]))]);
        assert!(Week::new(overlap).unwrap_err().contains("Monday"));
        let touching = BTreeMap::from([(Day::Monday, hours(&["09:00–12:00", "12:00–17:00"]))]);
        assert!(Week::new(touching).is_ok());
    }

    #[test]
    fn a_week_is_sent_as_words() {
        let week = Week::every(&[Day::Monday], Hours::read("09:00–17:00").unwrap());
        let sent = serde_json::to_string(&week).unwrap();
        assert_eq!(sent, r#"{"monday":["09:00–17:00"]}"#);
        assert_eq!(serde_json::from_str::<Week>(&sent).unwrap(), week);
        assert!(serde_json::from_str::<Week>(r#"{"monday":["09:00–12:00","11:00–13:00"]}"#).is_err());
    }

    #[test]
    fn every_date_has_its_day() {
        // 23 November 2026 is a Monday.
        let days: Vec<Day> = (23..=29).map(|day| Day::of(Date::constant(2026, 11, day))).collect();
        assert_eq!(days, Day::ALL);
    }
}
