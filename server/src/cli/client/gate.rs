//! `retrial gate SERVICE --env ENV`: one number for a pipeline, and the reasons for people.

use clap::Args;
use notebook::{gate::passed::BudgetSeen, refusal::exit_code};
use serde_json::Value;

use super::{connection::Connection, names::Place};
use crate::cli::{Stopped, out};

/// A question that somebody can answer.
const ASK: u8 = 3;

#[derive(Debug, Args)]
pub struct Gate {
    /// The service's slug
    service: String,
    /// The environment
    #[arg(long)]
    env: String,
    /// EXP-42: asks about this plan, too
    #[arg(long)]
    experiment: Option<String>,
    #[command(flatten)]
    ask: super::Ask,
}

impl Gate {
    pub async fn run(self) -> Result<(), Stopped> {
        let mut query = vec![("service".to_owned(), self.service), ("environment".to_owned(), self.env)];
        if let Some(experiment) = &self.experiment {
            query.push(("experiment".to_owned(), Place::of("experiment", experiment)?.name));
        }
        let told = self.ask.connect()?.get("gate", &query).await?.value;
        if self.ask.json {
            out::json(&told)?;
        } else if self.ask.quiet {
            out::print(word(&told))?;
        } else {
            out::print(&lines(&told))?;
        }
        match number(&told) {
            0 => Ok(()),
            // Everything was said above.
            number => Err(Stopped::with(number, "")),
        }
    }
}

fn word(told: &Value) -> &str {
    match told.get("frozen").and_then(Value::as_bool) {
        Some(true) => "freeze",
        _ => told.get("answer").and_then(Value::as_str).unwrap_or("refuse"),
    }
}

/// The same question from another command, before it does anything: what cannot be answered on a run ends it.
pub async fn expect_open(connection: &Connection, place: (&str, &str), experiment: &str) -> Result<(), Stopped> {
    let (service, env) = place;
    let query = [("service", service), ("environment", env), ("experiment", experiment)];
    let query = query.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let told = connection.get("gate", &query).await?.value;
    match number(&told) {
        0 | ASK => Ok(()),
        number => Err(Stopped::with(number, format!("The gate of {service} in {env} is closed. {}", lines(&told)))),
    }
}

/// What nobody understands is no go.
fn number(told: &Value) -> u8 {
    match word(told) {
        "go" => 0,
        "refuse" => exit_code("gate"),
        other => exit_code(other),
    }
}

/// The answer, then each check with its reason, the worst first; then what a run can cost, and what was
/// not asked.
fn lines(told: &Value) -> String {
    let text = |line: &Value, name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let checks = told.get("checks").and_then(Value::as_array).cloned().unwrap_or_default();
    let of = |answer: &str| {
        let those = checks.iter().filter(|line| text(line, "answer") == answer);
        those
            .map(|line| format!("{:<7} {:<13} {}", answer, text(line, "check"), text(line, "says")))
            .collect::<Vec<_>>()
    };
    let list = |name: &str| told.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut rows: Vec<String> = ["refuse", "ask", "go"].into_iter().flat_map(of).collect();
    rows.extend(list("budgets").into_iter().map(cost));
    let left_out = list("left_out");
    let left_out: Vec<&str> = left_out.iter().filter_map(Value::as_str).collect();
    if !left_out.is_empty() {
        rows.push(format!("not asked: {}", left_out.join(", ")));
    }
    format!("{}\n{}", word(told), rows.join("\n"))
}

/// What a run can cost one promise.
fn cost(budget: Value) -> String {
    let slo = budget.get("slo").and_then(Value::as_str).unwrap_or_default().to_owned();
    let seen: Result<BudgetSeen, _> = serde_json::from_value(budget);
    let words = seen.map_or_else(|_| "told in words this program does not know".to_owned(), |seen| seen.share_words());
    format!("{:<7} {slo:<13} {words}", "cost")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_answer_ends_with_its_number() {
        for (answer, frozen, expected) in
            [("go", false, 0), ("ask", false, 3), ("refuse", false, 4), ("refuse", true, 5), ("perhaps", false, 1)]
        {
            assert_eq!(number(&json!({ "answer": answer, "frozen": frozen })), expected, "{answer} {frozen}");
        }
        assert_eq!(number(&json!({})), 4);
    }

    #[test]
    fn the_worst_reasons_come_first() {
        let told = json!({ "answer": "refuse", "frozen": false, "checks": [
            { "check": "freeze", "answer": "go", "says": "no freeze is on" },
            { "check": "budget", "answer": "refuse", "says": "0 % left" },
        ], "left_out": ["plan", "quorum"], "budgets": [
            { "slo": "SLO-1", "title": "Ingest", "level": "good_enough",
                "fits": { "known": { "worst": 35, "still_allowed": 1_000, "possible_from": null } } },
        ] });
        let said = lines(&told);
        let rows: Vec<&str> = said.lines().collect();
        assert_eq!(rows[0], "refuse");
        assert!(rows[1].ends_with("0 % left") && rows[2].ends_with("no freeze is on"), "{said}");
        assert!(rows[3].starts_with("cost    SLO-1") && rows[3].contains("at most 3.5 % of what is left"), "{said}");
        assert_eq!(rows[4..], ["not asked: plan, quorum"]);
    }
}
