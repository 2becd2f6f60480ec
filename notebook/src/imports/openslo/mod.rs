//! SLOs as other tools write them, OpenSLO and Sloth, read into drafts; and ours as OpenSLO.
//!
//! A translator is pure: bytes in, items or a trouble out. Whatever a document says that has no place
//! here is named with its document and its path.

mod alpha;
pub mod export;
mod indicator;
mod own;
mod part;
mod said;
mod slo;
mod sloth;
mod window;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::part::{Part, Told};
pub use self::said::Said;
use crate::{
    experiments::plan::vocabulary,
    foreign::{
        lenient_json, redact, shorten,
        tree::Tree,
        yaml::{self, Document},
    },
    imports::ReadTrouble,
    limits::{SLO_TEXT_BYTES_MAX, TITLE_CHARS_MAX},
    refusal::FieldTrouble,
    services::ServiceDraft,
};

/// Objects of one text; each is looked up in the notebook.
pub const ITEMS_MAX: usize = 1_000;
/// Kinds of OpenSLO that have no place here, and why.
const PASSED: [(&str, &str); 4] = [
    ("DataSource", "its connection may hold credentials; its name stays in the definitions that refer to it"),
    ("AlertPolicy", "alerts are the business of the tool that sends them"),
    ("AlertCondition", "alerts are the business of the tool that sends them"),
    ("AlertNotificationTarget", "alerts are the business of the tool that sends them"),
];

vocabulary! {
    /// Who wrote a text.
    SloFormat {
        OpenSlo = "openslo", "OpenSLO";
        Sloth = "sloth", "Sloth";
    }
}

/// A text that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSlos {
    /// Who wrote its first document.
    pub format: SloFormat,
    /// In the order of the text.
    pub items: Vec<Item>,
}

/// Where an object stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The document, counted from one.
    pub document: usize,
    /// Where it begins.
    pub line: usize,
    /// The object, where the document is a list of them.
    item: Option<usize>,
}

impl Place {
    fn root(self) -> String {
        self.item.map_or_else(String::new, |item| format!("[{item}]"))
    }
}

/// One thing a text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub place: Place,
    pub kind: String,
    pub name: String,
    pub is: Is,
    /// What of it is not kept.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Is {
    Service(Box<ServiceDraft>),
    Slo(Box<Said>),
    /// Nothing here stands for it, and why.
    Passed(String),
    /// It is not taken, and why.
    Refused(Vec<FieldTrouble>),
}

/// One object of a text, without secrets.
struct Object {
    place: Place,
    tree: Tree,
    notes: Vec<String>,
}

/// Whether a text that is no JSON says that it holds SLOs: a member of a document, or of an object in
/// a list of them.
pub fn declares(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| {
        let Ok(line) = std::str::from_utf8(line) else { return false };
        let line = line.trim_start_matches('\u{feff}');
        let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("  ")).unwrap_or(line);
        let value = |name: &str| {
            let value = line.strip_prefix(name)?.trim_start().strip_prefix(':')?;
            Some(value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']))
        };
        value("apiVersion").is_some_and(is_version) || value("version") == Some(sloth::VERSION)
    })
}

/// Whether a JSON document holds SLOs.
pub fn is_one(root: &Value) -> bool {
    let root = root.get(0).unwrap_or(root);
    let text = |name: &str| root.get(name).and_then(Value::as_str).unwrap_or_default();
    is_version(text("apiVersion")) || text("version") == sloth::VERSION
}

fn is_version(text: &str) -> bool {
    is_openslo(text) || text == sloth::API_VERSION
}

/// Later versions go by the project's domain.
fn is_openslo(version: &str) -> bool {
    ["openslo/", "openslo.com/"].iter().any(|group| version.starts_with(group))
}

/// Reads all documents of a text.
pub fn read(bytes: &[u8]) -> Result<ReadSlos, ReadTrouble> {
    if bytes.len() > SLO_TEXT_BYTES_MAX {
        return Err(ReadTrouble::TooLarge { limit_bytes: SLO_TEXT_BYTES_MAX });
    }
    let objects = objects(yaml::parse_all(lenient_json::text_of(bytes).map_err(as_yaml)?)?);
    let Some(first) = objects.first() else {
        return Err(ReadTrouble::NotYaml { line: 0, column: 0, what: "there is nothing in it".into() });
    };
    let format = if sloth::is_one(&first.tree) { SloFormat::Sloth } else { SloFormat::OpenSlo };
    let indicators = Indicators::of(&objects);
    let mut items = Vec::new();
    for object in &objects {
        items.extend(read_object(object, &indicators));
        if items.len() > ITEMS_MAX {
            return Err(ReadTrouble::TooManyValues { limit: ITEMS_MAX, what: "services and SLOs" });
        }
    }
    Ok(ReadSlos { format, items })
}

/// The same sentence about another kind of text.
fn as_yaml(trouble: ReadTrouble) -> ReadTrouble {
    match trouble {
        ReadTrouble::Malformed { line, column, what, .. } => ReadTrouble::NotYaml { line, column, what },
        other => other,
    }
}

fn objects(documents: Vec<Document>) -> Vec<Object> {
    let mut objects = Vec::new();
    for (number, document) in documents.into_iter().enumerate() {
        let place = Place { document: number + 1, line: document.line, item: None };
        match document.tree {
            Tree::List(items) => {
                let items = items.into_iter().enumerate();
                objects.extend(items.map(|(n, tree)| cleared(Place { item: Some(n), ..place }, tree)));
            }
            tree => objects.push(cleared(place, tree)),
        }
    }
    objects
}

/// Takes secrets out before anything is looked at.
fn cleared(place: Place, mut tree: Tree) -> Object {
    let mut clean = tree.to_value();
    let taken_out = redact::redact_slos(&mut clean);
    if !taken_out.is_empty() {
        tree.follow(&clean);
    }
    let notes = taken_out.into_iter().map(|pointer| format!("{pointer} is not kept: it looks like a secret"));
    let (tree, converted) = alpha::converted(tree);
    Object { place, tree, notes: notes.chain(converted).collect() }
}

/// The indicators that SLOs may refer to by name, and the names that are referred to.
struct Indicators<'a> {
    named: BTreeMap<&'a str, &'a Object>,
    referred: BTreeSet<&'a str>,
}

impl<'a> Indicators<'a> {
    fn of(objects: &'a [Object]) -> Self {
        let mut named = BTreeMap::new();
        for object in objects.iter().filter(|object| object.tree.text_of("kind") == "SLI") {
            named.entry(name_of(&object.tree)).or_insert(object);
        }
        Self { named, referred: objects.iter().flat_map(|object| referred(&object.tree)).collect() }
    }

    fn get(&self, name: &str) -> Option<&'a Object> {
        self.named.get(name).copied()
    }

    /// What becomes of an SLI.
    fn passed(&self, object: &Object) -> String {
        let name = name_of(&object.tree);
        match self.get(name) {
            Some(first) if first.place != object.place => {
                format!("it is not kept: document {} holds an SLI of this name already", first.place.document)
            }
            _ if self.referred.contains(name) => "its definition is kept with every SLO that refers to it".into(),
            _ => "it is not kept: no SLO of this text refers to it".into(),
        }
    }
}

/// The names of the indicators that an SLO or its objectives refer to.
fn referred(tree: &Tree) -> impl Iterator<Item = &str> {
    let spec = tree.get("spec").into_iter();
    let parts = spec.flat_map(|spec| std::iter::once(spec).chain(spec.items_of("objectives")));
    parts.map(|part| part.text_of("indicatorRef")).filter(|name| !name.is_empty())
}

fn name_of(tree: &Tree) -> &str {
    tree.get("metadata").map(|metadata| metadata.text_of("name")).unwrap_or_default()
}

fn read_object(object: &Object, indicators: &Indicators) -> Vec<Item> {
    let tree = &object.tree;
    if sloth::is_one(tree) {
        return sloth::read(object);
    }
    let (version, kind) = (tree.text_of("apiVersion"), tree.text_of("kind"));
    let name = shorten::line(name_of(tree), TITLE_CHARS_MAX);
    let one = |is| vec![item(object, kind, &name, is, Told::default())];
    let refused = |path: &str, says: String| {
        let path = Part::of(tree, object.place.root(), &mut Told::default()).at(path);
        one(Is::Refused(vec![FieldTrouble::new(path, says)]))
    };
    match version {
        "openslo/v1" => {}
        _ if tree.as_members().is_none() => {
            let says = format!("takes an object and holds {}", tree.kind());
            return one(Is::Refused(vec![FieldTrouble::new(format!("the document{}", object.place.root()), says)]));
        }
        _ if is_openslo(version) => {
            let version = shorten::line(version, 60);
            return refused("apiVersion", format!("is {version}, which may still change; write openslo/v1"));
        }
        _ => return one(Is::Passed("it is no document of OpenSLO or Sloth".into())),
    }
    if let Some((_, because)) = PASSED.iter().find(|(known, _)| *known == kind) {
        return one(Is::Passed((*because).into()));
    }
    match kind {
        "SLO" => slo::read(object, indicators),
        "Service" => vec![service(object)],
        "SLI" => one(Is::Passed(indicators.passed(object))),
        "" => refused("kind", "is missing".into()),
        other => refused("kind", format!("is {}, which OpenSLO does not have", shorten::line(other, 60))),
    }
}

/// An item with what the object and its reading said.
fn item(object: &Object, kind: &str, name: &str, is: Is, told: Told) -> Item {
    let is = if told.troubles.is_empty() { is } else { Is::Refused(told.troubles) };
    Item {
        place: object.place,
        kind: shorten::line(kind, 60),
        name: shorten::line(name, TITLE_CHARS_MAX),
        is,
        notes: object.notes.iter().cloned().chain(told.notes).collect(),
    }
}

fn service(object: &Object) -> Item {
    let mut told = Told::default();
    let mut part = Part::of(&object.tree, object.place.root(), &mut told);
    part.text("apiVersion", &mut told);
    part.text("kind", &mut told);
    let mut metadata = part.need_part("metadata", &mut told);
    let (name, display) = (metadata.need("name", &mut told), metadata.text("displayName", &mut told));
    metadata.pass(&["labels", "annotations"], "a service has none here", &mut told);
    metadata.end(&mut told);
    let description = part.part("spec", &mut told).map_or("", |mut spec| {
        let description = spec.text("description", &mut told);
        spec.end(&mut told);
        description
    });
    part.end(&mut told);
    let draft = ServiceDraft {
        slug: name.to_owned(),
        name: if display.is_empty() { name } else { display }.to_owned(),
        description: description.to_owned(),
        ..ServiceDraft::default()
    };
    item(object, "Service", name, Is::Service(Box::new(draft)), told)
}
