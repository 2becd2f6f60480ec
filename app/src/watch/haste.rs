//! How soon the page is asked for once more after a line, and what is said of an abort and of a reached condition
//! before it is here.

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Haste {
    Calm,
    /// Somebody may have to act at once.
    Urgent,
}

/// Acts of a run after which everybody has to know where it stands.
const URGENT: [&str; 11] = [
    "started",
    "fault_started",
    "fault_ended",
    ABORTED,
    REACHED,
    "revert_late",
    "revert_failed",
    "steady_again",
    "ended",
    "cancelled",
    "missed",
];
const ABORTED: &str = "abort_pressed";
const REACHED: &str = "condition_reached";

/// Lines that come together are shown together.
const GATHER_MS: f64 = 40.0;
/// Between one asking and the next, however much is written.
pub const REST_MS: f64 = 500.0;

impl Haste {
    /// After a line with this act.
    pub fn of(act: &str) -> Self {
        if URGENT.contains(&act) { Self::Urgent } else { Self::Calm }
    }

    /// Everybody hears of a line at once; not everybody asks at once.
    const fn spread_ms(self) -> f64 {
        match self {
            Self::Calm => 80.0,
            Self::Urgent => 40.0,
        }
    }

    /// How long to wait before the page is asked for, so long after it was asked for last. `chance` is anything
    /// from 0 to 1.
    pub fn wait_ms(self, since_asked_ms: f64, chance: f64) -> f64 {
        let rest_ms = match self {
            // A clock that was set back is no reason to wait for it.
            Self::Calm => (REST_MS - since_asked_ms).clamp(0.0, REST_MS),
            Self::Urgent => 0.0,
        };
        rest_ms + GATHER_MS + self.spread_ms() * chance
    }
}

/// What a line says of an abort, or of a condition that speaks for one. `by` is empty for the notebook itself, and
/// `reason` where it is open. None for any other line.
pub fn news(act: &str, by: &str, reason: &str, condition: &str) -> Option<String> {
    let by = if by.is_empty() { "Retrial" } else { by };
    let why = if reason.is_empty() { "the reason is open".to_owned() } else { reason.replace('_', " ") };
    match act {
        ABORTED => Some(format!("Aborted by {by}: {why}.")),
        // As the timeline says it.
        REACHED => Some(format!("Abort condition reached: {condition}.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_urgent_waits_for_no_rest() {
        for (haste, since_asked_ms, chance, expected) in [
            (Haste::Calm, 0.0, 0.0, 540.0),
            (Haste::Calm, 400.0, 0.5, 180.0),
            (Haste::Calm, 9_000.0, 1.0, 120.0),
            (Haste::Calm, -3_600_000.0, 0.0, 540.0),
            (Haste::Urgent, 0.0, 0.0, 40.0),
            (Haste::Urgent, 0.0, 1.0, 80.0),
            (Haste::Urgent, -3_600_000.0, 0.5, 60.0),
        ] {
            let wait_ms = haste.wait_ms(since_asked_ms, chance);
            assert!((wait_ms - expected).abs() < 0.001, "{haste:?} {since_asked_ms} {chance}: {wait_ms}");
        }
        assert!(Haste::Urgent > Haste::Calm);
    }

    #[test]
    fn an_abort_is_said_with_who_and_why_and_a_reached_condition_by_its_name() {
        for (act, by, reason, condition, expected) in [
            ("abort_pressed", "Ana", "own_effect", "", Some("Aborted by Ana: own effect.")),
            ("abort_pressed", "Ana", "", "", Some("Aborted by Ana: the reason is open.")),
            ("abort_pressed", "", "own_effect", "", Some("Aborted by Retrial: own effect.")),
            ("condition_reached", "", "", "alerts are gone", Some("Abort condition reached: alerts are gone.")),
            ("abort_reason_given", "Ana", "people", "", None),
            ("steady_again", "", "", "", None),
            ("", "Ana", "people", "", None),
        ] {
            assert_eq!(news(act, by, reason, condition).as_deref(), expected, "{act} {by} {reason}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_lines_that_are_said_have_the_words_of_the_trail() {
        use notebook::runs::trail::RunEvent;
        use notebook::text::Title;
        use notebook::time::Moment;

        let condition = Title::new("alerts are gone").unwrap();
        let reached = RunEvent::ConditionReached { condition, value: "700".into(), after: Moment::from_micros(0) };
        let aborted = RunEvent::AbortPressed { reason: None, text: None };
        for line in [reached, aborted, RunEvent::FaultEnded] {
            let is_said = news(line.act(), "", "", "alerts are gone").is_some();
            assert_eq!(is_said, !matches!(line, RunEvent::FaultEnded), "{line:?}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn whatever_changes_where_a_run_stands_is_urgent() {
        use notebook::runs::facts::Execution;
        use notebook::runs::trail::RunEvent;

        for (event, expected) in [
            (RunEvent::FaultStarted, Haste::Urgent),
            (RunEvent::FaultEnded, Haste::Urgent),
            (RunEvent::AbortPressed { reason: None, text: None }, Haste::Urgent),
            (RunEvent::Ended { execution: Execution::Aborted }, Haste::Urgent),
            (RunEvent::RevertLate { deadline_ms: 300_000 }, Haste::Urgent),
            (RunEvent::Missed, Haste::Urgent),
            (RunEvent::StepBegan { number: 1 }, Haste::Calm),
            (RunEvent::Pinned { observation: 1, pinned: true }, Haste::Calm),
            (RunEvent::Closed, Haste::Calm),
        ] {
            assert_eq!(Haste::of(event.act()), expected, "{event:?}");
        }
    }
}
