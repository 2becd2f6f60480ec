//! Queries under a name: whose they are, and what they may name.

use std::slice::from_ref;

use notebook::{
    actor::Role,
    events::{self, about},
    search::Found,
    teams,
    views::{self, acts, drafts::Draft, shown::Group},
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

each_db!(a_view_of_a_team_is_changed_by_its_maker_and_by_who_may_change_teams, book => {
    let (ana, ben) = (book.person("Ana", Role::Contributor).await, book.person("Ben", Role::Viewer).await);
    let root = book.person("Root", Role::Admin).await;
    teams::acts::write(&book.system(), &crate::teams::data_platform()).await.unwrap();
    let draft = |name: &str, team: &str| {
        Draft { name: name.into(), query: "kafka".into(), team: team.into(), ..Draft::default() }
    };
    let shared = Draft { home: "on".into(), ..draft("Ours", "data-platform") };
    let shared = acts::save(&ben, &shared).await.unwrap();
    let own = acts::save(&ben, &draft("Mine", "")).await.unwrap();

    let to = |version: &str, query: &str| {
        let version = version.to_owned();
        Draft { query: query.into(), version, ..draft("Ours", "data-platform") }
    };
    assert_eq!(refused(acts::change(&ana, shared.id, &to("1", "is:open")).await).code(), "missing");
    assert_eq!(refused(acts::drop_view(&ana, shared.id).await).code(), "missing");
    assert!(!acts::may_change(&ana, &shared) && acts::may_change(&ben, &shared) && acts::may_change(&root, &shared));
    let changed = acts::change(&root, shared.id, &to("1", "is:open")).await.unwrap();
    let told = (changed.owner, changed.query.as_str(), changed.home, changed.version);
    assert_eq!(told, (shared.owner, "is:open", true, 2), "it is its maker's, and opens the maker's search page");
    assert_eq!(acts::list(&ben).await.unwrap()[1], changed);

    assert_eq!(refused(acts::change(&ben, shared.id, &to("1", "is:stale")).await).code(), "stale");
    assert_eq!(refused(acts::change(&ben, shared.id, &to("", "is:stale")).await).code(), "no_version");
    let home = Draft { home: "on".into(), ..to("2", "is:stale") };
    assert_eq!(refused(acts::change(&root, shared.id, &home).await).troubles()[0].field, "home");
    let namesake = Draft { name: "Mine".into(), replace: "on".into(), ..to("2", "is:stale") };
    assert_eq!(refused(acts::change(&root, shared.id, &namesake).await).troubles()[0].field, "name");
    let renamed = Draft { name: "All of ours".into(), ..to("2", "is:stale") };
    let renamed = acts::change(&ben, shared.id, &renamed).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.home, renamed.version), ("All of ours", false, 3));

    // What is private is its maker's alone.
    assert!(!acts::may_change(&root, &own));
    let private = Draft { version: "1".into(), ..draft("Mine", "") };
    assert_eq!(refused(acts::change(&root, own.id, &private).await).code(), "missing");
    assert_eq!(refused(acts::drop_view(&root, own.id).await).code(), "missing");
    acts::drop_view(&root, shared.id).await.unwrap();
    assert_eq!(acts::list(&ben).await.unwrap(), [own]);

    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, about::VIEW, &shared.id.to_string()).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.act.as_str(), line.person)).collect();
    let (ben, root) = (ben.person_id(), root.person_id());
    assert_eq!(told, [("saved", ben), ("changed", root), ("changed", ben), ("dropped", root)]);
});

each_db!(a_view_of_a_list_keeps_its_columns_and_groups_and_older_ones_are_of_the_search_page, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let draft = |name: &str| Draft { name: name.into(), query: "type:finding sort:created".into(), ..Draft::default() };
    let of_search = acts::save(&ana, &draft("A")).await.unwrap();
    assert_eq!((of_search.list, of_search.columns.as_str(), of_search.group), (None, "", None));
    let of_list = Draft {
        list: "finding".into(),
        columns: "status,severity".into(),
        group: "service".into(),
        ..draft("B")
    };
    let kept = acts::save(&ana, &of_list).await.unwrap();
    let told = (kept.list, kept.columns.as_str(), kept.group);
    assert_eq!(told, (Some(Found::Finding), "severity,status", Some(Group::Service)));
    assert_eq!(acts::list(&ana).await.unwrap(), [of_search, kept.clone()]);

    // As a server before this one writes them.
    book.execute(
        "insert into saved_views (id, name, query, owner, team, pinned, home, created_at)
            select 99, 'C', query, owner, team, pinned, home, created_at from saved_views where name = 'A'",
    )
    .await;
    let listed = acts::list(&ana).await.unwrap();
    assert_eq!((listed[2].list, listed[2].group, listed[2].version), (None, None, 1));

    let moved = Draft { list: "run".into(), version: "1".into(), query: "type:run".into(), ..draft("B") };
    let moved = acts::change(&ana, kept.id, &moved).await.unwrap();
    assert_eq!((moved.list, moved.columns.as_str(), moved.group), (Some(Found::Run), "", None));
    let misfit = Draft { list: "run".into(), query: "severity:high".into(), ..draft("D") };
    assert_eq!(refused(acts::save(&ana, &misfit).await).troubles()[0].field, "query");
});
