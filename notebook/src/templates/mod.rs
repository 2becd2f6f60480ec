//! Templates: plans to begin from, that come with Retrial or are made of experiments of this notebook.
//! An experiment keeps the template and the version it began from, and goes its own way afterwards.

#[cfg(feature = "store")]
pub mod acts;
pub mod builtin;
pub mod drafts;
pub mod fitting;
pub mod general;
pub mod named;
#[cfg(feature = "store")]
mod sql;
pub mod trail;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::{
        Draft,
        plan::{Plan, vocabulary},
    },
    id::ExperimentId,
    text::{Note, Slug, Title},
    time::Moment,
};
pub use named::TemplateName;

vocabulary! {
    /// What a template asks of a service, so that its fault can be tried there at all.
    Requirement {
        Instances = "instances", "Several instances";
        Quorum = "quorum", "A quorum";
        Leader = "leader", "An elected leader";
        Replicas = "replicas", "Replicated data";
        Disk = "disk", "Data on a disk";
        Dependency = "dependency", "A service it calls";
        Names = "names", "Names it resolves";
        Zones = "zones", "More than one zone";
        Certificate = "certificate", "A certificate";
        Queue = "queue", "A queue it works off";
        Telemetry = "telemetry", "Telemetry with alerts";
        Preemptible = "preemptible", "Preemptible nodes";
    }
}

/// One version of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub name: TemplateName,
    pub title: Title,
    /// Why somebody should try it.
    pub about: Option<Note>,
    pub requires: BTreeSet<Requirement>,
    /// The plan without what only the team knows: services, environment, who reverts.
    pub draft: Draft,
    pub origin: Origin,
    /// The number of its newest version.
    pub newest: i64,
    /// Since when nobody should begin from it any more.
    pub retired_at: Option<Moment>,
}

/// Where a template is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "TemplateOrigin"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Origin {
    /// It comes with Retrial and changes only with it.
    BuiltIn,
    /// It was made of an approved plan of this notebook.
    Promoted { experiment: ExperimentId, revision: i64 },
}

/// What one version of a template of this notebook says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub title: Title,
    pub about: Option<Note>,
    pub requires: BTreeSet<Requirement>,
    /// Without services and environment.
    pub plan: Plan,
    pub experiment: ExperimentId,
    pub revision: i64,
}

impl Template {
    /// A template of this notebook.
    pub fn promoted(name: TemplateName, text: Text, newest: i64, retired_at: Option<Moment>) -> Self {
        Self {
            name,
            draft: Draft::from_plan(&text.plan),
            title: text.title,
            about: text.about,
            requires: text.requires,
            origin: Origin::Promoted { experiment: text.experiment, revision: text.revision },
            newest,
            retired_at,
        }
    }

    /// The kind of its fault.
    pub fn fault(&self) -> Option<Slug> {
        Slug::new(&self.draft.fault_kind).ok()
    }

    pub fn is_newest(&self) -> bool {
        self.name.version == self.newest
    }

    /// What the form of a new experiment begins with. Either may be empty.
    pub fn begin_on(&self, service: &str, environment: &str) -> Draft {
        let services = if service.is_empty() { Vec::new() } else { vec![service.to_owned()] };
        Draft { services, environment: environment.to_owned(), template: self.name.to_string(), ..self.draft.clone() }
    }
}
