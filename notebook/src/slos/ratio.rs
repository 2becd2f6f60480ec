//! Exact fractions. What is left of a budget is one count divided by another, and no decimal holds
//! that exactly. By hand, because the usual crates overflow where a number grows too large; here
//! that is an answer, and the rule that asked says *unknown*.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// A fraction in lowest terms; the denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// None without a denominator, or beyond the largest number.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator.checked_abs()?, denominator.checked_abs()?);
        let sign = denominator.signum();
        Some(Self { numerator: numerator / divisor * sign, denominator: denominator / divisor * sign })
    }

    /// For numbers that are bounded by their origin. The denominator is above zero.
    pub(super) fn of(numerator: i128, denominator: i128) -> Self {
        debug_assert!(denominator > 0, "{numerator} / {denominator}");
        let divisor = gcd(numerator.abs(), denominator).max(1);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    pub fn whole(number: impl Into<i128>) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }

    pub fn of_decimal(number: Decimal) -> Self {
        Self::of(number.mantissa(), 10_i128.pow(number.scale()))
    }

    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The sum; none beyond the largest number, like every operation here.
    pub fn plus(self, other: Self) -> Option<Self> {
        let shared = gcd(self.denominator, other.denominator);
        let left = self.numerator.checked_mul(other.denominator / shared)?;
        let right = other.numerator.checked_mul(self.denominator / shared)?;
        Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator / shared)?)
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { numerator: other.numerator.checked_neg()?, ..other })
    }

    pub fn times(self, other: Self) -> Option<Self> {
        // Divided crosswise first, so that nothing grows that would shrink again.
        let (left, right) =
            (gcd(self.numerator.abs(), other.denominator), gcd(other.numerator.abs(), self.denominator));
        let numerator = (self.numerator / left).checked_mul(other.numerator / right)?;
        let denominator = (self.denominator / right).checked_mul(other.denominator / left)?;
        Self::new(numerator, denominator)
    }

    /// None if `other` is zero, too.
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// The largest whole number not above it.
    pub const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// The smallest whole number not below it.
    pub const fn ceil(self) -> i128 {
        let floor = self.floor();
        if self.denominator == 1 { floor } else { floor + 1 }
    }

    pub const fn is_above_zero(self) -> bool {
        self.numerator > 0
    }
}

impl Ord for Ratio {
    /// Whole parts first, then what remains, turned upside down: never a product, so never too large.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = ((self.numerator, self.denominator), (other.numerator, other.denominator));
        loop {
            let whole = one.0.div_euclid(one.1).cmp(&two.0.div_euclid(two.1));
            let (rest_one, rest_two) = (one.0.rem_euclid(one.1), two.0.rem_euclid(two.1));
            if whole.is_ne() || rest_one == 0 || rest_two == 0 {
                return whole.then(rest_one.min(1).cmp(&rest_two.min(1)));
            }
            (one, two) = ((two.1, rest_two), (one.1, rest_one));
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Of numbers not below zero; zero only if both are.
const fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ratio(numerator: i128, denominator: i128) -> Ratio {
        Ratio::new(numerator, denominator).unwrap()
    }

    #[test]
    fn a_fraction_has_one_form() {
        assert_eq!(ratio(-4, -6), ratio(2, 3));
        assert_eq!(ratio(4, -6), ratio(-2, 3));
        assert_eq!(ratio(0, -7), Ratio::ZERO);
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(i128::MIN, 3), None);
        assert_eq!(Ratio::of_decimal(Decimal::new(25, 2)), ratio(1, 4));
    }

    #[test]
    fn floor_and_ceiling_go_down_and_up_on_either_side_of_zero() {
        for (numerator, denominator, floor, ceil) in
            [(7, 2, 3, 4), (-7, 2, -4, -3), (6, 2, 3, 3), (-6, 2, -3, -3), (0, 5, 0, 0)]
        {
            let number = ratio(numerator, denominator);
            assert_eq!((number.floor(), number.ceil()), (floor, ceil), "{number:?}");
        }
    }

    #[test]
    fn the_largest_numbers_still_compare_and_no_longer_multiply() {
        let (more, less) = (ratio(i128::MAX - 1, i128::MAX), ratio(i128::MAX - 5, i128::MAX - 4));
        assert!(less < more);
        assert_eq!(more.cmp(&less), Ordering::Greater);
        assert_eq!(less.times(less), None);
        assert_eq!(less.plus(more), None);
        assert_eq!(less.cmp(&less), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn fractions_compare_like_products(a in -999i128..999, b in 1i128..999, c in -999i128..999, d in 1i128..999) {
            prop_assert_eq!(ratio(a, b).cmp(&ratio(c, d)), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn what_is_added_can_be_taken_away(a in -999i128..999, b in 1i128..999, c in -999i128..999, d in 1i128..999) {
            let (one, two) = (ratio(a, b), ratio(c, d));
            prop_assert_eq!(one.plus(two).unwrap().minus(two), Some(one));
            prop_assert_eq!(one.plus(two), Ratio::new(a * d + c * b, b * d));
            prop_assert_eq!(one.times(two), Ratio::new(a * c, b * d));
            prop_assert_eq!(one.over(two).is_none(), two == Ratio::ZERO);
            if let Some(quotient) = one.over(two) {
                prop_assert_eq!(quotient.times(two), Some(one));
            }
        }

        #[test]
        fn a_number_lies_between_its_floor_and_its_ceiling(a in -9999i128..9999, b in 1i128..99) {
            let number = ratio(a, b);
            let (floor, ceil) = (Ratio::whole(number.floor()), Ratio::whole(number.ceil()));
            prop_assert!(floor <= number && number <= ceil);
            prop_assert!(number.ceil() - number.floor() <= 1);
        }
    }
}
