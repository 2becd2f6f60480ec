//! What turns stale or regressed, what is due because of it, and which decisions lose their evidence.

mod automated;
mod irrelevant;
mod order;
mod resting;
mod retired;
mod told;
mod widening;

use notebook::{
    actor::Role,
    cadences,
    decisions::{self, DecisionStanding, drafts::SavingDraft},
    desk::Desk,
    events::{self, acts::About},
    experiments::{
        self, Stage,
        passive::{PassiveDraft, record_passive},
    },
    findings::{self, Status, drafts::JudgeDraft},
    fixes::{self, Standing},
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    paging::Rows,
    refusal::Refusal,
    retrials::{
        self,
        claims::{ClaimStanding, Level},
        due::DueReason,
    },
    runs::{self, drafts::RulingDraft},
    services::{self, ChangeDraft},
};

use crate::{
    each_db::Book,
    lab::{BACK, CLIENTS, Lab, Trial, refused, restart_one_zookeeper},
};

const DAY_MS: i64 = 86_400_000;

/// FIX-1 of FND-1, verified by the run that is given.
struct Verified {
    experiment: ExperimentId,
    finding: FindingId,
    fix: FixId,
    run: RunId,
}

async fn deployed(lab: &Lab<'_>) -> Verified {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(run, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix = lab.fix(finding, "complete the client's address list").await.id;
    lab.deploy(fix, "production").await;
    Verified { experiment, finding, fix, run }
}

async fn verified(lab: &Lab<'_>) -> Verified {
    let Verified { experiment, finding, fix, .. } = deployed(lab).await;
    let run = lab.run(experiment, held(fix, finding)).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    Verified { experiment, finding, fix, run }
}

fn held(fix: FixId, finding: FindingId) -> Trial<'static> {
    Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }
}

fn push(at: String) -> ChangeDraft {
    ChangeDraft {
        kind: "configuration_push".into(),
        summary: "base role".into(),
        environment: "production".into(),
        services: vec!["zookeeper".into()],
        at,
        ..ChangeDraft::default()
    }
}

async fn decide(desk: &Desk, kind: &str, experiment: ExperimentId) -> DecisionId {
    let draft = decisions::drafts::Draft {
        kind: kind.into(),
        claims: vec![experiment.to_string()],
        saving: if kind == "adopt_a_change" { "up to 50 %, by the price list" } else { "" }.into(),
        passive: if kind == "retire" { "preemption events" } else { "" }.into(),
        ..decisions::drafts::Draft::default()
    };
    retrials::acts::decide(desk, &draft).await.unwrap().id
}

/// What refuses the decision to automate an experiment, beside the kind.
async fn against_automating(desk: &Desk, experiment: ExperimentId) -> String {
    let claims = vec![experiment.to_string()];
    let draft = decisions::drafts::Draft { kind: "automate".into(), claims, ..decisions::drafts::Draft::default() };
    beside("kind", &refused(retrials::acts::decide(desk, &draft).await))
}

/// The one thing that is said, which stands beside this field.
fn beside(field: &str, refusal: &Refusal) -> String {
    let [trouble] = refusal.troubles() else { panic!("{refusal:?}") };
    assert_eq!(trouble.field, field, "{refusal:?}");
    trouble.says.clone()
}

async fn standing(desk: &Desk, id: DecisionId) -> DecisionStanding {
    retrials::acts::show_decision(desk, id).await.unwrap().standing.is
}

async fn claim(lab: &Lab<'_>, id: ExperimentId) -> ClaimStanding {
    retrials::acts::overview(&lab.ana, id).await.unwrap().claim.unwrap().answer.is
}

async fn level(lab: &Lab<'_>, id: ExperimentId) -> Level {
    retrials::acts::overview(&lab.ana, id).await.unwrap().claim.unwrap().confidence.level
}

async fn stage(lab: &Lab<'_>, id: ExperimentId) -> Stage {
    experiments::acts::show(&lab.ana, id).await.unwrap().experiment.stage
}

/// What is due: reason and id.
async fn queue(desk: &Desk) -> Vec<(DueReason, String)> {
    let queue = retrials::acts::due(desk, None).await.unwrap();
    queue.due.into_iter().map(|due| (due.reason, due.of)).collect()
}

async fn tell(book: &Book) -> usize {
    let telling = retrials::acts::tell(&book.system()).await.unwrap();
    assert!(telling.troubles.is_empty(), "{:?}", telling.troubles);
    telling.told
}

/// How often the trail says of a thing that it turned.
async fn turns(desk: &Desk, id: impl ToString) -> usize {
    let filter = events::acts::Filter {
        about: About::named(&id.to_string()),
        rows: Rows::asked("200").unwrap(),
        ..Default::default()
    };
    let (lines, _) = events::acts::list(desk, &filter).await.unwrap();
    lines.iter().filter(|line| line.act == "turned").count()
}

each_db!(s_r12_a_push_makes_it_stale_at_once_and_the_trail_says_so_once, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, finding, fix, .. } = verified(&lab).await;
    assert_eq!(tell(book).await, 0, "the first look is a beginning");
    assert!(queue(&lab.ana).await.is_empty());
    book.clock.pass_ms(10 * DAY_MS);
    services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Stale);
    assert_eq!(lab.status(finding).await, Status::Stale);
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Stale);
    assert_eq!(queue(&lab.ana).await, [(DueReason::Stale, fix.to_string())], "before any clock looked");
    assert_eq!(tell(book).await, 2, "the fix and the claim");
    assert_eq!(tell(book).await, 0);
    assert_eq!((turns(&lab.ana, fix).await, turns(&lab.ana, experiment).await), (1, 1));

    lab.run(experiment, held(fix, finding)).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    assert_eq!(tell(book).await, 0, "a pass tells nothing further");
    assert!(queue(&lab.ana).await.is_empty());
    lab.later();
    services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    assert_eq!(tell(book).await, 2, "it turned once more");
});

each_db!(s_r12_without_push_or_rerun_it_is_stale_after_thirty_days_and_exactly_thirty_are_fresh, book => {
    let lab = Lab::open(book).await;
    let Verified { fix, run, .. } = verified(&lab).await;
    tell(book).await;
    let ended = runs::acts::show(&lab.ana, run).await.unwrap().run.ended_at.unwrap();
    book.clock.set(ended.plus_days(30));
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    assert_eq!((queue(&lab.ana).await, tell(book).await), (Vec::new(), 0));
    book.clock.set(ended.plus_days(30).plus_micros(1));
    assert_eq!(lab.standing(fix).await, Standing::Stale);
    assert_eq!(queue(&lab.ana).await, [(DueReason::Stale, fix.to_string())]);
    assert_eq!((tell(book).await, tell(book).await), (2, 0));
});

each_db!(s_r12_only_a_run_that_has_the_fix_regresses_it, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, finding, fix, .. } = verified(&lab).await;
    tell(book).await;
    let mut elsewhere = restart_one_zookeeper();
    elsewhere.environment = "staging".into();
    let staging = lab.approved(&elsewhere).await;
    lab.run(staging, Trial { clients: "failed", ..Trial::default() }).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified, "staging never had the fix");
    assert_eq!(turns(&lab.ana, fix).await, 0);

    let failed = Trial { clients: "failed", answers: vec![(fix, finding, "failed")], ..Trial::default() };
    lab.run(experiment, failed).await;
    assert_eq!(lab.standing(fix).await, Standing::Regressed);
    assert_eq!(lab.status(finding).await, Status::Regressed);
    assert_eq!(queue(&lab.ana).await[0], (DueReason::Regressed, fix.to_string()));
    tell(book).await;
    tell(book).await;
    assert_eq!((turns(&lab.ana, fix).await, turns(&lab.ana, experiment).await), (1, 1));
});

each_db!(s_r8_a_failure_before_any_pass_is_no_regression, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, finding, fix, .. } = deployed(&lab).await;
    tell(book).await;
    assert!(queue(&lab.ana).await.contains(&(DueReason::Unverified, fix.to_string())));
    lab.run(experiment, Trial { clients: "failed", answers: vec![(fix, finding, "failed")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix).await, Standing::FailedVerification);
    assert!(queue(&lab.ana).await.contains(&(DueReason::FailedVerification, fix.to_string())));
    tell(book).await;
    assert_eq!(turns(&lab.ana, fix).await, 1);
    let undone = fixes::drafts::WordsDraft { number: "1".into(), text: "it broke sessions".into(), ..Default::default() };
    fixes::acts::roll_back(&lab.ana, fix, &undone).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Reverted);
    let given_up = fixes::drafts::WordsDraft { text: "another way was found".into(), ..Default::default() };
    fixes::acts::withdraw(&lab.ana, fix, &given_up).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Withdrawn);
    assert!(!queue(&lab.ana).await.iter().any(|(_, of)| *of == fix.to_string()), "nobody owes a rerun for it");
});

each_db!(s_r13_an_annulled_run_makes_the_rerun_due_again_and_flags_the_decision, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, fix, run, .. } = verified(&lab).await;
    let decision = decide(&lab.ana, "adopt_a_change", experiment).await;
    tell(book).await;
    let annul = RulingDraft { ruling: "invalid".into(), reason: "the restart had silently failed".into(), number: String::new() };
    runs::acts::rule_validity(&lab.ben, run, &annul).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Deployed);
    assert_eq!(standing(&lab.ana, decision).await, DecisionStanding::EvidenceLost);
    let due = queue(&lab.ana).await;
    assert!(due.contains(&(DueReason::Unverified, fix.to_string())), "{due:?}");
    assert!(due.contains(&(DueReason::EvidenceLost, decision.to_string())), "{due:?}");
    tell(book).await;
    assert_eq!(turns(&lab.ana, decision).await, 1);

    let restore = RulingDraft { ruling: "valid".into(), reason: "the log shows it after all".into(), number: String::new() };
    runs::acts::rule_validity(&lab.ben, run, &restore).await.unwrap();
    assert_eq!((lab.standing(fix).await, queue(&lab.ana).await), (Standing::Verified, Vec::new()));
    assert_eq!(standing(&lab.ana, decision).await, DecisionStanding::InForce, "it recovers with its claim");
});

each_db!(s_d1_keep_manual_is_recorded_like_automate, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    for _ in 0..3 {
        lab.run(experiment, Trial::default()).await;
    }
    let offered = retrials::acts::graduated(&lab.ana, experiment).await.unwrap();
    let unmet = offered.unattended.criteria.iter().filter(|criterion| !criterion.met).count();
    assert_eq!((offered.unattended.offered, unmet), (false, 1), "nobody wrote the targets down: {offered:?}");
    let says = format!("{experiment} is not offered to run unattended: Nobody wrote down which targets there are.");
    assert_eq!(against_automating(&lab.ana, experiment).await, says, "what is not offered is not taken either");
    let targets = services::TargetsDraft {
        rows: vec![services::TargetRow { name: "zk-1".into(), environment: "production".into(), ..Default::default() }],
        version: "1".into(),
    };
    services::acts::set_targets(&lab.ana, "zookeeper", &targets).await.unwrap();
    let offered = retrials::acts::graduated(&lab.ana, experiment).await.unwrap();
    assert!(offered.unattended.offered, "{offered:?}");
    for kind in ["automate", "keep_manual"] {
        let decision = decide(&lab.ana, kind, experiment).await;
        assert_eq!(standing(&lab.ana, decision).await, DecisionStanding::InForce, "{kind}");
    }
    lab.run(experiment, Trial { back: "failed", ..Trial::default() }).await;
    let after = retrials::acts::graduated(&lab.ana, experiment).await.unwrap();
    assert!(!after.unattended.offered && !after.widen, "one valid failure demotes: {after:?}");
});

each_db!(s_d2_eight_days_without_a_valid_run_are_due_and_told_once, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &crate::cadences::tuesdays(0)).await.unwrap();
    let run = lab.run(experiment, Trial::default()).await;
    let ended = runs::acts::show(&lab.ana, run).await.unwrap().run.ended_at.unwrap();
    tell(book).await;
    book.clock.set(ended.plus_days(8).plus_micros(-1));
    assert_eq!((level(&lab, experiment).await, queue(&lab.ana).await), (Level::Continuous, Vec::new()));
    book.clock.set(ended.plus_days(8));
    assert_eq!(level(&lab, experiment).await, Level::Tried, "current, and its cadence is not kept");
    assert_eq!(queue(&lab.ana).await, [(DueReason::Overdue, experiment.to_string())]);
    assert_eq!((tell(book).await, tell(book).await), (1, 0));
    for _ in 0..2 {
        lab.run(experiment, Trial::default()).await;
        assert!(queue(&lab.ana).await.is_empty(), "two in a week are fine");
    }
});

each_db!(s_d4_a_decision_loses_its_evidence_when_the_experiment_regresses, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let adopt = decide(&lab.ana, "adopt_a_change", experiment).await;
    let saving = SavingDraft { saving: "41 % in March, from the invoice".into() };
    decisions::acts::realise_saving(&lab.ana, adopt, &saving).await.unwrap();
    let shown = retrials::acts::show_decision(&lab.ana, adopt).await.unwrap();
    assert_eq!(shown.decision.body.saving.unwrap().as_str(), "up to 50 %, by the price list");
    assert_eq!(decisions::acts::saved(&shown.history).unwrap().unwrap().as_str(), "41 % in March, from the invoice");
    assert_eq!(shown.standing.is, DecisionStanding::InForce);
    let other = decide(&lab.ana, "keep_manual", experiment).await;
    let no = refused(decisions::acts::realise_saving(&lab.ana, other, &saving).await);
    assert!(matches!(no, Refusal::NotNow { .. }), "{no}");

    tell(book).await;
    lab.run(experiment, Trial { back: "failed", ..Trial::default() }).await;
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Regressed);
    assert_eq!(standing(&lab.ana, adopt).await, DecisionStanding::EvidenceLost);
    assert!(queue(&lab.ana).await.contains(&(DueReason::EvidenceLost, adopt.to_string())));
    tell(book).await;
    assert_eq!((turns(&lab.ana, adopt).await, turns(&lab.ana, experiment).await), (1, 1));
});

each_db!(s_d5_without_preemption_events_a_retired_experiment_is_ready_again, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let early = PassiveDraft { held: "yes".into(), text: "a node went and came".into(), ..Default::default() };
    assert!(matches!(refused(record_passive(&lab.ana, experiment, &early).await), Refusal::NotNow { .. }));
    let retired = decide(&lab.ana, "retire", experiment).await;
    assert_eq!((stage(&lab, experiment).await, standing(&lab.ana, retired).await), (Stage::Retired, DecisionStanding::InForce));
    tell(book).await;
    book.clock.pass_ms(20 * DAY_MS);
    record_passive(&lab.ana, experiment, &early).await.unwrap();
    let seen = book.notebook.now();
    let runs = retrials::acts::overview(&lab.ana, experiment).await.unwrap().claim.unwrap().confidence.runs();
    assert_eq!(runs, 1, "it adds nothing to the counts");
    tell(book).await;
    book.clock.set(seen.plus_days(30));
    tell(book).await;
    assert_eq!((claim(&lab, experiment).await, stage(&lab, experiment).await), (ClaimStanding::Current, Stage::Retired));
    book.clock.set(seen.plus_days(30).plus_micros(1));
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Stale);
    tell(book).await;
    assert_eq!(stage(&lab, experiment).await, Stage::Ready);
    assert!(queue(&lab.ana).await.contains(&(DueReason::Stale, experiment.to_string())));
});

each_db!(what_was_retired_for_another_reason_since_stays_retired, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    cadences::acts::set(&lab.ana, experiment, &crate::cadences::tuesdays(0)).await.unwrap();
    lab.run(experiment, Trial::default()).await;
    decide(&lab.ana, "retire", experiment).await;
    tell(book).await;
    book.clock.pass_ms(31 * DAY_MS);
    tell(book).await;
    assert_eq!(stage(&lab, experiment).await, Stage::Ready);
    lab.run(experiment, Trial::default()).await;
    assert_eq!(level(&lab, experiment).await, Level::Continuous, "it is run again as its cadence promises");
    decide(&lab.ana, "stop", experiment).await;
    book.clock.pass_ms(31 * DAY_MS);
    tell(book).await;
    assert_eq!((claim(&lab, experiment).await, stage(&lab, experiment).await), (ClaimStanding::Stale, Stage::Retired));
});

each_db!(s_d6_widening_is_offered_while_the_claim_is_current, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, .. } = verified(&lab).await;
    assert!(retrials::acts::graduated(&lab.ana, experiment).await.unwrap().widen);
    book.clock.pass_ms(31 * DAY_MS);
    assert!(!retrials::acts::graduated(&lab.ana, experiment).await.unwrap().widen, "first what is stale runs again");
});

each_db!(a_run_that_is_over_and_a_risk_that_ends_soon_are_due, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { back: "failed", closes: false, ..Trial::default() }).await;
    let finding = lab.finding(run, "it does not come back", BACK, "").await.id;
    assert_eq!(queue(&lab.ana).await, [(DueReason::VerdictDue, run.to_string())]);
    lab.sign(run).await;
    assert_eq!(queue(&lab.ana).await.len(), 1, "signed, and still not closed");
    lab.close(run, &[]).await.unwrap();
    let until = book.notebook.now().plus_days(20).rfc3339();
    let until = until.split('T').next().unwrap().to_owned();
    let risk = JudgeDraft { owner: "Ana".into(), reason: "traffic is low".into(), until, ..JudgeDraft::default() };
    findings::acts::accept_risk(&lab.ben, finding, &risk).await.unwrap();
    tell(book).await;
    assert!(queue(&lab.ana).await.is_empty());
    book.clock.pass_ms(15 * DAY_MS);
    assert_eq!(queue(&lab.ana).await, [(DueReason::RiskExpiring, finding.to_string())]);
    assert_eq!((tell(book).await, tell(book).await), (1, 0), "it is said once that it ends soon");
});

each_db!(an_accepted_risk_and_a_review_are_due_by_their_dates_whatever_they_rest_on, book => {
    let lab = Lab::open(book).await;
    let day = |days: i64| book.notebook.now().plus_days(days).rfc3339().split('T').next().unwrap().to_owned();
    for (kind, until, review_at) in [("accept_the_risk", day(20), String::new()), ("keep_manual", String::new(), day(10))] {
        let draft = decisions::drafts::Draft { kind: kind.into(), until, review_at, ..Default::default() };
        retrials::acts::decide(&lab.ana, &draft).await.unwrap();
    }
    assert!(queue(&lab.ana).await.is_empty());
    book.clock.pass_ms(15 * DAY_MS);
    assert_eq!(
        queue(&lab.ana).await,
        [(DueReason::RiskExpiring, "DEC-1".to_owned()), (DueReason::ReviewDue, "DEC-2".to_owned())]
    );
    let only = retrials::acts::due(&lab.ana, Some(DueReason::ReviewDue)).await.unwrap();
    assert_eq!(only.due.len(), 1);
});

each_db!(what_keeps_data_and_was_never_tried_stands_first, book => {
    let lab = Lab::open(book).await;
    let kafka = services::ServiceDraft { name: "kafka".into(), stateful: "on".into(), ..Default::default() };
    services::acts::add(&lab.ana, &kafka).await.unwrap();
    let plain = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(plain, Trial { closes: false, ..Trial::default() }).await;
    let mut stateful = restart_one_zookeeper();
    stateful.services = vec!["kafka".into()];
    let stateful = lab.approved(&stateful).await;
    let second = lab.run(stateful, Trial { closes: false, ..Trial::default() }).await;
    let due = retrials::acts::due(&lab.ana, None).await.unwrap().due;
    assert_eq!(due.iter().map(|due| due.of.clone()).collect::<Vec<_>>(), [second.to_string(), first.to_string()]);
    assert!(due[0].weight.stateful && due[0].weight.rarely_changed && !due[1].weight.stateful, "{due:?}");
});

each_db!(a_change_written_down_late_comes_to_what_it_had_come_to_in_time, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, fix, .. } = verified(&lab).await;
    tell(book).await;
    let pushed = book.notebook.now().plus_minutes(60);
    book.clock.pass_ms(5 * DAY_MS);
    services::acts::record_change(&lab.ana, &push(pushed.rfc3339())).await.unwrap();
    let late = (lab.why(fix).await, queue(&lab.ana).await, claim(&lab, experiment).await);
    assert_eq!(late.1, [(DueReason::Stale, fix.to_string())]);
    tell(book).await;
    assert_eq!(queue(&lab.ana).await, late.1, "looking at it changes nothing");
    services::acts::record_change(&lab.ana, &push(pushed.rfc3339())).await.unwrap();
    let again = (lab.why(fix).await, queue(&lab.ana).await, claim(&lab, experiment).await);
    assert_eq!((again.1, again.2), (late.1, late.2), "once more is no other answer");
});

each_db!(a_decision_on_a_claim_that_nothing_proves_is_due_at_once, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    tell(book).await;
    assert!(queue(&lab.ana).await.is_empty(), "an untested claim owes nothing by itself");
    let decision = decide(&lab.ana, "adopt_a_change", experiment).await;
    assert_eq!(queue(&lab.ana).await, [(DueReason::EvidenceLost, decision.to_string())]);
    assert_eq!((tell(book).await, turns(&lab.ana, decision).await), (1, 1));
    assert_eq!(queue(&lab.ana).await.len(), 1, "it stays until somebody does something");
});

each_db!(somebody_who_may_only_look_sees_the_queue_and_decides_nothing, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let viewer = book.person("Vera", Role::Viewer).await;
    assert!(queue(&viewer).await.is_empty());
    let seen = PassiveDraft { held: "yes".into(), text: "seen".into(), ..Default::default() };
    assert_eq!(refused(record_passive(&viewer, experiment, &seen).await).status(), 403);
    assert_eq!(refused(retrials::acts::due(&book.nobody(), None).await), Refusal::SignIn);
});
