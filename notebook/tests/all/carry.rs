//! A notebook carried out and in, on both engines and between them.

mod damaged;
mod large;
mod moved;
mod verified;
mod sample;

use std::io::{Seek as _, Write as _};

use notebook::{
    actor::Role,
    cadences,
    carry::{self, Archive, Carried, Course, Manifest, tables},
    db::Db,
    desk::Desk,
    fault::Result,
    findings::{self, drafts::JudgeDraft},
    freezes::{self, drafts::EndDraft},
    gamedays,
    gate::{
        self,
        drafts::{ApprovePolicyDraft, PolicyDraft},
    },
    id::ExperimentId,
    imports::acts::{DECIDE_LATER, TakeDraft, take_journal},
    people::{self, InviteDraft, SoloDraft, TokenDraft},
    refusal::Refusal,
    retrials,
    services::{self, ChangeDraft, ServiceDraft, TargetRow, TargetsDraft},
    slos::{self, entries::WithdrawDraft},
    subscriptions, teams,
    templates::{self, drafts::PromoteDraft},
    views::{self, drafts::Draft},
};

use crate::{
    each_db::Book,
    lab::{GAP, Lab, Trial, refused, restart_one_zookeeper},
};

/// A notebook in which something of every kind has happened. Returns Ana's token.
pub async fn live(book: &Book) -> String {
    people::acts::identify_notebook(&book.system()).await.unwrap();
    let lab = Lab::open(book).await;
    people_and_places(book, &lab).await;
    teams_and_freezes(book).await;
    Box::pin(promises_and_policy(book, &lab)).await;
    let experiment = Box::pin(retried_and_decided(&lab)).await;
    Box::pin(taken_from_tools(&lab, experiment)).await;
    Box::pin(again_and_again(&lab, experiment)).await;
    token(&lab.ana).await
}

async fn retried_and_decided(lab: &Lab<'_>) -> ExperimentId {
    let experiment = lab.approved(&crate::probes::watching(restart_one_zookeeper(), "")).await;
    let late = Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() };
    let first = lab.start(experiment, late.target).await;
    crate::probes::read(lab.book, first, &["1"]).await;
    lab.play(first, &late).await;
    lab.sign(first).await;
    lab.close(first, &late.answers).await.unwrap();
    let finding = lab.finding(first, "alerts stop \u{2028} \"after\" a restart, ausgelöst", GAP, "").await;
    let cause = JudgeDraft { reason: "leader election\nwith a second line".into(), ..JudgeDraft::default() };
    findings::acts::suspect_cause(&lab.ana, finding.id, &cause).await.unwrap();
    let fix = lab.fix(finding.id, "quicker re-election").await;
    lab.deploy(fix.id, "production").await;
    let answers = vec![(fix.id, finding.id, "held")];
    lab.run(experiment, Trial { answers, ..Trial::default() }).await;
    lab.revise(experiment, |draft| draft.then_behaviour = "alerts keep arriving".into()).await;
    let draft = notebook::decisions::drafts::Draft {
        kind: "adopt_a_change".into(),
        saving: "up to 50 %, by the price list".into(),
        title: "Preemptible instances".into(),
        claims: vec![experiment.to_string()],
        ..notebook::decisions::drafts::Draft::default()
    };
    retrials::acts::decide(&lab.ana, &draft).await.unwrap();
    experiment
}

async fn taken_from_tools(lab: &Lab<'_>, experiment: ExperimentId) {
    for (name, to) in [("passed", experiment.to_string()), ("nan_output", DECIDE_LATER.to_owned())] {
        let draft = TakeDraft { experiment: to, targets: "zk-1".into(), ..TakeDraft::default() };
        let taken = take_journal(&lab.ana, &journal(name), &draft).await.unwrap();
        if let Some(run) = taken.import.run {
            crate::notes::show(&lab.ana, run).await;
        }
    }
    let plan = br#"{"title": "Stop one", "description": "What happens if one stops?", "method": []}"#;
    let here =
        TakeDraft { services: vec!["zookeeper".into()], environment: "production".into(), ..TakeDraft::default() };
    notebook::imports::plans::take(&lab.ana, plan, &here, false).await.unwrap();
    Box::pin(begun_from_a_template(&lab.ana, experiment)).await;
    Box::pin(crate::catalogue::told_by_tools(&lab.ana)).await;
    crate::alerts::tell(&lab.ana, &[crate::alerts::down()]).await;
}

async fn again_and_again(lab: &Lab<'_>, experiment: ExperimentId) {
    cadences::acts::set(&lab.ana, experiment, &crate::cadences::tuesdays(0)).await.unwrap();
    let view = Draft { name: "Stale ones".into(), query: "is:stale".into(), pinned: "on".into(), ..Draft::default() };
    views::acts::save(&lab.ana, &view).await.unwrap();
    let next = cadences::acts::show(&lab.ana, experiment).await.unwrap().slots;
    let next = next.iter().find(|slot| slot.standing.is_open()).unwrap().date.to_string();
    let skipped = crate::cadences::slot(&next, "", "Rel\u{e9}ase day");
    cadences::acts::skip(&lab.ana, experiment, &skipped).await.unwrap();
    subscriptions::acts::subscribe(&lab.ana, &subscriptions::Draft::default()).await.unwrap();
    let gameday = gamedays::acts::write(&lab.ana, &crate::gamedays::quorum_day(&["RUN-1"])).await.unwrap().id;
    gamedays::acts::add_note(&lab.ana, gameday, &crate::gamedays::note("B\u{e9}n is late")).await.unwrap();
}

async fn begun_from_a_template(desk: &Desk, id: ExperimentId) {
    let draft = PromoteDraft { slug: "restart-one".into(), about: "Ausgelöst".into(), ..PromoteDraft::default() };
    let made = templates::acts::promote(desk, id, &draft).await.unwrap();
    templates::acts::create(desk, &made.begin_on("zookeeper", "production")).await.unwrap();
}

async fn promises_and_policy(book: &Book, lab: &Lab<'_>) {
    let policy = PolicyDraft { revisit_on: "2027-05-01".into(), version: "0".into(), ..PolicyDraft::default() };
    gate::acts::write_policy(&lab.ana, &policy).await.unwrap();
    let root = book.desk_of("root@example.org").await;
    gate::acts::approve_policy(&root, &ApprovePolicyDraft { version: "1".into() }).await.unwrap();
    let slo = crate::slos::approved(lab, &crate::slos::promised("99 %"), 990, 10).await;
    let wrong = WithdrawDraft { number: "1".into(), reason: "Counted twice".into() };
    slos::acts::withdraw(&lab.ana, slo, &wrong).await.unwrap();
    slos::acts::write_source(&lab.ana, slo, &crate::slo_sources::pings()).await.unwrap();
    slos::acts::honeycomb::write(&lab.ana, slo, &crate::honeycomb::shop()).await.unwrap();
    let alert = crate::honeycomb::burning();
    slos::acts::honeycomb::take_alert(&lab.ana, slo, Some("d-1"), &alert).await.unwrap();
}

async fn people_and_places(book: &Book, lab: &Lab<'_>) {
    let root = book.person("Root", Role::Admin).await;
    let invitation = InviteDraft { email: "carla@example.org".into(), role: "viewer".into() };
    people::acts::invite(&root, &invitation).await.unwrap();
    people::acts::set_solo(&root, &SoloDraft { solo: "on".into() }).await.unwrap();
    people::acts::set_solo(&root, &SoloDraft { solo: "off".into() }).await.unwrap();
    set_needs(&lab.ana, &["zookeeper", "config-management"]).await;
    set_targets(&lab.ana, &["zk-1", "Zk-2", "äther"]).await;
    let change = ChangeDraft {
        kind: "deploy".into(),
        summary: "base role".into(),
        environment: "production".into(),
        services: vec!["zookeeper".into()],
        ..ChangeDraft::default()
    };
    services::acts::record_change(&lab.ana, &change).await.unwrap();
}

async fn teams_and_freezes(book: &Book) {
    let root = book.desk_of("root@example.org").await;
    let holidays = vec!["2026-12-25 ångström day".into()];
    let all_day = || "00:00–24:00".to_owned();
    let team =
        teams::drafts::Draft { holidays, monday: all_day(), tuesday: all_day(), ..crate::teams::data_platform() };
    teams::acts::write(&root, &team).await.unwrap();
    let solo = teams::drafts::Draft { solo: "on".into(), version: "1".into(), ..team };
    teams::acts::edit(&root, "data-platform", &solo).await.unwrap();
    crate::teams::give(&root, "zookeeper", "data-platform").await;
    let set = crate::teams::freeze("service:zookeeper", "", "");
    let kept = freezes::acts::set(&root, &set).await.unwrap();
    freezes::acts::end(&root, kept.id, &EndDraft { why: "It is over".into() }).await.unwrap();
    let window = crate::teams::freeze("team:data-platform", "2026-12-20T00:00:00Z", "2027-01-02T00:00:00Z");
    freezes::acts::set(&root, &window).await.unwrap();
}

async fn set_needs(desk: &Desk, needs: &[&str]) {
    let service = services::acts::show(desk, "alerting").await.unwrap().service;
    let needs = needs.iter().map(|&text| text.to_owned()).collect();
    let draft = ServiceDraft { needs, version: service.version.to_string(), ..ServiceDraft::from_service(&service) };
    services::acts::edit(desk, "alerting", &draft).await.unwrap();
}

async fn set_targets(desk: &Desk, names: &[&str]) {
    let service = services::acts::show(desk, "zookeeper").await.unwrap().service;
    let row = |name: &&str| TargetRow { name: (*name).into(), environment: "production".into(), role: String::new() };
    let draft = TargetsDraft { rows: names.iter().map(row).collect(), version: service.version.to_string() };
    services::acts::set_targets(desk, "zookeeper", &draft).await.unwrap();
}

async fn token(desk: &Desk) -> String {
    let draft = TokenDraft { name: "ci".into(), scope: "all".into(), days: String::new() };
    people::acts::make_token(desk, &draft).await.unwrap().1
}

fn journal(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/documents/chaostoolkit/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Nobody watches.
fn quiet() -> impl FnMut(carry::Progress) + Send {
    |_| {}
}

pub async fn out_with(book: &Book, accounts: bool) -> Vec<u8> {
    let mut out = Vec::new();
    carry::export(&book.system(), accounts, &mut out, &mut quiet()).await.unwrap();
    out
}

/// Carried out without accounts.
pub async fn out(book: &Book) -> Vec<u8> {
    out_with(book, false).await
}

pub fn checked(bytes: &[u8]) -> Result<Archive> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    carry::check(file, &mut quiet())
}

pub async fn try_into(book: &Book, bytes: &[u8]) -> Result<Carried> {
    carry::import(&book.system(), &checked(bytes)?, false, &mut quiet()).await
}

pub async fn into(book: &Book, bytes: &[u8]) -> Carried {
    try_into(book, bytes).await.unwrap()
}

pub async fn sql(book: &Book, statement: &str) {
    book.execute(statement).await;
}

/// The archive with another time in its manifest, of the same length.
pub fn timeless(bytes: &[u8]) -> Vec<u8> {
    let name = b"\"made_at\": ";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap() + name.len();
    let mut timeless = bytes.to_vec();
    timeless[at..].iter_mut().take_while(|byte| byte.is_ascii_digit()).for_each(|digit| *digit = b'0');
    timeless
}

/// The same archive but for its time. Two that differ are told by what differs, not by a megabyte of bytes.
#[track_caller]
pub fn same(one: &[u8], other: &[u8]) {
    let (one, other) = (timeless(one), timeless(other));
    if one != other {
        let (one, other) = (damaged::members(&one), damaged::members(&other));
        let differing = one.iter().zip(&other).skip(1).find(|(one, other)| one != other);
        panic!("{} and {} members; the first that differs: {differing:?}", one.len(), other.len());
    }
}

fn manifest(bytes: &[u8]) -> Manifest {
    checked(bytes).unwrap().manifest
}

/// Out of `from`, into two others in turn, and out of each: the same bytes but for the time.
async fn around(from: Book, over: Option<Book>, back: Option<Book>) {
    let (Some(over), Some(back)) = (over, back) else { return };
    live(&from).await;
    for book in [&over, &back] {
        book.clock.pass_ms(86_400_000);
    }
    let accounts = out_with(&from, true).await;
    let there = manifest(&accounts);
    assert!(there.members.iter().all(|member| member.lines > 0), "an empty table proves nothing: {:?}", there.members);
    assert_eq!(there.attachments.count, 4);
    assert_eq!(into(&over, &accounts).await.course, Course::Empty);
    let halfway = out_with(&over, true).await;
    assert_ne!(halfway, accounts);
    same(&halfway, &accounts);
    into(&back, &halfway).await;
    same(&out_with(&back, true).await, &accounts);
    same(&out(&over).await, &out(&from).await);
    assert_eq!(manifest(&halfway).contents, there.contents);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres_and_back_every_byte_is_the_same() {
    around(Book::sqlite().await, Book::postgres().await, Some(Book::sqlite().await)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite_and_back_every_byte_is_the_same() {
    let Some(from) = Book::postgres().await else { return };
    around(from, Some(Book::sqlite().await), Book::postgres().await).await;
}

each_db!(without_accounts_nothing_that_opens_a_door_leaves, book => {
    live(book).await;
    sql(book, "update people set password_hash = '$argon2id$canary'").await;
    let plain = String::from_utf8_lossy(&out(book).await).into_owned();
    for secret in ["canary", "password_hash", "tokens.jsonl", "links.jsonl", "login_sessions", "once_keys"] {
        assert!(!plain.contains(secret), "{secret}");
    }
    let all = String::from_utf8_lossy(&out_with(book, true).await).into_owned();
    assert!(all.contains("$argon2id$canary") && all.contains("tokens.jsonl") && !all.contains("login_sessions"));
});

each_db!(the_same_file_twice_changes_nothing, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    let file = out(&from).await;
    into(book, &file).await;
    let again = into(book, &file).await;
    assert_eq!(again.course, Course::Same);
    let lines = manifest(&file).members.into_iter().map(|member| member.lines);
    for (word, lines) in again.words.iter().zip(lines) {
        assert_eq!((word.create, word.update, word.remove, word.same), (0, 0, 0, lines), "{word:?}");
    }
    assert!(again.words.iter().all(|word| word.because().ends_with("the same")));
    same(&out(book).await, &file);
});

each_db!(a_dry_run_says_everything_and_keeps_nothing, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    let archive = checked(&out(&from).await).unwrap();
    let dry = carry::import(&book.system(), &archive, true, &mut quiet()).await.unwrap();
    let people = dry.words.iter().find(|word| word.word == "people").unwrap();
    assert_eq!((people.create, people.because().as_str()), (3, "3 not here yet"));
    assert_eq!(people::acts::count(&book.notebook).await.unwrap(), 0);
    people::acts::identify_notebook(&book.system()).await.unwrap();
    let before = out(book).await;
    carry::import(&book.system(), &archive, true, &mut quiet()).await.unwrap();
    same(&out(book).await, &before);
    let real = carry::import(&book.system(), &archive, false, &mut quiet()).await.unwrap();
    assert_eq!(real, dry);
});

each_db!(an_earlier_state_is_brought_to_the_later_one, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    let earlier = out(&from).await;
    into(book, &earlier).await;
    let lab = Lab { book: &from, ana: from.desk_of("ana@example.org").await, ben: from.desk_of("ben@example.org").await };
    set_needs(&lab.ana, &["config-management"]).await;
    set_targets(&lab.ana, &["zk-1", "zk-9"]).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let later = out(&from).await;

    let carried = into(book, &later).await;
    assert!(matches!(carried.course, Course::Onward { lines } if lines > 10), "{:?}", carried.course);
    let word = |name: &str| carried.words.iter().find(|word| word.word == name).unwrap();
    assert_eq!((word("service_dependencies").remove, word("targets").remove), (1, 2));
    assert_eq!((word("services").update, word("runs").create, word("targets").create), (2, 1, 1));
    assert_eq!(word("services").because(), "2 older here, 4 the same");
    same(&out(book).await, &later);

    let back = into(book, &earlier).await;
    assert!(matches!(back.course, Course::Behind { .. }), "{:?}", back.course);
    assert!(back.words.iter().all(|word| word.create + word.update + word.remove + word.same == 0));
    same(&out(book).await, &later);
});

each_db!(two_states_that_went_separate_ways_are_not_mixed, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    into(book, &out(&from).await).await;
    for (side, name) in [(book, "query"), (&from, "billing")] {
        let draft = ServiceDraft { name: name.into(), ..ServiceDraft::default() };
        services::acts::add(&side.system(), &draft).await.unwrap();
    }
    let before = out(book).await;
    let refusal = refused(try_into(book, &out(&from).await).await);
    assert!(refusal.to_string().contains("went separate ways at line"), "{refusal}");
    same(&out(book).await, &before);
});

each_db!(another_notebook_is_not_written_over, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    people::acts::identify_notebook(&book.system()).await.unwrap();
    Lab::open(book).await;
    let before = out(book).await;
    let refusal = refused(try_into(book, &out(&from).await).await);
    assert!(refusal.to_string().contains("another notebook here"), "{refusal}");
    same(&out(book).await, &before);
});

each_db!(a_notebook_that_was_only_opened_takes_a_file, book => {
    services::acts::first_environments(&book.system()).await.unwrap();
    people::acts::identify_notebook(&book.system()).await.unwrap();
    people::acts::setup_link(&book.system()).await.unwrap();
    let from = Book::sqlite().await;
    live(&from).await;
    let file = out(&from).await;
    assert_eq!(into(book, &file).await.course, Course::Empty);
    same(&out(book).await, &file);
    assert_eq!(people::acts::setup_link(&book.system()).await.unwrap(), None, "there are people now");
});

each_db!(numbers_go_on_above_what_was_carried_in, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    into(book, &out_with(&from, true).await).await;
    for side in [book, &from] {
        side.clock.pass_ms(1_000);
        let ana = side.desk_of("ana@example.org").await;
        let lab = Lab { book: side, ana, ben: side.desk_of("ben@example.org").await };
        let experiment = lab.approved(&restart_one_zookeeper()).await;
        let run = lab.run(experiment, Trial { closes: false, ..Trial::default() }).await;
        assert_eq!((experiment.to_string(), run.to_string()), ("EXP-4".into(), "RUN-4".into()));
        side.person("Dora", Role::Viewer).await;
        token(&lab.ana).await;
    }
    // The same acts on both sides gave the same numbers, down to the last line of the trail.
    let (here, there) = (manifest(&out(book).await), manifest(&out(&from).await));
    let lines = |manifest: &Manifest| manifest.members.iter().map(|m| (m.name.clone(), m.lines)).collect::<Vec<_>>();
    assert_eq!(lines(&here), lines(&there));
    assert_eq!(last_line(book).await, last_line(&from).await);
});

async fn last_line(book: &Book) -> i64 {
    let text = "select max(seq) from events";
    match &book.notebook.db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(text).fetch_one(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(text).fetch_one(pool).await.unwrap(),
    }
}

each_db!(a_number_that_names_nothing_is_refused_and_nothing_is_kept, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    let broken = damaged::remade(&out(&from).await, |name, text| {
        if name == "services.jsonl" { text.split_inclusive('\n').skip(1).collect() } else { text }
    });
    let refusal = refused(try_into(book, &broken).await);
    assert!(refusal.troubles()[0].field.starts_with("service_dependencies.jsonl (alerting"), "{refusal:?}");
    assert_eq!(people::acts::count(&book.notebook).await.unwrap(), 0);
});

each_db!(only_who_looks_after_the_notebook_carries_it, book => {
    live(book).await;
    let archive = checked(&out(book).await).unwrap();
    let ana = book.desk_of("ana@example.org").await;
    let out = carry::export(&ana, false, &mut Vec::new(), &mut quiet()).await;
    assert!(matches!(refused(out), Refusal::NotAllowed { .. }));
    assert!(matches!(refused(carry::import(&ana, &archive, true, &mut quiet()).await), Refusal::NotAllowed { .. }));
    let root = book.desk_of("root@example.org").await;
    carry::export(&root, false, &mut Vec::new(), &mut quiet()).await.unwrap();
});

each_db!(every_column_travels_or_is_named_as_staying, book => {
    let carried = tables::TABLES.iter().flat_map(|table| {
        table.columns.iter().map(|column| (table.name.to_owned(), column.name.to_owned()))
    });
    let carried: std::collections::BTreeSet<_> = carried.collect();
    let mut kept = crate::migrations::columns(book).await;
    kept.retain(|(table, _)| !tables::STAYS.contains(&table.as_str()));
    assert_eq!(carried, kept);
});

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_one_moment_of_a_notebook_that_others_write_in() {
    let folder = tempfile::tempdir().unwrap();
    let place = notebook::db::Place::Folder(folder.path().to_owned());
    let book = Book::at(&place).await;
    live(&book).await;
    let experiment = "EXP-1".parse().unwrap();
    let lab =
        Lab { book: &book, ana: book.desk_of("ana@example.org").await, ben: book.desk_of("ben@example.org").await };
    let looking = Book::looking_at(&place).await;
    for round in 0..4 {
        let (file, run) = tokio::join!(out(&looking), lab.run(experiment, Trial { closes: false, ..Trial::default() }));
        let other = Book::sqlite().await;
        into(&other, &file).await;
        let checks = carry::verify(&other.system(), &mut quiet()).await.unwrap();
        assert!(checks.iter().all(carry::Check::is_clean), "round {round}, {run}: {checks:?}");
    }
}
