//! Query strings, a million of them: each is a query that reads back as it was and that the engine answers, or a place
//! with a sentence. A failure names the seed and the number that make the same text again.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use notebook::{
    desk::Desk,
    fault::{Error, Result},
    findings::acts::Filter,
    search::{
        acts::{Asked, search},
        lists,
        parse::parse,
    },
};

use crate::{
    book::Book,
    client::by_many,
    counted::{tell, tries},
};

const ASKERS: usize = 4;
const PIECES_MAX: usize = 12;
/// Every so many are asked of a list, too.
const LISTED_EVERY: usize = 4;

/// What the parser or an engine takes for its own, and what they must not.
const SIGNS: &str = "( ) \" - * : , ' \\ & | ! <-> ^ + { } ~ ;-- % .. @ AND OR NOT type: $1 ?1";
/// What means something, or seems to.
const MEANINGS: &str = "type:finding,run severity:>=high created:>2026-10-01 created:<7d created:2026-W40,2020..today \
    measured:gap>=4.50min is:open is:passed -verdict:due stage:ready owner:@me by:ana@example.org service:ingest \
    service:none team:data,none fault:process-restart env:production experiment:exp-1 run:RUN-1 finding:demo-fnd-2 \
    kind:weakness plan:exp-1@1 fix:fix-1 decision:dec-1 relation:stricter,looser has:fix,owner -has:observation \
    target:zk-1,none target:\"zk\t1\" updated:>2026-10-01 -planned:today started:<7d ended:2026 checked:>180d \
    sort:-updated sort:updated sort:created sort:-created sort:relevance RUN-1 exp-1 restart zookeeper re* zoo* \
    \"restart\tone\" \"a\t'\tb\" (a\tOR\tb) (a\tOR\tis:open) -(b\thas:fix) \
    measured:gap>1s,gap<2min (a\tOR\t-(b\tc)) -(a\tb) title:x NEAR(a\tb,\t2) \u{e000}every\u{e000}thing \
    \u{e000}type\u{e000}run";

/// The same numbers for the same seed.
struct Numbers(u64);

impl Numbers {
    fn of(seed: u64, number: usize) -> Self {
        let mut numbers = Self(seed ^ u64::try_from(number).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Neighbours begin alike.
        numbers.below(1);
        numbers
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    /// Mostly what a keyboard has, else any sign there is.
    fn sign(&mut self) -> char {
        let end = if self.below(4) == 0 { 0x0011_0000 } else { 0x80 };
        u32::try_from(self.below(end)).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    }

    fn one_of(&mut self, pieces: &'static str) -> &'static str {
        let pieces: Vec<&str> = pieces.split(' ').collect();
        pieces[self.below(pieces.len())]
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(PIECES_MAX) {
            match self.below(8) {
                0 => text.extend((0..self.below(6)).map(|_| self.sign())),
                1 => text.push_str(self.one_of(SIGNS)),
                2 | 3 => text.extend((0..=self.below(6)).map(|_| self.letter())),
                _ => text.push_str(self.one_of(MEANINGS)),
            }
            if self.below(4) > 0 {
                text.push(' ');
            }
        }
        text
    }

    fn letter(&mut self) -> char {
        char::from(b'a' + u8::try_from(self.below(26)).unwrap())
    }
}

/// A list runs along time, and says so where another order is asked for.
fn is_answered<T>(listed: &Result<T>) -> bool {
    match listed {
        Ok(_) => true,
        Err(Error::Refused(refusal)) => refusal.troubles().first().is_some_and(|trouble| trouble.field == "q"),
        Err(_) => false,
    }
}

/// Whether it is a query.
async fn asked(desk: &Desk, seed: u64, number: usize) -> bool {
    let text = Numbers::of(seed, number).text();
    match parse(&text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(parse(&printed).as_ref(), Ok(&query), "seed {seed}, {number}: {text:?} printed as {printed:?}");
            if number.is_multiple_of(LISTED_EVERY) {
                let listed = lists::findings(desk, &query, &Filter::default()).await;
                assert!(is_answered(&listed), "seed {seed}, {number}: {text:?}: {:?}", listed.err());
            }
            let found = search(desk, &Asked { query, facets: true, ..Asked::default() }).await;
            assert!(found.is_ok(), "seed {seed}, {number}: {text:?}: {found:?}");
            true
        }
        Err(trouble) => {
            let is_there = trouble.at <= text.chars().count() && trouble.length > 0;
            assert!(is_there && !trouble.says.is_empty(), "seed {seed}, {number}: {text:?}: {trouble:?}");
            false
        }
    }
}

async fn all_are_answered(book: Book) {
    let (number, begun) = (tries(2_000, 1_000_000), Instant::now());
    book.live_run().await;
    let desk = Arc::new(book.ana().await);
    let seed = RandomState::new().hash_one(());
    let queries = Arc::new(AtomicUsize::new(0));
    by_many(ASKERS, 0..number, {
        let (desk, queries) = (desk.clone(), queries.clone());
        move |number| {
            let (desk, queries) = (desk.clone(), queries.clone());
            async move {
                queries.fetch_add(usize::from(asked(&desk, seed, number).await), Ordering::Relaxed);
            }
        }
    })
    .await;
    let queries = queries.load(Ordering::Relaxed);
    assert!(queries * 10 >= number, "hardly any of them is a query: {queries} of {number}");
    desk.notebook.db.close().await;
    let result = format!(
        "queries {}: {number} strings of seed {seed}, {queries} of them queries: each reads back, no error of the \
         engine, {:.1} s",
        book.engine(),
        begun.elapsed().as_secs_f64(),
    );
    tell(&result, number);
}

on_both!(all_are_answered: no_text_is_an_error_on_sqlite, no_text_is_an_error_on_postgres);
