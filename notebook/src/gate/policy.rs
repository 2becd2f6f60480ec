//! The error-budget policy: the limits of the gate as one versioned object with somebody who
//! approved it and a day on which to look at it again.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    limits::{REHEARSAL_DAYS, RESERVE_PERCENT, STEADY_STATE_MINUTES},
    refusal::FieldTrouble,
    slos::share::Share,
    time::Moment,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Rising; 0 is what holds before anybody approved one.
    pub version: u32,
    /// The part of every budget that is kept for what nobody planned.
    pub reserve: Share,
    /// The most targets at once; None sets no limit, and more than one is still asked about.
    pub at_once_max: Option<u32>,
    /// How old a held steady state may be.
    pub steady_state_minutes: i64,
    /// How long ago a revert may have been rehearsed.
    pub rehearsal_days: i64,
    /// None while it is a proposal.
    pub approved_by: Option<PersonId>,
    /// The day on which it is looked at again.
    pub revisit_on: Option<Date>,
}

impl Policy {
    /// What holds unless another one was approved.
    pub const STANDARD: Self = Self {
        version: 0,
        reserve: Share::percent(RESERVE_PERCENT),
        at_once_max: None,
        steady_state_minutes: STEADY_STATE_MINUTES,
        rehearsal_days: REHEARSAL_DAYS,
        approved_by: None,
        revisit_on: None,
    };

    /// What is wrong with it, field by field; empty if it can be approved on `today`.
    pub fn troubles(&self, today: Date) -> Vec<FieldTrouble> {
        let mut troubles = Vec::new();
        let mut say = |field: &str, says: &str| troubles.push(FieldTrouble::new(field, says));
        if self.reserve == Share::ALL {
            say("reserve", "keeps all of every budget, so no run would ever fit; write less than 100 %");
        }
        if self.at_once_max == Some(0) {
            say("at_once_max", "is 0, so nothing could be hit; write at least 1, or leave it empty for no limit");
        }
        if self.steady_state_minutes <= 0 {
            say("steady_state_minutes", "leaves no time between looking and starting; write at least 1");
        }
        if self.rehearsal_days <= 0 {
            say("rehearsal_days", "makes every rehearsal too old; write at least 1");
        }
        match self.revisit_on {
            None => say("revisit_on", "is empty; write the day on which the policy is looked at again"),
            Some(day) if day <= today => say("revisit_on", "is not in the future; write a later day"),
            Some(_) => {}
        }
        troubles
    }

    /// Whether the day to look at it again has come.
    pub fn is_due(&self, today: Date) -> bool {
        self.revisit_on.is_some_and(|day| day <= today)
    }
}

/// A version as it is kept, with the people behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPolicy {
    pub policy: Policy,
    pub author: Option<PersonId>,
    /// Empty for the operator.
    pub author_name: String,
    pub written_at: Moment,
    pub approver_name: String,
    /// None while it is a proposal.
    pub approved_at: Option<Moment>,
}

/// One line of the policy's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum PolicyEvent {
    Written {
        policy: Policy,
    },
    Approved {
        version: u32,
        /// Who approved it wrote it, too, because the notebook belongs to one person.
        no_second_person: bool,
    },
}

impl PolicyEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Written { .. } => "written",
            Self::Approved { .. } => "approved",
        }
    }
}

/// The policy in force: the newest approved one. One that is due stays in force, since an old
/// limit is better than none.
pub fn in_force(policies: &[Policy]) -> Policy {
    let approved = policies.iter().filter(|policy| policy.approved_by.is_some());
    approved.max_by_key(|policy| policy.version).copied().unwrap_or(Policy::STANDARD)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 27);

    fn proposed(version: u32) -> Policy {
        Policy { version, revisit_on: Some(Date::constant(2027, 5, 1)), ..Policy::STANDARD }
    }

    #[test]
    fn the_newest_approved_policy_is_in_force() {
        let approved = |version| Policy { approved_by: Some(PersonId(1)), ..proposed(version) };
        assert_eq!(in_force(&[]), Policy::STANDARD);
        assert_eq!(in_force(&[proposed(1)]), Policy::STANDARD);
        assert_eq!(in_force(&[approved(2), proposed(3), approved(1)]).version, 2);
    }

    #[test]
    fn each_field_is_checked_by_itself() {
        assert_eq!(proposed(1).troubles(TODAY), []);
        for (policy, field) in [
            (Policy { reserve: Share::ALL, ..proposed(1) }, "reserve"),
            (Policy { at_once_max: Some(0), ..proposed(1) }, "at_once_max"),
            (Policy { steady_state_minutes: 0, ..proposed(1) }, "steady_state_minutes"),
            (Policy { rehearsal_days: -1, ..proposed(1) }, "rehearsal_days"),
            (Policy { revisit_on: None, ..proposed(1) }, "revisit_on"),
            (Policy { revisit_on: Some(TODAY), ..proposed(1) }, "revisit_on"),
        ] {
            let fields: Vec<String> = policy.troubles(TODAY).into_iter().map(|trouble| trouble.field).collect();
            assert_eq!(fields, [field]);
        }
    }

    #[test]
    fn a_policy_is_due_from_its_day_on() {
        let policy = Policy { revisit_on: Some(TODAY), ..proposed(1) };
        assert!(policy.is_due(TODAY));
        assert!(!policy.is_due(TODAY.yesterday().unwrap()));
        assert!(!Policy::STANDARD.is_due(TODAY));
    }
}
