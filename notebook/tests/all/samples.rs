//! The sample notebook: what its story amounts to, what may be tied to it, and that nothing of it stays.

mod story;

use std::collections::{BTreeMap, BTreeSet};

use notebook::{
    actor::Role,
    db::Db,
    decisions,
    desk::Desk,
    experiments::{self, acts::Filter},
    fault::Result,
    findings::{self, Status, drafts::JudgeDraft},
    fixes::{self, Standing},
    freezes, gamedays,
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    imports::{self, acts::TakeDraft},
    people::{self, InviteDraft, RightsDraft},
    retrials::{
        self,
        acts::FirstSteps,
        drafts::{AnswerDraft, CloseDraft},
    },
    runs::{
        self,
        drafts::{ObservationDraft, PlanDraft, SignDraft, TargetDraft},
        facts::Execution,
    },
    samples,
    search::{acts::read, lists},
    services::{self, ChangeDraft, EnvironmentDraft, ServiceDraft, TargetRow, TargetsDraft},
    templates,
};
use sqlx::AssertSqlSafe;

use crate::{
    each_db::Book,
    lab::{Lab, Trial, refused, restart_one_zookeeper},
    migrations::columns,
    teams::freeze,
};

const DAY_MS: i64 = 86_400_000;

const fn exp(number: i64) -> ExperimentId {
    ExperimentId::of_sample(number)
}
const fn run(number: i64) -> RunId {
    RunId::of_sample(number)
}
const fn fnd(number: i64) -> FindingId {
    FindingId::of_sample(number)
}
const fn fix(number: i64) -> FixId {
    FixId::of_sample(number)
}
const fn dec(number: i64) -> DecisionId {
    DecisionId::of_sample(number)
}

/// An admin in whose notebook the sample was just written.
pub async fn written(book: &Book) -> Desk {
    let admin = book.person("Vera", Role::Admin).await;
    samples::acts::write(&admin).await.unwrap();
    admin
}

async fn standing(desk: &Desk, id: FixId) -> Standing {
    retrials::acts::show_fix(desk, id).await.unwrap().headline
}

async fn status(desk: &Desk, id: FindingId) -> Status {
    retrials::acts::show_finding(desk, id).await.unwrap().status.is
}

each_db!(whoever_reads_it_can_sign_the_due_verdict_and_prove_the_last_fix, book => {
    let ana = written(book).await;
    let sign = SignDraft { verdict: "upheld".into(), ..SignDraft::default() };
    runs::acts::sign(&ana, run(16), &sign).await.unwrap();
    let answer = AnswerDraft { fix: fix(4).to_string(), finding: fnd(4).to_string(), exercised: "held".into(), reason: String::new() };
    let close = CloseDraft { answers: vec![answer], decision: "repeat_as_is".into(), ..CloseDraft::default() };
    let decision = retrials::acts::close(&ana, run(16), &close).await.unwrap();
    assert_eq!(decision.id, dec(17), "what is made on the sample belongs to it");
    assert_eq!(standing(&ana, fix(4)).await, Standing::Verified);
    assert_eq!(samples::acts::show(&ana).await.unwrap().counts.yours, 4, "signed, answered, closed and decided");
});

each_db!(an_observation_joins_the_run_that_goes_on, book => {
    let ana = written(book).await;
    let before = runs::acts::show(&ana, run(15)).await.unwrap().observations.len();
    let draft = ObservationDraft { text: "node 2 back".into(), ..ObservationDraft::default() };
    let number = runs::acts::observe(&ana, run(15), &draft).await.unwrap();
    assert_eq!(usize::try_from(number).unwrap(), before + 1);
    let shown = runs::acts::show(&ana, run(15)).await.unwrap();
    assert_eq!(shown.observations.last().unwrap().name, "Vera");
});

each_db!(own_numbers_never_move_because_of_the_sample, book => {
    let lab = Lab::open(book).await;
    let admin = written(book).await;
    let first = lab.approved(&restart_one_zookeeper()).await;
    assert_eq!(first.to_string(), "EXP-1");
    // What is made on the sample counts on its side.
    let plan = PlanDraft { experiment: exp(1).to_string(), ..PlanDraft::default() };
    assert_eq!(runs::acts::plan(&lab.ana, &plan).await.unwrap().id, run(17));
    let own = lab.run(first, Trial::default()).await;
    assert_eq!(own.to_string(), "RUN-1");
    samples::acts::remove(&admin).await.unwrap();
    assert_eq!(lab.run(first, Trial::default()).await.to_string(), "RUN-2");
    samples::acts::write(&admin).await.unwrap();
    assert_eq!(lab.run(first, Trial::default()).await.to_string(), "RUN-3");
    assert_eq!(runs::acts::plan(&lab.ana, &plan).await.unwrap().id, run(17), "the sample counts anew");
});

each_db!(own_things_stand_before_the_sample_in_every_list, book => {
    let lab = Lab::open(book).await;
    written(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", crate::lab::CLIENTS, "zk-1").await;
    let own_fix = lab.fix(finding.id, "complete the address list").await;
    let desk = &lab.ana;
    let (rows, more) = experiments::acts::list(desk, &Filter::default()).await.unwrap();
    assert_eq!((rows[0].experiment.id, rows[1].experiment.id, more), (experiment, exp(4), false));
    let (rows, _) = runs::acts::list(desk, &runs::acts::Filter::default()).await.unwrap();
    assert_eq!([rows[0].run.id, rows[1].run.id], [origin, run(16)]);
    let (rest, _) = runs::acts::list(desk, &runs::acts::Filter { before: Some(run(16)), ..runs::acts::Filter::default() }).await.unwrap();
    assert_eq!(rest.len(), 15, "the next page goes on within the sample");
    let (none, _) = runs::acts::list(desk, &runs::acts::Filter { before: Some(origin), execution: Some(Execution::Planned), ..runs::acts::Filter::default() }).await.unwrap();
    assert!(none.is_empty());
    let (rows, _) = retrials::acts::findings(desk, &findings::acts::Filter::default()).await.unwrap();
    assert_eq!([rows[0].finding.id, rows[1].finding.id], [finding.id, fnd(4)]);
    let (rows, _) = retrials::acts::fixes(desk, &fixes::acts::Filter::default()).await.unwrap();
    assert_eq!([rows[0].fix.id, rows[1].fix.id], [own_fix.id, fix(4)]);
    let (rows, _) = retrials::acts::decisions(desk, &decisions::acts::Filter::default()).await.unwrap();
    assert_eq!([rows[0].decision.id, rows[1].decision.id], [DecisionId::of(1), dec(16)]);
    let (found, ..) = lists::experiments(desk, &read("demo-exp-3").unwrap(), &Filter::default()).await.unwrap();
    assert_eq!(found.iter().map(|row| row.experiment.id).collect::<Vec<_>>(), [exp(3)], "it is found by its id");
});

/// Every row of every table, as text.
async fn dump(book: &Book) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in columns(book).await {
        tables.entry(table).or_default().insert(column);
    }
    let mut all = BTreeMap::new();
    for (table, columns) in tables {
        let mut rows: Vec<String> = match &book.notebook.db {
            Db::Sqlite { read, .. } => {
                let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
                let rows = format!("select {} from {table}", quoted.join(" || '|' || "));
                sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(read).await.unwrap()
            }
            Db::Postgres(pool) => {
                let rows = format!("select cast(row_to_json({table}) as text) from {table}");
                sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(pool).await.unwrap()
            }
        };
        rows.sort();
        all.insert(table, rows);
    }
    all
}

/// What the notebook says of itself in numbers.
async fn statistics(desk: &Desk) -> (FirstSteps, i64, [usize; 7]) {
    let today = retrials::acts::today(desk).await.unwrap();
    let lists = [
        today.running.len(),
        today.planned.len(),
        today.due.len(),
        today.reruns.len(),
        today.open.len(),
        today.shaken.len(),
        today.learnt.len(),
    ];
    (retrials::acts::first_steps(desk).await.unwrap(), people::acts::count(&desk.notebook).await.unwrap(), lists)
}

each_db!(nothing_of_the_sample_stays_and_nothing_else_goes, book => {
    let lab = Lab::open(book).await;
    let admin = book.person("Vera", Role::Admin).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", crate::lab::CLIENTS, "zk-1").await;
    lab.fix(finding.id, "complete the address list").await;
    let (before, said) = (dump(book).await, statistics(&admin).await);
    samples::acts::write(&admin).await.unwrap();
    assert_eq!(statistics(&admin).await.0, said.0, "first steps count own work");
    assert_eq!(statistics(&admin).await.1, said.1, "the people of the sample have no accounts");
    Box::pin(everything_a_reader_may_write(&lab)).await;
    let with = dump(book).await;
    let filled = ["changes", "decision_claims", "decisions", "environments", "events", "experiments", "findings", "fixes", "people", "revisions", "runs", "services", "slo_measurements", "slo_revisions", "slos", "targets", "teams"];
    for table in filled {
        assert!(with[table].len() > before[table].len(), "the sample has rows in {table}");
    }
    let removed = samples::acts::remove(&admin).await.unwrap();
    assert!(removed.yours > 0);
    let mut after = dump(book).await;
    after.get_mut("counters").unwrap().retain(|line| !line.contains("import"));
    let lines = after.get_mut("events").unwrap();
    let told = lines.len();
    lines.retain(|line| !(line.contains("sample") && (line.contains("written") || line.contains("removed"))));
    assert_eq!(told - lines.len(), 2, "the trail says that it came and went, and nothing else");
    assert_eq!(after, before);
    assert_eq!(statistics(&admin).await, said);
    assert_eq!(refused(runs::acts::show(&admin, run(1)).await).status(), 404);
});

/// A reader's own words on sample things, one of each kind, some of them under a form's token.
async fn everything_a_reader_may_write(lab: &Lab<'_>) {
    let mut desk = lab.ana.clone();
    desk.once = Some("a form".into());
    let seen = ObservationDraft { text: "node 2 back".into(), ..ObservationDraft::default() };
    runs::acts::observe(&desk, run(15), &seen).await.unwrap();
    desk.once = None;
    crate::notes::show(&desk, run(15)).await;
    desk.once = Some("another form".into());
    let service = ServiceDraft {
        name: "kafka".into(),
        owner: "us".into(),
        version: "2".into(),
        stateful: "on".into(),
        ..ServiceDraft::default()
    };
    services::acts::edit(&desk, "demo-kafka", &service).await.unwrap();
    desk.once = Some("a third form".into());
    let push = ChangeDraft {
        kind: "deploy".into(),
        summary: "x".into(),
        environment: "demo-production".into(),
        services: vec!["demo-query".into()],
        ..ChangeDraft::default()
    };
    services::acts::record_change(&desk, &push).await.unwrap();
    desk.once = None;
    let draft = experiments::Draft {
        title: "Mine".into(),
        services: vec!["demo-query".into()],
        template: "dns-failure@1".into(),
        ..experiments::Draft::default()
    };
    assert_eq!(templates::acts::create(&desk, &draft).await.unwrap().id, exp(5));
    let own_run = lab.run_on_sample(exp(3), "kafka-1").await;
    let finding = findings::drafts::Draft {
        title: "t".into(),
        origin: own_run.to_string(),
        ..findings::drafts::Draft::default()
    };
    let finding = findings::acts::write(&desk, &finding).await.unwrap().id;
    assert_eq!(finding, fnd(5));
    assert!(lab.fix(finding, "f").await.id.is_sample());
    documents_that_became_sample_things(&desk).await;
    let decision = decisions::drafts::Draft {
        kind: "widen".into(),
        claims: vec![exp(3).to_string()],
        supersedes: dec(2).to_string(),
        ..decisions::drafts::Draft::default()
    };
    assert!(retrials::acts::decide(&desk, &decision).await.unwrap().id.is_sample());
    desk.once = Some("a form of a game day".into());
    let gameday = crate::gamedays::quorum_day(&[own_run.to_string().as_str()]);
    assert!(gamedays::acts::write(&desk, &gameday).await.unwrap().id.is_sample());
    desk.once = Some("a fourth form".into());
    freezes::acts::set(&desk, &freeze("team:demo-data-platform", "", "")).await.unwrap();
}

/// A journal and an experiment of another tool. Their own numbers are nobody's to say aloud, and move.
async fn documents_that_became_sample_things(desk: &Desk) {
    let journal = include_bytes!("../documents/chaostoolkit/passed.json");
    let to = TakeDraft { experiment: exp(3).to_string(), targets: "kafka-1".into(), ..TakeDraft::default() };
    assert!(imports::acts::take_journal(desk, journal, &to).await.unwrap().import.run.unwrap().is_sample());
    let plan = br#"{"title": "Stop one", "description": "What happens if one stops?", "method": []}"#;
    let on = TakeDraft { services: vec!["demo-query".into()], ..TakeDraft::default() };
    assert!(imports::plans::take(desk, plan, &on, false).await.unwrap().experiment.unwrap().is_sample());
}

impl Lab<'_> {
    async fn run_on_sample(&self, experiment: ExperimentId, target: &str) -> RunId {
        self.later();
        let past = PlanDraft {
            experiment: experiment.to_string(),
            started_at: "-40m".into(),
            ended_at: "-20m".into(),
            targets: vec![TargetDraft { name: target.into(), hit: "on".into(), ..TargetDraft::default() }],
            ..PlanDraft::default()
        };
        let id = runs::acts::record_past(&self.ana, &past).await.unwrap().id;
        assert!(id.is_sample(), "{id}");
        id
    }
}

each_db!(own_things_and_the_sample_are_not_tied_together, book => {
    let lab = Lab::open(book).await;
    written(book).await;
    let own = lab.approved(&restart_one_zookeeper()).await;
    let own_run = lab.run(own, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(own_run, "nodes talk only to the first instance", crate::lab::CLIENTS, "zk-1").await.id;
    let own_fix = lab.fix(finding, "complete the address list").await.id;
    let desk = &lab.ana;
    let judged = |of: &dyn ToString| JudgeDraft { of: of.to_string(), reason: "because".into(), ..JudgeDraft::default() };
    let field = |tied: Result<()>| refused(tied).troubles()[0].field.clone();

    let mixed = experiments::Draft { services: vec!["zookeeper".into(), "demo-kafka".into()], ..restart_one_zookeeper() };
    assert_eq!(field(experiments::acts::create(desk, &mixed).await.map(drop)), "services");
    let moved = experiments::Draft { version: "3".into(), environment: "demo-production".into(), ..restart_one_zookeeper() };
    assert_eq!(field(experiments::acts::revise(desk, own, &moved).await.map(drop)), "services");
    let rerun = PlanDraft { experiment: own.to_string(), replaces: run(1).to_string(), ..PlanDraft::default() };
    assert_eq!(field(runs::acts::plan(desk, &rerun).await.map(drop)), "replaces");
    for tied in [
        findings::acts::link(desk, finding, &judged(&fnd(1))).await,
        findings::acts::mark_duplicate(desk, fnd(1), &judged(&finding)).await,
        findings::acts::see_again(desk, finding, &judged(&run(3))).await,
        findings::acts::suspect_cause(desk, fnd(1), &judged(&1)).await,
        findings::acts::suspect_cause(desk, finding, &judged(&900_000_001)).await,
    ] {
        assert_eq!(field(tied), "of");
    }
    let both = fixes::drafts::Draft { title: "f".into(), findings: vec![finding.to_string(), fnd(4).to_string()], ..fixes::drafts::Draft::default() };
    assert_eq!(field(fixes::acts::propose(desk, &both).await.map(drop)), "findings");
    let taken_over = fixes::drafts::Draft { version: "1".into(), findings: vec![fnd(4).to_string()], ..both };
    assert_eq!(field(fixes::acts::edit(desk, own_fix, &taken_over).await.map(drop)), "findings");
    let elsewhere = fixes::drafts::DeployDraft { environment: "demo-production".into(), reference: "v1".into(), at: String::new() };
    assert_eq!(field(fixes::acts::deploy(desk, own_fix, &elsewhere).await), "environment");
    let decision = decisions::drafts::Draft { kind: "widen".into(), claims: vec![own.to_string(), exp(3).to_string()], ..decisions::drafts::Draft::default() };
    assert_eq!(field(retrials::acts::decide(desk, &decision).await.map(drop)), "claims");
    let day = crate::gamedays::quorum_day(&[own_run.to_string().as_str(), "DEMO-RUN-1"]);
    assert_eq!(field(gamedays::acts::write(desk, &day).await.map(drop)), "runs");
    let needs = ServiceDraft { name: "shop".into(), needs: vec!["demo-kafka".into()], ..ServiceDraft::default() };
    assert_eq!(field(services::acts::add(desk, &needs).await.map(drop)), "needs");
    let row = TargetRow { name: "zk-1".into(), environment: "demo-production".into(), role: String::new() };
    let targets = TargetsDraft { rows: vec![row], version: "1".into() };
    assert_eq!(field(services::acts::set_targets(desk, "zookeeper", &targets).await.map(drop)), "rows");
    let push = ChangeDraft { kind: "deploy".into(), summary: "x".into(), environment: "demo-production".into(), services: vec!["zookeeper".into()], ..ChangeDraft::default() };
    assert_eq!(field(services::acts::record_change(desk, &push).await.map(drop)), "services");
});

each_db!(names_of_the_sample_are_kept_for_it, book => {
    let admin = book.person("Ana", Role::Admin).await;
    let service = |name: &str| ServiceDraft { name: name.into(), ..ServiceDraft::default() };
    let kafka = refused(services::acts::add(&admin, &service("demo-kafka")).await);
    assert!(kafka.troubles()[0].says.contains("kept for the sample"), "{kafka:?}");
    let place = EnvironmentDraft { name: "Demo production".into(), class: "production".into(), ..EnvironmentDraft::default() };
    assert_eq!(refused(services::acts::add_environment(&admin, &place).await).troubles()[0].field, "name");
    let typed = experiments::Draft { environment: "demo-production".into(), ..restart_one_zookeeper() };
    assert!(refused(experiments::acts::create(&admin, &typed).await).troubles().iter().any(|t| t.field == "environment"));
    services::acts::add(&admin, &service("demo-shop")).await.unwrap();
    samples::acts::write(&admin).await.unwrap();
    samples::acts::remove(&admin).await.unwrap();
    assert_eq!(services::acts::choices(&admin).await.unwrap().len(), 1, "a service that only sounds like it stays");
});

each_db!(a_notebook_that_used_such_a_name_before_keeps_it, book => {
    let admin = book.person("Ana", Role::Admin).await;
    let own = "insert into services (slug, name, stateful, single_point, created_at, version) values ('demo-home', 'home', false, false, 0, 1)";
    book.execute(own).await;
    let before = dump(book).await;
    let refusal = refused(samples::acts::write(&admin).await);
    assert!(refusal.to_string().contains("demo-home"), "{refusal}");
    assert_eq!(dump(book).await, before);
});

each_db!(the_people_of_the_sample_are_names_and_no_accounts, book => {
    let admin = written(book).await;
    let listed: Vec<String> = people::acts::list(&admin).await.unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(listed, ["Vera"]);
    let mara = notebook::actor::PersonId(900_000_001);
    let rights = RightsDraft { role: "admin".into(), version: "2".into(), ..RightsDraft::default() };
    assert_eq!(refused(people::acts::set_rights(&admin, mara, &rights).await).status(), 404);
    assert_eq!(refused(people::acts::enable(&admin, mara).await).status(), 404);
    assert_eq!(refused(people::acts::reset_link(&admin, mara).await).status(), 404);
    assert!(people::acts::find(&book.notebook, mara).await.unwrap().is_none());
    assert_eq!(refused(people::acts::sign_in(&book.nobody(), "mara@sample.invalid", "").await).status(), 422);
    let shown = experiments::acts::show(&admin, exp(1)).await.unwrap();
    assert_eq!(shown.experiment.owner_name, "Mara");
    let invite = InviteDraft { email: "mara@example.org".into(), role: "viewer".into() };
    people::acts::invite(&admin, &invite).await.unwrap();
});

each_db!(only_an_admin_writes_and_removes_it_and_each_once, book => {
    let (ben, ana) = (book.person("Ben", Role::Contributor).await, book.person("Ana", Role::Admin).await);
    assert_eq!(refused(samples::acts::write(&ben).await).status(), 403);
    assert_eq!(refused(samples::acts::remove(&ana).await).status(), 409);
    samples::acts::write(&ana).await.unwrap();
    assert_eq!(refused(samples::acts::write(&ana).await).status(), 409);
    assert_eq!(refused(samples::acts::remove(&ben).await).status(), 403);
    assert!(samples::acts::show(&ben).await.unwrap().is_here, "everybody may look");
    samples::acts::remove(&ana).await.unwrap();
    assert!(!samples::acts::is_here(&book.notebook).await.unwrap());
});

each_db!(of_two_who_write_it_at_once_one_does, book => {
    let (ana, vera) = (book.person("Ana", Role::Admin).await, book.person("Vera", Role::Admin).await);
    let (one, other) = tokio::join!(samples::acts::write(&ana), samples::acts::write(&vera));
    let refusals: Vec<_> = [one, other].into_iter().filter(Result::is_err).map(refused).collect();
    assert_eq!(refusals.iter().map(notebook::refusal::Refusal::status).collect::<Vec<_>>(), [409]);
    assert_eq!(samples::acts::show(&ana).await.unwrap().counts.runs, 16);
});

each_db!(today_shows_one_run_going_on_one_verdict_due_and_one_rerun_owed, book => {
    let ana = written(book).await;
    let today = retrials::acts::today(&ana).await.unwrap();
    assert_eq!(today.running.iter().map(|row| row.run.id).collect::<Vec<_>>(), [run(15)]);
    assert_eq!(today.due.iter().map(|row| row.run.id).collect::<Vec<_>>(), [run(16)]);
    assert_eq!(today.reruns.iter().map(|row| row.fix.id).collect::<Vec<_>>(), [fix(4)]);
    assert!(today.open.is_empty() && today.shaken.is_empty() && today.planned.is_empty());
    let steps = retrials::acts::first_steps(&ana).await.unwrap();
    assert_eq!(steps, FirstSteps { service: false, question: false, run: false, colleague: false });
});
