//! Checks of runs side by side as small charts: each run's value on one scale, over what its plan allowed.

use leptos::prelude::*;
use notebook::experiments::plan::Outcome;
use notebook::id::RunId;
use notebook::retrials::compare::charts::{Chart, Point, Row, Stretch};

use crate::parts::sheet::Sheet;

pub fn charts(runs: &[RunId], charts: &[Chart]) -> Option<AnyView> {
    if charts.is_empty() {
        return None;
    }
    let ids: Vec<String> = runs.iter().map(ToString::to_string).collect();
    let drawn: Vec<_> = charts.iter().enumerate().map(|(number, chart)| drawn(number, chart, &ids)).collect();
    let view = view! {
        <section id="charts">
            <h2>"Checks with numbers"</h2>
            <p class="hint">"A dot held, a cross failed, a ring is unknown; the box is what the plan of that run allowed."</p>
            <div class="cards">{drawn}</div>
        </section>
    };
    Some(view.into_any())
}

const MARGIN: i32 = 8;
/// From the beginning of the scale to its end.
const SCALE: i32 = 288;
const ROW: i32 = 44;
/// Half of a mark.
const MARK: i32 = 5;

fn drawn(number: usize, chart: &Chart, ids: &[String]) -> AnyView {
    let (id, label, text) = (format!("chart-{number}"), chart.label.clone(), chart.words(ids));
    let caption = label.clone();
    let rows = ids.iter().zip(&chart.points).zip(chart.rows()).zip(0..);
    let rows: Vec<_> =
        rows.map(|(((id, point), row), place)| drawn_row(place * ROW, id, point.as_ref(), row)).collect();
    let height = ROW * i32::try_from(rows.len()).unwrap_or_default() + MARGIN;
    view! {
        <div class="chain">
            <figure class="card paper" role="group" tabindex="0" aria-label=label.clone()>
                <Sheet id title=label.clone() text size=(SCALE + 2 * MARGIN, height)>{rows}</Sheet>
                <figcaption>{caption}</figcaption>
            </figure>
        </div>
    }
    .into_any()
}

fn drawn_row(top: i32, id: &str, point: Option<&Point>, row: Row) -> AnyView {
    let says = point.map_or_else(|| "says nothing".to_owned(), |point| point.says.clone());
    let middle = top + 32;
    let allowed = row.allowed.map(|stretch| {
        let (from, to) = along(stretch);
        let width = (to - from).max(2).to_string();
        view! {
            <g class="node" data-family="good">
                <rect x=from.to_string() y=(middle - MARK - 2).to_string() width=width height=(2 * MARK + 4).to_string()></rect>
            </g>
        }
    });
    let mark = point.zip(row.happened).map(|(point, stretch)| mark(stretch, middle, point.outcome));
    let track = format!("M{MARGIN} {middle} H{}", MARGIN + SCALE);
    let (id, base) = (id.to_owned(), (top + 18).to_string());
    view! {
        <text x=MARGIN.to_string() y=base font-weight="600">{format!("{id}: {says}")}</text>
        {allowed}
        <path class="edge" d=track></path>
        {mark}
    }
    .into_any()
}

/// From thousandths to units of the drawing.
fn along((from, to): Stretch) -> (i32, i32) {
    let place = |thousandths: u16| MARGIN + i32::from(thousandths) * SCALE / 1_000;
    (place(from), place(to))
}

/// The value, or the range in which it lies, in a shape that says how it went.
fn mark(stretch: Stretch, y: i32, outcome: Outcome) -> AnyView {
    let (from, to) = along(stretch);
    let x = i32::midpoint(from, to);
    let range = (from != to).then(|| {
        view! { <path d=format!("M{from} {y} H{to}") fill="none" stroke="currentColor" stroke-width="3"></path> }
    });
    let (cx, cy, r) = (x.to_string(), y.to_string(), MARK.to_string());
    let shape = match outcome {
        Outcome::Held => view! { <circle cx=cx cy=cy r=r fill="currentColor"></circle> }.into_any(),
        Outcome::Unknown => {
            view! { <circle cx=cx cy=cy r=r fill="none" stroke="currentColor" stroke-width="2"></circle> }.into_any()
        }
        Outcome::Failed => {
            let (left, top, size) = (x - MARK, y - MARK, 2 * MARK);
            let d = format!("M{left} {top} l{size} {size} M{left} {} l{size} -{size}", y + MARK);
            view! { <path d=d fill="none" stroke="currentColor" stroke-width="2.5"></path> }.into_any()
        }
    };
    view! {
        {range}
        {shape}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::experiments::plan::{Allowed, Measured};

    fn point(outcome: Outcome) -> Point {
        let seen = Measured::Within { lo: Some(38.into()), hi: Some(38.into()) };
        let says = "38 s <b>".to_owned();
        Point { happened: seen, allowed: Allowed::AtMost(60.into()), outcome, says, allows: "\u{2264} 60 s".into() }
    }

    #[test]
    fn a_chart_is_a_named_drawing_that_says_all_it_shows() {
        let points = [Outcome::Held, Outcome::Failed, Outcome::Unknown].map(|outcome| Some(point(outcome)));
        let chart = Chart { key: "gap|during|max".into(), label: "gap, during, largest".into(), points: points.into() };
        let runs = [1, 2, 3].map(RunId::of);
        let html = Owner::new().with(|| charts(&runs, &[chart]).unwrap().to_html());
        assert_eq!((html.matches("role=\"img\"").count(), html.matches("<circle").count()), (1, 2), "{html}");
        assert!(html.contains("RUN-3: 38 s &lt;b&gt;, allowed \u{2264} 60 s"), "{html}");
        assert!(html.contains("<rect") && !html.contains("<b>"), "{html}");
        assert!(Owner::new().with(|| charts(&runs, &[])).is_none());
    }
}
