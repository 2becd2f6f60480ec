//! Whatever is typed is a query that reads back as it was, or a place with a sentence; and what the engines are asked
//! is made of quoted words and the few signs between them.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use libfuzzer_sys::fuzz_target;
use notebook::{
    actor::PersonId,
    limits::SEARCH_TERMS_MAX,
    search::{
        Query,
        engine::{Around, Owners, Tree, fts5, looked_for, ranking, tree, tsquery},
        parse::parse,
        snippet::{marked, snippet},
    },
};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match parse(&text) {
        Ok(query) => {
            reads_back(&query);
            for (without, fewer) in query.without_each() {
                assert!(!without.is_empty());
                reads_back(&fewer);
            }
            is_asked(&query);
            is_marked(&query, &text);
        }
        Err(trouble) => {
            assert!(trouble.at <= text.chars().count() && trouble.length > 0 && !trouble.says.is_empty());
        }
    }
});

fn reads_back(query: &Query) {
    let printed = query.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(query), "printed as {printed}");
}

fn is_asked(query: &Query) {
    let people = BTreeMap::from([("ana@example.org".to_owned(), PersonId(3))]);
    let owned = BTreeMap::from([("data".to_owned(), vec!["kafka".to_owned()])]);
    let named = BTreeSet::from(["kafka".to_owned()]);
    let owners = Owners { of: BTreeMap::from([(PersonId(7), named.clone())]), named };
    let today = Date::constant(2026, 11, 27);
    let around = Around { me: Some(PersonId(7)), people: &people, owned: &owned, owners: &owners, today };
    let tree = tree(query.wanted.as_ref(), around);
    is_quoted(&tree);
    if let Some(words) = ranking(&tree) {
        is_quoted(&words);
    }
}

/// What stands between quotation marks ends nothing, and outside of them stand signs alone.
fn is_quoted(tree: &Tree) {
    let embedded = fts5(tree);
    let parts: Vec<&str> = embedded.split('"').collect();
    assert!(parts.len() % 2 == 1, "{embedded}");
    let mut outside = parts.iter().step_by(2).flat_map(|part| part.split([' ', '(', ')', '*']));
    assert!(outside.all(|sign| matches!(sign, "" | "AND" | "OR" | "NOT")), "{embedded}");
    assert!(
        parts.iter().skip(1).step_by(2).all(|words| !words.trim().is_empty() && !words.contains('\0')),
        "{embedded}"
    );

    let server = tsquery(tree);
    let parts: Vec<&str> = server.split('\'').collect();
    assert!(parts.len() % 2 == 1, "{server}");
    let mut outside = parts.iter().step_by(2).flat_map(|part| part.chars());
    assert!(outside.all(|sign| " ()&|!<->:*".contains(sign)), "{server}");
    assert!(
        parts.iter().skip(1).step_by(2).all(|token| !token.is_empty() && !token.contains(['\\', '\0'])),
        "{server}"
    );
}

/// A text in pieces is the same text.
fn is_marked(query: &Query, text: &str) {
    let wanted = looked_for(query.wanted.as_ref());
    assert!(wanted.len() <= SEARCH_TERMS_MAX);
    let pieces: String = marked(text, &wanted).into_iter().map(|piece| piece.text).collect();
    assert_eq!(pieces, text);
    assert!(snippet(text, &wanted).iter().all(|piece| !piece.text.is_empty()));
}
