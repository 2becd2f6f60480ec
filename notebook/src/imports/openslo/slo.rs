//! An SLO of OpenSLO v1: one draft for each of its objectives.

use rust_decimal::Decimal;

use super::{
    Indicators, Is, Item, Object,
    indicator::{self, Measured},
    item,
    own::{Own, PREFIX},
    part::{Part, Told},
    said::{METHOD, Said, WINDOW},
    window::{self, USUAL_DAYS, duration},
};
use crate::{
    experiments::units::plain,
    foreign::shorten,
    limits::TITLE_CHARS_MAX,
    slos::{
        drafts::{Draft, OCCURRENCES, TIME_SLICES},
        indicator::Direction,
        share::Share,
        target::{Strictness, Target},
    },
};

/// An abort threshold for a document that names none: ten times the bad events the target allows, or
/// where that is all of them, half the target.
pub fn proposed_too_broken(target: &str) -> Option<String> {
    let objective = Target::read(target).ok()?.objective;
    let ten_times = u64::from(objective.tolerated().billionths()) * 10;
    let good = match u64::from(Share::PARTS).checked_sub(ten_times) {
        Some(good) if good > 0 => good,
        _ => u64::from(objective.share().billionths()) / 2,
    };
    Share::of_decimal(Decimal::new(i64::try_from(good).ok()?, crate::limits::SHARE_DECIMALS_MAX)).ok().map(Share::words)
}

/// What all objectives of one document share.
struct Common<'a> {
    name: String,
    title: String,
    draft: Draft,
    own: Own<'a>,
    indicator: Option<Measured>,
    /// Where the indicator stands, or would.
    indicator_at: String,
    counts_slices: bool,
    left_open: Vec<&'static str>,
    paths: Vec<(&'static str, String)>,
}

pub fn read(object: &Object, indicators: &Indicators) -> Vec<Item> {
    let mut told = Told::default();
    let mut part = Part::of(&object.tree, object.place.root(), &mut told);
    part.text("apiVersion", &mut told);
    part.text("kind", &mut told);
    let (metadata, mut spec) = (part.need_part("metadata", &mut told), part.need_part("spec", &mut told));
    part.end(&mut told);
    let mut common = named(metadata, &mut told);
    shared(&mut spec, &mut common, indicators, &mut told);
    let objectives = spec.items("objectives", &mut told);
    if objectives.is_empty() {
        told.trouble(spec.at("objectives"), "takes at least one objective");
    }
    let many = objectives.len() > 1;
    if many {
        told.note(format!("{}: each of the {} becomes an SLO of its own", spec.at("objectives"), objectives.len()));
    }
    spec.end(&mut told);
    if !told.troubles.is_empty() {
        return vec![item(object, "SLO", &common.name, Is::Passed(String::new()), told)];
    }
    let mut items = Vec::new();
    for (number, (path, tree)) in objectives.into_iter().enumerate() {
        // What is said of all of them is said once.
        let mut own = if number == 0 { std::mem::take(&mut told) } else { Told::default() };
        let objective = Part::of(tree, path, &mut own);
        let said = of_objective(&common, objective, many.then_some(number + 1), indicators, &mut own);
        let name = said.draft.title.clone();
        items.push(item(object, "SLO", &name, Is::Slo(Box::new(said)), own));
    }
    items
}

fn named<'a>(mut metadata: Part<'a>, told: &mut Told) -> Common<'a> {
    let (name, display) = (metadata.need("name", told), metadata.text("displayName", told));
    metadata.pass(&["labels"], "an SLO has none here", told);
    let own = metadata.part("annotations", told).map(|annotations| Own::read(annotations, told)).unwrap_or_default();
    let (title_at, name_at) = (metadata.at("displayName"), metadata.at("name"));
    metadata.end(told);
    let (title, title_at) = if display.trim().is_empty() { (name, name_at) } else { (display, title_at) };
    Common {
        name: name.to_owned(),
        title: title.to_owned(),
        draft: Draft { environment: own.text("environment").to_owned(), ..Draft::default() },
        own,
        indicator: None,
        indicator_at: String::new(),
        counts_slices: false,
        left_open: Vec::new(),
        paths: vec![("title", title_at)],
    }
}

fn shared(spec: &mut Part, common: &mut Common, indicators: &Indicators, told: &mut Told) {
    let description = spec.text("description", told);
    let draft = &mut common.draft;
    let promise = common.own.text("promise");
    draft.promise = if common.own.is_ours() || !promise.is_empty() { promise } else { description }.to_owned();
    draft.service = spec.need("service", told).to_owned();
    if spec.get("timeWindow").is_some() {
        window::read(spec, draft, told);
    } else {
        window::usual(draft);
        common.left_open.push(WINDOW);
        told.note(format!("{}: no window is named; {USUAL_DAYS} days are taken", spec.at("timeWindow")));
    }
    match spec.text("budgetingMethod", told) {
        "Occurrences" => draft.method = OCCURRENCES.into(),
        "Timeslices" => {
            draft.method = TIME_SLICES.into();
            common.counts_slices = true;
        }
        "RatioTimeslices" => {
            let says = "is RatioTimeslices, an average over slices; here events count, or good slices";
            told.trouble(spec.at("budgetingMethod"), says);
        }
        "" if spec.get("budgetingMethod").is_none() => {
            draft.method = OCCURRENCES.into();
            common.left_open.push(METHOD);
            told.note(format!("{}: no method is named; events are counted", spec.at("budgetingMethod")));
        }
        "" => {}
        _ => told.trouble(spec.at("budgetingMethod"), "is not one of Occurrences, Timeslices, RatioTimeslices"),
    }
    common.indicator = measured(spec, indicators, told);
    common.indicator_at = spec.at("indicator");
    spec.pass(&["alertPolicies"], "alerts are the business of the tool that sends them", told);
    let at = |field, name: &str| (field, spec.at(name));
    let window = "timeWindow[0]";
    let zone = format!("{window}.calendar.timeZone");
    common.paths.extend([
        at("promise", "description"),
        at("service", "service"),
        at("window", window),
        at("days", &format!("{window}.duration")),
        at("zone", &zone),
        at("method", "budgetingMethod"),
    ]);
}

/// The indicator an object has, or refers to.
fn measured(part: &mut Part, indicators: &Indicators, told: &mut Told) -> Option<Measured> {
    let reference = part.text("indicatorRef", told);
    let inline = part.get("indicator");
    if let Some(inline) = inline {
        if !reference.is_empty() {
            told.trouble(part.at("indicatorRef"), "is beside an indicator; leave one out");
        }
        return Some(indicator::read(inline, &part.at("indicator"), told));
    }
    if reference.is_empty() {
        return None;
    }
    let Some(object) = indicators.get(reference) else {
        let says = format!("names {}, which no SLI of this text is called", shorten::quoted(&[reference]));
        told.trouble(part.at("indicatorRef"), says);
        return None;
    };
    // Its own document says nothing more than this.
    let document = format!("document {}{}", object.place.document, object.place.root());
    let mut measured = indicator::read(&object.tree, &document, told);
    measured.path = format!("{} (document {})", part.at("indicatorRef"), object.place.document);
    Some(measured)
}

fn of_objective(
    common: &Common,
    mut objective: Part,
    number: Option<usize>,
    indicators: &Indicators,
    told: &mut Told,
) -> Said {
    let mut draft = common.draft.clone();
    let mut paths = common.paths.clone();
    draft.title = title(common, &mut objective, number, told);
    let measured = measured(&mut objective, indicators, told);
    if measured.is_some() && common.indicator.is_some() {
        told.note(format!("{} is not kept of {}: it has its own", common.indicator_at, objective.path()));
    }
    let measured = measured.or_else(|| common.indicator.clone());
    let measured = measured.unwrap_or_else(|| {
        told.trouble(&common.indicator_at, "is missing");
        Measured::default()
    });
    draft.measure = if measured.words.is_empty() { common.title.clone() } else { measured.words.clone() };
    draft.measure = shorten::line(&draft.measure, TITLE_CHARS_MAX);
    draft.definition.clone_from(&measured.definition);
    target(&mut objective, common, &mut draft, told);
    bound(&mut objective, common, measured.is_threshold, &mut draft, told);
    slices(&mut objective, common.counts_slices, &mut draft, told);
    objective.pass(&["compositeWeight"], "each objective is an SLO of its own, with a budget of its own", told);
    let at = |field, name: &str| (field, objective.at(name));
    paths.extend([
        ("measure", measured.path.clone()),
        ("definition", measured.path),
        at("direction", "op"),
        at("limit", "value"),
        at("target", "target"),
        at("slice", "timeSliceWindow"),
        at("slice_good", "timeSliceTarget"),
    ]);
    objective.end(told);
    rest(common, &mut draft, told);
    let annotated = common.own.said().map(str::to_owned).collect();
    Said {
        draft,
        is_ours: common.own.is_ours(),
        id: common.own.text("id").to_owned(),
        annotated,
        left_open: common.left_open.clone(),
        paths,
    }
}

/// One objective goes by the document's name; of several, each by its own.
fn title(common: &Common, objective: &mut Part, number: Option<usize>, told: &mut Told) -> String {
    let display = objective.text("displayName", told);
    let title = match number {
        None => common.title.clone(),
        Some(_) if !display.trim().is_empty() => format!("{} · {display}", common.title),
        Some(number) => format!("{} · objective {number}", common.title),
    };
    if number.is_none() && !display.trim().is_empty() {
        told.note(format!("{} is not kept: the SLO's own name says it", objective.at("displayName")));
    }
    let short = shorten::line(&title, TITLE_CHARS_MAX);
    if short.ends_with('…') && !title.trim().ends_with('…') {
        told.note(format!("the name is cut to {TITLE_CHARS_MAX} characters"));
    }
    short
}

fn target(objective: &mut Part, common: &Common, draft: &mut Draft, told: &mut Told) {
    let (share, percent) = (objective.number("target", told), objective.number("targetPercent", told));
    let sign = if common.own.text("strictness") == Strictness::Strict.word() { ">" } else { ">=" };
    draft.target = match (share, percent) {
        (Some(share), None) => format!("{sign} {}", plain(share)),
        (None, Some(percent)) => format!("{sign} {} %", plain(percent)),
        (Some(_), Some(_)) => {
            told.trouble(objective.at("targetPercent"), "stands beside a target; leave one out");
            return;
        }
        (None, None) => {
            if ["target", "targetPercent"].iter().all(|name| objective.get(name).is_none()) {
                told.trouble(objective.at("target"), "is missing");
            }
            return;
        }
    };
}

/// `op` and `value` say which values are good.
fn bound(objective: &mut Part, common: &Common, is_threshold: bool, draft: &mut Draft, told: &mut Told) {
    let own = |name| common.own.text(name).to_owned();
    draft.unit = own("unit");
    if !own("direction").is_empty() {
        (draft.direction, draft.limit, draft.limit_is) = (own("direction"), own("limit"), own("limit_is"));
        objective.text("op", told);
        objective.number("value", told);
        return;
    }
    if !is_threshold {
        return objective.pass(&["op", "value"], "they belong to a threshold metric", told);
    }
    let value = objective.number("value", told);
    let (direction, limit_is) = match objective.text("op", told) {
        "lte" => (Direction::LargerIsWorse, "good"),
        "lt" => (Direction::LargerIsWorse, "bad"),
        "gte" => (Direction::SmallerIsWorse, "good"),
        "gt" => (Direction::SmallerIsWorse, "bad"),
        "" if common.own.is_ours() => return,
        "" => return told.trouble(objective.at("op"), "is missing: a threshold metric needs one of lte, gte, lt, gt"),
        _ => return told.trouble(objective.at("op"), "is not one of lte, gte, lt, gt"),
    };
    let Some(value) = value else {
        return told.trouble(objective.at("value"), "is missing: a threshold metric needs a number");
    };
    draft.direction = direction.word().into();
    draft.limit = plain(value);
    draft.limit_is = limit_is.into();
}

fn slices(objective: &mut Part, counts_slices: bool, draft: &mut Draft, told: &mut Told) {
    if !counts_slices {
        return objective.pass(&["timeSliceTarget", "timeSliceWindow"], "the SLO counts occurrences", told);
    }
    match objective.number("timeSliceTarget", told) {
        Some(share) => draft.slice_good = plain(share),
        None => told.trouble(objective.at("timeSliceTarget"), "is missing: a slice is good from this share on"),
    }
    let at = objective.at("timeSliceWindow");
    let window = objective.get("timeSliceWindow");
    let minutes = window.and_then(|window| match window.as_text() {
        Some(text) => match duration(text)? {
            (number, 'm') => Some(format!("{number} min")),
            (number, 'h') => Some(format!("{number} h")),
            (number, 'd') => Some(format!("{number} d")),
            _ => None,
        },
        None => {
            objective.number("timeSliceWindow", &mut Told::default()).map(|minutes| format!("{} min", plain(minutes)))
        }
    });
    match minutes {
        Some(slice) => draft.slice = slice,
        None => told.trouble(at, "takes minutes, or a length such as 5m"),
    }
}

/// What OpenSLO has no place for: a document of ours says all of it, another's as much as it annotates.
fn rest(common: &Common, draft: &mut Draft, told: &mut Told) {
    let definition = common.own.text("definition");
    if !definition.is_empty() {
        let path = format!("metadata.annotations.{PREFIX}definition");
        draft.definition = indicator::without_secrets(definition, &path, told);
    }
    let fields = [
        ("good_enough", &mut draft.good_enough),
        ("too_broken", &mut draft.too_broken),
        ("level_window", &mut draft.level_window),
        ("age_max", &mut draft.age_max),
        ("gap_max", &mut draft.gap_max),
        ("source", &mut draft.source),
        ("begins", &mut draft.begins),
    ];
    for (name, field) in fields {
        let text = common.own.text(name);
        if !text.is_empty() {
            text.clone_into(field);
        }
    }
    if !common.own.is_ours() {
        propose(draft, told);
    }
}

/// What a document of another leaves open, proposed.
pub fn propose(draft: &mut Draft, told: &mut Told) {
    match proposed_too_broken(&draft.target) {
        _ if !draft.too_broken.is_empty() => {}
        Some(too_broken) => {
            told.note(format!("no abort threshold is named: {too_broken} good or less is proposed as too broken"));
            draft.too_broken = too_broken;
        }
        // The target is what is wrong then, and nothing else is to be said.
        None => draft.too_broken = Share::NONE.words(),
    }
    if draft.promise.trim().is_empty() {
        told.note("no description is given: write a customer promise before it can be approved");
    }
}
