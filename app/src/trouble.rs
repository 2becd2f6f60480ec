//! Any refusal or fault as a page: what happened, what was kept, what to do.

use leptos::prelude::*;
use notebook::fault::Error;
use notebook::refusal::Refusal;

use crate::ask::query;
use crate::look::Look;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::{self, PageTitle};

/// The id under which the log holds this request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestId(pub String);

/// The page that stands in for one that cannot be shown, with its status.
pub fn trouble(error: Error) -> AnyView {
    match error {
        Error::Refused(refusal) => {
            safe::status(refusal.status());
            view! { <Refused refusal/> }.into_any()
        }
        Error::Broken(fault) => {
            let request = use_context::<RequestId>().unwrap_or_default().0;
            tracing::error!(%request, error = &fault as &dyn std::error::Error, "a page broke");
            safe::status(500);
            view! { <Broken/> }.into_any()
        }
    }
}

/// A well-understood no.
#[component]
pub fn Refused(refusal: Refusal) -> impl IntoView {
    let heading = match &refusal {
        Refusal::SignIn => "Sign in to go on",
        Refusal::NotAllowed { .. } => "That is not yours to do",
        Refusal::Missing { .. } => "Nothing here",
        Refusal::Busy { .. } => "One moment",
        Refusal::TooLong { .. } => "That took too long",
        _ => "That did not work",
    };
    let back = match &refusal {
        Refusal::SignIn => (paths::login(&Look::here().path), "Sign in"),
        Refusal::TooLong { .. } => (paths::search_for(&query("q")), "Narrow it on the search page"),
        _ => (paths::today(), "Go to Today"),
    };
    view! {
        <PageTitle text=heading/>
        <PageHead title=heading/>
        <p>{refusal.to_string()}</p>
        <p><a class="button primary" href=back.0>{back.1}</a></p>
        <Reference/>
    }
}

/// A fault: the cause is in the log under the reference, never on the page.
#[component]
pub fn Broken() -> impl IntoView {
    view! {
        <PageTitle text="Something broke"/>
        <PageHead title="Something broke"/>
        <p>"The notebook could not do this. What was acknowledged before is safe. Try again; if it happens again, give an admin the reference below."</p>
        <p><a class="button primary" href=paths::today()>"Go to Today"</a></p>
        <Reference/>
    }
}

#[component]
pub fn Reference() -> impl IntoView {
    let request = use_context::<RequestId>().unwrap_or_default().0;
    (!request.is_empty()).then(|| view! { <p class="muted">"Request " <code>{request}</code></p> })
}
