//! An id put into a text of a form.

/// On a line of its own below what is written already; an id in a text is a link.
pub fn mentioned(written: &str, id: &str) -> String {
    let line_end = if written.is_empty() || written.ends_with('\n') { "" } else { "\n" };
    format!("{written}{line_end}Seen before: {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_on_a_line_of_its_own_below_what_is_written() {
        for (written, expected) in [
            ("", "Seen before: FND-1"),
            ("Ask Ben.", "Ask Ben.\nSeen before: FND-1"),
            ("Ask Ben.\r\n", "Ask Ben.\r\nSeen before: FND-1"),
        ] {
            assert_eq!(mentioned(written, "FND-1"), expected);
        }
    }
}
