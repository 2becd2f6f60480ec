//! The table of operations against what is really mounted, shown and written down.

use std::collections::{BTreeSet, VecDeque};

use axum::http::{Method, StatusCode};
use notebook::actor::{Act, Role};
use serde_json::Value;
use server::operations::{FACE, Operation, Twin};

use crate::{
    described::{operation, table},
    programs::{call, token},
    story::Story,
    world::{Browser, World},
};

/// An address as somebody calls it, with ids that could exist.
fn called(operation: &Operation, face: &str) -> String {
    let document = server::openapi::document();
    let described = &document["paths"][operation.address()][operation.method.as_str().to_lowercase()];
    let parts = described["parameters"].as_array().unwrap().iter().filter(|parameter| parameter["in"] == "path");
    parts.fold(format!("{face}{}", operation.path), |address, part| {
        let schema = &part["schema"];
        let shape = schema["$ref"].as_str().map_or(schema, |link| document.pointer(&link[1..]).unwrap());
        let value = match (&shape["examples"][0], shape["type"].as_str()) {
            (Value::String(example), _) => example.clone(),
            (_, Some("integer")) => "1".to_owned(),
            _ => "some".to_owned(),
        };
        address.replace(&format!("{{{}}}", part["name"].as_str().unwrap()), &value)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_and_every_form_is_mounted_where_the_table_says() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    for operation in &table().operations {
        let address = called(operation, FACE);
        let answer = call(&world, operation.method.as_str(), &address, "", "").await;
        let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
        match operation.act {
            Some(_) => assert_eq!((answer.status.as_u16(), code.as_str()), (401, "sign_in"), "{address}"),
            None => assert!([409, 422].contains(&answer.status.as_u16()), "{address}: {}", answer.status),
        }
        let other = if operation.is_read() { Method::DELETE } else { Method::PUT };
        let wrong = call(&world, other.as_str(), &address, "", "").await;
        assert_eq!((wrong.status.as_u16(), wrong.json()["code"].as_str()), (405, Some("wrong_method")), "{address}");
    }
    let forms = table().operations.iter().filter(|operation| operation.form.is_some());
    let forms: Vec<String> = forms
        .map(|operation| called(operation, ""))
        .chain(table().forms.iter().map(|form| form.path.clone()))
        .collect();
    for form in forms {
        let answer = world.browser().post(&form, &[]).await;
        assert!(![404, 405].contains(&answer.status.as_u16()), "{form}: {}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_below_the_api_that_is_none_is_a_problem() {
    let world = World::new().await;
    for path in ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/runs/RUN-1/nothing"] {
        let answer = call(&world, "GET", path, "", "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, "application/problem+json"),
            "{path}"
        );
    }
}

#[test]
fn every_act_of_the_notebook_has_an_operation() {
    let covered: BTreeSet<&str> =
        table().operations.iter().filter_map(|operation| operation.act).map(Act::word).collect();
    // Whole notebooks are carried by the operator at the machine; no page does it either.
    let acts = Act::ALL.iter().filter(|act| !matches!(act, Act::CarryOut | Act::CarryIn));
    let missing: Vec<&str> = acts.map(|act| act.word()).filter(|word| !covered.contains(word)).collect();
    assert!(missing.is_empty(), "no operation takes the right to {missing:?}");
}

/// A form's address against one of the table.
fn fits(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<_>, Vec<_>) = (path.split('/').collect(), pattern.split('/').collect());
    path.len() == pattern.len()
        && path.iter().zip(&pattern).all(|(part, known)| known.starts_with('{') || part == known)
}

/// The pages one can get to by links, and where their forms are sent to.
async fn forms_of_all_pages(browser: &mut Browser) -> BTreeSet<String> {
    let (mut seen, mut forms) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting = VecDeque::from(["/".to_owned()]);
    while let Some(path) = waiting.pop_front() {
        let own = path.split(['#', '?']).next().unwrap_or_default().to_owned();
        let is_page = path.starts_with('/') && !path.starts_with("/_a/") && !path.starts_with(FACE);
        if !is_page || own.ends_with("/document") || !seen.insert(own) {
            continue;
        }
        let page = browser.get(&path).await;
        if page.status != StatusCode::OK || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        forms.extend(page.all("form[method=post]", "action"));
        waiting.extend(page.all("a[href]", "href"));
    }
    forms
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_every_page_has_its_twin_for_programs() {
    let story = Story::new().await;
    let finding = story.finding("Alerts are late").await;
    let fix = story.fix(finding, "Shorter timeout").await;
    story.deploy(fix).await;
    story.world.person("Zoe", Role::Admin).await;
    let mut zoe = story.world.browser();
    zoe.sign_in("Zoe").await;
    let mut forms = forms_of_all_pages(&mut zoe).await;
    let mut nobody = story.world.browser();
    forms.extend(forms_of_all_pages(&mut nobody).await);
    assert!(forms.len() > 30, "the walk is broken: {forms:?}");
    for form in &forms {
        let by_program = table().operations.iter().any(|operation| {
            operation.form.as_deref().is_some_and(|own| fits(form, own)) && operation.method == Method::POST
        });
        let explained = table().forms.iter().find(|own| fits(form, &own.path)).is_some_and(|own| match own.twin {
            Twin::Operation(id) => operation(id).method == Method::POST,
            Twin::None(_) => ["/login", "/logout", "/reading"].contains(&own.path.as_str()),
        });
        assert!(by_program || explained, "{form} cannot be done by a program");
    }
}

#[test]
fn the_description_in_the_repository_is_the_present_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let kept: Value =
        std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    assert!(
        kept == *server::openapi::document(),
        "docs/openapi.json is another one. If the change is meant, renew it: target/debug/retrial openapi > docs/openapi.json"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_for_those_who_are_signed_in() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Viewer).await;
    let token = token(&mut ana, "read").await;
    let described = call(&world, "GET", "/api/v1/openapi.json", &token, "").await;
    assert_eq!((described.status, described.json()["openapi"].as_str()), (StatusCode::OK, Some("3.1.0")));
    assert_eq!(call(&world, "GET", "/api/v1/openapi.json", "", "").await.status, StatusCode::UNAUTHORIZED);

    let page = ana.get("/api/docs").await;
    assert_eq!((page.status, page.says("h1").as_str()), (StatusCode::OK, "API for programs"));
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let mut anchors = BTreeSet::new();
    let words = page.all("h2 > a", "href");
    for page in std::iter::once("/api/docs").chain(words.iter().map(String::as_str)) {
        let page = ana.get(page).await;
        assert_eq!(page.status, StatusCode::OK);
        let own: BTreeSet<String> = page.all("[id]", "id").into_iter().collect();
        for link in page.all("a[href]", "href") {
            assert!(link.starts_with(['/', '#']), "{link} leads outside");
            let place = link.strip_prefix('#');
            assert!(place.is_none_or(|place| own.contains(place)), "{link} leads nowhere");
        }
        anchors.extend(own);
    }
    for operation in &table().operations {
        assert!(anchors.contains(&operation.id()), "{}", operation.id());
    }
    let runs = ana.get("/api/docs/runs").await;
    assert!(runs.text().contains("Bearer $RETRIAL_TOKEN") && runs.has("#shape-Run"));
    assert_eq!(ana.get("/api/docs/nothing").await.status, StatusCode::NOT_FOUND);
    let nobody = world.browser().get("/api/docs").await;
    assert_eq!((nobody.status, nobody.header("location")), (StatusCode::SEE_OTHER, "/login?next=%2Fapi%2Fdocs"));
    for page in ["/help", "/profile"] {
        assert!(ana.get(page).await.has("a[href=\"/api/docs\"]"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_followed_by_its_links_to_the_end() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let token = token(&mut ana, "all").await;
    for name in ["kafka", "ingest", "home", "alerting", "zookeeper"] {
        let made = call(&world, "POST", "/api/v1/services/add", &token, &format!(r#"{{"name": "{name}"}}"#)).await;
        assert!(made.status.is_success(), "{}", made.text());
    }
    let (mut names, mut next) = (Vec::new(), "/api/v1/services?limit=2&q=".to_owned());
    loop {
        let page = call(&world, "GET", &next, &token, "").await;
        let json = page.json();
        names.extend(json["services"].as_array().unwrap().iter().map(|row| row["service"]["slug"].to_string()));
        let link = page.header("link");
        assert_eq!(json["more"] == true, !link.is_empty(), "{link}");
        let Some(address) =
            link.strip_prefix("<http://127.0.0.1:7340").and_then(|rest| rest.strip_suffix(">; rel=\"next\""))
        else {
            break;
        };
        next = address.to_owned();
    }
    assert_eq!(names.join(" "), r#""alerting" "home" "ingest" "kafka" "zookeeper""#);
    for (path, field) in [
        ("/api/v1/services?limit=0", "limit"),
        ("/api/v1/runs?limit=201", "limit"),
        ("/api/v1/runs?sort=title", "sort"),
        ("/api/v1/people?after=ana", "after"),
    ] {
        let refused = call(&world, "GET", path, &token, "").await;
        let named = (refused.status.as_u16(), refused.json()["fields"][0]["field"].clone());
        assert_eq!(named, (422, Value::String(field.into())), "{path}");
    }
}
