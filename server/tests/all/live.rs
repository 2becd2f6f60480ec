//! The pre-flight and the live page: what stands on them, what their forms do, and who sees which.

use axum::http::StatusCode;
use notebook::{
    actor::Role,
    experiments::{self, Draft},
    id::Id,
    runs,
    time::{Moment, Zone},
};

use crate::{
    plan::{check, restart_one_zookeeper},
    programs::{call, token},
    story::{GAP, Story},
    world::{Answer, Browser},
};

async fn ben(story: &Story) -> Browser {
    let mut browser = story.world.browser();
    browser.sign_in("Ben").await;
    browser
}

/// RUN-2, planned on zk-1, with Ana as its Owner and Ben as its Observer.
async fn ready(story: &Story, ana: &mut Browser) -> Answer {
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    ana.fill(&page, "/runs/plan", &[("targets.0.name", "zk-1"), ("targets.0.hit", "on")]).await;
    story.ready(Id::of(2)).await;
    ana.get("/runs/RUN-2").await
}

/// RUN-2, started.
async fn started(story: &Story, ana: &mut Browser) -> Answer {
    ready(story, ana).await;
    started_from_its_page(ana).await
}

/// RUN-2, started, by a plan of its own.
async fn of_its_own(story: &Story, ana: &mut Browser, plan: &Draft) {
    let experiment = experiments::acts::create(&story.ana, plan).await.unwrap().id;
    experiments::acts::request_review(&story.ana, experiment).await.unwrap();
    experiments::acts::approve(&story.ben, experiment, 1, "").await.unwrap();
    let page = ana.get(&format!("/runs/new?experiment={experiment}")).await;
    ana.fill(&page, "/runs/plan", &[("targets.0.name", "zk-1"), ("targets.0.hit", "on")]).await;
    story.ready(Id::of(2)).await;
    started_from_its_page(ana).await;
}

async fn started_from_its_page(ana: &mut Browser) -> Answer {
    let page = ana.get("/runs/RUN-2").await;
    let sent = ana.fill(&page, "/runs/RUN-2/start", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    ana.get("/runs/RUN-2").await
}

/// Does something on RUN-2 that has to work, and shows its page again.
async fn act(browser: &mut Browser, word: &str, typed: &[(&str, &str)]) -> Answer {
    let sent = browser.post(&format!("/runs/RUN-2/{word}"), typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{word}: {}", sent.says(".errors"));
    browser.get("/runs/RUN-2").await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_says_go_or_no_go_and_a_no_go_keeps_the_run() {
    let story = Story::new().await;
    let (mut ana, mut ben) = (story.browser().await, ben(&story).await);
    let page = ready(&story, &mut ana).await;
    assert!(page.has("#live[data-of=plan] leptos-island"), "it follows what others say");
    let poll = page.says("#poll tbody");
    assert!(poll.contains("Owner Ana Not said") && poll.contains("Observer Ben Not said"), "{poll}");

    let silent = ben.post("/runs/RUN-2/answer-poll", &[("part", "observer"), ("says", "no_go"), ("text", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.says("#poll .errors").contains("say why it is no go"), "{}", silent.says("#poll"));
    let why = [("part", "observer"), ("says", "no_go"), ("text", "The dashboard is blank")];
    let said = ben.post("/runs/RUN-2/answer-poll", &why).await;
    assert_eq!(said.header("location"), "/runs/RUN-2#poll");
    let page = act(&mut ana, "answer-poll", &[("part", "owner"), ("says", "go")]).await;
    let poll = page.says("#poll tbody");
    assert!(poll.contains("Owner Ana Go") && poll.contains("Observer Ben No-go The dashboard is blank"), "{poll}");
    let asked = page.says("#gate li[data-check=go_no_go]");
    assert!(asked.starts_with("Ask Go or no-go : the Observer says no-go"), "{asked}");

    let waits = ana.fill(&page, "/runs/RUN-2/start", &[]).await;
    assert_eq!(waits.status, StatusCode::CONFLICT);
    assert!(waits.says(".errors").contains("The dashboard is blank"), "{}", waits.says(".errors"));
    ben.post("/runs/RUN-2/answer-gate", &[("check", "go_no_go"), ("text", "Another dashboard shows it.")]).await;
    let page = ana.get("/runs/RUN-2").await;
    let sent = ana.fill(&page, "/runs/RUN-2/start", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let kept = ana.get("/runs/RUN-2").await.says("#gate");
    assert!(kept.contains("Ben answered: Another dashboard shows it."), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_both_ways_is_a_list_with_who_looked() {
    let story = Story::new().await;
    let (mut ana, mut ben) = (story.browser().await, ben(&story).await);
    ready(&story, &mut ana).await;
    let page = ben.get("/runs/RUN-2").await;
    assert_eq!(page.all("#looks li", "data-look"), ["incidents", "changes", "others", "dashboards", "revert"]);
    assert!(page.says("[data-look=incidents]").contains("Ben"), "who looked before: {}", page.says("#looks li"));
    let changes = page.says("[data-look=changes]");
    assert!(changes.starts_with("Not looked at"), "{changes}");
    let sent = ben
        .fill(&page, "/runs/RUN-2/look-both-ways", &[("looks.0.sight", "clear"), ("looks.1.sight", "not_clear")])
        .await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.form("/runs/RUN-2/look-both-ways").contains(&("looks.0.sight".into(), "clear".into())));
    let sent = ben.fill(&sent, "/runs/RUN-2/look-both-ways", &[("looks.1.text", "a deploy until 11")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2#looks", "{}", sent.says(".errors"));
    let page = ana.get("/runs/RUN-2").await;
    let (first, second) = (page.says("[data-look=incidents]"), page.says("[data-look=changes]"));
    assert!(first.starts_with("Clear Incidents here and nearby") && first.contains("Ben"), "{first}");
    assert!(second.starts_with("Not clear") && second.contains("a deploy until 11"), "{second}");
    assert!(page.says("#looks").contains("A look for incidents counts for 1 h;"), "{}", page.says("#looks"));
    story.world.clock.pass_ms(61 * 60_000);
    let page = ana.get("/runs/RUN-2").await;
    let (first, second) = (page.says("[data-look=incidents]"), page.says("[data-look=changes]"));
    assert!(first.starts_with("Clear, too long ago Incidents here and nearby"), "the gate does not take it: {first}");
    assert!(second.starts_with("Not clear"), "{second}");
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    let page = vera.get("/runs/RUN-2").await;
    assert!(page.has("#looks") && page.has("#poll") && page.all("main form", "action").is_empty(), "only looks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_reads_a_run_in_the_zone_it_chose_and_keeps_single_keys_off() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let bar = "[aria-label='Now']";
    let page = started(&story, &mut ana).await;
    assert!(page.says("#zones").starts_with("Times of day in Yours: Europe/Berlin"), "{}", page.says("#zones"));
    let day = page.says("#log .clock");
    let (utc, own) = ([("zone", "UTC"), ("next", "/runs/RUN-2")], [("zone", "own"), ("next", "/runs/RUN-2")]);
    let sent = ana.post("/reading", &utc).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/runs/RUN-2"));
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says(bar).contains(" UTC."), "{}", page.says(bar));
    assert_ne!(page.says("#log .clock"), day, "the timeline is read in it as well");
    assert_eq!(page.all("#zones button", "value"), ["own"]);
    assert!(ben(&story).await.get("/runs/RUN-2").await.says("#zones").contains("Yours"), "another browser has its own");
    ana.post("/reading", &own).await;
    assert_eq!(ana.get("/runs/RUN-2").await.says("#log .clock"), day);

    for (keys, offers) in [("off", ["on", "held"]), ("held", ["on", "off"]), ("on", ["off", "held"])] {
        ana.post("/reading", &[("keys", keys), ("next", "/profile")]).await;
        assert_eq!(ana.get("/runs/RUN-2").await.all("#live-keys button", "value"), offers);
        assert_eq!(ana.get("/profile").await.all("#keys button", "value"), offers);
    }
    let away = ana.post("/reading", &[("keys", "off"), ("next", "https://example.org/")]).await;
    assert_eq!(away.header("location"), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_typed_in_the_zone_in_which_the_run_is_read() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    assert!(!page.has("[name=_zone]") && !page.has("#observe [name=zone]"), "one's own needs no saying");
    assert!(
        page.says("#observe details:has([name=at])").contains("14:03 in your own zone"),
        "{}",
        page.says("#observe")
    );
    story.world.clock.pass_ms(600_000);
    ana.post("/reading", &[("zone", "UTC"), ("next", "/runs/RUN-2")]).await;
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("#observe details:has([name=at])").contains("14:03 in UTC"), "{}", page.says("#observe"));
    let local = story.world.notebook.now().plus_minutes(-2).local_input(&Zone::utc());
    let (_, clock) = local.split_once('T').unwrap();
    let typed = Moment::from_local(&local, &Zone::utc());
    for (act, field, text) in [("begin-fault", "at", clock.to_owned()), ("observe", "text", format!("/t {clock} seen"))]
    {
        let sent = ana.fill(&page, &format!("/runs/RUN-2/{act}"), &[(field, &text)]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{act}: {}", sent.says(".errors"));
    }
    let shown = runs::acts::show(&story.ana, Id::of(2)).await.unwrap();
    assert_eq!(shown.facts.fault_started, typed);
    assert_eq!(shown.observations.last().map(|seen| seen.at), typed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bar_holds_phase_abort_and_the_next_mark() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    let bar = "[aria-label='Now']";
    assert!(page.says(bar).contains("Started 00:00 ago"), "{}", page.says(bar));
    assert!(page.has(&format!("{bar} #abort")) && page.has(&format!("{bar} a[href='#observe']")));
    assert_eq!(page.all(&format!("{bar} form"), "action")[0], "/runs/RUN-2/begin-step");
    assert!(page.says("#method").contains("To do 1. restart"), "{}", page.says("#method"));
    let page = act(&mut ana, "begin-step", &[("number", "1")]).await;
    assert!(page.says("#method").contains("Under way 1. restart"), "{}", page.says("#method"));
    assert!(page.says(".log").contains("Step 1 began: restart. Ana"), "{}", page.says(".log"));
    act(&mut ana, "begin-fault", &[]).await;
    story.world.clock.pass_ms(41_000);
    let page = act(&mut ana, "end-step", &[("number", "1")]).await;
    assert!(page.says("#method").contains("Done 1. restart"), "{}", page.says("#method"));
    assert!(page.says("#method").contains("done T+00:41 Ana"), "{}", page.says("#method"));
    let again = ana.post("/runs/RUN-2/end-step", &[("number", "1")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    act(&mut ana, "end-fault", &[]).await;
    story.world.clock.pass_ms(10_000);
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says(bar).contains("Reverting for 00:10") && page.says("#now").contains("Reverting for 10 s"));
    assert!(!page.has("[data-prompt=revert]"));
    let page = act(&mut ana, "answer-check", &[("check", "instance-back|after|every"), ("seen", "held")]).await;
    assert!(page.says(bar).contains("After the fault"), "{}", page.says(bar));
    assert!(page.says("#now").contains("Time to revert: 10 s."), "{}", page.says("#now"));
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_are_watched_in_one_table_and_the_timeline_has_lanes() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = started(&story, &mut ana).await;
    let watched = page.says("#watched tbody");
    assert!(watched.contains("alert-gap, during, largest ≤ 60 s Not due yet"), "{watched}");
    act(&mut ana, "begin-fault", &[]).await;
    story.world.clock.pass_ms(60_000);
    let page = act(&mut ana, "answer-check", &[("check", GAP), ("seen", "38 s"), ("source", "customer count")]).await;
    let row = page.says(&format!("#watched [data-check='{GAP}']"));
    assert!(row.contains("38 s Held") && row.contains("T+01:00, customer count"), "{row}");
    act(&mut ana, "observe", &[("text", "zk-1 is back")]).await;
    let page = act(&mut ana, "deviate", &[("text", "Two were restarted")]).await;
    for (lane, words) in [
        ("Injected", "Fault began."),
        ("Observed", "zk-1 is back"),
        ("Steady state", "38 s"),
        ("People", "Deviation 1: Two were restarted"),
    ] {
        let table = page.says("#lanes-table tbody");
        assert!(table.contains(lane) && table.contains(words), "{lane}: {table}");
    }
    assert!(page.has("#lanes svg[role=img] circle[data-family]") && page.has("#live-said[role=status]"));
    assert!(page.has("#log [role=log][aria-live=off][aria-label='Timeline of RUN-2'] > ol.log > li"));
    let deviations = page.says("#deviations");
    assert!(deviations.contains("As it stands this run is a different experiment"), "{deviations}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deviation_says_what_it_does_to_the_run_until_it_is_closed_and_after() {
    let story = Story::new().await;
    let (mut ana, mut ben) = (story.browser().await, ben(&story).await);
    started(&story, &mut ana).await;
    act(&mut ana, "begin-step", &[("number", "1")]).await;
    act(&mut ana, "begin-fault", &[]).await;
    let page = act(&mut ana, "end-fault", &[]).await;
    assert!(page.says("[data-strays]").contains("step 1 was not marked as done"), "{}", page.says("#deviations"));
    act(&mut ana, "deviate", &[("text", "Two were restarted")]).await;
    let ruled = [("number", "1"), ("ruling", "context"), ("reason", "The second was a spare")];
    act(&mut ana, "answer-check", &[("check", "instance-back|after|every"), ("seen", "held")]).await;
    let page = act(&mut ana, "finish", &[]).await;
    assert!(page.says("#deviations").contains("different experiment"), "{}", page.says("#deviations"));
    assert!(page.says("aside").contains("It deviated from its own plan"), "{}", page.says("aside"));
    assert_eq!(ana.post("/runs/RUN-2/rule-deviation", &ruled).await.status, StatusCode::CONFLICT, "the runner");
    let page = act(&mut ben, "rule-deviation", &ruled).await;
    assert!(page.says("#deviations").contains("still the same experiment"), "{}", page.says("#deviations"));
}

#[tokio::test(flavor = "multi_thread")]
async fn past_its_deadline_a_revert_calls_everybody() {
    let story = Story::new().await;
    let (mut ana, mut ben) = (story.browser().await, ben(&story).await);
    started(&story, &mut ana).await;
    act(&mut ana, "begin-fault", &[]).await;
    act(&mut ana, "abort", &[("reason", "people")]).await;
    story.world.clock.pass_ms(301_000);
    let page = ben.get("/runs/RUN-2").await;
    let said = page.says("#prompts [data-prompt=revert]");
    assert!(said.starts_with("The revert is past the deadline of 5 min"), "{said}");
    assert!(!page.says("#prompts").contains("Consider aborting"), "that was done");
    let bar = page.says("[aria-label='Now']");
    assert!(bar.contains("Reverting for 05:01") && bar.contains("past the deadline of 5 min"), "{bar}");
    assert!(!bar.contains("reason to abort"), "{bar}");
    let token = token(&mut ben, "read").await;
    let told = call(&story.world, "GET", "/api/v1/runs/RUN-2", &token, "").await.json();
    assert_eq!((&told["prompts"][0]["about"], &told["prompts"][0]["urges"]), (&"revert".into(), &true.into()));
    assert_eq!(runs::acts::remind(&story.world.system()).await.unwrap().reminded, 1);
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says(".log").contains("The revert is past the deadline of 5 min."), "{}", page.says(".log"));
    let page = act(&mut ana, "answer-check", &[("check", "instance-back|after|every"), ("seen", "held")]).await;
    assert!(!page.has("[data-prompt=revert]"), "it is well again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_looks_at_no_way_back_calls_nobody_to_it() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let mut plan = restart_one_zookeeper();
    plan.checks.truncate(1);
    of_its_own(&story, &mut ana, &plan).await;
    act(&mut ana, "begin-fault", &[]).await;
    act(&mut ana, "end-fault", &[]).await;
    story.world.clock.pass_ms(301_000);
    let page = ana.get("/runs/RUN-2").await;
    let bar = page.says("[aria-label='Now']");
    assert!(bar.contains("After the fault") && !page.has("[data-prompt=revert]"), "{bar}");
    let now = page.says("#now");
    assert!(now.contains("No check looks at the way back, so the time to revert is unknown."), "{now}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dashboards_of_the_services_are_one_press_away_before_and_while_it_goes_on() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let edit = ana.get("/services/zookeeper/edit").await;
    let link = [("links.0.title", "Alert gap"), ("links.0.url", "https://grafana.example.org/d/gap")];
    let sent = ana.fill(&edit, "/services/zookeeper/edit", &link).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    for page in [ready(&story, &mut ana).await, started_from_its_page(&mut ana).await] {
        assert_eq!(page.all("#links a", "href"), ["https://grafana.example.org/d/gap"]);
        assert!(page.says("#links").contains("Alert gap of zookeeper"), "{}", page.says("#links"));
    }
    assert!(!ana.get("/runs/RUN-1").await.has("#links"), "it has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_is_a_reason_to_abort_that_the_bar_counts() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let bar = "[aria-label='Now']";
    let page = started(&story, &mut ana).await;
    assert!(!page.says(bar).contains("reason to abort"), "{}", page.says(bar));
    let ben = story.ben.person_id().unwrap().0.to_string();
    let page = act(&mut ana, "attend", &[("person", &ben), ("parts.0", "observer")]).await;
    assert!(page.says(bar).contains("1 reason to abort"), "{}", page.says(bar));
    let why = page.says("#prompts [data-prompt=quorum]");
    assert!(page.has(&format!("{bar} a[href='#prompts']")) && why.contains("not enough people"), "{why}");
    for reason in ["open", "people"] {
        let page = act(&mut ana, "abort", &[("reason", reason)]).await;
        assert!(!page.says(bar).contains("reason to abort"), "it is being aborted, {reason}");
        assert!(!page.has("#prompts"), "{reason}: {}", page.says("#prompts"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_once_the_fault_began_is_no_steady_state_of_before() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let mut plan = restart_one_zookeeper();
    plan.checks = vec![check("instances-up", "before", "last", ">=", "5", ""), plan.checks.remove(0)];
    of_its_own(&story, &mut ana, &plan).await;
    act(&mut ana, "begin-fault", &[]).await;
    story.world.clock.pass_ms(60_000);

    let typed = [("check", "instances-up|before|last"), ("seen", "4"), ("source", "Dora")];
    let late = ana.post("/runs/RUN-2/answer-check", &typed).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.says(".errors").contains("Lies after the fault began"), "{}", late.says(".errors"));
    assert_eq!(late.all("#checks [name=seen]", "value"), ["4", ""], "nothing typed is lost");
    assert!(late.says("#checks").contains("The fault has begun: say at which other time"), "{}", late.says("#checks"));
    let page = act(&mut ana, "observe", &[("text", "/metric instances-up=4")]).await;
    let row = page.says("#watched [data-check='instances-up|before|last']");
    assert!(row.contains("Not answered"), "{row}");
    assert!(page.says(".log").contains("instances-up = 4"), "{}", page.says(".log"));
    let page = act(&mut ana, "answer-check", &[&typed[..], &[("at", "-2m")]].concat()).await;
    let row = page.says("#watched [data-check='instances-up|before|last']");
    assert!(row.contains("4 Failed"), "{row}");
}
