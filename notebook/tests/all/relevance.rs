//! Whether what people look for comes first: a set of queries over a seeded notebook of 5,000 findings.

use std::{fmt::Write as _, io::Write as _};

use notebook::{
    actor::Role,
    desk::Desk,
    search::acts::{Asked, read, search},
};

use crate::each_db::Book;

const SET: &str = include_str!("../documents/search/relevance.tsv");

const COMPONENTS: [&str; 12] = [
    "zookeeper",
    "kafka",
    "redis",
    "postgresql",
    "nginx",
    "consul",
    "vault",
    "etcd",
    "cassandra",
    "rabbitmq",
    "haproxy",
    "elasticsearch",
];
const SYMPTOMS: [&str; 5] =
    ["leader election", "replication lag", "expired certificate", "full disk", "silent telemetry"];
const WORDS: [&str; 24] = [
    "after",
    "restart",
    "clients",
    "waited",
    "longer",
    "than",
    "promised",
    "until",
    "somebody",
    "noticed",
    "queue",
    "backlog",
    "timeout",
    "retry",
    "dashboard",
    "alert",
    "fired",
    "late",
    "node",
    "region",
    "deploy",
    "rollback",
    "customers",
    "saw",
];

/// The same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn sentence(&mut self, words: usize) -> String {
        (0..words).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}

fn finding(rows: &mut String, id: usize, title: &str, summary: &str) {
    let at = crate::each_db::START + i64::try_from(id).unwrap();
    let between = if rows.is_empty() { "" } else { "," };
    write!(
        rows,
        "{between} ({id}, '{title}', 'weakness', 'high', null, null, 'production', \
         '{{\"summary\":\"{summary}\",\"revealing\":null,\"condition\":\"any\",\"introduced_by\":null}}', {at}, 1)"
    )
    .unwrap();
}

/// Sixty findings that are asked for, sixty that only mention the same, and thousands that mention one half.
pub async fn seed(book: &Book) {
    let mut numbers = Numbers(7);
    let mut statements = String::from(
        "insert into environments (slug, name, class, created_at, version)
            values ('production', 'Production', 'other', 1, 1) on conflict do nothing;",
    );
    for component in COMPONENTS {
        write!(
            statements,
            "insert into services (slug, name, stateful, single_point, created_at, version)
                values ('{component}', '{component}', false, false, 1, 1);"
        )
        .unwrap();
    }
    let (mut rows, mut services) = (String::new(), String::new());
    for id in 1..=5_000 {
        let about = (id - 1) % 1_000;
        let (component, symptom) = (COMPONENTS[about % 12], SYMPTOMS[about / 12 % 5]);
        let (before, behind) = (numbers.sentence(20), numbers.sentence(40));
        match id {
            1..=60 => finding(&mut rows, id, &format!("{component}: {symptom} in the night"), &before),
            1_001..=1_060 => {
                let summary = format!("{before} {component} {behind} {symptom}");
                finding(&mut rows, id, &numbers.sentence(5), &summary);
            }
            _ => {
                let half = if numbers.below(2) == 0 { component } else { symptom };
                finding(&mut rows, id, &numbers.sentence(5), &format!("{before} {half} {behind}"));
            }
        }
        if matches!(id, 1..=60 | 1_001..=1_060) {
            let between = if services.is_empty() { "" } else { "," };
            write!(services, "{between} ({id}, '{component}')").unwrap();
        }
    }
    write!(
        statements,
        "insert into findings
            (id, title, kind, severity, experiment, origin, environment, body, created_at, version) values {rows};
         insert into finding_services (finding, service) values {services};"
    )
    .unwrap();
    book.execute(&statements).await;
}

async fn first_ten(desk: &Desk, text: &str) -> Vec<String> {
    let asked = Asked { query: read(text).unwrap(), ..Asked::default() };
    search(desk, &asked).await.unwrap().hits.into_iter().take(10).map(|hit| hit.object).collect()
}

/// Normalized discounted cumulative gain of the first ten; the first of the wanted weighs most.
fn ndcg(wanted: &[&str], found: &[String]) -> f64 {
    let gain = |place: usize| if place == 0 { 7.0 } else { 1.0 };
    let discount = |rank: usize| 1.0 / (f64::from(u32::try_from(rank).unwrap()) + 2.0).log2();
    let best: f64 = (0..wanted.len()).map(|place| gain(place) * discount(place)).sum();
    let reached = found.iter().enumerate().filter_map(|(rank, object)| {
        wanted.iter().position(|wanted| wanted == object).map(|place| gain(place) * discount(rank))
    });
    reached.sum::<f64>() / best
}

struct Measured {
    firsts: Vec<Option<String>>,
    right: usize,
    ndcg: f64,
}

async fn measured(book: &Book) -> Measured {
    seed(book).await;
    let ana = book.person("Ana", Role::Viewer).await;
    let mut all = Measured { firsts: Vec::new(), right: 0, ndcg: 0.0 };
    let lines: Vec<&str> = SET.lines().filter(|line| !line.starts_with('#')).collect();
    for line in &lines {
        let (text, wanted) = line.split_once('\t').unwrap();
        let wanted: Vec<&str> = wanted.split(' ').collect();
        let found = first_ten(&ana, text).await;
        all.right += usize::from(found.first().is_some_and(|first| first == wanted[0]));
        all.ndcg += ndcg(&wanted, &found);
        all.firsts.push(found.into_iter().next());
    }
    all.ndcg /= f64::from(u32::try_from(lines.len()).unwrap());
    let engine = book.notebook.db.engine();
    // Past the test runner, which swallows what a passing test prints.
    let said =
        writeln!(std::io::stdout(), "\n{engine}: {} of {} first, nDCG@10 {:.3}", all.right, lines.len(), all.ndcg);
    said.unwrap();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_looked_for_comes_first_on_both_engines() {
    let embedded = measured(&Book::sqlite().await).await;
    let number = embedded.firsts.len();
    assert!(number >= 60, "the set has {number} queries");
    assert!(embedded.right * 10 >= number * 9 && embedded.ndcg >= 0.9, "{} {}", embedded.right, embedded.ndcg);
    let Some(book) = Book::postgres().await else { return };
    let server = measured(&book).await;
    assert!(server.right * 10 >= number * 9 && server.ndcg >= 0.9, "{} {}", server.right, server.ndcg);
    let same = embedded.firsts.iter().zip(&server.firsts).filter(|(one, other)| one == other).count();
    writeln!(std::io::stdout(), "\nthe same first on both engines for {same} of {number} queries").unwrap();
    assert!(same * 10 >= number * 9, "the same first of {same} queries");
}
