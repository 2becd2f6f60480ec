//! Standing, staleness, dueness and confidence are what the history says and nothing else: whether and in which
//! order somebody asked before, what was corrected, and how late something was written down leave no trace in them.

use notebook::{
    decisions::{self, DecisionStanding},
    desk::{Desk, Notebook},
    findings::Status,
    fixes::{Standing, standing::StaleReason},
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
    each_db::Book,
    lab::{CLIENTS, Lab, Trial, restart_one_zookeeper, seen},
};

const DAY_MS: i64 = 86_400_000;
/// Histories on each engine: each is several whole runs in three notebooks.
const HISTORIES: usize = 6;

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
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (prop::bool::weighted(0.7), prop::bool::weighted(0.8))
            .prop_map(|(held, exercised)| Step::Run { held, exercised }),
        1 => (0usize..8).prop_map(Step::Annul),
        1 => Just(Step::Push),
        2 => (1i64..40).prop_map(|days| Step::Wait { days }),
    ]
}

/// How a history is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Right at once, and nobody asks before the end.
    Plain,
    /// Everything is asked after each step, each time in another order.
    Asked,
    /// Wrong first, then corrected, and a push is told after the step that follows it.
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
        let (runs, annulled) = (Vec::new(), Vec::new());
        Self { lab, way, experiment, finding, fix, decision, runs, annulled, waits: None }
    }

    async fn tell(&mut self, steps: &[Step]) {
        for (number, step) in steps.iter().enumerate() {
            let waited = self.waits.take();
            match *step {
                Step::Run { held, exercised } => self.run(held, exercised).await,
                Step::Annul(which) => self.annul(which).await,
                Step::Push => self.push().await,
                Step::Wait { days } => self.lab.book.clock.pass_ms(days * DAY_MS),
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
        let answer = if exercised { word(held) } else { "not" };
        self.lab.close(id, &[(self.fix, self.finding, answer)]).await.unwrap();
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

    async fn ask(&self, turn: usize) {
        for question in 0..4 {
            match (turn + question) % 4 {
                0 => drop(retrials::acts::tell(&self.lab.book.system()).await.unwrap()),
                1 => drop(retrials::acts::due(&self.lab.ana, None).await.unwrap()),
                2 => drop(retrials::acts::overview(&self.lab.ana, self.experiment).await.unwrap()),
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
    let any = prop::collection::vec(any_step(), 3..8);
    (0..HISTORIES).map(|_| any.new_tree(&mut runner).unwrap().current()).collect()
}

fn reaches_more_than_one(follows: &[Follows]) {
    let standings: std::collections::BTreeSet<&str> = follows.iter().map(|follows| follows.fix.0.word()).collect();
    assert!(standings.len() > 1, "every history comes to the same: {follows:?}");
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
