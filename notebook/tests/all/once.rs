//! Idempotency keys below the doors: claimed with the act, known afterwards, forgotten in time.

use notebook::{
    actor::Role,
    desk::Desk,
    fault::Result,
    once::{Fingerprint, Once},
    refusal::Refusal,
    services::{Service, ServiceDraft, acts},
};

use crate::lab::refused;

/// A desk for a request under a key, with a body.
fn asking(desk: &Desk, key: &str, body: &str) -> Desk {
    let sent = Fingerprint::of("POST", "/api/v1/services/add");
    sent.take(body.as_bytes());
    let mut desk = desk.clone();
    desk.once = Some(Once::of_program(key, sent));
    desk
}

async fn add(desk: &Desk, name: &str) -> Result<Service> {
    acts::add(desk, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await
}

each_db!(a_key_is_taken_with_its_act_and_by_nothing_else, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let ben = book.person("Ben", Role::Contributor).await;
    let desk = asking(&ana, "k", "a");
    assert_eq!(desk.earlier().await.unwrap(), None);
    assert_eq!(refused(add(&desk, "").await).code(), "unfit");
    assert_eq!(desk.earlier().await.unwrap(), None, "a refused act takes no key");

    add(&desk, "Kafka").await.unwrap();
    let known = desk.earlier().await.unwrap().unwrap();
    assert_eq!((known.thing.as_str(), known.answer.as_deref()), ("kafka", None));
    assert!(!known.is_of_another(Some(&known.fingerprint.clone().unwrap())));
    assert_eq!(refused(add(&desk, "Home").await), Refusal::Done { thing: "kafka".into() });
    assert_eq!(refused(add(&asking(&ana, "k", "b"), "Home").await), Refusal::KeyReused);
    add(&asking(&ana, "l", "b"), "Home").await.unwrap();
    add(&asking(&ben, "k", "b"), "Ingest").await.unwrap();

    desk.keep_answer("as it was").await.unwrap();
    assert_eq!(desk.earlier().await.unwrap().unwrap().answer.as_deref(), Some("as it was"));
    assert_eq!(asking(&ben, "k", "b").earlier().await.unwrap().unwrap().answer, None);
    assert_eq!(acts::list(&ana, &acts::Filter::default()).await.unwrap().0.len(), 3);
});

each_db!(of_two_requests_at_once_under_one_key_one_is_done, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    for n in 0..10 {
        let key = format!("key-{n}");
        let (first, second) = (format!("First {n}"), format!("Second {n}"));
        let desk = asking(&ana, &key, "a");
        let (a, b) = tokio::join!(add(&desk, &first), add(&desk, &second));
        let (made, other) = if a.is_ok() { (a, b) } else { (b, a) };
        assert_eq!(refused(other), Refusal::Done { thing: made.unwrap().slug.to_string() });
    }
    assert_eq!(acts::list(&ana, &acts::Filter::default()).await.unwrap().0.len(), 10);
});

each_db!(a_key_is_forgotten_after_two_days, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let desk = asking(&ana, "k", "a");
    add(&desk, "Kafka").await.unwrap();
    for (hours, known) in [(24, true), (23, true), (2, false)] {
        book.clock.pass_ms(hours * 3_600_000);
        book.system().tidy_up().await.unwrap();
        assert_eq!(desk.earlier().await.unwrap().is_some(), known, "after {hours} hours more");
    }
});
