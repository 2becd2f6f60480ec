//! Where the story plays: the company's services, what they need, and the machines they run on.

use super::{cast::Who, teller::Teller};
use crate::{
    fault::Result,
    people,
    services::{self, ChangeDraft, EnvironmentDraft, ServiceDraft, TargetRow, TargetsDraft},
    teams::{self, drafts::Draft},
};

pub(super) const PRODUCTION: &str = "demo-production";
pub(super) const ALERTING: &str = "demo-alerting";
pub(super) const CONFIG: &str = "demo-config-management";
pub(super) const HOME: &str = "demo-home";
pub(super) const INGEST: &str = "demo-ingest";
pub(super) const KAFKA: &str = "demo-kafka";
pub(super) const QUERY: &str = "demo-query";
pub(super) const STORAGE: &str = "demo-storage-engine";
pub(super) const TELEMETRY: &str = "demo-telemetry";
pub(super) const ZOOKEEPER: &str = "demo-zookeeper";

/// The company's team for everything that keeps data.
const TEAM: &str = "demo-data-platform";
const TEAM_NAME: &str = "data-platform";

/// When its notebook was set up, and everything in it began.
pub(super) const BEGINNING: (i64, &str) = (120, "09:00");

struct Service {
    slug: &'static str,
    name: &'static str,
    description: &'static str,
    /// Keeps data.
    stateful: bool,
    /// Without it nothing else goes on.
    single_point: bool,
    /// How much hangs on it: "1" is the most.
    tier: &'static str,
    needs: &'static [&'static str],
}

const fn service(slug: &'static str, name: &'static str, description: &'static str) -> Service {
    Service { slug, name, description, stateful: false, single_point: false, tier: "2", needs: &[] }
}

/// A service stands below those it needs.
const SERVICES: [Service; 10] = [
    service(
        CONFIG,
        "config-management",
        "Chef. What it pushes reaches every machine within half an hour (illustrative), whether the machine is ready or not.",
    ),
    service(
        "demo-compute",
        "compute",
        "The machines: regular ones, and preemptible ones that the provider takes back when it likes, at up to half the price.",
    ),
    Service {
        stateful: true,
        tier: "1",
        needs: &[CONFIG],
        ..service(
            ZOOKEEPER,
            "zookeeper",
            "Five instances (illustrative) that agree on who leads. Changes less than once a month, so nothing exercises its restart.",
        )
    },
    Service {
        stateful: true,
        tier: "1",
        needs: &[ZOOKEEPER],
        ..service(
            KAFKA,
            "kafka",
            "The log that every event goes through. Replicated threefold (illustrative): one node may be away, two may not.",
        )
    },
    Service {
        stateful: true,
        tier: "1",
        needs: &[KAFKA],
        ..service(STORAGE, "storage-engine", "Our own. Keeps the columns that queries read.")
    },
    Service {
        single_point: true,
        tier: "1",
        needs: &[ZOOKEEPER],
        ..service(
            ALERTING,
            "alerting",
            "One elected copy sends every alert, our own ones too. Who is elected, ZooKeeper says.",
        )
    },
    service(TELEMETRY, "telemetry", "What we believe about ourselves: dashboards, status page, internal alerts."),
    Service {
        tier: "1",
        ..service(INGEST, "ingest", "Takes what customers send. There is one chance for each event.")
    },
    service(HOME, "home", "The first page people see."),
    service(QUERY, "query", "Answers questions over what is stored."),
];

/// People, places, services and machines, and the changes everybody remembers.
pub(super) async fn set(teller: &Teller) -> Result<()> {
    teller.on(BEGINNING.0, BEGINNING.1);
    let operator = teller.operator();
    for who in Who::ALL {
        people::acts::add_of_sample(&operator, &who.person(teller.zone())).await?;
    }
    let production = EnvironmentDraft {
        slug: PRODUCTION.into(),
        name: "Sample production".into(),
        class: "production".into(),
        version: String::new(),
    };
    services::acts::add_environment(&operator, &production).await?;
    teams::acts::write(&operator, &team(teller)).await?;
    let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    for service in SERVICES {
        let draft = ServiceDraft {
            slug: service.slug.into(),
            name: service.name.into(),
            owner: TEAM_NAME.into(),
            team: TEAM.into(),
            description: service.description.into(),
            stateful: on(service.stateful),
            single_point: on(service.single_point),
            tier: service.tier.into(),
            needs: service.needs.iter().map(|slug| (*slug).to_owned()).collect(),
            ..ServiceDraft::default()
        };
        services::acts::add(&teller.desk(Who::Mara), &draft).await?;
    }
    machines(teller, ZOOKEEPER, "zk", "leader", "follower").await?;
    machines(teller, KAFKA, "kafka", "controller", "broker").await?;
    earlier_changes(teller).await
}

/// Monday to Friday by daylight (illustrative), where whoever has the story told lives.
fn team(teller: &Teller) -> Draft {
    let hours = || "09:00\u{2013}17:00".to_owned();
    Draft {
        slug: TEAM.into(),
        name: TEAM_NAME.into(),
        zone: teller.zone().name().to_owned(),
        monday: hours(),
        tuesday: hours(),
        wednesday: hours(),
        thursday: hours(),
        friday: hours(),
        ..Draft::default()
    }
}

/// Five of each (illustrative); the first one leads.
async fn machines(teller: &Teller, service: &str, name: &str, first: &str, others: &str) -> Result<()> {
    let rows = (1..=5).map(|number| TargetRow {
        name: format!("{name}-{number}"),
        environment: PRODUCTION.into(),
        role: if number == 1 { first.into() } else { others.into() },
    });
    let draft = TargetsDraft { rows: rows.collect(), version: "1".into() };
    services::acts::set_targets(&teller.desk(Who::Jonas), service, &draft).await?;
    Ok(())
}

async fn earlier_changes(teller: &Teller) -> Result<()> {
    teller.on(117, "11:20");
    change(teller, Who::Mara, "deploy", "Segments are compacted at night", "storage 112", &[STORAGE]).await?;
    teller.on(112, "10:40");
    change(teller, Who::Tom, "version", "Kafka, one minor version up, node by node", "kafka 41", &[KAFKA]).await?;
    Ok(())
}

/// Writes a change down as it takes effect. Returns its number.
pub(super) async fn change(
    teller: &Teller,
    who: Who,
    kind: &str,
    summary: &str,
    reference: &str,
    services: &[&str],
) -> Result<i64> {
    let draft = ChangeDraft {
        kind: kind.into(),
        summary: summary.into(),
        reference: reference.into(),
        environment: PRODUCTION.into(),
        at: String::new(),
        services: services.iter().map(|slug| (*slug).to_owned()).collect(),
    };
    Ok(services::acts::record_change(&teller.desk(who), &draft).await?.id)
}
