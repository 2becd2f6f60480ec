//! Which keys move what is planned, for the calendar and for the page of keys.

/// On what they are pressed.
pub const WHERE: &str = "On the button that moves a run or postpones a slot";

/// The keys, and what they do there.
pub const ARROWS: [(&str, &str); 6] = [
    ("Up, Down", "go to the one before and after"),
    ("Left, Right", "choose another day"),
    ("Shift Left, Shift Right", "choose another quarter of an hour"),
    ("Page Up, Page Down", "choose another week"),
    ("Enter", "opens the form with that time"),
    ("Escape", "takes it back"),
];

/// The same as one sentence.
pub fn sentence() -> String {
    let all: Vec<String> = ARROWS.iter().map(|(keys, says)| format!("{keys} {says}")).collect();
    format!("{WHERE}: {}.", all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_names_every_key() {
        let sentence = sentence();
        assert!(sentence.starts_with("On the button that moves a run or postpones a slot: Up, Down"), "{sentence}");
        assert!(ARROWS.iter().all(|(keys, says)| sentence.contains(&format!("{keys} {says}"))), "{sentence}");
    }
}
