//! A plan as labelled lines that people read: on its page, and beside another revision's.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    plan::{Check, Context, Count, Expect, Harsher, Identity, Param, Plan, Selector, Signal, SignalAlert, Step},
    probes::Probes,
    spans,
    units::plain,
};
use crate::slos::share::Share;

/// The key of the line that holds the automation, which pages fold away.
pub const AUTOMATION: &str = "automation";

/// One thing a plan says. What it does not say has no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Names the same thing in every plan: `fault.duration`, `checks.alert-gap.during.max`.
    pub key: String,
    pub label: String,
    /// May hold several lines of text.
    pub value: String,
}

/// A plan in words, identity and context apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanWords {
    pub identity: Vec<Line>,
    pub context: Vec<Line>,
}

/// One field that two plans say differently; a missing side says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct FieldChange {
    pub key: String,
    pub label: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Everything a plan says, in the order of the form.
pub fn words(plan: &Plan) -> PlanWords {
    PlanWords { identity: identity(&plan.identity), context: context(&plan.context) }
}

/// What differs, in the order of the later lines; what went away comes last.
pub fn changes(before: &[Line], after: &[Line]) -> Vec<FieldChange> {
    let mut left: BTreeMap<&str, &Line> = before.iter().map(|line| (line.key.as_str(), line)).collect();
    let mut changes = Vec::new();
    for line in after {
        let was = left.remove(line.key.as_str()).map(|was| was.value.clone());
        if was.as_ref() != Some(&line.value) {
            changes.push(FieldChange {
                key: line.key.clone(),
                label: line.label.clone(),
                before: was,
                after: Some(line.value.clone()),
            });
        }
    }
    let gone = before.iter().filter(|line| left.contains_key(line.key.as_str()));
    changes.extend(gone.map(|line| FieldChange {
        key: line.key.clone(),
        label: line.label.clone(),
        before: Some(line.value.clone()),
        after: None,
    }));
    changes
}

#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn say(&mut self, key: impl Into<String>, label: impl Into<String>, value: impl Into<String>) {
        self.0.push(Line { key: key.into(), label: label.into(), value: value.into() });
    }

    fn maybe(&mut self, key: &str, label: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.say(key, label, value.to_string());
        }
    }

    fn span(&mut self, key: &str, label: &str, before: &str, ms: Option<i64>) {
        self.maybe(key, label, ms.map(|ms| format!("{before}{}", spans::written(ms))));
    }

    fn probes(&mut self, probes: &Probes) {
        let Probes { address, credential, every_ms, measures, conditions } = probes;
        let with = credential.as_ref().map(|name| format!(" with {name}")).unwrap_or_default();
        let every = spans::written(*every_ms);
        self.say("prometheus", "Measured by Prometheus", format!("{address}{with}, every {every} while a run goes on"));
        for probe in measures {
            self.say(format!("probes.{}", probe.measure), format!("Query of {}", probe.measure), probe.words());
        }
        for probe in conditions {
            let label = format!("Abort when {}", probe.condition);
            self.say(format!("abort_probes.{}", probe.condition), label, probe.words());
        }
    }

    fn list(&mut self, key: &str, label: &str, separator: &str, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values.into_iter().collect();
        if !values.is_empty() {
            self.say(key, label, values.join(separator));
        }
    }
}

/// What makes an experiment the same or another one, in the order of the form.
pub fn identity(identity: &Identity) -> Vec<Line> {
    // Without `..` on purpose: a new field must get its words here.
    let Identity { services, environment, fault, target, method, load, checks, signals, recovery_ms } = identity;
    let mut lines = Lines::default();
    lines.list("services", "Services", ", ", services.iter().map(ToString::to_string));
    lines.maybe("environment", "Environment", environment.as_ref());
    if let Some(fault) = fault {
        lines.say("fault", "Fault", fault.kind.to_string());
        lines.span("fault.duration", "Fault lasts", "", fault.duration_ms);
        for (name, param) in &fault.params {
            lines.say(format!("fault.params.{name}"), format!("Fault, {name}"), param_words(param));
        }
    }
    if let Some(target) = target {
        lines.say("target", "May be hit", selector_words(&target.selector));
        lines.say("target.pick", "Picked", target.pick.clone());
        lines.say("target.count", "How many", amount_words(target.count, &target.unit));
        lines.say("target.at_once", "At once", count_words(target.at_once));
    }
    for (n, step) in method.iter().enumerate() {
        lines.say(format!("method.{n}"), format!("Step {}", n + 1), step_words(step));
    }
    lines.maybe("load", "Load", load.as_ref().map(|load| format!("{}, {} per second", load.kind, plain(load.rate))));
    for check in checks {
        let key = format!("checks.{}.{}.{}", check.key.measure, check.key.phase.word(), check.key.aggregate.word());
        lines.say(key, check_label(check), check_words(check));
    }
    for signal in signals {
        lines.say(format!("signals.{}", signal.signal), format!("Signal {}", signal.signal), signal_words(signal));
    }
    lines.span("recovery", "Recovery", "all after-checks hold again within ", *recovery_ms);
    lines.0
}

fn context(context: &Context) -> Vec<Line> {
    // Without `..` on purpose: a new field must get its words here.
    let Context {
        title,
        question,
        hypothesis,
        abort_conditions,
        alerts,
        revert,
        worst_case,
        links,
        notes,
        required_passes,
        freshness_days,
        relevant_changes,
        automation,
        exit_codes,
        probes,
    } = context;
    let mut lines = Lines::default();
    lines.say("title", "Title", title.to_string());
    lines.maybe("question", "Question", question.as_ref());
    lines.maybe("if_fault", "If", hypothesis.fault.as_ref());
    lines.maybe("then_behaviour", "Then", hypothesis.behaviour.as_ref());
    lines.maybe("because_safeguard", "Because", hypothesis.safeguard.as_ref());
    lines.list("abort_conditions", "Abort conditions", "\n", abort_conditions.iter().map(ToString::to_string));
    if let Some(probes) = probes {
        lines.probes(probes);
    }
    for SignalAlert { signal, alert } in alerts {
        lines.say(format!("alerts.{signal}"), format!("Signal {signal} is told by"), alert.to_string());
    }
    lines.maybe("revert_procedure", "Revert procedure", revert.procedure.as_ref());
    lines.maybe("revert_owner", "Revert owner", revert.owner.as_ref());
    lines.span("revert_deadline", "Revert deadline", "", revert.deadline_ms);
    lines.maybe("affected_share", "Affected at most", worst_case.affected.map(Share::words));
    lines.maybe("failing_share", "Of these failing at most", worst_case.failing.map(Share::words));
    lines.maybe("traffic", "Traffic", worst_case.per_second.map(|events| format!("at most {events} a second")));
    lines.span("detect_within", "Noticed", "within ", worst_case.detect_ms);
    lines.say("required_passes", "Required passes", required_passes.to_string());
    lines.say("freshness_days", "Fresh for", days_words(*freshness_days));
    lines.list(
        "relevant_changes",
        "Changes that make passes stale",
        ", ",
        relevant_changes.iter().map(|kind| kind.label().to_owned()),
    );
    lines.list("links", "Links", "\n", links.iter().map(ToString::to_string));
    lines.maybe("notes", "Notes", notes.as_ref());
    lines.list("exit_codes", "Exit codes of the command", "\n", exit_codes.iter().map(ToString::to_string));
    lines.maybe(AUTOMATION, "How Chaos Toolkit does it", automation.as_ref());
    lines.0
}

fn days_words(days: u32) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

fn param_words(param: &Param) -> String {
    match param.harsher {
        None => param.value.clone(),
        Some(Harsher::Up) => format!("{}, harsher when larger", param.value),
        Some(Harsher::Down) => format!("{}, harsher when smaller", param.value),
    }
}

/// "those matching role=zookeeper", "zk-1, zk-2".
pub fn selector_words(selector: &Selector) -> String {
    match selector {
        Selector::Matching(expression) => format!("those matching {expression}"),
        Selector::Names(names) => names.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// "1", "all".
pub fn count_words(count: Count) -> String {
    match count {
        Count::Number(number) => number.to_string(),
        Count::All => "all".into(),
    }
}

/// "1 instance", "all instances"; a unit that is no word stays as it is.
pub(crate) fn amount_words(count: Count, unit: &str) -> String {
    let is_word = unit.ends_with(|c: char| c.is_alphabetic() && c != 's');
    let plural = if is_word && count != Count::Number(1) { "s" } else { "" };
    format!("{} {unit}{plural}", count_words(count))
}

fn step_words(step: &Step) -> String {
    let args = step.args.iter().map(|(name, value)| format!("{name}={value}"));
    std::iter::once(step.op.clone()).chain(args).collect::<Vec<_>>().join("\n")
}

/// The same in one line: "restart (signal=TERM)".
pub fn step_line(step: &Step) -> String {
    let args: Vec<String> = step.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if args.is_empty() { step.op.clone() } else { format!("{} ({})", step.op, args.join(", ")) }
}

/// "alert-gap, during, largest".
pub fn check_label(check: &Check) -> String {
    format!("{}, {}, {}", check.key.measure, check.key.phase.word(), check.key.aggregate.label())
}

/// "≤ 60 s over 15 min".
pub fn check_words(check: &Check) -> String {
    let allowed = check.allowed.words(check.unit.as_deref());
    match check.window_ms {
        Some(ms) => format!("{allowed} over {}", spans::written(ms)),
        None => allowed,
    }
}

/// "fires within 2 min", "stays silent for 5 min".
pub fn signal_words(signal: &Signal) -> String {
    match signal.expect {
        Expect::Fire { within_ms } => format!("fires within {}", spans::written(within_ms)),
        Expect::Silent { for_ms } => format!("stays silent for {}", spans::written(for_ms)),
    }
}

/// How much is hit, in one clause: "1 instance, one at a time".
pub fn blast_words(plan: &Plan) -> Option<String> {
    let target = plan.identity.target.as_ref()?;
    let at_once = match target.at_once {
        Count::Number(1) => "one at a time".to_owned(),
        Count::Number(number) => format!("{number} at once"),
        Count::All => "all at once".to_owned(),
    };
    Some(format!("{}, {at_once}", amount_words(target.count, &target.unit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::draft::{CheckRow, ConditionRow, Draft, ParamRow, ProbeRow, SignalRow, StepRow};

    fn draft() -> Draft {
        Draft {
            title: "Restart one ZooKeeper".into(),
            if_fault: "one ZooKeeper restarts".into(),
            services: vec!["zookeeper".into()],
            environment: "production".into(),
            fault_kind: "network-delay".into(),
            fault_duration: "5 min".into(),
            fault_params: vec![ParamRow { name: "delay".into(), value: "200 ms".into(), harsher: "up".into() }],
            selector: "role=zookeeper".into(),
            method: vec![StepRow { op: "restart".into(), args: "signal=TERM".into() }],
            load_kind: "orders".into(),
            load_rate: "200".into(),
            checks: vec![CheckRow {
                measure: "alert-gap".into(),
                phase: "during".into(),
                aggregate: "max".into(),
                comparator: "<=".into(),
                threshold: "60".into(),
                unit: "s".into(),
                window: "15 min".into(),
                ..CheckRow::default()
            }],
            signals: vec![SignalRow {
                signal: "zookeeper-down".into(),
                expect: "fire".into(),
                time: "2 min".into(),
                alert: "ZooKeeperDown".into(),
            }],
            recovery: "5 min".into(),
            abort_conditions: "error rate above 1 %\nsomebody is worried".into(),
            revert_deadline: "90 s".into(),
            exit_codes: "3: inconclusive\n0 = upheld".into(),
            prometheus: "https://prometheus.example.org".into(),
            prometheus_credential: "metrics".into(),
            probes: vec![ProbeRow { measure: "alert-gap".into(), query: "gap_seconds".into(), unit: String::new() }],
            abort_probes: vec![ConditionRow {
                condition: "orders fail".into(),
                query: "failing".into(),
                comparator: ">".into(),
                threshold: "5".into(),
                lasting: "30 s".into(),
                aborts: "on".into(),
                ..ConditionRow::default()
            }],
            ..Draft::default()
        }
    }

    fn spelled(lines: &[Line]) -> Vec<String> {
        lines.iter().map(|line| format!("{}: {}", line.label, line.value.replace('\n', " | "))).collect()
    }

    #[test]
    fn a_plan_reads_like_this() {
        let words = words(&draft().check().unwrap());
        assert_eq!(
            spelled(&words.identity),
            [
                "Services: zookeeper",
                "Environment: production",
                "Fault: network-delay",
                "Fault lasts: 5 min",
                "Fault, delay: 0.2 s, harsher when larger",
                "May be hit: those matching role=zookeeper",
                "Picked: random",
                "How many: 1 instance",
                "At once: 1",
                "Step 1: restart | signal=TERM",
                "Load: orders, 200 per second",
                "alert-gap, during, largest: ≤ 60 s over 15 min",
                "Signal zookeeper-down: fires within 2 min",
                "Recovery: all after-checks hold again within 5 min",
            ]
        );
        assert_eq!(
            spelled(&words.context),
            [
                "Title: Restart one ZooKeeper",
                "If: one ZooKeeper restarts",
                "Abort conditions: error rate above 1 % | somebody is worried",
                "Measured by Prometheus: https://prometheus.example.org with metrics, every 15 s while a run goes on",
                "Query of alert-gap: gap_seconds, in s",
                "Abort when orders fail: > 5 for 30 s; aborts the run by itself | failing",
                "Signal zookeeper-down is told by: alertname=\"ZooKeeperDown\"",
                "Revert deadline: 1 min 30 s",
                "Required passes: 1",
                "Fresh for: 30 days",
                "Changes that make passes stale: Deploy, Configuration push, Version change, Topology change",
                "Exit codes of the command: 0 = upheld | 3 = inconclusive",
            ]
        );
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let before = words(&draft().check().unwrap());
        let mut later = Draft { fault_duration: String::new(), question: "What if?".into(), ..draft() };
        later.checks[0].threshold = "30".into();
        let after = words(&later.check().unwrap());
        let spelled = |changes: Vec<FieldChange>| -> Vec<(String, String, String)> {
            changes
                .into_iter()
                .map(|change| (change.label, change.before.unwrap_or_default(), change.after.unwrap_or_default()))
                .collect()
        };
        let change = |label: &str, before: &str, after: &str| (label.to_owned(), before.to_owned(), after.to_owned());
        assert_eq!(
            spelled(changes(&before.identity, &after.identity)),
            [
                change("alert-gap, during, largest", "≤ 60 s over 15 min", "≤ 30 s over 15 min"),
                change("Fault lasts", "5 min", "")
            ]
        );
        assert_eq!(spelled(changes(&before.context, &after.context)), [change("Question", "", "What if?")]);
        assert_eq!(changes(&after.identity, &after.identity), []);
    }

    #[test]
    fn how_much_is_hit_is_one_clause() {
        let blast = |draft: Draft| blast_words(&draft.check().unwrap());
        assert_eq!(blast(draft()).as_deref(), Some("1 instance, one at a time"));
        assert_eq!(
            blast(Draft { count: "all".into(), at_once: "2".into(), ..draft() }).as_deref(),
            Some("all instances, 2 at once")
        );
        assert_eq!(blast(Draft { selector: String::new(), ..draft() }), None);
    }
}
