//! One game day: its agenda, who is there, what is noted, and what it came to.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::cadences::acts::left_out;
use notebook::desk::Desk;
use notebook::gamedays::GameDayState;
use notebook::gamedays::acts::{Shown, show};
use notebook::gamedays::agenda::What;
use notebook::id::{GameDayId, RunId};
use notebook::limits::{NOTE_CHARS_MAX, PROSE_CHARS_MAX};
use notebook::runs::facts::Execution;

use super::fields::crumbs;
use super::{agenda, timeline, trail};
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::parts::disclosure::Disclosure;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::{AreaField, Field};
use crate::parts::history::History;
use crate::parts::page::{Empty, PageHead};
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn GameDayPage() -> impl IntoView {
    page(|desk| async move {
        let id: GameDayId = param("id", "game day")?;
        let shown = Box::pin(show(&desk, id)).await?;
        let slots = Box::pin(left_out(&desk, &shown.gameday)).await?;
        let times = Times::of(&desk);
        let state = shown.gameday.state(desk.now());
        let title = shown.gameday.text.title.to_string();
        let cancelled = trail::cancelled(&shown.history)?.map(|says| view! { <p>{says}</p> });
        let noted = trail::notes(&shown.history, &times)?;
        let history = trail::lines(&shown.history)?;
        let badge = Word::from(state).badge().into_any();
        let (seen, refreshing) = (timeline::section(&shown), timeline::refreshing(&shown, state));
        Ok(view! {
            <Frame crumbs=crumbs(&id.to_string())>
                <PageTitle text=format!("{id} \u{b7} {title}")/>
                <PageHead title=title eyebrow=id.to_string() badges=badge actions=actions(&desk, &shown, state)/>
                <div class="page">
                    <div class="stack">
                        {cancelled}
                        {refreshing}
                        <section id="agenda"><h2>"Agenda"</h2>{agenda::table(&shown)}{no_runs(&desk, &shown, state)}</section>
                        {seen}
                        {agenda::left_out(&shown.gameday.text, &slots)}
                        {agenda::came_to(&shown.summary)}
                        <section id="notes"><h2>"Notes"</h2>{noted}{noting(&desk, id)}</section>
                        {cancelling(&desk, id, state)}
                        <section data-print="none">
                            <h2>"History"</h2>
                            <History label=format!("History of {id}") lines=history times=times/>
                        </section>
                    </div>
                    <aside class="stack">{facts(&shown)}</aside>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn actions(desk: &Desk, shown: &Shown, state: GameDayState) -> AnyView {
    let id = shown.gameday.id;
    let is_on = state != GameDayState::Cancelled;
    let first = first_planned(shown).filter(|_| is_on && desk.shows(Act::StartRun));
    let first = first.map(|run| view! { <a class="button primary" href=paths::run(run)>"Start first run"</a> });
    let edit = (is_on && desk.shows(Act::WriteGameDay))
        .then(|| view! { <a class="button" href=paths::edit_gameday(id)>"Edit game day"</a> });
    view! { {first}{edit} }.into_any()
}

/// The next one of the agenda that nobody has started.
fn first_planned(shown: &Shown) -> Option<RunId> {
    shown.agenda.iter().find_map(|line| match &line.what {
        What::Run(seen) if seen.run.execution == Execution::Planned => Some(seen.run.id),
        What::Run(_) | What::Point(_) => None,
    })
}

fn no_runs(desk: &Desk, shown: &Shown, state: GameDayState) -> Option<AnyView> {
    if !shown.gameday.text.runs.is_empty() || state == GameDayState::Cancelled {
        return None;
    }
    let plan = desk.shows(Act::PlanRun).then(|| view! { <a class="button" href=paths::choose_run()>"Plan run"</a> });
    let sentence = "Plan one to four runs, and add them to the game day.";
    Some(view! { <Empty heading="No runs on the agenda" sentence=sentence>{plan}</Empty> }.into_any())
}

fn noting(desk: &Desk, id: GameDayId) -> Option<AnyView> {
    let form = FormState::of(paths::act(&paths::gameday(id), "add-note"));
    let name = form.name.clone();
    desk.shows(Act::NoteGameDay).then(|| {
        view! {
            <Form state=form.clone()>
                <AreaField form=name name="text" label="Note" value=form.value("text", "") error=form.error("text") rows=3
                    hint="Everybody sees it, with your name and the time. Also afterwards: what to do otherwise next time."
                    required=true max_length=PROSE_CHARS_MAX/>
                <div class="row"><button>"Add note"</button></div>
            </Form>
        }
        .into_any()
    })
}

fn cancelling(desk: &Desk, id: GameDayId, state: GameDayState) -> Option<AnyView> {
    let can_cancel = match state {
        GameDayState::Coming | GameDayState::UnderWay => desk.shows(Act::WriteGameDay),
        GameDayState::Over | GameDayState::Cancelled => false,
    };
    let form = FormState::of(paths::act(&paths::gameday(id), "cancel"));
    let (name, open) = (form.name.clone(), form.came_back());
    can_cancel.then(|| {
        view! {
            <Disclosure name=format!("Cancel {id}\u{2026}") open=open>
                <Form state=form.clone()>
                    <Field form=name name="why" label="Why" value=form.value("why", "") error=form.error("why")
                        hint="Its runs stay planned; move or cancel them one by one." required=true
                        max_length=NOTE_CHARS_MAX/>
                    <div class="row"><button>"Cancel game day"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any()
    })
}

fn facts(shown: &Shown) -> AnyView {
    let text = &shown.gameday.text;
    let when = text.when();
    let people: Vec<_> = shown
        .people
        .iter()
        .map(|(part, name)| {
            let name = name.clone();
            view! { <Fact term=part.label()>{name}</Fact> }
        })
        .collect();
    let teams: Vec<_> =
        text.body.teams.iter().map(|team| view! { <a href=paths::team(team)>{team.to_string()}</a>" " }).collect();
    let teams = (!teams.is_empty()).then(|| view! { <Fact term="Teams">{teams}</Fact> });
    view! {
        <section class="card">
            <h2>"Facts"</h2>
            <Facts><Fact term="When">{when}</Fact>{people}{teams}</Facts>
        </section>
    }
    .into_any()
}
