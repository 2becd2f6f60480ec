//! One page after another of the list one came from. It is remembered in the tab, so two tabs have two of them.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Storage};

use super::rows::{LINK, click_first, rows};
use super::steps::arrow;
use crate::drafts::sending::on;

const CAME_FROM: &str = "retrial.list";

pub fn start() {
    on(&document(), "click", |event| {
        _ = remember(&event);
    });
}

/// None where no row of a list is left by its link.
fn remember(event: &Event) -> Option<()> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let link = target.closest(LINK).ok()??;
    let rows = rows();
    rows.iter().find(|(_, first)| first.is_same_node(Some(&link)))?;
    let mut pages: Vec<String> = Vec::with_capacity(rows.len());
    for (_, first) in rows {
        let href = first.get_attribute("href")?;
        let page = href.split('#').next()?;
        if page.starts_with('/') && !pages.iter().any(|known| known == page) {
            pages.push(page.to_owned());
        }
    }
    store()?.set_item(CAME_FROM, &pages.join(" ")).ok()
}

/// None at the ends of the list.
pub fn turn(is_on: bool) -> Option<()> {
    let pages = store().and_then(|store| store.get_item(CAME_FROM).ok().flatten()).unwrap_or_default();
    let pages: Vec<&str> = pages.split_whitespace().collect();
    let here = window().location().pathname().ok()?;
    // A row of the inbox leads to an id, which leads on to its page.
    let Some(at) = pages.iter().position(|page| here.ends_with(*page)) else {
        return click_first(if is_on { "main a[rel=next]" } else { "main a[rel=prev]" });
    };
    let next = arrow(is_on, Some(at), pages.len()).filter(|next| *next != at)?;
    window().location().set_href(pages.get(next)?).ok()
}

/// None where the browser keeps nothing.
fn store() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
