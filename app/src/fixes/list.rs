//! All fixes with the worst of what they are worth, and what each waits for.

use leptos::prelude::*;
use notebook::fixes::acts::Filter;
use notebook::id::{FindingId, FixId};
use notebook::retrials::acts::FixRow;
use notebook::search::Found;
use notebook::search::lists::{self, Page};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::prose::Line;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::search::{Typed, unreadable};

#[component]
pub fn FixesPage() -> impl IntoView {
    page(|desk| async move {
        let before: Option<FixId> = query("before").parse().ok();
        let (typed, filter) = (Typed::here(&desk, Found::Fix).await?, Filter { before, ..Filter::default() });
        let found = match typed.query() {
            Some(query) => Some(lists::fixes(&desk, query, &filter).await?),
            None => None,
        };
        let form = typed.form(Found::Fix, paths::fixes(), Vec::new(), lists::of_fixes);
        let content = found.map(|found| listed(found, before, &typed));
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Fixes".into(), href: None }]>
                <PageTitle text="Fixes"/>
                <PageHead title="Fixes"/>
                <div class="stack">
                    {form}
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn address(typed: &Typed, before: Option<FixId>) -> String {
    let parts: Vec<String> = typed.part().into_iter().chain(before.map(|id| format!("before={id}"))).collect();
    paths::with_query(&paths::fixes(), &parts)
}

fn listed((rows, next, left_out): Page<FixRow, FixId>, before: Option<FixId>, typed: &Typed) -> AnyView {
    let first = before.map(|_| address(typed, None));
    let next = next.map(|last| address(typed, Some(last)));
    let content = if rows.is_empty() { none(typed) } else { table(rows) };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of fixes" first=first next=next next_word="Older"/> }.into_any()
}

fn none(typed: &Typed) -> AnyView {
    if !typed.is_blank() {
        return typed.nothing(paths::fixes(), "All fixes");
    }
    view! {
        <Empty heading="No fixes yet" sentence="A fix begins on the finding it claims to remove.">
            <a class="button primary" href=paths::findings()>"Choose a finding"</a>
        </Empty>
    }
    .into_any()
}

fn table(rows: Vec<FixRow>) -> AnyView {
    let lines: Vec<_> = rows.into_iter().map(line).collect();
    view! {
        <TableRegion id="fixes" caption="Fixes, newest first">
            <thead>
                <tr>
                    <th scope="col">"Fix"</th>
                    <th scope="col">"Standing"</th>
                    <th scope="col">"Findings"</th>
                    <th scope="col">"What is missing"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(row: FixRow) -> AnyView {
    let fix = row.fix;
    let findings = fix.findings.iter().copied().map(finding).collect_view();
    let waits = match row.waits {
        Some(waits) => view! { <Line text=waits/> }.into_any(),
        None => view! { <span class="muted">"nothing"</span> }.into_any(),
    };
    view! {
        <tr>
            <td>
                <span class="id muted">{fix.id.to_string()}</span>
                {mark(&fix.id.to_string())}
                <br/>
                <a href=paths::fix(fix.id)>{fix.title.to_string()}</a>
            </td>
            <td>{Word::from(row.headline).badge()}</td>
            <td><ul class="plain">{findings}</ul></td>
            <td>{waits}</td>
        </tr>
    }
    .into_any()
}

fn finding(id: FindingId) -> impl IntoView {
    view! { <li><a class="id" href=paths::finding(id)>{id.to_string()}</a></li> }
}
