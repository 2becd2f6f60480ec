//! What was seen before beside the forms of a plan and of a finding, and on a page of its own.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::Story;

const CREATE: &str = "/experiments/create";

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_shown_what_was_found_and_looks_again_with_what_was_typed() {
    let story = Story::new().await;
    story.finding("Alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let blank = ana.get("/experiments/new").await;
    assert!(blank.says("#seen").contains("Nothing yet that is like it"), "{}", blank.says("#seen"));
    let page = ana.get("/experiments/new?service=zookeeper").await;
    assert_eq!(page.all("#seen-found a", "href"), ["/findings/FND-1", "/experiments/EXP-1"]);
    assert!(
        page.says("#seen-found").contains("FND-1 Alerts stop after a restart Open"),
        "{}",
        page.says("#seen-found")
    );
    assert!(page.says("#seen-found").contains("on zookeeper"), "{}", page.says("#seen-found"));

    let typed = [("title", "Mine"), ("fault_kind", "process-restart"), ("_rows", "seen")];
    let again = ana.fill(&blank, CREATE, &typed).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.form(CREATE).contains(&("title".into(), "Mine".into())), "what was typed is kept");
    assert!(again.says("#seen-found").contains("with process-restart"), "{}", again.says("#seen-found"));
    let page = ana.get("/experiments/new?service=zookeeper").await;
    assert!(page.has("#seen-found button[name=_rows][value=\"aside:FND-1\"]"), "{}", page.text());
    let aside = ana.fill(&page, CREATE, &[("title", "Mine"), ("_rows", "aside:FND-1")]).await;
    assert_eq!(aside.status, StatusCode::OK);
    assert!(aside.form(CREATE).contains(&("title".into(), "Mine".into())), "what was typed is kept");
    assert_eq!(aside.all("#seen-found a", "href"), ["/experiments/EXP-1"]);
    let mut cleo = story.world.signed_in("Cleo", Role::Contributor).await;
    let hers = cleo.get("/experiments/new?service=zookeeper").await;
    assert_eq!(hers.all("#seen-found a", "href").len(), 2, "it is put aside for one person");
    let back = ana.fill(&aside, CREATE, &[("_rows", "aside:")]).await;
    assert_eq!(back.all("#seen-found a", "href"), ["/findings/FND-1", "/experiments/EXP-1"]);
    let own = ana.get("/experiments/EXP-1/edit").await;
    assert_eq!(own.all("#seen-found a", "href"), ["/findings/FND-1"], "a plan is not like itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_before_is_put_into_the_notes_by_a_press_and_what_was_typed_stays() {
    let story = Story::new().await;
    story.finding("Alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get("/experiments/new?service=zookeeper").await;
    let press = "mention:notes:FND-1";
    assert!(
        page.has(&format!("#seen-found button[name=_rows][value=\"{press}\"][data-mention=FND-1]")),
        "{}",
        page.text()
    );
    let typed = [("title", "Mine"), ("notes", "Ask Ben."), ("_rows", press)];
    let named = ana.fill(&page, CREATE, &typed).await;
    assert_eq!(named.status, StatusCode::OK);
    let twice = ana.fill(&named, CREATE, &[("_rows", press)]).await;
    let both = ana.fill(&twice, CREATE, &[("_rows", "mention:notes:EXP-1")]).await;
    for (page, notes) in [
        (&named, "Ask Ben.\nSeen before: FND-1"),
        (&twice, "Ask Ben.\nSeen before: FND-1"),
        (&both, "Ask Ben.\nSeen before: FND-1\nSeen before: EXP-1"),
    ] {
        let form = page.form(CREATE);
        assert!(form.contains(&("notes".into(), notes.into())), "{form:?}");
        assert!(form.contains(&("title".into(), "Mine".into())), "{form:?}");
        assert!(form.iter().any(|(name, value)| name.starts_with("services.") && value == "zookeeper"), "{form:?}");
        let to_it = page.all("#seen > p > a", "href");
        assert_eq!(to_it, ["#experiments-create-notes"], "{}", page.says("#seen"));
        assert!(page.has(to_it[0].as_str()), "{}", page.text());
    }
    assert!(both.says("#seen").contains("EXP-1 is in the form now"), "{}", both.says("#seen"));
    let saved = ana.fill(&both, CREATE, &[]).await;
    assert_eq!(saved.header("location"), "/experiments/EXP-2", "{}", saved.says("main"));

    let finding = ana.get("/findings/new").await;
    let typed = [("title", "Alerts stop after a restart"), ("_rows", "mention:summary:FND-1")];
    let named = ana.fill(&finding, "/findings", &typed).await;
    let form = named.form("/findings");
    assert!(form.contains(&("summary".into(), "Seen before: FND-1".into())), "{form:?}");
    assert!(named.has("#seen-found button[value=\"mention:summary:FND-1\"]"), "{}", named.says("#seen-found"));
    let alone = ana.get("/seen?services=zookeeper").await;
    assert!(!alone.has("#seen-found button:not([hidden])"), "there is no form to put it into");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_that_was_seen_before_is_noted_as_seen_again_in_its_run() {
    let story = Story::new().await;
    story.finding("Alerts stop after a restart").await;
    let run = story.run("300..600", &[]).await;
    let mut ana = story.browser().await;
    let page = ana.get(&format!("/findings/new?run={run}")).await;
    assert!(page.says("#seen-found").contains(&format!("{run} shows FND-1 again")), "{}", page.says("#seen-found"));
    let sent = ana.fill(&page, "/findings/FND-1/see-again", &[]).await;
    assert!(sent.header("location").starts_with("/findings/FND-1"), "{}", sent.says("main"));
    assert!(ana.get("/findings/FND-1").await.says("#seen-again").contains(&run.to_string()));
    let without = ana.get("/findings/new").await;
    assert!(!without.has("#seen-found form") && without.has("#seen [name=_rows]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_said_to_be_the_same_as_one_that_was_seen_before_by_one_press() {
    let story = Story::new().await;
    story.finding("Alerts stop after a restart").await;
    story.finding("Alerts stop for minutes").await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings/FND-2").await;
    let like =
        page.all("#judgement a", "href").into_iter().find(|href| href.starts_with("/seen?finding=FND-2")).unwrap();
    let seen = ana.get(&like).await;
    assert_eq!(seen.all("#seen-found li[data-seen^=FND]", "data-seen"), ["FND-1"], "it is not like itself");
    assert!(seen.says("#seen-found").contains("FND-2 is the same as FND-1"), "{}", seen.says("#seen-found"));
    let sent = ana.fill(&seen, "/findings/FND-2/mark-duplicate", &[("of", "FND-1")]).await;
    assert!(sent.header("location").starts_with("/findings/FND-2"), "{}", sent.says("main"));
    let page = ana.get("/findings/FND-2").await;
    assert!(page.says("main").contains("Duplicate of FND-1"), "{}", page.says("main"));
    assert!(!page.all("#judgement a", "href").iter().any(|href| href.starts_with("/seen")), "it is said once");
    let ends = [(page, "FND-1"), (ana.get("/findings/FND-1").await, "FND-2")];
    for (page, other) in ends {
        assert!(page.has(&format!("#links a[href=\"/findings/{other}\"]")), "{}", page.says("#links"));
        assert!(page.says("#links").contains("The same as"), "{}", page.says("#links"));
    }
    assert_eq!(ana.get("/api/v1/findings/FND-1").await.json()["same"][0], "FND-2");
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    assert!(!vera.get("/seen?finding=FND-1&services=zookeeper").await.has("#seen-found form"), "who judges says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_the_same_for_an_address_and_takes_any_text() {
    let story = Story::new().await;
    story.finding("Alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get("/seen?services=zookeeper,nothing&own=EXP-1").await;
    assert_eq!(page.all("#seen-found a", "href"), ["/findings/FND-1"]);
    let page = ana.get("/seen?words=alerts%20stop%20restart").await;
    assert_eq!(page.all("#seen-found a", "href"), ["/findings/FND-1"], "words alone find it, too");
    let hostile = ana.get("/seen?services=%27%3B--,%3Cscript%3E&fault=%00&words=%3Cscript%3E&own=x&run=y").await;
    assert_eq!(hostile.status, StatusCode::OK);
    assert!(hostile.says("#seen-found").contains("Nothing yet"), "{}", hostile.says("#seen-found"));
}
