//! Game days: several runs in one block of a day.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    cadences::{Slot, acts::left_out},
    desk::Desk,
    events::Entry,
    fault::Result,
    gamedays::{
        GameDay, GameDayState,
        acts::{self, Filter, Shown},
        agenda::{Line, What},
        drafts::{CancelDraft, Draft, NoteDraft},
        summary::Summary,
        trail::GameDayEvent,
    },
    id::{GameDayId, RunId},
    runs::{acts::Observation, trail::ObservationKind},
    search::lists,
    shapes::{Limit, Param},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    cadences::SlotTold,
};
use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("gamedays", "Several runs in one block of a day, with people, an agenda and notes.")
        .names::<GameDayId>("id", "The game day's id.")
        .read("/gamedays", list, look("list", "List game days, newest first.").pages::<Asked>().answers::<Listed>())
        .read(
            "/gamedays/{id}",
            show,
            look("show", "Show a game day with its agenda, its notes, and what it came to.").versioned::<Whole>(),
        )
        .act(
            "/gamedays",
            write,
            act("write", Act::WriteGameDay, "Write a game day.")
                .takes::<Draft>()
                .without(&["version"])
                .creates::<Told>(),
        )
        .act(
            "/gamedays/{id}/edit",
            edit,
            act("edit", Act::WriteGameDay, "Change what is said of a game day, its runs among it.")
                .takes::<Draft>()
                .edits::<Told>(),
        )
        .act(
            "/gamedays/{id}/cancel",
            cancel,
            act("cancel", Act::WriteGameDay, "Say that a game day does not take place; its runs stay planned.")
                .takes::<CancelDraft>()
                .answers::<Told>(),
        )
        .act(
            "/gamedays/{id}/add-note",
            add_note,
            act("add_note", Act::NoteGameDay, "Add to what everybody notes on a game day.").takes::<NoteDraft>(),
        )
}

async fn write(door: Door) -> Response {
    let done = |told: &Told| (paths::gameday(told.id), format!("{} is written.", told.id));
    let act = |desk: Desk, draft: Draft| async move {
        Box::pin(acts::write(&desk, &draft)).await.map(|gameday| Told::of(&gameday, desk.now()))
    };
    door.page(paths::new_gameday()).make(act, done).await
}

async fn edit(At(id): At<GameDayId>, door: Door) -> Response {
    let act = |desk: Desk, draft: Draft| async move {
        Box::pin(acts::edit(&desk, id, &draft)).await.map(|gameday| Told::of(&gameday, desk.now()))
    };
    door.page(paths::edit_gameday(id)).run(act, |_| (paths::gameday(id), format!("{id} is saved."))).await
}

async fn cancel(At(id): At<GameDayId>, door: Door) -> Response {
    let act = |desk: Desk, draft: CancelDraft| async move {
        acts::cancel(&desk, id, &draft).await.map(|gameday| Told::of(&gameday, desk.now()))
    };
    door.page(paths::gameday(id)).run(act, |_| (paths::gameday(id), format!("{id} is cancelled."))).await
}

async fn add_note(At(id): At<GameDayId>, door: Door) -> Response {
    let act = |desk: Desk, draft: NoteDraft| async move { acts::add_note(&desk, id, &draft).await };
    let after = format!("{}#notes", paths::gameday(id));
    door.page(paths::gameday(id)).run(act, |()| (after, "Noted.")).await
}

// --- for programs

/// A game day, and what it is now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GameDay")]
struct Told {
    id: GameDayId,
    state: GameDayState,
    from: Moment,
    until: Moment,
    /// In the words in which it is sent.
    #[schemars(schema_with = "in_words::<Draft>")]
    text: Draft,
    version: i64,
}

impl Told {
    fn of(gameday: &GameDay, now: Moment) -> Self {
        Self {
            id: gameday.id,
            state: gameday.state(now),
            from: gameday.text.from,
            until: gameday.text.until,
            text: Draft::of(&gameday.text, gameday.version),
            version: gameday.version,
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// The last game day on the page before.
    #[schemars(with = "Param<GameDayId>")]
    before: String,
    /// Game days on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GameDays")]
struct Listed {
    gamedays: Vec<Told>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let before = asked::id(&asked.before, "before", "is no game day's id")?;
        let (query, filter) =
            (asked::query(list.desk(), &asked.q).await?, Filter { before, rows: asked::rows(&asked.limit)? });
        let (rows, last, unreadable) = lists::gamedays(list.desk(), &query, &filter).await?;
        let now = list.desk().now();
        let gamedays = rows.iter().map(|gameday| Told::of(gameday, now)).collect();
        Ok((Listed { gamedays, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GameDayWhole")]
struct Whole {
    gameday: Told,
    /// The earliest first.
    agenda: Vec<LineTold>,
    /// What follows from its runs.
    summary: Summary,
    /// Slots within it of experiments that its agenda names, where nothing is or was run; the earliest first.
    left_out: Vec<SlotTold>,
    /// The oldest first.
    notes: Vec<NoteTold>,
    /// What is pinned in its runs, and the newest of all that was seen in them; the earliest first.
    timeline: Vec<SeenTold>,
}

/// What somebody saw in one of its runs.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GameDaySeen")]
struct SeenTold {
    run: RunId,
    /// `o1`, `o2`… of its run.
    number: i64,
    at: Moment,
    by: String,
    kind: ObservationKind,
    text: String,
    pinned: bool,
}

impl From<(RunId, Observation)> for SeenTold {
    fn from((run, seen): (RunId, Observation)) -> Self {
        let Observation { number, at, name, kind, text, pinned, .. } = seen;
        Self { run, number, at, by: name, kind, text, pinned }
    }
}

/// A point of the agenda: a run, or something else.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GameDayLine")]
struct LineTold {
    /// None for a run whose time nobody has set.
    at: Option<Moment>,
    run: Option<RunId>,
    /// The run's title where it is one.
    what: String,
    /// It lies outside of the game day.
    outside: bool,
}

impl From<Line> for LineTold {
    fn from(line: Line) -> Self {
        let (run, what) = match line.what {
            What::Point(what) => (None, what.into()),
            What::Run(seen) => (Some(seen.run.id), seen.run.title),
        };
        Self { at: line.at, run, what, outside: line.is_outside }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GameDayNote")]
struct NoteTold {
    at: Moment,
    /// Who noted it.
    name: String,
    text: String,
}

fn notes(history: &[Entry]) -> Result<Vec<NoteTold>> {
    let mut notes = Vec::new();
    for entry in history.iter().filter(|entry| entry.act == "noted") {
        if let GameDayEvent::Noted { text } = entry.read()? {
            notes.push(NoteTold { at: entry.at, name: entry.name.clone(), text: text.into() });
        }
    }
    Ok(notes)
}

fn whole(shown: Shown, left_out: Vec<Slot>, now: Moment) -> Result<Whole> {
    Ok(Whole {
        gameday: Told::of(&shown.gameday, now),
        agenda: shown.agenda.into_iter().map(LineTold::from).collect(),
        summary: shown.summary,
        left_out: left_out.into_iter().map(SlotTold::from).collect(),
        notes: notes(&shown.history)?,
        timeline: shown.timeline.into_iter().map(SeenTold::from).collect(),
    })
}

async fn show(At(id): At<GameDayId>, api: Api) -> Response {
    let whole = async {
        let shown = Box::pin(acts::show(&api.desk, id)).await?;
        let left_out = Box::pin(left_out(&api.desk, &shown.gameday)).await?;
        whole(shown, left_out, api.desk.now())
    };
    let whole = whole.await;
    api.thing(whole, |whole| whole.gameday.version)
}
