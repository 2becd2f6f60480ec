//! The peer: the page of a closed run as somebody would write it by hand with axum and maud. It reads
//! through the same acts, and nothing is timed before it says the same.

mod parts;
mod marks;
mod record;
mod beside;
mod gate;
mod bars;

use app::{look::Theme, parts::icon::IconName, paths};
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::{Html, IntoResponse as _, Response},
};
use leptos::nonce::Nonce;
use maud::{DOCTYPE, Markup, html};
use notebook::{fault::Error, id::RunId};
use server::{
    assets,
    guard::Who,
    state::{AppState, VERSION},
};

use parts::icon;

use super::reading::Read;

pub async fn show(State(state): State<AppState>, Path(id): Path<RunId>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let who = Who::of(&parts);
    let path = parts.uri.path().to_owned();
    let nonce = parts.extensions.get::<Nonce>().map(ToString::to_string).unwrap_or_default();
    match Read::of(who.desk(&state.notebook), id).await {
        Ok(read) => Html(document(&who, &path, &nonce, &read).into_string()).into_response(),
        Err(Error::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, refusal.to_string()).into_response()
        }
        Err(Error::Broken(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn document(who: &Who, path: &str, nonce: &str, read: &Read) -> Markup {
    let theme = who.theme.unwrap_or_default();
    let named = (theme != Theme::System).then(|| theme.as_str());
    let scheme = match theme {
        Theme::System => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let root = assets::root();
    let title = format!("{} · {} · Retrial", read.run.id(), read.run.shown.run.title);
    html! {
        (DOCTYPE)
        html lang="en" dir="ltr" data-theme=[named] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(scheme);
                link rel="stylesheet" href={ (root) "/pkg/retrial.css" };
                link rel="icon" type="image/svg+xml" href={ (root) "/favicon.svg" };
                script type="module" nonce=(nonce) src={ (root) "/pkg/retrial.js" } {}
                title { (title) }
            }
            body {
                a.skip href="#main" { "Skip to content" }
                (frame(who, path, theme, read))
            }
        }
    }
}

fn frame(who: &Who, path: &str, theme: Theme, read: &Read) -> Markup {
    let run = &read.run;
    html! {
        div.frame {
            nav.rail aria-label="Main" { (brand()) (places(who)) }
            div.sheet {
                header {
                    div.top-start {
                        details.menu name="top" {
                            summary { (icon(IconName::Menu, 20)) "Menu" }
                            div { nav aria-label="Main" { (places(who)) } }
                        }
                        (brand())
                    }
                    nav.crumbs aria-label="Breadcrumb" {
                        ol {
                            li { a href=(paths::runs()) { "Runs" } }
                            li { span aria-current="page" { (run.id()) } }
                        }
                    }
                    div.top-end { (new_menu()) (user_menu(who, path, theme)) }
                }
                (bars::bars("Notices", &read.everywhere, &run.times))
                main id="main" tabindex="-1" {
                    (record::head(run))
                    (bars::bars("Freezes", &read.here, &run.times))
                    (record::content(run))
                }
                footer.foot {
                    span { "Retrial " span.num { (VERSION) } }
                    a href="/help" { "Help" }
                    a href="/healthz" { "Health" }
                }
            }
        }
    }
}

fn brand() -> Markup {
    html! {
        a.brand href=(paths::today()) {
            svg.icon aria-hidden="true" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke-width="2.4"
                stroke-linecap="round" stroke-linejoin="round" {
                path d="M15.8 3.8A9 9 0 1 0 20.9 13.2" {}
                path d="m8 11 3.8 3.8L21.6 4.8" {}
            }
            span.name { "Retrial" }
        }
    }
}

fn places(who: &Who) -> Markup {
    let places = [
        ("Today", paths::today(), IconName::House),
        ("Services", paths::services(), IconName::Boxes),
        ("SLOs", paths::slos(), IconName::Gauge),
        ("Experiments", paths::experiments(), IconName::FlaskConical),
        ("Runs", paths::runs(), IconName::CirclePlay),
        ("Findings", paths::findings(), IconName::CircleDot),
        ("Fixes", paths::fixes(), IconName::Wrench),
        ("Decisions", paths::decisions(), IconName::Scale),
        ("Import", paths::imports(), IconName::FileInput),
    ];
    let here = |word: &str| (word == "Runs").then_some("true");
    html! {
        ul.links {
            @for (word, href, of) in places {
                li { a href=(href) aria-current=[here(word)] { (icon(of, 16)) (word) } }
            }
            @if who.is_admin() {
                li { a href=(paths::people()) { (icon(IconName::Users, 16)) "People" } }
            }
        }
    }
}

fn new_menu() -> Markup {
    let places = [
        ("Experiment", paths::new_experiment(), IconName::FlaskConical),
        ("Decision", paths::new_decision(), IconName::Scale),
        ("Service", paths::new_service(), IconName::Boxes),
        ("SLO", paths::new_slo(), IconName::Gauge),
    ];
    html! {
        details.menu name="top" {
            summary { (icon(IconName::Plus, 16)) span.name { "New" } (icon(IconName::ChevronDown, 16)) }
            div {
                ul.links { @for (word, href, of) in places { li { a href=(href) { (icon(of, 16)) (word) } } } }
            }
        }
    }
}

fn user_menu(who: &Who, path: &str, theme: Theme) -> Markup {
    let name = who.actor.person().map(|person| person.name.as_str()).unwrap_or_default();
    let themes = [
        (Theme::System, IconName::Monitor, "System theme"),
        (Theme::Light, IconName::Sun, "Light theme"),
        (Theme::Dark, IconName::Moon, "Dark theme"),
    ];
    html! {
        details.menu name="top" {
            summary { (icon(IconName::UserRound, 16)) span.name { (name) } (icon(IconName::ChevronDown, 16)) }
            div {
                ul.links {
                    li { a href=(paths::freezes()) { (icon(IconName::Snowflake, 16)) "Freezes" } }
                    li { a href=(paths::profile()) { (icon(IconName::UserRound, 16)) "Profile" } }
                }
                form method="post" action="/theme" {
                    input type="hidden" name="next" value=(path);
                    ul.links {
                        @for (of, drawn, words) in themes {
                            li {
                                button name="theme" value=(of.as_str()) aria-pressed=(of == theme) {
                                    (icon(drawn, 16)) (words)
                                }
                            }
                        }
                    }
                }
                form method="post" action="/logout" {
                    div.links { button { (icon(IconName::LogOut, 16)) "Sign out" } }
                }
            }
        }
    }
}
