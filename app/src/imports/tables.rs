//! The checks a tool looked at and the steps it took, as its document tells.

use leptos::prelude::*;
use notebook::experiments::plan::Outcome;
use notebook::experiments::spans;
use notebook::imports::{ImportedCheck, ImportedStep, StepStatus};
use notebook::time::Moment;

use crate::parts::badge::{Badge, Family};
use crate::parts::icon::IconName;
use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::times::Times;

/// Rows shown of one table; the document holds the rest.
const ROWS_MAX: usize = 200;

#[component]
pub fn ChecksTable(checks: Vec<ImportedCheck>, times: Times) -> impl IntoView {
    if checks.is_empty() {
        return view! { <Empty heading="No checks" sentence="The tool looked at no hypothesis, so nothing was measured."/> }
            .into_any();
    }
    let hidden = hidden(checks.len());
    let rows: Vec<_> = checks.into_iter().take(ROWS_MAX).map(|check| check_row(check, &times)).collect();
    view! {
        <TableRegion id="checks" caption="Before, during, after">
            <thead>
                <tr>
                    <th scope="col">"Measure"</th>
                    <th scope="col">"Phase"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col">"Value"</th>
                    <th scope="col">"Allowed"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Source"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
        {hidden}
    }
    .into_any()
}

fn check_row(check: ImportedCheck, times: &Times) -> AnyView {
    let (icon, word, family) = match check.outcome {
        Outcome::Held => (IconName::Check, "Held", Family::Good),
        Outcome::Failed => (IconName::CircleAlert, "Failed", Family::Notable),
        Outcome::Unknown => (IconName::SignalZero, "No data", Family::Neutral),
    };
    view! {
        <tr>
            <th scope="row">{check.measure}</th>
            <td>{check.phase.label()}</td>
            <td><Badge icon=icon word=word family=family/></td>
            <td>{code(check.value)}</td>
            <td>{code(check.tolerance)}</td>
            <td>{when(check.at_us, times)}</td>
            <td><code>{check.source}</code></td>
        </tr>
    }
    .into_any()
}

#[component]
pub fn StepsTable(steps: Vec<ImportedStep>, times: Times) -> impl IntoView {
    if steps.is_empty() {
        return view! { <Empty heading="No steps" sentence="The tool took no step of its method."/> }.into_any();
    }
    let hidden = hidden(steps.len());
    let rows: Vec<_> = steps.into_iter().take(ROWS_MAX).map(|step| step_row(step, &times)).collect();
    view! {
        <TableRegion id="steps" caption="Method, then rollbacks, in the order they began">
            <thead>
                <tr>
                    <th scope="col">"Step"</th>
                    <th scope="col">"Part of"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Took"</th>
                    <th scope="col">"Said"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
        {hidden}
    }
    .into_any()
}

fn step_row(step: ImportedStep, times: &Times) -> AnyView {
    let (icon, family) = match step.status {
        StepStatus::Succeeded => (IconName::Check, Family::Neutral),
        StepStatus::Failed => (IconName::CircleAlert, Family::Notable),
        StepStatus::Missing => (IconName::SignalZero, Family::Caution),
    };
    let took = step.duration_ms.map_or_else(|| "\u{2013}".to_owned(), lasted);
    view! {
        <tr>
            <th scope="row">{step.name}</th>
            <td>{step.phase.label()}</td>
            <td>{step.kind.label()}</td>
            <td><Badge icon=icon word=step.status.label() family=family/></td>
            <td>{when(step.at_us, times)}</td>
            <td class="num">{took}</td>
            <td>{code(step.message)}</td>
        </tr>
    }
    .into_any()
}

/// "1 s 20 ms"; a step may take less than one.
pub fn lasted(ms: i64) -> String {
    if ms < 1 { "under 1 ms".to_owned() } else { spans::written(ms) }
}

fn code(text: Option<String>) -> AnyView {
    match text {
        Some(text) => view! { <code>{text}</code> }.into_any(),
        None => "\u{2013}".into_any(),
    }
}

fn when(at_us: Option<i64>, times: &Times) -> AnyView {
    at_us.map_or_else(|| "not said".into_any(), |at| times.when(Moment::from_micros(at)))
}

fn hidden(rows: usize) -> Option<AnyView> {
    let more = rows.checked_sub(ROWS_MAX).filter(|more| *more > 0)?;
    Some(view! { <p class="muted">{format!("{more} more are in the document.")}</p> }.into_any())
}
