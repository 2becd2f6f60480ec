//! Which services were tried with which faults, and in which order the blind spots stand: what keeps
//! data and rarely changes comes first, because nothing exercises it unless somebody does.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    id::RunId,
    runs::{
        facts::{Execution, Verdict},
        validity::Validity,
    },
    services::frequency::Frequency,
    text::{Slug, Title},
    time::Moment,
};

/// The newest ended run with one fault on a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "CoverageTried"))]
pub struct Tried {
    /// None while the plan names none.
    pub fault: Option<Slug>,
    pub environment: Slug,
    pub run: RunId,
    pub execution: Execution,
    pub validity: Option<Validity>,
    pub verdict: Option<Verdict>,
    pub ended_at: Moment,
}

/// One service of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "CoverageLine"))]
pub struct Line {
    pub service: Slug,
    pub name: Title,
    pub stateful: bool,
    pub single_point: bool,
    pub frequency: Frequency,
    pub changed_at: Option<Moment>,
    /// One for each fault and environment, by fault.
    pub tried: Vec<Tried>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "CoverageMap"))]
pub struct Map {
    /// Faults of templates that were tried on nothing, in the order of their names.
    pub untried: Vec<Slug>,
    /// Faults that were tried on anything, in the order of their names.
    pub faults: Vec<Slug>,
    /// The most urgent first.
    pub lines: Vec<Line>,
}

impl Line {
    /// The smaller, the earlier somebody should try it.
    fn urgency(&self) -> (u8, bool, bool, &Slug) {
        let class = match (self.stateful, self.frequency.is_rare()) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        (class, !self.tried.is_empty(), !self.single_point, &self.service)
    }

    /// Keeps what is newest of each fault in each environment.
    pub fn add(&mut self, tried: Tried) {
        let same = |known: &&mut Tried| known.fault == tried.fault && known.environment == tried.environment;
        match self.tried.iter_mut().find(same) {
            Some(known) if known.ended_at >= tried.ended_at => {}
            Some(known) => *known = tried,
            None => self.tried.push(tried),
        }
    }
}

/// Puts the blind spots first. `offered` are the faults of templates.
pub fn map(mut lines: Vec<Line>, offered: BTreeSet<Slug>) -> Map {
    for line in &mut lines {
        line.tried.sort_by(|a, b| (&a.fault, &a.environment).cmp(&(&b.fault, &b.environment)));
    }
    lines.sort_by(|a, b| a.urgency().cmp(&b.urgency()));
    let mut faults: Vec<Slug> =
        lines.iter().flat_map(|line| &line.tried).filter_map(|tried| tried.fault.clone()).collect();
    faults.sort();
    faults.dedup();
    let untried = offered.into_iter().filter(|fault| !faults.contains(fault)).collect();
    Map { untried, faults, lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFTEN: Frequency = Frequency::Monthly { changes: 4 };

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    fn line(name: &str, stateful: bool, frequency: Frequency) -> Line {
        Line {
            service: slug(name),
            name: Title::new(name).unwrap(),
            stateful,
            single_point: false,
            frequency,
            changed_at: None,
            tried: Vec::new(),
        }
    }

    fn tried(fault: &str, day: i64) -> Tried {
        Tried {
            fault: Some(slug(fault)),
            environment: slug("production"),
            run: RunId::of(day),
            execution: Execution::Finished,
            validity: Some(Validity::Valid),
            verdict: Some(Verdict::Upheld),
            ended_at: Moment::from_micros(day),
        }
    }

    #[test]
    fn what_keeps_data_and_rarely_changes_leads_and_never_tried_comes_before_tried() {
        let mut zookeeper = line("zookeeper", true, Frequency::FewerThanOne);
        zookeeper.add(tried("process-restart", 3));
        let alone = Line { single_point: true, ..line("alerting", false, OFTEN) };
        let lines = vec![
            line("home", false, OFTEN),
            alone,
            line("ingest", false, Frequency::FewerThanOne),
            line("cache", true, OFTEN),
            zookeeper,
            line("storage-engine", true, Frequency::Unrecorded),
            line("kafka", true, Frequency::FewerThanOne),
        ];
        let map = map(lines, BTreeSet::new());
        let order: Vec<&str> = map.lines.iter().map(|line| line.service.as_str()).collect();
        assert_eq!(order, ["kafka", "storage-engine", "zookeeper", "cache", "ingest", "alerting", "home"]);
        assert_eq!(map.faults, [slug("process-restart")]);
    }

    #[test]
    fn only_the_newest_run_of_a_fault_stands_in_the_map() {
        let mut kafka = line("kafka", true, OFTEN);
        for (fault, day) in [("disk-full", 2), ("process-restart", 5), ("disk-full", 4), ("process-restart", 3)] {
            kafka.add(tried(fault, day));
        }
        let found = map(vec![kafka], BTreeSet::from([slug("zone-loss"), slug("disk-full"), slug("dns-failure")]));
        assert_eq!(found.untried, [slug("dns-failure"), slug("zone-loss")]);
        let runs: Vec<RunId> = found.lines[0].tried.iter().map(|tried| tried.run).collect();
        assert_eq!(runs, [RunId::of(4), RunId::of(5)]);
    }
}
