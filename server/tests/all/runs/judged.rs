//! What a run amounts to: its four answers, rulings, its closing, and what is put right afterwards.

use axum::http::StatusCode;

use super::{act, ben, finished, send};
use crate::story::{GAP, Story, head};

#[tokio::test(flavor = "multi_thread")]
async fn the_four_answers_stay_apart_and_each_says_why() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = finished(&story, &mut ana, "300..600").await;
    let answers = page.says(".answers");
    assert!(answers.contains("Validity Valid") && answers.contains("Verdict Verdict due"), "{answers}");
    assert!(answers.contains("Telemetry Blind spot") && answers.contains("proposed: refuted"), "{answers}");
    assert!(answers.contains("failed: 300–600 s, allowed is ≤ 60 s."), "{answers}");
    assert!(page.says("#steady").contains("300–600 s Failed ≤ 60 s"), "{}", page.says("#steady"));
    assert!(page.says("aside").contains("Reverted within 1 min"), "{}", page.says("aside"));
    assert!(page.says("aside").contains("Identical to the plan of RUN-1"), "{}", page.says("aside"));
    assert_eq!(page.says("main .primary"), "Sign verdict");
    let list = ana.get("/runs").await;
    let row = list.says("tbody tr");
    assert!(row.ends_with("zk-1 Finished Valid Verdict due Blind spot"), "{row}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_rules_on_or_overrules_a_run_of_their_own() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = finished(&story, &mut ana, "38 s").await;
    let page = act(&mut ana, &page, "sign", &[("verdict", "upheld"), ("analysis", "A new leader took over.")]).await;
    assert!(page.says("main").contains("What was learnt A new leader took over."));
    let words = page.says("#closing");
    assert!(words.contains("a ruling on it comes from somebody else") && !page.has("form[action$='/rule-validity']"));
    let own = ana.post("/runs/RUN-2/rule-validity", &[("ruling", "invalid"), ("reason", "x")]).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    assert!(own.says("main").contains("was run by you"), "{}", own.says("main"));

    let mut ben = ben(&story).await;
    let page = ben.get("/runs/RUN-2").await;
    let page = act(&mut ben, &page, "overrule", &[("verdict", "refuted"), ("reason", "the count was off")]).await;
    assert!(page.says(".answers").contains("signed upheld by Ana, overruled by Ben"), "{}", page.says(".answers"));
    let page = act(&mut ben, &page, "revoke-overruling", &[("text", "it was not")]).await;
    assert!(page.says(".answers").contains("Verdict Upheld"), "{}", page.says(".answers"));
    let page = act(&mut ben, &page, "rule-validity", &[("ruling", "invalid"), ("reason", "the command failed")]).await;
    let answers = page.says(".answers");
    assert!(answers.contains("An invalid run has no verdict.") && answers.contains("ruled by Ben"), "{answers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_takes_an_answer_for_each_fix_and_a_decision() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    let mut ana = story.browser().await;
    let page = finished(&story, &mut ana, "38 s").await;
    assert!(!page.has("form[action$='/close']"), "the verdict is due first");
    assert_eq!(ana.post("/runs/RUN-2/close", &[]).await.status, StatusCode::CONFLICT);
    let page = act(&mut ana, &page, "sign", &[("verdict", "upheld")]).await;
    assert!(page.says("#closing").contains("FIX-1 for FND-1"), "{}", page.says("#closing"));
    assert!(page.says("#closing").contains("The revealing check held"));
    assert_eq!(page.says("main .primary"), "Close run");
    let open = ana.fill(&page, "/runs/RUN-2/close", &[("decision_reason", "as seen")]).await;
    assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = open.says(".errors");
    assert!(errors.contains("is not answered yet") || errors.contains("Is not answered yet"), "{errors}");
    assert!(errors.contains("Decision: Is empty"), "{errors}");
    assert!(open.form("/runs/RUN-2/close").contains(&("decision_reason".into(), "as seen".into())));

    let unwatched = [("answers.0.exercised", "held"), ("decision", "retire")];
    let unwatched = ana.fill(&open, "/runs/RUN-2/close", &unwatched).await;
    assert_eq!(unwatched.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = unwatched.says(".errors");
    assert!(errors.contains("names what production exercises anyway"), "{errors}");
    assert!(unwatched.has("[name='decision_passive'][aria-invalid='true']"), "it says so beside the field");

    let early = [("answers.0.exercised", "held"), ("decision", "automate")];
    let early = ana.fill(&open, "/runs/RUN-2/close", &early).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = early.says(".errors");
    assert!(errors.contains("Decision: EXP-1 is not offered to run unattended: RUN-1 is one of"), "{errors}");
    assert!(early.has("[name='decision'][aria-invalid='true']"), "it says so beside the field");
    assert!(early.form("/runs/RUN-2/close").contains(&("decision_reason".into(), "as seen".into())));

    let typed = [("answers.0.exercised", "held"), ("decision", "repeat_as_is")];
    let sent = ana.fill(&open, "/runs/RUN-2/close", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says(".flash").contains("RUN-2 is closed; DEC-2 is recorded."), "{}", page.says(".flash"));
    assert!(page.says(".answers").contains("FIX-1 in this run Exercised and held"), "{}", page.says(".answers"));
    assert!(page.all("aside a", "href").contains(&"/decisions/DEC-2".to_owned()));
    assert!(head(&ana.get("/fixes/FIX-1").await).contains("Verified"));
    for word in ["observe", "sign", "close", "deviate", "resolve-targets"] {
        let typed = [("text", "x"), ("verdict", "upheld"), ("targets.0.name", "zk-1")];
        let fields: &[(&str, &str)] = match word {
            "observe" | "deviate" => &typed[..1],
            "sign" => &typed[1..2],
            "resolve-targets" => &typed[2..],
            _ => &[],
        };
        let late = ana.post(&format!("/runs/RUN-2/{word}"), fields).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_the_run_could_not_exercise_has_one_answer() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let typed = [
        ("title", "Only the first one"),
        ("origin", "RUN-1"),
        ("severity", "high"),
        ("kind", "weakness"),
        ("revealing", "check:alert-gap|during|max"),
        ("condition", "names"),
        ("condition_on", "zk-9"),
    ];
    let written = ana.post("/findings", &typed).await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.says(".errors"));
    let fix = story.fix(notebook::id::Id::of(1), "Names every instance").await;
    story.deploy(fix).await;
    let page = finished(&story, &mut ana, "38 s").await;
    let page = act(&mut ana, &page, "sign", &[("verdict", "upheld")]).await;
    let words = page.says("#closing");
    assert!(words.contains("the fault took effect on zk-1; FND-1 asks for target zk-9"), "{words}");
    assert_eq!(page.all("#closing input[type=radio]", "disabled").len(), 1);
    let page = {
        let sent = ana.fill(&page, "/runs/RUN-2/close", &[("decision", "repeat_as_is")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
        ana.get("/runs/RUN-2").await
    };
    assert!(page.says(".answers").contains("Not exercised"), "{}", page.says(".answers"));
    let forced = ana
        .post(
            "/runs/RUN-2/amend-answer",
            &[("fix", "FIX-1"), ("finding", "FND-1"), ("exercised", "held"), ("reason", "x")],
        )
        .await;
    assert_eq!(forced.status, StatusCode::CONFLICT, "by the runner: {}", forced.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_run_is_put_right_by_additions_of_a_second_person() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    story.run("38 s", &[(fix, finding, "held")]).await;
    let mut ana = story.browser().await;
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("main").contains("You ran this run, so amending it takes somebody else."));
    let page = act(&mut ana, &page, "amend", &[("text", "The dashboard was a minute late.")]).await;
    assert!(page.says("main").contains("Amendments Ana"), "{}", page.says("main"));

    let mut ben = ben(&story).await;
    let page = ben.get("/runs/RUN-2").await;
    let silent = send(&mut ben, &page, "/runs/RUN-2/answer-check", &[("check", GAP), ("seen", "90 s")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.says(".errors").contains("Amends"), "{}", silent.says(".errors"));
    let answer = [("fix", "FIX-1"), ("finding", "FND-1"), ("exercised", "not"), ("reason", "the fault missed it")];
    let page = act(&mut ben, &silent, "amend-answer", &answer).await;
    assert!(page.says(".answers").contains("FIX-1 in this run Not exercised"), "{}", page.says(".answers"));
    assert!(head(&ben.get("/fixes/FIX-1").await).contains("Deployed (unverified)"));
    let amended =
        [("check", GAP), ("seen", "90 s"), ("source", "customer count"), ("amends", "read from the wrong hour")];
    let page = act(&mut ben, &page, "answer-check", &amended).await;
    assert!(page.says("#steady").contains("90 s Failed"), "{}", page.says("#steady"));
    assert!(page.says("[aria-label='History of RUN-2']").contains("read from the wrong hour"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deviation_counts_until_somebody_else_calls_it_context() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    let mut ana = story.browser().await;
    let page = finished(&story, &mut ana, "38 s").await;
    let page = act(&mut ana, &page, "deviate", &[("text", "restarted twice")]).await;
    assert!(page.says("#deviations").contains("Counts as a different experiment restarted twice"));
    assert!(!page.has("form[action$='/rule-deviation']"), "not by whoever ran it");
    let page = act(&mut ana, &page, "record-lack", &[("fix", "FIX-1"), ("reason", "an old image")]).await;
    assert!(page.says(".answers").contains("on a version recorded as lacking it"), "{}", page.says(".answers"));
    let mut ben = ben(&story).await;
    let page = ben.get("/runs/RUN-2").await;
    let ruling = [("number", "1"), ("ruling", "context"), ("reason", "after the checks")];
    let page = act(&mut ben, &page, "rule-deviation", &ruling).await;
    assert!(page.says("#deviations").contains("Context only"), "{}", page.says("#deviations"));
    let strange =
        ben.post("/runs/RUN-2/rule-deviation", &[("number", "7"), ("ruling", "context"), ("reason", "x")]).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
}
