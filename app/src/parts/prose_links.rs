//! Finds the links in plain text: web addresses and ids of records.

use notebook::id::SAMPLE_PREFIX;

/// A stretch of text, with an address where it is a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// An id of this notebook and the path of its page.
    Record(&'a str, String),
    /// An address elsewhere; only `http` and `https`.
    Address(&'a str),
}

/// Kinds of ids and the folder of their pages.
const FOLDERS: [(&str, &str); 7] = [
    ("SLO", "slos"),
    ("EXP", "experiments"),
    ("RUN", "runs"),
    ("FND", "findings"),
    ("FIX", "fixes"),
    ("DEC", "decisions"),
    ("GD", "gamedays"),
];

/// Longer numbers are no ids of ours.
const DIGITS_MAX: usize = 9;

/// Splits one line of text; joined again, the pieces are the line.
pub fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(next) = line[at..].chars().next() {
        let here = if begins_word(&line[..at]) { link_at(&line[at..]) } else { None };
        if let Some((piece, length)) = here {
            if plain_from < at {
                found.push(Piece::Text(&line[plain_from..at]));
            }
            found.push(piece);
            at += length;
            plain_from = at;
        } else {
            at += next.len_utf8();
        }
    }
    if plain_from < line.len() {
        found.push(Piece::Text(&line[plain_from..]));
    }
    found
}

fn begins_word(before: &str) -> bool {
    !before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '@' | '#'))
}

/// The link the text begins with, and its length in bytes.
fn link_at(text: &str) -> Option<(Piece<'_>, usize)> {
    if let Some(length) = address_length(text) {
        return Some((Piece::Address(&text[..length]), length));
    }
    let (path, length) = record_at(text)?;
    Some((Piece::Record(&text[..length], path), length))
}

fn address_length(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let end = text
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(text.len());
    let address = without_closing_marks(&text[..end]);
    let host = address.get(scheme.len()..)?;
    host.starts_with(|c: char| c.is_alphanumeric() || c == '[').then_some(address.len())
}

/// A sentence's own marks do not belong to the address; a bracket does if it was opened inside.
fn without_closing_marks(mut address: &str) -> &str {
    loop {
        let shorter = match address.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*') => &address[..address.len() - 1],
            Some(')') if !address.contains('(') => &address[..address.len() - 1],
            Some(']') if !address.contains('[') => &address[..address.len() - 1],
            _ => return address,
        };
        address = shorter;
    }
}

/// `EXP-42`, `EXP-42@3`, `EXP-42#o1`, `RUN-317`, `RUN-317#o12`, `DEMO-RUN-15` ... as path and length in bytes.
fn record_at(text: &str) -> Option<(String, usize)> {
    let sample = if text.starts_with(SAMPLE_PREFIX) { SAMPLE_PREFIX.len() } else { 0 };
    let own = &text[sample..];
    let (kind, folder) =
        FOLDERS.into_iter().find(|(kind, _)| own.strip_prefix(kind).is_some_and(|rest| rest.starts_with('-')))?;
    let mut length = sample + kind.len() + 1;
    length += number_length(&text[length..])?;
    let mut path = format!("/{folder}/{}", &text[..length]);
    let rest = &text[length..];
    let (sign, to) = match kind {
        "EXP" if rest.starts_with('@') => ("@", "/plan/"),
        "EXP" | "RUN" => ("#o", "#o"),
        _ => ("\0", ""),
    };
    if let Some(part) = rest.strip_prefix(sign)
        && let Some(digits) = number_length(part)
    {
        path.push_str(to);
        path.push_str(&part[..digits]);
        length += sign.len() + digits;
    }
    ends_word(&text[length..]).then_some((path, length))
}

/// How many digits the text begins with, if they are a number from 1.
fn number_length(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=DIGITS_MAX).contains(&length).then_some(length).filter(|_| !text.starts_with('0'))
}

fn ends_word(after: &str) -> bool {
    let mut rest = after.chars();
    match rest.next() {
        None => true,
        Some('-' | '#' | '@') => !rest.next().is_some_and(char::is_alphanumeric),
        Some(c) => !c.is_alphanumeric() && c != '_',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(line: &str) -> Vec<(&str, String)> {
        pieces(line)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Record(text, path) => Some((text, path)),
                Piece::Address(text) => Some((text, text.to_owned())),
            })
            .collect()
    }

    #[test]
    fn ids_lead_to_their_pages() {
        for (text, path) in [
            ("EXP-42", "/experiments/EXP-42"),
            ("EXP-42@3", "/experiments/EXP-42/plan/3"),
            ("RUN-317", "/runs/RUN-317"),
            ("RUN-317#o12", "/runs/RUN-317#o12"),
            ("EXP-42#o1", "/experiments/EXP-42#o1"),
            ("FND-88", "/findings/FND-88"),
            ("FIX-12", "/fixes/FIX-12"),
            ("DEC-9", "/decisions/DEC-9"),
            ("GD-4", "/gamedays/GD-4"),
            ("DEMO-RUN-15", "/runs/DEMO-RUN-15"),
            ("DEMO-RUN-15#o1", "/runs/DEMO-RUN-15#o1"),
            ("DEMO-EXP-1@1", "/experiments/DEMO-EXP-1/plan/1"),
        ] {
            assert_eq!(links(&format!("see ({text}), then")), [(text, path.to_owned())]);
            assert_eq!(links(text), [(text, path.to_owned())]);
        }
    }

    #[test]
    fn a_word_that_only_looks_like_an_id_stays_text() {
        for text in [
            "PREFIX-12",
            "EXP-",
            "EXP-0",
            "EXP-42a",
            "EXP42",
            "exp-42",
            "DEMO-15",
            "XDEMO-RUN-15",
            "DEMO-DEMO-RUN-1",
            "RUN-1234567890",
            "EXP-4-2",
            "RUN-3_x",
            "/runs/RUN-3",
            "#RUN-3",
            "ÄFIX-1",
        ] {
            assert_eq!(links(text), [], "{text}");
        }
    }

    #[test]
    fn an_id_at_the_end_of_a_sentence_is_found() {
        assert_eq!(links("It is EXP-42.").len(), 1);
        assert_eq!(links("EXP-42@").len(), 1);
        assert_eq!(links("EXP-42, FND-1 and RUN-2#o1!").len(), 3);
    }

    #[test]
    fn an_address_leaves_the_marks_of_its_sentence() {
        for (line, address) in [
            ("at https://example.org/a?b=c#d.", "https://example.org/a?b=c#d"),
            ("(http://example.org/)", "http://example.org/"),
            ("https://example.org/a_(b)", "https://example.org/a_(b)"),
            ("\"https://example.org\"", "https://example.org"),
            ("http://[::1]:80/ up", "http://[::1]:80/"),
        ] {
            assert_eq!(links(line), [(address, address.to_owned())], "{line}");
        }
    }

    #[test]
    fn other_schemes_and_empty_hosts_stay_text() {
        for text in [
            "javascript:alert(1)",
            "https://",
            "http://.",
            "xhttps://example.org",
            "data:text/html,x",
            "ftp://example.org",
            "https:///etc",
        ] {
            assert_eq!(links(text), [], "{text}");
        }
    }

    #[test]
    fn the_pieces_joined_are_the_line() {
        let line = "ü RUN-3#o4 → https://example.org/ä, «FND-1» … EXP-1@";
        let joined: String = pieces(line)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Record(text, _) | Piece::Address(text) => *text,
            })
            .collect();
        assert_eq!(joined, line);
    }
}
