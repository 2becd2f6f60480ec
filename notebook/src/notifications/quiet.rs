//! Quiet hours: until when e-mail waits. The inbox waits for nobody.

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::time::{Moment, Zone};

/// From one clock time to another, over midnight where the second is the earlier one; in minutes of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    pub from: u16,
    pub to: u16,
}

impl Quiet {
    /// "22:00" and "07:00", both empty for none; a clause about the one field that is wrong.
    pub fn read(from: &str, to: &str) -> Result<Option<Self>, (&'static str, String)> {
        if from.trim().is_empty() && to.trim().is_empty() {
            return Ok(None);
        }
        let quiet = Self {
            from: minutes(from).ok_or_else(|| ("quiet_from", WANTED.to_owned()))?,
            to: minutes(to).ok_or_else(|| ("quiet_to", WANTED.to_owned()))?,
        };
        if quiet.from == quiet.to {
            return Err(("quiet_to", "is when they begin; write another time, or leave both empty".to_owned()));
        }
        Ok(Some(quiet))
    }

    pub fn start_words(self) -> String {
        words(self.from)
    }

    pub fn end_words(self) -> String {
        words(self.to)
    }

    /// When they end, if they are on now, by the clock of this zone.
    pub fn until(self, now: Moment, zone: &Zone) -> Option<Moment> {
        let local = now.civil(zone);
        let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        let over_midnight = self.from > self.to;
        let (is_on, ends_tomorrow) = if over_midnight {
            (minute >= self.from || minute < self.to, minute >= self.from)
        } else {
            (minute >= self.from && minute < self.to, false)
        };
        if !is_on {
            return None;
        }
        let date = if ends_tomorrow { local.date().tomorrow().ok()? } else { local.date() };
        let end = Moment::of_civil(DateTime::from_parts(date, clock(self.to)?), zone)?;
        // Where the clock went back they end the second time that it shows this.
        let left = (i64::from(self.to) - i64::from(minute)).rem_euclid(DAY_MINUTES);
        Some(if end > now { end } else { now.plus_minutes(left) })
    }
}

const DAY_MINUTES: i64 = 24 * 60;
const WANTED: &str = "takes a clock time such as 22:00; leave both empty for none";

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn words(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn clock(minutes: u16) -> Option<Time> {
    Time::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn mail_waits_until_they_end_by_the_clock_of_its_reader() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        for (from, to, now, until) in [
            ("22:00", "07:00", "2026-11-02T21:30:00Z", Some("2026-11-03T06:00:00Z")),
            ("22:00", "07:00", "2026-11-03T05:59:00Z", Some("2026-11-03T06:00:00Z")),
            ("22:00", "07:00", "2026-11-03T06:00:00Z", None),
            ("22:00", "07:00", "2026-11-02T20:59:00Z", None),
            ("12:00", "13:00", "2026-11-02T11:30:00Z", Some("2026-11-02T12:00:00Z")),
            ("12:00", "13:00", "2026-11-02T12:00:00Z", None),
            // The night in which the clock goes back is an hour longer.
            ("22:00", "07:00", "2026-10-24T21:00:00Z", Some("2026-10-25T06:00:00Z")),
            // In it 02:15 comes twice.
            ("22:00", "02:30", "2026-10-25T01:15:00Z", Some("2026-10-25T01:30:00Z")),
            // 02:30 is skipped in this one: they end when the clock has gone on.
            ("22:00", "02:30", "2027-03-27T23:00:00Z", Some("2027-03-28T01:30:00Z")),
        ] {
            let quiet = Quiet::read(from, to).unwrap().unwrap();
            assert_eq!(quiet.until(at(now), &berlin), until.map(at), "{from} to {to} at {now}");
        }
    }

    #[test]
    fn what_is_no_clock_time_is_said_beside_its_field() {
        assert_eq!(Quiet::read("", " "), Ok(None));
        for (from, to, field) in [
            ("22", "07:00", "quiet_from"),
            ("22:00", "24:00", "quiet_to"),
            ("", "07:00", "quiet_from"),
            ("07:00", "07:00", "quiet_to"),
        ] {
            assert_eq!(Quiet::read(from, to).unwrap_err().0, field, "{from} to {to}");
        }
        let quiet = Quiet::read("22:00", "07:05").unwrap().unwrap();
        assert_eq!((quiet.start_words(), quiet.end_words()), ("22:00".into(), "07:05".into()));
    }
}
