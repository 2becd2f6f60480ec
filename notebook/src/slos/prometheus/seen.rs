//! How much counters grew in each step, and which steps nobody knows.

use std::collections::{HashMap, HashSet};

use super::{Answered, Counter, Pulled, Step, Target, Unknown};
use crate::{
    interval::Interval,
    slos::{budget::Counts, pulls::delay_ms, source::Part},
    time::Moment,
};

/// The largest whole number that a float tells from its neighbours.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// What is known of all targets, looked up once for all steps.
struct Scrapes {
    /// The first sample of each target, of whatever counter.
    first: HashMap<Target, Moment>,
    /// The last sample of each target's counters of all events.
    last: HashMap<Target, Moment>,
    /// The last one of all.
    newest: Option<Moment>,
    /// Nobody can say what counters held before the time that was asked for.
    lacks_earlier: bool,
}

/// What a step amounts to.
struct Seen {
    counts: Counts,
    /// Events that nobody can place in time, in none of the steps.
    unplaced: u64,
}

/// How much counters grew together.
#[derive(Default)]
struct Growth {
    events: u64,
    unplaced: u64,
}

impl Answered {
    /// What the counters saw in each step of a piece, and what the answer lacked.
    pub fn pulled(&self, counts: Part, piece: Interval, step_ms: i64) -> Pulled {
        let scrapes = self.scrapes();
        let mut unplaced: u64 = 0;
        let mut silent = HashSet::new();
        let steps = (0..piece.ms() / step_ms).map(|number| {
            let interval = Interval::lasting(piece.start().plus_micros(number * step_ms * 1_000), step_ms);
            let seen = self.seen(&scrapes, counts, interval).map(|seen| {
                unplaced = unplaced.saturating_add(seen.unplaced);
                silent.extend(scrapes.silent_after(interval));
                seen.counts
            });
            Step { interval, counts: seen }
        });
        let steps = steps.collect();
        let silent = (silent.len(), scrapes.last.len());
        Pulled { steps, remark: self.remark(counts, unplaced, silent) }
    }

    fn scrapes(&self) -> Scrapes {
        let mut first: HashMap<Target, Moment> =
            self.earlier.iter().map(|target| (target.clone(), Moment::from_micros(i64::MIN))).collect();
        for counter in self.part.iter().chain(&self.total) {
            if let Some((at, _)) = counter.samples.first() {
                let known = first.entry(counter.target.clone()).or_insert(*at);
                *known = (*known).min(*at);
            }
        }
        let mut last: HashMap<Target, Moment> = HashMap::new();
        for counter in &self.total {
            if let Some((at, _)) = counter.samples.last() {
                let known = last.entry(counter.target.clone()).or_insert(*at);
                *known = (*known).max(*at);
            }
        }
        let newest = last.values().copied().max();
        Scrapes { first, last, newest, lacks_earlier: self.lacks_earlier }
    }

    fn remark(&self, counts: Part, unplaced: u64, (silent, instances): (usize, usize)) -> Option<String> {
        // A counter that appears with its first event cannot be told from a misspelt one.
        let misspelt =
            || format!("no counter of {} was seen; if there were any, the selector is misspelt", counts.label());
        let lost = || {
            format!(
                "counters came back without a sample of before, with up to {unplaced} events that nobody can place: they count in no step"
            )
        };
        let late = || {
            format!("{silent} of {instances} instances went silent; samples of theirs that come late count in no step")
        };
        let says = [self.part.is_empty().then(misspelt), (unplaced > 0).then(lost), (silent > 0).then(late)];
        let says: Vec<String> = says.into_iter().flatten().collect();
        (!says.is_empty()).then(|| says.join("; "))
    }

    fn seen(&self, scrapes: &Scrapes, counts: Part, step: Interval) -> Result<Seen, Unknown> {
        let before = Interval::lasting(step.start().plus_micros(-step.ms() * 1_000), step.ms());
        scrapes.all_came(step, before)?;
        let scraped = self.scraped_in(before);
        // A counter that comes back after nobody was scraped holds what happened meanwhile, too.
        if scraped.is_empty() {
            return Err(unscraped(before));
        }
        if !self.total.iter().any(|counter| !counter.within(step).is_empty()) {
            return Err(unscraped(step));
        }
        let grown = |counters: &[Counter]| grown(counters, step, scrapes, &scraped).map_err(Unknown::Lacks);
        let (part, total) = (grown(&self.part)?, grown(&self.total)?);
        let rest = total.events.checked_sub(part.events).ok_or_else(|| {
            Unknown::Lacks(format!(
                "{} {} were counted among {} from {}: the selectors do not belong together",
                part.events,
                counts.label(),
                total.events,
                step.start().rfc3339()
            ))
        })?;
        let counts = match counts {
            Part::Good => Counts { good: part.events, bad: rest },
            Part::Bad => Counts { good: rest, bad: part.events },
        };
        Ok(Seen { counts, unplaced: part.unplaced.max(total.unplaced) })
    }

    /// Whose counters of all events have a sample there.
    fn scraped_in(&self, stretch: Interval) -> HashSet<&Target> {
        let there = self.total.iter().filter(|counter| !counter.within(stretch).is_empty());
        there.map(|counter| &counter.target).collect()
    }
}

impl Scrapes {
    /// Samples of a step may still come while nobody has one after its end: what they bring would be
    /// in no step, since the next one begins from the last sample before it. Whoever was scraped until
    /// now is waited for as long as a scrape takes, by the clock of the samples themselves.
    fn all_came(&self, step: Interval, before: Interval) -> Result<(), Unknown> {
        let Some(newest) = self.newest else { return Err(unscraped(step)) };
        let is_late = |last: &Moment| before.start() < *last && *last <= step.end();
        let is_young = newest < step.end().plus_micros(delay_ms(step.ms()) * 1_000);
        if newest <= step.end() || (is_young && self.last.values().any(is_late)) {
            return Err(Unknown::Waits(format!("no samples have come from after {}", step.end().rfc3339())));
        }
        Ok(())
    }

    /// Who was scraped until this step or the one before it, and then not for a whole step, while others
    /// were. Nobody can tell whoever is gone from whoever's samples come late.
    fn silent_after(&self, step: Interval) -> impl Iterator<Item = &Target> {
        let micros = step.ms() * 1_000;
        let until = step.end().min(self.newest.unwrap_or(step.start()).plus_micros(-micros));
        let is_silent = move |last: Moment| step.start().plus_micros(-micros) < last && last <= until;
        self.last.iter().filter(move |(_, last)| is_silent(**last)).map(|(target, _)| target)
    }
}

fn unscraped(stretch: Interval) -> Unknown {
    Unknown::Lacks(format!(
        "no counter of all events has a sample from {} to {}",
        stretch.start().rfc3339(),
        stretch.end().rfc3339()
    ))
}

fn grown(
    counters: &[Counter],
    step: Interval,
    scrapes: &Scrapes,
    scraped: &HashSet<&Target>,
) -> Result<Growth, String> {
    let mut all = Growth::default();
    let mut newcomers = 0;
    for counter in counters.iter().filter(|counter| !counter.within(step).is_empty()) {
        let made_by_a_rule = counter.target.0.is_empty() && counter.target.1.is_empty();
        let began_at_nothing = !made_by_a_rule && scraped.contains(&counter.target);
        let one = counter.grown(step, began_at_nothing)?;
        all.events = all.events.checked_add(one.events).ok_or("too many events for one step")?;
        newcomers += u64::from(one.unplaced > 0);
        // Of a target nobody ever saw there is nothing to miss: it has just begun.
        if scrapes.first.get(&counter.target).is_some_and(|first| *first <= step.start()) {
            all.unplaced = all.unplaced.saturating_add(one.unplaced);
        }
    }
    if scrapes.lacks_earlier && newcomers > 0 {
        return Err(format!(
            "nobody can say what {newcomers} of the counters held before {}: the answer to that is too large",
            step.start().rfc3339()
        ));
    }
    Ok(all)
}

impl Counter {
    /// Samples after the beginning of a stretch, up to its end.
    fn within(&self, stretch: Interval) -> &[(Moment, f64)] {
        &self.samples[self.up_to(stretch.start())..self.up_to(stretch.end())]
    }

    /// How many samples there are until then.
    fn up_to(&self, moment: Moment) -> usize {
        self.samples.partition_point(|(at, _)| *at <= moment)
    }

    /// How much it grew from the last sample before the step to the last one in it. After a restart it
    /// begins at nothing. A counter that is new where its target was scraped before began at nothing,
    /// too; where it was not, nobody knows what it held, and it counts from its first sample on.
    fn grown(&self, step: Interval, began_at_nothing: bool) -> Result<Growth, String> {
        let earlier = self.samples[..self.up_to(step.start())].last();
        let mut before = match earlier {
            Some(sample) => Some(whole(*sample)?),
            None => began_at_nothing.then_some(0),
        };
        let mut grown = Growth::default();
        for sample in self.within(step) {
            let value = whole(*sample)?;
            match before {
                Some(before) if value >= before => grown.events += value - before,
                Some(_) => grown.events += value,
                None => grown.unplaced = value,
            }
            before = Some(value);
        }
        Ok(grown)
    }
}

/// A counter's value as a number of events.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only what fits is cast")]
fn whole((at, value): (Moment, f64)) -> Result<u64, String> {
    if (0.0..=WHOLE_MAX).contains(&value) && value.fract() == 0.0 {
        return Ok(value as u64);
    }
    Err(format!("a counter says {value} at {}, which is no number of events", at.rfc3339()))
}

#[cfg(test)]
mod tests;
