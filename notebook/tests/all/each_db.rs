//! A clean notebook for each story, on SQLite always and on PostgreSQL where one is offered.

use std::{
    iter::Sum,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place, Tx},
    desk::{Desk, Notebook, SetClock},
    people,
    time::Moment,
};
use tokio::sync::OnceCell;

use crate::{migrated, postgres};

/// Monday, 2 November 2026, 10:00 UTC: where every story's clock begins.
pub const START: i64 = 1_793_613_600_000_000;

pub struct Book {
    pub notebook: Notebook,
    pub clock: Arc<SetClock>,
    folder: Option<tempfile::TempDir>,
}

impl Book {
    /// In a folder of its own, with a copy of one migrated database.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        migrated::put_into(folder.path()).await;
        let (db, _) = Db::open(&Place::Folder(folder.path().to_owned())).await.unwrap();
        Self::over(db, Some(folder))
    }

    /// A database of its own, copied from one migrated template. `None` where no server is offered.
    pub async fn postgres() -> Option<Self> {
        static TEMPLATE: OnceCell<()> = OnceCell::const_new();
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = postgres::offered()?;
        let process = std::process::id();
        let template = format!("retrial_template_{process}");
        TEMPLATE
            .get_or_init(|| async {
                execute(&server, &format!("create database {template}")).await;
                let (db, _) = Db::open(&Place::Server(postgres::with_database(&server, &template))).await.unwrap();
                db.close().await;
            })
            .await;
        let name = format!("retrial_{process}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let how = how_it_copies(&server).await;
        execute(&server, &format!("create database {name} template {template}{how}")).await;
        let (db, _) = Db::open(&Place::Server(postgres::with_database(&server, &name))).await.unwrap();
        Some(Self::over(db, None))
    }

    fn over(db: Db, folder: Option<tempfile::TempDir>) -> Self {
        let clock = Arc::new(SetClock::at(Moment::from_micros(START)));
        Self { notebook: Notebook::new(db, clock.clone()), clock, folder }
    }

    /// In a folder that is somebody else's to look after.
    pub async fn at(place: &Place) -> Self {
        let (db, _) = Db::open(place).await.unwrap();
        Self::over(db, None)
    }

    /// Only looking, beside whoever has it open.
    pub async fn looking_at(place: &Place) -> Self {
        Self::over(Db::look(place).await.unwrap(), None)
    }

    /// A desk for somebody who has an account.
    pub async fn desk_of(&self, email: &str) -> Desk {
        let account = people::acts::find_by_email(&self.system(), email).await.unwrap();
        self.notebook.desk(Actor::Person(account.as_person()), Via::Form)
    }

    /// The embedded database's file.
    pub fn file(&self) -> std::path::PathBuf {
        self.folder.as_ref().unwrap().path().join("retrial.db")
    }

    /// Runs statements as they are, in one transaction.
    pub async fn execute(&self, statements: &str) {
        let text = sqlx::AssertSqlSafe(statements.to_owned());
        let mut tx = self.notebook.db.begin_write().await.unwrap();
        match &mut tx {
            Tx::Sqlite(inner) => drop(sqlx::Executor::execute(&mut **inner, text).await.unwrap()),
            Tx::Postgres(inner) => drop(sqlx::Executor::execute(&mut **inner, text).await.unwrap()),
        }
        tx.commit().await.unwrap();
    }

    /// A database in which nothing was ever made. `None` where no server is offered.
    pub async fn empty_postgres(name: &str) -> Option<Place> {
        let server = postgres::offered()?;
        let name = format!("retrial_{}_{name}", std::process::id());
        execute(&server, &format!("create database {name}")).await;
        Some(Place::Server(postgres::with_database(&server, &name)))
    }

    pub fn system(&self) -> Desk {
        self.notebook.desk(Actor::System, Via::CommandLine)
    }

    /// What four servers do at the same time, added up.
    pub async fn by_four<T, F>(&self, act: impl Fn(Desk) -> F) -> T
    where
        T: Sum + Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let servers: Vec<_> = (0..4).map(|_| tokio::spawn(act(self.system()))).collect();
        let mut done = Vec::new();
        for server in servers {
            done.push(server.await.unwrap());
        }
        done.into_iter().sum()
    }

    pub fn nobody(&self) -> Desk {
        self.notebook.desk(Actor::Nobody, Via::Form)
    }

    /// A desk for a new person called `name`.
    pub async fn person(&self, name: &str, role: Role) -> Desk {
        let draft = people::NewAccount {
            email: format!("{}@example.org", name.to_lowercase()),
            name: name.into(),
            role: role.word().into(),
            password: String::new(),
            zone: "Europe/Berlin".into(),
        };
        let account = people::acts::add(&self.system(), &draft).await.unwrap();
        self.notebook.desk(Actor::Person(account.as_person()), Via::Form)
    }
}

/// File by file where the server can be told to: nothing of it waits for the disk, and the log stays short.
async fn how_it_copies(server: &str) -> &'static str {
    use sqlx::Connection;
    const KNOWS: &str = "select cast(current_setting('server_version_num') as integer) >= 150000";
    static HOW: OnceCell<&str> = OnceCell::const_new();
    let asked = || async {
        let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
        let knows: bool = sqlx::query_scalar(KNOWS).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        if knows { " strategy file_copy" } else { "" }
    };
    HOW.get_or_init(asked).await
}

async fn execute(server: &str, statement: &str) {
    use sqlx::{Connection, Executor};
    // One at a time: PostgreSQL refuses to copy a template that somebody else is copying from.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = TURN.lock().await;
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(statement.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

/// `each_db!(a_sentence, book => { … });`: one story, two tests.
macro_rules! each_db {
    ($name:ident, $book:ident => $body:block) => {
        mod $name {
            use super::*;
            async fn story($book: &crate::each_db::Book) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story(&crate::each_db::Book::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(book) = crate::each_db::Book::postgres().await {
                    story(&book).await;
                }
            }
        }
    };
}
