//! Teams with their working time, freezes, and what both say around a run.

use std::collections::BTreeSet;

use notebook::{
    actor::Role,
    calendar::freeze::Scope,
    decisions,
    desk::Desk,
    events::{self, about},
    findings::{self, Status, drafts::JudgeDraft},
    freezes::{
        self, FreezeState,
        acts::Filter,
        drafts::{Draft as FreezeDraft, EndDraft},
    },
    interval::Interval,
    notifications,
    refusal::Refusal,
    retrials::{self, due::DueReason},
    services::{self, ServiceDraft},
    teams::{
        acts::{self, Around},
        drafts::Draft,
    },
    text::Slug,
    time::{Moment, Zone},
};

use crate::{
    each_db::{Book, START},
    lab::{CLIENTS, Lab, Trial, refused, restart_one_zookeeper},
};

const MINUTE_MS: i64 = 60_000;

fn fields(refusal: &Refusal) -> Vec<&str> {
    refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// Monday to Friday, nine to five in Berlin.
pub fn data_platform() -> Draft {
    let hours = || "09:00–17:00".to_owned();
    Draft {
        name: "Data platform".into(),
        zone: "Europe/Berlin".into(),
        monday: hours(),
        tuesday: hours(),
        wednesday: hours(),
        thursday: hours(),
        friday: hours(),
        ..Draft::default()
    }
}

/// Sunday to Thursday.
fn tel_aviv() -> Draft {
    Draft {
        name: "Tel Aviv".into(),
        zone: "Asia/Jerusalem".into(),
        friday: String::new(),
        sunday: "09:00–17:00".into(),
        ..data_platform()
    }
}

/// Makes a team the owner of a service.
pub async fn give(desk: &Desk, service: &str, team: &str) {
    let present = services::acts::show(desk, service).await.unwrap().service;
    let draft = ServiceDraft { team: team.into(), ..ServiceDraft::from_service(&present) };
    services::acts::edit(desk, service, &draft).await.unwrap();
}

fn over() -> EndDraft {
    EndDraft { why: "It is over".into() }
}

pub fn freeze(scope: &str, from: &str, until: &str) -> FreezeDraft {
    FreezeDraft { scope: scope.into(), from: from.into(), until: until.into(), why: "end of the year".into() }
}

/// A run of half an hour with a revert of five minutes, from a local time on.
fn run_at(local: &str, zone: &str) -> Interval {
    let start = Moment::from_local(local, &Zone::named(zone).unwrap()).unwrap();
    Interval::lasting(start, 30 * MINUTE_MS + 5 * MINUTE_MS)
}

fn set_of(services: &[&str]) -> BTreeSet<Slug> {
    services.iter().map(|text| slug(text)).collect()
}

async fn around(book: &Book, services: &[&str], run: Interval) -> Around {
    let mut tx = book.system().begin_read().await.unwrap();
    acts::around(&mut tx, &set_of(services), &slug("production"), run).await.unwrap()
}

async fn next(book: &Book, services: &[&str], run: Interval) -> Option<String> {
    let mut tx = book.system().begin_read().await.unwrap();
    acts::next_fit(&mut tx, &set_of(services), &slug("production"), run).await.unwrap().map(Moment::rfc3339)
}

async fn lines(book: &Book, kind: &str, object: &str) -> Vec<(String, String)> {
    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, kind, object).await.unwrap();
    lines.into_iter().map(|line| (line.act, line.name)).collect()
}

each_db!(a_team_is_added_changed_and_knows_its_services, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let holidays = vec!["2026-12-25 Christmas Day".into()];
    let team = acts::write(&root, &Draft { holidays, ..data_platform() }).await.unwrap();
    assert_eq!((team.slug.as_str(), team.version, team.solo), ("data-platform", 1, false));
    let Refusal::Taken { field, .. } = refused(acts::write(&root, &data_platform()).await) else { panic!("taken") };
    assert_eq!(field, "name");

    let edit = Draft { friday: "09:00–12:00".into(), ..Draft::of(&team) };
    let edited = acts::edit(&root, "data-platform", &edit).await.unwrap();
    assert_eq!((edited.version, edited.holidays.len()), (2, 1));
    assert_eq!(refused(acts::edit(&root, "data-platform", &edit).await).code(), "stale");
    let unread = Draft { version: String::new(), ..edit.clone() };
    assert_eq!(refused(acts::edit(&root, "data-platform", &unread).await).code(), "no_version");
    let renamed = Draft { slug: "platform".into(), version: "2".into(), ..edit };
    assert_eq!(fields(&refused(acts::edit(&root, "data-platform", &renamed).await)), ["slug"]);

    give(&lab.ana, "zookeeper", "data-platform").await;
    let shown = acts::show(&lab.ben, "data-platform").await.unwrap();
    assert_eq!((&shown.team, shown.services), (&edited, vec![(slug("zookeeper"), "zookeeper".to_owned())]));
    let root_did = |act: &str| (act.to_owned(), "Root".to_owned());
    assert_eq!(lines(book, about::TEAM, "data-platform").await, [root_did("added"), root_did("edited")]);
    assert_eq!(acts::list(&lab.ben, &acts::Filter::default()).await.unwrap(), (vec![edited], false));
    assert_eq!(refused(acts::show(&lab.ben, "web").await).code(), "missing");
});

each_db!(a_service_belongs_to_a_team_that_is_there, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let service = services::acts::show(&lab.ana, "zookeeper").await.unwrap().service;
    let draft = ServiceDraft { team: "data-platform".into(), ..ServiceDraft::from_service(&service) };
    assert_eq!(fields(&refused(services::acts::edit(&lab.ana, "zookeeper", &draft).await)), ["team"]);
    acts::write(&root, &data_platform()).await.unwrap();
    let owned = services::acts::edit(&lab.ana, "zookeeper", &draft).await.unwrap();
    assert_eq!(owned.team, Some(slug("data-platform")));
    let alone = ServiceDraft { team: String::new(), ..ServiceDraft::from_service(&owned) };
    assert_eq!(services::acts::edit(&lab.ana, "zookeeper", &alone).await.unwrap().team, None);
});

each_db!(s_p6_a_run_lies_in_the_working_time_of_every_team, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    acts::write(&root, &data_platform()).await.unwrap();
    acts::write(&root, &tel_aviv()).await.unwrap();
    give(&lab.ana, "zookeeper", "data-platform").await;
    give(&lab.ana, "alerting", "tel-aviv").await;
    for (services, local, zone, says) in [
        (&["zookeeper"][..], "2026-11-28T10:00", "Europe/Berlin", Some("Saturday 2026-11-28 is not a working day")),
        (&["zookeeper"][..], "2026-11-29T10:00", "Europe/Berlin", Some("Sunday 2026-11-29 is not a working day")),
        (&["zookeeper"][..], "2026-11-24T03:00", "Europe/Berlin", Some("03:00 on Tuesday 2026-11-24 is outside the hours")),
        (&["zookeeper"][..], "2026-11-24T10:00", "Europe/Berlin", None),
        (&["zookeeper"][..], "2026-11-24T16:25", "Europe/Berlin", None),
        (&["zookeeper"][..], "2026-11-24T16:26", "Europe/Berlin", Some("stops working at")),
        (&["alerting"][..], "2026-11-29T10:00", "Asia/Jerusalem", None),
        (&["alerting"][..], "2026-11-27T10:00", "Asia/Jerusalem", Some("Friday 2026-11-27 is not a working day of tel-aviv")),
        (&["alerting", "zookeeper"][..], "2026-11-29T10:00", "Asia/Jerusalem", Some("of data-platform")),
        (&["config-management"][..], "2026-11-28T10:00", "UTC", None),
    ] {
        let around = around(book, services, run_at(local, zone)).await;
        match says {
            Some(says) => assert!(around.outside.len() == 1 && around.outside[0].contains(says), "{local}: {around:?}"),
            None => assert_eq!(around.outside, [""; 0], "{local}"),
        }
    }
    let both = around(book, &["alerting", "zookeeper"], run_at("2026-11-27T22:00", "UTC")).await;
    assert_eq!((both.teams.len(), both.outside.len()), (2, 2), "a clause for each team that is not there");
    assert!(around(book, &["config-management"], run_at("2026-11-24T10:00", "UTC")).await.teams.is_empty());
});

each_db!(the_next_start_is_in_working_time_and_outside_of_freezes, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let friday = run_at("2026-11-06T16:30", "Europe/Berlin");
    assert_eq!(next(book, &["zookeeper"], friday).await, None, "without a team nobody knows");
    let holidays = vec!["2026-11-09".into()];
    acts::write(&root, &Draft { holidays, ..data_platform() }).await.unwrap();
    give(&lab.ana, "zookeeper", "data-platform").await;
    assert_eq!(next(book, &["zookeeper"], friday).await.unwrap(), "2026-11-10T08:00:00Z", "Monday is a holiday");
    let tuesday = freeze("environment:production", "2026-11-10T00:00:00Z", "2026-11-10T12:00:00Z");
    freezes::acts::set(&lab.ana, &tuesday).await.unwrap();
    assert_eq!(next(book, &["zookeeper"], friday).await.unwrap(), "2026-11-10T12:00:00Z");
    freezes::acts::set(&lab.ana, &freeze("service:zookeeper", "", "")).await.unwrap();
    assert_eq!(next(book, &["zookeeper"], friday).await, None, "nobody knows when it ends");
});

each_db!(a_team_of_one_is_solo_and_only_if_all_are, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    acts::write(&root, &Draft { solo: "on".into(), ..data_platform() }).await.unwrap();
    acts::write(&root, &tel_aviv()).await.unwrap();
    give(&lab.ana, "zookeeper", "data-platform").await;
    give(&lab.ana, "alerting", "tel-aviv").await;
    let run = run_at("2026-11-24T10:00", "UTC");
    for (services, solo) in
        [(&["zookeeper"][..], true), (&["alerting"][..], false), (&["alerting", "zookeeper"][..], false), (&["config-management"][..], false), (&["config-management", "zookeeper"][..], false)]
    {
        assert_eq!(around(book, services, run).await.solo, solo, "{services:?}");
    }
});

each_db!(a_freeze_holds_what_is_in_its_scope, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    acts::write(&root, &data_platform()).await.unwrap();
    give(&lab.ana, "zookeeper", "data-platform").await;
    let run = run_at("2026-11-24T10:00", "Europe/Berlin");
    for (scope, zookeeper, alerting) in [
        ("everything", true, true),
        ("team:data-platform", true, false),
        ("service:zookeeper", true, false),
        ("service:alerting", false, true),
        ("environment:production", true, true),
        ("environment:staging", false, false),
    ] {
        let kept = freezes::acts::set(&lab.ana, &freeze(scope, "", "")).await.unwrap();
        assert_eq!((kept.freeze.scope.word().as_str(), kept.name.as_str()), (scope, "Ana"));
        let frozen = [around(book, &["zookeeper"], run).await.freezes, around(book, &["alerting"], run).await.freezes];
        assert_eq!(frozen.each_ref().map(|clauses| !clauses.is_empty()), [zookeeper, alerting], "{scope}");
        for clause in frozen.iter().flatten() {
            assert!(clause.ends_with("has been frozen since 2026-11-02 10:00 UTC: end of the year"), "{clause}");
        }
        let on_page = freezes::acts::active_on(&lab.ben, &set_of(&["zookeeper"]), Some(&slug("production"))).await.unwrap();
        assert_eq!(on_page.is_empty(), !zookeeper || scope == "everything", "{scope}");
        assert_eq!(freezes::acts::active(&lab.ben).await.unwrap(), std::slice::from_ref(&kept));
        let ended = freezes::acts::end(&lab.ben, kept.id, &over()).await.unwrap();
        assert_eq!(freezes::acts::show(&lab.ana, kept.id).await.unwrap(), ended);
        assert!(around(book, &["zookeeper", "alerting"], run).await.freezes.is_empty(), "{scope} ended");
    }
    assert_eq!(lines(book, about::FREEZE, "1").await, [("set".into(), "Ana".into()), ("ended".into(), "Ben".into())]);
});

each_db!(a_window_known_in_advance_touches_the_runs_of_its_time, book => {
    let lab = Lab::open(book).await;
    let window = freeze("everything", "2026-12-20T00:00:00Z", "2027-01-02T00:00:00Z");
    let kept = freezes::acts::set(&lab.ana, &window).await.unwrap();
    for (start, frozen) in [
        ("2026-12-19T23:25", false),
        ("2026-12-19T23:26", true),
        ("2027-01-01T23:59", true),
        ("2027-01-02T00:00", false),
    ] {
        let clauses = around(book, &["zookeeper"], run_at(start, "UTC")).await.freezes;
        assert_eq!(!clauses.is_empty(), frozen, "{start}: {clauses:?}");
    }
    let lab = &lab;
    let listed = |state| {
        let filter = Filter { state: Some(state), ..Filter::default() };
        async move { freezes::acts::list(&lab.ben, &filter).await.unwrap().0.len() }
    };
    let states = || async { [listed(FreezeState::Active).await, listed(FreezeState::Coming).await, listed(FreezeState::Past).await] };
    assert_eq!(states().await, [0, 1, 0]);
    book.clock.set(kept.freeze.from);
    assert_eq!(states().await, [1, 0, 0]);
    book.clock.set(kept.freeze.until.unwrap());
    assert_eq!(states().await, [0, 0, 1]);
    assert_eq!(refused(freezes::acts::end(&lab.ana, kept.id, &over()).await).code(), "not_now");

    book.clock.set(Moment::from_micros(START));
    freezes::acts::end(&lab.ana, kept.id, &over()).await.unwrap();
    assert_eq!(states().await, [0, 0, 1], "called off before it began");
    assert_eq!(refused(freezes::acts::end(&lab.ana, kept.id, &over()).await).code(), "not_now");
    assert!(around(book, &["zookeeper"], run_at("2026-12-24T00:00", "UTC")).await.freezes.is_empty());
});

each_db!(a_freeze_holds_something_that_is_there_and_somebody_answers_for_it, book => {
    let lab = Lab::open(book).await;
    for scope in ["team:web", "service:web", "environment:moon", "kafka", ""] {
        assert_eq!(fields(&refused(freezes::acts::set(&lab.ana, &freeze(scope, "", "")).await)), ["scope"], "{scope}");
    }
    let silent = FreezeDraft { why: " ".into(), ..freeze("everything", "", "") };
    assert_eq!(fields(&refused(freezes::acts::set(&lab.ana, &silent).await)), ["why"]);
    assert_eq!(refused(freezes::acts::set(&book.system(), &freeze("everything", "", "")).await).code(), "sign_in");
    let viewer = book.person("Vic", Role::Viewer).await;
    assert_eq!(refused(freezes::acts::set(&viewer, &freeze("everything", "", "")).await).code(), "not_allowed");
    assert_eq!(refused(freezes::acts::end(&lab.ana, 9, &over()).await).code(), "missing");
    assert_eq!(refused(acts::write(&lab.ana, &data_platform()).await).code(), "not_allowed", "an admin's");
    let kept = freezes::acts::set(&lab.ana, &freeze("everything", "", "")).await.unwrap();
    assert_eq!((kept.freeze.scope, kept.id), (Scope::Everything, 1), "what is refused takes no number");
    assert_eq!(fields(&refused(freezes::acts::end(&lab.ana, 1, &EndDraft::default()).await)), ["why"], "ending it, too");
});

each_db!(an_accepted_risk_ends_as_the_teams_day_begins_whoever_typed_the_date, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(run, "nodes talk only to the first instance", CLIENTS, "").await.id;
    let accept = |claims: Vec<String>| decisions::drafts::Draft {
        kind: "accept_the_risk".into(),
        until: "2027-03-31".into(),
        claims,
        ..Default::default()
    };
    let nobodys = retrials::acts::decide(&lab.ana, &accept(vec![experiment.to_string()])).await.unwrap();
    let berlin = Moment::parse("2027-03-30T22:00:00Z").unwrap();
    assert_eq!(nobodys.until, Some(berlin), "no team owns it yet, and Ana is in Berlin");

    acts::write(&root, &Draft { name: "Down under".into(), zone: "Pacific/Auckland".into(), ..data_platform() }).await.unwrap();
    give(&lab.ana, "zookeeper", "down-under").await;
    let risk = JudgeDraft { owner: "Ana".into(), reason: "traffic is low".into(), until: "2027-03-31".into(), ..Default::default() };
    findings::acts::accept_risk(&lab.ben, finding, &risk).await.unwrap();
    let owned = retrials::acts::decide(&lab.ana, &accept(vec![experiment.to_string()])).await.unwrap();
    let auckland = Moment::parse("2027-03-30T11:00:00Z").unwrap();
    assert_eq!(owned.until, Some(auckland));
    let on_nothing = retrials::acts::decide(&lab.ana, &accept(Vec::new())).await.unwrap();
    assert_eq!(on_nothing.until, Some(berlin));
    let shown = retrials::acts::show_finding(&lab.ana, finding).await.unwrap();
    assert_eq!(shown.rulings.risk.unwrap().until, auckland);
    book.clock.set(auckland.plus_micros(-1));
    assert_eq!(lab.status(finding).await, Status::RiskAccepted);
    let due = retrials::acts::due(&lab.ana, Some(DueReason::RiskExpiring)).await.unwrap().due;
    let told = notifications::acts::digest(&lab.ana).await.unwrap().due.lines;
    let (day, accepted) = ("31 Mar 2027 (Pacific/Auckland)", "risk accepted until 31 Mar 2027 (Pacific/Auckland) only");
    let late = "31 Mar 2027, 11:00 (Pacific/Auckland)";
    for (of, day, in_digest, at) in [
        (finding.to_string(), day, accepted, None),
        (owned.id.to_string(), day, accepted, None),
        // Its date was typed while no team owned the service.
        (nobodys.id.to_string(), late, "risk accepted until 31 Mar 2027, 11:00 (Pacific/Auckland) only", None),
        (on_nothing.id.to_string(), "2027-03-30T22:00:00Z", "risk acceptance expiring", Some(berlin)),
    ] {
        let says = format!("The risk of {of} is accepted until {day} only.");
        assert!(due.iter().any(|due| due.of == of && due.says == says), "{says} {due:?}");
        assert!(told.iter().any(|line| line.of == of && line.says == in_digest && line.at == at), "{of} {told:?}");
    }
    book.clock.set(auckland);
    assert_eq!(lab.status(finding).await, Status::Open, "in Auckland it is the 31st");
    let status = retrials::acts::show_finding(&lab.ana, finding).await.unwrap().status;
    assert_eq!(status.because[1].says, format!("The risk was accepted until {day} only."));
    let ended = retrials::acts::show_decision(&lab.ana, owned.id).await.unwrap().standing;
    assert_eq!(ended.because[0].says, format!("The risk of {} was accepted until {day} only.", owned.id));
});
