//! A finding's own words, where the shared table of words is not precise enough.

use notebook::findings::condition::Condition;
use notebook::findings::status::Rulings;
use notebook::findings::{FindingKind, Severity, Status};

use crate::parts::words::Word;
use crate::times::Times;

/// "Risk accepted until 3 May 2027", "Duplicate of FND-2"; else the status alone.
pub fn status_word(status: Status, rulings: &Rulings, times: &Times) -> Word {
    let word = Word::from(status);
    match (status, &rulings.risk, rulings.duplicate_of) {
        (Status::RiskAccepted, Some(risk), _) => {
            let until = times.until(risk.until);
            word.saying(format!("Risk accepted until {until}"))
        }
        (Status::Duplicate, _, Some(of)) => word.saying(format!("Duplicate of {of}")),
        _ => word,
    }
}

/// "High severity": outside a column of that name, "High" says too little.
pub fn severity_word(severity: Severity) -> Word {
    Word::from(severity).saying(format!("{} severity", severity.label()))
}

/// A whole sentence.
pub fn condition_sentence(condition: &Condition) -> String {
    match condition {
        Condition::Any => "Any target shows it.".to_owned(),
        Condition::Names(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match names.as_slice() {
                [name] => format!("Only {name} shows it; a proof must hit it."),
                names => format!("Only {} show it; a proof must hit all of them.", names.join(", ")),
            }
        }
        Condition::Role(role) => format!("Only targets in the role {role} show it."),
    }
}

/// Follows the kind's label and a colon.
pub const fn kind_explained(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Weakness => "something did not withstand the fault",
        FindingKind::TelemetryGap => "telemetry and what happened do not agree",
        FindingKind::SlowDetection => "it was noticed, but late",
        FindingKind::Procedure => "a step, a right or a tool was missing",
        FindingKind::Documentation => "what was written down was wrong or missing",
    }
}

/// Whether somebody has to do something about it.
pub const fn needs_action(status: Status) -> bool {
    match status {
        Status::Open | Status::FixProposed | Status::FixDeployed | Status::Regressed | Status::Stale => true,
        Status::Verified | Status::RiskAccepted | Status::Duplicate | Status::NotAFinding => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::findings::status::AcceptedRisk;
    use notebook::id::Id;
    use notebook::time::Moment;

    #[test]
    fn a_ruling_is_said_in_the_badge() {
        let times = Times { zone: "UTC".into(), now: 0 };
        let until = Moment::parse("2027-05-03T00:00:00Z").unwrap();
        let risk = AcceptedRisk { owner: "Ana".into(), reason: "cheap".into(), until };
        let rulings = Rulings { duplicate_of: Some(Id::of(2)), risk: Some(risk), ..Rulings::default() };
        assert_eq!(status_word(Status::RiskAccepted, &rulings, &times).word, "Risk accepted until 3 May 2027");
        assert_eq!(status_word(Status::Duplicate, &rulings, &times).word, "Duplicate of FND-2");
        assert_eq!(status_word(Status::Open, &rulings, &times).word, "Open");
    }

    #[test]
    fn a_condition_is_a_sentence() {
        let names = |names: &[&str]| Condition::Names(names.iter().map(|name| (*name).to_owned()).collect());
        for (condition, sentence) in [
            (Condition::Any, "Any target shows it."),
            (names(&["zk-1"]), "Only zk-1 shows it; a proof must hit it."),
            (names(&["zk-2", "zk-1"]), "Only zk-1, zk-2 show it; a proof must hit all of them."),
            (Condition::Role("leader".into()), "Only targets in the role leader show it."),
        ] {
            assert_eq!(condition_sentence(&condition), sentence);
        }
    }
}
