//! What Honeycomb answers when it is asked for an SLO with its budget, read as it says it.

use serde::{Deserialize, Serialize};

use super::HoneycombSource;
use crate::{
    foreign::{lenient_json, shorten::line},
    limits::{HONEYCOMB_ANSWER_BYTES_MAX, PULL_FAILURE_CHARS_MAX, TITLE_CHARS_MAX},
    slos::words::thousands,
    text::{Link, Title},
};

/// Beyond it a per cent is no number of a budget.
const PERCENT_MAX: f64 = 1e9;
const PPM_A_PERCENT: f64 = 10_000.0;

/// An error budget in Honeycomb's own numbers, in parts per million: 881300 is 88.13 %.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "HoneycombBudget"))]
pub struct Budget {
    /// Where it was asked for.
    pub address: Link,
    pub dataset: Title,
    pub slo: Title,
    /// What the SLO is called there.
    pub name: Option<Title>,
    /// What is left of the budget; below zero it is overspent.
    pub remaining_ppm: i64,
    pub compliance_ppm: i64,
    pub target_ppm: Option<i64>,
    pub period_days: Option<i64>,
    /// The answer held shares of one and was read as such; Honeycomb does not say which it sends.
    pub read_as_shares: bool,
}

impl Budget {
    /// "88.13 % of the error budget is left, 97.98 % complied".
    pub fn words(&self) -> String {
        let (remaining, complied) = (percent(self.remaining_ppm), percent(self.compliance_ppm));
        format!("{remaining} of the error budget is left, {complied} complied")
    }

    /// What it promises there: "99.9 % over 30 days"; none where the answer left it out.
    pub fn promise(&self) -> Option<String> {
        let target = percent(self.target_ppm?);
        Some(self.period_days.map_or_else(|| target.clone(), |days| format!("{target} over {days} days")))
    }
}

/// Parts per million in per cent, none of them rounded off: "88.13 %", "−71.03 %".
pub fn percent(ppm: i64) -> String {
    let sign = if ppm < 0 { "−" } else { "" };
    let (whole, part) = (ppm.unsigned_abs() / 10_000, ppm.unsigned_abs() % 10_000);
    let part = format!("{part:04}");
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{part} %", thousands(whole))
}

/// Both spellings, and whatever else stands there.
#[derive(Deserialize)]
struct Answer {
    id: Option<String>,
    name: Option<String>,
    #[serde(alias = "targetPerMillion")]
    target_per_million: Option<i64>,
    #[serde(alias = "timePeriodDays")]
    time_period_days: Option<i64>,
    compliance: Option<f64>,
    #[serde(alias = "budgetRemaining")]
    budget_remaining: Option<f64>,
}

/// The budget in an answer, or a clause that says what is wrong with it.
pub fn read(body: &[u8], source: &HoneycombSource) -> Result<Budget, String> {
    let answer: Answer = lenient_json::read(body, HONEYCOMB_ANSWER_BYTES_MAX)
        .map_err(|_| "does not answer as Honeycomb does".to_owned())?;
    if let Some(other) = answer.id.as_deref().filter(|id| *id != source.slo.as_str()) {
        return Err(format!("answers of another SLO, {}", line(other, 40)));
    }
    let (Some(compliance), Some(remaining)) = (answer.compliance, answer.budget_remaining) else {
        return Err("answers without compliance and budget_remaining; its plan may not tell them".into());
    };
    let target_ppm = answer.target_per_million.filter(|target| (0..1_000_000).contains(target));
    let read_as_shares = target_ppm.is_some_and(|target| are_shares(compliance, remaining, target));
    let scale = if read_as_shares { 100.0 } else { 1.0 };
    let compliance_ppm = parts(compliance * scale).filter(|ppm| (0..=1_000_000).contains(ppm));
    let says = |name: &str, value: f64| format!("answers with a {name} of {value}, which is none");
    Ok(Budget {
        address: source.address.clone(),
        dataset: source.dataset.clone(),
        slo: source.slo.clone(),
        name: answer.name.and_then(|name| Title::new(&line(&name, TITLE_CHARS_MAX)).ok()),
        remaining_ppm: parts(remaining * scale).ok_or_else(|| says("budget_remaining", remaining))?,
        compliance_ppm: compliance_ppm.ok_or_else(|| says("compliance", compliance))?,
        target_ppm,
        period_days: answer.time_period_days.filter(|days| *days > 0),
        read_as_shares,
    })
}

/// Nobody keeps half of a promise by one per cent; and of a promise of half or more, what that little
/// kept leaves in per cent is less than any share can be.
fn are_shares(compliance: f64, remaining: f64, target_ppm: i64) -> bool {
    let Ok(allowed_ppm) = u32::try_from(1_000_000 - target_ppm) else { return false };
    let least = -1_000_000.0 / f64::from(allowed_ppm);
    compliance <= 1.0 && target_ppm >= 500_000 && remaining >= least
}

#[expect(clippy::cast_possible_truncation, reason = "only what fits is cast")]
fn parts(percent: f64) -> Option<i64> {
    (percent.abs() <= PERCENT_MAX).then(|| (percent * PPM_A_PERCENT).round() as i64)
}

/// RFC 7807, as Honeycomb writes it.
#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    title: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    detail: String,
}

/// The trouble that an answer tells of in Honeycomb's own form, if it is in that form.
pub fn trouble(body: &[u8]) -> Option<String> {
    let Problem { title, error, detail } = serde_json::from_slice(body).ok()?;
    let says = [detail, error, title].into_iter().find(|says| !says.trim().is_empty())?;
    Some(line(&says, PULL_FAILURE_CHARS_MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::slos::honeycomb::sample::draft;

    fn read_of(answer: &Value) -> Result<Budget, String> {
        read(answer.to_string().as_bytes(), &draft().check().unwrap())
    }

    fn answer(compliance: f64, remaining: f64, target: i64) -> Value {
        json!({
            "id": "2LBq9LckbcA", "name": "Shop answers", "sli": { "alias": "ok" }, "time_period_days": 30,
            "target_per_million": target, "compliance": compliance, "budget_remaining": remaining, "tags": [],
        })
    }

    #[test]
    fn numbers_are_percents_unless_they_cannot_be() {
        for (compliance, remaining, target, expected) in [
            (97.98, 88.13, 950_000, (979_800, 881_300, false)),
            (97.98, -71.03, 990_000, (979_800, -710_300, false)),
            (100.0, 100.0, 990_000, (1_000_000, 1_000_000, false)),
            (0.998, 0.85, 990_000, (998_000, 850_000, true)),
            (1.0, -0.5, 990_000, (1_000_000, -500_000, true)),
            // All was bad: a share of 1 − 1/0.01, or a hundred times that in per cent.
            (0.0, -99.0, 990_000, (0, -99_000_000, true)),
            (0.0, -9_900.0, 990_000, (0, -99_000_000, false)),
            (0.0, -99_900.0, 999_000, (0, -999_000_000, false)),
            (0.5, -9_850.0, 990_000, (5_000, -98_500_000, false)),
            (0.0, -1.0, 500_000, (0, -1_000_000, true)),
            (1.0, -98.0, 500_000, (10_000, -980_000, false)),
            // A promise that small can be kept by less than one per cent.
            (0.8, 20.0, 5_000, (8_000, 200_000, false)),
            (1.01, 3.0, 500_000, (10_100, 30_000, false)),
        ] {
            let budget = read_of(&answer(compliance, remaining, target)).unwrap();
            let seen = (budget.compliance_ppm, budget.remaining_ppm, budget.read_as_shares);
            assert_eq!(seen, expected, "{compliance} {remaining} {target}");
        }
    }

    #[test]
    fn both_spellings_and_what_is_left_out_are_read() {
        let camel =
            json!({ "targetPerMillion": 999_000, "timePeriodDays": 7, "compliance": 99.5, "budgetRemaining": 12 });
        let budget = read_of(&camel).unwrap();
        assert_eq!((budget.promise().as_deref(), budget.name), (Some("99.9 % over 7 days"), None));
        let bare = read_of(&json!({ "compliance": 0.5, "budget_remaining": 0.5 })).unwrap();
        assert_eq!((bare.promise(), bare.compliance_ppm), (None, 5_000), "without a target nobody guesses");
        let odd = read_of(
            &json!({ "compliance": 99, "budget_remaining": 1, "target_per_million": 2_000_000, "time_period_days": -1 }),
        );
        assert_eq!((odd.clone().unwrap().target_ppm, odd.unwrap().period_days), (None, None));
    }

    #[test]
    fn whatever_is_no_budget_says_so() {
        for (body, says) in [
            ("<html>Sign in</html>".to_owned(), "does not answer as Honeycomb does"),
            (String::new(), "does not answer as Honeycomb does"),
            ("[]".into(), "does not answer as Honeycomb does"),
            ("[".repeat(200_000), "does not answer as Honeycomb does"),
            ("{}".into(), "without compliance and budget_remaining"),
            ("{\"compliance\": 97.5}".into(), "without compliance and budget_remaining"),
            ("{\"compliance\": NaN, \"budget_remaining\": NaN}".into(), "without compliance and budget_remaining"),
            ("{\"compliance\": \"high\", \"budget_remaining\": 1}".into(), "does not answer as Honeycomb does"),
            (answer(101.0, 5.0, 990_000).to_string(), "a compliance of 101"),
            (answer(-1.0, 5.0, 990_000).to_string(), "a compliance of -1"),
            (answer(99.0, 1e300, 990_000).to_string(), "a budget_remaining of 1"),
            (json!({ "id": "other", "compliance": 99, "budget_remaining": 5 }).to_string(), "of another SLO, other"),
        ] {
            let said = read(body.as_bytes(), &draft().check().unwrap()).unwrap_err();
            assert!(said.contains(says), "{body:.60}: {said}");
        }
    }

    #[test]
    fn percents_are_told_whole() {
        for (ppm, words) in [
            (881_300, "88.13 %"),
            (-710_300, "−71.03 %"),
            (1_000_000, "100 %"),
            (999_999, "99.9999 %"),
            (1, "0.0001 %"),
            (0, "0 %"),
            (-400_000_000, "−40,000 %"),
        ] {
            assert_eq!(percent(ppm), words);
        }
    }

    #[test]
    fn a_trouble_in_its_own_form_is_told() {
        let limited = json!({ "status": 429, "type": "https://api.honeycomb.io/problems/rate-limited", "title": "Too many", "error": "rate limited" });
        assert_eq!(trouble(limited.to_string().as_bytes()).as_deref(), Some("rate limited"));
        assert_eq!(trouble(b"{\"title\": \"Unauthorized\"}").as_deref(), Some("Unauthorized"));
        for none in ["<h1>Oops</h1>", "{}", "[]", "{\"error\": 5}"] {
            assert_eq!(trouble(none.as_bytes()), None, "{none}");
        }
    }
}
