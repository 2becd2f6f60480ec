//! What everything that connects to a server shares.

use std::{error::Error, sync::Once};

/// One implementation of TLS in the whole program: the database's.
pub fn use_one_crypto() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        // An error says that somebody installed one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The innermost cause: the outer ones only say that something was sent.
pub fn cause(trouble: &reqwest::Error) -> String {
    if trouble.is_timeout() {
        return "it does not answer in time".to_owned();
    }
    let mut inner: &dyn Error = trouble;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
