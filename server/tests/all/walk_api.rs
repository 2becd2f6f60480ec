//! The whole loop through the JSON API alone: experiment, run, finding, fix, reruns, proof, decision.

use axum::http::StatusCode;
use notebook::{
    actor::{Actor, Role, Via},
    people::{TokenDraft, acts},
    services,
};
use serde_json::{Value, json};

use crate::{history, programs::call, world::World};

const CLIENTS: &str = "clients-connected|during|every";

/// Two people's programs at one notebook.
struct Walk {
    world: World,
    ana: String,
    ben: String,
}

impl Walk {
    async fn new() -> Self {
        let world = World::new().await;
        services::acts::first_environments(&world.system()).await.unwrap();
        let (ana, ben) = (token(&world, "Ana", Role::Admin).await, token(&world, "Ben", Role::Contributor).await);
        let walk = Self { world, ana, ben };
        // No more careful than elsewhere: a start asks for no budget.
        let careful = json!({"name": "Production", "class": "other", "version": 1});
        walk.act("environments/production/edit", careful).await;
        walk
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Value {
        self.world.clock.pass_ms(60_000);
        let answer = call(&self.world, "POST", &format!("/api/v1/{path}"), token, &body.to_string()).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// Ana's program does something.
    async fn act(&self, path: &str, body: Value) -> Value {
        self.post(&self.ana, path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = call(&self.world, "GET", &format!("/api/v1/{path}"), &self.ana, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    async fn review(&self, number: i64) {
        self.act("experiments/EXP-1/request-review", json!({})).await;
        self.post(&self.ben, &format!("experiments/EXP-1/plan/{number}/approve"), json!({})).await;
    }

    /// The same plan with another bound for the gap between alerts.
    async fn revise(&self, number: i64, seconds: &str) {
        let version = self.get("experiments/EXP-1").await["experiment"]["version"].clone();
        let mut plan = plan(seconds);
        plan["version"] = version;
        self.act("experiments/EXP-1/revise", plan).await;
        self.review(number).await;
    }

    async fn answer(&self, run: &str, check: &str, seen: &str, claimed: &str) {
        let claimed_source = if claimed.is_empty() { "" } else { "dashboard" };
        let body = json!({"check": check, "seen": seen, "source": "customer count", "claimed": claimed, "claimed_source": claimed_source});
        self.act(&format!("runs/{run}/answer-check"), body).await;
    }

    /// A run on one target; its verdict is signed as its values propose.
    async fn run(&self, id: &str, target: &str, clients: &str, verdict: &str) {
        let targets = json!([{"name": target, "hit": "on"}]);
        let planned = self.act("runs/plan", json!({"experiment": "EXP-1", "targets": targets.clone()})).await;
        assert_eq!(planned["id"], id);
        self.ready(id).await;
        // As the form does, the start sends the list along; the same list again is no further line.
        self.act(&format!("runs/{id}/start"), json!({"targets": targets})).await;
        self.act(&format!("runs/{id}/begin-fault"), json!({})).await;
        let effect = json!({"name": target, "effect": "shown", "evidence": "a new process id"});
        self.act(&format!("runs/{id}/record-effect"), effect).await;
        let seen = json!({"text": format!("{target} is down, the leader moved"), "kind": "unexpected"});
        assert_eq!(self.act(&format!("runs/{id}/observe"), seen).await["number"], 1);
        self.answer(id, "alert-gap|during|max", "38 s", "ok").await;
        self.answer(id, CLIENTS, clients, if clients == "held" { "ok" } else { "failing" }).await;
        self.act(&format!("runs/{id}/end-fault"), json!({})).await;
        self.answer(id, "instance-back|after|every", "held", "").await;
        self.act(&format!("runs/{id}/finish"), json!({})).await;
        assert_eq!(self.get(&format!("runs/{id}")).await["proposed"]["is"], verdict);
        self.act(&format!("runs/{id}/sign"), json!({"verdict": verdict, "analysis": "As the values say."})).await;
    }

    /// Two people are there, and Ben answers what the gate asks.
    async fn ready(&self, id: &str) {
        let people = self.get("people").await["people"].clone();
        for (name, part, can_revert) in [("Ana", "owner", true), ("Ben", "observer", false)] {
            let person = people.as_array().unwrap().iter().find(|person| person["name"] == name).unwrap()["id"].clone();
            let here = json!({"person": person, "parts": [part], "can_revert": can_revert, "present": true});
            self.act(&format!("runs/{id}/attend"), here).await;
        }
        let looks = json!([{"look": "incidents", "sight": "clear"}]);
        self.post(&self.ben, &format!("runs/{id}/look-both-ways"), json!({"looks": looks})).await;
        for settled in self.get(&format!("runs/{id}")).await["gate"].as_array().unwrap() {
            if settled["line"]["answer"] == "ask" {
                let answer = json!({"check": settled["line"]["check"], "text": "Seen, and accepted."});
                self.post(&self.ben, &format!("runs/{id}/answer-gate"), answer).await;
            }
        }
    }

    async fn close(&self, id: &str, decision: &str, exercised: Option<&str>) {
        let answers: Vec<Value> = exercised
            .map(|exercised| json!({"fix": "FIX-1", "finding": "FND-1", "exercised": exercised}))
            .into_iter()
            .collect();
        self.act(&format!("runs/{id}/close"), json!({"decision": decision, "answers": answers})).await;
    }

    async fn rule(&self, ruling: &str, reason: &str) {
        self.post(&self.ben, "runs/RUN-4/rule-validity", json!({"ruling": ruling, "reason": reason})).await;
    }

    /// What FIX-1 amounts to, and a sentence that says why.
    async fn fix_is(&self, standing: &str, because: &str) {
        let fix = self.get("fixes/FIX-1").await;
        assert_eq!(fix["standing"], standing, "{fix:#}");
        assert!(fix["findings"][0]["standing"]["because"].to_string().contains(because), "{fix:#}");
    }
}

async fn token(world: &World, name: &str, role: Role) -> String {
    let account = world.person(name, role).await;
    let desk = world.notebook.desk(Actor::Person(account.as_person()), Via::Form);
    let draft = TokenDraft { name: "walk".into(), scope: "all".into(), days: String::new() };
    acts::make_token(&desk, &draft).await.unwrap().1
}

/// What Ana writes; the command line reads the same from a file.
pub fn plan(seconds: &str) -> Value {
    json!({
        "title": "Restart one ZooKeeper",
        "question": "What happens if one ZooKeeper restarts unexpectedly?",
        "services": ["zookeeper"],
        "if_fault": "one ZooKeeper is restarted",
        "then_behaviour": "internal alerts keep arriving, with no gap longer than 60 s",
        "because_safeguard": "a new leader takes over and every node knows all instances",
        "environment": "production",
        "selector": "role=zookeeper",
        "revert_procedure": "Start the service by hand.",
        "revert_owner": "Ana",
        "revert_deadline": "5 min",
        "fault_kind": "process-restart",
        "method": [{"op": "restart"}],
        "checks": [
            {"measure": "alert-gap", "phase": "during", "aggregate": "max", "comparator": "<=", "threshold": seconds, "unit": "s"},
            {"measure": "clients-connected", "phase": "during", "aggregate": "every", "comparator": "holds"},
            {"measure": "instance-back", "phase": "after", "aggregate": "every", "comparator": "holds"},
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_loop_through_the_api_alone_ends_in_the_same_history() {
    let walk = Walk::new().await;
    walk.act("services/add", json!({"name": "zookeeper"})).await;
    walk.act("experiments/create", plan("60")).await;
    walk.review(1).await;

    walk.run("RUN-1", "zk-1", "failed", "refuted").await;
    let finding = json!({
        "title": "nodes talk only to the first instance",
        "origin": "RUN-1",
        "revealing": format!("check:{CLIENTS}"),
        "condition": "names",
        "condition_on": "zk-1",
    });
    assert_eq!(walk.act("findings", finding).await["id"], "FND-1");
    walk.close("RUN-1", "fix_and_rerun", None).await;
    let fix = json!({"title": "complete the address list", "findings": ["FND-1"]});
    assert_eq!(walk.act("fixes", fix).await["id"], "FIX-1");
    walk.act("fixes/FIX-1/deploy", json!({"environment": "production", "reference": "v2"})).await;
    walk.fix_is("deployed", "").await;

    // Another target: the finding was on zk-1, so this proves nothing about its fix.
    walk.run("RUN-2", "zk-3", "held", "upheld").await;
    walk.close("RUN-2", "repeat_as_is", Some("not")).await;
    walk.fix_is("deployed", "RUN-2 hit zk-3 only").await;

    // A looser plan: what holds under it might not have held under the first.
    walk.revise(2, "600").await;
    walk.run("RUN-3", "zk-1", "held", "upheld").await;
    walk.close("RUN-3", "repeat_as_is", Some("held")).await;
    walk.fix_is("deployed", "RUN-3 used a looser plan").await;

    // The same experiment on the same target.
    walk.revise(3, "60").await;
    walk.run("RUN-4", "zk-1", "held", "upheld").await;
    walk.close("RUN-4", "repeat_as_is", Some("held")).await;
    walk.fix_is("verified", "RUN-4 verifies FIX-1").await;

    // The proof falls with its run, and stands again with it.
    walk.rule("invalid", "the restart command had silently failed").await;
    walk.fix_is("deployed", "RUN-4 is invalid").await;
    walk.rule("valid", "the log shows the restart after all").await;
    walk.fix_is("verified", "RUN-4 verifies FIX-1").await;
    let (title, saving) = ("Update the fleet without a maintenance window", "Two nights a month, by the rota");
    let decision = json!({"kind": "adopt_a_change", "title": title, "saving": saving, "claims": ["EXP-1"]});
    walk.act("decisions", decision).await;

    let events = walk.get("events?limit=200").await;
    assert_eq!(events["more"], false);
    history::assert_golden(&history::of(&events));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_read_in_steps_and_about_one_thing() {
    let walk = Walk::new().await;
    walk.act("services/add", json!({"name": "zookeeper"})).await;
    walk.act("services/add", json!({"name": "kafka"})).await;
    let all = walk.get("events").await;
    let all = all["events"].as_array().unwrap();

    let (mut after, mut read) = (0, Vec::new());
    loop {
        let page = walk.get(&format!("events?limit=2&after={after}")).await;
        let lines = page["events"].as_array().unwrap();
        read.extend(lines.clone());
        if page["more"] == false {
            break;
        }
        assert_eq!(lines.len(), 2);
        after = lines[1]["seq"].as_i64().unwrap();
    }
    assert_eq!(&read, all);
    assert!(read.windows(2).all(|pair| pair[0]["seq"].as_i64() < pair[1]["seq"].as_i64()));

    let about = walk.get("events?about=zookeeper").await;
    let line = &about["events"][0];
    assert_eq!(about["events"].as_array().unwrap().len(), 1);
    for (name, expected) in
        [("by", "Ana"), ("via", "api"), ("kind", "service"), ("object", "zookeeper"), ("act", "added")]
    {
        assert_eq!(line[name], expected);
    }
    assert_eq!(line["body"]["name"], "zookeeper");
    assert!(line["at"].as_i64() <= line["recorded_at"].as_i64());
    assert_eq!(walk.get("events?about=environment:production").await["events"].as_array().unwrap().len(), 2);
    assert_eq!(walk.get("events?about=RUN-9").await["events"], json!([]));

    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("after=-1", "after"),
        ("about=a%20b", "about"),
    ] {
        let refused = call(&walk.world, "GET", &format!("/api/v1/events?{query}"), &walk.ana, "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(refused.json()["fields"][0]["field"], field, "{query}");
    }
    assert_eq!(call(&walk.world, "GET", "/api/v1/events", "", "").await.status, StatusCode::UNAUTHORIZED);
}
