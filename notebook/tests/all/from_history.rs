//! Standing, staleness, dueness and confidence are what the history says and nothing else: whether and in which
//! order somebody asked before, what was corrected, and how late something was written down leave no trace in them.

use notebook::{
    cadences::{self, drafts::SetDraft},
    decisions::{self, DecisionStanding},
    desk::{Desk, Notebook},
    experiments::{
        self,
        passive::{PassiveDraft, RuleOutDraft, record_passive, rule_out_passive},
    },
    findings::{self, Status, drafts::JudgeDraft},
    fixes::{
        self, Standing,
        drafts::{DeployDraft, WordsDraft},
        standing::StaleReason,
    },
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    retrials::{self, claims::Claim, due::DueReason},
    runs::{
        self,
        drafts::{CheckDraft, RulingDraft},
    },
    services::{self, ChangeDraft},
    time::Moment,
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::{
    cadences::tuesdays,
    each_db::Book,
    lab::{CLIENTS, Lab, Trial, restart_one_zookeeper, seen},
};

const DAY_MS: i64 = 86_400_000;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// What the run shows, and whether it exercised the fix.
    Run {
        held: bool,
        exercised: bool,
    },
    /// Somebody else finds one of the runs so far worthless.
    Annul(usize),
    Push,
    Wait {
        days: i64,
    },
    Deploy,
    /// Of the newest deployment that is live.
    RollBack,
    /// It is retired, production shows this, and somebody reopens it.
    Passive {
        good: bool,
    },
    /// A valid run is promised every so many days from now on.
    Cadence {
        days: i64,
    },
    /// Somebody lives with the finding for so long.
    Risk {
        days: i64,
    },
}

/// Histories on each engine: each is several whole runs in three notebooks, and ends with these steps.
const ENDS: [&[Step]; 6] = [
    &[Step::Deploy, Step::Run { held: true, exercised: true }],
    &[Step::RollBack, Step::Run { held: false, exercised: true }],
    &[Step::Wait { days: 35 }, Step::Passive { good: true }],
    &[Step::Passive { good: false }],
    &[Step::Cadence { days: 3 }, Step::Wait { days: 10 }],
    &[Step::Risk { days: 5 }],
];

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (prop::bool::weighted(0.7), prop::bool::weighted(0.8))
            .prop_map(|(held, exercised)| Step::Run { held, exercised }),
        1 => (0usize..8).prop_map(Step::Annul),
        1 => Just(Step::Push),
        2 => (1i64..40).prop_map(|days| Step::Wait { days }),
        1 => Just(Step::Deploy),
        1 => Just(Step::RollBack),
        1 => any::<bool>().prop_map(|good| Step::Passive { good }),
        1 => (1i64..10).prop_map(|days| Step::Cadence { days }),
        1 => (2i64..30).prop_map(|days| Step::Risk { days }),
    ]
}

/// How a history is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Right at once, and nobody asks before the end.
    Plain,
    /// Everything is asked after each step, each time in another order.
    Asked,
    /// Wrong first, then corrected; a push is told after the step that follows it, and a deployment an hour later.
    Corrected,
}

struct Told<'a> {
    lab: Lab<'a>,
    way: Way,
    experiment: ExperimentId,
    finding: FindingId,
    fix: FixId,
    decision: DecisionId,
    runs: Vec<RunId>,
    annulled: Vec<RunId>,
    /// A push that nobody has told yet.
    waits: Option<Moment>,
    /// How many deployments there were, and the numbers of those that are live.
    deployed: i64,
    live: Vec<i64>,
    /// How much production showed, and the number of the newest cadence.
    shown_there: i64,
    cadence: i64,
}

/// Everything that follows from the history.
#[derive(Debug, PartialEq)]
struct Follows {
    fix: (Standing, Option<RunId>, Option<StaleReason>, Option<Moment>),
    finding: Status,
    claim: Option<Claim>,
    decision: DecisionStanding,
    due: Vec<(DueReason, String, Option<Moment>)>,
}

impl<'a> Told<'a> {
    /// FND-1 of a first run, its fix deployed, and a decision that rests on the experiment.
    async fn open(book: &'a Book, way: Way) -> Self {
        let lab = Lab::open(book).await;
        let experiment = lab.approved(&restart_one_zookeeper()).await;
        let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
        let finding = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
        let fix = lab.fix(finding, "complete the address list").await.id;
        lab.deploy(fix, "production").await;
        let adopt = decisions::drafts::Draft {
            kind: "adopt_a_change".into(),
            claims: vec![experiment.to_string()],
            saving: "up to 50 %, by the price list".into(),
            ..decisions::drafts::Draft::default()
        };
        let decision = retrials::acts::decide(&lab.ana, &adopt).await.unwrap().id;
        Self {
            lab,
            way,
            experiment,
            finding,
            fix,
            decision,
            runs: Vec::new(),
            annulled: Vec::new(),
            waits: None,
            deployed: 1,
            live: vec![1],
            shown_there: 0,
            cadence: 0,
        }
    }

    async fn tell(&mut self, steps: &[Step]) {
        for (number, step) in steps.iter().enumerate() {
            let waited = self.waits.take();
            match *step {
                Step::Run { held, exercised } => self.run(held, exercised).await,
                Step::Annul(which) => self.annul(which).await,
                Step::Push => self.push().await,
                Step::Wait { days } => self.lab.book.clock.pass_ms(days * DAY_MS),
                Step::Deploy => self.deploy().await,
                Step::RollBack => self.roll_back().await,
                Step::Passive { good } => self.passive(good).await,
                Step::Cadence { days } => self.set_cadence(days).await,
                Step::Risk { days } => self.accept_risk(days).await,
            }
            if let Some(at) = waited {
                self.record(at).await;
            }
            if self.way == Way::Asked {
                self.ask(number).await;
            }
        }
        if let Some(at) = self.waits.take() {
            self.record(at).await;
        }
    }

    async fn run(&mut self, held: bool, exercised: bool) {
        let word = |held: bool| if held { "held" } else { "failed" };
        let id = self.lab.start(self.experiment, "zk-1").await;
        let is_wrong = self.way == Way::Corrected;
        self.lab.play(id, &Trial { clients: word(held != is_wrong), ..Trial::default() }).await;
        if is_wrong {
            let right =
                CheckDraft { claimed: "ok".into(), claimed_source: "dashboard".into(), ..seen(CLIENTS, word(held)) };
            runs::acts::answer_check(&self.lab.ana, id, &right).await.unwrap();
        }
        self.lab.sign(id).await;
        let answer = (self.fix, self.finding, if exercised { word(held) } else { "not" });
        let answers = if self.live.is_empty() { Vec::new() } else { vec![answer] };
        self.lab.close(id, &answers).await.unwrap();
        self.runs.push(id);
    }

    async fn annul(&mut self, which: usize) {
        let Some(run) = self.runs.get(which % self.runs.len().max(1)).copied() else { return };
        if self.annulled.contains(&run) {
            return;
        }
        let rulings: &[&str] = if self.way == Way::Corrected { &["valid", "invalid"] } else { &["invalid"] };
        for ruling in rulings {
            let draft =
                RulingDraft { ruling: (*ruling).into(), reason: "the log says so".into(), ..RulingDraft::default() };
            runs::acts::rule_validity(&self.lab.ben, run, &draft).await.unwrap();
        }
        self.annulled.push(run);
    }

    async fn push(&mut self) {
        self.lab.later();
        let at = self.lab.book.notebook.now();
        if self.way == Way::Corrected {
            self.waits = Some(at);
        } else {
            self.record(at).await;
        }
    }

    async fn record(&self, at: Moment) {
        let push = ChangeDraft {
            kind: "configuration_push".into(),
            summary: "base role".into(),
            environment: "production".into(),
            services: vec!["zookeeper".into()],
            at: at.rfc3339(),
            ..ChangeDraft::default()
        };
        services::acts::record_change(&self.lab.ana, &push).await.unwrap();
    }

    /// When something is done that is told at once, or an hour later.
    fn begins(&self) -> Moment {
        self.lab.later();
        let at = self.lab.book.notebook.now();
        if self.way == Way::Corrected {
            self.lab.later();
        }
        at
    }

    /// Whichever it was, the same time has passed.
    fn ends(&self) {
        if self.way != Way::Corrected {
            self.lab.later();
        }
    }

    async fn deploy(&mut self) {
        let at = self.begins();
        let draft = DeployDraft { environment: "production".into(), reference: "v3".into(), at: at.rfc3339() };
        fixes::acts::deploy(&self.lab.ana, self.fix, &draft).await.unwrap();
        self.ends();
        self.deployed += 1;
        self.live.push(self.deployed);
    }

    async fn roll_back(&mut self) {
        let Some(number) = self.live.pop() else { return };
        let at = self.begins();
        let draft = WordsDraft { number: number.to_string(), text: "it slowed all down".into(), at: at.rfc3339() };
        fixes::acts::roll_back(&self.lab.ana, self.fix, &draft).await.unwrap();
        self.ends();
    }

    async fn passive(&mut self, good: bool) {
        let lab = &self.lab;
        let retire = decisions::drafts::Draft {
            kind: "retire".into(),
            claims: vec![self.experiment.to_string()],
            passive: "preemption events".into(),
            ..decisions::drafts::Draft::default()
        };
        retrials::acts::decide(&lab.ana, &retire).await.unwrap();
        lab.later();
        let shown = |good: bool| PassiveDraft {
            held: if good { "yes" } else { "no" }.into(),
            text: "a node went and came".into(),
            ..PassiveDraft::default()
        };
        if self.way == Way::Corrected {
            record_passive(&lab.ana, self.experiment, &shown(!good)).await.unwrap();
            self.shown_there += 1;
            let number = self.shown_there.to_string();
            let out = RuleOutDraft { number, reason: "it was the other way round".into() };
            rule_out_passive(&lab.ben, self.experiment, &out).await.unwrap();
        }
        record_passive(&lab.ana, self.experiment, &shown(good)).await.unwrap();
        self.shown_there += 1;
        experiments::acts::reopen(&lab.ana, self.experiment, "").await.unwrap();
    }

    async fn set_cadence(&mut self, days: i64) {
        let wrong = (self.way == Way::Corrected).then_some(days + 20);
        for days in wrong.into_iter().chain([days]) {
            let draft = SetDraft { promise_days: days.to_string(), ..tuesdays(self.cadence) };
            let set = cadences::acts::set(&self.lab.ana, self.experiment, &draft).await.unwrap();
            self.cadence = set.id;
        }
    }

    async fn accept_risk(&self, days: i64) {
        let until = |days: i64| {
            let at = self.lab.book.notebook.now().plus_days(days).rfc3339();
            at.split('T').next().unwrap_or_default().to_owned()
        };
        let risk = |days: i64| JudgeDraft {
            owner: "Ana".into(),
            reason: "we live with it".into(),
            until: until(days),
            ..JudgeDraft::default()
        };
        let ben = &self.lab.ben;
        if self.way == Way::Corrected {
            findings::acts::accept_risk(ben, self.finding, &risk(days + 20)).await.unwrap();
            let taken_back =
                JudgeDraft { of: "risk_accepted".into(), reason: "the wrong date".into(), ..JudgeDraft::default() };
            findings::acts::undo(ben, self.finding, &taken_back).await.unwrap();
        }
        findings::acts::accept_risk(ben, self.finding, &risk(days)).await.unwrap();
    }

    async fn ask(&self, turn: usize) {
        for question in 0..5 {
            match (turn + question) % 5 {
                0 => drop(retrials::acts::tell(&self.lab.book.system()).await.unwrap()),
                1 => drop(retrials::acts::due(&self.lab.ana, None).await.unwrap()),
                2 => drop(retrials::acts::overview(&self.lab.ana, self.experiment).await.unwrap()),
                3 => drop(cadences::acts::show(&self.lab.ana, self.experiment).await.unwrap()),
                _ => drop(retrials::acts::show_fix(&self.lab.ana, self.fix).await.unwrap()),
            }
        }
    }

    async fn follows(&self, desk: &Desk) -> Follows {
        let mut shown = retrials::acts::show_fix(desk, self.fix).await.unwrap();
        let judged = shown.pairs.remove(0).judged;
        let due = retrials::acts::due(desk, None).await.unwrap().due;
        Follows {
            fix: (judged.answer.is, judged.verified_by, judged.stale_reason, judged.fresh_until),
            finding: retrials::acts::show_finding(desk, self.finding).await.unwrap().status.is,
            claim: retrials::acts::overview(desk, self.experiment).await.unwrap().claim,
            decision: retrials::acts::show_decision(desk, self.decision).await.unwrap().standing.is,
            due: due.into_iter().map(|due| (due.reason, due.of, due.at)).collect(),
        }
    }
}

/// One history, told in every way.
async fn agree(books: &[Book; 3], steps: &[Step]) -> Follows {
    let mut told = Vec::new();
    for (book, way) in books.iter().zip([Way::Plain, Way::Asked, Way::Corrected]) {
        let mut history = Told::open(book, way).await;
        history.tell(steps).await;
        let follows = history.follows(&history.lab.ana).await;
        // Another server remembers nothing of what this one was asked.
        let elsewhere = Notebook::new(book.notebook.db.clone(), book.clock.clone());
        let elsewhere = elsewhere.desk(history.lab.ana.actor.clone(), history.lab.ana.via);
        assert_eq!(history.follows(&elsewhere).await, follows, "worked out anew, {way:?}: {steps:?}");
        told.push((book.notebook.now(), follows));
    }
    let plain = told.remove(0);
    for (other, way) in told.into_iter().zip([Way::Asked, Way::Corrected]) {
        assert_eq!(other, plain, "{way:?}: {steps:?}");
    }
    plain.1
}

/// The same histories in each run, and in each engine.
fn histories() -> Vec<Vec<Step>> {
    let mut runner = TestRunner::deterministic();
    let any = prop::collection::vec(any_step(), 3..6);
    let history = |end: &&[Step]| {
        let mut steps = any.new_tree(&mut runner).unwrap().current();
        steps.extend_from_slice(end);
        steps
    };
    ENDS.iter().map(history).collect()
}

fn reaches_more_than_one(follows: &[Follows]) {
    let standings: std::collections::BTreeSet<&str> = follows.iter().map(|follows| follows.fix.0.word()).collect();
    assert!(standings.len() > 1, "every history comes to the same: {follows:?}");
    for reason in [DueReason::Overdue, DueReason::RiskExpiring, DueReason::Regressed, DueReason::EvidenceLost] {
        let is_reached = follows.iter().flat_map(|follows| &follows.due).any(|due| due.0 == reason);
        assert!(is_reached, "no history comes to {}: {follows:?}", reason.word());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_follows_is_a_function_of_the_history_on_sqlite() {
    let mut all = Vec::new();
    for steps in histories() {
        let books = [Book::sqlite().await, Book::sqlite().await, Book::sqlite().await];
        all.push(agree(&books, &steps).await);
    }
    reaches_more_than_one(&all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_follows_is_a_function_of_the_history_on_postgres() {
    let mut all = Vec::new();
    for steps in histories() {
        let books = [Book::postgres().await, Book::postgres().await, Book::postgres().await];
        let [Some(plain), Some(asked), Some(corrected)] = books else { return };
        all.push(agree(&[plain, asked, corrected], &steps).await);
    }
    reaches_more_than_one(&all);
}
