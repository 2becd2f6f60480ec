//! The few places where leptos writes text as it stands, each wrapped once.
//!
//! leptos 0.8 does not escape the text of a text area or of the document's title,
//! and `inner_html` never is. No other file may use them; the tidy test reads for them.

use leptos::prelude::*;
use leptos_meta::Title;

/// A text area whose text cannot end it.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    /// What the person wrote so far, as it was written.
    #[prop(optional, into)]
    value: String,
    #[prop(default = 4)] rows: u16,
    #[prop(optional)] required: bool,
    #[prop(optional)] invalid: bool,
    /// Ids of the hint and the error, separated by spaces.
    #[prop(optional_no_strip)]
    described_by: Option<String>,
    /// In characters.
    #[prop(optional_no_strip)]
    max_length: Option<usize>,
) -> impl IntoView {
    view! {
        <textarea
            id=id
            name=name
            rows=rows.to_string()
            required=required
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
            maxlength=max_length.map(|length| length.to_string())
            inner_html=text_area_content(&value)
        ></textarea>
    }
    .into_any()
}

/// The parser drops one newline after the start tag: without ours it would be the person's.
fn text_area_content(value: &str) -> String {
    format!("\n{}", html_escape::encode_text(value))
}

/// The document's title: the page's own words, then the product's name.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    view! { <Title text=title_content(&text)/> }.into_any()
}

fn title_content(text: &str) -> String {
    format!("{} · Retrial", html_escape::encode_text(text))
}

/// Draws an icon of the Lucide set, `size` pixels wide and high.
///
/// The drawing is markup compiled into the program, so nothing a person wrote can be in it.
#[component]
pub fn Drawing(
    icon: icondata::Icon,
    size: u16,
    /// Where it stands inside another drawing.
    #[prop(optional)]
    at: Option<(i32, i32)>,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            aria-hidden="true"
            x=at.map(|(x, _)| x.to_string())
            y=at.map(|(_, y)| y.to_string())
            width=size.to_string()
            height=size.to_string()
            viewBox=icon.view_box
            fill="none"
            stroke="currentColor"
            stroke-width=icon.stroke_width
            stroke-linecap=icon.stroke_linecap
            stroke-linejoin=icon.stroke_linejoin
            inner_html=icon.data
        ></svg>
    }
    .into_any()
}

/// Sets the answer's HTTP status. Does nothing outside a request or for a number that is no status.
pub fn status(code: u16) {
    if let (Some(response), Ok(status)) = (use_context::<leptos_axum::ResponseOptions>(), code.try_into()) {
        response.set_status(status);
    }
}

/// The path to return to if it leads to this site, else `/`.
///
/// `//host` and `/\host` would leave the site; other bytes than visible ASCII do not fit a header.
pub fn local_path(path: &str) -> String {
    let bytes = path.as_bytes();
    let stays = bytes.first() == Some(&b'/') && !matches!(bytes.get(1), Some(b'/' | b'\\'));
    if stays && bytes.iter().all(u8::is_ascii_graphic) { path.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</title></textarea><script>alert(1)</script>\"'&";

    fn html(value: &str) -> String {
        let value = value.to_owned();
        Owner::new().with(|| view! { <TextArea id="plan-note" name="note" value=value/> }.to_html())
    }

    #[test]
    fn text_cannot_end_its_text_area() {
        let html = html(HOSTILE);
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"), "{html}");
    }

    #[test]
    fn a_leading_newline_of_the_person_survives_the_parser() {
        assert!(html("\nfirst").contains(">\n\nfirst</textarea>"));
    }

    #[test]
    fn an_empty_text_area_says_neither_invalid_nor_described() {
        let html = html("");
        assert!(!html.contains("aria-"), "{html}");
        assert!(!html.contains("required"), "{html}");
    }

    #[test]
    fn text_cannot_end_the_title() {
        assert_eq!(title_content("</title><script>"), "&lt;/title&gt;&lt;script&gt; · Retrial");
    }

    #[test]
    fn a_local_path_is_kept() {
        for path in ["/", "/runs/RUN-317?tab=log#o12", "/a//b"] {
            assert_eq!(local_path(path), path);
        }
    }

    #[test]
    fn a_path_that_leaves_the_site_becomes_the_start_page() {
        for path in [
            "",
            "runs",
            "//example.org",
            "/\\example.org",
            "https://example.org",
            "/runs\r\nSet-Cookie: a",
            "/a b",
            "/caf\u{e9}",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(path), "/", "{path:?}");
        }
    }

    #[test]
    fn a_status_outside_a_request_is_ignored() {
        Owner::new().with(|| status(404));
    }
}
