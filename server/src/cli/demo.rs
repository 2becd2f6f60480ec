//! `retrial demo`: the sample in a notebook that is thrown away, signed in on this machine alone.

use std::net::SocketAddr;

use app::paths;
use clap::Args;
use notebook::{
    actor::{Actor, Role, Via},
    desk::{Desk, Notebook},
    people::{self, Account, NewAccount, SoloDraft, secrets},
    samples::{self, Counts},
};

use super::{Home, Stopped};
use crate::{
    boot, listen,
    observe::{self, LogFormat, LogLevel},
    router::router,
    state::{AppState, BaseUrl, Entrance, Site, VERSION},
};

#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Address of this machine to listen on; port 0 is any free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS", conflicts_with = "remove")]
    listen: SocketAddr,
    /// Take the sample out of a notebook that is kept
    #[arg(long)]
    remove: bool,
    #[command(flatten)]
    home: Home,
}

pub async fn run(demo: Demo) -> Result<(), Stopped> {
    if demo.remove { remove(&demo.home).await } else { play(demo.listen).await }
}

async fn remove(home: &Home) -> Result<(), Stopped> {
    let notebook = boot::beside(&home.settings()?).await?;
    let Counts { runs, yours, .. } = samples::acts::remove(&notebook.desk(Actor::System, Via::CommandLine)).await?;
    notebook.db.close().await;
    println!("The sample is removed: {runs} runs and everything around them; {yours} entries of yours were among it.");
    Ok(())
}

async fn play(address: SocketAddr) -> Result<(), Stopped> {
    if !address.ip().is_loopback() {
        return Err(Stopped::new(format!(
            "{address} is reached from other machines, and the demo signs in whoever holds its link: use an address of this machine, such as 127.0.0.1:0"
        )));
    }
    let listener = listen::bind(address).map_err(|trouble| Stopped::new(trouble.to_string()))?;
    let listen = listener.local_addr().unwrap_or(address);
    let folder = tempfile::Builder::new()
        .prefix("retrial-demo-")
        .tempdir()
        .map_err(|trouble| Stopped::new(format!("no folder can be made for the demo: {trouble}")))?;
    observe::start(LogLevel::default(), LogFormat::Text);

    let notebook = boot::in_folder(folder.path()).await?;
    let account = told(&notebook).await?;
    let token = secrets::word::<32>().map_err(|trouble| Stopped::new(trouble.to_string()))?;
    let site =
        Site { base: BaseUrl::of(listen), listen, data_dir: folder.path().to_owned(), allow_insecure_http: false };
    print!("{}", block(&site.base, &token));
    let state = AppState::new(notebook.clone(), site).with_entrance(Entrance::new(token, account));
    let served = listen::serve(listener, router(state.clone()), state).await;
    notebook.db.close().await;
    drop(notebook);
    folder.close().map_err(|trouble| Stopped::new(format!("the demo's folder is not removed: {trouble}")))?;
    println!("The demo is over; nothing was kept.");
    served.map_err(|trouble| Stopped::new(format!("the server ended: {trouble}")))
}

/// One person who works alone, and the sample written by them.
async fn told(notebook: &Notebook) -> Result<Account, Stopped> {
    let system = notebook.desk(Actor::System, Via::System);
    let draft = NewAccount {
        email: "you@demo.invalid".into(),
        name: "You".into(),
        role: Role::Admin.word().into(),
        password: String::new(),
        zone: String::new(),
    };
    let account = people::acts::add(&system, &draft).await?;
    people::acts::set_solo(&system, &SoloDraft { solo: "on".into() }).await?;
    let desk: Desk = notebook.desk(Actor::Person(account.as_person()), Via::System);
    samples::acts::write(&desk).await?;
    Ok(account)
}

fn block(base: &BaseUrl, token: &str) -> String {
    format!(
        "Retrial {VERSION} demo\n  \
         data      a temporary folder; nothing is kept\n  \
         listening {:<38} this machine only\n  \
         open      {}\n            the link signs you in, once; stop with Ctrl-C\n",
        base.origin(),
        base.with(&paths::enter(token)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_that_nothing_is_kept_and_where_to_go() {
        let block = block(&BaseUrl::of("127.0.0.1:40123".parse().unwrap()), "abc");
        for words in ["nothing is kept", "http://127.0.0.1:40123/enter?token=abc", "Ctrl-C"] {
            assert!(block.contains(words), "{block}");
        }
    }

    #[tokio::test]
    async fn an_address_others_can_reach_is_refused() {
        let demo = Demo { listen: "0.0.0.0:0".parse().unwrap(), remove: false, home: Home::default() };
        let stopped = run(demo).await.unwrap_err();
        assert!(stopped.to_string().contains("reached from other machines"), "{stopped}");
    }
}
