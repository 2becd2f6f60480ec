//! What a query finds, as comma-separated values: any list, taken elsewhere.

use std::io;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream::unfold};
use notebook::{
    desk::Desk,
    fault::Result,
    limits::SEARCH_RANKED_MAX,
    paging::Rows,
    refusal::Refusal,
    search::{
        Sort,
        acts::{self, Asked, Finds, Hit},
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

const CSV: &str = "text/csv; charset=utf-8";
const HEAD: &str = "id,kind,states,measured,possible,created_at,title\r\n";

pub fn doors() -> Doors {
    Doors::of("search", "")
        .read(
            "/search/csv",
            csv,
            look("csv", "Search, and take all that is found as comma-separated values, newest first.")
                .asks::<Sought>()
                .answers_text("text/csv")
                .more("A table that was sent to its end is whole: one that cannot go on is broken off like any answer. `sort:relevance` is refused where more match than are ranked."),
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
    let table = match Table::begun(desk, &sought.q).await {
        Ok(table) => table,
        Err(error) => return reply::stopped(&state, &parts, error).await,
    };
    let sent = unfold(Some(table), |table| async move {
        let mut table = table?;
        let part = Box::pin(table.part()).await;
        match part {
            Ok(lines) => lines.map(|lines| (Ok(lines), Some(table))),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a table was broken off");
                // Without its end the answer is none, so that nobody takes a part for all of it.
                Some((Err(io::Error::other("the table cannot go on")), None))
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(CSV)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"search.csv\"")),
    ];
    // What packs an answer asks once more after its end.
    (headers, Body::from_stream(sent.fuse())).into_response()
}

/// A table that is read on while it is sent.
struct Table {
    desk: Desk,
    asked: Asked,
    /// Its first lines. Whatever speaks against it is said before them.
    first: Option<String>,
}

impl Table {
    async fn begun(desk: Desk, text: &str) -> Result<Self> {
        let mut query = names::read(&desk, text).await?;
        // Along time nothing is left out, however much there is.
        query.sort.get_or_insert(Sort::Created);
        let order = query.order();
        let mut asked = Asked { query, rows: Rows::most(), ..Asked::default() };
        let found = Box::pin(acts::search(&desk, &asked)).await?;
        if found.bounded && order == Sort::Relevance {
            let says = format!(
                "asks for an order in which the newest {SEARCH_RANKED_MAX} matches are all that is known, and more match; without `sort:` the table holds all of them"
            );
            return Err(Refusal::unfit("q", says).into());
        }
        asked.after = found.next;
        let first = Some(HEAD.to_owned() + &lines(&found));
        Ok(Self { desk, asked, first })
    }

    /// What follows of it; nothing behind its last line.
    async fn part(&mut self) -> Result<Option<String>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        // Of things that are judged a part may hold none that stands as asked.
        while self.asked.after.is_some() {
            let found = Box::pin(acts::search(&self.desk, &self.asked)).await?;
            self.asked.after = found.next;
            if !found.hits.is_empty() {
                return Ok(Some(lines(&found)));
            }
        }
        Ok(None)
    }
}

fn lines(found: &Finds) -> String {
    found.hits.iter().map(line).collect()
}

fn line(hit: &Hit) -> String {
    let states = hit.state.map(acts::State::words).unwrap_or_default().join(" ");
    let states = if hit.unreadable { "unreadable".to_owned() } else { states };
    let title: String = hit.title.iter().map(|piece| piece.text.as_str()).collect();
    let possible = if hit.possible { "yes" } else { "" };
    let measured = hit.shows.as_deref().unwrap_or_default();
    let created = hit.created_at.rfc3339();
    let kind = hit.kind.word();
    let cells = [hit.object.as_str(), kind, states.as_str(), measured, possible, created.as_str(), title.as_str()];
    cells.map(cell).join(",") + "\r\n"
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
