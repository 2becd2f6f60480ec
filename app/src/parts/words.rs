//! The words of every axis with their icon and hue, as one table.
//!
//! A page maps a domain value to one of these; it never picks icon and hue itself.

use crate::parts::badge::{Badge, Family};
use crate::parts::icon::IconName;
use leptos::prelude::*;
use std::borrow::Cow;

/// Icon, word and hue of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub icon: IconName,
    pub word: Cow<'static, str>,
    pub family: Family,
}

impl Word {
    const fn new(icon: IconName, word: &'static str, family: Family) -> Self {
        Self { icon, word: Cow::Borrowed(word), family }
    }

    /// The same icon and hue with more precise words: "Risk accepted until 3 May 2027".
    #[must_use]
    pub fn saying(self, words: impl Into<Cow<'static, str>>) -> Self {
        Self { word: words.into(), ..self }
    }

    /// Draws it.
    pub fn badge(self) -> impl IntoView {
        view! { <Badge icon=self.icon word=self.word family=self.family/> }
    }
}

macro_rules! words {
    ($($name:ident = $icon:ident $word:literal $family:ident;)+) => {
        $(pub const $name: Word = Word::new(IconName::$icon, $word, Family::$family);)+
    };
}

/// Experiment stage.
pub mod stage {
    use super::{Family, IconName, Word};
    words! {
        DRAFT = CircleDashed "Draft" Neutral;
        IN_REVIEW = FileSearch "In review" Violet;
        READY = ClipboardCheck "Ready" Info;
        RETIRED = Archive "Retired" Neutral;
    }
}

/// Where one revision of a plan stands.
pub mod revision {
    use super::{Family, IconName, Word};
    words! {
        DRAFT = CircleDashed "Draft" Neutral;
        IN_REVIEW = FileSearch "In review" Violet;
        CHANGES_ASKED = Undo2 "Changes asked" Caution;
        APPROVED = ClipboardCheck "Approved" Info;
        REPLACED = Archive "Replaced" Neutral;
    }
}

/// Run, execution.
pub mod execution {
    use super::{Family, IconName, Word};
    words! {
        PLANNED = CalendarClock "Planned" Info;
        RUNNING = Radio "Running" Info;
        REVERTING = Undo2 "Reverting" Caution;
        FINISHED = Flag "Finished" Neutral;
        ABORTED = OctagonX "Aborted" Danger;
        CANCELLED = CalendarX "Cancelled" Neutral;
        MISSED = TimerOff "Missed" Caution;
    }
}

/// Slot of a cadence.
pub mod slot {
    use super::{Family, IconName, Word};
    words! {
        COMING = CalendarClock "Coming" Info;
        MOVED = CalendarClock "Moved" Info;
        POSTPONED = CalendarClock "Postponed" Caution;
        PLANNED = CalendarClock "Planned" Info;
        SKIPPED = CircleSlash "Skipped" Neutral;
        CANCELLED = CalendarX "Cancelled" Neutral;
        MISSED = TimerOff "Missed" Caution;
    }
}

/// What a game day is at a moment.
pub mod gameday {
    use super::{Family, IconName, Word};
    words! {
        COMING = CalendarClock "Coming" Info;
        UNDER_WAY = Radio "Under way" Info;
        OVER = Flag "Over" Neutral;
        CANCELLED = CalendarX "Cancelled" Neutral;
    }
}

/// Run, validity.
pub mod validity {
    use super::{Family, IconName, Word};
    words! {
        VALID = BadgeCheck "Valid" Neutral;
        INVALID = CircleSlash "Invalid" Caution;
        OPEN = Hourglass "Validity open" Violet;
    }
}

/// Run, verdict.
pub mod verdict {
    use super::{Family, IconName, Word};
    words! {
        DUE = Hourglass "Verdict due" Violet;
        UPHELD = CircleCheck "Upheld" Good;
        REFUTED = Microscope "Refuted" Notable;
        INCONCLUSIVE = CircleHelp "Inconclusive" Caution;
    }
}

/// Run, telemetry.
pub mod telemetry {
    use super::{Family, IconName, Word};
    words! {
        AGREED = CheckCheck "Agreed" Good;
        BLIND_SPOT = EyeOff "Blind spot" Notable;
        FALSE_ALARM = BellRing "False alarm" Caution;
        NO_DATA = SignalZero "No data" Neutral;
    }
}

/// How one revision of a plan relates to another.
pub mod relation {
    use super::{Family, IconName, Word};
    words! {
        IDENTICAL = Equal "Identical" Neutral;
        STRICTER = ChevronsUp "Stricter" Info;
        LOOSER = ChevronsDown "Looser" Caution;
        DIFFERENT = EqualNot "Different" Caution;
    }
}

/// Fix standing.
pub mod fix {
    use super::{Family, IconName, Word};
    words! {
        PROPOSED = Lightbulb "Proposed" Violet;
        DEPLOYED = Wrench "Deployed (unverified)" Info;
        VERIFIED = ShieldCheck "Verified" Good;
        FAILED = ShieldAlert "Failed verification" Notable;
        REGRESSED = ShieldX "Regressed" Danger;
        STALE = History "Stale" Caution;
        REVERTED = RotateCcw "Reverted" Neutral;
        WITHDRAWN = CircleMinus "Withdrawn" Neutral;
    }
}

/// Finding status.
pub mod finding {
    use super::{Family, IconName, Word};
    words! {
        OPEN = CircleDot "Open" Notable;
        FIX_PROPOSED = Lightbulb "Fix proposed" Violet;
        FIX_DEPLOYED = Wrench "Fix deployed (unverified)" Info;
        VERIFIED = ShieldCheck "Verified" Good;
        REGRESSED = ShieldX "Regressed" Danger;
        STALE = History "Stale" Caution;
        RISK_ACCEPTED = Scale "Risk accepted" Neutral;
        DUPLICATE = Link "Duplicate" Neutral;
        NOT_A_FINDING = Ban "Not a finding" Neutral;
    }
}

/// How sure a contributing factor is.
pub mod cause {
    use super::{Family, IconName, Word};
    words! {
        SUSPECTED = CircleHelp "Suspected" Violet;
        CONFIRMED = CheckCheck "Confirmed" Info;
    }
}

/// How much a finding weighs.
pub mod severity {
    use super::{Family, IconName, Word};
    words! {
        LOW = CircleMinus "Low" Neutral;
        MEDIUM = CircleAlert "Medium" Caution;
        HIGH = TriangleAlert "High" Notable;
        CRITICAL = OctagonAlert "Critical" Danger;
    }
}

/// What a check's value means.
pub mod outcome {
    use super::{Family, IconName, Word};
    words! {
        HELD = Check "Held" Good;
        FAILED = CircleAlert "Failed" Notable;
        UNKNOWN = CircleHelp "Unknown" Caution;
    }
}

/// Whether the fault took effect on a target.
pub mod effect {
    use super::{Family, IconName, Word};
    words! {
        SHOWN = Activity "Took effect" Info;
        NOT_SHOWN = CircleMinus "Did not take effect" Caution;
        UNKNOWN = SignalZero "No evidence" Neutral;
    }
}

/// What a run meant for a fix.
pub mod exercised {
    use super::{Family, IconName, Word};
    words! {
        HELD = Check "Exercised and held" Good;
        FAILED = CircleAlert "Exercised and failed" Notable;
        NOT = CircleMinus "Not exercised" Neutral;
    }
}

/// What an observation says of the expectation.
pub mod observation {
    use super::{Family, IconName, Word};
    words! {
        EXPECTED = Check "Expected" Neutral;
        UNEXPECTED = CircleAlert "Unexpected" Notable;
        QUESTION = CircleHelp "Question" Violet;
    }
}

/// Where an SLO is on its way.
pub mod slo {
    use super::{Family, IconName, Word};
    words! {
        DRAFT = CircleDashed "Draft" Neutral;
        APPROVED = ClipboardCheck "Approved" Info;
        CHANGED = FileSearch "Changed since its approval" Violet;
        RETIRED = Archive "Retired" Neutral;
    }
}

/// Whether an owner was checked.
pub mod ownership {
    use super::{Family, IconName, Word};
    words! {
        NOBODY = TriangleAlert "No owner" Danger;
        UNCHECKED = CircleDashed "Never checked" Caution;
        DUE = TriangleAlert "Check due" Caution;
        CHECKED = CircleCheck "Checked" Good;
    }
}

/// Budget health.
pub mod budget {
    use super::{Family, IconName, Word};
    words! {
        HEALTHY = Gauge "Healthy" Good;
        WATCH = TrendingUp "Watch" Caution;
        EXHAUSTED = TriangleAlert "Exhausted" Danger;
        UNKNOWN = SignalZero "Unknown" Neutral;
    }
}

/// What became of a promise over a window that is over.
pub mod compliance {
    use super::{Family, IconName, Word};
    words! {
        MET = CircleCheck "Met" Good;
        MISSED = TriangleAlert "Missed" Danger;
        UNKNOWN = SignalZero "Unknown" Neutral;
    }
}

/// Level of a service right now.
pub mod level {
    use super::{Family, IconName, Word};
    words! {
        GOOD_ENOUGH = CircleCheck "Good enough" Good;
        AT_RISK = Activity "At risk" Caution;
        TOO_BROKEN = OctagonAlert "Too broken" Danger;
        UNKNOWN = SignalZero "Unknown" Neutral;
    }
}

/// Claim standing.
pub mod claim {
    use super::{Family, IconName, Word};
    words! {
        UNTESTED = CircleDashed "Untested" Neutral;
        CURRENT = ShieldCheck "Current" Good;
        STALE = History "Stale" Caution;
        REFUTED = Microscope "Refuted" Notable;
        REGRESSED = ShieldX "Regressed" Danger;
    }
}

/// Decision standing.
pub mod decision {
    use super::{Family, IconName, Word};
    words! {
        IN_FORCE = CircleCheck "In force" Good;
        REVIEW_DUE = CalendarClock "Review due" Violet;
        EVIDENCE_STALE = History "Evidence stale" Caution;
        EVIDENCE_LOST = Unlink "Evidence lost" Danger;
        SUPERSEDED = Archive "Superseded" Neutral;
        ENDED = Flag "Ended" Neutral;
    }
}

/// What stands in the line of descent beside runs, findings and fixes.
pub mod lineage {
    use super::{Family, IconName, Word};
    words! {
        FIRST_PLAN = ClipboardCheck "First plan" Info;
        CHANGED = Activity "Changed meanwhile" Caution;
        SERIES = CheckCheck "Runs in a row" Neutral;
    }
}

/// Why something is due.
pub mod due {
    use super::{Family, IconName, Word};
    words! {
        REGRESSED = ShieldX "Regressed" Danger;
        EVIDENCE_LOST = Unlink "Evidence lost" Danger;
        VERDICT_DUE = Hourglass "Verdict due" Violet;
        FAILED_VERIFICATION = ShieldAlert "Failed verification" Notable;
        UNVERIFIED = Wrench "Deployed (unverified)" Info;
        OVERDUE = TimerOff "Cadence overdue" Caution;
        STALE = History "Stale" Caution;
        EVIDENCE_STALE = History "Evidence stale" Caution;
        RISK_EXPIRING = Scale "Risk acceptance expiring" Violet;
        REVIEW_DUE = CalendarClock "Review due" Violet;
    }
}

/// What a freeze is at a moment.
pub mod freeze {
    use super::{Family, IconName, Word};
    words! {
        ACTIVE = Snowflake "Active" Danger;
        COMING = CalendarClock "Coming" Info;
        PAST = Archive "Past" Neutral;
    }
}

/// The gate before a run, and the freeze.
pub mod gate {
    use super::{Family, IconName, Word};
    words! {
        GO = CircleCheck "Go" Good;
        ASK = CircleHelp "Ask" Caution;
        REFUSE = Ban "Refuse" Danger;
        FREEZE = Snowflake "Freeze" Danger;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuted_is_notable_and_never_danger() {
        assert_eq!(verdict::REFUTED.family, Family::Notable);
        assert_eq!(claim::REFUTED.family, Family::Notable);
    }

    #[test]
    fn finished_carries_no_tick() {
        assert_eq!(execution::FINISHED.icon, IconName::Flag);
        assert_eq!(execution::FINISHED.family, Family::Neutral);
    }

    #[test]
    fn no_data_is_never_shown_as_good() {
        for word in [telemetry::NO_DATA, budget::UNKNOWN, level::UNKNOWN, claim::UNTESTED] {
            assert_eq!(word.family, Family::Neutral, "{word:?}");
        }
    }

    #[test]
    fn more_precise_words_keep_icon_and_hue() {
        let word = finding::RISK_ACCEPTED.saying("Risk accepted until 3 May 2027");
        assert_eq!((word.icon, word.family), (IconName::Scale, Family::Neutral));
        assert_eq!(word.word, "Risk accepted until 3 May 2027");
    }
}
