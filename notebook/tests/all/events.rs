//! The trail as a whole, and what writes into it.

use notebook::{
    actor::{Actor, Role, Via},
    events::acts::{self, About, Filter},
    paging::Rows,
    people::{self, TokenDraft},
    refusal::Refusal,
    services::{self, ServiceDraft},
};

use crate::each_db::{Book, START};

async fn services(book: &Book, names: &[&str]) {
    for name in names {
        let draft = ServiceDraft { name: (*name).into(), ..ServiceDraft::default() };
        services::acts::add(&book.system(), &draft).await.unwrap();
    }
}

each_db!(the_trail_is_read_in_steps_and_about_one_thing, book => {
    let ana = book.person("Ana", Role::Viewer).await;
    services(book, &["kafka", "zookeeper", "alerting"]).await;
    let (all, more) = acts::list(&ana, &Filter::default()).await.unwrap();
    assert_eq!((all.len(), more), (4, false));

    let mut filter = Filter { rows: Rows::asked("3").unwrap(), ..Filter::default() };
    let (mut read, more) = acts::list(&ana, &filter).await.unwrap();
    assert!(more);
    filter.after = read[2].seq;
    let (rest, more) = acts::list(&ana, &filter).await.unwrap();
    assert!(!more);
    read.extend(rest);
    assert_eq!(read, all);

    let about = About::named("zookeeper");
    let (lines, more) = acts::list(&ana, &Filter { about, ..Filter::default() }).await.unwrap();
    assert_eq!((lines.len(), more, lines[0].object.as_str()), (1, false, "zookeeper"));
    let about = About::named("zookeeper");
    let (none, _) = acts::list(&ana, &Filter { about, after: lines[0].seq, ..Filter::default() }).await.unwrap();
    assert!(none.is_empty());

    let refused = acts::list(&book.nobody(), &Filter::default()).await.unwrap_err();
    assert_eq!(refused.to_string(), Refusal::SignIn.to_string());
    let newest = acts::newest(&book.notebook).await.unwrap();
    assert_eq!(newest.map(notebook::time::Moment::micros), Some(START));
});

each_db!(a_thing_without_a_line_is_found, book => {
    assert!(acts::without_lines(&book.notebook).await.unwrap().is_empty());
    assert_eq!(acts::newest(&book.notebook).await.unwrap(), None);
    let row = "insert into fixes (id, title, body, created_at, version) values (7, 'x', '{}', 0, 1), (900000003, 'sample', '{}', 0, 1)";
    book.execute(row).await;
    assert_eq!(acts::without_lines(&book.notebook).await.unwrap(), ["FIX-7"]);
});

each_db!(the_operator_makes_and_revokes_tokens_and_nobody_else_for_others, book => {
    let ana = book.person("Ana", Role::Admin).await;
    let ben = book.person("Ben", Role::Viewer).await;
    let person = ben.person_id().unwrap();
    let draft = TokenDraft { name: "ci".into(), scope: "read".into(), days: String::new() };
    assert!(people::acts::make_token_for(&ana, person, &draft).await.is_err(), "an admin is not Ben");
    let (token, text) = people::acts::make_token_for(&book.system(), person, &draft).await.unwrap();
    let (who, _) = people::acts::person_of_token(&book.notebook, &text).await.unwrap().unwrap();
    assert_eq!(who.name, "Ben");
    assert_eq!(people::acts::all_tokens(&ana).await.unwrap(), people::acts::tokens(&ben).await.unwrap());
    assert!(people::acts::all_tokens(&ben).await.is_err());
    assert!(people::acts::revoke_any_token(&ben, token.id).await.is_err());
    people::acts::revoke_any_token(&book.system(), token.id).await.unwrap();
    assert!(people::acts::person_of_token(&book.notebook, &text).await.unwrap().is_none());
    assert!(people::acts::revoke_any_token(&book.system(), token.id).await.is_err());

    people::acts::disable(&book.system(), person).await.unwrap();
    assert!(people::acts::make_token_for(&book.system(), person, &draft).await.is_err());
    let about = About::named(&format!("person:{}", person.0));
    let (lines, _) = acts::list(&ana, &Filter { about, ..Filter::default() }).await.unwrap();
    let acts: Vec<&str> = lines.iter().map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["added", "token made", "token revoked", "disabled"]);
    assert!(lines.iter().all(|line| line.via == Via::CommandLine && line.person.is_none()));
    assert_eq!(book.system().actor, Actor::System);
});
