//! Cuts texts of other tools to what the notebook's own words take, never inside a character.

/// One line, trimmed; control characters and line ends become spaces. At most `chars_max`
/// characters, the last an ellipsis if something was cut.
pub fn line(text: &str, chars_max: usize) -> String {
    cut(text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }), chars_max)
}

/// Several lines, trimmed; line ends become `\n`, other control characters spaces.
pub fn prose(text: &str, chars_max: usize) -> String {
    let mut before = ' ';
    let chars = text.trim().chars().filter_map(move |c| {
        let follows_return = before == '\r';
        before = c;
        match c {
            '\n' if follows_return => None,
            '\n' | '\r' => Some('\n'),
            '\t' => Some('\t'),
            c if c.is_control() => Some(' '),
            c => Some(c),
        }
    });
    cut(chars, chars_max)
}

/// Names in quotes for a sentence: the first three, then how many more.
pub fn quoted(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("\"{}\"", line(name, 80))).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn cut(chars: impl Iterator<Item = char>, chars_max: usize) -> String {
    let mut kept: Vec<char> = chars.take(chars_max.saturating_add(1)).collect();
    if kept.len() > chars_max {
        kept.truncate(chars_max.saturating_sub(1));
        kept.push('…');
    }
    let text: String = kept.into_iter().collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        assert_eq!(line("äöüß", 4), "äöüß");
        assert_eq!(line("äöüßé", 4), "äöü…");
        assert_eq!(line(&"🦀".repeat(300), 160).chars().count(), 160);
        assert_eq!(line("  two\nlines\u{0} ", 50), "two lines");
        assert_eq!(prose("a\r\nb\rc\u{7}d\n", 50), "a\nb\nc d");
    }

    #[test]
    fn three_names_are_shown_and_the_rest_counted() {
        assert_eq!(quoted(&["a"]), "\"a\"");
        assert_eq!(quoted(&["a", "b", "c", "d", "e"]), "\"a\", \"b\", \"c\" and 2 more");
    }
}
