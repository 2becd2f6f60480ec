//! Names in a query that nobody and nothing has: said at their place, where a search would find nothing.

use std::collections::BTreeSet;

use super::{
    Query, Trouble,
    keys::Key,
    parse::{Name, nobody, with_names},
    sql,
};
use crate::{
    actor::Act, desk::Desk, fault::Result, nearest::nearest, people, refusal::Refusal, services, teams, text::Slug,
};

/// So many names are told where none is near.
const TOLD_MAX: usize = 8;

/// A query that somebody typed or sent; what is not understood is a trouble of the field `q`. Unlike
/// [`super::acts::read`] it asks the notebook for the people, services, environments and teams that are named.
pub async fn read(desk: &Desk, text: &str) -> Result<Query> {
    let read = understood(desk, text).await?;
    read.map_err(|trouble| Refusal::unfit_at("q", trouble.at, trouble.clause()).into())
}

/// The same, or the place that is not understood.
pub async fn understood(desk: &Desk, text: &str) -> Result<Result<Query, Trouble>> {
    // Whoever may not look is told nothing of who and what there is.
    let may_look = desk.shows(Act::Look);
    let (query, names) = match with_names(text) {
        Ok(read) => read,
        Err(trouble) if may_look => return Ok(Err(nearer(desk, text, trouble).await?)),
        Err(trouble) => return Ok(Err(trouble)),
    };
    if names.is_empty() || !may_look {
        return Ok(Ok(query));
    }
    Ok(unknown(desk, &names).await?.map_or(Ok(query), Err))
}

/// The first name that is not known, asked for by one statement for each kind of name.
async fn unknown(desk: &Desk, names: &[Name]) -> Result<Option<Trouble>> {
    // Each statement is for itself: nothing follows from two of them together.
    let mut tx = desk.begin_glance().await?;
    let mut known: Vec<(Key, String)> = Vec::new();
    for kind in [Key::Service, Key::Environment, Key::Team, Key::Owner] {
        let words: BTreeSet<&str> =
            names.iter().filter(|name| kind_of(name.key) == kind).map(|name| name.word.as_str()).collect();
        let words: Vec<&str> = words.into_iter().collect();
        if !words.is_empty() {
            known.extend(sql::known(&mut tx, kind, &words).await?.into_iter().map(|word| (kind, word)));
        }
    }
    tx.commit().await?;
    let is_known =
        |name: &&Name| known.iter().any(|(kind, word)| *kind == kind_of(name.key) && word.as_str() == name.word);
    let Some(Name { key, word, at, length }) = names.iter().find(|name| !is_known(name)) else { return Ok(None) };
    let says = match key {
        Key::Service => none_such("service", word, slugs(services::acts::choices(desk).await?)),
        Key::Environment => {
            let all = services::acts::environments(desk).await?;
            none_such("environment", word, all.into_iter().map(|environment| environment.slug.into()).collect())
        }
        Key::Team => none_such("team", word, slugs(teams::acts::choices(desk).await?)),
        _ => no_person(desk, word).await?,
    };
    Ok(Some(Trouble { at: *at, length: *length, says }))
}

/// Whoever owns something and whoever wrote it are people alike.
const fn kind_of(key: Key) -> Key {
    if key.is_person() { Key::Owner } else { key }
}

fn slugs(choices: Vec<(Slug, String)>) -> Vec<String> {
    choices.into_iter().map(|(slug, _)| slug.into()).collect()
}

fn none_such(noun: &str, word: &str, known: Vec<String>) -> String {
    if let Some(near) = nearest(word, known.iter().map(String::as_str)) {
        return format!("There is no {noun} `{word}`; did you mean {near}?");
    }
    format!("There is no {noun} `{word}`; {}.", told(known))
}

/// The known ones, the first of many.
fn told(mut known: Vec<String>) -> String {
    let more = known.len().saturating_sub(TOLD_MAX);
    known.truncate(TOLD_MAX);
    match (known.is_empty(), more) {
        (true, _) => "there is none yet".to_owned(),
        (false, 0) => format!("known are {}", known.join(", ")),
        (false, more) => format!("known are {} and {more} more", known.join(", ")),
    }
}

async fn no_person(desk: &Desk, word: &str) -> Result<String> {
    let all = people::acts::list(desk).await?;
    let people: Vec<(String, String)> = all.into_iter().map(|account| (account.email, account.name)).collect();
    Ok(match near_person(word, &people) {
        Some(email) => format!("Nobody here has the address `{word}`; did you mean {email}?"),
        None => format!(
            "Nobody here has the address `{word}`; {}.",
            told(people.into_iter().map(|(email, _)| email).collect())
        ),
    })
}

/// Where somebody is named otherwise than by an address, whose address was probably meant.
async fn nearer(desk: &Desk, text: &str, trouble: Trouble) -> Result<Trouble> {
    let written: String = text.chars().skip(trouble.at).take(trouble.length).collect();
    let written = written.to_lowercase();
    if trouble.says != nobody(&written) {
        return Ok(trouble);
    }
    let all = people::acts::list(desk).await?;
    let people: Vec<(String, String)> = all.into_iter().map(|account| (account.email, account.name)).collect();
    let says = near_person(&written, &people)
        .map(|email| format!("`{written}` is no address; did you mean {email}? `@me` is whoever asks."));
    Ok(Trouble { says: says.unwrap_or(trouble.says), ..trouble })
}

/// The address of whom a text nearly names: by address, by what stands before its sign, or by a part of the name.
fn near_person<'a>(written: &str, people: &'a [(String, String)]) -> Option<&'a str> {
    let calls = |(email, name): &'a (String, String)| {
        let before = email.split('@').next().unwrap_or_default();
        let called = [email.as_str(), before, name.as_str()].into_iter().chain(name.split_whitespace());
        called.map(|call| (call, email.as_str())).collect::<Vec<_>>()
    };
    let calls: Vec<(&str, &str)> = people.iter().flat_map(calls).collect();
    let near = nearest(written, calls.iter().map(|(call, _)| *call))?;
    calls.iter().find(|(call, _)| *call == near).map(|(_, email)| *email)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest_or_with_those_that_are_known() {
        for (word, known, says) in [
            ("chekout", vec!["cart", "checkout"], "There is no service `chekout`; did you mean checkout?"),
            ("kafka", vec!["cart", "checkout"], "There is no service `kafka`; known are cart, checkout."),
            ("kafka", vec![], "There is no service `kafka`; there is none yet."),
            (
                "kafka",
                vec!["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj"],
                "There is no service `kafka`; known are aa, bb, cc, dd, ee, ff, gg, hh and 2 more.",
            ),
        ] {
            assert_eq!(none_such("service", word, all(&known)), says);
        }
    }

    #[test]
    fn somebody_is_nearly_named_by_address_or_by_name() {
        let people = [("ana@example.org", "Ana Novak"), ("ben@example.org", "Ben Okafor")]
            .map(|(email, name)| (email.to_owned(), name.to_owned()));
        for (written, expected) in [
            ("anna", Some("ana@example.org")),
            ("okafor", Some("ben@example.org")),
            ("ben@exmaple.org", Some("ben@example.org")),
            ("ana novak", Some("ana@example.org")),
            ("somebody", None),
        ] {
            assert_eq!(near_person(written, &people), expected, "{written}");
        }
    }
}
