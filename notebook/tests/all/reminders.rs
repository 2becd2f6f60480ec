//! Reminders of what is planned, slots that were missed, and who is mentioned: each told once.

use notebook::{
    cadences,
    desk::Desk,
    findings::{self, drafts::Draft},
    gate::prompts::About,
    notifications::{
        Target,
        acts::{self, Filter},
        choices::Draft as ChoicesDraft,
        retry::Outcome,
        topics::Topic,
    },
    runs::{
        self, Run,
        drafts::{AbortDraft, AtDraft, PlanDraft, TargetDraft, WordsDraft},
        facts::Execution,
    },
    services::{self, ServiceDraft},
    time::Moment,
};

use crate::{
    cadences::{moved, slot, tuesdays},
    each_db::Book,
    lab::{BACK, Lab, Trial, restart_one_zookeeper, seen},
    notifications::{inbox, spread},
};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// A run of Ana's that Ben observes, Wednesday at ten; what was told of it is done.
async fn on_wednesday(lab: &Lab<'_>) -> Run {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let plan = PlanDraft {
        experiment: experiment.to_string(),
        planned_at: "2026-11-04T10:00:00Z".into(),
        observers: "Ben".into(),
        ..PlanDraft::default()
    };
    let run = runs::acts::plan(&lab.ana, &plan).await.unwrap();
    spread(lab.book, false).await;
    acts::done_all(&lab.ben).await.unwrap();
    run
}

/// How many reminders a round gave.
async fn remind(book: &Book) -> usize {
    let reminding = runs::acts::remind(&book.system()).await.unwrap();
    assert!(reminding.troubles.is_empty(), "{:?}", reminding.troubles);
    reminding.reminded
}

/// The same of slots.
async fn remind_of_slots(book: &Book) -> usize {
    cadences::acts::remind(&book.system()).await.unwrap()
}

async fn says(desk: &Desk) -> Vec<String> {
    let inbox = acts::read(desk, &Filter::default()).await.unwrap();
    inbox.notices.into_iter().map(|notice| notice.says).collect()
}

each_db!(who_is_on_a_run_is_reminded_a_day_and_a_quarter_of_an_hour_before_by_one_of_several_servers, book => {
    let lab = Lab::open(book).await;
    on_wednesday(&lab).await;
    book.clock.set(at("2026-11-03T09:59:59Z"));
    assert_eq!(remind(book).await, 0);
    for (now, words) in [("2026-11-03T10:00:00Z", "within a day"), ("2026-11-04T09:45:00Z", "within 15 minutes")] {
        book.clock.set(at(now));
        let reminded = book.by_four(|system| async move { runs::acts::remind(&system).await.unwrap().reminded }).await;
        assert_eq!(reminded, 1, "{now}");
        assert_eq!(remind(book).await, 0, "nor after a restart");
        spread(book, false).await;
        spread(book, false).await;
        assert_eq!(inbox(&lab.ben).await, [(Topic::RunSoon, "you are on the run".to_owned())], "{now}");
        let says = says(&lab.ben).await;
        assert!(says[0].contains(words) && says[0].ends_with("(4 Nov 2026, 11:00 CET)"), "{says:?}");
        acts::done_all(&lab.ben).await.unwrap();
    }
    book.clock.set(at("2026-11-04T10:00:00Z"));
    assert_eq!(remind(book).await, 0, "it begins");
});

each_db!(a_run_that_was_moved_reminds_of_its_new_time_and_a_cancelled_one_of_none, book => {
    let lab = Lab::open(book).await;
    let run = on_wednesday(&lab).await.id;
    book.clock.set(at("2026-11-03T10:00:00Z"));
    assert_eq!(remind(book).await, 1);
    let later = moved("2026-11-06T10:00:00Z", "Release day");
    runs::acts::move_to(&lab.ana, run, &later).await.unwrap();
    spread(book, false).await;
    assert!(inbox(&lab.ben).await.is_empty(), "the reminder had not gone out, and is not so any more");
    book.clock.set(at("2026-11-04T09:45:00Z"));
    assert_eq!(remind(book).await, 0, "not of the earlier time");
    book.clock.set(at("2026-11-05T10:00:00Z"));
    assert_eq!(remind(book).await, 1);
    spread(book, false).await;
    assert!(says(&lab.ben).await[0].ends_with("(6 Nov 2026, 11:00 CET)"));
    let why = WordsDraft { text: "The team is away".into(), ..WordsDraft::default() };
    runs::acts::cancel(&lab.ana, run, &why).await.unwrap();
    book.clock.set(at("2026-11-06T09:45:00Z"));
    assert_eq!(remind(book).await, 0);
    spread(book, false).await;
    let told: Vec<Topic> = inbox(&lab.ben).await.into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(told, [Topic::RunCancelled, Topic::RunSoon]);
});

each_db!(a_reminder_by_mail_comes_after_quiet_hours_and_never_after_the_run_began, book => {
    let lab = Lab::open(book).await;
    let choices = ChoicesDraft::of(&acts::chosen(&lab.ben).await.unwrap());
    let quiet = ChoicesDraft { quiet_from: "10:30".into(), quiet_to: "11:30".into(), ..choices };
    acts::choose(&lab.ben, &quiet).await.unwrap();
    on_wednesday(&lab).await;
    let (system, ben) = (book.system(), Target::Mail(lab.ben.person_id().unwrap()));
    book.clock.set(at("2026-11-03T10:00:00Z"));
    assert_eq!(remind(book).await, 1);
    spread(book, true).await;
    assert!(!acts::due(&system, true).await.unwrap().contains(&ben), "eleven o'clock is quiet");
    book.clock.set(at("2026-11-03T10:30:00Z"));
    let job = acts::claim(&system, ben).await.unwrap().unwrap();
    assert!(job.body.contains("begins within a day"), "{}", job.body);
    acts::settle(&system, &job, &Outcome::Delivered).await.unwrap();
    book.clock.set(at("2026-11-04T09:45:00Z"));
    assert_eq!(remind(book).await, 1);
    spread(book, true).await;
    assert_eq!(inbox(&lab.ben).await.len(), 2, "the inbox waits for nobody");
    book.clock.set(at("2026-11-04T12:00:00Z"));
    assert!(!acts::due(&system, true).await.unwrap().contains(&ben), "it would come half an hour after the run began");
});

each_db!(everybody_on_a_run_is_called_once_to_a_revert_that_is_past_its_deadline, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    let reason = AbortDraft { reason: "people".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ben, run, &reason).await.unwrap();
    let ended = book.notebook.now();
    spread(book, false).await;
    acts::done_all(&lab.ana).await.unwrap();
    acts::done_all(&lab.ben).await.unwrap();
    let is_called = async || {
        let prompts = runs::acts::show(&lab.ben, run).await.unwrap().prompts;
        prompts.iter().any(|prompt| prompt.about == About::Revert)
    };
    book.clock.set(ended.plus_minutes(5));
    assert_eq!((remind(book).await, is_called().await), (0, false), "at its deadline it is not past it");
    book.clock.set(ended.plus_minutes(5).plus_micros(1_000));
    assert!(is_called().await, "after the abort, too");
    let reminded = book.by_four(|system| async move { runs::acts::remind(&system).await.unwrap().reminded }).await;
    assert_eq!((reminded, remind(book).await), (1, 0));
    let history = runs::acts::show(&lab.ana, run).await.unwrap().history;
    assert_eq!(history.last().map(|line| line.act.as_str()), Some("revert_late"));
    spread(book, false).await;
    for desk in [&lab.ana, &lab.ben] {
        assert_eq!(inbox(desk).await, [(Topic::RevertLate, "you are on the run".to_owned())]);
    }
    let says = says(&lab.ana).await;
    assert_eq!(says, [format!("{run} is past the deadline of its revert: Restart one ZooKeeper")]);
    runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    assert!(!is_called().await, "it is well again");
});

each_db!(nobody_is_called_to_what_was_over_when_it_was_written_down, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.later();
    let draft = PlanDraft {
        experiment: experiment.to_string(),
        started_at: "-30m".into(),
        ended_at: "-20m".into(),
        targets: vec![TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() }],
        ..PlanDraft::default()
    };
    let run = runs::acts::record_past(&lab.ana, &draft).await.unwrap().id;
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!((shown.facts.execution, shown.prompts, remind(book).await), (Execution::Reverting, Vec::new(), 0));
});

each_db!(who_leads_a_run_is_told_once_that_its_verdict_is_due_for_a_day, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    let ended = runs::acts::show(&lab.ana, run).await.unwrap().run.ended_at.unwrap();
    spread(book, false).await;
    acts::done_all(&lab.ana).await.unwrap();
    acts::done_all(&lab.ben).await.unwrap();
    book.clock.set(ended.plus_hours(24).plus_micros(-1));
    assert_eq!(remind(book).await, 0);
    book.clock.set(ended.plus_hours(24));
    let reminded = book.by_four(|system| async move { runs::acts::remind(&system).await.unwrap().reminded }).await;
    assert_eq!((reminded, remind(book).await), (1, 0));
    spread(book, false).await;
    assert_eq!(inbox(&lab.ana).await, [(Topic::RunVerdictDue, "you are the Owner of the run".to_owned())]);
    assert!(inbox(&lab.ben).await.is_empty(), "Ben observed");
});

each_db!(a_run_that_was_closed_in_time_or_ended_long_ago_reminds_of_no_verdict, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let closed_late = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    book.clock.pass_ms(25 * 3_600_000);
    assert_eq!(remind(book).await, 1, "the one that is open");
    lab.sign(closed_late).await;
    lab.close(closed_late, &[]).await.unwrap();
    spread(book, false).await;
    let told = [inbox(&lab.ana).await, inbox(&lab.ben).await].concat();
    assert!(!told.iter().any(|(topic, _)| *topic == Topic::RunVerdictDue), "it is so no more: {told:?}");
    lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    book.clock.pass_ms(8 * 24 * 3_600_000);
    assert_eq!(remind(book).await, 0, "a week later it is no news");
});

each_db!(a_run_that_nobody_started_is_told_as_missed_once, book => {
    let lab = Lab::open(book).await;
    on_wednesday(&lab).await;
    book.clock.set(at("2026-11-04T11:00:01Z"));
    for _ in 0..2 {
        assert_eq!(remind(book).await, 0, "its time has come");
        runs::acts::mark_missed(&book.system()).await.unwrap();
        spread(book, false).await;
    }
    assert_eq!(inbox(&lab.ben).await, [(Topic::RunMissed, "you are on the run".to_owned())]);
});

each_db!(a_slot_without_a_run_is_told_before_and_after_its_time_once_each, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    spread(book, false).await;
    acts::done_all(&lab.ana).await.unwrap();
    assert_eq!(remind_of_slots(book).await, 0, "who set the cadence today saw that its first slot is tomorrow");
    for (now, topic) in [("2026-11-03T08:45:00Z", Topic::SlotSoon), ("2026-11-03T10:00:01Z", Topic::SlotMissed)] {
        book.clock.set(at(now));
        let told = book.by_four(|system| async move { cadences::acts::remind(&system).await.unwrap() }).await;
        assert_eq!((told, remind_of_slots(book).await), (1, 0), "{now}");
        spread(book, false).await;
        assert_eq!(inbox(&lab.ana).await, [(topic, "you own the experiment".to_owned())], "{now}");
        acts::done_all(&lab.ana).await.unwrap();
    }
    cadences::acts::skip(&lab.ana, experiment, &slot("2026-11-10", "", "release day")).await.unwrap();
    let later = slot("2026-11-17", "2026-11-18T10:00", "Mira is away");
    cadences::acts::postpone(&lab.ana, experiment, &later).await.unwrap();
    for (now, told) in [
        ("2026-11-09T09:00:00Z", 0),
        ("2026-11-10T10:00:01Z", 0),
        ("2026-11-16T09:00:00Z", 0),
        ("2026-11-17T09:00:00Z", 1),
        ("2026-11-17T09:01:00Z", 0),
    ] {
        book.clock.set(at(now));
        assert_eq!(remind_of_slots(book).await, told, "{now}");
    }
    cadences::acts::skip(&lab.ana, experiment, &slot("2026-11-17", "", "still away")).await.unwrap();
    spread(book, false).await;
    assert!(inbox(&lab.ana).await.is_empty(), "it was skipped before anybody was reminded");
});

/// A finding of no run, about Ben's service.
fn finding(summary: &str, version: &str) -> Draft {
    Draft {
        title: "Nobody knew the runbook".into(),
        kind: "procedure".into(),
        summary: summary.into(),
        environment: "production".into(),
        services: vec!["zookeeper".into()],
        version: version.into(),
        ..Draft::default()
    }
}

each_db!(whom_a_text_mentions_is_told_once_and_of_nothing_else_it_says, book => {
    let lab = Lab::open(book).await;
    let owned =
        ServiceDraft { name: "zookeeper".into(), owner: "Ben".into(), version: "1".into(), ..ServiceDraft::default() };
    services::acts::edit(&lab.ana, "zookeeper", &owned).await.unwrap();
    let first = finding("@Ben, @ben@example.org and @Ana: who wrote it? Not @nobody.", "");
    let id = findings::acts::write(&lab.ana, &first).await.unwrap().id;
    spread(book, false).await;
    let mentioned = (Topic::Mentioned, "you are mentioned".to_owned());
    assert_eq!(inbox(&lab.ben).await, std::slice::from_ref(&mentioned), "not as the owner of the service as well");
    assert!(inbox(&lab.ana).await.is_empty(), "nobody is told of what they wrote");
    assert!(says(&lab.ben).await[0].starts_with("FND-1 mentions you: @Ben, @ben@example.org"));
    let again = Draft { version: "1".into(), summary: format!("{} At last?", first.summary), ..first.clone() };
    findings::acts::edit(&lab.ana, id, &again).await.unwrap();
    spread(book, false).await;
    assert_eq!(inbox(&lab.ben).await.len(), 1, "what stood there before mentions nobody again");
    let without = ChoicesDraft::of(&acts::chosen(&lab.ben).await.unwrap());
    let without = ChoicesDraft { inbox: vec!["finding.written".into()], ..without };
    acts::choose(&lab.ben, &without).await.unwrap();
    findings::acts::write(&lab.ana, &finding("@Ben?", "")).await.unwrap();
    spread(book, false).await;
    assert_eq!(inbox(&lab.ben).await[0], (Topic::FindingWritten, "you own zookeeper".to_owned()));
});

each_db!(what_stands_with_an_act_mentions_people_too, book => {
    let lab = Lab::open(book).await;
    let run = on_wednesday(&lab).await.id;
    acts::done_all(&lab.ana).await.unwrap();
    let why = WordsDraft { text: "ask @ana".into(), ..WordsDraft::default() };
    runs::acts::cancel(&lab.ben, run, &why).await.unwrap();
    spread(book, false).await;
    assert_eq!(inbox(&lab.ana).await, [(Topic::Mentioned, "you are mentioned".to_owned())]);
    assert!(inbox(&lab.ben).await.is_empty());
});
