//! The API for people: every operation with its fields, its answers and a line to try it with.

mod operation;
mod shape;

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::ask;
use crate::frame::{Crumb, Frame};
use crate::instead::InsteadPage;
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;

use operation::Operation;
use shape::Shape;

/// What can be asked for, ready to be read. The server provides it for this page alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiDocs {
    pub words: Vec<ApiWord>,
    /// Whatever has a name in fields and answers.
    pub shapes: Vec<ApiShape>,
    /// Every way to be refused, by status.
    pub problems: Vec<ApiAnswer>,
}

/// Operations about one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiWord {
    pub name: String,
    pub says: String,
    pub operations: Vec<ApiOperation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiOperation {
    /// The fragment of its address on its page, too.
    pub id: String,
    pub method: String,
    pub address: String,
    pub says: String,
    pub more: String,
    /// Path, query and headers.
    pub parameters: Vec<ApiField>,
    pub fields: Vec<ApiField>,
    pub answers: Vec<ApiAnswer>,
    /// Statuses it can be refused with.
    pub refusals: Vec<String>,
    /// JSON to send.
    pub example: Option<String>,
    /// Whether it takes JSON at all.
    pub sends: bool,
    pub needs_token: bool,
}

impl ApiOperation {
    /// Names of the shapes it names itself.
    fn shapes(&self) -> impl Iterator<Item = String> {
        let fields = self.parameters.iter().chain(&self.fields).map(|field| &field.kind);
        fields.chain(self.answers.iter().map(|answer| &answer.kind)).filter_map(|kind| kind.shape.clone())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiField {
    pub name: String,
    /// Where it stands: "path", "query", "header" or nothing for a field of the body.
    pub place: String,
    pub kind: ApiKind,
    pub needed: bool,
    pub says: String,
}

/// What a value is, in words around the name of a shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiKind {
    pub before: String,
    pub shape: Option<String>,
    pub after: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    pub status: String,
    pub says: String,
    pub kind: ApiKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiShape {
    pub name: String,
    pub says: String,
    /// What it is where it is no object with fields.
    pub kind: Option<ApiKind>,
    pub fields: Vec<ApiField>,
}

impl ApiShape {
    /// Names of the shapes it names itself.
    fn shapes(&self) -> impl Iterator<Item = String> {
        let fields = self.fields.iter().map(|field| &field.kind);
        fields.chain(&self.kind).filter_map(|kind| kind.shape.clone())
    }
}

/// The rules, and where to find each operation.
#[component]
pub fn ApiPage() -> impl IntoView {
    // Only an address below `/api/` leads here, and the server brings what it describes.
    let Some(docs) = use_context::<ApiDocs>() else { return view! { <InsteadPage/> }.into_any() };
    let words: Vec<_> = docs.words.iter().map(word_listed).collect();
    let jumps = docs.words.iter().map(|word| (format!("#{}", word.name), titled(&word.name)));
    let jumps: Vec<_> = jumps.chain([("#refusals".to_owned(), "When it is refused".to_owned())]).collect();
    view! {
        <Frame crumbs=vec![help(), Crumb { label: "API".into(), href: None }]>
            <PageTitle text="API"/>
            <PageHead title="API for programs"/>
            <div class="page">
                <div class="stack">
                    <Rules/>
                    {words}
                    <section id="refusals"><h2>"When it is refused"</h2>{refusals(docs.problems)}</section>
                </div>
                {on_this_page(jumps)}
            </div>
        </Frame>
    }
    .into_any()
}

/// One word's operations, and every shape they name.
#[component]
pub fn ApiWordPage() -> impl IntoView {
    let asked = ask::param_text("word");
    let docs = use_context::<ApiDocs>();
    let found = docs.and_then(|docs| {
        let ApiDocs { words, shapes, .. } = docs;
        words.into_iter().find(|word| word.name == asked).map(|word| (shapes_of(&word, shapes), word))
    });
    let Some((shapes, word)) = found else { return view! { <InsteadPage/> }.into_any() };
    let title = titled(&word.name);
    let jumps = word.operations.iter().map(|operation| (format!("#{}", operation.id), operation.says.clone()));
    let jumps: Vec<_> = jumps.chain([("#shapes".to_owned(), "Shapes".to_owned())]).collect();
    let operations: Vec<_> =
        word.operations.into_iter().map(|operation| view! { <Operation operation=operation/> }).collect();
    let shapes: Vec<_> = shapes.into_iter().map(|shape| view! { <Shape shape=shape/> }).collect();
    let api = Crumb { label: "API".into(), href: Some(paths::API_DOCS.into()) };
    view! {
        <Frame crumbs=vec![help(), api, Crumb { label: title.clone(), href: None }]>
            <PageTitle text=format!("{title} in the API")/>
            <PageHead title=format!("API: {}", word.name)/>
            <div class="page">
                <div class="stack">
                    <p>{word.says}</p>
                    {operations}
                    <section id="shapes" class="stack"><h2>"Shapes"</h2>{shapes}</section>
                </div>
                {on_this_page(jumps)}
            </div>
        </Frame>
    }
    .into_any()
}

fn help() -> Crumb {
    Crumb { label: "Help".into(), href: Some(paths::help()) }
}

fn on_this_page(jumps: Vec<(String, String)>) -> AnyView {
    let jumps: Vec<_> = jumps.into_iter().map(|(href, label)| view! { <li><a href=href>{label}</a></li> }).collect();
    view! {
        <aside class="stack">
            <nav class="card" aria-label="On this page"><h2>"On this page"</h2><ul class="plain">{jumps}</ul></nav>
        </aside>
    }
    .into_any()
}

fn word_listed(word: &ApiWord) -> AnyView {
    let page = paths::api_word(&word.name);
    let operations: Vec<_> = word
        .operations
        .iter()
        .map(|operation| {
            let place = format!("{page}#{}", operation.id);
            view! { <li><a href=place>{operation.says.clone()}</a></li> }
        })
        .collect();
    view! {
        <section id=word.name.clone()>
            <h2><a href=page.clone()>{titled(&word.name)}</a></h2>
            <p>{word.says.clone()}</p>
            <ul>{operations}</ul>
        </section>
    }
    .into_any()
}

/// The shapes that a word's operations name, and those that these name in turn, in their order.
fn shapes_of(word: &ApiWord, shapes: Vec<ApiShape>) -> Vec<ApiShape> {
    let mut named: BTreeSet<String> = word.operations.iter().flat_map(ApiOperation::shapes).collect();
    loop {
        let known = named.len();
        let in_turn = shapes.iter().filter(|shape| named.contains(&shape.name)).flat_map(ApiShape::shapes);
        let in_turn: Vec<String> = in_turn.collect();
        named.extend(in_turn);
        if named.len() == known {
            return shapes.into_iter().filter(|shape| named.contains(&shape.name)).collect();
        }
    }
}

/// A word at the beginning of a line.
fn titled(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[component]
fn Rules() -> impl IntoView {
    view! {
        <section class="stack">
            <p>
                "Every act of the pages can be done by a program. Make a token under "
                <a href=format!("{}#tokens", paths::profile())>"Profile"</a>
                ", keep it in " <code>"RETRIAL_TOKEN"</code> " and this notebook's address in " <code>"RETRIAL_URL"</code>
                ". The same description for tools is at " <a href="/api/v1/openapi.json"><code>"/api/v1/openapi.json"</code></a> "."
            </p>
            <ul>
                <li>"Bodies are JSON objects. A value may be a text, a number, true, false or null: 5 and \"5\" are the same, true ticks a box, null is nothing. A field nobody knows is refused."</li>
                <li>"Instants in answers are microseconds since 1970 UTC. Instants that are sent are texts: 2026-11-22T14:03:00Z, 14:03 today, or -3m for three minutes ago, in the zone of the token's person."</li>
                <li>"An edit says which version it began from: in " <code>"If-Match"</code> ", or in the field " <code>"version"</code> "."</li>
                <li>"Send an " <code>"Idempotency-Key"</code> " with whatever may be sent twice; it is done once."</li>
                <li>"Lists are pages. " <code>"Link"</code> " has the whole address of the next one."</li>
                <li>"Fields are only ever added. Read past what you do not know."</li>
            </ul>
        </section>
    }
    .into_any()
}

fn refusals(problems: Vec<ApiAnswer>) -> AnyView {
    let rows: Vec<_> = problems
        .into_iter()
        .map(|problem| view! { <tr><th scope="row"><code>{problem.status}</code></th><td>{problem.says}</td></tr> })
        .collect();
    view! {
        <p>"A refusal is an " <code>"application/problem+json"</code> ": " <code>"code"</code> " is a word that never changes, " <code>"detail"</code> " a sentence for people, and " <code>"fields"</code> " names each field to mend by its path, like " <code>"checks.0.threshold"</code> "."</p>
        <TableRegion id="statuses" caption="Refusals by status" unseen_caption=true>
            <thead><tr><th scope="col">"Status"</th><th scope="col">"When"</th></tr></thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

/// What a value is; a shape's name leads to it.
fn kind(kind: ApiKind) -> AnyView {
    let shape = kind.shape.map(|name| {
        let place = format!("#shape-{name}");
        view! { <a href=place><code>{name}</code></a> }
    });
    view! { {kind.before}{shape}{kind.after} }.into_any()
}

/// A sentence in which code stands between backticks.
fn sentence(text: &str) -> AnyView {
    let parts: Vec<AnyView> = text
        .split('`')
        .enumerate()
        .map(|(n, part)| {
            let part = part.to_owned();
            if n % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect();
    parts.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_apart_in_a_sentence() {
        let html = Owner::new().with(|| sentence("`of` is the run's id <b>.").to_html());
        assert!(html.contains("<code>of</code> is the run"), "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_words_shapes_are_all_that_it_leads_to_and_no_others() {
        let kind = |shape: &str| ApiKind { shape: Some(shape.into()), ..ApiKind::default() };
        let field = |shape: &str| ApiField {
            name: "f".into(),
            place: String::new(),
            kind: kind(shape),
            needed: false,
            says: String::new(),
        };
        let shape = |name: &str, leads: &[&str]| ApiShape {
            name: name.into(),
            says: String::new(),
            kind: None,
            fields: leads.iter().map(|shape| field(shape)).collect(),
        };
        let answers = vec![ApiAnswer { status: "200".into(), says: String::new(), kind: kind("Run") }];
        let operation = ApiOperation { answers, ..operation::tests::start() };
        let word = ApiWord { name: "runs".into(), says: String::new(), operations: vec![operation] };
        let all = vec![shape("Check", &["Run"]), shape("Other", &[]), shape("Run", &["Check"])];
        let names: Vec<String> = shapes_of(&word, all).into_iter().map(|shape| shape.name).collect();
        assert_eq!(names, ["Check", "Run"]);
    }

    #[test]
    fn a_word_begins_its_line_with_a_capital() {
        assert_eq!(titled("runs"), "Runs");
        assert_eq!(titled(""), "");
    }
}
