//! What Alertmanager told, the last alert first, and how to connect it.

use leptos::prelude::*;
use notebook::alerts::acts::{self, Listed, Source};
use notebook::limits::ALERTS_HEARD_MINUTES;
use notebook::paging::Rows;

use super::table::table;
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

const SETTINGS: &str = "route:
  receiver: team
  routes:
    - receiver: retrial
      continue: true
      group_by: [alertname, service]
      group_wait: 5s
      group_interval: 30s
      repeat_interval: 5m
receivers:
  - name: retrial
    webhook_configs:
      - url: $RETRIAL_URL/api/v1/ingest/alertmanager?environment=production
        send_resolved: true
        http_config:
          authorization:
            credentials_file: /etc/alertmanager/retrial.token";

#[component]
pub fn AlertsPage() -> impl IntoView {
    page(|desk| async move {
        let before: Option<i64> = query("before").parse().ok();
        let Listed { sources, alerts, more } = acts::list(&desk, None, before, Rows::default()).await?;
        let times = Times::of(&desk);
        let next = alerts.last().filter(|_| more).map(|alert| paths::alerts_before(alert.number));
        let first = before.map(|_| paths::alerts());
        let crumbs = vec![
            Crumb { label: "Runs".into(), href: Some(paths::runs()) },
            Crumb { label: "Alerts".into(), href: None },
        ];
        let sentence = "Alerts answer the signals of runs whose plans name their labels. The others stand beside the run that went on. None of them opens or closes a gate.";
        let shown = if alerts.is_empty() {
            view! { <Empty heading="No alerts yet" sentence="Whatever Alertmanager tells from now on is listed here."/> }
                .into_any()
        } else {
            table("alerts", "Alerts, the last one heard of first", &alerts, &times)
        };
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Alerts"/>
                <PageHead title="Alerts"/>
                <div class="stack">
                    <p>{sentence}</p>
                    {heard(sources, &times)}
                    <section><h2>"Told"</h2>{shown}</section>
                    <Pager label="Pages of alerts" first=first next=next next_word="Older"/>
                    {connect()}
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// Whether silence means anything.
fn heard(sources: Vec<Source>, times: &Times) -> Option<AnyView> {
    if sources.is_empty() {
        return None;
    }
    let lines = sources.into_iter().map(|source| {
        let environment = source.environment.to_string();
        view! { <tr><th scope="row">{environment}</th><td>{times.when(source.since)}</td><td>{times.when(source.until)}</td></tr> }
    });
    let lines = lines.collect_view();
    let words =
        format!("Silence of {ALERTS_HEARD_MINUTES} minutes breaks it: what an alert did meanwhile is not known.");
    Some(
        view! {
            <section>
                <h2>"Heard of"</h2>
                <p class="hint">{words}</p>
                <TableRegion id="sources" caption="Where Alertmanager was heard of" unseen_caption=true>
                    <thead>
                        <tr>
                            <th scope="col">"Environment"</th>
                            <th scope="col">"Without a break since"</th>
                            <th scope="col">"Last"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}

fn connect() -> AnyView {
    view! {
        <section>
            <h2>"Connect Alertmanager"</h2>
            <p>"In alertmanager.yml, with a token of the scope ingest from your profile in that file:"</p>
            <pre><code>{SETTINGS}</code></pre>
            <p>"Let one alert fire always and reach this receiver: without it, silence and a dead Alertmanager look alike."</p>
        </section>
    }
    .into_any()
}
