//! One operation: what it takes, what it answers, and a line to try it with.

use leptos::prelude::*;

use super::{ApiAnswer, ApiField, ApiOperation, kind, sentence};
use crate::parts::table::TableRegion;
use crate::paths;

#[component]
pub fn Operation(operation: ApiOperation) -> impl IntoView {
    let curl = curl(&operation);
    let ApiOperation { id, method, address, says, more, parameters, fields, answers, refusals, .. } = operation;
    let parameters = table(&id, "parameters", "Parameters", parameters);
    let fields = table(&id, "fields", "Fields", fields);
    view! {
        <article id=id class="stack">
            <h3>{says}</h3>
            <p><code>{method}" "{address}</code></p>
            <p class="muted">{sentence(&more)}</p>
            {parameters}
            {fields}
            {answered(answers, &refusals)}
            <pre><code>{curl}</code></pre>
        </article>
    }
    .into_any()
}

fn table(operation: &str, part: &str, caption: &str, fields: Vec<ApiField>) -> Option<AnyView> {
    if fields.is_empty() {
        return None;
    }
    // Named after its operation: among so many tables "Fields" alone leads nowhere.
    Some(field_table(format!("{operation}-{part}"), format!("{caption} of {operation}"), fields))
}

/// Fields in their own order, the needed ones marked in words.
pub fn field_table(id: String, caption: String, fields: Vec<ApiField>) -> AnyView {
    let rows: Vec<_> = fields.into_iter().map(row).collect();
    view! {
        <TableRegion id=id caption=caption>
            <thead><tr><th scope="col">"Name"</th><th scope="col">"Is"</th><th scope="col">"Means"</th></tr></thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn row(field: ApiField) -> AnyView {
    let place = (!field.place.is_empty()).then(|| format!(" in the {}", field.place));
    let needed = field.needed.then_some(", needed");
    view! {
        <tr>
            <th scope="row"><code>{field.name}</code>{place}</th>
            <td>{kind(field.kind)}{needed}</td>
            <td>{sentence(&field.says)}</td>
        </tr>
    }
    .into_any()
}

fn answered(answers: Vec<ApiAnswer>, refusals: &[String]) -> AnyView {
    let lines: Vec<_> = answers
        .into_iter()
        .map(|answer| {
            view! { <li><code>{answer.status}</code>" "{sentence(&answer.says)}" "{kind(answer.kind)}</li> }
        })
        .collect();
    let refusals = refusals.join(", ");
    view! {
        <ul class="plain">
            {lines}
            <li><a href=format!("{}#refusals", paths::API_DOCS)>"Refused with"</a>" "{refusals}</li>
        </ul>
    }
    .into_any()
}

/// A line for a shell. What stands for a thing in the address is written in capitals.
fn curl(operation: &ApiOperation) -> String {
    let address: String = operation
        .address
        .split('/')
        .map(|part| {
            part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).map_or(part.to_owned(), str::to_uppercase)
        })
        .collect::<Vec<_>>()
        .join("/");
    let mut lines = vec!["curl -fsS".to_owned()];
    if operation.needs_token {
        lines.push("-H \"Authorization: Bearer $RETRIAL_TOKEN\"".to_owned());
    }
    if operation.sends {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        let body = operation.example.as_deref().unwrap_or("{}");
        lines.push(format!("-d '{}'", body.replace('\'', "'\\''")));
    }
    lines.push(format!("\"$RETRIAL_URL{address}\""));
    lines.join(" \\\n  ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn start() -> ApiOperation {
        ApiOperation {
            id: "runs_start".into(),
            method: "POST".into(),
            address: "/api/v1/runs/{id}/start".into(),
            says: "Start a run.".into(),
            more: String::new(),
            parameters: Vec::new(),
            fields: Vec::new(),
            answers: Vec::new(),
            refusals: Vec::new(),
            example: Some("{\"text\": \"it's\"}".into()),
            sends: true,
            needs_token: true,
        }
    }

    #[test]
    fn a_line_to_try_it_with_is_safe_in_a_shell() {
        let operation = start();
        let line = curl(&operation);
        assert!(line.ends_with("\"$RETRIAL_URL/api/v1/runs/ID/start\""), "{line}");
        assert!(line.contains("-d '{\"text\": \"it'\\''s\"}'"), "{line}");
        let read = ApiOperation { sends: false, needs_token: false, ..operation };
        assert!(!curl(&read).contains("-d") && !curl(&read).contains("Bearer"));
    }
}
