//! A template that comes with Retrial is begun from, and a plan that proved itself becomes one.

use serde_json::json;

use super::{Walk, story::with};

pub async fn a_plan_becomes_a_template(walk: &mut Walk) {
    let listed = walk.get("templates_list", &["?fault=disk-full&requires=disk"]).await;
    assert_eq!(listed["templates"][0]["template"], "full-disk@1", "{listed:#}");
    let shown = walk.get("templates_show", &["full-disk"]).await;
    assert_eq!((&shown["template"]["origin"]["is"], &shown["uses"]), (&json!("built_in"), &json!([])));
    let mut plan = with(shown["template"]["text"].clone(), json!({ "services": ["zookeeper"] }));
    plan.as_object_mut().unwrap().remove("version");
    let made = walk.call("Ana", "experiments_create", &[], plan).await;
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(walk.get("experiments_show", &[&id]).await["template"], "full-disk@1");
    assert_eq!(walk.get("templates_show", &["full-disk"]).await["uses"][0]["experiment"], json!(id));

    let alike = walk.get("seen_show", &["?services=zookeeper&fault=process-restart&own=EXP-1"]).await;
    assert_eq!(alike["findings"][0]["id"], "FND-1", "{alike:#}");
    assert!(alike["experiments"].as_array().unwrap().iter().all(|other| other["id"] != "EXP-1"), "{alike:#}");
    walk.call("Ana", "seen_put_aside", &[], json!({ "object": "FND-1" })).await;
    let fewer = walk.get("seen_show", &["?services=zookeeper&fault=process-restart&own=EXP-1"]).await;
    assert_eq!(fewer["aside"], 1, "{fewer:#}");
    walk.call("Ana", "seen_take_back", &[], json!({})).await;
    let again = walk.get("seen_show", &["?services=zookeeper&fault=process-restart&own=EXP-1"]).await;
    assert_eq!((&again["findings"][0]["id"], &again["aside"]), (&json!("FND-1"), &json!(0)), "{again:#}");

    let promoted =
        json!({ "name": "Restart one of ours", "requires": ["quorum", ""], "about": "It found three things." });
    let made = walk.call("Ana", "templates_promote", &["EXP-1"], promoted).await;
    assert_eq!((&made["slug"], &made["version"]), (&json!("restart-one-of-ours"), &json!(1)));
    let renewed = json!({ "experiment": "EXP-1", "name": "Restart one of ours", "requires": ["leader"], "version": 1 });
    let made = walk.call("Ana", "templates_renew", &["restart-one-of-ours"], renewed).await;
    assert_eq!((&made["template"], &made["newest"]), (&json!("restart-one-of-ours@2"), &json!(2)));
    let before = walk.get("templates_show_version", &["restart-one-of-ours", "1"]).await;
    assert_eq!((&before["requires"], &before["newest"]), (&json!(["quorum"]), &json!(2)));
    walk.call("Ben", "templates_retire", &["restart-one-of-ours"], json!({ "reason": "Nobody runs it" })).await;
    assert_eq!(walk.get("templates_list", &["?retired=on"]).await["templates"].as_array().unwrap().len(), 1);
    walk.call("Ben", "templates_reopen", &["restart-one-of-ours"], json!({})).await;
}
