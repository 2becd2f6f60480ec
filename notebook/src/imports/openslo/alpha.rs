//! `openslo/v1alpha`, which older tools still write, turned into v1 before it is read.

use crate::foreign::{shorten, tree::Tree};

const VERSION: &str = "openslo/v1alpha";

/// The object as v1 has it, and what was decided on the way; every other object as it is.
pub fn converted(mut tree: Tree) -> (Tree, Vec<String>) {
    if tree.text_of("apiVersion") != VERSION {
        return (tree, Vec::new());
    }
    let mut notes = Vec::new();
    tree.set("apiVersion", Tree::text("openslo/v1"));
    if tree.text_of("kind") == "SLO"
        && let Some(spec) = tree.get("spec").filter(|spec| spec.as_members().is_some())
    {
        let spec = of_spec(spec.clone(), &name_of(&tree), &mut notes);
        tree.set("spec", spec);
    }
    (tree, notes)
}

fn name_of(tree: &Tree) -> Tree {
    let name = tree.get("metadata").map(|metadata| metadata.text_of("name")).unwrap_or_default();
    Tree::of([("name", Tree::text(name))])
}

fn of_spec(mut spec: Tree, metadata: &Tree, notes: &mut Vec<String>) -> Tree {
    if let Some(Tree::List(windows)) = spec.get("timeWindows").cloned() {
        spec.set("timeWindow", Tree::List(windows.into_iter().map(window).collect()));
        spec.remove("timeWindows");
    }
    if let Some(threshold) = spec.get("indicator").and_then(|indicator| indicator.get("thresholdMetric")) {
        let threshold = Tree::of([("thresholdMetric", metric(threshold))]);
        spec.set("indicator", Tree::of([("metadata", metadata.clone()), ("spec", threshold)]));
    }
    let counts_slices = spec.text_of("budgetingMethod") == "Timeslices";
    if let Some(Tree::List(objectives)) = spec.get("objectives").cloned() {
        let objectives = objectives.into_iter().enumerate().map(|(n, mut objective)| {
            if let Some(ratio) = objective.get("ratioMetrics") {
                let ratio = Tree::of([("ratioMetric", ratio_metric(ratio))]);
                objective.set("indicator", Tree::of([("metadata", metadata.clone()), ("spec", ratio)]));
                objective.remove("ratioMetrics");
            }
            if counts_slices && objective.get("timeSliceWindow").is_none() && objective.as_members().is_some() {
                notes.push(format!("spec.objectives[{n}]: v1alpha names no length of a slice; 1 min is taken"));
                objective.set("timeSliceWindow", Tree::text("1m"));
            }
            objective
        });
        let objectives = objectives.collect();
        spec.set("objectives", Tree::List(objectives));
    }
    spec
}

/// `{unit: Day, count: 28}` as `28d`; what is no such window keeps its words and is refused by them.
fn window(mut window: Tree) -> Tree {
    let letter = match window.text_of("unit") {
        "Minute" => "m",
        "Hour" => "h",
        "Day" => "d",
        "Week" => "w",
        "Month" => "M",
        "Quarter" => "Q",
        "Year" => "Y",
        other => &format!(" {}", shorten::line(other, 20)),
    };
    let count = window.get("count").map(ToString::to_string).unwrap_or_default();
    let duration = format!("{}{letter}", shorten::line(&count, 20));
    window.remove("unit");
    window.remove("count");
    window.set("duration", Tree::text(duration));
    window
}

/// `source`, `queryType` and `query` as a metric source of v1.
fn metric(metric: &Tree) -> Tree {
    let mut spec = metric.clone();
    let kind = spec.get("source").cloned().unwrap_or_default();
    spec.remove("source");
    Tree::of([("metricSource", Tree::of([("type", kind), ("spec", spec)]))])
}

fn ratio_metric(ratio: &Tree) -> Tree {
    let members = ratio.as_members().unwrap_or_default().iter().map(|(name, member)| match name.as_str() {
        "incremental" => ("counter".to_owned(), member.clone()),
        "good" | "bad" | "total" => (name.clone(), metric(member)),
        _ => (name.clone(), member.clone()),
    });
    Tree::Members(members.collect())
}
