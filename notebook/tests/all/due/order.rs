//! Whoever writes at once waits for each other, whatever they write: nobody is told that the database is busy.

use notebook::{
    experiments::{self, Draft, Stage},
    fault::Error,
    refusal::Refusal,
    retrials::{self, drafts::CloseDraft},
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
