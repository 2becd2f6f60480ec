//! What everybody on a run is asked to think about while it goes on, and runs whose time passes.

use notebook::{
    actor::Role,
    desk::Desk,
    experiments::Draft,
    freezes,
    gate::{
        Check, Gate,
        answers::Outcome,
        drafts::{AttendDraft, ReplyDraft},
        prompts::{About, Prompt},
        quorum::Part,
    },
    id::{ExperimentId, RunId, SloId},
    people::{self, RightsDraft},
    runs::{
        self,
        drafts::{AbortDraft, AtDraft, PlanDraft, StartDraft, TargetDraft},
        facts::Execution,
        trail::RunEvent,
    },
    slos::{
        acts::measure,
        entries::{MeasurementsDraft, Row},
    },
    time::Moment,
};

use crate::{
    each_db::START,
    gate::{five_instances, plan},
    lab::{Lab, refused, restart_one_zookeeper},
    ready::make_ready,
    slos, teams,
};

async fn prompts(desk: &Desk, run: RunId) -> Vec<Prompt> {
    runs::acts::show(desk, run).await.unwrap().prompts
}

fn about(prompts: &[Prompt]) -> Vec<(About, bool)> {
    prompts.iter().map(|prompt| (prompt.about, prompt.urges)).collect()
}

async fn freeze(desk: &Desk, scope: &str) {
    freezes::acts::set(desk, &teams::freeze(scope, "", "")).await.unwrap();
}

async fn measured(desk: &Desk, slo: SloId, from: i64, to: i64, bad: u64) {
    let at = |minutes: i64| Moment::from_micros(START).plus_minutes(minutes).rfc3339();
    let (good, bad) = ((100 - bad).to_string(), bad.to_string());
    let rows = vec![Row { from: at(from), to: at(to), good, bad, counts: String::new() }];
    measure(desk, slo, &MeasurementsDraft { rows, reason: "The scrape came late.".into() }).await.unwrap();
}

/// A run on zk-1, planned for a time of the lab's day.
async fn planned(desk: &Desk, experiment: ExperimentId, at: &str) -> RunId {
    let targets = vec![TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() }];
    let draft =
        PlanDraft { experiment: experiment.to_string(), planned_at: at.into(), targets, ..PlanDraft::default() };
    runs::acts::plan(desk, &draft).await.unwrap().id
}

async fn execution(desk: &Desk, run: RunId) -> Execution {
    runs::acts::show(desk, run).await.unwrap().run.execution
}

each_db!(under_a_freeze_a_run_that_goes_on_gets_the_abort_prompt, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = lab.start(experiment, "zk-1").await;
    freeze(&root, "service:alerting").await;
    assert!(prompts(&lab.ana, run).await.is_empty(), "it is about another service");
    freeze(&root, "service:zookeeper").await;
    let told = prompts(&lab.ana, run).await;
    assert_eq!(about(&told), [(About::Freeze, true)]);
    assert!(told[0].says.contains("the service zookeeper has been frozen since"), "{}", told[0].says);
    let draft = AbortDraft { reason: "people".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ben, run, &draft).await.unwrap();
    assert!(prompts(&lab.ana, run).await.is_empty(), "it is aborted");
});

each_db!(live_spend_at_the_worst_case_raises_the_prompt_and_unmeasured_time_is_unknown, book => {
    let lab = Lab::open(book).await;
    five_instances(&lab).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let experiment = lab.approved(&plan("production")).await;
    // It starts after an hour; at most 35 events may be bad.
    let run = lab.start(experiment, "zk-1").await;
    assert!(prompts(&lab.ana, run).await.is_empty(), "no fault has begun");
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(5 * 60_000);
    let unknown = prompts(&lab.ana, run).await;
    assert_eq!(about(&unknown), [(About::Budget, false)]);
    assert!(unknown[0].says.contains("35 bad events is unknown"), "{}", unknown[0].says);
    measured(&lab.ana, slo, 60, 65, 34).await;
    assert!(prompts(&lab.ana, run).await.is_empty(), "34 are less than 35");
    measured(&lab.ana, slo, 60, 65, 35).await;
    let reached = prompts(&lab.ana, run).await;
    assert_eq!(about(&reached), [(About::Budget, true)]);
    assert!(reached[0].says.contains("has lost 35 bad events since the fault began"), "{}", reached[0].says);
});

each_db!(a_worst_case_that_nobody_knew_at_the_start_prompts_as_unknown_whatever_was_measured, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    // The plan does not say how many of the requests fail.
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(5 * 60_000);
    measured(&lab.ana, slo, 60, 65, 50).await;
    let told = prompts(&lab.ana, run).await;
    assert_eq!(about(&told), [(About::Budget, false)]);
    assert!(told[0].says.contains("since that was unknown at the start"), "{}", told[0].says);
});

each_db!(below_the_quorum_the_run_prompts_and_one_written_down_afterwards_does_not, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    let gone = AttendDraft { person: lab.ben.person_id().unwrap().0.to_string(), ..AttendDraft::default() };
    runs::acts::attend(&lab.ana, run, &gone).await.unwrap();
    assert_eq!(about(&prompts(&lab.ana, run).await), [(About::Quorum, true)]);
    let past = PlanDraft {
        experiment: experiment.to_string(),
        started_at: "-30m".into(),
        ended_at: "-20m".into(),
        targets: vec![TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() }],
        ..PlanDraft::default()
    };
    let past = runs::acts::record_past(&lab.ana, &past).await.unwrap().id;
    assert!(prompts(&lab.ana, past).await.is_empty(), "nobody can abort what is over");
});

each_db!(a_planned_run_whose_time_passes_in_a_freeze_is_cancelled_and_not_missed, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let alerting = Draft { services: vec!["alerting".into()], ..restart_one_zookeeper() };
    let (frozen, free) = (lab.approved(&plan("production")).await, lab.approved(&alerting).await);
    let (frozen, free) = (planned(&lab.ana, frozen, "12:00").await, planned(&lab.ana, free, "12:00").await);
    freeze(&root, "service:zookeeper").await;
    let at = runs::acts::show(&lab.ana, free).await.unwrap().run.planned_at.unwrap();
    book.clock.set(at.plus_minutes(61));
    let overdue = runs::acts::mark_missed(&book.system()).await.unwrap();
    assert_eq!((overdue.missed, overdue.frozen, overdue.troubles.len()), (1, 1, 0));
    assert_eq!(execution(&lab.ana, free).await, Execution::Missed);
    let shown = runs::acts::show(&lab.ana, frozen).await.unwrap();
    assert_eq!(shown.run.execution, Execution::Cancelled);
    let RunEvent::Cancelled { why } = shown.history.last().unwrap().read::<RunEvent>().unwrap() else { panic!("no reason") };
    assert!(why.as_str().starts_with("freeze: the service zookeeper"), "{why}");
});

each_db!(a_freeze_that_was_over_in_time_is_no_reason_why_nobody_started, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let run = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, run, "12:00").await;
    let at = runs::acts::show(&lab.ana, run).await.unwrap().run.planned_at.unwrap();
    book.clock.set(at.plus_minutes(-10));
    let frozen = notebook::freezes::acts::set(&root, &teams::freeze("service:zookeeper", "", "")).await.unwrap().id;
    book.clock.set(at.plus_minutes(2));
    let over = notebook::freezes::drafts::EndDraft { why: "The incident is over.".into() };
    notebook::freezes::acts::end(&root, frozen, &over).await.unwrap();
    book.clock.set(at.plus_minutes(61));
    let overdue = runs::acts::mark_missed(&book.system()).await.unwrap();
    assert_eq!((overdue.missed, overdue.frozen), (1, 0));
});

each_db!(a_run_that_cannot_be_read_keeps_no_other_from_being_missed, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let (broken, whole) = (planned(&lab.ana, experiment, "12:00").await, planned(&lab.ana, experiment, "12:00").await);
    assert!(broken < whole, "it comes first");
    let at = runs::acts::show(&lab.ana, whole).await.unwrap().run.planned_at.unwrap();
    book.execute(&format!(
        "insert into events (at, recorded_at, via, kind, object, act, body)
         values (1, 1, 'form', 'run', '{broken}', 'observed', '{{')"
    )).await;
    book.clock.set(at.plus_minutes(61));
    let overdue = runs::acts::mark_missed(&book.system()).await.unwrap();
    assert_eq!(overdue.missed, 1);
    assert_eq!(overdue.troubles.iter().map(|(run, _)| *run).collect::<Vec<_>>(), [broken]);
    assert_eq!(execution(&lab.ana, whole).await, Execution::Missed);
});

each_db!(hours_are_overridden_for_a_start_before_the_planned_time_too, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    for service in ["alerting", "zookeeper"] {
        teams::give(&lab.ana, service, "data-platform").await;
    }
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    // Tuesday at ten is working time; Monday evening, when all are ready, is not.
    let run = planned(&lab.ana, experiment, "2026-11-03T10:00").await;
    book.clock.pass_ms(8 * 3_600_000);
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    let hours = |asked: Option<notebook::gate::asked::Asked>| {
        asked.unwrap().lines.into_iter().find(|line| line.check == Check::Hours).map(|line| line.answer)
    };
    assert_eq!((hours(shown.gate), hours(shown.gate_now)), (Some(Gate::Go), Some(Gate::Refuse)), "both are shown");
    assert_eq!(refused(runs::acts::start(&lab.ana, run, &StartDraft::default()).await).code(), "gate");
    let draft = ReplyDraft { check: "hours".into(), text: "All of us are here tonight.".into() };
    runs::acts::answer_gate(&lab.ben, run, &draft).await.unwrap();
    runs::acts::start(&lab.ana, run, &StartDraft::default()).await.unwrap();
    let passed = runs::acts::show(&lab.ana, run).await.unwrap().passed.unwrap();
    let hours = passed.checks.iter().find(|settled| settled.line.check == Check::Hours).unwrap();
    assert!(matches!(&hours.outcome, Outcome::Overridden(reply) if Some(reply.by) == lab.ben.person_id()));
});

each_db!(one_override_is_for_the_planned_time_and_for_now_where_both_are_refused, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    for service in ["alerting", "zookeeper"] {
        teams::give(&lab.ana, service, "data-platform").await;
    }
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    // Planned for Saturday, and all are ready on the evening of Monday.
    let run = planned(&lab.ana, experiment, "2026-11-07T10:00").await;
    book.clock.pass_ms(8 * 3_600_000);
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    assert_eq!(refused(runs::acts::start(&lab.ana, run, &StartDraft::default()).await).code(), "gate");
    let draft = ReplyDraft { check: "hours".into(), text: "All of us are here tonight.".into() };
    runs::acts::answer_gate(&lab.ben, run, &draft).await.unwrap();
    runs::acts::start(&lab.ana, run, &StartDraft::default()).await.unwrap();
});

each_db!(people_named_while_planning_are_expected_and_not_yet_present, book => {
    let lab = Lab::open(book).await;
    let ben = people::acts::own(&lab.ben).await.unwrap();
    let rights = RightsDraft { role: "contributor".into(), can_revert: "on".into(), version: ben.version.to_string() };
    people::acts::set_rights(&book.person("Root", Role::Admin).await, ben.id, &rights).await.unwrap();
    for _ in 0..2 {
        let twin = people::NewAccount {
            email: format!("twin-{}@example.org", people::acts::list(&lab.ana).await.unwrap().len()),
            name: "Twin".into(),
            role: "contributor".into(),
            password: String::new(),
            zone: String::new(),
        };
        people::acts::add(&book.system(), &twin).await.unwrap();
    }
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let draft = PlanDraft {
        experiment: experiment.to_string(),
        owner: "Ana".into(),
        coordinator: "ben@example.org".into(),
        reporter: "Twin".into(),
        observers: "BEN\nA witness".into(),
        ..PlanDraft::default()
    };
    let run = runs::acts::plan(&lab.ana, &draft).await.unwrap().id;
    let attending = runs::acts::show(&lab.ana, run).await.unwrap().attending;
    let told: Vec<_> = attending
        .iter()
        .map(|marked| &marked.attending)
        .map(|one| (one.person, one.parts.iter().copied().collect::<Vec<_>>(), one.can_revert, one.present))
        .collect();
    let (ana, ben) = (lab.ana.person_id().unwrap(), lab.ben.person_id().unwrap());
    let expected = [
        (ana, vec![Part::Owner], true, false),
        (ben, vec![Part::Coordinator, Part::Observer], true, false),
    ];
    assert_eq!(told, expected, "two twins are nobody, and what can be reverted by whom is said of accounts");
});
