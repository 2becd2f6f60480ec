//! Which version an edit began from, so that nobody's text is overwritten unseen.

use crate::refusal::Refusal;

/// The present version, if an edit that says this may replace it: its number, several of which
/// one must be the present one, or `*` for whatever is there.
pub fn began_from(said: &str, present: i64, noun: &str, id: impl ToString) -> Result<i64, Refusal> {
    match said.trim() {
        "" => Err(Refusal::NoVersion { noun: noun.into(), id: id.to_string() }),
        "*" => Ok(present),
        said => {
            let number = |version: &str| version.trim().parse().ok().filter(|number| *number >= 0);
            let versions: Option<Vec<i64>> = said.split(',').map(number).collect();
            let versions = versions.ok_or_else(|| Refusal::unfit("version", "is no version; it is a number like 3"))?;
            if versions.contains(&present) { Ok(present) } else { Err(Refusal::stale(noun, id, present)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_of_another_version_than_the_present_one_is_refused() {
        for (said, ends) in [
            ("3", Ok(3)),
            (" 3 ", Ok(3)),
            ("1, 3", Ok(3)),
            ("*", Ok(3)),
            ("", Err("no_version")),
            (" ", Err("no_version")),
            ("2", Err("stale")),
            ("4", Err("stale")),
            ("0", Err("stale")),
            ("1,2", Err("stale")),
            ("three", Err("unfit")),
            ("3,", Err("unfit")),
            ("-3", Err("unfit")),
        ] {
            let code = |refusal: Refusal| refusal.code();
            assert_eq!(began_from(said, 3, "Fix", "FIX-1").map_err(code), ends, "{said:?}");
        }
    }

    #[test]
    fn a_stale_edit_is_told_the_present_version() {
        let refused = began_from("2", 3, "Fix", "FIX-1").unwrap_err();
        assert_eq!(refused, Refusal::Stale { noun: "Fix".into(), id: "FIX-1".into(), version: 3 });
    }
}
