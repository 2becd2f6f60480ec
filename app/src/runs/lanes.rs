//! The timeline as a drawing: what was injected, observed, measured and done by people, one under the
//! other; and the same as a table.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use leptos::prelude::*;
use notebook::time::{Moment, Zone};

use crate::parts::badge::Family;
use crate::parts::sheet::Sheet;
use crate::parts::table::TableRegion;
use crate::runs::clock::clock;
use crate::runs::loaded::Loaded;
use crate::runs::marks::{Lane, Mark, by_clock};

/// What is shown of the time before the start: the last look at the steady state.
const BEFORE_MINUTES: i64 = 15;
/// Lines of the table; the timeline below the drawing has all.
const LINES_MAX: usize = 100;

const WIDE: i32 = 720;
const NARROW: i32 = 300;
const LEFT: i32 = 96;
const RIGHT: i32 = 16;
const TOP: i32 = 12;
const LANE: i32 = 32;
const RADIUS: i32 = 5;
/// Room for the times below.
const BOTTOM: i32 = 24;

/// Nothing before the run has started.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let started = run.facts().started?;
    let from = started.plus_minutes(-BEFORE_MINUTES);
    let marks: Vec<Mark> = by_clock(run).into_iter().filter(|mark| mark.at >= from).collect();
    let begin = marks.iter().map(|mark| mark.at).min().unwrap_or(started).min(started);
    let span = Span { begin, end: run.times.moment().max(started) };
    let (text, fault) = (description(run, &marks), fault(run, span));
    let sheet = |id: &'static str, width: i32| sheet(run, id, &text, width, span, fault, &marks);
    let (wide, narrow) = (sheet("lanes-wide", WIDE), sheet("lanes-narrow", NARROW));
    let table = table(run, marks);
    Some(
        view! {
            <section id="lanes">
                <h2>"Lanes"</h2>
                <div class="chain lanes">
                    <figure class="card paper" role="group" tabindex="0" aria-label="Timeline in lanes">
                        <div class="wide">{wide}</div>
                        <div class="narrow">{narrow}</div>
                    </figure>
                    <details class="why">
                        <summary>"Show as a table"</summary>
                        {table}
                    </details>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// The time that is drawn, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    begin: Moment,
    end: Moment,
}

impl Span {
    /// Where a moment lies on a drawing of this width.
    fn x(self, width: i32, at: Moment) -> i32 {
        let whole = i128::from(self.end.ms_since(self.begin).max(1));
        let room = i128::from(width - LEFT - RIGHT);
        let part = i128::from(at.ms_since(self.begin)).clamp(0, whole);
        LEFT + i32::try_from(part * room / whole).unwrap_or_default()
    }
}

/// The middle of a lane.
fn y(lane: Lane) -> i32 {
    let place = Lane::ALL.iter().position(|known| *known == lane).and_then(|place| i32::try_from(place).ok());
    TOP + place.unwrap_or_default() * LANE + LANE / 2
}

/// From when to when the fault lasted, as far as it is drawn.
fn fault(run: &Loaded, span: Span) -> Option<(Moment, Moment)> {
    let facts = run.facts();
    Some((facts.fault_started?, facts.fault_ended.unwrap_or(span.end)))
}

/// Lines at one place look alike: each is drawn once.
fn places(marks: &[Mark], width: i32, span: Span) -> Vec<(i32, i32, Family)> {
    let mut seen = BTreeSet::new();
    let placed = marks.iter().map(|mark| (span.x(width, mark.at), y(mark.lane), mark.family));
    placed.filter(|(x, y, family)| seen.insert((*x, *y, family.as_str()))).collect()
}

fn sheet(
    run: &Loaded,
    id: &'static str,
    text: &str,
    width: i32,
    span: Span,
    fault: Option<(Moment, Moment)>,
    marks: &[Mark],
) -> AnyView {
    let bottom = TOP + LANE * 4;
    let mut grid = String::new();
    for lane in Lane::ALL {
        let _ = write!(grid, "M{LEFT} {}H{}", y(lane), width - RIGHT);
    }
    let names = Lane::ALL.into_iter().map(|lane| {
        let line = (y(lane) + 4).to_string();
        view! { <text x="0" y=line>{lane.label()}</text> }
    });
    let dots = places(marks, width, span).into_iter().map(|(x, y, family)| {
        view! {
            <circle
                cx=x.to_string()
                cy=y.to_string()
                r=RADIUS.to_string()
                data-family=family.as_str()
            ></circle>
        }
    });
    let shade = fault.map(|(from, to)| {
        let (left, right) = (span.x(width, from), span.x(width, to));
        let (height, width) = (bottom - TOP, (right - left).max(1));
        view! { <rect x=left.to_string() y=TOP.to_string() width=width.to_string() height=height.to_string()></rect> }
    });
    let zone = run.zone();
    let (first, last) = (clock(run.facts(), span.begin, zone), clock(run.facts(), span.end, zone));
    let (left, right, line) = (LEFT.to_string(), (width - RIGHT).to_string(), (bottom + 16).to_string());
    let (names, dots) = (names.collect_view(), dots.collect_view());
    view! {
        <Sheet id title="Timeline in lanes" text size=(width, bottom + BOTTOM)>
            {shade}
            <path class="grid" d=grid></path>
            {names}
            {dots}
            <text x=left y=line.clone()>{first}</text>
            <text x=right y=line text-anchor="end">{last}</text>
        </Sheet>
    }
    .into_any()
}

fn description(run: &Loaded, marks: &[Mark]) -> String {
    let count = |lane: Lane| marks.iter().filter(|mark| mark.lane == lane).count();
    let counts: Vec<String> =
        Lane::ALL.iter().map(|lane| format!("{} {}", lane.label().to_lowercase(), count(*lane))).collect();
    format!("What was written down of {} over its time, by lane: {}.", run.id(), counts.join(", "))
}

fn table(run: &Loaded, marks: Vec<Mark>) -> AnyView {
    let zone = run.zone();
    let all = marks.len();
    let lines = marks.into_iter().rev().take(LINES_MAX).map(|mark| line(run, mark, zone)).collect_view();
    let caption = if all > LINES_MAX {
        format!("The newest {LINES_MAX} of {all} lines by lane, the newest first")
    } else {
        "All lines by lane, the newest first".to_owned()
    };
    view! {
        <TableRegion id="lanes-table" caption=caption>
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Lane"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"Who"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(run: &Loaded, mark: Mark, zone: &Zone) -> AnyView {
    let Mark { at, lane, body, told, .. } = mark;
    let (clock, body) = (clock(run.facts(), at, zone), body(None));
    let who = told.map_or_else(|| "\u{2013}".to_owned(), |told| told.who);
    view! { <tr><th scope="row">{clock}</th><td>{lane.label()}</td><td>{body}</td><td>{who}</td></tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { begin: Moment::from_micros(0), end: Moment::from_micros(600_000_000) };

    #[test]
    fn a_moment_lies_between_the_names_and_the_edge() {
        for (seconds, x) in [(0, LEFT), (300, LEFT + 304), (600, WIDE - RIGHT), (-60, LEFT), (9_999, WIDE - RIGHT)] {
            assert_eq!(SPAN.x(WIDE, Moment::from_micros(seconds * 1_000_000)), x, "{seconds} s");
        }
        let none = Span { end: SPAN.begin, ..SPAN };
        assert_eq!(none.x(WIDE, SPAN.begin), LEFT, "a run that has just begun");
    }

    #[test]
    fn lanes_lie_under_each_other_and_what_looks_alike_is_drawn_once() {
        let heights = Lane::ALL.map(y);
        assert!(heights.is_sorted() && heights[1] - heights[0] == LANE, "{heights:?}");
        let mark = |seconds: i64, lane, family| Mark {
            at: Moment::from_micros(seconds * 1_000_000),
            lane,
            anchor: None,
            family,
            is_loose: false,
            body: Box::new(|_| ().into_any()),
            told: None,
        };
        let marks = [
            mark(60, Lane::Observed, Family::Info),
            mark(60, Lane::Observed, Family::Info),
            mark(60, Lane::Observed, Family::Danger),
            mark(60, Lane::People, Family::Info),
        ];
        assert_eq!(places(&marks, WIDE, SPAN).len(), 3);
    }
}
