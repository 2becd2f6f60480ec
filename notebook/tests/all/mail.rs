//! E-mail of people: which server sends it, when it is tried again, what became of it, and sending it again.

use notebook::{
    actor::Role,
    limits::MAIL_ASKED_FOR_MAX,
    notifications::{Target, acts, choices::Draft as ChoicesDraft, retry::Outcome},
};

use crate::{
    each_db::Book,
    lab::{Lab, refused},
    notifications::{cancel, channels, claimed, planned, spread},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn of(lab: &Lab<'_>) -> Target {
    Target::Mail(lab.ben.person_id().unwrap())
}

/// Ben's first e-mail leaves its queue.
async fn goes(book: &Book, target: Target, outcome: Outcome) {
    let job = claimed(&book.system(), target).await;
    acts::settle(&book.system(), &job, &outcome).await.unwrap();
}

each_db!(a_mail_that_was_not_taken_is_not_tried_again_in_quiet_hours, book => {
    let lab = Lab::open(book).await;
    planned(&lab).await;
    spread(book, true).await;
    let (system, target) = (book.system(), Target::Mail(lab.ben.person_id().unwrap()));
    let job = claimed(&system, target).await;
    let quiet = ChoicesDraft { quiet_from: "00:00".into(), quiet_to: "23:59".into(), version: "0".into(), ..ChoicesDraft::default() };
    acts::choose(&lab.ben, &quiet).await.unwrap();
    // Nothing keeps it but the time of its next try.
    book.execute("update deliveries set due_at = 0").await;
    acts::settle(&system, &job, &Outcome::Later("answers with 451".into(), None)).await.unwrap();
    book.clock.pass_ms(60_000);
    assert!(acts::due(&system, true).await.unwrap().is_empty(), "it is tried again when they end");
    book.clock.pass_ms(DAY_MS);
    assert_eq!(acts::due(&system, true).await.unwrap(), [target]);
});

each_db!(what_nobody_could_send_in_time_is_held_by_quiet_hours_that_began_since, book => {
    let lab = Lab::open(book).await;
    let night = ChoicesDraft { quiet_from: "22:00".into(), quiet_to: "07:00".into(), version: "0".into(), ..ChoicesDraft::default() };
    acts::choose(&lab.ben, &ChoicesDraft { mail: vec!["run.planned".into()], ..night }).await.unwrap();
    planned(&lab).await;
    spread(book, true).await;
    // From eleven in the morning to eleven at night, by the clock of Berlin.
    book.clock.pass_ms(12 * HOUR_MS);
    let system = book.system();
    assert_eq!(acts::due(&system, true).await.unwrap(), [of(&lab)]);
    assert!(acts::claim(&system, of(&lab)).await.unwrap().is_none());
    assert!(acts::due(&system, true).await.unwrap().is_empty(), "nobody asks again all night");
    book.clock.pass_ms(9 * HOUR_MS);
    goes(book, of(&lab), Outcome::Delivered).await;
});

each_db!(a_server_that_cannot_send_leaves_mail_to_one_that_said_it_can, book => {
    let lab = Lab::open(book).await;
    let run = planned(&lab).await;
    spread(book, false).await;
    assert!(acts::due(&book.system(), true).await.unwrap().is_empty(), "nobody can send any");
    acts::announce_mail(&book.system()).await.unwrap();
    acts::announce_mail(&book.system()).await.unwrap();
    book.clock.pass_ms(23 * HOUR_MS);
    acts::test_mail(&lab.ben, &channels(false)).await.unwrap();
    goes(book, of(&lab), Outcome::Delivered).await;
    cancel(&lab, &run).await;
    spread(book, false).await;
    assert_eq!(acts::due(&book.system(), true).await.unwrap(), [of(&lab)], "that one is away for a while");
    book.clock.pass_ms(2 * HOUR_MS);
    let refusal = refused(acts::test_mail(&lab.ben, &channels(false)).await);
    assert_eq!((refusal.status(), refusal.to_string().contains("no e-mail can be sent")), (409, true));
});

each_db!(one_sees_what_became_of_ones_mail_and_admins_whether_it_went, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    planned(&lab).await;
    spread(book, true).await;
    let waiting = acts::own_mail(&lab.ben).await.unwrap().remove(0);
    assert!(waiting.subject.contains("is planned") && waiting.delivery.topic == "run.planned", "{waiting:?}");
    let id = waiting.delivery.id;
    let refusal = refused(acts::resend_own_mail(&lab.ben, &channels(true), id).await);
    assert!(refusal.to_string().contains("it still waits"), "{refusal}");
    goes(book, of(&lab), Outcome::Gone("has no such mailbox".into())).await;
    assert_eq!(refused(acts::resend_own_mail(&lab.ana, &channels(true), id).await).status(), 404, "it is not hers");
    assert_eq!(refused(acts::resend_mail(&lab.ana, &channels(true), id).await).status(), 403);
    assert_eq!(refused(acts::all_mail(&lab.ana).await).status(), 403);
    let all = acts::all_mail(&root).await.unwrap();
    assert_eq!((all.len(), all[0].name.as_str(), all[0].delivery.tries[0].says.as_str()), (1, "Ben", "has no such mailbox"));
    assert!(all[0].delivery.dropped_at.is_some());
    acts::resend_mail(&root, &channels(true), id).await.unwrap();
    let again = claimed(&book.system(), of(&lab)).await;
    assert_eq!(again.message, waiting.delivery.message, "under its name");
    acts::settle(&book.system(), &again, &Outcome::Delivered).await.unwrap();
    assert_eq!(acts::own_mail(&lab.ben).await.unwrap().len(), 2);
    assert!(acts::own_mail(&lab.ana).await.unwrap().is_empty());
});

each_db!(what_an_admin_sends_again_waits_for_quiet_hours_and_what_one_asks_for_does_not, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    acts::test_mail(&lab.ben, &channels(true)).await.unwrap();
    goes(book, of(&lab), Outcome::Delivered).await;
    let id = acts::own_mail(&lab.ben).await.unwrap()[0].delivery.id;
    let quiet = ChoicesDraft { quiet_from: "00:00".into(), quiet_to: "23:59".into(), version: "0".into(), ..ChoicesDraft::default() };
    acts::choose(&lab.ben, &quiet).await.unwrap();
    acts::resend_mail(&root, &channels(true), id).await.unwrap();
    assert!(acts::due(&book.system(), true).await.unwrap().is_empty());
    acts::resend_own_mail(&lab.ben, &channels(true), id).await.unwrap();
    assert_eq!(acts::due(&book.system(), true).await.unwrap(), [of(&lab)]);
});

each_db!(nobodys_mailbox_is_filled_by_a_button, book => {
    let lab = Lab::open(book).await;
    for _ in 1..MAIL_ASKED_FOR_MAX {
        acts::test_mail(&lab.ben, &channels(true)).await.unwrap();
        goes(book, of(&lab), Outcome::Delivered).await;
    }
    let id = acts::own_mail(&lab.ben).await.unwrap()[0].delivery.id;
    acts::resend_own_mail(&lab.ben, &channels(true), id).await.unwrap();
    goes(book, of(&lab), Outcome::Delivered).await;
    assert_eq!(refused(acts::test_mail(&lab.ben, &channels(true)).await).code(), "too_often");
    assert_eq!(refused(acts::resend_own_mail(&lab.ben, &channels(true), id).await).code(), "too_often");
    acts::test_mail(&lab.ana, &channels(true)).await.unwrap();
    book.clock.pass_ms(HOUR_MS);
    acts::test_mail(&lab.ben, &channels(true)).await.unwrap();
});

each_db!(mail_that_nobody_sent_for_days_says_so_in_its_log, book => {
    let lab = Lab::open(book).await;
    planned(&lab).await;
    spread(book, true).await;
    goes(book, of(&lab), Outcome::Later("is not there".into(), None)).await;
    book.clock.pass_ms(6 * DAY_MS);
    acts::forget(&book.system()).await.unwrap();
    let own = acts::own_mail(&lab.ben).await.unwrap();
    let said: Vec<&str> = own[0].delivery.tries.iter().map(|tried| tried.says.as_str()).collect();
    assert_eq!(said, ["is not there", "waited for 5 days, and was not sent"]);
    assert!(own[0].delivery.dropped_at.is_some());
});
