//! Recurring reruns, moved runs, the calendar, and the addresses at which others read it.

use notebook::{
    actor::Role,
    cadences::{
        self, Slot, SlotStanding,
        acts::Scope,
        conflicts::Conflict,
        drafts::{EndDraft, SetDraft, SlotDraft},
    },
    desk::Desk,
    experiments::Draft,
    id::{ExperimentId, RunId},
    interval::Interval,
    refusal::Refusal,
    runs::{
        self,
        drafts::{MoveDraft, PlanDraft, WordsDraft},
        facts::Execution,
    },
    subscriptions::{
        self, About, Draft as SubscriptionDraft,
        ics::{Event, Status},
    },
    time::Moment,
};

use crate::{
    each_db::Book,
    lab::{Lab, Trial, refused, restart_one_zookeeper},
    teams,
};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// Tuesdays at ten in Berlin.
pub fn tuesdays(version: i64) -> SetDraft {
    SetDraft {
        days: vec!["tuesday".into()],
        at: "10:00".into(),
        zone: "Europe/Berlin".into(),
        version: version.to_string(),
        ..SetDraft::default()
    }
}

pub fn slot(date: &str, to: &str, text: &str) -> SlotDraft {
    SlotDraft { date: date.into(), to: to.into(), text: text.into() }
}

async fn slots(desk: &Desk, id: ExperimentId) -> Vec<Slot> {
    cadences::acts::show(desk, id).await.unwrap().slots
}

async fn on(desk: &Desk, id: ExperimentId, date: &str) -> Slot {
    slots(desk, id).await.into_iter().find(|slot| slot.date.to_string() == date).unwrap()
}

async fn planned(desk: &Desk, experiment: ExperimentId, time: &str) -> RunId {
    let draft = PlanDraft { experiment: experiment.to_string(), planned_at: time.into(), ..PlanDraft::default() };
    runs::acts::plan(desk, &draft).await.unwrap().id
}

pub fn moved(to: &str, why: &str) -> MoveDraft {
    MoveDraft { planned_at: to.into(), text: why.into(), ..MoveDraft::default() }
}

each_db!(a_planned_run_moves_with_a_reason_and_is_missed_at_its_new_time_only, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = planned(&lab.ana, experiment, "2026-11-03T09:00:00Z").await;
    for (draft, field) in [
        (moved("2026-11-04T09:00:00Z", " "), "text"),
        (moved("", "later"), "planned_at"),
        (moved("soon", "later"), "planned_at"),
        (moved("2026-11-01T09:00:00Z", "later"), "planned_at"),
        (moved("2026-11-03T09:00:00Z", "later"), "planned_at"),
    ] {
        let no = refused(runs::acts::move_to(&lab.ana, run, &draft).await);
        assert_eq!(no.troubles()[0].field, field, "{draft:?}: {no:?}");
    }
    let to = runs::acts::move_to(&lab.ana, run, &moved("2026-11-04T10:00", "release day")).await.unwrap();
    assert_eq!(to.planned_at, Some(at("2026-11-04T09:00:00Z")), "by Ana's clock");
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!((shown.run.planned_at, shown.history.last().unwrap().act.as_str()), (to.planned_at, "moved_to"));
    book.clock.set(at("2026-11-03T12:00:00Z"));
    assert_eq!(runs::acts::mark_missed(&book.system()).await.unwrap().missed, 0);
    book.clock.set(at("2026-11-04T10:00:01Z"));
    assert_eq!(runs::acts::mark_missed(&book.system()).await.unwrap().missed, 1);
    let no = refused(runs::acts::move_to(&lab.ana, run, &moved("2026-11-05T10:00", "later")).await);
    assert!(matches!(no, Refusal::NotNow { .. }), "{no:?}");
    let vic = book.person("Vic", Role::Viewer).await;
    let no = refused(runs::acts::move_to(&vic, run, &moved("2026-11-05T10:00", "later")).await);
    assert!(matches!(no, Refusal::NotAllowed { .. }), "{no:?}");
});

each_db!(slots_are_computed_until_people_say_something_of_them, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let cadence = cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let all = slots(&lab.ana, experiment).await;
    assert_eq!((all.len(), all[0].date.to_string().as_str()), (14, "2026-11-03"), "three months ahead");
    assert!(all.iter().all(|slot| slot.standing == SlotStanding::Coming && slot.why.is_empty()));
    let run = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-03", "", "")).await.unwrap();
    assert_eq!(run.planned_at, Some(at("2026-11-03T09:00:00Z")));
    let own = on(&lab.ana, experiment, "2026-11-03").await;
    assert_eq!((own.standing, own.run), (SlotStanding::Planned, Some(run.id)));
    for no in [
        refused(cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-03", "", "")).await),
        refused(cadences::acts::skip(&lab.ana, experiment, &slot("2026-11-03", "", "why")).await),
    ] {
        assert!(no.to_string().contains("is planned as RUN-1"), "{no}");
    }
    let skipped = cadences::acts::skip(&lab.ana, experiment, &slot("2026-11-10", "", "release day")).await.unwrap();
    assert_eq!((skipped.standing, skipped.why), (SlotStanding::Skipped, vec!["release day".to_owned()]));
    let later = slot("2026-11-17", "2026-11-18T10:00", "Mira is away");
    let later = cadences::acts::postpone(&lab.ana, experiment, &later).await.unwrap();
    assert_eq!((later.standing, later.at), (SlotStanding::Postponed, at("2026-11-18T09:00:00Z")));
    for (draft, field) in [
        (slot("2026-11-24", "2027-03-01T10:00", "later"), "to"),
        (slot("2026-11-24", "2026-11-01T10:00", "later"), "to"),
        (slot("2026-11-24", "", "later"), "to"),
        (slot("2026-11-24", "2026-11-25T10:00", ""), "text"),
        (slot("", "2026-11-25T10:00", "later"), "date"),
    ] {
        let no = refused(cadences::acts::postpone(&lab.ana, experiment, &draft).await);
        assert_eq!(no.troubles()[0].field, field, "{draft:?}: {no:?}");
    }
    let no = refused(cadences::acts::skip(&lab.ana, experiment, &slot("2026-11-11", "", "no Tuesday")).await);
    assert!(matches!(no, Refusal::Missing { .. }), "{no:?}");
    book.clock.set(at("2026-11-24T10:00:01Z"));
    assert_eq!(on(&lab.ana, experiment, "2026-11-24").await.standing, SlotStanding::Missed);
    assert_eq!(on(&lab.ana, experiment, "2026-11-17").await.standing, SlotStanding::Missed, "postponed, and not run");
    let no = refused(cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-24", "", "")).await);
    assert!(no.to_string().contains("is missed"), "{no}");
    let why = slot("2026-11-24", "", "nobody was there");
    let told = cadences::acts::skip(&lab.ana, experiment, &why).await.unwrap();
    assert_eq!(told.why, ["nobody was there"], "a missed slot takes its reason");
    let no = refused(cadences::acts::set(&lab.ben, experiment, &tuesdays(0)).await);
    assert!(matches!(no, Refusal::Stale { .. }), "{no:?}");
    let mondays = SetDraft { days: vec!["monday".into()], ..tuesdays(cadence.id) };
    cadences::acts::set(&lab.ben, experiment, &mondays).await.unwrap();
    let dates: Vec<String> = slots(&lab.ana, experiment).await.into_iter().map(|slot| slot.date.to_string()).collect();
    assert_eq!(dates[..5], ["2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24", "2026-11-30"], "the past stays");
    cadences::acts::end(&lab.ana, experiment, &EndDraft { text: "Preemption does it".into() }).await.unwrap();
    let shown = cadences::acts::show(&lab.ana, experiment).await.unwrap();
    assert_eq!((shown.slots.len(), shown.cadence.is_none()), (4, true));
    let acts: Vec<&str> = shown.history.iter().map(|entry| entry.act.as_str()).collect();
    let said = ["set", "slot_planned", "slot_skipped", "slot_postponed", "slot_skipped", "set", "ended"];
    assert_eq!(acts, said);
});

each_db!(slots_follow_working_time_holidays_and_freezes, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&root, "zookeeper", "data-platform").await;
    let experiment = lab.approved(&Draft { services: vec!["zookeeper".into()], ..restart_one_zookeeper() }).await;
    let early = SetDraft { at: "07:00".into(), days: vec!["tuesday".into(), "saturday".into()], ..tuesdays(0) };
    cadences::acts::set(&lab.ana, experiment, &early).await.unwrap();
    let tuesday = on(&lab.ana, experiment, "2026-11-10").await;
    assert_eq!((tuesday.standing, tuesday.at), (SlotStanding::Moved, at("2026-11-10T08:00:00Z")));
    assert!(tuesday.why[0].contains("is outside the hours of data-platform"), "{:?}", tuesday.why);
    let saturday = on(&lab.ana, experiment, "2026-11-14").await;
    assert_eq!(saturday.standing, SlotStanding::Cancelled);
    assert!(saturday.why[0].contains("is not a working day of data-platform"), "{:?}", saturday.why);
    let window = teams::freeze("service:zookeeper", "2026-11-16T00:00:00Z", "2026-11-21T00:00:00Z");
    notebook::freezes::acts::set(&root, &window).await.unwrap();
    let frozen = on(&lab.ana, experiment, "2026-11-17").await;
    assert_eq!(frozen.standing, SlotStanding::Cancelled);
    assert!(frozen.why[0].starts_with("freeze: the service zookeeper is frozen"), "{:?}", frozen.why);
    assert_eq!(on(&lab.ana, experiment, "2026-11-24").await.standing, SlotStanding::Moved, "over by then");
    for (to, says) in [
        ("2026-11-25T06:00", "is outside the hours of data-platform"),
        ("2026-11-28T10:00", "is not a working day of data-platform"),
        ("2026-11-19T10:00", "freeze: the service zookeeper is frozen"),
    ] {
        let no = refused(cadences::acts::postpone(&lab.ana, experiment, &slot("2026-11-24", to, "later")).await);
        assert!(no.troubles()[0].field == "to" && no.troubles()[0].says.contains(says), "{to}: {no:?}");
    }
    let later = slot("2026-11-24", "2026-11-25T10:00", "Mira is away");
    let later = cadences::acts::postpone(&lab.ana, experiment, &later).await.unwrap();
    assert_eq!((later.standing, later.at), (SlotStanding::Postponed, at("2026-11-25T09:00:00Z")));
    let window = teams::freeze("service:zookeeper", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z");
    notebook::freezes::acts::set(&root, &window).await.unwrap();
    let frozen = on(&lab.ana, experiment, "2026-11-24").await;
    assert_eq!((frozen.standing, frozen.why[0].as_str()), (SlotStanding::Cancelled, "Mira is away"));
    assert!(frozen.why[1].starts_with("freeze: the service zookeeper is frozen"), "{:?}", frozen.why);
});

each_db!(a_slot_whose_run_never_began_can_have_another, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let first = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-10", "", "")).await.unwrap().id;
    let why = WordsDraft { text: "no release".into(), ..WordsDraft::default() };
    runs::acts::cancel(&lab.ana, first, &why).await.unwrap();
    let own = on(&lab.ana, experiment, "2026-11-10").await;
    assert_eq!((own.standing, own.run), (SlotStanding::Cancelled, Some(first)));
    let later = slot("2026-11-10", "2026-11-11T10:00", "release is out");
    let own = cadences::acts::postpone(&lab.ana, experiment, &later).await.unwrap();
    assert_eq!((own.standing, own.run), (SlotStanding::Postponed, None));
    let second = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-10", "", "")).await.unwrap();
    assert_eq!((second.id != first, second.planned_at), (true, Some(at("2026-11-11T09:00:00Z"))));
    book.clock.set(at("2026-11-11T10:00:01Z"));
    runs::acts::mark_missed(&book.system()).await.unwrap();
    let own = on(&lab.ana, experiment, "2026-11-10").await;
    assert_eq!((own.standing, own.run), (SlotStanding::Missed, Some(second.id)));
    let late = at("2026-11-17T09:59:00Z");
    book.clock.set(late);
    let third = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-17", "", "")).await.unwrap();
    assert_eq!(third.planned_at, Some(late), "within the hour");
});

each_db!(s_d2_eight_days_without_a_valid_run_are_overdue, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let overdue = || async { cadences::acts::show(&lab.ana, experiment).await.unwrap().overdue_from };
    assert_eq!(overdue().await, Some(at("2026-11-10T10:00:00Z")), "from when it was set");
    let run = lab.run(experiment, Trial::default()).await;
    let ended = runs::acts::show(&lab.ana, run).await.unwrap().run.ended_at.unwrap();
    assert_eq!(overdue().await, Some(ended.plus_days(8)));
    let other = lab.approved(&restart_one_zookeeper()).await;
    let later = SetDraft { from: "2027-01-05".into(), ..tuesdays(0) };
    cadences::acts::set(&lab.ana, other, &later).await.unwrap();
    let from = cadences::acts::show(&lab.ana, other).await.unwrap().overdue_from;
    assert_eq!(from, Some(at("2027-01-12T23:00:00Z")), "not before its first date");
});

each_db!(s_d2_a_run_that_nobody_planned_keeps_the_slot_it_began_in, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let draft = SubscriptionDraft { of: "service:zookeeper".into() };
    let (_, secret) = subscriptions::acts::subscribe(&lab.ben, &draft).await.unwrap();
    // It begins an hour later, five minutes after the slot.
    book.clock.set(at("2026-11-03T08:05:00Z"));
    let run = lab.run(experiment, Trial::default()).await;
    let own = on(&lab.ana, experiment, "2026-11-03").await;
    assert_eq!((own.standing, own.run), (SlotStanding::Planned, Some(run)));
    assert_eq!(named(&read(book, &secret).await.unwrap(), "EXP-1-2026-11-03").about, About::Run(run));
    let no = refused(cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-03", "", "")).await);
    assert!(matches!(no, Refusal::NotNow { .. }), "{no:?}");
    book.clock.set(at("2026-11-10T07:30:00Z"));
    lab.run(experiment, Trial::default()).await;
    book.clock.set(at("2026-11-17T12:00:00Z"));
    assert_eq!(on(&lab.ana, experiment, "2026-11-03").await.standing, SlotStanding::Planned);
    assert_eq!(on(&lab.ana, experiment, "2026-11-10").await.standing, SlotStanding::Planned, "half an hour before");
    assert_eq!(on(&lab.ana, experiment, "2026-11-17").await.standing, SlotStanding::Missed);
});

each_db!(a_cadence_belongs_to_an_approved_plan, book => {
    let lab = Lab::open(book).await;
    let draft = notebook::experiments::acts::create(&lab.ana, &restart_one_zookeeper()).await.unwrap().id;
    let no = refused(cadences::acts::set(&lab.ana, draft, &tuesdays(0)).await);
    assert!(no.to_string().contains("no approved plan revision"), "{no}");
    lab.review(draft, 1).await;
    cadences::acts::set(&lab.ana, draft, &tuesdays(0)).await.unwrap();
});

/// The whole of November.
async fn november(desk: &Desk, scope: &Scope) -> cadences::acts::Calendar {
    let stretch = Interval::new(at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")).unwrap();
    cadences::acts::calendar(desk, stretch, scope).await.unwrap()
}

each_db!(a_calendar_shows_runs_slots_and_what_is_in_the_way, book => {
    let lab = Lab::open(book).await;
    let zookeeper = lab.approved(&Draft { services: vec!["zookeeper".into()], ..restart_one_zookeeper() }).await;
    let alerting = lab.approved(&Draft { services: vec!["alerting".into()], ..restart_one_zookeeper() }).await;
    let first = planned(&lab.ana, zookeeper, "2026-11-12T09:00:00Z").await;
    let second = planned(&lab.ana, alerting, "2026-11-12T09:02:00Z").await;
    planned(&lab.ana, zookeeper, "2026-12-12T09:00:00Z").await;
    cadences::acts::set(&lab.ana, zookeeper, &tuesdays(0)).await.unwrap();
    let shown = november(&lab.ana, &Scope::default()).await;
    let runs: Vec<RunId> = shown.runs.iter().map(|on| on.run.id).collect();
    assert_eq!((runs, shown.slots.len()), (vec![first, second], 4));
    assert!(shown.conflicts.is_empty() && !shown.is_cut);
    let present = notebook::services::acts::show(&lab.ana, "alerting").await.unwrap().service;
    let needs = notebook::services::ServiceDraft {
        needs: vec!["zookeeper".into()],
        ..notebook::services::ServiceDraft::from_service(&present)
    };
    notebook::services::acts::edit(&lab.ana, "alerting", &needs).await.unwrap();
    let shown = november(&lab.ana, &Scope::default()).await;
    let says: Vec<String> = shown.conflicts.iter().map(Conflict::words).collect();
    assert_eq!(says, [format!("{first} and {second} overlap, and one depends on zookeeper of the other")]);
    runs::acts::move_to(&lab.ana, second, &moved("2026-11-12T11:00:00Z", "apart")).await.unwrap();
    assert!(november(&lab.ana, &Scope::default()).await.conflicts.is_empty());
    let of = |service: &str| Scope { service: notebook::text::Slug::new(service).ok(), ..Scope::default() };
    let shown = november(&lab.ana, &of("alerting")).await;
    assert_eq!((shown.runs.len(), shown.slots.len()), (1, 0));
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&root, "alerting", "data-platform").await;
    let team = notebook::text::Slug::new("data-platform").ok();
    let shown = november(&lab.ana, &Scope { team: team.clone(), ..Scope::default() }).await;
    assert_eq!((shown.runs.len(), shown.slots.len(), shown.runs[0].run.id), (1, 0, second));
    let nowhere = Scope { team, service: of("zookeeper").service, ..Scope::default() };
    assert!(november(&lab.ana, &nowhere).await.runs.is_empty(), "every part of a scope fits");
    let own = Scope { person: lab.ben.person_id(), ..Scope::default() };
    let shown = november(&lab.ana, &own).await;
    assert_eq!((shown.runs.len(), shown.slots.len()), (0, 0), "Ben planned nothing and is on nothing");
});

/// The runs and slots of November on a service, or on those of a team.
async fn shown(desk: &Desk, scope: &Scope) -> (Vec<RunId>, usize) {
    let shown = november(desk, scope).await;
    (shown.runs.iter().map(|on| on.run.id).collect(), shown.slots.len())
}

each_db!(a_run_stays_where_the_plan_that_it_was_planned_with_has_it, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let past = lab.run(experiment, Trial::default()).await;
    let first = planned(&lab.ana, experiment, "2026-11-12T09:00:00Z").await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let before = november(&lab.ana, &Scope::default()).await.runs;
    lab.revise(experiment, |draft| {
        draft.services = vec!["zookeeper".into(), "config-management".into()];
        draft.fault_duration = "3 h".into();
    })
    .await;
    assert_eq!(november(&lab.ana, &Scope::default()).await.runs, before, "with its services and its time");
    let second = planned(&lab.ana, experiment, "2026-11-13T09:00:00Z").await;
    let of = |service: &str| Scope { service: notebook::text::Slug::new(service).ok(), ..Scope::default() };
    assert_eq!(shown(&lab.ana, &of("zookeeper")).await, (vec![past, first, second], 4));
    assert_eq!(shown(&lab.ana, &of("alerting")).await, (vec![past, first], 0), "slots ask the plan of now");
    assert_eq!(shown(&lab.ana, &of("config-management")).await, (vec![second], 4));

    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&root, "alerting", "data-platform").await;
    let team = Scope { team: notebook::text::Slug::new("data-platform").ok(), ..Scope::default() };
    assert_eq!(shown(&lab.ana, &team).await, (vec![past, first], 0));
    let draft = SubscriptionDraft { of: "service:alerting".into() };
    let (_, secret) = subscriptions::acts::subscribe(&lab.ben, &draft).await.unwrap();
    let told: Vec<String> = read(book, &secret).await.unwrap().into_iter().map(|event| event.name).collect();
    assert!(told.contains(&first.to_string()) && !told.contains(&second.to_string()), "{told:?}");
});

async fn read(book: &Book, secret: &str) -> Option<Vec<Event>> {
    subscriptions::acts::read(&book.notebook, secret).await.unwrap().map(|read| read.events)
}

fn named<'a>(events: &'a [Event], name: &str) -> &'a Event {
    events.iter().find(|event| event.name == name).unwrap()
}

each_db!(names_in_a_calendar_outlive_a_change_of_cadence, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let cadence = cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let draft = SubscriptionDraft { of: "service:zookeeper".into() };
    let (_, secret) = subscriptions::acts::subscribe(&lab.ben, &draft).await.unwrap();
    let run = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-10", "", "")).await.unwrap().id;
    // The slot of this Tuesday is half an hour old, and has another one an hour later in its place.
    book.clock.set(at("2026-11-03T09:30:00Z"));
    let later = SetDraft { at: "11:00".into(), ..tuesdays(cadence.id) };
    let cadence = cadences::acts::set(&lab.ana, experiment, &later).await.unwrap();
    let events = read(book, &secret).await.unwrap();
    let today: Vec<Moment> =
        events.iter().filter(|event| event.name == "EXP-1-2026-11-03").map(|event| event.start).collect();
    assert_eq!(today, [at("2026-11-03T10:00:00Z")], "a name is there once");
    let mondays = SetDraft { days: vec!["monday".into()], ..tuesdays(cadence.id) };
    cadences::acts::set(&lab.ana, experiment, &mondays).await.unwrap();
    let events = read(book, &secret).await.unwrap();
    assert_eq!(named(&events, "EXP-1-2026-11-10").start, at("2026-11-10T09:00:00Z"), "its slot is no more");
    runs::acts::move_to(&lab.ana, run, &moved("2026-12-08T09:00:00Z", "audit")).await.unwrap();
    book.clock.set(at("2026-12-12T09:00:00Z"));
    let events = read(book, &secret).await.unwrap();
    assert_eq!(named(&events, "EXP-1-2026-11-10").start, at("2026-12-08T09:00:00Z"), "its slot is long over");
    assert!(events.iter().all(|event| event.name != run.to_string()));
    let missed = named(&events, "EXP-1-2026-12-07");
    assert_eq!((missed.status, missed.changed_at), (Status::Cancelled, at("2026-12-07T10:00:00Z")), "an hour later");
});

each_db!(an_address_is_read_until_it_is_renewed_or_revoked, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let of = |of: &str| SubscriptionDraft { of: of.into() };
    let (made, secret) = subscriptions::acts::subscribe(&lab.ben, &of("service:zookeeper")).await.unwrap();
    let coming = read(book, &secret).await.unwrap();
    assert_eq!(named(&coming, "EXP-1-2026-11-03").status, Status::Tentative);
    lab.later();
    let run = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-03", "", "")).await.unwrap().id;
    let events = read(book, &secret).await.unwrap();
    let before = named(&events, "EXP-1-2026-11-03").clone();
    assert_eq!((before.status, before.start), (Status::Confirmed, at("2026-11-03T09:00:00Z")), "its name stays");
    assert_eq!(events.len(), coming.len(), "the slot is its run now");
    lab.later();
    runs::acts::move_to(&lab.ana, run, &moved("2026-11-04T09:00:00Z", "release day")).await.unwrap();
    let after = named(&read(book, &secret).await.unwrap(), "EXP-1-2026-11-03").clone();
    assert_eq!(after.start, at("2026-11-04T09:00:00Z"));
    assert!(after.changed_at > before.changed_at);
    lab.later();
    let why = WordsDraft { text: "no release".into(), ..WordsDraft::default() };
    runs::acts::cancel(&lab.ana, run, &why).await.unwrap();
    let cancelled = named(&read(book, &secret).await.unwrap(), "EXP-1-2026-11-03").clone();
    assert!(cancelled.status == Status::Cancelled && cancelled.changed_at > after.changed_at);
    let (_, renewed) = subscriptions::acts::renew(&lab.ben, made.id).await.unwrap();
    assert!(read(book, &secret).await.is_none() && read(book, &renewed).await.is_some());
    assert!(matches!(refused(subscriptions::acts::renew(&lab.ana, made.id).await), Refusal::Missing { .. }));
    assert!(matches!(refused(subscriptions::acts::revoke(&lab.ana, made.id).await), Refusal::Missing { .. }));
    subscriptions::acts::revoke(&lab.ben, made.id).await.unwrap();
    assert!(read(book, &renewed).await.is_none() && subscriptions::acts::list(&lab.ben).await.unwrap().is_empty());
    let no = refused(subscriptions::acts::subscribe(&lab.ben, &of("team:nobody")).await);
    assert_eq!(no.troubles()[0].field, "of");
    let (_, own) = subscriptions::acts::subscribe(&lab.ana, &of("person")).await.unwrap();
    let (_, others) = subscriptions::acts::subscribe(&lab.ben, &of("")).await.unwrap();
    assert!(!read(book, &own).await.unwrap().is_empty() && read(book, &others).await.unwrap().is_empty());
    assert_eq!(runs::acts::show(&lab.ana, run).await.unwrap().run.execution, Execution::Cancelled);
});
