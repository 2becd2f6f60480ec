//! What calendars elsewhere hear of slots that are gone, or that hours and freezes moved.

use notebook::{
    actor::Role,
    cadences::{
        self,
        acts::Scope,
        drafts::{EndDraft, SetDraft},
    },
    experiments::Draft,
    freezes::drafts::EndDraft as ThawDraft,
    interval::Interval,
    subscriptions::{
        self, About, Draft as SubscriptionDraft,
        ics::{Event, Status, document},
    },
    teams::drafts::Draft as TeamDraft,
    time::{Moment, Zone},
};

use crate::{
    cadences::{slot, tuesdays},
    each_db::Book,
    lab::{Lab, restart_one_zookeeper},
    teams,
};

const DAY_MS: i64 = 86_400_000;

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

async fn subscribed(lab: &Lab<'_>) -> String {
    let of = SubscriptionDraft { of: "service:zookeeper".into() };
    subscriptions::acts::subscribe(&lab.ben, &of).await.unwrap().1
}

async fn read(book: &Book, secret: &str) -> Vec<Event> {
    subscriptions::acts::read(&book.notebook, secret).await.unwrap().unwrap().events
}

/// The entry of that name, which is there once.
fn only(events: &[Event], name: &str) -> Event {
    let found: Vec<&Event> = events.iter().filter(|event| event.name == name).collect();
    assert_eq!(found.len(), 1, "{name}: {events:?}");
    found[0].clone()
}

each_db!(slots_of_a_cadence_that_ended_are_cancelled_elsewhere_for_a_month, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&Draft { services: vec!["zookeeper".into()], ..restart_one_zookeeper() }).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let secret = subscribed(&lab).await;
    let run = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-10", "", "")).await.unwrap().id;
    let before = only(&read(book, &secret).await, "EXP-1-2026-11-17");
    assert_eq!(before.status, Status::Tentative);
    lab.later();
    cadences::acts::end(&lab.ana, experiment, &EndDraft { text: "Preemption does it".into() }).await.unwrap();
    let events = read(book, &secret).await;
    let gone = only(&events, "EXP-1-2026-11-17");
    assert_eq!((gone.status, gone.start, gone.end), (Status::Cancelled, before.start, before.end));
    assert!(gone.changed_at > before.changed_at && gone.description.contains("its cadence has ended"), "{gone:?}");
    let planned = only(&events, "EXP-1-2026-11-10");
    assert_eq!((planned.status, planned.about), (Status::Confirmed, About::Run(run)), "the run stays");
    assert_eq!(read(book, &secret).await, events, "nothing changes by reading");
    let all = Interval::new(at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).unwrap();
    let own = cadences::acts::calendar(&lab.ana, all, &Scope::default()).await.unwrap();
    assert!(own.slots.iter().all(|slot| slot.run == Some(run)), "not in the notebook's own calendar");
    book.clock.pass_ms(30 * DAY_MS);
    assert_eq!(only(&read(book, &secret).await, "EXP-1-2026-12-15").status, Status::Cancelled);
    book.clock.pass_ms(1);
    let events = read(book, &secret).await;
    assert!(events.iter().all(|event| event.name != "EXP-1-2026-12-15"), "{events:?}");
});

each_db!(a_cadence_that_took_the_place_of_another_keeps_its_dates, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let cadence = cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let secret = subscribed(&lab).await;
    lab.later();
    let both = SetDraft {
        days: vec!["tuesday".into(), "thursday".into()],
        number: "2".into(),
        at: "11:00".into(),
        ..tuesdays(cadence.id)
    };
    cadences::acts::set(&lab.ana, experiment, &both).await.unwrap();
    let events = read(book, &secret).await;
    for (name, status, start) in [
        ("EXP-1-2026-11-03", Status::Tentative, "2026-11-03T10:00:00Z"),
        ("EXP-1-2026-11-05", Status::Tentative, "2026-11-05T10:00:00Z"),
        ("EXP-1-2026-11-10", Status::Cancelled, "2026-11-10T09:00:00Z"),
        ("EXP-1-2026-11-17", Status::Tentative, "2026-11-17T10:00:00Z"),
    ] {
        let event = only(&events, name);
        assert_eq!((event.status, event.start), (status, at(start)), "{name}");
    }
});

each_db!(what_hours_and_freezes_move_replaces_what_was_read_before, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let team = notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&root, "zookeeper", "data-platform").await;
    let experiment = lab.approved(&Draft { services: vec!["zookeeper".into()], ..restart_one_zookeeper() }).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let secret = subscribed(&lab).await;
    let name = "EXP-1-2026-11-17";
    let mut before = only(&read(book, &secret).await, name);
    assert_eq!((before.status, before.start), (Status::Tentative, at("2026-11-17T09:00:00Z")));

    lab.later();
    let late = TeamDraft { tuesday: "12:00–17:00".into(), ..TeamDraft::of(&team) };
    notebook::teams::acts::edit(&root, "data-platform", &late).await.unwrap();
    let moved = only(&read(book, &secret).await, name);
    assert_eq!((moved.status, moved.start), (Status::Tentative, at("2026-11-17T11:00:00Z")));
    assert!(moved.changed_at > before.changed_at, "hours moved it");
    before = moved;

    lab.later();
    let window = teams::freeze("service:zookeeper", "2026-11-16T00:00:00Z", "2026-11-21T00:00:00Z");
    let freeze = notebook::freezes::acts::set(&root, &window).await.unwrap().id;
    let events = read(book, &secret).await;
    let frozen = only(&events, name);
    assert_eq!(frozen.status, Status::Cancelled);
    assert!(frozen.changed_at > before.changed_at, "a freeze cancelled it");
    assert_eq!(only(&events, "EXP-1-2026-11-24").changed_at, before.changed_at, "and touches no other");
    before = frozen;

    lab.later();
    notebook::freezes::acts::end(&root, freeze, &ThawDraft { why: "It is over".into() }).await.unwrap();
    let back = only(&read(book, &secret).await, name);
    assert_eq!((back.status, back.start), (Status::Tentative, at("2026-11-17T11:00:00Z")));
    assert!(back.changed_at > before.changed_at, "and gave it back");
});

/// What stands behind an address as it goes out: of each entry of these days its name, its start as clocks in Berlin
/// show it, and its length in minutes.
async fn by_the_clock(book: &Book, secret: &str, days: &[&str]) -> Vec<(String, String, i64)> {
    let text =
        document("Retrial", &read(book, secret).await, "retrial.example.org", |_| "https://retrial.example.org".into());
    let text = text.replace("\r\n ", "");
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let entries = text.split("BEGIN:VEVENT\r\n").skip(1).map(|entry| {
        let value = |name: &str| entry.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        let instant = |name: &str| {
            let digits = value(name);
            let part = |from: usize, to: usize| &digits[from..to];
            let (date, time) = ([part(0, 4), part(4, 6), part(6, 8)], [part(9, 11), part(11, 13), part(13, 16)]);
            at(&format!("{}T{}", date.join("-"), time.join(":")))
        };
        let (start, end) = (instant("DTSTART:"), instant("DTEND:"));
        let name = value("UID:").split('@').next().unwrap_or_default().to_owned();
        (name, start.local_input(&berlin), end.ms_since(start) / 60_000)
    });
    entries.filter(|(name, ..)| days.iter().any(|day| name.ends_with(day))).collect()
}

each_db!(a_cadence_goes_out_at_the_same_time_by_the_clock_when_clocks_change, book => {
    book.clock.set(at("2026-03-16T08:00:00Z"));
    let lab = Lab::open(book).await;
    let by_day = lab.approved(&restart_one_zookeeper()).await;
    let by_night = lab.approved(&restart_one_zookeeper()).await;
    let days = |days: &[&str]| days.iter().map(|day| (*day).to_owned()).collect::<Vec<_>>();
    let ten = SetDraft { days: days(&["monday", "sunday"]), ..tuesdays(0) };
    cadences::acts::set(&lab.ana, by_day, &ten).await.unwrap();
    // At half past two the clock is put forward in spring, and that time comes twice in autumn.
    let night = SetDraft { days: days(&["sunday"]), at: "02:30".into(), ..tuesdays(0) };
    cadences::acts::set(&lab.ana, by_night, &night).await.unwrap();
    let secret = subscribed(&lab).await;
    let spring = by_the_clock(book, &secret, &["2026-03-23", "2026-03-29", "2026-03-30"]).await;
    book.clock.set(at("2026-10-19T08:00:00Z"));
    let autumn = by_the_clock(book, &secret, &["2026-10-25", "2026-10-26", "2026-11-01"]).await;
    for (found, expected) in [
        (
            &spring,
            [
                ("EXP-1-2026-03-23", "2026-03-23T10:00"),
                ("EXP-2-2026-03-29", "2026-03-29T03:30"),
                ("EXP-1-2026-03-29", "2026-03-29T10:00"),
                ("EXP-1-2026-03-30", "2026-03-30T10:00"),
            ]
            .as_slice(),
        ),
        (
            &autumn,
            [
                ("EXP-2-2026-10-25", "2026-10-25T02:30"),
                ("EXP-1-2026-10-25", "2026-10-25T10:00"),
                ("EXP-1-2026-10-26", "2026-10-26T10:00"),
                ("EXP-2-2026-11-01", "2026-11-01T02:30"),
                ("EXP-1-2026-11-01", "2026-11-01T10:00"),
            ]
            .as_slice(),
        ),
    ] {
        let times: Vec<(&str, &str)> = found.iter().map(|(name, start, _)| (name.as_str(), start.as_str())).collect();
        assert_eq!(times, expected);
        assert!(found.iter().all(|(.., minutes)| *minutes == found[0].2 && *minutes > 0), "{found:?}");
    }
    let first = only(&read(book, &secret).await, "EXP-2-2026-10-25");
    assert_eq!(first.start, at("2026-10-25T00:30:00Z"), "the first of the two");
});
