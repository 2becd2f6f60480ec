//! Queries under a name: whose they are, and what they may name.

use std::slice::from_ref;

use notebook::{
    actor::Role,
    teams,
    views::{self, drafts::Draft},
};

use crate::lab::{Lab, refused};

each_db!(a_view_is_its_makers_or_a_teams, book => {
    let (ana, ben) = (book.person("Ana", Role::Contributor).await, book.person("Ben", Role::Viewer).await);
    let draft = |name: &str, query: &str| Draft { name: name.into(), query: query.into(), ..Draft::default() };
    let home = |name: &str| Draft { home: "on".into(), ..draft(name, "is:open") };
    let first = views::acts::save(&ana, &home("Open")).await.unwrap();
    let pinned = Draft { pinned: "on".into(), home: "on".into(), ..draft("Zookeeper", "zookeeper OR kafka") };
    let second = views::acts::save(&ana, &pinned).await.unwrap();
    let listed = views::acts::list(&ana).await.unwrap();
    let told: Vec<(i64, bool)> = listed.iter().map(|view| (view.id, view.home)).collect();
    assert_eq!(told, [(second.id, true), (first.id, false)], "the pinned one is first, and one is home");
    assert!(views::acts::list(&ben).await.unwrap().is_empty(), "they are private");

    let same = refused(views::acts::save(&ana, &draft("Open", "is:stale")).await);
    assert_eq!(same.troubles()[0].field, "name", "{same}");
    assert!(same.troubles()[0].says.contains("tick Replace"), "{same:?}");
    let kept = views::acts::list(&ana).await.unwrap();
    assert!(kept.iter().any(|view| view.id == first.id && view.query == "is:open"), "{kept:?}");
    let replacing = Draft { replace: "on".into(), ..draft("Open", "is:stale") };
    let again = views::acts::save(&ana, &replacing).await.unwrap();
    assert_eq!((again.id, again.query.as_str()), (first.id, "is:stale"));
    assert_eq!(refused(views::acts::drop_view(&ben, first.id).await).code(), "missing");
    views::acts::drop_view(&ana, first.id).await.unwrap();
    assert_eq!(views::acts::list(&ana).await.unwrap().len(), 1);
    assert_eq!(refused(views::acts::drop_view(&ana, first.id).await).code(), "missing");

    teams::acts::write(&book.system(), &crate::teams::data_platform()).await.unwrap();
    let shared = Draft { team: "data-platform".into(), ..draft("Ours", "type:service kafka") };
    let shared = views::acts::save(&ben, &shared).await.unwrap();
    assert!(views::acts::list(&ana).await.unwrap().contains(&shared));
    let names = |views: Vec<views::View>| views.iter().map(|view| view.name.to_string()).collect::<Vec<_>>();
    assert!(views::acts::pinned(&ben).await.unwrap().is_empty(), "only pinned ones stand in the rail");
    for (name, team) in [("All of us", "data-platform"), ("Mine", ""), ("B", ""), ("C", ""), ("D", "")] {
        let pinned = Draft { team: team.into(), pinned: "on".into(), ..draft(name, "kafka") };
        views::acts::save(&ben, &pinned).await.unwrap();
    }
    assert_eq!(names(views::acts::pinned(&ben).await.unwrap()), ["All of us", "B", "C", "D", "Mine"]);
    assert_eq!(names(views::acts::pinned(&ana).await.unwrap()), ["Zookeeper", "All of us"], "one's own first");
    let nobodys = Draft { team: "nobody".into(), ..draft("Ours", "a") };
    assert_eq!(refused(views::acts::save(&ben, &nobodys).await).troubles()[0].field, "team");
});

each_db!(a_view_is_saved_with_names_that_are_known_and_stays_when_one_is_gone, book => {
    let lab = Lab::open(book).await;
    let draft = |query: &str| Draft { name: "Mine".into(), query: query.into(), ..Draft::default() };
    let saved = views::acts::save(&lab.ana, &draft("service:zookeeper by:ben@example.org")).await.unwrap();
    for (query, at, says) in [
        ("service:zookeper", 8, "did you mean zookeeper?"),
        ("alerts by:anna", 10, "did you mean ana@example.org?"),
        ("(a OR team:data-platfrom)", 11, "there is none yet"),
        ("is:opne", 3, "did you mean open?"),
    ] {
        let refusal = refused(views::acts::save(&lab.ana, &draft(query)).await);
        let [trouble] = refusal.troubles() else { panic!("{query}: {refusal:?}") };
        assert_eq!((trouble.field.as_str(), trouble.at), ("query", Some(at)), "{query}");
        assert!(trouble.says.contains(says), "{query}: {}", trouble.says);
    }
    let both = Draft { name: String::new(), ..draft("service:zookeper") };
    let refusal = refused(views::acts::save(&lab.ana, &both).await);
    assert_eq!(refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect::<Vec<_>>(), ["name", "query"]);
    assert_eq!(views::acts::list(&lab.ana).await.unwrap(), from_ref(&saved), "it is as it was");

    book.execute("update saved_views set query = 'service:gone'").await;
    assert_eq!(views::acts::list(&lab.ana).await.unwrap()[0].query, "service:gone");
    assert_eq!(refused(views::acts::save(&lab.ana, &draft("service:gone")).await).troubles()[0].field, "query");
    views::acts::drop_view(&lab.ana, saved.id).await.unwrap();
    assert!(views::acts::list(&lab.ana).await.unwrap().is_empty());
});
