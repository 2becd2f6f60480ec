//! `retrial serve`: port, folder, database, then the site until somebody stops it.

use std::net::{SocketAddr, TcpListener};

use super::{Home, Serve, Stopped};
use crate::{
    boot::{self, Started},
    clockwork, listen, observe,
    router::router,
    state::{AppState, BaseUrl, Site},
};

pub async fn serve(settings: Serve, given: Vec<String>) -> Result<(), Stopped> {
    // The port first: nothing is made or changed for a server that cannot start.
    let listener = listen::bind(settings.listen).map_err(|trouble| Stopped::new(trouble.to_string()))?;
    let site = site(&settings, &listener)?;
    observe::start(settings.log);

    let Started { notebook, news } = boot::open(&settings.home, &site).await?;
    news.tell(settings.log, &site, &given);
    let state = AppState::new(notebook.clone(), site);
    let clockwork = tokio::spawn(clockwork::run(notebook.clone()));
    let served = listen::serve(listener, router(state.clone()), state).await;
    clockwork.abort();
    notebook.db.close().await;
    tracing::info!("stopped");
    served.map_err(|trouble| Stopped::new(format!("the server ended: {trouble}")))
}

fn site(settings: &Serve, listener: &TcpListener) -> Result<Site, Stopped> {
    // Port 0 means any free one.
    let listen = listener.local_addr().unwrap_or(settings.listen);
    Ok(Site {
        base: base_url(&settings.home, listen)?,
        listen,
        data_dir: settings.home.data_dir.clone(),
        allow_insecure_http: settings.allow_insecure_http,
    })
}

/// Beyond this machine nobody can guess the name people use, and links need it.
pub(super) fn base_url(home: &Home, listen: SocketAddr) -> Result<BaseUrl, Stopped> {
    match home.base_url.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => BaseUrl::parse(text).map_err(|trouble| Stopped::new(trouble.to_string())),
        None if listen.ip().is_loopback() => Ok(BaseUrl::of(listen)),
        None => Err(Stopped::new(format!(
            "{listen} is reached from other machines: say under which address people open the notebook, \
             for example --base-url https://retrial.example.org"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_this_machine_a_base_url_is_needed() {
        let home = |base_url: Option<&str>| Home {
            data_dir: "d".into(),
            database_url: None,
            base_url: base_url.map(str::to_owned),
        };
        let (here, everywhere) = ("127.0.0.1:7340".parse().unwrap(), "0.0.0.0:7340".parse().unwrap());
        assert_eq!(base_url(&home(None), here).unwrap().origin(), "http://127.0.0.1:7340");
        assert_eq!(base_url(&home(Some("")), here).unwrap().origin(), "http://127.0.0.1:7340");
        assert!(base_url(&home(None), everywhere).unwrap_err().to_string().contains("--base-url"));
        assert!(base_url(&home(Some("https://a.example.org")), everywhere).is_ok());
        assert!(base_url(&home(Some("a.example.org")), everywhere).is_err());
    }
}
