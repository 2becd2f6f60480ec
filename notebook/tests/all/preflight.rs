//! Just before a start: go or no-go of each part, and looking both ways; then the method, step by step.

use notebook::{
    actor::Role,
    gate::{
        Check, Gate,
        answers::Outcome,
        drafts::{LookDraft, LooksDraft, PollDraft},
        preflight::Look,
    },
    id::RunId,
    refusal::Refusal,
    runs::{
        self,
        drafts::{AbortDraft, AtDraft, StepDraft, WordsDraft},
        method::strays,
        phase::{Phase, phase},
    },
};

use crate::{
    gate::{careful, marks, planned, reply, says, start},
    lab::{BACK, Lab, Trial, refused, restart_one_zookeeper, seen},
    ready::make_ready,
};

fn poll(part: &str, says: &str, text: &str) -> PollDraft {
    PollDraft { part: part.into(), says: says.into(), text: text.into() }
}

fn looks(rows: &[(&str, &str, &str)]) -> LooksDraft {
    let row = |(look, sight, text): &(&str, &str, &str)| LookDraft {
        look: (*look).into(),
        sight: (*sight).into(),
        text: (*text).into(),
    };
    LooksDraft { looks: rows.iter().map(row).collect() }
}

fn step(number: &str) -> StepDraft {
    StepDraft { number: number.into(), ..StepDraft::default() }
}

fn field(refusal: &Refusal) -> &str {
    &refusal.troubles()[0].field
}

async fn ready(lab: &Lab<'_>) -> RunId {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = planned(&lab.ana, experiment, 1).await;
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();
    run
}

each_db!(a_no_go_is_answered_by_a_second_person_with_a_reason_or_the_run_does_not_start, book => {
    let lab = Lab::open(book).await;
    let run = ready(&lab).await;
    let not_hers = refused(runs::acts::answer_poll(&lab.ana, run, &poll("observer", "go", "")).await);
    assert_eq!(field(&not_hers), "part", "{not_hers}");
    let no_go = poll("observer", "no_go", "The dashboard is blank");
    runs::acts::answer_poll(&lab.ben, run, &no_go).await.unwrap();
    let (answer, why) = says(&lab.ana, run, Check::GoNoGo).await;
    assert_eq!((answer, why.as_str()), (Gate::Ask, "the Observer says no-go: The dashboard is blank"));

    let waits = start(&lab.ana, run).await.unwrap_err();
    assert_eq!((waits.code(), waits.exit_code()), ("ask", 3), "{waits}");
    assert!(waits.to_string().contains("the Observer says no-go: The dashboard is blank"), "{waits}");
    runs::acts::answer_gate(&lab.ana, run, &reply(Check::GoNoGo)).await.unwrap();
    assert_eq!(start(&lab.ana, run).await.unwrap_err().code(), "ask", "nobody is their own second person");
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::GoNoGo)).await.unwrap();
    let passed = start(&lab.ana, run).await.unwrap();
    let settled = passed.checks.iter().find(|settled| settled.line.check == Check::GoNoGo).unwrap();
    let Outcome::Answered(by) = &settled.outcome else { panic!("{settled:?}") };
    assert_eq!((Some(by.by), by.text.as_str()), (lab.ben.person_id(), "Seen, and accepted."));
    let late = refused(runs::acts::answer_poll(&lab.ben, run, &poll("observer", "go", "")).await);
    assert_eq!(late.code(), "not_now", "{late}");
});

each_db!(a_no_go_is_taken_back_by_whoever_said_it_and_a_further_one_needs_a_further_answer, book => {
    let lab = Lab::open(book).await;
    let chris = book.person("Chris", Role::Contributor).await;
    let run = ready(&lab).await;
    marks(&lab.ana, run, &chris, "observer", false).await;
    runs::acts::answer_poll(&lab.ben, run, &poll("observer", "no_go", "Wait for the deploy")).await.unwrap();
    runs::acts::answer_poll(&chris, run, &poll("observer", "go", "")).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::GoNoGo).await.0, Gate::Ask, "another Observer's go is their own");
    runs::acts::answer_gate(&chris, run, &reply(Check::GoNoGo)).await.unwrap();
    runs::acts::answer_poll(&lab.ben, run, &poll("observer", "no_go", "Now the pager is silent")).await.unwrap();
    assert_eq!(start(&lab.ana, run).await.unwrap_err().code(), "ask", "that was not answered");
    runs::acts::answer_poll(&lab.ben, run, &poll("observer", "go", "")).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::GoNoGo).await.0, Gate::Go);
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.polled.len(), 2, "each Observer once");
    start(&lab.ana, run).await.unwrap();
});

each_db!(what_is_not_clear_on_looking_both_ways_is_asked_about_until_it_is, book => {
    let lab = Lab::open(book).await;
    let run = ready(&lab).await;
    let silent = refused(runs::acts::look_both_ways(&lab.ben, run, &looks(&[("changes", "not_clear", "")])).await);
    assert_eq!(field(&silent), "looks.0.text", "{silent}");
    let seen = [("incidents", "clear", ""), ("changes", "not_clear", "a deploy until 11"), ("others", "", "")];
    runs::acts::look_both_ways(&lab.ben, run, &looks(&seen)).await.unwrap();
    let (answer, why) = says(&lab.ana, run, Check::GoNoGo).await;
    assert_eq!((answer, why.as_str()), (Gate::Ask, "deploys and maintenance not clear: a deploy until 11"));
    runs::acts::look_both_ways(&lab.ana, run, &looks(&[("changes", "clear", "")])).await.unwrap();
    assert_eq!(says(&lab.ana, run, Check::GoNoGo).await.0, Gate::Go);
    let looked = runs::acts::show(&lab.ana, run).await.unwrap().looked;
    let by = |look: Look| looked.iter().find(|seen| seen.sighted.look == look).map(|seen| seen.by);
    assert_eq!((by(Look::Incidents), by(Look::Changes)), (lab.ben.person_id(), lab.ana.person_id()));
    assert_eq!(by(Look::Others), None, "nobody looked");
});

each_db!(without_a_look_for_incidents_nobody_knows_and_that_is_no_go, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = planned(&lab.ana, experiment, 1).await;
    let (answer, why) = says(&lab.ana, run, Check::Incident).await;
    assert_eq!((answer, why.as_str()), (Gate::Ask, "unknown: nobody looked for incidents; look both ways"));
    runs::acts::answer_gate(&lab.ben, run, &reply(Check::Incident)).await.unwrap();

    let seen = [("incidents", "not_clear", "kafka lags")];
    runs::acts::look_both_ways(&lab.ben, run, &looks(&seen)).await.unwrap();
    let (answer, why) = says(&lab.ana, run, Check::Incident).await;
    assert_eq!(answer, Gate::Ask);
    assert!(why.contains("incidents here and nearby not clear: kafka lags"), "{why}");
    assert_eq!(says(&lab.ana, run, Check::GoNoGo).await.0, Gate::Go, "it is asked about once");
    let asked = runs::acts::show(&lab.ana, run).await.unwrap().gate.unwrap();
    let settled = asked.settled(lab.ana.person_id().unwrap());
    let incident = settled.iter().find(|settled| settled.line.check == Check::Incident).unwrap();
    assert!(!incident.is_open(), "what was answered before is not about that");

    runs::acts::look_both_ways(&lab.ben, run, &looks(&[("incidents", "clear", "")])).await.unwrap();
    let (answer, why) = says(&lab.ana, run, Check::Incident).await;
    assert_eq!((answer, why.as_str()), (Gate::Go, "whoever looked both ways saw no open incident"));
    book.clock.pass_ms(61 * 60_000);
    careful(&lab).await;
    let (answer, why) = says(&lab.ana, run, Check::Incident).await;
    assert_eq!(answer, Gate::Refuse, "in production");
    assert!(why.contains("looked for incidents 1 h 1 min ago; look again"), "{why}");
    let closed = start(&lab.ana, run).await.unwrap_err();
    assert_eq!((closed.code(), closed.exit_code()), ("gate", 4), "{closed}");
    assert!(closed.to_string().contains("look again"), "{closed}");
});

each_db!(the_method_is_marked_step_by_step_and_what_is_left_out_is_said, book => {
    let lab = Lab::open(book).await;
    let mut draft = restart_one_zookeeper();
    draft.method.push(notebook::experiments::draft::StepRow { op: "undrain".into(), args: String::new() });
    let experiment = lab.approved(&draft).await;
    let run = lab.start(experiment, "zk-1").await;
    let facts = async || runs::acts::show(&lab.ana, run).await.unwrap().facts;
    assert_eq!(phase(&facts().await).unwrap().0, Phase::Before);

    let early = refused(runs::acts::end_step(&lab.ana, run, &step("1")).await);
    assert_eq!(early.code(), "not_now", "{early}");
    for unknown in ["3", "0", "x", ""] {
        let refusal = refused(runs::acts::begin_step(&lab.ana, run, &step(unknown)).await);
        assert_eq!(field(&refusal), "number", "{unknown}: {refusal}");
    }
    let before = StepDraft { number: "1".into(), at: "-3h".into() };
    assert_eq!(field(&refused(runs::acts::begin_step(&lab.ana, run, &before).await)), "at");
    runs::acts::begin_step(&lab.ana, run, &step("1")).await.unwrap();
    let twice = refused(runs::acts::begin_step(&lab.ana, run, &step("1")).await);
    assert!(twice.to_string().contains("has begun already"), "{twice}");
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(30_000);
    runs::acts::end_step(&lab.ben, run, &step("1")).await.unwrap();
    let taken = facts().await.step(1).cloned().unwrap();
    assert_eq!(taken.ended.unwrap().ms_since(taken.began), 30_000);
    assert!(strays(&facts().await).is_empty(), "the second step is to come");
    runs::acts::end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    let facts = facts().await;
    assert_eq!(strays(&facts), ["step 2 was left out"]);
    assert_eq!(phase(&facts).unwrap().0, Phase::Reverting);
});

each_db!(a_deviation_makes_a_run_different_until_somebody_other_than_the_runner_rules_it_context, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    let said = WordsDraft { text: "Two instances were restarted".into(), ..WordsDraft::default() };
    runs::acts::deviate(&lab.ana, run, &said).await.unwrap();
    lab.play(run, &Trial::default()).await;
    let is_context = async || runs::acts::show(&lab.ana, run).await.unwrap().facts.deviations[0].is_context;
    assert!(!is_context().await);
    let ruling = runs::drafts::RulingDraft {
        ruling: "context".into(),
        reason: "The second was a spare".into(),
        number: "1".into(),
    };
    let own = refused(runs::acts::rule_deviation(&lab.ana, run, &ruling).await);
    assert!(own.to_string().contains("somebody else"), "{own}");
    runs::acts::rule_deviation(&lab.ben, run, &ruling).await.unwrap();
    assert!(is_context().await);
});

each_db!(what_was_well_while_the_fault_went_on_neither_stops_the_stopwatch_nor_ends_the_run, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(30_000);
    runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    book.clock.pass_ms(30_000);
    let reason = AbortDraft { reason: "people".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ben, run, &reason).await.unwrap();
    let facts = async || runs::acts::show(&lab.ana, run).await.unwrap().facts;
    assert_eq!(phase(&facts().await).unwrap().0, Phase::Reverting, "nobody has looked since");
    let early = refused(runs::acts::finish(&lab.ana, run, &AtDraft::default()).await);
    assert!(early.to_string().contains("after-checks without an answer: instance-back"), "{early}");
    book.clock.pass_ms(90_000);
    runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    assert_eq!(facts().await.revert_ms(), Some((90_000, 90_000)));
    runs::acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
});
