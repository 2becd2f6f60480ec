//! What the company dares to do because of all this, and the question nobody has answered yet.

use super::{
    RESTART_KAFKA,
    cast::Who::{Mara, Tom},
    stage::{ALERTING, CONFIG, PRODUCTION},
    teller::Teller,
};
use crate::{
    decisions::drafts::Draft,
    desk::Numbers,
    experiments,
    fault::Result,
    id::{DecisionId, RunId},
    retrials,
};

const ADOPT: DecisionId = DecisionId::of_sample(1);
const RETIRE: DecisionId = DecisionId::of_sample(2);

/// Runs are closed with decisions of their own; these two are the ones everybody talks about, and
/// so many first numbers are kept free for them.
pub(super) const RESERVED: usize = 2;

pub(super) async fn both(teller: &Teller) -> Result<()> {
    teller.on(3, "16:00");
    let adopt = Draft {
        kind: "adopt_a_change".into(),
        title: "Run Kafka on preemptible machines".into(),
        reason: "Ten nodes went away on a schedule, one a week, and no customer noticed. A machine that the provider takes back is the same event without the schedule.".into(),
        consequences: "Two of the five nodes (illustrative) move first. The weekly restart stays until the provider does it often enough.".into(),
        saving: "Up to half of what these machines cost, by the provider\u{2019}s price list (how much of it we see is illustrative).".into(),
        run: RunId::of_sample(14).to_string(),
        claims: vec![RESTART_KAFKA.to_string()],
        review_at: teller.date_in(60),
        ..Draft::default()
    };
    let desk = teller.desk(Mara).numbering(Numbers::Given(ADOPT.number()));
    retrials::acts::decide(&desk, &adopt).await?;
    teller.on(3, "16:20");
    let retire = Draft {
        kind: "retire".into(),
        title: "Proposed: retire the weekly restart on preemptible machines".into(),
        reason: "Once preemption takes nodes away more often than we do, our own restart proves nothing new there.".into(),
        consequences: "Nothing is retired yet: DEMO-EXP-3 goes on. We look again when the first month of preemption events is in, and the restart comes back if they stop.".into(),
        passive: "preemption events".into(),
        run: RunId::of_sample(14).to_string(),
        review_at: teller.date_in(30),
        ..Draft::default()
    };
    let desk = teller.desk(Tom).numbering(Numbers::Given(RETIRE.number()));
    retrials::acts::decide(&desk, &retire).await?;
    Ok(())
}

/// The last of the four questions the company began with.
pub(super) async fn open_question(teller: &Teller) -> Result<()> {
    teller.on(20, "11:15");
    let draft = experiments::Draft {
        title: "What there is only one of".into(),
        question: "Which of our services has only one of itself, and what happens on the day it is gone?".into(),
        services: vec![ALERTING.into(), CONFIG.into()],
        environment: PRODUCTION.into(),
        notes: "Nobody has answered this one yet. Alerting is elected, so it may not count; Chef surely does.".into(),
        ..experiments::Draft::default()
    };
    experiments::acts::create(&teller.desk(Mara), &draft).await?;
    Ok(())
}
