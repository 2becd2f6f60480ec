//! The accept loop on a real socket: no Nagle delay, half requests end, a stop that ends.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::HeaderMap,
    routing::get,
};
use axum_server::Handle;
use http_body_util::{BodyExt as _, Full};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A body whose length is not known: one chunk, and an end that comes when it comes.
fn streamed(
    chunk: &'static str,
    end: impl Future<Output = Option<Result<HeaderMap, Infallible>>> + Send + 'static,
) -> Body {
    Body::from_stream(Full::<Bytes>::from(chunk).with_trailers(end).into_data_stream())
}

/// Two writes with a pause between them; Nagle's algorithm holds the second one back for 40 ms.
async fn two_writes() -> Body {
    let end = async {
        tokio::task::yield_now().await;
        None
    };
    streamed("first", end)
}

/// Begins, and never ends.
async fn endless() -> Body {
    streamed("begun", std::future::pending())
}

fn serve(router: Router) -> (std::net::SocketAddr, Handle<std::net::SocketAddr>) {
    let listener = server::listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let handle = Handle::new();
    tokio::spawn(server::listen::serve_until(listener, router, handle.clone()));
    (address, handle)
}

async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.ends_with(end) {
        let read = stream.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_answer_does_not_wait_for_acknowledgements() {
    let (address, _handle) = serve(Router::new().route("/", get(two_writes)));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..21 {
        let begun = Instant::now();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        read_until(&mut stream, "0\r\n\r\n").await;
        took.push(begun.elapsed());
    }
    took.sort();
    assert!(took[10] < Duration::from_millis(5), "median {:?}: TCP_NODELAY is lost", took[10]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said_with_the_way_out() {
    let taken = server::listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = taken.local_addr().unwrap();
    let trouble = server::listen::bind(address).unwrap_err().to_string();
    assert_eq!(trouble, format!("port {} is taken; use --listen 127.0.0.1:{}", address.port(), address.port() + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_does_not_hold_up_a_stop() {
    let listener = server::listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let handle = Handle::new();
    let served =
        tokio::spawn(server::listen::serve_until(listener, Router::new().route("/", get(endless)), handle.clone()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    read_until(&mut stream, "begun\r\n").await;
    handle.graceful_shutdown(Some(Duration::from_millis(200)));
    let ended = tokio::time::timeout(Duration::from_secs(5), served).await;
    assert!(ended.is_ok(), "the open stream held the server up");
}
