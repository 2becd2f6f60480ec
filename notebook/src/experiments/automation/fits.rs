//! What ties a document to its plan, and how far the tool gets on its own.

use crate::{
    experiments::{
        plan::{CheckKey, Identity, Phase, Plan},
        units::tidy,
        words::step_line,
    },
    foreign::{ReadTrouble, redact::REDACTED, shorten, tree::Tree},
    limits::TITLE_CHARS_MAX,
    refusal::FieldTrouble,
};

/// A name as a plan holds it: one line, spaces once, in the one form Unicode gives to equal texts.
pub fn spoken(name: &str) -> String {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    tidy(&shorten::line(&line, TITLE_CHARS_MAX))
}

/// Whether a probe of this name measures this.
pub(super) fn measures(name: &str, measure: &str) -> bool {
    spoken(name).eq_ignore_ascii_case(&spoken(measure))
}

/// The activities of a section with their names, references resolved as the tool does it.
pub fn activities<'a>(document: &'a Tree, section: &'a [Tree]) -> Vec<(&'a str, &'a Tree)> {
    let named = |name: &str| {
        let all = document.items_of("method").iter().chain(probes(document));
        all.into_iter().find(|activity| activity.text_of("name") == name)
    };
    section
        .iter()
        .map(|activity| match activity.get("ref").and_then(Tree::as_text) {
            Some(name) => (name, named(name).unwrap_or(activity)),
            None => (activity.text_of("name"), activity),
        })
        .collect()
}

/// The probes of the hypothesis as they stand.
pub(super) fn probes(document: &Tree) -> &[Tree] {
    document.get("steady-state-hypothesis").map(|hypothesis| hypothesis.items_of("probes")).unwrap_or_default()
}

/// For each activity of the method whether it is an action: those are the plan's steps, in their order.
pub(super) fn actions(document: &Tree) -> Vec<bool> {
    let all = activities(document, document.items_of("method"));
    all.into_iter().map(|(_, activity)| activity.text_of("type") == "action").collect()
}

/// Where the document does more than the plan says, each with its JSON pointer.
pub(super) fn misfits(identity: &Identity, document: &Tree) -> Vec<FieldTrouble> {
    let (has, says) = (actions(document).into_iter().filter(|is_action| *is_action).count(), identity.method.len());
    let mut found = Vec::new();
    if has > says {
        let says = format!(
            "holds more actions ({has}) than the plan's method has steps ({says}); write a step for each action, in the same order"
        );
        found.push(FieldTrouble::new("/method", says));
    }
    for (n, (name, _)) in activities(document, probes(document)).into_iter().enumerate() {
        if !identity.checks.iter().any(|check| measures(name, check.key.measure.as_str())) {
            let says = format!(
                "is \"{}\", which no check of the plan measures; call a check or the probe so that they agree",
                spoken(name)
            );
            found.push(FieldTrouble::new(format!("/steady-state-hypothesis/probes/{n}/name"), says));
        }
    }
    found
}

/// How far the tool gets with a plan on its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Each step in words, and how the tool does it; empty if a person does.
    pub steps: Vec<(String, String)>,
    /// Each measure once, and how the tool asks for it; empty if it does not.
    pub measures: Vec<(String, String)>,
    /// A person reverts, because the document says nothing about rollbacks.
    pub reverts_by_hand: bool,
    /// Values were taken out because they looked like secrets; the tool needs them again.
    pub lacks_secrets: bool,
}

impl Reach {
    /// Whether the tool answers every check, so that a run of it is a run of the plan.
    pub fn measures_all(&self) -> bool {
        !self.measures.is_empty() && self.measures.iter().all(|(_, how)| !how.is_empty())
    }

    /// Whether nobody has to be there.
    pub fn needs_nobody(&self) -> bool {
        !self.reverts_by_hand && self.steps.iter().all(|(_, how)| !how.is_empty())
    }
}

/// Says for each step and measure of a plan how the tool does it.
pub fn reach(plan: &Plan) -> Result<Reach, ReadTrouble> {
    let document = plan.context.automation.as_ref().map(super::Automation::document).transpose()?.unwrap_or_default();
    let all = activities(&document, document.items_of("method"));
    let mut actions = all.into_iter().filter(|(_, activity)| activity.text_of("type") == "action");
    let steps = plan.identity.method.iter().map(|step| {
        let how = actions.next().map(|(_, activity)| super::does(activity)).unwrap_or_default();
        (step_line(step), how)
    });
    let asked = activities(&document, probes(&document));
    let mut measures: Vec<(String, String)> = Vec::new();
    for check in &plan.identity.checks {
        let measure = check.key.measure.as_str();
        if measures.iter().all(|(known, _)| known != measure) {
            let probe = asked.iter().find(|(name, _)| self::measures(name, measure));
            let how = probe.map(|(_, activity)| super::does(activity)).unwrap_or_default();
            measures.push((measure.to_owned(), how));
        }
    }
    Ok(Reach {
        steps: steps.collect(),
        measures,
        reverts_by_hand: document.get("rollbacks").is_none() && plan.context.revert.procedure.is_some(),
        lacks_secrets: plan.context.automation.as_ref().is_some_and(|text| text.as_str().contains(REDACTED)),
    })
}

/// Whether the plan looks at this probe in this phase.
pub(super) fn is_checked(identity: &Identity, name: &str, phase: Phase) -> bool {
    let of = |key: &CheckKey| key.phase == phase && measures(name, key.measure.as_str());
    identity.checks.iter().any(|check| of(&check.key))
}
