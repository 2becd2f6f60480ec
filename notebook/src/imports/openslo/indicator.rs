//! What an OpenSLO document counts: words for people, and its definition kept as it is written.

use super::part::{Part, Told};
use crate::foreign::{redact, tree::Tree, yaml};

/// The type of a metric source that is measured here, not by a query.
pub const MEASURED_HERE: &str = "retrial";

/// What one objective is judged by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// Words for people; empty if the document has none.
    pub words: String,
    /// The `spec` as YAML; empty where it is measured here.
    pub definition: String,
    /// Whether its values are held against a bound.
    pub is_threshold: bool,
    /// Where it stands.
    pub path: String,
}

/// Reads an SLI: an object with `metadata` and `spec`.
pub fn read(tree: &Tree, path: &str, told: &mut Told) -> Measured {
    let mut part = Part::of(tree, path, told);
    let words = part.part("metadata", told).map(|metadata| named(metadata, told)).unwrap_or_default();
    let (path, spec) = (part.at("spec"), part.get("spec"));
    // A document of its own has them.
    for name in ["apiVersion", "kind"] {
        part.get(name);
    }
    part.end(told);
    let Some(spec) = spec else {
        told.trouble(&path, "is missing");
        return Measured { words, path, ..Measured::default() };
    };
    let is_threshold = checked(spec, &path, told);
    let definition = if is_measured_here(spec) { String::new() } else { yaml::written(spec).trim().to_owned() };
    Measured { words, definition, is_threshold, path }
}

fn named(mut metadata: Part, told: &mut Told) -> String {
    let (name, display) = (metadata.text("name", told), metadata.text("displayName", told));
    metadata.pass(&["labels", "annotations"], "an indicator has none here", told);
    metadata.end(told);
    if display.is_empty() { name } else { display }.to_owned()
}

/// Looks whether a `spec` says what is counted. Everything else in it is kept with it.
pub fn checked(spec: &Tree, path: &str, told: &mut Told) -> bool {
    let mut part = Part::of(spec, path, told);
    let (threshold, ratio) = (part.part("thresholdMetric", told), part.part("ratioMetric", told));
    match (threshold, ratio) {
        (Some(mut threshold), None) => {
            source(&mut threshold, told);
            true
        }
        (None, Some(mut ratio)) => {
            ratio_metric(&mut ratio, told);
            false
        }
        (Some(_), Some(_)) => {
            told.trouble(path, "holds a thresholdMetric and a ratioMetric; leave one out");
            false
        }
        (None, None) => {
            told.trouble(path, "holds neither a thresholdMetric nor a ratioMetric");
            false
        }
    }
}

/// A definition that is written as text, without what looks like a secret in it.
pub fn without_secrets(text: &str, path: &str, told: &mut Told) -> String {
    let Ok(mut tree) = yaml::parse(text) else {
        let clean = redact::without_credentials(text);
        if clean.is_some() {
            told.note(format!("{path}: what looks like a secret in it is not kept"));
        }
        return clean.unwrap_or_else(|| text.to_owned());
    };
    let mut clean = tree.to_value();
    if redact::redact_slos(&mut clean).is_empty() {
        return text.to_owned();
    }
    tree.follow(&clean);
    told.note(format!("{path}: what looks like a secret in it is not kept"));
    yaml::written(&tree).trim().to_owned()
}

fn ratio_metric(ratio: &mut Part, told: &mut Told) {
    ratio.truth("counter", told);
    let path = ratio.path().to_owned();
    if let Some(mut raw) = ratio.part("raw", told) {
        source(&mut raw, told);
        if !["success", "failure"].contains(&ratio.text("rawType", told)) {
            told.trouble(ratio.at("rawType"), "is not one of success, failure");
        }
        return;
    }
    let mut sides = 0;
    for side in ["good", "bad"] {
        if let Some(mut side) = ratio.part(side, told) {
            source(&mut side, told);
            sides += 1;
        }
    }
    let total = ratio.part("total", told);
    match total {
        Some(mut total) if sides > 0 => source(&mut total, told),
        _ => told.trouble(path, "takes good or bad, and total; or raw and rawType"),
    }
}

fn source(metric: &mut Part, told: &mut Told) {
    metric.need_part("metricSource", told);
}

/// Whether the source of any of its metrics is this notebook.
fn is_measured_here(spec: &Tree) -> bool {
    let metrics = ["thresholdMetric", "ratioMetric"].into_iter().filter_map(|name| spec.get(name));
    let sources = metrics.flat_map(|metric| [Some(metric), metric.get("raw")]).flatten();
    let mut sources = sources.filter_map(|metric| metric.get("metricSource"));
    sources.any(|source| source.text_of("type") == MEASURED_HERE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Measured, Told) {
        let mut told = Told::default();
        let measured = read(&yaml::parse(text).unwrap(), "spec.indicator", &mut told);
        (measured, told)
    }

    #[test]
    fn a_definition_is_kept_as_it_is_written() {
        let spec = "ratioMetric:\n  counter: true\n  good:\n    metricSource:\n      type: Prometheus\n      spec:\n        query: sum(ok_total)\n  total:\n    metricSource:\n      metricSourceRef: main\n      spec:\n        query: sum(all_total)";
        let indented = spec.replace('\n', "\n  ");
        let (measured, told) = read_text(&format!("metadata: {{name: answered}}\nspec:\n  {indented}\n"));
        assert_eq!(told, Told::default());
        assert_eq!((measured.words.as_str(), measured.is_threshold), ("answered", false));
        assert_eq!(measured.definition, spec);
    }

    #[test]
    fn each_kind_of_metric_is_known_and_a_half_one_is_refused() {
        let source = "{metricSource: {spec: {query: x}}}";
        for (spec, threshold, path) in [
            (format!("{{thresholdMetric: {source}}}"), true, None),
            (format!("{{ratioMetric: {{bad: {source}, total: {source}}}}}"), false, None),
            (format!("{{ratioMetric: {{rawType: failure, raw: {source}}}}}"), false, None),
            (format!("{{ratioMetric: {{good: {source}}}}}"), false, Some("spec.indicator.spec.ratioMetric")),
            (
                format!("{{ratioMetric: {{rawType: maybe, raw: {source}}}}}"),
                false,
                Some("spec.indicator.spec.ratioMetric.rawType"),
            ),
            ("{thresholdMetric: {}}".into(), true, Some("spec.indicator.spec.thresholdMetric.metricSource")),
            ("{description: nothing}".into(), false, Some("spec.indicator.spec")),
            (format!("{{thresholdMetric: {source}, ratioMetric: {{}}}}"), false, Some("spec.indicator.spec")),
        ] {
            let (measured, told) = read_text(&format!("{{metadata: {{name: x}}, spec: {spec}}}"));
            assert_eq!(measured.is_threshold, threshold, "{spec}");
            assert_eq!(told.troubles.first().map(|trouble| trouble.field.as_str()), path, "{spec}: {told:?}");
        }
    }

    #[test]
    fn a_definition_in_an_annotation_keeps_no_secret_either() {
        let mut told = Told::default();
        let kept = "metricSource:\n  spec:\n    query: q";
        assert_eq!(without_secrets(kept, "x", &mut told), kept);
        assert_eq!(told, Told::default());
        let clean = without_secrets(&format!("{kept}\n    api_key: sesame-open\n"), "x", &mut told);
        assert!(clean.starts_with(kept) && !clean.contains("sesame"), "{clean}");
        assert_eq!(told.notes, ["x: what looks like a secret in it is not kept"]);
        let (query, mut told) = ("up{a: [1, https://ana:sesame-open@example.org/", Told::default());
        assert!(yaml::parse(query).is_err());
        let clean = without_secrets(query, "x", &mut told);
        assert_eq!((clean.as_str(), told.notes.len()), ("up{a: [1, https://[redacted]@example.org/", 1));
        assert_eq!(without_secrets("up{a: [1", "x", &mut told), "up{a: [1");
        assert_eq!(told.notes.len(), 1);
    }

    #[test]
    fn what_is_measured_here_has_no_definition_of_a_tool() {
        let (measured, told) = read_text(
            "{metadata: {name: x, displayName: stored events}, spec: {ratioMetric: {rawType: success, raw: {metricSource: {type: retrial}}}}}",
        );
        assert_eq!(told.troubles, []);
        assert_eq!((measured.words.as_str(), measured.definition.as_str()), ("stored events", ""));
    }
}
