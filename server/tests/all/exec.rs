//! `retrial exec` as people and pipelines have it: the real program, a real server, real commands.

mod stopped;
mod away;
mod journal;
mod coded;

use std::{
    io::{BufRead as _, BufReader, Lines, Read as _, Write as _},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
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
        self.ben.run(&["act", &run, "look-both-ways", "looks.0.look=incidents", "looks.0.sight=clear"]).well();
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
        drop(self.child.stdin.take());
        let lines: Vec<String> = self.said.map_while(Result::ok).collect();
        let number = self.child.wait().unwrap().code().unwrap();
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
         '{}' list runs 2>/dev/null; echo nested $?; read line; echo got $line >&2; \
         echo /opt/none: not found >&2; echo /abort people >&2; echo PASSWORD=abc; exit 7",
        env!("CARGO_BIN_EXE_retrial")
    );
    let done = ended_with_input(bench.exec(&run, &[], &script).args(["sh", "--password", "two words"]), "hello\n");
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
    assert!(seen[0].ends_with("sh --password [redacted]"), "{}", seen[0]);
    // What a command says is no command of the notebook.
    for says in ["exit 7", "got hello", "\n/opt/none: not found", "\n/abort people", "PASSWORD=[redacted]"] {
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
fn what_a_command_says_is_passed_on_at_once_and_none_of_it_is_lost() {
    let bench = Bench::new();
    // More than a pipe holds, and less than two.
    let script = "printf 'Go on? '; read line; i=0; while [ $i -lt 1000 ]; do printf '%0100d\n' $i; i=$((i+1)); done";
    let run = bench.planned();
    let mut command = bench.exec(&run, &[], script);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut types, mut says) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut asked = [0; 7];
    says.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"Go on? ");
    writeln!(types, "yes").unwrap();
    until("the run is told of the end", || bench.count(&run, "observed") == 2);
    let mut rest = String::new();
    says.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.len(), child.wait().unwrap().code()), (101_000, Some(0)));
}
