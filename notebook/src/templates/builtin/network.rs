//! What lies between services: latency, names, and a whole zone behind a line.

use super::{ALWAYS, BuiltIn, FEW_FAIL, Fault, Hit, Measure, SOMEBODY_ELSE, TOO_MANY_FAIL, one};
use crate::templates::Requirement;

pub(super) const DEPENDENCY_LATENCY: BuiltIn = BuiltIn {
    slug: "dependency-latency",
    version: 1,
    title: "Slow down one dependency",
    about: "Slow is worse than gone: timeouts, retries and pools decide whether one slow call becomes everybody's. Begin \
        with little and raise it in later revisions.",
    requires: &[Requirement::Dependency],
    question: "What happens if a service we call takes 400 ms longer?",
    if_fault: "every call to one dependency takes 400 ms longer",
    then_behaviour: "answers stay below 1 s for 99 % of requests, and no pool runs empty",
    because_safeguard: "calls have a timeout and a breaker, and what is missing is left out of the answer",
    fault: Fault { kind: "dependency-latency", duration: "10 min", params: &[("latency", "400 ms", "up")] },
    hit: one("role=caller"),
    method: &[("add latency to the calls", "milliseconds=400"), ("take it away", "")],
    checks: &[
        FEW_FAIL,
        Measure {
            name: "time to answer",
            aggregate: "p99",
            comparator: "<",
            threshold: "1",
            unit: "s",
            phases: ALWAYS,
        },
        Measure {
            name: "connections in use",
            aggregate: "max",
            comparator: "<",
            threshold: "90",
            unit: "%",
            phases: ALWAYS,
        },
    ],
    signals: &[("dependency is slow", "fire", "5 min")],
    recovery: "2 min",
    abort: &[TOO_MANY_FAIL, "The pool of connections is full for 1 min", SOMEBODY_ELSE],
    revert: "Take the latency away on the node where it was added.\nIf requests stay slow, restart the caller: its pool \
        may hold what timed out.",
    revert_deadline: "2 min",
    detect_within: "5 min",
};

pub(super) const DNS_FAILURE: BuiltIn = BuiltIn {
    slug: "dns-failure",
    version: 1,
    title: "Let names not resolve",
    about: "Nobody lists the resolver among the dependencies, and everything has it. Caches hide the fault for exactly \
        as long as they live.",
    requires: &[Requirement::Names],
    question: "What happens if names do not resolve for five minutes?",
    if_fault: "one node gets no answer from its resolver",
    then_behaviour: "requests in progress go on, and fewer than 1 % fail",
    because_safeguard: "addresses are cached, connections stay open, and a second resolver is asked",
    fault: Fault { kind: "dns-failure", duration: "5 min", params: &[] },
    hit: one("role=node"),
    method: &[("drop packets to the resolver", "port=53"), ("let them through", "")],
    checks: &[
        FEW_FAIL,
        Measure {
            name: "new connections made",
            aggregate: "every",
            comparator: "holds",
            threshold: "",
            unit: "",
            phases: ALWAYS,
        },
    ],
    signals: &[("names do not resolve", "fire", "3 min")],
    recovery: "2 min",
    abort: &[TOO_MANY_FAIL, "Nobody can sign in to the node any more", SOMEBODY_ELSE],
    revert: "Remove the rule on the node; keep a session open to it, since its name may not resolve either.\nRestart \
        what keeps failing: some programs remember that a name did not resolve.",
    revert_deadline: "2 min",
    detect_within: "3 min",
};

pub(super) const ZONE_LOSS: BuiltIn = BuiltIn {
    slug: "zone-loss",
    version: 1,
    title: "Lose one zone",
    about: "The widest of these: come to it when the smaller ones hold. The question is less whether the others work \
        than whether they have room for everybody.",
    requires: &[Requirement::Zones, Requirement::Instances],
    question: "What happens if everything in one zone is gone at once?",
    if_fault: "one zone is cut off from the others",
    then_behaviour: "fewer than 1 % of requests fail after 2 min, and the other zones use less than 80 % of what they have",
    because_safeguard: "each zone can do without one other, and the load balancer takes out what does not answer",
    fault: Fault { kind: "zone-loss", duration: "15 min", params: &[] },
    hit: Hit { selector: "zone=any", pick: "the least used", unit: "zone" },
    method: &[("take the zone out of the load balancer", ""), ("cut it off", ""), ("let it back", "")],
    checks: &[
        FEW_FAIL,
        Measure {
            name: "capacity used in the other zones",
            aggregate: "max",
            comparator: "<",
            threshold: "80",
            unit: "%",
            phases: ALWAYS,
        },
    ],
    signals: &[("zone is gone", "fire", "3 min")],
    recovery: "15 min",
    abort: &[TOO_MANY_FAIL, "A second zone loses nodes", "Data cannot be written for 1 min", SOMEBODY_ELSE],
    revert: "Let the zone's traffic through again.\nWait until data has caught up.\nOnly then put the zone back into the \
        load balancer, a tenth of the traffic first.",
    revert_deadline: "10 min",
    detect_within: "3 min",
};
