//! Which templates somebody is shown: by fault, by what they ask of a service, and in an empty place of
//! the coverage map.

use std::collections::BTreeSet;

use super::{Requirement, Template};
use crate::text::Slug;

/// Which templates to list; every part given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub fault: Option<Slug>,
    pub requires: Option<Requirement>,
    /// The retired ones instead of the others.
    pub retired: bool,
}

impl Filter {
    pub fn takes(&self, template: &Template) -> bool {
        let fault = self.fault.as_ref().is_none_or(|fault| template.draft.fault_kind == fault.as_str());
        let requires = self.requires.is_none_or(|asked| template.requires.contains(&asked));
        fault && requires && self.retired == template.retired_at.is_some()
    }
}

impl Requirement {
    /// Whether only a service that keeps data can have it.
    const fn is_of_state(self) -> bool {
        match self {
            Self::Replicas | Self::Disk => true,
            Self::Instances
            | Self::Quorum
            | Self::Leader
            | Self::Dependency
            | Self::Names
            | Self::Zones
            | Self::Certificate
            | Self::Queue
            | Self::Telemetry
            | Self::Preemptible => false,
        }
    }
}

/// The templates with which a fault can be tried on a service, in their order.
pub fn fitting<'a>(templates: &'a [Template], fault: &Slug, stateful: bool) -> Vec<&'a Template> {
    let filter = Filter { fault: Some(fault.clone()), ..Filter::default() };
    let fits = |template: &&Template| {
        filter.takes(template) && (stateful || !template.requires.iter().any(|asked| asked.is_of_state()))
    };
    templates.iter().filter(fits).collect()
}

/// The kinds of fault that templates have.
pub fn faults(templates: &[Template]) -> BTreeSet<Slug> {
    templates.iter().filter_map(Template::fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{templates::builtin, time::Moment};

    fn names<'a>(templates: impl IntoIterator<Item = &'a Template>) -> Vec<&'a str> {
        templates.into_iter().map(|template| template.name.slug.as_str()).collect()
    }

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    #[test]
    fn a_list_is_narrowed_by_fault_and_by_what_is_asked_of_a_service() {
        let all = builtin::all();
        let found = |filter: &Filter| names(all.iter().filter(|template| filter.takes(template)));
        let fault = Filter { fault: Some(slug("dns-failure")), ..Filter::default() };
        assert_eq!(found(&fault), ["dns-failure"]);
        let asked = Filter { requires: Some(Requirement::Quorum), ..Filter::default() };
        assert_eq!(found(&asked), ["restart-one-of-a-quorum"]);
        assert_eq!(found(&Filter { fault: Some(slug("disk-full")), ..asked }), [""; 0]);
        assert_eq!(found(&Filter::default()).len(), all.len());
        assert_eq!(found(&Filter { retired: true, ..Filter::default() }), [""; 0]);
    }

    #[test]
    fn what_needs_data_is_not_offered_for_a_service_that_keeps_none() {
        let mut all = builtin::all();
        assert_eq!(names(fitting(&all, &slug("disk-full"), true)), ["full-disk"]);
        assert_eq!(names(fitting(&all, &slug("disk-full"), false)), [""; 0]);
        assert_eq!(names(fitting(&all, &slug("dns-failure"), false)), ["dns-failure"]);
        assert_eq!(names(fitting(&all, &slug("meteorite"), true)), [""; 0]);
        for template in &mut all {
            template.retired_at = Some(Moment::from_micros(1));
        }
        assert_eq!(names(fitting(&all, &slug("disk-full"), true)), [""; 0], "a retired one is not offered");
    }
}
