//! A database of one's own on the throw-away PostgreSQL that a test run offers.

#[path = "../../../notebook/tests/shared/postgres.rs"]
mod shared;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// The address of a fresh database, empty or a copy of another one; None where no server is offered.
#[expect(clippy::disallowed_methods, reason = "xtask tells the tests where the programs are by its environment")]
pub fn fresh(copied: Option<&str>) -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // One at a time: PostgreSQL refuses to copy what somebody else is copying from.
    static TURN: Mutex<()> = Mutex::new(());
    let server = shared::offered()?;
    let folder = std::env::var_os("RETRIAL_POSTGRES_PROGRAMS");
    let createdb = folder.map_or_else(|| PathBuf::from("createdb"), |folder| Path::new(&folder).join("createdb"));
    let name = format!("retrial_servers_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let mut making = Command::new(&createdb);
    making.args(["--maintenance-db", &server]);
    if let Some((_, database)) = copied.and_then(|address| address.split('?').next()?.rsplit_once('/')) {
        making.args(["--template", database]);
    }
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = making.arg(&name).output();
    drop(turn);
    let made = made.unwrap_or_else(|trouble| panic!("{}: {trouble}", createdb.display()));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(shared::with_database(&server, &name))
}
