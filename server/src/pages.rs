//! Shows pages: by GET, again after a form was not taken, or instead of one that cannot be shown.

use app::{
    ask::{PageToken, Returned, ShownOnce, ThisSession},
    freezes::bars,
    help::api::ApiDocs,
    instead::Instead,
    look::{Banner, Look, SignedIn},
    parts::{badge::Family, icon::IconName},
    paths, safe,
    shell::shell,
    tour,
    trouble::RequestId,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use leptos::{nonce::Nonce, prelude::provide_context};
use notebook::{
    desk::Desk,
    imports::acts::Foreseen,
    notifications, people, samples,
    views::{self, View},
};

use crate::{
    assets,
    cookies::{self, Left},
    guard::{Who, is_api},
    openapi, reply,
    state::{AppState, Site, VERSION},
};

/// What a page is shown with besides the request.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// A form that came back.
    pub returned: Option<Returned>,
    /// A secret that is shown now and never again.
    pub shown: Option<ShownOnce>,
    /// What stands in the page's place.
    pub instead: Option<Instead>,
    /// The address of the form that was just taken.
    pub taken: Option<String>,
    /// What a document would become.
    pub foreseen: Option<Foreseen>,
}

/// An address no page has.
const NO_ROUTE: &str = "/_/instead";

/// Pages that nobody has to sign in for.
const OPEN: [&str; 5] = ["/login", "/setup", "/invite", "/reset", "/help"];

/// A page by its address; nobody signed in is led to the sign-in page, or to setup while there are no people.
pub async fn show(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let page = address(&parts.uri);
    match detour(&state, &parts, &page).await {
        Ok(None) => render(&state, &parts, &page, With::default()).await,
        Ok(Some(elsewhere)) => Redirect::to(&safe::local_path(&elsewhere)).into_response(),
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

/// No page has this address.
pub async fn missing(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    if is_api(path) {
        return reply::said(&state, &parts, 404, "missing", format!("There is nothing at {path}.")).await;
    }
    instead(&state, &parts, StatusCode::NOT_FOUND, Instead::no_page(path)).await
}

async fn detour(state: &AppState, parts: &Parts, page: &str) -> notebook::fault::Result<Option<String>> {
    let path = parts.uri.path();
    if !Who::of(parts).is_nobody() {
        return Ok((path == "/login").then(|| next_in(&parts.uri)));
    }
    if OPEN.contains(&path) && path != "/login" {
        return Ok(None);
    }
    if people::acts::count(&state.notebook).await? == 0 {
        return Ok(Some(paths::setup()));
    }
    Ok((path != "/login").then(|| paths::login(page)))
}

/// Where the sign-in page leads to.
fn next_in(uri: &Uri) -> String {
    let next = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("next="));
    safe::local_path(&leptos_router::location::Url::unescape(next.unwrap_or("/")))
}

fn address(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// The page at a local address as this request's sender sees it, whatever the request itself was.
pub async fn render(state: &AppState, parts: &Parts, page: &str, with: With) -> Response {
    let page = safe::local_path(page);
    // What stands in a page's place has no route: the address of the asked page would show that page.
    let route = if with.instead.is_some() { NO_ROUTE } else { &page };
    let who = Who::of(parts);
    let left = cookies::read_flash(&parts.headers).filter(|_| !is_asked_by_script(&parts.headers));
    let has_flash = left.is_some();
    let mut left = left.unwrap_or_default();
    if let Some(taken) = &with.taken {
        left.taken.clone_from(taken);
    }
    let banners = banners(&state.site, freeze_bars(state, &who).await, sample_bar(state, &who).await);
    let inbox = open_entries(state, &who).await;
    let views = pinned_views(state, &who).await;
    let look = Look { banners, inbox, views, ..look(&parts.headers, &who, &page, left) };
    let context = Context {
        desk: who.desk(&state.notebook),
        look,
        token: PageToken(token()),
        request: RequestId(crate::api::request_id(&parts.extensions)),
        session: ThisSession(who.session.clone()),
        nonce: parts.extensions.get().cloned(),
        docs: route.split('?').next().filter(|path| paths::is_api_docs(path)).map(|_| openapi::readable()),
        with,
    };
    let options = state.options.clone();
    let show = leptos_axum::render_app_async_with_context(move || context.provide(), move || shell(options.clone()));
    let mut response = show(as_get(parts, route)).await;
    if has_flash && let Some(cookie) = cookies::drop_flash(state.site.base.is_https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A page that looks after itself asks for itself again; the flash is for whoever opens one.
fn is_asked_by_script(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|dest| dest == "empty")
}

/// A page that stands where the asked one cannot.
pub async fn instead(state: &AppState, parts: &Parts, status: StatusCode, instead: Instead) -> Response {
    let page = address(&parts.uri);
    let mut response = render(state, parts, &page, With { instead: Some(instead), ..With::default() }).await;
    *response.status_mut() = status;
    response
}

/// The same request as if it had asked for a page: no body, and no words about one.
fn as_get(parts: &Parts, page: &str) -> Request {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = page.parse().unwrap_or_else(|_| Uri::from_static("/"));
    *request.headers_mut() = parts.headers.clone();
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::TRANSFER_ENCODING] {
        request.headers_mut().remove(name);
    }
    *request.extensions_mut() = parts.extensions.clone();
    request
}

/// A new form token. Without chance the form still works, only its second sending is not recognised.
fn token() -> String {
    people::secrets::word::<16>().unwrap_or_else(|trouble| {
        tracing::error!(%trouble, "no form token");
        String::new()
    })
}

fn look(headers: &HeaderMap, who: &Who, page: &str, left: Left) -> Look {
    Look {
        theme: who.theme.unwrap_or_else(|| cookies::read_theme(headers)),
        signed_in: who
            .actor
            .person()
            .map(|person| SignedIn { name: person.name.clone(), can_administer: who.is_admin() }),
        path: page.to_owned(),
        asset_root: assets::root(),
        version: VERSION.to_owned(),
        banners: Vec::new(),
        flash: left.note,
        inbox: 0,
        taken: left.taken,
        views: Vec::new(),
        reading: cookies::read_reading(headers),
    }
}

/// How much waits in the inbox of whoever is signed in. A page is worth showing even if that cannot be found out.
async fn open_entries(state: &AppState, who: &Who) -> i64 {
    if who.actor.person().is_none() {
        return 0;
    }
    notifications::acts::open_entries(&who.desk(&state.notebook)).await.unwrap_or_else(|trouble| {
        tracing::error!(%trouble, "no number at the inbox");
        0
    })
}

/// The views in the navigation of whoever is signed in, those of teams with their name. A page is worth showing even
/// if that cannot be found out.
async fn pinned_views(state: &AppState, who: &Who) -> Vec<(String, String)> {
    if who.actor.person().is_none() {
        return Vec::new();
    }
    let pinned = views::acts::pinned(&who.desk(&state.notebook)).await.unwrap_or_else(|trouble| {
        tracing::error!(%trouble, "no views in the navigation");
        Vec::new()
    });
    let words = |view: &View| match &view.team {
        Some(team) => format!("{} ({team})", view.name),
        None => view.name.to_string(),
    };
    pinned.iter().map(|view| (words(view), paths::opened(view))).collect()
}

/// A freeze over everything says so on every page of whoever is signed in.
async fn freeze_bars(state: &AppState, who: &Who) -> Vec<Banner> {
    if who.is_nobody() {
        return Vec::new();
    }
    bars::everywhere(&who.desk(&state.notebook)).await.unwrap_or_else(|trouble| {
        tracing::error!(%trouble, "no freeze bar");
        Vec::new()
    })
}

/// The sample says so on every page of whoever is signed in, with its tour and the way out. A page
/// is worth showing even if that cannot be found out.
async fn sample_bar(state: &AppState, who: &Who) -> Option<Banner> {
    if who.is_nobody() {
        return None;
    }
    let is_here = samples::acts::is_here(&state.notebook).await.unwrap_or_else(|trouble| {
        tracing::error!(%trouble, "no sample bar");
        false
    });
    let leave = if who.is_admin() { "Remove" } else { "About it" };
    is_here.then(|| Banner {
        icon: IconName::BookOpen,
        family: Family::Info,
        sentence: "Sample data".to_owned(),
        links: vec![("2-minute tour".to_owned(), tour::begins()), (leave.to_owned(), paths::sample())],
    })
}

fn banners(site: &Site, freezes: Vec<Banner>, sample: Option<Banner>) -> Vec<Banner> {
    let open = site.is_open_to_readers().then(|| Banner {
        icon: IconName::TriangleAlert,
        family: Family::Danger,
        sentence: "This notebook is served over plain http: others on the network can read passwords and pages."
            .to_owned(),
        links: Vec::new(),
    });
    freezes.into_iter().chain(open).chain(sample).collect()
}

/// Everything a page can ask for.
#[derive(Clone)]
struct Context {
    desk: Desk,
    look: Look,
    token: PageToken,
    request: RequestId,
    session: ThisSession,
    nonce: Option<Nonce>,
    /// For the pages that show it.
    docs: Option<&'static ApiDocs>,
    with: With,
}

impl Context {
    fn provide(&self) {
        provide_context(self.desk.clone());
        provide_context(self.look.clone());
        provide_context(self.token.clone());
        provide_context(self.request.clone());
        provide_context(self.session.clone());
        // The one in the header; leptos has made another before.
        if let Some(nonce) = self.nonce.clone() {
            provide_context(nonce);
        }
        if let Some(returned) = self.with.returned.clone() {
            provide_context(returned);
        }
        if let Some(shown) = self.with.shown.clone() {
            provide_context(shown);
        }
        if let Some(instead) = self.with.instead.clone() {
            provide_context(instead);
        }
        if let Some(docs) = self.docs {
            provide_context(docs.clone());
        }
        if let Some(foreseen) = self.with.foreseen.clone() {
            provide_context(foreseen);
        }
    }
}

/// Server functions of islands, with the same context as pages.
pub async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let who = Who::of(&parts);
    let context = Context {
        desk: who.desk(&state.notebook),
        look: Look::default(),
        token: PageToken::default(),
        request: RequestId(crate::api::request_id(&parts.extensions)),
        session: ThisSession(who.session.clone()),
        nonce: None,
        docs: None,
        with: With::default(),
    };
    leptos_axum::handle_server_fns_with_context(move || context.provide(), Request::from_parts(parts, body))
        .await
        .into_response()
}

/// Adds a `Set-Cookie` if it could be made.
pub fn add_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
