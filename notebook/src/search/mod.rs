//! One language in which lists, the search page, the API and the command line are asked.
//!
//! `zookeeper (alerts OR election) -env:staging created:>2026-10-01` is read by [`parse`] into a [`Query`] that
//! prints back as it is always written. What an engine is asked is made of its tokens only ([`engine`]), so no
//! text of a person reaches an engine's own syntax.

#[cfg(feature = "store")]
pub mod acts;
#[cfg(feature = "store")]
pub mod anew;
#[cfg(feature = "store")]
pub mod aside;
pub mod days;
pub mod engine;
#[cfg(feature = "store")]
pub mod in_time;
pub mod keys;
#[cfg(feature = "store")]
mod kept;
#[cfg(feature = "store")]
pub mod lists;
pub mod marks;
#[cfg(feature = "store")]
mod meaning;
pub mod measured;
#[cfg(feature = "store")]
pub mod names;
pub mod parse;
mod print;
#[cfg(feature = "store")]
mod rest;
#[cfg(feature = "store")]
pub mod seen_before;
pub mod snippet;
mod spellings;
#[cfg(feature = "store")]
mod sql;
#[cfg(feature = "store")]
mod standing;
#[cfg(feature = "store")]
pub mod titles;
pub mod told;
pub mod tokens;

use serde::{Deserialize, Serialize};

use crate::experiments::plan::vocabulary;
use days::Days;
use keys::Key;
use measured::Bound;

vocabulary! {
    /// What can be found, in the order of the story.
    #[cfg_attr(feature = "store", schemars(rename = "SearchKind"))]
    Found {
        Service = "service", "Services";
        Slo = "slo", "SLOs";
        Experiment = "experiment", "Experiments";
        Run = "run", "Runs";
        Observation = "observation", "Observations";
        Finding = "finding", "Findings";
        Fix = "fix", "Fixes";
        Decision = "decision", "Decisions";
        GameDay = "gameday", "Game days";
    }
}

vocabulary! {
    /// Which comes first.
    #[cfg_attr(feature = "store", schemars(rename = "SearchSort"))]
    Sort {
        Relevance = "relevance", "Best match first";
        Created = "-created", "Newest first";
        Oldest = "created", "Oldest first";
        Changed = "-updated", "Last changed first";
        Unchanged = "updated", "Longest unchanged first";
    }
}

vocabulary! {
    /// What a thing can have.
    Has {
        Slo = "slo", "An SLO";
        Owner = "owner", "An owner";
        Fix = "fix", "A fix";
        Observation = "observation", "An observation";
        Attachment = "attachment", "Evidence attached";
        Decision = "decision", "A decision";
        Override = "override", "Hours or a verdict overridden";
    }
}

/// What a text asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Nothing asks for everything.
    pub wanted: Option<Expr>,
    /// As it was asked for.
    pub sort: Option<Sort>,
}

/// What is asked for. A conjunction or disjunction has two members or more, none of its own sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Word {
        /// As it was written, without the asterisk.
        text: String,
        /// Whether it is the beginning of a word.
        open: bool,
    },
    Phrase(String),
    Qualifier {
        key: Key,
        /// One of these; never none.
        values: Vec<Value>,
    },
    /// What the index does not know.
    Amount(Amount),
}

/// What a qualifier asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A slug, an id or a word of a vocabulary, in small letters.
    Word(String),
    /// `@me`
    Me,
    /// `none`
    Nothing,
    Days(Days),
}

/// What is computed, or looked up in the rows, of each thing that the index gives. Any of several is enough; there is
/// never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    Is {
        /// `is:` for any state, or the key of one axis: `verdict:`.
        key: Key,
        states: Vec<String>,
    },
    When {
        /// `updated:`, `planned:`, `started:`, `ended:` or `checked:`.
        key: Key,
        days: Vec<Days>,
    },
    Has(Vec<Has>),
    /// As tokens joined by hyphens.
    Target(Vec<String>),
    Measured(Vec<Bound>),
}

impl Query {
    /// Whether it asks for nothing in particular.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for words, so that one thing can fit better than another.
    pub fn has_words(&self) -> bool {
        self.wanted.as_ref().is_some_and(Expr::has_words)
    }

    /// Whether each thing that the index gives is looked at, so that nobody counts what is found.
    pub fn is_judged(&self) -> bool {
        self.wanted.as_ref().is_some_and(Expr::is_judged)
    }

    /// What comes first where nobody says so.
    pub fn order(&self) -> Sort {
        match self.sort {
            Some(Sort::Relevance) | None if self.has_words() => Sort::Relevance,
            Some(Sort::Relevance) | None => Sort::Created,
            Some(sort) => sort,
        }
    }

    /// The same and one condition more: what a chip adds.
    #[must_use]
    pub fn and(mut self, more: Expr) -> Self {
        let mut all = match self.wanted.take() {
            Some(Expr::And(all)) => all,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        if !all.contains(&more) {
            all.push(more);
        }
        self.wanted = Expr::all(all);
        self
    }

    /// What all of it must be met by.
    fn members(&self) -> &[Expr] {
        match &self.wanted {
            Some(Expr::And(all)) => all.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
    }

    /// The kinds of things that it asks for; none where it does not say.
    fn kinds(&self) -> Vec<Found> {
        let kinds = self.members().iter().find_map(|member| match member {
            Expr::Qualifier { key: Key::Type, values } => Some(values),
            _ => None,
        });
        let kind = |value: &Value| if let Value::Word(word) = value { Found::named(word).ok() } else { None };
        kinds.into_iter().flatten().filter_map(kind).collect()
    }

    /// Whether it asks by `type:` for other things than these, so that none of these can be found; as a sentence.
    pub fn asks_for_others(&self, kind: Found) -> Option<String> {
        let kinds = self.kinds();
        let others = !kinds.is_empty() && !kinds.contains(&kind);
        others.then(|| format!("`type:` asks for other things; this list holds those of `type:{}` only.", kind.word()))
    }

    /// A condition that nothing of these kinds knows, so that none can be found.
    pub fn misfit(&self, kinds: &[Found]) -> Option<Key> {
        let mut keys = self.members().iter().filter_map(|member| match member {
            Expr::Qualifier { key, .. } => Some(*key),
            Expr::Amount(amount) => Some(amount.key()),
            _ => None,
        });
        keys.find(|key| key.is_unknown_to(kinds))
    }

    /// The query without each of its conditions in turn: what can be tried where nothing is found.
    pub fn without_each(&self) -> Vec<(String, Self)> {
        let mut fewer = Vec::new();
        let members = self.members();
        for (index, member) in members.iter().enumerate() {
            let rest = members.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, kept)| kept.clone());
            fewer.push((member.to_string(), Self { wanted: Expr::all(rest.collect()), ..self.clone() }));
        }
        fewer
    }
}

impl Amount {
    pub const fn key(&self) -> Key {
        match self {
            Self::Is { key, .. } | Self::When { key, .. } => *key,
            Self::Has(_) => Key::Has,
            Self::Target(_) => Key::Target,
            Self::Measured(_) => Key::Measured,
        }
    }
}

impl Expr {
    /// All of these, in the one form in which that is kept.
    pub fn all(members: Vec<Self>) -> Option<Self> {
        let flat = members.into_iter().flat_map(|member| match member {
            Self::And(inner) => inner,
            other => vec![other],
        });
        let mut flat: Vec<Self> = flat.collect();
        if flat.len() > 1 { Some(Self::And(flat)) } else { flat.pop() }
    }

    /// Any of these, in the one form in which that is kept.
    pub fn any(members: Vec<Self>) -> Option<Self> {
        let flat = members.into_iter().flat_map(|member| match member {
            Self::Or(inner) => inner,
            other => vec![other],
        });
        let mut flat: Vec<Self> = flat.collect();
        if flat.len() > 1 { Some(Self::Or(flat)) } else { flat.pop() }
    }

    /// The opposite; twice is nothing.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// One value of one key.
    pub fn only(key: Key, word: &str) -> Self {
        Self::Qualifier { key, values: vec![Value::Word(word.to_lowercase())] }
    }

    fn has_words(&self) -> bool {
        match self {
            Self::And(members) => members.iter().any(Self::has_words),
            // Beside words, what is judged can be anything: the newest of all that would be ranked, and words of
            // older things not be found.
            Self::Or(members) => {
                let ranks = |member: &Self| member.has_words() || !member.is_judged();
                members.iter().any(Self::has_words) && members.iter().all(ranks)
            }
            Self::Word { .. } | Self::Phrase(_) => true,
            // What must not be there ranks nothing.
            Self::Not(_) | Self::Qualifier { .. } | Self::Amount(_) => false,
        }
    }

    /// Whether the index alone cannot say of what this holds.
    fn is_judged(&self) -> bool {
        match self {
            Self::And(members) | Self::Or(members) => members.iter().any(Self::is_judged),
            Self::Not(inner) => inner.is_judged(),
            Self::Amount(_) => true,
            Self::Word { .. } | Self::Phrase(_) | Self::Qualifier { .. } => false,
        }
    }
}

/// What was not understood, and where: characters, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub at: usize,
    pub length: usize,
    /// A whole sentence.
    pub says: String,
}

impl Trouble {
    /// As a clause behind the field's name.
    pub fn clause(&self) -> String {
        format!("is not understood at character {}: {}", self.at + 1, self.says)
    }
}
