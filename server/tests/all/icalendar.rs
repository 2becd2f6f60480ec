//! What another implementation makes of our calendars and recurrences: Python's icalendar, and the recurrences and
//! zones of dateutil and zoneinfo. `cargo xtask test` installs them and names their Python in
//! `RETRIAL_TEST_ICALENDAR`.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use notebook::{
    id::RunId,
    runs::{
        self,
        drafts::{MoveDraft, PlanDraft, WordsDraft},
    },
    subscriptions,
};

use crate::{story::Story, tool::offered};

/// A line for each entry, its time as clocks in Berlin show it.
const READ: &str = "
import sys, zoneinfo
import icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
assert not calendar.errors, calendar.errors
for event in calendar.walk('VEVENT'):
    assert not event.errors, event.errors
    start, end = (event.decoded(name).astimezone(zoneinfo.ZoneInfo('Europe/Berlin')) for name in ('DTSTART', 'DTEND'))
    minutes = int((end - start).total_seconds()) // 60
    print(event['UID'], start.strftime('%Y-%m-%d %H:%M %z'), minutes, event['STATUS'], event['SEQUENCE'],
          event['SUMMARY'], event.get('DESCRIPTION', ''), event['URL'], sep='|')
";

/// The rules of `calendar/recurrence.rs`, each instant of two years.
const RECUR: &str = "
import datetime, zoneinfo
from dateutil.rrule import MO, TH, SU, MONTHLY, WEEKLY, rrule
RULES = {
    'berlin': ('Europe/Berlin', dict(freq=WEEKLY, byweekday=SU, dtstart=datetime.datetime(2026, 1, 1, 2, 30))),
    'new_york': ('America/New_York', dict(freq=WEEKLY, interval=2, byweekday=(MO, TH), wkst=MO,
                                          dtstart=datetime.datetime(2026, 1, 8, 10))),
    'lord_howe': ('Australia/Lord_Howe', dict(freq=MONTHLY, byweekday=SU(1),
                                              dtstart=datetime.datetime(2026, 1, 1, 2, 15))),
}
utc = datetime.timezone.utc
first, end = datetime.datetime(2026, 1, 1, tzinfo=utc), datetime.datetime(2028, 1, 1, tzinfo=utc)
for name, (zone, rule) in RULES.items():
    for local in rrule(until=datetime.datetime(2028, 1, 3), **rule):
        at = local.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(utc)
        if first <= at < end:
            print(name, at.strftime('%Y-%m-%dT%H:%M:%SZ'))
";

/// What a script prints, line by line; None where no Python with these libraries is offered.
fn python(script: &str, input: &str) -> Option<Vec<String>> {
    let mut started = Command::new(offered("ICALENDAR")?)
        .args(["-X", "utf8", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    started.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ended = started.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}\n{input}", String::from_utf8_lossy(&ended.stderr));
    Some(String::from_utf8(ended.stdout).unwrap().lines().map(str::to_owned).collect())
}

fn document(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../notebook/tests/documents/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn around_both_changes_of_clocks_another_implementation_reads_what_was_written() {
    let golden = document("ics/clocks.ics").replace('\n', "\r\n");
    let Some(read) = python(READ, &golden) else { return };
    let slot = |date: &str, start: &str, status: &str, why: &str| {
        let page = "https://retrial.example.org/experiments/EXP-3/cadence";
        format!(
            "EXP-3-{date}@retrial.example.org|{date} {start}|45|{status}|194529600|EXP-3 Restart one ZooKeeper|{why}|{page}"
        )
    };
    let moved = "RUN-7@retrial.example.org|2026-10-27 10:30 +0100|30|CONFIRMED|214642800|RUN-7 Restart one ZooKeeper||https://retrial.example.org/runs/RUN-7";
    let expected = [
        slot("2026-03-23", "10:00 +0100", "TENTATIVE", ""),
        slot("2026-03-30", "10:00 +0200", "TENTATIVE", ""),
        slot("2026-10-19", "10:00 +0200", "CANCELLED", "freeze: everything is frozen; sale, Ünïcode"),
        slot("2026-10-26", "10:00 +0100", "TENTATIVE", ""),
        moved.to_owned(),
    ];
    assert_eq!(read, expected);
}

#[test]
fn three_zones_over_two_years_are_as_another_implementation_has_them() {
    let Some(read) = python(RECUR, "") else { return };
    for zone in ["berlin", "new_york", "lord_howe"] {
        let theirs: Vec<&str> = read.iter().filter_map(|line| line.strip_prefix(zone)).map(str::trim).collect();
        let table = document(&format!("recurrence/{zone}.txt"));
        assert_eq!(theirs, table.lines().collect::<Vec<_>>(), "{zone}");
    }
}

async fn planned(story: &Story, at: &str) -> RunId {
    let plan = PlanDraft { experiment: story.experiment.to_string(), planned_at: at.into(), ..PlanDraft::default() };
    runs::acts::plan(&story.ana, &plan).await.unwrap().id
}

/// Start, status and sequence of a run, as a calendar elsewhere has it.
fn entry(read: &[String], run: RunId) -> (String, String, i64) {
    let lines: Vec<&String> = read.iter().filter(|line| line.starts_with(&format!("{run}@"))).collect();
    assert_eq!(lines.len(), 1, "{run}: {read:?}");
    let fields: Vec<&str> = lines[0].split('|').collect();
    (fields[1].to_owned(), fields[3].to_owned(), fields[4].parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_and_a_cancelled_run_arrive_in_the_calendar_of_a_subscriber() {
    let story = Story::new().await;
    let (moves, ends) = (planned(&story, "2026-11-27T09:00:00Z").await, planned(&story, "2026-11-28T09:00:00Z").await);
    let of = subscriptions::Draft { of: "service:zookeeper".into() };
    let (_, secret) = subscriptions::acts::subscribe(&story.ana, &of).await.unwrap();
    let feed = async || {
        let request = Request::get(app::paths::ics(&secret)).body(Body::empty()).unwrap();
        let answer = story.world.browser().send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        python(READ, &answer.text())
    };
    let Some(before) = feed().await else { return };
    for (run, start) in [(moves, "2026-11-27 10:00 +0100"), (ends, "2026-11-28 10:00 +0100")] {
        let (at, status, _) = entry(&before, run);
        assert_eq!((at.as_str(), status.as_str()), (start, "CONFIRMED"), "{run}");
    }
    story.world.clock.pass_ms(3_600_000);
    let (planned_at, text) = ("2026-11-30T09:00:00Z".into(), "release day".into());
    let later = MoveDraft { planned_at, text, ..MoveDraft::default() };
    runs::acts::move_to(&story.ana, moves, &later).await.unwrap();
    let why = WordsDraft { text: "no release".into(), ..WordsDraft::default() };
    runs::acts::cancel(&story.ana, ends, &why).await.unwrap();
    let after = feed().await.unwrap();
    for (run, start, status) in
        [(moves, "2026-11-30 10:00 +0100", "CONFIRMED"), (ends, "2026-11-28 10:00 +0100", "CANCELLED")]
    {
        let (at, is, sequence) = entry(&after, run);
        assert_eq!((at.as_str(), is.as_str()), (start, status), "{run}");
        assert!(sequence > entry(&before, run).2, "{run} replaces what was read before");
    }
}
