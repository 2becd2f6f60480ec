//! Reads YAML within limits. A word that YAML 1.1 tools and YAML 1.2 tools take for different values
//! is refused by name: whoever wrote `off` meant one of them, and a guess would change an experiment
//! without a sound.

use serde_saphyr::{Budget, Options};

use super::{ReadTrouble, tree::Tree};

/// Nested lists and objects.
const DEPTH_MAX: usize = 60;
/// Values in a document.
const NODES_MAX: usize = 50_000;
/// Copies that references to anchors may make: few are needed, and each may repeat a long text.
const COPIES_MAX: usize = 500;
/// References to anchors, and anchors.
const ALIASES_MAX: usize = 200;

/// The one document in a text.
pub fn parse(text: &str) -> Result<Tree, ReadTrouble> {
    let tree = read(text, true)?;
    match difference(&tree, &read(text, false)?, String::new()) {
        None => Ok(tree),
        Some((pointer, text)) => Err(ReadTrouble::Ambiguous { pointer, text }),
    }
}

/// `strict` as YAML 1.2 has it; otherwise `off` is false and `0755` is 493.
fn read(text: &str, strict: bool) -> Result<Tree, ReadTrouble> {
    serde_saphyr::from_str_with_options(text, options(strict)).map_err(|error| {
        let place = error.location();
        let number = |at: Option<u64>| at.and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
        ReadTrouble::NotYaml {
            line: number(place.map(|place| place.line())),
            column: number(place.map(|place| place.column())),
            what: one_line(&error.without_snippet().to_string()),
        }
    })
}

fn options(strict: bool) -> Options {
    let budget: Option<Budget> = serde_saphyr::budget! {
        max_documents: 1,
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
