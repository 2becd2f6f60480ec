//! What the exit codes of a plan's command mean, for runs under which `retrial exec` starts one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runs::facts::Verdict;

/// What one exit code is taken for. It proposes, and signs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ExitCode {
    pub code: u8,
    pub means: Verdict,
}

impl ExitCode {
    /// "0 = upheld"; otherwise a clause that says what is wrong with the line.
    pub fn read(line: &str) -> Result<Self, String> {
        let Some((code, means)) = line.split_once(['=', ':']) else {
            return Err("is not written like \u{201c}0 = upheld\u{201d}".to_owned());
        };
        let Ok(code) = code.trim().parse::<u8>() else {
            return Err("does not begin with an exit code from 0 to 255".to_owned());
        };
        let means = Verdict::named(means).map_err(|says| format!("gives {code} a meaning that {says}"))?;
        Ok(Self { code, means })
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.code, self.means.word())
    }
}

/// What a plan takes an exit code for; None where it says nothing of it.
pub fn meaning(codes: &[ExitCode], code: u8) -> Option<Verdict> {
    codes.iter().find(|known| known.code == code).map(|known| known.means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_its_meaning_stand_in_one_line() {
        for (line, code, means) in [
            ("0 = upheld", 0, Verdict::Upheld),
            (" 1:refuted ", 1, Verdict::Refuted),
            ("255=inconclusive", 255, Verdict::Inconclusive),
        ] {
            let read = ExitCode::read(line).unwrap();
            assert_eq!(read, ExitCode { code, means }, "{line}");
            assert_eq!(ExitCode::read(&read.to_string()), Ok(read), "{line}");
        }
    }

    #[test]
    fn what_is_no_code_or_no_meaning_is_said() {
        for (line, says) in [
            ("0", "is not written like \u{201c}0 = upheld\u{201d}"),
            ("256 = upheld", "does not begin with an exit code from 0 to 255"),
            ("-1 = upheld", "does not begin with an exit code from 0 to 255"),
            ("= upheld", "does not begin with an exit code from 0 to 255"),
            ("3 = fine", "gives 3 a meaning that is not one of upheld, refuted, inconclusive"),
            ("3 =", "gives 3 a meaning that is not one of upheld, refuted, inconclusive"),
        ] {
            assert_eq!(ExitCode::read(line), Err(says.to_owned()), "{line}");
        }
    }

    #[test]
    fn a_code_that_the_plan_does_not_name_means_nothing() {
        let codes = [ExitCode { code: 0, means: Verdict::Upheld }, ExitCode { code: 4, means: Verdict::Refuted }];
        let of = |code| meaning(&codes, code);
        assert_eq!((of(0), of(4), of(1)), (Some(Verdict::Upheld), Some(Verdict::Refuted), None));
    }
}
