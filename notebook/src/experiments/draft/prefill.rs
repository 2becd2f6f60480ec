//! What an edit form begins with: the plan as somebody would have typed it.

use super::{CheckRow, ConditionRow, Draft, ParamRow, ProbeRow, SignalRow, StepRow};
use crate::{
    experiments::{
        Revision, RevisionState,
        plan::{Check, Count, Expect, Harsher, Param, Plan, Selector, Signal, SignalAlert, Step},
        spans,
        units::plain,
    },
    slos::share::Share,
};

impl Draft {
    /// The draft that `check` makes into this plan again. Template, reason and version stay empty.
    pub fn from_plan(plan: &Plan) -> Self {
        let Plan { identity, context } = plan;
        let (fault, target, load) = (identity.fault.as_ref(), identity.target.as_ref(), identity.load.as_ref());
        let (selector_kind, selector) = target.map(|target| selector(&target.selector)).unwrap_or_default();
        let revert = &context.revert;
        let probes = context.probes.as_ref();
        let measures = probes.map_or(&[][..], |probes| probes.measures.as_slice());
        let conditions = probes.map_or(&[][..], |probes| probes.conditions.as_slice());
        Self {
            title: context.title.to_string(),
            question: text(context.question.as_ref()),
            if_fault: text(context.hypothesis.fault.as_ref()),
            then_behaviour: text(context.hypothesis.behaviour.as_ref()),
            because_safeguard: text(context.hypothesis.safeguard.as_ref()),
            services: identity.services.iter().map(ToString::to_string).collect(),
            environment: text(identity.environment.as_ref()),
            fault_kind: text(fault.map(|fault| &fault.kind)),
            fault_duration: span(fault.and_then(|fault| fault.duration_ms)),
            fault_params: fault.map(|fault| fault.params.iter().map(param).collect()).unwrap_or_default(),
            selector,
            selector_kind,
            pick: text(target.map(|target| &target.pick)),
            count: target.map(|target| count(target.count)).unwrap_or_default(),
            at_once: target.map(|target| count(target.at_once)).unwrap_or_default(),
            unit: text(target.map(|target| &target.unit)),
            method: identity.method.iter().map(step).collect(),
            load_kind: text(load.map(|load| &load.kind)),
            load_rate: load.map(|load| plain(load.rate)).unwrap_or_default(),
            checks: identity.checks.iter().map(check).collect(),
            signals: identity.signals.iter().map(|known| signal(known, &context.alerts)).collect(),
            recovery: span(identity.recovery_ms),
            abort_conditions: lines(&context.abort_conditions),
            revert_procedure: text(revert.procedure.as_ref()),
            revert_owner: text(revert.owner.as_ref()),
            revert_deadline: span(revert.deadline_ms),
            affected_share: text(context.worst_case.affected.map(Share::words).as_ref()),
            failing_share: text(context.worst_case.failing.map(Share::words).as_ref()),
            traffic: text(context.worst_case.per_second.as_ref()),
            detect_within: span(context.worst_case.detect_ms),
            required_passes: context.required_passes.to_string(),
            freshness_days: context.freshness_days.to_string(),
            relevant_changes: context.relevant_changes.iter().map(|kind| kind.word().to_owned()).collect(),
            links: lines(&context.links),
            notes: text(context.notes.as_ref()),
            automation: text(context.automation.as_ref()),
            exit_codes: lines(&context.exit_codes),
            prometheus: text(probes.map(|probes| &probes.address)),
            prometheus_credential: text(probes.and_then(|probes| probes.credential.as_ref())),
            probe_every: span(probes.map(|probes| probes.every_ms)),
            probes: measures.iter().map(ProbeRow::of).collect(),
            abort_probes: conditions.iter().map(ConditionRow::of).collect(),
            template: String::new(),
            reason: String::new(),
            version: String::new(),
        }
    }
}

impl Draft {
    /// What an edit form of this revision begins with. The reason of a revision that is only
    /// a draft goes on; a further revision gets its own.
    pub fn from_revision(revision: &Revision, version: i64) -> Self {
        let goes_on = revision.reason.as_ref().filter(|_| revision.state == RevisionState::Draft);
        Self { reason: text(goes_on), version: version.to_string(), ..Self::from_plan(&revision.plan) }
    }
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn lines(values: &[impl ToString]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn span(ms: Option<i64>) -> String {
    ms.map(spans::written).unwrap_or_default()
}

fn count(count: Count) -> String {
    match count {
        Count::Number(number) => number.to_string(),
        Count::All => "all".into(),
    }
}

fn selector(selector: &Selector) -> (String, String) {
    match selector {
        Selector::Matching(expression) => ("matching".into(), expression.clone()),
        Selector::Names(names) => ("names".into(), names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
    }
}

fn param((name, param): (&String, &Param)) -> ParamRow {
    let harsher = match param.harsher {
        Some(Harsher::Up) => "up",
        Some(Harsher::Down) => "down",
        None => "",
    };
    ParamRow { name: name.clone(), value: param.value.clone(), harsher: harsher.into() }
}

fn step(step: &Step) -> StepRow {
    let args: Vec<String> = step.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
    StepRow { op: step.op.clone(), args: args.join("\n") }
}

fn check(check: &Check) -> CheckRow {
    let (comparator, threshold, threshold_to) = check.allowed.written();
    CheckRow {
        measure: check.key.measure.to_string(),
        phase: check.key.phase.word().into(),
        aggregate: check.key.aggregate.word().into(),
        comparator: comparator.into(),
        threshold: threshold.unwrap_or_default(),
        threshold_to: threshold_to.unwrap_or_default(),
        unit: check.unit.clone().unwrap_or_default(),
        window: span(check.window_ms),
    }
}

fn signal(signal: &Signal, alerts: &[SignalAlert]) -> SignalRow {
    let (expect, time_ms) = match signal.expect {
        Expect::Fire { within_ms } => ("fire", within_ms),
        Expect::Silent { for_ms } => ("silent", for_ms),
    };
    let told = alerts.iter().find(|told| told.signal == signal.signal);
    SignalRow {
        signal: signal.signal.to_string(),
        expect: expect.into(),
        time: spans::written(time_ms),
        alert: text(told.map(|told| &told.alert)),
    }
}
