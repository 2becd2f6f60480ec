//! Every door in one table. What is mounted and what is described come from the same line, so that
//! the description of the API can neither forget a door nor name one that is not there.

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    routing::{get, post},
};
use notebook::{
    actor::{Act, Right},
    people::Scope,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{guard, state::AppState};

/// What stands before an act's address where programs call it.
pub const FACE: &str = "/api/v1";

/// What bodies usually are.
pub const JSON: &[&str] = &["application/json"];

/// A type as JSON: asked only when the description is written.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Routes, and the table of what they do.
#[derive(Default)]
pub struct Doors {
    pub router: Router<AppState>,
    pub table: Table,
    /// What `{name}` in an address stands for.
    names: Vec<Named>,
}

/// What programs and forms can ask of this notebook.
#[derive(Default)]
pub struct Table {
    pub words: Vec<Word>,
    pub operations: Vec<Operation>,
    pub forms: Vec<FormOnly>,
}

/// A group of operations about one word.
#[derive(Clone, Copy)]
pub struct Word {
    pub name: &'static str,
    pub says: &'static str,
}

/// One part of an address that stands for a thing.
#[derive(Clone, Copy)]
pub struct Named {
    pub name: &'static str,
    pub says: &'static str,
    pub shape: Shape,
}

/// A form that programs do not send.
pub struct FormOnly {
    pub path: String,
    pub twin: Twin,
}

/// What a program does instead of sending a form.
pub enum Twin {
    /// The operation with this id does the same.
    Operation(&'static str),
    /// There is nothing to do for it, and why.
    None(&'static str),
}

/// What comes back when it is done.
pub enum Answers {
    Json(Shape),
    /// Any JSON, as it was taken.
    Document,
    /// A text of this type.
    Text(&'static str),
    /// A file of one of these types.
    Files(&'static [&'static str]),
}

/// What is sent.
pub enum Takes {
    /// No fields: no body, or an empty object.
    Nothing,
    Draft {
        shape: Shape,
        reads: fn(&Value) -> Result<(), String>,
    },
    /// Another tool's document, of one of these types.
    Document(&'static [&'static str]),
}

/// Which fields of a draft an act reads: several acts share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    All,
    Only(&'static [&'static str]),
    Without(&'static [&'static str]),
}

impl Fields {
    pub fn has(self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.contains(&field),
            Self::Without(list) => !list.contains(&field),
        }
    }
}

/// One line of the table.
#[expect(clippy::struct_excessive_bools, reason = "a row of a table: each answers a question of its own")]
pub struct Operation {
    pub word: &'static str,
    /// The act's own name.
    pub name: &'static str,
    pub method: Method,
    /// Below [`FACE`].
    pub path: String,
    /// The same door takes a form at this address.
    pub form: Option<String>,
    /// One sentence.
    pub says: &'static str,
    /// What else there is to know; may be empty.
    pub more: &'static str,
    /// What its sender must be allowed to do. None: nobody has to sign in.
    pub act: Option<Act>,
    pub names: Vec<Named>,
    pub asks: Option<Shape>,
    pub takes: Takes,
    /// Fields without which it is always refused, besides those every use of its draft needs.
    pub needs: &'static [&'static str],
    /// Which fields of its draft it reads.
    pub fields: Fields,
    pub answers: Answers,
    /// It makes a thing: 201 and its address.
    pub creates: bool,
    /// It makes a secret: 201, and no second time.
    pub shows_once: bool,
    /// What is read has a version: `ETag`, and 304 to whoever has it.
    pub versioned: bool,
    /// Further statuses with the same answer, and when.
    pub also: &'static [(u16, &'static str)],
    /// It changes a thing that others may have changed meanwhile: `If-Match`, or the field `version`.
    pub edits: bool,
    /// It takes the place of what its field `version` names, if that is still there.
    pub replaces: bool,
    /// It answers a page of a list: `limit`, a cursor, and `Link`.
    pub pages: bool,
    /// Tries are counted, and too many have to wait.
    pub counts_tries: bool,
}

/// An act that takes a right.
pub fn act(name: &'static str, act: Act, says: &'static str) -> Operation {
    Operation {
        word: "",
        name,
        method: Method::POST,
        path: String::new(),
        form: None,
        says,
        more: "",
        act: Some(act),
        names: Vec::new(),
        asks: None,
        takes: Takes::Nothing,
        needs: &[],
        fields: Fields::All,
        answers: Answers::Json(shape::<()>),
        creates: false,
        shows_once: false,
        versioned: false,
        also: &[],
        edits: false,
        replaces: false,
        pages: false,
        counts_tries: false,
    }
}

/// What everybody may read who is signed in.
pub fn look(name: &'static str, says: &'static str) -> Operation {
    act(name, Act::Look, says)
}

/// An act for which nobody has to be signed in: a one-time token in its body is the right to do it.
pub fn open(name: &'static str, says: &'static str) -> Operation {
    Operation { act: None, counts_tries: true, ..act(name, Act::Look, says) }
}

impl Operation {
    /// What clients call it: `runs_start`.
    pub fn id(&self) -> String {
        format!("{}_{}", self.word, self.name)
    }

    pub fn address(&self) -> String {
        format!("{FACE}{}", self.path)
    }

    pub fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    /// The least scope of a token that gets here.
    pub fn scope(&self) -> Option<Scope> {
        self.act?;
        let address = self.address();
        Scope::ALL.into_iter().find(|scope| guard::reaches(*scope, &self.method, &address))
    }

    /// Whether a repeat under the same key can be told apart: only somebody has keys.
    pub fn takes_key(&self) -> bool {
        !self.is_read() && self.act.is_some()
    }

    pub fn right(&self) -> Option<Right> {
        self.act.map(Act::right)
    }

    pub fn makes(&self) -> bool {
        self.creates || self.shows_once
    }

    /// The statuses that say it is done.
    pub fn done(&self) -> Vec<(u16, &'static str)> {
        let usual = match (self.is_read(), self.makes()) {
            (true, _) => (200, "Here it is."),
            (false, true) => (201, "Made."),
            (false, false) => (200, "Done."),
        };
        [usual].into_iter().chain(self.also.iter().copied()).collect()
    }

    #[must_use]
    pub fn takes<D: JsonSchema + DeserializeOwned>(mut self) -> Self {
        let reads = |value: &Value| match serde_json::from_value::<D>(value.clone()) {
            Ok(_) => Ok(()),
            Err(trouble) => Err(trouble.to_string()),
        };
        self.takes = Takes::Draft { shape: shape::<D>, reads };
        self
    }

    #[must_use]
    pub fn takes_document(self) -> Self {
        self.takes_documents(JSON)
    }

    #[must_use]
    pub fn takes_documents(mut self, kinds: &'static [&'static str]) -> Self {
        self.takes = Takes::Document(kinds);
        self
    }

    #[must_use]
    pub fn needs(mut self, fields: &'static [&'static str]) -> Self {
        self.needs = fields;
        self
    }

    /// It reads these fields of its draft; a program that sends others is told.
    #[must_use]
    pub fn only(mut self, fields: &'static [&'static str]) -> Self {
        self.fields = Fields::Only(fields);
        self
    }

    /// It reads all fields of its draft but these.
    #[must_use]
    pub fn without(mut self, fields: &'static [&'static str]) -> Self {
        self.fields = Fields::Without(fields);
        self
    }

    /// Parameters of the address.
    #[must_use]
    pub fn asks<Q: JsonSchema>(mut self) -> Self {
        // Its fields become parameters, so it needs no name of its own.
        self.asks = Some(|generator| Q::json_schema(generator));
        self
    }

    /// A page of a list that can grow.
    #[must_use]
    pub fn pages<Q: JsonSchema>(mut self) -> Self {
        self.pages = true;
        self.asks::<Q>()
    }

    #[must_use]
    pub fn answers<T: JsonSchema>(mut self) -> Self {
        self.answers = Answers::Json(shape::<T>);
        self
    }

    #[must_use]
    pub fn answers_document(mut self) -> Self {
        self.answers = Answers::Document;
        self
    }

    #[must_use]
    pub fn answers_text(mut self, kind: &'static str) -> Self {
        self.answers = Answers::Text(kind);
        self
    }

    #[must_use]
    pub fn answers_files(mut self, kinds: &'static [&'static str]) -> Self {
        self.answers = Answers::Files(kinds);
        self
    }

    #[must_use]
    pub fn creates<T: JsonSchema>(mut self) -> Self {
        self.creates = true;
        self.answers::<T>()
    }

    #[must_use]
    pub fn shows_once<T: JsonSchema>(mut self) -> Self {
        self.shows_once = true;
        self.answers::<T>()
    }

    #[must_use]
    pub fn versioned<T: JsonSchema>(mut self) -> Self {
        self.versioned = true;
        self.answers::<T>()
    }

    #[must_use]
    pub fn replaces<T: JsonSchema>(mut self) -> Self {
        self.replaces = true;
        self.answers::<T>()
    }

    #[must_use]
    pub fn edits<T: JsonSchema>(mut self) -> Self {
        self.edits = true;
        self.answers::<T>()
    }

    #[must_use]
    pub fn also(mut self, done: &'static [(u16, &'static str)]) -> Self {
        self.also = done;
        self
    }

    #[must_use]
    pub fn more(mut self, says: &'static str) -> Self {
        self.more = says;
        self
    }

    #[must_use]
    pub fn counts_tries(mut self) -> Self {
        self.counts_tries = true;
        self
    }
}

impl Doors {
    /// Doors about one word; what follows belongs to it.
    pub fn of(name: &'static str, says: &'static str) -> Self {
        let table = Table { words: vec![Word { name, says }], ..Table::default() };
        Self { table, ..Self::default() }
    }

    /// What `{name}` stands for in the addresses that follow.
    #[must_use]
    pub fn names<T: JsonSchema>(mut self, name: &'static str, says: &'static str) -> Self {
        self.names.push(Named { name, says, shape: shape::<T> });
        self
    }

    /// An act: the same door for a form and for programs.
    #[must_use]
    pub fn act<H, T>(mut self, path: &str, door: H, operation: Operation) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.router = self.router.route(path, post(door.clone()));
        self.program(path, door, Operation { form: Some(path.to_owned()), ..operation })
    }

    /// An act that only programs call.
    #[must_use]
    pub fn program<H, T>(mut self, path: &str, door: H, operation: Operation) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        // The door looks up what it may pass on.
        let door = post(door).layer(Extension(operation.fields));
        self.router = self.router.route(&format!("{FACE}{path}"), door);
        self.note(Method::POST, path, operation)
    }

    /// What programs read.
    #[must_use]
    pub fn read<H, T>(mut self, path: &str, door: H, operation: Operation) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.router = self.router.route(&format!("{FACE}{path}"), get(door));
        self.note(Method::GET, path, operation)
    }

    /// A form that programs do not send.
    #[must_use]
    pub fn form<H, T>(mut self, path: &str, door: H, twin: Twin) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.router = self.router.route(path, post(door));
        self.table.forms.push(FormOnly { path: path.to_owned(), twin });
        self
    }

    /// Something a browser gets that is no page.
    #[must_use]
    pub fn file<H, T>(mut self, path: &str, door: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.router = self.router.route(path, get(door));
        self
    }

    /// The largest body these doors take.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.router = self.router.layer(DefaultBodyLimit::max(bytes));
        self
    }

    /// These doors and those of another word.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.operations.extend(other.table.operations);
        self.table.forms.extend(other.table.forms);
        for word in other.table.words {
            if self.table.words.iter().all(|known| known.name != word.name) {
                self.table.words.push(word);
            }
        }
        self
    }

    fn note(mut self, method: Method, path: &str, operation: Operation) -> Self {
        let word = self.table.words.last().map_or("", |word| word.name);
        let parts = || path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let names = parts().filter_map(|part| self.names.iter().find(|named| named.name == part).copied()).collect();
        self.table.operations.push(Operation { word, method, path: path.to_owned(), names, ..operation });
        self
    }
}
