//! The page that finds everything that was ever learnt.

mod hit;
mod page;

pub use page::SearchPage;
