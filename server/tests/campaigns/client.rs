//! Programs and browsers over real sockets.

use std::{
    future::Future,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::{Client, RequestBuilder, header::HeaderMap, redirect::Policy};
use scraper::{Html, Selector};
use tokio::task::JoinSet;

use crate::book::{EMAIL, PASSWORD};

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    pub fn is_replay(&self) -> bool {
        self.header("idempotency-replayed") == "true"
    }

    /// What a hidden field of the page's forms holds.
    pub fn hidden(&self, name: &str) -> String {
        let selector = Selector::parse(&format!("input[type=hidden][name=\"{name}\"]")).unwrap();
        let page = Html::parse_document(&self.body);
        let field = page.select(&selector).next().unwrap_or_else(|| panic!("no {name} in {}", self.body));
        field.attr("value").unwrap_or_default().to_owned()
    }
}

fn client() -> Client {
    // The first one of the process sets it; a second try changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

/// None where the server went away before it answered.
async fn sent(request: RequestBuilder) -> Option<Answer> {
    let response = request.send().await.ok()?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Some(Answer { status, headers, body: response.text().await.ok()? })
}

/// A program with a token.
#[derive(Clone)]
pub struct Program {
    client: Client,
    token: String,
}

impl Program {
    pub fn new(token: &str) -> Self {
        Self { client: client(), token: token.to_owned() }
    }

    pub async fn get(&self, address: &str, path: &str) -> Answer {
        sent(self.client.get(format!("{address}{path}")).bearer_auth(&self.token)).await.unwrap()
    }

    /// None where the server went away before it answered.
    pub async fn try_post(&self, url: &str, headers: &[(&str, &str)], body: String) -> Option<Answer> {
        let mut request = self.client.post(url).bearer_auth(&self.token).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        sent(request.body(body)).await
    }

    pub async fn post(&self, url: &str, headers: &[(&str, &str)], body: String) -> Answer {
        self.try_post(url, headers, body).await.unwrap_or_else(|| panic!("{url} went away"))
    }
}

/// What one watcher of a run heard so far, over as many servers as there were.
#[derive(Default)]
pub struct Watched {
    /// Numbers of lines.
    pub heard: Vec<i64>,
}

impl Watched {
    /// Watches from the last line it heard, until that line came, or until the stream or its server ends.
    pub async fn listen(&mut self, program: &Program, address: &str, run: &str, until: Option<i64>) {
        let known = self.heard.last().copied().unwrap_or_default();
        let request = program.client.get(format!("{address}/api/v1/runs/{run}/events"));
        let request = request.bearer_auth(&program.token).header("last-event-id", known.to_string());
        let Ok(mut response) = request.send().await else { return };
        let mut read = Vec::new();
        while until.is_none_or(|until| self.heard.last().is_none_or(|last| *last < until)) {
            let Ok(Some(chunk)) = response.chunk().await else { return };
            read.extend_from_slice(&chunk);
            while let Some(end) = read.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = read.drain(..end + 2).collect();
                let event = String::from_utf8(event).unwrap();
                let id = event.lines().find_map(|line| line.strip_prefix("id:"));
                self.heard.extend(id.map(|id| id.trim().parse::<i64>().unwrap()));
            }
        }
    }
}

/// A browser in which Ana is signed in.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    address: String,
    cookie: String,
}

impl Browser {
    pub async fn signed_in(address: &str) -> Self {
        let mut browser = Self { client: client(), address: address.to_owned(), cookie: String::new() };
        let answer = browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let pairs: Vec<&str> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        browser.cookie = pairs.join("; ");
        browser
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", self.address)).header("cookie", &self.cookie);
        sent(request).await.unwrap()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", app::paths::encoded(value))).collect();
        let request = self
            .client
            .post(format!("{}{path}", self.address))
            .header("cookie", &self.cookie)
            .header("origin", &self.address)
            .header("content-type", "application/x-www-form-urlencoded");
        sent(request.body(form.join("&"))).await.unwrap()
    }
}

/// Does the work for each number, by so many at the same time. One that fails fails the campaign.
pub async fn by_many<Work, Doing>(workers: usize, numbers: Range<usize>, work: Work)
where
    Work: Fn(usize) -> Doing + Clone + Send + 'static,
    Doing: Future<Output = ()> + Send + 'static,
{
    let (next, end) = (Arc::new(AtomicUsize::new(numbers.start)), numbers.end);
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        let (next, work) = (next.clone(), work.clone());
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return;
                }
                work(number).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}
