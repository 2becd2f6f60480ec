//! Which SLO a document means, and in what it differs.

use crate::{
    id::SloId,
    slos::{Slo, drafts::Draft, kept::Kept},
};

/// Which SLO that is here already a document means.
pub(super) enum Chosen<'a> {
    None,
    One(&'a Kept),
    Many(Vec<String>),
    Retired(SloId),
}

/// The one with its name; of several, the one with its id.
pub(super) fn chosen<'a>(found: &'a [Kept], id: &str) -> Chosen<'a> {
    let open: Vec<&Kept> = found.iter().filter(|kept| kept.retired_at.is_none()).collect();
    let by_id = open.iter().find(|kept| kept.id.to_string() == id);
    match (open.as_slice(), by_id) {
        ([], _) => found.last().map_or(Chosen::None, |kept| Chosen::Retired(kept.id)),
        ([kept], _) | (_, Some(kept)) => Chosen::One(kept),
        (many, None) => Chosen::Many(many.iter().map(|kept| kept.id.to_string()).collect()),
    }
}

/// Names of the fields in which two texts differ.
pub(super) fn differences(before: &Slo, after: &Slo) -> String {
    let fields = |slo: &Slo| match serde_json::to_value(Draft::of(slo, 1)) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let differ = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    differ.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{slos::sample::ingest, time::Moment};

    fn kept(number: i64, retired: bool) -> Kept {
        Kept {
            id: SloId::of(number),
            text: ingest(),
            revision: 1,
            approved: None,
            retired_at: retired.then_some(Moment::from_micros(0)),
            created_at: Moment::from_micros(0),
            version: 1,
        }
    }

    #[test]
    fn a_document_means_the_slo_with_its_name_and_of_several_the_one_with_its_id() {
        let word = |found: &[Kept], id: &str| match chosen(found, id) {
            Chosen::None => "none".to_owned(),
            Chosen::One(kept) => kept.id.to_string(),
            Chosen::Many(ids) => ids.join(" or "),
            Chosen::Retired(id) => format!("{id} retired"),
        };
        for (found, id, means) in [
            (vec![], "SLO-1", "none"),
            (vec![kept(1, false)], "SLO-9", "SLO-1"),
            (vec![kept(1, true)], "", "SLO-1 retired"),
            (vec![kept(1, true), kept(2, false)], "SLO-1", "SLO-2"),
            (vec![kept(1, false), kept(2, false)], "", "SLO-1 or SLO-2"),
            (vec![kept(1, false), kept(2, false)], "SLO-2", "SLO-2"),
        ] {
            assert_eq!(word(&found, id), means, "{id}");
        }
    }

    #[test]
    fn fields_in_which_texts_differ_are_named() {
        let after = Slo { target: crate::slos::target::Target::read("99 %").unwrap(), promise: None, ..ingest() };
        assert_eq!(differences(&ingest(), &after), "good_enough, promise, target");
        assert_eq!(differences(&ingest(), &ingest()), "");
    }
}
