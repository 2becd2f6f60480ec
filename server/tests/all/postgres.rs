//! A database of one's own on the throw-away PostgreSQL that a test run offers.

#[path = "../../../notebook/tests/shared/postgres.rs"]
mod shared;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

/// The address of a fresh database; None where no server is offered.
#[expect(clippy::disallowed_methods, reason = "xtask tells the tests where the programs are by its environment")]
pub fn fresh() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = shared::offered()?;
    let folder = std::env::var_os("RETRIAL_POSTGRES_PROGRAMS");
    let createdb = folder.map_or_else(|| PathBuf::from("createdb"), |folder| Path::new(&folder).join("createdb"));
    let name = format!("retrial_servers_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let made = Command::new(&createdb).args(["--maintenance-db", &server, &name]).output();
    let made = made.unwrap_or_else(|trouble| panic!("{}: {trouble}", createdb.display()));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(shared::with_database(&server, &name))
}
