//! What forms, JSON and imports send about a run: plain texts until checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    facts::{Claimed, Effect, RunTarget},
    trail::{Crew, ObservationKind},
};
use crate::{
    limits::TARGETS_MAX,
    refusal::{Checking, Refusal},
    text::{Note, Prose, Title},
    time::{Moment, Zone},
};

/// As the reason of an abort: nobody has given it yet.
pub const REASON_OPEN: &str = "open";

/// Planning a run, or writing down one that is over (then `started_at` and `ended_at` are set).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["experiment"])))]
#[serde(default, deny_unknown_fields)]
pub struct PlanDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::id::ExperimentId"))]
    pub experiment: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub planned_at: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub started_at: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub ended_at: String,
    pub owner: String,
    pub coordinator: String,
    pub reporter: String,
    /// One name a line.
    pub observers: String,
    pub note: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::id::RunId>"))]
    pub replaces: String,
    pub targets: Vec<TargetDraft>,
}

/// One concrete target. `hit` is "on" for those the run is to hit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunTargetDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct TargetDraft {
    pub name: String,
    pub role: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub hit: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Effect>"))]
    pub effect: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunTargetsDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct TargetsDraft {
    pub targets: Vec<TargetDraft>,
}

/// Another time for a planned run, and why it has one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["planned_at", "text"])))]
#[serde(default, deny_unknown_fields)]
pub struct MoveDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::When"))]
    pub planned_at: String,
    /// Why it is moved.
    pub text: String,
    /// "on" to move it to where a freeze or the hours of its teams speak against it.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub anyway: String,
}

/// Starting: when, and the targets if the list is still to change.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct StartDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
    pub targets: Vec<TargetDraft>,
}

/// Whether the fault took effect on one target, and what shows it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["name", "effect"])))]
#[serde(default, deny_unknown_fields)]
pub struct EffectDraft {
    pub name: String,
    #[cfg_attr(feature = "store", schemars(with = "Effect"))]
    pub effect: String,
    pub evidence: String,
}

/// A moment in the run with nothing more to say: fault started, fault ended, finish.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AtDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

/// A step of the method, by its place from 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunStepDraft", extend("required" = ["number"])))]
#[serde(default, deny_unknown_fields)]
pub struct StepDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Whole"))]
    pub number: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

/// What the command under a run ended with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ExitCodeDraft", extend("required" = ["code"])))]
#[serde(default, deny_unknown_fields)]
pub struct CodeDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::ExitStatus"))]
    pub code: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["text"])))]
#[serde(default, deny_unknown_fields)]
pub struct ObservationDraft {
    /// What was seen; lines that begin with `/` are commands.
    pub text: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<ObservationKind>"))]
    pub kind: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub pinned: String,
    /// The IANA name of the zone in which times of day are meant; empty for the writer's own.
    pub zone: String,
    /// When it was written, for a note that waited for a connection: times of day and times ago are meant from then.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub written_at: String,
}

/// Putting an observation among those that tell the run in short, or taking it out again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["observation"])))]
#[serde(default, deny_unknown_fields)]
pub struct PinDraft {
    /// Its number: 12 of `o12`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Whole"))]
    pub observation: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub pinned: String,
}

/// A page elsewhere that shows how a run was.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["link", "says"])))]
#[serde(default, deny_unknown_fields)]
pub struct LinkDraft {
    pub link: String,
    /// What it shows.
    pub says: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
    /// The number of the observation it belongs to.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub observation: String,
}

/// What is said of an image; its content comes beside this.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["says"])))]
#[serde(default, deny_unknown_fields)]
pub struct ImageDraft {
    /// What it shows, for those who cannot see it.
    pub says: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
    /// The number of the observation it belongs to.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub observation: String,
}

/// What was seen for one check.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["check", "seen"])))]
#[serde(default, deny_unknown_fields)]
pub struct CheckDraft {
    /// `measure|phase|aggregate`
    pub check: String,
    /// "38 s", "300..600 s", "held", "failed", "no data"
    pub seen: String,
    pub source: String,
    /// Empty for no claim, else `ok` or `failing`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Claimed>"))]
    pub claimed: String,
    pub claimed_source: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
    /// Needed once the verdict is signed.
    pub amends: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["signal", "seen"])))]
#[serde(default, deny_unknown_fields)]
pub struct SignalDraft {
    pub signal: String,
    /// `fired`, `silent` or `no_data`
    #[cfg_attr(feature = "store", schemars(extend("enum" = ["fired", "silent", "no_data"])))]
    pub seen: String,
    /// Seconds after the fault's effect, "41" or "40..50".
    pub after_s: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
    /// Needed once the verdict is signed.
    pub amends: String,
}

/// Acts that take only words: deviation, cancel, revert failed, amendment, revoking.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunWordsDraft", extend("required" = ["text"])))]
#[serde(default, deny_unknown_fields)]
pub struct WordsDraft {
    pub text: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct AbortDraft {
    /// `open` leaves the reason of an abort to be given later.
    #[cfg_attr(feature = "store", schemars(extend("enum" = ["own_effect", "unrelated", "people", "tool", "open"])))]
    pub reason: String,
    pub text: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

/// A ruling on validity (`valid` or `invalid`), or on a deviation (`context` or `deviation`).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["ruling", "reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct RulingDraft {
    #[cfg_attr(feature = "store", schemars(extend("enum" = ["valid", "invalid", "context", "deviation"])))]
    pub ruling: String,
    pub reason: String,
    /// Which deviation.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub number: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["verdict"])))]
#[serde(default, deny_unknown_fields)]
pub struct SignDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::runs::facts::Verdict"))]
    pub verdict: String,
    pub analysis: String,
    /// For an overruling.
    pub reason: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["fix", "reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct LacksDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::id::FixId"))]
    pub fix: String,
    pub reason: String,
}

/// The words of one observation.
pub(super) struct NewObservation {
    pub at: Moment,
    pub kind: ObservationKind,
    pub text: Prose,
    pub pinned: bool,
}

impl ObservationDraft {
    pub(super) fn check(&self, zone: &Zone, now: Moment) -> Result<NewObservation, Refusal> {
        let mut checking = Checking::default();
        let text = checking.need("text", Prose::new(&self.text));
        let kind = if self.kind.is_empty() { "expected" } else { &self.kind };
        let kind = ObservationKind::named(kind).map_err(|says| checking.say("kind", says)).ok();
        let at = at(&mut checking, "at", &self.at, zone, now);
        let pinned = checking.tick("pinned", &self.pinned);
        checking.end(zip3(text, kind, at).map(|(text, kind, at)| NewObservation { at, kind, text, pinned }))
    }
}

impl PlanDraft {
    pub(super) fn crew(&self, checking: &mut Checking) -> Crew {
        let observers: Vec<&str> = self.observers.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
        Crew {
            owner: checking.maybe("owner", &self.owner, Title::new),
            coordinator: checking.maybe("coordinator", &self.coordinator, Title::new),
            reporter: checking.maybe("reporter", &self.reporter, Title::new),
            observers: observers.into_iter().filter_map(|name| checking.need("observers", Title::new(name))).collect(),
        }
    }
}

/// Rows without a name are left out; a name stands once.
pub(super) fn targets(checking: &mut Checking, rows: &[TargetDraft]) -> Vec<RunTarget> {
    let mut seen = BTreeSet::new();
    if rows.len() > TARGETS_MAX {
        checking.say("targets", format!("has {} rows; at most {TARGETS_MAX} are kept", rows.len()));
        return Vec::new();
    }
    let named = rows.iter().enumerate().filter(|(_, row)| !row.name.trim().is_empty());
    let mut list = Vec::new();
    for (index, row) in named {
        let field = |name: &str| format!("targets.{index}.{name}");
        let name = checking.need(&field("name"), Title::new(&row.name));
        let role = checking.maybe(&field("role"), &row.role, Title::new);
        let effect = effect_named(&row.effect).map_err(|says| checking.say(field("effect"), says)).ok();
        let hit = checking.tick(field("hit"), &row.hit);
        let Some((name, effect)) = name.zip(effect) else {
            continue;
        };
        if seen.insert(name.clone()) {
            list.push(RunTarget { name, role, hit, effect });
        } else {
            checking.say(field("name"), "stands here twice");
        }
    }
    list
}

fn effect_named(word: &str) -> Result<Effect, String> {
    if word.is_empty() { Ok(Effect::Unknown) } else { Effect::named(word) }
}

/// When something was.
pub(super) fn at(checking: &mut Checking, field: &str, text: &str, zone: &Zone, now: Moment) -> Option<Moment> {
    Moment::typed_past(text, zone, now).map_err(|says| checking.say(field, says)).ok()
}

/// Telemetry's claim with its source; an empty choice is no claim.
pub(super) fn claim(checking: &mut Checking, claimed: &str, source: &str) -> Option<(Claimed, String)> {
    if claimed.is_empty() {
        return None;
    }
    let claimed = Claimed::named(claimed).map_err(|says| checking.say("claimed", says)).ok()?;
    let source = checking.need("claimed_source", Title::new(source))?;
    Some((claimed, source.as_str().to_owned()))
}

pub(super) fn note(text: &str, field: &str) -> Result<Note, Refusal> {
    Note::new(text).map_err(|trouble| Refusal::unfit(field, trouble.to_string()))
}

pub(super) fn zip3<A, B, C>(a: Option<A>, b: Option<B>, c: Option<C>) -> Option<(A, B, C)> {
    a.zip(b).zip(c).map(|((a, b), c)| (a, b, c))
}
