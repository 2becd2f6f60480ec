use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener},
    sync::Mutex,
};

use proptest::{prelude::*, sample::select, test_runner::TestRunner};

use super::*;

/// Listens on this machine where nobody may come.
struct Canary(Vec<TcpListener>);

impl Canary {
    fn new() -> Self {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        // Some machines have no IPv6.
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
        let listeners: Vec<TcpListener> = [Some(first), second].into_iter().flatten().collect();
        for listener in &listeners {
            listener.set_nonblocking(true).unwrap();
        }
        Self(listeners)
    }

    fn port(&self) -> u16 {
        self.0[0].local_addr().unwrap().port()
    }

    /// Whoever came and went still stands in the queue.
    fn is_alone(&self) -> bool {
        self.0.iter().all(|listener| listener.accept().is_err_and(|none| none.kind() == ErrorKind::WouldBlock))
    }
}

/// A resolver that says of every name what it was told last.
#[derive(Default)]
struct Told(Mutex<Vec<IpAddr>>);

impl Told {
    fn becomes(&self, addresses: &[IpAddr]) {
        *self.0.lock().unwrap() = addresses.to_vec();
    }
}

impl Resolve for Told {
    fn resolve(&self, _: Name) -> Resolving {
        let found: Vec<SocketAddr> = self.0.lock().unwrap().iter().map(|found| SocketAddr::new(*found, 0)).collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

fn outgoing(networks: &[IpAddr], port: u16, names: &Arc<Told>) -> Outgoing {
    let rules = Rules { networks: networks.iter().map(|network| (*network).into()).collect(), ports: vec![port] };
    Outgoing { names: names.clone(), ..Outgoing::new(rules, None) }
}

#[test]
fn addresses_in_strange_spellings_are_looked_at_as_what_they_are() {
    let outgoing = Outgoing::new(Rules { networks: Vec::new(), ports: vec![80, 443] }, None);
    for strange in [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/",
        "http://１２７.0.0.1/",
        "http://[fd00::1]/",
        "http://1.1.1.1:22/",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "no address",
    ] {
        assert!(outgoing.looked_at(strange).is_err(), "{strange}");
    }
    for public in ["http://1.1.1.1/", "https://prometheus.example.org/api", "http://[2606:4700::1111]/"] {
        assert!(outgoing.looked_at(public).is_ok(), "{public}");
    }
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_called() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let outgoing = Outgoing::new(Rules { networks: Vec::new(), ports: vec![port] }, None);
    for host in ["localhost", "127.0.0.1", "2130706433"] {
        let answer = outgoing.post(&format!("http://{host}:{port}/"), &[], None).await;
        let Err(Trouble::Says(says)) = answer else { panic!("{host} was called") };
        assert!(says.contains("this machine"), "{host}: {says}");
    }
    let nobody = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
    assert!(nobody.is_err(), "somebody connected");
}

/// A number as addresses may spell it.
fn in_some_base(number: u32) -> impl Strategy<Value = String> {
    select(vec![
        format!("{number}"),
        format!("0{number:o}"),
        format!("000{number:o}"),
        format!("0x{number:x}"),
        format!("0X{number:X}"),
        format!("0x0000{number:x}"),
    ])
}

/// In one to four parts; the last one holds what is left.
fn in_parts(address: Ipv4Addr) -> impl Strategy<Value = String> {
    let numbers = move |parts: usize| {
        let mut numbers: Vec<u32> = address.octets()[..parts - 1].iter().copied().map(u32::from).collect();
        numbers.push(u32::from(address) & (u32::MAX >> (8 * (parts - 1))));
        numbers.into_iter().map(in_some_base).collect::<Vec<_>>()
    };
    (1usize..=4).prop_flat_map(numbers).prop_map(|numbers| numbers.join("."))
}

/// With the dots and digits of other scripts, percent-encoded, or with what is left out when it is read.
fn in_some_script(host: String) -> impl Strategy<Value = String> {
    let dots = select(vec![".", "\u{3002}", "\u{ff0e}", "\u{ff61}", "%2e"]);
    (dots, 0..4u8, any::<bool>()).prop_map(move |(dot, manner, ends_with_dot)| {
        let spelled: String = host.chars().map(|c| if c == '.' { dot.to_owned() } else { letter(c, manner) }).collect();
        if ends_with_dot { format!("{spelled}{dot}") } else { spelled }
    })
}

fn letter(c: char, manner: u8) -> String {
    let full_width = || c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit)).unwrap_or(c);
    match manner {
        1 => full_width().to_string(),
        2 => format!("%{:02X}", u32::from(c)),
        3 => format!("\t{c}"),
        _ => c.to_string(),
    }
}

fn inside_of_v6(address: Ipv4Addr) -> impl Strategy<Value = String> {
    let [a, b, c, d] = address.octets();
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    select(vec![
        "[::1]".to_owned(),
        "[0:0::0:1]".to_owned(),
        "[::]".to_owned(),
        "[fd00:ec2::254]".to_owned(),
        format!("[::ffff:{address}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[0:0:0:0:0:FFFF:{high:04X}:{low:04X}]"),
        format!("[::{address}]"),
        format!("[64:ff9b::{address}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        // A zone has no place in an address of the web.
        format!("[fe80::{high:x}:{low:x}%lo]"),
        format!("[::ffff:{address}%25lo]"),
    ])
}

fn name() -> impl Strategy<Value = String> {
    let names = [
        "localhost",
        "LOCALHOST.",
        "localhost.localdomain",
        "\u{24db}\u{24de}\u{24d2}\u{24d0}\u{24db}\u{24d7}\u{24de}\u{24e2}\u{24e3}",
        "127.0.0.1.example.org",
        "1.1.1.1.example.org",
        "b\u{fc}cher.example",
        "xn--bcher-kva.example",
        "prometheus.example.org",
    ];
    select(names.map(str::to_owned).to_vec())
}

/// No address of this leads to where the public is.
fn not_public() -> impl Strategy<Value = Ipv4Addr> {
    prop_oneof![
        4 => Just(Ipv4Addr::LOCALHOST),
        2 => any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(127, b, c, d)),
        1 => any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(10, b, c, d)),
        1 => select(vec![
            Ipv4Addr::UNSPECIFIED,
            Ipv4Addr::new(169, 254, 169, 254),
            Ipv4Addr::new(192, 168, 1, 1),
            Ipv4Addr::new(100, 64, 0, 1),
        ]),
    ]
}

fn url(port: u16) -> impl Strategy<Value = String> {
    let host = not_public().prop_flat_map(|address| {
        prop_oneof![
            4 => in_parts(address).prop_flat_map(in_some_script),
            2 => inside_of_v6(address),
            1 => name(),
        ]
    });
    let schemes = select(vec!["http://", "HTTP://", "http:\\\\", "http:/", "http:", " http://", "ht\ttp://"]);
    let users = select(vec!["", "", "example.org@", "1.1.1.1@", "ana:secret@", "example.org:80@", "example.org%2f@"]);
    let rest = select(vec!["", "/", "/api/v1/query?x=1#y", "//1.1.1.1/", "/@1.1.1.1/"]);
    (schemes, users, host, any::<bool>(), rest).prop_map(move |(scheme, user, host, zeros, rest)| {
        let zeros = if zeros { "00" } else { "" };
        format!("{scheme}{user}{host}:{zeros}{port}{rest}")
    })
}

/// What is said of an address that nobody connected to.
const UNSEEN: [&str; 3] = ["does not read", "outgoing_networks does not name it", "hands out credentials"];

#[test]
fn no_spelling_of_an_address_leads_to_this_machine() {
    let canary = Canary::new();
    let names = Arc::<Told>::default();
    names.becomes(&[Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    let outgoing = outgoing(&[], canary.port(), &names);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tried = TestRunner::new(ProptestConfig::with_cases(10_000)).run(&url(canary.port()), |url| {
        let says = match runtime.block_on(outgoing.post(&url, &[], None)) {
            Err(Trouble::Says(says)) => says,
            Err(Trouble::TooLarge) | Ok(_) => return Err(TestCaseError::fail(format!("{url} was called"))),
        };
        prop_assert!(UNSEEN.iter().any(|clause| says.contains(clause)), "{}: {}", url, says);
        Ok(())
    });
    tried.unwrap();
    assert!(canary.is_alone(), "somebody connected");
    std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, canary.port())).unwrap();
    assert!(!canary.is_alone(), "a canary that hears nobody proves nothing");
}

/// Another address of this machine stands for a public one; only Linux has it without being asked.
#[cfg(target_os = "linux")]
mod beside_an_open_server {
    use axum::{
        Router,
        extract::{Path, RawQuery},
        http::StatusCode,
        response::{IntoResponse as _, Response as Answered},
        routing::post,
    };

    use super::*;

    const OPEN: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

    async fn open(port: u16) {
        let listener = tokio::net::TcpListener::bind((OPEN, port)).await.unwrap();
        let router = Router::new().route("/", post(|| async { "{}" })).route("/{status}", post(elsewhere));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    /// Sends whoever asks to what stands behind the question mark.
    async fn elsewhere(Path(status): Path<u16>, RawQuery(to): RawQuery) -> Answered {
        (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, to.unwrap())]).into_response()
    }

    #[tokio::test]
    async fn a_name_that_changes_its_mind_leads_to_what_was_looked_at_or_nowhere() {
        let canary = Canary::new();
        open(canary.port()).await;
        let names = Arc::<Told>::default();
        let outgoing = outgoing(&[OPEN], canary.port(), &names);
        let (here, there) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST));
        let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
        let answers: [&[IpAddr]; 7] =
            [&[OPEN], &[here], &[OPEN, here], &[here, OPEN], &[there, mapped], &[mapped, OPEN, there], &[]];
        let url = format!("http://prometheus.example.org:{}/", canary.port());
        for answer in answers.repeat(20) {
            names.becomes(answer);
            let called = outgoing.post(&url, &[], None).await.is_ok();
            assert_eq!(called, answer.contains(&OPEN), "{answer:?}");
        }
        assert!(canary.is_alone(), "somebody connected");
    }

    #[tokio::test]
    async fn nobody_is_sent_on_to_this_machine() {
        let canary = Canary::new();
        let port = canary.port();
        open(port).await;
        let names = Arc::<Told>::default();
        names.becomes(&[OPEN]);
        let outgoing = outgoing(&[OPEN], port, &names);
        for status in [301, 302, 303, 307, 308] {
            for host in ["127.0.0.1", "2130706433", "[::1]", "localhost", "127.0.0.2"] {
                let url = format!("http://prometheus.example.org:{port}/{status}?http://{host}:{port}/");
                let Err(Trouble::Says(says)) = outgoing.post(&url, &[], None).await else {
                    panic!("{url} was followed")
                };
                assert!(says.starts_with(&format!("answers with {status}: it sends elsewhere")), "{says}");
            }
        }
        assert!(canary.is_alone(), "somebody connected");
    }
}
