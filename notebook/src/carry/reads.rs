//! Whether this version understands a row: the words it holds are known, its texts keep their
//! limits, its JSON is what the word that wrote it reads. One function for each table that says
//! more than numbers and names.

use std::fmt::Display;

use serde::de::DeserializeOwned;

use super::{
    cells::Cell,
    tables::{Column, Shape},
};
use crate::{
    actor::{Role, Via},
    alerts,
    cadences::{SlotTold, trail::CadenceEvent},
    calendar::{recurrence::Recurrence, week::Week},
    decisions::{self, DecisionEvent, DecisionKind},
    events::about,
    experiments::{
        RevisionState, Stage,
        observed::Body as Observed,
        passive,
        plan::{ChangeKind, Plan},
        trail::{self, act},
    },
    findings::{self, FindingEvent, FindingKind, Severity},
    fixes::{self, FixEvent},
    freezes::trail::FreezeEvent,
    gamedays::{self, trail::GameDayEvent},
    gate::policy::PolicyEvent,
    imports::Proposal,
    people::{Scope, Theme},
    runs::{evidence::ImageKind, facts::Execution, trail::RunEvent},
    search::{Found, parse::parse},
    services::{
        EnvironmentClass, ServiceLink, Tier,
        chef::{self, MappedBy},
        irrelevant,
    },
    slos::{
        self, Slo,
        honeycomb::{self, HoneycombSource, Kind},
        measurements::Source,
        share::Share,
        source::PrometheusSource,
        trail::SloEvent,
    },
    subscriptions,
    teams::{Holidays, Team},
    templates::{
        self,
        trail::{BeganFrom, TemplateEvent},
    },
    text::{Link, Note, Prose, Slug, Title},
    time::Zone,
    views::shown::Group,
};

/// Nothing to say, or a clause that follows the row's place.
pub type Said = Result<(), String>;

/// A row under the eyes of its table's rule.
pub struct Seen<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

impl<'a> Seen<'a> {
    pub fn new(shape: &'a Shape, cells: &'a [Cell]) -> Self {
        Self { columns: &shape.columns, cells }
    }

    /// The text in a column, if it holds one.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let place = self.columns.iter().position(|known| known.name == column)?;
        match self.cells.get(place) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn must<T, E: Display>(&self, column: &str, rule: impl Fn(&str) -> Result<T, E>) -> Said {
        match self.text(column).map(rule) {
            Some(Err(says)) => Err(format!("holds a value in \"{column}\" that {says}")),
            Some(Ok(_)) | None => Ok(()),
        }
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Said {
        self.must(column, |text| serde_json::from_str::<T>(text).map_err(|trouble| format!("does not read: {trouble}")))
    }
}

/// For words whose list is asked by name.
fn known<T>(named: impl Fn(&str) -> Option<T>) -> impl Fn(&str) -> Result<T, String> {
    move |word| named(word).ok_or_else(|| format!("this version does not know: \"{word}\""))
}

pub fn person(row: &Seen<'_>) -> Said {
    row.must("role", known(Role::named))?;
    row.must("theme", known(Theme::named))
}

pub fn link(row: &Seen<'_>) -> Said {
    row.must("purpose", known(|word| ["setup", "invite", "reset"].contains(&word).then_some(())))?;
    row.must("role", known(Role::named))
}

pub fn token(row: &Seen<'_>) -> Said {
    row.must("scope", known(Scope::named))
}

pub fn environment(row: &Seen<'_>) -> Said {
    row.must("slug", Slug::new)?;
    row.must("name", Title::new)?;
    row.must("class", EnvironmentClass::named)
}

pub fn team(row: &Seen<'_>) -> Said {
    row.must("slug", Slug::new)?;
    row.must("name", Title::new)?;
    row.must("zone", |name| Zone::try_from(name.to_owned()))?;
    row.json::<Week>("week")?;
    row.json::<Holidays>("holidays")
}

pub fn freeze(row: &Seen<'_>) -> Said {
    row.must("why", Note::new)?;
    row.must("ended_why", Note::new)
}

pub fn service(row: &Seen<'_>) -> Said {
    row.must("slug", Slug::new)?;
    row.must("name", Title::new)?;
    row.must("owner", Title::new)?;
    row.must("description", Prose::new)?;
    row.must("tier", Tier::named)?;
    row.json::<Vec<ServiceLink>>("links")
}

pub fn service_source(row: &Seen<'_>) -> Said {
    row.must("link", Link::new)?;
    row.must("lifecycle", Title::new)
}

pub fn chef_mapping(row: &Seen<'_>) -> Said {
    row.must("kind", MappedBy::named)?;
    row.must("name", Title::new)?;
    row.must("service", Slug::new)
}

pub fn chef_converge(row: &Seen<'_>) -> Said {
    row.must("run", Title::new)?;
    row.must("node", Title::new)?;
    row.must("status", chef::Status::named)?;
    row.json::<chef::Body>("body")
}

/// One without a known environment has an empty one.
pub fn alert(row: &Seen<'_>) -> Said {
    row.must("environment", |text| if text.is_empty() { Ok(()) } else { Slug::new(text).map(drop) })?;
    row.must("service", Slug::new)?;
    row.must("fingerprint", Title::new)?;
    row.must("name", Title::new)?;
    row.json::<alerts::Body>("body")
}

pub fn target(row: &Seen<'_>) -> Said {
    row.must("name", Title::new)?;
    row.must("role", Title::new)
}

pub fn change(row: &Seen<'_>) -> Said {
    row.must("kind", ChangeKind::named)?;
    row.must("summary", Title::new)?;
    row.must("reference", Note::new)
}

pub fn slo(row: &Seen<'_>) -> Said {
    row.must("title", Title::new)?;
    row.must("service", Slug::new)?;
    row.must("environment", Slug::new)
}

pub fn slo_revision(row: &Seen<'_>) -> Said {
    row.json::<Slo>("text")
}

pub fn slo_measurement(row: &Seen<'_>) -> Said {
    row.must("said", known(|word| slos::acts::knows_said(word).then_some(())))?;
    row.must("source", Source::named)?;
    row.must("reason", Note::new)
}

pub fn policy(row: &Seen<'_>) -> Said {
    row.must("reserve", Share::read)?;
    row.must("revisit_on", |text| text.parse::<jiff::civil::Date>().map_err(|e| e.to_string()))
}

pub fn slo_source(row: &Seen<'_>) -> Said {
    row.json::<PrometheusSource>("text")
}

pub fn honeycomb_source(row: &Seen<'_>) -> Said {
    row.json::<HoneycombSource>("text")
}

pub fn honeycomb_observation(row: &Seen<'_>) -> Said {
    row.must("kind", Kind::named)?;
    row.json::<honeycomb::Said>("text")
}

pub fn experiment(row: &Seen<'_>) -> Said {
    row.must("title", Title::new)?;
    row.must("stage", Stage::named)
}

pub fn revision(row: &Seen<'_>) -> Said {
    row.must("state", RevisionState::named)?;
    row.must("reason", Note::new)?;
    row.json::<Plan>("plan")
}

pub fn template(row: &Seen<'_>) -> Said {
    row.must("slug", Slug::new)
}

pub fn template_version(row: &Seen<'_>) -> Said {
    row.json::<templates::Text>("text")
}

pub fn template_use(row: &Seen<'_>) -> Said {
    row.must("template", Slug::new)
}

pub fn run(row: &Seen<'_>) -> Said {
    row.must("environment", Slug::new)?;
    row.must("execution", Execution::named)
}

pub fn reading(row: &Seen<'_>) -> Said {
    if row.text("value").is_some() == row.text("why").is_some() {
        return Err("says both a value and why it has none, or neither".into());
    }
    row.must("value", str::parse::<rust_decimal::Decimal>)
}

pub fn image(row: &Seen<'_>) -> Said {
    row.must("kind", ImageKind::named)
}

pub fn finding(row: &Seen<'_>) -> Said {
    row.must("title", Title::new)?;
    row.must("kind", FindingKind::named)?;
    row.must("severity", Severity::named)?;
    row.json::<findings::Body>("body")
}

pub fn fix(row: &Seen<'_>) -> Said {
    row.must("title", Title::new)?;
    row.json::<fixes::Body>("body")
}

pub fn decision(row: &Seen<'_>) -> Said {
    row.must("kind", DecisionKind::named)?;
    row.must("title", Title::new)?;
    row.json::<decisions::Body>("body")
}

pub fn view(row: &Seen<'_>) -> Said {
    row.must("name", Title::new)?;
    row.must("list", Found::named)?;
    row.must("grouped", Group::named)?;
    row.must("query", |text| parse(text).map(drop).map_err(|trouble| trouble.says))
}

pub fn gameday(row: &Seen<'_>) -> Said {
    row.must("title", Title::new)?;
    row.must("zone", |name| Zone::try_from(name.to_owned()))?;
    row.json::<gamedays::Body>("body")
}

pub fn cadence(row: &Seen<'_>) -> Said {
    row.json::<Recurrence>("rule")
}

pub fn cadence_slot(row: &Seen<'_>) -> Said {
    row.must("date", |text| text.parse::<jiff::civil::Date>().map_err(|e| e.to_string()))?;
    row.json::<SlotTold>("body")
}

pub fn subscription(row: &Seen<'_>) -> Said {
    row.must("kind", subscriptions::Whose::named)?;
    row.must("slug", Slug::new)
}

pub fn import(row: &Seen<'_>) -> Said {
    row.json::<Proposal>("proposal")
}

/// A line of the trail: a kind of thing and a door that are known, and a body that its word reads.
pub fn line(row: &Seen<'_>) -> Said {
    row.must("via", known(Via::named))?;
    let (kind, act) = (row.text("kind").unwrap_or_default(), row.text("act").unwrap_or_default());
    if !about::ALL.contains(&kind) {
        return Err(format!("is about a kind of thing that this version does not know: \"{kind}\""));
    }
    let body = row.text("body").unwrap_or_default();
    match kind {
        about::TEAM => reads::<Team>(body).map(drop),
        about::FREEZE => typed::<FreezeEvent>(body, act, FreezeEvent::act),
        about::SLO => typed::<SloEvent>(body, act, SloEvent::act),
        about::POLICY => typed::<PolicyEvent>(body, act, PolicyEvent::act),
        about::TEMPLATE => typed::<TemplateEvent>(body, act, TemplateEvent::act),
        about::RUN => typed::<RunEvent>(body, act, RunEvent::act),
        about::FINDING => typed::<FindingEvent>(body, act, FindingEvent::act),
        about::FIX => typed::<FixEvent>(body, act, FixEvent::act),
        about::DECISION => typed::<DecisionEvent>(body, act, DecisionEvent::act),
        about::CADENCE => typed::<CadenceEvent>(body, act, CadenceEvent::act),
        about::GAMEDAY => typed::<GameDayEvent>(body, act, GameDayEvent::act),
        about::EXPERIMENT => of_experiment(body, act),
        about::CHANGE if act != "recorded" => of_change(body, act),
        // Nobody reads the bodies of the others back into words.
        _ => reads::<serde::de::IgnoredAny>(body).map(drop),
    }
}

fn reads<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|trouble| format!("holds a body that this version does not read: {trouble}"))
}

fn typed<T: DeserializeOwned>(body: &str, act: &str, of: impl Fn(&T) -> &'static str) -> Said {
    let is = of(&reads(body)?);
    if is == act { Ok(()) } else { Err(format!("is called \"{act}\" and its body says \"{is}\"")) }
}

fn of_experiment(body: &str, name: &str) -> Said {
    match name {
        act::CREATED | act::REVISED => reads::<trail::Written>(body).map(drop),
        act::REVIEW_REQUESTED => reads::<trail::Asked>(body).map(drop),
        act::APPROVED | act::CHANGES_ASKED => reads::<trail::Reviewed>(body).map(drop),
        act::RETIRED | act::REOPENED => reads::<trail::Moved>(body).map(drop),
        act::OBSERVED => reads::<Observed>(body).map(drop),
        act::BEGAN_FROM => reads::<BeganFrom>(body).map(drop),
        act::PASSIVE_SEEN => reads::<passive::Body>(body).map(drop),
        act::PASSIVE_RULED_OUT => reads::<passive::RuledOut>(body).map(drop),
        act::TURNED | act::OVERDUE => reads::<trail::Turned>(body).map(drop),
        _ => Err(format!("names an act that this version does not know: \"{name}\"")),
    }
}

fn of_change(body: &str, name: &str) -> Said {
    match name {
        irrelevant::act::MARKED | irrelevant::act::TAKEN_BACK => reads::<irrelevant::Marked>(body).map(drop),
        _ => Err(format!("names an act that this version does not know: \"{name}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str, line: &str) -> Said {
        let shape = Shape::all(true).into_iter().find(|shape| shape.table.name == table).unwrap();
        let cells = super::super::line::read(&shape, line).unwrap();
        (shape.table.reads)(&Seen::new(&shape, &cells))
    }

    fn event(kind: &str, act: &str, body: &str) -> Said {
        let line = format!(
            r#"{{"seq":1,"at":1,"recorded_at":1,"person":null,"via":"form","kind":"{kind}","object":"RUN-1","act":"{act}","body":{body}}}"#
        );
        read("events", &line)
    }

    #[test]
    fn lines_of_this_version_are_understood() {
        event("run", "fault_started", r#"{"what":"fault_started"}"#).unwrap();
        event("setting", "changed", r#"{"to":"on"}"#).unwrap();
        event("import", "attached", r#""\"RUN-1\"""#).unwrap();
        event("experiment", "retired", r#"{"reason":null,"decision":"DEC-1"}"#).unwrap();
        event("experiment", "passive_ruled_out", r#"{"number":1,"reason":"a drill"}"#).unwrap();
        event("change", "marked_irrelevant", r#"{"reason":"comments only"}"#).unwrap();
        event("gameday", "cancelled", r#"{"what":"cancelled","why":"storm"}"#).unwrap();
        read("probe_readings", r#"{"run":1,"at":1,"probe":1,"value":"0.5","why":null}"#).unwrap();
        read("fixes", r#"{"id":1,"title":"a","body":{"summary":null,"links":[]},"created_at":1,"version":1}"#).unwrap();
    }

    #[test]
    fn lines_from_the_future_are_named() {
        for (said, words) in [
            (event("run", "paused", r#"{"what":"paused"}"#), "this version does not read"),
            (event("planet", "opened", "{}"), "\"planet\""),
            (event("experiment", "split", "{}"), "\"split\""),
            (event("change", "undone", "{}"), "\"undone\""),
            (event("run", "missed", r#"{"what":"fault_started"}"#), "its body says \"fault_started\""),
            (read("probe_readings", r#"{"run":1,"at":1,"probe":1,"value":null,"why":null}"#), "or neither"),
            (
                read("environments", r#"{"slug":"edge","name":"Edge","class":"orbit","created_at":1,"version":1}"#),
                "a value in \"class\" that is not one of",
            ),
        ] {
            let trouble = said.unwrap_err();
            assert!(trouble.contains(words), "{trouble}");
        }
    }
}
