//! Reads YAML within limits. A word that YAML 1.1 tools and YAML 1.2 tools take for different values
//! is refused by name: whoever wrote `off` meant one of them, and a guess would change an experiment
//! without a sound.

use serde_saphyr::{Budget, Options, Spanned};

use super::{ReadTrouble, tree::Tree};

/// Nested lists and objects.
const DEPTH_MAX: usize = 60;
/// Values in a document.
const NODES_MAX: usize = 50_000;
/// Copies that references to anchors may make: few are needed, and each may repeat a long text.
const COPIES_MAX: usize = 500;
/// References to anchors, and anchors.
const ALIASES_MAX: usize = 200;
/// Bytes of text in a document, the copies that references make included.
const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Documents in one text.
const DOCUMENTS_MAX: usize = 1_000;

/// One document of several in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Where it begins, counted from one.
    pub line: usize,
    pub tree: Tree,
}

/// The one document in a text.
pub fn parse(text: &str) -> Result<Tree, ReadTrouble> {
    let read = |strict| serde_saphyr::from_str_with_options(text, options(strict, 1)).map_err(|error| trouble(&error));
    let tree = read(true)?;
    match difference(&tree, &read(false)?, String::new()) {
        None => Ok(tree),
        Some((pointer, text)) => Err(ReadTrouble::Ambiguous { pointer, text }),
    }
}

/// All documents in a text; empty ones are passed over. A pointer of a trouble begins with the
/// document's number, counted from one.
pub fn parse_all(text: &str) -> Result<Vec<Document>, ReadTrouble> {
    no_control_characters(text)?;
    let read = |strict| -> Result<Vec<Spanned<Tree>>, ReadTrouble> {
        serde_saphyr::from_multiple_with_options(text, options(strict, DOCUMENTS_MAX)).map_err(|error| trouble(&error))
    };
    let (documents, loose) = (read(true)?, read(false)?);
    for (number, (strict, loose)) in documents.iter().zip(&loose).enumerate() {
        if let Some((pointer, text)) = difference(&strict.value, &loose.value, format!("/{}", number + 1)) {
            return Err(ReadTrouble::Ambiguous { pointer, text });
        }
    }
    let document = |read: Spanned<Tree>| Document { line: whole(read.referenced.line()), tree: read.value };
    Ok(documents.into_iter().map(document).collect())
}

/// As YAML in blocks; `parse` takes it back.
pub fn written(tree: &Tree) -> String {
    serde_saphyr::to_string(tree).unwrap_or_default()
}

/// Several documents in one text; `parse_all` takes them back.
pub fn written_all(documents: &[Tree]) -> String {
    serde_saphyr::to_string_multiple(documents).unwrap_or_default()
}

/// YAML has none of these, and some readers end a text at the first.
fn no_control_characters(text: &str) -> Result<(), ReadTrouble> {
    let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    for (number, line) in text.split('\n').enumerate() {
        if let Some((at, c)) = line.char_indices().find(|(_, c)| strange(*c)) {
            let what = format!("expected text, found the control character U+{:04X}", u32::from(c));
            let column = line.get(..at).unwrap_or_default().chars().count() + 1;
            return Err(ReadTrouble::NotYaml { line: number + 1, column, what });
        }
    }
    Ok(())
}

fn trouble(error: &serde_saphyr::Error) -> ReadTrouble {
    let place = error.location();
    ReadTrouble::NotYaml {
        line: place.map(|place| whole(place.line())).unwrap_or_default(),
        column: place.map(|place| whole(place.column())).unwrap_or_default(),
        what: one_line(&error.without_snippet().to_string()),
    }
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// `strict` as YAML 1.2 has it; otherwise `off` is false and `0755` is 493.
fn options(strict: bool, documents: usize) -> Options {
    let budget: Option<Budget> = serde_saphyr::budget! {
        max_documents: documents,
        max_total_scalar_bytes: TEXT_BYTES_MAX,
        max_depth: DEPTH_MAX,
        flow_nesting_limit: DEPTH_MAX,
        max_nodes: NODES_MAX,
        max_aliases: ALIASES_MAX,
        max_anchors: ALIASES_MAX,
        max_recorded_anchor_events: NODES_MAX,
        max_merge_keys: ALIASES_MAX,
    };
    serde_saphyr::options! {
        budget: budget,
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: COPIES_MAX,
            max_replay_stack_depth: 8,
        },
        strict_booleans: strict,
        legacy_octal_numbers: !strict,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// The sentence of an error without the place, which is said apart.
fn one_line(text: &str) -> String {
    let text = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let text = text.split(" at line ").next().unwrap_or_default();
    super::shorten::line(text.trim_end_matches('.'), 200)
}

/// Where two readings of one text differ first: the pointer, and both values.
fn difference(strict: &Tree, loose: &Tree, pointer: String) -> Option<(String, String)> {
    match (strict, loose) {
        (Tree::List(a), Tree::List(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| difference(a, b, format!("{pointer}/{n}")))
        }
        (Tree::Members(a), Tree::Members(b)) if a.len() == b.len() => {
            a.iter().zip(b).find_map(|((name, a), (other, b))| {
                if name == other {
                    difference(a, b, format!("{pointer}/{name}"))
                } else {
                    Some((pointer.clone(), name.clone()))
                }
            })
        }
        (a, b) if a == b => None,
        (a, _) => {
            let text = a.as_text().map_or_else(|| a.to_string(), str::to_owned);
            Some((pointer, format!("\"{}\"", super::shorten::line(&text, 60))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        parse(text).unwrap().to_string()
    }

    #[test]
    fn an_ordinary_document_keeps_its_order_and_its_types() {
        let text = "title: Restart one\nmethod:\n  - name: a\n    background: true\n    timeout: 1.5\n  - {ref: a}\nempty:\nquoted: \"off\"\ntext: |\n  two\n  lines\n";
        assert_eq!(
            json(text),
            r#"{"title":"Restart one","method":[{"name":"a","background":true,"timeout":1.5},{"ref":"a"}],"empty":null,"quoted":"off","text":"two\nlines\n"}"#
        );
        assert_eq!(json("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n"), r#"{"a":{"b":1},"c":{"b":1},"d":{"e":2,"b":1}}"#);
    }

    #[test]
    fn a_word_that_tools_read_differently_is_refused_by_its_place() {
        for (text, place) in
            [("method:\n- background: yes\n", "/method/0/background"), ("mode: 0755\n", "/mode"), ("a: off", "/a")]
        {
            match parse(text) {
                Err(trouble @ ReadTrouble::Ambiguous { .. }) => assert_eq!(trouble.field(), Some(place), "{trouble}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_yaml_is_refused_by_line_and_column() {
        for (text, line) in
            [("a: 1\nb: [1, 2\nc: 3\n", 3), ("a: 1\na: 2\n", 2), ("a: 1\n---\nb: 2\n", 2), ("a: .nan", 1)]
        {
            match parse(text) {
                Err(ReadTrouble::NotYaml { line: at, what, .. }) => {
                    assert!(at >= line.min(1) && !what.is_empty() && !what.contains('\n'), "{text}: {at} {what}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn documents_of_one_text_know_where_they_begin() {
        let all = parse_all("# first\na: 1\n---\n---\n\n- b\n- c: [x]\n...\n---\n{d: 2}\n").unwrap();
        let told: Vec<(usize, String)> = all.iter().map(|read| (read.line, read.tree.to_string())).collect();
        assert_eq!(told, [(2, "{\"a\":1}".into()), (6, r#"["b",{"c":["x"]}]"#.into()), (10, "{\"d\":2}".into())]);
        assert_eq!(parse_all("").unwrap(), []);
        let ambiguous = parse_all("a: 1\n---\nb: {c: yes}\n").unwrap_err();
        assert_eq!(ambiguous.field(), Some("/2/b/c"));
        let trees: Vec<Tree> = all.into_iter().map(|read| read.tree).collect();
        let again = parse_all(&written_all(&trees)).unwrap();
        assert_eq!(again.into_iter().map(|read| read.tree).collect::<Vec<_>>(), trees);
    }

    #[test]
    fn control_characters_and_tags_are_refused_by_their_place() {
        for (text, line) in [("a: 1\nb: \"x\0y\"\n", 2), ("a: \u{1b}[31m", 1), ("a: 1\nb: !ruby/object {}\n", 2)] {
            match parse_all(text) {
                Err(ReadTrouble::NotYaml { line: at, what, .. }) => {
                    assert!(at == line && !what.is_empty(), "{at} {what}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_long_text_is_not_copied_without_end() {
        let many = vec!["*a"; 150].join(", ");
        let bomb = format!("a: &a {}\nb: [{many}]\n", "x".repeat(900_000));
        assert!(matches!(parse_all(&bomb), Err(ReadTrouble::NotYaml { .. })));
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9 {
            let many = vec![format!("*a{}", n - 1); 10].join(", ");
            laughs.extend(["a", &n.to_string(), ": &a", &n.to_string(), " [", &many, "]\n"]);
        }
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        let wide = format!("[{}1]", "1,".repeat(60_000));
        for bomb in [laughs, deep, wide] {
            assert!(matches!(parse(&bomb), Err(ReadTrouble::NotYaml { .. })), "{}", &bomb[..40]);
        }
    }
}
