//! Whether what people look for comes first: a set of queries over a seeded notebook of 5,000 findings, and over more
//! than that (`more`), in which the same words stand for other things as well.

mod more;

use std::{fmt::Write as _, io::Write as _};

use notebook::{
    actor::Role,
    desk::Desk,
    limits::SEARCH_RANKED_MAX,
    search::acts::{Asked, read, search},
};

use crate::each_db::Book;

const SET: &str = include_str!("../documents/search/relevance.tsv");

/// Of each query.
const NDCG_MIN: f64 = 0.75;

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

/// What a query should find and what each is worth, the best first; and what it must not find.
struct Line<'a> {
    text: &'a str,
    wanted: Vec<(String, u32)>,
    unwanted: Vec<&'a str>,
}

fn line(line: &str) -> Line<'_> {
    let mut columns = line.split('\t');
    let text = columns.next().unwrap();
    let wanted = columns.next().unwrap().split(' ').enumerate().flat_map(|(place, part)| graded(place, part)).collect();
    let unwanted = columns.next().map_or_else(Vec::new, |names| names.split(' ').collect());
    Line { text, wanted, unwanted }
}

/// `FND-7`, `FND-7:2`, or `FND-7..9:2`.
fn graded(place: usize, part: &str) -> Vec<(String, u32)> {
    let (names, grade) = match part.split_once(':') {
        Some((names, grade)) => (names, grade.parse().unwrap()),
        None => (part, if place == 0 { 3 } else { 1 }),
    };
    let Some((first, last)) = names.split_once("..") else { return vec![(names.to_owned(), grade)] };
    let (kind, first) = first.rsplit_once('-').unwrap();
    let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
    (first..=last).map(|number| (format!("{kind}-{number}"), grade)).collect()
}

async fn found(desk: &Desk, text: &str) -> Vec<String> {
    let asked = Asked { query: read(text).unwrap(), ..Asked::default() };
    search(desk, &asked).await.unwrap().hits.into_iter().map(|hit| hit.object).collect()
}

/// Normalized discounted cumulative gain of the first ten.
fn ndcg(wanted: &[(String, u32)], found: &[String]) -> f64 {
    let gain = |rank: usize, grade: u32| {
        f64::from((1_u32 << grade) - 1) / (f64::from(u32::try_from(rank).unwrap()) + 2.0).log2()
    };
    let mut grades: Vec<u32> = wanted.iter().map(|(_, grade)| *grade).collect();
    grades.sort_unstable_by_key(|grade| std::cmp::Reverse(*grade));
    let best: f64 = grades.into_iter().take(10).enumerate().map(|(rank, grade)| gain(rank, grade)).sum();
    let reached = found.iter().take(10).enumerate().filter_map(|(rank, object)| {
        wanted.iter().find(|(wanted, _)| wanted == object).map(|(_, grade)| gain(rank, *grade))
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
    more::seed(book).await;
    let ana = book.person("Ana", Role::Viewer).await;
    let often = search(&ana, &Asked { query: read("failover").unwrap(), ..Asked::default() }).await.unwrap();
    assert_eq!((often.matches, often.bounded), (SEARCH_RANKED_MAX, true), "there are more than are ranked");
    let mut all = Measured { firsts: Vec::new(), right: 0, ndcg: 0.0 };
    let lines: Vec<Line<'_>> = SET.lines().filter(|line| !line.starts_with('#')).map(line).collect();
    let (mut said, mut wrong) = (String::new(), Vec::new());
    for Line { text, wanted, unwanted } in &lines {
        let found = found(&ana, text).await;
        let is_right = found.first() == wanted.first().map(|(object, _)| object);
        let ndcg = ndcg(wanted, &found);
        if !is_right || ndcg < 0.9 {
            let ten: Vec<&String> = found.iter().take(10).collect();
            writeln!(said, "{text}: nDCG {ndcg:.3} of {ten:?}").unwrap();
        }
        let not = unwanted.iter().filter(|name| found.iter().any(|object| object == *name));
        wrong.extend(not.map(|name| format!("{text} finds {name}")));
        // Well on the whole is not enough: a title that weighs nothing spoils few queries, and those thoroughly.
        wrong.extend((ndcg < NDCG_MIN).then(|| format!("{text} has nDCG {ndcg:.3}")));
        all.right += usize::from(is_right);
        all.ndcg += ndcg;
        all.firsts.push(found.into_iter().next());
    }
    all.ndcg /= f64::from(u32::try_from(lines.len()).unwrap());
    let engine = book.notebook.db.engine();
    // Past the test runner, which swallows what a passing test prints.
    let told = writeln!(
        std::io::stdout(),
        "\n{said}{engine}: {} of {} first, nDCG@10 {:.3}",
        all.right,
        lines.len(),
        all.ndcg
    );
    told.unwrap();
    assert!(wrong.is_empty(), "{engine}: {wrong:?}");
    all
}

#[test]
fn the_set_asks_for_more_than_one_mould() {
    let lines: Vec<Line<'_>> = SET.lines().filter(|line| !line.starts_with('#')).map(line).collect();
    assert!(lines.len() >= 120, "the set has {} queries", lines.len());
    let count = |is: &dyn Fn(&Line<'_>) -> bool| lines.iter().filter(|line| is(line)).count();
    assert!(count(&|line| line.wanted.len() > 20) >= 5, "what is worth more or less");
    assert!(count(&|line| !line.unwanted.is_empty()) >= 20, "what must not be found");
    assert!(count(&|line| line.text.contains('*')) >= 30 && count(&|line| line.text.contains('"')) >= 15);
    for kind in ["EXP-", "FIX-", "DEC-", "GD-", "ledger-writer"] {
        assert!(count(&|line| line.wanted[0].0.starts_with(kind)) >= 3, "{kind}");
    }
    assert!(count(&|line| line.wanted[0].0.contains('#')) >= 4, "observations");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_looked_for_comes_first_on_both_engines() {
    // First, so that a server that is required and not there is a failure at once.
    let server = Book::postgres().await;
    let embedded = measured(&Book::sqlite().await).await;
    let number = embedded.firsts.len();
    assert!(embedded.right * 10 >= number * 9 && embedded.ndcg >= 0.9, "{} {}", embedded.right, embedded.ndcg);
    let Some(book) = server else { return };
    let server = measured(&book).await;
    assert!(server.right * 10 >= number * 9 && server.ndcg >= 0.9, "{} {}", server.right, server.ndcg);
    let same = embedded.firsts.iter().zip(&server.firsts).filter(|(one, other)| one == other).count();
    writeln!(std::io::stdout(), "\nthe same first on both engines for {same} of {number} queries").unwrap();
    assert!(same * 10 >= number * 9, "the same first of {same} queries");
}
