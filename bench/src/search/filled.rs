//! A notebook of findings on either engine, the site over it, and the engine asked bare.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt as _;
use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place},
    desk::{Desk, Notebook, WallClock},
};
use rusqlite::Connection;
use server::router::router;
use sqlx::PgConnection;
use tower::ServiceExt as _;

use super::sql::{
    postgres::{self, Made},
    sqlite,
};
use crate::{
    Result, Settings, pages,
    world::{self, World},
};

/// On which the notebook is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    Embedded,
    /// At this address.
    Server(String),
}

impl Engine {
    /// SQLite, and PostgreSQL where a server is offered.
    pub fn all() -> Vec<Self> {
        let server = std::env::var("RETRIAL_TEST_POSTGRES").ok().map(Self::Server);
        std::iter::once(Self::Embedded).chain(server).collect()
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Embedded => "SQLite",
            Self::Server(_) => "PostgreSQL",
        }
    }
}

/// A connection of the engine's own driver.
pub enum Bare {
    Embedded(Connection),
    Server(Box<PgConnection>),
}

impl Bare {
    /// The best of the newest things that hold a term.
    pub async fn bounded(&mut self, term: &str) -> Result<usize> {
        match self {
            Self::Embedded(connection) => sqlite::bounded(connection, &format!("\"{term}\"")),
            Self::Server(connection) => postgres::bounded(connection, term).await,
        }
    }

    /// The best of all things that hold a term.
    pub async fn plain(&mut self, term: &str) -> Result<usize> {
        match self {
            Self::Embedded(connection) => sqlite::plain(connection, &format!("\"{term}\"")),
            Self::Server(connection) => postgres::plain(connection, term).await,
        }
    }
}

/// A notebook of findings and the site over it.
pub struct Filled {
    pub world: World,
    pub bare: Bare,
    place: Place,
    router: Router,
    cookie: String,
    made: Option<Made>,
    folder: tempfile::TempDir,
}

impl Filled {
    pub async fn with(settings: &Settings, engine: &Engine, findings: i64) -> Result<Self> {
        let folder = settings.scratch()?;
        let made = match engine {
            Engine::Embedded => None,
            Engine::Server(address) => Some(Made::at(address).await?),
        };
        let at_server = made.as_ref().map(|made| Place::Server(made.address()));
        let place = at_server.unwrap_or_else(|| Place::Folder(folder.path().to_owned()));
        let world = World::fill_at(&place, Arc::new(WallClock)).await?;
        world::person(&world.notebook, "Vera", Role::Viewer).await?;
        let bare = if let Some(made) = &made {
            let mut connection = made.connect().await?;
            postgres::fill(&mut connection, findings).await?;
            Bare::Server(Box::new(connection))
        } else {
            let file = folder.path().join("retrial.db");
            sqlite::fill(&file, findings)?;
            Bare::Embedded(sqlite::open(&file, true)?)
        };
        let router = router(world.state(folder.path(), "127.0.0.1:7340".parse()?));
        let cookie = pages::sign_in(&router).await?;
        Ok(Self { world, bare, place, router, cookie, made, folder })
    }

    /// The embedded engine's file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("retrial.db")
    }

    pub async fn get(&self, path: &str) -> Result<()> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty())?;
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        answer.into_body().collect().await?;
        if status.is_success() { Ok(()) } else { Err(format!("{path} answers {status}").into()) }
    }

    pub async fn search(&self, term: &str) -> Result<()> {
        self.get(&format!("/api/v1/search?limit=20&q={term}")).await
    }

    /// A desk of another program beside the site, as a command at the machine has it.
    pub async fn beside(&self) -> Result<Desk> {
        let (db, _) = Db::open_beside(&self.place).await?;
        Ok(Notebook::new(db, Arc::new(WallClock)).desk(Actor::System, Via::CommandLine))
    }

    /// Leaves no database behind.
    pub async fn end(self) -> Result<()> {
        self.world.notebook.db.close().await;
        drop(self.bare);
        match self.made {
            Some(made) => made.end().await,
            None => Ok(()),
        }
    }
}
