//! `retrial search`: everything that was ever learnt.

use clap::Args;

use super::{Ask, list::Wanted, names::Word};
use crate::cli::Stopped;

#[derive(Debug, Args)]
pub struct Search {
    /// Words, "phrases" and qualifiers: 'zookeeper (alerts OR election) type:finding is:open'
    #[arg(required = true)]
    query: Vec<String>,
    /// Go on to the last page
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    ask: Ask,
}

impl Search {
    pub async fn run(self) -> Result<(), Stopped> {
        let filters = vec![format!("q={}", self.query.join(" "))];
        Wanted::new(filters, self.all, self.ask).of(Word::listed("hits")?).await
    }
}
