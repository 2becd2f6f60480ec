//! The line of descent as boxes and arrows: revisions, runs, findings, fixes, reruns, and what was
//! changed in between. Runs in a row that nothing hangs on stand in one box.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use serde::Serialize;

use super::evidence::{Evidence, Judgement};
use crate::{
    experiments::identity::{Relation, relation},
    findings::Status,
    fixes::{Fix, Standing},
    id::{ExperimentId, FindingId, FixId, RunId},
    runs::{
        Run,
        facts::{Execution, Exercised, RunFacts, Verdict},
        validity::{Validity, bare_validity},
        verdict::verdict,
    },
    services::Change,
    text::Slug,
    time::Moment,
};

/// So many runs in a row become one box.
const SERIES_FROM: usize = 4;

/// From runs to findings to fixes to reruns, in the order in which things happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Chain {
    pub nodes: Vec<ChainNode>,
    pub links: Vec<ChainLink>,
}

/// A box: what it stands for, and when that was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ChainNode {
    #[serde(flatten)]
    pub node: Node,
    pub at: Moment,
    /// A few words about it; may be empty.
    pub note: String,
}

/// What a box of the chain stands for, with the word inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Node {
    /// The plan that the runs after it ran, and what it is to the one before.
    Revision {
        experiment: ExperimentId,
        number: i64,
        relation: Option<Relation>,
    },
    /// What was recorded between two runs: the first of these changes, and a service it is on.
    Changes {
        first: i64,
        count: usize,
        service: Option<Slug>,
    },
    Run {
        id: RunId,
        execution: Execution,
        validity: Option<Validity>,
        verdict: Option<Verdict>,
    },
    /// Runs in a row that found nothing and prove nothing by themselves.
    Series {
        experiment: ExperimentId,
        from: RunId,
        to: RunId,
        runs: usize,
        upheld: usize,
    },
    Finding {
        id: FindingId,
        status: Status,
    },
    Fix {
        id: FixId,
        standing: Standing,
    },
}

impl Node {
    pub fn id(&self) -> String {
        match self {
            Self::Revision { experiment, number, .. } => format!("{experiment}@{number}"),
            Self::Changes { first, count: 1, .. } => format!("change {first}"),
            Self::Changes { first, count, .. } => format!("{count} changes from {first}"),
            Self::Run { id, .. } => id.to_string(),
            Self::Series { from, to, .. } => format!("{from} to {to}"),
            Self::Finding { id, .. } => id.to_string(),
            Self::Fix { id, .. } => id.to_string(),
        }
    }
}

/// An arrow between two places in `nodes`, which are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ChainLink {
    pub from: usize,
    pub to: usize,
    pub label: String,
    /// The run proves the fix.
    pub verifies: bool,
}

/// Two things by their ids, and what joins them.
struct Tie {
    from: String,
    to: String,
    label: &'static str,
    verifies: bool,
}

/// Every fix once, with its worst standing among this experiment's findings.
pub(super) fn each_fix(judged: &[Judgement]) -> Vec<(Fix, Standing)> {
    let mut list: Vec<(Fix, Vec<Standing>)> = Vec::new();
    for worth in judged.iter().flat_map(|j| &j.fixes) {
        match list.iter_mut().find(|(fix, _)| fix.id == worth.fix.id) {
            Some((_, standings)) => standings.push(worth.judged.answer.is),
            None => list.push((worth.fix.clone(), vec![worth.judged.answer.is])),
        }
    }
    list.into_iter().map(|(fix, standings)| (fix, crate::fixes::standing::headline(&standings))).collect()
}

pub(super) fn chain(evidence: &Evidence, judged: &[Judgement]) -> Chain {
    let started = started(evidence);
    let ties = ties(judged, evidence.facts());
    // A box of its own: what an arrow joins, what speaks for or against a fix, and the newest run.
    let mut own: BTreeSet<String> = ties.iter().flat_map(|tie| [tie.from.clone(), tie.to.clone()]).collect();
    let speaking = judged.iter().flat_map(|j| &j.fixes).map(|worth| &worth.judged);
    let speaking = speaking.flat_map(|judged| judged.verified_by.into_iter().chain(judged.contradicted_by));
    own.extend(speaking.map(|run| run.to_string()));
    own.extend(started.last().map(|(run, _)| run.id.to_string()));
    let mut nodes = revisions(&started);
    nodes.extend(changes(evidence, &started));
    nodes.extend(started.iter().map(|(run, facts)| of_run(run, facts)));
    nodes.extend(found_and_fixed(judged));
    nodes.sort_by_key(|node| node.at);
    let nodes = folded(nodes, &own, evidence.experiment.as_ref().map(|experiment| experiment.id));
    // Nothing that stands twice, as a plan does that comes again, is joined to anything.
    let places: BTreeMap<String, usize> = nodes.iter().map(|node| node.node.id()).zip(0..).collect();
    let links = ties.iter().filter_map(|tie| link(&places, tie)).collect();
    Chain { nodes, links }
}

/// In the order in which they started.
fn started(evidence: &Evidence) -> Vec<(&Run, &RunFacts)> {
    let all = evidence.rows.iter().zip(evidence.facts());
    let mut started: Vec<(&Run, &RunFacts)> = all.filter(|(_, facts)| facts.started.is_some()).collect();
    started.sort_by_key(|(run, facts)| (facts.started, run.id));
    started
}

fn of_run(run: &Run, facts: &RunFacts) -> ChainNode {
    let hit: Vec<&str> = facts.targets.iter().filter(|t| t.hit).map(|t| t.name.as_str()).collect();
    let node =
        Node::Run { id: run.id, execution: facts.execution, validity: bare_validity(facts), verdict: verdict(facts) };
    ChainNode { node, at: facts.started.unwrap_or(run.created_at), note: hit.join(", ") }
}

/// Where the runs go on with another plan; nothing while they all ran the same one.
fn revisions(started: &[(&Run, &RunFacts)]) -> Vec<ChainNode> {
    let mut nodes: Vec<ChainNode> = Vec::new();
    let mut before: Option<&RunFacts> = None;
    for &(run, facts) in started {
        if before.is_none_or(|before| before.revision != facts.revision) {
            let relation = before.map(|before| relation(&facts.identity, &before.identity).relation);
            let node = Node::Revision { experiment: run.experiment, number: facts.revision, relation };
            nodes.push(ChainNode { node, at: facts.started.unwrap_or(run.created_at), note: String::new() });
        }
        before = Some(facts);
    }
    if nodes.len() < 2 { Vec::new() } else { nodes }
}

/// One box for whatever was recorded between two runs.
fn changes(evidence: &Evidence, started: &[(&Run, &RunFacts)]) -> Vec<ChainNode> {
    let pairs = started.iter().zip(started.iter().skip(1));
    let between = pairs.filter_map(|((_, earlier), (run, later))| {
        let changes: Vec<&Change> = evidence.changes_between(&run.environment, earlier, later).collect();
        of_changes(&changes)
    });
    between.collect()
}

fn of_changes(changes: &[&Change]) -> Option<ChainNode> {
    let first = changes.first()?;
    let more = changes.len() - 1;
    let mark = if first.irrelevant.is_some() { " (irrelevant)" } else { "" };
    let says = format!("{}: {}{mark}", first.kind.label(), first.summary);
    let node = Node::Changes { first: first.id, count: changes.len(), service: first.services.first().cloned() };
    Some(ChainNode { node, at: first.at, note: if more == 0 { says } else { format!("{says}, and {more} more") } })
}

fn found_and_fixed(judged: &[Judgement]) -> Vec<ChainNode> {
    let mut nodes = Vec::new();
    for j in judged {
        let node = Node::Finding { id: j.finding.id, status: j.status.is };
        nodes.push(ChainNode { node, at: j.finding.created_at, note: j.finding.body.condition.words() });
    }
    for (fix, standing) in each_fix(judged) {
        let worths = judged.iter().flat_map(|j| &j.fixes).filter(|worth| worth.fix.id == fix.id);
        let deployed = worths.flat_map(|worth| &worth.facts.deployments).map(|deployment| deployment.at).max();
        let node = Node::Fix { id: fix.id, standing };
        nodes.push(ChainNode { node, at: deployed.unwrap_or(fix.created_at), note: fix.title.to_string() });
    }
    nodes
}

fn ties<'a>(judged: &[Judgement], runs: impl Iterator<Item = &'a RunFacts>) -> Vec<Tie> {
    let mut ties = Vec::new();
    let mut add = |from: String, to: String, label: &'static str, verifies: bool| {
        ties.push(Tie { from, to, label, verifies });
    };
    for j in judged {
        let finding = j.finding.id.to_string();
        if let Some(run) = j.finding.origin {
            add(run.to_string(), finding.clone(), "found", false);
        }
        for worth in &j.fixes {
            let fix = worth.fix.id.to_string();
            add(finding.clone(), fix.clone(), "fixed by", false);
            if let Some(run) = worth.judged.verified_by.filter(|_| worth.judged.answer.is == Standing::Verified) {
                add(run.to_string(), fix, "verifies", true);
            }
        }
    }
    for run in runs {
        for answer in run.answers.iter().filter(|answer| answer.exercised == Exercised::Not) {
            add(run.id.to_string(), answer.fix.to_string(), "not exercised", false);
        }
    }
    ties
}

fn link(places: &BTreeMap<String, usize>, tie: &Tie) -> Option<ChainLink> {
    let (from, to) = places.get(&tie.from).zip(places.get(&tie.to))?;
    Some(ChainLink { from: *from, to: *to, label: tie.label.to_owned(), verifies: tie.verifies })
}

/// Puts runs in a row that nothing hangs on, and the changes between them, into one box each.
fn folded(nodes: Vec<ChainNode>, own: &BTreeSet<String>, of: Option<ExperimentId>) -> Vec<ChainNode> {
    let (mut list, mut row) = (Vec::new(), Vec::new());
    for node in nodes {
        let folds = match node.node {
            Node::Run { id, .. } => !own.contains(&id.to_string()),
            Node::Changes { .. } => true,
            Node::Revision { .. } | Node::Series { .. } | Node::Finding { .. } | Node::Fix { .. } => false,
        };
        if folds {
            row.push(node);
        } else {
            list.extend(series(mem::take(&mut row), of));
            list.push(node);
        }
    }
    list.extend(series(row, of));
    list
}

fn series(row: Vec<ChainNode>, of: Option<ExperimentId>) -> Vec<ChainNode> {
    let verdicts: Vec<(RunId, Option<Verdict>)> = row.iter().filter_map(|node| run_in(&node.node)).collect();
    let ends = verdicts.first().zip(verdicts.last()).zip(of).filter(|_| verdicts.len() >= SERIES_FROM);
    let Some(((first, last), experiment)) = ends else { return row };
    let changed: usize =
        row.iter().map(|node| if let Node::Changes { count, .. } = node.node { count } else { 0 }).sum();
    let upheld = verdicts.iter().filter(|(_, verdict)| *verdict == Some(Verdict::Upheld)).count();
    let node = Node::Series { experiment, from: first.0, to: last.0, runs: verdicts.len(), upheld };
    row.first().map(|begins| ChainNode { node, at: begins.at, note: changes_words(changed) }).into_iter().collect()
}

const fn run_in(node: &Node) -> Option<(RunId, Option<Verdict>)> {
    match node {
        Node::Run { id, verdict, .. } => Some((*id, *verdict)),
        Node::Revision { .. }
        | Node::Changes { .. }
        | Node::Series { .. }
        | Node::Finding { .. }
        | Node::Fix { .. } => None,
    }
}

fn changes_words(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 change meanwhile".to_owned(),
        count => format!("{count} changes meanwhile"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::sample::day;

    fn run(number: i64, verdict: Verdict) -> ChainNode {
        let node = Node::Run {
            id: RunId::of(number),
            execution: Execution::Finished,
            validity: Some(Validity::Valid),
            verdict: Some(verdict),
        };
        ChainNode { node, at: day(number), note: String::new() }
    }

    fn change(number: i64) -> ChainNode {
        let node = Node::Changes { first: number, count: 2, service: None };
        ChainNode { node, at: day(number), note: String::new() }
    }

    fn ids(nodes: Vec<ChainNode>, own: &[&str]) -> Vec<String> {
        let own = own.iter().map(|id| (*id).to_owned()).collect();
        folded(nodes, &own, Some(ExperimentId::of(1))).iter().map(|node| node.node.id()).collect()
    }

    fn runs(numbers: std::ops::RangeInclusive<i64>) -> Vec<ChainNode> {
        numbers.map(|number| run(number, Verdict::Upheld)).collect()
    }

    #[test]
    fn many_runs_in_a_row_are_one_box_and_few_keep_their_own() {
        assert_eq!(ids(runs(1..=3), &[]), ["RUN-1", "RUN-2", "RUN-3"]);
        assert_eq!(ids(runs(1..=4), &[]), ["RUN-1 to RUN-4"]);
        assert_eq!(ids(runs(1..=2_000), &["RUN-2000"]), ["RUN-1 to RUN-1999", "RUN-2000"]);
    }

    #[test]
    fn what_an_arrow_joins_parts_a_series() {
        assert_eq!(ids(runs(1..=9), &["RUN-5"]), ["RUN-1 to RUN-4", "RUN-5", "RUN-6 to RUN-9"]);
    }

    #[test]
    fn changes_within_a_series_are_counted_in_it() {
        let mut nodes = runs(1..=5);
        nodes.insert(2, change(2));
        let folded = folded(nodes, &BTreeSet::new(), Some(ExperimentId::of(1)));
        assert_eq!(folded.len(), 1);
        assert_eq!(folded[0].note, "2 changes meanwhile");
        assert!(matches!(folded[0].node, Node::Series { runs: 5, upheld: 5, .. }), "{folded:?}");
        assert_eq!(ids(vec![run(1, Verdict::Refuted), change(2), run(3, Verdict::Upheld)], &[]).len(), 3);
    }
}
