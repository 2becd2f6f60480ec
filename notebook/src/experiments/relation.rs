//! The four relations of one plan to another, and the parts of an identity they are about.

use serde::{Deserialize, Serialize};

use super::plan::vocabulary;

vocabulary! {
    /// What a later plan is to an earlier one.
    Relation {
        Identical = "identical", "Identical";
        Stricter = "stricter", "Stricter";
        Looser = "looser", "Looser";
        Different = "different", "Different";
    }
}

vocabulary! {
    /// The parts of an identity.
    Part {
        Services = "services", "Services";
        Environment = "environment", "Environment";
        Fault = "fault", "Fault";
        Target = "target", "Target";
        Method = "method", "Method";
        Load = "load", "Load";
        Checks = "checks", "Checks";
        Signals = "signals", "Signals";
        Recovery = "recovery", "Recovery";
    }
}

impl Relation {
    /// The same experiment: what held under the later plan would have held under the earlier.
    pub const fn is_same(self) -> bool {
        matches!(self, Self::Identical | Self::Stricter)
    }

    /// What the earlier plan is to the later one.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Stricter => Self::Looser,
            Self::Looser => Self::Stricter,
            Self::Identical | Self::Different => self,
        }
    }

    /// Both at once: stricter here and looser there is another experiment.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Identical, relation) | (relation, Self::Identical) => relation,
            (Self::Stricter, Self::Stricter) => Self::Stricter,
            (Self::Looser, Self::Looser) => Self::Looser,
            (Self::Stricter | Self::Looser | Self::Different, Self::Stricter | Self::Looser | Self::Different) => {
                Self::Different
            }
        }
    }

    pub(super) const fn consequence(self) -> &'static str {
        match self {
            Self::Identical => "which changes nothing",
            Self::Stricter => "which is stricter",
            Self::Looser => "which is looser",
            Self::Different => "which makes it a different experiment",
        }
    }
}

impl Part {
    /// Whether it says only what is watched, not what is done to the service.
    pub const fn is_watching(self) -> bool {
        match self {
            Self::Checks | Self::Signals | Self::Recovery => true,
            Self::Services | Self::Environment | Self::Fault | Self::Target | Self::Method | Self::Load => false,
        }
    }
}
