//! All teams.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::teams::Team;
use notebook::teams::acts::{self, Filter};
use notebook::teams::words::week_words;
use notebook::text::Slug;

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn TeamsPage() -> impl IntoView {
    page(|desk| async move {
        let filter = Filter { after: Slug::new(&query("after")).ok(), ..Filter::default() };
        let (rows, more) = acts::list(&desk, &filter).await?;
        let next = rows.last().filter(|_| more).map(|team| paths::teams_after(&team.slug));
        let first = filter.after.as_ref().map(|_| paths::teams());
        let may_manage = desk.shows(Act::ManageTeams);
        let head = (may_manage && !rows.is_empty()).then(add).into_any();
        let content = if rows.is_empty() { none(may_manage) } else { table(rows) };
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: "Teams".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Teams"/>
                <PageHead title="Teams" actions=head/>
                <div class="stack">
                    {content}
                    <Pager label="Pages of teams" first=first next=next/>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn add() -> AnyView {
    view! { <a class="button primary" href=paths::new_team()>"Add team"</a> }.into_any()
}

fn none(may_manage: bool) -> AnyView {
    let sentence = "Say when the people who look after a service work: runs lie in their hours.";
    view! { <Empty heading="No teams yet" sentence=sentence>{may_manage.then(add)}</Empty> }.into_any()
}

fn table(rows: Vec<Team>) -> AnyView {
    let lines: Vec<_> = rows.into_iter().map(line).collect();
    view! {
        <TableRegion id="teams" caption="Teams by slug">
            <thead>
                <tr>
                    <th scope="col">"Team"</th>
                    <th scope="col">"Works"</th>
                    <th scope="col">"Zone"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(team: Team) -> AnyView {
    let (name, slug) = (team.name.to_string(), team.slug.to_string());
    let sample = mark(&slug);
    view! {
        <tr>
            <td><a href=paths::team(&team.slug)>{name}</a><br/><span class="id muted">{slug}</span>{sample}</td>
            <td>{week_words(&team.week)}</td>
            <td>{team.zone.name().to_owned()}</td>
        </tr>
    }
    .into_any()
}
