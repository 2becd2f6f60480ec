//! The end of what a command said, as much as an observation holds, and without what looks like a credential.

use std::{collections::VecDeque, ffi::OsString};

use notebook::foreign::{
    redact::{REDACTED, looks_like_a_credential, without_assigned, without_credentials},
    shorten,
};

const BYTES_MAX: usize = 16 * 1024;
/// An observation holds more; people read the end first.
const CHARS_MAX: usize = 8_000;
/// A shorter value is likely an ordinary word, and leaving it out would only spoil the text.
const SECRET_BYTES_MIN: usize = 8;

#[derive(Debug, Default)]
pub struct Tail {
    bytes: VecDeque<u8>,
    is_cut: bool,
}

impl Tail {
    pub fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let over = self.bytes.len().saturating_sub(BYTES_MAX);
        self.is_cut |= over > 0;
        self.bytes.drain(..over);
    }

    /// Whole lines, unless there is only one.
    pub fn text(&self) -> String {
        let bytes: Vec<u8> = self.bytes.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        match text.split_once('\n') {
            Some((_, whole)) if self.is_cut && !whole.is_empty() => whole.to_owned(),
            _ => text.into_owned(),
        }
    }
}

/// Values that are kept out of everything that is told: the token, and what stands in the environment under a
/// name like a credential's.
pub struct Secrets(Vec<String>);

impl Secrets {
    pub fn of(variables: &[(String, String)], token: Option<&str>) -> Self {
        let named = variables.iter().filter(|(name, _)| looks_like_a_credential(name)).map(|(_, value)| value.as_str());
        let long = named.chain(token).filter(|value| value.len() >= SECRET_BYTES_MIN);
        let mut values: Vec<String> = long.map(str::to_owned).collect();
        // One may hold another.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    /// The text without them, and without what else looks like a credential.
    pub fn out_of(&self, text: &str) -> String {
        let known = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REDACTED));
        let lines: Vec<String> = known.lines().map(without_assigned).collect();
        let text = lines.join("\n");
        without_credentials(&text).unwrap_or(text)
    }

    /// A command as it was typed. What follows an option like `--password` is a secret whatever it holds.
    pub fn words(&self, command: &[OsString]) -> String {
        let mut is_value = false;
        let word = |word: &OsString| {
            let word = word.to_string_lossy();
            if std::mem::take(&mut is_value) {
                return REDACTED.to_owned();
            }
            match word.split_once('=') {
                Some((name, _)) if looks_like_a_credential(name) && !name.contains(char::is_whitespace) => {
                    format!("{name}={REDACTED}")
                }
                Some(_) => word.into_owned(),
                None => {
                    is_value = word.starts_with("--") && looks_like_a_credential(&word);
                    word.into_owned()
                }
            }
        };
        let words: Vec<String> = command.iter().map(word).collect();
        self.told(&words.join(" "))
    }

    /// The end of an output as an observation takes it.
    pub fn told(&self, said: &str) -> String {
        let clean = self.out_of(said);
        let over = clean.chars().count().saturating_sub(CHARS_MAX);
        let end: String = clean.chars().skip(over).collect();
        shorten::prose(&end, CHARS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_output_is_kept_in_whole_lines() {
        let mut tail = Tail::default();
        tail.add(b"one\n");
        assert_eq!(tail.text(), "one\n");
        for number in 0..5_000 {
            tail.add(format!("line {number}\n").as_bytes());
        }
        let text = tail.text();
        assert!(text.len() <= BYTES_MAX && text.ends_with("line 4999\n"), "{}", text.len());
        assert!(text.starts_with("line "), "{}", &text[..20]);
        let mut one = Tail::default();
        one.add("ü".repeat(BYTES_MAX).as_bytes());
        assert!(one.text().ends_with('ü'));
    }

    #[test]
    fn no_credential_is_told() {
        let variables = [("DB_PASSWORD", "correct horse"), ("PATH", "/usr/bin:/bin"), ("API_TOKEN", "short")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let secrets = Secrets::of(&variables, Some("rtl_p_abcdefgh"));
        for (said, told) in [
            ("in correct horse we trust", "in [redacted] we trust"),
            ("found rtl_p_abcdefgh", "found [redacted]"),
            ("a short way in /usr/bin:/bin", "a short way in /usr/bin:/bin"),
            ("DB_PASSWORD=x --token y\nfine", "DB_PASSWORD=[redacted] --token [redacted]\nfine"),
            ("at https://ana:pw@db.example.org/", "at https://[redacted]@db.example.org/"),
        ] {
            assert_eq!(secrets.out_of(said), told);
        }
    }

    #[test]
    fn no_argument_of_a_command_tells_a_credential() {
        let variables = [("DB_PASSWORD".to_owned(), "correct horse".to_owned())];
        let secrets = Secrets::of(&variables, None);
        for (command, told) in [
            (&["mysql", "--password", "two words", "shop"][..], "mysql --password [redacted] shop"),
            (&["env", "API_TOKEN=two words", "load"][..], "env API_TOKEN=[redacted] load"),
            (&["load", "--api-key=two words", "zk-1"][..], "load --api-key=[redacted] zk-1"),
            (&["load", "of correct horse"][..], "load of [redacted]"),
            (&["sh", "-c", "mysql --password abc"][..], "sh -c mysql --password [redacted]"),
            (&["curl", "http://ana:pw@shop/?a=b"][..], "curl http://[redacted]@shop/?a=b"),
        ] {
            let command: Vec<OsString> = command.iter().map(OsString::from).collect();
            assert_eq!(secrets.words(&command), told);
        }
    }

    #[test]
    fn the_end_is_what_is_told() {
        let secrets = Secrets::of(&[], None);
        let told = secrets.told(&format!("{}\u{1b}end\n", "x".repeat(20_000)));
        assert!(told.chars().count() <= CHARS_MAX && told.ends_with(" end"), "{}", told.len());
        assert_eq!(secrets.told(""), "");
    }
}
