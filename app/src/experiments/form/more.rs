//! What many plans do without: signals, load, parameters of the fault, and what counts as proof.

use leptos::prelude::*;
use notebook::experiments::plan::ChangeKind;
use notebook::limits::{AUTOMATION_CHARS_MAX, LINK_CHARS_MAX, PROSE_CHARS_MAX, TITLE_CHARS_MAX};

use super::rows;
use super::widgets::{area, hinted};
use crate::experiments::typed::Typed;
use crate::parts::choices::Choice;
use crate::parts::field::AreaField;
use crate::parts::ticks::TickField;

pub fn more(typed: &Typed) -> AnyView {
    view! {
        {folded(typed, "Signals expected to fire or stay silent", &[], &["signals"], rows::signals(typed))}
        {folded(typed, "Measured by Prometheus while a run goes on", &["prometheus", "prometheus_credential", "probe_every"], &["probes", "abort_probes"], probes(typed))}
        {folded(typed, "Load put on during the run", &["load_kind", "load_rate"], &[], load(typed))}
        {folded(typed, "Parameters of the fault", &[], &["fault_params"], rows::params(typed))}
        {folded(typed, "When a pass counts", &[], &["required_passes", "freshness_days", "relevant_changes"], proof(typed))}
        {folded(typed, "How Chaos Toolkit does it", &["automation"], &[], automation(typed))}
        {folded(typed, "What exit codes of the command mean", &["exit_codes"], &[], exit_codes(typed))}
        {folded(typed, "Links and notes", &["links", "notes"], &[], notes(typed))}
    }
    .into_any()
}

/// Open where something stands in it or is wrong in it.
fn folded(typed: &Typed, summary: &'static str, names: &[&str], lists: &[&str], content: AnyView) -> AnyView {
    let is_open = typed.has_any(names, lists);
    view! { <details open=is_open><summary>{summary}</summary>{content}</details> }.into_any()
}

fn probes(typed: &Typed) -> AnyView {
    view! {
        <p class="hint">"The server asks while a run goes on, and shortly before. Each query answers with one number; no number, several series or no answer are unknown, never good."</p>
        <div class="fields">
            {hinted(typed, "prometheus", "Prometheus", LINK_CHARS_MAX, "like https://prometheus.example.org")}
            {hinted(typed, "prometheus_credential", "Credential", TITLE_CHARS_MAX, "the name of one the operator keeps; empty for none")}
            {hinted(typed, "probe_every", "Asked every", TITLE_CHARS_MAX, "empty is 15 s; not shorter than it scrapes")}
        </div>
        <p><strong>"Queries of measures"</strong></p>
        {rows::probes(typed)}
        <p><strong>"Watched abort conditions"</strong></p>
        {rows::abort_probes(typed)}
    }
    .into_any()
}

fn load(typed: &Typed) -> AnyView {
    view! {
        <div class="fields">
            {hinted(typed, "load_kind", "Load kind", TITLE_CHARS_MAX, "such as orders")}
            {hinted(typed, "load_rate", "Load rate", TITLE_CHARS_MAX, "per second")}
        </div>
    }
    .into_any()
}

fn proof(typed: &Typed) -> AnyView {
    let choice = |kind: &ChangeKind| Choice { value: kind.word().into(), label: kind.label().into(), hint: None };
    let choices = ChangeKind::ALL.iter().map(choice).collect();
    let (form, ticked, error) = (typed.form.name.clone(), typed.relevant_changes(), typed.error("relevant_changes"));
    view! {
        <div class="fields">
            {hinted(typed, "required_passes", "Required passes", TITLE_CHARS_MAX, "before a fix is verified; empty is 1")}
            {hinted(typed, "freshness_days", "Freshness days", TITLE_CHARS_MAX, "how long a pass is fresh; empty is 30")}
        </div>
        <TickField form=form name="relevant_changes" legend="Changes that make passes stale" choices=choices
            ticked=ticked hint="None ticked means the usual ones." error=error/>
    }
    .into_any()
}

fn automation(typed: &Typed) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value("automation"), typed.error("automation"));
    let hint = "An experiment of that tool, JSON or YAML, whole or in part. The actions of its method are the steps above, in their order; an action without a provider is done by hand. Its probes are called like the measures. An empty list of rollbacks says that there is nothing to undo.";
    view! {
        <AreaField form=form name="automation" label="Automation" value=value error=error rows=12
            max_length=AUTOMATION_CHARS_MAX hint=hint/>
    }
    .into_any()
}

fn exit_codes(typed: &Typed) -> AnyView {
    let hint = "One a line, like 0 = upheld. The meanings are upheld, refuted and inconclusive; a code that is not named means nothing. Where retrial exec runs a command under a run, its code proposes this for what nobody answers; a person signs.";
    area(typed, "exit_codes", "Exit codes", PROSE_CHARS_MAX, hint)
}

fn notes(typed: &Typed) -> AnyView {
    view! {
        {area(typed, "links", "Links", PROSE_CHARS_MAX, "One a line: dashboards, tickets, runbooks.")}
        {area(typed, "notes", "Notes", PROSE_CHARS_MAX, "Anything else worth knowing.")}
    }
    .into_any()
}
