//! What a page asks the request: the desk, what a refused form sent, the ids in the address.

use std::future::Future;
use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_url};
use leptos_router::location::Url;
use notebook::desk::Desk;
use notebook::fault::Error;
use notebook::refusal::Refusal;

use crate::instead::framed;
use crate::parts::unclaimed::Claim;
use crate::safe;
use crate::trouble::trouble;

/// A token of this one page: a form sent twice from it is written once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageToken(pub String);

/// What came back with a form that was not taken: provided by the server while it shows the
/// form's own page again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// Where the form was sent: `/runs/RUN-317/start`.
    pub action: String,
    /// Everything it sent, in order, without fields that begin with an underscore.
    pub values: Vec<(String, String)>,
    pub refusal: Option<Refusal>,
    /// Said above the form when nothing was refused, e.g. after signing in again.
    pub note: Option<String>,
}

/// Something shown once, right after it was made: a token, an invitation's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownOnce {
    pub label: String,
    pub text: String,
}

/// The key of the reader's own login session; empty without one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThisSession(pub String);

/// The request's desk. None only while the list of routes is made.
pub fn desk() -> Option<Desk> {
    use_context()
}

/// One page: asks, then shows. A refusal or a fault takes its place, with the right status.
pub fn page<F, Fut>(load: F) -> impl IntoView
where
    F: Fn(Desk) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<AnyView, Error>> + Send + 'static,
{
    let load = std::sync::Arc::new(load);
    view! {
        <Suspense>
            {move || {
                let load = load.clone();
                Suspend::new(async move {
                    let Some(desk) = desk() else { return ().into_any() };
                    provide_context(Claim::default());
                    match load(desk).await {
                        Ok(view) => {
                            if let Some(refusal) = use_context::<Returned>().and_then(|returned| returned.refusal) {
                                safe::status(refusal.status());
                            }
                            view
                        }
                        Err(error) => framed(trouble(error)),
                    }
                })
            }}
        </Suspense>
    }
}

/// An id out of the address; anything else is a thing that does not exist.
pub fn param<T: FromStr>(name: &str, noun: &str) -> Result<T, Refusal> {
    let text = param_text(name);
    text.parse().map_err(|_| Refusal::missing(noun, text))
}

pub fn param_text(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name).unwrap_or_default())
}

/// One value of the query; empty if it is not there.
///
/// leptos' own map decodes a value twice, and "100%25" would lose its sign.
pub fn query(name: &str) -> String {
    use_url().with_untracked(|url| value_in(url.search(), name))
}

/// Every value of the query under this name: a box that is ticked twice is sent twice.
pub fn queries(name: &str) -> Vec<String> {
    use_url().with_untracked(|url| values_in(url.search(), name).collect())
}

fn value_in(search: &str, name: &str) -> String {
    values_in(search, name).next().unwrap_or_default()
}

fn values_in(search: &str, name: &str) -> impl Iterator<Item = String> {
    let pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(move |(key, _)| *key == name).map(|(_, value)| Url::unescape(&value.replace('+', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_the_query_is_decoded_once() {
        let search = "q=100%25+sure&next=%2Fpeople%3Fx%3Da%2520b&empty=";
        assert_eq!(value_in(search, "q"), "100% sure");
        assert_eq!(value_in(search, "next"), "/people?x=a%20b");
        assert_eq!(value_in(search, "empty"), "");
        assert_eq!(value_in(search, "other"), "");
        let ids: Vec<String> = values_in("?ids=RUN-1&all=on&ids=RUN-2%2CRUN-4", "ids").collect();
        assert_eq!(ids, ["RUN-1", "RUN-2,RUN-4"]);
    }
}
