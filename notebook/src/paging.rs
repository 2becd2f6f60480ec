//! Pages of lists. A page begins after the last row of the one before, so that a list which grows
//! meanwhile neither repeats nor leaves out a row.

use crate::limits::{FEW_ROWS, PAGE_ROWS, PAGE_ROWS_MAX};

/// How many rows one page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows(i64);

impl Default for Rows {
    fn default() -> Self {
        Self(PAGE_ROWS)
    }
}

impl Rows {
    /// What an address asks for; nothing is the usual number. Otherwise a clause about what is taken.
    pub fn asked(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Ok(Self::default()),
            text => text
                .parse()
                .ok()
                .filter(|rows| (1..=PAGE_ROWS_MAX).contains(rows))
                .map(Self)
                .ok_or_else(|| format!("takes a whole number from 1 to {PAGE_ROWS_MAX}")),
        }
    }

    /// As many as are read while somebody types.
    pub const fn few() -> Self {
        Self(FEW_ROWS)
    }

    /// As many as one page can hold.
    pub const fn most() -> Self {
        Self(PAGE_ROWS_MAX)
    }

    /// What a statement asks for: the row too many says that there are more.
    pub const fn and_one(self) -> i64 {
        self.0 + 1
    }

    /// Whether these rows are a page and one more.
    pub fn is_full<T>(self, rows: &[T]) -> bool {
        i64::try_from(rows.len()).is_ok_and(|rows| rows > self.0)
    }

    /// The page, and whether there are more rows.
    pub fn page<T>(self, mut rows: Vec<T>) -> (Vec<T>, bool) {
        let length = usize::try_from(self.0).unwrap_or(usize::MAX);
        let more = rows.len() > length;
        rows.truncate(length);
        (rows, more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_what_is_asked_within_limits() {
        assert_eq!(Rows::asked(" ").unwrap(), Rows::default());
        assert_eq!(Rows::asked("200").unwrap().and_one(), 201);
        for bad in ["0", "201", "-1", "1.5", "all", "99999999999999999999"] {
            assert!(Rows::asked(bad).is_err(), "{bad}");
        }
        let two = Rows::asked("2").unwrap();
        assert_eq!(two.page(vec![1, 2, 3]), (vec![1, 2], true));
        assert_eq!(two.page(vec![1, 2]), (vec![1, 2], false));
    }
}
