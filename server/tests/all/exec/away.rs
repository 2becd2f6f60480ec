//! A server that was away, or whose answers were lost, is told everything once.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::json;

use super::{Bench, Going, is_alive, until};
use crate::process::{Program, ended_with_input};

/// What a run is told of a command that ended by itself, once each.
fn expect_told_once(bench: &Bench, run: &str) {
    for (act, times) in [("fault_started", 1), ("fault_ended", 1), ("observed", 2), ("abort_pressed", 0)] {
        assert_eq!(bench.count(run, act), times, "{act}");
    }
    let shown = bench.show(run);
    let last = shown["observations"][1]["text"].as_str().unwrap();
    assert!(last.contains("exit 3") && last.contains("got x"), "{last}");
    assert_eq!(bench.waiting(), 0, "nothing is left on disk");
}

/// A run whose command waits for a line when the server goes away.
fn left_alone(bench: &mut Bench) -> (String, Going) {
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "echo ready; read line; echo got $line; exit 3"));
    assert_eq!(going.line(), "ready");
    until("the fault is told", || !bench.show(&run)["facts"]["fault_started"].is_null() && bench.waiting() == 0);
    bench.served.kill();
    (run, going)
}

#[test]
fn a_server_that_was_away_is_told_once_when_it_is_back() {
    let mut bench = Bench::new();
    let (run, mut going) = left_alone(&mut bench);
    going.types("x");
    until("the end is on disk", || bench.waiting() > 0);
    bench.served.come_back();
    let done = going.ended();
    assert_eq!(done.number, 3, "the command went on: {}", done.err);
    assert_eq!(bench.result()["waiting"], 0);
    expect_told_once(&bench, &run);
}

#[test]
fn what_a_server_never_heard_of_is_sent_later() {
    let mut bench = Bench::new();
    let (run, mut going) = left_alone(&mut bench);
    going.types("x");
    let done = going.ended();
    assert_eq!(done.number, 3, "{}", done.err);
    assert!(done.err.contains("wait in") && done.err.contains("retrial spool"), "{}", done.err);
    assert_eq!(bench.result()["waiting"], json!(2));
    let away = bench.ana.run(&["spool"]);
    assert!(away.number == 10 && away.out.contains("2 waiting"), "{}{}", away.out, away.err);
    bench.served.come_back();
    let elsewhere = Program {
        url: format!("{}/", bench.served.url.replace("127.0.0.1", "localhost")),
        ..bench.served.program("ana", "all")
    };
    assert_eq!(elsewhere.run(&["spool"]).line(), "Nothing waits.", "what is meant for one address goes to no other");
    assert_eq!(bench.ana.run(&["spool"]).line(), "2 sent, 0 refused, 0 waiting");
    assert_eq!(bench.ana.run(&["spool"]).line(), "Nothing waits.");
    expect_told_once(&bench, &run);
}

/// One whole message of HTTP: its head, and as much body as that says.
fn message(from: &mut impl BufRead) -> Option<Vec<u8>> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    loop {
        let at = bytes.len();
        if from.read_until(b'\n', &mut bytes).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&bytes[at..]).to_lowercase();
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let at = bytes.len();
    bytes.resize(at + length, 0);
    from.read_exact(&mut bytes[at..]).ok()?;
    Some(bytes)
}

/// Hands on to a server what it lets pass, and back what it does not lose by the request's first line.
fn between(
    server: &str,
    lets_pass: impl Fn() -> bool + Send + Sync + 'static,
    loses: impl Fn(String) -> bool + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = server.trim_start_matches("http://").to_owned();
    let rules = Arc::new((lets_pass, loses));
    std::thread::spawn(move || {
        for here in listener.incoming().map_while(Result::ok) {
            let (there, rules) = (TcpStream::connect(&server).unwrap(), Arc::clone(&rules));
            std::thread::spawn(move || {
                let (lets_pass, loses) = &*rules;
                let (mut asks, mut answers) = (BufReader::new(&here), BufReader::new(&there));
                while let Some(asked) = message(&mut asks).filter(|_| lets_pass()) {
                    (&there).write_all(&asked).unwrap();
                    let Some(answer) = message(&mut answers) else { return };
                    let head = String::from_utf8_lossy(&asked).lines().next().unwrap_or_default().to_owned();
                    if !lets_pass() || loses(head) || (&here).write_all(&answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// The first answer to each of these acts is lost.
fn forgetful(server: &str) -> String {
    const ACTS: [&str; 3] = ["/observe ", "/begin-fault ", "/end-fault "];
    let lost = Mutex::new(BTreeSet::new());
    let loses = move |head: String| ACTS.iter().any(|act| head.contains(act)) && lost.lock().unwrap().insert(head);
    between(server, || true, loses)
}

#[test]
fn an_abort_that_came_to_its_end_unseen_still_ends_the_command() {
    let bench = Bench::new();
    let run = bench.planned();
    let is_cut = Arc::new(AtomicBool::new(false));
    let cut = Arc::clone(&is_cut);
    let through = between(&bench.served.url, move || !cut.load(Ordering::SeqCst), |_| false);
    let mut going = Going::of(bench.exec(&run, &[], "echo $$; exec sleep 300").env("RETRIAL_URL", &through));
    let pid = going.line();
    until("the fault is told", || !bench.show(&run)["facts"]["fault_started"].is_null());
    is_cut.store(true, Ordering::SeqCst);
    bench.ben.run(&["abort", &run, "--reason", "people"]).well();
    bench.finish(&run);
    assert_eq!(bench.show(&run)["run"]["execution"], "aborted");
    assert!(is_alive(&pid), "a line that is cut stops nothing");
    is_cut.store(false, Ordering::SeqCst);
    let done = going.ended();
    assert!(done.number == 143 && !is_alive(&pid), "{}", done.err);
    let result = bench.result();
    assert_eq!((&result["stopped"], &result["refused"]), (&json!("abort"), &json!([])), "{result}");
}

#[test]
fn what_was_done_without_an_answer_is_not_done_again() {
    let bench = Bench::new();
    let run = bench.planned();
    let through = forgetful(&bench.served.url);
    let done = ended_with_input(
        bench.exec(&run, &[], "read line; echo got $line; exit 3").env("RETRIAL_URL", &through),
        "x\n",
    );
    assert_eq!(done.number, 3, "{}", done.err);
    assert_eq!(bench.result()["refused"], json!([]));
    expect_told_once(&bench, &run);
}
