//! What Today holds beside what waits: the next seven days, and the budgets of one's services.

use notebook::{
    actor::Role,
    cadences::{
        self, Slot, SlotStanding,
        acts::{Scope, week},
        drafts::SetDraft,
    },
    decisions,
    experiments::{self, Draft},
    gamedays,
    id::{ExperimentId, RunId},
    interval::Interval,
    retrials,
    runs::{self, drafts::PlanDraft},
    services::{self, ServiceDraft},
    slos::{
        acts::{budgets, retire},
        drafts::{Draft as SloDraft, RetireDraft},
    },
    time::Moment,
};

use crate::{
    cadences::{slot, tuesdays},
    gamedays::quorum_day,
    lab::{Lab, restart_one_zookeeper},
    slos, teams,
};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

async fn planned(lab: &Lab<'_>, experiment: ExperimentId, time: &str) -> RunId {
    let draft = PlanDraft { experiment: experiment.to_string(), planned_at: time.into(), ..PlanDraft::default() };
    runs::acts::plan(&lab.ana, &draft).await.unwrap().id
}

each_db!(the_next_seven_days_hold_planned_runs_slots_without_a_run_and_game_days, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    let later = planned(&lab, experiment, "2026-11-05T09:00:00Z").await;
    let sooner = planned(&lab, experiment, "2026-11-04T09:00:00Z").await;
    planned(&lab, experiment, "2026-11-09T10:00:00Z").await;
    let day = gamedays::drafts::Draft { date: "2026-11-05".into(), ..quorum_day(&[]) };
    let gameday = gamedays::acts::write(&lab.ana, &day).await.unwrap().id;
    gamedays::acts::write(&lab.ana, &quorum_day(&[])).await.unwrap();

    let found = week(&lab.ana).await.unwrap();
    assert_eq!(found.runs.iter().map(|run| run.id).collect::<Vec<_>>(), [sooner, later], "the earliest first");
    let days: Vec<String> = found.slots.iter().map(|slot| slot.date.to_string()).collect();
    assert_eq!((days, found.slots[0].standing), (vec!["2026-11-03".to_owned()], SlotStanding::Coming));
    assert_eq!(found.gamedays.iter().map(|gameday| gameday.id).collect::<Vec<_>>(), [gameday]);

    let why = gamedays::drafts::CancelDraft { why: "release day".into() };
    gamedays::acts::cancel(&lab.ana, gameday, &why).await.unwrap();
    let run = cadences::acts::plan_slot(&lab.ana, experiment, &slot("2026-11-03", "", "")).await.unwrap().id;
    let found = week(&lab.ana).await.unwrap();
    assert!(found.slots.is_empty() && found.gamedays.is_empty(), "a slot with its run is that run");
    assert_eq!(found.runs[0].id, run);
    book.clock.set(at("2026-11-03T10:00:00Z"));
    assert_eq!(week(&lab.ana).await.unwrap().runs[0].id, run, "late, and not missed yet");
    book.clock.set(at("2026-11-03T10:00:01Z"));
    assert_eq!(week(&lab.ana).await.unwrap().runs[0].id, sooner);
});

/// What the calendar has of the same days, one experiment after the other.
async fn in_the_calendar(lab: &Lab<'_>) -> Vec<Slot> {
    let now = lab.book.notebook.now();
    let stretch = Interval::new(now.plus_minutes(-60), now.plus_days(7)).unwrap();
    let mut slots = cadences::acts::calendar(&lab.ana, stretch, &Scope::default()).await.unwrap().slots;
    slots.retain(|slot| slot.standing != SlotStanding::Planned);
    slots
}

each_db!(the_agenda_has_the_slots_that_the_calendar_has, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&root, "zookeeper", "data-platform").await;
    let of = |service: &str| Draft { services: vec![service.into()], ..restart_one_zookeeper() };
    let mut all = Vec::new();
    for (service, days, hour) in [
        ("zookeeper", vec!["tuesday", "saturday"], "07:00"),
        ("alerting", vec!["saturday"], "07:00"),
        ("zookeeper", vec!["friday"], "10:00"),
        ("alerting", vec!["thursday"], "10:00"),
    ] {
        let experiment = lab.approved(&of(service)).await;
        let days = days.into_iter().map(str::to_owned).collect();
        let draft = SetDraft { days, at: hour.into(), ..tuesdays(0) };
        cadences::acts::set(&lab.ana, experiment, &draft).await.unwrap();
        all.push(experiment);
    }
    cadences::acts::skip(&lab.ana, all[3], &slot("2026-11-05", "", "release day")).await.unwrap();
    let found = week(&lab.ana).await.unwrap().slots;
    let standings: Vec<SlotStanding> = found.iter().map(|slot| slot.standing).collect();
    let expected = [
        SlotStanding::Moved,
        SlotStanding::Skipped,
        SlotStanding::Coming,
        // No working time is left in the week of the team's own Saturday; nobody's hours hold the other one.
        SlotStanding::Cancelled,
        SlotStanding::Coming,
    ];
    assert_eq!(standings, expected, "{found:?}");
    assert_eq!(found, in_the_calendar(&lab).await);

    let retire = decisions::drafts::Draft {
        kind: "retire".into(),
        claims: vec![all[2].to_string()],
        passive: "preemption events".into(),
        ..decisions::drafts::Draft::default()
    };
    retrials::acts::decide(&lab.ana, &retire).await.unwrap();
    let found = week(&lab.ana).await.unwrap().slots;
    assert!(found.len() == 4 && found.iter().all(|slot| slot.experiment != all[2]), "{found:?}");
    assert_eq!(found, in_the_calendar(&lab).await);
    book.clock.set(at("2026-11-03T12:00:00Z"));
    experiments::acts::reopen(&lab.ana, all[2], "").await.unwrap();
    let found = week(&lab.ana).await.unwrap().slots;
    assert!(found.iter().any(|slot| slot.experiment == all[2]), "{found:?}");
    assert_eq!(found, in_the_calendar(&lab).await);
});

each_db!(budgets_are_those_of_ones_services_or_of_all_while_one_owns_none, book => {
    let lab = Lab::open(book).await;
    assert!(budgets(&lab.ana).await.unwrap().rows.is_empty(), "nothing is promised");
    let zookeeper = slos::approved(&lab, &slos::promised("at least 99.99 %"), 1_000_000_000 - 40_000, 40_000).await;
    let of_alerting = SloDraft { service: "alerting".into(), ..slos::promised("at least 99 %") };
    let alerting = slos::approved(&lab, &of_alerting, 10_000, 0).await;
    let draft = SloDraft { title: "Not in force".into(), ..slos::promised("at least 98 %") };
    notebook::slos::acts::write(&lab.ana, &draft).await.unwrap();
    let ids = |found: &notebook::slos::acts::Budgets| found.rows.iter().map(|(kept, _)| kept.id).collect::<Vec<_>>();
    let found = budgets(&lab.ana).await.unwrap();
    assert_eq!((found.are_own, ids(&found), found.more), (false, vec![alerting, zookeeper], false));

    let present = services::acts::show(&lab.ana, "zookeeper").await.unwrap().service;
    let owned = ServiceDraft { owner: "ana".into(), ..ServiceDraft::from_service(&present) };
    services::acts::edit(&lab.ana, "zookeeper", &owned).await.unwrap();
    let found = budgets(&lab.ana).await.unwrap();
    assert_eq!((found.are_own, ids(&found)), (true, vec![zookeeper]));
    let shown = notebook::slos::acts::show(&lab.ana, zookeeper).await.unwrap();
    assert_eq!(found.rows[0].1, shown.standing, "as its own page has it");
    let others = budgets(&lab.ben).await.unwrap();
    assert_eq!((others.are_own, ids(&others)), (false, vec![alerting, zookeeper]), "Ben owns none");
    let why = RetireDraft { reason: "measured elsewhere".into() };
    retire(&lab.ana, zookeeper, &why).await.unwrap();
    let found = budgets(&lab.ana).await.unwrap();
    assert_eq!((found.are_own, ids(&found)), (false, vec![alerting]), "nothing is promised there any more");
});
