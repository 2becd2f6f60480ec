//! Looks again while somebody types, and puts an id into the notes of the form. What is put aside is so by a button of
//! the form, which a list that came while somebody typed does not know.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::js_sys::encode_uri_component;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlTextAreaElement};

use super::asked::asked;
use super::mention::mentioned;
use crate::drafts::controls::{fields, was_typed_in};
use crate::drafts::sending::on;
use crate::fetched::{Fetched, show};

const SECTION: &str = "seen";
/// Its list, here and on the page that is asked.
const FOUND: &str = "seen-found";
const SAYS: &str = "seen-says";
/// Which form it stands beside, into which field ids go, and the address with what the form does not say.
const FORM: &str = "data-form";
const NOTES: &str = "data-notes";
const ASKS: &str = "data-asks";
/// One line of the list by its id, and its two buttons.
const ONE: &str = "data-seen";
const MENTION: &str = "data-mention";
const ASIDE: &str = "data-aside";
/// What stands there where looking took too long.
const LATE: &str = "[data-late]";
const LOOK: &str = "#seen > .row > button";
/// Whoever types goes on typing.
const REST_MS: u64 = 500;

struct Looking {
    form: HtmlFormElement,
    place: HtmlElement,
    notes: String,
    asks: String,
    fetched: Fetched,
    /// How often something was typed.
    typed: Cell<u32>,
    /// The newest question.
    asked: RefCell<String>,
}

pub fn start() {
    if let Some(looking) = Looking::here() {
        let looking = Rc::new(looking);
        wake(&looking.place);
        *looking.asked.borrow_mut() = looking.address();
        for name in ["input", "change"] {
            let typing = Rc::clone(&looking);
            on(&looking.form, name, move |_| typing.look_soon());
        }
        let pressing = Rc::clone(&looking);
        on(&looking.place, "click", move |event| pressing.press(&event));
    }
}

/// Buttons that only script can press.
fn wake(place: &Element) {
    for button in all(place, "button[hidden]") {
        _ = button.remove_attribute("hidden");
    }
}

fn all(place: &Element, selector: &str) -> Vec<Element> {
    let Ok(nodes) = place.query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect()
}

/// The card's own button, with what it is to put aside.
fn look_with(value: &str) -> Option<()> {
    let look: HtmlElement = document().query_selector(LOOK).ok()??.dyn_into().ok()?;
    look.set_attribute("value", value).ok()?;
    look.click();
    Some(())
}

fn say(words: &str) {
    if let Some(says) = document().get_element_by_id(SAYS) {
        says.set_text_content(Some(words));
    }
}

impl Looking {
    fn here() -> Option<Self> {
        let section = document().get_element_by_id(SECTION)?;
        let form = document().get_element_by_id(&section.get_attribute(FORM)?)?.dyn_into().ok()?;
        let place: HtmlElement = document().get_element_by_id(FOUND)?.dyn_into().ok()?;
        let shown = place.clone();
        let taken = move |found: &Element| {
            if show(&shown, found) {
                _ = shown.focus();
            }
            wake(&shown);
            let late = shown.query_selector(LATE).ok().flatten().and_then(|late| late.text_content());
            say(&late.unwrap_or_else(|| format!("{} seen before", all(&shown, &format!("[{ONE}]")).len())));
        };
        Some(Self {
            form,
            place,
            notes: section.get_attribute(NOTES)?,
            asks: section.get_attribute(ASKS)?,
            fetched: Fetched::new(FOUND, taken)?,
            typed: Cell::new(0),
            asked: RefCell::default(),
        })
    }

    fn address(&self) -> String {
        let mut address = self.asks.clone();
        for (name, value) in asked(&fields(&self.form)) {
            let sign = if address.contains('?') { '&' } else { '?' };
            _ = write!(address, "{sign}{name}={}", String::from(encode_uri_component(&value)));
        }
        address
    }

    fn look_soon(self: &Rc<Self>) {
        let typed = self.typed.get().wrapping_add(1);
        self.typed.set(typed);
        let looking = Rc::clone(self);
        let look = move || {
            if looking.typed.get() == typed {
                looking.look();
            }
        };
        set_timeout(look, Duration::from_millis(REST_MS));
    }

    fn look(&self) {
        let address = self.address();
        if *self.asked.borrow() != address {
            self.fetched.ask(&address);
            *self.asked.borrow_mut() = address;
        }
    }

    fn press(&self, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let of = |name: &str| target.closest(&format!("[{name}]")).ok().flatten()?.get_attribute(name);
        if let Some(id) = of(MENTION) {
            // What it would send to the server is done here, without a new page.
            if self.mention(&id).is_some() {
                event.prevent_default();
            }
        } else if let Some(value) = of(ASIDE) {
            _ = look_with(&value);
        }
    }

    fn mention(&self, id: &str) -> Option<()> {
        let selector = format!("textarea[name={}]", self.notes);
        let text: HtmlTextAreaElement = self.form.query_selector(&selector).ok()??.dyn_into().ok()?;
        text.set_value(&mentioned(&text.value(), id));
        was_typed_in(&text);
        if let Ok(Some(folded)) = text.closest("details") {
            _ = folded.set_attribute("open", "");
        }
        say(&format!("{id} is in the form now"));
        Some(())
    }
}
