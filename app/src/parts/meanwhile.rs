//! After a stale edit: what was typed beside what the notebook says by now, field by field.

use leptos::prelude::*;

use crate::parts::prose::Prose;
use crate::parts::table::TableRegion;

/// One field, in words people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    pub label: String,
    pub typed: String,
    pub present: String,
}

impl Both {
    pub fn of(label: &str, typed: impl Into<String>, present: impl Into<String>) -> Self {
        Self { label: label.to_owned(), typed: typed.into(), present: present.into() }
    }

    fn differs(&self) -> bool {
        // Forms send other line ends than the notebook keeps.
        self.typed.replace("\r\n", "\n").trim() != self.present.trim()
    }
}

/// Only fields that differ. The form below holds what was typed, ready to be saved over the present text.
#[component]
pub fn Meanwhile(fields: Vec<Both>) -> impl IntoView {
    let rows: Vec<_> = fields.into_iter().filter(Both::differs).map(row).collect();
    if rows.is_empty() {
        return view! { <p role="status">"What you typed and what the notebook says by now are the same."</p> }
            .into_any();
    }
    view! {
        <section>
            <p>"Your text is in the form below. Change it where you like; saving replaces what the notebook says by now."</p>
            <TableRegion id="meanwhile" caption="What differs">
                <thead>
                    <tr><th scope="col">"Field"</th><th scope="col">"Your text"</th><th scope="col">"In the notebook by now"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableRegion>
        </section>
    }
    .into_any()
}

fn row(field: Both) -> AnyView {
    view! { <tr><th scope="row">{field.label}</th><td>{text(field.typed)}</td><td>{text(field.present)}</td></tr> }
        .into_any()
}

fn text(text: String) -> AnyView {
    if text.trim().is_empty() {
        view! { <span class="muted">"nothing"</span> }.into_any()
    } else {
        view! { <Prose text=text/> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(fields: Vec<Both>) -> String {
        Owner::new().with(|| view! { <Meanwhile fields=fields/> }.to_html())
    }

    #[test]
    fn only_fields_that_differ_are_shown() {
        let html = html(vec![Both::of("Title", "mine", "theirs"), Both::of("Summary", "a\r\nb ", "a\nb")]);
        assert!(html.contains("mine") && html.contains("theirs"), "{html}");
        assert!(!html.contains("Summary"), "{html}");
    }

    #[test]
    fn two_equal_texts_are_said_to_be_equal() {
        assert!(html(vec![Both::of("Title", "same", "same")]).contains("are the same"));
    }
}
