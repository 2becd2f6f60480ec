//! Every operation called in a notebook that fills, each answer held against its description, and
//! each right against the one that is said: the whole story of an experiment through the API alone.

mod acts;
mod people;
mod story;
mod templates;

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::Body,
    http::{Request, header},
};
use notebook::{
    actor::{Actor, Right, Role, Via},
    people::{TokenDraft, acts as of_people},
};
use serde_json::{Value, json};
use server::operations::{Operation, Takes};

use crate::{
    described::{expect_described, expect_taken, operation, table},
    watching::{By, Stream},
    world::{Answer, World, answer},
};

/// A notebook in which people call operations.
pub struct Walk {
    pub world: World,
    /// Tokens by their person's name.
    tokens: BTreeMap<String, String>,
    walked: BTreeSet<String>,
}

impl Walk {
    fn of(world: World) -> Self {
        Self { world, tokens: BTreeMap::new(), walked: BTreeSet::new() }
    }

    /// A person who is there, and a token of theirs.
    async fn bring(&mut self, name: &str, scope: &str) {
        let email = format!("{}@example.org", name.to_lowercase());
        let account = of_people::find_by_email(&self.world.system(), &email).await.unwrap();
        let desk = self.world.notebook.desk(Actor::Person(account.as_person()), Via::Form);
        let draft = TokenDraft { name: "walk".into(), scope: scope.into(), days: String::new() };
        let (_, token) = of_people::make_token(&desk, &draft).await.unwrap();
        self.tokens.insert(format!("{name} {scope}"), token);
    }

    async fn send(&self, who: &str, id: &str, parts: &[&str], body: Vec<u8>) -> Answer {
        let operation = operation(id);
        let mut request = Request::builder().method(&operation.method).uri(address(operation, parts));
        if let Some(token) = self.tokens.get(who) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !operation.is_read() {
            request = request.header(header::CONTENT_TYPE, sent_as(operation));
        }
        let answer = answer(&self.world.router, request.body(Body::from(body)).unwrap()).await;
        expect_described(operation, &answer);
        answer
    }

    /// Calls an operation as somebody who may, after others were refused.
    pub async fn call(&mut self, who: &str, id: &str, parts: &[&str], body: Value) -> Value {
        let operation = operation(id);
        let bytes = if operation.is_read() { Vec::new() } else { body.to_string().into_bytes() };
        if !operation.is_read() && body.is_object() {
            expect_taken(operation, &body);
        }
        self.call_with(who, id, parts, bytes).await
    }

    /// The same with a body that is no JSON.
    pub async fn call_with(&mut self, who: &str, id: &str, parts: &[&str], bytes: Vec<u8>) -> Value {
        for other in self.refused(id) {
            let answer = self.send(other, id, parts, bytes.clone()).await;
            let expected = if other == "nobody" { 401 } else { 403 };
            assert_eq!(answer.status.as_u16(), expected, "{id} by {other}: {}", answer.text());
        }
        let answer = self.send(&format!("{who} all"), id, parts, bytes).await;
        assert!(answer.status.is_success(), "{id}: {} {}", answer.status, answer.text());
        self.walked.insert(id.to_owned());
        answer.value()
    }

    /// Who may not, by what the table says.
    fn refused(&self, id: &str) -> Vec<&'static str> {
        let operation = operation(id);
        let Some(right) = operation.right() else { return Vec::new() };
        let mut others = vec!["nobody"];
        match right {
            Right::Read => {}
            Right::Administer => others.extend(["Vic all", "Ben all"]),
            Right::Plan | Right::Approve | Right::Run | Right::Observe | Right::Judge => others.push("Vic all"),
        }
        match operation.scope().unwrap() {
            notebook::people::Scope::Read => {}
            notebook::people::Scope::Ingest => others.push("Ana read"),
            notebook::people::Scope::All => others.extend(["Ana read", "Ana ingest"]),
        }
        others.retain(|other| *other == "nobody" || self.tokens.contains_key(*other));
        others
    }

    /// The same for a stream, which has no end: it is enough that it begins.
    pub async fn listen(&mut self, id: &str, parts: &[&str]) {
        for other in self.refused(id) {
            assert_eq!(self.send(other, id, parts, Vec::new()).await.status.as_u16(), 401, "{id} by {other}");
        }
        let token = By::Token(&self.tokens["Ana all"]);
        Stream::open(&self.world, &address(operation(id), parts), token, None).await;
        self.walked.insert(id.to_owned());
    }

    /// The same where the address says everything.
    pub async fn get(&mut self, id: &str, parts: &[&str]) -> Value {
        self.call("Ana", id, parts, json!({})).await
    }
}

/// JSON, wherever it is taken.
fn sent_as(operation: &Operation) -> &'static str {
    match &operation.takes {
        Takes::Document(kinds) if !kinds.contains(&"application/json") => kinds[0],
        Takes::Document(_) | Takes::Draft { .. } | Takes::Nothing => "application/json",
    }
}

fn address(operation: &Operation, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut address = operation.address();
    for named in &operation.names {
        address = address.replace(&format!("{{{}}}", named.name), parts.next().unwrap());
    }
    // What is left is the query.
    address.extend(parts.copied());
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_described_and_takes_the_right_it_names() {
    let mut walk = Walk::of(World::new().await);
    people::come_in(&mut walk).await;
    people::are_looked_after(&mut walk).await;
    people::look_after_themselves(&mut walk).await;
    people::choose_what_they_are_told(&mut walk).await;
    story::services_and_changes(&mut walk).await;
    story::a_team_works_and_a_freeze_comes_and_goes(&mut walk).await;
    story::an_slo_is_promised_and_measured(&mut walk).await;
    story::slos_go_both_ways(&mut walk).await;
    story::a_plan_is_written_and_read(&mut walk).await;
    story::a_policy_is_agreed_on(&mut walk).await;
    story::a_run_refutes(&mut walk).await;
    acts::a_finding_is_judged(&mut walk).await;
    acts::a_fix_is_deployed(&mut walk).await;
    story::a_rerun_verifies(&mut walk).await;
    acts::runs_go_otherwise(&mut walk).await;
    acts::reruns_come_again(&mut walk).await;
    acts::a_game_day_is_held(&mut walk).await;
    acts::decisions_and_documents(&mut walk).await;
    templates::a_plan_becomes_a_template(&mut walk).await;
    story::it_is_all_there(&mut walk).await;
    people::are_told(&mut walk).await;
    people::the_sample_comes_and_goes(&mut walk).await;
    let missing: Vec<String> = table()
        .operations
        .iter()
        .map(server::operations::Operation::id)
        .filter(|id| !walk.walked.contains(id))
        .collect();
    assert!(missing.is_empty(), "nobody walked through {missing:?}");
    assert_eq!(Role::ALL.len(), 3, "a new role needs somebody here who has it");
}
