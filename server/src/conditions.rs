//! Conditional requests: `ETag` on what has a version, `If-None-Match` on reading it, `If-Match` on
//! changing it.
//!
//! One thing's answer is tagged `"7-1f2e3d4c5b6a7988"`: its version, and a hash of the whole answer,
//! because that also holds what follows from other things and from the clock. Only an equal whole
//! is 304. A change asks for the version alone, so that nobody is refused because a run elsewhere
//! ended; what an act answers with is tagged by that alone, `"8"`.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use notebook::{desk::sha256_hex, refusal::Refusal};

/// How refusals name the header.
pub const IF_MATCH: &str = "If-Match";
/// 64 bits: two answers of one thing that share them do not happen by chance.
const HASH_CHARS: usize = 16;
/// More tags than one thing ever had at once.
const TAGS_MAX: usize = 50;

/// The tag of a version, whatever else an answer holds.
pub fn of_version(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

/// The tag of one whole answer.
fn of_answer(version: i64, body: &[u8]) -> String {
    let mut hash = sha256_hex(body);
    hash.truncate(HASH_CHARS);
    format!("\"{version}-{hash}\"")
}

/// What a reader has already, as it said.
pub struct Known(String);

impl Known {
    pub fn of(headers: &HeaderMap) -> Self {
        Self(joined(headers, &header::IF_NONE_MATCH))
    }

    fn has(&self, tag: &str) -> bool {
        self.0.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
    }
}

/// One thing's answer with its tag; 304 without the answer where the reader has it.
pub fn tagged(known: &Known, version: i64, body: Vec<u8>) -> Response {
    let tag = of_answer(version, &body);
    let mut response = if known.has(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The versions a change may replace, in the words of a draft's `version`; None without the header.
pub fn if_match(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let said = joined(headers, &header::IF_MATCH);
    if said.trim() == "*" {
        return Ok(Some("*".to_owned()));
    }
    let tags: Vec<&str> = said.split(',').map(str::trim).collect();
    if tags.len() > TAGS_MAX || !tags.iter().all(|tag| is_tag(tag)) {
        return Err(Refusal::unfit(IF_MATCH, "takes an ETag in its quotes, like \"3\", or *"));
    }
    let versions: Vec<String> = tags.iter().filter_map(|tag| version_in(tag)).map(|v| v.to_string()).collect();
    // Tags that are none of ours, and weak ones, match no version there is.
    Ok(Some(if versions.is_empty() { "0".to_owned() } else { versions.join(",") }))
}

fn is_tag(text: &str) -> bool {
    let strong = text.strip_prefix("W/").unwrap_or(text);
    strong.len() >= 2 && strong.starts_with('"') && strong.ends_with('"') && strong.matches('"').count() == 2
}

fn version_in(tag: &str) -> Option<i64> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    inside.split_once('-').map_or(inside, |(version, _)| version).parse().ok()
}

/// A list may come in several lines.
fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("?"));
    lines.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(lines: &[&str]) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::IF_MATCH, line.parse().unwrap());
        }
        if_match(&headers).map_err(|refusal| {
            assert_eq!(refusal.troubles()[0].field, IF_MATCH);
            refusal.code()
        })
    }

    #[test]
    fn if_match_reads_tags_and_refuses_what_is_none() {
        for (lines, expected) in [
            (&[][..], Ok(None)),
            (&["\"3\""], Ok(Some("3"))),
            (&["\"3-1f2e3d4c5b6a7988\""], Ok(Some("3"))),
            (&["\"3\", \"4-aa\""], Ok(Some("3,4"))),
            (&["\"3\"", "\"4\""], Ok(Some("3,4"))),
            (&["*"], Ok(Some("*"))),
            (&["W/\"3\""], Ok(Some("0"))),
            (&["\"abc\""], Ok(Some("0"))),
            (&["3"], Err("unfit")),
            (&["\"3"], Err("unfit")),
            (&["\""], Err("unfit")),
            (&[""], Err("unfit")),
            (&["\"3\", *"], Err("unfit")),
        ] {
            assert_eq!(matched(lines), expected.map(|version| version.map(str::to_owned)), "{lines:?}");
        }
    }

    #[test]
    fn only_an_equal_whole_is_not_sent_again() {
        let tag = of_answer(3, b"{}");
        let known = |text: &str| Known(text.to_owned());
        for text in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            assert_eq!(tagged(&known(&text), 3, b"{}".to_vec()).status(), StatusCode::NOT_MODIFIED, "{text}");
        }
        for text in [String::new(), "\"3\"".to_owned(), of_answer(3, b"{ }"), of_answer(4, b"{}")] {
            assert_eq!(tagged(&known(&text), 3, b"{}".to_vec()).status(), StatusCode::OK, "{text}");
        }
    }
}
