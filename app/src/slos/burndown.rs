//! How the budget came to be what it is: a drawing with the runs on the service marked on it, and
//! the same as a table.

use std::collections::BTreeMap;

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::interval::Interval;
use notebook::runs::Run;
use notebook::slos::acts::Shown;
use notebook::slos::burndown::Part;
use notebook::slos::ratio::Ratio;
use notebook::slos::spend::{Spend, share_words, spent_words};
use notebook::slos::words::{bad_events, percent_down, thousands};
use notebook::time::{Moment, span_words};

use super::drawing::{Data, Layout, NARROW, WIDE, lay_out};
use crate::parts::sheet::Sheet;
use crate::parts::table::TableRegion;
use crate::parts::when::absolute;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

/// What runs cost, by run.
type Spent = BTreeMap<RunId, Spend>;

pub fn section(shown: &Shown, runs: &[Run], spent: &Spent, times: &Times) -> Option<AnyView> {
    if shown.burndown.is_empty() {
        return None;
    }
    let window = shown.standing.window;
    let data = data(shown, runs);
    let text = description(shown, runs);
    let sheet = |name: &'static str, width: i32| sheet(name, &text, lay_out(width, &data));
    Some(
        view! {
            <section id="burndown">
                <h2>"Burndown"</h2>
                <p class="muted">
                    {times.when(window.start())} " to " {times.when(window.end())}
                    ". Dashed lines are runs on this service; shaded time was not measured."
                </p>
                <div class="chain burndown">
                    <figure class="card" role="group" tabindex="0" aria-label="Burndown of the error budget">
                        <div class="wide">{sheet("burndown-wide", WIDE)}</div>
                        <div class="narrow">{sheet("burndown-narrow", NARROW)}</div>
                    </figure>
                    <details class="why">
                        <summary>"Show as a table"</summary>
                        {table(&shown.burndown, times)}
                    </details>
                </div>
                {run_list(shown, runs, spent, times)}
            </section>
        }
        .into_any(),
    )
}

fn data(shown: &Shown, runs: &[Run]) -> Data {
    let window = shown.standing.window;
    let at = |moment: Moment| thousandths(window, moment);
    let unmeasured = &shown.standing.counted.unmeasured;
    Data {
        steps: shown.burndown.iter().map(|part| (at(part.interval.end()), per_thousand(part.remaining))).collect(),
        gaps: unmeasured.iter().map(|gap| (at(gap.start()), at(gap.end()))).collect(),
        runs: runs.iter().filter_map(|run| Some((at(run.started_at?), run.id.to_string()))).collect(),
    }
}

/// Where a moment lies in the window.
pub(super) fn thousandths(window: Interval, moment: Moment) -> i32 {
    let part = i128::from(moment.ms_since(window.start())) * 1_000 / i128::from(window.ms().max(1));
    i32::try_from(part.clamp(0, 1_000)).unwrap_or_default()
}

/// A drawing needs no more; whatever lies beyond is at the edge.
pub(super) fn per_thousand(ratio: Ratio) -> i32 {
    let parts = ratio.times(Ratio::whole(1_000)).map_or_else(|| ratio.floor().signum() * 1_000, Ratio::floor);
    i32::try_from(parts.clamp(-1_000, 1_000)).unwrap_or_default()
}

fn description(shown: &Shown, runs: &[Run]) -> String {
    let left = shown.burndown.last().map(|part| percent_down(part.remaining)).unwrap_or_default();
    let runs: Vec<String> = runs.iter().map(|run| run.id.to_string()).collect();
    let runs = if runs.is_empty() { "no run".to_owned() } else { runs.join(", ") };
    format!("The budget falls from 100 % to {left} over the window. Runs in it: {runs}.")
}

fn sheet(id: &'static str, text: &str, layout: Layout) -> AnyView {
    let gaps = layout.gaps.into_iter().map(|(x, y, width, height)| {
        view! {
            <rect class="gap" x=x.to_string() y=y.to_string() width=width.to_string() height=height.to_string()></rect>
        }
    });
    let marks = layout.marks.into_iter().map(|d| view! { <path class="proof" d=d></path> });
    let labels = layout.labels.into_iter().map(|text| {
        view! { <text x=text.x.to_string() y=text.y.to_string()>{text.words}</text> }
    });
    let scale = layout.scale.into_iter().map(|text| {
        view! { <text x=text.x.to_string() y=text.y.to_string() text-anchor="end">{text.words}</text> }
    });
    let (gaps, marks) = (gaps.collect_view(), marks.collect_view());
    let (labels, scale) = (labels.collect_view(), scale.collect_view());
    view! {
        <Sheet id title="Burndown of the error budget" text size=(layout.width, layout.height)>
            {gaps}
            <path class="grid" d=layout.grid></path>
            <path class="edge" d=layout.zero></path>
            {marks}
            <path class="remaining" d=layout.line></path>
            {labels}
            {scale}
        </Sheet>
    }
    .into_any()
}

fn table(parts: &[Part], times: &Times) -> AnyView {
    let lines: Vec<_> = parts.iter().rev().map(|part| line(part, times)).collect();
    view! {
        <TableRegion id="burndown-table" caption="What was left at the end of each part of the window, the newest first">
            <thead>
                <tr>
                    <th scope="col">"Up to"</th>
                    <th scope="col" class="num">"Good"</th>
                    <th scope="col" class="num">"Bad"</th>
                    <th scope="col" class="num">"Left"</th>
                    <th scope="col">"Unmeasured"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(part: &Part, times: &Times) -> AnyView {
    let unmeasured = if part.unmeasured_ms == 0 { "nothing".to_owned() } else { span_words(part.unmeasured_ms) };
    view! {
        <tr>
            <td>{absolute(part.interval.end().micros(), &times.zone)}</td>
            <td class="num">{thousands(part.counts.good)}</td>
            <td class="num">{thousands(part.counts.bad)}</td>
            <td class="num">{percent_down(part.remaining)}</td>
            <td>{unmeasured}</td>
        </tr>
    }
    .into_any()
}

fn run_list(shown: &Shown, runs: &[Run], spent: &Spent, times: &Times) -> AnyView {
    if runs.is_empty() {
        return view! { <p class="muted">"No run on this service began in the window."</p> }.into_any();
    }
    let allowed = shown.standing.budget.map(|budget| budget.allowed());
    let lines: Vec<_> = runs.iter().map(|run| run_line(run, spent.get(&run.id), allowed, times)).collect();
    view! {
        <h3>"Runs in the window"</h3>
        <p class="muted">
            "A run is booked for the bad events from the start of its fault until recovery, whether it was valid or not. Usual is what as much time costs at the rate of the day before. "
            <a href=paths::ledger()>"Ledger of the quarter"</a>
        </p>
        <TableRegion id="spent" caption="What runs in the window cost, the newest first">
            <thead>
                <tr>
                    <th scope="col">"Run"</th>
                    <th scope="col">"Began"</th>
                    <th scope="col">"Execution"</th>
                    <th scope="col" class="num">"Cost"</th>
                    <th scope="col" class="num">"Of the budget"</th>
                    <th scope="col" class="num">"Usual"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn run_line(run: &Run, spend: Option<&Spend>, allowed: Option<Ratio>, times: &Times) -> AnyView {
    let began = run.started_at.map(|at| times.when(at));
    let (href, id, title) = (paths::run(run.id), run.id.to_string(), run.title.clone());
    let (cost, share, usual) = match spend {
        None => ("no fault began".to_owned(), String::new(), String::new()),
        Some(spend) => {
            let usual = spend.usual.map_or_else(|| "unknown".to_owned(), bad_events);
            (spent_words(spend.bad), share_words(spend.bad, allowed), usual)
        }
    };
    view! {
        <tr>
            <td><a class="id" href=href>{id}</a><br/>{title}</td>
            <td>{began}</td>
            <td>{Word::from(run.execution).badge()}</td>
            <td class="num">{cost}</td>
            <td class="num">{share}</td>
            <td class="num">{usual}</td>
        </tr>
    }
    .into_any()
}
