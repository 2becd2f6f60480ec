//! What stands where a page cannot be shown: its refusal, a fault, or a no of the doors.

use leptos::prelude::*;
use notebook::refusal::Refusal;

use crate::frame::{Bare, Frame};
use crate::look::Look;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::{self, PageTitle};
use crate::trouble::{Broken, Refused};

/// Provided by the server, which also sets the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    Refused(Refusal),
    Broken,
    /// A whole sentence of the doors: what happened, what was kept, what to do.
    Said {
        sentence: String,
    },
}

impl Instead {
    /// No page has this address.
    pub fn no_page(path: &str) -> Self {
        Self::Refused(Refusal::missing("page", path))
    }
}

/// Every address without a page of its own ends here.
#[component]
pub fn InsteadPage() -> impl IntoView {
    let look = Look::here();
    let instead = use_context::<Instead>().unwrap_or_else(|| {
        safe::status(404);
        Instead::no_page(&look.path)
    });
    let words = match instead {
        Instead::Refused(refusal) => view! { <Refused refusal/> }.into_any(),
        Instead::Broken => view! { <Broken/> }.into_any(),
        Instead::Said { sentence } => view! { <Said sentence/> }.into_any(),
    };
    framed(words)
}

/// Words that stand in a page's place, in the frame their reader knows.
pub fn framed(words: AnyView) -> AnyView {
    if Look::here().signed_in.is_some() {
        view! { <Frame>{words}</Frame> }.into_any()
    } else {
        view! { <Bare>{words}</Bare> }.into_any()
    }
}

#[component]
fn Said(sentence: String) -> impl IntoView {
    view! {
        <PageTitle text="That did not work"/>
        <PageHead title="That did not work"/>
        <p>{sentence}</p>
        <p><a class="button primary" href=paths::today()>"Go to Today"</a></p>
        <crate::trouble::Reference/>
    }
}
