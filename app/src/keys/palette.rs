//! The dialog that leads anywhere: asks `/go` while one types, and shows what that page finds.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::js_sys::encode_uri_component;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::steps::{GO, arrow};
use crate::drafts::sending::on;
use crate::fetched::{Fetched, show};

const DIALOG: &str = "palette";
const FIELD: &str = "palette-q";
const PLACE: &str = "palette-found";
const SAYS: &str = "palette-says";
/// The part of the page `/go`, and what it was asked.
const FOUND: &str = "found";
const ASKED: &str = "data-asked";
/// All its links, and those to what was found: one more leads to the search page.
const LINKS: &str = "a[href]";
const FOUND_LINKS: &str = "li a[href]";
/// Whoever types goes on typing.
const REST_MS: u64 = 120;

/// The dialog with its parts.
pub struct Palette {
    dialog: HtmlDialogElement,
    field: HtmlInputElement,
    place: Element,
    fetched: Fetched,
    /// How often something was typed.
    typed: Cell<u32>,
}

/// None where the page has no such dialog.
pub fn start() -> Option<Rc<Palette>> {
    let place = document().get_element_by_id(PLACE)?;
    let field: HtmlInputElement = document().get_element_by_id(FIELD)?.dyn_into().ok()?;
    let (shown, asking) = (place.clone(), field.clone());
    let taken = move |found: &Element| {
        if take(&shown, found) {
            _ = asking.focus();
        }
    };
    let palette = Rc::new(Palette {
        dialog: document().get_element_by_id(DIALOG)?.dyn_into().ok()?,
        field,
        place,
        fetched: Fetched::new(FOUND, taken)?,
        typed: Cell::new(0),
    });
    let typing = Rc::clone(&palette);
    on(&palette.field, "input", move |_| typing.ask_soon());
    let pressing = Rc::clone(&palette);
    on(&palette.dialog, "keydown", move |event| {
        if pressing.press(&event).is_some() {
            event.prevent_default();
        }
    });
    Some(palette)
}

/// True where the focus was in what was found before.
fn take(place: &Element, found: &Element) -> bool {
    let had_focus = show(place, found);
    _ = place.set_attribute(ASKED, &found.get_attribute(ASKED).unwrap_or_default());
    if let Some(says) = document().get_element_by_id(SAYS) {
        let count = links(place, FOUND_LINKS).len();
        let words = if count == 0 { "Nothing found".to_owned() } else { format!("{count} found") };
        says.set_text_content(Some(&words));
    }
    had_focus
}

fn links(place: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(nodes) = place.query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|index| nodes.get(index)?.dyn_into().ok()).collect()
}

impl Palette {
    /// None where the browser has no dialogs.
    pub fn open(&self) -> Option<()> {
        if !self.is_open() {
            self.dialog.show_modal().ok()?;
        }
        self.ask();
        self.field.select();
        self.field.focus().ok()
    }

    pub fn is_open(&self) -> bool {
        self.dialog.has_attribute("open")
    }

    fn ask(&self) {
        let asked = String::from(encode_uri_component(self.field.value().trim()));
        self.fetched.ask(&format!("{GO}?q={asked}"));
    }

    fn ask_soon(self: &Rc<Self>) {
        let typed = self.typed.get().wrapping_add(1);
        self.typed.set(typed);
        let palette = Rc::clone(self);
        let ask = move || {
            if palette.typed.get() == typed {
                palette.ask();
            }
        };
        set_timeout(ask, Duration::from_millis(REST_MS));
    }

    /// None where the browser knows better what the key does.
    fn press(&self, event: &Event) -> Option<()> {
        let event = event.dyn_ref::<KeyboardEvent>().filter(|event| !event.is_composing())?;
        let links = links(&self.place, LINKS);
        let active = document().active_element()?;
        match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp") => {
                let here = links.iter().position(|link| link.is_same_node(Some(&active)));
                match arrow(key == "ArrowDown", here, links.len()) {
                    Some(next) => links.get(next)?.focus().ok(),
                    None => self.field.focus().ok(),
                }
            }
            // Until the answer to what stands there is here, the page `/go` answers.
            "Enter" if self.field.is_same_node(Some(&active)) && self.is_answered() => {
                links.first()?.click();
                Some(())
            }
            _ => None,
        }
    }

    fn is_answered(&self) -> bool {
        let typed = self.field.value();
        !typed.trim().is_empty() && self.place.get_attribute(ASKED).as_deref() == Some(typed.trim())
    }
}
