//! The index says what is kept, is put right beside others who write, and holds no engine up.

use std::time::Duration;

use notebook::{
    actor::Role,
    carry,
    db::{Db, Tx},
    fault::Error,
    findings,
    limits::SEARCH_SECONDS_MAX,
    paging::Rows,
    refusal::Refusal,
    search::{
        acts::{Asked, read, search},
        anew::{reindex, reorder},
        lists,
    },
    services::{self, ServiceDraft},
};
use tokio::sync::mpsc;

use crate::{
    each_db::Book,
    found::{objects, troubles},
    lab::{GAP, Lab, Trial, refused, restart_one_zookeeper},
};

each_db!(the_index_follows_every_change_and_is_put_right_by_a_command, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop", GAP, "").await;
    assert_eq!(objects(&lab.ana, "\"alerts stop\"").await, [finding.id.to_string()]);
    let draft = findings::drafts::Draft {
        title: "pagers stay silent".into(),
        severity: "low".into(),
        version: finding.version.to_string(),
        ..findings::drafts::Draft::default()
    };
    findings::acts::edit(&lab.ana, finding.id, &draft).await.unwrap();
    assert!(objects(&lab.ana, "\"alerts stop\"").await.is_empty());
    assert_eq!(objects(&lab.ana, "pager* severity:<=low").await, [finding.id.to_string()]);
    assert_eq!(troubles(book).await, 0);

    book.execute("update search_entries set title = 'something else' where kind = 'finding'").await;
    book.execute("delete from search_entries where kind = 'service' and object = 'alerting'").await;
    assert_eq!(troubles(book).await, 2);
    let mut told = Vec::new();
    reindex(&book.system(), &mut |done, total| told.push((done, total))).await.unwrap();
    assert!(told.last().is_some_and(|(done, total)| done == total && *total > 0), "{told:?}");
    assert_eq!(troubles(book).await, 0);
    assert_eq!(objects(&lab.ana, "pager*").await, [finding.id.to_string()]);
    assert_eq!(objects(&lab.ana, "type:service alerting").await, ["alerting"]);
});

each_db!(an_index_of_one_thing_is_written_anew_and_ends, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    services::acts::add(&ana, &ServiceDraft { name: "kafka".into(), ..ServiceDraft::default() }).await.unwrap();
    let (system, mut told) = (book.system(), Vec::new());
    let mut tell = |done: u64, total: u64| told.push((done, total));
    let ended = tokio::time::timeout(Duration::from_mins(1), reindex(&system, &mut tell)).await;
    assert_eq!(ended.unwrap().unwrap(), 1);
    assert_eq!((objects(&ana, "kafka").await, told), (vec!["kafka".to_owned()], vec![(1, 1)]));
});

each_db!(writing_the_index_anew_can_stop_anywhere_and_others_write_meanwhile, book => {
    crate::relevance::seed(book).await;
    book.execute("insert into counters (kind, last) values ('finding', 5000)").await;
    let ana = book.person("Ana", Role::Contributor).await;
    let (newest, oldest) = ("type:finding sort:-created", "type:finding sort:created");
    let (down, up) = (objects(&ana, newest).await, objects(&ana, oldest).await);
    assert_eq!((down[0].as_str(), up[0].as_str()), ("FND-5000", "FND-1"));
    let (system, (tell, mut told)) = (book.system(), mpsc::unbounded_channel());
    // Dropped after its first turn, as a program that was killed.
    let mut send = |done: u64, total: u64| tell.send((done, total)).unwrap();
    let anew = reindex(&system, &mut send);
    tokio::select! {
        ended = anew => panic!("it ended: {ended:?}"),
        first = told.recv() => assert!(first.is_some_and(|(done, total)| 0 < done && done < total), "{first:?}"),
    }
    assert_eq!(troubles(book).await, 0);
    assert_eq!((objects(&ana, newest).await, objects(&ana, oldest).await), (down.clone(), up.clone()), "stopped");

    let (tell, mut told) = mpsc::unbounded_channel();
    let anew = tokio::spawn({
        let system = system.clone();
        async move { reindex(&system, &mut |done: u64, total: u64| tell.send((done, total)).unwrap()).await }
    });
    let first = told.recv().await.unwrap();
    let draft = findings::drafts::Draft {
        title: "written meanwhile".into(),
        severity: "low".into(),
        environment: "production".into(),
        ..findings::drafts::Draft::default()
    };
    let meanwhile = findings::acts::write(&ana, &draft).await.unwrap().id;
    assert_eq!(objects(&ana, "\"written meanwhile\"").await, [meanwhile.to_string()]);
    assert!(!anew.is_finished(), "it was written while the index was");
    let mut with_it = vec![meanwhile.to_string()];
    with_it.extend(down);
    with_it.pop();
    assert_eq!(objects(&ana, newest).await, with_it, "written meanwhile");
    let count = anew.await.unwrap().unwrap();
    let mut last = first;
    while let Some(next) = told.recv().await {
        assert!(next.0 > last.0 && next.1 == last.1, "{next:?} after {last:?}");
        last = next;
    }
    assert_eq!((last.0, count), (last.1, i64::try_from(last.1).unwrap() + 1));
    assert_eq!(troubles(book).await, 0);
    assert_eq!((objects(&ana, newest).await, objects(&ana, oldest).await), (with_it, up), "ended");
});

each_db!(an_order_is_kept_unless_a_new_one_is_asked_for, book => {
    let lab = Lab::open(book).await;
    let ana = &lab.ana;
    for title in ["the first", "the second", "the third"] {
        let draft = findings::drafts::Draft {
            title: title.into(),
            severity: "low".into(),
            environment: "staging".into(),
            ..findings::drafts::Draft::default()
        };
        findings::acts::write(ana, &draft).await.unwrap();
        book.clock.pass_ms(1_000);
    }
    // As if the first one had been carried in last.
    book.execute("delete from search_entries where kind = 'finding' and object = 'FND-1'").await;
    book.execute(
        "insert into search_entries (kind, number, object, title, body, marks, created_at)
            select kind, number, object, title, body, marks, created_at from search_texts
            where kind = 'finding' and object = 'FND-1'",
    )
    .await;
    let newest = "type:finding sort:-created";
    assert_eq!(objects(ana, newest).await, ["FND-1", "FND-3", "FND-2"]);
    reindex(&book.system(), &mut |_, _| {}).await.unwrap();
    assert_eq!(objects(ana, newest).await, ["FND-1", "FND-3", "FND-2"]);
    reorder(&book.system(), &mut |_, _| {}).await.unwrap();
    assert_eq!(objects(ana, newest).await, ["FND-3", "FND-2", "FND-1"]);
    assert_eq!(troubles(book).await, 0);
});

each_db!(what_an_engine_holds_is_what_was_entered, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop", GAP, "").await;
    let fix = lab.fix(finding.id, "quicker election").await.id;
    lab.deploy(fix, "production").await;
    let draft = findings::drafts::Draft {
        title: "pagers stay silent".into(),
        severity: "low".into(),
        version: finding.version.to_string(),
        ..findings::drafts::Draft::default()
    };
    findings::acts::edit(&lab.ana, finding.id, &draft).await.unwrap();
    // Each engine compares its words with the entries by itself, and ends the statement with an error where they differ.
    book.execute(match book.notebook.db.engine() {
        "sqlite" => "insert into search_words (search_words, rank) values ('integrity-check', 1)",
        _ => "
            do $$ begin
                if exists (
                    select from search_entries e
                    full join search_words w on w.entry = e.id
                    where e.id is null or w.entry is null or w.words <> search_tokens(e.title, 'A')
                        || search_tokens(e.body, '') || array_to_tsvector(string_to_array(e.marks, ' '))
                ) then raise exception 'the index differs from its entries'; end if;
            end $$",
    })
    .await;
});

each_db!(a_broken_word_is_told_and_put_right, book => {
    let lab = Lab::open(book).await;
    let ana = &lab.ana;
    for title in ["alerts stop", "disks fill"] {
        let draft = findings::drafts::Draft {
            title: title.into(),
            severity: "low".into(),
            environment: "staging".into(),
            ..findings::drafts::Draft::default()
        };
        findings::acts::write(ana, &draft).await.unwrap();
    }
    let is_embedded = book.notebook.db.engine() == "sqlite";
    assert_eq!(troubles(book).await, 0);
    // As many words as before, and one of them another.
    book.execute(if is_embedded {
        "insert into search_words (search_words, rowid, title, body, marks)
            select 'delete', id, title, body, marks from search_entries where object = 'FND-1';
        insert into search_words (rowid, title, body, marks)
            select id, 'pagers stop', body, marks from search_entries where object = 'FND-1';"
    } else {
        "update search_words set words = search_tokens('pagers stop', 'A') || search_tokens(e.body, '')
            || array_to_tsvector(string_to_array(e.marks, ' '))
        from search_entries e where e.id = entry and e.object = 'FND-1'"
    })
    .await;
    assert_eq!(objects(ana, "pagers").await, ["FND-1"], "it is broken");
    let checks = carry::verify(&book.system(), &mut |_| {}).await.unwrap();
    let check = checks.into_iter().find(|check| check.name == "search index").unwrap();
    assert_eq!(check.troubles, 1, "{check:?}");
    assert!(check.told[0].contains("other words than were entered"), "{check:?}");
    reindex(&book.system(), &mut |_, _| {}).await.unwrap();
    assert_eq!(troubles(book).await, 0);
    assert!(objects(ana, "pagers").await.is_empty());
    assert_eq!(objects(ana, "type:finding sort:-created").await, ["FND-2", "FND-1"]);

    // Words of nothing.
    book.execute(if is_embedded {
        "insert into search_words (rowid, title, body, marks) values (999999, 'ghost', '', '')"
    } else {
        "insert into search_words (entry, words) values (999999, search_tokens('ghost', 'A'))"
    })
    .await;
    assert_eq!(troubles(book).await, 1);
    reindex(&book.system(), &mut |_, _| {}).await.unwrap();
    assert_eq!(troubles(book).await, 0);
});

each_db!(what_changed_last_is_found_among_everything, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    // More than are ranked.
    let all = 2_100;
    let rows: Vec<String> =
        (1..=all).map(|number| format!("('s{number:04}', 'kafka {number}', false, false, {number}, 1)")).collect();
    let rows = rows.join(",");
    book.execute(&format!(
        "insert into services (slug, name, stateful, single_point, created_at, version) values {rows}"
    ))
    .await;
    assert_eq!(objects(&ana, "type:service sort:updated").await[0], "s0001");
    let (mut after, mut paged) = (None, Vec::new());
    loop {
        let query = read("type:service sort:-updated").unwrap();
        let page = search(&ana, &Asked { query, after, rows: Rows::most(), facets: false }).await.unwrap();
        paged.extend(page.hits.into_iter().map(|hit| hit.object));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((paged.len(), paged[0].as_str(), paged[all - 1].as_str()), (all, "s2100", "s0001"));

    let filter = services::acts::Filter::default();
    let (rows, _, _) = lists::services(&ana, &read("kafka").unwrap(), &filter).await.unwrap();
    assert_eq!(rows[0].service.slug.as_str(), "s0001", "the list of services goes through all of them, too");
    let ordered = refused(lists::services(&ana, &read("kafka sort:-updated").unwrap(), &filter).await);
    let trouble = &ordered.troubles()[0];
    assert!(trouble.field == "q" && trouble.says.contains("`sort:-updated`"), "{trouble:?}");

    book.execute(
        "insert into events (at, recorded_at, via, kind, object, act, body)
            values (5000, 5000, 'form', 'service', 's0007', 'edited', '{}')",
    )
    .await;
    assert_eq!(objects(&ana, "type:service sort:-updated").await[0], "s0007");
    assert_eq!(troubles(book).await, 0);
    book.execute("delete from events where object = 's0007'").await;
    assert_eq!(objects(&ana, "type:service sort:updated").await[6], "s0007");
    assert_eq!(troubles(book).await, 0);
    book.execute(
        "update search_changed set at = 1 where entry = (select id from search_entries where object = 's0009')",
    )
    .await;
    assert_eq!(troubles(book).await, 1);
    reindex(&book.system(), &mut |_, _| {}).await.unwrap();
    assert_eq!(troubles(book).await, 0);
    assert_eq!(objects(&ana, "type:service sort:updated").await[8], "s0009");
});

/// One engine lets two write at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_write_about_one_thing_at_once_is_found_by_both() {
    let Some(book) = Book::postgres().await else { return };
    let ana = Lab::open(&book).await.ana;
    let draft = findings::drafts::Draft {
        title: "alerts stop".into(),
        severity: "low".into(),
        environment: "production".into(),
        ..findings::drafts::Draft::default()
    };
    let finding = findings::acts::write(&ana, &draft).await.unwrap().id.to_string();
    let Db::Postgres(pool) = &book.notebook.db else { panic!("a server") };
    let mut first = pool.acquire().await.unwrap();
    sqlx::query("begin").execute(&mut *first).await.unwrap();
    let says = "insert into events (at, recorded_at, via, kind, object, act, body)
        values (1793613600000000, 1793613600000000, 'form', 'finding', 'FND-1', 'dismissed',
            '{\"what\":\"dismissed\",\"reason\":\"the pager was off\"}')";
    sqlx::query(says).execute(&mut *first).await.unwrap();
    let second = tokio::spawn({
        let pool = pool.clone();
        async move {
            let names = "update findings set title = 'pagers stay silent' where id = 1";
            sqlx::query(names).execute(&pool).await.map(|_| ())
        }
    });
    let waits = async {
        let asks =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        loop {
            let waiting: i64 = sqlx::query_scalar(asks).fetch_one(pool).await.unwrap();
            if waiting > 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waits).await.unwrap();
    sqlx::query("commit").execute(&mut *first).await.unwrap();
    second.await.unwrap().unwrap();
    for words in ["\"pager was off\"", "\"pagers stay silent\""] {
        assert_eq!(objects(&ana, words).await, [finding.as_str()], "{words}");
    }
    assert_eq!(troubles(&book).await, 0);
}

each_db!(no_text_is_an_error_of_an_engine, book => {
    let ana = book.person("Ana", Role::Viewer).await;
    for text in [
        "\u{0}a", "a'b", "a\\b", "NEAR a", "a^2 {b} +c", "a&b|!c", "title-x", "ﬁ", "漢字", "a:*b*", "-a", "-type:run -a",
        "\u{e000}every", "ǅ*", "0x1f 1e5 -1.5", "\"a ' b\" OR \"c \\ d\"",
    ] {
        match read(text) {
            Ok(query) => drop(search(&ana, &Asked { query, facets: true, ..Asked::default() }).await.unwrap()),
            Err(refusal) => assert_eq!(refusal.troubles()[0].field, "q", "{text}"),
        }
    }
});

each_db!(what_takes_too_long_is_cut_off_and_hinders_nothing_after_it, book => {
    let db = &book.notebook.db;
    let endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select max(i) from n";
    let long = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 300000) select max(i) from n";
    // More often than there are connections.
    for _ in 0..6 {
        let mut tx = db.begin_bounded(Duration::from_millis(20)).await.unwrap();
        let cut_off = refused(select(&mut tx, endless).await);
        assert_eq!(cut_off, Refusal::TooLong { limit_s: SEARCH_SECONDS_MAX });
        drop(tx);
        let mut tx = db.begin_read().await.unwrap();
        select(&mut tx, long).await.unwrap();
        tx.commit().await.unwrap();
    }
});

async fn select(tx: &mut Tx, text: &'static str) -> Result<(), Error> {
    match tx {
        Tx::Sqlite(inner) => sqlx::query(text).execute(&mut **inner).await.map(|_| ())?,
        Tx::Postgres(inner) => sqlx::query(text).execute(&mut **inner).await.map(|_| ())?,
    }
    Ok(())
}
