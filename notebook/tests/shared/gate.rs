//! What stands between a planned run and its start: people who are there, and answers by somebody
//! who does not start it.

use notebook::{
    desk::Desk,
    fault::Result,
    gate::{
        Gate,
        drafts::{AttendDraft, LookDraft, LooksDraft, ReplyDraft},
    },
    id::RunId,
    runs::acts,
};

/// Somebody looks for incidents, and none is open.
pub async fn look_for_incidents(desk: &Desk, run: RunId) -> Result<()> {
    let clear = LookDraft { look: "incidents".into(), sight: "clear".into(), text: String::new() };
    acts::look_both_ways(desk, run, &LooksDraft { looks: vec![clear] }).await?;
    Ok(())
}

/// The starter owns the run and can revert it, the second person observes, looks for incidents, and answers
/// whatever the gate asks.
pub async fn make_ready(starter: &Desk, second: &Desk, run: RunId) -> Result<()> {
    for (desk, part, can_revert) in [(starter, "owner", "on"), (second, "observer", "")] {
        let draft = AttendDraft {
            person: desk.person_id().map(|person| person.0.to_string()).unwrap_or_default(),
            parts: vec![part.into()],
            can_revert: can_revert.into(),
            present: "on".into(),
        };
        acts::attend(desk, run, &draft).await?;
    }
    look_for_incidents(second, run).await?;
    let asked = acts::show(second, run).await?.gate;
    let asks = asked.into_iter().flat_map(|asked| asked.lines).filter(|line| line.answer == Gate::Ask);
    for line in asks {
        let draft = ReplyDraft { check: line.check.word().into(), text: format!("Seen and accepted: {}.", line.says) };
        acts::answer_gate(second, run, &draft).await?;
    }
    Ok(())
}
