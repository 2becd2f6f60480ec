//! The throw-away PostgreSQL that a test run offers.

/// Its address; None where no server is offered.
#[expect(clippy::disallowed_methods, reason = "xtask tells the tests where the server is by its environment")]
pub fn offered() -> Option<String> {
    let Ok(server) = std::env::var("RETRIAL_TEST_POSTGRES") else {
        assert!(
            std::env::var_os("RETRIAL_REQUIRE_POSTGRES").is_none(),
            "RETRIAL_REQUIRE_POSTGRES is set but RETRIAL_TEST_POSTGRES names no server"
        );
        eprintln!("no RETRIAL_TEST_POSTGRES: the PostgreSQL side of this story did not run");
        return None;
    };
    Some(server)
}

/// The same server's address with another database name.
pub fn with_database(server: &str, name: &str) -> String {
    let (start, query) = server.split_once('?').unwrap_or((server, ""));
    let (start, _) = start.rsplit_once('/').unwrap_or_else(|| panic!("{server} is no postgres://host/database"));
    format!("{start}/{name}?{query}")
}
