//! The bars that say what is frozen.

use app::{
    parts::{when::absolute, words::gate::FREEZE},
    paths,
    times::Times,
};
use maud::{Markup, html};
use notebook::{calendar::freeze::Scope, freezes::Kept};

use super::parts::icon;

pub fn bars(label: &str, frozen: &[Kept], times: &Times) -> Markup {
    html! {
        @if !frozen.is_empty() {
            section.banners aria-label=(label) { @for kept in frozen { (bar(kept, times)) } }
        }
    }
}

fn bar(kept: &Kept, times: &Times) -> Markup {
    html! {
        div.banner data-family=(FREEZE.family.as_str()) {
            (icon(FREEZE.icon, 16))
            p {
                "Freeze"
                @if kept.freeze.scope != Scope::Everything { " of " (kept.freeze.scope.words()) }
                " on since " (absolute(kept.freeze.from.micros(), &times.zone))
                @if let Some(until) = kept.until() { ", until " (absolute(until.micros(), &times.zone)) }
                " by " (kept.name) ": " (kept.freeze.why) " · " a href=(paths::freezes()) { "Freezes" }
            }
        }
    }
}
