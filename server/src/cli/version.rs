//! `retrial version`: for people, and for programs that have to know what they talk to.

use clap::Args;

use super::{Stopped, out};
use crate::state::VERSION;

#[derive(Debug, Args)]
pub struct Version {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Version {
    pub fn run(self) -> Result<(), Stopped> {
        if self.json {
            return out::json(&serde_json::json!({ "name": "retrial", "version": VERSION, "api": "v1" }));
        }
        out::print(&format!("retrial {VERSION}"))
    }
}
