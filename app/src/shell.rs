//! The HTML document around every page.

use crate::ask::desk;
use crate::drafts::live::DraftKeeper;
use crate::keys::Singles;
use crate::keys::canonical::{canonical, opened};
use crate::keys::live::Keys;
use crate::keys::palette_view::palette;
use crate::look::{Look, Theme};
use crate::reading::COMPACT;
use crate::routes::App;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The document. The answer's nonce comes from leptos' own context, the rest from [`Look`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let look = Look::here();
    // Without the attribute the style sheet follows the system.
    let theme = (look.theme != Theme::System).then(|| look.theme.as_str());
    let scheme = match look.theme {
        Theme::System => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let density = look.reading.compact.then_some(COMPACT);
    let (root, keys) = (look.asset_root, look.reading.keys);
    let who = desk().and_then(|desk| desk.person_id()).map_or(0, |person| person.0);
    // Who is signed out passes nothing on, and some of those addresses hold a secret.
    let page = (who != 0).then(|| (canonical(&look.path), opened(&look.path)));
    view! {
        <!DOCTYPE html>
        <html lang="en" dir="ltr" data-theme=theme data-density=density>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=scheme/>
                <link rel="stylesheet" href=format!("{root}/pkg/retrial.css")/>
                <link rel="icon" type="image/svg+xml" href=format!("{root}/favicon.svg")/>
                {page.map(|(address, shown)| view! { <link rel="canonical" href=address data-opened=shown/> })}
                <HydrationScripts options=options islands=true root=root/>
                <MetaTags/>
            </head>
            <body>
                <a class="skip" href="#main">"Skip to content"</a>
                <App/>
                <DraftKeeper who=who taken=look.taken/>
                {(who != 0).then(|| view! { {palette(who)} <Keys on={keys != Singles::Never} held={keys == Singles::Held}/> })}
            </body>
        </html>
    }
}
