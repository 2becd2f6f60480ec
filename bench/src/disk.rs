//! What a sync of the disk costs: a small write and `fdatasync`, again and again.

use std::{fmt, fs::File, io::Write as _, path::Path, time::Instant};

use crate::{Result, process, rounds::percentile};

const WRITE_BYTES: usize = 4_096;
/// Enough for a 99th percentile, little enough for a disk whose sync costs 20 ms.
const SYNCS: usize = 300;

/// In milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Syncs {
    pub p50_ms: f64,
    pub p99_ms: f64,
}

impl fmt::Display for Syncs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:.2} ms, p99 {:.2} ms", self.p50_ms, self.p99_ms)
    }
}

pub fn measure(folder: &Path) -> Result<Syncs> {
    let path = folder.join("syncs");
    let mut file = File::create(&path)?;
    let mut took_ms = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[7; WRITE_BYTES])?;
        let begun = Instant::now();
        file.sync_data()?;
        took_ms.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    drop(file);
    std::fs::remove_file(path)?;
    Ok(Syncs { p50_ms: percentile(&mut took_ms, 50), p99_ms: percentile(&mut took_ms, 99) })
}

/// The same as a side of its own, so that it is slowed as the others are.
pub fn measure_aside(folder: &Path) -> Result<()> {
    let Syncs { p50_ms, p99_ms } = measure(folder)?;
    process::ready(&[&p50_ms.to_string(), &p99_ms.to_string()])
}

/// What such a side said.
pub fn heard(words: &[String]) -> Result<Syncs> {
    let number = |place: usize| -> Result<f64> { Ok(words.get(place).ok_or("too few words")?.parse()?) };
    Ok(Syncs { p50_ms: number(0)?, p99_ms: number(1)? })
}
