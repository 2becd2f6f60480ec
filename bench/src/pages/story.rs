//! What stands in the notebook: a run that refuted, its finding and fix, and a rerun with a full log.

use std::sync::Arc;

use notebook::{
    desk::SetClock,
    findings, fixes,
    id::{FindingId, FixId, RunId},
    retrials::{
        self,
        drafts::{AnswerDraft, CloseDraft},
    },
    runs::{
        self,
        drafts::{AtDraft, CheckDraft, EffectDraft, ObservationDraft, SignDraft, SignalDraft, WordsDraft},
    },
    services::{self, ChangeDraft},
    time::Moment,
};

use crate::{Result, world::World};

/// Monday, 2 November 2026, 10:00 UTC.
const START: i64 = 1_793_613_600_000_000;
const GAP: &str = "alert-gap|during|max";

/// The clock of the story stands still while it is measured, so that both pages say "3 h ago" alike.
pub fn clock() -> Arc<SetClock> {
    Arc::new(SetClock::at(Moment::from_micros(START)))
}

/// Returns the run whose page is measured.
pub async fn tell(world: &World, clock: &SetClock) -> Result<RunId> {
    let first = world.start("zk-1").await?;
    go(world, clock, first, "300..600", 6).await?;
    close(world, first, "Nobody noticed for minutes: the health of the queue hides that alerts are lost.", &[]).await?;
    let finding = finding(world, first).await?;
    let fix = fix(world, finding).await?;
    clock.pass_ms(26 * 3_600_000);
    let deploy =
        fixes::drafts::DeployDraft { environment: "production".into(), reference: "v2.4.1".into(), at: String::new() };
    fixes::acts::deploy(&world.ana, fix, &deploy).await?;
    changed(world).await?;
    clock.pass_ms(2 * 3_600_000);
    let rerun = world.start("zk-1").await?;
    go(world, clock, rerun, "38", 24).await?;
    let learnt = "The new timeout holds: the longest gap was 38 s.\n\nThe restart itself is slow; see RUN-1#o2 and \
                  https://example.org/runbooks/zookeeper for the steps.";
    close(world, rerun, learnt, &[(fix, finding)]).await?;
    clock.pass_ms(40 * 60_000);
    let words = WordsDraft { text: "The dashboard's clock was two minutes late.".into(), at: String::new() };
    runs::acts::amend(&world.ben, rerun, &words).await?;
    clock.pass_ms(3 * 3_600_000);
    Ok(rerun)
}

/// From the fault to the end, with something written down every few seconds.
async fn go(world: &World, clock: &SetClock, id: RunId, gap: &str, observations: usize) -> Result<()> {
    let ana = &world.ana;
    answer(world, id, "clients-connected|before|every", "held", "ok").await?;
    let evidence = "The process is gone from the list, and its peers log the lost connection.";
    let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), evidence: evidence.into() };
    runs::acts::record_effect(ana, id, &effect).await?;
    for number in 0..observations {
        clock.pass_ms(11_000);
        observe(world, id, number).await?;
    }
    let fired = SignalDraft {
        signal: "zk-leader-changed".into(),
        seen: "fired".into(),
        after_s: "41".into(),
        ..SignalDraft::default()
    };
    runs::acts::answer_signal(ana, id, &fired).await?;
    answer(world, id, GAP, gap, "ok").await?;
    answer(world, id, "clients-connected|during|every", "held", "ok").await?;
    runs::acts::end_fault(ana, id, &AtDraft::default()).await?;
    clock.pass_ms(55_000);
    answer(world, id, "instance-back|after|every", "held", "").await?;
    runs::acts::finish(ana, id, &AtDraft::default()).await?;
    Ok(())
}

async fn answer(world: &World, id: RunId, check: &str, seen: &str, claimed: &str) -> Result<()> {
    let draft = CheckDraft {
        check: check.into(),
        seen: seen.into(),
        source: "customer count".into(),
        claimed: claimed.into(),
        claimed_source: if claimed.is_empty() { String::new() } else { "dashboard".into() },
        ..CheckDraft::default()
    };
    runs::acts::answer_check(&world.ana, id, &draft).await?;
    Ok(())
}

/// What people write down: most of it as expected, some of it not.
async fn observe(world: &World, id: RunId, number: usize) -> Result<()> {
    const SEEN: [(&str, &str); 6] = [
        ("expected", "zk-2 and zk-3 begin an election."),
        ("expected", "Test alert from the synthetic sender arrived after 4 s."),
        ("unexpected", "The queue grows for some seconds, although its graph stays green.\nNobody was paged for it."),
        ("question", "Does the client library retry on the same node first? See EXP-1 and RUN-1."),
        ("expected", "A new leader is announced; all clients but one are connected again."),
        (
            "unexpected",
            "One client logs <timeout> & reconnects only after 30 s; runbook: https://example.org/zk?step=4",
        ),
    ];
    let (kind, text) = SEEN[number % SEEN.len()];
    let draft = ObservationDraft {
        text: text.into(),
        kind: kind.into(),
        pinned: if kind == "unexpected" { "on".into() } else { String::new() },
        ..ObservationDraft::default()
    };
    let desk = if number.is_multiple_of(3) { &world.ben } else { &world.ana };
    runs::acts::observe(desk, id, &draft).await?;
    Ok(())
}

async fn close(world: &World, id: RunId, learnt: &str, answers: &[(FixId, FindingId)]) -> Result<()> {
    let proposed = runs::acts::show(&world.ana, id).await?.proposed.ok_or("no verdict is proposed")?;
    let sign = SignDraft { verdict: proposed.is.word().into(), analysis: learnt.into(), reason: String::new() };
    runs::acts::sign(&world.ana, id, &sign).await?;
    let decision = if answers.is_empty() { "fix_and_rerun" } else { "repeat_as_is" };
    let answers = answers.iter().map(|(fix, finding)| AnswerDraft {
        fix: fix.to_string(),
        finding: finding.to_string(),
        exercised: "held".into(),
        reason: "the gap stayed below a minute".into(),
    });
    let draft = CloseDraft { answers: answers.collect(), decision: decision.into(), ..CloseDraft::default() };
    retrials::acts::close(&world.ana, id, &draft).await?;
    Ok(())
}

async fn finding(world: &World, run: RunId) -> Result<FindingId> {
    let draft = findings::drafts::Draft {
        title: "Alerts are lost while a new leader is elected".into(),
        severity: "high".into(),
        summary: "The sender gives up after one try.".into(),
        origin: run.to_string(),
        revealing: format!("check:{GAP}"),
        condition: "names".into(),
        condition_on: "zk-1".into(),
        ..findings::drafts::Draft::default()
    };
    Ok(findings::acts::write(&world.ana, &draft).await?.id)
}

async fn fix(world: &World, finding: FindingId) -> Result<FixId> {
    let draft = fixes::drafts::Draft {
        title: "Retry for as long as an election may take".into(),
        findings: vec![finding.to_string()],
        ..fixes::drafts::Draft::default()
    };
    Ok(fixes::acts::propose(&world.ana, &draft).await?.id)
}

async fn changed(world: &World) -> Result<()> {
    for (kind, summary) in [("deploy", "alerting 2.4.1"), ("configuration_push", "Session timeout from 30 s to 10 s")] {
        let draft = ChangeDraft {
            kind: kind.into(),
            summary: summary.into(),
            environment: "production".into(),
            services: vec!["alerting".into()],
            ..ChangeDraft::default()
        };
        services::acts::record_change(&world.ana, &draft).await?;
    }
    Ok(())
}
