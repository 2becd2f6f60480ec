//! A calendar that other programs read at a secret address: of a person, a team or a service.

#[cfg(feature = "store")]
pub mod acts;
pub mod ics;
#[cfg(feature = "store")]
mod sql;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::vocabulary,
    id::{ExperimentId, GameDayId, RunId},
    refusal::Refusal,
    services::slug_meant,
    text::Slug,
    time::Moment,
};

vocabulary! {
    /// Whose calendar it is.
    Whose {
        Person = "person", "Your runs";
        Team = "team", "A team";
        Service = "service", "A service";
    }
}

/// One address under which a calendar is read. The address itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Subscription {
    pub id: i64,
    pub kind: Whose,
    /// The team or the service.
    pub slug: Option<Slug>,
    /// When its address was made, or renewed.
    pub created_at: Moment,
}

impl Subscription {
    /// "the team data-platform".
    pub fn words(&self) -> String {
        match (self.kind, &self.slug) {
            (Whose::Person, _) | (_, None) => "your runs".into(),
            (Whose::Team, Some(slug)) => format!("the team {slug}"),
            (Whose::Service, Some(slug)) => format!("the service {slug}"),
        }
    }
}

/// What a new address is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SubscriptionDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// `person` for your own runs, or a team or service: `team:data-platform`, `service:kafka`.
    pub of: String,
}

impl Draft {
    pub fn check(&self) -> Result<(Whose, Option<Slug>), Refusal> {
        const TAKES: &str = "takes person, team:… or service:…, such as service:kafka";
        let text = self.of.trim();
        if text.is_empty() || text == Whose::Person.word() {
            return Ok((Whose::Person, None));
        }
        let parts = text.split_once(':').and_then(|(kind, slug)| Some((Whose::named(kind).ok()?, slug)));
        let Some((kind, slug)) = parts.filter(|(kind, _)| *kind != Whose::Person) else {
            return Err(Refusal::unfit("of", TAKES));
        };
        let slug = slug_meant(slug).map_err(|trouble| Refusal::unfit("of", trouble.to_string()))?;
        Ok((kind, Some(slug)))
    }
}

/// What an entry of a calendar is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Run(RunId),
    Slot(ExperimentId),
    GameDay(GameDayId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_for_a_person_a_team_or_a_service() {
        let of = |text: &str| Draft { of: text.into() }.check();
        let slug = |text: &str| Some(Slug::new(text).unwrap());
        assert_eq!(of(""), Ok((Whose::Person, None)));
        assert_eq!(of("person"), Ok((Whose::Person, None)));
        assert_eq!(of("team:data-platform"), Ok((Whose::Team, slug("data-platform"))));
        assert_eq!(of(" service:kafka "), Ok((Whose::Service, slug("kafka"))));
        for no in ["person:3", "planet:mars", "kafka"] {
            assert_eq!(of(no).unwrap_err().troubles()[0].field, "of", "{no}");
        }
    }
}
