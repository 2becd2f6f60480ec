//! Are enough people here, and the right ones? (product reference, section 3.13)

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    experiments::plan::vocabulary,
    limits::{QUORUM_ELSEWHERE, QUORUM_PRODUCTION},
    services::EnvironmentClass,
};

vocabulary! {
    /// What a person does in a run.
    #[cfg_attr(feature = "store", schemars(rename = "RunPart"))]
    Part {
        Owner = "owner", "Owner";
        Coordinator = "coordinator", "Coordinator";
        Reporter = "reporter", "Reporter";
        Observer = "observer", "Observer";
    }
}

/// One person marked present. The same person may be listed for several parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunPresent"))]
pub struct Present {
    pub person: PersonId,
    pub parts: BTreeSet<Part>,
    pub can_revert: bool,
}

const NOBODY_REVERTS: &str =
    "nobody present is marked as able to revert, which an admin says of an account under People";

/// Whether there are enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quorum {
    /// A clause that says who is there.
    Met(String),
    /// A clause for each thing that is lacking. During a run this raises the abort prompt.
    NotMet(Vec<String>),
}

impl Quorum {
    pub const fn is_met(&self) -> bool {
        matches!(self, Self::Met(_))
    }

    /// What is lacking, with why some of those marked present were left out; enough are enough.
    #[must_use]
    pub fn without(self, left_out: &[String]) -> Self {
        match self {
            Self::NotMet(mut lacking) => {
                lacking.extend_from_slice(left_out);
                Self::NotMet(lacking)
            }
            met @ Self::Met(_) => met,
        }
    }
}

/// For a run that people attend: an Owner, an Observer who is no Owner, somebody who can revert,
/// and so many different people. A team of one (`solo`) needs its Owner, able to revert; that
/// there is nobody else is said, not hidden.
pub fn quorum(present: &[Present], class: EnvironmentClass, solo: bool) -> Quorum {
    let people = by_person(present);
    let any = |fits: fn(&Seen) -> bool| people.values().any(fits);
    let needed = match class {
        _ if solo => 1,
        EnvironmentClass::Production => QUORUM_PRODUCTION,
        EnvironmentClass::Other => QUORUM_ELSEWHERE,
    };
    let mut lacking = Vec::new();
    if !any(Seen::owns) {
        lacking.push("no Owner is marked present".to_owned());
    }
    if !solo && !any(|seen| seen.observes() && !seen.owns()) {
        lacking.push("no Observer other than the Owner is marked present".to_owned());
    }
    if !any(|seen| seen.can_revert) {
        lacking.push(NOBODY_REVERTS.to_owned());
    }
    if people.len() < needed {
        lacking.push(format!("{} of {needed} different people are marked present", people.len()));
    }
    if !lacking.is_empty() {
        return Quorum::NotMet(lacking);
    }
    Quorum::Met(match people.len() {
        1 => "the Owner is here and can revert; there is no second person".into(),
        many if solo => format!(
            "{many} people are here, among them an Owner and somebody who can revert; a team of one is asked for no more"
        ),
        many => format!("{many} people are here, among them an Owner, an Observer and somebody who can revert"),
    })
}

/// Everything that is known of one person.
#[derive(Default)]
struct Seen {
    parts: BTreeSet<Part>,
    can_revert: bool,
}

impl Seen {
    fn owns(&self) -> bool {
        self.parts.contains(&Part::Owner)
    }

    fn observes(&self) -> bool {
        self.parts.contains(&Part::Observer)
    }
}

fn by_person(present: &[Present]) -> BTreeMap<PersonId, Seen> {
    let mut people: BTreeMap<PersonId, Seen> = BTreeMap::new();
    for one in present {
        let seen = people.entry(one.person).or_default();
        seen.parts.extend(&one.parts);
        seen.can_revert |= one.can_revert;
    }
    people
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::subsequence};

    use super::*;
    use EnvironmentClass::{Other, Production};
    use Part::{Coordinator, Observer, Owner, Reporter};

    fn person(number: i64, parts: &[Part], can_revert: bool) -> Present {
        Present { person: PersonId(number), parts: parts.iter().copied().collect(), can_revert }
    }

    fn lacking(present: &[Present], class: EnvironmentClass, solo: bool) -> Vec<String> {
        match quorum(present, class, solo) {
            Quorum::Met(_) => Vec::new(),
            Quorum::NotMet(lacking) => lacking,
        }
    }

    #[test]
    fn an_owner_an_observer_and_a_third_person_who_can_revert_may_start() {
        // S-P7
        let alone = [person(1, &[Owner], false)];
        assert_eq!(lacking(&alone, Production, false).len(), 3);
        let three = [person(1, &[Owner], false), person(2, &[Observer], false), person(3, &[], true)];
        assert_eq!(lacking(&three, Production, false), [""; 0]);
    }

    #[test]
    fn each_lack_is_named() {
        let owner = || person(1, &[Owner], true);
        let observer = || person(2, &[Observer], false);
        let no_observer = "no Observer other than the Owner is marked present";
        for (present, class, says) in [
            (
                vec![],
                Other,
                vec![
                    "no Owner is marked present",
                    no_observer,
                    NOBODY_REVERTS,
                    "0 of 2 different people are marked present",
                ],
            ),
            (vec![owner(), observer()], Production, vec!["2 of 3 different people are marked present"]),
            (vec![owner(), observer()], Other, vec![]),
            (vec![owner(), person(2, &[Reporter], true)], Other, vec![no_observer]),
            (vec![person(1, &[Owner, Observer], true), person(2, &[Coordinator], true)], Other, vec![no_observer]),
            (vec![person(1, &[Owner], false), observer()], Other, vec![NOBODY_REVERTS]),
            (vec![observer(), person(3, &[Coordinator], true)], Other, vec!["no Owner is marked present"]),
            // One person twice is one person.
            (
                vec![owner(), person(1, &[Observer], true)],
                Other,
                vec![no_observer, "1 of 2 different people are marked present"],
            ),
            (vec![owner(), observer(), observer()], Production, vec!["2 of 3 different people are marked present"]),
        ] {
            assert_eq!(lacking(&present, class, false), says, "{present:?}");
        }
    }

    #[test]
    fn a_team_of_one_says_that_there_is_no_second_person() {
        let Quorum::Met(says) = quorum(&[person(1, &[Owner], true)], Production, true) else { panic!("not met") };
        assert!(says.contains("no second person"));
        assert_eq!(lacking(&[person(1, &[Owner], false)], Other, true), [NOBODY_REVERTS]);
        assert_eq!(lacking(&[person(1, &[Observer], true)], Other, true), ["no Owner is marked present"]);
        assert!(!quorum(&[], Other, true).is_met());
    }

    #[test]
    fn a_team_of_one_with_company_claims_no_observer() {
        let two = [person(1, &[Owner], true), person(2, &[Reporter], false)];
        let Quorum::Met(says) = quorum(&two, Production, true) else { panic!("not met") };
        assert!(says.contains("2 people") && !says.contains("Observer"), "{says}");
    }

    prop_compose! {
        fn somebody()(number in 0i64..5, parts in subsequence(Part::ALL, 0..4), can_revert in any::<bool>()) -> Present {
            person(number, &parts, can_revert)
        }
    }

    proptest! {
        #[test]
        fn the_order_changes_nothing_and_who_comes_breaks_nothing_but_by_owning(
            (present, shuffled) in prop::collection::vec(somebody(), 0..6)
                .prop_flat_map(|present| (Just(present.clone()), Just(present).prop_shuffle())),
            next in somebody(),
        ) {
            for class in [Production, Other] {
                let before = quorum(&present, class, false);
                prop_assert_eq!(&quorum(&shuffled, class, false), &before);
                let more: Vec<Present> = present.iter().cloned().chain([next.clone()]).collect();
                if before.is_met() && !next.parts.contains(&Owner) {
                    prop_assert!(quorum(&more, class, false).is_met());
                }
                if quorum(&present, Production, false).is_met() {
                    prop_assert!(quorum(&present, Other, false).is_met());
                }
            }
        }
    }
}
