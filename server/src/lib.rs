//! The doors: HTTP, JSON, command line. Nothing here holds a rule, a query or markup.

#![forbid(unsafe_code)]

mod memory;
pub mod cli;
pub mod config;
pub mod boot;
pub mod listen;
mod clockwork;
pub mod outgoing;
mod turns;
pub mod pulling;
pub mod sampling;
pub mod keys;
pub mod mail;
pub mod delivering;
pub mod feed;
pub mod state;
pub mod router;

pub mod observe;
pub mod headers;
pub mod dress;
pub mod origin;
pub mod session;
pub mod guard;
mod coming;
pub mod rate;
pub mod once;
pub mod conditions;

pub mod sent;
pub mod document;
pub mod reply;
pub mod api;
pub mod paging;
pub mod operations;
pub mod openapi;
pub mod pages;
pub mod cookies;
pub mod assets;
pub mod health;
pub mod doors;
