//! One experiment: its hypothesis, what its runs prove, and its plan, runs, findings and history.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::answer::Answer;
use notebook::desk::Desk;
use notebook::experiments::acts::{self, Shown};
use notebook::experiments::observed::{Observed, observed};
use notebook::experiments::plan::{self, Plan};
use notebook::experiments::words::blast_words;
use notebook::experiments::{Revision, spans};
use notebook::fault::Result;
use notebook::gate::acts::{Advice, of_experiment};
use notebook::id::ExperimentId;
use notebook::retrials::acts::{self as retrials, Overview};
use notebook::retrials::claims::ClaimStanding;
use notebook::templates::TemplateName;
use notebook::templates::acts as templates;
use notebook::text::Note;

use super::actions::{self, OutOfUse};
use super::chain::drawn;
use super::confidence::ConfidenceCard;
use super::findings_view::FoundHere;
use super::history_view;
use super::observed::SeenBefore;
use super::plan_view::{PlanOf, Revisions, short};
use super::review_form::Reviews;
use super::runs_view::Runs;
use super::step::{self, LastRun};
use crate::ask::{page, param, query};
use crate::due::offer;
use crate::frame::{Crumb, Frame};
use crate::freezes::bars;
use crate::gate::{advice, blast};
use crate::parts::because::Reasons;
use crate::parts::chain::Chain;
use crate::parts::facts::{Fact, Facts};
use crate::parts::history::History;
use crate::parts::hypothesis::Hypothesis;
use crate::parts::page::{Empty, PageHead};
use crate::parts::prose::Prose;
use crate::parts::stepper::Stepper;
use crate::parts::tabs::{Tab, Tabs};
use crate::parts::why::Why;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::services::one::slugs;
use crate::times::Times;

#[component]
pub fn ExperimentPage() -> impl IntoView {
    page(|desk| async move {
        let id: ExperimentId = param("id", "experiment")?;
        let shown = acts::show(&desk, id).await?;
        let overview = retrials::overview(&desk, id).await?;
        let times = Times::of(&desk);
        let plan = running(&shown).plan.clone();
        let frozen = bars::here(&desk, &plan.identity.services, plan.identity.environment.as_ref()).await?;
        let started = overview.runs.iter().any(|row| row.run.started_at.is_some());
        let seen = observed(&shown.history)?;
        let now = step::current(&plan, !seen.is_empty(), LastRun::of(&overview.runs));
        let seen = seen_before(&desk, id, seen, started, &times);
        let view = View::named(&query("view"), started);
        let title = shown.experiment.title.to_string();
        let buttons = actions::buttons(&desk, &shown, started);
        let badges = badges(&shown, &overview, &times);
        let hypothesis = hypothesis(&plan, &overview, &times);
        let chain = chain(&overview, &times);
        let tabs = view.tabs(id, &overview);
        let advice = of_experiment(&desk, id, desk.now()).await?;
        let began = templates::began_from_in(&shown.history)?;
        let offered = retrials::graduated(&desk, id).await?;
        let good_for = offer::card(&desk, id, shown.experiment.stage, &offered, &times);
        let aside = aside(&shown, &plan, &overview, (advice.as_ref(), began, good_for), &times);
        let under = under(&desk, view, shown, overview, &times)?;
        Ok(view! {
            <Frame crumbs=crumbs(id)>
                <PageTitle text=format!("{id} \u{b7} {title}")/>
                <PageHead title=title eyebrow=id.to_string() badges=badges actions=buttons/>
                {frozen}
                <div class="stack">
                    <Stepper now=now/>
                    <div class="page">
                        <div class="stack">{hypothesis} {chain} {seen}</div>
                        {aside}
                        <div class="stack">
                            <Tabs label=format!("Views of {id}") tabs=tabs/>
                            {under}
                        </div>
                    </div>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn crumbs(id: ExperimentId) -> Vec<Crumb> {
    vec![
        Crumb { label: "Experiments".into(), href: Some(paths::experiments()) },
        Crumb { label: id.to_string(), href: None },
    ]
}

/// The revision that runs, and the newest one before any is approved.
fn running(shown: &Shown) -> &Revision {
    shown.approved.as_ref().unwrap_or(&shown.newest)
}

fn badges(shown: &Shown, overview: &Overview, times: &Times) -> AnyView {
    let stage = Word::from(shown.experiment.stage).badge();
    let claim = overview.claim.as_ref().map(|claim| {
        let word = Word::from(claim.answer.is);
        word.clone().saying(format!("Claim {}", word.word.to_lowercase())).badge()
    });
    let last = shown.history.last().map(|entry| {
        let by = if entry.name.is_empty() { "the operator".to_owned() } else { entry.name.clone() };
        view! { <span class="muted">"Last changed " {times.when(entry.recorded_at)} " by " {by}</span> }
    });
    view! { {stage} {claim} {last} }.into_any()
}

fn hypothesis(plan: &Plan, overview: &Overview, times: &Times) -> AnyView {
    let question = plan.context.question.as_ref().map(|text| view! { <Prose text=text.to_string()/> });
    let verdict = overview.claim.as_ref().and_then(|claim| hue(claim.answer.is)).map(str::to_owned);
    let supposed = supposed(&plan.context.hypothesis, verdict);
    let why = overview.claim.as_ref().map(|claim| why(overview, &claim.answer, times));
    view! { <section aria-label="Hypothesis">{question} {supposed} {why}</section> }.into_any()
}

fn supposed(says: &plan::Hypothesis, verdict: Option<String>) -> AnyView {
    if says.fault.is_none() && says.behaviour.is_none() && says.safeguard.is_none() {
        let sentence = "If this fault, then that behaviour, because of that safeguard: edit the plan to say it.";
        return view! { <Empty heading="No hypothesis yet" sentence=sentence/> }.into_any();
    }
    let part =
        |text: &Option<Note>| text.as_ref().map_or_else(|| "\u{2026} (not said yet)".to_owned(), ToString::to_string);
    let (fault, behaviour, safeguard) = (part(&says.fault), part(&says.behaviour), part(&says.safeguard));
    view! { <Hypothesis fault=fault behaviour=behaviour safeguard=safeguard verdict=verdict/> }.into_any()
}

/// The hue beside the hypothesis is that of its claim; the claim's word stands in the head.
const fn hue(claim: ClaimStanding) -> Option<&'static str> {
    match claim {
        ClaimStanding::Current => Some("upheld"),
        ClaimStanding::Refuted | ClaimStanding::Regressed => Some("refuted"),
        ClaimStanding::Untested | ClaimStanding::Stale => None,
    }
}

fn why(overview: &Overview, answer: &Answer<ClaimStanding>, times: &Times) -> AnyView {
    let of = overview.runs.first().map_or_else(String::new, |row| format!(" of {}", row.run.experiment));
    let question = format!("Why is the claim{of} {}?", answer.is.label().to_lowercase());
    let (because, times) = (answer.because.clone(), times.clone());
    view! { <Why question=question><Reasons because=because times=times/></Why> }.into_any()
}

fn seen_before(desk: &Desk, id: ExperimentId, seen: Vec<Observed>, started: bool, times: &Times) -> Option<AnyView> {
    let may_observe = desk.shows(Act::Observe) && !started;
    (may_observe || !seen.is_empty())
        .then(|| view! { <SeenBefore id=id seen=seen may_observe=may_observe times=times.clone()/> }.into_any())
}

fn chain(overview: &Overview, times: &Times) -> Option<AnyView> {
    let (nodes, links, older) = drawn(&overview.chain, times);
    let older = (older > 0).then(|| {
        view! { <p class="hint">{format!("The newest part; {older} older boxes are left out.")}</p> }
    });
    (!nodes.is_empty()).then(|| {
        view! {
            <section>
                <h2>"What was found, fixed and proven"</h2>
                {older}
                <Chain id="chain" title="What was found, fixed and proven" nodes=nodes links=links/>
            </section>
        }
        .into_any()
    })
}

/// What stands under the tabs; the address says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Plan,
    Runs,
    Findings,
    History,
}

impl View {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Plan, "plan", "Plan"),
        (Self::Runs, "runs", "Runs"),
        (Self::Findings, "findings", "Findings"),
        (Self::History, "history", "History"),
    ];

    /// Without a word in the address: the runs once there are some, the plan before.
    fn named(word: &str, started: bool) -> Self {
        let usual = if started { Self::Runs } else { Self::Plan };
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map_or(usual, |(view, ..)| view)
    }

    fn tabs(self, id: ExperimentId, overview: &Overview) -> Vec<Tab> {
        let tab = |(view, word, label): (Self, &str, &str)| Tab {
            label: label.to_owned(),
            href: paths::with_query(&paths::experiment(id), &[format!("view={word}")]),
            current: view == self,
            count: match view {
                Self::Runs => Some(overview.runs_all),
                Self::Findings => Some(overview.findings.len()),
                Self::Plan | Self::History => None,
            },
        };
        Self::ALL.into_iter().map(tab).collect()
    }
}

fn under(desk: &Desk, view: View, shown: Shown, overview: Overview, times: &Times) -> Result<AnyView> {
    let id = shown.experiment.id;
    let times = times.clone();
    let may_run = desk.shows(Act::PlanRun) && shown.experiment.approved.is_some();
    let may_judge = desk.shows(Act::JudgeChange);
    Ok(match view {
        View::Plan => plan_tab(shown, desk.shows(Act::Decide), times),
        View::Runs => view! { <Runs id=id rows=overview.runs all=overview.runs_all targets=overview.targets may_plan=may_run may_judge=may_judge times=times/> }.into_any(),
        View::Findings => view! { <FoundHere findings=overview.findings fixes=overview.fixes times=times/> }.into_any(),
        View::History => {
            let lines = history_view::lines(id, &shown.history)?;
            view! { <History label=format!("History of {id}") lines=lines times=times/> }.into_any()
        }
    })
}

fn plan_tab(shown: Shown, may_decide: bool, times: Times) -> AnyView {
    let Shown { experiment, newest, approved, revisions, moves, .. } = shown;
    let id = experiment.id;
    let newer = approved.as_ref().filter(|approved| approved.number != newest.number).map(|_| {
        let word = Word::from(newest.state).badge();
        let (href, name) = (paths::plan(id, newest.number), experiment.revision_name(newest.number));
        view! { <p>{word} " " <a href=href>{name}</a> " is newer and does not run yet."</p> }
    });
    let reviews = newest.reviews.clone();
    let runs = approved.is_some();
    let revision = approved.unwrap_or(newest);
    let name = experiment.revision_name(revision.number);
    view! {
        {newer}
        <PlanOf revision=revision name=name runs=runs/>
        <section>
            <h2>"Revisions"</h2>
            <Revisions id=id revisions=revisions times=times.clone()/>
        </section>
        <Reviews reviews=reviews times=times/>
        <OutOfUse id=id moves=moves may_decide=may_decide/>
    }
    .into_any()
}

fn aside(
    shown: &Shown,
    plan: &Plan,
    overview: &Overview,
    (advice, began, good_for): (Option<&Advice>, Option<TemplateName>, Option<AnyView>),
    times: &Times,
) -> AnyView {
    let id = shown.experiment.id;
    let confidence =
        overview.claim.clone().map(|claim| view! { <ConfidenceCard id=id claim=claim times=times.clone()/> });
    let facts = facts(shown, plan, advice, began);
    let gate = advice::panel(advice, "What the gate would say of a run now.");
    view! {
        <aside class="stack">
            {confidence}
            {good_for}
            <section class="card"><h2>"Facts"</h2>{facts}</section>
            {gate}
        </aside>
    }
    .into_any()
}

fn facts(shown: &Shown, plan: &Plan, advice: Option<&Advice>, began: Option<TemplateName>) -> AnyView {
    let (identity, context) = (&plan.identity, &plan.context);
    let unsaid = || "not said yet".to_owned();
    let services = slugs(&identity.services);
    let environment = identity.environment.as_ref().map_or_else(unsaid, ToString::to_string);
    let fault = identity.fault.as_ref().map_or_else(unsaid, |fault| match fault.duration_ms {
        Some(ms) => format!("{}, {}", fault.kind, spans::written(ms)),
        None => fault.kind.to_string(),
    });
    let (blast, costs) = (blast_words(plan).unwrap_or_else(unsaid), blast::facts(advice));
    let deadline = context.revert.deadline_ms.map(spans::written);
    let revert = context.revert.owner.as_ref().map_or_else(unsaid, |owner| match deadline {
        Some(deadline) => format!("{owner}, within {deadline}"),
        None => owner.to_string(),
    });
    let fresh =
        if context.freshness_days == 1 { "1 day".to_owned() } else { format!("{} days", context.freshness_days) };
    let revision = running(shown);
    let (href, name) =
        (paths::plan(shown.experiment.id, revision.number), shown.experiment.revision_name(revision.number));
    let fingerprint = short(&revision.fingerprint);
    let owner = shown.experiment.owner_name.clone();
    let passes = context.required_passes.to_string();
    let began = began.map(|name| {
        let (href, words) = (paths::template_version(&name), name.to_string());
        view! { <Fact term="Template"><a class="id" href=href>{words}</a></Fact> }
    });
    view! {
        <Facts>
            <Fact term="Services">{services}</Fact>
            <Fact term="Environment">{environment}</Fact>
            <Fact term="Fault">{fault}</Fact>
            <Fact term="Blast radius">{blast}</Fact>
            {costs}
            <Fact term="Owner">{owner}</Fact>
            <Fact term="Reverts">{revert}</Fact>
            <Fact term="Passes needed">{passes}</Fact>
            <Fact term="Fresh for">{fresh}</Fact>
            <Fact term="Plan"><a class="id" href=href>{name}</a> " " <code>{fingerprint}</code></Fact>
            {began}
        </Facts>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_chooses_the_view_and_runs_come_first_once_there_are_some() {
        assert_eq!(View::named("history", true), View::History);
        assert_eq!(View::named("", true), View::Runs);
        assert_eq!(View::named("", false), View::Plan);
        assert_eq!(View::named("<script>", false), View::Plan);
    }
}
