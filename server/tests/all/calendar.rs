//! The calendar's pages and forms: runs are moved, cadences set, addresses made, and read by programs.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use notebook::{
    freezes::drafts::Draft as FreezeDraft,
    services::{self, ServiceDraft},
    teams::drafts::Draft as TeamDraft,
};
use server::{rate::Limiter, router::router};

use crate::{
    story::Story,
    world::{Answer, Browser, World, answer},
};

/// RUN-2, planned for Friday, 27 November 2026, in the morning of UTC.
async fn planned(ana: &mut Browser) {
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    let sent = ana.fill(&page, "/runs/plan", &[("planned_at", "2026-11-27T09:00:00Z")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says("main"));
}

/// Two days and an hour, as Berlin has them.
fn sale() -> FreezeDraft {
    FreezeDraft {
        scope: "everything".into(),
        from: "2026-11-30T00:00:00Z".into(),
        until: "2026-12-02T00:00:00Z".into(),
        why: "sale".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_moved_in_the_calendar_and_on_its_own_page() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    planned(&mut ana).await;
    let month = "/calendar?view=month&from=2026-11-01";
    let page = ana.get(month).await;
    assert_eq!(page.says("h1"), "November 2026");
    assert!(page.says("#month").contains("RUN-2"), "{}", page.says("#month"));
    assert!(ana.get("/calendar").await.has("#month [aria-current=date]"), "today is told apart");
    let silent = ana.fill(&page, "/runs/RUN-2/move-to", &[("planned_at", "2026-11-30T10:00"), ("text", "")]).await;
    assert_eq!((silent.status, silent.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "November 2026"));
    assert!(silent.form("/runs/RUN-2/move-to").contains(&("planned_at".into(), "2026-11-30T10:00".into())));
    assert!(silent.has("details[open] form[action=\"/runs/RUN-2/move-to\"]"), "what came back is open");
    let sent = ana.fill(&silent, "/runs/RUN-2/move-to", &[("text", "release day")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, month));
    let week = ana.get("/calendar?view=week&from=2026-11-30").await;
    assert!(week.says("#week").contains("RUN-2"), "{}", week.says("#week"));
    let before = ana.get("/calendar?view=week&from=2026-11-23").await;
    assert!(before.says(".empty").starts_with("No runs this week"), "{}", before.says(".empty"));
    let own = ana.get("/runs/RUN-2").await;
    assert!(own.says("main").contains("moved the run to 30 Nov 2026"), "{}", own.says("main"));
    let sent = ana.fill(&own, "/runs/RUN-2/move-to", &[("planned_at", "2026-12-01T10:00"), ("text", "again")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says("main"));
    for (view, heading) in
        [("month", "December 2026"), ("agenda", "1 December 2026 to 28 December 2026"), ("strange", "December 2026")]
    {
        let page = ana.get(&format!("/calendar?view={view}&from=2026-12-01")).await;
        assert_eq!((page.status, page.says("h1").as_str()), (StatusCode::OK, heading));
        assert!(page.says("main").contains("RUN-2"), "{view}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_shaded_and_say_so_and_conflicts_stand_on_theirs() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    planned(&mut ana).await;
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    ana.fill(&page, "/runs/plan", &[("planned_at", "2026-11-27T09:00:00Z")]).await;
    let team = TeamDraft {
        name: "Data platform".into(),
        zone: "Europe/Berlin".into(),
        friday: "09:00–17:00".into(),
        holidays: vec!["2026-12-04 Saint Barbara".into()],
        ..TeamDraft::default()
    };
    notebook::teams::acts::write(&story.world.system(), &team).await.unwrap();
    notebook::freezes::acts::set(&story.ana, &sale()).await.unwrap();
    for view in ["month", "week"] {
        let page = ana.get(&format!("/calendar?view={view}&from=2026-11-27")).await;
        let friday = "[data-date=\"2026-11-27\"]";
        let says = page.says(friday);
        assert!(says.contains("09:00–17:00 (Europe/Berlin)"), "{view}: {says}");
        assert!(says.contains("RUN-2 and RUN-3 overlap"), "{view}: {says}");
        assert!(page.has(&format!("{friday} svg[aria-hidden=true] rect")), "{view}: its hours are drawn");
        let saturday = "[data-date=\"2026-11-28\"][data-day=rest]";
        assert!(page.says(saturday).contains("No working day"), "{view}: {}", page.says(saturday));
        assert!(!page.says(saturday).contains("overlap"), "{view}: that was yesterday");
        let said = page.all(saturday, "data-says");
        assert_eq!(said, ["Saturday, 28 November 2026; No working day"], "{view}");
    }
    let page = ana.get("/calendar?view=month&from=2026-12-01").await;
    for (date, kind, says) in [
        ("2026-12-01", "rest frozen", "Frozen: everything"),
        ("2026-12-02", "rest frozen", "Frozen 00:00–01:00: everything"),
        ("2026-12-04", "rest", "Holiday of data-platform"),
    ] {
        let day = format!("[data-date=\"{date}\"][data-day=\"{kind}\"]");
        assert!(page.says(&day).contains(says), "{date}: {}", page.says("#month"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_is_postponed_in_the_calendar_and_one_stays_there() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/experiments/EXP-1/cadence").await;
    let set = [("at", "10:00"), ("zone", "UTC"), ("from", "2026-12-01")];
    ana.fill(&page, "/experiments/EXP-1/cadence", &set).await;
    let week = "/calendar?view=week&from=2026-12-01";
    let page = ana.get(week).await;
    assert_eq!(page.all("#week [data-moves]", "data-moves"), ["EXP-1, slot of 2026-12-01"]);
    let said = [("to", "2026-12-02T10:00"), ("text", "")];
    let silent = ana.fill(&page, "/experiments/EXP-1/cadence/postpone", &said).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.has("#week details[open] form[action$=\"/postpone\"]"), "what came back is open");
    let sent = ana.fill(&silent, "/experiments/EXP-1/cadence/postpone", &[("text", "Mira is away")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, week), "{}", sent.says("main"));
    let page = ana.get(week).await;
    assert!(page.says("[data-date=\"2026-12-02\"]").contains("Mira is away"), "{}", page.says("#week"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_is_said_beside_the_time_before_a_run_is_moved_into_it() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    planned(&mut ana).await;
    notebook::freezes::acts::set(&story.ana, &sale()).await.unwrap();
    let (month, door) = ("/calendar?view=month&from=2026-11-01", "/runs/RUN-2/move-to");
    let page = ana.get(month).await;
    assert!(!page.has("button[name=anyway]"), "nobody asked yet");
    let typed = [("planned_at", "2026-11-30T10:00"), ("text", "release day")];
    let asked = ana.fill(&page, door, &typed).await;
    assert_eq!((asked.status, asked.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "November 2026"));
    let says = asked.says("#runs-run-2-move-to-planned-at-error");
    assert!(says.contains("freeze: everything is frozen") && says.contains("sale"), "{says}");
    assert_eq!(asked.says("#runs-run-2-move-to-anyway"), "Move anyway");
    assert!(asked.form(door).contains(&("text".into(), "release day".into())), "the reason is kept");
    assert!(!ana.get("/runs/RUN-2").await.says("main").contains("moved the run"), "nothing was saved");
    let sent = ana.fill(&asked, door, &[("anyway", "on")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, month), "{}", sent.says("main"));
    let own = ana.get("/runs/RUN-2").await.says("main");
    assert!(own.contains("moved the run to 30 Nov 2026") && own.contains("though freeze: everything"), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cadence_is_set_its_slots_skipped_postponed_and_planned() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/experiments/EXP-1/cadence").await;
    assert!(page.says(".empty").starts_with("No cadence"), "{}", page.says(".empty"));
    let door = "/experiments/EXP-1/cadence";
    let typed = [("at", "25:00"), ("zone", "UTC"), ("from", "2026-12-01")];
    let refused = ana.fill(&page, door, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says(".errors").contains("Takes a time of day such as 10:00"), "{}", refused.says(".errors"));
    assert!(refused.form(door).contains(&("at".into(), "25:00".into())));
    let sent = ana.fill(&refused, door, &[("at", "10:00")]).await;
    assert_eq!(sent.header("location"), door, "{}", sent.says("main"));
    let page = ana.get(door).await;
    assert!(page.says("main").contains("every week on Tuesday at 10:00 (UTC)"), "{}", page.says("main"));
    assert!(page.says("#slots").contains("2026-12-01"), "{}", page.says("#slots"));
    let stale = ana.fill(&refused, door, &[("at", "11:00")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let said = [("date", "2026-12-01"), ("text", "release day")];
    let sent = ana.post("/experiments/EXP-1/cadence/skip", &said).await;
    assert_eq!(sent.header("location"), door, "{}", sent.says("main"));
    let said = [("date", "2026-12-08"), ("to", "2026-12-09T10:00"), ("text", "")];
    let silent = ana.post("/experiments/EXP-1/cadence/postpone", &said).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = [("date", "2026-12-08"), ("to", "2026-12-09T10:00"), ("text", "Mira is away")];
    assert_eq!(ana.post("/experiments/EXP-1/cadence/postpone", &said).await.status, StatusCode::SEE_OTHER);
    let sent = ana.post("/experiments/EXP-1/cadence/plan", &[("date", "2026-12-15")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says("main"));
    let slots = ana.get(door).await.says("#slots");
    for words in ["Skipped release day", "Postponed Mira is away", "RUN-2"] {
        assert!(slots.contains(words), "{words}: {slots}");
    }
    let calendar = ana.get("/calendar?view=month&from=2026-12-01").await.says("#month");
    assert!(calendar.contains("release day") && calendar.contains("RUN-2"), "{calendar}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cadence_says_what_it_promises_and_begins_with_the_clock_of_the_team() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let door = "/experiments/EXP-1/cadence";
    let system = story.world.system();
    let nepal = TeamDraft {
        name: "Nepal".into(),
        zone: "Asia/Kathmandu".into(),
        tuesday: "09:00–17:00".into(),
        ..TeamDraft::default()
    };
    notebook::teams::acts::write(&system, &nepal).await.unwrap();
    let zookeeper = services::acts::show(&system, "zookeeper").await.unwrap().service;
    let owned = ServiceDraft { team: "nepal".into(), ..ServiceDraft::from_service(&zookeeper) };
    services::acts::edit(&system, "zookeeper", &owned).await.unwrap();
    let page = ana.get(door).await;
    assert!(page.form(door).contains(&("zone".into(), "Asia/Kathmandu".into())), "{:?}", page.form(door));
    let refused = ana.fill(&page, door, &[("promise_days", "often")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let says = refused.says("#experiments-exp-1-cadence-promise-days-error");
    assert!(says.contains("whole number from 1 to 366, or nothing"), "{says}");
    assert!(refused.form(door).contains(&("promise_days".into(), "often".into())), "what was typed is kept");
    let sent = ana.fill(&refused, door, &[("promise_days", "3")]).await;
    assert_eq!(sent.header("location"), door, "{}", sent.says("main"));
    let page = ana.get(door).await;
    let words = "every week on Tuesday at 10:00 (Asia/Kathmandu), with a valid run every 3 days";
    assert!(page.says("main").contains(words), "{}", page.says("main"));
    assert!(page.form(door).contains(&("promise_days".into(), "3".into())), "{:?}", page.form(door));
}

/// Without a cookie, as another calendar asks.
async fn ask(world: &World, path: &str, tag: &str) -> Answer {
    let request = Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    world.browser().send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_calendar_reads_a_secret_address_until_it_is_renewed() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    planned(&mut ana).await;
    let page = ana.get("/calendar/subscriptions").await;
    let made = ana.fill(&page, "/calendar/subscriptions", &[("of", "service:zookeeper")]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.says("main"));
    let address = made.says("[role=status] code");
    let path = address.strip_prefix("http://127.0.0.1:7340").unwrap_or(&address).to_owned();
    let read = ask(&story.world, &path, "").await;
    assert_eq!((read.status, read.header("content-type")), (StatusCode::OK, "text/calendar; charset=utf-8"));
    assert_eq!(read.header("cache-control"), "private, no-cache", "or nobody would have its tag");
    let text = read.text();
    for line in
        ["X-WR-CALNAME:Retrial: the service zookeeper\r\n", "DTSTART:20261127T090000Z\r\n", "STATUS:CONFIRMED\r\n"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(ask(&story.world, &path, read.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    let page = ana.get("/calendar/subscriptions").await;
    assert!(!page.text().contains(&path), "it is shown once");
    let renewed = ana.fill(&page, "/calendar/subscriptions/1/renew", &[]).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.says("main"));
    assert_eq!(ask(&story.world, &path, "").await.status, StatusCode::NOT_FOUND);
    for strange in ["/calendar/nothing.ics", "/calendar/.ics", "/calendar/nothing"] {
        assert_eq!(ask(&story.world, strange, "").await.status, StatusCode::NOT_FOUND, "{strange}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_calendars_too_often_waits_and_nobody_else_does() {
    let world = World::new().await;
    // The one of logins gives a try back so seldom that none comes back in this test.
    let mut state = world.state.clone();
    state.calendars = Arc::new(Limiter::of_logins());
    let (calendars, router) = (state.calendars.clone(), router(state));
    let ask = async |address: &str| {
        let address: SocketAddr = format!("{address}:4000").parse().unwrap();
        let mut request = Request::get("/calendar/nothing.ics").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        answer(&router, request).await
    };
    let here = "192.0.2.1".parse().unwrap();
    assert_eq!(ask("192.0.2.1").await.status, StatusCode::NOT_FOUND);
    while calendars.check(here).is_ok() {}
    let refused = ask("192.0.2.1").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(["1", "2", "3"].contains(&refused.header("retry-after")), "{}", refused.header("retry-after"));
    assert!(refused.text().contains("Too many tries."), "{}", refused.text());
    assert_eq!(ask("192.0.2.2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.state.limiter.check(here), Ok(()), "they sign in as they like");
}
