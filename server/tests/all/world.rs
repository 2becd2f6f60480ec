//! A notebook with its router, a browser that keeps cookies, and answers as tests read them.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use notebook::{
    actor::{Actor, Role, Via},
    db::{Db, Place},
    desk::{Desk, Notebook, SetClock},
    people::{Account, NewAccount, acts},
    time::Moment,
};
use scraper::{Html, Selector};
use server::{
    keys::Keys,
    router::router,
    state::{AppState, BaseUrl, Site},
};
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

use crate::{migrated, postgres};

/// Monday, 2 November 2026, 10:00 UTC: where every story's clock begins.
const START: i64 = 1_793_613_600_000_000;
pub const PASSWORD: &str = "correct horse battery";
pub const HTTPS: &str = "https://retrial.example.org";

pub struct World {
    pub router: Router,
    pub notebook: Notebook,
    pub state: AppState,
    pub clock: Arc<SetClock>,
    pub origin: String,
    place: Place,
    folder: tempfile::TempDir,
}

impl World {
    /// On loopback http, as a person starts it first.
    pub async fn new() -> Self {
        Self::at("http://127.0.0.1:7340", "127.0.0.1:7340", false).await
    }

    pub async fn https() -> Self {
        Self::at(HTTPS, "127.0.0.1:7340", false).await
    }

    pub async fn at(base: &str, listen: &str, allow_insecure_http: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        migrated::put_into(folder.path()).await;
        let site = Site {
            base: BaseUrl::parse(base).unwrap(),
            listen: listen.parse().unwrap(),
            data_dir: folder.path().to_owned(),
            allow_insecure_http,
        };
        Self::over(Place::Folder(folder.path().to_owned()), folder, site).await
    }

    /// Two servers over one PostgreSQL database; None where no PostgreSQL is offered.
    pub async fn two() -> Option<(Self, Self)> {
        let place = Place::Server(migrated_on_postgres().await?);
        let site = |folder: &tempfile::TempDir| Site {
            base: BaseUrl::parse(HTTPS).unwrap(),
            listen: "127.0.0.1:7340".parse().unwrap(),
            data_dir: folder.path().to_owned(),
            allow_insecure_http: false,
        };
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [first, second] = folders.map(|folder| (site(&folder), folder));
        let first = Self::over(place.clone(), first.1, first.0).await;
        Some((first, Self::over(place, second.1, second.0).await))
    }

    /// One on each engine that is offered.
    pub async fn each() -> Vec<Self> {
        let mut worlds = vec![Self::new().await];
        if let Some(server) = migrated_on_postgres().await {
            let folder = tempfile::tempdir().unwrap();
            let site = Site { data_dir: folder.path().to_owned(), ..Site::clone(&worlds[0].state.site) };
            worlds.push(Self::over(Place::Server(server), folder, site).await);
        }
        worlds
    }

    async fn over(place: Place, folder: tempfile::TempDir, site: Site) -> Self {
        let (db, _) = Db::open(&place).await.unwrap();
        let clock = Arc::new(SetClock::at(Moment::from_micros(START)));
        let notebook = Notebook::new(db, clock.clone());
        let origin = site.base.origin().to_owned();
        let keys = Keys::new(None, folder.path());
        let state = AppState::new(notebook.clone(), site).sending(keys, true);
        Self { router: router(state.clone()), notebook, state, clock, origin, place, folder }
    }

    /// The same notebook after its server ended and another one began.
    pub async fn restarted(self) -> Self {
        let Self { router, notebook, state, place, folder, .. } = self;
        let site = Site::clone(&state.site);
        notebook.db.close().await;
        // The folder is held until the last of them is gone.
        drop((router, notebook, state));
        Self::over(place, folder, site).await
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn system(&self) -> Desk {
        self.notebook.desk(Actor::System, Via::CommandLine)
    }

    pub async fn person(&self, name: &str, role: Role) -> Account {
        let draft = NewAccount {
            email: format!("{}@example.org", name.to_lowercase()),
            name: name.into(),
            role: role.word().into(),
            password: PASSWORD.into(),
            zone: "Europe/Berlin".into(),
        };
        acts::add(&self.system(), &draft).await.unwrap()
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), origin: self.origin.clone(), cookies: BTreeMap::new() }
    }

    /// A browser in which a new person is signed in.
    pub async fn signed_in(&self, name: &str, role: Role) -> Browser {
        self.person(name, role).await;
        let mut browser = self.browser();
        let answer = browser.sign_in(name).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }
}

/// A database with every step of the schema taken, copied from one; None where no PostgreSQL is offered.
async fn migrated_on_postgres() -> Option<String> {
    static TEMPLATE: OnceCell<Option<String>> = OnceCell::const_new();
    let taken = || async {
        let address = postgres::fresh(None)?;
        let (db, _) = Db::open(&Place::Server(address.clone())).await.unwrap();
        db.close().await;
        Some(address)
    };
    postgres::fresh(Some(TEMPLATE.get_or_init(taken).await.as_deref()?))
}

/// Sends what a browser sends: its cookies, and where the request comes from.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    origin: String,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, &self.origin)
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    /// Sends the form of a page with this action as the page holds it, some fields filled.
    pub async fn fill(&mut self, page: &Answer, action: &str, typed: &[(&str, &str)]) -> Answer {
        let mut fields = page.form(action);
        for (name, value) in typed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(action, &fields).await
    }

    pub async fn sign_in(&mut self, name: &str) -> Answer {
        let email = format!("{}@example.org", name.to_lowercase());
        self.post("/login", &[("email", &email), ("password", PASSWORD)]).await
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        if !self.cookies.is_empty() {
            let line =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
            request.headers_mut().insert(header::COOKIE, line.parse().unwrap());
        }
        let answer = answer(&self.router, request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

pub async fn answer(router: &Router, request: Request<Body>) -> Answer {
    let head = request.method() == Method::HEAD;
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    assert!(!head || body.is_empty());
    Answer { status: parts.status, headers: parts.headers, body }
}

pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.text())
    }

    /// What it says to a program: JSON, or else its text.
    pub fn value(&self) -> serde_json::Value {
        let is_json = self.header("content-type").contains("json");
        if is_json { self.json() } else { serde_json::Value::String(self.text()) }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The text of the first element that fits.
    pub fn says(&self, selector: &str) -> String {
        let html = self.html();
        let found = html.select(&Selector::parse(selector).unwrap()).next();
        found
            .map(|element| {
                element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .unwrap_or_default()
    }

    /// An attribute of each element that fits.
    pub fn all(&self, selector: &str, attribute: &str) -> Vec<String> {
        let html = self.html();
        let selector = Selector::parse(selector).unwrap();
        let found = html.select(&selector);
        found.map(|element| element.attr(attribute).unwrap_or_default().to_owned()).collect()
    }

    pub fn has(&self, selector: &str) -> bool {
        self.html().select(&Selector::parse(selector).unwrap()).next().is_some()
    }

    /// What the form with this action would send untouched.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let html = self.html();
        let form = format!("form[method=post][action=\"{action}\"]");
        assert!(self.has(&form), "no form for {action} in {}", self.text());
        let selector = Selector::parse(&format!("{form} input, {form} textarea, {form} select")).unwrap();
        let option = Selector::parse("option").unwrap();
        let sent = html.select(&selector).filter_map(|field| {
            let name = field.attr("name")?.to_owned();
            let ticks = matches!(field.attr("type"), Some("checkbox" | "radio"));
            if ticks && field.attr("checked").is_none() {
                return None;
            }
            let value = match field.value().name() {
                "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
                "select" => {
                    let options: Vec<_> = field.select(&option).collect();
                    let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
                    chosen.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
                }
                _ => field.attr("value").unwrap_or_default().to_owned(),
            };
            Some((name, value))
        });
        sent.collect()
    }
}
