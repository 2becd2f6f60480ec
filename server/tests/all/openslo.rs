//! SLOs of other tools through the form, the API and the command line, and ours as files.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::limits::{IMPORT_BYTES_MAX, SLO_TEXT_BYTES_MAX};

use crate::{
    imports::send,
    process::{Served, ended, ended_with_input, retrial},
    programs::token,
    story::Story,
    world::{Answer, World, answer},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../notebook/tests/documents/openslo");

fn document(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}.yaml")).unwrap()
}

/// What a pipeline sends.
async fn push(world: &World, token: &str, query: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(format!("/api/v1/import/slos{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, kind)
        .body(body.into())
        .unwrap();
    answer(&world.router, request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_shows_a_table_first_and_then_takes_what_it_said() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let shop = document("shop");
    let refused = send(&mut ana, &[("text", &shop), ("_dry", "on")], None).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "no environment is said");
    assert!(refused.says(".errors").contains("say where these SLOs hold"), "{}", refused.says(".errors"));
    assert!(refused.has("details[open] [name=environment]"), "what is missing is seen");

    let typed = [("text", shop.as_str()), ("environment", "production")];
    let page = send(&mut ana, &[&typed[..], &[("_dry", "on")]].concat(), None).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let table = page.says("#slo-lines");
    for words in [
        "SLO Orders are accepted",
        "Create",
        "Refuse",
        "spec.objectives[0].target is 100 %: no budget would remain to learn with",
        "DataSource metrics",
        "its connection may hold credentials",
        "spec.alertPolicies is not kept",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(page.form("/import").iter().any(|(name, text)| name == "text" && text.contains("orders-accepted")));
    assert!(ana.get("/slos").await.has(".empty"), "nothing is kept yet");

    let taken = send(&mut ana, &typed, Some(shop.as_bytes())).await;
    assert_eq!((taken.status, taken.header("location")), (StatusCode::SEE_OTHER, "/slos"), "{}", taken.text());
    let list = ana.get("/slos").await;
    assert!(
        list.says(".flash").contains("OpenSLO: 6 created, 0 updated, 5 skipped, 1 refused"),
        "{}",
        list.says(".flash")
    );
    assert!(list.says("#slos").contains("Pages are fast"), "{}", list.says("#slos"));
    let slo = ana.get("/slos/SLO-1").await;
    assert!(slo.says("#definition pre").contains("sum(orders_total{state="), "{}", slo.says("#definition"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_text_comes_back_with_its_place() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let broken = format!("{}---\na: 1\na: 2\n", document("sloth-kubernetes"));
    let answer = send(&mut ana, &[("environment", "production"), ("text", &broken)], None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.says(".field .error").contains("line 22"), "{}", answer.says(".field .error"));
    assert!(answer.form("/import").iter().any(|(name, text)| name == "text" && text.contains("clients-content")));
    let wrong = document("sloth-kubernetes").replace("objective: 95", "objective: 100");
    let answer = send(&mut ana, &[("environment", "production"), ("text", &wrong)], None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let says = answer.says(".errors");
    assert!(says.contains("Document 1 (line 1)") && says.contains("spec.slos[0].objective is 100 %"), "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_sends_the_same_text_as_often_as_it_likes() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let token = token(&mut ana, "all").await;
    let push = |query: &'static str, body: String| push(&story.world, &token, query, "application/yaml", body);
    let dry = push("?environment=production&dry_run=true", document("sloth")).await;
    assert_eq!((dry.status, &dry.json()["create"]), (StatusCode::OK, &4.into()), "{}", dry.text());
    let taken = push("?environment=production", document("sloth")).await.json();
    assert_eq!((&taken["format"], &taken["create"], &taken["refuse"]), (&"sloth".into(), &4.into(), &1.into()));
    let good = document("sloth").replace("objective: 100", "objective: 99.5");
    let more = push("?environment=production", good.clone()).await.json();
    assert_eq!((&more["create"], &more["skip"]), (&1.into(), &3.into()), "{more:#}");
    let again = push("?environment=production", good).await.json();
    assert_eq!((&again["create"], &again["update"], &again["skip"]), (&0.into(), &0.into(), &4.into()));
    let refused = push("", document("sloth")).await;
    assert_eq!(
        (refused.status, &refused.json()["fields"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"environment".into())
    );
    let strange = push("?enviroment=production", document("sloth")).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", strange.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn large_and_foreign_bodies_are_refused_at_the_door() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let token = token(&mut ana, "all").await;
    let send = |kind: &'static str, bytes: Vec<u8>| push(&story.world, &token, "?environment=production", kind, bytes);
    for bytes in [SLO_TEXT_BYTES_MAX + 1, IMPORT_BYTES_MAX + 1, 100 * 1024 * 1024] {
        let answer = send("application/yaml", vec![b' '; bytes]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{bytes}: {}", answer.text());
    }
    assert_eq!(send("text/plain", document("shop").into_bytes()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let utf16: Vec<u8> = document("shop").encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [utf16, b"apiVersion: openslo/v1\nkind: \"SLO\0\"\n".to_vec(), b"a: !x b\n".to_vec()] {
        let answer = send("application/yaml", bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["fields"][0]["says"].as_str().unwrap().contains("line "), "{}", answer.text());
    }
    assert!(ana.get("/slos").await.has(".empty"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_are_files_of_openslo() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    send(&mut ana, &[("environment", "production"), ("text", "")], Some(document("shop").as_bytes())).await;
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.all("a", "href").contains(&"/slos/SLO-1/openslo.yaml".to_owned()));
    assert!(ana.get("/slos").await.all("a", "href").contains(&"/slos/openslo.yaml".to_owned()));
    for (path, name, slos) in
        [("/slos/SLO-1/openslo.yaml", "SLO-1.openslo.yaml", 1), ("/slos/openslo.yaml", "slos.openslo.yaml", 4)]
    {
        let file = ana.get(path).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "application/yaml"));
        assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        assert_eq!(file.text().matches("kind: SLO").count(), slos, "{}", file.text());
    }
    assert_eq!(ana.get("/slos/SLO-9/openslo.yaml").await.status, StatusCode::NOT_FOUND);
    assert_eq!(story.world.browser().get("/slos/openslo.yaml").await.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn the_command_line_takes_a_file_beside_a_running_server() {
    let served = Served::new();
    served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
    let shop = format!("{FOLDER}/shop.yaml");
    let import = |more: &[&str]| served.at_home(&[&["import", shop.as_str()], more].concat());
    let unplaced = import(&["--dry-run"]);
    assert!(unplaced.number == 1 && unplaced.err.contains("environment is empty"), "{}", unplaced.err);
    let dry = import(&["--dry-run", "--environment", "production"]);
    assert_eq!(dry.number, 1, "one of them cannot be taken: {}", dry.out);
    assert!(dry.out.contains("create  SLO Orders are accepted (document 4, line "), "{}", dry.out);
    assert!(
        dry.out.contains("This was a dry run; nothing was kept.") && dry.err.contains("1 of them cannot"),
        "{}",
        dry.out
    );
    import(&["--format", "openslo", "--environment", "production"]);
    let again: serde_json::Value =
        serde_json::from_str(&import(&["--environment", "production", "--json", "--dry-run"]).out).unwrap();
    assert_eq!((&again["create"], &again["update"]), (&0.into(), &0.into()), "{again:#}");
    let piped = ended_with_input(
        retrial(served.home.path()).args(["import", "-", "--environment", "staging"]),
        &document("sloth-kubernetes"),
    );
    let told = piped.well().out;
    assert!(told.starts_with("Sloth: ") && told.contains("create  SLO clients-content"), "{told}");
    let nothing = ended(retrial(served.home.path()).args(["import", "gone.yaml"]));
    assert!(nothing.number == 1 && nothing.err.contains("cannot be read"), "{}", nothing.err);
}
