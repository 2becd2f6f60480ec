//! What is asked while somebody types has a second, and then the others are shown without it.

use std::{future::Future, time::Duration};

use crate::{
    fault::{Error, Result},
    limits::GO_SECONDS_MAX,
    refusal::Refusal,
};

/// None where it took too long. What it waited for is let go of: the search cuts its own question off then.
pub async fn in_time<T>(asked: impl Future<Output = Result<T>>) -> Result<Option<T>> {
    match tokio::time::timeout(Duration::from_secs(GO_SECONDS_MAX), asked).await {
        Ok(Ok(answer)) => Ok(Some(answer)),
        Ok(Err(Error::Refused(Refusal::TooLong { .. } | Refusal::Busy { .. }))) | Err(_) => Ok(None),
        Ok(Err(trouble)) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_never_answers_is_left_out_and_what_is_refused_is_not() {
        assert_eq!(in_time(async { Ok(3) }).await.unwrap(), Some(3));
        assert_eq!(in_time(std::future::pending::<Result<i64>>()).await.unwrap(), None);
        for (refusal, is_left_out) in
            [(Refusal::TooLong { limit_s: 1 }, true), (Refusal::Busy { wait_s: 1 }, true), (Refusal::SignIn, false)]
        {
            let refused = refusal.clone();
            let answer: Result<Option<i64>> = in_time(async { Err(refused.into()) }).await;
            assert_eq!(matches!(answer, Ok(None)), is_left_out, "{refusal:?}");
        }
    }
}
