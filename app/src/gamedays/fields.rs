//! The fields of a game day, the same for a new one and for an edit.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::gamedays::drafts::Draft;
use notebook::id::RunId;
use notebook::limits::TITLE_CHARS_MAX;
use notebook::runs::acts::{Filter, Row};
use notebook::{people, runs, teams};

use crate::form::FormState;
use crate::frame::Crumb;
use crate::kept;
use crate::parts::choices::Choice;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::ticks::TickField;
use crate::parts::when::absolute;
use crate::paths;

type Options = Vec<(String, String)>;

pub fn crumbs(label: &str) -> Vec<Crumb> {
    vec![
        Crumb { label: "Calendar".into(), href: Some(paths::calendar()) },
        Crumb { label: "Game days".into(), href: Some(paths::gamedays()) },
        Crumb { label: label.to_owned(), href: None },
    ]
}

/// What the form offers to choose from.
pub struct Known {
    runs: Vec<Choice>,
    teams: Vec<Choice>,
    people: Options,
}

impl Known {
    /// The newest runs, and before them those that are chosen already.
    pub async fn of(desk: &Desk, chosen: &BTreeSet<RunId>, is_sample: bool) -> Result<Self> {
        let (rows, _) = runs::acts::list(desk, &Filter::default()).await?;
        let teams = teams::acts::choices(desk).await?.into_iter();
        let people = people::acts::names(desk, is_sample).await?.into_iter();
        Ok(Self {
            runs: choices(&rows, chosen, desk.zone().name()),
            teams: teams.map(|(slug, name)| Choice { value: slug.into(), label: name, hint: None }).collect(),
            people: people.map(|(id, name)| (id.0.to_string(), name)).collect(),
        })
    }
}

fn choices(rows: &[Row], chosen: &BTreeSet<RunId>, zone: &str) -> Vec<Choice> {
    let older = chosen.iter().filter(|id| rows.iter().all(|row| row.run.id != **id));
    let older = older.map(|id| Choice { value: id.to_string(), label: id.to_string(), hint: None });
    let (first, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| chosen.contains(&row.run.id));
    older.chain(first.into_iter().chain(others).map(|row| choice(row, zone))).collect()
}

fn choice(row: &Row, zone: &str) -> Choice {
    let run = &row.run;
    let at =
        run.started_at.or(run.planned_at).map_or_else(|| "no time set".to_owned(), |at| absolute(at.micros(), zone));
    Choice {
        value: run.id.to_string(),
        label: format!("{} {}", run.id, run.title),
        hint: Some(format!("{}, {at}", run.execution.label())),
    }
}

/// What a new game day's form begins with.
pub fn usual(desk: &Desk) -> Draft {
    Draft { from: "10:00".into(), until: "13:00".into(), zone: desk.zone().name().to_owned(), ..Draft::default() }
}

pub fn fields(form: &FormState, own: &Draft, known: Known) -> AnyView {
    let name = form.name.clone();
    let teams = (!known.teams.is_empty()).then(|| {
        let ticked = form.listed("teams", own.teams.clone());
        view! {
            <TickField form=name.clone() name="teams" legend="Teams" choices=known.teams ticked=ticked
                error=form.error("teams")/>
        }
    });
    view! {
        <input type="hidden" name="version" value=kept::version(form, &own.version)/>
        <Field form=name.clone() name="title" label="Title" value=form.value("title", own.title.clone())
            hint="What the day is about, in one line." error=form.error("title") required=true
            max_length=TITLE_CHARS_MAX/>
        {when(form, own)}
        <TickField form=name.clone() name="runs" legend="Runs" choices=known.runs
            ticked=form.listed("runs", own.runs.clone()) error=form.error("runs")
            hint="Each stands on the agenda at its own time. Plan more runs, and add them here later."/>
        <AreaField form=name.clone() name="agenda" label="Agenda beside the runs" rows=6
            value=form.value("agenda", own.agenda.clone()) error=form.error("agenda")
            hint="A line each, a time and what is done: 10:00 Briefing."/>
        {people(form, own, known.people)}
        {teams}
    }
    .into_any()
}

fn when(form: &FormState, own: &Draft) -> AnyView {
    let name = form.name.clone();
    view! {
        <div class="fields">
            <Field form=name.clone() name="date" label="Date" kind="date" value=form.value("date", own.date.clone())
                error=form.error("date") required=true/>
            <Field form=name.clone() name="from" label="From" kind="time" value=form.value("from", own.from.clone())
                error=form.error("from") required=true/>
            <Field form=name.clone() name="until" label="Until" kind="time" value=form.value("until", own.until.clone())
                error=form.error("until") required=true/>
            <Field form=name name="zone" label="Zone" value=form.value("zone", own.zone.clone())
                hint="Like Europe/Berlin: its clock holds." error=form.error("zone") max_length=TITLE_CHARS_MAX/>
        </div>
    }
    .into_any()
}

fn people(form: &FormState, own: &Draft, known: Options) -> AnyView {
    let name = form.name.clone();
    let one = |field: &'static str, label: &'static str, own: &str| {
        let nobody = (String::new(), "nobody yet".to_owned());
        let options: Options = std::iter::once(nobody).chain(known.iter().cloned()).collect();
        view! {
            <SelectField form=name.clone() name=field label=label options=options value=form.value(field, own)
                error=form.error(field)/>
        }
    };
    let observers =
        known.iter().map(|(value, label)| Choice { value: value.clone(), label: label.clone(), hint: None });
    let observers: Vec<Choice> = observers.collect();
    let ticked = form.listed("observers", own.observers.clone());
    view! {
        <div class="fields">
            {one("owner", "Owner", &own.owner)}
            {one("coordinator", "Coordinator", &own.coordinator)}
            {one("reporter", "Reporter", &own.reporter)}
        </div>
        <TickField form=name.clone() name="observers" legend="Observers" choices=observers ticked=ticked
            error=form.error("observers")/>
    }
    .into_any()
}
