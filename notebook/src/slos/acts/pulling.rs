//! Asking sources: which one is due, whose turn it is among all nodes, and what its answer leaves.

use super::{measuring::Writing, note};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    foreign::shorten::line,
    id::SloId,
    interval::{Interval, merged},
    limits::{PULL_CLAIM_S, PULL_FAILURE_CHARS_MAX},
    people::secrets,
    slos::{
        kept::Kept,
        measurements::{Said, Source, Takes},
        prometheus::{Pulled, Unknown},
        pulls::{after_answer, after_failure, asked_to, piece, soon, steps_after},
        source::{Connected, Pulls},
        sql::{slos, sources as sql},
        trail::SloEvent,
    },
    time::{MICROS_A_SECOND, Moment},
};

/// A source that is ours to ask, and the time to ask it for.
#[derive(Debug, Clone)]
pub struct Job {
    pub slo: SloId,
    pub connected: Connected,
    pub piece: Interval,
    claimed_until: Moment,
}

/// SLOs whose sources wait to be asked.
pub async fn due(desk: &Desk) -> Result<Vec<SloId>> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_glance().await?;
    sql::due(&mut tx, desk.now()).await
}

/// Takes a source's turn; None if another node has it, or if there is nothing to ask for yet.
pub async fn claim(desk: &Desk, slo: SloId) -> Result<Option<Job>> {
    desk.may(Act::Measure)?;
    let now = desk.now();
    let claimed_until = now.plus_micros(PULL_CLAIM_S * MICROS_A_SECOND);
    let mut tx = desk.begin_write().await?;
    let Some(connected) = sql::find(&mut tx, slo).await?.filter(|connected| connected.source.on) else {
        return Ok(None);
    };
    if !sql::claim(&mut tx, slo, claimed_until, now).await? {
        return Ok(None);
    }
    let piece = piece(&connected, now);
    if piece.is_none() {
        let pulls = Pulls { next_at: Some(soon(&connected, now)), ..connected.pulls.clone() };
        sql::settle(&mut tx, slo, claimed_until, &pulls).await?;
    }
    desk.commit(tx, slo).await?;
    Ok(piece.map(|piece| Job { slo, connected, piece, claimed_until }))
}

/// Keeps what came of asking for a piece: the steps that are known, and how it went. What was measured
/// in another way meanwhile stays as it is, so the same answer twice changes nothing.
pub async fn settle(desk: &Desk, job: &Job, asked: Interval, answer: Result<Pulled, String>) -> Result<()> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, job.slo).await?;
    let present = sql::find(&mut tx, job.slo).await?;
    // The question was another one, or nobody asks any more.
    if kept.retired_at.is_some() || present.is_none_or(|present| present.version != job.connected.version) {
        sql::release(&mut tx, job.slo, job.claimed_until).await?;
        return desk.commit(tx, job.slo).await;
    }
    let found = match answer {
        Ok(pulled) => take(desk, &mut tx, kept, asked, pulled).await?,
        Err(says) => Found { asked_to: job.connected.pulls.asked_to, gave: Err(says) },
    };
    let mut connected = job.connected.clone();
    connected.pulls = pulls(desk, job, &found)?;
    let fitted = (asked.ms() < job.piece.ms()).then(|| asked.ms() / connected.source.step_ms);
    if found.gave.is_ok() {
        connected.pulls.steps_max = steps_after(connected.pulls.steps_max, fitted);
        connected.pulls.next_at = Some(after_answer(&connected, asked, desk.now()));
    }
    if sql::settle(&mut tx, job.slo, job.claimed_until, &connected.pulls).await? {
        desk.commit(tx, job.slo).await?;
    }
    Ok(())
}

/// What came of asking: from where on to go on, and what the answer lacked, or why there was none.
struct Found {
    asked_to: Option<Moment>,
    gave: Result<Option<String>, String>,
}

fn pulls(desk: &Desk, job: &Job, found: &Found) -> Result<Pulls> {
    let (now, before) = (desk.now(), &job.connected.pulls);
    let cut = |says: &String| line(says, PULL_FAILURE_CHARS_MAX);
    Ok(match &found.gave {
        Ok(remark) => Pulls {
            asked_to: found.asked_to,
            succeeded_at: Some(now),
            failed_at: before.failed_at,
            failure: None,
            failures: 0,
            remark: remark.as_ref().map(cut),
            next_at: None,
            steps_max: before.steps_max,
        },
        Err(says) => {
            let failures = before.failures + 1;
            let chance = secrets::bytes::<1>()?[0];
            let next = after_failure(job.connected.source.step_ms, failures, chance, now);
            Pulls {
                asked_to: found.asked_to,
                failed_at: Some(now),
                failure: Some(cut(says)),
                failures,
                remark: None,
                next_at: Some(next),
                ..before.clone()
            }
        }
    })
}

/// What an answer leaves in the series.
#[derive(Default)]
struct Left {
    /// Up to where something is known.
    known_to: Option<Moment>,
    /// The stretch in which something was written.
    written: Option<Interval>,
    unknown: Vec<(Interval, Unknown)>,
}

impl Left {
    fn knows(&mut self, step: Interval, takes: Takes) {
        self.known_to = Some(step.end());
        if takes != Takes::Repeats {
            let start = self.written.map_or(step.start(), Interval::start);
            self.written = Interval::new(start, step.end());
        }
    }

    /// What the answer lacked, or why it is none: steps that wait for their samples lack nothing until
    /// they are given up.
    fn gave(&self, asked: Interval, asked_to: Moment, remark: Option<String>) -> Result<Option<String>, String> {
        let all = asked.ms();
        let lost = self.unknown.iter().filter_map(|(step, why)| match why {
            Unknown::Lacks(says) => Some((step, says)),
            Unknown::Waits(says) => (step.end() <= asked_to).then_some((step, says)),
        });
        let lost: Vec<(&Interval, &String)> = lost.collect();
        let Some((step, says)) = lost.first() else { return Ok(remark) };
        // Of a time long ago this is the answer, too: nobody scraped, and nobody will.
        if self.known_to.is_none() && asked_to < asked.end() {
            return Err(format!("answers, but {says}"));
        }
        Ok(Some(format!("{} of {} steps stay unknown: {says}", lost.len(), all / step.ms())))
    }
}

async fn take(desk: &Desk, tx: &mut Tx, kept: Kept, asked: Interval, pulled: Pulled) -> Result<Found> {
    let id = kept.id;
    let mut writing = Writing::on(desk, tx, kept, &[asked]).await?;
    let first = writing.next;
    let measured: Vec<Interval> = writing.series.records().map(|record| record.interval).collect();
    let measured = merged(measured);
    let mut left = Left::default();
    for step in pulled.steps {
        let interval = step.interval;
        let taken = match step.counts {
            Ok(_) if measured.iter().any(|there| there.covers(interval)) => Ok(Takes::Repeats),
            Ok(_) if measured.iter().any(|there| there.overlaps(interval)) => Err(Unknown::Lacks(format!(
                "a part of the step from {} was measured otherwise, and nothing tells the rest",
                interval.start().rfc3339()
            ))),
            Ok(counts) => {
                let said = Said::Events { good: counts.good, bad: counts.bad };
                let record = writing.record(desk, interval, said, Source::Prometheus);
                writing.take(desk, tx, record, None).await?.map_err(Unknown::Lacks)
            }
            Err(why) => Err(why),
        };
        match taken {
            Ok(takes) => left.knows(interval, takes),
            Err(why) => left.unknown.push((interval, why)),
        }
    }
    if let Some(written) = left.written {
        let (from, to) = (written.start(), written.end());
        let source = Source::Prometheus;
        let event = SloEvent::Measured { source, first, last: writing.next - 1, corrected: 0, from, to };
        note(desk, tx, id, &event).await?;
    }
    let asked_to = asked_to(asked, left.known_to, desk.now());
    Ok(Found { asked_to: Some(asked_to), gave: left.gave(asked, asked_to, pulled.remark) })
}
