//! Campaigns: thousands of tries against the real executable over real sockets, and what a count
//! without a failure is worth. A short part of each runs with every test run;
//! `cargo xtask test --campaign R9 R10` runs the whole of those it names. A campaign is a module
//! that is called by its number, or by what is tried.

#![expect(clippy::unwrap_used, reason = "a campaign that cannot go on fails")]

mod book;
mod client;
mod counted;
#[path = "../../../notebook/tests/shared/plan.rs"]
mod plan;
#[path = "../../../notebook/tests/shared/gate.rs"]
mod ready;
#[path = "../all/postgres.rs"]
mod postgres;
#[path = "../all/receiver.rs"]
#[expect(dead_code, reason = "other tests let it break and go away")]
mod receiver;
mod running;

/// A campaign under its two names: on the embedded engine, and on a server where the tests are offered one.
macro_rules! on_both {
    ($campaign:ident: $embedded:ident, $server:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $embedded() {
            $campaign(crate::book::Book::in_a_folder().await).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $server() {
            if let Some(book) = crate::book::Book::on_postgres().await {
                $campaign(book).await;
            }
        }
    };
}

mod r1;
mod r9;
mod r10;
mod r14;
mod r20;
mod queries;
mod reindex;
