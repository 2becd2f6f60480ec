//! The site's files, when it has been built.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::world::{World, answer};

#[tokio::test(flavor = "multi_thread")]
async fn every_file_the_head_names_is_there() {
    let world = World::new().await;
    let page = world.browser().get("/help").await;
    let links = page.all("head link[href]", "href");
    assert!(links.iter().any(|href| href.ends_with("/pkg/retrial.css")), "{links:?}");
    assert!(links.iter().any(|href| href.ends_with("/pkg/retrial_bg.wasm")), "{links:?}");
    let root = server::assets::root();
    assert!(links.iter().all(|href| href.starts_with(&root)), "{links:?}");
    if !std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site/pkg/retrial.css")).exists() {
        eprintln!("no site is built: the files of the head were not asked for");
        return;
    }
    for href in links {
        let request = Request::get(&href).header(header::ACCEPT_ENCODING, "br").body(Body::empty()).unwrap();
        let answer = answer(&world.router, request).await;
        assert_eq!(answer.status, StatusCode::OK, "{href}");
        assert!(answer.header("cache-control").contains("immutable"), "{href}");
        assert_ne!(answer.header("content-type"), "application/octet-stream", "{href}");
        assert!(!answer.header("vary").contains("cookie"), "{href}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_build_is_not_handed_out() {
    let world = World::new().await;
    for path in ["/_a/000000000000/pkg/retrial.css", "/_a/x/../pkg/retrial.css"] {
        assert_eq!(world.browser().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let missing = format!("{}/pkg/nothing.css", server::assets::root());
    assert_eq!(world.browser().get(&missing).await.status, StatusCode::NOT_FOUND);
}
