//! What a thing that was found amounts to, and whether that is asked for.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    Amount, Found,
    engine::Tree,
    kept,
    kept::Kept,
    keys::{INVALID, Key, OPEN, UNSIGNED, VALID},
    measured::{Beyond, Bound},
    rest::Rest,
    sql,
    sql::Row,
};
use crate::{
    db::Tx,
    decisions::DecisionStanding,
    desk::Desk,
    experiments::{self, Stage, identity::Relation},
    fault::Result,
    findings::{Finding, Status},
    fixes::{Revealing, Standing},
    gamedays::{self, GameDayState},
    id::{DecisionId, ExperimentId, FindingId, FixId, GameDayId, RunId, SloId},
    retrials::{
        acts::{Judging, decision_standing},
        claims::ClaimStanding,
    },
    runs::{
        self,
        acts::Held,
        facts::{CheckAnswer, Execution, RunFacts, Verdict},
        telemetry::{Telemetry, telemetry},
        validity::{Validity, validity},
        verdict::verdict,
    },
    slos::{self, health::Health, kept::SloState, levels::Level},
    time::Zone,
};

/// Where a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Slo {
        state: SloState,
        /// Its budget and its level now; worked out only where a query asks for states.
        now: Option<(Health, Level)>,
    },
    Experiment {
        stage: Stage,
        /// What its claim amounts to; worked out only where a query asks for states.
        claim: Option<ClaimStanding>,
    },
    Run {
        execution: Execution,
        validity: Option<Validity>,
        verdict: Option<Verdict>,
        /// None while it goes on.
        telemetry: Option<Telemetry>,
    },
    Finding(Status),
    Fix(Standing),
    Decision(DecisionStanding),
    GameDay(GameDayState),
}

impl State {
    /// Every word it can be asked for by, the telling one first.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Slo { state, now } => {
                let now = now.map(|(health, level)| [health.word(), level.word()]);
                now.into_iter().flatten().chain([state.word()]).collect()
            }
            Self::Experiment { stage, claim } => {
                std::iter::once(stage.word()).chain(claim.map(ClaimStanding::word)).collect()
            }
            Self::Finding(status) => vec![status.word()],
            Self::Fix(standing) => vec![standing.word()],
            Self::Decision(standing) => vec![standing.word()],
            Self::GameDay(state) => vec![state.word()],
            Self::Run { execution, validity, .. } => {
                let mut words = self.on(Key::Verdict);
                // Open is what a finding is.
                words.extend(validity.filter(|validity| *validity != Validity::Open).map(validity_word));
                words.push(execution.word());
                words.extend(self.on(Key::Telemetry));
                words
            }
        }
    }

    /// Its words on one axis; none where it is not on that.
    fn on(self, axis: Key) -> Vec<&'static str> {
        let word = match (self, axis) {
            (_, Key::Is) => return self.words(),
            (Self::Experiment { stage, .. }, Key::Stage) => Some(stage.word()),
            (Self::Experiment { claim, .. }, Key::Standing) => claim.map(ClaimStanding::word),
            (Self::Fix(standing), Key::Standing) => Some(standing.word()),
            (Self::Decision(standing), Key::Standing) => Some(standing.word()),
            (Self::Finding(status), Key::Status) => Some(status.word()),
            (Self::Run { validity, .. }, Key::Validity) => validity.map(validity_word),
            (Self::Run { verdict: Some(verdict), .. }, Key::Verdict) => Some(verdict.word()),
            (Self::Run { execution, validity, .. }, Key::Verdict) => {
                let invalid = matches!(validity, Some(Validity::Invalid(_)));
                (execution.has_ended() && !invalid).then_some(UNSIGNED)
            }
            (Self::Run { telemetry, .. }, Key::Telemetry) => telemetry.map(Telemetry::word),
            _ => None,
        };
        word.into_iter().collect()
    }
}

const fn validity_word(validity: Validity) -> &'static str {
    match validity {
        Validity::Valid => VALID,
        Validity::Invalid(_) => INVALID,
        Validity::Open => OPEN,
    }
}

/// What is known of one thing besides its words.
pub(super) struct Judged {
    pub state: Option<State>,
    /// What was measured, in words.
    pub shows: Option<String>,
    /// How surely it is what was asked for.
    pub fits: Beyond,
}

/// What was learnt of one thing.
#[derive(Default)]
struct Known {
    state: Option<State>,
    own: Kept,
    /// Whose checks tell what was measured, and the finding, where it is about one of them.
    answered: Option<(RunFacts, Option<Finding>)>,
}

/// Judges one thing after the other.
pub(super) struct Judge<'a> {
    desk: &'a Desk,
    rest: &'a Rest,
    /// Entries that the index gives for each of what it is asked besides.
    inside: Vec<BTreeSet<i64>>,
    judging: Judging,
    today: Date,
}

impl<'a> Judge<'a> {
    pub fn new(desk: &'a Desk, rest: &'a Rest) -> Self {
        let today = desk.now().civil(&Zone::utc()).date();
        Self { desk, rest, inside: Vec::new(), judging: Judging::default(), today }
    }

    /// Asks the index of these what stands beside judged conditions inside OR and NOT. All of them match `tree`.
    pub async fn look(&mut self, tx: &mut Tx, tree: &Tree, rows: &[Row]) -> Result<()> {
        let ids = || rows.iter().map(|row| row.id);
        let Some((first, last)) = ids().min().zip(ids().max()) else { return Ok(()) };
        self.inside.clear();
        for asked in &self.rest.asked {
            let both = Tree::All(vec![tree.clone(), asked.clone()]);
            self.inside.push(sql::among(tx, &both, (first, last)).await?.into_iter().collect());
        }
        Ok(())
    }

    pub async fn judge(&mut self, tx: &mut Tx, kind: Found, row: &Row) -> Result<Judged> {
        let (mut known, mut shown) = (Known::default(), None);
        match kind {
            Found::Service | Found::Observation => {}
            Found::Slo => {
                let kept = slos::acts::in_tx(tx, SloId::of(row.number)).await?;
                let mut now = None;
                if self.asks_for_states() {
                    let standing = Box::pin(slos::acts::stands(tx, &kept, self.desk.now())).await?;
                    now = Some((standing.health.is, standing.level.is));
                }
                known.state = Some(State::Slo { state: kept.state(), now });
            }
            Found::Experiment => {
                let id = ExperimentId::of(row.number);
                let stage = experiments::acts::in_tx(tx, id).await?.stage;
                let claim =
                    if self.asks_for_states() { Some(self.judging.claim(self.desk, tx, id).await?) } else { None };
                known.state = Some(State::Experiment { stage, claim });
            }
            Found::Run => {
                let held = Held::load(tx, RunId::of(row.number)).await?;
                known.state = Some(state_of(&held.facts));
                if !self.rest.is_nothing() {
                    known.own = of_run(&held);
                }
                if self.asks_for_relations() {
                    known.own.relation = Box::pin(runs::acts::relation_before(tx, &held)).await?;
                }
                known.answered = Some((held.facts, None));
            }
            Found::Finding => {
                let (finding, status) = self.judging.finding(self.desk, tx, FindingId::of(row.number)).await?;
                known.state = Some(State::Finding(status));
                if let Some(origin) = finding.origin {
                    let facts = Held::load(tx, origin).await?.facts;
                    shown = shows(&facts, &finding);
                    known.answered = Some((facts, Some(finding)));
                }
            }
            Found::Fix => {
                let standing = self.judging.fix(self.desk, tx, FixId::of(row.number)).await?;
                known.state = Some(State::Fix(standing));
            }
            Found::Decision => {
                let standing = decision_standing(self.desk, tx, DecisionId::of(row.number)).await?;
                known.state = Some(State::Decision(standing));
            }
            Found::GameDay => {
                let gameday = gamedays::acts::in_tx(tx, GameDayId::of(row.number)).await?;
                known.own.planned = Some(gameday.text.from);
                known.state = Some(State::GameDay(gameday.state(self.desk.now())));
            }
        }
        let fits = self.fits(tx, (kind, row), &known).await?;
        Ok(Judged { state: known.state, shows: shown, fits })
    }

    async fn fits(&self, tx: &mut Tx, (kind, row): (Found, &Row), known: &Known) -> Result<Beyond> {
        let inside: Vec<bool> = self.inside.iter().map(|entries| entries.contains(&row.id)).collect();
        let mut fits = Beyond::Surely;
        for member in &self.rest.members {
            let mut answers = Vec::with_capacity(member.amounts.len());
            for amount in &member.amounts {
                answers.push(self.answer(tx, (kind, row), amount, known).await?);
            }
            fits = fits.min(member.fits(&inside, &answers));
            if fits == Beyond::No {
                break;
            }
        }
        Ok(fits)
    }

    /// How surely one condition holds of a thing.
    async fn answer(&self, tx: &mut Tx, (kind, row): (Found, &Row), amount: &Amount, known: &Known) -> Result<Beyond> {
        let is = match amount {
            Amount::Measured(bounds) => return Ok(known.measured(bounds)),
            Amount::Is { key, states } => {
                let mut words = known.state.map(|state| state.on(*key)).unwrap_or_default();
                let relation = known.own.relation.filter(|_| matches!(key, Key::Is | Key::Relation));
                words.extend(relation.map(Relation::word));
                words.iter().any(|word| states.iter().any(|state| state == word))
            }
            Amount::When { key, days } => known.own.is_on(tx, (kind, row), (*key, days.as_slice()), self.today).await?,
            Amount::Target(names) => known.own.is_aimed_at(tx, (kind, row), names).await?,
            Amount::Has(what) => kept::has(tx, kind, row, what).await?,
        };
        Ok(Beyond::of(is))
    }

    fn asks_for_states(&self) -> bool {
        self.rest.amounts().any(|amount| matches!(amount, Amount::Is { .. }))
    }

    fn asks_for_relations(&self) -> bool {
        self.rest.amounts().any(|amount| match amount {
            Amount::Is { key: Key::Relation | Key::Is, states } => {
                states.iter().any(|state| Relation::named(state).is_ok())
            }
            _ => false,
        })
    }
}

impl Known {
    /// How surely the checks of a run, or the one that a finding is about, were answered as one of these asks.
    fn measured(&self, bounds: &[Bound]) -> Beyond {
        let Some((facts, finding)) = &self.answered else { return Beyond::No };
        bounds.iter().map(|bound| beyond(bound, facts, finding.as_ref())).max().unwrap_or(Beyond::No)
    }
}

fn beyond(bound: &Bound, facts: &RunFacts, finding: Option<&Finding>) -> Beyond {
    let of_finding = finding.and_then(|finding| match &finding.body.revealing {
        Some(Revealing::Check(key)) => Some(key),
        Some(Revealing::Signal(_)) | None => None,
    });
    let answers = facts.checks.values().filter(|answer| {
        bound.is_about(answer.key.measure.as_str()) && of_finding.is_none_or(|key| *key == answer.key)
    });
    let unit = |answer: &CheckAnswer| facts.identity.check(&answer.key).and_then(|check| check.unit.clone());
    answers.map(|answer| bound.beyond(&answer.happened, unit(answer).as_deref())).max().unwrap_or(Beyond::No)
}

/// What the check that a finding is about was answered with in the run that showed it first.
fn shows(facts: &RunFacts, finding: &Finding) -> Option<String> {
    let Some(Revealing::Check(key)) = &finding.body.revealing else { return None };
    let answer = facts.answer(key)?;
    let unit = facts.identity.check(key).and_then(|check| check.unit.as_deref());
    Some(format!("{}: {}", key.measure, answer.happened.words(unit)))
}

fn of_run(held: &Held) -> Kept {
    Kept {
        planned: held.run.planned_at,
        started: held.run.started_at,
        ended: held.run.ended_at,
        targets: held.facts.targets.iter().map(|target| kept::name(target.name.as_str())).collect(),
        ..Kept::default()
    }
}

fn state_of(facts: &RunFacts) -> State {
    let validity = validity(facts).map(|answer| answer.is);
    let telemetry = facts.execution.has_ended().then(|| telemetry(facts).is);
    State::Run { execution: facts.execution, validity, verdict: verdict(facts), telemetry }
}
