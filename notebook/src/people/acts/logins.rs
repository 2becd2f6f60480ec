//! Signing in, and the login sessions that follow from it.
//!
//! Sessions are stored for the doors: whoever calls with a session key has read it from a cookie.

use crate::{
    actor::{Act, PersonId},
    db::Tx,
    desk::{Desk, Notebook},
    fault::Result,
    limits::{
        AGENT_CHARS_MAX, LOGIN_DAYS_MAX, LOGIN_IDLE_HOURS, LOGIN_TRIES_MAX, LOGIN_TRIES_MINUTES, LOGIN_WAIT_S,
        LOGIN_WAIT_S_MAX, PASSWORD_BYTES_MAX,
    },
    people::{
        Account, LoginSession, email_of, passwords, secrets,
        sql::{self, logins},
    },
    refusal::Refusal,
    time::{MICROS_A_DAY, Moment},
};

use super::accounts::{Nothing, note};

/// The account, if the password fits. Takes as long for an unknown address.
pub async fn sign_in(desk: &Desk, email: &str, password: &str) -> Result<Account> {
    let wrong = || Refusal::unfit("password", "does not belong to this address; check both");
    // Whatever was typed counts under its own name, so that unknown addresses behave like known ones.
    let email = email_of(email).unwrap_or_else(|| email.trim().chars().take(300).collect());
    claim_try(desk, &email).await?;
    let (account, stored) = with_hash(desk, &email).await?;
    let right = password.len() <= PASSWORD_BYTES_MAX && passwords::is_right(password, stored).await?;
    let Some(account) = account.filter(|_| right) else {
        return Err(wrong().into());
    };
    if account.disabled {
        let state = "your account is disabled; an admin can enable it";
        return Err(Refusal::NotNow { act: "sign in".into(), state: state.into() }.into());
    }
    let mut tx = desk.notebook.db.begin_write().await?;
    forget_tries(&mut tx, &email).await?;
    tx.commit().await?;
    Ok(account)
}

async fn with_hash(desk: &Desk, email: &str) -> Result<(Option<Account>, Option<String>)> {
    let mut tx = desk.begin_read().await?;
    let account = sql::accounts::find_by_email(&mut tx, email).await?;
    let stored = match &account {
        Some(account) => sql::accounts::password_hash(&mut tx, account.id).await?,
        None => None,
    };
    Ok((account, stored))
}

/// Counts one try at an account's password before it is looked at, so that many at once count too.
/// After some wrong ones each further try has to wait, longer and longer; nobody is locked out.
pub(super) async fn claim_try(desk: &Desk, email: &str) -> Result<()> {
    let account = secrets::failures_key(email);
    let now = desk.now();
    let window = now.plus_minutes(-LOGIN_TRIES_MINUTES);
    // Not the desk's: a second sending of the form must count as well.
    let mut tx = desk.notebook.db.begin_write().await?;
    let failures = logins::failures(&mut tx, &account, window).await?;
    let wait_s = wait_s(failures.count, now.ms_since(Moment::from_micros(failures.last_at)));
    if wait_s > 0 {
        return Err(Refusal::TooOften { wait_s }.into());
    }
    logins::forget_old_failures(&mut tx, window).await?;
    logins::note_failure(&mut tx, &account, now).await?;
    tx.commit().await
}

/// How long the next try has to wait still, in seconds.
fn wait_s(failures: i64, since_last_ms: i64) -> i64 {
    let too_many = failures - LOGIN_TRIES_MAX;
    if too_many < 0 {
        return 0;
    }
    let doubled = LOGIN_WAIT_S.saturating_mul(1 << too_many.min(10));
    (doubled.min(LOGIN_WAIT_S_MAX) - since_last_ms / 1_000).max(0)
}

/// The password was right: earlier mistakes are forgotten.
pub(super) async fn forget_tries(tx: &mut Tx, email: &str) -> Result<()> {
    logins::forget_failures(tx, &secrets::failures_key(email)).await
}

/// A login session as the doors keep it.
pub struct Kept<'a> {
    /// `secrets::session_key` of the cookie.
    pub key: &'a str,
    pub person: Option<PersonId>,
    /// Belongs to the door.
    pub data: &'a str,
    /// What the browser calls itself.
    pub agent: &'a str,
}

impl Kept<'_> {
    fn row(&self, now: Moment) -> logins::Kept<'_> {
        let expires_at = now.plus_hours(LOGIN_IDLE_HOURS);
        logins::Kept { key: self.key, person: self.person, data: self.data, agent: self.agent, now, expires_at }
    }
}

/// Begins a login session. False if the key is taken: then the door makes another one.
pub async fn create_session(notebook: &Notebook, kept: &Kept<'_>) -> Result<bool> {
    let now = notebook.now();
    let agent: String = kept.agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS_MAX).collect();
    let kept = Kept { agent: &agent, ..*kept };
    let mut tx = notebook.db.begin_write().await?;
    logins::delete_expired(&mut tx, now).await?;
    let fresh = logins::insert(&mut tx, &kept.row(now)).await?;
    tx.commit().await?;
    Ok(fresh)
}

/// Keeps a login session alive and its data. One that has ended stays ended.
pub async fn save_session(notebook: &Notebook, kept: &Kept<'_>) -> Result<()> {
    let mut tx = notebook.db.begin_write().await?;
    logins::save(&mut tx, &kept.row(notebook.now()), LOGIN_DAYS_MAX * MICROS_A_DAY).await?;
    tx.commit().await
}

/// The data of a login session that has not ended.
pub async fn load_session(notebook: &Notebook, key: &str) -> Result<Option<String>> {
    let mut tx = notebook.db.begin_glance().await?;
    logins::load(&mut tx, key, notebook.now()).await
}

pub async fn delete_session(notebook: &Notebook, key: &str) -> Result<()> {
    let mut tx = notebook.db.begin_write().await?;
    logins::delete(&mut tx, key).await?;
    tx.commit().await
}

/// One's own login sessions, the last seen first.
pub async fn sessions(desk: &Desk) -> Result<Vec<LoginSession>> {
    desk.may(Act::ChangeOwnProfile)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_read().await?;
    logins::of(&mut tx, person, desk.now()).await
}

/// Ends one of one's own login sessions.
pub async fn end_session(desk: &Desk, key: &str) -> Result<()> {
    desk.may(Act::ChangeOwnProfile)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    if !logins::delete_own(&mut tx, key, person).await? {
        return Err(Refusal::missing("login session", "of yours with this key").into());
    }
    note(desk, &mut tx, person, "login session ended", &Nothing {}).await?;
    desk.commit(tx, "profile").await
}

/// Ends all of one's own login sessions but the present one. Returns how many.
pub async fn end_other_sessions(desk: &Desk, keep: &str) -> Result<u64> {
    desk.may(Act::ChangeOwnProfile)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    let ended = logins::delete_of(&mut tx, person, keep).await?;
    note(desk, &mut tx, person, "other login sessions ended", &Nothing {}).await?;
    desk.commit(tx, "profile").await?;
    Ok(ended)
}

/// Ends every login session of everybody, or of one person.
pub async fn end_all_sessions(desk: &Desk, person: Option<PersonId>) -> Result<u64> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    let ended = match person {
        Some(person) => {
            sql::accounts::load(&mut tx, person).await?;
            note(desk, &mut tx, person, "login sessions ended", &Nothing {}).await?;
            logins::delete_of(&mut tx, person, "").await?
        }
        None => logins::delete_all(&mut tx).await?,
    };
    desk.commit(tx, "people").await?;
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_begins_with_the_fifth_mistake_and_doubles_up_to_five_minutes() {
        let at_once: Vec<i64> = (4..12).map(|failures| wait_s(failures, 0)).collect();
        assert_eq!(at_once, [0, 30, 60, 120, 240, 300, 300, 300]);
        assert_eq!(wait_s(5, 29_000), 1);
        assert_eq!(wait_s(5, 30_000), 0);
        assert_eq!(wait_s(i64::MAX, 0), 300);
    }
}
