//! A finished run for tests of rules, and small tweaks that each change one thing in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rust_decimal::Decimal;

use super::facts::{
    AbortReason, CheckAnswer, Claimed, Deviation, Effect, Execution, Exercised, FixAnswer, Ruling, RunFacts, RunTarget,
    SignalAnswer, SignalSeen, ToolEnd, Verdict,
};
use crate::{
    actor::PersonId,
    experiments::plan::{
        Aggregate, Allowed, Check, CheckKey, Count, Expect, Fault, Identity, Measured, Phase, Selector, Signal, Step,
        Target,
    },
    id::{ExperimentId, FindingId, FixId, RunId},
    text::{Slug, Title},
    time::{MICROS_A_SECOND, Moment},
};

pub fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

pub fn title(text: &str) -> Title {
    Title::new(text).unwrap()
}

pub fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

/// Ten o'clock UTC on the given day; day 0 is 2 March 2026.
pub fn day(days: i64) -> Moment {
    Moment::parse("2026-03-02T10:00:00Z").unwrap().plus_days(days)
}

pub fn key(measure: &str, phase: Phase, aggregate: Aggregate) -> CheckKey {
    CheckKey { measure: title(measure), phase, aggregate }
}

/// The check of the product reference's test vector: alert-gap, during, largest.
pub fn gap() -> CheckKey {
    key("alert-gap", Phase::During, Aggregate::Max)
}

/// A check without unit and window.
pub fn check(measure: &str, phase: Phase, aggregate: Aggregate, allowed: Allowed) -> Check {
    Check { key: key(measure, phase, aggregate), allowed, unit: None, window_ms: None }
}

/// The identity of the product reference's test vector: restart one `ZooKeeper`, gap ≤ 60 s.
pub fn identity() -> Identity {
    Identity {
        services: BTreeSet::from([slug("zookeeper")]),
        environment: Some(slug("production")),
        fault: Some(Fault { kind: slug("process-restart"), params: BTreeMap::new(), duration_ms: None }),
        target: Some(Target {
            selector: Selector::Matching("role=zookeeper".into()),
            pick: "random".into(),
            count: Count::Number(1),
            at_once: Count::Number(1),
            unit: "instance".into(),
        }),
        method: vec![Step { op: "restart".into(), args: BTreeMap::new() }],
        load: None,
        checks: vec![Check {
            key: gap(),
            allowed: Allowed::AtMost(number("60")),
            unit: Some("s".into()),
            window_ms: Some(900_000),
        }],
        signals: vec![Signal { signal: title("zookeeper-down"), expect: Expect::Fire { within_ms: 120_000 } }],
        recovery_ms: Some(300_000),
    }
}

/// The same identity with another bound on alert-gap, in seconds.
pub fn identity_with_gap_at_most(seconds: &str) -> Identity {
    let mut identity = identity();
    identity.checks[0].allowed = Allowed::AtMost(number(seconds));
    identity
}

/// A finished, valid, upheld, signed and closed run on day 0: `zk-1`, the leader, was hit, the gap
/// was 38 s, telemetry agreed, the signal fired after 70 s, recovery took 4 minutes.
pub fn run(id: i64) -> RunFacts {
    let sample = RunFacts {
        id: RunId::of(id),
        experiment: ExperimentId::of(1),
        revision: 1,
        execution: Execution::Finished,
        identity: Arc::new(identity()),
        started: None,
        fault_started: None,
        fault_ended: None,
        ended: None,
        recovered: None,
        last_unmet: None,
        revert_failed: false,
        reached: Vec::new(),
        abort: None,
        abort_open: false,
        tool_end: Some(ToolEnd::Completed),
        exited: None,
        imported: None,
        amended: false,
        targets: ["zk-1", "zk-2", "zk-3", "zk-4", "zk-5"]
            .map(|name| RunTarget {
                name: title(name),
                role: Some(title("follower")),
                hit: false,
                effect: Effect::Unknown,
            })
            .to_vec(),
        checks: BTreeMap::new(),
        signals: BTreeMap::new(),
        steps: Vec::new(),
        deviations: Vec::new(),
        ruling: None,
        signed: Some(Verdict::Upheld),
        overruled: None,
        answers: Vec::new(),
        closed: true,
        runner: Some(PersonId(1)),
        attended: false,
        lacks: Vec::new(),
    };
    sample
        .at(day(0))
        .hitting(&["zk-1"])
        .in_role("zk-1", "leader")
        .measured(&gap(), "38")
        .claiming(&gap(), Claimed::Ok)
        .signalled("zookeeper-down", SignalSeen::Fired { lo_ms: 70_000, hi_ms: 70_000 })
}

/// Each takes the run and gives it back with one thing changed.
impl RunFacts {
    /// Its own plan, to change something in it.
    pub fn plan_mut(&mut self) -> &mut Identity {
        Arc::make_mut(&mut self.identity)
    }

    /// Starts then: fault a minute later for 2 minutes, recovered 4 minutes after, ended 10 minutes after the start.
    #[must_use]
    pub fn at(mut self, started: Moment) -> Self {
        self.started = Some(started);
        self.fault_started = Some(started.plus_minutes(1));
        self.fault_ended = Some(started.plus_minutes(3));
        self.recovered = Some(started.plus_minutes(7));
        self.ended = Some(started.plus_minutes(10));
        self
    }

    #[must_use]
    pub fn on_day(self, days: i64) -> Self {
        self.at(day(days))
    }

    /// Runs another plan; answers stay.
    #[must_use]
    pub fn planned_as(mut self, identity: Identity) -> Self {
        self.identity = Arc::new(identity);
        self
    }

    #[must_use]
    pub fn with_check(mut self, check: Check) -> Self {
        self.plan_mut().checks.push(check);
        self
    }

    #[must_use]
    pub fn with_signal(mut self, signal: &str, expect: Expect) -> Self {
        self.plan_mut().signals.push(Signal { signal: title(signal), expect });
        self
    }

    /// Exactly these targets are hit, and the fault took effect on them.
    #[must_use]
    pub fn hitting(mut self, names: &[&str]) -> Self {
        for target in &mut self.targets {
            target.hit = names.contains(&target.name.as_str());
            target.effect = if target.hit { Effect::Shown } else { Effect::Unknown };
        }
        self
    }

    #[must_use]
    pub fn with_effect(mut self, name: &str, effect: Effect) -> Self {
        for target in self.targets.iter_mut().filter(|target| target.name.as_str() == name) {
            target.effect = effect;
        }
        self
    }

    #[must_use]
    pub fn in_role(mut self, name: &str, role: &str) -> Self {
        for target in self.targets.iter_mut().filter(|target| target.name.as_str() == name) {
            target.role = Some(title(role));
        }
        self
    }

    /// What happened for a check; an earlier claim about it stays.
    #[must_use]
    pub fn happened(mut self, key: &CheckKey, happened: Measured) -> Self {
        let at = self.ended.unwrap_or(day(0));
        let answer = self.checks.entry(key.slot()).or_insert_with(|| CheckAnswer {
            key: key.clone(),
            happened,
            source: "synthetic check".into(),
            claimed: None,
            at,
        });
        answer.happened = happened;
        self
    }

    #[must_use]
    pub fn measured(self, key: &CheckKey, value: &str) -> Self {
        self.measured_within(key, value, value)
    }

    #[must_use]
    pub fn measured_within(self, key: &CheckKey, lo: &str, hi: &str) -> Self {
        self.happened(key, Measured::Within { lo: Some(number(lo)), hi: Some(number(hi)) })
    }

    /// Takes the answer for a check away.
    #[must_use]
    pub fn unanswered(mut self, key: &CheckKey) -> Self {
        self.checks.remove(&key.slot());
        self
    }

    /// Telemetry claimed this, from a source of its own.
    #[must_use]
    pub fn claiming(self, key: &CheckKey, claimed: Claimed) -> Self {
        self.claiming_from(key, claimed, "dashboard")
    }

    #[must_use]
    pub fn claiming_from(mut self, key: &CheckKey, claimed: Claimed, source: &str) -> Self {
        self.checks.get_mut(&key.slot()).unwrap().claimed = Some((claimed, source.into()));
        self
    }

    #[must_use]
    pub fn claiming_nothing(mut self, key: &CheckKey) -> Self {
        self.checks.get_mut(&key.slot()).unwrap().claimed = None;
        self
    }

    #[must_use]
    pub fn signalled(mut self, signal: &str, seen: SignalSeen) -> Self {
        self.signals.insert(signal.into(), SignalAnswer { signal: title(signal), seen, told: None });
        self
    }

    /// All after-checks held again so many seconds after the fault ended.
    #[must_use]
    pub fn recovered_after(mut self, seconds: i64) -> Self {
        self.recovered = self.fault_ended.map(|ended| ended.plus_micros(seconds * MICROS_A_SECOND));
        self
    }

    #[must_use]
    pub fn never_recovered(mut self) -> Self {
        self.recovered = None;
        self
    }

    #[must_use]
    pub fn revert_failing(mut self) -> Self {
        self.recovered = None;
        self.revert_failed = true;
        self
    }

    #[must_use]
    pub fn aborted(mut self, reason: AbortReason) -> Self {
        self.execution = Execution::Aborted;
        self.abort = Some(reason);
        self
    }

    /// Imported as aborted, with the reason still to be given.
    #[must_use]
    pub fn aborted_for_reasons_unknown(mut self) -> Self {
        self.execution = Execution::Aborted;
        self.abort_open = true;
        self
    }

    #[must_use]
    pub fn tool_broke(mut self) -> Self {
        self.tool_end = Some(ToolEnd::Broke);
        self
    }

    #[must_use]
    pub fn ruled(mut self, valid: bool) -> Self {
        self.ruling = Some(Ruling { valid, reason: "the restart command had silently failed".into(), by: PersonId(2) });
        self
    }

    /// Did something differently from the plan; nobody called it context.
    #[must_use]
    pub fn deviating(mut self) -> Self {
        let number = i64::try_from(self.deviations.len()).unwrap() + 1;
        self.deviations.push(Deviation { number, text: "restarted by hand".into(), is_context: false });
        self
    }

    #[must_use]
    pub fn answered(mut self, fix: FixId, finding: FindingId, exercised: Exercised) -> Self {
        self.answers.push(FixAnswer { fix, finding, exercised, reason: "seen on the graph".into() });
        self
    }

    #[must_use]
    pub fn lacking(mut self, fix: FixId) -> Self {
        self.lacks.push(fix);
        self
    }

    #[must_use]
    pub fn signed_as(mut self, verdict: Verdict) -> Self {
        self.signed = Some(verdict);
        self
    }

    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.signed = None;
        self
    }

    #[must_use]
    pub fn overruled_as(mut self, verdict: Verdict) -> Self {
        self.overruled = Some(verdict);
        self
    }

    #[must_use]
    pub fn not_closed(mut self) -> Self {
        self.closed = false;
        self
    }
}
