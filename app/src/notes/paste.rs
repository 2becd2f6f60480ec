//! An image pasted into a note goes into the form that attaches images, which asks what it shows.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, Event, HtmlElement, HtmlInputElement};

use crate::drafts::sending::on;

const IMAGE: &str = "form[action$='/attach-image'] input[type=file]";

pub fn start(form: &str) {
    let Some(form) = document().get_element_by_id(form) else { return };
    on(&form, "paste", |event| {
        if take(&event).is_some() {
            event.prevent_default();
        }
    });
}

/// None if it is no image: then it is pasted as usual.
fn take(event: &Event) -> Option<()> {
    let data = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?;
    // A table or a paragraph brings a picture of itself along.
    if data.get_data("text/plain").is_ok_and(|text| !text.is_empty()) {
        return None;
    }
    let files = data.files()?;
    files.item(0).filter(|file| file.type_().starts_with("image/"))?;
    let input: HtmlInputElement = document().query_selector(IMAGE).ok()??.dyn_into().ok()?;
    input.set_files(Some(&files));
    let form = input.closest("form").ok()??;
    if let Ok(Some(folded)) = form.closest("details") {
        _ = folded.set_attribute("open", "");
    }
    told(&form)?;
    let says: HtmlElement = form.query_selector("[name=says]").ok()??.dyn_into().ok()?;
    says.focus().ok()
}

/// Said once, on top of the form.
fn told(form: &Element) -> Option<()> {
    if form.query_selector("[data-pasted]").ok()?.is_some() {
        return Some(());
    }
    let words = document().create_element("p").ok()?;
    words.set_attribute("role", "status").ok()?;
    words.set_attribute("data-pasted", "").ok()?;
    form.insert_before(&words, form.first_child().as_ref()).ok()?;
    words.set_text_content(Some("The image is here. Say what it shows, then attach it."));
    Some(())
}
