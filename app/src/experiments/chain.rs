//! The line of descent of one experiment as boxes and arrows.

use notebook::retrials::acts::{self, Node};
use notebook::runs::facts::Execution;
use notebook::runs::validity::Validity;

use crate::parts::chain::{ChainLink, ChainNode};
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;
use crate::words::{verdict_due, with_reason};

pub fn drawn(chain: &acts::Chain, times: &Times) -> (Vec<ChainNode>, Vec<ChainLink>) {
    let nodes = chain.nodes.iter().map(|node| drawn_node(node, times)).collect();
    let id = |place: usize| chain.nodes.get(place).map(|node| node.node.id()).unwrap_or_default();
    let links = chain.links.iter().map(|link| ChainLink {
        from: id(link.from),
        to: id(link.to),
        label: Some(link.label.clone()),
    });
    (nodes, links.collect())
}

fn drawn_node(node: &acts::ChainNode, times: &Times) -> ChainNode {
    let (href, word) = match &node.node {
        Node::Run { id, execution, validity, verdict } => {
            let ended = verdict_due(*execution, *validity, *verdict);
            (paths::run(*id), ended.unwrap_or_else(|| unended(*execution, *validity)))
        }
        Node::Finding { id, status } => (paths::finding(*id), Word::from(*status)),
        Node::Fix { id, standing } => (paths::fix(*id), Word::from(*standing)),
    };
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
    use notebook::findings::Status;
    use notebook::id::{FindingId, RunId};
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
        let (nodes, links) = drawn(&chain, &Times { zone: "UTC".into(), now: 0 });
        assert_eq!((links[0].from.as_str(), links[0].to.as_str()), ("RUN-1", "FND-2"));
        assert_eq!((nodes[1].href.as_str(), nodes[1].note.as_str()), ("/findings/FND-2", "12 Nov 2026, zk-1"));
    }
}
