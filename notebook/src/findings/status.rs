//! What a finding amounts to: what people ruled about it, else what its leading fix is worth
//! (product reference, section 3.7). Also where a chain of duplicates ends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    answer::Answer,
    fixes::{FixFacts, Standing},
    id::FindingId,
    text::Slug,
    time::{Moment, Zone},
};

use super::Status;

/// What people ruled, as far as it was not undone. Only the latest word on each is kept here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Rulings {
    pub duplicate_of: Option<FindingId>,
    /// Why it is no finding.
    pub not_a_finding: Option<String>,
    pub risk: Option<AcceptedRisk>,
}

/// Somebody lives with the finding until a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct AcceptedRisk {
    pub owner: String,
    pub reason: String,
    /// 00:00 of the expiry date in the team's zone: from then on the risk is not accepted.
    pub until: Moment,
}

/// One fix that claims to remove the finding, with what it is worth for this finding.
#[derive(Debug, Clone, Copy)]
pub struct FixWorth<'a> {
    pub fix: &'a FixFacts,
    pub standing: Standing,
}

/// What a finding of this environment amounts to at `now`. An accepted risk ends as a day begins in `zone`, which is
/// that of the team that owns a service of it; None where no team does.
pub fn status(
    finding: FindingId,
    rulings: &Rulings,
    environment: &Slug,
    fixes: &[FixWorth<'_>],
    now: Moment,
    zone: Option<&Zone>,
) -> Answer<Status> {
    if let Some(root) = rulings.duplicate_of {
        return Answer::new(Status::Duplicate, root, format!("{finding} is a duplicate of {root}."));
    }
    if let Some(reason) = &rulings.not_a_finding {
        return Answer::new(Status::NotAFinding, finding, format!("{finding} was ruled to be no finding: {reason}."));
    }
    match &rulings.risk {
        Some(risk) if now < risk.until => accepted(finding, risk, zone),
        Some(risk) => {
            let says = format!("The risk was accepted until {} only.", risk.until.until_words(zone));
            by_leading_fix(finding, environment, fixes).and(finding, says)
        }
        None => by_leading_fix(finding, environment, fixes),
    }
}

fn accepted(finding: FindingId, risk: &AcceptedRisk, zone: Option<&Zone>) -> Answer<Status> {
    let says = format!("{} accepts the risk until {}: {}.", risk.owner, risk.until.until_words(zone), risk.reason);
    Answer::new(Status::RiskAccepted, finding, says)
}

/// The fix that speaks for a finding: the most recently deployed of those still deployed in
/// its environment, else the newest proposed; never a withdrawn one. Ids rise, so the newest
/// has the highest.
pub fn leading_fix<'a, 'b>(environment: &Slug, fixes: &'b [FixWorth<'a>]) -> Option<&'b FixWorth<'a>> {
    let deployed = fixes.iter().filter(|worth| is_deployed(worth.standing));
    let newest = deployed
        .max_by_key(|worth| (worth.fix.newest_deployment(environment).map(|d| (d.at, d.sequence)), worth.fix.id));
    newest.or_else(|| proposed(fixes))
}

const fn is_deployed(standing: Standing) -> bool {
    match standing {
        Standing::Deployed
        | Standing::Verified
        | Standing::FailedVerification
        | Standing::Regressed
        | Standing::Stale => true,
        Standing::Proposed | Standing::Reverted | Standing::Withdrawn => false,
    }
}

fn proposed<'a, 'b>(fixes: &'b [FixWorth<'a>]) -> Option<&'b FixWorth<'a>> {
    fixes.iter().filter(|worth| worth.standing == Standing::Proposed).max_by_key(|worth| worth.fix.id)
}

fn by_leading_fix(finding: FindingId, environment: &Slug, fixes: &[FixWorth<'_>]) -> Answer<Status> {
    let Some(leading) = leading_fix(environment, fixes) else {
        return Answer::new(
            Status::Open,
            finding,
            format!("No fix for {finding} is proposed or deployed in {environment}."),
        );
    };
    let id = leading.fix.id;
    let by = |status, says: String| Answer::new(status, id, says);
    match leading.standing {
        Standing::Proposed => by(Status::FixProposed, format!("{id} is proposed.")),
        Standing::Deployed => {
            by(Status::FixDeployed, format!("{id} is deployed in {environment} and waits for a rerun."))
        }
        Standing::Verified => by(Status::Verified, format!("{id} is verified.")),
        Standing::Regressed => by(Status::Regressed, format!("{id} was verified and has regressed.")),
        Standing::Stale => by(Status::Stale, format!("{id} was verified; the evidence is stale.")),
        Standing::FailedVerification => failed(leading, fixes),
        // Neither can lead; should a caller pass one as deployed, it cures nothing.
        Standing::Reverted | Standing::Withdrawn => by(Status::Open, format!("{id} is not deployed in {environment}.")),
    }
}

fn failed(leading: &FixWorth<'_>, fixes: &[FixWorth<'_>]) -> Answer<Status> {
    let id = leading.fix.id;
    let says = format!("{id} failed verification.");
    match proposed(fixes).map(|worth| worth.fix.id).filter(|newer| *newer > id) {
        Some(newer) => Answer::new(Status::FixProposed, newer, format!("{newer} is proposed.")).and(id, says),
        None => Answer::new(Status::Open, id, says),
    }
}

/// Whether calling `from` a duplicate of `to` would close a circle. `links` leads from each
/// duplicate to what it duplicates.
pub fn would_cycle(links: &BTreeMap<FindingId, FindingId>, from: FindingId, to: FindingId) -> bool {
    let mut at = to;
    // A chain longer than all links goes round already: it has no root to hang anything onto.
    for _ in 0..=links.len() {
        if at == from {
            return true;
        }
        match links.get(&at) {
            Some(next) => at = *next,
            None => return false,
        }
    }
    true
}

/// Where the chain of duplicates that begins at `finding` ends; None if it goes round.
pub fn root_of(links: &BTreeMap<FindingId, FindingId>, finding: FindingId) -> Option<FindingId> {
    let mut at = finding;
    for _ in 0..=links.len() {
        match links.get(&at) {
            Some(next) => at = *next,
            None => return Some(at),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixes::Deployment,
        id::{FixId, Id},
    };

    const DAY_1: Moment = Moment::from_micros(0).plus_days(1);

    fn production() -> Slug {
        Slug::new("production").unwrap()
    }

    fn roll_out(environment: &str, day: i64) -> Deployment {
        let environment = Slug::new(environment).unwrap();
        Deployment { environment, at: DAY_1.plus_days(day), reference: "1.2".into(), rolled_back: None, sequence: day }
    }

    fn fix(number: i64, deployments: Vec<Deployment>) -> FixFacts {
        FixFacts { id: FixId::of(number), withdrawn: None, deployments }
    }

    fn status_of(rulings: &Rulings, fixes: &[(FixFacts, Standing)], now: Moment) -> Answer<Status> {
        let fixes: Vec<FixWorth<'_>> =
            fixes.iter().map(|(fix, standing)| FixWorth { fix, standing: *standing }).collect();
        status(Id::of(2), rulings, &production(), &fixes, now, None)
    }

    fn without_rulings(fixes: &[(FixFacts, Standing)]) -> Status {
        status_of(&Rulings::default(), fixes, DAY_1).is
    }

    fn risk(until: Moment) -> Rulings {
        Rulings {
            risk: Some(AcceptedRisk { owner: "Mira".into(), reason: "replaced in spring".into(), until }),
            ..Rulings::default()
        }
    }

    #[test]
    fn a_finding_has_the_word_of_its_leading_fix() {
        let table = [
            (Standing::Proposed, Status::FixProposed),
            (Standing::Deployed, Status::FixDeployed),
            (Standing::Verified, Status::Verified),
            (Standing::FailedVerification, Status::Open),
            (Standing::Regressed, Status::Regressed),
            (Standing::Stale, Status::Stale),
            (Standing::Reverted, Status::Open),
            (Standing::Withdrawn, Status::Open),
        ];
        assert_eq!(table.len(), Standing::ALL.len());
        for (standing, expected) in table {
            assert_eq!(
                without_rulings(&[(fix(1, vec![roll_out("production", 0)]), standing)]),
                expected,
                "{standing:?}"
            );
        }
        assert_eq!(without_rulings(&[]), Status::Open);
    }

    #[test]
    fn the_most_recently_deployed_fix_in_the_findings_environment_leads() {
        let old = (fix(2, vec![roll_out("production", 1), roll_out("staging", 9)]), Standing::Verified);
        let new = (fix(1, vec![roll_out("production", 3)]), Standing::Deployed);
        assert_eq!(without_rulings(&[old.clone(), new.clone()]), Status::FixDeployed);
        assert_eq!(without_rulings(&[new, old]), Status::FixDeployed);
    }

    #[test]
    fn a_deployed_fix_leads_before_a_newer_proposal_and_a_withdrawn_one_never_leads() {
        let deployed = (fix(1, vec![roll_out("production", 0)]), Standing::Verified);
        let proposal = (fix(2, Vec::new()), Standing::Proposed);
        let withdrawn = (fix(3, vec![roll_out("production", 5)]), Standing::Withdrawn);
        assert_eq!(without_rulings(&[deployed, proposal.clone(), withdrawn.clone()]), Status::Verified);
        assert_eq!(without_rulings(&[proposal, withdrawn.clone()]), Status::FixProposed);
        assert_eq!(without_rulings(&[withdrawn]), Status::Open);
    }

    #[test]
    fn a_failed_verification_leaves_the_finding_open_until_a_newer_fix_is_proposed() {
        let failed = (fix(5, vec![roll_out("production", 0)]), Standing::FailedVerification);
        let older = (fix(4, Vec::new()), Standing::Proposed);
        let newer = (fix(6, Vec::new()), Standing::Proposed);
        assert_eq!(without_rulings(&[failed.clone(), older]), Status::Open);
        assert_eq!(without_rulings(&[failed, newer]), Status::FixProposed);
    }

    #[test]
    fn rulings_go_before_fixes_in_their_order_and_can_be_undone() {
        let fixes = [(fix(1, vec![roll_out("production", 0)]), Standing::Regressed)];
        let mut rulings = risk(DAY_1.plus_days(1));
        assert_eq!(status_of(&rulings, &fixes, DAY_1).is, Status::RiskAccepted);
        rulings.not_a_finding = Some("the probe was wrong".into());
        assert_eq!(status_of(&rulings, &fixes, DAY_1).is, Status::NotAFinding);
        rulings.duplicate_of = Some(Id::of(1));
        assert_eq!(status_of(&rulings, &fixes, DAY_1).is, Status::Duplicate);
        assert_eq!(status_of(&Rulings::default(), &fixes, DAY_1).is, Status::Regressed);
    }

    #[test]
    fn an_accepted_risk_ends_at_its_instant_and_the_answer_says_so() {
        let fixes = [(fix(1, vec![roll_out("production", 0)]), Standing::Stale)];
        assert_eq!(status_of(&risk(DAY_1.plus_micros(1)), &fixes, DAY_1).is, Status::RiskAccepted);
        let expired = status_of(&risk(DAY_1), &fixes, DAY_1);
        assert_eq!(expired.is, Status::Stale);
        assert_eq!(expired.because.len(), 2);
    }

    #[test]
    fn the_day_on_which_an_accepted_risk_ends_is_one_of_its_team() {
        let until = Moment::parse("2027-03-30T22:00:00Z").unwrap();
        for (zone, day) in [
            (Some("Europe/Berlin"), "31 Mar 2027 (Europe/Berlin)"),
            (Some("Pacific/Auckland"), "31 Mar 2027, 11:00 (Pacific/Auckland)"),
            (None, "2027-03-30T22:00:00Z"),
        ] {
            let zone = zone.and_then(Zone::named);
            let says = |now: Moment| {
                let answer = status(Id::of(2), &risk(until), &production(), &[], now, zone.as_ref());
                answer.because.into_iter().map(|because| because.says).collect::<Vec<String>>()
            };
            assert_eq!(says(DAY_1), [format!("Mira accepts the risk until {day}: replaced in spring.")]);
            assert_eq!(says(until)[1], format!("The risk was accepted until {day} only."));
        }
    }

    fn links(pairs: &[(i64, i64)]) -> BTreeMap<FindingId, FindingId> {
        pairs.iter().map(|(from, to)| (Id::of(*from), Id::of(*to))).collect()
    }

    #[test]
    fn duplicates_lead_to_their_root() {
        let chain = links(&[(3, 2), (2, 1), (5, 1)]);
        for finding in [1, 2, 3, 5] {
            assert_eq!(root_of(&chain, Id::of(finding)), Some(Id::of(1)), "FND-{finding}");
        }
        assert_eq!(root_of(&chain, Id::of(9)), Some(Id::of(9)));
    }

    #[test]
    fn a_circle_of_duplicates_is_seen_before_it_is_made() {
        let chain = links(&[(3, 2), (2, 1)]);
        for (from, to, expected) in
            [(1, 3, true), (1, 2, true), (1, 1, true), (4, 3, false), (1, 4, false), (3, 1, false)]
        {
            assert_eq!(would_cycle(&chain, Id::of(from), Id::of(to)), expected, "FND-{from} to FND-{to}");
        }
        let circle = links(&[(1, 2), (2, 1)]);
        assert_eq!(root_of(&circle, Id::of(1)), None);
        assert!(would_cycle(&circle, Id::of(7), Id::of(1)));
    }
}
