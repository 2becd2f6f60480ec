//! Words about templates that several pages use.

use leptos::prelude::*;
use notebook::templates::{Origin, Requirement, Template};

use crate::frame::Crumb;
use crate::paths;

pub fn crumbs(label: &str) -> Vec<Crumb> {
    vec![
        Crumb { label: "Experiments".into(), href: Some(paths::experiments()) },
        Crumb { label: "Templates".into(), href: Some(paths::templates()) },
        Crumb { label: label.to_owned(), href: None },
    ]
}

/// "A quorum, Replicated data", or a word for nothing.
pub fn asked(template: &Template) -> String {
    let words: Vec<&str> = template.requires.iter().copied().map(Requirement::label).collect();
    if words.is_empty() { "nothing in particular".to_owned() } else { words.join(", ") }
}

/// Where it is from.
pub fn origin(origin: Origin) -> AnyView {
    match origin {
        Origin::BuiltIn => "comes with Retrial".into_any(),
        Origin::Promoted { experiment, revision } => {
            let name = format!("{experiment}@{revision}");
            view! { "made of " <a class="id" href=paths::plan(experiment, revision)>{name}</a> }.into_any()
        }
    }
}
