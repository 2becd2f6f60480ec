//! Reads what people type. Whatever it is, the answer is a query or a place with a sentence.

mod values;

pub use values::nobody;

use super::{
    Expr, Query, Sort, Trouble, Value,
    keys::{Key, Takes},
    tokens::{has_token, tokens},
};
use crate::limits::{SEARCH_CHARS_MAX, SEARCH_LEVELS_MAX, SEARCH_TERMS_MAX};

/// A query out of a text; an empty one asks for everything.
pub fn parse(text: &str) -> Result<Query, Trouble> {
    with_names(text).map(|(query, _)| query)
}

/// A person, a service, an environment or a team that a query names. Only the notebook knows whether there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub key: Key,
    /// An email address or a slug, in small letters.
    pub word: String,
    /// Where it stands: characters, counted from 0.
    pub at: usize,
    pub length: usize,
}

/// The same, and whom it names.
pub fn with_names(text: &str) -> Result<(Query, Vec<Name>), Trouble> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > SEARCH_CHARS_MAX {
        let length = chars.len() - SEARCH_CHARS_MAX;
        let says = format!("A query holds at most {SEARCH_CHARS_MAX} characters.");
        return Err(Trouble { at: SEARCH_CHARS_MAX, length, says });
    }
    // No database keeps each of them, and queries are kept as views.
    if let Some(at) = chars.iter().position(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Trouble { at, length: 1, says: "This is a control character; leave it out.".to_owned() });
    }
    let mut reader = Reader::of(&chars);
    let wanted = reader.any()?;
    reader.blanks();
    if reader.at < chars.len() {
        return Err(trouble(reader.at, 1, "This bracket closes none that is open."));
    }
    let (places, names) = (std::mem::take(&mut reader.places), std::mem::take(&mut reader.names));
    let query = Query { wanted, sort: reader.sort };
    let misfit = query.misfit(&query.kinds());
    match places.into_iter().find(|(key, ..)| misfit == Some(*key)) {
        Some((key, at, length)) => Err(Trouble { at, length, says: key.known_where() }),
        None if query.to_string().chars().count() > SEARCH_CHARS_MAX => Err(trouble(0, chars.len(), LONG_WHEN_WRITTEN)),
        None => Ok((query, names)),
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    terms: usize,
    level: usize,
    /// How many brackets, alternatives and negations the present place is inside of.
    nested: usize,
    /// Where qualifiers stand.
    places: Vec<(Key, usize, usize)>,
    names: Vec<Name>,
    sort: Option<Sort>,
}

type Read<T> = Result<T, Trouble>;

fn trouble(at: usize, length: usize, says: impl Into<String>) -> Trouble {
    Trouble { at, length: length.max(1), says: says.into() }
}

impl<'a> Reader<'a> {
    fn of(chars: &'a [char]) -> Self {
        Self { chars, at: 0, terms: 0, level: 0, nested: 0, places: Vec::new(), names: Vec::new(), sort: None }
    }
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Whether this word in capitals stands here, alone.
    fn stands(&self, word: &str) -> bool {
        let length = word.len();
        let here = self.chars.get(self.at..self.at + length);
        let is_it = here.is_some_and(|here| here.iter().copied().eq(word.chars()));
        is_it && self.chars.get(self.at + length).is_none_or(|next| ends_word(*next))
    }

    fn any(&mut self) -> Read<Option<Expr>> {
        let began = self.at;
        // An alternative is known by its OR only; the order holds for the whole query and may not stand in one.
        let sorted = self.sort.is_some();
        let mut members = Vec::new();
        members.extend(self.all()?);
        let mut alternatives = false;
        loop {
            self.blanks();
            if !self.stands("OR") {
                break;
            }
            let or = self.at;
            if members.is_empty() {
                return Err(trouble(or, 2, "OR needs something before it."));
            }
            self.at += 2;
            if !alternatives && self.sort.is_some() != sorted {
                return Err(trouble(began, or - began, ONLY_WHOLE));
            }
            alternatives = true;
            self.nested += 1;
            let next = self.all();
            self.nested -= 1;
            match next? {
                Some(next) => members.push(next),
                None => return Err(trouble(or, 2, "OR needs something behind it.")),
            }
        }
        Ok(Expr::any(members))
    }

    fn all(&mut self) -> Read<Option<Expr>> {
        let mut members = Vec::new();
        let mut something = false;
        loop {
            self.blanks();
            let and = self.at;
            let joined = self.stands("AND");
            if joined {
                if !something {
                    return Err(trouble(and, 3, "AND needs something before it."));
                }
                self.at += 3;
                self.blanks();
            }
            if self.peek().is_none_or(|c| c == ')') || self.stands("OR") || self.stands("AND") {
                if joined {
                    return Err(trouble(and, 3, "AND needs something behind it."));
                }
                break;
            }
            members.extend(self.not()?);
            something = true;
        }
        Ok(Expr::all(members))
    }

    /// None where it is the order, which holds for the whole query.
    fn not(&mut self) -> Read<Option<Expr>> {
        let began = self.at;
        let signed = self.peek() == Some('-');
        let width = if signed {
            1
        } else if self.stands("NOT") {
            3
        } else {
            return self.atom();
        };
        self.at += width;
        self.deeper(began)?;
        if !signed {
            self.blanks();
        }
        let nothing = self.peek().is_none_or(|c| c == ')' || c.is_whitespace());
        if nothing || (!signed && (self.stands("OR") || self.stands("AND"))) {
            return Err(trouble(began, width, "Say what must not be there."));
        }
        self.nested += 1;
        let inner = if self.peek() == Some('-') || self.stands("NOT") { self.not() } else { self.atom() };
        self.nested -= 1;
        self.level -= 1;
        Ok(inner?.map(Expr::negated))
    }

    fn deeper(&mut self, at: usize) -> Read<()> {
        self.level += 1;
        if self.level > SEARCH_LEVELS_MAX {
            let says = format!("Brackets and negations go at most {SEARCH_LEVELS_MAX} levels deep.");
            return Err(trouble(at, 1, says));
        }
        Ok(())
    }

    fn atom(&mut self) -> Read<Option<Expr>> {
        let began = self.at;
        match self.peek() {
            Some('(') => {
                self.at += 1;
                self.deeper(began)?;
                self.nested += 1;
                let inner = self.any();
                self.nested -= 1;
                let inner = inner?;
                self.level -= 1;
                if self.peek() != Some(')') {
                    return Err(trouble(began, 1, "This bracket is not closed."));
                }
                self.at += 1;
                inner.map(Some).ok_or_else(|| trouble(began, self.at - began, "There is nothing in these brackets."))
            }
            Some('"') => {
                self.term(began)?;
                let text = self.phrase()?;
                // Right behind it; an asterisk that stands apart is a word of its own.
                if self.peek() == Some('*') {
                    return Err(trouble(self.at, 1, NO_OPEN_PHRASE));
                }
                Ok(Some(Expr::Phrase(text)))
            }
            _ => {
                self.term(began)?;
                match self.key()? {
                    Some(key) => self.qualifier(began, key),
                    None => self.word().map(Some),
                }
            }
        }
    }

    fn term(&mut self, at: usize) -> Read<()> {
        self.terms += 1;
        if self.terms > SEARCH_TERMS_MAX {
            return Err(trouble(at, 1, format!("A query holds at most {SEARCH_TERMS_MAX} terms.")));
        }
        Ok(())
    }

    fn phrase(&mut self) -> Read<String> {
        let began = self.at;
        let rest = &self.chars[began + 1..];
        let Some(length) = rest.iter().position(|c| *c == '"') else {
            return Err(trouble(began, 1, "This quotation mark has no second one."));
        };
        let text: String = rest[..length].iter().collect();
        self.at = began + length + 2;
        if has_token(&text) {
            Ok(text)
        } else {
            Err(trouble(began, length + 2, "There is no letter and no digit between the quotation marks."))
        }
    }

    /// What stands before a colon, if it is letters only.
    fn key(&mut self) -> Read<Option<Key>> {
        let rest = &self.chars[self.at..];
        let length = rest.iter().position(|c| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        if length == 0 || rest.get(length) != Some(&':') {
            return Ok(None);
        }
        let word: String = rest[..length].iter().collect();
        let key = Key::named(&word).map_err(|says| trouble(self.at, length + 1, says + "."))?;
        self.at += length + 1;
        Ok(Some(key))
    }

    fn word(&mut self) -> Read<Expr> {
        let began = self.at;
        while self.peek().is_some_and(|c| !ends_word(c)) {
            self.at += 1;
        }
        let mut text: String = self.chars[began..self.at].iter().collect();
        let open = text.ends_with('*');
        if open {
            text.pop();
        }
        if !has_token(&text) {
            return Err(trouble(began, self.at - began, "There is no letter and no digit in this word."));
        }
        if open && tokens(&text).last().is_some_and(|token| is_letter(token)) {
            let says = "The beginning of a word takes two letters or digits at least.";
            return Err(trouble(began, self.at - began, says));
        }
        // Behind a minus these are words; they stay so wherever they are written.
        let reserved = !open && matches!(text.as_str(), "AND" | "OR" | "NOT");
        Ok(if reserved { Expr::Phrase(text) } else { Expr::Word { text, open } })
    }

    fn qualifier(&mut self, began: usize, key: Key) -> Read<Option<Expr>> {
        let mut values = Vec::new();
        loop {
            values.push(self.value(key)?);
            if self.peek() != Some(',') {
                break;
            }
            self.at += 1;
            self.term(self.at)?;
        }
        if key.takes() == Takes::Nothing {
            return Err(trouble(began, self.at - began, NO_LABELS));
        }
        if key == Key::Sort {
            return self.order(began, &values).map(|()| None).map_err(|trouble| within(trouble, &values));
        }
        self.places.push((key, began, self.at - began));
        if key.is_judged() {
            let amount = values::amount(key, &values).map_err(|trouble| within(trouble, &values))?;
            return Ok(Some(Expr::Amount(amount)));
        }
        let mut all = Vec::new();
        for (at, text) in &values {
            let read = values::values_of(key, *at, &text.to_lowercase());
            let read = read.map_err(|trouble| within(trouble, &values))?;
            if let (true, [Value::Word(word)]) = (key.is_name(), read.as_slice()) {
                self.names.push(Name { key, word: word.clone(), at: *at, length: text.chars().count() });
            }
            // As it is always written, each of them is a term.
            for _ in 1..read.len() {
                self.term(*at)?;
            }
            all.extend(read);
        }
        Ok(Some(Expr::Qualifier { key, values: all }))
    }

    /// One value as it stands, or what is between its quotation marks; and where that begins.
    fn value(&mut self, key: Key) -> Read<(usize, String)> {
        let began = self.at;
        if self.peek() == Some('"') {
            return Ok((began + 1, self.phrase()?));
        }
        while self.peek().is_some_and(|c| !ends_word(c) && c != ',') {
            self.at += 1;
        }
        let text: String = self.chars[began..self.at].iter().collect();
        if text.is_empty() {
            let says = format!("`{}:` needs a value right behind it: {}.", key.word(), key.explained());
            return Err(trouble(began.min(self.chars.len()), 1, says));
        }
        Ok((began, text))
    }
}

const ONLY_WHOLE: &str =
    "The order holds for the whole query, so it cannot stand beside OR, inside brackets or behind a minus.";

const LONG_WHEN_WRITTEN: &str =
    "As it is always written, this query is longer than a query may be: each word of a range stands by itself there.";

const NO_OPEN_PHRASE: &str =
    "An asterisk stands behind a word, not behind quotation marks; hyphens keep words together, too: leader-elec*.";

const NO_LABELS: &str =
    "No kind of thing has labels: narrow by `kind:`, `fault:`, `service:` or `team:`, or look for the word itself.";

/// A letter can have two small ones: no more is pointed at than was typed.
fn within(trouble: Trouble, values: &[(usize, String)]) -> Trouble {
    let mut places = values.iter().map(|(at, text)| *at..at + text.chars().count());
    let place = places.find(|place| place.contains(&trouble.at));
    let length = place.map_or(trouble.length, |place| trouble.length.min(place.end - trouble.at));
    Trouble { length, ..trouble }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"')
}

/// One letter, with which a large part of all words begin; a sign that is a syllable or a word tells more.
fn is_letter(token: &str) -> bool {
    let mut chars = token.chars();
    chars.next().is_some_and(|c| c.len_utf8() < 3) && chars.next().is_none()
}

#[cfg(test)]
mod tests;
