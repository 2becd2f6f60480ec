//! What Chef's data collector tells: the nodes nobody has mapped yet, and what is mapped.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::limits::TITLE_CHARS_MAX;
use notebook::services::acts;
use notebook::services::acts::chef::{self, UnmappedNode};
use notebook::services::chef::{MappedBy, Mapping};

use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::field::{Field, SelectField};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

const SETTINGS: &str =
    "data_collector.server_url \"$RETRIAL_URL/api/v1/ingest/chef\"\ndata_collector.token \"$RETRIAL_TOKEN\"";

#[component]
pub fn ChefPage() -> impl IntoView {
    page(|desk| async move {
        let (mappings, nodes) = chef::shown(&desk).await?;
        let may_map = desk.shows(Act::EditServices);
        let form = if may_map { Some(map_form(&desk).await?) } else { None };
        let times = Times::of(&desk);
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: "Chef".into(), href: None },
        ];
        let sentence = "Chef runs that changed something or failed become changes of the services that their node, policy or cookbooks are mapped to. The node decides first. What is not mapped waits here; after ten thousand runs, the same mapping again takes the next.";
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Chef"/>
                <PageHead title="Chef"/>
                <div class="stack">
                    <p>{sentence}</p>
                    <section><h2>"Not mapped yet"</h2>{waiting(nodes, &times)}</section>
                    {form}
                    <section><h2>"Mapped"</h2>{mapped(&mappings, may_map)}</section>
                    <section>
                        <h2>"Connect Chef"</h2>
                        <p>"In client.rb, with a token of the scope ingest from your profile:"</p>
                        <pre><code>{SETTINGS}</code></pre>
                    </section>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn waiting(nodes: Vec<UnmappedNode>, times: &Times) -> AnyView {
    if nodes.is_empty() {
        return view! {
            <Empty heading="Nothing waits" sentence="Nodes whose Chef runs nobody has mapped are listed here."/>
        }
        .into_any();
    }
    let lines: Vec<_> = nodes
        .into_iter()
        .map(|known| {
            let body = known.last.body.clone();
            let cookbooks = body.touched.into_iter().collect::<Vec<_>>().join(", ");
            let runs = match known.failures {
                0 => known.runs.to_string(),
                failures => format!("{}, {failures} failed", known.runs),
            };
            view! {
                <tr>
                    <th scope="row"><code>{known.node.to_string()}</code></th>
                    <td>{body.policy}</td>
                    <td>{cookbooks}</td>
                    <td>{runs}</td>
                    <td>{known.last.words()} <br/> {times.when(known.last.ended_at)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <TableRegion id="unmapped" caption="Nodes whose runs wait, the newest first" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Node"</th>
                    <th scope="col">"Policy"</th>
                    <th scope="col">"Cookbooks"</th>
                    <th scope="col">"Runs"</th>
                    <th scope="col">"Newest"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

async fn map_form(desk: &Desk) -> Result<AnyView> {
    let form = FormState::of(paths::act(&paths::chef(), "map"));
    let name = form.name.clone();
    let kinds = MappedBy::ALL.iter().map(|kind| (kind.word().to_owned(), kind.label().to_owned())).collect();
    let services = acts::choices(desk).await?.into_iter().map(|(slug, name)| (slug.to_string(), name)).collect();
    let places = acts::environments(desk).await?.into_iter();
    let places = places.map(|place| (place.slug.to_string(), place.name.to_string())).collect();
    Ok(view! {
        <section>
            <h2>"Map to a service"</h2>
            <Form state=form.clone()>
                <SelectField form=name.clone() name="kind" label="By" options=kinds value=form.value("kind", "node")
                    error=form.error("kind")/>
                <Field form=name.clone() name="name" label="Name" hint="As Chef spells it." value=form.value("name", "")
                    error=form.error("name") required=true max_length=TITLE_CHARS_MAX/>
                <SelectField form=name.clone() name="service" label="Service" options=services
                    value=form.value("service", "") error=form.error("service")/>
                <SelectField form=name name="environment" label="Environment" options=places
                    value=form.value("environment", "") error=form.error("environment")/>
                <div class="row"><button class="primary">"Map to service"</button></div>
            </Form>
        </section>
    }
    .into_any())
}

fn mapped(mappings: &[Mapping], may_map: bool) -> AnyView {
    if mappings.is_empty() {
        return view! { <Empty heading="Nothing mapped" sentence="Map a node, a policy or a cookbook to the service its runs change."/> }
            .into_any();
    }
    let lines: Vec<_> = mappings.iter().map(|mapping| line(mapping, may_map)).collect();
    let last = may_map.then(|| view! { <th scope="col"><span class="unseen">"Take away"</span></th> });
    view! {
        <TableRegion id="mapped" caption="What is mapped to which service" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"By"</th>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Service"</th>
                    <th scope="col">"Environment"</th>
                    {last}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(mapping: &Mapping, may_map: bool) -> AnyView {
    let (kind, name) = (mapping.kind.word(), mapping.name.to_string());
    let (service, href) = (mapping.service.to_string(), paths::service(&mapping.service));
    let unmap = may_map.then(|| {
        let form = FormState::of(paths::act(&paths::chef(), "unmap"));
        let (name, service) = (name.clone(), service.clone());
        let says = format!("Unmap {name} from {service}");
        view! {
            <td>
                <Form state=form>
                    <input type="hidden" name="kind" value=kind/>
                    <input type="hidden" name="name" value=name/>
                    <input type="hidden" name="service" value=service/>
                    <button aria-label=says>"Unmap"</button>
                </Form>
            </td>
        }
    });
    view! {
        <tr>
            <td>{mapping.kind.label()}</td>
            <td><code>{name}</code></td>
            <td><a class="id" href=href>{service}</a></td>
            <td>{mapping.environment.to_string()}</td>
            {unmap}
        </tr>
    }
    .into_any()
}
