//! Where the runs of an experiment stand together.

use notebook::id::{ExperimentId, RunId};

/// The runs of an experiment.
pub fn runs_of(id: ExperimentId) -> String {
    format!("/runs?experiment={id}")
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
    }
}
