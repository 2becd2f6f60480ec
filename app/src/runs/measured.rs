//! What a Prometheus answered while the run went on: each query with its newest number, its limit, and
//! its history as a small drawing and as a table.

use leptos::prelude::*;
use notebook::experiments::plan::{Check, Outcome, Phase};
use notebook::experiments::probes::{ConditionProbe, MeasureProbe, value_words};
use notebook::experiments::words::check_words;
use notebook::runs::acts::Watched;
use notebook::runs::facts::{Execution, RunFacts};
use notebook::runs::readings::{Reading, Standing, newest, says};
use notebook::runs::series::{Series, ends, limits, series};
use notebook::time::{Moment, span_words};

use crate::parts::sheet::Sheet;
use crate::parts::table::TableRegion;
use crate::parts::words::{Word, level};
use crate::runs::loaded::Loaded;
use crate::times::Times;

/// Readings in a table; the API has all of them.
const ROWS: usize = 20;
const WIDTH: i32 = 240;
const HEIGHT: i32 = 48;
/// Room for half a line's width at the edges.
const EDGE: i32 = 2;

/// One query, ready to be drawn.
struct Query<'a> {
    number: i64,
    name: String,
    limit: String,
    now: String,
    word: Word,
    readings: Vec<&'a Reading>,
    line: Series,
    unit: Option<&'a str>,
}

pub fn section(run: &Loaded) -> Option<AnyView> {
    let watched = run.shown.watched.as_ref()?;
    let facts = run.facts();
    let planned = facts.execution == Execution::Planned;
    if planned && watched.readings.0.is_empty() {
        return Some(
            view! {
                <section id="measured">
                    <h2>"Measured"</h2>
                    <p class="muted">"Prometheus is asked from 15 min before the planned time on, and while the run goes on."</p>
                </section>
            }
            .into_any(),
        );
    }
    let now = facts.ended.map_or(run.times.moment(), |ended| ended.min(run.times.moment()));
    let measures =
        (1..).zip(&watched.probes.measures).map(|(number, probe)| measure(watched, facts, number, probe, now));
    let conditions = watched
        .standings(facts, now)
        .into_iter()
        .map(|(number, probe, standing)| condition(watched, facts, number, probe, &standing, now));
    let rows = measures.chain(conditions).map(|query| row(query, &run.times)).collect_view();
    let every = format!(
        "Asked every {} at {}. What has no number is unknown, never good.",
        span_words(watched.probes.every_ms),
        watched.probes.address
    );
    Some(
        view! {
            <section id="measured">
                <h2>"Measured"</h2>
                <p class="muted">{every}</p>
                <ul class="plain">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn measure<'a>(watched: &'a Watched, facts: &RunFacts, number: i64, probe: &'a MeasureProbe, now: Moment) -> Query<'a> {
    let checks: Vec<&Check> = facts.identity.checks.iter().filter(|check| check.key.measure == probe.measure).collect();
    let readings = watched.readings.of(number);
    let unit = probe.unit.as_deref();
    let (said, reading) = match newest(&readings, watched.probes.every_ms, now) {
        Ok(reading) => (said(reading, unit), Some(reading)),
        Err(why) => (format!("unknown: {why}"), None),
    };
    let check = checks.iter().find(|check| check.key.phase == phase(facts)).or(checks.first());
    let outcome = check.zip(reading).map_or(Outcome::Unknown, |(check, reading)| says(check, probe, reading));
    let all: Vec<String> =
        checks.iter().map(|check| format!("{}: {}", check.key.phase.word(), check_words(check))).collect();
    let limits = limits(probe, &checks);
    Query {
        number,
        name: probe.measure.to_string(),
        limit: all.join("; "),
        now: said,
        word: Word::from(outcome),
        line: series(&readings, &limits, watched.probes.every_ms, now),
        readings,
        unit,
    }
}

fn condition<'a>(
    watched: &'a Watched,
    facts: &RunFacts,
    number: i64,
    probe: &'a ConditionProbe,
    standing: &Standing,
    now: Moment,
) -> Query<'a> {
    let was = facts.reached.iter().any(|reached| reached.condition == probe.condition);
    let then = then(probe);
    let was = if was { "; was reached in this run" } else { "" };
    let readings = watched.readings.of(number);
    Query {
        number,
        name: format!("Abort when {}", probe.condition),
        limit: format!("reached at {}; {then}{was}", probe.limit()),
        now: standing.value_words(),
        word: word(standing),
        line: series(&readings, &ends(&probe.reached), watched.probes.every_ms, now),
        readings,
        unit: None,
    }
}

/// How an abort condition stands.
pub fn word(standing: &Standing) -> Word {
    match standing {
        Standing::Clear(_) => Word::from(Outcome::Held).saying("Not reached"),
        Standing::Pending { .. } => level::AT_RISK.saying("Reached, not for long enough yet"),
        Standing::Reached { .. } => Word::from(Outcome::Failed).saying("Reached"),
        Standing::Unknown(_) => Word::from(Outcome::Unknown),
    }
}

/// What happens once it is reached.
pub const fn then(probe: &ConditionProbe) -> &'static str {
    if probe.aborts { "aborts by itself" } else { "asks everybody" }
}

/// Which checks speak of now.
const fn phase(facts: &RunFacts) -> Phase {
    match (facts.fault_started, facts.fault_ended) {
        (_, Some(_)) => Phase::After,
        (Some(_), None) => Phase::During,
        (None, None) => Phase::Before,
    }
}

/// "0.02 %", "unknown: Prometheus answers with NaN".
fn said(reading: &Reading, unit: Option<&str>) -> String {
    match &reading.value {
        Ok(value) => value_words(*value, unit),
        Err(why) => format!("unknown: Prometheus {why}"),
    }
}

fn row(query: Query<'_>, times: &Times) -> AnyView {
    let Query { number, name, limit, now, word, readings, line, unit } = query;
    let id = format!("measured-{number}");
    let text = format!("{name}: {now}; {} readings.", readings.len());
    let drawing = (!readings.is_empty()).then(|| drawing(&id, &name, &text, &line));
    let table = table(&id, &name, &readings, unit, times);
    let badge = word.badge();
    view! {
        <li id=id.clone()>
            <p><strong>{name}</strong>" "<span class="num">{now}</span>" "{badge}" "<small>{limit}</small></p>
            {drawing}
            {table}
        </li>
    }
    .into_any()
}

fn drawing(id: &str, name: &str, text: &str, line: &Series) -> AnyView {
    let x = |along: i32| along * WIDTH / 1_000;
    let y = |up: i32| EDGE + (1_000 - up) * (HEIGHT - 2 * EDGE) / 1_000;
    let points = |stretch: &Vec<(i32, i32)>| {
        let points: Vec<String> = stretch.iter().map(|(along, up)| format!("{} {}", x(*along), y(*up))).collect();
        // A single reading is a short dash.
        format!("M{}h1", points.join("L"))
    };
    let path: String = line.stretches.iter().map(points).collect();
    let limit = |up: &i32| format!("M0 {}H{WIDTH}", y(*up));
    let limits: String = line.limits.iter().map(limit).collect();
    let gaps = line.gaps.iter().map(|(from, to)| {
        let (from, width) = (x(*from), (x(*to) - x(*from)).max(1));
        view! { <rect class="gap" x=from.to_string() y="0" width=width.to_string() height=HEIGHT.to_string()></rect> }
    });
    let gaps = gaps.collect_view();
    let (id, title) = (format!("{id}-line"), format!("History of {name}"));
    view! {
        <div class="burndown sparkline">
            <Sheet id title text=text.to_owned() size=(WIDTH, HEIGHT)>
                {gaps}
                <path class="limit" d=limits></path>
                <path class="remaining" d=path></path>
            </Sheet>
        </div>
    }
    .into_any()
}

fn table(id: &str, name: &str, readings: &[&Reading], unit: Option<&str>, times: &Times) -> AnyView {
    let rows = readings.iter().rev().take(ROWS).map(|reading| {
        let (when, value) = (times.when(reading.at), said(reading, unit));
        view! { <tr><td>{when}</td><td class="num">{value}</td></tr> }
    });
    let rows = rows.collect_view();
    let caption = format!("{name}: the newest of {} readings", readings.len());
    let id = format!("{id}-table");
    view! {
        <details class="why">
            <summary>"Show as a table"</summary>
            <TableRegion id caption>
                <thead><tr><th scope="col">"When"</th><th scope="col" class="num">"Read"</th></tr></thead>
                <tbody>{rows}</tbody>
            </TableRegion>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_holds_its_line_its_limit_and_what_nobody_knows() {
        let line = Series {
            stretches: vec![vec![(0, 0), (500, 1_000)], vec![(1_000, 500)]],
            gaps: vec![(500, 1_000)],
            limits: vec![500],
        };
        let html = Owner::new().with(|| drawing("measured-1", "errors", "errors: 2; 3 readings.", &line).to_html());
        assert!(html.contains("M0 46L120 2h1M240 24h1"), "{html}");
        assert!(html.contains("M0 24H240") && html.contains("width=\"120\""), "{html}");
        assert!(html.contains("History of errors") && html.contains("3 readings"), "{html}");
    }
}
