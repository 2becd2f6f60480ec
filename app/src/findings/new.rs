//! The form for a new finding: begun from the run that showed it, or without one.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::findings::drafts::Draft;
use notebook::id::RunId;
use notebook::limits::TITLE_CHARS_MAX;
use notebook::refusal::Refusal;
use notebook::retrials::seen::Writing;
use notebook::runs::facts::RunFacts;
use notebook::runs::telemetry::{About, Told, telemetry_gaps};
use notebook::search::seen_before::slugs;
use notebook::{fixes, retrials, runs, services};

use super::fields::{FindingFields, Offer, fix_options};
use super::revealing;
use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::choices::Choice;
use crate::parts::facts::{Fact, Facts};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;
use crate::seen::part::{Beside, OfRun, card};

/// What the page knows before anybody types.
struct Begun {
    own: Draft,
    offer: Offer,
    /// What follows from the run and is not asked.
    known: AnyView,
    of_run: Option<OfRun>,
}

#[component]
pub fn NewFindingPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::WriteFinding)?;
        let run = query("run");
        let Begun { own, offer, known, of_run } = if run.trim().is_empty() {
            without_run(&desk).await?
        } else {
            let run: RunId = run.parse().map_err(|_| Refusal::missing("run", run))?;
            from_run(&desk, run).await?
        };
        let form = FormState::of(paths::findings());
        let origin = own.origin.clone();
        let seen = seen_like(&desk, &form, &own, of_run).await?;
        let crumbs = vec![
            Crumb { label: "Findings".into(), href: Some(paths::findings()) },
            Crumb { label: "New finding".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="New finding"/>
                <PageHead title="New finding"/>
                <div class="page">
                    <aside class="stack">{known} {seen}</aside>
                    <Form state=form.clone()>
                        <input type="hidden" name="origin" value=origin/>
                        <FindingFields form=form own=own offer=offer/>
                        <div class="row"><button class="primary">"Write finding"</button></div>
                    </Form>
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// What was seen before that is like what stands in the form.
async fn seen_like(desk: &Desk, form: &FormState, own: &Draft, of_run: Option<OfRun>) -> Result<AnyView> {
    let words = format!("{} {}", form.value("title", own.title.clone()), form.value("summary", own.summary.clone()));
    let writing = if let Some(of) = &of_run {
        Writing { services: of.services.clone(), fault: of.fault.clone(), words }
    } else {
        let services = form.listed("services", own.services.clone());
        Writing { services: slugs(services.iter().map(String::as_str)), fault: None, words }
    };
    card(desk, Beside { form, notes: "summary", own: None, of_run }, writing).await
}

async fn fixes(desk: &Desk) -> Result<Vec<(String, String)>> {
    let (rows, _) = retrials::acts::fixes(desk, &fixes::acts::Filter::default()).await?;
    let fixes: Vec<_> = rows.into_iter().map(|row| row.fix).collect();
    Ok(fix_options(&fixes, ""))
}

async fn from_run(desk: &Desk, id: RunId) -> Result<Begun> {
    let shown = runs::acts::show(desk, id).await?;
    let (facts, run) = (&shown.facts, &shown.run);
    let hit: Vec<&str> = facts.targets.iter().filter(|target| target.hit).map(|target| target.name.as_str()).collect();
    let Gap { title: gap_title, summary, revealing } = gap(facts, &query("revealing"));
    let own = Draft {
        title: Some(query("title")).filter(|title| !title.is_empty()).unwrap_or(gap_title),
        summary: noted(&shown).unwrap_or(summary),
        kind: query("kind"),
        severity: "medium".into(),
        origin: id.to_string(),
        revealing,
        condition: "any".into(),
        condition_on: hit.join(", "),
        ..Draft::default()
    };
    let services = facts.identity.services.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (experiment, environment) = (run.experiment, run.environment.to_string());
    let title = run.title.clone();
    let known = view! {
        <section class="card">
            <h2>"From the run"</h2>
            <Facts>
                <Fact term="Run"><a class="id" href=paths::run(id)>{id.to_string()}</a></Fact>
                <Fact term="Experiment">
                    <a class="id" href=paths::experiment(experiment)>{experiment.to_string()}</a>
                    " "
                    {title}
                </Fact>
                <Fact term="Environment">{environment}</Fact>
                <Fact term="Services">{services}</Fact>
            </Facts>
            <p class="muted">"These come with the run. A fix counts only where the finding is: in this environment."</p>
        </section>
    };
    let offer = Offer { revealing: revealing::options(facts), fixes: fixes(desk).await?, ..Offer::default() };
    let of_run = OfRun {
        run: id,
        services: facts.identity.services.clone(),
        fault: facts.identity.fault.as_ref().map(|fault| fault.kind.clone()),
    };
    Ok(Begun { own, offer, known: known.into_any(), of_run: Some(of_run) })
}

/// What a finding begins with.
struct Gap {
    title: String,
    summary: String,
    revealing: String,
}

/// A telemetry gap of the run that the address names; else what went wrong first, without words.
fn gap(facts: &RunFacts, asked: &str) -> Gap {
    let gaps = telemetry_gaps(facts);
    let of = |gap: &Told| revealing::value_of(&revealing::of_gap(&gap.about));
    match gaps.iter().find(|gap| of(gap) == asked) {
        Some(gap) => {
            let name = match &gap.about {
                About::Check(key) => &key.measure,
                About::Signal(signal) => signal,
            };
            let title = format!("{}: {name}", gap.is.label()).chars().take(TITLE_CHARS_MAX).collect();
            Gap { title, summary: gap.says.clone(), revealing: of(gap) }
        }
        None => {
            Gap { title: String::new(), summary: String::new(), revealing: revealing::first_that_went_wrong(facts) }
        }
    }
}

/// The observation that the finding begins with.
fn noted(shown: &runs::acts::Shown) -> Option<String> {
    let number: Option<i64> = query("note").parse().ok();
    let note = shown.observations.iter().find(|observation| Some(observation.number) == number);
    note.map(|note| format!("{}#o{}: {}", shown.run.id, note.number, note.text))
}

async fn without_run(desk: &Desk) -> Result<Begun> {
    let own = Draft { severity: "medium".into(), condition: "any".into(), ..Draft::default() };
    let environments = services::acts::environments(desk).await?.into_iter();
    let environments = environments.map(|environment| (environment.slug.to_string(), environment.name.to_string()));
    let known = view! {
        <section class="card">
            <h2>"Did a run show it?"</h2>
            <p>"Then begin from the run: its checks come along, and one of them can prove later that a fix helped."</p>
            <p>"Without a run no check reveals the finding, and no rerun can verify a fix for it."</p>
            <p><a href=paths::runs()>"Choose a run"</a></p>
        </section>
    };
    let offer = Offer {
        environments: environments.collect(),
        services: service_choices(desk).await?,
        fixes: fixes(desk).await?,
        ..Offer::default()
    };
    Ok(Begun { own, offer, known: known.into_any(), of_run: None })
}

pub async fn service_choices(desk: &Desk) -> Result<Vec<Choice>> {
    let services = services::acts::choices(desk).await?.into_iter();
    Ok(services.map(|(slug, name)| Choice { value: slug.to_string(), label: name, hint: None }).collect())
}
