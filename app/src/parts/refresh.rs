//! A page that loads itself again, for a screen that only watches.

use leptos::prelude::*;
use leptos_meta::Meta;

use crate::ask::{Returned, query};
use crate::paths;

/// How often a page that was asked to loads itself again.
const REFRESH_S: u32 = 15;

/// Off unless the address asks for it: loading again drops what is typed and not sent. `page` is the address without it.
pub fn refresh(page: &str) -> AnyView {
    let every_s = query("refresh").parse::<u32>().ok().filter(|seconds| *seconds >= REFRESH_S);
    let Some(every_s) = every_s else {
        let href = paths::refreshing(page, REFRESH_S);
        let words = format!("Refresh every {REFRESH_S} s");
        return view! { <p class="muted" data-print="none"><a href=href>{words}</a>" (for a screen that only watches)"</p> }.into_any();
    };
    let href = page.to_owned();
    if use_context::<Returned>().is_some() {
        let words = format!("This page loads again every {every_s} s once the form that came back is sent. ");
        return view! { <p class="muted" data-print="none">{words}<a href=href>"Stop refreshing"</a></p> }.into_any();
    }
    view! {
        <Meta http_equiv="refresh" content=every_s.to_string()/>
        <p class="muted" data-print="none">
            {format!("This page loads again every {every_s} s; what is typed and not sent is lost. ")}
            <a href=href>"Stop refreshing"</a>
        </p>
    }
    .into_any()
}
