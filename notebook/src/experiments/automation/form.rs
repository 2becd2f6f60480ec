//! The form of a Chaos Toolkit experiment, as `chaos validate` checks it: what the tool would refuse is
//! refused here, by its place. What only the tool's own machine knows (programs, modules, environment
//! variables, the dialect of regular expressions) is left to it.

use std::collections::HashSet;

use super::strategy;
use crate::{foreign::tree::Tree, refusal::FieldTrouble};

/// Said at most; whoever writes puts right a few at a time.
const TROUBLES_MAX: usize = 20;

/// Everything wrong, each with its JSON pointer. A document that is not whole takes title, description
/// and whatever else it lacks from the plan, and its actions may be without a provider: people do them.
pub(super) fn troubles(document: &Tree, is_whole: bool) -> Vec<FieldTrouble> {
    let mut form = Form { is_whole, known: known(document), found: Vec::new() };
    form.document(document);
    form.found
}

/// Names of activities that a `ref` can mean: those of the method and of the hypothesis.
fn known(document: &Tree) -> HashSet<&str> {
    let probes = document.get("steady-state-hypothesis").map(|hypothesis| hypothesis.items_of("probes"));
    let all = document.items_of("method").iter().chain(probes.unwrap_or_default());
    all.map(|activity| activity.text_of("name")).filter(|name| !name.is_empty()).collect()
}

/// Where an activity stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Hypothesis,
    Steps,
    Tolerance,
}

struct Form<'a> {
    is_whole: bool,
    known: HashSet<&'a str>,
    found: Vec<FieldTrouble>,
}

impl Form<'_> {
    fn say(&mut self, at: &str, says: impl Into<String>) {
        if self.found.len() < TROUBLES_MAX {
            self.found.push(FieldTrouble::new(at, says));
        }
    }

    fn wrong(&mut self, at: &str, found: &Tree, expected: &str) {
        self.say(at, format!("holds {} where {expected} is expected", found.kind()));
    }

    /// A member that must hold text.
    fn text(&mut self, holder: &Tree, at: &str, name: &str) {
        match holder.get(name) {
            Some(Tree::Text(text)) if !text.trim().is_empty() => {}
            Some(Tree::Text(_)) | None => self.say(&format!("{at}/{name}"), "is missing; write it"),
            Some(other) => self.wrong(&format!("{at}/{name}"), other, "text"),
        }
    }

    /// The items of a member that must be a list if it is there.
    fn list<'t>(&mut self, holder: &'t Tree, at: &str, name: &str) -> &'t [Tree] {
        match holder.get(name) {
            None => &[],
            Some(Tree::List(items)) => items,
            Some(other) => {
                self.wrong(&format!("{at}/{name}"), other, "a list");
                &[]
            }
        }
    }

    /// The members of a member that must be an object if it is there.
    fn object<'t>(&mut self, holder: &'t Tree, at: &str, name: &str) -> &'t [(String, Tree)] {
        match holder.get(name) {
            None => &[],
            Some(Tree::Members(members)) => members,
            Some(other) => {
                self.wrong(&format!("{at}/{name}"), other, "an object");
                &[]
            }
        }
    }

    fn document(&mut self, document: &Tree) {
        if document.as_members().is_none() {
            return self.wrong("", document, "an object with a method");
        }
        for name in ["title", "description"] {
            if self.is_whole || document.get(name).is_some() {
                self.text(document, "", name);
            }
        }
        if self.is_whole && document.get("method").is_none() {
            self.say("/method", "is missing; an experiment without one would be []");
        }
        for (n, tag) in self.list(document, "", "tags").iter().enumerate() {
            if tag.as_text().is_none_or(str::is_empty) {
                self.say(&format!("/tags/{n}"), "must be text");
            }
        }
        self.configuration(document);
        self.secrets(document);
        self.hypothesis(document);
        for section in ["method", "rollbacks"] {
            for (n, activity) in self.list(document, "", section).iter().enumerate() {
                self.activity(&format!("/{section}/{n}"), activity, Place::Steps);
            }
        }
        self.controls(document, "");
        for (n, extension) in self.list(document, "", "extensions").iter().enumerate() {
            self.text(extension, &format!("/extensions/{n}"), "name");
        }
        self.runtime(document);
    }

    fn configuration(&mut self, document: &Tree) {
        for (name, value) in self.object(document, "", "configuration") {
            let at = format!("/configuration/{name}");
            match value.text_of("type") {
                "env" => self.text(value, &at, "key"),
                "probe" => self.provider(&at, value),
                _ => {}
            }
        }
    }

    fn secrets(&mut self, document: &Tree) {
        for (scope, values) in self.object(document, "", "secrets") {
            let at = format!("/secrets/{scope}");
            let Some(values) = values.as_members() else {
                self.wrong(&at, values, "an object of secrets");
                continue;
            };
            for (name, value) in values.iter().filter(|(_, value)| value.text_of("type") == "env") {
                self.text(value, &format!("{at}/{name}"), "key");
            }
        }
    }

    fn hypothesis(&mut self, document: &Tree) {
        let at = "/steady-state-hypothesis";
        let Some(hypothesis) = document.get("steady-state-hypothesis") else { return };
        if hypothesis.as_members().is_none() {
            return self.wrong(at, hypothesis, "an object with probes");
        }
        if self.is_whole || hypothesis.get("title").is_some() {
            self.text(hypothesis, at, "title");
        }
        for (n, probe) in self.list(hypothesis, at, "probes").iter().enumerate() {
            self.activity(&format!("{at}/probes/{n}"), probe, Place::Hypothesis);
        }
        self.controls(hypothesis, at);
    }

    fn activity(&mut self, at: &str, activity: &Tree, place: Place) {
        if activity.as_members().is_none() {
            return self.wrong(at, activity, "an activity");
        }
        if place == Place::Hypothesis {
            self.tolerance(&format!("{at}/tolerance"), activity.get("tolerance"));
        }
        if let Some(meant) = activity.get("ref") {
            let is_known = meant.as_text().is_some_and(|name| self.known.contains(name));
            if !is_known {
                self.say(&format!("{at}/ref"), "names no activity of the method or the hypothesis");
            }
            return;
        }
        if !matches!(activity.text_of("type"), "probe" | "action") {
            self.say(&format!("{at}/type"), "must be probe or action");
        }
        self.text(activity, at, "name");
        let by_hand = !self.is_whole && place == Place::Steps && activity.text_of("type") == "action";
        if activity.get("provider").is_some() || !by_hand {
            self.provider(at, activity);
        }
        self.manner(at, activity);
        self.controls(activity, at);
    }

    /// Timing, and whether others wait for it.
    fn manner(&mut self, at: &str, activity: &Tree) {
        if let Some(timeout) = activity.get("timeout").filter(|timeout| !matches!(timeout, Tree::Number(_))) {
            self.wrong(&format!("{at}/timeout"), timeout, "a number of seconds");
        }
        if let Some(background) = activity.get("background").filter(|truth| truth.as_truth().is_none()) {
            self.wrong(&format!("{at}/background"), background, "true or false");
        }
        for (name, pause) in self.object(activity, at, "pauses") {
            let is_variable = |text: &str| text.starts_with("${") && text.ends_with('}');
            let fits = matches!(pause, Tree::Number(_) | Tree::Null) || pause.as_text().is_some_and(is_variable);
            if !fits {
                self.say(&format!("{at}/pauses/{name}"), "must be a number of seconds or a variable like ${pause}");
            }
        }
    }

    fn provider(&mut self, at: &str, activity: &Tree) {
        let at = format!("{at}/provider");
        let Some(provider) = activity.get("provider") else {
            return self.say(&at, "is missing; say how it is done: http, python or process");
        };
        match provider.text_of("type") {
            "http" => {
                self.text(provider, &at, "url");
                self.object(provider, &at, "headers");
            }
            "python" => {
                self.text(provider, &at, "module");
                self.text(provider, &at, "func");
                self.object(provider, &at, "arguments");
            }
            "process" => {
                self.text(provider, &at, "path");
                if let Some(number @ (Tree::Number(_) | Tree::Truth(_))) = provider.get("arguments") {
                    self.wrong(&format!("{at}/arguments"), number, "text or a list");
                }
            }
            _ => self.say(&format!("{at}/type"), "must be http, python or process"),
        }
    }

    fn tolerance(&mut self, at: &str, tolerance: Option<&Tree>) {
        match tolerance {
            None | Some(Tree::Null) => self.say(at, "is missing; write what the probe must give"),
            Some(Tree::Number(number)) if number.is_f64() => {
                self.say(
                    at,
                    "is a number with a fraction; write a range instead: {\"type\": \"range\", \"range\": [0, 0.5]}",
                );
            }
            Some(Tree::Truth(_) | Tree::Number(_) | Tree::Text(_) | Tree::List(_)) => {}
            Some(tolerance @ Tree::Members(_)) => self.rule(at, tolerance),
        }
    }

    /// A tolerance that says how the value is judged.
    fn rule(&mut self, at: &str, tolerance: &Tree) {
        match tolerance.text_of("type") {
            "regex" => self.text(tolerance, at, "pattern"),
            "jsonpath" => self.text(tolerance, at, "path"),
            "range" => {
                let ends = tolerance.items_of("range");
                if ends.len() != 2 || !ends.iter().all(|end| matches!(end, Tree::Number(_))) {
                    self.say(&format!("{at}/range"), "must be a list of two numbers");
                }
            }
            "probe" => {
                self.activity(at, tolerance, Place::Tolerance);
                let arguments = tolerance.get("provider").and_then(|provider| provider.get("arguments"));
                if arguments.is_none_or(|arguments| arguments.as_members().is_none()) {
                    self.say(&format!("{at}/provider/arguments"), "must be an object; the tool puts the value into it");
                }
            }
            _ => self.say(&format!("{at}/type"), "must be regex, jsonpath, range or probe"),
        }
    }

    fn controls(&mut self, holder: &Tree, at: &str) {
        for (n, control) in self.list(holder, at, "controls").iter().enumerate() {
            let at = format!("{at}/controls/{n}");
            self.text(control, &at, "name");
            if control.get("provider").is_none_or(|provider| provider.as_members().is_none()) {
                self.say(&format!("{at}/provider"), "is missing; say which module does it");
            }
            if !matches!(control.text_of("scope"), "" | "before" | "after") {
                self.say(&format!("{at}/scope"), "must be before or after");
            }
        }
    }

    fn runtime(&mut self, document: &Tree) {
        let Some(runtime) = document.get("runtime") else { return };
        let own = |part: &str| runtime.get(part).map(|part| part.text_of("strategy")).filter(|name| !name.is_empty());
        if own("hypothesis").is_some_and(|name| strategy::phases(name).is_none()) {
            self.say("/runtime/hypothesis/strategy", format!("must be one of {}", strategy::names()));
        }
        if own("rollbacks").is_some_and(|name| !["default", "always", "never", "deviated"].contains(&name)) {
            self.say("/runtime/rollbacks/strategy", "must be one of default, always, never, deviated");
        }
    }
}
