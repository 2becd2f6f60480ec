//! The part of an experiment's chain that concerns one finding or one fix.

use std::collections::BTreeSet;

use notebook::fixes::standing::Judged;
use notebook::id::{FixId, RunId};
use notebook::retrials::acts::{self, Chain, Node};

use crate::experiments::chain::of_node;
use crate::parts::chain::{ChainLink, ChainNode};
use crate::times::Times;

/// What to draw: the boxes with these ids, and the arrows between them.
#[derive(Default)]
pub struct Part {
    ids: BTreeSet<String>,
    /// Runs that contradict a fix; the notebook's own chain knows proofs only.
    contradicts: Vec<(RunId, FixId)>,
}

impl Part {
    pub fn keep(&mut self, id: impl ToString) {
        self.ids.insert(id.to_string());
    }

    /// The fix, and the run that decided about it.
    pub fn keep_fix(&mut self, fix: FixId, judged: &Judged) {
        self.keep(fix);
        if let Some(run) = judged.verified_by {
            self.keep(run);
        }
        if let Some(run) = judged.contradicted_by {
            self.keep(run);
            self.contradicts.push((run, fix));
        }
    }

    /// The reruns that were answered for a fix kept so far, and what they met instead: another
    /// finding, and its fix.
    pub fn keep_reruns(&mut self, chain: &Chain) {
        let ends = |link: &acts::ChainLink| Some((chain.nodes.get(link.from)?, chain.nodes.get(link.to)?));
        let links: Vec<_> = chain.links.iter().filter_map(ends).map(|(from, to)| (&from.node, &to.node)).collect();
        let is_run = |node: &Node| matches!(node, Node::Run { .. });
        let is_fix = |node: &Node| matches!(node, Node::Fix { .. });
        let answered = links.iter().filter(|(from, to)| is_run(from) && is_fix(to) && self.ids.contains(&to.id()));
        let reruns: BTreeSet<String> = answered.map(|(from, _)| from.id()).collect();
        let met = links.iter().filter(|(from, to)| reruns.contains(&from.id()) && !is_fix(to));
        let met: BTreeSet<String> = met.map(|(_, to)| to.id()).collect();
        let fixed = links.iter().filter(|(from, _)| met.contains(&from.id())).map(|(_, to)| to.id());
        let fixed: BTreeSet<String> = fixed.collect();
        self.ids.extend(reruns.into_iter().chain(met).chain(fixed));
    }

    /// Boxes in the order things happened, over all these experiments.
    pub fn of(&self, chains: &[Chain], times: &Times) -> (Vec<ChainNode>, Vec<ChainLink>) {
        let mut nodes = Vec::new();
        let mut links = Vec::new();
        let mut seen = BTreeSet::new();
        for chain in chains {
            for node in &chain.nodes {
                if self.ids.contains(&node.node.id()) && seen.insert(node.node.id()) {
                    nodes.push((node.at, drawn(&node.node, &note(&times.day(node.at), &node.note))));
                }
            }
            for link in &chain.links {
                let ends = chain.nodes.get(link.from).zip(chain.nodes.get(link.to));
                let found = ends.map(|(from, to)| arrow(from.node.id(), to.node.id(), &link.label));
                links.extend(found.filter(|found| !links.contains(found)));
            }
        }
        links.extend(self.contradicts.iter().map(|(run, fix)| arrow(run.to_string(), fix.to_string(), "contradicts")));
        links.retain(|link| seen.contains(&link.from) && seen.contains(&link.to));
        nodes.sort_by_key(|(at, _)| *at);
        (nodes.into_iter().map(|(_, node)| node).collect(), links)
    }
}

fn arrow(from: String, to: String, label: &str) -> ChainLink {
    ChainLink { from, to, label: Some(label.to_owned()) }
}

fn note(day: &str, words: &str) -> String {
    if words.is_empty() { day.to_owned() } else { format!("{day}, {words}") }
}

fn drawn(node: &Node, note: &str) -> ChainNode {
    let (href, word) = of_node(node);
    ChainNode {
        id: node.id(),
        href,
        word: word.word.into_owned(),
        family: word.family,
        icon: word.icon,
        note: note.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::findings::Status;
    use notebook::fixes::Standing;
    use notebook::id::Id;
    use notebook::retrials::acts;
    use notebook::runs::facts::{Execution, Verdict};
    use notebook::runs::validity::Validity;
    use notebook::time::Moment;

    fn run(number: i64, validity: Validity, verdict: Option<Verdict>) -> Node {
        Node::Run { id: Id::of(number), execution: Execution::Finished, validity: Some(validity), verdict }
    }

    fn chain(nodes: Vec<Node>, links: &[(usize, usize, &str)]) -> Chain {
        let nodes = nodes.into_iter().zip(1..).map(|(node, day)| acts::ChainNode {
            node,
            at: Moment::from_micros(0).plus_days(day),
            note: String::new(),
        });
        let links = links.iter().map(|(from, to, label)| acts::ChainLink {
            from: *from,
            to: *to,
            label: (*label).to_owned(),
            verifies: false,
        });
        Chain { nodes: nodes.collect(), links: links.collect() }
    }

    #[test]
    fn only_what_concerns_the_finding_is_drawn() {
        let nodes = vec![
            run(1, Validity::Valid, Some(Verdict::Refuted)),
            Node::Finding { id: Id::of(1), status: Status::Verified },
            Node::Finding { id: Id::of(2), status: Status::Open },
            Node::Fix { id: Id::of(1), standing: Standing::Verified },
            run(2, Validity::Valid, None),
        ];
        let chain = chain(nodes, &[(0, 1, "found"), (0, 2, "found"), (1, 3, "fixed by"), (4, 3, "verifies")]);
        let mut part = Part::default();
        for id in ["RUN-1", "FND-1", "FIX-1", "RUN-2"] {
            part.keep(id);
        }
        let (nodes, links) = part.of(&[chain.clone(), chain], &Times { zone: "UTC".into(), now: 0 });
        let shown: Vec<(&str, &str)> = nodes.iter().map(|node| (node.id.as_str(), node.word.as_str())).collect();
        assert_eq!(
            shown,
            [("RUN-1", "Refuted"), ("FND-1", "Verified"), ("FIX-1", "Verified"), ("RUN-2", "Verdict due")]
        );
        assert!(links.iter().all(|link| link.to != "FND-2"));
        assert_eq!(links.len(), 3, "two experiments that share a fix draw it once");
        assert!(links.contains(&arrow("RUN-2".into(), "FIX-1".into(), "verifies")));
    }
}
