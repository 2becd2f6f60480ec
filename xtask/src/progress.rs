//! One line a step: its name while it runs, its seconds when it is done.

use std::io::{IsTerminal, Write};
use std::time::Instant;

/// A running step. On a terminal its line is rewritten in place; elsewhere only finished lines appear.
pub struct Step {
    name: String,
    started: Instant,
    in_place: bool,
}

impl Step {
    pub fn begin(name: &str) -> Self {
        let step = Self { name: name.to_owned(), started: Instant::now(), in_place: std::io::stdout().is_terminal() };
        step.note("");
        step
    }

    /// Shows what the step is busy with. Off a terminal nothing is shown.
    pub fn note(&self, what: &str) {
        if !self.in_place {
            return;
        }
        let what: String = what.chars().take(40).collect();
        let seconds = self.started.elapsed().as_secs();
        print!("\r\x1b[K  {:<24} {seconds:>6} s  {what}", self.name);
        // A terminal that went away is no reason to stop building.
        let _gone = std::io::stdout().flush();
    }

    pub fn done(self, remark: &str) {
        let line = line(&self.name, self.started.elapsed().as_secs_f64(), remark);
        self.say(&line);
    }

    pub fn failed(self) {
        let line = line(&self.name, self.started.elapsed().as_secs_f64(), "failed");
        self.say(&line);
    }

    /// A line of its own while the step goes on.
    pub fn say(&self, line: &str) {
        if self.in_place {
            print!("\r\x1b[K");
        }
        println!("{line}");
    }
}

/// What is said of a step that has ended.
pub fn line(name: &str, seconds: f64, remark: &str) -> String {
    format!("  {name:<24} {seconds:>6.1} s  {remark}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_finished_step_names_its_seconds_and_its_remark() {
        let text = line("stylesheet", 0.24, "12,345 bytes");
        assert_eq!(text, "  stylesheet                  0.2 s  12,345 bytes");
    }

    #[test]
    fn a_step_without_a_remark_leaves_no_blanks_behind() {
        assert!(line("stylesheet", 0.24, "").ends_with("0.2 s"));
    }
}
