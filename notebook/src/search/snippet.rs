//! The part of a text that shows why it was found: pieces, those that were looked for marked.

use serde::Serialize;

use super::tokens::{is_between, plain};
use crate::limits::SEARCH_SNIPPET_CHARS;

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SnippetPiece"))]
pub struct Piece {
    pub text: String,
    /// Whether it was looked for.
    pub marked: bool,
}

/// The whole text in pieces.
pub fn marked(text: &str, looked_for: &[(String, bool)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_word = !rest.starts_with(is_between);
        let end = rest.find(|c: char| is_between(c) == is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let marked = is_word && is_looked_for(piece, looked_for);
        match pieces.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(piece),
            _ => pieces.push(Piece { text: piece.to_owned(), marked }),
        }
        rest = after;
    }
    pieces
}

/// A stretch of the text around the place where most is found, in pieces.
pub fn snippet(text: &str, looked_for: &[(String, bool)]) -> Vec<Piece> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let hits: Vec<bool> =
        words.iter().map(|word| word.split(is_between).any(|part| is_looked_for(part, looked_for))).collect();
    let (from, to) = best(&words, &hits);
    let mut shown = words[from..to].join(" ");
    if from > 0 {
        shown.insert_str(0, "… ");
    }
    if to < words.len() {
        shown.push_str(" …");
    }
    marked(&shown, looked_for)
}

/// The first window of words, within the limit, that holds the most hits; it begins a little before them.
fn best(words: &[&str], hits: &[bool]) -> (usize, usize) {
    const BEFORE: usize = 4;
    let mut best = (0, end_of(words, 0));
    let mut most = count(hits, best);
    for at in (0..words.len()).filter(|at| hits[*at]) {
        let from = at.saturating_sub(BEFORE);
        let window = (from, end_of(words, from));
        let found = count(hits, window);
        if found > most {
            (most, best) = (found, window);
        }
    }
    best
}

fn count(hits: &[bool], (from, to): (usize, usize)) -> usize {
    hits[from..to].iter().filter(|hit| **hit).count()
}

/// Behind the last word that fits; at least one does.
fn end_of(words: &[&str], from: usize) -> usize {
    let mut chars = 0;
    let fits = |word: &&&str| {
        chars += word.chars().count() + 1;
        chars <= SEARCH_SNIPPET_CHARS
    };
    let fitting = words[from..].iter().take_while(fits).count();
    (from + fitting.max(1)).min(words.len())
}

fn is_looked_for(word: &str, looked_for: &[(String, bool)]) -> bool {
    if word.is_empty() || looked_for.is_empty() {
        return false;
    }
    let word = plain(word);
    looked_for.iter().any(|(token, open)| if *open { word.starts_with(token) } else { word == *token })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_for() -> Vec<(String, bool)> {
        vec![("alerts".to_owned(), false), ("elect".to_owned(), true)]
    }

    fn shown(pieces: &[Piece]) -> String {
        pieces.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked_without_case_and_accents() {
        assert_eq!(shown(&marked("Alerts, then Élections <b>", &looked_for())), "[Alerts], then [Élections] <b>");
        assert_eq!(shown(&marked("none of it", &[])), "none of it");
    }

    #[test]
    fn a_snippet_stands_where_most_was_found() {
        let text = format!("{} alerts stop during an election {}", "word ".repeat(80), "end ".repeat(80));
        let text = shown(&snippet(&text, &looked_for()));
        assert!(text.starts_with("… word word word word [alerts] stop during an [election] end"), "{text}");
        assert!(text.ends_with(" …") && text.chars().count() < SEARCH_SNIPPET_CHARS + 20, "{text}");
        assert_eq!(shown(&snippet("short", &looked_for())), "short");
        assert!(snippet("", &looked_for()).is_empty());
        let one = "x".repeat(5_000);
        assert_eq!(shown(&snippet(&one, &looked_for())), one, "a word is never cut");
    }
}
