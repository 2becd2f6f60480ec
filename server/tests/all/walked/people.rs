//! Coming in, looking after people, looking after oneself.

use notebook::{
    notifications::{
        acts::{self as told, Channels},
        retry::Outcome,
    },
    people::acts,
};
use serde_json::json;

use super::Walk;
use crate::world::PASSWORD;

const OTHER: &str = "staple battery horse correct";

/// The token inside a link that is shown once.
fn token_of(link: &serde_json::Value) -> String {
    link["text"].as_str().unwrap().split_once("token=").unwrap().1.to_owned()
}

async fn invited(walk: &mut Walk, name: &str, role: &str) -> String {
    let email = format!("{}@example.org", name.to_lowercase());
    let link = walk.call("Ana", "people_invite", &[], json!({ "email": email, "role": role })).await;
    token_of(&link)
}

async fn joins(walk: &mut Walk, name: &str, role: &str) {
    let token = invited(walk, name, role).await;
    let body = json!({ "token": token, "name": name, "password": PASSWORD, "zone": "Europe/Berlin" });
    walk.call("", "people_accept", &[], body).await;
    walk.bring(name, "all").await;
}

pub async fn come_in(walk: &mut Walk) {
    let token = acts::setup_link(&walk.world.system()).await.unwrap().unwrap();
    let body = json!({ "token": token, "name": "Ana", "email": "ana@example.org", "password": PASSWORD, "zone": "Europe/Berlin", "solo": false });
    walk.call("", "people_set_up", &[], body).await;
    for scope in ["all", "read", "ingest"] {
        walk.bring("Ana", scope).await;
    }
    joins(walk, "Vic", "viewer").await;
    joins(walk, "Ben", "contributor").await;
    joins(walk, "Dora", "contributor").await;
}

pub async fn are_looked_after(walk: &mut Walk) {
    invited(walk, "Carl", "viewer").await;
    let open = walk.get("people_list_invitations", &[]).await;
    let key = open["invitations"][0]["key"].as_str().unwrap().to_owned();
    walk.call("Ana", "people_revoke_invitation", &[&key], json!({})).await;
    let people = walk.get("people_list", &["?limit=2"]).await;
    assert_eq!(people["more"], true);
    let dora = people["people"].as_array().unwrap().len() + 2;
    assert_eq!(walk.get("people_show", &[&dora.to_string()]).await["name"], "Dora");
    let dora = dora.to_string();
    let changed = walk
        .call("Ana", "people_rights", &[&dora], json!({ "role": "viewer", "can_revert": true, "version": 1 }))
        .await;
    assert_eq!(changed["role"], "viewer");
    walk.call("Ana", "people_disable", &[&dora], json!({})).await;
    walk.call("Ana", "people_enable", &[&dora], json!({})).await;
    let link = walk.call("Ana", "people_reset_link", &[&dora], json!({})).await;
    walk.call("", "people_reset_password", &[], json!({ "token": token_of(&link), "password": OTHER })).await;
    assert_eq!(walk.call("Ana", "people_end_logins", &[&dora], json!({})).await, 0);
    assert_eq!(walk.call("Ana", "settings_solo", &[], json!({ "solo": false })).await, false);
    assert_eq!(walk.get("settings_show", &[]).await, json!({ "solo": false }));
}

pub async fn look_after_themselves(walk: &mut Walk) {
    let own = walk.call("Dora", "profile_show", &[], json!({})).await;
    let body = json!({ "name": "Dora", "zone": "", "theme": "dark", "version": own["version"] });
    assert_eq!(walk.call("Dora", "profile_edit", &[], body).await["theme"], "dark");
    walk.call("Dora", "profile_change_password", &[], json!({ "old": OTHER, "new": PASSWORD })).await;
    let mut browser = walk.world.browser();
    assert_eq!(browser.sign_in("Dora").await.status, 303);
    let logins = walk.call("Dora", "logins_list", &[], json!({})).await;
    let key = logins["logins"][0]["key"].as_str().unwrap().to_owned();
    walk.call("Dora", "logins_end", &[&key], json!({})).await;
    assert_eq!(walk.call("Dora", "logins_end_others", &[], json!({})).await, 0);
    walk.call("Dora", "tokens_make", &[], json!({ "name": "pipeline", "scope": "ingest", "days": 90 })).await;
    let tokens = walk.call("Dora", "tokens_list", &[], json!({})).await;
    let made = tokens["tokens"].as_array().unwrap().iter().find(|token| token["name"] == "pipeline").unwrap();
    let id = made["id"].to_string();
    walk.call("Dora", "tokens_revoke", &[&id], json!({})).await;
}

pub async fn choose_what_they_are_told(walk: &mut Walk) {
    let begins = walk.get("notifications_show", &[]).await;
    assert_eq!((&begins["version"], &begins["text"]["quiet_from"]), (&json!(0), &json!("")));
    let body = json!({ "inbox": ["fix.deployed", "plan.approved", "run.ended"], "mail": [], "quiet_from": "22:00", "quiet_to": "07:00", "version": 0 });
    assert_eq!(walk.call("Ana", "notifications_edit", &[], body).await["version"], 1);
    walk.call("Ana", "notifications_test", &[], json!({})).await;
    look_after_mail(walk).await;
    let body = json!({ "name": "Tests", "form": "standard", "address": "https://hooks.example.org/a", "topics": ["run.started"], "on": true });
    let added = walk.call("Ana", "webhooks_add", &[], body).await;
    let id = added["id"].to_string();
    let sent_back = json!({ "name": "Tests of ours", "form": "standard", "address": "https://hooks.example.org/a", "on": "on", "version": 1 });
    assert_eq!(walk.call("Ana", "webhooks_edit", &[&id], sent_back).await["text"]["name"], "Tests of ours");
    for number in 1..=2 {
        let secret = walk.call("Ana", "webhooks_make_secret", &[&id], json!({})).await;
        assert!(secret["text"].as_str().unwrap().starts_with("whsec_"), "{number}");
    }
    assert_eq!(walk.call("Ana", "webhooks_retire_secrets", &[&id], json!({})).await, 1);
    walk.call("Ana", "webhooks_test", &[&id], json!({})).await;
    let log = walk.get("webhooks_list_deliveries", &[&id]).await;
    let delivery = log["deliveries"][0]["id"].to_string();
    walk.call("Ana", "webhooks_resend", &[&id, &delivery], json!({})).await;
    let shown = walk.get("webhooks_show", &[&id]).await;
    assert_eq!(shown["deliveries"][0]["message"], shown["deliveries"][1]["message"], "the same name twice");
    assert_eq!((&shown["secrets"][0]["number"], shown["secrets"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(walk.get("webhooks_list", &[]).await["webhooks"].as_array().unwrap().len(), 1);
    walk.call("Ana", "webhooks_delete", &[&id], json!({})).await;
    assert_eq!(walk.get("webhooks_list", &[]).await["webhooks"], json!([]));
}

async fn look_after_mail(walk: &mut Walk) {
    let system = walk.world.system();
    for target in told::due(&system, true).await.unwrap() {
        let job = told::claim(&system, target).await.unwrap().unwrap();
        told::settle(&system, &job, &Outcome::Delivered).await.unwrap();
    }
    let own = walk.get("mail_list", &[]).await;
    assert_eq!(own["mails"][0]["subject"], "A test from Retrial");
    let id = own["mails"][0]["delivery"]["id"].to_string();
    walk.call("Ana", "mail_resend", &[&id], json!({})).await;
    walk.call("Ana", "mail_resend_to", &[&id], json!({})).await;
    let all = walk.get("mail_list_all", &[]).await;
    assert_eq!((&all["mails"][0]["name"], all["mails"].as_array().unwrap().len()), (&json!("Ana"), 3));
    assert!(!all.to_string().contains("A test from"), "{all:#}");
}

pub async fn are_told(walk: &mut Walk) {
    let desk = walk.world.system();
    let channels = Channels { origin: walk.world.origin.clone(), mail: false };
    while told::spread(&desk, &channels).await.unwrap() > 0 {}
    assert!(walk.get("digest_show", &[]).await["due"]["lines"].is_array());
    let inbox = walk.get("inbox_list", &["?limit=1"]).await;
    let entry = &inbox["notices"][0];
    assert!(inbox["open"].as_i64().unwrap() >= 1, "{inbox:#}");
    walk.call("Ana", "inbox_done", &[&entry["id"].to_string()], json!({})).await;
    let object = json!({ "object": entry["object"] });
    walk.call("Ana", "inbox_mute", &[], object.clone()).await;
    assert_eq!(walk.get("inbox_list", &[]).await["muted"][0], entry["object"]);
    walk.call("Ana", "inbox_unmute", &[], object).await;
    walk.call("Ana", "inbox_done_all", &[], json!({})).await;
    assert_eq!(walk.get("inbox_list", &["?done=on"]).await["open"], 0);
}

pub async fn the_sample_comes_and_goes(walk: &mut Walk) {
    walk.call("Ana", "sample_write", &[], json!({})).await;
    assert_eq!(walk.get("sample_show", &[]).await["is_here"], true);
    walk.call("Ana", "sample_remove", &[], json!({})).await;
}
