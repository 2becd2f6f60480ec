//! What is found by what it is about, and by what was said of it in passing.

use std::slice::from_ref;

use notebook::{
    decisions,
    experiments::{
        self,
        observed::{self, ObservedDraft},
    },
    findings::{self, drafts::JudgeDraft},
    fixes,
    gamedays::{self, drafts::CancelDraft},
    retrials,
    runs::{
        self,
        drafts::{
            AbortDraft, CheckDraft, EffectDraft, LinkDraft, ObservationDraft, PlanDraft, RulingDraft, WordsDraft,
        },
    },
    search::acts::{Asked, read, search},
    services::{self, ServiceDraft},
    slos::{self, drafts::ApproveDraft},
};

use crate::{
    found::{objects, troubles},
    gamedays::{note, quorum_day},
    lab::{GAP, Lab, Trial, restart_one_zookeeper, seen},
};

/// The statement with which the migration of each engine writes anew what was entered before it.
fn written_anew(engine: &str) -> &'static str {
    let migration = match engine {
        "sqlite" => include_str!("../../../migrations/sqlite/0036_searched.sql"),
        _ => include_str!("../../../migrations/postgres/0036_searched.sql"),
    };
    &migration[migration.rfind("insert into search_entries").unwrap()..]
}

each_db!(what_came_of_a_run_is_found_by_its_services_environment_and_fault, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let seen = ObservedDraft { text: "pagers beep at dawn".into(), ..ObservedDraft::default() };
    observed::observe(&lab.ana, experiment, &seen).await.unwrap();
    let run = lab.start(experiment, "zk-1").await;
    let noted = ObservationDraft { text: "Sessions drop".into(), ..ObservationDraft::default() };
    let number = runs::acts::observe(&lab.ana, run, &noted).await.unwrap();
    lab.play(run, &Trial { gap: "300..600 s", ..Trial::default() }).await;
    lab.sign(run).await;
    let decision = lab.close(run, &[]).await.unwrap().id.to_string();
    let finding = lab.finding(run, "alerts stop", GAP, "").await.id;
    let fix = lab.fix(finding, "quicker election").await.id.to_string();
    let gameday = gamedays::acts::write(&lab.ana, &quorum_day(&[&run.to_string()])).await.unwrap().id;
    gamedays::acts::add_note(&lab.ana, gameday, &note("Nobody was paged")).await.unwrap();
    let ana = &lab.ana;
    let [day_note]: [String; 1] = objects(ana, "\"nobody was paged\"").await.try_into().unwrap();
    let (early, during) = (format!("{experiment}#o1"), format!("{run}#o{number}"));
    let found = async |query: &str| {
        let mut all = objects(ana, query).await;
        all.sort();
        all
    };

    for about in ["service:zookeeper", "service:alerting", "env:production", "fault:process-restart"] {
        let notes = [early.clone(), day_note.clone(), during.clone()];
        assert_eq!(found(&format!("type:observation {about}")).await, notes, "{about}");
        assert_eq!(found(&format!("type:decision {about}")).await, from_ref(&decision), "{about}");
        assert_eq!(found(&format!("type:gameday {about}")).await, [gameday.to_string()], "{about}");
        assert_eq!(found(&format!("type:finding {about}")).await, [finding.to_string()], "{about}");
    }
    assert_eq!(found("type:fix service:zookeeper env:production").await, [fix]);
    assert_eq!(found("sessions zookeeper production").await, from_ref(&during), "words find it by that, too");
    for nothing in ["service:none", "service:config-management", "env:none,staging", "fault:none,disk-full"] {
        assert!(found(&format!("type:observation,decision,finding,gameday {nothing}")).await.is_empty(), "{nothing}");
    }
    let misfit = read("type:fix fault:process-restart").unwrap_err();
    assert!(misfit.troubles()[0].says.contains("`fault:` is known of experiments, runs, observations, findings"));

    // What is about the run stays about what was tried; what is about the experiment is about its present plan.
    let manual = decisions::drafts::Draft {
        kind: "keep_manual".into(),
        claims: vec![experiment.to_string()],
        ..decisions::drafts::Draft::default()
    };
    let kept = retrials::acts::decide(ana, &manual).await.unwrap().id.to_string();
    let about_both = "type:decision service:alerting fault:process-restart env:production";
    assert_eq!(found(about_both).await, [decision.clone(), kept.clone()]);
    lab.revise(experiment, |draft| {
        draft.services = vec!["config-management".into()];
        draft.fault_kind = "disk-full".into();
    })
    .await;
    assert_eq!(found("fault:process-restart type:observation").await, [day_note.clone(), during.clone()]);
    assert_eq!(found("service:config-management type:observation,decision fault:disk-full").await, [kept, early]);
    assert_eq!(found("type:decision service:zookeeper").await, [decision]);
    assert_eq!(found("type:finding fault:process-restart").await, [finding.to_string()]);
    assert_eq!(troubles(book).await, 0);
});

each_db!(a_game_day_and_its_notes_are_about_the_runs_that_are_on_it, book => {
    let lab = Lab::open(book).await;
    services::acts::add(&book.system(), &ServiceDraft { name: "kafka".into(), ..ServiceDraft::default() }).await.unwrap();
    let zookeeper = lab.approved(&restart_one_zookeeper()).await;
    let mut draft = restart_one_zookeeper();
    (draft.services, draft.environment) = (vec!["kafka".into()], "staging".into());
    let kafka = lab.approved(&draft).await;
    let mut planned = Vec::new();
    for experiment in [zookeeper, kafka] {
        let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
        planned.push(runs::acts::plan(&lab.ana, &plan).await.unwrap().id.to_string());
    }
    let gameday = gamedays::acts::write(&lab.ana, &quorum_day(&[&planned[0]])).await.unwrap();
    gamedays::acts::add_note(&lab.ana, gameday.id, &note("Nobody was paged")).await.unwrap();
    let ana = &lab.ana;
    for type_of in ["type:gameday", "type:observation"] {
        assert_eq!(objects(ana, &format!("{type_of} service:zookeeper env:production")).await.len(), 1, "{type_of}");
        assert!(objects(ana, &format!("{type_of} service:kafka")).await.is_empty(), "{type_of}");
    }
    let both = quorum_day(&[&planned[0], &planned[1]]);
    let both = gamedays::drafts::Draft { version: gameday.version.to_string(), ..both };
    gamedays::acts::edit(&lab.ana, gameday.id, &both).await.unwrap();
    for type_of in ["type:gameday", "type:observation"] {
        for about in ["service:kafka service:zookeeper", "env:production env:staging", "(paged kafka) OR (quorum staging)"] {
            assert_eq!(objects(ana, &format!("{type_of} ({about})")).await.len(), 1, "{type_of} {about}");
        }
        assert!(objects(ana, &format!("{type_of} fault:none")).await.is_empty(), "{type_of}");
    }
    let found = search(ana, &Asked { query: read("paged").unwrap(), ..Asked::default() }).await.unwrap();
    let text: String = found.hits[0].snippet.iter().map(|piece| piece.text.as_str()).collect();
    assert_eq!(text, "Nobody was paged", "what the index added is no part of it");
    assert_eq!(troubles(book).await, 0);
});

each_db!(what_was_noted_on_a_day_is_entered_anew_only_with_its_runs, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let mut planned = Vec::new();
    for _ in 0..2 {
        let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
        planned.push(runs::acts::plan(&lab.ana, &plan).await.unwrap().id.to_string());
    }
    let gameday = gamedays::acts::write(&lab.ana, &quorum_day(&[&planned[0]])).await.unwrap();
    gamedays::acts::add_note(&lab.ana, gameday.id, &note("Nobody was paged")).await.unwrap();
    book.execute("update search_entries set body = 'another text' where kind = 'observation'").await;
    assert_eq!(troubles(book).await, 1);
    let named = gamedays::drafts::Draft {
        title: "Election day".into(),
        version: gameday.version.to_string(),
        ..quorum_day(&[&planned[0]])
    };
    let gameday = gamedays::acts::edit(&lab.ana, gameday.id, &named).await.unwrap();
    assert_eq!(objects(&lab.ana, "\"election day\"").await, [gameday.id.to_string()]);
    assert_eq!(troubles(book).await, 1, "the note was left alone");
    let other = quorum_day(&[&planned[1]]);
    let other = gamedays::drafts::Draft { version: gameday.version.to_string(), ..other };
    gamedays::acts::edit(&lab.ana, gameday.id, &other).await.unwrap();
    assert_eq!(troubles(book).await, 0);
    assert_eq!(objects(&lab.ana, &format!("type:gameday run:{}", planned[1])).await, [gameday.id.to_string()]);
    assert!(objects(&lab.ana, &format!("type:gameday run:{}", planned[0])).await.is_empty());
});

each_db!(what_was_entered_before_is_right_after_the_migration_and_keeps_its_place, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    lab.finding(run, "alerts stop", GAP, "").await;
    lab.finding(run, "alerts come late", GAP, "").await;
    let newest = objects(&lab.ana, "sort:-created").await;
    // As an older version had them.
    book.execute("update search_entries set marks = replace(marks, 'fault', 'other'), body = object where kind <> 'service'").await;
    assert_ne!(troubles(book).await, 0);
    assert!(objects(&lab.ana, "fault:process-restart").await.is_empty());
    book.execute(written_anew(book.notebook.db.engine())).await;
    assert_eq!(troubles(book).await, 0);
    assert_eq!(objects(&lab.ana, "type:finding fault:process-restart").await.len(), 2);
    assert_eq!(objects(&lab.ana, "sort:-created").await, newest);
});

each_db!(what_was_said_of_a_run_in_passing_is_found, book => {
    let lab = Lab::open(book).await;
    let (ana, ben) = (&lab.ana, &lab.ben);
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let words = |text: &str| WordsDraft { text: text.into(), ..WordsDraft::default() };
    let run = lab.start(experiment, "zk-1").await;
    runs::acts::deviate(ana, run, &words("The push came from another branch")).await.unwrap();
    let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), evidence: "journal of systemd".into() };
    runs::acts::record_effect(ana, run, &effect).await.unwrap();
    let link = LinkDraft {
        link: "https://grafana.example.org/d/1".into(),
        says: "Heartbeats flatline".into(),
        ..LinkDraft::default()
    };
    runs::acts::attach_link(ana, run, &link).await.unwrap();
    lab.play(run, &Trial { gap: "300..600 s", ..Trial::default() }).await;
    let ruling = RulingDraft { ruling: "context".into(), reason: "Both branches are alike".into(), number: "1".into() };
    runs::acts::rule_deviation(ben, run, &ruling).await.unwrap();
    lab.sign(run).await;
    lab.close(run, &[]).await.unwrap();
    let (source, amends) = ("stopwatch of Carla".into(), "the clock drifted".into());
    let amended = CheckDraft { source, amends, ..seen(GAP, "310 s") };
    runs::acts::answer_check(ben, run, &amended).await.unwrap();
    runs::acts::amend(ben, run, &words("Dashboards lagged by minutes")).await.unwrap();

    let aborted = lab.start(experiment, "zk-1").await;
    let abort = AbortDraft { reason: "unrelated".into(), text: "a cable was cut".into(), ..AbortDraft::default() };
    runs::acts::abort(ana, aborted, &abort).await.unwrap();
    runs::acts::fail_revert(ana, aborted, &words("The unit would not stop")).await.unwrap();
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let cancelled = runs::acts::plan(ana, &plan).await.unwrap().id;
    runs::acts::cancel(ana, cancelled, &words("the release train left early")).await.unwrap();

    for (asked, found) in [
        ("\"another branch\"", run),
        ("systemd", run),
        ("heartbeats", run),
        ("\"customer count\" drifted", run),
        ("stopwatch carla", run),
        ("\"branches are alike\"", run),
        ("lagged", run),
        ("cable", aborted),
        ("\"would not stop\"", aborted),
        ("\"release train\"", cancelled),
    ] {
        assert_eq!(objects(ana, asked).await, [found.to_string()], "{asked}");
    }
    assert!(objects(ana, "grafana").await.is_empty(), "an address is no caption");
    // Nothing is said by an effect without evidence.
    let silent = EffectDraft { evidence: String::new(), ..effect };
    runs::acts::record_effect(ana, aborted, &silent).await.unwrap();
    assert_eq!(troubles(book).await, 0);
});

each_db!(what_was_said_of_other_things_in_passing_is_found, book => {
    let lab = Lab::open(book).await;
    let (ana, ben) = (&lab.ana, &lab.ben);
    let asked = experiments::acts::create(ana, &restart_one_zookeeper()).await.unwrap().id;
    experiments::acts::request_review(ana, asked).await.unwrap();
    experiments::acts::ask_changes(ben, asked, 1, "Name the quorum that must hold").await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop", GAP, "").await.id;
    let cause = JudgeDraft { reason: "Nodes talk to one instance".into(), ..JudgeDraft::default() };
    findings::acts::suspect_cause(ana, finding, &cause).await.unwrap();
    let confirmed = JudgeDraft { reason: "A capture of packets".into(), number: "1".into(), ..JudgeDraft::default() };
    findings::acts::confirm_cause(ben, finding, &confirmed).await.unwrap();
    let fix = lab.fix(finding, "quicker election").await.id;
    lab.deploy(fix, "production").await;
    let words = |text: &str| fixes::drafts::WordsDraft { text: text.into(), ..fixes::drafts::WordsDraft::default() };
    fixes::acts::note_closed_ticket(ana, fix, &words("OPS-4711 is closed")).await.unwrap();
    let back = fixes::drafts::WordsDraft { number: "1".into(), ..words("Leaders flapped") };
    fixes::acts::roll_back(ana, fix, &back).await.unwrap();
    fixes::acts::withdraw(ana, fix, &words("Superseded by a proxy")).await.unwrap();
    let gameday = gamedays::acts::write(ana, &quorum_day(&[])).await.unwrap().id;
    gamedays::acts::cancel(ana, gameday, &CancelDraft { why: "a storm is coming".into() }).await.unwrap();
    for (asked_for, found) in [
        ("\"quorum that must\"", asked.to_string()),
        ("capture packets", finding.to_string()),
        ("4711", fix.to_string()),
        ("flapped", fix.to_string()),
        ("proxy", fix.to_string()),
        ("storm", gameday.to_string()),
    ] {
        assert_eq!(objects(ana, asked_for).await, [found], "{asked_for}");
    }
    assert_eq!(troubles(book).await, 0);
});

each_db!(an_slo_is_found_by_what_it_promises_once_that_is_approved, book => {
    let lab = Lab::open(book).await;
    let (ana, promised) = (&lab.ana, crate::slos::promised("at least 99.99 %"));
    let slo = slos::acts::write(ana, &promised).await.unwrap();
    assert_eq!(objects(ana, "\"stays open\" pings").await, [slo.id.to_string()], "nobody approved another text");
    let approve = |version: i64| ApproveDraft { version: version.to_string() };
    let slo = slos::acts::approve(&lab.ben, slo.id, &approve(slo.version)).await.unwrap();
    let lasting = slos::drafts::Draft {
        promise: "Sessions outlive a failover.".into(),
        version: slo.version.to_string(),
        ..promised
    };
    let slo = slos::acts::edit(ana, slo.id, &lasting).await.unwrap();
    assert!(objects(ana, "failover").await.is_empty());
    assert_eq!(objects(ana, "\"stays open\"").await, [slo.id.to_string()]);
    slos::acts::approve(&lab.ben, slo.id, &approve(slo.version)).await.unwrap();
    assert!(objects(ana, "\"stays open\"").await.is_empty());
    assert_eq!(objects(ana, "failover").await, [slo.id.to_string()]);
    assert_eq!(troubles(book).await, 0);
});
