//! The `api` suite: schemathesis asks a running server whatever its description allows, and some of
//! what it forbids. No server error, and no answer the description does not name.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::command::{self, follow};
use crate::progress::Step;
use crate::tally::{self, Tally};
use crate::test::{Bench, Outcome};
use crate::tools;

/// Requests of the fuzzing phase for each operation. Hundreds are for before a release.
const CASES: &str = "RETRIAL_API_CASES";
const CASES_USUAL: &str = "8";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance,response_headers_conformance,negative_data_rejection,ignored_auth";
/// What could shut out the one who asks is asked by somebody else, at the end.
const PEOPLE: [&str; 4] = ["people", "profile", "tokens", "logins"];

/// Answers that are several YAML documents end a worker of schemathesis with all that it has yet to
/// ask, and images are nothing it can make up; the walk through every operation asks for these.
const NOT_ASKED: [&str; 3] = ["/api/v1/slos/openslo", "/api/v1/slos/{id}/openslo", "/api/v1/runs/{id}/attach-image"];

/// Answers without an end would hold a worker until its patience ends; that walk reads their first words.
const STREAMS: [&str; 1] = ["/api/v1/runs/{id}/events"];

pub fn api(_: &mut Bench) -> Outcome {
    let prepared = tools::schemathesis().and_then(|program| {
        // The same crates and features as the rust suite, which leaves this server behind.
        command::as_step("server", command::cargo(&["test", "--locked", "--no-run"]))?;
        let server = Server::start()?;
        let tokens = seed(&program, &server)?;
        Ok((program, server, tokens))
    });
    let (program, server, tokens) = match prepared {
        Ok(prepared) => prepared,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let mut tally = Tally::default();
    let mut reasons = Vec::new();
    for (name, token, of_people) in [("everything", &tokens[0], false), ("people and tokens", &tokens[1], true)] {
        let asked = asked(name, &program, &server, token, of_people);
        tally += asked.tally;
        reasons.extend(asked.failure);
    }
    Outcome { tally, failure: (!reasons.is_empty()).then(|| reasons.join("\n")) }
}

/// One run over the operations of some words.
fn asked(name: &str, program: &Path, server: &Server, token: &str, of_people: bool) -> Outcome {
    let step = Step::begin(name);
    let cases = std::env::var(CASES).unwrap_or_else(|_| CASES_USUAL.to_owned());
    let config = crate::at("xtask/src/api/schemathesis.toml");
    let address = format!("{}/api/v1/openapi.json", server.url);
    let mut asking = command::program(program, &["--config-file"]);
    asking.arg(config).args(["run", &address, "--no-color", "--checks", CHECKS, "--max-examples", &cases]);
    asking.args(["--header", &format!("Authorization: Bearer {token}"), "--seed", "1"]);
    for path in NOT_ASKED.into_iter().chain(STREAMS) {
        asking.args(["--exclude-path", path]);
    }
    for word in PEOPLE {
        asking.args([if of_people { "--include-tag" } else { "--exclude-tag" }, word]);
    }
    command::forget_settings(&mut asking);
    let ended = match follow(&mut asking, &format!("api-{}", name.replace(' ', "-")), Some(&step), |_| false) {
        Ok(ended) => ended,
        Err(reason) => {
            step.failed();
            return Outcome::of(Err(reason));
        }
    };
    let asked = tally::of_schemathesis(&ended.lines);
    // A token that was lost on the way would have made every further answer the same 401.
    let kept = server.knows(token);
    let whole = asked.selected > 0 && asked.tested == asked.selected;
    if ended.success && kept && whole && asked.requests.failed == 0 {
        step.done(&format!("{} operations, {} requests", asked.tested, asked.requests.passed));
        return Outcome { tally: asked.requests, failure: None };
    }
    step.failed();
    let lost = if kept { "" } else { "The token stopped working meanwhile. " };
    ended.lines.iter().filter(|line| is_telling(line)).for_each(|line| println!("{line}"));
    Outcome { tally: asked.requests, failure: Some(format!("{lost}Everything written is in {}", ended.log.display())) }
}

/// Lines of schemathesis that name what failed, and its closing lines.
fn is_telling(line: &str) -> bool {
    let begins =
        ["- ", "[", "curl ", "    curl", "  ", "___"].iter().any(|beginning| line.trim_end().starts_with(beginning));
    begins && !line.trim().is_empty()
}

/// Fills the notebook. Returns the tokens to ask with.
fn seed(program: &Path, server: &Server) -> Result<[String; 2], String> {
    let python = program.with_file_name("python");
    let script = crate::at("xtask/src/api/seed.py");
    let step = Step::begin("a small notebook");
    let mut seeding = command::program(python, &[]);
    seeding.arg(script).args([&server.url, &server.setup]);
    let ended = follow(&mut seeding, "api-seed", Some(&step), |_| false)?;
    match ended.lines.as_slice() {
        [first, second] if ended.success => {
            step.done("");
            Ok([first.clone(), second.clone()])
        }
        lines => {
            step.failed();
            Err(format!("The notebook could not be filled.\n{}", lines.join("\n")))
        }
    }
}

/// A notebook that nobody keeps. It ends when this is dropped, or when xtask dies.
struct Server {
    child: Child,
    url: String,
    /// The token of the setup link.
    setup: String,
}

impl Server {
    fn start() -> Result<Self, String> {
        let program = crate::target("debug/retrial");
        let mut starting = Command::new("sh");
        starting.args(["-c", include_str!("api/serve.sh"), "serve.sh"]).arg(&program);
        command::forget_settings(&mut starting);
        let mut child = starting
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{} cannot be started: {e}", program.display()))?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let (url, setup) = first_words(output)?;
        Ok(Self { child, url, setup })
    }

    /// Whether a token still stands for somebody.
    fn knows(&self, token: &str) -> bool {
        let header = format!("Authorization: Bearer {token}");
        command::answer("curl", &["-fsS", "-o", "/dev/null", "-H", &header, &format!("{}/api/v1/me", self.url)])
            .is_some()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if let Err(reason) = self.child.wait() {
            eprintln!("{}: {reason}", self.url);
        }
    }
}

/// Address and setup token out of what the server says first. The rest goes into a log, so that the
/// server never waits for a reader.
fn first_words(output: ChildStdout) -> Result<(String, String), String> {
    let mut output = BufReader::new(output);
    let log = crate::target("xtask-logs/api-server.log");
    let mut copy = std::fs::File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    let mut line = String::new();
    let found = loop {
        line.clear();
        if output.read_line(&mut line).map_err(|e| format!("the server: {e}"))? == 0 {
            return Err(format!("The server did not start; what it said is in {}", log.display()));
        }
        // A log that cannot be written hides nothing that matters here.
        let _unwritten = copy.write_all(line.as_bytes());
        if let Some((url, token)) = line.trim().split_once("/setup?token=") {
            break (url.to_owned(), token.to_owned());
        }
    };
    std::thread::spawn(move || std::io::copy(&mut output, &mut copy));
    Ok(found)
}
