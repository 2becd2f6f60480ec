//! What one text takes away from another and adds to it: by lines, and by words inside a line.

use leptos::prelude::*;

use crate::parts::diff::{Change, Diff};

/// Beyond this many cells the comparison is not worth its time: everything then is another text.
const CELLS_MAX: usize = 1_000_000;

/// A field that changed. A missing side said nothing about it.
#[component]
pub fn Differs(
    /// What is compared, for screen readers.
    label: String,
    before: Option<String>,
    after: Option<String>,
) -> impl IntoView {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let is_one_line = !before.contains('\n') && !after.contains('\n') && !before.is_empty() && !after.is_empty();
    if is_one_line {
        return view! { <p>{in_words(&before, &after)}</p> }.into_any();
    }
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    view! { <Diff label=label lines=between(&lines(&before), &lines(&after))/> }.into_any()
}

fn in_words(before: &str, after: &str) -> Vec<AnyView> {
    let mut shown = Vec::new();
    for (change, text) in joined(between(&words(before), &words(after))) {
        shown.push(match change {
            Change::Same => text.into_any(),
            Change::Removed => view! { <del><span class="unseen">"removed: "</span>{text}</del> }.into_any(),
            Change::Added => view! { <ins><span class="unseen">"added: "</span>{text}</ins> }.into_any(),
        });
        shown.push(" ".into_any());
    }
    shown
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// Neighbouring words of one kind as one stretch of text.
fn joined(pieces: Vec<(Change, String)>) -> Vec<(Change, String)> {
    let mut stretches: Vec<(Change, String)> = Vec::new();
    for (change, word) in pieces {
        match stretches.last_mut() {
            Some((last, text)) if *last == change => {
                text.push(' ');
                text.push_str(&word);
            }
            _ => stretches.push((change, word)),
        }
    }
    stretches
}

/// The pieces of both texts in order, as few of them changed as possible; what goes away comes
/// before what takes its place.
pub fn between(before: &[String], after: &[String]) -> Vec<(Change, String)> {
    let start = before.iter().zip(after).take_while(|(was, is)| was == is).count();
    let (before_rest, after_rest) = (&before[start..], &after[start..]);
    let end = before_rest.iter().rev().zip(after_rest.iter().rev()).take_while(|(was, is)| was == is).count();
    let (was, is) = (&before_rest[..before_rest.len() - end], &after_rest[..after_rest.len() - end]);
    let same = |pieces: &[String]| -> Vec<_> { pieces.iter().map(|piece| (Change::Same, piece.clone())).collect() };
    let mut pieces = same(&before[..start]);
    pieces.extend(middle(was, is));
    pieces.extend(same(&before[before.len() - end..]));
    pieces
}

/// By the longest common subsequence.
fn middle(was: &[String], is: &[String]) -> Vec<(Change, String)> {
    let mut pieces = Vec::with_capacity(was.len() + is.len());
    let (mut from, mut to) = (0, 0);
    if was.len().saturating_mul(is.len()) <= CELLS_MAX {
        let common = common_lengths(was, is);
        while from < was.len() && to < is.len() {
            if was[from] == is[to] {
                pieces.push((Change::Same, was[from].clone()));
                (from, to) = (from + 1, to + 1);
            } else if common[from + 1][to] >= common[from][to + 1] {
                pieces.push((Change::Removed, was[from].clone()));
                from += 1;
            } else {
                pieces.push((Change::Added, is[to].clone()));
                to += 1;
            }
        }
    }
    pieces.extend(was[from..].iter().map(|piece| (Change::Removed, piece.clone())));
    pieces.extend(is[to..].iter().map(|piece| (Change::Added, piece.clone())));
    pieces
}

/// `[i][j]`: how long the longest common subsequence of `was[i..]` and `is[j..]` is.
fn common_lengths(was: &[String], is: &[String]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![0; is.len() + 1]; was.len() + 1];
    for from in (0..was.len()).rev() {
        for to in (0..is.len()).rev() {
            lengths[from][to] = if was[from] == is[to] {
                lengths[from + 1][to + 1] + 1
            } else {
                lengths[from + 1][to].max(lengths[from][to + 1])
            };
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(before: &str, after: &str) -> String {
        let signs = joined(between(&words(before), &words(after))).into_iter().map(|(change, text)| match change {
            Change::Same => text,
            Change::Removed => format!("[-{text}]"),
            Change::Added => format!("[+{text}]"),
        });
        signs.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_the_words_that_changed_are_marked() {
        assert_eq!(
            spelled("\u{2264} 60 s over 15 min", "\u{2264} 30 s over 15 min"),
            "\u{2264} [-60] [+30] s over 15 min"
        );
        assert_eq!(spelled("a b c", "a c d"), "a [-b] c [+d]");
        assert_eq!(spelled("a a b", "a b a"), "a [-a] b [+a]");
        assert_eq!(spelled("same", "same"), "same");
        assert_eq!(spelled("", "new words"), "[+new words]");
    }

    #[test]
    fn both_texts_can_be_read_back_from_their_difference() {
        let texts = ["", "a", "a b", "b a b c", "c c a b a", "x y z a"];
        for before in texts {
            for after in texts {
                let pieces = between(&words(before), &words(after));
                let without = |left_out: Change| {
                    let kept = pieces.iter().filter(|(change, _)| *change != left_out);
                    kept.map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ")
                };
                assert_eq!((without(Change::Added), without(Change::Removed)), (before.to_owned(), after.to_owned()));
            }
        }
    }

    #[test]
    fn texts_too_long_to_compare_are_shown_whole() {
        let long = |letter: &str| vec![letter.to_owned(); 1_100];
        let pieces = between(&long("a"), &long("b"));
        assert_eq!(pieces.iter().filter(|(change, _)| *change == Change::Removed).count(), 1_100);
        assert_eq!(pieces.len(), 2_200);
    }

    #[test]
    fn a_change_of_several_lines_is_shown_line_by_line() {
        let html = Owner::new().with(|| {
            let (before, after) = (Some("stop\nstart".to_owned()), Some("stop\nwait <b>\nstart".to_owned()));
            view! { <Differs label="Method".to_owned() before=before after=after/> }.to_html()
        });
        assert_eq!(html.matches("data-change=\"added\"").count(), 1, "{html}");
        assert_eq!(html.matches("data-change=\"same\"").count(), 2, "{html}");
        assert!(html.contains("wait &lt;b&gt;"), "{html}");
    }
}
