//! One experiment's line of descent: its runs, what they found, what was fixed, what is proven,
//! and how confident that makes the team. Counts and dates; never one score.

use super::{
    claims::Claim,
    evidence::{Evidence, Judgement, deployments, judgements},
};
use crate::{
    actor::Act,
    desk::Desk,
    experiments::identity::{Relation, relation},
    fault::Result,
    findings::{Finding, Status},
    fixes::{Fix, Standing},
    id::{ExperimentId, FindingId, FixId, RunId},
    runs::{
        Run,
        acts::Row,
        facts::{Execution, Exercised, RunFacts, Verdict},
        telemetry::Telemetry,
        validity::{Validity, validity},
        verdict::verdict,
    },
    services::Change,
    time::Moment,
};

/// What the pages of an experiment and of its runs show beside the plan.
pub struct Overview {
    pub runs: Vec<RunRow>,
    pub findings: Vec<(Finding, Status)>,
    pub fixes: Vec<(Fix, Standing)>,
    pub claim: Option<Claim>,
    pub chain: Chain,
}

/// One run in the series, newest first.
pub struct RunRow {
    pub run: Run,
    pub targets: Vec<String>,
    pub validity: Option<Validity>,
    pub verdict: Option<Verdict>,
    pub telemetry: Telemetry,
    /// To the run that started before it.
    pub relation: Option<Relation>,
    /// Milliseconds from the fault's end or the abort until all after-checks held, at most.
    pub revert_ms: Option<i64>,
    /// Changes recorded between the run before it and this one.
    pub changes: Vec<Change>,
}

/// run → finding → fix → rerun, in the order things happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    pub nodes: Vec<ChainNode>,
    pub links: Vec<ChainLink>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainNode {
    pub node: Node,
    pub at: Moment,
    /// A few words under the box.
    pub note: String,
}

/// What a box of the chain stands for, with the word inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Run { id: RunId, execution: Execution, validity: Option<Validity>, verdict: Option<Verdict> },
    Finding { id: FindingId, status: Status },
    Fix { id: FixId, standing: Standing },
}

impl Node {
    pub fn id(&self) -> String {
        match self {
            Self::Run { id, .. } => id.to_string(),
            Self::Finding { id, .. } => id.to_string(),
            Self::Fix { id, .. } => id.to_string(),
        }
    }
}

/// An arrow between two boxes, by their place in `nodes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    pub from: usize,
    pub to: usize,
    pub label: String,
    /// The run proves the fix.
    pub verifies: bool,
}

pub async fn overview(desk: &Desk, id: ExperimentId) -> Result<Overview> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let evidence = Evidence::of(&mut tx, Some(id)).await?;
    let judged = judgements(&mut tx, &evidence, desk.now()).await?;
    let claim = evidence.claim(&deployments(&judged), None, desk.now());
    let chain = chain(&evidence, &judged);
    let fixes = each_fix(&judged);
    let findings = judged.iter().map(|j| (j.finding.clone(), j.status.is)).collect();
    Ok(Overview { runs: rows(&evidence), findings, fixes, claim, chain })
}

/// Every fix once, with its worst standing among this experiment's findings.
fn each_fix(judged: &[Judgement]) -> Vec<(Fix, Standing)> {
    let mut list: Vec<(Fix, Vec<Standing>)> = Vec::new();
    for worth in judged.iter().flat_map(|j| &j.fixes) {
        match list.iter_mut().find(|(fix, _)| fix.id == worth.fix.id) {
            Some((_, standings)) => standings.push(worth.judged.answer.is),
            None => list.push((worth.fix.clone(), vec![worth.judged.answer.is])),
        }
    }
    list.into_iter().map(|(fix, standings)| (fix, crate::fixes::standing::headline(&standings))).collect()
}

fn rows(evidence: &Evidence) -> Vec<RunRow> {
    let mut started: Vec<(&Run, &RunFacts)> = evidence.rows.iter().zip(&evidence.runs).collect();
    started.sort_by_key(|(run, facts)| (facts.started.is_none(), facts.started, run.id));
    let mut rows: Vec<RunRow> = Vec::with_capacity(started.len());
    for (place, (run, facts)) in started.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| started.get(place)).map(|(_, facts)| *facts);
        rows.push(row(evidence, run, facts, before));
    }
    rows.reverse();
    rows
}

fn row(evidence: &Evidence, run: &Run, facts: &RunFacts, before: Option<&RunFacts>) -> RunRow {
    let both = before.and_then(|before| before.started).zip(facts.started);
    let plain = Row::new(run.clone(), facts);
    RunRow {
        relation: facts.started.and(before).map(|before| relation(&facts.identity, &before.identity).relation),
        revert_ms: facts.revert_ms().map(|(_, most)| most),
        changes: both.map(|(from, to)| evidence.changes_between(&run.environment, from, to)).unwrap_or_default(),
        run: plain.run,
        targets: plain.targets,
        validity: plain.validity,
        verdict: plain.verdict,
        telemetry: plain.telemetry,
    }
}

fn chain(evidence: &Evidence, judged: &[Judgement]) -> Chain {
    let mut nodes: Vec<ChainNode> = Vec::new();
    for (run, facts) in evidence.rows.iter().zip(&evidence.runs).filter(|(_, facts)| facts.started.is_some()) {
        let hit: Vec<&str> = facts.targets.iter().filter(|t| t.hit).map(|t| t.name.as_str()).collect();
        let node = Node::Run {
            id: run.id,
            execution: facts.execution,
            validity: validity(facts).map(|a| a.is),
            verdict: verdict(facts),
        };
        nodes.push(ChainNode { node, at: facts.started.unwrap_or(run.created_at), note: hit.join(", ") });
    }
    for j in judged {
        let node = Node::Finding { id: j.finding.id, status: j.status.is };
        nodes.push(ChainNode { node, at: j.finding.created_at, note: j.finding.body.condition.words() });
    }
    for (fix, standing) in each_fix(judged) {
        let deployed = judged
            .iter()
            .flat_map(|j| &j.fixes)
            .filter(|w| w.fix.id == fix.id)
            .flat_map(|w| &w.facts.deployments)
            .map(|d| d.at)
            .max();
        let node = Node::Fix { id: fix.id, standing };
        nodes.push(ChainNode { node, at: deployed.unwrap_or(fix.created_at), note: fix.title.to_string() });
    }
    nodes.sort_by_key(|node| node.at);
    let links = links(&nodes, judged, &evidence.runs);
    Chain { nodes, links }
}

fn links(nodes: &[ChainNode], judged: &[Judgement], runs: &[RunFacts]) -> Vec<ChainLink> {
    let place = |id: String| nodes.iter().position(|node| node.node.id() == id);
    let mut links = Vec::new();
    let mut add = |from: Option<usize>, to: Option<usize>, label: &str, verifies| {
        if let Some((from, to)) = from.zip(to) {
            links.push(ChainLink { from, to, label: label.into(), verifies });
        }
    };
    for j in judged {
        let finding = place(j.finding.id.to_string());
        add(j.finding.origin.and_then(|run| place(run.to_string())), finding, "found", false);
        for worth in &j.fixes {
            let fix = place(worth.fix.id.to_string());
            add(finding, fix, "fixed by", false);
            if worth.judged.answer.is == Standing::Verified {
                add(worth.judged.verified_by.and_then(|run| place(run.to_string())), fix, "verifies", true);
            }
        }
    }
    for run in runs {
        let untried = run.answers.iter().filter(|answer| answer.exercised == Exercised::Not);
        for answer in untried {
            add(place(run.id.to_string()), place(answer.fix.to_string()), "not exercised", false);
        }
    }
    links
}
