//! What people send about views.

use serde::{Deserialize, Serialize};

use crate::{
    belongs::is_sample_slug,
    refusal::{Checking, Refusal},
    search::{Found, Query, Sort, Trouble, keys::Key},
    text::{Slug, Title},
    views::shown::{self, Group, LISTS},
};

/// A view as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SavedViewDraft", extend("required" = ["name", "query"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub name: String,
    /// In the language of the search page.
    pub query: String,
    /// The list that it opens, by the kind of its things; empty for the search page.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Found>"))]
    pub list: String,
    /// The columns of that list as its address names them: `severity,status`; empty for the usual ones.
    pub columns: String,
    /// What the rows of a page of that list are grouped by.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Group>"))]
    pub group: String,
    /// A team that is shown it, too; empty for a private one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<Slug>"))]
    pub team: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub pinned: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub home: String,
    /// "on" if it takes the place of one's own view of the same name; without it such a name is refused.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
    pub replace: String,
    /// The version a change began from; empty for a new one.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// The same, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub name: Title,
    pub query: String,
    pub list: Option<Found>,
    pub columns: String,
    pub group: Option<Group>,
    pub team: Option<Slug>,
    pub pinned: bool,
    pub home: bool,
    /// Whether it may take the place of one's own view of the same name.
    pub replace: bool,
}

impl Draft {
    /// `read` is its query as far as it is understood: only the notebook knows the names in it.
    pub fn check(&self, read: Result<Query, Trouble>) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let query = read.map_err(|trouble| checking.say_at("query", trouble.at, trouble.clause())).ok();
        let list = self.list(&mut checking, query.as_ref());
        let query = query.map(|query| query.to_string());
        if query.as_deref() == Some("") {
            checking.say("query", "is empty; say what it shows");
        }
        let team = checking.maybe("team", &self.team, Slug::new);
        if team.as_ref().is_some_and(is_sample_slug) {
            checking.say("team", "belongs to the sample, which can be removed; choose one of yours");
        }
        let (pinned, home) = (checking.tick("pinned", &self.pinned), checking.tick("home", &self.home));
        if home && list.is_some() {
            checking.say("home", "is for views of the search page; leave it out, or the list");
        }
        let replace = checking.tick("replace", &self.replace);
        let shown = shown::check(&mut checking, list, &self.columns, &self.group);
        let (columns, group) = (shown.columns(), shown.group);
        let whole = name.zip(query);
        let whole =
            whole.map(|(name, query)| Checked { name, query, list, columns, group, team, pinned, home, replace });
        checking.end(whole)
    }

    /// The list that it opens, if that can show what the query asks for.
    fn list(&self, checking: &mut Checking, query: Option<&Query>) -> Option<Found> {
        if self.list.trim().is_empty() {
            return None;
        }
        let list = Found::named(&self.list).map_err(|says| checking.say("list", says)).ok()?;
        if !LISTS.contains(&list) {
            let known: Vec<&str> = LISTS.iter().map(|list| list.word()).collect();
            checking.say("list", format!("has no columns to choose; a view opens one of {}", known.join(", ")));
        }
        let misfit = |query: &Query| query.misfit(&[list]).map(Key::known_where);
        if let Some(says) = query.and_then(|query| query.asks_for_others(list).or_else(|| misfit(query))) {
            checking.say("query", format!("asks for what is not in this list: {says}"));
        }
        if query.is_some_and(|query| query.sort == Some(Sort::Relevance)) {
            checking.say("query", "asks for the best match first; a list runs along time");
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::parse::parse;

    fn draft(name: &str, query: &str) -> Draft {
        Draft { name: name.into(), query: query.into(), ..Draft::default() }
    }

    #[test]
    fn a_view_keeps_its_query_as_it_is_always_written() {
        let check = |draft: &Draft| draft.check(parse(&draft.query));
        let checked = check(&draft("Open ones", "type:Finding AND is:open")).unwrap();
        assert_eq!((checked.query.as_str(), checked.replace), ("type:finding is:open", false));
        assert!(check(&Draft { replace: "on".into(), ..draft("a", "a") }).unwrap().replace);
        for (field, draft) in [
            ("name", draft("", "a")),
            ("query", draft("a", " ")),
            ("query", draft("a", "sevice:kafka")),
            ("team", Draft { team: "demo-data-platform".into(), ..draft("a", "a") }),
            ("home", Draft { home: "perhaps".into(), ..draft("a", "a") }),
            ("replace", Draft { replace: "perhaps".into(), ..draft("a", "a") }),
        ] {
            assert_eq!(check(&draft).unwrap_err().troubles()[0].field, field, "{draft:?}");
        }
        let of = |list: &str, query: &str| Draft { list: list.into(), ..draft("a", query) };
        let run =
            Draft { columns: "verdict,when".into(), group: "experiment".into(), ..of("run", "kafka sort:created") };
        let checked = check(&run).unwrap();
        assert_eq!((checked.list, checked.columns.as_str()), (Some(Found::Run), "when,verdict"));
        assert_eq!((checked.group, checked.query.as_str()), (Some(Group::Experiment), "kafka sort:created"));
        for (field, draft) in [
            ("list", of("service", "kafka")),
            ("list", of("planet", "kafka")),
            ("query", of("run", "severity:high")),
            ("query", of("run", "type:finding")),
            ("query", of("run", "kafka sort:relevance")),
            ("home", Draft { home: "on".into(), ..of("run", "kafka") }),
            ("columns", Draft { columns: "mood".into(), ..of("run", "kafka") }),
            ("group", Draft { group: "status".into(), ..draft("a", "kafka") }),
        ] {
            assert_eq!(check(&draft).unwrap_err().troubles()[0].field, field, "{draft:?}");
        }
        assert_eq!(check(&draft("a", "is:opne")).unwrap_err().troubles()[0].at, Some(3));
    }
}
