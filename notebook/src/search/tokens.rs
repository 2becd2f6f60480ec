//! A text as the index reads it: words, without case and accents.

use unicode_normalization::UnicodeNormalization as _;

use crate::limits::SEARCH_TOKEN_CHARS_MAX;

/// What stands between two words: the class at which migration 0030 cuts on PostgreSQL.
pub const fn is_between(c: char) -> bool {
    matches!(
        c,
        '\u{0}'..='\u{2f}'
            | '\u{3a}'..='\u{40}'
            | '\u{5b}'..='\u{60}'
            | '\u{7b}'..='\u{a9}'
            | '\u{ab}'..='\u{b1}'
            | '\u{b4}'
            | '\u{b6}'..='\u{b8}'
            | '\u{bb}'
            | '\u{bf}'
            | '\u{d7}'
            | '\u{f7}'
            | '\u{1680}'
            | '\u{2000}'..='\u{206f}'
            | '\u{20a0}'..='\u{20cf}'
            | '\u{2190}'..='\u{245f}'
            | '\u{2500}'..='\u{2775}'
            | '\u{2794}'..='\u{2bff}'
            | '\u{3000}'..='\u{3004}'
            | '\u{3008}'..='\u{3020}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fe00}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff0f}'
            | '\u{1f300}'..='\u{1faff}'
    )
}

/// The words of a text as they are written, in order. The embedded engine folds what it looks for just as it folded
/// the text: only some accents are none to it, and syllables stay whole.
pub fn words(text: &str) -> Vec<&str> {
    text.split(is_between).filter(|word| !word.is_empty()).collect()
}

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Vec<String> {
    let plain = plain(text);
    words(&plain).into_iter().map(|word| word.chars().take(SEARCH_TOKEN_CHARS_MAX).collect()).collect()
}

/// Whether there is anything to look for.
pub fn has_token(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Without accents and in small letters, of which Greek has two for one.
pub fn plain(text: &str) -> String {
    let plain = text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase);
    plain.map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_letters_and_digits() {
        assert_eq!(tokens("Élection: re-elect zk_1, 5.5s!"), ["election", "re", "elect", "zk", "1", "5", "5s"]);
        assert!(tokens("* \" ' \\ ( ) - \u{e000} \u{1f680} \u{0}").is_empty());
        assert!(!has_token("*--") && has_token("Ω"));
        assert_eq!(words("Élection: re-elect"), ["Élection", "re", "elect"]);
    }

    #[test]
    fn a_sign_that_belongs_to_a_letter_stands_between_no_words() {
        for word in ["край", "한국", "データ", "नमस्ते"] {
            assert_eq!(words(word), [word]);
            assert_eq!(tokens(word).len(), 1, "{word}");
        }
        assert_eq!(tokens("ΎΨΟΣ"), tokens("ύψος"));
    }

    #[test]
    fn no_letter_and_no_digit_stands_between_words() {
        for c in ('\u{0}'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            assert!(!is_between(c), "{c:?}");
        }
        assert!(('\u{0}'..=char::MAX).filter(|c| c.is_whitespace() || c.is_control()).all(is_between));
    }
}
