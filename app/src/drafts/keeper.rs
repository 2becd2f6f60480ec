//! Keeps drafts in the browser's own store, one entry for each form of each person.
//!
//! A form is known by its address and the hidden fields that tell it apart, not by the page it
//! stands on: a form that was refused stands on another page than before, and is the same form.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, Storage, js_sys::Date};

use super::controls;
use super::kept::{self, DRAFT_BYTES_MAX, DRAFTS_MAX, Draft, Fields};
use super::offer::{self, Answer};
use super::sending::on;
use crate::keys::steps::KEPT_AS;
use crate::notes::kept as notes;

const PREFIX: &str = "retrial.draft|";
/// In the store of this one tab: the form that was sent last.
const SENT: &str = "retrial.sent";
const LOGOUT: &str = "/logout";

/// One form of this page.
struct Form {
    element: HtmlFormElement,
    key: String,
    /// What it showed when the page came.
    shown: Fields,
    /// Whether the newest kept draft is what is typed here now.
    is_own: Cell<bool>,
    offer: RefCell<Option<Element>>,
}

struct Keeper {
    store: Storage,
    forms: Vec<Form>,
}

pub fn start(who: i64, taken: &str) {
    let Some(store) = window().local_storage().ok().flatten().filter(|_| who > 0) else { return };
    forget_old(&store);
    forget_taken(&store, who, taken);
    let keeper = Rc::new(Keeper { store, forms: forms(who) });
    for index in 0..keeper.forms.len() {
        offer(&keeper, index);
    }
    let typing = keeper.clone();
    on(&document(), "input", move |event| {
        if let Some(form) = typing.form_of(&event) {
            typing.keep(form);
        }
    });
    on(&document(), "submit", move |event| {
        if let Some(form) = keeper.form_of(&event) {
            remember_sent(&form.key);
        }
        let target = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if target.and_then(|form| form.get_attribute("action")).as_deref() == Some(LOGOUT) {
            // Not for whoever sits here next.
            for prefix in [PREFIX, notes::PREFIX, KEPT_AS] {
                for key in keys(&keeper.store, prefix) {
                    _ = keeper.store.remove_item(&key);
                }
            }
        }
    });
}

fn key(who: i64, action: &str, which: &str) -> String {
    format!("{PREFIX}{who}|{action}|{which}")
}

fn forms(who: i64) -> Vec<Form> {
    let Ok(nodes) = document().query_selector_all("form[method=post]") else { return Vec::new() };
    let elements = (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into::<HtmlFormElement>().ok());
    let typed_in = elements.filter(controls::can_be_typed_in);
    let form = |element: HtmlFormElement| Form {
        key: key(who, &element.get_attribute("action").unwrap_or_default(), &controls::which(&element)),
        shown: controls::fields(&element),
        is_own: Cell::new(false),
        offer: RefCell::new(None),
        element,
    };
    typed_in.map(form).collect()
}

fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for the next 292 million years")]
    let now = Date::now() as i64;
    now
}

impl Keeper {
    fn form_of(&self, event: &Event) -> Option<&Form> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let element = target.closest("form").ok()??;
        self.forms.iter().find(|form| form.element.is_same_node(Some(&element)))
    }

    fn drafts(&self, form: &Form) -> Vec<Draft> {
        self.store.get_item(&form.key).ok().flatten().map(|text| kept::read(&text)).unwrap_or_default()
    }

    fn write(&self, form: &Form, drafts: &[Draft]) {
        // A full store keeps what it has; the form itself still holds the text.
        _ = if drafts.is_empty() {
            self.store.remove_item(&form.key)
        } else {
            self.store.set_item(&form.key, &kept::written(drafts))
        };
    }

    /// At every key. An older draft that is still on offer stays below the new one.
    fn keep(&self, form: &Form) {
        let fields = controls::fields(&form.element);
        if fields.iter().map(|(_, value)| value.len()).sum::<usize>() > DRAFT_BYTES_MAX {
            return;
        }
        let mut drafts = self.drafts(form);
        if form.is_own.get() && !drafts.is_empty() {
            drafts.remove(0);
        }
        let says_more = kept::differs(&fields, &form.shown);
        if says_more {
            drafts.insert(0, Draft { at_ms: now_ms(), fields });
            drafts.truncate(DRAFTS_MAX);
        }
        form.is_own.set(says_more);
        self.write(form, &drafts);
    }

    /// The newest draft that nobody typed on this page and that says something else.
    fn offered(&self, form: &Form) -> Option<Draft> {
        let mut drafts = self.drafts(form).into_iter().skip(usize::from(form.is_own.get()));
        drafts.find(|draft| kept::differs(&draft.fields, &form.shown))
    }

    fn drop_draft(&self, form: &Form, gone: &Draft) {
        let left: Vec<Draft> = self.drafts(form).into_iter().filter(|draft| draft != gone).collect();
        self.write(form, &left);
    }
}

fn offer(keeper: &Rc<Keeper>, index: usize) {
    let Some(form) = keeper.forms.get(index) else { return };
    let Some(draft) = keeper.offered(form) else { return };
    let answering = keeper.clone();
    let answer = move |answer: Answer, draft: &Draft| answered(&answering, index, answer, draft);
    *form.offer.borrow_mut() = offer::show(&form.element, draft, answer);
}

fn answered(keeper: &Rc<Keeper>, index: usize, answer: Answer, draft: &Draft) {
    let Some(form) = keeper.forms.get(index) else { return };
    if let Some(shown) = form.offer.borrow_mut().take() {
        shown.remove();
    }
    match answer {
        Answer::Restore => {
            // What was typed here meanwhile is kept as the newest draft: it can come back, too.
            form.is_own.set(false);
            let left = controls::fill(&form.element, &draft.fields);
            keeper.drop_draft(form, draft);
            keeper.keep(form);
            *form.offer.borrow_mut() = offer::restored(&form.element, &left);
        }
        Answer::Discard => {
            keeper.drop_draft(form, draft);
            offer(keeper, index);
        }
    }
}

fn remember_sent(key: &str) {
    if let Some(tab) = window().session_storage().ok().flatten() {
        _ = tab.set_item(SENT, key);
    }
}

/// The form that the notebook took has no draft any more.
fn forget_taken(store: &Storage, who: i64, taken: &str) {
    if taken.is_empty() {
        return;
    }
    let tab = window().session_storage().ok().flatten();
    let sent = tab.as_ref().and_then(|tab| tab.get_item(SENT).ok().flatten());
    let of_this_form = key(who, taken, "");
    let gone = sent.filter(|sent| sent.starts_with(&of_this_form)).unwrap_or(of_this_form);
    _ = store.remove_item(&gone);
    if let Some(tab) = tab {
        _ = tab.remove_item(SENT);
    }
}

fn keys(store: &Storage, prefix: &str) -> Vec<String> {
    let all = (0..store.length().unwrap_or(0)).filter_map(|index| store.key(index).ok().flatten());
    all.filter(|key| key.starts_with(prefix)).collect()
}

fn forget_old(store: &Storage) {
    let now = now_ms();
    for key in keys(store, PREFIX) {
        let drafts = store.get_item(&key).ok().flatten().map(|text| kept::read(&text)).unwrap_or_default();
        if drafts.iter().all(|draft| kept::is_old(draft, now)) {
            _ = store.remove_item(&key);
        }
    }
}
