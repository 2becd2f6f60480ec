//! Whoever watches is not there.

use super::{AROUND, BuiltIn, FEW_FAIL, Fault, Measure, SOMEBODY_ELSE, STILL_SEEN, one};
use crate::templates::Requirement;

pub(super) const TELEMETRY_LOSS: BuiltIn = BuiltIn {
    slug: "telemetry-loss",
    version: 1,
    title: "Stop the telemetry",
    about: "Dashboards that stand still look calm. This one asks whether silence is told as silence, and whether \
        anything else waits for the telemetry without anybody knowing.",
    requires: &[Requirement::Telemetry],
    question: "Does anybody notice that nothing is measured any more?",
    if_fault: "one node sends no metrics, logs or traces for 15 min",
    then_behaviour: "an alert says so within 5 min, other alerts keep arriving, and no request fails for it",
    because_safeguard: "missing data is an alert of its own, and sending telemetry never blocks a request",
    fault: Fault { kind: "telemetry-loss", duration: "15 min", params: &[] },
    hit: one("role=collector"),
    method: &[("stop the collector", "signal=STOP"), ("let it go on", "signal=CONT")],
    checks: &[
        STILL_SEEN,
        FEW_FAIL,
        Measure {
            name: "measurements that arrive",
            aggregate: "every",
            comparator: "holds",
            threshold: "",
            unit: "",
            phases: AROUND,
        },
    ],
    signals: &[("no data", "fire", "5 min")],
    recovery: "5 min",
    abort: &["An incident begins that has to be watched", "Requests wait for the collector", SOMEBODY_ELSE],
    revert: "Let the collector go on, or restart it.\nSee that new measurements arrive; look at what the gap did to \
        error budgets.",
    revert_deadline: "3 min",
    detect_within: "5 min",
};
