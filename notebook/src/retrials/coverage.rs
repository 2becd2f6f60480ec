//! Which services were tried with which faults, and in which order the blind spots stand: what keeps
//! data and rarely changes comes first, because nothing exercises it unless somebody does.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    id::RunId,
    limits::COVERAGE_ROWS,
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
    /// After which service the map goes on, where there are more; `untried` and `faults` are those of these lines.
    pub next: Option<Slug>,
    /// Whether more runs ended on these lines than are looked at: what is only in older ones stands as never tried.
    pub older_left_out: bool,
}

impl Line {
    /// The smaller, the earlier somebody should try it.
    fn urgency(&self, is_tried: bool) -> (u8, bool, bool, &Slug) {
        let class = match (self.stateful, self.frequency.is_rare()) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        (class, is_tried, !self.single_point, &self.service)
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

/// Puts the blind spots first, faults that were tried on none of these lines too. `offered` are the faults of templates.
pub fn map(mut lines: Vec<Line>, offered: BTreeSet<Slug>) -> Map {
    for line in &mut lines {
        line.tried.sort_by(|a, b| (&a.fault, &a.environment).cmp(&(&b.fault, &b.environment)));
    }
    lines.sort_by(|a, b| a.urgency(!a.tried.is_empty()).cmp(&b.urgency(!b.tried.is_empty())));
    let mut faults: Vec<Slug> =
        lines.iter().flat_map(|line| &line.tried).filter_map(|tried| tried.fault.clone()).collect();
    faults.sort();
    faults.dedup();
    let untried = offered.into_iter().filter(|fault| !faults.contains(fault)).collect();
    Map { untried, faults, lines, next: None, older_left_out: false }
}

/// The lines after this service, the most urgent first, and after which one it goes on. `tried` are the services on
/// which anything was tried: what, is only looked up for the lines of one page.
pub fn page(mut lines: Vec<Line>, tried: &BTreeSet<Slug>, after: Option<&Slug>) -> (Vec<Line>, Option<Slug>) {
    let is_tried = |line: &Line| tried.contains(&line.service);
    lines.sort_by(|a, b| a.urgency(is_tried(a)).cmp(&b.urgency(is_tried(b))));
    let before = after.and_then(|after| lines.iter().position(|line| line.service == *after));
    let mut page = lines.split_off(before.map_or(0, |before| before + 1));
    let more = page.len() > COVERAGE_ROWS;
    page.truncate(COVERAGE_ROWS);
    let next = page.last().filter(|_| more).map(|line| line.service.clone());
    (page, next)
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
    fn a_page_goes_on_where_the_one_before_ended_and_what_was_tried_stands_behind() {
        let many = || (0..120).map(|n| line(&format!("service-{n:03}"), true, OFTEN)).collect::<Vec<_>>();
        let tried = BTreeSet::from([slug("service-000")]);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (lines, next) = page(many(), &tried, after.as_ref());
            assert!(lines.len() <= COVERAGE_ROWS && !lines.is_empty());
            seen.extend(lines.into_iter().map(|line| line.service));
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((seen.len(), seen[0].as_str(), seen[119].as_str()), (120, "service-001", "service-000"));
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 120, "none stands twice");
        let (first, _) = page(many(), &tried, Some(&slug("gone")));
        assert_eq!(first[0].service, slug("service-001"), "an unknown one is before all");
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
