//! Decides when the page is asked for again, and shows how things stand.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{document, set_interval, set_timeout, window};
use web_sys::js_sys::{Date, Math};
use web_sys::{Document, EventSource, XmlHttpRequest, XmlHttpRequestResponseType};

use super::haste::{Haste, REST_MS};
use super::held::Held;
use super::said::{Saying, Shown, put};
use super::words::State;
use super::{stream, swap};
use crate::drafts::sending::on;
use crate::ticking;

/// Without a stream.
const ASK_MS: f64 = 15_000.0;
/// After an asking that came to nothing though the stream goes on.
const MISSED_MS: f64 = 5_000.0;
/// A connection that is cut may never say so, and nothing else is asked meanwhile.
const ANSWER_MS_MAX: u32 = 15_000;
/// The server says every 15 s that it is there.
const SILENT_MS: f64 = 40_000.0;
/// A browser keeps six connections to a server: pages that nobody sees give theirs back.
const UNSEEN_MS: f64 = 15_000.0;
/// After an answer that was a no, doubled with each further one.
const RETRY_MS: f64 = 1_000.0;
const RETRY_MS_MAX: f64 = 30_000.0;
/// Failures in a row after which the page asks by itself.
const FAILURES_MAX: u32 = 2;

pub struct Watcher {
    /// The page's own address.
    page: String,
    /// That of its event stream.
    pub events: String,
    /// The last line that is known.
    pub after: Cell<i64>,
    /// What follows from the clock or is measured changes without a line.
    again_ms: f64,
    source: RefCell<Option<EventSource>>,
    request: XmlHttpRequest,
    is_connected: Cell<bool>,
    was_connected: Cell<bool>,
    failures: Cell<u32>,
    /// Changes that wait while the page is paused.
    paused: Cell<Option<u32>>,
    /// Nothing comes any more.
    end: Cell<Option<State>>,
    /// An answer is on the way.
    is_asking: Cell<bool>,
    /// What was asked last has brought no page.
    came_to_nothing: Cell<bool>,
    /// Asking is arranged already.
    due: Cell<Option<Haste>>,
    /// Rises with whatever is arranged: what is urgent takes the place of what is not.
    arranged: Cell<u32>,
    /// Asked again once the answer is here that is on the way.
    again: Cell<Option<Haste>>,
    /// Said of a line that the page does not show yet.
    news: RefCell<String>,
    heard_at: Cell<f64>,
    asked_at: Cell<f64>,
    read_at: Cell<f64>,
    retry_at: Cell<f64>,
    hidden_at: Cell<Option<f64>>,
    saying: Saying,
}

pub fn start(page: String, events: String, after: i64, again_s: u32) {
    let Ok(request) = XmlHttpRequest::new() else { return };
    let now = Date::now();
    let watcher = Rc::new(Watcher {
        page,
        events,
        after: Cell::new(after),
        again_ms: f64::from(again_s) * 1_000.0,
        source: RefCell::default(),
        request,
        is_connected: Cell::new(false),
        was_connected: Cell::new(false),
        failures: Cell::new(0),
        paused: Cell::new(None),
        end: Cell::new(None),
        is_asking: Cell::new(false),
        came_to_nothing: Cell::new(false),
        due: Cell::new(None),
        arranged: Cell::new(0),
        again: Cell::new(None),
        news: RefCell::default(),
        heard_at: Cell::new(now),
        asked_at: Cell::new(now - REST_MS),
        read_at: Cell::new(now),
        retry_at: Cell::new(0.0),
        hidden_at: Cell::new(None),
        saying: Saying::default(),
    });
    let answered = watcher.clone();
    on(&watcher.request, "loadend", move |_| answered.answered());
    let seen = watcher.clone();
    on(&document(), "visibilitychange", move |_| seen.seen());
    if let Some(button) = document().get_element_by_id("live-pause") {
        let pausing = watcher.clone();
        on(&button, "click", move |_| pausing.pause());
    }
    watcher.connect();
    set_interval(move || watcher.tick(), Duration::from_secs(1));
}

impl Watcher {
    fn connect(self: &Rc<Self>) {
        self.heard_at.set(Date::now());
        *self.source.borrow_mut() = stream::open(self);
        self.show();
    }

    fn disconnect(&self) {
        if let Some(source) = self.source.borrow_mut().take() {
            source.close();
        }
        self.is_connected.set(false);
    }

    pub fn opened(self: &Rc<Self>) {
        self.is_connected.set(true);
        self.failures.set(0);
        self.alive();
        // Lines come again by their numbers; what has none, like a freeze, was told to nobody meanwhile.
        if self.was_connected.replace(true) && self.paused.get().is_none() {
            self.ask_soon(Haste::Calm);
        }
        self.show();
    }

    pub fn alive(&self) {
        self.heard_at.set(Date::now());
    }

    pub fn failed(&self, is_closed: bool) {
        self.is_connected.set(false);
        self.failures.set(self.failures.get().saturating_add(1));
        if is_closed {
            self.disconnect();
            let doubled = RETRY_MS * f64::from(1_u32 << self.failures.get().min(5));
            self.retry_at.set(Date::now() + doubled.min(RETRY_MS_MAX) * (0.5 + Math::random()));
        }
        self.show();
    }

    pub fn signed_out(&self) {
        self.finish(State::SignedOut);
    }

    fn finish(&self, end: State) {
        self.end.set(Some(end));
        self.disconnect();
        self.show();
    }

    /// Something is new.
    pub fn changed(self: &Rc<Self>, haste: Haste) {
        self.alive();
        if let Some(waiting) = self.paused.get() {
            self.paused.set(Some(waiting + 1));
            self.show();
        } else {
            self.ask_soon(haste);
        }
    }

    /// Says at once what the page shows only once it is here.
    pub fn tell(&self, news: &str) {
        let mut all = self.news.borrow_mut();
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(news);
        drop(all);
        // Otherwise the page is here in a moment, and reads it out with all that it says.
        if self.paused.get().is_some() || self.came_to_nothing.get() {
            self.read_news_out();
        }
        self.show();
    }

    fn read_news_out(&self) {
        let news = self.news.borrow();
        if !news.is_empty() {
            put("live-urgent", &news);
        }
    }

    fn ask_soon(self: &Rc<Self>, haste: Haste) {
        if self.is_asking.get() {
            self.again.set(self.again.get().max(Some(haste)));
            return;
        }
        if self.due.get() >= Some(haste) {
            return;
        }
        self.due.set(Some(haste));
        let number = self.arranged.get().wrapping_add(1);
        self.arranged.set(number);
        let wait_ms = haste.wait_ms(Date::now() - self.asked_at.get(), Math::random());
        let watcher = self.clone();
        let ask = move || {
            if watcher.arranged.get() == number {
                watcher.ask();
            }
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "some hundred milliseconds, never below 0"
        )]
        let wait = Duration::from_millis(wait_ms as u64);
        set_timeout(ask, wait);
    }

    fn ask(&self) {
        self.due.set(None);
        self.asked_at.set(Date::now());
        let opened = self.request.open("GET", &self.address());
        self.request.set_response_type(XmlHttpRequestResponseType::Document);
        self.request.set_timeout(ANSWER_MS_MAX);
        let is_sent = opened.is_ok() && self.request.send().is_ok();
        self.is_asking.set(is_sent);
        if !is_sent {
            self.came_to_nothing.set(true);
        }
    }

    /// A form that came back shows the run's page at its own address.
    fn is_come_back(&self) -> bool {
        window().location().pathname().is_ok_and(|path| path != self.page)
    }

    fn address(&self) -> String {
        let query = window().location().search().unwrap_or_default();
        if self.is_come_back() { self.page.clone() } else { format!("{}{query}", self.page) }
    }

    fn answered(self: &Rc<Self>) {
        self.is_asking.set(false);
        let page = self.request.response_xml().ok().flatten();
        let is_taken = self.request.status() == Ok(200) && page.is_some_and(|page| self.take(&page));
        self.came_to_nothing.set(!is_taken);
        if !is_taken {
            self.read_news_out();
        }
        self.show();
        match self.again.take() {
            Some(Haste::Urgent) => self.ask(),
            Some(Haste::Calm) => self.ask_soon(Haste::Calm),
            None => {}
        }
    }

    /// False if it is no page of the notebook: somebody between it and the browser answered.
    fn take(&self, page: &Document) -> bool {
        if self.end.get().is_some() || self.paused.get().is_some() {
            return true;
        }
        let Some(new) = page.get_element_by_id("main") else { return false };
        let Some(of) = page_of(page) else {
            // Whoever is signed out is led elsewhere.
            let is_run = self.request.response_url().split('?').next().is_some_and(|url| url.ends_with(&self.page));
            self.finish(if is_run { State::Over } else { State::SignedOut });
            return true;
        };
        // Another page has islands of its own, which wake only when it is loaded.
        if page_of(&document()).is_some_and(|own| own != of) {
            self.finish(State::Begun);
            return true;
        }
        if let Some(old) = document().get_element_by_id("main") {
            let before = Shown::now();
            swap::children(&Held::now(self.is_come_back()), &old, &new);
            self.saying.hear(&before, Shown::now());
            self.saying.speak(Date::now());
        }
        // A page that was asked for before the line came may not show it.
        if self.again.get().is_none() {
            self.news.borrow_mut().clear();
        }
        self.read_at.set(Date::now());
        true
    }

    fn pause(self: &Rc<Self>) {
        if self.paused.get().is_some() {
            self.paused.set(None);
            self.ask_soon(Haste::Calm);
        } else {
            self.paused.set(Some(0));
        }
        self.show();
    }

    fn seen(self: &Rc<Self>) {
        if document().hidden() {
            self.hidden_at.set(Some(Date::now()));
        } else {
            self.hidden_at.set(None);
            if self.source.borrow().is_none() && self.end.get().is_none() {
                self.connect();
                self.changed(Haste::Calm);
            }
        }
    }

    /// Every second.
    fn tick(self: &Rc<Self>) {
        if self.end.get().is_some() {
            return;
        }
        let now = Date::now();
        ticking::tick(now - self.read_at.get());
        if let Some(since) = self.hidden_at.get() {
            if now - since > UNSEEN_MS {
                self.disconnect();
            }
            return;
        }
        if now - self.heard_at.get() > SILENT_MS {
            self.disconnect();
            self.retry_at.set(now);
        }
        if self.source.borrow().is_none() && now >= self.retry_at.get() {
            self.connect();
        }
        let every = match (self.is_connected.get(), self.came_to_nothing.get()) {
            (true, true) => MISSED_MS,
            (true, false) => self.again_ms,
            (false, _) => ASK_MS,
        };
        if self.paused.get().is_none() && now - self.asked_at.get() > every {
            self.ask_soon(Haste::Calm);
        }
        self.saying.speak(now);
    }

    fn state(&self) -> State {
        if let Some(end) = self.end.get() {
            return end;
        }
        if let Some(waiting) = self.paused.get() {
            return State::Paused(waiting);
        }
        match (self.is_connected.get(), self.was_connected.get()) {
            // Lines come, and the page they belong to does not.
            (true, _) if self.came_to_nothing.get() => State::Lost,
            (true, _) => State::Live,
            (false, _) if self.failures.get() >= FAILURES_MAX => State::Asking,
            (false, true) => State::Lost,
            (false, false) => State::Connecting,
        }
    }

    fn show(&self) {
        self.state().show(self.read_at.get(), &self.news.borrow());
    }
}

/// The word of a page that watches a run; None for any other page.
fn page_of(document: &Document) -> Option<String> {
    document.get_element_by_id("live")?.get_attribute("data-of")
}
