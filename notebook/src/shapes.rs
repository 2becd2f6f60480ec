//! How words look as JSON, for the description of the API.
//!
//! A draft holds texts, because a form sends nothing else. The markers here say beside its fields
//! which texts its rules take; no value of them is ever made.

use std::{any::type_name, borrow::Cow, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    id::{Id, Kind},
    limits::{PAGE_ROWS, PAGE_ROWS_MAX},
    templates::TemplateName,
};

impl<K: Kind> JsonSchema for Id<K> {
    fn schema_name() -> Cow<'static, str> {
        let (first, rest) = K::NOUN.split_at(1);
        format!("{}{rest}Id", first.to_uppercase()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        type_name::<K>().into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("^(DEMO-)?{}-[1-9][0-9]*$", K::PREFIX),
            "description": format!("The id of one {}. Case does not matter when it is sent.", K::NOUN),
            "examples": [format!("{}-1", K::PREFIX)],
        })
    }
}

impl JsonSchema for TemplateName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TemplateName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[a-z0-9]+(-[a-z0-9]+)*@[1-9][0-9]{0,17}$",
            "description": "A template with the number of one of its versions.",
            "examples": ["dns-failure@1"],
        })
    }
}

/// A text that says nothing.
pub const BLANK: &str = r"^\s*$";

/// What `T` takes, or nothing: an empty text, null, false, or no field at all.
pub struct Maybe<T: ?Sized>(PhantomData<T>);

impl<T: JsonSchema + ?Sized> JsonSchema for Maybe<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Maybe{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let something = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [something, { "type": "string", "pattern": BLANK }, { "enum": [null, false] }] })
    }
}

/// What `T` takes, or an empty text: a parameter of an address that may be left empty.
pub struct Param<T: ?Sized>(PhantomData<T>);

impl<T: JsonSchema + ?Sized> JsonSchema for Param<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Param{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let something = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [something, { "type": "string", "pattern": BLANK }] })
    }
}

/// One of a list, which leaves empty texts out. Null and false are no items, so it takes less than [`Maybe`].
pub type Item<T> = Param<T>;

macro_rules! markers {
    ($($(#[$doc:meta])* $name:ident = $schema:tt;)*) => {$(
        $(#[$doc])*
        pub enum $name {}

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

markers! {
    /// How many rows a page of a list holds.
    Limit = { "type": "integer", "minimum": 1, "maximum": PAGE_ROWS_MAX, "default": PAGE_ROWS };
    /// A box that is ticked or not.
    Tick = { "enum": [true, false, "on", "true", "off", "false", "", null] };
    /// The version an edit began from, or a star for whichever there is.
    Version = {
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": "^(\\*|[1-9][0-9]{0,17}( ?, ?[1-9][0-9]{0,17})*)$",
    };
    /// The newest policy when the text was begun; 0 if there is none yet.
    PolicyVersion = { "type": ["integer", "string"], "minimum": 0, "pattern": "^(0|[1-9][0-9]{0,8})$" };
    /// How a plan says what may be hit.
    SelectorKind = { "enum": ["matching", "names"] };
    /// What a signal is expected to do.
    Expectation = { "enum": ["fire", "silent"] };
    /// On which targets a finding shows itself.
    ConditionKind = { "enum": ["any", "names", "role"] };
    /// What a new notebook begins with.
    Beginning = { "enum": ["sample", "empty"] };
    /// A whole number above zero, as a number or as its digits.
    Whole = { "type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]{0,17}$" };
    /// What a command ends with.
    ExitStatus = {
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": 255,
        "pattern": "^([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])$",
    };
    /// A moment, for people and for programs.
    When = {
        "type": "string",
        "anyOf": [
            { "format": "date-time" },
            { "pattern": "^-[0-9]{1,5} ?(s|m|min|h)$" },
            { "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" },
            { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$" },
        ],
        "examples": ["2026-11-22T14:03:00Z", "-3m", "14:03"],
    };
    /// A moment with its date.
    Dated = {
        "type": "string",
        "anyOf": [
            { "format": "date-time" },
            { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$" },
        ],
        "examples": ["2026-11-22T14:03:00Z"],
    };
    /// Whether the limit itself is still good.
    LimitIs = { "enum": ["good", "bad"] };
    /// The window of an SLO: it moves along, or is a period of the calendar.
    SloWindow = { "enum": ["rolling", "day", "week", "month", "quarter", "year"] };
    /// What an SLO counts.
    SloMethod = { "enum": ["occurrences", "time_slices"] };
    /// Where measurements come from.
    SloSource = { "enum": ["manual", "push", "prometheus"] };
    /// What one measurement counts.
    SloCounts = { "enum": ["events", "slices"] };
    /// A number of events, as a number or as its digits.
    Count = { "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,14}$" };
    /// Three months of a calendar in UTC.
    Quarter = {
        "type": "string",
        "pattern": "^(19[7-9][0-9]|[2-8][0-9]{3})-[Qq][1-4]$",
        "examples": ["2026-Q4"],
    };
    /// A date. It means its beginning in the zone of the token's person.
    Day = { "type": "string", "format": "date", "examples": ["2027-03-31"] };
    /// A length of time with its units.
    Span = {
        "type": "string",
        "pattern": "^[0-9]+ ?(ms|s|min|h|d)( [0-9]+ ?(ms|s|min|h|d))*$",
        "examples": ["5 min", "1 h 30 min"],
    };
}
