//! Drafts as one text, and whether a draft says anything that a form does not.

/// Name and value of each field, in the order of the page. An unticked box is not there.
pub type Fields = Vec<(String, String)>;

/// What somebody typed into one form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// When it was typed last, milliseconds since 1970 by the browser's clock.
    pub at_ms: i64,
    pub fields: Fields,
}

/// Drafts of one form: newer ones push out older ones.
pub const DRAFTS_MAX: usize = 3;
/// Longer ones (a pasted document) would fill the browser's store at every key.
pub const DRAFT_BYTES_MAX: usize = 400_000;
/// Older ones are forgotten.
pub const DAYS_MAX: i64 = 30;

/// One line a draft.
pub fn written(drafts: &[Draft]) -> String {
    let line = |draft: &Draft| {
        let mut line = draft.at_ms.to_string();
        for (name, value) in &draft.fields {
            line.push('&');
            escape(name, &mut line);
            line.push('=');
            escape(value, &mut line);
        }
        line
    };
    drafts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lines that do not read are left out.
pub fn read(text: &str) -> Vec<Draft> {
    text.lines().filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<Draft> {
    let mut parts = line.split('&');
    let at_ms = parts.next()?.parse().ok()?;
    let mut fields = Vec::new();
    for part in parts {
        let (name, value) = part.split_once('=')?;
        fields.push((plain(name)?, plain(value)?));
    }
    Some(Draft { at_ms, fields })
}

const ESCAPES: [(char, &str); 5] = [('%', "%0"), ('&', "%1"), ('=', "%2"), ('\n', "%3"), ('\r', "%4")];

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match ESCAPES.iter().find(|(plain, _)| *plain == letter) {
            Some((_, escaped)) => out.push_str(escaped),
            None => out.push(letter),
        }
    }
}

fn plain(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let code = letters.next()?.to_digit(10)?;
        let (plain, _) = ESCAPES.get(usize::try_from(code).ok()?)?;
        out.push(*plain);
    }
    Some(out)
}

/// Whether a draft says something else than the form shows. Blank fields say nothing, so a form
/// with other blank rows is the same form; nor does their order.
pub fn differs(draft: &Fields, shown: &Fields) -> bool {
    let mut left = said(shown);
    // Mostly in the same order: then each is found first. Sorting both would be kilobytes in the browser.
    let is_new = said(draft).into_iter().any(|one| {
        let place = left.iter().position(|other| *other == one);
        place.map(|place| left.remove(place)).is_none()
    });
    is_new || !left.is_empty()
}

fn said(fields: &Fields) -> Vec<(&str, String)> {
    let clean = |value: &str| value.replace("\r\n", "\n").trim().to_owned();
    let said = fields.iter().map(|(name, value)| (name.as_str(), clean(value)));
    said.filter(|(_, value)| !value.is_empty()).collect()
}

/// Whether the browser has kept it long enough.
pub fn is_old(draft: &Draft, now_ms: i64) -> bool {
    now_ms.saturating_sub(draft.at_ms) > DAYS_MAX * 86_400_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn drafts_are_read_as_they_were_written() {
        let drafts = vec![
            Draft {
                at_ms: 1_795_165_320_000,
                fields: fields(&[("text", "a=b&c %0\r\nnext\n"), ("x.0.y", ""), ("ü", "„1“")]),
            },
            Draft { at_ms: -1, fields: Vec::new() },
        ];
        assert_eq!(read(&written(&drafts)), drafts);
        assert_eq!(written(&drafts).lines().count(), 2, "one line a draft, whatever was typed");
        assert_eq!(read(""), []);
    }

    #[test]
    fn what_does_not_read_is_left_out_and_the_rest_stays() {
        for bad in ["x", "1&a", "1&a=%", "1&a=%9", "1&a=%x", "&a=b"] {
            assert_eq!(read(&format!("{bad}\n2&a=b")), [Draft { at_ms: 2, fields: fields(&[("a", "b")]) }], "{bad}");
        }
    }

    #[test]
    fn blank_rows_line_ends_and_order_make_no_difference() {
        let draft = fields(&[("a", "one\r\ntwo "), ("b", "x"), ("rows.3.c", " ")]);
        assert!(!differs(&draft, &fields(&[("b", "x"), ("a", "one\ntwo")])));
        assert!(differs(&draft, &fields(&[("b", "x"), ("a", "one")])));
        assert!(differs(&fields(&[("a", "x"), ("a", "x")]), &fields(&[("a", "x")])), "how often counts");
        assert!(differs(&fields(&[("a", "x")]), &fields(&[("a", "x"), ("a", "x")])));
        assert!(differs(&fields(&[("box", "on")]), &Vec::new()), "a tick says something");
        assert!(differs(&Vec::new(), &fields(&[("a", "own")])), "so does a text that was deleted");
    }

    #[test]
    fn drafts_of_last_month_are_old() {
        let draft = Draft { at_ms: 0, fields: Vec::new() };
        assert!(!is_old(&draft, DAYS_MAX * 86_400_000));
        assert!(is_old(&draft, DAYS_MAX * 86_400_000 + 1));
    }
}
