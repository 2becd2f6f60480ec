//! What can be done with a finding. What it amounts to is asked in `retrials`.

use std::collections::{BTreeMap, BTreeSet};

pub use super::sql::Filter;
use super::{
    Finding, FindingEvent, LinkKind, causes,
    drafts::{Checked, Draft, JudgeDraft, fits},
    rulings, sql,
    status::would_cycle,
};
use crate::{
    actor::Act,
    belongs::Belongs,
    db::{self, Tx},
    desk::Desk,
    events::{self, Entry, about},
    fault::{Fault, Result},
    id::{FindingId, NoId, RunId, number_of},
    interval::Interval,
    limits::TIES_SHOWN_MAX,
    refusal::{Checking, Refusal},
    runs, services, teams,
    text::{Note, Slug, Title},
    time::Moment,
    version::began_from,
};

/// Writes a new finding. With an origin run, its experiment, environment and services are the
/// run's unless said otherwise.
pub async fn write(desk: &Desk, draft: &Draft) -> Result<Finding> {
    desk.may(Act::WriteFinding)?;
    let checked = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let finding = add(desk, &mut tx, checked).await?;
    desk.commit(tx, finding.id).await?;
    Ok(finding)
}

async fn add(desk: &Desk, tx: &mut Tx, checked: Checked) -> Result<Finding> {
    let mut services = checked.services;
    let (mut environment, mut experiment) = (checked.environment, None);
    if let Some(origin) = checked.origin {
        let held = runs::acts::Held::load(tx, origin).await?;
        if let Some(revealing) = &checked.body.revealing {
            fits(revealing, &held.facts.identity)?;
        }
        experiment = Some(held.run.experiment);
        environment = Some(held.run.environment);
        services.extend(held.facts.identity.services.iter().cloned());
    } else if checked.body.revealing.is_some() {
        return Err(Refusal::unfit("revealing", "needs the run whose check it is").into());
    }
    let environment = environment.ok_or_else(|| Refusal::unfit("environment", "is empty; say where it was seen"))?;
    known_places(tx, &environment, &services).await?;
    let rests_on = Belongs::default().ids(checked.origin).ids(checked.body.introduced_by);
    let belongs = rests_on.slug(&environment).slugs(&services).to_sample("services")?;
    let finding = Finding {
        id: FindingId::of(desk.number(tx, about::FINDING, belongs).await?),
        title: checked.title,
        kind: checked.kind,
        severity: checked.severity,
        experiment,
        origin: checked.origin,
        environment,
        services,
        body: checked.body,
        created_at: desk.now(),
        version: 1,
    };
    sql::insert(tx, &finding).await?;
    let (title, body) = (finding.title.clone(), finding.body.clone());
    note(desk, tx, finding.id, &FindingEvent::Written { title, severity: finding.severity, body }).await?;
    Ok(finding)
}

/// Environment and services must be in the notebook.
async fn known_places(tx: &mut Tx, environment: &Slug, found_on: &BTreeSet<Slug>) -> Result<()> {
    let mut checking = Checking::default();
    if services::acts::find_environment(tx, environment).await?.is_none() {
        checking.say("environment", "is no environment of this notebook");
    }
    services::acts::known_services(tx, &mut checking, "services", found_on).await?;
    Ok(checking.end(Some(()))?)
}

/// Changes what is said of a finding; where it comes from stays.
pub async fn edit(desk: &Desk, id: FindingId, draft: &Draft) -> Result<Finding> {
    desk.may(Act::WriteFinding)?;
    let checked = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let mut finding = sql::load_locked(&mut tx, id).await?;
    began_from(&draft.version, finding.version, sql::NOUN, id)?;
    if let (Some(revealing), Some(origin)) = (&checked.body.revealing, finding.origin) {
        fits(revealing, &runs::acts::Held::load(&mut tx, origin).await?.facts.identity)?;
    }
    finding.title = checked.title;
    finding.kind = checked.kind;
    finding.severity = checked.severity;
    finding.body = checked.body;
    if !checked.services.is_empty() {
        known_places(&mut tx, &finding.environment, &checked.services).await?;
        finding.services = checked.services;
    }
    let rests_on = Belongs::default().id(id).ids(finding.body.introduced_by);
    rests_on.slugs(&finding.services).stays("services")?;
    sql::save(&mut tx, &finding).await?;
    let (title, body) = (finding.title.clone(), finding.body.clone());
    note(desk, &mut tx, id, &FindingEvent::Edited { title, severity: finding.severity, body }).await?;
    desk.commit(tx, id).await?;
    finding.version += 1;
    Ok(finding)
}

/// A contributing factor, suspected until confirmed. `of` may name a recorded change.
pub async fn suspect_cause(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    let text = reason(draft)?;
    let change = match draft.of.trim() {
        "" => None,
        number => Some(number_of(number).ok_or_else(|| Refusal::unfit("of", "is no recorded change"))?),
    };
    if let Some(change) = change {
        Belongs::default().id(id).number("change", change).stays("of")?;
    }
    said(desk, id, Act::WriteFinding, move |events| {
        let number = i64::try_from(causes(events).len()).unwrap_or_default() + 1;
        Ok(FindingEvent::CauseSuspected { number, text, change })
    })
    .await
}

pub async fn confirm_cause(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    let reason = reason(draft)?;
    let number = number_of(draft.number.trim()).ok_or_else(|| Refusal::unfit("number", "is no cause's number"))?;
    said(desk, id, Act::JudgeFinding, move |events| match causes(events).iter().find(|cause| cause.number == number) {
        None => Err(Refusal::unfit("number", format!("is no cause of {id}"))),
        Some(cause) if cause.confirmed => Err(Refusal::not_now(Act::JudgeFinding, "the cause is confirmed already")),
        Some(_) => Ok(FindingEvent::CauseConfirmed { number, reason }),
    })
    .await
}

/// The risk is lived with until a date, at its beginning in the zone of the team that owns a service it is about; in
/// the person's zone where no team does.
pub async fn accept_risk(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    desk.may(Act::JudgeFinding)?;
    let mut tx = desk.begin_write().await?;
    let finding = sql::load_locked(&mut tx, id).await?;
    let zone = teams::acts::zone_of_owner(&mut tx, &finding.services).await?.unwrap_or_else(|| desk.zone());
    let mut checking = Checking::default();
    let owner = checking.need("owner", Title::new(&draft.owner));
    let reason = checking.need("reason", Note::new(&draft.reason));
    let until = Moment::from_local(&format!("{}T00:00", draft.until.trim()), &zone);
    match until {
        None => checking.say("until", "is no date; accepted risks end on a date like 2027-03-31"),
        Some(until) if until <= desk.now() => checking.say("until", "lies in the past"),
        Some(_) => {}
    }
    let ((owner, reason), until) = checking.end(owner.zip(reason).zip(until))?;
    note(desk, &mut tx, id, &FindingEvent::RiskAccepted { owner, reason, until }).await?;
    desk.commit(tx, id).await
}

pub async fn mark_duplicate(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    desk.may(Act::JudgeFinding)?;
    let of: FindingId = draft.of.parse().map_err(|no: NoId| Refusal::unfit("of", no.to_string()))?;
    Belongs::default().id(id).id(of).stays("of")?;
    let mut tx = desk.begin_write().await?;
    sql::load(&mut tx, id).await?;
    sql::load(&mut tx, of).await?;
    if of == id || would_cycle(&duplicates(&mut tx).await?, id, of) {
        return Err(Refusal::unfit("of", format!("is itself a duplicate of {id} in the end")).into());
    }
    note(desk, &mut tx, id, &FindingEvent::MarkedDuplicate { of }).await?;
    desk.commit(tx, id).await
}

/// What runs that began in a stretch of time have shown, oldest first.
pub(crate) async fn of_runs(tx: &mut Tx, interval: Interval) -> Result<Vec<Finding>> {
    sql::of_runs(tx, interval).await
}

/// Which finding is a duplicate of which, now.
pub(crate) async fn duplicates(tx: &mut Tx) -> Result<BTreeMap<FindingId, FindingId>> {
    let mut links = BTreeMap::new();
    for entry in events::of_kind(tx, about::FINDING).await? {
        let Ok(id) = entry.object.parse::<FindingId>() else {
            continue;
        };
        match entry.read()? {
            FindingEvent::MarkedDuplicate { of } => {
                links.insert(id, of);
            }
            FindingEvent::Undone { act, .. } if act == "marked_duplicate" => drop(links.remove(&id)),
            _ => {}
        }
    }
    Ok(links)
}

/// Findings that say they are the same as this one, and those that say they hang together with it, newest first.
pub(crate) async fn ties(tx: &mut Tx, id: FindingId) -> Result<(Vec<FindingId>, Vec<(LinkKind, FindingId)>)> {
    let (mut same, mut linked) = (Vec::new(), Vec::new());
    for other in said_by(tx, &FindingEvent::MarkedDuplicate { of: id }).await? {
        // It may have been taken back.
        let (_, events) = trail(tx, other).await?;
        if rulings(&events).duplicate_of == Some(id) {
            same.push(other);
        }
    }
    for kind in LinkKind::ALL {
        let others = said_by(tx, &FindingEvent::Linked { kind: *kind, to: id }).await?;
        linked.extend(others.into_iter().map(|other| (*kind, other)));
    }
    Ok((same, linked))
}

/// Each finding of which this was said, once.
async fn said_by(tx: &mut Tx, event: &FindingEvent) -> Result<Vec<FindingId>> {
    let mut others = Vec::new();
    for entry in events::ties(tx, event, TIES_SHOWN_MAX).await? {
        if let Ok(other) = entry.object.parse::<FindingId>()
            && !others.contains(&other)
        {
            others.push(other);
        }
    }
    Ok(others)
}

pub async fn dismiss(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    let reason = reason(draft)?;
    said(desk, id, Act::JudgeFinding, move |_| Ok(FindingEvent::Dismissed { reason })).await
}

/// Takes back the risk, duplicate or dismissal that is in force. `of` names which.
pub async fn undo(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    let reason = reason(draft)?;
    let act = draft.of.trim().to_owned();
    said(desk, id, Act::JudgeFinding, move |events| {
        let now = super::rulings(events);
        let in_force = match act.as_str() {
            "risk_accepted" => now.risk.is_some(),
            "marked_duplicate" => now.duplicate_of.is_some(),
            "dismissed" => now.not_a_finding.is_some(),
            _ => {
                return Err(Refusal::unfit("of", "is not one of risk_accepted, marked_duplicate, dismissed"));
            }
        };
        if in_force {
            Ok(FindingEvent::Undone { act, reason })
        } else {
            Err(Refusal::not_now(Act::JudgeFinding, "there is nothing to take back"))
        }
    })
    .await
}

/// Says that two findings hang together; `number` holds the kind of link.
pub async fn link(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    desk.may(Act::WriteFinding)?;
    let mut checking = Checking::default();
    let to: Option<FindingId> = draft.of.parse().map_err(|no: NoId| checking.say("of", no.to_string())).ok();
    let kind = if draft.number.is_empty() { "related" } else { &draft.number };
    let kind = LinkKind::named(kind).map_err(|says| checking.say("number", says)).ok();
    if to == Some(id) {
        checking.say("of", "is the finding itself");
    }
    let (to, kind) = checking.end(to.zip(kind))?;
    Belongs::default().id(id).id(to).stays("of")?;
    let mut tx = desk.begin_write().await?;
    sql::load(&mut tx, id).await?;
    sql::load(&mut tx, to).await?;
    note(desk, &mut tx, id, &FindingEvent::Linked { kind, to }).await?;
    desk.commit(tx, id).await
}

/// The same weakness in another run: an occurrence, not a new finding.
pub async fn see_again(desk: &Desk, id: FindingId, draft: &JudgeDraft) -> Result<()> {
    desk.may(Act::WriteFinding)?;
    let mut checking = Checking::default();
    let run: Option<RunId> = draft.of.parse().map_err(|no: NoId| checking.say("of", no.to_string())).ok();
    let text = checking.maybe("reason", &draft.reason, Note::new);
    let run = checking.end(run)?;
    Belongs::default().id(id).id(run).stays("of")?;
    let mut tx = desk.begin_write().await?;
    sql::load(&mut tx, id).await?;
    runs::acts::Held::load(&mut tx, run).await?;
    note(desk, &mut tx, id, &FindingEvent::SeenAgain { run, text }).await?;
    desk.commit(tx, id).await
}

fn reason(draft: &JudgeDraft) -> Result<Note, Refusal> {
    Note::new(&draft.reason).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))
}

/// One line that depends only on the finding's own trail.
async fn said(
    desk: &Desk,
    id: FindingId,
    act: Act,
    write: impl FnOnce(&[FindingEvent]) -> Result<FindingEvent, Refusal> + Send,
) -> Result<()> {
    desk.may(act)?;
    let mut tx = desk.begin_write().await?;
    sql::load_locked(&mut tx, id).await?;
    let (_, events) = trail(&mut tx, id).await?;
    let event = write(&events)?;
    note(desk, &mut tx, id, &event).await?;
    desk.commit(tx, id).await
}

/// Tells once, inside another act's transaction, that an accepted risk ends soon.
pub(crate) async fn tell_expiry(desk: &Desk, tx: &mut Tx, id: FindingId, until: Moment) -> Result<()> {
    note(desk, tx, id, &FindingEvent::RiskExpires { until }).await
}

async fn note(desk: &Desk, tx: &mut Tx, id: FindingId, event: &FindingEvent) -> Result<()> {
    events::note(desk, tx, (about::FINDING, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}

pub(crate) async fn in_tx(tx: &mut Tx, id: FindingId) -> Result<Finding> {
    sql::load(tx, id).await
}

pub(crate) async fn trail(tx: &mut Tx, id: FindingId) -> Result<(Vec<Entry>, Vec<FindingEvent>)> {
    let entries = events::of_object(tx, about::FINDING, &id.to_string()).await?;
    let events = entries.iter().map(Entry::read).collect::<Result<_>>()?;
    Ok((entries, events))
}

/// The runs that were noted last to show these findings again, all in one statement.
pub(crate) async fn seen_again(tx: &mut Tx, found: &[Finding]) -> Result<BTreeMap<FindingId, RunId>> {
    let mut last = BTreeMap::new();
    for (number, body) in sql::seen_again(tx, found).await? {
        let id = FindingId::of(number);
        let event: FindingEvent = serde_json::from_str(&body).map_err(|e| Fault::bad_row("events", id, e))?;
        if let FindingEvent::SeenAgain { run, .. } = event {
            last.insert(id, run);
        }
    }
    Ok(last)
}

/// One page and a row more or a few, own ones first, newest first.
pub(crate) async fn page(tx: &mut Tx, filter: &Filter) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before.map(FindingId::number)) {
        if !filter.rows.is_full(&found) {
            found.extend(sql::page(tx, filter, &stretch).await?);
        }
    }
    Ok(found)
}
