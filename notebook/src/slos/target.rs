//! What is promised: a share of good events strictly between none and all, and whether the share
//! itself still keeps the promise.

use serde::{Deserialize, Serialize};

use super::share::Share;
use crate::experiments::plan::vocabulary;

/// A share of good events with 0 < objective < 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Share", into = "Share")]
pub struct Objective(Share);

impl Objective {
    /// Otherwise a clause that says why not.
    pub fn new(share: Share) -> Result<Self, String> {
        match share {
            Share::ALL => Err(
                "is 100 %: no budget would remain to learn with, and one bad event would break it for good; choose a target below 100 %"
                    .into(),
            ),
            Share::NONE => Err("is 0 %: every event could be bad, so nothing would be promised".into()),
            share => Ok(Self(share)),
        }
    }

    /// "99.99 %" or "0.9999".
    pub fn read(text: &str) -> Result<Self, String> {
        Self::new(Share::read(text)?)
    }

    /// Of all events, how many are to be good.
    pub const fn share(self) -> Share {
        self.0
    }

    /// Of all events, how many may be bad: above zero.
    pub const fn tolerated(self) -> Share {
        self.0.rest()
    }

    /// What the objective leaves of a length of time, in milliseconds, rounded down:
    /// 99.99 % of 28 days leave 241,920.
    pub fn tolerated_ms(self, ms: i64) -> i64 {
        let parts = i128::from(ms) * i128::from(self.tolerated().billionths());
        i64::try_from(parts / i128::from(Share::PARTS)).unwrap_or(i64::MAX)
    }
}

impl TryFrom<Share> for Objective {
    type Error = String;

    fn try_from(share: Share) -> Result<Self, String> {
        Self::new(share)
    }
}

impl From<Objective> for Share {
    fn from(objective: Objective) -> Share {
        objective.0
    }
}

vocabulary! {
    /// Whether exactly the objective is still enough.
    Strictness {
        NonStrict = "non_strict", "at least";
        Strict = "strict", "more than";
    }
}

/// "At least 99.99 % good" or "less than 0.1 % bad".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub objective: Objective,
    pub strictness: Strictness,
}

/// What the number before "good" or "bad" counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Good,
    Bad,
}

/// Longer beginnings first: ">=" begins with ">".
const BEGINNINGS: [(&str, Side, Strictness); 13] = [
    (">=", Side::Good, Strictness::NonStrict),
    ("≥", Side::Good, Strictness::NonStrict),
    ("at least ", Side::Good, Strictness::NonStrict),
    (">", Side::Good, Strictness::Strict),
    ("more than ", Side::Good, Strictness::Strict),
    ("above ", Side::Good, Strictness::Strict),
    ("<=", Side::Bad, Strictness::NonStrict),
    ("≤", Side::Bad, Strictness::NonStrict),
    ("at most ", Side::Bad, Strictness::NonStrict),
    ("<", Side::Bad, Strictness::Strict),
    ("less than ", Side::Bad, Strictness::Strict),
    ("fewer than ", Side::Bad, Strictness::Strict),
    ("below ", Side::Bad, Strictness::Strict),
];

impl Target {
    /// "at least 99.99 %", "< 0.1 %", "less than 0.1 % bad", or a share alone, which means at least
    /// so many good ones. Lower bounds speak of good events and upper bounds of bad ones; a text
    /// that says otherwise is refused, like every share that is no objective, with a clause.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let found = BEGINNINGS
            .iter()
            .find_map(|(sign, side, strictness)| text.strip_prefix(sign).map(|rest| (rest.trim(), *side, *strictness)));
        let (rest, side, strictness) = found.unwrap_or((&text, Side::Good, Strictness::NonStrict));
        let (number, named) = side_named(rest);
        if named.is_some_and(|named| named != side) {
            return Err(
                "sets a bound on the wrong side; write \"at least 99.9 % good\" or \"less than 0.1 % bad\"".into()
            );
        }
        let share = Share::read(number)?;
        let good = match side {
            Side::Good => share,
            Side::Bad => share.rest(),
        };
        Ok(Self { objective: Objective::new(good)?, strictness })
    }

    /// "at least 99.99 % good"; a strict one is said by its bad share. `read` takes it back.
    pub fn words(&self) -> String {
        match self.strictness {
            Strictness::NonStrict => format!("at least {} good", self.objective.share().words()),
            Strictness::Strict => format!("less than {} bad", self.objective.tolerated().words()),
        }
    }
}

fn side_named(text: &str) -> (&str, Option<Side>) {
    let ends = |word: &str| text.strip_suffix(word).map(str::trim_end);
    match (ends("good"), ends("bad")) {
        (Some(number), _) => (number, Some(Side::Good)),
        (None, Some(number)) => (number, Some(Side::Bad)),
        (None, None) => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_target_is_read_from_either_side() {
        for (text, words) in [
            ("99.99 %", "at least 99.99 % good"),
            ("0.9999", "at least 99.99 % good"),
            ("At least 99.99 %", "at least 99.99 % good"),
            ("≥ 99.99 % good", "at least 99.99 % good"),
            (">=0.9999", "at least 99.99 % good"),
            ("at most 0.01 % bad", "at least 99.99 % good"),
            ("< 0.1 %", "less than 0.1 % bad"),
            ("less than 0.1 % bad", "less than 0.1 % bad"),
            ("fewer than 0.001", "less than 0.1 % bad"),
            ("more than 99.9 % good", "less than 0.1 % bad"),
            ("> 99 %", "less than 1 % bad"),
        ] {
            assert_eq!(Target::read(text).map(|target| target.words()), Ok(words.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_hundred_per_cent_is_refused_because_nothing_would_remain_to_learn_with() {
        for text in ["100 %", "1", "100%", "1.0", "at least 100 % good", "less than 0 % bad", "at most 0 %"] {
            let clause = Target::read(text).unwrap_err();
            assert!(clause.contains("no budget would remain to learn with"), "{text}: {clause}");
        }
        for text in ["0 %", "0", "less than 100 % bad"] {
            let clause = Target::read(text).unwrap_err();
            assert!(clause.contains("nothing would be promised"), "{text}: {clause}");
        }
    }

    #[test]
    fn a_bound_on_the_wrong_side_is_refused() {
        for text in ["at least 0.1 % bad", "less than 99.9 % good", "≤ 99.9 % good"] {
            assert!(Target::read(text).unwrap_err().contains("wrong side"), "{text}");
        }
        assert!(Target::read("always").is_err());
        assert!(Target::read("").is_err());
    }

    #[test]
    fn an_objective_over_time_leaves_so_much_time() {
        let day = 86_400_000;
        let left = |text: &str, ms| Objective::read(text).unwrap().tolerated_ms(ms);
        assert_eq!(left("99.99 %", 28 * day), 241_920, "4 min 2 s when rounded");
        assert_eq!(left("99.9 %", 30 * day), 2_592_000, "43 min 12 s");
        assert_eq!(left("50 %", 3), 1, "rounded down");
    }

    #[test]
    fn a_stored_objective_is_checked_when_it_is_read() {
        let target = Target::read("less than 0.1 % bad").unwrap();
        let sent = serde_json::to_value(target).unwrap();
        assert_eq!(sent, serde_json::json!({ "objective": "0.999", "strictness": "strict" }));
        assert_eq!(serde_json::from_value::<Target>(sent).unwrap(), target);
        let all = serde_json::json!({ "objective": "1", "strictness": "strict" });
        assert!(serde_json::from_value::<Target>(all).unwrap_err().to_string().contains("learn with"));
    }

    proptest! {
        #[test]
        fn every_target_reads_back_as_itself(parts in 1i64..i64::from(Share::PARTS), strict in any::<bool>()) {
            let share = Share::of_decimal(rust_decimal::Decimal::new(parts, 9)).unwrap();
            let strictness = if strict { Strictness::Strict } else { Strictness::NonStrict };
            let target = Target { objective: Objective::new(share).unwrap(), strictness };
            prop_assert_eq!(Target::read(&target.words()), Ok(target));
        }
    }
}
