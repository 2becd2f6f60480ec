//! What a page asks the request: the desk, what a refused form sent, the ids in the address.

use std::future::Future;
use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use notebook::desk::Desk;
use notebook::fault::Error;
use notebook::refusal::Refusal;

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
                    match load(desk).await {
                        Ok(view) => {
                            if let Some(refusal) = use_context::<Returned>().and_then(|returned| returned.refusal) {
                                safe::status(refusal.status());
                            }
                            view
                        }
                        Err(error) => trouble(error),
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
pub fn query(name: &str) -> String {
    use_query_map().with_untracked(|query| query.get(name).unwrap_or_default())
}
