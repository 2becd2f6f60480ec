//! The gate before a run: what it says, who answers it, who is there, what they say to the start, and the
//! policy behind it.

pub mod advice;
pub mod blast;
pub mod lines;
pub mod of_run;
pub mod policy;
pub mod preflight;
pub mod present;
