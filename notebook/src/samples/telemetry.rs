//! The second experiment: does telemetry say "failing" when things fail? It did not.

use super::{
    TELEMETRY_TELLS,
    cast::Who::{Jonas, Mara, Priya, Tom},
    promises::{ANSWERED, measured},
    sentences::{ASKED, Answer, Closing, Crew, SEEN, STRANGE, Targets, Told, check, fires, step},
    stage::{ALERTING, PRODUCTION, QUERY, TELEMETRY, ZOOKEEPER},
    teller::Teller,
};
use crate::{
    experiments::Draft,
    fault::Result,
    findings,
    id::{FixId, RunId},
};

const TRUTHFUL: &str = "status-page-truthful|during|every";
const BACK: &str = "instance-back|after|every";
const DOWN: &str = "alerting-down";

const RUN: RunId = RunId::of_sample(2);
const HEARTBEAT: FixId = FixId::of_sample(4);

const CREW: Crew = Crew { owner: Priya, coordinator: Jonas, reporter: Mara, observers: &[Tom] };

const LEADER: Targets<'_> =
    &[("zk-4", "leader"), ("zk-1", "follower"), ("zk-2", "follower"), ("zk-3", "follower"), ("zk-5", "follower")];

fn plan() -> Draft {
    Draft {
        title: "Telemetry tells the truth".into(),
        question: "If alerting fails, does anything say so?".into(),
        if_fault: "the ZooKeeper that leads is stopped for ten minutes".into(),
        then_behaviour: "the status page shows what test alerts show, and alerting-down fires within 2 min".into(),
        because_safeguard: "alerting watches itself".into(),
        services: vec![ZOOKEEPER.into(), ALERTING.into(), TELEMETRY.into(), QUERY.into()],
        environment: PRODUCTION.into(),
        fault_kind: "process-stop".into(),
        fault_duration: "10 min".into(),
        selector: "role=zookeeper".into(),
        pick: "leader".into(),
        count: "1".into(),
        at_once: "1".into(),
        unit: "instance".into(),
        method: vec![step("stop", "signal=TERM"), step("wait", "for=10 min"), step("start", "")],
        checks: vec![check(TRUTHFUL, "holds", "", ""), check(BACK, "holds", "", "")],
        signals: vec![fires(DOWN, "2 min")],
        abort_conditions: "A second instance leaves the ensemble".into(),
        revert_procedure: "Start the instance by hand, and send one test alert until it arrives.".into(),
        revert_owner: "Jonas".into(),
        revert_deadline: "5 min".into(),
        failing_share: "100 %".into(),
        detect_within: "2 min".into(),
        freshness_days: "120".into(),
        notes: "The story this is told after asks the question and gives no result: what happens here, and every figure, is illustrative.".into(),
        ..Draft::default()
    }
}

pub(super) async fn blind_spot(teller: &Teller) -> Result<()> {
    teller.on(94, "10:00");
    teller
        .experiment(
            Priya,
            &plan(),
            Mara,
            "We only ever asked whether alerts come. Now we ask who tells us that they do not.",
        )
        .await?;
    teller.on(90, "13:30");
    measured(teller, &ANSWERED).await?;
    teller.on(90, "13:45");
    let run = teller
        .run(
            TELEMETRY_TELLS,
            &CREW,
            "Priya sends a test alert every half minute and ticks off what arrives. What happens is illustrative.",
            None,
            LEADER,
        )
        .await?;
    teller.on(90, "14:00");
    run.start("the ensemble counts four and holds an election").await?;
    run.says(40, Jonas, SEEN, "zk-4 is stopped. zk-2 leads.").await?;
    run.pins(120, Priya, STRANGE, "Test alerts 3, 4 and 5 never arrived. The status page is green.").await?;
    run.says(30, Mara, STRANGE, "I would have believed that page.").await?;
    run.says(
        150,
        Priya,
        STRANGE,
        "alerting-down does not fire. The process that would send it is the one that is waiting to be elected.",
    )
    .await?;
    run.says(200, Tom, ASKED, "Who else only says that it is ill while it is well?").await?;
    run.signal_silent(DOWN).await?;
    run.answers(&Answer {
        check: TRUTHFUL,
        seen: "failed",
        source: "Priya\u{2019}s test alerts",
        claimed: Some(("ok", "status page")),
    })
    .await?;
    run.end_fault().await?;
    ended(teller, &run).await?;
    teller.on(90, "15:10");
    let learnt =
        "Alerting cannot report its own silence. For six minutes everything we look at said that all was well.";
    run.sign(Mara, "refuted", learnt).await?;
    let closing = Closing {
        answers: &[],
        decision: "fix_and_rerun",
        title: "Make silence itself an alert",
        reason: "A dashboard that is green because nothing reaches it is worse than none.",
    };
    run.close(Mara, &closing).await
}

async fn ended(teller: &Teller, run: &Told<'_>) -> Result<()> {
    teller.pass_s(95);
    run.answers(&Answer { check: BACK, seen: "held", source: "Jonas, at the console", claimed: None }).await?;
    run.finish().await
}

/// What the blind spot was called, and what is live against it since last week.
pub(super) async fn heartbeat(teller: &Teller) -> Result<()> {
    teller.on(73, "10:10");
    let gap = findings::drafts::Draft {
        title: "Alerting cannot say that it is silent".into(),
        kind: "telemetry_gap".into(),
        severity: "high".into(),
        summary: "While the sender waits for its election, nothing says that alerts are lost: the status page stays green and alerting-down stays silent.".into(),
        origin: RUN.to_string(),
        revealing: format!("signal:{DOWN}"),
        ..findings::drafts::Draft::default()
    };
    let gap = teller.finding(Priya, &gap).await?;
    teller.on(72, "11:00");
    let outside = "A heartbeat goes through the whole alert path once every ten seconds (illustrative). Something outside of it fires when the heartbeat is missed.";
    teller.fix(Priya, gap, "A heartbeat through the alert path", outside).await?;
    teller.on(6, "10:30");
    teller.deploy(Priya, HEARTBEAT, "alert sender 131").await
}

/// The rerun that is owed happened, and nobody has signed it yet.
pub(super) async fn verdict_due(teller: &Teller) -> Result<()> {
    teller.on(1, "13:30");
    measured(teller, &ANSWERED).await?;
    teller.on(1, "13:40");
    let run = teller
        .run(TELEMETRY_TELLS, &CREW, "Rerun for DEMO-FIX-4. What happens is illustrative.", Some(RUN), LEADER)
        .await?;
    teller.on(1, "14:00");
    run.start("the ensemble counts four and holds an election").await?;
    run.says(55, Priya, SEEN, "alerting-down fires after 50 s, sent by the watcher outside.").await?;
    run.pins(20, Priya, SEEN, "The status page went yellow by itself: \u{201c}alerts are delayed\u{201d}.").await?;
    run.says(420, Mara, SEEN, "Whoever opens this next can sign the verdict: the values are all in.").await?;
    run.signal_fired(DOWN, "50").await?;
    run.answers(&Answer {
        check: TRUTHFUL,
        seen: "held",
        source: "Priya\u{2019}s test alerts",
        claimed: Some(("ok", "status page")),
    })
    .await?;
    run.end_fault().await?;
    ended(teller, &run).await
}
