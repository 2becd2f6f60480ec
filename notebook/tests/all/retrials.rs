//! Run, find, fix, rerun: the acceptance scenarios of the product reference, by their names.

use notebook::{
    experiments::{identity::Relation, plan::Measured},
    findings::{self, LinkKind, Status, drafts::JudgeDraft},
    fixes::{self, Standing},
    id::ExperimentId,
    paging::Rows,
    refusal::Refusal,
    retrials::{self, claims::ClaimStanding, drafts::CloseDraft},
    runs::{
        self,
        drafts::{CheckDraft, PlanDraft, RulingDraft, StartDraft, TargetDraft},
        facts::Verdict,
        telemetry::Telemetry,
        validity::{InvalidReason, Validity},
    },
    services::{self, ChangeDraft},
};

use crate::lab::{BACK, CLIENTS, GAP, Lab, Trial, refused, restart_one_zookeeper, seen};

each_db!(s_p3_a_run_without_a_later_check_is_refused_and_so_is_closing_without_a_decision, book => {
    let lab = Lab::open(book).await;
    let mut blind = restart_one_zookeeper();
    blind.checks.clear();
    let experiment = lab.approved(&blind).await;
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let run = runs::acts::plan(&lab.ana, &plan).await.unwrap().id;
    let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
    let refusal = refused(runs::acts::start(&lab.ana, run, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await);
    assert!(matches!(&refusal, Refusal::Gate { reasons } if reasons.iter().any(|r| r.contains("check"))), "{refusal}");
    assert_eq!(refusal.status(), 409);

    let whole = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(whole, Trial { closes: false, ..Trial::default() }).await;
    lab.sign(run).await;
    let refusal = refused(retrials::acts::close(&lab.ana, run, &CloseDraft::default()).await);
    assert_eq!(refusal.troubles().iter().map(|t| t.field.as_str()).collect::<Vec<_>>(), ["decision"]);
    lab.close(run, &[]).await.unwrap();
});

each_db!(s_r1_a_gap_of_five_to_ten_minutes_refutes_the_hypothesis, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "5-10 min", gap_claimed: "failing", ..Trial::default() }).await;
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.validity.unwrap().is, Validity::Valid);
    assert_eq!(shown.verdict, Some(Verdict::Refuted));
    let gap = shown.facts.checks.get(GAP).unwrap();
    assert_eq!(gap.happened, Measured::Within { lo: Some(300.into()), hi: Some(600.into()) });
});

each_db!(a_run_written_down_afterwards_asks_when_it_was_well_again, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let began = book.notebook.now();
    book.clock.pass_ms(86_400_000);
    let plan = PlanDraft {
        experiment: experiment.to_string(),
        started_at: began.rfc3339(),
        ended_at: began.plus_minutes(10).rfc3339(),
        targets: vec![TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() }],
        ..PlanDraft::default()
    };
    let run = runs::acts::record_past(&lab.ana, &plan).await.unwrap().id;
    let refusal = refused(runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await);
    assert_eq!(refusal.troubles()[0].field, "at");
    let well = CheckDraft { at: began.plus_minutes(12).rfc3339(), ..seen(BACK, "held") };
    runs::acts::answer_check(&lab.ana, run, &well).await.unwrap();
    let facts = runs::acts::show(&lab.ana, run).await.unwrap().facts;
    assert_eq!(facts.recovered, Some(began.plus_minutes(12)), "a day later is not when it was well again");
});

each_db!(s_r2_a_finding_links_its_run_its_check_and_both_services_and_its_cause_is_suspected, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop after a ZooKeeper restart", GAP, "").await;
    assert_eq!(finding.origin, Some(run));
    assert_eq!(finding.services.iter().map(notebook::text::Slug::as_str).collect::<Vec<_>>(), ["alerting", "zookeeper"]);
    let cause = JudgeDraft { reason: "leader election".into(), ..JudgeDraft::default() };
    findings::acts::suspect_cause(&lab.ana, finding.id, &cause).await.unwrap();
    let shown = retrials::acts::show_finding(&lab.ana, finding.id).await.unwrap();
    assert!(!shown.causes[0].confirmed);
    let confirm = JudgeDraft { number: "1".into(), reason: "seen in the leader's log".into(), ..JudgeDraft::default() };
    findings::acts::confirm_cause(&lab.ben, finding.id, &confirm).await.unwrap();
    assert!(retrials::acts::show_finding(&lab.ana, finding.id).await.unwrap().causes[0].confirmed);
});

each_db!(s_r3_a_link_between_findings_is_possible_and_never_automatic, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    let first = lab.finding(run, "alerts stop after a ZooKeeper restart", GAP, "").await;
    let second = lab.finding(run, "nodes talk only to the first instance", CLIENTS, "zk-1").await;
    assert!(retrials::acts::show_finding(&lab.ana, second.id).await.unwrap().links.is_empty());
    let link = JudgeDraft { of: first.id.to_string(), ..JudgeDraft::default() };
    findings::acts::link(&lab.ana, second.id, &link).await.unwrap();
    let shown = retrials::acts::show_finding(&lab.ana, second.id).await.unwrap();
    assert_eq!(shown.links, [(LinkKind::Related, first.id)]);
});

/// FND-2 on the first instance with FIX-2 deployed: where S-R5 to S-R13 begin.
async fn deployed(lab: &Lab<'_>) -> (ExperimentId, findings::Finding, fixes::Fix) {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await;
    let fix = lab.fix(finding.id, "complete the client's address list").await;
    assert_eq!(lab.standing(fix.id).await, Standing::Proposed);
    lab.deploy(fix.id, "production").await;
    (experiment, finding, fix)
}

each_db!(s_r5_a_rerun_on_the_third_instance_does_not_exercise_the_finding, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    let rerun = lab.run(experiment, Trial { target: "zk-3", closes: false, ..Trial::default() }).await;
    lab.sign(rerun).await;
    let open = retrials::acts::open_fixes(&lab.ana, rerun).await.unwrap();
    assert_eq!(open.iter().map(|open| (open.fix.id, open.can_exercise)).collect::<Vec<_>>(), [(fix.id, false)]);
    let refusal = refused(lab.close(rerun, &[(fix.id, finding.id, "held")]).await);
    assert!(refusal.troubles()[0].says.contains("zk-1"), "{refusal:?}");
    lab.close(rerun, &[(fix.id, finding.id, "not")]).await.unwrap();
    let shown = runs::acts::show(&lab.ana, rerun).await.unwrap();
    assert_eq!(shown.before.unwrap().1.relation, Relation::Identical);
    assert_eq!(shown.verdict, Some(Verdict::Upheld));
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
    assert_eq!(lab.status(finding.id).await, Status::FixDeployed);
    assert!(lab.why(fix.id).await.contains("zk-3"));
});

each_db!(s_r6_a_push_that_broke_the_rerun_is_listed_between_the_runs_and_named_as_the_cause, book => {
    let lab = Lab::open(book).await;
    let (experiment, _, fix) = deployed(&lab).await;
    lab.later();
    let push = ChangeDraft {
        kind: "configuration_push".into(),
        summary: "base role".into(),
        environment: "production".into(),
        services: vec!["zookeeper".into()],
        ..ChangeDraft::default()
    };
    let change = services::acts::record_change(&lab.ana, &push).await.unwrap();
    let rerun = lab.run(experiment, Trial { back: "failed", closes: false, ..Trial::default() }).await;
    let third = lab.finding(rerun, "broken push keeps ZooKeeper from restarting", BACK, "").await;
    let cause = JudgeDraft { reason: "the unit lost its configuration".into(), of: change.id.to_string(), ..JudgeDraft::default() };
    findings::acts::suspect_cause(&lab.ana, third.id, &cause).await.unwrap();
    let shown = retrials::acts::show_finding(&lab.ana, third.id).await.unwrap();
    assert_eq!(shown.causes[0].change, Some(change.id));
    let overview = retrials::acts::overview(&lab.ana, experiment).await.unwrap();
    let row = overview.runs.iter().find(|row| row.run.id == rerun).unwrap();
    assert_eq!(row.changes.iter().map(|c| c.id).collect::<Vec<_>>(), [change.id]);
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
});

each_db!(s_r7_a_refuted_rerun_verifies_a_fix_that_was_exercised_and_held, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    let rerun = lab.run(experiment, Trial { back: "failed", closes: false, ..Trial::default() }).await;
    lab.sign(rerun).await;
    let refusal = refused(lab.close(rerun, &[]).await);
    assert!(refusal.troubles()[0].says.contains(&fix.id.to_string()), "{refusal:?}");
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed, "before closing nothing counts");
    lab.close(rerun, &[(fix.id, finding.id, "held")]).await.unwrap();
    let shown = runs::acts::show(&lab.ana, rerun).await.unwrap();
    assert_eq!(shown.verdict, Some(Verdict::Refuted));
    assert_eq!(lab.standing(fix.id).await, Standing::Verified);
    let worth = retrials::acts::show_fix(&lab.ana, fix.id).await.unwrap();
    assert_eq!(worth.pairs[0].judged.verified_by, Some(rerun));
});

each_db!(s_r7_no_other_answer_and_no_disagreeing_telemetry_verifies, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    lab.run(experiment, Trial { answers: vec![(fix.id, finding.id, "not")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
    let unclear = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    let clients = CheckDraft { check: CLIENTS.into(), seen: "held".into(), source: "customer count".into(), ..CheckDraft::default() };
    runs::acts::answer_check(&lab.ana, unclear, &clients).await.unwrap();
    lab.sign(unclear).await;
    lab.close(unclear, &[(fix.id, finding.id, "held")]).await.unwrap();
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed, "without a claim telemetry did not agree");
});

each_db!(s_r8_a_fix_that_did_not_help_failed_verification_and_what_it_broke_is_linked, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    let rerun = lab.run(experiment, Trial { clients: "failed", answers: vec![(fix.id, finding.id, "failed")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix.id).await, Standing::FailedVerification);
    assert_eq!(lab.status(finding.id).await, Status::Open);
    let draft = findings::drafts::Draft {
        title: "clients reconnect in a storm".into(),
        origin: rerun.to_string(),
        introduced_by: fix.id.to_string(),
        ..findings::drafts::Draft::default()
    };
    let broken = findings::acts::write(&lab.ana, &draft).await.unwrap();
    assert_eq!(broken.body.introduced_by, Some(fix.id));
});

each_db!(s_r9_one_upheld_run_verifies_the_fixes_it_exercised_and_no_other, book => {
    let lab = Lab::open(book).await;
    let (experiment, second, fix2) = deployed(&lab).await;
    let rerun = lab
        .run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", back: "failed", answers: vec![(fix2.id, second.id, "not")], ..Trial::default() })
        .await;
    let first = lab.finding(rerun, "alerts stop after a ZooKeeper restart", GAP, "").await;
    let third = lab.finding(rerun, "broken push keeps ZooKeeper from restarting", BACK, "").await;
    let fix1 = lab.fix(first.id, "quicker re-election").await;
    let fix3 = lab.fix(third.id, "push corrected").await;
    lab.deploy(fix3.id, "production").await;
    let back = CheckDraft { claimed: "ok".into(), claimed_source: "dashboard".into(), ..crate::lab::seen(BACK, "held") };
    let fourth = lab.start(experiment, "zk-1").await;
    lab.play(fourth, &Trial::default()).await;
    runs::acts::answer_check(&lab.ana, fourth, &back).await.unwrap();
    lab.sign(fourth).await;
    lab.close(fourth, &[(fix2.id, second.id, "held"), (fix3.id, third.id, "held")]).await.unwrap();
    assert_eq!(lab.standing(fix2.id).await, Standing::Verified);
    assert_eq!(lab.standing(fix3.id).await, Standing::Verified);
    assert_eq!(lab.standing(fix1.id).await, Standing::Proposed, "its own fix is not deployed");
    assert_eq!(lab.status(first.id).await, Status::FixProposed);
});

each_db!(s_r10_a_looser_bound_verifies_nothing_a_new_title_changes_nothing_and_a_stricter_bound_verifies, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    let finding = lab.finding(origin, "alerts stop after a ZooKeeper restart", GAP, "").await;
    let fix = lab.fix(finding.id, "quicker re-election").await;
    lab.deploy(fix.id, "production").await;
    let answers = vec![(fix.id, finding.id, "held")];

    lab.revise(experiment, |draft| set_gap(draft, "600")).await;
    let looser = lab.run(experiment, Trial { answers: answers.clone(), ..Trial::default() }).await;
    assert_eq!(runs::acts::show(&lab.ana, looser).await.unwrap().before.unwrap().1.relation, Relation::Looser);
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
    assert!(lab.why(fix.id).await.contains("looser"), "{}", lab.why(fix.id).await);

    lab.revise(experiment, |draft| {
        set_gap(draft, "30");
        draft.title = "Restart one ZooKeeper, watched closely".into();
    })
    .await;
    let slow = lab.run(experiment, Trial { gap: "45 s", gap_claimed: "failing", answers: vec![(fix.id, finding.id, "not")], ..Trial::default() }).await;
    assert_eq!(runs::acts::show(&lab.ana, slow).await.unwrap().verdict, Some(Verdict::Refuted));
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed, "45 s is inside the origin's bound of 60 s");
    lab.run(experiment, Trial { gap: "20 s", answers, ..Trial::default() }).await;
    assert_eq!(lab.standing(fix.id).await, Standing::Verified, "{}", lab.why(fix.id).await);
});

fn set_gap(draft: &mut notebook::experiments::Draft, seconds: &str) {
    let row = draft.checks.iter_mut().find(|row| row.measure == "alert-gap").unwrap();
    row.threshold = seconds.into();
}

each_db!(s_r10_another_title_is_the_identical_experiment, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    lab.revise(experiment, |draft| draft.title = "Restart a single ZooKeeper".into()).await;
    let rerun = lab.run(experiment, Trial { answers: vec![(fix.id, finding.id, "held")], ..Trial::default() }).await;
    assert_eq!(runs::acts::show(&lab.ana, rerun).await.unwrap().before.unwrap().1.relation, Relation::Identical);
    assert_eq!(lab.standing(fix.id).await, Standing::Verified);
});

each_db!(s_r11_a_closed_ticket_leaves_the_fix_waiting_for_its_rerun, book => {
    let lab = Lab::open(book).await;
    let (_, finding, fix) = deployed(&lab).await;
    let closed = fixes::drafts::WordsDraft { text: "OPS-12 closed".into(), ..fixes::drafts::WordsDraft::default() };
    fixes::acts::note_closed_ticket(&lab.ana, fix.id, &closed).await.unwrap();
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
    let shown = retrials::acts::show_fix(&lab.ana, fix.id).await.unwrap();
    assert!(shown.pairs[0].judged.waits.as_ref().unwrap().contains("rerun"), "{:?}", shown.pairs[0].judged.waits);
    assert_eq!(lab.status(finding.id).await, Status::FixDeployed);
});

each_db!(s_r13_ruling_the_verifying_run_invalid_annuls_the_evidence_and_flags_the_decision, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    let rerun = lab.run(experiment, Trial { answers: vec![(fix.id, finding.id, "held")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix.id).await, Standing::Verified);
    let adopt = notebook::decisions::drafts::Draft {
        kind: "adopt_a_change".into(),
        saving: "up to 50 %, by the price list".into(),
        claims: vec![experiment.to_string()],
        ..notebook::decisions::drafts::Draft::default()
    };
    let decision = retrials::acts::decide(&lab.ana, &adopt).await.unwrap().id;
    let standing = |shown: retrials::acts::DecisionShown| (shown.standing.is, shown.claims[0].1);
    let before = standing(retrials::acts::show_decision(&lab.ana, decision).await.unwrap());
    assert_eq!(before, (notebook::decisions::DecisionStanding::InForce, ClaimStanding::Current));

    let ruling = RulingDraft { ruling: "invalid".into(), reason: "the restart command had silently failed".into(), number: String::new() };
    let own = refused(runs::acts::rule_validity(&lab.ana, rerun, &ruling).await);
    assert!(matches!(own, Refusal::NotNow { .. }), "the runner may not rule: {own}");
    runs::acts::rule_validity(&lab.ben, rerun, &ruling).await.unwrap();
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
    let shown = runs::acts::show(&lab.ana, rerun).await.unwrap();
    assert_eq!(shown.validity.unwrap().is, Validity::Invalid(InvalidReason::RuledInvalid));
    assert_eq!(shown.verdict, None);
    let after = retrials::acts::show_decision(&lab.ana, decision).await.unwrap();
    assert_eq!(after.standing.is, notebook::decisions::DecisionStanding::EvidenceLost);

    let valid = RulingDraft { ruling: "valid".into(), reason: "the log shows the restart after all".into(), number: String::new() };
    runs::acts::rule_validity(&lab.ben, rerun, &valid).await.unwrap();
    assert_eq!(lab.standing(fix.id).await, Standing::Verified);
});

each_db!(a_deviation_keeps_a_run_from_verifying_until_somebody_else_calls_it_context, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    let rerun = lab.start(experiment, "zk-1").await;
    let words = runs::drafts::WordsDraft { text: "restarted twice".into(), at: String::new() };
    runs::acts::deviate(&lab.ana, rerun, &words).await.unwrap();
    lab.play(rerun, &Trial::default()).await;
    lab.sign(rerun).await;
    lab.close(rerun, &[(fix.id, finding.id, "held")]).await.unwrap();
    assert_eq!(lab.standing(fix.id).await, Standing::Deployed);
    let ruling = RulingDraft { ruling: "context".into(), reason: "the second restart came after the checks".into(), number: "1".into() };
    assert!(matches!(refused(runs::acts::rule_deviation(&lab.ana, rerun, &ruling).await), Refusal::NotNow { .. }));
    runs::acts::rule_deviation(&lab.ben, rerun, &ruling).await.unwrap();
    assert_eq!(lab.standing(fix.id).await, Standing::Verified);
});

each_db!(an_amended_value_takes_a_reason_and_a_second_person_and_moves_the_fix, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = deployed(&lab).await;
    let rerun = lab.run(experiment, Trial { answers: vec![(fix.id, finding.id, "held")], ..Trial::default() }).await;
    let mut amended = CheckDraft { claimed: "failing".into(), claimed_source: "dashboard".into(), ..crate::lab::seen(CLIENTS, "failed") };
    assert_eq!(refused(runs::acts::answer_check(&lab.ben, rerun, &amended).await).troubles()[0].field, "amends");
    amended.amends = "the count was read from the wrong hour".into();
    assert!(matches!(refused(runs::acts::answer_check(&lab.ana, rerun, &amended).await), Refusal::NotNow { .. }));
    runs::acts::answer_check(&lab.ben, rerun, &amended).await.unwrap();
    assert_ne!(lab.standing(fix.id).await, Standing::Verified);
});

each_db!(a_blind_spot_shows_although_the_verdict_stands, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "ok", ..Trial::default() }).await;
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.telemetry.is, Telemetry::BlindSpot);
    assert_eq!(shown.verdict, Some(Verdict::Refuted));
});

each_db!(rulings_on_findings_can_be_undone_and_duplicates_never_circle, book => {
    let lab = Lab::open(book).await;
    let (_, finding, _) = deployed(&lab).await;
    let other = lab.finding(finding.origin.unwrap(), "the same again", CLIENTS, "").await;
    let risk = JudgeDraft { owner: "Ana".into(), reason: "traffic is low".into(), until: "2027-03-31".into(), ..JudgeDraft::default() };
    findings::acts::accept_risk(&lab.ben, finding.id, &risk).await.unwrap();
    assert_eq!(lab.status(finding.id).await, Status::RiskAccepted);
    let undo = JudgeDraft { of: "risk_accepted".into(), reason: "traffic grew".into(), ..JudgeDraft::default() };
    findings::acts::undo(&lab.ben, finding.id, &undo).await.unwrap();
    assert_eq!(lab.status(finding.id).await, Status::FixDeployed);
    let of = |id: notebook::id::FindingId| JudgeDraft { of: id.to_string(), ..JudgeDraft::default() };
    findings::acts::mark_duplicate(&lab.ben, other.id, &of(finding.id)).await.unwrap();
    assert_eq!(lab.status(other.id).await, Status::Duplicate);
    assert_eq!(refused(findings::acts::mark_duplicate(&lab.ben, finding.id, &of(other.id)).await).troubles()[0].field, "of");
    let root = retrials::acts::show_finding(&lab.ana, finding.id).await.unwrap();
    assert_eq!((root.same, root.linked_from.len()), (vec![other.id], 0), "the other end says so, too");
    let related = JudgeDraft { number: "related".into(), ..of(finding.id) };
    findings::acts::link(&lab.ana, other.id, &related).await.unwrap();
    let back = JudgeDraft { of: "marked_duplicate".into(), reason: "another node".into(), ..JudgeDraft::default() };
    findings::acts::undo(&lab.ben, other.id, &back).await.unwrap();
    let root = retrials::acts::show_finding(&lab.ana, finding.id).await.unwrap();
    assert_eq!((root.same.len(), root.linked_from), (0, vec![(findings::LinkKind::Related, other.id)]));
});

each_db!(a_form_sent_twice_makes_one_run_and_a_stale_edit_changes_nothing, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, _) = deployed(&lab).await;
    let mut ana = lab.ana.clone();
    ana.once = Some("token-1".into());
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let first = runs::acts::plan(&ana, &plan).await.unwrap().id;
    assert_eq!(refused(runs::acts::plan(&ana, &plan).await), Refusal::Done { thing: first.to_string() });
    let edit = |title: &str| findings::drafts::Draft { title: title.into(), version: "1".into(), ..findings::drafts::Draft::default() };
    findings::acts::edit(&lab.ana, finding.id, &edit("first")).await.unwrap();
    let stale = refused(findings::acts::edit(&lab.ben, finding.id, &edit("second")).await);
    assert_eq!(stale.status(), 412);
    let shown = retrials::acts::show_finding(&lab.ana, finding.id).await.unwrap();
    assert_eq!(shown.finding.title.as_str(), "first");
});

each_db!(a_planned_run_not_started_within_an_hour_is_missed, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let plan = PlanDraft { experiment: experiment.to_string(), planned_at: "12:00".into(), ..PlanDraft::default() };
    let run = runs::acts::plan(&lab.ana, &plan).await.unwrap();
    assert_eq!(runs::acts::mark_missed(&lab.book.system()).await.unwrap().missed, 0);
    lab.book.clock.set(run.planned_at.unwrap().plus_minutes(61));
    assert_eq!(runs::acts::mark_missed(&lab.book.system()).await.unwrap().missed, 1);
    let shown = runs::acts::show(&lab.ana, run.id).await.unwrap();
    assert_eq!(shown.run.execution, runs::facts::Execution::Missed);
});

each_db!(people_who_write_at_the_same_time_all_keep_what_they_wrote, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    let writers = (1..=12).map(|n| {
        let desk = if n % 2 == 0 { lab.ana.clone() } else { lab.ben.clone() };
        let draft = runs::drafts::ObservationDraft { text: format!("seen {n}"), ..Default::default() };
        tokio::spawn(async move { runs::acts::observe(&desk, run, &draft).await.unwrap() })
    });
    let mut numbers = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        numbers.push(writer.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<i64>>());
    assert_eq!(runs::acts::show(&lab.ana, run).await.unwrap().observations.len(), 12);
    let five = Rows::asked("5").unwrap();
    for (after, page, more) in [(0, 1..=5, true), (5, 6..=10, true), (10, 11..=12, false)] {
        let (found, has_more) = runs::acts::list_observations(&lab.ana, run, after, five).await.unwrap();
        assert_eq!(found.iter().map(|seen| seen.number).collect::<Vec<_>>(), page.collect::<Vec<i64>>());
        assert_eq!(has_more, more, "after {after}");
    }
});

each_db!(a_finding_or_decision_about_unknown_things_is_refused_by_name, book => {
    let lab = Lab::open(book).await;
    let draft = findings::drafts::Draft {
        title: "lost alerts".into(),
        environment: "moon".into(),
        services: vec!["tide".into()],
        ..findings::drafts::Draft::default()
    };
    let refusal = refused(findings::acts::write(&lab.ana, &draft).await);
    assert_eq!(refusal.troubles().iter().map(|t| t.field.as_str()).collect::<Vec<_>>(), ["environment", "services"]);
    let decision = notebook::decisions::drafts::Draft {
        kind: "keep_manual".into(),
        run: "RUN-99".into(),
        ..notebook::decisions::drafts::Draft::default()
    };
    assert_eq!(refused(retrials::acts::decide(&lab.ana, &decision).await).status(), 404);
});
