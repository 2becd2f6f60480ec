//! Judgements, deployments, runs that go otherwise, decisions and documents.

use serde_json::{Value, json};

use super::Walk;
use crate::imports::journal;

pub async fn a_finding_is_judged(walk: &mut Walk) {
    let written = json!({ "title": "Alerts are late", "severity": "high", "origin": "RUN-1", "revealing": "check:alert-gap|during|max", "condition": "names", "condition_on": "zk-1" });
    assert_eq!(walk.call("Ana", "findings_write", &[], written).await["id"], "FND-1");
    let other = json!({ "title": "Nobody knew the runbook", "kind": "procedure", "environment": "production", "services": ["alerting"] });
    walk.call("Ana", "findings_write", &[], other).await;
    let edited = json!({ "title": "Alerts are five minutes late", "kind": "", "severity": "critical", "origin": "RUN-1", "revealing": "check:alert-gap|during|max", "version": 1 });
    walk.call("Ana", "findings_edit", &["FND-1"], edited).await;
    walk.call("Ana", "findings_suspect_cause", &["FND-1"], json!({ "reason": "The election waits", "of": 1 })).await;
    walk.call("Ben", "findings_confirm_cause", &["FND-1"], json!({ "number": 1, "reason": "Seen in the log" })).await;
    let risk = json!({ "owner": "Mira", "reason": "Replaced in spring", "until": "2027-03-31" });
    walk.call("Ben", "findings_accept_risk", &["FND-2"], risk).await;
    let shown = walk.get("findings_show", &["FND-2"]).await;
    assert_eq!(shown["status"]["is"], "risk_accepted");
    walk.call("Ben", "findings_undo", &["FND-2"], json!({ "of": "risk_accepted", "reason": "It grew" })).await;
    walk.call("Ben", "findings_mark_duplicate", &["FND-2"], json!({ "of": "FND-1" })).await;
    walk.call("Ben", "findings_undo", &["FND-2"], json!({ "of": "marked_duplicate", "reason": "It is not" })).await;
    walk.call("Ben", "findings_dismiss", &["FND-2"], json!({ "reason": "It was known" })).await;
    walk.call("Ana", "findings_link", &["FND-1"], json!({ "of": "FND-2", "number": "suspected_cause" })).await;
    walk.call("Ana", "findings_see_again", &["FND-1"], json!({ "of": "RUN-1", "reason": "Again" })).await;
}

pub async fn a_fix_is_deployed(walk: &mut Walk) {
    let proposed = json!({ "title": "Shorter timeout", "findings": ["FND-1"], "links": "https://example.org/pull/7" });
    assert_eq!(walk.call("Ana", "fixes_propose", &[], proposed).await["id"], "FIX-1");
    let edited = json!({ "title": "Much shorter timeout", "findings": ["FND-1"], "summary": "2 s", "version": 1 });
    walk.call("Ana", "fixes_edit", &["FIX-1"], edited).await;
    let deployed = json!({ "environment": "production", "reference": "v2" });
    walk.call("Ana", "fixes_deploy", &["FIX-1"], deployed.clone()).await;
    walk.call("Ana", "fixes_roll_back", &["FIX-1"], json!({ "number": 1, "text": "Elections flap" })).await;
    walk.world.clock.pass_ms(60_000);
    walk.call("Ana", "fixes_deploy", &["FIX-1"], deployed).await;
    assert_eq!(walk.get("fixes_list_deployments", &["FIX-1"]).await["deployments"].as_array().unwrap().len(), 2);
    walk.call("Ana", "fixes_note_closed_ticket", &["FIX-1"], json!({ "text": "OPS-7 is done" })).await;
    walk.call("Ana", "fixes_propose", &[], json!({ "title": "Two clusters", "findings": ["FND-1", "", "FND-2"] }))
        .await;
    walk.call("Ana", "fixes_withdraw", &["FIX-2"], json!({ "text": "Too dear" })).await;
}

pub async fn runs_go_otherwise(walk: &mut Walk) {
    walk.call("Ana", "runs_plan", &[], json!({ "experiment": "EXP-1" })).await;
    let moved = json!({ "planned_at": "2026-12-01T10:00", "text": "The release needs the morning" });
    walk.call("Ana", "runs_move_to", &["RUN-3"], moved).await;
    walk.call("Ana", "runs_cancel", &["RUN-3"], json!({ "text": "Release day" })).await;
    let targets = json!([{ "name": "zk-1", "hit": "on" }, { "name": "zk-2", "effect": "" }]);
    walk.call("Ana", "runs_plan", &[], json!({ "experiment": "EXP-1", "targets": targets })).await;
    super::story::everybody_is_here(walk, "RUN-4").await;
    preflight(walk, "RUN-4").await;
    walk.call("Ana", "runs_start", &["RUN-4"], json!({ "targets": targets })).await;
    walk.call("Ana", "runs_resolve_targets", &["RUN-4"], json!({ "targets": targets })).await;
    walk.call("Ana", "runs_record_lack", &["RUN-4"], json!({ "fix": "FIX-1", "reason": "The old image" })).await;
    walk.call("Ana", "runs_begin_fault", &["RUN-4"], json!({ "at": "" })).await;
    walk.call("Ana", "runs_begin_step", &["RUN-4"], json!({ "number": 1 })).await;
    walk.call("Ana", "runs_end_step", &["RUN-4"], json!({ "number": "1" })).await;
    walk.world.clock.pass_ms(60_000);
    walk.call("Ana", "runs_tell_exit_code", &["RUN-4"], json!({ "code": 0 })).await;
    walk.call("Ana", "runs_abort", &["RUN-4"], json!({ "reason": "own_effect", "text": "Error rate above 1 %" })).await;
    walk.call("Ana", "runs_fail_revert", &["RUN-4"], json!({ "text": "It did not start" })).await;
    walk.call("Ana", "runs_finish", &["RUN-4"], json!({})).await;
    walk.get("runs_show", &["RUN-4"]).await;
    let past = json!({ "experiment": "EXP-1", "started_at": "2026-11-01T10:00", "ended_at": "2026-11-01T10:30", "targets": [{ "name": "zk-1", "hit": true }] });
    walk.call("Ana", "runs_past", &[], past).await;
    let named = "?experiment=EXP-1&targets=zk-1";
    let taken = walk.call("Ana", "imports_take_journal", &[named], document("interrupted_control")).await;
    let run = taken["run"].as_str().unwrap().to_owned();
    walk.get("runs_show", &[&run]).await;
    walk.call("Ana", "runs_give_abort_reason", &[&run], json!({ "reason": "own_effect" })).await;
}

pub async fn reruns_come_again(walk: &mut Walk) {
    let rule =
        json!({ "days": ["tuesday", ""], "at": "10:00", "zone": "Europe/Berlin", "from": "2026-12-01", "version": 0 });
    assert_eq!(walk.call("Ana", "cadences_set", &["EXP-1"], rule).await["days"], json!(["tuesday"]));
    let skipped = json!({ "date": "2026-12-01", "text": "Release day" });
    assert_eq!(walk.call("Ana", "cadences_skip", &["EXP-1"], skipped).await["standing"], "skipped");
    let postponed = json!({ "date": "2026-12-08", "to": "2026-12-14T10:00", "text": "Mira is away" });
    assert_eq!(walk.call("Ana", "cadences_postpone", &["EXP-1"], postponed).await["standing"], "postponed");
    let run = walk.call("Ana", "cadences_plan", &["EXP-1"], json!({ "date": "2026-12-15" })).await;
    let run = run["id"].as_str().unwrap().to_owned();
    let shown = walk.get("cadences_show", &["EXP-1"]).await;
    assert!(shown["slots"].as_array().unwrap().iter().any(|slot| slot["run"] == run.as_str()), "{shown:#}");
    let calendar = walk.get("calendar_show", &["?from=2026-12-01&to=2027-01-01"]).await;
    assert_eq!(calendar["slots"].as_array().unwrap().len(), 5, "{calendar:#}");
    walk.call("Ana", "runs_cancel", &[&run], json!({ "text": "Enough" })).await;
    walk.call("Ana", "cadences_end", &["EXP-1"], json!({ "text": "Production does it" })).await;
    walk.call("Ana", "subscriptions_subscribe", &[], json!({ "of": "service:zookeeper" })).await;
    walk.call("Ana", "subscriptions_renew", &["1"], json!({})).await;
    assert_eq!(walk.get("subscriptions_list", &[]).await["subscriptions"][0]["slug"], "zookeeper");
    walk.call("Ana", "subscriptions_revoke", &["1"], json!({})).await;
}

/// RUN-3 was cancelled, and RUN-4 aborted.
pub async fn a_game_day_is_held(walk: &mut Walk) {
    let mut text = json!({
        "title": "Quorum day",
        "date": "2026-12-02",
        "from": "10:00",
        "until": "13:00",
        "zone": "Europe/Berlin",
        "agenda": "10:00 Briefing\n12:30 Debriefing",
        "teams": [""],
        "runs": ["RUN-3", "", "RUN-4"],
        "owner": 1,
        "observers": [1, " "],
    });
    let written = walk.call("Ana", "gamedays_write", &[], text.clone()).await;
    assert_eq!((&written["id"], &written["state"]), (&json!("GD-1"), &json!("coming")));
    text["title"] = json!("Leader day");
    text["version"] = json!(1);
    assert_eq!(walk.call("Ana", "gamedays_edit", &["GD-1"], text).await["text"]["title"], "Leader day");
    walk.call("Ana", "gamedays_add_note", &["GD-1"], json!({ "text": "Ben is late" })).await;
    let shown = walk.get("gamedays_show", &["GD-1"]).await;
    assert_eq!((&shown["summary"]["not_run"], &shown["notes"][0]["text"]), (&json!(["RUN-3"]), &json!("Ben is late")));
    assert_eq!(shown["agenda"].as_array().unwrap().len(), 4, "{shown:#}");
    let calendar = walk.get("calendar_show", &["?from=2026-12-01&to=2027-01-01"]).await;
    assert_eq!(calendar["gamedays"], json!(["GD-1"]));
    walk.call("Ana", "gamedays_cancel", &["GD-1"], json!({ "why": "Storm" })).await;
    assert_eq!(walk.get("gamedays_list", &["?limit=1"]).await["gamedays"][0]["state"], "cancelled");
}

/// Each part says go, and somebody looks both ways.
async fn preflight(walk: &mut Walk, id: &str) {
    let no_go = json!({ "part": "observer", "says": "no_go", "text": "The dashboard is blank" });
    walk.call("Ben", "runs_answer_poll", &[id], no_go).await;
    let asked = walk.get("runs_show", &[id]).await;
    let line = asked["gate"].as_array().unwrap().iter().find(|settled| settled["line"]["check"] == "go_no_go").unwrap();
    assert_eq!(line["outcome"], "waits", "{line:#}");
    for (name, part) in [("Ben", "observer"), ("Ana", "owner")] {
        walk.call(name, "runs_answer_poll", &[id], json!({ "part": part, "says": "go" })).await;
    }
    let looks = json!([{ "look": "incidents", "sight": "clear" }, { "look": "others", "sight": "" }]);
    walk.call("Ana", "runs_look_both_ways", &[id], json!({ "looks": looks })).await;
    let shown = walk.get("runs_show", &[id]).await;
    assert_eq!(shown["looked"][0]["look"], "incidents", "{shown:#}");
}

fn document(name: &str) -> Value {
    serde_json::from_slice(&journal(name)).unwrap()
}

pub async fn decisions_and_documents(walk: &mut Walk) {
    let body = json!({ "kind": "accept_the_risk", "reason": "Three months", "claims": ["EXP-1", ""], "until": "2027-03-31", "review_at": "2027-01-01", "run": "RUN-2" });
    let decided = walk.call("Ana", "decisions_decide", &[], body).await;
    let id = decided["id"].as_str().unwrap();
    walk.call(
        "Ana",
        "decisions_decide",
        &[],
        json!({ "kind": "keep_manual", "title": "By hand", "supersedes": id, "saving": "Two hours" }),
    )
    .await;
    assert_eq!(walk.get("decisions_show", &[id]).await["standing"]["is"], "superseded");
    walk.call("Ana", "decisions_stop", &["DEC-1"], json!({ "reason": "The service is gone" })).await;
    walk.get("decisions_list", &["?run=RUN-2&experiment=EXP-1"]).await;
    production_does_it_anyway(walk).await;
    walk.get("decisions_list", &["?limit=1"]).await;

    for status in [202, 202] {
        let waits = walk.call("Ana", "imports_take_journal", &["?experiment=later"], document("deviated")).await;
        assert_eq!((waits["run"].is_null(), status), (true, 202));
    }
    let list = walk.get("imports_list", &["?limit=1"]).await;
    let import = list["imports"][0]["id"].to_string();
    let attached =
        json!({ "experiment": "new", "services": ["zookeeper"], "environment": "production", "targets": "zk-1" });
    walk.call("Ana", "imports_attach", &[&import], attached).await;
    walk.get("imports_show", &[&import]).await;
    walk.get("imports_show_document", &[&import]).await;
    let again = walk.call("Ana", "imports_take_journal", &[], document("deviated")).await;
    assert_eq!(again["again"], true);
    plans_go_both_ways(walk).await;
}

/// A change is adopted and saves something; an experiment is retired for what production does by itself.
async fn production_does_it_anyway(walk: &mut Walk) {
    let adopt = json!({ "kind": "adopt_a_change", "saving": "Half of the bill", "claims": ["EXP-1"] });
    let adopted = walk.call("Ana", "decisions_decide", &[], adopt).await;
    let id = adopted["id"].as_str().unwrap().to_owned();
    let saved = json!({ "saving": "41 % in March, from the invoice" });
    walk.call("Ana", "decisions_realise_saving", &[&id], saved).await;
    assert_eq!(walk.get("decisions_show", &[&id]).await["realised_saving"], "41 % in March, from the invoice");
    assert!(walk.get("experiments_graduation", &["EXP-1"]).await["unattended"]["criteria"].is_array());
    let retire = json!({ "kind": "retire", "claims": ["EXP-1"], "passive": "preemption events" });
    walk.call("Ana", "decisions_decide", &[], retire).await;
    let seen = json!({ "held": "yes", "text": "zk-1 was taken back and came again" });
    walk.call("Ana", "experiments_record_passive", &["EXP-1"], seen).await;
    let drill = json!({ "number": 1, "reason": "It was a drill" });
    walk.call("Ana", "experiments_rule_out_passive", &["EXP-1"], drill).await;
    let shown = walk.get("experiments_graduation", &["EXP-1"]).await["shown"].clone();
    assert_eq!(shown[0]["ruled_out"], "It was a drill", "{shown:#}");
    walk.call("Ana", "experiments_reopen", &["EXP-1"], json!({})).await;
    walk.get("due_list", &["?reason=verdict_due"]).await;
    assert!(walk.get("due_list", &[]).await["due"].is_array());
}

async fn plans_go_both_ways(walk: &mut Walk) {
    let plan = walk.get("imports_export_plan", &["EXP-1", "2"]).await;
    let started = json!({ "name": "run-started", "ts": 1_793_700_000.0, "payload": plan });
    walk.call("Ana", "imports_take_notification", &[], started).await;
    let foreign = json!({
        "title": "Stop one broker",
        "description": "What happens?",
        "method": [{ "type": "action", "name": "stop", "provider": { "type": "process", "path": "true" } }],
    });
    let asked = "?services=zookeeper&environment=production";
    walk.call("Ana", "imports_take_plan", &[&format!("{asked}&dry_run=true")], foreign.clone()).await;
    walk.call("Ana", "imports_take_plan", &[asked], foreign).await;
    let list = walk.get("imports_list_plans", &[]).await;
    let id = list.as_object().unwrap().values().find_map(|rows| rows[0]["id"].as_i64()).unwrap().to_string();
    walk.get("imports_show_plan", &[&id]).await;
    walk.get("imports_show_plan_document", &[&id]).await;
}
