//! What people type about services, and the only way it becomes a checked word.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Environment, EnvironmentClass, Target, slug_meant};
use crate::{
    experiments::plan::ChangeKind,
    limits::{CLOCK_AHEAD_MINUTES_MAX, PLAN_ITEMS_MAX, TARGETS_MAX},
    naming::own_slug,
    refusal::{Checking, Refusal},
    text::{Note, Slug, Title},
    time::{Moment, Zone},
};

/// An environment as typed. An empty slug is made from the name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["name", "class"])))]
#[serde(default, deny_unknown_fields)]
pub struct EnvironmentDraft {
    pub slug: String,
    pub name: String,
    /// `production` or `other`.
    #[cfg_attr(feature = "store", schemars(with = "EnvironmentClass"))]
    pub class: String,
    /// The version an edit began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEnvironment {
    pub slug: Slug,
    pub name: Title,
    pub class: EnvironmentClass,
}

impl EnvironmentDraft {
    pub fn check(&self) -> Result<NewEnvironment, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let slug = own_slug(&mut checking, &self.slug, &self.name);
        let class = EnvironmentClass::named(&self.class).map_err(|says| checking.say("class", says)).ok();
        let whole = (|| Some(NewEnvironment { slug: slug?, name: name?, class: class? }))();
        checking.end(whole)
    }

    /// What an edit form begins with.
    pub fn from_environment(environment: &Environment) -> Self {
        Self {
            slug: environment.slug.to_string(),
            name: environment.name.to_string(),
            class: environment.class.word().into(),
            version: environment.version.to_string(),
        }
    }
}

/// All targets of one service as typed; saving replaces the former ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceTargetsDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct TargetsDraft {
    pub rows: Vec<TargetRow>,
    /// The service's version the edit began from.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceTargetRow"))]
#[serde(default, deny_unknown_fields)]
pub struct TargetRow {
    pub name: String,
    pub environment: String,
    pub role: String,
}

impl TargetRow {
    /// The environment alone is what an empty row begins with.
    pub(super) fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.role.trim().is_empty()
    }
}

impl TargetsDraft {
    /// The targets, in the order of environment and name. Rows without name and role are skipped.
    pub fn check(&self, service: &Slug) -> Result<BTreeSet<Target>, Refusal> {
        let mut checking = Checking::default();
        let mut seen = BTreeSet::new();
        let mut targets = BTreeSet::new();
        for (n, row) in self.rows.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
            let name = checking.need(&format!("rows.{n}.name"), Title::new(&row.name));
            let environment = checking.need(&format!("rows.{n}.environment"), slug_meant(&row.environment));
            let role = checking.maybe(&format!("rows.{n}.role"), &row.role, Title::new);
            let (Some(name), Some(environment)) = (name, environment) else {
                continue;
            };
            if !seen.insert((environment.clone(), name.clone())) {
                checking.say(format!("rows.{n}.name"), format!("is in {environment} twice; leave one out"));
            }
            targets.insert(Target { service: service.clone(), environment, name, role });
        }
        if targets.len() > TARGETS_MAX {
            checking.say("rows", format!("hold {} targets; at most {TARGETS_MAX} are kept", targets.len()));
        }
        checking.end(Some(targets))
    }

    /// What an edit form begins with.
    pub fn from_targets<'a>(targets: impl IntoIterator<Item = &'a Target>, version: i64) -> Self {
        let rows = targets.into_iter().map(|target| TargetRow {
            name: target.name.to_string(),
            environment: target.environment.to_string(),
            role: target.role.as_ref().map(ToString::to_string).unwrap_or_default(),
        });
        Self { rows: rows.collect(), version: version.to_string() }
    }
}

/// A change as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["kind", "summary", "environment", "services"])))]
#[serde(default, deny_unknown_fields)]
pub struct ChangeDraft {
    /// A spelling of [`ChangeKind`].
    #[cfg_attr(feature = "store", schemars(with = "ChangeKind"))]
    pub kind: String,
    pub summary: String,
    pub reference: String,
    pub environment: String,
    /// A local time in the person's zone, or RFC 3339 with offset; empty for now.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Dated>"))]
    pub at: String,
    pub services: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    pub kind: ChangeKind,
    pub summary: Title,
    pub reference: Option<Note>,
    pub environment: Slug,
    pub at: Moment,
    pub services: BTreeSet<Slug>,
}

impl ChangeDraft {
    pub fn check(&self, zone: &Zone, now: Moment) -> Result<NewChange, Refusal> {
        let mut checking = Checking::default();
        let kind = ChangeKind::named(&self.kind).map_err(|says| checking.say("kind", says)).ok();
        let summary = checking.need("summary", Title::new(&self.summary));
        let reference = checking.maybe("reference", &self.reference, Note::new);
        let environment = checking.need("environment", slug_meant(&self.environment));
        let at = happened_at(&mut checking, &self.at, zone, now);
        let services = slugs(&mut checking, "services", &self.services);
        if services.is_empty() {
            checking.say("services", "names no service; choose at least one");
        }
        let whole = (|| {
            Some(NewChange { kind: kind?, summary: summary?, reference, environment: environment?, at: at?, services })
        })();
        checking.end(whole)
    }
}

/// Several services by slug or name; empty ones are skipped, repeated ones count once.
pub(super) fn slugs(checking: &mut Checking, field: &str, texts: &[String]) -> BTreeSet<Slug> {
    let written = texts.iter().filter(|text| !text.trim().is_empty());
    let slugs: BTreeSet<Slug> = written.filter_map(|text| checking.need(field, slug_meant(text))).collect();
    if slugs.len() > PLAN_ITEMS_MAX {
        checking.say(field, format!("names {} services; at most {PLAN_ITEMS_MAX} are kept", slugs.len()));
    }
    slugs
}

fn happened_at(checking: &mut Checking, text: &str, zone: &Zone, now: Moment) -> Option<Moment> {
    if text.trim().is_empty() {
        return Some(now);
    }
    let Some(at) = Moment::parse(text).or_else(|| Moment::from_local(text, zone)) else {
        checking.say("at", "is no date and time; write it like 2026-11-22T15:04");
        return None;
    };
    if at > now.plus_minutes(CLOCK_AHEAD_MINUTES_MAX) {
        checking.say("at", "lies ahead; record a change once it has taken effect");
        return None;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(refusal: &Refusal) -> Vec<&str> {
        refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
    }

    #[test]
    fn a_target_stands_once_in_an_environment_and_may_stand_in_two() {
        let row = |name: &str, environment: &str| TargetRow {
            name: name.into(),
            environment: environment.into(),
            role: String::new(),
        };
        let service = Slug::new("zookeeper").unwrap();
        let two = TargetsDraft {
            rows: vec![row("zk-1", "production"), row("", "staging"), row("zk-1", "staging")],
            version: String::new(),
        };
        assert_eq!(two.check(&service).unwrap().len(), 2);
        let twice =
            TargetsDraft { rows: vec![row("zk-1", "staging"), row(" zk-1", "staging")], version: String::new() };
        assert_eq!(fields(&twice.check(&service).unwrap_err()), ["rows.1.name"]);
    }

    #[test]
    fn a_change_is_written_in_local_time_and_never_lies_ahead() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let now = Moment::parse("2026-11-02T10:00:00Z").unwrap();
        let draft = |at: &str| ChangeDraft {
            kind: "deploy".into(),
            summary: "Kafka 3.9".into(),
            environment: "production".into(),
            at: at.into(),
            services: vec!["kafka".into()],
            ..ChangeDraft::default()
        };
        let at = |text: &str| draft(text).check(&berlin, now).map(|change| change.at.rfc3339());
        assert_eq!(at("").unwrap(), "2026-11-02T10:00:00Z");
        assert_eq!(at("2026-11-02T10:30").unwrap(), "2026-11-02T09:30:00Z");
        assert_eq!(at("2026-11-02T10:03:00+00:00").unwrap(), "2026-11-02T10:03:00Z");
        assert_eq!(fields(&at("2026-11-02T12:00").unwrap_err()), ["at"]);
        assert_eq!(fields(&at("yesterday").unwrap_err()), ["at"]);
    }
}
