//! Text people wrote: paragraphs, line breaks and links, and nothing else.

use crate::parts::prose_links::{Piece, pieces};
use leptos::prelude::*;

/// Plain text as paragraphs. Everything goes through leptos' own escaping of text and attributes.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let paragraphs: Vec<AnyView> = text
        .split('\n')
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| view! { <p>{paragraph(lines)}</p> }.into_any())
        .collect();
    view! { <div class="prose">{paragraphs}</div> }.into_any()
}

/// One line with its links, for inside a sentence or an item of a list.
#[component]
pub fn Line(#[prop(into)] text: String) -> impl IntoView {
    pieces(&text).into_iter().map(show).collect::<Vec<_>>()
}

fn paragraph(lines: &[&str]) -> Vec<AnyView> {
    let mut shown = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            shown.push(view! { <br/> }.into_any());
        }
        shown.extend(pieces(line).into_iter().map(show));
    }
    shown
}

fn show(piece: Piece<'_>) -> AnyView {
    match piece {
        Piece::Text(text) => text.to_owned().into_any(),
        Piece::Record(id, path) => view! { <a class="id" href=path>{id.to_owned()}</a> }.into_any(),
        Piece::Address(address) => {
            let (href, words) = (address.to_owned(), address.to_owned());
            view! { <a href=href rel="noreferrer nofollow">{words}</a> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let text = text.to_owned();
        Owner::new().with(|| view! { <Prose text=text/> }.to_html())
    }

    #[test]
    fn a_blank_line_ends_a_paragraph_and_a_line_end_breaks_the_line() {
        let html = html("one\r\ntwo\n\n\n  \nthree\n");
        assert_eq!(html.matches("<p>").count(), 2, "{html}");
        assert_eq!(html.matches("<br>").count(), 1, "{html}");
    }

    #[test]
    fn markup_stays_text() {
        let html = html("</p><script>alert(1)</script> <img src=x onerror=alert(1)> &amp;");
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("&amp;amp;"), "{html}");
    }

    #[test]
    fn an_address_cannot_leave_its_attribute() {
        let html = html("https://example.org/\"onmouseover=alert(1)//' https://e.org/'><b>");
        let mut tags = html.split('<').filter_map(|rest| rest.split('>').next());
        assert!(!tags.any(|tag| tag.contains("onmouseover")), "{html}");
        assert!(!html.contains("<b>"), "{html}");
        assert!(html.contains("href=\"https://example.org/\""), "{html}");
    }

    #[test]
    fn ids_become_links() {
        let html = html("seen in RUN-3#o4");
        assert!(html.contains("href=\"/runs/RUN-3#o4\""), "{html}");
    }

    #[test]
    fn empty_text_has_no_paragraph() {
        assert!(!html(" \n \n").contains("<p>"));
    }
}
