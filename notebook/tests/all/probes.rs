//! Runs that a Prometheus measures: what its answers come to while a run goes on, and what no answer
//! never comes to.

use notebook::{
    actor::{Actor, Via},
    desk::Desk,
    experiments::{
        Draft,
        draft::{ConditionRow, ProbeRow},
        plan::{Measured, Outcome},
    },
    gate::{Check, Gate, prompts::About},
    id::RunId,
    notifications::topics::Topic,
    paging::Rows,
    people,
    runs::{
        acts::{self, Job, Number, Shown},
        drafts::{AbortDraft, AtDraft, CheckDraft, PlanDraft},
        facts::{AbortReason, Execution, Verdict},
        readings::{Reading, Standing},
        telemetry::detection_delay_ms,
        verdict::proposed_verdict,
    },
    time::Moment,
};
use rust_decimal::Decimal;

use crate::{
    carry,
    each_db::Book,
    gate::says,
    lab::{Lab, check, restart_one_zookeeper},
    notifications::{inbox, spread},
};

const EVERY_MS: i64 = 5_000;
const BEFORE: &str = "errors|before|last";
const AFTER: &str = "errors|after|last";

/// The plan with an abort condition that a query watches: more than 8 errors are too many.
pub fn watching(plan: Draft, aborts: &str) -> Draft {
    Draft {
        prometheus: "http://10.0.0.1:9090".into(),
        probe_every: "5 s".into(),
        abort_probes: vec![ConditionRow {
            condition: "errors pile up".into(),
            query: "errors".into(),
            comparator: ">".into(),
            threshold: "8".into(),
            aborts: aborts.into(),
            ..ConditionRow::default()
        }],
        ..plan
    }
}

/// At most 2 errors are normal, and at most 5 during the fault.
fn watched(aborts: &str) -> Draft {
    Draft {
        checks: vec![
            check("errors", "before", "last", "<=", "2", ""),
            check("errors", "during", "max", "<=", "5", ""),
            check("errors", "after", "last", "<=", "2", ""),
        ],
        recovery: "1 min".into(),
        probes: vec![ProbeRow { measure: "errors".into(), query: "errors".into(), unit: String::new() }],
        ..watching(restart_one_zookeeper(), aborts)
    }
}

/// The clock of the server itself.
fn clockwork(book: &Book) -> Desk {
    book.notebook.desk(Actor::System, Via::System)
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Answers of a turn that goes on.
async fn come(desk: &Desk, job: &Job, at: Moment, answers: Vec<(i64, Number)>) {
    let read = answers.into_iter().map(|(number, value)| (number, Reading { at, value }));
    acts::keep_answers(desk, job, read.collect()).await.unwrap();
}

/// The last answers of a turn.
async fn answered(desk: &Desk, job: &Job, at: Moment, answers: Vec<(i64, Number)>) {
    come(desk, job, at, answers).await;
    acts::settle(desk, job, at).await.unwrap();
}

/// One turn in which all queries are answered alike, and the time until the next one.
async fn turn(book: &Book, run: RunId, answer: Number) {
    let desk = clockwork(book);
    assert!(acts::due(&desk).await.unwrap().contains(&run));
    let job = acts::claim(&desk, run).await.unwrap().unwrap();
    let answers = job.probes.queries().iter().map(|(number, _)| (*number, answer.clone())).collect();
    answered(&desk, &job, desk.now(), answers).await;
    book.clock.pass_ms(EVERY_MS);
}

pub async fn read(book: &Book, run: RunId, values: &[&str]) {
    for value in values {
        turn(book, run, Ok(number(value))).await;
    }
}

async fn nothing(book: &Book, run: RunId) {
    turn(book, run, Err("answers with NaN".into())).await;
}

async fn shown(desk: &Desk, run: RunId) -> Shown {
    acts::show(desk, run).await.unwrap()
}

fn prompted(shown: &Shown) -> Vec<bool> {
    shown.prompts.iter().filter(|prompt| prompt.about == About::Condition).map(|prompt| prompt.urges).collect()
}

fn proposed(book: &Book, shown: &Shown, slot: &str) -> Option<(Measured, Outcome)> {
    let check = shown.facts.identity.checks.iter().find(|check| check.key.slot() == slot).unwrap();
    let proposal = shown.watched.as_ref().unwrap().proposal(&shown.facts, check, book.notebook.now());
    proposal.map(|proposal| (proposal.measured, proposal.outcome))
}

/// A run of such a plan with its fault under way, measured once before.
async fn faulty(lab: &Lab<'_>, aborts: &str) -> RunId {
    let experiment = lab.approved(&watched(aborts)).await;
    let run = lab.start(experiment, "zk-1").await;
    read(lab.book, run, &["1"]).await;
    acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    run
}

each_db!(a_run_aborts_by_itself_and_its_stopwatch_stops_when_the_steady_state_is_met_again, book => {
    let lab = Lab::open(book).await;
    let run = faulty(&lab, "on").await;
    read(book, run, &["3"]).await;
    assert_eq!(shown(&lab.ana, run).await.facts.execution, Execution::Running);
    let crossed = book.notebook.now();
    read(book, run, &["9"]).await;
    let aborted = shown(&lab.ben, run).await;
    assert_eq!((aborted.facts.execution, aborted.facts.abort), (Execution::Reverting, Some(AbortReason::OwnEffect)));
    assert_eq!(aborted.facts.fault_ended, Some(crossed));
    let last: Vec<_> = aborted.history.iter().rev().take(2).map(|line| (line.act.as_str(), line.name.as_str(), line.via)).collect();
    assert_eq!(last, [("abort_pressed", "", Via::System), ("condition_reached", "", Via::System)]);
    assert_eq!(detection_delay_ms(&aborted.facts), Some((0, EVERY_MS)), "between the two readings");
    assert_eq!((aborted.facts.recovered, proposed(book, &aborted, AFTER).unwrap().1), (None, Outcome::Failed));

    read(book, run, &["9", "1"]).await;
    let well = shown(&lab.ana, run).await;
    assert_eq!(well.facts.revert_ms(), Some((EVERY_MS, 2 * EVERY_MS)));
    assert_eq!(well.history.last().unwrap().act, "steady_again");
    read(book, run, &["9"]).await;
    assert_eq!(shown(&lab.ana, run).await.facts.revert_ms(), Some((EVERY_MS, 2 * EVERY_MS)), "it held once");

    read(book, run, &["1"]).await;
    let (value, outcome) = proposed(book, &shown(&lab.ana, run).await, AFTER).unwrap();
    assert_eq!((value.words(None).as_str(), outcome), ("1", Outcome::Held));
    let answer = CheckDraft { check: AFTER.into(), seen: "1".into(), source: "Prometheus".into(), ..CheckDraft::default() };
    acts::answer_check(&lab.ana, run, &answer).await.unwrap();
    acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
    assert!(!acts::due(&clockwork(book)).await.unwrap().contains(&run), "what is over is not measured");
    let over = shown(&lab.ana, run).await;
    assert_eq!((over.run.execution, over.history.iter().filter(|line| line.act == "condition_reached").count()), (Execution::Aborted, 1));
    let verdict = proposed_verdict(&over.facts).map(|answer| answer.is);
    assert!(verdict.is_none_or(|verdict| verdict == Verdict::Refuted), "{verdict:?}");
});

each_db!(a_condition_that_is_reached_asks_everybody_and_goes_on_asking, book => {
    let lab = Lab::open(book).await;
    let run = faulty(&lab, "").await;
    assert_eq!(prompted(&shown(&lab.ana, run).await), [] as [bool; 0]);
    read(book, run, &["9"]).await;
    spread(book, false).await;
    for desk in [&lab.ana, &lab.ben] {
        assert_eq!(prompted(&shown(desk, run).await), [true]);
        let newest = inbox(desk).await.into_iter().next();
        assert_eq!(newest, Some((Topic::ConditionReached, "you are on the run".to_owned())), "whoever has no page open");
    }
    read(book, run, &["1", "9"]).await;
    let shown = shown(&lab.ben, run).await;
    assert_eq!((shown.facts.execution, shown.facts.reached.len()), (Execution::Running, 1), "it is written down once");
    read(book, run, &["1"]).await;
    let prompts = acts::show(&lab.ben, run).await.unwrap().prompts;
    assert!(prompts.iter().any(|prompt| prompt.urges && prompt.says.contains("\"errors pile up\" was reached")), "{prompts:?}");
    let draft = AbortDraft { reason: "own_effect".into(), ..AbortDraft::default() };
    acts::abort(&lab.ben, run, &draft).await.unwrap();
});

each_db!(what_nobody_knows_holds_nothing_stops_nothing_and_says_so, book => {
    let lab = Lab::open(book).await;
    let run = faulty(&lab, "on").await;
    nothing(book, run).await;
    let blind = shown(&lab.ana, run).await;
    assert_eq!((prompted(&blind), blind.facts.execution), (vec![false], Execution::Running));
    assert_eq!(proposed(book, &blind, "errors|during|max"), Some((Measured::NoData, Outcome::Unknown)));
    acts::end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    for _ in 0..3 {
        nothing(book, run).await;
    }
    let blind = shown(&lab.ana, run).await;
    assert_eq!((blind.facts.recovered, proposed(book, &blind, AFTER).unwrap().1), (None, Outcome::Unknown));
    read(book, run, &["1"]).await;
    let well = shown(&lab.ana, run).await;
    assert_eq!(well.facts.revert_ms(), Some((0, 3 * EVERY_MS)), "it may have been well all along");
    // A minute in which nobody looked.
    book.clock.pass_ms(60_000);
    let late = shown(&lab.ana, run).await;
    assert_eq!(proposed(book, &late, AFTER).unwrap().1, Outcome::Unknown);
});

each_db!(a_condition_is_judged_by_its_own_answer_and_the_steady_state_by_all, book => {
    let lab = Lab::open(book).await;
    let run = faulty(&lab, "on").await;
    let desk = clockwork(book);
    let job = acts::claim(&desk, run).await.unwrap().unwrap();
    let asked = desk.now();
    book.clock.pass_ms(1_000);
    come(&desk, &job, asked, vec![(2, Ok(number("9")))]).await;
    let aborted = shown(&lab.ana, run).await.facts;
    assert_eq!((aborted.execution, aborted.abort), (Execution::Reverting, Some(AbortReason::OwnEffect)));
    answered(&desk, &job, asked, vec![(1, Ok(number("1")))]).await;
    assert_eq!(shown(&lab.ana, run).await.facts.recovered, None, "it was asked for before the abort");
    book.clock.pass_ms(EVERY_MS);
    let job = acts::claim(&desk, run).await.unwrap().unwrap();
    let asked = desk.now();
    come(&desk, &job, asked, vec![(1, Ok(number("1")))]).await;
    assert_eq!(shown(&lab.ana, run).await.facts.recovered, None, "another answer may say otherwise");
    answered(&desk, &job, asked, vec![(2, Ok(number("1")))]).await;
    assert!(shown(&lab.ana, run).await.facts.recovered.is_some());
});

each_db!(one_node_takes_a_turn_and_a_late_answer_is_dropped, book => {
    let lab = Lab::open(book).await;
    let run = faulty(&lab, "on").await;
    let desk = clockwork(book);
    let late = acts::claim(&desk, run).await.unwrap().unwrap();
    assert!(acts::claim(&desk, run).await.unwrap().is_none() && acts::due(&desk).await.unwrap().is_empty());
    let asked = desk.now();
    book.clock.pass_ms(31_000);
    let other = acts::claim(&desk, run).await.unwrap().unwrap();
    answered(&desk, &late, asked, vec![(2, Ok(number("9")))]).await;
    assert_eq!(shown(&lab.ana, run).await.facts.execution, Execution::Running);
    answered(&desk, &other, desk.now(), vec![(2, Ok(number("1")))]).await;
    assert!(acts::claim(&desk, run).await.unwrap().is_none(), "not before the next turn");
    let (readings, more) = acts::list_readings(&lab.ana, run, None, Rows::default()).await.unwrap();
    let told: Vec<_> = readings.iter().map(|read| (read.number, read.name.as_str())).collect();
    assert_eq!((told, more), (vec![(1, "errors"), (2, "errors pile up"), (2, "errors pile up")], false));
    let first = readings.first().map(|read| (read.reading.at, read.number));
    let (rest, _) = acts::list_readings(&lab.ana, run, first, Rows::default()).await.unwrap();
    assert_eq!(rest, readings[1..]);
});

each_db!(only_runs_of_plans_that_ask_something_are_measured_and_shortly_before_their_time, book => {
    let lab = Lab::open(book).await;
    let desk = clockwork(book);
    let plain = lab.approved(&restart_one_zookeeper()).await;
    let plain = lab.start(plain, "zk-1").await;
    assert!(acts::due(&desk).await.unwrap().contains(&plain));
    assert!(acts::claim(&desk, plain).await.unwrap().is_none());
    book.clock.pass_ms(3_600_000);
    assert!(!acts::due(&desk).await.unwrap().contains(&plain), "looked at once");
    let experiment = lab.approved(&watched("")).await;
    let planned_at = book.notebook.now().plus_minutes(60).rfc3339();
    let draft = PlanDraft { experiment: experiment.to_string(), planned_at, ..PlanDraft::default() };
    let run = acts::plan(&lab.ana, &draft).await.unwrap().id;
    let at = shown(&lab.ana, run).await.run.planned_at.unwrap();
    book.clock.set(at.plus_minutes(-16));
    assert!(!acts::due(&desk).await.unwrap().contains(&run));
    book.clock.set(at.plus_minutes(-14));
    assert_eq!(proposed(book, &shown(&lab.ana, run).await, BEFORE), None);
    read(book, run, &["9", "1"]).await;
    let ready = shown(&lab.ana, run).await;
    assert_eq!(proposed(book, &ready, BEFORE).unwrap().1, Outcome::Held);
    assert!(ready.facts.reached.is_empty(), "nothing is stopped that has not begun");
    book.clock.set(at.plus_minutes(61));
    assert!(!acts::due(&desk).await.unwrap().contains(&run));
});

each_db!(the_gate_takes_a_fresh_reading_that_holds_as_a_look_and_bad_news_at_once, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&watched("")).await;
    let planned_at = book.notebook.now().plus_minutes(60).rfc3339();
    let draft = PlanDraft { experiment: experiment.to_string(), planned_at, ..PlanDraft::default() };
    let run = acts::plan(&lab.ana, &draft).await.unwrap().id;
    let at = shown(&lab.ana, run).await.run.planned_at.unwrap();
    book.clock.set(at.plus_minutes(-14));
    let gate = async || says(&lab.ana, run, Check::SteadyState).await;
    let (answer, why) = gate().await;
    assert_eq!(answer, Gate::Ask);
    assert!(why.contains("nobody wrote down yet how it is with errors"), "{why}");
    read(book, run, &["1"]).await;
    assert_eq!(gate().await, (Gate::Go, "every before-check held 5 s ago".into()));
    assert!(shown(&lab.ana, run).await.facts.checks.is_empty(), "answers are people's");
    read(book, run, &["9"]).await;
    assert_eq!(gate().await, (Gate::Refuse, "it does not hold: errors".into()));
    read(book, run, &["1"]).await;
    book.clock.pass_ms(26_000);
    assert_eq!(gate().await.0, Gate::Ask, "nobody measured it of late");
    nothing(book, run).await;
    assert_eq!(gate().await.0, Gate::Ask, "no number is no look");

    let seen = |value: &str| CheckDraft { check: BEFORE.into(), seen: value.into(), ..CheckDraft::default() };
    acts::answer_check(&lab.ana, run, &seen("1")).await.unwrap();
    assert_eq!(gate().await.0, Gate::Go, "a witness is a source");
    read(book, run, &["9"]).await;
    assert_eq!(gate().await.0, Gate::Refuse, "it was so before, and is not any more");
    acts::answer_check(&lab.ana, run, &seen("9")).await.unwrap();
    read(book, run, &["1"]).await;
    assert_eq!(gate().await.0, Gate::Refuse, "whoever saw it fail says when it is well");
});

each_db!(readings_travel_with_the_notebook, book => {
    people::acts::identify_notebook(&book.system()).await.unwrap();
    let lab = Lab::open(book).await;
    let run = faulty(&lab, "on").await;
    read(book, run, &["9"]).await;
    nothing(book, run).await;
    let archive = carry::out(book).await;
    let other = Book::sqlite().await;
    carry::into(&other, &archive).await;
    let readings = |desk: Desk| async move { acts::list_readings(&desk, run, None, Rows::default()).await.unwrap().0 };
    let there = readings(other.system()).await;
    assert_eq!((there.len(), &there), (6, &readings(book.system()).await));
    assert_eq!(shown(&other.system(), run).await.facts, shown(&book.system(), run).await.facts);
});

/// How the measured condition of a run stands beside those of all others; None where the run does not go on.
async fn metered(desk: &Desk, run: RunId) -> Option<Standing> {
    let meters = acts::meters(desk).await.unwrap();
    meters.get(&run).map(|meters| {
        assert_eq!(meters.measured.len(), 1, "{meters:?}");
        meters.measured[0].1.clone()
    })
}

each_db!(runs_that_go_on_are_shown_with_what_was_read_last_of_their_abort_conditions, book => {
    let lab = Lab::open(book).await;
    assert!(acts::meters(&lab.ana).await.unwrap().is_empty());
    let run = faulty(&lab, "").await;
    // Elsewhere: two runs on one service are in each other's way.
    let by_people = Draft {
        services: vec!["config-management".into()],
        abort_conditions: "somebody is worried".into(),
        ..restart_one_zookeeper()
    };
    let plain = lab.approved(&by_people).await;
    let plain = lab.start(plain, "cm-1").await;
    read(book, run, &["7", "3"]).await;
    assert_eq!(metered(&lab.ana, run).await, Some(Standing::Clear(number("3"))), "the newest");
    let meters = acts::meters(&lab.ana).await.unwrap();
    assert_eq!(meters.keys().copied().collect::<Vec<_>>(), [run, plain]);
    let watched: Vec<_> = meters[&plain].watched.iter().map(ToString::to_string).collect();
    assert_eq!((watched, meters[&plain].measured.len()), (vec!["somebody is worried".to_owned()], 0));

    read(book, run, &["9"]).await;
    assert!(matches!(metered(&lab.ana, run).await, Some(Standing::Reached { value, .. }) if value == number("9")));
    nothing(book, run).await;
    assert_eq!(metered(&lab.ana, run).await, Some(Standing::Unknown("Prometheus answers with NaN".into())));
    read(book, run, &["1"]).await;
    for minutes in [1, 60] {
        book.clock.pass_ms(minutes * 60_000);
        let unknown = Standing::Unknown("nobody measured it of late".into());
        assert_eq!(metered(&lab.ana, run).await, Some(unknown), "a number of before says nothing of now");
    }
    acts::abort(&lab.ana, run, &AbortDraft { reason: "own_effect".into(), ..AbortDraft::default() }).await.unwrap();
    assert!(metered(&lab.ana, run).await.is_some(), "the way back");
    read(book, run, &["1"]).await;
    let answer = CheckDraft { check: AFTER.into(), seen: "1".into(), source: "dashboard".into(), ..CheckDraft::default() };
    acts::answer_check(&lab.ana, run, &answer).await.unwrap();
    acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
    assert_eq!(metered(&lab.ana, run).await, None);
});
