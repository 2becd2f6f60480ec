//! The page that finds everything that was ever learnt, and the same language in the box of each list.

mod hit;
mod page;
pub mod shown;
mod typed;
pub mod views;

pub use hit::address;
pub use page::SearchPage;
pub use typed::{Typed, unreadable};
