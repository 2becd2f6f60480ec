//! The question before an abort: the form in the bar becomes a dialog over the page, and goes back when nobody
//! wants it. Heard at the document, so that a bar that came by a swap asks as well.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement};

use crate::drafts::sending::{on, on_the_way_down};

/// On the dialog while it is open: swaps leave it alone, and keys rest.
const ASKING: &str = "data-asking";
const FOLDED: &str = "abort";
const DIALOG: &str = "dialog";
const OPEN: &str = "open";
/// What came back is read first, then the reason is chosen.
const FIRST: [&str; 3] = [".errors", "input[type=radio]:checked", "input[type=radio]"];

pub fn start() {
    on(&document(), "click", |event| {
        if is_in(&event, "#abort > summary") && ask() {
            event.prevent_default();
        } else if is_in(&event, "#abort [data-back]")
            && let Some((_, dialog)) = parts()
        {
            dialog.close();
        }
    });
    // It does not bubble.
    on_the_way_down(&document(), "close", |event| {
        if is_in(&event, "#abort dialog")
            && let Some((folded, dialog)) = parts()
        {
            fold(&folded, &dialog);
        }
    });
    // A note asked for it, or the form came back.
    if parts().is_some_and(|(folded, _)| folded.has_attribute(OPEN)) {
        ask();
    }
}

/// False where the page has no such form or the browser no such dialog: then the form opens in its place.
pub fn ask() -> bool {
    let Some((folded, dialog)) = parts() else { return false };
    if dialog.has_attribute(ASKING) {
        return true;
    }
    let was_open = folded.has_attribute(OPEN);
    for (name, value) in [("role", "alertdialog"), (ASKING, "")] {
        _ = dialog.set_attribute(name, value);
    }
    _ = folded.set_attribute(OPEN, "");
    _ = dialog.remove_attribute(OPEN);
    if dialog.show_modal().is_err() {
        fold(&folded, &dialog);
        if was_open {
            _ = folded.set_attribute(OPEN, "");
        }
        return false;
    }
    focus_first(&dialog);
    true
}

/// Whether a dialog waits for an answer.
pub fn is_open() -> bool {
    document().query_selector(&format!("[{ASKING}]")).is_ok_and(|dialog| dialog.is_some())
}

/// As the page came.
fn fold(folded: &Element, dialog: &HtmlDialogElement) {
    for name in ["role", ASKING] {
        _ = dialog.remove_attribute(name);
    }
    _ = dialog.set_attribute(OPEN, "");
    _ = folded.remove_attribute(OPEN);
}

fn parts() -> Option<(Element, HtmlDialogElement)> {
    let folded = document().get_element_by_id(FOLDED)?;
    let dialog = folded.query_selector(DIALOG).ok()??.dyn_into().ok()?;
    Some((folded, dialog))
}

fn focus_first(dialog: &HtmlDialogElement) {
    let first = FIRST.iter().find_map(|selector| dialog.query_selector(selector).ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        _ = first.focus();
    }
}

fn is_in(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
}
