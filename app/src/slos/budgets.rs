//! Where budgets stand, a line each: on Today, those of one's own services.

use leptos::prelude::*;
use notebook::slos::acts::Budgets;
use notebook::slos::burndown::Part;
use notebook::slos::kept::Kept;
use notebook::slos::standing::Standing;
use notebook::slos::words::percent_down;

use super::burndown::{per_thousand, thousandths};
use crate::parts::sample::mark;
use crate::parts::sheet::Sheet;
use crate::parts::words::Word;
use crate::paths;

/// As small as a line of text.
const WIDTH: i32 = 240;
const HEIGHT: i32 = 48;
/// Half of the line's width, so that it is whole at either end.
const EDGE: i32 = 2;

/// Nothing where nothing is promised: there is no budget then.
pub fn card(budgets: &Budgets) -> Option<AnyView> {
    if budgets.rows.is_empty() {
        return None;
    }
    let heading = if budgets.are_own { "Budgets of my services" } else { "Budgets" };
    let lines: Vec<_> = budgets.rows.iter().map(|(kept, standing)| line(kept, standing)).collect();
    let all = budgets.more.then(|| view! { <p><a href=paths::slos()>"All SLOs"</a></p> });
    Some(
        view! { <section class="card" id="budgets"><h2>{heading}</h2><ul class="plain">{lines}</ul>{all}</section> }
            .into_any(),
    )
}

fn line(kept: &Kept, standing: &Standing) -> AnyView {
    let (id, slo) = (kept.id.to_string(), kept.in_force());
    let left = left(standing);
    let says = format!("{} in {}, {left}", slo.service, slo.environment);
    let parts = standing.burndown();
    let drawing = (!parts.is_empty()).then(|| drawing(&id, &left, &parts, standing));
    view! {
        <li>
            {Word::from(standing.health.is).badge()}
            " "
            <span class="id muted">{id.clone()}</span>
            {mark(&id)}
            " "
            <a href=paths::slo(kept.id)>{slo.name.to_string()}</a>
            <br/>
            <small>{says}</small>
            {drawing}
        </li>
    }
    .into_any()
}

/// "60 % of the budget left".
fn left(standing: &Standing) -> String {
    standing.budget.map_or_else(
        || "nobody knows what is left of the budget".to_owned(),
        |budget| format!("{} of the budget left", percent_down(budget.remaining())),
    )
}

fn drawing(id: &str, left: &str, parts: &[Part], standing: &Standing) -> AnyView {
    let path = path(parts, standing);
    let (title, text) = (format!("Budget of {id}"), format!("From 100 % at the beginning of the window: {left}."));
    view! {
        <div class="burndown sparkline">
            <Sheet id=format!("{id}-left") title text size=(WIDTH, HEIGHT)>
                <path class="remaining" d=path></path>
            </Sheet>
        </div>
    }
    .into_any()
}

/// From a whole budget to what is left; one that is more than spent lies at the bottom.
fn path(parts: &[Part], standing: &Standing) -> String {
    let y = |up: i32| EDGE + (1_000 - up.max(0)) * (HEIGHT - 2 * EDGE) / 1_000;
    let point = |part: &Part| {
        let x = thousandths(standing.window, part.interval.end()) * WIDTH / 1_000;
        format!("L{x} {}", y(per_thousand(part.remaining)))
    };
    let line: String = parts.iter().map(point).collect();
    format!("M0 {}{line}", y(1_000))
}
