//! The one list path -> page. Every page is `SsrMode::Async`: the whole document first, so that
//! status, title and headers are right and no script is needed.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::help::HelpPage;
use crate::trouble::Refused;
use notebook::refusal::Refusal;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=not_found>
                <Route path=path!("/help") view=HelpPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

fn not_found() -> impl IntoView {
    crate::safe::status(404);
    let path = crate::look::Look::here().path;
    view! {
        <crate::frame::Frame>
            <Refused refusal=Refusal::missing("page", path)/>
        </crate::frame::Frame>
    }
}
