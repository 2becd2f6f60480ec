//! Chaos Toolkit both ways: plans carried out, experiments carried in, and what the tool tells of its
//! runs, in any order and more than once.

mod imported;

use notebook::{
    actor::Role,
    experiments::{self, Draft},
    gate::prompts::About,
    id::{ExperimentId, RunId},
    imports::{
        acts::{TakeDraft, take_journal},
        export,
        notified::{self, Begun, Noted},
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
