//! What reruns prove: the first word that knows all others. It closes runs with their answers
//! and decision, and says what fixes, findings, claims and decisions amount to.

pub mod bound;
pub mod claims;
#[cfg(feature = "store")]
mod close;
pub mod coverage;
#[cfg(feature = "store")]
mod covered;
#[cfg(feature = "store")]
mod decided;
pub mod drafts;
#[cfg(feature = "store")]
mod evidence;
#[cfg(feature = "store")]
mod first;
#[cfg(feature = "store")]
mod lineage;
#[cfg(feature = "store")]
mod look;
#[cfg(feature = "store")]
mod today;

/// What can be done and asked here.
#[cfg(feature = "store")]
pub mod acts {
    pub(crate) use super::look::regressed_on;
    pub use super::{
        close::{OpenFix, amend_answer, close, open_fixes},
        covered::coverage,
        decided::{DecisionRow, DecisionShown, decide, decisions, show_decision},
        first::{FirstDraft, FirstSteps, first_observation, first_steps},
        lineage::{Chain, ChainLink, ChainNode, Node, Overview, RunRow, overview},
        look::{
            FindingRow, FindingShown, FixRow, FixShown, FixWorthShown, PairShown, findings, fixes, show_finding,
            show_fix,
        },
        today::{Today, today},
    };
}
