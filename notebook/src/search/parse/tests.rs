use proptest::prelude::*;

use super::*;

fn printed(text: &str) -> String {
    parse(text).unwrap_or_else(|trouble| panic!("{text}: {trouble:?}")).to_string()
}

#[test]
fn a_query_prints_as_it_is_always_written() {
    for (text, canonical) in [
        ("", ""),
        ("  zookeeper   alerts ", "zookeeper alerts"),
        ("zookeeper AND (alerts OR election) NOT staging", "zookeeper (alerts OR election) -staging"),
        ("a b OR c", "a b OR c"),
        ("(a OR b) OR (c)", "a OR b OR c"),
        ("a (b c)", "a b c"),
        ("-(a b)", "-(a b)"),
        ("NOT NOT a", "a"),
        ("--OR", "\"OR\""),
        ("\"leader election\" re-elect*", "\"leader election\" re-elect*"),
        ("Type:FINDING,fix", "type:finding,fix"),
        ("severity:>=high", "severity:high,critical"),
        ("service:ingest,query owner:@ME", "service:ingest,query owner:@me"),
        ("env:none", "env:none"),
        ("experiment:exp-3 run:DEMO-RUN-15", "experiment:exp-3 run:demo-run-15"),
        ("plan:exp-3@2,DEMO-EXP-1@1 fix:FIX-4 decision:dec-9", "plan:exp-3@2,demo-exp-1@1 fix:fix-4 decision:dec-9"),
        ("fault:none OR owner:none", "fault:none OR owner:none"),
        ("created:2026-w40", "created:2026-W40"),
        ("sort:-created is:Fix-Proposed a -is:stale", "is:fix_proposed a -is:stale sort:-created"),
        ("is:passed", "is:upheld"),
        ("type:slo is:too-broken,exhausted", "type:slo is:too_broken,exhausted"),
        ("verdict:failed,due -stage:In-Review validity:valid", "verdict:refuted,due -stage:in_review validity:valid"),
        ("(a OR b) is:open", "(a OR b) is:open"),
        ("a OR is:open", "a OR is:open"),
        ("is:Regressed OR severity:critical", "is:regressed OR severity:critical"),
        ("(is:regressed OR severity:critical) sort:created", "(is:regressed OR severity:critical) sort:created"),
        ("(has:fix)", "has:fix"),
        ("-(Target:zk-1 OR NOT verdict:failed)", "-(target:zk-1 OR -verdict:refuted)"),
        ("--is:open NOT (updated:today)", "is:open -updated:today"),
        ("measured:Alert-Gap>4min", "measured:alert-gap>4min"),
        (
            "measured:Gap>4min,error-rate\u{2264}2% -measured:gap<1s",
            "measured:gap>4min,error-rate<=2% -measured:gap<1s",
        ),
        ("relation:Stricter,looser -relation:different", "relation:stricter,looser -relation:different"),
        ("updated:>2026-10-01 -Planned:2026-w40,today", "updated:>2026-10-01 -planned:2026-W40,today"),
        ("started:<7d ended:2026-10..2026-11 checked:>180d a", "started:<7d ended:2026-10..2026-11 checked:>180d a"),
        ("has:Fix,decision NOT has:owner", "has:fix,decision -has:owner"),
        ("target:\"ZK 1\",zk-2 -target:None!", "target:zk-1,zk-2 -target:none"),
        ("by:none OR by:@me", "by:none OR by:@me"),
        ("type:\"finding\" measured:\"alert gap>4min\"", "type:finding measured:alert-gap>4min"),
        ("sort:-Updated a", "a sort:-updated"),
        (
            "is:open severity:>=high service:ingest,query (owner:@me OR owner:none) updated:>2026-10-01 \"leader election\" sort:-updated",
            "is:open severity:high,critical service:ingest,query (owner:@me OR owner:none) updated:>2026-10-01 \"leader election\" sort:-updated",
        ),
        ("type:run,finding severity:high", "type:run,finding severity:high"),
        ("type:run -severity:high", "type:run -severity:high"),
        ("severity:high OR type:run", "severity:high OR type:run"),
        ("type:run (severity:high OR a)", "type:run (severity:high OR a)"),
        ("12:30 ORDER and or", "12:30 ORDER and or"),
        ("a(b)c", "a b c"),
        ("re* 漢*", "re* 漢*"),
        ("re-elect -re-elect* re--elect a-", "re-elect -re-elect* re--elect a-"),
        ("\"AND\" \"re-elect\" -\"or\" -AND -\"NOT\"", "\"AND\" \"re-elect\" -\"or\" -\"AND\" -\"NOT\""),
        ("OR* NOT-a ANDROID -AND*", "OR* NOT-a ANDROID -AND*"),
        ("\"-a\" \"a\"b", "\"-a\" \"a\" b"),
        ("RUN-317#o12", "RUN-317#o12"),
    ] {
        assert_eq!(printed(text), canonical, "{text}");
        assert_eq!(printed(canonical), canonical, "{canonical}");
    }
}

#[test]
fn what_is_not_understood_is_pointed_at() {
    for (text, at, length, says) in [
        ("a sevice:kafka", 2, 7, "did you mean service?"),
        ("zookeeper type:findng", 15, 6, "did you mean finding?"),
        ("type:planet", 5, 6, "observation"),
        ("(a", 0, 1, "not closed"),
        ("a)", 1, 1, "closes none"),
        ("a ()", 2, 2, "nothing in these brackets"),
        ("\"a", 0, 1, "no second one"),
        ("a \"-\"", 2, 3, "no letter"),
        ("a * b", 2, 1, "no letter"),
        ("a \"b\u{0}\"", 4, 1, "control character"),
        ("a re-É*", 2, 5, "two letters"),
        ("OR a", 0, 2, "before it"),
        ("a OR", 2, 2, "behind it"),
        ("a AND", 2, 3, "behind it"),
        ("AND a", 0, 3, "before it"),
        ("a AND OR b", 2, 3, "behind it"),
        ("a - b", 2, 1, "must not be there"),
        ("a NOT", 2, 3, "must not be there"),
        ("type:", 5, 1, "needs a value"),
        ("type:run,", 9, 1, "needs a value"),
        ("owner:ana", 6, 3, "@me"),
        ("type:none", 5, 4, "cannot be none"),
        ("run:EXP-3", 4, 5, "RUN-3"),
        ("plan:EXP-3", 5, 5, "EXP-3@2"),
        ("plan:EXP-3@0", 5, 7, "EXP-3@2"),
        ("decision:FIX-3", 9, 5, "DEC-3"),
        ("created:yesterday", 8, 9, "2026-W40"),
        ("measured:gap", 9, 3, "alert-gap>4min"),
        ("kind:>weakness", 5, 1, "do not rise"),
        ("severity:>critical", 9, 9, "nothing beyond"),
        ("a OR sort:created", 5, 12, "whole query"),
        ("sort:created a OR b", 0, 15, "whole query"),
        ("-sort:created", 1, 12, "whole query"),
        ("a (sort:created)", 3, 12, "whole query"),
        ("a OR verdict:duee", 13, 4, "did you mean due?"),
        ("-(a measured:gap)", 13, 3, "alert-gap>4min"),
        ("has:fxi", 4, 3, "did you mean fix?"),
        ("has:none", 4, 4, "not one of slo"),
        ("planned:soon", 8, 4, "2026-W40"),
        ("a -label:legacy", 3, 12, "No kind of thing has labels"),
        ("label:", 6, 1, "needs a value"),
        ("team:@team", 5, 5, "Nobody is a member"),
        ("target:!", 7, 1, "no letter and no digit"),
        ("service:\"a b\"", 9, 3, "no name as addresses"),
        ("owner:\"a@b c\"", 7, 5, "is nobody"),
        ("\u{1f680}\u{e9}\u{65e5} type:run,f\u{ef}nding", 13, 7, "did you mean finding?"),
        ("type:\u{130}\u{130}\u{130} a", 5, 3, "observation"),
        ("-is:a\u{130}\u{130}\u{130}\u{130} a", 4, 5, "`ai"),
        ("a \"leader elec\"*", 15, 1, "not behind quotation marks"),
        ("\"a\" *", 4, 1, "no letter"),
        ("type:\"run", 5, 1, "no second one"),
        ("type:run severity:high", 9, 13, "known of findings only"),
        ("severity:high a type:run,fix", 0, 13, "known of findings only"),
        ("type:service is:open", 13, 7, "game days only"),
        ("type:service a verdict:due", 15, 11, "known of runs only"),
        ("(type:run) (a severity:high)", 14, 13, "known of findings only"),
        ("stage:verified", 6, 8, "retired"),
        ("sort:created sort:created", 13, 12, "one order"),
    ] {
        let trouble = parse(text).unwrap_err();
        assert_eq!((trouble.at, trouble.length), (at, length), "{text}: {}", trouble.says);
        assert!(trouble.says.contains(says), "{text}: {}", trouble.says);
    }
}

#[test]
fn names_are_told_with_their_places() {
    let text = "\u{e4} (service:kafka,\"zk\" OR -team:data) owner:Ana@example.org by:@me,none env:production";
    let (query, names) = with_names(text).unwrap();
    assert_eq!(parse(text), Ok(query));
    let told: Vec<(Key, &str, String)> = names
        .iter()
        .map(|name| (name.key, name.word.as_str(), text.chars().skip(name.at).take(name.length).collect()))
        .collect();
    let expected = [
        (Key::Service, "kafka", "kafka"),
        (Key::Service, "zk", "zk"),
        (Key::Team, "data", "data"),
        (Key::Owner, "ana@example.org", "Ana@example.org"),
        (Key::Environment, "production", "production"),
    ];
    assert_eq!(told, expected.map(|(key, word, written)| (key, word, written.to_owned())));
    let trouble = parse("by:anna").unwrap_err();
    assert_eq!((trouble.at, trouble.says), (3, nobody("anna")));
}

#[test]
fn a_query_has_limits() {
    let words = |number: usize| vec!["a"; number].join(" ");
    assert!(parse(&words(SEARCH_TERMS_MAX)).is_ok());
    assert!(parse(&words(SEARCH_TERMS_MAX + 1)).unwrap_err().says.contains("terms"));
    let nested = |levels: usize| format!("{}a{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse(&nested(SEARCH_LEVELS_MAX)).is_ok());
    assert!(parse(&nested(SEARCH_LEVELS_MAX + 1)).unwrap_err().says.contains("levels"));
    assert!(parse(&"-".repeat(1_000)).is_err());
    // A range is as many terms as it has words where it is always written.
    let ranges = |number: usize| vec!["severity:>=low"; number].join(" ");
    assert!(parse(&ranges(SEARCH_TERMS_MAX / 4)).is_ok());
    assert!(parse(&ranges(SEARCH_TERMS_MAX / 4 + 1)).unwrap_err().says.contains("terms"));
    let range = " severity:>=low";
    let longest = "a".repeat(SEARCH_CHARS_MAX - range.len()) + range;
    let trouble = parse(&longest).unwrap_err();
    assert_eq!((trouble.at, trouble.length), (0, SEARCH_CHARS_MAX));
    assert!(trouble.says.contains("longer than a query may be"), "{}", trouble.says);
    let long = parse(&"a".repeat(SEARCH_CHARS_MAX + 1)).unwrap_err();
    assert_eq!((long.at, long.length), (SEARCH_CHARS_MAX, 1));
}

#[test]
fn where_nothing_is_found_each_condition_can_be_left_out() {
    let query = parse("zookeeper env:prod is:open").unwrap();
    let fewer: Vec<(String, String)> =
        query.without_each().into_iter().map(|(without, query)| (without, query.to_string())).collect();
    let expected =
        [("zookeeper", "env:prod is:open"), ("env:prod", "zookeeper is:open"), ("is:open", "zookeeper env:prod")];
    assert_eq!(fewer, expected.map(|(without, rest)| (without.to_owned(), rest.to_owned())));
    let chip = query.and(Expr::only(Key::Type, "finding"));
    assert_eq!(chip.to_string(), "zookeeper env:prod is:open type:finding");
    assert_eq!(chip.clone().and(Expr::only(Key::Type, "finding")), chip);
}

#[test]
fn words_come_first_by_how_well_they_fit_unless_anything_can_stand_beside_them() {
    for (text, is_judged, order) in [
        ("zookeeper", false, Sort::Relevance),
        ("zookeeper OR service:kafka", false, Sort::Relevance),
        ("zookeeper is:open", true, Sort::Relevance),
        ("zookeeper (service:kafka OR is:open)", true, Sort::Relevance),
        ("(zookeeper is:open) OR alerts", true, Sort::Relevance),
        ("zookeeper OR is:open", true, Sort::Created),
        ("sort:relevance (zookeeper OR -has:fix)", true, Sort::Created),
        ("-zookeeper -is:open", true, Sort::Created),
        ("", false, Sort::Created),
    ] {
        let query = parse(text).unwrap();
        assert_eq!((query.is_judged(), query.order()), (is_judged, order), "{text}");
    }
}

/// What people type, in pieces that mean something.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("\"".to_owned()),
        Just("-".to_owned()),
        Just("*".to_owned()),
        Just(" ".to_owned()),
        Just(" OR ".to_owned()),
        Just(" AND ".to_owned()),
        Just(" NOT ".to_owned()),
        Just("type:finding,run".to_owned()),
        Just("severity:>=high".to_owned()),
        Just("created:>2026-10-01".to_owned()),
        Just("created:<7d".to_owned()),
        Just("measured:gap>=4.50min".to_owned()),
        Just("measured:gap>4s,rate<=2%".to_owned()),
        Just("is:open".to_owned()),
        Just("-verdict:due".to_owned()),
        Just("owner:@me".to_owned()),
        Just("service:none".to_owned()),
        Just("sort:created".to_owned()),
        Just("updated:<7d".to_owned()),
        Just("-has:fix,owner".to_owned()),
        Just("target:\"zk 1\"".to_owned()),
        Just("label:a".to_owned()),
        Just("plan:EXP-3@2".to_owned()),
        "[a-zA-Zäİσ0-9:,.*@]{1,6}",
        ".{0,4}",
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_typed_is_a_query_that_reads_back_or_a_place_with_a_sentence(text in pieces()) {
        match parse(&text) {
            Ok(query) => {
                let printed = query.to_string();
                let again = parse(&printed);
                prop_assert_eq!(again, Ok(query), "{} printed as {}", text, printed);
            }
            Err(trouble) => {
                let chars = text.chars().count();
                prop_assert!(trouble.at <= chars && trouble.length >= 1 && !trouble.says.is_empty());
                prop_assert!(trouble.at + trouble.length <= chars + 1, "{}: {:?}", text, trouble);
            }
        }
    }
}
