//! Stories of the acts, each on both engines, in one binary (one link).

#[macro_use]
mod each_db;

mod experiments;
mod people;
mod services;
