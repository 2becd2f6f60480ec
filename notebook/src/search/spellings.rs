//! The embedded engine takes accents for none on Latin letters only. So what is looked for in other scripts is asked
//! for in each way in which it may be written: with the accents that were typed, without any, and with one more.

/// Letters and what they are written as with an accent that the embedded engine keeps.
const ACCENTED: &[(char, &[char])] = &[
    ('\u{3b1}', &['\u{3ac}']),
    ('\u{3b5}', &['\u{3ad}']),
    ('\u{3b7}', &['\u{3ae}']),
    ('\u{3b9}', &['\u{3af}', '\u{3ca}', '\u{390}']),
    ('\u{3bf}', &['\u{3cc}']),
    ('\u{3c5}', &['\u{3cd}', '\u{3cb}', '\u{3b0}']),
    ('\u{3c9}', &['\u{3ce}']),
    ('\u{433}', &['\u{453}']),
    ('\u{435}', &['\u{451}', '\u{450}']),
    ('\u{438}', &['\u{439}', '\u{45d}']),
    ('\u{43a}', &['\u{45c}']),
    ('\u{443}', &['\u{45e}']),
    ('\u{456}', &['\u{457}']),
];

/// A phrase has a spelling for each of its letters; so many of them are asked for.
const SPELLINGS_MAX: usize = 32;

/// The same words in each spelling, the typed one first; most have no other.
pub fn spellings(words: &str) -> Vec<String> {
    let typed = vec![words.to_owned()];
    if words.chars().all(|c| bases_of(small(c)).is_none() && with_accents(small(c)).is_empty()) {
        return typed;
    }
    let bare: String = words.chars().map(|c| bases_of(small(c)).unwrap_or(c)).collect();
    let more = [words, bare.as_str()].into_iter().flat_map(one_more);
    let all = typed.into_iter().chain(std::iter::once(bare.clone())).chain(more);
    let mut found: Vec<String> = Vec::new();
    for one in all {
        if found.len() < SPELLINGS_MAX && !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// With one accent more, at each place that takes one.
fn one_more(words: &str) -> Vec<String> {
    let chars: Vec<char> = words.chars().collect();
    let places = chars.iter().enumerate();
    let all = places.flat_map(|(at, c)| with_accents(small(*c)).iter().map(move |accented| (at, *accented)));
    all.take(SPELLINGS_MAX)
        .map(|(at, accented)| {
            chars.iter().enumerate().map(|(place, c)| if place == at { accented } else { *c }).collect()
        })
        .collect()
}

fn with_accents(letter: char) -> &'static [char] {
    match ACCENTED.iter().find(|(base, _)| *base == letter) {
        Some((_, accented)) => accented,
        None => &[],
    }
}

fn bases_of(letter: char) -> Option<char> {
    ACCENTED.iter().find(|(_, accented)| accented.contains(&letter)).map(|(base, _)| *base)
}

/// The engine reads capitals as small letters; of these, each has one.
fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_accent_to_lose_is_spelt_as_it_is() {
        for words in ["re elect", "\u{c9}lection", "\u{6570}\u{636e}", "\u{d55c}\u{ad6d}", ""] {
            assert_eq!(spellings(words), [words]);
        }
    }

    #[test]
    fn words_are_spelt_with_and_without_accents() {
        for (typed, written) in [
            ("\u{435}\u{43b}\u{43a}\u{430}", "\u{451}\u{43b}\u{43a}\u{430}"),
            ("\u{451}\u{43b}\u{43a}\u{430}", "\u{435}\u{43b}\u{43a}\u{430}"),
            ("\u{435}\u{43b}\u{43e}\u{447}\u{43d}\u{44b}\u{439}", "\u{451}\u{43b}\u{43e}\u{447}\u{43d}\u{44b}\u{439}"),
            ("\u{3c5}\u{3c8}\u{3bf}\u{3c2}", "\u{3cd}\u{3c8}\u{3bf}\u{3c2}"),
            ("\u{38e}\u{3a8}\u{39f}\u{3a3}", "\u{3c5}\u{3a8}\u{39f}\u{3a3}"),
        ] {
            let spelt = spellings(typed);
            assert_eq!(spelt[0], typed);
            assert!(spelt.iter().any(|one| one == written), "{typed}: {spelt:?}");
        }
        assert_eq!(spellings(&"\u{3b1} ".repeat(500)).len(), SPELLINGS_MAX);
    }
}
