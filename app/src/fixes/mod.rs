//! Pages of fixes: what was changed, where it is deployed, and what reruns say about it.

pub mod list;
pub mod one;
pub mod new;
pub mod edit;

mod fields;
mod deployments;
pub(crate) mod judged;
mod trail;
