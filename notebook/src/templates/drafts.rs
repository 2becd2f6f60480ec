//! What people type about templates. What one says otherwise is an approved plan.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Requirement, Text, general::general};
use crate::{
    experiments::plan::Plan,
    id::ExperimentId,
    naming::own_slug,
    refusal::{Checking, Refusal},
    text::{Note, Slug, Title},
};

/// A new template out of an experiment's approved plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PromoteDraft {
    /// Empty makes one from the name.
    pub slug: String,
    /// Empty takes the plan's title.
    pub name: String,
    /// Why somebody should try it.
    pub about: String,
    /// What a service must have.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<Requirement>>"))]
    pub requires: Vec<String>,
}

/// A further version of a template, out of the approved plan of the same or another experiment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["experiment"])))]
#[serde(default, deny_unknown_fields)]
pub struct RenewDraft {
    #[cfg_attr(feature = "store", schemars(with = "ExperimentId"))]
    pub experiment: String,
    /// Empty takes the plan's title.
    pub name: String,
    /// Why somebody should try it.
    pub about: String,
    /// What a service must have.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<Requirement>>"))]
    pub requires: Vec<String>,
    /// The version an edit began from.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// Why a template goes out of use, or comes back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "TemplateReasonDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct ReasonDraft {
    /// May be left out when it comes back.
    pub reason: String,
}

impl PromoteDraft {
    /// The slug, and what the template says.
    pub fn check(&self, plan: Plan, of: (ExperimentId, i64)) -> Result<(Slug, Text), Refusal> {
        let mut checking = Checking::default();
        let name = name_or_title(&self.name, &plan);
        let slug = own_slug(&mut checking, &self.slug, &name);
        let text = text(&mut checking, (&name, &self.about, &self.requires), plan, of);
        checking.end(slug.zip(text))
    }
}

impl RenewDraft {
    pub fn experiment(&self) -> Result<ExperimentId, Refusal> {
        let no = |_| Refusal::unfit("experiment", "takes the id of an experiment whose plan is approved, like EXP-42");
        self.experiment.parse().map_err(no)
    }

    pub fn check(&self, plan: Plan, of: (ExperimentId, i64)) -> Result<Text, Refusal> {
        let mut checking = Checking::default();
        let name = name_or_title(&self.name, &plan);
        let text = text(&mut checking, (&name, &self.about, &self.requires), plan, of);
        checking.end(text)
    }
}

impl ReasonDraft {
    pub fn needed(&self) -> Result<Note, Refusal> {
        Note::new(&self.reason).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))
    }

    pub fn maybe(&self) -> Result<Option<Note>, Refusal> {
        if self.reason.trim().is_empty() { Ok(None) } else { self.needed().map(Some) }
    }
}

fn name_or_title(name: &str, plan: &Plan) -> String {
    if name.trim().is_empty() { plan.context.title.to_string() } else { name.to_owned() }
}

fn text(
    checking: &mut Checking,
    (name, about, requires): (&str, &str, &[String]),
    plan: Plan,
    (experiment, revision): (ExperimentId, i64),
) -> Option<Text> {
    let title = checking.need("name", Title::new(name));
    let about = checking.maybe("about", about, Note::new);
    let mut asked = BTreeSet::new();
    for word in requires.iter().filter(|word| !word.trim().is_empty()) {
        match Requirement::named(word) {
            Ok(requirement) => drop(asked.insert(requirement)),
            Err(says) => checking.say("requires", says),
        }
    }
    Some(Text { title: title?, about, requires: asked, plan: general(plan), experiment, revision })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::Draft;

    fn plan() -> Plan {
        let draft =
            Draft { title: "Restart one ZooKeeper".into(), services: vec!["zookeeper".into()], ..Draft::default() };
        draft.check().unwrap()
    }

    const OF: (ExperimentId, i64) = (ExperimentId::of(3), 2);

    #[test]
    fn an_empty_draft_takes_the_plans_own_title() {
        let (slug, text) = PromoteDraft::default().check(plan(), OF).unwrap();
        assert_eq!((slug.as_str(), text.title.as_str()), ("restart-one-zookeeper", "Restart one ZooKeeper"));
        assert_eq!((text.experiment, text.revision, text.plan.identity.services.len()), (OF.0, 2, 0));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let draft = PromoteDraft {
            slug: "new".into(),
            name: "x".repeat(200),
            about: String::new(),
            requires: vec!["quorum".into(), "luck".into()],
        };
        let refusal = draft.check(plan(), OF).unwrap_err();
        let fields: Vec<_> = refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect();
        assert_eq!(fields, ["slug", "name", "requires"]);
        let renewed = RenewDraft { experiment: "RUN-3".into(), ..RenewDraft::default() };
        assert_eq!(renewed.experiment().unwrap_err().troubles()[0].field, "experiment");
    }

    #[test]
    fn going_out_of_use_takes_a_reason_and_coming_back_does_not() {
        assert_eq!(ReasonDraft::default().needed().unwrap_err().troubles()[0].field, "reason");
        assert_eq!(ReasonDraft::default().maybe(), Ok(None));
    }
}
