//! What a query finds, as comma-separated values: any list, taken elsewhere.

use axum::{
    extract::State,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use notebook::{
    desk::Desk,
    fault::Result,
    limits::SEARCH_RANKED_MAX,
    paging::Rows,
    refusal::Refusal,
    search::{
        acts::{self, Asked, Hit},
        names,
    },
    shapes::Param,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::Asking;
use crate::{
    guard::Seat,
    operations::{Doors, look},
    reply,
    state::AppState,
};

/// So many parts of what matches are judged for one table; who asks for rare states of a big notebook would wait
/// for all of it.
const PARTS_MAX: usize = 10;

const CSV: &str = "text/csv; charset=utf-8";

pub fn doors() -> Doors {
    Doors::of("search", "")
        .read(
            "/search/csv",
            csv,
            look("csv", "Search, and take what is found as comma-separated values: at most 2,000 lines.")
                .asks::<Sought>()
                .answers_text("text/csv"),
        )
        .file("/search.csv", csv)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Sought {
    /// What to look for; nothing is everything.
    #[schemars(with = "Param<String>")]
    q: String,
}

async fn csv(
    State(state): State<AppState>,
    Seat(desk): Seat,
    Asking(sought): Asking<Sought>,
    parts: Parts,
) -> Response {
    let text = match table(&desk, &sought.q).await {
        Ok(text) => text,
        Err(error) => return reply::stopped(&state, &parts, error).await,
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(CSV)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"search.csv\"")),
    ];
    (headers, text).into_response()
}

async fn table(desk: &Desk, text: &str) -> Result<String> {
    let mut asked = Asked { query: names::read(desk, text).await?, rows: Rows::most(), ..Asked::default() };
    let mut lines = vec!["id,kind,states,measured,possible,created_at,title".to_owned()];
    let most = usize::try_from(SEARCH_RANKED_MAX).unwrap_or(usize::MAX);
    let mut parts = 0;
    loop {
        let found = acts::search(desk, &asked).await?;
        parts += usize::from(found.unjudged);
        if parts > PARTS_MAX {
            let says = "asks for states of more things than are looked at for one table; add words, a service or dates";
            return Err(Refusal::unfit("q", says).into());
        }
        lines.extend(found.hits.iter().map(line));
        asked.after = found.next;
        if asked.after.is_none() || lines.len() > most {
            break;
        }
    }
    Ok(lines.join("\r\n") + "\r\n")
}

fn line(hit: &Hit) -> String {
    let states = hit.state.map(acts::State::words).unwrap_or_default().join(" ");
    let states = if hit.unreadable { "unreadable".to_owned() } else { states };
    let title: String = hit.title.iter().map(|piece| piece.text.as_str()).collect();
    let possible = if hit.possible { "yes" } else { "" };
    let measured = hit.shows.as_deref().unwrap_or_default();
    let created = hit.created_at.rfc3339();
    let kind = hit.kind.word();
    [hit.object.as_str(), kind, states.as_str(), measured, possible, created.as_str(), title.as_str()]
        .map(cell)
        .join(",")
}

/// A value as RFC 4180 has it. What a spreadsheet would take for a formula is a text.
fn cell(text: &str) -> String {
    let text =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_ends_where_it_should_and_is_no_formula() {
        assert_eq!(cell("alerts stop"), "alerts stop");
        assert_eq!(cell("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-x,y"), "\"'-x,y\"");
    }
}
