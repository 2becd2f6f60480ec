//! Limits of size: a function fits on a screen, a file in a head.

use crate::Complaint;
use crate::tokens::{Kind, Lexeme, closing};

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 500;

pub fn functions(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (index, pair) in lexemes.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        if !keyword.is("fn") || name.kind != Kind::Word || keyword.in_test {
            continue;
        }
        let Some(lines) = lines_of(lexemes, index) else {
            continue;
        };
        if lines > FUNCTION_LINES_MAX {
            let advice =
                format!("`{}` has {lines} lines, more than {FUNCTION_LINES_MAX}; give a part of it a name", name.text);
            complaints.push(Complaint::new(path, keyword.line, advice));
        }
    }
    complaints
}

/// From the `fn` to its closing brace; `None` without a body.
fn lines_of(lexemes: &[Lexeme], keyword: usize) -> Option<usize> {
    let start = &lexemes[keyword];
    let after = lexemes[keyword..]
        .iter()
        .position(|lexeme| lexeme.depth == start.depth && (lexeme.is("{") || lexeme.is(";")))?;
    let body = keyword + after;
    lexemes[body].is("{").then(|| lexemes[closing(lexemes, body)].line - start.line + 1)
}

/// Tests at the end of a file do not count: they are read one by one.
pub fn rust_files(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    let all = lexemes.last().map_or(0, |last| last.line);
    let runs = lexemes.chunk_by(|one, next| one.in_test == next.in_test);
    let tested = runs.filter(|run| run[0].in_test);
    let of_tests: usize = tested.map(|run| run[run.len() - 1].line - run[0].line + 1).sum();
    too_many(path, all.saturating_sub(of_tests))
}

pub fn files(path: &str, text: &str) -> Vec<Complaint> {
    too_many(path, text.lines().count())
}

fn too_many(path: &str, lines: usize) -> Vec<Complaint> {
    if lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    let advice = format!("{lines} lines, more than {FILE_LINES_MAX}; split it into files whose names are their jobs");
    vec![Complaint::new(path, FILE_LINES_MAX + 1, advice)]
}

#[cfg(test)]
mod tests {
    use super::{files, functions, rust_files};
    use crate::tokens::read;

    fn with_lines(lines: usize) -> String {
        format!("impl A {{\n    pub fn long(&self) -> [u8; {{ 2 }}]\n    where A: B {{{}}}\n}}", "\n".repeat(lines - 2))
    }

    fn too_long(path: &str, text: &str) -> Vec<usize> {
        functions(path, &read(text).unwrap()).into_iter().map(|found| found.line).collect()
    }

    #[test]
    fn a_function_of_71_lines_is_found_and_one_of_70_is_not() {
        assert_eq!(too_long("app/src/shell.rs", &with_lines(71)), [2]);
        assert!(too_long("app/src/shell.rs", &with_lines(70)).is_empty());
    }

    #[test]
    fn tests_and_bodiless_functions_are_free() {
        let text = format!("trait A {{ fn a(); }} #[cfg(test)] mod tests {{ {} }}", with_lines(90));
        assert!(too_long("app/src/shell.rs", &text).is_empty());
    }

    #[test]
    fn a_file_of_501_lines_is_found() {
        assert_eq!(files("style/base.css", &"a\n".repeat(501)).len(), 1);
        assert!(files("style/base.css", &"a\n".repeat(500)).is_empty());
    }

    #[test]
    fn tests_do_not_make_a_rust_file_long() {
        let code = |lines: usize| format!("fn a() {{{}}}\n", "\n".repeat(lines - 1));
        let tests = format!("#[cfg(test)]\nmod tests {{ {} }}", code(300));
        let found = |text: String| rust_files("app/src/shell.rs", &read(&text).unwrap()).len();
        assert_eq!(found(code(300) + &tests), 0);
        assert_eq!(found(code(502) + &tests), 1);
    }
}
