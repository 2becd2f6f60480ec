//! The mark on everything that belongs to the sample notebook: a word, not only a hue.

use leptos::prelude::*;
use notebook::belongs::is_sample_slug;
use notebook::id::SAMPLE_PREFIX;
use notebook::text::Slug;

use crate::parts::badge::{Badge, Family};
use crate::parts::icon::IconName;

/// The mark, if this id or slug is one of the sample's. It brings the space before it along.
pub fn mark(name: &str) -> Option<AnyView> {
    is_of_sample(name)
        .then(|| view! { " " <Badge icon=IconName::BookOpen word="Sample" family=Family::Neutral/> }.into_any())
}

fn is_of_sample(name: &str) -> bool {
    name.starts_with(SAMPLE_PREFIX) || Slug::new(name).is_ok_and(|slug| is_sample_slug(&slug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_says_it_in_a_word() {
        let html = Owner::new().with(|| mark("DEMO-RUN-15 of DEMO-EXP-3@1").to_html());
        assert!(html.contains("Sample") && html.contains("<svg"), "{html}");
        assert!(is_of_sample("demo-kafka"));
        for own in ["RUN-15", "demo-shop", "kafka", "My DEMO-RUN-1", ""] {
            assert!(!is_of_sample(own), "{own}");
        }
    }
}
