//! What is taken, what is softened, and what an error says.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(text: &str) -> Result<Value, ReadTrouble> {
    parse(text.as_bytes(), 1_000_000)
}

fn what(text: &str) -> (usize, usize, usize, String) {
    match read(text) {
        Err(ReadTrouble::Malformed { line, column, byte, what }) => (line, column, byte, what),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn bare_nan_and_infinities_become_null_and_words_in_strings_stay() {
    let text = r#"{"NaN": NaN, "a": [Infinity,-Infinity , "NaN, \"Infinity\" -Infinity"], "b": -1}"#;
    assert_eq!(read(text).unwrap(), json!({"NaN": null, "a": [null, null, "NaN, \"Infinity\" -Infinity"], "b": -1}));
    assert_eq!(read("NaN").unwrap(), Value::Null);
    assert!(what("\"\u{1f}\"").3.contains("bare control character"));
    assert!(read("\"\u{20}\u{7f}\"").is_ok());
    for half_word in ["NaNs", "Infinit", "-Infinite", "nan", "+Infinity", "--Infinity", "[NaN NaN]"] {
        assert!(matches!(read(half_word), Err(ReadTrouble::Malformed { .. })), "{half_word}");
    }
}

#[test]
fn an_error_names_place_and_what_was_expected() {
    for (text, line, column, byte, says) in [
        ("", 1, 1, 0, "expected a value, the document ends here"),
        ("{\n  \"ä\": x}", 2, 8, 10, "expected a value, found x"),
        ("[1 2]", 1, 4, 3, "expected a comma or ], found 2"),
        ("{\"a\":1 \"b\"}", 1, 8, 7, "expected a comma or }, found \""),
        ("{\"a\" 1}", 1, 6, 5, "expected a colon, found 1"),
        ("{a:1}", 1, 2, 1, "expected a name in quotes or }, found a"),
        ("{\"a\":1,}", 1, 8, 7, "expected a name in quotes, found }"),
        ("[1,]", 1, 4, 3, "expected a value, found ]"),
        ("1.", 1, 3, 2, "expected a digit, the document ends here"),
        ("\"é", 1, 3, 3, "expected a closing quote, the document ends here"),
        (
            "\"a\nb\"",
            1,
            3,
            2,
            "expected an escape such as \\n instead of a bare control character, found the control character U+000A",
        ),
        ("\"\\x\"", 1, 3, 2, "expected one of \" \\ / b f n r t u after the backslash, found x"),
        ("\"\\u12g4\"", 1, 3, 2, "expected four hexadecimal digits after \\u, found u"),
        ("{} {}", 1, 4, 3, "expected the end of the document, found {"),
    ] {
        assert_eq!(what(text), (line, column, byte, says.to_owned()), "{text}");
    }
    let trouble = parse(b"{\"a\": \"\xff\"}", 100).unwrap_err();
    assert!(trouble.to_string().contains("line 1, column 8 (byte 7): expected UTF-8 text"), "{trouble}");
}

#[test]
fn bytes_depth_and_values_are_bounded() {
    assert_eq!(parse(b"[1]", 2), Err(ReadTrouble::TooLarge { limit_bytes: 2 }));
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(&deep(JSON_DEPTH_MAX)).is_ok());
    assert_eq!(
        read(&deep(JSON_DEPTH_MAX + 1)),
        Err(ReadTrouble::TooDeep { limit: JSON_DEPTH_MAX, line: 1, column: 128 })
    );
    assert!(matches!(read(&"[".repeat(200_000)), Err(ReadTrouble::TooDeep { .. })));
    assert!(matches!(read(&"{\"a\":".repeat(100_000)), Err(ReadTrouble::TooDeep { .. })));
    let many = format!("[{}0]", "0,".repeat(JSON_VALUES_MAX));
    assert_eq!(
        parse(many.as_bytes(), many.len()),
        Err(ReadTrouble::TooManyValues { limit: JSON_VALUES_MAX, what: "values" })
    );
    let many = format!("[{}0]", "{},".repeat(JSON_OBJECTS_MAX));
    assert!(parse(many.as_bytes(), many.len()).is_ok());
    let many = many.replace(",0]", ",{}]");
    assert_eq!(
        parse(many.as_bytes(), many.len()),
        Err(ReadTrouble::TooManyValues { limit: JSON_OBJECTS_MAX, what: "objects" })
    );
}

#[test]
fn numbers_beyond_a_double_become_null_and_others_stay() {
    let long = "9".repeat(400);
    assert_eq!(
        read(&format!("[{long}, -{long}, 1e999, -1E+400, 1e-999]")).unwrap(),
        json!([null, null, null, null, 0.0])
    );
    assert_eq!(
        read("[18446744073709551615, -9223372036854775808, 1e300]").unwrap(),
        json!([u64::MAX, i64::MIN, 1e300])
    );
    for bad in ["01", "-", "1e", "+1", ".5", "1.e5", "0x10"] {
        assert!(matches!(read(bad), Err(ReadTrouble::Malformed { .. })), "{bad}");
    }
}

#[test]
fn halves_of_surrogate_pairs_become_replacement_characters() {
    assert_eq!(
        read(r#""\ud83e\udd80 \udcff \ud800x \ud800\u0041""#).unwrap(),
        json!("🦀 \u{fffd} \u{fffd}x \u{fffd}A")
    );
}

#[test]
fn a_byte_order_mark_is_skipped_and_the_last_of_repeated_names_wins() {
    assert_eq!(read("\u{feff}{\"a\":1,\"a\":2}").unwrap(), json!({"a": 2}));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        ".*".prop_map(Value::from),
        prop::sample::select(vec!["NaN", "-Infinity", "a: NaN,", "\\\"NaN"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..8).prop_map(Value::from_iter),
        ]
    })
}

proptest! {
    #[test]
    fn strict_json_passes_unchanged(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        prop_assert!(matches!(strict(&text), Ok(Cow::Borrowed(same)) if same == text));
        prop_assert_eq!(read(&text).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
    }

    #[test]
    fn a_null_outside_strings_may_be_any_of_the_words(value in any_json(), word in prop::sample::select(vec!["NaN", "Infinity", "-Infinity"])) {
        let whole = json!({ "a": [value, 1], "b": 2 });
        let bare = whole.to_string().replace(",1],\"b\":2}", &format!(",{word}],\"b\" : {word} }}"));
        prop_assert_eq!(read(&bare).unwrap(), json!({ "a": [whole["a"][0], null], "b": null }));
    }

    #[test]
    fn the_scanner_takes_what_serde_json_takes_and_nothing_more(text in "[\\[\\]{}:,\"\\\\u0-9eE+.\\- atrfnlse\n\u{1}ä]{0,24}") {
        let strictly = serde_json::from_str::<Value>(&text);
        match (read(&text), strictly) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            (Err(_), Err(_)) => {}
            // Out of range, or half of a surrogate pair: softened on purpose.
            (Ok(_), Err(_)) => prop_assert!(matches!(strict(&text), Ok(Cow::Owned(_))), "{}", text),
            (Err(trouble), Ok(_)) => prop_assert!(false, "{}: {}", text, trouble),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, 1_000);
    }
}
