//! How old is too old: what another tool said a while ago is told as that, never as what is so now.

use super::{Observation, Said, alert::AlertState};
use crate::{
    limits::{HONEYCOMB_ALERT_STALE_HOURS, HONEYCOMB_STALE_MINUTES},
    time::{Moment, span_words},
};

/// What has to be said beside an observation because of its age; none while it is new, and none where
/// nothing is said of now.
pub fn stale(observation: &Observation, now: Moment) -> Option<String> {
    let age_ms = now.ms_since(observation.seen_at);
    let (fresh_minutes, unknown) = match &observation.said {
        Said::Budget(_) => (HONEYCOMB_STALE_MINUTES, "what is left now is not known"),
        Said::BurnAlert(alert) => match alert.state {
            AlertState::Burning => (HONEYCOMB_ALERT_STALE_HOURS * 60, "whether it still burns is not known"),
            AlertState::Unknown => (HONEYCOMB_ALERT_STALE_HOURS * 60, "whether it burns is not known"),
            AlertState::Over => return None,
        },
    };
    let is_stale = age_ms > fresh_minutes * 60_000;
    is_stale.then(|| format!("Old: Honeycomb said this {} ago, and {unknown}.", span_words(age_ms)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::honeycomb::{alert, budget, sample::draft};

    fn seen(said: Said) -> Observation {
        let at = Moment::parse("2026-11-02T10:00:00Z").unwrap();
        Observation { number: 1, said, observed_at: at.plus_days(-3), seen_at: at }
    }

    fn burn(status: &str) -> Said {
        let body = serde_json::json!({ "status": status }).to_string();
        Said::BurnAlert(alert::read(body.as_bytes()).unwrap())
    }

    #[test]
    fn what_is_old_is_told_as_old() {
        let body = b"{\"compliance\": 99.5, \"budget_remaining\": 50}";
        let budget = || Said::Budget(budget::read(body, &draft().check().unwrap()).unwrap());
        for (said, minutes, expected) in [
            (budget(), -5, None),
            (budget(), 0, None),
            (budget(), 15, None),
            (budget(), 16, Some("16 min ago, and what is left now is not known")),
            (budget(), 3 * 24 * 60, Some("3 d ago")),
            (burn("triggered"), 24 * 60, None),
            (burn("triggered"), 25 * 60, Some("1 d 1 h ago, and whether it still burns")),
            (burn("purple"), 25 * 60, Some("whether it burns is not known")),
            (burn("resolved"), 90 * 24 * 60, None),
        ] {
            let observation = seen(said);
            let says = stale(&observation, observation.seen_at.plus_minutes(minutes));
            assert_eq!(says.is_some(), expected.is_some(), "{minutes}: {says:?}");
            assert!(says.unwrap_or_default().contains(expected.unwrap_or_default()), "{minutes}");
        }
    }
}
