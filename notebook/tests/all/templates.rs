//! Templates: begun from, made of approved plans, renewed and retired, and in the empty places of the map.

use notebook::{
    actor::Role,
    desk::Desk,
    experiments::{self, Draft},
    id::ExperimentId,
    retrials::acts::coverage,
    services::{self, ServiceDraft},
    templates::{
        Origin, Requirement, Template, TemplateName,
        acts::{self, Filter},
        drafts::{PromoteDraft, ReasonDraft, RenewDraft},
        fitting::fitting,
    },
    text::Slug,
};

use crate::lab::{Lab, Trial, refused, restart_one_zookeeper};

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn named(text: &str) -> TemplateName {
    text.parse().unwrap()
}

fn because(reason: &str) -> ReasonDraft {
    ReasonDraft { reason: reason.into() }
}

fn ours() -> PromoteDraft {
    PromoteDraft {
        about: "It found three weaknesses.".into(),
        requires: vec!["quorum".into()],
        ..PromoteDraft::default()
    }
}

async fn listed(desk: &Desk, filter: &Filter) -> Vec<String> {
    acts::list(desk, filter).await.unwrap().iter().map(|template| template.name.to_string()).collect()
}

async fn template(desk: &Desk, name: &str) -> Template {
    acts::show(desk, name, None).await.unwrap().template
}

/// Lines of an experiment's trail, by their acts.
async fn told(desk: &Desk, id: ExperimentId) -> Vec<String> {
    experiments::acts::show(desk, id).await.unwrap().history.into_iter().map(|entry| entry.act).collect()
}

async fn began(desk: &Desk, id: ExperimentId) -> Option<TemplateName> {
    acts::began_from_in(&experiments::acts::show(desk, id).await.unwrap().history).unwrap()
}

each_db!(an_experiment_keeps_the_template_and_version_it_began_from, book => {
    let lab = Lab::open(book).await;
    let begun = template(&lab.ana, "full-disk").await;
    assert_eq!((begun.origin, begun.name.to_string().as_str()), (Origin::BuiltIn, "full-disk@1"));
    let draft = Draft { revert_owner: "Ana".into(), ..begun.begin_on("zookeeper", "production") };
    let id = acts::create(&lab.ana, &draft).await.unwrap().id;
    assert_eq!(began(&lab.ana, id).await, Some(named("full-disk@1")));
    assert_eq!(told(&lab.ana, id).await, ["created", "began_from"]);
    lab.review(id, 1).await;
    lab.revise(id, |draft| draft.title = "Fill one disk of ours".into()).await;
    assert_eq!(began(&lab.ana, id).await, Some(named("full-disk@1")), "it stays what it was");
    let uses = acts::show(&lab.ana, "full-disk", None).await.unwrap().uses;
    assert_eq!(uses.iter().map(|(id, title, version)| (*id, title.as_str(), *version)).collect::<Vec<_>>(), [
        (id, "Fill one disk of ours", 1)
    ]);

    let plain = acts::create(&lab.ana, &restart_one_zookeeper()).await.unwrap().id;
    assert_eq!(began(&lab.ana, plain).await, None);
    for unknown in ["full-disk", "full-disk@2", "no-such@1"] {
        let draft = Draft { template: unknown.into(), ..restart_one_zookeeper() };
        let refusal = refused(acts::create(&lab.ana, &draft).await);
        assert_eq!(refusal.troubles()[0].field, "template", "{unknown}: {refusal}");
    }
    let (rows, _) = experiments::acts::list(&lab.ana, &experiments::acts::Filter::default()).await.unwrap();
    assert_eq!(rows.len(), 2, "what was refused left nothing behind");
});

each_db!(an_approved_plan_becomes_a_template_with_versions_and_goes_out_of_use, book => {
    let lab = Lab::open(book).await;
    let id = experiments::acts::create(&lab.ana, &restart_one_zookeeper()).await.unwrap().id;
    let early = refused(acts::promote(&lab.ana, id, &ours()).await);
    assert_eq!(early.code(), "not_now", "nobody else has read the plan: {early}");
    lab.review(id, 1).await;
    let made = acts::promote(&lab.ana, id, &ours()).await.unwrap();
    assert_eq!(made, template(&lab.ben, "restart-one-zookeeper").await);
    assert_eq!((made.draft.services.len(), made.draft.environment.as_str()), (0, ""));
    assert_eq!((made.draft.selector.as_str(), made.draft.revert_owner.as_str()), ("role=zookeeper", ""));
    assert!(made.requires.contains(&Requirement::Quorum));
    assert_eq!(refused(acts::promote(&lab.ana, id, &ours()).await).code(), "taken");
    let shadow = PromoteDraft { slug: "full-disk".into(), ..ours() };
    assert_eq!(refused(acts::promote(&lab.ana, id, &shadow).await).code(), "taken", "one that comes with it is there already");

    let used = acts::create(&lab.ana, &made.begin_on("zookeeper", "staging")).await.unwrap().id;
    lab.revise(id, |draft| draft.because_safeguard = "all nodes know all instances".into()).await;
    let renew = RenewDraft { experiment: id.to_string(), version: "1".into(), ..RenewDraft::default() };
    let second = acts::renew(&lab.ana, "restart-one-zookeeper", &renew).await.unwrap();
    assert_eq!(second.name, named("restart-one-zookeeper@2"));
    assert_eq!(second.origin, Origin::Promoted { experiment: id, revision: 2 });
    assert_eq!(refused(acts::renew(&lab.ben, "restart-one-zookeeper", &renew).await).code(), "stale");
    let first = acts::show(&lab.ana, "restart-one-zookeeper", Some(1)).await.unwrap().template;
    assert_eq!((first.draft, first.newest), (made.draft, 2), "what was begun from stays readable");
    assert_eq!(began(&lab.ana, used).await, Some(named("restart-one-zookeeper@1")));

    assert_eq!(refused(acts::retire(&lab.ana, "restart-one-zookeeper", &because("")).await).troubles()[0].field, "reason");
    acts::retire(&lab.ana, "restart-one-zookeeper", &because("Nobody runs it")).await.unwrap();
    assert_eq!(refused(acts::retire(&lab.ana, "restart-one-zookeeper", &because("x")).await).code(), "not_now");
    let again = RenewDraft { version: "2".into(), ..renew };
    assert_eq!(refused(acts::renew(&lab.ana, "restart-one-zookeeper", &again).await).code(), "not_now");
    assert!(!listed(&lab.ana, &Filter::default()).await.contains(&"restart-one-zookeeper@2".to_owned()));
    assert_eq!(listed(&lab.ana, &Filter { retired: true, ..Filter::default() }).await, ["restart-one-zookeeper@2"]);
    let back = acts::reopen(&lab.ana, "restart-one-zookeeper", &because("")).await.unwrap();
    assert_eq!(back, second);
    let lines = acts::show(&lab.ana, "restart-one-zookeeper", None).await.unwrap().history;
    let told: Vec<&str> = lines.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(told, ["promoted", "renewed", "retired", "reopened"]);
});

each_db!(what_comes_with_the_program_changes_only_with_it_and_viewers_only_look, book => {
    let lab = Lab::open(book).await;
    let id = lab.approved(&restart_one_zookeeper()).await;
    let renew = RenewDraft { experiment: id.to_string(), version: "1".into(), ..RenewDraft::default() };
    for refusal in [
        refused(acts::renew(&lab.ana, "full-disk", &renew).await),
        refused(acts::retire(&lab.ana, "full-disk", &because("x")).await),
        refused(acts::reopen(&lab.ana, "full-disk", &because("x")).await),
    ] {
        assert!(refusal.code() == "not_now" && refusal.to_string().contains("comes with Retrial"), "{refusal}");
    }
    let vera = book.person("Vera", Role::Viewer).await;
    assert!(listed(&vera, &Filter::default()).await.contains(&"full-disk@1".to_owned()));
    assert_eq!(refused(acts::promote(&vera, id, &ours()).await).code(), "not_allowed");
    assert_eq!(refused(acts::retire(&vera, "full-disk", &because("x")).await).code(), "not_allowed");
    assert_eq!(refused(acts::show(&vera, "nothing", None).await).code(), "missing");
    assert_eq!(refused(acts::show(&vera, "full-disk", Some(9)).await).code(), "missing");
});

each_db!(a_name_stays_the_notebooks_own_when_an_upgrade_brings_a_namesake, book => {
    let lab = Lab::open(book).await;
    let id = lab.approved(&restart_one_zookeeper()).await;
    acts::promote(&lab.ana, id, &ours()).await.unwrap();
    for copied in [
        "insert into templates (slug, version, created_at) select 'full-disk', version, created_at from templates",
        "insert into template_versions (template, version, text, person, created_at)
         select 'full-disk', version, text, person, created_at from template_versions",
    ] {
        book.execute(copied).await;
    }
    let own = template(&lab.ana, "full-disk").await;
    assert_eq!(own.origin, Origin::Promoted { experiment: id, revision: 1 });
    let listed = listed(&lab.ana, &Filter::default()).await;
    assert_eq!(listed.iter().filter(|name| *name == "full-disk@1").count(), 1, "{listed:?}");
    acts::retire(&lab.ana, "full-disk", &because("It is another one now")).await.unwrap();
});

each_db!(an_empty_place_of_the_coverage_map_has_templates_that_fit, book => {
    let lab = Lab::open(book).await;
    let kafka = ServiceDraft { name: "kafka".into(), stateful: "on".into(), ..ServiceDraft::default() };
    services::acts::add(&lab.ana, &kafka).await.unwrap();
    let id = lab.approved(&restart_one_zookeeper()).await;
    lab.run(id, Trial::default()).await;
    acts::promote(&lab.ana, id, &ours()).await.unwrap();

    let map = coverage(&lab.ana).await.unwrap();
    assert_eq!(map.faults, [slug("process-restart")]);
    assert!(map.untried.contains(&slug("disk-full")) && map.untried.contains(&slug("zone-loss")), "{:?}", map.untried);
    assert!(!map.untried.contains(&slug("process-restart")), "it was tried somewhere");
    assert_eq!((map.lines[0].service.as_str(), map.lines[0].tried.len()), ("kafka", 0), "never tried stands in front");
    let offered = acts::list(&lab.ana, &Filter::default()).await.unwrap();
    let on = |service: &str, fault: &str| {
        let line = map.lines.iter().find(|line| line.service.as_str() == service).unwrap();
        let fits = fitting(&offered, &slug(fault), line.stateful).into_iter();
        fits.map(|template| template.name.slug.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        on("kafka", "process-restart"),
        ["restart-one-zookeeper", "restart-one-node", "restart-one-of-a-quorum"],
        "own ones first"
    );
    assert_eq!(on("kafka", "disk-full"), ["full-disk"]);
    assert_eq!(on("alerting", "disk-full"), [""; 0], "it keeps no data");
});
