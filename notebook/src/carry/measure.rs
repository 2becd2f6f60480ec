//! A notebook's rows as the lines they are in an archive: counted and hashed, so that a file can
//! begin with what it holds, and two notebooks can be compared without one.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::{
    Progress, Tell,
    cells::{Cell, Cells},
    line,
    manifest::{Attachments, Member},
    sql::{self, Statements},
};
use crate::{
    db::Tx,
    fault::{Fault, Result},
    people::secrets::hex,
};

/// What a notebook comes to.
pub struct Measured {
    pub members: Vec<Member>,
    /// Each once, in the order of the imports that have them.
    pub documents: Vec<Document>,
}

/// One document: which import's row holds it.
pub struct Document {
    pub import: i64,
    pub hash: [u8; 32],
    pub bytes: u64,
}

impl Measured {
    pub fn attachments(&self) -> Attachments {
        Attachments {
            count: u64::try_from(self.documents.len()).unwrap_or(u64::MAX),
            bytes: self.documents.iter().map(|document| document.bytes).sum(),
        }
    }
}

/// Reads everything once.
pub async fn measure(tx: &mut Tx, tables: &[Statements], doing: &'static str, tell: Tell<'_>) -> Result<Measured> {
    let mut total = 0;
    for table in tables {
        total += table.count(tx).await?;
    }
    let mut measured = Measured { members: Vec::with_capacity(tables.len()), documents: Vec::new() };
    let (mut known, mut done) = (HashSet::new(), 0);
    for table in tables {
        let mut member = Member { name: table.shape.member(), lines: 0, bytes: 0, sha256: String::new() };
        let (mut hash, mut text, mut key) = (Sha256::new(), Vec::new(), table.start());
        loop {
            let rows = page(tx, table, &mut key).await?;
            if rows.is_empty() {
                break;
            }
            text.clear();
            for mut row in rows {
                if let Some(document) = name_document(tx, table, &mut row).await?
                    && known.insert(document.hash)
                {
                    measured.documents.push(document);
                }
                line::write(&table.shape, &row, &mut text);
                member.lines += 1;
            }
            hash.update(&text);
            member.bytes += u64::try_from(text.len()).unwrap_or_default();
            tell(Progress { doing, done: done + member.lines, total });
        }
        done += member.lines;
        member.sha256 = hex(&hash.finalize());
        measured.members.push(member);
    }
    Ok(measured)
}

/// The next rows after the key, which moves on to the last of them.
pub async fn page(tx: &mut Tx, table: &Statements, key: &mut Cells) -> Result<Vec<Cells>> {
    let rows = table.after(tx, key).await?;
    if let Some(last) = rows.last() {
        *key = last[..table.shape.table.keys].to_vec();
    }
    Ok(rows)
}

/// Puts the document's name into its row.
pub async fn name_document(tx: &mut Tx, table: &Statements, row: &mut [Cell]) -> Result<Option<Document>> {
    let Some(place) = table.shape.document() else { return Ok(None) };
    let [Cell::Number(import), ..] = row else {
        return Err(Fault::Work(format!("{} keeps documents without numbers", table.shape.table.name)).into());
    };
    let import = *import;
    let text = sql::document(tx, import).await?;
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    row[place] = Cell::Text(hex(&hash));
    Ok(Some(Document { import, hash, bytes: u64::try_from(text.len()).unwrap_or_default() }))
}
