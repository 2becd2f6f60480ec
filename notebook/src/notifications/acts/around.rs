//! What a line of the trail is about: what it is called, and which people it knows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{
    actor::PersonId,
    cadences::{self, trail::CadenceEvent},
    db::Tx,
    decisions::{self, DecisionEvent},
    desk::Desk,
    events::{self, Entry, about},
    experiments::{
        self,
        trail::{Turned, act::APPROVED},
    },
    fault::Result,
    findings,
    fixes::{self, FixEvent, Standing},
    gate::{
        quorum::Part,
        told::{Attending, attending},
    },
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    notifications::{heard::Around, topics::Topic},
    people,
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
    pub topic: Topic,
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
        return regressed(desk, tx, line).await;
    }
    if topic == Topic::TokenExpires {
        return expiring(desk, tx, line).await;
    }
    if topic == Topic::RunVerdictDue && !runs::acts::awaits_closing(tx, id(line)?).await? {
        return Ok(Vec::new());
    }
    let topic = match regression(line)? {
        Some(finding) if is_told_otherwise(desk, tx, line, finding).await? => return Ok(Vec::new()),
        Some(_) => Topic::FixRegressed,
        None => topic,
    };
    if is_routine(desk, tx, topic, line).await? {
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
    Ok(vec![Told { topic, kind: line.kind.clone(), object: line.object.clone(), title, is, when, around }])
}

/// A pass that nobody attended, and what is decided by it: whoever automated it waits to hear of failures. No verdict
/// is due of what the clock signs within a minute.
async fn is_routine(desk: &Desk, tx: &mut Tx, topic: Topic, line: &Entry) -> Result<bool> {
    Ok(match topic {
        Topic::RunPlanned | Topic::RunStarted | Topic::RunEnded => {
            Box::pin(retrials::acts::signs_itself(desk, tx, id(line)?)).await?
        }
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

/// What can show of a run that has ended before that a fix regressed.
const SECOND_THOUGHTS: [&str; 5] =
    ["validity_ruled", "deviation_ruled", "check_amended", "signal_amended", "fix_answered"];

/// The finding for which a line of the clock says that a fix regressed; None where it says anything else.
fn regression(line: &Entry) -> Result<Option<FindingId>> {
    if (line.kind.as_str(), line.act.as_str()) != (about::FIX, "turned") {
        return Ok(None);
    }
    Ok(match line.read()? {
        FixEvent::Turned { finding, is: Standing::Regressed, .. } => Some(finding),
        _ => None,
    })
}

/// The lines of a fix's trail that say, since a run ended, that it regressed, each with its finding.
fn regressions<'a>(history: &'a [Entry], by: &Held) -> Result<Vec<(&'a Entry, FindingId)>> {
    // Two servers' clocks differ a little: what was written behind the end is later, whatever its time says.
    let end = by.entries.iter().find(|entry| entry.act == "ended").map(|entry| entry.seq);
    let is_since =
        |entry: &&Entry| by.facts.ended.is_none_or(|ended| ended <= entry.at) || end.is_some_and(|end| end < entry.seq);
    let since = history.iter().filter(is_since);
    since.filter_map(|entry| regression(entry).map(|of| of.map(|of| (entry, of))).transpose()).collect()
}

/// The clock tells that a fix regressed as soon as a run shows it, signed or not. It is told otherwise where the run
/// was closed before the clock came round, where the line of another finding told it in the same round, and not at
/// all where it is not so any more.
async fn is_told_otherwise(desk: &Desk, tx: &mut Tx, line: &Entry, finding: FindingId) -> Result<bool> {
    let fix: FixId = id(line)?;
    let regressed = retrials::acts::regressed_by(desk, tx, fix).await?;
    let Some(by) = regressed.get(&finding) else { return Ok(true) };
    let held = Held::load(tx, *by).await?;
    if told_when_closed(&held, fix, line.seq) {
        return Ok(true);
    }
    let before = held.entries.iter().filter(|entry| entry.seq < line.seq);
    let thought = before.filter(|entry| SECOND_THOUGHTS.contains(&entry.act.as_str())).map(|entry| entry.seq).max();
    let (history, _) = fixes::acts::trail(tx, fix).await?;
    let told = regressions(&history, &held)?;
    Ok(told.iter().any(|(told, of)| *of != finding && told.seq < line.seq && thought.is_none_or(|seq| seq < told.seq)))
}

/// Whether a run was closed before a line, with the answer that the fix failed, and nobody thought again in between.
fn told_when_closed(held: &Held, fix: FixId, before: i64) -> bool {
    let mut since =
        held.entries.iter().filter(|entry| entry.seq < before).skip_while(|entry| entry.act != "closed").peekable();
    let failed = held.facts.answers.iter().any(|answer| answer.fix == fix && answer.exercised == Exercised::Failed);
    failed && since.peek().is_some() && !since.any(|entry| SECOND_THOUGHTS.contains(&entry.act.as_str()))
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

/// The fixes of which a run that is closed now shows first that they regressed. Where the clock said so while it was
/// open, that was told. Who closed the run is told as well: it is not they who broke anything.
async fn regressed(desk: &Desk, tx: &mut Tx, closed: &Entry) -> Result<Vec<Told>> {
    let run: RunId = id(closed)?;
    let held = Held::load(tx, run).await?;
    let failed = held.facts.answers.iter().filter(|answer| answer.exercised == Exercised::Failed);
    let failed: BTreeSet<FixId> = failed.map(|answer| answer.fix).collect();
    let mut told = Vec::new();
    for fix in failed {
        let by = retrials::acts::regressed_by(desk, tx, fix).await?;
        let (history, _) = fixes::acts::trail(tx, fix).await?;
        let said_before = regressions(&history, &held)?.iter().any(|(said, _)| said.seq < closed.seq);
        if by.values().any(|by| *by == run) && !said_before {
            let (title, around) = of_fix(tx, fix).await?;
            let (topic, kind, object) = (Topic::FixRegressed, about::FIX.to_owned(), fix.to_string());
            told.push(Told { topic, kind, object, title, is: String::new(), when: None, around });
        }
    }
    Ok(told)
}

/// A token is its owner's, who looks after it on their profile.
async fn expiring(desk: &Desk, tx: &mut Tx, line: &Entry) -> Result<Vec<Told>> {
    let token = people::acts::expiring_token(tx, line, desk.now()).await?;
    let told = token.map(|(token, expires_at)| Told {
        topic: Topic::TokenExpires,
        kind: line.kind.clone(),
        object: "profile".to_owned(),
        title: token.name,
        is: String::new(),
        when: Some(expires_at),
        around: Around { themselves: Some(token.person), ..Around::default() },
    });
    Ok(told.into_iter().collect())
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
    let approvers = approvers(tx, finding.experiment).await?;
    Ok((finding.title.into(), Around { owners, approvers, ..Around::default() }))
}

async fn of_fix(tx: &mut Tx, id: FixId) -> Result<(String, Around)> {
    let fix = fixes::acts::in_tx(tx, id).await?;
    let mut around = Around::default();
    for finding in &fix.findings {
        let (_, known) = of_finding(tx, *finding).await?;
        around.owners.extend(known.owners);
        around.approvers.extend(known.approvers);
    }
    Ok((fix.title.into(), around))
}

async fn of_experiment(tx: &mut Tx, id: ExperimentId) -> Result<(String, Around)> {
    let experiment = experiments::acts::in_tx(tx, id).await?;
    let owners = owners(tx, &experiment.services).await?;
    let approvers = approvers(tx, Some(id)).await?;
    Ok((experiment.title.into(), Around { owners, author: experiment.owner, approvers, ..Around::default() }))
}

async fn of_decision(tx: &mut Tx, id: DecisionId) -> Result<(String, Around)> {
    let decision = decisions::acts::in_tx(tx, id).await?;
    let (history, _) = decisions::acts::trail(tx, id).await?;
    let mut around = Around { decider: history.first().and_then(|line| line.person), ..Around::default() };
    for claimed in &decision.claims {
        let (_, known) = of_experiment(tx, claimed.experiment).await?;
        around.owners.extend(known.owners);
        around.approvers.extend(known.approvers);
        around.author = around.author.or(known.author);
    }
    Ok((decision.title.into(), around))
}

/// Who approved the plan that an experiment has now.
async fn approvers(tx: &mut Tx, experiment: Option<ExperimentId>) -> Result<BTreeSet<PersonId>> {
    let Some(experiment) = experiment else { return Ok(BTreeSet::new()) };
    let approved = events::newest_of(tx, (about::EXPERIMENT, &experiment.to_string()), APPROVED).await?;
    Ok(approved.and_then(|line| line.person).into_iter().collect())
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
