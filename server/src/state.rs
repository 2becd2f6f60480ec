//! What every door can reach: the notebook, where the site is, and how often one may ask.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{extract::FromRef, http::Uri};
use leptos::config::{Env, LeptosOptions};
use notebook::{desk::Notebook, people::Account};

use crate::{feed::Feed, keys::Keys, once::UnderWay, rate::Limiter};

/// The version people see and report.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub notebook: Notebook,
    pub site: Arc<Site>,
    pub options: LeptosOptions,
    /// Of tries to sign in.
    pub limiter: Arc<Limiter>,
    /// Of readers of calendars.
    pub calendars: Arc<Limiter>,
    pub under_way: Arc<UnderWay>,
    /// Everybody who watches a run at this server.
    pub feed: Feed,
    /// What signatures are made from.
    pub keys: Arc<Keys>,
    /// Whether e-mail can be sent.
    pub mail: bool,
    /// Only where everything is thrown away at the end.
    pub entrance: Option<Arc<Entrance>>,
    stopping: Arc<AtomicBool>,
}

impl AppState {
    pub fn new(notebook: Notebook, site: Site) -> Self {
        // The builder's own site root is ".", which would hand out the database; nothing reads this one.
        let options = LeptosOptions::builder()
            .output_name("retrial")
            .site_root("/nonexistent")
            .site_pkg_dir("pkg")
            .site_addr(site.listen)
            .env(Env::PROD)
            .build();
        Self {
            feed: Feed::new(notebook.clone()),
            notebook,
            keys: Arc::new(Keys::new(None, &site.data_dir)),
            mail: false,
            site: Arc::new(site),
            options,
            limiter: Arc::new(Limiter::of_logins()),
            calendars: Arc::new(Limiter::of_calendars()),
            under_way: Arc::default(),
            entrance: None,
            stopping: Arc::default(),
        }
    }

    /// The same with a link that signs one person in.
    #[must_use]
    pub fn with_entrance(self, entrance: Entrance) -> Self {
        Self { entrance: Some(Arc::new(entrance)), ..self }
    }

    /// The same with what was set for sending.
    #[must_use]
    pub fn sending(self, keys: Keys, mail: bool) -> Self {
        Self { keys: Arc::new(keys), mail, ..self }
    }

    /// From now on `/readyz` says no, so that nobody sends new work, and streams end: they would hold
    /// the server up until its patience ends.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.feed.stop();
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

impl FromRef<AppState> for Notebook {
    fn from_ref(state: &AppState) -> Self {
        state.notebook.clone()
    }
}

/// A link that signs one person in, once. It lives in memory, because the demo it belongs to does.
pub struct Entrance {
    token: String,
    account: Mutex<Option<Account>>,
}

impl Entrance {
    pub fn new(token: String, account: Account) -> Self {
        Self { token, account: Mutex::new(Some(account)) }
    }

    /// The account, for the first who brings the token.
    pub fn open(&self, token: &str) -> Option<Account> {
        if token != self.token {
            return None;
        }
        self.account.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Where this notebook is reached and kept.
#[derive(Debug, Clone)]
pub struct Site {
    pub base: BaseUrl,
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// `--allow-insecure-http`.
    pub allow_insecure_http: bool,
}

impl Site {
    /// Whether passwords and cookies could be read on the way: plain http that leaves this machine.
    pub fn is_open_to_readers(&self) -> bool {
        let stays_here = self.base.is_loopback() && self.listen.ip().is_loopback();
        !(self.base.is_https() || stays_here)
    }

    /// The file that repeats the setup link's token, for those who cannot see the console.
    pub fn setup_token_file(&self) -> PathBuf {
        self.data_dir.join("setup-token")
    }
}

/// `https://retrial.example.org`: scheme and host as browsers write an origin, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    host: String,
}

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no base URL; one looks like https://retrial.example.org, without a path")]
pub struct NoBaseUrl(String);

impl BaseUrl {
    pub fn parse(text: &str) -> Result<Self, NoBaseUrl> {
        let no = || NoBaseUrl(text.chars().take(200).collect());
        let uri: Uri = text.trim().parse().map_err(|_| no())?;
        let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme)).ok_or_else(no)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(no)?;
        if uri.path() != "/" || uri.query().is_some() || authority.host().is_empty() {
            return Err(no());
        }
        let host = authority.host().to_ascii_lowercase();
        let port = authority.port_u16().filter(|port| *port != if scheme == "https" { 443 } else { 80 });
        let origin = port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}"));
        Ok(Self { origin, host })
    }

    /// What people open when nothing else is said: the address that is listened on.
    pub fn of(listen: SocketAddr) -> Self {
        Self { origin: format!("http://{listen}"), host: listen.ip().to_string() }
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// A whole address on this site. `path` begins with a slash.
    pub fn with(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_written_as_browsers_write_an_origin() {
        for (text, origin) in [
            ("https://Retrial.Example.org", "https://retrial.example.org"),
            ("https://retrial.example.org:443/", "https://retrial.example.org"),
            ("http://127.0.0.1:7340", "http://127.0.0.1:7340"),
            ("http://[::1]:7340", "http://[::1]:7340"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().origin(), origin);
        }
        for bad in [
            "",
            "retrial.example.org",
            "ftp://a.b",
            "https://a.b/path",
            "https://a.b/?q",
            "https://u:p@a.b",
            "https://",
            "javascript:x",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_plain_http_that_stays_on_the_machine_is_safe() {
        let site = |base: &str, listen: &str| Site {
            base: BaseUrl::parse(base).unwrap(),
            listen: listen.parse().unwrap(),
            data_dir: PathBuf::new(),
            allow_insecure_http: false,
        };
        assert!(!site("http://127.0.0.1:7340", "127.0.0.1:7340").is_open_to_readers());
        assert!(!site("http://localhost:7340", "[::1]:7340").is_open_to_readers());
        assert!(!site("https://a.example.org", "0.0.0.0:7340").is_open_to_readers());
        assert!(site("http://localhost:7340", "0.0.0.0:7340").is_open_to_readers());
        assert!(site("http://192.168.0.5:7340", "192.168.0.5:7340").is_open_to_readers());
    }
}
