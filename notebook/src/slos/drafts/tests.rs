use super::*;
use crate::slos::sample::ingest;

/// One thing made wrong.
type Change = fn(&mut Draft);

fn draft() -> Draft {
    Draft::of(&ingest(), 1)
}

fn fields(draft: &Draft) -> Vec<String> {
    let refusal = draft.check(&Zone::utc()).unwrap_err();
    refusal.troubles().iter().map(|trouble| trouble.field.clone()).collect()
}

#[test]
fn what_an_edit_form_begins_with_says_the_same_slo() {
    let bound = Bound::bad_beyond(Direction::LargerIsWorse, 1.into(), Some("s")).unwrap();
    let sliced = Slo {
        indicator: Indicator {
            good: Some(Bound { limit_is_good: false, ..bound }),
            definition: Some(Prose::new("sum(rate(stored_total[5m]))").unwrap()),
            ..ingest().indicator
        },
        target: Target::read("less than 0.1 % bad").unwrap(),
        window: Window::Calendar { period: Period::Quarter, zone: Zone::named("Europe/Berlin").unwrap() },
        method: Method::TimeSlices(Slices::new(300_000, Share::percent(95)).unwrap()),
        promise: None,
        begins: Moment::parse("2026-11-02T10:00:00Z"),
        source: Source::Push,
        ..ingest()
    };
    for slo in [ingest(), sliced] {
        assert_eq!(Draft::of(&slo, 3).check(&Zone::utc()).unwrap(), slo);
    }
}

#[test]
fn a_target_of_all_is_refused_beside_its_field_with_the_reason() {
    for all in ["100 %", "at least 100 %", "1", "less than 0 % bad"] {
        let refusal = Draft { target: all.into(), ..draft() }.check(&Zone::utc()).unwrap_err();
        let [trouble] = refusal.troubles() else { panic!("{refusal:?}") };
        assert_eq!(trouble.field, "target");
        assert!(trouble.says.contains("no budget would remain"), "{}", trouble.says);
    }
}

#[test]
fn every_trouble_stands_beside_the_field_it_came_from() {
    let changed: [(&str, Change); 18] = [
        ("title", |draft| draft.title.clear()),
        ("service", |draft| draft.service.clear()),
        ("environment", |draft| draft.environment = "§".into()),
        ("measure", |draft| draft.measure.clear()),
        ("limit", |draft| draft.limit = "5".into()),
        ("direction", |draft| (draft.direction, draft.limit) = ("sideways".into(), "1".into())),
        ("limit", |draft| draft.direction = "larger_is_worse".into()),
        ("target", |draft| draft.target = "many".into()),
        ("window", |draft| draft.window = "decade".into()),
        ("days", |draft| draft.days = "0".into()),
        ("zone", |draft| (draft.window, draft.zone) = ("month".into(), "Mars/Base".into())),
        ("method", |draft| draft.method = "gut feeling".into()),
        ("too_broken", |draft| draft.too_broken = "99.995 %".into()),
        ("good_enough", |draft| draft.good_enough = "most".into()),
        ("level_window", |draft| draft.level_window = "30 d".into()),
        ("age_max", |draft| draft.age_max = "soon".into()),
        ("source", |draft| draft.source = "guessed".into()),
        ("begins", |draft| draft.begins = "yesterday".into()),
    ];
    for (field, change) in changed {
        let mut broken = draft();
        change(&mut broken);
        assert_eq!(fields(&broken), [field], "{broken:?}");
    }
    let slices = Draft { method: TIME_SLICES.into(), slice: "90 s".into(), slice_good: "x".into(), ..draft() };
    assert_eq!(fields(&slices), ["slice_good"]);
    assert_eq!(fields(&Draft { slice_good: "95 %".into(), ..slices }), ["slice"]);
}

#[test]
fn what_is_left_empty_means_the_usual() {
    let short = Draft {
        level_window: String::new(),
        age_max: String::new(),
        gap_max: String::new(),
        source: String::new(),
        good_enough: String::new(),
        ..draft()
    };
    let slo = short.check(&Zone::utc()).unwrap();
    assert_eq!((slo.levels.window_ms, slo.patience, slo.source), (3_600_000, Patience::default(), Source::Manual));
    assert_eq!(slo.levels.good_enough, slo.target);
}
