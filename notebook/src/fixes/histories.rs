//! Made-up histories of one fix of one finding: a plain description made of small numbers, the
//! facts the rule reads, and a generator that strays from the good case in every way it knows.

use super::{Deployment, FindingFacts, FixFacts, RelevantChange, Revealing, Yardstick};
use crate::{
    experiments::plan::{Allowed, Check, Count, Expect, Identity, Measured, Phase, Step},
    findings::{FindingKind, condition::Condition},
    id::{FindingId, FixId, RunId},
    runs::{
        facts::{AbortReason, Claimed, Effect, Execution, Exercised, RunFacts, SignalSeen},
        sample,
    },
    time::Moment,
};

pub const FIX: FixId = FixId::of(2);
pub const FINDING: FindingId = FindingId::of(2);
pub const TARGETS: [&str; 3] = ["zk-1", "zk-2", "zk-3"];

/// Times are quarters of a day.
pub const A_DAY: i64 = 4;

#[derive(Debug, Clone)]
pub struct History {
    pub gap: bool,
    pub reveals: Reveals,
    pub condition: Where,
    pub in_production: bool,
    pub origin_id: i64,
    pub origin_plan: Option<Plan>,
    pub required: u32,
    pub fresh_days: i64,
    pub current: Option<Plan>,
    pub withdrawn: bool,
    pub rollouts: Vec<Rollout>,
    pub changes: Vec<i64>,
    pub trials: Vec<Trial>,
    pub now: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reveals {
    Nothing,
    Check,
    Signal,
}

/// Names are places in `TARGETS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    Any,
    Names(Vec<usize>),
    Leader,
}

#[derive(Debug, Clone, Copy)]
pub struct Rollout {
    pub in_production: bool,
    pub at: i64,
    pub back: Option<i64>,
    pub sequence: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub in_production: bool,
    pub method: u8,
    pub targets: u32,
    pub recovery_s: i64,
    /// Largest gap allowed, in seconds; None looks at no gap.
    pub bound: Option<i64>,
    /// The signal fires within so many seconds; None expects none.
    pub within: Option<i64>,
}

pub const ORIGIN: Plan =
    Plan { in_production: true, method: 0, targets: 2, recovery_s: 300, bound: Some(60), within: Some(120) };

#[derive(Debug, Clone)]
pub struct Trial {
    pub id: i64,
    pub plan: Plan,
    pub start: Option<i64>,
    pub length: i64,
    pub trouble: Trouble,
    pub deviation: Option<bool>,
    pub hit: Vec<usize>,
    pub leader: usize,
    /// Ends of the measured gap.
    pub gap: Option<(i64, i64)>,
    pub claim: Option<bool>,
    pub same_source: bool,
    pub signal: Option<Heard>,
    pub answer: Option<Exercised>,
    pub closed: bool,
    pub lacks: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    ToolBrokeButRuledValid,
    RuledInvalid,
    ToolBroke,
    NoEffect,
    AbortedUnrelated,
    AbortReasonOpen,
    StillRunning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    After(i64),
    Never,
    NoData,
}

/// What the rule is asked about.
pub struct Asked {
    pub fix: FixFacts,
    pub finding: FindingFacts,
    pub runs: Vec<RunFacts>,
    pub changes: Vec<RelevantChange>,
    pub yardstick: Yardstick,
    pub now: Moment,
}

pub fn moment(quarter_days: i64) -> Moment {
    sample::day(0).plus_hours(quarter_days * 24 / A_DAY)
}

fn environment(in_production: bool) -> crate::text::Slug {
    sample::slug(if in_production { "production" } else { "staging" })
}

impl History {
    pub fn asked(&self) -> Asked {
        Asked {
            fix: self.fix(),
            finding: self.finding(),
            runs: self.trials.iter().map(Trial::facts).collect(),
            changes: self.changes.iter().zip(0..).map(|(at, sequence)| change(*at, sequence)).collect(),
            yardstick: Yardstick {
                required_passes: self.required,
                freshness_days: u32::try_from(self.fresh_days).unwrap(),
                current: self.current.map(Plan::identity),
            },
            now: moment(self.now),
        }
    }

    fn fix(&self) -> FixFacts {
        let deployment = |rollout: &Rollout| Deployment {
            environment: environment(rollout.in_production),
            at: moment(rollout.at),
            reference: "1.2".into(),
            rolled_back: rollout.back.map(moment),
            sequence: rollout.sequence,
        };
        FixFacts {
            id: FIX,
            withdrawn: self.withdrawn.then(|| moment(0)),
            deployments: self.rollouts.iter().map(deployment).collect(),
        }
    }

    fn finding(&self) -> FindingFacts {
        FindingFacts {
            id: FINDING,
            kind: if self.gap { FindingKind::TelemetryGap } else { FindingKind::Weakness },
            origin: Some(RunId::of(self.origin_id)),
            origin_identity: self.origin_plan.map(Plan::identity),
            revealing: match self.reveals {
                Reveals::Nothing => None,
                Reveals::Check => Some(Revealing::Check(sample::gap())),
                Reveals::Signal => Some(Revealing::Signal(sample::title("zookeeper-down"))),
            },
            condition: match &self.condition {
                Where::Any => Condition::Any,
                Where::Names(places) => {
                    Condition::Names(places.iter().map(|place| TARGETS[*place].to_owned()).collect())
                }
                Where::Leader => Condition::Role("leader".into()),
            },
            environment: environment(self.in_production),
        }
    }
}

fn change(at: i64, sequence: i64) -> RelevantChange {
    RelevantChange { words: "configuration push base role".into(), at: moment(at), sequence }
}

impl Plan {
    pub fn identity(self) -> Identity {
        let mut identity = sample::identity();
        identity.environment = Some(environment(self.in_production));
        identity.method =
            vec![Step { op: format!("restart-{}", self.method), args: std::collections::BTreeMap::new() }];
        if let Some(target) = &mut identity.target {
            target.count = Count::Number(self.targets);
        }
        identity.recovery_ms = Some(self.recovery_s * 1_000);
        match self.bound {
            Some(bound) => identity.checks[0].allowed = Allowed::AtMost(bound.into()),
            None => identity.checks.clear(),
        }
        // A second check that always holds, so that no plan is without one.
        identity.checks.push(errors());
        match self.within {
            Some(seconds) => identity.signals[0].expect = Expect::Fire { within_ms: seconds * 1_000 },
            None => identity.signals.clear(),
        }
        identity
    }
}

fn errors() -> Check {
    sample::check("errors", Phase::During, crate::experiments::plan::Aggregate::Sum, Allowed::AtMost(0.into()))
}

impl Trial {
    pub fn facts(&self) -> RunFacts {
        let mut run = sample::run(self.id).planned_as(self.plan.identity()).unanswered(&sample::gap());
        run.closed = self.closed;
        run.signals.clear();
        run = run.measured(&errors().key, "0");
        if let Some((lo, hi)) = self.gap {
            run = run.happened(&sample::gap(), Measured::Within { lo: Some(lo.into()), hi: Some(hi.into()) });
            if let Some(ok) = self.claim {
                let source = if self.same_source { "synthetic check" } else { "dashboard" };
                run = run.claiming_from(&sample::gap(), if ok { Claimed::Ok } else { Claimed::Failing }, source);
            }
        }
        if let Some(heard) = self.signal {
            let seen = match heard {
                Heard::After(seconds) => SignalSeen::Fired { lo_ms: seconds * 1_000, hi_ms: seconds * 1_000 },
                Heard::Never => SignalSeen::Silent,
                Heard::NoData => SignalSeen::NoData,
            };
            run = run.signalled("zookeeper-down", seen);
        }
        let hit: Vec<&str> = self.hit.iter().map(|place| TARGETS[*place]).collect();
        run = run.hitting(&hit).in_role("zk-1", "follower").in_role(TARGETS[self.leader], "leader");
        if let Some(is_context) = self.deviation {
            run = run.deviating();
            run.deviations[0].is_context = is_context;
        }
        // An answer about another finding must never be taken for this one.
        run = run.answered(FIX, FindingId::of(1), Exercised::Held).answered(FixId::of(1), FINDING, Exercised::Held);
        if let Some(exercised) = self.answer {
            run = run.answered(FIX, FINDING, exercised);
        }
        run.lacks = if self.lacks { vec![FIX] } else { vec![FixId::of(1)] };
        self.timed(self.troubled(run))
    }

    fn troubled(&self, run: RunFacts) -> RunFacts {
        match self.trouble {
            Trouble::None | Trouble::StillRunning => run,
            Trouble::ToolBrokeButRuledValid => run.tool_broke().ruled(true),
            Trouble::RuledInvalid => run.ruled(false),
            Trouble::ToolBroke => run.tool_broke(),
            Trouble::NoEffect => TARGETS.into_iter().fold(run, |run, name| run.with_effect(name, Effect::NotShown)),
            Trouble::AbortedUnrelated => run.aborted(AbortReason::Unrelated),
            Trouble::AbortReasonOpen => run.aborted_for_reasons_unknown(),
        }
    }

    fn timed(&self, run: RunFacts) -> RunFacts {
        let Some(start) = self.start else {
            return RunFacts { execution: Execution::Planned, started: None, ended: None, closed: false, ..run };
        };
        let run = run.at(moment(start));
        if self.trouble == Trouble::StillRunning {
            return RunFacts { execution: Execution::Running, ended: None, closed: false, ..run };
        }
        RunFacts { ended: Some(moment(start + self.length)), ..run }
    }
}

/// A small generator of numbers that are the same in every run of the tests.
pub struct Dice(u64);

impl Dice {
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to `sides` - 1. `SplitMix64`.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn time(&mut self, below: u64) -> i64 {
        i64::try_from(self.below(below)).unwrap()
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).unwrap()].clone()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, usize::try_from(self.below(last as u64 + 1)).unwrap());
        }
    }

    fn usually<T: Clone>(&mut self, percent: u64, usual: T, others: &[T]) -> T {
        if self.chance(percent) { usual } else { self.pick(others) }
    }

    pub fn history(&mut self) -> History {
        let gap = self.chance(20);
        let reveals = self.usually(70, Reveals::Check, &[Reveals::Signal, Reveals::Signal, Reveals::Nothing]);
        let names = self.pick(&[vec![0], vec![0, 1], vec![2]]);
        let origin_plan = self.origin_plan();
        let mut trials = vec![self.origin(origin_plan.unwrap_or(ORIGIN), gap)];
        for id in 2..2 + self.time(7) {
            let trial = self.trial(id, gap);
            trials.push(trial);
        }
        if self.chance(3) {
            trials.remove(0);
        }
        History {
            gap,
            reveals,
            condition: self.usually(50, Where::Any, &[Where::Names(names), Where::Leader]),
            in_production: self.chance(97),
            origin_id: 1,
            origin_plan,
            required: self.usually(60, 1, &[0, 2, 2, 3]),
            fresh_days: 1 + self.time(12),
            current: if self.chance(2) { None } else { Some(self.plan(80)) },
            withdrawn: self.chance(2),
            rollouts: (1..=self.usually(80, 1, &[0, 2, 3])).map(|sequence| self.rollout(sequence)).collect(),
            changes: (0..self.usually(60, 0, &[1, 1, 2, 3])).map(|_| self.time(60)).collect(),
            trials,
            now: 40 + self.time(60),
        }
    }

    fn rollout(&mut self, sequence: i64) -> Rollout {
        let at = self.time(20);
        let back = if self.chance(8) { Some(at + self.time(20)) } else { None };
        Rollout { in_production: self.chance(93), at, back, sequence }
    }

    fn origin_plan(&mut self) -> Option<Plan> {
        if self.chance(2) {
            return None;
        }
        Some(Plan {
            bound: self.usually(95, Some(60), &[None]),
            within: self.usually(95, Some(120), &[None]),
            ..ORIGIN
        })
    }

    fn origin(&mut self, plan: Plan, gap: bool) -> Trial {
        let start = if self.chance(95) { Some(-4) } else { Some(self.time(60)) };
        let measured = self.usually(80, Some((300, 600)), &[Some((20, 20)), None]);
        Trial { plan, start, gap: measured, answer: None, ..self.trial(1, gap) }
    }

    /// The origin's plan, or one that differs in one or two ways.
    fn plan(&mut self, usual_percent: u64) -> Plan {
        let mut plan = ORIGIN;
        if self.chance(usual_percent) {
            return plan;
        }
        for _ in 0..=self.below(2) {
            match self.below(12) {
                0..=2 => plan.bound = Some(30),
                3 | 4 => plan.bound = Some(600),
                5 => plan.bound = None,
                6 => plan.targets = self.pick(&[1, 3]),
                7 => plan.within = self.pick(&[Some(60), Some(240), None]),
                8 => plan.recovery_s = self.pick(&[200, 400]),
                9 => plan.method = 1,
                10 => plan.in_production = false,
                _ => {}
            }
        }
        plan
    }

    fn trial(&mut self, id: i64, gap: bool) -> Trial {
        let fails = self.chance(if gap { 75 } else { 18 });
        let measured = if fails {
            self.pick(&[(45, 45), (300, 300), (300, 600), (900, 900)])
        } else {
            self.usually(85, (20, 20), &[(45, 45), (45, 90)])
        };
        let truthful = !fails || measured == (45, 45);
        let others = [Trouble::ToolBrokeButRuledValid, Trouble::RuledInvalid, Trouble::ToolBroke, Trouble::NoEffect];
        let rarer = [Trouble::AbortedUnrelated, Trouble::AbortReasonOpen, Trouble::StillRunning];
        let trouble = self.usually(80, Trouble::None, &others);
        let answer = if fails && !gap { Exercised::Failed } else { Exercised::Held };
        Trial {
            id,
            plan: self.plan(65),
            start: if self.chance(98) { Some(self.time(60)) } else { None },
            length: 1 + self.time(8),
            trouble: self.usually(97, trouble, &rarer),
            deviation: self.usually(90, None, &[Some(true), Some(false)]),
            hit: self.pick(&[vec![0], vec![0, 1], vec![0, 1, 2], vec![0, 2], vec![1], vec![]]),
            leader: self.usually(70, 0, &[1, 2]),
            gap: self.usually(96, Some(measured), &[None]),
            claim: self.usually(90, Some(truthful), &[Some(!truthful), None]),
            same_source: self.chance(4),
            signal: self.usually(
                80,
                Some(Heard::After(70)),
                &[Some(Heard::After(200)), Some(Heard::Never), Some(Heard::NoData), None],
            ),
            answer: self.usually(
                85,
                Some(answer),
                &[None, Some(Exercised::Held), Some(Exercised::Failed), Some(Exercised::Not)],
            ),
            closed: self.chance(92),
            lacks: self.chance(4),
        }
    }
}
