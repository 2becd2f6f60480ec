//! What stands behind a colon, as its key takes it.

use super::{
    super::{
        Amount, Has, Sort, Value,
        days::{self, Days},
        keys::{Key, Takes, as_here},
        measured::{self, Bound},
        tokens::tokens,
    },
    ONLY_PLAIN, Read, Reader, ends_word, trouble,
};
use crate::{id::number_of, nearest::did_you_mean, text::Slug};

const NO_MEMBERS: &str = "Nobody is a member of a team here, so `@team` means none: write the team's own name.";

impl Reader<'_> {
    pub(super) fn whole(&mut self, began: usize, key: Key, negated: bool, values: &[(usize, String)]) -> Read<()> {
        match key {
            key if key.is_state() => {
                let known = |(at, text): &(usize, String)| word_of(key, *at, &text.to_lowercase());
                let states = values.iter().map(known).collect::<Read<_>>()?;
                self.query.amounts.push(Amount::Is { key, not: negated, states });
            }
            key if key.is_moment() => {
                let days = values.iter().map(|(at, text)| days_of(key, *at, &text.to_lowercase()));
                let days = days.collect::<Read<_>>()?;
                self.query.amounts.push(Amount::When { key, not: negated, days });
            }
            Key::Has => {
                let mut what = Vec::new();
                for (at, text) in values {
                    what.extend(Has::named(&word_of(key, *at, &text.to_lowercase())?));
                }
                self.query.amounts.push(Amount::Has { not: negated, what });
            }
            Key::Target => {
                let names = values.iter().map(|(at, text)| name_of(key, *at, text)).collect::<Read<_>>()?;
                self.query.amounts.push(Amount::Target { not: negated, names });
            }
            Key::Measured => {
                for (at, text) in values {
                    let says = format!("`measured:` {}.", measured::TAKES);
                    // Units tell capitals from small letters.
                    let bound = Bound::read(text).ok_or_else(|| trouble(*at, text.chars().count(), says))?;
                    self.query.amounts.push(Amount::Measured(bound));
                }
            }
            _ => {
                let word = word_of(key, values[0].0, &values[0].1.to_lowercase())?;
                if self.query.sort.is_some() || values.len() > 1 {
                    return Err(trouble(began, self.at - began, "There can be one order only."));
                }
                self.query.sort = Sort::named(&word).ok();
            }
        }
        Ok(())
    }
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
        // These hold for the whole query, and are read there.
        Takes::Measured | Takes::Name | Takes::Nothing => return Err(no(ONLY_PLAIN.to_owned())),
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
