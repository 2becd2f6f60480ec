//! `retrial serve`: port, folder, database, then the site until somebody stops it.

use std::net::{SocketAddr, TcpListener};

use super::Stopped;
use crate::{
    boot::{self, Started},
    clockwork,
    config::Settings,
    delivering::{Deliverer, Means},
    keys::Keys,
    listen,
    mail::Mailer,
    observe,
    outgoing::Outgoing,
    pulling::Puller,
    router::router,
    sampling::Sampler,
    state::{AppState, BaseUrl, Site},
};

pub async fn serve(settings: Settings) -> Result<(), Stopped> {
    // The port first: nothing is made or changed for a server that cannot start.
    let listener = listen::bind(settings.listen).map_err(|trouble| Stopped::new(trouble.to_string()))?;
    let site = site(&settings, &listener)?;
    observe::start(settings.log, settings.log_format);
    listen::open_many();

    let Started { notebook, news } = boot::open(&settings, &site).await?;
    news.tell(settings.log_format, &site);
    let mailer = Mailer::of(&settings).map_err(|(_, says)| Stopped::new(says))?;
    let keys = Keys::new(settings.secret_key.clone(), &settings.data_dir);
    let state = AppState::new(notebook.clone(), site).sending(keys, mailer.is_some());
    let clockwork = tokio::spawn(clockwork::run(notebook.clone()));
    let outgoing = Outgoing::new(settings.outgoing.clone(), settings.credentials_dir.clone());
    let pulling = tokio::spawn(Puller::new(notebook.clone(), outgoing).run());
    let outgoing = Outgoing::new(settings.outgoing.clone(), settings.credentials_dir.clone());
    let sampling = tokio::spawn(Sampler::new(notebook.clone(), outgoing).run());
    let outgoing = Outgoing::new(settings.outgoing, settings.credentials_dir);
    let means = Means { origin: state.site.base.origin().to_owned(), keys: state.keys.clone(), mailer };
    let delivering = tokio::spawn(Deliverer::new(notebook.clone(), outgoing, means).run());
    let served = listen::serve(listener, router(state.clone()), state).await;
    clockwork.abort();
    pulling.abort();
    sampling.abort();
    delivering.abort();
    notebook.db.close().await;
    tracing::info!("stopped");
    served.map_err(|trouble| Stopped::new(format!("the server ended: {trouble}")))
}

fn site(settings: &Settings, listener: &TcpListener) -> Result<Site, Stopped> {
    // Port 0 means any free one.
    let listen = listener.local_addr().unwrap_or(settings.listen);
    Ok(Site {
        base: base_url(settings.base_url.as_ref(), listen)?,
        listen,
        data_dir: settings.data_dir.clone(),
        allow_insecure_http: settings.allow_insecure_http,
    })
}

/// Beyond this machine nobody can guess the name people use, and links need it.
pub(super) fn base_url(given: Option<&BaseUrl>, listen: SocketAddr) -> Result<BaseUrl, Stopped> {
    match given {
        Some(base) => Ok(base.clone()),
        None if listen.ip().is_loopback() => Ok(BaseUrl::of(listen)),
        None => Err(Stopped::usage(format!(
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
        let (here, everywhere) = ("127.0.0.1:7340".parse().unwrap(), "0.0.0.0:7340".parse().unwrap());
        let given = BaseUrl::parse("https://a.example.org").unwrap();
        assert_eq!(base_url(None, here).unwrap().origin(), "http://127.0.0.1:7340");
        assert!(base_url(None, everywhere).unwrap_err().to_string().contains("--base-url"));
        assert_eq!(base_url(Some(&given), everywhere).unwrap(), given);
    }
}
