//! What a cadence promises, and that it asks for nothing while its experiment is retired.

use notebook::{
    actor::Role,
    cadences::{self, Slot, SlotStanding, drafts::SetDraft},
    decisions,
    desk::Desk,
    experiments::{self, Stage},
    id::ExperimentId,
    retrials::{self, due::DueReason},
    runs,
    subscriptions::{
        self, Draft as SubscriptionDraft,
        ics::{Event, Status},
    },
    teams::drafts::Draft as TeamDraft,
    time::{MICROS_A_DAY, Moment},
};

use crate::{
    cadences::tuesdays,
    each_db::Book,
    lab::{Lab, Trial, refused, restart_one_zookeeper},
    teams,
};

const DAY_MS: i64 = 86_400_000;

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

async fn slots(desk: &Desk, id: ExperimentId) -> Vec<Slot> {
    cadences::acts::show(desk, id).await.unwrap().slots
}

async fn retire(desk: &Desk, id: ExperimentId) {
    let draft = decisions::drafts::Draft {
        kind: "retire".into(),
        claims: vec![id.to_string()],
        passive: "preemption events".into(),
        ..decisions::drafts::Draft::default()
    };
    retrials::acts::decide(desk, &draft).await.unwrap();
}

async fn stage(desk: &Desk, id: ExperimentId) -> Stage {
    experiments::acts::show(desk, id).await.unwrap().experiment.stage
}

async fn read(book: &Book, secret: &str) -> Vec<Event> {
    subscriptions::acts::read(&book.notebook, secret).await.unwrap().unwrap().events
}

fn only(events: &[Event], name: &str) -> Event {
    let found: Vec<&Event> = events.iter().filter(|event| event.name == name).collect();
    assert_eq!(found.len(), 1, "{name}: {events:?}");
    found[0].clone()
}

each_db!(s_d5_no_slot_of_the_time_an_experiment_was_retired_is_missed, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    lab.run(experiment, Trial::default()).await;
    book.clock.set(at("2026-11-10T12:00:00Z"));
    retire(&lab.ana, experiment).await;
    retrials::acts::tell(&book.system()).await.unwrap();
    let dates = |slots: Vec<Slot>| slots.into_iter().map(|slot| slot.date.to_string()).collect::<Vec<_>>();
    assert_eq!(dates(slots(&lab.ana, experiment).await), ["2026-11-03", "2026-11-10"]);
    book.clock.pass_ms(31 * DAY_MS);
    retrials::acts::tell(&book.system()).await.unwrap();
    assert_eq!(stage(&lab.ana, experiment).await, Stage::Ready, "no preemption event came");

    let found = slots(&lab.ana, experiment).await;
    let missed: Vec<&Slot> = found.iter().filter(|slot| slot.standing == SlotStanding::Missed).collect();
    assert_eq!(missed.len(), 1, "{missed:?}");
    assert_eq!(missed[0].date.to_string(), "2026-11-10", "it was missed before");
    assert_eq!(dates(found)[..2], ["2026-11-10", "2026-12-15"]);
    assert_eq!(cadences::acts::remind(&book.system()).await.unwrap(), 0, "the eighth of December is no news");
    book.clock.set(at("2026-12-15T10:00:01Z"));
    assert_eq!(cadences::acts::remind(&book.system()).await.unwrap(), 1, "it is asked for again");
});

each_db!(what_is_reopened_by_hand_has_its_coming_slots_again_in_other_calendars_too, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let of = SubscriptionDraft { of: "service:zookeeper".into() };
    let secret = subscriptions::acts::subscribe(&lab.ben, &of).await.unwrap().1;
    lab.run(experiment, Trial::default()).await;
    let (past, next) = ("EXP-1-2026-11-03", "EXP-1-2026-11-17");
    let before = only(&read(book, &secret).await, next);
    assert_eq!(before.status, Status::Tentative);
    lab.later();
    retire(&lab.ana, experiment).await;
    let away = only(&read(book, &secret).await, next);
    assert_eq!(away.status, Status::Cancelled);
    assert!(away.changed_at > before.changed_at && away.description.contains("its experiment was retired"), "{away:?}");

    book.clock.set(at("2026-11-11T12:00:00Z"));
    experiments::acts::reopen(&lab.ana, experiment, "").await.unwrap();
    let events = read(book, &secret).await;
    let back = only(&events, next);
    assert_eq!((back.status, back.start), (Status::Tentative, before.start));
    assert!(back.changed_at > away.changed_at, "it replaces what was read before");
    let gone = only(&events, past);
    assert_eq!(gone.status, Status::Cancelled);
    assert!(gone.description.contains("its experiment was retired"), "nobody missed it: {gone:?}");
    let first = slots(&lab.ana, experiment).await.remove(0);
    assert_eq!((first.date.to_string().as_str(), first.standing), ("2026-11-17", SlotStanding::Coming));
});

async fn is_overdue(lab: &Lab<'_>) -> bool {
    let due = retrials::acts::due(&lab.ana, None).await.unwrap().due;
    due.iter().any(|due| due.reason == DueReason::Overdue)
}

each_db!(s_d2_a_promise_of_its_own_is_kept_apart_from_how_often_slots_come, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let cadence = cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    assert_eq!(cadence.rule.promise_days, None);
    let run = lab.run(experiment, Trial::default()).await;
    let ended = runs::acts::show(&lab.ana, run).await.unwrap().run.ended_at.unwrap();
    let overdue = || async { cadences::acts::show(&lab.ana, experiment).await.unwrap().overdue_from };
    assert_eq!(overdue().await, Some(ended.plus_days(8)), "a week and a day, as ever");

    let rare = SetDraft { promise_days: "14".into(), ..tuesdays(cadence.id) };
    let cadence = cadences::acts::set(&lab.ana, experiment, &rare).await.unwrap();
    assert_eq!(overdue().await, Some(ended.plus_days(15)));
    let dates: Vec<String> = slots(&lab.ana, experiment).await.iter().map(|slot| slot.date.to_string()).collect();
    assert_eq!(dates[..3], ["2026-11-03", "2026-11-10", "2026-11-17"], "its slots stay weekly");

    let no = SetDraft { promise_days: "0".into(), ..tuesdays(cadence.id) };
    let no = refused(cadences::acts::set(&lab.ana, experiment, &no).await);
    assert_eq!(no.troubles()[0].field, "promise_days");
    let often = SetDraft { promise_days: "3".into(), ..tuesdays(cadence.id) };
    cadences::acts::set(&lab.ana, experiment, &often).await.unwrap();
    let from = ended.plus_days(3).plus_micros(3 * MICROS_A_DAY / 7);
    assert_eq!(overdue().await, Some(from));
    book.clock.set(from.plus_micros(-1));
    assert!(!is_overdue(&lab).await);
    book.clock.set(from);
    assert!(is_overdue(&lab).await);
});

each_db!(a_cadence_that_names_no_zone_goes_by_the_clock_of_the_first_team_that_owns_a_service, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let zone = || async { cadences::acts::show(&lab.ana, experiment).await.unwrap().zone.name().to_owned() };
    assert_eq!(zone().await, "Europe/Berlin", "Ana's, while no team owns anything");
    let root = book.person("Root", Role::Admin).await;
    for (name, slug, there, service) in [
        ("Alerting", "alerting", "Asia/Kathmandu", "alerting"),
        ("Data platform", "data-platform", "America/New_York", "zookeeper"),
    ] {
        let team = TeamDraft { name: name.into(), zone: there.into(), ..teams::data_platform() };
        notebook::teams::acts::write(&root, &team).await.unwrap();
        teams::give(&root, service, slug).await;
    }
    assert_eq!(zone().await, "Asia/Kathmandu");
    let silent = SetDraft { zone: String::new(), ..tuesdays(0) };
    let cadence = cadences::acts::set(&lab.ana, experiment, &silent).await.unwrap();
    assert_eq!(cadence.rule.zone.name(), "Asia/Kathmandu");
    let said = SetDraft { zone: "UTC".into(), ..tuesdays(cadence.id) };
    let cadence = cadences::acts::set(&lab.ana, experiment, &said).await.unwrap();
    assert_eq!(cadence.rule.zone.name(), "UTC", "whoever names one has it");
});
