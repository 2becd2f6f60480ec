//! What the runs of an experiment found, and what the fixes for it are worth.

use leptos::prelude::*;
use notebook::findings::{Finding, Status};
use notebook::fixes::{Fix, Standing};

use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

#[component]
pub fn FoundHere(findings: Vec<(Finding, Status)>, fixes: Vec<(Fix, Standing)>, times: Times) -> impl IntoView {
    if findings.is_empty() {
        return view! {
            <Empty heading="No findings" sentence="Either the hypothesis held in every run, or nobody looked."/>
        }
        .into_any();
    }
    let lines: Vec<_> = findings.into_iter().rev().map(|found| line(found, &fixes, &times)).collect();
    view! {
        <TableRegion id="findings" caption="Findings of this experiment, newest first" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Finding"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Severity"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Found"</th>
                    <th scope="col">"Fixes"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line((finding, status): (Finding, Status), fixes: &[(Fix, Standing)], times: &Times) -> AnyView {
    let id = finding.id;
    let own: Vec<_> = fixes.iter().filter(|(fix, _)| fix.findings.contains(&id)).map(fixed_by).collect();
    let fixes = if own.is_empty() {
        view! { <span class="muted">"none yet"</span> }.into_any()
    } else {
        view! { <ul class="plain">{own}</ul> }.into_any()
    };
    let origin = finding.origin.map(|run| view! { " in " <a class="id" href=paths::run(run)>{run.to_string()}</a> });
    view! {
        <tr>
            <td><a href=paths::finding(id)>{finding.title.to_string()}</a><br/><span class="id muted">{id.to_string()}</span></td>
            <td>{finding.kind.label()}</td>
            <td>{Word::from(finding.severity).badge()}</td>
            <td>{Word::from(status).badge()}</td>
            <td>{times.when(finding.created_at)} {origin}</td>
            <td>{fixes}</td>
        </tr>
    }
    .into_any()
}

fn fixed_by((fix, standing): &(Fix, Standing)) -> AnyView {
    let (href, id) = (paths::fix(fix.id), fix.id.to_string());
    view! { <li><a class="id" href=href>{id}</a> " " {Word::from(*standing).badge()}</li> }.into_any()
}
