//! What a thing that was found amounts to, and whether that is asked for.

use jiff::civil::Date;

use super::{
    Amount, Found, kept,
    kept::Kept,
    keys::{INVALID, Key, OPEN, UNSIGNED, VALID},
    measured::{Beyond, Bound},
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

/// Judges one thing after the other.
pub(super) struct Judge<'a> {
    desk: &'a Desk,
    amounts: &'a [Amount],
    judging: Judging,
    today: Date,
}

impl<'a> Judge<'a> {
    pub fn new(desk: &'a Desk, amounts: &'a [Amount]) -> Self {
        let today = desk.now().civil(&Zone::utc()).date();
        Self { desk, amounts, judging: Judging::default(), today }
    }

    pub async fn judge(&mut self, tx: &mut Tx, kind: Found, row: &Row) -> Result<Judged> {
        let mut judged = Judged { state: None, shows: None, fits: Beyond::Surely };
        let mut own = Kept::default();
        match kind {
            Found::Service | Found::Observation => {}
            Found::Slo => {
                let kept = slos::acts::in_tx(tx, SloId::of(row.number)).await?;
                let mut now = None;
                if self.asks_for_states() {
                    let standing = Box::pin(slos::acts::stands(tx, &kept, self.desk.now())).await?;
                    now = Some((standing.health.is, standing.level.is));
                }
                judged.state = Some(State::Slo { state: kept.state(), now });
            }
            Found::Experiment => {
                let id = ExperimentId::of(row.number);
                let stage = experiments::acts::in_tx(tx, id).await?.stage;
                let claim =
                    if self.asks_for_states() { Some(self.judging.claim(self.desk, tx, id).await?) } else { None };
                judged.state = Some(State::Experiment { stage, claim });
            }
            Found::Run => {
                let held = Held::load(tx, RunId::of(row.number)).await?;
                judged.state = Some(state_of(&held.facts));
                if !self.amounts.is_empty() {
                    own = of_run(&held);
                    own.measured = self.measured(&held.facts, None);
                }
                if self.asks_for_relations() {
                    own.relation = Box::pin(runs::acts::relation_before(tx, &held)).await?;
                }
            }
            Found::Finding => {
                let (finding, status) = self.judging.finding(self.desk, tx, FindingId::of(row.number)).await?;
                judged.state = Some(State::Finding(status));
                if let Some(origin) = finding.origin {
                    let facts = Held::load(tx, origin).await?.facts;
                    own.measured = self.measured(&facts, Some(&finding));
                    judged.shows = shows(&facts, &finding);
                }
            }
            Found::Fix => {
                let standing = self.judging.fix(self.desk, tx, FixId::of(row.number)).await?;
                judged.state = Some(State::Fix(standing));
            }
            Found::Decision => {
                let standing = decision_standing(self.desk, tx, DecisionId::of(row.number)).await?;
                judged.state = Some(State::Decision(standing));
            }
            Found::GameDay => {
                let gameday = gamedays::acts::in_tx(tx, GameDayId::of(row.number)).await?;
                own.planned = Some(gameday.text.from);
                judged.state = Some(State::GameDay(gameday.state(self.desk.now())));
            }
        }
        judged.fits = self.fits(tx, (kind, row), judged.state, &own).await?;
        Ok(judged)
    }

    async fn fits(&self, tx: &mut Tx, (kind, row): (Found, &Row), state: Option<State>, own: &Kept) -> Result<Beyond> {
        let mut fits = Beyond::Surely;
        for amount in self.amounts {
            let (is, not) = match amount {
                Amount::Measured(_) => {
                    fits = fits.min(own.measured);
                    continue;
                }
                Amount::Is { key, not, states } => {
                    let mut words = state.map(|state| state.on(*key)).unwrap_or_default();
                    let relation = own.relation.filter(|_| matches!(key, Key::Is | Key::Relation));
                    words.extend(relation.map(Relation::word));
                    (words.iter().any(|word| states.iter().any(|state| state == word)), not)
                }
                Amount::When { key, not, days } => {
                    (own.is_on(tx, (kind, row), (*key, days.as_slice()), self.today).await?, not)
                }
                Amount::Target { not, names } => (own.is_aimed_at(tx, (kind, row), names).await?, not),
                Amount::Has { not, what } => (kept::has(tx, kind, row, what).await?, not),
            };
            if is == *not {
                return Ok(Beyond::No);
            }
        }
        Ok(fits)
    }

    fn asks_for_states(&self) -> bool {
        self.amounts.iter().any(|amount| matches!(amount, Amount::Is { .. }))
    }

    fn asks_for_relations(&self) -> bool {
        self.amounts.iter().any(|amount| match amount {
            Amount::Is { key: Key::Relation | Key::Is, states, .. } => {
                states.iter().any(|state| Relation::named(state).is_ok())
            }
            _ => false,
        })
    }

    /// How surely the checks of a run, or the one that a finding is about, were answered as asked.
    fn measured(&self, facts: &RunFacts, finding: Option<&Finding>) -> Beyond {
        let bounds = self.amounts.iter().filter_map(|amount| match amount {
            Amount::Measured(bound) => Some(bound),
            Amount::Is { .. } | Amount::When { .. } | Amount::Has { .. } | Amount::Target { .. } => None,
        });
        bounds.map(|bound| beyond(bound, facts, finding)).min().unwrap_or(Beyond::Surely)
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
