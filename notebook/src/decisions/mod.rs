//! DEC-9: what was chosen, with the claims it rests on; whether it still stands is computed.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
#[cfg(feature = "store")]
mod sql;
pub mod standing;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::vocabulary,
    id::{DecisionId, ExperimentId, RunId},
    text::{Note, Prose, Title},
    time::{Moment, Zone},
};

vocabulary! {
    /// What was chosen. Closing a run asks for one of these.
    DecisionKind {
        FixAndRerun = "fix_and_rerun", "Fix and rerun";
        RepeatAsIs = "repeat_as_is", "Repeat as is";
        Widen = "widen", "Widen";
        Automate = "automate", "Automate";
        KeepManual = "keep_manual", "Keep manual";
        AdoptAChange = "adopt_a_change", "Adopt a change";
        AcceptTheRisk = "accept_the_risk", "Accept the risk";
        Retire = "retire", "Retire";
        Stop = "stop", "Stop";
    }
}

vocabulary! {
    /// What a decision amounts to now (product reference, section 3.16).
    DecisionStanding {
        InForce = "in_force", "In force";
        EvidenceStale = "evidence_stale", "Evidence stale";
        EvidenceLost = "evidence_lost", "Evidence lost";
        ReviewDue = "review_due", "Review due";
        Superseded = "superseded", "Superseded";
        Ended = "ended", "Ended";
    }
}

/// What the standing rule knows of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionFacts {
    pub id: DecisionId,
    pub kind: DecisionKind,
    /// A later decision that says it takes this one's place.
    pub superseded_by: Option<DecisionId>,
    /// When a person ended it.
    pub stopped: Option<Moment>,
    /// For an accepted risk: from this instant on it is accepted no longer.
    pub risk_until: Option<Moment>,
    /// Where a day begins with that instant, if a team owns a service of its claims.
    pub risk_zone: Option<Zone>,
    /// From this instant on somebody is to look at it again.
    pub review_at: Option<Moment>,
    /// The claims that must hold for the decision to hold, by their experiments.
    pub rests_on: Vec<ExperimentId>,
}

/// A decision's own row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Decision {
    pub id: DecisionId,
    pub kind: DecisionKind,
    pub title: Title,
    pub body: Body,
    /// The run it was taken at, if it was taken at one.
    pub run: Option<RunId>,
    pub supersedes: Option<DecisionId>,
    pub superseded_by: Option<DecisionId>,
    pub until: Option<Moment>,
    pub review_at: Option<Moment>,
    pub claims: Vec<Claimed>,
    pub created_at: Moment,
    pub version: i64,
}

/// What is said of a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "DecisionBody"))]
pub struct Body {
    pub reason: Option<Prose>,
    pub consequences: Option<Prose>,
    /// What it is expected to save, with its source.
    pub saving: Option<Note>,
    /// For a retirement: what production exercises anyway and is watched instead.
    pub passive: Option<Title>,
}

/// A claim as it stood when the decision was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ClaimSnapshot"))]
pub struct Claimed {
    pub experiment: ExperimentId,
    /// In words: "3 of 3 upheld, current".
    pub snapshot: String,
}

/// One line of a decision's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum DecisionEvent {
    Decided {
        kind: DecisionKind,
        title: Title,
        body: Body,
    },
    Stopped {
        reason: Note,
    },
    /// What it saved in the end, with its source.
    SavingRealised {
        saving: Note,
    },
    /// Written by the clock when it needs somebody.
    Turned {
        is: DecisionStanding,
        says: String,
    },
    /// Written by the clock when the risk it accepts is accepted for a few days only.
    RiskExpires {
        until: Moment,
    },
}

impl DecisionEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Decided { .. } => "decided",
            Self::Stopped { .. } => "stopped",
            Self::SavingRealised { .. } => "saving_realised",
            Self::Turned { .. } => "turned",
            Self::RiskExpires { .. } => "risk_expires",
        }
    }
}
