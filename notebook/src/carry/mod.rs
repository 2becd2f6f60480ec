//! Carrying a whole notebook out and in: into a file and back, from one engine to the other, and
//! looking whether everything in it fits together.

mod acts;
mod archive;
mod cells;
mod columns;
mod copy;
mod alerts;
mod cadences;
mod chef;
mod documents;
mod gamedays;
mod honeycomb;
mod line;
pub mod manifest;
mod measure;
mod merge;
mod readings;
mod reads;
mod shape;
mod sql;
pub mod tables;
mod templates;
mod verify;
mod views;

pub use acts::{Carried, Course, Moved, Word, check, export, import, move_to};
pub use archive::Archive;
pub use manifest::Manifest;
pub use verify::{Check, verify};

/// How far long work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub doing: &'static str,
    pub done: u64,
    pub total: u64,
}

/// Whoever wants to know, asked often.
pub type Tell<'a> = &'a mut (dyn FnMut(Progress) + Send);
