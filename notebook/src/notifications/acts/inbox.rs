//! One's own inbox.

use serde::{Deserialize, Serialize};

use crate::{
    actor::{Act, PersonId},
    desk::Desk,
    fault::Result,
    limits::SLUG_CHARS_MAX,
    notifications::{Notice, sql::notices},
    paging::Rows,
    refusal::Refusal,
};

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only entries before this one: the last of the page before.
    pub before: Option<i64>,
    /// Those that are done, too.
    pub with_done: bool,
    pub rows: Rows,
}

/// One page of an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Newest first.
    pub notices: Vec<Notice>,
    pub more: bool,
    /// How many entries are not done, on all pages.
    pub open: i64,
    /// What one wants to hear no more of, by id.
    pub muted: Vec<String>,
}

fn person(desk: &Desk) -> Result<PersonId> {
    desk.may(Act::ChangeOwnProfile)?;
    Ok(desk.person_id().ok_or(Refusal::SignIn)?)
}

/// One's own inbox.
pub async fn read(desk: &Desk, filter: &Filter) -> Result<Inbox> {
    let person = person(desk)?;
    let mut tx = desk.begin_read().await?;
    let rows = notices::page(&mut tx, person, filter.before, filter.with_done, filter.rows).await?;
    let (notices, more) = filter.rows.page(rows);
    Ok(Inbox {
        notices,
        more,
        open: notices::open(&mut tx, person).await?,
        muted: notices::mutes(&mut tx, person).await?,
    })
}

/// How many entries of one's own inbox are not done.
pub async fn open_entries(desk: &Desk) -> Result<i64> {
    let person = person(desk)?;
    let mut tx = desk.begin_glance().await?;
    notices::open(&mut tx, person).await
}

/// Marks an entry done.
pub async fn done(desk: &Desk, id: i64) -> Result<()> {
    let person = person(desk)?;
    let mut tx = desk.begin_write().await?;
    if !notices::done(&mut tx, person, id, desk.now()).await? {
        return Err(Refusal::missing("open entry of your inbox with the number", id).into());
    }
    desk.commit(tx, "inbox").await
}

/// Marks all entries done; how many these were.
pub async fn done_all(desk: &Desk) -> Result<u64> {
    let person = person(desk)?;
    let mut tx = desk.begin_write().await?;
    let done = notices::all_done(&mut tx, person, desk.now()).await?;
    desk.commit(tx, "inbox").await?;
    Ok(done)
}

/// One thing of the notebook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "MuteDraft", extend("required" = ["object"])))]
#[serde(default, deny_unknown_fields)]
pub struct MuteDraft {
    /// Its id: RUN-317.
    pub object: String,
}

impl MuteDraft {
    fn check(&self) -> Result<String, Refusal> {
        let object = self.object.trim();
        let is_id = !object.is_empty()
            && object.chars().count() <= SLUG_CHARS_MAX
            && object.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/'));
        if is_id { Ok(object.to_owned()) } else { Err(Refusal::unfit("object", "takes an id such as RUN-317")) }
    }
}

/// From now on one hears no more of this thing.
pub async fn mute(desk: &Desk, draft: &MuteDraft) -> Result<()> {
    let person = person(desk)?;
    let object = draft.check()?;
    let mut tx = desk.begin_write().await?;
    notices::mute(&mut tx, person, &object).await?;
    desk.commit(tx, "inbox").await
}

/// One hears of it again.
pub async fn unmute(desk: &Desk, draft: &MuteDraft) -> Result<()> {
    let person = person(desk)?;
    let object = draft.check()?;
    let mut tx = desk.begin_write().await?;
    if !notices::unmute(&mut tx, person, &object).await? {
        return Err(Refusal::missing("muted thing", object).into());
    }
    desk.commit(tx, "inbox").await
}
