//! The sentence above a form that says a draft is there, with its two answers.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Date, Object, Reflect};
use web_sys::{Element, HtmlElement, HtmlFormElement};

use super::kept::{Draft, Fields};
use super::sending::on;

pub enum Answer {
    Restore,
    Discard,
}

/// Puts the offer on top of the form, and opens what the form is folded away in.
pub fn show(
    form: &HtmlFormElement,
    draft: Draft,
    answer: impl Fn(Answer, &Draft) + Clone + 'static,
) -> Option<Element> {
    let said =
        format!("You typed something here that was not sent, last on {}. This browser kept it.", when(draft.at_ms));
    let shown = note(form, &said)?;
    let second = (answer.clone(), draft.clone());
    let restore = button("Restore draft", move || answer(Answer::Restore, &draft))?;
    let discard = button("Discard draft", move || second.0(Answer::Discard, &second.1))?;
    shown.append_child(&restore).ok()?;
    shown.append_child(&discard).ok()?;
    if let Ok(Some(folded)) = form.closest("details") {
        _ = folded.set_attribute("open", "");
    }
    Some(shown)
}

/// "22 Nov 2026, 14:02" by the browser's own clock and zone.
fn when(at_ms: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium are whole numbers in a double")]
    let date = Date::new(&JsValue::from_f64(at_ms as f64));
    let options = Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        _ = Reflect::set(&options, &name.into(), &value.into());
    }
    date.to_locale_string("en-GB", &options).into()
}

/// Says that the draft is back, and shows what had no field to go to.
pub fn restored(form: &HtmlFormElement, left: &Fields) -> Option<Element> {
    if left.is_empty() {
        let shown = note(form, "Your draft is back in the form.")?;
        focus_first(form);
        return Some(shown);
    }
    let shown = note(form, "Your draft is back in the form, except for what has no field on this page:")?;
    let list = document().create_element("ul").ok()?;
    for (name, value) in left {
        let item = document().create_element("li").ok()?;
        item.set_text_content(Some(&format!("{}: {value}", name.replace('.', " "))));
        list.append_child(&item).ok()?;
    }
    shown.append_child(&list).ok()?;
    Some(shown)
}

fn focus_first(form: &HtmlFormElement) {
    let first = form.query_selector("input:not([type=hidden]), textarea, select").ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        _ = first.focus();
    }
}

fn note(form: &HtmlFormElement, sentence: &str) -> Option<Element> {
    let note = document().create_element("div").ok()?;
    note.set_class_name("flash");
    note.set_attribute("role", "status").ok()?;
    note.set_attribute("data-family", "info").ok()?;
    note.set_attribute("data-draft", "").ok()?;
    let words = document().create_element("p").ok()?;
    words.set_text_content(Some(sentence));
    note.append_child(&words).ok()?;
    form.insert_before(&note, form.first_child().as_ref()).ok()?;
    Some(note)
}

fn button(words: &str, act: impl Fn() + 'static) -> Option<Element> {
    let button = document().create_element("button").ok()?;
    button.set_attribute("type", "button").ok()?;
    button.set_text_content(Some(words));
    on(&button, "click", move |_| act());
    Some(button)
}
