//! Watching a run: every line, in order, once, at whichever server it was written.

use axum::http::StatusCode;
use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place},
    desk::{Desk, Notebook},
    experiments::{self, Draft},
    freezes,
    id::RunId,
    limits::{WATCH_BEHIND_MAX, WATCHERS_OF_A_PERSON_MAX},
    people::{TokenDraft, acts as of_people},
    runs::{
        acts,
        drafts::{AbortDraft, AtDraft, ObservationDraft, PlanDraft, StartDraft, TargetDraft},
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};

use crate::{
    plan::restart_one_zookeeper,
    ready::make_ready,
    watching::{By, Stream, Told, asked},
    world::World,
};

/// A notebook in which a fault is under way.
struct Live {
    world: World,
    ana: Desk,
    run: RunId,
    /// Where its events are.
    path: String,
    token: String,
}

impl Live {
    async fn new() -> Self {
        Self::on(World::new().await).await
    }

    async fn on(world: World) -> Self {
        let [ana, ben] = [("Ana", Role::Admin), ("Ben", Role::Contributor)];
        let [ana, ben] = [desk(&world, ana).await, desk(&world, ben).await];
        let production =
            EnvironmentDraft { name: "production".into(), class: "other".into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&world.system(), &production).await.unwrap();
        services::acts::add(&ana, &ServiceDraft { name: "zookeeper".into(), ..ServiceDraft::default() }).await.unwrap();
        let plan = Draft { services: vec!["zookeeper".into()], ..restart_one_zookeeper() };
        let experiment = experiments::acts::create(&ana, &plan).await.unwrap().id;
        experiments::acts::request_review(&ana, experiment).await.unwrap();
        experiments::acts::approve(&ben, experiment, 1, "").await.unwrap();
        let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
        let run = acts::plan(&ana, &plan).await.unwrap().id;
        make_ready(&ana, &ben, run).await.unwrap();
        let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
        acts::start(&ana, run, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
        acts::begin_fault(&ana, run, &AtDraft::default()).await.unwrap();
        let draft = TokenDraft { name: "watch".into(), scope: "read".into(), days: String::new() };
        let (_, token) = of_people::make_token(&ana, &draft).await.unwrap();
        Self { world, ana, run, path: format!("/api/v1/runs/{run}/events"), token }
    }

    async fn watch(&self, last: Option<i64>) -> Stream {
        Stream::open(&self.world, &self.path, By::Token(&self.token), last).await
    }

    /// The numbers of all lines, as the trail has them.
    async fn seqs(&self) -> Vec<i64> {
        acts::show(&self.ana, self.run).await.unwrap().history.iter().map(|line| line.seq).collect()
    }
}

async fn desk(world: &World, (name, role): (&str, Role)) -> Desk {
    world.notebook.desk(Actor::Person(world.person(name, role).await.as_person()), Via::Form)
}

async fn observe(desk: &Desk, run: RunId, text: &str) {
    let draft = ObservationDraft { text: text.into(), ..ObservationDraft::default() };
    acts::observe(desk, run, &draft).await.unwrap();
}

fn ids(lines: &[Told]) -> Vec<i64> {
    lines.iter().map(|line| line.id.unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_come_from_the_last_one_that_is_known_and_go_on_as_they_are_written() {
    let live = Live::new().await;
    let all = live.seqs().await;
    let mut stream = live.watch(Some(0)).await;
    assert_eq!(ids(&stream.lines(all.len()).await), all);

    observe(&live.ana, live.run, "node 2 back").await;
    let line = stream.next_named("").await;
    assert_eq!((line.data["act"].as_str(), line.data["by"].as_str()), (Some("observed"), Some("Ana")));
    assert_eq!(line.data["body"]["text"], "node 2 back");
    assert_eq!((line.data["object"].as_str(), line.data["seq"].as_i64()), (Some("RUN-1"), line.id));

    // Who knows nothing hears what comes; who names a line in the address goes on behind it.
    let mut now = live.watch(None).await;
    let address = format!("{}?after={}", live.path, all[2]);
    let mut after = Stream::open(&live.world, &address, By::Token(&live.token), None).await;
    observe(&live.ana, live.run, "and stays").await;
    assert_eq!(now.next_named("").await.data["body"]["text"], "and stays");
    let newest = live.seqs().await;
    assert_eq!(ids(&after.lines(newest.len() - 3).await), newest[3..]);
    // A browser that comes back has the address it began with, and knows more.
    let again = Stream::open(&live.world, &address, By::Token(&live.token), newest.get(newest.len() - 2).copied());
    assert_eq!(again.await.next_named("").await.id, newest.last().copied());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_look_or_asks_for_nothing_is_told() {
    let live = Live::new().await;
    for (path, by, status) in [
        (live.path.clone(), By::Nobody, StatusCode::UNAUTHORIZED),
        ("/api/v1/runs/RUN-99/events".into(), By::Token(&live.token), StatusCode::NOT_FOUND),
        (format!("{}?after=x", live.path), By::Token(&live.token), StatusCode::UNPROCESSABLE_ENTITY),
        (format!("{}?since=1", live.path), By::Token(&live.token), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(asked(&live.world, &path, by, None).await.status(), status, "{path}");
    }
    // A line that is not there yet: somebody carried an older notebook back.
    let mut stream = live.watch(Some(1_000_000)).await;
    let gap = stream.next_named("gap").await;
    observe(&live.ana, live.run, "after the gap").await;
    let line = stream.next_named("").await;
    assert!(line.id > gap.id, "{line:?} {gap:?}");
}

/// Many write at once, through every server there is; everybody hears all of it in the order of the trail.
async fn in_order(live: &Live, other: &World) {
    const WRITERS: usize = 8;
    const EACH: usize = 20;
    let known = live.seqs().await.last().copied();
    let mut streams = Vec::new();
    for world in [&live.world, other, other] {
        streams.push(Stream::open(world, &live.path, By::Token(&live.token), known).await);
    }
    let mut writing = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let world = if writer % 2 == 0 { &live.world } else { other };
        let (desk, run) = (world.notebook.desk(live.ana.actor.clone(), Via::Api), live.run);
        writing.spawn(async move {
            for number in 0..EACH {
                observe(&desk, run, &format!("{writer} {number}")).await;
            }
        });
    }
    let mut heard = Vec::new();
    for stream in &mut streams {
        heard.push(ids(&stream.lines(WRITERS * EACH).await));
    }
    writing.join_all().await;
    let written: Vec<i64> = live.seqs().await.into_iter().filter(|seq| Some(*seq) > known).collect();
    assert_eq!(written.len(), WRITERS * EACH);
    for heard in heard {
        assert_eq!(heard, written);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_out_and_nothing_comes_twice_while_many_write() {
    let live = Live::new().await;
    in_order(&live, &live.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_hear_each_other() {
    let Some((one, two)) = World::two().await else { return };
    let live = Live::on(one).await;
    in_order(&live, &two).await;

    // Nobody polls for this: it is there well before the next second's look.
    let mut far = Stream::open(&two, &live.path, By::Token(&live.token), None).await;
    let near = live.world.notebook.desk(live.ana.actor.clone(), Via::Form);
    let begun = std::time::Instant::now();
    acts::abort(&near, live.run, &AbortDraft { reason: "people".into(), ..AbortDraft::default() }).await.unwrap();
    assert_eq!(far.next_named("").await.data["act"], "abort_pressed");
    assert!(begun.elapsed() < std::time::Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_beside_the_server_writes_is_heard_too() {
    let live = Live::new().await;
    let mut stream = live.watch(None).await;
    let (db, _) = Db::open_beside(&Place::Folder(live.world.folder().to_owned())).await.unwrap();
    let beside = Notebook::new(db, live.world.clock.clone());
    observe(&beside.desk(live.ana.actor.clone(), Via::CommandLine), live.run, "from the machine").await;
    assert_eq!(stream.next_named("").await.data["body"]["text"], "from the machine");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_falls_behind_is_closed_and_reads_the_rest_on_coming_back() {
    let live = Live::new().await;
    let mut slow = live.watch(None).await;
    observe(&live.ana, live.run, "first").await;
    let first = slow.next_named("").await.id;
    let lost = 2 * WATCH_BEHIND_MAX;
    for number in 0..lost {
        observe(&live.ana, live.run, &number.to_string()).await;
    }
    let heard = ids(&slow.rest().await);
    let all: Vec<i64> = live.seqs().await.into_iter().filter(|seq| Some(*seq) > first).collect();
    assert_eq!(heard, all[..heard.len()], "no line is skipped");
    assert!(heard.len() < lost, "it was closed");
    let last = heard.last().copied().or(first);
    let mut again = live.watch(last).await;
    assert_eq!(ids(&again.lines(lost - heard.len()).await), all[heard.len()..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_ends_and_a_token_that_is_revoked_end_their_streams() {
    let live = Live::new().await;
    let mut ana = live.world.browser();
    ana.sign_in("Ana").await;
    let mut page = Stream::open(&live.world, &live.path, By::Page(&ana), None).await;
    let mut program = live.watch(None).await;
    // Not by the same server's doors: another one may have ended it.
    ana.post("/logout", &[]).await;
    assert_eq!(page.next_named("end").await.data["because"], "signed_out");
    assert_eq!(page.next().await, None);

    let tokens = of_people::tokens(&live.ana).await.unwrap();
    of_people::revoke_token(&live.ana, tokens[0].id).await.unwrap();
    program.next_named("end").await;
    assert_eq!(program.next().await, None);
    assert_eq!(asked(&live.world, &live.path, By::Token(&live.token), None).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_disabled_ends_its_streams_and_nobody_elses() {
    let live = Live::new().await;
    let mut ben = live.world.browser();
    ben.sign_in("Ben").await;
    let mut page = Stream::open(&live.world, &live.path, By::Page(&ben), None).await;
    let mut program = live.watch(None).await;
    let account = of_people::find_by_email(&live.world.system(), "ben@example.org").await.unwrap();
    of_people::disable(&live.world.system(), account.id).await.unwrap();
    assert_eq!(page.next_named("end").await.data["because"], "signed_out");
    assert_eq!(page.next().await, None);
    observe(&live.ana, live.run, "goes on").await;
    assert_eq!(program.lines(1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_every_stream_and_opens_none() {
    let live = Live::new().await;
    let mut stream = live.watch(None).await;
    live.world.state.stop();
    while let Some(told) = stream.next().await {
        // A page that hears "end" stays away: its login ended, not the server.
        assert!(!["", "end"].contains(&told.name.as_str()), "{told:?}");
    }
    drop(stream);
    let refused = asked(&live.world, &live.path, By::Token(&live.token), None).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(live.world.state.feed.watchers(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_does_not_take_every_place() {
    let live = Live::new().await;
    let mut streams = Vec::new();
    for _ in 0..WATCHERS_OF_A_PERSON_MAX {
        streams.push(live.watch(None).await);
    }
    let refused = asked(&live.world, &live.path, By::Token(&live.token), None).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
    let mut ben = live.world.browser();
    ben.sign_in("Ben").await;
    Stream::open(&live.world, &live.path, By::Page(&ben), None).await;
    streams.pop();
    live.watch(None).await;
}

fn people(told: &Told) -> Vec<&str> {
    told.data.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap()).collect()
}

/// Pages say who has them open, and programs are no pages.
async fn who_is_here(live: &Live, other: &World) {
    let (mut ana, mut ben) = (live.world.browser(), other.browser());
    ana.sign_in("Ana").await;
    ben.sign_in("Ben").await;
    let mut program = live.watch(None).await;
    let first = Stream::open(&live.world, &live.path, By::Page(&ana), None).await;
    assert_eq!(people(&program.next_named("people").await), ["Ana"]);
    let second = Stream::open(other, &live.path, By::Page(&ben), None).await;
    assert_eq!(people(&program.next_named("people").await), ["Ana", "Ben"]);
    let mut third = Stream::open(&live.world, &live.path, By::Page(&ana), None).await;
    assert_eq!(people(&third.next_named("people").await), ["Ana", "Ben"], "whoever comes later is told at once");
    drop((first, second));
    assert_eq!(people(&program.next_named("people").await), ["Ana"], "one of her two pages is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_who_has_the_page_open() {
    let live = Live::new().await;
    who_is_here(&live, &live.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_who_has_it_open_at_another_server() {
    let Some((one, two)) = World::two().await else { return };
    let live = Live::on(one).await;
    who_is_here(&live, &two).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_makes_every_live_page_look_again() {
    let live = Live::new().await;
    let mut stream = live.watch(None).await;
    let draft = freezes::drafts::Draft {
        scope: "service:zookeeper".into(),
        why: "the storage is being moved".into(),
        ..freezes::drafts::Draft::default()
    };
    freezes::acts::set(&live.ana, &draft).await.unwrap();
    stream.next_named("look").await;
    let mut browser = live.world.browser();
    browser.sign_in("Ana").await;
    let page = browser.get(&format!("/runs/{}", live.run)).await;
    assert!(page.has("#live[data-kept] leptos-island") && page.has("#prompts"), "{}", page.text());
}
