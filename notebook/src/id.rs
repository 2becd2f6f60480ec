//! The names people say aloud: RUN-317. One count per kind, rising, never reused.
//!
//! Things of the sample notebook count apart, from [`SAMPLE_FROM`], and are called DEMO-RUN-15.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an id names. The list only grows; a prefix is never given twice.
pub trait Kind {
    /// What stands before the number, in capitals.
    const PREFIX: &'static str;
    /// What people call the thing.
    const NOUN: &'static str;
}

macro_rules! kinds {
    ($($kind:ident, $id:ident, $prefix:literal, $noun:literal;)*) => {
        pub mod kind {
            $(#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)] pub enum $kind {})*
        }
        $(
            impl Kind for kind::$kind {
                const PREFIX: &'static str = $prefix;
                const NOUN: &'static str = $noun;
            }
            pub type $id = Id<kind::$kind>;
        )*
        /// Every prefix with its noun, in the order of the story.
        pub const KINDS: &[(&str, &str)] = &[$(($prefix, $noun)),*];
    };
}

kinds! {
    Slo, SloId, "SLO", "slo";
    Experiment, ExperimentId, "EXP", "experiment";
    Run, RunId, "RUN", "run";
    Finding, FindingId, "FND", "finding";
    Fix, FixId, "FIX", "fix";
    Decision, DecisionId, "DEC", "decision";
    GameDay, GameDayId, "GD", "gameday";
}

/// Numbers from this one on are the sample's: DEMO-RUN-15 is kept as 900,000,015. No notebook counts
/// that far, so the number alone says whose a row is.
pub const SAMPLE_FROM: i64 = 900_000_000;

/// What stands before the prefix of a sample thing, in capitals.
pub const SAMPLE_PREFIX: &str = "DEMO-";

/// Whether a row with this number belongs to the sample notebook.
pub const fn is_sample(number: i64) -> bool {
    number >= SAMPLE_FROM
}

/// The public id of one thing; its number is the database key.
pub struct Id<K> {
    number: i64,
    kind: PhantomData<K>,
}

impl<K> Id<K> {
    /// The id with this number. Numbers come from the counters table or from a parsed id.
    pub const fn of(number: i64) -> Self {
        Self { number, kind: PhantomData }
    }

    /// The sample's id that is written with this number: `DEMO-RUN-15` for 15.
    pub const fn of_sample(number: i64) -> Self {
        Self::of(SAMPLE_FROM + number)
    }

    pub const fn number(self) -> i64 {
        self.number
    }

    pub const fn is_sample(self) -> bool {
        is_sample(self.number)
    }
}

// By hand: a derive would ask the same of K, which is never a value.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number.cmp(&other.number)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_sample() {
            write!(f, "{SAMPLE_PREFIX}{}-{}", K::PREFIX, self.number - SAMPLE_FROM)
        } else {
            write!(f, "{}-{}", K::PREFIX, self.number)
        }
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no {noun} id; one looks like {prefix}-42")]
pub struct NoId {
    pub text: String,
    pub prefix: &'static str,
    pub noun: &'static str,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = NoId;

    /// Case does not matter; the number is positive, without sign or leading zeros.
    fn from_str(text: &str) -> Result<Self, NoId> {
        let no = || NoId { text: text.chars().take(40).collect(), prefix: K::PREFIX, noun: K::NOUN };
        let (sample, own) = without_sample_prefix(text.trim());
        let (prefix, number) = own.split_once('-').ok_or_else(no)?;
        if !prefix.eq_ignore_ascii_case(K::PREFIX) {
            return Err(no());
        }
        // One id has one spelling: RUN-900000015 is none.
        let number = number_of(number).filter(|number| *number < SAMPLE_FROM).ok_or_else(no)?;
        Ok(if sample { Self::of_sample(number) } else { Self::of(number) })
    }
}

/// Whether a text begins like a sample's id, and what follows.
fn without_sample_prefix(text: &str) -> (bool, &str) {
    match text.split_at_checked(SAMPLE_PREFIX.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(SAMPLE_PREFIX) => (true, rest),
        _ => (false, text),
    }
}

/// A positive number in plain digits, as ids and revisions carry it.
pub fn number_of(text: &str) -> Option<i64> {
    let plain = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok().filter(|n| *n > 0) } else { None }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id: RunId = "run-317".parse().unwrap();
        assert_eq!(id.to_string(), "RUN-317");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"RUN-317\"");
        assert_eq!(serde_json::from_str::<RunId>("\"RUN-317\"").unwrap(), id);
    }

    #[test]
    fn a_sample_thing_is_written_with_its_own_prefix() {
        let id: RunId = " demo-Run-15".parse().unwrap();
        assert_eq!(id, RunId::of_sample(15));
        assert_eq!(id.number(), 900_000_015);
        assert!(id.is_sample() && !RunId::of(15).is_sample());
        assert_eq!(id.to_string(), "DEMO-RUN-15");
        assert_eq!(serde_json::from_str::<RunId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        for text in [
            "RUN-900000015",
            "DEMO-RUN-900000015",
            "DEMO-RUN-0",
            "DEMO-15",
            "DEMO-DEMO-RUN-1",
            "DEMO-EXP-1",
            "DEMÖ-RUN-1",
        ] {
            assert!(text.parse::<RunId>().is_err(), "{text} was taken");
        }
    }

    #[test]
    fn an_id_of_another_kind_or_a_strange_number_is_refused() {
        for text in [
            "EXP-42",
            "RUN-",
            "RUN-0",
            "RUN--1",
            "RUN-+1",
            "RUN-01",
            "RUN-1.5",
            "RUN-99999999999999999999",
            "",
            "RUN 1",
        ] {
            assert!(text.parse::<RunId>().is_err(), "{text} was taken");
        }
    }
}
