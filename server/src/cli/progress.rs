//! How far long work is, on standard error: one line that moves on a terminal, else a line now and then.

use std::{
    io::{IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

use notebook::carry::Progress;

/// Work that is quicker than this needs no words.
const SILENT: Duration = Duration::from_secs(1);
const ON_A_TERMINAL: Duration = Duration::from_millis(200);
const IN_A_LOG: Duration = Duration::from_secs(5);

pub struct Teller {
    terminal: bool,
    begun: Instant,
    doing: &'static str,
    step_begun: Instant,
    told: Option<Instant>,
}

impl Teller {
    pub fn new() -> Self {
        let now = Instant::now();
        Self { terminal: std::io::stderr().is_terminal(), begun: now, doing: "", step_begun: now, told: None }
    }

    pub fn tell(&mut self, progress: Progress) {
        let now = Instant::now();
        if progress.doing != self.doing {
            (self.doing, self.step_begun) = (progress.doing, now);
        }
        let every = if self.terminal { ON_A_TERMINAL } else { IN_A_LOG };
        if now - self.begun < SILENT || self.told.is_some_and(|told| now - told < every) {
            return;
        }
        self.told = Some(now);
        let line = words(progress, now - self.step_begun);
        // Nobody is helped by a progress line that stops the work.
        let _ = if self.terminal {
            write!(std::io::stderr(), "\r\x1b[K{line}")
        } else {
            writeln!(std::io::stderr(), "{line}")
        };
    }

    /// Takes the moving line away.
    pub fn end(self) {
        if self.terminal && self.told.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn words(progress: Progress, took: Duration) -> String {
    let Progress { doing, done, total } = progress;
    let percent = (done * 100).checked_div(total).unwrap_or(100).min(100);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let rate = (done * 1_000).checked_div(ms).unwrap_or_default();
    format!("{doing}: {} of {} ({percent} %), {} a second", thousands(done), thousands(total), thousands(rate))
}

/// 1234567 as people read it.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_says_how_much_of_how_much_and_how_fast() {
        let progress = Progress { doing: "writing", done: 50_000, total: 100_000 };
        let says = words(progress, Duration::from_secs(2));
        assert_eq!(says, "writing: 50,000 of 100,000 (50 %), 25,000 a second");
        let nothing = Progress { doing: "writing", done: 0, total: 0 };
        assert_eq!(words(nothing, Duration::ZERO), "writing: 0 of 0 (100 %), 0 a second");
    }

    #[test]
    fn large_numbers_are_parted() {
        let numbers = [0, 12, 999, 1_000, 1_234_567];
        assert_eq!(numbers.map(thousands), ["0", "12", "999", "1,000", "1,234,567"]);
    }
}
