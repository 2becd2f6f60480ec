//! The notebook of a campaign: prepared before its server runs, looked at after it ended.

use std::{path::Path, sync::Arc};

use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place},
    desk::{Desk, Notebook, WallClock},
    people::{NewAccount, TokenDraft, acts},
    services::{self, ServiceDraft},
};

pub const EMAIL: &str = "ana@example.org";
pub const PASSWORD: &str = "correct horse battery";

/// Where one notebook is kept, and the token of its admin's program.
pub struct Book {
    pub place: Place,
    pub folder: tempfile::TempDir,
    pub token: String,
}

impl Book {
    pub async fn in_a_folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().to_owned());
        Self::prepared(place, folder).await
    }

    /// None where no PostgreSQL is offered.
    pub async fn on_postgres() -> Option<Self> {
        let place = Place::Server(crate::postgres::fresh()?);
        Some(Self::prepared(place, tempfile::tempdir().unwrap()).await)
    }

    /// One admin with a token and a password, the first environments, and the service `ingest`.
    async fn prepared(place: Place, folder: tempfile::TempDir) -> Self {
        let notebook = open(&place).await;
        let system = notebook.desk(Actor::System, Via::System);
        services::acts::first_environments(&system).await.unwrap();
        services::acts::add(&system, &ServiceDraft { name: "ingest".into(), ..ServiceDraft::default() }).await.unwrap();
        let ana = NewAccount {
            email: EMAIL.into(),
            name: "Ana".into(),
            role: Role::Admin.word().into(),
            password: PASSWORD.into(),
            zone: "UTC".into(),
        };
        let ana = acts::add(&system, &ana).await.unwrap();
        let desk = notebook.desk(Actor::Person(ana.as_person()), Via::Form);
        let draft = TokenDraft { name: "campaign".into(), scope: "all".into(), days: String::new() };
        let token = acts::make_token(&desk, &draft).await.unwrap().1;
        notebook.db.close().await;
        Self { place, folder, token }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub const fn engine(&self) -> &'static str {
        match self.place {
            Place::Folder(_) => "SQLite",
            Place::Server(_) => "PostgreSQL",
        }
    }

    /// A desk at the notebook itself; no server may run on its folder.
    pub async fn desk(&self) -> Desk {
        open(&self.place).await.desk(Actor::System, Via::System)
    }
}

async fn open(place: &Place) -> Notebook {
    let (db, _) = Db::open(place).await.unwrap();
    Notebook::new(db, Arc::new(WallClock))
}
