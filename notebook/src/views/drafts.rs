//! What people send about views.

use serde::{Deserialize, Serialize};

use crate::{
    belongs::is_sample_slug,
    refusal::{Checking, Refusal},
    search::{Query, Trouble},
    text::{Slug, Title},
};

/// A view as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SavedViewDraft", extend("required" = ["name", "query"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub name: String,
    /// In the language of the search page.
    pub query: String,
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
        let query = query.map(|query| query.to_string());
        if query.as_deref() == Some("") {
            checking.say("query", "is empty; say what it shows");
        }
        let team = checking.maybe("team", &self.team, Slug::new);
        if team.as_ref().is_some_and(is_sample_slug) {
            checking.say("team", "belongs to the sample, which can be removed; choose one of yours");
        }
        let (pinned, home) = (checking.tick("pinned", &self.pinned), checking.tick("home", &self.home));
        let replace = checking.tick("replace", &self.replace);
        let whole = name.zip(query).map(|(name, query)| Checked { name, query, team, pinned, home, replace });
        checking.end(whole)
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
        assert_eq!(check(&draft("a", "is:opne")).unwrap_err().troubles()[0].at, Some(3));
    }
}
