//! What a plan says of the exit codes of its command.

use serde_json::{Value, json};

use super::Bench;
use crate::process::ended;

#[test]
fn a_code_that_the_plan_names_is_told_and_proposes() {
    let bench = Bench::new();
    let silent = bench.planned();
    ended(&mut bench.exec(&silent, &[], "exit 4"));
    assert_eq!(bench.count(&silent, "command_ended"), 0, "a plan that says nothing of codes is told none");
    bench.finish(&silent);

    let version = format!("version={}", bench.ana.run(&["show", "EXP-1", "--json"]).json()["experiment"]["version"]);
    let mut plan = crate::walk_api::plan("60");
    (plan["services"], plan["environment"]) = (json!(["kafka"]), json!("staging"));
    plan["exit_codes"] = json!("0 = upheld\n4 = refuted");
    let mut revise = bench.ana.command();
    revise.args(["act", "EXP-1", "revise", &version, "--from", "-"]);
    crate::process::ended_with_input(&mut revise, &plan.to_string()).well();
    bench.ana.run(&["act", "EXP-1", "request-review"]).well();
    bench.ben.run(&["act", "EXP-1@2", "approve"]).well();

    let run = bench.planned();
    let done = ended(&mut bench.exec(&run, &[], "exit 4"));
    assert_eq!((done.number, &bench.result()["refused"]), (4, &json!([])), "{}", done.err);
    assert_eq!(bench.count(&run, "command_ended"), 1);
    assert_eq!(bench.show(&run)["facts"]["exited"], json!({ "code": 4, "means": "refuted" }));
    bench.ana.run(&["act", &run, "record-effect", "name=k-1", "effect=shown"]).well();
    bench.finish(&run);
    let shown = bench.show(&run);
    assert_eq!((&shown["proposed"]["is"], &shown["verdict"]), (&json!("refuted"), &Value::Null), "nothing is signed");

    let run = bench.planned();
    let killed = ended(&mut bench.exec(&run, &[], "kill -9 $$"));
    assert_eq!((killed.number, bench.count(&run, "command_ended")), (137, 0), "a signal is no exit code");
}
