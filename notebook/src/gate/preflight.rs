//! What people say just before a start, because no table knows it: go or no-go of each part, and
//! what was seen when somebody looked both ways.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Around, Input, asked::OPERATOR, quorum::Part, told::Marked};
use crate::{
    actor::PersonId,
    experiments::plan::vocabulary,
    limits::LOOK_MINUTES,
    runs::trail::{Line, RunEvent},
    text::Note,
    time::{Moment, ago_words},
};

vocabulary! {
    /// What whoever has a part says to the start.
    #[cfg_attr(feature = "store", schemars(rename = "RunSays"))]
    Says {
        Go = "go", "Go";
        NoGo = "no_go", "No-go";
    }
}

vocabulary! {
    /// What is looked at before the road is crossed.
    #[cfg_attr(feature = "store", schemars(rename = "RunLook"))]
    Look {
        Incidents = "incidents", "Incidents here and nearby";
        Changes = "changes", "Deploys and maintenance";
        Others = "others", "Whoever is affected, on-call included";
        Dashboards = "dashboards", "Dashboards of the steady state";
        Revert = "revert", "Revert procedure";
    }
}

vocabulary! {
    /// How one of them is.
    #[cfg_attr(feature = "store", schemars(rename = "RunSight"))]
    Sight {
        Clear = "clear", "Clear";
        NotClear = "not_clear", "Not clear";
    }
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunSighted"))]
pub struct Sighted {
    pub look: Look,
    pub sight: Sight,
    /// What is not clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
}

/// One person's go or no-go in one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunPolled"))]
pub struct Polled {
    pub part: Part,
    pub by: PersonId,
    pub says: Says,
    pub text: Option<Note>,
    pub at: Moment,
}

/// One look with who looked, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunLooked"))]
pub struct Looked {
    #[serde(flatten)]
    pub sighted: Sighted,
    pub by: PersonId,
    pub at: Moment,
}

impl Looked {
    /// Whether it was too long ago to say that no incident is open. Everything else stays as it was seen.
    pub fn is_old(&self, now: Moment) -> bool {
        let was_clear = self.sighted.look == Look::Incidents && self.sighted.sight == Sight::Clear;
        was_clear && now > self.at.plus_minutes(LOOK_MINUTES)
    }
}

/// The latest word of each person in each part. Leaving the run takes no no-go back.
pub fn polled(lines: &[Line]) -> Vec<Polled> {
    let mut said = BTreeMap::new();
    for line in lines {
        if let RunEvent::PollAnswered { part, says, text } = &line.event {
            let by = line.by.unwrap_or(OPERATOR);
            said.insert((*part, by), Polled { part: *part, by, says: *says, text: text.clone(), at: line.at });
        }
    }
    said.into_values().collect()
}

/// The latest look at each thing.
pub fn looked(lines: &[Line]) -> Vec<Looked> {
    let mut seen = BTreeMap::new();
    for line in lines {
        let RunEvent::LookedBothWays { looks } = &line.event else { continue };
        let by = line.by.unwrap_or(OPERATOR);
        seen.extend(looks.iter().map(|sighted| (sighted.look, Looked { sighted: sighted.clone(), by, at: line.at })));
    }
    seen.into_values().collect()
}

/// What the look for incidents says at a moment, and what an answer to it is about. Nobody else tells Retrial of
/// incidents, so without a look nobody knows; and what is not clear may be on the services themselves.
pub fn incidents(looked: &[Looked], now: Moment) -> (Input<Around>, Vec<String>) {
    let Some(seen) = looked.iter().find(|one| one.sighted.look == Look::Incidents) else {
        return (Input::Unknown("nobody looked for incidents; look both ways".into()), Vec::new());
    };
    if seen.sighted.sight == Sight::NotClear {
        let says = not_clear(&seen.sighted);
        return (Input::Unknown(says.clone()), vec![says]);
    }
    if seen.is_old(now) {
        let ago = ago_words(now.ms_since(seen.at));
        return (Input::Unknown(format!("somebody looked for incidents {ago}; look again")), Vec::new());
    }
    (Input::Known(Around::default()), Vec::new())
}

fn because(text: Option<&Note>) -> String {
    text.map(|text| format!(": {text}")).unwrap_or_default()
}

fn not_clear(seen: &Sighted) -> String {
    format!("{} not clear{}", seen.look.label().to_lowercase(), because(seen.text.as_ref()))
}

/// What speaks against the start, a clause for each no-go and each look that was not clear. Incidents have a check of
/// their own.
pub fn against(polled: &[Polled], looked: &[Looked]) -> Vec<String> {
    let no_go = polled.iter().filter(|one| one.says == Says::NoGo);
    let no_go = no_go.map(|one| format!("the {} says no-go{}", one.part.label(), because(one.text.as_ref())));
    let ahead = looked.iter().map(|one| &one.sighted);
    let ahead = ahead.filter(|one| one.sight == Sight::NotClear && one.look != Look::Incidents);
    no_go.chain(ahead.map(not_clear)).collect()
}

/// Whether this person speaks for this part now, or a clause that says why not.
pub fn may_answer(attending: &[Marked], part: Part, by: Option<PersonId>, now: Moment) -> Result<(), String> {
    let speaks = |marked: &Marked| {
        Some(marked.attending.person) == by && marked.attending.parts.contains(&part) && marked.is_here(now)
    };
    if attending.iter().any(speaks) {
        return Ok(());
    }
    Err(format!("is answered by somebody marked present as {}", part.label()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::told::{Attending, attending};

    fn line(seq: i64, by: i64, event: RunEvent) -> Line {
        Line { seq, at: Moment::from_micros(seq), by: Some(PersonId(by)), event }
    }

    fn says(seq: i64, by: i64, part: Part, says: Says, text: &str) -> Line {
        line(seq, by, RunEvent::PollAnswered { part, says, text: Note::new(text).ok() })
    }

    fn looks(seq: i64, by: i64, looks: &[(Look, Sight, &str)]) -> Line {
        let sighted = |(look, sight, text): &(Look, Sight, &str)| Sighted {
            look: *look,
            sight: *sight,
            text: Note::new(text).ok(),
        };
        line(seq, by, RunEvent::LookedBothWays { looks: looks.iter().map(sighted).collect() })
    }

    fn attends(seq: i64, person: i64, parts: &[Part], present: bool) -> Line {
        let parts = parts.iter().copied().collect();
        let attending = Attending { person: PersonId(person), parts, can_revert: false, present };
        line(seq, 1, RunEvent::Attends { attending })
    }

    #[test]
    fn each_persons_latest_word_in_each_part_counts() {
        for (lines, expected) in [
            (vec![], vec![]),
            (vec![says(1, 1, Part::Owner, Says::Go, "")], vec![]),
            (
                vec![says(1, 1, Part::Owner, Says::NoGo, "the pager is silent")],
                vec!["the Owner says no-go: the pager is silent"],
            ),
            (vec![says(1, 1, Part::Owner, Says::NoGo, "wait"), says(2, 1, Part::Owner, Says::Go, "")], vec![]),
            // Nobody takes back what somebody else said.
            (
                vec![says(1, 2, Part::Observer, Says::NoGo, "wait"), says(2, 3, Part::Observer, Says::Go, "")],
                vec!["the Observer says no-go: wait"],
            ),
            (
                vec![says(1, 2, Part::Observer, Says::NoGo, "wait"), attends(2, 2, &[], false)],
                vec!["the Observer says no-go: wait"],
            ),
        ] {
            assert_eq!(against(&polled(&lines), &[]), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_latest_look_at_each_thing_counts() {
        let deploy = (Look::Changes, Sight::NotClear, "a deploy until 11");
        let lines = [looks(1, 1, &[(Look::Incidents, Sight::Clear, ""), deploy])];
        assert_eq!(against(&[], &looked(&lines)), ["deploys and maintenance not clear: a deploy until 11"]);
        let again = [lines[0].clone(), looks(2, 2, &[(Look::Changes, Sight::Clear, "")])];
        let seen = looked(&again);
        assert_eq!(against(&[], &seen), [""; 0]);
        assert_eq!(seen.iter().map(|one| one.by.0).collect::<Vec<_>>(), [1, 2], "who looked at what");
        assert!(looked(&[]).is_empty());
    }

    #[test]
    fn incidents_are_known_of_only_while_somebody_looked_just_before() {
        let clear = (Look::Incidents, Sight::Clear, "");
        let not_clear = (Look::Incidents, Sight::NotClear, "kafka lags");
        let other = (Look::Changes, Sight::NotClear, "a deploy until 11");
        let hour = |minutes: i64| Moment::from_micros(1).plus_minutes(minutes);
        let of = |looks_at: &[(Look, Sight, &str)], now: Moment| {
            let (input, about) = incidents(&looked(&[looks(1, 1, looks_at)]), now);
            let why = match input {
                Input::Known(around) => {
                    assert_eq!(around, Around::default());
                    String::new()
                }
                Input::Unknown(why) => why,
            };
            (why, about)
        };
        let nothing: Vec<String> = Vec::new();
        assert_eq!(of(&[clear], hour(60)), (String::new(), nothing.clone()));
        let (old, about) = of(&[clear], hour(61));
        assert!(old.contains("looked for incidents 1 h 1 min ago") && about == nothing, "{old}");
        let (nobody, about) = of(&[other], hour(0));
        assert!(nobody.contains("nobody looked for incidents") && about == nothing, "{nobody}");
        let says = "incidents here and nearby not clear: kafka lags".to_owned();
        assert_eq!(of(&[not_clear], hour(90)), (says.clone(), vec![says]), "however long ago");
        let seen = looked(&[looks(1, 1, &[not_clear])]);
        assert_eq!(against(&[], &seen), [""; 0], "it is asked about once");
    }

    #[test]
    fn whoever_is_here_speaks_for_their_own_parts() {
        let all =
            attending(&[attends(1, 1, &[Part::Owner, Part::Reporter], true), attends(2, 2, &[Part::Observer], false)]);
        let now = Moment::from_micros(3);
        for (person, part, may) in [
            (Some(1), Part::Owner, true),
            (Some(1), Part::Reporter, true),
            (Some(1), Part::Observer, false),
            (Some(2), Part::Observer, false),
            (Some(3), Part::Owner, false),
            (None, Part::Owner, false),
        ] {
            assert_eq!(may_answer(&all, part, person.map(PersonId), now).is_ok(), may, "{person:?} {part:?}");
        }
        assert!(may_answer(&all, Part::Owner, Some(PersonId(1)), now.plus_hours(13)).is_err(), "long ago");
    }
}
