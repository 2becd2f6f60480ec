//! `retrial exec` as people and pipelines have it: the real program, a real server, real commands.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Lines, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::process::{Ended, Program, Served, ended, ended_with_input};

/// Longer than anything here takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// How soon an abort must have ended a command.
const ABORT_MAX: Duration = Duration::from_secs(2);

/// Ana owns the runs and can revert, Ben observes; EXP-1 is approved for staging.
struct Bench {
    served: Served,
    ana: Program,
    ben: Program,
}

impl Bench {
    fn new() -> Self {
        let served = Served::new();
        served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
        served.at_home(&["user", "add", "ben@example.org", "--name", "Ben"]).well();
        let (ana, ben) = (served.program("ana", "all"), served.program("ben", "all"));
        ana.run(&["create", "service", "name=Kafka"]).well();
        let own = ana.run(&["show", "people/1", "--json"]).json();
        let version = format!("version={}", own["version"]);
        ana.run(&["act", "people/1", "rights", "role=admin", "can_revert=on", &version]).well();
        let mut plan = crate::walk_api::plan("60");
        (plan["services"], plan["environment"]) = (json!(["kafka"]), json!("staging"));
        ended_with_input(ana.command().args(["create", "experiment", "--from", "-"]), &plan.to_string()).well();
        ana.run(&["act", "EXP-1", "request-review"]).well();
        ben.run(&["act", "EXP-1@1", "approve"]).well();
        Self { served, ana, ben }
    }

    fn show(&self, run: &str) -> Value {
        self.ana.run(&["show", run, "--json"]).json()
    }

    /// A run whose gate asks nothing any more; nobody is marked present.
    fn planned(&self) -> String {
        let create = ["create", "run", "experiment=EXP-1", "targets.0.name=k-1", "targets.0.hit=on", "--quiet"];
        let run = self.ana.run(&create).line();
        for settled in self.show(&run)["gate"].as_array().unwrap().iter().filter(|it| it["line"]["answer"] == "ask") {
            let check = format!("check={}", settled["line"]["check"].as_str().unwrap());
            self.ben.run(&["act", &run, "answer-gate", &check, "text=Seen, and accepted."]).well();
        }
        run
    }

    /// The command line around a script, with those who are needed.
    fn exec(&self, run: &str, more: &[&str], script: &str) -> Command {
        let mut command = self.ana.command();
        command.args(["exec", "EXP-1", "--env", "staging", "--run", run, "--here", "--present", "Ben=observer"]);
        command.args(["--grace", "300ms", "--result", "result.json"]).args(more).args(["--", "/bin/sh", "-c", script]);
        command
    }

    fn result(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path("result.json")).unwrap()).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.served.home.path().join(name)
    }

    /// Ends a run, so that the next one has no other beside it.
    fn finish(&self, run: &str) {
        self.ana.run(&["metric", run, "instance-back=held"]).well();
        self.ana.run(&["finish", run]).well();
    }

    /// How often an act stands in a run's history.
    fn count(&self, run: &str, act: &str) -> usize {
        let events = self.ana.run(&["list", "events", &format!("about={run}"), "--all", "--json"]).json();
        events["events"].as_array().unwrap().iter().filter(|event| event["act"] == act).count()
    }

    /// Messages on disk that wait for a server.
    fn waiting(&self) -> usize {
        let folders = std::fs::read_dir(self.path(".local/state/retrial/spool")).into_iter().flatten().flatten();
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files.filter(|file| file.path().extension().is_some_and(|end| end == "json")).count()
    }
}

/// A command that goes on.
struct Going {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    told: JoinHandle<String>,
}

impl Going {
    fn of(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut errors = child.stderr.take().unwrap();
        let told = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap();
            text
        });
        Self { child, said, told }
    }

    /// The next line it says.
    fn line(&mut self) -> String {
        self.said.next().unwrap().unwrap()
    }

    fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn gets(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    fn ended(mut self) -> Ended {
        let number = self.child.wait().unwrap().code().unwrap();
        let lines: Vec<String> = self.said.map_while(Result::ok).collect();
        Ended { number, out: lines.join("\n"), err: self.told.join().unwrap() }
    }
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::yield_now();
    }
}

/// A process that has ended and was not asked for is not alive.
fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

/// Whoever runs the tests may have them ignore a signal, which is handed on and respected.
fn is_ignored(number: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (number - 1) & 1 == 1
}

#[test]
fn a_command_runs_under_its_run_and_its_code_is_passed_on() {
    let bench = Bench::new();
    let run = bench.planned();
    let script = format!(
        "echo of $RETRIAL_EXPERIMENT in $RETRIAL_RUN at $RETRIAL_URL with ${{RETRIAL_TOKEN:-no token}}; \
         '{}' list runs 2>/dev/null; echo nested $?; read line; echo got $line >&2; echo PASSWORD=abc; exit 7",
        env!("CARGO_BIN_EXE_retrial")
    );
    let done = ended_with_input(&mut bench.exec(&run, &[], &script), "hello\n");
    assert_eq!(done.number, 7, "{}{}", done.out, done.err);
    let expected = format!("of EXP-1 in {run} at {} with no token\nnested 11\nPASSWORD=abc\n", bench.served.url);
    assert_eq!(done.out, expected, "nothing of its own beside what the command says");
    for says in [format!("{run} started · {}/runs/{run}", bench.served.url), "got hello".into(), "exit 7".into()] {
        assert!(done.err.contains(&says), "{says}: {}", done.err);
    }
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort"]), (&json!("reverting"), &Value::Null));
    let facts = &shown["facts"];
    let [started, began, over] = ["started", "fault_started", "fault_ended"].map(|name| facts[name].as_i64().unwrap());
    assert!(started <= began && began < over, "{facts}");
    let seen: Vec<&str> =
        shown["observations"].as_array().unwrap().iter().map(|seen| seen["text"].as_str().unwrap()).collect();
    assert!(seen.len() == 2 && seen[0].starts_with("retrial exec started: /bin/sh"), "{seen:?}");
    for says in ["exit 7", "got hello", "PASSWORD=[redacted]"] {
        assert!(seen[1].contains(says), "{says}: {}", seen[1]);
    }
    assert_eq!(shown["observations"][1]["kind"], "unexpected");
    let result = bench.result();
    assert_eq!((&result["gate"], &result["code"], &result["exit"]), (&json!("go"), &json!(7), &json!(7)));
    assert_eq!((&result["run"], &result["signal"], &result["stopped"]), (&json!(run), &Value::Null, &Value::Null));
    assert_eq!((&result["waiting"], &result["refused"]), (&json!(0), &json!([])), "{result}");

    bench.ana.run(&["act", &run, "record-effect", "name=k-1", "effect=shown"]).well();
    bench.finish(&run);
    let shown = bench.show(&run);
    assert_eq!(
        (&shown["proposed"]["is"], &shown["verdict"]),
        (&json!("inconclusive"), &Value::Null),
        "nothing is signed"
    );

    let run = bench.planned();
    let killed = ended(&mut bench.exec(&run, &[], "kill -9 $$"));
    let result = bench.result();
    assert_eq!((killed.number, &result["code"], &result["signal"]), (137, &Value::Null, &json!(9)), "{result}");
}

#[test]
fn nothing_is_started_unless_the_gate_is_open() {
    let bench = Bench::new();
    let touches = ["--", "/bin/sh", "-c", "touch touched"];
    let exec = |words: &[&str]| {
        let start = ["exec", "EXP-1", "--result", "result.json", "--target", "k-1"];
        bench.ana.run(&[&start[..], words, &touches[..]].concat())
    };
    let gate = || (bench.result()["gate"].clone(), bench.result()["exit"].clone(), bench.result()["started"].clone());

    let elsewhere = exec(&["--env", "production"]);
    assert!(elsewhere.number == 2 && elsewhere.err.contains("not for production"), "{}", elsewhere.err);
    let asked = exec(&["--env", "staging", "--here", "--present", "Ben=observer"]);
    assert_eq!(asked.number, 3, "nobody rehearsed the revert: {}", asked.err);
    assert!(asked.err.contains("RUN-1 stays planned") && asked.err.contains("--run RUN-1"), "{}", asked.err);
    assert_eq!(gate(), (json!("ask"), json!(3), json!(false)));

    let run = bench.planned();
    let alone = exec(&["--env", "staging", "--run", &run, "--here"]);
    assert_eq!(alone.number, 4, "nobody observes: {}", alone.err);
    assert_eq!(gate(), (json!("refuse"), json!(4), json!(false)));
    let other = exec(&["--env", "production", "--run", &run]);
    assert!(other.number == 2 && other.err.contains("is a run of EXP-1 in staging"), "{}", other.err);

    bench.ana.run(&["create", "freeze", "scope=service:kafka", "why=an incident"]).well();
    let known = bench.ana.run(&["run", "list", "--quiet"]).well().out;
    let frozen = exec(&["--env", "staging", "--here", "--present", "Ben=observer"]);
    assert!(frozen.number == 5 && frozen.err.contains("Nothing was planned"), "{}", frozen.err);
    assert_eq!(gate(), (json!("freeze"), json!(5), json!(false)));
    assert_eq!(bench.ana.run(&["run", "list", "--quiet"]).well().out, known, "no run is left for each try");
    let frozen = exec(&["--env", "staging", "--run", &run, "--here", "--present", "Ben=observer"]);
    assert_eq!(frozen.number, 5, "{}", frozen.err);

    let nobody = Program { url: "http://127.0.0.1:9".into(), ..bench.served.program("ana", "all") };
    let away = nobody.run(&[&["exec", "EXP-1", "--env", "staging"][..], &touches[..]].concat());
    assert_eq!(away.number, 10, "{}", away.err);
    let unknown = bench.ana.run(&["exec", "EXP-1", "--env", "staging", "--", "no-such-program"]);
    assert!(unknown.number == 2 && unknown.err.contains("no program"), "{}", unknown.err);
    assert!(!bench.path("touched").exists(), "a command was started");
}

#[test]
fn an_abort_ends_the_command_and_its_children_within_two_seconds() {
    let bench = Bench::new();
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "sleep 300 & echo $!; wait"));
    let child = going.line();
    assert!(is_alive(&child));
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
    for (signal, _) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)].into_iter().filter(|(_, number)| !is_ignored(*number))
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
    bench.ana.run(&["create", "freeze", "scope=service:kafka", "why=an incident"]).well();
    let done = going.ended();
    assert!(done.number == 143 && !is_alive(&pid), "{}", done.err);
    assert!(done.err.contains("A freeze is on"), "{}", done.err);
    assert_eq!(bench.result()["stopped"], "freeze");
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort_open"]), (&json!("reverting"), &json!(true)));
}

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

/// Hands everything on to a server, and loses the first answer to each of these acts.
fn forgetful(server: &str) -> String {
    const ACTS: [&str; 3] = ["/observe ", "/begin-fault ", "/end-fault "];
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = server.trim_start_matches("http://").to_owned();
    let lost = Arc::new(Mutex::new(BTreeSet::new()));
    std::thread::spawn(move || {
        for here in listener.incoming().map_while(Result::ok) {
            let (there, lost) = (TcpStream::connect(&server).unwrap(), Arc::clone(&lost));
            std::thread::spawn(move || {
                let (mut asks, mut answers) = (BufReader::new(&here), BufReader::new(&there));
                while let Some(asked) = message(&mut asks) {
                    (&there).write_all(&asked).unwrap();
                    let Some(answer) = message(&mut answers) else { return };
                    let head = String::from_utf8_lossy(&asked).lines().next().unwrap_or_default().to_owned();
                    let is_lost = ACTS.iter().any(|act| head.contains(act)) && lost.lock().unwrap().insert(head);
                    if is_lost || (&here).write_all(&answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
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

#[test]
fn a_journal_that_was_written_becomes_the_one_run() {
    let bench = Bench::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../notebook/tests/documents/chaostoolkit/deviated.json");
    let run = bench.planned();
    let journal = ["--journal", "journal.json"];
    let done = ended(&mut bench.exec(&run, &journal, &format!("cp '{fixture}' journal.json; exit 1")));
    assert_eq!(done.number, 1, "{}", done.err);
    let shown = bench.show(&run);
    assert_eq!(
        (&shown["run"]["execution"], &shown["facts"]["imported"]["tool"]),
        (&json!("finished"), &json!("chaostoolkit"))
    );
    assert_eq!((&shown["verdict"], &bench.result()["journal"]), (&Value::Null, &json!(true)), "nothing is signed");
    assert_eq!(bench.count(&run, "fault_started"), 1, "the journal's own word on the fault");
    assert_eq!(bench.ana.run(&["run", "list", "--quiet"]).line(), run, "one run");

    let run = bench.planned();
    let done = ended(&mut bench.exec(&run, &journal, "true"));
    assert_eq!(done.number, 0, "{}", done.err);
    assert_eq!(bench.result()["journal"], json!(false));
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["imported"]), (&json!("reverting"), &Value::Null));
    let last = shown["observations"][1]["text"].as_str().unwrap();
    assert!(last.contains("lay there before and was not written since"), "{last}");
    assert_eq!((bench.count(&run, "fault_started"), bench.count(&run, "fault_ended")), (1, 1));
}

#[test]
fn a_command_does_not_outlive_the_death_of_who_watches_it() {
    let bench = Bench::new();
    let run = bench.planned();
    let mut going = Going::of(&mut bench.exec(&run, &[], "sleep 300 & echo $! $$; wait"));
    let line = going.line();
    going.gets("-KILL");
    for pid in line.split(' ') {
        until("the command is stopped", || !is_alive(pid));
    }
    going.child.wait().unwrap();
}

/// Chaos Toolkit's own document, whose method lasts until somebody ends it.
fn endless() -> Value {
    let action = |name: &str, script: &str| {
        let provider = json!({"type": "process", "path": "/bin/sh", "arguments": ["-c", script]});
        json!({"type": "action", "name": name, "provider": provider})
    };
    json!({
        "title": "Hold it", "description": "Until it is stopped", "tags": [],
        "method": [action("hold", "touch begun; sleep 300")],
        "rollbacks": [action("let go", "touch undone")],
        "runtime": {"rollbacks": {"strategy": "always"}},
    })
}

#[test]
fn chaos_toolkit_is_stopped_in_its_own_way_and_its_journal_read() {
    let Some(chaos) = crate::tool::offered("CHAOS") else { return };
    let bench = Bench::new();
    std::fs::write(bench.path("endless.json"), endless().to_string()).unwrap();
    let run = bench.planned();
    let mut command = bench.ana.command();
    command.args(["exec", "EXP-1", "--env", "staging", "--run", &run, "--here", "--present", "Ben=observer"]);
    command.args(["--journal", "journal.json", "--result", "result.json", "--"]).arg(chaos);
    command.args(["--no-version-check", "--no-log-file", "run", "--journal-path", "journal.json", "endless.json"]);
    let going = Going::of(&mut command);
    until("the method goes on", || bench.path("begun").exists());
    bench.ben.run(&["abort", &run, "--reason", "people"]).well();
    let done = going.ended();
    assert_eq!(done.number, 1, "{}{}", done.out, done.err);
    assert!(bench.path("undone").exists(), "its rollbacks were played: {}{}", done.out, done.err);
    let result = bench.result();
    assert_eq!((&result["journal"], &result["killed"], &result["code"]), (&json!(true), &json!(false), &json!(1)));
    let shown = bench.show(&run);
    assert_eq!((&shown["run"]["execution"], &shown["facts"]["abort"]), (&json!("aborted"), &json!("people")));
    assert_eq!(shown["facts"]["imported"]["tool"], "chaostoolkit");
    assert_eq!(bench.ana.run(&["run", "list", "--quiet"]).line(), run, "one run");
}
