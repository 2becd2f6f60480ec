//! What screen readers are told: new lines of the timeline together, at most every five seconds;
//! dangers and what speaks for aborting at once.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Between one announcement and the next.
const PAUSE_MS: f64 = 5_000.0;
/// Lines that are read out; of more only their number.
const LINES_MAX: usize = 3;
const CHARS_MAX: usize = 200;

/// What the page says that is worth telling: its timeline, and what speaks for aborting.
pub struct Shown(Vec<Line>);

struct Line {
    /// By which it is known again: its fragment, if it has one, and its words.
    key: String,
    words: String,
    is_danger: bool,
}

impl Line {
    fn of(item: &Element) -> Self {
        let words = words(item);
        let key = format!("{} {words}", item.id());
        let is_danger = item.get_attribute("data-family").as_deref() == Some("danger")
            || (item.has_attribute("data-prompt") && item.class_name() == "error");
        Self { key, words, is_danger }
    }
}

impl Shown {
    pub fn now() -> Self {
        Self(all("#log li[data-family], #prompts [data-prompt]").iter().map(Line::of).collect())
    }
}

/// What waits to be said.
#[derive(Default)]
pub struct Saying {
    waiting: RefCell<Vec<String>>,
    said_at: Cell<f64>,
}

impl Saying {
    /// Compares the page before and after a swap.
    pub fn hear(&self, before: &Shown, after: Shown) {
        let known: HashSet<&str> = before.0.iter().map(|line| line.key.as_str()).collect();
        let news = after.0.into_iter().filter(|line| !known.contains(line.key.as_str()));
        let (urgent, calm): (Vec<Line>, Vec<Line>) = news.partition(|line| line.is_danger);
        let urgent: Vec<String> = urgent.into_iter().map(|line| line.words).collect();
        if !urgent.is_empty() {
            put("live-urgent", &urgent.join(" "));
        }
        // The newest stands on top of the page, and is said last.
        self.waiting.borrow_mut().extend(calm.into_iter().rev().map(|line| line.words));
    }

    /// Says what waits, if it is time.
    pub fn speak(&self, now_ms: f64) {
        if now_ms - self.said_at.get() < PAUSE_MS || self.waiting.borrow().is_empty() {
            return;
        }
        self.said_at.set(now_ms);
        put("live-said", &together(&self.waiting.take()));
    }
}

fn together(lines: &[String]) -> String {
    match lines {
        [one] => one.clone(),
        some if some.len() <= LINES_MAX => format!("{} new entries: {}", some.len(), some.join(" ")),
        many => format!("{} new entries; the last one: {}", many.len(), many.last().map_or("", String::as_str)),
    }
}

pub fn put(id: &str, text: &str) {
    if let Some(element) = document().get_element_by_id(id)
        && element.text_content().as_deref() != Some(text)
    {
        element.set_text_content(Some(text));
    }
}

/// In the order of the page.
pub fn all(selector: &str) -> Vec<Element> {
    let Ok(nodes) = document().query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect()
}

/// Without buttons and times: a pin and a clock that begins to count from the fault say nothing new.
fn words(element: &Element) -> String {
    let copy = element.clone_node_with_deep(true).ok().and_then(|copy| copy.dyn_into::<Element>().ok());
    let Some(copy) = copy else { return String::new() };
    while let Ok(Some(other)) = copy.query_selector("button, .clock") {
        other.remove();
    }
    let text = copy.text_content().unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(CHARS_MAX).collect()
}
