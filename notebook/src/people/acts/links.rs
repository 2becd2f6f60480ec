//! One-time links: the first admin's setup, invitations, new passwords.

use serde::Serialize;

use super::accounts::{Nothing, insert, insert_as, note, only_system};
use crate::{
    actor::{Act, PersonId, Role},
    db::Tx,
    desk::{Desk, Notebook},
    events::{self, about},
    fault::Result,
    limits::{INVITE_DAYS, RESET_HOURS, SETUP_MINUTES},
    people::{
        AcceptDraft, Account, Invitation, InviteDraft, ResetDraft, SetupDraft, passwords, secrets,
        sql::{
            self,
            links::{NewLink, Purpose},
        },
    },
    refusal::Refusal,
    time::Moment,
};

/// A token that makes the first admin, only while there are no people. An earlier one stops working.
pub async fn setup_link(desk: &Desk) -> Result<Option<String>> {
    only_system(desk)?;
    let token = secrets::code()?;
    let mut tx = desk.begin_write().await?;
    if sql::accounts::count(&mut tx).await? > 0 {
        return Ok(None);
    }
    let until = desk.now().plus_minutes(SETUP_MINUTES);
    make(desk, &mut tx, &token, Purpose::Setup, until).await?;
    events::note(desk, &mut tx, (about::SETTING, "setup"), "link made", desk.now(), &Nothing {}).await?;
    desk.commit(tx, "setup").await?;
    Ok(Some(token))
}

async fn make(desk: &Desk, tx: &mut Tx, token: &str, purpose: Purpose, expires_at: Moment) -> Result<()> {
    sql::links::drop_unused(tx, &purpose).await?;
    let key = secrets::code_key(token);
    let link = NewLink { key, purpose, made_by: desk.person_id(), created_at: desk.now(), expires_at };
    sql::links::insert(tx, &link).await
}

/// Makes the first admin, if there are no people and the token is good. Of two at the same time, one wins.
pub async fn set_up(desk: &Desk, draft: &SetupDraft) -> Result<Account> {
    let key = secrets::code_key(&draft.token);
    let mut look = desk.begin_read().await?;
    open_notebook(&mut look).await?;
    open_link(&mut look, &key, desk.now(), "make the first account").await?;
    drop(look);
    let checked = draft.check()?;
    let hash = passwords::hash(&draft.password).await?;

    let mut tx = desk.begin_write().await?;
    // The number first: whoever holds it is alone, so that "no people" is still true at the end.
    let id = sql::accounts::next_id(&mut tx).await?;
    open_notebook(&mut tx).await?;
    if !sql::links::use_up(&mut tx, &key, desk.now()).await? {
        return Err(dead_link("make the first account").into());
    }
    let account = insert_as(desk, &mut tx, id, checked, Some(&hash), "set the notebook up").await?;
    super::settings::write_solo(desk, &mut tx, draft.is_solo()).await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}

async fn open_notebook(tx: &mut Tx) -> Result<()> {
    if sql::accounts::count(tx).await? == 0 {
        return Ok(());
    }
    let state = "it has people already; sign in, or ask one of them for an invitation";
    Err(Refusal::NotNow { act: "set this notebook up".into(), state: state.into() }.into())
}

async fn open_link(tx: &mut Tx, key: &str, now: Moment, act: &str) -> Result<Purpose> {
    sql::links::find_open(tx, key, now).await?.ok_or_else(|| dead_link(act).into())
}

fn dead_link(act: &str) -> Refusal {
    let state = "the link is unknown, used up or too old; ask for a new one";
    Refusal::NotNow { act: act.into(), state: state.into() }
}

#[derive(Serialize)]
struct Invited<'a> {
    role: &'a str,
}

/// Lets somebody make an account with this address and role. Returns the token, which is shown once.
pub async fn invite(desk: &Desk, draft: &InviteDraft) -> Result<String> {
    desk.may(Act::ManagePeople)?;
    let (email, role) = draft.check()?;
    let token = secrets::code()?;
    let mut tx = desk.begin_write().await?;
    if sql::accounts::find_by_email(&mut tx, &email).await?.is_some() {
        return Err(Refusal::Taken { field: "email".into(), says: format!("{email} has an account already.") }.into());
    }
    let until = desk.now().plus_days(INVITE_DAYS);
    make(desk, &mut tx, &token, Purpose::Invite { email, role }, until).await?;
    events::note(desk, &mut tx, (about::PERSON, "invitation"), "invited", desk.now(), &Invited { role: role.word() })
        .await?;
    desk.commit(tx, "people").await?;
    Ok(token)
}

/// Invitations that can still be taken up, oldest first.
pub async fn invitations(desk: &Desk) -> Result<Vec<Invitation>> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_read().await?;
    sql::links::invitations(&mut tx, desk.now()).await
}

/// Takes an invitation back by its key.
pub async fn revoke_invitation(desk: &Desk, key: &str) -> Result<()> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    if sql::links::revoke(&mut tx, key).await?.is_none() {
        return Err(Refusal::missing("open invitation", "with this key").into());
    }
    events::note(desk, &mut tx, (about::PERSON, "invitation"), "revoked", desk.now(), &Nothing {}).await?;
    desk.commit(tx, "people").await
}

/// Whom a token invites, and as what. The token is the right to know it.
pub async fn invitation(notebook: &Notebook, token: &str) -> Result<(String, Role)> {
    let mut tx = notebook.db.begin_read().await?;
    invited(&mut tx, token, notebook.now()).await
}

async fn invited(tx: &mut Tx, token: &str, now: Moment) -> Result<(String, Role)> {
    match sql::links::find_open(tx, &secrets::code_key(token), now).await? {
        Some(Purpose::Invite { email, role }) => Ok((email, role)),
        _ => Err(dead_link("take up this invitation").into()),
    }
}

/// Makes the account an invitation is for.
pub async fn accept(desk: &Desk, draft: &AcceptDraft) -> Result<Account> {
    let (email, role) = invitation(&desk.notebook, &draft.token).await?;
    let checked = draft.check(&email, role)?;
    let hash = passwords::hash(&draft.password).await?;
    let mut tx = desk.begin_write().await?;
    if !sql::links::use_up(&mut tx, &secrets::code_key(&draft.token), desk.now()).await? {
        return Err(dead_link("take up this invitation").into());
    }
    let account = insert(desk, &mut tx, checked, Some(&hash), "joined").await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}

/// A link with which one person sets a new password. Returns the token, which is shown once.
pub async fn reset_link(desk: &Desk, person: PersonId) -> Result<String> {
    desk.may(Act::ManagePeople)?;
    let token = secrets::code()?;
    let mut tx = desk.begin_write().await?;
    let account = sql::accounts::load(&mut tx, person).await?;
    if account.disabled {
        let state = format!("the account of {} is disabled; enable it first", account.name);
        return Err(Refusal::NotNow { act: "make a link to a new password".into(), state }.into());
    }
    let until = desk.now().plus_hours(RESET_HOURS);
    make(desk, &mut tx, &token, Purpose::Reset { person }, until).await?;
    note(desk, &mut tx, person, "reset link made", &Nothing {}).await?;
    desk.commit(tx, "people").await?;
    Ok(token)
}

/// Whose password a token sets. The token is the right to know it.
pub async fn reset_for(notebook: &Notebook, token: &str) -> Result<Account> {
    let mut tx = notebook.db.begin_read().await?;
    let found = match sql::links::find_open(&mut tx, &secrets::code_key(token), notebook.now()).await? {
        Some(Purpose::Reset { person }) => sql::accounts::find(&mut tx, person).await?,
        _ => None,
    };
    found.filter(|account| !account.disabled).ok_or_else(|| dead_link("set a new password").into())
}

/// Sets a new password by a reset link, and ends every login session of its owner.
pub async fn reset_password(desk: &Desk, draft: &ResetDraft) -> Result<Account> {
    let account = reset_for(&desk.notebook, &draft.token).await?;
    draft.check(&account.email)?;
    let hash = passwords::hash(&draft.password).await?;
    let mut tx = desk.begin_write().await?;
    if !sql::links::use_up(&mut tx, &secrets::code_key(&draft.token), desk.now()).await? {
        return Err(dead_link("set a new password").into());
    }
    sql::accounts::set_password_hash(&mut tx, account.id, &hash).await?;
    sql::logins::delete_of(&mut tx, account.id, "").await?;
    super::logins::forget_tries(&mut tx, &account.email).await?;
    note(desk, &mut tx, account.id, "password reset", &Nothing {}).await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}
