//! The one number that a query has now.

use rust_decimal::Decimal;

use super::{Line, data, line, no_answer, read_data};
use crate::limits::PULL_FAILURE_CHARS_MAX;

/// Reads the answer to a query, or says in a clause why it is no number. Several series are a wrong
/// query: taking the first one would be taking any.
pub fn value(body: &[u8]) -> Result<Decimal, String> {
    let data = data(body)?;
    let text = match data.result_type.as_str() {
        "vector" => of_one_series(read_data(data)?)?,
        "scalar" => read_data::<(f64, String)>(data)?.1,
        other => return Err(format!("answers with a {} instead of one number", line(other, 40))),
    };
    number(&text)
}

fn of_one_series(mut series: Vec<Line>) -> Result<String, String> {
    let (has, only) = (series.len(), series.pop());
    let only = only.ok_or("answers with no series")?;
    if has > 1 {
        return Err(format!("answers with {has} series instead of one"));
    }
    if only.value.is_none() && only.histogram.is_some() {
        return Err("answers with a native histogram instead of one number".into());
    }
    only.value.map(|(_, value)| value).ok_or_else(no_answer)
}

/// Exactly as it is written, so that no float stands between a value and its limit.
fn number(text: &str) -> Result<Decimal, String> {
    let float: f64 =
        text.parse().map_err(|_| format!("answers with {}, which is no number", line(text, PULL_FAILURE_CHARS_MAX)))?;
    if !float.is_finite() {
        return Err(format!("answers with {}", line(text, 40)));
    }
    let exact = text.parse().or_else(|_| Decimal::from_scientific(text));
    exact
        .map(|number: Decimal| number.normalize())
        .map_err(|_| format!("answers with {}, which is out of range", line(text, 40)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn vector(values: &[&str]) -> String {
        let series = values.iter().map(|value| json!({"metric": {"job": "shop"}, "value": [1_793_613_600.25, value]}));
        answer("vector", &series.collect())
    }

    fn answer(kind: &str, result: &Value) -> String {
        json!({"status": "success", "data": {"resultType": kind, "result": result}}).to_string()
    }

    #[test]
    fn one_series_or_a_scalar_is_a_number() {
        for (body, is) in [
            (vector(&["0.30000000000000004"]), "0.30000000000000004"),
            (vector(&["1e+06"]), "1000000"),
            (vector(&["-0"]), "0"),
            (answer("scalar", &json!([1_793_613_600, "42.50"])), "42.5"),
        ] {
            assert_eq!(value(body.as_bytes()).unwrap().to_string(), is, "{body}");
        }
    }

    #[test]
    fn whatever_else_comes_says_why_it_is_none() {
        for (body, says) in [
            (vector(&[]), "answers with no series"),
            (vector(&["1", "1"]), "answers with 2 series instead of one"),
            (vector(&["NaN"]), "answers with NaN"),
            (vector(&["+Inf"]), "answers with +Inf"),
            (vector(&["-Inf"]), "answers with -Inf"),
            (vector(&["1e300"]), "out of range"),
            (vector(&["many"]), "many, which is no number"),
            (answer("matrix", &json!([])), "answers with a matrix instead of one number"),
            (answer("string", &json!([1, "1"])), "answers with a string"),
            (answer("vector", &json!({})), "does not answer as a Prometheus does"),
            (answer("scalar", &json!("1")), "does not answer as a Prometheus does"),
            (answer("vector", &json!([{"metric": {}, "histogram": [1, {}]}])), "a native histogram"),
            ("<html>Sign in</html>".into(), "does not answer as a Prometheus does"),
            (json!({"status": "error", "error": "parse error"}).to_string(), "refuses: parse error"),
            (json!({"status": "success", "warnings": ["a store is away"], "data": {"resultType": "scalar", "result": [1, "1"]}}).to_string(), "only part of an answer"),
        ] {
            let said = value(body.as_bytes()).unwrap_err();
            assert!(said.contains(says), "{body}: {said}");
        }
    }

    #[test]
    fn what_it_says_of_another_server_holds_no_password() {
        let says = "Post \"http://ana:hunter2@store.example.org/api\": connection refused";
        for body in [
            json!({"status": "error", "error": says}),
            json!({"status": "success", "warnings": [says], "data": {"resultType": "scalar", "result": [1, "1"]}}),
        ] {
            let said = value(body.to_string().as_bytes()).unwrap_err();
            assert!(said.contains("@store.example.org") && !said.contains("hunter2"), "{said}");
        }
        let trouble = super::super::trouble(json!({"status": "error", "error": says}).to_string().as_bytes());
        assert!(trouble.is_some_and(|said| !said.contains("hunter2")));
    }
}
