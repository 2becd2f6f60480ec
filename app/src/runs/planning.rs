//! What the planning form and the form for a past run share: the experiment, its plan, crew and targets.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::experiments::acts::{self, Filter};
use notebook::experiments::plan::{Count, Plan};
use notebook::experiments::words::blast_words;
use notebook::experiments::{Experiment, Revision, Stage};
use notebook::fault::{Error, Result};
use notebook::id::ExperimentId;
use notebook::limits::TARGETS_MAX;
use notebook::services;

use crate::ask::query;
use crate::form::FormState;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::{AreaField, SelectField};
use crate::parts::hypothesis::Hypothesis;
use crate::parts::page::Empty;
use crate::paths;
use crate::runs::fields::line;
use crate::runs::targets::Named;

/// An experiment that can be run, with what its targets are known to be.
pub struct Runnable {
    pub experiment: Experiment,
    pub revision: Revision,
    pub targets: Vec<Named>,
}

/// What the address names: nothing yet, an experiment without an approved plan, or one that can be run.
pub enum Asked {
    Nothing(Vec<(ExperimentId, String)>),
    NotReady(Experiment),
    Runnable(Box<Runnable>),
}

pub async fn asked(desk: &Desk) -> Result<Asked> {
    let text = query("experiment");
    if text.is_empty() {
        return Ok(Asked::Nothing(ready(desk).await?));
    }
    let id: ExperimentId = text.parse().map_err(|_| notebook::refusal::Refusal::missing("experiment", &text))?;
    let shown = acts::show(desk, id).await?;
    let Some(revision) = shown.approved.filter(|_| shown.experiment.stage != Stage::Retired) else {
        return Ok(Asked::NotReady(shown.experiment));
    };
    let targets = known_targets(desk, &revision.plan).await?;
    Ok(Asked::Runnable(Box::new(Runnable { experiment: shown.experiment, revision, targets })))
}

/// Every experiment that can be run, newest first.
async fn ready(desk: &Desk) -> Result<Vec<(ExperimentId, String)>> {
    let mut filter = Filter { stage: Some(Stage::Ready), ..Filter::default() };
    let mut list = Vec::new();
    loop {
        let (rows, more) = acts::list(desk, &filter).await?;
        filter.before = rows.last().map(|row| row.experiment.id);
        list.extend(rows.into_iter().map(|row| (row.experiment.id, row.experiment.title.to_string())));
        if !more {
            return Ok(list);
        }
    }
}

/// The targets that the plan's services list for its environment, each name once.
pub async fn known_targets(desk: &Desk, plan: &Plan) -> Result<Vec<Named>> {
    let mut list: Vec<Named> = Vec::new();
    for slug in &plan.identity.services {
        let shown = match services::acts::show(desk, slug.as_str()).await {
            Ok(shown) => shown,
            // A service may be named in a plan and not be listed.
            Err(Error::Refused(_)) => continue,
            Err(broken) => return Err(broken),
        };
        let here = shown.targets().filter(|target| Some(&target.environment) == plan.identity.environment.as_ref());
        for target in here {
            let named = Named {
                name: target.name.to_string(),
                role: target.role.as_ref().map(ToString::to_string).unwrap_or_default(),
                ..Named::default()
            };
            if !list.iter().any(|known| known.name == named.name) {
                list.push(named);
            }
        }
    }
    list.truncate(TARGETS_MAX);
    Ok(list)
}

/// The first step: which experiment. A plain GET form.
pub fn chooser(action: String, choices: Vec<(ExperimentId, String)>, button: &'static str) -> AnyView {
    if choices.is_empty() {
        return view! {
            <Empty heading="No experiment is ready" sentence="A run takes an approved plan. Write one, and ask somebody to review it.">
                <a class="button primary" href=paths::experiments()>"Go to experiments"</a>
            </Empty>
        }
        .into_any();
    }
    let options =
        choices.into_iter().map(|(id, title)| (id.to_string(), format!("{id} · {title}"))).collect::<Vec<_>>();
    view! {
        <form method="get" action=action>
            <SelectField form="choose" name="experiment" label="Experiment" options=options
                hint="Only experiments with an approved plan are listed." required=true/>
            <div class="row"><button class="primary">{button}</button></div>
        </form>
    }
    .into_any()
}

pub fn not_ready(experiment: &Experiment) -> AnyView {
    let sentence = match experiment.stage {
        Stage::Retired => format!("{} is retired. Reopen it first.", experiment.id),
        Stage::Draft | Stage::InReview | Stage::Ready => {
            format!("{} has no approved plan revision. Somebody has to review it first.", experiment.id)
        }
    };
    let (words, href) = (format!("Open {}", experiment.id), paths::experiment(experiment.id));
    view! {
        <Empty heading="This experiment cannot be run yet" sentence=sentence>
            <a class="button primary" href=href>{words}</a>
        </Empty>
    }
    .into_any()
}

/// Which revision is meant, and what it says.
pub fn summary(runnable: &Runnable) -> AnyView {
    let (experiment, revision) = (&runnable.experiment, &runnable.revision);
    let plan = &revision.plan;
    let name = experiment.revision_name(revision.number);
    let environment = plan.identity.environment.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
    let blast = blast_words(plan).unwrap_or_else(|| "no target is named".to_owned());
    let href = paths::plan(experiment.id, revision.number);
    view! {
        <section class="card">
            <h2>{experiment.title.to_string()}</h2>
            {hypothesis(plan)}
            <Facts>
                <Fact term="Plan"><a class="id" href=href>{name}</a></Fact>
                <Fact term="Environment">{environment}</Fact>
                <Fact term="Blast radius">{blast}</Fact>
            </Facts>
        </section>
    }
    .into_any()
}

/// The plan's sentence; nothing where one of its parts is still missing.
pub fn hypothesis(plan: &Plan) -> Option<AnyView> {
    let sentence = &plan.context.hypothesis;
    let (fault, behaviour, safeguard) =
        (sentence.fault.as_ref()?, sentence.behaviour.as_ref()?, sentence.safeguard.as_ref()?);
    let (fault, behaviour, safeguard) = (fault.to_string(), behaviour.to_string(), safeguard.to_string());
    Some(view! { <Hypothesis fault behaviour safeguard/> }.into_any())
}

/// How many targets the plan allows to be hit, as the hint of their rows.
pub fn target_hint(plan: &Plan) -> String {
    let most = match plan.identity.target.as_ref().map(|target| target.count) {
        Some(Count::Number(1)) => " The plan hits 1.".to_owned(),
        Some(Count::Number(number)) => format!(" The plan hits {number}."),
        Some(Count::All) => " The plan hits all of them.".to_owned(),
        None => String::new(),
    };
    format!(
        "List what is eligible, with its role now, and tick what is to be hit.{most} Rows without a name are left out."
    )
}

/// Who does what: names, since a witness need not have an account.
pub fn crew(form: &FormState, desk: &Desk) -> AnyView {
    let own = desk.person().map(|person| person.name.clone()).unwrap_or_default();
    let owner = line(form, "owner", "Owner", "", "Decides.");
    let coordinator = line(form, "coordinator", "Coordinator", own, "Executes the plan.");
    let reporter = line(form, "reporter", "Reporter", "", "Writes down what is seen.");
    let (id, value, error) = (form.name.clone(), form.value("observers", ""), form.error("observers"));
    view! {
        <fieldset>
            <legend>"People"</legend>
            {owner}
            {coordinator}
            {reporter}
            <AreaField form=id name="observers" label="Observers" value=value error=error rows=2
                hint="One name a line. More eyes find more."/>
        </fieldset>
    }
    .into_any()
}
