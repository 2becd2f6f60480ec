//! What an engine is asked, made of nothing but quoted words, and marks.
//!
//! Both texts are bound as one value. A word holds no quotation mark and no backslash, so it cannot end itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, civil::Date};

use super::{
    Expr, Found, Value,
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
    pub owners: &'a Owners,
    pub today: Date,
}

/// Who is named as the owner of services, where a query asks for that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners {
    /// Services that name somebody, whoever is meant.
    pub named: BTreeSet<String>,
    /// Services by the person who is meant.
    pub of: BTreeMap<PersonId, BTreeSet<String>>,
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

/// At most so many kinds of things are told to the index in the place of what it does not know: each costs as much as a
/// word, and most kinds are nearly everything.
const KINDS_ASKED_MAX: usize = 3;

/// What the index is asked for; nothing asks for everything. Where the index does not know something, it is asked for
/// more than the query, never for less: what is left of that is judged of each thing.
pub fn tree(wanted: Option<&Expr>, around: Around<'_>) -> Tree {
    wanted.map_or_else(|| Tree::Mark(everything()), |wanted| of(wanted, around, true))
}

/// `holds` turns at each NOT: inside of it the index is asked for less, so that more is left.
fn of(expr: &Expr, around: Around<'_>, holds: bool) -> Tree {
    let each = |members: &[Expr]| members.iter().map(|member| of(member, around, holds)).collect::<Vec<_>>();
    match expr {
        Expr::And(members) => all(each(members)),
        Expr::Or(members) => any(each(members)),
        Expr::Not(inner) => not(of(inner, around, !holds)),
        Expr::Word { text, open: false } => word(text),
        Expr::Word { text, open: true } => row(text, true),
        Expr::Phrase(text) => row(text, false),
        Expr::Qualifier { key, values } => {
            Tree::Any(values.iter().map(|value| qualified(*key, value, around)).collect())
        }
        Expr::Amount(amount) if holds => of_kinds(amount.key().known_to()),
        Expr::Amount(_) => Tree::Mark(nothing()),
    }
}

/// What can be what is asked for, as far as its kind tells.
fn of_kinds(kinds: &[Found]) -> Tree {
    if kinds.is_empty() || kinds.len() > KINDS_ASKED_MAX {
        return Tree::Mark(everything());
    }
    Tree::Any(kinds.iter().map(|kind| of_kind(*kind)).collect())
}

fn of_kind(kind: Found) -> Tree {
    Tree::Mark(mark(Key::Type.word(), kind.word()))
}

fn all(members: Vec<Tree>) -> Tree {
    let (every, none) = (Tree::Mark(everything()), Tree::Mark(nothing()));
    if members.contains(&none) {
        return none;
    }
    let mut kept: Vec<Tree> = members.into_iter().filter(|one| *one != every).collect();
    if kept.len() > 1 { Tree::All(kept) } else { kept.pop().unwrap_or(every) }
}

fn any(members: Vec<Tree>) -> Tree {
    let (every, none) = (Tree::Mark(everything()), Tree::Mark(nothing()));
    if members.contains(&every) {
        return every;
    }
    let mut kept: Vec<Tree> = members.into_iter().filter(|one| *one != none).collect();
    if kept.len() > 1 { Tree::Any(kept) } else { kept.pop().unwrap_or(none) }
}

fn not(inner: Tree) -> Tree {
    let (every, none) = (Tree::Mark(everything()), Tree::Mark(nothing()));
    if inner == every {
        none
    } else if inner == none {
        every
    } else {
        Tree::Not(Box::new(inner))
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
    let person = |id: Option<PersonId>| match id {
        Some(id) if key == Key::Owner => of_owner(id, around.owners),
        Some(PersonId(number)) => Tree::Mark(mark(key.word(), &number.to_string())),
        None => Tree::Mark(nothing()),
    };
    match value {
        Value::Me => person(around.me),
        Value::Word(email) if key.is_person() => person(around.people.get(email).copied()),
        Value::Word(word) if key == Key::Team => of_team(word, around),
        Value::Word(word) => Tree::Mark(mark(key.word(), word)),
        Value::Nothing if key == Key::Owner => of_nobody(around.owners),
        Value::Nothing => Tree::Mark(mark(key.word(), "none")),
        Value::Days(days) => Tree::Any(calendar(*days, around.today)),
    }
}

/// Experiments of a person, services that name them as the owner, and findings about such a service: services may
/// change hands at any time, so no entry says of them whose they are.
fn of_owner(PersonId(number): PersonId, owners: &Owners) -> Tree {
    let own = Tree::Mark(mark(Key::Owner.word(), &number.to_string()));
    match owners.of.get(&PersonId(number)) {
        Some(services) => {
            let kinds = Tree::Any(vec![of_kind(Found::Service), of_kind(Found::Finding)]);
            Tree::Any(vec![own, Tree::All(vec![kinds, about(services)])])
        }
        None => own,
    }
}

/// Experiments and services without an owner, and findings about no service that has one.
fn of_nobody(owners: &Owners) -> Tree {
    let own = Tree::Mark(mark(Key::Owner.word(), "none"));
    let finding = of_kind(Found::Finding);
    let unowned = if owners.named.is_empty() {
        finding
    } else {
        Tree::All(vec![finding, Tree::Not(Box::new(about(&owners.named)))])
    };
    Tree::Any(vec![own, unowned])
}

fn about(services: &BTreeSet<String>) -> Tree {
    Tree::Any(services.iter().map(|service| Tree::Mark(mark(Key::Service.word(), service))).collect())
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
        Expr::Not(_) | Expr::Qualifier { .. } | Expr::Amount(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{marks::SEPARATOR, parse::parse};

    const TODAY: Date = Date::constant(2026, 11, 27);

    /// For somebody who owns nothing.
    fn plain(text: &str) -> Option<Tree> {
        let (people, owned, owners) = (BTreeMap::new(), BTreeMap::new(), Owners::default());
        let around = Around { me: None, people: &people, owned: &owned, owners: &owners, today: TODAY };
        parse(text).ok().map(|query| tree(query.wanted.as_ref(), around))
    }

    fn asked(text: &str) -> (String, String) {
        let people = BTreeMap::from([("ana@example.org".to_owned(), PersonId(3))]);
        let owned = BTreeMap::from([("data".to_owned(), vec!["kafka".to_owned()])]);
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let of = BTreeMap::from([(PersonId(3), names(&["ingest", "query"]))]);
        let owners = Owners { named: names(&["ingest", "kafka", "query"]), of };
        let around = Around { me: Some(PersonId(7)), people: &people, owned: &owned, owners: &owners, today: TODAY };
        let tree = tree(parse(text).unwrap().wanted.as_ref(), around);
        (readable(&fts5(&tree)), readable(&tsquery(&tree)))
    }

    fn readable(text: &str) -> String {
        text.replace(SEPARATOR, "=")
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
            (
                "owner:ana@example.org",
                "((\"=owner=3\" OR ((\"=type=service\" OR \"=type=finding\") AND (\"=service=ingest\" OR \"=service=query\"))))",
                "(('=owner=3' | (('=type=service' | '=type=finding') & ('=service=ingest' | '=service=query'))))",
            ),
            (
                "owner:none",
                "((\"=owner=none\" OR ((\"=type=finding\") NOT ((\"=service=ingest\" OR \"=service=kafka\" OR \"=service=query\")))))",
                "(('=owner=none' | ('=type=finding' & !('=service=ingest' | '=service=kafka' | '=service=query'))))",
            ),
        ] {
            assert_eq!(asked(text), (on_the_one.to_owned(), on_the_other.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_the_index_does_not_know_narrows_nothing_that_could_be_found() {
        for (text, on_the_one) in [
            ("is:open", "\"=every=thing\""),
            ("a is:open", "\"a\""),
            ("a -is:open has:fix", "\"a\""),
            ("-(is:open)", "\"=every=thing\""),
            ("is:open OR is:stale", "\"=every=thing\""),
            ("a OR is:open", "\"=every=thing\""),
            ("a OR (b is:open)", "(\"a\" OR \"b\")"),
            ("type:run OR is:open", "\"=every=thing\""),
            ("a (b OR is:open)", "\"a\""),
            ("a (type:run OR is:open)", "\"a\""),
            ("-(a is:open)", "\"=every=thing\""),
            ("-(a OR is:open)", "(\"=every=thing\" NOT (\"a\"))"),
            ("-(a OR -is:open)", "(\"=every=thing\" NOT (\"a\"))"),
            ("-(a OR -(b is:open))", "(\"=every=thing\" NOT ((\"a\" OR (\"=every=thing\" NOT (\"b\")))))"),
            ("verdict:due", "(\"=type=run\")"),
            ("-verdict:due", "\"=every=thing\""),
            (
                "a (measured:gap>4s OR service:kafka)",
                "(\"a\" AND ((\"=type=run\" OR \"=type=finding\") OR (\"=service=kafka\")))",
            ),
        ] {
            let tree = plain(text).unwrap();
            assert_eq!(readable(&fts5(&tree)), on_the_one, "{text}");
        }
    }

    #[test]
    fn words_rank_and_nothing_else() {
        let ranked = |text: &str| ranking(&plain(text).unwrap()).map(|words| tsquery(&words));
        let words = ranked("zookeeper type:finding -staging (alerts OR service:kafka)");
        assert_eq!(words.as_deref(), Some("(('zookeeper') & (('alerts')))"));
        assert_eq!(ranked("service:kafka -a"), None);
        assert_eq!(ranked("alerts OR is:open"), None);
    }

    #[test]
    fn no_text_reaches_an_engine_s_own_syntax() {
        for text in
            ["a\u{0}b", "title'x", "x\\y", "NEAR/3 {a} ^b +c", "a&b|!c<->d:*AB", "col-umn;--", "\"' or 1=1 --\""]
        {
            let Some(tree) = plain(text) else { continue };
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
