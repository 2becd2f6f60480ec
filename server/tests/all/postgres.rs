//! A database of one's own on the throw-away PostgreSQL that a test run offers.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

/// The address of a fresh database; None where no server is offered.
#[expect(clippy::disallowed_methods, reason = "xtask tells the tests where the server is by its environment")]
pub fn fresh() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("RETRIAL_TEST_POSTGRES") else {
        assert!(
            std::env::var_os("RETRIAL_REQUIRE_POSTGRES").is_none(),
            "RETRIAL_REQUIRE_POSTGRES is set but RETRIAL_TEST_POSTGRES names no server"
        );
        eprintln!("no RETRIAL_TEST_POSTGRES: the two servers of this story did not run");
        return None;
    };
    let folder = std::env::var_os("RETRIAL_POSTGRES_PROGRAMS");
    let createdb = folder.map_or_else(|| PathBuf::from("createdb"), |folder| Path::new(&folder).join("createdb"));
    let name = format!("retrial_servers_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let made = Command::new(&createdb).args(["--maintenance-db", &server, &name]).output();
    let made = made.unwrap_or_else(|trouble| panic!("{}: {trouble}", createdb.display()));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(with_database(&server, &name))
}

/// The same server's address with another database name.
fn with_database(server: &str, name: &str) -> String {
    let (start, query) = server.split_once('?').unwrap_or((server, ""));
    let (start, _) = start.rsplit_once('/').unwrap_or_else(|| panic!("{server} is no postgres://host/database"));
    format!("{start}/{name}?{query}")
}
