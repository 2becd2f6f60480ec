//! Things that can break, where they run, and what was changed on them.

#[cfg(feature = "store")]
pub mod acts;
pub mod chef;
mod draft;
mod entry;
pub mod frequency;
pub mod irrelevant;
pub mod ownership;
#[cfg(feature = "store")]
mod sql;

pub use draft::{ChangeDraft, EnvironmentDraft, NewChange, NewEnvironment, TargetRow, TargetsDraft};
pub(crate) use entry::is_https;
pub use entry::{LinkRow, NewService, ServiceDraft};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::irrelevant::Irrelevant;
use crate::{
    actor::PersonId,
    experiments::plan::{ChangeKind, vocabulary},
    text::{Link, Note, Prose, Slug, TextTrouble, Title, slug_from},
    time::Moment,
};

vocabulary! {
    /// How careful one has to be in an environment.
    EnvironmentClass {
        Production = "production", "Production";
        Other = "other", "Other";
    }
}

vocabulary! {
    /// How much hangs on a service: the first tier is what nobody can do without.
    Tier {
        One = "1", "Tier 1";
        Two = "2", "Tier 2";
        Three = "3", "Tier 3";
        Four = "4", "Tier 4";
    }
}

/// A page about a service: its runbook, its dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ServiceLink {
    pub title: Title,
    pub url: Link,
}

/// Somebody said that the owner is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "OwnershipChecked"))]
pub struct Checked {
    pub at: Moment,
    pub by: Option<PersonId>,
}

/// The entry of another catalogue that a service was imported from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceSource"))]
pub struct Source {
    /// The tool's name as the API spells it: `backstage`.
    pub tool: String,
    /// `component:default/kafka`.
    pub entity: String,
    /// Where that entry is kept, if it says so.
    pub link: Option<Link>,
    /// `production`, `experimental`, `deprecated`, or the catalogue's own word.
    pub lifecycle: Option<Title>,
    pub synced_at: Moment,
}

/// A named place where services run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Environment {
    pub slug: Slug,
    pub name: Title,
    pub class: EnvironmentClass,
    pub version: i64,
}

/// Something with an owner and dependencies that can break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Service {
    pub slug: Slug,
    pub name: Title,
    /// A team or a person, in their own words.
    pub owner: Option<Title>,
    /// The team whose working time holds for it.
    pub team: Option<Slug>,
    pub description: Option<Prose>,
    /// It keeps data; nothing exercises its restart unless somebody does.
    pub stateful: bool,
    /// Without it nothing else goes on.
    pub single_point: bool,
    /// None until somebody says.
    pub tier: Option<Tier>,
    pub links: Vec<ServiceLink>,
    /// The services it depends on, by slug.
    pub needs: Vec<Slug>,
    /// When its ownership was checked last.
    pub checked: Option<Checked>,
    pub version: i64,
}

#[cfg(test)]
impl Service {
    /// A service of which only its name is known.
    pub(crate) fn plain(slug: Slug, name: Title) -> Self {
        Self {
            slug,
            name,
            owner: None,
            team: None,
            description: None,
            stateful: false,
            single_point: false,
            tier: None,
            links: Vec::new(),
            needs: Vec::new(),
            checked: None,
            version: 1,
        }
    }
}

/// One concrete thing that belongs to a service: a machine, an instance, a zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceTarget"))]
pub struct Target {
    pub service: Slug,
    pub environment: Slug,
    pub name: Title,
    /// Its usual role: `leader`, `follower`…
    pub role: Option<Title>,
}

/// A recorded deploy, push, version or topology change. It can be a cause; a person never is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Change {
    pub id: i64,
    pub kind: ChangeKind,
    pub summary: Title,
    /// A version, commit or ticket.
    pub reference: Option<Note>,
    pub environment: Slug,
    pub services: BTreeSet<Slug>,
    /// When it took effect.
    pub at: Moment,
    pub recorded_at: Moment,
    /// Who wrote it down; None for the system.
    pub recorded_by: Option<PersonId>,
    /// A reviewer found that it means nothing for what was shown before, so it makes nothing stale.
    #[serde(default)]
    pub irrelevant: Option<Irrelevant>,
}

/// The slug somebody means: the slug itself, or the name it is made from.
pub(crate) fn slug_meant(text: &str) -> Result<Slug, TextTrouble> {
    Slug::new(text).or_else(|trouble| match trouble {
        TextTrouble::NotASlug => slug_from(text).ok_or(trouble),
        TextTrouble::Empty
        | TextTrouble::TooLong { .. }
        | TextTrouble::Control
        | TextTrouble::NotALink
        | TextTrouble::NotHttps => Err(trouble),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_the_slug_made_from_it() {
        assert_eq!(slug_meant("storage-engine").unwrap().as_str(), "storage-engine");
        assert_eq!(slug_meant(" Storage engine ").unwrap().as_str(), "storage-engine");
        assert_eq!(slug_meant(" "), Err(TextTrouble::Empty));
        assert_eq!(slug_meant("…"), Err(TextTrouble::NotASlug));
    }

    #[test]
    fn the_classes_of_environments_are_spelled_like_this() {
        let words: Vec<_> = EnvironmentClass::ALL.iter().map(|class| class.word()).collect();
        assert_eq!(words, ["production", "other"]);
    }
}
