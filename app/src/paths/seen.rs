//! The address of what was seen before.

use std::collections::BTreeSet;

use notebook::id::{ExperimentId, FindingId, RunId};
use notebook::text::Slug;

use super::{encoded, short, with_query};

/// What was seen that is like something: all but the experiment `own`, or like what a finding's run was about.
pub fn seen(own: Option<ExperimentId>, of_run: Option<(RunId, &BTreeSet<Slug>, Option<&Slug>)>) -> String {
    let mut parts = Vec::new();
    parts.extend(own.map(|own| format!("own={own}")));
    if let Some((run, services, fault)) = of_run {
        let services: Vec<&str> = services.iter().map(Slug::as_str).collect();
        parts.extend([format!("run={run}"), format!("services={}", services.join(","))]);
        parts.extend(fault.map(|fault| format!("fault={fault}")));
    }
    with_query("/seen", &parts)
}

/// What was seen that is like a finding, which may be the same as some of it.
pub fn seen_like(finding: FindingId, services: &BTreeSet<Slug>, words: &str) -> String {
    let services: Vec<&str> = services.iter().map(Slug::as_str).collect();
    let parts = [
        format!("finding={finding}"),
        format!("services={}", services.join(",")),
        format!("words={}", encoded(&short(words))),
    ];
    with_query("/seen", &parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_form_does_not() {
        let slug = |text: &str| Slug::new(text).unwrap();
        let services = BTreeSet::from([slug("kafka"), slug("zookeeper")]);
        assert_eq!(seen(None, None), "/seen");
        assert_eq!(seen(Some(ExperimentId::of(3)), None), "/seen?own=EXP-3");
        assert_eq!(
            seen(None, Some((RunId::of(4), &services, Some(&slug("disk-full"))))),
            "/seen?run=RUN-4&services=kafka,zookeeper&fault=disk-full"
        );
        assert_eq!(
            seen_like(FindingId::of(2), &services, "alerts stop"),
            "/seen?finding=FND-2&services=kafka,zookeeper&words=alerts%20stop"
        );
    }
}
