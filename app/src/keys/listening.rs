//! Hears keys, and takes the page there. Never in a field, which Escape leaves, never while letters are composed
//! or a dialog asks, and single keys only where nobody has turned them off in this browser, or with Ctrl and Alt.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::palette::{self, Palette};
use super::steps::{DONE, Does, FORGOTTEN_AFTER_MS, GO, NEXT, SEARCH, Step, TICK, step};
use super::{asking, copying, pressed, recent, rows, turning};
use crate::drafts::sending::on;

/// The field of `/go`, and the one of `/search`.
const FIELD: &str = "go-q";
const BOX: &str = "search-q";
/// Where letters are text, or choose.
const FIELDS: &str = "input, textarea, select, [contenteditable]";

struct Listening {
    is_on: bool,
    /// Single keys act with Ctrl and Alt held, and not without.
    is_held: bool,
    /// A first key, and when it was pressed.
    before: RefCell<Option<(String, f64)>>,
    palette: Option<Rc<Palette>>,
}

pub fn start(is_on: bool, is_held: bool) {
    let listening = Listening { is_on, is_held, before: RefCell::default(), palette: palette::start() };
    on(&document(), "keydown", move |event| {
        if event.dyn_ref::<KeyboardEvent>().and_then(|event| listening.lead(event)).is_some() {
            event.prevent_default();
        }
    });
    turning::start();
    _ = recent::remember();
    pressed::show_list();
    // Whoever comes to an empty field comes to type.
    if let Some(field) = field(FIELD).or_else(|| field(BOX)).filter(|field| field.value().is_empty()) {
        _ = field.focus();
    }
}

impl Listening {
    /// None where the key does nothing here.
    fn lead(&self, event: &KeyboardEvent) -> Option<()> {
        let is_held = event.ctrl_key() && event.alt_key();
        let is_other = event.alt_key() && !(is_held && self.is_held);
        if event.default_prevented() || event.is_composing() || event.repeat() || is_other {
            return None;
        }
        let (key, shift) = (event.key(), event.shift_key());
        if !is_held && (event.ctrl_key() || event.meta_key()) {
            return match key.as_str() {
                "k" if !shift && !asking::is_open() => self.go(GO),
                "Enter" => pressed::send(event),
                _ => None,
            };
        }
        if self.is_asked() {
            return None;
        }
        if let Some(field) = typed_into() {
            // The browser does with the key what it always does.
            if key == "Escape" {
                _ = field.blur();
            }
            return None;
        }
        // Shift, Ctrl and Alt are keys as well, with longer names: they come between the two of a sequence.
        if !self.is_on || is_held != self.is_held || key.len() > 1 {
            return None;
        }
        let at = event.time_stamp();
        let first = self.before.take().filter(|(_, then)| at - then < FORGOTTEN_AFTER_MS).map(|(first, _)| first);
        // On the page of a run its own keys come first, but not as the second of two.
        if first.is_none() && pressed::lead(&key, shift).is_some() {
            return Some(());
        }
        match step(first.as_deref(), &key) {
            Step::Does(does) => self.act(does),
            Step::Waits => {
                *self.before.borrow_mut() = Some((key, at));
                None
            }
            Step::Nothing => None,
        }
    }

    /// None where the page has nothing of the kind.
    fn act(&self, does: Does) -> Option<()> {
        match does {
            Does::Goes(goes) => self.go(goes),
            // On the page of a run that goes on an observation is next.
            Does::Creates(goes) => pressed::lead("n", false).or_else(|| rows::press(NEXT)).or_else(|| self.go(goes)),
            Does::Searches => rows::search().or_else(|| self.go(SEARCH)),
            Does::Moves { is_down, ticks } => {
                if ticks {
                    _ = rows::press(TICK);
                }
                rows::step(is_down)
            }
            Does::Opens => rows::open(),
            Does::Edits => rows::press(DONE).or_else(rows::edit),
            Does::Presses(key) => rows::press(key),
            Does::Turns { is_on } => turning::turn(is_on),
            Does::Copies => copying::copy(),
        }
    }

    /// Whether a dialog waits for an answer.
    fn is_asked(&self) -> bool {
        asking::is_open() || self.palette.as_ref().is_some_and(|palette| palette.is_open())
    }

    /// On the page of the one field that field is enough; on others a dialog, where the browser has one.
    fn go(&self, goes: &str) -> Option<()> {
        if goes == GO {
            let here = field(FIELD).and_then(|field| field.focus().ok());
            let opened = here.or_else(|| self.palette.as_ref().and_then(|palette| palette.open()));
            if opened.is_some() {
                return opened;
            }
        }
        window().location().set_href(goes).ok()
    }
}

/// The field that has the focus.
fn typed_into() -> Option<HtmlElement> {
    document().active_element()?.closest(FIELDS).ok()??.dyn_into().ok()
}

fn field(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
