//! Results of other tools: the form that takes a document, and what each document proposes.

mod foreseen;
mod form;
mod list;
mod one;
mod said;
mod slos;
mod tables;

pub use list::ImportsPage;
pub use one::ImportPage;
