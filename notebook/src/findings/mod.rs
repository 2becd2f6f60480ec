//! FND-88: a weakness that a run showed, with its condition and what has become of it.

#[cfg(feature = "store")]
pub mod acts;
pub mod condition;
pub mod drafts;
#[cfg(feature = "store")]
mod sql;
pub mod status;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::vocabulary,
    fixes::Revealing,
    id::{ExperimentId, FindingId, FixId, RunId},
    text::{Note, Prose, Slug, Title},
    time::Moment,
};
use condition::Condition;
use status::{AcceptedRisk, Rulings};

vocabulary! {
    /// What sort of weakness it is.
    FindingKind {
        Weakness = "weakness", "Weakness";
        TelemetryGap = "telemetry_gap", "Telemetry gap";
        SlowDetection = "slow_detection", "Slow detection";
        Procedure = "procedure", "Procedure";
        Documentation = "documentation", "Documentation";
    }
}

vocabulary! {
    Severity {
        Low = "low", "Low";
        Medium = "medium", "Medium";
        High = "high", "High";
        Critical = "critical", "Critical";
    }
}

vocabulary! {
    /// What a finding amounts to (product reference, section 3.7).
    #[cfg_attr(feature = "store", schemars(rename = "FindingStatus"))]
    Status {
        Open = "open", "Open";
        FixProposed = "fix_proposed", "Fix proposed";
        FixDeployed = "fix_deployed", "Fix deployed (unverified)";
        Verified = "verified", "Verified";
        Regressed = "regressed", "Regressed";
        Stale = "stale", "Stale";
        RiskAccepted = "risk_accepted", "Risk accepted";
        Duplicate = "duplicate", "Duplicate";
        NotAFinding = "not_a_finding", "Not a finding";
    }
}

vocabulary! {
    /// How two findings hang together; people say so, nothing infers it.
    LinkKind {
        Related = "related", "Related";
        SuspectedCause = "suspected_cause", "Suspected cause";
    }
}

/// A finding's own row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Finding {
    pub id: FindingId,
    pub title: Title,
    pub kind: FindingKind,
    pub severity: Severity,
    pub experiment: Option<ExperimentId>,
    pub origin: Option<RunId>,
    pub environment: Slug,
    pub services: BTreeSet<Slug>,
    pub body: Body,
    pub created_at: Moment,
    pub version: i64,
}

/// What is said of a finding and searched by nobody's query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FindingBody"))]
pub struct Body {
    pub summary: Option<Prose>,
    pub revealing: Option<Revealing>,
    pub condition: Condition,
    pub introduced_by: Option<FixId>,
}

/// One line of a finding's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum FindingEvent {
    Written {
        title: Title,
        severity: Severity,
        body: Body,
    },
    Edited {
        title: Title,
        severity: Severity,
        body: Body,
    },
    RiskAccepted {
        owner: Title,
        reason: Note,
        until: Moment,
    },
    MarkedDuplicate {
        of: FindingId,
    },
    Dismissed {
        reason: Note,
    },
    /// Takes back the latest risk, duplicate or dismissal.
    Undone {
        act: String,
        reason: Note,
    },
    CauseSuspected {
        number: i64,
        text: Note,
        change: Option<i64>,
    },
    CauseConfirmed {
        number: i64,
        reason: Note,
    },
    Linked {
        kind: LinkKind,
        to: FindingId,
    },
    SeenAgain {
        run: RunId,
        text: Option<Note>,
    },
    /// Written by the clock when the end of an accepted risk comes near.
    RiskExpires {
        until: Moment,
    },
}

/// A contributing factor: suspected until somebody confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub number: i64,
    pub text: String,
    /// The recorded change it points at.
    pub change: Option<i64>,
    pub confirmed: bool,
}

impl FindingEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Written { .. } => "written",
            Self::Edited { .. } => "edited",
            Self::RiskAccepted { .. } => "risk_accepted",
            Self::MarkedDuplicate { .. } => "marked_duplicate",
            Self::Dismissed { .. } => "dismissed",
            Self::Undone { .. } => "undone",
            Self::CauseSuspected { .. } => "cause_suspected",
            Self::CauseConfirmed { .. } => "cause_confirmed",
            Self::Linked { .. } => "linked",
            Self::SeenAgain { .. } => "seen_again",
            Self::RiskExpires { .. } => "risk_expires",
        }
    }
}

/// The rulings that follow from a finding's trail, in the order of sequence.
pub fn rulings<'a>(events: impl IntoIterator<Item = &'a FindingEvent>) -> Rulings {
    let mut rulings = Rulings::default();
    for event in events {
        match event {
            FindingEvent::RiskAccepted { owner, reason, until } => {
                let (owner, reason) = (owner.to_string(), reason.to_string());
                rulings.risk = Some(AcceptedRisk { owner, reason, until: *until });
            }
            FindingEvent::MarkedDuplicate { of } => rulings.duplicate_of = Some(*of),
            FindingEvent::Dismissed { reason } => rulings.not_a_finding = Some(reason.to_string()),
            FindingEvent::Undone { act, .. } => match act.as_str() {
                "risk_accepted" => rulings.risk = None,
                "marked_duplicate" => rulings.duplicate_of = None,
                "dismissed" => rulings.not_a_finding = None,
                _ => {}
            },
            _ => {}
        }
    }
    rulings
}

/// Contributing factors with their standing, oldest first.
pub fn causes<'a>(events: impl IntoIterator<Item = &'a FindingEvent>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    for event in events {
        match event {
            FindingEvent::CauseSuspected { number, text, change } => {
                causes.push(Cause { number: *number, text: text.to_string(), change: *change, confirmed: false });
            }
            FindingEvent::CauseConfirmed { number, .. } => {
                causes.iter_mut().filter(|cause| cause.number == *number).for_each(|cause| cause.confirmed = true);
            }
            _ => {}
        }
    }
    causes
}
