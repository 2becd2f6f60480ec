//! The first experiment and its reruns: two weaknesses, a rerun that met a third one, and the proof.

use super::{
    FINDING, FIRST_RUN, FIX, RESTART_ZOOKEEPER,
    cast::Who::{Jonas, Mara, Priya, Tom},
    promises::{ANSWERED, INGESTED, measured},
    sentences::{ASKED, Answer, Closing, Crew, SEEN, STRANGE, Targets, Told, check, fires, step},
    stage::{self, ALERTING, CONFIG, INGEST, PRODUCTION, QUERY, ZOOKEEPER},
    teller::Teller,
};
use crate::{
    experiments::Draft,
    fault::Result,
    findings::{self, drafts::JudgeDraft},
    id::{FindingId, FixId},
};

const GAP: &str = "alert-gap|during|max";
const CLIENTS: &str = "clients-connected|during|every";
const BACK: &str = "instance-back|after|max";
const DOWN: &str = "zookeeper-down";

const CREW: Crew = Crew { owner: Mara, coordinator: Jonas, reporter: Priya, observers: &[Tom] };

/// The first one of the list that every node had been given.
const FIRST: Targets<'_> =
    &[("zk-1", "leader"), ("zk-2", "follower"), ("zk-3", "follower"), ("zk-4", "follower"), ("zk-5", "follower")];

const ALERTS_STOP: FindingId = FindingId::of_sample(1);
const NO_RESTART: FindingId = FindingId::of_sample(3);
const QUICKER: FixId = FixId::of_sample(1);
const PUSH_CORRECTED: FixId = FixId::of_sample(3);

pub(super) fn plan() -> Draft {
    Draft {
        title: "Restart one ZooKeeper".into(),
        question: "What happens if one ZooKeeper restarts unexpectedly?".into(),
        if_fault: "one ZooKeeper is restarted".into(),
        then_behaviour: "internal alerts keep arriving with no gap longer than 60 s, clients stay connected while the first instance is down, and the instance is back within 5 min".into(),
        because_safeguard: "the others elect a new leader, and every node knows all five of them".into(),
        services: vec![ZOOKEEPER.into(), ALERTING.into(), INGEST.into(), QUERY.into()],
        environment: PRODUCTION.into(),
        fault_kind: "process-restart".into(),
        selector: "role=zookeeper".into(),
        count: "1".into(),
        at_once: "1".into(),
        unit: "instance".into(),
        method: vec![step("restart", "signal=TERM")],
        checks: vec![
            check(GAP, "<=", "60", "s"),
            check(CLIENTS, "holds", "", ""),
            check(BACK, "<=", "5", "min"),
        ],
        signals: vec![fires(DOWN, "2 min")],
        abort_conditions: "Events lost at ingest: more than 1,000 in a minute (illustrative)\nA second instance leaves the ensemble".into(),
        revert_procedure: "1. Start the instance by hand.\n2. If it does not stay up, read its log before the second try.\n3. Wait until it follows the leader.".into(),
        revert_owner: "Jonas".into(),
        revert_deadline: "5 min".into(),
        failing_share: "100 %".into(),
        detect_within: "2 min".into(),
        freshness_days: "120".into(),
        notes: "Told after \u{201c}Safe to Fail: Reinforce Distributed Systems with Chaos Engineering\u{201d} (The New Stack, 2020). \
                The five to ten minutes without alerts are its own; bounds, five instances, dates and all other values are illustrative. \
                A pass counts for 120 days here, because ZooKeeper changes less than once a month."
            .into(),
        ..Draft::default()
    }
}

/// What the run may cost is asked of both promises, so they are measured before.
async fn looked_at_both(teller: &Teller, days_ago: i64) -> Result<()> {
    teller.on(days_ago, "09:30");
    measured(teller, &INGESTED).await?;
    measured(teller, &ANSWERED).await
}

/// The question becomes a plan, and the plan is tried.
pub(super) async fn first_try(teller: &Teller) -> Result<()> {
    teller.on(105, "13:10");
    let says = "One instance, by daylight, and we look at alerts and not at ZooKeeper alone. Yes.";
    teller.experiment(Mara, &plan(), Jonas, says).await?;
    looked_at_both(teller, 98).await?;
    teller.on(98, "09:50");
    let run = teller
        .run(RESTART_ZOOKEEPER, &CREW, "Everybody in one room, revert procedure printed out. Values are illustrative, but for the five to ten minutes.", None, FIRST)
        .await?;
    teller.on(98, "10:00");
    run.start("its process id changed, and the ensemble counts four").await?;
    run.says(20, Jonas, SEEN, "zk-1 is gone. zk-4 says that it leads now.").await?;
    run.says(30, Tom, SEEN, "Kafka does not care: no broker lost its session.").await?;
    run.pins(110, Priya, STRANGE, "No internal alert for two minutes. We usually get one every few seconds.").await?;
    run.says(25, Mara, ASKED, "Is it quiet because nothing is wrong, or because nobody can speak?").await?;
    run.pins(70, Jonas, STRANGE, "Two nodes of the query tier ask for zk-1 and for nothing else. Their logs say \u{201c}no instance\u{201d} once a second.").await?;
    run.says(300, Priya, SEEN, "Alerts are back. The last one before the silence is from 10:01, the first one after it came between 10:06 and 10:11.").await?;
    run.signal_fired(DOWN, "41").await?;
    run.answers(&Answer {
        check: GAP,
        seen: "5-10 min",
        source: "Priya, alert log",
        claimed: Some(("failing", "queue of the alert sender")),
    })
    .await?;
    run.answers(&Answer {
        check: CLIENTS,
        seen: "failed",
        source: "Jonas, logs of the query nodes",
        claimed: Some(("failing", "client metrics")),
    })
    .await?;
    run.end_fault().await?;
    teller.pass_s(60);
    run.answers(&Answer { check: BACK, seen: "130 s", source: "Jonas, at the console", claimed: None }).await?;
    run.finish().await?;
    teller.on(98, "11:30");
    let learnt = "ZooKeeper itself did what it promises: a new leader within seconds. What hangs on it did not. \
                  The one process that sends alerts waited five to ten minutes to be elected again, and two nodes had only ever been told about zk-1.";
    run.sign(Mara, "refuted", learnt).await?;
    let closing = Closing {
        answers: &[],
        decision: "fix_and_rerun",
        title: "Fix both, then restart the same instance again",
        reason: "Minutes without alerts are minutes in which a customer finds out first.",
    };
    run.close(Mara, &closing).await?;
    found_first(teller).await
}

async fn found_first(teller: &Teller) -> Result<()> {
    teller.on(98, "14:00");
    let stop = findings::drafts::Draft {
        title: "Alerts stop after a ZooKeeper restart".into(),
        kind: "weakness".into(),
        severity: "high".into(),
        summary: "One elected process sends all internal alerts. While it is being elected, nobody does: five to ten minutes in DEMO-RUN-1.".into(),
        origin: FIRST_RUN.to_string(),
        revealing: format!("check:{GAP}"),
        ..findings::drafts::Draft::default()
    };
    let alerts_stop = teller.finding(Priya, &stop).await?;
    let cause = JudgeDraft {
        reason: "Leader election: the sender waits for its old session to run out before it stands for election again."
            .into(),
        ..JudgeDraft::default()
    };
    findings::acts::suspect_cause(&teller.desk(Priya), alerts_stop, &cause).await?;
    let only = findings::drafts::Draft {
        title: "Nodes talk only to the first instance".into(),
        kind: "weakness".into(),
        severity: "high".into(),
        summary: "The address list that these nodes were given ends after zk-1. As long as zk-1 is up, nobody notices."
            .into(),
        origin: FIRST_RUN.to_string(),
        revealing: format!("check:{CLIENTS}"),
        condition: "names".into(),
        condition_on: "zk-1".into(),
        ..findings::drafts::Draft::default()
    };
    let only_first = teller.finding(Jonas, &only).await?;
    let seen_together = JudgeDraft { of: alerts_stop.to_string(), ..JudgeDraft::default() };
    findings::acts::link(&teller.desk(Mara), only_first, &seen_together).await?;
    teller.on(95, "10:30");
    let quicker =
        "The sender gives its session up when it hears that its leader is gone, instead of waiting for the timeout.";
    teller.fix(Priya, alerts_stop, "Quicker re-election of the alert sender", quicker).await?;
    let complete = "All five addresses, written by Chef from one list, and a test that counts them on every node.";
    teller.fix(Jonas, only_first, "Complete the address list on every node", complete).await?;
    teller.on(88, "10:15");
    teller.deploy(Jonas, FIX, "chef 4102").await
}

/// A rerun of the same experiment meets another fault, and says nothing about the fix.
pub(super) async fn met_another(teller: &Teller) -> Result<()> {
    teller.on(87, "16:40");
    let push = stage::change(
        teller,
        Tom,
        "configuration_push",
        "Base role 41: old Java packages are removed",
        "chef 4127",
        &[CONFIG, ZOOKEEPER],
    )
    .await?;
    looked_at_both(teller, 84).await?;
    teller.on(84, "09:45");
    let run = teller
        .run(
            RESTART_ZOOKEEPER,
            &CREW,
            "Rerun for DEMO-FIX-2. DEMO-FIX-1 is not out yet, so the gap may show again. Values are illustrative.",
            Some(FIRST_RUN),
            FIRST,
        )
        .await?;
    teller.on(84, "10:00");
    run.start("its process id is gone, and the ensemble counts four").await?;
    run.says(20, Jonas, SEEN, "zk-1 is stopped. zk-2 leads.").await?;
    run.says(150, Priya, SEEN, "Alerts are quiet again, as in DEMO-RUN-1. The quicker election is not deployed yet.")
        .await?;
    run.pins(45, Jonas, STRANGE, "zk-1 does not come back. It exits at once and says that it finds no Java.").await?;
    run.says(200, Tom, STRANGE, "Base role 41 removed old Java packages everywhere this week. ZooKeeper\u{2019}s start script asks for one of them by name.").await?;
    run.says(
        60,
        Priya,
        ASKED,
        "The same push restarted the query nodes this morning. Does it mean anything that they stay connected?",
    )
    .await?;
    run.signal_fired(DOWN, "38").await?;
    run.answers(&Answer {
        check: GAP,
        seen: "4-6 min",
        source: "Priya, alert log",
        claimed: Some(("failing", "queue of the alert sender")),
    })
    .await?;
    run.answers(&Answer {
        check: CLIENTS,
        seen: "held",
        source: "Jonas, logs of the query nodes",
        claimed: Some(("ok", "client metrics")),
    })
    .await?;
    run.end_fault().await?;
    run.pins(1_900, Jonas, SEEN, "Package put back by hand. zk-1 starts and follows, 40 min after it went down.")
        .await?;
    run.answers(&Answer {
        check: BACK,
        seen: "40 min",
        source: "Jonas, at the console",
        claimed: Some(("failing", "ZooKeeper\u{2019}s own metrics")),
    })
    .await?;
    run.finish().await?;
    says_nothing(teller, &run).await?;
    found_third(teller, &run, push).await
}

async fn says_nothing(teller: &Teller, run: &Told<'_>) -> Result<()> {
    teller.on(84, "11:40");
    let learnt = "We came to prove one fix and found a change that nobody had tried: a push that keeps ZooKeeper from starting. \
                  It had been waiting for the next restart of any of the five.";
    run.sign(Mara, "refuted", learnt).await?;
    let nothing = "The push had restarted the query nodes that morning, so they had read their lists anew. What they stayed connected to says nothing about DEMO-FIX-2.";
    let closing = Closing {
        answers: &[(FIX, FINDING, "not", nothing)],
        decision: "fix_and_rerun",
        title: "Correct the push, deploy the election, and restart zk-1 once more",
        reason: "The address list is still unproven, and now we know of a third thing.",
    };
    run.close(Mara, &closing).await
}

async fn found_third(teller: &Teller, run: &Told<'_>, push: i64) -> Result<()> {
    teller.on(84, "13:30");
    let again =
        JudgeDraft { of: run.id.to_string(), reason: "Four to six minutes this time.".into(), ..JudgeDraft::default() };
    findings::acts::see_again(&teller.desk(Priya), ALERTS_STOP, &again).await?;
    let broken = findings::drafts::Draft {
        title: "A broken Chef push keeps ZooKeeper from restarting".into(),
        kind: "weakness".into(),
        severity: "critical".into(),
        summary:
            "Whichever instance restarts next stays down. Nobody had to notice, because nobody restarts ZooKeeper."
                .into(),
        origin: run.id.to_string(),
        revealing: format!("check:{BACK}"),
        ..findings::drafts::Draft::default()
    };
    let no_restart = teller.finding(Jonas, &broken).await?;
    let cause = JudgeDraft {
        reason: "Base role 41 removes the Java package that the start script names.".into(),
        of: push.to_string(),
        ..JudgeDraft::default()
    };
    findings::acts::suspect_cause(&teller.desk(Tom), no_restart, &cause).await?;
    let shown = JudgeDraft {
        number: "1".into(),
        reason: "With the package back, zk-1 started at the first try.".into(),
        ..JudgeDraft::default()
    };
    findings::acts::confirm_cause(&teller.desk(Jonas), no_restart, &shown).await?;
    let corrected = "The role keeps the package, and the start script no longer names a version. A restart is now part of the role\u{2019}s own test.";
    teller.fix(Tom, no_restart, "Correct the push, and restart in its test", corrected).await?;
    teller.on(81, "15:00");
    let seen = JudgeDraft {
        number: "1".into(),
        reason: "The sender\u{2019}s log shows it waiting for its old session from 10:01 to 10:06.".into(),
        ..JudgeDraft::default()
    };
    findings::acts::confirm_cause(&teller.desk(Mara), ALERTS_STOP, &seen).await?;
    teller.on(80, "16:20");
    teller.deploy(Priya, QUICKER, "alert sender 118").await?;
    teller.on(79, "16:40");
    teller.deploy(Tom, PUSH_CORRECTED, "chef 4139").await
}

/// The same experiment once more: everything that was fixed is exercised, and holds.
pub(super) async fn proof(teller: &Teller) -> Result<()> {
    looked_at_both(teller, 76).await?;
    teller.on(76, "09:40");
    let note = "Rerun for DEMO-FIX-1, DEMO-FIX-2 and DEMO-FIX-3. Nothing was pushed since the last of them. Values are illustrative.";
    let run = teller.run(RESTART_ZOOKEEPER, &CREW, note, Some(super::RERUN), FIRST).await?;
    teller.on(76, "10:00");
    run.start("its process id changed, and the ensemble counts four").await?;
    run.says(15, Jonas, SEEN, "zk-1 is gone, zk-3 leads.").await?;
    run.pins(40, Priya, SEEN, "The alert sender was elected again after 38 s. Longest gap so far: 38 s.").await?;
    run.says(
        20,
        Tom,
        SEEN,
        "Query nodes moved on to zk-2 and zk-4 within a breath. All five addresses are in their lists.",
    )
    .await?;
    run.says(30, Jonas, SEEN, "zk-1 is back after 95 s, without a hand on it.").await?;
    run.says(25, Mara, ASKED, "Do we dare to do this at an hour when fewer of us look?").await?;
    run.signal_fired(DOWN, "36").await?;
    run.answers(&Answer {
        check: GAP,
        seen: "38 s",
        source: "Priya, alert log",
        claimed: Some(("ok", "queue of the alert sender")),
    })
    .await?;
    run.answers(&Answer {
        check: CLIENTS,
        seen: "held",
        source: "Jonas, logs of the query nodes",
        claimed: Some(("ok", "client metrics")),
    })
    .await?;
    run.end_fault().await?;
    teller.pass_s(120);
    run.answers(&Answer {
        check: BACK,
        seen: "95 s",
        source: "Jonas, at the console",
        claimed: Some(("ok", "ZooKeeper\u{2019}s own metrics")),
    })
    .await?;
    run.finish().await?;
    teller.on(76, "10:40");
    let learnt = "Three fixes held under the restart that had found them. The push had only waited for the next restart; a test now restarts before we push.";
    run.sign(Mara, "upheld", learnt).await?;
    let answers = [
        (QUICKER, ALERTS_STOP, "held", "Elected again after 38 s."),
        (FIX, FINDING, "held", "The query nodes had to leave zk-1, and did."),
        (PUSH_CORRECTED, NO_RESTART, "held", "zk-1 came back by itself."),
    ];
    let closing = Closing {
        answers: &answers,
        decision: "repeat_as_is",
        title: "Once a quarter, and after every push to ZooKeeper",
        reason: "It proves three things in ten minutes, and each of them could break again without anybody noticing.",
    };
    run.close(Mara, &closing).await
}
