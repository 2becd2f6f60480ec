//! The checks and signals of a run's plan, for choosing the one that reveals a finding.

use notebook::experiments::plan::{Check, Outcome, Signal};
use notebook::experiments::words::{check_label, check_words, signal_words};
use notebook::fixes::Revealing;
use notebook::runs::facts::RunFacts;
use notebook::runs::telemetry::{About, Telemetry, telemetry_pair, telemetry_signal};

/// How near something is to being what a finding is about; nearer ones stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    WentWrong,
    Unknown,
    WentWell,
}

struct Offered {
    nearness: Nearness,
    value: String,
    words: String,
}

/// Value and words of each, what went wrong first; then "none".
pub fn options(run: &RunFacts) -> Vec<(String, String)> {
    let none = (String::new(), "None of these: until a check reveals it, no rerun can verify a fix".to_owned());
    ordered(run).into_iter().map(|option| (option.value, option.words)).chain([none]).collect()
}

/// What to begin with: the first that went wrong, if anything did.
pub fn first_that_went_wrong(run: &RunFacts) -> String {
    let first = ordered(run).into_iter().next().filter(|option| option.nearness == Nearness::WentWrong);
    first.map(|option| option.value).unwrap_or_default()
}

fn ordered(run: &RunFacts) -> Vec<Offered> {
    let checks = run.identity.checks.iter().map(|check| of_check(run, check));
    let signals = run.identity.signals.iter().map(|signal| of_signal(run, signal));
    let mut options: Vec<Offered> = checks.chain(signals).collect();
    options.sort_by_key(|option| option.nearness);
    options
}

fn of_check(run: &RunFacts, check: &Check) -> Offered {
    let pair = telemetry_pair(run, &check.key);
    let nearness = match run.outcome(&check.key) {
        Outcome::Failed => Nearness::WentWrong,
        Outcome::Held if pair == Telemetry::FalseAlarm => Nearness::WentWrong,
        Outcome::Held => Nearness::WentWell,
        Outcome::Unknown => Nearness::Unknown,
    };
    Offered { nearness, value: value_of(&Revealing::Check(check.key.clone())), words: check_in_run(run, check) }
}

fn of_signal(run: &RunFacts, signal: &Signal) -> Offered {
    let nearness = match telemetry_signal(run, signal) {
        Telemetry::BlindSpot | Telemetry::FalseAlarm => Nearness::WentWrong,
        Telemetry::NoData => Nearness::Unknown,
        Telemetry::Agreed => Nearness::WentWell,
    };
    Offered { nearness, value: value_of(&Revealing::Signal(signal.signal.clone())), words: signal_in_run(run, signal) }
}

/// "alert-gap, during, largest ≤ 60 s: failed (300–600 s), telemetry blind spot".
fn check_in_run(run: &RunFacts, check: &Check) -> String {
    let outcome = match run.outcome(&check.key) {
        Outcome::Held => "held",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
    };
    let seen = run.answer(&check.key).map(|answer| format!(" ({})", answer.happened.words(check.unit.as_deref())));
    let telemetry = match telemetry_pair(run, &check.key) {
        Telemetry::NoData => String::new(),
        pair => format!(", telemetry {}", pair.label().to_lowercase()),
    };
    format!("{} {}: {outcome}{}{telemetry}", check_label(check), check_words(check), seen.unwrap_or_default())
}

fn signal_in_run(run: &RunFacts, signal: &Signal) -> String {
    let telemetry = telemetry_signal(run, signal).label().to_lowercase();
    format!("signal {} {}: {telemetry}", signal.signal, signal_words(signal))
}

/// What a form sends for it.
pub fn value_of(revealing: &Revealing) -> String {
    match revealing {
        Revealing::Check(key) => format!("check:{}", key.slot()),
        Revealing::Signal(name) => format!("signal:{name}"),
    }
}

/// What shows a telemetry gap.
pub fn of_gap(about: &About) -> Revealing {
    match about {
        About::Check(key) => Revealing::Check(key.clone()),
        About::Signal(signal) => Revealing::Signal(signal.clone()),
    }
}

/// With its outcome in the origin run, where that is known.
pub fn words(revealing: &Revealing, origin: Option<&RunFacts>) -> String {
    let in_run = origin.and_then(|run| match revealing {
        Revealing::Check(key) => run.identity.check(key).map(|check| check_in_run(run, check)),
        Revealing::Signal(name) => {
            run.identity.signals.iter().find(|signal| signal.signal == *name).map(|signal| signal_in_run(run, signal))
        }
    });
    in_run.unwrap_or_else(|| match revealing {
        Revealing::Check(key) => format!("{}, {}, {}", key.measure, key.phase.word(), key.aggregate.label()),
        Revealing::Signal(name) => format!("signal {name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::experiments::plan::{Aggregate, Allowed, CheckKey, Identity, Measured, Phase};
    use notebook::id::Id;
    use notebook::runs::facts::{CheckAnswer, Claimed};
    use notebook::text::Title;
    use notebook::time::Moment;

    fn key(measure: &str) -> CheckKey {
        CheckKey { measure: Title::new(measure).unwrap(), phase: Phase::During, aggregate: Aggregate::Every }
    }

    fn run(answers: &[(&str, Option<bool>)]) -> RunFacts {
        let mut identity = Identity::default();
        for (measure, _) in answers {
            identity.checks.push(Check { key: key(measure), allowed: Allowed::Holds, unit: None, window_ms: None });
        }
        let mut facts = RunFacts::new(Id::of(1), Id::of(1), 1, identity);
        for (measure, held) in answers.iter().filter_map(|(measure, held)| Some((measure, (*held)?))) {
            let answer = CheckAnswer {
                key: key(measure),
                happened: Measured::Said { held },
                source: "customer count".into(),
                claimed: Some((Claimed::Ok, "dashboard".into())),
                at: Moment::from_micros(0),
            };
            facts.checks.insert(answer.key.slot(), answer);
        }
        facts
    }

    #[test]
    fn what_failed_stands_first_and_none_last() {
        let facts = run(&[("held", Some(true)), ("open", None), ("broke", Some(false))]);
        let shown = options(&facts);
        let values: Vec<&str> = shown.iter().map(|(value, _)| value.as_str()).collect();
        let slots = ["broke", "open", "held"].map(|measure| format!("check:{}", key(measure).slot()));
        assert_eq!(values, [slots[0].as_str(), &slots[1], &slots[2], ""]);
        assert!(shown[0].1.ends_with("failed (did not hold), telemetry blind spot"), "{}", shown[0].1);
        assert_eq!(first_that_went_wrong(&facts), slots[0]);
    }

    #[test]
    fn nothing_is_chosen_where_nothing_went_wrong() {
        assert_eq!(first_that_went_wrong(&run(&[("held", Some(true))])), "");
        assert_eq!(first_that_went_wrong(&run(&[("open", None)])), "");
    }
}
