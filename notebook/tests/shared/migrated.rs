//! An embedded database with every step of the schema taken: taken once in each test program, and copied for each test.

use std::path::Path;

use notebook::db::{Db, Place};
use tokio::sync::OnceCell;

/// The database, and what its log may still hold.
const FILES: [&str; 2] = ["retrial.db", "retrial.db-wal"];

/// Puts the database into a folder that has none.
pub async fn put_into(folder: &Path) {
    // In memory, so that nothing of it is left behind.
    static TEMPLATE: OnceCell<Vec<(&str, Vec<u8>)>> = OnceCell::const_new();
    for (name, bytes) in TEMPLATE.get_or_init(taken).await {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

async fn taken() -> Vec<(&'static str, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let (db, new) = Db::open(&Place::Folder(folder.path().to_owned())).await.unwrap();
    assert!(new > 0, "the steps are taken here");
    db.close().await;
    let there = FILES.into_iter().filter(|name| folder.path().join(name).exists());
    there.map(|name| (name, std::fs::read(folder.path().join(name)).unwrap())).collect()
}
