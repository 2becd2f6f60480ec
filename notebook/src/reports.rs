//! A run on one page, in whole sentences, for people who are not engineers: what was promised, tried, observed and
//! changed, what is proven and until when, and what it cost. Nothing of it is kept; it is told anew each time.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    actor::Act,
    answer::Answer,
    desk::Desk,
    experiments::plan::{Context, Hypothesis},
    fault::Result,
    id::{FixId, RunId},
    interval::Interval,
    ledger::{self, booked, was_in_force},
    retrials::{
        self,
        acts::{Overview, PairShown},
    },
    runs::{
        self, Run,
        acts::{Observation, Shown},
        facts::{Execution, RunFacts},
        trail::ObservationKind,
    },
    slos::{self, kept::Kept},
    time::Moment,
};

/// What is told of a run; ids and moments stand in the sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RunReport")]
pub struct Report {
    pub run: RunId,
    pub title: String,
    /// What customers could rely on while it went on.
    pub promised: Vec<String>,
    pub tried: Vec<String>,
    /// Planned runs of the experiment that were not run.
    pub not_run: Vec<String>,
    pub observed: Vec<String>,
    /// What was found and what was done about it, and what else was changed before the run.
    pub changed: Vec<String>,
    /// What is proven as of now, and until when.
    pub proven: Vec<String>,
    /// What it cost each promise, beside what is usual.
    pub cost: Vec<String>,
}

/// Tells a run, whatever its state.
pub async fn of_run(desk: &Desk, id: RunId) -> Result<Report> {
    desk.may(Act::Look)?;
    let shown = runs::acts::show(desk, id).await?;
    let overview = retrials::acts::overview(desk, shown.run.experiment).await?;
    let mut proven = claimed(&overview);
    for (fix, _) in &overview.fixes {
        proven.extend(verified(desk, fix.id).await?);
    }
    Ok(Report {
        run: id,
        title: shown.run.title.clone(),
        promised: promised(desk, &shown.run, &shown.facts).await?,
        tried: tried(&shown),
        not_run: not_run(&overview),
        observed: observed(&shown),
        changed: changed(desk, &shown, &overview).await?,
        proven,
        cost: cost(desk, &shown).await?,
    })
}

async fn promised(desk: &Desk, run: &Run, facts: &RunFacts) -> Result<Vec<String>> {
    let mut tx = desk.begin_read().await?;
    let all = slos::acts::ever_promised(&mut tx, &facts.identity.services, &run.environment).await?;
    let began = facts.started.unwrap_or(desk.now());
    let during = booked(facts, run.created_at, desk.now()).map_or(Interval::lasting(began, 0), |booked| booked.during);
    let then: Vec<String> = all.iter().filter(|kept| was_in_force(kept, during)).map(promise).collect();
    Ok(if then.is_empty() { vec!["No SLO was in force there, so nothing was promised.".into()] } else { then })
}

fn promise(kept: &Kept) -> String {
    let slo = kept.in_force();
    let words = slo.promise.as_ref().map(|promise| format!(" \"{promise}\"")).unwrap_or_default();
    format!("{} {}:{words} {}.", kept.id, slo.name, slo.words())
}

fn tried(shown: &Shown) -> Vec<String> {
    let Context { question, hypothesis, .. } = &shown.plan.context;
    let question = question.as_ref().map(ToString::to_string);
    [question, Some(expected(hypothesis)), Some(happened(&shown.run, &shown.facts))].into_iter().flatten().collect()
}

fn expected(hypothesis: &Hypothesis) -> String {
    match (&hypothesis.fault, &hypothesis.behaviour, &hypothesis.safeguard) {
        (Some(fault), Some(behaviour), Some(safeguard)) => {
            format!("Expected: if {fault}, then {behaviour}, because {safeguard}.")
        }
        _ => "Nobody wrote down what was expected.".into(),
    }
}

fn happened(run: &Run, facts: &RunFacts) -> String {
    let (id, place) = (run.id, &run.environment);
    let Some(started) = facts.started else {
        return format!("{id} in {place} is {}; nothing was tried.", run.execution.label().to_lowercase());
    };
    let hit: Vec<&str> = facts.hit().map(|target| target.name.as_str()).collect();
    let on = if hit.is_empty() { String::new() } else { format!(" on {}", hit.join(", ")) };
    let until = facts.ended.map_or_else(|| "it goes on".into(), |ended| format!("it ended at {}", ended.rfc3339()));
    format!("{id} began in {place}{on} at {}; {until}.", started.rfc3339())
}

fn not_run(overview: &Overview) -> Vec<String> {
    let left = overview.runs.iter().map(|row| &row.run);
    left.filter(|run| matches!(run.execution, Execution::Missed | Execution::Cancelled))
        .map(|run| {
            let planned = run.planned_at.map(|at| format!(", planned for {},", at.rfc3339())).unwrap_or_default();
            format!("{}{planned} was {}.", run.id, run.execution.label().to_lowercase())
        })
        .collect()
}

fn observed(shown: &Shown) -> Vec<String> {
    let mut says = Vec::new();
    match (&shown.validity, shown.verdict, &shown.proposed) {
        (None, ..) => says.push("The run is not over, so there is no verdict.".into()),
        (Some(_), Some(verdict), _) => says.push(format!("Verdict: {}.", verdict.label().to_lowercase())),
        (Some(validity), None, None) => {
            says.push(format!("{}: there is no verdict.", validity.is.label()));
            says.extend(sentences(validity));
        }
        (Some(_), None, Some(proposed)) => {
            says.push(format!("No verdict is signed; the values propose {}.", proposed.is.label().to_lowercase()));
        }
    }
    says.extend(shown.proposed.iter().flat_map(sentences));
    if shown.facts.started.is_some() {
        says.push(format!("Telemetry: {}.", shown.telemetry.is.label().to_lowercase()));
    }
    let told = shown.observations.iter().filter(|seen| seen.pinned || seen.kind == ObservationKind::Unexpected);
    says.extend(told.map(written));
    says
}

fn sentences<T>(answer: &Answer<T>) -> impl Iterator<Item = String> {
    answer.because.iter().map(|because| because.says.clone())
}

fn written(seen: &Observation) -> String {
    format!("{}, at {}: {}", seen.name, seen.at.rfc3339(), seen.text)
}

async fn changed(desk: &Desk, shown: &Shown, overview: &Overview) -> Result<Vec<String>> {
    let mut says = Vec::new();
    if let Some(between) = retrials::acts::since_before(desk, &shown.run).await? {
        says.extend(between.changes.iter().map(|change| {
            let kind = change.kind.label();
            format!("{kind} \"{}\" came at {}, after {}.", change.summary, change.at.rfc3339(), between.from)
        }));
    }
    let findings = overview.findings.iter();
    says.extend(findings.map(|(finding, status)| {
        format!("{} \"{}\" was found; it is {}.", finding.id, finding.title, status.label().to_lowercase())
    }));
    let fixes = overview.fixes.iter();
    says.extend(
        fixes.map(|(fix, standing)| format!("{} \"{}\" is {}.", fix.id, fix.title, standing.label().to_lowercase())),
    );
    Ok(if says.is_empty() { vec!["Nothing was found, and nothing was changed.".into()] } else { says })
}

fn claimed(overview: &Overview) -> Vec<String> {
    let Some(claim) = &overview.claim else { return vec!["Nothing is claimed: no plan names an environment.".into()] };
    let is = format!("The claim is {}; {}.", claim.answer.is.label().to_lowercase(), claim.confidence.words());
    std::iter::once(is).chain(sentences(&claim.answer)).chain(claim.fresh_until.map(until)).collect()
}

fn until(moment: Moment) -> String {
    format!("Proven until {}.", moment.rfc3339())
}

/// Why a fix counts as verified, and until when; nothing of one that does not.
async fn verified(desk: &Desk, id: FixId) -> Result<Vec<String>> {
    let pairs = retrials::acts::show_fix(desk, id).await?.pairs;
    let proven = pairs.into_iter().filter_map(|PairShown { finding, judged, .. }| {
        let run = judged.verified_by?;
        let until = judged.fresh_until?.rfc3339();
        Some(format!("{run} proves {id} for {} until {until}.", finding.id))
    });
    Ok(proven.collect())
}

async fn cost(desk: &Desk, shown: &Shown) -> Result<Vec<String>> {
    let costs = ledger::acts::of_run(desk, &shown.run, &shown.facts).await?;
    let lines = costs.iter().map(|cost| {
        let (title, until) = (&cost.title, cost.until.words());
        format!("{} {title}: {} {until}; usual is {}.", cost.slo, cost.words(), cost.usual_words())
    });
    let lines: Vec<String> = lines.collect();
    Ok(match (lines.is_empty(), shown.facts.fault_started) {
        (false, _) => lines,
        (true, None) => vec!["No fault began, so it cost nothing.".into()],
        (true, Some(_)) => vec!["No SLO was in force there, so nobody knows what it cost.".into()],
    })
}
