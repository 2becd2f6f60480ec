//! Taking measurements: typed or pushed, in any order, each once; corrected, withdrawn, or signed
//! where nobody measured.

use serde::Serialize;

use super::{note, refuse_retired};
use crate::{
    actor::{Act, Via},
    db::Tx,
    desk::Desk,
    fault::Result,
    id::{SloId, number_of},
    interval::Interval,
    limits::MEASURED_APART_HOURS,
    refusal::{Checking, Refusal},
    slos::{
        entries::{Checked, GapDraft, MeasurementsDraft, WithdrawDraft},
        kept::Kept,
        measurements::{Measurement, Said, Series, Source, Takes},
        method::Method,
        probable::{looked_at, probable_events},
        sql::{measurements as sql, slos},
        trail::SloEvent,
        words::thousands,
    },
    text::Note,
    time::Moment,
};

/// What became of measurements that were sent together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "MeasurementsTaken"))]
pub struct Taken {
    /// Intervals nobody had measured.
    pub new: usize,
    /// Intervals whose earlier measurement stopped counting.
    pub corrected: usize,
    /// What was known already; nothing was written for these.
    pub repeated: usize,
}

/// An SLO held still, with the records that share time with what comes.
pub(super) struct Writing {
    kept: Kept,
    pub(super) series: Series,
    /// The number of the next record.
    pub(super) next: i64,
    /// Records follow each other by this moment, too, whatever the clocks of several nodes say.
    recorded_at: Moment,
}

impl Writing {
    pub(super) async fn on(desk: &Desk, tx: &mut Tx, kept: Kept, around: &[Interval]) -> Result<Self> {
        refuse_retired(&kept, Act::Measure)?;
        let newest = sql::newest(tx, kept.id).await?;
        let (last, at) = newest.unwrap_or((0, desk.now()));
        let mut records = Vec::new();
        for part in around {
            records.extend(sql::within(tx, kept.id, *part).await?);
        }
        let series = Series::of(records);
        Ok(Self { kept, series, next: last + 1, recorded_at: desk.now().max(at) })
    }

    pub(super) fn record(&self, desk: &Desk, interval: Interval, said: Said, source: Source) -> Measurement {
        Measurement { interval, said, source, by: desk.person_id(), recorded_at: self.recorded_at, sequence: self.next }
    }

    fn counts_events(&self) -> bool {
        self.kept.in_force().method == Method::Occurrences
    }

    /// Asks the series, and writes what it takes.
    pub(super) async fn take(
        &mut self,
        desk: &Desk,
        tx: &mut Tx,
        record: Measurement,
        reason: Option<&Note>,
    ) -> Result<Result<Takes, String>> {
        let takes = match self.series.check(&record, self.kept.in_force().method, desk.now()) {
            Ok(takes) => takes,
            Err(says) => return Ok(Err(says)),
        };
        if takes != Takes::Repeats {
            sql::insert(tx, self.kept.id, &record, reason).await?;
            self.series.take(record);
            self.next += 1;
        }
        Ok(Ok(takes))
    }
}

/// Takes measurements; all of them, or none if one does not fit. A person who puts numbers in the place
/// of earlier ones says why, and that stands in the history.
pub async fn measure(desk: &Desk, id: SloId, draft: &MeasurementsDraft) -> Result<Taken> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    let rows = draft.check(kept.in_force().method, &desk.zone())?;
    let apart = apart(&rows);
    let (Some(earliest), Some(latest)) = (apart.first(), apart.last()) else {
        return Err(Refusal::unfit("rows", "is empty; write at least one measurement").into());
    };
    let why = draft.why()?;
    let source = if desk.via == Via::Form { Source::Manual } else { Source::Push };
    let mut writing = Writing::on(desk, &mut tx, kept, &apart).await?;
    let first = writing.next;
    let mut taken = Taken::default();
    let mut checking = Checking::default();
    for row in rows {
        let record = writing.record(desk, row.interval, row.said, source);
        match writing.take(desk, &mut tx, record, why.as_ref()).await? {
            Ok(Takes::New) => taken.new += 1,
            Ok(Takes::Corrects) => taken.corrected += 1,
            Ok(Takes::Repeats) => taken.repeated += 1,
            Err(says) => checking.say(format!("rows.{}.from", row.row), says),
        }
    }
    if source == Source::Manual && taken.corrected > 0 && why.is_none() {
        checking.say("reason", "is empty; say why these numbers take the place of earlier ones");
    }
    checking.end(Some(()))?;
    if writing.next > first {
        let (last, corrected) = (writing.next - 1, taken.corrected);
        let (from, to) = (earliest.start(), latest.end());
        let event = if corrected > 0 {
            SloEvent::Corrected { source, first, last, corrected, from, to, reason: why }
        } else {
            SloEvent::Measured { source, first, last, corrected, from, to }
        };
        note(desk, &mut tx, id, &event).await?;
    }
    desk.commit(tx, id).await?;
    Ok(taken)
}

/// The stretches that hold all of them, in order and so far apart that what lies between is not read.
fn apart(rows: &[Checked]) -> Vec<Interval> {
    let mut rows: Vec<Interval> = rows.iter().map(|row| row.interval).collect();
    rows.sort_unstable();
    let mut apart: Vec<Interval> = Vec::new();
    for row in rows {
        let near = apart.last().copied().filter(|last| row.start() <= last.end().plus_hours(MEASURED_APART_HOURS));
        match near.and_then(|last| Interval::new(last.start(), last.end().max(row.end()))) {
            Some(both) => {
                apart.pop();
                apart.push(both);
            }
            None => apart.push(row),
        }
    }
    apart
}

/// Signs that all that happened in a stretch nobody measured was bad, at least as much as there probably
/// was. There is no act that signs for good.
pub async fn sign_gap(desk: &Desk, id: SloId, draft: &GapDraft) -> Result<Taken> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    let (interval, said, reason) = draft.check(kept.in_force().method, &desk.zone())?;
    let last = sql::measured_before(&mut tx, id, interval.start()).await?;
    let first = sql::measured_after(&mut tx, id, interval.end()).await?;
    let mut around = looked_at(last, first);
    around.push(interval);
    let mut writing = Writing::on(desk, &mut tx, kept, &around).await?;
    let record = writing.record(desk, interval, said, Source::Manual);
    let probable = probable_events(&writing.series, interval).filter(|_| writing.counts_events());
    let takes = writing.take(desk, &mut tx, record, Some(&reason)).await?;
    let taken = match takes.map_err(|says| Refusal::unfit("from", says))? {
        Takes::New => Taken { new: 1, ..Taken::default() },
        Takes::Repeats => Taken { repeated: 1, ..Taken::default() },
        // A measurement is replaced by a measurement, or withdrawn with its own reason.
        Takes::Corrects => return Err(Refusal::unfit("from", "was measured; withdraw that measurement first").into()),
    };
    if let (1, Said::FullyBad { events }, Some(probable)) = (taken.new, said, probable)
        && events < probable
    {
        return Err(Refusal::unfit("events", fewer_than(probable)).into());
    }
    if let (1, Said::FullyBad { events }) = (taken.new, said) {
        let (from, to) = (interval.start(), interval.end());
        note(desk, &mut tx, id, &SloEvent::GapSigned { number: record.sequence, from, to, events, reason }).await?;
    }
    desk.commit(tx, id).await?;
    Ok(taken)
}

fn fewer_than(probable: u64) -> String {
    let probable = thousands(probable);
    format!("are fewer than the {probable} there probably were, at the rate measured around it; sign at least these")
}

/// Takes a measurement back: its time is unmeasured again.
pub async fn withdraw(desk: &Desk, id: SloId, draft: &WithdrawDraft) -> Result<()> {
    desk.may(Act::Measure)?;
    let mut checking = Checking::default();
    let reason = checking.need("reason", Note::new(&draft.reason));
    let number = number_of(draft.number.trim());
    if number.is_none() {
        checking.say("number", "is no measurement's number");
    }
    let (number, reason) = checking.end(number.zip(reason))?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    let Some(wrong) = sql::find(&mut tx, id, number).await? else {
        return Err(Refusal::unfit("number", format!("is no measurement of {id}")).into());
    };
    let mut writing = Writing::on(desk, &mut tx, kept, &[wrong.interval]).await?;
    if !writing.series.records().any(|record| record.sequence == number) {
        return Err(Refusal::unfit("number", "does not count any more: it was corrected or withdrawn").into());
    }
    let record = writing.record(desk, wrong.interval, Said::Withdrawn, wrong.source);
    writing.take(desk, &mut tx, record, Some(&reason)).await?.map_err(|says| Refusal::unfit("number", says))?;
    let (from, to) = (wrong.interval.start(), wrong.interval.end());
    note(desk, &mut tx, id, &SloEvent::Withdrawn { number, from, to, reason }).await?;
    desk.commit(tx, id).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::measurements::sample::hours;

    #[test]
    fn rows_that_lie_far_apart_are_looked_up_apart() {
        let row = |from, to| Checked { row: 0, interval: hours(from, to), said: Said::Withdrawn };
        let rows = [row(8_784, 8_785), row(0, 1), row(25, 26), row(2, 3), row(51, 52)];
        assert_eq!(apart(&rows), [hours(0, 26), hours(51, 52), hours(8_784, 8_785)]);
        assert!(apart(&[]).is_empty());
    }
}
