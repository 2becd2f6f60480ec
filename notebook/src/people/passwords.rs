//! Which passwords are taken, and how they are hashed: a few at a time, the rest wait or are told to.

use crate::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

/// Why a password was not taken; a clause that follows the field's label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordTrouble {
    #[error("has {has} characters; at least {PASSWORD_CHARS_MIN} are asked for")]
    TooShort { has: usize },
    #[error("has {has} bytes; at most {PASSWORD_BYTES_MAX} are read")]
    TooLong { has: usize },
    #[error("is one that many people use, so it is tried first; choose another")]
    Common,
    #[error("is your address; choose another")]
    OwnAddress,
}

/// Length, and not one that everybody tries. No composition rules: they make passwords worse.
pub fn check(password: &str, email: &str) -> Result<(), PasswordTrouble> {
    let has = password.chars().count();
    if has < PASSWORD_CHARS_MIN {
        return Err(PasswordTrouble::TooShort { has });
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordTrouble::TooLong { has: password.len() });
    }
    let small = password.to_lowercase();
    if !email.is_empty() && small == email {
        return Err(PasswordTrouble::OwnAddress);
    }
    if COMMON.contains(&small.as_str()) || is_one_pattern(&small) {
        return Err(PasswordTrouble::Common);
    }
    Ok(())
}

/// Long enough, and still guessed within the first hundred tries. In small letters.
const COMMON: [&str; 36] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789012345",
    "1234567890123456",
    "098765432109",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "passw0rd1234",
    "mypassword123",
    "adminadminadmin",
    "administrator",
    "administrator1",
    "admin1234567",
    "changemechangeme",
    "changeme1234",
    "letmeinletmein",
    "letmein12345",
    "welcome12345",
    "welcome123456",
    "iloveyou1234",
    "iloveyouiloveyou",
    "qwertyuiop123",
    "qwertyuiop12",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiopasdf",
    "qwertyuiopasdfghjkl",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "zaq12wsxcde3",
    "abcdefghijkl",
    "abc123456789",
    "retrialretrial",
];

/// One, two or three characters over and over: `aaaaaaaaaaaa`, `abcabcabcabc`.
fn is_one_pattern(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=3).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

#[cfg(feature = "store")]
pub(crate) use hashing::{hash, is_right};

#[cfg(feature = "store")]
mod hashing {
    use std::sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    };

    use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
    use tokio::sync::Semaphore;

    use crate::{
        fault::{Fault, Result},
        limits::{HASHES_AT_ONCE, HASHES_WAITING_PER_CORE},
        refusal::Refusal,
    };

    /// Each hash takes 19 MiB and a core for some 20 ms.
    static TURNS: Semaphore = Semaphore::const_new(HASHES_AT_ONCE);
    static WAITING: AtomicUsize = AtomicUsize::new(0);
    static WAITING_MAX: LazyLock<usize> = LazyLock::new(|| {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        cores.max(2) * HASHES_WAITING_PER_CORE
    });

    /// Leaves the queue however its owner ends.
    struct Waiting;

    impl Waiting {
        fn join() -> Result<Self, Refusal> {
            if WAITING.fetch_add(1, Ordering::SeqCst) < *WAITING_MAX {
                Ok(Self)
            } else {
                WAITING.fetch_sub(1, Ordering::SeqCst);
                Err(Refusal::TooOften { wait_s: 5 })
            }
        }
    }

    impl Drop for Waiting {
        fn drop(&mut self) {
            WAITING.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Runs one hash off the request threads, when its turn comes.
    async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let waiting = Waiting::join()?;
        let turn = TURNS.acquire().await.map_err(|e| Fault::Work(e.to_string()))?;
        drop(waiting);
        // The turn goes along: a caller that is gone does not let a third hash begin.
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|e| Fault::Work(format!("password hash: {e}")).into())
    }

    /// The text to store. It names its algorithm and costs.
    pub(crate) async fn hash(password: &str) -> Result<String> {
        let password = password.to_owned();
        in_turn(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
            .await?
            .map_err(|e| Fault::Work(format!("password hash: {e}")).into())
    }

    /// Whether the password fits. Without a stored hash it takes as long and is wrong.
    pub(crate) async fn is_right(password: &str, stored: Option<String>) -> Result<bool> {
        /// The hash of nothing anybody knows.
        static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| {
            let text = super::super::secrets::code().ok()?;
            Argon2::default().hash_password(text.as_bytes()).ok().map(|hash| hash.to_string())
        });
        let password = password.to_owned();
        in_turn(move || {
            let known = stored.is_some();
            let Some(text) = stored.or_else(|| NOBODYS.clone()) else {
                return false;
            };
            let right = PasswordHash::new(&text)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            known && right
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_composition_does_not() {
        assert_eq!(check("correct horse", ""), Ok(()));
        assert_eq!(check("ünïcødé påss", ""), Ok(()));
        assert_eq!(check("elevenchars", ""), Err(PasswordTrouble::TooShort { has: 11 }));
        let long = "correct horse ".repeat(80);
        assert_eq!(check(&long, ""), Err(PasswordTrouble::TooLong { has: 1_120 }));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in ["Password1234", "aaaaaaaaaaaa", "abcabcabcabc", "QWERTY123456", "121212121212"] {
            assert_eq!(check(common, ""), Err(PasswordTrouble::Common), "{common}");
        }
        assert_eq!(check("Ana@Example.org", "ana@example.org"), Err(PasswordTrouble::OwnAddress));
    }

    #[test]
    fn the_list_holds_nothing_the_length_rule_already_refuses() {
        for common in COMMON {
            assert!(common.chars().count() >= PASSWORD_CHARS_MIN, "{common}");
            assert_eq!(common, common.to_lowercase());
        }
    }
}
