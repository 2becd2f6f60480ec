//! Looks again while somebody types, puts an id into the notes of the form, and keeps away what was put aside.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::JsCast;
use web_sys::js_sys::encode_uri_component;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlTextAreaElement, Storage};

use super::asked::asked;
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
const DISMISS: &str = "data-dismiss";
/// The button that takes back what was put aside.
const BACK: &str = "data-back";
/// Who put it aside: it stays so in this browser.
const WHO: &str = "data-who";
const KEPT: &str = "retrial.aside.";
/// Whoever types goes on typing.
const REST_MS: u64 = 500;

type Dismissed = Rc<RefCell<Vec<String>>>;

fn store() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

struct Looking {
    form: HtmlFormElement,
    place: HtmlElement,
    notes: String,
    asks: String,
    fetched: Fetched,
    dismissed: Dismissed,
    /// Under which key they are kept.
    kept: String,
    /// How often something was typed.
    typed: Cell<u32>,
    /// The newest question.
    asked: RefCell<String>,
}

pub fn start() {
    if let Some(looking) = Looking::here() {
        let looking = Rc::new(looking);
        wake(&looking.place, &looking.dismissed);
        *looking.asked.borrow_mut() = looking.address();
        for name in ["input", "change"] {
            let typing = Rc::clone(&looking);
            on(&looking.form, name, move |_| typing.look_soon());
        }
        let pressing = Rc::clone(&looking);
        on(&looking.place, "click", move |event| pressing.press(&event));
    }
}

/// Buttons that only script can press, of what was not put aside.
fn wake(place: &Element, dismissed: &Dismissed) {
    let mut is_less = false;
    for line in all(place, &format!("[{ONE}]")) {
        if line.get_attribute(ONE).is_some_and(|id| dismissed.borrow().contains(&id)) {
            line.remove();
            is_less = true;
            continue;
        }
        show_buttons(&line, "button[hidden]");
    }
    if is_less {
        show_buttons(place, "[data-back]");
    }
}

fn show_buttons(place: &Element, selector: &str) {
    for button in all(place, selector) {
        _ = button.remove_attribute("hidden");
    }
}

fn all(place: &Element, selector: &str) -> Vec<Element> {
    let Ok(nodes) = place.query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect()
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
        let kept = [KEPT, section.get_attribute(WHO).unwrap_or_default().as_str()].concat();
        let before = store().and_then(|store| store.get_item(&kept).ok().flatten()).unwrap_or_default();
        let dismissed: Dismissed = Rc::new(RefCell::new(before.split_whitespace().map(str::to_owned).collect()));
        let (shown, aside) = (place.clone(), Rc::clone(&dismissed));
        let taken = move |found: &Element| {
            if show(&shown, found) {
                _ = shown.focus();
            }
            wake(&shown, &aside);
            say(&format!("{} seen before", all(&shown, &format!("[{ONE}]")).len()));
        };
        Some(Self {
            form,
            place,
            notes: section.get_attribute(NOTES)?,
            asks: section.get_attribute(ASKS)?,
            fetched: Fetched::new(FOUND, taken)?,
            dismissed,
            kept,
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
            _ = self.mention(&id);
        } else if let Some(id) = of(DISMISS) {
            self.dismissed.borrow_mut().push(id);
            self.keep();
            wake(&self.place, &self.dismissed);
            _ = self.place.focus();
        } else if of(BACK).is_some() {
            self.dismissed.borrow_mut().clear();
            self.keep();
            self.fetched.ask(&self.address());
        }
    }

    fn keep(&self) {
        if let Some(store) = store() {
            _ = store.set_item(&self.kept, &self.dismissed.borrow().join(" "));
        }
    }

    /// On a line of its own below what is written already; an id in a text is a link.
    fn mention(&self, id: &str) -> Option<()> {
        let selector = format!("textarea[name={}]", self.notes);
        let text: HtmlTextAreaElement = self.form.query_selector(&selector).ok()??.dyn_into().ok()?;
        let written = text.value();
        let line_end = if written.is_empty() || written.ends_with('\n') { "" } else { "\n" };
        text.set_value(&format!("{written}{line_end}Seen before: {id}"));
        was_typed_in(&text);
        if let Ok(Some(folded)) = text.closest("details") {
            _ = folded.set_attribute("open", "");
        }
        say(&format!("{id} is in the form now"));
        Some(())
    }
}
