//! Findings through their pages and forms.

use axum::http::StatusCode;
use notebook::actor::Role;
use serde_json::json;

use crate::story::{GAP, Story, head, read};
use crate::world::{Browser, World};

const HOSTILE: &str = "</title></textarea><script>alert(1)</script>\"'&";

/// Sends one form of a finding's page and opens the page it leads to.
async fn done(browser: &mut Browser, page: &str, act: &str, typed: &[(&str, &str)]) -> crate::world::Answer {
    let before = browser.get(page).await;
    let sent = browser.fill(&before, &format!("{page}/{act}"), typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{act}: {}", sent.says("main"));
    let place = sent.header("location").to_owned();
    assert_eq!(place.split('#').next(), Some(page));
    browser.get(place.split('#').next().unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_begun_at_a_run_brings_its_check_targets_environment_and_services() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings/new?run=RUN-1").await;
    let fields = page.form("/findings");
    for (name, value) in
        [("origin", "RUN-1"), ("revealing", &format!("check:{GAP}")), ("condition", "any"), ("condition_on", "zk-1")]
    {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name} in {fields:?}");
    }
    assert!(page.says("aside").contains("alerting, zookeeper"), "{}", page.says("aside"));
    let first = page.says("select[name=revealing] option");
    assert_eq!(first, "alert-gap, during, largest ≤ 60 s: failed (300–600 s), telemetry blind spot");

    let typed = [("title", "Alerts stop after a restart"), ("severity", "high"), ("condition", "names")];
    let sent = ana.fill(&page, "/findings", &typed).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/findings/FND-1"), "{}", sent.text());
    let page = ana.get("/findings/FND-1").await;
    assert!(page.says(".flash").contains("FND-1 is written down"));
    assert!(head(&page).contains("Open") && head(&page).contains("High severity"), "{}", head(&page));
    let text = page.says("main");
    assert!(text.contains("Only zk-1 shows it") && text.contains("failed (300–600 s)"), "{text}");
    let aside = page.says("aside");
    for known in ["RUN-1", "EXP-1", "production", "alerting", "zookeeper"] {
        assert!(aside.contains(known), "{known} in {aside}");
    }
    assert_eq!(page.all(".primary", "href"), ["/fixes/new?finding=FND-1"], "the one primary act");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_finding_comes_back_on_its_page_with_what_was_typed() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings/new?run=RUN-1").await;
    let typed = [("title", ""), ("summary", HOSTILE), ("condition", "names"), ("condition_on", " , ")];
    let answer = ana.fill(&page, "/findings", &typed).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "New finding"));
    let fields = answer.form("/findings");
    assert!(fields.contains(&("summary".to_owned(), HOSTILE.to_owned())), "{fields:?}");
    assert!(fields.contains(&("origin".to_owned(), "RUN-1".to_owned())), "it is still the run's form");
    assert_eq!(answer.all("[aria-invalid=true]", "name"), ["title", "condition_on"]);
    let answer = ana.fill(&answer, "/findings", &[("title", "T"), ("condition_on", "zk-1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.says(".errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_without_a_run_says_that_no_rerun_can_verify_it() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings/new").await;
    assert!(!page.has("[name=revealing]"), "there is no plan to choose a check from");
    let services = page.all("input[type=checkbox]", "value");
    assert_eq!(services, ["alerting", "zookeeper"]);
    let typed = [("title", "Nobody knows the runbook"), ("kind", "documentation"), ("environment", "staging")];
    let sent = ana.fill(&page, "/findings", &[&typed[..], &[("services.1", "zookeeper")]].concat()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get(sent.header("location")).await;
    assert!(page.says("main").contains("No run showed it"), "{}", page.says("main"));
    assert!(page.says("aside").contains("staging") && !page.says("aside").contains("alerting"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_shows_both_texts_and_saves_over_the_present_one_knowingly() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let (mut ana, mut again) = (story.browser().await, story.browser().await);
    let (mine, theirs) = (ana.get("/findings/FND-1/edit").await, again.get("/findings/FND-1/edit").await);
    let saved = again.fill(&theirs, "/findings/FND-1/edit", &[("title", "Alerts stop for minutes")]).await;
    assert_eq!(saved.header("location"), "/findings/FND-1", "{}", saved.text());

    let stale =
        ana.fill(&mine, "/findings/FND-1/edit", &[("title", "Alerts are silent"), ("severity", "critical")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let both = stale.says("#meanwhile");
    for text in ["Alerts are silent", "Alerts stop for minutes", "Critical", "High"] {
        assert!(both.contains(text), "{text} in {both}");
    }
    assert!(!both.contains("Kind"), "what does not differ is left out: {both}");
    assert!(ana.get("/findings/FND-1").await.says("h1").contains("Alerts stop for minutes"), "nothing was overwritten");

    let unfit = ana.fill(&stale, "/findings/FND-1/edit", &[("title", "")]).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    let saved = ana.fill(&unfit, "/findings/FND-1/edit", &[("title", "Alerts are silent")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says(".errors"));
    assert_eq!(ana.get("/findings/FND-1").await.says("h1"), "Alerts are silent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cause_is_suspected_until_somebody_confirms_it() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings/FND-1").await;
    assert!(!page.has("form[action$='/confirm-cause']"), "there is nothing to confirm");
    let empty = ana.fill(&page, "/findings/FND-1/suspect-cause", &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.has("details[open] form[action$='/suspect-cause'] .error"), "the form is open where it went wrong");

    let page = done(&mut ana, "/findings/FND-1", "suspect-cause", &[("reason", "slow leader election")]).await;
    assert!(page.says("#causes").contains("Suspected slow leader election"), "{}", page.says("#causes"));
    let page = done(&mut ana, "/findings/FND-1", "confirm-cause", &[("reason", "seen in the log")]).await;
    assert!(page.says("#causes").contains("Confirmed slow leader election"), "{}", page.says("#causes"));
    assert!(!page.has("form[action$='/confirm-cause']"));
    let twice = [("number", "1"), ("reason", "again")];
    assert_eq!(ana.post("/findings/FND-1/confirm-cause", &twice).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_risk_is_accepted_until_a_date_and_can_be_taken_back() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings/FND-1").await;
    let risk = [("owner", "Ana"), ("until", "2020-01-01"), ("reason", "it is cheap")];
    let past = ana.fill(&page, "/findings/FND-1/accept-risk", &risk).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.form("/findings/FND-1/accept-risk").contains(&("reason".into(), "it is cheap".into())));

    let page = done(&mut ana, "/findings/FND-1", "accept-risk", &[risk[0], ("until", "2027-05-03"), risk[2]]).await;
    assert!(head(&page).contains("Risk accepted until 3 May 2027"), "{}", head(&page));
    assert!(!page.has("form[action$='/accept-risk']") && !page.has(".primary"));
    let page = done(&mut ana, "/findings/FND-1", "undo", &[("reason", "it is not cheap")]).await;
    assert!(head(&page).contains("Open"), "{}", head(&page));
    assert!(page.says("#judgement").contains("Nobody has ruled"));
    let nothing = [("of", "risk_accepted"), ("reason", "again")];
    assert_eq!(ana.post("/findings/FND-1/undo", &nothing).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_never_go_in_a_circle() {
    let story = Story::new().await;
    story.finding("First").await;
    story.finding("Second").await;
    let mut ana = story.browser().await;
    let page = done(&mut ana, "/findings/FND-2", "mark-duplicate", &[("of", "fnd-1")]).await;
    assert!(head(&page).contains("Duplicate of FND-1"), "{}", head(&page));
    let first = ana.get("/findings/FND-1").await;
    let circle = ana.fill(&first, "/findings/FND-1/mark-duplicate", &[("of", "FND-2")]).await;
    assert_eq!(circle.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = ana.fill(&first, "/findings/FND-1/mark-duplicate", &[("of", "FND-99")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.says("h1"), "First", "the form's own page, with the typed text");
    assert!(unknown.form("/findings/FND-1/mark-duplicate").contains(&("of".into(), "FND-99".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_linked_dismissed_and_seen_again() {
    let story = Story::new().await;
    story.finding("First").await;
    story.finding("Second").await;
    let second = story.run("300..600", &[]).await;
    let mut ana = story.browser().await;
    let page = done(&mut ana, "/findings/FND-1", "link", &[("of", "FND-2"), ("number", "suspected_cause")]).await;
    assert!(read(&page, "#links").contains("Suspected cause: FND-2"), "{}", read(&page, "#links"));
    let again = [("of", second.to_string()), ("reason", "silent again".into())];
    let again = again.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = done(&mut ana, "/findings/FND-1", "see-again", &again).await;
    let seen = page.says("#seen-again");
    assert!(seen.contains("RUN-2") && seen.contains("silent again"), "{seen}");
    let page = done(&mut ana, "/findings/FND-1", "dismiss", &[("reason", "the probe was wrong")]).await;
    assert!(head(&page).contains("Not a finding"));
    let history = page.says("[aria-label='History of FND-1']");
    for did in ["wrote", "linked it to FND-2", "noted that RUN-2 showed it again", "the probe was wrong"] {
        assert!(history.contains(did), "{did} in {history}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_that_does_not_exist_is_not_found() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    for path in [
        "/findings/FND-99",
        "/findings/FND-99/edit",
        "/findings/RUN-1",
        "/findings/new?run=RUN-99",
        "/findings/new?run=x",
    ] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = ana.post("/findings/FND-99/dismiss", &[("reason", "x")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.post("/findings/99/dismiss", &[("reason", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_reads_everything_and_changes_nothing() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    let page = viewer.get("/findings/FND-1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("main form") && !page.has(".primary"), "{}", page.says("main"));
    for (path, act) in [("/findings/new", "/findings"), ("/findings/FND-1/edit", "/findings/FND-1/edit")] {
        assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(viewer.post(act, &[("title", "T"), ("version", "1")]).await.status, StatusCode::FORBIDDEN, "{act}");
    }
    for act in ["suspect-cause", "dismiss", "undo", "link", "see-again", "mark-duplicate"] {
        let fields = [("reason", "x"), ("of", "FND-1")];
        let answer = viewer.post(&format!("/findings/FND-1/{act}"), &fields).await;
        assert!(answer.status.is_client_error(), "{act}: {}", answer.status);
    }
    assert!(
        viewer.get("/findings/FND-1").await.says("[aria-label='History of FND-1']").ends_with("wrote “Alerts stop”")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_says_what_that_means() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let page = ana.get("/findings?view=all").await;
    assert!(page.says(".empty").contains("Either all hypotheses held, or nobody looked."));
    assert!(ana.get("/findings").await.says(".empty").contains("No findings"), "there is none that could need action");
    assert!(ana.get("/findings?q=kafka").await.says(".empty").contains("Nothing needs action"), "others may be there");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_begins_with_what_needs_action_and_narrows_by_the_address() {
    let story = Story::new().await;
    let (first, second) = (story.finding("Stays open").await, story.finding("Is dismissed").await);
    story.fix(first, "Quicker election").await;
    let mut ana = story.browser().await;
    ana.post(&format!("/findings/{second}/dismiss"), &[("reason", "no")]).await;

    let page = ana.get("/findings").await;
    assert!(page.says("tbody").contains("Fix proposed 1"), "{}", page.says("tbody"));
    let text = page.says("table");
    assert!(text.contains("Stays open") && text.contains("FIX-1") && !text.contains("Is dismissed"), "{text}");
    let all = ana.get("/findings?view=all").await.says("table");
    assert!(all.contains("Stays open") && all.contains("Not a finding"), "{all}");
    assert!(ana.get("/findings?service=zookeeper&experiment=EXP-1").await.has("table"));
    assert!(!ana.get("/findings?experiment=EXP-2").await.has("table"));
    assert!(text.contains("today") && text.contains("RUN-1") && text.contains("not planned"), "{text}");
    let planned = ana.post("/runs/plan", &[("experiment", "EXP-1"), ("planned_at", "2026-12-01T10:00")]).await;
    assert_eq!(planned.status, StatusCode::SEE_OTHER, "{}", planned.says(".errors"));
    let rows = ana.get("/findings").await.says("table");
    assert!(rows.contains("RUN-2 1 Dec 2026") && !rows.contains("not planned"), "{rows}");
    let told = ana.get("/api/v1/findings").await.json();
    let line = &told["findings"][1];
    assert_eq!((&line["last_seen"], &line["next_run"]), (&json!("RUN-1"), &json!("RUN-2")), "{told:#}");
    let strange = ana.get("/findings?experiment=zookeeper").await;
    assert_eq!(strange.status, StatusCode::BAD_REQUEST);
    assert_eq!(strange.all("[name=experiment]", "value"), ["zookeeper"]);
    assert!(strange.says(".error").contains("EXP-42"), "{}", strange.says(".error"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_read_page_by_page() {
    let story = Story::new().await;
    for number in 0..51 {
        story.finding(&format!("Finding number {number}.")).await;
    }
    let mut ana = story.browser().await;
    let newest = ana.get("/findings?view=all").await;
    assert!(newest.text().contains("number 50.") && !newest.text().contains("number 0."));
    let older = newest.all("a[rel=next]", "href");
    assert_eq!(older, ["/findings?view=all&before=FND-2"]);
    let last = ana.get(&older[0]).await;
    assert!(last.text().contains("number 0.") && !last.has("a[rel=next]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_stay_text() {
    let story = Story::new().await;
    let id = story.finding(HOSTILE).await;
    story.fix(id, HOSTILE).await;
    let mut ana = story.browser().await;
    for path in [
        "/findings",
        "/findings/FND-1",
        "/findings/FND-1/edit",
        "/fixes",
        "/fixes/FIX-1",
        "/fixes/FIX-1/edit",
        "/fixes/new?finding=FND-1",
    ] {
        let page = ana.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
}
