//! A document with its members in the order written. Other tools read meaning into that order
//! (arguments of a command, a configuration that is worked out line by line), and `serde_json`'s own
//! objects are sorted; its feature that keeps the order would change every JSON text of the notebook.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value};

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Tree {
    #[default]
    Null,
    Truth(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Members(Vec<(String, Tree)>),
}

impl Tree {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An object with these members.
    pub fn of<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Members(members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_truth(&self) -> Option<bool> {
        if let Self::Truth(truth) = self { Some(*truth) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub fn as_members(&self) -> Option<&[(String, Self)]> {
        if let Self::Members(members) = self { Some(members) } else { None }
    }

    /// A member that is there and not null.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let (_, member) = self.as_members()?.iter().find(|(known, _)| known == name)?;
        Some(member).filter(|member| !member.is_null())
    }

    /// A member's text; empty if it has none.
    pub fn text_of(&self, name: &str) -> &str {
        self.get(name).and_then(Self::as_text).unwrap_or_default()
    }

    /// A member's items; none if it is no list.
    pub fn items_of(&self, name: &str) -> &[Self] {
        self.get(name).and_then(Self::as_list).unwrap_or_default()
    }

    /// Writes a member: in its place if it is there, else at the end. What is no object becomes one.
    pub fn set(&mut self, name: &str, member: Self) {
        if !matches!(self, Self::Members(_)) {
            *self = Self::Members(Vec::new());
        }
        let Self::Members(members) = self else { return };
        match members.iter_mut().find(|(known, _)| known == name) {
            Some((_, present)) => *present = member,
            None => members.push((name.to_owned(), member)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        if let Self::Members(members) = self {
            members.retain(|(known, _)| known != name);
        }
    }

    /// Removes this object's own members that are null.
    pub fn remove_nulls(&mut self) {
        if let Self::Members(members) = self {
            members.retain(|(_, member)| !member.is_null());
        }
    }

    /// Writes a member as `set` does, but a new one stands first.
    pub fn set_first(&mut self, name: &str, member: Self) {
        let is_new = self.as_members().is_none_or(|members| members.iter().all(|(known, _)| known != name));
        self.set(name, member);
        if let (true, Self::Members(members)) = (is_new, self) {
            members.rotate_right(1);
        }
    }

    /// What it is called in a sentence.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Truth(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Members(_) => "an object",
        }
    }

    /// The same without its order.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Truth(truth) => Value::Bool(*truth),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone()),
            Self::List(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Self::Members(members) => {
                Value::Object(members.iter().map(|(name, member)| (name.clone(), member.to_value())).collect())
            }
        }
    }

    /// Takes over whatever was changed in a copy of this without order, and keeps the order.
    pub fn follow(&mut self, changed: &Value) {
        match (self, changed) {
            (Self::List(items), Value::Array(others)) if items.len() == others.len() => {
                items.iter_mut().zip(others).for_each(|(item, other)| item.follow(other));
            }
            (Self::Members(members), Value::Object(others)) => {
                members.retain(|(name, _)| others.contains_key(name));
                for (name, member) in members {
                    if let Some(other) = others.get(name) {
                        member.follow(other);
                    }
                }
            }
            (this, other) => *this = Self::from(other),
        }
    }

    /// As JSON with line ends, for people.
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Truth(*truth),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Members(members.iter().map(|(name, member)| (name.clone(), Self::from(member))).collect())
            }
        }
    }
}

impl fmt::Display for Tree {
    /// As JSON in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Members(members) => serializer.collect_map(members.iter().map(|(name, member)| (name, member))),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Tree, E> {
        Ok(Tree::Truth(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(number).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members: Vec<(String, Tree)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        while let Some((name, member)) = map.next_entry::<String, Tree>()? {
            // Of repeated names the last wins, in the first one's place, as in Python.
            if let Some(place) = places.get(&name) {
                members[*place] = (name, member);
            } else {
                places.insert(name.clone(), members.len());
                members.push((name, member));
            }
        }
        Ok(Tree::Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Tree {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn members_keep_their_order_and_of_repeated_names_the_last_wins() {
        let text = r#"{"z":1,"a":[true,null,-2,0.5,"x"],"m":{"y":{},"b":[]}}"#;
        assert_eq!(read(text).to_string(), text);
        assert_eq!(read(r#"{"b":1,"a":2,"b":3}"#).to_string(), r#"{"b":3,"a":2}"#);
    }

    #[test]
    fn a_member_is_written_in_its_place_and_a_new_one_where_it_was_asked_for() {
        let mut tree = read(r#"{"b":1,"a":2}"#);
        tree.set("b", Tree::text("x"));
        tree.set("c", Tree::Null);
        tree.set_first("first", Tree::Truth(true));
        tree.set_first("a", Tree::Truth(false));
        assert_eq!(tree.to_string(), r#"{"first":true,"b":"x","a":false,"c":null}"#);
        assert_eq!(tree.get("c"), None, "null is the same as not there");
    }

    #[test]
    fn what_was_changed_in_a_sorted_copy_is_taken_over_in_the_old_order() {
        let mut tree = read(r#"{"z":{"password":"p","b":1},"a":["x",{"k":"v"}],"gone":1}"#);
        let mut copy = tree.to_value();
        copy["z"]["password"] = "[redacted]".into();
        copy["a"][1] = "flat".into();
        copy.as_object_mut().unwrap().remove("gone");
        tree.follow(&copy);
        assert_eq!(tree.to_string(), r#"{"z":{"password":"[redacted]","b":1},"a":["x","flat"]}"#);
    }
}
