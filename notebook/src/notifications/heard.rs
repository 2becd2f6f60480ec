//! Who hears of something, and why: a rule over names that are known already.

use std::collections::{BTreeMap, BTreeSet};

use super::topics::{Audience, Topic};
use crate::{
    actor::{Act, Actor, PersonId, may},
    gate::quorum::Part,
    people::{Account, meant},
};

/// What a thing knows of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Names of people with a part in the run, as they were typed.
    pub crew: BTreeSet<String>,
    /// People who are marked on the run.
    pub marked: BTreeSet<PersonId>,
    /// Parts of the run as they were planned, each with a name as it was typed.
    pub parts: BTreeSet<(Part, String)>,
    /// Parts that people on the run are marked with.
    pub marked_parts: BTreeSet<(Part, PersonId)>,
    /// Services it is about, each with its owner as it was typed.
    pub owners: BTreeMap<String, String>,
    pub author: Option<PersonId>,
    /// Who took the decision.
    pub decider: Option<PersonId>,
    /// Who approved the plans that experiments it rests on have now.
    pub approvers: BTreeSet<PersonId>,
    /// Whose it is, where it is one person's.
    pub themselves: Option<PersonId>,
    /// Who did it; nobody is told of what they did themselves.
    pub by: Option<PersonId>,
}

/// Everybody who hears of it, each with the first reason that holds.
pub fn heard(topic: Topic, around: &Around, accounts: &[Account]) -> BTreeMap<PersonId, String> {
    let is_there = |person: &PersonId| accounts.iter().any(|account| account.id == *person && !account.disabled);
    let mut told: BTreeMap<PersonId, String> = BTreeMap::new();
    for audience in topic.tells() {
        if *audience == Audience::Otherwise && told.keys().any(is_there) {
            continue;
        }
        for (person, because) in of_audience(*audience, around, accounts) {
            told.entry(person).or_insert(because);
        }
    }
    told.retain(|person, _| Some(*person) != around.by && is_there(person));
    told
}

fn of_audience(audience: Audience, around: &Around, accounts: &[Account]) -> Vec<(PersonId, String)> {
    let who_may = |act: Act| {
        accounts.iter().filter(move |account| may(&Actor::Person(account.as_person()), act)).map(|account| account.id)
    };
    match audience {
        Audience::Crew => {
            let named = around.crew.iter().filter_map(|name| meant(accounts, name)).map(|account| account.id);
            named.chain(around.marked.iter().copied()).map(|person| (person, "you are on the run".to_owned())).collect()
        }
        Audience::Leads => leads(around, accounts),
        Audience::Owners => around
            .owners
            .iter()
            .filter_map(|(service, owner)| Some((meant(accounts, owner)?.id, format!("you own {service}"))))
            .collect(),
        Audience::Reviewers => {
            who_may(Act::ReviewPlan).map(|person| (person, "you may approve plans".to_owned())).collect()
        }
        Audience::Author => {
            around.author.into_iter().map(|person| (person, "you own the experiment".to_owned())).collect()
        }
        Audience::Decider => {
            around.decider.into_iter().map(|person| (person, "you took the decision".to_owned())).collect()
        }
        Audience::Approver => {
            around.approvers.iter().map(|person| (*person, "you approved its plan".to_owned())).collect()
        }
        Audience::Otherwise => who_may(Act::ReviewPlan)
            .map(|person| (person, "nobody else is named for it, and you may approve plans".to_owned()))
            .collect(),
        Audience::Themselves => {
            around.themselves.into_iter().map(|person| (person, "it is yours".to_owned())).collect()
        }
        Audience::Admins => {
            who_may(Act::ManageWebhooks).map(|person| (person, "you look after webhooks".to_owned())).collect()
        }
    }
}

/// The Coordinator first, then the Owner: whoever is both hears of it as Coordinator.
fn leads(around: &Around, accounts: &[Account]) -> Vec<(PersonId, String)> {
    let mut leads = Vec::new();
    for part in [Part::Coordinator, Part::Owner] {
        let named = around.parts.iter().filter(|(has, _)| *has == part);
        let named = named.filter_map(|(_, name)| meant(accounts, name)).map(|account| account.id);
        let marked = around.marked_parts.iter().filter(|(has, _)| *has == part).map(|(_, person)| *person);
        let because = format!("you are the {} of the run", part.label());
        leads.extend(named.chain(marked).map(|person| (person, because.clone())));
    }
    if leads.is_empty() { of_audience(Audience::Author, around, accounts) } else { leads }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{actor::Role, people::Theme, time::Moment};

    fn account(id: i64, name: &str, role: Role) -> Account {
        Account {
            id: PersonId(id),
            email: format!("{}@example.org", name.to_lowercase()),
            name: name.into(),
            role,
            can_revert: false,
            zone: "UTC".into(),
            theme: Theme::System,
            has_password: true,
            disabled: name == "Gone",
            created_at: Moment::from_micros(0),
            version: 1,
        }
    }

    fn team() -> Vec<Account> {
        vec![
            account(1, "Ana", Role::Admin),
            account(2, "Ben", Role::Contributor),
            account(3, "Vera", Role::Viewer),
            account(4, "Gone", Role::Contributor),
        ]
    }

    #[test]
    fn each_hears_once_with_the_first_reason_and_nobody_of_what_they_did() {
        let around = Around {
            crew: ["ben@example.org".to_owned(), "Gone".to_owned(), "Nobody".to_owned()].into(),
            marked: [PersonId(3)].into(),
            owners: [("kafka".to_owned(), "Ben".to_owned()), ("ingest".to_owned(), "ana".to_owned())].into(),
            author: Some(PersonId(1)),
            by: Some(PersonId(2)),
            ..Around::default()
        };
        let told = heard(Topic::RunStarted, &around, &team());
        let expected = [(PersonId(1), "you own ingest".to_owned()), (PersonId(3), "you are on the run".to_owned())];
        assert_eq!(told, BTreeMap::from(expected));
        let by_system = heard(Topic::RunStarted, &Around { by: None, ..around.clone() }, &team());
        assert_eq!(by_system[&PersonId(2)], "you are on the run", "the first reason, not \"you own kafka\"");
        let cancelled = heard(Topic::RunCancelled, &around, &team());
        assert_eq!(cancelled.into_keys().collect::<Vec<_>>(), [PersonId(3)], "owners do not hear of it");
    }

    #[test]
    fn a_verdict_is_asked_of_who_coordinates_and_owns_the_run_and_else_of_who_owns_the_experiment() {
        let around = Around {
            parts: [(Part::Owner, "ana".to_owned()), (Part::Observer, "Vera".to_owned())].into(),
            marked_parts: [(Part::Coordinator, PersonId(1)), (Part::Owner, PersonId(2))].into(),
            author: Some(PersonId(3)),
            ..Around::default()
        };
        let told = heard(Topic::RunVerdictDue, &around, &team());
        let expected = [
            (PersonId(1), "you are the Coordinator of the run".to_owned()),
            (PersonId(2), "you are the Owner of the run".to_owned()),
        ];
        assert_eq!(told, BTreeMap::from(expected));
        let nobody = Around { author: Some(PersonId(3)), ..Around::default() };
        let told = heard(Topic::RunVerdictDue, &nobody, &team());
        assert_eq!(told, BTreeMap::from([(PersonId(3), "you own the experiment".to_owned())]));
    }

    #[test]
    fn what_holds_no_longer_is_told_to_owners_and_approvers_and_else_to_whoever_may_approve() {
        let owned = Around {
            owners: [("kafka".to_owned(), "Vera".to_owned())].into(),
            approvers: [PersonId(2), PersonId(4)].into(),
            ..Around::default()
        };
        let unowned = Around { owners: BTreeMap::new(), ..owned.clone() };
        let gone = Around { owners: [("kafka".to_owned(), "Gone".to_owned())].into(), ..Around::default() };
        let [owner, approver] = ["you own kafka", "you approved its plan"];
        let otherwise = "nobody else is named for it, and you may approve plans";
        let told =
            [Topic::FixRegressed, Topic::FixTurned, Topic::ClaimTurned, Topic::DecisionTurned, Topic::RiskExpires];
        for topic in told {
            for (around, expected) in [
                (&owned, vec![(2, approver), (3, owner)]),
                (&unowned, vec![(2, approver)]),
                (&gone, vec![(1, otherwise), (2, otherwise)]),
                (&Around::default(), vec![(1, otherwise), (2, otherwise)]),
            ] {
                let told = heard(topic, around, &team());
                let told: Vec<(i64, &str)> = told.iter().map(|(person, why)| (person.0, why.as_str())).collect();
                assert_eq!(told, expected, "{topic:?} {around:?}");
            }
        }
        let pass = heard(Topic::VerdictSigned, &Around::default(), &team());
        assert!(pass.is_empty(), "what is no bad news bothers nobody else");
    }

    #[test]
    fn a_review_is_asked_of_those_who_may_and_a_webhook_told_to_admins() {
        let around = Around { by: Some(PersonId(2)), ..Around::default() };
        let reviewers = heard(Topic::ReviewRequested, &around, &team());
        assert_eq!(reviewers.into_keys().collect::<Vec<_>>(), [PersonId(1)]);
        let admins = heard(Topic::WebhookOff, &Around::default(), &team());
        assert_eq!(admins.into_keys().collect::<Vec<_>>(), [PersonId(1)]);
    }
}
