//! What people type about freezes, and the only way it becomes a checked word.

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    calendar::freeze::{Freeze, Scope},
    refusal::{Checking, Refusal},
    services::slug_meant,
    text::{Note, Slug},
    time::{Moment, Zone},
};

/// Whoever types the present time, and then the reason, means now.
const BACK_MINUTES_MAX: i64 = 5;

/// The scope of a freeze that holds the whole notebook still.
pub const EVERYTHING: &str = "everything";

impl Scope {
    /// "everything" or "service:kafka": how a scope is chosen and sent. Otherwise a clause.
    pub fn read(text: &str) -> Result<Self, String> {
        const TAKES: &str = "takes everything, team:…, service:… or environment:…, such as service:kafka";
        let text = text.trim();
        if text == EVERYTHING {
            return Ok(Self::Everything);
        }
        let (kind, name) = text.split_once(':').ok_or_else(|| TAKES.to_owned())?;
        let name = |of: fn(Slug) -> Self| slug_meant(name).map(of).map_err(|trouble| trouble.to_string());
        match kind.trim() {
            "team" => name(Self::Team),
            "service" => name(Self::Service),
            "environment" => name(Self::Environment),
            _ => Err(TAKES.to_owned()),
        }
    }

    /// What `read` takes back.
    pub fn word(&self) -> String {
        match self {
            Self::Everything => EVERYTHING.to_owned(),
            Self::Team(team) => format!("team:{team}"),
            Self::Service(service) => format!("service:{service}"),
            Self::Environment(environment) => format!("environment:{environment}"),
        }
    }
}

/// A freeze as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FreezeDraft", extend("required" = ["scope", "why"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// `everything`, or one team, service or environment: `service:kafka`.
    pub scope: String,
    /// Empty for now.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub from: String,
    /// Empty until somebody ends it.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Dated>"))]
    pub until: String,
    pub why: String,
}

/// Why somebody ends a freeze.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "FreezeEndDraft", extend("required" = ["why"])))]
#[serde(default, deny_unknown_fields)]
pub struct EndDraft {
    pub why: String,
}

impl Draft {
    /// The checked freeze, set by somebody; `zone` is the one in which times are typed.
    pub fn check(&self, by: PersonId, zone: &Zone, now: Moment) -> Result<Freeze, Refusal> {
        let mut checking = Checking::default();
        let scope = Scope::read(&self.scope).map_err(|says| checking.say("scope", says)).ok();
        let why = checking.need("why", Note::new(&self.why));
        let from = self.from(zone, now).map_err(|says| checking.say("from", says)).ok();
        let until = self.until(from, zone, now).map_err(|says| checking.say("until", says)).ok();
        let whole = (|| Some(Freeze { scope: scope?, from: from?, until: until?, why: why?, by }))();
        checking.end(whole)
    }

    /// Nothing is held still in the past.
    fn from(&self, zone: &Zone, now: Moment) -> Result<Moment, String> {
        let from = Moment::typed(&self.from, zone, now)?;
        if from < now.plus_minutes(-BACK_MINUTES_MAX) {
            return Err("lies behind; a freeze begins now or later".into());
        }
        Ok(from.max(now))
    }

    fn until(&self, from: Option<Moment>, zone: &Zone, now: Moment) -> Result<Option<Moment>, String> {
        if self.until.trim().is_empty() {
            return Ok(None);
        }
        let until = Moment::parse(&self.until).or_else(|| Moment::from_local(&self.until, zone));
        let until = until.ok_or("takes a date and a time like 2026-11-22T15:04, or nothing")?;
        if until <= now {
            Err("lies behind; nothing would be held still".into())
        } else if from.is_some_and(|from| until <= from) {
            Err("does not lie after its beginning".into())
        } else {
            Ok(Some(until))
        }
    }
}

impl EndDraft {
    pub fn check(&self) -> Result<Note, Refusal> {
        let mut checking = Checking::default();
        let why = checking.need("why", Note::new(&self.why));
        checking.end(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, until: &str) -> Result<Freeze, Refusal> {
        let draft = Draft {
            scope: "environment:production".into(),
            from: from.into(),
            until: until.into(),
            why: "end of the year".into(),
        };
        let berlin = Zone::named("Europe/Berlin").unwrap();
        draft.check(PersonId(1), &berlin, Moment::parse("2026-11-22T13:00:00Z").unwrap())
    }

    #[test]
    fn a_scope_reads_what_it_writes_and_nothing_else() {
        for text in [EVERYTHING, "team:data-platform", "service:kafka", "environment:production"] {
            assert_eq!(Scope::read(text).unwrap().word(), text);
        }
        assert_eq!(Scope::read(" service: Storage engine ").unwrap().word(), "service:storage-engine");
        for (text, says) in [
            ("", "takes everything"),
            ("kafka", "takes everything"),
            ("zone:a", "takes everything"),
            ("team:", "is empty"),
        ] {
            let clause = Scope::read(text).unwrap_err();
            assert!(clause.contains(says), "{text}: {clause}");
        }
    }

    #[test]
    fn a_freeze_begins_now_unless_said_otherwise_and_may_have_no_end() {
        let now = check("", "").unwrap();
        assert_eq!((now.from.rfc3339(), now.until), ("2026-11-22T13:00:00Z".into(), None));
        assert_eq!(check("-30s", "").unwrap().from, now.from, "the present minute is now");
        let window = check("2026-12-20T00:00", "2027-01-02T00:00").unwrap();
        assert_eq!(window.from.rfc3339(), "2026-12-19T23:00:00Z");
        assert_eq!(window.until.map(Moment::rfc3339).as_deref(), Some("2027-01-01T23:00:00Z"));
    }

    #[test]
    fn a_window_lies_ahead_and_goes_forward() {
        for (from, until, field, says) in [
            ("2026-12-20T00:00", "2026-12-20T00:00", "until", "after its beginning"),
            ("", "2026-11-22T13:59", "until", "lies behind"),
            ("2026-11-01T00:00", "", "from", "lies behind"),
            ("-6m", "2027-01-02T00:00", "from", "lies behind"),
            ("soon", "", "from", "takes a time"),
            ("", "later", "until", "takes a date"),
        ] {
            let refusal = check(from, until).unwrap_err();
            let trouble = &refusal.troubles()[0];
            assert!(trouble.field == field && trouble.says.contains(says), "{from} {until}: {refusal:?}");
        }
        for (why, fields) in [("", vec!["why"]), ("It is over", vec![])] {
            let ended = EndDraft { why: why.into() }.check();
            let troubles = ended.err().map(|refusal| refusal.troubles().to_vec()).unwrap_or_default();
            assert_eq!(troubles.iter().map(|trouble| trouble.field.as_str()).collect::<Vec<_>>(), fields, "{why}");
        }
        let nothing = Draft::default().check(PersonId(1), &Zone::utc(), Moment::from_micros(0)).unwrap_err();
        assert_eq!(nothing.troubles().iter().map(|trouble| &trouble.field).collect::<Vec<_>>(), ["scope", "why"]);
    }
}
