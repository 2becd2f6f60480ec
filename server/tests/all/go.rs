//! The one field that leads anywhere, and the page of keys.

use axum::http::StatusCode;
use notebook::{actor::Role, id::Id};

use crate::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn an_id_a_page_an_act_and_a_name_are_found_and_viewers_are_offered_no_act() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let links = ana.get("/go?q=run-1").await.all("main a", "href");
    assert!(links.contains(&"/runs/RUN-1".to_owned()), "{links:?}");
    let links = ana.get("/go?q=zookeeper").await.all("main a", "href");
    story.finding("zookeeper forgets its sessions").await;
    story.fix(Id::of(1), "zookeeper keeps them").await;
    let found = ana.get("/go?q=keeps").await.all("main a", "href");
    assert!(found.contains(&"/fixes/FIX-1".to_owned()), "{found:?}");
    for href in ["/services/zookeeper", "/experiments/EXP-1", "/runs/RUN-1"] {
        assert!(links.contains(&href.to_owned()), "{href} in {links:?}");
    }
    let page = ana.get("/go").await;
    assert!(page.says("main").contains("Newest runs") && page.has("main a[href=\"/runs/RUN-1\"]"));
    assert!(page.has("main a[href=\"/experiments/new\"]") && !page.has("main a[href=\"/teams/new\"]"));
    let recent = ana.get("/go?as=options&last=FIX-1,nothing,run-1,zookeeper,FIX-99,EXP-1&q=").await;
    let shown = recent.all("#found [aria-label=Recent] a", "href");
    assert_eq!(shown, ["/fixes/FIX-1", "/runs/RUN-1", "/services/zookeeper", "/experiments/EXP-1"]);
    let elsewhere = ana.get("/go?last=FIX-1&q=zookeeper").await;
    assert!(!elsewhere.says("main").contains("Recent") && !page.says("main").contains("Recent"));
    for (address, name) in [("/runs/run-1?refresh=15", "RUN-1"), ("/services/zookeeper", "zookeeper")] {
        assert_eq!(ana.get(address).await.all("head link[rel=canonical]", "data-opened"), [name]);
    }
    assert!(!ana.get("/runs").await.has("head link[data-opened]"), "a list is no thing");
    assert!(page.has("#palette[data-recent^='retrial.opened.']"));
    let search = ana.get("/search?q=restart").await;
    let kept = ana.fill(&search, "/views", &[("name", "What restarts showed")]).await;
    assert_eq!(kept.header("location"), "/search?q=restart", "{}", kept.says("main"));
    let saved = |links: &[String]| links.contains(&"/search?q=restart".to_owned());
    assert!(saved(&ana.get("/go?q=showed").await.all("#found section a", "href")));
    assert!(!saved(&ana.get("/go").await.all("#found section a", "href")), "only pinned ones stand there unasked");
    let listed = ana.get("/go?as=options&q=zookeeper").await;
    let options = listed.all("#found a[role=option][tabindex=\"-1\"]", "href");
    assert_eq!(options.last().map(String::as_str), Some("/search?q=zookeeper"));
    assert_eq!(listed.all("#found", "data-says"), [format!("{} found", options.len() - 1)]);
    assert!(listed.has("#found [role=group] a#option-0") && !listed.has("#found h2, #found li"));
    let none = ana.get("/go?as=options&q=@nobody").await;
    assert!(none.has("#found[data-says^=\"Nothing found\"]") && !none.has("#found *"), "{}", none.text());
    let hostile = ana.get("/go?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(hostile.has(".empty") && !hostile.text().contains("<script>alert"), "{}", hostile.says("main"));
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    assert!(!viewer.get("/go").await.has("main a[href=\"/experiments/new\"]"));
    let keys = ana.get("/help/keyboard").await;
    assert_eq!(keys.status, StatusCode::OK);
    assert!(keys.has("#keys a[href=\"/coverage\"]") && keys.has("main button[name=keys][value=off]"));
    assert!(ana.get("/profile").await.has("#keys a[href=\"/help/keyboard\"]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_finds_people_or_faults_and_pages_stand_there_for_whom_they_are() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let found = "#found a";
    let people = ana.get("/go?q=@AN").await;
    assert!(people.says("#found").contains("People Ana") && !people.says("#found").contains("Ben"));
    let links = people.all(found, "href");
    assert_eq!(links, ["/search?q=owner%3Aana%40example.org%20OR%20by%3Aana%40example.org"]);
    let owned = ana.get(&links[0]).await;
    assert_eq!(owned.status, StatusCode::OK);
    assert!(owned.has("main a[href=\"/experiments/EXP-1\"]"), "{}", owned.says("main"));
    assert!(ana.get("/go?q=@nobody").await.has("#found .empty"));
    let faults = ana.get("/go?q=%23disk").await.all(found, "href");
    assert!(faults.contains(&"/search?q=fault%3Adisk-full".to_owned()), "{faults:?}");
    assert!(ana.get("/go?q=%23kafka").await.has("#found .empty"));
    let finding = story.finding("Alerts stop after a restart").await;
    let of_fault = ana.get("/go?q=%23process-restart").await.all(found, "href");
    let shown = ana.get(of_fault.first().unwrap()).await;
    assert!(shown.has(&format!("main a[href=\"/findings/{finding}\"]")), "{}", shown.says("main"));

    let mut root = story.world.signed_in("Root", Role::Admin).await;
    let (own, all) = (ana.get("/go").await.all(found, "href"), root.get("/go").await.all(found, "href"));
    for (href, for_all) in [
        ("/people", true),
        ("/profile/notifications", true),
        ("/profile/mail", true),
        ("/mail", false),
        ("/webhooks", false),
    ] {
        assert_eq!(own.contains(&href.to_owned()), for_all, "{href}");
        assert!(all.contains(&href.to_owned()), "{href}");
        assert_eq!(ana.get(href).await.status == StatusCode::OK, for_all, "{href}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_carry_what_keys_press_and_rows_stand_as_closely_as_a_browser_chose() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let mut root = story.world.signed_in("Root", Role::Admin).await;
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    let page = ana.get("/runs").await;
    assert!(page.has("tbody tr input[type=checkbox][data-key=x]") && page.has("#key-said[role=status]"));
    assert!(page.has("header button[data-key=d][value=compact]") && !page.has("html[data-density]"));
    let sent = ana.post("/reading", &[("density", "compact"), ("next", "/runs")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/runs"));
    let page = ana.get("/runs").await;
    for (list, made) in [
        ("/runs", "/runs/past"),
        ("/findings", "/findings/new"),
        ("/decisions", "/decisions/new"),
        ("/services", "/services/new"),
    ] {
        let next = root.get(list).await.all("main a[data-key=c]", "href");
        assert_eq!(next, [made], "{list}");
        assert!(!vera.get(list).await.has("[data-key=c]"), "{list}: who only looks makes nothing");
    }
    for (address, canonical) in
        [("/runs/RUN-1?refresh=15", "/runs/RUN-1"), ("/findings?view=all&q=kafka", "/findings?view=all&q=kafka")]
    {
        assert_eq!(ana.get(address).await.all("head link[rel=canonical]", "href"), [canonical]);
    }
    let refused = ana.post("/experiments/create", &[("title", ""), ("_page", "/experiments/new")]).await;
    assert_eq!(refused.all("head link[rel=canonical]", "href"), ["/experiments/new"], "and not where it was sent");
    assert!(!story.world.browser().get("/login").await.has("link[rel=canonical]"), "it may hold a secret");
    assert!(page.has("html[data-density=compact]") && page.has("header button[data-key=d][value=comfortable]"));
    assert!(!story.browser().await.get("/runs").await.has("html[data-density]"), "another browser has its own");
    ana.post("/reading", &[("density", "comfortable"), ("next", "/runs")]).await;
    assert!(!ana.get("/runs").await.has("html[data-density]"));

    let page = ana.get("/help/keyboard").await;
    let says = page.says("#keys");
    for key in [
        "Shift J",
        "Shift K",
        "y Copy the link under",
        "c What comes next",
        "[ The page before",
        "] The next page",
        "d Rows closer",
        "x Choose the row one is on, or not: in lists of runs",
        "Ctrl Enter Send the form one is writing in, from any of its fields",
    ] {
        assert!(says.contains(key), "{key} in {says}");
    }
    let says = page.says("main");
    assert!(says.contains("In the calendar") && says.contains("Page Up, Page Down"), "{says}");
}
