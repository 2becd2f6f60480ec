//! What Honeycomb says beside an SLO: asked by one node and not too often, kept once, counted never.

use notebook::{
    actor::Role,
    desk::Desk,
    events::{self, about},
    id::SloId,
    paging::Rows,
    refusal::Refusal,
    slos::{
        acts::{
            self,
            honeycomb::{self as beside, AlertTaken, Job},
        },
        drafts::RetireDraft,
        honeycomb::{
            HoneycombDraft, HoneycombSource, Observation, RemoveHoneycombDraft, Said,
            alert::AlertState,
            budget::{self, Budget},
            polls::Failed,
        },
    },
};

use crate::{
    each_db::Book,
    lab::{Lab, refused},
    slos::{approved, promised},
};

const MINUTE_MS: i64 = 60_000;

/// An SLO of Honeycomb on this machine.
pub fn shop() -> HoneycombDraft {
    HoneycombDraft {
        address: "http://10.0.0.1:8080".into(),
        dataset: "shop".into(),
        slo: "2LBq9LckbcA".into(),
        credential: "honeycomb".into(),
        on: "on".into(),
        ..HoneycombDraft::default()
    }
}

/// What Honeycomb answers with so much budget left.
pub fn left(source: &HoneycombSource, percent: f64) -> Budget {
    let body = serde_json::json!({
        "id": source.slo.as_str(), "name": "Shop answers", "target_per_million": 999_000, "time_period_days": 30,
        "compliance": 99.95, "budget_remaining": percent,
    });
    budget::read(body.to_string().as_bytes(), source).unwrap()
}

/// A burn alert as the documentation's template sends it.
pub fn burning() -> Vec<u8> {
    br#"{"id": "bA1", "name": "Shop answers", "status": "triggered", "url": "https://ui.honeycomb.io/a"}"#.to_vec()
}

async fn connected(lab: &Lab<'_>) -> SloId {
    let id = approved(lab, &promised("99 %"), 990, 10).await;
    beside::write(&lab.ana, id, &shop()).await.unwrap();
    id
}

async fn turn(book: &Book, id: SloId) -> Option<Job> {
    beside::claim(&book.system(), id).await.unwrap()
}

async fn answer(book: &Book, job: &Job, percent: f64) {
    let budget = left(&job.connected.source, percent);
    beside::settle(&book.system(), job, Ok(budget)).await.unwrap();
}

async fn heard(desk: &Desk, id: SloId) -> Vec<Observation> {
    beside::observations(desk, id, None, Rows::default()).await.unwrap().0
}

/// The acts of an SLO's trail that are about Honeycomb.
async fn lines(book: &Book, id: SloId) -> Vec<String> {
    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, about::SLO, &id.to_string()).await.unwrap();
    lines.into_iter().map(|line| line.act).filter(|act| act.starts_with("honeycomb")).collect()
}

each_db!(a_budget_is_asked_for_by_one_node_at_most_every_five_minutes, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    assert_eq!(beside::due(&book.system()).await.unwrap(), [id]);
    let job = turn(book, id).await.unwrap();
    assert!(turn(book, id).await.is_none() && beside::due(&book.system()).await.unwrap().is_empty(), "it has its turn");
    answer(book, &job, 88.13).await;
    book.clock.pass_ms(5 * MINUTE_MS - 1);
    assert!(turn(book, id).await.is_none() && beside::due(&book.system()).await.unwrap().is_empty());
    book.clock.pass_ms(1);
    assert_eq!(beside::due(&book.system()).await.unwrap(), [id]);
    assert!(turn(book, id).await.is_some());
});

each_db!(saving_it_again_asks_no_sooner, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    let job = turn(book, id).await.unwrap();
    let failed = Failed { says: "answers with 429".into(), retry_at: Some(book.system().now().plus_hours(3)) };
    beside::settle(&book.system(), &job, Err(failed)).await.unwrap();
    assert_eq!(beside::show(&lab.ana, id).await.unwrap().polls.next_at, Some(book.system().now().plus_hours(3)));
    beside::write(&lab.ana, id, &HoneycombDraft { version: "1".into(), ..shop() }).await.unwrap();
    assert!(turn(book, id).await.is_none(), "it was asked just now");
    let gone = RemoveHoneycombDraft { reason: "A try".into() };
    beside::remove(&lab.ana, id, &gone).await.unwrap();
    beside::write(&lab.ana, id, &shop()).await.unwrap();
    assert!(turn(book, id).await.is_none(), "and taking it away makes nobody forget that");
    book.clock.pass_ms(5 * MINUTE_MS);
    assert!(turn(book, id).await.is_some(), "the wait belonged to what was saved before");
});

each_db!(what_is_said_again_is_one_observation_and_one_line, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    for percent in [88.13, 88.13, -71.03] {
        let job = turn(book, id).await.unwrap();
        answer(book, &job, percent).await;
        // An answer whose turn is over changes nothing.
        answer(book, &job, 5.0).await;
        book.clock.pass_ms(5 * MINUTE_MS);
    }
    let seen = heard(&lab.ana, id).await;
    let told: Vec<(i64, String)> = seen.iter().map(|one| (one.number, one.said.words())).collect();
    assert_eq!(
        told,
        [
            (2, "−71.03 % of the error budget is left, 99.95 % complied".to_owned()),
            (1, "88.13 % of the error budget is left, 99.95 % complied".to_owned()),
        ]
    );
    assert_eq!(seen[1].seen_at.ms_since(seen[1].observed_at), 5 * MINUTE_MS, "the first was said twice");
    assert_eq!(lines(book, id).await, ["honeycomb_written", "honeycomb_budget", "honeycomb_budget"]);
    let shown = acts::show(&lab.ana, id).await.unwrap();
    assert!(shown.history.iter().all(|line| line.act != "honeycomb_budget"), "what comes all day is not on the page");
    assert!(shown.history.iter().any(|line| line.act == "honeycomb_written"));
});

each_db!(nothing_that_honeycomb_says_is_counted, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    let before = acts::show(&lab.ana, id).await.unwrap().standing;
    let job = turn(book, id).await.unwrap();
    answer(book, &job, -400.0).await;
    take(&lab, id, Some("d-1"), &burning()).await;
    assert_eq!(acts::show(&lab.ana, id).await.unwrap().standing, before);
    let (rows, _) = acts::measurements(&lab.ana, id, None, Rows::default()).await.unwrap();
    assert_eq!(rows.len(), 1, "the one that was typed");
});

each_db!(a_failure_is_told_until_it_ends, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    let mut waits = Vec::new();
    for _ in 0..4 {
        let job = turn(book, id).await.unwrap();
        let failed = Failed { says: "answers with 503".into(), retry_at: None };
        beside::settle(&book.system(), &job, Err(failed)).await.unwrap();
        let polls = beside::show(&lab.ana, id).await.unwrap().polls;
        assert_eq!(polls.failure.as_deref(), Some("answers with 503"));
        let wait_ms = polls.next_at.unwrap().ms_since(book.system().now());
        waits.push(wait_ms);
        book.clock.pass_ms(wait_ms + 1);
    }
    assert!(waits[0] >= 5 * MINUTE_MS && waits[1] >= 10 * MINUTE_MS && waits[3] < 20 * MINUTE_MS, "{waits:?}");
    let job = turn(book, id).await.unwrap();
    answer(book, &job, 50.0).await;
    let polls = beside::show(&lab.ana, id).await.unwrap().polls;
    assert_eq!((polls.failure, polls.failures), (None, 0));
    assert_eq!(heard(&lab.ana, id).await.len(), 1, "failures are no observations");
});

each_db!(a_turn_that_nobody_ended_and_a_question_that_changed_leave_nothing, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    let lost = turn(book, id).await.unwrap();
    book.clock.pass_ms(10 * MINUTE_MS);
    let job = turn(book, id).await.unwrap();
    answer(book, &lost, 1.0).await;
    assert!(heard(&lab.ana, id).await.is_empty(), "it was somebody else's turn");
    let other = HoneycombDraft { dataset: "__all__".into(), version: "1".into(), ..shop() };
    beside::write(&lab.ben, id, &other).await.unwrap();
    answer(book, &job, 1.0).await;
    assert!(heard(&lab.ana, id).await.is_empty(), "the question was another one");
    let stale = refused(beside::write(&lab.ana, id, &other).await);
    assert!(matches!(stale, Refusal::Stale { .. }), "{stale:?}");
    let off = HoneycombDraft { on: String::new(), version: "2".into(), ..shop() };
    beside::write(&lab.ana, id, &off).await.unwrap();
    book.clock.pass_ms(10 * MINUTE_MS);
    assert!(turn(book, id).await.is_none() && beside::due(&book.system()).await.unwrap().is_empty(), "it is off");
});

async fn take(lab: &Lab<'_>, id: SloId, delivery: Option<&str>, body: &[u8]) -> AlertTaken {
    beside::take_alert(&lab.ana, id, delivery, body).await.unwrap()
}

each_db!(a_burn_alert_is_kept_once_for_each_delivery, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("99 %"), 990, 10).await;
    assert_eq!(take(&lab, id, Some("d-1"), &burning()).await, AlertTaken { number: 1, again: false });
    assert_eq!(take(&lab, id, Some("d-1"), &burning()).await, AlertTaken { number: 1, again: true });
    assert_eq!(take(&lab, id, None, &burning()).await, AlertTaken { number: 2, again: false });
    assert_eq!(take(&lab, id, None, &burning()).await, AlertTaken { number: 2, again: true });
    assert_eq!(take(&lab, id, Some("d-2"), b"{\"alertStatus\": \"resolved\"}").await, AlertTaken { number: 3, again: false });
    assert_eq!(lines(book, id).await, ["honeycomb_alert"; 3]);
    let newest = beside::beside(&lab.ana, id).await.unwrap();
    let Some(Said::BurnAlert(alert)) = newest.alert.map(|observation| observation.said) else { panic!("no alert") };
    assert_eq!((alert.state, newest.source, newest.budget), (AlertState::Over, None, None));

    let unknown = refused(beside::take_alert(&lab.ana, SloId::of(77), None, &burning()).await);
    assert!(matches!(&unknown, Refusal::Missing { id, .. } if id == "SLO-77"), "{unknown:?}");
    let viewer = book.person("Vera", Role::Viewer).await;
    assert!(matches!(refused(beside::take_alert(&viewer, id, None, &burning()).await), Refusal::NotAllowed { .. }));
    assert!(beside::beside(&viewer, id).await.is_ok());
    acts::retire(&lab.ben, id, &RetireDraft { reason: "Nobody asks for it".into() }).await.unwrap();
    let late = refused(beside::take_alert(&lab.ana, id, Some("d-3"), &burning()).await);
    assert!(matches!(late, Refusal::NotNow { .. }), "{late:?}");
});

each_db!(what_fires_ends_and_fires_again_with_the_same_words_is_three_alerts, book => {
    let lab = Lab::open(book).await;
    let id = approved(&lab, &promised("99 %"), 990, 10).await;
    let over = b"{\"status\": \"resolved\"}";
    assert_eq!(take(&lab, id, None, &burning()).await, AlertTaken { number: 1, again: false });
    assert_eq!(take(&lab, id, None, over).await, AlertTaken { number: 2, again: false });
    assert_eq!(take(&lab, id, None, &burning()).await, AlertTaken { number: 3, again: false });
    assert_eq!(take(&lab, id, None, &burning()).await, AlertTaken { number: 3, again: true });
    let newest = beside::beside(&lab.ana, id).await.unwrap().alert.unwrap();
    let Said::BurnAlert(alert) = newest.said else { panic!("no alert") };
    assert_eq!(alert.state, AlertState::Burning);
});

each_db!(viewers_name_no_slo_of_honeycomb, book => {
    let lab = Lab::open(book).await;
    let id = connected(&lab).await;
    let viewer = book.person("Vera", Role::Viewer).await;
    assert!(matches!(refused(beside::write(&viewer, id, &shop()).await), Refusal::NotAllowed { .. }));
    assert!(beside::show(&viewer, id).await.is_ok());
    let gone = RemoveHoneycombDraft { reason: "Another vendor".into() };
    beside::remove(&lab.ana, id, &gone).await.unwrap();
    assert!(matches!(refused(beside::show(&lab.ana, id).await), Refusal::Missing { .. }));
    assert!(matches!(refused(beside::remove(&lab.ana, id, &gone).await), Refusal::NotNow { .. }));
});
