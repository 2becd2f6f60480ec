//! What keys come to on the page of a run that goes on: they take whoever presses one where it leads. And the one
//! that sends a form, on every page.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use super::asking::ask;
use super::{Place, place};
use crate::drafts::controls::was_typed_in;

const LIST: &str = "live-keys";
const TEXT: &str = "#observe textarea";
/// Not the reason of an abort: a dialog is answered by its buttons.
const FIELDS: &str = "main form :is(input, select, textarea):not(dialog *)";
/// What sends a form, and not what only asks for more rows.
const SENDS: &str = "button:not([type=button], [name=_rows], [aria-hidden])";
const UNEXPECTED: &str = "#observe input[name=kind][value=unexpected]";
const PIN: &str = "#log [data-pin]";

/// It says nothing true without script.
pub fn show_list() {
    if let Some(list) = list() {
        _ = list.remove_attribute("hidden");
    }
}

/// Sends the form that the field with the focus is in, as its button does. None where it could be sent in several ways:
/// whoever asks for changes must not approve.
pub fn send(event: &KeyboardEvent) -> Option<()> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let field = Some(target).filter(|target| target.matches(FIELDS).unwrap_or(false))?;
    let ways = field.closest("form").ok()??.query_selector_all(SENDS).ok()?;
    if ways.length() != 1 {
        return None;
    }
    ways.get(0)?.dyn_into::<HtmlElement>().ok()?.click();
    Some(())
}

/// None on any other page.
pub fn lead(key: &str, shift: bool) -> Option<()> {
    list()?;
    go(place(key, shift)?)
}

/// None where the page has no such place: then the key does nothing.
fn go(place: Place) -> Option<()> {
    match place {
        Place::Note => find(TEXT)?.focus().ok(),
        Place::Unexpected => {
            find(UNEXPECTED)?.click();
            find(TEXT)?.focus().ok()
        }
        Place::Metric => command("/metric "),
        Place::Check => command("/check "),
        Place::Pin => find(PIN)?.focus().ok(),
        Place::Abort => ask().then_some(()),
        Place::Keys => fold_or_unfold(),
    }
}

/// On a line of its own below what is written already.
fn command(words: &str) -> Option<()> {
    let text: HtmlTextAreaElement = find(TEXT)?.dyn_into().ok()?;
    let written = text.value();
    let line_end = if written.is_empty() || written.ends_with('\n') { "" } else { "\n" };
    text.set_value(&format!("{written}{line_end}{words}"));
    was_typed_in(&text);
    text.focus().ok()
}

fn fold_or_unfold() -> Option<()> {
    let list = list()?;
    if list.has_attribute("open") {
        return list.remove_attribute("open").ok();
    }
    list.set_attribute("open", "").ok()?;
    list.query_selector("summary").ok()??.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

fn list() -> Option<Element> {
    document().get_element_by_id(LIST)
}
