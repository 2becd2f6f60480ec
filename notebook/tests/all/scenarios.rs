//! Scenarios of the product reference that go through many words at once.

use notebook::{
    actor::{Role, Via},
    cadences::{self, SlotStanding, drafts::SetDraft},
    calendar::week::Day,
    events,
    experiments::{Draft, identity::Relation},
    findings::Status,
    fixes::Standing,
    id::{ExperimentId, RunId},
    imports::{
        self,
        acts::TakeDraft,
        notified::{self, Noted},
    },
    reports,
    retrials::{
        self,
        claims::{ClaimStanding, Level},
        due::DueReason,
    },
    runs::{
        self,
        drafts::{PlanDraft, StartDraft, TargetDraft},
        facts::{Execution, Verdict},
        validity::Validity,
    },
    services::{self, ServiceDraft},
    slos::health::Health,
    time::Moment,
};
use serde_json::{Value, json};

use crate::{
    cadences::tuesdays,
    chaostoolkit::{WELL, exported, ran},
    each_db::Book,
    lab::{BACK, CLIENTS, Lab, Trial, check, restart_one_zookeeper},
    ready::make_ready,
    slos, teams,
};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// EXP-3 of the product reference: a tool restarts one Kafka node.
pub fn restart_one_kafka_node() -> Draft {
    let automation = json!({
        "steady-state-hypothesis": {"title": "Copies stay whole", "probes": [
            {"type": "probe", "name": "copies-whole", "tolerance": true, "provider": {"type": "python", "module": "m", "func": "copies"}},
            {"type": "probe", "name": "node-back", "tolerance": 200, "provider": {"type": "http", "url": "http://kafka-1/"}},
        ]},
        "method": [{"type": "action", "name": "restart kafka-1", "provider": {"type": "process", "path": "systemctl", "arguments": "restart kafka"}}],
        "rollbacks": [{"type": "action", "name": "start kafka-1", "provider": {"type": "process", "path": "systemctl", "arguments": "start kafka"}}],
    });
    Draft {
        title: "Restart one Kafka node every week".into(),
        question: "Does Kafka recover from a single node failure?".into(),
        services: vec!["kafka".into()],
        selector: "role=kafka".into(),
        checks: vec![
            check("copies-whole", "during", "every", "holds", "", ""),
            check("node-back", "after", "every", "holds", "", ""),
        ],
        automation: automation.to_string(),
        ..restart_one_zookeeper()
    }
}

/// A tool tells of a run of an hour by its journal; it becomes a run.
pub async fn noted(lab: &Lab<'_>, mut journal: Value, start: &str) -> RunId {
    let start = at(start);
    lab.book.clock.set(start.plus_minutes(70));
    journal["start"] = start.rfc3339().into();
    journal["end"] = start.plus_minutes(60).rfc3339().into();
    let told = json!({"name": "run-completed", "payload": journal, "ts": 1_793_699_999.0});
    let hit = TakeDraft { targets: "kafka-1".into(), ..TakeDraft::default() };
    let Noted::Taken(taken) = notified::take(&lab.ana, told.to_string().as_bytes(), &hit).await.unwrap() else {
        panic!("the result is not taken");
    };
    taken.import.run.unwrap()
}

/// A run that ended well, signed and closed by people.
pub async fn told(lab: &Lab<'_>, document: &Value, start: &str) -> RunId {
    let run = noted(lab, ran(document, WELL), start).await;
    lab.sign(run).await;
    lab.close(run, &[]).await.unwrap();
    run
}

async fn reasons(lab: &Lab<'_>) -> Vec<DueReason> {
    let due = retrials::acts::due(&lab.ana, None).await.unwrap().due;
    due.into_iter().map(|due| due.reason).collect()
}

async fn level(lab: &Lab<'_>, experiment: ExperimentId) -> (ClaimStanding, Level) {
    let claim = retrials::acts::overview(&lab.ana, experiment).await.unwrap().claim.unwrap();
    (claim.answer.is, claim.confidence.level)
}

pub async fn kafka(lab: &Lab<'_>, book: &Book) {
    let kafka = ServiceDraft { name: "kafka".into(), stateful: "on".into(), ..ServiceDraft::default() };
    services::acts::add(&lab.ana, &kafka).await.unwrap();
    let root = book.person("Root", Role::Admin).await;
    let holidays = vec!["2026-11-17".into()];
    let team = notebook::teams::drafts::Draft { holidays, ..teams::data_platform() };
    notebook::teams::acts::write(&root, &team).await.unwrap();
    teams::give(&root, "kafka", "data-platform").await;
}

each_db!(s_d2_a_weekly_result_comes_by_webhook_as_a_run_with_fingerprint_and_keeps_the_cadence, book => {
    let lab = Lab::open(book).await;
    kafka(&lab, book).await;
    let experiment = lab.approved(&restart_one_kafka_node()).await;
    let document = exported(&lab, experiment, "").await;
    cadences::acts::set(&lab.ana, experiment, &SetDraft { at: "09:30".into(), ..tuesdays(0) }).await.unwrap();

    let run = told(&lab, &document, "2026-11-03T08:30:00Z").await;
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!((shown.run.experiment, shown.run.execution), (experiment, Execution::Finished));
    assert_eq!(shown.facts.identity.fingerprint(), shown.plan.identity.fingerprint());
    let started = shown.history.iter().find(|line| line.act == "started").unwrap();
    assert!(started.body.contains(&shown.plan.identity.fingerprint()), "{}", started.body);
    assert_eq!(shown.validity.unwrap().is, Validity::Valid);
    assert_eq!(shown.verdict, Some(Verdict::Upheld));
    assert_eq!(level(&lab, experiment).await, (ClaimStanding::Current, Level::Continuous));

    let ended = shown.run.ended_at.unwrap();
    book.clock.set(ended.plus_days(8).plus_micros(-1));
    assert!(reasons(&lab).await.is_empty());
    book.clock.set(ended.plus_days(8));
    assert_eq!(reasons(&lab).await, [DueReason::Overdue]);
    for twice in ["2026-11-12T09:00:00Z", "2026-11-13T09:00:00Z"] {
        told(&lab, &document, twice).await;
        assert!(reasons(&lab).await.is_empty(), "two in a week are fine");
    }
    assert_eq!(retrials::acts::overview(&lab.ana, experiment).await.unwrap().runs_all, 3);

    let slots = cadences::acts::show(&lab.ana, experiment).await.unwrap().slots;
    let berlin = lab.ana.zone();
    for slot in &slots {
        let day = Day::of(slot.at.civil(&berlin).date());
        assert!(!matches!(day, Day::Saturday | Day::Sunday), "{} is on a {day:?}", slot.date);
    }
    let holiday = slots.iter().find(|slot| slot.date.to_string() == "2026-11-17").unwrap();
    assert_eq!((holiday.standing, holiday.at), (SlotStanding::Moved, at("2026-11-18T08:00:00Z")), "a holiday is no working day");
});

/// Two instances at once.
async fn wider(lab: &Lab<'_>, experiment: ExperimentId) -> RunId {
    lab.later();
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let id = runs::acts::plan(&lab.ana, &plan).await.unwrap().id;
    make_ready(&lab.ana, &lab.ben, id).await.unwrap();
    let hit = |name: &str| TargetDraft { name: name.into(), hit: "on".into(), ..TargetDraft::default() };
    let targets = vec![hit("zk-1"), hit("zk-2")];
    runs::acts::start(&lab.ana, id, &StartDraft { targets, ..StartDraft::default() }).await.unwrap();
    lab.play(id, &Trial { clients: "failed", ..Trial::default() }).await;
    lab.sign(id).await;
    id
}

each_db!(s_d6_two_at_once_is_stricter_and_its_failure_does_not_regress_the_narrower_fix, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix = lab.fix(finding, "complete the address list").await.id;
    lab.deploy(fix, "production").await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    assert!(retrials::acts::graduated(&lab.ana, experiment).await.unwrap().widen);

    lab.revise(experiment, |draft| (draft.count, draft.at_once) = ("2".into(), "2".into())).await;
    let run = wider(&lab, experiment).await;
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.verdict, Some(Verdict::Refuted));
    let newest = retrials::acts::overview(&lab.ana, experiment).await.unwrap().runs.remove(0);
    assert_eq!((newest.run.id, newest.relation), (run, Some(Relation::Stricter)));
    assert_ne!(lab.standing(fix).await, Standing::Regressed);
    assert_ne!(lab.status(finding).await, Status::Regressed);

    let elsewhere = lab.approved(&Draft { environment: "staging".into(), ..restart_one_zookeeper() }).await;
    let there = lab.run(elsewhere, Trial { clients: "failed", ..Trial::default() }).await;
    let there = runs::acts::show(&lab.ana, there).await.unwrap();
    let relation = notebook::experiments::identity::relation(&there.facts.identity, &shown.facts.identity).relation;
    assert_eq!(relation, Relation::Different, "another environment");
    assert_ne!(lab.standing(fix).await, Standing::Regressed);
});

/// Every line of the trail.
async fn trail(lab: &Lab<'_>) -> Vec<events::Entry> {
    let (mut all, mut filter) = (Vec::new(), events::acts::Filter::default());
    loop {
        let (lines, more) = events::acts::list(&lab.ana, &filter).await.unwrap();
        filter.after = lines.last().map_or(filter.after, |line| line.seq);
        all.extend(lines);
        if !more {
            return all;
        }
    }
}

each_db!(s_d7_without_agent_and_integration_all_of_it_is_done_by_hand, book => {
    let lab = Lab::open(book).await;
    // A promise, measured by typed counts.
    let slo = slos::approved(&lab, &slos::promised("at least 99.99 %"), 1_000_000_000 - 40_000, 40_000).await;
    let standing = notebook::slos::acts::show(&lab.ana, slo).await.unwrap().standing;
    assert_eq!((standing.health.is, standing.budget.is_some()), (Health::Healthy, true));
    // A question, its plan, the gate, a run, a finding, a fix and what else changed.
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    assert!(runs::acts::show(&lab.ana, origin).await.unwrap().passed.is_some(), "the gate was asked");
    let second = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix2 = lab.fix(second, "complete the address list").await.id;
    lab.deploy(fix2, "production").await;
    lab.later();
    let push = services::ChangeDraft {
        kind: "configuration_push".into(),
        summary: "zookeeper cookbook 4.2".into(),
        environment: "production".into(),
        services: vec!["zookeeper".into()],
        ..services::ChangeDraft::default()
    };
    services::acts::record_change(&lab.ana, &push).await.unwrap();
    let broken = Trial { back: "failed", answers: vec![(fix2, second, "not")], ..Trial::default() };
    let broken = lab.run(experiment, broken).await;
    let third = lab.finding(broken, "a broken push keeps ZooKeeper from restarting", BACK, "").await.id;
    let fix3 = lab.fix(third, "push corrected").await.id;
    lab.deploy(fix3, "production").await;
    // RUN-4 proves both.
    let fourth = lab.start(experiment, "zk-1").await;
    lab.play(fourth, &Trial::default()).await;
    let claimed = |check| runs::drafts::CheckDraft { claimed: "ok".into(), claimed_source: "dashboard".into(), ..check };
    runs::acts::answer_check(&lab.ana, fourth, &claimed(crate::lab::seen(BACK, "held"))).await.unwrap();
    lab.sign(fourth).await;
    lab.close(fourth, &[(fix2, second, "held"), (fix3, third, "held")]).await.unwrap();
    assert_eq!((lab.standing(fix2).await, lab.standing(fix3).await), (Standing::Verified, Standing::Verified));

    let lines = trail(&lab).await;
    assert!(lines.len() > 50, "{} lines", lines.len());
    let others: Vec<&events::Entry> =
        lines.iter().filter(|line| !matches!(line.via, Via::Form | Via::CommandLine)).collect();
    assert!(others.is_empty(), "nothing came through a program: {others:?}");
    let by_nobody: Vec<&events::Entry> =
        lines.iter().filter(|line| line.via == Via::Form && line.person.is_none()).collect();
    assert!(by_nobody.is_empty(), "{by_nobody:?}");
    assert!(imports::acts::list(&lab.ana, &imports::acts::Filter::default()).await.unwrap().0.is_empty());
});

fn says(sentences: &[String], words: &str) {
    assert!(sentences.iter().any(|sentence| sentence.contains(words)), "{words}: {sentences:#?}");
}

each_db!(s_d9_the_report_says_what_was_promised_tried_observed_changed_proven_and_what_it_cost, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix = lab.fix(finding, "complete the address list").await.id;
    lab.deploy(fix, "production").await;
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let cancelled = runs::acts::plan(&lab.ana, &plan).await.unwrap().id;
    let why = runs::drafts::WordsDraft { text: "release day".into(), ..Default::default() };
    runs::acts::cancel(&lab.ana, cancelled, &why).await.unwrap();
    let push = services::ChangeDraft {
        kind: "configuration_push".into(),
        summary: "base role".into(),
        environment: "production".into(),
        services: vec!["zookeeper".into()],
        ..services::ChangeDraft::default()
    };
    services::acts::record_change(&lab.ana, &push).await.unwrap();
    let rerun = lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;

    let told = reports::of_run(&lab.ana, rerun).await.unwrap();
    says(&told.promised, &format!("{slo} Sessions answer: \"A session you open stays open.\" At least 99 % good"));
    says(&told.tried, "What happens if one ZooKeeper restarts unexpectedly?");
    says(&told.tried, "Expected: if one ZooKeeper is restarted, then internal alerts keep arriving");
    says(&told.tried, &format!("{rerun} began in production on zk-1 at "));
    assert_eq!(told.not_run.len(), 1, "{:?}", told.not_run);
    assert!(told.not_run[0].starts_with(&cancelled.to_string()) && told.not_run[0].ends_with("was cancelled."));
    says(&told.observed, "Verdict: upheld.");
    says(&told.observed, "The check alert-gap (during, ");
    says(&told.changed, "\"base role\" came at ");
    says(&told.changed, &format!("{finding} \"nodes talk only to the first instance\" was found; it is verified."));
    says(&told.changed, &format!("{fix} \"complete the address list\" is verified."));
    let shown = runs::acts::show(&lab.ana, rerun).await.unwrap();
    let until = shown.facts.ended.unwrap().plus_days(30).rfc3339();
    says(&told.proven, "The claim is current; 1 of 1 passed; if runs are independent and alike, at most 95 % fail.");
    says(&told.proven, &format!("Proven until {until}."));
    says(&told.proven, &format!("{rerun} proves {fix} for {finding} until {until}."));
    says(&told.cost, &format!("{slo} Sessions answer: unknown until it had recovered"));

    let slice = notebook::slos::entries::Row {
        from: shown.facts.fault_started.unwrap().rfc3339(),
        to: shown.facts.ended.unwrap().rfc3339(),
        good: "50".into(),
        bad: "12".into(),
        counts: String::new(),
    };
    let measured = notebook::slos::entries::MeasurementsDraft { rows: vec![slice], reason: "Counted".into() };
    notebook::slos::acts::measure(&lab.ana, slo, &measured).await.unwrap();
    let viewer = book.person("Vera", Role::Viewer).await;
    says(&reports::of_run(&viewer, rerun).await.unwrap().cost, "12 bad events until it had recovered");

    book.clock.set(shown.facts.ended.unwrap().plus_days(31));
    let later = reports::of_run(&lab.ana, rerun).await.unwrap();
    says(&later.proven, "The claim is stale");
    assert!(!later.proven.iter().any(|sentence| sentence.contains("until")), "{:?}", later.proven);
    let first = reports::of_run(&lab.ana, origin).await.unwrap();
    says(&first.observed, "Verdict: refuted.");
    says(&first.observed, "The check clients-connected (during, ");
});
