//! Instants and spans: microseconds UTC, as journals carry them, so import and export lose nothing.

use std::fmt;

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime, Weekday},
    fmt::rfc2822,
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::limits::CLOCK_AHEAD_MINUTES_MAX;

pub const MICROS_A_SECOND: i64 = 1_000_000;
pub const MICROS_A_DAY: i64 = 86_400 * MICROS_A_SECOND;

/// An instant, microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_micros(minutes.saturating_mul(60 * MICROS_A_SECOND))
    }

    #[must_use]
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours.saturating_mul(60))
    }

    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_micros(days.saturating_mul(MICROS_A_DAY))
    }

    /// Milliseconds from an earlier moment to this one; negative if it is later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        (self.0.saturating_sub(earlier.0)) / 1_000
    }

    /// A clock time in a zone, so many days before; on a weekend, of the Friday before it.
    #[must_use]
    pub fn workday_before(self, days: i64, clock: &str, zone: &Zone) -> Self {
        let date = self.timestamp().to_zoned(zone.0.clone()).date().saturating_sub(Span::new().days(days));
        let back = match date.weekday() {
            Weekday::Saturday => 1,
            Weekday::Sunday => 2,
            _ => 0,
        };
        let date = date.saturating_sub(Span::new().days(back));
        Self::from_local(&format!("{date}T{clock}"), zone).unwrap_or(self)
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// RFC 3339 in UTC, for machines.
    pub fn rfc3339(self) -> String {
        self.timestamp().to_string()
    }

    /// `2026-11-22T15:04` in a zone: what a `datetime-local` field holds.
    pub fn local_input(self, zone: &Zone) -> String {
        self.timestamp().to_zoned(zone.0.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// "20 Nov 2026, 10:02 CET" in a zone, where nothing can show it in the reader's own way: in an e-mail.
    pub fn words(self, zone: &Zone) -> String {
        self.timestamp().to_zoned(zone.0.clone()).strftime("%-d %b %Y, %H:%M %Z").to_string()
    }

    /// Until when something holds that ends as a day begins in a zone: "31 Mar 2027 (Europe/Berlin)". Where no day
    /// begins then, its clock stands behind; without a zone it is the instant, which pages show by the reader's clock.
    pub fn until_words(self, zone: Option<&Zone>) -> String {
        let Some(zone) = zone else { return self.rfc3339() };
        let there = self.timestamp().to_zoned(zone.0.clone());
        let begins = there.start_of_day().is_ok_and(|start| start == there);
        let day = there.strftime(if begins { "%-d %b %Y" } else { "%-d %b %Y, %H:%M" });
        format!("{day} ({})", zone.name())
    }

    /// An RFC 3339 text with its offset.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse::<Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }

    /// An instant as headers of HTTP spell it: `Sun, 22 Nov 2026 14:03:00 GMT`.
    pub fn http_date(text: &str) -> Option<Self> {
        let read = rfc2822::DateTimeParser::new().parse_timestamp(text.trim());
        read.ok().map(|t| Self(t.as_microsecond()))
    }

    /// What people type into a time field: nothing (now), `14:03` (today), `-3m` or `-90s` (ago),
    /// a local date and time, or RFC 3339. Otherwise a clause that says what is taken.
    pub fn typed(text: &str, zone: &Zone, now: Self) -> Result<Self, String> {
        Self::typed_or(text, zone, now, |clock| Self::at_clock(now.civil(zone).date(), clock, zone))
    }

    /// The same of what has been so already: a time of day that lies further ahead than a clock may be wrong was
    /// yesterday's. Shortly after midnight `23:58` is two minutes ago.
    pub fn typed_past(text: &str, zone: &Zone, now: Self) -> Result<Self, String> {
        Self::typed_or(text, zone, now, |clock| {
            let today = now.civil(zone).date();
            let at = Self::at_clock(today, clock, zone)?;
            if at <= now.plus_minutes(CLOCK_AHEAD_MINUTES_MAX) {
                return Some(at);
            }
            Self::at_clock(today.yesterday().ok()?, clock, zone)
        })
    }

    /// `of_day` reads what is a time of day and nothing else.
    fn typed_or(text: &str, zone: &Zone, now: Self, of_day: impl FnOnce(&str) -> Option<Self>) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(now);
        }
        Self::ago(text, now)
            .or_else(|| Self::parse(text))
            .or_else(|| Self::from_local(text, zone))
            .or_else(|| if text.contains(':') { of_day(text) } else { None })
            .ok_or_else(|| "takes a time like 14:03, -3m or 2026-11-22T14:03".into())
    }

    fn at_clock(day: Date, clock: &str, zone: &Zone) -> Option<Self> {
        Self::from_local(&format!("{day}T{clock}"), zone)
    }

    fn ago(text: &str, now: Self) -> Option<Self> {
        let text = text.strip_prefix('-').or_else(|| text.strip_prefix('−'))?.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: i64 = text.get(..digits)?.parse().ok()?;
        let seconds = match text.get(digits..)?.trim() {
            "s" => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            _ => return None,
        };
        Some(now.plus_micros(-number.checked_mul(seconds)?.checked_mul(MICROS_A_SECOND)?))
    }

    /// A local date and time in a zone, as a text.
    pub fn from_local(text: &str, zone: &Zone) -> Option<Self> {
        Self::of_civil(text.trim().parse().ok()?, zone)
    }

    /// The instant a local date and time means. A time the clock change skips moves forward by the
    /// gap; a repeated one means the first. None at the edges of the calendar.
    pub fn of_civil(civil: DateTime, zone: &Zone) -> Option<Self> {
        let zoned = zone.0.to_ambiguous_zoned(civil).compatible().ok()?;
        Some(Self(zoned.timestamp().as_microsecond()))
    }

    /// The date and the clock time in a zone.
    pub fn civil(self, zone: &Zone) -> DateTime {
        self.timestamp().to_zoned(zone.0.clone()).datetime()
    }
}

/// A time zone by its IANA name, which is also how it is kept and sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

impl Zone {
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone with this IANA name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name.trim()).ok().map(Self)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("there is no time zone \"{name}\""))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name().to_owned()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Milliseconds in words with units: "1 h 5 min", "14 min 40 s", "250 ms".
pub fn span_words(ms: i64) -> String {
    let sign = if ms < 0 { "−" } else { "" };
    let ms = ms.unsigned_abs();
    if ms > 0 && ms < 1_000 {
        return format!("{sign}{ms} ms");
    }
    let seconds = ms / 1_000;
    let parts = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let words: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).take(2).map(|(n, unit)| format!("{n} {unit}")).collect();
    if words.is_empty() { "0 s".into() } else { format!("{sign}{}", words.join(" ")) }
}

/// How long ago something was: "just now" in its first second, then "14 s ago", "14 min 40 s ago".
pub fn ago_words(ms: i64) -> String {
    if ms < 1_000 { "just now".into() } else { format!("{} ago", span_words(ms)) }
}

/// How long something has lasted that goes on: "less than 1 s", then whole seconds.
pub fn so_far_words(ms: i64) -> String {
    if ms < 1_000 { "less than 1 s".into() } else { span_words(ms) }
}

/// A length of time that lies somewhere between two: "3 s to 5 s", or one where both read alike.
pub fn extent_words((least, most): (i64, i64)) -> String {
    let (least, most) = (span_words(least), span_words(most));
    if least == most { least } else { format!("{least} to {most}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_spell_instants_their_own_way() {
        assert_eq!(Moment::http_date("Sun, 22 Nov 2026 14:03:00 GMT"), Moment::parse("2026-11-22T14:03:00Z"));
        for none in ["", "120", "soon", "2026-11-22T14:03:00Z"] {
            assert_eq!(Moment::http_date(none), None, "{none}");
        }
    }

    #[test]
    fn what_ends_with_a_day_names_the_day_that_begins_there() {
        for (at, zone, words) in [
            ("2027-03-30T22:00:00Z", Some("Europe/Berlin"), "31 Mar 2027 (Europe/Berlin)"),
            ("2027-03-30T11:00:00Z", Some("Pacific/Auckland"), "31 Mar 2027 (Pacific/Auckland)"),
            ("2027-03-31T00:00:00Z", Some("UTC"), "31 Mar 2027 (UTC)"),
            // A day whose first hour the clocks skip.
            ("2026-04-23T22:00:00Z", Some("Africa/Cairo"), "24 Apr 2026 (Africa/Cairo)"),
            ("2027-03-30T22:00:00Z", Some("Pacific/Auckland"), "31 Mar 2027, 11:00 (Pacific/Auckland)"),
            ("2027-03-30T22:00:00Z", None, "2027-03-30T22:00:00Z"),
        ] {
            let zone = zone.and_then(Zone::named);
            assert_eq!(Moment::parse(at).unwrap().until_words(zone.as_ref()), words, "{at} in {zone:?}");
        }
    }

    #[test]
    fn a_local_time_in_a_gap_moves_forward_and_a_repeated_one_is_the_first() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let gap = Moment::from_local("2026-03-29T02:30", &berlin).unwrap();
        assert_eq!(gap.rfc3339(), "2026-03-29T01:30:00Z");
        let twice = Moment::from_local("2026-10-25T02:30", &berlin).unwrap();
        assert_eq!(twice.rfc3339(), "2026-10-25T00:30:00Z");
        assert_eq!(twice.local_input(&berlin), "2026-10-25T02:30");
        assert_eq!(twice.words(&berlin), "25 Oct 2026, 02:30 CEST");
    }

    #[test]
    fn ages_and_what_goes_on_are_told_in_whole_seconds() {
        for (ms, ago, so_far) in [
            (-5_000, "just now", "less than 1 s"),
            (0, "just now", "less than 1 s"),
            (243, "just now", "less than 1 s"),
            (999, "just now", "less than 1 s"),
            (1_000, "1 s ago", "1 s"),
            (1_999, "1 s ago", "1 s"),
            (59_999, "59 s ago", "59 s"),
            (60_000, "1 min ago", "1 min"),
            (880_000, "14 min 40 s ago", "14 min 40 s"),
            (90 * 86_400_000, "90 d ago", "90 d"),
        ] {
            assert_eq!((ago_words(ms).as_str(), so_far_words(ms).as_str()), (ago, so_far), "{ms} ms");
        }
    }

    #[test]
    fn spans_keep_two_units() {
        for (ms, words) in [
            (0, "0 s"),
            (250, "250 ms"),
            (880_000, "14 min 40 s"),
            (3_900_000, "1 h 5 min"),
            (90_061_000, "1 d 1 h"),
            (-5_000, "−5 s"),
        ] {
            assert_eq!(span_words(ms), words);
        }
    }

    #[test]
    fn times_are_typed_the_short_way_too() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let now = Moment::parse("2026-11-22T13:10:00Z").unwrap();
        let typed = |text: &str| Moment::typed(text, &berlin, now).map(Moment::rfc3339);
        assert_eq!(typed("").unwrap(), "2026-11-22T13:10:00Z");
        assert_eq!(typed("14:03").unwrap(), "2026-11-22T13:03:00Z");
        assert_eq!(typed("-3m").unwrap(), "2026-11-22T13:07:00Z");
        assert_eq!(typed("2026-11-21T09:00").unwrap(), "2026-11-21T08:00:00Z");
        assert_eq!(typed("2026-11-21T09:00:00Z").unwrap(), "2026-11-21T09:00:00Z");
        assert!(typed("yesterday").is_err());
        assert!(typed("-3 weeks").is_err());
    }

    #[test]
    fn of_what_has_been_a_time_that_is_still_to_come_was_yesterdays() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        for (now, text, zone, expected) in [
            // Five minutes past midnight in Berlin.
            ("2026-11-21T23:05:00Z", "23:58", &berlin, "2026-11-21T22:58:00Z"),
            ("2026-11-21T23:05:00Z", "00:03", &berlin, "2026-11-21T23:03:00Z"),
            // A clock may be a little ahead.
            ("2026-11-21T23:05:00Z", "00:10", &berlin, "2026-11-21T23:10:00Z"),
            ("2026-11-21T23:05:00Z", "00:11", &berlin, "2026-11-20T23:11:00Z"),
            ("2026-11-21T23:05:00Z", "23:04", &Zone::utc(), "2026-11-21T23:04:00Z"),
            ("2026-11-21T13:10:00Z", "14:03", &berlin, "2026-11-21T13:03:00Z"),
            ("2026-11-21T13:10:00Z", "-3m", &berlin, "2026-11-21T13:07:00Z"),
            ("2026-11-21T13:10:00Z", "", &berlin, "2026-11-21T13:10:00Z"),
            // A date is meant as it stands.
            ("2026-11-21T13:10:00Z", "2026-11-22T14:03", &berlin, "2026-11-22T13:03:00Z"),
            // The night in which clocks were put back.
            ("2026-10-24T22:05:00Z", "23:58", &berlin, "2026-10-24T21:58:00Z"),
            ("2026-10-25T23:05:00Z", "02:30", &berlin, "2026-10-25T00:30:00Z"),
        ] {
            let read = Moment::typed_past(text, zone, Moment::parse(now).unwrap());
            assert_eq!(read.map(Moment::rfc3339).as_deref(), Ok(expected), "{text} at {now}");
        }
        assert!(Moment::typed_past("yesterday", &berlin, Moment::from_micros(0)).is_err());
    }

    #[test]
    fn a_weekend_gives_way_to_the_friday_before_it() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        // A Monday, shortly after midnight in Berlin.
        let now = Moment::parse("2026-11-01T23:30:00Z").unwrap();
        let before = |days| now.workday_before(days, "10:00", &berlin).rfc3339();
        assert_eq!(
            [0, 1, 2, 3].map(before),
            ["2026-11-02T09:00:00Z", "2026-10-30T09:00:00Z", "2026-10-30T09:00:00Z", "2026-10-30T09:00:00Z"]
        );
        assert_eq!(before(10), "2026-10-23T08:00:00Z", "still summer time");
    }

    #[test]
    fn a_zone_travels_by_its_name() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let sent = serde_json::to_string(&berlin).unwrap();
        assert_eq!(sent, "\"Europe/Berlin\"");
        assert_eq!(serde_json::from_str::<Zone>(&sent).unwrap(), berlin);
        assert!(serde_json::from_str::<Zone>("\"Mars/Olympus\"").is_err());
    }

    #[test]
    fn strange_zones_and_times_are_none() {
        assert!(Zone::named("Mars/Olympus").is_none());
        assert!(Moment::from_local("tomorrow", &Zone::utc()).is_none());
        assert!(Moment::parse("2026-11-22 10:00").is_none());
    }
}
