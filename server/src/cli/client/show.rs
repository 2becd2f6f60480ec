//! `retrial show`: one thing with everything that is known of it.

use clap::Args;

use super::{Ask, names::Place, outline::outline};
use crate::cli::{Stopped, out};

#[derive(Debug, Args)]
pub struct Show {
    /// RUN-317, EXP-42@3, EXP-42@2..3, a service's slug, or WORD/NAME such as import/3
    #[arg(value_name = "ID")]
    thing: String,
    #[command(flatten)]
    ask: Ask,
}

impl Show {
    pub async fn run(self) -> Result<(), Stopped> {
        let place = Place::named(&self.thing)?;
        show(&place, &self.ask).await
    }
}

pub async fn show(place: &Place, ask: &Ask) -> Result<(), Stopped> {
    let answer = ask.connect()?.get(&place.path, &[]).await?.value;
    if ask.json {
        return out::json(&answer);
    }
    out::print(&if ask.quiet { place.name.clone() } else { outline(&answer) })
}
