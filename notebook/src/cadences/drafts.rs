//! What people type about a cadence and its slots, and the only way it becomes a checked word.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{
        recurrence::{At, Every, Nth, Recurrence},
        week::Day,
    },
    experiments::plan::vocabulary,
    limits::{CADENCE_PERIODS_MAX, CADENCE_PROMISE_DAYS_MAX},
    refusal::{Checking, Refusal},
    text::Note,
    time::{Moment, Zone},
};

vocabulary! {
    /// What a cadence counts in.
    Unit {
        Weeks = "weeks", "weeks";
        Months = "months", "months";
    }
}

/// A cadence as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "CadenceDraft", extend("required" = ["days", "at"])))]
#[serde(default, deny_unknown_fields)]
pub struct SetDraft {
    /// Weeks, unless it says something else.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Unit>"))]
    pub unit: String,
    /// Of how many weeks or months; every one, if it is empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub number: String,
    /// On which days; of months only one.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<Day>>"))]
    pub days: Vec<String>,
    /// Which of a month's days of that name.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Nth>"))]
    pub nth: String,
    /// By the clock on the wall: `10:00`.
    pub at: String,
    /// An IANA zone; if it is empty, that of the first team that owns a service of the plan, or yours.
    pub zone: String,
    /// The first date; today, if it is empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Day>"))]
    pub from: String,
    /// The last date, if there is one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Day>"))]
    pub until: String,
    /// In how many days one valid run is promised; once in each of its weeks or months, if it is empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub promise_days: String,
    /// The number of the cadence that this one replaces; 0 if there was none.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::PolicyVersion>"))]
    pub version: String,
}

impl SetDraft {
    /// `zone` is where the clock hangs if nothing says which one.
    pub fn check(&self, zone: &Zone, now: Moment) -> Result<Recurrence, Refusal> {
        let mut checking = Checking::default();
        let unit = if self.unit.trim().is_empty() { Ok(Unit::Weeks) } else { Unit::named(&self.unit) };
        let unit = unit.map_err(|says| checking.say("unit", says)).ok();
        let number = self.number(&mut checking);
        let days = self.days(&mut checking);
        let at = At::read(&self.at).map_err(|says| checking.say("at", says)).ok();
        let zone = match self.zone.trim() {
            "" => Some(zone.clone()),
            name => Zone::try_from(name.to_owned()).map_err(|says| checking.say("zone", says)).ok(),
        };
        let today = now.civil(zone.as_ref().unwrap_or(&Zone::utc())).date();
        let from = date(&mut checking, "from", &self.from).ok().map(|from| from.unwrap_or(today));
        let until = date(&mut checking, "until", &self.until).ok();
        if let (Some(from), Some(Some(until))) = (from, until)
            && until < from
        {
            checking.say("until", "lies before the first date");
        }
        let promise_days = self.promise_days(&mut checking);
        let every = unit.zip(number).zip(days);
        let every = every.and_then(|((unit, number), days)| self.every(&mut checking, unit, number, days));
        let whole = every.zip(at).zip(zone).zip(from.zip(until));
        let rule =
            whole.map(|(((every, at), zone), (from, until))| Recurrence { every, at, zone, from, until, promise_days });
        checking.end(rule)
    }

    fn number(&self, checking: &mut Checking) -> Option<u8> {
        match self.number.trim() {
            "" => Some(1),
            text => {
                let number = text.parse().ok().filter(|number| (1..=CADENCE_PERIODS_MAX).contains(number));
                if number.is_none() {
                    checking.say("number", format!("takes a whole number from 1 to {CADENCE_PERIODS_MAX}"));
                }
                number
            }
        }
    }

    fn promise_days(&self, checking: &mut Checking) -> Option<u16> {
        let text = self.promise_days.trim();
        let days = text.parse().ok().filter(|days| (1..=CADENCE_PROMISE_DAYS_MAX).contains(days));
        if days.is_none() && !text.is_empty() {
            checking
                .say("promise_days", format!("takes a whole number from 1 to {CADENCE_PROMISE_DAYS_MAX}, or nothing"));
        }
        days
    }

    fn days(&self, checking: &mut Checking) -> Option<BTreeSet<Day>> {
        let mut days = BTreeSet::new();
        for word in self.days.iter().filter(|word| !word.trim().is_empty()) {
            match Day::named(word) {
                Ok(day) => {
                    days.insert(day);
                }
                Err(says) => checking.say("days", says),
            }
        }
        if days.is_empty() && !checking.has("days") {
            checking.say("days", "is empty; tick at least one day");
        }
        (!days.is_empty()).then_some(days)
    }

    fn every(&self, checking: &mut Checking, unit: Unit, number: u8, days: BTreeSet<Day>) -> Option<Every> {
        if unit == Unit::Weeks {
            return Some(Every::Weeks { number, days });
        }
        let nth = if self.nth.trim().is_empty() { Ok(Nth::First) } else { Nth::named(&self.nth) };
        let nth = nth.map_err(|says| checking.say("nth", says)).ok()?;
        if days.len() > 1 {
            checking.say("days", "has more than one day; of months a cadence takes one");
        }
        let day = days.into_iter().next()?;
        Some(Every::Months { number, nth, day })
    }

    /// What a form begins with: the rule there is, or every week at ten. `version` is the number of that rule.
    pub fn of(rule: Option<&Recurrence>, zone: &Zone, version: i64) -> Self {
        let new = Self {
            unit: Unit::Weeks.word().into(),
            number: "1".into(),
            days: vec![Day::Tuesday.word().into()],
            at: "10:00".into(),
            zone: zone.name().to_owned(),
            version: version.to_string(),
            ..Self::default()
        };
        let Some(rule) = rule else { return new };
        let (unit, number, days, nth) = match &rule.every {
            Every::Weeks { number, days } => (Unit::Weeks, number, days.iter().copied().collect(), Nth::First),
            Every::Months { number, nth, day } => (Unit::Months, number, vec![*day], *nth),
        };
        Self {
            unit: unit.word().into(),
            number: number.to_string(),
            days: days.into_iter().map(|day: Day| day.word().to_owned()).collect(),
            nth: nth.word().into(),
            at: rule.at.to_string(),
            zone: rule.zone.name().to_owned(),
            from: rule.from.to_string(),
            until: rule.until.map(|until| until.to_string()).unwrap_or_default(),
            promise_days: rule.promise_days.map(|days| days.to_string()).unwrap_or_default(),
            ..new
        }
    }
}

/// None for an empty text; of one that is no date, that is said.
fn date(checking: &mut Checking, field: &str, text: &str) -> Result<Option<Date>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| checking.say(field, "takes a date such as 2026-11-24")),
    }
}

/// Why a cadence ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "EndCadenceDraft", extend("required" = ["text"])))]
#[serde(default, deny_unknown_fields)]
pub struct EndDraft {
    pub text: String,
}

/// What is said of one slot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["date"])))]
#[serde(default, deny_unknown_fields)]
pub struct SlotDraft {
    /// The date the cadence names.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Day"))]
    pub date: String,
    /// The new time of one that is postponed.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub to: String,
    /// Why it is skipped or postponed.
    pub text: String,
}

impl SlotDraft {
    /// The date, and why.
    pub(super) fn why(&self) -> Result<(Date, Note), Refusal> {
        let mut checking = Checking::default();
        let date = self.day(&mut checking);
        let why = checking.need("text", Note::new(&self.text));
        checking.end(date.zip(why))
    }

    /// The date, the new time and why.
    pub(super) fn postponed(&self, zone: &Zone, now: Moment) -> Result<(Date, Moment, Note), Refusal> {
        let mut checking = Checking::default();
        let date = self.day(&mut checking);
        if self.to.trim().is_empty() {
            checking.say("to", "is empty; say when it is to be");
        }
        let to = Moment::typed(&self.to, zone, now).map_err(|says| checking.say("to", says)).ok();
        if to.is_some_and(|to| to < now) {
            checking.say("to", "lies in the past; skip the slot instead");
        }
        let why = checking.need("text", Note::new(&self.text));
        checking.end(date.zip(to).zip(why).map(|((date, to), why)| (date, to, why)))
    }

    pub(super) fn date(&self) -> Result<Date, Refusal> {
        let mut checking = Checking::default();
        let date = self.day(&mut checking);
        checking.end(date)
    }

    fn day(&self, checking: &mut Checking) -> Option<Date> {
        let day = date(checking, "date", &self.date).ok()?;
        if day.is_none() {
            checking.say("date", "is empty; say which slot");
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> SetDraft {
        SetDraft { days: vec!["monday".into()], at: "10:00".into(), ..SetDraft::default() }
    }

    fn check(draft: &SetDraft) -> Result<Recurrence, Refusal> {
        // Shortly before midnight in Berlin.
        draft.check(&Zone::named("Europe/Berlin").unwrap(), Moment::parse("2026-11-23T22:30:00Z").unwrap())
    }

    #[test]
    fn what_is_left_out_has_its_usual_meaning() {
        let rule = check(&draft()).unwrap();
        assert_eq!(rule.words(), "every week on Monday at 10:00 (Europe/Berlin)");
        assert_eq!((rule.from.to_string().as_str(), rule.until), ("2026-11-23", None));
        let months = SetDraft { unit: "months".into(), number: "2".into(), nth: "last".into(), ..draft() };
        assert_eq!(check(&months).unwrap().words(), "on the last Monday of every 2 months at 10:00 (Europe/Berlin)");
    }

    #[test]
    fn a_rule_goes_into_a_form_and_comes_back() {
        let zone = Zone::utc();
        for change in [
            SetDraft { number: "3".into(), days: vec!["friday".into(), "monday".into()], ..draft() },
            SetDraft { promise_days: "3".into(), ..draft() },
            SetDraft { unit: "months".into(), nth: "fourth".into(), until: "2027-05-01".into(), ..draft() },
        ] {
            let rule = check(&change).unwrap();
            assert_eq!(check(&SetDraft::of(Some(&rule), &zone, 3)).unwrap(), rule);
        }
        assert!(check(&SetDraft::of(None, &zone, 0)).is_ok());
    }

    #[test]
    fn troubles_stand_beside_their_fields() {
        let typed = |change: fn(&mut SetDraft)| {
            let mut typed = draft();
            change(&mut typed);
            let refused = check(&typed).unwrap_err();
            refused.troubles().iter().map(|trouble| trouble.field.clone()).collect::<Vec<_>>()
        };
        assert_eq!(typed(|draft| draft.days.clear()), ["days"]);
        assert_eq!(typed(|draft| draft.days.push("someday".into())), ["days"]);
        assert_eq!(typed(|draft| draft.number = "0".into()), ["number"]);
        assert_eq!(typed(|draft| draft.number = "53".into()), ["number"]);
        assert_eq!(typed(|draft| draft.at = "24:00".into()), ["at"]);
        assert_eq!(typed(|draft| draft.zone = "Mars/Base".into()), ["zone"]);
        assert_eq!(typed(|draft| draft.until = "2026-01-01".into()), ["until"]);
        assert_eq!(typed(|draft| draft.from = "soon".into()), ["from"]);
        for no in ["0", "367", "-1", "2.5", "a week"] {
            let refused = check(&SetDraft { promise_days: no.into(), ..draft() }).unwrap_err();
            assert_eq!(refused.troubles()[0].field, "promise_days", "{no}");
        }
        let two = |draft: &mut SetDraft| {
            draft.unit = "months".into();
            draft.days.push("friday".into());
        };
        assert_eq!(typed(two), ["days"]);
    }
}
