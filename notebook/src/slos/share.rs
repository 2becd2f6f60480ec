//! Parts of a whole, exactly: "99.99 %" and "0.9999" are the same share.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ratio::Ratio;
use crate::{
    experiments::units::{self, plain},
    limits::SHARE_DECIMALS_MAX,
};

const BILLION: u32 = 10_u32.pow(SHARE_DECIMALS_MAX);

/// A decimal fraction from 0 to 1. Kept and sent as a plain decimal in a text, since a number of
/// JSON would pass through binary fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share {
    billionths: u32,
}

impl Share {
    pub const NONE: Self = Self { billionths: 0 };
    pub const ALL: Self = Self { billionths: BILLION };
    /// How many parts the whole has.
    pub const PARTS: u32 = BILLION;

    /// So many whole per cent; more than a hundred count as all.
    pub const fn percent(percent: u32) -> Self {
        if percent >= 100 { Self::ALL } else { Self { billionths: percent * (BILLION / 100) } }
    }

    /// A fraction such as 0.9999; otherwise a clause about what to write.
    pub fn of_decimal(number: Decimal) -> Result<Self, String> {
        let number = number.normalize();
        if number.is_sign_negative() && !number.is_zero() {
            return Err("is below zero; write a share between 0 % and 100 %".into());
        }
        if number > Decimal::ONE {
            return Err(format!(
                "is more than all; write a share up to 100 %, for example {0} % if {0} means per cent",
                plain(number)
            ));
        }
        let missing = SHARE_DECIMALS_MAX.checked_sub(number.scale());
        let parts = missing.and_then(|missing| number.mantissa().checked_mul(10_i128.pow(missing)));
        match parts.and_then(|parts| u32::try_from(parts).ok()) {
            Some(billionths) => Ok(Self { billionths }),
            None => {
                Err(format!("has more than {SHARE_DECIMALS_MAX} decimals as a fraction; nothing measures that finely"))
            }
        }
    }

    /// "99.99 %" or "0.9999"; otherwise a clause about what to write.
    pub fn read(text: &str) -> Result<Self, String> {
        let says = || "takes a share such as 99.99 % or 0.9999".to_owned();
        let (number, unit) = units::amount(text).ok_or_else(says)?;
        let unit = unit.unwrap_or_else(|| "ratio".into());
        Self::of_decimal(units::convert(number, &unit, "ratio").ok_or_else(says)?)
    }

    pub const fn billionths(self) -> u32 {
        self.billionths
    }

    /// What is missing to all.
    #[must_use]
    pub const fn rest(self) -> Self {
        Self { billionths: BILLION - self.billionths }
    }

    pub fn decimal(self) -> Decimal {
        Decimal::new(i64::from(self.billionths), SHARE_DECIMALS_MAX).normalize()
    }

    pub fn ratio(self) -> Ratio {
        Ratio::of(i128::from(self.billionths), i128::from(BILLION))
    }

    /// "99.99 %"; `read` takes it back.
    pub fn words(self) -> String {
        format!("{} %", plain(Decimal::new(i64::from(self.billionths), SHARE_DECIMALS_MAX - 2)))
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::of_decimal(units::decimal(&text).ok_or("takes a plain decimal fraction such as 0.9999")?)
    }
}

impl From<Share> for String {
    fn from(share: Share) -> String {
        plain(share.decimal())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn per_cent_and_fractions_are_the_same_share() {
        for (text, billionths) in [
            ("99.99 %", 999_900_000),
            ("99.99%", 999_900_000),
            ("0.9999", 999_900_000),
            ("99.9999999 %", 999_999_999),
            ("1 ‰", 1_000_000),
            ("1", BILLION),
            ("100 %", BILLION),
            ("0", 0),
            ("10 percent", 100_000_000),
        ] {
            assert_eq!(Share::read(text).map(Share::billionths), Ok(billionths), "{text}");
        }
    }

    #[test]
    fn what_is_no_share_is_refused_with_a_clause() {
        for (text, says) in [
            ("99.99", "99.99 % if 99.99 means per cent"),
            ("101 %", "more than all"),
            ("-1 %", "below zero"),
            ("99.99999999 %", "more than 9 decimals"),
            ("five nines", "takes a share"),
            ("99,9 %", "takes a share"),
            ("3 s", "takes a share"),
            ("", "takes a share"),
        ] {
            let clause = Share::read(text).unwrap_err();
            assert!(clause.contains(says), "{text}: {clause}");
        }
    }

    #[test]
    fn a_share_is_sent_as_an_exact_text() {
        let share = Share::read("99.99 %").unwrap();
        assert_eq!(serde_json::to_string(&share).unwrap(), "\"0.9999\"");
        assert_eq!(serde_json::from_str::<Share>("\"0.9999\"").unwrap(), share);
        for wrong in ["0.9999", "\"1.1\"", "\"99.99 %\""] {
            assert!(serde_json::from_str::<Share>(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Share::percent(10).words(), "10 %");
        assert_eq!(Share::percent(300), Share::ALL);
    }

    proptest! {
        #[test]
        fn every_share_reads_back_as_itself(billionths in 0u32..=BILLION) {
            let share = Share { billionths };
            prop_assert_eq!(Share::read(&share.words()), Ok(share));
            prop_assert_eq!(Share::try_from(String::from(share)), Ok(share));
            prop_assert_eq!(share.ratio().plus(share.rest().ratio()), Some(Ratio::ONE));
            prop_assert_eq!(Ratio::of_decimal(share.decimal()), share.ratio());
        }
    }
}
