//! Whoever writes at once waits for each other, whatever they write: nobody is told that the database is busy.

use notebook::{
    decisions,
    experiments::{self, Draft, Stage},
    fault::Error,
    refusal::Refusal,
    retrials::{self, drafts::CloseDraft, due::DueReason},
    services,
};

use super::{decide, stage};
use crate::lab::{Lab, Trial, restart_one_zookeeper};

each_db!(a_decision_that_retires_and_an_edit_of_the_plan_wait_for_each_other, book => {
    let lab = Lab::open(book).await;
    for _ in 0..5 {
        let experiment = lab.approved(&restart_one_zookeeper()).await;
        let shown = experiments::acts::show(&lab.ben, experiment).await.unwrap();
        let mut plan = Draft::from_plan(&shown.newest.plan);
        plan.version = shown.experiment.version.to_string();
        plan.title = "Restart one ZooKeeper, again".into();
        let edit = experiments::acts::revise(&lab.ben, experiment, &plan);
        let (_, revised) = tokio::join!(decide(&lab.ana, "retire", experiment), edit);
        match revised {
            Ok(_) | Err(Error::Refused(Refusal::NotNow { .. } | Refusal::Stale { .. })) => {}
            Err(error) => panic!("{error}"),
        }
        assert_eq!(stage(&lab, experiment).await, Stage::Retired);
    }
});

each_db!(a_run_that_is_closed_with_a_decision_and_a_decision_beside_it_wait_for_each_other, book => {
    let lab = Lab::open(book).await;
    for _ in 0..5 {
        let experiment = lab.approved(&restart_one_zookeeper()).await;
        let run = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
        lab.sign(run).await;
        let stop = CloseDraft { decision: "stop".into(), ..CloseDraft::default() };
        let close = retrials::acts::close(&lab.ana, run, &stop);
        let (closed, _) = tokio::join!(close, decide(&lab.ben, "keep_manual", experiment));
        closed.unwrap();
        assert_eq!(stage(&lab, experiment).await, Stage::Retired);
    }
});

each_db!(a_risk_accepted_about_what_keeps_data_stands_before_what_does_not, book => {
    let lab = Lab::open(book).await;
    let kafka = services::ServiceDraft { name: "kafka".into(), stateful: "on".into(), ..Default::default() };
    services::acts::add(&lab.ana, &kafka).await.unwrap();
    let plain = lab.approved(&restart_one_zookeeper()).await;
    let stateful = lab.approved(&Draft { services: vec!["kafka".into()], ..restart_one_zookeeper() }).await;
    for experiment in [plain, stateful] {
        lab.run(experiment, Trial::default()).await;
    }
    let day = |days: i64| book.notebook.now().plus_days(days).rfc3339().split('T').next().unwrap().to_owned();
    let mut decisions = Vec::new();
    for (claims, until) in [(vec![plain], day(3)), (vec![plain, stateful], day(5)), (Vec::new(), day(2))] {
        let draft = decisions::drafts::Draft {
            kind: "accept_the_risk".into(),
            claims: claims.iter().map(ToString::to_string).collect(),
            until,
            ..Default::default()
        };
        decisions.push(retrials::acts::decide(&lab.ana, &draft).await.unwrap().id.to_string());
    }
    let due = retrials::acts::due(&lab.ana, Some(DueReason::RiskExpiring)).await.unwrap().due;
    let order: Vec<&String> = due.iter().map(|due| &due.of).collect();
    assert_eq!(order, [&decisions[1], &decisions[0], &decisions[2]], "{due:?}");
    assert!(due[0].weight.stateful && due[0].weight.rarely_changed && !due[0].weight.never_tried, "{:?}", due[0]);
});
