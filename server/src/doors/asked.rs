//! What a program's address asks for. A word nobody knows is refused, not passed over: a longer
//! list than asked for misleads.

use std::str::FromStr;

use notebook::{refusal::Refusal, text::Slug};

/// An id, or none where the parameter is empty. `no` follows the parameter's name.
pub fn id<T: FromStr>(text: &str, name: &str, no: &str) -> Result<Option<T>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::unfit(name, no)),
    }
}

pub fn slug(text: &str, name: &str) -> Result<Option<Slug>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => Slug::new(text).map(Some).map_err(|trouble| Refusal::unfit(name, trouble.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use notebook::id::{Id, RunId};

    use super::*;

    #[test]
    fn nothing_is_asked_by_an_empty_word_and_a_strange_one_is_refused_by_name() {
        assert_eq!(id::<RunId>(" ", "run", "is no run's id"), Ok(None));
        assert_eq!(id::<RunId>("run-3", "run", "is no run's id"), Ok(Some(Id::of(3))));
        let refused = id::<RunId>("EXP-3", "run", "is no run's id").unwrap_err();
        assert_eq!(refused.troubles()[0].field, "run");
        assert_eq!(slug("Kafka", "service").unwrap_err().troubles()[0].field, "service");
    }
}
