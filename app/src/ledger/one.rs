//! One quarter: what learning cost, what it found, and the runs.

use leptos::prelude::*;
use notebook::findings::Finding;
use notebook::ledger::acts::{Entry, Ledger, Total, quarter};
use notebook::ledger::quarter::Quarter;
use notebook::ledger::{Booked, Cost};
use notebook::slos::spend::{share_words, spent_words};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;
use crate::words::verdict_due;

#[component]
pub fn LedgerPage() -> impl IntoView {
    page(|desk| async move {
        let present = Quarter::of(desk.now());
        // What is no quarter asks for the present one: the link may come from a later version.
        let asked = query("quarter").parse().unwrap_or(present);
        let ledger = quarter(&desk, asked).await?;
        let times = Times::of(&desk);
        let title = format!("Ledger {asked}");
        let crumbs = vec![
            Crumb { label: "SLOs".into(), href: Some(paths::slos()) },
            Crumb { label: "Ledger".into(), href: None },
        ];
        let content = if ledger.entries.is_empty() { none(asked) } else { book(&ledger, &times) };
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=title.clone()/>
                <PageHead title=title actions=others(asked, present)/>
                <div class="stack">
                    <p class="muted">
                        "Runs that began in the quarter, in UTC, each booked for the bad events from the start of its fault until recovery, whether it was valid or not, and held against the text of each SLO that is in force now. Runs of the sample are left out."
                    </p>
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn others(asked: Quarter, present: Quarter) -> AnyView {
    let link = |quarter: Quarter| {
        view! { <a class="button" href=paths::ledger_of(quarter)>{quarter.to_string()}</a> }
    };
    let after = (asked < present).then(|| link(asked.after()));
    view! { {link(asked.before())} {after} }.into_any()
}

fn none(asked: Quarter) -> AnyView {
    view! {
        <Empty heading=format!("No run began in {asked}") sentence="Nothing was spent on learning, and nothing was learnt.">
            <a class="button" href=paths::choose_run()>"Plan run"</a>
            <a class="button" href=paths::slos()>"SLOs"</a>
        </Empty>
    }
    .into_any()
}

fn book(ledger: &Ledger, times: &Times) -> AnyView {
    let cut = ledger.is_cut.then(|| {
        view! { <p>{format!("Only the newest {} runs of the quarter are counted here, so no share of what it allows is said.", ledger.entries.len())}</p> }
    });
    view! {
        <p><strong>{whole(ledger)}</strong></p>
        {cut}
        {totals(ledger)}
        {runs(ledger, times)}
    }
    .into_any()
}

/// "3 runs gave 2 findings, 1 of them severe."
fn whole(ledger: &Ledger) -> String {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let (runs, found) = (ledger.entries.len(), ledger.findings().count());
    let runs = count(runs, "run", "runs");
    match (found, ledger.severe()) {
        (0, _) => format!("{runs} gave no finding."),
        (found, 0) => format!("{runs} gave {}.", count(found, "finding", "findings")),
        (found, severe) => format!("{runs} gave {}, {severe} severe.", count(found, "finding", "findings")),
    }
}

fn totals(ledger: &Ledger) -> AnyView {
    if ledger.totals.is_empty() {
        let says = if ledger.entries.iter().any(|entry| entry.booked.is_some()) {
            "No SLO was in force where these runs were, so nobody knows what they cost."
        } else {
            "No fault began in any of them, so nothing is booked."
        };
        return view! { <p>{says}</p> }.into_any();
    }
    let lines: Vec<_> = ledger.totals.iter().map(total).collect();
    view! {
        <TableRegion id="totals" caption="What the runs cost each SLO">
            <thead>
                <tr>
                    <th scope="col">"SLO"</th>
                    <th scope="col" class="num">"Runs"</th>
                    <th scope="col" class="num">"Cost"</th>
                    <th scope="col" class="num">"Of what the quarter allows so far"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn total(total: &Total) -> AnyView {
    let (href, id, title) = (paths::slo(total.slo), total.slo.to_string(), total.title.clone());
    view! {
        <tr>
            <td><a class="id" href=href>{id}</a><br/>{title}</td>
            <td class="num">{total.runs}</td>
            <td class="num">{spent_words(total.bad)}</td>
            <td class="num">{share_words(total.bad, total.allowed)}</td>
        </tr>
    }
    .into_any()
}

fn runs(ledger: &Ledger, times: &Times) -> AnyView {
    let lines: Vec<_> = ledger.entries.iter().map(|entry| line(entry, times)).collect();
    view! {
        <TableRegion id="ledger" caption="Runs of the quarter, the newest first">
            <thead>
                <tr>
                    <th scope="col">"Run"</th>
                    <th scope="col">"Began"</th>
                    <th scope="col">"Services"</th>
                    <th scope="col">"Result"</th>
                    <th scope="col">"Cost"</th>
                    <th scope="col">"Findings"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(entry: &Entry, times: &Times) -> AnyView {
    let run = &entry.run.run;
    let (href, id, title) = (paths::run(run.id), run.id.to_string(), run.title.clone());
    let began = run.started_at.map(|at| times.when(at));
    let services: Vec<String> = entry.services.iter().map(ToString::to_string).collect();
    let place = format!("{}, {}", services.join(", "), run.environment);
    let execution = Word::from(run.execution).badge();
    let verdict = verdict_due(run.execution, entry.run.validity, entry.run.verdict).map(Word::badge);
    let validity = entry.run.validity.map(|validity| Word::from(validity).badge());
    let findings: Vec<_> = entry.findings.iter().map(finding).collect();
    let findings = if findings.is_empty() { view! { "none" }.into_any() } else { findings.into_any() };
    view! {
        <tr>
            <td><a class="id" href=href>{id}</a><br/>{title}</td>
            <td>{began}</td>
            <td>{place}</td>
            <td>{execution} " " {validity} " " {verdict}</td>
            <td>{costs(entry.booked, &entry.costs)}</td>
            <td>{findings}</td>
        </tr>
    }
    .into_any()
}

fn costs(booked: Option<Booked>, costs: &[Cost]) -> AnyView {
    match (booked, costs) {
        (None, _) => view! { "no fault began" }.into_any(),
        (Some(_), []) => view! { "no SLO in force" }.into_any(),
        (Some(_), costs) => {
            let lines = costs.iter().map(|cost| {
                let (href, id) = (paths::slo(cost.slo), cost.slo.to_string());
                let usual = format!("usual {}", cost.usual_words());
                view! { <div><a class="id" href=href>{id}</a>" "{cost.words()}<br/><span class="muted">{usual}</span></div> }
            });
            lines.collect_view().into_any()
        }
    }
}

fn finding(finding: &Finding) -> AnyView {
    let (href, id, title) = (paths::finding(finding.id), finding.id.to_string(), finding.title.to_string());
    let severity = Word::from(finding.severity).badge();
    view! { <div><span class="id muted">{id}</span>" "<a href=href>{title}</a>" "{severity}</div> }.into_any()
}
