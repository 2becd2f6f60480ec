//! One page of a list for programs, and the whole address of the next one in `Link` (RFC 8288).

use std::convert::Infallible;

use app::paths;
use axum::{
    extract::{FromRequestParts, Query},
    http::{HeaderValue, Uri, header, request::Parts},
    response::Response,
};
use notebook::{desk::Desk, fault::Result};
use serde::Serialize;

use crate::{
    api::Api,
    state::{AppState, BaseUrl},
};

/// A reading door that answers page by page.
pub struct List {
    api: Api,
    base: BaseUrl,
    uri: Uri,
}

impl FromRequestParts<AppState> for List {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> std::result::Result<Self, Infallible> {
        let api = Api::from_request_parts(parts, state).await?;
        Ok(Self { api, base: state.site.base.clone(), uri: parts.uri.clone() })
    }
}

impl List {
    pub fn desk(&self) -> &Desk {
        &self.api.desk
    }

    /// A page, and the last row on it where there are more. `cursor` is the parameter that takes it.
    pub fn answer<T: Serialize>(self, cursor: &str, result: Result<(T, Option<String>)>) -> Response {
        let (page, last) = match result {
            Ok((page, last)) => (Ok(page), last),
            Err(error) => (Err(error), None),
        };
        let next = last.map(|last| self.base.with(&next(&self.uri, cursor, &last)));
        let mut response = self.api.answer(page);
        let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// The same address from another row on.
fn next(uri: &Uri, cursor: &str, last: &str) -> String {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default();
    let kept = asked.into_iter().filter(|(name, value)| name != cursor && !value.is_empty());
    let pairs: Vec<String> = kept
        .chain([(cursor.to_owned(), last.to_owned())])
        .map(|(name, value)| format!("{}={}", paths::encoded(&name), paths::encoded(&value)))
        .collect();
    paths::with_query(uri.path(), &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_asks_the_same_from_another_row_on() {
        let after = |address: &str| next(&address.parse().unwrap(), "before", "RUN-51");
        assert_eq!(after("/api/v1/runs"), "/api/v1/runs?before=RUN-51");
        assert_eq!(
            after("/api/v1/runs?limit=50&before=RUN-101&q=a%26b&execution="),
            "/api/v1/runs?limit=50&q=a%26b&before=RUN-51"
        );
    }
}
