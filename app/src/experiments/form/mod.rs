//! Writing a plan: a new experiment, or a change to one.

mod more;
mod rows;
mod sections;
mod widgets;

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::acts::{self, Shown};
use notebook::experiments::plan::ChangeKind;
use notebook::experiments::questions::{QUESTIONS, Question};
use notebook::experiments::{Draft, Missing, RevisionState, missing_for_run};
use notebook::fault::Result;
use notebook::id::{DecisionId, ExperimentId};
use notebook::refusal::Refusal;
use notebook::retrials::seen::Writing;
use notebook::search::seen_before::slugs;
use notebook::services::Environment;
use notebook::services::acts as services;
use notebook::templates::acts as templates;
use notebook::templates::{Template, TemplateName};
use notebook::text::Slug;

use super::revision::crumbs;
use super::typed::{Typed, present};
use crate::ask::{page, param, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept::{self, Overtaken};
use crate::parts::field::field_id;
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::safe::PageTitle;
use crate::seen::part::{Beside, card};
use crate::words::sentence;

/// What can be chosen from in the form.
#[derive(Debug, Clone)]
pub struct Known {
    pub services: Vec<(Slug, String)>,
    pub environments: Vec<Environment>,
}

impl Known {
    async fn of(desk: &Desk) -> Result<Self> {
        Ok(Self { services: services::choices(desk).await?, environments: services::environments(desk).await? })
    }
}

#[component]
pub fn NewExperimentPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::WriteExperiment)?;
        let (service, question) = (query("service"), query("question"));
        let known = Known::of(&desk).await?;
        let draft = match begin_from(&desk).await? {
            Some(template) => template.begin_on(&service, &query("environment")),
            None => Draft {
                services: if service.is_empty() { Vec::new() } else { vec![service.clone()] },
                relevant_changes: usual_changes(),
                ..Question::named(&question).map(Question::draft).unwrap_or_default()
            },
        };
        let typed = Typed::of(FormState::of(paths::act(&paths::experiments(), "create")), &draft);
        let starts = starts(&typed.value("template"), questions(&service, &question));
        let seen = seen_like(&desk, &typed, None).await?;
        let aside = aside(&typed, (missing_in(&draft), None), seen, Some(starts));
        let no_service = known.services.is_empty();
        let content = if no_service {
            no_services(desk.shows(Act::EditServices))
        } else {
            plan_form(typed, &known, "Save draft", None)
        };
        let crumbs = vec![
            Crumb { label: "Experiments".into(), href: Some(paths::experiments()) },
            Crumb { label: "New experiment".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="New experiment"/>
                <PageHead title="New experiment"/>
                <div class="page">
                    <div class="stack">
                        <p>"Start from one fear. A title and a service are enough to save; the rest can follow."</p>
                        {content}
                    </div>
                    {(!no_service).then_some(aside)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// The template that the address names, if it names one.
async fn begin_from(desk: &Desk) -> Result<Option<Template>> {
    let name = query("template");
    if name.is_empty() {
        return Ok(None);
    }
    let name: TemplateName = name.parse().map_err(|_| Refusal::missing("template", &name))?;
    let shown = templates::show(desk, name.slug.as_str(), Some(name.version)).await?;
    Ok(Some(shown.template))
}

/// What a form can begin with: a whole template, or a question alone.
fn starts(template: &str, questions: AnyView) -> AnyView {
    let chosen = template.parse::<TemplateName>().ok().map(|name| {
        let (href, words) = (paths::template_version(&name), name.to_string());
        view! { <p>"Filled from " <a class="id" href=href>{words}</a> ". What you change is yours."</p> }
    });
    view! {
        <section class="card">
            <h2>"Start from a template"</h2>
            {chosen}
            <p><a href=paths::templates()>"Choose a template"</a></p>
        </section>
        {questions}
    }
    .into_any()
}

fn usual_changes() -> Vec<String> {
    ChangeKind::relevant_by_default().iter().map(|kind| kind.word().to_owned()).collect()
}

/// Without a service there is nothing to try anything on.
fn no_services(may_edit: bool) -> AnyView {
    view! {
        <Empty heading="No services yet" sentence="An experiment tries something on a service: add the first one, then come back.">
            {may_edit.then(|| view! { <a class="button primary" href=paths::new_service()>"Add service"</a> })}
        </Empty>
    }
    .into_any()
}

#[component]
pub fn EditPlanPage() -> impl IntoView {
    page(|desk| async move {
        let id: ExperimentId = param("id", "experiment")?;
        desk.may(Act::WriteExperiment)?;
        let shown = acts::show(&desk, id).await?;
        let known = Known::of(&desk).await?;
        let mut draft = Draft::from_revision(&shown.newest, shown.experiment.version);
        if draft.reason.is_empty() {
            draft.reason = widening(&shown).unwrap_or_default();
        }
        let action = paths::act(&paths::experiment(id), "revise");
        let typed = Typed::of(FormState::of(action.clone()), &draft);
        let seen = seen_like(&desk, &typed, Some(id)).await?;
        let aside = aside(&typed, (missing_for_run(&shown.newest.plan), Some(saving(&shown))), seen, None);
        let name = shown.experiment.revision_name(shown.newest.number);
        let title = format!("Edit the plan of {id}");
        Ok(view! {
            <Frame crumbs=crumbs(id, "Edit plan")>
                <PageTitle text=title.clone()/>
                <PageHead title=title eyebrow=name/>
                <div class="page">
                    <div class="stack">
                        <Overtaken action=action present=present(&draft)/>
                        {plan_form(typed, &known, "Save plan", Some(draft.version))}
                    </div>
                    {aside}
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// The reason of a revision that a decision led to, with its parent: the plan that runs.
fn widening(shown: &Shown) -> Option<String> {
    let decision: DecisionId = query("widens").parse().ok()?;
    let parent = shown.approved.as_ref().unwrap_or(&shown.newest).number;
    Some(format!("Widens {}, as {decision} decided", shown.experiment.revision_name(parent)))
}

/// What saving does from here.
fn saving(shown: &Shown) -> String {
    let experiment = &shown.experiment;
    let (now, next) =
        (experiment.revision_name(experiment.revision), experiment.revision_name(experiment.revision + 1));
    match shown.newest.state {
        RevisionState::Draft => format!("{now} is a draft: saving changes it."),
        RevisionState::InReview => format!("{now} is in review: saving takes it back and opens {next}."),
        RevisionState::ChangesAsked => format!("Changes to {now} were asked for: saving opens {next}."),
        RevisionState::Approved => format!("{now} stays as it is and goes on running: saving opens {next} as a draft."),
        RevisionState::Replaced => format!("{now} was replaced: saving opens {next}."),
    }
}

/// The whole form. `version` is the present one of a plan that is edited.
fn plan_form(typed: Typed, known: &Known, button: &'static str, version: Option<String>) -> AnyView {
    let form = typed.form.clone();
    let version = version.map(|present| {
        view! { <input type="hidden" name="version" value=kept::version(&form, &present)/> }
    });
    let template = typed.value("template");
    let template = (!template.is_empty()).then(|| view! { <input type="hidden" name="template" value=template/> });
    let reason = version.is_some().then(|| sections::reason(&typed));
    let parts = [
        sections::question(&typed, known),
        sections::hypothesis(&typed),
        sections::safety(&typed, known),
        sections::method(&typed),
        more::more(&typed),
    ];
    view! {
        <Form state=form>
            // Enter in a field presses a form's first button: that must not be one that adds rows.
            <button class="unseen" tabindex="-1" aria-hidden="true">{button}</button>
            {version}
            {template}
            <p class="hint">{widgets::LEGEND}</p>
            {parts.into_iter().collect_view()}
            {reason}
            <div class="row"><button class="primary">{button}</button></div>
        </Form>
    }
    .into_any()
}

/// What a new draft lacks besides the two things that saving takes.
fn missing_in(draft: &Draft) -> Vec<Missing> {
    let least = Draft { title: "A title".into(), services: vec!["a-service".into()], ..draft.clone() };
    least.check().map(|plan| missing_for_run(&plan)).unwrap_or_default()
}

/// Questions to begin with; each fills the form.
fn questions(service: &str, chosen: &str) -> AnyView {
    let links = QUESTIONS.iter().map(|question| {
        let mut parts = vec![format!("question={}", question.key)];
        if !service.is_empty() {
            parts.push(format!("service={}", paths::encoded(service)));
        }
        let href = paths::with_query(&paths::new_experiment(), &parts);
        view! { <li><a href=href aria-current=(question.key == chosen).then_some("true")>{question.asks}</a></li> }
    });
    let links = links.collect_view();
    view! {
        <section class="card">
            <h2>"Start from a question"</h2>
            <p class="hint">"Fills the form; what you typed before goes away."</p>
            <ul class="plain">{links}</ul>
        </section>
    }
    .into_any()
}

/// What was seen before that is like what stands in the form.
async fn seen_like(desk: &Desk, typed: &Typed, own: Option<ExperimentId>) -> Result<AnyView> {
    let services = typed.services();
    let writing = Writing {
        services: slugs(services.iter().map(String::as_str)),
        fault: Slug::new(typed.value("fault_kind").trim()).ok(),
        words: format!("{} {}", typed.value("title"), typed.value("question")),
    };
    let beside = Beside { form: &typed.form, notes: "notes", own, of_run: None };
    card(desk, beside, writing).await
}

/// `begin` is what a new form can begin with.
fn aside(
    typed: &Typed,
    (missing, saving): (Vec<Missing>, Option<String>),
    seen: AnyView,
    begin: Option<AnyView>,
) -> AnyView {
    let form = typed.form.name.clone();
    let items = missing.into_iter().map(|lack| {
        let href = format!("#{}", field_id(&form, lack.field));
        view! { <li><a href=href>{sentence(&lack.says)}</a></li> }
    });
    let items: Vec<_> = items.collect();
    let list = if items.is_empty() {
        view! { <p>"Nothing is missing. Once approved, this plan can run."</p> }.into_any()
    } else {
        view! { <p class="hint">"Not needed to save."</p><ul class="plain">{items}</ul> }.into_any()
    };
    view! {
        <aside class="stack">
            {begin}
            {seen}
            {saving.map(|words| view! { <section class="card"><h2>"What saving does"</h2><p>{words}</p></section> })}
            <section class="card"><h2>"Before it can run"</h2>{list}</section>
        </aside>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_form_says_everything_a_run_needs() {
        let fields: Vec<_> = missing_in(&Draft::default()).into_iter().map(|lack| lack.field).collect();
        assert!(
            fields.contains(&"if_fault") && fields.contains(&"checks") && fields.contains(&"revert_owner"),
            "{fields:?}"
        );
    }
}
