//! The `api` suite: schemathesis asks a running server whatever its description allows, and some of
//! what it forbids. No server error, and no answer the description does not name.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use crate::command::{self, follow};
use crate::progress::{self, Step};
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

/// Words of about half of all operations. Two programs ask at once, each on a server of its own.
const HALF: [&str; 6] = ["runs", "slos", "experiments", "findings", "fixes", "decisions"];

/// One run of schemathesis: operations of some words, or all but those of some words.
#[derive(Clone, Copy)]
struct Part {
    name: &'static str,
    choice: &'static str,
    words: &'static [&'static [&'static str]],
    /// Which token of the notebook asks.
    token: usize,
}

const FIRST: &[Part] = &[Part { name: "runs and plans", choice: "--include-tag", words: &[&HALF], token: 0 }];
const SECOND: &[Part] = &[
    Part { name: "everything else", choice: "--exclude-tag", words: &[&HALF, &PEOPLE], token: 0 },
    Part { name: "people and tokens", choice: "--include-tag", words: &[&PEOPLE], token: 1 },
];

/// What became of a part, and what is to be read about it; said when all are through, or lines would mix.
struct Asked {
    outcome: Outcome,
    says: String,
}

pub fn api(bench: &mut Bench) -> Outcome {
    let prepared = tools::schemathesis().and_then(|program| {
        // The same crates and features as the rust suite, which leaves this server behind.
        command::as_step("server", command::cargo(&["test", "--locked", "--no-run"]))?;
        Ok(program)
    });
    let program = match prepared {
        Ok(program) => program,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let within = bench.folder().unwrap_or(Path::new("/tmp"));
    let step = Step::begin("asking");
    let all = std::thread::scope(|scope| {
        let second = scope.spawn(|| half(&program, within, "second", SECOND));
        let mut all = half(&program, within, "first", FIRST);
        all.extend(second.join().unwrap_or_else(|_| vec![Asked::never("The second half broke off.".to_owned())]));
        all
    });
    let mut tally = Tally::default();
    let mut reasons = Vec::new();
    for asked in all {
        step.say(&asked.says);
        tally += asked.outcome.tally;
        reasons.extend(asked.outcome.failure);
    }
    if reasons.is_empty() {
        step.done("");
        return Outcome { tally, failure: None };
    }
    step.failed();
    Outcome { tally, failure: Some(reasons.join("\n")) }
}

/// Some parts, one after the other, on a notebook that nobody else asks.
fn half(program: &Path, within: &Path, name: &str, parts: &[Part]) -> Vec<Asked> {
    let prepared = Server::start(within, name).and_then(|server| {
        let tokens = seed(program, &server, name)?;
        Ok((server, tokens))
    });
    match prepared {
        Ok((server, tokens)) => parts.iter().map(|part| asked(*part, program, &server, &tokens[part.token])).collect(),
        Err(reason) => vec![Asked::never(reason)],
    }
}

impl Asked {
    fn never(reason: String) -> Self {
        Self { outcome: Outcome::of(Err(reason)), says: "  nothing was asked".to_owned() }
    }
}

/// One run over the operations of some words.
fn asked(part: Part, program: &Path, server: &Server, token: &str) -> Asked {
    let begun = Instant::now();
    let cases = std::env::var(CASES).unwrap_or_else(|_| CASES_USUAL.to_owned());
    let config = crate::at("xtask/src/api/schemathesis.toml");
    let address = format!("{}/api/v1/openapi.json", server.url);
    let mut asking = command::program(program, &["--config-file"]);
    asking.arg(config).args(["run", &address, "--no-color", "--checks", CHECKS, "--max-examples", &cases]);
    asking.args(["--header", &format!("Authorization: Bearer {token}"), "--seed", "1"]);
    for path in NOT_ASKED.into_iter().chain(STREAMS) {
        asking.args(["--exclude-path", path]);
    }
    for &word in part.words.iter().copied().flatten() {
        asking.args([part.choice, word]);
    }
    command::forget_settings(&mut asking);
    let ended = match follow(&mut asking, &format!("api-{}", part.name.replace(' ', "-")), None, |_| false) {
        Ok(ended) => ended,
        Err(reason) => return Asked::never(reason),
    };
    let asked = tally::of_schemathesis(&ended.lines);
    // A token that was lost on the way would have made every further answer the same 401.
    let kept = server.knows(token);
    let whole = asked.selected > 0 && asked.tested == asked.selected;
    let seconds = begun.elapsed().as_secs_f64();
    if ended.success && kept && whole && asked.requests.failed == 0 {
        let counts = format!("{} operations, {} requests", asked.tested, asked.requests.passed);
        let says = progress::line(part.name, seconds, &counts);
        return Asked { outcome: Outcome { tally: asked.requests, failure: None }, says };
    }
    let lost = if kept { "" } else { "The token stopped working meanwhile. " };
    let telling = ended.lines.iter().filter(|line| is_telling(line)).map(String::as_str);
    let failed = progress::line(part.name, seconds, "failed");
    let says = std::iter::once(failed.as_str()).chain(telling).collect::<Vec<_>>().join("\n");
    let failure = Some(format!("{lost}Everything written is in {}", ended.log.display()));
    Asked { outcome: Outcome { tally: asked.requests, failure }, says }
}

/// Lines of schemathesis that name what failed, and its closing lines.
fn is_telling(line: &str) -> bool {
    let begins =
        ["- ", "[", "curl ", "    curl", "  ", "___"].iter().any(|beginning| line.trim_end().starts_with(beginning));
    begins && !line.trim().is_empty()
}

/// Fills the notebook. Returns the tokens to ask with.
fn seed(program: &Path, server: &Server, half: &str) -> Result<[String; 2], String> {
    let python = program.with_file_name("python");
    let script = crate::at("xtask/src/api/seed.py");
    let mut seeding = command::program(python, &[]);
    seeding.arg(script).args([&server.url, &server.setup]);
    let ended = follow(&mut seeding, &format!("api-seed-{half}"), None, |_| false)?;
    match ended.lines.as_slice() {
        [first, second] if ended.success => Ok([first.clone(), second.clone()]),
        lines => Err(format!("The notebook could not be filled.\n{}", lines.join("\n"))),
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
    fn start(within: &Path, half: &str) -> Result<Self, String> {
        let program = crate::target("debug/retrial");
        let mut starting = Command::new("sh");
        starting.args(["-c", include_str!("api/serve.sh"), "serve.sh"]).arg(&program).arg(within);
        command::forget_settings(&mut starting);
        let mut child = starting
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{} cannot be started: {e}", program.display()))?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let (url, setup) = first_words(output, half)?;
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
fn first_words(output: ChildStdout, half: &str) -> Result<(String, String), String> {
    let mut output = BufReader::new(output);
    let log = crate::target(&format!("xtask-logs/api-server-{half}.log"));
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

#[cfg(test)]
mod tests {
    use super::{FIRST, HALF, PEOPLE, SECOND};

    #[test]
    fn what_one_part_asks_another_leaves_out_and_nothing_else_is_left_out() {
        assert_eq!(SECOND[0].choice, "--exclude-tag");
        assert_eq!(SECOND[0].words, [FIRST[0].words, SECOND[1].words].concat());
        assert!([FIRST[0], SECOND[1]].iter().all(|part| part.choice == "--include-tag"));
    }

    #[test]
    fn every_word_is_one_of_the_description() {
        let description = std::fs::read_to_string(crate::at("docs/openapi.json")).unwrap();
        for word in HALF.into_iter().chain(PEOPLE) {
            assert!(description.contains(&format!("\"{word}\"")), "{word}");
        }
    }
}
