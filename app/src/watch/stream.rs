//! The event stream in the browser.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::JSON;
use web_sys::{Event, EventSource, MessageEvent};

use super::haste::{self, Haste};
use super::watcher::Watcher;
use super::words;
use crate::drafts::sending::on;
use crate::notes::sending::{part, text};

/// Opens the stream after the last line that is known; None where the browser has none.
pub fn open(watcher: &Rc<Watcher>) -> Option<EventSource> {
    let address = format!("{}?after={}", watcher.events, watcher.after.get());
    let source = EventSource::new(&address).ok()?;
    hear(&source, watcher, "open", |watcher, _| watcher.opened());
    hear(&source, watcher, "beat", |watcher, _| watcher.alive());
    hear(&source, watcher, "look", |watcher, _| watcher.changed(Haste::Urgent));
    hear(&source, watcher, "people", |_, event| words::show_people(&data(event)));
    hear(&source, watcher, "message", |watcher, event| {
        know(watcher, event);
        line(watcher, &data(event));
    });
    hear(&source, watcher, "gap", |watcher, event| {
        know(watcher, event);
        watcher.changed(Haste::Calm);
    });
    hear(&source, watcher, "end", |watcher, _| watcher.signed_out());
    let failing = watcher.clone();
    let own = source.clone();
    // A browser comes back by itself unless the answer was a no.
    on(&source, "error", move |_| failing.failed(own.ready_state() == EventSource::CLOSED));
    Some(source)
}

fn hear(source: &EventSource, watcher: &Rc<Watcher>, name: &str, act: impl Fn(&Rc<Watcher>, &Event) + 'static) {
    let watcher = watcher.clone();
    on(source, name, move |event| act(&watcher, &event));
}

/// From here the stream goes on.
fn know(watcher: &Watcher, event: &Event) {
    if let Some(after) = number(event) {
        watcher.after.set(after);
    }
}

fn line(watcher: &Rc<Watcher>, data: &str) {
    let line = JSON::parse(data).unwrap_or(JsValue::UNDEFINED);
    let word = |name: &str| text(&line, name).unwrap_or_default();
    let body = part(&line, "body").unwrap_or(JsValue::UNDEFINED);
    let of = |name: &str| text(&body, name).unwrap_or_default();
    let act = word("act");
    if let Some(news) = haste::news(&act, &word("by"), &of("reason"), &of("condition")) {
        watcher.tell(&news);
    }
    watcher.changed(Haste::of(&act));
}

fn data(event: &Event) -> String {
    event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()).unwrap_or_default()
}

fn number(event: &Event) -> Option<i64> {
    event.dyn_ref::<MessageEvent>()?.last_event_id().parse().ok()
}
