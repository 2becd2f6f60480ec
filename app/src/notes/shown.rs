//! What is said below the composer of notes that wait or were refused.

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

/// Where it is said: there from the start, so that what comes later is read out.
pub fn place(form: &HtmlFormElement) -> Option<Element> {
    let place = document().create_element("div").ok()?;
    place.set_attribute("role", "status").ok()?;
    place.set_attribute("data-notes", "").ok()?;
    form.parent_element()?.insert_before(&place, form.next_sibling().as_ref()).ok()?;
    Some(place)
}

/// The sentence and the notes, in their order; nothing if there is nothing to say.
pub fn show(
    place: &Element,
    sentence: Option<&str>,
    notes: &[Note],
    answer: &(impl Fn(Answer, &Note) + Clone + 'static),
) {
    place.set_text_content(None);
    if sentence.is_none() && notes.is_empty() {
        return;
    }
    let Some(flash) = element("div", "flash") else { return };
    _ = flash.set_attribute("data-family", "info");
    if let Some(sentence) = sentence {
        append(&flash, "p", sentence);
    }
    if let Some(list) = element("ul", "") {
        for note in notes {
            _ = item(&list, note, answer);
        }
        _ = flash.append_child(&list);
    }
    _ = place.append_child(&flash);
}

fn item(list: &Element, note: &Note, answer: &(impl Fn(Answer, &Note) + Clone + 'static)) -> Option<()> {
    let item = element("li", "")?;
    append(&item, "span", &format!("{} {}", clock(note.at_ms), note.text()));
    if !note.refused.is_empty() {
        append(&item, "p", &format!("Not taken. {}", note.refused));
        for (words, back) in [("Back into the form", true), ("Discard note", false)] {
            let (answer, note) = (answer.clone(), note.clone());
            let button = element("button", "")?;
            button.set_attribute("type", "button").ok()?;
            button.set_text_content(Some(words));
            on(&button, "click", move |_| answer(if back { Answer::Back } else { Answer::Discard }, &note));
            item.append_child(&button).ok()?;
        }
    }
    list.append_child(&item).ok()?;
    Some(())
}

fn element(name: &str, class: &str) -> Option<Element> {
    let element = document().create_element(name).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    Some(element)
}

fn append(to: &Element, name: &str, words: &str) {
    if let Some(child) = element(name, "") {
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
