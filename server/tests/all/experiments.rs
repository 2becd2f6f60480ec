//! Experiments and their plans through their pages and forms.

use axum::http::StatusCode;
use notebook::{
    actor::Role,
    experiments::acts::{approve, request_review},
    runs::{
        self,
        drafts::{AtDraft, CodeDraft, PlanDraft, StartDraft, TargetDraft},
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::programs::{call, token};
use crate::story::{Story, head};
use crate::world::{Answer, Browser, World};

const HOSTILE: &str = "</title></textarea><script>alert(1)</script>\"'&";

/// What the form of a whole plan holds.
const PLAN: [(&str, &str); 20] = [
    ("title", "Restart one ZooKeeper"),
    ("question", "What happens if one of five restarts?"),
    ("if_fault", "one ZooKeeper is restarted"),
    ("then_behaviour", "alerts keep arriving, with no gap longer than 60 s"),
    ("because_safeguard", "a new leader takes over"),
    ("services.0", "zookeeper"),
    ("environment", "production"),
    ("fault_kind", "process-restart"),
    ("selector", "role=zookeeper"),
    ("method.0.op", "restart"),
    ("method.0.args", "signal=TERM"),
    ("checks.0.measure", "alert-gap"),
    ("checks.0.threshold", "60"),
    ("checks.0.unit", "s"),
    ("abort_conditions", "error rate above 1 %"),
    ("revert_procedure", "Start it again."),
    ("revert_owner", "Ben"),
    ("revert_deadline", "5 min"),
    ("signals.0.signal", "zookeeper-down"),
    ("signals.0.time", "2 min"),
];

/// A notebook with production and the service `ZooKeeper`.
async fn with_zookeeper() -> World {
    let world = World::new().await;
    let production =
        EnvironmentDraft { name: "Production".into(), class: "production".into(), ..EnvironmentDraft::default() };
    services::acts::add_environment(&world.system(), &production).await.unwrap();
    let service = ServiceDraft { name: "ZooKeeper".into(), ..ServiceDraft::default() };
    services::acts::add(&world.system(), &service).await.unwrap();
    world
}

/// The same with EXP-1 as Ana's draft.
async fn with_draft() -> (World, Browser) {
    let world = with_zookeeper().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let sent = create(&mut ana, &PLAN).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/experiments/EXP-1"),
        "{}",
        sent.says("main")
    );
    (world, ana)
}

async fn create(browser: &mut Browser, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get("/experiments/new").await;
    browser.fill(&page, "/experiments/create", typed).await
}

/// Sends the one form of a page with this action and follows it.
async fn done(browser: &mut Browser, page: &str, action: &str, typed: &[(&str, &str)]) -> Answer {
    let before = browser.get(page).await;
    let sent = browser.fill(&before, action, typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{action}: {}", sent.says("main"));
    let place = sent.header("location").to_owned();
    browser.get(place.split('#').next().unwrap()).await
}

/// EXP-1 approved by Ben.
async fn approved() -> (World, Browser, Browser) {
    let (world, mut ana) = with_draft().await;
    done(&mut ana, "/experiments/EXP-1", "/experiments/EXP-1/request-review", &[]).await;
    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let page = ben.get("/experiments/EXP-1/plan/1").await;
    let sent = ben.fill(&page, "/experiments/EXP-1/plan/1/approve", &[("text", "Small enough.")]).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/experiments/EXP-1"),
        "{}",
        sent.text()
    );
    (world, ana, ben)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_notebook_asks_for_a_service_before_an_experiment() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let list = ana.get("/experiments").await;
    assert!(list.says(".empty").starts_with("No experiments Write one question you are afraid to ask production."));
    assert_eq!(list.all(".primary", "href"), ["/experiments/new"]);
    let page = ana.get("/experiments/new").await;
    assert!(page.says(".empty").starts_with("No services yet"), "{}", page.says("main"));
    assert_eq!(page.all(".primary", "href"), ["/services/new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_written_and_its_page_says_what_it_says() {
    let (_world, mut ana) = with_draft().await;
    let page = ana.get("/experiments/EXP-1").await;
    assert!(page.says(".flash").contains("EXP-1 is saved as a draft."));
    assert!(head(&page).contains("Draft") && head(&page).contains("by Ana"), "{}", head(&page));
    assert_eq!(
        page.says(".hypothesis"),
        "If one ZooKeeper is restarted then alerts keep arriving, with no gap longer than 60 s because a new leader takes over"
    );
    assert_eq!(page.says(".steps [aria-current]"), "4 Experiment", "the plan is whole, so the experiment is next");
    let facts = page.says("aside");
    assert!(facts.contains("1 instance, one at a time") && facts.contains("Ben, within 5 min"), "{facts}");
    assert!(page.says("main").contains("alert-gap, during, largest \u{2264} 60 s"), "{}", page.says("main"));
    assert_eq!(page.says(".primary"), "Request review");
    assert_eq!(page.all(".tabs [aria-current]", "href"), ["/experiments/EXP-1?view=plan"]);
    let history = ana.get("/experiments/EXP-1?view=history").await;
    assert!(
        history.says("ol[aria-label='History of EXP-1']").contains("Ana wrote EXP-1@1"),
        "{}",
        history.says("main")
    );
    let runs = ana.get("/experiments/EXP-1?view=runs").await;
    assert!(runs.says(".empty").starts_with("Never run A hypothesis counts once it is tried."));
    let list = ana.get("/experiments").await;
    assert!(
        list.says("tbody").contains("Restart one ZooKeeper EXP-1 zookeeper process-restart production Draft Ana"),
        "{}",
        list.says("tbody")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_plan_comes_back_with_every_row() {
    let world = with_zookeeper().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let mut typed = PLAN.to_vec();
    typed.extend([
        ("title", ""),
        ("notes", HOSTILE),
        ("checks.2.measure", "errors"),
        ("checks.2.threshold", "few"),
        ("signals.0.time", "soon"),
    ]);
    let answer = create(&mut ana, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = answer.says(".errors");
    for part in ["Title: Is empty", "Checks 3, threshold", "Signals 1, time"] {
        assert!(errors.contains(part), "{part} in {errors}");
    }
    let fields = answer.form("/experiments/create");
    for (name, value) in [
        ("notes", HOSTILE),
        ("checks.2.threshold", "few"),
        ("services.0", "zookeeper"),
        ("method.0.args", "signal=TERM"),
    ] {
        assert!(fields.contains(&(name.into(), value.into())), "{name} in {fields:?}");
    }
    assert!(!answer.text().contains("<script>alert"), "text stays text");
    for link in answer.all(".errors a", "href") {
        assert!(answer.has(&link), "{link} leads to a field");
    }
    assert!(answer.has("details[open] [name='signals.0.time']"), "a wrong field is not folded away");
    assert!(!answer.has("details[open] [name='load_kind']"), "what is empty stays folded");
    assert_eq!(answer.all("[name^='checks.'][name$='.measure']", "name").len(), 6, "three blank rows again, not more");
    let mended =
        [("title", "Restart one ZooKeeper"), ("checks.2.threshold", "1"), ("signals.0.time", "2 min"), ("notes", "")];
    let saved = ana.fill(&answer, "/experiments/create", &mended).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says(".errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_are_one_press_away_and_nothing_typed_is_lost() {
    let world = with_zookeeper().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let rows = |page: &Answer| page.all("[name^='checks.'][name$='.measure']", "name").len();
    let page = ana.get("/experiments/new").await;
    assert_eq!(rows(&page), 3);
    let mut typed = PLAN.to_vec();
    typed.push(("_rows", "checks"));
    let more = ana.fill(&page, "/experiments/create", &typed).await;
    assert_eq!((more.status, rows(&more)), (StatusCode::OK, 6));
    assert!(!more.has(".errors"), "nothing is wrong yet");
    let fields = more.form("/experiments/create");
    assert!(PLAN.iter().all(|(name, value)| fields.contains(&((*name).into(), (*value).into()))), "{fields:?}");
    assert_eq!(ana.get("/experiments").await.says(".empty p"), "No experiments", "nothing is saved yet");
    let first = more.says("form[action='/experiments/create'] button");
    assert_eq!(first, "Save draft", "Enter in a field saves");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_fills_the_form_of_a_new_experiment() {
    let world = with_zookeeper().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    let page = ana.get("/experiments/new?service=zookeeper").await;
    let links = page.all("aside a", "href");
    let question = links.iter().find(|href| href.contains("question=machine-loss")).unwrap();
    assert!(question.contains("service=zookeeper"), "the chosen service stays: {question}");
    let page = ana.get(question).await;
    let fields = page.form("/experiments/create");
    for (name, value) in [("fault_kind", "machine-loss"), ("services.0", "zookeeper"), ("checks.0.unit", "%")] {
        assert!(fields.contains(&(name.into(), value.into())), "{name} in {fields:?}");
    }
    assert!(page.says("aside").contains("No environment is chosen."), "{}", page.says("aside"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_approved_by_somebody_else() {
    let (world, mut ana) = with_draft().await;
    let page = done(&mut ana, "/experiments/EXP-1", "/experiments/EXP-1/request-review", &[]).await;
    assert!(head(&page).contains("In review"), "{}", head(&page));
    assert!(!page.has(".primary"), "the author waits");
    let own = ana.get("/experiments/EXP-1/plan/1").await;
    assert!(!own.has("#review"), "nobody reviews their own plan");
    let refused = ana.post("/experiments/EXP-1/plan/1/approve", &[("text", "")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);

    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let page = ben.get("/experiments/EXP-1").await;
    assert_eq!(page.all(".primary", "href"), ["/experiments/EXP-1/plan/1#review"]);
    let revision = ben.get("/experiments/EXP-1/plan/1").await;
    let fingerprint = revision.says(".facts code");
    assert_eq!(fingerprint.len(), 64, "in full: {fingerprint}");
    let asks = revision.all("#review button", "formaction");
    assert_eq!(asks, ["/experiments/EXP-1/plan/1/approve", "/experiments/EXP-1/plan/1/ask-changes"]);
    let silent = ben.post(&asks[1], &[("text", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "asking for changes takes words");
    assert!(silent.has("#review [aria-invalid=true]"), "{}", silent.says("#review"));
    let asked = ben.post(&asks[1], &[("text", "Which instance?")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let page = ana.get("/experiments/EXP-1").await;
    assert!(page.says("main").contains("Which instance?"), "{}", page.says("main"));
    assert_eq!(page.says(".primary"), "Edit plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_plan_runs_while_the_next_one_is_written() {
    let (_world, mut ana, mut ben) = approved().await;
    let page = ana.get("/experiments/EXP-1").await;
    assert!(head(&page).contains("Ready"), "{}", head(&page));
    assert_eq!(page.all(".primary", "href"), ["/runs/new?experiment=EXP-1"]);
    let form = ana.get("/experiments/EXP-1/edit").await;
    assert!(
        form.says("aside").contains("EXP-1@1 stays as it is and goes on running: saving opens EXP-1@2"),
        "{}",
        form.says("aside")
    );
    let act = "/experiments/EXP-1/revise";
    let changes = [("count", "2"), ("checks.0.threshold", "30"), ("question", "And two?"), ("reason", "Wider")];
    let page = done(&mut ana, "/experiments/EXP-1/edit", act, &changes).await;
    assert!(page.says(".flash").contains("saved as EXP-1@2"), "{}", page.says(".flash"));
    assert_eq!(page.says("button.primary"), "Request review");
    assert!(page.says("main").contains("is newer and does not run yet"));
    assert!(page.says("#revisions tbody").starts_with("EXP-1@2 Draft"), "{}", page.says("#revisions"));

    let compared = ben.get("/experiments/EXP-1/plan/1..2").await;
    assert_eq!(compared.says("h1"), "EXP-1@2 is stricter than EXP-1@1");
    assert!(head(&compared).contains("Stricter"));
    assert!(compared.says("main").contains("Runs of @2 verify fixes for findings of @1"), "{}", compared.says("main"));
    let causes = compared.says("#causes");
    assert!(causes.contains("Target Stricter") && causes.contains("The blast radius grows."), "{causes}");
    assert!(
        compared.says("main").contains("\u{2264} removed: 60 added: 30 s"),
        "words are marked inside the text: {}",
        compared.says("main")
    );
    assert!(compared.says("main").contains("Question"), "the context is compared too");
    let other_way = ben.get("/experiments/EXP-1/plan/2..1").await;
    assert_eq!(other_way.says("h1"), "EXP-1@2 is stricter than EXP-1@1", "whichever is named first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_shows_both_texts_field_by_field() {
    let (_world, mut ana) = with_draft().await;
    let act = "/experiments/EXP-1/revise";
    let mine = ana.get("/experiments/EXP-1/edit").await;
    done(&mut ana, "/experiments/EXP-1/edit", act, &[("revert_owner", "Cleo"), ("checks.0.threshold", "90")]).await;
    let stale = ana.fill(&mine, act, &[("revert_owner", "Dana"), ("_once", "x")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let beside = stale.says("#meanwhile tbody");
    assert!(beside.contains("Revert owner Dana Cleo") && beside.contains("Checks 1, threshold 60 90"), "{beside}");
    assert!(!beside.contains("Title"), "only what differs: {beside}");
    assert!(stale.form(act).contains(&("revert_owner".into(), "Dana".into())), "the typed text is kept");
    let saved = ana.fill(&stale, act, &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_possible_now_is_refused_with_the_reason() {
    let (_world, mut ana, mut ben) = approved().await;
    let again = ana.post("/experiments/EXP-1/request-review", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(again.says("h1"), "Restart one ZooKeeper", "on its own page");
    let twice = ben.post("/experiments/EXP-1/plan/1/approve", &[("text", "")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let retired = ana.post("/experiments/EXP-1/retire", &[("reason", "Too rare")]).await;
    assert_eq!(retired.status, StatusCode::CONFLICT, "a ready experiment is retired by a decision");
    for path in [
        "/experiments/EXP-9",
        "/experiments/RUN-1",
        "/experiments/EXP-1/plan/7",
        "/experiments/EXP-1/plan/1..7",
        "/experiments/EXP-1/plan/x..y",
        "/experiments/EXP-9/edit",
    ] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let unknown = ana.post("/experiments/EXP-9/request-review", &[]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_abandoned_with_a_reason_and_comes_back() {
    let (_world, mut ana) = with_draft().await;
    let page = ana.get("/experiments/EXP-1").await;
    let silent = ana.fill(&page, "/experiments/EXP-1/retire", &[("reason", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.has("details[open] [name=reason][aria-invalid=true]"), "{}", silent.says("main"));
    let gone = done(&mut ana, "/experiments/EXP-1", "/experiments/EXP-1/retire", &[("reason", "Too rare")]).await;
    assert!(head(&gone).contains("Retired") && !gone.has(".primary"), "{}", head(&gone));
    assert!(ana.get("/experiments?stage=retired").await.says("tbody").contains("EXP-1"));
    assert!(ana.get("/experiments?stage=ready").await.says(".empty").starts_with("Nothing is ready now"));
    let back = done(&mut ana, "/experiments/EXP-1", "/experiments/EXP-1/reopen", &[]).await;
    assert!(head(&back).contains("Draft"), "{}", head(&back));
    let history = ana.get("/experiments/EXP-1?view=history").await.says("main");
    assert!(history.contains("Ana reopened EXP-1") && history.contains("Ana abandoned EXP-1 Too rare"), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_before_any_run_is_the_first_step() {
    let world = with_zookeeper().await;
    let mut ana = world.signed_in("Ana", Role::Contributor).await;
    create(&mut ana, &[("title", "Restart"), ("services.0", "zookeeper")]).await;
    let page = ana.get("/experiments/EXP-1").await;
    assert_eq!(page.says(".steps [aria-current]"), "1 Observe");
    let sent = ana.fill(&page, "/experiments/EXP-1/observe", &[("text", "An alert every 10 s.")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/experiments/EXP-1#o1"));
    let page = ana.get("/experiments/EXP-1").await;
    assert!(page.says("#o1").contains("An alert every 10 s."), "{}", page.says("main"));
    assert_eq!(page.says(".steps [aria-current]"), "2 Question");
    let ahead = ana.fill(&page, "/experiments/EXP-1/observe", &[("text", "x"), ("at", "2027-01-01T10:00")]).await;
    assert_eq!(ahead.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_findings_and_their_chain_stand_on_the_experiments_page() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get("/experiments/EXP-1").await;
    assert_eq!(
        page.all(".tabs [aria-current]", "href"),
        ["/experiments/EXP-1?view=runs"],
        "runs first once there are some"
    );
    let row = page.says("#runs tbody");
    for part in ["RUN-1 @1", "zk-1", "Finished", "Valid", "Refuted", "Blind spot"] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert_eq!(page.all(".hypothesis", "data-verdict"), ["refuted"]);
    assert!(head(&page).contains("Claim refuted"), "{}", head(&page));
    assert!(page.says(".why").starts_with("Why is the claim of EXP-1 refuted?"), "{}", page.says(".why"));
    assert_eq!(page.says(".steps [aria-current]"), "7 Try again");
    assert_eq!(page.says(".primary"), "Plan rerun");
    let chain = page.all(".chain ol a", "href");
    assert_eq!(chain, ["/runs/RUN-1".to_owned(), format!("/findings/{finding}")]);
    let card = page.says("aside");
    assert!(card.contains("0 of 1") && card.contains("if runs are independent and alike"), "{card}");
    let found = ana.get("/experiments/EXP-1?view=findings").await;
    assert!(found.says("#findings tbody").contains("Alerts stop after a restart"), "{}", found.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_write_review_and_compare_with_the_same_words() {
    let (world, mut ana, mut ben) = approved().await;
    let (ana, ben) = (token(&mut ana, "all").await, token(&mut ben, "all").await);
    let draft = r#"{"title": "Stop one", "services": ["zookeeper"], "checks": [{"measure": "gap", "phase": "during", "aggregate": "max", "comparator": "<=", "threshold": 60}]}"#;
    let made = call(&world, "POST", "/api/v1/experiments/create", &ana, draft).await;
    assert_eq!((made.status, made.json()["id"].as_str()), (StatusCode::CREATED, Some("EXP-2")), "{}", made.text());
    let asked = call(&world, "POST", "/api/v1/experiments/EXP-2/request-review", &ana, "{}").await;
    assert_eq!(asked.json()["stage"].as_str(), Some("in_review"));
    let ready = call(&world, "POST", "/api/v1/experiments/EXP-2/plan/1/approve", &ben, "{}").await;
    assert_eq!(
        (ready.json()["stage"].as_str(), ready.json()["approved"].as_i64()),
        (Some("ready"), Some(1)),
        "{}",
        ready.text()
    );
    let stale = call(
        &world,
        "POST",
        "/api/v1/experiments/EXP-2/revise",
        &ana,
        &draft.replace("\"title\"", "\"version\": 1, \"title\""),
    )
    .await;
    assert_eq!((stale.status, stale.json()["code"].as_str()), (StatusCode::PRECONDITION_FAILED, Some("stale")));
    let shown = call(&world, "GET", "/api/v1/experiments/EXP-1", &ana, "").await.json();
    assert_eq!(shown["newest"]["plan"]["identity"]["fault"]["kind"].as_str(), Some("process-restart"));
    let same = call(&world, "GET", "/api/v1/experiments/EXP-1/compare?from=1&to=1", &ana, "").await.json();
    assert_eq!(same["compared"]["relation"].as_str(), Some("identical"), "{same}");
    let list = call(&world, "GET", "/api/v1/experiments?service=zookeeper&stage=ready", &ana, "").await.json();
    assert_eq!(list["experiments"].as_array().unwrap().len(), 2, "{list}");
    let unknown = call(&world, "GET", "/api/v1/experiments?stage=done", &ana, "").await;
    assert_eq!(
        (unknown.status, unknown.json()["fields"][0]["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("stage"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exit_codes_mean_is_written_in_the_plans_form_and_read_beside_the_run() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let (edit, action) = ("/experiments/EXP-1/edit", "/experiments/EXP-1/revise");
    let page = ana.get(edit).await;
    assert!(page.has("details:not([open]) [name=exit_codes]"), "nobody needs it");
    let refused = ana.fill(&page, action, &[("exit_codes", "0 = fine")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.all("[name=exit_codes]", "aria-invalid"), ["true"]);
    assert!(refused.form(action).contains(&("exit_codes".to_owned(), "0 = fine".to_owned())), "the text is kept");
    let saved = ana.fill(&refused, action, &[("exit_codes", "3 = refuted\n0 = upheld")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says(".errors"));
    let form = ana.get(edit).await;
    assert!(form.form(action).contains(&("exit_codes".to_owned(), "0 = upheld\n3 = refuted".to_owned())));
    assert!(form.has("details[open] [name=exit_codes]"), "what is there is not folded away");
    let compared = ana.get("/experiments/EXP-1/plan/1..2").await;
    assert!(compared.text().contains("Exit codes of the command"), "{}", compared.says("main"));
    assert!(compared.text().contains("Identical"), "{}", compared.says("main"));

    request_review(&story.ana, story.experiment).await.unwrap();
    approve(&story.ben, story.experiment, 2, "").await.unwrap();
    let plan = PlanDraft { experiment: story.experiment.to_string(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    story.ready(run).await;
    let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
    let start = StartDraft { targets: vec![hit], ..StartDraft::default() };
    runs::acts::start(&story.ana, run, &start).await.unwrap();
    runs::acts::begin_fault(&story.ana, run, &AtDraft::default()).await.unwrap();
    let code = CodeDraft { code: "3".into(), ..CodeDraft::default() };
    runs::acts::tell_exit_code(&story.ana, run, &code).await.unwrap();
    let page = ana.get(&format!("/runs/{run}")).await;
    let log = page.says("#log");
    assert!(log.contains("Command ended: exit code 3, which the plan takes for refuted."), "{log}");
    let main = page.says("main");
    assert!(main.contains("told that the command ended with exit code 3"), "{main}");
}
