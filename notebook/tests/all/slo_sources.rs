//! Sources of measurements: who asks when, what an answer leaves, and what nobody overwrites.

use notebook::{
    actor::Role,
    events::{self, about},
    id::SloId,
    interval::Interval,
    refusal::Refusal,
    slos::{
        acts::{self, Job, claim, due, settle, show_source, write_source},
        budget::Counts,
        drafts::{ApproveDraft, Draft, RetireDraft},
        entries::{MeasurementsDraft, Row},
        measurements::Source,
        prometheus::{Pulled, Step, Unknown},
        source::{RemoveSourceDraft, SourceDraft},
    },
    time::Moment,
};

use crate::{
    each_db::Book,
    lab::{Lab, refused},
    slos::promised,
};

const MINUTE_MS: i64 = 60_000;

/// Pings that nobody answered, among all.
pub fn pings() -> SourceDraft {
    SourceDraft {
        address: "http://10.0.0.1:9090".into(),
        counts: "bad".into(),
        part: "pings_total{answered=\"no\"}".into(),
        total: "pings_total".into(),
        on: "on".into(),
        ..SourceDraft::default()
    }
}

/// An SLO with this source, four minutes ago: three of them are over and settled.
async fn connected(book: &Book, lab: &Lab<'_>, draft: &Draft) -> SloId {
    let id = acts::write(&lab.ana, draft).await.unwrap().id;
    write_source(&lab.ana, id, &pings()).await.unwrap();
    book.clock.pass_ms(4 * MINUTE_MS);
    id
}

async fn turn(book: &Book, id: SloId) -> Option<Job> {
    claim(&book.system(), id).await.unwrap()
}

/// Nine of ten were good in each of these minutes of the job's piece; nobody knows the others.
fn known(job: &Job, minutes: &[i64]) -> Pulled {
    let step = |minute: i64| {
        let start = job.piece.start().plus_minutes(minute);
        let known = minutes.contains(&minute);
        let counts =
            if known { Ok(Counts { good: 9, bad: 1 }) } else { Err(Unknown::Lacks("nobody scraped".to_owned())) };
        Step { interval: Interval::lasting(start, MINUTE_MS), counts }
    };
    Pulled { steps: (0..job.piece.ms() / MINUTE_MS).map(step).collect(), remark: None }
}

async fn answer(book: &Book, job: &Job, answer: Result<Pulled, String>) {
    settle(&book.system(), job, job.piece, answer).await.unwrap();
}

/// The beginnings of what is measured, and where it came from, the oldest first.
async fn measured(lab: &Lab<'_>, id: SloId) -> Vec<(Moment, Source)> {
    let (rows, _) = acts::measurements(&lab.ana, id, None, notebook::paging::Rows::default()).await.unwrap();
    let mut seen: Vec<_> = rows.into_iter().map(|row| (row.record.interval.start(), row.record.source)).collect();
    seen.sort();
    seen
}

each_db!(a_source_is_asked_by_one_node_and_its_answer_is_measured_once, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    assert_eq!(due(&book.system()).await.unwrap(), [id]);
    let job = turn(book, id).await.unwrap();
    assert_eq!(job.piece.ms(), 3 * MINUTE_MS);
    assert!(turn(book, id).await.is_none() && due(&book.system()).await.unwrap().is_empty(), "it has its turn");
    answer(book, &job, Ok(known(&job, &[0, 1, 2]))).await;
    assert_eq!(measured(&lab, id).await.len(), 3);
    let pulls = show_source(&lab.ana, id).await.unwrap().pulls;
    assert_eq!((pulls.asked_to, pulls.failure, pulls.failed_at), (Some(job.piece.end()), None, None));
    // An answer whose turn is over changes nothing, and neither does one that says the same.
    answer(book, &job, Ok(known(&job, &[0, 1, 2]))).await;
    assert_eq!(measured(&lab, id).await.len(), 3);
    book.clock.pass_ms(MINUTE_MS);
    let next = turn(book, id).await.unwrap();
    assert_eq!((next.piece.start(), next.piece.ms()), (job.piece.end(), MINUTE_MS));

    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, about::SLO, &id.to_string()).await.unwrap();
    let acts: Vec<&str> = lines.iter().map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["written", "source_written", "measured"]);
});

each_db!(a_turn_that_nobody_ended_is_taken_over, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let lost = turn(book, id).await.unwrap();
    book.clock.pass_ms(10 * MINUTE_MS);
    let job = turn(book, id).await.unwrap();
    answer(book, &lost, Err("does not answer in time".into())).await;
    assert_eq!(show_source(&lab.ana, id).await.unwrap().pulls.failure, None, "it was somebody else's turn");
    answer(book, &job, Ok(known(&job, &[0]))).await;
    assert_eq!(measured(&lab, id).await.len(), 1);
});

each_db!(failures_are_told_wait_longer_each_time_and_end, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let mut waits = Vec::new();
    for _ in 0..3 {
        let job = turn(book, id).await.unwrap();
        answer(book, &job, Err("answers with 503".into())).await;
        let pulls = show_source(&lab.ana, id).await.unwrap().pulls;
        assert_eq!((pulls.failure.as_deref(), pulls.asked_to), (Some("answers with 503"), None));
        let wait_ms = pulls.next_at.unwrap().ms_since(lab.ana.now());
        assert!(turn(book, id).await.is_none(), "not before its time");
        book.clock.pass_ms(wait_ms);
        waits.push(wait_ms / MINUTE_MS);
    }
    assert_eq!(waits, [1, 2, 4]);
    let job = turn(book, id).await.unwrap();
    assert!(job.piece.ms() >= 10 * MINUTE_MS, "nothing was passed over");
    answer(book, &job, Ok(known(&job, &[0, 1]))).await;
    let pulls = show_source(&lab.ana, id).await.unwrap().pulls;
    assert_eq!((pulls.failure, pulls.failures), (None, 0));
    assert!(pulls.failed_at.is_some() && pulls.remark.unwrap().contains("stay unknown: nobody scraped"));
});

each_db!(steps_nobody_scraped_are_asked_for_again_and_given_up, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let job = turn(book, id).await.unwrap();
    answer(book, &job, Ok(known(&job, &[]))).await;
    let pulls = show_source(&lab.ana, id).await.unwrap().pulls;
    assert_eq!((pulls.asked_to, pulls.failure.as_deref()), (Some(job.piece.start()), Some("answers, but nobody scraped")));
    book.clock.pass_ms(60 * MINUTE_MS);
    let job = turn(book, id).await.unwrap();
    assert_eq!(job.piece.ms(), 60 * MINUTE_MS, "in pieces");
    answer(book, &job, Ok(known(&job, &[10]))).await;
    assert_eq!(measured(&lab, id).await.len(), 1);
    book.clock.pass_ms(MINUTE_MS);
    let next = turn(book, id).await.unwrap();
    assert!(next.piece.start() > job.piece.start().plus_minutes(40), "what is old is not asked for again");
});

each_db!(steps_whose_samples_have_not_come_are_no_failure_and_are_given_up_in_the_end, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let job = turn(book, id).await.unwrap();
    let mut late = known(&job, &[0]);
    for step in &mut late.steps[1..] {
        step.counts = Err(Unknown::Waits("no samples have come".into()));
    }
    answer(book, &job, Ok(late.clone())).await;
    let pulls = show_source(&lab.ana, id).await.unwrap().pulls;
    assert_eq!((pulls.failure, pulls.remark), (None, None));
    assert_eq!(pulls.asked_to, Some(job.piece.start().plus_minutes(1)));
    book.clock.pass_ms(20 * MINUTE_MS);
    let job = turn(book, id).await.unwrap();
    let mut late = known(&job, &[]);
    for step in &mut late.steps {
        step.counts = Err(Unknown::Waits("no samples have come".into()));
    }
    answer(book, &job, Ok(late)).await;
    let pulls = show_source(&lab.ana, id).await.unwrap().pulls;
    assert!(job.piece.start() < pulls.asked_to.unwrap() && pulls.asked_to.unwrap() < job.piece.end(), "{pulls:?}");
    assert!(pulls.failure.is_some_and(|says| says.contains("no samples have come")), "what is given up is told");
});

each_db!(a_piece_that_fitted_is_remembered_until_the_source_is_another, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let job = turn(book, id).await.unwrap();
    let two = Interval::lasting(job.piece.start(), 2 * MINUTE_MS);
    let mut pulled = known(&job, &[0, 1]);
    pulled.steps.truncate(2);
    settle(&book.system(), &job, two, Ok(pulled)).await.unwrap();
    book.clock.pass_ms(60 * MINUTE_MS);
    let job = turn(book, id).await.unwrap();
    assert_eq!(job.piece, Interval::lasting(two.end(), 2 * MINUTE_MS));
    answer(book, &job, Ok(known(&job, &[0, 1]))).await;
    assert_eq!(show_source(&lab.ana, id).await.unwrap().pulls.steps_max, Some(4), "it is tried with more again");
    write_source(&lab.ana, id, &SourceDraft { version: "1".into(), ..pings() }).await.unwrap();
    assert_eq!(turn(book, id).await.unwrap().piece.ms(), 60 * MINUTE_MS);
});

each_db!(what_people_measured_is_not_overwritten, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let job = turn(book, id).await.unwrap();
    let (from, to) = (job.piece.start().plus_micros(30_000_000), job.piece.start().plus_minutes(2));
    let row = Row { from: from.rfc3339(), to: to.rfc3339(), good: "1".into(), bad: "2".into(), ..Row::default() };
    acts::measure(&lab.ana, id, &MeasurementsDraft { rows: vec![row], ..MeasurementsDraft::default() }).await.unwrap();
    answer(book, &job, Ok(known(&job, &[0, 1, 2]))).await;
    let sources: Vec<Source> = measured(&lab, id).await.into_iter().map(|(_, source)| source).collect();
    assert_eq!(sources, [Source::Manual, Source::Prometheus]);
    let remark = show_source(&lab.ana, id).await.unwrap().pulls.remark.unwrap();
    assert!(remark.starts_with("1 of 3 steps stay unknown: a part of the step from "), "{remark}");
});

each_db!(an_answer_to_a_question_that_changed_is_dropped, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let job = turn(book, id).await.unwrap();
    let other = SourceDraft { total: "all_pings_total".into(), version: "1".into(), ..pings() };
    write_source(&lab.ben, id, &other).await.unwrap();
    answer(book, &job, Ok(known(&job, &[0, 1, 2]))).await;
    assert!(measured(&lab, id).await.is_empty());
    let stale = refused(write_source(&lab.ana, id, &other).await);
    assert!(matches!(stale, Refusal::Stale { .. }), "{stale:?}");
    let unsaid = refused(write_source(&lab.ana, id, &pings()).await);
    assert!(matches!(unsaid, Refusal::NoVersion { .. }), "{unsaid:?}");

    let job = turn(book, id).await.unwrap();
    let removed = RemoveSourceDraft { reason: "Pings are pushed".into() };
    acts::remove_source(&lab.ana, id, &removed).await.unwrap();
    answer(book, &job, Ok(known(&job, &[0, 1, 2]))).await;
    assert!(measured(&lab, id).await.is_empty() && due(&book.system()).await.unwrap().is_empty());
    assert!(matches!(refused(show_source(&lab.ana, id).await), Refusal::Missing { .. }));
    assert!(matches!(refused(acts::remove_source(&lab.ana, id, &removed).await), Refusal::NotNow { .. }));
});

each_db!(what_is_off_or_retired_is_not_asked, book => {
    let lab = Lab::open(book).await;
    let id = connected(book, &lab, &promised("99 %")).await;
    let off = SourceDraft { on: String::new(), version: "1".into(), ..pings() };
    write_source(&lab.ana, id, &off).await.unwrap();
    assert!(due(&book.system()).await.unwrap().is_empty() && turn(book, id).await.is_none());
    let on = SourceDraft { version: "2".into(), ..pings() };
    write_source(&lab.ana, id, &on).await.unwrap();
    assert_eq!(due(&book.system()).await.unwrap(), [id]);
    acts::retire(&lab.ben, id, &RetireDraft { reason: "Nobody asks for it".into() }).await.unwrap();
    assert!(due(&book.system()).await.unwrap().is_empty());
});

each_db!(what_a_source_cannot_measure_is_not_approved_while_it_is_asked, book => {
    let lab = Lab::open(book).await;
    let id = acts::write(&lab.ana, &promised("99 %")).await.unwrap().id;
    let source = write_source(&lab.ana, id, &SourceDraft { step: "10 min".into(), ..pings() }).await.unwrap();
    let sliced = Draft {
        method: "time_slices".into(),
        slice: "5 min".into(),
        slice_good: "95 %".into(),
        version: "1".into(),
        ..promised("99 %")
    };
    let kept = acts::edit(&lab.ana, id, &sliced).await.unwrap();
    let draft = ApproveDraft { version: kept.version.to_string() };
    let says = refused(acts::approve(&lab.ben, id, &draft).await).to_string();
    assert!(says.contains("the step of its source does not divide the SLO's slices of 5 min evenly"), "{says}");
    let off = SourceDraft { on: String::new(), ..SourceDraft::of(&source.source, source.version) };
    write_source(&lab.ana, id, &off).await.unwrap();
    acts::approve(&lab.ben, id, &draft).await.unwrap();
    let on = SourceDraft { on: "on".into(), version: "2".into(), ..off };
    assert_eq!(refused(write_source(&lab.ana, id, &on).await).troubles()[0].field, "step");
});

each_db!(a_step_fits_the_slices_and_viewers_name_no_source, book => {
    let lab = Lab::open(book).await;
    let sliced = Draft {
        method: "time_slices".into(),
        slice: "5 min".into(),
        slice_good: "95 %".into(),
        ..promised("99 %")
    };
    let id = acts::write(&lab.ana, &sliced).await.unwrap().id;
    let long = SourceDraft { step: "10 min".into(), ..pings() };
    let refusal = refused(write_source(&lab.ana, id, &long).await);
    assert_eq!(refusal.troubles()[0].field, "step");
    write_source(&lab.ana, id, &pings()).await.unwrap();
    let viewer = book.person("Vera", Role::Viewer).await;
    assert!(matches!(refused(write_source(&viewer, id, &pings()).await), Refusal::NotAllowed { .. }));
    assert!(show_source(&viewer, id).await.is_ok());
});
