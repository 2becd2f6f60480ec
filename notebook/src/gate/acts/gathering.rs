//! Everything the gate looks at, read at one moment.

use std::collections::BTreeSet;

use super::policies;
use crate::{
    actor::Role,
    db::Tx,
    desk::Desk,
    experiments::{
        self, Experiment, Stage, missing_for_run,
        plan::{Count, Phase, Plan},
    },
    fault::Result,
    gate::{
        Around, Input, Inputs, PlanState, SloState, SteadyState,
        asked::Asked,
        lines,
        passed::BudgetSeen,
        past::Past,
        policy::Policy,
        preflight::{against, incidents, looked, polled},
        quorum::{Present, Quorum, quorum},
        reach::{Radius, There, at_once, cost, lasting, there, worst_case},
        steady::{self, Before},
        told,
    },
    id::{ExperimentId, RunId, SAMPLE_FROM},
    interval::Interval,
    limits::PRESENT_HOURS,
    people,
    refusal::Refusal,
    retrials,
    runs::{
        self,
        acts::{Held, Watched},
        facts::{Execution, RunFacts},
    },
    services::{self, EnvironmentClass},
    slos::{
        self,
        fits::Fitting,
        kept::Kept,
        standing::Standing,
        worst_case::{Traffic, WorstCase},
    },
    teams,
    text::{Slug, Title},
    time::Moment,
};

/// Where a run would be, and when.
pub(super) struct Place {
    pub services: BTreeSet<Slug>,
    pub environment: Slug,
    pub during: Interval,
    /// The run itself is no conflict.
    pub run: Option<RunId>,
}

/// What is known around a place, whatever the plan.
pub(super) struct Seen {
    pub class: EnvironmentClass,
    pub policy: Policy,
    pub solo: bool,
    pub freezes: Vec<String>,
    /// Why it lies outside of working time.
    pub outside: Input<Vec<String>>,
    pub hours_about: Vec<String>,
    /// Where the time is refused: the first one that would do, as far as anybody knows.
    pub first_fit: Option<Moment>,
    pub conflicts: Around,
    pub regressions: Vec<String>,
    pub slos: Vec<(Kept, Standing)>,
    pub now: Moment,
}

/// What a plan says of its reach, beside what is there.
pub(super) struct Reach<'a> {
    pub plan: &'a Plan,
    pub radius: Option<Radius>,
    pub there: There,
    pub past: Past,
}

pub(super) async fn seen(desk: &Desk, tx: &mut Tx, place: &Place) -> Result<Seen> {
    let Place { services, environment, during, run } = place;
    let found = services::acts::find_environment(tx, environment).await?;
    let class = found.ok_or_else(|| Refusal::missing("environment", environment))?.class;
    let mut calendars = teams::acts::around(tx, services, environment, *during).await?;
    let mut first_fit = None;
    if let (false, Some(team)) = (calendars.outside.is_empty(), calendars.teams.first()) {
        first_fit = teams::acts::next_fit(tx, services, environment, *during).await?;
        calendars.outside.extend(first_fit.map(|next| format!("all of it would fit from {} on", team.clock(next))));
    }
    let regressed = retrials::acts::regressed_on(desk, tx, services, environment).await?;
    Ok(Seen {
        class,
        policy: policies::in_force(tx).await?,
        solo: calendars.solo || people::acts::is_solo(tx).await?,
        hours_about: hours_about(&calendars, *during),
        freezes: calendars.freezes,
        outside: hours(calendars.outside, &calendars.unowned),
        first_fit,
        conflicts: conflicts(tx, services, environment, *during, *run, desk.now()).await?,
        regressions: regressed.iter().map(ToString::to_string).collect(),
        slos: slos::acts::promised(tx, services, environment, desk.now()).await?,
        now: desk.now(),
    })
}

/// Whoever is outside is, whoever else there may be; and where no team owns a service, nobody knows.
fn hours(outside: Vec<String>, unowned: &BTreeSet<Slug>) -> Input<Vec<String>> {
    if !outside.is_empty() || unowned.is_empty() {
        return Input::Known(outside);
    }
    let names: Vec<&str> = unowned.iter().map(Slug::as_str).collect();
    Input::Unknown(format!(
        "no team owns {}, so nobody's working hours are known; give each service its team",
        names.join(", ")
    ))
}

/// An override is for one day, and for the services whose hours nobody knew.
fn hours_about(calendars: &teams::acts::Around, during: Interval) -> Vec<String> {
    let team = calendars.teams.first().filter(|_| !calendars.outside.is_empty());
    let day = team.map(|team| during.start().civil(&team.zone).date().to_string());
    day.into_iter().chain(calendars.unowned.iter().map(ToString::to_string)).collect()
}

impl Seen {
    /// Each SLO beside the worst case; without a plan nothing more is spent.
    pub fn budgets(&self, reach: Option<&Reach<'_>>) -> (Vec<SloState>, Vec<BudgetSeen>) {
        let state = |(kept, standing): &(Kept, Standing)| {
            let state = self.budget(kept, standing, reach);
            let seen = BudgetSeen::of(kept.id, kept.in_force().name.as_str(), &state);
            (state, seen)
        };
        self.slos.iter().map(state).unzip()
    }

    fn budget(&self, kept: &Kept, standing: &Standing, reach: Option<&Reach<'_>>) -> SloState {
        let slo = kept.in_force();
        let worst = reach.map_or(Ok(0), |reach| cost(&reach.worst_case(standing), slo.method));
        let budget = worst.and_then(|worst| standing.fitting(slo, self.policy.reserve, worst, self.now));
        SloState { name: kept.id.to_string(), budget: budget.into(), level: standing.level.is }
    }

    /// What the gate looks at without a plan: each check of a plan's own is left to be set.
    pub fn inputs(&self, slos: Vec<SloState>) -> Inputs {
        let not_asked = || "there is no plan to ask about".to_owned();
        Inputs {
            class: self.class,
            plan: Input::Unknown(not_asked()),
            freezes: self.freezes.clone(),
            quorum: Input::Unknown(not_asked()),
            no_go: Vec::new(),
            outside_hours: self.outside.clone(),
            hours_about: self.hours_about.clone(),
            slos,
            incidents: Input::Unknown(not_asked()),
            incidents_about: Vec::new(),
            conflicts: self.conflicts.clone(),
            steady_state: Input::Unknown(not_asked()),
            revert: Input::Unknown(not_asked()),
            at_once: Input::Unknown(not_asked()),
            regressions: self.regressions.clone(),
        }
    }
}

impl Reach<'_> {
    fn worst_case(&self, standing: &Standing) -> WorstCase {
        worst_case(self.plan, self.radius.as_ref(), traffic(standing), &self.past)
    }
}

/// The SLO's events over the time that was measured.
fn traffic(standing: &Standing) -> Option<Traffic> {
    let ms = standing.window.ms() - standing.counted.unmeasured_ms();
    let events = u64::try_from(standing.counted.counts.total()).ok()?;
    (ms > 0).then_some(Traffic { events, ms })
}

pub(super) async fn reach<'a>(
    desk: &Desk,
    tx: &mut Tx,
    experiment: ExperimentId,
    plan: &'a Plan,
    place: &Place,
    hits: &[Title],
) -> Result<Reach<'a>> {
    let there = there(&services::acts::targets_of(tx, &place.services, Some(&place.environment)).await?, hits);
    let past = retrials::acts::past_of(desk, tx, experiment, place.during.start()).await?;
    Ok(Reach { plan, radius: Radius::of(plan, there.of), there, past })
}

/// How the worst case of a plan that nobody runs yet lies to one budget, or why nobody knows. Without
/// a plan it is what would be free now.
pub(crate) async fn fitting(
    desk: &Desk,
    tx: &mut Tx,
    plan: Option<(ExperimentId, &Plan)>,
    (kept, standing): (&Kept, &Standing),
) -> Result<Result<Fitting, String>> {
    let slo = kept.in_force();
    let worst = match plan {
        None => Ok(0),
        Some((experiment, plan)) => {
            let place = Place {
                services: plan.identity.services.clone(),
                environment: slo.environment.clone(),
                during: Interval::lasting(desk.now(), 0),
                run: None,
            };
            let reach = reach(desk, tx, experiment, plan, &place, &[]).await?;
            cost(&reach.worst_case(standing), slo.method)
        }
    };
    let reserve = policies::in_force(tx).await?.reserve;
    Ok(worst.and_then(|worst| standing.fitting(slo, reserve, worst, desk.now())))
}

/// The gate of one run that would begin at a moment.
pub(crate) async fn of_run(desk: &Desk, tx: &mut Tx, held: &Held, at: Moment) -> Result<Asked> {
    let experiment = experiments::acts::in_tx(tx, held.run.experiment).await?;
    let plan = experiments::acts::plan_of(tx, held.run.experiment, held.run.revision).await?;
    let place = Place {
        services: plan.identity.services.clone(),
        environment: held.run.environment.clone(),
        during: lasting(&plan, at),
        run: Some(held.run.id),
    };
    let seen = seen(desk, tx, &place).await?;
    let hits: Vec<Title> =
        held.facts.targets.iter().filter(|target| target.hit).map(|target| target.name.clone()).collect();
    let reach = reach(desk, tx, held.run.experiment, &plan, &place, &hits).await?;
    let (slos, budgets) = seen.budgets(Some(&reach));
    let trail = runs::acts::lines(&held.entries)?;
    let (here, old) = told::present_at(&told::attending(&trail), desk.now());
    let (present, others) = counting(tx, here).await?;
    let watched = runs::acts::watched(tx, &held.run, &plan).await?;
    let looked = looked(&trail);
    let (incidents, incidents_about) = incidents(&looked, desk.now());
    let inputs = Inputs {
        plan: Input::Known(plan_state(&experiment, held.run.revision, &plan, Some(&held.facts))),
        quorum: Input::Known(quorum(&present, seen.class, seen.solo).without(&left_out(old, others))),
        no_go: against(&polled(&trail), &looked),
        incidents,
        incidents_about,
        steady_state: steady_state(&held.facts, watched.as_ref(), desk.now()),
        revert: Input::Known(reach.past.rehearsal(at)),
        at_once: at_once(&plan, reach.there.all).into(),
        ..seen.inputs(slos)
    };
    Ok(Asked {
        policy: seen.policy.version,
        solo: seen.solo,
        lines: lines(&inputs, &seen.policy),
        replies: told::replies(&trail),
        present,
        budgets,
        radius: reach.radius,
    })
}

/// Those of the people marked present who count, and how many do not: whoever can only look, or has no
/// account any more, decides and reverts nothing. The people of the sample are names in a story.
async fn counting(tx: &mut Tx, present: Vec<Present>) -> Result<(Vec<Present>, usize)> {
    let marked = present.len();
    let mut count = Vec::with_capacity(marked);
    for one in present {
        if one.person.0 >= SAMPLE_FROM {
            count.push(one);
            continue;
        }
        let account = people::acts::open_account(tx, one.person).await?;
        if let Some(account) = account.filter(|account| account.role != Role::Viewer) {
            count.push(Present { can_revert: one.can_revert && account.can_revert, ..one });
        }
    }
    let others = marked - count.len();
    Ok((count, others))
}

/// Why somebody who is marked present does not count, as clauses.
fn left_out(old: usize, others: usize) -> Vec<String> {
    let mut says = Vec::new();
    if old > 0 {
        says.push(format!("{old} marked present more than {PRESENT_HOURS} h ago, so look again who is here"));
    }
    if others > 0 {
        says.push(format!("{others} marked present can only look, or have no open account"));
    }
    says
}

/// What the people here lack for a run in an environment, as clauses.
pub(super) async fn lacking(tx: &mut Tx, environment: &Slug, present: &[Present], solo: bool) -> Result<Vec<String>> {
    let found = services::acts::find_environment(tx, environment).await?;
    let class = found.ok_or_else(|| Refusal::missing("environment", environment))?.class;
    let (present, others) = counting(tx, present.to_vec()).await?;
    Ok(match quorum(&present, class, solo).without(&left_out(0, others)) {
        Quorum::Met(_) => Vec::new(),
        Quorum::NotMet(lacks) => lacks,
    })
}

/// Without a run nobody has named its targets yet.
pub(super) fn plan_state(experiment: &Experiment, revision: i64, plan: &Plan, run: Option<&RunFacts>) -> PlanState {
    let retired = (experiment.stage == Stage::Retired).then(|| "the experiment is retired; reopen it first".to_owned());
    let lacks = missing_for_run(plan).into_iter().map(|lack| lack.says);
    let targets = run.and_then(|run| wrong_targets(plan, run));
    PlanState {
        approved: experiment.approved.is_some_and(|approved| revision <= approved),
        missing: retired.into_iter().chain(lacks).chain(targets).collect(),
    }
}

fn wrong_targets(plan: &Plan, run: &RunFacts) -> Option<String> {
    let hit = run.targets.iter().filter(|target| target.hit).count();
    match plan.identity.target.as_ref().map(|target| target.count) {
        _ if hit == 0 => Some("no target is named; tick under Targets what the fault is to hit".into()),
        Some(Count::Number(planned)) if hit > planned as usize => {
            Some(format!("{hit} targets are named, the plan says {planned}"))
        }
        Some(Count::Number(_) | Count::All) | None => None,
    }
}

/// Each before-check with what somebody wrote, and what the plan's queries were answered just now.
fn steady_state(run: &RunFacts, watched: Option<&Watched>, now: Moment) -> Input<SteadyState> {
    let before = run.identity.checks.iter().filter(|check| check.key.phase == Phase::Before);
    let seen = before.map(|check| {
        let answered = run.answer(&check.key).map(|answer| (run.outcome(&check.key), answer.at));
        let read = watched.and_then(|watched| watched.proposal(run, check, now));
        let read = read.and_then(|read| Some((read.outcome, read.at?)));
        Before { measure: check.key.measure.to_string(), answered, read }
    });
    steady::steady_state(&seen.collect::<Vec<_>>(), now)
}

/// Other runs that go on or are planned at the same time.
async fn conflicts(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    during: Interval,
    run: Option<RunId>,
    now: Moment,
) -> Result<Around> {
    let open = runs::acts::open_in(tx, environment, during.end().plus_micros(1)).await?;
    let others: Vec<_> = open.into_iter().filter(|other| run != Some(other.id)).collect();
    if others.is_empty() {
        return Ok(Around::default());
    }
    let needs = services::acts::needs(tx, services).await?;
    let mut around = Around::default();
    for other in others {
        let plan = experiments::acts::plan_of(tx, other.experiment, other.revision).await?;
        let goes_on = match other.execution {
            Execution::Running => true,
            // One that was over when it was written down waits for its answers, and nothing goes on.
            Execution::Reverting => !Held::load(tx, other.id).await?.is_past(),
            _ => false,
        };
        if !overlaps(during, other.started_at.or(other.planned_at), goes_on, &plan, now) {
            continue;
        }
        let touches = |own: &BTreeSet<Slug>| !plan.identity.services.is_disjoint(own);
        if touches(services) {
            around.on_services.push(other.id.to_string());
        } else if touches(&needs) {
            around.on_dependencies.push(other.id.to_string());
        }
    }
    Ok(around)
}

/// A run that goes on lasts at least until now. Even one that takes no time at all is somewhere.
fn overlaps(during: Interval, start: Option<Moment>, goes_on: bool, plan: &Plan, now: Moment) -> bool {
    let Some(start) = start else { return false };
    let end = lasting(plan, start).end().max(start.plus_micros(1));
    let end = if goes_on { end.max(now.plus_micros(1)) } else { end };
    let during = Interval::new(during.start(), during.end().max(during.start().plus_micros(1)));
    during.zip(Interval::new(start, end)).is_some_and(|(during, other)| during.overlaps(other))
}
