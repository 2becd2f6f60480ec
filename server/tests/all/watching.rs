//! Streams as programs and pages read them.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::world::{Browser, World};

/// Longer than anything here takes: a stream that says nothing fails its test.
const PATIENCE: Duration = Duration::from_secs(20);

/// One event of a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    pub id: Option<i64>,
    /// Empty for a line of the trail.
    pub name: String,
    pub data: Value,
}

/// A stream that is open.
pub struct Stream {
    body: Body,
    read: String,
    /// The last line that came.
    pub last: Option<i64>,
}

/// Who asks, and what they know.
#[derive(Clone, Copy)]
pub enum By<'a> {
    Nobody,
    Token(&'a str),
    Page(&'a Browser),
}

pub async fn asked(world: &World, path: &str, by: By<'_>, last: Option<i64>) -> axum::response::Response {
    let mut request = Request::get(path).header(header::ACCEPT, "text/event-stream");
    match by {
        By::Nobody => {}
        By::Token(token) => request = request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        By::Page(browser) => {
            let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
    }
    if let Some(last) = last {
        request = request.header("last-event-id", last.to_string());
    }
    world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

impl Stream {
    pub async fn open(world: &World, path: &str, by: By<'_>, last: Option<i64>) -> Self {
        let answer = asked(world, path, by, last).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        let mut stream = Self { body: answer.into_body(), read: String::new(), last };
        assert_eq!(stream.next().await.unwrap().name, "beat", "a stream begins with a sign that it is open");
        stream
    }

    /// What comes next; None at the end.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let told = told(&self.read[..end]);
                self.read.drain(..end + 2);
                self.last = told.id.or(self.last);
                return Some(told);
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await;
            let frame = frame.unwrap_or_else(|_| panic!("the stream says nothing"));
            let data = frame?.unwrap().into_data().unwrap();
            self.read.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    /// The next event with this name; a line has none.
    pub async fn next_named(&mut self, name: &str) -> Told {
        loop {
            let told = self.next().await.unwrap_or_else(|| panic!("the stream ended before {name:?}"));
            if told.name == name {
                return told;
            }
        }
    }

    pub async fn lines(&mut self, count: usize) -> Vec<Told> {
        let mut lines = Vec::new();
        while lines.len() < count {
            lines.push(self.next_named("").await);
        }
        lines
    }

    /// Reads to the end, and gives the lines among what came.
    pub async fn rest(mut self) -> Vec<Told> {
        let mut lines = Vec::new();
        while let Some(told) = self.next().await {
            if told.name.is_empty() {
                lines.push(told);
            }
        }
        lines
    }
}

fn told(event: &str) -> Told {
    let mut told = Told::default();
    for line in event.lines() {
        let (field, value) = line.split_once(':').unwrap();
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => told.id = Some(value.parse().unwrap()),
            "event" => value.clone_into(&mut told.name),
            "data" => told.data = serde_json::from_str(value).unwrap(),
            "retry" => {}
            other => panic!("{other} in {event}"),
        }
    }
    told
}
