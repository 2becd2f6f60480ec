//! Stories of the acts, each on both engines, in one binary (one link).

#[macro_use]
mod each_db;
mod lab;

mod experiments;
mod imports;
mod people;
mod retrials;
mod services;
