//! How SLOs and their measurements are kept.

pub(super) mod honeycomb;
pub(super) mod hours;
pub(super) mod measurements;
pub(super) mod slices;
pub(super) mod slos;
pub(super) mod sources;
