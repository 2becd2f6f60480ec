use proptest::prelude::*;

use super::*;
use crate::slos::{target::Objective, words::percent_down};

fn budget(target: &str, total: u64, bad: u64) -> Budget {
    Budget::of(Target::read(target).unwrap(), Counts { good: total - bad, bad }).unwrap()
}

fn ratio(numerator: i128, denominator: i128) -> Ratio {
    Ratio::new(numerator, denominator).unwrap()
}

/// Target, events, bad ones; met, further bad ones allowed, remaining.
type Line = (&'static str, u64, u64, bool, i128, &'static str);

#[test]
fn the_three_promises_of_the_origin_have_their_golden_budgets() {
    let lines: [Line; 12] = [
        // S-Q1: at least 99.99 % of a billion events are stored.
        ("99.99 %", 1_000_000_000, 0, true, 100_000, "100 %"),
        ("99.99 %", 1_000_000_000, 40_000, true, 60_000, "60 %"),
        ("99.99 %", 1_000_000_000, 99_999, true, 1, "under 0.01 %"),
        ("99.99 %", 1_000_000_000, 100_000, true, 0, "0 %"),
        ("99.99 %", 1_000_000_000, 100_001, false, -1, "−0.01 %"),
        ("99.99 %", 1_000_000_000, 250_000, false, -150_000, "−150 %"),
        // S-Q2: fewer than 0.1 % of a million visits take over one second.
        ("< 0.1 %", 1_000_000, 999, true, 0, "0.1 %"),
        ("< 0.1 %", 1_000_000, 1_000, false, -1, "0 %"),
        // S-Q3: less than 1 % of queries fail.
        ("< 1 %", 1_000_000, 9_999, true, 0, "0.01 %"),
        ("< 1 %", 1_000_000, 10_000, false, -1, "0 %"),
        // Few events allow a fraction of a bad one.
        ("99.99 %", 1, 1, false, -1, "−999,900 %"),
        ("99.99 %", 1, 0, true, 0, "100 %"),
    ];
    for (target, total, bad, met, further, remaining) in lines {
        let budget = budget(target, total, bad);
        let is = (budget.is_met(), budget.still_allowed(), percent_down(budget.remaining()));
        assert_eq!(is, (met, further, remaining.to_owned()), "{target}, {bad} of {total} bad");
    }
}

#[test]
fn a_billion_events_at_four_nines_allow_a_hundred_thousand_bad_ones() {
    assert_eq!(budget("99.99 %", 1_000_000_000, 0).allowed(), Ratio::whole(100_000));
    assert_eq!(budget("99.99 %", 1_000_000_000, 40_000).remaining(), ratio(3, 5));
    assert_eq!(budget("99.99 %", 1_000_000_000, 40_000).left(), Ratio::whole(60_000));
    assert_eq!(budget("99.99 %", 12_345, 0).allowed(), ratio(12_345, 10_000), "a fraction stays one");
}

#[test]
fn a_fraction_of_an_event_is_worth_none_and_a_strict_target_takes_the_whole_one_too() {
    for (target, total, further) in [
        ("99.9 %", 1_500, 1),
        ("99.9 %", 999, 0),
        ("99.9 %", 1_000, 1),
        ("< 0.1 %", 1_500, 1),
        ("< 0.1 %", 999, 0),
        ("< 0.1 %", 1_000, 0),
        ("< 0.1 %", 1_001, 1),
    ] {
        assert_eq!(budget(target, total, 0).still_allowed(), further, "{target} of {total}");
    }
}

#[test]
fn without_events_nothing_is_known() {
    assert_eq!(Budget::of(Target::read("99.99 %").unwrap(), Counts::NONE), None);
}

#[test]
fn a_budget_burns_at_one_when_exactly_the_tolerated_share_fails() {
    assert_eq!(budget("99.9 %", 1_000_000, 1_000).burn_rate(), Ratio::ONE);
    assert_eq!(budget("99.9 %", 1_000_000, 14_400).burn_rate(), ratio(144, 10));
    assert_eq!(budget("99.9 %", 1_000_000, 0).burn_rate(), Ratio::ZERO);
}

#[test]
fn the_largest_counts_are_still_exact() {
    let target = Target::read("99.9999999 %").unwrap();
    let all = Budget::of(target, Counts { good: u64::MAX, bad: u64::MAX }).unwrap();
    assert!(!all.is_met());
    assert_eq!(all.burn_rate(), Ratio::whole(500_000_000));
    assert_eq!(all.remaining(), Ratio::whole(1 - 500_000_000));
}

prop_compose! {
    fn a_target()(parts in 1i64..i64::from(Share::PARTS), strict in any::<bool>()) -> Target {
        let share = Share::of_decimal(rust_decimal::Decimal::new(parts, 9)).unwrap();
        let strictness = if strict { Strictness::Strict } else { Strictness::NonStrict };
        Target { objective: Objective::new(share).unwrap(), strictness }
    }
}

prop_compose! {
    fn some_counts()(good in 0u64..2_000_000, bad in 0u64..20_000) -> Counts {
        Counts { good, bad }
    }
}

proptest! {
    #[test]
    fn a_promise_is_met_as_the_table_says(target in a_target(), counts in some_counts()) {
        prop_assume!(counts.total() > 0);
        let budget = Budget::of(target, counts).unwrap();
        let (allowed, bad) = (budget.allowed(), Ratio::whole(counts.bad));
        let met = match target.strictness {
            Strictness::NonStrict => bad <= allowed,
            Strictness::Strict => bad < allowed,
        };
        prop_assert_eq!(budget.is_met(), met);
        prop_assert_eq!(budget.remaining() , budget.left().over(allowed).unwrap());
        prop_assert_eq!(budget.burn_rate().plus(budget.remaining()), Some(Ratio::ONE));
    }

    #[test]
    fn so_many_further_bad_events_keep_the_promise_and_one_more_breaks_it(
        target in a_target(),
        counts in some_counts(),
    ) {
        prop_assume!(counts.total() > 0);
        let budget = Budget::of(target, counts).unwrap();
        let further = budget.still_allowed();
        // The number of events stays: what turns bad was good.
        let after = |more: i128| u64::try_from(i128::from(counts.bad) + more).map(|bad| budget.with_bad(bad).is_met());
        if let Ok(met) = after(further) {
            prop_assert!(met);
        }
        if let Ok(met) = after(further + 1) {
            prop_assert!(!met);
        }
    }

    #[test]
    fn the_budget_of_a_window_is_the_sum_of_its_parts(
        target in a_target(),
        parts in prop::collection::vec(some_counts(), 1..6),
    ) {
        let parts: Vec<Counts> = parts.into_iter().filter(|counts| counts.total() > 0).collect();
        prop_assume!(!parts.is_empty());
        let whole = Budget::of(target, parts.iter().copied().sum()).unwrap();
        let sum = |of: fn(&Budget) -> Ratio| {
            parts.iter().fold(Ratio::ZERO, |sum, part| sum.plus(of(&Budget::of(target, *part).unwrap())).unwrap())
        };
        prop_assert_eq!(whole.allowed(), sum(Budget::allowed));
        prop_assert_eq!(whole.left(), sum(Budget::left));
    }

    #[test]
    fn each_event_that_turns_bad_costs_exactly_one(target in a_target(), counts in some_counts()) {
        prop_assume!(counts.good > 0);
        let budget = Budget::of(target, counts).unwrap();
        let worse = budget.with_bad(counts.bad + 1);
        prop_assert!(worse.remaining() < budget.remaining());
        prop_assert_eq!(worse.still_allowed(), budget.still_allowed() - 1);
        prop_assert_eq!(worse.allowed(), budget.allowed());
    }
}
