//! Four questions to begin with. Each is the draft of an experiment that lacks only what the
//! team alone knows: services, environment, targets and the way back.

use super::draft::{CheckRow, Draft, StepRow};

/// A question that becomes a hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its name in an address.
    pub key: &'static str,
    pub asks: &'static str,
    title: &'static str,
    if_fault: &'static str,
    then_behaviour: &'static str,
    because_safeguard: &'static str,
    fault_kind: &'static str,
    /// Operations with their arguments.
    method: &'static [(&'static str, &'static str)],
    /// What is looked at, and when.
    measures: &'static [Measure],
    recovery: &'static str,
}

/// A check of what is written down to begin from, with its phases; templates have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measure {
    pub name: &'static str,
    pub aggregate: &'static str,
    pub comparator: &'static str,
    pub threshold: &'static str,
    pub unit: &'static str,
    pub phases: &'static [&'static str],
}

const AVAILABLE: Measure = Measure {
    name: "requests failing",
    aggregate: "max",
    comparator: "<",
    threshold: "1",
    unit: "%",
    phases: &["before", "during", "after"],
};

/// Being reachable says nothing about being right: this is a check of its own, once the data is back.
const WHOLE: Measure = Measure {
    name: "records lost or changed",
    aggregate: "count",
    comparator: "=",
    threshold: "0",
    unit: "",
    phases: &["before", "after"],
};

const UNHARMED: Measure = Measure {
    name: "dependent services that stopped",
    aggregate: "max",
    comparator: "=",
    threshold: "0",
    unit: "",
    phases: &["before", "during", "after"],
};

/// In the order in which they are best asked.
pub const QUESTIONS: [Question; 4] = [
    Question {
        key: "unexpected-restart",
        asks: "What happens if one instance restarts unexpectedly?",
        title: "Restart one instance without warning",
        if_fault: "one instance is killed and starts again",
        then_behaviour: "fewer than 1 % of requests fail at any time",
        because_safeguard: "the other instances take over",
        fault_kind: "process-restart",
        method: &[("restart", "signal=KILL")],
        measures: &[AVAILABLE],
        recovery: "5 min",
    },
    Question {
        key: "integrity-after-restart",
        asks: "Is the data whole and consistent after a correct restart?",
        title: "Restart one instance correctly and compare its data",
        if_fault: "one instance is stopped and started in the correct order",
        then_behaviour: "every record from before the restart is there and matches its checksum",
        because_safeguard: "a write is on disk before it is acknowledged",
        fault_kind: "process-restart",
        method: &[("stop", "signal=TERM"), ("start", "")],
        measures: &[WHOLE],
        recovery: "15 min",
    },
    Question {
        key: "machine-loss",
        asks: "What happens if one machine is lost?",
        title: "Take one machine away",
        if_fault: "one machine is stopped and does not come back",
        then_behaviour: "fewer than 1 % of requests fail at any time",
        because_safeguard: "its work and its data have copies on other machines",
        fault_kind: "machine-loss",
        method: &[("stop machine", "")],
        measures: &[AVAILABLE],
        recovery: "15 min",
    },
    Question {
        key: "single-point",
        asks: "Which part is a single point of failure?",
        title: "Stop the only copy of a part",
        if_fault: "the only or the elected copy of a part is stopped",
        then_behaviour: "no service that depends on it stops",
        because_safeguard: "another copy takes over, or its users can wait for it",
        fault_kind: "process-stop",
        method: &[("stop", "signal=TERM")],
        measures: &[UNHARMED],
        recovery: "5 min",
    },
];

impl Question {
    /// The kind of its fault.
    pub const fn fault_kind(&self) -> &'static str {
        self.fault_kind
    }

    /// The question with this key.
    pub fn named(key: &str) -> Option<&'static Self> {
        QUESTIONS.iter().find(|question| question.key == key)
    }

    /// What a form that starts from this question begins with.
    pub fn draft(&self) -> Draft {
        Draft {
            title: self.title.into(),
            question: self.asks.into(),
            if_fault: self.if_fault.into(),
            then_behaviour: self.then_behaviour.into(),
            because_safeguard: self.because_safeguard.into(),
            fault_kind: self.fault_kind.into(),
            method: steps(self.method),
            checks: self.measures.iter().flat_map(Measure::rows).collect(),
            recovery: self.recovery.into(),
            ..Draft::default()
        }
    }
}

/// Operations with their arguments as rows of a form.
pub(crate) fn steps(method: &[(&str, &str)]) -> Vec<StepRow> {
    method.iter().map(|(op, args)| StepRow { op: (*op).into(), args: (*args).into() }).collect()
}

impl Measure {
    /// A row for each of its phases.
    pub(crate) fn rows(&self) -> impl Iterator<Item = CheckRow> {
        self.phases.iter().map(|phase| CheckRow {
            measure: self.name.into(),
            phase: (*phase).into(),
            aggregate: self.aggregate.into(),
            comparator: self.comparator.into(),
            threshold: self.threshold.into(),
            unit: self.unit.into(),
            ..CheckRow::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::missing_for_run;

    #[test]
    fn a_started_question_lacks_only_what_the_team_knows() {
        for question in &QUESTIONS {
            let draft = Draft { services: vec!["zookeeper".into()], ..question.draft() };
            let lacks: Vec<&str> =
                missing_for_run(&draft.check().unwrap()).into_iter().map(|lack| lack.field).collect();
            let expected = ["environment", "selector", "revert_procedure", "revert_owner", "revert_deadline"];
            assert_eq!(lacks, expected, "{}", question.key);
            assert_eq!(Question::named(question.key), Some(question));
        }
    }

    #[test]
    fn no_two_questions_are_the_same_experiment() {
        let fingerprints: std::collections::BTreeSet<String> = QUESTIONS
            .iter()
            .map(|question| Draft { services: vec!["zookeeper".into()], ..question.draft() }.check().unwrap())
            .map(|plan| plan.identity.fingerprint())
            .collect();
        assert_eq!(fingerprints.len(), QUESTIONS.len());
    }
}
