//! Reads what Chef's data collector sends. Only what is kept is ever read into memory: the node's
//! attributes and the differences of files, where secrets stand, are passed over.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};

use super::{Body, Converge, FailedResource, Status};
use crate::{
    foreign::{ReadTrouble, lenient_json, redact, shorten},
    limits::{CHEF_RESOURCES_MAX, IMPORT_BYTES_MAX, TITLE_CHARS_MAX},
    refusal::{Checking, Refusal},
    text::Title,
    time::Moment,
};

/// An error's first line.
const MESSAGE_CHARS_MAX: usize = 500;
/// Cookbooks of one run; a large organisation has some dozens.
const COOKBOOKS_MAX: usize = 500;

/// What was said about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// It began, and has changed nothing yet.
    Started,
    Ended(Box<Converge>),
}

/// A member that is null is one that was not sent: whoever is refused is not told of again.
fn nullable<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    #[serde(deserialize_with = "nullable")]
    message_type: String,
    #[serde(deserialize_with = "nullable")]
    run_id: String,
    #[serde(deserialize_with = "nullable")]
    node_name: String,
    organization_name: Option<String>,
    #[serde(deserialize_with = "nullable")]
    status: String,
    #[serde(deserialize_with = "nullable")]
    start_time: String,
    #[serde(deserialize_with = "nullable")]
    end_time: String,
    policy_name: Option<String>,
    policy_group: Option<String>,
    cookbooks: Option<BTreeMap<String, Option<Cookbook>>>,
    total_resource_count: Option<u64>,
    updated_resource_count: Option<u64>,
    resources: Option<Vec<Option<Resource>>>,
    error: Option<Failed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cookbook {
    version: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Resource {
    #[serde(rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(deserialize_with = "nullable")]
    name: String,
    #[serde(deserialize_with = "nullable")]
    status: String,
    cookbook_name: Option<String>,
    error_message: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failed {
    class: Option<String>,
    message: Option<String>,
}

/// Understands a message, or says which of its members is not what Chef sends.
pub fn read(bytes: &[u8]) -> Result<Message, Refusal> {
    let sent: Sent = lenient_json::read(bytes, IMPORT_BYTES_MAX).map_err(refused)?;
    let mut checking = Checking::default();
    let run = checking.need("run_id", Title::new(&sent.run_id));
    let node = checking.need("node_name", Title::new(&sent.node_name));
    let started_at = moment(&mut checking, "start_time", &sent.start_time);
    match sent.message_type.as_str() {
        "run_start" => {
            checking.end(run.zip(node).zip(started_at))?;
            Ok(Message::Started)
        }
        "run_converge" => {
            let ended_at = moment(&mut checking, "end_time", &sent.end_time);
            let status = Status::named(&sent.status).map_err(|says| checking.say("status", says)).ok();
            let whole = (|| Some((run?, node?, status?, started_at?, ended_at?)))();
            let (run, node, status, started_at, ended_at) = checking.end(whole)?;
            let ended_at = ended_at.max(started_at);
            Ok(Message::Ended(Box::new(Converge { run, node, status, started_at, ended_at, body: body(sent) })))
        }
        _ => Err(Refusal::unfit("message_type", "is not one of run_start, run_converge")),
    }
}

fn moment(checking: &mut Checking, field: &str, text: &str) -> Option<Moment> {
    let moment = Moment::parse(text);
    if moment.is_none() {
        checking.say(field, "is no time; it looks like 2026-11-22T14:03:00Z");
    }
    moment
}

fn body(sent: Sent) -> Body {
    let resources: Vec<Resource> = sent.resources.into_iter().flatten().flatten().collect();
    let count = |status: &str| resources.iter().filter(|resource| resource.status == status).count() as u64;
    let (total, updated) = (resources.len() as u64, count("updated"));
    let touched = resources.iter().filter(|resource| matches!(resource.status.as_str(), "updated" | "failed"));
    let touched: BTreeSet<String> =
        touched.filter_map(|resource| resource.cookbook_name.as_deref().map(name)).collect();
    let failed = resources.iter().filter(|resource| resource.status == "failed").take(CHEF_RESOURCES_MAX);
    let cookbooks = sent.cookbooks.unwrap_or_default().into_iter().take(COOKBOOKS_MAX);
    Body {
        organization: sent.organization_name.as_deref().map(name),
        policy: sent.policy_name.as_deref().map(name),
        policy_group: sent.policy_group.as_deref().map(name),
        cookbooks: cookbooks
            .map(|(book, known)| (name(&book), name(&known.and_then(|known| known.version).unwrap_or_default())))
            .collect(),
        touched: touched.into_iter().take(COOKBOOKS_MAX).collect(),
        updated: sent.updated_resource_count.unwrap_or(updated),
        total: sent.total_resource_count.unwrap_or(total),
        failed: failed.map(failed_resource).collect(),
        error: sent.error.and_then(|error| error.message.or(error.class)).map(|text| message(&text)),
    }
}

fn failed_resource(resource: &Resource) -> FailedResource {
    FailedResource {
        resource: name(&clean(&format!("{}[{}]", resource.kind, resource.name))),
        cookbook: resource.cookbook_name.as_deref().map(name),
        message: resource.error_message.as_deref().map(message),
    }
}

fn name(text: &str) -> String {
    shorten::line(text, TITLE_CHARS_MAX)
}

/// The first line says what went wrong; below it stand commands and what they wrote, with whatever
/// secrets they were called with.
fn message(text: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    shorten::line(&redact::without_assigned(&clean(first)), MESSAGE_CHARS_MAX)
}

/// Without names and passwords in addresses.
fn clean(text: &str) -> String {
    redact::without_credentials(text).unwrap_or_else(|| text.to_owned())
}

fn refused(trouble: ReadTrouble) -> Refusal {
    match trouble {
        ReadTrouble::TooLarge { .. } => Refusal::TooMuch {
            what: "The document".into(),
            limit: format!("the limit of {} MiB", IMPORT_BYTES_MAX / 1024 / 1024),
        },
        other => Refusal::unfit(other.field().unwrap_or("document"), other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &[u8] = include_bytes!("../../../tests/documents/chef/run_start.json");
    const CONVERGE: &[u8] = include_bytes!("../../../tests/documents/chef/run_converge.json");
    const FAILURE: &[u8] = include_bytes!("../../../tests/documents/chef/run_converge_failure.json");

    fn ended(bytes: &[u8]) -> Converge {
        match read(bytes).unwrap() {
            Message::Ended(converge) => *converge,
            Message::Started => panic!("it has ended"),
        }
    }

    #[test]
    fn both_messages_are_read() {
        assert_eq!(read(START).unwrap(), Message::Started);
        let run = ended(CONVERGE);
        assert_eq!((run.node.as_str(), run.status, run.body.updated, run.body.total), ("zk-1", Status::Success, 2, 4));
        assert_eq!(run.body.policy.as_deref(), Some("coordination"));
        assert_eq!(run.body.cookbooks["zk"], "1.2.0");
        assert_eq!(run.body.touched, BTreeSet::from(["zk".to_owned()]));
        assert_eq!(run.ended_at.ms_since(run.started_at), 41_000);
    }

    #[test]
    fn a_failure_names_its_resource_and_its_error() {
        let run = ended(FAILURE);
        assert_eq!(run.status, Status::Failure);
        assert_eq!(run.body.failed[0].resource, "service[zookeeper]");
        assert!(run.words().starts_with("Chef failed on zk-1: service[zookeeper]"), "{}", run.words());
    }

    #[test]
    fn no_secret_of_the_node_its_files_or_its_addresses_is_kept() {
        for bytes in [CONVERGE, FAILURE] {
            let sent = String::from_utf8_lossy(bytes);
            assert!(sent.contains("hunter2"), "the document holds a secret");
            let kept = serde_json::to_string(&ended(bytes)).unwrap();
            assert!(!kept.contains("hunter2"), "{kept}");
        }
    }

    #[test]
    fn members_that_are_null_are_ones_that_were_not_sent() {
        let text = r#"{"message_type":"run_converge","run_id":"a","node_name":"b","status":"failure",
            "start_time":"2026-11-02T10:00:00Z","end_time":"2026-11-02T10:00:01Z","organization_name":null,
            "cookbooks":{"zk":null,"java":{"version":null}},"total_resource_count":null,"updated_resource_count":null,
            "policy_name":null,"policy_group":null,"error":{"class":null,"message":null},
            "resources":[null,{"type":null,"name":null,"status":"failed","cookbook_name":null,"error_message":null}]}"#;
        let run = ended(text.as_bytes());
        assert_eq!((run.body.total, run.body.failed.len(), run.body.cookbooks.len()), (1, 1, 2));
        let without = text.replace("\"run_id\":\"a\"", "\"run_id\":null");
        let refusal = read(without.as_bytes()).unwrap_err();
        assert_eq!(refusal.troubles()[0].field, "run_id");
    }

    #[test]
    fn of_a_message_one_line_is_kept_and_no_secret_that_is_assigned_in_it() {
        let text = "\nCommand failed: DB_PASSWORD=hunter2 backup --token hunter2 --to s3\n---- Begin output of mysql -phunter2 ----\n";
        assert_eq!(message(text), "Command failed: DB_PASSWORD=[redacted] backup --token [redacted] --to s3");
    }

    #[test]
    fn what_chef_does_not_send_is_refused_by_its_member() {
        for (text, field) in [
            (r#"{"message_type":"action"}"#, "message_type"),
            (r#"{"message_type":"run_start","run_id":"a","node_name":"b","start_time":"now"}"#, "start_time"),
            (
                r#"{"message_type":"run_start","run_id":"","node_name":"b","start_time":"2026-11-02T10:00:00Z"}"#,
                "run_id",
            ),
            (
                r#"{"message_type":"run_converge","run_id":"a","node_name":"b","status":"aborted","start_time":"2026-11-02T10:00:00Z","end_time":"2026-11-02T10:00:01Z"}"#,
                "status",
            ),
        ] {
            let refusal = read(text.as_bytes()).unwrap_err();
            assert!(refusal.troubles().iter().any(|trouble| trouble.field == field), "{text}: {refusal:?}");
        }
        assert!(read(b"{").is_err());
    }
}
