//! Writing, changing, cancelling and looking at game days, and noting what happens on one.

use std::collections::BTreeSet;

pub use super::sql::Filter;
use super::{
    GameDay, GameDayState, Seen, Text,
    agenda::{Line, agenda},
    drafts::{CancelDraft, Draft, NoteDraft, field},
    sql,
    summary::{Summary, summary},
    trail::GameDayEvent,
};
use crate::{
    actor::{Act, PersonId},
    belongs::Belongs,
    db::{self, Tx},
    desk::Desk,
    events::{self, Entry, about},
    fault::{Error, Result},
    findings,
    gate::quorum::Part,
    id::{GameDayId, RunId},
    interval::Interval,
    limits::GAME_DAY_NEWEST,
    people,
    refusal::{Checking, Refusal},
    runs::{
        acts::{Held, Observation, told_in},
        validity::validity,
        verdict::verdict,
    },
    teams,
    version::began_from,
};

pub async fn write(desk: &Desk, draft: &Draft) -> Result<GameDay> {
    desk.may(Act::WriteGameDay)?;
    let text = draft.check(&desk.zone())?;
    let belongs = around(Belongs::default(), &text).to_sample("runs")?;
    let mut tx = desk.begin_write().await?;
    let id = GameDayId::of(desk.number(&mut tx, about::GAMEDAY, belongs).await?);
    known(&mut tx, &text).await?;
    let now = desk.now();
    let gameday = GameDay { id, text, cancelled_at: None, changed_at: now, created_at: now, version: 1 };
    sql::insert(&mut tx, &gameday).await?;
    note(desk, &mut tx, id, &GameDayEvent::Written { text: gameday.text.clone() }).await?;
    desk.commit(tx, id).await?;
    Ok(gameday)
}

/// Changes what is said of a game day, also when it is over: runs are added to it afterwards, too.
pub async fn edit(desk: &Desk, id: GameDayId, draft: &Draft) -> Result<GameDay> {
    desk.may(Act::WriteGameDay)?;
    let text = draft.check(&desk.zone())?;
    around(Belongs::default().id(id), &text).stays("runs")?;
    let mut tx = desk.begin_write().await?;
    let before = sql::load(&mut tx, id).await?;
    refuse_cancelled(&before)?;
    let version = began_from(&draft.version, before.version, sql::NOUN, id)?;
    known(&mut tx, &text).await?;
    let gameday = GameDay { text, changed_at: desk.now(), ..before };
    sql::save(&mut tx, &gameday).await?;
    note(desk, &mut tx, id, &GameDayEvent::Edited { text: gameday.text.clone() }).await?;
    desk.commit(tx, id).await?;
    Ok(GameDay { version: version + 1, ..gameday })
}

/// What it rests on. Anybody may be there, whosever runs they are.
fn around(belongs: Belongs, text: &Text) -> Belongs {
    belongs.slugs(&text.body.teams).ids(text.runs.iter().copied())
}

fn refuse_cancelled(gameday: &GameDay) -> Result<(), Refusal> {
    match gameday.cancelled_at {
        Some(_) => Err(Refusal::not_now(Act::WriteGameDay, format!("{} is cancelled", gameday.id))),
        None => Ok(()),
    }
}

/// Says beside its field which team, run or person is not there.
async fn known(tx: &mut Tx, text: &Text) -> Result<()> {
    let mut checking = Checking::default();
    for team in &text.body.teams {
        teams::acts::known(tx, &mut checking, "teams", team).await?;
    }
    for run in &text.runs {
        match Held::load(tx, *run).await {
            Ok(_) => {}
            Err(Error::Refused(Refusal::Missing { .. })) => {
                checking.say("runs", format!("names {run}, which does not exist"));
            }
            Err(error) => return Err(error),
        }
    }
    let everybody: BTreeSet<PersonId> =
        people::acts::everybody(tx).await?.into_iter().map(|account| account.id).collect();
    for taken in text.body.people.iter().filter(|taken| !everybody.contains(&taken.person)) {
        checking.say(field(taken.part), format!("names person {}, who has no account", taken.person.0));
    }
    Ok(checking.end(Some(()))?)
}

/// Says that it does not take place, and why. Its runs are planned as before.
pub async fn cancel(desk: &Desk, id: GameDayId, draft: &CancelDraft) -> Result<GameDay> {
    desk.may(Act::WriteGameDay)?;
    let why = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let before = sql::load(&mut tx, id).await?;
    refuse_cancelled(&before)?;
    if before.state(desk.now()) == GameDayState::Over {
        return Err(Refusal::not_now(Act::WriteGameDay, format!("{id} is over")).into());
    }
    if !sql::cancel(&mut tx, id, desk.now()).await? {
        return Err(Refusal::not_now(Act::WriteGameDay, format!("{id} is cancelled")).into());
    }
    note(desk, &mut tx, id, &GameDayEvent::Cancelled { why }).await?;
    desk.commit(tx, id).await?;
    let (version, now) = (before.version + 1, desk.now());
    Ok(GameDay { cancelled_at: Some(now), changed_at: now, version, ..before })
}

/// Adds to what everybody notes, before, meanwhile or afterwards.
pub async fn add_note(desk: &Desk, id: GameDayId, draft: &NoteDraft) -> Result<()> {
    desk.may(Act::NoteGameDay)?;
    let text = draft.check()?;
    let mut tx = desk.begin_write().await?;
    sql::load(&mut tx, id).await?;
    note(desk, &mut tx, id, &GameDayEvent::Noted { text }).await?;
    desk.commit(tx, id).await
}

async fn note(desk: &Desk, tx: &mut Tx, id: GameDayId, event: &GameDayEvent) -> Result<()> {
    events::note(desk, tx, (about::GAMEDAY, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}

/// A game day with everything its page shows.
pub struct Shown {
    pub gameday: GameDay,
    pub agenda: Vec<Line>,
    pub summary: Summary,
    /// What tells its runs in short, in the order of time.
    pub timeline: Vec<(RunId, Observation)>,
    /// Who takes which part.
    pub people: Vec<(Part, String)>,
    /// What was done to it and noted on it, oldest first.
    pub history: Vec<Entry>,
}

pub async fn show(desk: &Desk, id: GameDayId) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let gameday = sql::load(&mut tx, id).await?;
    let mut runs = Vec::with_capacity(gameday.text.runs.len());
    for run in &gameday.text.runs {
        runs.push(seen(&mut tx, *run).await?);
    }
    Ok(Shown {
        agenda: agenda(&gameday.text, &runs),
        summary: summary(&runs),
        timeline: told_in(&mut tx, &gameday.text.runs, GAME_DAY_NEWEST).await?,
        people: parts(&mut tx, &gameday).await?,
        history: events::of_object(&mut tx, about::GAMEDAY, &id.to_string()).await?,
        gameday,
    })
}

async fn seen(tx: &mut Tx, id: RunId) -> Result<Seen> {
    let Held { run, facts, .. } = Held::load(tx, id).await?;
    let of_run = findings::acts::Filter { origin: Some(id), ..findings::acts::Filter::default() };
    let mut found: Vec<_> = findings::acts::page(tx, &of_run).await?.into_iter().map(|finding| finding.id).collect();
    found.sort_unstable();
    let (validity, verdict) = (validity(&facts).map(|answer| answer.is), verdict(&facts));
    Ok(Seen { run, validity, verdict, findings: found })
}

async fn parts(tx: &mut Tx, gameday: &GameDay) -> Result<Vec<(Part, String)>> {
    let everybody = people::acts::everybody(tx).await?;
    let name = |person: PersonId| everybody.iter().find(|account| account.id == person).map(|found| found.name.clone());
    let parts = gameday.text.body.people.iter();
    Ok(parts.filter_map(|taken| Some((taken.part, name(taken.person)?))).collect())
}

/// What is said of one game day, for its form.
pub async fn load(desk: &Desk, id: GameDayId) -> Result<GameDay> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    sql::load(&mut tx, id).await
}

/// One page, own ones first, newest first, and whether there are older ones.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<GameDay>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before.map(GameDayId::number)) {
        if !filter.rows.is_full(&found) {
            found.extend(sql::page(&mut tx, filter, &stretch).await?);
        }
    }
    Ok(filter.rows.page(found))
}

/// These game days, in this order.
pub async fn rows_of(desk: &Desk, ids: &[GameDayId]) -> Result<Vec<GameDay>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(sql::load(&mut tx, *id).await?);
    }
    Ok(rows)
}

/// Those that a run belongs to, oldest first.
pub async fn of_run(desk: &Desk, run: RunId) -> Result<Vec<GameDay>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    sql::of_run(&mut tx, run).await
}

/// One game day, inside a transaction.
pub(crate) async fn in_tx(tx: &mut Tx, id: GameDayId) -> Result<GameDay> {
    sql::load(tx, id).await
}

/// Those that begin in a stretch of time, the earliest first.
pub(crate) async fn during(tx: &mut Tx, stretch: Interval) -> Result<Vec<GameDay>> {
    sql::during(tx, stretch).await
}

/// The row, what the last line says of it, whether a line cancels it, and how many lines there are.
pub(crate) async fn followed(tx: &mut Tx, id: GameDayId) -> Result<(GameDay, Option<Text>, bool, usize)> {
    let gameday = sql::load(tx, id).await?;
    let entries = events::of_object(tx, about::GAMEDAY, &id.to_string()).await?;
    let (mut said, mut is_cancelled) = (None, false);
    for entry in &entries {
        match entry.read()? {
            GameDayEvent::Written { text } | GameDayEvent::Edited { text } => said = Some(text),
            GameDayEvent::Cancelled { .. } => is_cancelled = true,
            GameDayEvent::Noted { .. } => {}
        }
    }
    Ok((gameday, said, is_cancelled, entries.len()))
}
