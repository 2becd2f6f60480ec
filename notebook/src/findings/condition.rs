//! On which targets a finding shows itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::runs::facts::{RunFacts, RunTarget};

/// A finding's condition on targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Any target shows it.
    Any,
    /// Only these; a proof must cover all of them.
    Names(BTreeSet<String>),
    /// Only targets in this role at the time.
    Role(String),
}

impl Condition {
    pub fn matches(&self, target: &RunTarget) -> bool {
        match self {
            Self::Any => true,
            Self::Names(names) => names.contains(target.name.as_str()),
            Self::Role(role) => target.role.as_ref().is_some_and(|r| r.as_str() == role),
        }
    }

    /// Whether a run could show the finding at all: some target it matches was really hit.
    pub fn can_exercise(&self, run: &RunFacts) -> bool {
        run.hit().any(|target| self.matches(target))
    }

    /// "target zk-1", "leader targets", "any target".
    pub fn words(&self) -> String {
        match self {
            Self::Any => "any target".into(),
            Self::Names(names) => {
                let list: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("target {}", list.join(", "))
            }
            Self::Role(role) => format!("targets in role {role}"),
        }
    }
}
