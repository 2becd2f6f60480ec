//! One standing of a record: icon, hue and word, never fewer.

use crate::parts::icon::{Icon, IconName};
use leptos::prelude::*;

/// A hue with a meaning; the names stand in `style/tokens.css`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Family {
    #[default]
    Neutral,
    Info,
    Violet,
    Good,
    Caution,
    Notable,
    Danger,
}

impl Family {
    /// The value of `data-family`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Violet => "violet",
            Self::Good => "good",
            Self::Caution => "caution",
            Self::Notable => "notable",
            Self::Danger => "danger",
        }
    }
}

#[component]
pub fn Badge(icon: IconName, #[prop(into)] word: String, family: Family) -> impl IntoView {
    view! {
        <span class="badge" data-family=family.as_str()>
            <Icon of=icon size=14/>
            {word}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_carries_icon_hue_and_word() {
        let html = Owner::new()
            .with(|| view! { <Badge icon=IconName::Microscope word="Refuted <b>" family=Family::Notable/> }.to_html());
        assert!(html.contains("data-family=\"notable\""), "{html}");
        assert!(html.contains("<svg"), "{html}");
        assert!(html.contains("Refuted &lt;b&gt;"), "{html}");
    }
}
