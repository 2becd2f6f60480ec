//! What people type about one service, and the only way it becomes a checked word.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Service, ServiceLink, Tier, draft::slugs, slug_meant};
use crate::{
    limits::LINKS_MAX,
    naming::own_slug,
    refusal::{Checking, Refusal},
    text::{Link, Prose, Slug, TextTrouble, Title},
};

/// A service as typed. An empty slug is made from the name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["name"])))]
#[serde(default, deny_unknown_fields)]
pub struct ServiceDraft {
    pub slug: String,
    pub name: String,
    pub owner: String,
    /// The slug of the team whose working time holds for it; empty if none.
    pub team: String,
    pub description: String,
    /// "on" or empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub stateful: String,
    /// "on" or empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub single_point: String,
    /// `1` to `4`, or empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Tier>"))]
    pub tier: String,
    pub links: Vec<LinkRow>,
    pub needs: Vec<String>,
    /// The version an edit began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// A link as typed; a row with neither is skipped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceLinkRow"))]
#[serde(default, deny_unknown_fields)]
pub struct LinkRow {
    pub title: String,
    /// Begins with `https://`.
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewService {
    pub slug: Slug,
    pub name: Title,
    pub owner: Option<Title>,
    pub team: Option<Slug>,
    pub description: Option<Prose>,
    pub stateful: bool,
    pub single_point: bool,
    pub tier: Option<Tier>,
    pub links: Vec<ServiceLink>,
    pub needs: BTreeSet<Slug>,
}

impl ServiceDraft {
    pub fn check(&self) -> Result<NewService, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let slug = own_slug(&mut checking, &self.slug, &self.name);
        let owner = checking.maybe("owner", &self.owner, Title::new);
        let team = checking.maybe("team", &self.team, slug_meant);
        let description = checking.maybe("description", &self.description, Prose::new);
        let stateful = checking.tick("stateful", &self.stateful);
        let single_point = checking.tick("single_point", &self.single_point);
        let tier = (!self.tier.trim().is_empty())
            .then(|| Tier::named(&self.tier).map_err(|says| checking.say("tier", says)).ok())
            .flatten();
        let links = links(&mut checking, &self.links);
        let needs = slugs(&mut checking, "needs", &self.needs);
        if slug.as_ref().is_some_and(|slug| needs.contains(slug)) {
            checking.say("needs", "names the service itself; leave it out");
        }
        let whole = (|| {
            let (slug, name) = (slug?, name?);
            Some(NewService { slug, name, owner, team, description, stateful, single_point, tier, links, needs })
        })();
        checking.end(whole)
    }

    /// What an edit form begins with.
    pub fn from_service(service: &Service) -> Self {
        let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
        Self {
            slug: service.slug.to_string(),
            name: service.name.to_string(),
            owner: service.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
            team: service.team.as_ref().map(ToString::to_string).unwrap_or_default(),
            description: service.description.as_ref().map(ToString::to_string).unwrap_or_default(),
            stateful: on(service.stateful),
            single_point: on(service.single_point),
            tier: service.tier.map_or_else(String::new, |tier| tier.word().into()),
            links: service.links.iter().map(LinkRow::from).collect(),
            needs: service.needs.iter().map(ToString::to_string).collect(),
            version: service.version.to_string(),
        }
    }
}

impl From<&ServiceLink> for LinkRow {
    fn from(link: &ServiceLink) -> Self {
        Self { title: link.title.to_string(), url: link.url.to_string() }
    }
}

/// Whether a text is an address that a service's links take.
pub(crate) fn is_https(text: &str) -> bool {
    https(text).is_ok()
}

/// An address that nobody can read on the way.
fn https(text: &str) -> Result<Link, TextTrouble> {
    let link = Link::new(text)?;
    let is_https = link.as_str().get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    if is_https { Ok(link) } else { Err(TextTrouble::NotHttps) }
}

fn links(checking: &mut Checking, rows: &[LinkRow]) -> Vec<ServiceLink> {
    let mut links = Vec::new();
    let written = |row: &LinkRow| !(row.title.trim().is_empty() && row.url.trim().is_empty());
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| written(row)) {
        let title = checking.need(&format!("links.{n}.title"), Title::new(&row.title));
        let url = checking.need(&format!("links.{n}.url"), https(&row.url));
        links.extend(title.zip(url).map(|(title, url)| ServiceLink { title, url }));
    }
    if links.len() > LINKS_MAX {
        checking.say("links", format!("hold {} links; at most {LINKS_MAX} are kept", links.len()));
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(refusal: &Refusal) -> Vec<&str> {
        refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
    }

    fn draft(name: &str, slug: &str, needs: &[&str]) -> ServiceDraft {
        ServiceDraft {
            name: name.into(),
            slug: slug.into(),
            needs: needs.iter().map(|&text| text.into()).collect(),
            ..ServiceDraft::default()
        }
    }

    #[test]
    fn a_slug_is_made_from_the_name_unless_one_is_given() {
        assert_eq!(draft("Storage engine", "", &[]).check().unwrap().slug.as_str(), "storage-engine");
        assert_eq!(draft("Storage engine", "se", &[]).check().unwrap().slug.as_str(), "se");
        assert_eq!(fields(&draft("…", "", &[]).check().unwrap_err()), ["slug"]);
        assert_eq!(fields(&draft("", "", &[]).check().unwrap_err()), ["name"]);
        assert_eq!(fields(&draft("New", "", &[]).check().unwrap_err()), ["name"]);
    }

    #[test]
    fn a_service_does_not_need_itself() {
        let refusal = draft("Kafka", "", &["zookeeper", "Kafka"]).check().unwrap_err();
        assert_eq!(fields(&refusal), ["needs"]);
        assert!(draft("Kafka", "", &["zookeeper", ""]).check().is_ok());
    }

    #[test]
    fn what_an_edit_form_begins_with_reads_back_as_the_same_service() {
        let service = Service {
            owner: Some(Title::new("Data platform").unwrap()),
            team: Some(Slug::new("data-platform").unwrap()),
            stateful: true,
            tier: Some(Tier::Two),
            links: vec![ServiceLink {
                title: Title::new("Runbook").unwrap(),
                url: Link::new("https://wiki.example.org/kafka").unwrap(),
            }],
            needs: vec![Slug::new("zookeeper").unwrap()],
            version: 3,
            ..Service::plain(Slug::new("kafka").unwrap(), Title::new("Kafka").unwrap())
        };
        let again = ServiceDraft::from_service(&service).check().unwrap();
        assert_eq!((again.slug, again.name, again.owner), (service.slug, service.name, service.owner));
        assert_eq!(again.team, service.team);
        assert_eq!((again.stateful, again.single_point, again.tier), (true, false, service.tier));
        assert_eq!(again.links, service.links);
        assert_eq!(again.needs.into_iter().collect::<Vec<_>>(), service.needs);
    }

    #[test]
    fn links_are_https_and_have_a_title() {
        let with = |title: &str, url: &str| ServiceDraft {
            links: vec![LinkRow::default(), LinkRow { title: title.into(), url: url.into() }],
            ..draft("Kafka", "", &[])
        };
        let links = with("Runbook", "https://wiki.example.org/kafka").check().unwrap().links;
        assert_eq!(links[0].title.as_str(), "Runbook");
        for (title, url, field) in [
            ("", "https://wiki.example.org", "links.1.title"),
            ("Runbook", "http://wiki.example.org", "links.1.url"),
            ("Runbook", "javascript:alert(1)", "links.1.url"),
            ("Runbook", "mailto:ana@example.org", "links.1.url"),
        ] {
            assert_eq!(fields(&with(title, url).check().unwrap_err()), [field], "{url}");
        }
    }

    #[test]
    fn a_tier_is_one_of_four_or_not_said() {
        let tier =
            |text: &str| ServiceDraft { tier: text.into(), ..draft("Kafka", "", &[]) }.check().map(|new| new.tier);
        assert_eq!(tier("1").unwrap(), Some(Tier::One));
        assert_eq!(tier("").unwrap(), None);
        assert_eq!(fields(&tier("5").unwrap_err()), ["tier"]);
    }
}
