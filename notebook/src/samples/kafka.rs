//! The third experiment: one Kafka node a week, until it is boring. It is what the company now rests on.

use super::{
    RESTART_KAFKA,
    cast::Who::{self, Jonas, Mara, Priya, Tom},
    promises::{INGESTED, measured},
    sentences::{Answer, Closing, Crew, FAULT_AFTER_S, SEEN, STRANGE, Targets, check, fires, step},
    stage::{INGEST, KAFKA, PRODUCTION},
    teller::Teller,
};
use crate::{
    experiments::Draft,
    fault::Result,
    time::{MICROS_A_SECOND, Moment},
};

const ERRORS: &str = "produce-errors|during|max";
const COPIES: &str = "under-replicated-partitions|after|max";
const LOST: &str = "events-lost-or-changed|after|sum";
const DOWN: &str = "kafka-broker-down";

const CREW: Crew = Crew { owner: Tom, coordinator: Tom, reporter: Priya, observers: &[Jonas] };

/// The one that is hit this week, and the others.
const NODES: Targets<'_> = &[
    ("kafka-2", "broker"),
    ("kafka-1", "controller"),
    ("kafka-3", "broker"),
    ("kafka-4", "broker"),
    ("kafka-5", "broker"),
];

/// How long Gremlin keeps a node away, and when the report is written down.
const AWAY_MINUTES: i64 = 10;
const REPORTED_AFTER_S: i64 = 20 * 60;
const WRITTEN_DOWN: &str = "10:30";

/// How long ago the run of the eleventh week started.
const GOING_ON_MINUTES: i64 = 7;

/// One Tuesday's run, or whichever day of the week it falls on.
struct Week {
    days_ago: i64,
    node: &'static str,
    errors: &'static str,
    /// Seconds from the node's return until every copy was whole again.
    whole_s: i64,
    fired_s: &'static str,
    who: Who,
    kind: &'static str,
    says: &'static str,
}

static WEEKS: [Week; 10] = [
    Week {
        days_ago: 66,
        node: "kafka-3",
        errors: "0.04 %",
        whole_s: 540,
        fired_s: "52",
        who: Tom,
        kind: SEEN,
        says: "First time with Gremlin. Nine minutes until all copies were whole, and nobody upstream wrote to us.",
    },
    Week {
        days_ago: 59,
        node: "kafka-1",
        errors: "0.06 %",
        whole_s: 510,
        fired_s: "49",
        who: Jonas,
        kind: SEEN,
        says: "The controller this time. kafka-4 took over in 9 s.",
    },
    Week {
        days_ago: 52,
        node: "kafka-5",
        errors: "0.02 %",
        whole_s: 470,
        fired_s: "55",
        who: Priya,
        kind: SEEN,
        says: "The lag graph has a dent you have to look for.",
    },
    Week {
        days_ago: 45,
        node: "kafka-2",
        errors: "0.03 %",
        whole_s: 690,
        fired_s: "51",
        who: Tom,
        kind: STRANGE,
        says: "Eleven minutes: it shared the disk with the nightly compaction. Moved the compaction by an hour.",
    },
    Week {
        days_ago: 38,
        node: "kafka-4",
        errors: "0.02 %",
        whole_s: 450,
        fired_s: "47",
        who: Jonas,
        kind: SEEN,
        says: "All five have had their turn. Nothing lost, nothing changed: the audit compares every event\u{2019}s checksum.",
    },
    Week {
        days_ago: 31,
        node: "kafka-3",
        errors: "0.02 %",
        whole_s: 430,
        fired_s: "50",
        who: Priya,
        kind: SEEN,
        says: "Support asked what we had improved. We had restarted a machine.",
    },
    Week {
        days_ago: 24,
        node: "kafka-1",
        errors: "0.05 %",
        whole_s: 480,
        fired_s: "46",
        who: Mara,
        kind: SEEN,
        says: "Did it with only two of us in the room, as a rehearsal for holidays.",
    },
    Week {
        days_ago: 17,
        node: "kafka-5",
        errors: "0.02 %",
        whole_s: 440,
        fired_s: "48",
        who: Tom,
        kind: SEEN,
        says: "Boring. That is the news.",
    },
    Week {
        days_ago: 10,
        node: "kafka-4",
        errors: "0.03 %",
        whole_s: 420,
        fired_s: "53",
        who: Jonas,
        kind: SEEN,
        says: "Finance asks what a machine costs that may vanish at any time. About half.",
    },
    Week {
        days_ago: 3,
        node: "kafka-2",
        errors: "0.02 %",
        whole_s: 410,
        fired_s: "47",
        who: Priya,
        kind: SEEN,
        says: "Ten of ten. The line on the dashboard did not move.",
    },
];

fn plan() -> Draft {
    Draft {
        title: "Restart one Kafka node, every week".into(),
        question: "What happens if one Kafka machine is lost, and is everything still whole after it came back?".into(),
        if_fault: "one Kafka node is taken away for ten minutes and comes back".into(),
        then_behaviour: "fewer than 0.1 % of writes fail meanwhile, every partition has all its copies again, and no event is lost or changed".into(),
        because_safeguard: "every event has three copies, and a node that returns catches up before it serves".into(),
        services: vec![KAFKA.into(), INGEST.into()],
        environment: PRODUCTION.into(),
        fault_kind: "process-restart".into(),
        fault_duration: "10 min".into(),
        selector: "role=kafka".into(),
        count: "1".into(),
        at_once: "1".into(),
        unit: "instance".into(),
        method: vec![step("stop", "by=gremlin"), step("wait", "for=10 min"), step("start", "by=gremlin")],
        checks: vec![check(ERRORS, "<", "0.1", "%"), check(COPIES, "<=", "0", ""), check(LOST, "<=", "0", "")],
        signals: vec![fires(DOWN, "2 min")],
        abort_conditions: "A partition has only one copy left\nMore than 0.1 % of writes fail".into(),
        revert_procedure: "Start the node by hand. It catches up alone; do not touch the others meanwhile.".into(),
        revert_owner: "Tom".into(),
        revert_deadline: "5 min".into(),
        failing_share: "10 %".into(),
        detect_within: "2 min".into(),
        notes: "Gremlin restarts the node; Tom reads its report and writes the run down. Bounds, dates and results are illustrative.".into(),
        ..Draft::default()
    }
}

/// When each of these runs' faults began.
pub(super) fn faults(teller: &Teller) -> Vec<Moment> {
    let before_s = |at: Moment, seconds: i64| at.plus_micros(-seconds * MICROS_A_SECOND);
    let weekly = WEEKS.iter().map(|week| {
        let written = teller.on_workday(week.days_ago, WRITTEN_DOWN);
        before_s(written, REPORTED_AFTER_S + AWAY_MINUTES * 60)
    });
    let mut faults: Vec<Moment> = weekly.collect();
    faults.push(before_s(teller.now(), GOING_ON_MINUTES * 60 - FAULT_AFTER_S));
    faults
}

pub(super) async fn ten_weeks(teller: &Teller) -> Result<()> {
    teller.on(70, "14:00");
    teller
        .experiment(Tom, &plan(), Mara, "Replication is what we sell. Weekly is not too often to look at it.")
        .await?;
    for week in &WEEKS {
        one_week(teller, week).await?;
    }
    Ok(())
}

async fn one_week(teller: &Teller, week: &Week) -> Result<()> {
    teller.on(week.days_ago, "09:30");
    measured(teller, &INGESTED).await?;
    teller.on(week.days_ago, WRITTEN_DOWN);
    let note = "Gremlin\u{2019}s weekly schedule; entered by hand from its report. Values are illustrative.";
    let run = teller.past_run(RESTART_KAFKA, &CREW, note, &[(week.node, "broker")], AWAY_MINUTES).await?;
    run.says(60, week.who, week.kind, week.says).await?;
    run.signal_fired(DOWN, week.fired_s).await?;
    run.answers(&Answer { check: ERRORS, seen: week.errors, source: "count at ingest", claimed: None }).await?;
    let whole = teller.ago(REPORTED_AFTER_S + 60 - week.whole_s);
    let copies =
        Answer { check: COPIES, seen: "0", source: "Tom, topic by topic", claimed: Some(("ok", "Kafka dashboard")) };
    run.answers_at(&copies, &whole).await?;
    run.answers_at(&Answer { check: LOST, seen: "0", source: "audit of checksums", claimed: None }, &whole).await?;
    run.finish().await?;
    teller.pass_s(600);
    run.sign(Tom, "upheld", "").await?;
    let last = week.days_ago == 3;
    let closing = Closing {
        answers: &[],
        decision: if last { "keep_manual" } else { "repeat_as_is" },
        title: if last { "Somebody keeps looking, every week" } else { "Again next week" },
        reason: if last {
            "It would run by itself by now. Ten minutes a week are a low price for knowing what normal looks like."
        } else {
            ""
        },
    };
    run.close(Tom, &closing).await
}

/// The eleventh week's run is planned, and begins a few minutes before the story is told.
pub(super) async fn going_on(teller: &Teller) -> Result<()> {
    teller.on(3, "15:00");
    let note = "Week eleven, this time by hand: watch, and write what you see.";
    teller.run(RESTART_KAFKA, &CREW, note, None, &[]).await?;
    Ok(())
}

/// Seven minutes before now until one minute before now.
pub(super) async fn begun(teller: &Teller) -> Result<()> {
    let run = teller.again(super::RUNNING, Tom, "kafka-2");
    teller.minutes_ago(GOING_ON_MINUTES);
    measured(teller, &INGESTED).await?;
    run.start_on(NODES, "its process is gone, and the cluster counts four").await?;
    run.says(45, Tom, SEEN, "kafka-2 is down. The controller stays on kafka-1.").await?;
    run.pins(90, Priya, SEEN, "312 partitions are one copy short, as they should be (illustrative).").await?;
    run.says(110, Jonas, SEEN, "Writers feel nothing: 0.02 % errors (illustrative).").await
}
