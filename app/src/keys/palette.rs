//! The dialog that leads anywhere: asks `/go` while one types, and shows what that page finds. The focus stays in the
//! field; which option is chosen is said of the field.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::js_sys::encode_uri_component;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::recent;
use super::steps::{AS_OPTIONS, GO, LAST, arrow};
use crate::drafts::sending::on;
use crate::fetched::{Fetched, show};
use crate::watch::said::put;

const DIALOG: &str = "palette";
const FIELD: &str = "palette-q";
const PLACE: &str = "palette-found";
const SAYS: &str = "palette-says";
/// The part of the page `/go`, what it was asked, and what it says of what it found.
const FOUND: &str = "found";
const ASKED: &str = "data-asked";
const IN_WORDS: &str = "data-says";
const OPTIONS: &str = "[role=option]";
const CHOSEN: &str = "aria-selected";
const TRUE: &str = "true";
/// Of the field: the option that is chosen, and whether there is any.
const ACTIVE: &str = "aria-activedescendant";
const EXPANDED: &str = "aria-expanded";
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
    let palette = Rc::new(Palette {
        dialog: document().get_element_by_id(DIALOG)?.dyn_into().ok()?,
        field,
        place,
        fetched: Fetched::new(FOUND, move |found| take(&shown, &asking, found))?,
        typed: Cell::new(0),
    });
    let typing = Rc::clone(&palette);
    on(&palette.field, "input", move |_| typing.ask_soon());
    let pressing = Rc::clone(&palette);
    on(&palette.field, "keydown", move |event| {
        if pressing.press(&event).is_some() {
            event.prevent_default();
        }
    });
    Some(palette)
}

fn take(place: &Element, field: &HtmlInputElement, found: &Element) {
    show(place, found);
    _ = field.remove_attribute(ACTIVE);
    _ = field.set_attribute(EXPANDED, if place.first_element_child().is_some() { TRUE } else { "false" });
    _ = place.set_attribute(ASKED, &found.get_attribute(ASKED).unwrap_or_default());
    put(SAYS, &found.get_attribute(IN_WORDS).unwrap_or_default());
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
        let last = if asked.is_empty() { recent::names() } else { String::new() };
        self.fetched.ask(&[GO, "?", AS_OPTIONS, "&", LAST, "=", last.as_str(), "&q=", asked.as_str()].concat());
    }

    fn ask_soon(self: &Rc<Self>) {
        // Enter must not lead to what was found for other words.
        self.choose(&self.options(), None);
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

    fn options(&self) -> Vec<HtmlElement> {
        let Ok(nodes) = self.place.query_selector_all(OPTIONS) else { return Vec::new() };
        (0..nodes.length()).filter_map(|index| nodes.get(index)?.dyn_into().ok()).collect()
    }

    /// None is the field itself.
    fn choose(&self, options: &[HtmlElement], next: Option<usize>) {
        _ = self.field.remove_attribute(ACTIVE);
        for (index, option) in options.iter().enumerate() {
            let is_next = next == Some(index);
            _ = option.set_attribute(CHOSEN, if is_next { TRUE } else { "false" });
            if is_next {
                _ = self.field.set_attribute(ACTIVE, &option.id());
                option.scroll_into_view_with_bool(false);
            }
        }
    }

    /// None where the browser knows better what the key does.
    fn press(&self, event: &Event) -> Option<()> {
        let event = event.dyn_ref::<KeyboardEvent>().filter(|event| !event.is_composing())?;
        let options = self.options();
        let here = options.iter().position(|option| option.get_attribute(CHOSEN).as_deref() == Some(TRUE));
        let next = match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp") => arrow(key == "ArrowDown", here, options.len()),
            // In the field itself they lead to the ends of what is typed.
            "Home" | "End" if here.is_none() => return None,
            "Home" => Some(0),
            "End" => options.len().checked_sub(1),
            // Until the answer to what stands there is here, the page `/go` answers.
            "Enter" => {
                let first = (here.is_none() && self.is_answered()).then_some(0);
                options.get(here.or(first)?)?.click();
                return Some(());
            }
            _ => return None,
        };
        self.choose(&options, next);
        Some(())
    }

    fn is_answered(&self) -> bool {
        let typed = self.field.value();
        !typed.trim().is_empty() && self.place.get_attribute(ASKED).as_deref() == Some(typed.trim())
    }
}
