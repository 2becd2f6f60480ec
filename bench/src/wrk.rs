//! The load: `wrk` in a closed loop, and what it says at its end.

use std::{path::Path, process::Command};

use crate::{
    Result, machine,
    process::{LOAD_CORE, Running, pinned},
    rounds::Stretch,
};

/// One stretch of load.
pub struct Load<'a> {
    pub url: String,
    pub connections: usize,
    pub seconds: u64,
    pub headers: Vec<String>,
    /// What it sends, where that is more than one address; the words go to the script.
    pub script: Option<(&'a Path, Vec<String>)>,
}

impl Load<'_> {
    /// Loads the side for as long as said, and counts what that cost it.
    pub fn on(&self, side: &Running) -> Result<Stretch> {
        let (own, all, load) = (machine::process_s(side.pid)?, machine::busy_s()?, machine::ended_children_s()?);
        let heard = self.run()?;
        let own = machine::process_s(side.pid)? - own;
        let ours = own + machine::ended_children_s()? - load;
        let others = (machine::busy_s()? - all - ours).max(0.0);
        let cores = std::thread::available_parallelism()?.get();
        #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
        let (requests, cores) = (heard.requests as f64, cores as f64);
        Ok(Stretch {
            per_s: requests / heard.seconds,
            cpu_us: own * 1_000_000.0 / requests,
            p50_ms: heard.p50_ms,
            p99_ms: heard.p99_ms,
            others: others / (heard.seconds * cores),
        })
    }

    fn run(&self) -> Result<Heard> {
        let mut words = pinned(LOAD_CORE)?;
        words.push("wrk".to_owned());
        words.extend(["-t1".into(), format!("-c{}", self.connections), format!("-d{}s", self.seconds)]);
        words.extend(["--latency".into(), "--timeout".into(), "30s".into()]);
        for header in &self.headers {
            words.extend(["-H".into(), header.clone()]);
        }
        if let Some((script, _)) = &self.script {
            words.extend(["-s".into(), script.display().to_string()]);
        }
        words.push(self.url.clone());
        if let Some((_, more)) = &self.script {
            words.push("--".into());
            words.extend(more.iter().cloned());
        }
        let output = Command::new(&words[0])
            .args(&words[1..])
            .output()
            .map_err(|trouble| format!("`{}` cannot be started: {trouble}", words[0]))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            return Err(format!("wrk failed: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
        }
        heard(&text)
    }
}

struct Heard {
    requests: u64,
    seconds: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// A single answer that is no success makes the whole stretch worthless.
fn heard(text: &str) -> Result<Heard> {
    let line = |begins: &str| text.lines().map(str::trim).find(|line| line.starts_with(begins));
    if let Some(trouble) = line("Non-2xx").or_else(|| line("Socket errors")) {
        return Err(format!("the load was not answered well: {trouble}").into());
    }
    let total = text.lines().map(str::trim).find_map(|line| line.split_once(" requests in "));
    let (requests, rest) = total.ok_or_else(|| format!("wrk said something else: {text}"))?;
    let seconds = rest.split(',').next().unwrap_or_default();
    let at = |percent: &str| {
        let found = line(percent).and_then(|line| line.split_whitespace().nth(1));
        found.and_then(ms).ok_or_else(|| format!("wrk said no {percent}: {text}"))
    };
    let requests: u64 = requests.parse()?;
    if requests == 0 {
        return Err("nothing was answered".into());
    }
    let seconds = ms(seconds).ok_or("wrk said no time")? / 1_000.0;
    Ok(Heard { requests, seconds, p50_ms: at("50%")?, p99_ms: at("99%")? })
}

/// "812.00us", "1.21ms", "5.01s", "1.02m" in milliseconds.
fn ms(text: &str) -> Option<f64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        _ => return None,
    };
    Some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
Running 5s test @ http://127.0.0.1:7340/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   812.00us    1.20ms  20.00ms   90.00%
    Req/Sec    12.35k     1.00k   14.00k    70.00%
  Latency Distribution
     50%  812.00us
     75%    1.10ms
     90%    2.00ms
     99%    5.31ms
  61750 requests in 5.01s, 180.00MB read
Requests/sec:  12325.35
Transfer/sec:     35.93MB
";

    #[test]
    fn what_wrk_says_is_read() {
        let heard = heard(SAID).unwrap();
        assert_eq!(heard.requests, 61_750);
        assert!((heard.seconds - 5.01).abs() < 1e-9);
        assert!((heard.p50_ms - 0.812).abs() < 1e-9 && (heard.p99_ms - 5.31).abs() < 1e-9);
    }

    #[test]
    fn a_refusal_among_the_answers_ends_the_bench() {
        assert!(heard(&format!("{SAID}  Non-2xx or 3xx responses: 3\n")).is_err());
        assert!(heard(&format!("{SAID}  Socket errors: connect 0, read 1, write 0, timeout 0\n")).is_err());
        assert!(heard("").is_err());
    }
}
