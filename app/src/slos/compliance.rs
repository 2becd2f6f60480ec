//! What became of the promise in windows that are over: bars with their words, and a table.

use leptos::prelude::*;
use notebook::slos::compliance::{Compliance, Past};
use notebook::slos::words::{percent_down, thousands};
use notebook::time::span_words;

use super::bars::{Layout, Rect, Window, lay_out};
use super::burndown::per_thousand;
use super::drawing::{NARROW, WIDE};
use crate::parts::sheet::Sheet;
use crate::parts::table::TableRegion;
use crate::parts::when::absolute;
use crate::parts::words::Word;
use crate::times::Times;

pub fn section(past: &[Past], times: &Times) -> Option<AnyView> {
    if past.is_empty() {
        return None;
    }
    let windows: Vec<Window> = past.iter().map(|past| window(past, times)).collect();
    let text = description(past);
    let sheet = |name: &'static str, width: i32| sheet(name, &text, lay_out(width, &windows));
    Some(
        view! {
            <section id="compliance">
                <h2>"Windows that are over"</h2>
                <p class="muted">
                    "Held against the text in force now. A rolling window is looked at where it ended with a month, in UTC. A bar is what was left of the budget; left of the line it was overspent."
                </p>
                <div class="chain burndown">
                    <figure class="card" role="group" tabindex="0" aria-label="Windows that are over">
                        <div class="wide">{sheet("compliance-wide", WIDE)}</div>
                        <div class="narrow">{sheet("compliance-narrow", NARROW)}</div>
                    </figure>
                    <details class="why">
                        <summary>"Show as a table"</summary>
                        {table(past, times)}
                    </details>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn window(past: &Past, times: &Times) -> Window {
    // The end is the first instant after it.
    let label = times.day(past.window.end().plus_micros(-1));
    let word = Word::from(past.is).word;
    let known = past.remaining.filter(|_| past.is != Compliance::Unknown);
    let words = known.map_or_else(|| word.to_string(), |left| format!("{word}, {}", percent_down(left)));
    Window { label, words, left: known.map(per_thousand) }
}

fn description(past: &[Past]) -> String {
    let met = past.iter().filter(|past| past.is == Compliance::Met).count();
    format!("The promise was met in {met} of {} windows that are over, the newest first.", past.len())
}

fn sheet(id: &'static str, text: &str, layout: Layout) -> AnyView {
    let rects = |class: &'static str, boxes: Vec<Rect>| {
        let one = move |(x, y, width, height): Rect| {
            view! {
                <rect
                    class=class
                    x=x.to_string()
                    y=y.to_string()
                    width=width.to_string()
                    height=height.to_string()
                ></rect>
            }
        };
        boxes.into_iter().map(one).collect_view()
    };
    let (bars, unknown) = (rects("bar", layout.bars), rects("gap", layout.unknown));
    let texts = layout.texts.into_iter().map(|text| {
        view! { <text x=text.x.to_string() y=text.y.to_string()>{text.words}</text> }
    });
    let texts = texts.collect_view();
    view! {
        <Sheet id title="Windows that are over" text size=(layout.width, layout.height)>
            {unknown}
            {bars}
            <path class="edge" d=layout.zero></path>
            {texts}
        </Sheet>
    }
    .into_any()
}

fn table(past: &[Past], times: &Times) -> AnyView {
    let lines: Vec<_> = past.iter().map(|past| line(past, times)).collect();
    view! {
        <TableRegion id="compliance-table" caption="Windows that are over, the newest first">
            <thead>
                <tr>
                    <th scope="col">"From"</th>
                    <th scope="col">"To"</th>
                    <th scope="col">"Promise"</th>
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

fn line(past: &Past, times: &Times) -> AnyView {
    let unmeasured = if past.unmeasured_ms == 0 { "nothing".to_owned() } else { span_words(past.unmeasured_ms) };
    let left = past.remaining.map_or_else(|| "unknown".to_owned(), percent_down);
    view! {
        <tr>
            <td>{absolute(past.window.start().micros(), &times.zone)}</td>
            <td>{absolute(past.window.end().micros(), &times.zone)}</td>
            <td>{Word::from(past.is).badge()}</td>
            <td class="num">{thousands(past.counts.good)}</td>
            <td class="num">{thousands(past.counts.bad)}</td>
            <td class="num">{left}</td>
            <td>{unmeasured}</td>
        </tr>
    }
    .into_any()
}
