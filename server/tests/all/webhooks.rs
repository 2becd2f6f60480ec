//! Messages to a real receiver that is down, breaks and comes back: each arrives, in order, signed, under one name.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
};

use axum::http::StatusCode;
use notebook::{
    actor::Role,
    id::RunId,
    limits::DELIVERY_CLAIM_S,
    runs::{
        self,
        drafts::{PlanDraft, WordsDraft},
    },
};
use serde_json::json;
use server::{
    delivering::{Deliverer, Means},
    outgoing::{Outgoing, Rules},
};

use crate::{
    chaos::post_json,
    process::{Program, Served},
    receiver::{Receiver, Request},
    story::Story,
    walk_api::plan,
    world::{Answer, Browser, HTTPS},
};

const HOUR_MS: i64 = 3_600_000;

struct Sends {
    story: Story,
    root: Browser,
    deliverer: Deliverer,
    secret: String,
}

fn deliverer(story: &Story, rules: Rules) -> Deliverer {
    let means = Means { origin: HTTPS.into(), keys: story.world.state.keys.clone(), mailer: None };
    Deliverer::new(story.world.notebook.clone(), Outgoing::new(rules, None), means)
}

impl Sends {
    /// A webhook that was added through the forms, with a secret; what happened before is told already.
    async fn to(receiver: &Receiver) -> Self {
        let story = Story::new().await;
        let port = receiver.address.port();
        let rules = Rules { networks: vec![IpAddr::V4(Ipv4Addr::LOCALHOST).into()], ports: vec![port] };
        let deliverer = deliverer(&story, rules);
        deliverer.round().await;
        let mut root = story.world.signed_in("Root", Role::Admin).await;
        let page = root.get("/webhooks").await;
        assert!(page.says(".empty").starts_with("No webhooks"), "{}", page.says("main"));
        let page = root.get("/webhooks/new").await;
        let sent = root.fill(&page, "/webhooks", &[("name", "Tests"), ("address", &receiver.url())]).await;
        assert_eq!(sent.header("location"), "/webhooks/1", "{}", sent.says("main"));
        let secret = make_secret(&mut root).await;
        Self { story, root, deliverer, secret }
    }

    /// Ana plans a run.
    async fn plan(&self) -> RunId {
        let plan = PlanDraft { experiment: self.story.experiment.to_string(), ..PlanDraft::default() };
        runs::acts::plan(&self.story.ana, &plan).await.unwrap().id
    }

    async fn cancel(&self, run: RunId) {
        let why = WordsDraft { text: "Release day".into(), ..WordsDraft::default() };
        runs::acts::cancel(&self.story.ana, run, &why).await.unwrap();
    }

    async fn after_ms(&self, ms: i64) {
        self.story.world.clock.pass_ms(ms);
        self.deliverer.round().await;
    }

    async fn page(&mut self) -> Answer {
        self.root.get("/webhooks/1").await
    }
}

async fn make_secret(root: &mut Browser) -> String {
    let page = root.get("/webhooks/1").await;
    let shown = root.fill(&page, "/webhooks/1/make-secret", &[]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.says("main"));
    let secret = shown.says("[role=status] code");
    assert!(secret.starts_with("whsec_"), "{secret}");
    assert!(!root.get("/webhooks/1").await.text().contains(&secret), "it is shown once");
    secret
}

fn kinds(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|request| request.json()["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_is_tried_again_before_anything_later_goes_out() {
    let receiver = Receiver::start().await;
    let mut sends = Sends::to(&receiver).await;
    receiver.answers_next(&[500, 503]);
    let run = sends.plan().await;
    sends.cancel(run).await;
    sends.deliverer.round().await;
    sends.deliverer.round().await;
    assert_eq!(receiver.requests().len(), 1, "nobody is asked again at once");
    assert!(sends.page().await.says("#deliveries").contains("answers with 500"));
    sends.after_ms(7_000).await;
    sends.after_ms(400_000).await;

    receiver.until(|requests| requests.len() == 4).await;
    let requests = receiver.requests();
    assert_eq!(kinds(&requests), ["run.planned", "run.planned", "run.planned", "run.cancelled"]);
    let ids: Vec<&str> = requests.iter().map(Request::id).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3] && !ids[0].contains('.'), "{ids:?}");
    assert_eq!(requests[0].body, requests[2].body);
    let times: Vec<&str> = requests.iter().map(|request| request.header("webhook-timestamp")).collect();
    assert!(times[0] < times[1] && times[1] < times[2], "the moment of each try: {times:?}");
    assert!(requests.iter().all(|request| request.is_signed_with(&sends.secret)), "{requests:?}");
    assert_eq!(requests[0].json()["data"]["url"], format!("{HTTPS}/{run}"));

    let page = sends.page().await;
    assert!(page.says("#deliveries").contains("answers with 503") && page.says("#deliveries").contains("taken"));
    let first = page.all("form[action$=\"/resend\"]", "action").pop().unwrap();
    let sent = sends.root.fill(&page, &first, &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    sends.deliverer.round().await;
    let again = receiver.requests().pop().unwrap();
    assert_eq!(
        (again.id(), &again.body),
        (ids[0], &requests[0].body),
        "a reader that honours names does nothing twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_down_for_an_hour_gets_everything_in_order_when_it_is_back() {
    let receiver = Receiver::start().await;
    let mut sends = Sends::to(&receiver).await;
    let away = receiver.goes().await;
    let mut runs = Vec::new();
    for _ in 0..6 {
        runs.push(sends.plan().await.to_string());
        sends.after_ms(HOUR_MS / 6).await;
    }
    assert!(sends.page().await.says("#deliveries").contains("cannot be reached"));
    let receiver = away.comes_back().await;
    // The longest wait that an hour of failures leads to.
    sends.after_ms(3 * HOUR_MS).await;
    let requests = receiver.requests();
    let told: Vec<_> =
        requests.iter().map(|request| request.json()["data"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, runs);
    assert!(requests.iter().all(|request| request.is_signed_with(&sends.secret)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_before_the_answer_leaves_the_message_to_the_next_under_its_name() {
    let receiver = Receiver::start().await;
    let sends = Sends::to(&receiver).await;
    receiver.answers_never();
    let run = sends.plan().await;
    sends.cancel(run).await;
    let dying = sends.deliverer.clone();
    let dying = tokio::spawn(async move { dying.round().await });
    receiver.until(|requests| requests.len() == 1).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    sends.after_ms(0).await;
    assert_eq!(receiver.requests().len(), 1, "it may still be on its way");
    sends.after_ms(DELIVERY_CLAIM_S * 1_000 + 1_000).await;
    let requests = receiver.requests();
    assert_eq!(kinds(&requests), ["run.planned", "run.planned", "run.cancelled"]);
    assert_eq!((requests[0].id(), &requests[0].body), (requests[1].id(), &requests[1].body), "one effect");
    assert!(requests.iter().all(|request| request.is_signed_with(&sends.secret)));
}

/// A server whose admin has a webhook with a secret, and three plans that wait for a review.
async fn reviews(receiver: &Receiver) -> (Served, Program, String) {
    let settings = vec![
        ("RETRIAL_OUTGOING_NETWORKS", "127.0.0.1".to_owned()),
        ("RETRIAL_OUTGOING_PORTS", receiver.address.port().to_string()),
    ];
    let served = Served::with(settings);
    served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
    let ana = served.program("ana", "all");
    for service in ["zookeeper", "alerting"] {
        ana.run(&["create", "service", &format!("name={service}")]).well();
    }
    std::fs::write(served.home.path().join("plan.json"), plan("60").to_string()).unwrap();
    for id in PLANS {
        assert_eq!(ana.run(&["create", "experiment", "--from", "plan.json", "--quiet"]).line(), id);
    }
    let webhook = json!({ "name": "Tests", "form": "standard", "address": receiver.url(), "topics": [], "on": true });
    let (status, made) = post_json(&served.url, "/api/v1/webhooks", &ana.token, &webhook).await;
    assert_eq!((status, &made["id"]), (201, &json!(1)), "{made}");
    let (status, made) = post_json(&served.url, "/api/v1/webhooks/1/make-secret", &ana.token, &json!({})).await;
    assert_eq!(status, 201, "{made}");
    let secret = made["text"].as_str().unwrap().to_owned();
    (served, ana, secret)
}

const PLANS: [&str; 3] = ["EXP-1", "EXP-2", "EXP-3"];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_between_act_and_delivery_tells_it_when_it_is_back() {
    let mut receiver = Receiver::start().await;
    let (mut served, ana, secret) = reviews(&receiver).await;
    for id in PLANS {
        let away = receiver.goes().await;
        ana.run(&["act", id, "request-review"]).well();
        served.kill();
        receiver = away.comes_back().await;
        served.come_back();
        receiver.until(|requests| requests.iter().any(|request| request.json()["data"]["id"] == id)).await;
    }
    let requests = receiver.requests();
    assert!(requests.iter().all(|request| request.is_signed_with(&secret)), "{requests:?}");
    let mut names = BTreeSet::new();
    let told = requests.iter().filter(|request| names.insert(request.id().to_owned()));
    let told: Vec<_> = told.map(|request| request.json()["data"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, PLANS, "in order, and each once for whoever honours names");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_secret_is_replaced_both_sign() {
    let receiver = Receiver::start().await;
    let mut sends = Sends::to(&receiver).await;
    let newer = make_secret(&mut sends.root).await;
    assert_ne!(newer, sends.secret);
    sends.plan().await;
    sends.deliverer.round().await;
    let page = sends.page().await;
    let sent = sends.root.fill(&page, "/webhooks/1/retire-secrets", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    sends.plan().await;
    sends.deliverer.round().await;
    let signed = receiver.requests();
    let by = |request: &Request| [&sends.secret, &newer].map(|secret| request.is_signed_with(secret));
    assert_eq!(signed.iter().map(by).collect::<Vec<_>>(), [[true, true], [false, true]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_gone_is_turned_off_admins_are_told_and_nothing_is_lost() {
    let receiver = Receiver::start().await;
    let mut sends = Sends::to(&receiver).await;
    receiver.answers_next(&[410]);
    sends.plan().await;
    sends.deliverer.round().await;
    assert!(sends.page().await.says("main").contains("Turned off by itself: its target answers with 410"));
    sends.after_ms(HOUR_MS).await;
    assert_eq!(receiver.requests().len(), 1, "nothing more is sent");
    let inbox = sends.root.get("/inbox").await;
    let entry = inbox.says("#notices");
    assert!(
        entry.contains("The webhook \"Tests\" is turned off") && entry.contains("you look after webhooks"),
        "{entry}"
    );

    let page = sends.page().await;
    let sent = sends.root.fill(&page, "/webhooks/1/edit", &[("on", "on")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    sends.after_ms(0).await;
    let requests = receiver.requests();
    assert_eq!(
        (requests[1].id(), requests[1].answered),
        (requests[0].id(), 200),
        "the one that was refused comes first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_to_a_deleted_webhook_stands_on_its_page() {
    let receiver = Receiver::start().await;
    let mut sends = Sends::to(&receiver).await;
    let page = sends.page().await;
    let sent = sends.root.fill(&page, "/webhooks/1/delete", &[]).await;
    assert_eq!(sent.header("location"), "/webhooks", "{}", sent.says("main"));
    sends.plan().await;
    sends.deliverer.round().await;
    assert!(receiver.requests().is_empty());
    let page = sends.page().await;
    let says = page.says("main");
    assert!(says.contains("This webhook is deleted.") && says.contains("deleted it (127.0.0.1:"), "{says}");
    assert!(page.all("form", "action").iter().all(|action| !action.starts_with("/webhooks")), "nothing to change");
    assert_eq!(sends.root.get("/webhooks/2").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_opened_is_not_called() {
    let receiver = Receiver::start().await;
    let mut sends = Sends::to(&receiver).await;
    let closed = deliverer(&sends.story, Rules { networks: Vec::new(), ports: vec![receiver.address.port()] });
    let page = sends.page().await;
    let sent = sends.root.fill(&page, "/webhooks/1/test", &[]).await;
    assert_eq!(sent.header("location"), "/webhooks/1", "{}", sent.says("main"));
    closed.round().await;
    assert!(receiver.requests().is_empty());
    let says = sends.page().await.says("#deliveries");
    assert!(says.contains("is not called: 127.0.0.1 is this machine"), "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_says_what_happened_and_why_one_is_told() {
    let receiver = Receiver::start().await;
    let sends = Sends::to(&receiver).await;
    let mut ben = sends.story.world.browser();
    ben.sign_in("Ben").await;
    let page = ben.get("/inbox").await;
    let says = page.says("#notices");
    assert!(says.contains("RUN-1 was started") && says.contains("Because you are on the run"), "{says}");
    assert!(page.has("#notices a[href=\"/RUN-1\"]"));
    assert!(page.has("#notices tr form[action$=\"/done\"] button[data-key=e]"));
    let action = page.all("form[action$=\"/done\"]", "action").remove(0);
    assert_eq!(ben.fill(&page, &action, &[]).await.header("location"), "/inbox");
    assert!(!ben.get("/inbox").await.has(&format!("form[action=\"{action}\"]")), "it is done");
    let page = ben.get("/profile/notifications").await;
    let refused = ben.fill(&page, "/profile/notifications", &[("quiet_from", "ten")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.form("/profile/notifications").contains(&("quiet_from".into(), "ten".into())));
    assert_eq!(ben.get("/webhooks").await.status, StatusCode::FORBIDDEN);
}
