//! All errors of a form, above it: takes focus and links to the fields.

use crate::parts::field::field_id;
use crate::parts::icon::{Icon, IconName};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's `name`; empty for an error of the whole form.
    pub field: String,
    pub sentence: String,
}

/// Nothing without errors. `form` is the same word the fields carry.
#[component]
pub fn ErrorSummary(#[prop(into)] form: String, errors: Vec<FieldError>) -> impl IntoView {
    // Where no field is to blame there is no entry to change.
    let of_fields = errors.iter().any(|error| !error.field.is_empty());
    let heading = match errors.len() {
        0 => return None,
        _ if !of_fields => "This was not done. Nothing is saved yet; your text is kept.".to_owned(),
        1 => "One entry needs a change. Nothing is saved yet; your text is kept.".to_owned(),
        n => format!("{n} entries need a change. Nothing is saved yet; your text is kept."),
    };
    let items = errors.into_iter().map(move |error| {
        if error.field.is_empty() {
            return view! { <li>{error.sentence}</li> }.into_any();
        }
        let href = format!("#{}", field_id(&form, &error.field));
        view! { <li><a href=href>{error.sentence}</a></li> }.into_any()
    });
    Some(view! {
        <div class="errors" role="alert" tabindex="-1" autofocus>
            <h2><Icon of=IconName::CircleAlert size=20/>{heading}</h2>
            <ul>{items.collect_view()}</ul>
        </div>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(errors: Vec<FieldError>) -> String {
        Owner::new().with(|| view! { <ErrorSummary form="plan" errors=errors/> }.to_html())
    }

    #[test]
    fn a_form_without_errors_has_no_summary() {
        assert!(!html(Vec::new()).contains("alert"));
    }

    #[test]
    fn an_error_of_the_whole_form_blames_no_entry() {
        let html = html(vec![FieldError { field: String::new(), sentence: "The run is closed.".into() }]);
        assert!(html.contains("This was not done.") && !html.contains("entry"), "{html}");
    }

    #[test]
    fn each_error_links_to_its_field() {
        let html = html(vec![
            FieldError { field: "title".into(), sentence: "A title is needed.".into() },
            FieldError { field: String::new(), sentence: "The plan has changed meanwhile.".into() },
        ]);
        assert!(html.contains("href=\"#plan-title\""), "{html}");
        assert_eq!(html.matches("<a ").count(), 1, "{html}");
        assert!(html.contains("2 entries"), "{html}");
    }
}
