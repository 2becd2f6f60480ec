//! Where the boxes and arrows of a picture of dependencies stand: pure geometry, in drawing units of
//! 1/16 rem. Layer by layer from those nothing needs to those everything rests on.
//!
//! Written by hand: the layered layouts there are bring a graph library along and place points, not
//! boxes in as many columns as a page has room for.

use std::collections::BTreeSet;

use crate::parts::chain_layout::cut;

pub const BOX: i32 = 128;
pub const BOX_HEIGHT: i32 = 36;
pub const WIDE_COLUMNS: usize = 5;
pub const NARROW_COLUMNS: usize = 2;
const GAP: i32 = 16;
/// Between rows of one layer, and between layers: arrows turn there.
const ROW_GAP: i32 = 14;
const LAYER_GAP: i32 = 44;
const MARGIN: i32 = 4;
/// Width of an average letter of a name.
const LETTER: i32 = 8;
/// How often neighbours are pulled towards each other; more changes next to nothing.
const SWEEPS: usize = 4;

/// What is drawn: names, and pairs of places: the first needs the second.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    pub names: Vec<String>,
    pub needs: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stroke {
    /// Path data of the line and of its head.
    pub path: String,
    /// It leads back up: a part of a circle.
    pub back: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// Upper left corner of each box, in the order of the names.
    pub corners: Vec<(i32, i32)>,
    pub strokes: Vec<Stroke>,
    /// Names cut to the width of a box.
    pub names: Vec<String>,
}

pub fn lay_out(graph: &Graph, columns: usize) -> Layout {
    let back = back_edges(graph);
    let rows = ordered(graph, &layers(graph, &back));
    let columns = columns.max(1);
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0).clamp(1, columns);
    let mut layout = Layout {
        width: 2 * MARGIN + units(widest) * (BOX + GAP) - GAP,
        corners: vec![(0, 0); graph.names.len()],
        names: graph.names.iter().map(|name| cut(name, usize::try_from((BOX - 16) / LETTER).unwrap_or(0))).collect(),
        ..Layout::default()
    };
    let mut y = MARGIN;
    for layer in &rows {
        for row in layer.chunks(columns) {
            let row_width = units(row.len()) * (BOX + GAP) - GAP;
            let left = (layout.width - row_width) / 2;
            for (place, node) in row.iter().enumerate() {
                layout.corners[*node] = (left + units(place) * (BOX + GAP), y);
            }
            y += BOX_HEIGHT + ROW_GAP;
        }
        y += LAYER_GAP - ROW_GAP;
    }
    layout.height = if rows.is_empty() { 0 } else { y - LAYER_GAP + MARGIN };
    layout.strokes = graph.needs.iter().map(|edge| stroke(&layout.corners, *edge, back.contains(edge))).collect();
    layout
}

/// Edges that close a circle, found depth first; without them the rest has layers.
fn back_edges(graph: &Graph) -> BTreeSet<(usize, usize)> {
    let mut found = BTreeSet::new();
    let mut state = vec![Visit::New; graph.names.len()];
    for start in 0..graph.names.len() {
        if state[start] != Visit::New {
            continue;
        }
        // The way down, each node with how many of its needs were followed: no recursion, however long it is.
        let mut way = vec![(start, 0)];
        state[start] = Visit::Open;
        while let Some((node, followed)) = way.last_mut() {
            let (from, next) = (*node, graph.needs.iter().filter(|(from, _)| from == node).nth(*followed));
            *followed += 1;
            match next {
                None => {
                    state[from] = Visit::Done;
                    way.pop();
                }
                Some((_, to)) if state[*to] == Visit::Open => {
                    found.insert((from, *to));
                }
                Some((_, to)) if state[*to] == Visit::New => {
                    state[*to] = Visit::Open;
                    way.push((*to, 0));
                }
                Some(_) => {}
            }
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

/// The layer of each node: below everything that needs it.
fn layers(graph: &Graph, back: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let mut layer = vec![0; graph.names.len()];
    // At most one step deeper a round, and no circle is left.
    for _ in 0..graph.names.len() {
        let mut moved = false;
        for edge in graph.needs.iter().filter(|edge| !back.contains(*edge)) {
            let (from, to) = *edge;
            if layer[to] <= layer[from] {
                layer[to] = layer[from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layer
}

/// The nodes of each layer, each near those it has arrows with.
fn ordered(graph: &Graph, layer: &[usize]) -> Vec<Vec<usize>> {
    let count = layer.iter().max().map_or(0, |last| last + 1);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (node, layer) in layer.iter().enumerate() {
        rows[*layer].push(node);
    }
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); layer.len()];
    for (from, to) in &graph.needs {
        neighbours[*from].push(*to);
        neighbours[*to].push(*from);
    }
    for _ in 0..SWEEPS {
        // In thousandths of the row, so that long and short rows can be compared.
        let mut place = vec![0; layer.len()];
        for row in &rows {
            for (at, node) in row.iter().enumerate() {
                place[*node] = (2 * at + 1) * 500 / row.len();
            }
        }
        for row in &mut rows {
            row.sort_by_key(|node| {
                let near = &neighbours[*node];
                if near.is_empty() {
                    place[*node]
                } else {
                    near.iter().map(|other| place[*other]).sum::<usize>() / near.len()
                }
            });
        }
    }
    rows
}

fn stroke(corners: &[(i32, i32)], (from, to): (usize, usize), back: bool) -> Stroke {
    let (a, b) = (corners[from], corners[to]);
    let (middle_a, middle_b) = (a.0 + BOX / 2, b.0 + BOX / 2);
    let path = if b.1 > a.1 {
        let (out, into) = (a.1 + BOX_HEIGHT, b.1);
        let bend = (into - out) / 2;
        format!(
            "M{middle_a} {out}C{middle_a} {} {middle_b} {} {middle_b} {into}m-4 -6l4 6l4 -6",
            out + bend,
            into - bend
        )
    } else {
        let (out, into) = (a.1, b.1 + BOX_HEIGHT);
        let bend = (out - into).max(LAYER_GAP) / 2;
        format!(
            "M{middle_a} {out}C{middle_a} {} {middle_b} {} {middle_b} {into}m-4 6l4 -6l4 6",
            out - bend,
            into + bend
        )
    };
    Stroke { path, back }
}

fn units(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(count: usize, needs: &[(usize, usize)]) -> Graph {
        Graph { names: (0..count).map(|n| format!("service-{n}")).collect(), needs: needs.to_vec() }
    }

    fn fits(layout: &Layout) {
        for (i, a) in layout.corners.iter().enumerate() {
            assert!(
                a.0 >= 0 && a.0 + BOX <= layout.width && a.1 >= 0 && a.1 + BOX_HEIGHT <= layout.height,
                "{layout:?}"
            );
            for b in &layout.corners[i + 1..] {
                let beside = b.0 >= a.0 + BOX || a.0 >= b.0 + BOX;
                assert!(beside || b.1 >= a.1 + BOX_HEIGHT || a.1 >= b.1 + BOX_HEIGHT, "{layout:?}");
            }
        }
    }

    #[test]
    fn boxes_never_overlap_and_stay_inside_however_many_there_are() {
        for count in [1, 2, 7, 60, 200] {
            let chained: Vec<_> = (1..count).map(|n| (n - 1, n)).collect();
            let fan: Vec<_> = (1..count).map(|n| (0, n)).collect();
            let tree: Vec<_> = (1..count).map(|n| (n / 2, n)).collect();
            for needs in [vec![], chained, fan, tree] {
                for columns in [WIDE_COLUMNS, NARROW_COLUMNS] {
                    let layout = lay_out(&graph(count, &needs), columns);
                    fits(&layout);
                    assert_eq!(layout.strokes.len(), needs.len());
                }
            }
        }
    }

    #[test]
    fn a_narrow_drawing_fits_a_phone() {
        let fan: Vec<_> = (1..9).map(|n| (0, n)).collect();
        assert!(lay_out(&graph(9, &fan), NARROW_COLUMNS).width <= 280);
    }

    #[test]
    fn what_is_needed_stands_below_whoever_needs_it() {
        let needs = [(0, 2), (1, 2), (2, 3), (0, 3)];
        let layout = lay_out(&graph(4, &needs), WIDE_COLUMNS);
        for (from, to) in needs {
            assert!(layout.corners[from].1 < layout.corners[to].1, "{layout:?}");
        }
        assert!(layout.strokes.iter().all(|stroke| !stroke.back));
    }

    #[test]
    fn a_circle_is_drawn_with_the_one_arrow_that_leads_back() {
        let layout = lay_out(&graph(3, &[(0, 1), (1, 2), (2, 0)]), WIDE_COLUMNS);
        fits(&layout);
        let back: Vec<bool> = layout.strokes.iter().map(|stroke| stroke.back).collect();
        assert_eq!(back, [false, false, true]);
        let pair = lay_out(&graph(2, &[(0, 1), (1, 0)]), NARROW_COLUMNS);
        assert_eq!(pair.strokes.iter().filter(|stroke| stroke.back).count(), 1);
    }

    #[test]
    fn nothing_needs_no_room() {
        assert_eq!(lay_out(&Graph::default(), WIDE_COLUMNS).corners, []);
    }
}
