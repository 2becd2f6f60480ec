//! The journal of a tool becomes the one run.

use serde_json::{Value, json};

use super::{Bench, Going, until};
use crate::process::ended;

#[test]
fn a_journal_that_was_written_becomes_the_one_run() {
    let bench = Bench::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../notebook/tests/documents/chaostoolkit/deviated.json");
    let run = bench.planned();
    let journal = ["--journal", "journal.json"];
    let done = ended(&mut bench.exec(&run, &journal, &format!("cp '{fixture}' journal.json; exit 1")));
    assert_eq!(done.number, 1, "{}", done.err);
    let shown = bench.show(&run);
    assert_eq!(
        (&shown["run"]["execution"], &shown["facts"]["imported"]["tool"]),
        (&json!("finished"), &json!("chaostoolkit"))
    );
    assert_eq!((&shown["verdict"], &bench.result()["journal"]), (&Value::Null, &json!(true)), "nothing is signed");
    assert_eq!(bench.count(&run, "fault_started"), 1, "the journal's own word on the fault");
    assert_eq!(bench.ana.run(&["run", "list", "--quiet"]).line(), run, "one run");

    let run = bench.planned();
    let done = ended(&mut bench.exec(&run, &journal, "true"));
    assert_eq!(done.number, 0, "{}", done.err);
    assert_eq!(bench.result()["journal"], json!(false));
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["imported"]), (&json!("reverting"), &Value::Null));
    let last = shown["observations"][1]["text"].as_str().unwrap();
    assert!(last.contains("lay there before and was not written since"), "{last}");
    assert_eq!((bench.count(&run, "fault_started"), bench.count(&run, "fault_ended")), (1, 1));
}

#[test]
fn a_fault_whose_journal_never_came_is_told_after_the_abort() {
    let bench = Bench::new();
    let run = bench.planned();
    let journal = ["--journal", "journal.json"];
    let mut going = Going::of(&mut bench.exec(&run, &journal, "echo begun; exec sleep 300"));
    assert_eq!(going.line(), "begun");
    bench.ben.run(&["abort", &run, "--reason", "people"]).well();
    let done = going.ended();
    assert_eq!((done.number, &bench.result()["refused"]), (143, &json!([])), "{}", done.err);
    let facts = bench.show(&run)["facts"].clone();
    let [started, began, over] = ["started", "fault_started", "fault_ended"].map(|name| facts[name].as_i64().unwrap());
    assert!(started <= began && began < over, "{facts}");
}

/// Chaos Toolkit's own document, whose method lasts until somebody ends it.
fn endless() -> Value {
    let action = |name: &str, script: &str| {
        let provider = json!({"type": "process", "path": "/bin/sh", "arguments": ["-c", script]});
        json!({"type": "action", "name": name, "provider": provider})
    };
    json!({
        "title": "Hold it", "description": "Until it is stopped", "tags": [],
        "method": [action("hold", "touch begun; sleep 300")],
        "rollbacks": [action("let go", "touch undone")],
        "runtime": {"rollbacks": {"strategy": "always"}},
    })
}

#[test]
fn chaos_toolkit_is_stopped_in_its_own_way_and_its_journal_read() {
    let Some(chaos) = crate::tool::offered("CHAOS") else { return };
    let bench = Bench::new();
    std::fs::write(bench.path("endless.json"), endless().to_string()).unwrap();
    let run = bench.planned();
    let mut command = bench.ana.command();
    command.args(["exec", "EXP-1", "--env", "staging", "--run", &run, "--here", "--present", "Ben=observer"]);
    command.args(["--journal", "journal.json", "--result", "result.json", "--"]).arg(chaos);
    command.args(["--no-version-check", "--no-log-file", "run", "--journal-path", "journal.json", "endless.json"]);
    let going = Going::of(&mut command);
    until("the method goes on", || bench.path("begun").exists());
    bench.ben.run(&["abort", &run, "--reason", "people"]).well();
    let done = going.ended();
    assert_eq!(done.number, 1, "{}{}", done.out, done.err);
    assert!(bench.path("undone").exists(), "its rollbacks were played: {}{}", done.out, done.err);
    let result = bench.result();
    assert_eq!((&result["journal"], &result["killed"], &result["code"]), (&json!(true), &json!(false), &json!(1)));
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort"]), (&json!("aborted"), &json!("people")));
    assert_eq!(shown["facts"]["imported"]["tool"], "chaostoolkit");
    assert_eq!(bench.ana.run(&["run", "list", "--quiet"]).line(), run, "one run");
}
