//! Times in which nothing is broken on purpose, as they are kept: set by somebody, and over when
//! their window is or when somebody ends them.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
#[cfg(feature = "store")]
mod sql;
pub mod trail;

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId, calendar::freeze::Freeze, experiments::plan::vocabulary, id::is_sample, text::Note, time::Moment,
};

vocabulary! {
    /// What a freeze is at a moment.
    FreezeState {
        Active = "active", "Active";
        Coming = "coming", "Coming";
        Past = "past", "Past";
    }
}

/// One freeze with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: i64,
    /// As it was set.
    pub freeze: Freeze,
    /// The name of who set it.
    pub name: String,
    pub ended: Option<Ended>,
    pub created_at: Moment,
}

/// That somebody ended it, before its time or because it had none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub at: Moment,
    /// None for the operator at the machine.
    pub by: Option<PersonId>,
    pub why: Option<Note>,
}

impl Kept {
    /// The first moment that it does not hold any more; None while nobody knows.
    pub fn until(&self) -> Option<Moment> {
        let ended = self.ended.as_ref().map(|ended| ended.at);
        self.freeze.until.into_iter().chain(ended).min()
    }

    /// With the end that it has in fact.
    pub fn in_force(&self) -> Freeze {
        Freeze { until: self.until(), ..self.freeze.clone() }
    }

    /// One that was ended before it began never held.
    pub fn state(&self, now: Moment) -> FreezeState {
        if self.ended.is_some() || self.until().is_some_and(|until| until <= now) {
            FreezeState::Past
        } else if self.freeze.from > now {
            FreezeState::Coming
        } else {
            FreezeState::Active
        }
    }

    pub fn is_sample(&self) -> bool {
        is_sample(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::freeze::Scope;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn kept(until: Option<&str>, ended: Option<&str>) -> Kept {
        Kept {
            id: 1,
            freeze: Freeze {
                scope: Scope::Everything,
                from: at("2026-12-20T00:00:00Z"),
                until: until.map(at),
                why: Note::new("end of the year").unwrap(),
                by: PersonId(1),
            },
            name: "Ana".into(),
            ended: ended.map(|text| Ended { at: at(text), by: None, why: None }),
            created_at: at("2026-12-01T00:00:00Z"),
        }
    }

    #[test]
    fn a_freeze_is_coming_active_and_past_by_its_window_or_its_end() {
        let (before, during, after) = ("2026-12-19T23:59:59Z", "2026-12-24T00:00:00Z", "2027-01-02T00:00:00Z");
        for (until, ended, now, state) in [
            (None, None, before, FreezeState::Coming),
            (None, None, "2026-12-20T00:00:00Z", FreezeState::Active),
            (None, None, after, FreezeState::Active),
            (Some(after), None, during, FreezeState::Active),
            (Some(after), None, after, FreezeState::Past),
            (None, Some(during), during, FreezeState::Past),
            (Some(after), Some(during), during, FreezeState::Past),
            (Some(after), Some("2026-12-10T00:00:00Z"), before, FreezeState::Past),
        ] {
            assert_eq!(kept(until, ended).state(at(now)), state, "{until:?} {ended:?} {now}");
        }
    }

    #[test]
    fn what_holds_ends_with_the_window_or_earlier() {
        let end = |until, ended| kept(until, ended).in_force().until.map(Moment::rfc3339);
        let (early, late) = ("2026-12-24T00:00:00Z", "2027-01-02T00:00:00Z");
        assert_eq!(end(None, None), None);
        assert_eq!(end(Some(late), Some(early)).as_deref(), Some(early));
        assert_eq!(end(None, Some(early)).as_deref(), Some(early));
        assert!(kept(None, Some("2026-12-10T00:00:00Z")).in_force().interval().is_empty(), "ended before it began");
    }
}
