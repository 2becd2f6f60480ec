//! The table of one goal.

use crate::rounds::{Measured, Rounds, Spread};

/// A against A further apart than this makes a ratio by rate worthless.
const DRIFT_MAX: f64 = 0.05;

/// One side over another, by their places.
pub struct Ratio {
    pub words: &'static str,
    pub over: usize,
    pub under: usize,
    pub goal: Option<f64>,
}

pub fn print(title: &str, rounds: &Rounds, ratios: &[Ratio]) {
    println!("\n{title}");
    println!("  {:<34}{:>26}{:>12}{:>10}{:>10}", "side", "per second (min to max)", "CPU us each", "p50 ms", "p99 ms");
    for side in &rounds.sides {
        line(side);
    }
    let others = Spread::of(rounds.sides.iter().flat_map(|side| &side.stretches).map(|stretch| stretch.others));
    println!(
        "  others took {:.0} % of all cores ({:.0} to {:.0} %)",
        others.median * 100.0,
        others.min * 100.0,
        others.max * 100.0
    );
    println!("  the first side against itself: {} by rate, {} by CPU", drift(&rounds.again), drift(&rounds.again_cpu));
    for ratio in ratios {
        let (Some(over), Some(under)) = (rounds.sides.get(ratio.over), rounds.sides.get(ratio.under)) else { continue };
        let pairs = || over.stretches.iter().zip(&under.stretches);
        let by_rate = Spread::of(pairs().map(|(over, under)| over.per_s / under.per_s));
        let by_cpu = Spread::of(pairs().map(|(over, under)| under.cpu_us / over.cpu_us));
        println!(
            "  {:<34}{} by rate, {} by CPU{}",
            ratio.words,
            words(by_rate),
            words(by_cpu),
            said(ratio.goal, by_rate)
        );
    }
    if !is_steady(&rounds.again) {
        println!(
            "  The first side differs from itself by more than {:.0} %: the ratio by rate does not count.",
            DRIFT_MAX * 100.0
        );
    }
}

/// How much slower one in a hundred answers of the first side is, beside the second one's.
pub fn slowest(words: &str, (over, under): (&Measured, &Measured), goal: f64) {
    let is = p99(over, under);
    let met = if is.median <= goal { "met" } else { "MISSED" };
    println!("  {words:<34}{} by p99; goal at most {goal}: {met}", self::words(is));
}

fn p99(over: &Measured, under: &Measured) -> Spread {
    Spread::of(over.stretches.iter().zip(&under.stretches).map(|(over, under)| over.p99_ms / under.p99_ms))
}

fn line(side: &Measured) {
    let of = |figure: fn(&crate::rounds::Stretch) -> f64| Spread::of(side.stretches.iter().map(figure));
    let (rate, cpu) = (of(|s| s.per_s), of(|s| s.cpu_us));
    let (p50, p99) = (of(|s| s.p50_ms), of(|s| s.p99_ms));
    let rate = format!("{:.0} ({:.0} to {:.0})", rate.median, rate.min, rate.max);
    println!("  {:<34}{rate:>26}{:>12.1}{:>10.2}{:>10.2}", side.name, cpu.median, p50.median, p99.median);
}

fn words(spread: Spread) -> String {
    format!("{:.2} ({:.2} to {:.2})", spread.median, spread.min, spread.max)
}

fn drift(again: &[f64]) -> String {
    let spread = Spread::of(again.iter().map(|ratio| (ratio - 1.0) * 100.0));
    format!("{:+.1} % ({:+.1} to {:+.1})", spread.median, spread.min, spread.max)
}

fn is_steady(again: &[f64]) -> bool {
    (Spread::of(again.iter().copied()).median - 1.0).abs() <= DRIFT_MAX
}

fn said(goal: Option<f64>, is: Spread) -> String {
    match goal {
        None => String::new(),
        Some(goal) if is.median >= goal => format!("; goal {goal}: met"),
        Some(goal) => format!("; goal {goal}: MISSED"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::Stretch;

    #[test]
    fn a_side_that_drifts_away_from_itself_does_not_count() {
        assert!(is_steady(&[1.04, 0.97, 1.2]));
        assert!(!is_steady(&[1.06, 1.07, 0.9]));
        assert!(!is_steady(&[]), "nothing measured is nothing known");
    }

    #[test]
    fn the_slowest_answers_of_each_round_are_compared() {
        let side = |figures: &[f64]| Measured {
            name: "side",
            stretches: figures.iter().map(|p99_ms| stretch(*p99_ms)).collect(),
        };
        let spread = p99(&side(&[2.0, 6.0, 9.0]), &side(&[1.0, 2.0, 6.0]));
        assert_eq!(spread, Spread { median: 2.0, min: 1.5, max: 3.0 });
    }

    fn stretch(p99_ms: f64) -> Stretch {
        Stretch { per_s: 1.0, cpu_us: 1.0, p50_ms: 1.0, p99_ms, others: 0.0 }
    }

    #[test]
    fn a_goal_is_met_by_the_median() {
        let spread = Spread { median: 0.5, min: 0.1, max: 0.9 };
        assert_eq!(said(Some(0.5), spread), "; goal 0.5: met");
        assert_eq!(said(Some(0.51), spread), "; goal 0.51: MISSED");
    }
}
