//! What a program's address asks for. A word nobody knows is refused, not passed over: a longer
//! list than asked for misleads.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Query as Pairs},
    http::{Uri, request::Parts},
    response::Response,
};
use notebook::{
    desk::Desk,
    fault,
    paging::Rows,
    refusal::{Checking, Refusal},
    search::{Query, names},
    text::Slug,
};
use serde::de::DeserializeOwned;

use crate::{guard::Who, reply, sent::Sent, state::AppState};

/// The parameters of an address, under the names of their struct.
pub struct Asking<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Asking<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        // Before the parameters: who is signed out is not told about them first.
        let asked = if Who::of(parts).is_nobody() { Err(Refusal::SignIn) } else { read(&parts.uri) };
        match asked {
            Ok(asked) => Ok(Self(asked)),
            Err(refusal) => Err(reply::stopped(state, parts, refusal.into()).await),
        }
    }
}

fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refusal> {
    let pairs = Pairs::<Vec<(String, String)>>::try_from_uri(uri);
    let Pairs(pairs) = pairs.map_err(|trouble| Refusal::unfit("query", trouble.body_text()))?;
    Sent::of(pairs).draft()
}

/// An id, or none where the parameter is empty. `no` follows the parameter's name.
pub fn id<T: FromStr>(text: &str, name: &str, no: &str) -> Result<Option<T>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::unfit(name, no)),
    }
}

/// A number or id that has to be there.
pub fn needed<T: FromStr>(text: &str, name: &str, no: &str) -> Result<T, Refusal> {
    text.trim().parse().map_err(|_| Refusal::unfit(name, no))
}

pub fn slug(text: &str, name: &str) -> Result<Option<Slug>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => Slug::new(text).map(Some).map_err(|trouble| Refusal::unfit(name, trouble.to_string())),
    }
}

/// A word of a vocabulary, or none where the parameter is empty.
pub fn word<T>(text: &str, name: &str, named: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => named(text).map(Some).map_err(|says| Refusal::unfit(name, says)),
    }
}

/// A query; an empty one asks for everything.
pub async fn query(desk: &Desk, text: &str) -> fault::Result<Query> {
    names::read(desk, text).await
}

/// Whether something is asked for: `on` or nothing.
pub fn flag(text: &str, name: &str) -> Result<bool, Refusal> {
    let mut checking = Checking::default();
    let is_on = checking.tick(name, text);
    checking.end(Some(is_on))
}

/// How many rows of a list.
pub fn rows(text: &str) -> Result<Rows, Refusal> {
    Rows::asked(text).map_err(|says| Refusal::unfit("limit", says))
}

#[cfg(test)]
mod tests {
    use notebook::id::{Id, RunId};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Asked {
        service: String,
    }

    fn asked(query: &str) -> Result<Asked, Refusal> {
        read(&format!("/api/v1/services?{query}").parse().unwrap())
    }

    #[test]
    fn nothing_is_asked_by_an_empty_word_and_a_strange_one_is_refused_by_name() {
        assert_eq!(id::<RunId>(" ", "run", "is no run's id"), Ok(None));
        assert_eq!(id::<RunId>("run-3", "run", "is no run's id"), Ok(Some(Id::of(3))));
        let refused = id::<RunId>("EXP-3", "run", "is no run's id").unwrap_err();
        assert_eq!(refused.troubles()[0].field, "run");
        assert_eq!(slug("Kafka", "service").unwrap_err().troubles()[0].field, "service");
        assert_eq!(rows("300").unwrap_err().troubles()[0].field, "limit");
    }

    #[test]
    fn a_parameter_nobody_knows_is_refused_by_its_name() {
        assert_eq!(asked("service=kafka"), Ok(Asked { service: "kafka".into() }));
        assert_eq!(asked(""), Ok(Asked::default()));
        assert_eq!(asked("sevice=kafka").unwrap_err().troubles()[0].field, "sevice");
        assert!(asked("service=a&service=b").is_err());
    }
}
