//! What was done to a record, by whom and when, in plain words.

use leptos::prelude::*;

use crate::parts::because::readable;
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
        // What Retrial tells by itself has instants as machines write them; people's words stay as they are.
        let by_itself = line.through == Some(Via::System.word());
        let text = line.text.map(|text| if by_itself { readable(&text, &times.zone) } else { text });
        view! {
            <li>
                <span class="muted">{times.when(line.at)}</span>
                " "
                <strong>{line.who}</strong>
                " "
                {line.did}
                {line.through.map(|door| format!(" (by {door})"))}
                {text.map(|text| view! { <Prose text=text/> })}
            </li>
        }
    });
    view! { <ol class="plain" aria-label=label>{items.collect_view()}</ol> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_retrial_tells_has_the_readers_zone_and_what_people_wrote_stays() {
        let says = "RUN-4 passed and speaks for EXP-1 until 2026-12-12T10:00:00Z.";
        let line = |through| Done {
            at: Moment::from_micros(0),
            who: "Retrial".into(),
            did: "told".into(),
            text: Some(says.into()),
            through,
        };
        let times = || Times { zone: "Europe/Berlin".into(), now: 0 };
        let html = |through| {
            let lines = vec![line(through)];
            Owner::new().with(|| view! { <History label="History" lines=lines times=times()/> }.to_html())
        };
        assert!(html(Some(Via::System.word())).contains("12 Dec 2026, 11:00 CET"), "{}", html(Some("system")));
        assert!(html(None).contains("2026-12-12T10:00:00Z"), "{}", html(None));
    }
}
