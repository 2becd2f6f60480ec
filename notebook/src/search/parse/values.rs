//! What stands behind a colon, as its key takes it.

use super::{
    super::{
        Amount, Has, Sort, Value,
        days::{self, Days},
        keys::{Key, Takes, as_here},
        measured::{self, Bound},
        tokens::tokens,
    },
    ONLY_WHOLE, Read, Reader, ends_word, trouble,
};
use crate::{id::number_of, nearest::did_you_mean, text::Slug};

const NO_MEMBERS: &str = "Nobody is a member of a team here, so `@team` means none: write the team's own name.";

impl Reader<'_> {
    pub(super) fn order(&mut self, began: usize, values: &[(usize, String)]) -> Read<()> {
        let no = |says: &str| Err(trouble(began, self.at - began, says));
        if self.nested > 0 {
            return no(ONLY_WHOLE);
        }
        let word = word_of(Key::Sort, values[0].0, &values[0].1.to_lowercase())?;
        if self.sort.is_some() || values.len() > 1 {
            return no("There can be one order only.");
        }
        self.sort = Sort::named(&word).ok();
        Ok(())
    }
}

/// What the index does not know, as far as its key takes these values.
pub(super) fn amount(key: Key, values: &[(usize, String)]) -> Read<Amount> {
    let small = values.iter().map(|(at, text)| (*at, text.to_lowercase()));
    Ok(match key {
        Key::Has => {
            let mut what = Vec::new();
            for (at, text) in small {
                what.extend(Has::named(&word_of(key, at, &text)?));
            }
            Amount::Has(what)
        }
        Key::Target => Amount::Target(values.iter().map(|(at, text)| name_of(key, *at, text)).collect::<Read<_>>()?),
        // Units tell capitals from small letters.
        Key::Measured => Amount::Measured(values.iter().map(|(at, text)| bound_of(*at, text)).collect::<Read<_>>()?),
        key if key.is_moment() => {
            Amount::When { key, days: small.map(|(at, text)| days_of(key, at, &text)).collect::<Read<_>>()? }
        }
        key => Amount::Is { key, states: small.map(|(at, text)| word_of(key, at, &text)).collect::<Read<_>>()? },
    })
}

fn bound_of(at: usize, text: &str) -> Read<Bound> {
    Bound::read(text).ok_or_else(|| trouble(at, text.chars().count(), format!("`measured:` {}.", measured::TAKES)))
}

/// A word of the key's vocabulary.
fn word_of(key: Key, at: usize, text: &str) -> Read<String> {
    let Takes::Words(known) = key.takes() else { return Ok(text.to_owned()) };
    let word = if key == Key::Sort { text.to_owned() } else { text.replace('-', "_") };
    let word = as_here(key, &word);
    if known.contains(&word) {
        return Ok(word.to_owned());
    }
    let near = did_you_mean(word, known.iter().copied());
    let says = if near.is_empty() {
        format!("`{text}` is not one of {}.", known.join(", "))
    } else {
        format!("`{text}` is not known{near}")
    };
    Err(trouble(at, text.chars().count(), says))
}

/// Who is named otherwise than by an address.
pub fn nobody(text: &str) -> String {
    format!("`{text}` is nobody: write @me, or an email address.")
}

pub(super) fn values_of(key: Key, at: usize, text: &str) -> Read<Vec<Value>> {
    let no = |says: String| trouble(at, text.chars().count(), says);
    if text == "none" {
        let says = format!("`{}:` cannot be none.", key.word());
        return if key.may_be_none() { Ok(vec![Value::Nothing]) } else { Err(no(says)) };
    }
    let one = match key.takes() {
        Takes::Words(known) => return rising(key, at, text, &known),
        Takes::Slug if text == "@team" => return Err(no(NO_MEMBERS.to_owned())),
        Takes::Slug => {
            let slug = Slug::new(text).map_err(|_| no(format!("`{text}` is no name as addresses have it.")))?;
            Value::Word(slug.into())
        }
        Takes::Person if text == "@me" => Value::Me,
        Takes::Person if text.contains('@') && !text.contains(|c| ends_word(c) || c == ',') => {
            Value::Word(text.to_owned())
        }
        Takes::Person => return Err(no(nobody(text))),
        Takes::Id(prefix) => Value::Word(
            id(prefix, text)
                .ok_or_else(|| no(format!("`{text}` is no id of this kind: write one like {prefix}-3.")))?,
        ),
        Takes::Revision => Value::Word(
            revision(text).ok_or_else(|| no(format!("`{text}` is no revision of a plan: write one like EXP-3@2.")))?,
        ),
        Takes::Days => Value::Days(days_of(key, at, text)?),
        // These are judged, or refused before.
        Takes::Measured | Takes::Name | Takes::Nothing => {
            return Err(no(format!("`{}:` {}.", key.word(), key.explained())));
        }
    };
    Ok(vec![one])
}

fn days_of(key: Key, at: usize, text: &str) -> Read<Days> {
    let says = || format!("`{}:` {}.", key.word(), days::TAKES);
    Days::read(text).ok_or_else(|| trouble(at, text.chars().count(), says()))
}

/// A name as tokens joined by hyphens.
fn name_of(key: Key, at: usize, text: &str) -> Read<String> {
    let name = tokens(text).join("-");
    if name.is_empty() {
        let says = format!("There is no letter and no digit in this value of `{}:`.", key.word());
        return Err(trouble(at, text.chars().count(), says));
    }
    Ok(name)
}

/// One word, or all from one on.
fn rising(key: Key, at: usize, text: &str, known: &[&'static str]) -> Read<Vec<Value>> {
    let signs = [">=", "<=", ">", "<"];
    let sign = signs.into_iter().find(|sign| text.starts_with(sign)).unwrap_or_default();
    let word = word_of(key, at + sign.len(), &text[sign.len()..])?;
    if sign.is_empty() {
        return Ok(vec![Value::Word(word)]);
    }
    if !key.rises() {
        return Err(trouble(at, sign.len(), format!("The words of `{}:` do not rise.", key.word())));
    }
    let place = known.iter().position(|other| *other == word).unwrap_or_default();
    let of = match sign {
        ">=" => &known[place..],
        ">" => &known[place + 1..],
        "<=" => &known[..=place],
        _ => &known[..place],
    };
    if of.is_empty() {
        return Err(trouble(at, text.chars().count(), "There is nothing beyond that."));
    }
    Ok(of.iter().map(|word| Value::Word((*word).to_owned())).collect())
}

/// `RUN-317` or `DEMO-RUN-15`, in small letters.
fn id(prefix: &str, text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    let own = upper.strip_prefix(crate::id::SAMPLE_PREFIX).unwrap_or(&upper);
    let number = own.strip_prefix(prefix)?.strip_prefix('-')?;
    number_of(number).map(|_| text.to_lowercase())
}

/// `EXP-42@3`, in small letters.
fn revision(text: &str) -> Option<String> {
    let (experiment, number) = text.split_once('@')?;
    let experiment = id("EXP", experiment)?;
    number_of(number).map(|number| format!("{experiment}@{number}"))
}
