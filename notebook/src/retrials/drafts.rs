//! What forms and JSON send when a run is closed or an answer is amended.

use serde::{Deserialize, Serialize};

use crate::{
    id::{FindingId, FixId},
    refusal::{Checking, Refusal},
    runs::facts::Exercised,
    text::Note,
};

/// What the run meant for one open fix.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["fix", "finding", "exercised"])))]
#[serde(default, deny_unknown_fields)]
pub struct AnswerDraft {
    #[cfg_attr(feature = "store", schemars(with = "FixId"))]
    pub fix: String,
    #[cfg_attr(feature = "store", schemars(with = "FindingId"))]
    pub finding: String,
    /// `held`, `failed` or `not`.
    #[cfg_attr(feature = "store", schemars(with = "Exercised"))]
    pub exercised: String,
    pub reason: String,
}

/// Closing a run: every open fix answered, and a decision.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["decision"])))]
#[serde(default, deny_unknown_fields)]
pub struct CloseDraft {
    pub answers: Vec<AnswerDraft>,
    #[cfg_attr(feature = "store", schemars(with = "crate::decisions::DecisionKind"))]
    pub decision: String,
    pub decision_title: String,
    pub decision_reason: String,
    /// A date; an accepted risk needs one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Day>"))]
    pub decision_until: String,
    /// What is expected to be saved, with its source: adopting a change needs it.
    pub decision_saving: String,
    /// What production exercises anyway: a retirement needs it, and nothing else has it.
    pub decision_passive: String,
}

/// A checked answer.
pub(super) struct Answered {
    pub fix: FixId,
    pub finding: FindingId,
    pub exercised: Exercised,
    pub reason: Option<Note>,
}

impl AnswerDraft {
    /// `at` is the row's place in the form, e.g. `answers.0.`.
    pub(super) fn check(&self, checking: &mut Checking, at: &str) -> Option<Answered> {
        let fix = crate::findings::drafts::id(checking, &format!("{at}fix"), &self.fix);
        let finding = crate::findings::drafts::id(checking, &format!("{at}finding"), &self.finding);
        let exercised = match self.exercised.trim() {
            "" => {
                checking.say(format!("{at}exercised"), "is not answered yet");
                None
            }
            word => Exercised::named(word).map_err(|says| checking.say(format!("{at}exercised"), says)).ok(),
        };
        let reason = checking.maybe(&format!("{at}reason"), &self.reason, Note::new);
        let ((fix, finding), exercised) = fix.zip(finding).zip(exercised)?;
        Some(Answered { fix, finding, exercised, reason })
    }

    pub(super) fn checked(&self) -> Result<Answered, Refusal> {
        let mut checking = Checking::default();
        let answered = self.check(&mut checking, "");
        checking.end(answered)
    }
}
