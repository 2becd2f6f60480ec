//! Takes what is written into the composer, keeps it, and sends it in order until the notebook has it.
//!
//! A note is in the browser's store before anything is sent, so a tab that is killed loses none. Tabs share
//! the store: two that send the same note send the same key, and it is taken once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::js_sys::{Date, Math};
use web_sys::{Event, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, Storage};

use super::kept::{self, Note, State, prefix};
use super::sending::{self, Outcome};
use super::shown::{self, Answer, Place, instant};
use crate::drafts::controls::{self, was_typed_in};
use crate::drafts::kept::Fields;
use crate::drafts::sending::on;

/// In the store of this one tab: what is to be said on the next page.
const SAID: &str = "retrial.said";
/// Between tries while somebody waits.
const AGAIN_MS: u64 = 5_000;
/// What is refused so soon is still in the mind of whoever wrote it.
const FRESH_MS: i64 = 60_000;

struct Queue {
    store: Storage,
    who: i64,
    form: HtmlFormElement,
    action: String,
    skew_ms: i64,
    place: Place,
    is_sending: Cell<bool>,
    /// A try is planned.
    is_due: Cell<bool>,
    state: Cell<State>,
    /// Said of the note that just came back.
    came_back: RefCell<String>,
    newest: Cell<Option<i64>>,
    /// The form that a command asked for.
    opens: RefCell<Option<String>>,
    /// What the notebook understood of each note that it took.
    said: RefCell<Vec<String>>,
}

pub fn start(who: i64, form: &str, action: String, now_ms: i64) {
    let form = document().get_element_by_id(form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let store = window().local_storage().ok().flatten().filter(|_| who > 0);
    let Some((store, form)) = store.zip(form) else { return };
    let Some(place) = Place::below(&form) else { return };
    let queue = Rc::new(Queue {
        store,
        who,
        action,
        skew_ms: kept::skew_ms(now_ms, asked_ms(), device_ms()),
        place,
        is_sending: Cell::new(false),
        is_due: Cell::new(false),
        state: Cell::new(State::Sending),
        came_back: RefCell::new(told_before()),
        newest: Cell::new(None),
        opens: RefCell::default(),
        said: RefCell::default(),
        form,
    });
    let (writing, back) = (queue.clone(), queue.clone());
    // On the form itself, so before whoever listens to the whole document.
    on(&queue.form, "submit", move |event| {
        if writing.write(&event).is_some() {
            send(&writing);
        }
    });
    on(&window(), "online", move |_| send(&back));
    send(&queue);
}

/// What was understood, once: the page was asked for anew because of it.
fn told_before() -> String {
    let Some(tab) = window().session_storage().ok().flatten() else { return String::new() };
    let said = tab.get_item(SAID).ok().flatten().unwrap_or_default();
    _ = tab.remove_item(SAID);
    said
}

fn device_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for the next 292 million years")]
    let now = Date::now() as i64;
    now
}

/// When the browser began to ask for this page.
fn asked_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the milliseconds of one page are few")]
    let passed = window().performance().map_or(0.0, |clock| clock.now()) as i64;
    device_ms() - passed
}

/// Not a secret: it tells apart what one person writes.
fn new_key(at_ms: i64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a random number below 2^32")]
    let word = || (Math::random() * f64::from(u32::MAX)) as u32;
    format!("note-{at_ms:x}-{:08x}{:08x}", word(), word())
}

impl Queue {
    /// Keeps what stands in the form and empties it, unless the notebook would not understand it. None if it could
    /// not be kept: then the form is sent as it would be without any of this.
    fn write(&self, event: &Event) -> Option<()> {
        if event.default_prevented() {
            return None;
        }
        let at_ms = device_ms();
        let fields = kept::fixed(&controls::fields(&self.form), at_ms + self.skew_ms, instant);
        let note = Note { at_ms, key: new_key(at_ms), action: self.action.clone(), fields, refused: String::new() };
        if note.text().trim().is_empty() {
            return None;
        }
        if let Some(says) = kept::unknown(note.text()) {
            event.prevent_default();
            *self.came_back.borrow_mut() = says;
            return Some(());
        }
        self.store.set_item(&note.name(self.who), &note.written()).ok()?;
        event.prevent_default();
        self.came_back.borrow_mut().clear();
        self.empty_form();
        Some(())
    }

    fn empty_form(&self) {
        self.form.reset();
        // A form that came back begins with what was typed: the next note is of another time.
        if let Ok(Some(at)) = self.form.query_selector("input[name=at]")
            && let Some(at) = at.dyn_ref::<HtmlInputElement>()
        {
            at.set_value("");
        }
        let Some(text) = self.text_area() else { return };
        text.set_value("");
        was_typed_in(&text);
        _ = text.focus();
    }

    fn text_area(&self) -> Option<HtmlTextAreaElement> {
        self.form.query_selector("textarea[name=text]").ok()??.dyn_into().ok()
    }

    /// All notes of this person, of whatever run, in the order written.
    fn notes(&self) -> Vec<Note> {
        let own = prefix(self.who);
        self.kept(|name| name.starts_with(&own))
    }

    /// How many notes of other people wait here.
    fn of_others(&self) -> usize {
        let others = self.kept(|name| kept::is_of_another(name, self.who));
        others.iter().filter(|note| note.refused.is_empty()).count()
    }

    fn kept(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<Note> {
        let all = (0..self.store.length().unwrap_or(0)).filter_map(|index| self.store.key(index).ok().flatten());
        let mut names: Vec<String> = Vec::new();
        // A few: sorting them as one sorts thousands would be kilobytes in the browser.
        for name in all.filter(|name| is_wanted(name)) {
            names.insert(names.partition_point(|other| *other < name), name);
        }
        names.iter().filter_map(|name| Note::read(&self.store.get_item(name).ok().flatten()?)).collect()
    }

    fn waiting(&self) -> Vec<Note> {
        self.notes().into_iter().filter(|note| note.refused.is_empty()).collect()
    }

    fn drop_note(&self, note: &Note) {
        _ = self.store.remove_item(&note.name(self.who));
    }

    fn is_form_empty(&self) -> bool {
        self.text_area().is_none_or(|text| text.value().trim().is_empty())
    }

    /// A note that is refused at once goes back to where it was written; a later one waits for an answer.
    fn refuse(&self, note: &Note, why: String) {
        let is_fresh = device_ms() - note.at_ms < FRESH_MS;
        if is_fresh && note.action == self.action && self.is_form_empty() {
            self.put_back(note, false);
            *self.came_back.borrow_mut() = format!("Not taken; your text is back in the form. {why}");
        } else {
            let refused = Note { refused: why, ..note.clone() };
            _ = self.store.set_item(&refused.name(self.who), &refused.written());
        }
    }

    /// Into the form again; with the time of writing, if that was long ago.
    fn put_back(&self, note: &Note, keeps_time: bool) {
        let written = instant(note.at_ms + self.skew_ms);
        let is_kept = |value: &String| keeps_time || *value != written;
        let fields: Fields = note.fields.iter().filter(|(_, value)| is_kept(value)).cloned().collect();
        controls::fill(&self.form, &fields);
        self.drop_note(note);
        if keeps_time
            && let Ok(Some(at)) = self.form.query_selector("[name=at]")
            && let Ok(Some(folded)) = at.closest("details")
        {
            _ = folded.set_attribute("open", "");
        }
        if let Some(text) = self.text_area() {
            was_typed_in(&text);
            _ = text.focus();
        }
    }
}

fn show(queue: &Rc<Queue>) {
    let notes = queue.notes();
    let waiting = notes.iter().filter(|note| note.refused.is_empty()).count();
    let said = Some(queue.came_back.borrow().clone()).filter(|said| !said.is_empty());
    let waits = [kept::words(queue.state.get(), waiting), kept::words_of_others(queue.of_others())];
    let sentence = said.into_iter().chain(waits.into_iter().flatten()).collect::<Vec<_>>().join(" ");
    let answering = queue.clone();
    let answer = move |answer: Answer, note: &Note| {
        match answer {
            Answer::Back if note.action == answering.action => answering.put_back(note, true),
            // It was written on the page of another run.
            Answer::Back => {
                _ = window().location().assign(note.page());
            }
            Answer::Discard => answering.drop_note(note),
        }
        show(&answering);
    };
    shown::show(&queue.place, &sentence, &notes, &answer);
}

/// Sends the first one that waits, and the next one after it.
fn send(queue: &Rc<Queue>) {
    // Whoever signs in next may be somebody else: the page is asked for anew before more is sent.
    if queue.is_sending.get() || queue.state.get() == State::SignedOut {
        show(queue);
        return;
    }
    let Some(note) = queue.waiting().into_iter().next() else {
        show(queue);
        return;
    };
    queue.is_sending.set(true);
    show(queue);
    let queue = queue.clone();
    spawn_local(async move {
        let outcome = sending::send(queue.who, &note).await;
        queue.is_sending.set(false);
        came(&queue, &note, outcome);
    });
}

fn came(queue: &Rc<Queue>, note: &Note, outcome: Outcome) {
    match outcome {
        Outcome::Taken { number, said, opens } => {
            queue.drop_note(note);
            queue.said.borrow_mut().push(said);
            queue.state.set(State::Sending);
            if note.action == queue.action {
                queue.newest.set(number.or(queue.newest.get()));
                if opens.is_some() {
                    *queue.opens.borrow_mut() = opens;
                }
            }
            if queue.waiting().is_empty() || goes_on_there(queue, note) {
                finish(queue);
            } else {
                send(queue);
            }
        }
        Outcome::Refused(why) => {
            queue.refuse(note, why);
            send(queue);
        }
        Outcome::Later(state) => {
            queue.state.set(state);
            show(queue);
            if state != State::SignedOut {
                again(queue);
            }
        }
    }
}

/// The form to abort is on the run's own page, which sends what is left: nobody waits for that.
fn goes_on_there(queue: &Queue, note: &Note) -> bool {
    queue.opens.borrow().as_ref().is_some_and(|page| page.starts_with(note.page()))
}

fn again(queue: &Rc<Queue>) {
    if queue.is_due.replace(true) {
        return;
    }
    let queue = queue.clone();
    let next = move || {
        queue.is_due.set(false);
        send(&queue);
    };
    set_timeout(next, Duration::from_millis(AGAIN_MS));
}

/// The page brings itself up to date.
fn is_watched() -> bool {
    document().get_element_by_id("live").is_some()
}

/// Everything is written: the page is asked for anew, unless it shows that by itself or somebody is writing
/// the next note.
fn finish(queue: &Rc<Queue>) {
    let opens = queue.opens.take();
    let (location, said) = (window().location(), kept::told(&queue.said.take()));
    if opens.is_none() && (is_watched() || !queue.is_form_empty()) {
        let hint = if is_watched() { "" } else { " Load the page again to see it." };
        *queue.came_back.borrow_mut() = format!("{said}{hint}");
        show(queue);
        return;
    }
    if let Some(tab) = window().session_storage().ok().flatten() {
        _ = tab.set_item(SAID, &said);
    }
    if let Some(page) = opens {
        _ = location.assign(&page);
        // Where that is the page that is open already, nothing is loaded.
        again(queue);
        return;
    }
    if let Some(number) = queue.newest.get() {
        _ = location.set_hash(&format!("o{number}"));
    }
    _ = location.reload();
}
