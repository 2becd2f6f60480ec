//! Calling other servers: only where the operator allows, never elsewhere than at the address that was
//! looked at, never for long, and never for more than a bounded answer.

mod allowed;
mod connecting;
mod credentials;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use app::paths::encoded;
use reqwest::{
    Client, ClientBuilder, RequestBuilder, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header,
    redirect::Policy,
};

pub use allowed::{Rules, allowed, port_allowed};
pub use connecting::{cause, use_one_crypto};
use credentials::Credential;
pub use credentials::look_at as look_at_credential;

use crate::state::VERSION;

const CONNECT: Duration = Duration::from_secs(5);
/// Between two pieces of an answer.
const READ: Duration = Duration::from_secs(5);
/// From the first byte sent to the last one read: a server that drips is cut off, too.
const WHOLE: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Calls other servers.
pub struct Outgoing {
    rules: Arc<Rules>,
    /// Who says which addresses a name has.
    names: Arc<dyn Resolve>,
    /// Where credentials are kept.
    credentials: Option<PathBuf>,
    /// Without encryption no certificates are needed, which a bare container does not have.
    plain: OnceLock<Result<Client, String>>,
    encrypted: OnceLock<Result<Client, String>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The answer is larger than is read.
    TooLarge,
    /// Any other, as a clause.
    Says(String),
}

impl Trouble {
    pub fn late() -> Self {
        Self::Says("does not answer in time".into())
    }
}

/// What came back, whatever its status.
pub struct Answer {
    pub status: u16,
    /// When it wants to be asked again, as it says it.
    pub retry_after: Option<String>,
    pub body: Vec<u8>,
}

impl Outgoing {
    pub fn new(rules: Rules, credentials: Option<PathBuf>) -> Self {
        Self {
            rules: Arc::new(rules),
            names: Arc::new(System),
            credentials,
            plain: OnceLock::new(),
            encrypted: OnceLock::new(),
        }
    }

    /// Sends a form, with the named credential where one is needed.
    pub async fn post(&self, url: &str, form: &[(&str, &str)], credential: Option<&str>) -> Result<Answer, Trouble> {
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let body = body.join("&");
        let with_form = |client: &Client, url: Url| {
            client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
        };
        self.send(url, credential, with_form).await
    }

    /// Asks for what stands at an address, with the named credential where one is needed.
    pub async fn get(&self, url: &str, credential: Option<&str>) -> Result<Answer, Trouble> {
        self.send(url, credential, |client: &Client, url: Url| client.get(url)).await
    }

    /// Sends a JSON text with these headers, with the named credential where one is needed.
    pub async fn post_json(
        &self,
        url: &str,
        body: &str,
        headers: &[(&'static str, String)],
        credential: Option<&str>,
    ) -> Result<Answer, Trouble> {
        let with_body = |client: &Client, url: Url| {
            let request = client.post(url).header(header::CONTENT_TYPE, "application/json").body(body.to_owned());
            headers.iter().fold(request, |request, (name, value)| request.header(*name, value.as_str()))
        };
        self.send(url, credential, with_body).await
    }

    async fn send(
        &self,
        url: &str,
        credential: Option<&str>,
        request: impl FnOnce(&Client, Url) -> RequestBuilder + Send,
    ) -> Result<Answer, Trouble> {
        let url = self.looked_at(url).map_err(Trouble::Says)?;
        let client = self.client(&url).map_err(Trouble::Says)?;
        let credential = credential.map(|name| Credential::load(self.credentials.as_deref(), name, &url));
        let credential = credential.transpose().map_err(Trouble::Says)?;
        let url = credential.as_ref().map_or_else(|| url.clone(), |credential| credential.address(url.clone()));
        let request = request(&client, url).header(header::ACCEPT, "application/json");
        let request = match &credential {
            Some(credential) => credential.on(request),
            None => request,
        };
        let response = request.send().await.map_err(|trouble| unreached(&trouble))?;
        if response.status().is_redirection() {
            return Err(Trouble::Says(format!(
                "answers with {}: it sends elsewhere, and nobody follows",
                response.status().as_u16()
            )));
        }
        bounded(response).await
    }

    /// What can be said of an address before its name is looked up. Numbers in whatever spelling were
    /// read as addresses already.
    fn looked_at(&self, url: &str) -> Result<Url, String> {
        let url = Url::parse(url).map_err(|_| "has an address that does not read".to_owned())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("has an address that is neither http:// nor https://".into());
        }
        let not = |says: String| format!("is not called: {says}");
        port_allowed(url.port_or_known_default().unwrap_or_default(), &self.rules).map_err(not)?;
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
        if let Ok(address) = literal {
            allowed(address, &self.rules).map_err(not)?;
        }
        Ok(url)
    }

    fn client(&self, url: &Url) -> Result<Client, String> {
        let (kept, plain) = if url.scheme() == "http" { (&self.plain, true) } else { (&self.encrypted, false) };
        kept.get_or_init(|| {
            let builder = if plain { self.builder().tls_certs_only([]) } else { self.builder() };
            use_one_crypto();
            builder.build().map_err(|trouble| format!("cannot be called from here: {}", cause(&trouble)))
        })
        .clone()
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .user_agent(format!("retrial/{VERSION}"))
            .redirect(Policy::none())
            // A proxy would call addresses nobody looked at.
            .no_proxy()
            .dns_resolver(Arc::new(Looking { rules: self.rules.clone(), names: self.names.clone() }))
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .timeout(WHOLE)
            // What is called once a minute needs no open connection in between.
            .pool_max_idle_per_host(0)
    }
}

/// Asks the system.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Resolves names, and leaves out every address that may not be called: what is connected to is what
/// was looked at.
struct Looking {
    rules: Arc<Rules>,
    names: Arc<dyn Resolve>,
}

impl Resolve for Looking {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.rules.clone();
        let mut says = format!("{} has no address", name.as_str());
        let asked = self.names.resolve(name);
        Box::pin(async move {
            let mut open = Vec::new();
            for address in asked.await? {
                match allowed(address.ip(), &rules) {
                    Ok(()) => open.push(address),
                    Err(no) => says = no,
                }
            }
            if open.is_empty() { Err(says.into()) } else { Ok(Box::new(open.into_iter()) as Addrs) }
        })
    }
}

fn unreached(trouble: &reqwest::Error) -> Trouble {
    if trouble.is_timeout() { Trouble::late() } else { Trouble::Says(format!("cannot be reached: {}", cause(trouble))) }
}

/// Reads as much as is allowed, and hangs up as soon as there is more.
async fn bounded(mut response: Response) -> Result<Answer, Trouble> {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.map(ToOwned::to_owned);
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|trouble| unreached(&trouble))? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(Trouble::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status, retry_after, body })
}

#[cfg(test)]
mod tests;
