//! Notes of a run through its page and for programs: commands, pins, links and images.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::limits::EVIDENCE_BYTES_MAX;

use crate::{
    imports::send_file,
    programs::token,
    runs::{send, started},
    story::Story,
    world::{Answer, Browser, World, answer},
};

/// As much of an image as is looked at.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const OBSERVE: &str = "/runs/RUN-2/observe";
const ATTACH: &str = "/runs/RUN-2/attach-image";

async fn write(browser: &mut Browser, page: &Answer, text: &str) -> Answer {
    send(browser, page, OBSERVE, &[("text", text), ("kind", "expected")]).await
}

/// A body alone, as a program sends it.
async fn post(world: &World, token: &str, path: &str, kind: &str, key: &str, body: &[u8]) -> Answer {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, kind).header("idempotency-key", key);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    answer(&world.router, request.body(Body::from(body.to_vec())).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_in_a_plain_form_and_the_page_says_what_was_understood() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    assert!(page.says("#observe").contains("/metric p99=412ms"), "{}", page.says("#observe"));

    let sent = write(&mut ana, &page, "zk-1 is gone\n/unexpected\n/t -1m\n/pin\n/check 1 38 s").await;
    assert_eq!(sent.header("location"), "/runs/RUN-2#o1", "{}", sent.says(".errors"));
    let page = ana.get("/runs/RUN-2").await;
    let said = page.says(".flash");
    assert!(said.contains("unexpected, pinned, of ") && said.contains("alert-gap, during: 38 s recorded."), "{said}");
    assert!(page.says("#o1").contains("Unexpected") && !page.says("#o1").contains("/pin"), "{}", page.says("#o1"));
    assert!(page.says("#checks").contains("1. alert-gap"), "{}", page.says("#checks"));

    let sent = write(&mut ana, &page, "/finding Alerts stop & stay away").await;
    let form = sent.header("location").to_owned();
    assert!(form.starts_with("/findings/new?run=RUN-2&note=2&title="), "{form}");
    let finding = ana.get(&form).await.form("/findings");
    assert!(finding.contains(&("title".into(), "Alerts stop & stay away".into())), "{finding:?}");
    assert!(finding.iter().any(|(name, value)| name == "summary" && value.starts_with("RUN-2#o2: ")), "{finding:?}");

    let sent = write(&mut ana, &page, "/abort own effect: the queue grows").await;
    let abort = ana.get(sent.header("location")).await;
    assert!(abort.says(".flash").contains("not aborted yet"), "{}", abort.says(".flash"));
    assert!(abort.has("#abort[open]") && abort.has("#abort [value=own_effect][checked]"), "{}", abort.says("#abort"));
    assert_eq!(abort.says("#abort textarea"), "own effect: the queue grows");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_command_stays_in_the_box_with_the_nearest_known_one() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    let answer = write(&mut ana, &page, "lag\n/unexpcted").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.says(".errors").contains("did you mean /unexpected"), "{}", answer.says(".errors"));
    assert!(answer.form("/runs/RUN-2/observe").contains(&("text".into(), "lag\n/unexpcted".into())));
    assert!(!ana.get("/runs/RUN-2").await.has("#o1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_is_sent_again_is_written_once_with_its_own_time() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    started(&story, &mut ana).await;
    let token = token(&mut ana, "all").await;
    let now = story.world.notebook.now();
    story.world.clock.pass_ms(20_000);
    let address = format!("/api/v1{OBSERVE}");
    for n in [1, 2, 1, 2, 3] {
        let at = now.plus_micros(n * 1_000_000).rfc3339();
        let body = format!(r#"{{"text": "seen {n}", "kind": "expected", "at": "{at}"}}"#);
        let key = format!("note-{n}");
        let sent = post(&story.world, &token, &address, "application/json", &key, body.as_bytes()).await;
        assert_eq!((sent.status, sent.json()["number"].as_i64()), (StatusCode::CREATED, Some(n)), "{}", sent.text());
    }
    let page = ana.get("/runs/RUN-2").await;
    let order = page.all(".log li", "id").into_iter().filter(|id| id.starts_with('o')).collect::<Vec<_>>();
    assert_eq!(order, ["o3", "o2", "o1"], "the newest stands on top");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_not_taken_from_somebody_else_who_signed_in_meanwhile() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    started(&story, &mut ana).await;
    let mut ben = story.world.browser();
    ben.sign_in("Ben").await;
    let writer = story.ana.person_id().unwrap().0.to_string();
    let nobody = story.world.browser();
    for (mut browser, person, expected) in [
        (ben, writer.as_str(), StatusCode::UNAUTHORIZED),
        (nobody, writer.as_str(), StatusCode::UNAUTHORIZED),
        (ana.clone(), "x", StatusCode::UNAUTHORIZED),
        (ana.clone(), writer.as_str(), StatusCode::CREATED),
    ] {
        let request = Request::post(format!("/api/v1{OBSERVE}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", "note-1")
            .header("retrial-person", person);
        let sent = browser.send(request.body(r#"{"text": "lag", "kind": "expected"}"#.into()).unwrap()).await;
        assert_eq!(sent.status, expected, "{}", sent.text());
    }
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("#o1").contains("Ana") && !page.has("#o2"), "{}", page.says("#log"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_is_a_button_of_its_line() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    write(&mut ana, &page, "one").await;
    let page = ana.get("/runs/RUN-2").await;
    let form = page.all("#o1 button", "form");
    assert!(page.has(&format!("form[id='{}'][action='/runs/RUN-2/pin']", form[0])), "{form:?}");
    let sent = send(&mut ana, &page, "/runs/RUN-2/pin", &[("pinned", "on"), ("observation", "1")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2#log");
    let page = ana.get("/runs/RUN-2?log=pinned").await;
    assert_eq!(page.all("#o1 button", "aria-label"), ["Unpin o1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_attached_shown_and_given_back_inert() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    assert_eq!(page.all(&format!("form[action='{ATTACH}']"), "enctype"), ["multipart/form-data"]);
    let says = "The gap <b>\"here\"</b>";
    let sent = send_file(&mut ana, ATTACH, &[("says", says), ("observation", "")], ("image", PNG)).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/runs/RUN-2#e1"), "{}", sent.text());
    let page = ana.get("/runs/RUN-2").await;
    assert_eq!(page.all("#e1 img", "alt"), [says]);
    let address = page.all("#e1 img", "src").remove(0);

    let image = ana.get(&address).await;
    assert_eq!((image.status, image.body.as_slice()), (StatusCode::OK, PNG));
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
        ("cache-control", "private, no-cache"),
    ] {
        assert_eq!(image.header(name), value);
    }
    assert!(image.header("content-disposition").starts_with("attachment; filename=\"RUN-2-"));
    let request = Request::get(&address).header(header::IF_NONE_MATCH, image.header("etag"));
    let again = ana.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(story.world.browser().get(&address).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ana.get(&address.replace("RUN-2", "RUN-1")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_image_is_refused_and_what_was_said_of_it_comes_back() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    started(&story, &mut ana).await;
    for (file, words) in [
        ("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG drawing"),
        ("<!doctype html>", "whatever its name says"),
        ("", "is missing"),
    ] {
        let sent = send_file(&mut ana, ATTACH, &[("says", "The gap")], ("image", file.as_bytes())).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.says(".errors").to_lowercase().contains(&words.to_lowercase()), "{}", sent.says(".errors"));
        assert!(sent.form(ATTACH).contains(&("says".into(), "The gap".into())), "{words}");
    }
    let mut large = PNG.to_vec();
    large.resize(usize::try_from(EVIDENCE_BYTES_MAX).unwrap() + 1, 0);
    let sent = send_file(&mut ana, ATTACH, &[("says", "The gap")], ("image", &large)).await;
    assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE);
    let link = [("link", "javascript:alert(1)"), ("says", "x")];
    let page = ana.get("/runs/RUN-2").await;
    let sent = send(&mut ana, &page, "/runs/RUN-2/attach-link", &link).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!ana.get("/runs/RUN-2").await.has("#e1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sends_an_image_alone_and_only_as_an_image() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    started(&story, &mut ana).await;
    let token = token(&mut ana, "all").await;
    let address = format!("/api/v1{ATTACH}?says=The+gap");
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json"] {
        let sent = post(&story.world, &token, &address, kind, kind.split(';').next().unwrap(), PNG).await;
        assert_eq!(sent.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    for _ in 0..2 {
        let sent = post(&story.world, &token, &address, "image/jpeg", "one", PNG).await;
        assert_eq!((sent.status, sent.header("location")), (StatusCode::CREATED, "/api/v1/runs/RUN-2#e1"));
        assert_eq!(sent.json()["evidence"]["format"], "png", "its content says what it is");
    }
    let svg = post(&story.world, &token, &address, "image/svg+xml", "two", b"<svg/>").await;
    assert_eq!(
        (svg.status, svg.json()["fields"][0]["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("image"))
    );
    let nobody = post(&story.world, "", &address, "image/png", "three", PNG).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
