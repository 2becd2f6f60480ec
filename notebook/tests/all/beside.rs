//! A notebook opened beside the process that holds its folder.

use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place, Tx, migrations::State},
    desk::{Desk, Notebook, WallClock},
    people::{NewAccount, acts},
};
use sqlx::Executor as _;

use crate::each_db::Book;

fn desk(db: &Db) -> Desk {
    Notebook::new(db.clone(), std::sync::Arc::new(WallClock)).desk(Actor::System, Via::CommandLine)
}

async fn add(desk: &Desk, name: &str) {
    let draft = NewAccount {
        email: format!("{name}@example.org"),
        name: name.into(),
        role: Role::Viewer.word().into(),
        ..NewAccount::default()
    };
    acts::add(desk, &draft).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_write_into_one_folder_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let (server, _) = Db::open(&place).await.unwrap();
    let (beside, new) = Db::open_beside(&place).await.unwrap();
    assert_eq!(new, 0, "nothing is migrated beside somebody");

    let writers: Vec<_> = [&server, &beside]
        .into_iter()
        .enumerate()
        .map(|(side, db)| {
            let desk = desk(db);
            tokio::spawn(async move {
                for number in 0..25 {
                    add(&desk, &format!("p{side}-{number}")).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let all = acts::list(&desk(&server)).await.unwrap();
    let numbers: std::collections::BTreeSet<i64> = all.iter().map(|account| account.id.0).collect();
    assert_eq!((all.len(), numbers.len()), (50, 50));
}

#[tokio::test]
async fn beside_another_schema_nothing_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let (server, _) = Db::open(&place).await.unwrap();
    let mut tx = server.begin_write().await.unwrap();
    let Tx::Sqlite(inner) = &mut tx else { panic!("a folder") };
    (&mut **inner)
        .execute("insert into _sqlx_migrations values (999, 'later', current_timestamp, true, x'00', 0)")
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let refused = Db::open_beside(&place).await.err().unwrap();
    assert!(refused.to_string().contains("another schema"), "{refused}");
    let steps = Db::look(&place).await.unwrap().migrations().await.unwrap();
    assert_eq!(steps.last().map(|step| (step.number, step.state)), Some((999, State::Newer)));
    server.close().await;
    drop(server);
    let newer = Db::open(&place).await.err().unwrap();
    assert!(newer.to_string().contains("newer retrial"), "{newer}");
}

#[tokio::test]
async fn a_free_folder_is_taken_and_looking_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    assert!(Db::look(&place).await.err().unwrap().to_string().contains("no notebook"));
    let rehearsed = Db::rehearse(&place).await.unwrap();
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "looking makes nothing");

    let (first, new) = Db::open_beside(&place).await.unwrap();
    assert_eq!(new, rehearsed);
    assert!(Db::open(&place).await.is_err(), "whoever came first holds the folder");
    let steps = first.migrations().await.unwrap();
    assert!(steps.len() == new && steps.iter().all(|step| step.state == State::Applied), "{steps:?}");
    let read_only = Db::look(&place).await.unwrap();
    let desk = desk(&read_only);
    assert!(acts::list(&desk).await.unwrap().is_empty());
    assert!(
        acts::add(
            &desk,
            &NewAccount { email: "a@b".into(), name: "a".into(), role: "viewer".into(), ..NewAccount::default() }
        )
        .await
        .is_err()
    );
}

each_db!(every_step_of_an_open_notebook_is_applied, book => {
    let steps = book.notebook.db.migrations().await.unwrap();
    assert!(!steps.is_empty() && steps.iter().all(|step| step.state == State::Applied), "{steps:?}");
});

/// All steps are taken and taken back.
async fn rehearsed(place: &Place) {
    let steps = Db::rehearse(place).await.unwrap();
    assert!(steps > 0);
    assert_eq!(Db::rehearse(place).await.unwrap(), steps, "the first rehearsal left nothing behind");
    let pending = Db::look(place).await.unwrap().migrations().await.unwrap();
    assert!(pending.len() == steps && pending.iter().all(|step| step.state == State::Pending), "{pending:?}");
    let (_, taken) = Db::open(place).await.unwrap();
    assert_eq!((taken, Db::look(place).await.unwrap().migrations().await.unwrap().len()), (steps, steps));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_takes_every_step_and_takes_it_back() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("retrial.db"), "").unwrap();
    rehearsed(&Place::Folder(folder.path().to_owned())).await;
    if let Some(place) = Book::empty_postgres("rehearsed").await {
        rehearsed(&place).await;
    }
}
