//! Patterns for `like ... escape '\'` out of what people and plans hold; the same on both engines.

use crate::{belongs, text::Slug};

/// A part of a pattern that stands for itself as it is written; the embedded database takes small letters
/// for large ones, too.
pub(crate) fn as_written(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// A set of slugs as one text to bind. Slugs hold neither bars nor wildcards, so
/// `cast($1 as text) like '%|' || slug || '|%'` asks for membership.
pub(crate) fn as_set<'a>(slugs: impl IntoIterator<Item = &'a Slug>) -> String {
    slugs.into_iter().fold("|".to_owned(), |set, slug| set + slug.as_str() + "|")
}

/// The same of everything that is the sample's.
pub(crate) fn sample_slugs() -> String {
    belongs::slugs().fold("|".to_owned(), |set, slug| set + slug + "|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_that_people_type_stand_for_themselves() {
        assert_eq!(as_written("\"Zk_\\\\1\""), "\"Zk\\_\\\\\\\\1\"");
    }

    #[test]
    fn every_member_of_a_set_stands_between_bars() {
        let slugs = ["kafka", "zookeeper"].map(|text| Slug::new(text).unwrap());
        assert_eq!(as_set(&slugs), "|kafka|zookeeper|");
        assert_eq!(as_set(&[]), "|");
    }
}
