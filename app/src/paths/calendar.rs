//! Addresses of what is when.

use notebook::id::ExperimentId;

use super::with_query;

/// What is planned when, and who is there.
pub fn calendar() -> String {
    "/calendar".into()
}

/// A view of the calendar around a date; of one team, unless the slug is empty.
pub fn calendar_view(view: &str, from: &str, team: &str) -> String {
    let mut pairs = vec![format!("view={view}"), format!("from={from}")];
    if !team.is_empty() {
        pairs.push(format!("team={team}"));
    }
    with_query(&calendar(), &pairs)
}

/// The secret addresses at which other calendars read it.
pub fn subscriptions() -> String {
    "/calendar/subscriptions".into()
}

/// One of them, for acts about it.
pub fn subscription(number: i64) -> String {
    format!("/calendar/subscriptions/{number}")
}

/// Where a calendar is read.
pub fn ics(token: &str) -> String {
    format!("/calendar/{token}.ics")
}

/// The secret in such an address.
pub fn ics_token(path: &str) -> Option<&str> {
    path.strip_prefix("/calendar/")?.strip_suffix(".ics").filter(|token| !token.contains('/'))
}

/// The reruns of an experiment that come again and again.
pub fn cadence(id: ExperimentId) -> String {
    format!("/experiments/{id}/cadence")
}
