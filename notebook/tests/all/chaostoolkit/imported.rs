//! Experiments of the tool on their way in, and out again as they came.

use notebook::{
    actor::Role,
    experiments::{self, Draft},
    imports::{acts::TakeDraft, plans},
    refusal::Refusal,
    runs::facts::Verdict,
};
use serde_json::{Value, json};

use super::{exported, journal, take};
use crate::lab::{Lab, refused};

fn an_experiment() -> Value {
    let whole: Value = serde_json::from_slice(&journal("passed")).unwrap();
    let mut experiment = whole["experiment"].clone();
    experiment.as_object_mut().unwrap().remove("dry");
    // One that has never been here.
    experiment.as_object_mut().unwrap().remove("extensions");
    experiment["x-own"] = json!({"deep": [1, {"z": 1, "a": 2}]});
    experiment
}

fn into_staging() -> TakeDraft {
    TakeDraft { services: vec!["zookeeper".into()], environment: "staging".into(), ..TakeDraft::default() }
}

each_db!(an_experiment_becomes_a_draft_and_goes_out_as_it_came, book => {
    let lab = Lab::open(book).await;
    let source = an_experiment();
    let dry = plans::take(&lab.ana, source.to_string().as_bytes(), &into_staging(), true).await.unwrap();
    assert_eq!((dry.import, dry.experiment, dry.again), (None, None, false));
    assert_eq!(dry.steps, ["restart zookeeper node", "load"]);
    assert_eq!(dry.checks[0], "ingest endpoint answers: before, after");
    assert_eq!(dry.revert, ["undo: http GET http://127.0.0.1:18911/set/200"]);
    assert_eq!(dry.taken_out, ["/secrets/kafka/password"]);
    assert!(plans::list(&lab.ana).await.unwrap().is_empty(), "a dry run keeps nothing");

    let taken = plans::take(&lab.ana, source.to_string().as_bytes(), &into_staging(), false).await.unwrap();
    let id = taken.experiment.unwrap();
    let shown = experiments::acts::show(&lab.ana, id).await.unwrap();
    let plan = &shown.newest.plan;
    assert_eq!(shown.experiment.title.as_str(), "One ZooKeeper restart is tolerated");
    assert_eq!(plan.identity.environment.as_ref().unwrap().as_str(), "staging");
    assert_eq!(plan.identity.checks.len(), 10, "five probes, before and after");
    assert_eq!(plan.identity.method[0].args["does"], "process echo");
    assert_eq!(plan.identity.method[0].args["with"], "restarting zk-1");
    let kept = plans::document(&lab.ana, taken.import.unwrap()).await.unwrap();
    assert!(!kept.contains("s3cr3t-inline") && kept.contains("[redacted]"), "{kept}");
    assert!(!plan.context.automation.as_ref().unwrap().as_str().contains("s3cr3t-inline"));

    let mut expected = source.clone();
    expected["secrets"]["kafka"]["password"] = "[redacted]".into();
    let mut out = exported(&lab, id, "").await;
    assert_eq!(out["runtime"], json!({"rollbacks": {"strategy": "always"}, "hypothesis": {"strategy": "default"}}));
    assert_eq!(out["extensions"].as_array().unwrap().len(), 1);
    for added in ["runtime", "extensions"] {
        out.as_object_mut().unwrap().remove(added);
    }
    assert_eq!(out, expected, "every other member is as it came");
});

each_db!(the_same_experiment_twice_is_one_in_json_and_in_yaml, book => {
    let lab = Lab::open(book).await;
    let yaml = "title: Stop one\ndescription: What if one stops?\ntags: [zookeeper]\nmethod:\n- type: action\n  name: stop\n  provider: {type: process, path: systemctl, arguments: stop zk}\n";
    let json = json!({"method": [{"provider": {"arguments": "stop zk", "path": "systemctl", "type": "process"}, "name": "stop", "type": "action"}],
        "tags": ["zookeeper"], "description": "What if one stops?", "title": "Stop one"});
    let first = plans::take(&lab.ana, yaml.as_bytes(), &TakeDraft::default(), false).await.unwrap();
    let id = first.experiment.unwrap();
    let plan = experiments::acts::show(&lab.ana, id).await.unwrap().newest.plan;
    assert_eq!(plan.identity.services.iter().map(notebook::text::Slug::as_str).collect::<Vec<_>>(), ["zookeeper"], "its tag is a service");
    assert_eq!(plan.context.automation.unwrap().as_str(), yaml.trim_end(), "as it was written");
    let (a, b) = (json.to_string(), json.to_string());
    let again = plans::take(&lab.ana, a.as_bytes(), &into_staging(), false).await.unwrap();
    assert_eq!((again.again, again.experiment, again.import), (true, Some(id), first.import));
    let foreseen = plans::take(&lab.ana, b.as_bytes(), &into_staging(), true).await.unwrap();
    assert_eq!((foreseen.again, foreseen.experiment), (true, Some(id)));
    assert_eq!(plans::list(&lab.ana).await.unwrap().len(), 1);

    let own = exported(&lab, id, "").await.to_string();
    let back = plans::take(&lab.ana, own.as_bytes(), &into_staging(), false).await.unwrap();
    assert_eq!((back.again, back.experiment), (true, Some(id)), "our own export is no new experiment");
});

each_db!(what_is_no_experiment_is_refused_by_its_place_and_leaves_nothing, book => {
    let lab = Lab::open(book).await;
    let base = || json!({"title": "t", "description": "d", "method": [{"type": "action", "name": "a", "provider": {"type": "process", "path": "x"}}]});
    let with = |change: &dyn Fn(&mut Value)| {
        let mut document = base();
        change(&mut document);
        document.to_string().into_bytes()
    };
    let whole = journal("passed");
    let many: Vec<Value> = (0..60).map(|n| json!({"type": "action", "name": format!("a{n}"), "provider": {"type": "process", "path": "x"}})).collect();
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", b"".to_vec(), "document"),
        ("no object", b"[]".to_vec(), "document"),
        ("plain words", b"just words".to_vec(), "document"),
        ("torn JSON", base().to_string().into_bytes()[..40].to_vec(), "document"),
        ("torn YAML", b"title: t\nmethod: [".to_vec(), "document"),
        ("no text", b"\xff\xfe".to_vec(), "document"),
        ("a journal", whole, "document"),
        ("no title", with(&|d| drop(d.as_object_mut().unwrap().remove("title"))), "/title"),
        ("no method", with(&|d| drop(d.as_object_mut().unwrap().remove("method"))), "/method"),
        ("by hand is ours alone", with(&|d| drop(d["method"][0].as_object_mut().unwrap().remove("provider"))), "/method/0/provider"),
        ("a word that tools read differently", b"title: t\ndescription: d\nmethod: []\nx: off\n".to_vec(), "/x"),
        ("too many steps", with(&|d| d["method"] = many.clone().into()), "/method"),
        ("too deep", format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200)).into_bytes(), "document"),
    ];
    for (name, bytes, field) in table {
        let refusal = refused(plans::take(&lab.ana, &bytes, &into_staging(), false).await);
        assert_eq!((refusal.status(), refusal.troubles()[0].field.as_str()), (422, field), "{name}: {refusal:?}");
    }
    let large = with(&|d| d["description"] = "x".repeat(100_001).into());
    assert!(matches!(refused(plans::take(&lab.ana, &large, &into_staging(), false).await), Refusal::TooMuch { .. }));
    let no_service = plans::take(&lab.ana, base().to_string().as_bytes(), &TakeDraft::default(), false).await;
    assert_eq!(refused(no_service).troubles()[0].field, "services");
    for chosen in ["later", "EXP-1"] {
        let draft = TakeDraft { experiment: chosen.into(), ..into_staging() };
        let refusal = refused(plans::take(&lab.ana, base().to_string().as_bytes(), &draft, false).await);
        assert_eq!(refusal.troubles()[0].field, "experiment", "{refusal:?}");
    }
    assert!(plans::list(&lab.ana).await.unwrap().is_empty());
    assert!(experiments::acts::list(&lab.ana, &experiments::acts::Filter::default()).await.unwrap().0.is_empty());
    let viewer = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(plans::take(&viewer, base().to_string().as_bytes(), &into_staging(), true).await).status(), 403);
});

each_db!(an_imported_experiment_runs_and_is_identical_to_its_plan, book => {
    let lab = Lab::open(book).await;
    let source = an_experiment();
    let taken = plans::take(&lab.ana, source.to_string().as_bytes(), &into_staging(), false).await.unwrap();
    let id = taken.experiment.unwrap();
    // Complete what a document does not say, as a person would.
    let shown = experiments::acts::show(&lab.ana, id).await.unwrap();
    let draft = Draft {
        if_fault: "one node restarts".into(),
        because_safeguard: "two others go on".into(),
        fault_kind: "process-restart".into(),
        selector: "role=zookeeper".into(),
        revert_owner: "Ana".into(),
        revert_deadline: "5 min".into(),
        ..Draft::from_revision(&shown.newest, shown.experiment.version)
    };
    experiments::acts::revise(&lab.ana, id, &draft).await.unwrap();
    lab.review(id, 1).await;
    let document = exported(&lab, id, "").await;
    let mut journal: Value = serde_json::from_slice(&journal("passed")).unwrap();
    // The tool writes a judged value into the experiment; everything else is what was exported.
    let mut ran = document.clone();
    ran["dry"] = Value::Null;
    ran["steady-state-hypothesis"]["probes"][2]["tolerance"]["provider"]["arguments"]["value"] = json!(3);
    journal["experiment"] = ran;
    let run = take(&lab, &journal).await;
    assert_eq!((run.run.experiment, run.proposed.unwrap().is), (id, Verdict::Upheld));
    assert_eq!(run.facts.identity.fingerprint(), run.plan.identity.fingerprint());
    assert!(run.facts.deviations.is_empty(), "{:?}", run.facts.deviations);
});
