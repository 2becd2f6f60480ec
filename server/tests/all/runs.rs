//! Runs through their pages and forms: planned, recorded, judged, closed, and put right afterwards.

mod judged;

use axum::http::StatusCode;
use notebook::actor::Role;
use notebook::id::RunId;

use crate::programs::{call, token};
use crate::story::{GAP, Story, head, read};
use crate::world::{Answer, Browser};

const BACK: &str = "instance-back|after|every";
/// Forms of acts; how a browser reads is its own business.
const ACTS: &str = "main form:not([action='/reading'])";
const HOSTILE: &str = "</title></textarea><script>alert(1)</script>\"'&";

/// Sends one of several forms that share an address: its token, its page, and what is typed.
pub async fn send(browser: &mut Browser, page: &Answer, action: &str, typed: &[(&str, &str)]) -> Answer {
    let of_page = page.form(action);
    let hidden = of_page.iter().filter(|(name, _)| name.starts_with('_'));
    let mut fields: Vec<(&str, &str)> = hidden.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend_from_slice(typed);
    browser.post(action, &fields).await
}

/// Does something on RUN-2 that has to work, and shows its page again.
async fn act(browser: &mut Browser, page: &Answer, word: &str, typed: &[(&str, &str)]) -> Answer {
    let sent = send(browser, page, &format!("/runs/RUN-2/{word}"), typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{word}: {} {}", sent.says(".errors"), sent.says("main > p"));
    assert!(sent.header("location").starts_with("/runs/RUN-2"), "{}", sent.header("location"));
    browser.get("/runs/RUN-2").await
}

/// The observations in the order of the timeline.
fn observations(page: &Answer) -> Vec<String> {
    page.all(".log li", "id").into_iter().filter(|id| id.starts_with('o')).collect()
}

async fn ben(story: &Story) -> Browser {
    let mut browser = story.world.browser();
    browser.sign_in("Ben").await;
    browser
}

/// RUN-2, planned and started on zk-1.
pub async fn started(story: &Story, ana: &mut Browser) -> Answer {
    story.world.clock.pass_ms(3_600_000);
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    let sent = ana.fill(&page, "/runs/plan", &[("targets.0.name", "zk-1"), ("targets.0.hit", "on")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says(".errors"));
    story.ready(RunId::of(2)).await;
    let page = ana.get("/runs/RUN-2").await;
    let sent = ana.fill(&page, "/runs/RUN-2/start", &[]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says(".errors"));
    ana.get("/runs/RUN-2").await
}

/// RUN-2, finished: everything went well, or the alerts were silent for `gap`.
async fn finished(story: &Story, ana: &mut Browser, gap: &str) -> Answer {
    let page = started(story, ana).await;
    let page = act(ana, &page, "begin-fault", &[]).await;
    let page = act(ana, &page, "record-effect", &[("name", "zk-1"), ("effect", "shown")]).await;
    story.world.clock.pass_ms(60_000);
    let told = [("source", "customer count"), ("claimed", "ok"), ("claimed_source", "dashboard")];
    let page = act(ana, &page, "answer-check", &[&[("check", GAP), ("seen", gap)], &told[..]].concat()).await;
    let page = act(ana, &page, "end-fault", &[]).await;
    story.world.clock.pass_ms(60_000);
    let page = act(ana, &page, "answer-check", &[("check", BACK), ("seen", "held")]).await;
    act(ana, &page, "finish", &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_planned_on_its_experiment_and_starts_through_the_gate() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let choose = ana.get("/runs/new").await;
    assert!(choose.says("main form select").contains("EXP-1 · Restart one ZooKeeper"), "{}", choose.says("main"));
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    let plan = read(&page, "main");
    assert!(plan.contains("one ZooKeeper is restarted") && plan.contains("1 instance, one at a time"), "{plan}");
    assert!(plan.contains("Your zone: Europe/Berlin"), "{plan}");
    let typed = [("planned_at", "2026-11-03T10:00"), ("observers", "Dora\nBen"), ("replaces", "RUN-1")];
    let sent = ana.fill(&page, "/runs/plan", &typed).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says(".errors"));

    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says(".flash").contains("RUN-2 is planned."));
    story.ready(RunId::of(2)).await;
    assert!(head(&page).contains("Planned"), "{}", head(&page));
    assert!(page.says("aside").contains("Dora, Ben") && page.says("aside").contains("no target is named"));
    assert_eq!(page.says("main .primary"), "Start run");
    let closed =
        ana.fill(&page, "/runs/RUN-2/start", &[("targets.0.name", "zk-1"), ("targets.0.role", "leader")]).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.says(".errors").contains("The gate is closed: no target is named"), "{}", closed.says(".errors"));
    let fields = closed.form("/runs/RUN-2/start");
    assert!(fields.contains(&("targets.0.role".into(), "leader".into())), "what was typed stays: {fields:?}");

    let sent = ana.fill(&closed, "/runs/RUN-2/start", &[("targets.0.hit", "on")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get("/runs/RUN-2").await;
    assert!(head(&page).contains("Running"), "{}", head(&page));
    assert_eq!(page.says("main .primary"), "Add observation");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planning_form_with_troubles_comes_back_with_all_of_them() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    let typed =
        [("planned_at", "soon"), ("replaces", "yesterday"), ("targets.0.name", "zk-1"), ("targets.1.name", "zk-1")];
    let answer = ana.fill(&page, "/runs/plan", &typed).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Plan run"));
    let errors = answer.says(".errors");
    assert!(errors.contains("Planned at") && errors.contains("Replaces") && errors.contains("twice"), "{errors}");
    assert!(answer.form("/runs/plan").contains(&("replaces".into(), "yesterday".into())));
    let targets = answer.all(".errors a", "href");
    assert!(targets.iter().all(|href| answer.has(&format!("[id='{}']", &href[1..]))), "{targets:?}");

    for (path, status) in [("/runs/new?experiment=EXP-9", 404), ("/runs/new?experiment=x", 404), ("/runs/RUN-9", 404)] {
        assert_eq!(ana.get(path).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(ana.post("/runs/plan", &[("experiment", "EXP-9")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_written_down_while_it_happens() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    assert!(page.says("[aria-label='Now']").contains("Before the fault"), "{}", page.says("[aria-label='Now']"));
    let page = act(&mut ana, &page, "begin-fault", &[]).await;
    story.world.clock.pass_ms(130_000);
    let text = format!("zk-1 does not come up {HOSTILE}");
    let observed = [("text", text.as_str()), ("kind", "unexpected"), ("pinned", "on")];
    let sent = send(&mut ana, &page, "/runs/RUN-2/observe", &observed).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2#o1");
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("[aria-label='Now']").contains("Fault under way T+02:10"), "{}", page.says("[aria-label='Now']"));
    let line = page.says("#o1");
    assert!(line.contains("T+02:10") && line.contains("Unexpected") && line.contains(HOSTILE), "{line}");
    assert!(!page.text().contains("<script>alert"), "text stays text");

    let back_dated = [("text", "a minute before"), ("at", "-1m")];
    let page = act(&mut ana, &page, "observe", &back_dated).await;
    let line = page.says("#o2");
    assert!(line.contains("T+01:10") && line.contains("written"), "both times are kept: {line}");
    assert_eq!(observations(&page), ["o2", "o1"], "what was written last stands on top, whenever it was so");
    let lanes = page.says("#lanes-table tbody");
    let place = |words: &str| lanes.find(words).unwrap();
    assert!(place("does not come up") < place("a minute before"), "lanes are drawn by the clock: {lanes}");
    act(&mut ana, &page, "pin", &[("pinned", "on"), ("observation", "2")]).await;
    let pinned = ana.get("/runs/RUN-2?log=pinned").await;
    assert_eq!(observations(&pinned), ["o1", "o2"], "what is pinned stands at its own time");

    let empty = send(&mut ana, &page, "/runs/RUN-2/observe", &[("text", " "), ("at", "tomorrow")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.form("/runs/RUN-2/observe").contains(&("at".into(), "tomorrow".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_back_and_writes_something_else_is_heard() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    for (text, location) in
        [("zk-1 is down", "/runs/RUN-2#o1"), ("zk-1 is up", "/runs/RUN-2#o2"), ("zk-1 is down", "/RUN-2")]
    {
        let sent = send(&mut ana, &page, "/runs/RUN-2/observe", &[("text", text)]).await;
        assert_eq!(sent.header("location"), location, "the same page's form, {text}");
    }
    let other = send(&mut ana, &page, "/runs/RUN-2/begin-fault", &[("at", "")]).await;
    assert_eq!(other.header("location"), "/runs/RUN-2", "another form of the same page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_read_comes_back_in_its_own_form_only() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    let typed = [("check", GAP), ("seen", "about a minute"), ("source", "Dora")];
    let answer = send(&mut ana, &page, "/runs/RUN-2/answer-check", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.all("#checks [name=seen]", "aria-invalid"), ["true", ""], "one of two forms");
    assert_eq!(answer.all("#checks [name=seen]", "value"), ["about a minute", ""]);
    assert_eq!(answer.all("#checks [name=source]", "value"), ["Dora", "witness"]);
    let errors = answer.all(".errors a", "href");
    assert!(answer.has(&format!("[id='{}'][name=seen]", &errors[0][1..])), "{errors:?}");

    let page = act(&mut ana, &answer, "answer-check", &[("check", GAP), ("seen", "38 s")]).await;
    let row = page.says("#checks");
    assert!(row.contains("alert-gap, largest during, ≤ 60 s 38 s Held") && row.contains("Not answered"), "{row}");
    let unknown = send(&mut ana, &page, "/runs/RUN-2/answer-check", &[("check", "x|during|max"), ("seen", "1")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_typed_into_a_form_that_is_gone_meanwhile_is_not_lost() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let before = started(&story, &mut ana).await;
    let page = act(&mut ana, &before, "begin-fault", &[]).await;
    act(&mut ana, &page, "abort", &[("reason", "people"), ("text", "the pager")]).await;
    // A tab that still shows the run as it was.
    let late = ana.post("/runs/RUN-2/abort", &[("reason", "tool"), ("text", "the injector hangs")]).await;
    assert_eq!((late.status, late.has("form[action$='/abort']")), (StatusCode::CONFLICT, false));
    let words = late.says(".errors");
    assert!(words.contains("is being aborted already") && words.contains("the injector hangs"), "{words}");
    let typed = send(&mut ana, &before, "/runs/RUN-2/observe", &[("text", "")]).await;
    assert_eq!(typed.all(".errors", "role").len(), 1, "a form that is still there says it itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_only_once_its_fault_did_and_its_after_checks_are_answered() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    assert!(page.says("#end").contains("after-checks without an answer: instance-back"), "{}", page.says("#end"));
    let page = act(&mut ana, &page, "begin-fault", &[]).await;
    assert!(page.says("#end").contains("still has its fault"), "{}", page.says("#end"));
    assert!(!page.has("form[action$='/finish']"));
    let early = ana.post("/runs/RUN-2/finish", &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let page = act(&mut ana, &page, "end-fault", &[]).await;
    story.world.clock.pass_ms(400_000);
    let page_now = ana.get("/runs/RUN-2").await;
    assert!(
        page_now.says("[aria-label='Now']").contains("past the deadline of 5 min"),
        "{}",
        page_now.says("[aria-label='Now']")
    );
    let page = act(&mut ana, &page, "fail-revert", &[("text", "zk-1 stays down")]).await;
    let page = act(&mut ana, &page, "finish", &[]).await;
    assert!(head(&page).contains("Finished"), "{}", head(&page));
    assert!(page.says("main").contains("Revert failed: zk-1 stays down"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_can_see_a_run_may_abort_it_with_nothing_but_a_reason() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    started(&story, &mut ana).await;
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    let page = vera.get("/runs/RUN-2").await;
    assert_eq!(page.all(ACTS, "action"), ["/runs/RUN-2/abort"], "the one thing a viewer can do");
    let none = send(&mut vera, &page, "/runs/RUN-2/abort", &[("text", "it burns")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.form("/runs/RUN-2/abort").contains(&("text".into(), "it burns".into())));
    assert!(none.has("#abort[open]"), "its form is seen");
    let page = act(&mut vera, &none, "abort", &[("reason", "own_effect"), ("text", "it burns")]).await;
    assert!(
        head(&page).contains("Reverting") && page.says(".log").contains("Aborted: own effect"),
        "{}",
        page.says(".log")
    );
    assert_eq!(vera.post("/runs/RUN-2/abort", &[("reason", "tool")]).await.status, StatusCode::CONFLICT);
    assert_eq!(vera.post("/runs/RUN-2/observe", &[("text", "x")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_run_is_written_down_with_its_own_times() {
    let story = Story::new().await;
    story.world.clock.pass_ms(24 * 3_600_000);
    let mut ana = story.browser().await;
    let page = ana.get("/runs/past?experiment=EXP-1").await;
    let typed = [("targets.0.name", "zk-2"), ("targets.0.hit", "on"), ("started_at", "2026-11-03T09:00")];
    let open = ana.fill(&page, "/runs/past", &typed).await;
    assert_eq!((open.status, open.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Record past run"));
    assert!(open.says(".errors").contains("Ended at: Is empty"), "{}", open.says(".errors"));
    let sent = ana.fill(&open, "/runs/past", &[("ended_at", "2026-11-03T09:10")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says(".errors"));
    let page = ana.get("/runs/RUN-2").await;
    assert!(head(&page).contains("Reverting"), "{}", head(&page));
    assert!(page.says(".log").contains("written"), "{}", page.says(".log"));
    let during = page.all(&format!("#checks form:has([value='{GAP}']) [name=at]"), "value");
    assert_eq!(during, ["2026-11-03T09:10"], "a value of a past run is not from now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_run_is_called_off_with_a_reason() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    ana.fill(&page, "/runs/plan", &[]).await;
    let page = ana.get("/runs/RUN-2").await;
    let silent = send(&mut ana, &page, "/runs/RUN-2/cancel", &[("text", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = act(&mut ana, &silent, "cancel", &[("text", "freeze until Monday")]).await;
    assert!(
        head(&page).contains("Cancelled") && page.says(".empty").contains("Ana called it off: freeze until Monday")
    );
    assert!(!page.has("main form"));
    assert_eq!(ana.post("/runs/RUN-2/start", &[]).await.status, StatusCode::CONFLICT);
    let cancelled = ana.get("/runs?execution=cancelled").await;
    assert!(cancelled.says("tbody").contains("RUN-2") && !cancelled.says("tbody").contains("RUN-1"));
    let running = ana.get("/runs?execution=running").await;
    assert!(running.says(".empty").contains("No runs here that are running"), "{}", running.says(".empty"));
    let older = ana.get("/runs?before=RUN-2").await;
    assert!(older.says("tbody").contains("RUN-1") && !older.says("tbody").contains("RUN-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_loads_itself_again_only_when_asked_to() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    assert!(!page.has("meta[http-equiv=refresh]"));
    assert!(page.all("main a", "href").contains(&"/runs/RUN-2?refresh=15".to_owned()));
    let watched = ana.get("/runs/RUN-2?refresh=15").await;
    assert_eq!(watched.all("head meta[http-equiv=refresh]", "content"), ["15"]);
    assert!(!ana.get("/runs/RUN-2?refresh=1").await.has("meta[http-equiv=refresh]"), "not every second");
    let note = |text: &'static str| [("text", text), ("kind", "expected")];
    let sent = send(&mut ana, &watched, "/runs/RUN-2/observe", &note("seen on the screen")).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2?refresh=15", "and it goes on after a form");
    let begun = send(&mut ana, &watched, "/runs/RUN-2/begin-fault", &[]).await;
    assert_eq!(begun.header("location"), "/runs/RUN-2?refresh=15");
    let refused = send(&mut ana, &watched, "/runs/RUN-2/observe", &note("lag\n/unexpcted")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.has("meta[http-equiv=refresh]"), "what came back is not dropped");
    let mended = send(&mut ana, &refused, "/runs/RUN-2/observe", &note("lag")).await;
    assert_eq!(mended.header("location"), "/runs/RUN-2?refresh=15");
    let other = send(&mut ana, &page, "/runs/RUN-2/observe", &note("from another page")).await;
    assert_eq!(other.header("location"), "/runs/RUN-2#o3");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_not_theirs_is_said() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    for path in ["/runs/RUN-9", "/runs/EXP-1", "/runs/x"] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ana.post("/runs/RUN-9/observe", &[("text", "x")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.post("/runs/x/observe", &[("text", "x")]).await.status, StatusCode::NOT_FOUND);
    let unknown = ana.post("/runs/RUN-1/amend", &[("text", "x"), ("verdict", "upheld")]).await;
    assert!(
        unknown.status == StatusCode::UNPROCESSABLE_ENTITY && unknown.says(".errors").contains("Is not known here")
    );
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    assert_eq!(vera.get("/runs/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(vera.get("/runs/past?experiment=EXP-1").await.status, StatusCode::FORBIDDEN);
    let closed = vera.get("/runs/RUN-1").await;
    assert!(closed.status == StatusCode::OK && !closed.has(ACTS));
    let mut nobody = story.world.browser();
    assert_eq!(nobody.post("/runs/RUN-1/amend", &[("text", "kept")]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_do_and_read_the_same() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    started(&story, &mut ana).await;
    let token = token(&mut ana, "all").await;
    let sent = call(&story.world, "POST", "/api/v1/runs/RUN-2/observe", &token, r#"{"text": "seen by a probe"}"#).await;
    assert_eq!((sent.status, sent.json()["number"].as_i64()), (StatusCode::CREATED, Some(1)));
    let refused = call(&story.world, "POST", "/api/v1/runs/RUN-2/finish", &token, "{}").await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (StatusCode::CONFLICT, Some("not_now")));
    let run = call(&story.world, "GET", "/api/v1/runs/run-2", &token, "").await.json();
    assert_eq!(run["observations"][0]["text"], "seen by a probe");
    assert_eq!((&run["run"]["execution"], &run["verdict"]), (&"running".into(), &serde_json::Value::Null));
    let list = call(&story.world, "GET", "/api/v1/runs?execution=finished", &token, "").await.json();
    assert_eq!((&list["runs"][0]["run"]["id"], &list["runs"][0]["verdict"]), (&"RUN-1".into(), &"refuted".into()));
    let strange = call(&story.world, "GET", "/api/v1/runs?execution=done", &token, "").await.json();
    assert_eq!((&strange["code"], &strange["fields"][0]["field"]), (&"unfit".into(), &"execution".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_asked_for_by_the_week_in_which_they_began() {
    const WEEKS: &str = "nav[aria-label='Runs by the week in which they began'] a";
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let weeks = ana.get("/runs?execution=finished").await.all(WEEKS, "href");
    let newest = "/runs?execution=finished&q=started%3A2026-W45";
    assert_eq!((weeks.len(), weeks.last().map(String::as_str)), (13, Some(newest)));
    let week = ana.get(newest).await;
    assert!(week.says("tbody").contains("RUN-1"), "{}", week.says("main"));
    assert_eq!(week.all(&format!("{WEEKS}[aria-current=page]"), "href"), [newest]);
    assert!(ana.get(&weeks[0]).await.says(".empty").contains("Nothing found"), "none began a quarter of a year ago");
    assert!(!ana.get("/runs?execution=aborted").await.has(WEEKS), "there is nothing to choose from");
}
