//! What the gate said when a run began. It is kept with the start, since what it looked at goes on
//! changing: budgets, people, other runs.

use serde::{Deserialize, Serialize};

use super::{Input, SloState, answers::Settled, quorum::Present};
use crate::{id::SloId, slos::levels::Level, time::Moment};

/// The gate as a run passed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GatePassed"))]
pub struct Passed {
    /// The version of the policy whose limits held.
    pub policy: u32,
    /// Whether it could keep the run from starting. What was told once it had happened, it could not.
    pub binding: bool,
    /// There was no second person to ask.
    pub solo: bool,
    pub checks: Vec<Settled>,
    pub budgets: Vec<BudgetSeen>,
    /// Who was marked present.
    pub present: Vec<Present>,
}

/// One SLO's budget beside what the run was expected to cost it at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateBudget"))]
pub struct BudgetSeen {
    pub slo: SloId,
    pub title: String,
    pub level: Level,
    pub fits: BudgetFit,
}

/// The numbers behind the answer about a budget, or why there are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateBudgetFit"))]
#[serde(rename_all = "snake_case")]
pub enum BudgetFit {
    Known {
        /// Bad events, or slices.
        worst: u64,
        /// Further ones that keep the promise; below zero it was broken already.
        still_allowed: i64,
        /// The first moment at which it fits if nothing bad happens until then; None if never.
        possible_from: Option<Moment>,
    },
    Unknown(String),
}

impl BudgetSeen {
    pub fn of(slo: SloId, title: &str, state: &SloState) -> Self {
        let fits = match &state.budget {
            Input::Known(fitting) => BudgetFit::Known {
                worst: fitting.worst,
                still_allowed: i64::try_from(fitting.still_allowed).unwrap_or(i64::MAX),
                possible_from: fitting.possible_from,
            },
            Input::Unknown(why) => BudgetFit::Unknown(why.clone()),
        };
        Self { slo, title: title.into(), level: state.level, fits }
    }

    /// "at most 58 % of what is left of its budget", rounded up; or why nobody knows.
    pub fn share_words(&self) -> String {
        match &self.fits {
            BudgetFit::Unknown(why) => format!("unknown: {why}"),
            BudgetFit::Known { still_allowed, .. } if *still_allowed <= 0 => "nothing of its budget is left".into(),
            BudgetFit::Known { worst, still_allowed, .. } => {
                let tenths = rounded_up(i128::from(*worst) * 1_000, i128::from(*still_allowed));
                let (whole, tenth) = (tenths / 10, tenths % 10);
                let share = if tenth == 0 { format!("{whole} %") } else { format!("{whole}.{tenth} %") };
                format!("at most {share} of what is left of its budget")
            }
        }
    }
}

/// Both are above zero.
const fn rounded_up(number: i128, by: i128) -> i128 {
    (number + by - 1) / by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::sample::slo;

    #[test]
    fn the_share_of_what_is_left_is_rounded_up() {
        let share = |bad, worst| BudgetSeen::of(SloId::of(1), "Ingest", &slo("SLO-1", bad, worst)).share_words();
        assert_eq!(share(0, 100), "at most 10 % of what is left of its budget");
        assert_eq!(share(0, 1), "at most 0.1 % of what is left of its budget");
        assert_eq!(share(1, 1), "at most 0.2 % of what is left of its budget");
        assert_eq!(share(900, 200), "at most 200 % of what is left of its budget");
        assert_eq!(share(1_000, 1), "nothing of its budget is left");
        let unknown = SloState { budget: Input::Unknown("nothing was measured".into()), ..slo("SLO-1", 0, 1) };
        assert_eq!(BudgetSeen::of(SloId::of(1), "Ingest", &unknown).share_words(), "unknown: nothing was measured");
    }
}
