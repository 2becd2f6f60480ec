//! The fields of the plan's form: what came back with it, else what the plan says.

use notebook::experiments::Draft;
use notebook::experiments::draft::{CheckRow, ConditionRow, ParamRow, ProbeRow, SignalRow, StepRow};

use crate::form::{FormState, label};
use crate::kept::{self, List, Present};

/// Blank rows below those that are there.
const SPARE_ROWS: usize = 3;
/// The form's lists, with the fields in which a blank row has an answer, too.
const CHECKS: List = List { name: "checks", choices: &["phase", "aggregate", "comparator"] };
const SIGNALS: List = List { name: "signals", choices: &["expect"] };
const METHOD: List = List { name: "method", choices: &[] };
const PROBES: List = List { name: "probes", choices: &[] };
const ABORT_PROBES: List = List { name: "abort_probes", choices: &["comparator", "aborts"] };
const FAULT_PARAMS: List = List { name: "fault_params", choices: &["harsher"] };

#[derive(Debug, Clone)]
pub struct Typed {
    pub form: FormState,
    own: Vec<(String, String)>,
    /// Each list with the plan's own number of rows.
    lists: [(List, usize); 6],
    services: Vec<String>,
    relevant_changes: Vec<String>,
}

impl Typed {
    pub fn of(form: FormState, draft: &Draft) -> Self {
        let lists = [
            (CHECKS, draft.checks.len()),
            (SIGNALS, draft.signals.len()),
            (METHOD, draft.method.len()),
            (FAULT_PARAMS, draft.fault_params.len()),
            (PROBES, draft.probes.len()),
            (ABORT_PROBES, draft.abort_probes.len()),
        ];
        let (services, relevant_changes) = (draft.services.clone(), draft.relevant_changes.clone());
        Self { form, own: fields(draft), lists, services, relevant_changes }
    }

    pub fn value(&self, name: &str) -> String {
        self.form.value(name, self.own_value(name))
    }

    /// A choice whose blank row begins at a usual answer.
    pub fn choice(&self, name: &str, usual: &str) -> String {
        let value = self.value(name);
        if value.is_empty() { usual.to_owned() } else { value }
    }

    fn own_value(&self, name: &str) -> &str {
        self.own.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn services(&self) -> Vec<String> {
        kept::ticked(&self.form, "services", &self.services)
    }

    pub fn relevant_changes(&self) -> Vec<String> {
        kept::ticked(&self.form, "relevant_changes", &self.relevant_changes)
    }

    pub fn error(&self, name: &str) -> Option<String> {
        self.form.error(name)
    }

    pub fn rows(&self, list: &str) -> usize {
        self.rows_with(list, SPARE_ROWS)
    }

    /// Whether something stands in one of these fields or lists, or is wrong there.
    pub fn has_any(&self, names: &[&str], lists: &[&str]) -> bool {
        let about = |field: &str, name: &str| {
            field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_wrong = |name: &&str| self.form.errors().iter().any(|error| about(&error.field, name));
        names.iter().any(|name| !self.value(name).is_empty())
            || lists.iter().any(|list| self.rows_with(list, 0) > 0)
            || names.iter().chain(lists).any(is_wrong)
    }

    fn rows_with(&self, name: &str, spare: usize) -> usize {
        self.lists
            .iter()
            .find(|(list, _)| list.name == name)
            .map_or(0, |(list, own)| list.rows(&self.form, *own, spare))
    }
}

/// Texts under their own names. Every field of the struct is named here, so that a new one must
/// get its place in the form.
macro_rules! texts {
    ($word:ident { $($text:ident)* } lists { $($list:ident)* } of $value:expr) => {{
        let $word { $($text,)* $($list: _,)* } = $value;
        vec![$((stringify!($text), $text)),*]
    }};
}

/// Every field of a draft under its name in the form, without those that are ticked.
fn fields(draft: &Draft) -> Vec<(String, String)> {
    let alone = texts!(Draft {
        title question if_fault then_behaviour because_safeguard environment fault_kind fault_duration
        selector selector_kind pick count at_once unit load_kind load_rate recovery abort_conditions
        revert_procedure revert_owner revert_deadline affected_share failing_share traffic detect_within required_passes freshness_days links notes automation exit_codes template reason
        version prometheus prometheus_credential probe_every
    } lists { services fault_params method checks signals relevant_changes probes abort_probes } of draft);
    let mut all: Vec<_> = alone.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let mut row = |list: &str, n: usize, texts: Vec<(&str, &String)>| {
        all.extend(texts.into_iter().map(|(name, value)| (format!("{list}.{n}.{name}"), value.clone())));
    };
    for (n, param) in draft.fault_params.iter().enumerate() {
        row("fault_params", n, texts!(ParamRow { name value harsher } lists {} of param));
    }
    for (n, step) in draft.method.iter().enumerate() {
        row("method", n, texts!(StepRow { op args } lists {} of step));
    }
    for (n, check) in draft.checks.iter().enumerate() {
        let texts = texts!(CheckRow {
            measure phase aggregate comparator threshold threshold_to unit window
        } lists {} of check);
        row("checks", n, texts);
    }
    for (n, signal) in draft.signals.iter().enumerate() {
        row("signals", n, texts!(SignalRow { signal expect time alert } lists {} of signal));
    }
    for (n, probe) in draft.probes.iter().enumerate() {
        row("probes", n, texts!(ProbeRow { measure query unit } lists {} of probe));
    }
    for (n, probe) in draft.abort_probes.iter().enumerate() {
        let texts = texts!(ConditionRow {
            condition query comparator threshold threshold_to lasting aborts
        } lists {} of probe);
        row("abort_probes", n, texts);
    }
    all
}

/// What the form shows while nothing is chosen.
fn usual_kind(kind: &str) -> String {
    if kind.is_empty() { "matching".to_owned() } else { kind.to_owned() }
}

/// The draft as it stands now, for a form that was overtaken.
pub fn present(draft: &Draft) -> Vec<Present> {
    let draft = &Draft { selector_kind: usual_kind(&draft.selector_kind), ..draft.clone() };
    let said =
        fields(draft).into_iter().filter(|(name, _)| !matches!(name.as_str(), "version" | "reason" | "template"));
    let mut present: Vec<Present> = said.map(|(name, value)| Present::one(&name, &label(&name), value)).collect();
    present.push(Present::list("services", "Services", &draft.services));
    present.push(Present::list("relevant_changes", "Changes that make passes stale", &draft.relevant_changes));
    present
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;

    use crate::ask::Returned;
    use notebook::refusal::Refusal;

    fn draft() -> Draft {
        Draft {
            title: "Restart one ZooKeeper".into(),
            services: vec!["kafka".into(), "zookeeper".into()],
            checks: vec![CheckRow { measure: "alert gap".into(), threshold: "60".into(), ..CheckRow::default() }],
            version: "3".into(),
            ..Draft::default()
        }
    }

    #[test]
    fn every_field_of_the_draft_has_its_name_in_the_form() {
        let typed = Owner::new().with(|| Typed::of(FormState::of("/a"), &draft()));
        assert_eq!(typed.value("title"), "Restart one ZooKeeper");
        assert_eq!(typed.value("checks.0.threshold"), "60");
        assert_eq!(typed.services(), ["kafka", "zookeeper"]);
        assert_eq!((typed.rows("checks"), typed.rows("signals")), (4, 3));
        assert_eq!(typed.choice("checks.1.phase", "during"), "during");
    }

    #[test]
    fn a_part_with_something_wrong_in_it_is_not_folded_away() {
        Owner::new().with(|| {
            provide_context(Returned {
                action: "/a".into(),
                refusal: Some(Refusal::unfit("signals.2.time", "is empty")),
                ..Returned::default()
            });
            let typed = Typed::of(FormState::of("/a"), &draft());
            assert!(typed.has_any(&["load_kind"], &["signals"]));
            assert!(!typed.has_any(&["load_kind"], &["method"]));
            let elsewhere = Typed::of(FormState::of("/b"), &draft());
            assert!(!elsewhere.has_any(&["load_kind"], &["signals"]));
            assert!(elsewhere.has_any(&["load_kind"], &["checks"]));
        });
    }

    #[test]
    fn what_stands_now_names_fields_as_the_form_does() {
        let present = present(&draft());
        assert!(present.contains(&Present::list("services", "Services", &["kafka", "zookeeper"].map(str::to_owned))));
        assert!(present.contains(&Present::one("checks.0.threshold", "Checks 1, threshold", "60")));
        assert!(!present.contains(&Present::one("version", "Version", "3")), "nobody typed it");
    }
}
