//! How a list is shown: which columns it has, and what its rows are grouped by. The words are the same in an address,
//! in a form and in a saved view.

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::vocabulary,
    refusal::Checking,
    search::{Found, Sort},
};

vocabulary! {
    /// What the rows of a page of a list are grouped by.
    #[cfg_attr(feature = "store", schemars(rename = "ListGroup"))]
    Group {
        Nothing = "none", "Nothing";
        Status = "status", "Status";
        Service = "service", "Service";
        Experiment = "experiment", "Experiment";
    }
}

/// A column of a list besides its first, which is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub word: &'static str,
    pub label: &'static str,
    /// Whether it is there where nobody chose.
    pub usual: bool,
    /// What its head sorts by: down first, then up.
    pub sorts: Option<[Sort; 2]>,
}

const fn column(word: &'static str, label: &'static str) -> Column {
    Column { word, label, usual: true, sorts: None }
}

const fn sorting(word: &'static str, label: &'static str, sorts: [Sort; 2]) -> Column {
    Column { word, label, usual: true, sorts: Some(sorts) }
}

const CREATED: [Sort; 2] = [Sort::Created, Sort::Oldest];
const CHANGED: [Sort; 2] = [Sort::Changed, Sort::Unchanged];

const EXPERIMENTS: &[Column] = &[
    column("services", "Services"),
    column("fault", "Fault"),
    column("environment", "Environment"),
    column("stage", "Stage"),
    column("owner", "Owner"),
    Column { usual: false, ..sorting("created", "Created", CREATED) },
    Column { usual: false, ..sorting("updated", "Last changed", CHANGED) },
];

const RUNS: &[Column] = &[
    column("when", "When"),
    column("environment", "Environment"),
    column("targets", "Targets"),
    column("execution", "Execution"),
    column("validity", "Validity"),
    column("verdict", "Verdict"),
    column("telemetry", "Telemetry"),
    column("compare", "Compare"),
    Column { usual: false, ..sorting("created", "Written down", CREATED) },
];

const FINDINGS: &[Column] = &[
    column("severity", "Severity"),
    column("kind", "Kind"),
    column("environment", "Environment"),
    sorting("found", "Found", CREATED),
    column("status", "Status"),
    column("fixes", "Fixes"),
    column("seen", "Seen first, last in"),
    column("next", "Next rerun"),
];

/// The lists whose columns can be chosen.
pub const LISTS: &[Found] = &[Found::Experiment, Found::Run, Found::Finding];

/// The columns of a list, in its order; none where they cannot be chosen.
pub const fn columns_of(list: Found) -> &'static [Column] {
    match list {
        Found::Experiment => EXPERIMENTS,
        Found::Run => RUNS,
        Found::Finding => FINDINGS,
        _ => &[],
    }
}

/// What a page of a list can be grouped by without asking for anything else.
pub const fn groups_of(list: Found) -> &'static [Group] {
    match list {
        Found::Experiment => &[Group::Nothing, Group::Status, Group::Service],
        Found::Run => &[Group::Nothing, Group::Status, Group::Experiment],
        Found::Finding => &[Group::Nothing, Group::Status, Group::Service, Group::Experiment],
        _ => &[Group::Nothing],
    }
}

/// What was chosen of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// In the order of the list; the usual ones where nobody chose.
    columns: Option<Vec<&'static str>>,
    /// As the list does where nobody chose.
    pub group: Option<Group>,
}

impl Shown {
    /// Out of an address. Words that nobody knows choose nothing: the link may come from a later version.
    pub fn read(list: Found, columns: &str, group: &str) -> Self {
        let group = Group::named(group).ok().filter(|group| groups_of(list).contains(group));
        Self { columns: chosen(list, columns), group }
    }

    /// Whether a column is on show.
    pub fn has(&self, column: &Column) -> bool {
        self.columns.as_ref().map_or(column.usual, |chosen| chosen.contains(&column.word))
    }

    /// Whether the column of this word is.
    pub fn shows(&self, list: Found, word: &str) -> bool {
        columns_of(list).iter().any(|column| column.word == word && self.has(column))
    }

    /// As an address says it: nothing for the usual ones, `id` for the first alone.
    pub fn columns(&self) -> String {
        match self.columns.as_deref() {
            None => String::new(),
            Some([]) => FIRST.to_owned(),
            Some(chosen) => chosen.join(","),
        }
    }
}

/// The word of the first column of every list.
pub const FIRST: &str = "id";

/// The columns that a text names, in the order of the list; none for the usual ones.
fn chosen(list: Found, text: &str) -> Option<Vec<&'static str>> {
    let mut words = words(text).peekable();
    words.peek()?;
    let named: Vec<&str> = words.collect();
    let all = columns_of(list).iter();
    let chosen: Vec<&'static str> =
        all.clone().filter(|column| named.contains(&column.word)).map(|column| column.word).collect();
    if chosen.is_empty() && !named.contains(&FIRST) {
        return None;
    }
    let usual = all.filter(|column| column.usual).map(|column| column.word);
    (!usual.eq(chosen.iter().copied())).then_some(chosen)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// The same as sent with a view: what no list has is refused.
pub fn check(checking: &mut Checking, list: Option<Found>, columns: &str, group: &str) -> Shown {
    let Some(list) = list else {
        for (field, text) in [("columns", columns), ("group", group)] {
            if !text.trim().is_empty() {
                checking.say(field, "goes with a list; say which, or leave it out");
            }
        }
        return Shown::default();
    };
    let known = || columns_of(list).iter().map(|column| column.word);
    if let Some(other) = words(columns).find(|word| *word != FIRST && !known().any(|known| known == *word)) {
        let known: Vec<&str> = known().collect();
        checking.say("columns", format!("names \"{other}\", which is not one of {}", known.join(", ")));
    }
    let groups: Vec<&str> = groups_of(list).iter().map(|group| group.word()).collect();
    if !group.trim().is_empty() && !groups.contains(&group.trim()) {
        checking.say("group", format!("is not one of {}", groups.join(", ")));
    }
    let shown = Shown::read(list, columns, group);
    Shown { group: shown.group.filter(|group| *group != Group::Nothing), ..shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_printed_as_the_list_has_them() {
        for (typed, printed) in [
            ("", ""),
            (" , ", ""),
            ("status,severity", "severity,status"),
            ("id,status , status", "status"),
            ("id", "id"),
            ("mood", ""),
            ("mood,id", "id"),
            ("id,severity,kind,environment,found,status,fixes,seen,next", ""),
        ] {
            let shown = Shown::read(Found::Finding, typed, "");
            assert_eq!(shown.columns(), printed, "{typed}");
            assert_eq!(Shown::read(Found::Finding, &shown.columns(), ""), shown, "{typed}");
        }
        let on_show = |typed: &str| {
            let shown = Shown::read(Found::Experiment, typed, "");
            columns_of(Found::Experiment).iter().filter(|column| shown.has(column)).count()
        };
        assert_eq!((on_show(""), on_show("updated"), on_show("id")), (5, 1, 0));
        assert_eq!(Shown::read(Found::Run, "", "service").group, None, "a run names its services in its plan");
        assert_eq!(Shown::read(Found::Run, "", "experiment").group, Some(Group::Experiment));
    }

    #[test]
    fn what_no_list_has_is_not_saved() {
        let check = |list: Option<Found>, columns: &str, group: &str| {
            let mut checking = Checking::default();
            let shown = check(&mut checking, list, columns, group);
            checking.end(Some(shown))
        };
        for (list, columns, group, field) in [
            (Some(Found::Run), "when,mood", "", "columns"),
            (Some(Found::Run), "", "service", "group"),
            (None, "when", "", "columns"),
            (None, "", "status", "group"),
        ] {
            assert_eq!(check(list, columns, group).unwrap_err().troubles()[0].field, field, "{columns} {group}");
        }
        let shown = check(Some(Found::Run), "id,when", "none").unwrap();
        assert_eq!((shown.columns().as_str(), shown.group), ("when", None));
        assert_eq!(check(None, " ", "").unwrap(), Shown::default());
    }

    #[test]
    fn each_column_of_a_list_has_a_word_of_its_own() {
        for list in LISTS {
            let words: std::collections::BTreeSet<_> = columns_of(*list).iter().map(|column| column.word).collect();
            assert_eq!(words.len(), columns_of(*list).len(), "{list:?}");
            assert!(!words.contains(FIRST));
        }
    }
}
