//! A text as the index reads it: letters and digits, without case and accents.

use unicode_normalization::UnicodeNormalization as _;

use crate::limits::SEARCH_TOKEN_CHARS_MAX;

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Vec<String> {
    let plain = plain(text);
    let parts = plain.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part.chars().take(SEARCH_TOKEN_CHARS_MAX).collect()).collect()
}

/// Whether there is anything to look for.
pub fn has_token(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Without accents and in small letters.
pub fn plain(text: &str) -> String {
    text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_letters_and_digits() {
        assert_eq!(tokens("Élection: re-elect zk_1, 5.5s!"), ["election", "re", "elect", "zk", "1", "5", "5s"]);
        assert!(tokens("* \" ( ) - \u{e000}").is_empty());
        assert!(!has_token("*--") && has_token("Ω"));
    }
}
