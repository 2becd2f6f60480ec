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

/// What the page says that is worth telling.
pub struct Shown {
    lines: Vec<Line>,
    prompts: Vec<String>,
}

struct Line {
    words: String,
    is_danger: bool,
}

impl Shown {
    pub fn now() -> Self {
        let lines = all("#log li").into_iter().map(|item| Line {
            words: words(&item),
            is_danger: item.get_attribute("data-family").as_deref() == Some("danger"),
        });
        let prompts = all("#prompts [data-prompt].error").iter().map(words).collect();
        Self { lines: lines.collect(), prompts }
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
        let known: HashSet<&str> = before.lines.iter().map(|line| line.words.as_str()).collect();
        let told: HashSet<&str> = before.prompts.iter().map(String::as_str).collect();
        let (urgent, calm): (Vec<Line>, Vec<Line>) = after
            .lines
            .into_iter()
            .filter(|line| !known.contains(line.words.as_str()))
            .partition(|line| line.is_danger);
        let prompts = after.prompts.into_iter().filter(|prompt| !told.contains(prompt.as_str()));
        let urgent: Vec<String> = urgent.into_iter().map(|line| line.words).chain(prompts).collect();
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

fn all(selector: &str) -> Vec<Element> {
    let Ok(nodes) = document().query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect()
}

fn words(element: &Element) -> String {
    let text = element.text_content().unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(CHARS_MAX).collect()
}
