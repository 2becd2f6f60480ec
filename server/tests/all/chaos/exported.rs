//! What the tool says of every export, and of steps that wait for a person.

use std::path::Path;

use notebook::{
    actor::{Actor, Role, Via},
    experiments::{self, Draft},
    runs::{
        facts::Execution,
        validity::{InvalidReason, Validity},
    },
};
use serde_json::{Value, json};

use super::{Lab, output_of, said};
use crate::tool::offered;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_tool_finds_every_export_valid() {
    let Some(chaos) = offered("CHAOS") else { return };
    let lab = Lab::open(chaos).await;
    let ben =
        lab.world.notebook.desk(Actor::Person(lab.world.person("Cem", Role::Contributor).await.as_person()), Via::Form);
    let bare = Draft { automation: String::new(), ..lab.plan() };
    let by_hand = Draft {
        automation:
            "method:\n- type: action\n  name: pull the plug ${not a variable}\n  pauses: {after: 1}\nx-own: {a: 1}\n"
                .into(),
        ..lab.plan()
    };
    let smallest = Draft { title: "What if?".into(), services: vec!["web".into()], ..Draft::default() };
    let rich = json!({
        "configuration": {"port": 80, "level": {"type": "env", "key": "RETRIAL_NOT_THERE", "default": "low"}},
        "tags": ["web"], "contributions": {"availability": "high"},
        "steady-state-hypothesis": {"probes": [
            {"type": "probe", "name": "web answers", "tolerance": {"type": "regex", "pattern": "^u", "target": "stdout"}, "provider": {"type": "process", "path": "echo", "arguments": "up"}},
            {"type": "probe", "name": "front answers", "tolerance": {"type": "range", "range": [0, 0.5]}, "provider": {"type": "python", "module": "platform", "func": "node"}},
        ]},
        "method": [{"ref": "web answers"}, {"type": "action", "name": "go", "background": true, "provider": {"type": "process", "path": "true"}}],
        "controls": [], "runtime": {"hypothesis": {"strategy": "default"}},
    });
    let rich = Draft { automation: rich.to_string(), ..lab.plan() };
    let mut ids = vec!["EXP-1".to_owned()];
    for plan in [bare, by_hand, rich] {
        ids.push(lab.approve(&ben, &plan).await.to_string());
    }
    ids.push(experiments::acts::create(&lab.ana, &smallest).await.unwrap().id.to_string());
    for id in ids {
        let output = output_of(lab.tool().args(["validate", &lab.source(&id, "")]).spawn().unwrap()).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{id}: {said}");
    }
    assert!(lab.runs().await.is_empty(), "a validation is no run");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_step_by_hand_fails_where_nobody_is_there() {
    let Some(chaos) = offered("CHAOS") else { return };
    let lab = Lab::open(chaos).await;
    let automation: Value = serde_json::from_str(&lab.plan().automation).unwrap();
    let mut own = automation.clone();
    own["method"] = json!([]);
    let ben =
        lab.world.notebook.desk(Actor::Person(lab.world.person("Cem", Role::Contributor).await.as_person()), Via::Form);
    let id = lab.approve(&ben, &Draft { automation: own.to_string(), ..lab.plan() }).await.to_string();
    lab.web.start(200).await;
    let tool = lab.tool().args(["run", "--journal-path", "hand.json", &lab.source(&id, "")]).spawn().unwrap();
    let ran = lab.ended(tool, "hand.json").await;
    assert_eq!(ran.journal["run"][0]["activity"]["name"], "By hand: restart (server=web-1) (then press Enter)");
    assert_eq!(ran.journal["run"][0]["status"], "failed", "{}", ran.journal);
    let run = lab.until_ended(1).await[0];
    let shown = lab.shown(run).await;
    let invalid = Some(Validity::Invalid(InvalidReason::FaultNotShown));
    assert_eq!(said(&shown), (Execution::Finished, invalid, None), "nothing was tried");
    assert!(Path::new(&lab.path("hand.json")).exists());
}
