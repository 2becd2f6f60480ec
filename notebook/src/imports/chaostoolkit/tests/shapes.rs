//! Times, ids, short forms and lengths.

use super::*;

#[test]
fn a_time_without_offset_is_utc() {
    let at = |start: &str| {
        let journal = with(|journal| {
            journal["start"] = json!(start);
            journal["end"] = json!("2026-12-01T00:00:00Z");
        });
        read(journal.to_string().as_bytes()).map(|read| read.proposal.started_us)
    };
    let expected = 1_795_376_139_813_321;
    for same in [
        "2026-11-22T19:35:39.813321+00:00",
        "2026-11-22T19:35:39.813321",
        "2026-11-22 19:35:39.813321",
        "2026-11-22T19:35:39.813321Z",
        "2026-11-22T20:35:39.813321+01:00",
        " 2026-11-22T14:05:39.813321-05:30 ",
    ] {
        assert_eq!(at(same), Ok(expected), "{same}");
    }
    assert_eq!(at("2026-11-22T19:35:39"), Ok(expected - 813_321));
    for bad in [
        "",
        "yesterday",
        "2026-11-22",
        "2026-13-22T19:35:39",
        "2026-11-22T19:35:39+99:00",
        "9999-12-31T23:59:59-20:00",
        "2026-11-22T19:35:39[Europe/Paris]",
        "1795376139",
        "2026-11-22T",
    ] {
        let trouble = at(bad).unwrap_err();
        assert_eq!(trouble.field(), Some("/start"), "{bad}: {trouble}");
    }
}

#[test]
fn an_end_before_the_start_is_refused_by_name() {
    let journal = with(|journal| journal["end"] = json!("2026-11-22T19:35:39.813320+00:00"));
    let trouble = read(journal.to_string().as_bytes()).unwrap_err();
    assert_eq!(trouble.field(), Some("/end"));
    assert!(trouble.to_string().contains("lies before the start"), "{trouble}");
}

#[test]
fn ids_come_only_from_the_notebook_s_own_extension() {
    let ids = |extensions: Value| {
        proposed(&with(|journal| {
            journal["experiment"]["extensions"] = extensions;
        }))
        .retrial
    };
    let both = RetrialIds {
        experiment: Some("EXP-42".to_owned()),
        run: Some("RUN-317".to_owned()),
        revision: Some(3),
        fingerprint: Some("351c".to_owned()),
    };
    assert_eq!(
        ids(
            json!([{"name": "other", "run": "x"}, {"name": "retrial", "experiment": "EXP-42", "run": " RUN-317 ", "revision": 3, "fingerprint": "351c"}])
        ),
        Some(both)
    );
    for none in [
        json!(null),
        json!([]),
        json!("retrial"),
        json!([{"name": "retrial"}]),
        json!([{"name": "retrial", "run": 317}]),
        json!([7]),
    ] {
        assert_eq!(ids(none.clone()), None, "{none}");
    }
}

/// One activity: its tolerance and output, then their short forms.
type Form<'a> = (Value, Value, Option<&'a str>, Option<&'a str>);

fn assert_forms<'a>(provider: &Value, forms: impl IntoIterator<Item = Form<'a>>) {
    for (tolerance, output, value, allowed) in forms {
        let activity = json!({"provider": provider, "tolerance": tolerance});
        assert_eq!(shown::value(&activity, &output, 200).as_deref(), value, "{activity} {output}");
        assert_eq!(shown::tolerance(&activity).as_deref(), allowed, "{activity}");
    }
}

#[test]
fn short_forms_with_a_status() {
    let http = json!({"type": "http", "method": "POST", "url": "https://h/p?token=abc#f"});
    assert_forms(
        &http,
        [
            (json!(200), json!({"status": 503, "body": ""}), Some("status 503"), Some("status 200")),
            (
                json!([200, 201]),
                json!({"status": 200, "body": "ok"}),
                Some("status 200, body ok"),
                Some("status one of 200, 201"),
            ),
        ],
    );
    let process = json!({"type": "process", "path": "/bin/check"});
    let both = json!({"status": 3, "stdout": "a", "stderr": " no \n"});
    assert_forms(
        &process,
        [
            (json!(0), both, Some("exit status 3, error no"), Some("status 0")),
            (
                json!(0),
                json!({"status": 3, "stdout": "a", "stderr": ""}),
                Some("exit status 3, output a"),
                Some("status 0"),
            ),
            (
                json!({"type": "regex", "pattern": "^a"}),
                json!({"status": 0}),
                Some("exit status 0"),
                Some("matches ^a"),
            ),
        ],
    );
    assert_eq!(shown::provider(&json!({"provider": http})), "http POST https://h/p");
    assert_eq!(shown::provider(&json!({"provider": {"type": "python"}})), "python ?.?");
    assert_eq!(shown::provider(&json!({"provider": {"type": "wasm"}})), "wasm");
    assert_eq!(shown::provider(&json!(7)), "unknown");
}

#[test]
fn short_forms_of_plain_values() {
    let range = json!({"type": "range", "range": [0, 1], "target": "x"});
    let path = json!({"type": "jsonpath", "path": "$.a", "expect": [1]});
    let count = json!({"type": "jsonpath", "path": "$.a", "count": 2});
    let later = json!({"type": "later", "x": 1});
    assert_forms(
        &json!({"type": "python", "module": "m", "func": "f"}),
        [
            (json!(true), json!(false), Some("false"), Some("true")),
            (json!("up"), json!("down\n"), Some("down"), Some("up")),
            (json!([1, 2.5]), json!(null), None, Some("1 to 2.5")),
            (json!(["a", "b", "c"]), json!([1, "x"]), Some("[1,\"x\"]"), Some("one of a, b, c")),
            (range, json!(0.5), Some("0.5"), Some("0 to 1 in x")),
            (path, json!({"a": 1}), Some("{\"a\":1}"), Some("$.a gives [1]")),
            (count, json!(""), None, Some("$.a gives 2 matches")),
            (later, json!(1), Some("1"), Some("{\"type\":\"later\",\"x\":1}")),
            (json!(null), json!(1), Some("1"), None),
        ],
    );
}

#[test]
fn texts_and_lists_are_cut_and_say_so() {
    let proposal = proposed(&with(|journal| {
        journal["experiment"]["title"] = json!("ä".repeat(1_000));
        journal["experiment"]["description"] = json!("é\u{0}\n".repeat(20_000));
        journal["experiment"]["tags"] = json!(vec!["t"; 1_000]);
        journal["run"] = json!(vec![done(action(&"x".repeat(1_000))); STEPS_MAX + 5]);
        journal["run"][0]["output"] = json!("🦀".repeat(5_000));
        let mut looks = vec![state(true); CHECKS_MAX + 10];
        looks[CHECKS_MAX + 5] = state(false);
        journal["steady_states"]["during"] = json!(looks);
    }));
    assert_eq!(proposal.title.chars().count(), TITLE_CHARS_MAX);
    assert_eq!(proposal.description.chars().count(), PROSE_CHARS_MAX);
    assert!(!proposal.description.contains('\u{0}'));
    assert_eq!(proposal.tags.len(), TAGS_MAX);
    assert_eq!(proposal.steps.len(), STEPS_MAX);
    assert_eq!(proposal.steps[0].message.as_ref().unwrap().chars().count(), MESSAGE_CHARS_MAX);
    assert_eq!(proposal.checks.len(), CHECKS_MAX);
    let failed: Vec<Phase> =
        proposal.checks.iter().filter(|check| check.outcome == Outcome::Failed).map(|check| check.phase).collect();
    assert_eq!(failed, [Phase::During], "the one that failed is kept");
    assert_eq!(proposal.checks.last().unwrap().phase, Phase::After);
    let shortened = proposal.flags.last().unwrap();
    assert_eq!(shortened.kind, FlagKind::Shortened);
    assert!(shortened.text.contains(": 18 check results and steps"), "{}", shortened.text);
    assert!(serde_json::to_string(&proposal).unwrap().len() < 4_000_000);
}

#[test]
fn a_duration_comes_from_the_tool_or_from_its_times() {
    let ms = |duration: Value| proposed(&with(|journal| journal["run"][0]["duration"] = duration)).steps[0].duration_ms;
    for (duration, expected) in [
        (json!(1.2346), 1_235),
        (json!(0), 0),
        (json!(null), 50),
        (json!(-1), 50),
        (json!(1e300), 50),
        (json!("1"), 50),
    ] {
        assert_eq!(ms(duration.clone()), Some(expected), "{duration}");
    }
    let proposal = proposed(&with(|journal| {
        journal["run"][0]["duration"] = Value::Null;
        journal["run"][0]["start"] = json!("whenever");
    }));
    assert_eq!((proposal.steps[0].at_us, proposal.steps[0].duration_ms), (None, None));
}
