//! Every team, freeze, SLO, template, run, finding, fix, decision, game day and experiment has its lines in the trail,
//! and its row says what the lines say.

use super::{Check, told};
use crate::{
    carry::{
        Tell,
        cells::Cell,
        measure,
        sql::{self, Rows, Statements},
    },
    db::Tx,
    decisions::{self, DecisionEvent},
    events::{self, Entry, about},
    experiments::{
        self,
        trail::{Reviewed, Written, act},
    },
    fault::{Error, Fault, Result},
    findings::{self, FindingEvent},
    fixes::{self, FixEvent},
    freezes, gamedays,
    id::{DecisionId, ExperimentId, FindingId, FixId, GameDayId, RunId, SloId},
    refusal::Refusal,
    runs::{acts::Held, trail::RunEvent},
    slos, teams, templates,
};

/// What the rows of one table are followed as.
#[derive(Clone, Copy)]
enum Word {
    Team,
    Freeze,
    Slo,
    Experiment,
    Template,
    Run,
    Finding,
    Fix,
    Decision,
    GameDay,
}

const WORDS: &[(Word, &str, &str)] = &[
    (Word::Team, "teams", about::TEAM),
    (Word::Freeze, "freezes", about::FREEZE),
    (Word::Slo, "slos", about::SLO),
    (Word::Experiment, "experiments", about::EXPERIMENT),
    (Word::Template, "templates", about::TEMPLATE),
    (Word::Run, "runs", about::RUN),
    (Word::Finding, "findings", about::FINDING),
    (Word::Fix, "fixes", about::FIX),
    (Word::Decision, "decisions", about::DECISION),
    (Word::GameDay, "gamedays", about::GAMEDAY),
];

/// What does not agree, and how many lines the trail has.
type Followed = (Vec<String>, usize);

pub async fn follow_all(tx: &mut Tx, tell: Tell<'_>) -> Result<Vec<Check>> {
    let tables = Statements::all(tx, false, Rows::Every);
    let mut checks = Vec::with_capacity(WORDS.len());
    for (word, name, kind) in WORDS {
        if let Some(table) = tables.iter().find(|table| table.shape.table.name == *name) {
            checks.push(follow(tx, *word, name, kind, table, tell).await?);
        }
    }
    Ok(checks)
}

async fn follow(
    tx: &mut Tx,
    word: Word,
    name: &'static str,
    kind: &str,
    table: &Statements,
    tell: Tell<'_>,
) -> Result<Check> {
    let (mut check, total) = (Check::new(name), table.count(tx).await?);
    let (mut key, mut done, mut lines) = (table.start(), 0, 0);
    loop {
        let page = measure::page(tx, table, &mut key).await?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            let Some(thing) = row.first().and_then(|key| Thing::of(word, key)) else { continue };
            let (troubles, count) = one(tx, &thing).await?;
            for says in troubles {
                check.trouble(format!("{} {says}", thing.name()));
            }
            (lines, done) = (lines + count, done + 1);
        }
        told(tell, name, done, total);
    }
    let all = usize::try_from(sql::lines_of_kind(tx, kind).await?).unwrap_or_default();
    if all != lines && check.is_clean() {
        check.trouble(format!("the trail has {all} lines about {name}, and those that exist have {lines}"));
    }
    check.says = format!("{done} with {lines} lines of the trail");
    Ok(check)
}

/// A row by what tells it apart.
enum Thing<'a> {
    Team(&'a str),
    Freeze(i64),
    Slo(SloId),
    Experiment(ExperimentId),
    Template(&'a str),
    Run(RunId),
    Finding(FindingId),
    Fix(FixId),
    Decision(DecisionId),
    GameDay(GameDayId),
}

impl<'a> Thing<'a> {
    fn of(word: Word, key: &'a Cell) -> Option<Self> {
        let number = match key {
            Cell::Text(slug) => return Self::of_slug(word, slug),
            Cell::Number(number) => *number,
            Cell::Nothing | Cell::Flag(_) => return None,
        };
        Some(match word {
            Word::Team | Word::Template => return None,
            Word::Freeze => Self::Freeze(number),
            Word::Slo => Self::Slo(SloId::of(number)),
            Word::Experiment => Self::Experiment(ExperimentId::of(number)),
            Word::Run => Self::Run(RunId::of(number)),
            Word::Finding => Self::Finding(FindingId::of(number)),
            Word::Fix => Self::Fix(FixId::of(number)),
            Word::Decision => Self::Decision(DecisionId::of(number)),
            Word::GameDay => Self::GameDay(GameDayId::of(number)),
        })
    }

    fn of_slug(word: Word, slug: &'a str) -> Option<Self> {
        match word {
            Word::Team => Some(Self::Team(slug)),
            Word::Template => Some(Self::Template(slug)),
            Word::Freeze
            | Word::Slo
            | Word::Experiment
            | Word::Run
            | Word::Finding
            | Word::Fix
            | Word::Decision
            | Word::GameDay => None,
        }
    }

    /// What it is called where lines are asked for.
    fn name(&self) -> String {
        match self {
            Self::Team(slug) => format!("{}:{slug}", about::TEAM),
            Self::Freeze(number) => format!("{}:{number}", about::FREEZE),
            Self::Slo(id) => id.to_string(),
            Self::Experiment(id) => id.to_string(),
            Self::Template(slug) => format!("{}:{slug}", about::TEMPLATE),
            Self::Run(id) => id.to_string(),
            Self::Finding(id) => id.to_string(),
            Self::Fix(id) => id.to_string(),
            Self::Decision(id) => id.to_string(),
            Self::GameDay(id) => id.to_string(),
        }
    }
}

async fn one(tx: &mut Tx, thing: &Thing<'_>) -> Result<Followed> {
    let followed = match *thing {
        Thing::Team(slug) => team(tx, slug).await,
        Thing::Freeze(number) => freeze(tx, number).await,
        Thing::Slo(id) => slo(tx, id).await,
        Thing::Experiment(id) => experiment(tx, id).await,
        Thing::Template(slug) => template(tx, slug).await,
        Thing::Run(id) => run(tx, id).await,
        Thing::Finding(id) => finding(tx, id).await,
        Thing::Fix(id) => fix(tx, id).await,
        Thing::Decision(id) => decision(tx, id).await,
        Thing::GameDay(id) => gameday(tx, id).await,
    };
    match followed {
        Err(Error::Broken(bad @ Fault::BadRow { .. })) => Ok((vec![format!("cannot be read: {bad}")], 0)),
        Err(Error::Refused(missing @ Refusal::Missing { .. })) => Ok((vec![format!("cannot be read: {missing}")], 0)),
        other => other,
    }
}

/// Collects what does not agree.
#[derive(Default)]
struct Agreeing(Vec<String>);

impl Agreeing {
    fn must(&mut self, agrees: bool, what: &str) {
        if !agrees {
            self.0.push(format!("says another {what} than its trail"));
        }
    }

    /// What a row without lines comes to is one sentence, not one for each thing it says.
    fn followed(self, lines: usize) -> Followed {
        if lines == 0 { (vec!["has no line in the trail".into()], 0) } else { (self.0, lines) }
    }

    /// An act counts the version up once and writes at least one line.
    fn version(&mut self, version: i64, lines: usize) {
        let most = i64::try_from(lines).unwrap_or(i64::MAX);
        self.must((1..=most.max(1)).contains(&version), "version");
    }
}

async fn run(tx: &mut Tx, id: RunId) -> Result<Followed> {
    let Held { run, facts, entries } = Held::load(tx, id).await?;
    let mut agreeing = Agreeing::default();
    agreeing.must(run.execution == facts.execution, "execution");
    agreeing.must(run.started_at == facts.started, "start");
    agreeing.must(run.ended_at == facts.ended, "end");
    agreeing.must(run.closed_at.is_some() == facts.closed, "closing");
    agreeing.version(run.version, entries.len());
    for entry in entries.iter().filter(|entry| entry.act == "started") {
        if let RunEvent::Started { identity, fingerprint, .. } = entry.read()? {
            agreeing.must(identity.fingerprint() == fingerprint, "fingerprint of what was started");
        }
    }
    Ok(agreeing.followed(entries.len()))
}

async fn finding(tx: &mut Tx, id: FindingId) -> Result<Followed> {
    let row = findings::acts::in_tx(tx, id).await?;
    let (entries, events) = findings::acts::trail(tx, id).await?;
    let mut agreeing = Agreeing::default();
    let said = events.iter().rev().find_map(|event| match event {
        FindingEvent::Written { title, severity, body } | FindingEvent::Edited { title, severity, body } => {
            Some((title, severity, body))
        }
        _ => None,
    });
    agreeing.must(said == Some((&row.title, &row.severity, &row.body)), "text");
    agreeing.version(row.version, entries.len());
    Ok(agreeing.followed(entries.len()))
}

async fn team(tx: &mut Tx, slug: &str) -> Result<Followed> {
    let (row, said, lines) = teams::acts::followed(tx, slug).await?;
    let mut agreeing = Agreeing::default();
    agreeing.must(said == Some(row), "text");
    Ok(agreeing.followed(lines))
}

async fn template(tx: &mut Tx, slug: &str) -> Result<Followed> {
    let (row, said, lines) = templates::acts::followed(tx, slug).await?;
    let mut agreeing = Agreeing::default();
    agreeing.must(said == Some(row), "text");
    Ok(agreeing.followed(lines))
}

async fn freeze(tx: &mut Tx, number: i64) -> Result<Followed> {
    let (row, set, ended, lines) = freezes::acts::followed(tx, number).await?;
    let mut agreeing = Agreeing::default();
    agreeing.must(set == Some(row.freeze), "text");
    agreeing.must(ended == row.ended, "end");
    Ok(agreeing.followed(lines))
}

async fn slo(tx: &mut Tx, id: SloId) -> Result<Followed> {
    let (row, text, approved, lines) = slos::acts::followed(tx, id).await?;
    let mut agreeing = Agreeing::default();
    agreeing.must(text.as_ref() == Some(&row.text), "text");
    agreeing.must(approved == row.approved.as_ref().map(|approved| approved.revision), "approved revision");
    Ok(agreeing.followed(lines))
}

async fn fix(tx: &mut Tx, id: FixId) -> Result<Followed> {
    let row = fixes::acts::in_tx(tx, id).await?;
    let (entries, _) = fixes::acts::trail(tx, id).await?;
    let mut agreeing = Agreeing::default();
    let mut said = None;
    for entry in &entries {
        if let FixEvent::Proposed { title, body, findings } | FixEvent::Edited { title, body, findings } =
            entry.read()?
        {
            said = Some((title, body, findings));
        }
    }
    let agrees =
        said.is_some_and(|(title, body, findings)| (title, body, findings) == (row.title, row.body, row.findings));
    agreeing.must(agrees, "text");
    agreeing.version(row.version, entries.len());
    Ok(agreeing.followed(entries.len()))
}

async fn decision(tx: &mut Tx, id: DecisionId) -> Result<Followed> {
    let row = decisions::acts::in_tx(tx, id).await?;
    let (entries, _) = decisions::acts::trail(tx, id).await?;
    let mut agreeing = Agreeing::default();
    let first: Option<DecisionEvent> = entries.first().map(Entry::read).transpose()?;
    let agrees = match first {
        Some(DecisionEvent::Decided { kind, title, body }) => (kind, title, body) == (row.kind, row.title, row.body),
        Some(
            DecisionEvent::Stopped { .. }
            | DecisionEvent::SavingRealised { .. }
            | DecisionEvent::Turned { .. }
            | DecisionEvent::RiskExpires { .. },
        )
        | None => false,
    };
    agreeing.must(agrees, "text");
    Ok(agreeing.followed(entries.len()))
}

async fn gameday(tx: &mut Tx, id: GameDayId) -> Result<Followed> {
    let (row, said, is_cancelled, lines) = gamedays::acts::followed(tx, id).await?;
    let mut agreeing = Agreeing::default();
    agreeing.must(said.as_ref() == Some(&row.text), "text");
    agreeing.must(is_cancelled == row.cancelled_at.is_some(), "cancelling");
    agreeing.version(row.version, lines);
    Ok(agreeing.followed(lines))
}

async fn experiment(tx: &mut Tx, id: ExperimentId) -> Result<Followed> {
    let row = experiments::acts::in_tx(tx, id).await?;
    let entries = events::of_object(tx, about::EXPERIMENT, &id.to_string()).await?;
    let (mut revision, mut approved) = (None, None);
    for entry in &entries {
        match entry.act.as_str() {
            act::CREATED | act::REVISED => revision = Some(entry.read::<Written>()?.revision),
            act::APPROVED => approved = Some(entry.read::<Reviewed>()?.revision),
            _ => {}
        }
    }
    let mut agreeing = Agreeing::default();
    agreeing.must(revision == Some(row.revision), "newest revision");
    agreeing.must(approved == row.approved, "approved revision");
    agreeing.version(row.version, entries.len());
    Ok(agreeing.followed(entries.len()))
}
