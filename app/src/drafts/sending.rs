//! One click, one sending: the buttons of a form rest while its answer is on the way.

use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, EventTarget, HtmlFormElement};

/// Set on a form that is being sent.
const SENT: &str = "data-sent";
/// An answer that has not come by then may never come; the notebook writes a repeat once anyway.
const REST_MS: u64 = 15_000;

pub fn start() {
    on(&document(), "submit", |event| {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        // Not `form.method()`: of a form with a field of that name it is the field.
        if form.get_attribute("method").as_deref() != Some("post") || event.default_prevented() {
            return;
        }
        if form.has_attribute(SENT) {
            event.prevent_default();
            return;
        }
        _ = form.set_attribute(SENT, "");
        // Not at once: the button that was pressed is part of what is sent.
        let resting = form.clone();
        set_timeout(move || buttons(&resting, true), Duration::ZERO);
        set_timeout(move || wake(&form), Duration::from_millis(REST_MS));
    });
    // Somebody came back to this page as they had left it.
    on(&window(), "pageshow", |_| {
        let Ok(nodes) = document().query_selector_all(&format!("form[{SENT}]")) else { return };
        let forms = (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into::<HtmlFormElement>().ok());
        forms.for_each(|form| wake(&form));
    });
}

fn wake(form: &HtmlFormElement) {
    if form.has_attribute(SENT) {
        _ = form.remove_attribute(SENT);
        buttons(form, false);
    }
}

fn buttons(form: &HtmlFormElement, rest: bool) {
    let Ok(nodes) = form.query_selector_all("button:not([type=button]), input[type=submit]") else { return };
    for button in (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into::<Element>().ok()) {
        _ = if rest { button.set_attribute("disabled", "") } else { button.remove_attribute("disabled") };
    }
}

/// Listens for as long as the page lives.
pub fn on(target: &EventTarget, name: &str, act: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(act);
    _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// The same for what does not bubble: heard above the target before the target hears it.
pub fn on_the_way_down(target: &EventTarget, name: &str, act: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(act);
    _ = target.add_event_listener_with_callback_and_bool(name, listener.as_ref().unchecked_ref(), true);
    listener.forget();
}
