//! What comes to an end by itself, slowly and unseen: room, validity, and the time to catch up.

use super::{ALWAYS, AROUND, BuiltIn, FEW_FAIL, Fault, Measure, NOTHING_LOST, SOMEBODY_ELSE, TOO_MANY_FAIL, one};
use crate::templates::Requirement;

pub(super) const FULL_DISK: BuiltIn = BuiltIn {
    slug: "full-disk",
    version: 1,
    title: "Fill a disk",
    about: "A full disk is the most ordinary fault there is, and few programs have seen one. What matters is that it \
        stops in order and comes back by itself once there is room.",
    requires: &[Requirement::Disk],
    question: "What happens if a disk is full?",
    if_fault: "the disk of one node is filled to the last 100 MB",
    then_behaviour: "it refuses writes in words, loses none it acknowledged, and works again once there is room",
    because_safeguard: "it keeps a reserve, and an alert comes long before",
    fault: Fault { kind: "disk-full", duration: "10 min", params: &[("free", "100 MB", "down")] },
    hit: one("role=storage"),
    method: &[("fill the disk with one large file", "free=100MB"), ("remove the file", "")],
    checks: &[
        NOTHING_LOST,
        FEW_FAIL,
        Measure {
            name: "writes accepted",
            aggregate: "every",
            comparator: "holds",
            threshold: "",
            unit: "",
            phases: AROUND,
        },
    ],
    signals: &[("disk is nearly full", "fire", "5 min")],
    recovery: "5 min",
    abort: &[TOO_MANY_FAIL, "A write that was acknowledged is missing", SOMEBODY_ELSE],
    revert: "Remove the file that fills the disk; its path stands in the run's notes.\nRestart the process if it does \
        not write again within a minute.",
    revert_deadline: "3 min",
    detect_within: "5 min",
};

pub(super) const EXPIRED_CERTIFICATE: BuiltIn = BuiltIn {
    slug: "expired-certificate",
    version: 1,
    title: "Serve an expired certificate",
    about: "A certificate is renewed for years until it is not. See who notices, how soon, and how long the renewal \
        takes by hand.",
    requires: &[Requirement::Certificate],
    question: "Who notices an expired certificate first: an alert, or a customer?",
    if_fault: "one node serves a certificate that expired yesterday",
    then_behaviour: "clients refuse it and go to another node; fewer than 1 % of requests fail",
    because_safeguard: "clients verify certificates and try the next node, and expiry is watched from outside",
    fault: Fault { kind: "certificate-expired", duration: "15 min", params: &[] },
    hit: one("role=frontend"),
    method: &[("put the certificate aside", ""), ("serve an expired one", "days=1"), ("put it back", "")],
    checks: &[
        FEW_FAIL,
        Measure {
            name: "clients that accept the expired certificate",
            aggregate: "max",
            comparator: "=",
            threshold: "0",
            unit: "",
            phases: ALWAYS,
        },
    ],
    signals: &[("certificate has expired", "fire", "10 min")],
    recovery: "5 min",
    abort: &[TOO_MANY_FAIL, "Customers see the warning of their browser", SOMEBODY_ELSE],
    revert: "Put the certificate and its key back and reload.\nAsk the node for it from outside and read its last day.",
    revert_deadline: "5 min",
    detect_within: "10 min",
};

pub(super) const QUEUE_BACKLOG: BuiltIn = BuiltIn {
    slug: "queue-backlog",
    version: 1,
    title: "Let a queue grow",
    about: "Stopping the workers is easy; catching up is the experiment. A queue that is emptied as fast as it can be \
        may take down what stands behind it.",
    requires: &[Requirement::Queue],
    question: "How long does it take to catch up after half an hour without workers?",
    if_fault: "nothing is taken out of a queue for 30 min",
    then_behaviour: "nothing is lost, and the queue is empty again within 1 h without slowing what stands behind it",
    because_safeguard: "the queue has room for hours, and workers take no more at once than can be borne",
    fault: Fault { kind: "queue-backlog", duration: "30 min", params: &[] },
    hit: one("role=worker"),
    method: &[("pause the workers", ""), ("wait", "seconds=1800"), ("let them go on", "")],
    checks: &[
        NOTHING_LOST,
        Measure {
            name: "age of the oldest entry",
            aggregate: "max",
            comparator: "<=",
            threshold: "1",
            unit: "min",
            phases: AROUND,
        },
        Measure {
            name: "time to answer behind the queue",
            aggregate: "p99",
            comparator: "<",
            threshold: "1",
            unit: "s",
            phases: ALWAYS,
        },
    ],
    signals: &[("queue grows", "fire", "10 min")],
    recovery: "1 h",
    abort: &["The queue is 80 % full", "Entries are refused or thrown away", SOMEBODY_ELSE],
    revert: "Let the workers go on.\nIf what stands behind them suffers, halve their number and let the queue wait.",
    revert_deadline: "5 min",
    detect_within: "10 min",
};
