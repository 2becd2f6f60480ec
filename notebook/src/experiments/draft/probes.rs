//! What a plan asks a Prometheus while a run goes on, as typed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Draft, is_blank};
use crate::{
    experiments::{
        allowed::Wrong,
        plan::{Allowed, Check, Identity},
        probes::{ConditionProbe, MeasureProbe, Probes, can_be_read},
        spans,
        units::{canonical, convert, tidy},
    },
    limits::{
        PROBE_EVERY_S, PROBE_EVERY_S_MAX, PROBE_EVERY_S_MIN, PROBE_FOR_MINUTES_MAX, PROBE_READINGS_MAX, PROBES_MAX,
    },
    refusal::Checking,
    slos::source::address,
    text::{Note, Slug, Title},
};

/// The query that reads a measure of the plan's checks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProbeRow {
    /// As the checks name it.
    pub measure: String,
    /// In `PromQL`; it has to answer with one number.
    pub query: String,
    /// The unit of that number; empty for the one typed with the checks.
    pub unit: String,
}

/// An abort condition that a query watches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "AbortProbeRow"))]
#[serde(default, deny_unknown_fields)]
pub struct ConditionRow {
    /// In words: "more than 5 % of orders fail".
    pub condition: String,
    /// In `PromQL`; it has to answer with one number.
    pub query: String,
    /// How the number is compared: `<`, `<=`, `>`, `>=`, `=` or `between`.
    pub comparator: String,
    pub threshold: String,
    /// The upper end, for `between` only.
    pub threshold_to: String,
    /// A length of time for which it has to be so; empty for at once.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub lasting: String,
    /// Whether the run is aborted by itself.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Tick>"))]
    pub aborts: String,
}

pub(super) fn check(draft: &Draft, identity: &Identity, checking: &mut Checking) -> Option<Probes> {
    let (measures, conditions) =
        (measures(&draft.probes, &identity.checks, checking), conditions(&draft.abort_probes, checking));
    let has = measures.len() + conditions.len();
    if has > PROBES_MAX {
        checking
            .say("probes", format!("are {has} queries with those of abort conditions; at most {PROBES_MAX} are asked"));
    }
    let every_ms = every(&draft.probe_every).map_err(|says| checking.say("probe_every", says)).ok();
    let credential = checking.maybe("prometheus_credential", &draft.prometheus_credential, Slug::new);
    let asks = draft.probes.iter().any(|row| !is_blank(&[&row.query]))
        || draft.abort_probes.iter().any(|row| !is_blank(&[&row.query]));
    if draft.prometheus.trim().is_empty() {
        if asks {
            checking.say("prometheus", "is empty; say where the Prometheus is that answers the queries");
        }
        return None;
    }
    if !asks {
        checking.say("prometheus", "is asked nothing; write a query, or leave it empty");
    }
    let address = address(&draft.prometheus).map_err(|says| checking.say("prometheus", says)).ok();
    let probes = Probes { address: address?, credential, every_ms: every_ms?, measures, conditions };
    if let Some(says) = too_often(&probes, &identity.checks) {
        checking.say("probe_every", says);
    }
    Some(probes)
}

/// So many readings come of it that those looked at span less than a condition or a check has to last:
/// neither would ever be seen.
fn too_often(probes: &Probes, checks: &[Check]) -> Option<String> {
    let lasting = probes.conditions.iter().map(|probe| probe.for_ms);
    let read = checks.iter().filter(|check| probes.of_measure(&check.key.measure).is_some());
    let longest_ms = lasting.chain(read.filter_map(|check| check.window_ms)).max()?;
    let queries = i64::try_from(probes.queries().len()).unwrap_or(i64::MAX).max(1);
    let spanned_ms = (PROBE_READINGS_MAX / queries - 1).saturating_mul(probes.every_ms);
    (longest_ms > spanned_ms).then(|| {
        format!(
            "is so often that only the newest {} are looked at, and something here lasts {}; ask less often, or less",
            spans::written(spanned_ms),
            spans::written(longest_ms)
        )
    })
}

fn every(text: &str) -> Result<i64, String> {
    let ms = if text.trim().is_empty() { PROBE_EVERY_S * 1_000 } else { spans::read_ms(text)? };
    if (PROBE_EVERY_S_MIN * 1_000..=PROBE_EVERY_S_MAX * 1_000).contains(&ms) {
        return Ok(ms);
    }
    Err(format!("takes a length of time from {PROBE_EVERY_S_MIN} s to {} min", PROBE_EVERY_S_MAX / 60))
}

fn measures(rows: &[ProbeRow], checks: &[Check], checking: &mut Checking) -> Vec<MeasureProbe> {
    let mut probes: Vec<MeasureProbe> = Vec::new();
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| !is_blank(&[&row.measure, &row.query, &row.unit])) {
        let field = |name: &str| format!("probes.{n}.{name}");
        let measure = checking.need(&field("measure"), Title::new(&tidy(&row.measure)));
        let query = checking.need(&field("query"), Note::new(&row.query));
        let (Some(measure), Some(query)) = (measure, query) else { continue };
        if probes.iter().any(|probe| probe.measure == measure) {
            checking.say(field("measure"), "is there twice; leave one out");
            continue;
        }
        let own: Vec<&Check> = checks.iter().filter(|check| check.key.measure == measure).collect();
        if own.is_empty() {
            checking.say(field("measure"), "is the measure of no check of this plan");
        } else if own.iter().any(|check| !can_be_read(check.key.aggregate)) {
            let says = "is a sum or a count in a check, which would say how often somebody asked; let the query add up, and check the last value";
            checking.say(field("measure"), says);
        }
        let unit = unit(&row.unit, &own).map_err(|says| checking.say(field("unit"), says)).ok();
        probes.extend(unit.map(|unit| MeasureProbe { measure, query, unit }));
    }
    probes
}

/// The unit a query answers in: as typed, else the one its checks were typed with.
fn unit(text: &str, checks: &[&Check]) -> Result<Option<String>, String> {
    let of_checks: BTreeSet<String> =
        checks.iter().filter_map(|check| check.unit.as_deref()).map(tidy).filter(|unit| !unit.is_empty()).collect();
    let typed = tidy(text);
    if typed.is_empty() {
        return if of_checks.len() > 1 {
            Err("is empty, and the checks of this measure are in several; say in which the query answers".into())
        } else {
            Ok(of_checks.into_iter().next())
        };
    }
    if of_checks.is_empty() {
        return Err("stays empty: the checks of this measure have none".into());
    }
    let misfit = of_checks.iter().find(|unit| convert(rust_decimal::Decimal::ONE, &typed, &canonical(unit)).is_none());
    match misfit {
        Some(unit) => Err(format!("does not convert into {unit}, in which a check is written")),
        None => Title::new(&typed).map(|unit| Some(unit.to_string())).map_err(|trouble| trouble.to_string()),
    }
}

fn conditions(rows: &[ConditionRow], checking: &mut Checking) -> Vec<ConditionProbe> {
    let mut probes: Vec<ConditionProbe> = Vec::new();
    let written = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !is_blank(&[&row.condition, &row.query, &row.threshold, &row.threshold_to, &row.lasting]));
    for (n, row) in written {
        let Some(probe) = condition(row, n, checking) else { continue };
        if probes.iter().any(|other| other.condition == probe.condition) {
            checking.say(format!("abort_probes.{n}.condition"), "is there twice; leave one out");
        }
        probes.push(probe);
    }
    probes
}

fn condition(row: &ConditionRow, n: usize, checking: &mut Checking) -> Option<ConditionProbe> {
    let field = |name: &str| format!("abort_probes.{n}.{name}");
    let condition = checking.need(&field("condition"), Title::new(&row.condition));
    let query = checking.need(&field("query"), Note::new(&row.query));
    let reached = reached(row).map_err(|(name, says)| checking.say(field(name), says)).ok();
    let for_ms = lasting(&row.lasting).map_err(|says| checking.say(field("lasting"), says)).ok();
    let aborts = checking.tick(field("aborts"), &row.aborts);
    Some(ConditionProbe { condition: condition?, query: query?, reached: reached?, for_ms: for_ms?, aborts })
}

fn reached(row: &ConditionRow) -> Result<Allowed, Wrong> {
    match Allowed::read(&row.comparator, &row.threshold, &row.threshold_to)? {
        Allowed::Holds => Err(("comparator", "compares a number here; choose another than \"holds\"".into())),
        set => Ok(set),
    }
}

fn lasting(text: &str) -> Result<i64, String> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    let ms = spans::read_ms(text)?;
    if ms > PROBE_FOR_MINUTES_MAX * 60_000 {
        return Err(format!("takes at most {PROBE_FOR_MINUTES_MAX} min"));
    }
    Ok(ms)
}

impl ProbeRow {
    pub(super) fn of(probe: &MeasureProbe) -> Self {
        let MeasureProbe { measure, query, unit } = probe;
        Self { measure: measure.to_string(), query: query.to_string(), unit: unit.clone().unwrap_or_default() }
    }
}

impl ConditionRow {
    pub(super) fn of(probe: &ConditionProbe) -> Self {
        let ConditionProbe { condition, query, reached, for_ms, aborts } = probe;
        let (comparator, threshold, threshold_to) = reached.written();
        Self {
            condition: condition.to_string(),
            query: query.to_string(),
            comparator: comparator.into(),
            threshold: threshold.unwrap_or_default(),
            threshold_to: threshold_to.unwrap_or_default(),
            lasting: spans::written(*for_ms),
            aborts: if *aborts { "true".into() } else { String::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::draft::CheckRow;

    fn checked(measure: &str, aggregate: &str, unit: &str) -> CheckRow {
        CheckRow {
            measure: measure.into(),
            phase: "during".into(),
            aggregate: aggregate.into(),
            comparator: "<=".into(),
            threshold: "200".into(),
            unit: unit.into(),
            ..CheckRow::default()
        }
    }

    fn draft() -> Draft {
        Draft {
            title: "Restart one ZooKeeper".into(),
            services: vec!["zookeeper".into()],
            checks: vec![checked("latency", "max", "ms")],
            prometheus: "https://prometheus.example.org/".into(),
            probes: vec![ProbeRow { measure: "latency".into(), query: "max(latency_ms)".into(), unit: String::new() }],
            abort_probes: vec![ConditionRow {
                condition: "more than 5 % fail".into(),
                query: "failing_ratio".into(),
                comparator: ">".into(),
                threshold: "0.05".into(),
                lasting: "30 s".into(),
                aborts: "on".into(),
                ..ConditionRow::default()
            }],
            ..Draft::default()
        }
    }

    #[test]
    fn queries_are_context_and_come_back_as_they_were() {
        let plan = draft().check().unwrap();
        let probes = plan.context.probes.clone().unwrap();
        assert_eq!((probes.every_ms, probes.address.as_str()), (15_000, "https://prometheus.example.org"));
        assert_eq!(probes.measures[0].unit.as_deref(), Some("ms"), "as the check was typed, though it is kept in s");
        assert_eq!((probes.conditions[0].for_ms, probes.conditions[0].aborts), (30_000, true));
        assert_eq!(probes.queries().iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(probes.watched()[0].0, 2);
        assert_eq!(Draft::from_plan(&plan).check().unwrap(), plan);
        let unwatched = Draft { prometheus: String::new(), probes: Vec::new(), abort_probes: Vec::new(), ..draft() };
        let unwatched = unwatched.check().unwrap();
        assert_eq!(unwatched.context.probes, None);
        assert_eq!(unwatched.identity.fingerprint(), plan.identity.fingerprint());
    }

    #[test]
    fn each_field_says_what_it_takes() {
        type Breaks = fn(&mut Draft);
        let cases: [(&str, Breaks); 16] = [
            ("prometheus", |draft| draft.prometheus = String::new()),
            ("prometheus", |draft| draft.prometheus = "https://ana:secret@example.org".into()),
            ("prometheus", |draft| {
                draft.probes.clear();
                draft.abort_probes.clear();
            }),
            ("prometheus_credential", |draft| draft.prometheus_credential = "../etc/passwd".into()),
            ("probe_every", |draft| draft.probe_every = "10 ms".into()),
            ("probe_every", |draft| draft.probe_every = "10 min".into()),
            ("probes.0.query", |draft| draft.probes[0].query = String::new()),
            ("probes.0.measure", |draft| draft.probes[0].measure = "another".into()),
            ("probes.0.measure", |draft| draft.checks[0].aggregate = "sum".into()),
            ("probes.1.measure", |draft| draft.probes.push(draft.probes[0].clone())),
            ("probes.0.unit", |draft| draft.probes[0].unit = "GiB".into()),
            ("probes.0.unit", |draft| {
                draft.checks.push(CheckRow { phase: "after".into(), ..checked("latency", "max", "s") });
            }),
            ("abort_probes.0.condition", |draft| draft.abort_probes[0].condition = String::new()),
            ("abort_probes.0.threshold", |draft| draft.abort_probes[0].threshold = "many".into()),
            ("abort_probes.0.lasting", |draft| draft.abort_probes[0].lasting = "2 h".into()),
            ("abort_probes.1.condition", |draft| draft.abort_probes.push(draft.abort_probes[0].clone())),
        ];
        for (field, broken) in cases {
            let mut draft = draft();
            broken(&mut draft);
            let refusal = draft.check().unwrap_err();
            assert_eq!(refusal.troubles()[0].field, field, "{:?}", refusal.troubles());
        }
        let mut holding = draft();
        holding.abort_probes[0].comparator = "holds".into();
        holding.abort_probes[0].threshold = String::new();
        assert_eq!(holding.check().unwrap_err().troubles()[0].field, "abort_probes.0.comparator");
    }

    #[test]
    fn nothing_lasts_longer_than_the_readings_that_are_looked_at() {
        let mut often = Draft { probe_every: "1 s".into(), ..draft() };
        for (lasting, window, is_taken) in [("60 min", "", true), ("60 min", "2 h", true), ("60 min", "3 h", false)] {
            often.abort_probes[0].lasting = lasting.into();
            often.checks[0].window = window.into();
            assert_eq!(often.check().is_ok(), is_taken, "{lasting}, {window}");
        }
        often.checks[0].window = String::new();
        for n in 0..4 {
            let more = ConditionRow { condition: format!("another {n}"), ..often.abort_probes[0].clone() };
            often.abort_probes.push(more);
        }
        let refusal = often.check().unwrap_err();
        assert_eq!(refusal.troubles()[0].field, "probe_every", "{:?}", refusal.troubles());
        often.probe_every = "5 s".into();
        assert!(often.check().is_ok());
    }
}
