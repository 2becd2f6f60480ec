//! How often one address may try a password. Accounts are counted in the notebook besides.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use notebook::refusal::Refusal;

/// Tries at once. A whole office may share one address.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Afterwards, one try every two seconds.
const A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Checks between two sweeps of addresses that are at rest again.
const SWEEP_EVERY: u32 = 1_000;

pub struct LoginLimiter {
    tries: DefaultKeyedRateLimiter<IpAddr>,
    checks: AtomicU32,
}

impl LoginLimiter {
    pub fn new() -> Self {
        let quota = Quota::per_minute(A_MINUTE).allow_burst(BURST);
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

impl Default for LoginLimiter {
    fn default() -> Self {
        Self::new()
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
        let limiter = LoginLimiter::new();
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..30 {
            assert_eq!(limiter.check(here), Ok(()));
        }
        assert!(matches!(limiter.check(here), Err(Refusal::TooOften { wait_s: 1..=3 })));
        assert!(limiter.check("::ffff:192.0.2.1".parse().unwrap()).is_err(), "the same address in other clothes");
        assert_eq!(limiter.check("192.0.2.2".parse().unwrap()), Ok(()));
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let limiter = LoginLimiter::new();
        for last in 0..30 {
            assert_eq!(limiter.check(format!("2001:db8::{last:x}").parse().unwrap()), Ok(()));
        }
        assert!(limiter.check("2001:db8::ffff".parse().unwrap()).is_err());
        assert_eq!(limiter.check("2001:db8:0:1::1".parse().unwrap()), Ok(()));
    }
}
