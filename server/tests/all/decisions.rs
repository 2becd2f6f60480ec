//! Decisions through their pages and forms, and what becomes of them when their evidence changes.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::{Story, head};
use crate::world::{Browser, World};

/// RUN-1 failed and its closing recorded DEC-1; this is one more.
async fn adopted(ana: &mut Browser) -> String {
    let page = ana.get("/decisions/new?experiment=EXP-1").await;
    let typed =
        [("kind", "adopt_a_change"), ("title", "Use preemptible instances"), ("saving", "up to 50 %, price list")];
    let sent = ana.fill(&page, "/decisions", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    sent.header("location").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_begun_at_a_run_and_keeps_its_claim() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    let run = story.run("38 s", &[(fix, finding, "held")]).await;
    let mut ana = story.browser().await;
    let page = ana.get(&format!("/decisions/new?run={run}")).await;
    let fields = page.form("/decisions");
    assert!(fields.contains(&("run".into(), "RUN-2".into())) && fields.contains(&("claims.0".into(), "EXP-1".into())));
    assert!(page.says("main form").contains("Current: 1 of 1 passed"), "{}", page.says("main form"));

    let typed = [("kind", "widen"), ("title", "Two at once"), ("reason", "it held"), ("review_at", "2027-01-31")];
    let sent = ana.fill(&page, "/decisions", &typed).await;
    assert_eq!(sent.header("location"), "/decisions/DEC-3", "{}", sent.says("main"));
    let page = ana.get("/decisions/DEC-3").await;
    assert!(head(&page).contains("In force") && head(&page).contains("Widen"), "{}", head(&page));
    let claims = page.says("#claims");
    assert!(claims.contains("EXP-1") && claims.matches("1 of 1 passed").count() == 2, "then and now: {claims}");
    assert!(
        page.says("aside").contains("RUN-2") && page.says("aside").contains("31 Jan 2027"),
        "{}",
        page.says("aside")
    );
    assert!(ana.get("/decisions?experiment=EXP-1").await.says("table").contains("Two at once"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_to_widen_leads_to_a_revision_that_names_its_parent() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/decisions/new?experiment=EXP-1").await;
    let sent = ana.fill(&page, "/decisions", &[("kind", "widen")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let path = sent.header("location").to_owned();
    let decision = path.trim_start_matches("/decisions/").to_owned();
    let to = format!("/experiments/EXP-1/edit?widens={decision}");
    let links = ana.get(&path).await.all("main a.button", "href");
    assert!(links.contains(&to), "{links:?}");

    let form = ana.get(&to).await;
    let reason = format!("Widens EXP-1@1, as {decision} decided");
    let fields = form.form("/experiments/EXP-1/revise");
    assert!(fields.contains(&("reason".into(), reason.clone())), "{fields:?}");
    let sent = ana.fill(&form, "/experiments/EXP-1/revise", &[("count", "2"), ("at_once", "2")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let shown = notebook::experiments::acts::show(&story.ana, story.experiment).await.unwrap();
    assert_eq!((shown.newest.number, shown.newest.reason.map(String::from)), (2, Some(reason)));
    let stop = [("reason", "not now")];
    ana.post(&format!("{path}/stop"), &stop).await;
    assert!(!ana.get(&path).await.all("main a.button", "href").contains(&to), "it is ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_flagged_when_its_evidence_is_lost() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    story.run("38 s", &[(fix, finding, "held")]).await;
    let mut ana = story.browser().await;
    let path = adopted(&mut ana).await;
    assert!(head(&ana.get(&path).await).contains("In force"));
    story.run("300..600", &[(fix, finding, "failed")]).await;
    let page = ana.get(&path).await;
    assert!(head(&page).contains("Evidence lost"), "{}", head(&page));
    assert!(page.says("details.why[open]").contains("The claim of EXP-1 is regressed."), "{}", page.says(".why"));
    assert!(page.says("#claims").contains("Regressed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_risk_without_a_date_comes_back_with_its_text() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/decisions/new").await;
    let typed = [("kind", "accept_the_risk"), ("reason", "it is cheap"), ("review_at", "soon")];
    let answer = ana.fill(&page, "/decisions", &typed).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Record decision"));
    let fields = answer.form("/decisions");
    assert!(fields.contains(&("reason".into(), "it is cheap".into())), "{fields:?}");
    assert!(fields.contains(&("kind".into(), "accept_the_risk".into())), "{fields:?}");
    assert_eq!(answer.all("[aria-invalid=true]", "name"), ["until", "review_at"]);
    let sent = ana.fill(&answer, "/decisions", &[("until", "2027-03-31"), ("review_at", "")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    assert_eq!(ana.get(sent.header("location")).await.says("h1"), "Accept the risk", "the kind's own words");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_ended_once_and_superseded_by_name() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let path = adopted(&mut ana).await;
    let page = ana.get(&path).await;
    let stop = format!("{path}/stop");
    let empty = ana.fill(&page, &stop, &[("reason", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&empty, &stop, &[("reason", "too dear")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get(&path).await;
    assert!(head(&page).contains("Ended") && !page.has(&format!("main form[action='{stop}']")), "{}", head(&page));
    assert!(page.says("[aria-label='History of DEC-2']").contains("too dear"));
    assert_eq!(ana.post(&stop, &[("reason", "again")]).await.status, StatusCode::CONFLICT);

    let page = ana.get("/decisions/new").await;
    let sent = ana.fill(&page, "/decisions", &[("kind", "keep_manual"), ("supersedes", "DEC-2")]).await;
    assert_eq!(sent.header("location"), "/decisions/DEC-3", "{}", sent.says(".errors"));
    let page = ana.get(&path).await;
    assert!(head(&page).contains("Superseded") && page.says("aside").contains("DEC-3"), "{}", page.says("aside"));
}

#[tokio::test(flavor = "multi_thread")]
async fn retiring_an_experiment_is_a_decision() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/decisions/new?experiment=EXP-1").await;
    let typed = [("kind", "retire"), ("reason", "the provider takes machines back every day")];
    let bare = ana.fill(&page, "/decisions", &typed).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.says(".errors").contains("names what production exercises anyway"), "{}", bare.says(".errors"));
    assert!(bare.form("/decisions").contains(&("reason".into(), typed[1].1.into())), "what was typed is kept");
    let watched = [typed[0], typed[1], ("passive", "preemption events")];
    let sent = ana.fill(&page, "/decisions", &watched).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let shown = notebook::experiments::acts::show(&story.ana, story.experiment).await.unwrap();
    assert_eq!(shown.experiment.stage, notebook::experiments::Stage::Retired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_not_listed_is_typed_and_an_unknown_one_is_refused() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/decisions/new").await;
    let unknown = ana.fill(&page, "/decisions", &[("kind", "widen"), ("claims.1", "EXP-99")]).await;
    assert_eq!((unknown.status, unknown.says("h1").as_str()), (StatusCode::NOT_FOUND, "Record decision"));
    assert!(unknown.form("/decisions").contains(&("claims.1".into(), "EXP-99".into())), "what was typed is kept");
    let strange = ana.fill(&page, "/decisions", &[("kind", "widen"), ("claims.1", "zookeeper")]).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&page, "/decisions", &[("kind", "widen"), ("claims.1", "exp-1")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    assert!(ana.get(sent.header("location")).await.says("#claims").contains("EXP-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_decisions_missing_rights_and_no_decisions_are_said() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    assert!(ana.get("/decisions").await.says(".empty").contains("What do you now dare to do?"));
    for path in ["/decisions/DEC-99", "/decisions/FND-1", "/decisions/new?run=RUN-99", "/decisions?run=x"] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ana.post("/decisions/DEC-99/stop", &[("reason", "x")]).await.status, StatusCode::NOT_FOUND);
    let mut viewer = world.signed_in("Vera", Role::Viewer).await;
    assert_eq!(viewer.get("/decisions/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post("/decisions", &[("kind", "widen")]).await.status, StatusCode::FORBIDDEN);
    assert!(!viewer.get("/decisions").await.has(".primary"));
}
