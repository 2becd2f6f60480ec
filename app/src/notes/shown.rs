//! What is said below the composer of notes that wait or were refused.

use std::cell::RefCell;

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::js_sys::Date;
use web_sys::{Element, HtmlFormElement};

use super::kept::Note;
use crate::drafts::sending::on;

/// What somebody does with a note that was refused.
pub enum Answer {
    Back,
    Discard,
}

/// Below the form. The sentence has its place from the start, so that what comes later is read out.
pub struct Place {
    around: Element,
    sentence: Element,
    notes: Element,
    /// The notes that stand there.
    shown: RefCell<Vec<Note>>,
}

impl Place {
    pub fn below(form: &HtmlFormElement) -> Option<Self> {
        let (around, sentence, notes) = (element("div")?, element("p")?, element("ul")?);
        around.set_attribute("data-notes", "").ok()?;
        around.set_attribute("data-family", "info").ok()?;
        sentence.set_attribute("role", "status").ok()?;
        around.append_child(&sentence).ok()?;
        around.append_child(&notes).ok()?;
        form.parent_element()?.insert_before(&around, form.next_sibling().as_ref()).ok()?;
        Some(Self { around, sentence, notes, shown: RefCell::default() })
    }
}

/// The sentence and the notes, in their order.
pub fn show(place: &Place, sentence: &str, notes: &[Note], answer: &(impl Fn(Answer, &Note) + Clone + 'static)) {
    let is_empty = sentence.is_empty() && notes.is_empty();
    place.around.set_class_name(if is_empty { "" } else { "flash" });
    // The same again would be read out again.
    if place.sentence.text_content().as_deref() != Some(sentence) {
        place.sentence.set_text_content(Some(sentence));
    }
    // And whoever is on a button would lose it.
    if place.shown.borrow().as_slice() == notes {
        return;
    }
    *place.shown.borrow_mut() = notes.to_vec();
    place.notes.set_text_content(None);
    for note in notes {
        _ = item(&place.notes, note, answer);
    }
}

fn item(list: &Element, note: &Note, answer: &(impl Fn(Answer, &Note) + Clone + 'static)) -> Option<()> {
    let item = element("li")?;
    append(&item, "span", &format!("{} {}", clock(note.at_ms), note.text()));
    if !note.refused.is_empty() {
        append(&item, "p", &format!("Not taken. {}", note.refused));
        for (words, back) in [("Back into the form", true), ("Discard note", false)] {
            let (answer, note) = (answer.clone(), note.clone());
            let button = element("button")?;
            button.set_attribute("type", "button").ok()?;
            button.set_text_content(Some(words));
            on(&button, "click", move |_| answer(if back { Answer::Back } else { Answer::Discard }, &note));
            item.append_child(&button).ok()?;
        }
    }
    list.append_child(&item).ok()?;
    Some(())
}

fn element(name: &str) -> Option<Element> {
    document().create_element(name).ok()
}

fn append(to: &Element, name: &str, words: &str) {
    if let Some(child) = element(name) {
        child.set_text_content(Some(words));
        _ = to.append_child(&child);
    }
}

fn date(at_ms: i64) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium are whole numbers in a double")]
    let date = Date::new(&JsValue::from_f64(at_ms as f64));
    date
}

/// "14:02:07" by the device's clock and zone.
fn clock(at_ms: i64) -> String {
    date(at_ms).to_locale_time_string("en-GB").into()
}

/// The same for the notebook.
pub fn instant(at_ms: i64) -> String {
    date(at_ms).to_iso_string().into()
}
