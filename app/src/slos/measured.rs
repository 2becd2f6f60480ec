//! The measurements of an SLO, the last written first.

use leptos::prelude::*;
use notebook::id::SloId;
use notebook::slos::acts::Recorded;
use notebook::slos::measurements::{Said, Source};
use notebook::slos::words::thousands;

use crate::parts::page::Empty;
use crate::parts::pager::Pager;
use crate::parts::table::TableRegion;
use crate::parts::when::absolute;
use crate::paths;
use crate::times::Times;

/// One page of them.
pub struct Listed {
    pub rows: Vec<Recorded>,
    pub more: bool,
    pub before: Option<i64>,
}

pub fn list(id: SloId, listed: &Listed, may_measure: bool, times: &Times) -> AnyView {
    if listed.rows.is_empty() && listed.before.is_none() {
        let enter = may_measure.then(|| {
            let href = format!("{}#enter", paths::slo(id));
            view! { <a class="button" href=href>"Enter numbers"</a> }
        });
        return view! {
            <Empty heading="No measurements yet" sentence="Unmeasured time counts as unknown, not as good.">
                {enter}
            </Empty>
        }
        .into_any();
    }
    let next =
        listed.rows.last().filter(|_| listed.more).map(|row| paths::measurements_before(id, row.record.sequence));
    let first = listed.before.map(|_| format!("{}#measurements", paths::slo(id)));
    let lines: Vec<_> = listed.rows.iter().map(|row| line(row, times)).collect();
    view! {
        <TableRegion id="measurements-table" caption="Measurements, the last written first" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col" class="num">"Number"</th>
                    <th scope="col">"From"</th>
                    <th scope="col">"To"</th>
                    <th scope="col" class="num">"Good"</th>
                    <th scope="col" class="num">"Bad"</th>
                    <th scope="col">"Counts"</th>
                    <th scope="col">"By"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
        <Pager label="Pages of measurements" first=first next=next next_word="Older"/>
    }
    .into_any()
}

fn line(recorded: &Recorded, times: &Times) -> AnyView {
    let record = &recorded.record;
    let (good, bad) = match record.said {
        Said::Events { good, bad } | Said::Slices { good, bad } => (thousands(good), thousands(bad)),
        Said::FullyBad { events } => ("0".to_owned(), thousands(events)),
        Said::Withdrawn => (String::new(), String::new()),
    };
    let by = match (recorded.name.as_str(), record.source) {
        ("", Source::Prometheus) => record.source.label().to_owned(),
        ("", source) => format!("the operator, {}", source.label().to_lowercase()),
        (name, source) => format!("{name}, {}", source.label().to_lowercase()),
    };
    let reason = recorded.reason.clone().map(|reason| view! { <br/><span class="muted">{reason}</span> });
    view! {
        <tr>
            <td class="num">{record.sequence}</td>
            <td>{absolute(record.interval.start().micros(), &times.zone)}</td>
            <td>{absolute(record.interval.end().micros(), &times.zone)}</td>
            <td class="num">{good}</td>
            <td class="num">{bad}</td>
            <td>{counts(recorded)}{reason}</td>
            <td>{by}</td>
        </tr>
    }
    .into_any()
}

fn counts(recorded: &Recorded) -> String {
    match (recorded.replaced_by, recorded.record.said) {
        (Some(later), _) => format!("no, {later} counts instead"),
        (None, Said::Events { .. }) => "yes, events".to_owned(),
        (None, Said::Slices { .. }) => "yes, slices".to_owned(),
        (None, Said::FullyBad { .. }) => "yes, signed as fully bad".to_owned(),
        (None, Said::Withdrawn) => "no, withdrawn".to_owned(),
    }
}
