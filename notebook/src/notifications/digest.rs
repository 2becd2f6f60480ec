//! The weekly digest: which week it is of by somebody's own clock, and what it says.

use std::{collections::BTreeSet, fmt::Write as _};

use jiff::{Span, civil::Date};
use serde::Serialize;

use super::bodies::Mail;
use crate::time::{Moment, Zone};

/// When it is told: on Mondays at eight, when a week is planned.
const HOUR: i8 = 8;

/// A week that is over and the one that has begun, by the clock of one zone. Weeks in which clocks change are an
/// hour longer or shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// What it is called: the Monday on which it is told.
    pub monday: Date,
    pub from: Moment,
    /// The end of one, the beginning of the other.
    pub until: Moment,
    pub next_until: Moment,
}

impl Week {
    /// The newest that is to be told; None at the edges of the calendar.
    pub fn told_at(now: Moment, zone: &Zone) -> Option<Self> {
        let today = now.civil(zone).date();
        let monday = today.checked_sub(days(i64::from(today.weekday().to_monday_zero_offset()))).ok()?;
        let this = Self::of(monday, zone)?;
        if Moment::of_civil(monday.at(HOUR, 0, 0, 0), zone)? <= now {
            return Some(this);
        }
        Self::of(monday.checked_sub(days(7)).ok()?, zone)
    }

    fn of(monday: Date, zone: &Zone) -> Option<Self> {
        let midnight = |date: Date| Moment::of_civil(date.at(0, 0, 0, 0), zone);
        Some(Self {
            monday,
            from: midnight(monday.checked_sub(days(7)).ok()?)?,
            until: midnight(monday)?,
            next_until: midnight(monday.checked_add(days(7)).ok()?)?,
        })
    }

    /// "2 Nov 2026".
    pub fn words(&self) -> String {
        self.monday.strftime("%-d %b %Y").to_string()
    }
}

fn days(days: i64) -> Span {
    Span::new().days(days)
}

/// One thing that a digest names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct DigestLine {
    /// Its id: `FIX-2`.
    pub of: String,
    pub title: String,
    /// As a clause: "turned stale".
    pub says: String,
    /// When that was, is or will be, where a moment is known.
    pub at: Option<Moment>,
}

/// One part of a digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct DigestPart {
    pub lines: Vec<DigestLine>,
    /// How many more there are.
    pub more: usize,
}

impl DigestPart {
    /// The first few of these, the others counted; each thing once in the same words.
    pub fn of(mut lines: Vec<DigestLine>, rows: usize) -> Self {
        let mut seen = BTreeSet::new();
        lines.retain(|line| seen.insert((line.of.clone(), line.says.clone())));
        let more = lines.len().saturating_sub(rows);
        lines.truncate(rows);
        Self { lines, more }
    }

    pub fn count(&self) -> usize {
        self.lines.len() + self.more
    }
}

/// What a week came to, and what comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "WeeklyDigest"))]
pub struct Digest {
    /// The Monday on which it is told: "2026-11-02".
    pub week: String,
    /// From when the week was.
    pub from: Moment,
    /// Until when it was, and from when the next one is.
    pub until: Moment,
    pub next_until: Moment,
    /// Verdicts that were signed and findings that were written.
    pub learnt: DigestPart,
    /// Fixes that a rerun verified, and that still are.
    pub verified: DigestPart,
    /// What turned stale, regressed, or lost its evidence.
    pub turned: DigestPart,
    /// What is due now, the most pressing first.
    pub due: DigestPart,
    /// Fixes that are deployed and wait for their rerun, the oldest first.
    pub unverified: DigestPart,
    /// What is left of the budgets of SLOs, the least first.
    pub budget: DigestPart,
    /// Runs that are planned, and slots without one.
    pub next: DigestPart,
}

impl Digest {
    /// Its parts with what they are called, in their order.
    pub const fn parts(&self) -> [(&'static str, &DigestPart); 7] {
        [
            ("Learnt", &self.learnt),
            ("Verified", &self.verified),
            ("Turned stale or regressed", &self.turned),
            ("Open and due", &self.due),
            ("Oldest unverified fixes", &self.unverified),
            ("Budget left", &self.budget),
            ("This week", &self.next),
        ]
    }

    /// Whether there is nothing to tell; that budgets are as they are is nothing.
    pub fn is_empty(&self) -> bool {
        self.summary().is_empty()
    }

    /// What an inbox says of it: "2 learnt, 1 due, 3 this week".
    pub fn summary(&self) -> String {
        let counts = [
            (self.learnt.count(), "learnt"),
            (self.verified.count(), "verified"),
            (self.turned.count(), "turned"),
            (self.due.count() + self.unverified.count(), "due"),
            (self.next.count(), "to come this week"),
        ];
        let said: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
        said.join(", ")
    }

    /// Subject and text of its e-mail.
    pub fn mail(&self, subject: String, zone: &Zone, because: &str, origin: &str) -> Mail {
        let mut text = String::new();
        for (name, part) in self.parts() {
            if part.lines.is_empty() {
                continue;
            }
            text.push_str(name);
            text.push('\n');
            for line in &part.lines {
                text.push_str(&line.words(zone));
                text.push('\n');
            }
            if part.more > 0 {
                let _ = writeln!(text, "- and {} more", part.more);
            }
            text.push('\n');
        }
        let _ = write!(
            text,
            "{origin}/digest\n\nYou get this because {because}. Change what you get: {origin}/profile/notifications\n"
        );
        Mail { subject, text }
    }
}

impl DigestLine {
    /// "- FIX-2 New timeout: turned stale, 20 Nov 2026, 10:02 CET".
    fn words(&self, zone: &Zone) -> String {
        let at = self.at.map(|at| format!(", {}", at.words(zone))).unwrap_or_default();
        format!("- {} {}: {}{at}", self.of, self.title, self.says)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn a_week_is_told_from_monday_at_eight_by_ones_own_clock() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let auckland = Zone::named("Pacific/Auckland").unwrap();
        for (now, zone, monday, from, until, next_until) in [
            // Both a week with 25 hours in its Sunday behind, and one without.
            (
                "2026-10-26T07:00:00Z",
                &berlin,
                "2026-10-26",
                "2026-10-18T22:00:00Z",
                "2026-10-25T23:00:00Z",
                "2026-11-01T23:00:00Z",
            ),
            (
                "2026-10-26T06:59:59Z",
                &berlin,
                "2026-10-19",
                "2026-10-11T22:00:00Z",
                "2026-10-18T22:00:00Z",
                "2026-10-25T23:00:00Z",
            ),
            (
                "2026-11-01T22:59:59Z",
                &berlin,
                "2026-10-26",
                "2026-10-18T22:00:00Z",
                "2026-10-25T23:00:00Z",
                "2026-11-01T23:00:00Z",
            ),
            (
                "2027-03-29T06:00:00Z",
                &berlin,
                "2027-03-29",
                "2027-03-21T23:00:00Z",
                "2027-03-28T22:00:00Z",
                "2027-04-04T22:00:00Z",
            ),
            // It is Monday there when it still is Sunday here.
            (
                "2026-11-01T19:00:00Z",
                &auckland,
                "2026-11-02",
                "2026-10-25T11:00:00Z",
                "2026-11-01T11:00:00Z",
                "2026-11-08T11:00:00Z",
            ),
        ] {
            let week = Week::told_at(at(now), zone).unwrap();
            let expected =
                Week { monday: monday.parse().unwrap(), from: at(from), until: at(until), next_until: at(next_until) };
            assert_eq!(week, expected, "{now} in {zone:?}");
        }
    }

    #[test]
    fn weeks_follow_each_other_over_two_years_and_none_is_left_out() {
        let zones = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "America/St_Johns"];
        for zone in zones.map(|name| Zone::named(name).unwrap()) {
            let (mut now, mut before, mut weeks) = (at("2026-01-05T12:00:00Z"), None, 0);
            while now < at("2028-01-03T12:00:00Z") {
                let week = Week::told_at(now, &zone).unwrap();
                assert!(week.until <= now && before.is_none_or(|before| before <= week.monday), "{now:?} in {zone:?}");
                weeks += usize::from(before != Some(week.monday));
                before = Some(week.monday);
                now = now.plus_minutes(17);
            }
            assert_eq!(weeks, 105, "{zone:?}");
        }
    }

    fn line(of: &str, says: &str) -> DigestLine {
        DigestLine {
            of: of.into(),
            title: "New timeout".into(),
            says: says.into(),
            at: Some(at("2026-10-25T00:30:00Z")),
        }
    }

    fn digest() -> Digest {
        let none = DigestPart::default;
        Digest {
            week: "2026-10-26".into(),
            from: at("2026-10-18T22:00:00Z"),
            until: at("2026-10-25T23:00:00Z"),
            next_until: at("2026-11-01T23:00:00Z"),
            learnt: none(),
            verified: none(),
            turned: none(),
            due: none(),
            unverified: none(),
            budget: DigestPart::of(vec![line("SLO-1", "60 % left")], 10),
            next: none(),
        }
    }

    #[test]
    fn budgets_alone_are_nothing_to_tell() {
        assert!(digest().is_empty());
        assert!(!Digest { next: DigestPart::of(vec![line("RUN-1", "planned")], 10), ..digest() }.is_empty());
    }

    #[test]
    fn a_part_names_the_first_few_and_counts_the_others() {
        let lines =
            vec![line("FIX-1", "stale"), line("FIX-1", "stale"), line("FIX-2", "stale"), line("FIX-3", "stale")];
        let part = DigestPart::of(lines, 2);
        assert_eq!((part.lines.len(), part.more, part.count()), (2, 1, 3));
    }

    #[test]
    fn its_mail_has_the_readers_own_times_and_one_link() {
        let turned = DigestPart::of(vec![line("FIX-2", "turned stale"), line("FIX-3", "turned stale")], 1);
        let digest = Digest { turned, ..digest() };
        assert_eq!(digest.summary(), "2 turned");
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let mail = digest.mail("Your week".into(), &berlin, "a week is over", "https://retrial.example.org");
        for words in [
            "Turned stale or regressed\n- FIX-2 New timeout: turned stale, 25 Oct 2026, 02:30 CEST\n- and 1 more\n",
            "Budget left\n- SLO-1 New timeout: 60 % left",
            "https://retrial.example.org/digest\n",
            "because a week is over.",
        ] {
            assert!(mail.text.contains(words), "{}", mail.text);
        }
        assert!(!mail.text.contains("Learnt"), "{}", mail.text);
    }
}
