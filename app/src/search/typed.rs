//! The query of a list, as its address says it.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::refusal::Refusal;
use notebook::search::keys::Key;
use notebook::search::names::understood;
use notebook::search::{Expr, Found, Query, Sort, Trouble};

use crate::ask::query;
use crate::parts::field::Field;
use crate::parts::page::Empty;
use crate::paths;
use crate::safe;

/// What somebody typed into the box of a list, and what that asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    text: String,
    asked: Query,
    /// Why it is not understood; a whole sentence.
    trouble: Option<String>,
}

impl Typed {
    /// Out of `q` in the address of a list of these; what is not understood answers with 400.
    pub async fn here(desk: &Desk, kind: Found) -> Result<Self> {
        let text = query("q");
        let read = understood(desk, &text).await?;
        let typed = Self::of(text, read, kind);
        if typed.trouble.is_some() {
            safe::status(400);
        }
        Ok(typed)
    }

    fn of(text: String, read: Result<Query, Trouble>, kind: Found) -> Self {
        match read {
            Ok(asked) if kind == Found::Service && asked.sort.is_some() => {
                let trouble = Some("This list runs by name; the search page has services in another order.".to_owned());
                Self { text, trouble, ..Self::default() }
            }
            Ok(asked) if asked.sort == Some(Sort::Relevance) => {
                let trouble = Some("A list runs along time; the best match comes first on the search page.".to_owned());
                Self { text, trouble, ..Self::default() }
            }
            Ok(asked) => match asked.asks_for_others(kind).or_else(|| asked.misfit(&[kind]).map(Key::known_where)) {
                None => Self { text, asked, trouble: None },
                trouble => Self { text, trouble, ..Self::default() },
            },
            Err(trouble) => {
                let trouble = Some(format!("At character {}: {}", trouble.at + 1, trouble.says));
                Self { text, trouble, ..Self::default() }
            }
        }
    }

    /// What is asked for; none where it is not understood.
    pub fn query(&self) -> Option<&Query> {
        self.trouble.is_none().then_some(&self.asked)
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Its part of the list's address.
    pub fn part(&self) -> Option<String> {
        (!self.is_blank()).then(|| format!("q={}", paths::encoded(self.text.trim())))
    }

    /// The same in another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> Self {
        let asked = Query { sort: Some(sort), ..self.asked.clone() };
        Self { text: asked.to_string(), asked, trouble: None }
    }

    /// All that the list shows, in the order that was typed: what a view of it keeps. `of` makes of what is typed all
    /// that the list asks for.
    pub fn whole(&self, of: impl FnOnce(&Query) -> Result<Query, Refusal>) -> Option<Query> {
        let shown = of(self.query()?).ok()?;
        Some(Query { sort: self.asked.sort, ..shown })
    }

    /// The order that was typed.
    pub fn sort(&self) -> Option<Sort> {
        self.asked.sort
    }

    /// Its field as it stays in another form of the list.
    pub fn kept(&self) -> Option<(&'static str, String)> {
        (!self.is_blank()).then(|| ("q", self.text.trim().to_owned()))
    }

    /// The box of a list's form.
    pub fn field(&self, form: &'static str) -> AnyView {
        let (value, error) = (self.text.clone(), self.trouble.clone());
        view! { <Field form=form name="q" label="Words, \"phrases\", qualifiers" value=value error=error kind="search"/> }
            .into_any()
    }

    /// Where more can be done with it: chips, saving it as a view, taking along what the list shows. `of` makes of
    /// what is typed all that the list asks for, its own conditions among it.
    pub fn further(&self, kind: Found, of: impl FnOnce(&Query) -> Result<Query, Refusal>) -> AnyView {
        let all = Query::default().and(Expr::only(Key::Type, kind.word()));
        let Ok(shown) = of(&self.asked) else { return self.lead(&self.asked) };
        let (csv, json) = (paths::search_csv(&shown.to_string()), paths::search_json(&shown.to_string()));
        let wanted = Query { sort: self.asked.sort, ..shown };
        let what = if wanted == all { format!("All {}", named(kind)) } else { "What it finds".to_owned() };
        let file = format!("{}.csv", kind.word());
        view! {
            {self.lead(&wanted)}
            <span>{what}" as "<a href=csv download=file>"CSV"</a>" or "<a href=json>"JSON"</a></span>
        }
        .into_any()
    }

    /// The same on the search page; where nothing is typed, how to ask.
    fn lead(&self, wanted: &Query) -> AnyView {
        if self.asked.is_everything() {
            return view! { <a href=paths::search()>"How to ask"</a> }.into_any();
        }
        view! { <a href=paths::search_for(&wanted.to_string())>"On the search page"</a> }.into_any()
    }

    /// The form of a list that is asked by nothing else; `kept` are parts of the address that stay.
    pub fn form(
        &self,
        kind: Found,
        list: String,
        kept: Vec<(&'static str, String)>,
        of: impl FnOnce(&Query) -> Result<Query, Refusal>,
    ) -> AnyView {
        let name = kind.word();
        let what = named(kind);
        let kept = kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        view! {
            <form method="get" action=list role="search">
                {kept.collect_view()}
                <div class="row">
                    {self.field(name)}
                    <button>"Find "{what}</button>
                    {self.further(kind, of)}
                </div>
            </form>
        }
        .into_any()
    }

    /// What stands in the place of a list where a query finds nothing.
    pub fn nothing(&self, all: String, label: &'static str) -> AnyView {
        let heading = format!("Nothing found for \u{201c}{}\u{201d}", self.text.trim());
        view! {
            <Empty heading=heading sentence="Try fewer words, or leave a condition out.">
                <a class="button" href=all>{label}</a>
            </Empty>
        }
        .into_any()
    }
}

/// What a page of a list leaves out is no less there.
pub fn unreadable(count: usize) -> Option<AnyView> {
    let says = match count {
        0 => return None,
        1 => "1 thing cannot be read, so nobody can say whether it belongs here.".to_owned(),
        _ => format!("{count} things cannot be read, so nobody can say whether they belong here."),
    };
    Some(view! { <p class="hint">{says}" The command retrial verify names the rows."</p> }.into_any())
}

/// Things of a kind within a sentence.
fn named(kind: Found) -> String {
    if kind == Found::Slo { kind.label().to_owned() } else { kind.label().to_lowercase() }
}

#[cfg(test)]
mod tests {
    use notebook::search::parse::parse;

    use super::*;

    fn of(text: &str, kind: Found) -> Typed {
        Typed::of(text.to_owned(), parse(text), kind)
    }

    #[test]
    fn what_is_typed_is_a_query_or_says_why_not() {
        let typed = of(" is:open kafka ", Found::Finding);
        assert_eq!(typed.query().unwrap().to_string(), "is:open kafka");
        assert_eq!(typed.part().as_deref(), Some("q=is%3Aopen%20kafka"));
        let oldest = typed.sorted(Sort::Oldest);
        assert_eq!(oldest.part().as_deref(), Some("q=is%3Aopen%20kafka%20sort%3Acreated"));
        let narrowed = |query: &Query| {
            let of_findings = query.clone().and(Expr::only(Key::Type, "finding"));
            Ok(Query { sort: Some(Sort::Created), ..of_findings })
        };
        assert_eq!(oldest.whole(narrowed).unwrap().to_string(), "is:open kafka type:finding sort:created");
        assert_eq!(typed.whole(narrowed).unwrap().to_string(), "is:open kafka type:finding");
        let none = of(" ", Found::Service);
        assert!(none.is_blank() && none.part().is_none() && none.query().unwrap().is_everything());
        assert!(of("type:finding,run", Found::Run).query().is_some());
        assert!(of("kafka sort:-updated", Found::Run).query().is_some());
        let ordered = of("kafka sort:-updated", Found::Service);
        assert!(ordered.query().is_none() && ordered.trouble.unwrap().starts_with("This list runs by name"));
        for (text, says) in [
            ("a sevice:kafka", "At character 3: "),
            ("a sort:relevance", "A list runs along time"),
            ("severity:high", "`severity:` is known of findings only."),
            ("a type:finding,fix", "`type:` asks for other things; this list holds those of `type:run` only."),
        ] {
            let typed = of(text, Found::Run);
            assert!(typed.query().is_none(), "{text}");
            assert!(typed.trouble.unwrap().starts_with(says), "{text}");
        }
    }

    #[test]
    fn how_many_are_left_out_is_said() {
        let html = |count: usize| Owner::new().with(|| view! { <div>{unreadable(count)}</div> }.to_html());
        assert!(!html(0).contains("cannot be read"), "{}", html(0));
        assert!(html(1).contains("1 thing cannot be read"), "{}", html(1));
        assert!(html(12).contains("12 things cannot be read"), "{}", html(12));
    }
}
