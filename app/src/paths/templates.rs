//! Addresses of templates, and of the forms that begin from one or make one.

use notebook::id::ExperimentId;
use notebook::templates::TemplateName;
use notebook::text::Slug;

use super::{encoded, with_query};

/// Plans to begin from.
pub fn templates() -> String {
    "/templates".into()
}

/// Templates with one kind of fault.
pub fn templates_for(fault: &Slug) -> String {
    format!("/templates?fault={fault}")
}

pub fn template(slug: &Slug) -> String {
    format!("/templates/{slug}")
}

/// One version of a template.
pub fn template_version(name: &TemplateName) -> String {
    format!("/templates/{}/versions/{}", name.slug, name.version)
}

pub fn renew_template(slug: &Slug) -> String {
    format!("/templates/{slug}/renew")
}

/// The form that makes a template of an experiment's plan.
pub fn promote(id: ExperimentId) -> String {
    format!("/experiments/{id}/promote")
}

/// The form for a new experiment that begins from a template.
pub fn new_experiment_from(name: &TemplateName, service: Option<&Slug>) -> String {
    let service = service.map(|service| format!("service={service}"));
    let parts: Vec<String> = [template_part(name)].into_iter().chain(service).collect();
    with_query(&super::new_experiment(), &parts)
}

fn template_part(name: &TemplateName) -> String {
    format!("template={}", encoded(&name.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_begins_from_one_version_of_a_template() {
        let name: TemplateName = "dns-failure@1".parse().unwrap();
        assert_eq!(new_experiment_from(&name, None), "/experiments/new?template=dns-failure%401");
        let kafka = Slug::new("kafka").unwrap();
        let on_kafka = "/experiments/new?template=dns-failure%401&service=kafka";
        assert_eq!(new_experiment_from(&name, Some(&kafka)), on_kafka);
    }
}
