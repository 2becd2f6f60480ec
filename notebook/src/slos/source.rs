//! Where the measurements of an SLO are pulled from: a Prometheus, with two selectors of counters.

use serde::{Deserialize, Serialize};

use super::{Slo, method::Method, pulls::delay_ms};
use crate::{
    experiments::{
        plan::vocabulary,
        spans::{read_ms, written},
    },
    limits::{PULL_STEP_MINUTES_MAX, PULL_STEP_S, PULL_STEP_S_MIN, PULL_WINDOW_STEPS_MAX},
    refusal::{Checking, Refusal},
    text::{Link, Note, Slug},
    time::{Moment, span_words},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

vocabulary! {
    /// What the first selector counts; the second one counts all events.
    #[cfg_attr(feature = "store", schemars(rename = "SloSourceCounts"))]
    Part {
        Good = "good", "good events";
        Bad = "bad", "bad events";
    }
}

/// A Prometheus and what is asked of it. The credential is only named here: what it holds stands in
/// a file beside the server, so neither the database nor an archive ever holds a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrometheusSource {
    pub address: Link,
    pub counts: Part,
    /// Counters of the good, or of the bad events: `http_requests_total{code=~"5.."}`.
    pub part: Note,
    /// Counters of all events.
    pub total: Note,
    /// Length of one measurement.
    pub step_ms: i64,
    pub credential: Option<Slug>,
    pub on: bool,
}

impl PrometheusSource {
    /// Why it cannot measure an SLO, as a clause about its step.
    pub fn misfit(&self, slo: &Slo) -> Option<String> {
        self.too_short(slo).or_else(|| self.uneven(slo.method)).or_else(|| self.too_long(slo))
    }

    fn uneven(&self, method: Method) -> Option<String> {
        match method {
            Method::Occurrences => None,
            Method::TimeSlices(slices) if slices.ms() % self.step_ms == 0 => None,
            Method::TimeSlices(slices) => {
                Some(format!("does not divide the SLO's slices of {} evenly", span_words(slices.ms())))
            }
        }
    }

    /// A window with more steps than a page adds up in time.
    fn too_short(&self, slo: &Slo) -> Option<String> {
        let is_enough = |step_ms: i64| slo.window.days_max() * DAY_MS / step_ms <= PULL_WINDOW_STEPS_MAX;
        if is_enough(self.step_ms) {
            return None;
        }
        let least_ms = (1..=HOUR_MS / 1_000).map(|s| s * 1_000).find(|ms| HOUR_MS % ms == 0 && is_enough(*ms));
        let least = least_ms.map(|ms| format!("; write {} or more", span_words(ms))).unwrap_or_default();
        Some(format!(
            "makes more than {PULL_WINDOW_STEPS_MAX} measurements in a window of {}{least}",
            slo.window.words()
        ))
    }

    /// The newest step ends up to two steps ago, and its samples take a while to come.
    fn too_long(&self, slo: &Slo) -> Option<String> {
        let now_ms = slo.levels.window_ms;
        (now_ms < 2 * self.step_ms + delay_ms(self.step_ms)).then(|| {
            format!(
                "is too long: the level looks back over {}, and would be unknown most of the time",
                span_words(now_ms)
            )
        })
    }
}

/// A source with its version, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    pub source: PrometheusSource,
    /// From when on it is asked.
    pub since: Moment,
    pub version: i64,
    pub pulls: Pulls,
}

/// How asking it goes: what one installation knows, not what was done to the SLO.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulls {
    /// Up to where it was asked and answered.
    pub asked_to: Option<Moment>,
    pub succeeded_at: Option<Moment>,
    pub failed_at: Option<Moment>,
    /// Why it failed, while it fails.
    pub failure: Option<String>,
    /// How often in a row.
    pub failures: i64,
    /// What the last answer lacked, though it was one.
    pub remark: Option<String>,
    /// As many steps as are asked for at once, while more did not fit into an answer.
    pub steps_max: Option<i64>,
    pub next_at: Option<Moment>,
}

/// A source as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SloSourceDraft", extend("required" = ["address", "counts", "part", "total"])))]
#[serde(default, deny_unknown_fields)]
pub struct SourceDraft {
    /// Where the Prometheus is, without `/api/v1`: `https://prometheus.example.org`.
    pub address: String,
    /// What `part` counts.
    #[cfg_attr(feature = "store", schemars(with = "Part"))]
    pub counts: String,
    /// A selector of counters of whole events, such as `http_requests_total{job="shop",code=~"5.."}`.
    pub part: String,
    /// A selector of the counters of all events.
    pub total: String,
    /// Length of one measurement; empty means a minute.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub step: String,
    /// The name of a credential that the operator keeps beside the server.
    pub credential: String,
    /// Whether it is asked.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Tick>"))]
    pub on: String,
    /// The version an edit began from; empty where there is no source yet.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// Why a source goes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SloSourceRemoveDraft", extend("required" = ["reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct RemoveSourceDraft {
    pub reason: String,
}

impl SourceDraft {
    pub fn check(&self) -> Result<PrometheusSource, Refusal> {
        let mut checking = Checking::default();
        let address = said(&mut checking, "address", address(&self.address));
        let counts = said(&mut checking, "counts", Part::named(&self.counts));
        let part = said(&mut checking, "part", selector(&self.part));
        let total = said(&mut checking, "total", selector(&self.total));
        let step_ms = said(&mut checking, "step", step(&self.step));
        let credential = checking.maybe("credential", &self.credential, Slug::new);
        let on = checking.tick("on", &self.on);
        let whole = (|| {
            Some(PrometheusSource {
                address: address?,
                counts: counts?,
                part: part?,
                total: total?,
                step_ms: step_ms?,
                credential,
                on,
            })
        })();
        checking.end(whole)
    }

    /// What an edit form begins with; `check` takes it back.
    pub fn of(source: &PrometheusSource, version: i64) -> Self {
        let PrometheusSource { address, counts, part, total, step_ms, credential, on } = source;
        Self {
            address: address.to_string(),
            counts: counts.word().into(),
            part: part.to_string(),
            total: total.to_string(),
            step: written(*step_ms),
            credential: credential.as_ref().map(ToString::to_string).unwrap_or_default(),
            on: if *on { "true".into() } else { String::new() },
            version: version.to_string(),
        }
    }
}

pub(super) fn said<T>(checking: &mut Checking, field: &str, checked: Result<T, String>) -> Option<T> {
    checked.map_err(|says| checking.say(field, says)).ok()
}

/// Kept without a slash at its end. A password in it would be one in the database.
pub(crate) fn address(text: &str) -> Result<Link, String> {
    let link = Link::new(text.trim().trim_end_matches('/')).map_err(|trouble| trouble.to_string())?;
    let rest = link
        .as_str()
        .split_once("://")
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"));
    let Some((_, rest)) = rest else {
        return Err("takes an address that begins with http:// or https://".into());
    };
    if rest.contains('@') {
        return Err("holds a name or a password; name a credential instead".into());
    }
    if rest.contains(['?', '#']) {
        return Err("takes the address of the server alone, without ? and #".into());
    }
    Ok(link)
}

/// Prometheus reads the rest; what it does not understand it says itself.
fn selector(text: &str) -> Result<Note, String> {
    let text = Note::new(text).map_err(|trouble| trouble.to_string())?;
    if outside_of_quotes(text.as_str()).any(|c| matches!(c, '(' | '[' | '+' | '*' | '/')) {
        return Err("takes a selector of counters such as http_requests_total{code=~\"5..\"}, without functions, sums or [5m]: the increase is counted here, sample by sample".into());
    }
    Ok(text)
}

fn outside_of_quotes(text: &str) -> impl Iterator<Item = char> {
    let (mut quote, mut escaped) = (None, false);
    text.chars().filter(move |c| {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"' | '\'') if *c == '\\' => escaped = true,
            Some(open) if open == *c => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(*c),
            None => return true,
        }
        false
    })
}

/// Whole parts of an hour, so that measurements end where slices and hours do.
fn step(text: &str) -> Result<i64, String> {
    let ms = if text.trim().is_empty() { PULL_STEP_S * 1_000 } else { read_ms(text)? };
    let fits = (PULL_STEP_S_MIN * 1_000..=PULL_STEP_MINUTES_MAX * 60_000).contains(&ms) && HOUR_MS % ms == 0;
    if fits {
        return Ok(ms);
    }
    Err(format!(
        "takes a part of an hour such as 1 min or 5 min, from {PULL_STEP_S_MIN} s to {PULL_STEP_MINUTES_MAX} min"
    ))
}

#[cfg(test)]
pub mod sample {
    use super::*;

    pub fn draft() -> SourceDraft {
        SourceDraft {
            address: "https://prometheus.example.org".into(),
            counts: "bad".into(),
            part: "http_requests_total{code=~\"5..\"}".into(),
            total: "http_requests_total".into(),
            on: "on".into(),
            ..SourceDraft::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{sample::draft, *};
    use crate::slos::{method::Slices, sample::ingest, share::Share, window::Window};

    #[test]
    fn a_source_goes_into_its_form_and_comes_back_the_same() {
        let source = draft().check().unwrap();
        assert_eq!((source.step_ms, source.on, source.counts), (60_000, true, Part::Bad));
        assert_eq!(SourceDraft::of(&source, 3).check().unwrap(), source);
        let sent = serde_json::to_string(&source).unwrap();
        assert_eq!(serde_json::from_str::<PrometheusSource>(&sent).unwrap(), source);
    }

    #[test]
    fn each_field_says_what_it_takes() {
        type Breaks = fn(&mut SourceDraft);
        let cases: [(&str, Breaks); 12] = [
            ("address", |draft| draft.address = String::new()),
            ("address", |draft| draft.address = "mailto:ana@example.org".into()),
            ("address", |draft| draft.address = "https://ana:secret@example.org".into()),
            ("address", |draft| draft.address = "https://example.org/?token=secret".into()),
            ("counts", |draft| draft.counts = "all".into()),
            ("part", |draft| draft.part = "sum(http_requests_total)".into()),
            ("part", |draft| draft.part = "http_requests_total[5m]".into()),
            ("total", |draft| draft.total = "a_total + b_total".into()),
            ("step", |draft| draft.step = "1 s".into()),
            ("step", |draft| draft.step = "7 min".into()),
            ("step", |draft| draft.step = "2 h".into()),
            ("credential", |draft| draft.credential = "../etc/passwd".into()),
        ];
        for (field, broken) in cases {
            let mut draft = draft();
            broken(&mut draft);
            let refusal = draft.check().unwrap_err();
            assert_eq!(refusal.troubles()[0].field, field, "{draft:?}");
        }
        let odd = SourceDraft { total: "a_total{path=\"/(a|b)*\",x='\\'('}".into(), ..draft() };
        assert!(odd.check().is_ok(), "what stands in quotes is a label's");
    }

    #[test]
    fn a_step_divides_the_slices_it_is_counted_in() {
        let source = draft().check().unwrap();
        let slices = Method::TimeSlices(Slices::new(300_000, Share::percent(95)).unwrap());
        let sliced = Slo { method: slices, ..pulled(28, 60) };
        assert_eq!((source.misfit(&sliced), source.misfit(&pulled(28, 60))), (None, None));
        let long = PrometheusSource { step_ms: 600_000, ..source };
        assert!(long.misfit(&sliced).unwrap().contains("slices of 5 min"));
    }

    /// An SLO over so many days whose level looks back over so many minutes.
    fn pulled(days: u32, minutes: i64) -> Slo {
        let mut slo = ingest();
        slo.window = Window::rolling(days).unwrap();
        slo.levels.window_ms = minutes * 60_000;
        slo
    }

    #[test]
    fn a_step_is_neither_too_short_for_the_window_nor_too_long_for_the_level() {
        let stepped = |step_ms: i64| PrometheusSource { step_ms, ..draft().check().unwrap() };
        for (step_ms, slo, says) in [
            (60_000, pulled(28, 60), None),
            (60_000, pulled(34, 3), None),
            (60_000, pulled(90, 60), Some("in a window of 90 days; write 3 min or more")),
            (5_000, pulled(28, 60), Some("more than 50000 measurements")),
            (5_000, pulled(2, 60), None),
            (60_000, pulled(28, 2), Some("the level looks back over 2 min")),
            (3_600_000, pulled(28, 60), Some("unknown most of the time")),
            (3_600_000, pulled(366, 121), None),
        ] {
            let clause = stepped(step_ms).misfit(&slo);
            let fits =
                clause.as_deref().zip(says).map_or(clause.is_none() && says.is_none(), |(is, says)| is.contains(says));
            assert!(fits, "{step_ms}: {clause:?} instead of {says:?}");
        }
    }
}
