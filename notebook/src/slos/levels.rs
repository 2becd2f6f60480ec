//! How good it is right now, over a short window: good enough, at risk, or too broken to learn
//! anything from breaking more (product reference, section 2.2).

use serde::{Deserialize, Serialize};

use super::{
    budget::{Budget, Counts},
    share::Share,
    target::{Strictness, Target},
};
use crate::{answer::Answer, experiments::plan::vocabulary};

vocabulary! {
    /// The level now, from best to worst, and unknown.
    #[cfg_attr(feature = "store", schemars(rename = "LevelNow"))]
    Level {
        GoodEnough = "good_enough", "Good enough";
        AtRisk = "at_risk", "At risk";
        TooBroken = "too_broken", "Too broken";
        Unknown = "unknown", "Unknown";
    }
}

/// Where the level changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    /// Kept right now, it is good enough. The SLO's own target unless another is set.
    pub good_enough: Target,
    /// This share of good events, or less, is too broken: the abort threshold.
    pub too_broken: Share,
    /// How far back "now" reaches, milliseconds.
    pub window_ms: i64,
}

impl Levels {
    /// Otherwise a clause about the abort threshold or the window.
    pub fn new(good_enough: Target, too_broken: Share, window_ms: i64) -> Result<Self, String> {
        let objective = good_enough.objective.share();
        if too_broken >= objective {
            return Err(format!(
                "is not below what is good enough, {}; in between it is at risk, so leave some room",
                objective.words()
            ));
        }
        if window_ms <= 0 {
            return Err("looks back over no time; write a length such as 5 min".into());
        }
        Ok(Self { good_enough, too_broken, window_ms })
    }

    /// The level that the short window's events show. Without events it is unknown.
    pub fn now(&self, seen: Counts) -> Answer<Level> {
        let Some(budget) = Budget::of(self.good_enough, seen) else {
            return Answer::new(Level::Unknown, "", "Nothing was counted just now, so nobody knows how good it is.");
        };
        let counted = format!("{} of {} just now were good", seen.good, seen.total());
        let good_parts = i128::from(seen.good) * i128::from(Share::PARTS);
        let (level, says) = if good_parts <= seen.total() * i128::from(self.too_broken.billionths()) {
            (Level::TooBroken, format!("{counted}: {} or less is too broken.", self.too_broken.words()))
        } else if budget.is_met() {
            (Level::GoodEnough, format!("{counted}: {} is good enough.", self.enough_words()))
        } else {
            let says = format!(
                "{counted}: good enough is {}, too broken is {} or less.",
                self.enough_words(),
                self.too_broken.words()
            );
            (Level::AtRisk, says)
        };
        Answer::new(level, "", says)
    }

    fn enough_words(&self) -> String {
        let share = self.good_enough.objective.share().words();
        match self.good_enough.strictness {
            Strictness::NonStrict => format!("at least {share}"),
            Strictness::Strict => format!("more than {share}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(target: &str) -> Levels {
        Levels::new(Target::read(target).unwrap(), Share::percent(98), 300_000).unwrap()
    }

    #[test]
    fn the_level_changes_exactly_at_its_thresholds() {
        for (target, good, bad, level) in [
            ("99.9 %", 1_000, 0, Level::GoodEnough),
            ("99.9 %", 999, 1, Level::GoodEnough),
            ("< 0.1 %", 999, 1, Level::AtRisk),
            ("99.9 %", 998, 2, Level::AtRisk),
            ("99.9 %", 981, 19, Level::AtRisk),
            ("99.9 %", 980, 20, Level::TooBroken),
            ("99.9 %", 0, 1, Level::TooBroken),
            ("99.9 %", 0, 0, Level::Unknown),
        ] {
            let answer = levels(target).now(Counts { good, bad });
            assert_eq!(answer.is, level, "{target}: {good} good, {bad} bad: {answer:?}");
        }
    }

    #[test]
    fn the_reason_names_both_thresholds_in_between() {
        let says = &levels("99.9 %").now(Counts { good: 990, bad: 10 }).because[0].says;
        assert_eq!(says, "990 of 1000 just now were good: good enough is at least 99.9 %, too broken is 98 % or less.");
    }

    #[test]
    fn too_broken_lies_below_good_enough() {
        let target = Target::read("99.9 %").unwrap();
        assert!(Levels::new(target, Share::read("99.9 %").unwrap(), 1).is_err());
        assert!(Levels::new(target, Share::read("99.8 %").unwrap(), 0).is_err());
        assert!(Levels::new(target, Share::NONE, 1).is_ok(), "nothing at all is surely too broken");
    }
}
