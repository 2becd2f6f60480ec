//! Experiments from the first question to retirement.

use notebook::{
    actor::Role,
    desk::Desk,
    events::about,
    experiments::{
        Draft, Experiment, RevisionState, Stage,
        acts::{self, Filter, Shown},
        draft::{CheckRow, SignalRow, StepRow},
        identity::Relation,
        missing_for_run,
        plan::{Allowed, Phase},
        questions::QUESTIONS,
        review::Move,
    },
    fault::Error,
    id::{DecisionId, ExperimentId},
    people::{self, SoloDraft},
    refusal::Refusal,
    search::{acts::read, lists},
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::each_db::Book;

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

fn fields(refusal: &Refusal) -> Vec<&str> {
    refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
}

/// Two environments and the services of the data stack.
async fn stack(book: &Book) {
    let system = book.system();
    for (name, class) in [("production", "production"), ("staging", "other")] {
        let draft = EnvironmentDraft { name: name.into(), class: class.into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&system, &draft).await.unwrap();
    }
    for name in ["zookeeper", "alerting", "storage-engine", "kafka"] {
        services::acts::add(&system, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await.unwrap();
    }
}

/// A book with its stack and two people who may plan and review.
async fn pair(book: &Book) -> (Desk, Desk) {
    stack(book).await;
    (book.person("Ana", Role::Contributor).await, book.person("Ben", Role::Contributor).await)
}

fn titled(title: &str, service: &str) -> Draft {
    Draft { title: title.into(), services: vec![service.into()], ..Draft::default() }
}

fn check(measure: &str, phase: &str, comparator: &str, threshold: &str, unit: &str) -> CheckRow {
    CheckRow {
        measure: measure.into(),
        phase: phase.into(),
        aggregate: if comparator == "holds" { "every" } else { "max" }.into(),
        comparator: comparator.into(),
        threshold: threshold.into(),
        unit: unit.into(),
        ..CheckRow::default()
    }
}

/// A plan with nothing missing.
fn restart() -> Draft {
    Draft {
        question: "What happens if one ZooKeeper restarts unexpectedly?".into(),
        if_fault: "one ZooKeeper is restarted".into(),
        then_behaviour: "internal alerts keep arriving".into(),
        because_safeguard: "another instance takes over".into(),
        environment: "production".into(),
        fault_kind: "process-restart".into(),
        selector: "role=zookeeper".into(),
        method: vec![StepRow { op: "restart".into(), args: String::new() }],
        checks: vec![CheckRow { window: "15 min".into(), ..check("alert-gap", "during", "<=", "60", "s") }],
        signals: vec![SignalRow {
            signal: "zookeeper-down".into(),
            expect: "fire".into(),
            time: "2 min".into(),
            ..SignalRow::default()
        }],
        recovery: "5 min".into(),
        abort_conditions: "error rate above 1 %".into(),
        revert_procedure: "Start the process again.".into(),
        revert_owner: "Ben".into(),
        revert_deadline: "5 min".into(),
        ..titled("Restart one ZooKeeper", "zookeeper")
    }
}

async fn shown(desk: &Desk, id: ExperimentId) -> Shown {
    acts::show(desk, id).await.unwrap()
}

/// The edit form of the newest revision, as somebody opens it now.
async fn form(desk: &Desk, id: ExperimentId) -> Draft {
    let shown = shown(desk, id).await;
    Draft::from_revision(&shown.newest, shown.experiment.version)
}

/// EXP written by `author` and approved by `reviewer`.
async fn ready(author: &Desk, reviewer: &Desk, draft: &Draft) -> Experiment {
    let id = acts::create(author, draft).await.unwrap().id;
    acts::request_review(author, id).await.unwrap();
    acts::approve(reviewer, id, 1, "").await.unwrap()
}

fn words(shown: &Shown) -> Vec<(&str, &str)> {
    shown.history.iter().map(|entry| (entry.act.as_str(), entry.name.as_str())).collect()
}

fn states(shown: &Shown) -> Vec<RevisionState> {
    shown.revisions.iter().map(|revision| revision.state).collect()
}

each_db!(an_experiment_begins_as_a_draft_with_a_title_and_a_service, book => {
    let (ana, _) = pair(book).await;
    let made = acts::create(&ana, &titled("Restart one ZooKeeper", "zookeeper")).await.unwrap();
    assert_eq!((made.id.to_string(), made.stage, made.revision, made.approved), ("EXP-1".into(), Stage::Draft, 1, None));
    let shown = shown(&ana, made.id).await;
    assert_eq!(shown.experiment, made);
    assert_eq!((made.owner, made.owner_name.as_str()), (ana.person_id(), "Ana"));
    assert_eq!((shown.newest.number, shown.newest.state, shown.approved), (1, RevisionState::Draft, None));
    assert_eq!(shown.newest.fingerprint, shown.newest.plan.identity.fingerprint());
    assert_eq!(shown.history.iter().map(|entry| (entry.act.as_str(), entry.kind.as_str(), entry.object.as_str())).collect::<Vec<_>>(), [("created", about::EXPERIMENT, "EXP-1")]);
    assert_eq!(missing_for_run(&shown.newest.plan).len(), 10);
    assert_eq!(acts::create(&ana, &restart()).await.unwrap().id.to_string(), "EXP-2");
    assert_eq!(fields(&refused(acts::create(&ana, &Draft::default()).await)), ["services", "title"]);
    assert_eq!(refused(acts::show(&ana, ExperimentId::of(99)).await).code(), "missing");
});

each_db!(unknown_services_and_environments_are_said_together, book => {
    let (ana, _) = pair(book).await;
    let draft = Draft { environment: "moon".into(), services: vec!["zookeeper".into(), "home".into()], ..restart() };
    let refusal = refused(acts::create(&ana, &draft).await);
    assert_eq!(fields(&refusal), ["services", "environment"]);
    assert!(refusal.troubles()[0].says.contains("\"home\"") && !refusal.troubles()[0].says.contains("zookeeper"));
    assert!(refusal.troubles()[1].says.contains("production, staging"));
    let admin = book.person("Ada", Role::Admin).await;
    let made = acts::create(&admin, &Draft { environment: "Moon".into(), ..restart() }).await.unwrap();
    assert_eq!(shown(&admin, made.id).await.newest.plan.identity.environment.unwrap().as_str(), "moon");
    // The refused one left no number behind.
    assert_eq!(made.id.to_string(), "EXP-1");
});

each_db!(a_draft_is_overwritten_until_its_review_is_requested, book => {
    let (ana, ben) = pair(book).await;
    let id = acts::create(&ana, &titled("Restart", "zookeeper")).await.unwrap().id;
    let before = shown(&ana, id).await.newest;
    let edit = Draft { reason: "names the fault".into(), version: "1".into(), services: vec!["kafka".into()], ..restart() };
    let edited = acts::revise(&ben, id, &edit).await.unwrap();
    assert_eq!((edited.revision, edited.version, edited.stage), (1, 2, Stage::Draft));
    let after = shown(&ana, id).await;
    assert_eq!((after.newest.number, after.newest.author), (1, ana.person_id()));
    assert_ne!(after.newest.fingerprint, before.fingerprint);
    assert_eq!(after.newest.reason.as_ref().unwrap().as_str(), "names the fault");
    assert_eq!((after.experiment.title.as_str(), after.experiment.services.len()), ("Restart one ZooKeeper", 1));
    assert_eq!(words(&after), [("created", "Ana"), ("revised", "Ben")]);
    // A prefilled form that nobody touched changes nothing but the version.
    acts::revise(&ana, id, &form(&ana, id).await).await.unwrap();
    let untouched = shown(&ana, id).await;
    assert_eq!((untouched.newest.plan, untouched.newest.reason), (after.newest.plan, after.newest.reason));
});

each_db!(a_stale_edit_changes_nothing, book => {
    let (ana, ben) = pair(book).await;
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    let opened = form(&ana, id).await;
    acts::revise(&ben, id, &Draft { title: "Ben's title".into(), ..form(&ben, id).await }).await.unwrap();
    let before = shown(&ana, id).await;
    let stale = refused(acts::revise(&ana, id, &Draft { title: "Ana's title".into(), ..opened.clone() }).await);
    assert_eq!((stale.code(), stale.status()), ("stale", 412));
    assert_eq!(shown(&ana, id).await, before);
    let missing = Draft { version: String::new(), ..opened };
    assert_eq!(refused(acts::revise(&ana, id, &missing).await).code(), "no_version");
    assert_eq!(shown(&ana, id).await, before);
});

each_db!(of_two_edits_at_once_one_is_kept_and_one_refused, book => {
    let (ana, ben) = pair(book).await;
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    let opened = form(&ana, id).await;
    let (one, other) = (Draft { title: "one".into(), ..opened.clone() }, Draft { title: "other".into(), ..opened });
    let (one, other) = tokio::join!(acts::revise(&ana, id, &one), acts::revise(&ben, id, &other));
    let kept = match (one, other) {
        (Ok(kept), refusal) | (refusal, Ok(kept)) => {
            assert_eq!(refused(refusal).code(), "stale");
            kept
        }
        neither => panic!("{neither:?}"),
    };
    let after = shown(&ana, id).await;
    assert_eq!(after.newest.plan.context.title, kept.title);
    assert_eq!(after.history.len(), 2);
});

each_db!(whoever_wrote_a_revision_does_not_review_it, book => {
    let (ana, ben) = pair(book).await;
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    acts::revise(&ben, id, &form(&ben, id).await).await.unwrap();
    acts::request_review(&ana, id).await.unwrap();
    let before = shown(&ana, id).await;
    assert!(before.moves.iter().all(|step| !matches!(step, Move::Approve | Move::AskChanges)));
    for desk in [&ana, &ben] {
        let refusal = refused(acts::approve(desk, id, 1, "looks fine").await);
        assert_eq!(refusal.code(), "not_now");
        assert!(refusal.to_string().contains("you wrote EXP-1@1"), "{refusal}");
        assert_eq!(refused(acts::ask_changes(desk, id, 1, "more").await).code(), "not_now");
    }
    assert_eq!(shown(&ana, id).await, before);

    let cleo = book.person("Cleo", Role::Contributor).await;
    assert!(shown(&cleo, id).await.moves.contains(&Move::Approve));
    let approved = acts::approve(&cleo, id, 1, "the bound is fair").await.unwrap();
    assert_eq!((approved.stage, approved.approved), (Stage::Ready, Some(1)));
    let after = shown(&ana, id).await;
    let review = &after.newest.reviews[0];
    assert_eq!((review.name.as_str(), review.approved, review.no_second_person), ("Cleo", true, false));
    assert_eq!(review.text.as_ref().unwrap().as_str(), "the bound is fair");
    assert_eq!(words(&after), [("created", "Ana"), ("revised", "Ben"), ("review_requested", "Ana"), ("approved", "Cleo")]);
});

each_db!(a_team_of_one_reviews_its_own_plan_and_the_record_says_so, book => {
    stack(book).await;
    let ada = book.person("Ada", Role::Admin).await;
    people::acts::set_solo(&ada, &SoloDraft { solo: "on".into() }).await.unwrap();
    let experiment = ready(&ada, &ada, &restart()).await;
    assert_eq!(experiment.stage, Stage::Ready);
    let review = shown(&ada, experiment.id).await.newest.reviews.remove(0);
    assert_eq!((review.reviewer, review.no_second_person), (ada.person_id(), true));
    // Somebody else is a second person, solo or not.
    let ben = book.person("Ben", Role::Contributor).await;
    let other = ready(&ada, &ben, &restart()).await;
    assert!(!shown(&ada, other.id).await.newest.reviews[0].no_second_person);
});

each_db!(an_approved_revision_never_changes, book => {
    let (ana, ben) = pair(book).await;
    let id = ready(&ana, &ben, &restart()).await.id;
    let first = shown(&ana, id).await.newest;

    let edit = Draft { title: "Restart two".into(), count: "2".into(), services: vec!["zookeeper".into(), "alerting".into()], reason: "wider".into(), ..form(&ana, id).await };
    let edited = acts::revise(&ana, id, &edit).await.unwrap();
    assert_eq!((edited.stage, edited.revision, edited.approved), (Stage::Ready, 2, Some(1)));
    assert_eq!((edited.title.as_str(), edited.services.len()), ("Restart one ZooKeeper", 1));
    let during = shown(&ana, id).await;
    assert_eq!(during.approved.as_ref(), Some(&first));
    assert_eq!((during.newest.number, during.newest.state), (2, RevisionState::Draft));
    assert_eq!(states(&during), [RevisionState::Approved, RevisionState::Draft]);

    // The further draft is itself overwritten until its review is requested.
    acts::revise(&ana, id, &Draft { count: "3".into(), ..form(&ana, id).await }).await.unwrap();
    acts::request_review(&ana, id).await.unwrap();
    let asked = shown(&ana, id).await;
    assert_eq!((asked.experiment.stage, asked.experiment.revision), (Stage::Ready, 2));
    assert_eq!(refused(acts::approve(&ben, id, 1, "").await).code(), "not_now");
    let approved = acts::approve(&ben, id, 2, "").await.unwrap();
    assert_eq!((approved.approved, approved.title.as_str(), approved.services.len()), (Some(2), "Restart two", 2));
    let after = shown(&ana, id).await;
    assert_eq!(states(&after), [RevisionState::Replaced, RevisionState::Approved]);
    let kept = acts::show_revision(&ana, id, 1).await.unwrap();
    assert_eq!((kept.plan, kept.fingerprint, kept.reviews), (first.plan, first.fingerprint, first.reviews));
});

each_db!(asked_changes_are_made_in_a_further_revision, book => {
    let (ana, ben) = pair(book).await;
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    acts::request_review(&ana, id).await.unwrap();
    assert_eq!(fields(&refused(acts::ask_changes(&ben, id, 1, " ").await)), ["text"]);
    let asked = acts::ask_changes(&ben, id, 1, "Say who reverts.").await.unwrap();
    assert_eq!((asked.stage, asked.revision), (Stage::Draft, 1));
    let before = shown(&ana, id).await;
    assert_eq!((before.newest.state, before.newest.reviews[0].approved), (RevisionState::ChangesAsked, false));
    let again = refused(acts::request_review(&ana, id).await);
    assert!(again.to_string().contains("revise the plan first"), "{again}");

    let edited = acts::revise(&ana, id, &Draft { revert_owner: "Ana".into(), ..form(&ana, id).await }).await.unwrap();
    assert_eq!((edited.stage, edited.revision), (Stage::Draft, 2));
    assert_eq!(states(&shown(&ana, id).await), [RevisionState::ChangesAsked, RevisionState::Draft]);
    acts::request_review(&ana, id).await.unwrap();
    acts::approve(&ben, id, 2, "").await.unwrap();
    assert_eq!(states(&shown(&ana, id).await), [RevisionState::ChangesAsked, RevisionState::Approved]);
});

each_db!(an_edit_during_review_takes_the_review_back, book => {
    let (ana, ben) = pair(book).await;
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    acts::request_review(&ana, id).await.unwrap();
    let reviewed = shown(&ana, id).await.newest.plan;
    let edited = acts::revise(&ana, id, &Draft { count: "2".into(), ..form(&ana, id).await }).await.unwrap();
    assert_eq!((edited.stage, edited.revision), (Stage::Draft, 2));
    let refusal = refused(acts::approve(&ben, id, 1, "").await);
    assert!(refusal.to_string().contains("EXP-1@1 was overtaken by EXP-1@2"), "{refusal}");
    assert_eq!(acts::show_revision(&ana, id, 1).await.unwrap().plan, reviewed);
    assert_eq!(states(&shown(&ana, id).await), [RevisionState::Replaced, RevisionState::Draft]);
    assert_eq!(refused(acts::approve(&ben, id, 7, "").await).code(), "missing");
});

each_db!(what_is_not_possible_now_is_refused_by_name_and_changes_nothing, book => {
    let (ana, ben) = pair(book).await;
    let draft = acts::create(&ana, &restart()).await.unwrap().id;
    let in_review = acts::create(&ana, &restart()).await.unwrap().id;
    acts::request_review(&ana, in_review).await.unwrap();
    let ready = ready(&ana, &ben, &restart()).await.id;
    let retired = acts::create(&ana, &restart()).await.unwrap().id;
    acts::retire(&ana, retired, "never mind").await.unwrap();
    let before = [shown(&ben, draft).await, shown(&ben, in_review).await, shown(&ben, ready).await, shown(&ben, retired).await];

    let says = |id: ExperimentId, result: Result<Experiment, Error>, act: &str, state: &str| {
        let Refusal::NotNow { act: has_act, state: has_state } = refused(result) else { panic!("{id}: {act} is no state trouble") };
        assert_eq!((has_act.as_str(), has_state.as_str()), (act, state));
    };
    says(draft, acts::approve(&ben, draft, 1, "").await, "approve this plan", "EXP-1@1 is a draft, and its review was not requested");
    says(draft, acts::reopen(&ben, draft, "").await, "reopen this experiment", "EXP-1 is draft, not retired");
    says(in_review, acts::request_review(&ana, in_review).await, "request review of this plan", "EXP-2@1 is in review already");
    says(in_review, acts::retire(&ben, in_review, "x").await, "retire this experiment", "EXP-2 is in review; the review comes first");
    says(ready, acts::approve(&ben, ready, 1, "").await, "approve this plan", "EXP-3@1 is approved already");
    says(ready, acts::retire(&ben, ready, "x").await, "retire this experiment", "EXP-3 is ready; record the decision to retire or stop it instead");
    let edit = Draft { version: before[3].experiment.version.to_string(), ..restart() };
    says(retired, acts::revise(&ana, retired, &edit).await, "revise this plan", "EXP-4 is retired; reopen it first");
    says(retired, acts::ask_changes(&ben, retired, 1, "x").await, "ask for changes to this plan", "EXP-4 is retired; reopen it first");
    assert_eq!([shown(&ben, draft).await, shown(&ben, in_review).await, shown(&ben, ready).await, shown(&ben, retired).await], before);
});

each_db!(a_draft_is_abandoned_and_a_ready_experiment_is_retired_by_a_decision, book => {
    let (ana, ben) = pair(book).await;
    let draft = acts::create(&ana, &restart()).await.unwrap().id;
    assert_eq!(fields(&refused(acts::retire(&ana, draft, "").await)), ["reason"]);
    assert_eq!(acts::retire(&ana, draft, "asked elsewhere").await.unwrap().stage, Stage::Retired);
    assert_eq!(acts::reopen(&ana, draft, "").await.unwrap().stage, Stage::Draft);
    assert_eq!(words(&shown(&ana, draft).await), [("created", "Ana"), ("retired", "Ana"), ("reopened", "Ana")]);

    let ready = ready(&ana, &ben, &restart()).await.id;
    let mut tx = ben.begin_write().await.unwrap();
    let retired = acts::retire_by(&ben, &mut tx, ready, DecisionId::of(1), None).await.unwrap();
    ben.commit(tx, DecisionId::of(1)).await.unwrap();
    assert_eq!((retired.stage, retired.approved), (Stage::Retired, Some(1)));
    assert_eq!(shown(&ana, ready).await.moves, [Move::Reopen]);
    let reopened = acts::reopen(&ana, ready, "the preemptions stopped").await.unwrap();
    assert_eq!((reopened.stage, reopened.approved), (Stage::Ready, Some(1)));
    let last = shown(&ana, ready).await.history.pop().unwrap();
    assert!(last.body.contains("the preemptions stopped"), "{}", last.body);
});

each_db!(two_revisions_are_compared_field_by_field, book => {
    let (ana, ben) = pair(book).await;
    let id = ready(&ana, &ben, &restart()).await.id;
    let mut stricter = Draft { title: "Restart one, alerts within 30 s".into(), ..form(&ana, id).await };
    stricter.checks[0].threshold = "30".into();
    acts::revise(&ana, id, &stricter).await.unwrap();
    let compared = acts::compare(&ana, id, 2, 1).await.unwrap();
    assert_eq!((compared.from.number, compared.to.number, compared.compared.relation), (1, 2, Relation::Stricter));
    let changes = |fields: &[notebook::experiments::words::FieldChange]| -> Vec<(String, String, String)> {
        fields.iter().map(|field| (field.label.clone(), field.before.clone().unwrap_or_default(), field.after.clone().unwrap_or_default())).collect()
    };
    let change = |label: &str, before: &str, after: &str| (label.to_owned(), before.to_owned(), after.to_owned());
    assert_eq!(changes(&compared.identity_fields), [change("alert-gap, during, largest", "≤ 60 s over 15 min", "≤ 30 s over 15 min")]);
    assert_eq!(changes(&compared.context_fields), [change("Title", "Restart one ZooKeeper", "Restart one, alerts within 30 s")]);
    let same = acts::compare(&ana, id, 1, 1).await.unwrap();
    assert_eq!((same.compared.relation, same.identity_fields.len(), same.context_fields.len()), (Relation::Identical, 0, 0));
    assert_eq!(refused(acts::compare(&ana, id, 1, 3).await).code(), "missing");
});

each_db!(experiments_are_found_by_stage_service_and_text_in_pages, book => {
    let (ana, ben) = pair(book).await;
    let ready_id = ready(&ana, &ben, &restart()).await.id;
    let asked_id = acts::create(&ana, &titled("Kafka without its disk", "kafka")).await.unwrap().id;
    acts::request_review(&ana, asked_id).await.unwrap();
    acts::revise(&ana, ready_id, &Draft { count: "2".into(), ..form(&ana, ready_id).await }).await.unwrap();
    acts::request_review(&ana, ready_id).await.unwrap();
    let found = async |filter: Filter| -> Vec<String> {
        acts::list(&ana, &filter).await.unwrap().0.into_iter().map(|row| row.experiment.id.to_string()).collect()
    };
    assert_eq!(found(Filter::default()).await, ["EXP-2", "EXP-1"]);
    assert_eq!(found(Filter { stage: Some(Stage::Ready), ..Filter::default() }).await, ["EXP-1"]);
    assert_eq!(found(Filter { newest: Some(RevisionState::InReview), ..Filter::default() }).await, ["EXP-2", "EXP-1"]);
    let kafka = notebook::text::Slug::new("kafka").unwrap();
    assert_eq!(found(Filter { service: Some(kafka), ..Filter::default() }).await, ["EXP-2"]);
    for (text, ids) in [
        ("DISK", vec!["EXP-2"]),
        ("exp-1", vec!["EXP-1"]),
        ("one zoo*", vec!["EXP-1"]),
        ("is:ready", vec!["EXP-1"]),
        ("is:untested sort:created", vec!["EXP-1", "EXP-2"]),
        ("service:kafka OR title", vec!["EXP-2"]),
        ("100", vec![]),
    ] {
        let (rows, ..) = lists::experiments(&ana, &read(text).unwrap(), &Filter::default()).await.unwrap();
        let ids_found: Vec<String> = rows.into_iter().map(|row| row.experiment.id.to_string()).collect();
        assert_eq!(ids_found, ids, "{text}");
    }
    let asked = Filter { before: Some(asked_id), stage: Some(Stage::Ready), ..Filter::default() };
    let (rows, next, _) = lists::experiments(&ana, &read("one").unwrap(), &asked).await.unwrap();
    assert_eq!((rows.len(), next), (1, None));
    let (rows, more) = acts::list(&ana, &Filter { before: Some(asked_id), ..Filter::default() }).await.unwrap();
    let row = &rows[0];
    assert_eq!((rows.len(), more, row.newest), (1, false, RevisionState::InReview));
    assert_eq!((row.environment.as_ref().unwrap().as_str(), row.fault.as_ref().unwrap().as_str()), ("production", "process-restart"));
    assert_eq!(row.experiment, shown(&ana, ready_id).await.experiment);
    for _ in 0..50 {
        acts::create(&ana, &titled("Another", "kafka")).await.unwrap();
    }
    let (rows, more) = acts::list(&ana, &Filter::default()).await.unwrap();
    assert_eq!((rows.len(), more), (50, true));
});

each_db!(a_form_sent_twice_writes_once, book => {
    let (mut ana, mut ben) = pair(book).await;
    ana.once = Some("x".into());
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    assert_eq!(refused(acts::create(&ana, &restart()).await), Refusal::Done { thing: "EXP-1".into() });
    ana.once = Some("y".into());
    let edit = form(&ana, id).await;
    acts::revise(&ana, id, &edit).await.unwrap();
    assert_eq!(refused(acts::revise(&ana, id, &edit).await), Refusal::Done { thing: "EXP-1".into() });
    ana.once = Some("z".into());
    acts::request_review(&ana, id).await.unwrap();
    assert_eq!(refused(acts::request_review(&ana, id).await).code(), "done");
    // The same key of another person is another form.
    ben.once = Some("z".into());
    acts::approve(&ben, id, 1, "").await.unwrap();
    assert_eq!(refused(acts::approve(&ben, id, 1, "").await).code(), "done");
    assert_eq!(words(&shown(&ana, id).await).len(), 4);
});

each_db!(viewers_look_and_strangers_do_not, book => {
    let (ana, _) = pair(book).await;
    let vera = book.person("Vera", Role::Viewer).await;
    let id = acts::create(&ana, &restart()).await.unwrap().id;
    assert_eq!(shown(&vera, id).await.moves, []);
    assert_eq!(refused(acts::create(&vera, &restart()).await).code(), "not_allowed");
    assert_eq!(refused(acts::revise(&vera, id, &form(&vera, id).await).await).code(), "not_allowed");
    assert_eq!(refused(acts::request_review(&vera, id).await).code(), "not_allowed");
    assert_eq!(refused(acts::approve(&vera, id, 1, "").await).code(), "not_allowed");
    assert_eq!(refused(acts::ask_changes(&vera, id, 1, "x").await).code(), "not_allowed");
    assert_eq!(refused(acts::retire(&vera, id, "x").await).code(), "not_allowed");
    assert_eq!(refused(acts::reopen(&vera, id, "x").await).code(), "not_allowed");
    let nobody = book.nobody();
    assert_eq!(refused(acts::show(&nobody, id).await).code(), "sign_in");
    assert_eq!(refused(acts::show_revision(&nobody, id, 1).await).code(), "sign_in");
    assert_eq!(refused(acts::compare(&nobody, id, 1, 1).await).code(), "sign_in");
    assert_eq!(refused(acts::list(&nobody, &Filter::default()).await).code(), "sign_in");
});

// S-P1: the four questions of the first story become experiments; the second looks at integrity.
each_db!(four_questions_become_experiments_and_the_second_checks_integrity, book => {
    let (ana, ben) = pair(book).await;
    let mut plans = Vec::new();
    for question in &QUESTIONS {
        let draft = Draft {
            services: vec!["storage-engine".into()],
            environment: "production".into(),
            selector: "role=storage".into(),
            revert_procedure: "Start it again, then compare the copies.".into(),
            revert_owner: "Ben".into(),
            revert_deadline: "10 min".into(),
            ..question.draft()
        };
        let id = ready(&ana, &ben, &draft).await.id;
        let plan = shown(&ana, id).await.approved.unwrap().plan;
        assert_eq!(missing_for_run(&plan), [], "{}", question.key);
        assert_eq!(plan.context.question.as_ref().unwrap().as_str(), question.asks);
        plans.push(plan);
    }
    let measures = |n: usize| -> Vec<(&str, Phase)> {
        plans[n].identity.checks.iter().map(|check| (check.key.measure.as_str(), check.key.phase)).collect()
    };
    assert_eq!(measures(1), [("records lost or changed", Phase::Before), ("records lost or changed", Phase::After)]);
    assert_eq!(plans[1].identity.checks[1].allowed, Allowed::Equal(0.into()));
    // Availability is what the first question is about, and no part of the second.
    assert!(measures(0).iter().all(|(measure, _)| *measure == "requests failing"));
    assert!(acts::list(&ana, &Filter::default()).await.unwrap().0.iter().all(|row| row.experiment.stage == Stage::Ready));
});
