//! FIX-12: a change that claims to remove one or more findings; what it is worth is computed.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
pub mod evidence;
#[cfg(feature = "store")]
mod sql;
pub mod standing;
pub mod waits;

#[cfg(test)]
mod histories;
#[cfg(test)]
mod naive;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::{CheckKey, Identity, vocabulary},
    findings::{FindingKind, condition::Condition},
    id::{FindingId, FixId, RunId},
    text::{Link, Note, Prose, Slug, Title},
    time::Moment,
};

vocabulary! {
    /// What a fix amounts to (product reference, section 3.6).
    #[cfg_attr(feature = "store", schemars(rename = "FixStanding"))]
    Standing {
        Proposed = "proposed", "Proposed";
        Deployed = "deployed", "Deployed (unverified)";
        Verified = "verified", "Verified";
        FailedVerification = "failed_verification", "Failed verification";
        Regressed = "regressed", "Regressed";
        Stale = "stale", "Stale";
        Reverted = "reverted", "Reverted";
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

/// One roll-out of a fix to an environment; later ones and roll-backs are further events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Deployment {
    pub environment: Slug,
    /// When it took effect.
    pub at: Moment,
    /// Version, commit or ticket.
    pub reference: String,
    /// When it was taken back, if it was.
    pub rolled_back: Option<Moment>,
    /// Order in which it was recorded; decides between equal times.
    pub sequence: i64,
}

/// What the standing rule knows of a fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct FixFacts {
    pub id: FixId,
    pub withdrawn: Option<Moment>,
    pub deployments: Vec<Deployment>,
}

/// What reveals a finding: one check or one signal of the origin run's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Revealing {
    Check(CheckKey),
    Signal(Title),
}

/// What the standing rule knows of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingFacts {
    pub id: FindingId,
    pub kind: FindingKind,
    pub origin: Option<RunId>,
    /// The origin run's frozen identity.
    pub origin_identity: Option<Identity>,
    /// The check whose outcome shows the finding; without one a fix cannot be verified.
    pub revealing: Option<Revealing>,
    pub condition: Condition,
    pub environment: Slug,
}

/// A recorded change that counts against older passes of one experiment: it hit a service of
/// the identity, is of a listed kind, and no reviewer marked it irrelevant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelevantChange {
    /// e.g. "configuration push base role".
    pub words: String,
    pub at: Moment,
    pub sequence: i64,
}

/// The policy and present plan a standing is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yardstick {
    pub required_passes: u32,
    pub freshness_days: u32,
    /// Identity of the experiment's current approved revision.
    pub current: Option<Identity>,
}

/// A fix's own row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Fix {
    pub id: FixId,
    pub title: Title,
    pub body: Body,
    /// The findings it claims to remove.
    pub findings: BTreeSet<FindingId>,
    pub created_at: Moment,
    pub version: i64,
}

/// What is said of a fix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FixBody"))]
pub struct Body {
    pub summary: Option<Prose>,
    /// Commits, pull requests, tickets.
    pub links: Vec<Link>,
}

/// One line of a fix's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum FixEvent {
    Proposed {
        title: Title,
        body: Body,
        findings: BTreeSet<FindingId>,
    },
    Edited {
        title: Title,
        body: Body,
        findings: BTreeSet<FindingId>,
    },
    Deployed {
        number: i64,
        environment: Slug,
        reference: Title,
    },
    RolledBack {
        number: i64,
        reason: Note,
    },
    Withdrawn {
        reason: Note,
    },
    /// A ticket elsewhere was closed; that proves nothing and deploys nothing.
    TicketClosed {
        text: Note,
    },
    /// Written by the clock when what it is worth for a finding needs somebody.
    Turned {
        finding: FindingId,
        is: Standing,
        says: String,
    },
}

impl FixEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "proposed",
            Self::Edited { .. } => "edited",
            Self::Deployed { .. } => "deployed",
            Self::RolledBack { .. } => "rolled_back",
            Self::Withdrawn { .. } => "withdrawn",
            Self::TicketClosed { .. } => "ticket_closed",
            Self::Turned { .. } => "turned",
        }
    }
}

/// The facts that follow from a fix's trail: (sequence, effective time, event), in order.
pub fn facts<'a>(id: FixId, lines: impl IntoIterator<Item = (i64, Moment, &'a FixEvent)>) -> FixFacts {
    let mut facts = FixFacts { id, withdrawn: None, deployments: Vec::new() };
    // A deployment's number is its place among deployments.
    for (sequence, at, event) in lines {
        match event {
            FixEvent::Deployed { environment, reference, .. } => facts.deployments.push(Deployment {
                environment: environment.clone(),
                at,
                reference: reference.to_string(),
                rolled_back: None,
                sequence,
            }),
            FixEvent::RolledBack { number, .. } => {
                let place = usize::try_from(number - 1).ok();
                if let Some(deployment) = place.and_then(|place| facts.deployments.get_mut(place)) {
                    deployment.rolled_back = Some(at);
                }
            }
            FixEvent::Withdrawn { .. } => facts.withdrawn = Some(at),
            FixEvent::Proposed { .. }
            | FixEvent::Edited { .. }
            | FixEvent::TicketClosed { .. }
            | FixEvent::Turned { .. } => {}
        }
    }
    facts
}
