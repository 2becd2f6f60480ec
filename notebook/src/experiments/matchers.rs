//! Which alerts tell of a signal: matchers on their labels, as Alertmanager spells them.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::limits::{ALERT_MATCHERS_MAX, NOTE_CHARS_MAX};

/// The label that holds an alert's name.
pub const ALERT_NAME: &str = "alertname";

/// Every one of them has to fit. At least one names a value, or all alerts would fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Matchers(Vec<Matcher>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Matcher {
    label: String,
    is: bool,
    value: String,
}

impl Matchers {
    /// Reads `alertname="ZooKeeperDown", service!="kafka"`, with or without braces and quotes. A word alone
    /// is the alert's name.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("holds a control character; remove it".into());
        }
        let text = text.trim();
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        let parts = parts(inner)?;
        let mut matchers: Vec<Matcher> = Vec::new();
        for (n, part) in parts.iter().map(|part| part.trim()).enumerate().filter(|(_, part)| !part.is_empty()) {
            let matcher = if n == 0 && is_word(part) { named(part) } else { matcher(part)? };
            if !matchers.contains(&matcher) {
                matchers.push(matcher);
            }
        }
        if matchers.len() > ALERT_MATCHERS_MAX {
            return Err(format!("has {} matchers; at most {ALERT_MATCHERS_MAX} are kept", matchers.len()));
        }
        if !matchers.iter().any(|matcher| matcher.is && !matcher.value.is_empty()) {
            return Err("fits every alert; name one, like alertname=\"ZooKeeperDown\"".into());
        }
        let matchers = Self(matchers);
        // With its quotes, as it is kept and read again.
        if matchers.to_string().chars().count() > NOTE_CHARS_MAX {
            return Err(format!("takes at most {NOTE_CHARS_MAX} characters"));
        }
        Ok(matchers)
    }

    /// A label that is not there is an empty one.
    pub fn fit(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|matcher| {
            let value = labels.get(&matcher.label).map_or("", String::as_str);
            (value == matcher.value) == matcher.is
        })
    }

    /// The name of every alert that fits; None where they leave it open.
    pub fn alert_name(&self) -> Option<&str> {
        let named = self.0.iter().find(|matcher| matcher.is && matcher.label == ALERT_NAME);
        named.map(|matcher| matcher.value.as_str()).filter(|name| !name.is_empty())
    }
}

/// The parts between commas that stand outside of quotes.
fn parts(text: &str) -> Result<Vec<String>, String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        let ends = c == ',' && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        if ends {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    if quoted { Err("has a quote that does not end".into()) } else { Ok(parts) }
}

fn is_word(part: &str) -> bool {
    !part.contains(['=', '~', '!', '"', '{', '}'])
}

fn named(word: &str) -> Matcher {
    Matcher { label: ALERT_NAME.into(), is: true, value: word.into() }
}

fn matcher(part: &str) -> Result<Matcher, String> {
    let says = || format!("holds \"{part}\", which is no matcher; write label=\"value\" or label!=\"value\"");
    let (label, rest) = part.split_at(part.find(['=', '!']).ok_or_else(says)?);
    if rest.starts_with("=~") || rest.starts_with("!~") {
        return Err("takes = and != only; write the whole value".into());
    }
    let (is, value) = match (rest.strip_prefix("!="), rest.strip_prefix('=')) {
        (Some(value), _) => (false, value),
        (None, Some(value)) => (true, value),
        (None, None) => return Err(says()),
    };
    let label = label.trim();
    let is_label = label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_label {
        return Err(says());
    }
    Ok(Matcher { label: label.into(), is, value: unquoted(value.trim()).ok_or_else(says)? })
}

/// A value with its quotes taken off; None if it is half in quotes.
fn unquoted(value: &str) -> Option<String> {
    let Some(rest) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let inner = rest.strip_suffix('"')?;
    let (mut plain, mut escaped) = (String::new(), false);
    for c in inner.chars() {
        match (escaped, c) {
            (false, '\\') => escaped = true,
            (false, '"') => return None,
            (false, c) => plain.push(c),
            (true, c @ ('"' | '\\')) => {
                plain.push(c);
                escaped = false;
            }
            (true, _) => return None,
        }
    }
    (!escaped).then_some(plain)
}

impl fmt::Display for Matchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, Matcher { label, is, value }) in self.0.iter().enumerate() {
            let (comma, sign) = (if n == 0 { "" } else { ", " }, if *is { "=" } else { "!=" });
            write!(f, "{comma}{label}{sign}\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Matchers {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text)
    }
}

impl From<Matchers> for String {
    fn from(matchers: Matchers) -> String {
        matchers.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn matchers_are_read_as_people_write_them() {
        for (typed, kept) in [
            ("ZooKeeperDown", "alertname=\"ZooKeeperDown\""),
            (" { alertname = \"ZooKeeperDown\" , service!=kafka } ", "alertname=\"ZooKeeperDown\", service!=\"kafka\""),
            ("ZooKeeperDown, severity=page,", "alertname=\"ZooKeeperDown\", severity=\"page\""),
            ("alertname=\"a, \\\"b\\\" \\\\ c\"", "alertname=\"a, \\\"b\\\" \\\\ c\""),
            ("alertname=\"a=b\"", "alertname=\"a=b\""),
            ("alertname=x, alertname=x", "alertname=\"x\""),
            ("alertname=x, silenced=\"\"", "alertname=\"x\", silenced=\"\""),
        ] {
            assert_eq!(Matchers::read(typed).map(String::from).as_deref(), Ok(kept), "{typed}");
        }
    }

    #[test]
    fn what_would_fit_everything_or_nothing_known_is_refused() {
        for (typed, says) in [
            ("", "fits every alert"),
            ("{}", "fits every alert"),
            ("service!=\"kafka\"", "fits every alert"),
            ("alertname=\"\"", "fits every alert"),
            ("alertname=~\"Zoo.*\"", "takes = and != only"),
            ("alertname!~\"Zoo.*\"", "takes = and != only"),
            ("alertname=\"Zoo", "a quote that does not end"),
            ("alertname=Zoo\"", "a quote that does not end"),
            ("alertname=\"a\"b\"\"", "is no matcher"),
            ("alertname=x, ZooKeeperDown", "is no matcher"),
            ("1st=x", "is no matcher"),
            ("alertname=\"\\n\"", "is no matcher"),
        ] {
            let refused = Matchers::read(typed).unwrap_err();
            assert!(refused.contains(says), "{typed}: {refused}");
        }
        let just_too_long = format!("alertname={}", "x".repeat(NOTE_CHARS_MAX - "alertname=\"\"".len() + 1));
        assert!(Matchers::read(&just_too_long).unwrap_err().contains("2000 characters"));
        assert!(Matchers::read(&just_too_long[..just_too_long.len() - 1]).is_ok());
        let many: Vec<String> = (0..=ALERT_MATCHERS_MAX).map(|n| format!("l{n}=x")).collect();
        assert!(Matchers::read(&many.join(",")).unwrap_err().contains("at most"));
    }

    #[test]
    fn a_name_that_has_to_fit_is_known() {
        for (typed, name) in [
            ("ZooKeeperDown, service=zookeeper", Some("ZooKeeperDown")),
            ("service=zookeeper, alertname=\"ZooKeeperDown\"", Some("ZooKeeperDown")),
            ("service=zookeeper, alertname!=ZooKeeperDown", None),
            ("service=zookeeper, alertname=\"\"", None),
        ] {
            assert_eq!(Matchers::read(typed).unwrap().alert_name(), name, "{typed}");
        }
    }

    #[test]
    fn every_matcher_has_to_fit() {
        let down = Matchers::read("ZooKeeperDown, service=zookeeper, silenced!=yes").unwrap();
        for (alert, fits) in [
            (labels(&[("alertname", "ZooKeeperDown"), ("service", "zookeeper")]), true),
            (labels(&[("alertname", "ZooKeeperDown"), ("service", "zookeeper"), ("zone", "a")]), true),
            (labels(&[("alertname", "ZooKeeperDown")]), false),
            (labels(&[("alertname", "zookeeperdown"), ("service", "zookeeper")]), false),
            (labels(&[("alertname", "ZooKeeperDown"), ("service", "zookeeper"), ("silenced", "yes")]), false),
        ] {
            assert_eq!(down.fit(&alert), fits, "{alert:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_reads_back(values in proptest::collection::vec(("[a-z_]{1,6}", any::<bool>(), "[ -~äö]{0,12}"), 1..6)) {
            let mut matchers = vec![named("X")];
            for (label, is, value) in values {
                let matcher = Matcher { label, is, value };
                if !matchers.contains(&matcher) {
                    matchers.push(matcher);
                }
            }
            let matchers = Matchers(matchers);
            prop_assert_eq!(Matchers::read(&matchers.to_string()), Ok(matchers));
        }
    }
}
