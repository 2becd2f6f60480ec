//! Saved views: links to them, the form that saves what is looked at, and the one that changes a view.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::limits::TITLE_CHARS_MAX;
use notebook::search::{Found, Query};
use notebook::teams::acts as teams;
use notebook::views::View;
use notebook::views::acts::may_change;
use notebook::views::shown::{Group, Shown};

use crate::form::{Form, FormState};
use crate::kept::{self, Overtaken, Present};
use crate::parts::choices::CheckField;
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{Field, SelectField};
use crate::paths;

/// Links to views, those of teams with their name. `present` is an address.
pub fn links<'a>(views: impl IntoIterator<Item = &'a View>, present: &str) -> Option<AnyView> {
    let items = views.into_iter().map(|view| {
        let href = paths::opened(view);
        let current = (href == present).then_some("page");
        let (name, team) = (view.name.to_string(), view.team.as_ref().map(|team| format!(" ({team})")));
        view! { <li><a href=href aria-current=current>{name}{team}</a></li> }
    });
    let items = items.collect_view();
    (!items.is_empty())
        .then(|| view! { <nav class="tabs" id="views" aria-label="Saved views"><ul>{items}</ul></nav> }.into_any())
}

/// What a view opens, as its form sends it: the search page, or a list as it is on show.
#[derive(Debug, Clone, Default)]
pub struct Opens {
    list: Option<Found>,
    columns: String,
    group: &'static str,
}

impl Opens {
    pub fn list(list: Found, shown: &Shown, grouped: Group) -> Self {
        Self { list: Some(list), columns: shown.columns(), group: grouped.word() }
    }

    fn fields(&self, form: &FormState) -> Option<AnyView> {
        let list = form.value("list", self.list?.word());
        let (columns, group) = (form.value("columns", self.columns.clone()), form.value("group", self.group));
        Some(
            view! {
                <input type="hidden" name="list" value=list/>
                <input type="hidden" name="columns" value=columns/>
                <input type="hidden" name="group" value=group/>
                <p class="hint">"It opens this list, with the columns and groups on show."</p>
            }
            .into_any(),
        )
    }
}

/// Below a list: saving what it shows as a view, and changing that view. `whole` is all that it shows.
pub async fn of_list(desk: &Desk, views: &[View], whole: Option<Query>, opens: Opens) -> Result<Option<AnyView>> {
    let query = match whole {
        Some(query) => query.to_string(),
        None if FormState::of(paths::views()).came_back() => String::new(),
        None => return Ok(None),
    };
    let view = changeable(desk, views, &query, opens.list);
    saving(desk, &query, view, opens).await.map(Some)
}

/// The view of this query that the person may change: one that came back, then one's own, then one of a team.
pub fn changeable<'a>(desk: &Desk, views: &'a [View], query: &str, list: Option<Found>) -> Option<&'a View> {
    let fits = |view: &View| (view.query == query && view.list == list) || came_back(view);
    let may: Vec<&View> = views.iter().filter(|view| fits(view) && may_change(desk, view)).collect();
    let returned = may.iter().find(|view| came_back(view));
    returned.or_else(|| may.iter().find(|view| desk.person_id() == Some(view.owner))).or(may.first()).copied()
}

fn editing(view: &View) -> String {
    paths::act(&paths::view(view.id), "edit")
}

/// Whether a change of it was refused: it may ask for something else by now.
fn came_back(view: &View) -> bool {
    FormState::of(editing(view)).came_back()
}

/// Saves a query under a name; and changes or drops the `view` of it, for who may.
pub async fn saving(desk: &Desk, query: &str, view: Option<&View>, opens: Opens) -> Result<AnyView> {
    let nobody = [(String::new(), "nobody else".to_owned())].into_iter();
    let teams = teams::choices(desk).await?.into_iter().map(|(slug, name)| (slug.to_string(), name));
    let options: Vec<(String, String)> = nobody.chain(teams).collect();
    let changing = view.map(|view| changing(desk, view, opens.clone(), options.clone()));
    let form = FormState::of(paths::views());
    let home = opens.list.is_none().then_some(false);
    let own = Own { query: query.to_owned(), home, opens, ..Own::default() };
    // Chosen anew each time: what is replaced is gone.
    let (replace, open) = (form.ticked("replace", false), form.came_back());
    Ok(view! {
        {changing}
        <Disclosure name="Save this view" open=open>
            <Form state=form.clone()>
                {fields(&form, own, options)}
                <CheckField form=form.name.clone() name="replace" label="Replace my view that is called so" value="on"
                    checked=replace/>
                <div class="row"><button>"Save view"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any())
}

/// What the fields of a view hold before somebody types.
#[derive(Debug, Clone, Default)]
struct Own {
    name: String,
    query: String,
    team: String,
    pinned: bool,
    /// None where it is another person's to say, and for views of lists.
    home: Option<bool>,
    opens: Opens,
}

fn fields(form: &FormState, own: Own, teams: Vec<(String, String)>) -> AnyView {
    let (name, opens) = (form.name.clone(), own.opens.fields(form));
    let (title, query, team) =
        (form.value("name", own.name), form.value("query", own.query), form.value("team", own.team));
    let pinned = form.ticked("pinned", own.pinned);
    let home = own.home.map(|home| {
        let (name, home) = (name.clone(), form.ticked("home", home));
        view! { <CheckField form=name name="home" label="Search opens with it" value="on" checked=home/> }
    });
    view! {
        <Field form=name.clone() name="name" label="Name" value=title error=form.error("name") required=true
            max_length=TITLE_CHARS_MAX/>
        <Field form=name.clone() name="query" label="Query" value=query error=form.error("query") required=true/>
        <SelectField form=name.clone() name="team" label="Shown to you and" options=teams value=team
            error=form.error("team")/>
        <CheckField form=name name="pinned" label="In the navigation, before the others" value="on" checked=pinned/>
        {home}
        {opens}
    }
    .into_any()
}

/// Two forms: one that changes a view, and one that drops it.
fn changing(desk: &Desk, view: &View, opens: Opens, teams: Vec<(String, String)>) -> AnyView {
    let action = editing(view);
    let (form, dropping) = (FormState::of(action.clone()), FormState::of(paths::act(&paths::view(view.id), "drop")));
    let team = view.team.as_ref().map(ToString::to_string).unwrap_or_default();
    let own = Own {
        name: view.name.to_string(),
        query: view.query.clone(),
        team,
        pinned: view.pinned,
        home: (desk.person_id() == Some(view.owner) && view.list.is_none()).then_some(view.home),
        opens,
    };
    let version = kept::version(&form, &view.version.to_string());
    let present = present(&own);
    let open = form.came_back() || dropping.came_back();
    view! {
        <Disclosure name=format!("Change \u{201c}{}\u{201d}", view.name) open=open>
            <Overtaken action=action present=present/>
            <Form state=form.clone()>
                <input type="hidden" name="version" value=version/>
                {fields(&form, own, teams)}
                <div class="row"><button>"Change view"</button></div>
            </Form>
            <Form state=dropping><div class="row"><button>"Drop this view"</button></div></Form>
        </Disclosure>
    }
    .into_any()
}

/// What stands now, beside what was typed over an older version.
fn present(own: &Own) -> Vec<Present> {
    let tick = |ticked: bool| if ticked { "on" } else { "" };
    let pinned = Present::one("pinned", "In the navigation", tick(own.pinned));
    [
        Present::one("name", "Name", &own.name),
        Present::one("query", "Query", &own.query),
        Present::one("team", "Shown to", &own.team),
        pinned,
    ]
    .into_iter()
    .chain(own.home.map(|home| Present::one("home", "Search opens with it", tick(home))))
    .collect()
}
