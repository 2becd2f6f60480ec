//! Pages of alerts: all that Alertmanager told, and how it is connected.

mod list;
pub mod table;

pub use list::AlertsPage;
