//! Reading on as others write, and who has a run's page open.

use std::time::Duration;

use notebook::{
    actor::{PersonId, Role},
    desk::Desk,
    events::{Entry, acts, feed},
    id::RunId,
    limits::{WATCH_LINES, WATCHERS_SAID_S},
    paging::Rows,
    refusal::Refusal,
    services::{self, ServiceDraft},
    watching::acts::{all, say},
};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    each_db::Book,
    lab::{Lab, Trial, refused, restart_one_zookeeper},
};

/// A hint that does not come by then is lost.
const PATIENCE: Duration = Duration::from_secs(20);

async fn add(desk: &Desk, name: String) {
    services::acts::add(desk, &ServiceDraft { name, ..ServiceDraft::default() }).await.unwrap();
}

/// Lines after this one, once a hint said that there are some.
async fn next(book: &Book, wakes: &mut notebook::db::Wakes, after: i64) -> Vec<Entry> {
    loop {
        let lines = feed::grown(&book.notebook, after).await.unwrap();
        if !lines.is_empty() {
            return lines;
        }
        timeout(PATIENCE, wakes.heard()).await.expect("nobody said that something was written");
    }
}

each_db!(whoever_follows_by_number_misses_nothing_while_many_write, book => {
    const WRITERS: usize = 8;
    const EACH: usize = 20;
    let mut wakes = book.notebook.db.wakes();
    let begun = feed::newest(&book.notebook).await.unwrap();
    let mut writing = JoinSet::new();
    for writer in 0..WRITERS {
        let desk = book.system();
        writing.spawn(async move {
            for number in 0..EACH {
                add(&desk, format!("cell-{writer}-{number}")).await;
            }
        });
    }
    let mut read: Vec<i64> = Vec::new();
    while read.len() < WRITERS * EACH {
        let after = read.last().copied().unwrap_or(begun);
        read.extend(next(book, &mut wakes, after).await.iter().map(|line| line.seq));
    }
    writing.join_all().await;
    let mut written = Vec::new();
    let mut filter = acts::Filter { after: begun, rows: Rows::asked("200").unwrap(), ..acts::Filter::default() };
    loop {
        let (lines, more) = acts::list(&book.system(), &filter).await.unwrap();
        written.extend(lines.iter().map(|line| line.seq));
        if !more {
            break;
        }
        filter.after = *written.last().unwrap();
    }
    assert_eq!(read, written);
    assert_eq!(feed::newest(&book.notebook).await.unwrap(), *written.last().unwrap());
});

each_db!(a_run_is_followed_by_whoever_may_look, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial::default()).await;
    let nobody = book.nobody();
    assert_eq!(refused(feed::open(&nobody, run).await), Refusal::SignIn);
    assert_eq!(refused(feed::of_run(&nobody, run, 0).await), Refusal::SignIn);
    let vera = book.person("Vera", Role::Viewer).await;
    assert!(matches!(refused(feed::open(&vera, RunId::of(99)).await), Refusal::Missing { .. }));
    let ends = feed::open(&vera, run).await.unwrap();
    assert_eq!(ends.newest, feed::newest(&book.notebook).await.unwrap());
    let lines = feed::of_run(&vera, run, 0).await.unwrap();
    assert_eq!(Some(ends.of_run), lines.last().map(|line| line.seq));
    assert!(lines.len() > 3 && lines.len() < usize::try_from(WATCH_LINES).unwrap());
    assert!(lines.iter().all(|line| line.kind == "run" && line.object == run.to_string()));
    assert_eq!(feed::of_run(&vera, run, lines[2].seq).await.unwrap(), lines[3..]);
});

each_db!(who_watches_is_known_for_a_while_from_every_server, book => {
    let [ana, ben] = [book.person("Ana", Role::Viewer).await, book.person("Ben", Role::Viewer).await];
    let [ana, ben] = [ana, ben].map(|desk| desk.person_id().unwrap());
    let [one, two] = [RunId::of(1), RunId::of(2)];
    let watching = |expected: Vec<(RunId, PersonId, &'static str)>| async move {
        let all = all(&book.notebook).await.unwrap();
        let all: Vec<_> = all.iter().map(|one| (one.run, one.person, one.name.as_str())).collect();
        assert_eq!(all, expected);
    };
    say(&book.notebook, "first", &[(one, ana), (two, ana)]).await.unwrap();
    say(&book.notebook, "second", &[(one, ana), (one, ben)]).await.unwrap();
    watching(vec![(one, ana, "Ana"), (one, ben, "Ben"), (two, ana, "Ana")]).await;
    say(&book.notebook, "first", &[]).await.unwrap();
    watching(vec![(one, ana, "Ana"), (one, ben, "Ben")]).await;
    // The second server was killed: nobody says it again.
    book.clock.pass_ms(WATCHERS_SAID_S * 1_000);
    watching(Vec::new()).await;
    say(&book.notebook, "third", &[(one, ben)]).await.unwrap();
    watching(vec![(one, ben, "Ben")]).await;
});
