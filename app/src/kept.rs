//! What was typed into a form that did not go through: beside what stands now, and in as many
//! rows as there were.

use leptos::prelude::*;
use notebook::refusal::Refusal;

use crate::ask::Returned;
use crate::form::FormState;
use crate::parts::meanwhile::{Both, Meanwhile};
use crate::seen::mention::mentioned;

/// The door's field that asks for further blank rows; its value is the list's name.
pub const MORE_ROWS: &str = "_rows";

/// The same field, before the id of what was seen before and is put aside; alone it takes all of it back.
pub const ASIDE: &str = "aside:";

/// The same field, before the name of a text of the form and the id that is put into it: `mention:notes:FND-1`.
pub const MENTION: &str = "mention:";

/// The texts of a form with the id that was asked for, once, however often it is asked for.
pub fn mention(values: &mut [(String, String)], asked: &str) {
    let Some((field, id)) = asked.split_once(':') else { return };
    let said = mentioned("", id);
    if let Some((_, written)) = values.iter_mut().find(|(name, _)| name == field)
        && !written.lines().any(|line| line.trim() == said)
    {
        *written = mentioned(written, id);
    }
}

fn returned(action: &str) -> Option<Returned> {
    use_context::<Returned>().filter(|returned| returned.action == action)
}

/// Whether somebody else saved while this form was open.
pub fn is_overtaken(action: &str) -> bool {
    returned(action).is_some_and(|returned| matches!(returned.refusal, Some(Refusal::Stale { .. })))
}

/// The version a form began from. Once it is overtaken and the present text was shown, it is the
/// present one: sending the form again is then a choice.
pub fn version(form: &FormState, present: &str) -> String {
    if is_overtaken(&form.action) { present.to_owned() } else { form.value("version", present) }
}

/// The rows of one list in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// Its fields are `name.0.field`.
    pub name: &'static str,
    /// Fields that a blank row has an answer for, too.
    pub choices: &'static [&'static str],
}

impl List {
    /// How many rows to show: those in which something is written, with `spare` blank ones below;
    /// and if somebody asked for more, below all there were.
    pub fn rows(&self, form: &FormState, own: usize, spare: usize) -> usize {
        let Some(returned) = returned(&form.action) else {
            return own + spare;
        };
        let asks_more = returned.values.iter().any(|(name, value)| name == MORE_ROWS && value == self.name);
        let sent = returned.values.iter().filter_map(|(name, value)| {
            let (index, field) = self.place(name)?;
            let is_written = !value.trim().is_empty() && !self.choices.contains(&field);
            (asks_more || is_written).then_some(index)
        });
        sent.max().map_or(0, |last| last + 1) + spare
    }

    /// Row and field of a name: `checks.2.unit`.
    fn place<'a>(&self, name: &'a str) -> Option<(usize, &'a str)> {
        let (index, field) = name.strip_prefix(self.name)?.strip_prefix('.')?.split_once('.')?;
        Some((index.parse().ok()?, field))
    }
}

/// The values of ticked boxes, which are sent as `list.0`, `list.3`; else the page's own.
pub fn ticked(form: &FormState, list: &str, own: &[String]) -> Vec<String> {
    returned(&form.action).map_or_else(|| own.to_vec(), |returned| in_list(&returned, list))
}

fn in_list(returned: &Returned, list: &str) -> Vec<String> {
    let start = format!("{list}.");
    returned.values.iter().filter(|(name, _)| name.starts_with(&start)).map(|(_, value)| value.clone()).collect()
}

/// One field as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Present {
    One {
        field: String,
        label: String,
        value: String,
    },
    /// Values in no order, sent as `field.0`, `field.1`.
    List {
        field: String,
        label: String,
        values: Vec<String>,
    },
}

impl Present {
    pub fn one(field: &str, label: &str, value: impl Into<String>) -> Self {
        Self::One { field: field.into(), label: label.into(), value: value.into() }
    }

    pub fn list(field: &str, label: &str, values: &[String]) -> Self {
        Self::List { field: field.into(), label: label.into(), values: values.to_vec() }
    }

    fn beside(self, returned: &Returned) -> Both {
        match self {
            Self::One { field, label, value } => {
                let sent = returned.values.iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone());
                Both::of(&label, sent.unwrap_or_default(), value)
            }
            Self::List { field, label, values } => {
                let sorted = |mut values: Vec<String>| {
                    values.sort();
                    values.join(", ")
                };
                Both::of(&label, sorted(in_list(returned, &field)), sorted(values))
            }
        }
    }
}

/// What was typed beside what stands now, for an overtaken form. Nothing for any other.
#[component]
pub fn Overtaken(action: String, present: Vec<Present>) -> impl IntoView {
    let returned = returned(&action).filter(|_| is_overtaken(&action))?;
    let fields = present.into_iter().map(|present| present.beside(&returned)).collect();
    Some(view! { <Meanwhile fields=fields/> })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALE: fn() -> Refusal = || Refusal::stale("Service", "kafka", 4);

    fn with<T>(values: &[(&str, &str)], refusal: Option<Refusal>, then: impl FnOnce() -> T) -> T {
        Owner::new().with(|| {
            let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            provide_context(Returned { action: "/a".into(), values, refusal, note: None });
            then()
        })
    }

    #[test]
    fn only_an_overtaken_form_moves_on_to_the_present_version() {
        let version = |refusal| with(&[("version", "3")], refusal, || version(&FormState::of("/a"), "4"));
        assert_eq!(version(Some(STALE())), "4");
        assert_eq!(version(Some(Refusal::unfit("name", "is empty"))), "3", "or a later save is overwritten unseen");
        assert_eq!(version(None), "3");
        assert_eq!(Owner::new().with(|| super::version(&FormState::of("/a"), "4")), "4");
    }

    #[test]
    fn an_overtaken_form_shows_what_differs_and_nothing_else() {
        let values = [("name", "Kafka "), ("owner", "Mine"), ("needs.0", "b"), ("needs.4", "a")];
        let html = with(&values, Some(STALE()), || {
            let present = vec![
                Present::one("name", "Name", "Kafka"),
                Present::one("owner", "Owner", "<b>Theirs"),
                Present::list("needs", "Needs", &["a", "b"].map(str::to_owned)),
            ];
            view! { <Overtaken action="/a".to_owned() present=present/> }.to_html()
        });
        assert!(html.contains("&lt;b&gt;Theirs") && html.contains("Mine"), "{html}");
        assert!(!html.contains("Kafka") && !html.contains("Needs"), "{html}");
    }

    #[test]
    fn an_id_is_put_into_the_text_that_is_named_and_only_once() {
        let mut values =
            [("title", "Mine"), ("notes", "Ask Ben.")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        for asked in ["notes:RUN-3#o1", "notes:RUN-3#o1", "notes:RUN-3#o12", "summary:FND-1", "FND-1"] {
            mention(&mut values, asked);
        }
        assert_eq!(values[1].1, "Ask Ben.\nSeen before: RUN-3#o1\nSeen before: RUN-3#o12");
        assert_eq!(values[0].1, "Mine", "and into no other one");
    }

    #[test]
    fn ticks_that_were_sent_replace_the_pages_own() {
        let own = ["kafka".to_owned()];
        let sent = with(&[("needs.2", "zookeeper"), ("needs_more", "x")], None, || {
            ticked(&FormState::of("/a"), "needs", &own)
        });
        assert_eq!(sent, ["zookeeper"]);
        let none = with(&[], None, || ticked(&FormState::of("/a"), "needs", &own));
        assert!(none.is_empty(), "every tick was taken away");
        assert_eq!(Owner::new().with(|| ticked(&FormState::of("/a"), "needs", &own)), own);
    }

    #[test]
    fn a_form_that_was_not_overtaken_shows_nothing_beside_it() {
        let html = with(&[], Some(Refusal::unfit("name", "is empty")), || {
            view! { <Overtaken action="/a".to_owned() present=vec![Present::one("name", "Name", "x")]/> }.to_html()
        });
        assert!(!html.contains("Name"), "{html}");
    }

    #[test]
    fn asking_for_more_rows_gives_blank_ones_below_those_that_were_there() {
        let sent = [
            ("checks.0.measure", "gap"),
            ("checks.3.measure", ""),
            ("checks.3.phase", "during"),
            ("signals.0.time", ""),
        ];
        let checks = List { name: "checks", choices: &["phase"] };
        let signals = List { name: "signals", choices: &[] };
        let rows = |asks: &[(&str, &str)], list: List, own: usize| {
            let values: Vec<_> = sent.iter().chain(asks).copied().collect();
            with(&values, None, || list.rows(&FormState::of("/a"), own, 3))
        };
        assert_eq!(rows(&[], checks, 2), 4, "a row with nothing but its usual choices is blank");
        assert_eq!(rows(&[(MORE_ROWS, "checks")], checks, 2), 7);
        assert_eq!(rows(&[(MORE_ROWS, "checks")], signals, 0), 3);
        assert_eq!(Owner::new().with(|| checks.rows(&FormState::of("/a"), 2, 3)), 5, "the page's own rows");
    }
}
