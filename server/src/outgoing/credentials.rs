//! Credentials for other servers: files beside this one, named by what needs them. Each is for one
//! address and is sent to no other, so nobody who may name one can have it sent to themselves.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

use reqwest::{
    RequestBuilder, Url,
    header::{HeaderName, HeaderValue},
};
use serde::Deserialize;

/// A credential is a few lines; a file that is larger is another file.
const FILE_BYTES_MAX: u64 = 16 * 1024;

/// What such a file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Scheme, host and port of the server it is for.
    origin: String,
    bearer: Option<String>,
    user: Option<String>,
    password: Option<String>,
    /// A header of its own, such as `X-Honeycomb-Team`, and what stands in it.
    header: Option<String>,
    value: Option<String>,
    /// What follows the origin in the address: an incoming webhook of Slack has its secret there.
    path: Option<String>,
}

impl Kept {
    /// Or a clause without any secret.
    fn read(path: &Path) -> Result<Self, String> {
        let unread = |trouble: io::Error| format!("which cannot be read: {}", trouble.kind());
        let mut text = String::new();
        fs::File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_string(&mut text)).map_err(unread)?;
        // What a parser says of a file can hold a line of it.
        toml::from_str(&text).map_err(|_| "whose file does not read".to_owned())
    }

    fn is_for(&self, url: &Url) -> bool {
        Url::parse(&self.origin).is_ok_and(|origin| origin.origin() == url.origin())
    }

    fn is_for_a_server(&self) -> bool {
        Url::parse(&self.origin).is_ok_and(|origin| origin.origin().is_tuple())
    }

    fn credential(self) -> Result<Credential, String> {
        match (self.bearer, self.user, self.password, self.header, self.value, self.path) {
            (Some(token), None, None, None, None, None) => Ok(Credential::Bearer(token)),
            (None, Some(user), Some(password), None, None, None) => Ok(Credential::Basic { user, password }),
            (None, None, None, Some(name), Some(value), None) => own_header(&name, &value),
            (None, None, None, None, None, Some(path)) if path.starts_with('/') => Ok(Credential::Path(path)),
            _ => Err("which holds neither a bearer nor a user with a password nor a header with its value nor a path"
                .to_owned()),
        }
    }
}

/// One line of a header, as it is sent; what is sent beside it is nobody's credential.
fn own_header(name: &str, value: &str) -> Result<Credential, String> {
    let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| "whose header is none".to_owned())?;
    let mut value = HeaderValue::from_str(value.trim()).map_err(|_| "whose value fits into no header".to_owned())?;
    value.set_sensitive(true);
    Ok(Credential::Header { name, value })
}

/// Whether a file holds a credential for some server, or a clause that says why not.
pub fn look_at(path: &Path) -> Result<(), String> {
    let kept = Kept::read(path)?;
    if !kept.is_for_a_server() {
        return Err("whose origin is no address of a server".to_owned());
    }
    kept.credential().map(drop)
}

/// How a request says who sends it.
#[derive(Clone)]
pub enum Credential {
    Bearer(String),
    Basic {
        user: String,
        password: String,
    },
    Header {
        name: HeaderName,
        value: HeaderValue,
    },
    /// The address itself is the secret.
    Path(String),
}

impl Credential {
    /// The one with this name, if it is for this address; otherwise a clause without any secret.
    pub fn load(folder: Option<&Path>, name: &str, url: &Url) -> Result<Self, String> {
        let folder = folder.ok_or_else(|| format!("needs the credential {name}, but credentials_dir is not set"))?;
        let needs = |says: String| format!("needs the credential {name}, {says}");
        let kept = Kept::read(&folder.join(format!("{name}.toml"))).map_err(needs)?;
        if !kept.is_for(url) {
            return Err(needs("which is for another address".to_owned()));
        }
        kept.credential().map_err(needs)
    }

    /// The address that is called, on the same server.
    pub fn address(&self, mut url: Url) -> Url {
        if let Self::Path(rest) = self {
            let (path, query) = rest.split_once('?').map_or((rest.as_str(), None), |(path, query)| (path, Some(query)));
            url.set_path(path);
            if query.is_some() {
                url.set_query(query);
            }
        }
        url
    }

    pub fn on(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Path(_) => request,
            Self::Bearer(token) => request.bearer_auth(token),
            Self::Basic { user, password } => request.basic_auth(user, Some(password)),
            Self::Header { name, value } => request.header(name.clone(), value.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, url: &str) -> Result<Credential, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.toml"), text).unwrap();
        Credential::load(Some(folder.path()), "main", &Url::parse(url).unwrap())
    }

    #[test]
    fn a_credential_goes_to_its_own_address_only() {
        let bearer = "origin = \"https://prometheus.example.org\"\nbearer = \"s3cret\"\n";
        assert!(
            matches!(load(bearer, "https://prometheus.example.org/x"), Ok(Credential::Bearer(token)) if token == "s3cret")
        );
        for other in
            ["http://prometheus.example.org", "https://prometheus.example.org:8443", "https://evil.example.org"]
        {
            let says = load(bearer, other).err().unwrap();
            assert!(says.contains("for another address") && !says.contains("s3cret"), "{says}");
        }
        let basic = "origin = \"http://10.0.0.1:9090/\"\nuser = \"ana\"\npassword = \"s3cret\"\n";
        assert!(matches!(load(basic, "http://10.0.0.1:9090"), Ok(Credential::Basic { user, .. }) if user == "ana"));
        let own = "origin = \"https://api.honeycomb.io\"\nheader = \"X-Honeycomb-Team\"\nvalue = \"s3cret\"\n";
        let loaded = load(own, "https://api.honeycomb.io/1/slos/a/b?detailed=true");
        assert!(
            matches!(loaded, Ok(Credential::Header { name, value }) if name == "x-honeycomb-team" && value.is_sensitive())
        );
        assert!(load(own, "https://api.eu1.honeycomb.io").err().unwrap().contains("for another address"));
        let path = "origin = \"https://hooks.slack.com\"\npath = \"/services/T0/B0/s3cret\"\n";
        let called = load(path, "https://hooks.slack.com").unwrap();
        let called = called.address(Url::parse("https://hooks.slack.com").unwrap());
        assert_eq!(called.as_str(), "https://hooks.slack.com/services/T0/B0/s3cret");
        assert!(load(&path.replace("/services", "services"), "https://hooks.slack.com").is_err());
        let signed = load(&path.replace("s3cret", "x?api=1&sig=s3cret"), "https://hooks.slack.com").unwrap();
        let called = signed.address(Url::parse("https://hooks.slack.com/?api=0").unwrap());
        assert_eq!(called.as_str(), "https://hooks.slack.com/services/T0/B0/x?api=1&sig=s3cret");
    }

    #[test]
    fn a_file_is_looked_at_without_any_address_in_mind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.toml");
        for (text, says) in [
            ("origin = \"https://a.example.org\"\nbearer = \"s3cret\"\n", None),
            ("origin = \"a.example.org\"\nbearer = \"s3cret\"\n", Some("no address of a server")),
            ("origin = \"mailto:ana@example.org\"\nbearer = \"s3cret\"\n", Some("no address of a server")),
            ("origin = \"https://a.example.org\"\npassword = \"s3cret\"\n", Some("neither a bearer nor")),
            ("s3cret", Some("does not read")),
        ] {
            fs::write(&path, text).unwrap();
            let said = look_at(&path).err();
            assert_eq!(said.is_some(), says.is_some(), "{said:?}");
            let said = said.unwrap_or_default();
            assert!(said.contains(says.unwrap_or_default()) && !said.contains("s3cret"), "{said}");
        }
        assert!(look_at(&folder.path().join("none.toml")).is_err());
    }

    #[test]
    fn a_file_that_is_none_is_told_without_its_content() {
        let origin = "origin = \"https://a.example.org\"\n";
        for (text, says) in [
            ("bearer = s3cret".to_owned(), "does not read"),
            (format!("{origin}token = \"s3cret\""), "does not read"),
            (origin.to_owned(), "neither a bearer nor"),
            (format!("{origin}user = \"s3cret\""), "neither a bearer nor"),
            (format!("{origin}header = \"X-Team\""), "neither a bearer nor"),
            (format!("{origin}bearer = \"a\"\nheader = \"X-Team\"\nvalue = \"s3cret\""), "neither a bearer nor"),
            (format!("{origin}header = \"no header\"\nvalue = \"s3cret\""), "whose header is none"),
            (format!("{origin}header = \"X-Team\"\nvalue = \"s3cret\\nX-Other: a\""), "fits into no header"),
        ] {
            let said = load(&text, "https://a.example.org").err().unwrap();
            assert!(said.contains(says) && !said.contains("s3cret"), "{said}");
        }
        let url = Url::parse("https://a.example.org").unwrap();
        assert!(Credential::load(None, "main", &url).err().unwrap().contains("credentials_dir"));
        let empty = tempfile::tempdir().unwrap();
        assert!(Credential::load(Some(empty.path()), "main", &url).err().unwrap().contains("cannot be read"));
    }
}
