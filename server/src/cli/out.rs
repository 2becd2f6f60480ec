//! What commands print: whole texts to standard output, tables that fit a terminal of 80 columns.

use std::io::{ErrorKind, Write as _};

use super::Stopped;

pub const COLUMNS: usize = 80;
/// Between two columns.
const GAP: usize = 2;

/// Prints a text and ends its line. A reader that has seen enough, such as `head`, ends the command.
pub fn print(text: &str) -> Result<(), Stopped> {
    let mut out = std::io::stdout().lock();
    let written =
        out.write_all(text.as_bytes()).and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") });
    written.and_then(|()| out.flush()).map_err(|trouble| match trouble.kind() {
        ErrorKind::BrokenPipe => Stopped::unread(),
        _ => Stopped::new(format!("standard output cannot be written: {trouble}")),
    })
}

/// A document for programs.
pub fn json(value: &impl serde::Serialize) -> Result<(), Stopped> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|trouble| Stopped::new(format!("the answer cannot be written as JSON: {trouble}")))?;
    print(&text)
}

/// Columns under their heads. The widest ones give way until every line fits.
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| on_one_line(cell)).collect()).collect();
    let widths = widths(heads, &rows);
    let head: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let lines = std::iter::once(&head).chain(&rows).map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{:<width$}", cut(cell, *width)));
        let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
        format!("{}\n", line.trim_end())
    });
    lines.collect()
}

fn widths(heads: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
            cells.max().unwrap_or_default().max(head.chars().count())
        })
        .collect();
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > COLUMNS {
        let Some(widest) = widths.iter_mut().max() else { break };
        *widest -= 1;
    }
    widths
}

/// At most so many letters; what is left out is marked.
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A text in lines that end before the last column, each after the first one indented.
pub fn wrapped(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && indent + line + 1 + word.chars().count() > COLUMNS {
            lines.push(word.to_owned());
        } else if let Some(last) = lines.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// What people wrote does not steer the terminal it is shown on.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

fn on_one_line(text: &str) -> String {
    harmless(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_eighty_columns_and_marks_what_it_left_out() {
        let rows = [vec!["RUN-1".to_owned(), "a title ".repeat(20), "finished".to_owned()]];
        let table = table(&["ID", "TITLE", "EXECUTION"], &rows);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS), "{table}");
        assert!(lines[1].starts_with("RUN-1  a title") && lines[1].ends_with("…  finished"), "{table}");
        assert_eq!(lines[1].chars().count(), COLUMNS - 1, "no room is given away but where the head is longer");
    }

    #[test]
    fn a_cell_cannot_steer_the_terminal_or_break_the_line() {
        let table = table(&["A"], &[vec!["red\u{1b}[31m\nnext\tcell".to_owned()]]);
        assert_eq!(table, "A\nred\u{fffd}[31m next cell\n");
    }
}
