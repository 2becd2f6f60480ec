//! What is retired, because of what production does or because somebody stopped.

use notebook::{
    decisions,
    experiments::{
        self, Stage,
        passive::{PassiveDraft, RuleOutDraft, record_passive, rule_out_passive},
    },
    fixes::Standing,
    refusal::Refusal,
    retrials::{self, claims::ClaimStanding, drafts::CloseDraft},
    services,
};

use super::{DAY_MS, Verified, claim, decide, push, queue, stage, tell, turns, verified};
use crate::lab::{Lab, Trial, refused, restart_one_zookeeper};

each_db!(a_bad_event_in_production_regresses_a_retired_experiment, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    decide(&lab.ana, "retire", experiment).await;
    tell(book).await;
    let bad = PassiveDraft { held: "no".into(), text: "no replica took over".into(), ..Default::default() };
    record_passive(&lab.ana, experiment, &bad).await.unwrap();
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Regressed);
    tell(book).await;
    assert_eq!((stage(&lab, experiment).await, turns(&lab.ana, experiment).await), (Stage::Ready, 1));
});

each_db!(what_was_stopped_stays_so_though_production_was_watched_before, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    decide(&lab.ana, "retire", experiment).await;
    tell(book).await;
    book.clock.pass_ms(31 * DAY_MS);
    tell(book).await;
    assert_eq!(stage(&lab, experiment).await, Stage::Ready);
    decide(&lab.ana, "stop", experiment).await;
    tell(book).await;
    assert_eq!((claim(&lab, experiment).await, stage(&lab, experiment).await), (ClaimStanding::Stale, Stage::Retired));
});

each_db!(production_has_as_long_as_evidence_is_fresh_to_show_the_next_event, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    book.clock.pass_ms(40 * DAY_MS);
    decide(&lab.ana, "retire", experiment).await;
    let seen = book.notebook.now().plus_days(30);
    tell(book).await;
    book.clock.set(seen);
    tell(book).await;
    assert_eq!((claim(&lab, experiment).await, stage(&lab, experiment).await), (ClaimStanding::Stale, Stage::Retired));
    let good = PassiveDraft { held: "yes".into(), text: "a node went and came".into(), ..Default::default() };
    record_passive(&lab.ana, experiment, &good).await.unwrap();
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Current);
    lab.later();
    services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    for moment in [book.notebook.now(), seen.plus_days(30)] {
        book.clock.set(moment);
        tell(book).await;
        let is = (claim(&lab, experiment).await, stage(&lab, experiment).await);
        assert_eq!(is, (ClaimStanding::Stale, Stage::Retired), "a change alone asks for no rerun");
    }
    book.clock.set(seen.plus_days(30).plus_micros(1));
    tell(book).await;
    assert_eq!(stage(&lab, experiment).await, Stage::Ready);
});

each_db!(nobody_owes_a_rerun_of_what_is_retired, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, fix, .. } = verified(&lab).await;
    decide(&lab.ana, "retire", experiment).await;
    book.clock.pass_ms(20 * DAY_MS);
    let good = PassiveDraft { held: "yes".into(), text: "a node went and came".into(), ..Default::default() };
    record_passive(&lab.ana, experiment, &good).await.unwrap();
    book.clock.pass_ms(15 * DAY_MS);
    assert_eq!((lab.standing(fix).await, claim(&lab, experiment).await), (Standing::Stale, ClaimStanding::Current));
    assert!(queue(&lab.ana).await.is_empty(), "{:?}", queue(&lab.ana).await);
    assert_eq!(retrials::acts::today(&lab.ana).await.unwrap().reruns.len(), 0, "nor does it wait on Today");
    experiments::acts::reopen(&lab.ana, experiment, "").await.unwrap();
    assert_eq!(retrials::acts::today(&lab.ana).await.unwrap().reruns.len(), 1);
});

each_db!(what_production_showed_is_ruled_out_with_a_reason_and_speaks_for_nothing_any_more, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let out = |number: &str, reason: &str| RuleOutDraft { number: number.into(), reason: reason.into() };
    let early = refused(rule_out_passive(&lab.ben, experiment, &out("1", "a drill")).await);
    assert_eq!(early.troubles()[0].field, "number", "{early}");
    decide(&lab.ana, "retire", experiment).await;
    tell(book).await;
    for held in ["yes", "no"] {
        lab.later();
        let seen = PassiveDraft { held: held.into(), text: "a node went".into(), ..Default::default() };
        record_passive(&lab.ana, experiment, &seen).await.unwrap();
    }
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Regressed);
    let unsaid = refused(rule_out_passive(&lab.ben, experiment, &out("2", " ")).await);
    assert_eq!(unsaid.troubles()[0].field, "reason", "{unsaid}");
    rule_out_passive(&lab.ben, experiment, &out("2", "a drill")).await.unwrap();
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Current);
    assert_eq!((tell(book).await, stage(&lab, experiment).await), (0, Stage::Retired), "nobody was told of it yet");
    let again = refused(rule_out_passive(&lab.ben, experiment, &out("2", "a drill")).await);
    assert!(matches!(again, Refusal::NotNow { .. }), "{again}");
    let shown = retrials::acts::graduated(&lab.ana, experiment).await.unwrap().shown;
    let ruled: Vec<bool> = shown.iter().map(|seen| seen.ruled_out.is_some()).collect();
    assert_eq!(ruled, [false, true]);

    // The good one alone kept the claim fresh beyond the run.
    book.clock.pass_ms(30 * DAY_MS - 90 * 60_000);
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Current);
    rule_out_passive(&lab.ben, experiment, &out("1", "another drill")).await.unwrap();
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Stale);
});

each_db!(whoever_retires_says_what_is_watched_and_whoever_adopts_a_change_what_it_saves, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
    lab.sign(run).await;
    let fields = |refusal: Refusal| -> Vec<String> {
        refusal.troubles().iter().map(|trouble| trouble.field.clone()).collect()
    };
    for (kind, missing) in [("retire", "passive"), ("adopt_a_change", "saving")] {
        let own = decisions::drafts::Draft { kind: kind.into(), claims: vec![experiment.to_string()], ..Default::default() };
        assert_eq!(fields(refused(retrials::acts::decide(&lab.ana, &own).await)), [missing]);
        let closing = CloseDraft { decision: kind.into(), ..CloseDraft::default() };
        let said = fields(refused(retrials::acts::close(&lab.ana, run, &closing).await));
        assert_eq!(said, [format!("decision_{missing}")], "the form for closing asks the same");
    }
    let misplaced = CloseDraft { decision: "widen".into(), decision_passive: "preemption".into(), ..CloseDraft::default() };
    assert_eq!(fields(refused(retrials::acts::close(&lab.ana, run, &misplaced).await)), ["decision_passive"]);
    let closing =
        CloseDraft { decision: "retire".into(), decision_passive: "preemption events".into(), ..CloseDraft::default() };
    let decision = retrials::acts::close(&lab.ana, run, &closing).await.unwrap();
    assert_eq!(decision.body.passive.unwrap().to_string(), "preemption events");
    assert_eq!(stage(&lab, experiment).await, Stage::Retired);
});
