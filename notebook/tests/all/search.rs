//! Searching everything that was ever learnt: what is found, and in which order.

use std::slice::from_ref;

use notebook::{
    decisions,
    experiments::observed::{self, ObservedDraft},
    findings::{self, drafts::JudgeDraft},
    fixes, gamedays,
    paging::Rows,
    refusal::Refusal,
    runs::{
        self,
        drafts::ObservationDraft,
        facts::{Execution, Verdict},
        telemetry::Telemetry,
        validity::Validity,
    },
    search::{
        Found,
        acts::{Asked, State, read, search},
        lists,
    },
    teams,
};

use crate::{
    found::{ask, objects, paged, text, troubles},
    gamedays::{note, quorum_day},
    lab::{GAP, Lab, Trial, refused, restart_one_zookeeper},
};

// S-D8
each_db!(a_finding_is_found_with_its_interval_and_its_present_status, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop during an election", GAP, "").await.id;
    let found = ask(&lab.ana, "zookeeper AND (alerts OR election) NOT staging type:finding").await;
    let [hit] = found.hits.as_slice() else { panic!("{found:?}") };
    assert_eq!((hit.kind, hit.object.as_str()), (Found::Finding, finding.to_string().as_str()));
    assert_eq!(text(&hit.title), "[alerts] stop during an [election]");
    assert_eq!(hit.state, Some(State::Finding(findings::Status::Open)));
    assert_eq!(hit.shows.as_deref(), Some("alert-gap: 300–600 s"));

    let fix = lab.fix(finding, "quicker election").await.id;
    lab.deploy(fix, "production").await;
    let now = ask(&lab.ana, "zookeeper (alerts OR election) type:finding").await.hits;
    assert_eq!(now[0].state, Some(State::Finding(findings::Status::FixDeployed)));
    assert!(objects(&lab.ana, "type:finding is:open").await.is_empty());
    assert_eq!(objects(&lab.ana, "type:finding is:fix-deployed").await, [finding.to_string()]);
    assert_eq!(objects(&lab.ana, "type:finding -is:open").await, [finding.to_string()]);
    assert_eq!(objects(&lab.ana, "finding:fnd-1 is:deployed").await, [fix.to_string()]);

    assert_eq!(objects(&lab.ana, "type:run is:refuted").await, [run.to_string()]);
    assert_eq!(troubles(book).await, 0);
});

// S-R1
each_db!(a_gap_of_five_to_ten_minutes_is_found_beyond_four_and_possibly_at_ten, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    lab.run(experiment, Trial::default()).await;
    let finding = lab.finding(run, "alerts stop after a ZooKeeper restart", GAP, "").await.id;
    let both = vec![finding.to_string(), run.to_string()];
    for (query, possible) in
        [("measured:alert-gap>4min", false), ("measured:alert-gap>=10min", true), ("measured:alert-gap\u{2265}10min", true)]
    {
        let found = ask(&lab.ana, query).await.hits;
        assert_eq!(found.iter().map(|hit| hit.object.clone()).collect::<Vec<_>>(), both, "{query}");
        assert!(found.iter().all(|hit| hit.possible == possible), "{query}: {found:?}");
        assert_eq!(found[0].shows.as_deref(), Some("alert-gap: 300\u{2013}600 s"));
        let refuted = State::Run {
            execution: Execution::Finished,
            validity: Some(Validity::Valid),
            verdict: Some(Verdict::Refuted),
            telemetry: Some(Telemetry::BlindSpot),
        };
        assert_eq!(found[1].state, Some(refuted));
        let query = read(query).unwrap();
        let (runs, ..) = lists::runs(&lab.ana, &query, &runs::acts::Filter::default()).await.unwrap();
        assert_eq!(runs.iter().map(|row| row.run.id).collect::<Vec<_>>(), [run]);
        let (findings, ..) = lists::findings(&lab.ana, &query, &findings::acts::Filter::default()).await.unwrap();
        assert_eq!(findings.iter().map(|row| row.finding.id).collect::<Vec<_>>(), [finding]);
    }
    assert!(objects(&lab.ana, "measured:alert-gap>10min").await.is_empty());
    assert_eq!(objects(&lab.ana, "measured:alert-gap<1min").await.len(), 1, "the other run");
    let on_axes = "verdict:failed telemetry:blind-spot validity:valid -status:not_a_finding";
    assert_eq!(objects(&lab.ana, on_axes).await, [run.to_string()]);
    assert_eq!(objects(&lab.ana, "stage:ready").await, [experiment.to_string()]);
    assert!(objects(&lab.ana, "stage:ready status:open").await.is_empty(), "nothing stands on both");
});

each_db!(game_days_notes_and_what_is_said_later_are_found, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let seen = ObservedDraft { text: "pagers beep at dawn".into(), ..ObservedDraft::default() };
    observed::observe(&lab.ana, experiment, &seen).await.unwrap();
    assert_eq!(objects(&lab.ana, "dawn experiment:exp-1").await, [format!("{experiment}#o1")]);
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop", GAP, "").await.id;
    assert_eq!(objects(&lab.ana, "type:experiment is:refuted").await, [experiment.to_string()]);
    assert!(objects(&lab.ana, "electing").await.is_empty());
    let cause = JudgeDraft { reason: "Electing a leader takes long".into(), ..JudgeDraft::default() };
    findings::acts::suspect_cause(&lab.ana, finding, &cause).await.unwrap();
    assert_eq!(objects(&lab.ana, "electing").await, [finding.to_string()]);
    let fix = lab.fix(finding, "quicker election").await.id;
    lab.deploy(fix, "production").await;
    assert_eq!(objects(&lab.ana, "v2 service:zookeeper").await, [fix.to_string()]);
    assert_eq!(objects(&lab.ana, "type:decision experiment:exp-1").await, objects(&lab.ana, "type:decision").await);

    let gameday = gamedays::acts::write(&lab.ana, &quorum_day(&[&run.to_string()])).await.unwrap().id;
    gamedays::acts::add_note(&lab.ana, gameday, &note("Nobody was paged")).await.unwrap();
    assert_eq!(objects(&lab.ana, "debriefing is:coming run:run-1").await, [gameday.to_string()]);
    assert_eq!(objects(&lab.ana, "gd-1").await.first(), Some(&gameday.to_string()));
    let noted = objects(&lab.ana, "\"nobody was paged\" by:@me").await;
    assert!(noted.len() == 1 && noted[0].starts_with("GD-1#"), "{noted:?}");
    assert_eq!(troubles(book).await, 0);
});

each_db!(lists_are_asked_in_the_same_language_page_by_page, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let mut all = Vec::new();
    for gap in ["300..600 s", "38 s", "400 s"] {
        all.push(lab.run(experiment, Trial { gap, ..Trial::default() }).await);
    }
    let finding = lab.finding(all[0], "alerts stop", GAP, "").await.id;
    let fix = lab.fix(finding, "quicker election").await.id;
    let query = read("is:refuted service:zookeeper").unwrap();
    let mut filter = runs::acts::Filter { rows: Rows::asked("1").unwrap(), ..runs::acts::Filter::default() };
    let mut found = Vec::new();
    loop {
        let (rows, next, _) = lists::runs(&lab.ana, &query, &filter).await.unwrap();
        found.extend(rows.iter().map(|row| row.run.id));
        filter.before = next;
        if filter.before.is_none() {
            break;
        }
    }
    assert_eq!(found, [all[2], all[0]]);
    let oldest = runs::acts::Filter { execution: Some(Execution::Finished), ..runs::acts::Filter::default() };
    let (rows, ..) = lists::runs(&lab.ana, &read("sort:created").unwrap(), &oldest).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.run.id).collect::<Vec<_>>(), all);
    let (rows, ..) = lists::fixes(&lab.ana, &read("is:proposed elect*").unwrap(), &fixes::acts::Filter::default()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.fix.id).collect::<Vec<_>>(), [fix]);
    let taken = decisions::acts::Filter { run: Some(all[1]), ..decisions::acts::Filter::default() };
    let (rows, ..) = lists::decisions(&lab.ana, &read("kind:fix-and-rerun").unwrap(), &taken).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.decision.run).collect::<Vec<_>>(), [Some(all[1])]);
    let misfit = lists::runs(&lab.ana, &read("severity:high").unwrap(), &oldest).await;
    assert!(refused(misfit).troubles()[0].says.ends_with("`severity:` is known of findings only."));
    let others = lists::runs(&lab.ana, &read("type:finding").unwrap(), &oldest).await;
    assert!(refused(others).troubles()[0].says.ends_with("this list holds those of `type:run` only."));
    let best = lists::runs(&lab.ana, &read("zookeeper sort:relevance").unwrap(), &oldest).await;
    assert_eq!(refused(best).troubles()[0].field, "q");
});

each_db!(words_qualifiers_and_ids_find_what_they_say, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial::default()).await;
    let observed = ObservationDraft { text: "Élection took four seconds".into(), ..ObservationDraft::default() };
    let planned = lab.start(experiment, "zk-2").await;
    let number = runs::acts::observe(&lab.ana, planned, &observed).await.unwrap();
    let observation = format!("{planned}#o{number}");
    let ana = &lab.ana;
    for query in ["election seconds", "elect* four by:@me", "elect* by:ana@example.org"] {
        assert_eq!(objects(ana, query).await, from_ref(&observation), "{query}");
    }
    assert!(objects(ana, "elect* by:ben@example.org").await.is_empty());
    assert!(objects(ana, "\"four election\"").await.is_empty());
    assert_eq!(objects(ana, "type:service -zookeeper").await, ["config-management", "alerting"]);
    assert_eq!(objects(ana, "type:experiment fault:process-restart owner:@me is:ready").await, [experiment.to_string()]);
    let planned_words = "\"process restart\" alert-gap \"service by hand\"";
    assert_eq!(objects(ana, planned_words).await, [experiment.to_string()], "the whole plan is found");
    assert_eq!(objects(ana, "type:run service:zookeeper env:production sort:created").await, [
        run.to_string(),
        planned.to_string(),
    ]);
    assert!(objects(ana, "type:run env:none,staging").await.is_empty());
    assert_eq!(objects(ana, &run.to_string().to_lowercase()).await.first(), Some(&run.to_string()));
    assert!(objects(ana, "type:run created:<2026-11-02").await.is_empty());
    assert_eq!(objects(ana, "type:run created:2026-11").await.len(), 2);
    assert_eq!(objects(ana, "type:run created:2026-W45,2020 -run:run-1").await, [planned.to_string()]);
    let facets = ask(ana, "type:service OR type:experiment").await.facets;
    let counted: Vec<(&str, &str, usize)> =
        facets.iter().map(|facet| (facet.key, facet.value.as_str(), facet.count)).take(2).collect();
    assert_eq!(counted, [("type", "service", 3), ("type", "experiment", 1)]);
});

each_db!(days_targets_relations_and_what_a_thing_has_are_looked_up, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let second = lab.run(experiment, Trial::default()).await;
    let finding = lab.finding(first, "alerts stop", GAP, "").await.id;
    let ana = &lab.ana;
    assert_eq!(objects(ana, "type:run relation:identical").await, [second.to_string()]);
    assert_eq!(objects(ana, "type:run -relation:identical").await, [first.to_string()]);
    assert!(objects(ana, "relation:looser").await.is_empty());
    assert_eq!(objects(ana, "type:run started:2026-11 ended:2026-11").await.len(), 2);
    assert!(objects(ana, "started:<2026").await.is_empty());
    assert_eq!(objects(ana, "type:run has:decision").await.len(), 2, "closing a run takes one");
    assert!(objects(ana, "type:run has:override,attachment").await.is_empty());
    assert!(objects(ana, "type:finding has:fix").await.is_empty());
    assert_eq!(objects(ana, "type:finding -has:fix").await, [finding.to_string()]);
    lab.fix(finding, "quicker election").await;
    assert_eq!(objects(ana, "type:finding has:fix").await, [finding.to_string()]);
    assert_eq!(objects(ana, "type:run has:fix").await, [first.to_string()]);
    assert_eq!(objects(ana, "type:experiment has:fix has:owner,slo").await, [experiment.to_string()]);
    assert!(objects(ana, "has:slo").await.is_empty());

    let aimed = lab.start(experiment, "zk-2").await;
    assert_eq!(objects(ana, "type:run is:running target:ZK-2").await, [aimed.to_string()]);
    assert!(!objects(ana, "type:run -target:zk-2").await.contains(&aimed.to_string()));
    assert!(objects(ana, "type:service target:neverheardof").await.is_empty());
    assert_eq!(objects(ana, "target:none").await.len(), 3, "services without targets");
    assert!(objects(ana, "type:observation by:none").await.is_empty());

    book.clock.pass_ms(72 * 3_600_000);
    assert!(objects(ana, "type:finding updated:<2d").await.is_empty());
    let cause = JudgeDraft { reason: "Electing a leader takes long".into(), ..JudgeDraft::default() };
    findings::acts::suspect_cause(ana, finding, &cause).await.unwrap();
    assert_eq!(objects(ana, "updated:<2d").await, [finding.to_string()]);
    assert_eq!(objects(ana, "updated:today created:>2d").await, [finding.to_string()]);
    assert_eq!(objects(ana, "sort:-updated").await.first(), Some(&finding.to_string()));
    assert_eq!(objects(ana, "sort:updated").await.last(), Some(&finding.to_string()));
    let query = read("sort:updated").unwrap();
    let mut filter = runs::acts::Filter { rows: Rows::asked("1").unwrap(), ..runs::acts::Filter::default() };
    let mut paged = Vec::new();
    loop {
        let (rows, next, _) = lists::runs(ana, &query, &filter).await.unwrap();
        paged.extend(rows.iter().map(|row| row.run.id.to_string()));
        filter.before = next;
        if filter.before.is_none() {
            break;
        }
    }
    assert_eq!(paged, objects(ana, "type:run sort:updated").await);
    assert_eq!(paged.len(), 3);
});

each_db!(an_slo_is_found_by_what_it_amounts_to, book => {
    let lab = Lab::open(book).await;
    let promised = crate::slos::promised("at least 99.99 %");
    let slo = crate::slos::approved(&lab, &promised, 1_000_000_000 - 40_000, 40_000).await;
    assert_eq!(objects(&lab.ana, "type:slo is:healthy").await, [slo.to_string()]);
    assert_eq!(objects(&lab.ana, "is:approved").await, [slo.to_string()]);
    assert!(objects(&lab.ana, "is:exhausted,retired").await.is_empty());
    assert_eq!(objects(&lab.ana, "type:service has:slo").await, ["zookeeper"]);
});

each_db!(links_are_found_from_both_of_their_ends, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    lab.revise(experiment, |draft| draft.notes = "Somebody stands by".into()).await;
    let second = lab.run(experiment, Trial::default()).await;
    let finding = lab.finding(first, "alerts stop", GAP, "").await.id;
    let fix = lab.fix(finding, "quicker election").await.id;
    let ana = &lab.ana;
    let found = move |query: String| async move { objects(ana, &format!("{query} sort:created")).await };
    assert_eq!(found(format!("finding:{finding}")).await, [first.to_string(), finding.to_string(), fix.to_string()]);
    assert_eq!(found(format!("fix:{fix}")).await, [finding.to_string(), fix.to_string()]);
    assert_eq!(found(format!("plan:{experiment}@1")).await, [experiment.to_string(), first.to_string()]);
    assert_eq!(found(format!("plan:{experiment}@2")).await, [experiment.to_string(), second.to_string()]);
    let decisions = objects(ana, &format!("type:decision run:{first}")).await;
    let [decision] = decisions.as_slice() else { panic!("{decisions:?}") };
    assert_eq!(found(format!("type:run decision:{decision}")).await, [first.to_string()]);
    assert_eq!(found(format!("type:decision decision:{decision}")).await, from_ref(decision));
    assert_eq!(found("type:service owner:none".into()).await.len(), 3);
    assert!(found("type:run fault:none".into()).await.is_empty());
    assert_eq!(troubles(book).await, 0);
});

each_db!(a_team_finds_its_services_and_what_is_about_them, book => {
    let lab = Lab::open(book).await;
    teams::acts::write(&book.system(), &crate::teams::data_platform()).await.unwrap();
    let experiment = notebook::experiments::acts::create(&lab.ana, &restart_one_zookeeper()).await.unwrap().id;
    assert!(objects(&lab.ana, "team:data-platform").await.is_empty());
    crate::teams::give(&book.system(), "zookeeper", "data-platform").await;
    let all = vec!["zookeeper".to_owned(), experiment.to_string()];
    assert_eq!(objects(&lab.ana, "team:data-platform sort:created").await, all);
    assert!(objects(&lab.ana, "type:experiment -team:data-platform").await.is_empty());
    assert!(objects(&lab.ana, "type:service team:none zookeeper").await.is_empty());
});

each_db!(words_of_every_script_are_found_and_no_word_is_a_mark, book => {
    let lab = Lab::open(book).await;
    let mut all = Vec::new();
    for title in ["край данных", "한국 장애", "データ消失", "ύψος στάθμης", "deploy🚀failed", "ЁЛКА СТОИТ", "fake \u{e000}type\u{e000}run"] {
        let draft = findings::drafts::Draft {
            title: title.into(),
            severity: "low".into(),
            environment: "staging".into(),
            ..findings::drafts::Draft::default()
        };
        all.push(findings::acts::write(&lab.ana, &draft).await.unwrap().id.to_string());
    }
    let words = ["край", "данны*", "\"한국 장애\"", "장*", "データ消失", "データ*", "στάθμης", "deploy", "failed", "ёлка", "Сто*"];
    for (word, place) in words.into_iter().zip([0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5]) {
        assert_eq!(objects(&lab.ana, word).await, [all[place].clone()], "{word}");
    }
    let found = ask(&lab.ana, "데이터 OR 장애").await.hits;
    assert_eq!(text(&found[0].title), "한국 [장애]");
    for (asked, found) in [("everyth*", vec![]), ("severit*", vec![]), ("type:run", vec![]), ("typ*", vec![all[6].clone()])] {
        assert_eq!(objects(&lab.ana, asked).await, found, "{asked}");
    }
    assert_eq!(troubles(book).await, 0);
});

each_db!(pages_neither_repeat_nor_leave_out, book => {
    let lab = Lab::open(book).await;
    for number in 0..7 {
        let draft = findings::drafts::Draft {
            title: format!("disk full, time {number}"),
            severity: "low".into(),
            environment: "staging".into(),
            ..findings::drafts::Draft::default()
        };
        findings::acts::write(&lab.ana, &draft).await.unwrap();
    }
    for text in ["disk", "disk sort:-created", "disk sort:created", "disk sort:-updated", "sort:updated disk", "type:finding is:open disk"] {
        let whole = objects(&lab.ana, text).await;
        assert_eq!(whole.len(), 7, "{text}");
        assert_eq!(paged(&lab.ana, text, "3").await, whole, "{text}");
    }
});

each_db!(whoever_may_not_look_finds_nothing, book => {
    let refusal = refused(search(&book.nobody(), &Asked::default()).await);
    assert_eq!(refusal, Refusal::SignIn);
});
