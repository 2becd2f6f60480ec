//! What forms and JSON send about a decision: plain texts until checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Body, DecisionKind};
use crate::{
    findings::drafts::id,
    id::{DecisionId, ExperimentId, NoId, RunId},
    refusal::{Checking, Refusal},
    text::{Note, Prose, Title},
    time::{Moment, Zone},
};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "DecisionDraft", extend("required" = ["kind"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    #[cfg_attr(feature = "store", schemars(with = "DecisionKind"))]
    pub kind: String,
    /// Empty takes the kind's own words.
    pub title: String,
    pub reason: String,
    pub consequences: String,
    /// What is expected to be saved, with its source: adopting a change needs it.
    pub saving: String,
    /// What production exercises anyway: a retirement needs it, and nothing else has it. `preemption events`.
    pub passive: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<RunId>"))]
    pub run: String,
    /// Experiments whose claims it rests on; an empty text names none.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<ExperimentId>>"))]
    pub claims: Vec<String>,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<DecisionId>"))]
    pub supersedes: String,
    /// A date; an accepted risk needs one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Day>"))]
    pub until: String,
    /// A date.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Day>"))]
    pub review_at: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct StopDraft {
    pub reason: String,
}

/// What a decision saved in the end.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["saving"])))]
#[serde(default, deny_unknown_fields)]
pub struct SavingDraft {
    /// With its source, like the expected one.
    pub saving: String,
}

pub(super) struct Checked {
    pub kind: DecisionKind,
    pub title: Title,
    pub body: Body,
    pub run: Option<RunId>,
    pub claims: BTreeSet<ExperimentId>,
    pub supersedes: Option<DecisionId>,
    pub until: Option<Moment>,
    pub review_at: Option<Moment>,
}

impl Draft {
    pub(super) fn check(&self, zone: &Zone) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let kind = DecisionKind::named(&self.kind).map_err(|says| checking.say("kind", says)).ok();
        let title = if self.title.trim().is_empty() { kind.map_or("", DecisionKind::label) } else { &self.title };
        let title = checking.need("title", Title::new(title));
        let body = Body {
            reason: checking.maybe("reason", &self.reason, Prose::new),
            consequences: checking.maybe("consequences", &self.consequences, Prose::new),
            saving: checking.maybe("saving", &self.saving, Note::new),
            passive: checking.maybe("passive", &self.passive, Title::new),
        };
        if body.passive.is_some() && kind.is_some_and(|kind| kind != DecisionKind::Retire) {
            checking.say("passive", "belongs to a retirement; leave it empty");
        }
        if kind == Some(DecisionKind::Retire) && self.passive.trim().is_empty() {
            checking.say("passive", "is empty; a retirement names what production exercises anyway, or it is a stop");
        }
        if kind == Some(DecisionKind::AdoptAChange) && self.saving.trim().is_empty() {
            checking.say("saving", "is empty; a change is adopted for what it saves, by a source");
        }
        let run = id(&mut checking, "run", &self.run);
        let supersedes = id(&mut checking, "supersedes", &self.supersedes);
        let mut claims = BTreeSet::new();
        for text in self.claims.iter().filter(|text| !text.trim().is_empty()) {
            match text.parse::<ExperimentId>() {
                Ok(id) => drop(claims.insert(id)),
                Err(NoId { .. }) => {
                    checking.say("claims", format!("holds \"{}\", which is no experiment id", text.trim()));
                }
            }
        }
        if kind == Some(DecisionKind::Automate) && self.claims.iter().all(|text| text.trim().is_empty()) {
            checking.say("claims", "is empty; to automate rests on the experiment that is to run unattended");
        }
        let until = date(&mut checking, "until", &self.until, zone);
        let review_at = date(&mut checking, "review_at", &self.review_at, zone);
        if kind == Some(DecisionKind::AcceptTheRisk) && self.until.trim().is_empty() {
            checking.say("until", "is empty; an accepted risk ends on a date");
        }
        let whole = kind.zip(title).map(|(kind, title)| Checked {
            kind,
            title,
            body,
            run,
            claims,
            supersedes,
            until,
            review_at,
        });
        checking.end(whole)
    }
}

/// The beginning of a date in the person's zone.
fn date(checking: &mut Checking, field: &str, text: &str, zone: &Zone) -> Option<Moment> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let at = Moment::from_local(&format!("{text}T00:00"), zone);
    if at.is_none() {
        checking.say(field, "is no date like 2027-03-31");
    }
    at
}
