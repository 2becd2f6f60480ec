//! A file meets a notebook that is there already: which of the two is further on, and what that
//! makes new, changed, gone or the same.

use std::{cmp::Ordering, collections::VecDeque};

use super::{
    acts::{Course, Word},
    cells::{self, Cell, Cells, key_words},
    copy::{self, Pace, Rows, Source, refused},
    measure,
    sql::Statements,
};
use crate::{actor::Act, db::Tx, fault::Result, refusal::Refusal};

/// New rows written together.
const NEW_TOGETHER: usize = 500;

/// The rows of one table on both sides, in the order of their keys.
struct Abreast {
    rows: Rows,
    key: Cells,
    there: VecDeque<Cells>,
    here: VecDeque<Cells>,
    /// Whether there may be more on either side.
    more: (bool, bool),
}

/// One key's rows.
enum Step {
    /// Only the file has it.
    There(Cells),
    /// Only the notebook has it.
    Here(Cells),
    Both {
        there: Cells,
        here: Cells,
    },
}

impl Abreast {
    fn begin(table: &Statements, place: usize, source: &Source<'_>) -> Self {
        let (there, here) = (VecDeque::new(), VecDeque::new());
        Self { rows: source.rows(place), key: table.start(), there, here, more: (true, true) }
    }

    async fn next(&mut self, tx: &mut Tx, table: &Statements, source: &mut Source<'_>) -> Result<Option<Step>> {
        if self.there.is_empty() && self.more.0 {
            self.there = source.next(&mut self.rows, table).await?.into();
            self.more.0 = !self.there.is_empty();
        }
        if self.here.is_empty() && self.more.1 {
            let mut page = measure::page(tx, table, &mut self.key).await?;
            for row in &mut page {
                measure::name_document(tx, table, row).await?;
            }
            self.here = page.into();
            self.more.1 = !self.here.is_empty();
        }
        let order = match (self.there.front(), self.here.front()) {
            (None, None) => return Ok(None),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(there), Some(here)) => cells::order(&table.shape, there, here),
        };
        Ok(match order {
            Ordering::Less => self.there.pop_front().map(Step::There),
            Ordering::Greater => self.here.pop_front().map(Step::Here),
            Ordering::Equal => {
                self.there.pop_front().zip(self.here.pop_front()).map(|(there, here)| Step::Both { there, here })
            }
        })
    }
}

/// Compares the trails, line by line: one must be the beginning of the other.
pub async fn course(tx: &mut Tx, table: &Statements, place: usize, source: &mut Source<'_>) -> Result<Course> {
    let mut abreast = Abreast::begin(table, place, source);
    let (mut only_there, mut only_here) = (0_u64, 0_u64);
    while let Some(step) = abreast.next(tx, table, source).await? {
        let (goes_on, row) = match step {
            Step::Both { there, here } => {
                let same = cells::same(&table.shape.columns, &there, &here);
                (same && only_there == 0 && only_here == 0, there)
            }
            Step::There(row) => {
                only_there += 1;
                (only_here == 0, row)
            }
            Step::Here(row) => {
                only_here += 1;
                (only_there == 0, row)
            }
        };
        if !goes_on {
            let line = key_words(&table.shape, &row);
            let state = format!(
                "the file and this notebook were the same once and went separate ways at line {line} of the trail; \
                 carry the file into an empty folder or database"
            );
            return Err(Refusal::not_now(Act::CarryIn, state).into());
        }
    }
    Ok(match (only_there, only_here) {
        (0, 0) => Course::Same,
        (lines, 0) => Course::Onward { lines },
        (_, lines) => Course::Behind { lines },
    })
}

/// Brings one table to where the file is.
pub async fn merge(
    tx: &mut Tx,
    table: &Statements,
    place: usize,
    source: &mut Source<'_>,
    pace: &mut Pace<'_>,
) -> Result<Word> {
    let mut word = Word::of(table.shape.table.name);
    let mut abreast = Abreast::begin(table, place, source);
    let mut new = Vec::new();
    while let Some(step) = abreast.next(tx, table, source).await? {
        match step {
            Step::There(row) => {
                word.create += 1;
                new.push(row);
                if new.len() == NEW_TOGETHER {
                    copy::insert(tx, table, source, &new).await?;
                    new.clear();
                }
            }
            Step::Here(row) => {
                gone(tx, table, &row).await?;
                word.remove += 1;
                continue;
            }
            Step::Both { there, here } if cells::same(&table.shape.columns, &there, &here) => word.same += 1,
            Step::Both { there, here } if is_further(table, &there, &here) => word.ahead += 1,
            Step::Both { there, .. } => {
                let whole = source.whole(table, &there).await?;
                table.save(tx, &whole).await.map_err(|trouble| refused(table, &there, &there, trouble))?;
                word.update += 1;
            }
        }
        pace.more(1);
    }
    copy::insert(tx, table, source, &new).await?;
    Ok(word)
}

/// A part that the later state does not have any more goes; anything else is never taken away.
async fn gone(tx: &mut Tx, table: &Statements, row: &[Cell]) -> Result<()> {
    if table.shape.table.parts {
        return table.drop(tx, row).await.map_err(|trouble| refused(table, row, row, trouble));
    }
    let state = format!(
        "{} ({}) is here and not in the file, although the trails agree; run `retrial verify` here",
        table.shape.table.name,
        key_words(&table.shape, row)
    );
    Err(Refusal::not_now(Act::CarryIn, state).into())
}

/// Counters never go back: a number given once is never given again.
fn is_further(table: &Statements, there: &[Cell], here: &[Cell]) -> bool {
    let last = |row: &[Cell]| match row {
        [_, Cell::Number(last)] => *last,
        _ => i64::MIN,
    };
    table.shape.table.name == "counters" && last(here) > last(there)
}
