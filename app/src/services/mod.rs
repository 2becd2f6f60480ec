//! Pages of services, their targets and changes, and of the environments they run in.

pub mod list;
pub mod one;
pub mod form;
pub mod environments;

mod changes;
mod targets;
mod tried;
