//! Any plan as an experiment that Chaos Toolkit runs unchanged.
//!
//! What the plan's document says stays as it is written, unknown members included; what it leaves out
//! comes from the plan. A step without a provider is done by a person: the tool names it and waits for
//! Enter, and where nobody is there the step fails instead of passing for done.

use super::{
    fits::{self, activities, is_checked, probes, spoken},
    strategy,
};
use crate::{
    experiments::{
        plan::{Context, Identity, Phase, Plan, Revert},
        words::step_line,
    },
    foreign::{ReadTrouble, shorten, tree::Tree},
    id::{ExperimentId, RunId},
    limits::{PROSE_CHARS_MAX, TITLE_CHARS_MAX},
};

/// The name of our entry among a document's extensions.
pub const EXTENSION: &str = "retrial";

/// What the exported document says of its place in this notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub experiment: ExperimentId,
    pub revision: i64,
    /// The run that is to take the result.
    pub run: Option<RunId>,
    /// The page of the run or of the revision.
    pub url: String,
    /// SHA-256 of the plan's identity, hexadecimal.
    pub fingerprint: String,
}

/// The experiment. Fails only if a stored document does not read any more.
pub fn export(plan: &Plan, ticket: &Ticket) -> Result<Tree, ReadTrouble> {
    let own = plan.context.automation.as_ref().map(super::Automation::document).transpose()?;
    let mut document = own.unwrap_or_else(|| Tree::of([]));
    clear(&mut document);
    words(&mut document, &plan.context);
    hypothesis(&mut document, plan);
    method(&mut document, &plan.identity);
    rollbacks(&mut document, &plan.context.revert);
    runtime(&mut document, &plan.identity);
    extension(&mut document, ticket);
    Ok(document)
}

/// Members whose null breaks the tool, which takes only what is not there for not there.
const NEVER_NULL: [&str; 9] = [
    "configuration",
    "secrets",
    "controls",
    "tags",
    "steady-state-hypothesis",
    "method",
    "rollbacks",
    "runtime",
    "extensions",
];

fn clear(document: &mut Tree) {
    for name in NEVER_NULL {
        if document.get(name).is_none() {
            document.remove(name);
        }
    }
    for section in ["method", "rollbacks"] {
        if let Some(list) = document.get(section).map(cleared) {
            document.set(section, list);
        }
    }
    if let Some(mut hypothesis) = document.get("steady-state-hypothesis").cloned() {
        hypothesis.remove_nulls();
        if let Some(probes) = hypothesis.get("probes").map(cleared) {
            hypothesis.set("probes", probes);
        }
        document.set("steady-state-hypothesis", hypothesis);
    }
}

/// The same activities without nulls in themselves and their providers; arguments stay as they are.
fn cleared(list: &Tree) -> Tree {
    let activities = list.as_list().unwrap_or_default().iter().map(|activity| {
        let mut activity = activity.clone();
        activity.remove_nulls();
        if let Some(mut provider) = activity.get("provider").cloned() {
            provider.remove_nulls();
            activity.set("provider", provider);
        }
        activity
    });
    Tree::List(activities.collect())
}

/// Title and description are the plan's, but keep the document's own text where the plan's was made
/// from it.
fn words(document: &mut Tree, context: &Context) {
    let title = context.title.as_str();
    let described = context.question.as_ref().map_or_else(|| sentence(context), ToString::to_string);
    if shorten::prose(document.text_of("description"), PROSE_CHARS_MAX) != described {
        document.set_first("description", Tree::text(described));
    }
    if shorten::line(document.text_of("title"), TITLE_CHARS_MAX) != title {
        document.set_first("title", Tree::text(title));
    }
}

/// The hypothesis in one sentence; the title if nothing is said yet.
fn sentence(context: &Context) -> String {
    let part = |before: &str, note: Option<&crate::text::Note>| note.map(|note| format!("{before} {note}"));
    let hypothesis = &context.hypothesis;
    let parts = [
        part("If", hypothesis.fault.as_ref()),
        part("then", hypothesis.behaviour.as_ref()),
        part("because", hypothesis.safeguard.as_ref()),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() { context.title.to_string() } else { shorten::prose(&said.join(", "), PROSE_CHARS_MAX) }
}

/// A look stops at its first failing probe. So those that are checked during the fault stand first, and
/// one that may well fail meanwhile hides none of them.
fn hypothesis(document: &mut Tree, plan: &Plan) {
    let Some(mut hypothesis) = document.get("steady-state-hypothesis").cloned() else { return };
    if hypothesis.text_of("title").trim().is_empty() {
        let title =
            plan.context.hypothesis.behaviour.as_ref().map_or(plan.context.title.as_str(), |note| note.as_str());
        hypothesis.set_first("title", Tree::text(shorten::line(title, TITLE_CHARS_MAX)));
    }
    let mut ordered: Vec<(bool, Tree)> = activities(document, probes(document))
        .into_iter()
        .zip(probes(document))
        .map(|((name, _), probe)| (!is_checked(&plan.identity, name, Phase::During), probe.clone()))
        .collect();
    ordered.sort_by_key(|(later, _)| *later);
    if !ordered.is_empty() {
        hypothesis.set("probes", Tree::List(ordered.into_iter().map(|(_, probe)| probe).collect()));
    }
    document.set("steady-state-hypothesis", hypothesis);
}

fn method(document: &mut Tree, identity: &Identity) {
    let mut steps = identity.method.iter();
    let mut method = Vec::new();
    for (activity, is_action) in document.items_of("method").iter().zip(fits::actions(document)) {
        let step = if is_action { steps.next() } else { None };
        let is_alone = activity.get("provider").is_none() && activity.get("ref").is_none();
        method.push(match (is_action && is_alone, step) {
            (true, _) => by_hand(activity.clone(), activity.text_of("name")),
            (false, _) => activity.clone(),
        });
    }
    method.extend(steps.map(|step| by_hand(Tree::of([("type", Tree::text("action"))]), &step_line(step))));
    document.set("method", Tree::List(method));
}

/// Python's own question: it waits for Enter, and fails where nobody can press it.
fn by_hand(mut activity: Tree, what: &str) -> Tree {
    let what = shorten::line(&spoken(what), TITLE_CHARS_MAX - 40);
    activity.set("name", Tree::text(format!("By hand: {what} (then press Enter)")));
    let [kind, module, func] = ["python", "builtins", "input"].map(Tree::text);
    activity.set("provider", Tree::of([("type", kind), ("module", module), ("func", func)]));
    activity
}

/// A document that says nothing about rollbacks leaves the plan's revert to a person.
fn rollbacks(document: &mut Tree, revert: &Revert) {
    let mut list: Vec<Tree> = Vec::new();
    match (document.get("rollbacks").and_then(Tree::as_list), &revert.procedure) {
        (Some(own), _) => {
            list.extend(own.iter().map(|activity| {
                let is_alone = activity.get("provider").is_none() && activity.get("ref").is_none();
                if is_alone { by_hand(activity.clone(), activity.text_of("name")) } else { activity.clone() }
            }));
        }
        (None, Some(procedure)) => {
            list.push(by_hand(Tree::of([("type", Tree::text("action"))]), &format!("revert: {procedure}")));
        }
        (None, None) => {}
    }
    document.set("rollbacks", Tree::List(list));
}

/// An interrupted run plays no rollbacks unless told to, and `during` is looked at only where the
/// strategy says so.
fn runtime(document: &mut Tree, identity: &Identity) {
    let mut runtime = document.get("runtime").cloned().unwrap_or_else(|| Tree::of([]));
    let own = |part: &str| {
        let name = document.get("runtime").and_then(|runtime| runtime.get(part)).map(|part| part.text_of("strategy"));
        name.filter(|name| !name.is_empty())
    };
    let asked = activities(document, probes(document));
    let needed: Vec<Phase> = Phase::ALL
        .iter()
        .copied()
        .filter(|phase| asked.iter().any(|(name, _)| is_checked(identity, name, *phase)))
        .collect();
    let rollbacks = own("rollbacks").unwrap_or("always").to_owned();
    for (part, strategy) in [("rollbacks", rollbacks), ("hypothesis", strategy::covering(own("hypothesis"), &needed))] {
        let mut inner = runtime.get(part).cloned().unwrap_or_else(|| Tree::of([]));
        inner.set("strategy", Tree::text(strategy));
        runtime.set(part, inner);
    }
    document.set("runtime", runtime);
}

fn extension(document: &mut Tree, ticket: &Ticket) {
    let mut extensions = document.items_of("extensions").to_vec();
    let own = extensions.iter().position(|extension| extension.text_of("name") == EXTENSION);
    let mut entry = own.map_or_else(|| Tree::of([("name", Tree::text(EXTENSION))]), |n| extensions[n].clone());
    entry.set("experiment", Tree::text(ticket.experiment.to_string()));
    entry.set("revision", Tree::Number(ticket.revision.into()));
    match ticket.run {
        Some(run) => entry.set("run", Tree::text(run.to_string())),
        None => entry.remove("run"),
    }
    entry.set("url", Tree::text(ticket.url.clone()));
    entry.set("fingerprint", Tree::text(ticket.fingerprint.clone()));
    match own {
        Some(n) => extensions[n] = entry,
        None => extensions.push(entry),
    }
    document.set("extensions", Tree::List(extensions));
}
