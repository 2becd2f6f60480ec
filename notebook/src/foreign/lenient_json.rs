//! Reads JSON as Python's tools write it: bare `NaN`, `Infinity` and `-Infinity` become null.
//!
//! `serde_json` takes only strict JSON, and the JSON5 readers also take comments and bare names,
//! which would hide a damaged document. So a scanner without recursion checks the grammar,
//! counts depth and values, and hands `serde_json` a strict text. Besides the three words it
//! softens numbers beyond a double (null) and halves of surrogate pairs (U+FFFD), both of
//! which Python writes.

use std::{borrow::Cow, ops::Range};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{JSON_DEPTH_MAX, JSON_OBJECTS_MAX, JSON_VALUES_MAX, ReadTrouble};

/// The document as a value. Of repeated names the last wins, as in Python.
pub fn parse(bytes: &[u8], bytes_max: usize) -> Result<Value, ReadTrouble> {
    read(bytes, bytes_max)
}

/// The same in another form.
pub fn read<T: DeserializeOwned>(bytes: &[u8], bytes_max: usize) -> Result<T, ReadTrouble> {
    if bytes.len() > bytes_max {
        return Err(ReadTrouble::TooLarge { limit_bytes: bytes_max });
    }
    let strict = strict(text_of(bytes)?)?;
    serde_json::from_str(&strict).map_err(|error| {
        let lines_before: usize = strict.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let byte = lines_before + error.column().saturating_sub(1);
        ReadTrouble::Malformed { line: error.line(), column: error.column(), byte, what: error.to_string() }
    })
}

/// The same document in strict JSON; borrowed if nothing had to be replaced.
pub fn strict(text: &str) -> Result<Cow<'_, str>, ReadTrouble> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        values: 0,
        objects: 0,
        out: String::new(),
        copied: 0,
    };
    scanner.document()?;
    if scanner.copied == 0 {
        return Ok(Cow::Borrowed(text));
    }
    scanner.out.push_str(&text[scanner.copied..]);
    Ok(Cow::Owned(scanner.out))
}

/// The bytes as text, without the mark that some editors put before it.
pub fn text_of(bytes: &[u8]) -> Result<&str, ReadTrouble> {
    // Editors on Windows put a mark of three bytes before the text.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        malformed(&good, good.len(), "expected UTF-8 text, found other bytes".to_owned())
    })
}

fn malformed(text: &str, byte: usize, what: String) -> ReadTrouble {
    let (line, column) = place(text, byte);
    ReadTrouble::Malformed { line, column, byte, what }
}

/// Line and column of a byte, both counted from one, columns in characters.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.bytes().filter(|b| *b == b'\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[derive(Clone, Copy)]
enum Open {
    List,
    Object,
}

/// What may stand at the scanner's place.
#[derive(Clone, Copy)]
enum Expect {
    Value,
    FirstItemOrEnd,
    Name,
    FirstNameOrEnd,
    CommaOrEnd,
}

/// Stands between tokens; every token is ASCII at its edges, so slices never split a character.
struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    values: usize,
    objects: usize,
    /// The strict text up to `copied`; empty while nothing was replaced.
    out: String,
    copied: usize,
}

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), ReadTrouble> {
        let mut expect = Expect::Value;
        loop {
            self.skip_space();
            expect = match expect {
                Expect::FirstItemOrEnd if self.peek() == Some(b']') => self.close(),
                Expect::FirstNameOrEnd if self.peek() == Some(b'}') => self.close(),
                Expect::Value | Expect::FirstItemOrEnd => self.value()?,
                Expect::Name => self.name("a name in quotes")?,
                Expect::FirstNameOrEnd => self.name("a name in quotes or }")?,
                Expect::CommaOrEnd => match (self.open.last(), self.peek()) {
                    (None, None) => return Ok(()),
                    (None, Some(_)) => return Err(self.expected("the end of the document")),
                    (Some(Open::List), Some(b']')) | (Some(Open::Object), Some(b'}')) => self.close(),
                    (Some(Open::List), Some(b',')) => self.pass(Expect::Value),
                    (Some(Open::Object), Some(b',')) => self.pass(Expect::Name),
                    (Some(Open::List), _) => return Err(self.expected("a comma or ]")),
                    (Some(Open::Object), _) => return Err(self.expected("a comma or }")),
                },
            };
        }
    }

    fn value(&mut self) -> Result<Expect, ReadTrouble> {
        self.values += 1;
        self.objects += usize::from(self.peek() == Some(b'{'));
        if self.values > JSON_VALUES_MAX {
            return Err(ReadTrouble::TooManyValues { limit: JSON_VALUES_MAX, what: "values" });
        }
        if self.objects > JSON_OBJECTS_MAX {
            return Err(ReadTrouble::TooManyValues { limit: JSON_OBJECTS_MAX, what: "objects" });
        }
        match self.peek() {
            Some(b'[') => return self.enter(Open::List, Expect::FirstItemOrEnd),
            Some(b'{') => return self.enter(Open::Object, Expect::FirstNameOrEnd),
            Some(b'"') => self.string()?,
            Some(b'-') if self.rest().starts_with(b"-Infinity") => {
                self.replace(self.at..self.at + 9, "null");
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        }
        Ok(Expect::CommaOrEnd)
    }

    fn word(&mut self) -> Result<(), ReadTrouble> {
        for (word, strict) in [("null", true), ("true", true), ("false", true), ("NaN", false), ("Infinity", false)] {
            if self.rest().starts_with(word.as_bytes()) {
                if strict {
                    self.at += word.len();
                } else {
                    self.replace(self.at..self.at + word.len(), "null");
                }
                return Ok(());
            }
        }
        Err(self.expected("a value"))
    }

    fn name(&mut self, what: &str) -> Result<Expect, ReadTrouble> {
        if self.peek() != Some(b'"') {
            return Err(self.expected(what));
        }
        self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("a colon"));
        }
        self.at += 1;
        Ok(Expect::Value)
    }

    fn string(&mut self) -> Result<(), ReadTrouble> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => {
                    return Err(self.expected("an escape such as \\n instead of a bare control character"));
                }
                Some(_) => self.at += 1,
                None => return Err(self.expected("a closing quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), ReadTrouble> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                let unit = self.unit(start).ok_or_else(|| self.expected("four hexadecimal digits after \\u"))?;
                self.at = start + 6;
                let low = matches!(unit, 0xdc00..=0xdfff);
                if matches!(unit, 0xd800..=0xdbff) && matches!(self.unit(self.at), Some(0xdc00..=0xdfff)) {
                    self.at += 6;
                } else if low || matches!(unit, 0xd800..=0xdbff) {
                    self.replace(start..start + 6, "\\ufffd");
                }
            }
            _ => return Err(self.expected("one of \" \\ / b f n r t u after the backslash")),
        }
        Ok(())
    }

    /// The code unit written as `\u` and four digits at this byte.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Result<(), ReadTrouble> {
        let start = self.at;
        self.eat(b"-");
        if !self.eat(b"0") {
            self.digits()?;
        }
        if self.eat(b".") {
            self.digits()?;
        }
        if self.eat(b"eE") {
            self.eat(b"+-");
            self.digits()?;
        }
        // serde_json refuses what no double holds and rounds near the edge on its own.
        if self.text[start..self.at].parse::<f64>().is_ok_and(|number| number.abs() > 1e308) {
            self.replace(start..self.at, "null");
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), ReadTrouble> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.expected("a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn eat(&mut self, any_of: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any_of.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn enter(&mut self, open: Open, then: Expect) -> Result<Expect, ReadTrouble> {
        if self.open.len() == JSON_DEPTH_MAX {
            let (line, column) = place(self.text, self.at);
            return Err(ReadTrouble::TooDeep { limit: JSON_DEPTH_MAX, line, column });
        }
        self.open.push(open);
        Ok(self.pass(then))
    }

    fn close(&mut self) -> Expect {
        self.open.pop();
        self.pass(Expect::CommaOrEnd)
    }

    fn pass(&mut self, then: Expect) -> Expect {
        self.at += 1;
        then
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        self.out.push_str(&self.text[self.copied..range.start]);
        self.out.push_str(with);
        self.copied = range.end;
        self.at = range.end;
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> ReadTrouble {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the document ends here".to_owned(),
            Some(c) if c.is_control() => {
                format!("found the control character U+{:04X}", u32::from(c))
            }
            Some(c) => format!("found {c}"),
        };
        malformed(self.text, self.at, format!("expected {what}, {found}"))
    }
}

#[cfg(test)]
mod tests;
