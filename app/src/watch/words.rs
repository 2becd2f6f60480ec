//! The connection in words.

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::js_sys::{Array, Date, JSON, Reflect};

use super::said::put;

/// Before the title while a run goes on and its page follows it.
const MARK: &str = "\u{25cf} ";

/// How the page stands to its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Connecting,
    Live,
    /// For the first time: a moment's trouble is no reason to worry anybody.
    Lost,
    /// There is no stream; the page asks by itself.
    Asking,
    /// So many changes wait.
    Paused(u32),
    /// The run has left its plan, and its page is the live one now.
    Begun,
    /// The run's page is another one now.
    Over,
    SignedOut,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Lost => "lost",
            Self::Asking => "asking",
            Self::Paused(_) => "paused",
            Self::Begun => "begun",
            Self::Over => "over",
            Self::SignedOut => "signed-out",
        }
    }

    /// `as_of_ms` is when the page was read last.
    fn says(self, as_of_ms: f64) -> String {
        match self {
            Self::Connecting => "Connecting…".to_owned(),
            Self::Live => "Live: what others write appears here by itself.".to_owned(),
            Self::Lost => format!("The connection was lost; trying again. As of {}.", clock(as_of_ms)),
            Self::Asking => {
                format!("There is no live connection; this page looks again every 15 s. As of {}.", clock(as_of_ms))
            }
            Self::Paused(0) => "Paused. Nothing new so far.".to_owned(),
            Self::Paused(1) => "Paused. One change waits.".to_owned(),
            Self::Paused(waiting) => format!("Paused. {waiting} changes wait."),
            Self::Begun => "This run has begun. What you typed is still here.".to_owned(),
            Self::Over => "This run does not go on any more. What you typed is still here.".to_owned(),
            Self::SignedOut => "You are signed out. What you typed is still here.".to_owned(),
        }
    }

    /// `news` is what the page does not show yet; empty without any.
    pub fn show(self, as_of_ms: f64, news: &str) {
        let says = self.says(as_of_ms);
        show_state(news, &says);
        let is_at_end = matches!(self, Self::Begun | Self::Over | Self::SignedOut);
        if let Some(panel) = document().get_element_by_id("live") {
            let is_news = panel.get_attribute("data-state").as_deref() != Some(self.word());
            // Whoever does not see the page is told that it does not go on by itself.
            if is_news && (is_at_end || self == Self::Asking) {
                put("live-said", &says);
            }
            _ = panel.set_attribute("data-state", self.word());
            mark_title(self == Self::Live && panel.get_attribute("data-of").as_deref() == Some("live"));
        }
        let is_paused = matches!(self, Self::Paused(_));
        put("live-pause", if is_paused { "Resume updates" } else { "Pause updates" });
        hide("live-pause", is_at_end);
        hide("live-reload", !is_at_end);
    }
}

fn show_state(news: &str, says: &str) {
    put("live-state", format!("{news} {says}").trim_start());
    if let Some(state) = document().get_element_by_id("live-state") {
        state.set_class_name(if news.is_empty() { "muted" } else { "error" });
    }
}

fn mark_title(is_live: bool) {
    let shown = document().title();
    let plain = shown.strip_prefix(MARK).unwrap_or(&shown);
    let wanted = if is_live { format!("{MARK}{plain}") } else { plain.to_owned() };
    if wanted != shown {
        document().set_title(&wanted);
    }
}

fn hide(id: &str, is_hidden: bool) {
    let Some(element) = document().get_element_by_id(id) else { return };
    _ = if is_hidden { element.set_attribute("hidden", "") } else { element.remove_attribute("hidden") };
}

/// By the browser's own clock and zone.
fn clock(at_ms: f64) -> String {
    Date::new(&JsValue::from_f64(at_ms)).to_locale_time_string("en-GB").into()
}

/// What the stream says of those who have the page open.
pub fn show_people(data: &str) {
    let Ok(people) = JSON::parse(data) else { return };
    let name = |person: JsValue| Reflect::get(&person, &"name".into()).ok()?.as_string();
    let names: Vec<String> = Array::from(&people).iter().filter_map(name).collect();
    let said = if names.is_empty() { String::new() } else { format!("Has this page open: {}.", names.join(", ")) };
    put("live-people", &said);
}
