//! One server, asked over HTTP. What is sent twice because an answer was lost is done once: each POST
//! carries a key of its own, and its repeats carry the same.

use std::time::Duration;

use notebook::people::secrets;
use reqwest::{Client, Method, Request, Response, Url, header, redirect::Policy};
use serde_json::Value;

use super::trouble::refused;
use crate::{
    cli::{Stopped, exit},
    config::ClientSettings,
    outgoing::{cause, use_one_crypto},
    state::VERSION,
};

const CONNECT_S_MAX: u64 = 10;
/// Longer than the server takes for any act.
const ANSWER_S_MAX: u64 = 90;
/// A whole document may take this long on its way.
const DOCUMENT_S_MAX: u64 = 300;
/// Whoever asks again anyway gives up soon.
const GLANCE_S_MAX: u64 = 5;
/// What waits on disk is worth no longer try, but for the time that a large document is on its way.
const DELIVERY_S_MAX: u64 = 20;
const DELIVERED_BYTES_A_SECOND: usize = 64 * 1024;
/// Waits before another try, in milliseconds; a restart of the server lies within them.
const PAUSES_MS: [u64; 3] = [200, 1_000, 3_000];
/// No server is waited for longer, whatever it says.
const RETRY_AFTER_S_MAX: u64 = 5;

pub struct Connection {
    http: Client,
    /// Without a slash at the end.
    base: String,
    token: Option<String>,
    /// Troubles are told as JSON.
    json: bool,
}

/// What came back.
pub struct Came {
    pub value: Value,
    /// The next page's address, where the server names one.
    pub next: Option<String>,
}

/// A body on its way, with the key under which its repeats are known.
struct Keyed {
    body: Vec<u8>,
    key: String,
    wait_s: u64,
}

impl Keyed {
    fn new(body: Vec<u8>, wait_s: u64) -> Result<Self, Stopped> {
        Ok(Self { body, key: secrets::word::<16>()?, wait_s })
    }
}

/// Why one try came to nothing.
pub enum Tried {
    /// Whether it was done is not known, or nobody could do it now: it is worth another try.
    Away(Stopped),
    /// A notebook said no, and would say the same again.
    Refused(Stopped),
}

impl Connection {
    pub fn new(settings: &ClientSettings, json: bool) -> Result<Self, Stopped> {
        let connection = Self::anonymous(&settings.url)?;
        Ok(Self { token: settings.token.clone(), json, ..connection })
    }

    /// For questions that need no right.
    pub fn anonymous(base: &str) -> Result<Self, Stopped> {
        let no = || {
            Stopped::usage(format!(
                "\"{base}\" is no address of a notebook; one looks like https://retrial.example.org"
            ))
        };
        let url = Url::parse(base).ok().filter(|url| url.has_host() && !url.cannot_be_a_base()).ok_or_else(no)?;
        let builder = Client::builder()
            .user_agent(format!("retrial/{VERSION}"))
            // A token is for the address it was given for, and for no other.
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(CONNECT_S_MAX))
            .timeout(Duration::from_secs(ANSWER_S_MAX));
        // What stays on the machine needs no proxy; what is not encrypted needs no certificates, which a
        // bare container does not have.
        let builder = if is_loopback(&url) { builder.no_proxy() } else { builder };
        let builder = if url.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
        use_one_crypto();
        let http = builder.build().map_err(|trouble| {
            Stopped::new(format!("no encrypted connections can be made here: {}", cause(&trouble)))
        })?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), token: None, json: false })
    }

    /// The page on which people see this.
    pub fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// Status and text of a plain address.
    pub async fn ask(&self, path: &str) -> Result<(u16, String), Stopped> {
        let request = self.http.get(self.page(path)).build().map_err(|trouble| self.unsendable(&trouble))?;
        let response = self.http.execute(request).await.map_err(|trouble| self.unreachable(&trouble))?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(|trouble| self.unreachable(&trouble))?;
        Ok((status, text))
    }

    pub async fn get(&self, path: &str, query: &[(String, String)]) -> Result<Came, Stopped> {
        let url = self.address(path, query)?;
        self.send(Method::GET, url, None).await
    }

    /// A page by the address the server gave for it. Whatever name it has for itself, it is asked where
    /// it was reached: the token goes nowhere else.
    pub async fn get_next(&self, next: &str) -> Result<Came, Stopped> {
        let mut url = self.address("", &[])?;
        let named = url.join(next).map_err(|_| Stopped::new(format!("the server names no next page: {next}")))?;
        url.set_path(named.path());
        url.set_query(named.query());
        self.send(Method::GET, url, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Stopped> {
        let body = serde_json::to_vec(body).map_err(|trouble| Stopped::new(trouble.to_string()))?;
        let url = self.address(path, &[])?;
        Ok(self.send(Method::POST, url, Some(Keyed::new(body, ANSWER_S_MAX)?)).await?.value)
    }

    /// One question that is soon given up.
    pub async fn glance(&self, path: &str) -> Result<Value, Stopped> {
        let url = self.address(path, &[])?;
        let address = url.path().to_owned();
        let mut request = self.request(Method::GET, url, None)?;
        *request.timeout_mut() = Some(Duration::from_secs(GLANCE_S_MAX));
        let reply = self.http.execute(request).await.map_err(|trouble| self.unreachable(&trouble))?;
        let reply = Reply::of(reply).await.map_err(|trouble| self.unreachable(&trouble))?;
        Ok(self.understood(&address, reply)?.value)
    }

    /// One try under a key that was given when it was written down.
    pub async fn deliver(
        &self,
        path: &str,
        query: &[(String, String)],
        (key, body): (&str, &str),
    ) -> Result<Value, Tried> {
        let keyed = Keyed { body: body.as_bytes().to_vec(), key: key.to_owned(), wait_s: delivery_s(body.len()) };
        let url = self.address(path, query).map_err(Tried::Refused)?;
        let address = url.path().to_owned();
        let request = self.request(Method::POST, url, Some(keyed)).map_err(Tried::Refused)?;
        let reply = match self.once(request).await {
            Ok(reply) | Err(Again::Busy { came: reply, .. }) => reply,
            Err(Again::Lost(trouble)) => return Err(Tried::Away(self.unreachable(&trouble))),
        };
        let is_final = reply.is_final();
        let no = |no| if is_final { Tried::Refused(no) } else { Tried::Away(no) };
        self.understood(&address, reply).map(|came| came.value).map_err(no)
    }

    /// A whole document, with what is to be said about it in the address.
    pub async fn post_document(
        &self,
        path: &str,
        query: &[(String, String)],
        document: Vec<u8>,
    ) -> Result<Value, Stopped> {
        let url = self.address(path, query)?;
        Ok(self.send(Method::POST, url, Some(Keyed::new(document, DOCUMENT_S_MAX)?)).await?.value)
    }

    /// Below `/api/v1`; each part of the path as it was typed, whatever letters it holds.
    fn address(&self, path: &str, query: &[(String, String)]) -> Result<Url, Stopped> {
        let mut url = Url::parse(&self.base).map_err(|trouble| Stopped::usage(trouble.to_string()))?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path.split('/'));
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    async fn send(&self, method: Method, url: Url, body: Option<Keyed>) -> Result<Came, Stopped> {
        let address = url.path().to_owned();
        let request = self.request(method, url, body)?;
        for pause_ms in PAUSES_MS.into_iter().map(Some).chain([None]) {
            let again = request.try_clone().ok_or_else(|| Stopped::new("this cannot be sent"))?;
            match (self.once(again).await, pause_ms) {
                (Ok(came), _) => return self.understood(&address, came),
                (Err(Again::Lost(_)), Some(pause_ms)) => pause(pause_ms).await,
                (Err(Again::Busy { wait_s, .. }), Some(pause_ms)) => pause(pause_ms.max(wait_s * 1_000)).await,
                (Err(Again::Lost(trouble)), None) => return Err(self.unreachable(&trouble)),
                (Err(Again::Busy { came, .. }), None) => return self.understood(&address, came),
            }
        }
        Err(Stopped::new("this cannot be sent"))
    }

    fn request(&self, method: Method, url: Url, body: Option<Keyed>) -> Result<Request, Stopped> {
        let mut builder = self.http.request(method, url).header(header::ACCEPT, "application/json");
        if let Some(token) = &self.token {
            builder = builder.bearer_auth(token);
        }
        if let Some(Keyed { body, key, wait_s }) = body {
            builder = builder
                .header(header::CONTENT_TYPE, "application/json")
                .header("idempotency-key", key)
                .timeout(Duration::from_secs(wait_s))
                .body(body);
        }
        builder.build().map_err(|trouble| self.unsendable(&trouble))
    }

    async fn once(&self, request: Request) -> Result<Reply, Again> {
        let response = self.http.execute(request).await.map_err(Again::Lost)?;
        let wait_s = retry_after(&response);
        let reply = Reply::of(response).await.map_err(Again::Lost)?;
        // Nothing was done, or the try before is still on its way; that much the server could say.
        if reply.is_for_later() { Err(Again::Busy { came: reply, wait_s }) } else { Ok(reply) }
    }

    fn understood(&self, address: &str, reply: Reply) -> Result<Came, Stopped> {
        let value: Option<Value> = serde_json::from_slice(&reply.body).ok();
        match (reply.status, value) {
            (200..=299, Some(value)) => Ok(Came { value, next: reply.next }),
            (200..=299, None) if reply.body.is_empty() => Ok(Came { value: Value::Null, next: None }),
            (300..=399, _) => Err(Stopped::usage(format!(
                "{} leads on to {}; set RETRIAL_URL to where the notebook is",
                self.base,
                reply.location.as_deref().unwrap_or("another address")
            ))),
            (_, Some(problem)) if problem.get("code").is_some() => {
                Err(refused(&problem, self.token.is_some(), self.json))
            }
            (404 | 405, _) => Err(Stopped::new(format!(
                "{} has nothing at {address}; is the act spelt as the API spells it, and is RETRIAL_URL right?",
                self.base
            ))),
            (status, _) => {
                let number = if matches!(status, 502..=504) { exit::UNREACHABLE } else { exit::ERROR };
                Err(Stopped::with(
                    number,
                    format!("{} answers {status}, and not as a notebook does; is RETRIAL_URL right?", self.base),
                ))
            }
        }
    }

    fn unreachable(&self, trouble: &reqwest::Error) -> Stopped {
        let cause = cause(trouble);
        Stopped::with(
            exit::UNREACHABLE,
            format!("{} cannot be reached: {cause}; is it running, and is RETRIAL_URL right?", self.base),
        )
    }

    fn unsendable(&self, trouble: &reqwest::Error) -> Stopped {
        Stopped::usage(format!("this cannot be sent to {}: {}", self.base, cause(trouble)))
    }
}

/// An answer before anybody looked into it.
struct Reply {
    status: u16,
    body: Vec<u8>,
    location: Option<String>,
    next: Option<String>,
}

impl Reply {
    async fn of(response: Response) -> Result<Self, reqwest::Error> {
        let text = |name: header::HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (location, links) = (text(header::LOCATION), text(header::LINK));
        let status = response.status().as_u16();
        let body = response.bytes().await?.to_vec();
        Ok(Self { status, body, location, next: links.as_deref().and_then(next_page).map(str::to_owned) })
    }

    fn is_for_later(&self) -> bool {
        self.status == 503 || (self.status == 409 && self.code().as_deref() == Some("under_way"))
    }

    /// A notebook looked at it and said no. What a token may do can change, and a proxy's page is nobody's word.
    fn is_final(&self) -> bool {
        let may_change = matches!(self.status, 401 | 403 | 408 | 429) || self.is_for_later();
        matches!(self.status, 400..=499) && !may_change && self.code().is_some()
    }

    fn code(&self) -> Option<String> {
        let problem: Value = serde_json::from_slice(&self.body).ok()?;
        problem.get("code")?.as_str().map(str::to_owned)
    }
}

/// Why a further try makes sense.
enum Again {
    /// It was not sent, or its answer did not arrive.
    Lost(reqwest::Error),
    Busy {
        came: Reply,
        wait_s: u64,
    },
}

fn delivery_s(bytes: usize) -> u64 {
    let on_its_way = u64::try_from(bytes / DELIVERED_BYTES_A_SECOND).unwrap_or(DOCUMENT_S_MAX);
    (DELIVERY_S_MAX + on_its_way).min(DOCUMENT_S_MAX)
}

fn retry_after(response: &Response) -> u64 {
    let seconds = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    seconds.unwrap_or(0).min(RETRY_AFTER_S_MAX)
}

async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// `<address>; rel="next"` among a `Link` header's links.
fn next_page(links: &str) -> Option<&str> {
    links.split(',').find_map(|link| {
        let (address, about) = link.trim().strip_prefix('<')?.split_once('>')?;
        about.split(';').any(|part| matches!(part.trim(), "rel=\"next\"" | "rel=next")).then_some(address)
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']') {
        "localhost" => true,
        host => host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_what_was_typed() {
        let connection = Connection::anonymous("https://retrial.example.org/notes/").unwrap();
        let query = [("q".to_owned(), "a b&c".to_owned())];
        assert_eq!(
            connection.address("services/a b?#", &query).unwrap().as_str(),
            "https://retrial.example.org/notes/api/v1/services/a%20b%3F%23?q=a+b%26c"
        );
        for bad in ["retrial.example.org", "mailto:a@b", "http://", ""] {
            assert!(Connection::anonymous(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_next_page_is_read_from_its_header() {
        let links = "</api/v1/runs?before=RUN-9>; rel=\"next\", </api/v1/runs>; rel=\"first\"";
        assert_eq!(next_page(links), Some("/api/v1/runs?before=RUN-9"));
        assert_eq!(next_page("</api/v1/runs>; rel=\"first\""), None);
    }

    #[test]
    fn only_a_notebooks_own_no_is_final() {
        for (status, body, is_final) in [
            (409, r#"{"code": "not_now"}"#, true),
            (422, r#"{"code": "unfit"}"#, true),
            (404, r#"{"code": "missing"}"#, true),
            (404, "<html>", false),
            (409, r#"{"code": "under_way"}"#, false),
            (401, r#"{"code": "sign_in"}"#, false),
            (403, r#"{"code": "not_allowed"}"#, false),
            (429, r#"{"code": "too_often"}"#, false),
            (500, r#"{"code": "broken"}"#, false),
            (503, "", false),
            (302, "", false),
        ] {
            let reply = Reply { status, body: body.as_bytes().to_vec(), location: None, next: None };
            assert_eq!(reply.is_final(), is_final, "{status} {body}");
        }
    }

    #[test]
    fn a_large_document_has_the_time_it_takes_on_a_slow_line() {
        for (bytes, seconds) in [(0, 20), (4_000, 20), (1024 * 1024, 36), (usize::MAX, 300)] {
            assert_eq!(delivery_s(bytes), seconds, "{bytes}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_said_with_its_number() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", taken.local_addr().unwrap());
        drop(taken);
        let trouble = Connection::anonymous(&address).unwrap().ask("readyz").await.unwrap_err();
        assert_eq!(trouble.number(), exit::UNREACHABLE);
        assert!(trouble.to_string().contains("cannot be reached"), "{trouble}");
    }
}
