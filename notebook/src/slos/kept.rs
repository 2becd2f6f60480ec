//! SLO-7 as it is kept: which revision of its text is approved, and what can still be done with it.

use serde::{Deserialize, Serialize};

use super::Slo;
use crate::{experiments::plan::vocabulary, id::SloId, time::Moment};

vocabulary! {
    /// Where an SLO is on its way.
    SloState {
        Draft = "draft", "Draft";
        Approved = "approved", "Approved";
        Changed = "changed", "Changed since its approval";
        Retired = "retired", "Retired";
    }
}

/// One SLO with its newest text and the one that was approved last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: SloId,
    pub text: Slo,
    pub revision: i64,
    pub approved: Option<Approved>,
    pub retired_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    pub revision: i64,
    pub text: Slo,
}

impl Kept {
    pub fn state(&self) -> SloState {
        match &self.approved {
            _ if self.retired_at.is_some() => SloState::Retired,
            None => SloState::Draft,
            Some(approved) if approved.revision == self.revision => SloState::Approved,
            Some(_) => SloState::Changed,
        }
    }

    /// What measurements are held against: the approved text, or while nobody approved one, the
    /// newest. An edit alone makes no budget larger.
    pub fn in_force(&self) -> &Slo {
        self.approved.as_ref().map_or(&self.text, |approved| &approved.text)
    }

    pub fn revision_in_force(&self) -> i64 {
        self.approved.as_ref().map_or(self.revision, |approved| approved.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::{sample::ingest, target::Target};

    fn kept(revision: i64, approved: Option<i64>, retired: bool) -> Kept {
        let stricter = Slo { target: Target::read("99.999 %").unwrap(), ..ingest() };
        Kept {
            id: SloId::of(1),
            text: stricter,
            revision,
            approved: approved.map(|revision| Approved { revision, text: ingest() }),
            retired_at: retired.then_some(Moment::from_micros(0)),
            created_at: Moment::from_micros(0),
            version: 1,
        }
    }

    #[test]
    fn an_edit_needs_a_new_approval_and_nothing_leads_out_of_retirement() {
        for (revision, approved, retired, state) in [
            (1, None, false, SloState::Draft),
            (3, None, false, SloState::Draft),
            (2, Some(2), false, SloState::Approved),
            (3, Some(2), false, SloState::Changed),
            (3, Some(2), true, SloState::Retired),
            (1, None, true, SloState::Retired),
        ] {
            assert_eq!(kept(revision, approved, retired).state(), state, "{revision} {approved:?} {retired}");
        }
    }

    #[test]
    fn the_approved_text_stays_in_force_until_another_is_approved() {
        assert_eq!(kept(3, Some(2), false).in_force(), &ingest());
        assert_eq!((kept(3, Some(2), false).revision_in_force(), kept(3, None, false).revision_in_force()), (2, 3));
        assert_ne!(kept(3, None, false).in_force(), &ingest());
    }
}
