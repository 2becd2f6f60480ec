//! The small cookies: a flash for the next page, and the theme. The login session's is tower-sessions'.

use app::look::{Note, NoteKind, Theme};
use axum::http::{HeaderMap, HeaderValue, header};
use leptos_router::location::Url;

const FLASH: &str = "flash";
const THEME: &str = "theme";
/// A redirect is followed at once.
const FLASH_S: u32 = 60;
const YEAR_S: u32 = 365 * 86_400;
/// Browsers keep 4 KB of one cookie, and escaping can triple a text.
const FLASH_CHARS_MAX: usize = 400;

/// The value of a cookie of this request.
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn set(name: &str, value: &str, age_s: u32, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}").parse().ok()
}

/// Carries what was just done to the next page.
pub fn flash(note: &Note, secure: bool) -> Option<HeaderValue> {
    let kind = match note.kind {
        NoteKind::Done => 'd',
        NoteKind::Aware => 'a',
        NoteKind::Refused => 'r',
    };
    let sentence: String = note.sentence.chars().take(FLASH_CHARS_MAX).collect();
    set(FLASH, &Url::escape(&format!("{kind}{sentence}")), FLASH_S, secure)
}

/// The note the last answer left for this page.
pub fn read_flash(headers: &HeaderMap) -> Option<Note> {
    let text = Url::unescape(value(headers, FLASH)?);
    let mut chars = text.chars();
    let kind = match chars.next()? {
        'd' => NoteKind::Done,
        'a' => NoteKind::Aware,
        'r' => NoteKind::Refused,
        _ => return None,
    };
    let sentence: String = chars.filter(|c| !c.is_control()).take(FLASH_CHARS_MAX).collect();
    (!sentence.is_empty()).then_some(Note { kind, sentence })
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
        let cookie = flash(&note, true).unwrap();
        let text = cookie.to_str().unwrap();
        assert_eq!(text.matches("Set-Cookie").count(), 0, "{text}");
        assert!(text.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"), "{text}");
        let read = read_flash(&sent(&cookie)).unwrap();
        assert_eq!(read.kind, NoteKind::Done);
        assert_eq!(read.sentence, "Run „RUN-3“ started; a=bSet-Cookie: x");
    }

    #[test]
    fn a_flash_nobody_left_is_none() {
        assert_eq!(read_flash(&HeaderMap::new()), None);
        assert_eq!(read_flash(&sent(&drop_flash(false).unwrap())), None);
        assert_eq!(read_flash(&sent(&"flash=zhello".parse().unwrap())), None);
    }

    #[test]
    fn a_theme_is_one_of_three() {
        assert_eq!(read_theme(&sent(&theme(Theme::Dark, false).unwrap())), Theme::Dark);
        assert_eq!(read_theme(&sent(&"theme=sepia".parse().unwrap())), Theme::System);
    }
}
