//! What Alertmanager tells: once each, in whatever order; which runs it answers for, and what it leaves open.

use notebook::{
    actor::Role,
    alerts::{
        Alert,
        acts::{self, OfRun, OfSignal, Taken},
        telling::Telling,
    },
    desk::Desk,
    events::{self, about},
    experiments::{Draft, draft::SignalRow},
    id::RunId,
    paging::Rows,
    refusal::Refusal,
    runs::{
        self,
        drafts::{AtDraft, EffectDraft, SignalDraft},
        facts::SignalSeen,
        telemetry::{Telemetry, telemetry_gaps, telemetry_pair},
    },
    text::Slug,
    time::Moment,
};
use serde_json::{Value, json};

use crate::{
    each_db::{Book, START},
    lab::{BACK, CLIENTS, GAP, Lab, Trial, refused, restart_one_zookeeper, seen},
};

const MINUTE_MS: i64 = 60_000;

/// An alert of `ZooKeeper` in production, as Alertmanager tells it.
fn zookeeper_down(starts: Moment, ended: Option<Moment>) -> Value {
    alert(&[("alertname", "ZooKeeperDown"), ("environment", "production"), ("service", "zookeeper")], starts, ended)
}

/// The one that always fires, so that it is known to be alive.
fn watchdog() -> Value {
    alert(&[("alertname", "Watchdog"), ("environment", "production")], Moment::from_micros(START), None)
}

fn alert(labels: &[(&str, &str)], starts: Moment, ended: Option<Moment>) -> Value {
    let labels: serde_json::Map<String, Value> =
        labels.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let ends = ended.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), Moment::rfc3339);
    json!({
        "status": if ended.is_some() { "resolved" } else { "firing" },
        "labels": labels, "annotations": { "summary": "As told" },
        "startsAt": starts.rfc3339(), "endsAt": ends, "generatorURL": "",
    })
}

/// An alert for stories of other things.
pub fn down() -> Value {
    zookeeper_down(Moment::from_micros(START), None)
}

fn message(alerts: &[Value], truncated: u64) -> Vec<u8> {
    let message = json!({
        "version": "4", "groupKey": "{}", "receiver": "retrial", "status": "firing", "groupLabels": {},
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager.example.org",
        "truncatedAlerts": truncated, "alerts": alerts,
    });
    message.to_string().into_bytes()
}

pub async fn tell(desk: &Desk, alerts: &[Value]) -> Taken {
    acts::take(desk, None, &message(alerts, 0)).await.unwrap()
}

async fn kept(desk: &Desk) -> Vec<Alert> {
    acts::list(desk, None, None, Rows::default()).await.unwrap().alerts
}

fn now(book: &Book) -> Moment {
    book.system().now()
}

/// So many minutes in which the alert that always fires is told every minute.
async fn listen(lab: &Lab<'_>, minutes: i64) {
    for _ in 0..minutes {
        lab.book.clock.pass_ms(MINUTE_MS);
        tell(&lab.ana, &[watchdog()]).await;
    }
}

/// EXP-1 with a signal that an alert tells.
fn plan(expect: &str, time: &str) -> Draft {
    let signal = SignalRow {
        signal: "zookeeper-down".into(),
        expect: expect.into(),
        time: time.into(),
        alert: "ZooKeeperDown, service=zookeeper".into(),
    };
    Draft { signals: vec![signal], ..restart_one_zookeeper() }
}

/// A run of that plan which has started and listened for a while.
async fn started(lab: &Lab<'_>, expect: &str, time: &str) -> RunId {
    let experiment = lab.approved(&plan(expect, time)).await;
    let run = lab.start(experiment, "zk-1").await;
    listen(lab, 2).await;
    run
}

async fn begin(lab: &Lab<'_>, run: RunId) -> Moment {
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    now(lab.book)
}

/// Ends it with checks that hold and of which telemetry claimed nothing.
async fn end(lab: &Lab<'_>, run: RunId) {
    let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), evidence: String::new() };
    runs::acts::record_effect(&lab.ana, run, &effect).await.unwrap();
    for check in [GAP, CLIENTS] {
        let value = if check == GAP { "38 s" } else { "held" };
        runs::acts::answer_check(&lab.ana, run, &seen(check, value)).await.unwrap();
    }
    runs::acts::end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    runs::acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
}

async fn answer(lab: &Lab<'_>, run: RunId) -> Option<SignalSeen> {
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    shown.facts.signals.get("zookeeper-down").map(|answer| answer.seen)
}

async fn telemetry(lab: &Lab<'_>, run: RunId) -> Telemetry {
    runs::acts::show(&lab.ana, run).await.unwrap().telemetry.is
}

/// What the run proposes as findings.
async fn gaps(lab: &Lab<'_>, run: RunId) -> Vec<Telemetry> {
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    telemetry_gaps(&shown.facts).into_iter().map(|gap| gap.is).collect()
}

async fn beside(lab: &Lab<'_>, run: RunId) -> OfRun {
    acts::of_run(&lab.ana, run).await.unwrap()
}

const fn fired(ms: i64) -> SignalSeen {
    SignalSeen::Fired { lo_ms: ms, hi_ms: ms }
}

each_db!(s_r4_each_cell_of_what_happened_and_what_was_claimed_gives_its_answer, book => {
    let lab = Lab::open(book).await;
    for (gap, claimed, pair, proposed) in [
        ("38 s", "ok", Telemetry::Agreed, None),
        ("38 s", "failing", Telemetry::FalseAlarm, Some(Telemetry::FalseAlarm)),
        // It held and nobody asked telemetry about it: there is no pair to disagree.
        ("38 s", "", Telemetry::NoData, None),
        ("300..600 s", "ok", Telemetry::BlindSpot, Some(Telemetry::BlindSpot)),
        ("300..600 s", "failing", Telemetry::Agreed, None),
        ("300..600 s", "", Telemetry::NoData, Some(Telemetry::NoData)),
        ("no data", "ok", Telemetry::NoData, Some(Telemetry::NoData)),
        ("no data", "failing", Telemetry::NoData, Some(Telemetry::NoData)),
        ("no data", "", Telemetry::NoData, None),
    ] {
        let experiment = lab.approved(&restart_one_zookeeper()).await;
        let run = lab.run(experiment, Trial { gap, gap_claimed: claimed, closes: false, ..Trial::default() }).await;
        let shown = runs::acts::show(&lab.ana, run).await.unwrap();
        let check = shown.facts.identity.checks.iter().find(|check| check.key.slot() == GAP).unwrap();
        assert_eq!(telemetry_pair(&shown.facts, &check.key), pair, "{gap} {claimed}");
        // The other pair of the run agrees.
        assert_eq!(shown.telemetry.is, proposed.unwrap_or(Telemetry::Agreed), "{gap} {claimed}");
        assert_eq!(gaps(&lab, run).await, proposed.into_iter().collect::<Vec<_>>(), "{gap} {claimed}");
    }
});

each_db!(s_r4_an_alert_in_time_agrees_and_a_late_or_missing_one_is_a_blind_spot, book => {
    let lab = Lab::open(book).await;
    for (after_ms, expected) in [(Some(70_000), Telemetry::Agreed), (Some(200_000), Telemetry::BlindSpot), (None, Telemetry::BlindSpot)] {
        let run = started(&lab, "fire", "2 min").await;
        let fault = begin(&lab, run).await;
        if let Some(after_ms) = after_ms {
            book.clock.pass_ms(after_ms);
            let starts = fault.plus_micros(after_ms * 1_000);
            let taken = tell(&lab.ana, &[zookeeper_down(starts, None)]).await;
            assert_eq!(taken.answered, [run]);
            assert_eq!(answer(&lab, run).await, Some(fired(after_ms)));
            // Over, so that it fires for nobody else.
            tell(&lab.ana, &[zookeeper_down(starts, Some(now(book)))]).await;
        }
        listen(&lab, 5).await;
        if after_ms.is_none() {
            assert_eq!(answer(&lab, run).await, Some(SignalSeen::Silent));
        }
        assert_eq!(telemetry(&lab, run).await, expected, "{after_ms:?}");
        end(&lab, run).await;
        let proposed = if expected == Telemetry::Agreed { vec![] } else { vec![expected] };
        assert_eq!(gaps(&lab, run).await, proposed, "{after_ms:?}");
    }
});

each_db!(s_r4_an_alert_where_silence_was_expected_is_a_false_alarm, book => {
    let lab = Lab::open(book).await;
    for (fires, expected) in [(false, Telemetry::Agreed), (true, Telemetry::FalseAlarm)] {
        let run = started(&lab, "silent", "5 min").await;
        begin(&lab, run).await;
        listen(&lab, 2).await;
        if fires {
            let starts = now(book);
            tell(&lab.ana, &[zookeeper_down(starts, None)]).await;
            tell(&lab.ana, &[zookeeper_down(starts, Some(starts.plus_minutes(1)))]).await;
        }
        listen(&lab, 4).await;
        end(&lab, run).await;
        assert_eq!(telemetry(&lab, run).await, expected, "{fires}");
        let proposed = if fires { vec![Telemetry::FalseAlarm] } else { vec![] };
        assert_eq!(gaps(&lab, run).await, proposed, "{fires}");
    }
});

each_db!(s_r4_a_source_that_is_not_known_to_be_alive_gives_no_data, book => {
    let lab = Lab::open(book).await;
    // Nothing was heard after the fault.
    let deaf = started(&lab, "silent", "5 min").await;
    begin(&lab, deaf).await;
    book.clock.pass_ms(30 * MINUTE_MS);
    end(&lab, deaf).await;
    assert_eq!((answer(&lab, deaf).await, telemetry(&lab, deaf).await), (None, Telemetry::NoData));
    assert_eq!(gaps(&lab, deaf).await, [Telemetry::NoData]);
    let [told]: [OfSignal; 1] = beside(&lab, deaf).await.signals.try_into().unwrap();
    assert!(matches!(&told.telling, Telling::Waits { says } if says.contains("nothing was heard")), "{told:?}");
    // Heard of again: for a part of that time nobody knows.
    tell(&lab.ana, &[watchdog()]).await;
    assert_eq!((answer(&lab, deaf).await, telemetry(&lab, deaf).await), (Some(SignalSeen::NoData), Telemetry::NoData));
    // A message that left alerts out says as little.
    let cut = started(&lab, "fire", "2 min").await;
    begin(&lab, cut).await;
    book.clock.pass_ms(10_000);
    let taken = acts::take(&lab.ana, None, &message(&[watchdog()], 7)).await.unwrap();
    assert!(!taken.complete);
    listen(&lab, 3).await;
    assert_eq!(answer(&lab, cut).await, Some(SignalSeen::NoData));
});

each_db!(what_fired_already_before_the_fault_is_no_data, book => {
    let lab = Lab::open(book).await;
    let run = started(&lab, "fire", "2 min").await;
    tell(&lab.ana, &[zookeeper_down(now(book).plus_minutes(-1), None)]).await;
    book.clock.pass_ms(MINUTE_MS);
    begin(&lab, run).await;
    assert_eq!(answer(&lab, run).await, Some(SignalSeen::NoData), "said at once");
    let why = runs::acts::show(&lab.ana, run).await.unwrap().telemetry.because[0].says.clone();
    assert!(why.contains("was firing already when the fault began"), "{why}");
});

each_db!(an_alert_told_before_anybody_said_that_the_fault_began_counts, book => {
    let lab = Lab::open(book).await;
    let run = started(&lab, "fire", "2 min").await;
    let fault = now(book);
    book.clock.pass_ms(30_000);
    let taken = tell(&lab.ana, &[zookeeper_down(fault.plus_micros(20_000_000), None)]).await;
    assert!(taken.answered.is_empty(), "there is no fault yet");
    book.clock.pass_ms(30_000);
    runs::acts::begin_fault(&lab.ana, run, &AtDraft { at: fault.rfc3339() }).await.unwrap();
    assert_eq!(answer(&lab, run).await, Some(fired(20_000)));
});

each_db!(an_alert_is_kept_once_whatever_comes_twice_or_first, book => {
    let lab = Lab::open(book).await;
    let (starts, over) = (now(book).plus_minutes(-9), now(book).plus_minutes(-3));
    let (firing, resolved) = (zookeeper_down(starts, None), zookeeper_down(starts, Some(over)));
    let told = |taken: &Taken| (taken.alerts, taken.news);
    assert_eq!(told(&tell(&lab.ana, &[firing.clone(), firing.clone()]).await), (2, 1));
    book.clock.pass_ms(MINUTE_MS);
    assert_eq!(told(&tell(&lab.ana, std::slice::from_ref(&firing)).await), (1, 0));
    assert_eq!(told(&tell(&lab.ana, std::slice::from_ref(&resolved)).await), (1, 1));
    // The message before it comes late.
    assert_eq!(told(&tell(&lab.ana, &[firing, resolved]).await), (2, 0));
    let [first]: [Alert; 1] = kept(&lab.ana).await.try_into().unwrap();
    assert_eq!((first.starts_at, first.ended_at, first.received_at), (starts, Some(over), Moment::from_micros(START)));
    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, about::ALERT, "1").await.unwrap();
    assert_eq!(lines.iter().map(|line| line.act.as_str()).collect::<Vec<_>>(), ["fired", "ended"]);
    drop(tx);
    // Firing anew it is another one, and here its end is heard of first.
    let anew = now(book).plus_minutes(-1);
    tell(&lab.ana, &[zookeeper_down(anew, Some(now(book)))]).await;
    tell(&lab.ana, &[zookeeper_down(anew, None)]).await;
    let newest = kept(&lab.ana).await.remove(0);
    assert_eq!((newest.starts_at, newest.ended_at.is_some()), (anew, true), "it does not fire again");
});

each_db!(an_alert_that_is_told_long_after_its_end_had_not_ended, book => {
    let lab = Lab::open(book).await;
    let run = started(&lab, "silent", "2 min").await;
    let starts = now(book);
    tell(&lab.ana, &[zookeeper_down(starts, None)]).await;
    // Cut off from whoever watches, Alertmanager gives the alert up.
    book.clock.pass_ms(MINUTE_MS);
    tell(&lab.ana, &[zookeeper_down(starts, Some(now(book)))]).await;
    listen(&lab, 8).await;
    begin(&lab, run).await;
    listen(&lab, 2).await;
    assert_eq!(answer(&lab, run).await, Some(SignalSeen::Silent));
    assert_eq!(tell(&lab.ana, &[zookeeper_down(starts, None)]).await.news, 0, "it may only be late");
    listen(&lab, 1).await;
    let again = tell(&lab.ana, &[zookeeper_down(starts, None)]).await;
    assert_eq!((again.news, again.answered, answer(&lab, run).await), (1, vec![run], Some(SignalSeen::NoData)));
    assert_eq!(tell(&lab.ana, &[zookeeper_down(starts, None)]).await.news, 0);
    let [alert]: [Alert; 1] = kept(&lab.ana).await.into_iter().filter(|alert| alert.name.as_str() == "ZooKeeperDown").collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((alert.starts_at, alert.ended_at, alert.received_at), (starts, None, starts));
});

each_db!(what_a_person_said_and_what_is_signed_stands, book => {
    let lab = Lab::open(book).await;
    let by_hand = started(&lab, "fire", "2 min").await;
    let fault = begin(&lab, by_hand).await;
    let draft = SignalDraft { signal: "zookeeper-down".into(), seen: "fired".into(), after_s: "41".into(), ..SignalDraft::default() };
    runs::acts::answer_signal(&lab.ben, by_hand, &draft).await.unwrap();
    let taken = tell(&lab.ana, &[zookeeper_down(fault.plus_micros(50_000_000), Some(fault.plus_minutes(1)))]).await;
    assert!(taken.answered.is_empty());
    assert_eq!(answer(&lab, by_hand).await, Some(fired(41_000)));
    end(&lab, by_hand).await;

    let signed = started(&lab, "silent", "2 min").await;
    let fault = begin(&lab, signed).await;
    listen(&lab, 3).await;
    end(&lab, signed).await;
    assert_eq!(answer(&lab, signed).await, Some(SignalSeen::Silent));
    // It comes late, but the verdict is not signed yet.
    let late = tell(&lab.ana, &[zookeeper_down(fault.plus_minutes(1), Some(fault.plus_minutes(2)))]).await;
    assert_eq!((late.answered, answer(&lab, signed).await), (vec![signed], Some(fired(60_000))));
    lab.sign(signed).await;
    let later = tell(&lab.ana, &[zookeeper_down(fault.plus_micros(30_000_000), Some(fault.plus_minutes(2)))]).await;
    assert_eq!((later.answered, answer(&lab, signed).await), (vec![], Some(fired(60_000))));
});

each_db!(alerts_count_where_they_fired_and_the_others_stand_beside_the_run, book => {
    let lab = Lab::open(book).await;
    let run = started(&lab, "fire", "2 min").await;
    begin(&lab, run).await;
    listen(&lab, 1).await;
    let starts = now(book);
    let of = |name: &str, environment: &str, service: &str| {
        alert(&[("alertname", name), ("env", environment), ("service", service)], starts, None)
    };
    let elsewhere = [
        of("ZooKeeperDown", "staging", "zookeeper"),
        alert(&[("alertname", "ZooKeeperDown"), ("service", "zookeeper")], starts, None),
        of("ZooKeeperDown", "production", "alerting"),
        of("NodeDown", "production", "nobody-knows"),
        of("DiskFull", "production", "config-management"),
    ];
    let taken = tell(&lab.ana, &elsewhere).await;
    assert_eq!((taken.news, answer(&lab, run).await), (5, None), "none of them is the one that is expected");
    let told = beside(&lab, run).await;
    let names: Vec<(&str, Option<&str>)> =
        told.others.iter().map(|alert| (alert.name.as_str(), alert.service.as_ref().map(Slug::as_str))).collect();
    let near = [("NodeDown", None), ("ZooKeeperDown", Some("alerting"))];
    assert_eq!(names, near, "on its services or on none that is known, and not what fired before it began");
    assert!(told.signals[0].alerts.is_empty() && !told.more);

    // The webhook's address says where, if no label does.
    let bare = alert(&[("alertname", "ZooKeeperDown"), ("service", "zookeeper"), ("zone", "b")], starts, None);
    let production = Slug::new("production").unwrap();
    let taken = acts::take(&lab.ana, Some(&production), &message(std::slice::from_ref(&bare), 0)).await.unwrap();
    assert_eq!((taken.answered, answer(&lab, run).await), (vec![run], Some(fired(MINUTE_MS))));
    let told = beside(&lab, run).await;
    assert_eq!(told.signals[0].alerts.len(), 1);
});

each_db!(a_storm_of_other_alerts_hides_none_that_is_expected, book => {
    let lab = Lab::open(book).await;
    let run = started(&lab, "fire", "2 min").await;
    begin(&lab, run).await;
    book.clock.pass_ms(70_000);
    tell(&lab.ana, &[zookeeper_down(now(book), None)]).await;
    book.clock.pass_ms(1_000);
    let pod = |n: usize| alert(&[("alertname", "PodDown"), ("environment", "production"), ("pod", n.to_string().as_str())], now(book), None);
    let pods: Vec<Value> = (0..=2_000).map(pod).collect();
    for some in pods.chunks(1_000) {
        tell(&lab.ana, some).await;
    }
    listen(&lab, 3).await;
    assert_eq!(answer(&lab, run).await, Some(fired(70_000)));
    let told = beside(&lab, run).await;
    assert_eq!((told.signals[0].alerts.len(), told.signals[0].more), (1, false));
    assert_eq!((told.others.len(), told.more), (200, true));
});

each_db!(messages_of_the_wrong_people_and_places_are_refused, book => {
    let lab = Lab::open(book).await;
    let vera = book.person("Vera", Role::Viewer).await;
    let told = message(&[watchdog()], 0);
    assert!(matches!(refused(acts::take(&vera, None, &told).await), Refusal::NotAllowed { .. }));
    let nowhere = Slug::new("moon").unwrap();
    let unknown = refused(acts::take(&lab.ana, Some(&nowhere), &told).await);
    assert_eq!(unknown.troubles()[0].field, "environment");
    let sample = Slug::new("demo-production").unwrap();
    assert_eq!(refused(acts::take(&lab.ana, Some(&sample), &told).await).troubles()[0].field, "environment");
    assert_eq!(refused(acts::take(&lab.ana, None, b"{}").await).troubles()[0].field, "document");
    assert!(kept(&lab.ana).await.is_empty());
    assert!(acts::list(&vera, None, None, Rows::default()).await.is_ok());
});
