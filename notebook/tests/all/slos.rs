//! SLOs: what may be promised, what is measured of it, and what the budget amounts to.

use notebook::{
    actor::{Actor, Role, Via},
    desk::Desk,
    events::{self, about},
    id::SloId,
    paging::Rows,
    refusal::Refusal,
    search::{acts::read, lists},
    slos::{
        acts::{self, Filter, Shown, Taken},
        drafts::{ApproveDraft, Draft, RetireDraft},
        entries::{GapDraft, MeasurementsDraft, Row, WithdrawDraft},
        health::Health,
        kept::{Kept, SloState},
        levels::Level,
        ratio::Ratio,
        trail::SloEvent,
    },
    text::Slug,
    time::Moment,
};

use crate::{
    each_db::{Book, START},
    lab::{Lab, refused},
};

const HOUR_MS: i64 = 3_600_000;

fn fields(refusal: &Refusal) -> Vec<&str> {
    refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
}

/// 99.99 % of what a service is asked, over 28 days; a day is "now".
pub fn promised(target: &str) -> Draft {
    Draft {
        title: "Sessions answer".into(),
        service: "zookeeper".into(),
        environment: "production".into(),
        promise: "A session you open stays open.".into(),
        measure: "answered pings".into(),
        target: target.into(),
        window: "rolling".into(),
        days: "28".into(),
        method: "occurrences".into(),
        too_broken: "90 %".into(),
        level_window: "1 d".into(),
        ..Draft::default()
    }
}

/// Hours before the story's clock, as programs send moments.
pub fn ago(hours: i64) -> String {
    Moment::from_micros(START).plus_hours(-hours).rfc3339()
}

fn row(from: i64, to: i64, good: u64, bad: u64) -> Row {
    Row { from: ago(from), to: ago(to), good: good.to_string(), bad: bad.to_string(), counts: String::new() }
}

fn sent(rows: Vec<Row>) -> MeasurementsDraft {
    MeasurementsDraft { rows, ..MeasurementsDraft::default() }
}

fn corrected(rows: Vec<Row>) -> MeasurementsDraft {
    MeasurementsDraft { rows, reason: "Counted again".into() }
}

async fn measure(desk: &Desk, id: SloId, rows: Vec<Row>) -> Taken {
    acts::measure(desk, id, &corrected(rows)).await.unwrap()
}

async fn shown(desk: &Desk, id: SloId) -> Shown {
    acts::show(desk, id).await.unwrap()
}

/// An approved SLO, all of its 28 days measured with so many events.
pub async fn approved(lab: &Lab<'_>, draft: &Draft, good: u64, bad: u64) -> SloId {
    let slo = acts::write(&lab.ana, draft).await.unwrap();
    let slo = acts::approve(&lab.ben, slo.id, &ApproveDraft { version: slo.version.to_string() }).await.unwrap();
    measure(&lab.ana, slo.id, vec![row(28 * 24, 0, good, bad)]).await;
    slo.id
}

/// The whole 28 days with another number of bad ones; it corrects what was there.
pub async fn correct(desk: &Desk, id: SloId, total: u64, bad: u64) -> Shown {
    let taken = measure(desk, id, vec![row(28 * 24, 0, total - bad, bad)]).await;
    assert_eq!(taken, Taken { corrected: 1, ..Taken::default() });
    shown(desk, id).await
}

async fn lines(book: &Book, id: SloId) -> Vec<String> {
    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, about::SLO, &id.to_string()).await.unwrap();
    lines.into_iter().map(|line| line.act).collect()
}

each_db!(s_q1_a_billion_events_leave_a_hundred_thousand, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("at least 99.99 %"), 1_000_000_000 - 40_000, 40_000).await;
    let standing = shown(&lab.ana, id).await.standing;
    let budget = standing.budget.unwrap();
    assert_eq!(budget.allowed(), Ratio::whole(100_000));
    assert_eq!((budget.remaining(), standing.health.is), (Ratio::new(3, 5).unwrap(), Health::Healthy));
    for (bad, met, remaining) in [(100_000, true, Ratio::ZERO), (100_001, false, Ratio::new(-1, 100_000).unwrap())] {
        let shown = correct(&lab.ana, id, 1_000_000_000, bad).await;
        let budget = shown.standing.budget.unwrap();
        assert_eq!((budget.is_met(), budget.remaining()), (met, remaining), "{bad}");
        assert_eq!(shown.standing.health.is, Health::Exhausted);
        assert_eq!(shown.burndown.last().unwrap().remaining, remaining);
    }
});

each_db!(s_q2_less_than_a_tenth_of_a_percent_is_strict_and_the_limit_is_not_slow, book => {
    let lab = Lab::open(book).await;
    let slow = Draft {
        measure: "time to first byte".into(),
        direction: "larger_is_worse".into(),
        limit: "1".into(),
        unit: "s".into(),
        ..promised("< 0.1 %")
    };
    let id = approved(&lab, &slow, 999_000, 1_000).await;
    let before = shown(&lab.ana, id).await;
    assert!(!before.standing.budget.unwrap().is_met());
    assert!(correct(&lab.ana, id, 1_000_000, 999).await.standing.budget.unwrap().is_met());
    let bound = before.kept.text.indicator.good.unwrap();
    assert_eq!(bound.is_good(1.into(), Some("s")), Some(true));
    assert_eq!(bound.is_good(1_001.into(), Some("ms")), Some(false));
});

each_db!(s_q3_one_percent_of_a_million_is_ten_thousand_and_they_are_too_many, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("less than 1 % bad"), 990_000, 10_000).await;
    assert!(!shown(&lab.ana, id).await.standing.budget.unwrap().is_met());
    assert!(correct(&lab.ana, id, 1_000_000, 9_999).await.standing.budget.unwrap().is_met());
});

each_db!(s_q4_all_of_it_cannot_be_promised_and_in_between_it_is_at_risk, book => {
    let lab = Lab::open(book).await;
    let refusal = refused(acts::write(&lab.ana, &promised("100 %")).await);
    assert_eq!(fields(&refusal), ["target"]);
    assert!(refusal.troubles()[0].says.contains("no budget would remain to learn with"), "{refusal:?}");
    assert!(acts::list(&lab.ana, &Filter::default()).await.unwrap().0.is_empty());

    let slo = acts::write(&lab.ana, &promised("99 %")).await.unwrap();
    for (bad, level) in [(10, Level::GoodEnough), (11, Level::AtRisk), (99, Level::AtRisk), (100, Level::TooBroken)] {
        measure(&lab.ana, slo.id, vec![row(24, 0, 1_000 - bad, bad)]).await;
        assert_eq!(shown(&lab.ana, slo.id).await.standing.level.is, level, "{bad}");
    }
});

each_db!(s_q6_without_a_customer_promise_nobody_approves, book => {
    let lab = Lab::open(book).await;
    let draft = Draft { promise: String::new(), ..promised("99 %") };
    let slo = acts::write(&lab.ana, &draft).await.unwrap();
    let refusal = refused(acts::approve(&lab.ben, slo.id, &ApproveDraft { version: "1".into() }).await);
    assert_eq!(refusal.code(), "not_now");
    assert!(refusal.to_string().contains("no customer promise is written"), "{refusal}");
    assert_eq!(shown(&lab.ana, slo.id).await.kept.state(), SloState::Draft);

    let edited = acts::edit(&lab.ana, slo.id, &Draft { version: "1".into(), ..promised("99 %") }).await.unwrap();
    let stale = refused(acts::approve(&lab.ben, slo.id, &ApproveDraft { version: "1".into() }).await);
    assert_eq!(stale.code(), "stale", "nobody approves a text they have not read");
    let version = edited.version.to_string();
    let approved = acts::approve(&lab.ben, slo.id, &ApproveDraft { version }).await.unwrap();
    assert_eq!((approved.state(), approved.revision), (SloState::Approved, 2));
    assert_eq!(lines(book, slo.id).await, ["written", "edited", "approved"]);
});

each_db!(s_q7_a_day_without_measurements_leaves_the_health_unknown, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("99 %"), 1_000, 0).await;
    book.clock.pass_ms(24 * HOUR_MS - 1);
    assert_eq!(shown(&lab.ana, id).await.standing.health.is, Health::Healthy);
    book.clock.pass_ms(1);
    let standing = shown(&lab.ana, id).await.standing;
    assert_eq!(standing.health.is, Health::Unknown);
    assert!(standing.health.because[0].says.contains("Nothing was measured from"), "{:?}", standing.health);
    assert_eq!(standing.exhaustion, None, "nobody knows how long it lasts");

    // Forty days later nothing is left in the window, and the age is still known.
    book.clock.pass_ms(40 * 24 * HOUR_MS);
    let because = shown(&lab.ana, id).await.standing.health.because;
    assert!(because[0].says.contains("The newest measurement ends at"), "{because:?}");
    book.clock.set(Moment::from_micros(START).plus_hours(24));
    measure(&lab.ana, id, vec![row(0, -24, 10, 0)]).await;
    assert_eq!(shown(&lab.ana, id).await.standing.health.is, Health::Healthy, "late measurements close the gap");
});

each_db!(measurements_come_in_any_order_and_each_once, book => {
    let lab = Lab::open(book).await;
    let slo = acts::write(&lab.ana, &promised("99 %")).await.unwrap();
    let push = book.notebook.desk(lab.ana.actor.clone(), Via::Api);
    let rows = || vec![row(1, 0, 90, 0), row(3, 2, 80, 1), row(2, 1, 70, 2)];
    assert_eq!(measure(&push, slo.id, rows()).await, Taken { new: 3, ..Taken::default() });
    assert_eq!(measure(&push, slo.id, rows()).await, Taken { repeated: 3, ..Taken::default() });
    assert_eq!(lines(book, slo.id).await, ["written", "measured"], "a repeat writes nothing");
    let late = || vec![row(3, 2, 80, 4), row(4, 3, 1, 0)];
    let unsaid = refused(acts::measure(&lab.ana, slo.id, &sent(late())).await);
    assert_eq!(fields(&unsaid), ["reason"], "a person says why bad becomes good");
    let late = measure(&lab.ana, slo.id, late()).await;
    assert_eq!(late, Taken { new: 1, corrected: 1, repeated: 0 });
    let budget = shown(&lab.ana, slo.id).await.standing.budget.unwrap();
    assert_eq!((budget.counts().good, budget.counts().bad), (241, 6));

    let (page, more) = acts::measurements(&lab.ana, slo.id, None, Rows::asked("2").unwrap()).await.unwrap();
    assert_eq!((page.iter().map(|line| line.record.sequence).collect::<Vec<_>>(), more), (vec![5, 4], true));
    let (rest, more) = acts::measurements(&lab.ana, slo.id, Some(4), Rows::default()).await.unwrap();
    assert_eq!((rest.len(), more, rest[1].replaced_by), (3, false, Some(4)));
    assert_eq!((rest[0].record.source.word(), page[0].record.source.word()), ("push", "manual"));
    let history = shown(&lab.ana, slo.id).await.history;
    let acts: Vec<&str> = history.iter().map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["written", "corrected"], "what programs send is no history");
    assert_eq!(page[0].reason.as_deref(), Some("Counted again"));

    let again = acts::measure(&push, slo.id, &sent(vec![row(1, 0, 90, 7)])).await.unwrap();
    assert_eq!(again, Taken { corrected: 1, ..Taken::default() });
    let history = shown(&lab.ana, slo.id).await.history;
    let acts: Vec<&str> = history.iter().map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["written", "corrected", "corrected"], "what takes the place of something is history, whoever sends it");
});

each_db!(one_measurement_that_does_not_fit_keeps_all_of_them_out, book => {
    let lab = Lab::open(book).await;
    let slo = acts::write(&lab.ana, &promised("99 %")).await.unwrap();
    measure(&lab.ana, slo.id, vec![row(10, 9, 1, 0)]).await;
    let rows = vec![row(5, 4, 1, 0), row(11, 9, 1, 0), row(3, 3, 1, 0), row(1, -2, 1, 0)];
    let refusal = refused(acts::measure(&lab.ana, slo.id, &sent(rows)).await);
    assert_eq!(fields(&refusal), ["rows.2.to"], "what does not read is said first");
    let rows = vec![row(5, 4, 1, 0), row(11, 9, 1, 0), row(1, -2, 1, 0)];
    let refusal = refused(acts::measure(&lab.ana, slo.id, &sent(rows)).await);
    assert_eq!(fields(&refusal), ["rows.1.from", "rows.2.from"]);
    assert!(refusal.troubles()[0].says.contains("overlaps"), "{refusal:?}");
    let (page, _) = acts::measurements(&lab.ana, slo.id, None, Rows::default()).await.unwrap();
    assert_eq!(page.len(), 1);
    let many = sent(vec![row(5, 4, 1, 0); 1_001]);
    assert_eq!(fields(&refused(acts::measure(&lab.ana, slo.id, &many).await)), ["rows"]);
});

each_db!(a_gap_is_signed_as_fully_bad_by_a_person_and_a_measurement_is_taken_back, book => {
    let lab = Lab::open(book).await;
    let draft = Draft { too_broken: "50 %".into(), ..promised("80 %") };
    let slo = acts::write(&lab.ana, &draft).await.unwrap();
    measure(&lab.ana, slo.id, vec![row(28 * 24, 30, 900, 0), row(4, 0, 95, 5)]).await;
    assert_eq!(shown(&lab.ana, slo.id).await.standing.health.is, Health::Unknown);
    let gap = GapDraft { from: ago(30), to: ago(4), events: "37".into(), reason: "The exporter was down".into() };
    let unsigned = acts::sign_gap(&book.system(), slo.id, &gap).await;
    assert_eq!(fields(&refused(unsigned)), ["from"], "somebody signs");
    // 900 in 642 hours are 36.4 in these 26.
    let few = refused(acts::sign_gap(&lab.ben, slo.id, &GapDraft { events: "36".into(), ..gap.clone() }).await);
    assert_eq!(fields(&few), ["events"]);
    assert!(few.troubles()[0].says.contains("fewer than the 37 there probably were"), "{few:?}");
    acts::sign_gap(&lab.ben, slo.id, &gap).await.unwrap();
    let standing = shown(&lab.ana, slo.id).await.standing;
    assert_eq!((standing.health.is, standing.counted.counts.bad), (Health::Healthy, 42));
    let over = GapDraft { from: ago(4), to: ago(0), ..gap };
    let refusal = refused(acts::sign_gap(&lab.ben, slo.id, &over).await);
    assert!(refusal.troubles()[0].says.contains("withdraw that measurement first"), "{refusal:?}");

    let withdraw = WithdrawDraft { number: "2".into(), reason: "Counted twice".into() };
    acts::withdraw(&lab.ana, slo.id, &withdraw).await.unwrap();
    assert_eq!(shown(&lab.ana, slo.id).await.standing.counted.counts.bad, 37);
    assert_eq!(fields(&refused(acts::withdraw(&lab.ana, slo.id, &withdraw).await)), ["number"]);
    let (page, _) = acts::measurements(&lab.ana, slo.id, None, Rows::default()).await.unwrap();
    assert_eq!((page[0].reason.as_deref(), page[0].name.as_str()), (Some("Counted twice"), "Ana"));
    acts::sign_gap(&lab.ben, slo.id, &over).await.unwrap();
    assert_eq!(lines(book, slo.id).await, ["written", "measured", "gap_signed", "withdrawn", "gap_signed"]);
});

each_db!(the_middle_of_a_long_gap_holds_as_many_events_as_its_ends, book => {
    let lab = Lab::open(book).await;
    let slo = acts::write(&lab.ana, &Draft { too_broken: "50 %".into(), ..promised("80 %") }).await.unwrap();
    let gap = |from, to, events: &str| {
        let (events, reason) = (events.into(), "The exporter was down".into());
        GapDraft { from: ago(from), to: ago(to), events, reason }
    };
    // Ten an hour, and then nobody measured for a hundred hours.
    measure(&lab.ana, slo.id, vec![row(200, 100, 1_000, 0)]).await;
    for (from, to) in [(60, 50), (100, 60), (50, 0)] {
        let (few, enough) = ((from - to) * 10 - 1, (from - to) * 10);
        let refusal = refused(acts::sign_gap(&lab.ben, slo.id, &gap(from, to, &few.to_string())).await);
        assert_eq!(fields(&refusal), ["events"], "{from} to {to}");
        acts::sign_gap(&lab.ben, slo.id, &gap(from, to, &enough.to_string())).await.unwrap();
    }
    // Of what lies before all of it, the day after says it.
    let early = refused(acts::sign_gap(&lab.ben, slo.id, &gap(400, 390, "99")).await);
    assert_eq!(fields(&early), ["events"]);
});

each_db!(slices_of_another_length_or_share_stop_counting_and_may_be_sent_again, book => {
    let lab = Lab::open(book).await;
    let cut = |slice: &str, good: &str| Draft {
        method: "time_slices".into(),
        slice: slice.into(),
        slice_good: good.into(),
        ..promised("95 %")
    };
    let id = approved(&lab, &cut("5 min", "95 %"), 8_000, 64).await;
    for (version, slice, share, good, bad) in [("2", "10 min", "95 %", 4_000, 32), ("4", "10 min", "99 %", 3_990, 42)] {
        let before = shown(&lab.ana, id).await.standing.counted;
        let edited = acts::edit(&lab.ana, id, &Draft { version: version.into(), ..cut(slice, share) }).await.unwrap();
        assert_eq!(shown(&lab.ana, id).await.standing.counted, before, "not before it is approved");
        acts::approve(&lab.ben, id, &ApproveDraft { version: edited.version.to_string() }).await.unwrap();
        let standing = shown(&lab.ana, id).await.standing;
        assert_eq!((standing.counted.counts.total(), standing.health.is), (0, Health::Unknown));
        let (page, _) = acts::measurements(&lab.ana, id, None, Rows::default()).await.unwrap();
        let reason = page[0].reason.as_deref().unwrap();
        assert!(reason.starts_with("It counted slices of ") && page[0].name == "Ben", "{reason}");
        let history = shown(&lab.ana, id).await.history;
        let told = SloEvent::Approved { revision: edited.revision, withdrawn: 1 };
        assert!(history.iter().any(|entry| entry.read::<SloEvent>().unwrap() == told), "{history:?}");
        assert_eq!(measure(&lab.ana, id, vec![row(28 * 24, 0, good, bad)]).await.new, 1);
        assert_eq!(shown(&lab.ana, id).await.standing.health.is, Health::Healthy);
    }
});

each_db!(an_edit_makes_no_budget_larger_until_it_is_approved, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("99 %"), 980, 20).await;
    let edited = acts::edit(&lab.ana, id, &Draft { version: "2".into(), ..promised("95 %") }).await.unwrap();
    assert_eq!((edited.state(), edited.revision, edited.version), (SloState::Changed, 2, 3));
    assert_eq!(shown(&lab.ana, id).await.standing.health.is, Health::Exhausted);
    acts::approve(&lab.ben, id, &ApproveDraft { version: "3".into() }).await.unwrap();
    let now: Kept = shown(&lab.ana, id).await.kept;
    assert_eq!(shown(&lab.ana, id).await.standing.health.is, Health::Healthy);
    let again = refused(acts::approve(&lab.ben, id, &ApproveDraft { version: now.version.to_string() }).await);
    assert_eq!(again.code(), "not_now");
    for (version, code) in [("", "no_version"), ("2", "stale")] {
        let draft = Draft { version: version.into(), ..promised("95 %") };
        assert_eq!(refused(acts::edit(&lab.ana, id, &draft).await).code(), code);
    }
});

each_db!(a_retired_slo_takes_nothing_any_more, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("99 %"), 980, 20).await;
    let retire = RetireDraft { reason: "The service is gone".into() };
    assert_eq!(acts::retire(&lab.ben, id, &retire).await.unwrap().state(), SloState::Retired);
    assert_eq!(refused(acts::retire(&lab.ben, id, &retire).await).code(), "not_now");
    let rows = vec![row(28 * 24, 0, 980, 0)];
    assert_eq!(refused(acts::measure(&lab.ana, id, &sent(rows)).await).code(), "not_now");
    let edit = Draft { version: "*".into(), ..promised("95 %") };
    assert_eq!(refused(acts::edit(&lab.ana, id, &edit).await).code(), "not_now");
    assert_eq!(shown(&lab.ana, id).await.standing.counted.counts.bad, 20, "what was measured stays");
});

each_db!(slos_are_listed_by_service_and_know_their_places, book => {
    let lab = Lab::open(book).await;
    let unknown = Draft { service: "home".into(), environment: "moon".into(), ..promised("99 %") };
    assert_eq!(fields(&refused(acts::write(&lab.ana, &unknown).await)), ["service", "environment"]);
    for service in ["zookeeper", "alerting", "zookeeper"] {
        acts::write(&lab.ana, &Draft { service: service.into(), ..promised("99 %") }).await.unwrap();
    }
    let ids = |kept: Vec<Kept>| kept.into_iter().map(|kept| kept.id.to_string()).collect::<Vec<_>>();
    let (all, more) = acts::list(&lab.ana, &Filter { rows: Rows::asked("2").unwrap(), ..Filter::default() }).await.unwrap();
    assert_eq!((ids(all), more), (vec!["SLO-3".to_owned(), "SLO-2".to_owned()], true));
    let filter = Filter { service: Slug::new("zookeeper").ok(), before: Some(SloId::of(3)), ..Filter::default() };
    assert_eq!(ids(acts::list(&lab.ana, &filter).await.unwrap().0), ["SLO-1"]);
    let mut filter = Filter { before: None, rows: Rows::asked("1").unwrap(), ..filter };
    let query = read("session* is:draft").unwrap();
    let (first, next, _) = lists::slos(&lab.ana, &query, &filter).await.unwrap();
    assert_eq!((ids(first), next), (vec!["SLO-3".to_owned()], Some(SloId::of(3))), "in the language of the search page");
    filter.before = next;
    let (last, next, unreadable) = lists::slos(&lab.ana, &query, &filter).await.unwrap();
    assert_eq!((ids(last), next, unreadable), (vec!["SLO-1".to_owned()], None, 0));
    let viewer = book.person("Vic", Role::Viewer).await;
    assert_eq!(refused(acts::write(&viewer, &promised("99 %")).await).code(), "not_allowed");
    let nobody = book.notebook.desk(Actor::Nobody, Via::Form);
    assert_eq!(refused(acts::show(&nobody, SloId::of(1)).await).code(), "sign_in");
    assert_eq!(refused(acts::show(&viewer, SloId::of(9)).await).code(), "missing");
});
