//! Run, finding, fix, rerun: one drawing for wide columns, one for narrow, and the same as a list.

use crate::parts::badge::{Badge, Family};
use crate::parts::chain_layout::{self, Arrow, Layout, NARROW_BOX, WIDE_BOX, cut, two_lines};
use crate::parts::icon::IconName;
use crate::parts::sheet::Sheet;
use crate::safe::Drawing;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainNode {
    pub id: String,
    pub href: String,
    pub word: String,
    pub family: Family,
    pub icon: IconName,
    /// One short line: the date, or what was changed.
    pub note: String,
}

/// `from` and `to` are ids of nodes; a link to an unknown id is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    pub from: String,
    pub to: String,
    /// The verb between the two ids: "verifies". Without one the link reads "leads to".
    pub label: Option<String>,
}

/// Nodes in the order they happened. Links between neighbours are plain, others are dashed.
#[component]
pub fn Chain(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    nodes: Vec<ChainNode>,
    links: Vec<ChainLink>,
) -> impl IntoView {
    let arrows = arrows(&nodes, &links);
    let description = description(&nodes, &links);
    let drawing = |name: &str, box_width: i32, lay_out: LayOut| {
        let drawn: Vec<_> = nodes.iter().map(|node| Shown::of(node, box_width)).collect();
        let height = box_height(&drawn);
        let layout = lay_out(nodes.len(), height, &arrows);
        let (id, title) = (format!("{id}-{name}"), title.clone());
        let (text, box_size) = (description.clone(), (box_width, height));
        view! { <Drawn id title text layout drawn box_size/> }
    };
    view! {
        <div class="chain">
            <figure class="card paper" role="group" tabindex="0" aria-label=title.clone()>
                <div class="wide">{drawing("wide", WIDE_BOX, chain_layout::wide)}</div>
                <div class="narrow">{drawing("narrow", NARROW_BOX, chain_layout::narrow)}</div>
            </figure>
            <details class="why">
                <summary>"Show as a list"</summary>
                <ol>{listed(&nodes, &links)}</ol>
            </details>
        </div>
    }
    .into_any()
}

/// One of the two geometries: number of boxes, their height, the arrows between them.
type LayOut = fn(usize, i32, &[Arrow]) -> Layout;

fn arrows(nodes: &[ChainNode], links: &[ChainLink]) -> Vec<Arrow> {
    let place = |id: &str| nodes.iter().position(|node| node.id == id);
    links
        .iter()
        .filter_map(|link| {
            let (from, to) = (place(&link.from)?, place(&link.to)?);
            let label = link.label.as_ref().map(|verb| format!("{verb} {}", link.to));
            (from != to).then_some(Arrow { from, to, label })
        })
        .collect()
}

fn says(link: &ChainLink) -> String {
    let verb = link.label.as_deref().unwrap_or("leads to");
    format!("{verb} {}", link.to)
}

fn description(nodes: &[ChainNode], links: &[ChainLink]) -> String {
    let boxes = nodes.iter().map(|node| format!("{}: {}", node.id, node.word));
    let ways = links.iter().map(|link| format!("{} {}", link.from, says(link)));
    boxes.chain(ways).collect::<Vec<_>>().join("; ")
}

/// The same as links, for everyone who does not see the drawing or wants to go there.
fn listed(nodes: &[ChainNode], links: &[ChainLink]) -> Vec<AnyView> {
    let item = |node: &ChainNode| {
        let ways: Vec<_> = links.iter().filter(|l| l.from == node.id).map(says).collect();
        let (id, href) = (node.id.clone(), node.href.clone());
        let said = [node.note.clone(), ways.join(", ")].into_iter().filter(|words| !words.is_empty());
        let said = said.collect::<Vec<_>>().join("; ");
        view! {
            <li>
                <a class="id" href=href>{id}</a>" "
                <Badge icon=node.icon word=node.word.clone() family=node.family/>" "
                <span class="muted">{said}</span>
            </li>
        }
        .into_any()
    };
    nodes.iter().map(item).collect()
}

/// A node's texts, cut to the width of its box.
struct Shown {
    id: String,
    words: Vec<String>,
    note: String,
    family: Family,
    icon: IconName,
}

const LINE: i32 = 16;
/// Width of an average letter in tenths of a unit, with room for a wide font.
const WORD_LETTER: i32 = 78;
const NOTE_LETTER: i32 = 65;

impl Shown {
    fn of(node: &ChainNode, box_width: i32) -> Self {
        let letters = |letter: i32| usize::try_from((box_width - 24) * 10 / letter).unwrap_or(0);
        Self {
            id: node.id.clone(),
            words: two_lines(&node.word, letters(WORD_LETTER)),
            note: cut(&node.note, letters(NOTE_LETTER)),
            family: node.family,
            icon: node.icon,
        }
    }

    /// Base lines of the words, then of the note, from the top of the box.
    fn base_lines(&self) -> (Vec<i32>, i32) {
        let words: Vec<_> = (0..).map(|line| 42 + line * LINE).take(self.words.len()).collect();
        let note = words.last().copied().unwrap_or(42) + LINE;
        (words, note)
    }
}

fn box_height(drawn: &[Shown]) -> i32 {
    let lowest = drawn.iter().map(|shown| {
        let (_, note) = shown.base_lines();
        if shown.note.is_empty() { note - LINE } else { note }
    });
    lowest.max().unwrap_or(0) + 12
}

#[component]
fn Drawn(
    id: String,
    title: String,
    text: String,
    layout: Layout,
    drawn: Vec<Shown>,
    box_size: (i32, i32),
) -> impl IntoView {
    let boxes = drawn.into_iter().zip(layout.corners).map(|(shown, at)| view! { <Node shown at box_size/> });
    let strokes = layout.strokes.into_iter().map(|stroke| {
        if stroke.proof {
            view! { <path class="proof" d=stroke.path></path> }
        } else {
            view! { <path class="edge" d=stroke.path></path> }
        }
    });
    let labels = layout.labels.into_iter().map(|label| {
        view! { <text class="label" x=label.x.to_string() y=label.y.to_string()>{label.text}</text> }
    });
    let (strokes, boxes, labels) = (strokes.collect_view(), boxes.collect_view(), labels.collect_view());
    view! {
        <Sheet id title text size=(layout.width, layout.height)>
            {strokes}
            {boxes}
            {labels}
        </Sheet>
    }
    .into_any()
}

#[component]
fn Node(shown: Shown, at: (i32, i32), box_size: (i32, i32)) -> impl IntoView {
    let (word_lines, note_line) = shown.base_lines();
    let words = shown.words.into_iter().zip(word_lines).map(|(word, y)| {
        view! { <text class="name" x="12" y=y.to_string()>{word}</text> }
    });
    view! {
        <g
            class="node"
            data-family=shown.family.as_str()
            transform=format!("translate({} {})", at.0, at.1)
        >
            <rect width=box_size.0.to_string() height=box_size.1.to_string() rx="8"></rect>
            <Drawing icon=shown.icon.drawing() size=15 at=(12, 10)/>
            <text class="id" x="33" y="22">{shown.id}</text>
            {words.collect_view()}
            <text x="12" y=note_line.to_string() font-size="11.5">{shown.note}</text>
        </g>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str) -> ChainNode {
        ChainNode {
            id: id.into(),
            href: format!("/somewhere/{id}"),
            word: "Verified".into(),
            family: Family::Good,
            icon: IconName::ShieldCheck,
            note: "</text><script>".into(),
        }
    }

    fn html() -> String {
        let nodes = ["RUN-1", "FND-2", "FIX-2"].map(node).to_vec();
        let link = |from: &str, to: &str, label: Option<&str>| ChainLink {
            from: from.into(),
            to: to.into(),
            label: label.map(str::to_owned),
        };
        let links = vec![
            link("RUN-1", "FND-2", None),
            link("RUN-1", "FIX-2", Some("verifies")),
            link("RUN-1", "FIX-99", Some("verifies")),
        ];
        Owner::new().with(|| view! { <Chain id="chain" title="What was found" nodes=nodes links=links/> }.to_html())
    }

    #[test]
    fn a_chain_is_a_named_drawing_and_a_list_of_links() {
        let html = html();
        assert_eq!(html.matches("role=\"img\"").count(), 2, "{html}");
        assert!(html.contains("<title id=\"chain-wide-title\">"), "{html}");
        assert!(html.contains("RUN-1 verifies FIX-2"), "{html}");
        assert_eq!(html.matches("<a ").count(), 3, "{html}");
        assert_eq!(html.matches("class=\"proof\"").count(), 2, "{html}");
    }

    #[test]
    fn notes_stay_text() {
        assert!(!html().contains("<script"));
    }
}
