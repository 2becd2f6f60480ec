//! Saved views: links to them, and the form that saves what is looked at.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::limits::TITLE_CHARS_MAX;
use notebook::teams::acts as teams;
use notebook::views::View;

use crate::form::{Form, FormState};
use crate::parts::choices::CheckField;
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{Field, SelectField};
use crate::paths;

/// Links to all views, those of teams with their name.
pub fn links(views: &[View], present: &str) -> Option<AnyView> {
    let items = views.iter().map(|view| {
        let current = (view.query == present).then_some("page");
        let (name, team) = (view.name.to_string(), view.team.as_ref().map(|team| format!(" ({team})")));
        view! { <li><a href=paths::search_for(&view.query) aria-current=current>{name}{team}</a></li> }
    });
    let items = items.collect_view();
    (!views.is_empty())
        .then(|| view! { <nav class="tabs" id="views" aria-label="Saved views"><ul>{items}</ul></nav> }.into_any())
}

/// Saves a query under a name. `own` is the person's view of this query, which can be dropped.
pub async fn saving(desk: &Desk, query: &str, own: Option<&View>) -> Result<AnyView> {
    let form = FormState::of(paths::views());
    let (name, open) = (form.name.clone(), form.came_back());
    let nobody = [(String::new(), "nobody else".to_owned())].into_iter();
    let teams = teams::choices(desk).await?.into_iter().map(|(slug, name)| (slug.to_string(), name));
    let options: Vec<(String, String)> = nobody.chain(teams).collect();
    let title = form.value("name", own.map(|own| own.name.to_string()).unwrap_or_default());
    let team = own.and_then(|own| own.team.as_ref()).map(ToString::to_string).unwrap_or_default();
    let (query, team) = (form.value("query", query), form.value("team", team));
    let pinned = form.ticked("pinned", own.is_some_and(|own| own.pinned));
    let home = form.ticked("home", own.is_some_and(|own| own.home));
    // Chosen anew each time: what is replaced is gone.
    let replace = form.ticked("replace", false);
    let dropping = own.map(|own| {
        let form = FormState::of(paths::act(&paths::view(own.id), "drop"));
        view! { <Form state=form><div class="row"><button>"Drop this view"</button></div></Form> }.into_any()
    });
    Ok(view! {
        <Disclosure name="Save this view" open=open>
            <Form state=form.clone()>
                <Field form=name.clone() name="name" label="Name" value=title error=form.error("name") required=true
                    max_length=TITLE_CHARS_MAX/>
                <Field form=name.clone() name="query" label="Query" value=query error=form.error("query") required=true/>
                <SelectField form=name.clone() name="team" label="Shown to you and" options=options value=team
                    error=form.error("team")/>
                <CheckField form=name.clone() name="pinned" label="In the navigation, before the others" value="on"
                    checked=pinned/>
                <CheckField form=name.clone() name="home" label="Search opens with it" value="on" checked=home/>
                <CheckField form=name name="replace" label="Replace my view that is called so" value="on" checked=replace/>
                <div class="row"><button>"Save view"</button></div>
            </Form>
            {dropping}
        </Disclosure>
    }
    .into_any())
}
