//! One node less: restarted, elected away, lost, or taken back by whoever lent it.

use super::{ALWAYS, AROUND, BuiltIn, FEW_FAIL, Fault, Hit, Measure, NOTHING_LOST, SOMEBODY_ELSE, TOO_MANY_FAIL, one};
use crate::templates::Requirement;

pub(super) const RESTART_ONE_NODE: BuiltIn = BuiltIn {
    slug: "restart-one-node",
    version: 1,
    title: "Restart one node",
    about: "The smallest experiment that says something: every node restarts one day. A good one to begin with, and \
        to repeat every week.",
    requires: &[Requirement::Instances],
    question: "What happens if one node restarts without warning?",
    if_fault: "one node is killed and starts again",
    then_behaviour: "fewer than 1 % of requests fail at any time, and the node is back within 5 min",
    because_safeguard: "the others take its work, and it joins them again by itself",
    fault: Fault { kind: "process-restart", duration: "1 min", params: &[] },
    hit: one("role=node"),
    method: &[("note the node and what it does", ""), ("restart", "signal=KILL")],
    checks: &[
        FEW_FAIL,
        Measure {
            name: "nodes that answer",
            aggregate: "every",
            comparator: "holds",
            threshold: "",
            unit: "",
            phases: AROUND,
        },
    ],
    signals: &[("node is down", "fire", "2 min")],
    recovery: "5 min",
    abort: &[TOO_MANY_FAIL, "A second node stops answering", SOMEBODY_ELSE],
    revert: "Start the node's process by hand.\nSee in its log that it joined the others.\nIf it does not, take it out \
        of the load balancer.",
    revert_deadline: "5 min",
    detect_within: "2 min",
};

pub(super) const RESTART_ONE_OF_A_QUORUM: BuiltIn = BuiltIn {
    slug: "restart-one-of-a-quorum",
    version: 1,
    title: "Restart one node of a quorum",
    about: "A quorum is bought to lose a member. Whether the clients believe that, too, is seen only when one goes: \
        they may hold sessions, caches of addresses, or a list with one name.",
    requires: &[Requirement::Quorum],
    question: "What happens to the clients if one member of the quorum restarts?",
    if_fault: "one member that does not lead is stopped in order and started again",
    then_behaviour: "no client loses its session for longer than 10 s, and all members agree again within 5 min",
    because_safeguard: "a majority stays, and clients know all members and try the next one",
    fault: Fault { kind: "process-restart", duration: "1 min", params: &[] },
    hit: Hit { selector: "role=member", pick: "a follower", unit: "instance" },
    method: &[("see that all members agree", ""), ("stop", "signal=TERM"), ("wait", "seconds=60"), ("start", "")],
    checks: &[
        Measure {
            name: "longest session loss of a client",
            aggregate: "max",
            comparator: "<=",
            threshold: "10",
            unit: "s",
            phases: ALWAYS,
        },
        Measure {
            name: "members that agree",
            aggregate: "every",
            comparator: "holds",
            threshold: "",
            unit: "",
            phases: AROUND,
        },
    ],
    signals: &[("member is missing", "fire", "2 min"), ("quorum is lost", "silent", "10 min")],
    recovery: "5 min",
    abort: &["A second member leaves", "Clients cannot write for 30 s", SOMEBODY_ELSE],
    revert: "Start the member by hand.\nWait until it has caught up before anything else is touched.\nIf it does not \
        catch up, stop it again: a majority without it is better than one that waits for it.",
    revert_deadline: "5 min",
    detect_within: "2 min",
};

pub(super) const LEADER_ELECTION: BuiltIn = BuiltIn {
    slug: "leader-election",
    version: 1,
    title: "Stop the leader",
    about: "The election takes as long as its timeouts say, and everything behind it waits. Dependent services \
        often have a shorter patience than that.",
    requires: &[Requirement::Leader],
    question: "How long does nobody decide if the leader is gone?",
    if_fault: "the elected leader is stopped without a handover",
    then_behaviour: "another one leads within 15 s, and writes wait no longer than that",
    because_safeguard: "the others notice its silence and elect one of themselves",
    fault: Fault { kind: "leader-stop", duration: "5 min", params: &[] },
    hit: Hit { selector: "role=member", pick: "leader", unit: "instance" },
    method: &[("note who leads", ""), ("stop", "signal=KILL"), ("note who leads", ""), ("start", "")],
    checks: &[
        Measure {
            name: "time without a leader",
            aggregate: "max",
            comparator: "<=",
            threshold: "15",
            unit: "s",
            phases: ALWAYS,
        },
        Measure {
            name: "leaders at the same time",
            aggregate: "max",
            comparator: "<=",
            threshold: "1",
            unit: "",
            phases: ALWAYS,
        },
        NOTHING_LOST,
    ],
    signals: &[("leader has changed", "fire", "2 min")],
    recovery: "5 min",
    abort: &["Nobody leads for 1 min", "Two leaders are seen", SOMEBODY_ELSE],
    revert: "Start the former leader; it follows.\nIf nobody leads, restart the members one after the other, the one \
        with the newest data first.",
    revert_deadline: "5 min",
    detect_within: "1 min",
};

pub(super) const REPLICATION_AFTER_BROKER_LOSS: BuiltIn = BuiltIn {
    slug: "replication-after-broker-loss",
    version: 1,
    title: "Lose one broker and its disk",
    about: "Losing a broker is survived at once and paid for later: copying its data back takes hours, and a second \
        loss before that is an outage.",
    requires: &[Requirement::Replicas, Requirement::Instances],
    question: "How long is everything that one broker held kept in too few copies?",
    if_fault: "one broker is stopped and its data is taken away",
    then_behaviour: "no acknowledged record is lost, and all copies are complete again within 2 h",
    because_safeguard: "each record is acknowledged by more than one broker, and copying back is throttled",
    fault: Fault { kind: "broker-loss", duration: "10 min", params: &[] },
    hit: one("role=broker"),
    method: &[
        ("see that all copies are complete", ""),
        ("stop", "signal=KILL"),
        ("put the data directory aside", ""),
        ("start with an empty one", ""),
    ],
    checks: &[
        NOTHING_LOST,
        Measure {
            name: "partitions without a leader",
            aggregate: "max",
            comparator: "=",
            threshold: "0",
            unit: "",
            phases: ALWAYS,
        },
        Measure {
            name: "copies complete",
            aggregate: "every",
            comparator: "holds",
            threshold: "",
            unit: "",
            phases: AROUND,
        },
        Measure {
            name: "time to acknowledge a write",
            aggregate: "p99",
            comparator: "<",
            threshold: "500",
            unit: "ms",
            phases: ALWAYS,
        },
    ],
    signals: &[("too few copies", "fire", "5 min")],
    recovery: "2 h",
    abort: &["A second broker stops answering", "Writes are refused for 1 min", SOMEBODY_ELSE],
    revert: "Throttle the copying if clients suffer.\nIf the new broker does not catch up, stop it, put the old data \
        directory back and start it again.",
    revert_deadline: "15 min",
    detect_within: "5 min",
};

pub(super) const PREEMPTIBLE_NODE_LOSS: BuiltIn = BuiltIn {
    slug: "preemptible-node-loss",
    version: 1,
    title: "Lose a preemptible node",
    about: "Preemptible nodes are cheap because they are taken back with half a minute's notice. Try it by day before \
        deciding to save money with them, and let production exercise it afterwards.",
    requires: &[Requirement::Preemptible, Requirement::Instances],
    question: "What happens if a node is taken back with 30 s notice?",
    if_fault: "one node gets the notice and is gone 30 s later",
    then_behaviour: "fewer than 1 % of requests fail, and a new node works within 10 min",
    because_safeguard: "the node leaves in order when it gets the notice, and the group starts another one",
    fault: Fault { kind: "node-preemption", duration: "10 min", params: &[("notice", "30 s", "down")] },
    hit: Hit { selector: "lifecycle=preemptible", pick: "random", unit: "machine" },
    method: &[("send the notice", "seconds=30"), ("delete the machine", "")],
    checks: &[
        FEW_FAIL,
        Measure {
            name: "work that is done twice or never",
            aggregate: "count",
            comparator: "=",
            threshold: "0",
            unit: "",
            phases: AROUND,
        },
    ],
    signals: &[("node was taken back", "fire", "2 min"), ("capacity is short", "silent", "15 min")],
    recovery: "10 min",
    abort: &[TOO_MANY_FAIL, "No new node starts within 15 min", SOMEBODY_ELSE],
    revert: "Start a node that is not preemptible in the same group.\nStop further deletions in the tool that makes \
        them.",
    revert_deadline: "10 min",
    detect_within: "2 min",
};
