//! Hears keys, and takes whoever presses one where it leads.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent};

use super::asking::{ASKING, ask};
use super::{Place, place};
use crate::drafts::controls::was_typed_in;
use crate::drafts::sending::on;

const LIST: &str = "live-keys";
const TEXT: &str = "#observe textarea";
const UNEXPECTED: &str = "#observe input[name=kind][value=unexpected]";
const PIN: &str = "#log [data-pin]";
/// Where letters are text, or choose.
const FIELDS: &str = "input, textarea, select, [contenteditable]";

/// Shows the list, which says nothing true without script.
pub fn start(is_on: bool) {
    if let Some(list) = document().get_element_by_id(LIST) {
        _ = list.remove_attribute("hidden");
    }
    on(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.default_prevented() || event.is_composing() || event.repeat() || event.alt_key() {
            return;
        }
        let with_control = event.ctrl_key() || event.meta_key();
        let has_led = match (with_control, event.key().as_str()) {
            (true, "Enter") => send(event),
            (false, key) if is_on => lead(event, key),
            _ => None,
        };
        if has_led.is_some() {
            event.prevent_default();
        }
    });
}

/// Sends the observation that is being written.
fn send(event: &KeyboardEvent) -> Option<()> {
    let text = target(event).filter(|target| target.matches(TEXT).unwrap_or(false))?;
    text.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok()?.request_submit().ok()
}

fn lead(event: &KeyboardEvent, key: &str) -> Option<()> {
    let place = place(key, event.shift_key())?;
    let types = target(event).is_some_and(|target| target.closest(FIELDS).is_ok_and(|field| field.is_some()));
    let is_asked = find(&format!("[{ASKING}]")).is_some();
    if types || is_asked { None } else { go(place) }
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
    let list = document().get_element_by_id(LIST)?;
    if list.has_attribute("open") {
        return list.remove_attribute("open").ok();
    }
    list.set_attribute("open", "").ok()?;
    list.query_selector("summary").ok()??.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
