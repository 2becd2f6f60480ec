//! P1: the page of a closed run, signed in, as Retrial draws it and as a hand-written peer does. Both
//! stand in one server behind the same guard and layers, and read through the same acts.

pub mod story;
mod reading;
mod peer;
mod text;

use std::path::Path;

use app::paths;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path as At,
    http::{Request, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use http_body_util::BodyExt as _;
use notebook::{actor::Role, id::RunId};
use server::{
    guard::Seat,
    observe::{self, LogFormat, LogLevel},
    router::router_beside,
};
use tower::ServiceExt as _;

use crate::{
    Result, Settings, Side,
    process::{self, Running},
    report::{self, Ratio},
    rounds::{self, Measure, Rounds, Spread},
    world::{self, PASSWORD, World},
    wrk::Load,
};
use reading::Read;

/// As many at once as a busy team has.
const CONNECTIONS: usize = 32;

const PEER: &str = "/bench/by-hand";
/// Reads what the page reads, and sends bytes made before.
const READING: &str = "/bench/reading";
/// Sends bytes made before.
const READY: &str = "/bench/ready";

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let side = Running::start(Side::Pages, folder.path(), None)?;
    let [port, cookie, run, own_bytes, peer_bytes] = &side.words[..] else {
        return Err("the server of pages said something else".into());
    };
    let on = |path: String| -> Measure<'_> {
        let load = Load {
            url: format!("http://127.0.0.1:{port}{path}"),
            connections: CONNECTIONS,
            seconds: settings.seconds,
            headers: vec![format!("Cookie: {cookie}")],
            script: None,
        };
        let side = &side;
        Box::new(move || load.on(side))
    };
    let sides = vec![
        ("Retrial", on(format!("/runs/{run}"))),
        ("axum + maud, by hand", on(format!("{PEER}/{run}"))),
        ("the same reading, ready-made bytes", on(format!("{READING}/{run}"))),
        ("ready-made bytes", on(format!("{READY}/{run}"))),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    let title = format!("P1: a closed run's page, signed in; {own_bytes} bytes of HTML, by hand {peer_bytes}");
    report::print(
        &title,
        &found,
        &[
            Ratio { words: "Retrial over maud", over: 0, under: 1, goal: Some(0.5) },
            Ratio { words: "Retrial over ready-made bytes", over: 0, under: 3, goal: None },
        ],
    );
    let drawing = drawing(&found);
    println!("  drawing alone, by CPU: {:.2} ({:.2} to {:.2}); goal 0.35", drawing.median, drawing.min, drawing.max);
    Ok(())
}

/// What is left of a page's cost without the guard and the reading: the peer's over ours.
fn drawing(found: &Rounds) -> Spread {
    let cpu = |place: usize| found.sides[place].stretches.iter().map(|stretch| stretch.cpu_us);
    Spread::of(cpu(0).zip(cpu(1)).zip(cpu(2)).map(|((own, peer), reading)| (peer - reading) / (own - reading)))
}

/// The whole site with the peer's pages beside its own.
pub async fn serve(folder: &Path) -> Result<()> {
    observe::start(LogLevel::default(), LogFormat::Text);
    let clock = story::clock();
    let world = World::fill(folder, clock.clone()).await?;
    let run = story::tell(&world, &clock).await?;
    world::person(&world.notebook, "Vera", Role::Viewer).await?;
    let listener = server::listen::bind("127.0.0.1:0".parse()?)?;
    let state = world.state(folder, listener.local_addr()?);

    let bare = router_beside(state.clone(), Router::new().route(&format!("{PEER}/{{id}}"), get(peer::show)));
    let cookie = sign_in(&bare).await?;
    let own = page(&bare, &paths::run(run), &cookie).await?;
    let peer = page(&bare, &format!("{PEER}/{run}"), &cookie).await?;
    text::same(&own, &peer)?;

    let ready = Bytes::from(own.clone());
    let (read, sent) = (ready.clone(), ready);
    let more = Router::new()
        .route(&format!("{PEER}/{{id}}"), get(peer::show))
        .route(&format!("{READING}/{{id}}"), get(move |seat, id| after_reading(seat, id, read.clone())))
        .route(&format!("{READY}/{{id}}"), get(move || std::future::ready(Html(sent.clone()))));
    let router = router_beside(state, more);
    let port = listener.local_addr()?.port();
    let server = tokio::spawn(server::listen::serve_until(listener, router, axum_server::Handle::new()));
    let (own, peer) = (own.len().to_string(), peer.len().to_string());
    process::ready(&[&port.to_string(), &cookie, &run.to_string(), &own, &peer])?;
    process::until_told().await?;
    server.abort();
    Ok(())
}

async fn after_reading(Seat(desk): Seat, At(id): At<RunId>, bytes: Bytes) -> Response {
    match Read::of(desk, id).await {
        Ok(_) => Html(bytes).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The cookie of Vera, a reader: somebody who sees the record and few forms.
pub async fn sign_in(router: &Router) -> Result<String> {
    let body = format!("email={}&password={}", world::email("Vera").replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let request = Request::post("/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))?;
    let answer = router.clone().oneshot(request).await?;
    let cookies = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let login = cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with("retrial="));
    Ok(login.ok_or("nobody could sign in")?.to_owned())
}

async fn page(router: &Router, path: &str, cookie: &str) -> Result<String> {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty())?;
    let answer = router.clone().oneshot(request).await?;
    let status = answer.status();
    let bytes = answer.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        return Err(format!("{path} answers {status}").into());
    }
    Ok(String::from_utf8(bytes.to_vec())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_page_by_hand_says_what_ours_says() {
        let folder = tempfile::tempdir().unwrap();
        let clock = story::clock();
        let world = World::fill(folder.path(), clock.clone()).await.unwrap();
        let run = story::tell(&world, &clock).await.unwrap();
        world::person(&world.notebook, "Vera", Role::Viewer).await.unwrap();
        let state = world.state(folder.path(), "127.0.0.1:7340".parse().unwrap());
        let router = router_beside(state, Router::new().route(&format!("{PEER}/{{id}}"), get(peer::show)));
        let cookie = sign_in(&router).await.unwrap();
        for id in [RunId::of(1), run] {
            let own = page(&router, &paths::run(id), &cookie).await.unwrap();
            let peer = page(&router, &format!("{PEER}/{id}"), &cookie).await.unwrap();
            text::same(&own, &peer).unwrap();
            assert!(own.len() > 10_000, "{}", own.len());
        }
    }
}
