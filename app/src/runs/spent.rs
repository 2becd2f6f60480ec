//! What the run cost each promise it touched: what was expected at most when it began, beside what
//! was measured.

use leptos::prelude::*;
use notebook::gate::passed::{BudgetFit, BudgetSeen};
use notebook::ledger::Cost;
use notebook::slos::words::bad_events;
use notebook::time::span_words;

use crate::parts::table::TableRegion;
use crate::paths;
use crate::runs::loaded::Loaded;

/// Nothing where nothing was promised.
pub fn section(run: &Loaded) -> Option<AnyView> {
    if run.costs.is_empty() {
        return None;
    }
    let seen = |cost: &Cost| {
        let budgets = run.shown.passed.as_ref().map(|passed| passed.budgets.as_slice()).unwrap_or_default();
        budgets.iter().find(|budget| budget.slo == cost.slo)
    };
    let lines: Vec<_> = run.costs.iter().map(|cost| line(cost, seen(cost))).collect();
    let until = run.costs.first().map(|cost| cost.until.words()).unwrap_or_default();
    let times = format!(
        "Bad events from the start of the fault, {until}. Measurements that reach over an end make it a range. Usual is what as much time costs at the rate of the day before."
    );
    Some(
        view! {
            <section id="spent">
                <h2>"What it cost"</h2>
                <p class="muted">{times}</p>
                <TableRegion id="spent-table" caption="Cost of the run to each SLO">
                    <thead>
                        <tr>
                            <th scope="col">"SLO"</th>
                            <th scope="col" class="num">"At most, at the start"</th>
                            <th scope="col" class="num">"Measured"</th>
                            <th scope="col" class="num">"Of what was left"</th>
                            <th scope="col" class="num">"Usual"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}

fn line(cost: &Cost, seen: Option<&BudgetSeen>) -> AnyView {
    let (href, id, title) = (paths::slo(cost.slo), cost.slo.to_string(), cost.title.clone());
    let (worst, share) = match seen.map(|seen| &seen.fits) {
        None => ("not asked".to_owned(), "unknown".to_owned()),
        Some(BudgetFit::Unknown(_)) => ("unknown".to_owned(), "unknown".to_owned()),
        Some(BudgetFit::Known { worst, still_allowed, .. }) => (bad_events(*worst), cost.share_of(*still_allowed)),
    };
    let gap = cost.spend.unmeasured_ms;
    let gap = cost.spend.bad.most.is_none().then(|| {
        let says = if gap > 0 { format!("{} not measured", span_words(gap)) } else { "not measured".to_owned() };
        view! { <br/><span class="muted">{says}</span> }
    });
    view! {
        <tr>
            <td><a class="id" href=href>{id}</a><br/>{title}</td>
            <td class="num">{worst}</td>
            <td class="num">{cost.words()}{gap}</td>
            <td class="num">{share}</td>
            <td class="num">{cost.usual_words()}</td>
        </tr>
    }
    .into_any()
}
