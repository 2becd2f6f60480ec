//! Which requests may change something: twelve ways to say where they come from, three ways to say who sends them.

use axum::{
    body::Body,
    http::{Request, header},
};
use notebook::{
    actor::Role,
    people::{TokenDraft, acts},
};

use crate::world::{World, answer};

/// Sec-Fetch-Site, Origin, and whether a form with a login cookie may pass.
const TABLE: [(Option<&str>, Option<&str>, bool); 12] = [
    (Some("same-origin"), None, true),
    (Some("same-origin"), Some("OWN"), true),
    (Some("none"), None, true),
    (Some("same-site"), Some("https://other.example.org"), false),
    (Some("same-site"), None, false),
    (Some("cross-site"), Some("https://evil.example"), false),
    (Some("cross-site"), None, false),
    (None, Some("OWN"), true),
    (None, Some("null"), false),
    (None, Some("https://evil.example"), false),
    // The scheme counts: a page served over http must not act on the https site.
    (None, Some("SCHEME"), false),
    (None, None, false),
];

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_pages_change_something() {
    for world in [World::new().await, World::https().await] {
        let browser = world.signed_in("Ana", Role::Admin).await;
        let cookie =
            browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let ana = world.notebook.desk(
            notebook::actor::Actor::Person(
                acts::find_by_email(&world.system(), "ana@example.org").await.unwrap().as_person(),
            ),
            notebook::actor::Via::Form,
        );
        let draft = TokenDraft { name: "ci".into(), scope: "all".into(), days: String::new() };
        let (_, token) = acts::make_token(&ana, &draft).await.unwrap();

        for route in ["/people/solo", "/theme", "/logout", "/login", "/api/v1/people/solo"] {
            for (site, from, expected) in TABLE {
                for carries in ["cookie", "token", "none"] {
                    let from = from.map(|from| match from {
                        "OWN" => world.origin.clone(),
                        "SCHEME" if world.origin.starts_with("https") => world.origin.replace("https://", "http://"),
                        "SCHEME" => world.origin.replace("http://", "https://"),
                        other => other.to_owned(),
                    });
                    let host = world.origin.split("://").nth(1).unwrap();
                    let mut request = Request::post(route).header(header::HOST, host);
                    request = request.header(
                        header::CONTENT_TYPE,
                        if route.starts_with("/api/") {
                            "application/json"
                        } else {
                            "application/x-www-form-urlencoded"
                        },
                    );
                    if let Some(site) = site {
                        request = request.header("sec-fetch-site", site);
                    }
                    if let Some(from) = &from {
                        request = request.header(header::ORIGIN, from);
                    }
                    match carries {
                        "cookie" => request = request.header(header::COOKIE, &cookie),
                        "token" => request = request.header(header::AUTHORIZATION, format!("Bearer {token}")),
                        _ => {}
                    }
                    // A program without a browser names no origin, and has no cookie that could be abused.
                    let headerless = site.is_none() && from.is_none();
                    let passes = expected || (headerless && carries != "cookie");
                    let answer = answer(&world.router, request.body(Body::empty()).unwrap()).await;
                    let refused =
                        answer.status == 403 && answer.text().contains("did not come from a page of this notebook");
                    assert_eq!(
                        !refused, passes,
                        "{route} site {site:?} origin {from:?} with {carries}: {}",
                        answer.status
                    );
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_has_changed_nothing() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let cookie = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let request = Request::post("/people/solo")
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body("solo=on".into())
        .unwrap();
    assert_eq!(answer(&world.router, request).await.status, 403);
    assert!(!acts::solo(&world.system()).await.unwrap());
    browser.post("/people/solo", &[("solo", "on")]).await;
    assert!(acts::solo(&world.system()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_is_free_from_everywhere() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    for path in ["/login", "/help"] {
        let request = Request::get(path)
            .header("sec-fetch-site", "cross-site")
            .header(header::ORIGIN, "https://evil.example")
            .body(Body::empty())
            .unwrap();
        assert_eq!(answer(&world.router, request).await.status, 200, "{path}");
    }
}
