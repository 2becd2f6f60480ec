//! Who is told of what: from an act's own transaction to inboxes and queues, and whose turn it is to send.

use notebook::{
    actor::{PersonId, Role},
    desk::Desk,
    fixes::{self, Standing},
    id::{ExperimentId, FindingId, FixId},
    limits::DELIVERY_CLAIM_S,
    notifications::{
        Target,
        acts::{self, Channels, Filter, Job, MuteDraft, Sending},
        choices::Draft as ChoicesDraft,
        retry::Outcome,
        topics::Topic,
        webhooks::{Draft, Said},
    },
    people, retrials,
    runs::{
        self,
        drafts::{PlanDraft, RulingDraft, WordsDraft},
    },
    services::{self, ServiceDraft},
};

use crate::{
    each_db::Book,
    lab::{CLIENTS, GAP, Lab, Trial, refused, restart_one_zookeeper},
};

const DAY_MS: i64 = 86_400_000;
const ORIGIN: &str = "https://retrial.example.org";

pub fn channels(mail: bool) -> Channels {
    Channels { origin: ORIGIN.into(), mail }
}

pub async fn spread(book: &Book, mail: bool) -> usize {
    acts::spread(&book.system(), &channels(mail)).await.unwrap()
}

/// Topic and reason of everything in an inbox, newest first.
pub async fn inbox(desk: &Desk) -> Vec<(Topic, String)> {
    let inbox = acts::read(desk, &Filter::default()).await.unwrap();
    inbox.notices.into_iter().map(|notice| (notice.topic, notice.because)).collect()
}

/// How often somebody was told of a topic.
async fn told(desk: &Desk, of: Topic) -> usize {
    inbox(desk).await.into_iter().filter(|(topic, _)| *topic == of).count()
}

/// What the clock does every minute, and then every second.
async fn pass_on(book: &Book) {
    retrials::acts::tell(&book.system()).await.unwrap();
    while spread(book, false).await > 0 {}
}

/// A run of Ana's that Ben observes; what happened before is told and forgotten.
pub async fn planned(lab: &Lab<'_>) -> runs::Run {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    spread(lab.book, false).await;
    acts::done_all(&lab.ana).await.unwrap();
    acts::done_all(&lab.ben).await.unwrap();
    let plan = PlanDraft { experiment: experiment.to_string(), observers: "Ben".into(), ..PlanDraft::default() };
    runs::acts::plan(&lab.ana, &plan).await.unwrap()
}

pub async fn cancel(lab: &Lab<'_>, run: &runs::Run) {
    let why = WordsDraft { text: "Release day".into(), ..WordsDraft::default() };
    runs::acts::cancel(&lab.ana, run.id, &why).await.unwrap();
}

each_db!(an_act_tells_its_people_once_and_a_refused_one_nobody, book => {
    let lab = Lab::open(book).await;
    let run = planned(&lab).await;
    assert!(inbox(&lab.ben).await.is_empty(), "it waits in the outbox");
    assert_eq!(spread(book, false).await, 1);
    assert_eq!(inbox(&lab.ben).await, [(Topic::RunPlanned, "you are on the run".to_owned())]);
    assert!(inbox(&lab.ana).await.is_empty(), "nobody is told of what they did");
    refused(runs::acts::cancel(&lab.ana, run.id, &WordsDraft::default()).await);
    assert_eq!(spread(book, false).await, 0, "what was refused is not told, and nothing twice");
    cancel(&lab, &run).await;
    spread(book, false).await;
    let shown = acts::read(&lab.ben, &Filter::default()).await.unwrap();
    assert_eq!((shown.notices[0].topic, shown.open), (Topic::RunCancelled, 2));
    assert_eq!(shown.notices[0].object, run.id.to_string());
    acts::done(&lab.ben, shown.notices[0].id).await.unwrap();
    assert_eq!(refused(acts::done(&lab.ana, shown.notices[1].id).await).status(), 404, "it is somebody else's");
    assert_eq!(inbox(&lab.ben).await.len(), 1);
    assert_eq!(refused(acts::read(&book.nobody(), &Filter::default()).await).status(), 401);
});

/// The finding is on the first instance, and its service is Ben's.
pub async fn fixed(lab: &Lab<'_>) -> (ExperimentId, FindingId, FixId) {
    let owned =
        ServiceDraft { name: "zookeeper".into(), owner: "Ben".into(), version: "1".into(), ..ServiceDraft::default() };
    services::acts::edit(&lab.ana, "zookeeper", &owned).await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix = lab.fix(finding, "complete the address list").await.id;
    lab.deploy(fix, "production").await;
    (experiment, finding, fix)
}

each_db!(s_r12_the_owner_is_told_once_when_a_verified_fix_regresses, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    spread(book, false).await;
    let told = inbox(&lab.ben).await;
    assert!(told.contains(&(Topic::FixDeployed, "you own zookeeper".to_owned())), "{told:?}");
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    spread(book, false).await;
    assert!(!inbox(&lab.ben).await.iter().any(|(topic, _)| *topic == Topic::FixRegressed), "a pass is no news of that");
    lab.run(experiment, Trial { clients: "failed", answers: vec![(fix, finding, "failed")], ..Trial::default() }).await;
    assert_eq!(lab.standing(fix).await, Standing::Regressed);
    spread(book, false).await;
    spread(book, false).await;
    let shown = acts::read(&lab.ben, &Filter::default()).await.unwrap();
    let regressed: Vec<_> = shown.notices.iter().filter(|notice| notice.topic == Topic::FixRegressed).collect();
    assert_eq!(regressed.len(), 1, "{regressed:?}");
    assert_eq!((regressed[0].object.clone(), regressed[0].because.as_str()), (fix.to_string(), "you own zookeeper"));
});

each_db!(what_a_later_ruling_shows_to_have_regressed_is_told_once_more, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    retrials::acts::tell(&book.system()).await.unwrap();
    let failed = Trial { clients: "failed", answers: vec![(fix, finding, "failed")], ..Trial::default() };
    let run = lab.run(experiment, failed).await;
    retrials::acts::tell(&book.system()).await.unwrap();
    spread(book, false).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1, "the run told it");
    for (ruling, expected) in [("invalid", Standing::Verified), ("valid", Standing::Regressed)] {
        let ruled = RulingDraft { ruling: ruling.into(), reason: "by its log".into(), number: String::new() };
        runs::acts::rule_validity(&lab.ben, run, &ruled).await.unwrap();
        assert_eq!(lab.standing(fix).await, expected);
        retrials::acts::tell(&book.system()).await.unwrap();
        spread(book, false).await;
    }
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 2);
    assert_eq!(told(&lab.ben, Topic::FixTurned).await, 0, "it did not turn stale");
});

each_db!(a_run_that_is_left_open_tells_at_once_that_a_fix_regressed_and_no_later_one_tells_it_again, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    pass_on(book).await;
    let failed = Trial { clients: "failed", answers: vec![(fix, finding, "failed")], ..Trial::default() };
    let open = lab.run(experiment, Trial { closes: false, ..failed.clone() }).await;
    assert_eq!(lab.standing(fix).await, Standing::Regressed, "nobody has to sign for that");
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1, "while its verdict is due");
    lab.run(experiment, failed.clone()).await;
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1, "a second run that fails is no second regression");
    lab.sign(open).await;
    lab.close(open, &[(fix, finding, "failed")]).await.unwrap();
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1, "closing it is no news either");
    lab.deploy(fix, "production").await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    pass_on(book).await;
    lab.run(experiment, failed).await;
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 2, "after another deployment it is another regression");
    assert_eq!(told(&lab.ben, Topic::FixTurned).await, 0);
});

each_db!(a_server_whose_clock_is_late_makes_nobody_hear_of_a_regression_twice, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    pass_on(book).await;
    let open = lab.run(experiment, Trial { clients: "failed", closes: false, ..Trial::default() }).await;
    let ended = runs::acts::show(&lab.ana, open).await.unwrap().run.ended_at.unwrap();
    book.clock.set(ended.plus_micros(-1));
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1);
    book.clock.set(ended.plus_minutes(1));
    lab.sign(open).await;
    lab.close(open, &[(fix, finding, "failed")]).await.unwrap();
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1, "closing it is no news");
});

each_db!(what_regressed_for_two_findings_is_told_once_whoever_passes_it_on_late, book => {
    let lab = Lab::open(book).await;
    let (experiment, clients, fix) = fixed(&lab).await;
    let origin = retrials::acts::show_finding(&lab.ana, clients).await.unwrap().finding.origin.unwrap();
    let gap = lab.finding(origin, "alerts stop", GAP, "zk-1").await.id;
    let of_both = fixes::drafts::Draft {
        title: "complete the address list".into(),
        findings: vec![clients.to_string(), gap.to_string()],
        version: "1".into(),
        ..fixes::drafts::Draft::default()
    };
    fixes::acts::edit(&lab.ana, fix, &of_both).await.unwrap();
    let both = |exercised| vec![(fix, clients, exercised), (fix, gap, exercised)];
    lab.run(experiment, Trial { answers: both("held"), ..Trial::default() }).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    pass_on(book).await;
    let failed = Trial { clients: "failed", gap: "90 s", closes: false, ..Trial::default() };
    let run = lab.run(experiment, failed).await;
    retrials::acts::tell(&book.system()).await.unwrap();
    lab.sign(run).await;
    lab.close(run, &both("failed")).await.unwrap();
    pass_on(book).await;
    assert_eq!(told(&lab.ben, Topic::FixRegressed).await, 1);
});

each_db!(what_time_turns_stale_is_told_once_when_the_clock_says_so, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    retrials::acts::tell(&book.system()).await.unwrap();
    book.clock.pass_ms(31 * DAY_MS);
    for _ in 0..2 {
        retrials::acts::tell(&book.system()).await.unwrap();
        spread(book, false).await;
    }
    let of = |told: Vec<(Topic, String)>, topic: Topic| told.into_iter().filter(|(known, _)| *known == topic).count();
    assert_eq!(of(inbox(&lab.ben).await, Topic::FixTurned), 1, "the owner of the service");
    assert_eq!(of(inbox(&lab.ana).await, Topic::ClaimTurned), 1, "who owns the experiment");
});

each_db!(what_holds_no_longer_reaches_somebody_whoever_is_named, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    let unknown = ServiceDraft {
        name: "zookeeper".into(),
        owner: "the platform people".into(),
        version: "2".into(),
        ..ServiceDraft::default()
    };
    services::acts::edit(&lab.ana, "zookeeper", &unknown).await.unwrap();
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    pass_on(book).await;
    book.clock.pass_ms(31 * DAY_MS);
    pass_on(book).await;
    let approver = || "you approved its plan".to_owned();
    let heard = inbox(&lab.ben).await;
    assert!(heard.contains(&(Topic::FixTurned, approver())) && heard.contains(&(Topic::ClaimTurned, approver())), "{heard:?}");
    assert_eq!(told(&root, Topic::FixTurned).await, 0, "somebody who knows the experiment was told");
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    pass_on(book).await;
    people::acts::disable(&root, lab.ben.person_id().unwrap()).await.unwrap();
    book.clock.pass_ms(31 * DAY_MS);
    pass_on(book).await;
    let otherwise = "nobody else is named for it, and you may approve plans".to_owned();
    assert!(inbox(&root).await.contains(&(Topic::FixTurned, otherwise)));
    assert_eq!(told(&root, Topic::ClaimTurned).await, 0, "who owns the experiment is there");
});

each_db!(a_review_is_asked_of_the_others_and_answered_to_the_author, book => {
    let lab = Lab::open(book).await;
    lab.approved(&restart_one_zookeeper()).await;
    spread(book, false).await;
    assert_eq!(inbox(&lab.ben).await, [(Topic::ReviewRequested, "you may approve plans".to_owned())]);
    assert_eq!(inbox(&lab.ana).await, [(Topic::PlanApproved, "you own the experiment".to_owned())]);
});

each_db!(what_somebody_does_not_want_is_not_told, book => {
    let lab = Lab::open(book).await;
    let run = planned(&lab).await;
    let begins = acts::chosen(&lab.ben).await.unwrap();
    let draft = ChoicesDraft { inbox: vec!["run.cancelled".into()], version: begins.version.to_string(), ..ChoicesDraft::default() };
    assert_eq!(acts::choose(&lab.ben, &draft).await.unwrap().version, 1);
    assert_eq!(refused(acts::choose(&lab.ben, &draft).await).code(), "stale");
    spread(book, true).await;
    assert!(inbox(&lab.ben).await.is_empty());
    assert!(acts::due(&book.system(), true).await.unwrap().is_empty(), "nor by e-mail");
    let mute = MuteDraft { object: run.id.to_string() };
    acts::mute(&lab.ben, &mute).await.unwrap();
    acts::mute(&lab.ben, &mute).await.unwrap();
    cancel(&lab, &run).await;
    spread(book, true).await;
    assert!(inbox(&lab.ben).await.is_empty());
    acts::unmute(&lab.ben, &mute).await.unwrap();
    assert_eq!(refused(acts::unmute(&lab.ben, &mute).await).status(), 404);
});

each_db!(a_topic_that_came_after_somebody_chose_is_told_and_one_they_turned_off_is_not, book => {
    let lab = Lab::open(book).await;
    let run = planned(&lab).await;
    let none = ChoicesDraft { version: "0".into(), ..ChoicesDraft::default() };
    acts::choose(&lab.ben, &none).await.unwrap();
    // As a version kept it that knew one topic only.
    book.execute("update notice_choices set known = 'run.planned'").await;
    let begins = ChoicesDraft::of(&acts::chosen(&lab.ben).await.unwrap());
    assert!(begins.inbox.contains(&"run.cancelled".to_owned()) && !begins.inbox.contains(&"run.planned".to_owned()));
    cancel(&lab, &run).await;
    spread(book, true).await;
    assert_eq!(inbox(&lab.ben).await.into_iter().map(|(topic, _)| topic).collect::<Vec<_>>(), [Topic::RunCancelled]);
    let saved = acts::choose(&lab.ben, &ChoicesDraft { inbox: Vec::new(), ..begins }).await.unwrap();
    assert_eq!(acts::chosen(&lab.ben).await.unwrap(), saved, "now it knows them all");
});

each_db!(mail_waits_until_quiet_hours_end, book => {
    let lab = Lab::open(book).await;
    planned(&lab).await;
    let quiet = ChoicesDraft { quiet_from: "00:00".into(), quiet_to: "23:00".into(), version: "0".into(), ..ChoicesDraft::default() };
    let draft = ChoicesDraft { mail: vec!["run.planned".into()], ..quiet };
    acts::choose(&lab.ben, &draft).await.unwrap();
    spread(book, true).await;
    let system = book.system();
    assert!(acts::due(&system, true).await.unwrap().is_empty(), "it is quiet until eleven at night");
    book.clock.pass_ms(25 * DAY_MS / 48);
    let target = Target::Mail(lab.ben.person_id().unwrap());
    assert!(acts::due(&system, false).await.unwrap().is_empty(), "another server may send it");
    assert_eq!(acts::due(&system, true).await.unwrap(), [target]);
    let job = acts::claim(&system, target).await.unwrap().unwrap();
    assert!(matches!(&job.sending, Sending::Mail { to } if to.starts_with("ben@")), "{job:?}");
    assert!(job.body.contains("you are on the run"), "{}", job.body);
    acts::settle(&system, &job, &Outcome::Delivered).await.unwrap();
    assert!(acts::due(&system, true).await.unwrap().is_empty());
    assert!(acts::claim(&system, Target::Mail(PersonId(99))).await.unwrap().is_none());
});

fn chat() -> Draft {
    let address = "https://hooks.example.org".into();
    Draft { name: "Chat".into(), form: "slack".into(), address, on: "on".into(), ..Draft::default() }
}

pub async fn claimed(system: &Desk, target: Target) -> Job {
    acts::claim(system, target).await.unwrap().unwrap_or_else(|| panic!("{target:?} is not ours"))
}

each_db!(one_node_sends_at_a_time_and_nothing_overtakes, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let run = planned(&lab).await;
    assert_eq!(refused(acts::add(&lab.ana, &chat()).await).status(), 403);
    let id = acts::add(&root, &chat()).await.unwrap().id;
    cancel(&lab, &run).await;
    spread(book, false).await;
    let (system, target) = (book.system(), Target::Webhook(id));
    assert_eq!(acts::due(&system, true).await.unwrap(), [target]);
    let first = claimed(&system, target).await;
    assert!(acts::claim(&system, target).await.unwrap().is_none() && acts::due(&system, true).await.unwrap().is_empty());
    // The node that had it was killed.
    book.clock.pass_ms(DELIVERY_CLAIM_S * 1_000);
    let again = claimed(&system, target).await;
    assert_eq!((&again.message, &again.body), (&first.message, &first.body), "the same over all tries");
    acts::settle(&system, &again, &Outcome::Later("answers with 500".into(), None)).await.unwrap();
    assert!(acts::due(&system, true).await.unwrap().is_empty(), "the second one waits behind it");
    book.clock.pass_ms(10_000);
    let third = claimed(&system, target).await;
    assert_eq!(third.message, first.message);
    acts::settle(&system, &third, &Outcome::Delivered).await.unwrap();
    let next = claimed(&system, target).await;
    assert_ne!(next.message, first.message);
    assert!(first.body.contains("is planned") && next.body.contains("was cancelled"), "{} {}", first.body, next.body);
    acts::settle(&system, &next, &Outcome::Gone("answers with 410".into())).await.unwrap();
    let shown = acts::show(&root, id).await.unwrap();
    assert_eq!((shown.kept.webhook.on, shown.kept.off_because.as_deref()), (false, Some("answers with 410")));
    let tries: Vec<usize> = shown.deliveries.iter().map(|delivery| delivery.tries.len()).collect();
    assert_eq!(tries, [1, 2], "newest first");
    spread(book, false).await;
    assert_eq!(inbox(&root).await[0].0, Topic::WebhookOff);
});

each_db!(a_webhook_does_not_wait_behind_the_mail_of_many, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    acts::test_mail(&lab.ben, &channels(true)).await.unwrap();
    acts::test_mail(&lab.ben, &channels(true)).await.unwrap();
    acts::test_mail(&lab.ana, &channels(true)).await.unwrap();
    let id = acts::add(&root, &chat()).await.unwrap().id;
    acts::test(&root, id, ORIGIN).await.unwrap();
    let [ben, ana] = [&lab.ben, &lab.ana].map(|desk| Target::Mail(desk.person_id().unwrap()));
    assert_eq!(acts::due(&book.system(), true).await.unwrap(), [Target::Webhook(id), ben, ana]);
    assert_eq!(acts::due(&book.system(), false).await.unwrap(), [Target::Webhook(id)]);
});

each_db!(an_answer_of_an_earlier_address_does_not_turn_off_the_new_one, book => {
    let _lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let id = acts::add(&root, &chat()).await.unwrap().id;
    acts::test(&root, id, ORIGIN).await.unwrap();
    let (system, target) = (book.system(), Target::Webhook(id));
    let sent = claimed(&system, target).await;
    let moved = Draft { address: "https://new.example.org".into(), version: "1".into(), ..chat() };
    acts::edit(&root, id, &moved).await.unwrap();
    acts::settle(&system, &sent, &Outcome::Gone("answers with 410".into())).await.unwrap();
    assert!(acts::show(&root, id).await.unwrap().kept.webhook.on);
    assert_eq!(claimed(&system, target).await.message, sent.message, "and nothing is lost");
});

each_db!(a_webhook_that_is_deleted_hears_no_more_and_its_history_says_where_it_went, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let run = planned(&lab).await;
    let id = acts::add(&root, &chat()).await.unwrap().id;
    spread(book, false).await;
    let (system, target) = (book.system(), Target::Webhook(id));
    acts::test(&root, id, ORIGIN).await.unwrap();
    let sent = claimed(&system, target).await;
    assert_eq!(refused(acts::delete(&lab.ana, id).await).status(), 403);
    acts::delete(&root, id).await.unwrap();
    assert_eq!(refused(acts::delete(&root, id).await).status(), 404);
    // What was on its way meanwhile is answered, and turns off nothing.
    acts::settle(&system, &sent, &Outcome::Gone("answers with 410".into())).await.unwrap();
    cancel(&lab, &run).await;
    spread(book, false).await;
    assert!(acts::due(&system, true).await.unwrap().is_empty());
    assert!(acts::list(&root).await.unwrap().is_empty());
    assert_eq!(refused(acts::show(&root, id).await).status(), 404);
    let lines = acts::history(&root, id).await.unwrap();
    let said: Vec<_> = lines.iter().map(|line| (line.act.as_str(), line.read::<Said>().unwrap().host)).collect();
    let host = || "hooks.example.org".to_owned();
    assert_eq!(said, [("webhook_added", host()), ("webhook_deleted", host())]);
    assert_ne!(acts::add(&root, &chat()).await.unwrap().id, id, "no number comes twice");
});

each_db!(what_nobody_took_or_read_for_long_is_no_news, book => {
    let lab = Lab::open(book).await;
    planned(&lab).await;
    spread(book, true).await;
    let system = book.system();
    acts::forget(&system).await.unwrap();
    assert_eq!(acts::due(&system, true).await.unwrap(), [Target::Mail(lab.ben.person_id().unwrap())]);
    book.clock.pass_ms(6 * DAY_MS);
    acts::forget(&system).await.unwrap();
    assert!(acts::due(&system, true).await.unwrap().is_empty(), "there was no mail server for too long");
    assert_eq!(inbox(&lab.ben).await.len(), 1);
    book.clock.pass_ms(365 * DAY_MS);
    acts::forget(&system).await.unwrap();
    assert!(inbox(&lab.ben).await.is_empty());
});

each_db!(choices_that_nobody_can_read_silence_one_person_only, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let run = planned(&lab).await;
    let id = acts::add(&root, &chat()).await.unwrap().id;
    let ben = lab.ben.person_id().unwrap().0;
    book.execute(&format!("insert into notice_choices (person, text, version) values ({ben}, 'of another version', 1)")).await;
    cancel(&lab, &run).await;
    spread(book, true).await;
    assert_eq!(acts::due(&book.system(), true).await.unwrap(), [Target::Webhook(id)]);
    assert_eq!(spread(book, true).await, 0, "and nothing waits behind it");
});

each_db!(whoever_tests_does_not_wait_until_the_next_try_or_the_end_of_quiet_hours, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    let (system, ben) = (book.system(), Target::Mail(lab.ben.person_id().unwrap()));
    let id = acts::add(&root, &chat()).await.unwrap().id;
    for target in [ben, Target::Webhook(id)] {
        for _ in 0..2 {
            match target {
                Target::Mail(_) => acts::test_mail(&lab.ben, &channels(true)).await.unwrap(),
                Target::Webhook(id) => acts::test(&root, id, ORIGIN).await.unwrap(),
            }
            let job = claimed(&system, target).await;
            acts::settle(&system, &job, &Outcome::Later("is not there".into(), None)).await.unwrap();
            assert!(acts::claim(&system, target).await.unwrap().is_none(), "nobody asked");
        }
    }
    let loud = acts::chosen(&lab.ben).await.unwrap();
    let quiet = ChoicesDraft { quiet_from: "00:00".into(), quiet_to: "23:59".into(), ..ChoicesDraft::of(&loud) };
    acts::choose(&lab.ben, &quiet).await.unwrap();
    book.clock.pass_ms(10_000);
    assert!(acts::claim(&system, ben).await.unwrap().is_none(), "what waits keeps quiet as well");
    acts::test_mail(&lab.ben, &channels(true)).await.unwrap();
    claimed(&system, ben).await;
});

each_db!(nodes_that_pass_on_at_the_same_time_tell_everything_once, book => {
    let lab = Lab::open(book).await;
    let run = planned(&lab).await;
    cancel(&lab, &run).await;
    let (one, other, third) = tokio::join!(spread(book, false), spread(book, false), spread(book, false));
    assert_eq!(one + other + third, 2);
    let told: Vec<Topic> = inbox(&lab.ben).await.into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(told, [Topic::RunCancelled, Topic::RunPlanned], "newest first");
});

each_db!(no_mail_goes_to_an_account_that_was_disabled_meanwhile, book => {
    let lab = Lab::open(book).await;
    let root = book.person("Root", Role::Admin).await;
    planned(&lab).await;
    spread(book, true).await;
    let (system, ben) = (book.system(), lab.ben.person_id().unwrap());
    assert_eq!(acts::due(&system, true).await.unwrap(), [Target::Mail(ben)]);
    people::acts::disable(&root, ben).await.unwrap();
    assert!(acts::claim(&system, Target::Mail(ben)).await.unwrap().is_none());
    assert!(acts::due(&system, true).await.unwrap().is_empty(), "it waits for nobody");
});
