//! What an engine is asked, made of nothing but quoted words, and marks.
//!
//! Both texts are bound as one value. A word holds no quotation mark and no backslash, so it cannot end itself.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};

use super::{
    Expr, Value,
    days::Days,
    keys::Key,
    marks::{everything, mark, nothing},
    spellings::spellings,
    tokens::{tokens, words},
    told::observation,
};
use crate::{actor::PersonId, limits::SEARCH_TERMS_MAX};

/// What a query means at this moment, for whoever asks.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    pub me: Option<PersonId>,
    /// People by their email address.
    pub people: &'a BTreeMap<String, PersonId>,
    /// Services by the team that owns them.
    pub owned: &'a BTreeMap<String, Vec<String>>,
    pub today: Date,
}

/// The same query in tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
    /// Words behind each other as they are written; the last one may be a beginning.
    Row {
        text: String,
        open: bool,
    },
    Mark(String),
}

/// What the index is asked for; nothing asks for everything.
pub fn tree(wanted: Option<&Expr>, around: Around<'_>) -> Tree {
    wanted.map_or_else(|| Tree::Mark(everything()), |wanted| of(wanted, around))
}

fn of(expr: &Expr, around: Around<'_>) -> Tree {
    match expr {
        Expr::And(members) => Tree::All(members.iter().map(|member| of(member, around)).collect()),
        Expr::Or(members) => Tree::Any(members.iter().map(|member| of(member, around)).collect()),
        Expr::Not(inner) => Tree::Not(Box::new(of(inner, around))),
        Expr::Word { text, open: false } => word(text),
        Expr::Word { text, open: true } => row(text, true),
        Expr::Phrase(text) => row(text, false),
        Expr::Qualifier { key, values } => {
            Tree::Any(values.iter().map(|value| qualified(*key, value, around)).collect())
        }
    }
}

/// The id of an observation is found where the index has it, and where somebody wrote it.
fn word(text: &str) -> Tree {
    match observation(text).filter(|indexed| !indexed.eq_ignore_ascii_case(text)) {
        Some(indexed) => Tree::Any(vec![row(text, false), row(&indexed, false)]),
        None => row(text, false),
    }
}

/// A word or phrase; nothing is found by a text without any token.
pub fn row(text: &str, open: bool) -> Tree {
    if tokens(text).is_empty() { Tree::Mark(nothing()) } else { Tree::Row { text: text.to_owned(), open } }
}

fn qualified(key: Key, value: &Value, around: Around<'_>) -> Tree {
    let person = |id: Option<PersonId>| {
        Tree::Mark(id.map_or_else(nothing, |PersonId(number)| mark(key.word(), &number.to_string())))
    };
    match value {
        Value::Me => person(around.me),
        Value::Word(email) if key.is_person() => person(around.people.get(email).copied()),
        Value::Word(word) if key == Key::Team => of_team(word, around),
        Value::Word(word) => Tree::Mark(mark(key.word(), word)),
        Value::Nothing => Tree::Mark(mark(key.word(), "none")),
        Value::Days(days) => Tree::Any(calendar(*days, around.today)),
    }
}

/// What a team has to do with itself, and all that is about a service of its.
fn of_team(team: &str, around: Around<'_>) -> Tree {
    let services = around.owned.get(team).map(Vec::as_slice).unwrap_or_default();
    let about = services.iter().map(|service| mark(Key::Service.word(), service));
    Tree::Any(std::iter::once(mark(Key::Team.word(), team)).chain(about).map(Tree::Mark).collect())
}

/// Whole years, months and days that make up a stretch, each of which is one mark.
fn calendar(days: Days, today: Date) -> Vec<Tree> {
    let mut parts = Vec::new();
    let Some((mut from, until)) = days.bounds(today) else {
        return vec![Tree::Mark(nothing())];
    };
    while from < until {
        let (year, month) = (from.saturating_add(Span::new().years(1)), from.saturating_add(Span::new().months(1)));
        let (next, name) = if from.month() == 1 && from.day() == 1 && year <= until {
            (year, format!("{:04}", from.year()))
        } else if from.day() == 1 && month <= until {
            (month, format!("{:04}-{:02}", from.year(), from.month()))
        } else {
            (from.saturating_add(Span::new().days(1)), from.to_string())
        };
        parts.push(Tree::Mark(mark("on", &name)));
        from = next;
    }
    parts
}

/// For FTS5, whose NOT needs something before it.
pub fn fts5(tree: &Tree) -> String {
    match tree {
        Tree::All(members) => {
            let (not, are): (Vec<&Tree>, Vec<&Tree>) = members.iter().partition(|one| matches!(one, Tree::Not(_)));
            let mut are: Vec<String> = are.into_iter().map(fts5).collect();
            if are.is_empty() {
                are.push(quoted(&everything(), false));
            }
            let are = format!("({})", are.join(" AND "));
            let not = not.into_iter().map(inner).map(fts5).collect::<Vec<_>>();
            if not.is_empty() { are } else { format!("({are} NOT ({}))", not.join(" OR ")) }
        }
        Tree::Any(members) => format!("({})", members.iter().map(fts5).collect::<Vec<_>>().join(" OR ")),
        Tree::Not(inner) => format!("({} NOT ({}))", quoted(&everything(), false), fts5(inner)),
        Tree::Row { text, open } => {
            let mut spelt: Vec<String> =
                spellings(&words(text).join(" ")).iter().map(|words| quoted(words, *open)).collect();
            match (spelt.pop(), spelt.is_empty()) {
                (Some(only), true) => only,
                (last, _) => format!("({})", spelt.into_iter().chain(last).collect::<Vec<_>>().join(" OR ")),
            }
        }
        Tree::Mark(mark) => quoted(mark, false),
    }
}

fn inner(tree: &Tree) -> &Tree {
    if let Tree::Not(inner) = tree { inner } else { tree }
}

fn quoted(words: &str, open: bool) -> String {
    format!("\"{words}\"{}", if open { "*" } else { "" })
}

/// For PostgreSQL, as the text of a `tsquery`.
pub fn tsquery(tree: &Tree) -> String {
    let joined =
        |members: &[Tree], sign: &str| format!("({})", members.iter().map(tsquery).collect::<Vec<_>>().join(sign));
    match tree {
        Tree::All(members) if members.iter().all(|one| matches!(one, Tree::Not(_))) => {
            format!("('{}' & {})", everything(), joined(members, " & "))
        }
        Tree::All(members) => {
            let not = |one: &Tree| match one {
                Tree::Not(inner) => format!("!{}", tsquery(inner)),
                other => tsquery(other),
            };
            format!("({})", members.iter().map(not).collect::<Vec<_>>().join(" & "))
        }
        Tree::Any(members) => joined(members, " | "),
        Tree::Not(inner) => format!("('{}' & !{})", everything(), tsquery(inner)),
        Tree::Row { text, open } => {
            let tokens = tokens(text);
            let last = tokens.len().saturating_sub(1);
            let one =
                |(at, token): (usize, &String)| format!("'{token}'{}", if *open && at == last { ":*" } else { "" });
            format!("({})", tokens.iter().enumerate().map(one).collect::<Vec<_>>().join(" <-> "))
        }
        Tree::Mark(mark) => format!("'{mark}'"),
    }
}

/// What of a query ranks: its words, not what a thing is or must not be. PostgreSQL ranks members of a conjunction by
/// how near to each other they stand, and marks stand nowhere.
pub fn ranking(tree: &Tree) -> Option<Tree> {
    let words = |members: &[Tree]| members.iter().filter_map(ranking).collect::<Vec<_>>();
    let (words, is_all) = match tree {
        Tree::All(members) => (words(members), true),
        Tree::Any(members) => (words(members), false),
        Tree::Row { .. } => return Some(tree.clone()),
        Tree::Not(_) | Tree::Mark(_) => return None,
    };
    (!words.is_empty()).then_some(if is_all { Tree::All(words) } else { Tree::Any(words) })
}

/// The first tokens that are looked for, for marking them in a text, and whether each is a beginning. Each word of
/// each text is held against all of them, and a phrase can be nothing but tokens.
pub fn looked_for(expr: Option<&Expr>) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    if let Some(expr) = expr {
        collect(expr, &mut found);
    }
    found.truncate(SEARCH_TERMS_MAX);
    found
}

fn collect(expr: &Expr, found: &mut Vec<(String, bool)>) {
    match expr {
        Expr::And(members) | Expr::Or(members) => members.iter().for_each(|member| collect(member, found)),
        Expr::Word { text, open } => {
            let tokens = tokens(text);
            let last = tokens.len().saturating_sub(1);
            found.extend(tokens.into_iter().enumerate().map(|(at, token)| (token, *open && at == last)));
        }
        Expr::Phrase(text) => found.extend(tokens(text).into_iter().map(|token| (token, false))),
        Expr::Not(_) | Expr::Qualifier { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{marks::SEPARATOR, parse::parse};

    fn asked(text: &str) -> (String, String) {
        let people = BTreeMap::from([("ana@example.org".to_owned(), PersonId(3))]);
        let owned = BTreeMap::from([("data".to_owned(), vec!["kafka".to_owned()])]);
        let around =
            Around { me: Some(PersonId(7)), people: &people, owned: &owned, today: Date::constant(2026, 11, 27) };
        let tree = tree(parse(text).unwrap().wanted.as_ref(), around);
        let readable = |text: String| text.replace(SEPARATOR, "=");
        (readable(fts5(&tree)), readable(tsquery(&tree)))
    }

    #[test]
    fn engines_are_asked_in_quoted_tokens() {
        for (text, on_the_one, on_the_other) in [
            ("", "\"=every=thing\"", "'=every=thing'"),
            ("Élection*", "\"Élection\"*", "('election':*)"),
            (
                "\"край 한국\"",
                "(\"край 한국\" OR \"краи 한국\" OR \"ќрай 한국\" OR \"ќраи 한국\" OR \"краѝ 한국\")",
                "('\u{43a}\u{440}\u{430}\u{438}' <-> '한국')",
            ),
            ("re-elect*", "\"re elect\"*", "('re' <-> 'elect':*)"),
            ("run-3#o12", "(\"run 3 o12\" OR \"RUN 3 12\")", "(('run' <-> '3' <-> 'o12') | ('run' <-> '3' <-> '12'))"),
            ("\"near(a, b)\"", "\"near a b\"", "('near' <-> 'a' <-> 'b')"),
            (
                "zookeeper (alerts OR election) -staging",
                "((\"zookeeper\" AND (\"alerts\" OR \"election\")) NOT (\"staging\"))",
                "(('zookeeper') & (('alerts') | ('election')) & !('staging'))",
            ),
            ("-a", "(\"=every=thing\" NOT (\"a\"))", "('=every=thing' & !('a'))"),
            ("env:none,storage-2", "(\"=env=none\" OR \"=env=storage=2\")", "('=env=none' | '=env=storage=2')"),
            (
                "team:data,none",
                "((\"=team=data\" OR \"=service=kafka\") OR \"=team=none\")",
                "(('=team=data' | '=service=kafka') | '=team=none')",
            ),
            ("owner:@me", "(\"=owner=7\")", "('=owner=7')"),
            ("by:ana@example.org,x@y", "(\"=by=3\" OR \"=no=thing\")", "('=by=3' | '=no=thing')"),
            (
                "created:2026-10..2026-11-02",
                "((\"=on=2026=10\" OR \"=on=2026=11=01\" OR \"=on=2026=11=02\"))",
                "(('=on=2026=10' | '=on=2026=11=01' | '=on=2026=11=02'))",
            ),
            (
                "plan:EXP-3@2 fault:none",
                "((\"=plan=exp=3=2\") AND (\"=fault=none\"))",
                "(('=plan=exp=3=2') & ('=fault=none'))",
            ),
            ("created:2027..2026", "((\"=no=thing\"))", "(('=no=thing'))"),
        ] {
            assert_eq!(asked(text), (on_the_one.to_owned(), on_the_other.to_owned()), "{text}");
        }
    }

    #[test]
    fn words_rank_and_nothing_else() {
        let around =
            Around { me: None, people: &BTreeMap::new(), owned: &BTreeMap::new(), today: Date::constant(2026, 11, 27) };
        let ranked = |text: &str| {
            let tree = tree(parse(text).unwrap().wanted.as_ref(), around);
            ranking(&tree).map(|words| tsquery(&words))
        };
        let words = ranked("zookeeper type:finding -staging (alerts OR service:kafka)");
        assert_eq!(words.as_deref(), Some("(('zookeeper') & (('alerts')))"));
        assert_eq!(ranked("service:kafka -a"), None);
    }

    #[test]
    fn no_text_reaches_an_engine_s_own_syntax() {
        for text in
            ["a\u{0}b", "title'x", "x\\y", "NEAR/3 {a} ^b +c", "a&b|!c<->d:*AB", "col-umn;--", "\"' or 1=1 --\""]
        {
            let Ok(query) = parse(text) else { continue };
            let around = Around {
                me: None,
                people: &BTreeMap::new(),
                owned: &BTreeMap::new(),
                today: Date::constant(2026, 11, 27),
            };
            let tree = tree(query.wanted.as_ref(), around);
            for token in fts5(&tree).split('"').skip(1).step_by(2) {
                assert!(token.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == SEPARATOR), "{text}: {token}");
            }
            for token in tsquery(&tree).split('\'').skip(1).step_by(2) {
                assert!(token.chars().all(|c| c.is_alphanumeric() || c == SEPARATOR), "{text}: {token}");
            }
        }
    }

    #[test]
    fn what_is_looked_for_leaves_out_what_must_not_be_there() {
        let query = parse("re-elect* -staging type:run \"two words\"").unwrap();
        let expected = [("re", false), ("elect", true), ("two", false), ("words", false)];
        assert_eq!(looked_for(query.wanted.as_ref()), expected.map(|(token, open)| (token.to_owned(), open)));
    }
}
