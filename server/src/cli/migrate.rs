//! `retrial migrate`: the schema, brought up to date without serving, or only looked at.

use clap::Args;
use notebook::db::{
    Db,
    migrations::{Migration, State},
};

use super::{Home, Stopped, out};
use crate::boot;

#[derive(Debug, Args)]
pub struct Migrate {
    /// Only list the steps and what has become of them; works while a server runs
    #[arg(long, conflicts_with = "dry_run")]
    status: bool,
    /// Take the pending steps and take them back, to see whether they work here
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    home: Home,
}

impl Migrate {
    pub async fn run(self) -> Result<(), Stopped> {
        let settings = self.home.settings()?;
        if self.status {
            let db = Db::look(&settings.place()).await?;
            let steps = db.migrations().await?;
            db.close().await;
            return out::print(&listed(&steps));
        }
        if self.dry_run {
            let steps = Db::rehearse(&settings.place()).await?;
            return out::print(&match steps {
                0 => "Up to date; nothing would be done.".to_owned(),
                1 => "1 step would be taken; it works here. Nothing was changed.".to_owned(),
                n => format!("{n} steps would be taken; they work here. Nothing was changed."),
            });
        }
        let (notebook, found) = boot::notebook(&settings).await?;
        notebook.db.close().await;
        out::print(&match found.migrations {
            0 => format!("{} is up to date.", boot::shown(&settings)),
            1 => format!("{} took 1 step.", boot::shown(&settings)),
            n => format!("{} took {n} steps.", boot::shown(&settings)),
        })
    }
}

fn listed(steps: &[Migration]) -> String {
    let row = |step: &Migration| vec![step.number.to_string(), step.name.clone(), step.state.word().to_owned()];
    let mut text = out::table(&["STEP", "NAME", "STATE"], &steps.iter().map(row).collect::<Vec<_>>());
    if steps.iter().any(|step| step.state == State::Pending) {
        text.push_str("Take the pending ones: retrial migrate\n");
    }
    text
}
