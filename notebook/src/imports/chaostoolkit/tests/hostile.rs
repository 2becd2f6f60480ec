//! Documents that are broken on purpose: an error or a careful proposal, never a panic.

use proptest::prelude::*;

use super::*;

fn trouble(bytes: &[u8]) -> ReadTrouble {
    read(bytes).unwrap_err()
}

#[test]
fn a_journal_cut_anywhere_is_refused() {
    let whole = document("passed");
    let whole = whole.trim_ascii_end();
    assert!(read(whole).is_ok());
    for end in (0..whole.len()).step_by(97) {
        assert!(matches!(trouble(&whole[..end]), ReadTrouble::Malformed { .. }), "cut at byte {end}");
    }
}

#[test]
fn deep_nests_are_refused_before_they_are_entered() {
    let arrays = format!("{{\"experiment\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(matches!(trouble(arrays.as_bytes()), ReadTrouble::TooDeep { .. }));
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!({ "a": [deep] });
    }
    let journal = with(|journal| journal["run"][0]["output"] = deep);
    assert!(matches!(trouble(journal.to_string().as_bytes()), ReadTrouble::TooDeep { .. }));
}

#[test]
fn the_deepest_document_that_is_read_is_also_redacted_and_shown() {
    let levels = crate::foreign::JSON_DEPTH_MAX - 3;
    let nest = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let text = good().to_string().replacen("\"output\":null", &format!("\"output\":{nest}"), 1_000);
    assert!(text.contains(&nest));
    let proposal = read(text.as_bytes()).unwrap().proposal;
    assert!(proposal.steps[0].message.as_ref().unwrap().starts_with("[[["));
}

#[test]
fn eleven_megabytes_are_refused_and_ten_are_read() {
    let padded = |bytes: usize| {
        let mut journal = with(|journal| journal["run"][0]["output"] = json!(""));
        let spare = bytes - journal.to_string().len();
        journal["run"][0]["output"] = json!("x".repeat(spare));
        journal.to_string()
    };
    assert_eq!(trouble(padded(11 * 1024 * 1024).as_bytes()), ReadTrouble::TooLarge { limit_bytes: IMPORT_BYTES_MAX });
    assert_eq!(
        trouble(padded(IMPORT_BYTES_MAX + 1).as_bytes()),
        ReadTrouble::TooLarge { limit_bytes: IMPORT_BYTES_MAX }
    );
    assert!(read(padded(IMPORT_BYTES_MAX).as_bytes()).is_ok());
}

#[test]
fn nan_in_strings_stays_and_bare_nan_does_not() {
    let text =
        good().to_string().replacen("\"output\":null", "\"output\":[NaN,\"NaN\",-Infinity,\"a: Infinity,\"]", 1_000);
    let read = read(text.as_bytes()).unwrap();
    assert_eq!(read.raw["run"][0]["output"], json!([null, "NaN", null, "a: Infinity,"]));
}

#[test]
fn wrong_types_are_refused_by_name_or_never_a_pass() {
    let strange = [
        json!(null),
        json!(true),
        json!(17),
        json!("x"),
        json!([]),
        json!([[]]),
        json!({}),
        json!([null, 3, {"a": 1}]),
    ];
    let harmless = ["chaoslib-version", "platform", "duration", "node", "rollbacks", "deviated"];
    let fields: Vec<String> = value_of("passed").as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields.len(), 12);
    for field in &fields {
        for value in &strange {
            let journal = with(|journal| journal[field.as_str()] = value.clone());
            match read(journal.to_string().as_bytes()) {
                Ok(read) => assert!(
                    harmless.contains(&field.as_str()) || read.proposal.verdict != Some(Verdict::Upheld),
                    "{field} = {value} is upheld"
                ),
                Err(ReadTrouble::NotAJournal { missing, .. }) => {
                    assert!(missing.iter().any(|name| name.starts_with(field)), "{field} = {value}");
                }
                Err(trouble) => {
                    assert!(
                        trouble.field().is_some_and(|pointer| pointer.starts_with(&format!("/{field}"))),
                        "{field} = {value}: {trouble}"
                    );
                }
            }
        }
    }
}

#[test]
fn wrong_types_further_in_never_panic() {
    let strange =
        [json!(null), json!(true), json!(-1e300), json!("x"), json!([]), json!([[]]), json!({}), json!({"a": [null]})];
    let whole = good();
    let mut pointers = Vec::new();
    pointers_of(&whole, String::new(), &mut pointers);
    assert!(pointers.len() > 80);
    for pointer in &pointers {
        for value in &strange {
            let mut journal = whole.clone();
            *journal.pointer_mut(pointer).unwrap() = value.clone();
            if let Err(trouble) = read(journal.to_string().as_bytes()) {
                assert!(trouble.to_string().contains("othing was kept"), "{pointer} = {value}: {trouble}");
            }
        }
    }
}

fn pointers_of(value: &Value, at: String, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, member)| pointers_of(member, format!("{at}/{name}"), into)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers_of(item, format!("{at}/{index}"), into));
        }
        _ => {}
    }
    into.push(at);
}

#[test]
fn everything_missing_is_said_at_once_with_a_guess_what_it_is() {
    let missing = |document: Value| match trouble(document.to_string().as_bytes()) {
        ReadTrouble::NotAJournal { missing, hint } => (missing.join(", "), hint),
        other => panic!("{other}"),
    };
    let all = "experiment, start, end, status, steady_states, run";
    assert_eq!(missing(json!({})).0, all);
    let (fields, hint) = missing(json!({"name": "run-completed", "payload": {}}));
    assert_eq!(fields, all);
    assert!(hint.contains("notification"));
    assert!(missing(good()["experiment"].clone()).1.contains("an experiment"));
    let (fields, hint) = missing(with(|journal| {
        journal.as_object_mut().unwrap().remove("end");
        journal["status"] = Value::Null;
    }));
    assert_eq!(fields, "end, status");
    assert!(hint.contains("had not ended"));
    assert_eq!(missing(with(|journal| journal["experiment"]["title"] = json!(" "))).0, "experiment.title");
    assert!(trouble(b"[]").to_string().starts_with("The document holds a list where an object is expected"));
    assert!(
        trouble(b"").to_string().starts_with("The document is not JSON: line 1, column 1 (byte 0): expected a value")
    );
}

#[test]
fn huge_numbers_and_repeated_names_are_read_as_python_reads_them() {
    let digits = "9".repeat(5_000);
    let text = good().to_string().replacen("\"output\":null", &format!("\"output\":[{digits},1e999,-1e999]"), 1_000);
    assert_eq!(read(text.as_bytes()).unwrap().raw["run"][0]["output"], json!([null, null, null]));
    let text =
        good().to_string().replacen("\"status\":\"completed\"", "\"status\":\"completed\",\"status\":\"aborted\"", 1);
    assert_eq!(proposed(&serde_json::from_str(&text).unwrap()).validity, Validity::Invalid(InvalidReason::ToolFailed));
    assert_eq!(read(text.as_bytes()).unwrap().proposal.execution, Ended::Aborted);
}

#[test]
fn secrets_in_unusual_places_reach_neither_the_document_nor_the_proposal() {
    let journal = with(|journal| {
        journal["experiment"]["secrets"] = json!({"db": {"password": "canary-one"}});
        journal["experiment"]["configuration"] = json!({"api_token": "canary-two"});
        journal["experiment"]["title"] = json!("Restart with canary-one");
        journal["run"][0]["activity"]["provider"] = json!({"type": "http", "url": "http://admin:canary-three@h/p?api_key=canary-four", "headers": {"Authorization": "canary-five"}});
        journal["run"][0]["output"] =
            json!({"status": 200, "headers": {"Set-Cookie": "canary-six"}, "body": "echo canary-one"});
        journal["run"][0]["exception"] = json!(["could not reach http://admin:canary-seven@h/"]);
    });
    let read = read(journal.to_string().as_bytes()).unwrap();
    assert!(!read.raw.to_string().contains("canary"), "{}", read.raw);
    let proposal = serde_json::to_string(&read.proposal).unwrap();
    assert!(!proposal.contains("canary"), "{proposal}");
    assert_eq!(read.proposal.title, "Restart with [redacted]");
    for pointer in
        ["/experiment/title", "/run/0/exception/0", "/run/0/output/headers/Set-Cookie", "/run/0/activity/provider/url"]
    {
        assert!(read.redacted.iter().any(|redacted| redacted == pointer), "{pointer} is not in {:?}", read.redacted);
    }
}

proptest! {
    #[test]
    fn no_damage_to_a_real_journal_makes_it_panic(
        name in prop::sample::select(vec!["passed", "aborted", "continuous_deviation", "interrupted_sigterm_external", "nan_output"]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"{}[]\",:0-eNI\\ \xff".to_vec())), 1..6),
    ) {
        let mut bytes = document(name);
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }
}

#[test]
fn a_later_redaction_rule_does_not_change_the_key() {
    let named = |title: &str, secret: &str| {
        proposed(&with(|journal| {
            journal["experiment"]["title"] = json!(title);
            journal["experiment"]["secrets"] = json!({"a": {"b": secret}});
        }))
        .key
    };
    assert_eq!(named("Restart with canary-one", "canary-one"), named("Restart with canary-one", "something-else"));
}
