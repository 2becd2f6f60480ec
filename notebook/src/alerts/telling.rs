//! What alerts say of one signal (product reference, section 3.5): when it fired, that it stayed silent while
//! its source was alive, or that there is no data. Order and repetition of what was heard change nothing.

use serde::Serialize;

use super::{Alert, hearing::Hearing};
use crate::{
    experiments::plan::Expect,
    limits::ALERTS_OF_RUN_MAX,
    runs::facts::{RunFacts, SignalSeen},
    time::{Moment, span_words},
};

/// What the alerts that fit a signal amount to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    Says {
        seen: SignalSeen,
        /// When that was so.
        at: Moment,
        /// Why, as a clause.
        says: String,
    },
    /// Nothing can be said yet; why, as a clause.
    Waits { says: String },
}

/// From when to when a run looks at alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    pub fault: Moment,
    /// None while it goes on.
    pub ended: Option<Moment>,
    pub now: Moment,
}

impl Looks {
    /// None before the fault.
    pub fn of(run: &RunFacts, now: Moment) -> Option<Self> {
        Some(Self { fault: run.fault_started?, ended: run.ended, now })
    }
}

/// The alerts that fit a signal, in the run's environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitting {
    pub alerts: Vec<Alert>,
    /// False where there are more than are looked at: the one that decides may be among the others.
    pub is_whole: bool,
}

impl Fitting {
    pub fn telling(&self, expect: Expect, looks: Looks, heard: &[Hearing]) -> Telling {
        if self.is_whole {
            return telling(expect, looks, &self.alerts.iter().collect::<Vec<_>>(), heard);
        }
        let says = format!("more than {ALERTS_OF_RUN_MAX} alerts fired around it, and not all were looked at");
        Telling::Says { seen: SignalSeen::NoData, at: looks.fault, says }
    }
}

fn telling(expect: Expect, looks: Looks, alerts: &[&Alert], heard: &[Hearing]) -> Telling {
    let end = looks.fault.plus_micros(time_ms(expect).saturating_mul(1_000));
    let before = alerts.iter().filter(|alert| was_firing(alert, alerts, looks.fault));
    if let Some(alert) = before.min_by_key(|alert| by_time(alert)) {
        let says = format!("{} was firing already when the fault began", alert.name);
        return Telling::Says { seen: SignalSeen::NoData, at: looks.fault, says };
    }
    let last = match expect {
        // Late is late as long as the run goes on.
        Expect::Fire { .. } => end.max(looks.ended.unwrap_or(looks.now)),
        Expect::Silent { .. } => end,
    };
    let within = |alert: &&&Alert| (looks.fault..=last).contains(&alert.fired_at());
    match alerts.iter().filter(within).min_by_key(|alert| by_time(alert)) {
        Some(alert) => fired(alert, looks.fault),
        None => silent(expect, looks, end, heard),
    }
}

fn time_ms(expect: Expect) -> i64 {
    match expect {
        Expect::Fire { within_ms } => within_ms,
        Expect::Silent { for_ms } => for_ms,
    }
}

fn by_time(alert: &Alert) -> (Moment, Moment, String) {
    (alert.fired_at(), alert.received_at, alert.fingerprint.to_string())
}

/// Whether it fired when the fault began, as far as anybody knows: silence is no end, but the same alert that
/// fires anew had ended.
fn was_firing(alert: &Alert, all: &[&Alert], fault: Moment) -> bool {
    let anew = all.iter().any(|other| {
        other.fingerprint == alert.fingerprint && other.starts_at > alert.starts_at && other.fired_at() <= fault
    });
    alert.fired_at() < fault && !anew && alert.ended_at.is_none_or(|ended| ended > fault)
}

fn fired(alert: &Alert, fault: Moment) -> Telling {
    let (at, told) = (alert.fired_at(), alert.received_at);
    let after_ms = at.ms_since(fault);
    let says = format!(
        "{} began to fire {} after the fault and was told {} later",
        alert.name,
        span_words(after_ms),
        span_words(told.ms_since(at).max(0))
    );
    Telling::Says { seen: SignalSeen::Fired { lo_ms: after_ms, hi_ms: after_ms }, at, says }
}

fn silent(expect: Expect, looks: Looks, end: Moment, heard: &[Hearing]) -> Telling {
    let span = span_words(time_ms(expect));
    if looks.now < end {
        return Telling::Waits { says: format!("no alert that fits has fired so far, and {span} are not over") };
    }
    if heard.iter().all(|hearing| hearing.until < end) {
        let says = format!("no alert that fits is known, and nothing was heard of Alertmanager since {span} were over");
        return Telling::Waits { says };
    }
    let (seen, says) = if heard.iter().any(|hearing| hearing.covers(looks.fault, end)) {
        let says =
            format!("no alert that fits fired for {span}, and Alertmanager was heard of before, meanwhile and after");
        (SignalSeen::Silent, says)
    } else {
        let says = format!("no alert that fits is known, but for a part of {span} nothing was heard of Alertmanager");
        (SignalSeen::NoData, says)
    };
    Telling::Says { seen, at: end, says }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, option, prelude::*};

    use super::*;
    use crate::{alerts::Body, text::Title};

    const FIRE: Expect = Expect::Fire { within_ms: 120_000 };
    const SILENT: Expect = Expect::Silent { for_ms: 120_000 };

    /// So many seconds after the fault.
    fn at(seconds: i64) -> Moment {
        Moment::parse("2026-11-02T10:00:00Z").unwrap().plus_micros(seconds * 1_000_000)
    }

    fn looks(ended: Option<i64>, now: i64) -> Looks {
        Looks { fault: at(0), ended: ended.map(at), now: at(now) }
    }

    fn alert(fingerprint: &str, starts: i64, ended: Option<i64>, received: i64) -> Alert {
        Alert {
            number: 1,
            environment: None,
            service: None,
            fingerprint: Title::new(fingerprint).unwrap(),
            name: Title::new("ZooKeeperDown").unwrap(),
            body: Body::default(),
            starts_at: at(starts),
            ended_at: ended.map(at),
            received_at: at(received),
        }
    }

    fn heard(stretches: &[(i64, i64)]) -> Vec<Hearing> {
        stretches.iter().map(|(since, until)| Hearing { since: at(*since), until: at(*until) }).collect()
    }

    fn seen(expect: Expect, looks: Looks, alerts: &[Alert], heard: &[Hearing]) -> Option<SignalSeen> {
        let alerts: Vec<&Alert> = alerts.iter().collect();
        match telling(expect, looks, &alerts, heard) {
            Telling::Says { seen, .. } => Some(seen),
            Telling::Waits { .. } => None,
        }
    }

    const fn fired_ms(ms: i64) -> SignalSeen {
        SignalSeen::Fired { lo_ms: ms, hi_ms: ms }
    }

    #[test]
    fn an_alert_fires_when_it_began_and_not_when_it_was_told() {
        let always = heard(&[(-600, 900)]);
        for (alerts, fire, silent) in [
            (vec![alert("a", 70, None, 100)], Some(fired_ms(70_000)), Some(fired_ms(70_000))),
            (vec![alert("a", 120, None, 400)], Some(fired_ms(120_000)), Some(fired_ms(120_000))),
            (vec![alert("a", 121, None, 400)], Some(fired_ms(121_000)), Some(SignalSeen::Silent)),
            (vec![alert("a", 70, Some(80), 400)], Some(fired_ms(70_000)), Some(fired_ms(70_000))),
            (vec![alert("a", 90, None, 91), alert("b", 70, None, 400)], Some(fired_ms(70_000)), Some(fired_ms(70_000))),
            // Its clock is ahead of ours: it did not fire after it was told.
            (vec![alert("a", 200, None, 100)], Some(fired_ms(100_000)), Some(fired_ms(100_000))),
            (vec![alert("a", 0, None, 30)], Some(fired_ms(0)), Some(fired_ms(0))),
            (vec![], Some(SignalSeen::Silent), Some(SignalSeen::Silent)),
        ] {
            assert_eq!(seen(FIRE, looks(None, 900), &alerts, &always), fire, "{alerts:?}");
            assert_eq!(seen(SILENT, looks(None, 900), &alerts, &always), silent, "{alerts:?}");
        }
    }

    #[test]
    fn what_was_firing_before_the_fault_says_nothing_of_it() {
        let always = heard(&[(-600, 900)]);
        for (alerts, expected) in [
            (vec![alert("a", -60, None, -30)], Some(SignalSeen::NoData)),
            (vec![alert("a", -60, Some(10), -30)], Some(SignalSeen::NoData)),
            (vec![alert("a", -60, Some(0), -30)], Some(SignalSeen::Silent)),
            (vec![alert("a", -60, Some(-20), -30)], Some(SignalSeen::Silent)),
            // Nobody told that it ended; it must have, since it began anew.
            (vec![alert("a", -60, None, -30), alert("a", -40, Some(-20), -10)], Some(SignalSeen::Silent)),
            (vec![alert("a", -60, None, -30), alert("b", -40, Some(-20), -10)], Some(SignalSeen::NoData)),
            // It began anew after the fault: when it had ended, nobody knows.
            (vec![alert("a", -60, None, -30), alert("a", 40, None, 50)], Some(SignalSeen::NoData)),
        ] {
            for expect in [FIRE, SILENT] {
                assert_eq!(seen(expect, looks(None, 900), &alerts, &always), expected, "{alerts:?}");
            }
        }
    }

    #[test]
    fn silence_counts_only_while_its_source_was_heard_of() {
        for (stretches, now, expected) in [
            (vec![(-60, 120)], 130, Some(SignalSeen::Silent)),
            (vec![(0, 600)], 600, Some(SignalSeen::Silent)),
            // Its time is not over.
            (vec![(-60, 119)], 119, None),
            // Nothing was heard since.
            (vec![(-60, 119)], 900, None),
            (vec![], 900, None),
            // There was a break, or it was heard of too late.
            (vec![(-60, 30), (110, 600)], 900, Some(SignalSeen::NoData)),
            (vec![(1, 600)], 900, Some(SignalSeen::NoData)),
            (vec![(700, 800)], 900, Some(SignalSeen::NoData)),
        ] {
            for expect in [FIRE, SILENT] {
                assert_eq!(seen(expect, looks(None, now), &[], &heard(&stretches)), expected, "{stretches:?} {now}");
            }
        }
    }

    #[test]
    fn what_is_not_looked_at_may_be_what_fired() {
        let always = heard(&[(-600, 900)]);
        for (alerts, expect) in [(vec![], SILENT), (vec![], FIRE), (vec![alert("a", 70, None, 100)], FIRE)] {
            let part = Fitting { alerts, is_whole: false };
            let Telling::Says { seen, says, .. } = part.telling(expect, looks(None, 900), &always) else {
                panic!("{part:?}")
            };
            assert_eq!(seen, SignalSeen::NoData, "{part:?}");
            assert!(says.contains("not all were looked at"), "{says}");
        }
    }

    #[test]
    fn late_is_late_until_the_run_ends() {
        let late = [alert("a", 500, None, 501)];
        let always = heard(&[(-600, 900)]);
        assert_eq!(seen(FIRE, looks(Some(600), 900), &late, &always), Some(fired_ms(500_000)));
        assert_eq!(seen(FIRE, looks(Some(400), 900), &late, &always), Some(SignalSeen::Silent));
        // A short run does not shorten the time that its signals have.
        assert_eq!(seen(FIRE, looks(Some(60), 900), &[alert("a", 100, None, 101)], &always), Some(fired_ms(100_000)));
    }

    #[test]
    fn each_answer_says_why() {
        let says = |alerts: &[Alert], stretches: &[(i64, i64)], now| {
            let alerts: Vec<&Alert> = alerts.iter().collect();
            match telling(FIRE, looks(None, now), &alerts, &heard(stretches)) {
                Telling::Says { says, .. } | Telling::Waits { says } => says,
            }
        };
        for (alerts, stretches, now, expected) in [
            (
                vec![alert("a", 70, None, 82)],
                vec![],
                90,
                "ZooKeeperDown began to fire 1 min 10 s after the fault and was told 12 s later",
            ),
            (vec![alert("a", -5, None, -1)], vec![], 90, "ZooKeeperDown was firing already when the fault began"),
            (vec![], vec![(-9, 80)], 90, "no alert that fits has fired so far, and 2 min are not over"),
            (vec![], vec![(-9, 80)], 900, "nothing was heard of Alertmanager since 2 min were over"),
            (vec![], vec![(-9, 800)], 900, "Alertmanager was heard of before, meanwhile and after"),
            (vec![], vec![(60, 800)], 900, "for a part of 2 min nothing was heard of Alertmanager"),
        ] {
            let said = says(&alerts, &stretches, now);
            assert!(said.contains(expected), "{said}");
        }
    }

    fn any_alert() -> impl Strategy<Value = Alert> {
        ("[ab]", -300_i64..300, option::of(0_i64..200), -300_i64..600).prop_map(|(name, starts, lasts, received)| {
            alert(&name, starts, lasts.map(|lasts| starts + lasts), received)
        })
    }

    fn any_heard() -> impl Strategy<Value = Vec<Hearing>> {
        collection::vec((-600_i64..600, 0_i64..900), 0..3).prop_map(|stretches| {
            let ends: Vec<(i64, i64)> = stretches.iter().map(|(since, lasts)| (*since, since + lasts)).collect();
            heard(&ends)
        })
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            alerts in collection::vec(any_alert(), 0..4), heard in any_heard(), fires in any::<bool>(), now in 0_i64..900,
        ) {
            let expect = if fires { FIRE } else { SILENT };
            let plain = seen(expect, looks(None, now), &alerts, &heard);
            let twice: Vec<Alert> = alerts.iter().rev().chain(&alerts).cloned().collect();
            let turned: Vec<Hearing> = heard.iter().rev().copied().collect();
            prop_assert_eq!(seen(expect, looks(None, now), &twice, &turned), plain);
        }

        #[test]
        fn nothing_is_silent_without_having_been_heard_of(
            alerts in collection::vec(any_alert(), 0..4), heard in any_heard(), fires in any::<bool>(), now in 0_i64..900,
        ) {
            let expect = if fires { FIRE } else { SILENT };
            if seen(expect, looks(None, now), &alerts, &heard) == Some(SignalSeen::Silent) {
                prop_assert!(heard.iter().any(|hearing| hearing.covers(at(0), at(120))) && now >= 120);
                prop_assert!(alerts.iter().all(|alert| !(at(0)..=at(120)).contains(&alert.fired_at())));
            }
        }

        #[test]
        fn the_same_alert_told_in_any_order_is_the_same(ends in collection::vec((option::of(0_i64..100), 0_i64..100), 1..5)) {
            let told = |ends: &[(Option<i64>, i64)]| {
                ends.iter().fold(alert("a", 0, None, 500), |alert, (ended, received)| {
                    alert.told_again(ended.map(at), at(*received))
                })
            };
            let turned: Vec<(Option<i64>, i64)> = ends.iter().rev().copied().collect();
            prop_assert_eq!(told(&ends), told(&turned));
        }
    }
}
