//! Webhooks of other tools: where messages go, in which form, and about what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{choices::topics, topics::Topic};
use crate::{
    experiments::plan::vocabulary,
    refusal::{Checking, Refusal},
    text::{Link, Slug, Title},
    time::Moment,
};

vocabulary! {
    /// What a webhook's messages look like.
    #[cfg_attr(feature = "store", schemars(rename = "WebhookForm"))]
    Form {
        Standard = "standard", "Signed JSON (Standard Webhooks)";
        Slack = "slack", "Slack incoming webhook";
    }
}

/// Where messages go. What is secret in an address stands in a credential beside the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub name: Title,
    pub form: Form,
    pub address: Link,
    pub credential: Option<Slug>,
    /// Of everything, if it names nothing.
    pub topics: BTreeSet<Topic>,
    pub on: bool,
}

impl Webhook {
    pub fn wants(&self, topic: Topic) -> bool {
        self.on && !topic.is_personal() && (self.topics.is_empty() || self.topics.contains(&topic))
    }

    /// Where it goes without what may be secret behind it: `hooks.example.org:8443`.
    pub fn host(&self) -> &str {
        let address = self.address.as_str();
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

/// What a line of the trail says of a webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    pub name: String,
    /// Empty in lines of an earlier version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Said {
    pub fn of(webhook: &Webhook) -> Self {
        Self { name: webhook.name.to_string(), host: webhook.host().to_owned(), because: None }
    }
}

/// A webhook as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: i64,
    pub webhook: Webhook,
    /// Why it was turned off by itself, as a clause.
    pub off_because: Option<String>,
    pub created_at: Moment,
    pub version: i64,
}

/// One signing secret, without itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretMade {
    pub number: i64,
    /// What tells the server's key it was made with.
    pub made_with: String,
    pub made_at: Moment,
}

/// A webhook as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "WebhookDraft", extend("required" = ["name", "form", "address"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub name: String,
    #[cfg_attr(feature = "store", schemars(with = "Form"))]
    pub form: String,
    /// `https://hooks.example.org/retrial`; what is secret in it belongs into the credential.
    pub address: String,
    /// The name of a credential that the operator keeps beside the server.
    pub credential: String,
    /// What is told; nothing means everything.
    pub topics: Vec<String>,
    /// Whether messages are sent.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Tick>"))]
    pub on: String,
    /// The version an edit began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

impl Draft {
    pub fn check(&self) -> Result<Webhook, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let form = Form::named(&self.form).map_err(|says| checking.say("form", says)).ok();
        let address = address(&self.address).map_err(|says| checking.say("address", says)).ok();
        let credential = checking.maybe("credential", &self.credential, Slug::new);
        let topics = topics(&mut checking, "topics", &self.topics);
        for personal in topics.iter().filter(|topic| topic.is_personal()) {
            checking.say("topics", format!("names \"{}\", which is for one person each", personal.word()));
        }
        let on = checking.tick("on", &self.on);
        let whole = (|| Some(Webhook { name: name?, form: form?, address: address?, credential, topics, on }))();
        checking.end(whole)
    }

    /// What an edit form begins with; `check` takes it back.
    pub fn of(kept: &Kept) -> Self {
        let Webhook { name, form, address, credential, topics, on } = &kept.webhook;
        Self {
            name: name.to_string(),
            form: form.word().into(),
            address: address.to_string(),
            credential: credential.as_ref().map(ToString::to_string).unwrap_or_default(),
            topics: topics.iter().map(|topic| topic.word().to_owned()).collect(),
            on: if *on { "on".into() } else { String::new() },
            version: kept.version.to_string(),
        }
    }
}

/// Chats whose incoming webhooks are addresses that nobody else may know.
const SECRET_AS_A_WHOLE: [(&str, &str); 3] = [
    ("https://hooks.slack.com", "/services/"),
    ("https://discord.com", "/api/webhooks/"),
    ("https://discordapp.com", "/api/webhooks/"),
];

fn address(text: &str) -> Result<Link, String> {
    const WANTED: &str = "takes an address that begins with https:// or http://";
    let link = Link::new(text).map_err(|trouble| trouble.to_string())?;
    let lower = link.as_str().to_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).ok_or(WANTED)?;
    if rest.split(['/', '?', '#']).next().is_some_and(|host| host.contains('@')) {
        return Err("holds a password; keep it in a credential beside the server".into());
    }
    let mut known = SECRET_AS_A_WHOLE.iter();
    let found = known.find(|(origin, path)| lower.strip_prefix(*origin).is_some_and(|rest| rest.starts_with(*path)));
    if let Some((origin, _)) = found {
        return Err(format!("is a secret as a whole: write {origin}, and keep the rest in a credential"));
    }
    Ok(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            name: "Chat".into(),
            form: "slack".into(),
            address: "https://hooks.slack.com".into(),
            credential: "slack-ops".into(),
            topics: vec!["run.aborted".into(), String::new()],
            on: "on".into(),
            version: String::new(),
        }
    }

    #[test]
    fn what_an_edit_form_begins_with_reads_back_as_the_same_webhook() {
        let webhook = draft().check().unwrap();
        assert!(webhook.wants(Topic::RunAborted) && !webhook.wants(Topic::RunStarted));
        let kept =
            Kept { id: 1, webhook: webhook.clone(), off_because: None, created_at: Moment::from_micros(0), version: 2 };
        assert_eq!(Draft::of(&kept).check(), Ok(webhook.clone()));
        assert!(
            Webhook { topics: BTreeSet::new(), ..webhook.clone() }.wants(Topic::RunStarted),
            "nothing named is all"
        );
        assert!(!Webhook { on: false, ..webhook }.wants(Topic::RunAborted));
    }

    #[test]
    fn what_is_for_one_person_goes_to_no_webhook() {
        let all = Webhook { topics: BTreeSet::new(), ..draft().check().unwrap() };
        assert!(!all.wants(Topic::Digest) && !all.wants(Topic::Mentioned));
        let refusal = Draft { topics: vec!["digest".into()], ..draft() }.check().unwrap_err();
        assert_eq!(refusal.troubles()[0].field, "topics");
    }

    #[test]
    fn a_line_of_the_trail_names_the_host_and_nothing_behind_it() {
        for (address, host) in [
            ("https://hooks.example.org/a?token=x", "hooks.example.org"),
            ("HTTP://hooks.example.org:8443", "hooks.example.org:8443"),
            ("https://[2001:db8::1]:444?x", "[2001:db8::1]:444"),
        ] {
            let webhook = Draft { address: address.into(), ..draft() }.check().unwrap();
            assert_eq!(Said::of(&webhook).host, host, "{address}");
        }
    }

    #[test]
    fn an_address_holds_no_secret() {
        for (text, says) in [
            ("ftp://a", "begins with"),
            ("mailto:a@b", "begins with"),
            ("https://ana:secret@hooks.example.org", "password"),
            ("https://hooks.slack.com/services/T0/B0/x", "credential"),
            ("https://Discord.com/api/webhooks/1/x/slack", "write https://discord.com,"),
        ] {
            let refusal = Draft { address: text.into(), ..draft() }.check().unwrap_err();
            assert!(refusal.troubles()[0].says.contains(says), "{text}: {refusal:?}");
        }
    }
}
