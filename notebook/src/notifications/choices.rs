//! What a person wants to be told, and how.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{quiet::Quiet, topics::Topic};
use crate::refusal::{Checking, Refusal};

/// One person's choices. Without any, everything they hear of stands in the inbox and goes out by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub inbox: BTreeSet<Topic>,
    pub mail: BTreeSet<Topic>,
    pub quiet: Option<Quiet>,
}

impl Default for Choices {
    fn default() -> Self {
        let all = || Topic::ALL.iter().copied().collect();
        Self { inbox: all(), mail: all(), quiet: None }
    }
}

impl Choices {
    /// These as they hold today: a topic that was not known when they were made is told as everybody begins with it.
    #[must_use]
    pub fn with_later(mut self, known: &BTreeSet<Topic>) -> Self {
        let begins = Self::default();
        let is_later = |topic: &Topic| !known.contains(topic);
        self.inbox.extend(begins.inbox.into_iter().filter(is_later));
        self.mail.extend(begins.mail.into_iter().filter(is_later));
        self
    }
}

/// The same with its version: 0 before anybody chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    pub choices: Choices,
    pub version: i64,
}

/// Choices as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "NotificationChoicesDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// Topics that stand in the inbox; the others are not told.
    pub inbox: Vec<String>,
    /// Topics that go out by e-mail as well.
    pub mail: Vec<String>,
    /// From when on e-mail waits, by the clock of one's own zone: 22:00.
    pub quiet_from: String,
    /// Until when it waits: 07:00.
    pub quiet_to: String,
    /// The version an edit began from; 0 where nothing was chosen yet.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::PolicyVersion>"))]
    pub version: String,
}

impl Draft {
    pub fn check(&self) -> Result<Choices, Refusal> {
        let mut checking = Checking::default();
        let inbox = topics(&mut checking, "inbox", &self.inbox);
        let mail = topics(&mut checking, "mail", &self.mail);
        let quiet = Quiet::read(&self.quiet_from, &self.quiet_to).unwrap_or_else(|(field, says)| {
            checking.say(field, says);
            None
        });
        checking.end(Some(Choices { inbox, mail, quiet }))
    }

    /// What a form begins with; `check` takes it back.
    pub fn of(chosen: &Chosen) -> Self {
        let words = |topics: &BTreeSet<Topic>| topics.iter().map(|topic| topic.word().to_owned()).collect();
        let Choices { inbox, mail, quiet } = &chosen.choices;
        Self {
            inbox: words(inbox),
            mail: words(mail),
            quiet_from: quiet.map(Quiet::start_words).unwrap_or_default(),
            quiet_to: quiet.map(Quiet::end_words).unwrap_or_default(),
            version: chosen.version.to_string(),
        }
    }
}

/// Topics by their words; a form sends an empty row for each box that is not ticked.
pub(super) fn topics(checking: &mut Checking, field: &str, words: &[String]) -> BTreeSet<Topic> {
    let mut topics = BTreeSet::new();
    for word in words.iter().filter(|word| !word.trim().is_empty()) {
        match Topic::named(word) {
            Ok(topic) => drop(topics.insert(topic)),
            Err(says) => checking.say(field, says),
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_begins_with_reads_back_as_the_same_choices() {
        let quiet = Quiet::read("22:00", "07:00").unwrap();
        let choices = Choices { mail: [Topic::RunAborted].into(), quiet, ..Choices::default() };
        let chosen = Chosen { choices: choices.clone(), version: 3 };
        assert_eq!(Draft::of(&chosen).check(), Ok(choices));
        assert_eq!(Draft::of(&Chosen::default()).check(), Ok(Choices::default()));
    }

    #[test]
    fn a_topic_that_came_later_is_told_and_one_that_was_turned_off_is_not() {
        let none = Choices { inbox: BTreeSet::new(), mail: BTreeSet::new(), quiet: None };
        let all: BTreeSet<Topic> = Topic::ALL.iter().copied().collect();
        assert_eq!(none.clone().with_later(&all), none);
        let known: BTreeSet<Topic> = all.into_iter().filter(|topic| *topic != Topic::Digest).collect();
        let today = Choices { mail: [Topic::RunAborted].into(), ..none }.with_later(&known);
        assert_eq!(today.inbox, [Topic::Digest].into());
        assert_eq!(today.mail, [Topic::RunAborted, Topic::Digest].into());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let draft = Draft {
            inbox: vec![String::new(), "run.started".into(), "run.paused".into()],
            quiet_from: "22".into(),
            ..Draft::default()
        };
        let refusal = draft.check().unwrap_err();
        let fields: Vec<_> = refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect();
        assert_eq!(fields, ["inbox", "quiet_from"]);
    }
}
