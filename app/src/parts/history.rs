//! What was done to a record, by whom and when, in plain words.

use leptos::prelude::*;

use crate::parts::prose::Prose;
use crate::times::Times;
use notebook::actor::Via;
use notebook::events::Entry;
use notebook::time::Moment;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub at: Moment,
    pub who: String,
    /// Follows the name: "approved EXP-1@2".
    pub did: String,
    /// What they wrote with it.
    pub text: Option<String>,
    /// The door, where it was not a form.
    pub through: Option<&'static str>,
}

/// Who did it. What the clock does is nobody's.
pub fn who(entry: &Entry) -> String {
    match (entry.name.as_str(), entry.via) {
        ("", Via::System) => "Retrial".to_owned(),
        ("", _) => "The operator".to_owned(),
        (name, _) => name.to_owned(),
    }
}

impl Done {
    pub fn of(entry: &Entry, did: impl Into<String>, text: Option<String>) -> Self {
        let who = who(entry);
        let through = (entry.via != Via::Form).then(|| entry.via.word());
        Self { at: entry.at, who, did: did.into(), text, through }
    }
}

/// Newest first; `lines` come oldest first, as the notebook keeps them.
#[component]
pub fn History(
    /// What it is of, for screen readers: "History of kafka".
    #[prop(into)]
    label: String,
    lines: Vec<Done>,
    times: Times,
) -> impl IntoView {
    let items = lines.into_iter().rev().map(move |line| {
        view! {
            <li>
                <span class="muted">{times.when(line.at)}</span>
                " "
                <strong>{line.who}</strong>
                " "
                {line.did}
                {line.through.map(|door| format!(" (by {door})"))}
                {line.text.map(|text| view! { <Prose text=text/> })}
            </li>
        }
    });
    view! { <ol class="plain" aria-label=label>{items.collect_view()}</ol> }.into_any()
}
