//! A command that is told to stop: with its children, whatever it does, and whoever watches it.

use std::{process::Command, time::Instant};

use serde_json::json;

use super::{ABORT_MAX, Bench, Going, is_alive, is_ignored, until};

#[test]
fn an_abort_ends_the_command_and_its_children_within_two_seconds() {
    let bench = Bench::new();
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "sleep 300 & echo $!; wait"));
    let child = going.line();
    assert!(is_alive(&child));
    let again = ["exec", "EXP-1", "--env", "staging", "--run", &run, "--", "/bin/sh", "-c", "touch touched"];
    let again = bench.ana.run(&again);
    assert!(again.number == 1 && !bench.path("touched").exists(), "a run takes one command: {}", again.err);
    let pressed = Instant::now();
    bench.ben.run(&["abort", &run, "--reason", "people"]).well();
    let done = going.ended();
    assert!(pressed.elapsed() < ABORT_MAX, "{:?}", pressed.elapsed());
    assert!(!is_alive(&child), "a child went on");
    assert_eq!(done.number, 143, "{}", done.err);
    assert!(done.err.contains("The run was aborted."), "{}", done.err);
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort"]), (&json!("reverting"), &json!("people")));
    let last = shown["observations"][1]["text"].as_str().unwrap();
    assert!(last.contains("SIGTERM. It was told to stop: The run was aborted."), "{last}");
    let result = bench.result();
    assert_eq!(
        (&result["stopped"], &result["signal"], &result["killed"]),
        (&json!("abort"), &json!(15), &json!(false))
    );
    assert_eq!(bench.count(&run, "abort_pressed"), 1, "the abort is not told back");
}

#[test]
fn a_suspended_command_is_stopped_too() {
    let bench = Bench::new();
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "echo $$; exec sleep 300"));
    let pid = going.line();
    assert!(Command::new("kill").args(["-STOP", &pid]).status().unwrap().success());
    bench.ben.run(&["abort", &run, "--reason", "people"]).well();
    let done = going.ended();
    assert!(!is_alive(&pid));
    assert_eq!((done.number, &bench.result()["killed"]), (143, &json!(false)), "{}", done.err);
}

#[test]
fn a_command_that_does_not_listen_is_ended_at_last() {
    let bench = Bench::new();
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "trap '' TERM; echo $$; while :; do sleep 1; done"));
    let shell = going.line();
    bench.ben.run(&["abort", &run, "--reason", "tool"]).well();
    let done = going.ended();
    assert!(!is_alive(&shell));
    assert_eq!(done.number, 137, "{}", done.err);
    let result = bench.result();
    assert_eq!((&result["killed"], &result["signal"]), (&json!(true), &json!(9)));
    let shown = bench.show(&run);
    let last = shown["observations"][1]["text"].as_str().unwrap();
    assert!(last.contains("ended by SIGKILL"), "{last}");
}

#[test]
fn a_signal_and_a_freeze_abort_the_run_and_leave_the_reason_to_people() {
    let bench = Bench::new();
    for (signal, _) in
        [("-INT", 2), ("-TERM", 15), ("-HUP", 1), ("-QUIT", 3)].into_iter().filter(|(_, number)| !is_ignored(*number))
    {
        let run = bench.planned();
        let mut going = Going::of(&mut bench.exec(&run, &[], "echo $$; exec sleep 300"));
        let pid = going.line();
        going.gets(signal);
        let done = going.ended();
        assert!(done.number == 143 && !is_alive(&pid), "{signal}: {}", done.err);
        let shown = bench.show(&run);
        assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort_open"]), (&json!("reverting"), &json!(true)));
        assert_eq!(bench.result()["stopped"], "signal");
        bench.ana.run(&["act", &run, "give-abort-reason", "reason=own_effect"]).well();
        assert_eq!(bench.show(&run)["facts"]["abort"], "own_effect");
        bench.finish(&run);
    }
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "echo $$; exec sleep 300"));
    let pid = going.line();
    let pressed = Instant::now();
    bench.ana.run(&["create", "freeze", "scope=service:kafka", "why=an incident"]).well();
    let done = going.ended();
    assert!(pressed.elapsed() < ABORT_MAX, "{:?}", pressed.elapsed());
    assert!(done.number == 143 && !is_alive(&pid), "{}", done.err);
    assert!(done.err.contains("A freeze is on"), "{}", done.err);
    assert_eq!(bench.result()["stopped"], "freeze");
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort_open"]), (&json!("reverting"), &json!(true)));
}

#[test]
fn a_command_does_not_outlive_the_death_of_who_watches_it() {
    let bench = Bench::new();
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "trap '' TERM; sleep 300 & echo $! $$; wait"));
    let line = going.line();
    going.gets("-KILL");
    for pid in line.split(' ') {
        until("the command is stopped", || !is_alive(pid));
    }
    going.child.wait().unwrap();
}
