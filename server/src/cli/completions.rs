//! `retrial completions`: what a shell needs to finish words.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::{Stopped, out};

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell they are for
    shell: Shell,
}

impl Completions {
    pub fn run(self, mut command: Command) -> Result<(), Stopped> {
        let mut script = Vec::new();
        generate(self.shell, &mut command, "retrial", &mut script);
        out::print(&String::from_utf8_lossy(&script))
    }
}
