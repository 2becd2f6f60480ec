//! What a text of OpenSLO or Sloth would become: each of its objects, and why.

use leptos::prelude::*;
use notebook::imports::slos::{Line, SlosTaken};

use crate::parts::table::TableRegion;
use crate::paths;

pub fn of_slos(taken: &SlosTaken) -> AnyView {
    let words = format!("{}: {}.", taken.format.label(), taken.words());
    let rows: Vec<_> = taken.lines.iter().map(row).collect();
    view! {
        <p>{words}</p>
        <TableRegion id="slo-lines" caption="What would be done with each object">
            <thead>
                <tr>
                    <th scope="col">"Object"</th>
                    <th scope="col">"Document"</th>
                    <th scope="col">"Action"</th>
                    <th scope="col">"Why"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn row(line: &Line) -> AnyView {
    let name = line.slo.map_or_else(
        || line.name.clone().into_any(),
        |id| view! { <a href=paths::slo(id)>{line.name.clone()}</a> }.into_any(),
    );
    let place = format!("{}, line {}", line.document, line.line);
    let notes: Vec<_> = line.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect();
    let notes = (!notes.is_empty()).then(|| view! { <ul class="plain muted">{notes}</ul> });
    view! {
        <tr>
            <th scope="row">{line.kind.clone()}" "{name}</th>
            <td>{place}</td>
            <td>{line.action.label()}</td>
            <td>{line.because.clone()}{notes}</td>
        </tr>
    }
    .into_any()
}
