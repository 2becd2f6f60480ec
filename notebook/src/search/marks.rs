//! What a thing is and belongs to, as tokens of the index: qualifiers are looked up like words.
//!
//! A mark begins with a character that stands in no word, so no text can be taken for one, nor for how one begins.
//! Migrations 0030 and 0036 write the same marks in SQL.

/// Of a private area of Unicode: letters to the index, and to nobody else.
pub const SEPARATOR: char = '\u{e000}';

/// The mark of a key and a value, which may be a slug, an id, a date or a word of a vocabulary.
pub fn mark(key: &str, value: &str) -> String {
    let value: String = value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { SEPARATOR }).collect();
    format!("{SEPARATOR}{key}{SEPARATOR}{}", value.to_lowercase())
}

/// The mark that everything has.
pub fn everything() -> String {
    mark("every", "thing")
}

/// A mark that nothing has.
pub fn nothing() -> String {
    mark("no", "thing")
}

/// The value of a mark with this key, hyphens in the place of what separates.
pub fn value_of(key: &str, mark: &str) -> Option<String> {
    let value = mark.strip_prefix(SEPARATOR)?.strip_prefix(key)?.strip_prefix(SEPARATOR)?;
    Some(value.replace(SEPARATOR, "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::tokens::tokens;

    #[test]
    fn a_mark_is_no_word_and_gives_its_value_back() {
        let storage = mark("service", "storage-engine");
        assert_eq!(value_of("service", &storage).as_deref(), Some("storage-engine"));
        assert_eq!(value_of("serv", &storage), None);
        assert_eq!(tokens(&storage), ["service", "storage", "engine"], "people cannot type a mark");
        assert_ne!(everything(), nothing());
        assert!(everything().starts_with(SEPARATOR), "no beginning of a word is the beginning of a mark");
    }
}
