//! The book of one quarter.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use super::costs::{aside, cost, hull};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    findings::{self, Finding, Severity},
    id::{RunId, SloId},
    interval::Interval,
    ledger::{Booked, Cost, booked, quarter::Quarter, was_in_force},
    limits::LEDGER_RUNS_MAX,
    runs::{self, Run, acts::Row, facts::RunFacts},
    slos::{
        self,
        budget::Budget,
        counting::counted,
        kept::Kept,
        measurements::Series,
        ratio::Ratio,
        spend::{looked_at, together},
        worst_case::Extent,
    },
    text::Slug,
    time::Moment,
};

/// All runs that began in a quarter, the newest first, and what they cost together. Runs of the sample
/// are no runs of this notebook.
pub struct Ledger {
    pub quarter: Quarter,
    pub entries: Vec<Entry>,
    /// One for each SLO that a run was on, by id.
    pub totals: Vec<Total>,
    /// Older runs of the quarter are not in here, since there are too many.
    pub is_cut: bool,
}

/// One run.
pub struct Entry {
    pub run: Row,
    pub services: BTreeSet<Slug>,
    /// None while no fault began.
    pub booked: Option<Booked>,
    pub costs: Vec<Cost>,
    /// What it has shown, oldest first, without duplicates and what was ruled to be no finding.
    pub findings: Vec<Finding>,
}

/// What all runs of the quarter cost one SLO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub slo: SloId,
    pub title: String,
    pub runs: usize,
    pub bad: Extent<u64>,
    /// How many bad events its target allows of all that was measured in the quarter so far; None if
    /// nothing was, and where older runs are not in here: what all runs cost nobody knows then.
    pub allowed: Option<Ratio>,
}

impl Ledger {
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.entries.iter().flat_map(|entry| &entry.findings)
    }

    /// Findings of high or critical severity.
    pub fn severe(&self) -> usize {
        self.findings().filter(|finding| matches!(finding.severity, Severity::High | Severity::Critical)).count()
    }
}

/// The book of a quarter. Reads the measurements of the quarter of each SLO that a run was on, and a
/// statement for each run and each finding.
pub async fn quarter(desk: &Desk, quarter: Quarter) -> Result<Ledger> {
    newest(desk, quarter, LEDGER_RUNS_MAX).await
}

/// The same with at most so many runs.
pub async fn newest(desk: &Desk, quarter: Quarter, most: i64) -> Result<Ledger> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let within = quarter.interval();
    let mut runs = runs::acts::started_within(&mut tx, within, most.saturating_add(1)).await?;
    let rows = usize::try_from(most).unwrap_or(usize::MAX);
    let is_cut = runs.len() > rows;
    runs.truncate(rows);
    let mut found = found(&mut tx, within).await?;
    let told = runs::acts::facts_of(&mut tx, &runs).await?;
    let charged = charged(desk, &mut tx, &told).await?;
    let mut entries: Vec<Entry> = told.into_iter().map(|(run, facts)| entry(desk, run, &facts, &mut found)).collect();
    let mut totals = Vec::new();
    for (kept, places) in charged.values() {
        let total = book(desk, &mut tx, kept, places, within, &mut entries).await?;
        totals.push(Total { allowed: total.allowed.filter(|_| !is_cut), ..total });
    }
    Ok(Ledger { quarter, entries, totals, is_cut })
}

/// What runs of a stretch of time have shown, as far as it stands for itself.
async fn found(tx: &mut Tx, within: Interval) -> Result<BTreeMap<RunId, Vec<Finding>>> {
    let mut found: BTreeMap<RunId, Vec<Finding>> = BTreeMap::new();
    for finding in findings::acts::of_runs(tx, within).await? {
        let Some(origin) = finding.origin else { continue };
        let (_, trail) = findings::acts::trail(tx, finding.id).await?;
        let rulings = findings::rulings(&trail);
        if rulings.duplicate_of.is_none() && rulings.not_a_finding.is_none() {
            found.entry(origin).or_default().push(finding);
        }
    }
    Ok(found)
}

/// Which runs an SLO is charged with, by their place in the list.
type Charged = BTreeMap<SloId, (Kept, Vec<usize>)>;

async fn charged(desk: &Desk, tx: &mut Tx, told: &[(Run, RunFacts)]) -> Result<Charged> {
    let mut charged = Charged::new();
    let mut known: BTreeMap<(BTreeSet<Slug>, Slug), Vec<Kept>> = BTreeMap::new();
    for (place, (run, facts)) in told.iter().enumerate() {
        let Some(booked) = booked(facts, run.created_at, desk.now()) else { continue };
        let promised = match known.entry((facts.identity.services.clone(), run.environment.clone())) {
            btree_map::Entry::Occupied(place) => place.into_mut(),
            btree_map::Entry::Vacant(place) => {
                let (services, environment) = place.key();
                let promised = slos::acts::ever_promised(tx, services, environment).await?;
                place.insert(promised)
            }
        };
        for kept in promised.iter().filter(|kept| was_in_force(kept, booked.during)) {
            charged.entry(kept.id).or_insert_with(|| (kept.clone(), Vec::new())).1.push(place);
        }
    }
    Ok(charged)
}

fn entry(desk: &Desk, run: Run, facts: &RunFacts, found: &mut BTreeMap<RunId, Vec<Finding>>) -> Entry {
    Entry {
        findings: found.remove(&run.id).unwrap_or_default(),
        booked: booked(facts, run.created_at, desk.now()),
        services: facts.identity.services.clone(),
        costs: Vec::new(),
        run: Row::new(run, facts),
    }
}

/// Writes what one SLO was charged with beside its runs, and adds it up.
async fn book(
    desk: &Desk,
    tx: &mut Tx,
    kept: &Kept,
    places: &[usize],
    within: Interval,
    entries: &mut [Entry],
) -> Result<Total> {
    let times = places.iter().filter_map(|place| entries[*place].booked).map(|booked| looked_at(booked.during));
    let around = hull(times.chain([within])).unwrap_or(within);
    let series = slos::acts::recorded(tx, kept.id, around).await?;
    let booked = places.iter().filter_map(|place| Some((*place, entries[*place].booked?)));
    let booked: Vec<(usize, Booked)> = booked.collect();
    let (promise, now) = (kept.clone(), desk.now());
    let added = move || {
        let cost = |(place, booked)| (place, cost(&promise, &series, booked));
        let costs: Vec<(usize, Cost)> = booked.into_iter().map(cost).collect();
        (costs, allowed(&promise, &series, within, now))
    };
    let (costs, allowed) = aside(added).await?;
    let total = Total {
        slo: kept.id,
        title: kept.in_force().name.to_string(),
        runs: costs.len(),
        bad: together(costs.iter().map(|(_, cost)| cost.spend.bad)),
        allowed,
    };
    for (place, cost) in costs {
        entries[place].costs.push(cost);
    }
    Ok(total)
}

fn allowed(kept: &Kept, series: &Series, within: Interval, now: Moment) -> Option<Ratio> {
    let slo = kept.in_force();
    let so_far = Interval::new(within.start(), within.end().min(now))?;
    let all = counted(series, slo.method, slo.measured_window(so_far));
    Budget::of(slo.target, all.counts).map(|budget| budget.allowed())
}
