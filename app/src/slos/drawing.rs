//! Where the line of a burndown runs: pure geometry, in drawing units of 1/16 rem.

use std::fmt::Write as _;

/// What is drawn: shares of the window from left to right, and parts per thousand of the budget.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Data {
    /// Where each part ends, in thousandths of the window, and what is left there.
    pub steps: Vec<(i32, i32)>,
    /// Unmeasured stretches, from and to.
    pub gaps: Vec<(i32, i32)>,
    /// Where runs began, with their ids.
    pub runs: Vec<(i32, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub x: i32,
    pub y: i32,
    pub words: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// Path data of the line of what is left.
    pub line: String,
    /// Path data of the horizontal lines, and of the one at nothing left.
    pub grid: String,
    pub zero: String,
    /// Upper left corner, width and height of unmeasured time.
    pub gaps: Vec<(i32, i32, i32, i32)>,
    pub marks: Vec<String>,
    pub labels: Vec<Text>,
    pub scale: Vec<Text>,
}

pub const WIDE: i32 = 720;
pub const NARROW: i32 = 280;
const HEIGHT: i32 = 220;
/// Room for the words of the scale.
const LEFT: i32 = 56;
const RIGHT: i32 = 12;
/// Room for the ids of runs.
const TOP: i32 = 24;
const BOTTOM: i32 = 12;
/// A budget that is overspent further is drawn at the lower edge; the table has the number.
const LOWEST: i32 = -1_000;
/// Width of an average letter of an id.
const LETTER: i32 = 8;

pub fn lay_out(width: i32, data: &Data) -> Layout {
    let floor = data.steps.iter().map(|(_, left)| *left).min().unwrap_or(0).clamp(LOWEST, 0);
    // Full fifths, so that the line at nothing left is no accident of the data.
    let floor = -((-floor + 199) / 200 * 200);
    let x = |at: i32| LEFT + at.clamp(0, 1_000) * (width - LEFT - RIGHT) / 1_000;
    let y = |left: i32| TOP + (1_000 - left.clamp(floor, 1_000)) * (HEIGHT - TOP - BOTTOM) / (1_000 - floor);
    let across = |left: i32| format!("M{LEFT} {}H{}", y(left), width - RIGHT);
    let levels: Vec<i32> = [1_000, 500, floor].into_iter().filter(|level| *level != 0).collect();
    let mut line = format!("M{} {}", x(0), y(1_000));
    for (at, left) in &data.steps {
        let _ = write!(line, "H{}V{}", x(*at), y(*left));
    }
    let bottom = y(floor);
    Layout {
        width,
        height: HEIGHT,
        line,
        grid: levels.iter().map(|level| across(*level)).collect(),
        zero: across(0),
        gaps: data.gaps.iter().map(|(from, to)| (x(*from), TOP, (x(*to) - x(*from)).max(2), bottom - TOP)).collect(),
        marks: data.runs.iter().map(|(at, _)| format!("M{} {TOP}V{bottom}", x(*at))).collect(),
        labels: labels(width, data, x),
        scale: levels.iter().chain(&[0]).map(|level| percent(*level, y(*level) + 4)).collect(),
    }
}

fn percent(level: i32, y: i32) -> Text {
    let sign = if level < 0 { "−" } else { "" };
    Text { x: LEFT - 8, y, words: format!("{sign}{} %", level.abs() / 10) }
}

/// Ids of runs above their marks, as far as there is room; all of them stand in the list below.
fn labels(width: i32, data: &Data, x: impl Fn(i32) -> i32) -> Vec<Text> {
    let mut runs: Vec<&(i32, String)> = data.runs.iter().collect();
    runs.sort();
    let mut free_from = LEFT - 20;
    let mut labels = Vec::new();
    for (at, id) in runs {
        let length = i32::try_from(id.chars().count()).unwrap_or(i32::MAX / LETTER) * LETTER;
        let from = (x(*at) - length / 2).min(width - length);
        if from >= free_from {
            labels.push(Text { x: from, y: TOP - 8, words: id.clone() });
            free_from = from + length + LETTER;
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        Data {
            steps: vec![(250, 900), (500, 900), (1_000, -300)],
            gaps: vec![(250, 500)],
            runs: vec![(400, "RUN-2".into()), (100, "RUN-1".into()), (405, "RUN-3".into())],
        }
    }

    #[test]
    fn everything_stays_inside_the_drawing() {
        for width in [WIDE, NARROW] {
            let layout = lay_out(width, &data());
            assert!(layout.gaps.iter().all(|(x, y, w, h)| *x >= 0 && x + w <= width && y + h <= layout.height));
            assert!(layout.labels.iter().all(|text| text.x >= 0 && text.x < width), "{layout:?}");
            assert_eq!(layout.marks.len(), 3, "a run without room for its id keeps its mark");
            let words: Vec<_> = layout.labels.iter().map(|text| text.words.as_str()).collect();
            assert_eq!(words, ["RUN-1", "RUN-2"]);
        }
    }

    #[test]
    fn the_line_begins_full_and_the_scale_reaches_below_nothing() {
        let layout = lay_out(WIDE, &data());
        assert!(layout.line.starts_with(&format!("M{LEFT} {TOP}H")), "{}", layout.line);
        let words: Vec<_> = layout.scale.iter().map(|text| text.words.as_str()).collect();
        assert_eq!(words, ["100 %", "50 %", "−40 %", "0 %"]);
        let healthy = lay_out(WIDE, &Data { steps: vec![(1_000, 600)], ..Data::default() });
        assert_eq!(healthy.scale.len(), 3);
    }
}
