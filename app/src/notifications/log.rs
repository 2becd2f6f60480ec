//! What became of messages: every try, and a button that sends one again.

use leptos::prelude::*;
use notebook::notifications::{Delivery, Try};

use crate::form::{Form, FormState};
use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::times::Times;

pub fn log(webhook: i64, deliveries: Vec<Delivery>, may_resend: bool, times: &Times) -> AnyView {
    if deliveries.is_empty() {
        return view! { <Empty heading="Nothing was sent yet" sentence="Send a test, or wait for what happens."/> }
            .into_any();
    }
    let lines: Vec<_> = deliveries.into_iter().map(|delivery| line(webhook, delivery, may_resend, times)).collect();
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

fn line(webhook: i64, delivery: Delivery, may_resend: bool, times: &Times) -> AnyView {
    let state = match (delivery.delivered_at, delivery.dropped_at) {
        (Some(at), _) => view! { "Taken " {times.when(at)} }.into_any(),
        (None, Some(at)) => view! { "Given up " {times.when(at)} }.into_any(),
        (None, None) => "Waits".into_any(),
    };
    let tries: Vec<_> = delivery.tries.into_iter().map(|tried| one_try(tried, times)).collect();
    let resend = FormState::of(format!("{}/deliveries/{}/resend", paths::webhook(webhook), delivery.id));
    let resend = may_resend.then(|| {
        view! { <Form state=resend><button class="quiet">"Send again"</button></Form> }
    });
    view! {
        <tr>
            <td>{delivery.topic}<br/><span class="id muted">{delivery.message}</span></td>
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
