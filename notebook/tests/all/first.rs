//! The first minutes: from an empty notebook to an observation, and what is done by then.

use notebook::{
    actor::Role,
    experiments::{
        self, Stage,
        observed::{ObservedDraft, observe, observed},
    },
    people::{self, SoloDraft},
    refusal::Refusal,
    retrials::acts::{FirstDraft, FirstSteps, first_observation, first_steps, today},
    services,
    time::Moment,
};

use crate::each_db::START;
use crate::lab::{Lab, refused, restart_one_zookeeper};

fn first() -> FirstDraft {
    FirstDraft {
        service: "Storage engine".into(),
        question: "What happens if one node restarts?".into(),
        text: "five nodes up, 40 ms at p99".into(),
    }
}

fn seen(text: &str, at: &str) -> ObservedDraft {
    ObservedDraft { text: text.into(), at: at.into() }
}

each_db!(an_empty_notebook_takes_an_observation_in_one_go, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    assert!(today(&ana).await.unwrap().is_fresh);
    let experiment = first_observation(&ana, &first()).await.unwrap();
    let shown = experiments::acts::show(&ana, experiment.id).await.unwrap();
    assert_eq!(shown.experiment.stage, Stage::Draft);
    assert_eq!(shown.newest.plan.context.question.as_ref().unwrap().as_str(), "What happens if one node restarts?");
    let list = observed(&shown.history).unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].number, list[0].name.as_str(), list[0].at), (1, "Ana", Moment::from_micros(START)));
    assert_eq!(list[0].text.as_str(), "five nodes up, 40 ms at p99");
    let service = services::acts::show(&ana, "storage-engine").await.unwrap().service;
    assert_eq!(service.name.as_str(), "Storage engine");
    assert!(!today(&ana).await.unwrap().is_fresh);
});

each_db!(a_service_that_is_there_is_not_added_again, book => {
    let lab = Lab::open(book).await;
    let before = services::acts::choices(&lab.ana).await.unwrap();
    let by_name = FirstDraft { service: "ZooKeeper".into(), ..first() };
    let experiment = first_observation(&lab.ana, &by_name).await.unwrap();
    assert_eq!(experiment.services.iter().map(notebook::text::Slug::as_str).collect::<Vec<_>>(), ["zookeeper"]);
    assert_eq!(services::acts::choices(&lab.ana).await.unwrap(), before);
});

each_db!(a_first_observation_that_is_refused_leaves_nothing, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    for (draft, field) in [
        (FirstDraft { text: " ".into(), ..first() }, "text"),
        (FirstDraft { question: String::new(), ..first() }, "question"),
        (FirstDraft { service: "\u{2026}".into(), ..first() }, "service"),
        (FirstDraft { service: "New".into(), ..first() }, "service"),
        (FirstDraft { service: "x".repeat(161), ..first() }, "service"),
    ] {
        let refusal = refused(first_observation(&ana, &draft).await);
        assert_eq!(refusal.troubles().iter().map(|t| t.field.as_str()).collect::<Vec<_>>(), [field], "{refusal:?}");
    }
    let viewer = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(first_observation(&viewer, &first()).await).status(), 403);
    assert_eq!(refused(first_observation(&book.nobody(), &first()).await), Refusal::SignIn);
    assert!(today(&ana).await.unwrap().is_fresh);
    assert!(services::acts::choices(&ana).await.unwrap().is_empty());
});

each_db!(a_form_sent_twice_is_one_experiment, book => {
    let mut ana = book.person("Ana", Role::Contributor).await;
    ana.once = Some("form-1".into());
    let made = first_observation(&ana, &first()).await.unwrap();
    assert_eq!(refused(first_observation(&ana, &first()).await), Refusal::Done { thing: made.id.to_string() });
    assert_eq!(today(&ana).await.unwrap().reviews.len(), 0);
    let (rows, _) = experiments::acts::list(&ana, &experiments::acts::Filter::default()).await.unwrap();
    assert_eq!(rows.len(), 1);
});

each_db!(observations_are_numbered_as_written_and_read_in_the_order_of_time, book => {
    let lab = Lab::open(book).await;
    let id = lab.approved(&restart_one_zookeeper()).await;
    let before = experiments::acts::show(&lab.ana, id).await.unwrap();
    observe(&lab.ana, id, &seen("quiet", "")).await.unwrap();
    observe(&lab.ben, id, &seen("an alert came late", "-10m")).await.unwrap();
    let after = experiments::acts::show(&lab.ana, id).await.unwrap();
    let list = observed(&after.history).unwrap();
    let told: Vec<_> = list.iter().map(|seen| (seen.number, seen.name.as_str())).collect();
    assert_eq!(told, [(2, "Ben"), (1, "Ana")]);
    assert_eq!(list[0].recorded_at, list[1].at, "both times are kept");
    assert_eq!(after.experiment, before.experiment, "no plan changed, so nobody's edit is overtaken");
    assert_eq!(after.moves, before.moves, "whoever observes has not written the plan");
});

each_db!(only_what_was_seen_is_taken_as_observed, book => {
    let lab = Lab::open(book).await;
    let id = lab.approved(&restart_one_zookeeper()).await;
    for (draft, field) in [(seen("", ""), "text"), (seen("x", "2031-01-01T00:00"), "at"), (seen("x", "soon"), "at")] {
        assert_eq!(refused(observe(&lab.ana, id, &draft).await).troubles()[0].field, field);
    }
    let unknown = "EXP-99".parse().unwrap();
    assert_eq!(refused(observe(&lab.ana, unknown, &seen("x", "")).await).status(), 404);
    let viewer = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(observe(&viewer, id, &seen("x", "")).await).status(), 403);
    let shown = experiments::acts::show(&lab.ana, id).await.unwrap();
    assert!(observed(&shown.history).unwrap().is_empty());
});

each_db!(people_who_observe_at_once_get_numbers_of_their_own, book => {
    let lab = Lab::open(book).await;
    let id = lab.approved(&restart_one_zookeeper()).await;
    let draft = seen("quiet", "");
    let write = || observe(&lab.ana, id, &draft);
    let (a, b, c, d) = tokio::join!(write(), write(), write(), write());
    let mut numbers = [a, b, c, d].map(|written| written.unwrap().number);
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
});

each_db!(each_first_step_is_ticked_by_what_was_done, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let mut expected = FirstSteps { service: false, question: false, run: false, colleague: false };
    assert_eq!(first_steps(&ana).await.unwrap(), expected);
    first_observation(&ana, &first()).await.unwrap();
    (expected.service, expected.question) = (true, true);
    assert_eq!(first_steps(&ana).await.unwrap(), expected);
    people::acts::set_solo(&book.system(), &SoloDraft { solo: "on".into() }).await.unwrap();
    assert!(first_steps(&ana).await.unwrap().colleague, "who works alone invites nobody");
    people::acts::set_solo(&book.system(), &SoloDraft::default()).await.unwrap();
    book.person("Ben", Role::Contributor).await;
    expected.colleague = true;
    assert_eq!(first_steps(&ana).await.unwrap(), expected);
});

each_db!(a_planned_run_completes_the_first_steps, book => {
    let lab = Lab::open(book).await;
    let id = lab.approved(&restart_one_zookeeper()).await;
    assert!(!first_steps(&lab.ana).await.unwrap().are_done());
    lab.start(id, "zk-1").await;
    assert!(first_steps(&lab.ana).await.unwrap().are_done());
});
