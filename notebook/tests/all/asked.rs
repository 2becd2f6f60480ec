//! What is judged of each thing stands beside OR, behind a minus and in brackets like everything else; and whose a thing
//! is that says so by its services only.

use notebook::{
    findings, runs,
    search::{acts::read, lists},
    services::{self, ServiceDraft},
};

use crate::{
    each_db::Book,
    found::{ask, objects, paged},
    lab::{GAP, Lab, Trial, restart_one_zookeeper},
};

async fn in_staging(lab: &Lab<'_>, title: &str, severity: &str) -> String {
    let draft = findings::drafts::Draft {
        title: title.into(),
        severity: severity.into(),
        environment: "staging".into(),
        ..findings::drafts::Draft::default()
    };
    findings::acts::write(&lab.ana, &draft).await.unwrap().id.to_string()
}

async fn name_owner(book: &Book, service: &str, owner: &str) {
    let system = book.system();
    let present = services::acts::show(&system, service).await.unwrap().service;
    let draft = ServiceDraft { owner: owner.into(), ..ServiceDraft::from_service(&present) };
    services::acts::edit(&system, service, &draft).await.unwrap();
}

each_db!(what_is_judged_stands_beside_or_behind_not_and_in_brackets, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let refuted = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let upheld = lab.run(experiment, Trial::default()).await;
    let fixed = lab.finding(refuted, "alerts stop", GAP, "").await.id;
    let low = in_staging(&lab, "disk full", "low").await;
    let fix = lab.fix(fixed, "quicker election").await.id;
    lab.deploy(fix, "production").await;
    let (fixed, refuted_run, upheld_run) = (fixed.to_string(), refuted.to_string(), upheld.to_string());
    for (query, expected) in [
        ("type:finding (is:fix-deployed OR severity:low)", vec![&low, &fixed]),
        ("status:fix-deployed OR severity:low", vec![&low, &fixed]),
        ("(status:open OR verdict:upheld) sort:created", vec![&upheld_run, &low]),
        ("type:finding -(is:fix-deployed OR severity:low)", vec![]),
        ("type:finding -(is:fix-deployed severity:low)", vec![&low, &fixed]),
        ("type:finding -(is:open severity:low)", vec![&fixed]),
        ("(type:run verdict:refuted) OR (type:finding -has:fix)", vec![&low, &refuted_run]),
        ("\"disk full\" OR verdict:refuted", vec![&low, &refuted_run]),
        ("(verdict:upheld OR \"disk full\") sort:created", vec![&upheld_run, &low]),
        ("\"disk full\" (verdict:upheld OR env:staging)", vec![&low]),
        ("\"disk full\" (verdict:upheld OR env:production)", vec![]),
        ("type:run (measured:alert-gap>4min,alert-gap<1min)", vec![&upheld_run, &refuted_run]),
        ("type:run measured:alert-gap>4min measured:alert-gap<1min", vec![]),
        ("type:run -measured:alert-gap>4min", vec![&upheld_run]),
        ("type:run (measured:alert-gap>4min -verdict:refuted)", vec![]),
        ("type:run (env:staging OR -(env:production verdict:refuted))", vec![&upheld_run]),
    ] {
        assert_eq!(objects(&lab.ana, query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let either = ask(&lab.ana, "type:run (measured:alert-gap>=10min OR verdict:upheld)").await.hits;
    let told: Vec<(&str, bool)> = either.iter().map(|hit| (hit.object.as_str(), hit.possible)).collect();
    assert_eq!(told, [(upheld_run.as_str(), false), (refuted_run.as_str(), true)]);
    let surely_not = ask(&lab.ana, "type:run -measured:alert-gap>=10min").await.hits;
    let told: Vec<(&str, bool)> = surely_not.iter().map(|hit| (hit.object.as_str(), hit.possible)).collect();
    assert_eq!(told, [(upheld_run.as_str(), false), (refuted_run.as_str(), true)]);

    // Only what can have a verdict is looked at for one.
    let found = ask(&lab.ana, "verdict:refuted").await;
    assert_eq!((found.hits.len(), found.matches), (1, 2));
    let query = read("verdict:refuted OR has:decision").unwrap();
    let (runs, ..) = lists::runs(&lab.ana, &query, &runs::acts::Filter::default()).await.unwrap();
    assert_eq!(runs.iter().map(|row| row.run.id).collect::<Vec<_>>(), [upheld, refuted], "closing a run takes one");
    let query = read("has:fix OR severity:low").unwrap();
    let (rows, ..) = lists::findings(&lab.ana, &query, &findings::acts::Filter::default()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.finding.id.to_string()).collect::<Vec<_>>(), [low, fixed]);
});

each_db!(pages_of_what_is_judged_beside_or_neither_repeat_nor_leave_out, book => {
    let lab = Lab::open(book).await;
    let (mut all, mut expected) = (Vec::new(), Vec::new());
    for number in 0..9 {
        let severity = if number % 3 == 0 { "low" } else { "high" };
        let id = in_staging(&lab, &format!("disk full, time {number}"), severity).await;
        if severity == "high" {
            expected.push(id.clone());
        }
        all.push(id);
    }
    for text in [
        "type:finding (severity:high OR is:stale)",
        "disk (severity:high OR is:stale)",
        "(disk severity:high) OR is:stale",
        "sort:created disk -(severity:low OR has:fix)",
        "sort:-updated disk (severity:high OR has:fix)",
        "sort:updated disk -(severity:low is:open)",
    ] {
        let whole = objects(&lab.ana, text).await;
        let mut paged = paged(&lab.ana, text, "2").await;
        assert_eq!(paged, whole, "{text}");
        paged.sort_by_key(|id| all.iter().position(|other| other == id));
        assert_eq!(paged, expected, "{text}");
    }
});

each_db!(a_service_is_whom_its_owner_s_name_means_and_its_findings_are_theirs, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let finding = lab.finding(run, "alerts stop", GAP, "").await.id.to_string();
    let experiment = experiment.to_string();
    let ana = &lab.ana;
    assert_eq!(objects(ana, "type:finding owner:none").await, std::slice::from_ref(&finding));
    for (owner, is_hers, is_nobodys) in
        [("Ana", true, false), ("ANA@example.org", true, false), ("Data platform", false, false), ("", false, true)]
    {
        name_owner(book, "zookeeper", owner).await;
        let found = |is: bool| if is { vec![finding.clone()] } else { Vec::new() };
        for text in ["type:finding owner:@me", "severity:high owner:ana@example.org"] {
            assert_eq!(objects(ana, text).await, found(is_hers), "{text}: {owner}");
        }
        for text in ["type:finding owner:none", "type:finding -has:owner"] {
            assert_eq!(objects(ana, text).await, found(is_nobodys), "{text}: {owner}");
        }
        let either = "is:open severity:>=high (owner:@me OR owner:none)";
        assert_eq!(objects(ana, either).await, found(is_hers || is_nobodys), "{owner}");
        let services = objects(ana, "type:service owner:@me").await;
        assert_eq!(services, if is_hers { vec!["zookeeper"] } else { Vec::new() }, "{owner}");
        assert_eq!(objects(ana, "type:experiment owner:@me").await, std::slice::from_ref(&experiment), "{owner}");
        assert!(objects(&lab.ben, "owner:@me").await.is_empty(), "{owner}");
        let nobodys = objects(ana, "type:service owner:none").await.len();
        assert_eq!(nobodys, if owner.is_empty() { 3 } else { 2 }, "{owner}");
    }
});
