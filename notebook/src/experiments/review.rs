//! How an experiment moves from draft to ready and out of use (product reference, section 2.2).

use serde::{Deserialize, Serialize};

use super::{Experiment, plan::vocabulary};
use crate::refusal::Refusal;

vocabulary! {
    /// Where an experiment stands.
    Stage {
        Draft = "draft", "Draft";
        InReview = "in_review", "In review";
        Ready = "ready", "Ready";
        Retired = "retired", "Retired";
    }
}

vocabulary! {
    /// Where one revision of its plan stands. Only a draft can still change.
    RevisionState {
        Draft = "draft", "Draft";
        InReview = "in_review", "In review";
        ChangesAsked = "changes_asked", "Changes asked";
        Approved = "approved", "Approved";
        Replaced = "replaced", "Replaced";
    }
}

vocabulary! {
    /// What can be done to move it. The labels complete "You cannot …".
    Move {
        Revise = "revise", "revise this plan";
        RequestReview = "request_review", "request review of this plan";
        Approve = "approve", "approve this plan";
        AskChanges = "ask_changes", "ask for changes to this plan";
        Retire = "retire", "retire this experiment";
        RetireBy = "retire_by", "retire this experiment by a decision";
        Reopen = "reopen", "reopen this experiment";
    }
}

/// Where an experiment and its newest revision stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub stage: Stage,
    pub newest: RevisionState,
    /// Whether some revision was ever approved: only such an experiment is ready.
    pub has_approved: bool,
}

/// Where a move leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    pub stage: Stage,
    /// What becomes of the newest revision.
    pub newest: RevisionState,
    /// An edit that opens a further draft revision instead of overwriting the newest one.
    pub opens_revision: bool,
}

/// The whole table; none is a move that is not possible from there.
///
/// A ready experiment stays ready on its approved revision whatever happens to a newer one.
/// A draft can be given up; it was never approved, so it reopens as the draft it was.
pub fn after(place: Place, step: Move) -> Option<After> {
    let Place { stage, newest, has_approved } = place;
    let still_ready_or = |stage: Stage| if has_approved { Stage::Ready } else { stage };
    match (stage, step) {
        (Stage::Draft | Stage::InReview | Stage::Ready, Move::Revise) => Some(edited(stage, newest)),
        (Stage::Draft | Stage::Ready, Move::RequestReview) => match newest {
            RevisionState::Draft => Some(still(still_ready_or(Stage::InReview), RevisionState::InReview)),
            RevisionState::InReview
            | RevisionState::ChangesAsked
            | RevisionState::Approved
            | RevisionState::Replaced => None,
        },
        (Stage::InReview | Stage::Ready, Move::Approve | Move::AskChanges) => match newest {
            RevisionState::InReview if matches!(step, Move::Approve) => {
                Some(still(Stage::Ready, RevisionState::Approved))
            }
            RevisionState::InReview => Some(still(still_ready_or(Stage::Draft), RevisionState::ChangesAsked)),
            RevisionState::Draft | RevisionState::ChangesAsked | RevisionState::Approved | RevisionState::Replaced => {
                None
            }
        },
        (Stage::Draft, Move::Retire) | (Stage::Ready, Move::RetireBy) => Some(still(Stage::Retired, newest)),
        (Stage::Retired, Move::Reopen) => Some(still(still_ready_or(Stage::Draft), newest)),
        (Stage::Draft, Move::Approve | Move::AskChanges | Move::RetireBy | Move::Reopen)
        | (Stage::InReview, Move::RequestReview | Move::Retire | Move::RetireBy | Move::Reopen)
        | (Stage::Ready, Move::Retire | Move::Reopen)
        | (
            Stage::Retired,
            Move::Revise | Move::RequestReview | Move::Approve | Move::AskChanges | Move::Retire | Move::RetireBy,
        ) => None,
    }
}

const fn still(stage: Stage, newest: RevisionState) -> After {
    After { stage, newest, opens_revision: false }
}

/// A revision whose review was once requested never changes again; editing it opens the next.
const fn edited(stage: Stage, newest: RevisionState) -> After {
    let stage = match stage {
        Stage::InReview => Stage::Draft,
        Stage::Draft | Stage::Ready | Stage::Retired => stage,
    };
    match newest {
        RevisionState::Draft => After { stage, newest, opens_revision: false },
        // Nobody can answer a review that was overtaken.
        RevisionState::InReview => After { stage, newest: RevisionState::Replaced, opens_revision: true },
        RevisionState::ChangesAsked | RevisionState::Approved | RevisionState::Replaced => {
            After { stage, newest, opens_revision: true }
        }
    }
}

/// Where the move leads, or a refusal that names it and the present state.
pub fn step(experiment: &Experiment, newest: RevisionState, step: Move) -> Result<After, Refusal> {
    let place = Place { stage: experiment.stage, newest, has_approved: experiment.approved.is_some() };
    after(place, step)
        .ok_or_else(|| Refusal::NotNow { act: step.label().into(), state: state_words(experiment, newest, step) })
}

fn state_words(experiment: &Experiment, newest: RevisionState, step: Move) -> String {
    let id = experiment.id;
    let revision = experiment.revision_name(experiment.revision);
    match (experiment.stage, step) {
        (Stage::Retired, _) => format!("{id} is retired; reopen it first"),
        (Stage::InReview, Move::Retire | Move::RetireBy) => {
            format!("{id} is in review; the review comes first")
        }
        (Stage::Ready, Move::Retire) => {
            format!("{id} is ready; record the decision to retire or stop it instead")
        }
        (Stage::Draft, Move::RetireBy) => format!("{id} is a draft; it can be retired without one"),
        (_, Move::Reopen) => format!("{id} is {}, not retired", experiment.stage.word().replace('_', " ")),
        _ => match newest {
            RevisionState::Draft => {
                format!("{revision} is a draft, and its review was not requested")
            }
            RevisionState::InReview => format!("{revision} is in review already"),
            RevisionState::ChangesAsked => {
                format!("changes to {revision} were asked for; revise the plan first")
            }
            RevisionState::Approved => format!("{revision} is approved already"),
            RevisionState::Replaced => format!("{revision} was replaced"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every place that occurs: (stage, newest revision, whether any was approved).
    const PLACES: [(Stage, RevisionState, bool); 13] = [
        (Stage::Draft, RevisionState::Draft, false),
        (Stage::Draft, RevisionState::ChangesAsked, false),
        (Stage::InReview, RevisionState::InReview, false),
        (Stage::Ready, RevisionState::Approved, true),
        (Stage::Ready, RevisionState::Draft, true),
        (Stage::Ready, RevisionState::InReview, true),
        (Stage::Ready, RevisionState::ChangesAsked, true),
        (Stage::Retired, RevisionState::Approved, true),
        (Stage::Retired, RevisionState::Draft, true),
        (Stage::Retired, RevisionState::InReview, true),
        (Stage::Retired, RevisionState::ChangesAsked, true),
        (Stage::Retired, RevisionState::Draft, false),
        (Stage::Retired, RevisionState::ChangesAsked, false),
    ];

    /// "stage/newest", with a plus where the edit opens a further draft; a dash is a refusal.
    fn spelled(stage: Stage, newest: RevisionState, has_approved: bool) -> [String; 7] {
        std::array::from_fn(|n| {
            after(Place { stage, newest, has_approved }, Move::ALL[n]).map_or("-".into(), |after| {
                format!("{}/{}{}", after.stage.word(), after.newest.word(), if after.opens_revision { "+" } else { "" })
            })
        })
    }

    #[test]
    fn the_table_of_states_and_moves_is_exactly_this() {
        // revise, request_review, approve, ask_changes, retire, retire_by, reopen
        let table = [
            ["draft/draft", "in_review/in_review", "-", "-", "retired/draft", "-", "-"],
            ["draft/changes_asked+", "-", "-", "-", "retired/changes_asked", "-", "-"],
            ["draft/replaced+", "-", "ready/approved", "draft/changes_asked", "-", "-", "-"],
            ["ready/approved+", "-", "-", "-", "-", "retired/approved", "-"],
            ["ready/draft", "ready/in_review", "-", "-", "-", "retired/draft", "-"],
            ["ready/replaced+", "-", "ready/approved", "ready/changes_asked", "-", "retired/in_review", "-"],
            ["ready/changes_asked+", "-", "-", "-", "-", "retired/changes_asked", "-"],
            ["-", "-", "-", "-", "-", "-", "ready/approved"],
            ["-", "-", "-", "-", "-", "-", "ready/draft"],
            ["-", "-", "-", "-", "-", "-", "ready/in_review"],
            ["-", "-", "-", "-", "-", "-", "ready/changes_asked"],
            ["-", "-", "-", "-", "-", "-", "draft/draft"],
            ["-", "-", "-", "-", "-", "-", "draft/changes_asked"],
        ];
        for ((stage, newest, has_approved), row) in PLACES.into_iter().zip(table) {
            assert_eq!(spelled(stage, newest, has_approved), row, "{stage:?} {newest:?}");
        }
    }

    #[test]
    fn no_move_leaves_the_places_that_occur() {
        for (stage, newest, has_approved) in PLACES {
            for step in Move::ALL {
                let Some(after) = after(Place { stage, newest, has_approved }, *step) else {
                    continue;
                };
                let newest = if after.opens_revision { RevisionState::Draft } else { after.newest };
                let place = (after.stage, newest, has_approved || *step == Move::Approve);
                assert!(PLACES.contains(&place), "{step:?} leads to {place:?}");
            }
        }
    }

    #[test]
    fn stages_and_states_are_spelled_like_this() {
        let stages: Vec<_> = Stage::ALL.iter().map(|stage| stage.word()).collect();
        assert_eq!(stages, ["draft", "in_review", "ready", "retired"]);
        let of_revisions: Vec<_> = RevisionState::ALL.iter().map(|state| state.word()).collect();
        assert_eq!(of_revisions, ["draft", "in_review", "changes_asked", "approved", "replaced"]);
    }
}
