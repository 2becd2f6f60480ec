//! What programs read of the queries of a run: how they stand, what they propose, and every reading.

use std::{fmt, str::FromStr};

use axum::response::Response;
use notebook::{
    experiments::plan::{Measured, Outcome},
    id::RunId,
    runs::{
        acts::{self, Read, Shown},
        readings::Standing,
    },
    shapes::{Limit, Param},
    text::Title,
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    doors::asked::{self, Asking},
    paging::List,
    reply::At,
};

/// The answer of a check that readings speak for. A person writes it, or another one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProposedAnswer")]
pub(super) struct Proposed {
    /// `measure|phase|aggregate`
    check: String,
    happened: Measured,
    outcome: Outcome,
    /// The newest reading it rests on.
    at: Option<Moment>,
    /// What it rests on.
    says: String,
}

/// How a watched abort condition stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WatchedCondition")]
pub(super) struct Watched {
    condition: Title,
    /// Which numbers reach it, in words.
    limit: String,
    /// Whether the run is aborted by itself.
    aborts: bool,
    /// `clear`, `pending`, `reached` or `unknown`.
    stands: &'static str,
    /// Since when it is so, where it is reached or about to be.
    since: Option<Moment>,
    /// The newest number, or why there is none.
    now: String,
}

pub(super) fn proposed(shown: &Shown, now: Moment) -> Vec<Proposed> {
    let Some(watched) = &shown.watched else { return Vec::new() };
    let checks = shown.facts.identity.checks.iter();
    let proposals = checks.filter_map(|check| {
        let proposal = watched.proposal(&shown.facts, check, now)?;
        Some(Proposed {
            check: check.key.slot(),
            happened: proposal.measured,
            outcome: proposal.outcome,
            at: proposal.at,
            says: proposal.says,
        })
    });
    proposals.collect()
}

pub(super) fn conditions(shown: &Shown, now: Moment) -> Vec<Watched> {
    let standings = shown.watched.as_ref().map(|watched| watched.standings(&shown.facts, now)).unwrap_or_default();
    let told = standings.into_iter().map(|(_, probe, standing)| {
        let (stands, since) = match &standing {
            Standing::Clear(_) => ("clear", None),
            Standing::Pending { since, .. } => ("pending", Some(*since)),
            Standing::Reached { since, .. } => ("reached", Some(*since)),
            Standing::Unknown(_) => ("unknown", None),
        };
        Watched {
            condition: probe.condition.clone(),
            limit: probe.limit(),
            aborts: probe.aborts,
            stands,
            since,
            now: standing.value_words(),
        }
    });
    told.collect()
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    /// Where the page before ended.
    #[schemars(with = "Param<String>")]
    after: String,
    /// Readings on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// What one query was answered at one moment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Reading")]
struct Line {
    /// The measure, or the abort condition.
    of: String,
    at: Moment,
    /// A decimal number in the unit the query answers in; none where it gave no number.
    value: Option<String>,
    /// Why there is no number.
    unknown: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Readings {
    readings: Vec<Line>,
    /// Whether there are later ones.
    more: bool,
}

/// Where a page ends: a moment and the number of a query.
struct Place(Moment, i64);

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, number) = text.split_once('.').ok_or(())?;
        Ok(Self(Moment::from_micros(at.parse().map_err(drop)?), number.parse().map_err(drop)?))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.micros(), self.1)
    }
}

impl From<Read> for Line {
    fn from(read: Read) -> Self {
        let Read { number: _, name, reading } = read;
        let (value, unknown) = match reading.value {
            Ok(value) => (Some(value.to_string()), None),
            Err(why) => (None, Some(why)),
        };
        Self { of: name, at: reading.at, value, unknown }
    }
}

pub(super) async fn readings(At(id): At<RunId>, Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let after = asked::id::<Place>(&asked.after, "after", "is not where a page ended")?;
        let (found, more) =
            acts::list_readings(list.desk(), id, after.map(|place| (place.0, place.1)), asked::rows(&asked.limit)?)
                .await?;
        let last = found.last().filter(|_| more).map(|read| Place(read.reading.at, read.number).to_string());
        Ok((Readings { readings: found.into_iter().map(Line::from).collect(), more }, last))
    };
    let listed = listed.await;
    list.answer("after", listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_ended_reads_back_and_nothing_else_does() {
        let read = |text: &str| text.parse::<Place>().map(|place| (place.0.micros(), place.1));
        let written = Place(Moment::from_micros(1_793_613_600_000_000), 3).to_string();
        assert_eq!(read(&written), Ok((1_793_613_600_000_000, 3)));
        for text in ["", "3", "a.b", "1.", ".1"] {
            assert_eq!(read(text), Err(()), "{text}");
        }
    }
}
