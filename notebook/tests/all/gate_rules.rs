//! What the gate must not be talked into: by marks, lists, old answers, and times that were not so.

use notebook::{
    actor::Role,
    desk::Desk,
    experiments::Draft,
    gate::{
        Check, Gate,
        acts::{self, approve_policy, write_policy},
        drafts::{ApprovePolicyDraft, AttendDraft, PolicyDraft},
    },
    people::{self, RightsDraft, SoloDraft},
    runs::{
        self,
        drafts::{AbortDraft, AtDraft, EffectDraft, PlanDraft, StartDraft, TargetDraft, TargetsDraft},
        facts::Effect,
    },
    services,
};

use crate::{
    gate::{careful, five_instances, marks, plan, planned, reply, says, start},
    lab::{BACK, Lab, Trial, refused, seen},
    ready::{look_for_incidents, make_ready},
    slos, teams,
};

fn target(name: &str, hit: bool) -> TargetDraft {
    TargetDraft { name: name.into(), hit: if hit { "on".into() } else { String::new() }, ..TargetDraft::default() }
}

/// Gives an account its rights; it was never changed before.
async fn rights(lab: &Lab<'_>, who: &Desk, role: &str, can_revert: &str) {
    let draft = RightsDraft { role: role.into(), can_revert: can_revert.into(), version: "1".into() };
    people::acts::set_rights(&lab.book.system(), who.person_id().unwrap(), &draft).await.unwrap();
}

async fn solo(lab: &Lab<'_>) {
    people::acts::set_solo(&lab.book.system(), &SoloDraft { solo: "on".into() }).await.unwrap();
}

each_db!(solo_does_not_hold_while_somebody_else_is_there, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    solo(&lab).await;
    let run = planned(&lab.ana, experiment, 1).await;
    marks(&lab.ana, run, &lab.ana, "owner", true).await;
    look_for_incidents(&lab.ana, run).await.unwrap();
    for check in [Check::Revert, Check::Hours] {
        runs::acts::answer_gate(&lab.ana, run, &reply(check)).await.unwrap();
    }
    let refusal = start(&lab.ana, run).await.unwrap_err();
    assert!(refusal.to_string().contains("1 of 2 different people are marked present"), "{refusal}");
    rights(&lab, &lab.ben, "viewer", "").await;
    let passed = start(&lab.ana, run).await.unwrap();
    assert!(passed.solo, "who only looks is no second person");
});

each_db!(hours_that_nobody_knows_are_no_go_and_can_be_overridden, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    let (answer, why) = says(&lab.ana, run, Check::Hours).await;
    assert_eq!(answer, Gate::Ask);
    assert!(why.contains("no team owns zookeeper, so nobody's working hours are known"), "{why}");
    careful(&lab).await;
    assert_eq!(says(&lab.ana, run, Check::Hours).await.0, Gate::Refuse, "in production");
    // Whoever is new has no team yet.
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::Hours)).await.unwrap();
    let asked = runs::acts::show(&lab.ana, run).await.unwrap().gate.unwrap();
    let settled = asked.settled(lab.ana.person_id().unwrap());
    assert!(settled.iter().any(|settled| settled.line.check == Check::Hours && settled.is_open()));
});

each_db!(hours_are_known_only_if_each_service_has_a_team, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&lab.ana, "zookeeper", "data-platform").await;
    let services = vec!["zookeeper".into(), "alerting".into()];
    let experiment = lab.approved(&Draft { services, ..plan("production") }).await;
    let run = planned(&lab.ana, experiment, 1).await;
    let (answer, why) = says(&lab.ana, run, Check::Hours).await;
    assert_eq!(answer, Gate::Ask);
    assert!(why.contains("no team owns alerting"), "{why}");
    lab.book.clock.pass_ms(5 * 86_400_000);
    let (answer, why) = says(&lab.ana, run, Check::Hours).await;
    assert_eq!(answer, Gate::Refuse, "whoever else there may be");
    assert!(why.contains("is not a working day of data-platform"), "{why}");
});

each_db!(who_can_revert_is_said_of_the_account, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    let draft = AttendDraft {
        person: lab.ben.person_id().unwrap().0.to_string(),
        parts: vec!["owner".into()],
        can_revert: "on".into(),
        present: "on".into(),
    };
    let refusal = refused(runs::acts::attend(&lab.ana, run, &draft).await);
    assert_eq!(refusal.troubles()[0].field, "can_revert");
    rights(&lab, &lab.ben, "contributor", "on").await;
    runs::acts::attend(&lab.ana, run, &draft).await.unwrap();
    assert!(!says(&lab.ana, run, Check::Quorum).await.1.contains("able to revert"));
    let no_more = RightsDraft { role: "contributor".into(), can_revert: String::new(), version: "2".into() };
    people::acts::set_rights(&book.system(), lab.ben.person_id().unwrap(), &no_more).await.unwrap();
    let (_, why) = says(&lab.ana, run, Check::Quorum).await;
    assert!(why.contains("nobody present is marked as able to revert"), "{why}");
});

each_db!(no_run_is_planned_for_what_has_passed, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let at = |planned_at: &str| PlanDraft {
        experiment: experiment.to_string(),
        planned_at: planned_at.into(),
        ..PlanDraft::default()
    };
    let late = refused(runs::acts::plan(&lab.ana, &at("-6m")).await);
    assert_eq!(late.troubles()[0].field, "planned_at");
    runs::acts::plan(&lab.ana, &at("-4m")).await.unwrap();
});

each_db!(whoever_starts_cannot_list_the_worst_case_away, book => {
    let lab = Lab::open(book).await;
    five_instances(&lab).await;
    slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let experiment = lab.approved(&plan("production")).await;
    let mut targets: Vec<TargetDraft> = (2..=60).map(|number| target(&format!("zk-{number}"), false)).collect();
    targets.push(target("zk-1", true));
    let draft = PlanDraft { experiment: experiment.to_string(), targets, ..PlanDraft::default() };
    let run = runs::acts::plan(&lab.ana, &draft).await.unwrap().id;
    let asked = runs::acts::show(&lab.ana, run).await.unwrap().gate.unwrap();
    assert_eq!(asked.radius.unwrap().words(), "1 of 5 instances");
    assert_eq!(asked.budgets[0].share_words(), "at most 3.5 % of what is left of its budget");
});

each_db!(an_answer_about_one_run_is_none_about_another, book => {
    let lab = Lab::open(book).await;
    let on = |service: &str| Draft { services: vec![service.into()], ..plan("production") };
    let (first, third) = (lab.approved(&on("zookeeper")).await, lab.approved(&on("config-management")).await);
    let experiment = lab.approved(&on("alerting")).await;
    let needs = services::ServiceDraft {
        name: "alerting".into(),
        needs: vec!["zookeeper".into(), "config-management".into()],
        version: "1".into(),
        ..services::ServiceDraft::default()
    };
    services::acts::edit(&lab.ana, "alerting", &needs).await.unwrap();
    let one = lab.start(first, "zk-1").await;
    let run = planned(&lab.ana, experiment, 1).await;
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    let other = lab.start(third, "chef-1").await;
    let refusal = start(&lab.ana, run).await.unwrap_err();
    assert_eq!(refusal.code(), "ask", "{refusal}");
    let says = refusal.to_string();
    assert!(says.contains(&one.to_string()) && says.contains(&other.to_string()), "{says}");
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::Conflict)).await.unwrap();
    let passed = start(&lab.ana, run).await.unwrap();
    let conflict = passed.checks.into_iter().find(|settled| settled.line.check == Check::Conflict).unwrap();
    assert_eq!(conflict.line.about.len(), 2, "{:?}", conflict.line);
});

each_db!(an_override_is_for_its_day, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&lab.ana, "zookeeper", "data-platform").await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    lab.book.clock.pass_ms(5 * 86_400_000);
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::Hours)).await.unwrap();
    lab.book.clock.pass_ms(86_400_000);
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    let refusal = start(&lab.ana, run).await.unwrap_err();
    assert!(refusal.to_string().contains("Sunday 2026-11-08 is not a working day"), "{refusal}");
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::Hours)).await.unwrap();
    start(&lab.ana, run).await.unwrap();
});

each_db!(who_was_here_yesterday_or_only_looks_does_not_count, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::Quorum).await.0, Gate::Go);
    let marked = runs::acts::show(&lab.ana, run).await.unwrap().attending.remove(1);
    assert_eq!((Some(marked.by), marked.at), (lab.ben.person_id(), lab.ben.now()));

    lab.book.clock.pass_ms(13 * 3_600_000);
    let (answer, why) = says(&lab.ana, run, Check::Quorum).await;
    assert_eq!(answer, Gate::Refuse);
    assert!(why.contains("2 marked present more than 12 h ago"), "{why}");
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::Quorum).await.0, Gate::Go);

    people::acts::disable(&book.system(), lab.ben.person_id().unwrap()).await.unwrap();
    let (answer, why) = says(&lab.ana, run, Check::Quorum).await;
    assert_eq!(answer, Gate::Refuse);
    assert!(why.contains("no Observer") && why.contains("1 marked present can only look"), "{why}");
    people::acts::enable(&book.system(), lab.ben.person_id().unwrap()).await.unwrap();
    let viewer = RightsDraft { role: "viewer".into(), can_revert: String::new(), version: "3".into() };
    people::acts::set_rights(&book.system(), lab.ben.person_id().unwrap(), &viewer).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::Quorum).await.0, Gate::Refuse);
});

each_db!(what_was_rehearsed_after_a_past_run_was_not_rehearsed_before_it, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    lab.later();
    lab.run(experiment, Trial::default()).await;
    let draft = PlanDraft {
        experiment: experiment.to_string(),
        started_at: "-2h".into(),
        ended_at: "-100m".into(),
        targets: vec![target("zk-1", true)],
        ..PlanDraft::default()
    };
    let run = runs::acts::record_past(&lab.ana, &draft).await.unwrap().id;
    let passed = runs::acts::show(&lab.ana, run).await.unwrap().passed.unwrap();
    let revert = passed.checks.into_iter().find(|settled| settled.line.check == Check::Revert).unwrap();
    assert_eq!(revert.line.says, "the revert was never done");
    let next = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, next, Check::Revert).await.0, Gate::Go);
});

each_db!(a_start_told_two_minutes_late_is_no_run_that_was_over, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    lab.later();
    let run = planned(&lab.ana, experiment, 1).await;
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    let late = StartDraft { at: "-2m".into(), ..StartDraft::default() };
    runs::acts::start(&lab.ana, run, &late).await.unwrap();
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(600_000);
    runs::acts::end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    assert!(!runs::acts::show(&lab.ana, run).await.unwrap().is_past);
    runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();

    let past = PlanDraft {
        experiment: experiment.to_string(),
        started_at: "-30m".into(),
        ended_at: "-20m".into(),
        targets: vec![target("zk-1", true)],
        ..PlanDraft::default()
    };
    let past = runs::acts::record_past(&lab.ana, &past).await.unwrap().id;
    assert!(runs::acts::show(&lab.ana, past).await.unwrap().is_past);
    let refusal = refused(runs::acts::answer_check(&lab.ana, past, &seen(BACK, "held")).await);
    assert_eq!(refusal.troubles()[0].field, "at", "now is not when it was well again");
});

each_db!(nothing_happens_in_a_run_before_it_started, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = lab.start(experiment, "zk-1").await;
    let field = |refusal: notebook::refusal::Refusal| refusal.troubles()[0].field.clone();
    let early = AtDraft { at: "-1m".into() };
    let abort = |at: &str| AbortDraft { reason: "people".into(), at: at.into(), ..AbortDraft::default() };
    assert_eq!(field(refused(runs::acts::begin_fault(&lab.ana, run, &early).await)), "at");
    assert_eq!(field(refused(runs::acts::abort(&lab.ana, run, &abort("-1m")).await)), "at");
    lab.book.clock.pass_ms(600_000);
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    assert_eq!(field(refused(runs::acts::abort(&lab.ana, run, &abort("-5m")).await)), "at", "before the fault");
    runs::acts::abort(&lab.ana, run, &abort("")).await.unwrap();
});

each_db!(a_fault_that_began_before_an_abort_may_be_told_after_it, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = lab.start(experiment, "zk-1").await;
    lab.book.clock.pass_ms(60_000);
    let began = lab.ana.now();
    lab.book.clock.pass_ms(60_000);
    let abort = AbortDraft { reason: "people".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ana, run, &abort).await.unwrap();
    let aborted = lab.ana.now();
    lab.book.clock.pass_ms(60_000);
    let late = refused(runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await);
    assert_eq!(late.troubles()[0].says, "lies after the fault ended");
    runs::acts::begin_fault(&lab.ana, run, &AtDraft { at: began.rfc3339() }).await.unwrap();
    let facts = runs::acts::show(&lab.ana, run).await.unwrap().facts;
    assert_eq!((facts.fault_started, facts.fault_ended), (Some(began), Some(aborted)));
    let again = refused(runs::acts::begin_fault(&lab.ana, run, &AtDraft { at: began.rfc3339() }).await);
    assert!(again.to_string().contains("has begun already"), "{again}");
});

each_db!(what_was_hit_stays_as_it_was_signed, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&crate::lab::restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    let list = TargetsDraft { targets: vec![target("zk-1", true), target("zk-2", false)] };
    runs::acts::resolve_targets(&lab.ana, run, &list).await.unwrap();
    let hit = runs::acts::show(&lab.ana, run).await.unwrap().facts.targets.remove(0);
    assert_eq!(hit.effect, Effect::Shown, "a list that is silent about it takes nothing back");
    lab.sign(run).await;
    let effect = EffectDraft { name: "zk-1".into(), effect: "not_shown".into(), evidence: String::new() };
    assert_eq!(refused(runs::acts::record_effect(&lab.ana, run, &effect).await).code(), "not_now");
    assert_eq!(refused(runs::acts::resolve_targets(&lab.ana, run, &list).await).code(), "not_now");
});

each_db!(targets_are_named_before_the_start_and_effects_are_not, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 0).await;
    let (answer, why) = says(&lab.ana, run, Check::Plan).await;
    assert_eq!(answer, Gate::Refuse);
    assert!(why.contains("no target is named; tick under Targets what the fault is to hit"), "{why}");
    let list = TargetsDraft { targets: vec![target("zk-1", true)] };
    runs::acts::resolve_targets(&lab.ana, run, &list).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::Plan).await.0, Gate::Go);
    let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), evidence: String::new() };
    assert_eq!(refused(runs::acts::record_effect(&lab.ana, run, &effect).await).code(), "not_now");
});

each_db!(a_policy_that_waited_past_its_day_is_not_approved, book => {
    let lab = Lab::open(book).await;
    let admin = book.person("Ada", Role::Admin).await;
    let draft = PolicyDraft { revisit_on: "2026-11-05".into(), version: "0".into(), ..PolicyDraft::default() };
    write_policy(&lab.ana, &draft).await.unwrap();
    lab.book.clock.pass_ms(5 * 86_400_000);
    let refusal = refused(approve_policy(&admin, &ApprovePolicyDraft { version: "1".into() }).await);
    assert_eq!(refusal.code(), "not_now");
    assert!(refusal.to_string().contains("revisit_on is not in the future"), "{refusal}");
    assert_eq!(acts::policies(&lab.ana).await.unwrap().in_force.version, 0);
});
