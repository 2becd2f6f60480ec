//! The people of the story.

use crate::{
    actor::{Person, PersonId, Role},
    id::SAMPLE_FROM,
    time::Zone,
};

/// Somebody of the invented company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Looks after `ZooKeeper`, Kafka and the storage engine.
    Mara,
    /// On call; has his hands on the machines.
    Jonas,
    /// Looks after alerts and dashboards.
    Priya,
    /// Runs Kafka, and the weekly restart.
    Tom,
}

impl Who {
    pub const ALL: [Self; 4] = [Self::Mara, Self::Jonas, Self::Priya, Self::Tom];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Mara => "Mara",
            Self::Jonas => "Jonas",
            Self::Priya => "Priya",
            Self::Tom => "Tom",
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Mara => 1,
            Self::Jonas => 2,
            Self::Priya => 3,
            Self::Tom => 4,
        }
    }

    /// Everybody reads times in the zone of whoever has the story told.
    pub fn person(self, zone: &Zone) -> Person {
        Person {
            id: PersonId(SAMPLE_FROM + self.number()),
            name: self.name().into(),
            role: Role::Contributor,
            zone: zone.name().into(),
        }
    }
}
