//! Lists as they are shown: columns, groups and order in the address, and views that keep them.

use axum::http::StatusCode;
use notebook::actor::Role;
use serde_json::json;

use crate::{
    programs::{call, token},
    story::Story,
};

#[tokio::test(flavor = "multi_thread")]
async fn columns_groups_and_order_stand_in_the_address() {
    let story = Story::new().await;
    story.finding("alerts stop after a restart").await;
    story.finding("a disk is full").await;
    let mut ana = story.browser().await;
    let usual = ana.get("/findings?view=all").await;
    assert_eq!(usual.all("#findings thead th", "scope").len(), 9);
    assert_eq!(usual.all("input[name=cols][checked]", "value").len(), 8, "all of them are ticked");
    assert_eq!(usual.all("#findings th[aria-sort=descending] a", "href"), ["/findings?view=all&q=sort%3Acreated"]);

    // As the form sends it: a word for each box.
    let typed = "/findings?view=all&cols=id&cols=status&cols=severity&cols=mood&group=service";
    let chosen = ana.get(typed).await;
    assert_eq!(chosen.all("#findings thead th", "scope").len(), 3);
    let heads = chosen.says("#findings thead");
    assert!(heads.contains("Severity Status") && !heads.contains("Kind"), "{heads}");
    assert!(chosen.has("#findings th[scope=rowgroup][colspan=\"3\"]"), "{}", chosen.says("main"));
    assert!(!chosen.has("#findings thead a"), "what sorts is not on show");
    let order = chosen.all("nav[aria-label=\"Order of the list\"] a", "href");
    assert_eq!(order[1], "/findings?view=all&q=sort%3Acreated&cols=severity,status&group=service");
    let narrowing = chosen.all("form[role=search] input[type=hidden]", "value");
    assert_eq!(narrowing, ["all", "severity,status", "service"], "narrowing keeps them");
    let first = ana.get("/findings?view=all&cols=id").await;
    assert_eq!(first.all("#findings thead th", "scope").len(), 1);

    let oldest = ana.get("/findings?view=all&q=sort%3Acreated").await;
    assert_eq!(oldest.all("#findings th[aria-sort]", "aria-sort"), ["ascending"]);
    assert_eq!(oldest.all("#findings tbody a[href^=\"/findings/\"]", "href"), ["/findings/FND-1", "/findings/FND-2"]);
    let needing = ana.get("/findings").await;
    assert!(needing.has("#findings th[scope=rowgroup]") && !needing.has("#findings th[aria-sort]"));
    assert!(!ana.get("/findings?group=none").await.has("#findings th[scope=rowgroup]"));

    let runs = ana.get("/runs?group=experiment&cols=created,when").await;
    assert!(runs.says("#runs th[scope=rowgroup]").contains("EXP-1"), "{}", runs.says("main"));
    assert!(runs.has("#runs th[aria-sort=descending]") && !runs.has("#runs input[name=ids]"));
    let experiments = ana.get("/experiments?group=status&cols=updated").await;
    assert!(experiments.has("#experiments th[scope=rowgroup]") && !experiments.has("#experiments th[aria-sort]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_saved_as_it_is_shown_and_opens_so() {
    const SHOWN: &str = "/findings?view=all&q=type%3Afinding%20sort%3Acreated&cols=severity,status&group=service";
    const VIEWS: &str = "main nav[aria-label=\"Saved views\"] a";
    let story = Story::new().await;
    story.finding("alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get("/findings?view=all&q=sort%3Acreated&cols=severity,status&group=service").await;
    let refused = ana.fill(&page, "/views", &[("name", ""), ("query", "type:run")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("#views-name-error") && refused.has("#views-query-error"), "{}", refused.says("main"));
    assert!(refused.form("/views").contains(&("columns".into(), "severity,status".into())));
    let typed = [("name", "By service"), ("query", "type:finding sort:created"), ("pinned", "on")];
    let sent = ana.fill(&refused, "/views", &typed).await;
    assert_eq!(sent.header("location"), SHOWN, "{}", sent.says("main"));

    let opened = ana.get(SHOWN).await;
    assert_eq!(opened.all(VIEWS, "href"), [SHOWN]);
    assert_eq!(opened.all(VIEWS, "aria-current"), ["page"]);
    assert!(opened.has("#findings th[scope=rowgroup][colspan=\"3\"]"), "{}", opened.says("main"));
    assert!(!ana.get("/runs").await.has(VIEWS), "it is of another list");
    assert_eq!(ana.get("/search").await.all(VIEWS, "href"), [SHOWN]);
    let pinned = ana.get("/runs").await.all("nav.rail ul[aria-label=\"Pinned views\"] a", "href");
    assert_eq!(pinned, [SHOWN.to_owned(), "/search#views".to_owned()]);

    let actions = opened.all("main form", "action");
    let change = actions.iter().find(|action| action.ends_with("/edit")).unwrap();
    let fewer = ana.get(&SHOWN.replace("severity,status", "status")).await;
    let changed = ana.fill(&fewer, change, &[("name", "By service, in short")]).await;
    assert_eq!(changed.header("location"), SHOWN.replace("severity,status", "status"), "{}", changed.says("main"));

    let token = token(&mut ana, "all").await;
    let sent = json!({ "name": "Runs", "query": "type:run", "list": "run", "columns": "mood" }).to_string();
    let refused = call(&story.world, "POST", "/api/v1/views", &token, &sent).await;
    assert_eq!(refused.value()["fields"][0]["pointer"], json!("/columns"), "{}", refused.text());
    let listed = ana.get("/api/v1/views").await.value();
    let view = &listed["views"][0];
    assert_eq!(
        (&view["list"], &view["columns"], &view["group"]),
        (&json!("finding"), &json!("status"), &json!("service"))
    );
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    assert!(!vera.get(SHOWN).await.has(VIEWS), "it is private");
}
