//! Templates through their pages and forms, and from an empty place of the coverage map into the form.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::{Story, read};

const CREATE: &str = "/experiments/create";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_and_leads_into_a_filled_form() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/templates").await;
    for words in ["Restart one node of a quorum", "zone-loss", "A certificate", "comes with Retrial"] {
        assert!(page.says("#templates").contains(words), "{words}: {}", page.says("#templates"));
    }
    let page = ana.get("/templates?requires=disk").await;
    assert_eq!(
        page.all("#templates tbody a", "href"),
        ["/templates/full-disk", "/experiments/new?template=full-disk%401"]
    );
    assert!(ana.get("/templates?fault=dns-failure&requires=disk").await.has(".empty"));

    let page = ana.get("/templates/full-disk").await;
    for words in ["few programs have seen one", "A write that was acknowledged is missing", "disk is nearly full"] {
        assert!(page.says("main").contains(words), "{words}: {}", page.says("main"));
    }
    assert!(page.has("main form[method=get][action=\"/experiments/new\"] select[name=service]"));
    let form = ana.get("/experiments/new?template=full-disk%401&service=zookeeper&environment=production").await;
    let fields = form.form(CREATE);
    for (name, value) in [
        ("template", "full-disk@1"),
        ("title", "Fill a disk"),
        ("fault_kind", "disk-full"),
        ("environment", "production"),
        ("checks.0.measure", "records lost or changed"),
        ("signals.0.signal", "disk is nearly full"),
        ("revert_deadline", "3 min"),
    ] {
        assert!(fields.contains(&(name.into(), value.into())), "{name}={value} in {fields:?}");
    }
    assert!(fields.iter().any(|(name, value)| name.starts_with("services.") && value == "zookeeper"), "{fields:?}");
    assert!(form.says("aside").contains("Filled from full-disk@1"), "{}", form.says("aside"));

    // Refused once: what the form began from comes back with what was typed.
    let refused = ana.fill(&form, CREATE, &[("title", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&refused, CREATE, &[("title", "Fill the disk of zk-1"), ("revert_owner", "Ana")]).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/experiments/EXP-2"),
        "{}",
        sent.says("main")
    );
    let page = ana.get("/experiments/EXP-2").await;
    assert!(page.has("aside a[href=\"/templates/full-disk/versions/1\"]"), "{}", read(&page, "aside"));
    let history = ana.get("/experiments/EXP-2?view=history").await.says("main");
    assert!(history.contains("began from the template full-disk@1"), "{history}");
    assert!(ana.get("/templates/full-disk").await.says("#uses").contains("Fill the disk of zk-1 EXP-2 @1"));
    for missing in ["/templates/nothing", "/templates/full-disk/versions/2", "/experiments/new?template=nothing%401"] {
        assert_eq!(ana.get(missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_plan_is_promoted_renewed_and_retired_by_forms() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let experiment = ana.get("/experiments/EXP-1").await;
    assert!(experiment.has("main a[href=\"/experiments/EXP-1/promote\"]"), "{}", experiment.says("main"));
    let page = ana.get("/experiments/EXP-1/promote").await;
    let refused = ana.fill(&page, "/experiments/EXP-1/promote", &[("slug", "full-disk"), ("about", "Ours.")]).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.says("main"));
    assert!(refused.says("main").contains("belongs to another template"), "{}", refused.says("main"));
    assert!(refused.form("/experiments/EXP-1/promote").contains(&("about".into(), "Ours.".into())));
    let typed = [("slug", ""), ("name", "Restart one of ours"), ("requires.0", "quorum")];
    let sent = ana.fill(&refused, "/experiments/EXP-1/promote", &typed).await;
    assert_eq!(sent.header("location"), "/templates/restart-one-of-ours", "{}", sent.says("main"));

    let page = ana.get("/templates/restart-one-of-ours").await;
    assert!(page.says("main").contains("Ours.") && page.has("aside a[href=\"/experiments/EXP-1/plan/1\"]"));
    let form = ana.get("/templates/restart-one-of-ours/renew").await;
    let action = "/templates/restart-one-of-ours/renew";
    let wrong = ana.fill(&form, action, &[("experiment", "RUN-1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&wrong, action, &[("experiment", "EXP-1"), ("about", "Ours, again.")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let stale = ana.fill(&form, action, &[("about", "Mine.")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert!(stale.form(action).contains(&("about".into(), "Mine.".into())));
    let old = ana.get("/templates/restart-one-of-ours/versions/1").await;
    assert!(old.says("main").contains("This is an earlier version"), "{}", old.says("main"));

    let page = ana.get("/templates/restart-one-of-ours").await;
    let silent = ana.fill(&page, "/templates/restart-one-of-ours/retire", &[]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&silent, "/templates/restart-one-of-ours/retire", &[("reason", "Nobody runs it")]).await;
    assert_eq!(sent.header("location"), "/templates/restart-one-of-ours", "{}", sent.says("main"));
    let retired = ana.get("/templates?retired=on").await;
    assert!(retired.says("#templates").contains("Restart one of ours") && !retired.says("#templates").contains("Use"));
    assert!(!ana.get("/templates").await.says("#templates").contains("Restart one of ours"));
    let history = ana.get("/templates/restart-one-of-ours").await.says("main");
    for words in ["made it of EXP-1@1", "added version 2 out of EXP-1@1", "Nobody runs it"] {
        assert!(history.contains(words), "{words}: {history}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_place_of_the_coverage_map_leads_to_a_template_on_that_service() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/services/new").await;
    ana.fill(&page, "/services/add", &[("name", "Kafka"), ("stateful", "on")]).await;
    let links = ana.get("/coverage").await.all("#coverage td a", "href");
    let full = |service: &str| format!("/experiments/new?template=full-disk%401&service={service}");
    assert!(links.contains(&full("kafka")), "{links:?}");
    assert!(!links.contains(&full("alerting")), "it keeps no data: {links:?}");
    let map = ana.get("/coverage").await;
    assert!(map.says("#coverage td.together li").contains("never tried"), "in front: {}", map.says("#coverage"));
    let after = ana.get("/coverage?after=kafka").await;
    assert!(!after.says("#coverage").contains("Kafka") && after.says("#coverage").contains("zookeeper"));
    assert!(after.has("nav[aria-label=\"Pages of the coverage map\"] a[href=\"/coverage\"]"));
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    let map = viewer.get("/coverage").await;
    assert!(map.says("#coverage").contains("never tried") && map.says("#coverage").contains("disk-full"));
    assert!(!map.all("#coverage td a", "href").iter().any(|link| link.contains("template=")));
    assert_eq!(viewer.get("/experiments/EXP-1/promote").await.status, StatusCode::FORBIDDEN);
    assert!(!viewer.get("/experiments/EXP-1").await.has("a[href=\"/experiments/EXP-1/promote\"]"));
}
