//! The small cookies: a flash for the next page, the form it followed, the theme, and how this browser reads. The login session's is tower-sessions'.

use app::keys::Singles;
use app::look::{Note, NoteKind, Reading, Theme};
use app::reading::{COMPACT, HELD, OFF};
use axum::http::{HeaderMap, HeaderValue, header};
use leptos_router::location::Url;
use notebook::time::Zone;

const FLASH: &str = "flash";
const THEME: &str = "theme";
const ZONE: &str = "zone";
const KEYS: &str = "keys";
const DENSITY: &str = "density";
/// A redirect is followed at once.
const FLASH_S: u32 = 60;
const YEAR_S: u32 = 365 * 86_400;
/// Browsers keep 4 KB of one cookie, and escaping can triple a text.
const FLASH_CHARS_MAX: usize = 400;

/// The value of a cookie of this request.
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs =
        headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn set(name: &str, value: &str, age_s: u32, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}").parse().ok()
}

/// What an answer leaves for the next page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// What was done, in a sentence.
    pub note: Option<Note>,
    /// The address of the form that was taken; empty if none was. Its draft is done with.
    pub taken: String,
}

/// Carries what was just done to the next page.
pub fn flash(left: &Left, secure: bool) -> Option<HeaderValue> {
    let (kind, sentence) = match &left.note {
        Some(Note { kind: NoteKind::Done, sentence }) => ('d', sentence.as_str()),
        Some(Note { kind: NoteKind::Aware, sentence }) => ('a', sentence.as_str()),
        Some(Note { kind: NoteKind::Refused, sentence }) => ('r', sentence.as_str()),
        None => ('-', ""),
    };
    let sentence: String = sentence.chars().take(FLASH_CHARS_MAX).collect();
    set(FLASH, &Url::escape(&format!("{kind}{}\n{sentence}", left.taken)), FLASH_S, secure)
}

/// What the last answer left for this page.
pub fn read_flash(headers: &HeaderMap) -> Option<Left> {
    let text = Url::unescape(value(headers, FLASH)?);
    let (start, sentence) = text.split_once('\n')?;
    let mut chars = start.chars();
    let kind = match chars.next()? {
        'd' => Some(NoteKind::Done),
        'a' => Some(NoteKind::Aware),
        'r' => Some(NoteKind::Refused),
        _ => None,
    };
    let sentence: String = sentence.chars().filter(|c| !c.is_control()).take(FLASH_CHARS_MAX).collect();
    let note = kind.filter(|_| !sentence.is_empty()).map(|kind| Note { kind, sentence });
    Some(Left { note, taken: chars.as_str().to_owned() })
}

/// The flash is shown once.
pub fn drop_flash(secure: bool) -> Option<HeaderValue> {
    set(FLASH, "", 0, secure)
}

pub fn theme(theme: Theme, secure: bool) -> Option<HeaderValue> {
    set(THEME, theme.as_str(), YEAR_S, secure)
}

pub fn read_theme(headers: &HeaderMap) -> Theme {
    Theme::from_word(value(headers, THEME).unwrap_or_default())
}

/// The zone in which times of runs are read; without one it is the reader's own again.
pub fn zone(zone: Option<&Zone>, secure: bool) -> Option<HeaderValue> {
    match zone {
        Some(zone) => set(ZONE, zone.name(), YEAR_S, secure),
        None => set(ZONE, "", 0, secure),
    }
}

/// When single keys act.
pub fn keys(keys: Singles, secure: bool) -> Option<HeaderValue> {
    match keys {
        Singles::Always => set(KEYS, "", 0, secure),
        Singles::Held => set(KEYS, HELD, YEAR_S, secure),
        Singles::Never => set(KEYS, OFF, YEAR_S, secure),
    }
}

/// Whether rows stand closer together.
pub fn density(compact: bool, secure: bool) -> Option<HeaderValue> {
    if compact { set(DENSITY, COMPACT, YEAR_S, secure) } else { set(DENSITY, "", 0, secure) }
}

pub fn read_reading(headers: &HeaderMap) -> Reading {
    let zone =
        value(headers, ZONE).filter(|name| !name.is_empty()).and_then(Zone::named).map(|zone| zone.name().to_owned());
    let keys = match value(headers, KEYS) {
        Some(OFF) => Singles::Never,
        Some(HELD) => Singles::Held,
        Some(_) | None => Singles::Always,
    };
    Reading { zone, keys, compact: value(headers, DENSITY) == Some(COMPACT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookie: &HeaderValue) -> HeaderMap {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap();
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "other=1; x".parse().unwrap());
        headers.append(header::COOKIE, pair.parse().unwrap());
        headers
    }

    #[test]
    fn a_flash_arrives_as_it_was_left_and_cannot_leave_its_cookie() {
        let note = Note { kind: NoteKind::Done, sentence: "Run „RUN-3“ started; a=b\r\nSet-Cookie: x".into() };
        let left = Left { note: Some(note), taken: "/runs/RUN-3/start".into() };
        let cookie = flash(&left, true).unwrap();
        let text = cookie.to_str().unwrap();
        assert_eq!(text.matches("Set-Cookie").count(), 0, "{text}");
        assert!(text.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"), "{text}");
        let read = read_flash(&sent(&cookie)).unwrap();
        assert_eq!(read.taken, "/runs/RUN-3/start");
        let note = read.note.unwrap();
        assert_eq!(note.kind, NoteKind::Done);
        assert_eq!(note.sentence, "Run „RUN-3“ started; a=bSet-Cookie: x");
    }

    #[test]
    fn a_flash_nobody_left_is_none() {
        assert_eq!(read_flash(&HeaderMap::new()), None);
        assert_eq!(read_flash(&sent(&drop_flash(false).unwrap())), None);
        assert_eq!(read_flash(&sent(&"flash=hello".parse().unwrap())), None);
        let silent = Left { note: None, taken: "/a".into() };
        assert_eq!(read_flash(&sent(&flash(&silent, false).unwrap())), Some(silent));
    }

    #[test]
    fn a_theme_is_one_of_three() {
        assert_eq!(read_theme(&sent(&theme(Theme::Dark, false).unwrap())), Theme::Dark);
        assert_eq!(read_theme(&sent(&"theme=sepia".parse().unwrap())), Theme::System);
    }

    #[test]
    fn how_a_browser_reads_is_a_zone_there_is_keys_until_they_are_off_and_rows_apart_until_they_are_compact() {
        let read = |cookie: Option<HeaderValue>| read_reading(&sent(&cookie.unwrap()));
        let tokyo = Zone::named("Asia/Tokyo").unwrap();
        assert_eq!(read(zone(Some(&tokyo), true)), Reading { zone: Some("Asia/Tokyo".into()), ..Reading::default() });
        assert_eq!(read(zone(None, true)), Reading::default());
        assert_eq!(read("zone=Mars/Olympus".parse().ok()), Reading::default());
        for kept in [Singles::Always, Singles::Held, Singles::Never] {
            assert_eq!(read(keys(kept, true)), Reading { keys: kept, ..Reading::default() });
        }
        assert_eq!(read("keys=perhaps".parse().ok()), Reading::default());
        assert_eq!(read(density(true, true)), Reading { compact: true, ..Reading::default() });
        assert_eq!(read(density(false, true)), Reading::default());
        assert_eq!(read("density=tiny".parse().ok()), Reading::default());
    }
}
