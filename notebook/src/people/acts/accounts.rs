//! Accounts: made, looked up, changed, disabled.

use serde::Serialize;

use crate::{
    actor::{Act, Actor, Person, PersonId, Role},
    db::Tx,
    desk::{Desk, Notebook},
    events::{self, about},
    fault::Result,
    paging::Rows,
    people::{Account, Checked, NewAccount, PasswordDraft, ProfileDraft, RightsDraft, Theme, passwords, sql},
    refusal::Refusal,
    version::began_from,
};

/// Makes an account. Its owner signs in with the password given, or gets a reset link first.
pub async fn add(desk: &Desk, draft: &NewAccount) -> Result<Account> {
    desk.may(Act::ManagePeople)?;
    let checked = draft.check()?;
    let hash = if draft.password.is_empty() { None } else { Some(passwords::hash(&draft.password).await?) };
    let mut tx = desk.begin_write().await?;
    let account = insert(desk, &mut tx, checked, hash.as_deref(), "added").await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}

#[derive(Serialize)]
struct Joined<'a> {
    role: &'a str,
    can_revert: bool,
}

/// Writes a new account and its event. `act` says how the person came.
pub(super) async fn insert(
    desk: &Desk,
    tx: &mut Tx,
    checked: Checked,
    hash: Option<&str>,
    act: &str,
) -> Result<Account> {
    let id = sql::accounts::next_id(tx).await?;
    insert_as(desk, tx, id, checked, hash, act).await
}

/// The same with a number taken before.
pub(super) async fn insert_as(
    desk: &Desk,
    tx: &mut Tx,
    id: PersonId,
    checked: Checked,
    hash: Option<&str>,
    act: &str,
) -> Result<Account> {
    // Whoever comes first is alone: without the mark nobody could start anything.
    let can_revert = checked.role != Role::Viewer && sql::accounts::count(tx).await? == 0;
    let account = Account {
        id,
        email: checked.email,
        name: checked.name.into(),
        role: checked.role,
        can_revert,
        zone: checked.zone.name().to_owned(),
        theme: Theme::System,
        has_password: hash.is_some(),
        disabled: false,
        created_at: desk.now(),
        version: 1,
    };
    sql::accounts::insert(tx, &account, hash).await?;
    note(desk, tx, id, act, &Joined { role: account.role.word(), can_revert }).await?;
    Ok(account)
}

/// Writes somebody of the sample's story: a name on its lines, and no account.
pub(crate) async fn add_of_sample(desk: &Desk, person: &Person) -> Result<()> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    let mut account = Account {
        id: person.id,
        // Names below .invalid belong to nobody and never will.
        email: format!("{}@sample.invalid", person.name.to_lowercase()),
        name: person.name.clone(),
        role: person.role,
        can_revert: false,
        zone: person.zone.clone(),
        theme: Theme::System,
        has_password: false,
        disabled: false,
        created_at: desk.now(),
        version: 1,
    };
    sql::accounts::insert(&mut tx, &account, None).await?;
    sql::accounts::set_disabled(&mut tx, &mut account, Some(desk.now())).await?;
    note(desk, &mut tx, person.id, "added", &Joined { role: account.role.word(), can_revert: false }).await?;
    desk.commit(tx, "people").await
}

/// Writes the event line about a person.
pub(super) async fn note(
    desk: &Desk,
    tx: &mut Tx,
    person: PersonId,
    act: &str,
    body: &(impl Serialize + Sync),
) -> Result<()> {
    events::note(desk, tx, (about::PERSON, &person.0.to_string()), act, desk.now(), body).await?;
    Ok(())
}

/// An event body without anything to add.
#[derive(Serialize)]
pub(super) struct Nothing {}

/// Everybody, by name; disabled accounts among them.
pub async fn list(desk: &Desk) -> Result<Vec<Account>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::accounts::all(&mut tx).await
}

/// What people are called, by name; on things of the sample also the people of its story.
pub async fn names(desk: &Desk, with_sample: bool) -> Result<Vec<(PersonId, String)>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::accounts::names(&mut tx, with_sample).await
}

/// All accounts, inside a transaction.
pub(crate) async fn everybody(tx: &mut Tx) -> Result<Vec<Account>> {
    sql::accounts::all(tx).await
}

/// The account of somebody who can sign in.
pub(crate) async fn open_account(tx: &mut Tx, id: PersonId) -> Result<Option<Account>> {
    Ok(sql::accounts::find(tx, id).await?.filter(|account| !account.disabled))
}

/// One page of everybody, by name, and whether there are more. `after` is the last of the page before.
pub async fn page(desk: &Desk, after: Option<PersonId>, rows: Rows) -> Result<(Vec<Account>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    Ok(rows.page(sql::accounts::page(&mut tx, after, rows).await?))
}

pub async fn load(desk: &Desk, id: PersonId) -> Result<Account> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::accounts::load(&mut tx, id).await
}

/// The account of whoever asks.
pub async fn own(desk: &Desk) -> Result<Account> {
    let id = desk.person_id().ok_or(Refusal::SignIn)?;
    load(desk, id).await
}

/// The account with this address, for the operator at the machine.
pub async fn find_by_email(desk: &Desk, email: &str) -> Result<Account> {
    desk.may(Act::ManagePeople)?;
    let email = super::super::email_of(email).ok_or_else(|| Refusal::missing("person", email))?;
    let mut tx = desk.begin_read().await?;
    let found = sql::accounts::find_by_email(&mut tx, &email).await?;
    found.ok_or_else(|| Refusal::missing("person", email).into())
}

/// The account behind a login session, unless it is gone or disabled. The doors ask before there is a desk.
pub async fn find(notebook: &Notebook, id: PersonId) -> Result<Option<Account>> {
    let mut tx = notebook.db.begin_glance().await?;
    open_account(&mut tx, id).await
}

/// How many accounts there are, disabled ones among them. Needs no right: setup asks it.
pub async fn count(notebook: &Notebook) -> Result<i64> {
    let mut tx = notebook.db.begin_glance().await?;
    sql::accounts::count(&mut tx).await
}

#[derive(Serialize)]
struct Rights<'a> {
    role: &'a str,
    can_revert: bool,
}

/// Gives a person another role, or says whether they may be counted on to revert.
pub async fn set_rights(desk: &Desk, id: PersonId, draft: &RightsDraft) -> Result<Account> {
    desk.may(Act::ManagePeople)?;
    let checked = draft.check()?;
    let mut tx = desk.begin_write().await?;
    sql::accounts::lock(&mut tx).await?;
    let mut account = sql::accounts::load(&mut tx, id).await?;
    began_from(&draft.version, account.version, sql::accounts::NOUN, &account.name)?;
    let was_admin = is_active_admin(&account);
    account.role = checked.role;
    account.can_revert = checked.can_revert;
    keep_one_admin(&mut tx, was_admin, is_active_admin(&account), "change the role of the last admin").await?;
    sql::accounts::save(&mut tx, &mut account).await?;
    let body = Rights { role: account.role.word(), can_revert: account.can_revert };
    note(desk, &mut tx, id, "rights changed", &body).await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}

fn is_active_admin(account: &Account) -> bool {
    account.role == Role::Admin && !account.disabled
}

/// Refuses what would leave nobody to look after people.
async fn keep_one_admin(tx: &mut Tx, was: bool, stays: bool, act: &str) -> Result<()> {
    if was && !stays && sql::accounts::count_admins(tx).await? <= 1 {
        let state = "nobody else could look after people; make somebody else an admin first";
        return Err(Refusal::NotNow { act: act.into(), state: state.into() }.into());
    }
    Ok(())
}

/// Shuts a person out: no sign-in, no login session, no token. What they did stays.
pub async fn disable(desk: &Desk, id: PersonId) -> Result<Account> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    sql::accounts::lock(&mut tx).await?;
    let mut account = sql::accounts::load(&mut tx, id).await?;
    if account.disabled {
        return Err(already(&account, "disable").into());
    }
    keep_one_admin(&mut tx, is_active_admin(&account), false, "disable the last admin").await?;
    sql::accounts::set_disabled(&mut tx, &mut account, Some(desk.now())).await?;
    sql::logins::delete_of(&mut tx, id, "").await?;
    sql::links::drop_unused(&mut tx, &sql::links::Purpose::Reset { person: id }).await?;
    note(desk, &mut tx, id, "disabled", &Nothing {}).await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}

/// Lets a disabled person in again.
pub async fn enable(desk: &Desk, id: PersonId) -> Result<Account> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    sql::accounts::lock(&mut tx).await?;
    let mut account = sql::accounts::load(&mut tx, id).await?;
    if !account.disabled {
        return Err(already(&account, "enable").into());
    }
    sql::accounts::set_disabled(&mut tx, &mut account, None).await?;
    note(desk, &mut tx, id, "enabled", &Nothing {}).await?;
    desk.commit(tx, "people").await?;
    Ok(account)
}

fn already(account: &Account, verb: &str) -> Refusal {
    let state = format!("the account is {} already", if account.disabled { "disabled" } else { "enabled" });
    Refusal::NotNow { act: format!("{verb} {}", account.name), state }
}

/// Changes one's own name, zone and theme.
pub async fn change_profile(desk: &Desk, draft: &ProfileDraft) -> Result<Account> {
    desk.may(Act::ChangeOwnProfile)?;
    let id = desk.person_id().ok_or(Refusal::SignIn)?;
    let (name, zone, theme) = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let mut account = sql::accounts::load(&mut tx, id).await?;
    began_from(&draft.version, account.version, sql::accounts::NOUN, &account.name)?;
    account.name = name.into();
    zone.name().clone_into(&mut account.zone);
    account.theme = theme;
    sql::accounts::save(&mut tx, &mut account).await?;
    note(desk, &mut tx, id, "profile changed", &Nothing {}).await?;
    desk.commit(tx, "profile").await?;
    Ok(account)
}

/// Keeps the theme with one's account, so that it is the same in every browser.
pub async fn set_theme(desk: &Desk, theme: Theme) -> Result<Account> {
    desk.may(Act::ChangeOwnProfile)?;
    let id = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    let mut account = sql::accounts::load(&mut tx, id).await?;
    if account.theme != theme {
        account.theme = theme;
        sql::accounts::save(&mut tx, &mut account).await?;
        note(desk, &mut tx, id, "profile changed", &Nothing {}).await?;
    }
    desk.commit(tx, "profile").await?;
    Ok(account)
}

/// Changes one's own password and ends one's other login sessions. `keep` is the key of the
/// present one.
pub async fn change_password(desk: &Desk, draft: &PasswordDraft, keep: &str) -> Result<Account> {
    desk.may(Act::ChangeOwnProfile)?;
    let account = own(desk).await?;
    draft.check(&account.email)?;
    let stored = stored_hash(desk, account.id).await?;
    super::logins::claim_try(desk, &account.email).await?;
    if !passwords::is_right(&draft.old, stored).await? {
        return Err(Refusal::unfit("old", "is not the password you use now").into());
    }
    let hash = passwords::hash(&draft.new).await?;
    let mut tx = desk.begin_write().await?;
    super::logins::forget_tries(&mut tx, &account.email).await?;
    sql::accounts::set_password_hash(&mut tx, account.id, &hash).await?;
    sql::logins::delete_of(&mut tx, account.id, keep).await?;
    note(desk, &mut tx, account.id, "password changed", &Nothing {}).await?;
    desk.commit(tx, "profile").await?;
    Ok(account)
}

async fn stored_hash(desk: &Desk, id: PersonId) -> Result<Option<String>> {
    let mut tx = desk.begin_read().await?;
    sql::accounts::password_hash(&mut tx, id).await
}

/// Whether this is the operator at the machine or the notebook itself.
pub(super) fn only_system(desk: &Desk) -> Result<(), Refusal> {
    if desk.actor == Actor::System { Ok(()) } else { Err(Refusal::not_allowed(Act::ManagePeople)) }
}
