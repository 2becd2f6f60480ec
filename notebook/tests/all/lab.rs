//! A team with an experiment, and one sentence for a whole run of it.

use notebook::{
    actor::Role,
    decisions::Decision,
    desk::Desk,
    experiments::{self, Draft},
    fault::{Error, Result},
    findings::{self, Finding},
    fixes::{self, Fix, Standing},
    id::{ExperimentId, FindingId, FixId, RunId},
    refusal::Refusal,
    retrials::{
        self,
        drafts::{AnswerDraft, CloseDraft},
    },
    runs::{
        self,
        drafts::{AtDraft, CheckDraft, EffectDraft, PlanDraft, SignDraft, StartDraft, TargetDraft},
        facts::Verdict,
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::each_db::Book;
pub use crate::plan::{check, restart_one_zookeeper};
use crate::ready::make_ready;

pub const GAP: &str = "alert-gap|during|max";
pub const CLIENTS: &str = "clients-connected|during|every";
pub const BACK: &str = "instance-back|after|every";

pub fn refused<T>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        Err(broken) => panic!("broken: {broken}"),
        Ok(_) => panic!("was not refused"),
    }
}

pub struct Lab<'a> {
    pub book: &'a Book,
    /// Plans and runs.
    pub ana: Desk,
    /// Reviews and judges.
    pub ben: Desk,
}

/// How one run goes; everything not said goes well.
#[derive(Clone)]
pub struct Trial<'a> {
    pub target: &'a str,
    pub gap: &'a str,
    pub gap_claimed: &'a str,
    pub clients: &'a str,
    pub back: &'a str,
    pub effect: &'a str,
    /// (fix, finding, exercised)
    pub answers: Vec<(FixId, FindingId, &'a str)>,
    pub closes: bool,
}

impl Default for Trial<'_> {
    fn default() -> Self {
        Self {
            target: "zk-1",
            gap: "38 s",
            gap_claimed: "ok",
            clients: "held",
            back: "held",
            effect: "shown",
            answers: Vec::new(),
            closes: true,
        }
    }
}

impl<'a> Lab<'a> {
    pub async fn open(book: &'a Book) -> Self {
        let system = book.system();
        // Called production, and no more careful than elsewhere: most stories are about other things
        // than budgets. Those of the gate have places of their own.
        for (name, class) in [("production", "other"), ("staging", "other")] {
            let draft = EnvironmentDraft { name: name.into(), class: class.into(), ..EnvironmentDraft::default() };
            services::acts::add_environment(&system, &draft).await.unwrap();
        }
        for name in ["zookeeper", "alerting", "config-management"] {
            services::acts::add(&system, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await.unwrap();
        }
        let (ana, ben) = (book.person("Ana", Role::Contributor).await, book.person("Ben", Role::Contributor).await);
        Self { book, ana, ben }
    }

    pub fn later(&self) {
        self.book.clock.pass_ms(3_600_000);
    }

    /// Writes an experiment and has it approved.
    pub async fn approved(&self, draft: &Draft) -> ExperimentId {
        let id = experiments::acts::create(&self.ana, draft).await.unwrap().id;
        self.review(id, 1).await;
        id
    }

    pub async fn review(&self, id: ExperimentId, number: i64) {
        experiments::acts::request_review(&self.ana, id).await.unwrap();
        experiments::acts::approve(&self.ben, id, number, "").await.unwrap();
    }

    /// A new approved revision made from the current one.
    pub async fn revise(&self, id: ExperimentId, change: impl FnOnce(&mut Draft)) -> i64 {
        let shown = experiments::acts::show(&self.ana, id).await.unwrap();
        let mut draft = Draft::from_plan(&shown.newest.plan);
        draft.version = shown.experiment.version.to_string();
        change(&mut draft);
        let number = experiments::acts::revise(&self.ana, id, &draft).await.unwrap().revision;
        self.review(id, number).await;
        number
    }

    /// Plans, starts and ends a run, signs what is proposed and closes it.
    pub async fn run(&self, experiment: ExperimentId, trial: Trial<'_>) -> RunId {
        let id = self.start(experiment, trial.target).await;
        self.play(id, &trial).await;
        if trial.closes {
            self.sign(id).await;
            self.close(id, &trial.answers).await.unwrap();
        }
        id
    }

    pub async fn start(&self, experiment: ExperimentId, target: &str) -> RunId {
        self.later();
        let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
        let id = runs::acts::plan(&self.ana, &plan).await.unwrap().id;
        make_ready(&self.ana, &self.ben, id).await.unwrap();
        let hit = TargetDraft { name: target.into(), hit: "on".into(), ..TargetDraft::default() };
        runs::acts::start(&self.ana, id, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
        id
    }

    pub async fn play(&self, id: RunId, trial: &Trial<'_>) {
        let now = AtDraft::default();
        runs::acts::begin_fault(&self.ana, id, &now).await.unwrap();
        let effect = EffectDraft { name: trial.target.into(), effect: trial.effect.into(), evidence: String::new() };
        runs::acts::record_effect(&self.ana, id, &effect).await.unwrap();
        self.book.clock.pass_ms(600_000);
        let gap = CheckDraft {
            claimed: trial.gap_claimed.into(),
            claimed_source: "dashboard".into(),
            ..seen(GAP, trial.gap)
        };
        let clients =
            CheckDraft { claimed: "ok".into(), claimed_source: "dashboard".into(), ..seen(CLIENTS, trial.clients) };
        for answer in [gap, clients] {
            runs::acts::answer_check(&self.ana, id, &answer).await.unwrap();
        }
        runs::acts::end_fault(&self.ana, id, &now).await.unwrap();
        self.book.clock.pass_ms(60_000);
        runs::acts::answer_check(&self.ana, id, &seen(BACK, trial.back)).await.unwrap();
        runs::acts::finish(&self.ana, id, &now).await.unwrap();
    }

    /// Signs whatever the values propose.
    pub async fn sign(&self, id: RunId) {
        let shown = runs::acts::show(&self.ana, id).await.unwrap();
        let Some(proposed) = shown.proposed else { return };
        let analysis = if proposed.is == Verdict::Inconclusive { "could not tell" } else { "" };
        let draft = SignDraft { verdict: proposed.is.word().into(), analysis: analysis.into(), reason: String::new() };
        runs::acts::sign(&self.ana, id, &draft).await.unwrap();
    }

    pub async fn close(&self, id: RunId, answers: &[(FixId, FindingId, &str)]) -> Result<Decision> {
        let answers = answers.iter().map(|(fix, finding, exercised)| AnswerDraft {
            fix: fix.to_string(),
            finding: finding.to_string(),
            exercised: (*exercised).into(),
            reason: "as seen".into(),
        });
        let draft =
            CloseDraft { answers: answers.collect(), decision: "fix_and_rerun".into(), ..CloseDraft::default() };
        retrials::acts::close(&self.ana, id, &draft).await
    }

    /// A finding that a run showed by one check, on one target.
    pub async fn finding(&self, run: RunId, title: &str, check: &str, target: &str) -> Finding {
        let draft = findings::drafts::Draft {
            title: title.into(),
            severity: "high".into(),
            origin: run.to_string(),
            revealing: format!("check:{check}"),
            condition: if target.is_empty() { "any" } else { "names" }.into(),
            condition_on: target.into(),
            ..findings::drafts::Draft::default()
        };
        findings::acts::write(&self.ana, &draft).await.unwrap()
    }

    /// A fix for one finding, not deployed yet.
    pub async fn fix(&self, finding: FindingId, title: &str) -> Fix {
        let draft = fixes::drafts::Draft {
            title: title.into(),
            findings: vec![finding.to_string()],
            ..fixes::drafts::Draft::default()
        };
        fixes::acts::propose(&self.ana, &draft).await.unwrap()
    }

    pub async fn deploy(&self, fix: FixId, environment: &str) {
        self.later();
        let draft =
            fixes::drafts::DeployDraft { environment: environment.into(), reference: "v2".into(), at: String::new() };
        fixes::acts::deploy(&self.ana, fix, &draft).await.unwrap();
    }

    pub async fn standing(&self, fix: FixId) -> Standing {
        retrials::acts::show_fix(&self.ana, fix).await.unwrap().headline
    }

    /// All reasons given for a fix's standing, as one text.
    pub async fn why(&self, fix: FixId) -> String {
        let shown = retrials::acts::show_fix(&self.ana, fix).await.unwrap();
        let because = shown.pairs.iter().flat_map(|pair| &pair.judged.answer.because);
        because.map(|because| because.says.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub async fn status(&self, finding: FindingId) -> findings::Status {
        retrials::acts::show_finding(&self.ana, finding).await.unwrap().status.is
    }
}

pub fn seen(check: &str, seen: &str) -> CheckDraft {
    CheckDraft { check: check.into(), seen: seen.into(), source: "customer count".into(), ..CheckDraft::default() }
}
