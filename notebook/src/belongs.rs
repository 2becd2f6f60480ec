//! What belongs to the sample notebook, and the rule that keeps it and people's own things apart.
//!
//! A new thing belongs to the sample if what it rests on does: a run of DEMO-EXP-3 is DEMO-RUN-17,
//! and goes when the sample goes. Nothing rests on both.

use std::fmt;

use crate::{
    id::{Id, Kind, is_sample},
    refusal::Refusal,
    text::Slug,
};

/// The sample's services. Slugs are names people choose, so the sample's are a closed list and not
/// a prefix: a team may well have a service called demo-shop.
pub const SERVICES: [&str; 10] = [
    "demo-alerting",
    "demo-compute",
    "demo-config-management",
    "demo-home",
    "demo-ingest",
    "demo-kafka",
    "demo-query",
    "demo-storage-engine",
    "demo-telemetry",
    "demo-zookeeper",
];

/// The sample's environments.
pub const ENVIRONMENTS: [&str; 1] = ["demo-production"];

/// The sample's teams.
pub const TEAMS: [&str; 1] = ["demo-data-platform"];

/// All slugs of the sample.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    SERVICES.into_iter().chain(ENVIRONMENTS).chain(TEAMS)
}

/// Whether this is a service, an environment or a team of the sample. Nobody else can take such a slug.
pub fn is_sample_slug(slug: &Slug) -> bool {
    slugs().any(|of_sample| of_sample == slug.as_str())
}

/// Refuses a slug that is kept for the sample.
pub fn free_slug(field: &str, slug: &Slug) -> Result<(), Refusal> {
    if is_sample_slug(slug) {
        return Err(Refusal::unfit(field, format!("makes \"{slug}\", which is kept for the sample; choose another")));
    }
    Ok(())
}

/// Collects what a thing rests on, by the first name of either side.
#[derive(Debug, Default)]
pub struct Belongs {
    sample: Option<String>,
    own: Option<String>,
}

impl Belongs {
    #[must_use]
    pub fn id<K: Kind>(self, id: Id<K>) -> Self {
        self.named(id.is_sample(), &id)
    }

    #[must_use]
    pub fn ids<K: Kind>(self, ids: impl IntoIterator<Item = Id<K>>) -> Self {
        ids.into_iter().fold(self, Self::id)
    }

    #[must_use]
    pub fn slug(self, slug: &Slug) -> Self {
        self.named(is_sample_slug(slug), slug)
    }

    #[must_use]
    pub fn slugs<'a>(self, slugs: impl IntoIterator<Item = &'a Slug>) -> Self {
        slugs.into_iter().fold(self, Self::slug)
    }

    /// Something that has only a number, such as a recorded change.
    #[must_use]
    pub fn number(self, noun: &str, number: i64) -> Self {
        self.named(is_sample(number), &format!("{noun} {number}"))
    }

    fn named(mut self, sample: bool, name: &dyn fmt::Display) -> Self {
        let side = if sample { &mut self.sample } else { &mut self.own };
        side.get_or_insert_with(|| name.to_string());
        self
    }

    /// Whether all of it belongs to the sample; a mixture is refused beside `field`.
    pub fn to_sample(self, field: &str) -> Result<bool, Refusal> {
        match (self.sample, self.own) {
            (Some(sample), Some(own)) => Err(Refusal::unfit(
                field,
                format!(
                    "ties {sample} of the sample to {own}, which is yours; the sample can be removed, so name only one side"
                ),
            )),
            (sample, _) => Ok(sample.is_some()),
        }
    }

    /// The same for a thing that is there already: it stays on its side.
    pub fn stays(self, field: &str) -> Result<(), Refusal> {
        self.to_sample(field).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FindingId, RunId};

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    #[test]
    fn a_thing_belongs_to_the_side_it_rests_on() {
        assert!(!Belongs::default().to_sample("x").unwrap(), "what rests on nothing is one's own");
        assert!(Belongs::default().id(RunId::of_sample(3)).slug(&slug("demo-kafka")).to_sample("x").unwrap());
        assert!(!Belongs::default().ids([FindingId::of(3)]).slugs(&[slug("demo-shop")]).to_sample("x").unwrap());
    }

    #[test]
    fn a_mixture_names_one_of_each_side() {
        let refusal = Belongs::default()
            .slugs(&[slug("kafka"), slug("demo-kafka"), slug("demo-zookeeper")])
            .number("change", 4)
            .to_sample("services")
            .unwrap_err();
        let [trouble] = refusal.troubles() else { panic!("{refusal:?}") };
        assert_eq!(trouble.field, "services");
        assert!(
            trouble.says.contains("demo-kafka") && trouble.says.contains("ties") && trouble.says.contains(" kafka,"),
            "{trouble:?}"
        );
    }

    #[test]
    fn every_name_on_the_list_is_a_slug_and_stands_once() {
        let mut names: Vec<&str> = slugs().collect();
        for name in &names {
            assert!(free_slug("slug", &slug(name)).is_err());
        }
        assert!(free_slug("slug", &slug("demo-shop")).is_ok());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SERVICES.len() + ENVIRONMENTS.len() + TEAMS.len());
    }
}
