//! Real journals, made-up rows of the decision table, and hostile documents.

mod hostile;
mod journals;
mod laws;
mod rows;
mod shapes;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::{
    imports::{Ended, Validity},
    runs::{facts::Verdict, validity::InvalidReason},
};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documents/chaostoolkit"))
}

fn document(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(format!("{name}.json"))).unwrap()
}

fn value_of(name: &str) -> Value {
    lenient_json::parse(&document(name), IMPORT_BYTES_MAX).unwrap()
}

fn proposed(journal: &Value) -> Proposal {
    read(journal.to_string().as_bytes()).unwrap_or_else(|trouble| panic!("{trouble}")).proposal
}

/// The proposal in one line: execution, validity, verdict, flags.
fn said(proposal: &Proposal) -> String {
    let validity = match &proposal.validity {
        Validity::Valid => "valid".to_owned(),
        Validity::Invalid(reason) => format!("invalid {}", reason.word()),
        Validity::Open(why) => {
            assert!(why.ends_with('.'), "{why}");
            "open".to_owned()
        }
    };
    let verdict = proposal.verdict.map_or("none", Verdict::word);
    let flags: Vec<&str> = proposal.flags.iter().map(|flag| flag.kind.word()).collect();
    format!("{}; {validity}; {verdict}; {}", proposal.execution.word(), flags.join(", "))
}

/// A journal of a run that went well: one action, one probe, looked at before and after.
fn good() -> Value {
    json!({
        "chaoslib-version": "1.44.0",
        "node": "vm",
        "experiment": {
            "title": "Restart one node",
            "description": "What happens if one node restarts?",
            "steady-state-hypothesis": {"title": "Ingest works", "probes": [probe()]},
            "method": [action("restart")],
            "rollbacks": [action("undo")],
            "dry": null,
        },
        "start": "2026-11-22T19:35:39.813321+00:00",
        "end": "2026-11-22T19:35:40.352435+00:00",
        "duration": 0.54,
        "status": "completed",
        "deviated": false,
        "steady_states": {"before": state(true), "after": state(true), "during": []},
        "run": [done(action("restart"))],
        "rollbacks": [done(action("undo"))],
    })
}

fn probe() -> Value {
    json!({"type": "probe", "name": "ingest", "tolerance": 200, "provider": {"type": "http", "url": "http://ingest/health?token=abc"}})
}

fn action(name: &str) -> Value {
    json!({"type": "action", "name": name, "provider": {"type": "process", "path": "systemctl", "arguments": "restart zk-1"}})
}

fn result(activity: Value, status: &str) -> Value {
    let mut result = json!({
        "output": null, "status": status, "duration": 0.05,
        "start": "2026-11-22T19:35:39.900000+00:00", "end": "2026-11-22T19:35:39.950000+00:00",
    });
    result["activity"] = activity;
    result
}

fn done(activity: Value) -> Value {
    result(activity, "succeeded")
}

/// The hypothesis looked at once, met or not met, by a probe that answered.
fn state(met: bool) -> Value {
    let mut look = done(probe());
    look["output"] = json!({"status": if met { 200 } else { 503 }});
    look["tolerance_met"] = json!(met);
    json!({"steady_state_met": met, "probes": [look]})
}

/// The hypothesis not met because its probe raised.
fn raised() -> Value {
    let mut look = result(probe(), "failed");
    look["tolerance_met"] = json!(false);
    look["exception"] = json!(["Traceback\n", "chaoslib.exceptions.ActivityFailed: connection refused\n"]);
    json!({"steady_state_met": false, "probes": [look]})
}

/// The good journal after a change.
fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut journal = good();
    change(&mut journal);
    journal
}
