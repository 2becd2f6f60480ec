//! Hears keys on the button that unfolds a form, and steps the time in that form.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{HINT, SAID};
use crate::drafts::sending::on;
use crate::watch::said::{all, put};

/// On the line of what can be moved; its value is what that is called.
const MOVES: &str = "data-moves";
const BUTTONS: &str = "[data-moves] summary";
const OPEN: &str = "open";
/// On the day that is chosen.
const TARGET: &str = "data-target";

/// In milliseconds. A field of time counts by the clock on the wall, which has no short days.
const QUARTER: f64 = 900_000.0;
const DAY: f64 = 86_400_000.0;
const WEEK: f64 = 7.0 * DAY;

pub fn start() {
    for (place, button) in buttons().iter().enumerate() {
        button.set_tab_index(if place == 0 { 0 } else { -1 });
        _ = button.set_attribute("aria-describedby", HINT);
    }
    if let Some(hint) = document().get_element_by_id(HINT) {
        _ = hint.remove_attribute("hidden");
    }
    on(&document(), "keydown", |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let with_others = event.ctrl_key() || event.meta_key() || event.alt_key();
        if !with_others && !event.default_prevented() && press(event).is_some() {
            event.prevent_default();
        }
    });
}

/// In the order of the page: one of them has its place in the order of Tab, the others are reached from there.
fn buttons() -> Vec<HtmlElement> {
    all(BUTTONS).into_iter().filter_map(|button| button.dyn_into().ok()).collect()
}

/// None where the key means nothing here: then it does what it does elsewhere.
fn press(event: &KeyboardEvent) -> Option<()> {
    let target: HtmlElement = event.target()?.dyn_into().ok()?;
    let line = target.closest("[data-moves]").ok()??;
    let field: HtmlInputElement = line.query_selector("[type=datetime-local]").ok()??.dyn_into().ok()?;
    let (key, step) = (event.key(), if event.shift_key() { QUARTER } else { DAY });
    if key == "Escape" {
        return take_back(&line, &field);
    }
    if target.tag_name() != "SUMMARY" {
        return None;
    }
    match key.as_str() {
        "ArrowUp" => go(&target, -1),
        "ArrowDown" => go(&target, 1),
        "ArrowLeft" => choose(&line, &field, -step),
        "ArrowRight" => choose(&line, &field, step),
        "PageUp" => choose(&line, &field, -WEEK),
        "PageDown" => choose(&line, &field, WEEK),
        "Enter" => unfold(&line),
        _ => None,
    }
}

fn go(from: &HtmlElement, by: isize) -> Option<()> {
    let all = buttons();
    let place = all.iter().position(|button| button == from)?;
    let to = all.get(place.checked_add_signed(by)?)?;
    from.set_tab_index(-1);
    to.set_tab_index(0);
    to.focus().ok()
}

fn choose(line: &Element, field: &HtmlInputElement, later_ms: f64) -> Option<()> {
    field.set_value_as_number(field.value_as_number() + later_ms);
    let chosen = field.value();
    let (date, time) = chosen.split_once('T')?;
    let day = mark(date);
    let says = day.and_then(|day| day.get_attribute("data-says")).unwrap_or_else(|| date.to_owned());
    say(line, &[": ", &says, ", ", time])
}

/// The day's place on this page, if it has one.
fn mark(date: &str) -> Option<Element> {
    for old in all("[data-target]") {
        _ = old.remove_attribute(TARGET);
    }
    let day = document().query_selector(&["[data-date='", date, "']"].concat()).ok()??;
    _ = day.set_attribute(TARGET, "");
    Some(day)
}

fn say(line: &Element, words: &[&str]) -> Option<()> {
    put(SAID, &(line.get_attribute(MOVES)? + &words.concat()));
    Some(())
}

/// None where the form is open: then the key folds it.
fn unfold(line: &Element) -> Option<()> {
    let folded = line.query_selector("details:not([open])").ok()??;
    folded.set_attribute(OPEN, "").ok()?;
    let why: HtmlElement = line.query_selector("[name=text]").ok()??.dyn_into().ok()?;
    why.focus().ok()
}

/// None where nothing is chosen and nothing is open.
fn take_back(line: &Element, field: &HtmlInputElement) -> Option<()> {
    let folded = line.query_selector("details").ok()??;
    if field.value() == field.default_value() && !folded.has_attribute(OPEN) {
        return None;
    }
    field.set_value(&field.default_value());
    folded.remove_attribute(OPEN).ok()?;
    _ = mark("");
    let button: HtmlElement = folded.query_selector("summary").ok()??.dyn_into().ok()?;
    _ = button.focus();
    say(line, &[" stays where it is."])
}
