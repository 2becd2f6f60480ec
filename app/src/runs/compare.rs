//! Two to six runs side by side: what differs, or all that is said of them, and what was changed between.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::limits::COMPARED_RUNS_MAX;
use notebook::refusal::Refusal;
use notebook::retrials::acts::{Column, RunsCompared, compare_runs};
use notebook::retrials::compare::{Aspect, Between, Said};

use super::charts::charts;
use crate::ask::{page, queries, query};
use crate::frame::{Crumb, Frame};
use crate::keys::steps::TICK;
use crate::parts::page::{Empty, PageHead};
use crate::parts::prose::Prose;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn CompareRunsPage() -> impl IntoView {
    page(|desk| async move {
        let (ids, all) = (chosen(&queries("ids"))?, query("all") == "on");
        let (link, body) = if (2..=COMPARED_RUNS_MAX).contains(&ids.len()) {
            let compared = compare_runs(&desk, &ids, all).await?;
            (permalink(&compared, all), shown(compared, all, &Times::of(&desk)))
        } else {
            (().into_any(), choose(ids.len()))
        };
        let crumbs = vec![
            Crumb { label: "Runs".into(), href: Some(paths::runs()) },
            Crumb { label: "Compare".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Compare runs"/>
                <PageHead title="Compare runs" actions=link/>
                <div class="stack">{body}</div>
            </Frame>
        }
        .into_any())
    })
}

/// Ids as boxes send them, one each, or as a link holds them, with commas.
fn chosen(sent: &[String]) -> Result<BTreeSet<RunId>, Refusal> {
    let ids = sent.iter().flat_map(|text| text.split(',')).filter(|text| !text.trim().is_empty());
    ids.map(|text| text.parse().map_err(|_| Refusal::missing("run", text))).collect()
}

fn choose(chosen: usize) -> AnyView {
    let heading = format!("Choose 2 to {COMPARED_RUNS_MAX} runs");
    let sentence = match chosen {
        0 => "Only what differs is shown.".to_owned(),
        1 => "Only 1 is chosen, and it has nothing beside it.".to_owned(),
        many => format!("{many} are chosen, and so many columns do not fit beside each other."),
    };
    view! {
        <Empty heading=heading sentence=sentence>
            <a class="button" href=paths::runs()>"Go to runs"</a>
        </Empty>
    }
    .into_any()
}

/// However the runs were chosen, this is the one address of their comparison, to be passed on.
fn permalink(compared: &RunsCompared, all: bool) -> AnyView {
    let ids: Vec<RunId> = compared.runs.iter().map(|column| column.run.id).collect();
    view! { <a class="button primary" href=paths::compared_runs(&ids, all)>"Link to this comparison"</a> }.into_any()
}

fn shown(compared: RunsCompared, all: bool, times: &Times) -> AnyView {
    let RunsCompared { runs, lines, charts: checks, between } = compared;
    let ids: Vec<RunId> = runs.iter().map(|column| column.run.id).collect();
    let (other, words) = if all { (false, "Show only what differs") } else { (true, "Show all that is said of them") };
    let more = view! { <p><a class="button" href=paths::compared_runs(&ids, other)>{words}</a></p> };
    let relations = relations(&runs);
    let table = table(&runs, lines, times);
    let checks = charts(&ids, &checks);
    let changes: Vec<_> = between.into_iter().map(|between| changed(between, times)).collect();
    view! {
        {relations}
        {table}
        {more}
        {checks}
        <section>
            <h2>"Changed between them"</h2>
            <p class="hint">"Recorded on their services from the start of each run to the start of the next."</p>
            {changes}
        </section>
    }
    .into_any()
}

/// What each plan is to the first one, and which fields cause it.
fn relations(runs: &[Column]) -> Option<AnyView> {
    let first = runs.first()?.run.id;
    let lines: Vec<_> = runs
        .iter()
        .filter_map(|column| {
            let to_first = column.to_first.as_ref()?;
            let (id, word) = (column.run.id, Word::from(to_first.relation).badge());
            let says = format!(" to {first}: {}.", to_first.words());
            let href = paths::run(id);
            Some(view! { <li><a class="id" href=href>{id.to_string()}</a> " is " {word} {says}</li> }.into_any())
        })
        .collect();
    Some(view! { <ul class="plain">{lines}</ul> }.into_any())
}

fn table(runs: &[Column], lines: Vec<Said>, times: &Times) -> AnyView {
    if lines.is_empty() {
        let sentence = "Results, identity, targets, checks, timings and people are the same in all of them.";
        return view! { <Empty heading="No difference" sentence=sentence/> }.into_any();
    }
    let heads: Vec<_> = runs.iter().map(|column| head(column, times)).collect();
    let columns = runs.len() + 1;
    let bodies: Vec<_> = Aspect::ALL.iter().filter_map(|aspect| body(*aspect, &lines, columns)).collect();
    view! {
        <TableRegion id="compared" caption="Runs side by side, in the order in which they started">
            <thead>
                <tr><th scope="col">"What"</th>{heads}</tr>
            </thead>
            {bodies}
        </TableRegion>
    }
    .into_any()
}

fn head(column: &Column, times: &Times) -> AnyView {
    let run = &column.run;
    let (href, id) = (paths::run(run.id), run.id.to_string());
    let at = run.started_at.map_or_else(|| "not started".into_any(), |at| times.when(at));
    view! { <th scope="col"><a class="id" href=href>{id}</a> <br/> <span class="muted">{at}</span></th> }.into_any()
}

fn body(aspect: Aspect, lines: &[Said], columns: usize) -> Option<AnyView> {
    let rows: Vec<_> = lines.iter().filter(|line| line.aspect == aspect).map(row).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <tbody>
                <tr><th scope="rowgroup" colspan=columns.to_string()>{aspect.label()}</th></tr>
                {rows}
            </tbody>
        }
        .into_any()
    })
}

fn row(line: &Said) -> AnyView {
    let cells: Vec<_> = line.values.iter().cloned().map(cell).collect();
    view! { <tr><th scope="row">{line.label.clone()}</th>{cells}</tr> }.into_any()
}

fn cell(value: Option<String>) -> AnyView {
    match value {
        // Steps and deviations stand one on a line.
        Some(value) => view! { <td><Prose text=value/></td> }.into_any(),
        None => view! { <td><span class="muted">"\u{2013}"<span class="unseen">"says nothing"</span></span></td> }
            .into_any(),
    }
}

fn changed(between: Between, times: &Times) -> AnyView {
    let heading = format!("{} to {}", between.from, between.to);
    if between.changes.is_empty() {
        return view! { <div><h3>{heading}</h3><p class="muted">"Nothing was recorded."</p></div> }.into_any();
    }
    let items: Vec<_> = between
        .changes
        .into_iter()
        .map(|change| {
            let at = times.when(change.at);
            let irrelevant = change.irrelevant.is_some().then_some(" (irrelevant)");
            let (href, summary) = (paths::change(change.id), change.summary.to_string());
            view! { <li>{change.kind.label()} ": " <a href=href>{summary}</a> ", " {at}{irrelevant}</li> }
        })
        .collect();
    let earlier = earlier(items.len(), between.changes_all);
    view! { <div><h3>{heading}</h3><ul class="plain">{earlier}{items}</ul></div> }.into_any()
}

/// Of many changes the newest stand here: how many came before them.
pub fn earlier(shown: usize, all: usize) -> Option<AnyView> {
    let words = match all.saturating_sub(shown) {
        0 => return None,
        1 => "1 earlier change is left out".to_owned(),
        more => format!("{more} earlier changes are left out"),
    };
    Some(view! { <li class="muted">{words}</li> }.into_any())
}

/// The box that chooses a run for the comparison.
pub fn tick(id: RunId) -> AnyView {
    let label = format!("Compare {id}");
    view! { <input r#type="checkbox" name="ids" value=id.to_string() aria-label=label data-key=TICK/> }.into_any()
}

/// A table of runs with such boxes.
pub fn choosing(table: AnyView, rows: usize) -> AnyView {
    if rows < 2 {
        return table;
    }
    view! {
        <form method="get" action=paths::compare_runs()>
            {table}
            <div class="row"><button>"Compare chosen runs"</button></div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(sent: &[&str]) -> Result<Vec<String>, Refusal> {
        let sent: Vec<String> = sent.iter().map(|text| (*text).to_owned()).collect();
        Ok(chosen(&sent)?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn boxes_and_links_name_the_same_runs() {
        assert_eq!(ids(&["RUN-4", "RUN-1"]).unwrap(), ["RUN-1", "RUN-4"]);
        assert_eq!(ids(&["run-1, RUN-4", "RUN-1"]).unwrap(), ["RUN-1", "RUN-4"]);
        assert_eq!(ids(&[]).unwrap(), Vec::<String>::new());
        assert_eq!(ids(&["EXP-1"]).unwrap_err().status(), 404);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let html = |shown, all| Owner::new().with(|| view! { <ul>{earlier(shown, all)}</ul> }.to_html());
        assert!(html(20, 23).contains("3 earlier changes are left out"), "{}", html(20, 23));
        assert!(html(20, 21).contains("1 earlier change is left out"), "{}", html(20, 21));
        assert!(!html(20, 20).contains("left out"), "{}", html(20, 20));
    }

    #[test]
    fn lines_stand_under_what_they_are_about_and_silence_is_said() {
        let line = |aspect, label: &str, values: [Option<&str>; 2]| Said {
            aspect,
            key: label.into(),
            label: label.into(),
            values: values.map(|value| value.map(str::to_owned)).to_vec(),
        };
        let lines = vec![
            line(Aspect::Results, "Verdict", [Some("Refuted"), Some("Upheld")]),
            line(Aspect::Identity, "Step 1", [Some("stop\nsignal=TERM"), Some("stop")]),
            line(Aspect::People, "Owner", [None, Some("Ana <b>")]),
        ];
        let html = Owner::new().with(|| {
            let bodies: Vec<_> = Aspect::ALL.iter().filter_map(|aspect| body(*aspect, &lines, 3)).collect();
            view! { <table>{bodies}</table> }.to_html()
        });
        assert_eq!(html.matches("scope=\"rowgroup\"").count(), 3, "{html}");
        assert!(html.contains("<br") && !html.contains("stop\nsignal"), "{html}");
        assert!(html.contains("says nothing") && html.contains("Ana &lt;b&gt;"), "{html}");
    }
}
