//! What became of messages: every try, and a button that sends one again.

use leptos::prelude::*;
use notebook::notifications::{Delivery, Try};

use crate::form::{Form, FormState};
use crate::parts::table::TableRegion;
use crate::times::Times;

/// A message in a log.
pub struct Logged {
    /// What tells it apart: what it tells of, its subject, or its reader.
    pub head: String,
    pub below: String,
    pub delivery: Delivery,
    /// Where it is sent again.
    pub resend: Option<String>,
}

pub fn log(lines: Vec<Logged>, times: &Times) -> AnyView {
    let lines: Vec<_> = lines.into_iter().map(|logged| line(logged, times)).collect();
    view! {
        <TableRegion id="deliveries" caption="The newest messages, newest first" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Message"</th>
                    <th scope="col">"Written"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Tries"</th>
                    <th scope="col"><span class="unseen">"Send again"</span></th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(Logged { head, below, delivery, resend }: Logged, times: &Times) -> AnyView {
    let state = match (delivery.delivered_at, delivery.dropped_at) {
        (Some(at), _) => view! { "Taken " {times.when(at)} }.into_any(),
        (None, Some(at)) => view! { "Given up " {times.when(at)} }.into_any(),
        (None, None) => "Waits".into_any(),
    };
    let tries: Vec<_> = delivery.tries.into_iter().map(|tried| one_try(tried, times)).collect();
    let resend = resend.map(|action| {
        view! { <Form state=FormState::of(action)><button class="quiet">"Send again"</button></Form> }
    });
    view! {
        <tr>
            <td>{head}<br/><span class="id muted">{below}</span></td>
            <td>{times.when(delivery.at)}</td>
            <td>{state}</td>
            <td><ol class="plain">{tries}</ol></td>
            <td>{resend}</td>
        </tr>
    }
    .into_any()
}

fn one_try(tried: Try, times: &Times) -> AnyView {
    view! { <li>{times.when(tried.at)} ": " {tried.says}</li> }.into_any()
}
