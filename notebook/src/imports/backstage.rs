//! Reads catalogue files of Backstage: which of their entities are services, and what they say of them.
//!
//! A pure translator: nothing here knows which services are there.

use std::collections::BTreeSet;

use crate::{
    foreign::{ReadTrouble, lenient_json, redact, shorten, tree::Tree, yaml},
    limits::{
        CATALOGUE_ENTITIES_MAX, CATALOGUE_NEEDS_MAX, CATALOGUE_TEXT_BYTES_MAX, LINKS_MAX, PROSE_CHARS_MAX,
        TITLE_CHARS_MAX,
    },
    services::{LinkRow, Tier},
    text::{Slug, slug_from},
};

/// The group in an entity's `apiVersion`.
const GROUP: &str = "backstage.io";
/// Where Backstage writes down from which file an entity came.
const ORIGINS: [&str; 3] =
    ["backstage.io/source-location", "backstage.io/managed-by-location", "backstage.io/view-url"];

/// One entity of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Service(Box<Entity>),
    /// Its reference, and why it becomes none; a clause.
    Other {
        entity: String,
        because: String,
    },
}

/// What an entity says of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// `component:default/kafka`.
    pub reference: String,
    pub slug: Slug,
    pub name: String,
    /// Empty if it has only a name.
    pub title: String,
    pub owner: String,
    pub description: String,
    pub lifecycle: String,
    pub tier: Option<Tier>,
    pub links: Vec<LinkRow>,
    /// References of the entities it depends on, the first ones.
    pub depends_on: BTreeSet<String>,
    /// How many more it names.
    pub needs_left_out: usize,
    /// Its type says that it keeps data.
    pub keeps_data: bool,
    /// Where the entry is kept.
    pub origin: String,
}

/// Whether these are catalogue entities: one line of the text declares it.
pub fn declares(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| {
        let Ok(line) = std::str::from_utf8(line) else { return false };
        let value = line.trim_start_matches('\u{feff}').strip_prefix("apiVersion:");
        value.is_some_and(|value| is_of_backstage(value.trim().trim_matches(['"', '\''])))
    })
}

/// `backstage.io/v1alpha1`, and the versions of its parts: `scaffolder.backstage.io/v1beta3`.
fn is_of_backstage(version: &str) -> bool {
    version.split_once('/').is_some_and(|(group, _)| group == GROUP || group.ends_with(&format!(".{GROUP}")))
}

/// All entities in a text, in its order.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, ReadTrouble> {
    if bytes.len() > CATALOGUE_TEXT_BYTES_MAX {
        return Err(ReadTrouble::TooLarge { limit_bytes: CATALOGUE_TEXT_BYTES_MAX });
    }
    let documents = yaml::parse_all(lenient_json::text_of(bytes)?)?;
    if documents.len() > CATALOGUE_ENTITIES_MAX {
        return Err(ReadTrouble::TooManyValues { limit: CATALOGUE_ENTITIES_MAX, what: "entities" });
    }
    Ok(documents.iter().map(|document| entry(&document.tree)).collect())
}

fn entry(tree: &Tree) -> Entry {
    let kind = tree.text_of("kind").to_lowercase();
    let metadata = tree.get("metadata").cloned().unwrap_or_default();
    let name = metadata.text_of("name").trim();
    let entity = reference(&format!("{kind}:{}/{name}", non_empty(metadata.text_of("namespace"), "default")), &kind);
    let other = |because: &str| Entry::Other { entity: entity.clone(), because: because.to_owned() };
    if !is_of_backstage(tree.text_of("apiVersion")) {
        return other("is no entity of Backstage");
    }
    match kind.as_str() {
        "component" | "resource" => {}
        "system" | "domain" => return other("groups others; what it holds becomes services of its own"),
        "api" => return other("describes an interface; the component that provides it becomes a service"),
        "group" | "user" => return other("is about people; an owner is written down by name"),
        "location" => return other("points at other files; import those"),
        _ => return other("is of a kind that is no service"),
    }
    if entity.chars().count() >= TITLE_CHARS_MAX {
        // It may have been cut, and then it is like another.
        return other("has a longer name than is kept");
    }
    let Some(slug) = slug_from(name) else { return other("has no name that an address can be made from") };
    Entry::Service(Box::new(service(tree, &metadata, entity.clone(), slug)))
}

fn service(tree: &Tree, metadata: &Tree, reference: String, slug: Slug) -> Entity {
    let spec = tree.get("spec").cloned().unwrap_or_default();
    let kind = reference.split(':').next().unwrap_or_default();
    let (needs, line) = (spec.items_of("dependsOn"), |text: &str| shorten::line(&clean(text), TITLE_CHARS_MAX));
    Entity {
        slug,
        name: line(metadata.text_of("name")),
        title: line(metadata.text_of("title")),
        owner: line(own_name(&clean(spec.text_of("owner")))),
        description: shorten::prose(&clean(metadata.text_of("description")), PROSE_CHARS_MAX),
        lifecycle: line(spec.text_of("lifecycle")),
        tier: tier(metadata),
        links: links(metadata),
        needs_left_out: needs.len().saturating_sub(CATALOGUE_NEEDS_MAX),
        depends_on: needs
            .iter()
            .take(CATALOGUE_NEEDS_MAX)
            .filter_map(Tree::as_text)
            .map(|text| self::reference(text, kind))
            .collect(),
        keeps_data: ["database", "cache", "queue"].contains(&spec.text_of("type")),
        origin: origin(metadata),
        reference,
    }
}

/// `kafka` becomes `component:default/kafka`: kind and namespace may be left out, and case says nothing.
fn reference(text: &str, usual_kind: &str) -> String {
    let text = text.trim().to_lowercase();
    let (kind, rest) = text.split_once(':').unwrap_or((usual_kind, &text));
    let (namespace, name) = rest.split_once('/').unwrap_or(("default", rest));
    shorten::line(&format!("{kind}:{namespace}/{name}"), TITLE_CHARS_MAX)
}

/// `group:default/data-platform` is called `data-platform`.
fn own_name(text: &str) -> &str {
    text.trim().rsplit(['/', ':']).next().unwrap_or_default()
}

fn non_empty<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.trim().is_empty() { otherwise } else { text.trim() }
}

/// Without names and passwords in addresses.
fn clean(text: &str) -> String {
    redact::without_credentials(text).unwrap_or_else(|| text.to_owned())
}

/// Backstage has no field for it; many write it as a label or an annotation: `example.org/tier: "1"`.
fn tier(metadata: &Tree) -> Option<Tier> {
    let marks = ["labels", "annotations"].into_iter().filter_map(|part| metadata.get(part)?.as_members());
    let said = marks.flatten().find(|(name, _)| name.rsplit('/').next() == Some("tier"))?;
    let text = said.1.as_text().map_or_else(|| said.1.to_string(), str::to_owned);
    Tier::named(text.trim().to_lowercase().trim_start_matches("tier").trim_start_matches(['-', ' ', '_'])).ok()
}

fn links(metadata: &Tree) -> Vec<LinkRow> {
    let link = |item: &Tree| {
        let url = clean(item.text_of("url").trim());
        let title = non_empty(item.text_of("title"), &url).to_owned();
        LinkRow { title: shorten::line(&title, TITLE_CHARS_MAX), url }
    };
    let links = metadata.items_of("links").iter().map(link);
    links.filter(|link| crate::services::is_https(&link.url)).take(LINKS_MAX).collect()
}

/// `url:https://github.com/acme/kafka/blob/main/catalog-info.yaml`
fn origin(metadata: &Tree) -> String {
    let Some(annotations) = metadata.get("annotations") else { return String::new() };
    let said = ORIGINS.iter().map(|name| annotations.text_of(name).trim()).find(|text| !text.is_empty());
    let text = said.unwrap_or_default();
    let link = clean(text.strip_prefix("url:").unwrap_or(text));
    if crate::services::is_https(&link) { link } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] = include_bytes!("../../tests/documents/backstage/catalog-info.yaml");

    fn services(bytes: &[u8]) -> Vec<Entity> {
        let entries = read(bytes).unwrap();
        entries
            .into_iter()
            .filter_map(|entry| if let Entry::Service(entity) = entry { Some(*entity) } else { None })
            .collect()
    }

    #[test]
    fn components_and_resources_become_services_with_what_is_said_of_them() {
        assert!(declares(WHOLE));
        let found = services(WHOLE);
        let slugs: Vec<&str> = found.iter().map(|entity| entity.slug.as_str()).collect();
        assert_eq!(slugs, ["ingest", "kafka", "storage-engine", "zookeeper"]);
        let kafka = &found[1];
        assert_eq!((kafka.reference.as_str(), kafka.owner.as_str()), ("component:default/kafka", "data-platform"));
        assert_eq!(
            (kafka.title.as_str(), kafka.lifecycle.as_str(), kafka.tier),
            ("Kafka", "production", Some(Tier::One))
        );
        assert_eq!(kafka.depends_on, BTreeSet::from(["component:default/zookeeper".to_owned()]));
        assert_eq!(kafka.links, [LinkRow { title: "Runbook".into(), url: "https://wiki.example.org/kafka".into() }]);
        assert_eq!(kafka.origin, "https://git.example.org/data/kafka/blob/main/catalog-info.yaml");
        assert!(found[2].keeps_data && !kafka.keeps_data);
        assert_eq!(found[0].depends_on.len(), 2, "kinds of references may differ");
    }

    #[test]
    fn everything_else_says_why_it_becomes_none() {
        let others: Vec<(String, String)> = read(WHOLE)
            .unwrap()
            .into_iter()
            .filter_map(
                |entry| if let Entry::Other { entity, because } = entry { Some((entity, because)) } else { None },
            )
            .collect();
        for (entity, words) in [
            ("system:default/observatory", "groups others"),
            ("api:default/events", "interface"),
            ("group:default/data-platform", "people"),
            ("template:default/new-service", "no service"),
        ] {
            assert!(
                others.iter().any(|(known, because)| known == entity && because.contains(words)),
                "{entity}: {others:?}"
            );
        }
    }

    #[test]
    fn references_may_leave_out_kind_and_namespace() {
        for (text, kind, whole) in [
            ("kafka", "component", "component:default/kafka"),
            ("resource:db", "component", "resource:default/db"),
            ("Component:data/Kafka", "resource", "component:data/kafka"),
            ("data/kafka", "component", "component:data/kafka"),
        ] {
            assert_eq!(reference(text, kind), whole);
        }
    }

    #[test]
    fn tiers_are_spelled_in_several_ways() {
        for (text, tier) in [
            ("'1'", Some(Tier::One)),
            ("tier-2", Some(Tier::Two)),
            ("Tier 3", Some(Tier::Three)),
            ("4", Some(Tier::Four)),
            ("gold", None),
        ] {
            let text = format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  labels:\n    example.org/tier: {text}\n"
            );
            assert_eq!(services(text.as_bytes())[0].tier, tier, "{text}");
        }
    }

    #[test]
    fn what_is_no_catalogue_is_not_taken_for_one() {
        for text in ["apiVersion: openslo/v1\nkind: SLO\n", "title: apiVersion: backstage.io\n", "{}", "\u{0}"] {
            assert!(!declares(text.as_bytes()), "{text}");
        }
        assert!(read(b"apiVersion: backstage.io/v1alpha1\nkind: [").is_err());
    }

    #[test]
    fn of_a_thousand_dependencies_the_first_ones_are_read_and_a_name_that_was_cut_is_none() {
        let needs = (0..1_000).map(|n| format!("    - component:n{n}\n")).collect::<Vec<_>>().concat();
        let with = |name: &str| {
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  dependsOn:\n{needs}"
            )
        };
        let one = &services(with("a").as_bytes())[0];
        assert_eq!((one.depends_on.len(), one.needs_left_out), (CATALOGUE_NEEDS_MAX, 800));
        assert!(services(with(&"x".repeat(TITLE_CHARS_MAX)).as_bytes()).is_empty());
    }

    #[test]
    fn credentials_in_addresses_are_taken_out() {
        let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  title: https://ana:hunter2@example.org/\n  description: see https://ana:hunter2@example.org/\n  links:\n    - url: https://ana:hunter2@example.org/\nspec:\n  owner: https://ana:hunter2@example.org\n  lifecycle: https://ana:hunter2@example.org/\n";
        assert!(!format!("{:?}", services(text.as_bytes())).contains("hunter2"));
    }
}
