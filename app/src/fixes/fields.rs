//! The fields of a fix, the same for a new one and for an edit.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::findings::acts::Filter;
use notebook::fixes::Fix;
use notebook::fixes::drafts::Draft;
use notebook::id::FindingId;
use notebook::retrials::acts::{findings, show_finding};

use crate::form::FormState;
use crate::parts::choices::Choice;
use crate::parts::field::{AreaField, Field};
use crate::parts::ticks::TickField;

/// A fix as its form would have sent it.
pub fn draft_of(fix: &Fix) -> Draft {
    let links: Vec<String> = fix.body.links.iter().map(ToString::to_string).collect();
    Draft {
        title: fix.title.to_string(),
        summary: fix.body.summary.as_ref().map(ToString::to_string).unwrap_or_default(),
        links: links.join("\n"),
        findings: fix.findings.iter().map(ToString::to_string).collect(),
        ..Draft::default()
    }
}

/// The newest findings, and before them those already chosen.
pub async fn finding_choices(desk: &Desk, chosen: &[FindingId]) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for id in chosen {
        let shown = show_finding(desk, *id).await?;
        choices.push(choice(*id, shown.finding.title.as_str(), shown.status.is.label()));
    }
    let (rows, _) = findings(desk, &Filter::default()).await?;
    let others = rows.into_iter().filter(|row| !chosen.contains(&row.finding.id));
    choices.extend(others.map(|row| choice(row.finding.id, row.finding.title.as_str(), row.status.label())));
    Ok(choices)
}

fn choice(id: FindingId, title: &str, status: &str) -> Choice {
    Choice { value: id.to_string(), label: format!("{id} {title}"), hint: Some(status.to_owned()) }
}

/// All fields. `own` is what stands in them until something was sent.
#[component]
pub fn FixFields(form: FormState, own: Draft, choices: Vec<Choice>) -> impl IntoView {
    let ticked = form.listed("findings", own.findings);
    view! {
        <Field
            form=form.name.clone()
            name="title"
            label="Title"
            value=form.value("title", own.title)
            hint="What is changed, in one line: \u{201c}All nodes get the whole address list\u{201d}."
            error=form.error("title")
            required=true
            max_length=160
        />
        <AreaField
            form=form.name.clone()
            name="summary"
            label="What is changed, and why that should help"
            value=form.value("summary", own.summary)
            error=form.error("summary")
        />
        <AreaField
            form=form.name.clone()
            name="links"
            label="Links"
            value=form.value("links", own.links)
            hint="Commits, pull requests, tickets: one address a line."
            error=form.error("links")
            rows=2
        />
        <TickField
            form=form.name.clone()
            name="findings"
            legend="Findings it claims to remove"
            choices=choices
            ticked=ticked
            hint="A rerun has to show it for each of them."
            error=form.error("findings")
        />
    }
    .into_any()
}
