//! Readers who leave before they are answered: a closed tab, a dropped connection.

use std::time::Duration;

use crate::each_db::Book;

/// At each of them a reader leaves, so that some do in the middle of beginning.
const LEAVES_AFTER_US: [u64; 8] = [0, 20, 50, 100, 150, 200, 400, 800];
/// More than the pool has connections.
const WRITERS: usize = 24;

async fn readers_leave(book: &Book) {
    for after in LEAVES_AFTER_US.map(Duration::from_micros) {
        let readers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let db = book.notebook.db.clone();
                tokio::spawn(async move { tokio::time::timeout(after, db.begin_read()).await.is_err() })
            })
            .collect();
        for reader in readers {
            reader.await.unwrap();
        }
    }
}

async fn everybody_writes(book: &Book) {
    let name = "insert into settings (name, value) values ('left', 'x') on conflict (name) do update set value = 'y'";
    for _ in 0..WRITERS {
        book.execute(name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_leaves_leaves_no_transaction_to_the_next() {
    for book in [Some(Book::sqlite().await), Book::postgres().await].into_iter().flatten() {
        for _ in 0..5 {
            readers_leave(&book).await;
            everybody_writes(&book).await;
        }
    }
}
