//! What forms and JSON send about a finding: plain texts until checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Body, FindingKind, Severity, condition::Condition};
use crate::{
    experiments::plan::{CheckKey, Identity},
    fixes::Revealing,
    id::{FixId, NoId, RunId},
    refusal::{Checking, Refusal},
    text::{Prose, Slug, Title},
};

/// Writing or editing a finding.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FindingDraft", extend("required" = ["title"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub title: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<FindingKind>"))]
    pub kind: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Severity>"))]
    pub severity: String,
    pub summary: String,
    /// The run that showed it, if one did.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<RunId>"))]
    pub origin: String,
    /// `check:measure|phase|aggregate` or `signal:name`; empty for none.
    pub revealing: String,
    /// `any`, `names` or `role`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::ConditionKind>"))]
    pub condition: String,
    /// Names separated by commas, or one role.
    pub condition_on: String,
    /// Needed without an origin run.
    pub environment: String,
    pub services: Vec<String>,
    /// The fix whose deployment brought it about.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<FixId>"))]
    pub introduced_by: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// A sentence about a finding, with the thing it points at where there is one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct JudgeDraft {
    pub reason: String,
    /// Another finding, a run, or a change's number.
    pub of: String,
    pub owner: String,
    /// A date: the risk is accepted until its beginning.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Day>"))]
    pub until: String,
    pub number: String,
}

/// A checked draft.
pub(super) struct Checked {
    pub title: Title,
    pub kind: FindingKind,
    pub severity: Severity,
    pub origin: Option<RunId>,
    pub environment: Option<Slug>,
    pub services: BTreeSet<Slug>,
    pub body: Body,
}

impl Draft {
    /// Fields on their own; whether the origin run and its check exist is asked later.
    pub(super) fn check(&self) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let title = checking.need("title", Title::new(&self.title));
        let kind = FindingKind::named(or(&self.kind, "weakness")).map_err(|says| checking.say("kind", says)).ok();
        let severity =
            Severity::named(or(&self.severity, "medium")).map_err(|says| checking.say("severity", says)).ok();
        let summary = checking.maybe("summary", &self.summary, Prose::new);
        let origin = id(&mut checking, "origin", &self.origin);
        let introduced_by: Option<FixId> = id(&mut checking, "introduced_by", &self.introduced_by);
        let revealing = self.revealing(&mut checking);
        let condition = self.condition(&mut checking);
        let environment = checking.maybe("environment", &self.environment, Slug::new);
        let services: BTreeSet<Slug> = self
            .services
            .iter()
            .filter(|slug| !slug.trim().is_empty())
            .filter_map(|slug| checking.need("services", Slug::new(slug)))
            .collect();
        let whole =
            title.zip(kind).zip(severity).zip(condition).map(|(((title, kind), severity), condition)| Checked {
                title,
                kind,
                severity,
                origin,
                environment,
                services,
                body: Body { summary, revealing, condition, introduced_by },
            });
        checking.end(whole)
    }

    fn revealing(&self, checking: &mut Checking) -> Option<Revealing> {
        let text = self.revealing.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(name) = text.strip_prefix("signal:") {
            return checking.need("revealing", Title::new(name)).map(Revealing::Signal);
        }
        let key = text.strip_prefix("check:").and_then(CheckKey::from_slot);
        if key.is_none() {
            checking.say("revealing", "is no check or signal");
        }
        key.map(Revealing::Check)
    }

    fn condition(&self, checking: &mut Checking) -> Option<Condition> {
        match or(&self.condition, "any") {
            "any" => Some(Condition::Any),
            "names" => {
                let names: BTreeSet<String> = self
                    .condition_on
                    .split([',', '\n'])
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect();
                if names.is_empty() {
                    checking.say("condition_on", "is empty; name the targets that show it");
                    return None;
                }
                Some(Condition::Names(names))
            }
            "role" => {
                checking.need("condition_on", Title::new(&self.condition_on)).map(|role| Condition::Role(role.into()))
            }
            _ => {
                checking.say("condition", "is not one of any, names, role");
                None
            }
        }
    }
}

/// The revealing check or signal must stand in the origin run's plan.
pub(super) fn fits(revealing: &Revealing, identity: &Identity) -> Result<(), Refusal> {
    let known = match revealing {
        Revealing::Check(key) => identity.check(key).is_some(),
        Revealing::Signal(name) => identity.signals.iter().any(|signal| signal.signal == *name),
    };
    if known { Ok(()) } else { Err(Refusal::unfit("revealing", "is no check or signal of the origin run's plan")) }
}

fn or<'a>(text: &'a str, usual: &'a str) -> &'a str {
    let text = text.trim();
    if text.is_empty() { usual } else { text }
}

/// An id that may be left out.
pub(crate) fn id<T: std::str::FromStr<Err = NoId>>(checking: &mut Checking, field: &str, text: &str) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    text.parse().map_err(|no: NoId| checking.say(field, no.to_string())).ok()
}
