//! What a query finds, as stories ask for it.

use notebook::{
    carry,
    desk::Desk,
    paging::Rows,
    search::{
        acts::{Asked, Finds, Hit, read, search},
        snippet::Piece,
    },
};

use crate::each_db::Book;

pub async fn ask(desk: &Desk, text: &str) -> Finds {
    search(desk, &Asked { query: read(text).unwrap(), facets: true, ..Asked::default() }).await.unwrap()
}

pub async fn hits(desk: &Desk, text: &str) -> Vec<Hit> {
    ask(desk, text).await.hits
}

pub async fn objects(desk: &Desk, text: &str) -> Vec<String> {
    hits(desk, text).await.into_iter().map(|hit| hit.object).collect()
}

/// The same, read on in pages of so many.
pub async fn paged(desk: &Desk, text: &str, rows: &str) -> Vec<String> {
    let (mut after, mut paged) = (None, Vec::new());
    loop {
        let asked = Asked { query: read(text).unwrap(), after, rows: Rows::asked(rows).unwrap(), facets: false };
        let page = search(desk, &asked).await.unwrap();
        paged.extend(page.hits.into_iter().map(|hit| hit.object));
        after = page.next.map(|place| place.to_string().parse().unwrap());
        if after.is_none() {
            return paged;
        }
    }
}

/// What was looked for stands in brackets.
pub fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

/// How much of the index differs from what it is made of.
pub async fn troubles(book: &Book) -> u64 {
    let checks = carry::verify(&book.system(), &mut |_| {}).await.unwrap();
    checks.into_iter().find(|check| check.name == "search index").unwrap().troubles
}
