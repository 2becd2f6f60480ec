//! One form on a page: shows what came back with it, and the troubles beside its fields.

use leptos::prelude::*;
use notebook::refusal::{FieldTrouble, Refusal};

use crate::ask::{PageToken, Returned};
use crate::look::Look;
use crate::parts::error_summary::{ErrorSummary, FieldError};
use crate::parts::unclaimed::claim;

/// What a form shows: the page's own values, or what was sent and not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    pub action: String,
    /// The word its fields carry in their ids: the action with dashes.
    pub name: String,
    returned: Option<Returned>,
}

impl FormState {
    /// The form that is sent to this address.
    pub fn of(action: impl Into<String>) -> Self {
        let action = action.into();
        let name = action.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").to_lowercase();
        let returned = use_context::<Returned>().filter(|returned| returned.action == action);
        Self { action, name, returned }
    }

    pub fn came_back(&self) -> bool {
        self.returned.is_some()
    }

    /// What was sent for a field, else the page's own value.
    pub fn value(&self, field: &str, own: impl Into<String>) -> String {
        match &self.returned {
            Some(returned) => returned
                .values
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, value)| value.clone())
                .unwrap_or_default(),
            None => own.into(),
        }
    }

    /// All values sent under one name, else the page's own.
    pub fn values(&self, field: &str, own: impl IntoIterator<Item = String>) -> Vec<String> {
        match &self.returned {
            Some(returned) => {
                returned.values.iter().filter(|(name, _)| name == field).map(|(_, value)| value.clone()).collect()
            }
            None => own.into_iter().collect(),
        }
    }

    /// What was ticked of the boxes `prefix.0`, `prefix.1` …, else the page's own.
    pub fn listed(&self, prefix: &str, own: impl IntoIterator<Item = String>) -> Vec<String> {
        match &self.returned {
            Some(returned) => {
                let sent = returned.values.iter().filter(|(name, value)| {
                    let number = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'));
                    number.is_some_and(|number| number.parse::<usize>().is_ok()) && !value.trim().is_empty()
                });
                sent.map(|(_, value)| value.clone()).collect()
            }
            None => own.into_iter().collect(),
        }
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, field: &str, own: bool) -> bool {
        match &self.returned {
            Some(returned) => returned.values.iter().any(|(name, value)| name == field && !value.is_empty()),
            None => own,
        }
    }

    /// How many rows `prefix.0.…` to show: those sent or the page's own, and `spare` blank ones.
    pub fn rows(&self, prefix: &str, own: usize, spare: usize) -> usize {
        let start = format!("{prefix}.");
        let sent =
            self.returned.iter().flat_map(|returned| &returned.values).filter(|(_, value)| !value.trim().is_empty());
        let last =
            sent.filter_map(|(name, _)| name.strip_prefix(&start)?.split('.').next()?.parse::<usize>().ok()).max();
        last.map_or(own, |last| own.max(last + 1)) + spare
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<String> {
        let found = self.troubles().iter().find(|trouble| trouble.field == field)?;
        Some(sentence(&found.says))
    }

    fn troubles(&self) -> &[FieldTrouble] {
        self.returned.as_ref().and_then(|returned| returned.refusal.as_ref()).map_or(&[], Refusal::troubles)
    }

    /// Everything wrong, for the summary above the form.
    pub fn errors(&self) -> Vec<FieldError> {
        let Some(returned) = &self.returned else {
            return Vec::new();
        };
        let whole = |sentence: String| FieldError { field: String::new(), sentence };
        let mut errors: Vec<FieldError> = self
            .troubles()
            .iter()
            .map(|trouble| FieldError {
                field: trouble.field.clone(),
                sentence: format!("{}: {}", label(&trouble.field), sentence(&trouble.says)),
            })
            .collect();
        if errors.is_empty() {
            errors.extend(returned.refusal.as_ref().map(|refusal| whole(sentence(&refusal.to_string()))));
        }
        errors
    }

    fn note(&self) -> Option<String> {
        self.returned.as_ref()?.note.clone()
    }
}

/// "checks.0.threshold" is read as "Checks 1, threshold".
pub fn label(field: &str) -> String {
    let mut words = Vec::new();
    for part in field.split('.') {
        match part.parse::<usize>() {
            Ok(index) => words.push(format!("{},", index + 1)),
            Err(_) => words.push(part.replace('_', " ")),
        }
    }
    let text = words.join(" ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn sentence(clause: &str) -> String {
    let mut letters = clause.trim_end_matches('.').chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The form itself: sent by POST, one token a page, its errors on top. Children hold the fields
/// and the button.
#[component]
pub fn Form(
    state: FormState,
    #[prop(optional, into)] class: Option<String>,
    /// `multipart/form-data` for a form with a file.
    #[prop(optional)]
    enctype: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let token = use_context::<PageToken>().unwrap_or_default().0;
    let note = state.note();
    if state.came_back() {
        claim();
    }
    // Where the form stands: it is shown there again if it is not taken.
    let page = Look::here().path;
    view! {
        <form method="post" action=state.action.clone() class=class id=state.name.clone() enctype=enctype>
            <input type="hidden" name="_once" value=token/>
            <input type="hidden" name="_page" value=page/>
            {note.map(|note| view! { <p role="status"><strong>{note}</strong></p> })}
            <ErrorSummary form=state.name.clone() errors=state.errors()/>
            {children()}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returned(values: &[(&str, &str)], refusal: Refusal) -> FormState {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(Returned {
                action: "/runs/RUN-1/observe".into(),
                values: values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
                refusal: Some(refusal),
                note: None,
            });
            FormState::of("/runs/RUN-1/observe")
        })
    }

    #[test]
    fn what_was_typed_comes_back_with_its_trouble() {
        let form = returned(
            &[("text", "x"), ("checks.1.measure", "gap")],
            Refusal::unfit("checks.1.threshold", "is empty; write something"),
        );
        assert_eq!(form.value("text", "own"), "x");
        assert_eq!(form.value("kind", "own"), "", "a field that was sent empty stays empty");
        assert_eq!(form.error("checks.1.threshold").unwrap(), "Is empty; write something.");
        assert_eq!(form.errors()[0].sentence, "Checks 2, threshold: Is empty; write something.");
        assert_eq!(form.rows("checks", 0, 1), 3);
        assert_eq!(form.name, "runs-run-1-observe");
    }

    #[test]
    fn ticked_boxes_come_back_by_their_value() {
        let form = returned(
            &[("services.0", ""), ("services.3", "kafka"), ("services_note", "x"), ("services", "y")],
            Refusal::unfit("services", "is empty"),
        );
        assert_eq!(form.listed("services", ["own".to_owned()]), ["kafka"]);
    }

    #[test]
    fn a_form_elsewhere_on_the_page_keeps_its_own_values() {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(Returned { action: "/a".into(), ..Returned::default() });
            let other = FormState::of("/b");
            assert_eq!(other.value("text", "own"), "own");
            assert!(other.errors().is_empty());
        });
    }
}
