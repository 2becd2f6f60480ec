//! Tests that are switched off and code that is left for later.

use crate::Complaint;
use crate::tokens::{Lexeme, find};

const IN_RUST: &[(&[&str], &str)] = &[
    (&["#", "[", "ignore"], "a test that never runs proves nothing; make it run or delete it"),
    (&["should_panic"], "match on the refusal instead; a panic may have another cause"),
    (&["todo", "!"], "finish it, or leave it out"),
    (&["unimplemented", "!"], "finish it, or leave it out"),
    (&["#", "[", "allow"], "use #[expect(.., reason = \"..\")], which says when it is no longer needed"),
];

pub fn rust(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    let found = IN_RUST.iter().flat_map(|(wanted, advice)| {
        find(lexemes, wanted).map(|window| Complaint::new(path, window[0].line, *advice)).collect::<Vec<_>>()
    });
    found.collect()
}

const IN_STORIES: &[(&str, &str)] = &[
    (".only(", "it switches every other story off"),
    (".skip(", "a story that never runs proves nothing"),
    (".fixme(", "a story that never runs proves nothing"),
    ("waitForTimeout", "wait for a fact: a locator, a response, a marker"),
    ("networkidle", "controls can be clicked before islands wake; use open()"),
];

pub fn stories(path: &str, text: &str) -> Vec<Complaint> {
    let lines = text.lines().enumerate();
    let found = lines.flat_map(|(index, line)| {
        let broken = IN_STORIES.iter().filter(move |(banned, _)| line.contains(banned));
        broken.map(move |(_, advice)| Complaint::new(path, index + 1, *advice))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::{rust, stories};
    use crate::tokens::read;

    #[test]
    fn a_switched_off_test_and_unfinished_code_are_found() {
        let text = "#[test]\n#[ignore]\nfn a() { todo!() }\n#[should_panic]\nfn b() {}";
        let lines: Vec<usize> = rust("app/src/a.rs", &read(text).unwrap()).iter().map(|found| found.line).collect();
        assert_eq!(lines, [2, 4, 3]);
    }

    #[test]
    fn a_story_that_sleeps_is_found() {
        assert_eq!(stories("end2end/stories/a.spec.ts", "await page.waitForTimeout(500);").len(), 1);
        assert!(stories("end2end/stories/a.spec.ts", "await page.getByRole('link').click();").is_empty());
    }
}
