//! What forms and programs send about measurements: plain texts until checked.

use serde::{Deserialize, Serialize};

use super::{measurements::Said, method::Method};
use crate::{
    interval::Interval,
    limits::MEASUREMENTS_MAX,
    refusal::{Checking, Refusal},
    text::Note,
    time::{Moment, Zone},
};

/// Several measurements of one SLO, in any order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "MeasurementsDraft", extend("required" = ["rows"])))]
#[serde(default, deny_unknown_fields)]
pub struct MeasurementsDraft {
    pub rows: Vec<Row>,
    /// Why, where people correct what was measured or signed before.
    pub reason: String,
}

/// One measurement. Sent again for the same interval, it corrects the earlier one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "MeasurementRow"))]
#[serde(default, deny_unknown_fields)]
pub struct Row {
    /// The interval's beginning, which belongs to it.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Dated>"))]
    pub from: String,
    /// Its end, which does not.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Dated>"))]
    pub to: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Count>"))]
    pub good: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Count>"))]
    pub bad: String,
    /// `events` or `slices`; empty means what the SLO counts.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::SloCounts>"))]
    pub counts: String,
}

/// A stretch nobody measured, signed as fully bad.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["from", "to", "reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct GapDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Dated"))]
    pub from: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Dated"))]
    pub to: String,
    /// How many events there were, all of them bad. Slices are counted by the clock.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Count>"))]
    pub events: String,
    pub reason: String,
}

/// A measurement that was wrong about its interval.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "MeasurementWithdrawDraft", extend("required" = ["number", "reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct WithdrawDraft {
    /// Its number in the list.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Whole"))]
    pub number: String,
    pub reason: String,
}

/// One row that reads, with its place in what was sent.
pub struct Checked {
    pub row: usize,
    pub interval: Interval,
    pub said: Said,
}

impl Row {
    /// A row in which nothing was written is one that a form offers.
    fn is_blank(&self) -> bool {
        [&self.from, &self.to, &self.good, &self.bad].iter().all(|text| text.trim().is_empty())
    }

    fn check(&self, checking: &mut Checking, row: usize, method: Method, zone: &Zone) -> Option<Checked> {
        let field = |name: &str| format!("rows.{row}.{name}");
        let (from, to) = (field("from"), field("to"));
        let interval = interval(checking, (from.as_str(), self.from.as_str()), (to.as_str(), self.to.as_str()), zone);
        let good = number(checking, &field("good"), &self.good);
        let bad = number(checking, &field("bad"), &self.bad);
        let counts_slices = match (self.counts.trim(), method) {
            ("", Method::Occurrences) | ("events", _) => false,
            ("", Method::TimeSlices(_)) | ("slices", _) => true,
            _ => {
                checking.say(field("counts"), "is not one of events, slices");
                return None;
            }
        };
        let (good, bad) = (good?, bad?);
        let said = if counts_slices { Said::Slices { good, bad } } else { Said::Events { good, bad } };
        Some(Checked { row, interval: interval?, said })
    }
}

impl MeasurementsDraft {
    /// Why they correct earlier ones, if somebody says so.
    pub fn why(&self) -> Result<Option<Note>, Refusal> {
        if self.reason.trim().is_empty() {
            return Ok(None);
        }
        Note::new(&self.reason).map(Some).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))
    }

    /// The rows that say something. All of them read, or none is taken.
    pub fn check(&self, method: Method, zone: &Zone) -> Result<Vec<Checked>, Refusal> {
        if self.rows.len() > MEASUREMENTS_MAX {
            let says = format!("hold {} measurements; send at most {MEASUREMENTS_MAX} at once", self.rows.len());
            return Err(Refusal::unfit("rows", says));
        }
        let mut checking = Checking::default();
        let written = self.rows.iter().enumerate().filter(|(_, row)| !row.is_blank());
        let checked: Vec<Checked> =
            written.filter_map(|(number, row)| row.check(&mut checking, number, method, zone)).collect();
        if self.rows.iter().all(Row::is_blank) {
            let field = if self.rows.is_empty() { "rows" } else { "rows.0.from" };
            checking.say(field, "is empty; write at least one measurement");
        }
        checking.end(Some(checked))
    }
}

impl GapDraft {
    pub fn check(&self, method: Method, zone: &Zone) -> Result<(Interval, Said, Note), Refusal> {
        let mut checking = Checking::default();
        let interval = interval(&mut checking, ("from", self.from.as_str()), ("to", self.to.as_str()), zone);
        let events = match method {
            // The clock counts them; a number would only contradict it.
            Method::TimeSlices(_) if self.events.trim().is_empty() => Some(0),
            Method::TimeSlices(_) => {
                checking.say("events", "is not counted here: slices are counted by the clock; leave it out");
                None
            }
            Method::Occurrences => number(&mut checking, "events", &self.events),
        };
        let reason = checking.need("reason", Note::new(&self.reason));
        let whole = (|| Some((interval?, Said::FullyBad { events: events? }, reason?)))();
        checking.end(whole)
    }
}

fn interval(
    checking: &mut Checking,
    (from_field, from): (&str, &str),
    (to_field, to): (&str, &str),
    zone: &Zone,
) -> Option<Interval> {
    let from = moment(checking, from_field, from, zone);
    let to = moment(checking, to_field, to, zone);
    let interval = Interval::new(from?, to?).filter(|interval| !interval.is_empty());
    if interval.is_none() {
        checking.say(to_field, "does not lie after the beginning");
    }
    interval
}

fn moment(checking: &mut Checking, field: &str, text: &str, zone: &Zone) -> Option<Moment> {
    let at = Moment::parse(text).or_else(|| Moment::from_local(text, zone));
    if at.is_none() {
        checking.say(field, "takes a date and a time like 2026-11-22T15:00");
    }
    at
}

/// Plain digits, or thousands with commas as pages show them.
fn number(checking: &mut Checking, field: &str, text: &str) -> Option<u64> {
    let digits = text.trim().replace(',', "");
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| plain);
    if number.is_none() {
        checking.say(field, "takes a whole number, 0 or more");
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::{method::Slices, share::Share};

    fn row(from: &str, to: &str, good: &str, bad: &str) -> Row {
        Row { from: from.into(), to: to.into(), good: good.into(), bad: bad.into(), counts: String::new() }
    }

    fn slices() -> Method {
        Method::TimeSlices(Slices::new(300_000, Share::percent(95)).unwrap())
    }

    #[test]
    fn blank_rows_are_passed_over_and_the_others_keep_their_places() {
        let day = row("2026-11-01T00:00Z", "2026-11-02T00:00Z", "1,000", "0");
        let draft = MeasurementsDraft { rows: vec![Row::default(), day], ..MeasurementsDraft::default() };
        let checked = draft.check(Method::Occurrences, &Zone::utc()).unwrap();
        assert_eq!((checked.len(), checked[0].row), (1, 1));
        assert_eq!(checked[0].said, Said::Events { good: 1_000, bad: 0 });
        let checked = draft.check(slices(), &Zone::utc()).unwrap();
        assert_eq!(checked[0].said, Said::Slices { good: 1_000, bad: 0 });
    }

    #[test]
    fn each_trouble_names_its_row_and_nothing_is_taken() {
        let good = row("2026-11-01T00:00Z", "2026-11-02T00:00Z", "1", "0");
        let broken = row("2026-11-03T00:00Z", "2026-11-02T00:00Z", "-1", "0.5");
        let strange = Row { counts: "hours".into(), ..good.clone() };
        let draft = MeasurementsDraft { rows: vec![good, broken, strange], ..MeasurementsDraft::default() };
        let refusal = draft.check(Method::Occurrences, &Zone::utc()).err().unwrap();
        let fields: Vec<&str> = refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect();
        assert_eq!(fields, ["rows.1.to", "rows.1.good", "rows.1.bad", "rows.2.counts"]);
        let blank = MeasurementsDraft { rows: vec![Row::default()], ..MeasurementsDraft::default() };
        for empty in [MeasurementsDraft::default(), blank] {
            assert!(empty.check(Method::Occurrences, &Zone::utc()).is_err());
        }
    }

    #[test]
    fn a_gap_of_slices_is_counted_by_the_clock() {
        let gap = |events: &str| GapDraft {
            from: "2026-11-01T00:00Z".into(),
            to: "2026-11-01T01:00Z".into(),
            events: events.into(),
            reason: "The exporter was down".into(),
        };
        assert_eq!(gap("").check(slices(), &Zone::utc()).unwrap().1, Said::FullyBad { events: 0 });
        assert!(gap("9").check(slices(), &Zone::utc()).is_err());
        assert!(gap("").check(Method::Occurrences, &Zone::utc()).is_err());
        assert_eq!(gap("9").check(Method::Occurrences, &Zone::utc()).unwrap().1, Said::FullyBad { events: 9 });
    }
}
