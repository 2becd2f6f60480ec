//! What telemetry leaves open about a run: its gaps, each ready to become a finding, and alerts nobody expected.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::findings::FindingKind;
use notebook::retrials::acts::FindingRow;
use notebook::runs::telemetry::{Told, telemetry_gaps};

use crate::alerts::table::table;
use crate::findings::revealing::{of_gap, value_of};
use crate::parts::words::Word;
use crate::paths;
use crate::runs::loaded::Loaded;
use crate::words::sentence;

pub fn section(run: &Loaded) -> Option<AnyView> {
    let (gaps, others) = (gaps(run), others(run));
    if gaps.is_none() && others.is_none() {
        return None;
    }
    Some(view! { <section id="heard"><h2>"Telemetry and alerts"</h2>{gaps}{others}</section> }.into_any())
}

fn gaps(run: &Loaded) -> Option<AnyView> {
    let gaps = telemetry_gaps(run.facts());
    if gaps.is_empty() {
        return None;
    }
    let items = gaps.into_iter().map(|gap| item(run, gap)).collect_view();
    Some(view! { <h3>"Gaps"</h3><ul class="plain">{items}</ul> }.into_any())
}

/// The badge says its first word.
fn item(run: &Loaded, gap: Told) -> AnyView {
    let revealing = of_gap(&gap.about);
    let is_it = |row: &&FindingRow| {
        row.finding.kind == FindingKind::TelemetryGap && row.finding.body.revealing.as_ref() == Some(&revealing)
    };
    let known = run.findings.iter().find(is_it);
    let next = match known {
        Some(row) => {
            let (href, id) = (paths::finding(row.finding.id), row.finding.id.to_string());
            view! { <a class="id" href=href>{id}</a> }.into_any()
        }
        None if run.shows(Act::WriteFinding) => {
            let href = paths::new_telemetry_gap(run.id(), &value_of(&revealing));
            view! { <a href=href data-print="none">"Begin a finding"</a> }.into_any()
        }
        None => ().into_any(),
    };
    let (badge, says) = (Word::from(gap.is).badge(), gap.says.split_once(": ").map_or(&*gap.says, |(_, says)| says));
    let says = sentence(says);
    view! { <li>{badge}" "{says}" "{next}</li> }.into_any()
}

/// On the run's services, or on none that is known.
fn others(run: &Loaded) -> Option<AnyView> {
    let told = &run.alerts;
    if told.others.is_empty() {
        return None;
    }
    let more = told.more.then(|| view! { <p class="muted">"There are more of them; these are the newest."</p> });
    let table = table("beside", "Alerts that no signal expects, the newest first", &told.others, &run.times);
    Some(view! { <h3>"Alerts that no signal expects"</h3>{table}{more} }.into_any())
}
