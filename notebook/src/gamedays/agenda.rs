//! What is when on a game day: its own points where they were written, each run where it is itself.

use super::{Seen, Text};
use crate::{text::Title, time::Moment};

/// One line of an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// None for a run whose time nobody has set.
    pub at: Option<Moment>,
    pub what: What,
    /// It lies outside of the game day.
    pub is_outside: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Point(Title),
    Run(Box<Seen>),
}

impl Seen {
    /// When it began, or is planned to.
    pub fn at(&self) -> Option<Moment> {
        self.run.started_at.or(self.run.planned_at)
    }
}

/// The earliest first, at one time the points before the runs; runs without a time come last.
pub fn agenda(text: &Text, runs: &[Seen]) -> Vec<Line> {
    let points = text.body.agenda.iter().map(|point| (Some(point.at), What::Point(point.what.clone())));
    let runs = runs.iter().map(|seen| (seen.at(), What::Run(Box::new(seen.clone()))));
    let lines = points.chain(runs).map(|(at, what)| {
        let is_outside = at.is_some_and(|at| at < text.from || at > text.until);
        Line { at, what, is_outside }
    });
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_by_key(|line| (line.at.is_none(), line.at));
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        gamedays::{Body, Point, summary::tests::seen},
        runs::facts::Execution,
        time::Zone,
    };

    fn at(text: &str) -> Moment {
        Moment::parse(&format!("2026-11-24T{text}:00Z")).unwrap()
    }

    #[test]
    fn runs_stand_where_they_are_themselves() {
        let point = |time: &str, what: &str| Point { at: at(time), what: Title::new(what).unwrap() };
        let text = Text {
            title: Title::new("Quorum day").unwrap(),
            zone: Zone::utc(),
            from: at("09:00"),
            until: at("12:00"),
            body: Body { agenda: vec![point("09:00", "Briefing"), point("12:00", "Debriefing")], ..Body::default() },
            runs: BTreeSet::new(),
        };
        let run = |number: i64, planned: Option<&str>, started: Option<&str>| {
            let mut seen = seen(number, Execution::Planned, None, None);
            seen.run.planned_at = planned.map(at);
            seen.run.started_at = started.map(at);
            seen
        };
        let runs = [
            run(1, Some("09:00"), None),
            run(2, None, None),
            run(3, Some("09:30"), Some("10:10")),
            run(4, Some("14:00"), None),
        ];
        let lines: Vec<(String, bool)> = agenda(&text, &runs)
            .into_iter()
            .map(|line| {
                let what = match line.what {
                    What::Point(what) => what.to_string(),
                    What::Run(seen) => seen.run.id.to_string(),
                };
                (what, line.is_outside)
            })
            .collect();
        let expected = [
            ("Briefing", false),
            ("RUN-1", false),
            ("RUN-3", false),
            ("Debriefing", false),
            ("RUN-4", true),
            ("RUN-2", false),
        ];
        assert_eq!(lines, expected.map(|(what, outside)| (what.to_owned(), outside)));
    }
}
