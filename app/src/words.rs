//! Every domain value as icon, word and hue: the one table between the notebook and the pages.

use notebook::cadences::SlotStanding;
use notebook::decisions::DecisionStanding;
use notebook::experiments::identity::Relation;
use notebook::experiments::plan::Outcome;
use notebook::experiments::{RevisionState, Stage};
use notebook::findings::{Severity, Status};
use notebook::fixes::Standing;
use notebook::freezes::FreezeState;
use notebook::gamedays::GameDayState;
use notebook::gate::Gate;
use notebook::retrials::claims::ClaimStanding;
use notebook::retrials::due::DueReason;
use notebook::runs::facts::{Effect, Execution, Exercised, Verdict};
use notebook::runs::telemetry::Telemetry;
use notebook::runs::trail::ObservationKind;
use notebook::runs::validity::Validity;
use notebook::services::ownership::Ownership;
use notebook::slos::compliance::Compliance;
use notebook::slos::health::Health;
use notebook::slos::kept::SloState;
use notebook::slos::levels::Level;

use crate::parts::words::{
    Word, budget, claim, compliance, decision, due, effect, execution, exercised, finding, fix, freeze, gameday, gate,
    level, observation, outcome, ownership, relation, revision, severity, slo, slot, stage, telemetry, validity,
    verdict,
};

macro_rules! words {
    ($($domain:ident { $($variant:ident = $word:path,)+ })+) => {
        $(impl From<$domain> for Word {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => $word),+ }
            }
        })+
    };
}

words! {
    DueReason {
        Regressed = due::REGRESSED,
        EvidenceLost = due::EVIDENCE_LOST,
        VerdictDue = due::VERDICT_DUE,
        FailedVerification = due::FAILED_VERIFICATION,
        Unverified = due::UNVERIFIED,
        Overdue = due::OVERDUE,
        Stale = due::STALE,
        EvidenceStale = due::EVIDENCE_STALE,
        RiskExpiring = due::RISK_EXPIRING,
        ReviewDue = due::REVIEW_DUE,
    }
    Stage {
        Draft = stage::DRAFT,
        InReview = stage::IN_REVIEW,
        Ready = stage::READY,
        Retired = stage::RETIRED,
    }
    RevisionState {
        Draft = revision::DRAFT,
        InReview = revision::IN_REVIEW,
        ChangesAsked = revision::CHANGES_ASKED,
        Approved = revision::APPROVED,
        Replaced = revision::REPLACED,
    }
    Ownership {
        Nobody = ownership::NOBODY,
        Unchecked = ownership::UNCHECKED,
        Due = ownership::DUE,
        Checked = ownership::CHECKED,
    }
    SlotStanding {
        Coming = slot::COMING,
        Moved = slot::MOVED,
        Postponed = slot::POSTPONED,
        Planned = slot::PLANNED,
        Skipped = slot::SKIPPED,
        Cancelled = slot::CANCELLED,
        Missed = slot::MISSED,
    }
    GameDayState {
        Coming = gameday::COMING,
        UnderWay = gameday::UNDER_WAY,
        Over = gameday::OVER,
        Cancelled = gameday::CANCELLED,
    }
    FreezeState {
        Active = freeze::ACTIVE,
        Coming = freeze::COMING,
        Past = freeze::PAST,
    }
    SloState {
        Draft = slo::DRAFT,
        Approved = slo::APPROVED,
        Changed = slo::CHANGED,
        Retired = slo::RETIRED,
    }
    Health {
        Healthy = budget::HEALTHY,
        Watch = budget::WATCH,
        Exhausted = budget::EXHAUSTED,
        Unknown = budget::UNKNOWN,
    }
    Compliance {
        Met = compliance::MET,
        Missed = compliance::MISSED,
        Unknown = compliance::UNKNOWN,
    }
    Level {
        GoodEnough = level::GOOD_ENOUGH,
        AtRisk = level::AT_RISK,
        TooBroken = level::TOO_BROKEN,
        Unknown = level::UNKNOWN,
    }
    Execution {
        Planned = execution::PLANNED,
        Running = execution::RUNNING,
        Reverting = execution::REVERTING,
        Finished = execution::FINISHED,
        Aborted = execution::ABORTED,
        Cancelled = execution::CANCELLED,
        Missed = execution::MISSED,
    }
    Verdict {
        Upheld = verdict::UPHELD,
        Refuted = verdict::REFUTED,
        Inconclusive = verdict::INCONCLUSIVE,
    }
    Telemetry {
        Agreed = telemetry::AGREED,
        BlindSpot = telemetry::BLIND_SPOT,
        FalseAlarm = telemetry::FALSE_ALARM,
        NoData = telemetry::NO_DATA,
    }
    Relation {
        Identical = relation::IDENTICAL,
        Stricter = relation::STRICTER,
        Looser = relation::LOOSER,
        Different = relation::DIFFERENT,
    }
    Standing {
        Proposed = fix::PROPOSED,
        Deployed = fix::DEPLOYED,
        Verified = fix::VERIFIED,
        FailedVerification = fix::FAILED,
        Regressed = fix::REGRESSED,
        Stale = fix::STALE,
        Reverted = fix::REVERTED,
        Withdrawn = fix::WITHDRAWN,
    }
    Status {
        Open = finding::OPEN,
        FixProposed = finding::FIX_PROPOSED,
        FixDeployed = finding::FIX_DEPLOYED,
        Verified = finding::VERIFIED,
        Regressed = finding::REGRESSED,
        Stale = finding::STALE,
        RiskAccepted = finding::RISK_ACCEPTED,
        Duplicate = finding::DUPLICATE,
        NotAFinding = finding::NOT_A_FINDING,
    }
    ClaimStanding {
        Untested = claim::UNTESTED,
        Current = claim::CURRENT,
        Stale = claim::STALE,
        Refuted = claim::REFUTED,
        Regressed = claim::REGRESSED,
    }
    DecisionStanding {
        InForce = decision::IN_FORCE,
        ReviewDue = decision::REVIEW_DUE,
        EvidenceStale = decision::EVIDENCE_STALE,
        EvidenceLost = decision::EVIDENCE_LOST,
        Superseded = decision::SUPERSEDED,
        Ended = decision::ENDED,
    }
    Severity {
        Low = severity::LOW,
        Medium = severity::MEDIUM,
        High = severity::HIGH,
        Critical = severity::CRITICAL,
    }
    Gate {
        Go = gate::GO,
        Ask = gate::ASK,
        Refuse = gate::REFUSE,
    }
    Outcome {
        Held = outcome::HELD,
        Failed = outcome::FAILED,
        Unknown = outcome::UNKNOWN,
    }
    Effect {
        Shown = effect::SHOWN,
        NotShown = effect::NOT_SHOWN,
        Unknown = effect::UNKNOWN,
    }
    Exercised {
        Held = exercised::HELD,
        Failed = exercised::FAILED,
        Not = exercised::NOT,
    }
    ObservationKind {
        Expected = observation::EXPECTED,
        Unexpected = observation::UNEXPECTED,
        Question = observation::QUESTION,
    }
}

/// None is the verdict somebody still has to sign. An invalid run has none to sign: see [`verdict_due`].
impl From<Option<Verdict>> for Word {
    fn from(signed: Option<Verdict>) -> Self {
        signed.map_or(verdict::DUE, Self::from)
    }
}

/// The short word; [`with_reason`] says why a run is invalid.
impl From<Validity> for Word {
    fn from(value: Validity) -> Self {
        match value {
            Validity::Valid => validity::VALID,
            Validity::Invalid(_) => validity::INVALID,
            Validity::Open => validity::OPEN,
        }
    }
}

/// "Invalid: no steady state before the fault".
pub fn with_reason(value: Validity) -> Word {
    let word = Word::from(value);
    match value {
        Validity::Invalid(reason) => word.saying(format!("Invalid: {}", uncapitalised(reason.label()))),
        Validity::Valid | Validity::Open => word,
    }
}

/// The verdict of a run that can have one: ended and not invalid. None has nothing to show.
pub fn verdict_due(execution: Execution, validity: Option<Validity>, signed: Option<Verdict>) -> Option<Word> {
    let can_have_one = execution.has_ended() && !matches!(validity, Some(Validity::Invalid(_)));
    can_have_one.then(|| Word::from(signed))
}

/// A clause as a sentence: "no fault is named" reads "No fault is named."
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.trim_end_matches('.').chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn uncapitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::runs::validity::InvalidReason;

    /// Each vocabulary's own labels and the words of the pages say the same.
    macro_rules! says_its_label {
        ($($domain:ty),+ $(,)?) => {
            $(for value in <$domain>::ALL {
                assert_eq!(Word::from(*value).word, value.label(), "{value:?}");
            })+
        };
    }

    #[test]
    fn every_value_is_called_what_the_notebook_calls_it() {
        says_its_label!(
            Stage,
            RevisionState,
            Execution,
            Verdict,
            Telemetry,
            Relation,
            Standing,
            Status,
            ClaimStanding,
            DecisionStanding,
            Severity,
            Gate,
            ObservationKind,
            Effect,
            Exercised,
            FreezeState,
            SloState,
            Health,
            Level,
            Compliance,
            Ownership,
        );
        for value in [Validity::Valid, Validity::Open, Validity::Invalid(InvalidReason::ToolFailed)] {
            assert_eq!(Word::from(value).word, value.label());
        }
    }

    #[test]
    fn a_clause_becomes_a_sentence_once() {
        assert_eq!(sentence("no fault is named"), "No fault is named.");
        assert_eq!(sentence("\u{e4}ltere L\u{e4}ufe."), "\u{c4}ltere L\u{e4}ufe.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn an_invalid_run_says_why() {
        let word = with_reason(Validity::Invalid(InvalidReason::SteadyStateNotMet));
        assert_eq!(word.word, "Invalid: no steady state before the fault");
    }

    #[test]
    fn a_verdict_is_due_only_once_a_run_has_ended_and_counts() {
        let due = |execution, validity| verdict_due(execution, validity, None).map(|word| word.word);
        assert_eq!(due(Execution::Running, None), None);
        assert_eq!(due(Execution::Finished, Some(Validity::Invalid(InvalidReason::ToolFailed))), None);
        assert_eq!(due(Execution::Finished, Some(Validity::Valid)).as_deref(), Some("Verdict due"));
        assert_eq!(due(Execution::Aborted, Some(Validity::Open)).as_deref(), Some("Verdict due"));
    }
}
