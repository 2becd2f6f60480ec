//! What can stand before a colon, and what may follow it.

use super::{Found, Has, Sort};
use crate::{
    decisions::{DecisionKind, DecisionStanding},
    experiments::{Stage, identity::Relation},
    findings::{FindingKind, Severity, Status},
    fixes::Standing,
    gamedays::GameDayState,
    nearest::did_you_mean,
    retrials::claims::ClaimStanding,
    runs::{
        facts::{Execution, Verdict},
        telemetry::Telemetry,
    },
    slos::{health::Health, kept::SloState, levels::Level},
};

macro_rules! keys {
    ($($key:ident $word:literal $says:literal;)*) => {
        /// One qualifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key { $($key),* }

        impl Key {
            pub const ALL: &[Self] = &[$(Self::$key),*];

            /// As it is written, without the colon.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$key => $word),* }
            }

            /// What it asks for, for people.
            pub const fn explained(self) -> &'static str {
                match self { $(Self::$key => $says),* }
            }
        }
    };
}

keys! {
    Is "is" "a state that is computed or kept, such as open, verified, stale, refuted, ready or running";
    Stage "stage" "where an experiment stands: draft, in-review, ready or retired";
    Status "status" "what a finding amounts to, such as open, fix-deployed or verified";
    Standing "standing" "what a fix, a decision or the claim of an experiment is worth, such as verified, in-force or stale";
    Validity "validity" "whether a run counts: valid, invalid, or open";
    Verdict "verdict" "what a run says of its hypothesis: upheld, refuted, inconclusive, or due where it is not signed";
    Telemetry "telemetry" "whether telemetry told the truth of a run: agreed, blind-spot, false-alarm or no-data";
    Relation "relation" "what a run's plan is to that of the valid run before it: identical, stricter, looser or different";
    Type "type" "what it is: service, slo, experiment, run, observation, finding, fix, decision or gameday";
    Service "service" "the service it is about, or none";
    Environment "env" "the environment it is about, or none";
    Team "team" "the team that owns the service, or none";
    Owner "owner" "who owns the experiment, or is named as the owner of the service, or of one that the finding is about: @me, an email address, or none";
    By "by" "who wrote the observation: @me, an email address, or none where a program did";
    Severity "severity" "low, medium, high or critical, or from one on: >=high";
    Kind "kind" "the kind of a finding or of a decision";
    Fault "fault" "the fault that was tried, or is to be, such as process-restart, or none: of experiments, runs and what came of them";
    Experiment "experiment" "what belongs to an experiment";
    Run "run" "what belongs to a run";
    Plan "plan" "one revision of an experiment and its runs: EXP-42@3";
    Finding "finding" "a finding, its fixes, and the run that showed it first";
    Fix "fix" "a fix and the findings it is for";
    Decision "decision" "a decision, the one that supersedes it, its run, and the experiments whose claims it rests on";
    Label "label" "nothing here bears labels; kind, fault, service and team tell things apart";
    Target "target" "what a run was aimed at, or a service runs on, such as zk-1, or none";
    Has "has" "slo, owner, fix, observation, attachment, decision or override, of whatever can have one";
    Created "created" "when it was written: 2026-10-01, 2026-W40, 2026-10..2026-11, >2026-10-01, <7d (days ago) or today; days are those of UTC";
    Updated "updated" "when its history got its last line, as days";
    Planned "planned" "when a run or game day is planned for, as days";
    Started "started" "when a run started, as days";
    Ended "ended" "when a run ended, as days";
    Checked "checked" "when the ownership of a service was checked last, as days";
    Measured "measured" "what a run's check was answered with, and findings of it: alert-gap>4min, or any of several behind commas";
    Sort "sort" "relevance, created, -created for the newest first, updated, or -updated for what changed last";
}

/// What may follow a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// One of these words, in the order in which they rise.
    Words(Vec<&'static str>),
    Slug,
    Person,
    Id(&'static str),
    /// `EXP-42@3`
    Revision,
    Days,
    Measured,
    /// Any text with a letter or digit.
    Name,
    /// No thing knows it.
    Nothing,
}

impl Key {
    /// The key with this name; otherwise a sentence that names the nearest.
    pub fn named(word: &str) -> Result<Self, String> {
        let lower = word.to_lowercase();
        Self::ALL.iter().copied().find(|key| key.word() == lower).ok_or_else(|| {
            let near = did_you_mean(&lower, Self::ALL.iter().map(|key| key.word()));
            let known: Vec<&str> = Self::ALL.iter().map(|key| key.word()).collect();
            let quote = "to look for the words themselves, put them into quotes";
            if near.is_empty() {
                format!("`{word}:` is not known; known are {}; {quote}", known.join(", "))
            } else {
                format!("`{word}:` is not known{near} Otherwise, {quote}")
            }
        })
    }

    pub fn takes(self) -> Takes {
        match self {
            Self::Is => Takes::Words(states()),
            Self::Stage => Takes::Words(Stage::ALL.iter().map(|stage| stage.word()).collect()),
            Self::Status => Takes::Words(Status::ALL.iter().map(|status| status.word()).collect()),
            Self::Standing => Takes::Words(standings()),
            Self::Validity => Takes::Words(vec![VALID, INVALID, OPEN]),
            Self::Verdict => {
                Takes::Words(Verdict::ALL.iter().map(|verdict| verdict.word()).chain([UNSIGNED]).collect())
            }
            Self::Telemetry => Takes::Words(Telemetry::ALL.iter().map(|telemetry| telemetry.word()).collect()),
            Self::Type => Takes::Words(Found::ALL.iter().map(|found| found.word()).collect()),
            Self::Service | Self::Environment | Self::Team | Self::Fault => Takes::Slug,
            Self::Owner | Self::By => Takes::Person,
            Self::Severity => Takes::Words(Severity::ALL.iter().map(|severity| severity.word()).collect()),
            Self::Kind => {
                let findings = FindingKind::ALL.iter().map(|kind| kind.word());
                Takes::Words(findings.chain(DecisionKind::ALL.iter().map(|kind| kind.word())).collect())
            }
            Self::Experiment => Takes::Id("EXP"),
            Self::Run => Takes::Id("RUN"),
            Self::Finding => Takes::Id("FND"),
            Self::Fix => Takes::Id("FIX"),
            Self::Decision => Takes::Id("DEC"),
            Self::Plan => Takes::Revision,
            Self::Relation => Takes::Words(Relation::ALL.iter().map(|relation| relation.word()).collect()),
            Self::Label => Takes::Nothing,
            Self::Target => Takes::Name,
            Self::Has => Takes::Words(Has::ALL.iter().map(|has| has.word()).collect()),
            Self::Created | Self::Updated | Self::Planned | Self::Started | Self::Ended | Self::Checked => Takes::Days,
            Self::Measured => Takes::Measured,
            Self::Sort => Takes::Words(Sort::ALL.iter().map(|sort| sort.word()).collect()),
        }
    }

    /// Whether it asks for what is computed or kept as a state.
    pub const fn is_state(self) -> bool {
        matches!(
            self,
            Self::Is
                | Self::Stage
                | Self::Status
                | Self::Standing
                | Self::Validity
                | Self::Verdict
                | Self::Telemetry
                | Self::Relation
        )
    }

    /// Whether it asks for the days of something that the index does not keep.
    pub const fn is_moment(self) -> bool {
        matches!(self, Self::Updated | Self::Planned | Self::Started | Self::Ended | Self::Checked)
    }

    /// Whether each thing is looked at for it, because the index does not know.
    pub const fn is_judged(self) -> bool {
        self.is_state() || self.is_moment() || matches!(self, Self::Target | Self::Has | Self::Measured)
    }

    /// Whether things without one can be asked for.
    pub const fn may_be_none(self) -> bool {
        matches!(self, Self::Service | Self::Environment | Self::Team | Self::Owner | Self::By | Self::Fault)
    }

    /// Whether it asks for people.
    pub const fn is_person(self) -> bool {
        matches!(self, Self::Owner | Self::By)
    }

    /// Whether its values are names that the notebook knows, or nobody and nothing has.
    pub const fn is_name(self) -> bool {
        self.is_person() || matches!(self, Self::Service | Self::Environment | Self::Team)
    }

    /// The kinds of things that know it; none where all do.
    pub const fn known_to(self) -> &'static [Found] {
        match self {
            Self::Is => &[
                Found::Slo,
                Found::Experiment,
                Found::Run,
                Found::Finding,
                Found::Fix,
                Found::Decision,
                Found::GameDay,
            ],
            Self::Stage => &[Found::Experiment],
            Self::Status | Self::Severity => &[Found::Finding],
            Self::Standing => &[Found::Experiment, Found::Fix, Found::Decision],
            Self::Validity | Self::Verdict | Self::Telemetry | Self::Relation | Self::Started | Self::Ended => {
                &[Found::Run]
            }
            Self::Owner => &[Found::Service, Found::Experiment, Found::Finding],
            Self::By => &[Found::Observation],
            Self::Kind => &[Found::Finding, Found::Decision],
            Self::Fault => {
                &[Found::Experiment, Found::Run, Found::Observation, Found::Finding, Found::Decision, Found::GameDay]
            }
            Self::Plan => &[Found::Experiment, Found::Run],
            Self::Experiment => &[Found::Experiment, Found::Run, Found::Observation, Found::Finding, Found::Decision],
            Self::Run => &[Found::Run, Found::Observation, Found::Finding, Found::Decision, Found::GameDay],
            Self::Finding => &[Found::Run, Found::Finding, Found::Fix],
            Self::Fix => &[Found::Finding, Found::Fix],
            Self::Decision => &[Found::Experiment, Found::Run, Found::Decision],
            Self::Target => &[Found::Service, Found::Run],
            Self::Has => &[Found::Service, Found::Experiment, Found::Run, Found::Finding, Found::GameDay],
            Self::Planned => &[Found::Run, Found::GameDay],
            Self::Checked => &[Found::Service],
            Self::Measured => &[Found::Run, Found::Finding],
            Self::Type
            | Self::Service
            | Self::Environment
            | Self::Team
            | Self::Label
            | Self::Created
            | Self::Updated
            | Self::Sort => &[],
        }
    }

    /// Whether none of these kinds knows it.
    pub fn is_unknown_to(self, kinds: &[Found]) -> bool {
        let known = self.known_to();
        !known.is_empty() && !kinds.is_empty() && !kinds.iter().any(|kind| known.contains(kind))
    }

    /// Which kinds know it, as a sentence.
    pub fn known_where(self) -> String {
        let label = |kind: &Found| match kind {
            Found::Slo => kind.label().to_owned(),
            _ => kind.label().to_lowercase(),
        };
        let kinds: Vec<String> = self.known_to().iter().map(label).collect();
        format!("`{}:` is known of {} only.", self.word(), kinds.join(", "))
    }

    /// Whether its words rise, so that "from this one on" means something.
    pub const fn rises(self) -> bool {
        matches!(self, Self::Severity)
    }
}

/// Every state something can be in, each once.
fn states() -> Vec<&'static str> {
    let mut all: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
    all.extend(standings());
    all.extend(Stage::ALL.iter().map(|stage| stage.word()));
    all.extend(Execution::ALL.iter().map(|execution| execution.word()));
    all.extend(Verdict::ALL.iter().map(|verdict| verdict.word()));
    all.extend(Telemetry::ALL.iter().map(|telemetry| telemetry.word()));
    all.extend(SloState::ALL.iter().map(|state| state.word()));
    all.extend(Health::ALL.iter().map(|health| health.word()));
    all.extend(Level::ALL.iter().map(|level| level.word()));
    all.extend(Relation::ALL.iter().map(|relation| relation.word()));
    all.extend(GameDayState::ALL.iter().map(|state| state.word()));
    all.extend([VALID, INVALID, UNSIGNED]);
    all.sort_unstable();
    all.dedup();
    all
}

/// What fixes, decisions and claims can be worth, each once.
fn standings() -> Vec<&'static str> {
    let mut all: Vec<&str> = Standing::ALL.iter().map(|standing| standing.word()).collect();
    all.extend(DecisionStanding::ALL.iter().map(|standing| standing.word()));
    all.extend(ClaimStanding::ALL.iter().map(|standing| standing.word()));
    all.sort_unstable();
    all.dedup();
    all
}

/// A run that counts.
pub const VALID: &str = "valid";
/// A run that was aborted, and nobody said yet why.
pub const OPEN: &str = "open";

/// A run that says nothing about its hypothesis.
pub const INVALID: &str = "invalid";
/// A run that is over and has no signed verdict yet.
pub const UNSIGNED: &str = "due";

/// Words of other tools for the same.
pub fn as_here(key: Key, word: &str) -> &str {
    match (key, word) {
        (Key::Is | Key::Verdict, "passed") => Verdict::Upheld.word(),
        (Key::Is | Key::Verdict, "failed") => Verdict::Refuted.word(),
        (_, word) => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_told_with_the_nearest_one() {
        assert_eq!(Key::named("Service"), Ok(Key::Service));
        assert!(Key::named("sevice").unwrap_err().contains("did you mean service?"));
        assert!(Key::named("http").unwrap_err().contains("into quotes"));
    }

    #[test]
    fn states_are_words_of_the_axes_and_stand_once() {
        let states = states();
        for word in [
            "open",
            "verified",
            "stale",
            "in_force",
            "ready",
            "running",
            "refuted",
            "invalid",
            "due",
            "blind_spot",
            "untested",
            "coming",
            "exhausted",
            "too_broken",
            "unknown",
            "stricter",
        ] {
            assert_eq!(states.iter().filter(|state| **state == word).count(), 1, "{word}");
        }
    }
}
