//! A part of another page, fetched while somebody types. Pages stay the only ones that say what is found.

use leptos::prelude::document;
use web_sys::{Element, XmlHttpRequest, XmlHttpRequestResponseType};

use crate::drafts::sending::on;

/// Longer than an answer takes that is still of use.
const ANSWER_MS_MAX: u32 = 10_000;

/// One question at a time.
pub struct Fetched(XmlHttpRequest);

impl Fetched {
    /// `taken` gets the part with this id out of each page that comes. A page without it says nothing: whoever
    /// is signed out is led elsewhere.
    pub fn new(part: &'static str, taken: impl Fn(&Element) + 'static) -> Option<Self> {
        let request = XmlHttpRequest::new().ok()?;
        let answered = request.clone();
        on(&request, "load", move |_| {
            let page = answered.response_xml().ok().flatten();
            if answered.status() == Ok(200)
                && let Some(found) = page.and_then(|page| page.get_element_by_id(part))
            {
                taken(&found);
            }
        });
        Some(Self(request))
    }

    /// Only the newest answer counts: one that is on the way is dropped.
    pub fn ask(&self, address: &str) {
        if self.0.open("GET", address).is_ok() {
            self.0.set_response_type(XmlHttpRequestResponseType::Document);
            self.0.set_timeout(ANSWER_MS_MAX);
            _ = self.0.send();
        }
    }
}

/// Puts what a part holds into this place. True where the focus was in it: it goes with what had it.
pub fn show(place: &Element, part: &Element) -> bool {
    let had_focus = document().active_element().is_some_and(|active| place.contains(Some(&active)));
    place.set_text_content(None);
    let mut next = part.first_child();
    while let Some(child) = next {
        next = child.next_sibling();
        if let Ok(copy) = document().import_node_with_deep(&child, true) {
            _ = place.append_child(&copy);
        }
    }
    had_focus
}
