//! Planned runs moved to where a freeze or the hours of their teams speak against them.

use notebook::{
    actor::Role,
    experiments::Draft,
    runs::{
        self,
        drafts::{MoveDraft, PlanDraft},
        trail::RunEvent,
    },
    time::Moment,
};

use crate::{
    cadences::moved,
    lab::{Lab, refused, restart_one_zookeeper},
    teams,
};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

each_db!(a_run_moves_to_where_nothing_may_begin_only_with_another_word, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&root, "zookeeper", "data-platform").await;
    let window = teams::freeze("service:zookeeper", "2026-11-16T00:00:00Z", "2026-11-21T00:00:00Z");
    notebook::freezes::acts::set(&root, &window).await.unwrap();
    let experiment = lab.approved(&Draft { services: vec!["zookeeper".into()], ..restart_one_zookeeper() }).await;
    let plan = PlanDraft {
        experiment: experiment.to_string(),
        planned_at: "2026-11-10T10:00".into(),
        ..PlanDraft::default()
    };
    let run = runs::acts::plan(&lab.ana, &plan).await.unwrap().id;
    for (to, says) in [
        ("2026-11-11T06:00", "is outside the hours of data-platform"),
        ("2026-11-14T10:00", "is not a working day of data-platform"),
        ("2026-11-11T16:59", "data-platform stops working at"),
        ("2026-11-17T10:00", "freeze: the service zookeeper is frozen"),
    ] {
        let no = refused(runs::acts::move_to(&lab.ana, run, &moved(to, "release day")).await);
        let troubles: Vec<&str> = no.troubles().iter().map(|trouble| trouble.field.as_str()).collect();
        assert_eq!(troubles, ["planned_at", "anyway"], "{to}: {no:?}");
        assert!(no.troubles()[0].says.contains(says), "{to}: {no:?}");
    }
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.run.planned_at, Some(at("2026-11-10T09:00:00Z")), "nothing was saved");
    let no = refused(runs::acts::move_to(&lab.ana, run, &MoveDraft { anyway: "perhaps".into(), ..moved("2026-11-17T10:00", "x") }).await);
    assert_eq!(no.troubles()[0].field, "anyway");
    let anyway = MoveDraft { anyway: "on".into(), ..moved("2026-11-17T10:00", "the freeze will be lifted") };
    let there = runs::acts::move_to(&lab.ana, run, &anyway).await.unwrap();
    assert_eq!(there.planned_at, Some(at("2026-11-17T09:00:00Z")));
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    let RunEvent::MovedTo { why, against, .. } = shown.history.last().unwrap().read().unwrap() else {
        panic!("{:?}", shown.history)
    };
    assert_eq!(why.as_str(), "the freeze will be lifted");
    assert!(against[0].starts_with("freeze: the service zookeeper is frozen"), "{against:?}");
    runs::acts::move_to(&lab.ana, run, &MoveDraft { anyway: "on".into(), ..moved("2026-11-24T10:00", "as before") })
        .await
        .unwrap();
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    let last: RunEvent = shown.history.last().unwrap().read().unwrap();
    assert!(matches!(last, RunEvent::MovedTo { against, .. } if against.is_empty()), "nothing speaks against it there");
});
