//! Markup that leptos writes unescaped or that the content security policy forbids.

use crate::Complaint;
use crate::tokens::{Lexeme, find};

/// The one file that may use the raw forms, each behind a wrapper.
const WRAPPERS: &str = "app/src/safe.rs";

/// Raw forms, and what takes their place.
const SINKS: &[(&[&str], &str)] = &[
    (&["<", "textarea"], "leptos writes its text unescaped; use safe::TextArea"),
    (&["<", "Title"], "leptos writes its text unescaped; use safe::PageTitle"),
    (&["<", "style"], "the content security policy forbids it; write a class in style/"),
];

pub fn raw_sinks(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    if path == WRAPPERS || path.starts_with("xtask/") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (wanted, advice) in SINKS {
        let inside_views = find(lexemes, wanted).filter(|window| window[0].in_view);
        complaints.extend(inside_views.map(|window| Complaint::new(path, window[0].line, *advice)));
    }
    for lexeme in lexemes.iter().filter(|lexeme| lexeme.is("inner_html")) {
        let advice = "inner_html is never escaped; put the wrapper into app/src/safe.rs";
        complaints.push(Complaint::new(path, lexeme.line, advice));
    }
    for window in find(lexemes, &["leptos_axum", ":", ":", "redirect"]) {
        let advice = "it panics on bytes a header cannot hold; answer through server/src/reply.rs";
        complaints.push(Complaint::new(path, window[0].line, advice));
    }
    complaints
}

pub fn style_attributes(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    if !path.starts_with("app/src/") {
        return Vec::new();
    }
    let advice =
        "the content security policy forbids style attributes; use a class, a data attribute or an SVG attribute";
    let written = lexemes.windows(4).filter(|window| {
        let [before, name, sign, after] = window else {
            return false;
        };
        let attribute = sign.is("=") || (sign.is(":") && !after.is(":"));
        name.in_view && name.is("style") && attribute && !before.is("let") && !before.is(":")
    });
    written.map(|window| Complaint::new(path, window[1].line, advice)).collect()
}

#[cfg(test)]
mod tests {
    use super::{raw_sinks, style_attributes};
    use crate::tokens::read;

    fn sinks(path: &str, text: &str) -> usize {
        raw_sinks(path, &read(text).unwrap()).len()
    }

    fn styles(text: &str) -> usize {
        style_attributes("app/src/runs/page.rs", &read(text).unwrap()).len()
    }

    #[test]
    fn each_raw_form_is_found_outside_the_wrappers() {
        for raw in [
            "view! { <textarea>{text}</textarea> }",
            "view! { <div><Title text=name/></div> }",
            "view! { <p inner_html=html></p> }",
            "view! { <style>{css}</style> }",
            "fn go() { leptos_axum::redirect(\"/\"); }",
        ] {
            assert_eq!(sinks("app/src/runs/page.rs", raw), 1, "{raw}");
            assert_eq!(sinks("app/src/safe.rs", raw), 0, "{raw}");
        }
    }

    #[test]
    fn a_type_called_title_is_no_markup() {
        assert_eq!(sinks("app/src/runs/page.rs", "fn name(title: Option<Title>) {}"), 0);
        assert_eq!(sinks("app/src/runs/page.rs", "// <textarea> is wrapped\nfn a() {}"), 0);
    }

    #[test]
    fn style_attributes_are_found_in_both_spellings() {
        assert_eq!(styles("view! { <p style=\"color: red\">a</p> }"), 1);
        assert_eq!(styles("view! { <p style:color=colour>a</p> }"), 1);
    }

    #[test]
    fn a_stylesheet_link_is_no_style_attribute() {
        assert_eq!(styles("view! { <link rel=\"stylesheet\" href=style::HREF/> }"), 0);
        assert_eq!(styles("fn a() { let style = 1; }"), 0);
    }
}
