//! `retrial healthcheck`: one question to a server, for containers and supervisors.

use clap::Args;

use super::{Home, Stopped, client::connection::Connection, exit, out};

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Where the server is; auto takes the address it listens on from the settings
    #[arg(long, default_value = "auto", value_name = "ADDRESS")]
    url: String,
    #[command(flatten)]
    home: Home,
}

impl Healthcheck {
    pub async fn run(self) -> Result<(), Stopped> {
        let url = if self.url == "auto" { own_address(self.home.settings()?.listen) } else { self.url };
        let connection = Connection::anonymous(&url)?;
        let (status, body) = connection.ask("readyz").await?;
        if status == 200 {
            return out::print(&format!("{url} is ready."));
        }
        Err(Stopped::with(exit::ERROR, format!("{url} is not ready ({status}): {}", body.trim())))
    }
}

/// A server that listens everywhere is asked on this machine.
fn own_address(mut listen: std::net::SocketAddr) -> String {
    if listen.ip().is_unspecified() {
        listen.set_ip(match listen {
            std::net::SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            std::net::SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{listen}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_here() {
        for (listen, address) in [
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:80", "http://[::1]:80"),
            ("127.0.0.1:7340", "http://127.0.0.1:7340"),
            ("192.168.0.5:7340", "http://192.168.0.5:7340"),
        ] {
            assert_eq!(own_address(listen.parse().unwrap()), address);
        }
    }
}
