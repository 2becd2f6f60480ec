//! A B A: every side in turn, the first one again at the end of each round, medians over the rounds.

use crate::Result;

/// One side under load for some seconds.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// Answers a second.
    pub per_s: f64,
    /// Processor time of the side for each answer; it does not grow when others use the machine.
    pub cpu_us: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The part of all cores that went to neither the side nor the load.
    pub others: f64,
}

/// How one stretch of a side is measured.
pub type Measure<'a> = Box<dyn FnMut() -> Result<Stretch> + 'a>;

/// A side and its stretches, one for each round.
pub struct Measured {
    pub name: &'static str,
    pub stretches: Vec<Stretch>,
}

pub struct Rounds {
    pub sides: Vec<Measured>,
    /// The first side's second stretch over its first, by answers a second and by processor time.
    pub again: Vec<f64>,
    pub again_cpu: Vec<f64>,
}

pub fn run(rounds: usize, sides: Vec<(&'static str, Measure<'_>)>) -> Result<Rounds> {
    let (names, mut measures): (Vec<_>, Vec<_>) = sides.into_iter().unzip();
    // Warm: caches filled, connections opened, pages read once.
    for measure in &mut measures {
        measure()?;
    }
    let mut found = Rounds {
        sides: names.into_iter().map(|name| Measured { name, stretches: Vec::new() }).collect(),
        again: Vec::new(),
        again_cpu: Vec::new(),
    };
    for round in 1..=rounds {
        eprint!("\r  round {round} of {rounds} ");
        for (side, measure) in found.sides.iter_mut().zip(&mut measures) {
            side.stretches.push(measure()?);
        }
        let (Some(first), Some(measure)) = (found.sides.first_mut(), measures.first_mut()) else { continue };
        let again = measure()?;
        if let Some(before) = first.stretches.last_mut() {
            found.again.push(again.per_s / before.per_s);
            found.again_cpu.push(again.cpu_us / before.cpu_us);
            *before = before.middle(again);
        }
    }
    eprintln!();
    Ok(found)
}

impl Stretch {
    fn middle(self, other: Self) -> Self {
        Self {
            per_s: f64::midpoint(self.per_s, other.per_s),
            cpu_us: f64::midpoint(self.cpu_us, other.cpu_us),
            p50_ms: f64::midpoint(self.p50_ms, other.p50_ms),
            p99_ms: f64::midpoint(self.p99_ms, other.p99_ms),
            others: f64::midpoint(self.others, other.others),
        }
    }
}

/// The middle of some figures, and how far they lie apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let middle = figures.len() / 2;
        let median = match figures.len() {
            0 => f64::NAN,
            even if even % 2 == 0 => f64::midpoint(figures[middle - 1], figures[middle]),
            _ => figures[middle],
        };
        Self {
            median,
            min: figures.first().copied().unwrap_or(f64::NAN),
            max: figures.last().copied().unwrap_or(f64::NAN),
        }
    }
}

/// The figure that so many per cent do not exceed.
pub fn percentile(figures: &mut [f64], percent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let place = (figures.len() * percent).div_ceil(100).saturating_sub(1);
    figures.get(place).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(per_s: f64) -> Stretch {
        Stretch { per_s, cpu_us: 1_000.0 / per_s, p50_ms: 1.0, p99_ms: 2.0, others: 0.0 }
    }

    #[test]
    fn the_first_side_stands_on_both_sides_of_the_others() {
        let mut slower = 0.0;
        let own: Measure = Box::new(move || {
            slower += 10.0;
            Ok(stretch(slower))
        });
        let peer: Measure = Box::new(|| Ok(stretch(100.0)));
        let found = run(2, vec![("own", own), ("peer", peer)]).unwrap();
        // 10 warmed up; then 20 and 30, then 40 and 50.
        let own: Vec<f64> = found.sides[0].stretches.iter().map(|stretch| stretch.per_s).collect();
        assert_eq!(own, [25.0, 45.0]);
        assert_eq!(found.again, [1.5, 1.25]);
    }

    #[test]
    fn a_failing_side_ends_the_run() {
        let failing: Measure = Box::new(|| Err("no".into()));
        assert!(run(1, vec![("own", failing)]).is_err());
    }

    #[test]
    fn medians_and_percentiles_take_from_the_middle_and_the_end() {
        assert_eq!(Spread::of([3.0, 1.0, 2.0]), Spread { median: 2.0, min: 1.0, max: 3.0 });
        assert_eq!(Spread::of([4.0, 1.0]), Spread { median: 2.5, min: 1.0, max: 4.0 });
        let mut figures: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!((percentile(&mut figures, 50), percentile(&mut figures, 99)), (50.0, 99.0));
    }
}
