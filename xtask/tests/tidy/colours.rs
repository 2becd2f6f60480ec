//! Raw colours stand only in the token file; everywhere else a colour has a name of meaning.

use crate::Complaint;
use crate::css::{Kind, pieces};

const TOKENS: &str = "style/tokens.css";

const FUNCTIONS: &[&str] = &["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color("];
/// The few names anybody reaches for. System colours (`CanvasText`) and `currentColor` are no raw colours.
const NAMES: &[&str] =
    &["black", "white", "red", "green", "blue", "gray", "grey", "orange", "yellow", "purple", "silver", "navy", "teal"];

pub fn raw(path: &str, css: &str) -> Vec<Complaint> {
    if path == TOKENS || !path.starts_with("style/") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for piece in pieces(css).iter().filter(|piece| piece.kind == Kind::Declaration) {
        let Some((_, value)) = piece.text.split_once(':') else {
            continue;
        };
        if let Some(colour) = raw_colour(value) {
            let advice = format!("`{colour}` is a raw colour; give it a name in {TOKENS} and use var(--name)");
            complaints.push(Complaint::new(path, piece.line, advice));
        }
    }
    complaints
}

fn raw_colour(value: &str) -> Option<&str> {
    let separators = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '(' | ')' | '/' | '!');
    let word = value.split(separators).find(|word| is_hex(word) || NAMES.contains(&word.to_lowercase().as_str()));
    word.or_else(|| FUNCTIONS.iter().copied().find(|function| calls(value, function)))
}

fn is_hex(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// `lab(` is not part of `oklab(`.
fn calls(value: &str, function: &str) -> bool {
    value.match_indices(function).any(|(at, _)| {
        let before = value[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '-')
    })
}

#[cfg(test)]
mod tests {
    use super::raw;

    #[test]
    fn each_spelling_of_a_raw_colour_is_found() {
        for value in [
            "#fff",
            "1px solid #81878F",
            "rgb(0 0 0 / 20%)",
            "oklch(60% .1 20)",
            "white",
            "color-mix(in oklab, var(--a), black)",
        ] {
            let css = format!(".a {{ margin: 0; border: {value} }}");
            assert_eq!(raw("style/base.css", &css).len(), 1, "{value}");
            assert!(raw("style/tokens.css", &css).is_empty());
        }
    }

    #[test]
    fn names_selectors_and_system_colours_pass() {
        for css in [
            "#add:hover { color: var(--ink) }",
            ".a { color: currentColor; outline-color: CanvasText; white-space: nowrap }",
            ".a { background: color-mix(in oklab, var(--accent) 88%, var(--ink)) }",
            "/* #fff */ .a { background: url(#fff) }",
        ] {
            assert!(raw("style/base.css", css).is_empty(), "{css}");
        }
    }
}
