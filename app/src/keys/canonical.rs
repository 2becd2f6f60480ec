//! The address under which a page is passed on, and what it shows.

use notebook::text::Slug;

use crate::parts::prose_links::{Piece, pieces};
use crate::paths;

/// What only one reader asked for: that the page loads itself again.
const OWN: [&str; 1] = ["refresh"];

/// Of a page's path and query: its id in capitals, and nothing that is one reader's own.
pub fn canonical(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let id = path.split('/').nth(2).unwrap_or_default().to_uppercase();
    let mut steps: Vec<&str> = path.split('/').collect();
    // A service may be called like an id.
    let is_id = matches!(pieces(&id).as_slice(), [Piece::Record(_, href)] if *href == format!("/{}/{id}", steps[1]));
    if is_id {
        steps[2] = &id;
    }
    let is_own = |part: &&str| OWN.contains(&part.split('=').next().unwrap_or_default());
    let kept = query.split('&').filter(|part| !part.is_empty() && !is_own(part)).map(str::to_owned);
    paths::with_query(&steps.join("/"), &kept.collect::<Vec<_>>())
}

/// The name of the thing that a page shows, whatever part of it: an id, or the slug of a service.
pub fn opened(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let mut steps = path.split('/').skip(1);
    let (kind, name) = (steps.next()?, steps.next()?);
    let id = name.to_uppercase();
    match pieces(&id).as_slice() {
        [Piece::Record(_, href)] => (*href == format!("/{kind}/{id}")).then(|| id.clone()),
        _ if format!("/{kind}") == paths::services() && name != "new" => {
            Slug::new(name).ok().map(|slug| slug.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_passed_on_without_what_is_one_readers_own() {
        for (address, expected) in [
            ("/", "/"),
            ("/runs/run-317?refresh=15", "/runs/RUN-317"),
            ("/runs/RUN-317/report?refresh=15&x=1", "/runs/RUN-317/report?x=1"),
            ("/findings?q=is%3Aopen&view=all", "/findings?q=is%3Aopen&view=all"),
            ("/experiments/demo-exp-3", "/experiments/DEMO-EXP-3"),
            ("/services/run-3", "/services/run-3"),
            ("/runs/new?experiment=exp-1", "/runs/new?experiment=exp-1"),
        ] {
            assert_eq!(canonical(address), expected);
        }
    }

    #[test]
    fn a_page_shows_the_thing_of_its_address_or_none() {
        for (address, expected) in [
            ("/runs/run-317/live?refresh=15", Some("RUN-317")),
            ("/experiments/demo-exp-3/plan/2..3", Some("DEMO-EXP-3")),
            ("/services/ingest", Some("ingest")),
            ("/services/run-3", None),
            ("/services/new", None),
            ("/services?q=a", None),
            ("/runs/new?experiment=EXP-1", None),
            ("/runs", None),
            ("/", None),
        ] {
            assert_eq!(opened(address).as_deref(), expected, "{address}");
        }
    }
}
