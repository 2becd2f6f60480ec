//! One-time links: only the hash of a token is kept, and whoever uses it first has it.

use crate::{
    actor::{PersonId, Role},
    db::{Tx, on},
    fault::{Error, Fault, Result},
    people::Invitation,
    time::Moment,
};

/// What a link is for; stored, so the spelling stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::people) enum Purpose {
    /// The first account of an empty notebook.
    Setup,
    /// A new account with this address and role.
    Invite { email: String, role: Role },
    /// A new password for this person.
    Reset { person: PersonId },
}

impl Purpose {
    const fn word(&self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Invite { .. } => "invite",
            Self::Reset { .. } => "reset",
        }
    }
}

pub(in crate::people) struct NewLink {
    pub key: String,
    pub purpose: Purpose,
    pub made_by: Option<PersonId>,
    pub created_at: Moment,
    pub expires_at: Moment,
}

const INSERT: &str = "
    insert into links (key, purpose, email, role, person, made_by, created_at, expires_at, used_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, null)";

pub(in crate::people) async fn insert(tx: &mut Tx, link: &NewLink) -> Result<()> {
    let (email, role, person) = match &link.purpose {
        Purpose::Setup => (None, None, None),
        Purpose::Invite { email, role } => (Some(email.as_str()), Some(role.word()), None),
        Purpose::Reset { person } => (None, None, Some(person.0)),
    };
    on!(tx, c => sqlx::query(INSERT)
        .bind(&link.key)
        .bind(link.purpose.word())
        .bind(email)
        .bind(role)
        .bind(person)
        .bind(link.made_by.map(|person| person.0))
        .bind(link.created_at.micros())
        .bind(link.expires_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    key: String,
    purpose: String,
    email: Option<String>,
    role: Option<String>,
    person: Option<i64>,
}

impl TryFrom<Row> for Purpose {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let role = row.role.as_deref().map(Role::named);
        match (row.purpose.as_str(), row.email, role, row.person) {
            ("setup", None, None, None) => Ok(Self::Setup),
            ("invite", Some(email), Some(Some(role)), None) => Ok(Self::Invite { email, role }),
            ("reset", None, None, Some(person)) => Ok(Self::Reset { person: PersonId(person) }),
            (purpose, ..) => {
                Err(Fault::bad_row("links", row.key, format!("a {purpose} link with other links' columns")).into())
            }
        }
    }
}

const FIND_OPEN: &str = "
    select key, purpose, email, role, person
    from links
    where key = $1 and used_at is null and expires_at > $2";

/// The link, if it can still be used.
pub(in crate::people) async fn find_open(tx: &mut Tx, key: &str, now: Moment) -> Result<Option<Purpose>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_OPEN).bind(key).bind(now.micros()).fetch_optional(c).await)?;
    row.map(Purpose::try_from).transpose()
}

const USE: &str = "update links set used_at = $2 where key = $1 and used_at is null and expires_at > $2";

/// Uses the link up. False if somebody was quicker, or it is too late.
pub(in crate::people) async fn use_up(tx: &mut Tx, key: &str, now: Moment) -> Result<bool> {
    let used =
        on!(tx, c => sqlx::query(USE).bind(key).bind(now.micros()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(used == 1)
}

const DROP_SETUP: &str = "delete from links where purpose = 'setup' and used_at is null";
const DROP_INVITE: &str = "delete from links where purpose = 'invite' and used_at is null and email = $1";
const DROP_RESET: &str = "delete from links where purpose = 'reset' and used_at is null and person = $1";

/// Only the newest link of a purpose works.
pub(in crate::people) async fn drop_unused(tx: &mut Tx, purpose: &Purpose) -> Result<()> {
    match purpose {
        Purpose::Setup => on!(tx, c => sqlx::query(DROP_SETUP).execute(c).await.map(|_| ()))?,
        Purpose::Invite { email, .. } => {
            on!(tx, c => sqlx::query(DROP_INVITE).bind(email).execute(c).await.map(|_| ()))?;
        }
        Purpose::Reset { person } => on!(tx, c => sqlx::query(DROP_RESET).bind(person.0).execute(c).await.map(|_| ()))?,
    }
    Ok(())
}

const REVOKE: &str = "delete from links where key = $1 and purpose = 'invite' and used_at is null returning email";

/// The address that was invited, if the invitation was still open.
pub(in crate::people) async fn revoke(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    let email: Option<Option<String>> = on!(tx, c => sqlx::query_scalar(REVOKE).bind(key).fetch_optional(c).await)?;
    Ok(email.flatten())
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    key: String,
    email: String,
    role: String,
    made_by: Option<String>,
    created_at: i64,
    expires_at: i64,
}

const INVITATIONS: &str = "
    select l.key, l.email, l.role, p.name as made_by, l.created_at, l.expires_at
    from links l left join people p on p.id = l.made_by
    where l.purpose = 'invite' and l.used_at is null and l.expires_at > $1
    order by l.created_at, l.key";

pub(in crate::people) async fn invitations(tx: &mut Tx, now: Moment) -> Result<Vec<Invitation>> {
    let rows: Vec<InvitationRow> = on!(tx, c => sqlx::query_as(INVITATIONS).bind(now.micros()).fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| {
            let role = Role::named(&row.role)
                .ok_or_else(|| Fault::bad_row("links", &row.key, format!("role {}", row.role)))?;
            Ok(Invitation {
                role,
                key: row.key,
                email: row.email,
                made_by: row.made_by,
                created_at: Moment::from_micros(row.created_at),
                expires_at: Moment::from_micros(row.expires_at),
            })
        })
        .collect()
}
