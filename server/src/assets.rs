//! The site inside the program: `/_a/{version}/…`, kept by browsers for a year.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use notebook::people::secrets;
use rust_embed::{Embed, EmbeddedFile};
use sha2::{Digest, Sha256};

/// In a debug build the files are read from the folder, in a release build they are part of the program.
#[derive(Embed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// Changes when any file does. File names stay the same, so islands and pages always fit together.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Site::iter().collect();
    names.sort();
    let mut sum = Sha256::new();
    for name in names {
        sum.update(name.as_bytes());
        if let Some(file) = Site::get(&name) {
            sum.update(file.metadata.sha256_hash());
        }
    }
    secrets::hex(&sum.finalize()[..6])
});

/// What stands before the path of every asset, without a slash at the end.
pub fn root() -> String {
    format!("/_a/{}", *VERSION)
}

/// Whether the site is there at all: a program that was built alone has pages without looks.
pub fn are_here() -> bool {
    Site::get("pkg/retrial.css").is_some()
}

/// One file, compressed if the browser takes that.
pub async fn asset(Path((version, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if version != *VERSION {
        return StatusCode::NOT_FOUND.into_response();
    }
    let brotli = takes_brotli(&headers).then(|| Site::get(&format!("{path}.br"))).flatten();
    let (file, encoding) = match brotli {
        Some(file) => (file, Some("br")),
        None => match Site::get(&path) {
            Some(file) => (file, None),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    answer(file, &path, encoding)
}

fn answer(file: EmbeddedFile, path: &str, encoding: Option<&'static str>) -> Response {
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let listed = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    listed.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "br" && weight.trim() != "q=0"
    })
}

/// The kinds the site is made of.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_only_to_who_takes_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            takes_brotli(&headers)
        };
        assert!(takes("gzip, deflate, br, zstd"));
        assert!(takes("br;q=0.5"));
        assert!(!takes("gzip"));
        assert!(!takes("br;q=0"));
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
