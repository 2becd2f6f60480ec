//! Seen before? What is being written, held against what was found and tried: on the same services, with
//! the same fault, in the same words. It only says what is alike; people say what is the same.

use std::{cmp::Reverse, collections::BTreeSet};

use serde::Serialize;

use crate::{text::Slug, time::Moment};

/// What is being written, as far as it says anything yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Writing {
    pub services: BTreeSet<Slug>,
    /// The kind of the fault.
    pub fault: Option<Slug>,
    /// Title, question, what was seen.
    pub words: String,
}

/// Something that was written before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past<T> {
    pub thing: T,
    pub services: BTreeSet<Slug>,
    pub fault: Option<Slug>,
    pub words: String,
    pub at: Moment,
}

/// What two of them have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Likeness {
    pub services: BTreeSet<Slug>,
    pub fault: Option<Slug>,
    pub words: BTreeSet<String>,
}

/// One fault shows up in many places, and says more than one service that has many faults.
const FAULT: usize = 4;
const SERVICE: usize = 3;
const WORD: usize = 1;
/// More of the same says no more.
const SERVICES_MAX: usize = 2;
const WORDS_MAX: usize = 3;
/// A fault, a service, or several words.
const ENOUGH: usize = 3;
/// Shorter words bind others.
const WORD_CHARS_MIN: usize = 4;
/// They stand in any question, or before an id that was mentioned.
const IDLE: [&str; 18] = [
    "before", "does", "from", "happens", "have", "into", "more", "seen", "than", "that", "then", "there", "this",
    "what", "when", "which", "will", "with",
];

impl Writing {
    /// Nothing is written that something could be like.
    pub fn is_blank(&self) -> bool {
        self.services.is_empty() && self.fault.is_none() && words(&self.words).is_empty()
    }
}

impl Likeness {
    fn of<T>(writing: &Writing, past: &Past<T>) -> Self {
        Self {
            services: writing.services.intersection(&past.services).cloned().collect(),
            fault: past.fault.clone().filter(|fault| writing.fault.as_ref() == Some(fault)),
            words: words(&writing.words).intersection(&words(&past.words)).cloned().collect(),
        }
    }

    fn weight(&self) -> usize {
        let fault = if self.fault.is_some() { FAULT } else { 0 };
        fault + SERVICE * self.services.len().min(SERVICES_MAX) + WORD * self.words.len().min(WORDS_MAX)
    }
}

/// What is alike enough, the most alike first and the newest of those.
pub fn alike<T>(writing: &Writing, pasts: Vec<Past<T>>) -> Vec<(T, Likeness)> {
    let held = pasts.into_iter().map(|past| (Likeness::of(writing, &past), past));
    let mut found: Vec<(Likeness, Past<T>)> = held.filter(|(likeness, _)| likeness.weight() >= ENOUGH).collect();
    found.sort_by_key(|(likeness, past)| Reverse((likeness.weight(), past.at)));
    found.into_iter().map(|(likeness, past)| (past.thing, likeness)).collect()
}

/// The words that tell one text from another.
pub fn words(text: &str) -> BTreeSet<String> {
    let all = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    all.filter(|word| word.chars().count() >= WORD_CHARS_MIN && !IDLE.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    fn slugs(text: &str) -> BTreeSet<Slug> {
        text.split_whitespace().map(slug).collect()
    }

    fn past(thing: &'static str, services: &str, fault: &str, words: &str, day: i64) -> Past<&'static str> {
        Past {
            thing,
            services: slugs(services),
            fault: Slug::new(fault).ok(),
            words: words.into(),
            at: Moment::from_micros(day),
        }
    }

    fn writing(services: &str, fault: &str, words: &str) -> Writing {
        Writing { services: slugs(services), fault: Slug::new(fault).ok(), words: words.into() }
    }

    fn found(writing: &Writing, pasts: Vec<Past<&'static str>>) -> Vec<&'static str> {
        alike(writing, pasts).into_iter().map(|(thing, _)| thing).collect()
    }

    #[test]
    fn a_service_a_fault_or_several_words_are_alike_and_one_word_is_not() {
        let kafka = past("kafka", "kafka", "process-restart", "Restart one broker of the quorum", 1);
        for (services, fault, words, is_alike) in [
            ("kafka", "", "", true),
            ("zookeeper", "process-restart", "", true),
            ("zookeeper", "disk-full", "Restart one broker, with the quorum", true),
            ("zookeeper", "disk-full", "Restart it", false),
            ("zookeeper", "", "What happens then, with which of the ones", false),
            ("", "", "", false),
        ] {
            let writing = writing(services, fault, words);
            assert_eq!(!found(&writing, vec![kafka.clone()]).is_empty(), is_alike, "{writing:?}");
        }
    }

    #[test]
    fn the_most_alike_stands_first_and_of_those_the_newest() {
        let pasts = vec![
            past("old", "kafka", "", "", 1),
            past("new", "kafka", "", "", 9),
            past("fault", "alerting", "process-restart", "", 2),
            past("both", "kafka", "process-restart", "", 1),
            past("neither", "alerting", "", "", 9),
        ];
        assert_eq!(found(&writing("kafka", "process-restart", ""), pasts), ["both", "fault", "new", "old"]);
    }

    #[test]
    fn it_says_what_is_alike() {
        let alike = alike(
            &writing("kafka zookeeper", "process-restart", "Alerts stop after a restart"),
            vec![past("it", "alerting zookeeper", "process-restart", "ALERTS stop, then", 1)],
        );
        let likeness = &alike[0].1;
        assert_eq!((&likeness.services, &likeness.fault), (&slugs("zookeeper"), &Some(slug("process-restart"))));
        assert_eq!(likeness.words.iter().map(String::as_str).collect::<Vec<_>>(), ["alerts", "stop"]);
    }

    #[test]
    fn nothing_written_is_blank_and_so_are_idle_words() {
        assert!(writing("", "", "What happens when it is so? Seen before: FND-1").is_blank());
        assert!(!writing("", "", "Brokers").is_blank() && !writing("kafka", "", "").is_blank());
    }
}
