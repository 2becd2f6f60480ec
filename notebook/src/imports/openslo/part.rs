//! One object of a document while it is read: what is asked of it, what is wrong with it, and what
//! nobody asked for.

use rust_decimal::Decimal;

use crate::{
    foreign::{shorten, tree::Tree},
    refusal::FieldTrouble,
};

/// Sentences kept about one object, of either sort; a hostile document could ask for more.
const SENTENCES_MAX: usize = 50;
const NAME_CHARS_MAX: usize = 80;

/// What is said about one object of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Why it cannot be taken, each with its path.
    pub troubles: Vec<FieldTrouble>,
    /// What of it is not kept, each with its path.
    pub notes: Vec<String>,
}

impl Told {
    pub fn trouble(&mut self, path: impl Into<String>, says: impl Into<String>) {
        if self.troubles.len() < SENTENCES_MAX {
            self.troubles.push(FieldTrouble::new(path, says));
        }
    }

    pub fn note(&mut self, note: impl Into<String>) {
        match self.notes.len() {
            len if len < SENTENCES_MAX => self.notes.push(note.into()),
            SENTENCES_MAX => self.notes.push("and more that is not kept".into()),
            _ => {}
        }
    }
}

/// An object with the path on which it stands.
pub struct Part<'a> {
    path: String,
    members: &'a [(String, Tree)],
    known: Vec<&'a str>,
}

impl<'a> Part<'a> {
    /// What is no object is said, and read as an empty one.
    pub fn of(tree: &'a Tree, path: impl Into<String>, told: &mut Told) -> Self {
        let path = path.into();
        let members = tree.as_members().unwrap_or_else(|| {
            let whole = if path.is_empty() { "the document" } else { &path };
            told.trouble(whole, format!("takes an object and holds {}", tree.kind()));
            &[]
        });
        Self { path, members, known: Vec::new() }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path of a member.
    pub fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A member that is there and not null.
    pub fn get(&mut self, name: &'static str) -> Option<&'a Tree> {
        self.known.push(name);
        let (_, member) = self.members.iter().find(|(known, _)| known == name)?;
        Some(member).filter(|member| !member.is_null())
    }

    fn wrong(&self, name: &str, takes: &str, found: &Tree, told: &mut Told) {
        told.trouble(self.at(name), format!("takes {takes} and holds {}", found.kind()));
    }

    /// A member's text; empty if it is not there.
    pub fn text(&mut self, name: &'static str, told: &mut Told) -> &'a str {
        let Some(member) = self.get(name) else { return "" };
        member.as_text().unwrap_or_else(|| {
            self.wrong(name, "text", member, told);
            ""
        })
    }

    /// A member's text, which has to be there.
    pub fn need(&mut self, name: &'static str, told: &mut Told) -> &'a str {
        if self.get(name).is_none() {
            told.trouble(self.at(name), "is missing");
        }
        self.text(name, told)
    }

    pub fn truth(&mut self, name: &'static str, told: &mut Told) -> Option<bool> {
        let member = self.get(name)?;
        let truth = member.as_truth();
        if truth.is_none() {
            self.wrong(name, "true or false", member, told);
        }
        truth
    }

    /// A member's number, exactly as it is written.
    pub fn number(&mut self, name: &'static str, told: &mut Told) -> Option<Decimal> {
        let member = self.get(name)?;
        let number = exact(member);
        if number.is_none() {
            self.wrong(name, "a number", member, told);
        }
        number
    }

    pub fn part(&mut self, name: &'static str, told: &mut Told) -> Option<Self> {
        let member = self.get(name)?;
        Some(Self::of(member, self.at(name), told))
    }

    /// An object that has to be there.
    pub fn need_part(&mut self, name: &'static str, told: &mut Told) -> Self {
        self.part(name, told).unwrap_or_else(|| {
            told.trouble(self.at(name), "is missing");
            Self { path: self.at(name), members: &[], known: Vec::new() }
        })
    }

    /// A list's items with their paths.
    pub fn items(&mut self, name: &'static str, told: &mut Told) -> Vec<(String, &'a Tree)> {
        let Some(member) = self.get(name) else { return Vec::new() };
        let Some(items) = member.as_list() else {
            self.wrong(name, "a list", member, told);
            return Vec::new();
        };
        items.iter().enumerate().map(|(n, item)| (format!("{}[{n}]", self.at(name)), item)).collect()
    }

    /// Members that are known and stand for nothing here.
    pub fn pass(&mut self, names: &[&'static str], because: &str, told: &mut Told) {
        for name in names {
            if self.get(name).is_some() {
                told.note(format!("{} is not kept: {because}", self.at(name)));
            }
        }
    }

    /// Every member, for objects whose names are free.
    pub fn all(&mut self) -> impl Iterator<Item = (&'a str, &'a Tree)> {
        self.known.extend(self.members.iter().map(|(name, _)| name.as_str()));
        self.members.iter().map(|(name, member)| (name.as_str(), member))
    }

    /// Says which members nobody asked for.
    pub fn end(self, told: &mut Told) {
        for (name, _) in self.members.iter().filter(|(name, _)| !self.known.contains(&name.as_str())) {
            told.note(format!("{} is not kept: it is not known here", self.at(&shorten::line(name, NAME_CHARS_MAX))));
        }
    }
}

/// A number as the decimal it was written as.
fn exact(tree: &Tree) -> Option<Decimal> {
    let Tree::Number(number) = tree else { return None };
    let text = number.to_string();
    let read = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
    read.ok().map(|number| number.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::yaml;

    #[test]
    fn every_wrong_type_is_said_with_its_path_and_nothing_is_lost_in_silence() {
        let tree = yaml::parse("name: 7\nparts: {a: 1}\nflag: 1\nsize: x\nlist: {}\nless: u\nmore: z\n").unwrap();
        let mut told = Told::default();
        let mut part = Part::of(&tree, "spec", &mut told);
        assert_eq!((part.text("name", &mut told), part.need("gone", &mut told)), ("", ""));
        assert_eq!((part.truth("flag", &mut told), part.number("size", &mut told)), (None, None));
        assert!(part.items("list", &mut told).is_empty());
        part.pass(&["less"], "there is no place for it", &mut told);
        part.part("parts", &mut told).unwrap().end(&mut told);
        part.end(&mut told);
        let said: Vec<String> = told.troubles.iter().map(|one| format!("{} {}", one.field, one.says)).collect();
        assert_eq!(
            said,
            [
                "spec.name takes text and holds a number",
                "spec.gone is missing",
                "spec.flag takes true or false and holds a number",
                "spec.size takes a number and holds text",
                "spec.list takes a list and holds an object",
            ]
        );
        assert_eq!(
            told.notes,
            [
                "spec.less is not kept: there is no place for it",
                "spec.parts.a is not kept: it is not known here",
                "spec.more is not kept: it is not known here",
            ]
        );
        Part::of(&Tree::Null, "", &mut told);
        assert_eq!(told.troubles.last().unwrap().field, "the document");
    }

    #[test]
    fn numbers_are_the_decimals_they_were_written_as() {
        let tree = yaml::parse("- 0.9999\n- 99.95\n- 1e-9\n- 28\n- 0.1\n").unwrap();
        let read: Vec<String> = tree.as_list().unwrap().iter().map(|item| exact(item).unwrap().to_string()).collect();
        assert_eq!(read, ["0.9999", "99.95", "0.000000001", "28", "0.1"]);
    }

    #[test]
    fn a_thousand_strange_members_are_not_a_thousand_sentences() {
        let tree = Tree::Members((0..1_000).map(|n| (format!("m{n}"), Tree::Null)).collect());
        let mut told = Told::default();
        Part::of(&tree, "", &mut told).end(&mut told);
        assert_eq!((told.notes.len(), told.notes.last().unwrap().as_str()), (51, "and more that is not kept"));
    }
}
