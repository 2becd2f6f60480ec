//! What a rerun must do before a fix counts as verified, in words people can plan by.

use crate::{
    findings::{FindingKind, condition::Condition},
    id::RunId,
};

use super::{FindingFacts, Revealing};

/// What is missing.
pub enum Missing {
    /// The fix is not deployed where the finding is.
    Deployment,
    /// This run contradicted it: only a new deployment, or a ruling against the run, starts afresh.
    DeploymentAfter(RunId),
    /// One passing run.
    FreshRun,
    /// One passing run of the approved revision.
    CurrentPlan,
    /// Further passing runs, and named targets not hit so far.
    More { passes: usize, targets: Vec<String> },
}

/// "Waits for a closed, valid run in production …", a whole sentence.
pub fn waits(finding: &FindingFacts, missing: Missing) -> String {
    let environment = &finding.environment;
    if finding.revealing.is_none() {
        return format!(
            "Waits for a check that reveals {}: add one to the plan, then run it in {environment}.",
            finding.id
        );
    }
    match missing {
        Missing::Deployment => format!("Waits for a deployment in {environment}, then for {}.", rerun(finding)),
        Missing::DeploymentAfter(run) => {
            format!(
                "Waits for a new deployment in {environment}, or a ruling that {run} is invalid, then for {}.",
                rerun(finding)
            )
        }
        Missing::FreshRun => format!("Waits for a rerun: {}.", rerun(finding)),
        Missing::CurrentPlan => {
            format!("Waits for a rerun: {}, with the approved revision.", rerun(finding))
        }
        Missing::More { passes, targets } => {
            let runs = match passes {
                0 | 1 => "another run".to_owned(),
                many => format!("{many} more runs"),
            };
            let still =
                if targets.is_empty() { String::new() } else { format!("; still to be hit: {}", targets.join(", ")) };
            format!("Waits for {runs} like this: {}{still}.", rerun(finding))
        }
    }
}

fn rerun(finding: &FindingFacts) -> String {
    let plan = match finding.origin {
        Some(origin) => format!("the plan of {origin} or a stricter one"),
        None => "the plan that showed the finding or a stricter one".to_owned(),
    };
    let target = match &finding.condition {
        Condition::Any => String::new(),
        condition @ (Condition::Names(_) | Condition::Role(_)) => {
            format!(" that hits {}", condition.words())
        }
    };
    format!("a valid, closed run in {} with {plan}{target}, in which {}", finding.environment, proof(finding))
}

fn proof(finding: &FindingFacts) -> String {
    let gap = finding.kind == FindingKind::TelemetryGap;
    match &finding.revealing {
        Some(Revealing::Check(key)) if gap => format!("telemetry agrees about {} while the same happens", key.measure),
        Some(Revealing::Check(key)) => format!("{} holds and telemetry agrees", key.measure),
        Some(Revealing::Signal(name)) => format!("the signal {name} does what the plan expects"),
        None => "a revealing check holds".to_owned(),
    }
}
