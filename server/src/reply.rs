//! One result, two faces: a form gets 303 with a flash, or its own page again with everything that
//! was typed; a program gets JSON.
//!
//! A door is three lines:
//!
//! ```text
//! async fn start(At(id): At<RunId>, door: Door) -> Response {
//!     door.page(paths::run(id))
//!         .run(|desk, draft| async move { runs::acts::start(&desk, id, &draft).await }, |run| (paths::run(run.id), "Run started."))
//!         .await
//! }
//! ```

use std::future::Future;

use app::{
    ask::{Returned, ShownOnce},
    instead::Instead,
    kept::{self, ASIDE, MENTION, MORE_ROWS},
    look::{Note, NoteKind},
    paths,
    reading::ZONE,
    safe,
};
use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use notebook::{
    desk::Desk,
    fault::{Error, Fault, Result},
    refusal::Refusal,
    search::aside::{AsideDraft, put_aside, take_back},
    time::Zone,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    api, conditions,
    cookies::{self, Left},
    document,
    guard::{Who, is_api},
    operations::Fields,
    pages::{self, With, add_cookie},
    sent::{NotRead, Sent},
    state::AppState,
};

/// One thing sent: by a form to a page's address, or as JSON below `/api/`.
pub struct Door {
    pub state: AppState,
    pub parts: Parts,
    pub sent: Sent,
    pub desk: Desk,
    page: Option<String>,
    open: bool,
}

impl FromRequest<AppState> for Door {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> std::result::Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        let read = if is_api(parts.uri.path()) { Sent::json(request).await } else { Sent::form(request).await };
        match read {
            Ok(sent) => Ok(Self::over(state, parts, sent)),
            Err(trouble) => Err(not_read(state, &parts, trouble).await),
        }
    }
}

/// A body that was not read at all.
pub async fn not_read(state: &AppState, parts: &Parts, trouble: NotRead) -> Response {
    let (status, sentence) = match trouble {
        NotRead::TooLarge => {
            (413, "What was sent is larger than 2 MiB. Nothing was saved; go back, and send less.".to_owned())
        }
        NotRead::WrongType => (415, "This address takes forms, or JSON below /api/. Nothing was saved.".to_owned()),
        NotRead::Broken(trouble) => (400, format!("What was sent does not read: {trouble}. Nothing was saved.")),
    };
    said(state, parts, status, "not_read", sentence).await
}

/// A no of the doors themselves, in the face its address has.
pub async fn said(state: &AppState, parts: &Parts, status: u16, code: &str, sentence: String) -> Response {
    if is_api(parts.uri.path()) {
        return api::plain(status, code, &sentence, &api::request_id(&parts.extensions));
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    pages::instead(state, parts, status, Instead::Said { sentence }).await
}

/// An act without fields.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoDraft {}

impl Door {
    /// A door over what was read in another way than as a form or JSON.
    pub fn over(state: &AppState, parts: Parts, sent: Sent) -> Self {
        let mut desk = Who::of(&parts).desk(&state.notebook);
        // A page has one token for all its forms. What was sent, and where to, tells them apart: whoever
        // goes back and writes something else is not taken for a double click.
        if let Some(once) = &sent.once {
            desk.once = Some(format!("{once} {} {:?}", parts.uri.path(), sent.values).into());
        }
        // A form of a page that is read in another zone says so: its times are meant as they stand there.
        if let Some(zone) = sent.hidden(ZONE).and_then(Zone::named) {
            desk = desk.typing_in(&zone);
        }
        Self { state: state.clone(), parts, sent, desk, page: None, open: false }
    }

    /// The page the form stands on, shown again if the act is refused. A form may name another
    /// page of this site itself, in `_page`.
    #[must_use]
    pub fn page(mut self, path: impl Into<String>) -> Self {
        self.page = Some(path.into());
        self
    }

    /// Nobody has to sign in for this.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Runs an act with what was sent as its draft. `done` names the page to go to and what to say there.
    pub async fn run<D, T, Doing, P, S>(
        self,
        act: impl FnOnce(Desk, D) -> Doing,
        done: impl FnOnce(&T) -> (P, S),
    ) -> Response
    where
        D: DeserializeOwned,
        T: Serialize,
        Doing: Future<Output = Result<T>>,
        P: Into<String>,
        S: Into<String>,
    {
        self.answered(act, done, |_, _| None).await
    }

    /// The same for an act that makes something: the page to go to is its own.
    pub async fn make<D, T, Doing, P, S>(
        self,
        act: impl FnOnce(Desk, D) -> Doing,
        done: impl FnOnce(&T) -> (P, S),
    ) -> Response
    where
        D: DeserializeOwned,
        T: Serialize,
        Doing: Future<Output = Result<T>>,
        P: Into<String>,
        S: Into<String>,
    {
        self.answered(act, done, |_, page| Some(page.to_owned())).await
    }

    /// The same where people go to another page than the one of the thing that was made.
    pub async fn make_at<D, T, Doing, P, S>(
        self,
        act: impl FnOnce(Desk, D) -> Doing,
        done: impl FnOnce(&T) -> (P, S),
        own: impl FnOnce(&T) -> String,
    ) -> Response
    where
        D: DeserializeOwned,
        T: Serialize,
        Doing: Future<Output = Result<T>>,
        P: Into<String>,
        S: Into<String>,
    {
        self.answered(act, done, |thing, _| Some(own(thing))).await
    }

    /// `made` names the page of what was made, given the page to go to.
    async fn answered<D, T, Doing, P, S>(
        self,
        act: impl FnOnce(Desk, D) -> Doing,
        done: impl FnOnce(&T) -> (P, S),
        made: impl FnOnce(&T, &str) -> Option<String>,
    ) -> Response
    where
        D: DeserializeOwned,
        T: Serialize,
        Doing: Future<Output = Result<T>>,
        P: Into<String>,
        S: Into<String>,
    {
        if let Some(list) = self.sent.hidden(MORE_ROWS) {
            return self.more_rows(list).await;
        }
        match self.done(act).await {
            Ok(thing) => {
                let (page, flash) = done(&thing);
                let page = page.into();
                if self.is_api() {
                    api::done(&thing, made(&thing, &page).as_deref())
                } else {
                    self.taken(&page, NoteKind::Done, flash.into())
                }
            }
            Err(error) => self.refuse(error).await,
        }
    }

    /// Runs an act that takes no fields.
    pub async fn act<T, Doing, P, S>(self, act: impl FnOnce(Desk) -> Doing, done: impl FnOnce(&T) -> (P, S)) -> Response
    where
        T: Serialize,
        Doing: Future<Output = Result<T>>,
        P: Into<String>,
        S: Into<String>,
    {
        self.run(|desk, NoDraft {}| act(desk), done).await
    }

    /// Runs an act whose result holds a secret: it is shown on the page now, and nowhere again.
    pub async fn show_once<D, T, Doing>(
        self,
        act: impl FnOnce(Desk, D) -> Doing,
        shown: impl FnOnce(&Self, T) -> ShownOnce,
    ) -> Response
    where
        D: DeserializeOwned,
        Doing: Future<Output = Result<T>>,
    {
        match self.done(act).await {
            Ok(thing) => {
                let shown = shown(&self, thing);
                if self.is_api() {
                    return api::shown(&shown);
                }
                let taken = Some(self.parts.uri.path().to_owned());
                self.again(200, With { shown: Some(shown), taken, ..With::default() }).await
            }
            Err(error) => self.refuse(error).await,
        }
    }

    async fn done<D, T, Doing>(&self, act: impl FnOnce(Desk, D) -> Doing) -> Result<T>
    where
        D: DeserializeOwned,
        Doing: Future<Output = Result<T>>,
    {
        // Before the fields: who is signed out is not told about fields first.
        if !self.open && Who::of(&self.parts).is_nobody() {
            return Err(Refusal::SignIn.into());
        }
        act(self.desk.clone(), self.draft()?).await
    }

    /// What was sent; a program may name the version it changes in a header.
    fn draft<D: DeserializeOwned>(&self) -> Result<D, Refusal> {
        if let Some(fields) = self.parts.extensions.get::<Fields>() {
            self.sent.refuse_all_but(*fields)?;
        }
        match conditions::if_match(&self.parts.headers)?.filter(|_| self.is_api()) {
            Some(version) => self.sent.draft_of(&version),
            None => self.sent.draft(),
        }
    }

    fn is_api(&self) -> bool {
        is_api(self.parts.uri.path())
    }

    /// 303 to a page of this site, with a word about what was done.
    pub fn see_other(&self, path: &str, flash: impl Into<String>) -> Response {
        let sentence = flash.into();
        let note = (!sentence.is_empty()).then_some(Note { kind: NoteKind::Done, sentence });
        self.leaving(path, &Left { note, taken: String::new() })
    }

    /// The same after an act: the browser may forget its draft of this form, and a page that loads itself again goes
    /// on with that.
    pub fn taken(&self, path: &str, kind: NoteKind, sentence: String) -> Response {
        let path = paths::still_refreshing(path, &self.own_page().unwrap_or_default());
        self.leaving(&path, &Left { note: Some(Note { kind, sentence }), taken: self.parts.uri.path().to_owned() })
    }

    fn leaving(&self, path: &str, left: &Left) -> Response {
        let mut response = Redirect::to(&safe::local_path(path)).into_response();
        if *left != Left::default() {
            add_cookie(&mut response, cookies::flash(left, self.state.site.base.is_https()));
        }
        response
    }

    /// The page this was sent from.
    fn own_page(&self) -> Option<String> {
        let named = self.sent.hidden("_page").filter(|page| !page.is_empty()).map(safe::local_path);
        named.or_else(|| self.page.clone())
    }

    /// The form's own page within this answer. Nothing typed is lost.
    pub async fn again(&self, status: u16, with: With) -> Response {
        let page = self.own_page().unwrap_or_else(paths::today);
        let mut response = pages::render(&self.state, &self.parts, &page, with).await;
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response
    }

    /// The same page with blank rows below a list, or with an id in a text; nothing is saved yet.
    async fn more_rows(&self, list: &str) -> Response {
        // What was typed is not sent yet: its key stays unused.
        let mut desk = self.desk.clone();
        desk.once = None;
        let done = match list.strip_prefix(ASIDE) {
            Some("") => take_back(&desk).await,
            Some(object) => put_aside(&desk, &AsideDraft { object: object.to_owned() }).await,
            None => Ok(()),
        };
        if let Err(trouble) = done {
            return self.refuse(trouble).await;
        }
        let mut returned = self.returned();
        if let Some(asked) = list.strip_prefix(MENTION) {
            kept::mention(&mut returned.values, asked);
        }
        returned.values.push((MORE_ROWS.to_owned(), list.to_owned()));
        self.again(200, With { returned: Some(returned), ..With::default() }).await
    }

    fn returned(&self) -> Returned {
        Returned { action: self.parts.uri.path().to_owned(), values: self.sent.values.clone(), ..Returned::default() }
    }

    /// A refusal or a fault in this door's face.
    pub async fn refuse(&self, error: Error) -> Response {
        let request = api::request_id(&self.parts.extensions);
        if self.is_api() {
            return api::problem(&error, &request);
        }
        match error {
            Error::Refused(Refusal::SignIn) => self.sign_in_first().await,
            Error::Refused(Refusal::Done { thing }) => self.done_before(&thing),
            Error::Refused(refusal) => {
                let returned = Some(Returned { refusal: Some(refusal.clone()), ..self.returned() });
                let mut response = self.again(refusal.status(), With { returned, ..With::default() }).await;
                api::retry_after(&mut response, &refusal);
                response
            }
            Error::Broken(fault) => {
                log(&fault, &request);
                let note = Some(format!(
                    "The notebook could not do this. Nothing was saved; your text is still here. Reference: {request}."
                ));
                self.again(500, With { returned: Some(Returned { note, ..self.returned() }), ..With::default() }).await
            }
        }
    }

    /// A form sent twice: the first one's result.
    fn done_before(&self, thing: &str) -> Response {
        let page = if thing.is_empty() { self.own_page().unwrap_or_else(paths::today) } else { format!("/{thing}") };
        self.taken(&page, NoteKind::Aware, "This was sent before; it is done once.".to_owned())
    }

    /// The sign-in page, which keeps what was typed until after signing in.
    async fn sign_in_first(&self) -> Response {
        let kept = Kept {
            action: self.parts.uri.path().to_owned(),
            page: self.own_page().unwrap_or_else(paths::today),
            values: without_secrets(&self.sent.values),
        };
        let values = vec![(KEPT.to_owned(), serde_json::to_string(&kept).unwrap_or_default())];
        let note = Some("Sign in to go on. What you typed is kept and comes back afterwards.".to_owned());
        let returned = Some(Returned { action: "/login".to_owned(), values, refusal: None, note });
        let mut response =
            pages::render(&self.state, &self.parts, "/login", With { returned, ..With::default() }).await;
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response
    }
}

/// The hidden field of the sign-in form that holds a form sent without being signed in.
pub const KEPT: &str = "_kept";

/// A form kept over signing in.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    pub action: String,
    /// Where the form stands.
    pub page: String,
    pub values: Vec<(String, String)>,
}

/// Passwords are not written into pages, not even for a moment.
fn without_secrets(values: &[(String, String)]) -> Vec<(String, String)> {
    const SECRETS: [&str; 4] = ["password", "old", "new", "token"];
    values.iter().filter(|(name, _)| !SECRETS.contains(&name.as_str())).cloned().collect()
}

fn log(fault: &Fault, request: &str) {
    tracing::error!(%request, error = fault as &dyn std::error::Error, "a request broke");
}

/// A refusal or a fault where there is no form: a page of its own, or a problem.
pub async fn stopped(state: &AppState, parts: &Parts, error: Error) -> Response {
    let request = api::request_id(&parts.extensions);
    if is_api(parts.uri.path()) {
        return api::problem(&error, &request);
    }
    match error {
        Error::Refused(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = pages::instead(state, parts, status, Instead::Refused(refusal.clone())).await;
            api::retry_after(&mut response, &refusal);
            response
        }
        Error::Broken(fault) => {
            log(&fault, &request);
            pages::instead(state, parts, StatusCode::INTERNAL_SERVER_ERROR, Instead::Broken).await
        }
    }
}

/// The same for a whole request.
pub async fn bare(state: &AppState, request: Request, error: Error) -> Response {
    let (parts, body) = request.into_parts();
    document::forget(body);
    stopped(state, &parts, error).await
}

/// A login session that cannot be read: try again later, and nobody is signed in meanwhile.
pub fn session_broke(trouble: tower_sessions::session::Error) -> Error {
    tracing::error!(%trouble, "login session");
    Refusal::Busy { wait_s: 2 }.into()
}

/// Ids in the address. What is no id is a thing that does not exist.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> std::result::Result<Self, Response> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(trouble) => {
                let text = trouble.body_text();
                let text = text.strip_prefix("Invalid URL: ").unwrap_or(&text).to_owned();
                Err(said(state, parts, 404, "missing", format!("Nothing is at this address: {text}.")).await)
            }
        }
    }
}
