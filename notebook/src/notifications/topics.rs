//! What is told at all, and to whom: one table from the acts of the trail.

use serde::{Deserialize, Serialize};

use crate::experiments::plan::vocabulary;

vocabulary! {
    /// What a notification tells of. The words are the types of webhook messages, so they stay.
    #[cfg_attr(feature = "store", schemars(rename = "NotificationTopic"))]
    Topic {
        ReviewRequested = "plan.review_requested", "A plan waits for a review";
        PlanApproved = "plan.approved", "A plan was approved";
        ChangesAsked = "plan.changes_asked", "Changes to a plan were asked for";
        RunPlanned = "run.planned", "A run was planned";
        RunSoon = "run.soon", "A planned run begins within a day, or within 15 minutes";
        RunStarted = "run.started", "A run was started";
        ConditionReached = "run.condition_reached", "An abort condition of a run was reached";
        RunAborted = "run.aborted", "A run was aborted";
        RunEnded = "run.ended", "A run ended; its verdict is due";
        RunVerdictDue = "run.verdict_due", "A run ended a day ago and still waits for its verdict";
        RunCancelled = "run.cancelled", "A planned run was cancelled";
        RunMissed = "run.missed", "A planned run was missed";
        RevertLate = "run.revert_late", "A revert is past its deadline";
        RevertFailed = "run.revert_failed", "A revert failed";
        VerdictSigned = "run.verdict_signed", "A verdict was signed";
        FindingWritten = "finding.written", "A finding was written";
        FixDeployed = "fix.deployed", "A fix was deployed and waits for its rerun";
        FixRegressed = "fix.regressed", "A run shows that a fix holds no longer";
        FixTurned = "fix.turned", "A fix turned stale, or failed its verification";
        FixRolledBack = "fix.rolled_back", "A fix was rolled back";
        ClaimTurned = "claim.turned", "A claim turned stale, regressed or refuted";
        RerunOverdue = "rerun.overdue", "A rerun is overdue";
        SlotSoon = "slot.soon", "A slot of a cadence comes and has no run yet";
        SlotMissed = "slot.missed", "A slot of a cadence passed without a run";
        RiskExpires = "risk.expires", "An accepted risk ends soon";
        Decided = "decision.decided", "A decision was taken";
        DecisionTurned = "decision.turned", "A decision lost its evidence, or its review is due";
        WebhookOff = "webhook.off", "A webhook was turned off";
        TokenExpires = "token.expires", "A token of yours expires within a week";
        Mentioned = "mentioned", "Somebody mentions you";
        Digest = "digest", "The weekly digest";
    }
}

/// Who hears of it, besides the webhooks that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody with a part in the run, or marked on it.
    Crew,
    /// Who coordinates the run or owns it; where nobody does, who owns the experiment.
    Leads,
    /// Who is named as the owner of a service it is about.
    Owners,
    /// Who may approve a plan.
    Reviewers,
    /// Who owns the experiment.
    Author,
    /// Who took the decision.
    Decider,
    /// Who approved the plan of the experiment it rests on.
    Approver,
    /// Who may approve a plan, where nobody of those before is there to hear of it.
    Otherwise,
    Admins,
    /// Whose it is.
    Themselves,
}

/// A finding and a decision can both accept a risk; nobody decides a finding.
const RISK: &[Audience] = &[Audience::Owners, Audience::Decider, Audience::Approver, Audience::Otherwise];

/// What a fix is worth no longer: somebody has to hear of it, whoever is named.
const FIX: &[Audience] = &[Audience::Owners, Audience::Approver, Audience::Otherwise];

const CLAIM: &[Audience] = &[Audience::Author, Audience::Owners, Audience::Approver, Audience::Otherwise];

const DECISION: &[Audience] =
    &[Audience::Author, Audience::Owners, Audience::Decider, Audience::Approver, Audience::Otherwise];

/// Kind and act of a line of the trail, what it tells of, and to whom.
const TABLE: &[(&str, &str, Topic, &[Audience])] = &[
    ("experiment", "review_requested", Topic::ReviewRequested, &[Audience::Reviewers]),
    ("experiment", "approved", Topic::PlanApproved, &[Audience::Author]),
    ("experiment", "changes_asked", Topic::ChangesAsked, &[Audience::Author]),
    ("run", "planned", Topic::RunPlanned, &[Audience::Crew, Audience::Owners]),
    ("run", "reminded", Topic::RunSoon, &[Audience::Crew, Audience::Owners]),
    ("run", "started", Topic::RunStarted, &[Audience::Crew, Audience::Owners]),
    ("run", "condition_reached", Topic::ConditionReached, &[Audience::Crew]),
    ("run", "abort_pressed", Topic::RunAborted, &[Audience::Crew, Audience::Owners]),
    ("run", "ended", Topic::RunEnded, &[Audience::Crew, Audience::Owners]),
    ("run", "verdict_due", Topic::RunVerdictDue, &[Audience::Leads]),
    ("run", "cancelled", Topic::RunCancelled, &[Audience::Crew]),
    ("run", "missed", Topic::RunMissed, &[Audience::Crew, Audience::Owners]),
    ("run", "revert_late", Topic::RevertLate, &[Audience::Crew, Audience::Owners]),
    ("run", "revert_failed", Topic::RevertFailed, &[Audience::Crew, Audience::Owners]),
    ("run", "signed", Topic::VerdictSigned, &[Audience::Crew, Audience::Owners]),
    // Only if a run that is closed now shows it first: then the line is about each fix it contradicts.
    ("run", "closed", Topic::FixRegressed, FIX),
    ("finding", "written", Topic::FindingWritten, &[Audience::Owners]),
    ("fix", "deployed", Topic::FixDeployed, &[Audience::Owners]),
    // What regressed is told as such, unless the run that shows it was closed before and told it then.
    ("fix", "turned", Topic::FixTurned, FIX),
    ("fix", "rolled_back", Topic::FixRolledBack, &[Audience::Owners]),
    ("experiment", "turned", Topic::ClaimTurned, CLAIM),
    ("experiment", "overdue", Topic::RerunOverdue, &[Audience::Author, Audience::Owners]),
    ("cadence", "slot_reminded", Topic::SlotSoon, &[Audience::Author, Audience::Owners]),
    ("cadence", "slot_missed", Topic::SlotMissed, &[Audience::Author, Audience::Owners]),
    ("finding", "risk_expires", Topic::RiskExpires, RISK),
    ("decision", "risk_expires", Topic::RiskExpires, RISK),
    ("decision", "decided", Topic::Decided, &[Audience::Author, Audience::Owners]),
    ("decision", "turned", Topic::DecisionTurned, DECISION),
    ("setting", "webhook_off", Topic::WebhookOff, &[Audience::Admins]),
    ("person", "token expires", Topic::TokenExpires, &[Audience::Themselves]),
];

/// What a line tells of, if anybody is told.
pub fn of_line(kind: &str, act: &str) -> Option<Topic> {
    TABLE.iter().find(|(known, done, ..)| (*known, *done) == (kind, act)).map(|(_, _, topic, _)| *topic)
}

impl Topic {
    pub fn tells(self) -> &'static [Audience] {
        let found = TABLE.iter().find(|(_, _, topic, _)| *topic == self);
        found.map(|(.., audiences)| *audiences).unwrap_or_default()
    }

    /// Whether it is for one person each, and so for no webhook.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::TokenExpires | Self::Mentioned | Self::Digest)
    }

    /// What it says, with what the thing is called behind it, or with what is said of it. `is` is the word of what it
    /// turned into, the time within which it begins, or the slot.
    pub fn sentence(self, object: &str, title: &str, is: &str) -> String {
        let (turned, begins) = (format!("turned {is}"), format!("begins within {is}"));
        let comes = format!("has a slot within {is} and no run for it");
        let missed = format!("missed its slot of {is}");
        let what = match self {
            Self::ReviewRequested => "waits for a review",
            Self::PlanApproved => "is approved",
            Self::ChangesAsked => "needs changes before it is approved",
            Self::RunPlanned => "is planned",
            Self::RunSoon => begins.as_str(),
            Self::RunStarted => "was started",
            Self::ConditionReached => "reached an abort condition",
            Self::RunAborted => "was aborted",
            Self::RunEnded => "ended, and its verdict is due",
            Self::RunVerdictDue => "ended a day ago and still waits for its verdict",
            Self::RunCancelled => "was cancelled",
            Self::RunMissed => "was missed",
            Self::RevertLate => "is past the deadline of its revert",
            Self::RevertFailed => "could not be reverted",
            Self::VerdictSigned => "has a signed verdict",
            Self::FindingWritten => "was written",
            Self::FixDeployed => "is deployed and waits for its rerun",
            Self::FixRegressed => "regressed, as a run shows",
            Self::FixTurned | Self::ClaimTurned | Self::DecisionTurned => turned.as_str(),
            Self::FixRolledBack => "was rolled back",
            Self::RerunOverdue => "is overdue for a rerun",
            Self::SlotSoon => comes.as_str(),
            Self::SlotMissed => missed.as_str(),
            Self::RiskExpires => "has an accepted risk that ends soon",
            Self::Decided => "was decided",
            Self::WebhookOff => return format!("The webhook \"{title}\" is turned off"),
            Self::TokenExpires => return format!("Your token \"{title}\" expires soon"),
            Self::Mentioned => "mentions you",
            Self::Digest => return format!("Digest of {object}: {title}"),
        };
        if title.is_empty() { format!("{object} {what}") } else { format!("{object} {what}: {title}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_stands_in_the_table_and_tells_the_same_people_whatever_it_is_about() {
        for topic in Topic::ALL.iter().filter(|topic| !topic.is_personal()) {
            let lines = || TABLE.iter().filter(move |(_, _, known, _)| known == topic);
            assert!(lines().all(|(.., audiences)| *audiences == topic.tells()), "{topic:?}");
            let kinds: std::collections::BTreeSet<&str> = lines().map(|(kind, ..)| *kind).collect();
            assert_eq!(kinds.len(), lines().count(), "{topic:?} is told of a thing by one act");
            assert!(!topic.tells().is_empty(), "{topic:?}");
            assert!(topic.word().bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_'), "{topic:?}");
        }
    }

    #[test]
    fn what_turned_says_into_what() {
        assert_eq!(Topic::FixTurned.sentence("FIX-2", "New timeout", "stale"), "FIX-2 turned stale: New timeout");
        assert_eq!(Topic::RunMissed.sentence("RUN-3", "", ""), "RUN-3 was missed");
        assert_eq!(Topic::RunSoon.sentence("RUN-3", "Restart", "a day"), "RUN-3 begins within a day: Restart");
        let missed = Topic::SlotMissed.sentence("EXP-1", "Restart", "2026-11-03");
        assert_eq!(missed, "EXP-1 missed its slot of 2026-11-03: Restart");
    }

    #[test]
    fn only_what_people_wait_for_is_told() {
        for (kind, act, expected) in [
            ("run", "started", Some(Topic::RunStarted)),
            ("run", "abort_pressed", Some(Topic::RunAborted)),
            ("run", "observed", None),
            ("run", "check_answered", None),
            ("finding", "written", Some(Topic::FindingWritten)),
            ("finding", "edited", None),
            ("service", "added", None),
        ] {
            assert_eq!(of_line(kind, act), expected, "{kind} {act}");
        }
    }

    #[cfg(feature = "store")]
    #[test]
    fn kinds_are_those_of_the_trail() {
        for (kind, ..) in TABLE {
            assert!(crate::events::about::ALL.contains(kind), "{kind}");
        }
    }
}
