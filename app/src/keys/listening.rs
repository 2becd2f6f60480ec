//! Hears keys, and takes the page there. Never in a field, never while letters are composed, and single keys
//! only where nobody has switched them off in this browser.

use std::cell::RefCell;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, Storage};

use super::steps::{FORGOTTEN_AFTER_MS, GO, Step, step};
use crate::drafts::sending::on;

/// In the browser's store: there while single keys are switched off.
const OFF: &str = "retrial.keys-off";
/// The switch on the profile's page, and the field of `/go`.
const SWITCH: &str = "keys-switch";
const FIELD: &str = "go-q";

/// A first key, and when it was pressed.
type Before = RefCell<Option<(String, f64)>>;

pub fn start() {
    let before = Before::default();
    on(&document(), "keydown", move |event| {
        if let Some(goes) = asked(&event, &before) {
            event.prevent_default();
            go(goes);
        }
    });
    offer_switch();
    // Whoever comes to an empty field comes to type.
    if let Some(field) = field().filter(|field| field.value().is_empty()) {
        _ = field.focus();
    }
}

fn asked(event: &Event, before: &Before) -> Option<&'static str> {
    let pressed = event.dyn_ref::<KeyboardEvent>()?;
    if pressed.is_composing() || pressed.repeat() || pressed.alt_key() || event.default_prevented() {
        return None;
    }
    let key = pressed.key();
    if pressed.ctrl_key() || pressed.meta_key() {
        return (key == "k" && !pressed.shift_key()).then_some(GO);
    }
    if is_typed_into(event) || is_off() {
        return None;
    }
    let at = event.time_stamp();
    let first = before.take().filter(|(_, then)| at - then < FORGOTTEN_AFTER_MS);
    match step(first.as_ref().map(|(first, _)| first.as_str()), &key) {
        Step::Goes(goes) => Some(goes),
        Step::Waits => {
            *before.borrow_mut() = Some((key, at));
            None
        }
        Step::Nothing => None,
    }
}

fn is_typed_into(event: &Event) -> bool {
    let place = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    place.is_some_and(|place| {
        let field = place.closest("input, textarea, select, [contenteditable]");
        field.is_ok_and(|field| field.is_some())
    })
}

fn field() -> Option<HtmlInputElement> {
    document().get_element_by_id(FIELD)?.dyn_into().ok()
}

/// On the page itself its field is enough.
fn go(goes: &str) {
    match field().filter(|_| goes == GO) {
        Some(field) => _ = field.focus(),
        None => _ = window().location().set_href(goes),
    }
}

fn store() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn is_off() -> bool {
    store().is_some_and(|store| store.get_item(OFF).is_ok_and(|value| value.is_some()))
}

/// The switch works only where script does, so only script wakes it.
fn offer_switch() {
    let Some(switch) = document().get_element_by_id(SWITCH) else { return };
    _ = switch.remove_attribute("disabled");
    show(&switch);
    let shown = switch.clone();
    on(&switch, "click", move |_| {
        if let Some(store) = store() {
            _ = if is_off() { store.remove_item(OFF) } else { store.set_item(OFF, "1") };
        }
        show(&shown);
    });
}

fn show(switch: &Element) {
    _ = switch.set_attribute("aria-pressed", if is_off() { "false" } else { "true" });
}
