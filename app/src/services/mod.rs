//! Pages of services, their targets and changes, of the environments they run in, and of what Chef tells.

pub mod list;
pub mod one;
pub mod form;
pub mod environments;
pub mod coverage;
pub mod chef;
pub mod change;

mod changes;
mod entry;
mod layout;
mod picture;
mod targets;
mod tried;
