//! The sample's promises: what its runs cost, and that the rerun it owes can be started by whoever
//! opened the notebook.

use notebook::{
    actor::Role,
    desk::Desk,
    gate::{
        Check, Gate, Line,
        drafts::{AttendDraft, ReplyDraft},
    },
    id::{ExperimentId, RunId, SloId},
    ledger::{self, Cost},
    people::{self, RightsDraft, SoloDraft},
    runs::{
        self,
        drafts::{PlanDraft, StartDraft, TargetDraft},
    },
    services::{self, ServiceDraft},
    slos::{self, health::Health, kept::SloState, levels::Level, worst_case::Extent},
    teams,
};

use crate::{each_db::Book, lab::refused, ready::look_for_incidents, samples::written};

const HOUR_MS: i64 = 3_600_000;
const TEAM: &str = "demo-data-platform";

/// The notebook of one person, who may be counted on to revert.
async fn alone(book: &Book) -> Desk {
    let ana = written(book).await;
    people::acts::set_solo(&ana, &SoloDraft { solo: "on".into() }).await.unwrap();
    let id = ana.person_id().unwrap();
    let account = people::acts::find(&book.notebook, id).await.unwrap().unwrap();
    let rights =
        RightsDraft { role: Role::Admin.word().into(), can_revert: "on".into(), version: account.version.to_string() };
    people::acts::set_rights(&ana, id, &rights).await.unwrap();
    ana
}

/// The rerun that DEMO-FIX-4 waits for, with the one person on it.
async fn planned(ana: &Desk) -> RunId {
    let plan = PlanDraft { experiment: ExperimentId::of_sample(2).to_string(), ..PlanDraft::default() };
    let id = runs::acts::plan(ana, &plan).await.unwrap().id;
    let here = AttendDraft {
        person: ana.person_id().unwrap().0.to_string(),
        parts: vec!["owner".into()],
        can_revert: "on".into(),
        present: "on".into(),
    };
    runs::acts::attend(ana, id, &here).await.unwrap();
    look_for_incidents(ana, id).await.unwrap();
    id
}

/// What the gate says before targets are named: that they are not is the plan's own refusal.
async fn asked(ana: &Desk, id: RunId) -> Vec<Line> {
    let gate = runs::acts::show(ana, id).await.unwrap().gate.unwrap();
    gate.lines.into_iter().filter(|line| line.check != Check::Plan).collect()
}

each_db!(the_rerun_that_is_owed_can_be_started_by_one_person_on_a_working_day, book => {
    let ana = alone(book).await;
    let id = planned(&ana).await;
    let lines = asked(&ana, id).await;
    let closed: Vec<&Line> = lines.iter().filter(|line| line.answer == Gate::Refuse).collect();
    assert!(closed.is_empty(), "{closed:?}");
    for line in lines.iter().filter(|line| line.answer == Gate::Ask) {
        let reply = ReplyDraft { check: line.check.word().into(), text: "Seen.".into() };
        runs::acts::answer_gate(&ana, id, &reply).await.unwrap();
    }
    let hit = TargetDraft { name: "zk-4".into(), hit: "on".into(), ..TargetDraft::default() };
    runs::acts::start(&ana, id, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
    let passed = runs::acts::show(&ana, id).await.unwrap().passed.unwrap();
    assert!(passed.binding && passed.solo);
    let [budget] = passed.budgets.as_slice() else { panic!("{:?}", passed.budgets) };
    assert_eq!((budget.slo, budget.level), (SloId::of_sample(3), Level::GoodEnough));
    assert!(budget.share_words().contains("of what is left"), "{}", budget.share_words());
});

each_db!(the_gate_of_the_rerun_knows_the_evening_and_old_numbers, book => {
    let ana = alone(book).await;
    let id = planned(&ana).await;
    book.clock.pass_ms(9 * HOUR_MS);
    let of = |lines: &[Line], check: Check| lines.iter().find(|line| line.check == check).unwrap().clone();
    let evening = asked(&ana, id).await;
    let hours = of(&evening, Check::Hours);
    assert!(hours.answer == Gate::Refuse && hours.can_be_overridden, "{hours:?}");
    assert_eq!(of(&evening, Check::Budget).answer, Gate::Go);
    book.clock.pass_ms(4 * 24 * HOUR_MS);
    let later = asked(&ana, id).await;
    assert_eq!(of(&later, Check::Level).answer, Gate::Refuse, "nobody measured since");
});

/// What a run of the sample cost, by SLO.
async fn costs(desk: &Desk, number: i64) -> Vec<Cost> {
    let shown = runs::acts::show(desk, RunId::of_sample(number)).await.unwrap();
    ledger::acts::of_run(desk, &shown.run, &shown.facts).await.unwrap()
}

each_db!(every_run_of_the_sample_has_a_measured_cost, book => {
    let ana = written(book).await;
    for number in 1..=16 {
        let costs = costs(&ana, number).await;
        assert!(!costs.is_empty(), "{}", RunId::of_sample(number));
        for cost in costs {
            let (run, spend) = (RunId::of_sample(number), cost.spend);
            assert!(spend.bad.most.is_some() && spend.usual.is_some(), "{run}, {}: {spend:?}", cost.slo);
            let asked = runs::acts::show(&ana, run).await.unwrap().passed.unwrap();
            assert!(asked.budgets.iter().any(|budget| budget.slo == cost.slo), "{run}, {}", cost.slo);
        }
    }
    let first = costs(&ana, 1).await;
    let queries = first.iter().find(|cost| cost.slo == SloId::of_sample(3)).unwrap();
    assert_eq!(queries.spend.bad, Extent { least: 60, most: Some(60) }, "two nodes could not ask for ten minutes");
});

each_db!(the_promises_of_the_sample_are_kept_and_fresh, book => {
    let ana = written(book).await;
    for (number, title) in [(1, "What is sent is taken"), (2, "The first page is there in a second"), (3, "Questions are answered")] {
        let shown = slos::acts::show(&ana, SloId::of_sample(number)).await.unwrap();
        assert_eq!((shown.kept.text.name.as_str(), shown.kept.state()), (title, SloState::Approved));
        let stands = &shown.standing;
        assert_eq!((stands.health.is, stands.level.is), (Health::Healthy, Level::GoodEnough), "{title}: {stands:?}");
        assert_eq!(stands.counted.unmeasured_ms(), 0, "{title}");
    }
    let team = teams::acts::show(&ana, TEAM).await.unwrap();
    assert_eq!((team.team.name.as_str(), team.services.len()), ("data-platform", 10));
});

each_db!(the_team_of_the_sample_is_its_own, book => {
    let ana = written(book).await;
    let shop = ServiceDraft { name: "shop".into(), team: TEAM.into(), ..ServiceDraft::default() };
    assert_eq!(refused(services::acts::add(&ana, &shop).await).troubles()[0].field, "team");
    let freeze = notebook::freezes::acts::set(&ana, &crate::teams::freeze(&format!("team:{TEAM}"), "", "")).await.unwrap();
    assert!(freeze.is_sample(), "it goes with the team");
    notebook::samples::acts::remove(&ana).await.unwrap();
    let draft = teams::drafts::Draft { name: "Demo data platform".into(), zone: "UTC".into(), ..teams::drafts::Draft::default() };
    let kept = refused(teams::acts::write(&ana, &draft).await);
    assert!(kept.troubles()[0].says.contains("kept for the sample"), "{kept:?}");
});

each_db!(people_of_the_sample_have_names_in_its_story_and_no_accounts, book => {
    let ana = alone(book).await;
    let names = |with_sample| people::acts::names(&ana, with_sample);
    assert_eq!(names(false).await.unwrap(), [(ana.person_id().unwrap(), "Vera".to_owned())]);
    let all = names(true).await.unwrap();
    let on_it = runs::acts::show(&ana, RunId::of_sample(15)).await.unwrap().attending;
    assert!(!on_it.is_empty());
    for marked in on_it {
        assert!(all.iter().any(|(id, _)| *id == marked.attending.person), "{marked:?}");
    }
    let (page, more) = people::acts::page(&ana, None, notebook::paging::Rows::default()).await.unwrap();
    assert_eq!((page.len(), more), (1, false), "they are no accounts");
});
