//! The notebook of a campaign: prepared before its server runs, looked at after it ended.

use std::{path::Path, sync::Arc};

use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place},
    desk::{Desk, Notebook, WallClock},
    experiments::{self, Draft},
    id::RunId,
    people::{NewAccount, RightsDraft, TokenDraft, acts},
    runs::{
        self,
        drafts::{AtDraft, PlanDraft, StartDraft, TargetDraft},
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::{plan::restart_one_zookeeper, ready::make_ready};

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
        let place = Place::Server(crate::postgres::fresh(None)?);
        Some(Self::prepared(place, tempfile::tempdir().unwrap()).await)
    }

    /// One admin with a token and a password, the first environments, and the service `ingest`.
    async fn prepared(place: Place, folder: tempfile::TempDir) -> Self {
        let notebook = open(&place).await;
        let system = notebook.desk(Actor::System, Via::System);
        services::acts::first_environments(&system).await.unwrap();
        // No more careful than elsewhere: a start asks for no budget.
        let careful = EnvironmentDraft {
            name: "Production".into(),
            class: "other".into(),
            version: "1".into(),
            ..EnvironmentDraft::default()
        };
        services::acts::edit_environment(&system, "production", &careful).await.unwrap();
        services::acts::add(&system, &ServiceDraft { name: "ingest".into(), ..ServiceDraft::default() }).await.unwrap();
        let desk = person(&notebook, "Ana", Role::Admin).await;
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

    /// A run whose fault has begun, of an experiment that Ben approved; no server may run yet.
    pub async fn live_run(&self) -> RunId {
        let notebook = open(&self.place).await;
        let ben = person(&notebook, "Ben", Role::Contributor).await;
        let chris = person(&notebook, "Chris", Role::Contributor).await;
        let plan = Draft { services: vec!["ingest".into()], ..restart_one_zookeeper() };
        let experiment = experiments::acts::create(&chris, &plan).await.unwrap().id;
        experiments::acts::request_review(&chris, experiment).await.unwrap();
        experiments::acts::approve(&ben, experiment, 1, "").await.unwrap();
        let crew = PlanDraft {
            experiment: experiment.to_string(),
            owner: "Chris".into(),
            coordinator: "Ben".into(),
            reporter: "Ana".into(),
            ..PlanDraft::default()
        };
        let run = runs::acts::plan(&chris, &crew).await.unwrap().id;
        let target = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
        let start = StartDraft { targets: vec![target], ..StartDraft::default() };
        let reverts = RightsDraft { role: "contributor".into(), can_revert: "on".into(), version: "1".into() };
        acts::set_rights(&notebook.desk(Actor::System, Via::System), chris.person_id().unwrap(), &reverts)
            .await
            .unwrap();
        make_ready(&chris, &ben, run).await.unwrap();
        runs::acts::start(&chris, run, &start).await.unwrap();
        runs::acts::begin_fault(&chris, run, &AtDraft::default()).await.unwrap();
        notebook.db.close().await;
        run
    }

    /// A desk at the notebook itself; no server may run on its folder.
    pub async fn desk(&self) -> Desk {
        open(&self.place).await.desk(Actor::System, Via::System)
    }

    /// The same for Ana.
    pub async fn ana(&self) -> Desk {
        let system = self.desk().await;
        let account = acts::find_by_email(&system, EMAIL).await.unwrap();
        system.notebook.desk(Actor::Person(account.as_person()), Via::Form)
    }
}

async fn person(notebook: &Notebook, name: &str, role: Role) -> Desk {
    let account = NewAccount {
        email: format!("{}@example.org", name.to_lowercase()),
        name: name.into(),
        role: role.word().into(),
        password: PASSWORD.into(),
        zone: "UTC".into(),
    };
    let account = acts::add(&notebook.desk(Actor::System, Via::System), &account).await.unwrap();
    notebook.desk(Actor::Person(account.as_person()), Via::Form)
}

async fn open(place: &Place) -> Notebook {
    let (db, _) = Db::open(place).await.unwrap();
    Notebook::new(db, Arc::new(WallClock))
}
