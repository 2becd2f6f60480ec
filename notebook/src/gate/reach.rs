//! How far a run reaches: how long it takes, how much it hits at once and in all, and what that
//! can cost at most.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::past::Past;
use crate::{
    experiments::{
        plan::{Count, Identity, Phase, Plan, Step},
        spans,
        words::amount_words,
    },
    interval::Interval,
    services::Target,
    slos::{
        method::Method,
        ratio::Ratio,
        share::Share,
        worst_case::{Extent, Takes, Traffic, WorstCase},
    },
    text::{Slug, Title},
    time::Moment,
};

/// How many targets there are where a run would be, by what its services list. What the run lists for
/// itself is the word of whoever starts it, and would make its share of the whole as small as they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct There {
    /// Of how many a hit one is.
    pub of: usize,
    /// The most that "all" can be.
    pub all: usize,
}

/// Counted on the services that list what is hit; of several, the one with the fewest counts, of which
/// one is the greatest part. Until that is known, or if it is listed nowhere, it is the fewest of all.
pub fn there(listed: &[Target], hits: &[Title]) -> There {
    let mut by_service: BTreeMap<&Slug, BTreeSet<&Title>> = BTreeMap::new();
    for target in listed {
        by_service.entry(&target.service).or_default().insert(&target.name);
    }
    let own: Vec<&BTreeSet<&Title>> =
        by_service.values().filter(|names| hits.iter().any(|hit| names.contains(hit))).collect();
    let known = !hits.is_empty() && hits.iter().all(|hit| own.iter().any(|names| names.contains(hit)));
    if known {
        let all = own.iter().copied().flatten().collect::<BTreeSet<_>>().len();
        return There { of: own.iter().map(|names| names.len()).min().unwrap_or(0), all };
    }
    There { of: by_service.values().map(BTreeSet::len).min().unwrap_or(0), all: listed.len() }
}

/// How many of those that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "BlastRadius"))]
pub struct Radius {
    pub hit: u32,
    pub of: u32,
    /// e.g. `instance`.
    pub unit: String,
}

impl Radius {
    /// What the plan hits of so many targets; None if it names no target, or nobody listed any.
    pub fn of(plan: &Plan, there: usize) -> Option<Self> {
        let target = plan.identity.target.as_ref()?;
        let of = u32::try_from(there).ok().filter(|there| *there > 0)?;
        Some(Self { hit: number(target.count, of), of, unit: target.unit.clone() })
    }

    /// "1 of 5 instances". A plan can say more than there are.
    pub fn words(&self) -> String {
        let of = amount_words(Count::Number(self.of), &self.unit);
        if self.hit > self.of {
            format!("all {of}; the plan says {}", self.hit)
        } else {
            format!("{} of {of}", self.hit)
        }
    }

    /// The part of all; never more than that.
    fn share(&self) -> Option<Ratio> {
        Ratio::new(i128::from(self.hit.min(self.of)), i128::from(self.of))
    }
}

const fn number(count: Count, all: u32) -> u32 {
    match count {
        Count::Number(number) => number,
        Count::All => all,
    }
}

/// How many are hit at the same time, of so many that are there.
pub fn at_once(plan: &Plan, there: usize) -> Result<u32, String> {
    let Some(target) = &plan.identity.target else {
        return Err("the plan names no target".into());
    };
    match (target.at_once, u32::try_from(there)) {
        (Count::Number(number), _) => Ok(number),
        (Count::All, Ok(there)) if there > 0 => Ok(there),
        (Count::All, _) => Err("the plan hits all at once, and nobody listed how many there are".into()),
    }
}

/// From the start until the fault has ended and the revert's deadline has passed.
pub fn lasting(plan: &Plan, start: Moment) -> Interval {
    let said_ms = plan.identity.fault.as_ref().and_then(|fault| fault.duration_ms);
    let fault_ms = said_ms.unwrap_or_else(|| least_ms(&plan.identity));
    let revert_ms = plan.context.revert.deadline_ms.unwrap_or(0);
    Interval::lasting(start, fault_ms.saturating_add(revert_ms))
}

/// Where a plan does not say how long its fault lasts: as long as its checks watch it, and as its method
/// waits.
fn least_ms(identity: &Identity) -> i64 {
    let during = identity.checks.iter().filter(|check| check.key.phase == Phase::During);
    let watched = during.filter_map(|check| check.window_ms).max().unwrap_or(0);
    let waited = identity.method.iter().map(wait_ms).fold(0, i64::saturating_add);
    watched.max(waited)
}

/// "wait" with `seconds=300` or `for=5 min`; everything else takes no time that a plan tells of.
fn wait_ms(step: &Step) -> i64 {
    let waits = step.op.split(|c: char| !c.is_alphanumeric()).any(|word| ["wait", "sleep", "pause"].contains(&word));
    let length = |(name, value): (&String, &String)| match name.as_str() {
        "seconds" => spans::read_ms(&format!("{value} s")).ok(),
        "minutes" => spans::read_ms(&format!("{value} min")).ok(),
        _ => spans::read_ms(value).ok(),
    };
    if waits { step.args.iter().filter_map(length).max().unwrap_or(0) } else { 0 }
}

/// What a run of the plan can cost at most. What the plan does not say is taken from what is known:
/// the affected part from the targets, the traffic from the SLO's own measurements.
pub fn worst_case(plan: &Plan, radius: Option<&Radius>, measured: Option<Traffic>, past: &Past) -> WorstCase {
    let said = &plan.context.worst_case;
    let per_second = said.per_second.map(|events| Traffic { events, ms: 1_000 });
    WorstCase {
        affected: said.affected.map(Share::ratio).or_else(|| radius?.share()).map(Extent::exactly),
        failing: said.failing.map(Extent::exactly),
        traffic: per_second.or(measured),
        detect: Takes { planned_ms: said.detect_ms.map(Extent::exactly), measured_ms: past.detect_ms },
        revert: Takes { planned_ms: plan.context.revert.deadline_ms.map(Extent::exactly), measured_ms: past.revert_ms },
    }
}

/// The same in what the SLO counts, or a clause for all that is not known.
pub fn cost(worst: &WorstCase, method: Method) -> Result<u64, String> {
    let cost = match method {
        Method::Occurrences => worst.bad_events(),
        Method::TimeSlices(slices) => worst.bad_slices(slices.ms()),
    };
    cost.map_err(|unknown| unknown.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{Draft, draft::StepRow};

    /// The illustration of the product reference, but for the traffic.
    fn draft() -> Draft {
        Draft {
            title: "Restart one ZooKeeper".into(),
            services: vec!["zookeeper".into()],
            environment: "production".into(),
            fault_kind: "process-restart".into(),
            fault_duration: "1 min".into(),
            selector: "role=zookeeper".into(),
            failing_share: "100 %".into(),
            detect_within: "120 s".into(),
            revert_deadline: "300 s".into(),
            ..Draft::default()
        }
    }

    const BILLION: Traffic = Traffic { events: 1_000_000_000, ms: 28 * 86_400_000 };

    fn costs(draft: &Draft, there: usize, measured: Option<Traffic>, past: &Past) -> Result<u64, String> {
        let plan = draft.check().unwrap();
        cost(&worst_case(&plan, Radius::of(&plan, there).as_ref(), measured, past), Method::Occurrences)
    }

    #[test]
    fn one_of_five_instances_costs_a_fifth_of_the_traffic() {
        let plan = draft().check().unwrap();
        assert_eq!(Radius::of(&plan, 5).unwrap().words(), "1 of 5 instances");
        assert_eq!(Radius::of(&plan, 0), None);
        let seven = Draft { count: "7".into(), ..draft() }.check().unwrap();
        assert_eq!(Radius::of(&seven, 5).unwrap().words(), "all 5 instances; the plan says 7");
        assert_eq!(costs(&draft(), 5, Some(BILLION), &Past::default()), Ok(34_723));
    }

    #[test]
    fn what_the_plan_says_goes_before_what_is_counted() {
        let said = Draft { affected_share: "50 %".into(), traffic: "100".into(), ..draft() };
        assert_eq!(costs(&said, 5, Some(BILLION), &Past::default()), Ok(50 * 420));
        let slower = Past { revert_ms: Some(Extent::exactly(380_000)), ..Past::default() };
        assert_eq!(costs(&said, 5, Some(BILLION), &slower), Ok(50 * 500), "the revert took longer than planned");
    }

    #[test]
    fn what_nobody_knows_is_said_and_not_guessed() {
        let unsaid = Draft { failing_share: String::new(), detect_within: String::new(), ..draft() };
        let why = costs(&unsaid, 0, None, &Past::default()).unwrap_err();
        assert_eq!(why.split("; ").count(), 4, "{why}");
    }

    #[test]
    fn all_at_once_counts_what_is_there() {
        let plan = |at_once: &str| Draft { at_once: at_once.into(), ..draft() }.check().unwrap();
        assert_eq!(at_once(&plan("2"), 0), Ok(2));
        assert_eq!(at_once(&plan("all"), 5), Ok(5));
        assert!(at_once(&plan("all"), 0).is_err());
    }

    #[test]
    fn a_run_takes_its_fault_and_its_revert() {
        assert_eq!(lasting(&draft().check().unwrap(), Moment::from_micros(0)).ms(), 360_000);
    }

    #[test]
    fn a_plan_without_a_duration_lasts_as_long_as_it_watches_and_waits() {
        let minutes = |window: &str, args: &str| {
            let mut identity = crate::runs::sample::identity();
            identity.checks[0].window_ms = Some(spans::read_ms(window).unwrap());
            let step = Draft { method: vec![StepRow { op: "wait".into(), args: args.into() }], ..draft() };
            identity.method.extend(step.check().unwrap().identity.method);
            let plan = Plan { identity, ..draft().check().unwrap() };
            lasting(&plan, Moment::from_micros(0)).ms() / 60_000
        };
        // The plan of the product reference looks for 15 min; its revert may take 5.
        assert_eq!(minutes("15 min", "seconds=60"), 20);
        assert_eq!(minutes("15 min", "minutes=40"), 45);
        assert_eq!(minutes("1 min", "for=1 h 30 min"), 95);
        assert_eq!(minutes("15 min", "until=somebody comes"), 20);
    }

    #[test]
    fn whoever_lists_more_does_not_make_a_hit_smaller() {
        let target = |service: &str, name: String| Target {
            service: Slug::new(service).unwrap(),
            environment: Slug::new("production").unwrap(),
            name: Title::new(&name).unwrap(),
            role: None,
        };
        let five = (1..=5).map(|number| target("zookeeper", format!("zk-{number}")));
        let fifty = (1..=50).map(|number| target("kafka", format!("k-{number}")));
        let listed: Vec<Target> = five.chain(fifty).collect();
        let of = |hits: &[&str]| there(&listed, &hits.iter().map(|hit| Title::new(hit).unwrap()).collect::<Vec<_>>());
        assert_eq!(of(&["zk-1"]), There { of: 5, all: 5 });
        assert_eq!(of(&["k-7", "k-8"]), There { of: 50, all: 50 });
        assert_eq!(of(&["zk-1", "k-7"]), There { of: 5, all: 55 }, "one is a fifth of its own");
        assert_eq!(of(&[]), There { of: 5, all: 55 }, "nobody said which yet");
        assert_eq!(of(&["zk-1", "made-up"]), There { of: 5, all: 55 });
        assert_eq!(there(&[], &[Title::new("zk-1").unwrap()]), There { of: 0, all: 0 });
    }
}
