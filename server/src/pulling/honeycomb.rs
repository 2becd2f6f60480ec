//! Asks Honeycomb for the budget of an SLO, through the same rules as every other call.

use app::paths::encoded;
use notebook::{
    fault::Result,
    id::SloId,
    slos::{
        acts::honeycomb::{self as acts, Job},
        honeycomb::{
            budget::{self, Budget},
            polls::{Failed, retry_at},
        },
    },
    time::Moment,
};

use super::Puller;
use crate::outgoing::{Answer, Trouble};

impl Puller {
    pub(super) async fn ask_honeycomb(&self, slo: SloId) -> Result<()> {
        let desk = self.desk();
        let Some(job) = acts::claim(&desk, slo).await? else { return Ok(()) };
        let answer = self.budget(&job, desk.now()).await;
        if let Err(Failed { says, .. }) = &answer {
            tracing::info!(%slo, says, "Honeycomb did not tell a budget");
        }
        acts::settle(&desk, &job, answer).await
    }

    async fn budget(&self, job: &Job, now: Moment) -> Result<Budget, Failed> {
        let source = &job.connected.source;
        let (dataset, slo) = (encoded(source.dataset.as_str()), encoded(source.slo.as_str()));
        let url = format!("{}/1/slos/{dataset}/{slo}?detailed=true", source.address);
        let Answer { status, retry_after, body } =
            self.outgoing.get(&url, Some(source.credential.as_str())).await.map_err(|trouble| {
                unasked(match trouble {
                    Trouble::TooLarge => "answers with more than 1 MiB".to_owned(),
                    Trouble::Says(says) => says,
                })
            })?;
        if (200..300).contains(&status) {
            return budget::read(&body, source).map_err(unasked);
        }
        let says = budget::trouble(&body).map(|says| format!(": {says}")).unwrap_or_default();
        let retry_at = retry_after.and_then(|header| retry_at(&header, now));
        Err(Failed { says: format!("answers with {status}{says}"), retry_at })
    }
}

/// A trouble that asks for no wait.
fn unasked(says: String) -> Failed {
    Failed { says, retry_at: None }
}
