//! One large document on its way in: refused by its length before it is read where the length is
//! said, counted while it arrives where it is not, and only a few in memory at a time.

use std::{future::poll_fn, pin::Pin, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{HeaderMap, StatusCode, header},
};
use notebook::{
    fault::{Error, Result},
    limits::{IMPORT_BYTES_MAX, IMPORT_FORM_BYTES_MAX, IMPORTS_ARRIVING_MAX},
    refusal::Refusal,
};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::sent::NotRead;

static ARRIVING: Semaphore = Semaphore::const_new(IMPORTS_ARRIVING_MAX);
/// Fields of the form; it has six.
const FIELDS_MAX: usize = 1_000;
/// How much of a refused body is read and forgotten, and for how long.
const FORGOTTEN_BYTES_MAX: usize = 2 * IMPORT_BYTES_MAX;
const FORGOTTEN_S_MAX: u64 = 20;

/// The field of the form that holds a file, and the one that holds its text instead.
pub const FILE: &str = "document";
pub const TEXT: &str = "text";
/// The field of a form that holds an image.
pub const IMAGE: &str = "image";

/// A form with a document, as it arrived.
pub struct Arrived {
    /// All fields but the file, in the order sent.
    pub values: Vec<(String, String)>,
    /// The chosen file; None if none was chosen.
    pub file: Option<Bytes>,
    _place: SemaphorePermit<'static>,
}

/// A document alone, as it arrived.
pub struct Alone {
    pub bytes: Bytes,
    _place: SemaphorePermit<'static>,
}

/// Why a document did not come in.
#[derive(Debug)]
pub enum NotArrived {
    Stopped(Error),
    NotRead(NotRead),
}

impl From<Refusal> for NotArrived {
    fn from(refusal: Refusal) -> Self {
        Self::Stopped(refusal.into())
    }
}

impl From<Error> for NotArrived {
    fn from(error: Error) -> Self {
        Self::Stopped(error)
    }
}

/// What a document over the limit is told; the length is the document's own.
pub fn too_large() -> Refusal {
    Refusal::TooMuch {
        what: "The document".into(),
        limit: format!("the limit of {} MiB", IMPORT_BYTES_MAX / 1024 / 1024),
    }
}

fn place() -> Result<SemaphorePermit<'static>, Refusal> {
    ARRIVING.try_acquire().map_err(|_| Refusal::Busy { wait_s: 5 })
}

/// Reads on for a while and forgets. Many programs look for an answer only after they have sent
/// everything: on a closed connection they would see a broken pipe, and not why.
pub fn forget(mut body: Body) {
    if body.is_end_stream() {
        return;
    }
    let read = async move {
        let mut left = FORGOTTEN_BYTES_MAX;
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    };
    tokio::spawn(tokio::time::timeout(Duration::from_secs(FORGOTTEN_S_MAX), read));
}

/// A place in memory for a body, unless it says that it is too large.
fn admit(request: &Request, bytes_max: usize) -> Result<SemaphorePermit<'static>, Refusal> {
    if says_more_than(request, bytes_max) { Err(too_large()) } else { place() }
}

fn says_more_than(request: &Request, bytes_max: usize) -> bool {
    usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX) > bytes_max
}

/// A multipart form whose file is in the field with this name.
pub async fn form(request: Request, file: &str) -> Result<Arrived, NotArrived> {
    let place = match admit(&request, IMPORT_FORM_BYTES_MAX) {
        Ok(place) => place,
        Err(refusal) => {
            forget(request.into_body());
            return Err(refusal.into());
        }
    };
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|_| NotArrived::NotRead(NotRead::WrongType))?;
    let mut arrived = Arrived { values: Vec::new(), file: None, _place: place };
    while let Some(part) = parts.next_field().await.map_err(not_read)? {
        let name = part.name().unwrap_or_default().to_owned();
        let content = part.bytes().await.map_err(not_read)?;
        if arrived.values.len() == FIELDS_MAX {
            return Err(too_large().into());
        }
        if name == file {
            // A browser sends an empty one where none was chosen.
            arrived.file = Some(content).filter(|content| !content.is_empty());
        } else {
            // A field is text; what is none becomes visibly broken text, and is refused as that.
            arrived.values.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
    }
    Ok(arrived)
}

fn not_read(trouble: MultipartError) -> NotArrived {
    if trouble.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large().into();
    }
    NotArrived::NotRead(NotRead::Broken(trouble.body_text()))
}

/// The body itself, whatever is in it.
pub async fn alone(request: Request) -> Result<Alone, NotArrived> {
    let place = match admit(&request, IMPORT_BYTES_MAX) {
        Ok(place) => place,
        Err(refusal) => {
            forget(request.into_body());
            return Err(refusal.into());
        }
    };
    match Bytes::from_request(request, &()).await {
        Ok(bytes) => Ok(Alone { bytes, _place: place }),
        Err(trouble) if trouble.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large().into()),
        Err(trouble) => Err(NotArrived::NotRead(NotRead::Broken(trouble.body_text()))),
    }
}

/// Whether a body says that it is JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
