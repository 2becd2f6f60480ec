//! Whom and what a query names, observations by their ids, what cannot be read, and why something was found.

use notebook::{
    experiments::observed::{self, ObservedDraft},
    findings,
    runs::{self, drafts::ObservationDraft},
    search::{
        acts::read,
        lists,
        names::{self, understood},
    },
    teams,
};

use crate::{
    found::{hits, objects, text},
    lab::{GAP, Lab, Trial, refused, restart_one_zookeeper},
};

each_db!(a_name_that_nothing_has_is_an_error_at_its_place, book => {
    let lab = Lab::open(book).await;
    teams::acts::write(&book.system(), &crate::teams::data_platform()).await.unwrap();
    for (asked, at, says) in [
        ("restart service:zookeper", 16, "did you mean zookeeper?"),
        ("service:zookeeper,kafkaesque", 18, "known are "),
        ("(a OR -team:\"data-platfrom\")", 13, "did you mean data-platform?"),
        ("\u{e9} by:anna@example.org", 5, "did you mean ana@example.org?"),
        ("by:somebody@elsewhere.example", 3, "known are "),
        ("env:staging -env:\"prodction\"", 18, "did you mean production?"),
        ("owner:anna", 6, "did you mean ana@example.org?"),
    ] {
        let trouble = understood(&lab.ana, asked).await.unwrap().unwrap_err();
        assert_eq!(trouble.at, at, "{asked}: {}", trouble.says);
        assert!(trouble.says.contains(says), "{asked}: {}", trouble.says);
        let refusal = refused(names::read(&lab.ana, asked).await);
        assert_eq!(refusal.troubles()[0].at, Some(at), "{asked}");
    }
    let known = "service:zookeeper,none,zookeeper env:staging team:data-platform (by:ben@example.org OR owner:@me)";
    assert_eq!(names::read(&lab.ana, known).await.unwrap(), read(known).unwrap());
    let nobody = book.nobody();
    assert!(understood(&nobody, "service:zookeper").await.unwrap().is_ok(), "names are told to whoever may look");
    let says = understood(&nobody, "by:anna").await.unwrap().unwrap_err().says;
    assert!(says.contains("write @me"), "{says}");
});

each_db!(words_of_other_scripts_end_at_their_signs_and_are_found_without_accents, book => {
    let lab = Lab::open(book).await;
    let titles = ["故障：数据丢失", "データ・センター｢北｣", "خطأ، ثم", "ЁЛКА упала", "στάθμη νερού", "한국"];
    let mut all = Vec::new();
    for title in titles {
        let draft = findings::drafts::Draft {
            title: title.into(),
            severity: "low".into(),
            environment: "staging".into(),
            ..findings::drafts::Draft::default()
        };
        all.push(findings::acts::write(&lab.ana, &draft).await.unwrap().id.to_string());
    }
    for (asked, place) in [
        ("数据丢失", 0),
        ("故障", 0),
        ("\"故障 数据丢失\"", 0),
        ("センター", 1),
        ("北", 1),
        ("خطأ", 2),
        ("елка", 3),
        ("ёлка", 3),
        ("ЕЛК*", 3),
        ("σταθμη", 4),
        ("ΝΕΡΟΥ", 4),
        ("한국", 5),
        ("한*", 5),
    ] {
        assert_eq!(objects(&lab.ana, asked).await, [all[place].clone()], "{asked}");
    }
    assert!(objects(&lab.ana, "하*").await.is_empty(), "a syllable is no beginning of another");
});

each_db!(what_cannot_be_read_hides_nothing_else_that_is_found, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let broken = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let whole = lab.run(experiment, Trial::default()).await;
    lab.finding(broken, "alerts stop", GAP, "").await;
    book.execute(&format!("update events set body = '{{}}' where object = '{broken}' and act = 'ended'")).await;
    let found = hits(&lab.ana, "type:run sort:created").await;
    let told: Vec<(String, bool)> = found.iter().map(|hit| (hit.object.clone(), hit.unreadable)).collect();
    assert_eq!(told, [(broken.to_string(), true), (whole.to_string(), false)]);
    assert!(found[0].state.is_none() && found[1].state.is_some(), "{found:?}");
    assert!(hits(&lab.ana, "type:finding").await[0].unreadable);
    assert_eq!(objects(&lab.ana, "type:run is:refuted").await, [broken.to_string()], "nobody can say that it is not");
    let listed = lists::runs(&lab.ana, &read("is:upheld").unwrap(), &runs::acts::Filter::default()).await;
    let (rows, _, unreadable) = listed.unwrap();
    assert_eq!((rows.iter().map(|row| row.run.id).collect::<Vec<_>>(), unreadable), (vec![whole], 1));
    let every = findings::acts::Filter::default();
    let (rows, _, unreadable) = lists::findings(&lab.ana, &read("is:open").unwrap(), &every).await.unwrap();
    assert_eq!((rows.len(), unreadable), (0, 1), "that of the run, too");
});

each_db!(an_observation_is_found_by_its_id, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let seen = ObservedDraft { text: "pagers beep at dawn".into(), ..ObservedDraft::default() };
    observed::observe(&lab.ana, experiment, &seen).await.unwrap();
    let run = lab.start(experiment, "zk-2").await;
    let mut ids = Vec::new();
    for text in ["\u{c9}lection took four seconds", "nothing else happened"] {
        let draft = ObservationDraft { text: text.into(), ..ObservationDraft::default() };
        ids.push(format!("{run}#o{}", runs::acts::observe(&lab.ana, run, &draft).await.unwrap()));
    }
    for id in &ids {
        for asked in [id.clone(), id.to_lowercase(), id.replace("#o", "#")] {
            assert_eq!(objects(&lab.ana, &asked).await.first(), Some(id), "{asked}");
        }
        assert_eq!(objects(&lab.ana, &format!("{id} type:observation")).await, std::slice::from_ref(id));
        assert_eq!(objects(&lab.ana, &format!("kafka OR {id}")).await, std::slice::from_ref(id));
    }
    assert_eq!(objects(&lab.ana, "exp-1#o1").await.first(), Some(&format!("{experiment}#o1")));
});

each_db!(what_is_found_shows_why_and_nothing_that_only_the_index_holds, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    lab.finding(run, "alerts stop", GAP, "").await;
    let started = lab.start(experiment, "zk-2").await;
    let draft = ObservationDraft { text: "\u{c9}lection took <b>four</b> seconds".into(), ..ObservationDraft::default() };
    runs::acts::observe(&lab.ana, started, &draft).await.unwrap();
    for (asked, title, snippet) in [
        ("stop type:finding", "alerts [stop]", ""),
        ("zookeeper type:finding", "alerts stop", "About the service [zookeeper]."),
        ("prod* type:finding", "alerts stop", "About the environment [production]."),
        ("elect* four", "", "[\u{c9}lection] took <b>[four]</b> seconds"),
    ] {
        let found = hits(&lab.ana, asked).await;
        let [hit] = found.as_slice() else { panic!("{asked}: {found:?}") };
        assert_eq!((text(&hit.title), text(&hit.snippet)), (title.to_owned(), snippet.to_owned()), "{asked}");
    }
});
