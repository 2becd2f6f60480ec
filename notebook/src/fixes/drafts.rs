//! What forms and JSON send about a fix: plain texts until checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Body;
use crate::{
    id::{FindingId, NoId},
    limits::PLAN_ITEMS_MAX,
    refusal::{Checking, Refusal},
    text::{Link, Prose, Slug, Title},
    time::{Moment, Zone},
};

/// Proposing or editing a fix.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FixDraft", extend("required" = ["title", "findings"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub title: String,
    pub summary: String,
    /// One address a line.
    pub links: String,
    /// Finding ids; an empty text names none.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<FindingId>>"))]
    pub findings: Vec<String>,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["environment", "reference"])))]
#[serde(default, deny_unknown_fields)]
pub struct DeployDraft {
    pub environment: String,
    /// Version, commit or ticket.
    pub reference: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

/// Rolling back (with the deployment's number), withdrawing, or noting a closed ticket.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FixWordsDraft", extend("required" = ["text"])))]
#[serde(default, deny_unknown_fields)]
pub struct WordsDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub number: String,
    pub text: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

pub(super) struct Checked {
    pub title: Title,
    pub body: Body,
    pub findings: BTreeSet<FindingId>,
}

impl Draft {
    pub(super) fn check(&self) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let title = checking.need("title", Title::new(&self.title));
        let summary = checking.maybe("summary", &self.summary, Prose::new);
        let lines: Vec<&str> = self.links.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.len() > PLAN_ITEMS_MAX {
            checking.say("links", format!("has {} lines; at most {PLAN_ITEMS_MAX} are kept", lines.len()));
        }
        let links = lines.into_iter().filter_map(|line| checking.need("links", Link::new(line))).collect();
        let mut findings = BTreeSet::new();
        for text in self.findings.iter().filter(|text| !text.trim().is_empty()) {
            match text.parse::<FindingId>() {
                Ok(id) => drop(findings.insert(id)),
                Err(NoId { .. }) => {
                    checking.say("findings", format!("holds \"{}\", which is no finding id", text.trim()));
                }
            }
        }
        if findings.is_empty() {
            checking.say("findings", "is empty; name the findings this fix claims to remove");
        }
        checking.end(title.map(|title| Checked { title, body: Body { summary, links }, findings }))
    }
}

impl DeployDraft {
    pub(super) fn check(&self, zone: &Zone, now: Moment) -> Result<(Slug, Title, Moment), Refusal> {
        let mut checking = Checking::default();
        let environment = checking.need("environment", Slug::new(&self.environment));
        let reference = checking.need("reference", Title::new(&self.reference));
        let at = Moment::typed_past(&self.at, zone, now).map_err(|says| checking.say("at", says)).ok();
        if at.is_some_and(|at| at > now) {
            checking.say("at", "lies in the future; record the deployment once it is done");
        }
        checking
            .end(environment.zip(reference).zip(at).map(|((environment, reference), at)| (environment, reference, at)))
    }
}
