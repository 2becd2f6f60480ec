//! The peer: bare axum and a broadcast channel. What it is told it passes on to whoever is there, and
//! forgets it. No database, no rights, no way back for somebody who missed a line.

use std::{convert::Infallible, path::Path};

use axum::{
    Json, Router,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
    routing::{get, post},
};
use futures_util::stream::unfold;
use notebook::limits::WATCH_BEHIND_MAX;
use serde_json::Value;
use server::listen;
use tokio::sync::broadcast;

use crate::{Result, process};

type Tell = broadcast::Sender<Event>;

pub async fn pass_on(_folder: &Path) -> Result<()> {
    listen::open_many();
    let tell: Tell = broadcast::Sender::new(WATCH_BEHIND_MAX);
    let router = Router::new().route("/say", post(say)).route("/events", get(hear)).with_state(tell);
    let listener = listen::bind("127.0.0.1:0".parse()?)?;
    let port = listener.local_addr()?.port().to_string();
    let server = tokio::spawn(listen::serve_until(listener, router, axum_server::Handle::new()));
    process::ready(&[&port, "/say", "/events", "none none"])?;
    process::until_told().await?;
    server.abort();
    Ok(())
}

async fn say(State(tell): State<Tell>, Json(said): Json<Value>) -> Response {
    // Nobody may be there.
    let _heard = tell.send(Event::default().data(said.to_string()));
    Json(said).into_response()
}

async fn hear(State(tell): State<Tell>) -> Response {
    let events = unfold(tell.subscribe(), |mut hears| async move {
        let event = hears.recv().await.ok()?;
        Some((Ok::<_, Infallible>(event), hears))
    });
    Sse::new(events).into_response()
}
