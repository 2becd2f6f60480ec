//! An experiment of Chaos Toolkit, as people write it, read into what they would type for a plan here.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::retrial_ids;
use crate::{
    experiments::{
        Draft,
        automation::{self, Parts, activities, does, phases, spoken, with},
        draft::{CheckRow, StepRow},
        plan::Aggregate,
    },
    foreign::{lenient_json, redact, shorten, tree::Tree},
    imports::{ReadTrouble, RetrialIds, TAGS_MAX},
    limits::{NOTE_CHARS_MAX, PLAN_ITEMS_MAX, PROSE_CHARS_MAX, TITLE_CHARS_MAX},
    refusal::FieldTrouble,
};

/// An experiment that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadExperiment {
    /// What a person would type; services and environment are for whoever imports it.
    pub draft: Draft,
    pub tags: Vec<String>,
    /// The same experiment always gives the same key, in JSON and in YAML: 64 hexadecimal digits.
    pub key: String,
    pub retrial: Option<RetrialIds>,
    pub parts: Parts,
    /// JSON without its secrets, members in the order of the source.
    pub document: String,
    /// JSON pointers of what was taken out.
    pub redacted: Vec<String>,
}

/// Why an experiment was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRead {
    Document(ReadTrouble),
    /// Each with its JSON pointer, or `document` for the whole.
    Form(Vec<FieldTrouble>),
}

impl From<ReadTrouble> for NotRead {
    fn from(trouble: ReadTrouble) -> Self {
        Self::Document(trouble)
    }
}

/// Reads JSON or YAML.
pub fn read(bytes: &[u8]) -> Result<ReadExperiment, NotRead> {
    let text = lenient_json::text_of(bytes)?;
    let mut source = automation::read(text)?;
    check(&source)?;
    let mut clean = source.to_value();
    let redacted = redact::redact(&mut clean);
    source.follow(&clean);
    // Comments go with the rest of the text if something was taken out, or may be.
    let is_clean = redacted.is_empty() && redact::without_credentials(text).is_none();
    let kept = if is_clean { text.trim_end().to_owned() } else { source.pretty() };
    let extensions = clean.get("extensions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let tags = source.items_of("tags").iter().filter_map(Tree::as_text);
    Ok(ReadExperiment {
        draft: draft(&source, kept)?,
        tags: tags.take(TAGS_MAX).map(|tag| shorten::line(tag, TITLE_CHARS_MAX)).collect(),
        key: key(&clean),
        retrial: retrial_ids(extensions.iter().filter_map(Value::as_object)),
        parts: Parts::of(&clean),
        document: source.to_string(),
        redacted,
    })
}

/// What else a document may be, then everything an experiment needs.
fn check(source: &Tree) -> Result<(), NotRead> {
    let whole = |says: &str| Err(NotRead::Form(vec![FieldTrouble::new("document", says)]));
    if source.get("steady_states").is_some() {
        return whole(
            "looks like a journal, which becomes a run; the experiment inside it is its member \"experiment\"",
        );
    }
    if source.get("payload").is_some() && source.get("method").is_none() {
        return whole("looks like a notification, which no experiment is made of");
    }
    let mut troubles = automation::troubles_of_whole(source);
    for trouble in troubles.iter_mut().filter(|trouble| trouble.field.is_empty()) {
        trouble.field = "document".into();
    }
    if troubles.is_empty() { Ok(()) } else { Err(NotRead::Form(troubles)) }
}

/// Of the document without secrets, so that another password is not another experiment.
fn key(clean: &Value) -> String {
    let canonical = serde_json_canonicalizer::to_string(clean).unwrap_or_else(|_| clean.to_string());
    let digest = Sha256::digest(format!("chaostoolkit experiment\u{1f}{canonical}").as_bytes());
    digest.iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
}

fn draft(source: &Tree, automation: String) -> Result<Draft, NotRead> {
    let text = |name: &str| source.text_of(name);
    let hypothesis = source.get("steady-state-hypothesis").map(|hypothesis| hypothesis.text_of("title"));
    let revert: Vec<String> = activities(source, source.items_of("rollbacks")).into_iter().map(line).collect();
    Ok(Draft {
        title: shorten::line(text("title"), TITLE_CHARS_MAX),
        question: shorten::prose(text("description"), PROSE_CHARS_MAX),
        then_behaviour: shorten::line(hypothesis.unwrap_or_default(), NOTE_CHARS_MAX),
        method: steps(source)?,
        checks: checks(source)?,
        revert_procedure: shorten::prose(&revert.join("\n"), PROSE_CHARS_MAX),
        automation,
        reason: "Read from an experiment of Chaos Toolkit".to_owned(),
        ..Draft::default()
    })
}

fn line((name, activity): (&str, &Tree)) -> String {
    format!("{}: {} {}", spoken(name), does(activity), with(activity)).trim_end().to_owned()
}

/// One step for each action; what it does is said with its variables filled in.
fn steps(source: &Tree) -> Result<Vec<StepRow>, NotRead> {
    let all = activities(source, source.items_of("method")).into_iter();
    let actions: Vec<_> = all.filter(|(_, activity)| activity.text_of("type") == "action").collect();
    at_most("/method", "actions", actions.len())?;
    let step = |(name, activity): (&str, &Tree)| {
        let said = [("does", does(activity)), ("with", with(activity))];
        let args = said.into_iter().filter(|(_, text)| !text.is_empty());
        let args: Vec<String> = args.map(|(name, text)| format!("{name}={}", resolved(&text, source))).collect();
        StepRow { op: spoken(name), args: args.join("\n") }
    };
    Ok(actions.into_iter().map(step).collect())
}

/// Each probe holds in every phase in which the tool looks.
fn checks(source: &Tree) -> Result<Vec<CheckRow>, NotRead> {
    let strategy = source.get("runtime").and_then(|runtime| runtime.get("hypothesis"));
    let strategy = strategy.map(|part| part.text_of("strategy")).filter(|name| !name.is_empty());
    let phases = phases(strategy.unwrap_or("default")).unwrap_or_default();
    let hypothesis = source.get("steady-state-hypothesis");
    let probes = hypothesis.map(|hypothesis| hypothesis.items_of("probes")).unwrap_or_default();
    let mut rows: Vec<CheckRow> = Vec::new();
    for (name, _) in activities(source, probes) {
        let measure = spoken(name);
        if rows.iter().any(|row| row.measure.eq_ignore_ascii_case(&measure)) {
            continue;
        }
        rows.extend(phases.iter().map(|phase| CheckRow {
            measure: measure.clone(),
            phase: phase.word().into(),
            aggregate: Aggregate::Every.word().into(),
            comparator: "holds".into(),
            ..CheckRow::default()
        }));
    }
    at_most("/steady-state-hypothesis/probes", "checks, one for each phase,", rows.len())?;
    Ok(rows)
}

fn at_most(pointer: &str, what: &str, has: usize) -> Result<(), NotRead> {
    if has <= PLAN_ITEMS_MAX {
        return Ok(());
    }
    let says = format!("gives {has} {what} and a plan takes at most {PLAN_ITEMS_MAX}; split the experiment");
    Err(NotRead::Form(vec![FieldTrouble::new(pointer, says)]))
}

/// The text with the values of plain variables; what comes from the environment or from secrets stays a
/// name.
fn resolved(text: &str, source: &Tree) -> String {
    let value = |name: &str| match source.get("configuration")?.get(name)? {
        Tree::Text(text) => Some(text.clone()),
        scalar @ (Tree::Number(_) | Tree::Truth(_)) => Some(scalar.to_string()),
        Tree::Null | Tree::List(_) | Tree::Members(_) => None,
    };
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        if let Some((name, after)) = after.split_once('}') {
            out.push_str(&value(name).unwrap_or_else(|| format!("${{{name}}}")));
            rest = after;
        } else {
            out.push_str("${");
            rest = after;
        }
    }
    out.push_str(rest);
    shorten::line(&out, NOTE_CHARS_MAX)
}

/// Whether a JSON document is an experiment rather than a journal or a notification.
pub fn is_one(root: &Map<String, Value>) -> bool {
    root.contains_key("method") && !["steady_states", "run", "payload"].iter().any(|name| root.contains_key(*name))
}
