//! What a form says so far, as the page of what was seen before is asked.

/// More words tell nothing more apart.
const WORDS_CHARS_MAX: usize = 300;
/// Fields whose words are compared.
const WORDS: [&str; 3] = ["title", "question", "summary"];

/// Names and values of an address; what says nothing is left out.
pub fn asked(form: &[(String, String)]) -> Vec<(&'static str, String)> {
    let of = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
    let services = form.iter().filter(|(name, _)| name.starts_with("services.")).map(|(_, slug)| slug.as_str());
    let words = WORDS.into_iter().filter_map(of).collect::<Vec<_>>().join(" ");
    let parts = [
        ("services", services.collect::<Vec<_>>().join(",")),
        ("fault", of("fault_kind").unwrap_or_default().to_owned()),
        ("words", words.chars().take(WORDS_CHARS_MAX).collect()),
    ];
    parts.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn services_fault_and_words_are_asked_and_nothing_else() {
        let typed = form(&[
            ("title", " Restart one broker "),
            ("question", "What happens?"),
            ("services.0", "kafka"),
            ("services.3", "zookeeper"),
            ("fault_kind", "process-restart"),
            ("revert_owner", "Ana"),
        ]);
        let expected = [
            ("services", "kafka,zookeeper"),
            ("fault", "process-restart"),
            ("words", "Restart one broker What happens?"),
        ];
        assert_eq!(asked(&typed), expected.map(|(name, value)| (name, value.to_owned())));
        assert!(asked(&form(&[("title", " "), ("fault_kind", "")])).is_empty());
        let long = "word ".repeat(200);
        assert_eq!(asked(&form(&[("summary", long.as_str())]))[0].1.chars().count(), WORDS_CHARS_MAX);
    }
}
