//! Another tool that receives webhooks over real sockets, and tells by itself who signed them: HMAC and base64 are
//! written out here, so that nothing of the sender's is used to check it.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
    time::timeout,
};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(2);
/// In place of a status: whoever sent it waits for an answer that never comes.
const NEVER: u16 = 0;

/// What came in, whatever it was answered.
#[derive(Debug, Clone)]
pub struct Request {
    head: String,
    pub body: String,
    pub answered: u16,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines();
        let found = lines.find_map(|line| line.split_once(": ").filter(|(known, _)| known.eq_ignore_ascii_case(name)));
        found.map_or("", |(_, value)| value)
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// Whether one of its signatures was made with this secret: `whsec_…`.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = decoded(secret.strip_prefix("whsec_").unwrap());
        let signed = format!("{}.{}.{}", self.id(), self.header("webhook-timestamp"), self.body);
        let expected = format!("v1,{}", encoded(&hmac(&key, signed.as_bytes())));
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}

/// RFC 2104 with SHA-256, for keys of at most a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    assert!(key.len() <= 64);
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad).to_vec();
    let inner = Sha256::digest([padded(0x36), text.to_vec()].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let group = (0..3).fold(0_usize, |group, at| group << 8 | usize::from(*three.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = char::from(LETTERS[group >> (18 - 6 * at) & 63]);
            text.push(if at <= three.len() { letter } else { '=' });
        }
    }
    text
}

fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut group, mut bits) = (Vec::new(), 0_usize, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        group = (group << 6 | LETTERS.iter().position(|known| *known == letter).unwrap()) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(group >> bits & 0xff).unwrap());
        }
    }
    bytes
}

#[test]
fn the_vector_of_standard_webhooks_is_told_by_the_receiver_as_well() {
    let head = "webhook-id: msg_27UH4WbU6Z5A5EzD8u03UvzRbpk\nwebhook-timestamp: 1649367553\n\
                webhook-signature: v1,x v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
    let body = r#"{"email":"test@example.com","username":"test_user"}"#;
    let request = Request { head: head.into(), body: body.into(), answered: 200 };
    assert!(request.is_signed_with("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"));
    let other = Request { body: body.replace("user", "admin"), ..request };
    assert!(!other.is_signed_with("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"));
}

#[derive(Default)]
struct Shared {
    requests: Mutex<Vec<Request>>,
    /// What the next ones are answered; 200 when nothing is left.
    answers: Mutex<VecDeque<u16>>,
    came: Notify,
}

pub struct Receiver {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Receiver {
    pub async fn start() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), Arc::default()).await
    }

    async fn at(address: SocketAddr, shared: Arc<Shared>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let of_task = shared.clone();
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(take(stream, of_task.clone()));
            }
        });
        Self { address, shared, accepting }
    }

    /// Nobody listens any more, until it is back.
    pub async fn goes(self) -> Away {
        let Self { address, shared, accepting } = self;
        accepting.abort();
        // Its listener is closed once it has ended.
        let _ = accepting.await;
        Away { address, shared }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn answers_next(&self, statuses: &[u16]) {
        self.shared.answers.lock().unwrap().extend(statuses);
    }

    /// The next one is taken, and nobody ever says so.
    pub fn answers_never(&self) {
        self.answers_next(&[NEVER]);
    }

    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Comes back when what came in is so.
    pub async fn until(&self, is_so: impl Fn(&[Request]) -> bool) {
        let waited = timeout(PATIENCE, async {
            loop {
                let came = self.shared.came.notified();
                if is_so(&self.requests()) {
                    return;
                }
                came.await;
            }
        });
        assert!(waited.await.is_ok(), "{} requests came, and not what was waited for", self.requests().len());
    }
}

/// A receiver that is down.
pub struct Away {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Away {
    pub async fn comes_back(self) -> Receiver {
        Receiver::at(self.address, self.shared).await
    }
}

/// Whoever sent it may hang up at any time, which is no trouble of the test.
async fn take(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some((head, body)) = read(&mut stream).await else { return };
    let answered = shared.answers.lock().unwrap().pop_front().unwrap_or(200);
    shared.requests.lock().unwrap().push(Request { head, body, answered });
    if answered == NEVER {
        shared.came.notify_waiters();
        std::future::pending::<()>().await;
    }
    let answer = format!("HTTP/1.1 {answered} So\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    drop(stream.write_all(answer.as_bytes()).await);
    shared.came.notify_waiters();
}

async fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let got = stream.read(&mut piece).await.unwrap_or(0);
        read.extend_from_slice(&piece[..got]);
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase();
            let length = length.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some((head.to_owned(), body.to_owned()));
            }
        }
        if got == 0 {
            return None;
        }
    }
}
