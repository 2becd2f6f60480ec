//! A notebook with a team and an approved experiment, filled through the acts as people fill one.

use std::{path::Path, sync::Arc};

use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place},
    desk::{Clock, Desk, Notebook},
    experiments::{self, Draft, draft::SignalRow},
    id::{ExperimentId, RunId},
    people::{self, NewAccount},
    runs::{
        self,
        drafts::{AtDraft, CheckDraft, PlanDraft, StartDraft, TargetDraft},
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};
use server::state::{AppState, BaseUrl, Site};

use crate::{
    Result,
    plan::{check, restart_one_zookeeper},
    ready::make_ready,
};

const STEADY: &str = "clients-connected|before|every";

pub const PASSWORD: &str = "correct horse battery";

pub struct World {
    pub notebook: Notebook,
    /// Plans and runs.
    pub ana: Desk,
    /// Reads plans, and judges.
    pub ben: Desk,
    pub experiment: ExperimentId,
}

impl World {
    pub async fn fill(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Self::fill_at(&Place::Folder(folder.to_owned()), clock).await
    }

    pub async fn fill_at(place: &Place, clock: Arc<dyn Clock>) -> Result<Self> {
        let (db, _) = Db::open(place).await?;
        let notebook = Notebook::new(db, clock);
        let system = notebook.desk(Actor::System, Via::CommandLine);
        people::acts::identify_notebook(&system).await?;
        let production =
            EnvironmentDraft { name: "production".into(), class: "other".into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&system, &production).await?;
        for name in ["zookeeper", "alerting", "config-management"] {
            services::acts::add(&system, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await?;
        }
        let ana = person(&notebook, "Ana", Role::Contributor).await?;
        let ben = person(&notebook, "Ben", Role::Contributor).await?;
        let experiment = approved(&ana, &ben, &whole_plan()).await?;
        Ok(Self { notebook, ana, ben, experiment })
    }

    /// A run whose fault has begun, on one target.
    pub async fn start(&self, target: &str) -> Result<RunId> {
        self.start_of(self.experiment, target).await
    }

    /// The same on a service of its own: runs on one service at the same time refuse each other.
    pub async fn start_apart(&self, number: usize) -> Result<RunId> {
        let service = format!("cell-{number}");
        services::acts::add(&self.ana, &ServiceDraft { name: service.clone(), ..ServiceDraft::default() }).await?;
        let plan = Draft { services: vec![service], ..whole_plan() };
        self.start_of(approved(&self.ana, &self.ben, &plan).await?, "zk-1").await
    }

    async fn start_of(&self, experiment: ExperimentId, target: &str) -> Result<RunId> {
        let crew = PlanDraft {
            experiment: experiment.to_string(),
            owner: "Ana".into(),
            coordinator: "Ben".into(),
            reporter: "Chris".into(),
            observers: "Dana\nEmil".into(),
            note: "First try after the change of the election timeout.".into(),
            ..PlanDraft::default()
        };
        let id = runs::acts::plan(&self.ana, &crew).await?.id;
        let named =
            |name: &str, hit: &str| TargetDraft { name: name.into(), hit: hit.into(), ..TargetDraft::default() };
        // The plan looks at the steady state first.
        let steady = CheckDraft { check: STEADY.into(), seen: "held".into(), ..CheckDraft::default() };
        runs::acts::answer_check(&self.ana, id, &steady).await?;
        make_ready(&self.ana, &self.ben, id).await?;
        let targets = ["zk-1", "zk-2", "zk-3"].map(|name| named(name, if name == target { "on" } else { "" }));
        runs::acts::start(&self.ana, id, &StartDraft { targets: targets.to_vec(), ..StartDraft::default() }).await?;
        runs::acts::begin_fault(&self.ana, id, &AtDraft::default()).await?;
        Ok(id)
    }

    /// The state of a server that listens there.
    pub fn state(&self, folder: &Path, listen: std::net::SocketAddr) -> AppState {
        let site = Site { base: BaseUrl::of(listen), listen, data_dir: folder.to_owned(), allow_insecure_http: false };
        AppState::new(self.notebook.clone(), site)
    }
}

async fn approved(author: &Desk, reader: &Desk, plan: &Draft) -> Result<ExperimentId> {
    let experiment = experiments::acts::create(author, plan).await?.id;
    experiments::acts::request_review(author, experiment).await?;
    experiments::acts::approve(reader, experiment, 1, "").await?;
    Ok(experiment)
}

pub fn email(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

pub async fn person(notebook: &Notebook, name: &str, role: Role) -> Result<Desk> {
    let draft = NewAccount {
        email: email(name),
        name: name.into(),
        role: role.word().into(),
        password: PASSWORD.into(),
        zone: "Europe/Berlin".into(),
    };
    let account = people::acts::add(&notebook.desk(Actor::System, Via::CommandLine), &draft).await?;
    Ok(notebook.desk(Actor::Person(account.as_person()), Via::Form))
}

/// The plan with everything a page of a run can show.
fn whole_plan() -> Draft {
    let mut plan = restart_one_zookeeper();
    plan.checks.insert(1, check("clients-connected", "before", "every", "holds", "", ""));
    plan.signals = vec![SignalRow {
        signal: "zk-leader-changed".into(),
        expect: "fire".into(),
        time: "60 s".into(),
        ..SignalRow::default()
    }];
    plan
}
