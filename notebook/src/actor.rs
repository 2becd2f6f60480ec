//! Who asks, and the one table of who may do what.

use serde::{Deserialize, Serialize};

/// The number of a person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct PersonId(pub i64);

/// A bundle of rights. The names people choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Contributor,
    Admin,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Contributor, Self::Admin];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Contributor => "contributor",
            Self::Admin => "admin",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What a person with this role may do, in one sentence.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::Viewer => "reads everything, and may abort a run",
            Self::Contributor => "plans, runs, observes, reviews other people's plans and judges other people's runs",
            Self::Admin => "does all that and looks after people, environments and settings",
        }
    }
}

/// The six separate rights of the product's vocabulary, and reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Read,
    Plan,
    Approve,
    Run,
    Observe,
    Judge,
    Administer,
}

impl Right {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Plan => "plan",
            Self::Approve => "approve",
            Self::Run => "run",
            Self::Observe => "observe",
            Self::Judge => "judge",
            Self::Administer => "administer",
        }
    }
}

/// Everything that can be done, in the words of URL, button and history.
macro_rules! acts {
    ($($act:ident, $word:literal, $right:ident;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act { $($act),* }
        impl Act {
            pub const ALL: &[Act] = &[$(Act::$act),*];
            /// What the act is called in sentences: "start a run".
            pub const fn word(self) -> &'static str {
                match self { $(Self::$act => $word),* }
            }
            /// The right it takes.
            pub const fn right(self) -> Right {
                match self { $(Self::$act => Right::$right),* }
            }
        }
    };
}

acts! {
    Look, "look at the notebook", Read;
    SaveView, "save a view", Read;
    DropView, "drop a view", Read;
    ChangeOwnProfile, "change your profile", Read;
    MakeToken, "make a token", Read;
    Subscribe, "subscribe to a calendar", Read;
    ManagePeople, "look after people", Administer;
    ManageSettings, "change the notebook's settings", Administer;
    ManageEnvironments, "change environments", Administer;
    ManageSample, "write or remove the sample", Administer;
    ManageTeams, "change teams", Administer;
    ManageWebhooks, "look after webhooks", Administer;
    EditServices, "edit services", Plan;
    ConfirmOwnership, "confirm an ownership", Observe;
    RecordChange, "record a change", Observe;
    JudgeChange, "judge a change", Judge;
    SetFreeze, "set a freeze", Approve;
    EndFreeze, "end a freeze", Approve;
    WriteSlo, "write an SLO", Plan;
    ApproveSlo, "approve an SLO", Approve;
    RetireSlo, "retire an SLO", Approve;
    Measure, "record measurements", Observe;
    ConnectSource, "say where an SLO is measured", Plan;
    WriteExperiment, "write an experiment", Plan;
    ReviewPlan, "review a plan", Approve;
    RetireExperiment, "retire an experiment", Approve;
    WriteTemplate, "write a template", Plan;
    RetireTemplate, "retire a template", Approve;
    JudgePassive, "judge what production showed", Judge;
    PlanRun, "plan a run", Run;
    SetCadence, "set a cadence", Plan;
    ChangeSlot, "change a slot of a cadence", Run;
    WriteGameDay, "write a game day", Plan;
    NoteGameDay, "note something on a game day", Observe;
    StartRun, "start a run", Run;
    Attend, "mark who is present", Observe;
    AnswerGate, "answer the gate", Approve;
    AnswerPoll, "say go or no-go", Observe;
    LookBothWays, "look both ways", Observe;
    WritePolicy, "write a gate policy", Plan;
    ApprovePolicy, "approve a gate policy", Administer;
    AbortRun, "abort a run", Read;
    RecordRun, "record what happened in a run", Run;
    Observe, "write an observation", Observe;
    SignVerdict, "sign a verdict", Run;
    Rule, "rule on a run", Judge;
    Overrule, "overrule a verdict", Judge;
    AnswerFix, "answer for a fix", Run;
    CloseRun, "close a run", Run;
    WriteFinding, "write a finding", Observe;
    JudgeFinding, "judge a finding", Judge;
    WriteFix, "write a fix", Plan;
    RecordDeployment, "record a deployment", Observe;
    Decide, "record a decision", Plan;
    Import, "import results", Run;
    CarryOut, "carry the notebook out", Administer;
    CarryIn, "carry a notebook in", Administer;
}

/// Through which door a request came; history shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Form,
    Api,
    Import,
    CommandLine,
    System,
}

impl Via {
    pub const ALL: [Self; 5] = [Self::Form, Self::Api, Self::Import, Self::CommandLine, Self::System];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Api => "api",
            Self::Import => "import",
            Self::CommandLine => "command line",
            Self::System => "system",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|via| via.word() == word)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Nobody,
    Person(Person),
    /// The operator at the machine itself, and timed acts.
    System,
}

/// A signed-in person, as the doors know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    /// IANA name of the zone in which times are shown.
    pub zone: String,
}

impl Actor {
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Nobody | Self::System => None,
        }
    }
}

/// The whole permission rule. `Nobody` may nothing; the system may everything.
pub fn may(actor: &Actor, act: Act) -> bool {
    let role = match actor {
        Actor::Nobody => return false,
        Actor::System => return true,
        Actor::Person(person) => person.role,
    };
    match act.right() {
        Right::Read => true,
        Right::Plan | Right::Approve | Right::Run | Right::Observe | Right::Judge => role != Role::Viewer,
        Right::Administer => role == Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a(role: Role) -> Actor {
        Actor::Person(Person { id: PersonId(1), name: "Ana".into(), role, zone: "UTC".into() })
    }

    #[test]
    fn the_table_of_roles_and_acts_is_exactly_this() {
        for act in Act::ALL {
            let line = [a(Role::Viewer), a(Role::Contributor), a(Role::Admin)].map(|actor| may(&actor, *act));
            let expected = match act {
                Act::Look
                | Act::SaveView
                | Act::DropView
                | Act::ChangeOwnProfile
                | Act::MakeToken
                | Act::Subscribe
                | Act::AbortRun => [true, true, true],
                Act::ManagePeople
                | Act::ManageSettings
                | Act::ManageEnvironments
                | Act::ManageTeams
                | Act::ManageWebhooks
                | Act::ManageSample
                | Act::ApprovePolicy
                | Act::CarryOut
                | Act::CarryIn => [false, false, true],
                _ => [false, true, true],
            };
            assert_eq!(line, expected, "{act:?}");
            assert!(!may(&Actor::Nobody, *act), "nobody may {act:?}");
        }
    }
}
