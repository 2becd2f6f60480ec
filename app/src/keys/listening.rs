//! Hears keys, and takes the page there. Never in a field, never while letters are composed or a dialog asks,
//! and single keys only where nobody has turned them off in this browser.

use std::cell::RefCell;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};

use super::steps::{FORGOTTEN_AFTER_MS, GO, Step, step};
use super::{asking, pressed};
use crate::drafts::sending::on;

/// The field of `/go`.
const FIELD: &str = "go-q";
/// Where letters are text, or choose.
const FIELDS: &str = "input, textarea, select, [contenteditable]";

/// A first key, and when it was pressed.
type Before = RefCell<Option<(String, f64)>>;

pub fn start(is_on: bool) {
    let before = Before::default();
    on(&document(), "keydown", move |event| {
        if event.dyn_ref::<KeyboardEvent>().and_then(|event| lead(event, &before, is_on)).is_some() {
            event.prevent_default();
        }
    });
    pressed::show_list();
    // Whoever comes to an empty field comes to type.
    if let Some(field) = field().filter(|field| field.value().is_empty()) {
        _ = field.focus();
    }
}

/// None where the key does nothing here.
fn lead(event: &KeyboardEvent, before: &Before, is_on: bool) -> Option<()> {
    if event.default_prevented() || event.is_composing() || event.repeat() || event.alt_key() {
        return None;
    }
    let (key, shift) = (event.key(), event.shift_key());
    if event.ctrl_key() || event.meta_key() {
        return match key.as_str() {
            "k" if !shift => go(GO),
            "Enter" => pressed::send(event),
            _ => None,
        };
    }
    if !is_on || is_typed_into(event) || asking::is_open() {
        return None;
    }
    let at = event.time_stamp();
    let first = before.take().filter(|(_, then)| at - then < FORGOTTEN_AFTER_MS).map(|(first, _)| first);
    // On the page of a run its own keys come first, but not as the second of two.
    if first.is_none() && pressed::lead(&key, shift).is_some() {
        return Some(());
    }
    match step(first.as_deref(), &key) {
        Step::Goes(goes) => go(goes),
        Step::Waits => {
            before.replace(Some((key, at)));
            None
        }
        Step::Nothing => None,
    }
}

fn is_typed_into(event: &Event) -> bool {
    let place = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    place.is_some_and(|place| place.closest(FIELDS).is_ok_and(|field| field.is_some()))
}

fn field() -> Option<HtmlInputElement> {
    document().get_element_by_id(FIELD)?.dyn_into().ok()
}

/// On the page itself its field is enough.
fn go(goes: &str) -> Option<()> {
    match field().filter(|_| goes == GO) {
        Some(field) => field.focus().ok(),
        None => window().location().set_href(goes).ok(),
    }
}
