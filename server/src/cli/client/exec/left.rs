//! `retrial spool`: what `retrial exec` could not tell a notebook that was away.

use std::path::Path;

use clap::Args;

use super::{
    sending::{Sent, send_left},
    voice::say,
};
use crate::{
    cli::{Stopped, client::connection::Connection, flags::Server, out},
    config::Surroundings,
};

#[derive(Debug, Args)]
pub struct Left {
    #[command(flatten)]
    server: Server,
}

impl Left {
    pub async fn run(self) -> Result<(), Stopped> {
        let settings = self.server.settings()?;
        let connection = Connection::new(&settings, false)?;
        let Some(state) = Surroundings::of_client().state_folder() else {
            return Err(Stopped::usage("neither XDG_STATE_HOME nor HOME is set, so nothing was kept"));
        };
        let spools = state.join("spool");
        let sent = send_left(&connection, &settings.url, &spools)
            .await
            .map_err(|trouble| Stopped::new(format!("{} cannot be read: {trouble}", spools.display())))?;
        out::print(&words(&sent))?;
        match (&sent.why, sent.refused.is_empty()) {
            (Some(held), _) => Err(Stopped::with(held.number, held.says.clone())),
            (None, false) => Err(Stopped::new(sent.refused.join("\n"))),
            (None, true) => Ok(()),
        }
    }
}

fn words(sent: &Sent) -> String {
    if *sent == Sent::default() {
        return "Nothing waits.".to_owned();
    }
    format!("{} sent, {} refused, {} waiting", sent.done, sent.refused.len(), sent.waiting)
}

/// The same before something else is done, which it must not keep from being done.
pub async fn send(connection: &Connection, url: &str, spools: &Path) {
    match send_left(connection, url, spools).await {
        Ok(sent) if sent == Sent::default() => {}
        Ok(sent) => {
            say(&format!("From earlier commands: {}", words(&sent)));
            sent.refused.iter().for_each(|no| say(no));
        }
        Err(trouble) => say(&format!("{} cannot be read: {trouble}", spools.display())),
    }
}
