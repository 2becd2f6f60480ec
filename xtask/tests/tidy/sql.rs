//! SQL: where its text may stand, how transactions begin, and that no placeholder is left without a value.

use std::collections::HashMap;

use crate::Complaint;
use crate::tokens::{Kind, Lexeme, closing, find};

const DATABASE: &str = "notebook/src/db/";
const SEARCH: &str = "notebook/src/search/";

pub fn begins(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    if path.starts_with(DATABASE) || path.starts_with("xtask/") {
        return Vec::new();
    }
    let advice = "a deferred transaction fails when another writer commits first; use begin_write or begin_read";
    find(lexemes, &[".", "begin", "("]).map(|window| Complaint::new(path, window[1].line, advice)).collect()
}

pub fn text(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    let kept =
        path.ends_with("/sql.rs") || path.contains("/sql/") || path.starts_with(DATABASE) || path.starts_with(SEARCH);
    if kept || path.starts_with("xtask/") {
        return Vec::new();
    }
    let advice = "SQL belongs into the word's sql.rs, behind a function its acts call";
    let statements = lexemes.iter().filter(|lexeme| !lexeme.in_test && lexeme.content().is_some_and(is_statement));
    statements.map(|lexeme| Complaint::new(path, lexeme.line, advice)).collect()
}

/// Tells a statement from a sentence: keywords in one case, and the second keyword it cannot do without.
fn is_statement(content: &str) -> bool {
    let words: Vec<&str> = content.split_whitespace().collect();
    let Some(first) = words.first() else {
        return false;
    };
    let one_case = *first == first.to_lowercase() || *first == first.to_uppercase();
    let has = |keyword: &str| words.iter().any(|word| word.eq_ignore_ascii_case(keyword));
    let second_is = |keyword: &str| words.get(1).is_some_and(|word| word.eq_ignore_ascii_case(keyword));
    one_case
        && match first.to_lowercase().as_str() {
            "select" => has("from") || words.len() == 2,
            "insert" => second_is("into"),
            "update" => has("set"),
            "delete" => second_is("from"),
            "with" => has("as") && has("select"),
            _ => false,
        }
}

/// SQLite takes NULL for a placeholder nobody bound and says nothing. Only whole chains are counted:
/// `query(TEXT).bind(..)...fetch_..` or `.execute(..)`.
pub fn binds(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    let constants = constants(lexemes);
    let mut complaints = Vec::new();
    for (index, lexeme) in lexemes.iter().enumerate() {
        if !matches!(lexeme.text.as_str(), "query" | "query_as" | "query_scalar") {
            continue;
        }
        let Some(open) = call_after(lexemes, index) else {
            continue;
        };
        let Some(statement) = only_argument(lexemes, open, &constants) else {
            continue;
        };
        let Some(bound) = bound_in_chain(lexemes, closing(lexemes, open)) else {
            continue;
        };
        let wanted = highest_placeholder(statement);
        if wanted != bound {
            let advice = format!(
                "the statement needs {wanted} values and {bound} are bound; SQLite would take NULL without a word"
            );
            complaints.push(Complaint::new(path, lexeme.line, advice));
        }
    }
    complaints
}

/// `const NAME: &str = "..";`
fn constants(lexemes: &[Lexeme]) -> HashMap<&str, &str> {
    let declared =
        lexemes.windows(7).filter(|window| window[0].is("const") && window[4].is("str") && window[5].is("="));
    declared.filter_map(|window| Some((window[1].text.as_str(), window[6].content()?))).collect()
}

/// The opening bracket of a call, past a `::<..>`.
fn call_after(lexemes: &[Lexeme], name: usize) -> Option<usize> {
    let mut at = name + 1;
    if lexemes.get(at)?.is(":") {
        // A parameter or field of that name has one colon, and no call behind it.
        lexemes.get(at + 1).filter(|lexeme| lexeme.is(":"))?;
        at += 2;
        let mut open = 0_usize;
        loop {
            match lexemes.get(at)?.text.as_str() {
                "<" => open += 1,
                ">" if open == 1 => break,
                ">" => open -= 1,
                _ => {}
            }
            at += 1;
        }
        at += 1;
    }
    lexemes.get(at).filter(|lexeme| lexeme.is("(")).map(|_| at)
}

/// The statement, if the call has it as its one argument, written there or in a constant of the file.
fn only_argument<'a>(lexemes: &'a [Lexeme], open: usize, constants: &HashMap<&str, &'a str>) -> Option<&'a str> {
    let inside = &lexemes[open + 1..closing(lexemes, open)];
    let argument = match inside {
        [argument] => argument,
        [argument, comma] if comma.is(",") => argument,
        _ => return None,
    };
    match argument.kind {
        Kind::Literal => argument.content(),
        Kind::Word => constants.get(argument.text.as_str()).copied(),
        Kind::Sign | Kind::Open | Kind::Close => None,
    }
}

/// How many values a chain binds; `None` when it does not end in running the statement.
fn bound_in_chain(lexemes: &[Lexeme], call_end: usize) -> Option<usize> {
    let (mut at, mut bound) = (call_end + 1, 0);
    loop {
        if !lexemes.get(at)?.is(".") {
            return None;
        }
        let method = lexemes.get(at + 1)?;
        if method.text.starts_with("fetch") || method.is("execute") {
            return Some(bound);
        }
        if !method.is("bind") {
            return None;
        }
        bound += 1;
        at = closing(lexemes, call_after(lexemes, at + 1)?) + 1;
    }
}

fn highest_placeholder(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1).filter_map(|after| {
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{begins, binds, is_statement, text};
    use crate::tokens::read;

    #[test]
    fn a_plain_begin_is_found_outside_the_database_room() {
        let lexemes = read("async fn a(pool: Pool) { pool.begin().await; pool.begin_with(\"x\").await; }").unwrap();
        assert_eq!(begins("notebook/src/runs/sql.rs", &lexemes).len(), 1);
        assert_eq!(begins("notebook/src/db/mod.rs", &lexemes).len(), 0);
    }

    #[test]
    fn statements_are_told_from_sentences() {
        for sql in [
            "select id\n from runs",
            "INSERT INTO runs (id)",
            "update runs set at = $1",
            "delete from runs",
            "select 1",
        ] {
            assert!(is_statement(sql), "{sql}");
        }
        for sentence in ["Select a run from the list", "Update the set values", "with care", "delete", "insert a row"] {
            assert!(!is_statement(sentence), "{sentence}");
        }
    }

    #[test]
    fn sql_text_is_found_outside_its_files_and_allowed_in_tests() {
        let lexemes = read("const A: &str = \"select id from runs\";").unwrap();
        assert_eq!(text("server/src/guard.rs", &lexemes).len(), 1);
        assert_eq!(text("notebook/src/runs/acts.rs", &lexemes).len(), 1);
        assert_eq!(text("notebook/src/runs/sql.rs", &lexemes).len(), 0);
        let tested = read("#[cfg(test)] mod tests { const A: &str = \"select id from runs\"; }").unwrap();
        assert_eq!(text("server/src/guard.rs", &tested).len(), 0);
    }

    fn wrong_chains(source: &str) -> usize {
        binds("notebook/src/runs/sql.rs", &read(source).unwrap()).len()
    }

    #[test]
    fn a_forgotten_bind_is_found() {
        let inline = "fn a() { on!(tx, c => sqlx::query(\"delete from runs where id = $1 and at = $2\").bind(id).execute(c).await) }";
        assert_eq!(wrong_chains(inline), 1);
        let constant =
            "const A: &str = \"select $1, $2, $2\"; fn a() { query_as::<_, Row<'_>>(A).bind(f(x)).fetch_all(c) }";
        assert_eq!(wrong_chains(constant), 1);
    }

    #[test]
    fn whole_chains_pass_and_open_ones_are_left_alone() {
        assert_eq!(wrong_chains("fn a() { query(\"select $1, $2\").bind(x).bind::<i64>(y).fetch_one(c) }"), 0);
        assert_eq!(wrong_chains("fn a() { let q = query(\"select $1, $2\").bind(x); q.bind(y).fetch_one(c) }"), 0);
    }
}
