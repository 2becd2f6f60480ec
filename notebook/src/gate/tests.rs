use proptest::{prelude::*, sample::select};

use super::{
    sample::{all_go, slo},
    *,
};
use EnvironmentClass::{Other, Production};
use Gate::{Ask, Go, Refuse};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

fn with(class: EnvironmentClass, edit: impl FnOnce(&mut Inputs)) -> Inputs {
    let mut inputs = Inputs { class, ..all_go() };
    edit(&mut inputs);
    inputs
}

/// The answer of one check; all others say go.
fn answer(check: Check, inputs: &Inputs, policy: &Policy) -> (Gate, String) {
    let lines = lines(inputs, policy);
    for line in &lines {
        assert!(line.check == check || line.answer == Go, "{line:?}");
    }
    let line = lines.into_iter().find(|line| line.check == check).unwrap();
    (line.answer, line.says)
}

type Edit = Box<dyn Fn(&mut Inputs)>;

/// What changes, and the answers in production and elsewhere.
type Row = (Check, Edit, Gate, Gate, &'static str);

fn row(check: Check, production: Gate, other: Gate, says: &'static str, edit: impl Fn(&mut Inputs) + 'static) -> Row {
    (check, Box::new(edit), production, other, says)
}

fn assert_rows(rows: Vec<Row>) {
    for (check, edit, production, other, expected) in rows {
        for (class, expected_answer) in [(Production, production), (Other, other)] {
            let (answer, says) = answer(check, &with(class, &edit), &Policy::STANDARD);
            assert_eq!(answer, expected_answer, "{check:?} in {class:?}: {says}");
            assert!(says.contains(expected), "{check:?} in {class:?}: {says}");
        }
    }
}

fn clauses(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn when_everything_is_well_every_check_says_go() {
    for class in [Production, Other] {
        let lines = lines(&with(class, |_| {}), &Policy::STANDARD);
        assert_eq!(worst(&lines), Go, "{lines:?}");
        let checks: Vec<Check> = lines.iter().map(|line| line.check).collect();
        assert_eq!(checks, Check::ALL, "each check once, in order");
        assert!(lines.iter().all(|line| !line.says.is_empty() && !line.can_be_overridden));
    }
    assert_eq!(worst(&[]), Refuse);
}

#[test]
fn the_table_of_people_and_times() {
    assert_rows(vec![
        row(Check::Plan, Refuse, Refuse, "not approved", |inputs| {
            inputs.plan = Input::Known(PlanState { approved: false, missing: Vec::new() });
        }),
        // S-P8: no procedure, owner or deadline.
        row(Check::Plan, Refuse, Refuse, "no revert procedure is written; nobody is named", |inputs| {
            let missing = clauses(&["no revert procedure is written", "nobody is named to revert the fault"]);
            inputs.plan = Input::Known(PlanState { approved: true, missing });
        }),
        row(Check::Freeze, Refuse, Refuse, "production is frozen", |inputs| {
            inputs.freezes = clauses(&["the environment production is frozen"]);
        }),
        row(Check::Quorum, Refuse, Refuse, "no Observer", |inputs| {
            inputs.quorum = Input::Known(Quorum::NotMet(clauses(&["no Observer"])));
        }),
        row(Check::GoNoGo, Ask, Ask, "the Observer says no-go: wait", |inputs| {
            inputs.no_go = clauses(&["the Observer says no-go: wait"]);
        }),
        row(Check::Hours, Refuse, Refuse, "not a working day", |inputs| {
            inputs.outside_hours = Input::Known(clauses(&["Saturday is not a working day"]));
        }),
    ]);
}

#[test]
fn the_table_of_what_goes_on_around() {
    let around = |services: &[&str], dependencies: &[&str]| Around {
        on_services: clauses(services),
        on_dependencies: clauses(dependencies),
    };
    let (own, needed, both) = (around(&["INC-1"], &[]), around(&[], &["INC-2"]), around(&["INC-1"], &["INC-2"]));
    let mut rows = Vec::new();
    for (found, expected, says) in
        [(own, Refuse, "themselves: INC-1"), (needed, Ask, "dependency: INC-2"), (both, Refuse, "INC-1")]
    {
        let (as_incident, as_run) = (found.clone(), found);
        rows.push(row(Check::Incident, expected, expected, says, move |inputs| {
            inputs.incidents = Input::Known(as_incident.clone());
        }));
        rows.push(row(Check::Conflict, expected, expected, says, move |inputs| inputs.conflicts = as_run.clone()));
    }
    rows.push(row(Check::Regressions, Ask, Ask, "FND-1, FND-2", |inputs| {
        inputs.regressions = clauses(&["FND-1", "FND-2"]);
    }));
    assert_rows(rows);
}

#[test]
fn the_table_of_the_plans_own_safety() {
    let holding =
        |age_ms| move |inputs: &mut Inputs| inputs.steady_state = Input::Known(SteadyState::Holding { age_ms });
    let reverted = |ms| move |inputs: &mut Inputs| inputs.revert = Input::Known(Rehearsed::Ago { ms });
    assert_rows(vec![
        row(Check::SteadyState, Go, Go, "held 15 min ago", holding(15 * MINUTE_MS)),
        row(Check::SteadyState, Refuse, Ask, "held 15 min ago", holding(15 * MINUTE_MS + 1)),
        row(Check::SteadyState, Refuse, Refuse, "does not hold: error rate 3 %", |inputs| {
            inputs.steady_state = Input::Known(SteadyState::NotHolding(clauses(&["error rate 3 %"])));
        }),
        row(Check::Revert, Go, Go, "90 d ago", reverted(90 * DAY_MS)),
        row(Check::Revert, Ask, Ask, "90 days are expected", reverted(90 * DAY_MS + 1)),
        // S-P8: a revert that was never rehearsed.
        row(Check::Revert, Refuse, Ask, "never done", |inputs| inputs.revert = Input::Known(Rehearsed::Never)),
        // S-P4: two at once.
        row(Check::BlastRadius, Ask, Ask, "wider than one at a time: 2", |inputs| inputs.at_once = Input::Known(2)),
    ]);
}

#[test]
fn the_table_of_budget_and_level() {
    let slos = |slos: &[SloState]| {
        let slos = slos.to_vec();
        move |inputs: &mut Inputs| inputs.slos.clone_from(&slos)
    };
    let at = |level| SloState { level, ..slo("SLO-1", 0, 900) };
    assert_rows(vec![
        row(Check::Budget, Go, Go, "SLO-1: 100 % left", slos(&[slo("SLO-1", 0, 900)])),
        row(Check::Budget, Ask, Ask, "uses the reserve of 100", slos(&[slo("SLO-1", 0, 901)])),
        row(Check::Budget, Refuse, Refuse, "which is more", slos(&[slo("SLO-1", 0, 1_001)])),
        // S-P9: nothing left; the bad events leave the window 28 days after they ended.
        row(
            Check::Budget,
            Refuse,
            Refuse,
            "SLO-1: 0 % left, so nothing may be risked; first possible on 2026-11-29T00:00:00Z",
            slos(&[slo("SLO-1", 1_000, 1)]),
        ),
        row(Check::Budget, Refuse, Refuse, "SLO-2: 0 % left", slos(&[slo("SLO-1", 0, 901), slo("SLO-2", 1_000, 1)])),
        row(Check::Level, Ask, Ask, "at risk", slos(&[at(Level::AtRisk)])),
        row(Check::Level, Refuse, Refuse, "too broken", slos(&[at(Level::TooBroken)])),
        row(Check::Level, Refuse, Ask, "unknown", slos(&[at(Level::Unknown)])),
        // S-Q7: too long without measurements.
        row(
            Check::Budget,
            Refuse,
            Ask,
            "nothing was measured for 24 h",
            slos(&[SloState {
                budget: Input::Unknown("nothing was measured for 24 h".into()),
                ..at(Level::GoodEnough)
            }]),
        ),
    ]);
}

#[test]
fn an_ask_about_slos_names_those_that_give_it() {
    let at_risk = |name: &str| SloState { level: Level::AtRisk, ..slo(name, 0, 900) };
    let lines = lines(
        &with(Other, |inputs| inputs.slos = vec![slo("SLO-1", 0, 900), at_risk("SLO-2"), at_risk("SLO-3")]),
        &Policy::STANDARD,
    );
    let about = |check: Check| lines.iter().find(|line| line.check == check).unwrap().about.clone();
    assert_eq!(about(Check::Level), ["SLO-2", "SLO-3"], "an answer about two is none about a third");
    assert!(about(Check::Budget).is_empty(), "what goes asks nobody");
}

#[test]
fn one_answer_is_for_two_times_and_for_all_that_is_in_the_way_at_either() {
    let line = |says: &str, about: &[&str]| Line {
        check: Check::Conflict,
        answer: Ask,
        says: says.into(),
        can_be_overridden: false,
        about: clauses(about),
    };
    let both = line("RUN-5 overlaps", &["RUN-5"]).and(line("RUN-5 and RUN-9 overlap", &["RUN-5", "RUN-9"]));
    assert_eq!(
        (both.says.as_str(), both.about),
        ("RUN-5 overlaps; RUN-5 and RUN-9 overlap", clauses(&["RUN-5", "RUN-9"]))
    );
    assert_eq!(line("the same", &["RUN-5"]).and(line("the same", &["RUN-5"])), line("the same", &["RUN-5"]));
}

#[test]
fn without_an_slo_production_does_not_know_and_elsewhere_goes() {
    for (class, expected) in [(Production, Refuse), (Other, Go)] {
        let lines = lines(&with(class, |inputs| inputs.slos = Vec::new()), &Policy::STANDARD);
        for check in [Check::Budget, Check::Level] {
            let line = lines.iter().find(|line| line.check == check).unwrap();
            assert_eq!(line.answer, expected, "{line:?}");
            assert!(line.says.contains("no SLO in this environment"));
        }
    }
}

#[test]
fn the_policy_sets_the_limits() {
    let policy = Policy { at_once_max: Some(2), steady_state_minutes: 5, rehearsal_days: 30, ..Policy::STANDARD };
    let at_once =
        |count| answer(Check::BlastRadius, &with(Other, |inputs| inputs.at_once = Input::Known(count)), &policy).0;
    assert_eq!([0, 1, 2, 3].map(at_once), [Go, Go, Ask, Refuse]);
    let older = with(Other, |inputs| {
        inputs.steady_state = Input::Known(SteadyState::Holding { age_ms: 6 * MINUTE_MS });
    });
    assert_eq!(answer(Check::SteadyState, &older, &policy).0, Ask);
    let rehearsed = with(Other, |inputs| inputs.revert = Input::Known(Rehearsed::Ago { ms: 31 * DAY_MS }));
    assert_eq!(answer(Check::Revert, &rehearsed, &policy).0, Ask);
    let only_one = Policy { at_once_max: Some(1), ..policy };
    let two = with(Other, |inputs| inputs.at_once = Input::Known(2));
    assert!(answer(Check::BlastRadius, &two, &only_one).1.contains("the policy allows 1"));
}

#[test]
fn only_hours_outside_and_hours_that_nobody_knows_can_be_overridden() {
    let overridable = |edit: fn(&mut Inputs)| -> Vec<Check> {
        let lines = lines(&with(Production, edit), &Policy::STANDARD);
        lines.iter().filter(|line| line.can_be_overridden).map(|line| line.check).collect()
    };
    assert_eq!(overridable(|inputs| inputs.outside_hours = Input::Known(clauses(&["Sunday"]))), [Check::Hours]);
    // Whoever is new has no team yet, and must get on nevertheless.
    assert_eq!(overridable(|inputs| inputs.outside_hours = Input::Unknown("no team".into())), [Check::Hours]);
    assert_eq!(overridable(|inputs| inputs.freezes = clauses(&["frozen"])), []);
    let elsewhere = with(Other, |inputs| inputs.outside_hours = Input::Unknown("no team".into()));
    let lines = lines(&elsewhere, &Policy::STANDARD);
    assert!(lines.iter().all(|line| !line.can_be_overridden), "it is an ask, and answered");
}

#[test]
fn each_list_names_what_an_answer_to_it_is_about() {
    let found = || Around { on_services: Vec::new(), on_dependencies: clauses(&["RUN-5"]) };
    let inputs = with(Other, |inputs| {
        inputs.conflicts = found();
        inputs.incidents = Input::Known(found());
        inputs.regressions = clauses(&["FND-1"]);
        inputs.no_go = clauses(&["the Owner says no-go"]);
        inputs.hours_about = clauses(&["2026-11-28"]);
        inputs.at_once = Input::Known(2);
    });
    for line in lines(&inputs, &Policy::STANDARD) {
        let expected = match line.check {
            Check::Conflict | Check::Incident => clauses(&["RUN-5"]),
            Check::Regressions => clauses(&["FND-1"]),
            Check::GoNoGo => clauses(&["the Owner says no-go"]),
            Check::Hours => clauses(&["2026-11-28"]),
            Check::BlastRadius => clauses(&["2 at once"]),
            _ => Vec::new(),
        };
        assert_eq!(line.about, expected, "{:?}", line.check);
    }
}

#[test]
fn an_answer_to_incidents_that_are_not_clear_is_about_what_was_seen() {
    let seen = || clauses(&["incidents here and nearby not clear: kafka lags"]);
    let inputs = with(Other, |inputs| {
        inputs.incidents = Input::Unknown(seen().join("; "));
        inputs.incidents_about = seen();
    });
    let lines = lines(&inputs, &Policy::STANDARD);
    let line = lines.iter().find(|line| line.check == Check::Incident).unwrap();
    assert_eq!((line.answer, &line.about), (Ask, &seen()));
}

/// The checks whose input somebody may not know. Of the others the notebook itself knows everything, or
/// each SLO says for itself what it lacks.
const MAY_BE_UNKNOWN: &[Check] =
    &[Check::Plan, Check::Quorum, Check::Hours, Check::Incident, Check::SteadyState, Check::Revert, Check::BlastRadius];

/// Makes one input unknown.
fn forget(check: Check, inputs: &mut Inputs) {
    let why = || "nobody looked".to_owned();
    match check {
        Check::Plan => inputs.plan = Input::Unknown(why()),
        Check::Quorum => inputs.quorum = Input::Unknown(why()),
        Check::Hours => inputs.outside_hours = Input::Unknown(why()),
        Check::Incident => inputs.incidents = Input::Unknown(why()),
        Check::SteadyState => inputs.steady_state = Input::Unknown(why()),
        Check::Revert => inputs.revert = Input::Unknown(why()),
        Check::BlastRadius => inputs.at_once = Input::Unknown(why()),
        Check::Freeze | Check::GoNoGo | Check::Budget | Check::Level | Check::Conflict | Check::Regressions => {}
    }
}

#[test]
fn an_unknown_input_is_refused_in_production_and_asked_about_elsewhere() {
    for check in MAY_BE_UNKNOWN {
        for (class, expected) in [(Production, Refuse), (Other, Ask)] {
            let lines = lines(&with(class, |inputs| forget(*check, inputs)), &Policy::STANDARD);
            let line = lines.iter().find(|line| line.check == *check).unwrap();
            assert_eq!(line.answer, expected, "{line:?}");
            assert!(line.says.contains("nobody looked"), "{line:?}");
            assert_eq!(worst(&lines), expected);
        }
    }
}

proptest! {
    #[test]
    fn forgetting_never_opens_the_gate(
        forgotten in prop::collection::vec(select(MAY_BE_UNKNOWN), 0..6),
        class in select(EnvironmentClass::ALL),
        at_once in 0u32..4,
        level in select(Level::ALL),
        bad in 0u64..1_200,
        worst_case in 0u64..1_200,
    ) {
        let mut inputs = with(class, |inputs| {
            inputs.at_once = Input::Known(at_once);
            inputs.slos = vec![SloState { level, ..slo("SLO-1", bad, worst_case) }];
        });
        let before = lines(&inputs, &Policy::STANDARD);
        for check in &forgotten {
            forget(*check, &mut inputs);
        }
        let after = lines(&inputs, &Policy::STANDARD);
        for (before, after) in before.iter().zip(&after) {
            let is_forgotten = after.says.contains("nobody looked");
            let holds = if is_forgotten { after.answer > Go } else { after == before };
            prop_assert!(holds, "{before:?} became {after:?}");
        }
        if class == Production && !forgotten.is_empty() {
            prop_assert_eq!(worst(&after), Refuse);
        }
    }
}
