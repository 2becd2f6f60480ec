//! The API's own description.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use notebook::actor::Act;
use serde_json::{Map, Value};

use crate::{
    api::Api,
    openapi,
    operations::{Doors, look},
};

pub fn doors() -> Doors {
    Doors::of("description", "The description of this API.").read(
        "/openapi.json",
        describe,
        look("show", "Get this description as OpenAPI 3.1.").answers::<Map<String, Value>>(),
    )
}

async fn describe(api: Api) -> Response {
    match api.desk.may(Act::Look) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/json")], openapi::text()).into_response(),
        Err(refusal) => api.answer::<()>(Err(refusal.into())),
    }
}
