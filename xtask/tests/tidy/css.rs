//! Stylesheets as a list of selectors and declarations with line numbers.

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Kind {
    /// What stands before a `{`: a selector or an at-rule.
    Prelude,
    /// `name: value`, or an at-rule without a block.
    Declaration,
}

#[derive(Debug)]
pub struct Piece {
    pub kind: Kind,
    pub text: String,
    /// The line on which it starts.
    pub line: usize,
}

/// Cuts a stylesheet at `{`, `}` and `;`. Comments, strings and `url(..)` are blank.
pub fn pieces(css: &str) -> Vec<Piece> {
    let plain = blank(css);
    let mut pieces = Vec::new();
    let (mut text, mut start, mut line) = (String::new(), 1, 1);
    for letter in plain.chars() {
        if matches!(letter, '{' | '}' | ';') {
            let kind = if letter == '{' { Kind::Prelude } else { Kind::Declaration };
            let cut = std::mem::take(&mut text);
            if !cut.trim().is_empty() {
                pieces.push(Piece { kind, text: cut.trim().to_owned(), line: start });
            }
        } else {
            if text.trim().is_empty() {
                start = line;
            }
            text.push(letter);
        }
        if letter == '\n' {
            line += 1;
        }
    }
    pieces
}

/// The same text with blanks for comments, strings and addresses; line ends stay.
fn blank(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("url(") {
            rest.find(')').map_or(rest.len(), |end| end + 1)
        } else if first == '"' || first == '\'' {
            rest[1..].find(first).map_or(rest.len(), |end| end + 2)
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        plain.extend(rest[..length].chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        rest = &rest[length..];
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Kind, pieces};

    #[test]
    fn a_stylesheet_falls_into_selectors_and_declarations() {
        let css =
            "/* .no; */\n@import url(\"a.css\") layer(a);\n.card {\n  color: var(--ink);\n  & > .name { margin: 0 }\n}";
        let cut: Vec<_> = pieces(css).into_iter().map(|piece| (piece.kind, piece.text, piece.line)).collect();
        assert_eq!(cut.len(), 5);
        assert_eq!(cut[1], (Kind::Prelude, ".card".to_owned(), 3));
        assert_eq!(cut[2], (Kind::Declaration, "color: var(--ink)".to_owned(), 4));
        assert_eq!(cut[3], (Kind::Prelude, "& > .name".to_owned(), 5));
    }
}
