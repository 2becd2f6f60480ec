//! Who is here when a run starts, as its command names them.

use std::collections::{BTreeMap, BTreeSet};

use notebook::{gate::quorum::Part, limits::PAGE_ROWS_MAX};
use serde_json::{Value, json};

use super::connection::Connection;
use crate::cli::Stopped;

/// People found by their names, each with the parts said on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Here(BTreeMap<i64, One>);

#[derive(Debug, Default, PartialEq, Eq)]
struct One {
    parts: BTreeSet<Part>,
    can_revert: bool,
}

/// `Ben`, or `Ben=observer`.
fn read(text: &str) -> Result<(&str, Option<Part>), Stopped> {
    let Some((name, part)) = text.rsplit_once('=') else { return Ok((text.trim(), None)) };
    let part = Part::named(part).map_err(|says| Stopped::usage(format!("\"{part}\" in \"{text}\" {says}")))?;
    Ok((name.trim(), Some(part)))
}

/// The number and the mark *can revert* of the one open account with this name or address.
fn meant(people: &[Value], name: &str) -> Result<(i64, bool), Stopped> {
    let is = |person: &&Value, field: &str| {
        person.get(field).and_then(Value::as_str).is_some_and(|own| own.to_lowercase() == name.to_lowercase())
    };
    let is_open = |person: &&Value| person.get("disabled").and_then(Value::as_bool) == Some(false);
    let called = people.iter().filter(is_open).filter(|person| is(person, "name") || is(person, "email"));
    match called.collect::<Vec<_>>()[..] {
        [person] => account(person),
        [] => Err(Stopped::usage(format!("nobody here is called \"{name}\"; nothing was started"))),
        _ => Err(Stopped::usage(format!("several people are called \"{name}\"; give an address; nothing was started"))),
    }
}

fn account(person: &Value) -> Result<(i64, bool), Stopped> {
    let number = person.get("id").and_then(Value::as_i64);
    let number = number.ok_or_else(|| Stopped::new("the server shows an account and does not say which"))?;
    Ok((number, person.get("can_revert").and_then(Value::as_bool).unwrap_or_default()))
}

impl Here {
    /// Whoever calls, as the Owner, and everybody named. Asked before anything is planned, so that a name
    /// that is no account leaves nothing behind.
    pub async fn of(connection: &Connection, caller: bool, named: &[String]) -> Result<Self, Stopped> {
        let mut here = Self::default();
        if caller {
            let own = connection.get("me", &[]).await?.value;
            here.add(account(&own)?, Some(Part::Owner));
        }
        if named.is_empty() {
            return Ok(here);
        }
        let people = everybody(connection).await?;
        for text in named {
            let (name, part) = read(text)?;
            here.add(meant(&people, name)?, part);
        }
        Ok(here)
    }

    fn add(&mut self, (person, can_revert): (i64, bool), part: Option<Part>) {
        let one = self.0.entry(person).or_default();
        one.can_revert |= can_revert;
        one.parts.extend(part);
    }

    /// Marks them present on a run. The parts they were planned for stay theirs.
    pub async fn mark(&self, connection: &Connection, run: &str) -> Result<(), Stopped> {
        if self.0.is_empty() {
            return Ok(());
        }
        let shown = connection.get(run, &[]).await?.value;
        for (person, one) in &self.0 {
            connection.post(&format!("{run}/attend"), &one.marks(*person, &shown)).await?;
        }
        Ok(())
    }
}

impl One {
    fn marks(&self, person: i64, run: &Value) -> Value {
        let is = |one: &&Value| one.get("person").and_then(Value::as_i64) == Some(person);
        let before = run.get("attending").and_then(Value::as_array).into_iter().flatten().find(is);
        let planned = before.and_then(|one| one.get("parts")).and_then(Value::as_array).into_iter().flatten();
        let planned = planned.filter_map(Value::as_str).map(str::to_owned);
        let parts: BTreeSet<String> = planned.chain(self.parts.iter().map(|part| part.word().to_owned())).collect();
        json!({
            "person": person,
            "parts": parts,
            "can_revert": if self.can_revert { "on" } else { "" },
            "present": "on",
        })
    }
}

async fn everybody(connection: &Connection) -> Result<Vec<Value>, Stopped> {
    let rows = |page: &Value| page.get("people").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut page = connection.get("people", &[("limit".to_owned(), PAGE_ROWS_MAX.to_string())]).await?;
    let mut people = rows(&page.value);
    while let Some(next) = page.next.take() {
        page = connection.get_next(&next).await?;
        people.extend(rows(&page.value));
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_called_by_name_or_address_and_nobody_is_guessed() {
        let person = |id: i64, name: &str, disabled: bool| {
            let email = format!("{id}@example.org");
            json!({ "id": id, "name": name, "email": email, "disabled": disabled, "can_revert": id == 1 })
        };
        let people =
            [person(1, "Ana", false), person(2, "Ben", false), person(3, "Ben", false), person(4, "Dora", true)];
        assert_eq!(meant(&people, "ana").unwrap(), (1, true));
        assert_eq!(meant(&people, "3@example.org").unwrap(), (3, false));
        for name in ["Ben", "Dora", "Zoe"] {
            assert_eq!(meant(&people, name).unwrap_err().number(), 2, "{name}");
        }
    }

    #[test]
    fn a_part_is_said_after_the_name() {
        assert_eq!(read("Ben").unwrap(), ("Ben", None));
        assert_eq!(read("Ben = observer").unwrap(), ("Ben", Some(Part::Observer)));
        assert!(read("Ben=boss").unwrap_err().to_string().contains("is not one of owner"));
    }

    #[test]
    fn the_parts_somebody_was_planned_for_stay_theirs() {
        let mut here = Here::default();
        here.add((2, false), None);
        here.add((2, true), Some(Part::Observer));
        let run =
            json!({ "attending": [{ "person": 2, "parts": ["reporter"], "can_revert": false, "present": false }] });
        let marks = here.0[&2].marks(2, &run);
        assert_eq!(
            marks,
            json!({ "person": 2, "parts": ["observer", "reporter"], "can_revert": "on", "present": "on" })
        );
    }
}
