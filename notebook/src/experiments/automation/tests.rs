//! What a document may say, and what becomes of a plan that is carried out by it.

use serde_json::{Value, json};

use super::*;
use crate::{
    experiments::{
        Draft,
        draft::{CheckRow, StepRow},
        plan::Plan,
    },
    id::{ExperimentId, RunId},
};

fn check(measure: &str, phase: &str) -> CheckRow {
    CheckRow {
        measure: measure.into(),
        phase: phase.into(),
        aggregate: "every".into(),
        comparator: "holds".into(),
        ..CheckRow::default()
    }
}

/// Restart one of two, with one measure that the fault breaks for a moment.
fn draft(automation: &Value) -> Draft {
    Draft {
        title: "Restart one web server".into(),
        if_fault: "one web server restarts".into(),
        then_behaviour: "pages keep coming".into(),
        because_safeguard: "the other one answers".into(),
        services: vec!["web".into()],
        method: vec![StepRow { op: "restart".into(), args: "server=web-1".into() }],
        checks: vec![check("instance answers", "after"), check("pages come", "during"), check("pages come", "after")],
        revert_procedure: "Start it by hand".into(),
        automation: automation.to_string(),
        ..Draft::default()
    }
}

fn probe(name: &str) -> Value {
    json!({"type": "probe", "name": name, "tolerance": 200, "provider": {"type": "http", "url": "http://127.0.0.1/"}})
}

fn action(name: &str) -> Value {
    json!({"type": "action", "name": name, "provider": {"type": "process", "path": "true"}})
}

fn whole() -> Value {
    json!({
        "steady-state-hypothesis": {"probes": [probe("Instance  answers"), probe("pages come")]},
        "method": [action("restart web-1")],
    })
}

fn plan(automation: &Value) -> Plan {
    draft(automation).check().unwrap()
}

fn exported(plan: &Plan) -> Value {
    let ticket = Ticket {
        experiment: ExperimentId::of(42),
        revision: 3,
        run: Some(RunId::of(7)),
        url: "https://retrial.example.org/runs/RUN-7".into(),
        fingerprint: plan.identity.fingerprint(),
    };
    export(plan, &ticket).unwrap().to_value()
}

fn refused(automation: &Value) -> Vec<String> {
    let refusal = draft(automation).check().unwrap_err();
    assert!(refusal.troubles().iter().all(|trouble| trouble.field == "automation"), "{refusal:?}");
    refusal.troubles().iter().map(|trouble| trouble.says.clone()).collect()
}

#[test]
fn an_exported_plan_has_everything_the_tool_needs() {
    let plan = plan(&whole());
    let document = exported(&plan);
    assert_eq!(troubles_of_whole(&Tree::from(&document)), []);
    assert_eq!(document["title"], "Restart one web server");
    assert_eq!(
        document["description"],
        "If one web server restarts, then pages keep coming, because the other one answers"
    );
    let names = document["steady-state-hypothesis"]["probes"].as_array().unwrap().iter().map(|probe| &probe["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["pages come", "Instance  answers"], "what is checked during stands first");
    assert_eq!(document["steady-state-hypothesis"]["title"], "pages keep coming");
    assert_eq!(document["method"], json!([action("restart web-1")]));
    assert_eq!(
        document["runtime"],
        json!({"rollbacks": {"strategy": "always"}, "hypothesis": {"strategy": "continuously"}})
    );
    assert_eq!(
        document["extensions"],
        json!([{
            "name": "retrial", "experiment": "EXP-42", "revision": 3, "run": "RUN-7",
            "url": "https://retrial.example.org/runs/RUN-7", "fingerprint": plan.identity.fingerprint(),
        }])
    );
}

#[test]
fn what_nobody_automated_is_done_by_a_person_and_never_passes_on_its_own() {
    let by_hand = |name: &str| {
        json!({"type": "action", "name": format!("By hand: {name} (then press Enter)"),
        "provider": {"type": "python", "module": "builtins", "func": "input"}})
    };
    let bare = plan(&json!({}));
    let document = exported(&bare);
    assert_eq!(troubles_of_whole(&Tree::from(&document)), []);
    assert_eq!(document["method"], json!([by_hand("restart (server=web-1)")]));
    assert_eq!(document["rollbacks"], json!([by_hand("revert: Start it by hand")]));
    assert_eq!(document.get("steady-state-hypothesis"), None, "a person answers what no probe measures");
    let reach = reach(&bare).unwrap();
    assert!(!reach.measures_all() && !reach.needs_nobody() && reach.reverts_by_hand, "{reach:?}");

    let mixed = json!({
        "method": [probe("look"), {"type": "action", "name": "Restart web-1 in the rack", "pauses": {"after": 5}}],
        "rollbacks": [],
    });
    let document = exported(&plan(&mixed));
    let mut told = by_hand("Restart web-1 in the rack");
    told["pauses"] = json!({"after": 5});
    assert_eq!(document["method"], json!([probe("look"), told]));
    assert_eq!(document["rollbacks"], json!([]), "an empty list says that nothing is to be played");
}

#[test]
fn what_the_source_says_stays_and_unknown_members_survive() {
    let mut own = whole();
    own["x-unknown"] = json!({"deep": [1, {"b": 1, "a": 2}]});
    own["runtime"] = json!({"rollbacks": {"strategy": "never", "x": 1}, "hypothesis": {"strategy": "default"}, "y": 2});
    own["extensions"] = json!([{"name": "other", "a": 1}, {"name": "retrial", "experiment": "EXP-1", "kept": true}]);
    own["steady-state-hypothesis"]["title"] = "Own title".into();
    own["tags"] = json!(["a"]);
    let document = exported(&plan(&own));
    assert_eq!(document["x-unknown"], own["x-unknown"]);
    assert_eq!(
        document["runtime"],
        json!({"rollbacks": {"strategy": "never", "x": 1}, "hypothesis": {"strategy": "continuously"}, "y": 2}),
        "the source's rollbacks stay; its strategy would not look during the fault"
    );
    assert_eq!(document["extensions"][0], json!({"name": "other", "a": 1}));
    assert_eq!(
        (&document["extensions"][1]["experiment"], &document["extensions"][1]["kept"]),
        (&"EXP-42".into(), &true.into())
    );
    assert_eq!(
        (&document["steady-state-hypothesis"]["title"], &document["tags"]),
        (&"Own title".into(), &json!(["a"]))
    );
    assert_eq!(troubles_of_whole(&Tree::from(&document)), []);
}

#[test]
fn what_is_null_is_left_out_where_the_tool_would_break_on_it() {
    let text = "configuration:\nsecrets:\ncontrols:\nsteady-state-hypothesis:\nx-own:\nmethod:\n- type: action\n  name: a\n  pauses:\n  provider: {type: python, module: m, func: f, arguments: null}\n";
    let plan = Draft { automation: text.into(), ..draft(&json!({})) }.check().unwrap();
    let document = exported(&plan);
    let names: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(names, ["description", "extensions", "method", "rollbacks", "runtime", "title", "x-own"]);
    assert_eq!(document["x-own"], Value::Null, "a member nobody knows stays");
    assert_eq!(
        document["method"][0],
        json!({"type": "action", "name": "a", "provider": {"type": "python", "module": "m", "func": "f"}})
    );
}

#[test]
fn members_go_out_in_the_order_in_which_they_came() {
    let text = "{\"configuration\": {\"z\": 1, \"a\": 2}, \"method\": [{\"type\": \"action\", \"name\": \"x\", \"provider\": {\"type\": \"process\", \"path\": \"tool\", \"arguments\": {\"--second\": \"2\", \"--first\": \"1\"}}}]}";
    let plan = Draft { automation: text.into(), ..draft(&json!({})) }.check().unwrap();
    let ticket = Ticket {
        experiment: ExperimentId::of(1),
        revision: 1,
        run: None,
        url: String::new(),
        fingerprint: String::new(),
    };
    let document = export(&plan, &ticket).unwrap().to_string();
    assert!(document.starts_with("{\"title\":\"Restart one web server\",\"description\":"), "{document}");
    assert!(
        document.contains("{\"z\":1,\"a\":2}") && document.contains("{\"--second\":\"2\",\"--first\":\"1\"}"),
        "{document}"
    );
    assert!(!document.contains("\"run\""), "no run is named: {document}");
}

#[test]
fn a_document_that_does_more_than_the_plan_says_is_refused() {
    let mut more = whole();
    more["method"] = json!([action("restart web-1"), {"ref": "restart web-1"}, {"ref": "pages come"}]);
    more["steady-state-hypothesis"]["probes"] = json!([probe("pages come"), probe("disk is free")]);
    let says = refused(&more);
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(says[0].starts_with("at /method: holds more actions (2) than the plan's method has steps (1)"), "{says:?}");
    assert!(says[1].starts_with("at /steady-state-hypothesis/probes/1/name: is \"disk is free\""), "{says:?}");
}

#[test]
fn each_mistake_is_named_by_its_place() {
    let table: [(Value, &str, &str); 24] = [
        (json!([]), "", "holds a list where an object with a method is expected"),
        (json!({"title": 5}), "/title", "holds a number where text"),
        (json!({"tags": ["a", ""]}), "/tags/1", "must be text"),
        (json!({"method": {}}), "/method", "holds an object where a list"),
        (json!({"method": [7]}), "/method/0", "holds a number where an activity"),
        (json!({"method": [{"ref": "who"}]}), "/method/0/ref", "names no activity"),
        (json!({"method": [{"type": "attack", "name": "a"}]}), "/method/0/type", "probe or action"),
        (json!({"method": [{"type": "probe", "name": "a"}]}), "/method/0/provider", "is missing"),
        (
            json!({"rollbacks": [{"type": "action", "name": " ", "provider": {"type": "process", "path": "x"}}]}),
            "/rollbacks/0/name",
            "is missing",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "provider": {"type": "shell"}}]}),
            "/method/0/provider/type",
            "http, python or process",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "provider": {"type": "http"}}]}),
            "/method/0/provider/url",
            "is missing",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "provider": {"type": "python", "module": "m", "func": "f", "arguments": []}}]}),
            "/method/0/provider/arguments",
            "a list where an object",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "provider": {"type": "process", "path": "x", "arguments": 5}}]}),
            "/method/0/provider/arguments",
            "text or a list",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "background": "yes"}]}),
            "/method/0/background",
            "true or false",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "pauses": {"after": "long"}}]}),
            "/method/0/pauses/after",
            "number of seconds",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "timeout": "5"}]}),
            "/method/0/timeout",
            "a number of seconds",
        ),
        (
            json!({"method": [{"type": "action", "name": "a", "controls": [{"name": "c", "provider": {}, "scope": "post"}]}]}),
            "/method/0/controls/0/scope",
            "before or after",
        ),
        (json!({"configuration": {"a": {"type": "env"}}}), "/configuration/a/key", "is missing"),
        (json!({"secrets": {"a": "x"}}), "/secrets/a", "holds text where an object"),
        (json!({"extensions": [{"name": ""}]}), "/extensions/0/name", "is missing"),
        (
            json!({"runtime": {"hypothesis": {"strategy": "sometimes"}}}),
            "/runtime/hypothesis/strategy",
            "one of default",
        ),
        (json!({"runtime": {"rollbacks": {"strategy": "sometimes"}}}), "/runtime/rollbacks/strategy", "one of default"),
        (json!({"steady-state-hypothesis": []}), "/steady-state-hypothesis", "a list where an object"),
        (json!({"controls": [{"name": "c"}]}), "/controls/0/provider", "is missing"),
    ];
    for (automation, place, words) in table {
        let says = refused(&automation).join("\n");
        let begins = if place.is_empty() { String::new() } else { format!("at {place}: ") };
        assert!(says.starts_with(&begins) && says.contains(words), "{automation}: {says}");
    }
}

#[test]
fn a_tolerance_says_what_a_probe_must_give() {
    let with = |tolerance: Value| {
        let mut own = whole();
        own["steady-state-hypothesis"]["probes"][1]["tolerance"] = tolerance;
        draft(&own).check()
    };
    let judge = json!({"type": "probe", "name": "j", "provider": {"type": "python", "module": "m", "func": "f", "arguments": {}}});
    for good in [
        json!(true),
        json!(200),
        json!("up"),
        json!([200, 204]),
        json!({"type": "regex", "pattern": "^a"}),
        json!({"type": "range", "range": [0, 0.5]}),
        json!({"type": "jsonpath", "path": "$.a"}),
        judge.clone(),
    ] {
        assert!(with(good.clone()).is_ok(), "{good}");
    }
    let mut no_arguments = judge;
    no_arguments["provider"].as_object_mut().unwrap().remove("arguments");
    for (bad, place) in [
        (Value::Null, "/tolerance"),
        (json!(0.5), "/tolerance"),
        (json!({"type": "range", "range": [1]}), "/tolerance/range"),
        (json!({"type": "regex"}), "/tolerance/pattern"),
        (json!({"type": "close"}), "/tolerance/type"),
        (no_arguments, "/tolerance/provider/arguments"),
    ] {
        let says = with(bad.clone()).unwrap_err().troubles()[0].says.clone();
        assert!(says.starts_with(&format!("at /steady-state-hypothesis/probes/1{place}: ")), "{bad}: {says}");
    }
}

#[test]
fn secrets_are_refused_and_their_names_are_not() {
    let held = json!({"secrets": {"kafka": {"password": "s3cr3t"}}, "configuration": {"api_token": "abc", "keyspace": "orders"}});
    let says = refused(&held);
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(says.iter().any(|says| says.starts_with("at /secrets/kafka/password: holds a secret")), "{says:?}");
    let named = json!({
        "secrets": {"kafka": {"password": {"type": "env", "key": "KAFKA_PASSWORD"}}},
        "method": [{"type": "action", "name": "a", "secrets": ["kafka"], "provider": {"type": "http", "url": "http://h/?token=${password}", "headers": {"Authorization": "Bearer ${password}"}}}],
    });
    assert_eq!(draft(&named).check().unwrap().context.automation.unwrap().document().unwrap().to_value(), named);
}

#[test]
fn the_text_is_kept_as_typed_and_its_mistakes_have_lines() {
    let typed = "# who restarts it\r\nmethod:\r\n- type: action\r\n  name: restart\r\n";
    let plan = Draft { automation: typed.into(), ..draft(&json!({})) }.check().unwrap();
    let kept = plan.context.automation.clone().unwrap();
    assert_eq!(kept.as_str(), "# who restarts it\nmethod:\n- type: action\n  name: restart");
    assert_eq!(Draft::from_plan(&plan).automation, kept.as_str());
    let says = |text: &str| {
        let refusal = Draft { automation: text.into(), ..draft(&json!({})) }.check().unwrap_err();
        refusal.troubles()[0].says.clone()
    };
    assert!(says("{\n  \"method\": [,]\n}").contains("line 2, column 14"), "{}", says("{\n  \"method\": [,]\n}"));
    assert!(says("method:\n- a: [1\n").contains("line "), "{}", says("method:\n- a: [1\n"));
    assert!(says("method: []\nmode: 0755\n").starts_with("at /mode: "), "{}", says("method: []\nmode: 0755\n"));
    assert!(says("just words").contains("holds text where an object"), "{}", says("just words"));
    assert!(says(&format!("a: {}", "x".repeat(100_000))).starts_with("has 100003 characters"));
    assert!(says("a: \u{7}").contains("control character"));
}

#[test]
fn a_plan_written_before_there_was_automation_still_reads() {
    let plan = plan(&json!({}));
    let mut stored = serde_json::to_value(&plan).unwrap();
    assert!(stored["context"].as_object_mut().unwrap().remove("automation").is_some());
    let read: Plan = serde_json::from_value(stored).unwrap();
    assert_eq!(read.context.automation, None);
    assert_eq!(read.identity.fingerprint(), plan.identity.fingerprint(), "how it is done is never identity");
    assert!(!serde_json::to_string(&read).unwrap().contains("automation"));
}

#[test]
fn the_reach_says_step_by_step_who_does_it() {
    let reach = reach(&plan(&whole())).unwrap();
    assert_eq!(reach.steps, [("restart (server=web-1)".into(), "process true".into())]);
    assert_eq!(
        reach.measures,
        [
            ("instance answers".into(), "http GET http://127.0.0.1/".into()),
            ("pages come".into(), "http GET http://127.0.0.1/".into())
        ]
    );
    assert!(reach.measures_all() && !reach.needs_nobody() && reach.reverts_by_hand && !reach.lacks_secrets);
}
