//! P6: one row as JSON, through sqlx as acts read and through rusqlite. Bare axum on both sides.

mod sql;

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path as At, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use notebook::desk::{Notebook, WallClock};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::{
    Result, Settings, Side,
    process::{self, Running},
    report::{self, Ratio},
    rounds::{self, Measure},
    world::World,
    wrk::Load,
};

const CONNECTIONS: usize = 32;
/// Runs among which the load jumps about.
const RUNS: i64 = 10_000;
/// As many as the notebook's own pool has.
const PEER_CONNECTIONS: usize = 4;

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let script = folder.path().join("load.lua");
    std::fs::write(&script, include_str!("load.lua"))?;
    let side = Running::start(Side::Reads, &folder.path().join("data"), None)?;
    let [port] = &side.words[..] else { return Err("the server of reads said something else".into()) };
    let on = |path: &str| -> Measure<'_> {
        let load = Load {
            url: format!("http://127.0.0.1:{port}"),
            connections: CONNECTIONS,
            seconds: settings.seconds,
            headers: Vec::new(),
            script: Some((&script, vec![path.to_owned(), RUNS.to_string()])),
        };
        let side = &side;
        Box::new(move || load.on(side))
    };
    let sides = vec![
        ("sqlx, as acts read one row", on("/sqlx")),
        ("rusqlite, on the spot", on("/on-the-spot")),
        ("rusqlite, on a blocking thread", on("/aside")),
        ("sqlx, in a transaction", on("/in-a-transaction")),
        ("no database", on("/nothing")),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    report::print(
        "P6: one run as JSON by its number, 10,000 runs",
        &found,
        &[
            Ratio { words: "sqlx over rusqlite on the spot", over: 0, under: 1, goal: Some(0.5) },
            Ratio { words: "sqlx over rusqlite aside", over: 0, under: 2, goal: Some(0.5) },
        ],
    );
    Ok(())
}

#[derive(Clone)]
struct Both {
    notebook: Notebook,
    peer: Arc<Mutex<Vec<Connection>>>,
    /// Whoever holds one finds a connection.
    turns: Arc<Semaphore>,
}

pub async fn serve(folder: &Path) -> Result<()> {
    let world = World::fill(folder, Arc::new(WallClock)).await?;
    world.start("zk-1").await?;
    let file = folder.join("retrial.db");
    sql::fill(&file, RUNS)?;
    let peer = (0..PEER_CONNECTIONS).map(|_| sql::open(&file)).collect::<Result<Vec<_>>>()?;
    let turns = Arc::new(Semaphore::new(PEER_CONNECTIONS));
    let both = Both { notebook: world.notebook, peer: Arc::new(Mutex::new(peer)), turns };
    let router = Router::new()
        .route("/sqlx/{id}", get(by_sqlx))
        .route("/in-a-transaction/{id}", get(in_a_transaction))
        .route("/on-the-spot/{id}", get(on_the_spot))
        .route("/aside/{id}", get(aside))
        .route("/nothing/{id}", get(nothing))
        .with_state(both);
    let listener = server::listen::bind("127.0.0.1:0".parse()?)?;
    let port = listener.local_addr()?.port();
    let server = tokio::spawn(server::listen::serve_until(listener, router, axum_server::Handle::new()));
    process::ready(&[&port.to_string()])?;
    process::until_told().await?;
    server.abort();
    Ok(())
}

fn answer(found: Result<Option<sql::Row>>) -> Response {
    match found {
        Ok(Some(row)) => Json(row).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn by_sqlx(State(both): State<Both>, At(id): At<i64>) -> Response {
    let found = async {
        let mut tx = both.notebook.db.begin_glance().await?;
        sql::by_sqlx(&mut tx, id).await
    };
    answer(found.await)
}

/// As acts read that need several statements to see one state.
async fn in_a_transaction(State(both): State<Both>, At(id): At<i64>) -> Response {
    let found = async {
        let mut tx = both.notebook.db.begin_read().await?;
        sql::by_sqlx(&mut tx, id).await
    };
    answer(found.await)
}

impl Both {
    /// With a connection of the peer; it goes back even if the work fails.
    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let poisoned = || "a thread broke while it held the connections";
        let connection = self.peer.lock().map_err(|_| poisoned())?.pop().ok_or("every connection is taken")?;
        let done = work(&connection);
        self.peer.lock().map_err(|_| poisoned())?.push(connection);
        done
    }
}

/// The quickest way there is: no other thread, while it lasts nothing else runs on this one.
async fn on_the_spot(State(both): State<Both>, At(id): At<i64>) -> Response {
    answer(both.with(|connection| sql::by_rusqlite(connection, id)))
}

/// As asynchronous servers are told to call what blocks.
async fn aside(State(both): State<Both>, At(id): At<i64>) -> Response {
    let Ok(_turn) = both.turns.clone().acquire_owned().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    match tokio::task::spawn_blocking(move || both.with(|connection| sql::by_rusqlite(connection, id))).await {
        Ok(found) => answer(found),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What is left without any query: the share of axum, hyper and the socket.
async fn nothing(At(id): At<i64>) -> Response {
    Json(serde_json::json!({ "id": id, "title": "Restart one ZooKeeper" })).into_response()
}
