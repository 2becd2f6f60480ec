//! Streams begin a few at a time: what thousands of answers take until they have begun lies between what lives on,
//! and stays (decision 37).

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use notebook::limits::WATCHERS_COMING_MAX;
use tokio::{sync::Semaphore, time::timeout};

/// Whoever has waited for so long goes on without a place, and is told further in what keeps everybody waiting.
const PATIENCE_S: u64 = 15;

/// As many answers of one kind as begin at the same time.
#[derive(Clone)]
pub struct Places {
    free: Arc<Semaphore>,
    patience: Duration,
}

impl Places {
    fn new(count: usize, patience: Duration) -> Self {
        Self { free: Arc::new(Semaphore::new(count)), patience }
    }

    pub fn of_watchers() -> Self {
        Self::new(WATCHERS_COMING_MAX, Duration::from_secs(PATIENCE_S))
    }
}

/// Whoever waits here has its request and little else; so this stands outside of every other layer.
pub async fn a_few_at_a_time(State(places): State<Places>, request: Request, next: Next) -> Response {
    let _place = timeout(places.patience, places.free.acquire()).await;
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::{Router, body::Body, http::StatusCode, middleware::from_fn_with_state, routing::get};
    use tokio::{
        sync::Barrier,
        task::{JoinSet, yield_now},
    };
    use tower::ServiceExt as _;

    use super::*;

    /// What comes of so many requests at once.
    async fn asked(count: usize, places: Places, door: Router) -> Vec<StatusCode> {
        let router = door.layer(from_fn_with_state(places, a_few_at_a_time));
        let asking = (0..count).map(|_| router.clone().oneshot(Request::new(Body::empty())));
        let answers = asking.collect::<JoinSet<_>>().join_all().await;
        answers.into_iter().map(|answer| answer.unwrap().status()).collect()
    }

    #[tokio::test]
    async fn no_more_begin_at_the_same_time_than_there_are_places() {
        let (here, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let seen = most.clone();
        let door = async move || {
            most.fetch_max(here.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            // The others would come now.
            for _ in 0..10 {
                yield_now().await;
            }
            here.fetch_sub(1, Ordering::Relaxed);
        };
        let answers = asked(5, Places::new(2, Duration::from_mins(10)), Router::new().route("/", get(door))).await;
        assert_eq!((answers, seen.load(Ordering::Relaxed)), (vec![StatusCode::OK; 5], 2));
    }

    #[tokio::test]
    async fn whoever_has_waited_long_enough_goes_on_without_a_place() {
        let together = Arc::new(Barrier::new(2));
        let door = async move || {
            together.wait().await;
        };
        let answers = asked(2, Places::new(1, Duration::from_millis(1)), Router::new().route("/", get(door))).await;
        assert_eq!(answers, [StatusCode::OK; 2]);
    }
}
