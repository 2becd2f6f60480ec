//! Takes secrets out of a document of another tool before anything of it is stored or shown.
//!
//! Taken out: values under `secrets`; values under `configuration` whose name looks like a
//! secret's; credentials in headers; user names and passwords in addresses; and the inline
//! secrets themselves wherever an output repeats them. Texts of SLOs hold sources of metrics, of
//! which anything may be a member: there whatever is named like a credential goes, too. References
//! to an environment variable, a vault or a variable (`Bearer ${token}`) stay: they are names, and
//! a plan is compared by them.
//!
//! Recurses once per level, so the document must have passed the depth limit of the reader.

use std::ops::Range;

use serde_json::{Map, Value};

use super::shorten;

pub const REDACTED: &str = "[redacted]";
/// Pointers reported; a hostile document could ask for more text than it has itself.
pub const POINTERS_MAX: usize = 1_000;
const POINTER_CHARS_MAX: usize = 300;
/// Repeats of these many inline secrets are looked for, and of none shorter than this:
/// a short one is likely an ordinary word.
const INLINE_MAX: usize = 32;
const INLINE_BYTES_MIN: usize = 8;
/// Members whose texts are spelled by the tool: a secret of "completed" must not change a result.
const SPELLED: [&str; 5] = ["status", "type", "dry", "start", "end"];

const HEADERS: [&str; 5] = ["authorization", "proxy-authorization", "cookie", "set-cookie", "cookies"];
const SECRET_WORDS: [&str; 4] = ["token", "secret", "password", "key"];
/// Members of texts of SLOs that say how a source is reached, of which anything may be a member.
const SOURCES: [&str; 3] = ["metricsource", "connectiondetails", "options"];
/// What credentials of sources are called, without what separates words. Not the bare `key`: many
/// queries have one.
const SOURCE_WORDS: [&str; 11] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "credential",
    "apikey",
    "appkey",
    "applicationkey",
    "accesskey",
    "privatekey",
];
/// Words that stand before a credential.
const SCHEMES: [&str; 4] = ["bearer", "basic", "token", "digest"];

/// Redacts in place and gives JSON pointers of what was changed, repeats of inline secrets last.
pub fn redact(document: &mut Value) -> Vec<String> {
    redact_within(document, Within::Nothing)
}

/// The same for a document that holds SLOs.
pub fn redact_slos(document: &mut Value) -> Vec<String> {
    redact_within(document, Within::Slos)
}

fn redact_within(document: &mut Value, within: Within) -> Vec<String> {
    let mut found = Found::default();
    walk(document, &Path::ROOT, within, &mut found);
    if !found.inline.is_empty() {
        // Longest first, or the rest of a secret that begins like another would stay.
        found.inline.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let inline = std::mem::take(&mut found.inline);
        sweep(document, &Path::ROOT, &inline, &mut found);
    }
    found.pointers
}

#[derive(Default)]
struct Found {
    pointers: Vec<String>,
    inline: Vec<String>,
}

/// Which names are secrets here.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    /// Of a text of SLOs, outside of its sources.
    Slos,
    /// Of such a source.
    Source,
    Headers,
    Configuration,
    /// Under `secrets`: repeats elsewhere go as well.
    Secrets,
    /// Under a configuration name such as `keyspace`: perhaps an ordinary word, so repeats stay.
    SecretConfiguration,
}

/// Where a value stands; rendered only if something is taken out there.
struct Path<'a> {
    above: Option<&'a Path<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    const ROOT: Path<'static> = Path { above: None, step: Step::Index(0) };

    fn name(&'a self, name: &'a str) -> Path<'a> {
        Path { above: Some(self), step: Step::Name(name) }
    }

    fn index(&'a self, index: usize) -> Path<'a> {
        Path { above: Some(self), step: Step::Index(index) }
    }

    fn pointer(&self) -> String {
        let Some(above) = self.above else {
            return String::new();
        };
        let head = above.pointer();
        if head.chars().count() > POINTER_CHARS_MAX {
            return head;
        }
        match self.step {
            Step::Name(name) => {
                format!("{head}/{}", shorten::line(name, POINTER_CHARS_MAX).replace('~', "~0").replace('/', "~1"))
            }
            Step::Index(index) => format!("{head}/{index}"),
        }
    }
}

impl Found {
    fn report(&mut self, path: &Path) {
        if self.pointers.len() < POINTERS_MAX {
            let pointer = shorten::line(&path.pointer(), POINTER_CHARS_MAX);
            // One text may hold two secrets, and cut pointers look alike.
            if self.pointers.last() != Some(&pointer) {
                self.pointers.push(pointer);
            }
        }
    }

    fn remember(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.len() >= INLINE_BYTES_MIN
            && self.inline.len() < INLINE_MAX
            && !self.inline.iter().any(|known| known == secret)
        {
            self.inline.push(secret.to_owned());
        }
    }
}

fn walk(value: &mut Value, path: &Path, within: Within, found: &mut Found) {
    match value {
        Value::Object(map) => {
            let holder = Holder::of(map);
            for (name, member) in map.iter_mut() {
                let here = path.name(name);
                match meaning(name, member, within, holder) {
                    Meaning::Secret => take(member, &here, within, found),
                    Meaning::Keep => {}
                    Meaning::Look(within) => walk(member, &here, within, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let here = path.index(index);
                if within.is_secret() && !is_nested(item) {
                    take(item, &here, within, found);
                } else {
                    walk(item, &here, within, found);
                }
            }
        }
        Value::String(text) => {
            if let Some(clean) = without_credentials(text) {
                *text = clean;
                found.report(path);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Within {
    const fn is_secret(self) -> bool {
        matches!(self, Self::Secrets | Self::SecretConfiguration)
    }
}

/// Whether an object names where a value comes from: `{"type": "env", "key": ...}`, or a vault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refers {
    No,
    ToValue,
    /// What it names sounds like one.
    ToSecret,
}

/// The object a member belongs to.
#[derive(Clone, Copy)]
struct Holder {
    refers: Refers,
    /// `{"name": "api_key", "value": ...}`, as sources write what they send.
    pairs_a_credential: bool,
    /// An activity, provider or control: its `secrets` are names of scopes.
    lists_scopes: bool,
}

impl Holder {
    fn of(map: &Map<String, Value>) -> Self {
        let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
        let refers = match text("type") {
            "vault" => Refers::ToSecret,
            "env" if looks_secret(&text("key").to_ascii_lowercase()) => Refers::ToSecret,
            "env" => Refers::ToValue,
            _ => Refers::No,
        };
        Self {
            refers,
            pairs_a_credential: ["name", "key"].iter().any(|name| looks_like_a_credential(text(name))),
            lists_scopes: ["type", "provider", "module"].iter().any(|name| map.contains_key(*name)),
        }
    }
}

enum Meaning {
    Secret,
    Keep,
    Look(Within),
}

/// What a member is, by its name and by what it is a member of.
fn meaning(name: &str, member: &Value, within: Within, holder: Holder) -> Meaning {
    let nested = is_nested(member);
    let names_a_place = holder.refers != Refers::No && matches!(name, "type" | "key" | "path") && member.is_string();
    if names_a_place && (within.is_secret() || within == Within::Configuration) {
        return Meaning::Keep;
    }
    if within.is_secret() {
        return if nested { Meaning::Look(within) } else { Meaning::Secret };
    }
    let lower = name.to_ascii_lowercase();
    if HEADERS.contains(&lower.as_str()) {
        return Meaning::Secret;
    }
    match (within, lower.as_str()) {
        (Within::Headers, _) if looks_secret(&lower) => Meaning::Secret,
        (_, "secrets") if holder.lists_scopes && names_only(member) => Meaning::Keep,
        (_, "secrets") if nested => Meaning::Look(Within::Secrets),
        (_, "secrets") => Meaning::Secret,
        (Within::Configuration, _) if looks_secret(&lower) || holder.refers == Refers::ToSecret => {
            if nested {
                Meaning::Look(Within::SecretConfiguration)
            } else {
                Meaning::Secret
            }
        }
        (Within::Source, _) if is_credential(&lower, member, holder) => {
            if nested {
                Meaning::Look(Within::SecretConfiguration)
            } else {
                Meaning::Secret
            }
        }
        (Within::Slos, _) if SOURCES.contains(&lower.as_str()) => Meaning::Look(Within::Source),
        (_, "configuration") if nested => Meaning::Look(Within::Configuration),
        (_, "headers") if nested => Meaning::Look(Within::Headers),
        (Within::Configuration | Within::Slos | Within::Source, _) => Meaning::Look(within),
        _ => Meaning::Look(Within::Nothing),
    }
}

/// Whether a member of a source is one; `useToken: true` is none.
fn is_credential(lower_name: &str, member: &Value, holder: Holder) -> bool {
    let is_named = looks_like_a_credential(lower_name) || (holder.pairs_a_credential && lower_name == "value");
    is_named && !member.is_boolean()
}

/// Whether something of this name is likely a credential: `DB_PASSWORD`, `--api-key`.
pub fn looks_like_a_credential(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    HEADERS.contains(&name.to_ascii_lowercase().as_str()) || SOURCE_WORDS.iter().any(|word| letters.contains(word))
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn names_only(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn take(value: &mut Value, path: &Path, within: Within, found: &mut Found) {
    if value.is_null() || value.as_str().is_some_and(|text| text == REDACTED || only_names(text)) {
        return;
    }
    if let (Within::Secrets, Some(text)) = (within, value.as_str()) {
        found.remember(text);
    }
    *value = Value::from(REDACTED);
    found.report(path);
}

fn sweep(value: &mut Value, path: &Path, inline: &[String], found: &mut Found) {
    match value {
        Value::Object(map) => {
            for (name, member) in map.iter_mut() {
                if !(member.is_string() && SPELLED.contains(&name.as_str())) {
                    sweep(member, &path.name(name), inline, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                sweep(item, &path.index(index), inline, found);
            }
        }
        Value::String(text) => {
            for secret in inline {
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), REDACTED);
                    found.report(path);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a text only names variables that the tool fills in: `${user}:${password}`.
fn only_names(text: &str) -> bool {
    let (mut rest, mut left, mut named) = (text, String::new(), false);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { return false };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return false;
        }
        left.push_str(before);
        (rest, named) = (after, true);
    }
    left.push_str(rest);
    let left = left.trim_matches(|c: char| c.is_whitespace() || c == ':').to_ascii_lowercase();
    named && (left.is_empty() || SCHEMES.contains(&left.as_str()))
}

/// The text without user names and passwords in addresses, values of query parameters whose
/// name looks like a secret's, and credential headers as command lines write them; None if it
/// holds none of these.
pub fn without_credentials(text: &str) -> Option<String> {
    let mut ranges = Vec::new();
    userinfo(text, &mut ranges);
    query_values(text, &mut ranges);
    header_values(text, &mut ranges);
    ranges.retain(|range| !only_names(&text[range.clone()]));
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_by_key(|range| range.start);
    let (mut clean, mut copied) = (String::new(), 0);
    for range in ranges {
        if range.start >= copied {
            clean.push_str(&text[copied..range.start]);
            clean.push_str(REDACTED);
        }
        copied = copied.max(range.end);
    }
    clean.push_str(&text[copied..]);
    Some(clean)
}

/// The text without what is assigned to names of credentials, as environments and command lines do:
/// `abc` in `DB_PASSWORD=abc` and `--token abc`.
pub fn without_assigned(text: &str) -> String {
    let mut is_value = false;
    let word = |word: &str| {
        if std::mem::take(&mut is_value) && !word.is_empty() {
            return REDACTED.to_owned();
        }
        match word.split_once('=') {
            Some((name, value)) if looks_like_a_credential(name) && !value.is_empty() => format!("{name}={REDACTED}"),
            Some(_) => word.to_owned(),
            None => {
                is_value = word.starts_with("--") && looks_like_a_credential(word);
                word.to_owned()
            }
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '\\')
}

/// Length of the text before the first character that ends it.
fn length_until(text: &str, ends: impl Fn(char) -> bool) -> usize {
    text.find(ends).unwrap_or(text.len())
}

/// `user:password` in `https://user:password@host/`.
fn userinfo(text: &str, ranges: &mut Vec<Range<usize>>) {
    for (scheme, _) in text.match_indices("://") {
        let start = scheme + 3;
        let authority =
            &text[start..][..length_until(&text[start..], |c| ends_word(c) || matches!(c, '/' | '?' | '#'))];
        if let Some(at) = authority.rfind('@')
            && &authority[..at] != REDACTED
        {
            ranges.push(start..start + at);
        }
    }
}

/// `abc` in `/health?token=abc`.
fn query_values(text: &str, ranges: &mut Vec<Range<usize>>) {
    // What lies in a range already found is not looked at again, or hostile text costs its square.
    let mut done = 0;
    for (mark, _) in text.match_indices(['?', '&']) {
        if mark < done {
            continue;
        }
        let name = &text[mark + 1..]
            [..length_until(&text[mark + 1..], |c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))];
        let start = mark + 1 + name.len() + 1;
        if looks_secret(&name.to_ascii_lowercase()) && text[start - 1..].starts_with('=') {
            let length = length_until(&text[start..], |c| ends_word(c) || matches!(c, '&' | '#'));
            done = start + length;
            if length > 0 && &text[start..done] != REDACTED {
                ranges.push(start..done);
            }
        }
    }
}

/// `Bearer abc` in `curl -H "Authorization: Bearer abc"`.
fn header_values(text: &str, ranges: &mut Vec<Range<usize>>) {
    let lower = text.to_ascii_lowercase();
    for header in ["authorization:", "cookie:"] {
        let mut done = 0;
        for (name, _) in lower.match_indices(header) {
            if name < done {
                continue;
            }
            let after = name + header.len();
            let start = after + length_until(&text[after..], |c| c != ' ');
            let length = length_until(&text[start..], |c| matches!(c, '"' | '\'' | '\n' | '\r'));
            done = start + length;
            if length > 0 && &text[start..done] != REDACTED {
                ranges.push(start..done);
            }
        }
    }
}

fn looks_secret(lower_name: &str) -> bool {
    SECRET_WORDS.iter().any(|word| lower_name.contains(word))
}

#[cfg(test)]
mod tests;
