//! What stands in the composer, read: slash commands at the beginning of lines, and the words that are left.
//!
//! Nothing is guessed: a word behind a slash that is no command is refused with the nearest known one, and
//! `//` writes a plain slash.

use super::{
    facts::{AbortReason, RunFacts},
    trail::ObservationKind,
};
use crate::{
    experiments::plan::{Check, CheckKey, Identity, Phase},
    nearest::did_you_mean,
    time::Moment,
};

/// Each command with what follows it, and what it does.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    ("/t", "14:03 or -3m", "the time of the observation"),
    ("/metric", "p99=412ms", "a value of the plan's measure; another one stands as a note"),
    ("/expected", "words", "as the hypothesis says"),
    ("/unexpected", "words", "otherwise"),
    ("/question", "words", "nobody knows yet"),
    ("/check", "2 held", "the result of the steady-state check with this number"),
    ("/finding", "title", "begins a finding with this note as evidence"),
    ("/pin", "words", "among what tells the run in short"),
    ("/abort", "reason", "opens the abort form with the reason filled in"),
];

/// What was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    /// What is left for the observation.
    pub text: String,
    /// As typed.
    pub at: Option<String>,
    pub kind: Option<ObservationKind>,
    pub pinned: bool,
    pub values: Vec<Valued>,
    /// The title of a finding to begin.
    pub finding: Option<String>,
    /// Why to abort, in words; may be empty.
    pub abort: Option<String>,
}

/// One value of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valued {
    pub of: Of,
    /// "38 s", "held", "no data".
    pub seen: String,
}

/// How the check is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// Its number on the page.
    Number(usize),
    Measure(String),
}

/// Reads a text; otherwise a clause that names the command.
pub fn read(text: &str) -> Result<Composed, String> {
    let mut composed = Composed::default();
    let mut left: Vec<String> = Vec::new();
    for line in text.lines() {
        let Some(command) = line.trim_start().strip_prefix('/') else {
            left.push(line.to_owned());
            continue;
        };
        if command.starts_with('/') {
            left.push(command.to_owned());
            continue;
        }
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let words = composed.take(&word.to_lowercase(), rest.trim())?;
        if !words.is_empty() {
            left.push(words);
        }
    }
    left.join("\n").trim().clone_into(&mut composed.text);
    Ok(composed)
}

/// A text that nobody typed, like what a program said, so that it reads as itself: no line of it is a command.
pub fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let begins = line.trim_start();
        if begins.starts_with('/') { format!("/{begins}") } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Composed {
    /// Takes one command; returns what is left of its line.
    fn take(&mut self, word: &str, rest: &str) -> Result<String, String> {
        match word {
            "t" => return self.take_time(rest),
            "metric" => {
                let (measure, seen) = rest.split_once('=').unwrap_or((rest, ""));
                let (measure, seen) = (measure.trim(), seen.trim());
                if measure.is_empty() || seen.is_empty() {
                    return Err("has /metric without a measure and a value, like p99=412ms".into());
                }
                self.values.push(Valued { of: Of::Measure(measure.to_owned()), seen: seen.to_owned() });
            }
            "check" => {
                let (number, seen) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let number = number.parse::<usize>().ok().filter(|number| *number > 0);
                let Some(number) = number.filter(|_| !seen.trim().is_empty()) else {
                    return Err("has /check without a number and a result, like 2 held".into());
                };
                self.values.push(Valued { of: Of::Number(number), seen: seen.trim().to_owned() });
            }
            "expected" => return Ok(self.mark(ObservationKind::Expected, rest)),
            "unexpected" => return Ok(self.mark(ObservationKind::Unexpected, rest)),
            "question" => return Ok(self.mark(ObservationKind::Question, rest)),
            "pin" => {
                self.pinned = true;
                return Ok(rest.to_owned());
            }
            "finding" if rest.is_empty() => return Err("has /finding without a title".into()),
            "finding" => self.finding = Some(rest.to_owned()),
            "abort" => self.abort = Some(rest.to_owned()),
            _ => return Err(unknown(word)),
        }
        Ok(String::new())
    }

    fn take_time(&mut self, rest: &str) -> Result<String, String> {
        let (time, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if time.is_empty() {
            return Err("has /t without a time, like 14:03 or -3m".into());
        }
        if self.at.is_some() {
            return Err("has /t twice; one note has one time".into());
        }
        self.at = Some(time.to_owned());
        Ok(words.trim().to_owned())
    }

    fn mark(&mut self, kind: ObservationKind, rest: &str) -> String {
        self.kind = Some(kind);
        rest.to_owned()
    }
}

fn unknown(word: &str) -> String {
    let known = || COMMANDS.iter().map(|(command, ..)| *command);
    let written = format!("/{word}");
    let near = did_you_mean(&written, known());
    let near = if near.is_empty() { format!("; known are {}", known().collect::<Vec<_>>().join(", ")) } else { near };
    let near = near.trim_end_matches('?');
    format!("has no command \"{written}\"{near}; write // for a plain slash")
}

/// The plan's checks as they are numbered on the page: by phase, then as planned.
pub fn numbered(identity: &Identity) -> Vec<&Check> {
    let mut checks: Vec<&Check> = identity.checks.iter().collect();
    checks.sort_by_key(|check| check.key.phase);
    checks
}

/// The check that is meant by a value of this moment; None for a measure that is no check's, or that of a check whose
/// time was over by then: what is seen once the fault began is no steady state of before. Otherwise a clause.
pub fn meant(facts: &RunFacts, of: &Of, at: Moment) -> Result<Option<CheckKey>, String> {
    let checks = numbered(&facts.identity);
    let measure = match of {
        Of::Number(number) => {
            let check = number.checked_sub(1).and_then(|place| checks.get(place));
            let no = || format!("has /check {number}, and the plan has {} checks", checks.len());
            return check.map(|check| Some(check.key.clone())).ok_or_else(no);
        }
        Of::Measure(measure) => measure,
    };
    let is_over = has_come(facts.fault_started, at);
    let named: Vec<&CheckKey> =
        measured(&checks, measure).filter(|key| key.phase != Phase::Before || !is_over).collect();
    let phase = phase(facts, at);
    let now: Vec<&CheckKey> = named.iter().copied().filter(|key| key.phase == phase).collect();
    match (named.as_slice(), now.as_slice()) {
        ([], _) => Ok(None),
        ([one], _) | (_, [one]) => Ok(Some((*one).clone())),
        _ => Err(format!("has /metric {measure}, which several checks measure; say which with /check and its number")),
    }
}

/// Why no check is meant by a measure, as a clause.
pub fn why_none(facts: &RunFacts, measure: &str) -> &'static str {
    if measured(&numbered(&facts.identity), measure).next().is_some() {
        "the plan looks at it only before the fault, and that has begun"
    } else {
        "the plan measures no such thing"
    }
}

/// The checks of a measure.
fn measured<'a>(checks: &[&'a Check], measure: &str) -> impl Iterator<Item = &'a CheckKey> {
    let keys = checks.iter().copied().map(|check| &check.key);
    keys.filter(move |key| key.measure.as_str().eq_ignore_ascii_case(measure))
}

/// The phase the run was in at a moment, as checks know it.
fn phase(facts: &RunFacts, at: Moment) -> Phase {
    if has_come(facts.fault_ended, at) {
        Phase::After
    } else if has_come(facts.fault_started, at) {
        Phase::During
    } else {
        Phase::Before
    }
}

/// Whether a change had come by then. Times of day are typed to the minute: what begins in that minute had.
fn has_come(change: Option<Moment>, at: Moment) -> bool {
    change.is_some_and(|change| change < at.plus_minutes(1))
}

/// The reason that the words behind `/abort` begin with.
pub fn abort_reason(words: &str) -> Option<AbortReason> {
    let words = words.trim().to_lowercase().replace([' ', '-'], "_");
    AbortReason::ALL.iter().copied().find(|reason| words.starts_with(reason.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed},
        id::{ExperimentId, RunId},
        text::Title,
    };

    fn value(of: Of, seen: &str) -> Vec<Valued> {
        vec![Valued { of, seen: seen.to_owned() }]
    }

    #[test]
    fn what_is_written_is_understood_as_this() {
        let plain = |text: &str| Composed { text: text.into(), ..Composed::default() };
        let measure = |name: &str| Of::Measure(name.into());
        let table = [
            ("zk-1 is down", plain("zk-1 is down")),
            ("see a/b and /c", plain("see a/b and /c")),
            ("//etc/hosts changed", plain("/etc/hosts changed")),
            ("one\n\n  two", plain("one\n\n  two")),
            ("/t 14:03 it came back", Composed { at: Some("14:03".into()), ..plain("it came back") }),
            ("it came back\n/t -3m", Composed { at: Some("-3m".into()), ..plain("it came back") }),
            ("/unexpected lag", Composed { kind: Some(ObservationKind::Unexpected), ..plain("lag") }),
            ("/question why", Composed { kind: Some(ObservationKind::Question), ..plain("why") }),
            ("/expected quiet", Composed { kind: Some(ObservationKind::Expected), ..plain("quiet") }),
            ("/PIN the turn", Composed { pinned: true, ..plain("the turn") }),
            ("/metric p99=412ms", Composed { values: value(measure("p99"), "412ms"), ..plain("") }),
            ("/metric a b = >= 3", Composed { values: value(measure("a b"), ">= 3"), ..plain("") }),
            ("/check 2 no data", Composed { values: value(Of::Number(2), "no data"), ..plain("") }),
            ("/finding Late alerts", Composed { finding: Some("Late alerts".into()), ..plain("") }),
            ("/abort", Composed { abort: Some(String::new()), ..plain("") }),
            ("odd\n/abort own effect", Composed { abort: Some("own effect".into()), ..plain("odd") }),
            (
                "/pin\n/t -1m\n/unexpected lag\n/check 1 failed",
                Composed {
                    at: Some("-1m".into()),
                    kind: Some(ObservationKind::Unexpected),
                    pinned: true,
                    values: value(Of::Number(1), "failed"),
                    ..plain("lag")
                },
            ),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, says) in [
            ("/unexpcted lag", "did you mean /unexpected; write // for a plain slash"),
            ("/var/log is full", "known are /t, /metric"),
            ("/", "has no command \"/\""),
            ("/t", "without a time"),
            ("/t -1m\n/t -2m", "twice"),
            ("/metric p99", "without a measure and a value"),
            ("/metric =4", "without a measure and a value"),
            ("/check held", "without a number and a result"),
            ("/check 0 held", "without a number and a result"),
            ("/check 2", "without a number and a result"),
            ("/finding", "without a title"),
        ] {
            let trouble = read(text).unwrap_err();
            assert!(trouble.contains(says), "{text}: {trouble}");
        }
    }

    #[test]
    fn what_nobody_typed_reads_as_itself() {
        for (text, expected) in [
            ("/bin/sh: 1: zkctl: not found", "/bin/sh: 1: zkctl: not found"),
            ("ended\n\n  /abort\n/check 1 held\n//x\n///", "ended\n\n/abort\n/check 1 held\n//x\n///"),
            ("a /t -3m\n  b", "a /t -3m\n  b"),
        ] {
            assert_eq!(read(&plain(text)), Ok(Composed { text: expected.into(), ..Composed::default() }), "{text}");
        }
    }

    fn run() -> RunFacts {
        let check = |measure: &str, phase: Phase, aggregate: Aggregate| Check {
            key: CheckKey { measure: Title::new(measure).unwrap(), phase, aggregate },
            allowed: Allowed::Holds,
            unit: None,
            window_ms: None,
        };
        let checks = vec![
            check("back", Phase::After, Aggregate::Every),
            check("gap", Phase::During, Aggregate::Max),
            check("gap", Phase::Before, Aggregate::Max),
            check("lag", Phase::During, Aggregate::Max),
            check("lag", Phase::During, Aggregate::P99),
        ];
        let identity = Identity { checks, ..Identity::default() };
        RunFacts::new(RunId::of(1), ExperimentId::of(1), 1, identity)
    }

    #[test]
    fn a_check_is_meant_by_its_number_or_by_the_phase_the_run_is_in() {
        let before = run();
        let at = Some(Moment::from_micros(0));
        let during = RunFacts { fault_started: at, ..run() };
        let measure = |name: &str| Of::Measure(name.into());
        let now = Moment::from_micros(0);
        let slot = |facts: &RunFacts, of: Of| meant(facts, &of, now).map(|key| key.map(|key| key.slot()));
        for (facts, of, expected) in [
            (&before, Of::Number(1), Some("gap|before|max")),
            (&before, Of::Number(5), Some("back|after|every")),
            (&before, measure("Gap"), Some("gap|before|max")),
            (&during, measure("gap"), Some("gap|during|max")),
            (&during, measure("back"), Some("back|after|every")),
            (&during, measure("p99"), None),
        ] {
            assert_eq!(slot(facts, of.clone()), Ok(expected.map(str::to_owned)), "{of:?}");
        }
        assert!(slot(&during, Of::Number(6)).unwrap_err().contains("the plan has 5 checks"));
        assert!(slot(&during, measure("lag")).unwrap_err().contains("several checks"));
    }

    #[test]
    fn what_is_seen_once_the_fault_began_is_no_steady_state_of_before() {
        let clients =
            CheckKey { measure: Title::new("clients").unwrap(), phase: Phase::Before, aggregate: Aggregate::Last };
        let mut planned = run();
        planned.plan_mut().checks.push(Check {
            key: clients.clone(),
            allowed: Allowed::Holds,
            unit: None,
            window_ms: None,
        });
        let at = Some(Moment::from_micros(0));
        let faulty = RunFacts { fault_started: at, ..planned.clone() };
        let over = RunFacts { fault_ended: at, ..faulty.clone() };
        let now = Moment::from_micros(0);
        let of = |facts: &RunFacts| meant(facts, &Of::Measure("clients".into()), now);
        assert_eq!(of(&planned), Ok(Some(clients)));
        for late in [&faulty, &over] {
            assert_eq!(of(late), Ok(None), "a note");
            assert!(why_none(late, "Clients").contains("only before the fault"));
        }
        assert!(why_none(&faulty, "p99").contains("no such thing"));
        let gap = meant(&over, &Of::Measure("gap".into()), now).map(|key| key.map(|key| key.slot()));
        assert_eq!(gap, Ok(Some("gap|during|max".to_owned())), "the one that is left");
    }

    #[test]
    fn a_value_of_an_earlier_moment_is_one_of_the_phase_of_then() {
        let at = |seconds: i64| Moment::from_micros(seconds * 1_000_000);
        let mut facts = run();
        facts.plan_mut().checks.push(Check {
            key: CheckKey { measure: Title::new("lag").unwrap(), phase: Phase::After, aggregate: Aggregate::Last },
            allowed: Allowed::Holds,
            unit: None,
            window_ms: None,
        });
        (facts.fault_started, facts.fault_ended) = (Some(at(600)), Some(at(1_200)));
        for (measure, seconds, expected) in [
            ("gap", 0, Some("gap|before|max")),
            ("gap", 540, Some("gap|before|max")),
            // A time of day that is typed says no seconds.
            ("gap", 541, Some("gap|during|max")),
            ("gap", 900, Some("gap|during|max")),
            ("gap", 1_300, Some("gap|during|max")),
            ("lag", 1_141, Some("lag|after|last")),
            ("lag", 900, None),
        ] {
            let key = meant(&facts, &Of::Measure(measure.into()), at(seconds));
            let slot = key.map(|key| key.map(|key| key.slot()));
            match expected {
                Some(expected) => assert_eq!(slot, Ok(Some(expected.to_owned())), "{measure} {seconds}"),
                None => assert!(slot.unwrap_err().contains("several checks"), "{measure} {seconds}"),
            }
        }
    }

    #[test]
    fn an_abort_may_begin_with_its_reason() {
        for (words, reason) in [
            ("own effect: the queue grows", Some(AbortReason::OwnEffect)),
            ("own-effect", Some(AbortReason::OwnEffect)),
            ("People are gone", Some(AbortReason::People)),
            ("the queue grows", None),
            ("", None),
        ] {
            assert_eq!(abort_reason(words), reason, "{words}");
        }
    }
}
