//! Documents from a browser: files, pasted text, and what happens to those that are refused.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::actor::Role;

use crate::{
    story::Story,
    world::{Answer, Browser, World},
};

pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../notebook/tests/documents/chaostoolkit");

pub fn journal(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}.json")).unwrap()
}

const BOUNDARY: &str = "----retrial7340";

/// What a browser sends for the import form.
fn multipart(fields: &[(&str, &str)], file: Option<&[u8]>) -> Vec<u8> {
    multipart_of(fields, "document", file)
}

/// What a browser sends for a form whose file is in the field with this name.
fn multipart_of(fields: &[(&str, &str)], name: &str, file: Option<&[u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").into_bytes(),
        );
    }
    let named = if file.is_some() { "journal.json" } else { "" };
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{named}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend(file.unwrap_or_default());
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    body
}

pub async fn send(browser: &mut Browser, fields: &[(&str, &str)], file: Option<&[u8]>) -> Answer {
    send_to(browser, "/import", multipart(fields, file)).await
}

/// Sends a form with a file, wherever it stands.
pub async fn send_file(browser: &mut Browser, action: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
    send_to(browser, action, multipart_of(fields, file.0, Some(file.1))).await
}

async fn send_to(browser: &mut Browser, action: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(action)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

fn imported(page: &Answer) -> usize {
    page.all("#imports tbody tr", "class").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_becomes_a_run_that_only_proposes() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/import").await;
    assert_eq!(page.all("form[action='/import']", "enctype"), ["multipart/form-data"]);
    assert!(page.all("select[name=experiment] option", "value").contains(&"EXP-1".to_owned()));
    let answer =
        send(&mut ana, &[("experiment", "EXP-1"), ("targets", "zk-1"), ("text", "")], Some(&journal("deviated"))).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/import/1"), "{}", answer.text());
    let shown = ana.get("/import/1").await;
    assert!(shown.says(".flash").contains("RUN-2 created"), "{}", shown.says(".flash"));
    let answers = shown.says(".answers");
    for proposed in ["Proposed: finished", "Proposed: valid", "Proposed: refuted"] {
        assert!(answers.contains(proposed), "{answers}");
    }
    assert!(shown.has("#checks tbody tr") && shown.has("#steps tbody tr") && shown.has(".why li"), "{}", shown.text());
    assert_eq!(shown.all("main .primary", "href"), ["/runs/RUN-2"]);
    assert!(!shown.has("form[action='/import/1/attach']"), "it has its experiment");
    let run = ana.get("/runs/RUN-2").await;
    assert!(run.text().contains("Verdict due"), "nothing is signed");

    let again = send(&mut ana, &[("experiment", "EXP-1"), ("text", "")], Some(&journal("deviated"))).await;
    assert_eq!(again.header("location"), "/import/1");
    assert!(ana.get("/import/1").await.says(".flash").contains("was here already: it is RUN-2"));
    assert_eq!(imported(&ana.get("/import").await), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_text_waits_and_then_becomes_a_new_experiment() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let text = String::from_utf8(journal("nan_output")).unwrap();
    assert!(text.contains("NaN"), "the fixture holds what JSON does not");
    let answer = send(&mut ana, &[("experiment", "later"), ("text", &text)], None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let waiting = ana.get("/import/1").await;
    assert!(waiting.text().contains("waits for its experiment"), "{}", waiting.text());
    let action = "/import/1/attach";
    let refused = ana.fill(&waiting, action, &[("experiment", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.all("[name=experiment]", "aria-invalid"), ["true"]);
    let typed = [("experiment", "new"), ("services.0", "alerting"), ("environment", "production"), ("targets", "a-1")];
    let attached = ana.fill(&refused, action, &typed).await;
    assert_eq!(
        (attached.status, attached.header("location")),
        (StatusCode::SEE_OTHER, "/import/1"),
        "{}",
        attached.text()
    );
    let shown = ana.get("/import/1").await;
    assert!(shown.all("main a", "href").contains(&"/experiments/EXP-2".to_owned()), "{}", shown.text());
    assert!(shown.says(".answers").contains("Proposed: inconclusive"), "{}", shown.says(".answers"));
    let late = ana.post(action, &[("experiment", "EXP-1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "one document is one run");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_document_comes_back_with_its_place_beside_the_field() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let broken = "{\n  \"start\": ,\n  \"</textarea><script>alert(1)</script>\": 1\n}";
    for file in [None, Some(broken.as_bytes())] {
        let pasted = if file.is_some() { "" } else { broken };
        let answer = send(&mut ana, &[("experiment", "later"), ("targets", "zk-1"), ("text", pasted)], file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.says("h1"), "Import");
        let fields = answer.form("/import");
        assert!(fields.contains(&("text".into(), broken.into())), "a file comes back as text: {fields:?}");
        assert!(fields.contains(&("targets".into(), "zk-1".into())), "{fields:?}");
        assert!(fields.contains(&("experiment".into(), "later".into())), "{fields:?}");
        assert!(answer.says(".field .error").contains("line 2, column"), "{}", answer.says(".field .error"));
        assert_eq!(answer.all("[name=text]", "aria-invalid"), ["true"]);
        assert!(!answer.text().contains("<script>alert"), "it stays text");
    }
    let nothing = send(&mut ana, &[("text", " \r\n")], None).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.says(".errors").contains("choose a file, or paste"), "{}", nothing.says(".errors"));
    assert!(ana.get("/import").await.text().contains("Nothing imported yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_the_document_is_named_by_its_pointer() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let mut document: serde_json::Value = serde_json::from_slice(&journal("passed")).unwrap();
    document["start"] = "yesterday".into();
    let answer = send(&mut ana, &[("text", &document.to_string())], None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.says(".field .error").contains("/start is \"yesterday\""), "{}", answer.says(".field .error"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_over_the_limit_shows_the_form_again_and_says_the_limit() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let large = vec![b' '; notebook::limits::IMPORT_FORM_BYTES_MAX + 1];
    let answer = send(&mut ana, &[("text", "")], Some(&large)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.says("h1"), "Import");
    let says = answer.says("form[action='/import'] [role=status]");
    assert!(
        says.contains("larger than the limit of 10 MiB") && says.contains("nothing of the form was read"),
        "{says}"
    );
    // Between the limits of the document and of the form around it.
    let little_more = vec![b'['; notebook::limits::IMPORT_BYTES_MAX + 1];
    let answer = send(&mut ana, &[("text", "")], Some(&little_more)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.says(".errors").contains("larger than the limit of 10 MiB"), "{}", answer.says(".errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_form_is_no_document_and_a_torn_one_is_refused() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let plain = ana.post("/import", &[("text", "{}")]).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let whole = multipart(&[("text", "{}")], None);
    let request = Request::post("/import")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(whole[..whole.len() / 2].to_vec()))
        .unwrap();
    assert_eq!(ana.send(request).await.status, StatusCode::BAD_REQUEST);
    assert!(ana.get("/import").await.text().contains("Nothing imported yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kept_document_is_a_file_without_secrets() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    send(&mut ana, &[("text", "")], Some(&journal("passed"))).await;
    for path in ["/import/1/document", "/api/v1/import/1/document"] {
        let file = ana.get(path).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "application/json"));
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"import-1.json\"");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.text().contains("[redacted]") && file.json()["status"] == "completed");
    }
    for (path, status) in [
        ("/import/2/document", StatusCode::NOT_FOUND),
        ("/import/x/document", StatusCode::NOT_FOUND),
        ("/import/2", StatusCode::NOT_FOUND),
        ("/import/0", StatusCode::NOT_FOUND),
        ("/import/x", StatusCode::NOT_FOUND),
        ("/api/v1/import/2", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(ana.get(path).await.status, status, "{path}");
    }
    let nobody = world.browser().get("/import/1/document").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert!(!nobody.text().contains("completed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_import_sees_results_and_no_form() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    send(&mut ana, &[("text", "")], Some(&journal("passed"))).await;
    let mut viewer = world.signed_in("Vera", Role::Viewer).await;
    let page = viewer.get("/import").await;
    assert!(imported(&page) == 1 && !page.has("form[action='/import']"), "{}", page.text());
    assert!(!viewer.get("/import/1").await.has("form[action='/import/1/attach']"));
    assert_eq!(send(&mut viewer, &[("text", "{}")], None).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_pasted_after_the_login_ended_is_kept_over_signing_in() {
    let world = World::new().await;
    world.person("Ana", Role::Contributor).await;
    let mut browser = world.browser();
    let stopped = send(&mut browser, &[("experiment", "later"), ("text", "{\"title\": 1}")], None).await;
    assert_eq!(stopped.status, StatusCode::UNAUTHORIZED);
    let typed = [("email", "ana@example.org"), ("password", crate::world::PASSWORD)];
    let back = browser.fill(&stopped, "/login", &typed).await;
    assert_eq!(back.says("h1"), "Import", "{}", back.text());
    assert!(back.form("/import").contains(&("text".into(), "{\"title\": 1}".into())));
    let large = "x".repeat(600 * 1024);
    let stopped = send(&mut world.browser(), &[("text", &large)], None).await;
    assert_eq!(stopped.status, StatusCode::UNAUTHORIZED);
    assert!(stopped.body.len() < 100_000, "what the sign-in form could not send is not put into it");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_form_imports_nothing() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let request = Request::post("/import")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://elsewhere.example")
        .body(Body::from(multipart(&[("text", "")], Some(&journal("passed")))))
        .unwrap();
    assert_eq!(ana.send(request).await.status, StatusCode::FORBIDDEN);
    assert!(ana.get("/import").await.text().contains("Nothing imported yet"));
}
