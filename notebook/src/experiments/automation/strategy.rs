//! When the tool looks at its hypothesis.

use crate::experiments::plan::Phase;

/// Every name the tool knows, with the phases it looks in.
const STRATEGIES: [(&str, &[Phase]); 7] = [
    ("default", &[Phase::Before, Phase::After]),
    ("before-method-only", &[Phase::Before]),
    ("after-method-only", &[Phase::After]),
    ("during-method-only", &[Phase::During]),
    ("continuously", &[Phase::Before, Phase::During, Phase::After]),
    // An old spelling that the tool still takes.
    ("continously", &[Phase::Before, Phase::During, Phase::After]),
    ("skip", &[]),
];

/// The phases of a strategy; None for a name the tool does not know.
pub fn phases(strategy: &str) -> Option<&'static [Phase]> {
    STRATEGIES.iter().find(|(name, _)| *name == strategy).map(|(_, phases)| *phases)
}

/// The names, for a sentence.
pub(super) fn names() -> String {
    STRATEGIES.iter().map(|(name, _)| *name).filter(|name| *name != "continously").collect::<Vec<_>>().join(", ")
}

/// The source's own strategy if it looks in all these phases, else the least that does.
pub(super) fn covering(own: Option<&str>, needed: &[Phase]) -> String {
    let covers = |name: &str| phases(name).is_some_and(|phases| needed.iter().all(|phase| phases.contains(phase)));
    let usual = ["default", "continuously"];
    own.into_iter().chain(usual).find(|name| covers(name)).unwrap_or("continuously").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Phase::{After, Before, During};

    #[test]
    fn the_least_strategy_that_looks_in_every_phase_is_taken() {
        for (own, needed, expected) in [
            (None, &[After][..], "default"),
            (None, &[Before, After], "default"),
            (None, &[During], "continuously"),
            (None, &[], "default"),
            (Some("after-method-only"), &[After], "after-method-only"),
            (Some("default"), &[During, After], "continuously"),
            (Some("continuously"), &[After], "continuously"),
            (Some("during-method-only"), &[During], "during-method-only"),
            (Some("skip"), &[After], "default"),
            (Some("whenever"), &[After], "default"),
        ] {
            assert_eq!(covering(own, needed), expected, "{own:?} {needed:?}");
        }
    }
}
