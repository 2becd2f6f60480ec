//! Rust source as a flat list of tokens with line numbers. Comments and documentation are gone.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Sign,
    Literal,
    Open,
    Close,
}

/// One token and where it stands.
#[derive(Debug, Clone)]
pub struct Lexeme {
    pub kind: Kind,
    /// As written; a string literal keeps its quotes.
    pub text: String,
    pub line: usize,
    /// How many brackets are open around it. An opening bracket and its closing one have the same depth.
    pub depth: usize,
    /// Inside `view! { .. }`.
    pub in_view: bool,
    /// Inside an item marked `#[cfg(test)]` or `#[test]`.
    pub in_test: bool,
}

impl Lexeme {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// What a string literal says, without quotes and escapes undone only as far as rules need.
    pub fn content(&self) -> Option<&str> {
        if self.kind != Kind::Literal {
            return None;
        }
        let inside = self.text.trim_start_matches(['r', 'b', 'c']).trim_matches('#');
        inside.strip_prefix('"')?.strip_suffix('"')
    }
}

#[derive(Clone, Copy)]
struct Around {
    depth: usize,
    in_view: bool,
    in_test: bool,
}

/// Reads a file. An error is the lexer's own sentence.
pub fn read(text: &str) -> Result<Vec<Lexeme>, String> {
    // A first line that starts a script is no Rust token.
    let stream: TokenStream = text.parse().map_err(|e: proc_macro2::LexError| e.to_string())?;
    let mut lexemes = Vec::new();
    flatten(stream, Around { depth: 0, in_view: false, in_test: false }, &mut lexemes);
    Ok(lexemes)
}

fn flatten(stream: TokenStream, around: Around, lexemes: &mut Vec<Lexeme>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    // Set by a test attribute until its item ends.
    let mut test_item = false;
    for (index, tree) in trees.iter().enumerate() {
        let before = |steps: usize| index.checked_sub(steps).and_then(|index| trees.get(index));
        let mut here = Around { in_test: around.in_test || test_item, ..around };
        let mut push = |kind: Kind, text: &str, line: usize, Around { depth, in_view, in_test }: Around| {
            lexemes.push(Lexeme { kind, text: text.to_owned(), line, depth, in_view, in_test });
        };
        let line = tree.span().start().line;
        match tree {
            TokenTree::Ident(word) => push(Kind::Word, &word.to_string(), line, here),
            TokenTree::Literal(literal) => push(Kind::Literal, &literal.to_string(), line, here),
            TokenTree::Punct(sign) => {
                push(Kind::Sign, &sign.to_string(), line, here);
                test_item &= sign.as_char() != ';';
            }
            TokenTree::Group(group) => {
                let inner = is_sign(before(1), '!') && is_sign(before(2), '#');
                let attribute = inner || is_sign(before(1), '#');
                if attribute && first_word(group) == "doc" {
                    continue;
                }
                test_item |= attribute && marks_test(group);
                here.in_test |= test_item;
                let view = is_sign(before(1), '!') && is_word(before(2), "view");
                let inside = Around { depth: here.depth + 1, in_view: here.in_view || view, ..here };
                let (open, close) = brackets(group.delimiter());
                push(Kind::Open, open, line, here);
                flatten(group.stream(), inside, lexemes);
                let end = group.span_close().end().line;
                let Around { depth, in_view, in_test } = here;
                lexemes.push(Lexeme { kind: Kind::Close, text: close.to_owned(), line: end, depth, in_view, in_test });
                test_item &= group.delimiter() != Delimiter::Brace;
            }
        }
    }
}

fn is_sign(tree: Option<&TokenTree>, wanted: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(sign)) if sign.as_char() == wanted)
}

fn is_word(tree: Option<&TokenTree>, wanted: &str) -> bool {
    matches!(tree, Some(TokenTree::Ident(word)) if word == wanted)
}

fn first_word(group: &proc_macro2::Group) -> String {
    group.stream().into_iter().next().map(|tree| tree.to_string()).unwrap_or_default()
}

/// `#[test]`, `#[tokio::test(..)]`, `#[cfg(test)]`, `#[cfg(all(test, ..))]`, but not `#[cfg(not(test))]`.
fn marks_test(attribute: &proc_macro2::Group) -> bool {
    let mut words = Vec::new();
    words_in(attribute.stream(), &mut words);
    let names = |wanted: &str| words.iter().any(|word| word == wanted);
    let first = words.first().map(String::as_str);
    matches!(first, Some("test" | "tokio" | "cfg")) && names("test") && !names("not")
}

fn words_in(stream: TokenStream, words: &mut Vec<String>) {
    for tree in stream {
        match tree {
            TokenTree::Ident(word) => words.push(word.to_string()),
            TokenTree::Group(group) => words_in(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Where these tokens stand one after the other.
pub fn find<'a>(lexemes: &'a [Lexeme], wanted: &'a [&'a str]) -> impl Iterator<Item = &'a [Lexeme]> + 'a {
    lexemes.windows(wanted.len()).filter(move |window| window.iter().zip(wanted).all(|(have, want)| have.is(want)))
}

/// The index of the bracket that closes the one at `open`.
pub fn closing(lexemes: &[Lexeme], open: usize) -> usize {
    let depth = lexemes[open].depth;
    let after = lexemes[open..].iter().position(|lexeme| lexeme.kind == Kind::Close && lexeme.depth == depth);
    after.map_or(lexemes.len() - 1, |after| open + after)
}

#[cfg(test)]
mod tests {
    use super::{find, read};

    #[test]
    fn comments_and_documentation_are_not_tokens() {
        let lexemes = read("//! select\n/// select\nfn a() {} // select\n").unwrap();
        assert!(lexemes.iter().all(|lexeme| !lexeme.text.contains("select")));
    }

    #[test]
    fn a_token_knows_its_line_and_whether_a_test_or_a_view_is_around_it() {
        let text = "fn a() { view! { <p>one</p> } }\n#[cfg(test)]\nmod tests { fn two() {} }\nfn three() {}";
        let lexemes = read(text).unwrap();
        let at = |word: &str| lexemes.iter().find(|lexeme| lexeme.is(word)).unwrap().clone();
        assert!(at("one").in_view && !at("one").in_test);
        assert!(at("two").in_test && at("two").line == 3);
        assert!(!at("three").in_test && !at("three").in_view);
    }

    #[test]
    fn code_for_other_builds_than_tests_is_no_test() {
        for text in ["#[cfg(feature = \"test\")] mod a { fn one() {} }", "#[cfg(not(test))] mod a {}"] {
            assert!(read(text).unwrap().iter().all(|lexeme| !lexeme.in_test), "{text}");
        }
    }

    #[test]
    fn a_raw_string_says_what_is_between_its_quotes() {
        let lexemes = read("const A: &str = r#\"a \"b\"\"#;").unwrap();
        assert_eq!(lexemes.iter().find_map(|lexeme| lexeme.content()), Some("a \"b\""));
    }

    #[test]
    fn tokens_are_found_across_line_ends() {
        let lexemes = read("pool\n    .begin\n    ()").unwrap();
        assert_eq!(find(&lexemes, &[".", "begin", "("]).count(), 1);
    }
}
