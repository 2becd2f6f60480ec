//! All templates, narrowed by fault and by what they ask of a service.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::templates::acts::{self, Filter};
use notebook::templates::fitting::faults;
use notebook::templates::{Requirement, Template};
use notebook::text::Slug;

use super::asks::{asked, origin};
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::field::SelectField;
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::paths;
use crate::safe::PageTitle;

type Options = Vec<(String, String)>;

#[component]
pub fn TemplatesPage() -> impl IntoView {
    page(|desk| async move {
        let filter = Filter {
            fault: Slug::new(&query("fault")).ok(),
            requires: Requirement::named(&query("requires")).ok(),
            retired: query("retired") == "on",
        };
        let all = acts::list(&desk, &Filter { retired: filter.retired, ..Filter::default() }).await?;
        let known = fault_options(&all, filter.fault.as_ref());
        let rows: Vec<Template> = all.into_iter().filter(|template| filter.takes(template)).collect();
        let may_begin = desk.shows(Act::WriteExperiment) && !filter.retired;
        let crumbs = vec![
            Crumb { label: "Experiments".into(), href: Some(paths::experiments()) },
            Crumb { label: "Templates".into(), href: None },
        ];
        let content = if rows.is_empty() { none(&filter) } else { table(rows, may_begin) };
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Templates"/>
                <PageHead title="Templates"/>
                <div class="stack">
                    <p>
                        "Plans to begin from: hypothesis, checks, blast radius, abort conditions and the way back are filled \
                        in. An approved plan of yours becomes one on its experiment\u{2019}s page."
                    </p>
                    <Tabs label="Templates in use and retired" tabs=tabs(filter.retired)/>
                    {narrowing(&filter, known)}
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn tabs(retired: bool) -> Vec<Tab> {
    let retired_ones = paths::with_query(&paths::templates(), &["retired=on".to_owned()]);
    let tab = |label: &str, href: String, current: bool| Tab { label: label.to_owned(), href, current, count: None };
    vec![tab("In use", paths::templates(), !retired), tab("Retired", retired_ones, retired)]
}

/// The faults of all templates, and the one that is asked for in any case.
fn fault_options(all: &[Template], chosen: Option<&Slug>) -> Options {
    let mut known = faults(all);
    known.extend(chosen.cloned());
    let any = [(String::new(), "any fault".to_owned())];
    any.into_iter().chain(known.into_iter().map(|fault| (fault.to_string(), fault.to_string()))).collect()
}

fn narrowing(filter: &Filter, faults: Options) -> AnyView {
    let any = [(String::new(), "anything".to_owned())];
    let words = Requirement::ALL.iter().map(|asked| (asked.word().to_owned(), asked.label().to_owned()));
    let requires: Options = any.into_iter().chain(words).collect();
    let fault = filter.fault.as_ref().map(ToString::to_string).unwrap_or_default();
    let asked = filter.requires.map(|asked| asked.word().to_owned()).unwrap_or_default();
    view! {
        <form method="get" action=paths::templates() role="search">
            {filter.retired.then(|| view! { <input type="hidden" name="retired" value="on"/> })}
            <div class="row">
                <SelectField form="templates" name="fault" label="Fault" options=faults value=fault/>
                <SelectField form="templates" name="requires" label="Asks of a service" options=requires value=asked/>
                <button>"Find templates"</button>
            </div>
        </form>
    }
    .into_any()
}

fn none(filter: &Filter) -> AnyView {
    let heading = if filter.retired { "No retired template" } else { "No such template" };
    view! {
        <Empty heading=heading sentence="Look at all of them, or write a plan of your own and make it one.">
            <a class="button" href=paths::templates()>"All templates"</a>
        </Empty>
    }
    .into_any()
}

fn table(rows: Vec<Template>, may_begin: bool) -> AnyView {
    let lines: Vec<_> = rows.into_iter().map(|template| line(&template, may_begin)).collect();
    let begin = may_begin.then(|| view! { <th scope="col">"Begin"</th> });
    view! {
        <TableRegion id="templates" caption="Templates, those of this notebook first">
            <thead>
                <tr>
                    <th scope="col">"Template"</th>
                    <th scope="col">"Fault"</th>
                    <th scope="col">"Asks of a service"</th>
                    <th scope="col">"From"</th>
                    {begin}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(template: &Template, may_begin: bool) -> AnyView {
    let (title, name) = (template.title.to_string(), template.name.to_string());
    let fault = template.draft.fault_kind.clone();
    let begin = may_begin.then(|| {
        let href = paths::new_experiment_from(&template.name, None);
        let of = format!(" {title}");
        view! { <td><a href=href>"Use"<span class="unseen">{of}</span></a></td> }
    });
    view! {
        <tr>
            <td><a href=paths::template(&template.name.slug)>{title.clone()}</a><br/><span class="id muted">{name}</span></td>
            <td>{fault}</td>
            <td>{asked(template)}</td>
            <td>{origin(template.origin)}</td>
            {begin}
        </tr>
    }
    .into_any()
}
