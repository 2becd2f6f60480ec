//! SLOs of other tools: looked at first, taken once, and ours out and in again.

use notebook::{
    actor::Role,
    desk::Desk,
    events::{self, about},
    id::SloId,
    imports::{
        acts::{Foreseen, TakeDraft, TakenAny, foresee, take_any},
        export,
        slos::{self as imports, SloAction, SlosTaken},
    },
    refusal::Refusal,
    slos::{
        acts,
        drafts::{ApproveDraft, Draft, RetireDraft},
        entries::{MeasurementsDraft, Row},
        kept::{Kept, SloState},
    },
};

use crate::{
    each_db::Book,
    growth::{self, Measuring},
    lab::{Lab, refused},
    slos::{self, promised},
};

fn document(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/documents/openslo/{name}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn production() -> TakeDraft {
    TakeDraft { environment: "production".into(), ..TakeDraft::default() }
}

async fn take(desk: &Desk, bytes: &[u8], is_dry: bool) -> SlosTaken {
    imports::take(desk, bytes, &production(), is_dry).await.unwrap()
}

fn counts(taken: &SlosTaken) -> [usize; 4] {
    [taken.create, taken.update, taken.skip, taken.refuse]
}

async fn all(desk: &Desk) -> Vec<Kept> {
    let mut all = acts::list(desk, &acts::Filter::default()).await.unwrap().0;
    all.sort_by_key(|kept| kept.id);
    all
}

async fn lines(book: &Book) -> usize {
    let mut tx = book.system().begin_read().await.unwrap();
    let mut count = 0;
    for kind in [about::SLO, about::SERVICE, about::ENVIRONMENT] {
        for object in ["SLO-1", "SLO-2", "SLO-3", "SLO-4", "checkout", "web", "production"] {
            count += events::of_object(&mut tx, kind, object).await.unwrap().len();
        }
    }
    count
}

each_db!(a_text_is_looked_at_first_then_taken_and_then_it_is_the_same, book => {
    let lab = Lab::open(book).await;
    let before = lines(book).await;
    let seen = take(&lab.ana, &document("shop"), true).await;
    assert_eq!(counts(&seen), [6, 0, 5, 1], "{seen:#?}");
    assert!(all(&lab.ana).await.is_empty() && lines(book).await == before, "a dry run keeps nothing");

    let done = take(&lab.ana, &document("shop"), false).await;
    assert_eq!(counts(&done), counts(&seen));
    let made = all(&lab.ana).await;
    let names: Vec<&str> = made.iter().map(|kept| kept.text.name.as_str()).collect();
    assert_eq!(names, ["Orders are accepted", "Pages are fast", "search · Good", "search · objective 2"]);
    assert!(made.iter().all(|kept| kept.state() == SloState::Draft), "nobody approved them");
    let refused = done.lines.iter().find(|line| line.action == SloAction::Refuse).unwrap();
    assert_eq!((refused.document, refused.name.as_str()), (7, "perfect"));
    assert!(refused.because.contains("spec.objectives[0].target is 100 %: no budget would remain"), "{}", refused.because);
    let web = done.lines.iter().find(|line| line.kind == "Service" && line.name == "web").unwrap();
    assert!(web.because.contains("no document describes it"), "{}", web.because);

    let after = lines(book).await;
    let again = take(&lab.ana, &document("shop"), true).await;
    assert_eq!(counts(&again), [0, 0, 10, 1], "{again:#?}");
    let unchanged = again.lines.iter().filter(|line| line.because.starts_with("unchanged: SLO-")).count();
    assert_eq!(unchanged, 4);
    assert_eq!(counts(&take(&lab.ana, &document("shop"), false).await), [0, 0, 10, 1]);
    assert_eq!((all(&lab.ana).await, lines(book).await), (made, after), "nothing was written a second time");
});

each_db!(imports_of_the_same_text_at_the_same_moment_make_no_twins, book => {
    let lab = Lab::open(book).await;
    let text = document("shop");
    let (one, two, three) =
        tokio::join!(take(&lab.ana, &text, false), take(&lab.ben, &text, false), take(&lab.ana, &text, false));
    let made: usize = [&one, &two, &three].into_iter().map(|taken| taken.create).sum();
    assert_eq!((made, all(&lab.ana).await.len()), (6, 4));
    assert_eq!(counts(&take(&lab.ana, &text, false).await), [0, 0, 10, 1], "nothing has a name twice");
});

fn measured(hour: i64) -> MeasurementsDraft {
    let (from, to) = (slos::ago(hour + 1), slos::ago(hour));
    let row = Row { from, to, good: "9".into(), bad: "1".into(), ..Row::default() };
    MeasurementsDraft { rows: vec![row], ..MeasurementsDraft::default() }
}

each_db!(an_import_of_changed_slos_and_whoever_measures_them_do_not_wait_for_each_other, book => {
    let lab = Lab::open(book).await;
    let text = |target: i64| -> String {
        let one = |n: i64| format!("    - {{name: slo-{n}, objective: {target}, description: Answers, sli: {{events: {{error_query: bad, total_query: all}}}}}}\n");
        let all: String = (0..20).map(one).collect();
        format!("version: prometheus/v1\nservice: wifi\nslos:\n{all}")
    };
    take(&lab.ana, text(50).as_bytes(), false).await;
    let ids: Vec<SloId> = all(&lab.ana).await.into_iter().map(|kept| kept.id).collect();
    assert_eq!(ids.len(), 20);
    for round in 0..5 {
        let text = text(51 + round);
        let measuring = async {
            for (n, id) in ids.iter().rev().enumerate() {
                let hour = round * 20 + i64::try_from(n).unwrap();
                acts::measure(&lab.ben, *id, &measured(hour)).await.unwrap();
            }
        };
        let (taken, ()) = tokio::join!(take(&lab.ana, text.as_bytes(), false), measuring);
        assert_eq!(counts(&taken), [0, 20, 0, 0]);
    }
});

async fn refused_by(desk: &Desk, bytes: &[u8]) -> Refusal {
    refused(imports::take(desk, bytes, &production(), false).await)
}

each_db!(a_text_of_which_nothing_fits_is_refused_and_leaves_nothing_behind, book => {
    let lab = Lab::open(book).await;
    let before = lines(book).await;
    let wrong = String::from_utf8(document("sloth-kubernetes")).unwrap().replace("objective: 95", "objective: 100");
    let seen = take(&lab.ana, wrong.as_bytes(), true).await;
    assert_eq!(counts(&seen), [0, 0, 0, 1], "{seen:#?}");
    let refusal = refused_by(&lab.ana, wrong.as_bytes()).await;
    let says = &refusal.troubles()[0].says;
    assert!(says.starts_with("document 1 (line 1), SLO clients-content: spec.slos[0].objective is 100 %"), "{says}");
    assert!(all(&lab.ana).await.is_empty() && lines(book).await == before);
});

each_db!(what_people_wrote_stays_and_what_the_text_changed_waits_for_approval, book => {
    let lab = Lab::open(book).await;
    take(&lab.ana, &document("sloth-kubernetes"), false).await;
    let kept = all(&lab.ana).await.remove(0);
    let completed = Draft {
        promise: "Your calls do not break up.".into(),
        too_broken: "40 %".into(),
        level_window: "5 min".into(),
        ..Draft::of(&kept.text, kept.version)
    };
    let kept = acts::edit(&lab.ana, kept.id, &completed).await.unwrap();
    acts::approve(&lab.ben, kept.id, &ApproveDraft { version: kept.version.to_string() }).await.unwrap();
    let same = take(&lab.ana, &document("sloth-kubernetes"), false).await;
    assert_eq!(counts(&same), [0, 0, 1, 0], "{same:#?}");

    let stricter = String::from_utf8(document("sloth-kubernetes")).unwrap().replace("objective: 95", "objective: 99");
    let changed = take(&lab.ana, stricter.as_bytes(), false).await;
    assert_eq!(counts(&changed), [0, 1, 0, 0]);
    assert!(changed.lines[0].because.starts_with("SLO-1 differs in target;"), "{}", changed.lines[0].because);
    let kept = all(&lab.ana).await.remove(0);
    assert_eq!((kept.state(), kept.revision), (SloState::Changed, 3));
    assert_eq!(kept.text.promise.as_ref().unwrap().as_str(), "Your calls do not break up.");
    assert_eq!(kept.text.levels.too_broken.words(), "40 %");
    assert_eq!(kept.in_force().target.words(), "at least 95 % good");
    let approved = take(&lab.ana, &document("sloth-kubernetes"), false).await;
    assert!(approved.lines[0].because.contains("in the text that is approved"), "{}", approved.lines[0].because);

    acts::retire(&lab.ben, kept.id, &RetireDraft { reason: "The house is sold".into() }).await.unwrap();
    let retired = take(&lab.ana, stricter.as_bytes(), false).await;
    assert_eq!((counts(&retired), retired.lines[0].because.contains("is retired")), ([0, 0, 1, 0], true));
});

each_db!(ours_go_out_and_come_into_another_notebook_as_the_same, book => {
    let lab = Lab::open(book).await;
    take(&lab.ana, &document("shop"), false).await;
    take(&lab.ana, &document("sloth"), false).await;
    let slow = Draft {
        title: "Pings are fast".into(),
        direction: "larger_is_worse".into(),
        limit: "250".into(),
        unit: "ms".into(),
        window: "quarter".into(),
        zone: "Europe/Berlin".into(),
        method: "time_slices".into(),
        slice: "5 min".into(),
        slice_good: "95 %".into(),
        ..promised("< 0.1 %")
    };
    acts::write(&lab.ana, &slow).await.unwrap();
    let text = export::openslo_all(&lab.ana).await.unwrap();
    let same = take(&lab.ana, text.as_bytes(), false).await;
    assert_eq!((same.changes(), same.refuse), (false, 0), "{same:#?}\n{text}");

    let other = Book::sqlite().await;
    let there = other.system();
    let moved = imports::take(&there, text.as_bytes(), &TakeDraft::default(), false).await.unwrap();
    assert_eq!((moved.update, moved.refuse), (0, 0), "{moved:#?}");
    let texts = |all: Vec<Kept>| all.into_iter().map(|kept| kept.text).collect::<Vec<_>>();
    assert_eq!(texts(all(&there).await), texts(all(&lab.ana).await));
    let one = export::openslo(&lab.ana, all(&lab.ana).await[0].id).await.unwrap();
    assert_eq!(one.matches("kind: SLO").count(), 1, "{one}");
    assert!(one.contains("kind: Service"), "{one}");
});

each_db!(who_may_not_write_slos_imports_none_and_an_environment_has_to_be_said, book => {
    let lab = Lab::open(book).await;
    let viewer = book.person("Vera", Role::Viewer).await;
    assert!(matches!(refused_by(&viewer, &document("shop")).await, Refusal::NotAllowed { .. }));
    for is_dry in [true, false] {
        let refusal = refused(imports::take(&lab.ana, &document("shop"), &TakeDraft::default(), is_dry).await);
        assert_eq!(refusal.troubles()[0].field, "environment");
        let nowhere = TakeDraft { environment: "moon".into(), ..TakeDraft::default() };
        let refusal = refused(imports::take(&lab.ana, &document("shop"), &nowhere, is_dry).await);
        assert!(refusal.troubles()[0].says.contains("names no known environment"), "{refusal:?}");
    }
    let waits = TakeDraft { experiment: "later".into(), ..production() };
    assert_eq!(refused(imports::take(&lab.ana, &document("shop"), &waits, false).await).troubles()[0].field, "experiment");
    assert!(all(&lab.ana).await.is_empty());
});

each_db!(the_form_finds_out_by_itself_what_a_text_is, book => {
    let lab = Lab::open(book).await;
    for name in ["shop", "older", "sloth", "sloth-kubernetes"] {
        let seen = foresee(&lab.ana, &document(name), &production()).await.unwrap();
        assert!(matches!(seen, Foreseen::Slos(taken) if taken.dry_run && taken.create > 0), "{name}");
    }
    let json = br#"{"apiVersion": "openslo/v1", "kind": "Service", "metadata": {"name": "mail"}, "spec": {}}"#;
    let taken = take_any(&lab.ana, json, &TakeDraft::default()).await.unwrap();
    assert!(matches!(taken, TakenAny::Slos(taken) if counts(&taken) == [1, 0, 0, 0]));
    let broken = take_any(&lab.ana, b"apiVersion: openslo/v1\nkind: [SLO\n", &production()).await;
    assert_eq!(refused(broken).troubles()[0].field, "document");
});

/// One broken text by its name.
fn hostile(name: &str) -> Vec<u8> {
    let good = String::from_utf8(document("shop")).unwrap();
    let laughs = (1..9).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))
    });
    let text = match name {
        "laughs" => format!("{good}---\n{laughs}"),
        "copies" => format!("a: &a {}\nb: [{}]\n", "x".repeat(900_000), vec!["*a"; 190].join(", ")),
        "deep" => format!("{good}---\n{}", "[".repeat(900_000)),
        "wide" => format!("{good}---\na: [{}]\n", "1, ".repeat(300_000)),
        "objects" => format!("{good}---\na: [{}]\n", "{}, ".repeat(200_000)),
        "documents" => "---\na\n".repeat(150_000),
        "comments" => format!("{}a: 1\n---\na: 1\na: 2\n", "# x\n".repeat(200_000)),
        "quotes" => format!("{good}---\na: \"{}", "\\x41".repeat(200_000)),
        "NUL" => format!("{good}---\na: \"{}\0\"\n", "x".repeat(900_000)),
        "tag" => format!("{good}---\na: !!python/object:os.system [x]\n"),
        "members" => format!(
            "{good}---\n{}a0: 1\n",
            (0..60_000).flat_map(|n| ["a".to_owned(), n.to_string(), ": 1\n".to_owned()]).collect::<String>()
        ),
        "large" => "x".repeat(100 * 1024 * 1024),
        other => panic!("{other}"),
    };
    text.into_bytes()
}

const HOSTILE: [&str; 12] = [
    "laughs",
    "copies",
    "deep",
    "wide",
    "objects",
    "documents",
    "comments",
    "quotes",
    "NUL",
    "tag",
    "members",
    "large",
];
const GROWTH_KIB_MAX: u64 = 64 * 1024;
/// A second is promised; without the optimizer, beside other tests, it takes longer.
const MS_MAX: u64 = if cfg!(debug_assertions) { 10_000 } else { 1_000 };

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_text_is_refused_soon_and_takes_little_memory() {
    if let Some(name) = growth::task() {
        let book = Book::sqlite().await;
        let lab = Lab::open(&book).await;
        take(&lab.ana, &document("shop"), true).await;
        let bytes = hostile(&name);
        let measuring = Measuring::begin();
        let refusal = refused_by(&lab.ana, &bytes).await;
        measuring.end();
        let says = match &refusal {
            Refusal::TooMuch { limit, .. } => limit.clone(),
            other => other.troubles()[0].says.clone(),
        };
        assert!(says.contains("line ") || says.contains("1 MiB for SLOs"), "{name}: {says}");
        return assert!(all(&lab.ana).await.is_empty());
    }
    let name = "openslo::a_hostile_text_is_refused_soon_and_takes_little_memory";
    let mut slowest = (0, "");
    for task in HOSTILE {
        let grown = growth::in_a_process_of_its_own(name, task);
        assert!(grown.kib <= GROWTH_KIB_MAX && grown.ms <= MS_MAX, "{task}: {grown:?}");
        slowest = slowest.max((grown.ms, task));
    }
    println!("the slowest of {}: {} in {} ms", HOSTILE.len(), slowest.1, slowest.0);
}
