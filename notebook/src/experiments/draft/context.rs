//! The words, people and safety around an experiment, as typed.

use std::{collections::BTreeSet, fmt::Display};

use super::{Draft, SignalRow};
use crate::{
    experiments::{
        automation::Automation,
        exit_codes::ExitCode,
        matchers::Matchers,
        plan::{ChangeKind, Context, Hypothesis, Revert, SignalAlert, WorstInputs},
        spans,
        units::tidy,
    },
    id::number_of,
    limits::{FRESHNESS_DAYS, FRESHNESS_DAYS_MAX, PLAN_ITEMS_MAX, REQUIRED_PASSES_MAX, TRAFFIC_A_SECOND_MAX},
    refusal::{Checking, FieldTrouble},
    slos::share::Share,
    text::{Link, Note, Prose, Title},
};

pub(super) fn check(draft: &Draft, checking: &mut Checking) -> Option<Context> {
    let title = checking.need("title", Title::new(&draft.title));
    let question = checking.maybe("question", &draft.question, Prose::new);
    let hypothesis = Hypothesis {
        fault: checking.maybe("if_fault", &draft.if_fault, Note::new),
        behaviour: checking.maybe("then_behaviour", &draft.then_behaviour, Note::new),
        safeguard: checking.maybe("because_safeguard", &draft.because_safeguard, Note::new),
    };
    let revert = Revert {
        procedure: checking.maybe("revert_procedure", &draft.revert_procedure, Prose::new),
        owner: checking.maybe("revert_owner", &draft.revert_owner, Title::new),
        deadline_ms: span(checking, "revert_deadline", &draft.revert_deadline),
    };
    let worst_case = worst_case(checking, draft);
    checking.maybe("reason", &draft.reason, Note::new);
    let abort_conditions = lines(checking, "abort_conditions", &draft.abort_conditions, Note::new);
    let alerts = alerts(checking, &draft.signals);
    let links = lines(checking, "links", &draft.links, Link::new);
    let notes = checking.maybe("notes", &draft.notes, Prose::new);
    let freshness_usual = u32::try_from(FRESHNESS_DAYS).unwrap_or(FRESHNESS_DAYS_MAX);
    let required_passes = number(checking, "required_passes", &draft.required_passes, 1, REQUIRED_PASSES_MAX);
    let freshness_days = number(checking, "freshness_days", &draft.freshness_days, freshness_usual, FRESHNESS_DAYS_MAX);
    let relevant_changes = changes(checking, &draft.relevant_changes);
    let automation = automation(checking, &draft.automation);
    let exit_codes = exit_codes(checking, &draft.exit_codes);
    Some(Context {
        title: title?,
        question,
        hypothesis,
        abort_conditions,
        alerts,
        revert,
        worst_case,
        links,
        notes,
        required_passes,
        freshness_days,
        relevant_changes,
        automation,
        exit_codes,
        probes: None,
    })
}

/// In the order in which a plan keeps its signals.
fn alerts(checking: &mut Checking, rows: &[SignalRow]) -> Vec<SignalAlert> {
    let mut alerts = Vec::new();
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| !row.alert.trim().is_empty()) {
        let alert = Matchers::read(&row.alert).map_err(|says| checking.say(format!("signals.{n}.alert"), says)).ok();
        // A name that is none is said of the signal itself.
        let named = Title::new(&tidy(&row.signal)).ok().zip(alert);
        alerts.extend(named.map(|(signal, alert)| SignalAlert { signal, alert }));
    }
    alerts.sort_by(|a, b| a.signal.cmp(&b.signal));
    alerts
}

fn worst_case(checking: &mut Checking, draft: &Draft) -> WorstInputs {
    WorstInputs {
        affected: share(checking, "affected_share", &draft.affected_share),
        failing: share(checking, "failing_share", &draft.failing_share),
        per_second: per_second(checking, "traffic", &draft.traffic),
        detect_ms: span(checking, "detect_within", &draft.detect_within),
    }
}

fn share(checking: &mut Checking, field: &str, text: &str) -> Option<Share> {
    if text.trim().is_empty() {
        return None;
    }
    Share::read(text).map_err(|says| checking.say(field, says)).ok()
}

fn per_second(checking: &mut Checking, field: &str, text: &str) -> Option<u64> {
    if text.trim().is_empty() {
        return None;
    }
    let number = number_of(text.trim()).and_then(|number| u64::try_from(number).ok());
    let number = number.filter(|number| *number <= TRAFFIC_A_SECOND_MAX);
    if number.is_none() {
        checking.say(field, format!("takes a whole number of events a second, from 1 to {TRAFFIC_A_SECOND_MAX}"));
    }
    number
}

fn automation(checking: &mut Checking, text: &str) -> Option<Automation> {
    if text.trim().is_empty() {
        return None;
    }
    Automation::new(text).map_err(|troubles| say_all(checking, troubles)).ok()
}

/// Troubles inside the document, all beside its one field.
pub(super) fn say_all(checking: &mut Checking, troubles: Vec<FieldTrouble>) {
    for FieldTrouble { field, says, .. } in troubles {
        checking.say("automation", if field.is_empty() { says } else { format!("at {field}: {says}") });
    }
}

/// A length of time that may be left empty, in milliseconds.
pub(super) fn span(checking: &mut Checking, field: &str, text: &str) -> Option<i64> {
    if text.trim().is_empty() {
        return None;
    }
    spans::read_ms(text).map_err(|says| checking.say(field, says)).ok()
}

/// In the order of the codes, each once.
fn exit_codes(checking: &mut Checking, text: &str) -> Vec<ExitCode> {
    let mut codes = lines(checking, "exit_codes", text, ExitCode::read);
    codes.sort_by_key(|known| known.code);
    for twice in codes.windows(2).filter(|two| two[0].code == two[1].code) {
        checking.say("exit_codes", format!("says twice what {} means", twice[0].code));
    }
    codes
}

fn lines<T, E: Display>(
    checking: &mut Checking,
    field: &str,
    text: &str,
    check: impl Fn(&str) -> Result<T, E>,
) -> Vec<T> {
    let mut kept = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match check(line) {
            Ok(line) => kept.push(line),
            Err(trouble) => checking.say(field, format!("has a line {} that {trouble}", n + 1)),
        }
    }
    if kept.len() > PLAN_ITEMS_MAX {
        checking.say(field, format!("has {} lines; at most {PLAN_ITEMS_MAX} are kept", kept.len()));
    }
    kept
}

fn number(checking: &mut Checking, field: &str, text: &str, usual: u32, max: u32) -> u32 {
    if text.trim().is_empty() {
        return usual;
    }
    let number = number_of(text.trim()).and_then(|number| u32::try_from(number).ok()).filter(|number| *number <= max);
    number.unwrap_or_else(|| {
        checking.say(field, format!("takes a number from 1 to {max}"));
        usual
    })
}

fn changes(checking: &mut Checking, words: &[String]) -> BTreeSet<ChangeKind> {
    let mut kinds = BTreeSet::new();
    for word in words.iter().filter(|word| !word.trim().is_empty()) {
        match ChangeKind::named(word) {
            Ok(kind) => {
                kinds.insert(kind);
            }
            Err(says) => checking.say("relevant_changes", says),
        }
    }
    if kinds.is_empty() { ChangeKind::relevant_by_default() } else { kinds }
}
