//! One row as a line of JSON and back, exactly: the members in the order of the columns, instants
//! as whole microseconds, and JSON that is kept as text stands in the line as itself.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{
    cells::{Cell, Cells},
    tables::{Column, Kind, Shape},
};

/// Adds one line with its end.
pub fn write(shape: &Shape, row: &[Cell], out: &mut Vec<u8>) {
    out.push(b'{');
    for (place, (column, cell)) in shape.columns.iter().zip(row).enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(column.name.as_bytes());
        out.extend_from_slice(b"\":");
        match cell {
            Cell::Nothing => out.extend_from_slice(b"null"),
            Cell::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Cell::Flag(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Cell::Text(text) if column.kind == Kind::Json && stands_as_itself(text) => {
                out.extend_from_slice(text.as_bytes());
            }
            Cell::Text(text) => quoted(text, out),
        }
    }
    out.extend_from_slice(b"}\n");
}

fn quoted(text: &str, out: &mut Vec<u8>) {
    // Writing into memory does not fail, and every text is a JSON string.
    let _ = serde_json::to_writer(out, text);
}

/// An object or a list on one line. Any other text travels as a string, so that one form never
/// stands for two texts.
fn stands_as_itself(text: &str) -> bool {
    text.starts_with(['{', '['])
        && text.ends_with(['}', ']'])
        && !text.contains(['\n', '\r'])
        && serde_json::from_str::<&RawValue>(text).is_ok_and(|raw| raw.get() == text)
}

/// The row that a line holds; otherwise a clause that follows the line's place.
pub fn read(shape: &Shape, line: &str) -> Result<Cells, String> {
    let mut json = serde_json::Deserializer::from_str(line);
    let row = Members(shape).deserialize(&mut json).and_then(|row| json.end().map(|()| row));
    row.map_err(|trouble| {
        let says = without_place(&trouble.to_string());
        let ours = ["has ", "lacks ", "holds "].iter().any(|verb| says.starts_with(verb));
        if ours { says } else { format!("is no JSON object: {trouble}") }
    })
}

/// The place within the line helps nobody where the member is named.
fn without_place(text: &str) -> String {
    text.split(" at line ").next().unwrap_or(text).to_owned()
}

struct Members<'a>(&'a Shape);

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = Cells;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Cells, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Cells;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cells, A::Error> {
        let columns = &self.0.columns;
        let mut row: Vec<Option<Cell>> = vec![None; columns.len()];
        while let Some(place) = map.next_key_seed(Name(columns))? {
            let column = columns[place];
            if row[place].is_some() {
                return Err(A::Error::custom(format!("has the member \"{}\" twice", column.name)));
            }
            row[place] = Some(value(&mut map, column)?);
        }
        let lacks = columns.iter().zip(&row).find(|(_, cell)| cell.is_none());
        match lacks {
            Some((column, _)) => Err(A::Error::custom(format!("lacks the member \"{}\"", column.name))),
            None => Ok(row.into_iter().flatten().collect()),
        }
    }
}

fn value<'de, A: MapAccess<'de>>(map: &mut A, column: Column) -> Result<Cell, A::Error> {
    let cell = match column.kind {
        Kind::Number => map.next_value::<Option<i64>>().map(|value| value.map(Cell::Number)),
        Kind::Flag => map.next_value::<Option<bool>>().map(|value| value.map(Cell::Flag)),
        Kind::Text | Kind::Document => map.next_value::<Option<String>>().map(|value| value.map(Cell::Text)),
        Kind::Json => map.next_value::<Option<&RawValue>>().and_then(as_text),
    };
    let told = |trouble: A::Error| {
        A::Error::custom(format!("holds in \"{}\" what is none: {}", column.name, without_place(&trouble.to_string())))
    };
    match cell.map_err(told)? {
        Some(cell) => Ok(cell),
        None if column.maybe => Ok(Cell::Nothing),
        None => Err(A::Error::custom(format!("holds nothing in \"{}\"", column.name))),
    }
}

fn as_text<E: serde::de::Error>(raw: Option<&RawValue>) -> Result<Option<Cell>, E> {
    let Some(raw) = raw else { return Ok(None) };
    let text = raw.get();
    if text.starts_with('"') {
        return serde_json::from_str(text).map(|text| Some(Cell::Text(text))).map_err(E::custom);
    }
    if text.starts_with(['{', '[']) {
        Ok(Some(Cell::Text(text.to_owned())))
    } else {
        Err(E::custom("not JSON of ours"))
    }
}

/// Finds a member among the columns without keeping its name.
struct Name<'a>(&'a [Column]);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        self.0.iter().position(|column| column.name == name).ok_or_else(|| {
            let name: String = name.chars().take(60).collect();
            E::custom(format!("has a member \"{name}\" that this version does not know; a later Retrial reads it"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(name: &str) -> Shape {
        Shape::all(true).into_iter().find(|shape| shape.table.name == name).unwrap()
    }

    fn fix(body: &str) -> Cells {
        let text = |text: &str| Cell::Text(text.into());
        vec![Cell::Number(7), text("quicker \"re-election\"\u{2028}"), text(body), Cell::Number(-1), Cell::Number(1)]
    }

    fn line(row: &[Cell]) -> String {
        let mut out = Vec::new();
        write(&shape("fixes"), row, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_stands_in_the_line_as_itself_and_comes_back_by_the_byte() {
        let row = fix(r#"{"summary":null, "n":1.10}"#);
        let written = line(&row);
        assert!(written.contains(r#""body":{"summary":null, "n":1.10},"#), "{written}");
        assert_eq!(read(&shape("fixes"), written.trim_end()).unwrap(), row);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_by_the_byte(body in r#"[\[{]?(\PC|["\\\n\r\t{}\[\]])*[\]}]?"#) {
            let row = fix(&body);
            let written = line(&row);
            prop_assert_eq!(written.matches('\n').count(), 1);
            prop_assert_eq!(read(&shape("fixes"), written.trim_end_matches('\n')).unwrap(), row);
        }
    }

    #[test]
    fn what_a_line_must_not_hold_is_named() {
        let shape = shape("fixes");
        for (line, says) in [
            (r#"{"id":1,"title":"a","body":{},"created_at":1,"version":1,"mood":"good"}"#, "member \"mood\""),
            (r#"{"id":1,"title":"a","body":{},"created_at":1}"#, "lacks the member \"version\""),
            (r#"{"id":1,"id":2,"title":"a","body":{},"created_at":1,"version":1}"#, "\"id\" twice"),
            (r#"{"id":1.5,"title":"a","body":{},"created_at":1,"version":1}"#, "holds in \"id\""),
            (r#"{"id":1,"title":null,"body":{},"created_at":1,"version":1}"#, "holds nothing in \"title\""),
            (r#"{"id":1,"title":"a","body":7,"created_at":1,"version":1}"#, "holds in \"body\""),
            (r#"{"id":1,"title":"a","body":{},"created_at":1,"version":1} x"#, "is no JSON object"),
            (r#"{"id":1,"#, "is no JSON object"),
            ("[]", "is no JSON object"),
        ] {
            let trouble = read(&shape, line).unwrap_err();
            assert!(trouble.contains(says), "{line}: {trouble}");
        }
    }
}
