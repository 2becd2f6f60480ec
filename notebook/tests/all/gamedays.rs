//! Game days: their agenda, what they came to, where they are seen, and what is refused.

use notebook::{
    actor::Role,
    cadences::{self, SlotStanding, acts::Scope},
    desk::Desk,
    gamedays::{
        GameDay, GameDayState,
        acts::{self, Filter, Shown},
        agenda::What,
        drafts::{CancelDraft, Draft, NoteDraft},
    },
    id::{ExperimentId, RunId},
    interval::Interval,
    limits::GAME_DAY_NEWEST,
    refusal::Refusal,
    runs::{
        self,
        drafts::{ObservationDraft, PinDraft, PlanDraft, WordsDraft},
    },
    search::{self, lists},
    subscriptions::{self, ics::Status},
    text::Slug,
    time::Moment,
};

use crate::{
    cadences::{moved, slot, tuesdays},
    each_db::Book,
    lab::{CLIENTS, Lab, Trial, refused, restart_one_zookeeper},
    teams,
};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// 24 November 2026, from ten to one in Berlin.
pub fn quorum_day(runs: &[&str]) -> Draft {
    Draft {
        title: "Quorum day".into(),
        date: "2026-11-24".into(),
        from: "10:00".into(),
        until: "13:00".into(),
        zone: "Europe/Berlin".into(),
        agenda: "10:00 Briefing\n12:30 Debriefing".into(),
        runs: runs.iter().map(|run| (*run).to_owned()).collect(),
        ..Draft::default()
    }
}

pub fn note(text: &str) -> NoteDraft {
    NoteDraft { text: text.into() }
}

fn why(text: &str) -> CancelDraft {
    CancelDraft { why: text.into() }
}

async fn planned(desk: &Desk, experiment: ExperimentId, time: &str) -> RunId {
    let draft = PlanDraft { experiment: experiment.to_string(), planned_at: time.into(), ..PlanDraft::default() };
    runs::acts::plan(desk, &draft).await.unwrap().id
}

async fn cancel_run(desk: &Desk, run: RunId) {
    let why = WordsDraft { text: "no release".into(), ..WordsDraft::default() };
    runs::acts::cancel(desk, run, &why).await.unwrap();
}

/// Its lines by its own clock.
fn agenda(shown: &Shown) -> Vec<String> {
    let line = |line: &notebook::gamedays::agenda::Line| {
        let time = line.at.map(|at| shown.gameday.text.clock(at)).unwrap_or_default();
        let what = match &line.what {
            What::Point(what) => what.to_string(),
            What::Run(seen) => seen.run.id.to_string(),
        };
        format!("{time} {what}{}", if line.is_outside { " outside" } else { "" })
    };
    shown.agenda.iter().map(line).collect()
}

each_db!(a_run_stands_on_the_agenda_at_its_own_time, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = planned(&lab.ana, experiment, "2026-11-24T10:00:00Z").await;
    planned(&lab.ana, experiment, "2026-11-24T09:30:00Z").await;
    let ana = lab.ana.person_id().unwrap().0.to_string();
    let draft = Draft { owner: ana.clone(), observers: vec![ana], ..quorum_day(&["RUN-1", "RUN-2"]) };
    let id = acts::write(&lab.ana, &draft).await.unwrap().id;
    assert_eq!(id.to_string(), "GD-1");
    let shown = acts::show(&lab.ben, id).await.unwrap();
    assert_eq!(agenda(&shown), ["10:00 Briefing", "10:30 RUN-2", "11:00 RUN-1", "12:30 Debriefing"]);
    let people: Vec<String> = shown.people.iter().map(|(part, name)| format!("{} {name}", part.label())).collect();
    assert_eq!(people, ["Owner Ana", "Observer Ana"]);
    let later = moved("2026-11-25T10:00:00Z", "release day");
    runs::acts::move_to(&lab.ana, first, &later).await.unwrap();
    let shown = acts::show(&lab.ben, id).await.unwrap();
    let moved = ["10:00 Briefing", "10:30 RUN-2", "12:30 Debriefing", "25 Nov, 11:00 RUN-1 outside"];
    assert_eq!(agenda(&shown), moved);
    let of_run = acts::of_run(&lab.ben, first).await.unwrap();
    assert_eq!(of_run.iter().map(|gameday| gameday.id).collect::<Vec<_>>(), [id]);
    let without = Draft { version: "1".into(), ..quorum_day(&["RUN-2"]) };
    assert_eq!(acts::edit(&lab.ben, id, &without).await.unwrap().version, 2);
    assert!(acts::of_run(&lab.ben, first).await.unwrap().is_empty());
});

each_db!(what_a_game_day_came_to_follows_from_its_runs, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let held = lab.run(experiment, Trial::default()).await;
    let failed = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(failed, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let unsigned = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    let cancelled = planned(&lab.ana, experiment, "2026-11-24T09:30:00Z").await;
    cancel_run(&lab.ana, cancelled).await;
    let open = planned(&lab.ana, experiment, "2026-11-24T10:00:00Z").await;
    let all = ["RUN-1", "RUN-2", "RUN-3", "RUN-4", "RUN-5"];
    let id = acts::write(&lab.ana, &quorum_day(&all)).await.unwrap().id;
    let came_to = acts::show(&lab.ana, id).await.unwrap().summary;
    assert_eq!((&came_to.upheld, &came_to.refuted), (&vec![held], &vec![failed]));
    assert_eq!((&came_to.verdict_due, &came_to.not_run), (&vec![unsigned], &vec![cancelled]));
    assert_eq!(came_to.open, [open]);
    assert_eq!(came_to.findings, [finding]);
    let first = runs::acts::show(&lab.ana, held).await.unwrap().run.started_at.unwrap();
    let last = runs::acts::show(&lab.ana, unsigned).await.unwrap().run.ended_at.unwrap();
    assert_eq!(came_to.lasted_ms, Some(last.ms_since(first)));
    lab.sign(unsigned).await;
    cancel_run(&lab.ana, open).await;
    let came_to = acts::show(&lab.ana, id).await.unwrap().summary;
    assert_eq!((came_to.upheld, came_to.not_run), (vec![held, unsigned], vec![cancelled, open]), "nobody set anything");
});

async fn observe(lab: &Lab<'_>, run: RunId, text: &str, pinned: &str) {
    let draft = ObservationDraft { text: text.into(), pinned: pinned.into(), ..ObservationDraft::default() };
    runs::acts::observe(&lab.ana, run, &draft).await.unwrap();
    lab.book.clock.pass_ms(1_000);
}

async fn pin(lab: &Lab<'_>, run: RunId, observation: &str, pinned: &str) {
    let draft = PinDraft { observation: observation.into(), pinned: pinned.into() };
    runs::acts::pin(&lab.ana, run, &draft).await.unwrap();
}

each_db!(what_was_seen_in_its_runs_stands_on_one_timeline, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let mut runs = Vec::new();
    for target in ["zk-1", "zk-2", "zk-3"] {
        let run = lab.start(experiment, target).await;
        lab.play(run, &Trial { target, ..Trial::default() }).await;
        runs.push(run);
    }
    let [first, second, elsewhere] = runs[..] else { panic!("{runs:?}") };
    for number in 1..=GAME_DAY_NEWEST {
        observe(&lab, first, &format!("first {number}"), if number == 1 { "on" } else { "" }).await;
        observe(&lab, second, &format!("second {number}"), "").await;
        observe(&lab, elsewhere, &format!("elsewhere {number}"), "on").await;
    }
    pin(&lab, second, "2", "on").await;
    for pinned in ["on", ""] {
        pin(&lab, second, "3", pinned).await;
    }
    let names = [first.to_string(), second.to_string()];
    let id = acts::write(&lab.ana, &quorum_day(&[&names[0], &names[1]])).await.unwrap().id;
    let shown = acts::show(&lab.ben, id).await.unwrap();
    let told: Vec<String> = shown
        .timeline
        .iter()
        .map(|(run, seen)| format!("{run} o{}{}", seen.number, if seen.pinned { " pinned" } else { "" }))
        .collect();
    let newest = GAME_DAY_NEWEST / 2 + 1..=GAME_DAY_NEWEST;
    let newest = newest.flat_map(|number| [format!("{first} o{number}"), format!("{second} o{number}")]);
    let pinned = [format!("{first} o1 pinned"), format!("{second} o2 pinned")];
    assert_eq!(told, pinned.into_iter().chain(newest).collect::<Vec<_>>(), "in the order of time");
    assert_eq!(shown.timeline[0].1.text, "first 1");

    let before = shown.timeline[0].1.at.plus_minutes(-1).rfc3339();
    let draft = ObservationDraft { text: "seen before all".into(), at: before, ..ObservationDraft::default() };
    runs::acts::observe(&lab.ana, second, &draft).await.unwrap();
    let shown = acts::show(&lab.ben, id).await.unwrap();
    assert_eq!(shown.timeline[0].1.text, "seen before all", "at its own time, however late it was written");
    assert_eq!(shown.timeline.len(), GAME_DAY_NEWEST + 2, "the newest are counted as they were written");

    let nothing = acts::write(&lab.ana, &quorum_day(&[])).await.unwrap().id;
    assert!(acts::show(&lab.ben, nothing).await.unwrap().timeline.is_empty());
});

each_db!(a_slot_of_an_experiment_on_the_agenda_stands_there_until_it_has_a_run, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let write = async |agenda: &str, runs: &[&str]| {
        let draft = Draft { agenda: agenda.into(), ..quorum_day(runs) };
        let id = acts::write(&lab.ana, &draft).await.unwrap().id;
        acts::show(&lab.ana, id).await.unwrap().gameday
    };
    let names = write(&format!("10:00 Rerun of {experiment}, again\n12:30 Debriefing"), &[]).await;
    let names_nothing = write("10:00 Briefing", &[]).await;
    let left_out = async |gameday: &GameDay| {
        let slots = cadences::acts::left_out(&lab.ben, gameday).await.unwrap();
        slots.into_iter().map(|slot| (slot.date.to_string(), slot.standing)).collect::<Vec<_>>()
    };
    let slot_of_the_day = |standing| vec![("2026-11-24".to_owned(), standing)];
    assert_eq!(left_out(&names).await, slot_of_the_day(SlotStanding::Coming));
    assert!(left_out(&names_nothing).await.is_empty());
    cadences::acts::skip(&lab.ana, experiment, &slot("2026-11-24", "", "release day")).await.unwrap();
    assert_eq!(left_out(&names).await, slot_of_the_day(SlotStanding::Skipped), "and stays with its reason");
});

each_db!(a_run_that_takes_a_slot_of_a_game_day_stands_there_itself, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let run = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-24", "", "")).await.unwrap().id;
    let agenda = format!("10:00 Rerun of {experiment}");
    let run_id = run.to_string();
    let with = Draft { agenda: agenda.clone(), ..quorum_day(&[&run_id]) };
    let without = Draft { agenda, ..quorum_day(&[]) };
    let mut written = Vec::new();
    for draft in [with, without] {
        let id = acts::write(&lab.ana, &draft).await.unwrap().id;
        written.push(acts::show(&lab.ana, id).await.unwrap().gameday);
        let slots = cadences::acts::left_out(&lab.ben, written.last().unwrap()).await.unwrap();
        assert!(slots.is_empty(), "it is planned: {slots:?}");
    }
    cancel_run(&lab.ana, run).await;
    let said = cadences::acts::left_out(&lab.ben, &written[0]).await.unwrap();
    assert!(said.is_empty(), "the run says that itself: {said:?}");
    let left_out = cadences::acts::left_out(&lab.ben, &written[1]).await.unwrap();
    assert_eq!(left_out[0].standing, SlotStanding::Cancelled);
});

each_db!(a_game_day_is_changed_noted_and_called_off, book => {
    let lab = Lab::open(book).await;
    let vic = book.person("Vic", Role::Viewer).await;
    for no in [
        refused(acts::write(&vic, &quorum_day(&[])).await),
        refused(acts::add_note(&vic, notebook::id::GameDayId::of(1), &note("x")).await),
    ] {
        assert!(matches!(no, Refusal::NotAllowed { .. }), "{no:?}");
    }
    let strange = Draft { teams: vec!["nobody".into()], owner: "99".into(), ..quorum_day(&["RUN-9"]) };
    let no = refused(acts::write(&lab.ana, &strange).await);
    let fields: Vec<&str> = no.troubles().iter().map(|trouble| trouble.field.as_str()).collect();
    assert_eq!(fields, ["teams", "runs", "owner"]);
    let id = acts::write(&lab.ana, &quorum_day(&[])).await.unwrap().id;
    assert_eq!(id.number(), 1, "what was refused took no number");
    let noon = |version: &str| {
        let until = "12:00".to_owned();
        Draft { until, agenda: String::new(), version: version.into(), ..quorum_day(&[]) }
    };
    assert!(matches!(refused(acts::edit(&lab.ben, id, &noon("")).await), Refusal::NoVersion { .. }));
    let edited = acts::edit(&lab.ben, id, &noon("1")).await.unwrap();
    assert_eq!((edited.version, edited.text.until), (2, at("2026-11-24T11:00:00Z")));
    let stale = refused(acts::edit(&lab.ana, id, &noon("1")).await);
    assert!(matches!(stale, Refusal::Stale { version: 2, .. }), "{stale:?}");
    book.clock.set(at("2026-11-24T09:30:00Z"));
    acts::add_note(&lab.ben, id, &note("Ana is late")).await.unwrap();
    assert_eq!(acts::load(&vic, id).await.unwrap().state(book.notebook.now()), GameDayState::UnderWay);
    assert_eq!(refused(acts::cancel(&lab.ana, id, &why(" ")).await).troubles()[0].field, "why");
    let cancelled = acts::cancel(&lab.ana, id, &why("storm")).await.unwrap();
    assert_eq!((cancelled.version, cancelled.state(book.notebook.now())), (3, GameDayState::Cancelled));
    assert_eq!(acts::load(&vic, id).await.unwrap(), cancelled);
    for no in [
        refused(acts::cancel(&lab.ana, id, &why("again")).await),
        refused(acts::edit(&lab.ana, id, &noon("3")).await),
    ] {
        assert!(no.to_string().contains("GD-1 is cancelled"), "{no}");
    }
    acts::add_note(&lab.ben, id, &note("We meet next week")).await.unwrap();
    let shown = acts::show(&vic, id).await.unwrap();
    let done: Vec<&str> = shown.history.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(done, ["written", "edited", "noted", "cancelled", "noted"]);
    let over = acts::write(&lab.ana, &quorum_day(&[])).await.unwrap().id;
    book.clock.set(at("2026-11-24T12:00:00Z"));
    assert!(refused(acts::cancel(&lab.ana, over, &why("too late")).await).to_string().contains("GD-2 is over"));
    let (page, more) = acts::list(&vic, &Filter::default()).await.unwrap();
    assert_eq!((page.iter().map(|gameday| gameday.id).collect::<Vec<_>>(), more), (vec![over, id], false));
    for (asked, expected) in [("quorum", vec![over, id]), ("quorum is:cancelled", vec![id]), ("neverheardof", vec![])] {
        let (found, next, _) = lists::gamedays(&vic, &search::acts::read(asked).unwrap(), &Filter::default()).await.unwrap();
        assert_eq!((found.iter().map(|gameday| gameday.id).collect::<Vec<_>>(), next), (expected, None), "{asked}");
    }
});

/// Which game days are seen in November.
async fn november(desk: &Desk, scope: Scope) -> Vec<String> {
    let stretch = Interval::new(at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")).unwrap();
    let shown = notebook::cadences::acts::calendar(desk, stretch, &scope).await.unwrap();
    shown.gamedays.iter().map(|gameday| gameday.id.to_string()).collect()
}

async fn read(book: &Book, secret: &str) -> Vec<subscriptions::ics::Event> {
    subscriptions::acts::read(&book.notebook, secret).await.unwrap().unwrap().events
}

each_db!(a_game_day_is_seen_by_its_team_its_people_and_whoever_has_a_run_on_it, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    planned(&lab.ana, experiment, "2026-11-24T10:00:00Z").await;
    let ben = lab.ben.person_id().unwrap().0.to_string();
    let whole = Draft { teams: vec!["data-platform".into()], reporter: ben, ..quorum_day(&["RUN-1"]) };
    let id = acts::write(&lab.ana, &whole).await.unwrap().id;
    acts::write(&lab.ana, &Draft { date: "2026-12-01".into(), ..quorum_day(&[]) }).await.unwrap();
    let slug = |text: &str| Some(Slug::new(text).unwrap());
    for (scope, is_seen) in [
        (Scope::default(), true),
        (Scope { team: slug("data-platform"), ..Scope::default() }, true),
        (Scope { team: slug("sre"), ..Scope::default() }, false),
        (Scope { service: slug("zookeeper"), ..Scope::default() }, true),
        (Scope { service: slug("config-management"), ..Scope::default() }, false),
        (Scope { person: lab.ben.person_id(), ..Scope::default() }, true),
        (Scope { person: lab.ana.person_id(), ..Scope::default() }, true),
        (Scope { person: root.person_id(), ..Scope::default() }, false),
    ] {
        let expected: &[&str] = if is_seen { &["GD-1"] } else { &[] };
        assert_eq!(november(&lab.ben, scope.clone()).await, expected, "{scope:?}");
    }
    let of_team = subscriptions::Draft { of: "team:data-platform".into() };
    let (_, secret) = subscriptions::acts::subscribe(&lab.ben, &of_team).await.unwrap();
    let coming = read(book, &secret).await.into_iter().find(|event| event.name == "GD-1").unwrap();
    let during = (at("2026-11-24T09:00:00Z"), at("2026-11-24T12:00:00Z"));
    assert_eq!((coming.status, (coming.start, coming.end)), (Status::Confirmed, during));
    assert_eq!((coming.summary.as_str(), coming.description.as_str()), ("GD-1 Quorum day", "Game day with RUN-1."));
    lab.later();
    acts::cancel(&lab.ana, id, &why("storm")).await.unwrap();
    let cancelled = read(book, &secret).await.into_iter().find(|event| event.name == "GD-1").unwrap();
    assert!(cancelled.status == Status::Cancelled && cancelled.changed_at > coming.changed_at);
});
