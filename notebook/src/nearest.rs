//! "Did you mean": the known word closest to what was written.

/// None where nothing is close enough to be a slip of the finger.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    let slips_max = 1 + written.chars().count() / 4;
    let distance = |word: &str| strsim::damerau_levenshtein(&written, &word.to_lowercase());
    let closest = known.into_iter().map(|word| (distance(word), word)).min_by_key(|(slips, _)| *slips);
    closest.filter(|(slips, _)| *slips <= slips_max).map(|(_, word)| word)
}

/// The same as the end of a sentence, or nothing.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, known).map(|word| format!("; did you mean {word}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        let known = ["listen", "data_dir", "base_url"];
        assert_eq!(nearest("listne", known), Some("listen"));
        assert_eq!(nearest("data-dir", known), Some("data_dir"));
        assert_eq!(nearest("BASEURL", known), Some("base_url"));
        assert_eq!(nearest("smtp_url", known), None);
        assert_eq!(did_you_mean("lisen", known), "; did you mean listen?");
        assert_eq!(did_you_mean("zzz", known), "");
    }
}
