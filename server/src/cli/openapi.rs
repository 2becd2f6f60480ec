//! `retrial openapi`: the description of the API, as the server gives it.

use std::io::Write as _;

use super::Stopped;
use crate::openapi;

pub fn run() -> Result<(), Stopped> {
    // Whoever closes the pipe early has seen enough.
    match std::io::stdout().write_all(openapi::text().as_bytes()) {
        Err(trouble) if trouble.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stopped::new(format!("the description cannot be written: {trouble}")))
        }
        _ => Ok(()),
    }
}
