//! Our SLOs as documents of OpenSLO v1. Read again, each is the same SLO.

use rust_decimal::Decimal;
use serde_json::Number;

use super::{
    indicator::{self, MEASURED_HERE},
    own::PREFIX,
    part::Told,
};
use crate::{
    experiments::units::plain,
    foreign::{shorten, tree::Tree, yaml},
    id::SloId,
    services::Service,
    slos::{
        Slo,
        drafts::Draft,
        indicator::{Bound, Direction},
        method::Method,
        target::Strictness,
        window::{Period, Window},
    },
};

/// What the specification allows for a description.
const DESCRIPTION_CHARS_MAX: usize = 1_050;
/// A Monday, and the first day of a month, a quarter and a year.
const CALENDAR_START: &str = "2024-01-01 00:00:00";

pub fn service(service: &Service) -> Tree {
    let name = service.slug.as_str();
    let display = Tree::text(service.name.as_str());
    let mut spec = Tree::Members(Vec::new());
    if let Some(description) = &service.description {
        spec.set("description", Tree::text(shorten::prose(description.as_str(), DESCRIPTION_CHARS_MAX)));
    }
    envelope("Service", Tree::of([("name", Tree::text(name)), ("displayName", display)]), spec)
}

pub fn slo(id: SloId, slo: &Slo) -> Tree {
    let name = id.to_string().to_lowercase();
    let definition = defined(slo);
    let metadata = Tree::of([
        ("name", Tree::text(&name)),
        ("displayName", Tree::text(slo.name.as_str())),
        ("annotations", annotations(id, slo, definition.as_ref())),
    ]);
    let mut spec = Tree::Members(Vec::new());
    if let Some(promise) = &slo.promise {
        spec.set("description", Tree::text(shorten::prose(promise.as_str(), DESCRIPTION_CHARS_MAX)));
    }
    let measure = Tree::of([
        ("name", Tree::text(format!("{name}-indicator"))),
        ("displayName", Tree::text(slo.indicator.measure.as_str())),
    ]);
    spec.set("service", Tree::text(slo.service.as_str()));
    let indicator = definition.unwrap_or_else(|| measured_here(slo));
    spec.set("indicator", Tree::of([("metadata", measure), ("spec", indicator)]));
    spec.set("timeWindow", Tree::List(vec![window(&slo.window)]));
    let method = if matches!(slo.method, Method::Occurrences) { "Occurrences" } else { "Timeslices" };
    spec.set("budgetingMethod", Tree::text(method));
    spec.set("objectives", Tree::List(vec![objective(slo)]));
    envelope("SLO", metadata, spec)
}

fn envelope(kind: &str, metadata: Tree, spec: Tree) -> Tree {
    Tree::of([
        ("apiVersion", Tree::text("openslo/v1")),
        ("kind", Tree::text(kind)),
        ("metadata", metadata),
        ("spec", spec),
    ])
}

/// Its definition, if that is an indicator of OpenSLO that comes back as the same text.
fn defined(slo: &Slo) -> Option<Tree> {
    let text = slo.indicator.definition.as_ref()?.as_str();
    let tree = yaml::parse(text).ok()?;
    let mut told = Told::default();
    indicator::checked(&tree, "", &mut told);
    (told.troubles.is_empty() && yaml::written(&tree).trim() == text).then_some(tree)
}

fn is_threshold(definition: Option<&Tree>) -> bool {
    definition.is_none_or(|tree| tree.get("thresholdMetric").is_some())
}

/// The indicator of an SLO that no query defines.
fn measured_here(slo: &Slo) -> Tree {
    let source = Tree::of([("type", Tree::text(MEASURED_HERE)), ("spec", Tree::Members(Vec::new()))]);
    let metric = Tree::of([("metricSource", source)]);
    if slo.indicator.good.is_some() {
        return Tree::of([("thresholdMetric", metric)]);
    }
    Tree::of([("ratioMetric", Tree::of([("rawType", Tree::text("success")), ("raw", metric)]))])
}

/// Whether `op` and `value` say all of a bound.
fn fits_op(bound: &Bound, definition: Option<&Tree>) -> bool {
    is_threshold(definition) && number(bound.limit).is_some()
}

fn annotations(id: SloId, slo: &Slo, definition: Option<&Tree>) -> Tree {
    let draft = Draft::of(slo, 1);
    let mut all = vec![("id", id.to_string()), ("environment", draft.environment), ("promise", draft.promise)];
    if slo.target.strictness == Strictness::Strict {
        all.push(("strictness", Strictness::Strict.word().to_owned()));
    }
    if definition.is_none() {
        all.push(("definition", draft.definition));
    }
    if let Some(bound) = &slo.indicator.good {
        all.push(("unit", draft.unit));
        if !fits_op(bound, definition) {
            all.extend([("direction", draft.direction), ("limit", draft.limit), ("limit_is", draft.limit_is)]);
        }
    }
    all.extend([
        ("good_enough", draft.good_enough),
        ("too_broken", draft.too_broken),
        ("level_window", draft.level_window),
        ("age_max", draft.age_max),
        ("gap_max", draft.gap_max),
        ("source", draft.source),
        ("begins", draft.begins),
    ]);
    let written = all.into_iter().filter(|(_, text)| !text.is_empty());
    Tree::Members(written.map(|(name, text)| (format!("{PREFIX}{name}"), Tree::Text(text))).collect())
}

fn window(window: &Window) -> Tree {
    match window {
        Window::Rolling { days } => {
            Tree::of([("duration", Tree::text(format!("{days}d"))), ("isRolling", Tree::Truth(true))])
        }
        Window::Calendar { period, zone } => {
            let duration = match period {
                Period::Day => "1d",
                Period::Week => "1w",
                Period::Month => "1M",
                Period::Quarter => "1Q",
                Period::Year => "1Y",
            };
            let calendar = Tree::of([("startTime", Tree::text(CALENDAR_START)), ("timeZone", Tree::text(zone.name()))]);
            Tree::of([("duration", Tree::text(duration)), ("isRolling", Tree::Truth(false)), ("calendar", calendar)])
        }
    }
}

fn objective(slo: &Slo) -> Tree {
    let mut objective = Tree::Members(Vec::new());
    let definition = defined(slo);
    if let Some(bound) = slo.indicator.good.as_ref().filter(|bound| fits_op(bound, definition.as_ref())) {
        let op = match (bound.direction, bound.limit_is_good) {
            (Direction::LargerIsWorse, true) => "lte",
            (Direction::LargerIsWorse, false) => "lt",
            (Direction::SmallerIsWorse, true) => "gte",
            (Direction::SmallerIsWorse, false) => "gt",
        };
        objective.set("op", Tree::text(op));
        objective.set("value", number(bound.limit).unwrap_or_default());
    }
    objective.set("target", number(slo.target.objective.share().decimal()).unwrap_or_default());
    if let Method::TimeSlices(slices) = slo.method {
        objective.set("timeSliceTarget", number(slices.good_from().decimal()).unwrap_or_default());
        objective.set("timeSliceWindow", Tree::text(format!("{}m", slices.ms() / 60_000)));
    }
    objective
}

/// A number that comes back as the same decimal.
fn number(decimal: Decimal) -> Option<Tree> {
    let text = plain(decimal);
    let number = match text.parse::<i64>() {
        Ok(whole) => Number::from(whole),
        Err(_) => Number::from_f64(text.parse().ok()?)?,
    };
    let written = number.to_string();
    let again = Decimal::from_str_exact(&written).or_else(|_| Decimal::from_scientific(&written)).ok()?;
    (again == decimal).then_some(Tree::Number(number))
}
