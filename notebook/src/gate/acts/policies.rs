//! The policy: writing a version, approving it, looking at them all.

use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::{Fault, Result},
    gate::{
        drafts::{ApprovePolicyDraft, PolicyDraft},
        policy::{KeptPolicy, Policy, PolicyEvent, in_force as newest_approved},
        sql,
    },
    people,
    refusal::Refusal,
    version::began_from,
};

const NOUN: &str = "policy";

/// All versions, and the one whose limits hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    pub in_force: Policy,
    /// The newest first.
    pub all: Vec<KeptPolicy>,
    /// Oldest first.
    pub history: Vec<Entry>,
}

impl Policies {
    /// 0 while none was written.
    pub fn newest(&self) -> u32 {
        self.all.first().map_or(0, |kept| kept.policy.version)
    }
}

pub async fn policies(desk: &Desk) -> Result<Policies> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let all = sql::all(&mut tx).await?;
    let history = events::of_object(&mut tx, about::POLICY, NOUN).await?;
    Ok(Policies { in_force: of(&all), all, history })
}

/// The policy whose limits hold.
pub(super) async fn in_force(tx: &mut Tx) -> Result<Policy> {
    Ok(of(&sql::all(tx).await?))
}

fn of(all: &[KeptPolicy]) -> Policy {
    newest_approved(&all.iter().map(|kept| kept.policy).collect::<Vec<_>>())
}

/// Writes a further version. It holds once somebody else has approved it.
pub async fn write_policy(desk: &Desk, draft: &PolicyDraft) -> Result<KeptPolicy> {
    desk.may(Act::WritePolicy)?;
    let proposal = draft.check(desk.now().civil(&desk.zone()).date())?;
    let mut tx = desk.begin_write().await?;
    // The counter is held from here on, so two who write at once get two versions or a refusal.
    let id = desk.number(&mut tx, about::POLICY, false).await?;
    let version = u32::try_from(id).map_err(|e| Fault::Work(e.to_string()))?;
    let newest = sql::all(&mut tx).await?.first().map_or(0, |kept| kept.policy.version);
    began_from(&draft.version, i64::from(newest), NOUN, newest)?;
    let policy = Policy { version, ..proposal };
    let kept = KeptPolicy {
        policy,
        author: desk.person_id(),
        author_name: desk.person().map(|person| person.name.clone()).unwrap_or_default(),
        written_at: desk.now(),
        approver_name: String::new(),
        approved_at: None,
    };
    sql::insert(&mut tx, &kept).await?;
    note(desk, &mut tx, &PolicyEvent::Written { policy }).await?;
    desk.commit(tx, format!("policy {version}")).await?;
    Ok(kept)
}

/// Approves the newest version: from now on its limits hold.
pub async fn approve_policy(desk: &Desk, draft: &ApprovePolicyDraft) -> Result<KeptPolicy> {
    desk.may(Act::ApprovePolicy)?;
    let mut tx = desk.begin_write().await?;
    let mut all = sql::all(&mut tx).await?;
    if all.is_empty() {
        return Err(Refusal::missing(NOUN, "to approve").into());
    }
    let mut kept = all.remove(0);
    let version = kept.policy.version;
    began_from(&draft.version, i64::from(version), NOUN, version)?;
    let no_second_person = second_person(desk, &mut tx, &kept).await?;
    // What was fit to be proposed may have waited past its day.
    let today = desk.now().civil(&desk.zone()).date();
    if let Some(trouble) = kept.policy.troubles(today).first().filter(|_| kept.approved_at.is_none()) {
        let state =
            format!("version {version} cannot hold as it is: {} {}; write it anew", trouble.field, trouble.says);
        return Err(Refusal::not_now(Act::ApprovePolicy, state).into());
    }
    if !sql::approve(&mut tx, version, desk.person_id(), desk.now()).await? {
        return Err(Refusal::not_now(Act::ApprovePolicy, format!("version {version} is approved already")).into());
    }
    note(desk, &mut tx, &PolicyEvent::Approved { version, no_second_person }).await?;
    desk.commit(tx, format!("policy {version}")).await?;
    kept.policy.approved_by = Some(desk.person_id().unwrap_or(crate::gate::asked::OPERATOR));
    kept.approver_name = desk.person().map(|person| person.name.clone()).unwrap_or_default();
    kept.approved_at = Some(desk.now());
    Ok(kept)
}

/// Whoever wrote a version does not approve it, unless the notebook belongs to one person; then
/// true says that nobody else looked.
async fn second_person(desk: &Desk, tx: &mut Tx, kept: &KeptPolicy) -> Result<bool> {
    if kept.author != desk.person_id() {
        return Ok(false);
    }
    if people::acts::is_solo(tx).await? {
        return Ok(true);
    }
    let state = format!("you wrote version {}, and a policy is approved by somebody else", kept.policy.version);
    Err(Refusal::not_now(Act::ApprovePolicy, state).into())
}

async fn note(desk: &Desk, tx: &mut Tx, event: &PolicyEvent) -> Result<()> {
    events::note(desk, tx, (about::POLICY, NOUN), event.act(), desk.now(), event).await.map(|_| ())
}
