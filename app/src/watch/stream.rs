//! The event stream in the browser.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

use super::watcher::Watcher;
use super::words;
use crate::drafts::sending::on;

/// Opens the stream after the last line that is known; None where the browser has none.
pub fn open(watcher: &Rc<Watcher>) -> Option<EventSource> {
    let address = format!("{}?after={}", watcher.events, watcher.after.get());
    let source = EventSource::new(&address).ok()?;
    hear(&source, watcher, "open", |watcher, _| watcher.opened());
    hear(&source, watcher, "beat", |watcher, _| watcher.alive());
    hear(&source, watcher, "look", |watcher, _| watcher.changed());
    hear(&source, watcher, "people", |_, event| words::show_people(&data(event)));
    for name in ["message", "gap"] {
        hear(&source, watcher, name, |watcher, event| {
            if let Some(after) = number(event) {
                watcher.after.set(after);
            }
            watcher.changed();
        });
    }
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

fn data(event: &Event) -> String {
    event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()).unwrap_or_default()
}

fn number(event: &Event) -> Option<i64> {
    event.dyn_ref::<MessageEvent>()?.last_event_id().parse().ok()
}
