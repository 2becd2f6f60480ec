//! From one engine to the other, with everything that opens doors.

use notebook::{
    carry,
    db::{Db, Place},
    fault::Error,
    people,
};

use super::{live, out_with, quiet, same, sql};
use crate::{each_db::Book, lab::refused};

async fn moved(from: Book, to: Option<Book>) {
    let Some(to) = to else { return };
    let token = live(&from).await;
    sql(&from, "update people set password_hash = '$argon2id$v=19$' || email").await;
    let before = out_with(&from, true).await;
    let moved = carry::move_to(&from.system(), &to.system(), &mut quiet()).await.unwrap();
    let after = out_with(&to, true).await;
    same(&after, &before);
    same(&out_with(&from, true).await, &before);
    let manifest = super::manifest(&after);
    assert_eq!((moved.contents, moved.lines, moved.documents), (manifest.contents.clone(), manifest.lines(), 4));
    let (person, _) = people::acts::person_of_token(&to.notebook, &token).await.unwrap().expect("the token works");
    assert_eq!(person.name, "Ana");
    let again = refused(carry::move_to(&from.system(), &to.system(), &mut quiet()).await);
    assert!(again.to_string().contains("there is a notebook in the new place already"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres_with_equal_exports() {
    moved(Book::sqlite().await, Book::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite_with_equal_exports() {
    let Some(from) = Book::postgres().await else { return };
    moved(from, Some(Book::sqlite().await)).await;
}

#[tokio::test]
async fn a_folder_that_is_in_use_is_not_moved_and_one_without_a_notebook_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let nothing = Db::look(&place).await.err().unwrap();
    assert!(nothing.to_string().starts_with("there is no notebook in "), "{nothing}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "looking makes nothing");
    let (open, _) = Db::open(&place).await.unwrap();
    assert!(Db::look(&place).await.unwrap().schema().await.unwrap().is_current());
    let Some(Error::Broken(fault)) = Db::look_alone(&place).await.err() else { panic!("was moved under a server") };
    assert!(fault.to_string().contains("in use"), "{fault}");
    open.close().await;
    drop(open);
    let looking = Db::look_alone(&place).await.unwrap();
    assert!(looking.begin_write().await.is_err(), "who only looks cannot write");
}
