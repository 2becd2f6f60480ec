//! The client of both sides: thousands of connections that read what comes, and one that writes what
//! they wait for. It speaks as much HTTP as that takes, so that it costs little beside what it measures.

use std::{
    io::BufRead as _,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use server::listen;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
    task::JoinSet,
    time::{interval, timeout},
};

use crate::{Result, process, rounds::percentile};

pub const LINES_A_SECOND: u64 = 10;
/// After the last line was written, so long is waited for whoever has not heard it.
const LATE: Duration = Duration::from_secs(5);
/// What a line's text begins with; when it was sent and which one it is follow.
const MARK: &[u8] = b"\"at-";

/// What a stream says before its first line. No line has either number.
const OPENED: u64 = 0;
const REFUSED: u64 = u64::MAX;

/// One line that came: its number, and how long it was under way.
struct Heard {
    number: u64,
    after_us: u64,
}

/// Where a side is, and how it is asked.
struct Side {
    port: u16,
    write: String,
    watch: String,
    writer: String,
    watchers: Vec<String>,
}

impl Side {
    fn read(words: &[&str]) -> Result<Self> {
        let [port, write, watch, writer, watchers @ ..] = words else { return Err("too few words".into()) };
        Ok(Self {
            port: port.parse()?,
            write: (*write).to_owned(),
            watch: (*watch).to_owned(),
            writer: (*writer).to_owned(),
            watchers: watchers.iter().map(|token| (*token).to_owned()).collect(),
        })
    }
}

/// Open streams, each with what it heard.
struct Open {
    side: Arc<Side>,
    streams: JoinSet<Vec<Heard>>,
    /// Says of each line that it came.
    came: mpsc::UnboundedReceiver<u64>,
}

/// For each `open` and the `load` that follows it: how many lines came, how many did not come as they
/// should, for how long it wrote, and how long a line was under way (p50, p99; ms).
pub async fn load(_folder: &std::path::Path) -> Result<()> {
    listen::open_many();
    process::ready(&[])?;
    let mut open: Option<Open> = None;
    let mut lines = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        match (&words[..], open.take()) {
            (["open", count, side @ ..], _) => {
                open = Some(opened(count.parse()?, Side::read(side)?).await?);
                process::say("opened")?;
            }
            (["load", seconds], Some(streams)) => {
                let (said, next) = loaded(streams, seconds.parse()?, lines).await?;
                lines = next;
                process::say(&said)?;
            }
            _ => return Err(format!("nobody knows what to do with {line}").into()),
        }
    }
    Ok(())
}

async fn opened(count: usize, side: Side) -> Result<Open> {
    let side = Arc::new(side);
    let (tell, mut came) = mpsc::unbounded_channel();
    let mut streams = JoinSet::new();
    for number in 0..count {
        let token = side.watchers[number % side.watchers.len()].clone();
        let (side, tell) = (side.clone(), tell.clone());
        let socket = begin(&side, &token).await?;
        streams.spawn(listen_to(socket, tell));
    }
    for _ in 0..count {
        if came.recv().await != Some(OPENED) {
            return Err("a stream was refused".into());
        }
    }
    Ok(Open { side, streams, came })
}

async fn begin(side: &Side, token: &str) -> Result<TcpStream> {
    let mut socket = TcpStream::connect(("127.0.0.1", side.port)).await?;
    let asks = format!(
        "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n",
        side.watch, side.port
    );
    socket.write_all(asks.as_bytes()).await?;
    Ok(socket)
}

/// Reads until the stream ends or nobody is interested any more.
async fn listen_to(mut socket: TcpStream, tell: mpsc::UnboundedSender<u64>) -> Vec<Heard> {
    let (mut heard, mut read) = (Vec::new(), Vec::<u8>::with_capacity(4_096));
    let mut begun = false;
    while let Ok(1..) = socket.read_buf(&mut read).await {
        if !begun {
            begun = read.starts_with(b"HTTP/1.1 200");
            if tell.send(if begun { OPENED } else { REFUSED }).is_err() || !begun {
                return heard;
            }
        }
        let now = now_us();
        while let Some((line, end)) = next_line(&read, now) {
            read.drain(..end);
            let number = line.number;
            heard.push(line);
            if tell.send(number).is_err() {
                return heard;
            }
        }
        // No more than a mark may have begun in what is left.
        if read.len() > 8_192 {
            read.drain(..4_096);
        }
    }
    heard
}

/// The next `"at-<microseconds>-<number>"`, and where it ends.
fn next_line(read: &[u8], now: u64) -> Option<(Heard, usize)> {
    let start = read.windows(MARK.len()).position(|part| part == MARK)? + MARK.len();
    let length = read[start..].iter().position(|byte| *byte == b'"')?;
    let text = std::str::from_utf8(&read[start..start + length]).ok()?;
    let (at, number) = text.split_once('-')?;
    let after_us = now.saturating_sub(at.parse().ok()?);
    Some((Heard { number: number.parse().ok()?, after_us }, start + length))
}

/// Writes for so many seconds, waits for everybody to have heard the last line, and counts.
async fn loaded(open: Open, seconds: u64, from: u64) -> Result<(String, u64)> {
    let Open { side, mut streams, mut came } = open;
    let count = streams.len();
    let lines = seconds * LINES_A_SECOND;
    let begun = Instant::now();
    let mut ticks = interval(Duration::from_millis(1_000 / LINES_A_SECOND));
    let mut writing = JoinSet::new();
    for number in from + 1..=from + lines {
        ticks.tick().await;
        let side = side.clone();
        writing.spawn(async move { write(&side, number).await });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    let took_s = begun.elapsed().as_secs_f64();
    let expected = usize::try_from(lines)? * count;
    let all = async {
        for _ in 0..expected {
            if came.recv().await.is_none() {
                return;
            }
        }
    };
    // Whoever has not come by then is counted as missing.
    let _in_time = timeout(LATE, all).await;
    drop(came);
    // One more line wakes whoever waits, and finds nobody to tell.
    write(&side, from + lines + 1).await?;
    let (mut delivered, mut wrong, mut after_ms) = (0_usize, 0_u64, Vec::new());
    while let Some(heard) = streams.join_next().await {
        let heard: Vec<Heard> = heard?.into_iter().filter(|line| line.number <= from + lines).collect();
        wrong += missing(&heard, from + 1..=from + lines);
        delivered += heard.len();
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a moment")]
        after_ms.extend(heard.iter().map(|line| line.after_us as f64 / 1_000.0));
    }
    let (p50, p99) = (percentile(&mut after_ms, 50), percentile(&mut after_ms, 99));
    Ok((format!("{delivered} {wrong} {took_s} {p50} {p99}"), from + lines + 1))
}

/// Lines that are not where they belong: each of them once, in order.
fn missing(heard: &[Heard], expected: std::ops::RangeInclusive<u64>) -> u64 {
    let mut numbers: Vec<u64> = heard.iter().map(|line| line.number).collect();
    let out_of_order = numbers.windows(2).filter(|pair| pair[0] >= pair[1]).count();
    numbers.sort_unstable();
    numbers.dedup();
    let lost = expected.filter(|number| numbers.binary_search(number).is_err()).count();
    u64::try_from(out_of_order + lost).unwrap_or(u64::MAX)
}

async fn write(side: &Side, number: u64) -> Result<()> {
    let body = format!("{{\"text\": \"at-{}-{number}\"}}", now_us());
    let mut socket = TcpStream::connect(("127.0.0.1", side.port)).await?;
    let asks = format!(
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        side.write,
        side.port,
        side.writer,
        body.len()
    );
    socket.write_all(asks.as_bytes()).await?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 2") { Ok(()) } else { Err(String::from_utf8_lossy(&answer).into_owned().into()) }
}

fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_wherever_the_pieces_are_cut() {
        let text = b"1f\r\ndata: {\"text\":\"at-1000-7\",\"x\":1}\n\n\r\n";
        assert!(next_line(&text[..22], 1_500).is_none());
        let (line, end) = next_line(text, 1_500).unwrap();
        assert_eq!((line.number, line.after_us), (7, 500));
        assert!(next_line(&text[end..], 1_500).is_none());
    }

    #[test]
    fn holes_repeats_and_disorder_are_counted() {
        let heard = |numbers: &[u64]| -> Vec<Heard> {
            numbers.iter().map(|number| Heard { number: *number, after_us: 0 }).collect()
        };
        assert_eq!(missing(&heard(&[1, 2, 3]), 1..=3), 0);
        assert_eq!(missing(&heard(&[1, 3]), 1..=3), 1);
        assert_eq!(missing(&heard(&[1, 1, 2, 3]), 1..=3), 1);
        assert_eq!(missing(&heard(&[2, 1, 3]), 1..=3), 1);
    }
}
