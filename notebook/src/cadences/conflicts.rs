//! Runs of one environment at the same time, on the same services or on ones that depend on each other.

use std::collections::BTreeSet;

use crate::{id::RunId, interval::Interval, text::Slug};

/// A run that is to come or goes on, with what it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    pub run: RunId,
    pub environment: Slug,
    pub during: Interval,
    pub services: BTreeSet<Slug>,
    /// Everything these depend on.
    pub needs: BTreeSet<Slug>,
}

/// Two runs that get in each other's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub first: RunId,
    pub second: RunId,
    /// What they have in common, or what one depends on and the other breaks.
    pub services: BTreeSet<Slug>,
    pub is_shared: bool,
}

impl Conflict {
    /// "RUN-3 and RUN-4 are on the same service: zookeeper".
    pub fn words(&self) -> String {
        let services: Vec<&str> = self.services.iter().map(Slug::as_str).collect();
        let (first, second, services) = (self.first, self.second, services.join(", "));
        if self.is_shared {
            format!("{first} and {second} overlap on {services}")
        } else {
            format!("{first} and {second} overlap, and one depends on {services} of the other")
        }
    }
}

/// Each pair once, in the order of the runs.
pub fn conflicts(runs: &[Laid]) -> Vec<Conflict> {
    let pairs =
        runs.iter().enumerate().flat_map(|(index, one)| runs[index + 1..].iter().map(move |other| (one, other)));
    pairs.filter_map(|(one, other)| between(one, other)).collect()
}

fn between(one: &Laid, other: &Laid) -> Option<Conflict> {
    if one.environment != other.environment || !at_once(one.during, other.during) {
        return None;
    }
    let both =
        |own: &BTreeSet<Slug>, others: &BTreeSet<Slug>| own.intersection(others).cloned().collect::<BTreeSet<_>>();
    let shared = both(&one.services, &other.services);
    let is_shared = !shared.is_empty();
    let services = if is_shared {
        shared
    } else {
        let mut services = both(&one.needs, &other.services);
        services.extend(both(&other.needs, &one.services));
        services
    };
    (!services.is_empty()).then_some(Conflict { first: one.run, second: other.run, services, is_shared })
}

/// A run whose length no plan tells is somewhere, too.
fn at_once(one: Interval, other: Interval) -> bool {
    one.overlaps(other) || one.contains(other.start()) || other.contains(one.start()) || one.start() == other.start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Moment;

    fn slugs(texts: &[&str]) -> BTreeSet<Slug> {
        texts.iter().map(|text| Slug::new(text).unwrap()).collect()
    }

    fn laid(run: i64, from_min: i64, minutes: i64, services: &[&str], needs: &[&str]) -> Laid {
        Laid {
            run: RunId::of(run),
            environment: Slug::new("production").unwrap(),
            during: Interval::lasting(Moment::from_micros(0).plus_minutes(from_min), minutes * 60_000),
            services: slugs(services),
            needs: slugs(needs),
        }
    }

    #[test]
    fn runs_meet_on_what_they_share_and_on_what_one_needs() {
        let one = laid(1, 0, 60, &["zookeeper"], &[]);
        for (other, words) in [
            (laid(2, 30, 60, &["zookeeper", "kafka"], &[]), Some("RUN-1 and RUN-2 overlap on zookeeper")),
            (
                laid(2, 30, 60, &["ingest"], &["kafka", "zookeeper"]),
                Some("RUN-1 and RUN-2 overlap, and one depends on zookeeper of the other"),
            ),
            (laid(2, 30, 60, &["home"], &["ingest"]), None),
            (laid(2, 60, 60, &["zookeeper"], &[]), None),
            (laid(2, 0, 0, &["zookeeper"], &[]), Some("RUN-1 and RUN-2 overlap on zookeeper")),
            (laid(2, 59, 0, &["zookeeper"], &[]), Some("RUN-1 and RUN-2 overlap on zookeeper")),
        ] {
            let found = conflicts(&[one.clone(), other.clone()]);
            assert_eq!(found.first().map(Conflict::words).as_deref(), words, "{other:?}");
        }
        let elsewhere = Laid { environment: Slug::new("staging").unwrap(), ..laid(2, 0, 60, &["zookeeper"], &[]) };
        assert!(conflicts(&[one.clone(), elsewhere]).is_empty());
        let three = [one.clone(), laid(2, 0, 60, &["zookeeper"], &[]), laid(3, 0, 60, &["zookeeper"], &[])];
        assert_eq!(conflicts(&three).len(), 3);
    }
}
