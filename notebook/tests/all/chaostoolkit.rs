//! Chaos Toolkit both ways: plans carried out, experiments carried in, and what the tool tells of its
//! runs, in any order and more than once.

use notebook::{
    actor::Role,
    experiments::{self, Draft},
    gate::prompts::About,
    id::{ExperimentId, RunId},
    imports::{
        acts::{TakeDraft, take_journal},
        export,
        notified::{self, Begun, Noted},
        plans,
    },
    refusal::Refusal,
    retrials::acts::overview,
    runs::{
        self,
        drafts::{AbortDraft, PlanDraft, TargetDraft},
        facts::{AbortReason, Execution, Verdict},
        validity::{InvalidReason, Validity},
    },
};
use serde_json::{Value, json};

use crate::lab::{Lab, check, refused, restart_one_zookeeper};

fn file(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/documents/{path}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn journal(name: &str) -> Vec<u8> {
    file(&format!("chaostoolkit/{name}"))
}

/// The body of a recorded request.
fn notification(name: &str) -> Value {
    let recorded: Value = serde_json::from_slice(&file(&format!("chaostoolkit-notifications/{name}"))).unwrap();
    recorded["body"].clone()
}

fn to(experiment: impl ToString) -> TakeDraft {
    TakeDraft { experiment: experiment.to_string(), targets: "zk-1".into(), ..TakeDraft::default() }
}

async fn tell(lab: &Lab<'_>, body: &Value, draft: &TakeDraft) -> Noted {
    notified::take(&lab.ana, body.to_string().as_bytes(), draft).await.unwrap()
}

fn run_of(noted: &Noted) -> RunId {
    match noted {
        Noted::Taken(taken) => taken.import.run.unwrap(),
        Noted::Begun(_) | Noted::Passed => panic!("no result"),
    }
}

fn begun(noted: Noted) -> Begun {
    match noted {
        Noted::Begun(begun) => begun,
        Noted::Taken(_) | Noted::Passed => panic!("nothing began"),
    }
}

/// Restart one, with a measure that the fault itself breaks for a moment: it is checked afterwards only.
fn restart_with_a_tool() -> Draft {
    let automation = json!({
        "configuration": {"node": "zk-1"},
        "steady-state-hypothesis": {"title": "Alerts keep coming", "probes": [
            {"type": "probe", "name": "instance-back", "tolerance": 200, "provider": {"type": "http", "url": "http://zk/${node}"}},
            {"type": "probe", "name": "alerts-come", "tolerance": true, "provider": {"type": "python", "module": "m", "func": "f"}},
        ]},
        "method": [{"type": "action", "name": "restart zk-1", "provider": {"type": "process", "path": "systemctl", "arguments": "restart zk"}}],
        "rollbacks": [{"type": "action", "name": "start zk-1", "provider": {"type": "process", "path": "systemctl", "arguments": "start zk"}}],
        "x-team": {"pager": 7},
    });
    Draft {
        checks: vec![
            check("alerts-come", "during", "every", "holds", "", ""),
            check("instance-back", "after", "every", "holds", "", ""),
        ],
        automation: automation.to_string(),
        ..restart_one_zookeeper()
    }
}

pub async fn exported(lab: &Lab<'_>, id: ExperimentId, run: &str) -> Value {
    let page = |run: Option<RunId>| run.map_or_else(|| format!("/plan/{id}"), |run| format!("/runs/{run}"));
    export::chaostoolkit(&lab.ana, id, 1, run, page).await.unwrap().to_value()
}

async fn plan_run(lab: &Lab<'_>, id: ExperimentId, target: &str) -> RunId {
    let hit = TargetDraft { name: target.into(), hit: "on".into(), ..TargetDraft::default() };
    let targets = if target.is_empty() { Vec::new() } else { vec![hit] };
    let plan = PlanDraft { experiment: id.to_string(), targets, ..PlanDraft::default() };
    runs::acts::plan(&lab.ana, &plan).await.unwrap().id
}

/// One look at the hypothesis: what each probe gives, up to the first that does not hold. A probe whose name
/// is written with a mark raises an error instead.
fn look(experiment: &Value, broken: &[&str]) -> Value {
    let mut results = Vec::new();
    for probe in experiment["steady-state-hypothesis"]["probes"].as_array().unwrap() {
        let name = probe["name"].as_str().unwrap();
        let raises = broken.contains(&format!("{name}!").as_str());
        let held = !raises && !broken.contains(&name);
        let status = if raises { "failed" } else { "succeeded" };
        results.push(json!({"activity": probe, "status": status, "output": held, "tolerance_met": held,
            "start": "2026-11-02T10:00:01+00:00", "end": "2026-11-02T10:00:02+00:00"}));
        if !held {
            break;
        }
    }
    let met = results.iter().all(|result| result["tolerance_met"] == true);
    json!({"steady_state_met": met, "probes": results})
}

/// The journal of a whole run of an experiment: which probes were broken before, during and after.
pub fn ran(experiment: &Value, [before, during, after]: [&[&str]; 3]) -> Value {
    let done = |activity: &Value| {
        json!({"activity": activity, "status": "succeeded", "output": null,
            "start": "2026-11-02T10:00:03+00:00", "end": "2026-11-02T10:00:04+00:00"})
    };
    let all = |section: &str| -> Vec<Value> { experiment[section].as_array().unwrap().iter().map(done).collect() };
    let mut own = experiment.clone();
    own["dry"] = Value::Null;
    let gate = look(experiment, before);
    let goes_on = gate["steady_state_met"] == true;
    let last = look(experiment, after);
    json!({
        "chaoslib-version": "1.44.0", "node": "vm", "experiment": own,
        "start": "2026-11-02T10:00:00+00:00", "end": "2026-11-02T10:01:00+00:00", "duration": 60.0,
        "status": "completed", "deviated": goes_on && last["steady_state_met"] == false,
        "steady_states": {
            "before": gate,
            "during": if goes_on { vec![look(experiment, &[]), look(experiment, during)] } else { Vec::new() },
            "after": if goes_on { last } else { Value::Null },
        },
        "run": if goes_on { all("method") } else { Vec::new() },
        "rollbacks": all("rollbacks"),
    })
}

pub const WELL: [&[&str]; 3] = [&[], &[], &[]];

async fn take(lab: &Lab<'_>, journal: &Value) -> runs::acts::Shown {
    let taken = take_journal(&lab.ana, journal.to_string().as_bytes(), &TakeDraft::default()).await.unwrap();
    runs::acts::show(&lab.ana, taken.import.run.unwrap()).await.unwrap()
}

async fn count(lab: &Lab<'_>, id: ExperimentId) -> usize {
    overview(&lab.ana, id).await.unwrap().runs.len()
}

// --- what the tool tells

each_db!(tellings_and_journal_of_one_run_are_one_run_in_any_order_and_twice, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let (completed, deviated) = (notification("040_notify"), notification("041_notify"));
    let whole: Value = serde_json::from_slice(&journal("deviated")).unwrap();
    assert_eq!(completed["payload"], whole, "the recorded tellings are of the recorded journal");
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [0, 0, 1], [2, 2, 0], [1, 1, 1]];
    for (n, order) in orders.iter().enumerate() {
        // Another start is another run.
        let start = format!("2026-11-2{n}T08:00:00+00:00");
        let again = |telling: &Value| {
            let mut telling = telling.clone();
            telling["payload"]["start"] = start.clone().into();
            telling["payload"]["end"] = format!("2026-11-2{n}T09:00:00+00:00").into();
            telling
        };
        let tellings = [again(&completed), again(&deviated)];
        let mut runs = Vec::new();
        for which in order {
            runs.push(if let Some(telling) = tellings.get(*which) { run_of(&tell(&lab, telling, &to(experiment)).await) } else {
                let bytes = tellings[0]["payload"].to_string();
                take_journal(&lab.ana, bytes.as_bytes(), &to(experiment)).await.unwrap().import.run.unwrap()
            });
        }
        assert!(runs.iter().all(|run| *run == runs[0]), "{order:?}: {runs:?}");
        assert_eq!(count(&lab, experiment).await, n + 1, "{order:?}");
        let shown = runs::acts::show(&lab.ana, runs[0]).await.unwrap();
        assert_eq!(shown.proposed.unwrap().is, Verdict::Refuted, "{order:?}");
    }
});

each_db!(a_failed_run_is_told_alone_and_an_interrupted_one_stays_open, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    for (name, execution, validity) in [
        ("047_notify", Execution::Aborted, Validity::Invalid(InvalidReason::ToolFailed)),
        ("051_notify", Execution::Aborted, Validity::Open),
        ("092_notify", Execution::Finished, Validity::Open),
    ] {
        let shown = runs::acts::show(&lab.ana, run_of(&tell(&lab, &notification(name), &to(experiment)).await)).await.unwrap();
        assert_eq!((shown.run.execution, shown.validity.unwrap().is), (execution, validity), "{name}");
    }
    assert_eq!(count(&lab, experiment).await, 3);
});

each_db!(what_is_no_result_is_not_kept, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let started = notification("001_notify");
    assert!(matches!(tell(&lab, &started, &to(experiment)).await, Noted::Passed), "EXP-7 is not of this notebook");
    for name in ["validate-started", "init-completed", "discovery-failed", "run-paused", ""] {
        let body = json!({"name": name, "payload": started["payload"], "phase": "x", "ts": 1});
        assert!(matches!(tell(&lab, &body, &to(experiment)).await, Noted::Passed), "{name}");
    }
    for (bad, field) in [
        (json!([]), "document"),
        (json!({"payload": {}}), "document"),
        (json!({"name": "run-completed"}), "document"),
        (json!({"name": "run-completed", "payload": {"a": 1}}), "document"),
        (json!({"name": "run-completed", "payload": 7}), "/payload"),
    ] {
        let refusal = refused(notified::take(&lab.ana, bad.to_string().as_bytes(), &to(experiment)).await);
        let at = &refusal.troubles()[0].field;
        assert!(refusal.status() == 422 && (at == field || field == "/payload"), "{bad}: {refusal:?}");
    }
    let mut strange = notification("040_notify");
    strange["payload"]["start"] = "now".into();
    let refusal = refused(notified::take(&lab.ana, strange.to_string().as_bytes(), &to(experiment)).await);
    assert_eq!(refusal.troubles()[0].field, "/payload/start");
    assert_eq!(count(&lab, experiment).await, 0);
    assert!(notebook::imports::acts::list(&lab.ana, &notebook::imports::acts::Filter::default()).await.unwrap().0.is_empty());
});

each_db!(a_started_run_is_a_note_on_its_experiment_once, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let body = json!({"name": "run-started", "payload": exported(&lab, experiment, "").await, "ts": 1_793_613_599.5});
    let first = begun(tell(&lab, &body, &TakeDraft::default()).await);
    assert_eq!((first.experiment, first.run, first.opened), (experiment, None, false));
    assert!(matches!(tell(&lab, &body, &TakeDraft::default()).await, Noted::Passed), "the same telling again");
    let shown = experiments::acts::show(&lab.ana, experiment).await.unwrap();
    let notes = experiments::observed::observed(&shown.history).unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].at.rfc3339(), "2026-11-02T09:59:59.5Z", "the tool's own time");
    assert!(notes[0].text.as_str().contains(&format!("{experiment}@1")), "{}", notes[0].text);
    assert_eq!(count(&lab, experiment).await, 0);
    let viewer = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(notified::take(&viewer, body.to_string().as_bytes(), &TakeDraft::default()).await).status(), 403);
});

each_db!(a_planned_run_that_is_named_opens_and_takes_the_result, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let run = plan_run(&lab, experiment, "zk-1").await;
    let document = exported(&lab, experiment, &run.to_string()).await;
    assert_eq!(document["extensions"][0]["run"], run.to_string());
    let started = json!({"name": "run-started", "payload": document, "ts": 1_793_613_599.0});
    let opened = begun(tell(&lab, &started, &TakeDraft::default()).await);
    assert_eq!((opened.run, opened.opened), (Some(run), true));
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.run.execution, Execution::Running);
    let prompts: Vec<About> = shown.prompts.iter().map(|prompt| prompt.about).collect();
    assert_eq!(prompts, [About::Quorum], "nobody is marked present on a run that a tool began");

    let whole = ran(&document, WELL);
    let ended = json!({"name": "run-completed", "payload": whole, "ts": 1_793_613_660.0});
    assert_eq!(run_of(&tell(&lab, &ended, &TakeDraft::default()).await), run);
    let shown = take(&lab, &whole).await;
    assert_eq!(shown.run.id, run, "and the journal says the same");
    assert_eq!((shown.run.execution, count(&lab, experiment).await), (Execution::Finished, 1));
    assert_eq!(shown.facts.identity.fingerprint(), shown.plan.identity.fingerprint());
    assert_eq!((shown.validity.unwrap().is, shown.proposed.unwrap().is), (Validity::Valid, Verdict::Upheld));
    assert_eq!(shown.facts.hit().map(|target| target.name.as_str()).collect::<Vec<_>>(), ["zk-1"], "as it was planned");
    assert!(shown.facts.deviations.is_empty(), "{:?}", shown.facts.deviations);
    let numbers: Vec<i64> = shown.observations.iter().map(|seen| seen.number).collect();
    assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());

    let late = json!({"name": "run-started", "payload": document, "ts": 1_793_613_598.0});
    assert!(matches!(tell(&lab, &late, &TakeDraft::default()).await, Noted::Passed), "the result was here first");
    let mut second = whole.clone();
    second["start"] = "2026-11-02T11:00:00+00:00".into();
    second["end"] = "2026-11-02T11:01:00+00:00".into();
    let other = take(&lab, &second).await;
    assert_ne!(other.run.id, run, "the same file ran again: a run of its own");
    assert!(other.observations.iter().any(|seen| seen.text.contains(&format!("names {run}"))), "{:?}", other.observations);
});

each_db!(a_closed_gate_keeps_a_planned_run_closed_and_its_result_still_arrives, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let run = plan_run(&lab, experiment, "").await;
    let document = exported(&lab, experiment, &run.to_string()).await;
    let started = json!({"name": "run-started", "payload": document, "ts": 1_793_613_599.0});
    let noted = begun(tell(&lab, &started, &TakeDraft::default()).await);
    assert_eq!((noted.run, noted.opened), (None, false));
    assert!(noted.says.contains("not opened") && noted.says.contains("no target is named"), "{}", noted.says);
    assert_eq!(runs::acts::show(&lab.ana, run).await.unwrap().run.execution, Execution::Planned);
    let shown = take(&lab, &ran(&document, WELL)).await;
    assert_eq!((shown.run.id, shown.run.execution), (run, Execution::Finished), "what happened happened");
});

each_db!(a_run_that_was_aborted_here_stays_aborted_whatever_the_tool_says, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let run = plan_run(&lab, experiment, "zk-1").await;
    let document = exported(&lab, experiment, &run.to_string()).await;
    tell(&lab, &json!({"name": "run-started", "payload": document, "ts": 1_793_613_599.0}), &TakeDraft::default()).await;
    let abort = AbortDraft { reason: "unrelated".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ana, run, &abort).await.unwrap();
    let shown = take(&lab, &ran(&document, WELL)).await;
    assert_eq!((shown.run.id, shown.run.execution), (run, Execution::Aborted));
    assert_eq!(shown.validity.unwrap().is, Validity::Invalid(InvalidReason::AbortedUnrelated));
});

// --- a command under a run

each_db!(a_result_goes_to_the_run_that_its_sender_names, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    let named = TakeDraft { run: run.to_string(), ..to(experiment) };
    for again in [false, true] {
        let taken = take_journal(&lab.ana, &journal("deviated"), &named).await.unwrap();
        assert_eq!((taken.import.run, taken.again), (Some(run), again), "the document itself names none");
    }
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!((shown.run.execution, count(&lab, experiment).await), (Execution::Finished, 1));
    assert_eq!((shown.facts.signed, shown.facts.started), (None, shown.run.started_at), "it goes on from its own start");

    let late = take_journal(&lab.ana, &journal("passed"), &named).await.unwrap().import.run.unwrap();
    assert_ne!(late, run, "it has its result");
    let late = runs::acts::show(&lab.ana, late).await.unwrap();
    assert!(late.observations.iter().any(|seen| seen.text.contains(&format!("names {run}"))), "{:?}", late.observations);
    let bad = TakeDraft { run: "EXP-1".into(), ..to(experiment) };
    let refusal = refused(take_journal(&lab.ana, &journal("aborted"), &bad).await);
    assert_eq!(refusal.troubles()[0].field, "run");
});

each_db!(an_abort_may_leave_its_reason_to_people, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    let open = AbortDraft { reason: "open".into(), text: "A freeze is on.".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ana, run, &open).await.unwrap();
    let facts = runs::acts::show(&lab.ana, run).await.unwrap().facts;
    assert_eq!((facts.execution, facts.abort, facts.abort_open), (Execution::Reverting, None, true));
    assert_eq!(refused(runs::acts::give_abort_reason(&lab.ana, run, &open).await).troubles()[0].field, "reason");
    let reason = AbortDraft { reason: "unrelated".into(), ..AbortDraft::default() };
    runs::acts::give_abort_reason(&lab.ben, run, &reason).await.unwrap();
    let facts = runs::acts::show(&lab.ana, run).await.unwrap().facts;
    assert!(facts.abort == Some(AbortReason::Unrelated) && !facts.abort_open);
    assert_eq!(refused(runs::acts::abort(&lab.ana, run, &open).await).code(), "not_now", "the reason stays as it was given");
});

// --- what a result amounts to

each_db!(a_run_of_an_exported_plan_is_a_run_of_that_plan_however_it_ends, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let document = exported(&lab, experiment, "").await;
    assert_eq!(document["runtime"]["hypothesis"]["strategy"], "continuously");
    let names: Vec<&Value> = document["steady-state-hypothesis"]["probes"].as_array().unwrap().iter().map(|probe| &probe["name"]).collect();
    assert_eq!(names, ["alerts-come", "instance-back"], "what is checked during the fault is asked first");
    let interrupted = |mut journal: Value| {
        journal["status"] = "interrupted".into();
        journal["steady_states"]["after"] = Value::Null;
        journal["run"][0].as_object_mut().unwrap().remove("status");
        journal
    };
    let back: &[&str] = &["instance-back"];
    let refused: &[&str] = &["instance-back!"];
    let alerts: &[&str] = &["alerts-come"];
    let table = [
        ("well", ran(&document, WELL), Validity::Valid, Some(Verdict::Upheld)),
        ("the instance is away while it restarts", ran(&document, [&[], back, &[]]), Validity::Valid, Some(Verdict::Upheld)),
        ("the instance refuses connections while it restarts", ran(&document, [&[], refused, &[]]), Validity::Valid, Some(Verdict::Upheld)),
        ("it refuses them afterwards, too", ran(&document, [&[], refused, refused]), Validity::Open, None),
        ("alerts stop for a while", ran(&document, [&[], alerts, &[]]), Validity::Valid, Some(Verdict::Refuted)),
        ("the instance stays away", ran(&document, [&[], back, back]), Validity::Valid, Some(Verdict::Refuted)),
        ("alerts stop afterwards, which hides the instance", ran(&document, [&[], &[], alerts]), Validity::Valid, Some(Verdict::Inconclusive)),
        ("never steady", ran(&document, [back, &[], &[]]), Validity::Invalid(InvalidReason::SteadyStateNotMet), None),
        ("stopped", interrupted(ran(&document, WELL)), Validity::Open, None),
    ];
    for (n, (name, mut journal, validity, verdict)) in table.into_iter().enumerate() {
        journal["start"] = format!("2026-11-02T1{n}:00:00+00:00").into();
        journal["end"] = format!("2026-11-02T1{n}:01:00+00:00").into();
        let shown = take(&lab, &journal).await;
        assert_eq!(shown.run.experiment, experiment, "{name}");
        assert_eq!(shown.facts.identity.fingerprint(), shown.plan.identity.fingerprint(), "{name}: identical to its plan");
        assert!(shown.facts.deviations.is_empty(), "{name}: {:?}", shown.facts.deviations);
        assert_eq!(shown.validity.as_ref().map(|answer| answer.is), Some(validity), "{name}: {:?}", shown.validity);
        assert_eq!(shown.proposed.as_ref().map(|answer| answer.is), verdict, "{name}: {:?}", shown.proposed);
    }
    assert_eq!(count(&lab, experiment).await, 9);
});

each_db!(a_file_that_was_changed_before_it_ran_is_a_deviation, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let mut document = exported(&lab, experiment, "").await;
    document["method"][0]["provider"]["arguments"] = "stop zk".into();
    document["configuration"]["node"] = "zk-2".into();
    let shown = take(&lab, &ran(&document, WELL)).await;
    let deviations: Vec<&str> = shown.facts.deviations.iter().map(|deviation| deviation.text.as_str()).collect();
    assert_eq!(deviations, [format!("The experiment that ran is not {experiment}@1 as it is exported: its method and its configuration differs.")]);
});

each_db!(a_document_of_another_notebook_waits_for_its_experiment, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let mut document = exported(&lab, experiment, "").await;
    document["extensions"][0]["fingerprint"] = "0".repeat(64).into();
    let journal = ran(&document, WELL).to_string();
    let taken = take_journal(&lab.ana, journal.as_bytes(), &TakeDraft::default()).await.unwrap();
    assert_eq!(taken.import.run, None, "its EXP-1 is not ours");
    let by_hand = take_journal(&lab.ana, journal.as_bytes(), &to(experiment)).await.unwrap();
    assert!(by_hand.entered);
});

each_db!(an_export_names_only_a_run_that_can_take_the_result, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_with_a_tool()).await;
    let other = lab.approved(&restart_one_zookeeper()).await;
    let run = plan_run(&lab, other, "zk-1").await;
    let page = |_: Option<RunId>| String::new();
    for (text, says) in [("EXP-1", "no run's id"), (run.to_string().as_str(), "is a run of")] {
        let refusal = refused(export::chaostoolkit(&lab.ana, experiment, 1, text, page).await);
        assert!(refusal.troubles()[0].field == "run" && refusal.troubles()[0].says.contains(says), "{refusal:?}");
    }
    assert_eq!(refused(export::chaostoolkit(&lab.ana, experiment, 1, "RUN-99", page).await).status(), 404);
    assert_eq!(refused(export::chaostoolkit(&lab.ana, experiment, 9, "", page).await).status(), 404);
    let done = lab.run(other, crate::lab::Trial::default()).await;
    let refusal = refused(export::chaostoolkit(&lab.ana, other, 1, &done.to_string(), page).await);
    assert!(refusal.troubles()[0].says.contains("is finished"), "{refusal:?}");
    assert_eq!(refused(export::chaostoolkit(&book.nobody(), experiment, 1, "", page).await), Refusal::SignIn);
});

// --- experiments on their way in

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
