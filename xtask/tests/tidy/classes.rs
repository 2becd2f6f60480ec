//! Class names: what pages write exists in `style/`, and what `style/` describes is written somewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::Complaint;
use crate::css;
use crate::tokens::{Kind, Lexeme};
use crate::tree::{File, RustFile};

/// Classes no Rust source spells, each with who writes them.
const WRITTEN_ELSEWHERE: &[(&str, &str)] = &[];

pub fn both_ways(files: &[File], rust: &[RustFile]) -> Vec<Complaint> {
    let mut defined: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with("style/") && file.is("css")) {
        for (class, line) in in_stylesheet(&file.text) {
            defined.entry(class).or_insert((&file.path, line));
        }
    }
    let pages: Vec<&RustFile> =
        rust.iter().filter(|file| file.path.starts_with("app/src/") || file.path.starts_with("server/src/")).collect();
    let mut complaints = undefined(&pages, &defined);
    complaints.extend(unused(&pages, &defined));
    complaints.extend(forgotten(&defined));
    complaints
}

fn undefined(pages: &[&RustFile], defined: &BTreeMap<String, (&str, usize)>) -> Vec<Complaint> {
    let written = pages.iter().flat_map(|file| in_views(&file.lexemes).into_iter().map(|found| (&file.path, found)));
    let missing = written.filter(|(_, (class, _))| !defined.contains_key(class));
    missing
        .map(|(path, (class, line))| {
            Complaint::new(path, line, format!("no file in style/ describes the class `{class}`"))
        })
        .collect()
}

fn unused(pages: &[&RustFile], defined: &BTreeMap<String, (&str, usize)>) -> Vec<Complaint> {
    let mut spelled: BTreeSet<String> =
        pages.iter().flat_map(|file| in_views(&file.lexemes)).map(|(class, _)| class).collect();
    let mut beginnings = BTreeSet::new();
    for lexeme in pages.iter().flat_map(|file| &file.lexemes) {
        spelled_in(lexeme, &mut spelled, &mut beginnings);
    }
    let used = |class: &str| {
        spelled.contains(class)
            || beginnings.iter().any(|beginning| class.starts_with(beginning.as_str()))
            || WRITTEN_ELSEWHERE.iter().any(|(known, _)| *known == class)
    };
    let idle = defined.iter().filter(|(class, _)| !used(class));
    idle.map(|(class, (path, line))| {
        Complaint::new(path, *line, format!("no page writes the class `{class}`; delete its rules"))
    })
    .collect()
}

fn forgotten(defined: &BTreeMap<String, (&str, usize)>) -> Vec<Complaint> {
    let gone = WRITTEN_ELSEWHERE.iter().filter(|(class, _)| !defined.contains_key(*class));
    gone.map(|(class, _)| {
        Complaint::new("xtask/tests/tidy/classes.rs", 1, format!("`{class}` is gone from style/; delete its line"))
    })
    .collect()
}

/// The class names of a stylesheet's selectors.
fn in_stylesheet(css: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for piece in css::pieces(css) {
        if piece.kind != css::Kind::Prelude || piece.text.starts_with("@layer") {
            continue;
        }
        for part in piece.text.split('.').skip(1) {
            let class: String = part.chars().take_while(|letter| is_class_letter(*letter)).collect();
            if class.starts_with(|letter: char| letter.is_alphabetic() || letter == '-' || letter == '_') {
                found.push((class, piece.line));
            }
        }
    }
    found
}

/// The class names written out in views: `class="a b"`, `class=("a", on)`, `class:a=on`.
fn in_views(lexemes: &[Lexeme]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (index, lexeme) in lexemes.iter().enumerate() {
        if !lexeme.in_view || !lexeme.is("class") {
            continue;
        }
        let after = &lexemes[index + 1..];
        let written = match after {
            [sign, text, ..] if sign.is("=") && text.kind == Kind::Literal => text.content().map(str::to_owned),
            [sign, open, text, ..] if sign.is("=") && open.is("(") => text.content().map(str::to_owned),
            [sign, name, ..] if sign.is(":") && name.kind == Kind::Word => Some(joined(&after[1..])),
            _ => None,
        };
        let classes = written.unwrap_or_default();
        found.extend(classes.split_whitespace().map(|class| (class.to_owned(), lexeme.line)));
    }
    found
}

/// `is-open` is three tokens.
fn joined(lexemes: &[Lexeme]) -> String {
    let parts = lexemes.iter().take_while(|lexeme| lexeme.kind == Kind::Word || lexeme.is("-"));
    parts.map(|lexeme| lexeme.text.as_str()).collect()
}

/// Every word of a string literal may be a class chosen at run time; `"hue-{n}"` is a beginning.
fn spelled_in(lexeme: &Lexeme, spelled: &mut BTreeSet<String>, beginnings: &mut BTreeSet<String>) {
    let Some(content) = lexeme.content() else {
        return;
    };
    for word in content.split(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '>' | '<' | '=')) {
        match word.split_once('{') {
            Some((beginning, _)) if beginning.ends_with('-') => {
                beginnings.insert(beginning.to_owned());
            }
            _ => {
                spelled.insert(word.to_owned());
            }
        }
    }
}

fn is_class_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::both_ways;
    use crate::tokens::read;
    use crate::tree::{File, RustFile};

    fn complaints(css: &str, page: &str) -> Vec<String> {
        let style = File { path: "style/base.css".into(), text: css.into() };
        let page = RustFile { path: "app/src/runs/page.rs".into(), lexemes: read(page).unwrap() };
        both_ways(&[style], &[page])
            .into_iter()
            .map(|found| format!("{}:{} {}", found.path, found.line, found.advice))
            .collect()
    }

    #[test]
    fn a_class_only_one_side_knows_is_found() {
        let found = complaints(".card { a: b }\n.old > .name { a: b }", "view! { <p class=\"card naem\">a</p> }");
        assert_eq!(
            found,
            [
                "app/src/runs/page.rs:1 no file in style/ describes the class `naem`",
                "style/base.css:2 no page writes the class `name`; delete its rules",
                "style/base.css:2 no page writes the class `old`; delete its rules",
            ]
        );
    }

    #[test]
    fn chosen_and_composed_classes_count_as_written() {
        let css = ".wide { a: b } .is-open { a: b } .hue-info { a: b } .page { margin: .5rem 1.5rem }";
        let page = "fn a() { let c = if b { \"wide\" } else { \"page\" }; view! { <p class=c class:is-open=x class=format!(\"hue-{n}\")/> } }";
        assert_eq!(complaints(css, page), Vec::<String>::new());
    }

    #[test]
    fn each_spelling_of_a_class_in_a_view_is_checked() {
        assert_eq!(complaints("", "view! { <p class:is-open=x class=(\"b\", y)/> }").len(), 2);
    }
}
