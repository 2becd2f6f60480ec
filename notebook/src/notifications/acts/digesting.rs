//! The weekly digest: composed of what the notebook says at this moment, shown to whoever asks, and told to
//! everybody once a week.

use std::collections::BTreeMap;

use super::{
    mailing::of_any_server,
    spreading::{Channels, Entered, enter, zone_of},
};
use crate::{
    actor::Act,
    cadences::{self, acts::Scope},
    db::Tx,
    decisions::{self, DecisionEvent},
    desk::Desk,
    events::{self, Entry, about},
    experiments::{self, trail::Turned},
    fault::Result,
    findings::FindingEvent,
    fixes::{self, FixEvent, Standing},
    foreign::shorten,
    gamedays::{GameDay, GameDayState},
    id::{DecisionId, ExperimentId, FixId, RunId, SAMPLE_PREFIX},
    interval::Interval,
    limits::{DIGEST_LINES_MAX, DIGEST_ROWS_MAX, NOTICE_CHARS_MAX},
    notifications::{
        digest::{Digest, DigestLine, DigestPart, Week},
        sql::{digests as sql, notices},
        topics::Topic,
    },
    people::{self, Account},
    refusal::Refusal,
    retrials::{
        self,
        due::{Due, DueReason},
    },
    runs::{
        acts::Held,
        facts::{Execution, Exercised},
        trail::RunEvent,
    },
    slos::{self, words::percent_down},
    time::Moment,
};

/// What a digest is called where things are named, which is its address on the site as well.
const OBJECT: &str = "digest";
const BECAUSE: &str = "a week is over";

/// The newest digest by one's own clock, with what is due and what comes as it is now.
pub async fn digest(desk: &Desk) -> Result<Digest> {
    desk.may(Act::Look)?;
    let week = Week::told_at(desk.now(), &desk.zone());
    let week = week.ok_or_else(|| Refusal::not_now(Act::Look, "no calendar holds this week"))?;
    Box::pin(compose(desk, &week)).await
}

/// Tells everybody the week that is over by their own clock; how many people that were. A timed act. Whoever is
/// seen for the first time hears from the next week on.
pub async fn tell_digests(desk: &Desk, channels: &Channels) -> Result<usize> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_read().await?;
    let accounts = people::acts::everybody(&mut tx).await?;
    let last = sql::all(&mut tx).await?;
    let channels = of_any_server(desk, &mut tx, channels).await?;
    drop(tx);
    let (mut composed, mut told) = (BTreeMap::new(), 0);
    for account in accounts.iter().filter(|account| !account.disabled) {
        let zone = zone_of(account);
        let Some(week) = Week::told_at(desk.now(), &zone) else { continue };
        let monday = week.monday.to_string();
        match last.get(&account.id) {
            Some(last) if *last >= monday => continue,
            Some(_) => {}
            None => {
                begin_with(desk, account, &monday).await?;
                continue;
            }
        }
        if !composed.contains_key(zone.name()) {
            let digest = Box::pin(compose(desk, &week)).await?;
            composed.insert(zone.name().to_owned(), digest);
        }
        if let Some(digest) = composed.get(zone.name()) {
            told += usize::from(tell(desk, &channels, account, &week, digest).await?);
        }
    }
    Ok(told)
}

async fn begin_with(desk: &Desk, account: &Account, monday: &str) -> Result<()> {
    let mut tx = desk.begin_write().await?;
    sql::claim(&mut tx, account.id, monday).await?;
    desk.commit(tx, OBJECT).await
}

/// False if another server told it meanwhile, if there is nothing to tell, or if they do not want it.
async fn tell(desk: &Desk, channels: &Channels, account: &Account, week: &Week, digest: &Digest) -> Result<bool> {
    let mut tx = desk.begin_write().await?;
    if !sql::claim(&mut tx, account.id, &digest.week).await? {
        return Ok(false);
    }
    let is_muted = notices::muted(&mut tx, OBJECT).await?.contains(&account.id);
    let told = !is_muted && !digest.is_empty() && {
        let topic = Topic::Digest;
        let says = shorten::line(&topic.sentence(&week.words(), &digest.summary(), ""), NOTICE_CHARS_MAX);
        let mail = digest.mail(says.clone(), &zone_of(account), BECAUSE, &channels.origin);
        let entry = Entered { kind: OBJECT, topic, object: OBJECT, says: &says, because: BECAUSE, until: None };
        enter(desk, &mut tx, channels, &entry, account, &mail).await?
    };
    desk.commit(tx, OBJECT).await?;
    Ok(told)
}

async fn compose(desk: &Desk, week: &Week) -> Result<Digest> {
    let due = retrials::acts::due(desk, None).await?.due.into_iter().filter(|due| !is_sample(&due.of));
    let (mut unverified, due): (Vec<Due>, Vec<Due>) = due.partition(|due| due.reason == DueReason::Unverified);
    unverified.sort_by_key(|due| (due.at.is_none(), due.at));
    let past = Past::of(desk, week).await?;
    let part = |lines| DigestPart::of(lines, DIGEST_ROWS_MAX);
    Ok(Digest {
        week: week.monday.to_string(),
        from: week.from,
        until: week.until,
        next_until: week.next_until,
        learnt: part(past.learnt),
        verified: part(past.verified),
        turned: part(past.turned),
        due: part(due.into_iter().map(owed).collect()),
        unverified: part(unverified.into_iter().map(owed).collect()),
        budget: part(budgets(desk).await?),
        next: part(next(desk, week).await?),
    })
}

fn is_sample(id: &str) -> bool {
    id.starts_with(SAMPLE_PREFIX)
}

fn owed(due: Due) -> DigestLine {
    // A risk ends with a day of its team, and the moment may lie on another day of the reader's: only that day is said.
    let (says, at) = match due.ends {
        Some(ends) => (format!("risk accepted until {ends} only"), None),
        None => (due.reason.label().to_lowercase(), due.at),
    };
    DigestLine { says, of: due.of, title: due.title, at }
}

/// What a week came to, the newest first.
#[derive(Default)]
struct Past {
    learnt: Vec<DigestLine>,
    verified: Vec<DigestLine>,
    turned: Vec<DigestLine>,
}

impl Past {
    async fn of(desk: &Desk, week: &Week) -> Result<Self> {
        let mut tx = desk.begin_read().await?;
        let mut past = Self::default();
        for line in events::of_week(&mut tx, (week.from, week.until), DIGEST_LINES_MAX).await? {
            past.take(desk, &mut tx, &line).await?;
        }
        Ok(past)
    }

    async fn take(&mut self, desk: &Desk, tx: &mut Tx, line: &Entry) -> Result<()> {
        match (line.kind.as_str(), line.act.as_str()) {
            (about::RUN, "signed") => self.learnt.extend(signed(tx, line).await?),
            (about::RUN, "closed") => self.verified.extend(verified(desk, tx, line).await?),
            (about::FINDING, "written") => {
                if let FindingEvent::Written { title, severity, .. } = line.read()? {
                    let says = format!("found, severity {}", severity.label().to_lowercase());
                    self.learnt.push(said(line, title, says));
                }
            }
            (_, "turned") => self.turned.extend(turned(tx, line).await?),
            _ => {}
        }
        Ok(())
    }
}

fn said(line: &Entry, title: impl ToString, says: String) -> DigestLine {
    DigestLine { of: line.object.clone(), title: title.to_string(), says, at: Some(line.at) }
}

async fn signed(tx: &mut Tx, line: &Entry) -> Result<Option<DigestLine>> {
    let RunEvent::Signed { verdict, .. } = line.read()? else { return Ok(None) };
    let Ok(run) = line.object.parse::<RunId>() else { return Ok(None) };
    let title = Held::load(tx, run).await?.run.title;
    Ok(Some(said(line, title, verdict.label().to_lowercase())))
}

/// The fixes that a run which was closed verified, as far as they still are.
async fn verified(desk: &Desk, tx: &mut Tx, line: &Entry) -> Result<Vec<DigestLine>> {
    let Ok(run) = line.object.parse::<RunId>() else { return Ok(Vec::new()) };
    let held = Held::load(tx, run).await?;
    let mut verified = Vec::new();
    for answer in held.facts.answers.iter().filter(|answer| answer.exercised == Exercised::Held) {
        if retrials::acts::standing_of(desk, tx, answer.fix).await? == Standing::Verified {
            let title = fixes::acts::in_tx(tx, answer.fix).await?.title;
            let says = format!("verified by {run}");
            verified.push(DigestLine { of: answer.fix.to_string(), ..said(line, title, says) });
        }
    }
    Ok(verified)
}

async fn turned(tx: &mut Tx, line: &Entry) -> Result<Option<DigestLine>> {
    let (title, is) = match line.kind.as_str() {
        about::FIX => {
            let FixEvent::Turned { is, .. } = line.read()? else { return Ok(None) };
            let Ok(id) = line.object.parse::<FixId>() else { return Ok(None) };
            (fixes::acts::in_tx(tx, id).await?.title.to_string(), is.label().to_lowercase())
        }
        about::DECISION => {
            let DecisionEvent::Turned { is, .. } = line.read()? else { return Ok(None) };
            let Ok(id) = line.object.parse::<DecisionId>() else { return Ok(None) };
            (decisions::acts::in_tx(tx, id).await?.title.to_string(), is.label().to_lowercase())
        }
        _ => {
            let Ok(id) = line.object.parse::<ExperimentId>() else { return Ok(None) };
            (experiments::acts::in_tx(tx, id).await?.title.to_string(), line.read::<Turned>()?.is)
        }
    };
    Ok(Some(said(line, title, format!("turned {is}"))))
}

/// What is left of each promise that is in force and measured, the least first.
async fn budgets(desk: &Desk) -> Result<Vec<DigestLine>> {
    let (kept, _) = slos::acts::list(desk, &slos::acts::Filter::default()).await?;
    let promises =
        kept.into_iter().filter(|kept| !kept.id.is_sample() && kept.approved.is_some() && kept.retired_at.is_none());
    let mut left = Vec::new();
    for kept in promises {
        let Some(budget) = slos::acts::show(desk, kept.id).await?.standing.budget else { continue };
        let remaining = budget.remaining();
        let missed = if budget.is_met() { "" } else { "missed, " };
        let says = format!("{missed}{} left", percent_down(remaining));
        left.push((
            remaining,
            DigestLine { of: kept.id.to_string(), title: kept.in_force().name.to_string(), says, at: None },
        ));
    }
    left.sort_by_key(|(remaining, _)| *remaining);
    Ok(left.into_iter().map(|(_, line)| line).collect())
}

/// Runs that are planned into the week that has begun, slots without one, and game days, in their order.
async fn next(desk: &Desk, week: &Week) -> Result<Vec<DigestLine>> {
    let Some(stretch) = Interval::new(week.until, week.next_until) else { return Ok(Vec::new()) };
    let calendar = Box::pin(cadences::acts::calendar(desk, stretch, &Scope::default())).await?;
    let planned = calendar.runs.into_iter().map(|on| on.run);
    let planned = planned.filter(|run| run.execution == Execution::Planned && !run.id.is_sample());
    let mut next: Vec<DigestLine> = planned
        .map(|run| DigestLine { of: run.id.to_string(), title: run.title, says: "planned".into(), at: run.planned_at })
        .collect();
    let slots = calendar.slots.into_iter().filter(|slot| slot.standing.is_open() && !slot.experiment.is_sample());
    next.extend(slots.map(|slot| {
        let says = "a slot without a run".to_owned();
        DigestLine { of: slot.experiment.to_string(), title: slot.title, says, at: Some(slot.at) }
    }));
    next.extend(calendar.gamedays.iter().filter(|day| is_to_come(day, desk.now())).map(gameday));
    next.sort_by_key(|line| line.at);
    Ok(next)
}

fn is_to_come(gameday: &GameDay, now: Moment) -> bool {
    !gameday.id.is_sample()
        && match gameday.state(now) {
            GameDayState::Coming | GameDayState::UnderWay => true,
            GameDayState::Over | GameDayState::Cancelled => false,
        }
}

/// "game day with RUN-3, RUN-4".
fn gameday(gameday: &GameDay) -> DigestLine {
    let runs: Vec<String> = gameday.text.runs.iter().map(ToString::to_string).collect();
    let with = if runs.is_empty() { String::new() } else { format!(" with {}", runs.join(", ")) };
    DigestLine {
        of: gameday.id.to_string(),
        title: gameday.text.title.to_string(),
        says: format!("game day{with}"),
        at: Some(gameday.text.from),
    }
}
