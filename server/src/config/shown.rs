//! Settings as they may be shown: secrets are masked wherever they stand.

use super::Key;

const MASK: &str = "***";

/// What may be shown of a setting's value.
pub fn masked(key: &Key, text: &str) -> String {
    match text.split_once("://") {
        _ if !key.secret => text.to_owned(),
        Some(_) => mask_url(text),
        None => MASK.to_owned(),
    }
}

/// A database's address with its password masked, in the middle and at the end.
fn mask_url(url: &str) -> String {
    let (front, query) = url.split_once('?').map_or((url, None), |(front, query)| (front, Some(query)));
    let front = match (front.split_once("://"), front.rsplit_once('@')) {
        (Some((scheme, _)), Some((before, host))) => {
            let user = before.split_once("://").map_or(before, |(_, user)| user);
            match user.split_once(':') {
                Some((name, _)) => format!("{scheme}://{name}:{MASK}@{host}"),
                None => front.to_owned(),
            }
        }
        _ => front.to_owned(),
    };
    let Some(query) = query else { return front };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if name.to_lowercase().contains("password") => format!("{name}={MASK}"),
        _ => part.to_owned(),
    });
    format!("{front}?{}", parts.collect::<Vec<_>>().join("&"))
}

/// A database's address as people recognise it: without password and options.
pub fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return "postgres".to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{CLIENT_KEYS, KEYS};

    fn shown(name: &str, text: &str) -> String {
        let key = KEYS.iter().chain(CLIENT_KEYS).find(|key| key.name == name).unwrap();
        masked(key, text)
    }

    #[test]
    fn a_password_is_masked_wherever_an_address_holds_it() {
        for (url, expected) in [
            ("postgres://ana:s3c@ret@db.example.org/retrial", "postgres://ana:***@db.example.org/retrial"),
            ("postgres://ana@db.example.org/retrial", "postgres://ana@db.example.org/retrial"),
            ("postgres:///retrial?host=/run&password=s3cret", "postgres:///retrial?host=/run&password=***"),
            ("postgres://a:s3cret@h/r?sslmode=require", "postgres://a:***@h/r?sslmode=require"),
            ("s3cret", "***"),
        ] {
            assert_eq!(shown("database_url", url), expected);
        }
        assert_eq!(shown("token", "rtl_p_abc"), "***");
        assert_eq!(shown("base_url", "https://a.example.org"), "https://a.example.org");
    }

    #[test]
    fn a_database_password_is_not_shown() {
        assert_eq!(
            without_password("postgres://ana:s3c@ret@db.example.org/retrial?sslmode=require"),
            "postgres://ana@db.example.org/retrial"
        );
        assert_eq!(without_password("postgres:///retrial?host=/run&password=x"), "postgres:///retrial");
    }
}
