//! A program with a token of its own: what it sends, header by header.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{
    actor::{Actor, Role, Via},
    people::{TokenDraft, acts},
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::world::{Answer, World, answer};

pub struct Program {
    pub token: String,
}

impl Program {
    /// A program of a new admin.
    pub async fn of(world: &World, name: &str) -> Self {
        let account = world.person(name, Role::Admin).await;
        let desk = world.notebook.desk(Actor::Person(account.as_person()), Via::Form);
        let draft = TokenDraft { name: "ci".into(), scope: "all".into(), days: "30".into() };
        Self { token: acts::make_token(&desk, &draft).await.unwrap().1 }
    }

    pub async fn get(&self, world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
        answer(&world.router, self.request("GET", path, headers, "")).await
    }

    pub async fn post(&self, world: &World, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.post_to(&world.router, path, headers, body).await
    }

    pub async fn post_to(&self, router: &Router, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        answer(router, self.request("POST", path, headers, body)).await
    }

    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
        let mut request =
            Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        request.body(Body::from(body.to_owned())).unwrap()
    }
}

/// `production` and the service `ingest`, for whatever is written about them.
pub async fn with_ingest(world: &World) {
    let system = world.system();
    let production =
        EnvironmentDraft { name: "production".into(), class: "other".into(), ..EnvironmentDraft::default() };
    services::acts::add_environment(&system, &production).await.unwrap();
    services::acts::add(&system, &ServiceDraft { name: "ingest".into(), ..ServiceDraft::default() }).await.unwrap();
}

/// A finding as a program writes it.
pub fn finding(title: &str) -> String {
    format!(r#"{{"title": "{title}", "environment": "production", "services": ["ingest"]}}"#)
}

/// Status and code of a problem, for tables.
pub fn problem(answer: &Answer) -> (StatusCode, String) {
    let kind = answer.header("content-type");
    assert_eq!(kind, "application/problem+json", "{} {}", answer.status, answer.text());
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}
