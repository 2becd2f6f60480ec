//! SLOs of Sloth: its own text, and the same as an object of Kubernetes, whose members are spelled in
//! camel case.

use std::collections::BTreeSet;

use super::{
    Is, Item, Object, item,
    part::{Part, Told},
    said::{Said, WINDOW},
    slo::propose,
    window,
};
use crate::{
    experiments::units::plain,
    foreign::{shorten, tree::Tree, yaml},
    limits::TITLE_CHARS_MAX,
    slos::drafts::{Draft, OCCURRENCES},
};

pub const VERSION: &str = "prometheus/v1";
pub const API_VERSION: &str = "sloth.slok.dev/v1";
const ALERTS: &str = "alerts are the business of the tool that sends them";
const LABELS: &str = "an SLO has none here";

/// How the members are spelled.
struct Spelling {
    plugins: &'static str,
    error: &'static str,
    total: &'static str,
    error_ratio: &'static str,
}

const PLAIN: Spelling =
    Spelling { plugins: "slo_plugins", error: "error_query", total: "total_query", error_ratio: "error_ratio_query" };
const KUBERNETES: Spelling =
    Spelling { plugins: "sloPlugins", error: "errorQuery", total: "totalQuery", error_ratio: "errorRatioQuery" };

pub fn is_one(tree: &Tree) -> bool {
    tree.text_of("version") == VERSION || tree.text_of("apiVersion") == API_VERSION
}

pub fn read(object: &Object) -> Vec<Item> {
    let mut told = Told::default();
    let mut root = Part::of(&object.tree, object.place.root(), &mut told);
    if root.text("version", &mut told) == VERSION {
        return all(object, root, &PLAIN, told);
    }
    root.text("apiVersion", &mut told);
    if root.need("kind", &mut told) != "PrometheusServiceLevel" {
        told.trouble(root.at("kind"), "is not PrometheusServiceLevel");
    }
    root.pass(&["metadata", "status"], "its name and labels are of the cluster", &mut told);
    let spec = root.need_part("spec", &mut told);
    root.end(&mut told);
    all(object, spec, &KUBERNETES, told)
}

fn all(object: &Object, mut part: Part, spelling: &Spelling, mut told: Told) -> Vec<Item> {
    let service = part.need("service", &mut told);
    part.pass(&["labels"], LABELS, &mut told);
    part.pass(&[spelling.plugins], "rules are not made here", &mut told);
    let slos = part.items("slos", &mut told);
    if slos.is_empty() {
        told.trouble(part.at("slos"), "takes at least one SLO");
    }
    let service_at = part.at("service");
    part.end(&mut told);
    if !told.troubles.is_empty() {
        return vec![item(object, "SLO", service, Is::Passed(String::new()), told)];
    }
    let mut items = Vec::new();
    for (path, tree) in slos {
        // What is said of all of them is said once.
        let mut own = std::mem::take(&mut told);
        let part = Part::of(tree, path, &mut own);
        let said = one(part, spelling, (service, &service_at), &mut own);
        let name = said.draft.title.clone();
        items.push(item(object, "SLO", &name, Is::Slo(Box::new(said)), own));
    }
    items
}

fn one(mut part: Part, spelling: &Spelling, (service, service_at): (&str, &str), told: &mut Told) -> Said {
    let mut draft = Draft {
        title: shorten::line(part.need("name", told), TITLE_CHARS_MAX),
        service: service.to_owned(),
        promise: part.text("description", told).to_owned(),
        method: OCCURRENCES.into(),
        ..Draft::default()
    };
    draft.measure.clone_from(&draft.title);
    window::usual(&mut draft);
    match part.number("objective", told) {
        Some(percent) => draft.target = format!(">= {} %", plain(percent)),
        None if part.get("objective").is_none() => told.trouble(part.at("objective"), "is missing"),
        None => {}
    }
    let sli = part.need_part("sli", told);
    let sli_at = sli.path().to_owned();
    draft.definition = definition(sli, spelling, told);
    part.pass(&["labels"], LABELS, told);
    part.pass(&["alerting"], ALERTS, told);
    part.pass(&["plugins"], "rules are not made here", told);
    told.note(format!("{}: Sloth names no window; {} days are taken", part.path(), window::USUAL_DAYS));
    let at = |field, name: &str| (field, part.at(name));
    let paths = vec![
        at("title", "name"),
        ("service", service_at.to_owned()),
        at("promise", "description"),
        at("measure", "name"),
        at("target", "objective"),
        ("definition", sli_at),
    ];
    part.end(told);
    propose(&mut draft, told);
    Said { draft, is_ours: false, id: String::new(), annotated: BTreeSet::new(), left_open: vec![WINDOW], paths }
}

/// Its queries as an indicator of OpenSLO; a plugin as it is.
fn definition(mut sli: Part, spelling: &Spelling, told: &mut Told) -> String {
    let (raw, events, plugin) = (sli.part("raw", told), sli.part("events", told), sli.get("plugin"));
    let path = sli.path().to_owned();
    sli.end(told);
    let tree = match (raw, events, plugin) {
        (Some(mut raw), None, None) => {
            let query = raw.need(spelling.error_ratio, told);
            raw.end(told);
            Tree::of([("rawType", Tree::text("failure")), ("raw", prometheus(query))])
        }
        (None, Some(mut events), None) => {
            let (error, total) = (events.need(spelling.error, told), events.need(spelling.total, told));
            events.end(told);
            Tree::of([("bad", prometheus(error)), ("total", prometheus(total))])
        }
        (None, None, Some(plugin)) => return yaml::written(&Tree::of([("plugin", plugin.clone())])).trim().to_owned(),
        _ => {
            told.trouble(path, "takes one of raw, events, plugin");
            return String::new();
        }
    };
    yaml::written(&Tree::of([("ratioMetric", tree)])).trim().to_owned()
}

fn prometheus(query: &str) -> Tree {
    let spec = Tree::of([("query", Tree::text(query))]);
    Tree::of([("metricSource", Tree::of([("type", Tree::text("Prometheus")), ("spec", spec)]))])
}
