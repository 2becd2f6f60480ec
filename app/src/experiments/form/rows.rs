//! The lists of a plan: steps, checks, signals and parameters, one row each.

use leptos::prelude::*;
use notebook::experiments::allowed::COMPARATORS;
use notebook::experiments::plan::{Aggregate, Phase};
use notebook::limits::{NOTE_CHARS_MAX, TITLE_CHARS_MAX};

use super::widgets::{choice, hinted, line, lines, list};
use crate::experiments::typed::Typed;

pub fn steps(typed: &Typed) -> AnyView {
    list(typed, "method", "Method", |index| {
        let name = |field: &str| format!("method.{index}.{field}");
        view! {
            {line(typed, &name("op"), "Operation", NOTE_CHARS_MAX)}
            {lines(typed, &name("args"), "Arguments", NOTE_CHARS_MAX)}
        }
        .into_any()
    })
}

pub fn checks(typed: &Typed) -> AnyView {
    let phases: Vec<_> = Phase::ALL.iter().map(|phase| (phase.word(), phase.label())).collect();
    let aggregates: Vec<_> = Aggregate::ALL.iter().map(|aggregate| (aggregate.word(), aggregate.label())).collect();
    list(typed, "checks", "Check", |index| {
        let name = |field: &str| format!("checks.{index}.{field}");
        view! {
            {line(typed, &name("measure"), "Measure", TITLE_CHARS_MAX)}
            {choice(typed, &name("phase"), "When", &phases, Phase::During.word())}
            {choice(typed, &name("aggregate"), "Which value", &aggregates, Aggregate::Max.word())}
            {choice(typed, &name("comparator"), "Must be", &COMPARATORS, "<=")}
            {line(typed, &name("threshold"), "Threshold", TITLE_CHARS_MAX)}
            {line(typed, &name("threshold_to"), "To (between)", TITLE_CHARS_MAX)}
            {line(typed, &name("unit"), "Unit", TITLE_CHARS_MAX)}
            {line(typed, &name("window"), "Window", TITLE_CHARS_MAX)}
        }
        .into_any()
    })
}

pub fn signals(typed: &Typed) -> AnyView {
    let expected = [("fire", "fires within"), ("silent", "stays silent for")];
    list(typed, "signals", "Signal", |index| {
        let name = |field: &str| format!("signals.{index}.{field}");
        view! {
            {line(typed, &name("signal"), "Alert or statement", TITLE_CHARS_MAX)}
            {choice(typed, &name("expect"), "Expected", &expected, "fire")}
            {line(typed, &name("time"), "Time", TITLE_CHARS_MAX)}
            {hinted(typed, &name("alert"), "Told by Alertmanager", NOTE_CHARS_MAX, "Labels of the alert: ZooKeeperDown, service=zookeeper. Empty: people say what it did.")}
        }
        .into_any()
    })
}

pub fn probes(typed: &Typed) -> AnyView {
    list(typed, "probes", "Query", |index| {
        let name = |field: &str| format!("probes.{index}.{field}");
        view! {
            {line(typed, &name("measure"), "Measure of a check", TITLE_CHARS_MAX)}
            {lines(typed, &name("query"), "PromQL", NOTE_CHARS_MAX)}
            {line(typed, &name("unit"), "Unit it answers in", TITLE_CHARS_MAX)}
        }
        .into_any()
    })
}

pub fn abort_probes(typed: &Typed) -> AnyView {
    let comparators: Vec<_> = COMPARATORS.into_iter().filter(|(word, _)| *word != "holds").collect();
    let then = [("", "asks everybody"), ("true", "aborts by itself")];
    list(typed, "abort_probes", "Watched condition", |index| {
        let name = |field: &str| format!("abort_probes.{index}.{field}");
        view! {
            {line(typed, &name("condition"), "Abort when", TITLE_CHARS_MAX)}
            {lines(typed, &name("query"), "PromQL", NOTE_CHARS_MAX)}
            {choice(typed, &name("comparator"), "Is", &comparators, ">")}
            {line(typed, &name("threshold"), "Limit", TITLE_CHARS_MAX)}
            {line(typed, &name("threshold_to"), "To (between)", TITLE_CHARS_MAX)}
            {line(typed, &name("lasting"), "For", TITLE_CHARS_MAX)}
            {choice(typed, &name("aborts"), "Then", &then, "")}
        }
        .into_any()
    })
}

pub fn params(typed: &Typed) -> AnyView {
    let directions = [("", "neither"), ("up", "when larger"), ("down", "when smaller")];
    list(typed, "fault_params", "Parameter", |index| {
        let name = |field: &str| format!("fault_params.{index}.{field}");
        view! {
            {line(typed, &name("name"), "Name", TITLE_CHARS_MAX)}
            {line(typed, &name("value"), "Value", NOTE_CHARS_MAX)}
            {choice(typed, &name("harsher"), "Harsher", &directions, "")}
        }
        .into_any()
    })
}
