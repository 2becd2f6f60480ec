//! Who is mentioned in what people write: `@` and somebody's name or address, or the part of an address before its
//! own `@`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{actor::PersonId, people::Account};

/// Acts that take a text from people, by the kind of thing they are about.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "experiment",
        &[
            "observed",
            "passive_seen",
            "passive_ruled_out",
            "approved",
            "changes_asked",
            "retired",
            "reopened",
            "revised",
        ],
    ),
    (
        "run",
        &[
            "planned",
            "gate_answered",
            "poll_answered",
            "observed",
            "attached",
            "check_amended",
            "signal_amended",
            "deviated",
            "deviation_ruled",
            "abort_pressed",
            "abort_reason_given",
            "revert_failed",
            "cancelled",
            "moved_to",
            "validity_ruled",
            "signed",
            "overruled",
            "overruling_revoked",
            "lacks_fix",
            "amended",
        ],
    ),
    (
        "finding",
        &[
            "written",
            "edited",
            "risk_accepted",
            "dismissed",
            "undone",
            "cause_suspected",
            "cause_confirmed",
            "seen_again",
        ],
    ),
    ("fix", &["proposed", "edited", "rolled_back", "withdrawn", "ticket_closed"]),
    ("decision", &["decided", "stopped", "saving_realised"]),
    ("cadence", &["ended", "slot_skipped", "slot_postponed"]),
    ("gameday", &["written", "edited", "cancelled", "noted"]),
];

/// Those that write a text anew of which a part stood there before.
const AGAIN: &[&str] = &["written", "proposed", "edited"];

/// Whether a line may mention somebody: asked where it is written, when nobody knows the names yet.
pub fn may_mention(kind: &str, act: &str, body: &str) -> bool {
    body.contains('@') && TEXTS.iter().any(|(known, acts)| *known == kind && acts.contains(&act))
}

/// Whether a line of this act says again what an earlier one of these said.
pub fn says_again(act: &str) -> bool {
    AGAIN.contains(&act)
}

/// Every text in the body of a line, one after the other.
pub fn texts(body: &str) -> Vec<String> {
    let mut texts = Vec::new();
    if let Ok(value) = serde_json::from_str(body) {
        gather(value, &mut texts);
    }
    texts
}

fn gather(value: Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(values) => {
            for value in values {
                gather(value, texts);
            }
        }
        Value::Object(fields) => {
            for (_, value) in fields {
                gather(value, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The people whom a text mentions. What two are called means neither.
pub fn mentioned(text: &str, accounts: &[Account]) -> BTreeSet<PersonId> {
    let text = text.to_lowercase();
    let called = called(accounts);
    let places = text.match_indices('@').filter(|(at, _)| !text[..*at].ends_with(is_inside));
    let rests = places.map(|(at, _)| &text[at + 1..]);
    rests.filter_map(|rest| meant(rest, &called)).collect()
}

/// A character within an address or a word, where no mention begins.
fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/' | '@')
}

/// Everybody who can be told, by what they are called; None where that means more than one.
fn called(accounts: &[Account]) -> BTreeMap<String, Option<PersonId>> {
    let mut called: BTreeMap<String, Option<PersonId>> = BTreeMap::new();
    for account in accounts.iter().filter(|account| !account.disabled) {
        let before = account.email.split('@').next().unwrap_or_default().to_owned();
        // One's own name and address may be the same word.
        for word in BTreeSet::from([account.name.to_lowercase(), account.email.clone(), before]) {
            if !word.is_empty() {
                called.entry(word).and_modify(|person| *person = None).or_insert(Some(account.id));
            }
        }
    }
    called
}

/// The longest name that a text begins with as a whole word.
fn meant(rest: &str, called: &BTreeMap<String, Option<PersonId>>) -> Option<PersonId> {
    let begins =
        called.iter().filter(|(word, _)| rest.strip_prefix(word.as_str()).is_some_and(|behind| !goes_on(behind)));
    begins.max_by_key(|(word, _)| word.len()).and_then(|(_, person)| *person)
}

/// Whether a word goes on here: "." ends one before a space, and not before a letter.
fn goes_on(behind: &str) -> bool {
    let mut chars = behind.chars();
    match chars.next() {
        Some('.' | '-' | '@' | '+') => chars.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || c == '_',
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{actor::Role, people::Theme, time::Moment};

    fn account(id: i64, name: &str, email: &str) -> Account {
        Account {
            id: PersonId(id),
            email: email.into(),
            name: name.into(),
            role: Role::Contributor,
            can_revert: false,
            zone: "UTC".into(),
            theme: Theme::System,
            has_password: true,
            disabled: name == "Gone",
            created_at: Moment::from_micros(0),
            version: 1,
        }
    }

    fn team() -> Vec<Account> {
        vec![
            account(1, "Ana", "ana@example.org"),
            account(2, "Ben Weiß", "ben@example.org"),
            account(3, "Ben", "b.stone@example.org"),
            account(4, "Gone", "gone@example.org"),
            account(5, "Chris", "chris@a.example.org"),
            account(6, "Chris", "chris@b.example.org"),
        ]
    }

    #[test]
    fn a_name_behind_an_at_sign_means_whoever_is_called_so_alone() {
        for (text, expected) in [
            ("@Ana, look", vec![1]),
            ("look @ana.", vec![1]),
            ("(@ANA) and @ana again", vec![1]),
            ("@ben weiß and @b.stone", vec![2, 3]),
            ("@ben@example.org", vec![2]),
            ("@Ben is one's name and the other's address", vec![]),
            ("@Anatol and ana@example.org", vec![]),
            ("mail ana@ana.example.org", vec![]),
            ("@ana-lytics, @ana_2, @ana.example", vec![]),
            ("@gone and @nobody", vec![]),
            ("@chris, or @chris@b.example.org", vec![6]),
            ("@ ana @", vec![]),
        ] {
            let found: Vec<i64> = mentioned(text, &team()).into_iter().map(|person| person.0).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn only_what_people_wrote_is_read() {
        for (kind, act, body, expected) in [
            ("run", "observed", r#"{"text":"@Ana"}"#, true),
            ("run", "observed", r#"{"text":"nobody"}"#, false),
            ("run", "imported", r#"{"title":"@Ana"}"#, false),
            ("service", "added", r#"{"owner":"@Ana"}"#, false),
        ] {
            assert_eq!(may_mention(kind, act, body), expected, "{kind} {act} {body}");
        }
        assert_eq!(texts(r#"{"n":1,"a":["x",{"b":"@Ana"}],"c":null}"#), ["x", "@Ana"]);
    }

    #[cfg(feature = "store")]
    #[test]
    fn kinds_are_those_of_the_trail() {
        for (kind, _) in TEXTS {
            assert!(crate::events::about::ALL.contains(kind), "{kind}");
        }
    }
}
