//! Which targets the runs of an experiment hit, over all of them: what nobody ever hit stands first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    experiments::plan::{Selector, Target as Aim},
    id::RunId,
    runs::{
        facts::{RunFacts, Verdict},
        verdict::bare_proposal,
    },
    services::Target,
    text::Slug,
};

/// One target over all valid runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct TargetHits {
    pub name: String,
    /// Whether it is there now; null where nobody lists what is there.
    pub eligible: Option<bool>,
    /// Valid runs whose fault took effect on it, newest first.
    pub runs: Vec<RunId>,
    /// How many of these were upheld.
    pub upheld: usize,
}

/// Names of the targets that a run may hit now; None where nobody listed any. A plan that names its targets
/// means those. Of several services those count that list something a run was to hit: restarting one's
/// instances never reaches another's.
pub fn eligible<'a>(
    listed: &[Target],
    aim: Option<&Aim>,
    runs: impl IntoIterator<Item = &'a RunFacts>,
) -> Option<BTreeSet<String>> {
    let chosen: BTreeSet<&str> =
        runs.into_iter().flat_map(|run| &run.targets).filter(|t| t.hit).map(|t| t.name.as_str()).collect();
    let own: BTreeSet<&Slug> =
        listed.iter().filter(|target| chosen.contains(target.name.as_str())).map(|target| &target.service).collect();
    let there = listed.iter().filter(|target| own.is_empty() || own.contains(&target.service));
    let named = |target: &&Target| match aim.map(|aim| &aim.selector) {
        Some(Selector::Names(names)) => names.contains(target.name.as_str()),
        Some(Selector::Matching(_)) | None => true,
    };
    let names: BTreeSet<String> = there.filter(named).map(|target| target.name.to_string()).collect();
    (!names.is_empty()).then_some(names)
}

/// Every target that is there or was hit once: the never hit ones first, then by name.
pub fn hits<'a>(runs: impl IntoIterator<Item = &'a RunFacts>, eligible: Option<&BTreeSet<String>>) -> Vec<TargetHits> {
    let once: BTreeMap<RunId, &RunFacts> = runs.into_iter().map(|run| (run.id, run)).collect();
    // Exactly the valid ones propose a verdict.
    let mut valid: Vec<(&RunFacts, Verdict)> =
        once.into_values().filter_map(|run| Some((run, bare_proposal(run)?))).collect();
    valid.sort_by_key(|(run, _)| (run.started, run.id));
    let mut found: BTreeMap<String, TargetHits> = BTreeMap::new();
    for name in eligible.into_iter().flatten() {
        found.insert(name.clone(), TargetHits { eligible: Some(true), ..untouched(name) });
    }
    for (run, verdict) in valid.into_iter().rev() {
        for target in run.hit() {
            let unlisted = || TargetHits { eligible: eligible.map(|_| false), ..untouched(target.name.as_str()) };
            let line = found.entry(target.name.to_string()).or_insert_with(unlisted);
            line.runs.push(run.id);
            line.upheld += usize::from(verdict == Verdict::Upheld);
        }
    }
    let mut list: Vec<TargetHits> = found.into_values().collect();
    list.sort_by_key(|line| !line.runs.is_empty());
    list
}

fn untouched(name: &str) -> TargetHits {
    TargetHits { name: name.to_owned(), eligible: None, runs: Vec::new(), upheld: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::Count,
        runs::sample::{gap, run, slug, title},
    };

    fn listed(service: &str, names: &[&str]) -> Vec<Target> {
        let target = |name: &&str| Target {
            service: slug(service),
            environment: slug("production"),
            name: title(name),
            role: None,
        };
        names.iter().map(target).collect()
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_the_service_whose_instances_are_hit_counts() {
        let both = [listed("zookeeper", &["zk-1", "zk-2"]), listed("alerting", &["alert-1"])].concat();
        assert_eq!(eligible(&both, None, &[run(1)]), Some(names(&["zk-1", "zk-2"])));
        assert_eq!(eligible(&both, None, &[]), Some(names(&["alert-1", "zk-1", "zk-2"])), "nobody knows yet");
        assert_eq!(eligible(&[], None, &[run(1)]), None);
        let aim = Aim {
            selector: Selector::Names(names(&["zk-2"])),
            pick: "random".into(),
            count: Count::Number(1),
            at_once: Count::Number(1),
            unit: "instance".into(),
        };
        assert_eq!(eligible(&both, Some(&aim), &[run(1)]), Some(names(&["zk-2"])));
    }

    #[test]
    fn what_was_never_hit_stands_first_and_what_is_gone_says_so() {
        let runs = [
            run(1).on_day(1),
            run(2).on_day(2).measured(&gap(), "300"),
            run(3).on_day(3).hitting(&["zk-9"]).ruled(false),
            run(4).on_day(0).hitting(&["zk-5"]),
        ];
        let eligible = names(&["zk-1", "zk-2"]);
        let lines = hits(&runs, Some(&eligible));
        let said: Vec<_> =
            lines.iter().map(|line| (line.name.as_str(), line.eligible, line.runs.len(), line.upheld)).collect();
        assert_eq!(
            said,
            [("zk-2", Some(true), 0, 0), ("zk-1", Some(true), 2, 1), ("zk-5", Some(false), 1, 1)],
            "an invalid run hits nothing"
        );
        assert_eq!(lines[1].runs, [RunId::of(2), RunId::of(1)]);
        assert_eq!(hits(&runs, None)[0].eligible, None);
    }
}
