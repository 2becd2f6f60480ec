//! The machine a figure is from: cores, kernel, disk, and what the others on it took meanwhile.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crate::{Result, disk};

/// Ticks of the clock that the kernel counts processor time in; fixed at 100 on Linux.
pub const TICKS_A_SECOND: f64 = 100.0;
/// Between two looks at what a process takes.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// One line for the record. No names of hosts.
pub fn words(folder: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let syncs = disk::measure(folder)?;
    Ok(format!("machine: {cores} cores, Linux {}, fdatasync {syncs}; load average {}", kernel.trim(), load()?))
}

fn load() -> Result<String> {
    let text = std::fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

/// Processor seconds spent by everybody since the machine was started.
pub fn busy_s() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().ok_or("/proc/stat is empty")?;
    let ticks: Vec<f64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq; waiting is not work.
    let work = [0, 1, 2, 5, 6].iter().filter_map(|place| ticks.get(*place)).sum::<f64>();
    Ok(work / TICKS_A_SECOND)
}

/// Processor seconds of one process, its own threads only.
pub fn process_s(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    Ok(sum(&stat, &[11, 12])? / TICKS_A_SECOND)
}

/// Processor seconds of the programs this one has started and that have ended.
pub fn ended_children_s() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    Ok(sum(&stat, &[13, 14])? / TICKS_A_SECOND)
}

/// The name in the second field may hold spaces; what follows it does not.
fn sum(stat: &str, places: &[usize]) -> Result<f64> {
    let (_, rest) = stat.rsplit_once(") ").ok_or("a strange line in /proc")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    places.iter().map(|place| Ok(fields.get(*place).ok_or("a short line in /proc")?.parse::<f64>()?)).sum()
}

/// Resident memory of one process: now, and at its highest, in KiB.
pub fn resident_kib(pid: u32) -> Result<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| -> Result<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("a short file in /proc")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}

/// Resident memory of one process while something was done, in KiB: the median of ten looks a second, so that what its
/// beginning takes for a moment is not in it.
pub fn usual_resident_kib<T>(pid: u32, act: impl FnOnce() -> Result<T>) -> Result<(T, u64)> {
    let over = AtomicBool::new(false);
    let (done, seen) = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut seen = Vec::new();
            while !over.load(Ordering::Relaxed) {
                // A process that is gone is told by whoever asks it for something.
                seen.extend(resident_kib(pid).map(|(now, _)| now).ok());
                std::thread::sleep(LOOK_EVERY);
            }
            seen
        });
        let done = act();
        over.store(true, Ordering::Relaxed);
        (done, looking.join())
    });
    let mut seen = seen.map_err(|_| "nobody looked at the memory")?;
    seen.sort_unstable();
    let usual = *seen.get(seen.len() / 2).ok_or("nobody looked at the memory")?;
    Ok((done?, usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_does_not_move_the_fields() {
        let stat = "77 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 250 50 7 3 20 0";
        let sums = [[11, 12], [13, 14]].map(|fields| sum(stat, &fields).unwrap());
        assert_eq!(sums.map(|sum| sum.to_string()), ["300", "10"]);
    }
}
