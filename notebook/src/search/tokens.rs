//! A text as the index reads it: words, without case and accents.

use unicode_normalization::UnicodeNormalization as _;

use crate::limits::SEARCH_TOKEN_CHARS_MAX;

/// What stands between two words, in every script: the class at which migration 0033 cuts on PostgreSQL.
pub const fn is_between(c: char) -> bool {
    if c < FIRST_FARTHER { is_between_european(c) } else { is_between_farther(c) }
}

/// Where Hebrew begins; before it are Latin, Greek, Cyrillic and Armenian.
const FIRST_FARTHER: char = '\u{590}';

const fn is_between_european(c: char) -> bool {
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
            | '\u{37e}'
            | '\u{387}'
            | '\u{55a}'..='\u{55f}'
            | '\u{589}'..='\u{58a}'
    )
}

const fn is_between_farther(c: char) -> bool {
    matches!(
        c,
        '\u{5be}'
            | '\u{5c0}'
            | '\u{5c3}'
            | '\u{5c6}'
            | '\u{5f3}'..='\u{5f4}'
            | '\u{60c}'..='\u{60d}'
            | '\u{61b}'..='\u{61f}'
            | '\u{66a}'..='\u{66d}'
            | '\u{6d4}'
            | '\u{964}'..='\u{965}'
            | '\u{970}'
            | '\u{e4f}'
            | '\u{e5a}'..='\u{e5b}'
            | '\u{f01}'..='\u{f17}'
            | '\u{104a}'..='\u{104f}'
            | '\u{1361}'..='\u{1368}'
            | '\u{1680}'
            | '\u{17d4}'..='\u{17d6}'
            | '\u{17d8}'..='\u{17db}'
            | '\u{1800}'..='\u{180a}'
            | '\u{2000}'..='\u{206f}'
            | '\u{20a0}'..='\u{20cf}'
            | '\u{2103}'
            | '\u{2109}'
            | '\u{2116}'..='\u{2117}'
            | '\u{211e}'..='\u{2123}'
            | '\u{2190}'..='\u{245f}'
            | '\u{2500}'..='\u{2775}'
            | '\u{2794}'..='\u{2bff}'
            | '\u{2e00}'..='\u{2e2e}'
            | '\u{2e30}'..='\u{2e5d}'
            | '\u{2e80}'..='\u{2fff}'
            | '\u{3000}'..='\u{3004}'
            | '\u{3008}'..='\u{3020}'
            | '\u{3030}'
            | '\u{3036}'..='\u{3037}'
            | '\u{303d}'..='\u{303f}'
            | '\u{30a0}'
            | '\u{30fb}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fd3e}'..='\u{fd3f}'
            | '\u{fe00}'..='\u{fe6f}'
            | '\u{feff}'
            | '\u{ff01}'..='\u{ff0f}'
            | '\u{ff1a}'..='\u{ff20}'
            | '\u{ff3b}'..='\u{ff40}'
            | '\u{ff5b}'..='\u{ff65}'
            | '\u{ffe0}'..='\u{ffee}'
            | '\u{fff9}'..='\u{fffd}'
            | '\u{1f000}'..='\u{1f0ff}'
            | '\u{1f1e6}'..='\u{1f1ff}'
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
    // Syllables of Hangul become whole again: the beginning of one is not the beginning of another.
    let bare = text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc();
    let plain = bare.flat_map(char::to_lowercase);
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
        assert_eq!(tokens("\u{1112}\u{1161}\u{11ab}"), ["한"]);
    }

    #[test]
    fn words_end_at_the_signs_of_every_script() {
        for (text, expected) in [
            ("故障：数据丢失；重启？", vec!["故障", "数据丢失", "重启"]),
            ("データ・センター｢北｣", vec!["データ", "センター", "北"]),
            ("خطأ، ثم؟", vec!["خطأ", "ثم"]),
            ("विफल। पुनः", vec!["विफल", "पुनः"]),
            ("узел №5™ 21℃", vec!["узел", "5", "21"]),
            ("צה״ל ու՞մ 🇩🇪fail\u{feff}ed", vec!["צה", "ל", "ու", "մ", "fail", "ed"]),
        ] {
            assert_eq!(words(text), expected);
        }
    }

    #[test]
    fn no_letter_and_no_digit_stands_between_words() {
        for c in ('\u{0}'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            assert!(!is_between(c), "{c:?}");
        }
        assert!(('\u{0}'..=char::MAX).filter(|c| c.is_whitespace() || c.is_control()).all(is_between));
    }
}
