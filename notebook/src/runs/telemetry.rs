//! Whether telemetry told the truth about a run (product reference, section 3.5).

use super::facts::{Claimed, RunFacts, SignalSeen};
use crate::{
    answer::{Answer, Because},
    experiments::plan::{CheckKey, Expect, Outcome, Signal, vocabulary},
    text::Title,
    time::span_words,
};
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Worst first.
    Telemetry {
        BlindSpot = "blind_spot", "Blind spot";
        NoData = "no_data", "No data";
        FalseAlarm = "false_alarm", "False alarm";
        Agreed = "agreed", "Agreed";
    }
}

/// What happened for one check against what telemetry claimed about it.
pub fn telemetry_pair(run: &RunFacts, key: &CheckKey) -> Telemetry {
    let claimed = run.answer(key).and_then(|answer| {
        let (claimed, source) = answer.claimed.as_ref()?;
        are_independent(&answer.source, source).then_some(*claimed)
    });
    match (run.outcome(key), claimed) {
        (Outcome::Held, Some(Claimed::Ok)) | (Outcome::Failed, Some(Claimed::Failing)) => Telemetry::Agreed,
        (Outcome::Held, Some(Claimed::Failing)) => Telemetry::FalseAlarm,
        (Outcome::Failed, Some(Claimed::Ok)) => Telemetry::BlindSpot,
        (Outcome::Unknown, _) | (Outcome::Held | Outcome::Failed, None) => Telemetry::NoData,
    }
}

/// Two named sources that are not one: a source cannot vouch for itself.
fn are_independent(happened: &str, claimed: &str) -> bool {
    let (happened, claimed) = (happened.trim().to_lowercase(), claimed.trim().to_lowercase());
    !happened.is_empty() && !claimed.is_empty() && happened != claimed
}

/// What one signal did against what the plan expects of it. A time that lies across the limit is
/// no data, and so is one before the fault took effect: that alert was about something else.
pub fn telemetry_signal(run: &RunFacts, signal: &Signal) -> Telemetry {
    match (signal.expect, seen(run, signal)) {
        (_, None | Some(SignalSeen::NoData)) => Telemetry::NoData,
        (Expect::Fire { .. }, Some(SignalSeen::Silent)) => Telemetry::BlindSpot,
        (Expect::Silent { .. }, Some(SignalSeen::Silent)) => Telemetry::Agreed,
        (Expect::Fire { within_ms }, Some(SignalSeen::Fired { lo_ms, hi_ms })) => match (lo_ms, hi_ms) {
            (lo, hi) if lo > hi || lo < 0 => Telemetry::NoData,
            (_, hi) if hi <= within_ms => Telemetry::Agreed,
            (lo, _) if lo > within_ms => Telemetry::BlindSpot,
            _ => Telemetry::NoData,
        },
        (Expect::Silent { for_ms }, Some(SignalSeen::Fired { lo_ms, hi_ms })) => match (lo_ms, hi_ms) {
            (lo, hi) if lo > hi => Telemetry::NoData,
            (_, hi) if hi <= for_ms => Telemetry::FalseAlarm,
            (lo, _) if lo > for_ms => Telemetry::Agreed,
            _ => Telemetry::NoData,
        },
    }
}

/// Whether a signal that should have fired in time surely fired later.
pub fn is_late(run: &RunFacts, signal: &Signal) -> bool {
    let fired = matches!(seen(run, signal), Some(SignalSeen::Fired { .. }));
    matches!(signal.expect, Expect::Fire { .. }) && fired && telemetry_signal(run, signal) == Telemetry::BlindSpot
}

fn seen(run: &RunFacts, signal: &Signal) -> Option<SignalSeen> {
    run.signals.get(signal.signal.as_str()).map(|answer| answer.seen)
}

/// What a pair or a signal is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Check(CheckKey),
    Signal(Title),
}

/// One pair or signal with its answer, as a sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub about: About,
    pub is: Telemetry,
    pub says: String,
}

/// All pairs and signals, the worst first. A check enters once telemetry claimed something about it, or
/// once it failed: silence about a failure is not agreement.
fn told(run: &RunFacts) -> Vec<Told> {
    let pairs = run.identity.checks.iter().map(|check| &check.key).filter(|key| enters(run, key));
    let pairs = pairs.map(|key| Told {
        about: About::Check(key.clone()),
        is: telemetry_pair(run, key),
        says: pair_words(run, key),
    });
    let signals = run.identity.signals.iter().map(|signal| Told {
        about: About::Signal(signal.signal.clone()),
        is: telemetry_signal(run, signal),
        says: signal_words(run, signal),
    });
    let mut told: Vec<Told> = pairs.chain(signals).collect();
    told.sort_by_key(|told| told.is);
    told
}

/// The telemetry gaps that a run proposes as findings, the worst first: everything but agreement. Nothing is
/// proposed before the fault; and what nobody answered yet is a gap once the run has ended.
pub fn telemetry_gaps(run: &RunFacts) -> Vec<Told> {
    let is_answered = |told: &Told| match &told.about {
        About::Check(key) => run.answer(key).is_some(),
        About::Signal(signal) => run.signals.contains_key(signal.as_str()),
    };
    let is_gap = |told: &Told| told.is != Telemetry::Agreed && (run.ended.is_some() || is_answered(told));
    if run.fault_started.is_none() { Vec::new() } else { told(run).into_iter().filter(is_gap).collect() }
}

/// The run's answer: the worst of all pairs and signals.
pub fn telemetry(run: &RunFacts) -> Answer<Telemetry> {
    let told = told(run);
    let Some(worst) = told.first().map(|told| told.is) else {
        return Answer::new(
            Telemetry::NoData,
            run.id,
            "Telemetry claimed nothing about any check, and the plan expects no signal.",
        );
    };
    Answer {
        is: worst,
        because: told.into_iter().map(|told| Because { of: run.id.to_string(), says: told.says }).collect(),
    }
}

fn enters(run: &RunFacts, key: &CheckKey) -> bool {
    run.answer(key).is_some_and(|answer| answer.claimed.is_some()) || run.outcome(key) == Outcome::Failed
}

fn pair_words(run: &RunFacts, key: &CheckKey) -> String {
    let name = format!("the check {} ({}, {})", key.measure, key.phase.word(), key.aggregate.label());
    let answer = run.answer(key);
    let Some((claimed, source)) = answer.and_then(|answer| answer.claimed.as_ref()) else {
        return format!("No data: {name} failed, and telemetry claimed nothing about it.");
    };
    let claimed = match claimed {
        Claimed::Ok => "ok",
        Claimed::Failing => "failing",
    };
    if !answer.is_some_and(|answer| are_independent(&answer.source, source)) {
        return format!("No data: for {name}, what happened and what telemetry claimed come from one source.");
    }
    let happened = match run.outcome(key) {
        Outcome::Held => "held",
        Outcome::Failed => "failed",
        Outcome::Unknown => "is unclear",
    };
    format!(
        "{}: {name} {happened}, and telemetry claimed {claimed} ({}).",
        telemetry_pair(run, key).label(),
        source.trim()
    )
}

fn signal_words(run: &RunFacts, signal: &Signal) -> String {
    let name = &signal.signal;
    let did = match seen(run, signal) {
        None => "is not answered".to_owned(),
        Some(SignalSeen::NoData) => "has no data".to_owned(),
        Some(seen @ (SignalSeen::Silent | SignalSeen::Fired { .. })) => seen.words(),
    };
    let expected = match signal.expect {
        Expect::Fire { within_ms } => {
            format!("firing within {} was expected", span_words(within_ms))
        }
        Expect::Silent { for_ms } => format!("silence for {} was expected", span_words(for_ms)),
    };
    let late = if is_late(run, signal) { ", late" } else { "" };
    let told = run.signals.get(name.as_str()).and_then(|answer| answer.told.as_ref());
    let why = told.map(|says| format!(" By Alertmanager: {says}.")).unwrap_or_default();
    format!("{}{late}: the signal {name} {did}; {expected}.{why}", telemetry_signal(run, signal).label())
}

/// Milliseconds from the fault's effect to the first truthful signal, somewhere in (lo, hi): the
/// earliest of those that the plan expects to fire, and of the abort conditions that readings showed to
/// be reached. None if there was none of them.
pub fn detection_delay_ms(run: &RunFacts) -> Option<(i64, i64)> {
    let expected = run.identity.signals.iter().filter(|signal| matches!(signal.expect, Expect::Fire { .. }));
    let fired = expected.filter_map(|signal| match seen(run, signal)? {
        SignalSeen::Fired { lo_ms, hi_ms } if 0 <= lo_ms && lo_ms <= hi_ms => Some((lo_ms, hi_ms)),
        SignalSeen::Fired { .. } | SignalSeen::Silent | SignalSeen::NoData => None,
    });
    let reached = run.reached.iter().filter_map(|reached| {
        let began = run.fault_started.filter(|began| *began <= reached.at)?;
        Some((reached.after.ms_since(began).max(0), reached.at.ms_since(began)))
    });
    fired.chain(reached).reduce(|(lo, hi), (other_lo, other_hi)| (lo.min(other_lo), hi.min(other_hi)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Measured, Phase},
        runs::{
            facts::Reached,
            sample::{self, check, gap, number, title},
        },
    };

    use Telemetry::{Agreed, BlindSpot, FalseAlarm, NoData};

    #[test]
    fn every_cell_of_the_table_gives_its_answer() {
        let held = || sample::run(1).measured(&gap(), "38");
        let failed = || sample::run(1).measured(&gap(), "300");
        let unknown = || sample::run(1).measured_within(&gap(), "38", "300");
        for (run, claimed, is) in [
            (held(), Some(Claimed::Ok), Agreed),
            (held(), Some(Claimed::Failing), FalseAlarm),
            (held(), None, NoData),
            (failed(), Some(Claimed::Ok), BlindSpot),
            (failed(), Some(Claimed::Failing), Agreed),
            (failed(), None, NoData),
            (unknown(), Some(Claimed::Ok), NoData),
            (unknown(), Some(Claimed::Failing), NoData),
            (unknown(), None, NoData),
        ] {
            let run = match claimed {
                Some(claimed) => run.claiming(&gap(), claimed),
                None => run.claiming_nothing(&gap()),
            };
            assert_eq!(telemetry_pair(&run, &gap()), is, "{:?} {claimed:?}", run.outcome(&gap()));
            // A signal that agrees hides no cell, except one that nobody claimed anything about.
            let whole = if run.outcome(&gap()) != Outcome::Failed && claimed.is_none() { Agreed } else { is };
            assert_eq!(telemetry(&run).is, whole, "{:?} {claimed:?}", run.outcome(&gap()));
            let mut alone = run.clone();
            alone.plan_mut().signals.clear();
            assert_eq!(telemetry(&alone).is, is, "{:?} {claimed:?}", run.outcome(&gap()));
        }
    }

    #[test]
    fn one_source_for_both_is_no_data() {
        let mut run = sample::run(1).measured(&gap(), "300");
        for (happened, claimed, is) in [
            ("synthetic check", "dashboard", BlindSpot),
            ("Dashboard", " dashboard ", NoData),
            ("ÜBERSICHT", "übersicht", NoData),
            ("dashboard", "dashboard 2", BlindSpot),
            ("", "dashboard", NoData),
            ("synthetic check", " ", NoData),
        ] {
            run = run.claiming_from(&gap(), Claimed::Ok, claimed);
            run.checks.get_mut(&gap().slot()).unwrap().source = happened.into();
            assert_eq!(telemetry_pair(&run, &gap()), is, "{happened:?} {claimed:?}");
            assert_eq!(telemetry(&run).is, is, "{happened:?} {claimed:?}");
        }
    }

    #[test]
    fn signals_are_judged_by_what_the_plan_expects() {
        let fired = |lo_ms, hi_ms| Some(SignalSeen::Fired { lo_ms, hi_ms });
        let (fire, silent) = (Expect::Fire { within_ms: 120_000 }, Expect::Silent { for_ms: 120_000 });
        for (expect, seen, is, late) in [
            (fire, fired(70_000, 70_000), Agreed, false),
            (fire, fired(0, 120_000), Agreed, false),
            (fire, fired(120_001, 120_001), BlindSpot, true),
            (fire, fired(120_001, 600_000), BlindSpot, true),
            (fire, fired(120_000, 120_001), NoData, false),
            (fire, fired(-5_000, 5_000), NoData, false),
            (fire, fired(9, 8), NoData, false),
            (fire, Some(SignalSeen::Silent), BlindSpot, false),
            (fire, Some(SignalSeen::NoData), NoData, false),
            (fire, None, NoData, false),
            (silent, Some(SignalSeen::Silent), Agreed, false),
            (silent, fired(0, 0), FalseAlarm, false),
            (silent, fired(70_000, 120_000), FalseAlarm, false),
            (silent, fired(120_001, 120_001), Agreed, false),
            (silent, fired(120_000, 120_001), NoData, false),
            (silent, fired(9, 8), NoData, false),
            (silent, Some(SignalSeen::NoData), NoData, false),
            (silent, None, NoData, false),
        ] {
            let mut run = sample::run(1).with_signal("disk-full", expect);
            if let Some(seen) = seen {
                run = run.signalled("disk-full", seen);
            }
            let signal = Signal { signal: title("disk-full"), expect };
            assert_eq!((telemetry_signal(&run, &signal), is_late(&run, &signal)), (is, late), "{expect:?} {seen:?}");
            // The other signal and the check agree, so the run's answer is this one's.
            assert_eq!(telemetry(&run).is, is, "{expect:?} {seen:?}");
        }
    }

    #[test]
    fn the_worst_answer_comes_first() {
        let words: Vec<_> = Telemetry::ALL.iter().map(|telemetry| telemetry.word()).collect();
        assert_eq!(words, ["blind_spot", "no_data", "false_alarm", "agreed"]);
        assert!(Telemetry::ALL.is_sorted());

        let agreed = sample::run(1);
        assert_eq!(telemetry(&agreed).is, Agreed);
        let alarm = agreed.claiming(&gap(), Claimed::Failing);
        assert_eq!(telemetry(&alarm).is, FalseAlarm);
        let dead =
            alarm.with_signal("disk-full", Expect::Silent { for_ms: 1 }).signalled("disk-full", SignalSeen::NoData);
        assert_eq!(telemetry(&dead).is, NoData);
        let blind = dead.signalled("zookeeper-down", SignalSeen::Fired { lo_ms: 130_000, hi_ms: 140_000 });
        let answer = telemetry(&blind);
        assert_eq!(answer.is, BlindSpot);
        let says: Vec<_> = answer.because.iter().map(|because| because.says.as_str()).collect();
        let expected = [
            "Blind spot, late: the signal zookeeper-down fired after 2 min 10 s to 2 min 20 s; firing within 2 min was expected.",
            "No data: the signal disk-full has no data; silence for 1 ms was expected.",
            "False alarm: the check alert-gap (during, largest) held, and telemetry claimed failing (dashboard).",
        ];
        assert_eq!(says, expected);
    }

    #[test]
    fn a_held_check_without_claim_stays_out_and_a_failed_one_does_not() {
        let clients = check("clients", Phase::After, Aggregate::Last, Allowed::Holds);
        let held = sample::run(1).with_check(clients.clone()).happened(&clients.key, Measured::Said { held: true });
        assert_eq!(telemetry(&held).is, Agreed);
        let failed = held.happened(&clients.key, Measured::Said { held: false });
        assert_eq!(telemetry(&failed).is, NoData);
    }

    #[test]
    fn without_any_pair_or_signal_there_is_no_data() {
        let mut run = sample::run(1).claiming_nothing(&gap());
        run.plan_mut().signals.clear();
        assert_eq!(telemetry(&run).is, NoData);
        run.plan_mut().checks.clear();
        assert_eq!(telemetry(&run).is, NoData);
    }

    #[test]
    fn everything_but_agreement_is_a_gap_once_it_is_known() {
        let run = sample::run(1).claiming(&gap(), Claimed::Ok);
        assert_eq!(telemetry_gaps(&run), []);
        let clients = check("clients", Phase::After, Aggregate::Last, Allowed::Holds);
        let run = run
            .with_check(clients.clone())
            .happened(&clients.key, Measured::Said { held: false })
            .with_signal("disk-full", Expect::Silent { for_ms: 120_000 })
            .signalled("disk-full", SignalSeen::Fired { lo_ms: 5_000, hi_ms: 5_000 })
            .with_signal("clients-lost", Expect::Fire { within_ms: 1_000 })
            .signalled("zookeeper-down", SignalSeen::Silent);
        let gaps = |run: &RunFacts| -> Vec<(Telemetry, About)> {
            telemetry_gaps(run).into_iter().map(|told| (told.is, told.about)).collect()
        };
        let signal = |name: &str| About::Signal(title(name));
        let ended = [
            (BlindSpot, signal("zookeeper-down")),
            (NoData, About::Check(clients.key)),
            (NoData, signal("clients-lost")),
            (FalseAlarm, signal("disk-full")),
        ];
        assert_eq!(gaps(&run), ended);
        // Nobody answered for clients-lost yet, and there is time.
        let mut goes_on = run.clone();
        goes_on.ended = None;
        let known: Vec<(Telemetry, About)> = ended.into_iter().filter(|gap| gap.1 != signal("clients-lost")).collect();
        assert_eq!(gaps(&goes_on), known);
        let before = RunFacts { fault_started: None, ..run };
        assert_eq!(telemetry_gaps(&before), []);
    }

    #[test]
    fn what_alerts_told_stands_in_the_reason() {
        let mut run = sample::run(1);
        let answer = run.signals.get_mut("zookeeper-down").unwrap();
        answer.told = Some("ZooKeeperDown began to fire 1 min 10 s after the fault and was told 12 s later".into());
        let says: Vec<String> = telemetry(&run).because.into_iter().map(|because| because.says).collect();
        let end = "expected. By Alertmanager: ZooKeeperDown began to fire 1 min 10 s after the fault and was told 12 s later.";
        assert!(says.iter().any(|says| says.ends_with(end)), "{says:?}");
    }

    #[test]
    fn a_bound_that_moves_moves_the_pair() {
        let run = sample::run(1).measured(&gap(), "45").claiming(&gap(), Claimed::Ok);
        assert_eq!(telemetry_pair(&run, &gap()), Agreed);
        let mut tighter = run;
        tighter.plan_mut().checks[0].allowed = Allowed::AtMost(number("30"));
        assert_eq!(telemetry_pair(&tighter, &gap()), BlindSpot);
    }

    #[test]
    fn detection_takes_until_the_first_signal_that_should_fire() {
        let run = sample::run(1);
        assert_eq!(detection_delay_ms(&run), Some((70_000, 70_000)));
        let several = run
            .with_signal("clients-lost", Expect::Fire { within_ms: 1_000 })
            .signalled("clients-lost", SignalSeen::Fired { lo_ms: 60_000, hi_ms: 90_000 })
            .with_signal("disk-full", Expect::Silent { for_ms: 1 })
            .signalled("disk-full", SignalSeen::Fired { lo_ms: 5, hi_ms: 5 });
        assert_eq!(detection_delay_ms(&several), Some((60_000, 70_000)));
        let unseen =
            several.signalled("zookeeper-down", SignalSeen::Silent).signalled("clients-lost", SignalSeen::NoData);
        assert_eq!(detection_delay_ms(&unseen), None);
    }

    #[test]
    fn the_first_reached_condition_detects_like_a_signal() {
        let began = sample::run(1).fault_started.unwrap();
        let after = |seconds: i64| began.plus_micros(seconds * 1_000_000);
        let reached =
            |from: i64, to: i64| Reached { condition: title("orders fail"), at: after(to), after: after(from) };
        for (conditions, fired, is) in [
            (vec![reached(25, 40)], None, Some((25_000, 40_000))),
            (vec![reached(25, 40)], Some(70_000), Some((25_000, 40_000))),
            (vec![reached(25, 40)], Some(30_000), Some((25_000, 30_000))),
            (vec![reached(50, 60), reached(25, 90)], None, Some((25_000, 60_000))),
            (vec![reached(-5, 10)], None, Some((0, 10_000))),
            (vec![reached(-20, -5)], None, None),
        ] {
            let mut run = RunFacts { reached: conditions, ..sample::run(1) };
            run.signals.clear();
            let run = match fired {
                Some(ms) => run.signalled("zookeeper-down", SignalSeen::Fired { lo_ms: ms, hi_ms: ms }),
                None => run,
            };
            assert_eq!(detection_delay_ms(&run), is, "{:?}", run.reached);
        }
    }
}
