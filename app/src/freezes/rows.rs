//! Freezes as lines of a table.

use leptos::prelude::*;
use notebook::calendar::freeze::Scope;
use notebook::freezes::Kept;

use super::acts::end;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

/// `may_end` adds what ends each of them.
pub fn table(id: &'static str, caption: &'static str, rows: Vec<Kept>, may_end: bool, times: &Times) -> AnyView {
    let lines: Vec<_> = rows.into_iter().map(|kept| line(&kept, may_end, times)).collect();
    view! {
        <TableRegion id=id caption=caption unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"From"</th>
                    <th scope="col">"Until"</th>
                    <th scope="col">"Why"</th>
                    <th scope="col">"Set by"</th>
                    {may_end.then(|| view! { <th scope="col">"End"</th> })}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(kept: &Kept, may_end: bool, times: &Times) -> AnyView {
    let state = kept.state(times.moment());
    let until = kept.until().map_or_else(|| "somebody ends it".into_any(), |until| times.when(until));
    let ended = kept.ended.as_ref().and_then(|ended| ended.why.as_ref());
    let ended = ended.map(|why| view! { <br/><span class="muted">{format!("Ended: {why}")}</span> });
    let ending = may_end.then(|| view! { <td>{end(kept, state)}</td> });
    view! {
        <tr>
            <td>{scope(&kept.freeze.scope)}</td>
            <td>{Word::from(state).badge()}</td>
            <td>{times.when(kept.freeze.from)}</td>
            <td>{until}</td>
            <td>{kept.freeze.why.to_string()}{ended}</td>
            <td>{kept.name.clone()}</td>
            {ending}
        </tr>
    }
    .into_any()
}

fn scope(scope: &Scope) -> AnyView {
    let (kind, slug, href) = match scope {
        Scope::Everything => return "everything".into_any(),
        Scope::Team(team) => ("the team ", team, paths::team(team)),
        Scope::Service(service) => ("the service ", service, paths::service(service)),
        Scope::Environment(environment) => ("the environment ", environment, paths::environments()),
    };
    view! { {kind} <a class="id" href=href>{slug.to_string()}</a> {mark(slug.as_str())} }.into_any()
}
