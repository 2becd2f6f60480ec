//! Tokens of programs that expire: told once, a week before.

use notebook::{
    notifications::{
        acts::{self, Filter},
        topics::Topic,
    },
    people::{self, TokenDraft},
};

use crate::{
    lab::{Lab, refused},
    notifications::{inbox, spread},
};

const DAY_MS: i64 = 86_400_000;

each_db!(whose_token_expires_is_told_once_a_week_before_unless_they_revoked_it, book => {
    let lab = Lab::open(book).await;
    for (name, days) in [("ci", "30"), ("pipeline", "30"), ("for good", ""), ("a week", "7"), ("later", "31")] {
        let draft = TokenDraft { name: name.into(), scope: "ingest".into(), days: days.into() };
        people::acts::make_token(&lab.ben, &draft).await.unwrap();
    }
    let tell = || async { people::acts::tell_expiring(&book.system()).await.unwrap() };
    assert_eq!(tell().await, 0, "who makes one for a week knows");
    book.clock.pass_ms(23 * DAY_MS - 1);
    assert_eq!(tell().await, 0);
    book.clock.pass_ms(1);
    let told = book.by_four(|system| async move { people::acts::tell_expiring(&system).await.unwrap() }).await;
    assert_eq!((told, tell().await), (2, 0), "whichever server looks");
    let own = people::acts::tokens(&lab.ben).await.unwrap();
    let pipeline = own.iter().find(|token| token.name == "pipeline").unwrap();
    people::acts::revoke_token(&lab.ben, pipeline.id).await.unwrap();
    spread(book, false).await;
    assert_eq!(inbox(&lab.ben).await, [(Topic::TokenExpires, "it is yours".to_owned())]);
    let shown = acts::read(&lab.ben, &Filter::default()).await.unwrap();
    assert!(shown.notices[0].says.starts_with("Your token \"ci\" expires soon ("), "{}", shown.notices[0].says);
    assert_eq!(shown.notices[0].object, "profile", "where tokens are looked after");
    assert!(inbox(&lab.ana).await.is_empty());
    assert_eq!(refused(people::acts::tell_expiring(&lab.ana).await).status(), 403, "the clock's");
});
