//! Keys. On every page they go somewhere, along its lists, or press what is there and says so (`steps`); on the page of
//! a run that goes on, single ones take one to where something is written, and never write by themselves: whoever
//! presses one by mistake has done nothing.
//!
//! The tables stand here and in `steps`, for the browser, the pages and the help alike. `live` has the islands;
//! `listening` hears every key, `palette` is the dialog that leads anywhere, `rows` goes along lists, `turning` from
//! page to page of one, `copying` copies the address that `canonical` makes, `recent` keeps what was opened last,
//! `pressed` and `asking` do what keys come to on the page of a run.
//! Without script nothing is missing but the keys: every place has a link, and `/go` is a page with a form.

pub mod live;
pub mod steps;

#[cfg(feature = "ssr")]
pub mod canonical;
#[cfg(feature = "ssr")]
pub mod go;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod palette_view;
#[cfg(feature = "ssr")]
pub mod sheet;

#[cfg(feature = "hydrate")]
mod asking;
#[cfg(feature = "hydrate")]
mod copying;
#[cfg(feature = "hydrate")]
mod listening;
#[cfg(feature = "hydrate")]
mod palette;
#[cfg(feature = "hydrate")]
mod pressed;
#[cfg(feature = "hydrate")]
mod recent;
#[cfg(feature = "hydrate")]
mod rows;
#[cfg(feature = "hydrate")]
mod turning;

/// When single keys act in a browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Singles {
    #[default]
    Always,
    /// Only with Ctrl and Alt held: for whoever is heard by a program that types.
    Held,
    Never,
}

/// Where a key takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Note,
    Unexpected,
    Metric,
    Check,
    Pin,
    Abort,
    Keys,
}

/// The key as people read it, where it takes them, and what they do there.
pub const KEYS: [(&str, Place, &str); 7] = [
    ("n", Place::Note, "Write an observation"),
    ("u", Place::Unexpected, "Write an observation that is unexpected"),
    ("m", Place::Metric, "Write a metric: p99=412ms"),
    ("s", Place::Check, "Answer a steady-state check by its number: 2 held"),
    ("p", Place::Pin, "Go to the pin of the newest observation that has none; Enter pins it"),
    ("Shift A", Place::Abort, "Be asked whether to abort the run; the key alone aborts nothing"),
    ("?", Place::Keys, "Show these keys, or fold them away"),
];

/// Sends the form one is writing in. No single key, so it works whatever the switch says.
pub const SEND: (&str, &str) = (
    "Ctrl Enter",
    "Send the form one is writing in, from any of its fields, such as an observation (on a Mac also \u{2318} Enter)",
);

/// Where this key takes one: a letter as the browser names it, with or without Shift. Where a keyboard has
/// the question mark is its own business. No key is beyond ASCII: the case of other letters would be tables of many
/// kilobytes in the browser.
pub fn place(key: &str, shift: bool) -> Option<Place> {
    let name = match key {
        "?" => key.to_owned(),
        _ if shift => ["Shift ", &key.to_ascii_uppercase()].concat(),
        _ => key.to_ascii_lowercase(),
    };
    KEYS.iter().find(|(known, _, _)| *known == name).map(|(_, place, _)| *place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_letter_and_shift() {
        for (key, shift, expected) in [
            ("n", false, Some(Place::Note)),
            ("N", false, Some(Place::Note)),
            ("N", true, None),
            ("a", false, None),
            ("A", false, None),
            ("A", true, Some(Place::Abort)),
            ("a", true, Some(Place::Abort)),
            ("?", true, Some(Place::Keys)),
            ("?", false, Some(Place::Keys)),
            ("Enter", false, None),
            ("Shift", true, None),
            ("", false, None),
        ] {
            assert_eq!(place(key, shift), expected, "{key} {shift}");
        }
    }

    #[test]
    fn no_key_stands_twice() {
        for (index, (key, ..)) in KEYS.iter().enumerate() {
            assert!(KEYS.iter().skip(index + 1).all(|(other, ..)| other != key), "{key}");
        }
    }
}
