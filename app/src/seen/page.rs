//! What was seen before, for what an address says.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::id::FindingId;
use notebook::limits::{SLUG_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::retrials::seen::Writing;
use notebook::search::in_time::in_time;
use notebook::search::seen_before::{Own, seen_before, slugs};
use notebook::text::Slug;

use super::part::{Same, found};
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::field::Field;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn SeenPage() -> impl IntoView {
    page(|desk| async move {
        let (services, fault, words) = (query("services"), query("fault"), query("words"));
        let writing =
            Writing { services: slugs(services.split(',')), fault: Slug::new(fault.trim()).ok(), words: words.clone() };
        let it = Own { experiment: query("own").parse().ok(), run: query("run").parse().ok() };
        let seen = in_time(Box::pin(seen_before(&desk, &writing, it))).await?;
        let own: Option<FindingId> = query("finding").parse().ok().filter(|_| desk.shows(Act::JudgeFinding));
        let found = found(seen, own.map(Same::Finding).or(it.run.map(Same::ShownBy)).unwrap_or(Same::Unasked), None);
        let own = own.map(|own| view! { <input type="hidden" name="finding" value=own.to_string()/> });
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Seen before".into(), href: None }]>
                <PageTitle text="Seen before"/>
                <PageHead title="Seen before"/>
                <div class="stack">
                    <form method="get" action=paths::seen(None, None) role="search">
                        {own}
                        <div class="fields">
                            <Field form="look" name="services" label="Services" value=services hint="Slugs, separated by commas."/>
                            <Field form="look" name="fault" label="Fault" value=fault hint="Like process-restart."
                                max_length=SLUG_CHARS_MAX/>
                            <Field form="look" name="words" label="Words" value=words max_length=TITLE_CHARS_MAX/>
                        </div>
                        <div class="row"><button class="primary">"Look"</button></div>
                    </form>
                    <div id="seen-found">{found}</div>
                </div>
            </Frame>
        }
        .into_any())
    })
}
