//! What the page reads: the run, and the freezes that its bars speak of.

use app::runs::loaded::Loaded;
use notebook::{
    calendar::freeze::Scope,
    desk::Desk,
    fault::Result,
    freezes::{Kept, acts},
    id::RunId,
};

pub struct Read {
    pub run: Loaded,
    /// Freezes over everything.
    pub everywhere: Vec<Kept>,
    /// Narrower ones that hold what the run is on.
    pub here: Vec<Kept>,
}

impl Read {
    pub async fn of(desk: Desk, id: RunId) -> Result<Self> {
        let mut everywhere = acts::active(&desk).await?;
        everywhere.retain(|kept| kept.freeze.scope == Scope::Everything);
        let run = Loaded::of(desk, id).await?;
        let (services, environment) = (&run.shown.plan.identity.services, &run.shown.run.environment);
        let here = acts::active_on(&run.desk, services, Some(environment)).await?;
        Ok(Self { run, everywhere, here })
    }
}
