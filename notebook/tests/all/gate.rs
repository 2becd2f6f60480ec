//! The gate before a run: what it looks at, who answers it, and what it keeps.

use notebook::{
    actor::Role,
    desk::Desk,
    experiments::Draft,
    gate::{
        Check, Gate,
        acts::{self, Advice},
        answers::Outcome,
        drafts::{ApprovePolicyDraft, AttendDraft, PolicyDraft, ReplyDraft},
        passed::Passed,
    },
    id::{ExperimentId, RunId},
    people,
    refusal::Refusal,
    runs::{
        self,
        drafts::{AtDraft, CheckDraft, PlanDraft, StartDraft, TargetDraft},
    },
    services::{self, EnvironmentDraft, TargetRow, TargetsDraft},
    time::Moment,
};

use crate::{
    lab::{Lab, Trial, check, refused, restart_one_zookeeper},
    ready::{look_for_incidents, make_ready},
    slos, teams,
};

/// The plan with everything a budget is asked about.
pub fn plan(environment: &str) -> Draft {
    Draft {
        environment: environment.into(),
        failing_share: "100 %".into(),
        detect_within: "2 min".into(),
        services: vec!["zookeeper".into()],
        ..restart_one_zookeeper()
    }
}

/// The lab's production is made as careful as production is.
pub async fn careful(lab: &Lab<'_>) {
    let draft = EnvironmentDraft {
        name: "production".into(),
        class: "production".into(),
        version: "1".into(),
        ..EnvironmentDraft::default()
    };
    services::acts::edit_environment(&lab.book.system(), "production", &draft).await.unwrap();
}

pub async fn five_instances(lab: &Lab<'_>) {
    let row = |number: u32| TargetRow {
        name: format!("zk-{number}"),
        environment: "production".into(),
        ..TargetRow::default()
    };
    let draft = TargetsDraft { rows: (1..=5).map(row).collect(), version: "1".into() };
    services::acts::set_targets(&lab.ana, "zookeeper", &draft).await.unwrap();
}

pub async fn planned(desk: &Desk, experiment: ExperimentId, hits: usize) -> RunId {
    let target =
        |number: usize| TargetDraft { name: format!("zk-{number}"), hit: "on".into(), ..TargetDraft::default() };
    let targets = (1..=hits).map(target).collect();
    let draft = PlanDraft { experiment: experiment.to_string(), targets, ..PlanDraft::default() };
    runs::acts::plan(desk, &draft).await.unwrap().id
}

pub async fn start(desk: &Desk, run: RunId) -> Result<Passed, Refusal> {
    match runs::acts::start(desk, run, &StartDraft::default()).await {
        Ok(_) => Ok(runs::acts::show(desk, run).await.unwrap().passed.unwrap()),
        refusal => Err(refused(refusal)),
    }
}

pub async fn marks(desk: &Desk, run: RunId, who: &Desk, part: &str, can_revert: bool) {
    let draft = AttendDraft {
        person: who.person_id().unwrap().0.to_string(),
        parts: if part.is_empty() { Vec::new() } else { vec![part.into()] },
        can_revert: if can_revert { "on".into() } else { String::new() },
        present: "on".into(),
    };
    runs::acts::attend(desk, run, &draft).await.unwrap();
}

pub fn reply(check: Check) -> ReplyDraft {
    ReplyDraft { check: check.word().into(), text: "Seen, and accepted.".into() }
}

/// What the gate of a planned run says to one check.
pub async fn says(desk: &Desk, run: RunId, check: Check) -> (Gate, String) {
    let asked = runs::acts::show(desk, run).await.unwrap().gate.unwrap();
    let line = asked.lines.into_iter().find(|line| line.check == check).unwrap();
    (line.answer, line.says)
}

fn of(advice: &Advice, check: Check) -> (Gate, String) {
    let line = advice.asked.lines.iter().find(|line| line.check == check).unwrap();
    (line.answer, line.says.clone())
}

async fn advice(desk: &Desk, experiment: ExperimentId) -> Advice {
    acts::of_experiment(desk, experiment, desk.now()).await.unwrap().unwrap()
}

each_db!(s_p4_two_at_once_are_asked_about, book => {
    let lab = Lab::open(book).await;
    let one = lab.approved(&plan("production")).await;
    assert_eq!(of(&advice(&lab.ana, one).await, Check::BlastRadius), (Gate::Go, "one at a time".into()));
    lab.revise(one, |draft| {
        draft.count = "2".into();
        draft.at_once = "2".into();
    }).await;
    let (answer, says) = of(&advice(&lab.ana, one).await, Check::BlastRadius);
    assert_eq!(answer, Gate::Ask);
    assert!(says.contains("wider than one at a time"), "{says}");
});

each_db!(s_p5_the_blast_radius_is_a_part_of_what_is_there_and_of_each_budget, book => {
    let lab = Lab::open(book).await;
    five_instances(&lab).await;
    // A thousandth of a million events may be bad; 28 days of them are 0.4 a second.
    slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let experiment = lab.approved(&plan("production")).await;
    let asked = advice(&lab.ana, experiment).await.asked;
    assert_eq!(asked.radius.unwrap().words(), "1 of 5 instances");
    assert_eq!(asked.budgets.len(), 1);
    // One of five, 420 s of it: 35 events, of a thousand that can still happen.
    assert_eq!(asked.budgets[0].share_words(), "at most 3.5 % of what is left of its budget");
});

each_db!(s_p7_enough_people_are_there_or_it_does_not_start, book => {
    let lab = Lab::open(book).await;
    let chris = book.person("Chris", Role::Contributor).await;
    careful(&lab).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    marks(&lab.ana, run, &lab.ana, "owner", false).await;
    let alone = start(&lab.ana, run).await.unwrap_err();
    assert_eq!(alone.code(), "gate");
    for lack in ["no Observer", "able to revert", "1 of 3 different people"] {
        assert!(alone.to_string().contains(lack), "{alone}");
    }
    marks(&lab.ana, run, &lab.ben, "observer", false).await;
    let reverts = people::RightsDraft { role: "contributor".into(), can_revert: "on".into(), version: "1".into() };
    people::acts::set_rights(&book.system(), chris.person_id().unwrap(), &reverts).await.unwrap();
    marks(&lab.ana, run, &chris, "", true).await;
    let (answer, three) = says(&lab.ana, run, Check::Quorum).await;
    assert_eq!(answer, Gate::Go, "{three}");
    let nobody = AttendDraft { person: "77".into(), present: "on".into(), ..AttendDraft::default() };
    assert_eq!(refused(runs::acts::attend(&lab.ana, run, &nobody).await).troubles()[0].field, "person");
});

each_db!(s_p8_a_revert_nobody_rehearsed_is_asked_about_and_in_production_refused, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, run, Check::Revert).await, (Gate::Ask, "the revert was never done".into()));
    careful(&lab).await;
    assert_eq!(says(&lab.ana, run, Check::Revert).await.0, Gate::Refuse);
    for environment in ["staging", "production"] {
        let no_procedure = Draft { revert_procedure: String::new(), ..plan(environment) };
        let no_owner = Draft { revert_owner: String::new(), ..plan(environment) };
        let no_deadline = Draft { revert_deadline: String::new(), ..plan(environment) };
        for (lacking, says) in [
            (no_procedure, "no revert procedure is written"),
            (no_owner, "nobody is named to revert"),
            (no_deadline, "no deadline for the revert is set"),
        ] {
            let experiment = lab.approved(&lacking).await;
            let (answer, why) = of(&advice(&lab.ana, experiment).await, Check::Plan);
            assert_eq!(answer, Gate::Refuse, "{environment}: {says}");
            assert!(why.contains(says), "{why}");
        }
    }
});

each_db!(a_revert_that_was_done_counts_as_rehearsal_for_ninety_days, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let run = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, run, Check::Revert).await.0, Gate::Go);
    lab.book.clock.pass_ms(80 * 86_400_000);
    let ahead = lab.ana.now().plus_days(11);
    let draft =
        PlanDraft { experiment: experiment.to_string(), planned_at: ahead.rfc3339(), ..PlanDraft::default() };
    let next = runs::acts::plan(&lab.ana, &draft).await.unwrap().id;
    assert_eq!(says(&lab.ana, next, Check::Revert).await.0, Gate::Ask, "by its time it is 91 days");
    let then = acts::of_experiment(&lab.ana, experiment, ahead).await.unwrap().unwrap();
    assert_eq!(of(&then, Check::Revert).0, Gate::Ask);
    assert_eq!(of(&advice(&lab.ana, experiment).await, Check::Revert).0, Gate::Go);
    let soon = PlanDraft { planned_at: lab.ana.now().plus_days(1).rfc3339(), ..draft };
    let soon = runs::acts::plan(&lab.ana, &soon).await.unwrap().id;
    let now = runs::acts::show(&lab.ana, soon).await.unwrap().gate_now;
    let twice = now.is_some_and(|asked| asked.lines.iter().any(|line| line.check == Check::Revert));
    assert!(!twice, "80 days and 81 are one answer");
    lab.book.clock.pass_ms(11 * 86_400_000);
    assert_eq!(says(&lab.ana, run, Check::Revert).await.0, Gate::Ask);
});

each_db!(s_p9_without_budget_it_is_refused_with_the_first_possible_date, book => {
    let lab = Lab::open(book).await;
    careful(&lab).await;
    five_instances(&lab).await;
    slos::approved(&lab, &slos::promised("at least 99.9 %"), 999_000, 1_000).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    let refusal = start(&lab.ana, run).await.unwrap_err();
    assert_eq!((refusal.code(), refusal.exit_code()), ("gate", 4));
    // The bad events leave the window 28 days after the measurement that counted them ended.
    let date = Moment::from_micros(crate::each_db::START).plus_days(28).rfc3339();
    assert!(refusal.to_string().contains(&format!("0 % left, so nothing may be risked; first possible on {date}")), "{refusal}");
});

each_db!(s_q7_a_day_without_measurements_is_unknown_and_in_production_that_is_a_no, book => {
    let lab = Lab::open(book).await;
    five_instances(&lab).await;
    slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, run, Check::Budget).await.0, Gate::Go);
    lab.book.clock.pass_ms(24 * 3_600_000 + 1_000);
    let (answer, why) = says(&lab.ana, run, Check::Budget).await;
    assert_eq!(answer, Gate::Ask, "{why}");
    careful(&lab).await;
    let (answer, why) = says(&lab.ana, run, Check::Budget).await;
    assert_eq!(answer, Gate::Refuse);
    assert!(why.contains("unknown, and in production that is a no"), "{why}");
});

each_db!(s_p6_on_a_saturday_a_second_person_overrides_and_a_freeze_nobody, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    notebook::teams::acts::write(&root, &teams::data_platform()).await.unwrap();
    teams::give(&lab.ana, "zookeeper", "data-platform").await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, run, Check::Hours).await.0, Gate::Go, "Monday, eleven in Berlin");
    lab.book.clock.pass_ms(5 * 86_400_000);
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    let refusal = start(&lab.ana, run).await.unwrap_err();
    assert!(refusal.to_string().contains("is not a working day of data-platform"), "{refusal}");
    assert!(refusal.to_string().contains("would fit from Monday 2026-11-09 09:00 (Europe/Berlin) on"), "{refusal}");
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::Hours)).await.unwrap();
    let passed = start(&lab.ana, run).await.unwrap();
    let hours = passed.checks.iter().find(|settled| settled.line.check == Check::Hours).unwrap();
    assert!(matches!(&hours.outcome, Outcome::Overridden(reply) if Some(reply.by) == lab.ben.person_id()));

    let next = planned(&lab.ana, experiment, 1).await;
    notebook::freezes::acts::set(&root, &teams::freeze("service:zookeeper", "", "")).await.unwrap();
    make_ready(&lab.ana, &lab.ben, next).await.unwrap();
    let frozen = start(&lab.ana, next).await.unwrap_err();
    assert_eq!((frozen.code(), frozen.exit_code()), ("freeze", 5), "{frozen}");
    lab.book.clock.pass_ms(3_600_000);
    let dated_back = StartDraft { at: "-2h".into(), ..StartDraft::default() };
    let earlier = refused(runs::acts::start(&lab.ana, next, &dated_back).await);
    assert_eq!(earlier.code(), "freeze", "what was open then does not open it now: {earlier:?}");
    let no = refused(runs::acts::answer_gate(&lab.ben, next, &reply(Check::Freeze)).await);
    assert!(no.troubles()[0].says.contains("nobody can override"), "{no:?}");
    // Whoever asks about now, without a plan, hears of it, too.
    lab.book.clock.pass_ms(1_000);
    let [service, environment] = ["zookeeper", "production"].map(|text| notebook::text::Slug::new(text).unwrap());
    let asked = acts::of_service(&lab.ana, &service, &environment, None).await.unwrap().asked;
    let freeze = asked.lines.iter().find(|line| line.check == Check::Freeze).unwrap();
    assert_eq!(freeze.answer, Gate::Refuse, "{freeze:?}");
});

each_db!(an_ask_is_answered_by_somebody_else_and_kept_with_the_start, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let run = planned(&lab.ana, experiment, 1).await;
    marks(&lab.ana, run, &lab.ana, "owner", true).await;
    marks(&lab.ana, run, &lab.ben, "observer", false).await;
    look_for_incidents(&lab.ben, run).await.unwrap();
    runs::acts::answer_gate(&lab.ana, run, &reply(Check::Revert)).await.unwrap();
    let own = start(&lab.ana, run).await.unwrap_err();
    assert_eq!((own.code(), own.exit_code()), ("ask", 3), "her own answer is none: {own}");
    for check in [Check::Revert, Check::Hours] {
        runs::acts::answer_gate(&lab.ben, run, &reply(check)).await.unwrap();
    }
    let go = refused(runs::acts::answer_gate(&lab.ben, run, &reply(Check::Plan)).await);
    assert!(go.troubles()[0].says.contains("needs no answer"), "{go:?}");
    let passed = start(&lab.ana, run).await.unwrap();
    assert!(passed.binding && !passed.solo);
    assert_eq!((passed.policy, passed.checks.len(), passed.present.len()), (0, Check::ALL.len(), 2));
    let revert = passed.checks.iter().find(|settled| settled.line.check == Check::Revert).unwrap();
    assert!(matches!(&revert.outcome, Outcome::Answered(reply) if Some(reply.by) == lab.ben.person_id()));
    assert!(runs::acts::show(&lab.ana, run).await.unwrap().gate.is_none(), "asked only before the start");
});

each_db!(a_team_of_one_answers_itself_and_that_is_kept, book => {
    let lab = Lab::open(book).await;
    let solo = people::SoloDraft { solo: "on".into() };
    people::acts::set_solo(&book.system(), &solo).await.unwrap();
    let experiment = lab.approved(&plan("production")).await;
    // Ben has left; Ana is alone.
    people::acts::disable(&book.system(), lab.ben.person_id().unwrap()).await.unwrap();
    let run = planned(&lab.ana, experiment, 1).await;
    marks(&lab.ana, run, &lab.ana, "owner", true).await;
    look_for_incidents(&lab.ana, run).await.unwrap();
    for check in [Check::Revert, Check::Hours] {
        runs::acts::answer_gate(&lab.ana, run, &reply(check)).await.unwrap();
    }
    let passed = start(&lab.ana, run).await.unwrap();
    assert!(passed.solo && passed.checks.iter().any(|settled| settled.no_second_person));
});

each_db!(another_run_on_the_service_refuses_and_one_on_a_dependency_is_asked_about, book => {
    let lab = Lab::open(book).await;
    let alerting = Draft { services: vec!["alerting".into()], ..plan("production") };
    let (here, there) = (lab.approved(&plan("production")).await, lab.approved(&alerting).await);
    lab.start(here, "zk-1").await;
    assert_eq!(of(&advice(&lab.ana, here).await, Check::Conflict).0, Gate::Refuse);
    assert_eq!(of(&advice(&lab.ana, there).await, Check::Conflict).0, Gate::Go);
    let needs = services::ServiceDraft {
        name: "alerting".into(),
        needs: vec!["zookeeper".into()],
        version: "1".into(),
        ..services::ServiceDraft::default()
    };
    services::acts::edit(&lab.ana, "alerting", &needs).await.unwrap();
    let (answer, why) = of(&advice(&lab.ana, there).await, Check::Conflict);
    assert_eq!((answer, why.as_str()), (Gate::Ask, "another run overlaps on a dependency: RUN-1"));
});

each_db!(a_run_whose_start_was_dated_back_goes_on_until_it_is_ended, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("staging")).await;
    let first = planned(&lab.ana, experiment, 1).await;
    let second = planned(&lab.ana, experiment, 1).await;
    lab.book.clock.pass_ms(2 * 3_600_000);
    make_ready(&lab.ana, &lab.ben, first).await.unwrap();
    let dated_back = StartDraft { at: "-30m".into(), ..StartDraft::default() };
    runs::acts::start(&lab.ana, first, &dated_back).await.unwrap();
    runs::acts::begin_fault(&lab.ana, first, &AtDraft::default()).await.unwrap();
    lab.book.clock.pass_ms(60_000);
    runs::acts::end_fault(&lab.ana, first, &AtDraft::default()).await.unwrap();
    let (answer, why) = says(&lab.ana, second, Check::Conflict).await;
    assert_eq!(answer, Gate::Refuse, "it is being reverted: {why}");
});

each_db!(the_steady_state_is_looked_at_before_the_start_and_grows_old, book => {
    let lab = Lab::open(book).await;
    let mut draft = plan("production");
    draft.checks.push(check("quorum", "before", "every", "holds", "", ""));
    let experiment = lab.approved(&draft).await;
    let run = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, run, Check::SteadyState).await.0, Gate::Ask, "nobody looked");
    let looked = |check: &str, seen: &str| CheckDraft { check: check.into(), seen: seen.into(), ..CheckDraft::default() };
    let early = refused(runs::acts::answer_check(&lab.ana, run, &looked(crate::lab::GAP, "3 s")).await);
    assert_eq!(early.troubles()[0].field, "check");
    let steady = "quorum|before|every";
    runs::acts::answer_check(&lab.ana, run, &looked(steady, "held")).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::SteadyState).await.0, Gate::Go);
    lab.book.clock.pass_ms(16 * 60_000);
    assert_eq!(says(&lab.ana, run, Check::SteadyState).await.0, Gate::Ask);
    runs::acts::answer_check(&lab.ana, run, &looked(steady, "failed")).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::SteadyState).await.0, Gate::Refuse);
});

each_db!(a_past_run_keeps_what_the_gate_would_have_said_and_is_not_refused_for_it, book => {
    let lab = Lab::open(book).await;
    careful(&lab).await;
    let experiment = lab.approved(&plan("production")).await;
    lab.later();
    let draft = PlanDraft {
        experiment: experiment.to_string(),
        started_at: "-30m".into(),
        ended_at: "-20m".into(),
        targets: vec![TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() }],
        ..PlanDraft::default()
    };
    let run = runs::acts::record_past(&lab.ana, &draft).await.unwrap().id;
    let passed = runs::acts::show(&lab.ana, run).await.unwrap().passed.unwrap();
    assert!(!passed.binding);
    assert!(passed.checks.iter().any(|settled| settled.outcome == Outcome::Refused));
    let next = planned(&lab.ana, experiment, 1).await;
    assert_eq!(says(&lab.ana, next, Check::Conflict).await.0, Gate::Go, "it waits for its answers, and nothing goes on");
});

each_db!(of_two_that_start_at_once_on_the_same_services_one_waits, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&plan("production")).await;
    let (one, other) = (planned(&lab.ana, experiment, 1).await, planned(&lab.ana, experiment, 1).await);
    for run in [one, other] {
        make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    }
    let (first, refusal) = match tokio::join!(start(&lab.ana, one), start(&lab.ana, other)) {
        (Ok(_), Err(refusal)) => (one, refusal),
        (Err(refusal), Ok(_)) => (other, refusal),
        both => panic!("{both:?}"),
    };
    assert!(refusal.to_string().contains(&format!("overlaps on the services themselves: {first}")), "{refusal}");
});

each_db!(a_policy_holds_once_somebody_else_has_approved_it, book => {
    let lab = Lab::open(book).await;
    let admin = book.person("Ada", Role::Admin).await;
    let draft = PolicyDraft {
        at_once_max: "1".into(),
        revisit_on: "2027-05-01".into(),
        version: "0".into(),
        ..PolicyDraft::default()
    };
    let own = acts::write_policy(&admin, &draft).await.unwrap();
    let approve = |version: u32| ApprovePolicyDraft { version: version.to_string() };
    let refusal = refused(acts::approve_policy(&admin, &approve(own.policy.version)).await);
    assert!(refusal.to_string().contains("you wrote version 1"), "{refusal}");
    assert_eq!(refused(acts::write_policy(&lab.ana, &draft).await).code(), "stale");
    let next = PolicyDraft { version: "1".into(), ..draft };
    let version = acts::write_policy(&lab.ana, &next).await.unwrap().policy.version;
    assert_eq!(acts::policies(&lab.ana).await.unwrap().in_force.version, 0, "nobody approved it");
    assert_eq!(refused(acts::approve_policy(&lab.ana, &approve(version)).await).code(), "not_allowed");
    acts::approve_policy(&admin, &approve(version)).await.unwrap();
    assert_eq!(refused(acts::approve_policy(&admin, &approve(version)).await).code(), "not_now");
    let policies = acts::policies(&lab.ana).await.unwrap();
    assert_eq!((policies.in_force.version, policies.all.len(), policies.history.len()), (2, 2, 3));
    assert_eq!(policies.all[0].approver_name, "Ada");

    let wide = lab.approved(&Draft { count: "2".into(), at_once: "2".into(), ..plan("production") }).await;
    let run = planned(&lab.ana, wide, 2).await;
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    let refusal = start(&lab.ana, run).await.unwrap_err();
    assert!(refusal.to_string().contains("the policy allows 1"), "{refusal}");
});
