//! Personal tokens for programs: shown once, kept as a hash.

use serde::{Deserialize, Serialize};

use super::accounts::{note, only_system};
use crate::{
    actor::{Act, Person, PersonId},
    db::Tx,
    desk::{Desk, Notebook},
    events::{self, Entry, about},
    fault::Result,
    limits::{TOKEN_EXPIRES_SOON_DAYS, TOKENS_MAX},
    people::{Scope, Token, TokenDraft, secrets, sql},
    refusal::Refusal,
    time::{MICROS_A_SECOND, Moment},
};

#[derive(Serialize)]
struct About<'a> {
    name: &'a str,
    scope: &'a str,
}

/// Makes a token for one's own programs. The text is returned once and cannot be read again.
pub async fn make_token(desk: &Desk, draft: &TokenDraft) -> Result<(Token, String)> {
    desk.may(Act::MakeToken)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    make(desk, person, draft).await
}

/// The same for somebody else's programs, by the operator at the machine: no admin may act in
/// another person's name from afar.
pub async fn make_token_for(desk: &Desk, person: PersonId, draft: &TokenDraft) -> Result<(Token, String)> {
    only_system(desk)?;
    make(desk, person, draft).await
}

async fn make(desk: &Desk, person: PersonId, draft: &TokenDraft) -> Result<(Token, String)> {
    let checked = draft.check()?;
    let plain = secrets::token()?;
    let key = secrets::token_key(&plain).ok_or(Refusal::Busy { wait_s: 1 })?;
    let mut tx = desk.begin_write().await?;
    let account = sql::accounts::load(&mut tx, person).await?;
    if account.disabled {
        let state = format!("the account of {} is disabled; enable it first", account.name);
        return Err(Refusal::NotNow { act: "make a token".into(), state }.into());
    }
    if sql::tokens::of(&mut tx, person).await?.len() >= TOKENS_MAX {
        let state = format!("there are {TOKENS_MAX} already; revoke one first");
        return Err(Refusal::NotNow { act: "make a token".into(), state }.into());
    }
    let token = Token {
        id: sql::tokens::next_id(&mut tx).await?,
        person,
        name: checked.name.into(),
        ending: plain[plain.len() - 4..].to_owned(),
        scope: checked.scope,
        created_at: desk.now(),
        expires_at: checked.days.map(|days| desk.now().plus_days(days)),
        used_at: None,
    };
    sql::tokens::insert(&mut tx, &token, &key).await?;
    note(desk, &mut tx, person, "token made", &About { name: &token.name, scope: token.scope.word() }).await?;
    desk.commit(tx, "profile").await?;
    Ok((token, plain))
}

/// One's own tokens that are not revoked, oldest first.
pub async fn tokens(desk: &Desk) -> Result<Vec<Token>> {
    desk.may(Act::MakeToken)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_read().await?;
    sql::tokens::of(&mut tx, person).await
}

/// Everybody's tokens that are not revoked, oldest first.
pub async fn all_tokens(desk: &Desk) -> Result<Vec<Token>> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_read().await?;
    sql::tokens::all(&mut tx).await
}

/// Makes anybody's token useless.
pub async fn revoke_any_token(desk: &Desk, id: i64) -> Result<()> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    let all = sql::tokens::all(&mut tx).await?;
    let token = all.into_iter().find(|token| token.id == id).ok_or_else(|| Refusal::missing("token", id))?;
    sql::tokens::revoke(&mut tx, id, token.person, desk.now()).await?;
    note(desk, &mut tx, token.person, "token revoked", &Revoked { token: id }).await?;
    desk.commit(tx, "people").await
}

/// Makes one of one's own tokens useless.
pub async fn revoke_token(desk: &Desk, id: i64) -> Result<()> {
    desk.may(Act::MakeToken)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    if !sql::tokens::revoke(&mut tx, id, person, desk.now()).await? {
        return Err(Refusal::missing("token of yours with the number", id).into());
    }
    note(desk, &mut tx, person, "token revoked", &Revoked { token: id }).await?;
    desk.commit(tx, "profile").await
}

/// What the clock writes of a token before it expires.
const EXPIRES: &str = "token expires";

/// Body of *token expires*.
#[derive(Serialize, Deserialize)]
struct Expires {
    token: i64,
    name: String,
    until: Moment,
}

/// Tells once of each token, a week before, that it expires; how many that were. Whoever made one for a week or less
/// knows. A timed act.
pub async fn tell_expiring(desk: &Desk) -> Result<usize> {
    only_system(desk)?;
    let mut tx = desk.begin_read().await?;
    if untold(&mut tx, desk.now()).await?.is_empty() {
        return Ok(0);
    }
    drop(tx);
    let mut tx = desk.begin_write().await?;
    tx.take_turn(EXPIRES).await?;
    let told = untold(&mut tx, desk.now()).await?;
    for (token, until) in &told {
        let body = Expires { token: token.id, name: token.name.clone(), until: *until };
        note(desk, &mut tx, token.person, EXPIRES, &body).await?;
    }
    desk.commit(tx, "profile").await?;
    Ok(told.len())
}

/// Tokens that expire soon and of which nobody was told, each with when it does.
async fn untold(tx: &mut Tx, now: Moment) -> Result<Vec<(Token, Moment)>> {
    let mut untold = Vec::new();
    for token in sql::tokens::expiring(tx, now, now.plus_days(TOKEN_EXPIRES_SOON_DAYS)).await? {
        let lasts = token.created_at.plus_days(TOKEN_EXPIRES_SOON_DAYS);
        let Some(expires_at) = token.expires_at.filter(|at| lasts < *at) else { continue };
        let whose = token.person.0.to_string();
        let mut told = false;
        for line in events::some_of(tx, (about::PERSON, &whose), EXPIRES, 0, i64::MAX).await? {
            told |= line.read::<Expires>()?.token == token.id;
        }
        if !told {
            untold.push((token, expires_at));
        }
    }
    Ok(untold)
}

/// The token of which a line says that it expires, with when it does; None where it was revoked since, or has expired.
pub(crate) async fn expiring_token(tx: &mut Tx, line: &Entry, now: Moment) -> Result<Option<(Token, Moment)>> {
    let body: Expires = line.read()?;
    let Ok(person) = line.object.parse::<i64>() else { return Ok(None) };
    let tokens = sql::tokens::of(tx, PersonId(person)).await?;
    let token = tokens.into_iter().find(|token| token.id == body.token);
    Ok(token.filter(|_| now < body.until).map(|token| (token, body.until)))
}

#[derive(Serialize)]
struct Revoked {
    token: i64,
}

/// Whose token this is and what it may do, if it is still good. A text without a token's checksum
/// costs no query.
pub async fn person_of_token(notebook: &Notebook, plain: &str) -> Result<Option<(Person, Scope)>> {
    let Some(key) = secrets::token_key(plain) else {
        return Ok(None);
    };
    let now = notebook.now();
    let mut tx = notebook.db.begin_glance().await?;
    let Some(found) = sql::tokens::find(&mut tx, &key, now).await? else {
        return Ok(None);
    };
    drop(tx);
    // To the minute: a busy program must not turn every question into a write.
    if found.last.is_none_or(|used| now.micros() - used.micros() >= 60 * MICROS_A_SECOND) {
        let mut tx = notebook.db.begin_write().await?;
        sql::tokens::note_use(&mut tx, found.token, now).await?;
        tx.commit().await?;
    }
    Ok(Some((found.person, found.scope)))
}

/// What a door remembers of a token while a stream goes on; None for a text that is no token.
pub fn key_of_token(plain: &str) -> Option<String> {
    secrets::token_key(plain)
}
