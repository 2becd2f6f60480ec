//! The line of descent of one experiment as boxes and arrows.

use notebook::retrials::acts::{self, Node};
use notebook::runs::facts::Execution;
use notebook::runs::validity::Validity;

use crate::parts::chain::{ChainLink, ChainNode};
use crate::parts::words::{Word, lineage};
use crate::paths;
use crate::times::Times;
use crate::words::{verdict_due, with_reason};

/// Boxes that one drawing holds; older ones stand in the tabs.
const BOXES_MAX: usize = 40;

/// The newest boxes, their arrows, and how many older boxes there are.
pub fn drawn(chain: &acts::Chain, times: &Times) -> (Vec<ChainNode>, Vec<ChainLink>, usize) {
    let older = chain.nodes.len().saturating_sub(BOXES_MAX);
    let nodes = chain.nodes.iter().skip(older).map(|node| drawn_node(node, times)).collect();
    let id = |place: usize| chain.nodes.get(place).map(|node| node.node.id()).unwrap_or_default();
    let links = chain.links.iter().filter(|link| link.from >= older && link.to >= older).map(|link| ChainLink {
        from: id(link.from),
        to: id(link.to),
        label: Some(link.label.clone()),
    });
    (nodes, links.collect(), older)
}

fn drawn_node(node: &acts::ChainNode, times: &Times) -> ChainNode {
    let (href, word) = of_node(&node.node);
    ChainNode {
        id: node.node.id(),
        href,
        word: word.word.into_owned(),
        family: word.family,
        icon: word.icon,
        note: [times.day(node.at), node.note.clone()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Where a box leads, and its word.
pub fn of_node(node: &Node) -> (String, Word) {
    match node {
        Node::Revision { experiment, number, relation } => {
            let word = relation.map_or(lineage::FIRST_PLAN, |relation| {
                Word::from(relation).saying(format!("{} plan", relation.label()))
            });
            (paths::plan(*experiment, *number), word)
        }
        Node::Changes { first, service, count } => {
            let of_service = || service.as_ref().map_or_else(paths::services, paths::service);
            let href = if *count == 1 { paths::change(*first) } else { of_service() };
            let words = if *count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
            (href, lineage::CHANGED.saying(words))
        }
        Node::Run { id, execution, validity, verdict } => {
            let ended = verdict_due(*execution, *validity, *verdict);
            (paths::run(*id), ended.unwrap_or_else(|| unended(*execution, *validity)))
        }
        Node::Series { experiment, runs, upheld, .. } => {
            (paths::runs_of(*experiment), lineage::SERIES.saying(format!("{runs} runs, {upheld} upheld")))
        }
        Node::Finding { id, status } => (paths::finding(*id), Word::from(*status)),
        Node::Fix { id, standing } => (paths::fix(*id), Word::from(*standing)),
    }
}

/// A run without a verdict: still under way, or invalid.
fn unended(execution: Execution, validity: Option<Validity>) -> Word {
    match validity {
        Some(validity @ Validity::Invalid(_)) => with_reason(validity),
        _ => Word::from(execution),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::experiments::identity::Relation;
    use notebook::findings::Status;
    use notebook::id::{ExperimentId, FindingId, RunId};
    use notebook::runs::facts::Verdict;
    use notebook::runs::validity::InvalidReason;
    use notebook::time::Moment;

    fn node(node: Node) -> acts::ChainNode {
        acts::ChainNode { node, at: Moment::parse("2026-11-12T10:00:00Z").unwrap(), note: "zk-1".into() }
    }

    fn run(execution: Execution, validity: Option<Validity>, verdict: Option<Verdict>) -> Node {
        Node::Run { id: RunId::of(1), execution, validity, verdict }
    }

    fn word(it: Node) -> String {
        drawn_node(&node(it), &Times { zone: "UTC".into(), now: 0 }).word
    }

    #[test]
    fn a_run_shows_the_one_answer_that_matters_most() {
        let invalid = Validity::Invalid(InvalidReason::ToolFailed);
        assert_eq!(word(run(Execution::Running, None, None)), "Running");
        assert_eq!(word(run(Execution::Finished, Some(Validity::Valid), None)), "Verdict due");
        assert_eq!(word(run(Execution::Finished, Some(Validity::Valid), Some(Verdict::Refuted))), "Refuted");
        assert_eq!(
            word(run(Execution::Aborted, Some(invalid), None)),
            "Invalid: the tool broke before the method completed"
        );
    }

    #[test]
    fn arrows_name_the_boxes_they_join() {
        let chain = acts::Chain {
            nodes: vec![
                node(run(Execution::Finished, Some(Validity::Valid), Some(Verdict::Refuted))),
                node(Node::Finding { id: FindingId::of(2), status: Status::Open }),
            ],
            links: vec![acts::ChainLink { from: 0, to: 1, label: "found".into(), verifies: false }],
        };
        let (nodes, links, older) = drawn(&chain, &Times { zone: "UTC".into(), now: 0 });
        assert_eq!((links[0].from.as_str(), links[0].to.as_str()), ("RUN-1", "FND-2"));
        assert_eq!(older, 0);
        assert_eq!((nodes[1].href.as_str(), nodes[1].note.as_str()), ("/findings/FND-2", "12 Nov 2026, zk-1"));
    }

    #[test]
    fn an_old_experiment_is_drawn_from_its_newest_boxes() {
        let finding = |number| node(Node::Finding { id: FindingId::of(number), status: Status::Open });
        let link = |from, to| acts::ChainLink { from, to, label: "found".into(), verifies: false };
        let chain = acts::Chain { nodes: (1..=45).map(finding).collect(), links: vec![link(0, 44), link(43, 44)] };
        let (nodes, links, older) = drawn(&chain, &Times { zone: "UTC".into(), now: 0 });
        assert_eq!((nodes.len(), nodes[0].id.as_str(), older), (40, "FND-6", 5));
        assert_eq!((links.len(), links[0].from.as_str()), (1, "FND-44"));
    }

    #[test]
    fn plans_changes_and_runs_in_a_row_say_what_they_are() {
        let word = |node: &Node| of_node(node).1.word.into_owned();
        let experiment = ExperimentId::of(1);
        let revision = |relation| Node::Revision { experiment, number: 2, relation };
        assert_eq!(word(&revision(None)), "First plan");
        assert_eq!(word(&revision(Some(Relation::Stricter))), "Stricter plan");
        let one = Node::Changes { first: 7, count: 1, service: None };
        assert_eq!((word(&one).as_str(), of_node(&one).0.as_str()), ("1 change", "/changes/7"));
        assert_eq!(of_node(&Node::Changes { first: 7, count: 2, service: None }).0, "/services");
        let series = Node::Series { experiment, from: RunId::of(5), to: RunId::of(14), runs: 10, upheld: 9 };
        assert_eq!((series.id().as_str(), word(&series).as_str()), ("RUN-5 to RUN-14", "10 runs, 9 upheld"));
        assert_eq!(of_node(&series).0, "/runs?experiment=EXP-1", "the page of the experiment lists the newest only");
    }
}
