//! What stands around a page: navigation, top bar, banners, footer; or one bare card.

use crate::look::{Banner, Look, SignedIn, Theme};
use crate::parts::flash::Flash;
use crate::parts::icon::{Icon, IconName};
use crate::parts::unclaimed::unclaimed;
use crate::paths;
use crate::reading::density_switch;
use leptos::prelude::*;

/// One step of the way to this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    /// None for the page itself.
    pub href: Option<String>,
}

/// A place in the main navigation; `also` are other folders whose pages belong to it.
struct Place {
    word: &'static str,
    href: fn() -> String,
    icon: IconName,
    also: &'static [&'static str],
    for_admins: bool,
}

const fn place(word: &'static str, href: fn() -> String, icon: IconName) -> Place {
    Place { word, href, icon, also: &[], for_admins: false }
}

const PLACES: [Place; 12] = [
    Place { also: &["/due"], ..place("Today", paths::today, IconName::House) },
    place("Search", paths::search, IconName::Search),
    Place { also: &["/environments", "/teams"], ..place("Services", paths::services, IconName::Boxes) },
    Place { also: &["/policy"], ..place("SLOs", paths::slos, IconName::Gauge) },
    Place { also: &["/templates"], ..place("Experiments", paths::experiments, IconName::FlaskConical) },
    Place { also: &["/gamedays"], ..place("Calendar", paths::calendar, IconName::CalendarClock) },
    place("Runs", paths::runs, IconName::CirclePlay),
    place("Findings", paths::findings, IconName::CircleDot),
    place("Fixes", paths::fixes, IconName::Wrench),
    place("Decisions", paths::decisions, IconName::Scale),
    place("Import", paths::imports, IconName::FileInput),
    Place { for_admins: true, ..place("People", paths::people, IconName::Users) },
];

/// What begins on a page of its own. Runs, findings and fixes begin on the record they belong to.
const NEW: [Place; 4] = [
    place("Experiment", paths::new_experiment, IconName::FlaskConical),
    place("Decision", paths::new_decision, IconName::Scale),
    place("Service", paths::new_service, IconName::Boxes),
    place("SLO", paths::new_slo, IconName::Gauge),
];

impl Place {
    /// The value of `aria-current`: this page itself, or a page below it.
    fn current(&self, path: &str) -> Option<&'static str> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let own = (self.href)();
        if path == own {
            return Some("page");
        }
        let below = |folder: &str| {
            folder != "/" && path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let here = below(&own) || self.also.iter().any(|folder| below(folder));
        here.then_some("true")
    }
}

/// A whole page for people who are signed in, or may read without it.
#[component]
pub fn Frame(#[prop(optional)] crumbs: Vec<Crumb>, children: Children) -> impl IntoView {
    let look = Look::here();
    let tools = look.signed_in.is_some();
    // First the content: only then is it known whether one of its forms shows what came back.
    let content = children();
    let unclaimed = unclaimed();
    view! {
        <div class="frame">
            <nav class="rail" aria-label="Main">
                <Brand/>
                {places(&look)}
                {views(&look)}
            </nav>
            <div class="sheet">
                <header>
                    <div class="top-start">
                        {phone_menu(&look)}
                        <Brand/>
                    </div>
                    <Crumbs crumbs/>
                    <div class="top-end">
                        {tools.then(|| view! { <NewMenu/> })}
                        {user_menu(&look)}
                    </div>
                </header>
                {banners(look.banners)}
                <main id="main" tabindex="-1">
                    {look.flash.map(|note| view! { <Flash note/> })}
                    {unclaimed}
                    {content}
                </main>
                <Foot version=look.version/>
            </div>
        </div>
    }
    .into_any()
}

/// One card in the middle of the page: setup, sign-in, errors.
#[component]
pub fn Bare(children: Children) -> impl IntoView {
    let look = Look::here();
    view! {
        <div class="bare">
            <header><Brand/></header>
            <main id="main" class="card" tabindex="-1">
                {look.flash.map(|note| view! { <Flash note/> })}
                {children()}
            </main>
            <Foot version=look.version/>
        </div>
    }
    .into_any()
}

#[component]
fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href=paths::today()>
            <svg
                class="icon"
                aria-hidden="true"
                width="24"
                height="24"
                viewBox="0 0 24 24"
                fill="none"
                stroke-width="2.4"
                stroke-linecap="round"
                stroke-linejoin="round"
            >
                <path d="M15.8 3.8A9 9 0 1 0 20.9 13.2"></path>
                <path d="m8 11 3.8 3.8L21.6 4.8"></path>
            </svg>
            <span class="name">"Retrial"</span>
        </a>
    }
    .into_any()
}

fn places(look: &Look) -> impl IntoView + use<> {
    let administers = look.signed_in.as_ref().is_some_and(|who| who.can_administer);
    let shown = PLACES.iter().filter(|place| administers || !place.for_admins);
    let items: Vec<_> = shown
        .map(|place| {
            view! {
                <li>
                    <a href=(place.href)() aria-current=place.current(&look.path)>
                        <Icon of=place.icon/>
                        {place.word}
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="links">{items}</ul> }.into_any()
}

/// The rail, where there is no room beside the page.
fn phone_menu(look: &Look) -> AnyView {
    view! {
        <details class="menu" name="top">
            <summary><Icon of=IconName::Menu size=20/>"Menu"</summary>
            <div><nav aria-label="Main">{places(look)} {views(look)}</nav></div>
        </details>
    }
    .into_any()
}

/// Pinned views, and the way to all of them.
fn views(look: &Look) -> Option<AnyView> {
    let items = look.views.iter().map(|(words, href)| {
        let current = (*href == look.path).then_some("page");
        view! { <li><a href=href.clone() aria-current=current>{words.clone()}</a></li> }
    });
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| {
        view! {
            <p class="muted views">"Views"</p>
            <ul class="links" aria-label="Pinned views">
                {items}
                <li><a href=paths::saved_views()>"All views"</a></li>
            </ul>
        }
        .into_any()
    })
}

#[component]
fn Crumbs(crumbs: Vec<Crumb>) -> impl IntoView {
    let items = crumbs.into_iter().map(|crumb| match crumb.href {
        Some(href) => view! { <li><a href=href>{crumb.label}</a></li> }.into_any(),
        None => view! { <li><span aria-current="page">{crumb.label}</span></li> }.into_any(),
    });
    view! { <nav class="crumbs" aria-label="Breadcrumb"><ol>{items.collect_view()}</ol></nav> }.into_any()
}

#[component]
fn NewMenu() -> impl IntoView {
    let items = NEW.iter().map(|place| {
        view! { <li><a href=(place.href)()><Icon of=place.icon/>{place.word}</a></li> }
    });
    view! {
        <details class="menu" name="top">
            <summary>
                <Icon of=IconName::Plus/>
                <span class="name">"New"</span>
                <Icon of=IconName::ChevronDown/>
            </summary>
            <div><ul class="links">{items.collect_view()}</ul></div>
        </details>
    }
    .into_any()
}

fn user_menu(look: &Look) -> AnyView {
    let Some(SignedIn { name, can_administer }) = look.signed_in.clone() else {
        return view! { <a class="button" href=paths::login(&look.path)><Icon of=IconName::LogIn/>"Sign in"</a> }
            .into_any();
    };
    view! {
        <details class="menu" name="top">
            <summary>
                <Icon of=IconName::UserRound/>
                <span class="name">{name}</span>
                <Icon of=IconName::ChevronDown/>
            </summary>
            <div>
                <ul class="links">
                    <li><a href=paths::inbox()><Icon of=IconName::BellRing/>{inbox_words(look.inbox)}</a></li>
                    <li><a href=paths::freezes()><Icon of=IconName::Snowflake/>"Freezes"</a></li>
                    <li><a href=paths::profile()><Icon of=IconName::UserRound/>"Profile"</a></li>
                    {can_administer.then(|| view! {
                        <li><a href=paths::webhooks()><Icon of=IconName::Link/>"Webhooks"</a></li>
                    })}
                </ul>
                <ThemeForm now=look.theme next=look.path.clone()/>
                {density_switch(look)}
                <form method="post" action="/logout">
                    <div class="links">
                        <button><Icon of=IconName::LogOut/>"Sign out"</button>
                    </div>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// The count in text, so that nobody has to see a dot.
fn inbox_words(open: i64) -> String {
    if open == 0 { "Inbox".to_owned() } else { format!("Inbox ({open})") }
}

#[component]
fn ThemeForm(now: Theme, next: String) -> impl IntoView {
    let buttons = Theme::ALL.into_iter().map(|theme| {
        let (icon, words) = match theme {
            Theme::System => (IconName::Monitor, "System theme"),
            Theme::Light => (IconName::Sun, "Light theme"),
            Theme::Dark => (IconName::Moon, "Dark theme"),
        };
        let pressed = if theme == now { "true" } else { "false" };
        view! {
            <li>
                <button name="theme" value=theme.as_str() aria-pressed=pressed>
                    <Icon of=icon/>
                    {words}
                </button>
            </li>
        }
    });
    view! {
        <form method="post" action="/theme">
            <input type="hidden" name="next" value=next/>
            <ul class="links">{buttons.collect_view()}</ul>
        </form>
    }
    .into_any()
}

fn banners(banners: Vec<Banner>) -> Option<impl IntoView> {
    (!banners.is_empty()).then(|| {
        let shown = banners.into_iter().map(banner).collect_view();
        view! { <section class="banners" aria-label="Notices">{shown}</section> }
    })
}

pub(crate) fn banner(banner: Banner) -> impl IntoView {
    let links =
        banner.links.into_iter().map(|(words, href)| view! { " \u{b7} " <a href=href>{words}</a> }).collect_view();
    view! {
        <div class="banner" data-family=banner.family.as_str()>
            <Icon of=banner.icon/>
            <p>
                {banner.sentence}
                {links}
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Foot(version: String) -> impl IntoView {
    view! {
        <footer class="foot">
            <span>"Retrial " <span class="num">{version}</span></span>
            <a href=paths::go()>"Go to"</a>
            <a href="/help">"Help"</a>
            <a href=paths::keyboard()>"Keyboard"</a>
            <a href="/healthz">"Health"</a>
        </footer>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(look: Look) -> String {
        Owner::new().with(|| {
            provide_context(look);
            let crumbs = vec![Crumb { label: "<b>Runs".into(), href: None }];
            view! { <Frame crumbs=crumbs><h1>"Runs"</h1></Frame> }.to_html()
        })
    }

    fn ana(can_administer: bool) -> Look {
        Look {
            signed_in: Some(SignedIn { name: "Ana".into(), can_administer }),
            path: "/runs/RUN-3?tab=log".into(),
            ..Look::default()
        }
    }

    #[test]
    fn the_place_of_a_page_is_marked_and_no_other() {
        let marked = |path: &str| {
            let here = PLACES.iter().filter_map(|p| Some((p.word, p.current(path)?)));
            here.collect::<Vec<_>>()
        };
        assert_eq!(marked("/"), [("Today", "page")]);
        assert_eq!(marked("/runs?q=is:open"), [("Runs", "page")]);
        assert_eq!(marked("/runs/RUN-3"), [("Runs", "true")]);
        assert_eq!(marked("/fixes/FIX-1"), [("Fixes", "true")]);
        assert_eq!(marked("/runsome"), []);
        assert_eq!(marked(""), []);
    }

    #[test]
    fn only_admins_see_people() {
        assert!(html(ana(true)).contains("href=\"/people\""));
        assert!(!html(ana(false)).contains("href=\"/people\""));
    }

    #[test]
    fn pinned_views_stand_in_the_navigation_with_the_way_to_all() {
        let views = vec![("<b>Open".to_owned(), "/search?q=is%3Aopen".to_owned())];
        let html = html(Look { views, path: "/search?q=is%3Aopen".into(), ..ana(false) });
        assert_eq!(html.matches("&lt;b&gt;Open").count(), 2, "in the rail and in the menu: {html}");
        let current = "href=\"/search?q=is%3Aopen\" aria-current=\"page\"";
        assert!(html.contains("/search#views") && html.contains(current), "{html}");
        assert!(!self::html(ana(false)).contains("All views"));
    }

    #[test]
    fn the_inbox_says_how_much_waits_in_it() {
        assert!(html(Look { inbox: 3, ..ana(false) }).contains("Inbox (3)"));
        let html = html(ana(false));
        assert!(html.contains("href=\"/inbox\"") && !html.contains("Inbox ("), "{html}");
        assert!(!html.contains("href=\"/webhooks\""), "{html}");
    }

    #[test]
    fn without_a_look_the_frame_offers_to_sign_in() {
        let html = html(Look::default());
        assert!(html.contains("href=\"/login\""), "{html}");
        assert!(!html.contains("/logout"), "{html}");
        assert!(!html.contains("/experiments/new"), "{html}");
    }

    #[test]
    fn the_theme_form_returns_to_this_page() {
        let html = html(ana(false));
        assert!(html.contains("value=\"/runs/RUN-3?tab=log\""), "{html}");
        assert_eq!(html.matches("aria-pressed=\"true\"").count(), 1, "{html}");
    }

    #[test]
    fn crumbs_and_names_stay_text() {
        let mut look = ana(false);
        look.banners = vec![Banner {
            icon: IconName::Snowflake,
            family: crate::parts::badge::Family::Danger,
            sentence: "<i>Freeze".into(),
            links: Vec::new(),
        }];
        let html = html(look);
        assert!(html.contains("&lt;b&gt;Runs") && html.contains("&lt;i&gt;Freeze"), "{html}");
    }
}
