//! Secret addresses at which other calendars read this one.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::subscriptions::{Subscription, Whose, acts};

use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::field::SelectField;
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::people::shown_once;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn SubscriptionsPage() -> impl IntoView {
    page(|desk| async move {
        let times = Times::of(&desk);
        let own = acts::list(&desk).await?;
        let form = form(choices(&desk).await?);
        let table = if own.is_empty() {
            view! { <Empty heading="No subscriptions" sentence="Make an address, and give it to your own calendar."/> }
                .into_any()
        } else {
            table(own, &times)
        };
        let crumbs = vec![
            Crumb { label: "Calendar".into(), href: Some(paths::calendar()) },
            Crumb { label: "Subscriptions".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Subscriptions"/>
                <PageHead title="Subscriptions" eyebrow="Calendar"/>
                <div class="stack">
                    {shown_once()}
                    <p>"Whoever has such an address reads the calendar behind it, and nothing else. Times in it are instants, so your own calendar shows them in your zone."</p>
                    {table}
                    {form}
                </div>
            </Frame>
        }
        .into_any())
    })
}

async fn choices(desk: &Desk) -> Result<Vec<(String, String)>> {
    let teams = notebook::teams::acts::choices(desk).await?.into_iter();
    let services = notebook::services::acts::choices(desk).await?.into_iter();
    let own = [(Whose::Person.word().to_owned(), "Your runs".to_owned())];
    let teams = teams.map(|(slug, name)| (format!("team:{slug}"), format!("the team {name}")));
    let services = services.map(|(slug, name)| (format!("service:{slug}"), format!("the service {name}")));
    Ok(own.into_iter().chain(teams).chain(services).collect())
}

fn form(options: Vec<(String, String)>) -> AnyView {
    let form = FormState::of(paths::subscriptions());
    view! {
        <section>
            <h2>"Subscribe"</h2>
            <Form state=form.clone()>
                <SelectField form=form.name.clone() name="of" label="To the runs of" options=options
                    value=form.value("of", Whose::Person.word()) error=form.error("of")/>
                <div class="row"><button class="primary">"Make address"</button></div>
            </Form>
        </section>
    }
    .into_any()
}

fn table(own: Vec<Subscription>, times: &Times) -> AnyView {
    let lines: Vec<_> = own.into_iter().map(|one| line(&one, times)).collect();
    view! {
        <TableRegion id="subscriptions" caption="Your subscriptions" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Calendar of"</th>
                    <th scope="col">"Address made"</th>
                    <th scope="col"><span class="unseen">"Renew and revoke"</span></th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(one: &Subscription, times: &Times) -> AnyView {
    let act = |act: &str| FormState::of(paths::act(&paths::subscription(one.id), act));
    let (renew, revoke) = (act("renew"), act("revoke"));
    view! {
        <tr>
            <td>{one.words()}</td>
            <td>{times.when(one.created_at)}</td>
            <td>
                <div class="row">
                    <Form state=renew><button>"Renew address"</button></Form>
                    <Form state=revoke><button class="quiet">"Revoke"</button></Form>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
