//! What forms and JSON send about an SLO: plain texts until checked, with each trouble beside its
//! field.

use serde::{Deserialize, Serialize};

use super::{
    Slo,
    health::Patience,
    indicator::{Bound, Direction, Indicator},
    levels::Levels,
    measurements::Source,
    method::{Method, Slices},
    share::Share,
    target::Target,
    window::{Period, Window},
};
use crate::{
    experiments::{
        spans::{read_ms, written},
        units::{decimal, plain},
    },
    limits::{
        LEVEL_WINDOW_DAYS_MAX, LEVEL_WINDOW_MINUTES, MEASUREMENT_AGE_HOURS, MEASUREMENT_GAP_HOURS, WINDOW_DAYS_MAX,
    },
    refusal::{Checking, Refusal},
    services::slug_meant,
    text::{Prose, Title},
    time::{Moment, Zone},
};

/// The word of a window that moves along with the present.
pub const ROLLING: &str = "rolling";
/// The word for counting slices of time.
pub const TIME_SLICES: &str = "time_slices";
/// The word for counting events.
pub const OCCURRENCES: &str = "occurrences";
/// Where the limit itself lies.
const LIMIT_IS_GOOD: &str = "good";
const LIMIT_IS_BAD: &str = "bad";

/// An SLO as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SloDraft", extend("required" = ["title", "service", "environment", "measure", "target", "window", "method", "too_broken"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub title: String,
    pub service: String,
    pub environment: String,
    /// What customers can rely on, in their words. Approval needs it.
    pub promise: String,
    /// What is measured, such as "time to first byte".
    pub measure: String,
    /// How tools measure it, in their own language, such as a query; kept as written.
    pub definition: String,
    /// Which way a value gets worse; empty where each event already says whether it was good.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Direction>"))]
    pub direction: String,
    /// The value at which good ends.
    pub limit: String,
    pub unit: String,
    /// Whether a value of exactly the limit is `good` (unless said otherwise) or `bad`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::LimitIs>"))]
    pub limit_is: String,
    /// "at least 99.99 % good", or strictly "less than 0.1 % bad".
    pub target: String,
    /// `rolling`, or a period of the calendar.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::SloWindow"))]
    pub window: String,
    /// Days of a rolling window.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub days: String,
    /// IANA zone of a calendar window.
    pub zone: String,
    /// `occurrences` or `time_slices`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::SloMethod"))]
    pub method: String,
    /// Length of a slice.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub slice: String,
    /// Share of good events that makes a slice good.
    pub slice_good: String,
    /// A target; empty means the SLO's own.
    pub good_enough: String,
    /// This share of good events or less is too broken.
    pub too_broken: String,
    /// How far back "now" reaches; empty means an hour.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub level_window: String,
    /// How old the newest measurement may be; empty means a day.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub age_max: String,
    /// How long a gap leaves the budget unknown; empty means a day.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub gap_max: String,
    /// `manual` unless said otherwise, `push`, or `prometheus`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::SloSource>"))]
    pub source: String,
    /// The first moment it speaks about.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Dated>"))]
    pub begins: String,
    /// The version an edit began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// Which version is approved, so that nobody approves a text they have not read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SloApproveDraft"))]
#[serde(default, deny_unknown_fields)]
pub struct ApproveDraft {
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// Why it is retired.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SloRetireDraft", extend("required" = ["reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct RetireDraft {
    pub reason: String,
}

impl Draft {
    /// The checked text; `zone` is the one in which times are typed.
    pub fn check(&self, zone: &Zone) -> Result<Slo, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("title", Title::new(&self.title));
        let service = checking.need("service", slug_meant(&self.service));
        let environment = checking.need("environment", slug_meant(&self.environment));
        let promise = checking.maybe("promise", &self.promise, Prose::new);
        let indicator = self.indicator(&mut checking);
        let target = said(&mut checking, "target", Target::read(&self.target));
        let window = self.window(&mut checking);
        let method = self.method(&mut checking);
        let levels = self.levels(&mut checking, target);
        let patience = self.patience(&mut checking);
        let source = said(&mut checking, "source", source(&self.source));
        let begins = self.begins(&mut checking, zone);
        let whole = (|| {
            Some(Slo {
                name: name?,
                service: service?,
                environment: environment?,
                promise,
                indicator: indicator?,
                target: target?,
                window: window?,
                method: method?,
                levels: levels?,
                patience: patience?,
                source: source?,
                begins,
            })
        })();
        checking.end(whole)
    }

    fn indicator(&self, checking: &mut Checking) -> Option<Indicator> {
        let measure = checking.need("measure", Title::new(&self.measure));
        let definition = checking.maybe("definition", &self.definition, Prose::new);
        if self.direction.trim().is_empty() {
            for (field, text) in [("limit", &self.limit), ("unit", &self.unit)] {
                if !text.trim().is_empty() {
                    checking.say(field, "belongs to a direction; say which way the value gets worse");
                }
            }
            return Some(Indicator { measure: measure?, good: None, definition });
        }
        let direction = said(checking, "direction", Direction::named(&self.direction));
        let limit = decimal(&self.limit).ok_or_else(|| "takes a number such as 1 or 0.25".to_owned());
        let limit = said(checking, "limit", limit);
        let limit_is_good = match self.limit_is.trim() {
            "" | LIMIT_IS_GOOD => true,
            LIMIT_IS_BAD => false,
            _ => {
                checking.say("limit_is", "is not one of good, bad");
                return None;
            }
        };
        let bound = said(checking, "limit", Bound::bad_beyond(direction?, limit?, Some(&self.unit)))?;
        Some(Indicator { measure: measure?, good: Some(Bound { limit_is_good, ..bound }), definition })
    }

    fn window(&self, checking: &mut Checking) -> Option<Window> {
        if self.window.trim() == ROLLING {
            let days = self.days.trim().parse::<u32>();
            let days = days.map_err(|_| format!("takes a whole number of days, from 1 to {WINDOW_DAYS_MAX}"));
            return said(checking, "days", days.and_then(Window::rolling));
        }
        let period = said(checking, "window", Period::named(&self.window).map_err(with_rolling))?;
        let zone = Zone::named(&self.zone).filter(|_| !self.zone.trim().is_empty());
        let zone = said(checking, "zone", zone.ok_or_else(|| "takes a zone such as Europe/Berlin".to_owned()))?;
        Some(Window::Calendar { period, zone })
    }

    fn method(&self, checking: &mut Checking) -> Option<Method> {
        match self.method.trim() {
            OCCURRENCES => Some(Method::Occurrences),
            TIME_SLICES => {
                let ms = said(checking, "slice", read_ms(&self.slice));
                let good_from = said(checking, "slice_good", Share::read(&self.slice_good));
                let slices = Slices::new(ms?, good_from?);
                let field = if good_from == Some(Share::NONE) { "slice_good" } else { "slice" };
                said(checking, field, slices).map(Method::TimeSlices)
            }
            _ => {
                checking.say("method", format!("is not one of {OCCURRENCES}, {TIME_SLICES}"));
                None
            }
        }
    }

    fn levels(&self, checking: &mut Checking, target: Option<Target>) -> Option<Levels> {
        let own = self.good_enough.trim().is_empty();
        let enough = if own { target } else { said(checking, "good_enough", Target::read(&self.good_enough)) };
        let too_broken = said(checking, "too_broken", Share::read(&self.too_broken));
        let window_ms = span(checking, "level_window", &self.level_window, LEVEL_WINDOW_MINUTES * 60_000)?;
        if window_ms > LEVEL_WINDOW_DAYS_MAX * 86_400_000 {
            checking.say("level_window", format!("is longer than {LEVEL_WINDOW_DAYS_MAX} days; \"now\" is shorter"));
            return None;
        }
        said(checking, "too_broken", Levels::new(enough?, too_broken?, window_ms))
    }

    fn patience(&self, checking: &mut Checking) -> Option<Patience> {
        const HOUR_MS: i64 = 3_600_000;
        let age_ms_max = span(checking, "age_max", &self.age_max, MEASUREMENT_AGE_HOURS * HOUR_MS);
        let gap_ms_max = span(checking, "gap_max", &self.gap_max, MEASUREMENT_GAP_HOURS * HOUR_MS);
        Some(Patience { age_ms_max: age_ms_max?, gap_ms_max: gap_ms_max? })
    }

    fn begins(&self, checking: &mut Checking, zone: &Zone) -> Option<Moment> {
        if self.begins.trim().is_empty() {
            return None;
        }
        let at = Moment::parse(&self.begins).or_else(|| Moment::from_local(&self.begins, zone));
        said(checking, "begins", at.ok_or_else(|| "takes a date and a time like 2026-11-22T15:04".to_owned()))
    }

    /// What an edit form begins with; `check` takes it back.
    pub fn of(slo: &Slo, version: i64) -> Self {
        let bound = slo.indicator.good.as_ref();
        let limit_is = |bound: &Bound| if bound.limit_is_good { LIMIT_IS_GOOD } else { LIMIT_IS_BAD };
        let (window, days, zone) = match &slo.window {
            Window::Rolling { days } => (ROLLING, days.to_string(), String::new()),
            Window::Calendar { period, zone } => (period.word(), String::new(), zone.name().to_owned()),
        };
        let (method, slice, slice_good) = match slo.method {
            Method::Occurrences => (OCCURRENCES, String::new(), String::new()),
            Method::TimeSlices(slices) => (TIME_SLICES, written(slices.ms()), slices.good_from().words()),
        };
        let own_level = slo.levels.good_enough == slo.target;
        Self {
            title: slo.name.to_string(),
            service: slo.service.to_string(),
            environment: slo.environment.to_string(),
            promise: slo.promise.as_ref().map(ToString::to_string).unwrap_or_default(),
            measure: slo.indicator.measure.to_string(),
            definition: slo.indicator.definition.as_ref().map(ToString::to_string).unwrap_or_default(),
            direction: bound.map(|bound| bound.direction.word()).unwrap_or_default().to_owned(),
            limit: bound.map(|bound| plain(bound.limit)).unwrap_or_default(),
            unit: bound.and_then(|bound| bound.unit.clone()).unwrap_or_default(),
            limit_is: bound.map(limit_is).unwrap_or_default().to_owned(),
            target: slo.target.words(),
            window: window.to_owned(),
            days,
            zone,
            method: method.to_owned(),
            slice,
            slice_good,
            good_enough: if own_level { String::new() } else { slo.levels.good_enough.words() },
            too_broken: slo.levels.too_broken.words(),
            level_window: written(slo.levels.window_ms),
            age_max: written(slo.patience.age_ms_max),
            gap_max: written(slo.patience.gap_ms_max),
            source: slo.source.word().to_owned(),
            begins: slo.begins.map(Moment::rfc3339).unwrap_or_default(),
            version: version.to_string(),
        }
    }
}

fn said<T>(checking: &mut Checking, field: &str, checked: Result<T, String>) -> Option<T> {
    checked.map_err(|says| checking.say(field, says)).ok()
}

fn span(checking: &mut Checking, field: &str, text: &str, usual_ms: i64) -> Option<i64> {
    if text.trim().is_empty() { Some(usual_ms) } else { said(checking, field, read_ms(text)) }
}

fn with_rolling(says: String) -> String {
    says.replacen("is not one of ", &format!("is not one of {ROLLING}, "), 1)
}

/// Where measurements come from.
fn source(text: &str) -> Result<Source, String> {
    if text.trim().is_empty() { Ok(Source::Manual) } else { Source::named(text) }
}

#[cfg(test)]
mod tests;
