//! Where the runs of an experiment stand together.

use notebook::id::{ExperimentId, RunId};

/// One page of the runs of an experiment, older than this one.
pub fn runs_of(id: ExperimentId, before: Option<RunId>) -> String {
    let before = before.map(|before| format!("&before={before}")).unwrap_or_default();
    format!("/runs?experiment={id}{before}")
}

/// A run on one page, for people who are not engineers.
pub fn report(id: RunId) -> String {
    format!("/runs/{id}/report")
}

/// Where runs are chosen to be seen side by side.
pub fn compare_runs() -> String {
    "/runs/compare".into()
}

/// These runs side by side: what differs, or all that is said of them.
pub fn compared_runs(ids: &[RunId], all: bool) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    format!("/runs/compare?ids={}{}", ids.join(","), if all { "&all=on" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_has_an_address_of_its_own() {
        let ids = [RunId::of(1), RunId::of(4)];
        assert_eq!(compared_runs(&ids, false), "/runs/compare?ids=RUN-1,RUN-4");
        assert_eq!(compared_runs(&ids, true), "/runs/compare?ids=RUN-1,RUN-4&all=on");
        assert_eq!(runs_of(ExperimentId::of(3), Some(RunId::of(7))), "/runs?experiment=EXP-3&before=RUN-7");
    }
}
