//! What was sent: a form or a JSON object, turned into a draft. Both take the same names.
//!
//! Form names nest: `checks.0.threshold` is the field `threshold` of the first of `checks`.
//! A name ending in `[]`, or one that comes twice, is a list. Names that begin with an
//! underscore are for the doors and never reach a draft.

use std::collections::BTreeMap;

use axum::{
    Form, Json,
    body::HttpBody as _,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use notebook::refusal::Refusal;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use crate::{conditions::IF_MATCH, operations::Fields};

/// One row of a list in a form; more cannot be typed.
const ROWS_MAX: usize = 1_000;
/// `a.b.c`: no draft nests deeper.
const DEPTH_MAX: usize = 6;
/// Fields of one form.
const FIELDS_MAX: usize = 10_000;

/// The fields of one body, in the order sent.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Without names that begin with an underscore. Empty for JSON.
    pub values: Vec<(String, String)>,
    /// The form's token: the same one twice writes once. Programs name theirs in a header.
    pub once: Option<String>,
    /// Names that begin with an underscore.
    hidden: Vec<(String, String)>,
    json: Option<Value>,
}

/// Why a body was not read at all.
#[derive(Debug)]
pub enum NotRead {
    /// 413
    TooLarge,
    /// 415
    WrongType,
    /// 400
    Broken(String),
}

impl NotRead {
    fn of(status: StatusCode, text: String) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::WrongType,
            _ => Self::Broken(text),
        }
    }
}

impl Sent {
    /// An urlencoded form.
    pub async fn form(request: Request) -> Result<Self, NotRead> {
        if request.body().size_hint().exact() == Some(0) {
            return Ok(Self::default());
        }
        let Form(all): Form<Vec<(String, String)>> = Form::from_request(request, &())
            .await
            .map_err(|trouble| NotRead::of(trouble.status(), trouble.body_text()))?;
        if all.len() > FIELDS_MAX {
            return Err(NotRead::TooLarge);
        }
        Ok(Self::of(all))
    }

    /// The same from names and values.
    pub fn of(all: Vec<(String, String)>) -> Self {
        let (hidden, values): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| name.starts_with('_'));
        let mut sent = Self { values, once: None, hidden, json: None };
        sent.once = sent.hidden("_once").filter(|once| !once.is_empty()).map(str::to_owned);
        sent
    }

    /// A JSON object. Without a body it is empty.
    pub async fn json(request: Request) -> Result<Self, NotRead> {
        let empty = request.body().size_hint().exact() == Some(0);
        let fields = if empty {
            Map::new()
        } else {
            let Json(fields) = Json::from_request(request, &())
                .await
                .map_err(|trouble| NotRead::of(trouble.status(), trouble.body_text()))?;
            fields
        };
        Ok(Self { json: Some(plain(Value::Object(fields))), ..Self::default() })
    }

    /// One of the fields meant for the doors.
    pub fn hidden(&self, name: &str) -> Option<&str> {
        self.hidden.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field; empty if it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The draft these fields make. A field the draft does not know is refused by its name.
    pub fn draft<D: DeserializeOwned>(&self) -> Result<D, Refusal> {
        read(self.tree()?)
    }

    /// The same with the version named in `If-Match`, which a field `version` must not contradict.
    pub fn draft_of<D: DeserializeOwned>(&self, version: &str) -> Result<D, Refusal> {
        let mut tree = self.tree()?;
        if let Value::Object(fields) = &mut tree {
            let field = fields.entry(VERSION).or_insert(Value::String(String::new()));
            let said = field.as_str().unwrap_or_default().trim().to_owned();
            if said.is_empty() {
                *field = Value::String(version.to_owned());
            } else if version != "*" && !version.split(',').any(|one| one == said) {
                return Err(Refusal::unfit(VERSION, format!("is not the one of {IF_MATCH}; send one of the two")));
            }
        }
        read(tree).map_err(|refusal| match refusal.troubles() {
            [only] if only.field == VERSION => {
                Refusal::unfit(IF_MATCH, "is not taken here: this act replaces no version; leave it out")
            }
            _ => refusal,
        })
    }

    /// Refuses a field of a JSON body that the act would not look at, although its draft knows it.
    pub fn refuse_all_but(&self, fields: Fields) -> Result<(), Refusal> {
        let sent = self.json.as_ref().and_then(Value::as_object).into_iter().flatten();
        match sent.map(|(name, _)| name).find(|name| !fields.has(name)) {
            Some(name) => Err(Refusal::unfit(name, "is not known here; leave it out")),
            None => Ok(()),
        }
    }

    fn tree(&self) -> Result<Value, Refusal> {
        match &self.json {
            Some(json) => Ok(json.clone()),
            None => nest(&self.values),
        }
    }
}

/// The field that names the version an edit began from.
const VERSION: &str = "version";

/// Says which field did not fit by its whole path.
fn read<D: DeserializeOwned>(tree: Value) -> Result<D, Refusal> {
    serde_path_to_error::deserialize(tree).map_err(|trouble| {
        let field = dotted(trouble.path());
        let says = trouble.inner().to_string();
        if says.starts_with("unknown field") {
            Refusal::unfit(&field, "is not known here; leave it out")
        } else {
            Refusal::unfit(&field, format!("does not read: {says}"))
        }
    })
}

/// `checks.0.threshold`, as forms spell it.
fn dotted(path: &Path) -> String {
    let steps = path.iter().map(|step| match step {
        Segment::Seq { index } => index.to_string(),
        Segment::Map { key } | Segment::Enum { variant: key } => key.clone(),
        Segment::Unknown => "?".to_owned(),
    });
    steps.collect::<Vec<_>>().join(".")
}

/// Numbers, truth values and nulls as the texts a form would send. In a list a tick or nothing is no item, which forms
/// could not send either: it stays what it is, and is refused at its place.
pub fn plain(value: Value) -> Value {
    match value {
        Value::Null => Value::String(String::new()),
        Value::Bool(yes) => Value::String(if yes { "on".into() } else { String::new() }),
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) => Value::String(text),
        Value::Array(items) => {
            let item = |item: Value| if item.is_null() || item.is_boolean() { item } else { plain(item) };
            Value::Array(items.into_iter().map(item).collect())
        }
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, field)| (name, plain(field))).collect()),
    }
}

/// A form's names as a tree.
#[derive(Debug)]
enum Node {
    Texts { texts: Vec<String>, list: bool },
    Fields(BTreeMap<String, Node>),
}

/// The tree that form names make.
pub fn nest(values: &[(String, String)]) -> Result<Value, Refusal> {
    let mut root = BTreeMap::new();
    for (name, value) in values {
        let (path, list) = name.strip_suffix("[]").map_or((name.as_str(), false), |path| (path, true));
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEPTH_MAX || steps.iter().any(|step| step.is_empty()) {
            return Err(Refusal::unfit(name, "is not known here; leave it out"));
        }
        put(&mut root, &steps, value, list).ok_or_else(|| Refusal::unfit(name, "is sent in two forms; send one"))?;
    }
    value_of(Node::Fields(root))
}

/// `None` where a name is a text and holds fields at once.
fn put(fields: &mut BTreeMap<String, Node>, steps: &[&str], value: &str, list: bool) -> Option<()> {
    let (step, rest) = steps.split_first()?;
    if rest.is_empty() {
        let node = fields.entry((*step).to_owned()).or_insert(Node::Texts { texts: Vec::new(), list });
        let Node::Texts { texts, list: is_list } = node else { return None };
        texts.push(value.to_owned());
        *is_list |= list;
        return Some(());
    }
    match fields.entry((*step).to_owned()).or_insert_with(|| Node::Fields(BTreeMap::new())) {
        Node::Fields(inner) => put(inner, rest, value, list),
        Node::Texts { .. } => None,
    }
}

fn value_of(node: Node) -> Result<Value, Refusal> {
    match node {
        Node::Texts { mut texts, list } => Ok(if list || texts.len() > 1 {
            Value::Array(texts.into_iter().map(Value::String).collect())
        } else {
            Value::String(texts.pop().unwrap_or_default())
        }),
        Node::Fields(fields) => {
            if !fields.is_empty() && fields.keys().all(|name| name.bytes().all(|b| b.is_ascii_digit())) {
                return rows_of(fields);
            }
            let fields = fields.into_iter().map(|(name, field)| Ok((name, value_of(field)?)));
            Ok(Value::Object(fields.collect::<Result<Map<_, _>, Refusal>>()?))
        }
    }
}

/// Rows by their number. A missing number is a blank row, so that troubles name the row people see.
fn rows_of(fields: BTreeMap<String, Node>) -> Result<Value, Refusal> {
    let mut rows = Vec::new();
    for (name, row) in fields {
        let index = name.parse().ok().filter(|index| *index < ROWS_MAX);
        let index: usize = index
            .ok_or_else(|| Refusal::unfit(&name, format!("is no row's number; at most {ROWS_MAX} rows are read")))?;
        rows.push((index, value_of(row)?));
    }
    rows.sort_by_key(|(index, _)| *index);
    let blank = if rows.iter().any(|(_, row)| row.is_string()) {
        Value::String(String::new())
    } else {
        Value::Object(Map::new())
    };
    let mut list = vec![blank; rows.last().map_or(0, |(index, _)| index + 1)];
    for (index, row) in rows {
        list[index] = row;
    }
    Ok(Value::Array(list))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Check {
        measure: String,
        threshold: String,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Draft {
        title: String,
        services: Vec<String>,
        checks: Vec<Check>,
    }

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn field(refusal: &Refusal) -> &str {
        &refusal.troubles()[0].field
    }

    #[test]
    fn names_with_dots_and_numbers_become_rows() {
        let draft: Draft = sent(&[
            ("title", "T"),
            ("_once", "k"),
            ("services", "ingest"),
            ("services", "home"),
            ("checks.2.measure", "gap"),
            ("checks.10.threshold", "5"),
            ("checks.2.threshold", "0"),
        ])
        .draft()
        .unwrap();
        assert_eq!(draft.services, ["ingest", "home"]);
        assert_eq!(draft.checks.len(), 11);
        assert_eq!(draft.checks[2], Check { measure: "gap".into(), threshold: "0".into() });
        assert_eq!(
            draft.checks[3],
            Check::default(),
            "a row that was not sent is blank, so the others keep their numbers"
        );
    }

    #[test]
    fn one_value_for_a_list_is_written_with_brackets() {
        let draft: Draft = sent(&[("services[]", "ingest")]).draft().unwrap();
        assert_eq!(draft.services, ["ingest"]);
        let none: Draft = sent(&[]).draft().unwrap();
        assert_eq!(none, Draft::default());
    }

    #[test]
    fn unknown_and_contradicting_names_are_refused_by_name() {
        let refused = |pairs: &[(&str, &str)]| sent(pairs).draft::<Draft>().unwrap_err();
        assert_eq!(field(&refused(&[("titel", "T")])), "titel");
        assert_eq!(field(&refused(&[("checks.0.x", "T")])), "checks.0.x");
        assert_eq!(field(&refused(&[("checks.1.measure.x", "T")])), "checks.1.measure");
        assert_eq!(field(&refused(&[("title", "T"), ("title.x", "T")])), "title.x");
        assert_eq!(field(&refused(&[("a.b.c.d.e.f.g", "T")])), "a.b.c.d.e.f.g");
        assert_eq!(field(&refused(&[("checks..x", "T")])), "checks..x");
        assert_eq!(field(&refused(&[("checks.5000.measure", "T")])), "5000");
        assert_eq!(refused(&[("title", "a"), ("title", "b")]).code(), "unfit");
    }

    #[test]
    fn hidden_fields_are_for_the_doors() {
        let sent = sent(&[("title", "T"), ("_once", "k"), ("_page", "/runs")]);
        assert_eq!(sent.once.as_deref(), Some("k"));
        assert_eq!(sent.hidden("_page"), Some("/runs"));
        assert_eq!(sent.values, [("title".to_owned(), "T".to_owned())]);
    }

    #[tokio::test]
    async fn json_numbers_and_truth_values_are_read_like_texts() {
        let body = r#"{"title": 5, "checks": [{"measure": true, "threshold": null}, {"threshold": 0.5}]}"#;
        let request = Request::post("/").header("content-type", "application/json").body(body.into()).unwrap();
        let draft: Draft = Sent::json(request).await.unwrap().draft().unwrap();
        assert_eq!(draft.title, "5");
        assert_eq!(draft.checks[0], Check { measure: "on".into(), threshold: String::new() });
        assert_eq!(draft.checks[1].threshold, "0.5");
    }

    fn json(body: &str) -> Sent {
        Sent { json: Some(plain(serde_json::from_str(body).unwrap())), ..Sent::default() }
    }

    #[test]
    fn what_does_not_read_is_named_by_its_whole_path() {
        for (body, path) in [
            (r#"{"titel": 1}"#, "titel"),
            (r#"{"title": []}"#, "title"),
            (r#"{"services": "ingest"}"#, "services"),
            (r#"{"services": ["a", {}]}"#, "services.1"),
            (r#"{"services": ["a", null]}"#, "services.1"),
            (r#"{"services": [false]}"#, "services.0"),
            (r#"{"checks": [{}, null]}"#, "checks.1"),
            (r#"{"checks": [{}, {"threshold": [1]}]}"#, "checks.1.threshold"),
            (r#"{"checks": [{"tresh": 1}]}"#, "checks.0.tresh"),
        ] {
            assert_eq!(field(&json(body).draft::<Draft>().unwrap_err()), path, "{body}");
        }
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Edit {
        title: String,
        version: String,
    }

    #[test]
    fn the_version_of_a_header_stands_for_the_field() {
        let version = |body: &str, header: &str| {
            let read: Result<Edit, Refusal> = json(body).draft_of(header);
            read.map(|edit| edit.version).map_err(|refusal| field(&refusal).to_owned())
        };
        assert_eq!(version(r#"{"title": "T"}"#, "3"), Ok("3".into()));
        assert_eq!(version(r#"{"version": 3}"#, "2,3"), Ok("3".into()));
        assert_eq!(version(r#"{"version": 3}"#, "*"), Ok("3".into()));
        assert_eq!(version(r#"{"version": 4}"#, "3"), Err("version".into()));
        assert_eq!(version(r#"{"titel": 4}"#, "3"), Err("titel".into()));
        let without: Result<Draft, Refusal> = json(r#"{"title": "T"}"#).draft_of("3");
        assert_eq!(field(&without.unwrap_err()), IF_MATCH);
    }

    #[tokio::test]
    async fn a_field_that_would_be_passed_over_is_refused_by_name() {
        let request = Request::post("/").header("content-type", "application/json").body(r#"{"title": "T"}"#.into());
        let sent = Sent::json(request.unwrap()).await.unwrap();
        assert_eq!(sent.refuse_all_but(Fields::All), Ok(()));
        assert_eq!(sent.refuse_all_but(Fields::Only(&["title"])), Ok(()));
        assert_eq!(field(&sent.refuse_all_but(Fields::Without(&["title"])).unwrap_err()), "title");
    }

    #[tokio::test]
    async fn a_body_of_another_type_is_not_read() {
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json"] {
            let request = Request::post("/").header("content-type", kind).body("a=1".into()).unwrap();
            assert!(matches!(Sent::form(request).await, Err(NotRead::WrongType)), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded"] {
            let request = Request::post("/").header("content-type", kind).body("{}".into()).unwrap();
            assert!(matches!(Sent::json(request).await, Err(NotRead::WrongType)), "{kind}");
        }
        let request = Request::post("/").header("content-type", "application/json").body("[1]".into()).unwrap();
        assert!(matches!(Sent::json(request).await, Err(NotRead::Broken(_))));
    }
}
