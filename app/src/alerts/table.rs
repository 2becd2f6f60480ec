//! Alerts as rows.

use leptos::prelude::*;
use notebook::alerts::Alert;

use crate::parts::table::TableRegion;
use crate::times::Times;

/// `id` tells it from the other tables of a page.
pub fn table(id: impl Into<String>, caption: &'static str, alerts: &[Alert], times: &Times) -> AnyView {
    let id: String = id.into();
    let lines = alerts.iter().map(|alert| line(alert, times)).collect_view();
    view! {
        <TableRegion id=id caption=caption unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Alert"</th>
                    <th scope="col">"Where"</th>
                    <th scope="col">"Began"</th>
                    <th scope="col">"Over"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(alert: &Alert, times: &Times) -> AnyView {
    let name = alert.name.to_string();
    let name = match &alert.body.link {
        Some(link) => view! { <a href=link.to_string() rel="noreferrer">{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let summary = alert.body.summary.as_ref().map(|text| view! { <br/><small>{text.to_string()}</small> });
    let ended = match alert.ended_at {
        Some(ended) => times.when(ended),
        None => "not as far as is known".into_any(),
    };
    view! {
        <tr>
            <th scope="row">{name}{summary}</th>
            <td>{place(alert)}</td>
            <td>{times.when(alert.starts_at)}</td>
            <td>{ended}</td>
        </tr>
    }
    .into_any()
}

fn place(alert: &Alert) -> String {
    match (&alert.service, &alert.environment) {
        (Some(service), Some(environment)) => format!("{service}, {environment}"),
        (Some(service), None) => format!("{service}, no known environment"),
        (None, Some(environment)) => format!("no known service, {environment}"),
        (None, None) => "nowhere that is known".to_owned(),
    }
}
