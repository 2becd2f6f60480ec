//! Chef as a source of changes: what its data collector sends about a run on a node, and which
//! services such a run is about.

pub mod read;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::{ChangeKind, vocabulary},
    limits::TITLE_CHARS_MAX,
    refusal::{Checking, Refusal},
    services::{NewChange, slug_meant},
    text::{Note, Slug, Title},
    time::Moment,
};

vocabulary! {
    /// By what a Chef run is told to be about a service; the first that is mapped decides.
    MappedBy {
        Node = "node", "Node";
        Policy = "policy", "Policy";
        Cookbook = "cookbook", "Cookbook";
    }
}

vocabulary! {
    /// How Chef says a run ended.
    #[cfg_attr(feature = "store", schemars(rename = "ChefStatus"))]
    Status {
        Success = "success", "Succeeded";
        Failure = "failure", "Failed";
    }
}

/// A node, policy or cookbook and a service its runs change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefMapping"))]
pub struct Mapping {
    pub kind: MappedBy,
    pub name: Title,
    pub service: Slug,
    pub environment: Slug,
}

/// What is kept of a run: no attributes of the node, no texts of files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefRunBody"))]
#[serde(default)]
pub struct Body {
    pub organization: Option<String>,
    pub policy: Option<String>,
    pub policy_group: Option<String>,
    /// Name and version.
    pub cookbooks: BTreeMap<String, String>,
    /// Cookbooks of which a resource was changed or failed.
    pub touched: BTreeSet<String>,
    pub updated: u64,
    pub total: u64,
    /// The first ones.
    pub failed: Vec<FailedResource>,
    pub error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefFailedResource"))]
#[serde(default)]
pub struct FailedResource {
    /// `service[zookeeper]`.
    pub resource: String,
    pub cookbook: Option<String>,
    pub message: Option<String>,
}

/// A run of Chef on one node that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefRun"))]
pub struct Converge {
    pub run: Title,
    pub node: Title,
    pub status: Status,
    pub started_at: Moment,
    pub ended_at: Moment,
    pub body: Body,
}

impl Converge {
    /// Chef runs every half hour and mostly finds everything as it should be: that is no change.
    pub const fn is_change(&self) -> bool {
        matches!(self.status, Status::Failure) || self.body.updated > 0
    }

    /// A node whose clock is ahead has not changed anything tomorrow.
    #[must_use]
    pub fn not_after(mut self, now: Moment) -> Self {
        self.ended_at = self.ended_at.min(now);
        self.started_at = self.started_at.min(self.ended_at);
        self
    }

    /// One line for lists.
    pub fn words(&self) -> String {
        match self.status {
            Status::Success => {
                format!("Chef changed {} of {} resources on {}", self.body.updated, self.body.total, self.node)
            }
            Status::Failure => {
                let first = self.body.failed.first().map(|failed| failed.resource.as_str());
                let why = self.body.error.as_deref().or(first).unwrap_or("it does not say why");
                format!("Chef failed on {}: {}", self.node, why.lines().next().unwrap_or_default())
            }
        }
    }

    fn names(&self, kind: MappedBy) -> BTreeSet<&str> {
        match kind {
            MappedBy::Node => BTreeSet::from([self.node.as_str()]),
            MappedBy::Policy => self.body.policy.as_deref().into_iter().collect(),
            // A run that failed before any resource may be about each of its cookbooks.
            MappedBy::Cookbook if self.body.touched.is_empty() => {
                self.body.cookbooks.keys().map(String::as_str).collect()
            }
            MappedBy::Cookbook => self.body.touched.iter().map(String::as_str).collect(),
        }
    }

    /// The services it is about in each environment; none if nothing of it is mapped.
    pub fn services(&self, mappings: &[Mapping]) -> BTreeMap<Slug, BTreeSet<Slug>> {
        let mut services: BTreeMap<Slug, BTreeSet<Slug>> = BTreeMap::new();
        for kind in MappedBy::ALL {
            let names = self.names(*kind);
            for mapping in mappings.iter().filter(|m| m.kind == *kind && names.contains(m.name.as_str())) {
                services.entry(mapping.environment.clone()).or_default().insert(mapping.service.clone());
            }
            if !services.is_empty() {
                break;
            }
        }
        services
    }

    /// The changes to write down, one for each environment.
    pub fn changes(&self, mappings: &[Mapping]) -> Vec<NewChange> {
        let words = crate::foreign::shorten::line(&self.words(), TITLE_CHARS_MAX);
        let Ok(summary) = Title::new(&words) else { return Vec::new() };
        let change = |(environment, services)| NewChange {
            kind: ChangeKind::ConfigurationPush,
            summary: summary.clone(),
            reference: Note::new(&format!("Chef run {}", self.run)).ok(),
            environment,
            at: self.ended_at,
            services,
        };
        self.services(mappings).into_iter().map(change).collect()
    }
}

/// A mapping as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefMappingDraft", extend("required" = ["kind", "name", "service", "environment"])))]
#[serde(default, deny_unknown_fields)]
pub struct MappingDraft {
    #[cfg_attr(feature = "store", schemars(with = "MappedBy"))]
    pub kind: String,
    /// As Chef spells it.
    pub name: String,
    pub service: String,
    pub environment: String,
}

impl MappingDraft {
    pub fn check(&self) -> Result<Mapping, Refusal> {
        let mut checking = Checking::default();
        let kind = MappedBy::named(&self.kind).map_err(|says| checking.say("kind", says)).ok();
        let name = checking.need("name", Title::new(&self.name));
        let service = checking.need("service", slug_meant(&self.service));
        let environment = checking.need("environment", slug_meant(&self.environment));
        let whole = (|| Some(Mapping { kind: kind?, name: name?, service: service?, environment: environment? }))();
        checking.end(whole)
    }
}

/// Which mapping to take away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefUnmapDraft", extend("required" = ["kind", "name", "service"])))]
#[serde(default, deny_unknown_fields)]
pub struct UnmapDraft {
    #[cfg_attr(feature = "store", schemars(with = "MappedBy"))]
    pub kind: String,
    pub name: String,
    pub service: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    fn mapping(kind: MappedBy, name: &str, service: &str, environment: &str) -> Mapping {
        Mapping { kind, name: Title::new(name).unwrap(), service: slug(service), environment: slug(environment) }
    }

    fn converge() -> Converge {
        Converge {
            run: Title::new("c0ffee").unwrap(),
            node: Title::new("zk-1").unwrap(),
            status: Status::Success,
            started_at: Moment::from_micros(0),
            ended_at: Moment::from_micros(60_000_000),
            body: Body {
                policy: Some("coordination".into()),
                cookbooks: [("zk", "1.2.0"), ("base", "9.0.1")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
                touched: BTreeSet::from(["zk".to_owned()]),
                updated: 4,
                total: 120,
                ..Body::default()
            },
        }
    }

    #[test]
    fn the_node_decides_before_the_policy_and_the_policy_before_cookbooks() {
        let node = mapping(MappedBy::Node, "zk-1", "zookeeper", "production");
        let other = mapping(MappedBy::Node, "zk-2", "kafka", "production");
        let policy = mapping(MappedBy::Policy, "coordination", "alerting", "production");
        let cookbook = mapping(MappedBy::Cookbook, "zk", "kafka", "staging");
        let untouched = mapping(MappedBy::Cookbook, "base", "home", "staging");
        let second = mapping(MappedBy::Node, "zk-1", "alerting", "staging");
        for (mappings, expected) in [
            (vec![], vec![]),
            (vec![&other, &untouched], vec![]),
            (vec![&cookbook, &untouched], vec![("staging", vec!["kafka"])]),
            (vec![&cookbook, &policy], vec![("production", vec!["alerting"])]),
            (vec![&cookbook, &policy, &node, &other], vec![("production", vec!["zookeeper"])]),
            (vec![&node, &second], vec![("production", vec!["zookeeper"]), ("staging", vec!["alerting"])]),
        ] {
            let mappings: Vec<Mapping> = mappings.into_iter().cloned().collect();
            let found = converge().services(&mappings);
            let expected: BTreeMap<Slug, BTreeSet<Slug>> =
                expected.into_iter().map(|(place, all)| (slug(place), all.into_iter().map(slug).collect())).collect();
            assert_eq!(found, expected, "{mappings:?}");
            assert_eq!(converge().changes(&mappings).len(), expected.len());
        }
    }

    #[test]
    fn a_run_that_changed_nothing_is_no_change_and_a_failed_one_is() {
        let idle = Converge { body: Body { updated: 0, ..converge().body }, ..converge() };
        assert!(!idle.is_change() && converge().is_change());
        let failed = Converge { status: Status::Failure, ..idle };
        assert!(failed.is_change());
        assert_eq!(converge().words(), "Chef changed 4 of 120 resources on zk-1");
        assert_eq!(failed.words(), "Chef failed on zk-1: it does not say why");
    }

    #[test]
    fn a_clock_that_is_ahead_is_brought_back() {
        let now = Moment::from_micros(30_000_000);
        let told = converge().not_after(now);
        assert_eq!((told.started_at, told.ended_at), (Moment::from_micros(0), now));
        assert_eq!(converge().not_after(Moment::from_micros(90_000_000)), converge());
    }

    #[test]
    fn a_failed_run_before_any_resource_is_about_all_its_cookbooks() {
        let body = Body {
            touched: BTreeSet::new(),
            updated: 0,
            error: Some("No such cookbook\nat".into()),
            ..converge().body
        };
        let failed = Converge { status: Status::Failure, body, ..converge() };
        let base = [mapping(MappedBy::Cookbook, "base", "home", "staging")];
        assert_eq!(failed.changes(&base)[0].summary.as_str(), "Chef failed on zk-1: No such cookbook");
    }
}
