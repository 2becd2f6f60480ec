//! Pages of templates: plans to begin from, and approved plans that become one.

pub mod list;
pub mod one;
pub mod promote;

mod asks;
