//! Where the boxes and arrows of a chain stand: pure geometry, in drawing units of 1/16 rem.
//!
//! Neighbours are joined by a plain arrow. Any other link is a proof: a dashed arrow that goes
//! round the boxes, under them in the wide drawing and beside them in the narrow one.

/// A link between two boxes, by their place in the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    pub from: usize,
    pub to: usize,
    pub label: Option<String>,
}

impl Arrow {
    fn is_next(&self) -> bool {
        self.to == self.from + 1
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stroke {
    /// Path data of the line and of its head.
    pub path: String,
    pub proof: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub x: i32,
    pub y: i32,
    pub text: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// Upper left corner of each box.
    pub corners: Vec<(i32, i32)>,
    pub strokes: Vec<Stroke>,
    pub labels: Vec<Label>,
}

const COLUMNS: usize = 4;
pub const WIDE_BOX: i32 = 168;
pub const NARROW_BOX: i32 = 236;
const GAP: i32 = 28;
/// Room left and right of the wide drawing for arrows that change rows.
const GUTTER: i32 = 20;
/// Between two boxes of the narrow drawing: an arrow and one line of words.
const STEP: i32 = 30;
const LANE_FIRST: i32 = 14;
const LANE: i32 = 24;
const WRAP: i32 = 26;
/// Width of an average letter of a label, with room for a wide font.
const LETTER: i32 = 7;

/// Rows of four boxes, `box_height` high.
pub fn wide(count: usize, box_height: i32, arrows: &[Arrow]) -> Layout {
    let columns = COLUMNS.min(count).max(1);
    let rows = count.div_ceil(columns);
    let mut lanes = vec![0; rows];
    for arrow in arrows.iter().filter(|arrow| !arrow.is_next()) {
        let (from, to) = (arrow.from / columns, arrow.to / columns);
        lanes[from] += 1;
        if to != from {
            lanes[to] += 1;
        }
    }
    let mut tops = Vec::with_capacity(rows);
    let mut y = 1;
    for lanes in &lanes {
        tops.push(y);
        y += box_height + WRAP + lanes * LANE;
    }
    let mut layout = Layout {
        width: 2 * GUTTER + units(columns) * (WIDE_BOX + GAP) - GAP,
        // the last row needs no room for an arrow to the next
        height: y - WRAP + lanes.last().map_or(0, |last| i32::from(*last > 0) * LANE / 2) + 1,
        ..Layout::default()
    };
    layout.corners = (0..count).map(|i| (GUTTER + units(i % columns) * (WIDE_BOX + GAP), tops[i / columns])).collect();
    let mut used = vec![0; rows];
    for arrow in arrows {
        let (from, to) = (layout.corners[arrow.from], layout.corners[arrow.to]);
        if arrow.is_next() {
            layout.strokes.push(next_wide(from, to, box_height));
            continue;
        }
        let mut lane = |index: usize| {
            let row = index / columns;
            used[row] += 1;
            tops[row] + box_height + LANE_FIRST + (used[row] - 1) * LANE
        };
        let out = lane(arrow.from);
        let back = if from.1 == to.1 { out } else { lane(arrow.to) };
        layout.add_proof(arrow, box_height, out, back);
    }
    layout
}

fn next_wide(from: (i32, i32), to: (i32, i32), box_height: i32) -> Stroke {
    let (out_x, out_y) = (from.0 + WIDE_BOX, from.1 + box_height / 2);
    let (in_x, in_y) = (to.0, to.1 + box_height / 2);
    let line = if from.1 == to.1 {
        format!("M{out_x} {out_y}H{in_x}")
    } else {
        let turn = to.1 - WRAP / 2;
        format!("M{out_x} {out_y}h10V{turn}H{}V{in_y}H{in_x}", in_x - 10)
    };
    Stroke { path: format!("{line}m-6 -4l6 4l-6 4"), proof: false }
}

impl Layout {
    /// A dashed arrow along the lanes at `out` and `back`, from box to box from below.
    fn add_proof(&mut self, arrow: &Arrow, box_height: i32, out: i32, back: i32) {
        let (from, to) = (self.corners[arrow.from], self.corners[arrow.to]);
        let (out_x, in_x) = (from.0 + WIDE_BOX * 2 / 3, to.0 + WIDE_BOX / 3);
        let (out_y, in_y) = (from.1 + box_height, to.1 + box_height);
        let (line, label_from) = if out == back {
            (format!("M{out_x} {out_y}V{out}H{in_x}V{in_y}"), out_x.min(in_x))
        } else {
            let side = GUTTER / 4;
            (format!("M{out_x} {out_y}V{out}H{side}V{back}H{in_x}V{in_y}"), side)
        };
        self.strokes.push(Stroke { path: format!("{line}m-4 6l4 -6l4 6"), proof: true });
        if let Some(label) = &arrow.label {
            let x = label_from + 10;
            self.labels.push(Label { x, y: out + 16, text: cut(label, letters(self.width - x)) });
        }
    }
}

/// One box under the other.
pub fn narrow(count: usize, box_height: i32, arrows: &[Arrow]) -> Layout {
    let proofs = arrows.iter().filter(|arrow| !arrow.is_next()).count();
    let pitch = box_height + STEP;
    let mut layout = Layout {
        width: NARROW_BOX + 2 + if proofs == 0 { 0 } else { 10 + 8 * units(proofs) },
        height: units(count) * pitch - STEP + 2,
        corners: (0..count).map(|i| (1, 1 + units(i) * pitch)).collect(),
        ..Layout::default()
    };
    let mut lane = NARROW_BOX + 2;
    for arrow in arrows {
        let (from, to) = (layout.corners[arrow.from].1, layout.corners[arrow.to].1);
        let path = if arrow.is_next() {
            format!("M24 {}V{to}m-4 -6l4 6l4 -6", from + box_height)
        } else {
            lane += 8;
            let (out, back) = (from + box_height * 2 / 3, to + box_height / 3);
            let edge = NARROW_BOX + 1;
            format!("M{edge} {out}H{lane}V{back}H{edge}m6 -4l-6 4l6 4")
        };
        layout.strokes.push(Stroke { path, proof: !arrow.is_next() });
    }
    layout.labels = (0..count).filter_map(|i| label_below(i, arrows, layout.corners[i].1 + box_height)).collect();
    if layout.labels.last().is_some_and(|last| last.y > layout.height) {
        layout.height += STEP;
    }
    layout
}

/// All words on the arrows that leave one box, in the gap under it.
fn label_below(from: usize, arrows: &[Arrow], bottom: i32) -> Option<Label> {
    let words: Vec<_> =
        arrows.iter().filter(|arrow| arrow.from == from).filter_map(|arrow| arrow.label.as_deref()).collect();
    (!words.is_empty()).then(|| Label {
        x: 36,
        y: bottom + 19,
        text: cut(&words.join(" · "), letters(NARROW_BOX - 36)),
    })
}

/// How many letters fit into a width.
fn letters(width: i32) -> usize {
    usize::try_from(width / LETTER).unwrap_or(0)
}

fn units(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}

/// The text, or its beginning with an ellipsis.
pub fn cut(text: &str, letters_max: usize) -> String {
    if text.chars().count() <= letters_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters_max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The text on one line or two, broken at a space.
pub fn two_lines(text: &str, letters_max: usize) -> Vec<String> {
    if text.chars().count() <= letters_max {
        return vec![text.to_owned()];
    }
    let fits = text.char_indices().nth(letters_max + 1).map_or(text, |(end, _)| &text[..end]);
    match fits.rfind(' ') {
        Some(space) => vec![text[..space].to_owned(), cut(text[space + 1..].trim(), letters_max)],
        None => vec![cut(text, letters_max)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrow(from: usize, to: usize) -> Arrow {
        Arrow { from, to, label: Some(format!("verifies {to}")) }
    }

    fn chain(count: usize) -> Vec<Arrow> {
        (1..count).map(|i| arrow(i - 1, i)).collect()
    }

    #[test]
    fn boxes_never_overlap_and_stay_inside() {
        for count in 1..12 {
            let arrows = [chain(count), vec![arrow(count - 1, 0)]].concat();
            for (layout, width) in [(wide(count, 70, &arrows), WIDE_BOX), (narrow(count, 70, &arrows), NARROW_BOX)] {
                for (i, a) in layout.corners.iter().enumerate() {
                    assert!(a.0 >= 0 && a.0 + width <= layout.width, "{count} {layout:?}");
                    assert!(a.1 >= 0 && a.1 + 70 <= layout.height, "{count} {layout:?}");
                    for b in &layout.corners[i + 1..] {
                        let beside = b.0 >= a.0 + width || a.0 >= b.0 + width;
                        assert!(beside || b.1 >= a.1 + 70, "{count} {layout:?}");
                    }
                }
                for label in &layout.labels {
                    assert!(label.y < layout.height, "{count} {layout:?}");
                }
            }
        }
    }

    #[test]
    fn a_fifth_box_begins_a_second_row() {
        let layout = wide(5, 70, &chain(5));
        assert_eq!(layout.corners[4].0, layout.corners[0].0);
        assert!(layout.corners[4].1 > layout.corners[3].1 + 70);
    }

    #[test]
    fn only_links_between_neighbours_are_plain() {
        let arrows = [arrow(0, 1), arrow(1, 2), arrow(2, 0)];
        for layout in [wide(3, 70, &arrows), narrow(3, 70, &arrows)] {
            let proofs: Vec<_> = layout.strokes.iter().map(|stroke| stroke.proof).collect();
            assert_eq!(proofs, [false, false, true]);
        }
    }

    #[test]
    fn no_chain_needs_no_room() {
        assert_eq!(wide(0, 70, &[]).corners, []);
        assert_eq!(narrow(0, 70, &[]).strokes, []);
    }

    #[test]
    fn long_words_break_at_a_space_and_end_with_an_ellipsis() {
        assert_eq!(two_lines("Verified", 20), ["Verified"]);
        assert_eq!(two_lines("Fix deployed (unverified)", 20), ["Fix deployed", "(unverified)"]);
        assert_eq!(two_lines("Unverschiebbarkeitsbeweis", 10), ["Unverschi…"]);
        assert_eq!(cut("größer als alles", 7), "größer…");
    }
}
