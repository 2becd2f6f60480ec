//! What depends on what: a drawing made on the server, and the same as a table beside it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::limits::DRAWN_SERVICES_MAX;
use notebook::services::acts::Dependencies;
use notebook::text::Slug;

use super::layout::{BOX, BOX_HEIGHT, Graph, Layout, NARROW_COLUMNS, WIDE_COLUMNS, lay_out};
use super::one::slugs;
use crate::parts::sheet::Sheet;
use crate::parts::table::TableRegion;

/// All services that depend on others or are depended on. Nothing while none does.
pub fn of_all(known: &Dependencies) -> Option<AnyView> {
    if known.needs.is_empty() {
        return None;
    }
    let tied: BTreeSet<&Slug> = known.needs.iter().flat_map(|(a, b)| [a, b]).collect();
    let alone = known.names.len().saturating_sub(tied.len());
    let beside = match alone {
        0 => None,
        1 => Some("1 service has no dependency written down and is left out.".to_owned()),
        many => Some(format!("{many} services have no dependency written down and are left out.")),
    };
    let drawn = if tied.len() > DRAWN_SERVICES_MAX {
        let says = format!(
            "{} services depend on each other: too many for one drawing. Each service's page draws its own neighbourhood.",
            tied.len()
        );
        view! { <p>{says}</p> }.into_any()
    } else {
        drawing(&tied, &known.needs, None)
    };
    Some(section("What depends on what", drawn, &tied, &known.needs, beside))
}

/// One service with what it needs and what needs it, one step in each direction and what ties these.
pub fn around(known: &Dependencies, own: &Slug) -> Option<AnyView> {
    let beside = known.needs.iter().filter(|(from, to)| from == own || to == own);
    let tied: BTreeSet<&Slug> = beside.flat_map(|(a, b)| [a, b]).collect();
    if tied.is_empty() {
        return None;
    }
    let needs: Vec<(Slug, Slug)> =
        known.needs.iter().filter(|(a, b)| tied.contains(a) && tied.contains(b)).cloned().collect();
    let drawn = if tied.len() > DRAWN_SERVICES_MAX {
        view! { <p>"Too many services are tied to this one for a drawing; the table has them all."</p> }.into_any()
    } else {
        drawing(&tied, &needs, Some(own))
    };
    Some(section("Dependencies", drawn, &tied, &needs, None))
}

fn section(
    heading: &'static str,
    drawn: AnyView,
    tied: &BTreeSet<&Slug>,
    needs: &[(Slug, Slug)],
    beside: Option<String>,
) -> AnyView {
    let table = table(tied, needs);
    view! {
        <section id="dependencies">
            <h2>{heading}</h2>
            <div class="chain dependencies">
                {drawn}
                {beside.map(|words| view! { <p class="muted">{words}</p> })}
                <details class="why">
                    <summary>"Show as a table"</summary>
                    {table}
                </details>
            </div>
        </section>
    }
    .into_any()
}

fn drawing(tied: &BTreeSet<&Slug>, needs: &[(Slug, Slug)], own: Option<&Slug>) -> AnyView {
    let names: Vec<&Slug> = tied.iter().copied().collect();
    let place = |slug: &Slug| names.binary_search(&slug).ok();
    let graph = Graph {
        needs: needs.iter().filter_map(|(from, to)| place(from).zip(place(to))).collect(),
        names: names.iter().map(ToString::to_string).collect(),
    };
    let own = own.and_then(place);
    let sentences = needs.iter().map(|(from, to)| format!("{from} needs {to}"));
    let text = sentences.collect::<Vec<_>>().join("; ");
    let sheet = |name: &'static str, columns: usize| sheet(name, &text, lay_out(&graph, columns), own);
    view! {
        <figure class="card paper" role="group" tabindex="0" aria-label="Drawing of the dependencies">
            <div class="wide">{sheet("dependencies-wide", WIDE_COLUMNS)}</div>
            <div class="narrow">{sheet("dependencies-narrow", NARROW_COLUMNS)}</div>
            <figcaption class="muted">"An arrow leads to what is needed. A dashed one leads back: a circle."</figcaption>
        </figure>
    }
    .into_any()
}

fn sheet(id: &'static str, text: &str, layout: Layout, own: Option<usize>) -> AnyView {
    let strokes = layout.strokes.into_iter().map(|stroke| {
        let class = if stroke.back { "proof" } else { "edge" };
        view! { <path class=class d=stroke.path></path> }
    });
    let boxes = layout.corners.iter().zip(layout.names).enumerate().map(|(n, ((x, y), name))| {
        view! {
            <g data-own=(own == Some(n)).then_some("true")>
                <rect x=x.to_string() y=y.to_string() width=BOX.to_string() height=BOX_HEIGHT.to_string() rx="6"></rect>
                <text x=(x + BOX / 2).to_string() y=(y + BOX_HEIGHT / 2 + 4).to_string() text-anchor="middle">{name}</text>
            </g>
        }
    });
    let (strokes, boxes) = (strokes.collect_view(), boxes.collect_view());
    view! {
        <Sheet id title="What depends on what" text size=(layout.width, layout.height)>
            {strokes}
            {boxes}
        </Sheet>
    }
    .into_any()
}

fn table(tied: &BTreeSet<&Slug>, needs: &[(Slug, Slug)]) -> AnyView {
    let lines = tied.iter().map(|slug| {
        let needed = slugs(needs.iter().filter(|(from, _)| from == *slug).map(|(_, to)| to));
        let needed_by = slugs(needs.iter().filter(|(_, to)| to == *slug).map(|(from, _)| from));
        view! {
            <tr>
                <th scope="row">{slugs([*slug])}</th>
                <td>{needed}</td>
                <td>{needed_by}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <TableRegion id="dependencies-table" caption="What each service needs, and what needs it">
            <thead>
                <tr>
                    <th scope="col">"Service"</th>
                    <th scope="col">"Needs"</th>
                    <th scope="col">"Needed by"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}
