//! An experiment whose runs have shown something, for the doors that come after it.

use notebook::{
    actor::{Actor, Role, Via},
    desk::Desk,
    experiments::{self, Draft},
    findings, fixes,
    id::{ExperimentId, FindingId, FixId, Id, RunId},
    people::Account,
    retrials::{
        self,
        drafts::{AnswerDraft, CloseDraft},
    },
    runs::{
        self,
        drafts::{AtDraft, CheckDraft, EffectDraft, PlanDraft, SignDraft, StartDraft, TargetDraft},
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::{
    plan::restart_one_zookeeper,
    ready::make_ready,
    world::{Answer, Browser, World},
};

pub const GAP: &str = "alert-gap|during|max";

/// EXP-1, run once: RUN-1 hit zk-1, and alerts were silent for 300 to 600 s instead of at most 60 s.
pub struct Story {
    pub world: World,
    /// Plans and runs.
    pub ana: Desk,
    /// Reviews, and answers the gate.
    pub ben: Desk,
    pub experiment: ExperimentId,
    pub run: RunId,
}

impl Story {
    pub async fn new() -> Self {
        let world = World::new().await;
        let ana = desk(&world, &world.person("Ana", Role::Contributor).await);
        // Plans are approved by somebody else.
        let ben = desk(&world, &world.person("Ben", Role::Contributor).await);
        let system = world.system();
        // No more careful than elsewhere: a start asks for no budget.
        for (name, class) in [("production", "other"), ("staging", "other")] {
            let draft = EnvironmentDraft { name: name.into(), class: class.into(), ..EnvironmentDraft::default() };
            services::acts::add_environment(&system, &draft).await.unwrap();
        }
        for name in ["zookeeper", "alerting"] {
            services::acts::add(&system, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await.unwrap();
        }
        let experiment = experiments::acts::create(&ana, &two_checks()).await.unwrap().id;
        experiments::acts::request_review(&ana, experiment).await.unwrap();
        experiments::acts::approve(&ben, experiment, 1, "").await.unwrap();
        let story = Self { world, ana, ben, experiment, run: Id::of(1) };
        assert_eq!(story.run("300..600", &[]).await, story.run);
        story
    }

    /// A browser in which Ana is signed in.
    pub async fn browser(&self) -> Browser {
        let mut browser = self.world.browser();
        browser.sign_in("Ana").await;
        browser
    }

    /// People are there, and the gate's questions are answered.
    pub async fn ready(&self, run: RunId) {
        make_ready(&self.ana, &self.ben, run).await.unwrap();
    }

    /// A whole run on zk-1 that is signed and closed. What is not said goes well.
    pub async fn run(&self, gap: &str, answers: &[(FixId, FindingId, &str)]) -> RunId {
        self.world.clock.pass_ms(3_600_000);
        let plan = PlanDraft { experiment: self.experiment.to_string(), ..PlanDraft::default() };
        let id = runs::acts::plan(&self.ana, &plan).await.unwrap().id;
        self.ready(id).await;
        let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
        runs::acts::start(&self.ana, id, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
        runs::acts::begin_fault(&self.ana, id, &AtDraft::default()).await.unwrap();
        let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), evidence: String::new() };
        runs::acts::record_effect(&self.ana, id, &effect).await.unwrap();
        self.world.clock.pass_ms(900_000);
        let seen = CheckDraft {
            check: GAP.into(),
            seen: gap.into(),
            source: "customer count".into(),
            claimed: "ok".into(),
            claimed_source: "dashboard".into(),
            ..CheckDraft::default()
        };
        runs::acts::answer_check(&self.ana, id, &seen).await.unwrap();
        runs::acts::end_fault(&self.ana, id, &AtDraft::default()).await.unwrap();
        self.world.clock.pass_ms(60_000);
        let back = CheckDraft {
            check: "instance-back|after|every".into(),
            seen: "held".into(),
            source: "customer count".into(),
            ..CheckDraft::default()
        };
        runs::acts::answer_check(&self.ana, id, &back).await.unwrap();
        runs::acts::finish(&self.ana, id, &AtDraft::default()).await.unwrap();
        self.close(id, answers).await;
        id
    }

    async fn close(&self, id: RunId, answers: &[(FixId, FindingId, &str)]) {
        let proposed = runs::acts::show(&self.ana, id).await.unwrap().proposed.unwrap();
        let sign = SignDraft { verdict: proposed.is.word().into(), ..SignDraft::default() };
        runs::acts::sign(&self.ana, id, &sign).await.unwrap();
        let answers = answers.iter().map(|(fix, finding, exercised)| AnswerDraft {
            fix: fix.to_string(),
            finding: finding.to_string(),
            exercised: (*exercised).into(),
            reason: "as seen".into(),
        });
        let draft =
            CloseDraft { answers: answers.collect(), decision: "fix_and_rerun".into(), ..CloseDraft::default() };
        retrials::acts::close(&self.ana, id, &draft).await.unwrap();
    }

    /// A finding of RUN-1 by its failed check, on any target.
    pub async fn finding(&self, title: &str) -> FindingId {
        let draft = findings::drafts::Draft {
            title: title.into(),
            severity: "high".into(),
            origin: self.run.to_string(),
            revealing: format!("check:{GAP}"),
            ..findings::drafts::Draft::default()
        };
        findings::acts::write(&self.ana, &draft).await.unwrap().id
    }

    pub async fn fix(&self, finding: FindingId, title: &str) -> FixId {
        let findings = vec![finding.to_string()];
        let draft = fixes::drafts::Draft { title: title.into(), findings, ..fixes::drafts::Draft::default() };
        fixes::acts::propose(&self.ana, &draft).await.unwrap().id
    }

    /// Live in production from now on.
    pub async fn deploy(&self, fix: FixId) {
        let draft =
            fixes::drafts::DeployDraft { environment: "production".into(), reference: "v2".into(), at: String::new() };
        fixes::acts::deploy(&self.ana, fix, &draft).await.unwrap();
    }
}

fn desk(world: &World, account: &Account) -> Desk {
    world.notebook.desk(Actor::Person(account.as_person()), Via::Form)
}

fn two_checks() -> Draft {
    let mut plan = restart_one_zookeeper();
    plan.checks.retain(|check| check.measure != "clients-connected");
    plan
}

/// What a page calls the thing it is about: its badges and its title, without the rest.
pub fn head(page: &Answer) -> String {
    page.says(".page-head")
}

/// A text as people read it: an element's end is no space before a sentence's marks.
pub fn read(page: &Answer, selector: &str) -> String {
    page.says(selector).replace(" ,", ",").replace(" .", ".").replace(" :", ":")
}
