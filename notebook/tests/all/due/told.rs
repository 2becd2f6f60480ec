//! Who looks first, and how many look, changes nothing of what is told.

use notebook::{
    decisions::{self, DecisionStanding},
    notifications::{self, topics::Topic},
    retrials::{self, due::DueReason},
    runs::{self, drafts::RulingDraft},
    services,
};

use super::{DAY_MS, Verified, push, queue, standing, tell, turns, verified};
use crate::{
    lab::{Lab, Trial, restart_one_zookeeper},
    notifications::{inbox, spread},
};

each_db!(a_decision_on_two_claims_is_told_once_when_one_of_them_is_lost, book => {
    let lab = Lab::open(book).await;
    let first = lab.approved(&restart_one_zookeeper()).await;
    let second = lab.approved(&restart_one_zookeeper()).await;
    for experiment in [first, second] {
        lab.run(experiment, Trial::default()).await;
    }
    let draft = decisions::drafts::Draft {
        kind: "adopt_a_change".into(),
        saving: "up to 50 %, by the price list".into(),
        claims: vec![first.to_string(), second.to_string()],
        ..Default::default()
    };
    let adopt = retrials::acts::decide(&lab.ana, &draft).await.unwrap().id;
    tell(book).await;
    lab.run(second, Trial { back: "failed", ..Trial::default() }).await;
    assert_eq!(standing(&lab.ana, adopt).await, DecisionStanding::EvidenceLost);
    for _ in 0..3 {
        tell(book).await;
    }
    assert_eq!(turns(&lab.ana, adopt).await, 1);
});

each_db!(that_a_review_is_due_is_told_once_whatever_was_decided, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let day = book.notebook.now().plus_days(10).rfc3339();
    let draft = decisions::drafts::Draft {
        kind: "repeat_as_is".into(),
        claims: vec![experiment.to_string()],
        review_at: day.split('T').next().unwrap().to_owned(),
        ..Default::default()
    };
    let decision = retrials::acts::decide(&lab.ana, &draft).await.unwrap().id;
    tell(book).await;
    book.clock.pass_ms(15 * DAY_MS);
    assert_eq!(queue(&lab.ana).await, [(DueReason::ReviewDue, decision.to_string())]);
    assert_eq!((tell(book).await, tell(book).await, turns(&lab.ana, decision).await), (1, 0, 1));
});

each_db!(a_review_of_a_decision_on_no_claim_is_told_once_to_who_took_it, book => {
    let lab = Lab::open(book).await;
    let day = book.notebook.now().plus_days(10).rfc3339();
    let draft = decisions::drafts::Draft {
        kind: "keep_manual".into(),
        review_at: day.split('T').next().unwrap().to_owned(),
        ..Default::default()
    };
    let decision = retrials::acts::decide(&lab.ana, &draft).await.unwrap().id;
    assert_eq!(tell(book).await, 0, "its day has not come");
    book.clock.pass_ms(15 * DAY_MS);
    let told = book.by_four(|system| async move { retrials::acts::tell(&system).await.unwrap().told }).await;
    assert_eq!((told, tell(book).await, turns(&lab.ana, decision).await), (1, 0, 1));
    spread(book, false).await;
    assert_eq!(inbox(&lab.ana).await, [(Topic::DecisionTurned, "you took the decision".to_owned())]);
});

each_db!(an_accepted_risk_of_a_decision_is_told_once_a_week_before_it_ends, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    spread(book, false).await;
    for desk in [&lab.ana, &lab.ben] {
        notifications::acts::done_all(desk).await.unwrap();
    }
    let day = book.notebook.now().plus_days(20).rfc3339();
    let until = day.split('T').next().unwrap().to_owned();
    let accept = |claims: Vec<String>| decisions::drafts::Draft {
        kind: "accept_the_risk".into(),
        until: until.clone(),
        claims,
        ..Default::default()
    };
    retrials::acts::decide(&lab.ana, &accept(vec![experiment.to_string()])).await.unwrap();
    let stopped = retrials::acts::decide(&lab.ana, &accept(Vec::new())).await.unwrap().id;
    let stop = decisions::drafts::StopDraft { reason: "the service is gone".into() };
    decisions::acts::stop(&lab.ana, stopped, &stop).await.unwrap();
    assert_eq!(tell(book).await, 0);
    book.clock.pass_ms(15 * DAY_MS);
    assert_eq!((tell(book).await, tell(book).await), (1, 0), "the one that nobody ended");
    spread(book, false).await;
    let told = inbox(&lab.ana).await;
    assert!(told.contains(&(Topic::RiskExpires, "you took the decision".to_owned())), "{told:?}");
    book.clock.pass_ms(15 * DAY_MS);
    assert_eq!(tell(book).await, 0, "it has ended");
});

each_db!(two_clocks_tell_it_once, book => {
    let lab = Lab::open(book).await;
    let Verified { fix, .. } = verified(&lab).await;
    tell(book).await;
    services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    let told = book.by_four(|system| async move { retrials::acts::tell(&system).await.unwrap().told }).await;
    assert_eq!((told, turns(&lab.ana, fix).await), (2, 1));
});

each_db!(what_another_claim_of_a_decision_comes_to_is_seen_at_once, book => {
    let lab = Lab::open(book).await;
    let first = lab.approved(&restart_one_zookeeper()).await;
    let second = lab.approved(&restart_one_zookeeper()).await;
    for experiment in [first, second] {
        lab.run(experiment, Trial::default()).await;
    }
    let draft = decisions::drafts::Draft {
        kind: "adopt_a_change".into(),
        saving: "up to 50 %, by the price list".into(),
        claims: vec![first.to_string(), second.to_string()],
        ..Default::default()
    };
    let adopt = retrials::acts::decide(&lab.ana, &draft).await.unwrap().id;
    let failed = lab.run(second, Trial { back: "failed", ..Trial::default() }).await;
    let lost = (DueReason::EvidenceLost, adopt.to_string());
    assert!(queue(&lab.ana).await.contains(&lost));
    for (ruling, is_lost) in [("invalid", false), ("valid", true), ("invalid", false)] {
        let ruled = RulingDraft { ruling: ruling.into(), reason: "by its log".into(), number: String::new() };
        runs::acts::rule_validity(&lab.ben, failed, &ruled).await.unwrap();
        assert_eq!(queue(&lab.ana).await.contains(&lost), is_lost, "{ruling}, though no line is about {first}");
    }
});

each_db!(what_cannot_be_read_hides_nothing_of_what_the_others_owe, book => {
    let lab = Lab::open(book).await;
    let mut runs = Vec::new();
    for _ in 0..2 {
        let experiment = lab.approved(&restart_one_zookeeper()).await;
        runs.push((experiment, lab.run(experiment, Trial { closes: false, ..Trial::default() }).await));
    }
    let [(_, readable), (broken, run)] = runs[..] else { panic!("two") };
    book.execute(&format!("update events set body = '{{}}' where object = '{run}' and act = 'ended'")).await;
    let due = retrials::acts::due(&lab.ana, None).await.unwrap();
    assert_eq!(due.unread, [broken.to_string()]);
    assert_eq!(due.due.into_iter().map(|due| due.of).collect::<Vec<_>>(), [readable.to_string()]);
});
