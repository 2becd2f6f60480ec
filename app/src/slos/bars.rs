//! Where the bars of windows that are over lie: pure geometry, in drawing units of 1/16 rem.

use super::drawing::Text;

/// One window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Where it stands in the calendar: "31 Oct 2026".
    pub label: String,
    /// "Met, 60 %".
    pub words: String,
    /// What was left of the budget, in thousandths of it; none where nobody knows.
    pub left: Option<i32>,
}

/// Upper left corner, width and height.
pub type Rect = (i32, i32, i32, i32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    pub bars: Vec<Rect>,
    /// Windows of which nobody knows.
    pub unknown: Vec<Rect>,
    /// Path data of the line at nothing left.
    pub zero: String,
    pub texts: Vec<Text>,
}

/// Room for the labels.
const LEFT: i32 = 96;
/// Room for the words.
const RIGHT: i32 = 104;
const ROW: i32 = 28;
const THICK: i32 = 16;
/// A budget that is overspent further is drawn to the edge; the words have the number.
const LOWEST: i32 = -1_000;

pub fn lay_out(width: i32, windows: &[Window]) -> Layout {
    let lowest = windows.iter().filter_map(|window| window.left).min().unwrap_or(0).clamp(LOWEST, 0);
    let room = width - LEFT - RIGHT;
    let x = |left: i32| LEFT + (left.clamp(lowest, 1_000) - lowest) * room / (1_000 - lowest);
    let mut layout =
        Layout { width, height: 8, bars: Vec::new(), unknown: Vec::new(), zero: String::new(), texts: Vec::new() };
    for window in windows {
        let (top, base) = (layout.height, layout.height + THICK - 3);
        match window.left {
            Some(left) => {
                let (from, to) = (x(left.min(0)), x(left.max(0)));
                layout.bars.push((from, top, (to - from).max(2), THICK));
            }
            None => layout.unknown.push((LEFT, top, room, THICK)),
        }
        layout.texts.push(Text { x: 0, y: base, words: window.label.clone() });
        layout.texts.push(Text { x: width - RIGHT + 8, y: base, words: window.words.clone() });
        layout.height += ROW;
    }
    layout.zero = format!("M{} 0V{}", x(0), layout.height);
    layout
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::drawing::{NARROW, WIDE};

    fn window(left: Option<i32>) -> Window {
        Window { label: "31 Oct 2026".into(), words: "Met, 60 %".into(), left }
    }

    #[test]
    fn bars_stay_inside_and_run_from_the_line_at_nothing() {
        let windows = [window(Some(600)), window(Some(-250)), window(None), window(Some(-9_000)), window(Some(0))];
        for width in [WIDE, NARROW] {
            let layout = lay_out(width, &windows);
            assert_eq!((layout.bars.len(), layout.unknown.len(), layout.texts.len()), (4, 1, 10));
            let inside = |(x, y, w, h): &Rect| *x >= LEFT && x + w <= width - RIGHT + 2 && y + h <= layout.height;
            assert!(layout.bars.iter().chain(&layout.unknown).all(inside), "{layout:?}");
            let zero = layout.bars[0].0;
            assert!(layout.zero.starts_with(&format!("M{zero} ")), "{layout:?}");
            assert_eq!(layout.bars[1].0 + layout.bars[1].2, zero, "overspent runs to the left");
        }
        assert_eq!(lay_out(WIDE, &[window(Some(1_000))]).bars[0].2, WIDE - LEFT - RIGHT);
    }
}
