//! What else people look for: things of other kinds, phrases among the same words apart, a word of which there are too
//! many, and things that are worth more or less. What only mentions the same words is newer than what is looked for,
//! so that age alone brings nothing to the top.

use notebook::{
    actor::Role,
    decisions,
    desk::Desk,
    experiments::{
        self,
        observed::{self, ObservedDraft},
    },
    fixes, gamedays, retrials,
};

use super::{Numbers, finding};
use crate::{each_db::Book, gamedays::quorum_day};

/// Words that stand beside each other in the title of one thing. Observations have no title.
const THINGS: [(&str, &str); 12] = [
    ("ledger", "writer"),
    ("geo", "router"),
    ("backpressure", "importer"),
    ("canary", "drains"),
    ("jittered", "reconnects"),
    ("smaller", "shards"),
    ("mainframe", "underground"),
    ("pagerless", "weekends"),
    ("quarterly", "breakfast"),
    ("datacentre", "evacuation"),
    ("tunnel", "flapped"),
    ("humidity", "doubled"),
];
const PHRASES: [(&str, &str); 6] = [
    ("split", "brain"),
    ("thundering", "herd"),
    ("cold", "cache"),
    ("clock", "skew"),
    ("poison", "message"),
    ("zombie", "lease"),
];

/// Findings behind those of the first set, each group from its own number on.
const FAILOVERS: std::ops::RangeInclusive<usize> = 5_001..=7_200;
const APART: usize = 7_201;
const HANDSHAKES: usize = 7_301;
const CHECKSUMS: usize = 7_401;
const MENTIONS: usize = 7_501;

pub async fn seed(book: &Book) {
    things(book).await;
    let (mut rows, mut numbers) = (String::new(), Numbers(11));
    failovers(&mut rows, &mut numbers);
    phrases(&mut rows, &mut numbers);
    handshakes(&mut rows, &mut numbers);
    checksums(&mut rows, &mut numbers);
    mentions(&mut rows, &mut numbers);
    let insert = "insert into findings
        (id, title, kind, severity, experiment, origin, environment, body, created_at, version) values";
    book.execute(&format!("{insert} {rows};")).await;
}

/// Two of each kind that has a title, and two observations.
async fn things(book: &Book) {
    book.execute(
        "insert into services (slug, name, description, stateful, single_point, created_at, version) values
            ('ledger-writer', 'Ledger writer', 'Writes down what was paid', false, false, 1, 1),
            ('geo-router', 'Geo router', 'Sends people to the nearest place', false, false, 1, 1)",
    )
    .await;
    let eve = book.person("Eve", Role::Contributor).await;
    experiment(&eve, "Backpressure reaches the importer", "tunnel flapped at noon").await;
    experiment(&eve, "Canary drains gracefully", "humidity doubled at dusk").await;
    for title in ["Jittered reconnects", "Smaller shards"] {
        let draft = fixes::drafts::Draft {
            title: title.into(),
            findings: vec!["FND-1".into()],
            ..fixes::drafts::Draft::default()
        };
        fixes::acts::propose(&eve, &draft).await.unwrap();
    }
    for title in ["Mainframe underground stays", "Pagerless weekends"] {
        let draft = decisions::drafts::Draft {
            kind: "accept_the_risk".into(),
            title: title.into(),
            claims: vec!["EXP-1".into()],
            until: "2027-03-31".into(),
            ..decisions::drafts::Draft::default()
        };
        retrials::acts::decide(&eve, &draft).await.unwrap();
    }
    for (title, date) in [("Quarterly breakfast", "2026-11-24"), ("Datacentre evacuation", "2026-11-25")] {
        let draft = gamedays::drafts::Draft { title: title.into(), date: date.into(), ..quorum_day(&[]) };
        gamedays::acts::write(&eve, &draft).await.unwrap();
    }
}

async fn experiment(desk: &Desk, title: &str, seen: &str) {
    let draft =
        experiments::Draft { title: title.into(), services: vec!["kafka".into()], ..experiments::Draft::default() };
    let id = experiments::acts::create(desk, &draft).await.unwrap().id;
    let seen = ObservedDraft { text: seen.into(), ..ObservedDraft::default() };
    observed::observe(desk, id, &seen).await.unwrap();
}

/// More than are ranked mention it once. The oldest is about it, and is not among those.
fn failovers(rows: &mut String, numbers: &mut Numbers) {
    for id in FAILOVERS {
        let (before, behind) = (numbers.sentence(20), numbers.sentence(40));
        match id {
            5_001 => finding(rows, id, "Failover of the pager stuck", &before),
            6_900 => finding(rows, id, "Failover ended somewhere else entirely", &before),
            7_000 => finding(rows, id, "Failover began and never ended", &before),
            _ => finding(rows, id, &numbers.sentence(5), &format!("{before} failover {behind}")),
        }
    }
}

/// Of each phrase four: about it, mentioning it, about both words apart, and mentioning them apart.
fn phrases(rows: &mut String, numbers: &mut Numbers) {
    for (at, (one, other)) in PHRASES.into_iter().enumerate() {
        let id = APART + 4 * at;
        let texts: Vec<String> = (0..8).map(|_| numbers.sentence(20)).collect();
        let (both, again) = (format!("{one} {other}"), format!("{one} {other} and {one} {other}"));
        finding(rows, id, &format!("{both} of two"), &format!("{} {again} {}", texts[0], texts[1]));
        finding(rows, id + 1, &numbers.sentence(5), &format!("{} {both} {}", texts[2], texts[3]));
        finding(rows, id + 2, &format!("{other} of a pager that {one}"), &format!("{} {}", texts[4], texts[5]));
        finding(rows, id + 3, &numbers.sentence(5), &format!("{} {one} {} {other}", texts[6], texts[7]));
    }
}

/// One that is about it and says it again, eight that are about it, sixteen that mention it.
fn handshakes(rows: &mut String, numbers: &mut Numbers) {
    for at in 0..25 {
        let (before, behind) = (numbers.sentence(20), numbers.sentence(20));
        let (title, summary) = match at {
            0 => ("Handshake never came to an end".to_owned(), format!("{before} handshake {behind} handshake")),
            1..=8 => (format!("Handshake came apart on day {at}"), format!("{before} {behind}")),
            _ => (numbers.sentence(6), format!("{before} handshake {behind}")),
        };
        finding(rows, HANDSHAKES + at, &title, &summary);
    }
}

/// What mentions it three times is less about it than what is called so.
fn checksums(rows: &mut String, numbers: &mut Numbers) {
    for at in 0..31 {
        let (before, behind) = (numbers.sentence(20), numbers.sentence(20));
        let (title, summary) = match at {
            0 => ("Checksum of everything was wrong".to_owned(), format!("{before} checksum {behind} checksum")),
            1..=10 => (format!("Checksum wrong on day {at}"), format!("{before} {behind}")),
            _ => (numbers.sentence(5), format!("{before} checksum checksum {behind} checksum")),
        };
        finding(rows, CHECKSUMS + at, &title, &summary);
    }
}

/// Of the words of each thing one that mentions both, far apart, and one that is called by the first.
fn mentions(rows: &mut String, numbers: &mut Numbers) {
    for (at, (one, other)) in THINGS.into_iter().enumerate() {
        let texts: Vec<String> = (0..4).map(|_| numbers.sentence(20)).collect();
        let (far, called) = (MENTIONS + 2 * at, MENTIONS + 2 * at + 1);
        finding(rows, far, &numbers.sentence(5), &format!("{} {one} {} {other}", texts[0], texts[1]));
        finding(rows, called, &format!("{one} that nobody had seen"), &format!("{} {other} {}", texts[2], texts[3]));
    }
}
