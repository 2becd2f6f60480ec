//! What several places of the page are made of.

use app::parts::{
    because::readable,
    icon::IconName,
    prose_links::{Piece, pieces},
    when::{absolute, machine, relative},
    words::Word,
};
use app::times::Times;
use maud::{Markup, PreEscaped, html};
use notebook::{answer::Because, time::Moment};

pub fn icon(of: IconName, size: u16) -> Markup {
    let icon = of.drawing();
    html! {
        svg.icon aria-hidden="true" width=(size) height=(size) viewBox=[icon.view_box] fill="none"
            stroke="currentColor" stroke-width=[icon.stroke_width] stroke-linecap=[icon.stroke_linecap]
            stroke-linejoin=[icon.stroke_linejoin] { (PreEscaped(icon.data)) }
    }
}

pub fn badge(word: &Word) -> Markup {
    html! { span.badge data-family=(word.family.as_str()) { (icon(word.icon, 14)) (word.word) } }
}

pub fn when(times: &Times, at: Moment) -> Markup {
    let at = at.micros();
    let whole = absolute(at, &times.zone);
    if let Some(near) = relative(at, times.now) {
        html! { time datetime=(machine(at)) title=(whole) { (near) } }
    } else {
        html! { time datetime=(machine(at)) { (whole) } }
    }
}

/// One line of text with its links.
pub fn line(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece {
                Piece::Text(text) => (text),
                Piece::Record(id, path) => a.id href=(path) { (id) },
                Piece::Address(address) => a href=(address) rel="noreferrer nofollow" { (address) },
            }
        }
    }
}

/// Paragraphs end at blank lines, lines at their ends.
pub fn prose(text: &str) -> Markup {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    html! {
        div.prose {
            @for paragraph in lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()) {
                p {
                    @for (place, text) in paragraph.iter().enumerate() {
                        @if place > 0 { br; }
                        (line(text))
                    }
                }
            }
        }
    }
}

/// A computed word's reasons, folded away.
pub fn why(question: &str, because: &[Because], times: &Times) -> Markup {
    html! {
        @if !because.is_empty() {
            details.why {
                summary { (question) }
                ul { @for reason in because { li { (line(&readable(&reason.says, &times.zone))) } } }
            }
        }
    }
}

pub fn fact(term: &str, value: &Markup) -> Markup {
    html! { div { dt { (term) } dd { (value) } } }
}

pub fn table(id: &str, caption: &str, heads: &[&str], rows: &Markup) -> Markup {
    let named_by = format!("{id}-caption");
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(named_by) {
            table id=(id) {
                caption id=(named_by) { span.unseen { (caption) } }
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { (rows) }
            }
        }
    }
}
