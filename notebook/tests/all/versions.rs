//! Two edits of one thing that began from the same version: one is kept, and the other one is told
//! the present version. On PostgreSQL they truly meet.

use notebook::{
    actor::Role,
    fault::{Error, Result},
    findings, fixes,
    refusal::Refusal,
    services::{self, EnvironmentDraft, ServiceDraft, TargetsDraft},
};

/// Exactly one of the two is done; the other one is stale and knows what there is now.
fn one_of<A, B>(a: Result<A>, b: Result<B>, present: i64) {
    let (a, b) = (a.err(), b.err());
    assert!(a.is_none() != b.is_none(), "{a:?} {b:?}");
    match a.or(b) {
        Some(Error::Refused(Refusal::Stale { version, .. })) => assert_eq!(version, present),
        other => panic!("{other:?}"),
    }
}

each_db!(of_two_edits_at_once_one_is_kept_and_one_told_the_version, book => {
    let ana = book.person("Ana", Role::Admin).await;
    let place = EnvironmentDraft { name: "production".into(), class: "production".into(), ..EnvironmentDraft::default() };
    services::acts::add_environment(&ana, &place).await.unwrap();
    services::acts::add(&ana, &ServiceDraft { name: "ingest".into(), ..ServiceDraft::default() }).await.unwrap();
    let finding = findings::drafts::Draft {
        title: "a".into(),
        environment: "production".into(),
        services: vec!["ingest".into()],
        ..findings::drafts::Draft::default()
    };
    let id = findings::acts::write(&ana, &finding).await.unwrap().id;
    let fix = fixes::drafts::Draft { title: "a".into(), findings: vec![id.to_string()], ..fixes::drafts::Draft::default() };
    let fixed = fixes::acts::propose(&ana, &fix).await.unwrap().id;

    for now in 1..=10_i64 {
        let version = now.to_string();
        let place = EnvironmentDraft { version: version.clone(), ..place.clone() };
        let edit = || services::acts::edit_environment(&ana, "production", &place);
        let (a, b) = tokio::join!(edit(), edit());
        one_of(a, b, now + 1);
        let service = ServiceDraft { name: "Ingest".into(), version: version.clone(), ..ServiceDraft::default() };
        let targets = TargetsDraft { version: version.clone(), ..TargetsDraft::default() };
        let (a, b) = tokio::join!(
            services::acts::edit(&ana, "ingest", &service),
            services::acts::set_targets(&ana, "ingest", &targets),
        );
        one_of(a, b, now + 1);
        let finding = findings::drafts::Draft { version: version.clone(), ..finding.clone() };
        let (a, b) = tokio::join!(findings::acts::edit(&ana, id, &finding), findings::acts::edit(&ana, id, &finding));
        one_of(a, b, now + 1);
        let fix = fixes::drafts::Draft { version, ..fix.clone() };
        let (a, b) = tokio::join!(fixes::acts::edit(&ana, fixed, &fix), fixes::acts::edit(&ana, fixed, &fix));
        one_of(a, b, now + 1);
    }
});
