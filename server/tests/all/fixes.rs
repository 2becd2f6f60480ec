//! Fixes through their pages and forms: nothing on them verifies, a rerun does.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::{Story, head, read};

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_begins_on_its_finding() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let mut ana = story.browser().await;
    let page = ana.get("/fixes/new?finding=FND-1").await;
    assert!(page.form("/fixes").contains(&("findings.0".into(), "FND-1".into())));
    let typed =
        [("title", "Quicker election"), ("links", "https://example.org/pr/7\n\n"), ("summary", "A lower tick.")];
    let sent = ana.fill(&page, "/fixes", &typed).await;
    assert_eq!(sent.header("location"), "/fixes/FIX-1", "{}", sent.says("main"));
    let page = ana.get("/fixes/FIX-1").await;
    assert!(head(&page).contains("Proposed"), "{}", head(&page));
    assert!(page.all("main a", "href").contains(&"https://example.org/pr/7".to_owned()));
    assert!(page.says("main").contains("No control sets a standing"));

    let finding = ana.get("/findings/FND-1").await;
    assert!(head(&finding).contains("Fix proposed"), "{}", head(&finding));
    assert_eq!(finding.all(".primary", "href"), ["/fixes/FIX-1#deployments"]);
    assert!(ana.get("/fixes").await.says("table").contains("Quicker election"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_of_nothing_is_refused_with_its_text_kept() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let mut ana = story.browser().await;
    let page = ana.get("/fixes/new").await;
    let typed = [("title", "Quicker election"), ("links", "javascript:alert(1)")];
    let answer = ana.fill(&page, "/fixes", &typed).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Propose fix"));
    let fields = answer.form("/fixes");
    assert!(fields.contains(&("links".into(), "javascript:alert(1)".into())), "{fields:?}");
    let errors = answer.says(".errors");
    assert!(errors.contains("Links") && errors.contains("Findings"), "{errors}");
    let target = answer.all(".errors a", "href");
    assert!(target.iter().all(|href| answer.has(&format!("[id='{}']", &href[1..]))), "each error leads to its field");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_recorded_and_rolled_back() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    story.fix(finding, "Quicker election").await;
    let mut ana = story.browser().await;
    let page = ana.get("/fixes/FIX-1").await;
    let fields = page.form("/fixes/FIX-1/deploy");
    assert!(fields.contains(&("environment".into(), "production".into())), "where the finding is: {fields:?}");
    let typed = [("reference", "v2"), ("at", "2099-01-01T00:00")];
    let future = ana.fill(&page, "/fixes/FIX-1/deploy", &typed).await;
    assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(future.form("/fixes/FIX-1/deploy").contains(&("reference".into(), "v2".into())));

    let sent = ana.fill(&future, "/fixes/FIX-1/deploy", &[("at", "")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get("/fixes/FIX-1").await;
    assert!(head(&page).contains("Deployed (unverified)"), "{}", head(&page));
    assert!(
        page.says("main").contains("Waits for a rerun: a valid, closed run in production"),
        "{}",
        page.says("main")
    );
    assert_eq!(page.all(".primary", "href"), ["/runs/new?experiment=EXP-1"], "the one primary act");
    assert!(page.has("details.why[open]"), "the reasons are what this page is for");

    let back = ana.fill(&page, "/fixes/FIX-1/roll-back", &[("text", "it was slower")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.says(".errors"));
    let page = ana.get("/fixes/FIX-1").await;
    assert!(head(&page).contains("Reverted") && !page.has("form[action$='/roll-back']"));
    let twice = ana.post("/fixes/FIX-1/roll-back", &[("number", "1"), ("text", "again")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rerun_verifies_and_a_closed_ticket_does_not() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    let mut ana = story.browser().await;
    let page = ana.get("/fixes/FIX-1").await;
    assert!(page.says("main").contains("A closed ticket elsewhere proves nothing here"));
    let noted = ana.fill(&page, "/fixes/FIX-1/note-closed-ticket", &[("text", "TICKET-7 is done")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    let page = ana.get("/fixes/FIX-1").await;
    assert!(head(&page).contains("Deployed (unverified)"), "{}", head(&page));
    assert!(page.says("[aria-label='History of FIX-1']").contains("TICKET-7 is done"));

    story.run("38 s", &[(fix, finding, "held")]).await;
    let page = ana.get("/fixes/FIX-1").await;
    assert!(head(&page).contains("Verified"), "{}", head(&page));
    let text = read(&page, "main");
    assert!(text.contains("Verified by RUN-2, fresh until") && text.contains("RUN-2 verifies FIX-1."), "{text}");
    assert!(page.says(".chain ol").contains("verifies FIX-1"), "{}", page.says(".chain ol"));
    let finding = ana.get("/findings/FND-1").await;
    assert!(head(&finding).contains("Verified") && !finding.has(".primary"));
    assert!(ana.get("/findings").await.says(".empty").contains("Nothing needs action"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_fix_takes_no_further_acts() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    story.fix(finding, "Quicker election").await;
    let mut ana = story.browser().await;
    let page = ana.get("/fixes/FIX-1").await;
    let sent = ana.fill(&page, "/fixes/FIX-1/withdraw", &[("text", "another way is better")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = ana.get("/fixes/FIX-1").await;
    assert!(head(&page).contains("Withdrawn") && !page.has("main form"), "{}", head(&page));
    let deploy = ana.post("/fixes/FIX-1/deploy", &[("environment", "production"), ("reference", "v2")]).await;
    assert_eq!(deploy.status, StatusCode::CONFLICT);
    assert_eq!(ana.post("/fixes/FIX-1/withdraw", &[("text", "x")]).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_field_sets_a_standing() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    story.fix(finding, "Quicker election").await;
    let mut ana = story.browser().await;
    for path in ["/fixes/FIX-1", "/fixes/FIX-1/edit", "/findings/FND-1", "/findings/FND-1/edit"] {
        let page = ana.get(path).await;
        for name in page.all("main [name]", "name") {
            assert!(!["standing", "status", "verified", "headline"].contains(&name.as_str()), "{name} on {path}");
        }
    }
    let page = ana.get("/fixes/FIX-1/edit").await;
    let forced = ana.fill(&page, "/fixes/FIX-1/edit", &[("standing", "verified")]).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forced.says(".errors").contains("Is not known here"), "{}", forced.says(".errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_of_a_fix_shows_both_texts() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    story.finding("Clients hang").await;
    story.fix(finding, "Quicker election").await;
    let mut ana = story.browser().await;
    let mine = ana.get("/fixes/FIX-1/edit").await;
    let theirs = ana.fill(&mine, "/fixes/FIX-1/edit", &[("title", "A lower tick")]).await;
    assert_eq!(theirs.header("location"), "/fixes/FIX-1", "{}", theirs.says("main"));
    // The same form once more, as a tab that stayed open would send it.
    let fields = mine.form("/fixes/FIX-1/edit");
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.retain(|(name, _)| !["_once", "title"].contains(name));
    fields.extend([("title", "Two leaders"), ("findings.1", "FND-2")]);
    let stale = ana.post("/fixes/FIX-1/edit", &fields).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let both = read(&stale, "#meanwhile");
    assert!(both.contains("Two leaders") && both.contains("A lower tick") && both.contains("FND-1, FND-2"), "{both}");
    let saved = ana.fill(&stale, "/fixes/FIX-1/edit", &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says(".errors"));
    assert_eq!(ana.get("/fixes/FIX-1").await.says("h1"), "Two leaders");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fixes_and_missing_rights_are_said() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    story.fix(finding, "Quicker election").await;
    let mut ana = story.browser().await;
    for path in ["/fixes/FIX-99", "/fixes/FIX-99/edit", "/fixes/FND-1", "/fixes/new?finding=FND-99"] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ana.post("/fixes/FIX-99/withdraw", &[("text", "x")]).await.status, StatusCode::NOT_FOUND);
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    assert!(!viewer.get("/fixes/FIX-1").await.has("main form"));
    assert_eq!(viewer.post("/fixes/FIX-1/withdraw", &[("text", "x")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_proposes_one_fix() {
    let story = Story::new().await;
    story.finding("Alerts stop").await;
    let mut ana = story.browser().await;
    let page = ana.get("/fixes/new?finding=FND-1").await;
    let first = ana.fill(&page, "/fixes", &[("title", "Quicker election")]).await;
    let second = ana.fill(&page, "/fixes", &[("title", "Quicker election")]).await;
    assert_eq!((first.header("location"), second.header("location")), ("/fixes/FIX-1", "/FIX-1"));
    assert_eq!(ana.get("/fixes/FIX-2").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_what_pages_show_with_the_reasons() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    story.run("38 s", &[(fix, finding, "held")]).await;
    let mut ana = story.browser().await;
    let fix = ana.get("/api/v1/fixes/FIX-1").await.json();
    assert_eq!((fix["standing"].as_str(), fix["fix"]["id"].as_str()), (Some("verified"), Some("FIX-1")));
    let worth = &fix["findings"][0];
    assert_eq!((worth["finding"].as_str(), worth["verified_by"].as_str()), (Some("FND-1"), Some("RUN-2")));
    assert_eq!(worth["standing"]["because"][0]["says"], "RUN-2 verifies FIX-1.");

    let finding = ana.get("/api/v1/findings/fnd-1").await.json();
    assert_eq!(finding["status"]["is"], "verified");
    assert_eq!(finding["fixes"][0]["standing"]["is"], "verified");
    let listed = ana.get("/api/v1/findings?experiment=EXP-1&service=zookeeper").await.json();
    assert_eq!((&listed["findings"][0]["status"], &listed["more"]), (&"verified".into(), &false.into()));
    assert_eq!(ana.get("/api/v1/fixes").await.json()["fixes"][0]["standing"], "verified");
    let decisions = ana.get("/api/v1/decisions?run=RUN-1").await.json();
    assert_eq!(decisions["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(ana.get("/api/v1/decisions/DEC-1").await.json()["standing"]["is"], "in_force");

    for path in ["/api/v1/findings?experiment=RUN-1", "/api/v1/fixes?before=1", "/api/v1/decisions?run=x"] {
        assert_eq!(ana.get(path).await.json()["code"], "unfit", "{path}");
    }
    assert_eq!(ana.get("/api/v1/findings/FND-9").await.json()["code"], "missing");
}
