//! From a service to a verified fix, the way the product tells it.

use serde_json::{Value, json};

use super::Walk;

pub const GAP: &str = "alert-gap|during|max";
pub const BACK: &str = "instance-back|after|every";

pub async fn services_and_changes(walk: &mut Walk) {
    for (name, class) in [("Production", "other"), ("Staging", "other")] {
        walk.call("Ana", "environments_add", &[], json!({ "name": name, "class": class })).await;
    }
    walk.call(
        "Ana",
        "environments_edit",
        &["staging"],
        json!({ "name": "Staging EU", "class": "other", "version": 1 }),
    )
    .await;
    assert_eq!(walk.get("environments_show", &["staging"]).await["name"], "Staging EU");
    assert_eq!(walk.get("environments_list", &[]).await["environments"].as_array().unwrap().len(), 2);
    walk.call("Ana", "services_add", &[], json!({ "name": "ZooKeeper", "stateful": true, "single_point": "on" })).await;
    walk.call("Ana", "services_add", &[], json!({ "name": "Alerting", "needs": ["zookeeper"], "owner": "SRE" })).await;
    let edited = json!({ "name": "Alerting", "needs": ["zookeeper"], "owner": "SRE", "description": 5, "version": 1 });
    assert_eq!(walk.call("Ana", "services_edit", &["alerting"], edited).await["description"], "5");
    let targets =
        json!({ "rows": [{ "name": "zk-1", "environment": "production", "role": "leader" }, {}], "version": 1 });
    walk.call("Ana", "services_set_targets", &["zookeeper"], targets).await;
    let change = json!({ "kind": "deploy", "summary": "3.9", "environment": "production", "services": ["zookeeper"], "at": "2026-11-02T09:00:00Z" });
    walk.call("Ana", "changes_record", &[], change.clone()).await;
    walk.call("Ana", "services_record_change", &["zookeeper"], change).await;
    assert_eq!(walk.get("changes_list", &["?service=zookeeper&limit=1"]).await["more"], true);
    assert_eq!(walk.get("changes_show", &["1"]).await["summary"], "3.9");
    walk.call("Ana", "changes_mark_irrelevant", &["1"], json!({ "reason": "Comments only" })).await;
    assert_eq!(walk.get("changes_show", &["1"]).await["irrelevant"]["reason"], "Comments only");
    walk.call("Ana", "changes_mark_relevant", &["1"], json!({ "reason": "It restarted them" })).await;
    let shown = walk.get("services_show", &["zookeeper"]).await;
    assert_eq!((&shown["needed_by"][0], &shown["targets"][0]["name"]), (&json!("alerting"), &json!("zk-1")));
    walk.get("services_list", &["?q=zoo%2A"]).await;
    owners_and_chef(walk).await;
}

async fn owners_and_chef(walk: &mut Walk) {
    let confirmed = walk.call("Ana", "services_confirm_ownership", &["alerting"], json!({})).await;
    assert!(confirmed["checked"]["at"].is_i64() || confirmed["checked"]["at"].is_string(), "{confirmed}");
    assert_eq!(walk.get("services_list", &["?confirm=on"]).await["services"][0]["service"]["slug"], "zookeeper");
    let converge = json!({
        "message_type": "run_converge", "run_id": "c0ffee", "node_name": "zk-9", "status": "success",
        "start_time": "2026-11-02T08:00:00Z", "end_time": "2026-11-02T08:00:30Z",
        "total_resource_count": 9, "updated_resource_count": 1,
    });
    walk.call("Ana", "chef_take", &[], converge).await;
    assert_eq!(walk.get("chef_show", &[]).await["unmapped"][0]["node"], "zk-9");
    let mapping = json!({ "kind": "node", "name": "zk-9", "service": "zookeeper", "environment": "production" });
    walk.call("Ana", "chef_map", &[], mapping).await;
    assert_eq!(walk.get("chef_show", &[]).await["unmapped"], json!([]));
    walk.call("Ana", "chef_unmap", &[], json!({ "kind": "node", "name": "zk-9", "service": "zookeeper" })).await;
    let entity = json!({ "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "alerting" }, "spec": { "owner": "sre" } });
    walk.call("Ana", "imports_take_catalogue", &["?dry_run=true"], entity).await;
    assert_eq!(walk.get("coverage_show", &[]).await["lines"][0]["service"], "zookeeper");
}

pub async fn a_team_works_and_a_freeze_comes_and_goes(walk: &mut Walk) {
    let team = json!({
        "name": "Data platform",
        "zone": "Europe/Berlin",
        "monday": "09:00-17:00",
        "holidays": ["2026-12-25 Christmas Day"],
    });
    let made = walk.call("Ana", "teams_write", &[], team).await;
    assert_eq!((&made["slug"], &made["works"]), (&json!("data-platform"), &json!("Monday 09:00–17:00")));
    let sent_back = with(made["text"].clone(), json!({ "tuesday": "10:00–12:00", "solo": true }));
    let edited = walk.call("Ana", "teams_edit", &["data-platform"], sent_back).await;
    assert_eq!((&edited["version"], &edited["text"]["solo"]), (&json!(2), &json!("on")));
    let version = walk.get("services_show", &["alerting"]).await["service"]["version"].clone();
    let owned = json!({ "name": "Alerting", "team": "data-platform", "needs": ["zookeeper"], "version": version });
    assert_eq!(walk.call("Ana", "services_edit", &["alerting"], owned).await["team"], "data-platform");
    assert_eq!(walk.get("teams_show", &["data-platform"]).await["services"], json!(["alerting"]));
    assert_eq!(walk.get("teams_list", &["?limit=1"]).await["more"], false);

    let freeze = json!({ "scope": "team:data-platform", "until": "2027-01-02T00:00:00Z", "why": "End of the year" });
    let set = walk.call("Ana", "freezes_set", &[], freeze).await;
    assert_eq!((&set["id"], &set["state"], &set["name"]), (&json!(1), &json!("active"), &json!("Ana")));
    assert_eq!(walk.get("freezes_list", &["?state=active"]).await["freezes"][0]["scope"], "team:data-platform");
    let ended = walk.call("Ben", "freezes_end", &["1"], json!({ "why": "The sale is over" })).await;
    assert_eq!((&ended["state"], &ended["ended_why"]), (&json!("past"), &json!("The sale is over")));
    assert_eq!(walk.get("freezes_show", &["1"]).await, ended);
}

pub fn a_plan() -> Value {
    json!({
        "title": "Restart one ZooKeeper",
        "if_fault": "one ZooKeeper is restarted",
        "then_behaviour": "internal alerts keep arriving",
        "because_safeguard": "a new leader takes over",
        "services": ["zookeeper", "alerting"],
        "environment": "production",
        "fault_kind": "process-restart",
        "fault_duration": "5 min",
        "fault_params": [{ "name": "delay", "value": "200 ms", "harsher": "up" }],
        "selector": "role=zookeeper",
        "method": [{ "op": "restart", "args": "signal=TERM" }],
        "load_kind": "orders",
        "load_rate": 200,
        "checks": [
            { "measure": "alert-gap", "phase": "during", "aggregate": "max", "comparator": "<=", "threshold": 60, "unit": "s", "window": "15 min" },
            { "measure": "instance-back", "phase": "after", "aggregate": "every", "comparator": "holds" },
        ],
        "signals": [{ "signal": "zookeeper-down", "expect": "fire", "time": "2 min" }],
        "recovery": "5 min",
        "abort_conditions": "error rate above 1 %",
        "revert_procedure": "Start the service by hand",
        "revert_owner": "Ana",
        "revert_deadline": "5 min",
        "links": "https://example.org/runbook",
        "relevant_changes": ["deploy", "", "version"],
    })
}

pub async fn an_slo_is_promised_and_measured(walk: &mut Walk) {
    let text = json!({
        "title": "Sessions answer",
        "service": "zookeeper",
        "environment": "production",
        "measure": "answered pings",
        "target": "at least 99 % good",
        "window": "rolling",
        "days": 28,
        "method": "occurrences",
        "too_broken": "90 %",
        "source": "push",
    });
    assert_eq!(walk.call("Ana", "slos_write", &[], text.clone()).await["id"], "SLO-1");
    let promised = with(text, json!({ "promise": "A session you open stays open.", "version": 1 }));
    let edited = walk.call("Ana", "slos_edit", &["SLO-1"], promised).await;
    assert_eq!((&edited["revision"], &edited["text"]["level_window"]), (&json!(2), &json!("1 h")));
    let approved = walk.call("Ben", "slos_approve", &["SLO-1"], json!({ "version": 2 })).await;
    assert_eq!((&approved["state"], &approved["approved"]), (&json!("approved"), &json!(2)));
    let rows = json!([
        { "from": "2026-11-01T10:00:00Z", "to": "2026-11-02T09:00:00Z", "good": 990, "bad": 10 },
        { "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T10:00:00Z", "good": 9_000, "bad": "0" },
    ]);
    let taken = walk.call("Ana", "slos_measure", &["SLO-1"], json!({ "rows": rows })).await;
    assert_eq!(taken, json!({ "new": 2, "corrected": 0, "repeated": 0 }));
    let again = walk.call("Ana", "slos_measure", &["SLO-1"], json!({ "rows": rows })).await;
    assert_eq!(again["repeated"], 2);
    let gap = json!({ "from": "2026-11-02T09:00:00Z", "to": "2026-11-02T09:30:00Z", "events": 22, "reason": "The exporter was down" });
    walk.call("Ana", "slos_sign_gap", &["SLO-1"], gap).await;
    let standing = walk.get("slos_standing", &["SLO-1"]).await;
    assert_eq!((&standing["health"]["is"], &standing["bad"]), (&json!("healthy"), &json!(32)));
    assert_eq!(walk.get("slos_list_measurements", &["SLO-1", "?limit=1"]).await["more"], true);
    let wrong = json!({ "number": 3, "reason": "It was not down" });
    walk.call("Ana", "slos_withdraw_measurement", &["SLO-1"], wrong).await;
    assert_eq!(walk.get("slos_standing", &["slo-1"]).await["bad"], 10);
    let shown = walk.get("slos_show", &["SLO-1"]).await;
    let sent_back = shown["text"].clone();
    walk.call("Ana", "slos_edit", &["SLO-1"], sent_back).await;
    assert_eq!(walk.get("slos_list", &["?service=zookeeper&limit=1"]).await["slos"][0]["state"], "changed");
    let source = json!({
        "address": "http://127.0.0.1:9090/",
        "counts": "bad",
        "part": "pings_total{answered=\"no\"}",
        "total": "pings_total",
        "on": false,
    });
    let told = walk.call("Ana", "slos_write_source", &["SLO-1"], source).await;
    assert_eq!(
        (&told["source"]["address"], &told["source"]["step"]),
        (&json!("http://127.0.0.1:9090"), &json!("1 min"))
    );
    walk.call("Ana", "slos_write_source", &["SLO-1"], told["source"].clone()).await;
    assert_eq!(walk.get("slos_show_source", &["SLO-1"]).await["version"], 2);
    walk.call("Ana", "slos_remove_source", &["SLO-1"], json!({ "reason": "Pings are pushed" })).await;
    honeycomb_stands_beside_it(walk).await;
    walk.call("Ben", "slos_retire", &["SLO-1"], json!({ "reason": "Another one says more" })).await;
}

async fn honeycomb_stands_beside_it(walk: &mut Walk) {
    let draft = json!({ "dataset": "shop", "slo": "2LBq9LckbcA", "credential": "honeycomb" });
    let told = walk.call("Ana", "slos_write_honeycomb", &["SLO-1"], draft).await;
    assert_eq!(told["source"]["address"], "https://api.honeycomb.io");
    walk.call("Ana", "slos_write_honeycomb", &["SLO-1"], told["source"].clone()).await;
    assert_eq!(walk.get("slos_show_honeycomb", &["SLO-1"]).await["version"], 2);
    let alert = json!({ "name": "Shop answers", "status": "triggered", "id": "bA1" });
    let taken = walk.call("Ana", "slos_take_burn_alert", &["?slo=SLO-1"], alert).await;
    assert_eq!((&taken["observation"], &taken["again"]), (&json!(1), &json!(false)));
    let heard = walk.get("slos_list_honeycomb", &["SLO-1", "?limit=1"]).await;
    assert_eq!(heard["observations"][0]["burn_alert"]["state"], "burning");
    walk.call("Ana", "slos_remove_honeycomb", &["SLO-1"], json!({ "reason": "Another vendor" })).await;
}

pub async fn slos_go_both_ways(walk: &mut Walk) {
    let source = json!({ "metricSource": { "type": "Prometheus", "spec": { "query": "sum(up)" } } });
    let foreign = json!({
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": { "name": "up" },
        "spec": {
            "service": "zookeeper",
            "indicator": { "metadata": { "name": "up" }, "spec": { "ratioMetric": { "rawType": "success", "raw": source } } },
            "timeWindow": [{ "duration": "28d", "isRolling": true }],
            "budgetingMethod": "Occurrences",
            "objectives": [{ "target": 0.999 }],
        },
    });
    let dry = walk.call("Ana", "imports_take_slos", &["?environment=production&dry_run=true"], foreign.clone()).await;
    assert_eq!((&dry["create"], &dry["lines"][0]["slo"]), (&json!(1), &json!(null)));
    let taken = walk.call("Ana", "imports_take_slos", &["?environment=production"], foreign).await;
    let id = taken["lines"][0]["slo"].as_str().unwrap();
    let one = walk.get("slos_export", &[id]).await;
    assert!(one.as_str().unwrap().contains("query: sum(up)"), "{one}");
    let all = walk.get("slos_export_all", &[]).await;
    assert_eq!(all.as_str().unwrap().matches("kind: SLO").count(), 1, "the other one is retired: {all}");
}

pub fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    body
}

pub async fn a_plan_is_written_and_read(walk: &mut Walk) {
    let made = walk.call("Ana", "experiments_create", &[], a_plan()).await;
    assert_eq!(made["id"], "EXP-1");
    walk.call(
        "Ana",
        "experiments_observe",
        &["EXP-1"],
        json!({ "text": "Elections take 9 s.", "at": "2026-11-02T09:00:00Z" }),
    )
    .await;
    walk.call("Ana", "experiments_request_review", &["EXP-1"], json!({})).await;
    walk.call("Ben", "experiments_ask_changes", &["EXP-1", "1"], json!({ "text": "How is the leader told apart?" }))
        .await;
    let revised = with(
        a_plan(),
        json!({ "question": "What if the leader dies?", "count": "all", "reason": "clearer", "version": 3 }),
    );
    assert_eq!(walk.call("Ana", "experiments_revise", &["EXP-1"], revised).await["revision"], 2);
    walk.call("Ana", "experiments_request_review", &["EXP-1"], json!({})).await;
    walk.call("Ben", "experiments_approve", &["EXP-1", "2"], json!({})).await;
    assert_eq!(walk.get("experiments_show_plan", &["EXP-1", "2"]).await["reviews"][0]["approved"], true);
    let compared = walk.get("experiments_compare", &["EXP-1", "?from=2&to=1"]).await;
    assert_eq!(compared["compared"]["relation"], "stricter");
    walk.get("experiments_show", &["exp-1"]).await;
    let first =
        json!({ "service": "Kafka", "question": "What happens if one broker stops?", "text": "Three brokers." });
    let other = walk.call("Ana", "experiments_first_observation", &[], first).await;
    let other = other["id"].as_str().unwrap();
    walk.call("Ana", "experiments_retire", &[other], json!({ "reason": "Kafka goes" })).await;
    walk.call("Ana", "experiments_reopen", &[other], json!({ "reason": null })).await;
    walk.get("experiments_list", &["?stage=ready&service=alerting&q=zoo%2A&limit=1"]).await;
}

/// Ana owns the run, Ben observes and answers what the gate asks.
pub async fn everybody_is_here(walk: &mut Walk, id: &str) {
    let people = walk.get("people_list", &[]).await;
    for (name, part, can_revert) in [("Ana", "owner", true), ("Ben", "observer", false)] {
        let known = people["people"].as_array().unwrap();
        let person = known.iter().find(|person| person["name"] == name).unwrap()["id"].clone();
        let here = json!({ "person": person, "parts": [part, ""], "can_revert": can_revert, "present": true });
        walk.call("Ana", "runs_attend", &[id], here).await;
    }
    let looks = json!([{ "look": "incidents", "sight": "clear" }]);
    walk.call("Ben", "runs_look_both_ways", &[id], json!({ "looks": looks })).await;
    let run = walk.get("runs_show", &[id]).await;
    for settled in run["gate"].as_array().unwrap() {
        if settled["line"]["answer"] == "ask" {
            let answer = json!({ "check": settled["line"]["check"], "text": "Seen, and accepted" });
            walk.call("Ben", "runs_answer_gate", &[id], answer).await;
        }
    }
}

/// The limits that people agree on, and the gate asked before there is a run.
pub async fn a_policy_is_agreed_on(walk: &mut Walk) {
    let policy = json!({ "reserve": "20 %", "at_once_max": 2, "revisit_on": "2027-05-01", "version": 0 });
    assert_eq!(walk.call("Ben", "gate_write_policy", &[], policy).await["version"], 1);
    let approved = walk.call("Ana", "gate_approve_policy", &[], json!({ "version": 1 })).await;
    assert_eq!(approved["approved_by"], "Ana");
    assert_eq!(walk.get("gate_policy", &[]).await["in_force"]["reserve"], "20 %");
    let asked = walk.get("gate_ask", &["?service=zookeeper&environment=production"]).await;
    assert_eq!((&asked["answer"], &asked["policy"]), (&json!("ask"), &json!(1)), "no team owns zookeeper");
    let of_plan = walk.get("gate_ask", &["?service=zookeeper&environment=production&experiment=EXP-1"]).await;
    assert_eq!(of_plan["answer"], "ask", "the revert was never rehearsed: {of_plan:#}");
}

/// A run until it can be signed; the check's value decides.
pub async fn a_run_ends(walk: &mut Walk, id: &str, gap: &str) {
    everybody_is_here(walk, id).await;
    walk.call("Ana", "runs_start", &[id], json!({ "targets": [{ "name": "zk-1", "role": "leader", "hit": true }] }))
        .await;
    walk.call("Ana", "runs_begin_fault", &[id], json!({})).await;
    let effect = json!({ "name": "zk-1", "effect": "shown", "evidence": "process id changed" });
    walk.call("Ana", "runs_record_effect", &[id], effect).await;
    walk.world.clock.pass_ms(900_000);
    let seen = json!({ "check": GAP, "seen": gap, "source": "customer count", "claimed": "ok", "claimed_source": "dashboard" });
    walk.call("Ana", "runs_answer_check", &[id], seen).await;
    walk.call(
        "Ana",
        "runs_answer_signal",
        &[id],
        json!({ "signal": "zookeeper-down", "seen": "fired", "after_s": "41" }),
    )
    .await;
    walk.call("Ana", "runs_end_fault", &[id], json!({})).await;
    walk.world.clock.pass_ms(60_000);
    walk.call("Ana", "runs_answer_check", &[id], json!({ "check": BACK, "seen": "held", "source": "customer count" }))
        .await;
    walk.call("Ana", "runs_finish", &[id], json!({})).await;
}

pub async fn a_run_refutes(walk: &mut Walk) {
    let planned =
        json!({ "experiment": "EXP-1", "planned_at": "2026-11-02T12:00", "owner": "Ana", "observers": "Ben\nVic" });
    assert_eq!(walk.call("Ana", "runs_plan", &[], planned).await["id"], "RUN-1");
    let gate = walk.get("runs_show", &["RUN-1"]).await;
    assert!(gate["gate"].as_array().is_some_and(|lines| !lines.is_empty()));
    walk.world.clock.pass_ms(3_600_000);
    a_run_ends(walk, "RUN-1", "300..600").await;
    walk.call(
        "Ana",
        "runs_observe",
        &["RUN-1"],
        json!({ "text": "Alerts are late", "kind": "unexpected", "pinned": true }),
    )
    .await;
    walk.call("Ana", "runs_observe", &["RUN-1"], json!({ "text": "Now they come\n/question" })).await;
    walk.call("Ana", "runs_pin", &["RUN-1"], json!({ "observation": 2, "pinned": true })).await;
    something_shows_it(walk).await;
    walk.call("Ana", "runs_deviate", &["RUN-1"], json!({ "text": "Two minutes late" })).await;
    let ruling = json!({ "number": 1, "ruling": "context", "reason": "It changes nothing" });
    walk.call("Ben", "runs_rule_deviation", &["RUN-1"], ruling).await;
    walk.call("Ben", "runs_rule_validity", &["RUN-1"], json!({ "ruling": "valid", "reason": "All is there" })).await;
    walk.call("Ana", "runs_sign", &["RUN-1"], json!({ "verdict": "refuted", "analysis": "Five minutes." })).await;
    walk.call("Ben", "runs_overrule", &["RUN-1"], json!({ "verdict": "inconclusive", "reason": "One source" })).await;
    walk.call("Ben", "runs_revoke_overruling", &["RUN-1"], json!({ "text": "Two sources" })).await;
    alerts_stand_beside_it(walk).await;
    assert_eq!(walk.get("runs_list_observations", &["RUN-1", "?limit=1"]).await["more"], true);
    assert_eq!(walk.get("runs_list_readings", &["RUN-1"]).await["readings"], json!([]));
    walk.call("Ana", "runs_close", &["RUN-1"], json!({ "decision": "fix_and_rerun" })).await;
    walk.call("Ana", "runs_amend", &["RUN-1"], json!({ "text": "The dashboard was slow, too." })).await;
}

async fn alerts_stand_beside_it(walk: &mut Walk) {
    let labels = json!({ "alertname": "DiskFull", "service": "zookeeper" });
    let told = json!({ "alerts": [{ "status": "firing", "labels": labels, "startsAt": "2026-11-02T10:30:00Z" }], "truncatedAlerts": 0 });
    let taken = walk.call("Ana", "alerts_take", &["?environment=production"], told).await;
    assert_eq!((&taken["news"], &taken["complete"]), (&json!(1), &json!(true)));
    assert_eq!(walk.get("alerts_list", &["?environment=production&limit=1"]).await["alerts"][0]["name"], "DiskFull");
    assert!(walk.get("alerts_of_run", &["RUN-1"]).await["others"].is_array());
}

async fn something_shows_it(walk: &mut Walk) {
    let link = json!({ "link": "https://example.org/d/1", "says": "The gap", "observation": 1 });
    walk.call("Ana", "runs_attach_link", &["RUN-1"], link).await;
    let image = crate::notes::PNG;
    let attached = walk.call_with("Ana", "runs_attach_image", &["RUN-1", "?says=The+gap"], image.to_vec()).await;
    let sha256 = attached["evidence"]["sha256"].as_str().unwrap().to_owned();
    walk.get("runs_show_image", &["RUN-1", &sha256]).await;
    let list = walk.get("runs_list_evidence", &["RUN-1"]).await;
    assert_eq!(list["evidence"].as_array().map(Vec::len), Some(2));
}

pub async fn a_rerun_verifies(walk: &mut Walk) {
    walk.world.clock.pass_ms(3_600_000);
    walk.call("Ana", "runs_plan", &[], json!({ "experiment": "EXP-1", "replaces": "RUN-1" })).await;
    a_run_ends(walk, "RUN-2", "38 s").await;
    let open = walk.get("runs_open_fixes", &["RUN-2"]).await;
    assert_eq!((&open["fixes"][0]["fix"]["id"], &open["fixes"][0]["can_exercise"]), (&json!("FIX-1"), &json!(true)));
    walk.call("Ana", "runs_sign", &["RUN-2"], json!({ "verdict": "upheld" })).await;
    let answer = json!({ "fix": "FIX-1", "finding": "FND-1", "exercised": "not", "reason": "38 s" });
    let closing = json!({ "decision": "keep_manual", "decision_reason": "It held once", "answers": [answer] });
    walk.call("Ana", "runs_close", &["RUN-2"], closing).await;
    let amended = json!({ "fix": "FIX-1", "finding": "FND-1", "exercised": "held", "reason": "It was hit after all" });
    walk.call("Ben", "runs_amend_answer", &["RUN-2"], amended).await;
    assert_eq!(walk.get("fixes_show", &["FIX-1"]).await["standing"], "verified");
    assert_eq!(walk.get("runs_show", &["RUN-2"]).await["before"]["run"], "RUN-1");
}

pub async fn it_is_all_there(walk: &mut Walk) {
    let overview = walk.get("experiments_overview", &["EXP-1"]).await;
    assert!(overview["chain"]["links"].as_array().unwrap().iter().any(|link| link["verifies"] == true), "{overview:#}");
    walk.get("experiments_overview", &["EXP-2"]).await;
    walk.listen("runs_watch", &["RUN-1", "?after=0"]).await;
    walk.get("runs_list", &["?experiment=EXP-1&execution=finished&limit=2"]).await;
    let compared = walk.get("runs_compare", &["?ids=RUN-1,RUN-2&all=on"]).await;
    assert_eq!(compared["runs"].as_array().unwrap().len(), 2, "{compared:#}");
    assert!(walk.get("runs_report", &["RUN-2"]).await["proven"].is_array());
    walk.get("findings_list", &["?experiment=EXP-1&service=zookeeper&origin=RUN-1"]).await;
    walk.get("findings_show", &["FND-1"]).await;
    walk.get("fixes_list", &["?limit=200"]).await;
    walk.get("today_show", &[]).await;
    let view = json!({ "name": "Open findings", "query": "type:finding AND is:open", "pinned": true });
    let view = walk.call("Ana", "views_save", &[], view).await;
    assert_eq!(walk.get("views_list", &[]).await["views"][0]["query"], "type:finding is:open");
    let id = view["id"].to_string();
    let changed = json!({ "name": "Stale ones", "query": "is:stale", "version": view["version"] });
    assert_eq!(walk.call("Ana", "views_edit", &[id.as_str()], changed).await["name"], "Stale ones");
    walk.call("Ana", "views_drop", &[id.as_str()], json!({})).await;
    walk.get("search_csv", &["?q=type:finding"]).await;
    let found = walk.get("search_find", &["?q=type:finding&facets=on&limit=5"]).await;
    assert_eq!((&found["hits"][0]["kind"], &found["facets"][0]["value"]), (&json!("finding"), &json!("finding")));
    walk.get("slos_compliance", &["SLO-1"]).await;
    assert!(walk.get("slos_suggest", &["SLO-1"]).await["is"].is_string());
    let ledger = walk.get("ledger_show", &["?quarter=2026-Q4"]).await;
    assert_eq!((&ledger["quarter"], ledger["ledger"].as_array().unwrap().is_empty()), (&json!("2026-Q4"), false));
    assert_eq!(walk.get("events_list", &["?about=EXP-1&limit=1"]).await["more"], true);
    assert_eq!(walk.get("description_show", &[]).await["openapi"], "3.1.0");
}
