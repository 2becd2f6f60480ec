//! The accept loop: no Nagle delay, no half requests, and a stop that ends.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum::Router;
use axum_server::{Handle, accept::NoDelayAcceptor};

use crate::state::AppState;

/// A client that has not finished its headers by then is not coming.
const HEADERS_S_MAX: u64 = 15;
/// Requests under way may finish within this.
const STOP_S_MAX: u64 = 10;

/// Why nobody can be served.
#[derive(Debug, thiserror::Error)]
pub enum ListenTrouble {
    #[error("port {} is taken; use --listen {next}", address.port())]
    Taken { address: SocketAddr, next: SocketAddr },
    #[error("{address} cannot be listened on: {source}")]
    Other { address: SocketAddr, source: io::Error },
}

/// Takes the port. Done first: a taken port is said before anything is written.
pub fn bind(address: SocketAddr) -> Result<TcpListener, ListenTrouble> {
    TcpListener::bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => {
            let mut next = address;
            next.set_port(address.port().checked_add(1).unwrap_or(0));
            ListenTrouble::Taken { address, next }
        }
        _ => ListenTrouble::Other { address, source },
    })
}

/// Takes as many connections as the system lets this program have: everybody who watches a run keeps
/// one, and shells give a thousand files unless asked.
#[cfg(unix)]
pub fn open_many() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(trouble) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::debug!(%trouble, "the number of open files stays as it is");
    }
}

#[cfg(not(unix))]
pub fn open_many() {}

/// Serves until SIGTERM or Ctrl-C, then lets running requests finish.
pub async fn serve(listener: TcpListener, router: Router, state: AppState) -> io::Result<()> {
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone(), state));
    serve_until(listener, router, handle).await
}

/// The same with another way to stop, for tests.
pub async fn serve_until(listener: TcpListener, router: Router, handle: Handle<SocketAddr>) -> io::Result<()> {
    // A streamed answer waits 40 ms for each chunk without NODELAY. One protocol and no upgrades: a connection that may
    // yet speak another one keeps a second buffer to tell.
    let mut server = axum_server::from_tcp(listener)?.http1_only().acceptor(NoDelayAcceptor::new()).handle(handle);
    // Off unless set: half a header would hold its connection for ever.
    server.http_builder().http1().header_read_timeout(Duration::from_secs(HEADERS_S_MAX));
    server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await
}

async fn stop_on_signal(handle: Handle<SocketAddr>, state: AppState) {
    signal().await;
    // Stop first, tell afterwards: where nobody reads the log any more, telling may fail.
    state.stop();
    handle.graceful_shutdown(Some(Duration::from_secs(STOP_S_MAX)));
    tracing::info!("stopping; requests under way have {STOP_S_MAX} s");
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("no signals can be received: only a kill stops this server");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
