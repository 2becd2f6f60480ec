//! What is written while a run goes on: notes with commands, their own times, pins, and evidence.

use notebook::{
    desk::Desk,
    id::RunId,
    limits::{CLOCK_AHEAD_MINUTES_MAX, EVIDENCE_BYTES_MAX},
    paging::Rows,
    refusal::Refusal,
    runs::{
        acts::{
            Written, attach_image, attach_link, begin_fault, compose, image, list_evidence, list_observations, pin,
            show as shown,
        },
        drafts::{AtDraft, ImageDraft, LinkDraft, ObservationDraft, PinDraft},
        evidence::{Evidence, ImageKind},
        facts::Execution,
        trail::ObservationKind,
    },
    time::{Moment, Zone},
};

use crate::lab::{BACK, CLIENTS, GAP, Lab, Trial, refused, restart_one_zookeeper};

/// As much of an image as is looked at.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

fn note(text: &str) -> ObservationDraft {
    ObservationDraft { text: text.into(), ..ObservationDraft::default() }
}

fn of_image(says: &str) -> ImageDraft {
    ImageDraft { says: says.into(), ..ImageDraft::default() }
}

/// An image and a link of a run.
pub async fn show(desk: &Desk, run: RunId) {
    attach_image(desk, run, PNG, &of_image("The gap on the dashboard")).await.unwrap();
    let link =
        LinkDraft { link: "https://example.org/d/1".into(), says: "The dashboard".into(), ..LinkDraft::default() };
    attach_link(desk, run, &link).await.unwrap();
}

async fn under_way(lab: &Lab<'_>) -> RunId {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    lab.book.clock.pass_ms(600_000);
    run
}

async fn written(desk: &Desk, run: RunId, text: &str) -> Written {
    compose(desk, run, &note(text)).await.unwrap()
}

each_db!(a_note_does_what_its_commands_say_and_tells_what_was_understood, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    let plain = written(&lab.ana, run, "zk-1 is down").await;
    assert_eq!((plain.number, plain.said), (Some(1), vec!["Observation added.".to_owned()]));

    let told = written(&lab.ana, run, "/t -3m it came back\n/unexpected\n/pin\n//proc was full").await;
    assert_eq!(told.number, Some(2));
    assert!(told.said[0].starts_with("Observation added: unexpected, pinned, of "), "{:?}", told.said);
    let seen = shown(&lab.ana, run).await.unwrap().observations.pop().unwrap();
    assert_eq!((seen.text.as_str(), seen.kind, seen.pinned), ("it came back\n/proc was full", ObservationKind::Unexpected, true));
    assert_eq!(seen.recorded_at.ms_since(seen.at), 180_000, "both times are kept");

    let values = written(&lab.ana, run, "/metric alert-gap=38 s\n/check 2 held\n/metric p99=412ms").await;
    assert_eq!(values.number, Some(3), "a value of nothing that is planned stands as a note");
    let facts = shown(&lab.ana, run).await.unwrap().facts;
    assert!(facts.checks.contains_key(GAP) && facts.checks.contains_key(CLIENTS), "{:?}", facts.checks);
    assert!(!facts.checks.contains_key(BACK));
    let said = values.said.join(" ");
    assert!(said.contains("alert-gap, during: 38 s recorded.") && said.contains("p99 = 412ms: the plan"), "{said}");

    let only = written(&lab.ana, run, "/check 1 41 s").await;
    assert_eq!(only.number, None);
    let begun = written(&lab.ana, run, "/finding Alerts stop").await;
    assert_eq!((begun.number, begun.finding.as_deref()), (Some(4), Some("Alerts stop")));
    let abort = written(&lab.ben, run, "/abort own effect").await;
    assert_eq!((abort.number, abort.abort.as_deref()), (None, Some("own effect")));
    assert_eq!(shown(&lab.ana, run).await.unwrap().facts.execution, Execution::Running, "a form asks first");
});

each_db!(of_a_note_that_does_not_read_nothing_is_written, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    let lines = shown(&lab.ana, run).await.unwrap().history.len();
    for (text, says) in [
        ("lag\n/unexpcted", "did you mean /unexpected"),
        ("lag\n/check 2 held\n/check 9 held", "the plan has 3 checks"),
        ("lag\n/metric alert-gap=a while", "has the value \"a while\" that"),
        ("lag\n/t yesterday", "takes a time"),
        ("/pin", "is empty"),
    ] {
        let refusal = refused(compose(&lab.ana, run, &note(text)).await);
        let trouble = &refusal.troubles()[0];
        assert!(trouble.field == "text" && trouble.says.contains(says), "{text}: {trouble:?}");
    }
    assert_eq!(shown(&lab.ana, run).await.unwrap().history.len(), lines);
});

each_db!(what_was_written_offline_keeps_its_own_time_and_a_clock_a_little_ahead_is_forgiven, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    let now = book.notebook.now();
    for (minutes, kept) in [(-7, Some(-7)), (1, Some(0)), (CLOCK_AHEAD_MINUTES_MAX + 1, None)] {
        let draft = ObservationDraft { at: now.plus_minutes(minutes).rfc3339(), ..note("seen") };
        match (compose(&lab.ana, run, &draft).await, kept) {
            (Ok(_), Some(kept)) => {
                let seen = shown(&lab.ana, run).await.unwrap().observations.pop().unwrap();
                assert_eq!((seen.at, seen.recorded_at), (now.plus_minutes(kept), now), "{minutes}");
            }
            (refusal, None) => assert_eq!(refused(refusal).troubles()[0].field, "at"),
            (Err(error), Some(_)) => panic!("{minutes}: {error}"),
        }
    }
});

/// "14:03" of a moment in a zone, and the minute that this is.
fn of_day(at: Moment, zone: &Zone) -> (String, Moment) {
    let local = at.local_input(zone);
    let (_, clock) = local.split_once('T').unwrap();
    (clock.to_owned(), Moment::from_local(&local, zone).unwrap())
}

each_db!(a_time_of_day_is_meant_in_the_zone_and_on_the_day_in_which_it_was_written, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    let now = book.notebook.now();
    for (name, written_at) in [("Europe/Berlin", now), ("Asia/Tokyo", now), ("UTC", now), ("UTC", now.plus_days(-2))] {
        let zone = Zone::named(name).unwrap();
        let (clock, expected) = of_day(written_at.plus_minutes(-2), &zone);
        for (text, at, expected) in [
            (format!("/t {clock} seen"), "", expected),
            ("seen".to_owned(), clock.as_str(), expected),
            ("/t -3m seen".to_owned(), "", written_at.plus_minutes(-3)),
            ("seen".to_owned(), "", written_at),
        ] {
            let written_at = if written_at == now { String::new() } else { written_at.rfc3339() };
            let draft = ObservationDraft { at: at.into(), zone: name.into(), written_at, ..note(&text) };
            compose(&lab.ana, run, &draft).await.unwrap();
            let seen = shown(&lab.ana, run).await.unwrap().observations.pop().unwrap();
            assert_eq!((seen.at, seen.recorded_at), (expected, now), "{text} {at} {name}");
        }
    }
    for (field, draft) in [
        ("zone", ObservationDraft { zone: "Mars/Olympus".into(), ..note("seen") }),
        ("written_at", ObservationDraft { written_at: "lately".into(), ..note("seen") }),
    ] {
        assert_eq!(refused(compose(&lab.ana, run, &draft).await).troubles()[0].field, field);
    }
});

each_db!(a_pin_is_put_and_taken_out_again, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    written(&lab.ana, run, "one").await;
    written(&lab.ana, run, "two").await;
    let draft = |observation: &str, pinned: &str| PinDraft { observation: observation.into(), pinned: pinned.into() };
    for (put, expected) in [("on", true), ("", false), ("on", true)] {
        pin(&lab.ben, run, &draft("o2", put)).await.unwrap();
        let seen = shown(&lab.ana, run).await.unwrap().observations;
        assert_eq!(seen.iter().map(|seen| seen.pinned).collect::<Vec<_>>(), [false, expected]);
    }
    let (page, _) = list_observations(&lab.ana, run, 1, Rows::asked("1").unwrap()).await.unwrap();
    assert!(page[0].pinned, "programs read the same");
    for strange in ["3", "0", "x", ""] {
        assert_eq!(refused(pin(&lab.ana, run, &draft(strange, "on")).await).troubles()[0].field, "observation");
    }
});

each_db!(an_image_comes_back_as_it_was_and_is_kept_once, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    written(&lab.ana, run, "one").await;
    show(&lab.ana, run).await;
    let again = ImageDraft { observation: "o1".into(), ..of_image("The same, closer") };
    attach_image(&lab.ben, run, PNG, &again).await.unwrap();
    let list = list_evidence(&lab.ana, run).await.unwrap();
    assert_eq!(list.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((list[2].says.as_str(), list[2].observation, list[2].by.as_str()), ("The same, closer", Some(1), "Ben"));
    let Evidence::Image { format, bytes, sha256 } = &list[0].evidence else { panic!("{list:?}") };
    assert_eq!((*format, usize::try_from(*bytes).unwrap()), (ImageKind::Png, PNG.len()));
    assert_eq!(list[2].evidence, list[0].evidence);
    let kept = image(&lab.ana, run, sha256).await.unwrap();
    assert_eq!((kept.kind, kept.content.as_slice()), (ImageKind::Png, PNG));
    assert_eq!(refused(image(&lab.ana, run, &"0".repeat(64)).await).status(), 404);
    assert_eq!(refused(image(&lab.ana, RunId::of(99), sha256).await).status(), 404);
    assert_eq!(refused(image(&book.nobody(), run, sha256).await).status(), 401);
});

async fn refusal(desk: &Desk, run: RunId, content: &[u8], draft: &ImageDraft) -> Refusal {
    refused(attach_image(desk, run, content, draft).await)
}

each_db!(what_is_no_image_by_its_content_or_shows_nothing_is_refused, book => {
    let lab = Lab::open(book).await;
    let run = under_way(&lab).await;
    let svg = refusal(&lab.ana, run, b"<svg onload='alert(1)'/>", &of_image("x")).await;
    assert!(svg.troubles()[0].field == "image" && svg.troubles()[0].says.contains("SVG"), "{svg:?}");
    let mut large = PNG.to_vec();
    large.resize(usize::try_from(EVIDENCE_BYTES_MAX).unwrap() + 1, 0);
    assert_eq!(refusal(&lab.ana, run, &large, &of_image("x")).await.status(), 413);
    assert_eq!(refusal(&lab.ana, run, PNG, &ImageDraft::default()).await.troubles()[0].field, "says");
    let of_nothing = ImageDraft { observation: "4".into(), ..of_image("x") };
    assert_eq!(refusal(&lab.ana, run, PNG, &of_nothing).await.troubles()[0].field, "observation");
    let script = LinkDraft { link: "javascript:alert(1)".into(), says: "x".into(), ..LinkDraft::default() };
    assert_eq!(refused(attach_link(&lab.ana, run, &script).await).troubles()[0].field, "link");
    assert_eq!(list_evidence(&lab.ana, run).await.unwrap(), []);
});

each_db!(a_closed_run_takes_no_more_evidence, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let closed = lab.run(experiment, Trial::default()).await;
    assert_eq!(refusal(&lab.ana, closed, PNG, &of_image("x")).await.status(), 409);
    assert_eq!(refused(compose(&lab.ana, closed, &note("late")).await).status(), 409);
});
