//! Every address of the site, typed; no page spells one itself.

mod calendar;
mod due;
mod found;
mod gamedays;
mod going;
mod planning;
mod refreshing;
mod seen;
mod templates;
mod told;
mod tried;

pub use calendar::*;
pub use due::{decide_about, due, due_for, widen_plan};
pub use found::{
    opened, saved_views, search, search_after, search_csv, search_for, search_json, services_to_confirm_json, view,
    views,
};
pub use gamedays::{edit_gameday, gameday, gamedays, new_gameday};
pub use going::*;
pub use planning::{choose_past_run, choose_run, new_run, new_run_at, past_run, rerun};
pub use refreshing::{refreshing, still_refreshing};
pub use seen::{seen, seen_like};
pub use templates::*;
pub use told::{
    digest, inbox, inbox_before, inbox_done, mail, new_webhook, notifications, own_mail, resend, thing, webhook,
    webhooks,
};
pub use tried::{compare_runs, compared_runs, report, runs_of};

use notebook::actor::PersonId;
use notebook::id::{DecisionId, ExperimentId, FindingId, FixId, RunId, SloId};
use notebook::ledger::quarter::Quarter;
use notebook::text::Slug;

pub fn today() -> String {
    "/".into()
}

/// The sign-in page, coming back to a local address afterwards.
pub fn login(next: &str) -> String {
    if next.is_empty() || next == "/" { "/login".into() } else { format!("/login?next={}", encoded(next)) }
}

pub fn services() -> String {
    "/services".into()
}

/// What was tried on which service, the blind spots first.
pub fn coverage() -> String {
    "/coverage".into()
}

/// The services of the map that come after this one.
pub fn coverage_after(service: &Slug) -> String {
    format!("/coverage?after={service}")
}

/// What Chef's nodes, policies and cookbooks are about.
pub fn chef() -> String {
    "/chef".into()
}

pub fn new_service() -> String {
    "/services/new".into()
}

pub fn service(slug: &Slug) -> String {
    format!("/services/{slug}")
}

pub fn edit_service(slug: &Slug) -> String {
    format!("/services/{slug}/edit")
}

pub fn teams() -> String {
    "/teams".into()
}

/// The list of teams after this one.
pub fn teams_after(slug: &Slug) -> String {
    format!("/teams?after={slug}")
}

pub fn new_team() -> String {
    "/teams/new".into()
}

pub fn team(slug: &Slug) -> String {
    format!("/teams/{slug}")
}

pub fn edit_team(slug: &Slug) -> String {
    format!("/teams/{slug}/edit")
}

pub fn freezes() -> String {
    "/freezes".into()
}

/// Freezes that are over, set before this one.
pub fn freezes_before(number: i64) -> String {
    format!("/freezes?before={number}")
}

/// The form that holds a team still.
pub fn freeze_team(team: &Slug) -> String {
    format!("/freezes?scope=team:{team}#set")
}

/// The form that holds a service still.
pub fn freeze_service(service: &Slug) -> String {
    format!("/freezes?scope=service:{service}#set")
}

/// One freeze, for programs and for acts about it; people see it among the others.
pub fn freeze(number: i64) -> String {
    format!("/freezes/{number}")
}

pub fn environments() -> String {
    "/environments".into()
}

/// One environment, for programs; people see it among the others.
pub fn environment(slug: &Slug) -> String {
    format!("/environments/{slug}")
}

/// Where an environment's own form on the page of environments is sent.
pub fn edit_environment(slug: &Slug) -> String {
    format!("/environments/{slug}/edit")
}

/// One recorded change.
pub fn change(id: i64) -> String {
    format!("/changes/{id}")
}

/// Where somebody says that a change means nothing for what was shown before.
pub fn mark_change(id: i64) -> String {
    format!("/changes/{id}#mark")
}

/// The limits of the gate.
pub fn policy() -> String {
    "/policy".into()
}

pub fn slos() -> String {
    "/slos".into()
}

/// SLOs of one service.
pub fn slos_of(service: &Slug) -> String {
    format!("/slos?service={service}")
}

pub fn new_slo() -> String {
    "/slos/new".into()
}

/// The form for a new SLO of one service.
pub fn new_slo_of(service: &Slug) -> String {
    format!("/slos/new?service={service}")
}

pub fn slo(id: SloId) -> String {
    format!("/slos/{id}")
}

/// What the runs of this quarter cost.
pub fn ledger() -> String {
    "/ledger".into()
}

/// The same of another quarter.
pub fn ledger_of(quarter: Quarter) -> String {
    format!("/ledger?quarter={quarter}")
}

/// One SLO as a file of OpenSLO.
pub fn slo_openslo(id: SloId) -> String {
    format!("/slos/{id}/openslo.yaml")
}

/// All SLOs as one file of OpenSLO.
pub fn slos_openslo() -> String {
    "/slos/openslo.yaml".into()
}

pub fn edit_slo(id: SloId) -> String {
    format!("/slos/{id}/edit")
}

/// An SLO's page with measurements written before this one.
pub fn measurements_before(id: SloId, number: i64) -> String {
    format!("/slos/{id}?before={number}#measurements")
}

pub fn experiments() -> String {
    "/experiments".into()
}

pub fn new_experiment() -> String {
    "/experiments/new".into()
}

/// The form for a new experiment on one service.
pub fn new_experiment_on(service: &Slug) -> String {
    format!("/experiments/new?service={service}")
}

/// The same form, filled with one of the questions to begin with.
pub fn new_experiment_asking(service: &Slug, question: &str) -> String {
    format!("/experiments/new?question={question}&service={service}")
}

pub fn experiment(id: ExperimentId) -> String {
    format!("/experiments/{id}")
}

pub fn edit_plan(id: ExperimentId) -> String {
    format!("/experiments/{id}/edit")
}

pub fn plan(id: ExperimentId, number: i64) -> String {
    format!("/experiments/{id}/plan/{number}")
}

pub fn compare(id: ExperimentId, from: i64, to: i64) -> String {
    format!("/experiments/{id}/plan/{from}..{to}")
}

/// A revision as a file that Chaos Toolkit runs.
pub fn chaostoolkit(id: ExperimentId, number: i64) -> String {
    format!("/experiments/{id}/plan/{number}/chaostoolkit.json")
}

pub fn runs() -> String {
    "/runs".into()
}

/// Runs with this execution.
pub fn runs_where(execution: &str) -> String {
    format!("/runs?execution={execution}")
}

pub fn run(id: RunId) -> String {
    format!("/runs/{id}")
}

/// What Alertmanager told.
pub fn alerts() -> String {
    "/alerts".into()
}

/// The list of alerts before this number.
pub fn alerts_before(number: i64) -> String {
    format!("/alerts?before={number}")
}

/// What happens on a run, as its page hears it.
pub fn run_events(id: RunId) -> String {
    format!("/api/v1/runs/{id}/events")
}

/// A run's page with the observations somebody pinned only.
pub fn run_pinned(id: RunId) -> String {
    format!("/runs/{id}?log=pinned#log")
}

pub fn observation(id: RunId, number: i64) -> String {
    format!("/runs/{id}#o{number}")
}

/// A run's page with the abort form open, and what was written already.
pub fn abort_run(id: RunId, why: &str) -> String {
    format!("/runs/{id}?abort=on&why={}#abort", encoded(&short(why)))
}

/// Where a link or an image stands in a run's timeline.
pub fn evidence(id: RunId, number: i64) -> String {
    format!("/runs/{id}#e{number}")
}

/// An image of a run, as a file.
pub fn image(id: RunId, sha256: &str) -> String {
    format!("/runs/{id}/evidence/{sha256}")
}

pub fn findings() -> String {
    "/findings".into()
}

/// The form for a finding that no run showed.
pub fn new_finding_without_run() -> String {
    "/findings/new".into()
}

/// The form for a finding that a run showed.
pub fn new_finding(run: RunId) -> String {
    format!("/findings/new?run={run}")
}

/// The same for a telemetry gap, begun from the check or signal that shows it.
pub fn new_telemetry_gap(run: RunId, revealing: &str) -> String {
    format!("/findings/new?run={run}&kind=telemetry_gap&revealing={}", encoded(revealing))
}

/// The same, begun by an observation: its number, and the title that was written.
pub fn new_finding_noted(run: RunId, note: i64, title: &str) -> String {
    format!("/findings/new?run={run}&note={note}&title={}", encoded(&short(title)))
}

pub fn finding(id: FindingId) -> String {
    format!("/findings/{id}")
}

pub fn edit_finding(id: FindingId) -> String {
    format!("/findings/{id}/edit")
}

pub fn fixes() -> String {
    "/fixes".into()
}

/// The form for a fix, its findings still to be named.
pub fn new_fix_without_finding() -> String {
    "/fixes/new".into()
}

/// The form for a fix that claims to remove a finding.
pub fn new_fix(finding: FindingId) -> String {
    format!("/fixes/new?finding={finding}")
}

pub fn fix(id: FixId) -> String {
    format!("/fixes/{id}")
}

pub fn edit_fix(id: FixId) -> String {
    format!("/fixes/{id}/edit")
}

pub fn decisions() -> String {
    "/decisions".into()
}

pub fn new_decision() -> String {
    "/decisions/new".into()
}

pub fn decision(id: DecisionId) -> String {
    format!("/decisions/{id}")
}

/// The form for the first admin.
pub fn setup() -> String {
    "/setup".into()
}

/// The same with the token that opens it.
pub fn setup_with(token: &str) -> String {
    format!("/setup?token={}", encoded(token))
}

/// Where an invitation is taken up.
pub fn invitation(token: &str) -> String {
    format!("/invite?token={}", encoded(token))
}

/// Where a new password is set.
pub fn reset(token: &str) -> String {
    format!("/reset?token={}", encoded(token))
}

pub fn people() -> String {
    "/people".into()
}

/// One person, for acts about them.
pub fn person(id: PersonId) -> String {
    format!("/people/{}", id.0)
}

pub fn profile() -> String {
    "/profile".into()
}

pub fn imports() -> String {
    "/import".into()
}

pub fn import(id: i64) -> String {
    format!("/import/{id}")
}

/// The document as it is kept, as a file.
pub fn import_document(id: i64) -> String {
    format!("/import/{id}/document")
}

/// The same for an experiment of another tool.
pub fn imported_experiment(id: i64) -> String {
    format!("/import/experiments/{id}/document")
}

/// Today's form for what somebody sees before there is any plan.
pub fn first_observation() -> String {
    "/first-observation".into()
}

/// The sample notebook: what it is, and how it comes and goes.
pub fn sample() -> String {
    "/sample".into()
}

/// Notes of the tour through the sample.
pub const TOUR_NOTES: usize = 5;

/// The fragment of every note.
pub const TOUR_ANCHOR: &str = "tour";

/// A page with one note of the tour on it.
pub fn on_tour(page: &str, note: usize) -> String {
    format!("{page}?tour={note}#{TOUR_ANCHOR}")
}

/// Where a one-time link of the throw-away demo comes in.
pub fn enter(token: &str) -> String {
    format!("/enter?token={}", encoded(token))
}

/// How Retrial works.
pub fn help() -> String {
    "/help".into()
}

/// The API for people: addresses below `/api/`, and still pages.
pub const API_DOCS: &str = "/api/docs";

/// The API's operations about one word.
pub fn api_word(word: &str) -> String {
    format!("{API_DOCS}/{}", encoded(word))
}

pub fn is_api_docs(path: &str) -> bool {
    path.strip_prefix(API_DOCS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An act on a page: `POST {page}/{act}`.
pub fn act(page: &str, act: &str) -> String {
    format!("{page}/{act}")
}

/// An address with the parts of its query: `q=ingest`.
pub fn with_query(path: &str, parts: &[String]) -> String {
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

/// As much of a text as an address is made of.
fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

/// A value inside a query.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_comes_back_to_where_one_was() {
        assert_eq!(login("/"), "/login");
        assert_eq!(login("/runs/RUN-1?a=b c"), "/login?next=%2Fruns%2FRUN-1%3Fa%3Db%20c");
    }
}
