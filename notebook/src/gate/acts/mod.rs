//! Asking the gate: before a run as advice, at its start for good; and the policy with its limits.
//! It looks at everything around a run, so it uses the acts of later words, too, never their SQL.

mod advice;
mod gathering;
mod policies;
mod prompting;

pub(crate) use self::{
    advice::against_budget,
    gathering::{fitting, of_run},
    prompting::prompts,
};
pub use self::{
    advice::{Advice, of_experiment, of_service},
    policies::{Policies, approve_policy, policies, write_policy},
};
