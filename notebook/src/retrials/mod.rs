//! What reruns prove: the first word that knows all others. It closes runs with their answers
//! and decision, and says what fixes, findings, claims and decisions amount to.

#[cfg(feature = "store")]
mod automated;
pub mod automation;
pub mod bound;
#[cfg(feature = "store")]
mod chain;
pub mod claims;
#[cfg(feature = "store")]
mod close;
pub mod compare;
#[cfg(feature = "store")]
mod compared;
pub mod coverage;
#[cfg(feature = "store")]
mod covered;
#[cfg(feature = "store")]
mod dated;
#[cfg(feature = "store")]
mod decided;
pub mod drafts;
pub mod due;
#[cfg(feature = "store")]
mod evidence;
#[cfg(feature = "store")]
mod first;
#[cfg(feature = "store")]
mod graduated;
pub mod graduation;
#[cfg(feature = "store")]
mod lineage;
#[cfg(feature = "store")]
mod look;
pub mod passive;
#[cfg(feature = "store")]
mod queue;
pub mod seen;
#[cfg(feature = "store")]
mod sql;
pub mod targets;
#[cfg(feature = "store")]
mod telling;
#[cfg(feature = "store")]
mod today;
#[cfg(feature = "store")]
mod whole;

/// What can be done and asked here.
#[cfg(feature = "store")]
pub mod acts {
    pub(crate) use super::{
        automated::signs_itself,
        decided::decision_standing,
        lineage::past_of,
        look::{Judging, regressed_by, regressed_on, standing_of},
    };
    pub use super::{
        automated::{Unattended, sign_unattended},
        chain::{Chain, ChainLink, ChainNode, Node},
        close::{OpenFix, amend_answer, close, open_fixes},
        compared::{Column, RunsCompared, compare_runs, since_before},
        covered::{coverage, coverage_after},
        decided::{DecisionRow, DecisionShown, decide, decisions, decisions_of, show_decision},
        first::{FirstDraft, FirstSteps, first_observation, first_steps},
        graduated::{Graduated, graduated},
        lineage::{Overview, RunRow, overview},
        look::{
            FindingRow, FindingShown, FixRow, FixShown, FixWorthShown, PairShown, findings, findings_of, fixes,
            fixes_of, show_finding, show_fix,
        },
        queue::{DueQueue, due},
        telling::{Telling, tell},
        today::{Today, today},
    };
}
