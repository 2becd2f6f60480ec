//! How often one address may try a password, and how often it may read calendars. Accounts are counted in the
//! notebook besides.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use notebook::refusal::Refusal;

/// Tries at once, and then in a minute: one every two seconds. A whole office may share one address.
const LOGINS: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// The same for secret addresses of calendars: one program elsewhere may ask for those of everybody.
const CALENDARS: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);
/// Checks between two sweeps of addresses that are at rest again.
const SWEEP_EVERY: u32 = 1_000;

pub struct Limiter {
    tries: DefaultKeyedRateLimiter<IpAddr>,
    checks: AtomicU32,
}

impl Limiter {
    pub fn of_logins() -> Self {
        Self::of(LOGINS)
    }

    pub fn of_calendars() -> Self {
        Self::of(CALENDARS)
    }

    fn of(a_minute: NonZeroU32) -> Self {
        let quota = Quota::per_minute(a_minute).allow_burst(a_minute);
        Self { tries: RateLimiter::keyed(quota), checks: AtomicU32::new(0) }
    }

    /// Counts one try from this address.
    pub fn check(&self, address: IpAddr) -> Result<(), Refusal> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.tries.retain_recent();
        }
        self.tries.check_key(&key(address)).map_err(|early| {
            let wait = early.wait_time_from(governor::clock::DefaultClock::default().now());
            Refusal::TooOften { wait_s: i64::try_from(wait.as_secs()).unwrap_or(60) + 1 }
        })
    }
}

/// One customer of a provider has a whole /64 of IPv6 addresses.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_runs_out_of_tries_and_another_does_not() {
        let limiter = Limiter::of_logins();
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..30 {
            assert_eq!(limiter.check(here), Ok(()));
        }
        assert!(matches!(limiter.check(here), Err(Refusal::TooOften { wait_s: 1..=3 })));
        assert!(limiter.check("::ffff:192.0.2.1".parse().unwrap()).is_err(), "the same address in other clothes");
        assert_eq!(limiter.check("192.0.2.2".parse().unwrap()), Ok(()));
    }

    #[test]
    fn calendars_are_read_far_more_often_than_passwords_are_tried() {
        let limiter = Limiter::of_calendars();
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        let taken = (0..1_200).take_while(|_| limiter.check(here).is_ok()).count();
        assert!((600..1_200).contains(&taken), "{taken}");
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let limiter = Limiter::of_logins();
        for last in 0..30 {
            assert_eq!(limiter.check(format!("2001:db8::{last:x}").parse().unwrap()), Ok(()));
        }
        assert!(limiter.check("2001:db8::ffff".parse().unwrap()).is_err());
        assert_eq!(limiter.check("2001:db8:0:1::1".parse().unwrap()), Ok(()));
    }
}
