//! What of an experiment's document decides what a run of it did: compared by digests, so that a
//! journal can say whether the experiment it ran is the one that was exported.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// SHA-256 of each part's canonical JSON, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Parts {
    pub hypothesis: String,
    pub method: String,
    pub rollbacks: String,
    pub configuration: String,
}

impl Parts {
    /// The parts of an experiment without its secrets.
    pub fn of(experiment: &Value) -> Self {
        let part = |name: &str| experiment.get(name).filter(|part| !part.is_null()).cloned().unwrap_or_default();
        let list = |name: &str| part(name).as_array().cloned().unwrap_or_default();
        let probes = part("steady-state-hypothesis").get("probes").and_then(Value::as_array).cloned();
        Self {
            hypothesis: digest(&probes.unwrap_or_default().into_iter().map(as_written).collect()),
            method: digest(&list("method").into_iter().map(as_written).collect()),
            rollbacks: digest(&list("rollbacks").into_iter().map(as_written).collect()),
            configuration: digest(&configuration(part("configuration"))),
        }
    }

    /// The names of the parts that are not the same.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        // Without `..` on purpose: a new part must be compared.
        let Self { hypothesis, method, rollbacks, configuration } = self;
        let pairs = [
            ("hypothesis", hypothesis, &other.hypothesis),
            ("method", method, &other.method),
            ("rollbacks", rollbacks, &other.rollbacks),
            ("configuration", configuration, &other.configuration),
        ];
        pairs.into_iter().filter(|(_, one, two)| one != two).map(|(name, ..)| name).collect()
    }
}

/// The tool hands a probe that judges a value the value itself, inside the experiment.
fn as_written(mut activity: Value) -> Value {
    if activity.pointer("/tolerance/type").and_then(Value::as_str) == Some("probe")
        && let Some(arguments) = activity.pointer_mut("/tolerance/provider/arguments").and_then(Value::as_object_mut)
    {
        arguments.remove("value");
    }
    activity
}

/// The tool writes all secrets into a configuration's probe before it asks it.
fn configuration(part: Value) -> Value {
    let Value::Object(mut members) = part else { return Value::Object(Map::new()) };
    for member in members.values_mut().filter(|member| member.get("type").is_some_and(|kind| kind == "probe")) {
        if let Some(provider) = member.get_mut("provider").and_then(Value::as_object_mut) {
            provider.remove("secrets");
        }
    }
    Value::Object(members)
}

fn digest(part: &Value) -> String {
    let canonical = serde_json_canonicalizer::to_vec(part).unwrap_or_default();
    Sha256::digest(canonical).iter().fold(String::with_capacity(64), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_tool_writes_into_the_experiment_makes_no_difference() {
        let written = json!({
            "configuration": {"node": "zk-1", "leader": {"type": "probe", "provider": {"type": "python", "module": "m", "func": "f"}}},
            "steady-state-hypothesis": {"title": "t", "probes": [{"name": "p", "tolerance":
                {"type": "probe", "provider": {"type": "python", "module": "m", "func": "f", "arguments": {"low": 1}}}}]},
            "method": [{"name": "a"}],
        });
        let mut ran = written.clone();
        ran["dry"] = Value::Null;
        ran["rollbacks"] = json!([]);
        ran["configuration"]["leader"]["provider"]["secrets"] = json!({"kafka": {"password": "x"}});
        ran["steady-state-hypothesis"]["probes"][0]["tolerance"]["provider"]["arguments"]["value"] = json!(3);
        assert_eq!(Parts::of(&written), Parts::of(&ran));
        assert_eq!(Parts::of(&json!({})), Parts::of(&json!({"configuration": null, "method": []})));
    }

    #[test]
    fn each_part_that_differs_is_named() {
        let plan = json!({"method": [{"name": "a"}, {"name": "b"}], "configuration": {"a": 1}});
        let other = json!({"method": [{"name": "b"}, {"name": "a"}], "configuration": {"a": 2}, "title": "x"});
        assert_eq!(Parts::of(&plan).differences(&Parts::of(&other)), ["method", "configuration"]);
        let probe =
            json!({"steady-state-hypothesis": {"probes": [{"name": "p", "tolerance": 200}]}, "rollbacks": [{}]});
        assert_eq!(Parts::of(&json!({})).differences(&Parts::of(&probe)), ["hypothesis", "rollbacks"]);
    }
}
