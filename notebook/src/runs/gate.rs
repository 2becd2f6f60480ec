//! May this run start? Each check answers go, ask or refuse with its reason; the worst one counts.

use serde::{Deserialize, Serialize};

use crate::experiments::plan::vocabulary;

vocabulary! {
    /// The gate's answers, from best to worst.
    Gate {
        Go = "go", "Go";
        Ask = "ask", "Ask";
        Refuse = "refuse", "Refuse";
    }
}

/// One check of the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct GateLine {
    /// e.g. `plan`.
    pub check: String,
    pub answer: Gate,
    pub says: String,
}

/// What the gate knows of a plan about to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateFacts<'a> {
    /// The run's revision is approved.
    pub approved: bool,
    pub retired: bool,
    /// Fields of the plan still missing for a run, as clauses: "the hypothesis is empty".
    pub missing: &'a [String],
    /// Targets named to be hit, and how many the plan allows (None is all).
    pub targets_hit: usize,
    pub targets_planned: Option<u32>,
}

/// Proof that the gate was open; only `check` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open(Vec<GateLine>);

impl Open {
    pub fn lines(&self) -> &[GateLine] {
        &self.0
    }
}

/// Every check with its reason, for the panel.
pub fn lines(facts: &GateFacts<'_>) -> Vec<GateLine> {
    let line = |check: &str, answer, says: String| GateLine { check: check.into(), answer, says };
    let mut lines = Vec::new();
    lines.push(if facts.retired {
        line("stage", Gate::Refuse, "the experiment is retired; reopen it first".into())
    } else {
        line("stage", Gate::Go, "the experiment is in use".into())
    });
    lines.push(if facts.approved {
        line("review", Gate::Go, "the plan revision is approved".into())
    } else {
        line("review", Gate::Refuse, "the plan revision is not approved".into())
    });
    lines.push(if facts.missing.is_empty() {
        line("plan", Gate::Go, "hypothesis, checks, revert procedure, owner and deadline are there".into())
    } else {
        line("plan", Gate::Refuse, facts.missing.join("; "))
    });
    lines.push(targets(facts));
    lines
}

fn targets(facts: &GateFacts<'_>) -> GateLine {
    let line = |answer, says: String| GateLine { check: "targets".into(), answer, says };
    match facts.targets_planned {
        _ if facts.targets_hit == 0 => line(Gate::Refuse, "no target is named; say what the fault is to hit".into()),
        Some(planned) if facts.targets_hit > planned as usize => {
            line(Gate::Refuse, format!("{} targets are named, the plan says {planned}", facts.targets_hit))
        }
        _ => line(Gate::Go, format!("{} named", facts.targets_hit)),
    }
}

/// Open, or the reasons why not.
pub fn check(facts: &GateFacts<'_>) -> Result<Open, Vec<String>> {
    let lines = lines(facts);
    let closed: Vec<String> =
        lines.iter().filter(|line| line.answer == Gate::Refuse).map(|line| line.says.clone()).collect();
    if closed.is_empty() { Ok(Open(lines)) } else { Err(closed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: GateFacts<'static> =
        GateFacts { approved: true, retired: false, missing: &[], targets_hit: 1, targets_planned: Some(1) };

    #[test]
    fn the_gate_opens_only_when_every_line_says_go() {
        assert!(check(&FINE).is_ok());
        let missing = ["no check looks at the system during or after the fault".to_owned()];
        let closed = [
            GateFacts { approved: false, ..FINE },
            GateFacts { retired: true, ..FINE },
            GateFacts { missing: &missing, ..FINE },
            GateFacts { targets_hit: 0, ..FINE },
            GateFacts { targets_hit: 2, ..FINE },
        ];
        for facts in closed {
            let reasons = check(&facts).unwrap_err();
            assert_eq!(reasons.len(), 1, "{facts:?} gives {reasons:?}");
        }
    }
}
