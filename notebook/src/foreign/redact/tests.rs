//! What goes, what stays, and how much is reported.

use serde_json::json;

use super::*;

fn redacted(mut document: Value) -> (Value, Vec<String>) {
    let pointers = redact(&mut document);
    (document, pointers)
}

#[test]
fn inline_secrets_go_and_references_stay() {
    let (clean, pointers) = redacted(json!({"experiment": {"title": "t", "secrets": {
        "kafka": {"password": "s3cr3t", "pin": 4711, "list": ["a", {"b": "c"}], "none": null},
        "env": {"home": {"type": "env", "key": "HOME", "default": "x"}},
        "vault": {"t": {"type": "vault", "path": "secret/kafka", "key": "pw"}},
        "flat": "y",
    }}}));
    assert_eq!(
        clean["experiment"]["secrets"],
        json!({
            "kafka": {"password": REDACTED, "pin": REDACTED, "list": [REDACTED, {"b": REDACTED}], "none": null},
            "env": {"home": {"type": "env", "key": "HOME", "default": REDACTED}},
            "vault": {"t": {"type": "vault", "path": "secret/kafka", "key": "pw"}},
            "flat": REDACTED,
        })
    );
    assert!(pointers.contains(&"/experiment/secrets/kafka/password".to_owned()), "{pointers:?}");
    assert_eq!(pointers.len(), 6, "{pointers:?}");
}

#[test]
fn scope_names_of_an_activity_stay_and_other_lists_of_secrets_go() {
    let activity = json!({"type": "action", "secrets": ["kafka"], "provider": {"type": "python", "module": "m", "secrets": ["kafka"]}});
    assert_eq!(redacted(activity.clone()), (activity, vec![]));
    assert_eq!(redacted(json!({"secrets": ["s3cr3t"]})).0, json!({"secrets": [REDACTED]}));
    assert_eq!(redacted(json!({"secrets": "s3cr3t"})).0, json!({"secrets": REDACTED}));
}

#[test]
fn credential_headers_go_wherever_they_stand() {
    let (clean, pointers) = redacted(json!({"run": [{"output": {
        "headers": {"set-cookie": "sid=1", "AUTHORIZATION": "Bearer x", "X-Api-Key": "k", "Server": "s", "Key/~": ["v"]},
        "body": {"Cookie": "c", "token": "in a body nobody can tell"},
    }}]}));
    assert_eq!(
        clean["run"][0]["output"],
        json!({
            "headers": {"set-cookie": REDACTED, "AUTHORIZATION": REDACTED, "X-Api-Key": REDACTED, "Server": "s", "Key/~": REDACTED},
            "body": {"Cookie": REDACTED, "token": "in a body nobody can tell"},
        })
    );
    assert!(pointers.contains(&"/run/0/output/headers/Key~1~0".to_owned()), "{pointers:?}");
}

#[test]
fn configuration_goes_by_name_and_keeps_references() {
    let (clean, _) = redacted(json!({"configuration": {
        "node": "zk-1", "api_token": "abc", "DB": {"Password": "p", "host": "h"}, "keys": ["a", "b"],
        "tok": {"type": "env", "key": "NOPE", "default": "fallback"},
        "named": {"type": "env", "key": "API_TOKEN", "default": "inline"},
        "admin_password": {"type": "env", "key": "PW", "default": "inline"},
    }}));
    assert_eq!(
        clean["configuration"],
        json!({
            "node": "zk-1", "api_token": REDACTED, "DB": {"Password": REDACTED, "host": "h"}, "keys": [REDACTED, REDACTED],
            "tok": {"type": "env", "key": "NOPE", "default": "fallback"},
            "named": {"type": "env", "key": "API_TOKEN", "default": REDACTED},
            "admin_password": {"type": "env", "key": "PW", "default": REDACTED},
        })
    );
}

#[test]
fn texts_lose_credentials_and_nothing_else() {
    for (text, clean) in [
        ("http://user:pw@host/x", Some("http://[redacted]@host/x")),
        (
            "see amqp://u:p@q@h and https://me@h?next=http://a:b@c",
            Some("see amqp://[redacted]@h and https://[redacted]@h?next=http://[redacted]@c"),
        ),
        ("https://h/p?a=1&api_key=abc&b=2#f", Some("https://h/p?a=1&api_key=[redacted]&b=2#f")),
        (
            "curl -H 'Authorization: Bearer abc' -b \"Cookie: ä=1\" h",
            Some("curl -H 'Authorization: [redacted]' -b \"Cookie: [redacted]\" h"),
        ),
        ("authorization:", None),
        ("http://host/a@b and me@example.org", None),
        ("?token=", None),
        ("http://[redacted]@host/", None),
    ] {
        assert_eq!(without_credentials(text).as_deref(), clean, "{text}");
    }
}

#[test]
fn an_inline_secret_goes_from_outputs_too() {
    let (clean, pointers) = redacted(json!({
        "run": [{"output": {"stdout": "login with hunter22hunter22 and hunter22 worked"}}],
        "secrets": {"a": {"short": "worked", "p": "hunter22", "q": "hunter22hunter22"}},
    }));
    assert_eq!(clean["run"][0]["output"]["stdout"], "login with [redacted] and [redacted] worked");
    assert!(pointers.contains(&"/run/0/output/stdout".to_owned()), "{pointers:?}");
}

#[test]
fn a_secret_that_is_spelled_like_a_status_changes_no_status() {
    let (clean, _) =
        redacted(json!({"status": "completed", "note": "completed", "secrets": {"a": {"b": "completed"}}}));
    assert_eq!((&clean["status"], &clean["note"]), (&json!("completed"), &json!(REDACTED)));
}

#[test]
fn a_word_behind_a_name_that_only_sounds_secret_goes_nowhere_else() {
    let (clean, _) = redacted(json!({
        "configuration": {"keyspace": "orders_production", "keys": ["warehouse"]},
        "title": "Restart orders_production and warehouse",
    }));
    assert_eq!(clean["configuration"]["keyspace"], REDACTED);
    assert_eq!(clean["title"], "Restart orders_production and warehouse");
}

#[test]
fn what_was_found_is_not_searched_again() {
    let mut ranges = Vec::new();
    query_values(&"?key=".repeat(1_000), &mut ranges);
    header_values(&"cookie: authorization: ".repeat(1_000), &mut ranges);
    assert_eq!(ranges.len(), 3, "hostile text must not cost its square");
}

#[test]
fn redacting_twice_changes_nothing_more() {
    let (once, pointers) = redacted(json!({
        "secrets": {"a": "hunter22"}, "headers": {"Cookie": "x"}, "url": "http://u:p@h/?token=t", "cmd": "-H 'authorization: b'",
    }));
    assert_eq!(pointers.len(), 4);
    assert_eq!(redacted(once.clone()), (once, vec![]));
}

#[test]
fn pointers_are_bounded_in_number_and_length() {
    let cookies = || vec![json!({"cookie": "x"}); 5_000];
    assert_eq!(redacted(json!(cookies())).1.len(), POINTERS_MAX);
    let (clean, pointers) = redacted(json!({"k".repeat(100_000): cookies()}));
    assert!(!clean.to_string().contains("\"x\""));
    assert_eq!(pointers.len(), 1, "cut pointers are equal and stand once");
    assert_eq!(pointers[0].chars().count(), POINTER_CHARS_MAX);
}

#[test]
fn variables_that_the_tool_fills_in_are_names() {
    let plan = json!({
        "configuration": {"api_token": "${env_token}"},
        "method": [{"provider": {
            "url": "http://${user}:${password}@host/?token=${tok}&a=1",
            "headers": {"Authorization": "Bearer ${token}", "Cookie": "${jar}"},
            "arguments": "curl -H \"Authorization: Bearer ${token}\" http://host",
        }}],
    });
    assert_eq!(redacted(plan.clone()), (plan, vec![]));
    for held in ["Bearer abc${token}", "${token}abc", "${}", "${a b}", "${open", "bearer", "Bearer"] {
        let (clean, _) = redacted(json!({"headers": {"Authorization": held}}));
        assert_eq!(clean["headers"]["Authorization"], REDACTED, "{held}");
    }
}

#[test]
fn credentials_in_sources_of_slos_are_taken_out_whatever_they_are_called() {
    let mut text = json!({"spec": {
        "objectives": [{"tokens": "a word of the text"}],
        "ratioMetric": {"counter": true, "good": {"metricSource": {"type": "Datadog", "metricSourceRef": "dd-token", "spec": {
            "query": "sum:tokens.used{key:api_key}", "api_key": "s3cret-s3cret", "appKey": "a", "token": "abc12345678",
            "key": "region", "useToken": true, "auth": {"password": "p", "user": "ana"}, "accessKey": {"id": "i", "of": ["x"]},
            "variables": [{"name": "X-Api-Key", "value": "v"}, {"name": "zone", "value": "eu"}],
            "private-key": "${from_vault}",
        }}}},
        "connectionDetails": {"clientSecret": "c", "url": "https://metrics.example.org"},
        "sli": {"plugin": {"id": "x", "options": {"Passwd": "o", "filter": "web"}}},
    }});
    let pointers = redact_slos(&mut text);
    let source = &text["spec"]["ratioMetric"]["good"]["metricSource"];
    assert_eq!((&source["type"], &source["metricSourceRef"]), (&json!("Datadog"), &json!("dd-token")));
    let spec = &source["spec"];
    for taken in [
        &spec["api_key"],
        &spec["appKey"],
        &spec["token"],
        &spec["auth"]["password"],
        &spec["accessKey"]["id"],
        &spec["accessKey"]["of"][0],
        &spec["variables"][0]["value"],
        &text["spec"]["connectionDetails"]["clientSecret"],
        &text["spec"]["sli"]["plugin"]["options"]["Passwd"],
    ] {
        assert_eq!(taken, REDACTED, "{text}");
    }
    assert_eq!(pointers.len(), 9, "{pointers:?}");
    assert!(pointers.iter().any(|pointer| pointer.ends_with("/metricSource/spec/api_key")), "{pointers:?}");
    for kept in
        ["sum:tokens.used{key:api_key}", "region", "ana", "zone", "eu", "${from_vault}", "a word of the text", "web"]
    {
        assert!(text.to_string().contains(kept), "{kept}: {text}");
    }
    assert_eq!(spec["useToken"], true);
    assert_eq!(redact_slos(&mut text.clone()), Vec::<String>::new());
}
