//! Addresses of what is searched and saved as views.

use notebook::search::Found;
use notebook::views::View;

use super::{encoded, experiments, findings, runs, with_query};

pub fn search() -> String {
    "/search".into()
}

pub fn views() -> String {
    "/views".into()
}

pub fn view(id: i64) -> String {
    format!("/views/{id}")
}

/// All saved views, where queries are asked.
pub fn saved_views() -> String {
    search() + "#views"
}

/// What a view opens: its list as it was saved, or the search page.
pub fn opened(view: &View) -> String {
    let (list, mut parts) = match view.list {
        Some(Found::Experiment) => (experiments(), Vec::new()),
        Some(Found::Run) => (runs(), Vec::new()),
        // Its query says itself what needs action.
        Some(Found::Finding) => (findings(), vec!["view=all".to_owned()]),
        _ => return search_for(&view.query),
    };
    parts.push(format!("q={}", encoded(&view.query)));
    parts.extend((!view.columns.is_empty()).then(|| format!("cols={}", view.columns)));
    parts.extend(view.group.map(|group| format!("group={}", group.word())));
    with_query(&list, &parts)
}

/// What a query finds.
pub fn search_for(query: &str) -> String {
    if query.is_empty() { search() } else { format!("/search?q={}", encoded(query)) }
}

/// The same as comma-separated values.
pub fn search_csv(query: &str) -> String {
    format!("/search.csv?q={}", encoded(query))
}

/// The same as JSON, a page at a time.
pub fn search_json(query: &str) -> String {
    format!("/api/v1/search?q={}", encoded(query))
}

/// The same behind a place.
pub fn search_after(query: &str, place: &str) -> String {
    format!("/search?q={}&after={}", encoded(query), encoded(place))
}

/// The services whose owner is to be confirmed, as JSON; `query` is a part of the address.
pub fn services_to_confirm_json(query: Option<String>) -> String {
    let parts: Vec<String> = std::iter::once("confirm=on".to_owned()).chain(query).collect();
    with_query("/api/v1/services", &parts)
}
