//! Findings in bulk, the same every time, and the engines asked bare.

pub mod postgres;
pub mod sqlite;

use std::fmt::Write as _;

use crate::Result;

/// Terms of one band.
pub const TERMS: usize = 10;
/// So many of a thousand findings hold a term, from band to band.
pub const BANDS: [u64; 4] = [500, 270, 20, 1];
const WORDS_EACH: usize = 66;
const VOCABULARY: u64 = 4_000;
/// So many findings are written at once.
pub const BATCH: i64 = 10_000;
/// Monday, 2 November 2026: when the first was written.
pub const FIRST_AT: i64 = 1_793_613_600_000_000;
pub const RANKED: i64 = 2_000;
pub const PAGE: i64 = 20;

/// A term of a band; nothing else begins like it.
pub fn term(band: usize, number: usize) -> String {
    format!("q{}{}", ["often", "common", "seldom", "rare"][band], number)
}

/// The same numbers every time.
pub struct Numbers(u64);

impl Numbers {
    pub fn of(first: i64) -> Result<Self> {
        Ok(Self(u64::try_from(first)?))
    }

    /// The document of a finding.
    pub fn body(&mut self) -> String {
        format!(r#"{{"summary":"{}","revealing":null,"condition":"any","introduced_by":null}}"#, self.text())
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn text(&mut self) -> String {
        let mut text = String::with_capacity(600);
        for _ in 0..WORDS_EACH {
            // Small numbers more often, as words are.
            let word = self.below(VOCABULARY).min(self.below(VOCABULARY));
            let _ = write!(text, "w{word} ");
        }
        for (band, of_thousand) in BANDS.iter().enumerate() {
            for number in 0..TERMS {
                if self.below(1_000) < *of_thousand {
                    text.push_str(&term(band, number));
                    text.push(' ');
                }
            }
        }
        text.trim_end().to_owned()
    }
}
