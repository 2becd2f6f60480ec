//! What a line of the trail is about: what it is called, and which people it knows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{
    cadences::{self, trail::CadenceEvent},
    db::Tx,
    decisions::{self, DecisionEvent},
    desk::Desk,
    events::{Entry, about},
    experiments::{self, trail::Turned},
    fault::Result,
    findings,
    fixes::{self, FixEvent, Standing},
    gate::{
        quorum::Part,
        told::{Attending, attending},
    },
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    notifications::{heard::Around, topics::Topic},
    refusal::Refusal,
    retrials,
    runs::{
        self,
        acts::{Held, lines},
        facts::Exercised,
        trail::RunEvent,
    },
    services,
    text::Slug,
    time::Moment,
};

/// One thing that a line tells of.
pub(super) struct Told {
    pub kind: String,
    pub object: String,
    pub title: String,
    /// What it turned into, or within which time it comes; empty where it does neither.
    pub is: String,
    /// When it comes.
    pub when: Option<Moment>,
    pub around: Around,
}

/// What a line tells of: what it is about, or each fix that a closed run shows to hold no longer.
pub(super) async fn told(desk: &Desk, tx: &mut Tx, topic: Topic, line: &Entry) -> Result<Vec<Told>> {
    if topic == Topic::FixRegressed {
        return regressed(desk, tx, id(line)?).await;
    }
    if topic == Topic::RunVerdictDue && !runs::acts::awaits_closing(tx, id(line)?).await? {
        return Ok(Vec::new());
    }
    if topic == Topic::FixTurned && is_told_by_a_run(desk, tx, line).await? {
        return Ok(Vec::new());
    }
    if is_routine(topic, line)? {
        return Ok(Vec::new());
    }
    let (is, when) = match topic {
        Topic::RunSoon | Topic::SlotSoon | Topic::SlotMissed => match Box::pin(coming(desk, tx, line)).await? {
            Some((is, when)) => (is, Some(when)),
            None => return Ok(Vec::new()),
        },
        _ => (turned(topic, line)?, None),
    };
    let (title, around) = around(tx, line).await?;
    Ok(vec![Told { kind: line.kind.clone(), object: line.object.clone(), title, is, when, around }])
}

/// A pass that nobody attended, and what is decided by it: whoever automated it waits to hear of failures.
fn is_routine(topic: Topic, line: &Entry) -> Result<bool> {
    Ok(match topic {
        Topic::VerdictSigned => matches!(line.read()?, RunEvent::Signed { graduation: Some(_), .. }),
        Topic::Decided => line.person.is_none(),
        _ => false,
    })
}

/// Within which time something comes, or which slot was missed, and when that is or was. None where it was moved,
/// called off or begun since the line was written: then nobody is reminded of what is not so any more.
async fn coming(desk: &Desk, tx: &mut Tx, line: &Entry) -> Result<Option<(String, Moment)>> {
    if line.kind == about::RUN {
        let RunEvent::Reminded { lead, planned_at } = line.read()? else { return Ok(None) };
        let awaits = runs::acts::awaits(tx, id(line)?, planned_at, desk.now()).await?;
        return Ok(awaits.then(|| (lead.label().to_owned(), planned_at)));
    }
    match line.read()? {
        CadenceEvent::SlotReminded { date, lead, at } => {
            let awaits = cadences::acts::awaits(desk, tx, id(line)?, date, at).await?;
            Ok(awaits.then(|| (lead.label().to_owned(), at)))
        }
        CadenceEvent::SlotMissed { date, at } => Ok(Some((date.to_string(), at))),
        CadenceEvent::Set { .. }
        | CadenceEvent::Ended { .. }
        | CadenceEvent::SlotSkipped { .. }
        | CadenceEvent::SlotPostponed { .. }
        | CadenceEvent::SlotPlanned { .. } => Ok(None),
    }
}

/// What can show of a run that was closed before that a fix regressed.
const SECOND_THOUGHTS: [&str; 5] =
    ["validity_ruled", "deviation_ruled", "check_amended", "signal_amended", "fix_answered"];

/// A run that shows that a fix regressed tells so when it is closed, unless it only shows it since somebody thought
/// again.
async fn is_told_by_a_run(desk: &Desk, tx: &mut Tx, line: &Entry) -> Result<bool> {
    if !matches!(line.read()?, FixEvent::Turned { is: Standing::Regressed, .. }) {
        return Ok(false);
    }
    for run in retrials::acts::contradicting(desk, tx, id(line)?).await? {
        let held = Held::load(tx, run).await?;
        let mut since = held.entries.iter().skip_while(|entry| entry.act != "closed");
        if since.any(|entry| SECOND_THOUGHTS.contains(&entry.act.as_str())) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a line says that something turned into.
fn turned(topic: Topic, line: &Entry) -> Result<String> {
    Ok(match topic {
        Topic::FixTurned => match line.read()? {
            FixEvent::Turned { is, .. } => is.label().to_lowercase(),
            _ => String::new(),
        },
        Topic::ClaimTurned => line.read::<Turned>()?.is,
        Topic::DecisionTurned => match line.read()? {
            DecisionEvent::Turned { is, .. } => is.label().to_lowercase(),
            _ => String::new(),
        },
        _ => String::new(),
    })
}

/// Who closed the run is told as well: it is not they who broke anything.
async fn regressed(desk: &Desk, tx: &mut Tx, run: RunId) -> Result<Vec<Told>> {
    let held = Held::load(tx, run).await?;
    let failed = held.facts.answers.iter().filter(|answer| answer.exercised == Exercised::Failed);
    let failed: BTreeSet<FixId> = failed.map(|answer| answer.fix).collect();
    let mut told = Vec::new();
    for fix in failed {
        if retrials::acts::standing_of(desk, tx, fix).await? == Standing::Regressed {
            let (title, around) = of_fix(tx, fix).await?;
            let (kind, object, is) = (about::FIX.to_owned(), fix.to_string(), String::new());
            told.push(Told { kind, object, title, is, when: None, around });
        }
    }
    Ok(told)
}

/// The title, and the people around it.
async fn around(tx: &mut Tx, line: &Entry) -> Result<(String, Around)> {
    let (title, around) = match line.kind.as_str() {
        about::RUN => of_run(tx, id(line)?).await?,
        about::FINDING => of_finding(tx, id(line)?).await?,
        about::FIX => of_fix(tx, id(line)?).await?,
        about::EXPERIMENT | about::CADENCE => of_experiment(tx, id(line)?).await?,
        about::DECISION => of_decision(tx, id(line)?).await?,
        _ => (line.read::<Named>()?.name, Around::default()),
    };
    Ok((title, Around { by: line.person, ..around }))
}

/// What the body of a setting's line is asked for.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

fn id<T: std::str::FromStr>(line: &Entry) -> Result<T> {
    Ok(line.object.parse().map_err(|_| Refusal::missing("thing", &line.object))?)
}

async fn of_run(tx: &mut Tx, id: RunId) -> Result<(String, Around)> {
    let held = Held::load(tx, id).await?;
    let lines = lines(&held.entries)?;
    let crews = lines.iter().filter_map(|line| match &line.event {
        RunEvent::Planned { crew, .. } => Some(crew),
        _ => None,
    });
    let parts: BTreeSet<(Part, String)> =
        crews.flat_map(|crew| crew.parts().map(|(part, name)| (part, name.to_string()))).collect();
    let marked: Vec<Attending> = attending(&lines).into_iter().map(|marked| marked.attending).collect();
    let marked_parts = marked.iter().flat_map(|one| one.parts.iter().map(|part| (*part, one.person)));
    let around = Around {
        crew: parts.iter().map(|(_, name)| name.clone()).collect(),
        marked: marked.iter().map(|one| one.person).collect(),
        marked_parts: marked_parts.collect(),
        parts,
        owners: owners(tx, &held.facts.identity.services).await?,
        author: experiments::acts::in_tx(tx, held.run.experiment).await?.owner,
        ..Around::default()
    };
    Ok((held.run.title, around))
}

async fn of_finding(tx: &mut Tx, id: FindingId) -> Result<(String, Around)> {
    let finding = findings::acts::in_tx(tx, id).await?;
    let owners = owners(tx, &finding.services).await?;
    Ok((finding.title.into(), Around { owners, ..Around::default() }))
}

async fn of_fix(tx: &mut Tx, id: FixId) -> Result<(String, Around)> {
    let fix = fixes::acts::in_tx(tx, id).await?;
    let mut services = BTreeSet::new();
    for finding in &fix.findings {
        services.extend(findings::acts::in_tx(tx, *finding).await?.services);
    }
    let owners = owners(tx, &services).await?;
    Ok((fix.title.into(), Around { owners, ..Around::default() }))
}

async fn of_experiment(tx: &mut Tx, id: ExperimentId) -> Result<(String, Around)> {
    let experiment = experiments::acts::in_tx(tx, id).await?;
    let owners = owners(tx, &experiment.services).await?;
    Ok((experiment.title.into(), Around { owners, author: experiment.owner, ..Around::default() }))
}

async fn of_decision(tx: &mut Tx, id: DecisionId) -> Result<(String, Around)> {
    let decision = decisions::acts::in_tx(tx, id).await?;
    let (history, _) = decisions::acts::trail(tx, id).await?;
    let mut around = Around { decider: history.first().and_then(|line| line.person), ..Around::default() };
    for claimed in &decision.claims {
        let (_, known) = of_experiment(tx, claimed.experiment).await?;
        around.owners.extend(known.owners);
        around.author = around.author.or(known.author);
    }
    Ok((decision.title.into(), around))
}

/// Services that name an owner, each with that name.
async fn owners(tx: &mut Tx, services: &BTreeSet<Slug>) -> Result<BTreeMap<String, String>> {
    let mut owners = BTreeMap::new();
    for slug in services {
        let owner = services::acts::sources::find(tx, slug).await?.and_then(|service| service.owner);
        owners.extend(owner.map(|owner| (slug.to_string(), owner.into())));
    }
    Ok(owners)
}
