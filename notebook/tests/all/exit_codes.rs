//! What a command's exit code means, where the plan says so: it proposes, and people sign.

use notebook::{
    experiments::Draft,
    id::RunId,
    runs::{
        acts::{answer_check, begin_fault, end_fault, finish, record_effect, show, tell_exit_code},
        drafts::{AtDraft, CodeDraft, EffectDraft},
        facts::{Exited, Verdict},
    },
};

use crate::lab::{BACK, CLIENTS, Lab, refused, restart_one_zookeeper, seen};

fn coded() -> Draft {
    Draft { exit_codes: "0 = upheld\n4 = refuted\n5 = inconclusive".into(), ..restart_one_zookeeper() }
}

fn code(code: &str) -> CodeDraft {
    CodeDraft { code: code.into(), ..CodeDraft::default() }
}

/// A command under a run, and nobody who looks at anything but the way back.
async fn ends_with(lab: &Lab<'_>, run: RunId, number: &str) {
    begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), ..EffectDraft::default() };
    record_effect(&lab.ana, run, &effect).await.unwrap();
    lab.book.clock.pass_ms(60_000);
    end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    tell_exit_code(&lab.ana, run, &code(number)).await.unwrap();
    answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
}

async fn proposed(lab: &Lab<'_>, run: RunId) -> (Verdict, String) {
    let answer = show(&lab.ana, run).await.unwrap().proposed.unwrap();
    let says = answer.because.iter().map(|because| because.says.as_str()).collect::<Vec<_>>().join(" ");
    (answer.is, says)
}

each_db!(an_exit_code_proposes_what_the_plan_says_and_signs_nothing, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&coded()).await;
    for (number, is) in [("0", Verdict::Upheld), ("4", Verdict::Refuted), ("5", Verdict::Inconclusive)] {
        let run = lab.start(experiment, "zk-1").await;
        ends_with(&lab, run, number).await;
        let (verdict, says) = proposed(&lab, run).await;
        assert_eq!(verdict, is, "{number}: {says}");
        assert!(says.contains(&format!("exit code {number}, which the plan takes for {}", is.word())), "{says}");
        let shown = show(&lab.ana, run).await.unwrap();
        assert_eq!((shown.verdict, shown.facts.signed), (None, None), "{number}");
        lab.sign(run).await;
        assert_eq!(show(&lab.ana, run).await.unwrap().verdict, Some(is));
    }
    let run = lab.start(experiment, "zk-1").await;
    ends_with(&lab, run, "3").await;
    let (verdict, says) = proposed(&lab, run).await;
    assert_eq!(verdict, Verdict::Inconclusive);
    assert!(says.contains("alert-gap") && !says.contains("exit code"), "a code that is not named: {says}");
});

each_db!(what_people_answer_counts_whatever_the_exit_code_means, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&coded()).await;
    let run = lab.start(experiment, "zk-1").await;
    ends_with(&lab, run, "0").await;
    answer_check(&lab.ana, run, &seen(CLIENTS, "failed")).await.unwrap();
    let (verdict, says) = proposed(&lab, run).await;
    assert_eq!(verdict, Verdict::Refuted);
    assert!(says.contains("clients-connected") && !says.contains("exit code"), "{says}");
});

each_db!(a_code_goes_by_the_revision_of_its_run, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let before = lab.start(experiment, "zk-1").await;
    ends_with(&lab, before, "0").await;
    lab.revise(experiment, |draft| draft.exit_codes = coded().exit_codes).await;
    let after = lab.start(experiment, "zk-1").await;
    ends_with(&lab, after, "0").await;
    let exited = async |run: RunId| show(&lab.ana, run).await.unwrap().facts.exited;
    assert_eq!(exited(before).await, Some(Exited { code: 0, means: None }));
    assert_eq!(exited(after).await, Some(Exited { code: 0, means: Some(Verdict::Upheld) }));
    assert_eq!(proposed(&lab, before).await.0, Verdict::Inconclusive, "a plan that says nothing of codes");
});

each_db!(a_code_that_is_none_or_comes_at_the_wrong_time_is_refused, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&coded()).await;
    let run = lab.start(experiment, "zk-1").await;
    for number in ["", "256", "-1", "SIGTERM"] {
        let refusal = refused(tell_exit_code(&lab.ana, run, &code(number)).await);
        assert_eq!(refusal.troubles()[0].field, "code", "{number}");
    }
    for at in ["2030-01-01T10:00:00Z", "2020-01-01T10:00:00Z"] {
        let draft = CodeDraft { at: at.into(), ..code("0") };
        assert_eq!(refused(tell_exit_code(&lab.ana, run, &draft).await).troubles()[0].field, "at", "{at}");
    }
    ends_with(&lab, run, "0").await;
    lab.sign(run).await;
    let late = refused(tell_exit_code(&lab.ana, run, &code("4")).await);
    assert!(late.to_string().contains("is signed"), "{late}");
    assert_eq!(proposed(&lab, run).await.0, Verdict::Upheld, "what was signed is what is proposed");
});
