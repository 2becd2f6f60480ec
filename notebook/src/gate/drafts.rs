//! What forms and JSON send to the gate: plain texts until checked.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Check,
    policy::Policy,
    preflight::{Look, Says, Sight, Sighted},
    quorum::Part,
    told::Attending,
};
use crate::{
    actor::PersonId,
    id::number_of,
    limits::{POLICY_DAYS_MAX, POLICY_TARGETS_MAX},
    refusal::{Checking, Refusal},
    slos::share::Share,
    text::Note,
};

/// Who is on a run, in which parts, and whether they are here.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunAttendDraft", extend("required" = ["person"])))]
#[serde(default, deny_unknown_fields)]
pub struct AttendDraft {
    /// The number of the person's account.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Whole"))]
    pub person: String,
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<Part>>"))]
    pub parts: Vec<String>,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub can_revert: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub present: String,
}

/// A second person's answer to one check.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateReplyDraft", extend("required" = ["check", "text"])))]
#[serde(default, deny_unknown_fields)]
pub struct ReplyDraft {
    #[cfg_attr(feature = "store", schemars(with = "Check"))]
    pub check: String,
    pub text: String,
}

/// Go or no-go of one part.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunPollDraft", extend("required" = ["part", "says"])))]
#[serde(default, deny_unknown_fields)]
pub struct PollDraft {
    #[cfg_attr(feature = "store", schemars(with = "Part"))]
    pub part: String,
    #[cfg_attr(feature = "store", schemars(with = "Says"))]
    pub says: String,
    /// Why not; needed for a no-go.
    pub text: String,
}

/// What was looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunLooksDraft", extend("required" = ["looks"])))]
#[serde(default, deny_unknown_fields)]
pub struct LooksDraft {
    pub looks: Vec<LookDraft>,
}

/// One look. A row that does not say how it is was not looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunLookDraft", extend("required" = ["look"])))]
#[serde(default, deny_unknown_fields)]
pub struct LookDraft {
    #[cfg_attr(feature = "store", schemars(with = "Look"))]
    pub look: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Sight>"))]
    pub sight: String,
    /// What is not clear; needed then.
    pub text: String,
}

/// The limits of the gate as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GatePolicyDraft", extend("required" = ["revisit_on"])))]
#[serde(default, deny_unknown_fields)]
pub struct PolicyDraft {
    /// The part of every budget that is kept back: "10 %". Empty for the usual one.
    pub reserve: String,
    /// The most targets at once; empty for no limit.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub at_once_max: String,
    /// How old a held steady state may be; empty for the usual age.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub steady_state_minutes: String,
    /// How long ago a revert may have been rehearsed; empty for the usual time.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub rehearsal_days: String,
    /// The day on which it is looked at again.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Day"))]
    pub revisit_on: String,
    /// The newest version when the text was begun; 0 if there was none.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::PolicyVersion>"))]
    pub version: String,
}

/// Which version is approved, so that nobody approves limits they have not read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GatePolicyApproveDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct ApprovePolicyDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

impl AttendDraft {
    pub fn check(&self) -> Result<Attending, Refusal> {
        let mut checking = Checking::default();
        let person = number_of(self.person.trim()).map(PersonId);
        if person.is_none() {
            checking.say("person", "is nobody; choose somebody with an account");
        }
        let mut parts = BTreeSet::new();
        for word in self.parts.iter().filter(|word| !word.trim().is_empty()) {
            match Part::named(word) {
                Ok(part) => {
                    parts.insert(part);
                }
                Err(says) => checking.say("parts", says),
            }
        }
        let can_revert = checking.tick("can_revert", &self.can_revert);
        let present = checking.tick("present", &self.present);
        checking.end(person.map(|person| Attending { person, parts, can_revert, present }))
    }
}

impl ReplyDraft {
    pub fn check(&self) -> Result<(Check, Note), Refusal> {
        let mut checking = Checking::default();
        let check = Check::named(&self.check).map_err(|says| checking.say("check", says)).ok();
        let text = checking.need("text", Note::new(&self.text));
        checking.end(check.zip(text))
    }
}

impl PollDraft {
    pub fn check(&self) -> Result<(Part, Says, Option<Note>), Refusal> {
        let mut checking = Checking::default();
        let part = Part::named(&self.part).map_err(|says| checking.say("part", says)).ok();
        let says = Says::named(&self.says).map_err(|says| checking.say("says", says)).ok();
        let text = checking.maybe("text", &self.text, Note::new);
        if says == Some(Says::NoGo) && text.is_none() && !checking.has("text") {
            checking.say("text", "is empty; say why it is no go");
        }
        let (part, says) = checking.end(part.zip(says))?;
        Ok((part, says, text))
    }
}

impl LooksDraft {
    /// Each thing once, in the order sent.
    pub fn check(&self) -> Result<Vec<Sighted>, Refusal> {
        let mut checking = Checking::default();
        let mut seen: Vec<Sighted> = Vec::new();
        for (index, row) in self.looks.iter().enumerate().filter(|(_, row)| !row.sight.trim().is_empty()) {
            let field = |name: &str| format!("looks.{index}.{name}");
            let Some(sighted) = row.check(&mut checking, &field) else { continue };
            if seen.iter().any(|other| other.look == sighted.look) {
                checking.say(field("look"), "stands here twice");
            } else {
                seen.push(sighted);
            }
        }
        if seen.is_empty() && !self.looks.iter().any(|row| !row.sight.trim().is_empty()) {
            checking.say("looks.0.sight", "is empty; say how at least one of them is");
        }
        checking.end(Some(seen))
    }
}

impl LookDraft {
    fn check(&self, checking: &mut Checking, field: &dyn Fn(&str) -> String) -> Option<Sighted> {
        let look = Look::named(&self.look).map_err(|says| checking.say(field("look"), says)).ok();
        let sight = Sight::named(&self.sight).map_err(|says| checking.say(field("sight"), says)).ok();
        let text = checking.maybe(&field("text"), &self.text, Note::new);
        if sight == Some(Sight::NotClear) && text.is_none() && !checking.has(&field("text")) {
            checking.say(field("text"), "is empty; say what is not clear");
        }
        let (look, sight) = look.zip(sight)?;
        Some(Sighted { look, sight, text })
    }
}

impl PolicyDraft {
    /// The proposal, without a number yet. What is left empty stays as it usually is.
    pub fn check(&self, today: Date) -> Result<Policy, Refusal> {
        let mut checking = Checking::default();
        let usual = Policy::STANDARD;
        let reserve = if self.reserve.trim().is_empty() { Ok(usual.reserve) } else { Share::read(&self.reserve) };
        let reserve = reserve.map_err(|says| checking.say("reserve", says)).unwrap_or(usual.reserve);
        let at_once_max = number(&mut checking, "at_once_max", &self.at_once_max, POLICY_TARGETS_MAX);
        let minutes =
            number(&mut checking, "steady_state_minutes", &self.steady_state_minutes, POLICY_DAYS_MAX * 1_440);
        let days = number(&mut checking, "rehearsal_days", &self.rehearsal_days, POLICY_DAYS_MAX);
        let policy = Policy {
            version: 0,
            reserve,
            at_once_max,
            steady_state_minutes: minutes.map_or(usual.steady_state_minutes, i64::from),
            rehearsal_days: days.map_or(usual.rehearsal_days, i64::from),
            approved_by: None,
            revisit_on: day(&mut checking, &self.revisit_on),
        };
        for trouble in policy.troubles(today) {
            if !checking.has(&trouble.field) {
                checking.say(trouble.field, trouble.says);
            }
        }
        checking.end(Some(policy))
    }

    /// What a form begins with. `newest` is the newest version there is.
    pub fn of(policy: &Policy, newest: u32) -> Self {
        Self {
            reserve: policy.reserve.words(),
            at_once_max: policy.at_once_max.map(|most| most.to_string()).unwrap_or_default(),
            steady_state_minutes: policy.steady_state_minutes.to_string(),
            rehearsal_days: policy.rehearsal_days.to_string(),
            revisit_on: policy.revisit_on.map(|day| day.to_string()).unwrap_or_default(),
            version: newest.to_string(),
        }
    }
}

fn number(checking: &mut Checking, field: &str, text: &str, most: u32) -> Option<u32> {
    if text.trim().is_empty() {
        return None;
    }
    let number = number_of(text.trim()).and_then(|number| u32::try_from(number).ok()).filter(|number| *number <= most);
    if number.is_none() {
        checking.say(field, format!("takes a number from 1 to {most}"));
    }
    number
}

fn day(checking: &mut Checking, text: &str) -> Option<Date> {
    if text.trim().is_empty() {
        return None;
    }
    text.trim().parse().map_err(|_| checking.say("revisit_on", "takes a date such as 2027-03-31")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 27);

    fn fields(refusal: &Refusal) -> Vec<&str> {
        refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
    }

    #[test]
    fn what_a_policy_leaves_empty_stays_usual_but_for_its_day() {
        let draft = PolicyDraft { revisit_on: "2027-05-01".into(), ..PolicyDraft::default() };
        let policy = draft.check(TODAY).unwrap();
        assert_eq!(Policy { version: 0, revisit_on: None, ..policy }, Policy::STANDARD);
        assert_eq!(fields(&PolicyDraft::default().check(TODAY).unwrap_err()), ["revisit_on"]);
        assert_eq!(PolicyDraft::of(&policy, 3).check(TODAY), Ok(policy));
    }

    #[test]
    fn each_limit_is_refused_beside_its_field_once() {
        let draft = PolicyDraft {
            reserve: "100 %".into(),
            at_once_max: "0".into(),
            steady_state_minutes: "soon".into(),
            rehearsal_days: "-3".into(),
            revisit_on: "next spring".into(),
            version: String::new(),
        };
        let refusal = draft.check(TODAY).unwrap_err();
        let mut found = fields(&refusal);
        found.sort_unstable();
        assert_eq!(found, ["at_once_max", "rehearsal_days", "reserve", "revisit_on", "steady_state_minutes"]);
    }

    #[test]
    fn who_attends_is_a_person_with_known_parts() {
        let draft = |person: &str, part: &str| AttendDraft {
            person: person.into(),
            parts: vec![part.into()],
            present: "on".into(),
            ..AttendDraft::default()
        };
        let attending = draft("3", "observer").check().unwrap();
        assert_eq!((attending.person, attending.present, attending.can_revert), (PersonId(3), true, false));
        assert_eq!(fields(&draft("Ana", "boss").check().unwrap_err()), ["person", "parts"]);
    }

    #[test]
    fn a_no_go_says_why() {
        let draft =
            |part: &str, says: &str, text: &str| PollDraft { part: part.into(), says: says.into(), text: text.into() };
        assert_eq!(draft("owner", "go", "").check(), Ok((Part::Owner, Says::Go, None)));
        assert_eq!(draft("observer", "no_go", "wait").check().unwrap().2, Note::new("wait").ok());
        assert_eq!(fields(&draft("observer", "no_go", " ").check().unwrap_err()), ["text"]);
        assert_eq!(fields(&draft("boss", "perhaps", "").check().unwrap_err()), ["part", "says"]);
    }

    #[test]
    fn each_look_is_clear_or_says_what_is_not() {
        let row = |look: &str, sight: &str, text: &str| LookDraft {
            look: look.into(),
            sight: sight.into(),
            text: text.into(),
        };
        let check = |rows: Vec<LookDraft>| LooksDraft { looks: rows }.check();
        let seen = check(vec![row("incidents", "", ""), row("changes", "clear", "")]).unwrap();
        assert_eq!(seen, [Sighted { look: Look::Changes, sight: Sight::Clear, text: None }]);
        for (rows, expected) in [
            (vec![], "looks.0.sight"),
            (vec![row("incidents", "", "")], "looks.0.sight"),
            (vec![row("weather", "clear", "")], "looks.0.look"),
            (vec![row("changes", "fine", "")], "looks.0.sight"),
            (vec![row("incidents", "", ""), row("changes", "not_clear", "")], "looks.1.text"),
            (vec![row("changes", "clear", ""), row("changes", "clear", "")], "looks.1.look"),
        ] {
            assert_eq!(fields(&check(rows.clone()).unwrap_err()), [expected], "{rows:?}");
        }
    }

    #[test]
    fn an_answer_names_a_check_and_says_something() {
        let draft = |check: &str, text: &str| ReplyDraft { check: check.into(), text: text.into() };
        assert_eq!(draft("level", "It recovers.").check().unwrap().0, Check::Level);
        assert_eq!(fields(&draft("weather", " ").check().unwrap_err()), ["check", "text"]);
    }
}
