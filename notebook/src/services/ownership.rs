//! Whether anybody knows that a service's owner is still right.

use serde::{Deserialize, Serialize};

use super::Service;
use crate::{answer::Answer, experiments::plan::vocabulary, limits::OWNERSHIP_DAYS, text::Title, time::Moment};

vocabulary! {
    /// What is known about an owner; all but the last are listed to be confirmed.
    Ownership {
        Nobody = "nobody", "No owner";
        Unchecked = "unchecked", "Never checked";
        Due = "due", "Check due";
        Checked = "checked", "Checked";
    }
}

impl Ownership {
    pub const fn is_to_confirm(self) -> bool {
        match self {
            Self::Nobody | Self::Unchecked | Self::Due => true,
            Self::Checked => false,
        }
    }
}

/// What somebody says who confirms an owner.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OwnershipDraft {
    /// Who is named as the owner where it was read; empty for whoever is named now.
    pub owner: String,
}

impl OwnershipDraft {
    pub fn saw(&self, owner: &Title) -> bool {
        self.owner.trim().is_empty() || self.owner.trim() == owner.as_str()
    }
}

pub fn ownership(service: &Service, now: Moment) -> Answer<Ownership> {
    let Some(owner) = &service.owner else {
        return Answer::new(Ownership::Nobody, "", "Nobody is named as its owner.");
    };
    let Some(checked) = &service.checked else {
        let says = format!("Nobody has said here that {owner} owns it.");
        return Answer::new(Ownership::Unchecked, "", says);
    };
    let days = now.ms_since(checked.at).max(0) / 86_400_000;
    if days >= OWNERSHIP_DAYS {
        let says = format!("The owner was checked {days} days ago; it is asked again after {OWNERSHIP_DAYS}.");
        return Answer::new(Ownership::Due, "", says);
    }
    Answer::new(
        Ownership::Checked,
        "",
        format!("The owner was checked {}.", super::frequency::days_ago(checked.at, now)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{services::Checked, text::Slug};

    #[test]
    fn the_table_of_owners() {
        let now = Moment::parse("2026-11-02T10:00:00Z").unwrap();
        for (owner, checked, is) in [
            (None, None, Ownership::Nobody),
            (None, Some(0), Ownership::Nobody),
            (Some("SRE"), None, Ownership::Unchecked),
            (Some("SRE"), Some(0), Ownership::Checked),
            (Some("SRE"), Some(179), Ownership::Checked),
            (Some("SRE"), Some(180), Ownership::Due),
            (Some("SRE"), Some(-1), Ownership::Checked),
        ] {
            let service = Service {
                owner: owner.map(|text| Title::new(text).unwrap()),
                checked: checked.map(|days| Checked { at: now.plus_days(-days), by: None }),
                ..Service::plain(Slug::new("kafka").unwrap(), Title::new("Kafka").unwrap())
            };
            let answer = ownership(&service, now);
            assert_eq!(answer.is, is, "{owner:?} {checked:?}");
            assert_eq!(answer.is.is_to_confirm(), is != Ownership::Checked);
            assert!(answer.because[0].says.ends_with('.'));
        }
    }
}
