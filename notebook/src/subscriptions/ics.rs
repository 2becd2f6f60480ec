//! A calendar as RFC 5545 writes it. Every time is an instant in UTC, so no reader needs our zones; series are
//! written out. By hand, because the crate for it counts time with another library and its own zones.

use serde::{Deserialize, Serialize};

use super::About;
use crate::{
    experiments::plan::vocabulary,
    time::{MICROS_A_SECOND, Moment, Zone},
};

vocabulary! {
    /// How sure an entry is.
    Status {
        Tentative = "TENTATIVE", "Tentative";
        Confirmed = "CONFIRMED", "Confirmed";
        Cancelled = "CANCELLED", "Cancelled";
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Stays when it is moved, and when a slot gets its run.
    pub name: String,
    pub about: About,
    /// The last time something was said of when it is, or whether.
    pub changed_at: Moment,
    pub start: Moment,
    pub end: Moment,
    pub status: Status,
    pub summary: String,
    pub description: String,
    pub category: String,
}

/// 2020-01-01 in seconds since 1970.
const SEQUENCE_FROM: i64 = 1_577_836_800;

impl Event {
    /// Grows with each change: the second of the last one.
    fn sequence(&self) -> i64 {
        (self.changed_at.micros() / MICROS_A_SECOND - SEQUENCE_FROM).max(0)
    }
}

/// The whole document. `host` makes names unlike those of other notebooks; `link` is the page of a thing.
pub fn document(title: &str, events: &[Event], host: &str, link: impl Fn(About) -> String) -> String {
    let mut out = String::new();
    for fixed in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Retrial//Calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        line(&mut out, fixed);
    }
    line(&mut out, &format!("NAME:{}", escaped(title)));
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(title)));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line(&mut out, "X-PUBLISHED-TTL:PT1H");
    for event in events {
        entry(&mut out, event, host, &link(event.about));
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn entry(out: &mut String, event: &Event, host: &str, link: &str) {
    let stamp = instant(event.changed_at);
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}@{host}", event.name));
    line(out, &format!("DTSTAMP:{stamp}"));
    line(out, &format!("LAST-MODIFIED:{stamp}"));
    line(out, &format!("SEQUENCE:{}", event.sequence()));
    line(out, &format!("DTSTART:{}", instant(event.start)));
    line(out, &format!("DTEND:{}", instant(event.end)));
    line(out, &format!("STATUS:{}", event.status.word()));
    line(out, &format!("SUMMARY:{}", escaped(&event.summary)));
    if !event.description.is_empty() {
        line(out, &format!("DESCRIPTION:{}", escaped(&event.description)));
    }
    line(out, &format!("CATEGORIES:{}", escaped(&event.category)));
    line(out, &format!("URL:{link}"));
    line(out, "END:VEVENT");
}

fn instant(at: Moment) -> String {
    at.civil(&Zone::utc()).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// In octets, without the line break.
const LINE_OCTETS_MAX: usize = 75;

/// A line of content, folded between characters.
fn line(out: &mut String, content: &str) {
    let mut octets = 0;
    for letter in content.chars() {
        if octets + letter.len_utf8() > LINE_OCTETS_MAX {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(letter);
        octets += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ExperimentId, RunId};

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn run(start: &str, status: Status, changed: &str) -> Event {
        Event {
            name: "RUN-7".into(),
            about: About::Run(RunId::of(7)),
            changed_at: at(changed),
            start: at(start),
            end: at(start).plus_minutes(30),
            status,
            summary: "RUN-7 Restart one ZooKeeper".into(),
            description: String::new(),
            category: "production".into(),
        }
    }

    fn written(events: &[Event]) -> String {
        document("Retrial: the team data-platform", events, "retrial.example.org", |about| match about {
            About::Run(id) => format!("https://retrial.example.org/runs/{id}"),
            About::Slot(id) => format!("https://retrial.example.org/experiments/{id}/cadence"),
            About::GameDay(id) => format!("https://retrial.example.org/gamedays/{id}"),
        })
    }

    /// Ten o'clock in Berlin before and after both changes of clocks, one of them cancelled, and a moved run. The
    /// server's tests have another implementation read the same file.
    #[test]
    fn around_both_changes_of_clocks_every_instant_is_its_own() {
        let slot = |date: &str, start: &str, status, why: &str| Event {
            name: format!("EXP-3-{date}"),
            about: About::Slot(ExperimentId::of(3)),
            changed_at: at("2026-03-01T12:00:00Z"),
            start: at(start),
            end: at(start).plus_minutes(45),
            status,
            summary: "EXP-3 Restart one ZooKeeper".into(),
            description: why.into(),
            category: "production".into(),
        };
        let events = [
            slot("2026-03-23", "2026-03-23T09:00:00Z", Status::Tentative, ""),
            slot("2026-03-30", "2026-03-30T08:00:00Z", Status::Tentative, ""),
            slot(
                "2026-10-19",
                "2026-10-19T08:00:00Z",
                Status::Cancelled,
                "freeze: everything is frozen; sale, Ünïcode",
            ),
            slot("2026-10-26", "2026-10-26T09:00:00Z", Status::Tentative, ""),
            run("2026-10-27T09:30:00Z", Status::Confirmed, "2026-10-20T07:00:00Z"),
        ];
        let golden = include_str!("../../tests/documents/ics/clocks.ics");
        assert_eq!(written(&events), golden.replace('\n', "\r\n"));
    }

    #[test]
    fn a_moved_and_a_cancelled_run_keep_their_name_and_grow() {
        let planned = run("2026-11-24T09:00:00Z", Status::Confirmed, "2026-11-20T08:00:00Z");
        let moved = run("2026-11-25T09:00:00Z", Status::Confirmed, "2026-11-23T08:00:00Z");
        let cancelled = run("2026-11-25T09:00:00Z", Status::Cancelled, "2026-11-24T08:00:00Z");
        assert!(planned.sequence() < moved.sequence() && moved.sequence() < cancelled.sequence());
        let texts = [planned, moved, cancelled].map(|event| written(&[event]));
        for text in &texts {
            assert!(text.contains("\r\nUID:RUN-7@retrial.example.org\r\n"), "{text}");
        }
        assert!(texts[1].contains("DTSTART:20261125T090000Z") && texts[2].contains("STATUS:CANCELLED"));
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_texts_are_escaped() {
        let mut event = run("2026-11-24T09:00:00Z", Status::Confirmed, "2026-11-20T08:00:00Z");
        event.summary = format!("a; b, c\\ {}\nEND:VEVENT\u{7}", "ü€🦀".repeat(40));
        let text = written(&[event]);
        for line in text.split("\r\n") {
            assert!(line.len() <= LINE_OCTETS_MAX, "{line}");
        }
        let ends = text.split("\r\n").filter(|line| *line == "END:VEVENT").count();
        assert_eq!(ends, 1, "no text ends an entry");
        let unfolded = text.replace("\r\n ", "");
        let summary = format!("SUMMARY:a\\; b\\, c\\\\ {}\\nEND:VEVENT", "ü€🦀".repeat(40));
        assert!(unfolded.lines().any(|line| line == summary), "{unfolded}");
    }
}
