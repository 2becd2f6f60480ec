//! A computed value together with the events it rests on; there is no way to store one.

use serde::Serialize;

/// What something amounts to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "{T}Answer"))]
pub struct Answer<T> {
    pub is: T,
    /// In the order in which they decided.
    pub because: Vec<Because>,
}

/// One event and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Because {
    /// The public id of what is named, e.g. `RUN-4` or `FIX-2`; empty if the sentence says it all.
    pub of: String,
    /// A whole sentence.
    pub says: String,
}

impl<T> Answer<T> {
    pub fn new(is: T, of: impl ToString, says: impl Into<String>) -> Self {
        Self { is, because: vec![Because { of: of.to_string(), says: says.into() }] }
    }

    #[must_use]
    pub fn and(mut self, of: impl ToString, says: impl Into<String>) -> Self {
        self.because.push(Because { of: of.to_string(), says: says.into() });
        self
    }
}
