//! Hours of measurements that stand together: the page says the same with them and without them.

use notebook::{
    desk::Desk,
    id::SloId,
    slos::{
        acts::{self, Shown},
        drafts::{ApproveDraft, Draft},
        entries::{GapDraft, MeasurementsDraft, Row, WithdrawDraft},
    },
    time::Moment,
};

use crate::{each_db::Book, lab::Lab, slos::promised};

/// The hour that begins so many hours before the story's clock, by the minute; the sixth minute of ten
/// was measured by nobody.
fn minutes(now: Moment, hours: i64) -> Vec<Row> {
    let from = now.plus_hours(-hours);
    let row = |minute: i64| Row {
        from: from.plus_minutes(minute).rfc3339(),
        to: from.plus_minutes(minute + 1).rfc3339(),
        good: "99".into(),
        bad: (minute % 4).to_string(),
        counts: "events".into(),
    };
    (0..60).filter(|minute| minute % 10 != 6).map(row).collect()
}

async fn measure(desk: &Desk, id: SloId, rows: Vec<Row>) {
    acts::measure(desk, id, &MeasurementsDraft { rows, reason: "Counted again.".into() }).await.unwrap();
}

async fn pack(book: &Book, id: SloId) {
    while acts::pack(&book.system(), id).await.unwrap() {}
    assert!(!acts::unpacked(&book.system(), None).await.unwrap().contains(&id));
}

/// What the page says now, which is what it says once all hours stand together.
async fn same(book: &Book, lab: &Lab<'_>, id: SloId) -> Shown {
    let before = acts::show(&lab.ana, id).await.unwrap();
    pack(book, id).await;
    let after = acts::show(&lab.ana, id).await.unwrap();
    assert_eq!(after.standing, before.standing);
    assert_eq!(after.burndown, before.burndown);
    after
}

/// `signed` is how many bad events somebody signs for in a minute.
async fn corrected_withdrawn_and_signed(book: &Book, draft: &Draft, signed: &str) {
    let lab = Lab::open(book).await;
    let now = lab.ana.now();
    let slo = acts::write(&lab.ana, draft).await.unwrap();
    let id = slo.id;
    acts::approve(&lab.ben, id, &ApproveDraft { version: slo.version.to_string() }).await.unwrap();
    for hours in [200, 30, 29, 27, 1] {
        measure(&lab.ana, id, minutes(now, hours)).await;
    }
    let first = same(book, &lab, id).await;
    assert!(first.standing.counted.counts.good > 0, "something was counted");

    // An hour that stands together goes with each row that speaks of it.
    let at = |hours: i64, minute: i64| now.plus_hours(-hours).plus_minutes(minute).rfc3339();
    let (good, bad, counts) = ("1".into(), "98".into(), "events".into());
    let worse = Row { from: at(30, 0), to: at(30, 1), good, bad, counts };
    measure(&lab.ana, id, vec![worse]).await;
    let second = same(book, &lab, id).await;
    assert_ne!(second.standing.counted.counts, first.standing.counted.counts);
    acts::withdraw(&lab.ana, id, &WithdrawDraft { number: "1".into(), reason: "It was another host".into() })
        .await
        .unwrap();
    let third = same(book, &lab, id).await;
    assert_ne!(third.standing.counted, second.standing.counted);
    let gap = GapDraft { from: at(29, 6), to: at(29, 7), events: signed.into(), reason: "Nobody scraped".into() };
    acts::sign_gap(&lab.ana, id, &gap).await.unwrap();
    let fourth = same(book, &lab, id).await;
    assert!(third.standing.counted.unmeasured_ms() >= fourth.standing.counted.unmeasured_ms());
    assert_ne!(fourth.standing.counted, third.standing.counted);

    // Rows come in whatever order.
    measure(&lab.ana, id, minutes(now, 28)).await;
    let fifth = same(book, &lab, id).await;
    assert_ne!(fifth.standing.counted.counts, fourth.standing.counted.counts);
}

each_db!(events_count_the_same_by_the_hour_and_by_the_row, book => {
    corrected_withdrawn_and_signed(book, &promised("99 %"), "200").await;
});

each_db!(slices_count_the_same_by_the_hour_and_by_the_row, book => {
    let sliced = Draft {
        method: "time_slices".into(),
        slice: "2 min".into(),
        slice_good: "98 %".into(),
        ..promised("99 %")
    };
    corrected_withdrawn_and_signed(book, &sliced, "").await;
});

each_db!(slos_are_put_together_in_turn, book => {
    let lab = Lab::open(book).await;
    let mut ids = Vec::new();
    for title in ["First", "Second", "Third"] {
        ids.push(acts::write(&lab.ana, &Draft { title: title.into(), ..promised("99 %") }).await.unwrap().id);
    }
    let [first, second, third] = ids[..] else { panic!("{ids:?}") };
    for (after, turn) in [
        (None, [first, second, third]),
        (Some(first), [second, third, first]),
        (Some(second), [third, first, second]),
        (Some(third), [first, second, third]),
    ] {
        assert_eq!(acts::unpacked(&book.system(), after).await.unwrap(), turn, "after {after:?}");
    }
});

each_db!(pages_read_the_hours_and_not_their_rows, book => {
    let lab = Lab::open(book).await;
    let id = acts::write(&lab.ana, &promised("99 %")).await.unwrap().id;
    measure(&lab.ana, id, minutes(lab.ana.now(), 30)).await;
    let counts = acts::show(&lab.ana, id).await.unwrap().standing.counted.counts;
    pack(book, id).await;
    book.execute("update slo_hours set body = replace(body, ' 99 3 ', ' 99 4 ')").await;
    let read = acts::show(&lab.ana, id).await.unwrap().standing.counted.counts;
    assert!(read.bad > counts.bad && read.good == counts.good, "{read:?} after {counts:?}");
});
