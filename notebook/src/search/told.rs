//! How a thing of the index is told to people: the index adds to each text what else it is found by, and names
//! observations in its own way.

use super::{
    keys::Key,
    marks::{mark, value_of},
    snippet::{Piece, marked},
};
use crate::id::{SAMPLE_PREFIX, number_of};

/// What a thing is about, besides its own words.
pub type About<'a> = Vec<(Key, &'a str)>;

/// What people wrote, and the services and the environments that the index added behind its id.
pub fn parts<'a>(body: &'a str, object: &str, marks: &str) -> (&'a str, About<'a>) {
    let belongs = marks.split(' ').filter_map(|one| {
        let key = [Key::Service, Key::Environment].into_iter().find(|key| value_of(key.word(), one).is_some())?;
        (one != mark(key.word(), "none")).then_some((key, one))
    });
    let belongs: Vec<(Key, &str)> = belongs.collect();
    let (mut rest, mut about) = (body, About::new());
    for (key, one) in belongs.into_iter().rev() {
        let (before, word) = rest.trim_end().rsplit_once(' ').unwrap_or(("", rest.trim_end()));
        // Made by another version, perhaps: then all of it is shown.
        if mark(key.word(), word) != one {
            return (body, About::new());
        }
        about.insert(0, (key, word));
        rest = before;
    }
    match rest.trim_end().strip_suffix(object) {
        Some(written) if written.is_empty() || written.ends_with(' ') => (written.trim_end(), about),
        _ => (body, About::new()),
    }
}

/// Why something is found whose own words do not say so: by what it is about.
pub fn because(about: &[(Key, &str)], looked_for: &[(String, bool)]) -> Vec<Piece> {
    let mut all = Vec::new();
    for (key, word) in about {
        let pieces = marked(word, looked_for);
        if !pieces.iter().any(|piece| piece.marked) {
            continue;
        }
        let lead = if all.is_empty() { "About the " } else { ", the " };
        let noun = if *key == Key::Service { "service " } else { "environment " };
        all.push(Piece { text: format!("{lead}{noun}"), marked: false });
        all.extend(pieces);
    }
    if !all.is_empty() {
        all.push(Piece { text: ".".to_owned(), marked: false });
    }
    all
}

/// `RUN-317#o12`, as people call what the index names `RUN-317#12`. Notes of game days have no number of their own.
pub fn name(object: &str) -> String {
    match object.split_once('#') {
        Some((of, number)) if is_of(of, &["RUN", "EXP"]) => format!("{of}#o{number}"),
        _ => object.to_owned(),
    }
}

/// How the index names the observation with this id, in either way of writing it.
pub fn observation(text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    let (of, number) = upper.split_once('#')?;
    let number = number.strip_prefix('O').unwrap_or(number);
    (is_of(of, &["RUN", "EXP", "GD"]) && number_of(number).is_some()).then(|| format!("{of}#{number}"))
}

fn is_of(id: &str, kinds: &[&str]) -> bool {
    let own = id.strip_prefix(SAMPLE_PREFIX).unwrap_or(id);
    own.split_once('-').is_some_and(|(kind, number)| kinds.contains(&kind) && number_of(number).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(words: &[(&str, &str)]) -> String {
        let words: Vec<String> = words.iter().map(|(key, value)| mark(key, value)).collect();
        words.join(" ")
    }

    #[test]
    fn what_the_index_adds_is_no_part_of_what_was_written() {
        let on = ("on", "2026-11");
        for (body, object, told, written, about) in [
            (
                "alerts stop FND-1 storage-2 zookeeper production",
                "FND-1",
                marks(&[("service", "storage-2"), ("service", "zookeeper"), ("env", "production"), on]),
                "alerts stop",
                vec![(Key::Service, "storage-2"), (Key::Service, "zookeeper"), (Key::Environment, "production")],
            ),
            ("RUN-1#4", "RUN-1#4", marks(&[("service", "none"), ("env", "none"), on]), "", vec![]),
            (
                "kept by kafka kafka kafka",
                "kafka",
                marks(&[("service", "kafka"), ("env", "none")]),
                "kept by kafka",
                vec![(Key::Service, "kafka")],
            ),
            (
                "seen  FND-2  staging",
                "FND-2",
                marks(&[("service", "none"), ("env", "staging")]),
                "seen",
                vec![(Key::Environment, "staging")],
            ),
            ("other words", "FND-2", marks(&[("service", "kafka"), ("env", "none")]), "other words", vec![]),
            ("xFND-2", "FND-2", marks(&[]), "xFND-2", vec![]),
        ] {
            assert_eq!(parts(body, object, &told), (written, about), "{body}");
        }
    }

    #[test]
    fn what_is_found_by_what_it_is_about_says_so() {
        let about = [(Key::Service, "storage-engine"), (Key::Environment, "production")];
        let looked_for = |word: &str| vec![(word.to_owned(), true)];
        let shown = |word: &str| {
            let pieces = because(&about, &looked_for(word));
            let text = |one: &Piece| if one.marked { format!("[{}]", one.text) } else { one.text.clone() };
            pieces.iter().map(text).collect::<String>()
        };
        let expected =
            [("stor", "About the service [storage]-engine."), ("prod", "About the environment [production].")];
        for (word, says) in expected {
            assert_eq!(shown(word), says);
        }
        assert!(because(&about, &looked_for("kafka")).is_empty());
    }

    #[test]
    fn an_observation_is_named_as_people_call_it() {
        for (text, indexed) in [
            ("RUN-317#o12", Some("RUN-317#12")),
            ("run-317#12", Some("RUN-317#12")),
            ("demo-exp-3#O1", Some("DEMO-EXP-3#1")),
            ("RUN-317", None),
            ("RUN-317#o", None),
            ("RUN-317#o0", None),
            ("FND-3#o1", None),
            ("kafka#1", None),
        ] {
            assert_eq!(observation(text).as_deref(), indexed, "{text}");
        }
        for (object, told) in [("RUN-317#12", "RUN-317#o12"), ("GD-1#77", "GD-1#77"), ("RUN-317", "RUN-317")] {
            assert_eq!(name(object), told);
        }
    }
}
